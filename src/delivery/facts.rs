//! From rows to the rules: all that is known of one recipient of one service, held under the lock of its row.
//!
//! Owns reading `services`, `service_recipients`, `service_attempts`, `service_events`, `service_rebuttals`, and writing
//! the trail. Must never decide; what it gathers goes to `effect` and `plan`.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::address::{self, EntryRow, Kept};
use super::allowed::Decision;
use super::consent_rules::{self, Asked, Entry, InForce};
use super::effect::{Attempt, Counting, Event, Matter, Outcome, Rebuttal};
use super::plan::{self, Planned, Reach, ServiceRules, Situation};
use super::trail::{self, Head};
use super::words::{
    CaseKind, Channel, Effect, Ground, PaperKind, Procedure, Purpose, RebuttalState, ReturnReason, Signer, Stage, Standing, Strength,
    SystemEvent,
};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::periods::CountingModes;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};

/// A recipient's row with its service and its case.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns, documented in the migration")]
pub struct Row {
    pub service_id: Uuid,
    pub recipient_id: Uuid,
    pub case_id: Uuid,
    pub party_id: Uuid,
    pub name: String,
    pub role: String,
    pub id_masked: Option<String>,
    pub agent: Option<String>,
    pub abroad: bool,
    pub answering: bool,
    pub unknown_since: Option<DateTime<Utc>>,
    pub paper_wanted_at: Option<DateTime<Utc>>,
    pub paper_given_at: Option<DateTime<Utc>>,
    pub announced_at: Option<DateTime<Utc>>,
    pub state: String,
    pub next_at: Option<DateTime<Utc>>,
    pub effect: String,
    pub row_code: Option<String>,
    pub served_at: Option<DateTime<Utc>>,
    pub served_day: Option<NaiveDate>,
    pub trail_n: i32,
    pub trail_hash: String,
    pub version: i32,
    pub lead: String,
    pub case_kind: String,
    pub stage: String,
    pub purpose: String,
    pub decision: Json<Decision>,
    pub rules: Json<ServiceRules>,
    pub ordered_name: String,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub procedure: String,
    pub number: String,
    pub cause_name: String,
}

const ROW: &str = "select r.service_id, r.recipient_id, r.case_id, r.party_id, r.name, r.role, r.id_masked, r.agent, r.abroad, r.answering, r.unknown_since,
  r.paper_wanted_at, r.paper_given_at, r.announced_at, r.state, r.next_at, r.effect, r.row_code, r.served_at, r.served_day, r.trail_n, r.trail_hash, r.version,
  s.lead, s.case_kind, s.stage, s.purpose, s.decision, s.rules, s.ordered_name, s.cancelled_at, c.procedure, c.number, c.cause_name
  from service_recipients r join services s on s.court_id = r.court_id and s.service_id = r.service_id join cases c on c.court_id = r.court_id and c.case_id = r.case_id
  where r.court_id = $1 and r.service_id = $2 and r.recipient_id = $3";

/// An attempt's row.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns, documented in the migration")]
pub struct AttemptRow {
    pub attempt_id: Uuid,
    pub channel: String,
    pub purpose: String,
    pub address_id: Option<Uuid>,
    pub masked: Option<String>,
    pub standing: String,
    pub consent: String,
    pub consent_id: Option<Uuid>,
    pub consent_kind: Option<String>,
    pub refused: bool,
    pub reminder_day: Option<i32>,
    pub started_at: DateTime<Utc>,
    pub operator: String,
    pub tracking: Option<String>,
}

#[derive(FromRow)]
struct EventRow {
    event_id: Uuid,
    attempt_id: Uuid,
    what: String,
    at: DateTime<Utc>,
    by_signer: Option<String>,
    reason: Option<String>,
    witnessed: bool,
}

#[derive(FromRow)]
struct RebuttalRow {
    attempt_id: Uuid,
    ground: String,
    state: String,
    filed_at: DateTime<Utc>,
    decided_at: Option<DateTime<Utc>>,
}

/// All that is known of a recipient, and the row it is kept in.
pub struct Held {
    /// The row.
    pub row: Row,
    /// Class whose rules hold.
    pub lead: PaperKind,
    /// Stage.
    pub stage: Stage,
    /// Procedure, as it is now.
    pub procedure: Procedure,
    /// Kind of case.
    pub case_kind: CaseKind,
    /// Addresses of the party.
    pub addresses: Vec<Kept>,
    /// The ledger, with what the rules do not read.
    pub entries: Vec<EntryRow>,
    /// The ledger as the rules read it.
    pub ledger: Vec<Entry>,
    /// Electronic addresses that can be used here.
    pub reaches: Vec<Reach>,
    /// Postal addresses, the best first.
    pub postal: Vec<Uuid>,
    /// What was tried, with its rows.
    pub rows: Vec<AttemptRow>,
    /// What was tried.
    pub attempts: Vec<Attempt>,
    /// Rebuttals.
    pub rebuttals: Vec<Rebuttal>,
    /// End of the trail.
    pub head: Head,
    /// When its last line was written.
    last_at: Option<DateTime<Utc>>,
    /// Somebody sits in the case for the party, with an account.
    pub is_seated: bool,
    modes: CountingModes,
    makeup: bool,
}

impl Held {
    /// What became of it, and what comes next.
    pub fn judge(&self, app: &App, now: DateTime<Utc>) -> (Outcome, Planned) {
        let now = self.at_least(now);
        let matter = Matter { paper: self.lead, procedure: self.procedure, abroad: self.row.abroad, allowed: &self.row.decision };
        let calendar = app.door.registry.calendar(self.makeup);
        let counting = Counting { calendar: &calendar, modes: &self.modes };
        let outcome = super::effect::of_service(matter, counting, &self.attempts, &self.rebuttals, now);
        let situation = Situation {
            matter,
            counting,
            rules: &self.row.rules,
            reaches: &self.reaches,
            postal: &self.postal,
            attempts: &self.attempts,
            rebuttals: &self.rebuttals,
            whereabouts_unknown: self.row.unknown_since.is_some(),
            paper_wanted: self.row.paper_wanted_at.is_some() && self.row.paper_given_at.is_none(),
        };
        (outcome, plan::next(&situation, now))
    }

    /// The consent in force for an address, now.
    pub fn consent(&self, address: &Kept, now: DateTime<Utc>) -> InForce {
        let asked = Asked {
            party: self.row.party_id,
            stage: self.stage,
            address: &address.index,
            paper: self.lead,
            service: Some(self.row.service_id),
            at: now,
        };
        consent_rules::in_force(&self.ledger, asked)
    }

    /// How an address stands, now.
    pub fn standing(&self, address: &Kept, now: DateTime<Utc>) -> Standing {
        let identified = address.identified && !address.struck;
        consent_rules::standing(&self.ledger, self.row.party_id, self.stage, &address.index, now, identified)
    }

    /// An address of the party.
    pub fn address(&self, id: Uuid) -> Option<&Kept> {
        self.addresses.iter().find(|a| a.id == id)
    }

    /// The chain a recipient's trail belongs to.
    pub fn chain(&self) -> String {
        chain(self.row.service_id, self.row.recipient_id)
    }

    /// Whoever waited for this recipient began before whoever went first: neither the trail nor what is found goes back
    /// in time, or a service just found would fall again.
    fn at_least(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.last_at.map_or(now, |last| last.max(now))
    }

    /// Writes a line of the trail.
    ///
    /// # Errors
    /// What the database says.
    pub async fn note(&mut self, tx: &mut CourtTx, what: &str, data: Value) -> Result<()> {
        let at = self.at_least(tx.now());
        let text = self.head.push(at, what, &data).map_err(Error::internal)?;
        self.last_at = Some(at);
        let (court, n) = (tx.court, i32::try_from(self.head.lines).unwrap_or(i32::MAX));
        sqlx::query("insert into service_trail (court_id, service_id, recipient_id, n, line, hash) values ($1,$2,$3,$4,$5,$6)")
            .bind(court)
            .bind(self.row.service_id)
            .bind(self.row.recipient_id)
            .bind(n)
            .bind(text)
            .bind(&self.head.hash)
            .execute(tx.conn())
            .await?;
        sqlx::query(
            "update service_recipients set trail_n = $4, trail_hash = $5 where court_id = $1 and service_id = $2 and recipient_id = $3",
        )
        .bind(court)
        .bind(self.row.service_id)
        .bind(self.row.recipient_id)
        .bind(n)
        .bind(&self.head.hash)
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}

async fn last_line(tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<Option<DateTime<Utc>>> {
    let sql = "select line from service_trail where court_id = $1 and service_id = $2 and recipient_id = $3 order by n desc limit 1";
    let line: Option<String> = sqlx::query_scalar(sql).bind(tx.court).bind(service).bind(recipient).fetch_optional(tx.conn()).await?;
    Ok(line.as_deref().and_then(trail::written))
}

/// The name of a recipient's chain.
pub fn chain(service: Uuid, recipient: Uuid) -> String {
    format!("{service}/{recipient}")
}

/// The channels that lead somewhere on this deployment.
pub fn wired(app: &App, channel: Channel) -> bool {
    match channel {
        Channel::Inbox => true,
        Channel::Sms => app.sms.is_some(),
        Channel::Email => app.mail.is_some(),
        Channel::NationalPlatform => app.platform.is_some(),
        Channel::Chat => app.chat.is_some(),
        _ => false,
    }
}

/// Holds a recipient until the transaction ends, and gathers everything.
///
/// # Errors
/// 404; what the database says.
pub async fn hold(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<Held> {
    let sql = format!("{ROW} for update of r");
    let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(tx.court)
        .bind(service)
        .bind(recipient)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)?;
    gather(app, tx, row).await
}

/// The same, only to look.
///
/// # Errors
/// 404; what the database says.
pub async fn look(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<Held> {
    let row: Row =
        sqlx::query_as(ROW).bind(tx.court).bind(service).bind(recipient).fetch_optional(tx.conn()).await?.ok_or_else(Error::not_found)?;
    gather(app, tx, row).await
}

async fn gather(app: &App, tx: &mut CourtTx, row: Row) -> Result<Held> {
    let now = tx.now();
    let addresses = address::of_party(tx, row.case_id, row.party_id).await?;
    let entries = address::ledger(tx, row.case_id, row.party_id).await?;
    let ledger: Vec<Entry> = entries.iter().filter_map(|e| e.entry(row.party_id, &addresses)).collect();
    let seated = seated(tx, row.case_id, row.party_id).await?;
    let (rows, mut attempts) = attempts(tx, row.service_id, row.recipient_id).await?;
    for attempt in &mut attempts {
        without_doubt(attempt, &addresses);
    }
    let rebuttals = rebuttals(tx, row.service_id, row.recipient_id).await?;
    let rules = CourtRules::on(&app.door.registry, tx.court, beijing_date(now));
    let head = Head { lines: u64::try_from(row.trail_n).unwrap_or_default(), hash: row.trail_hash.clone() };
    let mut held = Held {
        lead: PaperKind::parse(&row.lead).ok_or_else(|| Error::internal("a class nobody knows"))?,
        stage: Stage::parse(&row.stage).unwrap_or(Stage::FirstInstance),
        procedure: Procedure::parse(&row.procedure).unwrap_or(Procedure::Ordinary),
        case_kind: CaseKind::parse(&row.case_kind).unwrap_or(CaseKind::Civil),
        addresses,
        entries,
        ledger,
        reaches: Vec::new(),
        postal: Vec::new(),
        rows,
        attempts,
        rebuttals,
        head,
        last_at: last_line(tx, row.service_id, row.recipient_id).await?,
        is_seated: !seated.is_empty(),
        modes: rules.counting_modes(),
        makeup: rules.makeup_day_is_working(),
        row,
    };
    let usable = |a: &&Kept| {
        a.channel.is_electronic()
            && !a.struck
            && !a.is_doubtful()
            && wired(app, a.channel)
            && (a.channel != Channel::Inbox || a.person.is_some_and(|p| seated.contains(&p)))
    };
    let reach =
        |a: &Kept| Reach { address: a.id, channel: a.channel, standing: held.standing(a, now), consent: held.consent(a, now).strength };
    let reaches: Vec<Reach> = held.addresses.iter().filter(usable).map(reach).collect();
    held.postal = postal(&held, now);
    held.reaches = reaches;
    Ok(held)
}

/// What a system reports of a number in doubt proves nothing from then on; what the recipient says or does still counts.
fn without_doubt(attempt: &mut Attempt, addresses: &[Kept]) {
    let Some(at) = attempt.address.and_then(|id| addresses.iter().find(|a| a.id == id)) else { return };
    let of_system = |what| matches!(what, SystemEvent::SentOk | SystemEvent::Arrived | SystemEvent::Read);
    attempt.events.retain(|e| !of_system(e.what) || !at.was_doubtful(e.at));
}

/// Postal addresses: of the confirmation in force first, then the others as they came.
fn postal(held: &Held, now: DateTime<Utc>) -> Vec<Uuid> {
    let confirmed =
        consent_rules::confirmed_addresses(&held.ledger, held.row.party_id, held.stage, now).map(|(_, all)| all).unwrap_or_default();
    let mut post: Vec<&Kept> = held.addresses.iter().filter(|a| a.channel == Channel::Post && !a.struck).collect();
    post.sort_by_key(|a| (!confirmed.contains(&a.index), a.id));
    post.iter().map(|a| a.id).collect()
}

/// Who sits in the case for the party.
async fn seated(tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<Vec<Uuid>> {
    let court = tx.court;
    Ok(sqlx::query_scalar("select person_id from case_people where court_id = $1 and case_id = $2 and party_id = $3 and until is null and capacity <> 'colleague'")
        .bind(court)
        .bind(case)
        .bind(party)
        .fetch_all(tx.conn())
        .await?)
}

async fn attempts(tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<(Vec<AttemptRow>, Vec<Attempt>)> {
    let court = tx.court;
    let rows: Vec<AttemptRow> = sqlx::query_as(
        "select attempt_id, channel, purpose, address_id, masked, standing, consent, consent_id, consent_kind, refused, reminder_day, started_at, operator, tracking
         from service_attempts where court_id = $1 and service_id = $2 and recipient_id = $3 order by started_at, attempt_id",
    )
    .bind(court)
    .bind(service)
    .bind(recipient)
    .fetch_all(tx.conn())
    .await?;
    let events: Vec<EventRow> = sqlx::query_as(
        "select event_id, attempt_id, what, at, by_signer, reason, witnessed from service_events where court_id = $1 and service_id = $2 and recipient_id = $3 order by at, event_id",
    )
    .bind(court)
    .bind(service)
    .bind(recipient)
    .fetch_all(tx.conn())
    .await?;
    let of = |attempt: Uuid| {
        let mine = events.iter().filter(move |e| e.attempt_id == attempt);
        mine.filter_map(|e| {
            Some(Event {
                id: e.event_id,
                what: SystemEvent::parse(&e.what)?,
                at: e.at,
                by: e.by_signer.as_deref().and_then(Signer::parse),
                reason: e.reason.as_deref().and_then(ReturnReason::parse),
                witnessed: e.witnessed,
            })
        })
        .collect()
    };
    let attempts = rows.iter().filter_map(|r| {
        Some(Attempt {
            id: r.attempt_id,
            channel: Channel::parse(&r.channel)?,
            purpose: Purpose::parse(&r.purpose)?,
            address: r.address_id,
            standing: Standing::parse(&r.standing)?,
            consent: Strength::parse(&r.consent)?,
            refused: r.refused,
            started_at: r.started_at,
            reminder_day: r.reminder_day.and_then(|d| u32::try_from(d).ok()),
            events: of(r.attempt_id),
        })
    });
    let attempts = attempts.collect();
    Ok((rows, attempts))
}

async fn rebuttals(tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<Vec<Rebuttal>> {
    let court = tx.court;
    let rows: Vec<RebuttalRow> = sqlx::query_as(
        "select attempt_id, ground, state, filed_at, decided_at from service_rebuttals where court_id = $1 and service_id = $2 and recipient_id = $3",
    )
    .bind(court)
    .bind(service)
    .bind(recipient)
    .fetch_all(tx.conn())
    .await?;
    let read = rows.into_iter().filter_map(|r| {
        Some(Rebuttal {
            attempt: r.attempt_id,
            ground: Ground::parse(&r.ground)?,
            state: RebuttalState::parse(&r.state)?,
            filed_at: r.filed_at,
            decided_at: r.decided_at,
        })
    });
    Ok(read.collect())
}

/// The effect a row keeps.
pub fn effect(word: &str) -> Effect {
    Effect::parse(word).unwrap_or(Effect::No)
}
