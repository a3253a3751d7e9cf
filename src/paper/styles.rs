//! 文书样式: a court's own template in place of the house's, by version, with a draft beside it.
//!
//! Owns `paper_styles` and `paper_style_drafts`. A draft is kept however faulty it is; only a sound one is published. A
//! paper is set by the version it was issued under, and by the house's own when that one fails on real data: a template
//! may cost a paper its looks, never the paper. Must never let a source reach anything but the paper's own data.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::FromRow;

use super::house;
use super::issue::Unset;
use super::renderer::{Fault, Job, Rendered};
use super::style_views::{PaperTemplate, PaperTemplateDetail, PastTemplate, TemplateCheck, TemplateFault};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};

/// What a source must carry to be a paper of the court: the shared page with number, court and verification code.
const FRAME: &str = "base.typ";

/// A version in force.
#[derive(FromRow)]
struct Own {
    template: String,
    version: i32,
    published_at: DateTime<Utc>,
    by_name: String,
    fault: Option<String>,
}

/// The papers of a court and who dressed them.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut CourtTx) -> Result<Vec<PaperTemplate>> {
    let court = tx.court;
    let own: Vec<Own> =
        sqlx::query_as("select template, version, published_at, by_name, fault from paper_styles where court_id = $1 and ended_at is null")
            .bind(court)
            .fetch_all(tx.conn())
            .await?;
    let drafts: Vec<String> =
        sqlx::query_scalar("select template from paper_style_drafts where court_id = $1").bind(court).fetch_all(tx.conn()).await?;
    let one = |(key, zh, en): &(&str, &str, &str)| {
        let own = own.iter().find(|o| o.template == *key);
        PaperTemplate {
            name: (*key).into(),
            title: (*zh).into(),
            title_en: (*en).into(),
            own: own.is_some(),
            draft: drafts.iter().any(|d| d == key),
            version: own.map(|o| o.version),
            published_at: own.map(|o| o.published_at),
            by: own.map(|o| o.by_name.clone()),
            fault: own.and_then(|o| o.fault.clone()),
        }
    };
    Ok(house::PAPERS.iter().map(one).collect())
}

/// One paper's template, with its draft and past.
///
/// # Errors
/// 404 for a paper there is not.
pub async fn detail(tx: &mut CourtTx, name: &str) -> Result<PaperTemplateDetail> {
    let template = list(tx).await?.into_iter().find(|t| t.name == name).ok_or_else(Error::not_found)?;
    let court = tx.court;
    let past: Vec<PastTemplate> = sqlx::query_as(
        "select version, published_at, by_name, reason, ended_at, end_reason from paper_styles where court_id = $1 and template = $2 order by version desc limit 100",
    )
    .bind(court)
    .bind(name)
    .fetch_all(tx.conn())
    .await?;
    let draft = draft(tx, name).await?;
    Ok(PaperTemplateDetail {
        house_source: house::source(name).unwrap_or_default(),
        own_source: source(tx, name, None).await?.map(|(_, source)| source),
        version: draft.as_ref().map_or(0, |(version, _)| *version),
        draft_source: draft.map(|(_, source)| source),
        template,
        past,
    })
}

/// The draft with its version.
async fn draft(tx: &mut CourtTx, name: &str) -> Result<Option<(i32, String)>> {
    let court = tx.court;
    Ok(sqlx::query_as("select version, source from paper_style_drafts where court_id = $1 and template = $2")
        .bind(court)
        .bind(name)
        .fetch_optional(tx.conn())
        .await?)
}

/// The source in force now, or at an instant; none where the house's own holds.
///
/// # Errors
/// What the database says.
pub async fn source(tx: &mut CourtTx, name: &str, at: Option<DateTime<Utc>>) -> Result<Option<(i32, String)>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select version, source from paper_styles where court_id = $1 and template = $2
           and case when $3::timestamptz is null then ended_at is null else published_at <= $3 and (ended_at is null or ended_at > $3) end",
    )
    .bind(court)
    .bind(name)
    .bind(at)
    .fetch_optional(tx.conn())
    .await?)
}

/// Keeps a draft, faulty or not. `seen` is the version it is based on, 0 for none.
///
/// # Errors
/// 404, 412 when somebody else saved meanwhile.
pub async fn save(tx: &mut CourtTx, name: &str, seen: i32, text: &str) -> Result<i32> {
    house::names(name).ok_or_else(Error::not_found)?;
    let (court, now, person) = (tx.court, tx.now(), tx.person()?);
    let held = draft(tx, name).await?.map_or(0, |(version, _)| version);
    if held != seen {
        return Err(Error::stale());
    }
    sqlx::query(
        "insert into paper_style_drafts (court_id, template, source, version, changed_at, changed_by) values ($1, $2, $3, $4, $5, $6)
         on conflict (court_id, template) do update set source = $3, version = $4, changed_at = $5, changed_by = $6",
    )
    .bind(court)
    .bind(name)
    .bind(text)
    .bind(held + 1)
    .bind(now)
    .bind(person)
    .execute(tx.conn())
    .await?;
    Ok(held + 1)
}

/// The draft, to be checked or shown.
///
/// # Errors
/// 404 when there is none.
pub async fn draft_source(tx: &mut CourtTx, name: &str) -> Result<String> {
    Ok(draft(tx, name).await?.ok_or_else(Error::not_found)?.1)
}

/// Puts the draft in force: papers issued from now on are set by it.
///
/// # Errors
/// 409 when the draft changed since it was checked.
pub async fn publish(tx: &mut CourtTx, name: &str, checked: &str, reason: &str) -> Result<i32> {
    let (court, now, person, who) = (tx.court, tx.now(), tx.person()?, tx.who.to_string());
    if draft_source(tx, name).await? != checked {
        return Err(Error::conflict(
            "template.changed",
            said("检查之后草稿又改过。", "The draft changed after it was checked."),
            said("请重新预览再发布。", "Preview it again, then publish."),
        ));
    }
    end(tx, name, "新版本").await?;
    let version: i32 = sqlx::query_scalar(
        "insert into paper_styles (court_id, template, version, source, reason, published_at, published_by, by_name)
         select $1, $2, 1 + coalesce((select max(version) from paper_styles where court_id = $1 and template = $2), 0), $3, $4, $5, $6, $7 returning version",
    )
    .bind(court)
    .bind(name)
    .bind(checked)
    .bind(reason)
    .bind(now)
    .bind(person)
    .bind(who)
    .fetch_one(tx.conn())
    .await?;
    sqlx::query("delete from paper_style_drafts where court_id = $1 and template = $2").bind(court).bind(name).execute(tx.conn()).await?;
    Ok(version)
}

/// Ends the version in force; answers whether there was one.
///
/// # Errors
/// What the database says.
pub async fn end(tx: &mut CourtTx, name: &str, reason: &str) -> Result<bool> {
    let (court, now) = (tx.court, tx.now());
    let ended =
        sqlx::query("update paper_styles set ended_at = $3, end_reason = $4 where court_id = $1 and template = $2 and ended_at is null")
            .bind(court)
            .bind(name)
            .bind(now)
            .bind(reason)
            .execute(tx.conn())
            .await?;
    Ok(ended.rows_affected() == 1)
}

/// Sets a sample by a source: the PDF, or where the source is at fault. Its own renderer: a source that loops keeps no
/// real paper waiting.
///
/// # Errors
/// 503 when the renderer does not answer.
pub async fn sample(
    app: &App,
    court: i32,
    name: &str,
    text: Option<String>,
    now: DateTime<Utc>,
) -> Result<std::result::Result<Rendered, TemplateFault>> {
    if let Some(text) = &text
        && !text.contains(FRAME)
    {
        return Ok(Err(TemplateFault {
            line: 1,
            message: format!(
                "样式必须引入 {FRAME}：案号、院名和核验码由它排印 · import {FRAME}: it sets the number, the court and the verification code"
            ),
        }));
    }
    let data = house::sample(name).ok_or_else(Error::not_found)?;
    let sample = Unset { template: name.to_owned(), own: None, data, code: "ABCD-EFGH-JKLM".into(), issued_at: now };
    let data = super::issue::dressed(app, court, &sample, app.seals.of(court, now)?.is_some());
    let job = Job { template: name.to_owned(), source: text, data, images: house::pictures(), created_at: now };
    Ok(app.previewer.try_render(&job).await?.map_err(TemplateFault::from))
}

impl From<Fault> for TemplateFault {
    fn from(fault: Fault) -> Self {
        Self { line: fault.line.unwrap_or(1), message: fault.message }
    }
}

/// The check of a draft as the page shows it.
pub fn check(version: i32, made: &std::result::Result<Rendered, TemplateFault>) -> TemplateCheck {
    let faults: Vec<TemplateFault> = made.as_ref().err().cloned().into_iter().collect();
    TemplateCheck { ok: faults.is_empty(), faults, version }
}

/// Refuses a source that cannot be set.
pub fn faulty(fault: &TemplateFault) -> Error {
    Error::invalid(
        "template.faulty",
        said(format!("第 {} 行：{}", fault.line, fault.message), format!("Line {}: {}", fault.line, fault.message)),
        said("请改好这一处再预览或发布。", "Mend that place, then preview or publish."),
    )
    .at("/source")
}

/// Sets a paper by the version it was issued under; by the house's own when that fails, and writes the fault down.
///
/// # Errors
/// As the renderer.
pub async fn render(app: &App, court: i32, mut job: Job, own: Option<(i32, String)>) -> Result<Rendered> {
    let Some((version, text)) = own else { return app.renderer.render(&job).await };
    job.source = Some(text);
    match app.renderer.try_render(&job).await? {
        Ok(done) => Ok(done),
        Err(fault) => {
            tracing::error!(court, template = job.template, version, line = fault.line, "a court's own template fails on a real paper");
            let mut tx = app.door.enter_as_house(court, "paper:style_fault").await?;
            note_fault(&mut tx, &job.template, version, &fault).await?;
            tx.commit(format!("template:{}", job.template), json!({ "version": version })).await?;
            job.source = None;
            app.renderer.render(&job).await
        }
    }
}

async fn note_fault(tx: &mut CourtTx, template: &str, version: i32, fault: &Fault) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query("update paper_styles set fault = $4, fault_at = $5 where court_id = $1 and template = $2 and version = $3")
        .bind(court)
        .bind(template)
        .bind(version)
        .bind(format!("{}: {}", fault.line.unwrap_or(0), fault.message))
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// What the audit row says of a source: its size, never its text.
pub fn details(text: &str, version: i32) -> Value {
    json!({ "version": version, "signs": text.chars().count() })
}
