//! 入庭凭证: the single-use token by which a browser is let to the media.
//!
//! Owns its shape (trust.md 4.2): 32 random bytes, kept as a hash, good for sixty seconds and one use, bound to the person,
//! the session of sign-in, the hearing, the participant and the role. Must never be told apart from outside by why it
//! failed: every refusal reads the same, the reason is for the log.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::refusal::Refusal;
use super::words::{Role, State};

/// How long a token is good.
pub const GOOD_FOR: TimeDelta = TimeDelta::seconds(60);
/// The most that one participant may be given in ten minutes: a reconnecting phone, not a guess.
pub const MOST_IN_TEN_MINUTES: usize = 60;

/// What was written down when it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Hearing.
    pub hearing: Uuid,
    /// Participant.
    pub participant: Uuid,
    /// Person.
    pub person: Uuid,
    /// The session of sign-in it was asked for in.
    pub session: Uuid,
    /// Role at that moment.
    pub role: Role,
    /// When.
    pub given_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// Ended by hand: removed from the room, a new role, a new token.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presented {
    /// The hearing it is shown at.
    pub hearing: Uuid,
    /// Who shows it.
    pub person: Uuid,
    /// In which session of sign-in.
    pub session: Uuid,
    /// The role the participant has now; none when the seat was taken away.
    pub role: Option<Role>,
    /// State of the hearing.
    pub state: State,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why it does not let anybody in; for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Another hearing's.
    OtherHearing,
    /// Another person's, or another session's.
    OtherPerson,
    /// Used.
    Used,
    /// Ended.
    Ended,
    /// Too old, or from the future.
    TooOld,
    /// The seat or its role is not what it was.
    RoleChanged,
    /// The room is not open to anybody.
    RoomShut,
}

/// Lets in, or says why not.
///
/// # Errors
/// The first thing that does not hold.
pub fn check(given: &Given, shown: &Presented) -> Result<(), Fault> {
    if given.hearing != shown.hearing {
        return Err(Fault::OtherHearing);
    }
    if given.person != shown.person || given.session != shown.session {
        return Err(Fault::OtherPerson);
    }
    if given.used_at.is_some() {
        return Err(Fault::Used);
    }
    if given.ended_at.is_some() {
        return Err(Fault::Ended);
    }
    if shown.at >= given.given_at + GOOD_FOR || shown.at < given.given_at - TimeDelta::seconds(5) {
        return Err(Fault::TooOld);
    }
    if shown.role != Some(given.role) {
        return Err(Fault::RoleChanged);
    }
    if shown.state == State::Scheduled || shown.state.is_final() {
        return Err(Fault::RoomShut);
    }
    Ok(())
}

/// What everybody reads, whatever the reason.
pub fn refused() -> Refusal {
    Refusal::new(
        "hearing.join_refused",
        ("进入法庭的凭证已经失效。", "The pass into the room is no longer good."),
        ("请回到庭审页面，点「进入法庭」重新进入。", "Go back to the hearing's page and press enter."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-26T06:30:00Z".parse().unwrap()
    }

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn given() -> Given {
        Given {
            hearing: id(1),
            participant: id(2),
            person: id(3),
            session: id(4),
            role: Role::Party,
            given_at: now(),
            used_at: None,
            ended_at: None,
        }
    }

    fn shown() -> Presented {
        Presented {
            hearing: id(1),
            person: id(3),
            session: id(4),
            role: Some(Role::Party),
            state: State::Open,
            at: now() + TimeDelta::seconds(1),
        }
    }

    #[test]
    fn a_token_is_good_once_for_one_person_in_one_room() {
        assert_eq!(check(&given(), &shown()), Ok(()));
        let rows = [
            (given(), Presented { hearing: id(9), ..shown() }, Fault::OtherHearing),
            (given(), Presented { person: id(9), ..shown() }, Fault::OtherPerson),
            (given(), Presented { session: id(9), ..shown() }, Fault::OtherPerson),
            (Given { used_at: Some(now()), ..given() }, shown(), Fault::Used),
            (Given { ended_at: Some(now()), ..given() }, shown(), Fault::Ended),
            (given(), Presented { at: now() + GOOD_FOR, ..shown() }, Fault::TooOld),
            (given(), Presented { at: now() - TimeDelta::seconds(6), ..shown() }, Fault::TooOld),
            (given(), Presented { role: Some(Role::SoleJudge), ..shown() }, Fault::RoleChanged),
            (given(), Presented { role: None, ..shown() }, Fault::RoleChanged),
            (given(), Presented { state: State::Scheduled, ..shown() }, Fault::RoomShut),
            (given(), Presented { state: State::Closed, ..shown() }, Fault::RoomShut),
        ];
        for (given, shown, fault) in rows {
            assert_eq!(check(&given, &shown), Err(fault));
        }
        for state in [State::Waiting, State::Adjourned, State::Suspended, State::Signing, State::Locked] {
            assert_eq!(check(&given(), &Presented { state, ..shown() }), Ok(()), "{state:?}");
        }
        assert_eq!(refused(), refused(), "one answer for all");
    }
}
