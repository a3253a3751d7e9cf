//! What the HTTP simulators share at their doors: the fault, orders to the control door, the shape of an answer and an error.
//! Must never know a message or a person.

use poem::http::StatusCode;
use poem::{Body, IntoResponse, Response, handler};
use serde::Serialize;
use serde_json::{Value, json};

use crate::faults::{Faults, Mode, NEVER, Order};

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

/// Reads JSON, or says what is wrong with it.
pub fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Response> {
    serde_json::from_slice(bytes).map_err(|wrong| error(StatusCode::BAD_REQUEST, "malformed", &wrong.to_string()))
}

/// Reads what a control door was told.
pub async fn ordered<T: serde::de::DeserializeOwned>(body: Body) -> Result<T, Response> {
    parse(&body.into_bytes_limit(64 << 10).await.unwrap_or_default())
}

/// The process is there.
#[handler]
pub async fn healthz() -> &'static str {
    "ok"
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
