//! What leaves: the papers are set, and what lies in the recipient's own inbox has arrived (在线诉讼规则 Art 31).
//!
//! Owns the step from an attempt to its channel. No transaction is held while a paper is set. Runs twice without harm:
//! the report of an attempt is one row. Must never send for a service that is cancelled, or before the bytes are fixed.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::facts;
use super::numbers::{DOUBT, Doubt, NumberDoubt};
use super::receipts::Ids;
use super::settle::{self, NewEvent};
use super::words::{Adapter, Channel, SystemEvent};
use super::{address, mistaken, outside, served};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::Result;
use crate::paper::issue;
use crate::person::messages::{Sms, To, tell_sms_as};
use crate::work::{Due, Outcome};

/// Sets every paper of a service, and pins the digests of what is served.
///
/// # Errors
/// When a paper cannot be set now; tried again later.
pub async fn pin(app: &App, court: i32, service: Uuid) -> Result<()> {
    let mut tx = app.door.enter_as_house(court, "delivery:pin").await?;
    let papers = served::papers(&mut tx, service).await?;
    drop(tx);
    let open: Vec<&served::PaperRow> = papers.iter().filter(|p| p.sha256.is_none()).collect();
    if open.is_empty() {
        return Ok(());
    }
    for paper in open.iter().filter_map(|p| p.paper_id) {
        issue::ready(app, court, paper).await?;
    }
    let mut tx = app.door.enter_as_house(court, "delivery:pin").await?;
    sqlx::query(
        "update service_papers s set sha256 = coalesce(p.sha256, l.sha256), pages = coalesce(p.pages, l.pages) from service_papers x
           left join papers p on p.court_id = x.court_id and p.paper_id = x.paper_id left join leaves l on l.court_id = x.court_id and l.case_id = x.case_id and l.leaf_id = x.leaf_id
         where s.court_id = $1 and s.service_id = $2 and s.sha256 is null and x.court_id = s.court_id and x.service_id = s.service_id and x.n = s.n",
    )
    .bind(court)
    .bind(service)
    .execute(tx.conn())
    .await?;
    tx.commit(service, json!({ "pinned": open.len() })).await
}

/// Carries out one attempt.
///
/// # Errors
/// What the database, the renderer or the channel says; tried again later.
pub async fn attempt(app: &App, due: &Due, service: Uuid, recipient: Uuid, attempt: Uuid) -> Result<Outcome> {
    let court = due.court;
    pin(app, court, service).await?;
    let mut tx = app.door.enter_as_house(court, "delivery:send").await?;
    let mut held = facts::hold(app, &mut tx, service, recipient).await?;
    let Some(row) = held.rows.iter().find(|r| r.attempt_id == attempt).cloned() else { return Ok(Outcome::Dead("no such attempt".into())) };
    if held.row.cancelled_at.is_some() {
        return Ok(Outcome::Done);
    }
    let channel = Channel::parse(&row.channel);
    if let Some(channel) = channel.filter(|c| *c != Channel::Inbox)
        && outside::is_behind(&mut tx, &held, attempt, channel, row.address_id).await?
    {
        return Ok(Outcome::Wait(outside::ITS_TURN));
    }
    if let Some(adapter) = channel.and_then(Adapter::of) {
        return outside::attempt(app, due, tx, held, Ids { service, recipient, attempt }, adapter).await;
    }
    let now = tx.now();
    let (what, source) = match channel {
        Some(Channel::Inbox) => (SystemEvent::Arrived, "inbox"),
        Some(Channel::Sms) => (SystemEvent::HandedOver, "engine"),
        _ => return Ok(Outcome::Dead(format!("nothing carries `{}`", row.channel))),
    };
    let key = attempt.to_string();
    let new = NewEvent { key: Some(&key), ..NewEvent::new(attempt, what, now, source) };
    if !settle::event(&mut tx, &mut held, &new).await? {
        return Ok(Outcome::Done);
    }
    settle::announce(&mut tx, &held).await?;
    if let (Some(Channel::Sms), Some(address)) = (channel, row.address_id) {
        text(app, &mut tx, &held, attempt, address).await?;
    }
    settle::settle(app, &mut tx, service, recipient).await?;
    tx.commit(service, json!({ "recipient": recipient, "attempt": attempt, "what": what.key() })).await?;
    Ok(Outcome::Done)
}

/// 短信回执 of a sending or of what went along with it.
#[derive(Debug, Deserialize)]
pub struct Receipt {
    service: Uuid,
    recipient: Uuid,
    attempt: Uuid,
    report: Report,
}

#[derive(Debug, Deserialize)]
struct Report {
    message: Uuid,
    state: String,
    #[serde(default)]
    code: Option<String>,
    reason: Option<String>,
    at: DateTime<Utc>,
}

impl Report {
    fn doubt(&self) -> Option<NumberDoubt> {
        NumberDoubt::of(self.code.as_deref(), self.state != "delivered", self.reason.as_deref().unwrap_or_default())
    }

    fn what(&self) -> SystemEvent {
        match self.state.as_str() {
            // what reaches a number of somebody else has not arrived
            _ if self.doubt().is_some() => SystemEvent::NumberOff,
            "delivered" => SystemEvent::Arrived,
            _ => SystemEvent::Bounced,
        }
    }
}

/// Writes a report down, at the time it names unless that cannot be.
///
/// # Errors
/// What the database says.
pub async fn receipt(app: &App, court: i32, receipt: &Receipt) -> Result<Outcome> {
    let mut tx = app.door.enter_as_house(court, "delivery:receipt").await?;
    let mut held = facts::hold(app, &mut tx, receipt.service, receipt.recipient).await?;
    let Some(sent) = held.attempts.iter().find(|a| a.id == receipt.attempt).map(|a| a.started_at) else {
        return Ok(Outcome::Dead("no such attempt".into()));
    };
    let (now, said) = (tx.now(), receipt.report.at);
    // a gateway's clock may be off; a report from the future or from before the sending is dated when it came
    let at = if said > now || said < sent { now } else { said };
    let key = receipt.report.message.to_string();
    let event = NewEvent {
        key: Some(&key),
        reason: receipt.report.reason.as_deref(),
        ..NewEvent::new(receipt.attempt, receipt.report.what(), at, "gateway")
    };
    let number = held.rows.iter().find(|r| r.attempt_id == receipt.attempt && r.channel == Channel::Sms.key()).and_then(|r| r.address_id);
    if settle::event(&mut tx, &mut held, &event).await? {
        if let (Some(why), Some(address)) = (receipt.report.doubt(), number) {
            tx.tell(DOUBT, &Doubt { case: held.row.case_id, address, at, why })?;
        }
        settle::settle(app, &mut tx, receipt.service, receipt.recipient).await?;
        tx.commit(receipt.service, json!({ "recipient": receipt.recipient, "attempt": receipt.attempt, "receipt": event.what.key() }))
            .await?;
    }
    Ok(Outcome::Done)
}

/// Service by text message: the papers wait behind the link.
async fn text(app: &App, tx: &mut CourtTx, held: &facts::Held, attempt: Uuid, number: Uuid) -> Result<()> {
    let link = mistaken::link(app, tx, held, attempt, number, Some(number)).await?;
    let number = address::value(tx, held.row.case_id, number).await?;
    let params = [("case_number", held.row.number.as_str()), ("link", link.as_str())];
    let court = Some(tx.court);
    tell_sms_as(
        tx,
        attempt,
        &Sms {
            to: To::Mobile(&number),
            template: "service_by_sms",
            params: &params,
            court,
            until: None,
            listener: Some(settle::listener(held, attempt)),
        },
    )
}
