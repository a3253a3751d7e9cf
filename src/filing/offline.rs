//! 到窗口办: filing is never forced online (A10). The wish is recorded at the court with a note to show there; the
//! draft is kept. What was typed goes along only if the person says so, as a copy sealed for that court.
//!
//! Owns the table offline_filings. Must never show a court a draft nobody agreed to show.

use poem_openapi::types::Any;
use serde_json::{Value, json};
use sqlx::{FromRow, Row};
use uuid::Uuid;

use crate::app::App;
use crate::court::act::Act;
use crate::court::beijing::beijing_date;
use crate::court::caller::Caller;
use crate::court::registry::Court;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::filing::drafts::{self, Draft};
use crate::filing::offline_views::{OfflineFiling, OfflineNote};
use crate::filing::store::next_number;
use crate::kit::seal::Place;
use crate::kit::text::{Bounds, clean};
use crate::paper::issue::{self, Audience, NewPaper};
use crate::person::masking::{self, Viewer, public_names};
use crate::person::store::{self, Profile};

/// The telephone of the people's courts, where a court has given no other.
const HOTLINE: &str = "12368";

/// Records the wish and says where to go.
pub async fn record(app: &App, caller: &Caller, draft: Uuid, key: Option<Uuid>, reason: &str, show: bool) -> Result<OfflineNote> {
    let mut mine = app.door.mine(caller, "draft:read").await?;
    let found = drafts::get(&mut mine, draft, false).await?;
    let who = store::profile(&mut mine).await?;
    drop(mine);
    let court = found.court.ok_or_else(no_court)?;
    let reason = clean(reason, Bounds::line(0, 500)).map_err(crate::filing::text_problem("/reason"))?;
    let mut tx = app.door.enter(caller, court, Act::FilingOffline).await?;
    if let Some(first) = tx.once_if::<OfflineNote>(key, &(draft, &reason, show)).await? {
        return Ok(first);
    }
    let c = app.door.registry.court(court).ok_or_else(Error::not_found)?;
    let number = format!("线下{}", next_number(&mut tx, "offline").await?);
    let paper = note(&mut tx, &c, &found, &who, &number, &reason, show).await?;
    let id = insert(&mut tx, &found, &who, &number, &reason, show.then_some(&found.content), paper).await?;
    let day = beijing_date(tx.now()).to_string();
    let noted = OfflineNote {
        court_id: court,
        court_name: c.name.clone(),
        number,
        address: c.address.clone(),
        phone: c.phone.clone().unwrap_or_else(|| HOTLINE.into()),
        hours: c.hours.clone(),
        paper_id: paper,
        content_shown: show,
    };
    tx.answered_if(key, &noted).await?;
    tx.commit(id, json!({ "day": day, "content": show })).await?;
    Ok(noted)
}

fn no_court() -> Error {
    Error::invalid(
        "draft.no_court",
        said("还没有选择法院。", "No court is chosen yet."),
        said("请先选择要去的法院。", "Choose the court first."),
    )
    .at("/court_id")
}

fn masked(who: &Profile) -> Option<String> {
    masking::mobile(&who.mobile, Viewer::ClerkList)
}

/// 线下办理登记单: the person's own paper, for the counter to read the number from.
async fn note(tx: &mut CourtTx, c: &Court, draft: &Draft, who: &Profile, number: &str, reason: &str, show: bool) -> Result<Uuid> {
    let kind = match draft.kind.key() {
        "administrative" => "行政起诉",
        "enforcement" => "申请执行",
        _ => "民事起诉",
    };
    let data = json!({
        "number": number, "person": who.name, "mobile_masked": masked(who), "kind_name": kind, "cause": draft.cause_name, "registered_at": tx.now(),
        "reason": Some(reason).filter(|r| !r.is_empty()), "bring": ["本人身份证原件", "已有的材料原件；没有复印件的，由法院帮助复印"], "kept": true, "shown": show,
        "contact": { "phone": c.phone.as_deref().unwrap_or(HOTLINE) },
    });
    let paper = NewPaper {
        kind: "offline_note",
        title: "线下办理登记单".into(),
        template: "offline_note",
        data,
        filing: None,
        case: None,
        audience: Audience::Person(tx.person()?),
        parties: public_names(&[&who.name]),
        number: Some(number.to_owned()),
    };
    issue::issue(tx, paper).await
}

async fn insert(
    tx: &mut CourtTx,
    draft: &Draft,
    who: &Profile,
    number: &str,
    reason: &str,
    shown: Option<&Value>,
    paper: Uuid,
) -> Result<Uuid> {
    let (id, now, court, person) = (tx.id(), tx.now(), tx.court, tx.person()?);
    let content = shown.map(|c| tx.seal().seal_json(tx.owner(), Place("offline_filings", "content", &id), c)).transpose()?;
    sqlx::query(
        "insert into offline_filings (court_id, offline_id, number, person_id, reason, created_at, draft_id, who, mobile_masked, kind, cause_name, content, agreed_at, paper_id)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)",
    )
    .bind(court)
    .bind(id)
    .bind(number)
    .bind(person)
    .bind(reason)
    .bind(now)
    .bind(draft.id)
    .bind(&who.name)
    .bind(masked(who))
    .bind(draft.kind.key())
    .bind(&draft.cause_name)
    .bind(content)
    .bind(shown.map(|_| now))
    .bind(paper)
    .execute(tx.conn())
    .await?;
    Ok(id)
}

const COLUMNS: &str =
    "offline_id, number, who, mobile_masked, kind, cause_name, reason, created_at, agreed_at is not null as shown, paper_id";

fn sql(tail: &str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("select {COLUMNS}, content from offline_filings {tail}"))
}

impl FromRow<'_, sqlx::postgres::PgRow> for OfflineFiling {
    fn from_row(r: &sqlx::postgres::PgRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: r.try_get("offline_id")?,
            number: r.try_get("number")?,
            name: r.try_get("who")?,
            mobile_masked: r.try_get("mobile_masked")?,
            kind: r.try_get("kind")?,
            cause_name: r.try_get("cause_name")?,
            reason: r.try_get("reason")?,
            created_at: r.try_get("created_at")?,
            content_shown: r.try_get("shown")?,
            content: None,
            paper_id: r.try_get("paper_id")?,
        })
    }
}

/// The court's wishes for the counter, newest first, found by number or name.
pub async fn list(tx: &mut CourtTx, q: &str, after: Option<Uuid>, limit: i64) -> Result<Vec<OfflineFiling>> {
    let court = tx.court;
    let like = format!("%{}%", q.replace(['%', '_', '\\'], ""));
    Ok(sqlx::query_as(sql("where court_id = $1 and (number like $2 or who like $2) and ($3::uuid is null or offline_id < $3) order by offline_id desc limit $4"))
        .bind(court)
        .bind(like)
        .bind(after)
        .bind(limit)
        .fetch_all(tx.conn())
        .await?)
}

/// One wish, with what was typed when the person agreed.
pub async fn one(tx: &mut CourtTx, id: Uuid) -> Result<OfflineFiling> {
    let court = tx.court;
    let row = sqlx::query(sql("where court_id = $1 and offline_id = $2"))
        .bind(court)
        .bind(id)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)?;
    let sealed: Option<Vec<u8>> = row.try_get("content")?;
    let place = Place("offline_filings", "content", &id);
    let content = sealed.map(|s| tx.seal().open_json::<Value>(tx.owner(), place, &s)).transpose()?;
    Ok(OfflineFiling { content: content.map(Any), ..OfflineFiling::from_row(&row)? })
}
