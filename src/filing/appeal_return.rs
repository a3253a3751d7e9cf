//! 退卷: once second instance is over, its clerk gives the file back, and the court below learns how it ended and gets what
//! was decided into its own file (folder 25, 上级法院退卷函、上级裁判文书正本).
//!
//! Reads at one court, writes at the other, never in one transaction; safe to run twice: the appeal below is returned once.
//! Must never give back a case that is not closed, or carry anything but what was served there as a decision.

use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::closing::Manner;
use crate::docket::file::{self, NewLeaf};
use crate::docket::read;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::work::{Due, Outcome};

/// The event: the court below is to get its file back.
pub const RETURNED: &str = "filing.file_returned";
/// 上级法院退卷函、上级裁判文书正本, in a trial file.
const FOLDER: i32 = 25;

fn not_second() -> Error {
    Error::invalid(
        "file_return.not_second",
        said("这个案件不是上诉移送来的，没有要退的案卷。", "This case was not sent up on appeal; there is no file to give back."),
        said("只有二审案件结案后退卷。", "Files of second instance are given back once the case is closed."),
    )
}

fn not_closed() -> Error {
    Error::invalid(
        "file_return.not_closed",
        said("二审还没有结案。", "The case is not closed yet."),
        said("先登记结案、送达裁判文书，再退卷。", "Close the case and serve the decision first."),
    )
}

fn twice() -> Error {
    Error::conflict(
        "file_return.done",
        said("案卷已经退回。", "The file has been given back."),
        said("请刷新页面，看最新的进展。", "Reload the page to see how it stands."),
    )
}

/// 退卷 of a case of second instance.
///
/// # Errors
/// 404; 422 for a case of first instance or one still open; 409 when it was given back.
pub async fn give_back(app: &App, tx: &mut CourtTx, case: Uuid) -> Result<()> {
    let (court, now, me) = (tx.court, tx.now(), tx.person()?);
    let row = read::row(tx, case).await?;
    let below = row.origin_court.ok_or_else(not_second)?;
    if row.closed_at.is_none() {
        return Err(not_closed());
    }
    let done = sqlx::query(
        "update cases set file_returned_at = $3, file_returned_by = $4 where court_id = $1 and case_id = $2 and file_returned_at is null",
    )
    .bind(court)
    .bind(case)
    .bind(now)
    .bind(me)
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Err(twice());
    }
    tx.tell(RETURNED, &json!({ "case": case }))?;
    let name = app.door.registry.name(below);
    let text = said(format!("二审案卷退回{name}"), format!("The file was given back to {name}"));
    timeline::write(tx, case, Note::new("file_returned", text)).await
}

/// A decision of second instance, as it was served.
#[derive(FromRow)]
struct Decision {
    title: String,
    media_type: String,
    size: i64,
    pages: Option<i32>,
    sha256: String,
    sm3: String,
    object_key: String,
}

/// All that goes back.
struct Bundle {
    below: i32,
    first: Uuid,
    appeal: Uuid,
    number: String,
    how: Option<Manner>,
    decisions: Vec<Decision>,
}

/// Handles [`RETURNED`].
///
/// # Errors
/// What the database or the store says; tried again later.
pub async fn carry(app: &App, due: &Due) -> Result<Outcome> {
    let Some(case) = due.payload["case"].as_str().and_then(|c| c.parse::<Uuid>().ok()) else {
        return Ok(Outcome::Dead("event without case".into()));
    };
    let mut bundle = take(app, due.court, case).await?;
    for d in &mut bundle.decisions {
        let there = format!("court/{}/{}", bundle.below, d.sha256);
        app.blob.copy(&d.object_key, &there).await?;
        d.object_key = there;
    }
    put(app, due.court, &bundle).await?;
    Ok(Outcome::Done)
}

async fn take(app: &App, court: i32, case: Uuid) -> Result<Bundle> {
    let mut tx = app.door.enter_as_house(court, "filing:file_return").await?;
    let row = read::row(&mut tx, case).await?;
    let appeal: Option<Uuid> = sqlx::query_scalar("select origin_appeal from filings where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(row.filing_id)
        .fetch_one(tx.conn())
        .await?;
    let decisions = sqlx::query_as(
        "select distinct on (l.leaf_id) l.title, l.media_type, l.size, l.pages, l.sha256, l.sm3, l.object_key from leaves l
           join service_papers p on p.court_id = l.court_id and p.case_id = l.case_id and (p.leaf_id = l.leaf_id or p.paper_id = l.paper_id)
          where l.court_id = $1 and l.case_id = $2 and p.paper_kind in ('judgment', 'ruling', 'mediation_statement') and l.object_key is not null
            and l.size is not null and l.sha256 is not null and l.sm3 is not null order by l.leaf_id",
    )
    .bind(court)
    .bind(case)
    .fetch_all(tx.conn())
    .await?;
    Ok(Bundle {
        below: row.origin_court.ok_or_else(Error::not_found)?,
        first: row.origin_case.ok_or_else(Error::not_found)?,
        appeal: appeal.ok_or_else(Error::not_found)?,
        number: row.number,
        how: row.closed_how,
        decisions,
    })
}

/// Writes it at the court below, once.
async fn put(app: &App, from: i32, b: &Bundle) -> Result<()> {
    let mut tx = app.door.enter_as_house(b.below, "filing:file_return").await?;
    let now = tx.now();
    let done = sqlx::query(
        "update appeals set state = 'returned', returned_at = $4, second_number = $5, second_how = $6
          where court_id = $1 and case_id = $2 and appeal_id = $3 and state = 'sent_up'",
    )
    .bind(b.below)
    .bind(b.first)
    .bind(b.appeal)
    .bind(now)
    .bind(&b.number)
    .bind(b.how.map(Manner::key))
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Ok(()); // carried before
    }
    let titles: Vec<String> = b.decisions.iter().map(|d| format!("二审：{}", d.title)).collect();
    for (d, title) in b.decisions.iter().zip(&titles) {
        let leaf = NewLeaf::object(FOLDER, title, "裁判文书", "上级法院", &d.media_type, d.size, d.pages, &d.sha256, &d.sm3, &d.object_key);
        file::add(&mut tx, b.first, &leaf).await?;
    }
    let (above, (how, how_en, _)) = (app.door.registry.name(from), b.how.map_or(("结案", "closed", ""), Manner::said));
    let text = said(format!("{above}退回案卷：{}，{how}", b.number), format!("{above} gave the file back: {}, {how_en}", b.number));
    timeline::write(&mut tx, b.first, Note::new("file_came_back", text)).await?;
    tx.commit(b.appeal, json!({ "case": b.first, "file_returned": true, "leaves": b.decisions.len() })).await
}
