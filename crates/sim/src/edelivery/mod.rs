//! A national e-service platform (送达平台) and chat accounts behind one protocol. Owns its doors and the recipients'
//! page; must never reach a real account.

mod book;
mod receipts;

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;
use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Body, EndpointExt, Request, Response, Route, get, handler, post};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::control::Control;
use crate::doors::{answer, error, healthz, ordered, page, parse, standing, suffer, suffer_after};
use crate::guard::{Guard, SignedOptions};
use crate::life::Life;
use crate::signing::Key;
use book::{Book, Delivery, Outcome, State, Wish};
use receipts::{How, Order};

/// What the platform is told.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    pub signed: SignedOptions,
    /// How long after it was taken over a delivery is sent, and again until it has arrived, in milliseconds.
    #[arg(long, default_value_t = 300)]
    pub step_after_ms: u64,
}

/// What happens to what is sent to an account.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Refused at once, 422 `unknown_account`.
    Unknown,
    /// Refused at once, 422 `no_consent`.
    NoConsent,
    /// Taken over, sent, and bounced.
    Bounce,
    /// Taken over and never heard of again.
    Silence,
    /// Arrives, and the recipient opens it by himself.
    Read,
    /// Arrives, is opened and confirmed by itself.
    Answer,
}

/// The platform.
pub struct Platform {
    book: Book,
    guard: Guard,
    key: Key,
    client: reqwest::Client,
    step: Duration,
    fates: Mutex<HashMap<String, Fate>>,
    receipts: Mutex<Option<Order>>,
}

/// Serves until a signal.
pub async fn serve(life: Life, options: &Options) -> io::Result<()> {
    // Another part of the process may have chosen its provider first; then that one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let redirect = reqwest::redirect::Policy::none();
    let client = reqwest::Client::builder().timeout(Duration::from_secs(5)).redirect(redirect).build().map_err(io::Error::other)?;
    let platform = Arc::new(Platform {
        book: Book::default(),
        guard: Guard::new(&options.signed),
        key: options.signed.key(),
        client,
        step: Duration::from_millis(options.step_after_ms),
        fates: Mutex::default(),
        receipts: Mutex::default(),
    });
    let doors = Route::new()
        .at("/deliveries", post(submit).get(list))
        .at("/deliveries/:id", get(how_far))
        .at("/inbox", get(inbox))
        .at("/inbox/:id", post(act))
        .at("/control", get(standing_order).post(control))
        .at("/control/receipts", post(send_again))
        .at("/healthz", get(healthz))
        .data(platform);
    life.serve(doors).await
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Platform {
    fn next_receipt(&self) -> Order {
        let mut standing = lock(&self.receipts);
        match standing.as_mut().filter(|order| order.next > 0) {
            Some(order) => {
                order.next -= 1;
                order.clone()
            }
            None => Order { how: How::Genuine, next: 0, times: 1, delay_ms: 0 },
        }
    }

    fn fate(&self, account: &str) -> Option<Fate> {
        let fates = lock(&self.fates);
        fates.get(account).or_else(|| fates.get("*")).copied()
    }

    /// Takes a step and tells of it.
    fn step(self: &Arc<Self>, delivery_id: &str, state: State, at: DateTime<Utc>, reason: Option<String>) -> bool {
        let Some((delivery, receipt)) = self.book.step(delivery_id, state, at, reason) else { return false };
        self.tell(delivery, receipt);
        true
    }

    /// Brings a delivery as far as it goes by itself.
    fn carry(self: &Arc<Self>, delivery: &Delivery) {
        let fate = self.fate(&delivery.wish.account);
        let steps: &[State] = match fate {
            Some(Fate::Silence) => &[],
            Some(Fate::Bounce) => &[State::Sent, State::Bounced],
            Some(Fate::Read) => &[State::Sent, State::Arrived, State::Read],
            Some(Fate::Answer) => &[State::Sent, State::Arrived, State::Read, State::Answered],
            _ => &[State::Sent, State::Arrived],
        };
        let (platform, id) = (Arc::clone(self), delivery.wish.delivery_id.clone());
        tokio::spawn(async move {
            for state in steps {
                tokio::time::sleep(platform.step).await;
                let reason = (*state == State::Bounced).then(|| "账号已停用或拒收".to_owned());
                platform.step(&id, *state, Utc::now(), reason);
            }
        });
    }
}

#[handler]
async fn submit(request: &Request, body: Body, Data(platform): Data<&Arc<Platform>>) -> Response {
    take(platform, request, body).await.unwrap_or_else(|refusal| refusal)
}

async fn take(platform: &Arc<Platform>, request: &Request, body: Body) -> Result<Response, Response> {
    let refused = |code, reason| Err(error(StatusCode::UNPROCESSABLE_ENTITY, code, reason));
    let wish: Wish = parse(&platform.guard.signed(request, body).await?)?;
    wish.check().map_err(|reason| error(StatusCode::UNPROCESSABLE_ENTITY, "invalid", reason))?;
    let fault = suffer(&platform.guard.faults).await?;
    match platform.fate(&wish.account) {
        Some(Fate::Unknown) => return refused("unknown_account", "no such account here"),
        Some(Fate::NoConsent) => return refused("no_consent", "this account takes no service"),
        _ => {}
    }
    let delivery = match platform.book.take(wish) {
        Outcome::New(delivery) => {
            platform.carry(&delivery);
            delivery
        }
        Outcome::Known(delivery) => delivery,
        Outcome::Reused => return refused("reused", "this delivery_id carried another content"),
    };
    suffer_after(fault).await;
    let body = json!({"platform_id": delivery.platform_id, "accepted_at": delivery.accepted_at});
    Ok(answer(StatusCode::ACCEPTED, body))
}

#[handler]
async fn how_far(request: &Request, body: Body, Path(id): Path<String>, Data(platform): Data<&Arc<Platform>>) -> Response {
    ask(platform, request, body, &id).await.unwrap_or_else(|refusal| refusal)
}

async fn ask(platform: &Platform, request: &Request, body: Body, id: &str) -> Result<Response, Response> {
    platform.guard.signed(request, body).await?;
    let fault = suffer(&platform.guard.faults).await?;
    let found = platform.book.get(id).ok_or_else(|| error(StatusCode::NOT_FOUND, "not_found", "no such delivery"))?;
    suffer_after(fault).await;
    let told = json!({"delivery_id": found.wish.delivery_id, "platform_id": found.platform_id, "channel": found.wish.channel,
        "state": found.state, "accepted_at": found.accepted_at, "receipts": found.receipts});
    Ok(answer(StatusCode::OK, told))
}

#[derive(Deserialize)]
struct Filter {
    account: Option<String>,
    limit: Option<usize>,
}

/// For people and tests, unsigned: what the recipients have.
#[handler]
async fn list(Query(filter): Query<Filter>, Data(platform): Data<&Arc<Platform>>) -> Response {
    let items = platform.book.newest(filter.account.as_deref(), filter.limit.unwrap_or(200).min(50_000));
    answer(StatusCode::OK, json!({"items": items}))
}

#[handler]
async fn inbox() -> Response {
    page(include_str!("inbox.html"))
}

/// A step at the recipient's hand, or a test's.
#[derive(Deserialize)]
struct Step {
    state: State,
    /// When it happened; now when left out.
    at: Option<DateTime<Utc>>,
    reason: Option<String>,
}

#[handler]
async fn act(body: Body, Path(id): Path<String>, Data(platform): Data<&Arc<Platform>>) -> Response {
    let bytes = body.into_bytes_limit(4096).await.unwrap_or_default();
    let step: Step = match parse(&bytes) {
        Ok(step) => step,
        Err(refusal) => return refusal,
    };
    let Some(found) = platform.book.get(&id) else { return error(StatusCode::NOT_FOUND, "not_found", "no such delivery") };
    if !platform.step(&found.wish.delivery_id, step.state, step.at.unwrap_or_else(Utc::now), step.reason) {
        return error(StatusCode::CONFLICT, "refused", "a delivery goes forward only");
    }
    answer(StatusCode::OK, platform.book.get(&id))
}

/// What `POST /control` takes, besides the faults.
#[derive(Default, Deserialize)]
struct Orders {
    #[serde(flatten)]
    faults: Control,
    receipts: Option<Order>,
    /// By account; `*` is everybody else.
    #[serde(default)]
    accounts: HashMap<String, Option<Fate>>,
}

#[handler]
async fn control(body: Body, Data(platform): Data<&Arc<Platform>>) -> Response {
    ordered(body).await.and_then(|told| obey(platform, told)).unwrap_or_else(|refusal| refusal)
}

fn obey(platform: &Platform, orders: Orders) -> Result<Response, Response> {
    orders.faults.obey(&platform.guard.faults)?;
    if orders.faults.reset {
        platform.book.clear();
        lock(&platform.fates).clear();
        *lock(&platform.receipts) = None;
    }
    if orders.receipts.is_some() {
        *lock(&platform.receipts) = orders.receipts;
    }
    for (account, fate) in orders.accounts {
        match fate {
            Some(fate) => lock(&platform.fates).insert(account, fate),
            None => lock(&platform.fates).remove(&account),
        };
    }
    Ok(answer(StatusCode::OK, picture(platform)))
}

fn picture(platform: &Platform) -> serde_json::Value {
    let (receipts, accounts) = (lock(&platform.receipts).clone(), lock(&platform.fates).clone());
    json!({"fault": standing(&platform.guard.faults), "receipts": receipts, "accounts": accounts})
}

#[handler]
async fn standing_order(Data(platform): Data<&Arc<Platform>>) -> Response {
    answer(StatusCode::OK, picture(platform))
}

/// What `POST /control/receipts` takes: the last receipt about a delivery again, as it was or spoiled.
#[derive(Deserialize)]
struct Again {
    delivery_id: String,
    #[serde(default)]
    state: Option<State>,
    #[serde(default)]
    how: How,
    #[serde(default)]
    times: Option<u32>,
}

#[handler]
async fn send_again(body: Body, Data(platform): Data<&Arc<Platform>>) -> Response {
    let bytes = body.into_bytes_limit(4096).await.unwrap_or_default();
    let again: Again = match parse(&bytes) {
        Ok(again) => again,
        Err(refusal) => return refusal,
    };
    let found = platform.book.get(&again.delivery_id).and_then(|delivery| {
        let meant = |receipt: &&book::Receipt| again.state.is_none_or(|state| state == receipt.state);
        let receipt = delivery.receipts.iter().rev().find(meant).cloned()?;
        Some((delivery, receipt))
    });
    let Some((delivery, receipt)) = found else { return error(StatusCode::NOT_FOUND, "not_found", "no such receipt") };
    let statuses = platform.send_many(&delivery, &receipt, again.how, again.times.unwrap_or(1).min(20_000)).await;
    answer(StatusCode::OK, json!({"statuses": statuses}))
}
