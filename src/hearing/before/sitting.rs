//! 谁在本场庭审: the head of a hearing and everybody who sits in it, as the caller's seat shows them.
//!
//! Owns those two reads and what follows from them: which seat is the caller's, which hand it is, who opposes whom. Must
//! never write.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::guards::Hand;
use super::super::listing;
use super::super::seats::{self, Plate, Seat};
use super::super::words::{Mode, Place, Role, Side, State};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::role::Role as CourtRole;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};

/// A hearing in short.
#[derive(Debug, Clone)]
pub struct Head {
    /// Case.
    pub case: Uuid,
    /// State.
    pub state: State,
    /// Begins.
    pub starts_at: DateTime<Utc>,
    /// Public.
    pub public: bool,
    /// Version.
    pub version: i32,
    /// Later than told, until.
    pub delayed_until: Option<DateTime<Utc>>,
    /// It has ended.
    pub ended: bool,
}

#[derive(FromRow)]
struct HeadRow {
    case_id: Uuid,
    state: String,
    starts_at: DateTime<Utc>,
    public: bool,
    version: i32,
    delayed_until: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

/// Somebody who sits in a hearing.
#[derive(Debug, Clone)]
pub struct Sitting {
    /// The seat.
    pub seat: Seat,
    /// Name.
    pub name: String,
    /// How he or she takes part.
    pub mode: Mode,
    /// 必须到庭.
    pub must_appear: bool,
    /// Where he or she is.
    pub place: Place,
    /// Connected since.
    pub since: Option<DateTime<Utc>>,
    /// 特别安排, as they are kept.
    pub measures: Option<Value>,
    /// Of an interpreter: the language.
    pub interprets: Option<String>,
}

impl Sitting {
    /// Participant.
    pub fn id(&self) -> Uuid {
        self.seat.id
    }

    /// Role.
    pub fn role(&self) -> Role {
        self.seat.role
    }

    /// 席位.
    pub fn plate(&self) -> Plate {
        seats::plate(&self.seat)
    }

    /// The other side of a party: another party, on another side.
    pub fn opposes(&self, other: &Self) -> bool {
        let both = self.seat.role.is_party_side() && other.seat.role.is_party_side();
        both && self.seat.party != other.seat.party && self.seat.side != other.seat.side
    }
}

#[derive(FromRow)]
struct Row {
    participant_id: Uuid,
    role: String,
    side: Option<String>,
    party_id: Option<Uuid>,
    person_id: Option<Uuid>,
    name: String,
    mode: String,
    must_appear: bool,
    minor: bool,
    measures: Option<Json<Value>>,
    interprets: Option<String>,
    place: Option<String>,
    connected_at: Option<DateTime<Utc>>,
    disconnected_at: Option<DateTime<Utc>>,
}

impl Row {
    fn sitting(self) -> Option<Sitting> {
        let connected = self.connected_at.filter(|at| self.disconnected_at.is_none_or(|gone| gone < *at));
        Some(Sitting {
            seat: Seat {
                id: self.participant_id,
                role: Role::parse(&self.role)?,
                side: self.side.as_deref().and_then(Side::parse),
                party: self.party_id,
                person: self.person_id,
                minor: self.minor,
            },
            name: self.name,
            mode: Mode::parse(&self.mode)?,
            must_appear: self.must_appear,
            place: self.place.as_deref().and_then(Place::parse).unwrap_or(Place::Outside),
            since: connected,
            measures: self.measures.map(|m| m.0),
            interprets: self.interprets,
        })
    }
}

/// The head of a hearing.
///
/// # Errors
/// 404.
pub async fn head(tx: &mut CourtTx, hearing: Uuid) -> Result<Head> {
    read(
        tx,
        hearing,
        "select case_id, state, starts_at, public, version, delayed_until, ended_at from hearings where court_id = $1 and hearing_id = $2",
    )
    .await
}

/// The same, held until the transaction ends: what follows is appended to its log.
///
/// # Errors
/// 404.
pub async fn hold(tx: &mut CourtTx, hearing: Uuid) -> Result<Head> {
    read(tx, hearing, "select case_id, state, starts_at, public, version, delayed_until, ended_at from hearings where court_id = $1 and hearing_id = $2 for update")
        .await
}

async fn read(tx: &mut CourtTx, hearing: Uuid, sql: &'static str) -> Result<Head> {
    let court = tx.court;
    let row: Option<HeadRow> = sqlx::query_as(sql).bind(court).bind(hearing).fetch_optional(tx.conn()).await?;
    let row = row.ok_or_else(Error::not_found)?;
    Ok(Head {
        case: row.case_id,
        state: State::parse(&row.state).ok_or_else(|| Error::internal("a state nobody knows"))?,
        starts_at: row.starts_at,
        public: row.public,
        version: row.version,
        delayed_until: row.delayed_until,
        ended: row.ended_at.is_some(),
    })
}

/// Everybody who sits in it, as far as the caller's seat shows: bench first.
///
/// # Errors
/// What the database says.
pub async fn all(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Sitting>> {
    let court = tx.court;
    let rows: Vec<Row> = sqlx::query_as(
        "select p.participant_id, p.role, p.side, p.party_id, p.person_id, p.name, p.mode, p.must_appear, p.minor, p.measures, p.interprets, s.place, s.connected_at, s.disconnected_at
         from hearing_participants p
         left join hearing_presence s on s.court_id = p.court_id and s.hearing_id = p.hearing_id and s.participant_id = p.participant_id
         where p.court_id = $1 and p.hearing_id = $2 and p.removed_at is null order by p.seated_at, p.participant_id limit 600",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?;
    let mut all: Vec<Sitting> = rows.into_iter().filter_map(Row::sitting).collect();
    let mut seats: Vec<Seat> = all.iter().map(|s| s.seat.clone()).collect();
    seats::in_order(&mut seats);
    all.sort_by_key(|s| seats.iter().position(|o| o.id == s.seat.id));
    Ok(all)
}

/// The caller's own seat; of several the first.
pub fn own(all: &[Sitting], person: Uuid) -> Option<&Sitting> {
    all.iter().find(|s| s.seat.person == Some(person))
}

/// The caller's own seat, or why not.
///
/// # Errors
/// 422 for who sees the hearing and does not sit in it.
pub fn must_sit(all: &[Sitting], person: Uuid) -> Result<&Sitting> {
    own(all, person).ok_or_else(|| {
        Error::invalid(
            "hearing.no_seat",
            said("您不在本场庭审的参与人里。", "You do not take part in this hearing."),
            said("请联系书记员把您加入。", "Ask the clerk to add you."),
        )
    })
}

/// Somebody of a hearing.
///
/// # Errors
/// 404 for whoever does not sit in it.
pub fn find(all: &[Sitting], participant: Uuid) -> Result<&Sitting> {
    all.iter().find(|s| s.id() == participant).ok_or_else(Error::not_found)
}

/// By the role in the hearing; before it opens any clerk of the court prepares it.
pub fn hand(all: &[Sitting], caller: &Caller, court: i32, state: State) -> Hand {
    let mine = all.iter().filter(|s| s.seat.person == Some(caller.person()));
    let hands: Vec<Hand> = mine.map(|s| Hand::of(s.seat.role)).collect();
    if let Some(hand) = [Hand::Judge, Hand::Clerk].into_iter().find(|h| hands.contains(h)) {
        return hand;
    }
    let clerk = caller.roles_at(court).has(CourtRole::Clerk) && caller.session.second_factor;
    if clerk && state.is_before() { Hand::Clerk } else { Hand::Other }
}

/// Works on hearings at this court: judge or clerk. A technician helps with devices, and reads no word of a matter.
pub fn works_on(tx: &CourtTx, caller: &Caller) -> bool {
    let roles = caller.roles_at(tx.court);
    tx.is_staff() && [CourtRole::Clerk, CourtRole::Judge, CourtRole::PresidingJudge].into_iter().any(|r| roles.has(r))
}

/// Enters under an act whoever may see the hearing: the act first, then the hearing from the caller's own seat.
///
/// # Errors
/// 403, 404.
pub async fn enter(app: &App, caller: &Caller, court: i32, hearing: Uuid, act: Act) -> Result<CourtTx> {
    drop(app.door.enter(caller, court, act).await?);
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    listing::row(&mut tx, hearing).await?;
    drop(tx);
    app.door.enter(caller, court, act).await
}
