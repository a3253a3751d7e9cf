//! 合并审理: the cases a hearing is of.
//!
//! Owns `hearing_cases` and what follows from there being several: what happens is written into each. Must never join a case
//! that is sealed, or one of another kind of procedure than the leading one.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::plan::CaseRow;
use super::refusal::Refusal;
use crate::court::tx::CourtTx;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result};

/// The cases of a hearing, the leading one first.
///
/// # Errors
/// What the database says.
pub async fn cases(tx: &mut CourtTx, hearing: Uuid, lead: Uuid) -> Result<Vec<Uuid>> {
    let court = tx.court;
    let joined: Vec<Uuid> = sqlx::query_scalar(
        "select case_id from hearing_cases where court_id = $1 and hearing_id = $2 and case_id <> $3 order by joined_at, case_id",
    )
    .bind(court)
    .bind(hearing)
    .bind(lead)
    .fetch_all(tx.conn())
    .await?;
    Ok(std::iter::once(lead).chain(joined).collect())
}

/// A case of a hearing, as far as the caller's seat shows its number.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns, documented in the migration")]
pub struct Of {
    pub case_id: Uuid,
    pub number: Option<String>,
}

/// The cases of a joint hearing; empty for one of a single case.
///
/// # Errors
/// What the database says.
pub async fn named(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Of>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select x.case_id, c.number from hearing_cases x left join cases c on c.court_id = x.court_id and c.case_id = x.case_id
         where x.court_id = $1 and x.hearing_id = $2 order by x.case_id <> x.lead_id, x.joined_at, x.case_id",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?)
}

/// Which case a party of a hearing belongs to.
///
/// # Errors
/// What the database says.
pub async fn case_of_party(tx: &mut CourtTx, hearing: Uuid, party: Uuid) -> Result<Option<Uuid>> {
    let court = tx.court;
    Ok(sqlx::query_scalar("select case_id from hearing_participants where court_id = $1 and hearing_id = $2 and party_id = $3 limit 1")
        .bind(court)
        .bind(hearing)
        .bind(party)
        .fetch_optional(tx.conn())
        .await?)
}

/// Which case somebody takes part for.
///
/// # Errors
/// 404.
pub async fn case_of(tx: &mut CourtTx, hearing: Uuid, participant: Uuid) -> Result<Uuid> {
    let court = tx.court;
    let case: Option<Uuid> =
        sqlx::query_scalar("select case_id from hearing_participants where court_id = $1 and hearing_id = $2 and participant_id = $3")
            .bind(court)
            .bind(hearing)
            .bind(participant)
            .fetch_optional(tx.conn())
            .await?;
    case.ok_or_else(Error::not_found)
}

/// Writes down which cases are heard together.
///
/// # Errors
/// What the database says.
pub async fn join(tx: &mut CourtTx, hearing: Uuid, lead: Uuid, joined: &[CaseRow]) -> Result<()> {
    if joined.is_empty() {
        return Ok(());
    }
    let (court, now, by): (i32, DateTime<Utc>, Uuid) = (tx.court, tx.now(), tx.person()?);
    for case in std::iter::once(lead).chain(joined.iter().map(|c| c.case_id)) {
        sqlx::query("insert into hearing_cases (court_id, hearing_id, case_id, lead_id, joined_by, joined_at) values ($1,$2,$3,$4,$5,$6)")
            .bind(court)
            .bind(hearing)
            .bind(case)
            .bind(lead)
            .bind(by)
            .bind(now)
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// Refuses cases that are not heard together: sealed, closed, of another kind, stage or procedure (民事诉讼法 Art 143).
pub fn fault(lead: &CaseRow, joined: &[CaseRow]) -> Option<Refusal> {
    let apart = |c: &CaseRow| {
        c.case_id == lead.case_id
            || c.sealed
            || lead.sealed
            || c.closed_at.is_some()
            || (c.kind.as_str(), c.stage(), c.procedure()) != (lead.kind.as_str(), lead.stage(), lead.procedure())
    };
    let case = joined.iter().find(|c| apart(c))?;
    let zh = format!("{}不能与本案合并审理。", case.number);
    let en = format!("{} cannot be heard together with this case.", case.number);
    let cure = (
        "只有没有封存、没有结案，且审级、程序相同的案件可以合并审理；其他的可以关联排期。",
        "Only cases neither sealed nor closed, of one stage and procedure, are heard together; others can be linked.",
    );
    Some(Refusal::new("hearing.joined", (zh, en), cure).at("/joined_case_ids"))
}

/// The numbers of several cases in one line.
pub fn numbers(lead: &CaseRow, joined: &[CaseRow]) -> String {
    std::iter::once(lead).chain(joined).map(|c| c.number.as_str()).collect::<Vec<_>>().join("、")
}

/// The causes of several cases in one line, each once (案由).
pub fn causes(lead: &CaseRow, joined: &[CaseRow]) -> String {
    let mut causes: Vec<&str> = Vec::new();
    for case in std::iter::once(lead).chain(joined) {
        if !causes.contains(&case.cause_name.as_str()) {
            causes.push(&case.cause_name);
        }
    }
    causes.join("、")
}

/// Writes a note into the timeline of every case of a hearing.
///
/// # Errors
/// What the database says.
pub async fn note(tx: &mut CourtTx, hearing: Uuid, lead: Uuid, note: Note) -> Result<()> {
    for case in cases(tx, hearing, lead).await? {
        let same =
            Note { act: note.act, text: note.text.clone(), rule: note.rule, effect: note.effect.clone(), staff_only: note.staff_only };
        timeline::write(tx, case, same).await?;
    }
    Ok(())
}
