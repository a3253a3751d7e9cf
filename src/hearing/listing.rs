//! Reading hearings: a court's day, one hearing whole, one's own over all courts. Owns the SQL that reads.
//!
//! Row security says which rows; every statement names its court or its person all the same. Must never show a party a
//! number, a sealed word, or what the court keeps to itself.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::notices::REACHED;
use super::states::Course;
use super::words::{Mode, Place, Role, SessionKind, Side, State};
use crate::court::tx::{CourtTx, PersonTx};
use crate::error::{Error, Result};

/// A hearing in a list.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of hearings, documented in the migration")]
pub struct Listed {
    pub court_id: i32,
    pub hearing_id: Uuid,
    pub case_id: Uuid,
    pub number: String,
    pub case_number: String,
    pub cause_name: String,
    pub kind: SessionKind,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub courtroom: Option<String>,
    pub held: String,
    pub state: State,
    pub public: bool,
    pub version: i32,
    pub group: Option<Uuid>,
    pub bench: Json<Value>,
    pub rebook: bool,
}

const LISTED: &str = "select h.court_id, h.hearing_id, h.case_id, h.number, h.case_number, h.cause_name, h.kind, h.starts_at, h.ends_at, r.name as courtroom, h.held, h.state, h.public, h.version, h.group_id as \"group\", h.bench, h.rebook_asked is not null as rebook
  from hearings h left join courtrooms r on r.court_id = h.court_id and r.courtroom_id = h.courtroom_id";

/// What to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// From.
    pub from: Option<DateTime<Utc>>,
    /// Until.
    pub until: Option<DateTime<Utc>>,
    /// State.
    pub state: Option<&'a str>,
    /// Courtroom.
    pub courtroom: Option<Uuid>,
    /// In which this person sits.
    pub person: Option<Uuid>,
    /// Of this case.
    pub case: Option<Uuid>,
    /// Which wait for another time, that was granted.
    pub rebook: bool,
    /// After this hearing.
    pub after: Option<Uuid>,
    /// At most so many.
    pub limit: i64,
}

/// Hearings of a court, by time.
///
/// # Errors
/// What the database says.
pub async fn of_court(tx: &mut CourtTx, w: &Wanted<'_>) -> Result<Vec<Listed>> {
    let court = tx.court;
    let sql = format!(
        "{LISTED} where h.court_id = $1 and ($2::timestamptz is null or h.ends_at > $2) and ($3::timestamptz is null or h.starts_at < $3) and ($4::text is null or h.state = $4)
           and ($5::uuid is null or h.courtroom_id = $5)
           and ($6::uuid is null or exists (select 1 from hearing_people p where p.court_id = h.court_id and p.hearing_id = h.hearing_id and p.person_id = $6 and p.until is null))
           and ($7::uuid is null or h.case_id = $7 or exists (select 1 from hearing_cases x where x.court_id = h.court_id and x.hearing_id = h.hearing_id and x.case_id = $7))
           and ($8::uuid is null or (h.starts_at, h.hearing_id) > (select x.starts_at, x.hearing_id from hearings x where x.court_id = $1 and x.hearing_id = $8))
           and (not $10 or (h.rebook_asked is not null and h.state in ('scheduled', 'waiting')))
         order by h.starts_at, h.hearing_id limit $9"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(court)
        .bind(w.from)
        .bind(w.until)
        .bind(w.state)
        .bind(w.courtroom)
        .bind(w.person)
        .bind(w.case)
        .bind(w.after)
        .bind(w.limit)
        .bind(w.rebook)
        .fetch_all(tx.conn())
        .await?)
}

/// How the people of hearings were reached, and how their devices tested: of seats outside the court.
#[derive(Debug, Clone, Copy, Default, FromRow)]
#[allow(missing_docs, reason = "counts, by their names")]
pub struct Counts {
    pub hearing_id: Uuid,
    pub unreached: i64,
    pub good: i64,
    pub fair: i64,
    pub poor: i64,
    pub untested: i64,
}

/// The seats that are told and tested: neither the court's own nor the gallery's.
const OUTSIDE: &str = "p.role not in ('presiding_judge', 'sole_judge', 'panel_judge', 'lay_judge', 'judge_assistant', 'clerk', 'technician', 'observer', 'press')";

/// Counts of these hearings, in one look. Devices count of those who take part online.
///
/// # Errors
/// What the database says.
pub async fn counts(tx: &mut CourtTx, hearings: &[Uuid]) -> Result<Vec<Counts>> {
    let court = tx.court;
    let sql = format!(
        "select p.hearing_id, count(*) filter (where not ({REACHED})) as unreached,
           count(*) filter (where p.mode = 'online' and t.score = 'good') as good, count(*) filter (where p.mode = 'online' and t.score = 'fair') as fair,
           count(*) filter (where p.mode = 'online' and t.score = 'poor') as poor, count(*) filter (where p.mode = 'online' and t.score is null) as untested
         from hearing_participants p join hearings h on h.court_id = p.court_id and h.hearing_id = p.hearing_id
         left join lateral (select x.score from hearing_tests x where x.court_id = p.court_id and x.hearing_id = p.hearing_id and x.participant_id = p.participant_id
           order by x.at desc, x.test_id desc limit 1) t on true
         where p.court_id = $1 and p.hearing_id = any($2) and p.removed_at is null and {OUTSIDE} group by p.hearing_id"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(hearings).fetch_all(tx.conn()).await?)
}

/// One's own hearings over all courts, by time.
///
/// # Errors
/// What the database says.
pub async fn own(tx: &mut PersonTx, from: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>, limit: i64) -> Result<Vec<Listed>> {
    let person = tx.person;
    let sql = format!(
        "{LISTED} where (exists (select 1 from hearing_people p where p.court_id = h.court_id and p.hearing_id = h.hearing_id and p.person_id = $1 and p.until is null)
             or exists (select 1 from case_people m where m.court_id = h.court_id and m.person_id = $1 and m.until is null
               and (m.case_id = h.case_id or exists (select 1 from hearing_cases x where x.court_id = h.court_id and x.hearing_id = h.hearing_id and x.case_id = m.case_id))))
           and ($2::timestamptz is null or h.ends_at > $2) and ($3::timestamptz is null or h.starts_at < $3) order by h.starts_at, h.hearing_id limit $4"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(person).bind(from).bind(until).bind(limit).fetch_all(tx.conn()).await?)
}

/// A hearing whole.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of hearings, documented in the migration")]
pub struct Row {
    pub hearing_id: Uuid,
    pub case_id: Uuid,
    pub number: String,
    pub case_number: String,
    pub cause_name: String,
    pub kind: SessionKind,
    pub template: String,
    pub procedure: String,
    pub stage: String,
    pub public: bool,
    pub closed_reason: Option<String>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub courtroom_id: Option<Uuid>,
    pub courtroom: Option<String>,
    pub place: Option<String>,
    pub held: String,
    pub group_id: Option<Uuid>,
    pub day_no: i32,
    pub follows: Option<Uuid>,
    pub bench: Json<Value>,
    pub rules: Json<Value>,
    pub rebook_asked: Option<Json<Value>>,
    pub suitability: Json<Value>,
    pub lead: Json<Value>,
    pub delayed_until: Option<DateTime<Utc>>,
    pub delayed_reason: Option<String>,
    pub state: State,
    pub course: Json<Value>,
    pub version: i32,
}

/// One hearing, or "not found" for whoever may not see it.
///
/// # Errors
/// 404.
pub async fn row(tx: &mut CourtTx, hearing: Uuid) -> Result<Row> {
    let court = tx.court;
    sqlx::query_as(
        "select h.hearing_id, h.case_id, h.number, h.case_number, h.cause_name, h.kind, h.template, h.procedure, h.stage, h.public, h.closed_reason, h.starts_at, h.ends_at,
           h.courtroom_id, r.name as courtroom, r.place, h.held, h.group_id, h.day_no, h.follows, h.bench, h.rules, h.rebook_asked, h.suitability, h.lead, h.delayed_until, h.delayed_reason, h.state, h.course, h.version
         from hearings h left join courtrooms r on r.court_id = h.court_id and r.courtroom_id = h.courtroom_id where h.court_id = $1 and h.hearing_id = $2",
    )
    .bind(court)
    .bind(hearing)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)
}

/// Somebody who takes part, with what is known of him or her.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of hearing_participants, documented in the migration")]
pub struct Sits {
    pub participant_id: Uuid,
    pub role: Role,
    pub side: Option<Side>,
    pub party_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub name: String,
    pub mode: Mode,
    pub mode_because: Json<Value>,
    pub must_appear: bool,
    pub minor: bool,
    pub mobile_masked: Option<String>,
    pub interprets: Option<String>,
    pub reached: bool,
    pub test: Option<String>,
    pub place: Option<Place>,
    pub measures: Option<Json<Value>>,
}

/// Who takes part, as far as the caller's seat shows.
///
/// # Errors
/// What the database says.
pub async fn sits(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Sits>> {
    let court = tx.court;
    let sql = format!(
        "select p.participant_id, p.role, p.side, p.party_id, p.person_id, p.name, p.mode, p.mode_because, p.must_appear, p.minor, p.mobile_masked, p.interprets, p.measures,
           ({REACHED}) as reached,
           (select t.score from hearing_tests t where t.court_id = p.court_id and t.hearing_id = p.hearing_id and t.participant_id = p.participant_id order by t.at desc limit 1) as test,
           (select s.place from hearing_presence s where s.court_id = p.court_id and s.hearing_id = p.hearing_id and s.participant_id = p.participant_id) as place
         from hearing_participants p join hearings h on h.court_id = p.court_id and h.hearing_id = p.hearing_id
         where p.court_id = $1 and p.hearing_id = $2 and p.removed_at is null order by p.seated_at, p.participant_id"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(hearing).fetch_all(tx.conn()).await?)
}

/// The other days of several, what this one follows, and what follows it.
///
/// # Errors
/// What the database says.
pub async fn linked(tx: &mut CourtTx, row: &Row) -> Result<Vec<Listed>> {
    let court = tx.court;
    let sql = format!(
        "{LISTED} where h.court_id = $1 and h.hearing_id <> $2 and (h.group_id = $3 or h.hearing_id = $4 or h.follows = $2) order by h.starts_at, h.hearing_id limit 40"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(court)
        .bind(row.hearing_id)
        .bind(row.group_id)
        .bind(row.follows)
        .fetch_all(tx.conn())
        .await?)
}

/// The course as it was copied.
pub fn course(row: &Row) -> Value {
    let empty = serde_json::to_value(Course::default()).unwrap_or_default();
    if row.course.0.is_null() { empty } else { row.course.0.clone() }
}
