//! The SMS gateway, in the manner of 12368. Owns its doors; must never send anything to a real phone.

mod book;
mod report;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use poem::http::StatusCode;
use poem::web::{Data, Query};
use poem::{Body, EndpointExt, Request, Response, Route, get, handler, post};
use serde::Deserialize;
use serde_json::json;

use crate::control::Control;
use crate::doors::{answer, error, healthz, ordered, page, parse, standing, suffer, suffer_after};
use crate::guard::{Guard, SignedOptions};
use crate::life::Life;
use book::{Book, Outcome, Submission};
use report::Reporter;

/// What the gateway is told.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    pub signed: SignedOptions,
    /// How long after acceptance the delivery report is sent, in milliseconds.
    #[arg(long, default_value_t = 300)]
    pub report_after_ms: u64,
}

struct Gateway {
    book: Book,
    guard: Guard,
    reporter: Reporter,
}

/// Serves until a signal.
pub async fn serve(life: Life, options: &Options) -> io::Result<()> {
    let gateway = Arc::new(Gateway {
        book: Book::default(),
        guard: Guard::new(&options.signed),
        reporter: Reporter::new(options.signed.key(), Duration::from_millis(options.report_after_ms))?,
    });
    let doors = Route::new()
        .at("/v1/messages", post(submit))
        .at("/control", get(standing_order).post(control))
        .at("/phone", get(phone))
        .at("/phone/messages", get(messages))
        .at("/healthz", get(healthz))
        .data(gateway);
    life.serve(doors).await
}

#[handler]
async fn submit(request: &Request, body: Body, Data(gateway): Data<&Arc<Gateway>>) -> Response {
    take(gateway, request, body).await.unwrap_or_else(|refusal| refusal)
}

async fn take(gateway: &Arc<Gateway>, request: &Request, body: Body) -> Result<Response, Response> {
    let bytes = gateway.guard.signed(request, body).await?;
    let submission: Submission = parse(&bytes)?;
    submission.check().map_err(|reason| error(StatusCode::UNPROCESSABLE_ENTITY, "invalid", reason))?;
    let fault = suffer(&gateway.guard.faults).await?;
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
    ordered(body).await.and_then(|told| obey(gateway, told)).unwrap_or_else(|refusal| refusal)
}

fn obey(gateway: &Gateway, told: Control) -> Result<Response, Response> {
    told.obey(&gateway.guard.faults)?;
    if told.reset {
        gateway.book.clear();
    }
    Ok(answer(StatusCode::OK, standing(&gateway.guard.faults)))
}

#[handler]
async fn standing_order(Data(gateway): Data<&Arc<Gateway>>) -> Response {
    answer(StatusCode::OK, standing(&gateway.guard.faults))
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
