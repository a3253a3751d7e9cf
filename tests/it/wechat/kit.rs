//! A simulator, an adapter with its keys, and somebody who takes callbacks.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::Utc;
use lianting::fees::wechat::callback::{Event, NotGenuine, Notification};
use lianting::fees::wechat::client::WechatPay;
use lianting::fees::wechat::settings::WechatPaySettings;
use lianting::fees::wechat::shapes::{NewOrder, NewRefund};
use lianting::fees::wechat::sign::PlatformHeaders;
use lianting::kit::clock::Clock;
use lianting::kit::random::Random;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

pub struct World {
    child: Option<Child>,
    pub address: String,
    folder: PathBuf,
    pub pay: Arc<WechatPay>,
    pub heard: Arc<Mutex<Vec<Result<Notification, NotGenuine>>>>,
    pub answer: Arc<Mutex<Vec<u16>>>,
    http: reqwest::Client,
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn start(folder: &PathBuf, listen: &str) -> (Child, String) {
    let mut child = Command::new(crate::kit::cluster::program("lianting-sim").unwrap())
        .args(["pay", "--haste", "150", "--refund-after-ms", "100", "--listen", listen, "--data"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    (child, ready["listening"].as_str().unwrap().to_owned())
}

impl World {
    pub async fn new(name: &str) -> Self {
        Self::with(name, Clock::System, "env").await
    }

    /// With a clock of its own, and the settings from one of the files the merchant is handed.
    pub async fn with(name: &str, clock: Clock, file: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = std::env::temp_dir().join(format!("pay-it-{name}-{}", std::process::id()));
        // one set of keys serves all tests: made once
        let keys = std::env::temp_dir().join("pay-it-keys.json");
        std::fs::create_dir_all(&folder).unwrap();
        let _ = std::fs::copy(&keys, folder.join("keys.json"));
        let (child, address) = start(&folder, "127.0.0.1:0");
        let _ = std::fs::copy(folder.join("keys.json"), &keys);
        let env: std::collections::HashMap<String, String> = std::fs::read_to_string(folder.join("merchant").join(file))
            .unwrap()
            .lines()
            .map(|line| line.split_once('=').map(|(k, v)| (k.into(), v.into())).unwrap())
            .collect();
        let of = |name: &str| env[&format!("LIANTING_WECHATPAY_{name}")].clone();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let notify = format!("http://{}", listener.local_addr().unwrap());
        let settings = WechatPaySettings {
            wechatpay_base: of("BASE"),
            wechatpay_mchid: Some(of("MCHID")),
            wechatpay_appid: Some(of("APPID")),
            wechatpay_serial: Some(of("SERIAL")),
            wechatpay_key_file: Some(of("KEY_FILE").into()),
            wechatpay_apiv3_key_file: Some(of("APIV3_KEY_FILE").into()),
            wechatpay_notify_base: Some(notify),
            wechatpay_public_key_id: env.get("LIANTING_WECHATPAY_PUBLIC_KEY_ID").cloned(),
            wechatpay_public_key_file: env.get("LIANTING_WECHATPAY_PUBLIC_KEY_FILE").map(Into::into),
        };
        let pay = Arc::new(settings.open("http://nowhere", clock, Random::from_os()).unwrap().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(listen(listener, Arc::clone(&pay), Arc::clone(&heard), Arc::clone(&answer)));
        let http = reqwest::Client::new();
        Self { child: Some(child), address, folder, pay, heard, answer, http }
    }

    /// Ends it without a word and starts it again at the same place.
    pub async fn kill_and_restart(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let (child, _) = start(&self.folder, &self.address);
        self.child = Some(child);
    }

    pub async fn control(&self, body: Value) -> Value {
        let answer = self.http.post(format!("http://{}/control", self.address)).body(body.to_string()).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    pub async fn again(&self, about: &str, how: &str, times: usize) -> Vec<u16> {
        let body = json!({"about": about, "how": how, "times": times});
        let answer = self.http.post(format!("http://{}/control/callbacks", self.address)).body(body.to_string()).send().await.unwrap();
        let value: Value = answer.json().await.unwrap();
        value["statuses"].as_array().unwrap().iter().map(|it| it.as_u64().unwrap() as u16).collect()
    }

    pub async fn get(&self, path: &str) -> (u16, String) {
        let answer = self.http.get(format!("http://{}{path}", self.address)).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub async fn press(&self, token: &str, button: &str) -> u16 {
        let body = json!({"button": button, "delay_ms": 300});
        self.http.post(format!("http://{}/pr/{token}", self.address)).body(body.to_string()).send().await.unwrap().status().as_u16()
    }

    /// Places an order and answers the token of its code.
    pub async fn place(&self, number: &str, total: i64) -> String {
        let code = self.pay.native(&order(number, total)).await.unwrap();
        code.strip_prefix("weixin://wxpay/bizpayurl?pr=").unwrap().to_owned()
    }

    pub async fn paid(&self, number: &str, total: i64) {
        let token = self.place(number, total).await;
        assert_eq!(self.press(&token, "pay").await, 200);
    }

    pub async fn hears(&self, count: usize) -> Vec<Result<Notification, NotGenuine>> {
        for _ in 0..200 {
            if self.heard.lock().unwrap().len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        tokio::time::sleep(Duration::from_millis(150)).await;
        self.heard.lock().unwrap().clone()
    }
}

pub fn order(number: &str, total: i64) -> NewOrder<'_> {
    NewOrder {
        out_trade_no: number,
        description: "案件受理费,（2026）鲁0102民初1号",
        total,
        expires: Utc::now() + chrono::TimeDelta::minutes(30),
        attach: Some("370102"),
        notify_path: "/pay",
    }
}

pub fn back<'a>(number: &'a str, order: &'a str, refund: i64, total: i64) -> NewRefund<'a> {
    NewRefund { out_refund_no: number, out_trade_no: order, refund, total, reason: "撤诉减半", notify_path: "/refund" }
}

pub fn is_paid(heard: &Result<Notification, NotGenuine>) -> bool {
    matches!(heard, Ok(Notification { event: Event::Paid(_), .. }))
}

/// Takes callbacks, believes or refuses them, and answers 204, 401, or what it was told to.
async fn listen(
    listener: TcpListener,
    pay: Arc<WechatPay>,
    heard: Arc<Mutex<Vec<Result<Notification, NotGenuine>>>>,
    answer: Arc<Mutex<Vec<u16>>>,
) {
    while let Ok((mut socket, _)) = listener.accept().await {
        let (pay, heard, answer) = (Arc::clone(&pay), Arc::clone(&heard), Arc::clone(&answer));
        tokio::spawn(async move {
            let (mut text, mut buffer) = (Vec::new(), [0; 8192]);
            let (head, body) = loop {
                let n = socket.read(&mut buffer).await.unwrap_or(0);
                if n == 0 {
                    return;
                }
                text.extend(&buffer[..n]);
                let Some(end) = text.windows(4).position(|it| it == b"\r\n\r\n") else { continue };
                let head = String::from_utf8_lossy(&text[..end]).to_lowercase();
                let length: usize =
                    head.lines().find_map(|line| line.strip_prefix("content-length: ")).and_then(|it| it.parse().ok()).unwrap_or(0);
                if text.len() >= end + 4 + length {
                    let head = String::from_utf8_lossy(&text[..end]).into_owned();
                    break (head, text[end + 4..].to_vec());
                }
            };
            let find = |name: &'static str| {
                head.lines()
                    .filter_map(|line| line.split_once(": "))
                    .find(|(key, _)| key.eq_ignore_ascii_case(name))
                    .map(|(_, value)| value)
            };
            let outcome = match PlatformHeaders::read(find) {
                Some(headers) => pay.read_callback(&headers, &body).await,
                None => Err(NotGenuine::Unsigned),
            };
            let told = answer.lock().unwrap().pop();
            let status = told.unwrap_or(if outcome.is_ok() { 204 } else { 401 });
            heard.lock().unwrap().push(outcome);
            let _ = socket.write_all(format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes()).await;
        });
    }
}
