//! Filings in the database, court side. Owns the SQL that writes filings, their people, files, marks and
//! corrections. Every statement names the court although row security would.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::court::beijing::beijing_date;
use crate::court::tx::CourtTx;
use crate::error::Result;
use crate::evidence::store::FileRow;
use crate::filing::content::Content;
use crate::filing::submit::Review;
use crate::kit::seal::Place;

/// The next number of a yearly counter of the court.
pub async fn next_value(tx: &mut CourtTx, name: &str) -> Result<i32> {
    use chrono::Datelike;
    let year = beijing_date(tx.now()).year();
    let court = tx.court;
    let value = sqlx::query_scalar(
        "insert into counters (court_id, name, year, value) values ($1,$2,$3,1) on conflict (court_id, name, year) do update set value = counters.value + 1 returning value",
    )
    .bind(court)
    .bind(name)
    .bind(year)
    .fetch_one(tx.conn())
    .await?;
    Ok(value)
}

/// The same, five digits wide, with the year in front: 2026-00012.
pub async fn next_number(tx: &mut CourtTx, name: &str) -> Result<String> {
    use chrono::Datelike;
    Ok(format!("{}-{:05}", beijing_date(tx.now()).year(), next_value(tx, name).await?))
}

/// A new filing.
pub struct NewFiling<'a> {
    /// Filing.
    pub id: Uuid,
    /// 网立 number.
    pub number: &'a str,
    /// Filer.
    pub filer: Uuid,
    /// Blind indexes of the filer's own numbers.
    pub filer_index: &'a [Vec<u8>],
    /// The draft.
    pub draft: Option<Uuid>,
    /// What was filed.
    pub content: &'a Content,
    /// The same as it is kept.
    pub filed: &'a Value,
    /// 案由 name.
    pub cause_name: &'a str,
    /// Over content and files.
    pub digest: &'a str,
    /// Blind indexes of the parties.
    pub parties: &'a [Vec<u8>],
    /// Marks for finding the same matter again.
    pub marks: &'a [Vec<u8>],
    /// The checker's findings.
    pub report: Value,
    /// When the first court had it.
    pub received_at: DateTime<Utc>,
    /// Its review as it begins.
    pub review: &'a Review,
    /// Where it came from, when transferred.
    pub from: Option<(i32, Uuid)>,
    /// The case appealed against, when sent up.
    pub origin: Option<Origin<'a>>,
}

/// 原审案件: the case an appeal comes from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// Its court.
    pub court: i32,
    /// Case there.
    pub case: Uuid,
    /// 案号.
    pub number: &'a str,
    /// The appeal.
    pub appeal: Uuid,
}

/// Inserts a filing with its filer and its marks; false when the same draft (or transfer) made one before. One statement:
/// the court's counter is held meanwhile, and everybody who files there waits for it.
pub async fn insert(tx: &mut CourtTx, f: &NewFiling<'_>) -> Result<bool> {
    let (court, now) = (tx.court, tx.now());
    let content = tx.seal().seal_json(tx.owner(), Place("filings", "content", &f.id), f.filed)?;
    let done = sqlx::query(
        "with filed as (insert into filings (court_id, filing_id, number, filer_id, filer_index, draft_id, kind, cause_code, cause_name, title, amount_fen, state, version,
             content, digest, parties_index, check_report, received_at, clock_from, due_on, due_at, transfer_from, transfer_from_filing, created_at, review_days, target_at, origin_court, origin_case, origin_number, origin_appeal)
           values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,'submitted',1,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$17,$22,$23,$25,$26,$27,$28) on conflict do nothing returning 1),
         marked as (insert into filing_marks (court_id, mark, filing_id) select $1, m, $2 from filed, unnest($24::bytea[]) m on conflict do nothing)
         insert into filing_people (court_id, filing_id, person_id, capacity, since) select $1, $2, $4, 'filer', $17 from filed",
    )
    .bind(court)
    .bind(f.id)
    .bind(f.number)
    .bind(f.filer)
    .bind(f.filer_index)
    .bind(f.draft)
    .bind(f.content.kind.as_deref().unwrap_or("civil"))
    .bind(f.content.cause.as_ref().and_then(|c| c.code.as_deref()))
    .bind(f.cause_name)
    .bind(if f.origin.is_some() { f.content.appeal_title() } else { f.content.title() })
    .bind(f.content.amount())
    .bind(content)
    .bind(f.digest)
    .bind(f.parties)
    .bind(&f.report)
    .bind(f.received_at)
    .bind(now)
    .bind(f.review.clock.due_on)
    .bind(f.review.clock.due_at)
    .bind(f.from.map(|x| x.0))
    .bind(f.from.map(|x| x.1))
    .bind(i32::try_from(f.review.days).unwrap_or(7))
    .bind(f.review.target_at)
    .bind(f.marks)
    .bind(f.origin.map(|o| o.court))
    .bind(f.origin.map(|o| o.case))
    .bind(f.origin.map(|o| o.number))
    .bind(f.origin.map(|o| o.appeal))
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks of what a correction added.
pub async fn insert_marks(tx: &mut CourtTx, filing: Uuid, marks: &[Vec<u8>]) -> Result<()> {
    let court = tx.court;
    sqlx::query("insert into filing_marks (court_id, mark, filing_id) select $1, m, $3 from unnest($2::bytea[]) m on conflict do nothing")
        .bind(court)
        .bind(marks)
        .bind(filing)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Moves the marks of a filing with it: what was withdrawn, refused or sent elsewhere is no second suit.
pub async fn mark_standing(tx: &mut CourtTx, filing: Uuid, standing: &str) -> Result<()> {
    let court = tx.court;
    sqlx::query("update filing_marks set standing = $3 where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(filing)
        .bind(standing)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Adds files of a round; a file already there stays as it is.
pub async fn insert_files(tx: &mut CourtTx, filing: Uuid, files: &[(FileRow, String)], content: &Content, round: i32) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    for (file, key) in files {
        let id = file.file_id.to_string();
        let evidence = content.evidence.iter().find(|e| e.file_ids.contains(&id));
        let paper = content.papers.iter().find(|p| p.file_ids.contains(&id));
        let (role, row) = match (evidence, paper) {
            (Some(e), _) => ("evidence", e.id.clone()),
            (None, Some(p)) => ("paper", p.id.clone()),
            (None, None) => continue, // uploaded, then taken out of every list: not part of the filing
        };
        sqlx::query(
            "insert into filing_files (court_id, filing_id, file_id, name, size, media_type, sha256, sm3, pages, role, evidence_id, object_key, round, created_at)
             values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14) on conflict do nothing",
        )
        .bind(court)
        .bind(filing)
        .bind(file.file_id)
        .bind(&file.name)
        .bind(file.size)
        .bind(&file.media_type)
        .bind(&file.sha256)
        .bind(&file.sm3)
        .bind(file.pages)
        .bind(role)
        .bind(row)
        .bind(key)
        .bind(round)
        .bind(now)
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}
