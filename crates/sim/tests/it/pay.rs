//! The payment platform's promises, asked by hand: nothing of the product's adapter is used here.

use std::path::{Path, PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use crate::kit::{Sim, client, control};

struct Merchant {
    sim: Sim,
    folder: PathBuf,
    pair: RsaKeyPair,
    serial: String,
}

impl Drop for Merchant {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn start(folder: &Path) -> Sim {
    Sim::start(&["pay", "--haste", "150", "--refund-after-ms", "50", "--data", folder.to_str().unwrap()])
}

impl Merchant {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("lianting-sim-pay-{name}-{}", std::process::id()));
        let sim = start(&folder);
        let pem = std::fs::read_to_string(folder.join("merchant/apiclient_key.pem")).unwrap();
        let der: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let env = std::fs::read_to_string(folder.join("merchant/env")).unwrap();
        let serial = env.lines().find_map(|line| line.strip_prefix("LIANTING_WECHATPAY_SERIAL=")).unwrap().to_owned();
        let pair = RsaKeyPair::from_pkcs8(&BASE64.decode(der).unwrap()).unwrap();
        Self { sim, folder, pair, serial }
    }

    async fn ask(&self, method: &str, target: &str, body: &str, nonce: &str) -> reqwest::Response {
        let timestamp = chrono::Utc::now().timestamp();
        let text = format!("{method}\n{target}\n{timestamp}\n{nonce}\n{body}\n");
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
        let authorization = format!(
            r#"WECHATPAY2-SHA256-RSA2048 mchid="1900000109",nonce_str="{nonce}",signature="{}",timestamp="{timestamp}",serial_no="{}""#,
            BASE64.encode(signature),
            self.serial
        );
        let request = client().request(method.parse().unwrap(), self.sim.url(target)).header("authorization", authorization);
        request.body(body.to_owned()).send().await.unwrap()
    }

    async fn place(&self, number: &str, nonce: &str) -> Value {
        let order = json!({"appid": "wxd678efh567hg6787", "mchid": "1900000109", "description": "案件受理费", "out_trade_no": number,
            "notify_url": "http://127.0.0.1:9/paid", "amount": {"total": 5000, "currency": "CNY"}});
        let answer = self.ask("POST", "/v3/pay/transactions/native", &order.to_string(), nonce).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }
}

#[tokio::test]
async fn answers_are_signed_and_requests_must_be() {
    let merchant = Merchant::new("signed");
    let placed = merchant.place("LT370102A1", "n1").await;
    assert!(placed["code_url"].as_str().unwrap().starts_with("weixin://wxpay/bizpayurl?pr="));
    let target = "/v3/pay/transactions/out-trade-no/LT370102A1?mchid=1900000109";
    let found = merchant.ask("GET", target, "", "n2").await;
    for name in ["wechatpay-signature", "wechatpay-serial", "wechatpay-timestamp", "wechatpay-nonce"] {
        assert!(found.headers().contains_key(name), "{name}");
    }
    let found: Value = found.json().await.unwrap();
    assert_eq!((found["trade_state"].as_str(), found.get("amount")), (Some("NOTPAY"), None));
    assert_eq!(merchant.ask("GET", target, "", "n2").await.status(), 401, "a nonce is used once");
    let unsigned = client().get(merchant.sim.url(target)).send().await.unwrap();
    assert_eq!(unsigned.status(), 401);
    assert_eq!(unsigned.json::<Value>().await.unwrap()["code"], "SIGN_ERROR");
    let altered = merchant.ask("POST", "/v3/pay/transactions/native", "{}", "n3").await;
    assert_eq!(altered.status(), 400, "signed, and not an order");
}

#[tokio::test]
async fn keys_orders_and_callbacks_outlive_the_process() {
    let merchant = Merchant::new("outlive");
    merchant.place("LT370102A1", "n1").await;
    control(&merchant.sim, json!({"pay": {"out_trade_no": "LT370102A1"}})).await;
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    let before = std::fs::read_to_string(merchant.folder.join("merchant/apiclient_key.pem")).unwrap();
    let again = start(&merchant.folder);
    assert_eq!(std::fs::read_to_string(merchant.folder.join("merchant/apiclient_key.pem")).unwrap(), before);
    let listed = client().get(again.url("/control/callbacks?about=LT370102A1")).send().await.unwrap();
    let listed: Value = listed.json().await.unwrap();
    assert_eq!(listed["items"][0]["event_type"], "TRANSACTION.SUCCESS");
    assert_eq!(listed["items"][0]["taken"], false);
    assert!(listed["items"][0]["tries"].as_array().unwrap().iter().all(|status| status == 0), "nobody listens there");
}

#[tokio::test]
async fn a_person_finds_the_code_and_pays() {
    let merchant = Merchant::new("person");
    let placed = merchant.place("LT370102A1", "n1").await;
    let scan = merchant.sim.url(&format!("/scan?code_url={}", placed["code_url"].as_str().unwrap()));
    let scan = client().get(scan).send().await.unwrap();
    let page = scan.url().to_string();
    assert!(scan.text().await.unwrap().contains("确认支付"));
    let pressed = client().post(&page).body(r#"{"button":"pay"}"#).send().await.unwrap();
    assert_eq!(pressed.json::<Value>().await.unwrap()["state"], "SUCCESS");
    let shelf: Value = client().get(merchant.sim.url("/orders")).send().await.unwrap().json().await.unwrap();
    assert_eq!(shelf["items"][0]["state"], "SUCCESS");
}
