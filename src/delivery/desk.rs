//! 送达台: who has what, since when, what next; one service whole; the tasks of the desk. Reads only.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::{FromRow, Row as _};
use uuid::Uuid;

use super::address::{self, Postal};
use super::allowed::Decision;
use super::facts::{self, Held};
use super::views::{
    Desk, DeskRow, PostalLabel, ServedPaper, Service, ServiceAttempt, ServiceCertificate, ServiceEvent, ServiceFinding, ServiceNext,
    ServiceRebuttal, ServiceRecipient, ServiceTask, StateCount, UnreadReport,
};
use super::{receipts, served};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::kit::seal::Place;

#[derive(FromRow)]
struct Listed {
    service_id: Uuid,
    recipient_id: Uuid,
    case_id: Uuid,
    number: String,
    name: String,
    role: String,
    papers: Vec<String>,
    ordered_at: DateTime<Utc>,
    state: String,
    effect: String,
    row_code: Option<String>,
    served_at: Option<DateTime<Utc>>,
    served_day: Option<NaiveDate>,
    next_step: Value,
    version: i32,
}

impl From<Listed> for DeskRow {
    fn from(r: Listed) -> Self {
        Self {
            next: ServiceNext::of(&r.next_step),
            service_id: r.service_id,
            recipient_id: r.recipient_id,
            case_id: r.case_id,
            number: r.number,
            party: r.name,
            role: r.role,
            papers: r.papers,
            since: r.ordered_at,
            state: r.state,
            effect: r.effect,
            row_code: r.row_code,
            served_at: r.served_at,
            served_day: r.served_day,
            version: r.version,
        }
    }
}

/// What to list.
pub struct Wanted<'a> {
    /// In this state; every open one when none.
    pub state: Option<&'a str>,
    /// Of this case: then also what is done.
    pub case: Option<Uuid>,
    /// What is somebody's turn now: a task waits, or its moment has come.
    pub due: bool,
    /// After this recipient.
    pub after: Option<Uuid>,
    /// At most so many.
    pub limit: i64,
}

/// A page of the desk.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut CourtTx, wanted: &Wanted<'_>) -> Result<Desk> {
    let (court, now) = (tx.court, tx.now());
    let rows: Vec<Listed> = sqlx::query_as(
        "select r.service_id, r.recipient_id, r.case_id, c.number, r.name, r.role, array(select p.title from service_papers p where p.court_id = r.court_id and p.service_id = r.service_id order by p.n) as papers,
           s.ordered_at, r.state, r.effect, r.row_code, r.served_at, r.served_day, r.next_step, r.version
         from service_recipients r join services s on s.court_id = r.court_id and s.service_id = r.service_id join cases c on c.court_id = r.court_id and c.case_id = r.case_id
         where r.court_id = $1 and ($2::text is null and ($3::uuid is not null or r.state not in ('done', 'cancelled')) or r.state = $2) and ($3::uuid is null or r.case_id = $3)
           and (not $6 or r.state in ('waiting_for_clerk', 'waiting_for_judge', 'stuck') or r.next_at <= $7)
           and ($4::uuid is null or r.recipient_id > $4) order by r.recipient_id limit $5",
    )
    .bind(court)
    .bind(wanted.state)
    .bind(wanted.case)
    .bind(wanted.after)
    .bind(wanted.limit)
    .bind(wanted.due)
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    let counts: Vec<StateCount> = sqlx::query_as(
        "select state, count(*) as n from service_recipients where court_id = $1 and ($2::uuid is null or case_id = $2) group by state order by state",
    )
    .bind(court)
    .bind(wanted.case)
    .fetch_all(tx.conn())
    .await?;
    let next_cursor = (rows.len() as i64 == wanted.limit).then(|| rows.last().map(|r| r.recipient_id)).flatten();
    Ok(Desk { items: rows.into_iter().map(DeskRow::from).collect(), counts, next_cursor })
}

/// A paper as shown.
pub fn paper(p: served::PaperRow) -> ServedPaper {
    ServedPaper {
        n: p.n,
        title: p.title,
        kind: p.paper_kind,
        media_type: p.media_type,
        paper_id: p.paper_id,
        pages: p.pages,
        sha256: p.sha256,
    }
}

/// One service whole, as far as the viewer may see it.
///
/// # Errors
/// 404.
pub async fn service(app: &App, tx: &mut CourtTx, service: Uuid) -> Result<Service> {
    let court = tx.court;
    let row = sqlx::query(
        "select s.act_id, s.case_id, c.number, s.ordered_at, s.ordered_name, s.decision from services s join cases c on c.court_id = s.court_id and c.case_id = s.case_id
         where s.court_id = $1 and s.service_id = $2",
    )
    .bind(court)
    .bind(service)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)?;
    let sqlx::types::Json(decision): sqlx::types::Json<Decision> = row.get("decision");
    let papers = served::papers(tx, service).await?.into_iter().map(paper).collect();
    let ids: Vec<Uuid> =
        sqlx::query_scalar("select recipient_id from service_recipients where court_id = $1 and service_id = $2 order by recipient_id")
            .bind(court)
            .bind(service)
            .fetch_all(tx.conn())
            .await?;
    let mut recipients = Vec::with_capacity(ids.len());
    for id in ids {
        recipients.push(recipient(app, tx, service, id).await?);
    }
    Ok(Service {
        id: service,
        act_id: row.get("act_id"),
        case_id: row.get("case_id"),
        number: row.get("number"),
        ordered_at: row.get("ordered_at"),
        ordered_by: row.get("ordered_name"),
        electronic: decision.allowed,
        conditions: decision.conditions.iter().map(|c| c.zh().to_owned()).collect(),
        basis: decision.basis,
        papers,
        recipients,
    })
}

/// A recipient whole.
async fn recipient(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<ServiceRecipient> {
    let held = facts::look(app, tx, service, recipient).await?;
    let (outcome, _) = held.judge(app, tx.now());
    let court = tx.court;
    let kept = sqlx::query(
        "select next_step, contested, article from service_recipients where court_id = $1 and service_id = $2 and recipient_id = $3",
    )
    .bind(court)
    .bind(service)
    .bind(recipient)
    .fetch_one(tx.conn())
    .await?;
    let certificates: Vec<ServiceCertificate> = sqlx::query_as(
        "select n, paper_id, effect, row_code, served_day, trail_n, trail_hash, issued_at from service_certificates where court_id = $1 and service_id = $2 and recipient_id = $3 order by n",
    )
    .bind(court)
    .bind(service)
    .bind(recipient)
    .fetch_all(tx.conn())
    .await?;
    let rebuttals = rebuttals(tx, service, recipient).await?;
    let effect = facts::effect(&held.row.effect);
    let finding = |id: Uuid| outcome.findings.iter().find(|f| f.attempt == id);
    let ids: Vec<Uuid> = held.attempts.iter().map(|a| a.id).collect();
    let unread = receipts::unread(tx, &ids).await?;
    let attempts = held.attempts.iter().filter_map(|a| {
        let row = held.rows.iter().find(|r| r.attempt_id == a.id)?;
        let unread = unread.iter().filter(|u| u.attempt_id == a.id).map(unread_report).collect();
        Some(ServiceAttempt { unread, ..attempt(&held, a, row, finding(a.id)) })
    });
    Ok(ServiceRecipient {
        id: recipient,
        party_id: held.row.party_id,
        name: held.row.name.clone(),
        role: held.row.role.clone(),
        state: held.row.state.clone(),
        effect: held.row.effect.clone(),
        effect_name: effect.zh().into(),
        effect_name_en: effect.en().into(),
        row_code: held.row.row_code.clone(),
        served_at: held.row.served_at,
        served_day: held.row.served_day,
        counts_from: held.row.served_day.and_then(|d| d.succ_opt()),
        article: kept.get("article"),
        contested: kept.get("contested"),
        announced_at: held.row.announced_at,
        attempts: attempts.collect(),
        rebuttals,
        certificates,
        next: ServiceNext::of(&kept.get("next_step")),
        version: held.row.version,
    })
}

fn unread_report(u: &receipts::Unread) -> UnreadReport {
    UnreadReport { adapter: u.adapter.clone(), word: u.word.clone(), reason: u.reason.clone(), received_at: u.received_at }
}

fn attempt(held: &Held, a: &super::effect::Attempt, row: &facts::AttemptRow, finding: Option<&super::effect::Finding>) -> ServiceAttempt {
    let reasons = |what| (what == super::words::SystemEvent::Returned).then(|| a.events.iter().find_map(|e| e.reason)).flatten();
    ServiceAttempt {
        id: a.id,
        channel: a.channel.key().into(),
        channel_name: a.channel.zh().into(),
        masked: row.masked.clone().or_else(|| row.address_id.and_then(|id| held.address(id)).map(|k| k.masked.clone())),
        purpose: a.purpose.key().into(),
        standing: a.standing.key().into(),
        consent: a.consent.key().into(),
        started_at: a.started_at,
        tracking: row.tracking.clone(),
        events: a
            .events
            .iter()
            .map(|e| ServiceEvent {
                what: e.what.key().into(),
                name: e.what.zh().into(),
                name_en: e.what.en().into(),
                at: e.at,
                reason: reasons(e.what).map(|r| r.zh().to_owned()),
            })
            .collect(),
        finding: finding.map(|f| ServiceFinding {
            row: f.row.key().into(),
            effect: f.effect.key().into(),
            article: f.article.zh.into(),
            text: f.zh.clone(),
            text_en: f.en.clone(),
        }),
        unread: Vec::new(),
    }
}

async fn rebuttals(tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<Vec<ServiceRebuttal>> {
    let court = tx.court;
    let rows = sqlx::query(
        "select rebuttal_id, attempt_id, ground, account, files, state, filed_at, decided_at, reasons from service_rebuttals
         where court_id = $1 and service_id = $2 and recipient_id = $3 order by rebuttal_id",
    )
    .bind(court)
    .bind(service)
    .bind(recipient)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|r| {
            let id: Uuid = r.get("rebuttal_id");
            Ok(ServiceRebuttal {
                id,
                attempt_id: r.get("attempt_id"),
                ground: r.get("ground"),
                account: tx.seal().open_text(tx.owner(), Place("service_rebuttals", "account", &id), r.get("account"))?,
                leaves: r.get("files"),
                state: r.get("state"),
                filed_at: r.get("filed_at"),
                decided_at: r.get("decided_at"),
                reasons: r.get("reasons"),
            })
        })
        .collect()
}

/// The trail of a recipient, one line a line.
///
/// # Errors
/// 404.
pub async fn trail(tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<String> {
    let court = tx.court;
    let lines: Vec<String> =
        sqlx::query_scalar("select line from service_trail where court_id = $1 and service_id = $2 and recipient_id = $3 order by n")
            .bind(court)
            .bind(service)
            .bind(recipient)
            .fetch_all(tx.conn())
            .await?;
    if lines.is_empty() {
        return Err(Error::not_found());
    }
    Ok(lines.join("\n") + "\n")
}

/// Open tasks, the longest waiting first.
///
/// # Errors
/// What the database says.
pub async fn tasks(tx: &mut CourtTx, kind: Option<&str>, limit: i64) -> Result<Vec<ServiceTask>> {
    let court = tx.court;
    let rows = sqlx::query(
        "select t.task_id, t.kind, t.service_id, t.recipient_id, t.case_id, c.number, r.name, t.detail, t.since from service_tasks t
           join service_recipients r on r.court_id = t.court_id and r.service_id = t.service_id and r.recipient_id = t.recipient_id
           join cases c on c.court_id = t.court_id and c.case_id = t.case_id
         where t.court_id = $1 and t.done_at is null and ($2::text is null or t.kind = $2) order by t.since, t.task_id limit $3",
    )
    .bind(court)
    .bind(kind)
    .bind(limit)
    .fetch_all(tx.conn())
    .await?;
    let mut out = Vec::with_capacity(rows.len());
    for r in rows {
        let (case, detail): (Uuid, Value) = (r.get("case_id"), r.get("detail"));
        let address = match detail["address"].as_str().and_then(|id| id.parse().ok()) {
            Some(id) => serde_json::from_str::<Postal>(&address::value(tx, case, id).await?).ok(),
            None => None,
        };
        out.push(ServiceTask {
            id: r.get("task_id"),
            kind: r.get("kind"),
            service_id: r.get("service_id"),
            recipient_id: r.get("recipient_id"),
            case_id: case,
            number: r.get("number"),
            party: r.get("name"),
            address: address.map(|p| PostalLabel { receiver: p.receiver, phone: p.phone, address: p.address }),
            detail,
            since: r.get("since"),
        });
    }
    Ok(out)
}
