//! Somebody at the door: speaks to our own API over HTTP as a page does, and reads the phone.
//! Owns no data; everything the demo holds comes through here.

use std::time::{Duration, Instant};

use serde_json::Value;

/// One person's (or nobody's) way to the server.
#[derive(Clone)]
pub struct Visitor {
    http: reqwest::Client,
    base: String,
    phone: String,
    token: Option<String>,
}

impl Visitor {
    /// Nobody yet.
    ///
    /// # Errors
    /// When the client cannot be made.
    pub fn stranger(base: &str, phone: &str) -> Result<Self, String> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).build().map_err(|e| e.to_string())?;
        Ok(Self { http, base: format!("{base}/api"), phone: phone.to_owned(), token: None })
    }

    /// Somebody else on the same line.
    pub fn anew(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    /// Calls a door; a refusal is told with its code.
    ///
    /// # Errors
    /// The address and the refusal.
    pub async fn call(&mut self, method: &str, path: &str, body: Option<Value>) -> Result<Value, String> {
        self.call_with(method, path, &[], body).await
    }

    /// Calls a door with more headers, such as `if-match`.
    ///
    /// # Errors
    /// The address and the refusal.
    pub async fn call_with(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Result<Value, String> {
        let mut request = self.request(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.finish(method, path, request).await
    }

    /// Sends raw bytes.
    ///
    /// # Errors
    /// The address and the refusal.
    pub async fn send_bytes(&mut self, path: &str, bytes: Vec<u8>) -> Result<Value, String> {
        let request = self.request("PUT", path).header("content-type", "application/octet-stream").body(bytes);
        self.finish("PUT", path, request).await
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().unwrap_or(reqwest::Method::GET);
        let request = self.http.request(method, format!("{}{path}", self.base)).header("x-lianting", "1");
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// A machine that builds something else meanwhile is busy at times; who is told so has done nothing yet and comes again.
    async fn patiently(&self, request: reqwest::RequestBuilder) -> reqwest::Result<reqwest::Response> {
        for _ in 0..10 {
            let Some(again) = request.try_clone() else { break };
            let answer = again.send().await?;
            if answer.status() != reqwest::StatusCode::SERVICE_UNAVAILABLE {
                return Ok(answer);
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        request.send().await
    }

    async fn finish(&mut self, method: &str, path: &str, request: reqwest::RequestBuilder) -> Result<Value, String> {
        let answer = self.patiently(request).await.map_err(|e| format!("{method} {path}: {}", e.without_url()))?;
        let status = answer.status();
        let cookies: Vec<String> =
            answer.headers().get_all("set-cookie").iter().filter_map(|v| v.to_str().ok().map(str::to_owned)).collect();
        let text = answer.text().await.map_err(|e| e.to_string())?;
        if !status.is_success() {
            return Err(format!("{method} {path}: {status} {text}"));
        }
        for cookie in cookies {
            if let Some((_, value)) = cookie.split(';').next().and_then(|c| c.split_once('=')).filter(|(name, _)| name.ends_with("sid")) {
                self.token = Some(value.to_owned());
            }
        }
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }

    /// The place of a message that comes to a phone, such as `code` or `link`.
    ///
    /// # Errors
    /// When no such message comes within a minute.
    pub async fn read_phone(&self, mobile: &str, place: &str) -> Result<String, String> {
        let since = Instant::now();
        while since.elapsed() < Duration::from_secs(60) {
            let answer = self.http.get(format!("{}/phone/messages?mobile={mobile}", self.phone)).send().await.map_err(|e| e.to_string())?;
            let list: Value = serde_json::from_str(&answer.text().await.map_err(|e| e.to_string())?).unwrap_or_default();
            let found = list["items"].as_array().into_iter().flatten().find_map(|m| m["params"][place].as_str());
            if let Some(found) = found {
                return Ok(found.to_owned());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(format!("no message with `{place}` came to {mobile}"))
    }

    /// Uploads a file into a draft (or, without one, for a case file) and answers it.
    ///
    /// # Errors
    /// The refusal.
    pub async fn upload(&mut self, draft: Option<&str>, name: &str, bytes: &[u8]) -> Result<Value, String> {
        let path = draft.map_or_else(|| "/my/files".to_owned(), |d| format!("/my/drafts/{d}/files"));
        let upload = self.call("POST", &path, Some(serde_json::json!({ "name": name, "size": bytes.len() }))).await?;
        let id = upload["id"].as_str().unwrap_or_default().to_owned();
        let part = usize::try_from(upload["part_bytes"].as_u64().unwrap_or(8 << 20)).unwrap_or(8 << 20);
        for (n, chunk) in bytes.chunks(part).enumerate() {
            self.send_bytes(&format!("/my/uploads/{id}/parts/{}", n + 1), chunk.to_vec()).await?;
        }
        self.call("POST", &format!("/my/uploads/{id}/complete"), None).await
    }
}
