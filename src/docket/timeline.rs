//! 经过: how acts are written down; and the plain clock, counted in `reckon.rs`.
//! Owns the table acts. Must never change an act once written.

use chrono::{DateTime, Utc};
use sqlx::Row;
use uuid::Uuid;

use super::hooks;
use super::reckon::{self, Asked, Bearing};
use super::views::{Act, Clock};
use super::words::ActState;
use crate::app::App;
use crate::court::clock_view::Life;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, Said, said};

/// An act to be written down.
pub struct Note {
    /// Stable word.
    pub act: &'static str,
    /// What happened.
    pub text: Said,
    /// 依据.
    pub rule: Option<&'static str>,
    /// 法律效果.
    pub effect: Option<Said>,
    /// Court staff only.
    pub staff_only: bool,
}

impl Note {
    /// An act everybody in the matter sees.
    pub fn new(act: &'static str, text: Said) -> Self {
        Self { act, text, rule: None, effect: None, staff_only: false }
    }

    /// By this rule.
    pub fn by(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }

    /// With this effect.
    pub fn with_effect(mut self, effect: Said) -> Self {
        self.effect = Some(effect);
        self
    }

    /// For the court's own eyes.
    pub fn for_staff(mut self) -> Self {
        self.staff_only = true;
        self
    }
}

/// Writes an act on a filing or a case.
pub async fn write(tx: &mut CourtTx, subject: Uuid, note: Note) -> Result<()> {
    hooks::acted(tx, subject, &note)?;
    let (id, now, who, person) = (tx.id(), tx.now(), tx.who.to_string(), tx.person().ok());
    let (effect, effect_en) = note.effect.map(|(zh, en)| (zh.into_owned(), en.into_owned())).unzip();
    sqlx::query(
        "insert into acts (court_id, act_id, subject_id, at, person_id, who, act, text, text_en, rule, effect, effect_en, audience)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
    )
    .bind(tx.court)
    .bind(id)
    .bind(subject)
    .bind(now)
    .bind(person)
    .bind(who)
    .bind(note.act)
    .bind(note.text.0.as_ref())
    .bind(note.text.1.as_ref())
    .bind(note.rule)
    .bind(effect)
    .bind(effect_en)
    .bind(if note.staff_only { "staff" } else { "all" })
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// An act as it was written down, for the court a filing is transferred to.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs, reason = "the columns of acts, documented in the migration")]
pub struct PastAct {
    pub at: DateTime<Utc>,
    pub person_id: Option<Uuid>,
    pub who: String,
    pub act: String,
    pub text: String,
    pub text_en: String,
    pub rule: Option<String>,
    pub effect: Option<String>,
    pub effect_en: Option<String>,
    pub audience: String,
}

/// Every act on a filing, oldest first.
pub async fn past(tx: &mut CourtTx, subject: Uuid) -> Result<Vec<PastAct>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select at, person_id, who, act, text, text_en, rule, effect, effect_en, audience from acts where court_id = $1 and subject_id = $2 order by act_id",
    )
    .bind(court)
    .bind(subject)
    .fetch_all(tx.conn())
    .await?)
}

/// Writes an act of another court under a transferred filing, with the time at which it happened.
pub async fn carry(tx: &mut CourtTx, subject: Uuid, act: &PastAct) -> Result<()> {
    let (id, court) = (tx.id(), tx.court);
    sqlx::query(
        "insert into acts (court_id, act_id, subject_id, at, person_id, who, act, text, text_en, rule, effect, effect_en, audience)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
    )
    .bind(court)
    .bind(id)
    .bind(subject)
    .bind(act.at)
    .bind(act.person_id)
    .bind(&act.who)
    .bind(&act.act)
    .bind(&act.text)
    .bind(&act.text_en)
    .bind(&act.rule)
    .bind(&act.effect)
    .bind(&act.effect_en)
    .bind(&act.audience)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The acts of a filing and its case, newest first.
pub async fn read(tx: &mut CourtTx, subjects: &[Uuid]) -> Result<Vec<Act>> {
    let rows = sqlx::query(
        "select at, who, act, text, text_en, rule, effect, effect_en from acts where court_id = $1 and subject_id = any($2) order by act_id desc limit 500",
    )
    .bind(tx.court)
    .bind(subjects)
    .fetch_all(tx.conn())
    .await?;
    let mut seen = std::collections::HashSet::new();
    Ok(rows
        .into_iter()
        // docketing is an act of the filing and of its case: told once
        .filter(|r| r.get::<String, _>("act") != "docketed" || seen.insert("docketed"))
        .map(|r| Act {
            at: r.get("at"),
            who: r.get("who"),
            act: r.get("act"),
            text: r.get("text"),
            text_en: r.get("text_en"),
            rule: r.get("rule"),
            effect: r.get("effect"),
            effect_en: r.get("effect_en"),
            state: ActState::Done,
        })
        .collect())
}

/// The clock of a period of the table, from an event, with the court's own length where it set one, and nothing else
/// that bears on it.
///
/// # Errors
/// 503 when the calendar cannot count it at all.
pub fn clock(app: &App, court: i32, key: &str, days: Option<u32>, from: DateTime<Utc>, life: &Life) -> Result<Clock> {
    reckon::clock(app, &Asked { court, key, days, from }, life, &Bearing::default())
}

/// The calendar of holidays ends somewhere.
pub fn beyond_calendar(error: crate::court::calendar::CalendarError) -> Error {
    tracing::error!(%error, "the calendar ends");
    Error::unavailable(
        "calendar.unknown",
        said(
            "这个期限超出了已公布的放假安排，暂时算不出。",
            "This period runs past the holidays announced so far; it cannot be counted yet.",
        ),
    )
}
