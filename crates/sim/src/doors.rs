//! What the HTTP simulators share at their doors: the signature, the fault, the shape of an error.
//! Must never know a message or a person.

use poem::http::StatusCode;
use poem::{Body, IntoResponse, Request, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::faults::{Faults, Mode, NEVER, Order};
use crate::signing::{Headers, Refusal, Verifier};

/// The largest body taken.
const BODY_CAP: usize = 256 << 10;

/// A JSON answer.
pub fn answer(status: StatusCode, body: impl Serialize) -> Response {
    let body = serde_json::to_string(&body).unwrap_or_else(|wrong| json!({"error": wrong.to_string()}).to_string());
    Response::builder().status(status).content_type("application/json; charset=utf-8").body(body)
}

/// A JSON error.
pub fn error(status: StatusCode, code: &str, reason: &str) -> Response {
    answer(status, json!({"code": code, "reason": reason}))
}

/// A page.
pub fn page(html: &'static str) -> Response {
    poem::web::Html(html).into_response()
}

/// Reads the body and checks the signature; the refusal is ready to be sent.
pub async fn signed(verifier: &Verifier, request: &Request, body: Body) -> Result<Vec<u8>, Response> {
    let bytes = body.into_bytes_limit(BODY_CAP).await.map_err(|_| error(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "at most 256 KiB"))?;
    let header = |name: &str| request.header(name).unwrap_or_default().to_owned();
    let headers = Headers {
        app_id: header("x-app-id"),
        timestamp: header("x-timestamp"),
        nonce: header("x-nonce"),
        signature: header("x-signature"),
    };
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let now = chrono::Utc::now().timestamp();
    match verifier.check(&headers, request.method().as_str(), path, &bytes, now) {
        Ok(()) => Ok(bytes.into()),
        Err(Refusal::Signature(reason)) => Err(error(StatusCode::UNAUTHORIZED, "signature", reason)),
        Err(Refusal::Replay) => Err(error(StatusCode::CONFLICT, "replay", "this nonce was used before")),
    }
}

/// Reads JSON, or says what is wrong with it.
pub fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Response> {
    serde_json::from_slice(bytes).map_err(|wrong| error(StatusCode::BAD_REQUEST, "malformed", &wrong.to_string()))
}

/// Suffers the standing fault before the work: `Err` is the answer to give instead of working.
pub async fn suffer(faults: &Faults) -> Result<Option<Order>, Response> {
    let Some(order) = faults.next() else { return Ok(None) };
    match order.mode {
        Mode::Error => Err(error(StatusCode::INTERNAL_SERVER_ERROR, "internal", "told to fail")),
        Mode::Refuse => Err(error(StatusCode::FORBIDDEN, "refused", "told to refuse")),
        Mode::Cut => cut(),
        Mode::Timeout => {
            tokio::time::sleep(NEVER).await;
            Err(error(StatusCode::GATEWAY_TIMEOUT, "timeout", "told to be silent"))
        }
        Mode::DelayMs => {
            tokio::time::sleep(std::time::Duration::from_millis(order.delay_ms)).await;
            Ok(Some(order))
        }
        _ => Ok(Some(order)),
    }
}

/// Ends the connection without a word: a handler that unwinds takes its connection along, and no hook prints it.
pub fn cut() -> ! {
    std::panic::resume_unwind(Box::new("told to cut the connection"))
}

/// Suffers the standing fault after the work.
pub async fn suffer_after(order: Option<Order>) {
    match order.map(|order| order.mode) {
        Some(Mode::LoseAnswer) => tokio::time::sleep(NEVER).await,
        Some(Mode::CutAfter) => cut(),
        _ => {}
    }
}

/// The present moment as the simulators write it.
pub fn now() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// The standing order as JSON.
pub fn standing(faults: &Faults) -> Value {
    faults.standing().map_or(Value::Null, |order| json!(order))
}
