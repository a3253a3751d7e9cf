//! 移送, the second half: a transferred filing arrives at the other court with all that belongs to it. Its content as
//! it stands and as it was first sent, its rounds of files, the correction lists and their answers, its papers under the codes
//! they were issued with, and what happened to it so far; so that the new court reads what the first one read, and the
//! one complete list (在线诉讼规则 第九条) stays one list.
//!
//! Reads at one court, writes at the other, never in one transaction. Idempotent: the other court's row names the
//! filing it came from, once. Must never change a row of the first court.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::app::App;
use crate::court::beijing::day_zh;
use crate::court::tx::CourtTx;
use crate::docket::timeline::{self, Note, PastAct};
use crate::error::{Result, said};
use crate::filing::content::Content;
use crate::filing::kinds::kind;
use crate::filing::store::{self, NewFiling};
use crate::filing::submit::{self, begin_review, link, tell};
use crate::filing::{look_up, read};
use crate::kit::seal::Place;
use crate::paper::issue::{self, Issued};
use crate::work::{Due, Outcome};

/// A file with its place in the filing.
#[derive(FromRow)]
struct File {
    file_id: Uuid,
    name: String,
    size: i64,
    media_type: String,
    sha256: String,
    sm3: String,
    pages: Option<i32>,
    role: String,
    evidence_id: Option<String>,
    object_key: String,
    round: i32,
    created_at: DateTime<Utc>,
}

/// A correction list with its answer.
#[derive(FromRow)]
struct List {
    n: i32,
    items: Value,
    sent_at: DateTime<Utc>,
    sent_by: Uuid,
    days: i32,
    due_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
    violation: bool,
}

/// All that goes along.
struct Bundle {
    row: read::Row,
    content: Value,
    first_content: Option<Value>,
    filer_index: Vec<Vec<u8>>,
    report: Value,
    files: Vec<File>,
    lists: Vec<List>,
    papers: Vec<Issued>,
    acts: Vec<PastAct>,
}

/// Handles `filing.carry`.
pub async fn carry(app: &App, due: &Due) -> Result<Outcome> {
    let (Some(filing), Some(to)) = (
        due.payload["filing"].as_str().and_then(|f| f.parse::<Uuid>().ok()),
        due.payload["to"].as_i64().and_then(|c| i32::try_from(c).ok()),
    ) else {
        return Ok(Outcome::Dead("event without filing or court".into()));
    };
    let mut bundle = take(app, due.court, filing).await?;
    let keys = bundle.files.iter_mut().map(|f| (&mut f.object_key, &f.sha256));
    for (key, sha256) in keys.chain(bundle.papers.iter_mut().map(|p| (&mut p.object_key, &p.sha256))) {
        let there = format!("court/{to}/{sha256}");
        app.blob.copy(key, &there).await?;
        *key = there;
    }
    put(app, (due.court, filing), to, &bundle).await?;
    Ok(Outcome::Done)
}

/// Reads everything at the first court.
async fn take(app: &App, court: i32, filing: Uuid) -> Result<Bundle> {
    let unset = issue::unset(&mut app.door.enter_as_house(court, "filing:carry").await?, filing).await?;
    for paper in unset {
        issue::ready(app, court, paper).await?; // the other court gets the very bytes this one issued
    }
    let mut tx = app.door.enter_as_house(court, "filing:carry").await?;
    let row = read::row(&mut tx, filing).await?;
    let content = read::content(&mut tx, filing).await?;
    let (filer_index, report, first): (Vec<Vec<u8>>, Value, Option<Vec<u8>>) =
        sqlx::query_as("select filer_index, check_report, first_content from filings where court_id = $1 and filing_id = $2")
            .bind(court)
            .bind(filing)
            .fetch_one(tx.conn())
            .await?;
    let first_content =
        first.map(|sealed| tx.seal().open_json(tx.owner(), Place("filings", "first_content", &filing), &sealed)).transpose()?;
    let files = sqlx::query_as("select file_id, name, size, media_type, sha256, sm3, pages, role, evidence_id, object_key, round, created_at from filing_files where court_id = $1 and filing_id = $2 order by file_id")
        .bind(court)
        .bind(filing)
        .fetch_all(tx.conn())
        .await?;
    let lists = sqlx::query_as(
        "select n, items, sent_at, sent_by, days, due_at, answered_at, violation from corrections where court_id = $1 and filing_id = $2 order by n",
    )
    .bind(court)
    .bind(filing)
    .fetch_all(tx.conn())
    .await?;
    let papers = issue::of_filing(&mut tx, filing).await?;
    let acts = timeline::past(&mut tx, filing).await?;
    Ok(Bundle { row, content, first_content, filer_index, report, files, lists, papers, acts })
}

/// Writes it at the other court: the review starts there with the day after it arrived, the date of filing stays.
async fn put(app: &App, from: (i32, Uuid), to: i32, b: &Bundle) -> Result<()> {
    let mut tx = app.door.enter_as_house(to, "filing:carry").await?;
    let content = Content::read(&b.content).unwrap_or_default();
    let (id, now) = (tx.id(), tx.now());
    let number = format!("网立{}", store::next_number(&mut tx, "filing").await?);
    let review = begin_review(app, to, b.row.kind.key(), now)?;
    let new = NewFiling {
        id,
        number: &number,
        filer: b.row.filer_id,
        filer_index: &b.filer_index,
        draft: None,
        content: &content,
        filed: &content.to_value(),
        cause_name: &b.row.cause_name,
        digest: &b.row.digest,
        parties: &look_up::party_indexes(tx.seal(), &content)?,
        marks: &look_up::marks(tx.seal(), &content)?,
        report: b.report.clone(),
        received_at: b.row.received_at,
        review: &review,
        from: Some(from),
        origin: b.row.origin(),
    };
    if !store::insert(&mut tx, &new).await? {
        return Ok(()); // carried before
    }
    put_rounds(&mut tx, id, b).await?;
    for paper in &b.papers {
        issue::adopt(&mut tx, id, paper).await?;
    }
    put_acts(app, &mut tx, id, from.0, b).await?;
    let received = submit::beijing_time(b.row.received_at);
    tell(
        &mut tx,
        b.row.filer_id,
        "filing_received",
        &[("number", &number), ("due", &day_zh(review.clock.due_on)), ("time", &received), ("link", &link(app, to, id))],
    )?;
    tx.commit(id, json!({ "from": from.0, "files": b.files.len(), "papers": b.papers.len(), "lists": b.lists.len() })).await
}

/// The rounds: files with the round they came in, lists with their answers, the content as first reviewed.
async fn put_rounds(tx: &mut CourtTx, filing: Uuid, b: &Bundle) -> Result<()> {
    let court = tx.court;
    let place = Place("filings", "first_content", &filing);
    let first = b.first_content.as_ref().map(|c| tx.seal().seal_json(tx.owner(), place, c)).transpose()?;
    sqlx::query("update filings set returns = $3, answered_at = $4, first_content = $5 where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(filing)
        .bind(b.row.returns)
        .bind(b.row.answered_at)
        .bind(first)
        .execute(tx.conn())
        .await?;
    for f in &b.files {
        put_file(tx, filing, f).await?;
    }
    for l in &b.lists {
        put_list(tx, filing, l).await?;
    }
    Ok(())
}

async fn put_file(tx: &mut CourtTx, filing: Uuid, f: &File) -> Result<()> {
    let court = tx.court;
    sqlx::query(
        "insert into filing_files (court_id, filing_id, file_id, name, size, media_type, sha256, sm3, pages, role, evidence_id, object_key, round, created_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)",
    )
    .bind(court)
    .bind(filing)
    .bind(f.file_id)
    .bind(&f.name)
    .bind(f.size)
    .bind(&f.media_type)
    .bind(&f.sha256)
    .bind(&f.sm3)
    .bind(f.pages)
    .bind(&f.role)
    .bind(&f.evidence_id)
    .bind(&f.object_key)
    .bind(f.round)
    .bind(f.created_at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn put_list(tx: &mut CourtTx, filing: Uuid, l: &List) -> Result<()> {
    let court = tx.court;
    sqlx::query(
        "insert into corrections (court_id, filing_id, n, items, sent_at, sent_by, days, due_at, answered_at, violation) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
    )
    .bind(court)
    .bind(filing)
    .bind(l.n)
    .bind(&l.items)
    .bind(l.sent_at)
    .bind(l.sent_by)
    .bind(l.days)
    .bind(l.due_at)
    .bind(l.answered_at)
    .bind(l.violation)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What happened at the first court, in its words and at its time, then the arrival.
async fn put_acts(app: &App, tx: &mut CourtTx, filing: Uuid, from: i32, b: &Bundle) -> Result<()> {
    let court = app.door.registry.name(from);
    for act in &b.acts {
        // people of the first court are named with it: here nobody knows them
        let who = if act.person_id == Some(b.row.filer_id) { act.who.clone() } else { format!("{court} {}", act.who) };
        timeline::carry(tx, filing, &PastAct { who, ..act.clone() }).await?;
    }
    let number = &b.row.number;
    let note = Note::new(
        "received_by_transfer",
        said(format!("收到{court}移送的立案申请（原编号 {number}）"), format!("Received by transfer from {court} (there: {number})")),
    )
    .by(kind(b.row.kind.key()).transfer)
    .with_effect(said("收到日期不变；本院的审查期限自次日起算。", "The date of filing stays; this court's review starts the next day."));
    timeline::write(tx, filing, note).await
}
