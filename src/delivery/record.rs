//! What people of the court write down of a service: posted, signed, returned, left, published; tasks done; a rebuttal
//! decided. Owns writing `service_tasks` done and the decision on `service_rebuttals`.
//!
//! A clerk's word is a fact like a machine's: it is added, and the rules find what it means. Must never let a clerk say
//! what only a system or the recipient can know.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::facts::{self, Held};
use super::mistaken;
use super::settle::{self, NewAttempt, NewEvent};
use super::words::{Channel, PaperKind, Purpose, ReturnReason, Signer, SystemEvent};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;

/// What a clerk may report.
const BY_CLERK: [SystemEvent; 11] = [
    SystemEvent::Posted,
    SystemEvent::CourierTried,
    SystemEvent::Signed,
    SystemEvent::Returned,
    SystemEvent::Left,
    SystemEvent::Published,
    SystemEvent::Refused,
    SystemEvent::ReceiptProved,
    SystemEvent::ArrivalProved,
    SystemEvent::NoFaultProved,
    SystemEvent::AnsweredReceived,
];

/// A way the clerk sets out on.
pub struct SetOut<'a> {
    /// The way.
    pub channel: Channel,
    /// Postal address.
    pub address: Option<Uuid>,
    /// 邮件号.
    pub tracking: Option<&'a str>,
    /// 公告媒体.
    pub medium: Option<&'a str>,
}

fn bad_channel() -> Error {
    Error::invalid(
        "service.channel",
        said("电子方式由系统发出，这里只登记纸质方式。", "What goes electronically the system sends; only ways on paper are entered here."),
        said("请选择邮寄、直接送达、留置或者公告等方式。", "Choose post, by hand, leave-service or public notice."),
    )
    .at("/channel")
}

/// Writes down that a sending on paper is under way.
///
/// # Errors
/// 422 for an electronic way; 409 for the same letter twice.
pub async fn set_out(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid, out: &SetOut<'_>) -> Result<Uuid> {
    if out.channel.is_electronic() {
        return Err(bad_channel());
    }
    let mut held = open(app, tx, service, recipient).await?;
    let address = match (out.channel, out.address) {
        (Channel::Post, Some(id)) => Some(of_party(&held, id)?),
        (Channel::Post, None) => Some(held.postal.first().copied().ok_or_else(no_address)?),
        _ => None,
    };
    let new = NewAttempt {
        channel: out.channel,
        purpose: Purpose::Service,
        address,
        reminder_day: None,
        by: tx.person().ok(),
        operator: tx.who.to_string(),
        tracking: out.tracking.map(str::to_owned),
        medium: out.medium.map(str::to_owned),
    };
    let Some(id) = settle::attempt(tx, &mut held, &new).await? else {
        return Err(Error::conflict(
            "service.posted",
            said("已经向这个地址邮寄过。", "It was posted to this address already."),
            said("请在原来的邮件上登记结果。", "Enter the result on that letter."),
        ));
    };
    if out.channel == Channel::Post {
        let event = NewEvent { person: tx.person().ok(), ..NewEvent::new(id, SystemEvent::Posted, tx.now(), "clerk") };
        settle::event(tx, &mut held, &event).await?;
    }
    settle::settle(app, tx, service, recipient).await?;
    Ok(id)
}

fn of_party(held: &Held, id: Uuid) -> Result<Uuid> {
    held.address(id).filter(|a| a.channel == Channel::Post).map(|a| a.id).ok_or_else(no_address)
}

fn no_address() -> Error {
    Error::invalid(
        "service.no_address",
        said("没有这个邮寄地址。", "There is no such postal address."),
        said("请先补充受送达人的邮寄地址。", "Add a postal address of the recipient first."),
    )
    .at("/address_id")
}

/// What a clerk reports.
pub struct Report<'a> {
    /// Of which attempt.
    pub attempt: Uuid,
    /// What.
    pub what: SystemEvent,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Who signed.
    pub by: Option<Signer>,
    /// Why it came back.
    pub reason: Option<ReturnReason>,
    /// Witnesses or pictures.
    pub witnessed: bool,
    /// The proof in the file.
    pub leaf: Option<Uuid>,
    /// What the report is called by whoever made it.
    pub key: &'a str,
}

/// Writes a report down.
///
/// # Errors
/// 422 for what a clerk cannot know, or a time that has not come; 404 for an attempt of another recipient.
pub async fn report(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid, report: &Report<'_>) -> Result<()> {
    if !BY_CLERK.contains(&report.what) {
        return Err(Error::invalid(
            "service.event",
            said("这一事项由系统或者受送达人产生，不能登记。", "Systems or the recipient say this; it cannot be entered."),
            said("请选择邮寄、签收、退回、留置、公告等结果。", "Choose a result of post, hand, leave-service or notice."),
        )
        .at("/what"));
    }
    let mut held = open(app, tx, service, recipient).await?;
    let row = held.rows.iter().find(|r| r.attempt_id == report.attempt).ok_or_else(Error::not_found)?;
    if report.at > tx.now() || report.at < row.started_at - chrono::TimeDelta::days(30) {
        return Err(Error::invalid(
            "service.event_time",
            said("时间应在发出之后、现在之前。", "The time lies after the sending and not in the future."),
            said("请按回执、邮件记录填写。", "Take it from the receipt or the post's record."),
        )
        .at("/at"));
    }
    let event = NewEvent {
        key: Some(report.key),
        by: report.by,
        reason: report.reason.map(|r| r.key()),
        witnessed: report.witnessed,
        person: tx.person().ok(),
        leaf: report.leaf,
        ..NewEvent::new(report.attempt, report.what, report.at, "clerk")
    };
    settle::event(tx, &mut held, &event).await?;
    settle::settle(app, tx, service, recipient).await
}

/// Holds a recipient to the version it was seen at, where one is named.
///
/// # Errors
/// 404; 412 when it has moved on since.
pub async fn as_seen(tx: &mut CourtTx, service: Uuid, recipient: Uuid, if_match: Option<&str>) -> Result<()> {
    let Some(seen) = if_match.map(|m| m.trim().trim_start_matches("W/").trim_matches('"')) else { return Ok(()) };
    let court = tx.court;
    let version: Option<i32> = sqlx::query_scalar(
        "select version from service_recipients where court_id = $1 and service_id = $2 and recipient_id = $3 for update",
    )
    .bind(court)
    .bind(service)
    .bind(recipient)
    .fetch_optional(tx.conn())
    .await?;
    if version.ok_or_else(Error::not_found)?.to_string() == seen { Ok(()) } else { Err(Error::stale()) }
}

async fn open(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<Held> {
    let held = facts::hold(app, tx, service, recipient).await?;
    if held.row.cancelled_at.is_some() {
        return Err(Error::conflict(
            "service.cancelled",
            said("这次送达已经撤销。", "This service was cancelled."),
            said("请刷新页面。", "Reload the page."),
        ));
    }
    Ok(held)
}

/// A task is done by hand: a call was made, a copy was given, somebody looked.
///
/// # Errors
/// 404.
pub async fn done(app: &App, tx: &mut CourtTx, task: Uuid, outcome: &str, note: &str) -> Result<Uuid> {
    let (court, now, person) = (tx.court, tx.now(), tx.person()?);
    let (service, recipient, kind, detail): (Uuid, Uuid, String, Value) = sqlx::query_as(
        "select service_id, recipient_id, kind, detail from service_tasks where court_id = $1 and task_id = $2 and done_at is null for update",
    )
    .bind(court)
    .bind(task)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)?;
    if !matches!(kind.as_str(), "call" | "paper_copy" | "check_number") {
        return Err(Error::conflict(
            "service.task",
            said("这项任务随送达结果自动完结。", "This task ends by itself with the result of the service."),
            said("请登记邮寄、直接送达等结果。", "Enter the posting or its result."),
        ));
    }
    let sealed = tx.seal().seal(tx.owner(), Place("service_tasks", "note", &task), note.as_bytes())?;
    sqlx::query("update service_tasks set done_at = $3, done_by = $4, outcome = $5, note = $6 where court_id = $1 and task_id = $2")
        .bind(court)
        .bind(task)
        .bind(now)
        .bind(person)
        .bind(outcome)
        .bind(sealed)
        .execute(tx.conn())
        .await?;
    let mut held = facts::hold(app, tx, service, recipient).await?;
    held.note(tx, "task", json!({ "task": task, "kind": kind, "outcome": outcome })).await?;
    if kind == "check_number" {
        mistaken::looked(app, tx, &mut held, &detail, outcome).await?;
    }
    if kind == "paper_copy" {
        sqlx::query("update service_recipients set paper_given_at = $4 where court_id = $1 and service_id = $2 and recipient_id = $3")
            .bind(court)
            .bind(service)
            .bind(recipient)
            .bind(now)
            .execute(tx.conn())
            .await?;
    }
    Ok(service)
}

/// A judge decides on a rebuttal: the presumption falls or stands, and everything that hangs on it follows.
///
/// # Errors
/// 404; 409 when it is decided.
pub async fn decide(
    app: &App,
    tx: &mut CourtTx,
    service: Uuid,
    recipient: Uuid,
    rebuttal: Uuid,
    upheld: bool,
    reasons: &str,
) -> Result<()> {
    let (court, now, person) = (tx.court, tx.now(), tx.person()?);
    let mut held = open(app, tx, service, recipient).await?;
    let state = if upheld { "upheld" } else { "rejected" };
    let decided = sqlx::query(
        "update service_rebuttals set state = $5, decided_by = $6, decided_at = $7, reasons = $8
         where court_id = $1 and service_id = $2 and recipient_id = $3 and rebuttal_id = $4 and state = 'open'",
    )
    .bind(court)
    .bind(service)
    .bind(recipient)
    .bind(rebuttal)
    .bind(state)
    .bind(person)
    .bind(now)
    .bind(reasons)
    .execute(tx.conn())
    .await?;
    if decided.rows_affected() == 0 {
        let there: bool = sqlx::query_scalar(
            "select exists (select 1 from service_rebuttals where court_id = $1 and service_id = $2 and recipient_id = $3 and rebuttal_id = $4)",
        )
        .bind(court)
        .bind(service)
        .bind(recipient)
        .bind(rebuttal)
        .fetch_one(tx.conn())
        .await?;
        return Err(if there { decided_already() } else { Error::not_found() });
    }
    held.note(tx, "decision", json!({ "rebuttal": rebuttal, "state": state })).await?;
    let text = if upheld {
        said(format!("对推定送达的异议成立（{}）：{reasons}", held.row.name), format!("Rebuttal upheld ({}): {reasons}", held.row.name))
    } else {
        said(format!("对推定送达的异议不成立（{}）：{reasons}", held.row.name), format!("Rebuttal rejected ({}): {reasons}", held.row.name))
    };
    timeline::write(tx, held.row.case_id, Note::new("rebuttal_decided", text).by(super::law::OL31_2_2.zh)).await?;
    settle::settle(app, tx, service, recipient).await
}

fn decided_already() -> Error {
    Error::conflict(
        "service.rebuttal_decided",
        said("这件异议已经作出决定。", "This rebuttal has been decided."),
        said("请刷新页面查看结果。", "Reload the page to see the result."),
    )
}

/// 下落不明, found and in the file: post and hand are passed over.
///
/// # Errors
/// 404.
pub async fn unknown_whereabouts(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid, basis: &str) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    let mut held = open(app, tx, service, recipient).await?;
    sqlx::query("update service_recipients set unknown_since = coalesce(unknown_since, $4), unknown_basis = $5 where court_id = $1 and service_id = $2 and recipient_id = $3")
        .bind(court)
        .bind(service)
        .bind(recipient)
        .bind(now)
        .bind(basis)
        .execute(tx.conn())
        .await?;
    held.note(tx, "decision", json!({ "whereabouts": "unknown" })).await?;
    settle::settle(app, tx, service, recipient).await
}

/// The class a clerk may give a leaf: what the parties handed in, and what the judges wrote elsewhere and signed.
pub fn class_of_leaf(word: &str) -> Option<PaperKind> {
    let may = |k: &PaperKind| {
        k.is_judgment_like() || matches!(k, PaperKind::Decision | PaperKind::Evidence | PaperKind::PleadingCopy | PaperKind::ComplaintCopy)
    };
    PaperKind::parse(word).filter(may)
}
