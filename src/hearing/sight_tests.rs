//! The matrix tried in full: every role in every place and state against every other.

use uuid::Uuid;

use super::sight::{Channel, Media, Present, Room, Screen, channel, is_recorded, may_publish, may_receive};
use super::words::{Place, Role, State};

fn present(n: u128, role: Role, place: Place) -> Present {
    Present {
        id: Uuid::from_u128(n),
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

fn room(state: State) -> Room {
    Room { state, public: true, roll_call: false, screens: Vec::new() }
}

/// Calls with every viewer, subject, state, roll call.
fn everywhere(mut f: impl FnMut(&Room, &Present, &Present, Media)) {
    for state in State::ALL {
        for roll_call in [false, true] {
            let room = Room { roll_call, ..room(*state) };
            for (viewer_role, viewer_place) in Role::ALL.iter().flat_map(|r| Place::ALL.iter().map(move |p| (*r, *p))) {
                for (subject_role, subject_place) in Role::ALL.iter().flat_map(|r| Place::ALL.iter().map(move |p| (*r, *p))) {
                    let mut viewer = present(1, viewer_role, viewer_place);
                    let mut subject = present(2, subject_role, subject_place);
                    viewer.room = (viewer_place == Place::PrivateRoom).then(|| Uuid::from_u128(7));
                    subject.room = (subject_place == Place::PrivateRoom).then(|| Uuid::from_u128(7));
                    let flow = may_receive(&room, &viewer, &subject);
                    f(&room, &viewer, &subject, flow);
                }
            }
        }
    }
}

// part of L26
#[test]
fn who_waits_to_testify_hears_nothing_of_the_hearing() {
    everywhere(|room, viewer, subject, flow| {
        if viewer.place == Place::WitnessRoom {
            let clerk_before = subject.role.is_clerk() && subject.place == Place::WaitingRoom && room.state.is_before();
            assert!(flow.is_none() || clerk_before, "{:?} {viewer:?} {subject:?}", room.state);
        }
        if viewer.role.waits_apart() && viewer.place == Place::WaitingRoom && room.roll_call {
            assert!(flow.is_none() || subject.role.is_clerk(), "the roll call is not for witnesses: {subject:?}");
        }
        // two who wait to testify never hear one another
        if viewer.place == Place::WitnessRoom && subject.place == Place::WitnessRoom {
            assert!(flow.is_none());
        }
    });
}

// part of L27
#[test]
fn the_gallery_watches_the_public_part_and_nothing_else() {
    everywhere(|room, viewer, subject, flow| {
        assert!(!subject.role.only_watches() || flow.is_none(), "nobody sees or hears the gallery");
        if viewer.role.only_watches() {
            let public = room.state == State::Open && viewer.place == Place::Gallery && subject.place == Place::Courtroom;
            assert!(flow.is_none() || public, "{:?} {viewer:?} {subject:?}", room.state);
        }
    });
    let open = room(State::Open);
    let (observer, judge) = (present(1, Role::Observer, Place::Gallery), present(2, Role::SoleJudge, Place::Courtroom));
    assert_eq!(may_receive(&open, &observer, &judge), Media::ALL);
    assert!(may_receive(&Room { public: false, ..open }, &observer, &judge).is_none());
    assert!(may_publish(&room(State::Open), &observer).is_none());
}

#[test]
fn walls_hold_between_places() {
    everywhere(|_, viewer, subject, flow| {
        let (a, b) = (viewer.place, subject.place);
        let crosses = |p: Place| (a == p) != (b == p);
        if crosses(Place::PrivateRoom)
            || crosses(Place::PanelRoom)
            || crosses(Place::TestRoom)
            || a == Place::Outside
            || b == Place::Outside
        {
            assert!(flow.is_none(), "{viewer:?} {subject:?}");
        }
        if a == Place::PanelRoom && !(viewer.role.is_court() && subject.role.is_court()) {
            assert!(flow.is_none(), "the panel is alone: {viewer:?} {subject:?}");
        }
        assert!(!flow.screen || b == Place::Courtroom);
    });
    let mut other = present(2, Role::Agent, Place::PrivateRoom);
    let mut own = present(1, Role::Party, Place::PrivateRoom);
    (own.room, other.room) = (Some(Uuid::from_u128(7)), Some(Uuid::from_u128(8)));
    assert!(may_receive(&room(State::Open), &own, &other).is_none(), "another private room");
    other.room = own.room;
    assert_eq!(may_receive(&room(State::Open), &own, &other), Media::CALL);
    (own.room, other.room) = (None, None);
    assert!(may_receive(&room(State::Open), &own, &other).is_none(), "no room is no common room");
}

#[test]
fn what_flows_in_each_state() {
    use Place::{Courtroom, WaitingRoom};
    let flow = |state, viewer: (Role, Place), subject: (Role, Place)| {
        may_receive(&room(state), &present(1, viewer.0, viewer.1), &present(2, subject.0, subject.1))
    };
    let (judge, clerk, party, agent) = (Role::SoleJudge, Role::Clerk, Role::Party, Role::Agent);
    for (state, viewer, subject, expected) in [
        (State::Waiting, (clerk, WaitingRoom), (party, WaitingRoom), Media::CALL),
        (State::Waiting, (judge, Courtroom), (party, WaitingRoom), Media::CALL),
        (State::Waiting, (party, WaitingRoom), (clerk, WaitingRoom), Media::CALL),
        (State::Waiting, (party, WaitingRoom), (agent, WaitingRoom), Media::NONE),
        (State::Open, (party, Courtroom), (agent, Courtroom), Media::CALL),
        (State::Open, (party, WaitingRoom), (judge, Courtroom), Media::NONE),
        (State::Open, (clerk, Courtroom), (party, WaitingRoom), Media::CALL),
        (State::Adjourned, (party, Courtroom), (agent, Courtroom), Media::NONE),
        (State::Adjourned, (party, Courtroom), (judge, Courtroom), Media::NONE),
        (State::Adjourned, (judge, Place::PanelRoom), (Role::PanelJudge, Place::PanelRoom), Media::CALL),
        (State::Suspended, (party, Courtroom), (judge, Courtroom), Media::CALL),
        (State::Suspended, (party, Courtroom), (agent, Courtroom), Media::NONE),
        (State::ClosedPart, (party, Courtroom), (judge, Courtroom), Media::ALL),
        (State::ClosedPart, (Role::Technician, Courtroom), (judge, Courtroom), Media::NONE),
        (State::Ended, (party, Courtroom), (agent, Courtroom), Media::CALL),
        (State::Signing, (party, Courtroom), (clerk, Courtroom), Media::CALL),
        (State::Closed, (clerk, Courtroom), (party, Courtroom), Media::NONE),
        (State::Cancelled, (clerk, Courtroom), (party, Courtroom), Media::NONE),
    ] {
        let found = flow(state, viewer, subject);
        assert_eq!((found.audio, found.video), (expected.audio, expected.video), "{state:?} {viewer:?} {subject:?}");
    }
    let met = Room { roll_call: true, ..room(State::Waiting) };
    let seen = may_receive(&met, &present(1, party, WaitingRoom), &present(2, agent, WaitingRoom));
    assert_eq!(seen, Media::CALL, "identities are checked with everybody online at once");
}

#[test]
fn mutes_exclusions_and_screens_are_kept() {
    let open = room(State::Open);
    let judge = present(1, Role::SoleJudge, Place::Courtroom);
    let mut party = present(2, Role::Party, Place::Courtroom);
    party.locked = true;
    assert_eq!(may_publish(&open, &party), Media { audio: false, video: true, screen: false });
    assert!(!may_receive(&open, &judge, &party).audio);
    (party.locked, party.may_share) = (false, true);
    assert_eq!(may_receive(&open, &judge, &party), Media::ALL);
    party.excluded = true;
    assert!(may_publish(&open, &party).is_none() && may_receive(&open, &party, &judge).is_none());
    party.excluded = false;
    for (unheard, audio) in [(false, true), (true, false)] {
        let screens = vec![Screen { viewer: party.id, subject: judge.id, also_unheard: unheard }];
        let screened = Room { screens, ..open.clone() };
        assert_eq!(may_receive(&screened, &party, &judge), Media { audio, video: false, screen: false });
        assert_eq!(may_receive(&screened, &judge, &party), Media::ALL, "one way");
    }
    let mut own = present(3, Role::Party, Place::TestRoom);
    assert_eq!(may_receive(&open, &own.clone(), &own), Media::CALL, "the echo of the test");
    own.place = Place::Courtroom;
    assert!(may_receive(&open, &own.clone(), &own).is_none());
}

#[test]
fn only_the_courtroom_reaches_the_recorder() {
    for place in Place::ALL {
        for role in Role::ALL {
            let kept = is_recorded(&room(State::Open), true, &present(1, *role, *place));
            assert!(kept.is_none() || *place == Place::Courtroom, "{role:?} {place:?}");
            assert!(is_recorded(&room(State::Open), false, &present(1, *role, *place)).is_none());
        }
    }
    assert_eq!(is_recorded(&room(State::Open), true, &present(1, Role::Party, Place::Courtroom)), Media::CALL);
}

#[test]
fn interpreters_have_two_voices() {
    let mut interpreter = present(1, Role::Interpreter, Place::Courtroom);
    interpreter.interprets = Some("ug".into());
    let mut party = present(2, Role::Party, Place::Courtroom);
    assert_eq!(channel(&party, &interpreter), Channel::Floor);
    party.hears = Some("ug".into());
    assert_eq!(channel(&party, &interpreter), Channel::Interpreted);
    party.hears = Some("bo".into());
    assert_eq!(channel(&party, &interpreter), Channel::Floor);
}
