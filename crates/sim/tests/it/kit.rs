//! Starting a simulator and speaking to it with a signature of the test's own making.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

pub const SECRET: &str = "test-secret";

/// A running simulator; ends with the test.
pub struct Sim {
    child: Child,
    pub address: String,
    ready: Value,
}

impl Sim {
    pub fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lianting-sim"))
            .args(args)
            .env("LIANTING_SIM_SECRET", SECRET)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the simulator starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a ready line");
        let ready: Value = serde_json::from_str(&line).expect("JSON");
        Self { child, address: ready["listening"].as_str().expect("an address").to_owned(), ready }
    }

    /// Another address of the ready line.
    pub fn also(&self, name: &str) -> String {
        self.ready[name].as_str().expect("an address").to_owned()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Ends it with SIGTERM and says whether it ended well.
    pub fn stop(mut self) -> bool {
        let pid = nix::unistd::Pid::from_raw(self.child.id() as i32);
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).expect("alive");
        self.child.wait().expect("ends").success()
    }

    /// Ends it with SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().expect("alive");
        self.child.wait().expect("ends");
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        // Already gone after stop() or kill().
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

pub fn signature(method: &str, path: &str, timestamp: &str, nonce: &str, body: &str) -> String {
    let digest = hex::encode(Sha256::digest(body));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key");
    mac.update(format!("{method}\n{path}\n{timestamp}\n{nonce}\n{digest}").as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

pub async fn post_signed(sim: &Sim, path: &str, body: &Value, nonce: &str) -> reqwest::Response {
    let body = body.to_string();
    let timestamp = chrono::Utc::now().timestamp().to_string();
    client()
        .post(sim.url(path))
        .header("x-app-id", "lianting")
        .header("x-signature", signature("POST", path, &timestamp, nonce, &body))
        .header("x-timestamp", timestamp)
        .header("x-nonce", nonce)
        .body(body)
        .timeout(std::time::Duration::from_secs(2))
        .send()
        .await
        .expect("an answer")
}

pub async fn get_signed(sim: &Sim, path: &str, nonce: &str) -> reqwest::Response {
    let timestamp = chrono::Utc::now().timestamp().to_string();
    client()
        .get(sim.url(path))
        .header("x-app-id", "lianting")
        .header("x-signature", signature("GET", path, &timestamp, nonce, ""))
        .header("x-timestamp", timestamp)
        .header("x-nonce", nonce)
        .send()
        .await
        .expect("an answer")
}

/// Takes one HTTP request off a socket and answers with `status`.
pub async fn one_report(listener: &TcpListener, status: &str) -> (String, String) {
    let (mut socket, _) = listener.accept().await.expect("somebody comes");
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let n = socket.read(&mut buffer).await.expect("readable");
        text.extend(&buffer[..n]);
        let whole = String::from_utf8_lossy(&text);
        if let Some((head, body)) = whole.split_once("\r\n\r\n")
            && serde_json::from_str::<Value>(body).is_ok()
        {
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            socket.write_all(answer.as_bytes()).await.expect("writable");
            return (head.to_owned(), body.to_owned());
        }
    }
}

pub async fn control(sim: &Sim, body: Value) {
    let answer = client().post(sim.url("/control")).body(body.to_string()).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
}

pub async fn json(answer: reqwest::Response) -> Value {
    answer.json().await.expect("JSON")
}
