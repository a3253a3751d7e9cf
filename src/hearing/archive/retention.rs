//! 保管期限: how long the recordings of a case are kept, by the archive class of the case.
//!
//! Owns the classes, the reckoning (from the year after the case was closed) and `recording_retention`. Where nobody set a
//! class, recordings are kept for good. Must never shorten what a longer class keeps without a reason on record.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::super::joint;
use super::super::refusal::reasoned;
use crate::court::beijing::beijing_date;
use crate::court::tx::CourtTx;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::kit::words::words;

words! {
    /// 档案保管期限.
    Class as "RetentionClass":
    Permanent = "permanent", "永久", "for good";
    SixtyYears = "sixty_years", "六十年", "sixty years";
    ThirtyYears = "thirty_years", "三十年", "thirty years";
}

impl Class {
    const fn years(self) -> Option<i32> {
        match self {
            Self::Permanent => None,
            Self::SixtyYears => Some(60),
            Self::ThirtyYears => Some(30),
        }
    }
}

/// The first day on which it need not be kept any more; none: for good, or the case is not closed.
pub fn until(class: Class, closed_on: Option<NaiveDate>) -> Option<NaiveDate> {
    let (years, closed) = (class.years()?, closed_on?);
    NaiveDate::from_ymd_opt(closed.year() + 1 + years, 1, 1)
}

/// What is set for a case.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Class.
    pub class: Class,
    /// Until.
    pub until: Option<NaiveDate>,
    /// How many recordings it holds for.
    pub recordings: u64,
}

/// What is set for a case; where nothing is, for good.
///
/// # Errors
/// 404.
pub async fn of_case(tx: &mut CourtTx, case: Uuid) -> Result<(Class, Option<NaiveDate>)> {
    find(tx, case).await?.ok_or_else(Error::not_found)
}

/// How long the recordings of a hearing are kept: as long as any of the cases heard in it asks for. A case the caller does
/// not see keeps them for good.
///
/// # Errors
/// What the database says.
pub async fn of_hearing(tx: &mut CourtTx, hearing: Uuid, lead: Uuid) -> Result<Option<NaiveDate>> {
    let mut longest = None;
    for case in joint::cases(tx, hearing, lead).await? {
        let Some((_, Some(until))) = find(tx, case).await? else { return Ok(None) };
        longest = longest.max(Some(until));
    }
    Ok(longest)
}

async fn find(tx: &mut CourtTx, case: Uuid) -> Result<Option<(Class, Option<NaiveDate>)>> {
    let court = tx.court;
    let row: Option<(Option<DateTime<Utc>>, Option<String>)> = sqlx::query_as(
        "select c.closed_at, r.class from cases c left join recording_retention r on r.court_id = c.court_id and r.case_id = c.case_id where c.court_id = $1 and c.case_id = $2",
    )
    .bind(court)
    .bind(case)
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|(closed, class)| {
        let class = class.as_deref().and_then(Class::parse).unwrap_or(Class::Permanent);
        (class, until(class, closed.map(beijing_date)))
    }))
}

/// Sets the class of a case's recordings, those there are and those to come.
///
/// # Errors
/// 404, a reason that says nothing.
pub async fn set(tx: &mut CourtTx, case: Uuid, class: Class, reason: &str) -> Result<Kept> {
    let (court, now, me) = (tx.court, tx.now(), tx.person()?);
    reasoned(reason, "/reason")?;
    of_case(tx, case).await?;
    sqlx::query(
        "insert into recording_retention (court_id, case_id, class, reason, set_by, set_at) values ($1,$2,$3,$4,$5,$6)
         on conflict (court_id, case_id) do update set class = $3, reason = $4, set_by = $5, set_at = $6",
    )
    .bind(court)
    .bind(case)
    .bind(class.key())
    .bind(reason.trim())
    .bind(me)
    .bind(now)
    .execute(tx.conn())
    .await?;
    let (_, until) = of_case(tx, case).await?;
    let recordings = mark(tx, case).await?;
    let text = said(format!("庭审录音录像保管期限：{}", class.zh()), format!("Recordings are kept: {}", class.en()));
    timeline::write(tx, case, Note::new("recording_retention", text).for_staff()).await?;
    Ok(Kept { class, until, recordings })
}

/// Writes it on the recordings of every hearing in which the case was heard, alone or with others.
async fn mark(tx: &mut CourtTx, case: Uuid) -> Result<u64> {
    let court = tx.court;
    let hearings: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "select distinct r.hearing_id, r.case_id from recordings r where r.court_id = $1 and r.gone_at is null and (r.case_id = $2
           or exists (select 1 from hearing_cases x where x.court_id = r.court_id and x.hearing_id = r.hearing_id and x.case_id = $2))",
    )
    .bind(court)
    .bind(case)
    .fetch_all(tx.conn())
    .await?;
    let mut recordings = 0;
    for (hearing, lead) in hearings {
        let until = of_hearing(tx, hearing, lead).await?;
        let done = sqlx::query("update recordings set retain_until = $3 where court_id = $1 and hearing_id = $2 and gone_at is null")
            .bind(court)
            .bind(hearing)
            .bind(until)
            .execute(tx.conn())
            .await?;
        recordings += done.rows_affected();
    }
    Ok(recordings)
}

/// What the audit row says.
pub fn details(kept: &Kept) -> serde_json::Value {
    json!({ "class": kept.class.key(), "until": kept.until, "recordings": kept.recordings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_begin_after_the_year_in_which_the_case_was_closed() {
        let day = |t: &str| t.parse::<NaiveDate>().unwrap();
        for (class, closed, kept) in [
            (Class::ThirtyYears, Some("2026-11-26"), Some("2057-01-01")),
            (Class::ThirtyYears, Some("2026-01-01"), Some("2057-01-01")),
            (Class::SixtyYears, Some("2026-12-31"), Some("2087-01-01")),
            (Class::Permanent, Some("2026-11-26"), None),
            (Class::ThirtyYears, None, None),
        ] {
            assert_eq!(until(class, closed.map(day)), kept.map(day), "{class:?} {closed:?}");
        }
    }
}
