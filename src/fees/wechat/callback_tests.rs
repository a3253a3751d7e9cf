use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};

use super::*;
use crate::fees::wechat::shapes::{RefundState, TradeState};

const CERTIFICATE: &[u8] = include_bytes!("vectors/platform.pem");
const KEY: &[u8] = include_bytes!("vectors/platform_key.pem");
const APIV3: &str = "0123456789abcdefghijklmnopqrstuv";
const MCHID: &str = "1900000001";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

fn platform() -> PlatformKey {
    PlatformKey::from_certificate(CERTIFICATE, now() + chrono::TimeDelta::days(1)).unwrap()
}

/// What the platform does.
fn sealed(event_type: &str, resource: &Value, key: &str) -> String {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_bytes()).unwrap());
    let mut bytes = resource.to_string().into_bytes();
    let nonce = Nonce::try_assume_unique_for_key(b"abcdefghijkl").unwrap();
    key.seal_in_place_append_tag(nonce, Aad::from("transaction"), &mut bytes).unwrap();
    let resource = json!({"algorithm": "AEAD_AES_256_GCM", "original_type": "transaction", "ciphertext": BASE64.encode(bytes),
        "nonce": "abcdefghijkl", "associated_data": "transaction"});
    json!({"id": "EV-1", "create_time": "2026-11-22T10:00:00+08:00", "resource_type": "encrypt-resource",
        "event_type": event_type, "summary": "支付成功", "resource": resource})
    .to_string()
}

fn signed(body: &str, at: DateTime<Utc>) -> PlatformHeaders {
    let pair = RsaKeyPair::from_pkcs8(PrivatePkcs8KeyDer::from_pem_slice(KEY).unwrap().secret_pkcs8_der()).unwrap();
    let (timestamp, nonce) = (at.timestamp().to_string(), "n0nce".to_owned());
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), format!("{timestamp}\n{nonce}\n{body}\n").as_bytes(), &mut signature).unwrap();
    PlatformHeaders { timestamp, nonce, serial: platform().serial, signature: BASE64.encode(signature) }
}

fn payment() -> Value {
    json!({"mchid": MCHID, "appid": "wx1", "out_trade_no": "LT1", "transaction_id": "4200001", "trade_type": "NATIVE",
        "trade_state": "SUCCESS", "trade_state_desc": "支付成功", "bank_type": "CMC", "attach": "370102",
        "success_time": "2026-11-22T10:00:00+08:00", "payer": {"openid": "oUser"},
        "amount": {"total": 5000, "payer_total": 5000, "currency": "CNY", "payer_currency": "CNY"}})
}

fn take(headers: &PlatformHeaders, body: &str) -> Result<Notification, NotGenuine> {
    read(headers, body.as_bytes(), Some(&platform()), &ApiV3Key::new(APIV3).unwrap(), MCHID, now())
}

#[test]
fn a_genuine_payment_is_read() {
    let body = sealed("TRANSACTION.SUCCESS", &payment(), APIV3);
    let taken = take(&signed(&body, now()), &body).unwrap();
    assert_eq!(taken.id, "EV-1");
    assert!(!format!("{taken:?}").contains("oUser"));
    let Event::Paid(paid) = taken.event else { panic!("paid") };
    assert_eq!((paid.out_trade_no.as_str(), paid.total, paid.state), ("LT1", Some(5000), TradeState::Success));
}

#[test]
fn a_refund_is_read_without_the_account() {
    let news = json!({"mchid": MCHID, "transaction_id": "4200001", "out_trade_no": "LT1", "refund_id": "5030001",
        "out_refund_no": "RF1", "refund_status": "ABNORMAL", "user_received_account": "招商银行信用卡0403",
        "amount": {"total": 5000, "refund": 2500, "payer_total": 5000, "payer_refund": 2500}});
    let body = sealed("REFUND.ABNORMAL", &news, APIV3);
    let taken = take(&signed(&body, now()), &body).unwrap();
    assert!(!format!("{taken:?}").contains("0403"));
    let Event::Refund(refund) = taken.event else { panic!("refund") };
    assert_eq!((refund.state, refund.refund, refund.refunded_at), (RefundState::Abnormal, 2500, None));
}

#[test]
fn what_is_not_genuine_is_refused_and_says_why() {
    let body = sealed("TRANSACTION.SUCCESS", &payment(), APIV3);
    let good = signed(&body, now());
    let old = signed(&body, now() - chrono::TimeDelta::seconds(301));
    assert_eq!(take(&old, &body), Err(NotGenuine::Stale));
    assert_eq!(take(&PlatformHeaders { serial: "00".into(), ..good.clone() }, &body), Err(NotGenuine::UnknownKey));
    assert_eq!(take(&PlatformHeaders { signature: "WECHATPAY/SIGNTEST/x".into(), ..good.clone() }, &body), Err(NotGenuine::Signature));
    assert_eq!(take(&good, &body.replace("EV-1", "EV-2")), Err(NotGenuine::Signature));
    assert_eq!(take(&PlatformHeaders { signature: String::new(), ..good.clone() }, &body), Err(NotGenuine::Unsigned));
    assert_eq!(take(&good, &"x".repeat(BODY_CAP + 1)), Err(NotGenuine::Unsigned));
    let foreign_seal = sealed("TRANSACTION.SUCCESS", &payment(), "vutsrqponmlkjihgfedcba9876543210");
    assert_eq!(take(&signed(&foreign_seal, now()), &foreign_seal), Err(NotGenuine::Seal));
    let ended = PlatformKey::from_certificate(CERTIFICATE, now() - chrono::TimeDelta::seconds(1)).unwrap();
    let apiv3 = ApiV3Key::new(APIV3).unwrap();
    assert_eq!(read(&good, body.as_bytes(), Some(&ended), &apiv3, MCHID, now()), Err(NotGenuine::UnknownKey));
    assert_eq!(read(&good, body.as_bytes(), None, &apiv3, MCHID, now()), Err(NotGenuine::UnknownKey));
}

#[test]
fn signed_and_sealed_is_not_enough() {
    let with = |key: &str, value: Value| {
        let mut changed = payment();
        changed[key] = value;
        let body = sealed("TRANSACTION.SUCCESS", &changed, APIV3);
        take(&signed(&body, now()), &body)
    };
    assert_eq!(with("mchid", json!("1900000002")), Err(NotGenuine::Stranger));
    for (key, value) in [
        ("amount", json!({"total": 5000, "currency": "USD"})),
        ("amount", json!({"currency": "CNY"})),
        ("amount", json!({"total": "5000"})),
        ("success_time", Value::Null),
        ("trade_state", json!("NOTPAY")),
        ("trade_state", json!("PERHAPS")),
    ] {
        assert_eq!(with(key, value.clone()), Err(NotGenuine::Shape("transaction")), "{key} {value}");
    }
    let body = sealed("COUPON.USE", &json!({}), APIV3);
    assert_eq!(take(&signed(&body, now()), &body).unwrap().event, Event::Other("COUPON.USE".into()));
}
