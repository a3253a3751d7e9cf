//! 收件箱: what was served on a person, over all courts, and what he or she answers.
//!
//! Owns writing `service_rebuttals` as they are filed. A reading is written down when the content is fetched, by the
//! server; an answer by the button of the recipient's own side. Must never take one side's act for the other's, nor a
//! colleague's glance for the party's.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::address::{self, NewEntry, Said};
use super::consent_rules::Says;
use super::facts::{self, Held};
use super::served;
use super::settle::{self, NewAttempt, NewEvent};
use super::views::{Inbox, InboxItem};
use super::words::{CaseKind, Channel, ConsentKind, Effect, Ground, Purpose, SystemEvent};
use crate::app::App;
use crate::court::tx::{CourtTx, PersonTx};
use crate::docket::clocks;
use crate::docket::file::{self, NewLeaf};
use crate::error::{Error, Result, said};
use crate::evidence::store::FileRow;
use crate::kit::seal::Place;

#[derive(FromRow)]
struct Listed {
    court_id: i32,
    case_id: Uuid,
    number: String,
    title: String,
    service_id: Uuid,
    recipient_id: Uuid,
    name: String,
    announced_at: DateTime<Utc>,
    effect: String,
    served_at: Option<DateTime<Utc>>,
    served_day: Option<NaiveDate>,
    row_code: Option<String>,
    article: Option<String>,
    article_en: Option<String>,
    contested: bool,
    is_service: bool,
    capacity: String,
    read_at: Option<DateTime<Utc>>,
}

/// What to list.
pub struct Wanted<'a> {
    /// Of this court.
    pub court: Option<i32>,
    /// Of this case.
    pub case: Option<Uuid>,
    /// Not read yet.
    pub unread: bool,
    /// A period of one's own runs from it.
    pub due: bool,
    /// In the case's number, title or the papers' titles.
    pub q: &'a str,
    /// After this recipient.
    pub after: Option<Uuid>,
    /// At most so many.
    pub limit: i64,
}

/// Not read by anybody of the side: of what was served, not of what is shown for information.
const READ: &str = "(select min(e.at) from service_events e where e.court_id = r.court_id and e.service_id = r.service_id and e.recipient_id = r.recipient_id
  and e.what in ('read', 'downloaded', 'answered_received'))";
/// Of a party the person is or acts for: row security says the same, and two walls are two walls.
const MINE: &str = "exists (select 1 from case_people m where m.court_id = r.court_id and m.case_id = r.case_id and m.party_id = r.party_id and m.person_id = app_person() and m.until is null)";
const IS_SERVICE: &str = "exists (select 1 from service_attempts a where a.court_id = r.court_id and a.service_id = r.service_id and a.recipient_id = r.recipient_id
  and a.purpose <> 'companion' and a.consent <> 'none')";
/// A period that began with it runs.
const RUNS: &str = "exists (select 1 from case_clocks k where k.court_id = r.court_id and k.case_id = r.case_id and k.source = 'delivery:' || r.service_id || ':' || r.recipient_id
  and k.void_at is null and k.done_at is null)";
/// As what one sees it; whoever is more than a colleague is that first.
const CAPACITY: &str = "(select m.capacity from case_people m where m.court_id = r.court_id and m.case_id = r.case_id and m.party_id = r.party_id and m.person_id = app_person() and m.until is null
  order by m.capacity = 'colleague', m.capacity limit 1)";

/// A page of the inbox.
///
/// # Errors
/// What the database says.
pub async fn list(app: &App, tx: &mut PersonTx, wanted: &Wanted<'_>) -> Result<Inbox> {
    let sql = format!(
        "select r.court_id, r.case_id, c.number, c.title, r.service_id, r.recipient_id, r.name, r.announced_at, r.effect, r.served_at, r.served_day, r.row_code, r.article, r.article_en,
           r.contested, {IS_SERVICE} as is_service, {CAPACITY} as capacity, {READ} as read_at
         from service_recipients r join cases c on c.court_id = r.court_id and c.case_id = r.case_id
         where {MINE} and r.announced_at is not null and r.state <> 'cancelled' and ($1::int is null or r.court_id = $1) and ($2::uuid is null or r.case_id = $2)
           and (not $3 or ({READ} is null and {IS_SERVICE})) and (not $8 or {RUNS})
           and ($4 = '' or c.number like $5 or c.title like $5 or exists (select 1 from service_papers p where p.court_id = r.court_id and p.service_id = r.service_id and p.title like $5))
           and ($6::uuid is null or (r.announced_at, r.recipient_id) < (select x.announced_at, x.recipient_id from service_recipients x where x.recipient_id = $6))
         order by r.announced_at desc, r.recipient_id desc limit $7"
    );
    let rows: Vec<Listed> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(wanted.court)
        .bind(wanted.case)
        .bind(wanted.unread)
        .bind(wanted.q)
        .bind(format!("%{}%", wanted.q.replace(['%', '_', '\\'], "")))
        .bind(wanted.after)
        .bind(wanted.limit)
        .bind(wanted.due)
        .fetch_all(tx.conn())
        .await?;
    let due = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "select count(*) from service_recipients r where {MINE} and r.announced_at is not null and r.state <> 'cancelled' and {RUNS}"
    )))
    .fetch_one(tx.conn())
    .await?;
    let unread = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "select count(*) from service_recipients r where {MINE} and r.announced_at is not null and r.state <> 'cancelled' and {READ} is null and {IS_SERVICE}"
    )))
    .fetch_one(tx.conn())
    .await?;
    let next_cursor = (rows.len() as i64 == wanted.limit).then(|| rows.last().map(|r| r.recipient_id)).flatten();
    Ok(Inbox { items: items(app, tx, rows).await?, unread, due, next_cursor })
}

#[derive(FromRow)]
struct PaperOf {
    service_id: Uuid,
    #[sqlx(flatten)]
    paper: served::PaperRow,
}

async fn items(app: &App, tx: &mut PersonTx, rows: Vec<Listed>) -> Result<Vec<InboxItem>> {
    let services: Vec<Uuid> = rows.iter().map(|r| r.service_id).collect();
    let cases: Vec<Uuid> = rows.iter().map(|r| r.case_id).collect();
    let papers: Vec<PaperOf> = sqlx::query_as(
        "select service_id, n, title, paper_kind, issued_kind, paper_id, leaf_id, pages, sha256, coalesce(media_type, 'application/pdf') as media_type, ruling
         from service_papers where service_id = any($1) order by service_id, n",
    )
    .bind(&services)
    .fetch_all(tx.conn())
    .await?;
    let clocks = clocks::own(tx.conn(), &cases).await?;
    let papers_of = |service: Uuid| {
        let mine = papers.iter().filter(move |p| p.service_id == service);
        mine.map(|p| super::desk::paper(p.paper.clone())).collect()
    };
    let clocks_of = |r: &Listed| {
        let source = format!("delivery:{}:{}", r.service_id, r.recipient_id);
        clocks.iter().filter(|c| c.source == source).filter_map(|c| c.shown(app, None)).collect()
    };
    Ok(rows
        .into_iter()
        .map(|r| InboxItem {
            court_name: app.door.registry.name(r.court_id),
            papers: papers_of(r.service_id),
            clocks: clocks_of(&r),
            counts_from: r.served_day.and_then(|d| d.succ_opt()),
            rebuttable: r.effect == Effect::Presumed.key() && !r.contested && r.capacity != "colleague",
            court_id: r.court_id,
            case_id: r.case_id,
            number: r.number,
            title: r.title,
            service_id: r.service_id,
            recipient_id: r.recipient_id,
            party: r.name,
            announced_at: r.announced_at,
            is_service: r.is_service,
            capacity: r.capacity,
            effect: r.effect,
            served_at: r.served_at,
            served_day: r.served_day,
            row_code: r.row_code,
            article: r.article,
            article_en: r.article_en,
            contested: r.contested,
            read_at: r.read_at,
        })
        .collect())
}

/// The recipient's row, held, for somebody of its own side who sees it.
async fn mine(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<Held> {
    refuse_strangers(tx, service, recipient).await?;
    let held = facts::hold(app, tx, service, recipient).await?;
    settle::refuse_others(tx, held.row.case_id, held.row.party_id).await?;
    if held.row.announced_at.is_none() || held.row.cancelled_at.is_some() {
        return Err(Error::not_found());
    }
    Ok(held)
}

/// One question for what is another's and for what is nobody's: the refusal tells by its length of neither.
async fn refuse_strangers(tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<()> {
    let (court, person) = (tx.court, tx.person()?);
    let own: bool = sqlx::query_scalar(
        "select exists (select 1 from service_recipients r join case_people p on p.court_id = r.court_id and p.case_id = r.case_id and p.party_id = r.party_id
          where r.court_id = $1 and r.service_id = $2 and r.recipient_id = $3 and p.person_id = $4 and p.until is null)",
    )
    .bind(court)
    .bind(service)
    .bind(recipient)
    .bind(person)
    .fetch_one(tx.conn())
    .await?;
    if own { Ok(()) } else { Err(Error::not_found()) }
}

/// Refuses whoever is not of the recipient's side.
///
/// # Errors
/// 404.
pub async fn check(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<()> {
    mine(app, tx, service, recipient).await.map(drop)
}

/// The electronic sending an answer speaks of: the last that is a service.
fn sending(held: &Held) -> Option<Uuid> {
    let electronic = held.attempts.iter().filter(|a| a.channel.is_electronic() && a.purpose != Purpose::Companion);
    electronic.max_by_key(|a| (a.started_at, a.id)).map(|a| a.id)
}

/// A paper fetched: the first time is written down as read or downloaded. True when something was.
///
/// # Errors
/// 404 for whoever is not of the recipient's side.
pub async fn opened(
    app: &App,
    tx: &mut CourtTx,
    service: Uuid,
    recipient: Uuid,
    n: i32,
    downloaded: bool,
) -> Result<(served::PaperRow, bool)> {
    let mut held = mine(app, tx, service, recipient).await?;
    let paper = served::papers(tx, service).await?.into_iter().find(|p| p.n == n).ok_or_else(Error::not_found)?;
    let Some(attempt) = sending(&held) else { return Ok((paper, false)) };
    let what = if downloaded { SystemEvent::Downloaded } else { SystemEvent::Read };
    let known = held.attempts.iter().filter(|a| a.id == attempt).any(|a| a.events.iter().any(|e| e.what == what));
    if known {
        return Ok((paper, false));
    }
    let key = format!("{}:{attempt}", what.key());
    let event = NewEvent { key: Some(&key), person: tx.person().ok(), ..NewEvent::new(attempt, what, tx.now(), "inbox") };
    settle::event(tx, &mut held, &event).await?;
    settle::settle(app, tx, service, recipient).await?;
    Ok((paper, true))
}

/// 回复收悉. Without consent before, it is acceptance of this one service by conduct (在线诉讼规则 Art 29, 31).
///
/// # Errors
/// 404 for whoever is not of the recipient's side.
pub async fn received(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<()> {
    let held = mine(app, tx, service, recipient).await?;
    let (mut held, attempt) = match sending(&held) {
        Some(attempt) => (held, attempt),
        None => accept(app, tx, held).await?,
    };
    let key = format!("received:{attempt}");
    let event = NewEvent {
        key: Some(&key),
        person: tx.person().ok(),
        ..NewEvent::new(attempt, SystemEvent::AnsweredReceived, tx.now(), "recipient")
    };
    settle::event(tx, &mut held, &event).await?;
    settle::settle(app, tx, service, recipient).await
}

/// The account is the party's own, checked when it joined: it is sent there, accepted by conduct.
async fn accept(app: &App, tx: &mut CourtTx, held: Held) -> Result<(Held, Uuid)> {
    let (case, party, person, now) = (held.row.case_id, held.row.party_id, tx.person()?, tx.now());
    let inbox = address::keep(tx, case, party, &Said::Inbox { person, masked: String::new() }, "party").await?;
    address::identify(tx, case, inbox, "平台实名核验并以关联码加入本案的账号").await?;
    let entry = NewEntry {
        party,
        says: Says::Given(ConsentKind::ByConduct),
        stage: held.stage,
        all_stages: false,
        channels: &[Channel::Inbox],
        addresses: &[inbox],
        confirmation: false,
        service: Some(held.row.service_id),
        told: json!({ "words": "inbox" }),
        proof: "conduct",
        paper: None,
        person: Some(person),
        recorded_by: None,
        valid_from: None,
    };
    address::enter(tx, case, &entry).await?;
    let mut held = facts::hold(app, tx, held.row.service_id, held.row.recipient_id).await?;
    let operator = held.row.ordered_name.clone();
    let new = NewAttempt {
        channel: Channel::Inbox,
        purpose: Purpose::Service,
        address: Some(inbox),
        reminder_day: None,
        by: None,
        operator,
        tracking: None,
        medium: None,
    };
    let attempt = settle::attempt(tx, &mut held, &new).await?.ok_or_else(|| Error::internal("no attempt"))?;
    let key = attempt.to_string();
    let arrived = NewEvent { key: Some(&key), ..NewEvent::new(attempt, SystemEvent::Arrived, now, "inbox") };
    settle::event(tx, &mut held, &arrived).await?;
    Ok((held, attempt))
}

/// 要求纸质文书 (民事诉讼法 Art 90).
///
/// # Errors
/// 404 for whoever is not of the recipient's side.
pub async fn wants_paper(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid) -> Result<()> {
    let mut held = mine(app, tx, service, recipient).await?;
    let (court, now) = (tx.court, tx.now());
    sqlx::query("update service_recipients set paper_wanted_at = coalesce(paper_wanted_at, $4) where court_id = $1 and service_id = $2 and recipient_id = $3")
        .bind(court)
        .bind(service)
        .bind(recipient)
        .bind(now)
        .execute(tx.conn())
        .await?;
    held.note(tx, "decision", json!({ "paper": "wanted" })).await?;
    settle::settle(app, tx, service, recipient).await
}

/// What is said against a presumption.
pub struct Told<'a> {
    /// Ground.
    pub ground: Ground,
    /// What happened.
    pub account: &'a str,
    /// Uploads that go with it, and where their bytes lie at the court.
    pub files: &'a [(FileRow, String)],
}

/// What goes with a rebuttal becomes part of the file, for the court's people.
async fn into_file(tx: &mut CourtTx, held: &Held, files: &[(FileRow, String)]) -> Result<Vec<Uuid>> {
    let folder = if held.case_kind == CaseKind::Enforcement { served::ENFORCEMENT_FOLDER } else { served::CIVIL_FOLDER };
    let mut leaves = Vec::with_capacity(files.len());
    for (row, key) in files {
        let title = format!("送达异议材料：{}", row.name);
        let leaf = NewLeaf::object(folder, &title, "材料", "当事人", &row.media_type, row.size, row.pages, &row.sha256, &row.sm3, key);
        leaves.push(file::add(tx, held.row.case_id, &leaf.for_staff()).await?);
    }
    Ok(leaves)
}

/// 对推定送达提出异议 (在线诉讼规则 Art 31).
///
/// # Errors
/// 404 for strangers; 409 where nothing is presumed or a rebuttal is open.
pub async fn rebut(app: &App, tx: &mut CourtTx, service: Uuid, recipient: Uuid, told: &Told<'_>) -> Result<Uuid> {
    let (ground, account) = (told.ground, told.account);
    let mut held = mine(app, tx, service, recipient).await?;
    let (outcome, _) = held.judge(app, tx.now());
    let presumed = outcome.deciding.filter(|_| outcome.effect == Effect::Presumed && !outcome.contested);
    let attempt = presumed.ok_or_else(|| {
        Error::conflict(
            "service.not_presumed",
            said("这次送达不是推定送达，或者已有异议在审查。", "This service is no presumption, or a rebuttal is being decided."),
            said("对其他送达有意见的，请联系承办人。", "About any other service, ask the officer of the case."),
        )
    })?;
    let (court, id, now, person) = (tx.court, tx.id(), tx.now(), tx.person()?);
    let sealed = tx.seal().seal(tx.owner(), Place("service_rebuttals", "account", &id), account.as_bytes())?;
    let leaves = into_file(tx, &held, told.files).await?;
    sqlx::query(
        "insert into service_rebuttals (court_id, service_id, recipient_id, rebuttal_id, attempt_id, ground, account, files, state, filed_by, filed_at)
         values ($1,$2,$3,$4,$5,$6,$7,$10,'open',$8,$9)",
    )
    .bind(court)
    .bind(service)
    .bind(recipient)
    .bind(id)
    .bind(attempt)
    .bind(ground.key())
    .bind(sealed)
    .bind(person)
    .bind(now)
    .bind(leaves)
    .execute(tx.conn())
    .await?;
    held.note(tx, "rebuttal", json!({ "rebuttal": id, "attempt": attempt, "ground": ground.key() })).await?;
    settle::settle(app, tx, service, recipient).await?;
    Ok(id)
}

/// Where the bytes of a served paper lie.
///
/// # Errors
/// What the store or the renderer says.
pub async fn bytes(app: &App, court: i32, case: Uuid, paper: &served::PaperRow) -> Result<(String, i64, String)> {
    if let Some(id) = paper.paper_id {
        let ready = crate::paper::issue::ready(app, court, id).await?;
        return Ok((ready.object_key, ready.size, "application/pdf".into()));
    }
    let leaf = paper.leaf_id.ok_or_else(Error::not_found)?;
    let mut tx = app.door.enter_as_house(court, "delivery:content").await?;
    let place = crate::docket::read::leaf(&mut tx, case, leaf).await?;
    Ok((place.object_key.ok_or_else(Error::not_found)?, place.size.unwrap_or_default(), place.media_type))
}

/// The case of a service.
///
/// # Errors
/// 404.
pub async fn case_of(tx: &mut CourtTx, service: Uuid) -> Result<Uuid> {
    let court = tx.court;
    sqlx::query_scalar("select case_id from services where court_id = $1 and service_id = $2")
        .bind(court)
        .bind(service)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)
}

/// `起诉状副本.pdf`.
pub fn file_name(paper: &served::PaperRow, media_type: &str) -> String {
    let ending = match media_type {
        "application/pdf" => "pdf",
        other => mime_guess::get_mime_extensions_str(other).and_then(|e| e.first().copied()).unwrap_or("bin"),
    };
    format!("{}.{ending}", paper.title)
}
