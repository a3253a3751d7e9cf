//! A time-stamping authority in the manner of RFC 3161. Owns its doors; its stamps prove nothing to anybody who was
//! not told to believe its root.

mod der;
mod keys;
mod token;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::Args;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Body, EndpointExt, Request, Response, Route, get, handler, post};
use serde_json::json;

use crate::control::Control;
use crate::doors::{answer, error, healthz, ordered, standing, suffer, suffer_after};
use crate::faults::{Faults, Mode};
use crate::life::{Life, LifeOptions};
use keys::Keys;
use token::Wrong;

/// The largest request.
const REQUEST_CAP: usize = 16 << 10;

/// What the authority is told.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    pub life: LifeOptions,
    /// Where its key and certificates are kept; made if it does not exist. `root.pem` there is what others are to believe.
    #[arg(long)]
    pub data: PathBuf,
}

struct Authority {
    keys: Keys,
    /// Nobody believes these.
    strangers: Keys,
    faults: Faults,
    stamped: AtomicU64,
}

/// Serves until a signal.
pub async fn serve(life: Life, options: &Options) -> io::Result<()> {
    let authority = Arc::new(Authority {
        keys: Keys::open(&options.data)?,
        strangers: Keys::make("无人认识的授时中心")?,
        faults: Faults::default(),
        stamped: AtomicU64::new(0),
    });
    let doors = Route::new()
        .at("/", post(stamp))
        .at("/root.pem", get(root))
        .at("/control", get(standing_order).post(control))
        .at("/healthz", get(healthz))
        .data(authority);
    life.serve(doors).await
}

#[handler]
async fn stamp(request: &Request, body: Body, Data(authority): Data<&Arc<Authority>>) -> Response {
    take(authority, request, body).await.unwrap_or_else(|refusal| refusal)
}

async fn take(authority: &Authority, request: &Request, body: Body) -> Result<Response, Response> {
    if request.content_type() != Some("application/timestamp-query") {
        return Err(error(StatusCode::UNSUPPORTED_MEDIA_TYPE, "malformed", "application/timestamp-query is wanted"));
    }
    let bytes =
        body.into_bytes_limit(REQUEST_CAP).await.map_err(|_| error(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "at most 16 KiB"))?;
    let fault = suffer(&authority.faults).await?;
    let Some(asked) = token::Request::read(&bytes) else { return Ok(reply(token::refusal("not a request"))) };
    let serial = authority.stamped.fetch_add(1, Ordering::Relaxed) + 1;
    let mode = fault.map(|order| order.mode);
    let wrong = Wrong {
        nonce: mode == Some(Mode::WrongNonce),
        digest: mode == Some(Mode::WrongDigest),
        signature: mode == Some(Mode::BadSignature),
    };
    let keys = if mode == Some(Mode::ForgeAnswer) { &authority.strangers } else { &authority.keys };
    let made = token::answer(&asked, keys, serial, chrono::Utc::now(), wrong);
    suffer_after(fault).await;
    made.map(reply).map_err(|wrong| error(StatusCode::INTERNAL_SERVER_ERROR, "internal", &wrong.to_string()))
}

fn reply(bytes: Vec<u8>) -> Response {
    Response::builder().content_type("application/timestamp-reply").body(bytes)
}

#[handler]
async fn root(Data(authority): Data<&Arc<Authority>>) -> Response {
    Response::builder().content_type("application/x-pem-file").body(authority.keys.root.clone())
}

#[handler]
async fn control(body: Body, Data(authority): Data<&Arc<Authority>>) -> Response {
    let told: Result<Control, Response> = ordered(body).await;
    told.and_then(|control| control.obey(&authority.faults)).map_or_else(|refusal| refusal, |()| shown(authority))
}

#[handler]
async fn standing_order(Data(authority): Data<&Arc<Authority>>) -> Response {
    shown(authority)
}

fn shown(authority: &Authority) -> Response {
    let stamped = authority.stamped.load(Ordering::Relaxed);
    answer(StatusCode::OK, json!({ "fault": standing(&authority.faults), "stamped": stamped }))
}
