//! 没空: whose time is taken, over all courts. Owns `person_busy`, and reads what lies in the own court's way.
//!
//! Of another court's matter a row says when, and nothing more; row security lets a court write only the slots its own
//! participants hold. Must never answer which court, case or hearing is behind a foreign slot.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::conflicts::{Busy, Reason, Span, Subject};
use crate::court::tx::{CourtTx, PersonTx};
use crate::error::{Error, Result, said};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Everything and everybody needed.
    pub needed: &'a [Subject],
    /// From.
    pub from: DateTime<Utc>,
    /// Until.
    pub until: DateTime<Utc>,
    /// The hearing that is being moved; it is not in its own way.
    pub own: Option<Uuid>,
    /// For whom a hearing of a sealed case has no name.
    pub viewer: Option<Uuid>,
}

#[derive(FromRow)]
struct Taken {
    id: Uuid,
    from_at: DateTime<Utc>,
    until_at: DateTime<Utc>,
    hearing_id: Option<Uuid>,
    here: bool,
    unavailable: bool,
}

impl Taken {
    fn busy(self, subject: Subject) -> Busy {
        let reason = match (self.here, self.unavailable) {
            (true, _) => Reason::Here,
            (false, true) => Reason::Unavailable,
            (false, false) => Reason::Elsewhere,
        };
        Busy { subject, span: Span { from: self.from_at, until: self.until_at }, reason, hearing: self.hearing_id }
    }
}

/// Whatever is taken of what is needed. The transaction sits in the seat of the house.
///
/// # Errors
/// What the database says.
pub async fn find(tx: &mut CourtTx, asked: &Asked<'_>) -> Result<Vec<Busy>> {
    let mut out = rooms(tx, asked).await?;
    out.extend(people(tx, asked).await?);
    Ok(out)
}

/// A hearing's id is told to whoever may see its case.
const NAMED: &str = "case when not c.sealed or exists (select 1 from case_people m where m.court_id = c.court_id and m.case_id = c.case_id and m.person_id = $5 and m.until is null) then h.hearing_id end";

async fn rooms(tx: &mut CourtTx, asked: &Asked<'_>) -> Result<Vec<Busy>> {
    let rooms: Vec<Uuid> = asked.needed.iter().filter_map(|s| if let Subject::Courtroom(id) = s { Some(*id) } else { None }).collect();
    let court = tx.court;
    let sql = format!(
        "select h.courtroom_id as id, h.starts_at as from_at, h.ends_at as until_at, {NAMED} as hearing_id, true as here, false as unavailable
         from hearings h join cases c on c.court_id = h.court_id and c.case_id = h.case_id
         where h.court_id = $1 and h.courtroom_id = any($2) and h.starts_at < $4 and h.ends_at > $3 and h.hearing_id is distinct from $6
           and h.state not in ('cancelled', 'postponed', 'moved_offline') order by h.starts_at limit 2000"
    );
    let rows: Vec<Taken> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(court)
        .bind(&rooms)
        .bind(asked.from)
        .bind(asked.until)
        .bind(asked.viewer)
        .bind(asked.own)
        .fetch_all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|r| (Subject::Courtroom(r.id), r)).map(|(s, r)| r.busy(s)).collect())
}

async fn people(tx: &mut CourtTx, asked: &Asked<'_>) -> Result<Vec<Busy>> {
    let person = |s: &Subject| match s {
        Subject::Court(id) | Subject::Person(id) => Some(*id),
        Subject::Courtroom(_) => None,
    };
    let people: Vec<Uuid> = asked.needed.iter().filter_map(person).collect();
    let court = tx.court;
    let sql = format!(
        "select b.person_id as id, b.from_at, b.until_at, {NAMED} as hearing_id, p.slot_id is not null as here, b.kind = 'unavailable' as unavailable
         from person_busy b
         left join hearing_participants p on p.court_id = $1 and p.slot_id = b.slot_id
         left join hearings h on h.court_id = p.court_id and h.hearing_id = p.hearing_id
         left join cases c on c.court_id = h.court_id and c.case_id = h.case_id
         where b.person_id = any($2) and not b.ended and b.from_at < $4 and b.until_at > $3 and (h.hearing_id is null or h.hearing_id is distinct from $6)
         order by b.from_at limit 5000"
    );
    let rows: Vec<Taken> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(court)
        .bind(&people)
        .bind(asked.from)
        .bind(asked.until)
        .bind(asked.viewer)
        .bind(asked.own)
        .fetch_all(tx.conn())
        .await?;
    let subject = |id: Uuid| asked.needed.iter().find(|s| person(s) == Some(id)).copied().unwrap_or(Subject::Person(id));
    Ok(rows.into_iter().map(|r| (subject(r.id), r)).map(|(s, r)| r.busy(s)).collect())
}

/// Holds judges and the courtroom until the transaction ends, in one order, so that two clerks at once book once.
///
/// # Errors
/// 404 for a courtroom that is not there or not used any more.
pub async fn hold(tx: &mut CourtTx, needed: &[Subject]) -> Result<()> {
    let court = tx.court;
    let mut needed = needed.to_vec();
    needed.sort_unstable();
    for subject in needed {
        match subject {
            Subject::Courtroom(room) => {
                let there: Option<(bool,)> =
                    sqlx::query_as("select active from courtrooms where court_id = $1 and courtroom_id = $2 for update")
                        .bind(court)
                        .bind(room)
                        .fetch_optional(tx.conn())
                        .await?;
                if there != Some((true,)) {
                    return Err(Error::not_found());
                }
            }
            Subject::Court(person) => {
                sqlx::query("select pg_advisory_xact_lock(hashtextextended($1::text, 13))").bind(person).execute(tx.conn()).await?;
            }
            Subject::Person(_) => {}
        }
    }
    Ok(())
}

/// Takes a participant's time; the participant's row must stand.
///
/// # Errors
/// What the database says.
pub async fn take(tx: &mut CourtTx, slot: Uuid, person: Uuid, span: Span) -> Result<()> {
    sqlx::query(
        "insert into person_busy (slot_id, person_id, kind, from_at, until_at) values ($1, $2, 'hearing', $3, $4)
         on conflict (slot_id) do update set from_at = $3, until_at = $4, ended = false",
    )
    .bind(slot)
    .bind(person)
    .bind(span.from)
    .bind(span.until)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Gives the time of a hearing's participants back.
///
/// # Errors
/// What the database says.
pub async fn give_back(tx: &mut CourtTx, hearing: Uuid) -> Result<()> {
    let court = tx.court;
    sqlx::query("update person_busy set ended = true where slot_id in (select slot_id from hearing_participants where court_id = $1 and hearing_id = $2)")
        .bind(court)
        .bind(hearing)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Gives the time of one participant back; the participant's row must stand.
///
/// # Errors
/// What the database says.
pub async fn give_back_one(tx: &mut CourtTx, hearing: Uuid, participant: Uuid) -> Result<()> {
    let court = tx.court;
    sqlx::query(
        "update person_busy set ended = true
         where slot_id = (select slot_id from hearing_participants where court_id = $1 and hearing_id = $2 and participant_id = $3)",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The most times one may write down ahead.
const MOST_OWN: i64 = 500;

/// One's own time that is taken.
#[derive(Debug, Clone, FromRow)]
pub struct Own {
    /// Slot.
    pub slot_id: Uuid,
    /// From.
    pub from_at: DateTime<Utc>,
    /// Until.
    pub until_at: DateTime<Utc>,
}

/// One's own unavailable times from now on.
///
/// # Errors
/// What the database says.
pub async fn own(tx: &mut PersonTx) -> Result<Vec<Own>> {
    let (person, now) = (tx.person, tx.now());
    Ok(sqlx::query_as("select slot_id, from_at, until_at from person_busy where person_id = $1 and kind = 'unavailable' and not ended and until_at > $2 order by from_at limit $3")
        .bind(person)
        .bind(now)
        .bind(MOST_OWN)
        .fetch_all(tx.conn())
        .await?)
}

/// 登记没空.
///
/// # Errors
/// Too many, or a span that is none.
pub async fn add_own(tx: &mut PersonTx, span: Span) -> Result<Uuid> {
    if span.from >= span.until || span.until <= tx.now() {
        return Err(Error::invalid(
            "busy.span",
            said("结束时间要晚于开始时间，也要晚于现在。", "The end comes after the beginning, and after now."),
            said("请改好后再保存。", "Mend it and save again."),
        )
        .at("/until"));
    }
    if own(tx).await?.len() as i64 >= MOST_OWN {
        return Err(Error::invalid(
            "busy.too_many",
            said("登记得太多了。", "There are too many entries."),
            said("请先删掉用不着的。", "Take some away first."),
        ));
    }
    let (person, id) = (tx.person, tx.id());
    sqlx::query("insert into person_busy (slot_id, person_id, kind, from_at, until_at) values ($1, $2, 'unavailable', $3, $4)")
        .bind(id)
        .bind(person)
        .bind(span.from)
        .bind(span.until)
        .execute(tx.conn())
        .await?;
    Ok(id)
}

/// Takes an own entry back.
///
/// # Errors
/// 404 for what is not one's own.
pub async fn end_own(tx: &mut PersonTx, slot: Uuid) -> Result<()> {
    let person = tx.person;
    let done =
        sqlx::query("update person_busy set ended = true where person_id = $1 and slot_id = $2 and kind = 'unavailable' and not ended")
            .bind(person)
            .bind(slot)
            .execute(tx.conn())
            .await?;
    if done.rows_affected() == 0 { Err(Error::not_found()) } else { Ok(()) }
}
