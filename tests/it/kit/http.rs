//! A person at the other end of the wire: asks, and looks at every answer twice. Owns the rules that hold for all
//! answers: no 5xx, every refusal a problem with code, cause and cure in two languages, the request id everywhere.

use std::sync::{Arc, Mutex};

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// One answer as it went over the wire.
#[derive(Clone)]
pub struct Seen {
    pub method: Method,
    pub path: String,
    pub who: String,
    pub status: u16,
    pub request_id: String,
    pub body: Vec<u8>,
}

/// The way to the server, with a record of everything that came back.
pub struct Wire {
    pub base: String,
    pub client: reqwest::Client,
    pub seen: Mutex<Vec<Seen>>,
}

/// Somebody with an account and a live session.
#[derive(Clone)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
    pub mobile: String,
    pub id_number: String,
    pub licence: String,
    pub firm: String,
    pub court: i32,
    pub token: String,
    pub wire: Arc<Wire>,
}

/// A question being put.
pub struct Ask {
    person: Option<Person>,
    wire: Arc<Wire>,
    method: Method,
    path: String,
    body: Option<(Vec<u8>, &'static str)>,
    headers: Vec<(&'static str, String)>,
    fault_is_fine: bool,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
    asked: String,
}

impl Person {
    pub fn ask(&self, method: Method, path: impl Into<String>) -> Ask {
        Ask::new(self.wire.clone(), Some(self.clone()), method, path.into())
    }

    pub async fn get(&self, path: impl Into<String>) -> Answer {
        self.ask(Method::GET, path).send().await
    }

    pub async fn post(&self, path: impl Into<String>, body: Value) -> Answer {
        self.ask(Method::POST, path).json(body).send().await
    }

    pub async fn put(&self, path: impl Into<String>, body: Value) -> Answer {
        self.ask(Method::PUT, path).json(body).send().await
    }

    pub async fn delete(&self, path: impl Into<String>) -> Answer {
        self.ask(Method::DELETE, path).send().await
    }

    /// A court path: `/courts/370102` and what follows.
    pub fn at(&self, rest: &str) -> String {
        format!("/courts/{}{rest}", self.court)
    }
}

impl Ask {
    pub fn new(wire: Arc<Wire>, person: Option<Person>, method: Method, path: String) -> Self {
        Self { person, wire, method, path, body: None, headers: vec![], fault_is_fine: false }
    }

    pub fn json(mut self, body: Value) -> Self {
        self.body = Some((body.to_string().into_bytes(), "application/json"));
        self
    }

    pub fn bytes(mut self, body: impl Into<Vec<u8>>, media_type: &'static str) -> Self {
        self.body = Some((body.into(), media_type));
        self
    }

    pub fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    pub fn key(self, key: Uuid) -> Self {
        self.header("idempotency-key", key)
    }

    pub fn version(self, version: &Value) -> Self {
        self.header("if-match", format!("\"{version}\""))
    }

    /// An outside service is away on purpose: a 503 is the right answer.
    pub fn outside_may_be_away(mut self) -> Self {
        self.fault_is_fine = true;
        self
    }

    pub async fn send(self) -> Answer {
        let asked = format!("{} {}", self.method, self.path);
        let mut request = self.wire.client.request(self.method.clone(), format!("{}/api{}", self.wire.base, self.path));
        if let Some(person) = &self.person {
            request = request.bearer_auth(&person.token);
        }
        if self.method == Method::POST && !self.headers.iter().any(|(n, _)| *n == "idempotency-key") {
            request = request.header("idempotency-key", Uuid::new_v4().to_string());
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some((body, media_type)) = self.body {
            request = request.header("content-type", media_type).body(body);
        }
        let got = request.send().await.unwrap_or_else(|e| panic!("{asked}: {e}"));
        let (status, headers) = (got.status().as_u16(), got.headers().clone());
        let body = got.bytes().await.unwrap_or_else(|e| panic!("{asked}: {e}")).to_vec();
        let answer = Answer { status, headers, body, asked };
        let request_id = answer.header("x-request-id").to_owned();
        assert!(!request_id.is_empty(), "{}: no request id", answer.asked);
        self.wire.seen.lock().unwrap().push(Seen {
            method: self.method,
            path: self.path,
            who: self.person.map_or_else(|| "nobody".into(), |p| p.name),
            status,
            request_id,
            body: answer.body.clone(),
        });
        if status >= 400 {
            answer.check_problem(self.fault_is_fine);
        }
        answer
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn value(&self) -> Value {
        if self.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{}: {e}: {}", self.asked, self.text()))
        }
    }

    /// The body of an answer of the 200s.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!((200..300).contains(&self.status), "{} → {} {}", self.asked, self.status, self.text());
        self.value()
    }

    /// The bytes of an answer of the 200s.
    #[track_caller]
    pub fn content(&self) -> &[u8] {
        assert!((200..300).contains(&self.status), "{} → {} {}", self.asked, self.status, self.text());
        &self.body
    }

    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let value = if self.status >= 400 { self.value() } else { Value::Null };
        assert_eq!((self.status, value["code"].as_str().unwrap_or_default()), (status, code), "{} → {}", self.asked, self.text());
        value
    }

    /// The body, when it is JSON.
    pub fn value_or_null(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The answer without what differs between two equal requests.
    pub fn bare(&self) -> (u16, Vec<(String, String)>, Value) {
        let mut body: Value = serde_json::from_slice(&self.body).unwrap_or_else(|_| json!(self.text()));
        if let Some(body) = body.as_object_mut() {
            body.remove("request_id");
        }
        let mut headers: Vec<(String, String)> = self
            .headers
            .iter()
            .filter(|(n, _)| !matches!(n.as_str(), "x-request-id" | "date"))
            .map(|(n, v)| (n.to_string(), v.to_str().unwrap_or_default().to_owned()))
            .collect();
        headers.sort();
        (self.status, headers, body)
    }

    /// RFC 9457, with a stable code, cause and cure in both languages, and no word of the database.
    fn check_problem(&self, fault_is_fine: bool) {
        let said = format!("{} → {} {}", self.asked, self.status, self.text());
        assert!(self.status < 500 || (fault_is_fine && self.status == 503), "{said}");
        assert!(self.header("content-type").starts_with("application/problem+json"), "not a problem: {said}");
        let problem = self.value();
        for member in ["type", "title", "title_en", "code", "detail", "detail_en", "cure", "cure_en"] {
            assert!(problem[member].as_str().is_some_and(|t| !t.trim().is_empty()), "no `{member}`: {said}");
        }
        assert_eq!(problem["status"], json!(self.status), "{said}");
        assert_eq!(problem["request_id"].as_str(), Some(self.header("x-request-id")), "{said}");
        for word in ["sqlx", "postgres", "panicked", "src/", "select ", "constraint"] {
            assert!(!said.to_lowercase().contains(word), "the machine speaks: {said}");
        }
    }
}
