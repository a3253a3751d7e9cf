//! One's own seat in a hearing. Owns the only way from an account to a participant: without a row there is no hearing.

use sqlx::FromRow;
use uuid::Uuid;

use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::hearing::guards::Hand;
use crate::hearing::seats::{self, Plate, Seat};
use crate::hearing::words::{Role, Side, State};

/// The caller's own seat.
#[derive(Debug, Clone)]
pub struct Own {
    /// Hearing.
    pub hearing: Uuid,
    /// Case.
    pub case: Uuid,
    /// Participant.
    pub participant: Uuid,
    /// Account.
    pub person: Uuid,
    /// Role.
    pub role: Role,
    /// Side.
    pub side: Option<Side>,
    /// Party.
    pub party: Option<Uuid>,
    /// Name, as the file shows it.
    pub name: String,
    /// State of the hearing, as it was read.
    pub state: State,
    /// 公开.
    pub public: bool,
}

impl Own {
    /// What he or she may drive.
    pub const fn hand(&self) -> Hand {
        Hand::of(self.role)
    }

    /// 席位.
    pub fn plate(&self) -> Plate {
        let seat =
            Seat { id: self.participant, role: self.role, side: self.side, party: self.party, person: Some(self.person), minor: false };
        seats::plate(&seat)
    }
}

#[derive(FromRow)]
struct Row {
    case_id: Uuid,
    participant_id: Uuid,
    role: String,
    side: Option<String>,
    party_id: Option<Uuid>,
    name: String,
    state: String,
    public: bool,
}

/// The seat of the person who acts. Whoever sits twice (counsel of two parties of a side) acts from the first seat.
///
/// # Errors
/// 404 for whoever is not in the hearing: from outside there is none.
pub async fn mine(tx: &mut CourtTx, hearing: Uuid) -> Result<Own> {
    let person = tx.person()?;
    of(tx, hearing, person).await?.ok_or_else(Error::not_found)
}

/// The seat of a person, if there is one.
///
/// # Errors
/// What the database says.
pub async fn of(tx: &mut CourtTx, hearing: Uuid, person: Uuid) -> Result<Option<Own>> {
    let court = tx.court;
    let row: Option<Row> = sqlx::query_as(
        "select h.case_id, p.participant_id, p.role, p.side, p.party_id, p.name, h.state, h.public
           from hearing_participants p join hearings h on h.court_id = p.court_id and h.hearing_id = p.hearing_id
          where p.court_id = $1 and p.hearing_id = $2 and p.person_id = $3 and p.removed_at is null
          order by case when p.role in ('presiding_judge', 'sole_judge') then 0 when p.role in ('clerk', 'judge_assistant') then 1 else 2 end, p.seated_at, p.participant_id
          limit 1",
    )
    .bind(court)
    .bind(hearing)
    .bind(person)
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (Some(role), Some(state)) = (Role::parse(&row.role), State::parse(&row.state)) else {
        return Err(Error::internal("a role or a state nobody knows"));
    };
    Ok(Some(Own {
        hearing,
        case: row.case_id,
        participant: row.participant_id,
        person,
        role,
        side: row.side.as_deref().and_then(Side::parse),
        party: row.party_id,
        name: row.name,
        state,
        public: row.public,
    }))
}
