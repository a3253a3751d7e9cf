//! The SMS gateway, in the manner of 12368. Owns its doors; must never send anything to a real phone.

mod book;
mod report;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use poem::http::StatusCode;
use poem::listener::TcpAcceptor;
use poem::web::{Data, Query};
use poem::{Body, EndpointExt, Request, Response, Route, Server, get, handler, post};
use serde::Deserialize;
use serde_json::json;

use crate::control::Control;
use crate::doors::{answer, error, page, parse, signed, standing, suffer, suffer_after};
use crate::faults::Faults;
use crate::life::{Life, LifeOptions};
use crate::signing::{Key, Verifier};
use book::{Book, Outcome, Submission};
use report::Reporter;

/// What the gateway is told.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    pub life: LifeOptions,
    /// The one caller's name.
    #[arg(long, default_value = "lianting")]
    pub app_id: String,
    /// The key shared with it.
    #[arg(long, env = "LIANTING_SIM_SECRET", hide_env_values = true)]
    pub secret: String,
    /// How long after acceptance the delivery report is sent, in milliseconds.
    #[arg(long, default_value_t = 300)]
    pub report_after_ms: u64,
}

struct Gateway {
    book: Book,
    faults: Faults,
    verifier: Verifier,
    reporter: Reporter,
}

/// Serves until a signal.
pub async fn serve(life: Life, options: &Options) -> io::Result<()> {
    let key = Key::new(&options.app_id, &options.secret);
    let gateway = Arc::new(Gateway {
        book: Book::default(),
        faults: Faults::default(),
        reporter: Reporter::new(key.clone(), Duration::from_millis(options.report_after_ms))?,
        verifier: Verifier::new(key),
    });
    let doors = Route::new()
        .at("/v1/messages", post(submit))
        .at("/control", get(standing_order).post(control))
        .at("/phone", get(phone))
        .at("/phone/messages", get(messages))
        .at("/healthz", get(healthz))
        .data(gateway);
    life.announce()?;
    let ended = life.ended();
    let acceptor = TcpAcceptor::from_tokio(life.listener)?;
    Server::new_with_acceptor(acceptor).run_with_graceful_shutdown(doors, ended, Some(Duration::from_secs(1))).await
}

#[handler]
async fn submit(request: &Request, body: Body, Data(gateway): Data<&Arc<Gateway>>) -> Response {
    take(gateway, request, body).await.unwrap_or_else(|refusal| refusal)
}

async fn take(gateway: &Arc<Gateway>, request: &Request, body: Body) -> Result<Response, Response> {
    let bytes = signed(&gateway.verifier, request, body).await?;
    let submission: Submission = parse(&bytes)?;
    submission.check().map_err(|reason| error(StatusCode::UNPROCESSABLE_ENTITY, "invalid", reason))?;
    let fault = suffer(&gateway.faults).await?;
    let message = match gateway.book.take(submission) {
        Outcome::New(message) => {
            gateway.reporter.follow(Arc::clone(gateway), message.clone(), fault.map(|order| order.mode));
            message
        }
        Outcome::Known(message) => message,
        Outcome::Reused => {
            return Err(error(StatusCode::UNPROCESSABLE_ENTITY, "reused", "this message_id carried another message"));
        }
    };
    suffer_after(fault).await;
    let body = json!({"gateway_id": message.gateway_id, "accepted_at": message.accepted_at});
    Ok(answer(StatusCode::ACCEPTED, body))
}

#[handler]
async fn control(body: Body, Data(gateway): Data<&Arc<Gateway>>) -> Response {
    let bytes = body.into_bytes_limit(64 << 10).await.unwrap_or_default();
    let control: Control = match parse(&bytes) {
        Ok(control) => control,
        Err(refusal) => return refusal,
    };
    if let Err(reason) = control.apply(&gateway.faults) {
        return error(StatusCode::UNPROCESSABLE_ENTITY, "invalid", reason);
    }
    if control.reset {
        gateway.book.clear();
    }
    answer(StatusCode::OK, standing(&gateway.faults))
}

#[handler]
async fn standing_order(Data(gateway): Data<&Arc<Gateway>>) -> Response {
    answer(StatusCode::OK, standing(&gateway.faults))
}

#[handler]
async fn phone() -> Response {
    page(include_str!("phone.html"))
}

#[derive(Deserialize)]
struct Filter {
    mobile: Option<String>,
}

#[handler]
async fn messages(Query(filter): Query<Filter>, Data(gateway): Data<&Arc<Gateway>>) -> Response {
    answer(StatusCode::OK, json!({"items": gateway.book.newest_first(filter.mobile.as_deref())}))
}

#[handler]
async fn healthz() -> &'static str {
    "ok"
}
