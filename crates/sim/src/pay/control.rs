//! The unsigned doors of a test. Owns what may be ordered; must never be reachable from another machine.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use poem::http::StatusCode;
use poem::web::{Data, Query};
use poem::{Body, Response, handler};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::bill::Differences;
use super::book::{Book, RefundState};
use super::keys::Rotate;
use super::notify::{How, Note};
use super::{Desk, lock};
use crate::control::Control;
use crate::doors::{answer, error, parse};

/// What the platform was told to do wrong, besides faults.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Told {
    /// Only requests whose path has this in it fail.
    pub on: Option<String>,
    /// How the next callbacks go wrong.
    pub callbacks: Option<Callbacks>,
    /// How the next refunds end.
    pub refunds: Option<Refunds>,
    /// How bills differ.
    pub bill: Differences,
    /// Believe requests whatever their time, and take it for our own.
    pub follow: bool,
    /// Sign with the platform's public key in place of its certificate.
    pub public_key: bool,
}

/// How the next callbacks go wrong.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Callbacks {
    pub how: How,
    /// How many.
    #[serde(default = "one")]
    pub next: u64,
    /// How often each, for `repeat` and forgeries.
    #[serde(default = "once")]
    pub times: usize,
    /// How long each waits, for `delay`.
    #[serde(default)]
    pub delay_ms: u64,
}

fn one() -> u64 {
    1
}

fn once() -> usize {
    1
}

/// How the next refunds end.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Refunds {
    pub becomes: RefundState,
    #[serde(default = "one")]
    pub next: u64,
}

/// What `POST /control` takes; members left out change nothing.
#[derive(Default, Deserialize)]
struct Orders {
    #[serde(flatten)]
    faults: Control,
    on: Option<String>,
    callbacks: Option<Callbacks>,
    refunds: Option<Refunds>,
    bill: Option<Differences>,
    follow: Option<bool>,
    public_key: Option<bool>,
    /// A moment, or `machine`.
    clock: Option<String>,
    rotate: Option<Rotate>,
    float: Option<i64>,
    pay: Option<Pay>,
    /// Send now what waits for its repetition.
    #[serde(default)]
    hurry: bool,
}

#[derive(Deserialize)]
struct Pay {
    out_trade_no: String,
    #[serde(default = "somebody")]
    payer: String,
    #[serde(default)]
    even_if_closed: bool,
}

fn somebody() -> String {
    "oSimPayerA".to_owned()
}

#[handler]
pub async fn control(body: Body, Data(desk): Data<&Arc<Desk>>) -> Response {
    let bytes = body.into_bytes_limit(64 << 10).await.unwrap_or_default();
    let outcome = parse(&bytes)
        .and_then(|orders| carry_out(desk, orders).map_err(|reason| error(StatusCode::UNPROCESSABLE_ENTITY, "invalid", &reason)));
    desk.changed();
    match outcome {
        Ok(()) => answer(StatusCode::OK, picture(desk)),
        Err(refusal) => refusal,
    }
}

fn carry_out(desk: &Arc<Desk>, orders: Orders) -> Result<(), String> {
    orders.faults.apply(&desk.faults)?;
    if orders.faults.reset {
        *desk.told() = Told::default();
        *desk.book() = Book::default();
        desk.notes().clear();
        lock(&desk.counts).clear();
        desk.clock.set(None);
    }
    if let Some(clock) = &orders.clock {
        let to = if clock == "machine" { None } else { Some(clock.parse::<DateTime<Utc>>().map_err(|wrong| wrong.to_string())?) };
        desk.clock.set(to);
    }
    tell(desk, &orders);
    if let Some(float) = orders.float {
        desk.book().float = float;
    }
    if let Some(step) = orders.rotate {
        desk.keys().rotate(step, &desk.folder, desk.clock.now()).map_err(|wrong| wrong.to_string())?;
    }
    if let Some(pay) = orders.pay {
        let now = desk.clock.now();
        desk.book().pay(&pay.out_trade_no, &pay.payer, pay.even_if_closed, now)?;
        desk.tell_paid(&pay.out_trade_no);
    }
    if orders.hurry {
        let now = Utc::now();
        desk.notes().iter_mut().filter(|note| note.next.is_some()).for_each(|note| note.next = Some(now));
    }
    Ok(())
}

fn tell(desk: &Desk, orders: &Orders) {
    let mut told = desk.told();
    // a new fault order says anew where it holds
    if orders.on.is_some() || orders.faults.fail_next.is_some() {
        told.on.clone_from(&orders.on);
    }
    if orders.callbacks.is_some() {
        told.callbacks.clone_from(&orders.callbacks);
    }
    if orders.refunds.is_some() {
        told.refunds.clone_from(&orders.refunds);
    }
    if let Some(bill) = &orders.bill {
        told.bill = bill.clone();
    }
    told.follow = orders.follow.unwrap_or(told.follow);
    told.public_key = orders.public_key.unwrap_or(told.public_key);
}

#[handler]
pub async fn standing(Data(desk): Data<&Arc<Desk>>) -> Response {
    answer(StatusCode::OK, picture(desk))
}

fn picture(desk: &Desk) -> Value {
    let told = desk.told().clone();
    let (orders, refunds) = {
        let book = desk.book();
        (book.orders.len(), book.refunds.len())
    };
    let counts = lock(&desk.counts).clone();
    let now = desk.clock.now();
    json!({"fault": desk.faults.standing(), "told": told, "orders": orders, "refunds": refunds, "counts": counts,
        "clock": now, "keys": desk.keys().serials()})
}

#[derive(Deserialize)]
struct About {
    about: Option<String>,
}

/// `GET /control/callbacks[?about=]`, newest first.
#[handler]
pub async fn callbacks(Query(filter): Query<About>, Data(desk): Data<&Arc<Desk>>) -> Response {
    let meant = |note: &&Note| filter.about.as_ref().is_none_or(|about| *about == note.about);
    let notes: Vec<Note> = desk.notes().iter().rev().filter(meant).take(1000).cloned().collect();
    answer(StatusCode::OK, json!({"items": notes}))
}

/// What `POST /control/callbacks` takes: an old callback again, as it was or spoiled.
#[derive(Deserialize)]
struct Again {
    about: String,
    #[serde(default)]
    how: How,
    #[serde(default = "once")]
    times: usize,
}

#[handler]
pub async fn send(body: Body, Data(desk): Data<&Arc<Desk>>) -> Response {
    let bytes = body.into_bytes_limit(64 << 10).await.unwrap_or_default();
    let again: Again = match parse(&bytes) {
        Ok(again) => again,
        Err(refusal) => return refusal,
    };
    let note = desk.notes().iter().rev().find(|note| note.about == again.about).cloned();
    let Some(note) = note else { return error(StatusCode::NOT_FOUND, "not_found", "no callback about that number") };
    let statuses = desk.send_many(&note, again.how, again.times.min(20_000)).await;
    answer(StatusCode::OK, json!({"statuses": statuses}))
}
