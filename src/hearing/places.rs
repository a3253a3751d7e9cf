//! 进出: who may go, be let, or be sent from which place to which.
//!
//! Owns admission: parties go into the room when it opens, witnesses only when called, the gallery when the judge lets it,
//! private rooms by their own members' invitation. Must never put anybody into a private room of the other side, or let a
//! witness into the room by any way but the call.

use uuid::Uuid;

use super::guards::Hand;
use super::law;
use super::refusal::Refusal;
use super::sight::Present;
use super::words::{Place, Role, State};

/// Who moves somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mover {
    /// Himself or herself.
    Own,
    /// Judge or clerk.
    Court(Hand),
}

/// Where a participant first comes in, by role and state: the way in is one for everybody, the place is not.
pub fn entry(role: Role, state: State, called: bool) -> Option<Place> {
    if state == State::Scheduled || state.is_final() {
        return None;
    }
    Some(match role {
        r if r.is_court() => Place::Courtroom,
        r if r.waits_apart() => {
            if called && state.is_sitting() {
                Place::Courtroom
            } else {
                Place::WitnessRoom
            }
        }
        Role::Observer | Role::Press => {
            if state.is_sitting() || state == State::Waiting {
                Place::Gallery
            } else {
                return None;
            }
        }
        _ if state == State::Waiting => Place::WaitingRoom,
        _ => Place::Courtroom,
    })
}

/// Where everybody who waits goes when the judge opens: witnesses and guests stay until they are called.
pub fn on_open(who: &Present) -> Place {
    match (who.role, who.place) {
        (r, Place::WaitingRoom) if !r.waits_apart() && !r.only_watches() => Place::Courtroom,
        // 私密会谈 ends when the hearing begins
        (_, Place::PrivateRoom | Place::PanelRoom) => Place::Courtroom,
        (_, place) => place,
    }
}

/// Refuses a move.
///
/// # Errors
/// Why it may not be.
pub fn check(state: State, mover: Mover, who: &Present, to: Place) -> Result<(), Refusal> {
    let allowed = match (mover, to) {
        (Mover::Own, Place::Outside) => true,
        (Mover::Own, Place::TestRoom) => matches!(who.place, Place::Outside | Place::WaitingRoom | Place::WitnessRoom),
        (Mover::Own, Place::WaitingRoom) => who.place == Place::TestRoom && !who.role.waits_apart() && !who.role.only_watches(),
        (Mover::Own, Place::WitnessRoom) => who.place == Place::TestRoom && who.role.waits_apart(),
        (Mover::Own, Place::PanelRoom) => who.role.is_court() && !state.is_final(),
        // back from a private or panel room to where one came from
        (Mover::Own, Place::Courtroom) => matches!(who.place, Place::PanelRoom | Place::PrivateRoom) && !who.role.waits_apart(),
        (Mover::Own, _) => false,
        (Mover::Court(Hand::Judge | Hand::Clerk), to) => by_court(state, who, to),
        (Mover::Court(_), _) => false,
    };
    if allowed {
        return Ok(());
    }
    Err(Refusal::new(
        "hearing.no_way",
        (format!("现在不能从{}到{}。", who.place.zh(), to.zh()), format!("There is no way from {} to {} now.", who.place.en(), to.en())),
        ("请等书记员安排，或者按住「找书记员」。", "Wait for the clerk, or call the clerk."),
    ))
}

fn by_court(state: State, who: &Present, to: Place) -> bool {
    match to {
        // 传唤证人 only while the hearing sits; everybody else may be let in from the waiting room
        Place::Courtroom if who.role.waits_apart() => state.is_sitting() && who.place == Place::WitnessRoom,
        Place::Courtroom if who.role.only_watches() => false,
        Place::Courtroom => matches!(who.place, Place::WaitingRoom | Place::Outside) && !state.is_final(),
        Place::WaitingRoom => who.place == Place::Courtroom && !who.role.waits_apart() && !who.role.only_watches(),
        Place::WitnessRoom => who.role.waits_apart() && matches!(who.place, Place::Courtroom | Place::WaitingRoom),
        Place::Gallery => who.role.only_watches(),
        Place::Outside => true,
        _ => false,
    }
}

/// 作证完毕: a witness who has spoken leaves the room and does not go back to those who have not.
pub const AFTER_TESTIMONY: Place = Place::Outside;

/// What a move does to whether somebody is kept out: whom the court sends out of the gallery stays out, however often the
/// page is opened, until the court lets in again (法庭规则 Art 9, 17). None: nothing changes.
pub fn kept_out(mover: Mover, who: &Present, to: Place) -> Option<bool> {
    match (mover, to) {
        (Mover::Court(_), Place::Outside) if who.role.only_watches() => Some(true),
        (Mover::Court(_), Place::Gallery) if who.place == Place::Outside => Some(false),
        _ => None,
    }
}

/// Was sent out of the gallery, and not let in again.
pub fn is_kept_out(role: Role, place: Place, excluded: bool) -> bool {
    role.only_watches() && excluded && place == Place::Outside
}

/// Refuses a member of a private room: the two sides never meet there, and the court comes only into a room of its own
/// making (背对背调解), while nothing is recorded.
///
/// # Errors
/// Why not.
pub fn check_private(
    members: &[(Uuid, Role, Option<Uuid>)],
    guest: (Uuid, Role, Option<Uuid>),
    state: State,
    by_court: bool,
) -> Result<(), Refusal> {
    let wrong = |zh: &'static str, en: &'static str| {
        Err(Refusal::new(
            "hearing.private_room",
            (zh, en),
            ("请另开一间，或者等休庭时再说。", "Open another room, or wait for an adjournment."),
        ))
    };
    let (_, role, party) = guest;
    if role.waits_apart() || role.only_watches() || role == Role::Technician {
        return wrong("证人、旁听和技术人员不能进入私密会谈室。", "Witnesses, the gallery and technicians do not enter private rooms.");
    }
    if matches!(state, State::Open | State::ClosedPart) {
        return wrong("开庭期间不能私下会谈。", "There is no private talk while the hearing is in session.");
    }
    if role.is_court() || role == Role::Mediator {
        let caucus = by_court && state == State::Mediation;
        return if caucus {
            Ok(())
        } else {
            wrong("法庭人员只在背对背调解时进入。", "The court enters only to mediate with one side.")
        };
    }
    let other_side = members.iter().any(|(_, r, p)| r.is_party_side() && *p != party);
    if other_side {
        return wrong("私密会谈室里是另一方的人。", "The room is another side's.");
    }
    Ok(())
}

/// Why a gallery place is not given.
///
/// # Errors
/// Closed hearing, or no place left.
pub fn check_gallery(public: bool, state: State, seated: usize, most: usize) -> Result<(), Refusal> {
    if !public || state == State::ClosedPart || state == State::Mediation {
        return Err(Refusal::new(
            "hearing.not_public",
            ("本场庭审（或者现在的部分）不公开。", "This hearing, or this part of it, is not public."),
            ("公开宣判时可以旁听。", "Judgments are pronounced in public."),
        )
        .by(law::OL27));
    }
    if seated >= most {
        return Err(Refusal::new(
            "hearing.gallery_full",
            (format!("旁听席位已满（{most} 席）。"), format!("The gallery is full ({most} places).")),
            ("请稍后再试，或者到法院旁听。", "Try again later, or watch at the court."),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(role: Role, place: Place) -> Present {
        Present {
            id: Uuid::from_u128(1),
            role,
            place,
            room: None,
            locked: false,
            may_share: false,
            hears: None,
            interprets: None,
            excluded: false,
            in_court: false,
        }
    }

    #[test]
    fn everybody_comes_in_at_the_right_door() {
        for (role, state, called, place) in [
            (Role::SoleJudge, State::Waiting, false, Some(Place::Courtroom)),
            (Role::Party, State::Waiting, false, Some(Place::WaitingRoom)),
            (Role::Party, State::Open, false, Some(Place::Courtroom)),
            (Role::Party, State::Signing, false, Some(Place::Courtroom)),
            (Role::Witness, State::Open, false, Some(Place::WitnessRoom)),
            (Role::Witness, State::Open, true, Some(Place::Courtroom)),
            (Role::Witness, State::Waiting, true, Some(Place::WitnessRoom)),
            (Role::Observer, State::Open, false, Some(Place::Gallery)),
            (Role::Observer, State::Ended, false, None),
            (Role::Party, State::Scheduled, false, None),
            (Role::Party, State::Closed, false, None),
        ] {
            assert_eq!(entry(role, state, called), place, "{role:?} {state:?}");
        }
        assert_eq!(on_open(&who(Role::Party, Place::WaitingRoom)), Place::Courtroom);
        assert_eq!(on_open(&who(Role::Agent, Place::PrivateRoom)), Place::Courtroom);
        assert_eq!(on_open(&who(Role::Witness, Place::WitnessRoom)), Place::WitnessRoom);
    }

    // part of L26
    #[test]
    fn a_witness_enters_by_the_call_and_no_other_way() {
        for state in State::ALL {
            for from in Place::ALL {
                let witness = who(Role::Witness, *from);
                assert!(check(*state, Mover::Own, &witness, Place::Courtroom).is_err());
                let called = check(*state, Mover::Court(Hand::Judge), &witness, Place::Courtroom).is_ok();
                assert_eq!(called, state.is_sitting() && *from == Place::WitnessRoom, "{state:?} {from:?}");
                assert!(check(*state, Mover::Own, &witness, Place::WaitingRoom).is_err());
            }
        }
        assert!(check(State::Open, Mover::Court(Hand::Other), &who(Role::Party, Place::WaitingRoom), Place::Courtroom).is_err());
        assert!(check(State::Open, Mover::Court(Hand::Clerk), &who(Role::Party, Place::WaitingRoom), Place::Courtroom).is_ok());
        assert!(check(State::Open, Mover::Own, &who(Role::Party, Place::WaitingRoom), Place::Courtroom).is_err());
        assert!(check(State::Open, Mover::Court(Hand::Judge), &who(Role::Observer, Place::Gallery), Place::Courtroom).is_err());
        assert!(check(State::Open, Mover::Court(Hand::Judge), &who(Role::Observer, Place::Gallery), Place::Outside).is_ok(), "cut at once");
    }

    #[test]
    fn whom_the_court_sends_out_of_the_gallery_stays_out() {
        let court = Mover::Court(Hand::Clerk);
        let watches = |place| who(Role::Observer, place);
        assert_eq!(kept_out(court, &watches(Place::Gallery), Place::Outside), Some(true));
        assert_eq!(kept_out(court, &watches(Place::Outside), Place::Gallery), Some(false));
        // the judge excluded one who stayed on the line: to put him where he is lets nobody in
        assert_eq!(kept_out(court, &watches(Place::Gallery), Place::Gallery), None);
        assert_eq!(kept_out(Mover::Own, &watches(Place::Gallery), Place::Outside), None, "who leaves may come back");
        assert_eq!(kept_out(court, &who(Role::Witness, Place::Courtroom), Place::Outside), None);
        assert!(is_kept_out(Role::Press, Place::Outside, true));
        assert!(!is_kept_out(Role::Observer, Place::Gallery, true) && !is_kept_out(Role::Observer, Place::Outside, false));
        assert!(!is_kept_out(Role::Party, Place::Outside, true), "a party comes back and is seen to be excluded");
    }

    #[test]
    fn private_rooms_belong_to_one_side() {
        let (a, b) = (Some(Uuid::from_u128(10)), Some(Uuid::from_u128(20)));
        let member = |n, role, party| (Uuid::from_u128(n), role, party);
        let inside = [member(1, Role::Party, a)];
        let try_in = |guest, state, by_court| check_private(&inside, guest, state, by_court).is_ok();
        assert!(try_in(member(2, Role::Agent, a), State::Waiting, false));
        assert!(try_in(member(2, Role::Agent, a), State::Adjourned, false));
        assert!(!try_in(member(2, Role::Agent, a), State::Open, false), "not while the hearing sits");
        assert!(!try_in(member(2, Role::Agent, b), State::Adjourned, false));
        assert!(!try_in(member(2, Role::Witness, a), State::Adjourned, false));
        assert!(!try_in(member(2, Role::SoleJudge, None), State::Adjourned, false));
        assert!(!try_in(member(2, Role::SoleJudge, None), State::Adjourned, true));
        assert!(try_in(member(2, Role::SoleJudge, None), State::Mediation, true));
        assert!(!try_in(member(2, Role::SoleJudge, None), State::Mediation, false));
        assert!(try_in(member(2, Role::Interpreter, a), State::Mediation, false));
    }

    #[test]
    fn the_gallery_has_an_end() {
        assert!(check_gallery(true, State::Open, 11, 12).is_ok());
        assert_eq!(check_gallery(true, State::Open, 12, 12).unwrap_err().code, "hearing.gallery_full");
        assert_eq!(check_gallery(false, State::Open, 0, 12).unwrap_err().code, "hearing.not_public");
        assert_eq!(check_gallery(true, State::Mediation, 0, 12).unwrap_err().code, "hearing.not_public");
    }
}
