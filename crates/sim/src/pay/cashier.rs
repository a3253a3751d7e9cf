//! Where a person pays. Owns the pages and what their buttons do; must never ask for a real account.

use std::sync::Arc;
use std::time::Duration;

use poem::http::StatusCode;
use poem::web::{Data, Path, Query, Redirect};
use poem::{Body, IntoResponse, Response, handler};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::book::Order;
use crate::doors::{answer, error, page, parse};

/// How many orders the shelf shows.
const SHOWN: usize = 100;

#[handler]
pub async fn shelf() -> Response {
    page(include_str!("shelf.html"))
}

#[handler]
pub async fn page_of() -> Response {
    page(include_str!("cashier.html"))
}

fn face(order: &Order) -> Value {
    json!({"token": order.token, "out_trade_no": order.wish.out_trade_no, "description": order.wish.description,
        "total": order.wish.amount.total, "state": order.state, "placed": order.placed, "paid": order.paid,
        "expires": order.wish.time_expire, "trade_type": order.trade_type, "mchid": order.wish.mchid})
}

#[handler]
pub async fn orders(Data(desk): Data<&Arc<Desk>>) -> Response {
    let mut found: Vec<Order> = desk.book().orders.values().cloned().collect();
    found.sort_by_key(|order| std::cmp::Reverse(order.placed));
    let items: Vec<Value> = found.iter().take(SHOWN).map(face).collect();
    answer(StatusCode::OK, json!({"items": items}))
}

#[derive(Deserialize)]
struct Scanned {
    code_url: String,
}

/// What a phone's camera would do with a QR code.
#[handler]
pub async fn scan(Query(scanned): Query<Scanned>) -> Response {
    let token = scanned.code_url.rsplit(['=', '/']).next().unwrap_or_default();
    if token.is_empty() || !token.chars().all(|c| c.is_ascii_alphanumeric()) {
        return error(StatusCode::NOT_FOUND, "not_found", "not a payment code of this platform");
    }
    Redirect::see_other(format!("/pr/{token}")).into_response()
}

fn number_of(desk: &Desk, token: &str) -> Option<String> {
    let now = desk.clock.now();
    let mut book = desk.book();
    let number = book.find(|order| order.token == token)?;
    book.order(&number, now).map(|order| order.wish.out_trade_no.clone())
}

#[handler]
pub async fn state(Path(token): Path<String>, Data(desk): Data<&Arc<Desk>>) -> Response {
    let number = number_of(desk, &token);
    let found = number.and_then(|number| desk.book().orders.get(&number).map(face));
    found.map_or_else(|| error(StatusCode::NOT_FOUND, "not_found", "没有这个订单"), |face| answer(StatusCode::OK, face))
}

/// What the buttons say.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Button {
    /// Pays now.
    Pay,
    /// Pays now, from another account.
    Other,
    /// Begins now; the money is there later.
    Late,
    /// Gives up.
    Decline,
    /// The money is there although the order was closed.
    AfterClose,
}

#[derive(Deserialize)]
struct Pressed {
    button: Button,
    #[serde(default = "five_seconds")]
    delay_ms: u64,
}

fn five_seconds() -> u64 {
    5000
}

#[handler]
pub async fn act(body: Body, Path(token): Path<String>, Data(desk): Data<&Arc<Desk>>) -> Response {
    let bytes = body.into_bytes_limit(1024).await.unwrap_or_default();
    let pressed: Pressed = match parse(&bytes) {
        Ok(pressed) => pressed,
        Err(refusal) => return refusal,
    };
    let Some(number) = number_of(desk, &token) else { return error(StatusCode::NOT_FOUND, "not_found", "没有这个订单") };
    if let Err(reason) = press(desk, &number, &pressed) {
        return error(StatusCode::CONFLICT, "refused", reason);
    }
    desk.changed();
    let face = desk.book().orders.get(&number).map(face);
    answer(StatusCode::OK, face)
}

fn press(desk: &Arc<Desk>, number: &str, pressed: &Pressed) -> Result<(), &'static str> {
    let now = desk.clock.now();
    let payer = if matches!(pressed.button, Button::Other) { "oSimPayerB" } else { "oSimPayerA" };
    match pressed.button {
        Button::Decline => {
            desk.book().decline(number);
            return Ok(());
        }
        Button::Late => {
            desk.book().begin(number, now)?;
            let (desk, number, delay) = (Arc::clone(desk), number.to_owned(), Duration::from_millis(pressed.delay_ms));
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                let now = desk.clock.now();
                // closed meanwhile or not: the bank was faster
                if desk.book().pay(&number, "oSimPayerA", true, now).is_ok() {
                    desk.tell_paid(&number);
                }
            });
            return Ok(());
        }
        Button::Pay | Button::Other => desk.book().pay(number, payer, false, now)?,
        Button::AfterClose => desk.book().pay(number, payer, true, now)?,
    }
    desk.tell_paid(number);
    Ok(())
}
