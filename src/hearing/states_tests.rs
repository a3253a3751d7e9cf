//! The course of a hearing, step by step; who may drive it; what of it is recorded.

use chrono::{DateTime, TimeDelta, Utc};

use super::breaks::{sat, stretches, unexplained};
use super::guards::{Hand, Ready, Storage, check, obstacles, offered};
use super::states::{Broken, Course, Event, Step, next, possible, replay};
use super::words::{BreakKind, Outcome, Role, Stage, State};

fn at(minute: i64) -> DateTime<Utc> {
    "2026-11-26T06:30:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
}

fn why() -> String {
    "被告一方网络中断，无法继续".into()
}

fn ready() -> Ready {
    Ready {
        recorder: true,
        storage: Storage::Ready,
        bench_complete: true,
        clerk_present: true,
        judge_connected: true,
        any_party_present: true,
        unidentified: 0,
        unacknowledged: 0,
        mediation_agreed: true,
        recording_agreed: true,
        transcript_fixed: true,
        signatures_complete: true,
    }
}

/// One of each, with a reason that counts.
fn all_steps() -> Vec<Step> {
    let mut steps = Step::samples();
    for step in &mut steps {
        match step {
            Step::Adjourn { reason }
            | Step::Suspend { reason }
            | Step::BeginClosedPart { reason, .. }
            | Step::BeginMediation { reason, .. }
            | Step::Cancel { reason }
            | Step::Postpone { reason }
            | Step::MoveOffline { reason } => *reason = why(),
            _ => {}
        }
    }
    steps
}

fn run(steps: &[(i64, Step)]) -> Course {
    let events: Vec<Event> = steps.iter().zip(1..).map(|((m, step), n)| Event { n, at: at(*m), step: step.clone() }).collect();
    replay(&events).unwrap()
}

fn full_day() -> Vec<(i64, Step)> {
    vec![
        (-20, Step::OpenWaiting),
        (0, Step::Open),
        (10, Step::Enter { stage: Stage::Evidence }),
        (20, Step::BeginClosedPart { reason: why(), recorded: false }),
        (25, Step::Adjourn { reason: why() }),
        (30, Step::Resume),
        (35, Step::BackToOpen),
        (40, Step::Suspend { reason: why() }),
        (50, Step::Resume),
        (55, Step::BeginMediation { reason: why(), recorded: true }),
        (60, Step::BackToOpen),
        (70, Step::End { outcome: Outcome::Completed }),
        (75, Step::StartSigning),
        (76, Step::ReopenTranscript),
        (80, Step::StartSigning),
        (90, Step::Lock),
        (95, Step::Close),
    ]
}

// part of H23, H26
#[test]
fn a_day_in_court_is_replayed() {
    let course = run(&full_day());
    assert_eq!(course.state, State::Closed);
    assert_eq!((course.opened_at, course.ended_at, course.outcome), (Some(at(0)), Some(at(70)), Some(Outcome::Completed)));
    let breaks: Vec<_> =
        course.breaks.iter().map(|b| (b.kind, b.fault, (b.from - at(0)).num_minutes(), (b.until.unwrap() - at(0)).num_minutes())).collect();
    assert_eq!(
        breaks,
        [
            (BreakKind::ClosedEvidence, false, 20, 25),
            (BreakKind::Adjournment, false, 25, 30),
            (BreakKind::ClosedEvidence, false, 30, 35),
            (BreakKind::Adjournment, true, 40, 50),
        ]
    );
    assert_eq!(sat(&course, at(200)), TimeDelta::minutes(55));
}

#[test]
fn every_second_lies_in_one_stretch() {
    let day = full_day();
    for upto in 2..=day.len() {
        let course = run(&day[..upto]);
        let now = course.last_at.unwrap() + TimeDelta::minutes(3);
        let all = stretches(&course, now);
        assert_eq!(all.first().unwrap().from, at(0));
        assert_eq!(all.last().unwrap().until, course.ended_at.unwrap_or(now));
        assert!(all.windows(2).all(|w| w[0].until == w[1].from), "{upto}");
        // at this moment the stretch says what the recorder should do
        if course.state.is_sitting() {
            assert_eq!(all.last().unwrap().pause.is_none(), course.records(), "{upto} {:?}", course.state);
        }
    }
    let course = run(&day);
    assert_eq!(unexplained(&course, at(18), at(36), at(200)), TimeDelta::minutes(3));
    assert_eq!(unexplained(&course, at(41), at(49), at(200)), TimeDelta::zero());
    assert_eq!(unexplained(&course, at(65), at(100), at(200)), TimeDelta::minutes(5), "after the end nothing is owed");
}

#[test]
fn no_walk_leaves_the_machine() {
    // every state is reached and left by steps of the table alone, and what is final stays final
    let mut seen = vec![Course::default()];
    let mut at_i = 0;
    while at_i < seen.len() {
        let course = seen[at_i].clone();
        at_i += 1;
        for step in all_steps() {
            let Ok(event) = course.event(step, at(0)) else { continue };
            let after = course.then(&event).unwrap();
            assert!(!course.state.is_final());
            assert_eq!(after.state.is_after() || after.state == State::Closed, after.ended_at.is_some(), "{:?}", after.state);
            assert!(after.breaks.iter().rev().skip(1).all(|b| b.until.is_some()), "one break at a time");
            if !seen.iter().any(|c| c.state == after.state && c.part == after.part) {
                seen.push(after);
            }
        }
    }
    for state in State::ALL {
        assert!(seen.iter().any(|c| c.state == *state), "{state:?} is never reached");
    }
    assert!(seen.iter().filter(|c| c.state.is_final()).all(|c| possible(c).is_empty()));
}

#[test]
fn only_closed_parts_and_pauses_stop_the_recorder() {
    let open = run(&full_day()[..2]);
    assert!(open.records() && open.is_public_now());
    for (step, records) in [
        (Step::BeginClosedPart { reason: why(), recorded: true }, true),
        (Step::BeginClosedPart { reason: why(), recorded: false }, false),
        (Step::BeginMediation { reason: why(), recorded: true }, true),
        (Step::BeginMediation { reason: why(), recorded: false }, false),
        (Step::Adjourn { reason: why() }, false),
        (Step::Suspend { reason: why() }, false),
        (Step::End { outcome: Outcome::Completed }, false),
    ] {
        let after = open.then(&open.event(step.clone(), at(1)).unwrap()).unwrap();
        assert_eq!(after.records(), records, "{step:?}");
        assert!(!after.is_public_now(), "{step:?}");
    }
}

#[test]
fn a_log_that_was_touched_does_not_replay() {
    let events: Vec<Event> = full_day().into_iter().zip(1..).map(|((m, step), n)| Event { n, at: at(m), step }).collect();
    let mut left_out = events.clone();
    left_out.remove(3);
    assert_eq!(replay(&left_out), Err(Broken::OutOfOrder(5)));
    let mut backwards = events.clone();
    backwards[5].at = at(-30);
    assert_eq!(replay(&backwards), Err(Broken::Backwards(6)));
    let mut other = events.clone();
    other[1].step = Step::Resume;
    assert_eq!(replay(&other), Err(Broken::NoSuchStep(2, State::Waiting)));
    let json = serde_json::to_string(&events).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Event>>(&json).unwrap(), events, "the log is kept as it is");
}

// part of H23, H31, H35
#[test]
fn the_judge_directs_and_nobody_else() {
    let hands = [Hand::Judge, Hand::Clerk, Hand::House, Hand::Other];
    // step, state it is tried from, who may
    let day = full_day();
    let states = [Course::default(), run(&day[..1]), run(&day[..2]), run(&day[..8]), run(&day[..12]), run(&day[..13]), run(&day[..16])];
    for course in &states {
        for step in all_steps() {
            if next(course.state, course.part, &step).is_none() {
                continue;
            }
            let allowed: Vec<bool> = hands.iter().map(|h| check(course, &step, *h, &ready(), None).is_ok()).collect();
            let expected = match (&step, course.state) {
                (Step::OpenWaiting, _) => [true, true, true, false],
                (Step::StartSigning | Step::ReopenTranscript | Step::Cancel { .. }, _) => [true, true, false, false],
                (Step::Postpone { .. }, State::Scheduled | State::Waiting) => [true, true, false, false],
                (Step::Close, _) => [false, true, false, false],
                (Step::Lock, _) => [false, false, true, false],
                _ => [true, false, false, false],
            };
            assert_eq!(allowed, expected, "{step:?} from {:?}", course.state);
        }
    }
    let open = run(&day[..2]);
    let cut = Ready { judge_connected: false, ..ready() };
    assert!(check(&open, &Step::Suspend { reason: why() }, Hand::Clerk, &cut, None).is_ok(), "the judge is cut off");
    assert_eq!(check(&open, &Step::Suspend { reason: "断了".into() }, Hand::Judge, &ready(), None).unwrap_err().code, "hearing.reason");
    assert_eq!(Hand::of(Role::SoleJudge), Hand::Judge);
    assert_eq!(Hand::of(Role::PanelJudge), Hand::Other);
    assert_eq!(Hand::of(Role::JudgeAssistant), Hand::Clerk);
    assert_eq!(offered(&open, Hand::Other, &ready()), Vec::<&str>::new());
    assert!(offered(&open, Hand::Judge, &ready()).contains(&"adjourn"));
}

#[test]
fn nothing_opens_that_could_not_be_recorded() {
    let waiting = run(&full_day()[..1]);
    let open = |ready: &Ready, reason: Option<&str>| check(&waiting, &Step::Open, Hand::Judge, ready, reason).map_err(|r| r.code);
    assert_eq!(open(&ready(), None), Ok(()));
    let hard = [
        Ready { recorder: false, ..ready() },
        Ready { storage: Storage::Full, ..ready() },
        Ready { bench_complete: false, ..ready() },
        Ready { clerk_present: false, ..ready() },
    ];
    for r in hard {
        assert_eq!(open(&r, Some("当事人等候已久，先行开庭")), Err("hearing.not_ready"), "no reason helps");
    }
    assert_eq!(open(&Ready { storage: Storage::Low, ..ready() }, None), Ok(()));
    let soft =
        [Ready { unidentified: 1, ..ready() }, Ready { unacknowledged: 2, ..ready() }, Ready { any_party_present: false, ..ready() }];
    for r in soft {
        assert_eq!(open(&r, None), Err("hearing.open_reason"));
        assert_eq!(open(&r, Some("好")), Err("hearing.reason"));
        assert_eq!(open(&r, Some("被告经传票传唤未到庭，缺席审理")), Ok(()));
        assert_eq!(obstacles(&r).len(), 1);
    }
    // a store that fails in the middle stops nothing that runs
    let sitting = run(&full_day()[..3]);
    let full = Ready { storage: Storage::Full, recorder: false, ..ready() };
    assert!(check(&sitting, &Step::Resume, Hand::Judge, &full, None).is_err(), "not adjourned");
    let paused = sitting.then(&sitting.event(Step::Adjourn { reason: why() }, at(12)).unwrap()).unwrap();
    assert!(check(&paused, &Step::Resume, Hand::Judge, &full, None).is_ok());
}

#[test]
fn mediation_is_agreed_to_and_recorded_only_by_consent() {
    let open = run(&full_day()[..2]);
    let begin = |recorded, ready: Ready| {
        check(&open, &Step::BeginMediation { reason: why(), recorded }, Hand::Judge, &ready, None).map_err(|r| r.code)
    };
    assert_eq!(begin(false, Ready { mediation_agreed: false, ..ready() }), Err("hearing.mediation_consent"));
    assert_eq!(begin(true, Ready { recording_agreed: false, ..ready() }), Err("hearing.mediation_recording"));
    assert_eq!(begin(false, Ready { recording_agreed: false, ..ready() }), Ok(()));
    assert_eq!(begin(true, ready()), Ok(()));
}
