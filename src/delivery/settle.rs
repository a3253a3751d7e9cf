//! One recipient brought in line with what is known: what became of the service, and the next step taken or left to
//! whoever takes it. Owns what is derived on `service_recipients`, the attempts of the engine, and `service_tasks`.
//!
//! Whatever may change a recipient (a job, a receipt, a clerk's entry, a party's answer, a judge's decision) holds its
//! row, adds its fact, and settles. An attempt is written down before it leaves, so asking again never sends twice.
//! Must never take a printed bundle for a posted one, nor do anything for a service that is cancelled.

use serde_json::{Value, json};
use uuid::Uuid;

use super::effect::Outcome;
use super::facts::{self, Held};
use super::plan::{Next, Planned, Target};
use super::words::{Channel, Effect, PaperKind, Purpose, Strength, SystemEvent};
use super::{address, mistaken, served};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::hooks;
use crate::docket::people;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::person::messages::{Listener, Sms, To, tell_sms};

/// The most steps taken at once.
const MOST: usize = 20;

/// Brings a recipient in line.
///
/// # Errors
/// What the database says.
pub async fn settle(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<()> {
    for _ in 0..MOST {
        let mut held = facts::hold(app, tx, service, recipient).await?;
        if held.row.cancelled_at.is_some() {
            return Ok(());
        }
        let (outcome, planned) = held.judge(app, tx.now());
        match &planned.next {
            Next::Send { to, companions, .. } => send(app, tx, &mut held, to, companions).await?,
            Next::Remind { day, by } => remind(app, tx, &mut held, *day, by).await?,
            _ => return rest(tx, &mut held, &outcome, &planned).await,
        }
    }
    Err(Error::internal("a service that never comes to rest"))
}

/// Nothing more to send now: write down how it stands, and leave the next step to whoever takes it.
async fn rest(tx: &mut CourtTx, held: &mut Held, outcome: &Outcome, planned: &Planned) -> Result<()> {
    let moved = facts::effect(&held.row.effect) != outcome.effect || held.row.served_at != outcome.at;
    let row_code = outcome.row.map(|r| r.key());
    if moved || held.row.row_code.as_deref() != row_code {
        let rests: Vec<String> = outcome.rests_on.iter().map(Uuid::to_string).collect();
        let data = json!({ "effect": outcome.effect.key(), "row": row_code, "at": outcome.at.map(|t| t.to_rfc3339()), "article": outcome.article.map(|a| a.zh), "rests_on": rests });
        held.note(tx, "finding", data).await?;
    }
    let (state, task, at) = position(planned);
    close_tasks(tx, held, task.as_ref(), matches!(planned.next, Next::Done { .. })).await?;
    if let Some((kind, detail)) = &task
        && open_task(tx, held, kind, detail).await?
    {
        held.note(tx, "plan", json!({ "step": kind, "reason": planned.zh, "article": planned.article.zh })).await?;
    }
    write(tx, held, outcome, planned, state, at).await?;
    if let Some(at) = at {
        let look = json!({ "service": held.row.service_id, "recipient": held.row.recipient_id, "version": held.row.version + 1 });
        tx.tell_later("delivery.look", &look, at)?;
    }
    if moved {
        served::changed(tx, held, outcome).await?;
    }
    Ok(())
}

type Task = (&'static str, Value);

/// Where a plan leaves a recipient: its state, the task somebody has, and when to look again.
fn position(planned: &Planned) -> (&'static str, Option<Task>, Option<chrono::DateTime<chrono::Utc>>) {
    let clerk = |kind, detail| ("waiting_for_clerk", Some((kind, detail)), None);
    match &planned.next {
        Next::Wait { until }
            if planned.article == super::law::POST6 || planned.article == super::law::L88 || planned.article == super::law::L95 =>
        {
            ("paper", None, Some(*until))
        }
        Next::Wait { until } => ("electronic", None, Some(*until)),
        Next::Post { address } => clerk("post", json!({ "address": address })),
        Next::ByHand { ways } => clerk("by_hand", json!({ "ways": ways })),
        Next::PublicNotice { conditions } => clerk("public_notice", json!({ "conditions": conditions })),
        Next::ToOrdinary => ("waiting_for_judge", Some(("to_ordinary", json!({}))), None),
        Next::DecideRebuttal { attempt } => ("waiting_for_judge", Some(("decide_rebuttal", json!({ "attempt": attempt }))), None),
        Next::NoWayLeft => ("stuck", Some(("no_way_left", json!({}))), None),
        Next::Done { paper_copy_due: true, .. } => ("done", Some(("paper_copy", json!({}))), None),
        Next::Done { .. } => ("done", None, None),
        Next::Send { .. } | Next::Remind { .. } => ("electronic", None, None),
    }
}

async fn write(
    tx: &mut CourtTx,
    held: &Held,
    outcome: &Outcome,
    planned: &Planned,
    state: &str,
    at: Option<chrono::DateTime<chrono::Utc>>,
) -> Result<()> {
    let court = tx.court;
    sqlx::query(
        "update service_recipients set state = $4, next_step = $5, next_at = $6, effect = $7, row_code = $8, served_at = $9, served_day = $10, attempt_id = $11,
           contested = $12, article = $13, article_en = $14, version = version + 1 where court_id = $1 and service_id = $2 and recipient_id = $3",
    )
    .bind(court)
    .bind(held.row.service_id)
    .bind(held.row.recipient_id)
    .bind(state)
    .bind(serde_json::to_value(planned)?)
    .bind(at)
    .bind(outcome.effect.key())
    .bind(outcome.row.map(|r| r.key()))
    .bind(outcome.at)
    .bind(outcome.day)
    .bind(outcome.deciding)
    .bind(outcome.contested)
    .bind(outcome.article.map(|a| a.zh))
    .bind(outcome.article.map(|a| a.en))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// One open task a step; true when it is new.
///
/// # Errors
/// What the database says.
pub async fn open_task(tx: &mut CourtTx, held: &Held, kind: &str, detail: &Value) -> Result<bool> {
    let (court, id, now) = (tx.court, tx.id(), tx.now());
    let made = sqlx::query(
        "insert into service_tasks (court_id, task_id, service_id, recipient_id, case_id, kind, detail, since) values ($1,$2,$3,$4,$5,$6,$7,$8) on conflict do nothing",
    )
    .bind(court)
    .bind(id)
    .bind(held.row.service_id)
    .bind(held.row.recipient_id)
    .bind(held.row.case_id)
    .bind(kind)
    .bind(detail)
    .bind(now)
    .execute(tx.conn())
    .await?;
    let fresh = made.rows_affected() == 1;
    if let (true, "post", Some(address)) = (fresh, kind, detail["address"].as_str().and_then(|a| a.parse().ok())) {
        let cover = super::bundle::cover(tx, held, address).await?;
        sqlx::query("update service_tasks set bundle = $3 where court_id = $1 and task_id = $2")
            .bind(court)
            .bind(id)
            .bind(cover)
            .execute(tx.conn())
            .await?;
    }
    Ok(fresh)
}

/// Tasks the plan has gone past; a call stays until it is made or the service is done, a copy until it is given.
async fn close_tasks(tx: &mut CourtTx, held: &Held, stays: Option<&Task>, done: bool) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    let (kind, detail) = stays.map(|(kind, detail)| (*kind, detail.clone())).unzip();
    sqlx::query(
        "update service_tasks set done_at = $4, outcome = 'overtaken' where court_id = $1 and service_id = $2 and recipient_id = $3 and done_at is null
           and kind not in ('paper_copy', 'check_number') and ($5::text is null or kind <> $5 or detail <> $6) and (kind <> 'call' or $7)",
    )
    .bind(court)
    .bind(held.row.service_id)
    .bind(held.row.recipient_id)
    .bind(now)
    .bind(kind)
    .bind(detail)
    .bind(done)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// An attempt to be written down.
pub struct NewAttempt {
    /// The way.
    pub channel: Channel,
    /// What it is meant to be.
    pub purpose: Purpose,
    /// Address.
    pub address: Option<Uuid>,
    /// Of a reminder: its day.
    pub reminder_day: Option<u32>,
    /// Who does it; the engine when none.
    pub by: Option<Uuid>,
    /// The name of whoever does it.
    pub operator: String,
    /// 邮件号.
    pub tracking: Option<String>,
    /// 公告媒体.
    pub medium: Option<String>,
}

impl NewAttempt {
    fn by_engine(held: &Held, channel: Channel, purpose: Purpose, address: Option<Uuid>) -> Self {
        let operator = held.row.ordered_name.clone();
        Self { channel, purpose, address, reminder_day: None, by: None, operator, tracking: None, medium: None }
    }
}

/// Writes an attempt down, with consent and address as they stand now; none when the same letter or reminder is there already.
///
/// # Errors
/// What the database says.
pub async fn attempt(tx: &mut CourtTx, held: &mut Held, new: &NewAttempt) -> Result<Option<Uuid>> {
    let (court, id, now) = (tx.court, tx.id(), tx.now());
    let kept = new.address.and_then(|a| held.address(a)).cloned();
    let force = kept.as_ref().map(|k| held.consent(k, now));
    let standing = kept.as_ref().map_or(super::words::Standing::Unknown, |k| held.standing(k, now));
    let made = sqlx::query(
        "insert into service_attempts (court_id, service_id, recipient_id, attempt_id, channel, purpose, case_id, address_id, masked, standing, consent, consent_id, consent_kind,
           refused, reminder_day, started_at, started_by, operator, tracking, notice_medium)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20) on conflict do nothing",
    )
    .bind(court)
    .bind(held.row.service_id)
    .bind(held.row.recipient_id)
    .bind(id)
    .bind(new.channel.key())
    .bind(new.purpose.key())
    .bind(held.row.case_id)
    .bind(new.address)
    .bind(kept.as_ref().map(|k| &k.masked))
    .bind(standing.key())
    .bind(force.as_ref().map_or(Strength::None, |f| f.strength).key())
    .bind(force.as_ref().and_then(|f| f.entry))
    .bind(force.as_ref().and_then(|f| f.kind).map(|k| k.key()))
    .bind(force.as_ref().is_some_and(|f| f.refused))
    .bind(new.reminder_day.and_then(|d| i32::try_from(d).ok()))
    .bind(now)
    .bind(new.by)
    .bind(&new.operator)
    .bind(&new.tracking)
    .bind(&new.medium)
    .execute(tx.conn())
    .await?;
    if made.rows_affected() == 0 {
        return Ok(None);
    }
    let address = if new.channel == Channel::Post { None } else { kept.as_ref().map(|k| k.masked.clone()) };
    let data = json!({ "attempt": id, "channel": new.channel.key(), "purpose": new.purpose.key(), "address": address, "standing": standing.key() });
    held.note(tx, "attempt", data).await?;
    Ok(Some(id))
}

/// Sends to each target, and tells beside it.
async fn send(app: &App, tx: &mut CourtTx, held: &mut Held, to: &[Target], companions: &[Channel]) -> Result<()> {
    let purpose = Purpose::parse(&held.row.purpose).unwrap_or(Purpose::Service);
    for target in to {
        let new = NewAttempt::by_engine(held, target.channel, purpose, Some(target.address));
        if let Some(id) = attempt(tx, held, &new).await? {
            let payload = json!({ "service": held.row.service_id, "recipient": held.row.recipient_id, "attempt": id });
            tx.tell("delivery.send", &payload)?;
        }
    }
    for channel in companions.iter().filter(|c| **c == Channel::Sms) {
        let new = NewAttempt::by_engine(held, *channel, Purpose::Companion, None);
        if let Some(id) = attempt(tx, held, &new).await? {
            tell(app, tx, held, id, "service_companion").await?;
        }
    }
    Ok(())
}

/// A message on its day, and a call on the list.
async fn remind(app: &App, tx: &mut CourtTx, held: &mut Held, day: u32, by: &[Channel]) -> Result<()> {
    let mut written = false;
    for channel in by.iter().filter(|c| **c == Channel::Sms) {
        let new = NewAttempt { reminder_day: Some(day), ..NewAttempt::by_engine(held, *channel, Purpose::Companion, None) };
        if let Some(id) = attempt(tx, held, &new).await? {
            written = true;
            tell(app, tx, held, id, "service_reminder").await?;
        }
    }
    if !written {
        // a court that sends no messages still calls, and the day is remembered
        let new = NewAttempt { reminder_day: Some(day), ..NewAttempt::by_engine(held, Channel::Inbox, Purpose::Companion, None) };
        attempt(tx, held, &new).await?;
    }
    open_task(tx, held, "call", &json!({ "day": day })).await?;
    let text = said(
        format!("提醒{}查收文书（第 {day} 日），提醒不是送达", held.row.name),
        format!("{} was reminded (day {day}); a reminder is no service", held.row.name),
    );
    timeline::write(tx, held.row.case_id, Note::new("service_reminded", text).by(super::law::OL32.zh).for_staff()).await
}

/// The message to the recipient's people: to each account, else to the number of the confirmed address.
async fn tell(app: &App, tx: &mut CourtTx, held: &Held, attempt: Uuid, template: &'static str) -> Result<()> {
    let court = Some(tx.court);
    let people: Vec<Uuid> = held.addresses.iter().filter(|a| !a.struck).filter_map(|a| a.person).collect();
    for person in &people {
        let link = mistaken::link(app, tx, held, attempt, *person, None).await?;
        let params = [("case_number", held.row.number.as_str()), ("link", link.as_str())];
        tell_sms(
            tx,
            &Sms { to: To::Person(*person), template, params: &params, court, until: None, listener: Some(listener(held, attempt)) },
        )?;
    }
    let phone = held.addresses.iter().find(|a| a.channel == Channel::Sms && !a.struck && !a.is_doubtful());
    if let (true, Some(phone)) = (people.is_empty(), phone) {
        let number = address::value(tx, held.row.case_id, phone.id).await?;
        let link = mistaken::link(app, tx, held, attempt, phone.id, Some(phone.id)).await?;
        let params = [("case_number", held.row.number.as_str()), ("link", link.as_str())];
        tell_sms(
            tx,
            &Sms { to: To::Mobile(&number), template, params: &params, court, until: None, listener: Some(listener(held, attempt)) },
        )?;
    }
    Ok(())
}

/// Who hears of a message's report.
pub fn listener(held: &Held, attempt: Uuid) -> Listener {
    let payload = json!({ "service": held.row.service_id, "recipient": held.row.recipient_id, "attempt": attempt });
    Listener { topic: "delivery.receipt".into(), payload }
}

/// A report to be written down.
pub struct NewEvent<'a> {
    /// Of which attempt.
    pub attempt: Uuid,
    /// What.
    pub what: SystemEvent,
    /// When it happened.
    pub at: chrono::DateTime<chrono::Utc>,
    /// inbox, gateway, mail, clerk, recipient …
    pub source: &'static str,
    /// What the source calls it; ours when none.
    pub key: Option<&'a str>,
    /// Who signed or refused.
    pub by: Option<super::words::Signer>,
    /// Why it came back.
    pub reason: Option<&'a str>,
    /// Witnesses or pictures are in the file.
    pub witnessed: bool,
    /// Whose account, whose hand.
    pub person: Option<Uuid>,
    /// The proof in the file.
    pub leaf: Option<Uuid>,
}

impl<'a> NewEvent<'a> {
    /// An event with no more to say.
    pub fn new(attempt: Uuid, what: SystemEvent, at: chrono::DateTime<chrono::Utc>, source: &'static str) -> Self {
        Self { attempt, what, at, source, key: None, by: None, reason: None, witnessed: false, person: None, leaf: None }
    }
}

/// Writes a report down; the same report twice is one. True when it is new.
///
/// # Errors
/// What the database says.
pub async fn event(tx: &mut CourtTx, held: &mut Held, new: &NewEvent<'_>) -> Result<bool> {
    let (court, id, now) = (tx.court, tx.id(), tx.now());
    let key = new.key.map_or_else(|| id.to_string(), str::to_owned);
    let made = sqlx::query(
        "insert into service_events (court_id, service_id, recipient_id, event_id, attempt_id, what, at, received_at, source, source_key, by_signer, reason, witnessed, person_id, evidence_leaf, case_id)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16) on conflict (court_id, attempt_id, source, source_key) do nothing",
    )
    .bind(court)
    .bind(held.row.service_id)
    .bind(held.row.recipient_id)
    .bind(id)
    .bind(new.attempt)
    .bind(new.what.key())
    .bind(new.at)
    .bind(now)
    .bind(new.source)
    .bind(key)
    .bind(new.by.map(|b| b.key()))
    .bind(new.reason)
    .bind(new.witnessed)
    .bind(new.person)
    .bind(new.leaf)
    .bind(held.row.case_id)
    .execute(tx.conn())
    .await?;
    if made.rows_affected() == 0 {
        return Ok(false);
    }
    let data = json!({ "attempt": new.attempt, "event": id, "what": new.what.key(), "at": new.at.to_rfc3339(), "source": new.source, "reason": new.reason });
    held.note(tx, "event", data).await?;
    Ok(true)
}

/// From here on the recipient's side sees it.
///
/// # Errors
/// What the database says.
pub async fn announce(tx: &mut CourtTx, held: &Held) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    let first = sqlx::query(
        "update service_recipients set announced_at = $4 where court_id = $1 and service_id = $2 and recipient_id = $3 and announced_at is null",
    )
    .bind(court)
    .bind(held.row.service_id)
    .bind(held.row.recipient_id)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if first.rows_affected() == 0 {
        return Ok(());
    }
    let data = json!({ "service_id": held.row.service_id, "recipient_id": held.row.recipient_id, "announced_at": now });
    hooks::tell_party(tx, "service.announced", held.row.case_id, held.row.party_id, &data)
}

/// Settles every open service of a party in a case: an address, a consent, a seat has changed.
///
/// # Errors
/// What the database says.
pub async fn settle_party(app: &App, tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<()> {
    let court = tx.court;
    let open: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "select service_id, recipient_id from service_recipients where court_id = $1 and case_id = $2 and party_id = $3 and state not in ('done', 'cancelled') order by service_id",
    )
    .bind(court)
    .bind(case)
    .bind(party)
    .fetch_all(tx.conn())
    .await?;
    for (service, recipient) in open {
        settle(app, tx, service, recipient).await?;
    }
    Ok(())
}

/// Does this paper wait for an answer of its recipient? For pages that offer the receipt button.
pub fn wants_receipt(lead: PaperKind, effect: Effect) -> bool {
    lead.calls_to_hearing() || !effect.holds()
}

/// Refuses whoever is not of the recipient's own side, or may not act for it.
///
/// # Errors
/// 404 for strangers, word for word that of what does not exist.
pub async fn refuse_others(tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<()> {
    let person = tx.person()?;
    let mine = people::parties_of(tx, case, person).await?;
    if mine.iter().any(|(capacity, p)| *p == Some(party) && capacity != "colleague") {
        return Ok(());
    }
    Err(Error::not_found())
}
