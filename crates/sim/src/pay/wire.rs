//! Signed requests in, signed answers out. Owns reading `Authorization`, the memory of nonces and the shape of an
//! error; must never know an order.

use std::collections::HashMap;
use std::sync::Mutex;

use poem::http::StatusCode;
use poem::{Body, Request, Response};
use serde_json::{Value, json};

use super::Desk;
use super::book::Refusal;
use super::keys::Hand;
use crate::doors::cut;
use crate::faults::{Mode, NEVER, Order};

const BODY_CAP: usize = 256 << 10;
/// How far a timestamp may be off, in seconds.
const SKEW_S: i64 = 300;
/// How many nonces are remembered.
const NONCES: usize = 200_000;

/// Nonces seen, with their time.
#[derive(Default)]
pub struct Nonces(Mutex<HashMap<String, i64>>);

impl Nonces {
    /// Is this one new? Then it is no longer.
    fn take(&self, nonce: &str, at: i64) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if seen.len() >= NONCES {
            seen.retain(|_, seen_at| at - *seen_at <= 2 * SKEW_S);
        }
        seen.insert(nonce.to_owned(), at).is_none()
    }
}

/// A request that is believed, and the fault it suffers.
pub struct Asked {
    pub body: Vec<u8>,
    pub fault: Option<Mode>,
}

impl Asked {
    /// The body as JSON.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(&self.body).map_err(|_| (400, "PARAM_ERROR", "请求体不符合接口的 JSON 格式"))
    }
}

/// Believes a request or says why not, then lets it suffer the standing fault.
pub async fn asked(desk: &Desk, request: &Request, body: Body) -> Result<Asked, Response> {
    let body = body.into_bytes_limit(BODY_CAP).await.unwrap_or_default().to_vec();
    if let Err(why) = believe(desk, request, &body) {
        desk.count("refused_signatures");
        // not signed: the platform does not know whom it speaks to
        return Err(unsigned(401, &json!({"code": "SIGN_ERROR", "message": why})));
    }
    let fault = match desk.fault_for(request.uri().path()) {
        Some(order) => suffer(desk, order).await?,
        None => None,
    };
    Ok(Asked { body, fault })
}

fn believe(desk: &Desk, request: &Request, body: &[u8]) -> Result<(), &'static str> {
    let header = request.header("authorization").unwrap_or_default();
    let parts = header.strip_prefix("WECHATPAY2-SHA256-RSA2048 ").ok_or("Authorization 的认证类型不正确")?;
    let part = |name: &str| {
        let found = parts.split(',').filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name);
        found.map(|(_, value)| value.trim_matches('"').to_owned()).ok_or("Authorization 缺少字段")
    };
    let (mchid, nonce, timestamp) = (part("mchid")?, part("nonce_str")?, part("timestamp")?);
    if mchid != desk.mchid || part("serial_no")? != desk.keys().merchant_serial {
        return Err("商户号或商户证书序列号不正确");
    }
    let now = desk.clock.now().timestamp();
    let at: i64 = timestamp.parse().map_err(|_| "timestamp 不是数字")?;
    if now.abs_diff(at) > SKEW_S.unsigned_abs() && !desk.follows() {
        return Err("Http 头 Authorization 中的 timestamp 与发起请求的时间不得超过 5 分钟");
    }
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let mut text = format!("{}\n{target}\n{timestamp}\n{nonce}\n", request.method()).into_bytes();
    text.extend_from_slice(body);
    text.push(b'\n');
    if !desk.keys().merchant_signed(&text, &part("signature")?) {
        return Err("签名错误，请检查");
    }
    if !desk.nonces.take(&nonce, now) {
        return Err("随机串重复使用");
    }
    if desk.follows() {
        desk.clock.set(chrono::DateTime::from_timestamp(at, 0));
    }
    Ok(())
}

/// What happens instead of, before or after the work.
async fn suffer(desk: &Desk, order: Order) -> Result<Option<Mode>, Response> {
    match order.mode {
        Mode::Error => Err(signed(desk, 500, &json!({"code": "SYSTEM_ERROR", "message": "系统错误"}), None)),
        Mode::Refuse => Err(signed(desk, 403, &json!({"code": "RULE_LIMIT", "message": "业务规则限制"}), None)),
        Mode::TooOften => Err(signed(desk, 429, &json!({"code": "FREQUENCY_LIMITED", "message": "频率超限"}), None)),
        Mode::BadGateway => {
            let page = "<html><body>502 Bad Gateway</body></html>";
            Err(Response::builder().status(StatusCode::BAD_GATEWAY).content_type("text/html").body(page))
        }
        Mode::Timeout => {
            tokio::time::sleep(NEVER).await;
            Err(unsigned(504, &json!({"code": "SYSTEM_ERROR", "message": "超时"})))
        }
        Mode::Cut => cut(),
        Mode::DelayMs => {
            tokio::time::sleep(std::time::Duration::from_millis(order.delay_ms)).await;
            Ok(None)
        }
        after => Ok(Some(after)),
    }
}

/// Gives the answer, or loses or spoils it as the fault says.
pub async fn give(desk: &Desk, asked: &Asked, outcome: Result<(u16, Value), Refusal>) -> Response {
    match asked.fault {
        Some(Mode::LoseAnswer) => tokio::time::sleep(NEVER).await,
        Some(Mode::CutAfter) => cut(),
        Some(Mode::ErrorAfter) => return signed(desk, 500, &json!({"code": "SYSTEM_ERROR", "message": "系统错误"}), None),
        _ => {}
    }
    match outcome {
        Ok((status, body)) => signed(desk, status, &body, asked.fault),
        Err((status, code, message)) => signed(desk, status, &json!({"code": code, "message": message}), asked.fault),
    }
}

/// A signed answer; null is no body.
pub fn signed(desk: &Desk, status: u16, body: &Value, fault: Option<Mode>) -> Response {
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let hand = match fault {
        Some(Mode::ForgeAnswer) => Hand::Stranger,
        Some(Mode::UnknownSerial) => Hand::UnknownSerial,
        _ => Hand::Genuine,
    };
    let old = fault == Some(Mode::StaleAnswer);
    let at = desk.clock.now() - chrono::TimeDelta::seconds(if old { 2 * SKEW_S } else { 0 });
    let hand = if hand == Hand::Genuine { desk.hand() } else { hand };
    let Ok(headers) = desk.keys().sign(text.as_bytes(), at, hand) else { return unsigned(500, &json!({"code": "SYSTEM_ERROR"})) };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = Response::builder().status(status).content_type("application/json; charset=utf-8");
    if fault != Some(Mode::UnsignedAnswer) {
        for (name, value) in headers {
            answer = answer.header(name, value);
        }
    }
    let text = if fault == Some(Mode::AlterAnswer) { text.replace(['1', '5'], "7") } else { text };
    answer.header("request-id", uuid::Uuid::new_v4().simple().to_string()).body(text)
}

fn unsigned(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Response::builder().status(status).content_type("application/json; charset=utf-8").body(body.to_string())
}
