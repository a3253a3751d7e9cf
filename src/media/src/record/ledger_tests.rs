//! The rules of the gap ledger, as tables.

use super::*;

const ME: ParticipantId = ParticipantId(7);

fn at(at: i64, event: Event) -> Stamped {
    Stamped { at, utc: at * 1_000, event }
}

fn joined(t: i64) -> Stamped {
    at(t, Event::Joined { who: Who(ME) })
}

/// Gaps of the sound, as (from, to, why).
fn sound(events: &[Stamped], spans: &[Span], end: i64) -> Vec<(i64, i64, Why)> {
    let spans = Spans::from([((ME, Medium::Audio), spans.to_vec())]);
    ledger(events, &spans, end).into_iter().filter(|g| g.medium == Medium::Audio).map(|g| (g.from, g.to, g.why)).collect()
}

#[test]
fn a_whole_recording_has_no_gaps_and_small_holes_are_none() {
    assert!(sound(&[joined(0)], &[(100, 5_000), (5_900, 10_000)], 10_500).is_empty());
}

#[test]
fn before_coming_after_leaving_and_a_cut_line() {
    let events =
        [joined(20_000), at(40_000, Event::Disconnected { who: Who(ME) }), joined(50_000), at(80_000, Event::Left { who: Who(ME) })];
    let gaps = sound(&events, &[(20_200, 39_800), (50_400, 79_990)], 100_000);
    assert_eq!(gaps, [(0, 20_200, Why::NotJoined), (39_800, 50_400, Why::Disconnected), (79_990, 100_000, Why::Left)]);
}

#[test]
fn silence_while_connected_is_the_line() {
    assert_eq!(sound(&[joined(0)], &[(0, 5_000), (8_000, 20_000)], 20_000), [(5_000, 8_000, Why::NoPackets)]);
}

#[test]
fn the_judges_break_names_its_reason_and_takes_the_slivers() {
    for (reason, why) in
        [(Break::Adjourned, Why::Adjourned), (Break::ClosedEvidence, Why::ClosedEvidence), (Break::Mediation, Why::Mediation)]
    {
        let events = [joined(0), at(10_000, Event::BreakStart { reason }), at(60_000, Event::BreakEnd)];
        assert_eq!(sound(&events, &[(0, 9_980), (60_300, 90_000)], 90_000), [(9_980, 60_300, why)]);
        assert_eq!(why.cause(), Cause::Judge);
    }
}

#[test]
fn a_gap_is_divided_where_its_cause_changes() {
    let events = [
        joined(0),
        at(10_000, Event::Disconnected { who: Who(ME) }),
        at(20_000, Event::BreakStart { reason: Break::Adjourned }),
        at(40_000, Event::BreakEnd),
        joined(55_000),
    ];
    let gaps = sound(&events, &[(0, 9_900), (55_200, 60_000)], 60_000);
    assert_eq!(gaps, [(9_900, 20_000, Why::Disconnected), (20_000, 40_000, Why::Adjourned), (40_000, 55_200, Why::Disconnected)]);
}

#[test]
fn muted_by_oneself_and_by_the_court() {
    let switch = |t, on: bool, by| {
        let (who, medium) = (Who(ME), Medium::Audio);
        at(t, if on { Event::Muted { who, medium, by } } else { Event::Unmuted { who, medium, by } })
    };
    let events = [
        joined(0),
        switch(5_000, true, By::Person),
        switch(10_000, true, By::Court),
        switch(15_000, false, By::Court),
        switch(20_000, false, By::Person),
    ];
    let gaps = sound(&events, &[(0, 5_000), (20_000, 30_000)], 30_000);
    assert_eq!(gaps, [(5_000, 10_000, Why::Muted), (10_000, 15_000, Why::MutedByCourt), (15_000, 20_000, Why::Muted)]);
}

#[test]
fn a_crash_is_the_servers_until_people_are_back_or_had_time_to() {
    let crash = |back: Option<i64>| {
        let mut events = vec![joined(0), at(30_000, Event::Crash { torn: 0 }), at(33_000, Event::Epoch { epoch: 2 })];
        events.extend(back.map(joined));
        events
    };
    assert_eq!(sound(&crash(Some(34_000)), &[(0, 30_000), (34_300, 50_000)], 50_000), [(30_000, 34_300, Why::Crash)]);
    assert_eq!(sound(&crash(None), &[(0, 30_000)], 100_000), [(30_000, 63_000, Why::Crash), (63_000, 100_000, Why::Disconnected)]);
}

#[test]
fn a_crash_is_told_however_short_it_was() {
    let events = [joined(0), at(30_000, Event::Crash { torn: 0 }), at(30_200, Event::Epoch { epoch: 2 }), joined(30_250)];
    assert_eq!(sound(&events, &[(0, 30_000), (30_400, 50_000)], 50_000), [(30_000, 30_400, Why::Crash)]);
    // joined again, yet nothing comes for long: from there on it is the line
    assert_eq!(sound(&events, &[(0, 30_000), (50_000, 60_000)], 60_000), [(30_000, 35_250, Why::Crash), (35_250, 50_000, Why::NoPackets)]);
}

#[test]
fn who_was_away_when_the_server_died_stays_away() {
    let events =
        [joined(0), at(10_000, Event::Left { who: Who(ME) }), at(30_000, Event::Crash { torn: 0 }), at(33_000, Event::Epoch { epoch: 2 })];
    assert_eq!(sound(&events, &[(0, 10_000)], 50_000), [(10_000, 50_000, Why::Left)]);
}

#[test]
fn troubles_of_the_running_recorder() {
    let events = [joined(0), at(9_000, Event::Trouble { what: Trouble::DiskFull, from: 5_000 })];
    assert_eq!(sound(&events, &[(0, 5_000), (9_000, 10_000)], 10_000), [(5_000, 9_000, Why::DiskFull)]);
}

#[test]
fn recorded_and_gaps_tile_the_hearing() {
    // every made-up story: what is recorded, joined over small holes, and the gaps cover [0, end] once
    let mut seed = 12_345u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((seed >> 33) % below) as i64
    };
    for _ in 0..500 {
        let (mut t, mut spans, mut events) = (0, Vec::new(), vec![joined(next(3_000))]);
        for _ in 0..next(30) {
            let from = t + next(4_000);
            t = from + 1 + next(5_000);
            spans.push((from, t));
            let when = next(60_000);
            events.push(at(
                when,
                [
                    Event::BreakStart { reason: Break::Mediation },
                    Event::BreakEnd,
                    Event::Crash { torn: 0 },
                    Event::Left { who: Who(ME) },
                    joined(0).event,
                ][next(5) as usize]
                    .clone(),
            ));
        }
        events.sort_by_key(|e| e.at);
        let end = t + next(5_000);
        let gaps = sound(&events, &spans, end);
        let mut all: Vec<Span> = gaps.iter().map(|g| (g.0, g.1)).chain(spans.iter().copied()).collect();
        all.sort_unstable();
        let mut reached = 0;
        for (from, to) in all {
            assert!(from - reached <= HOLE_MS && from >= reached, "{reached} {from} {gaps:?} {events:?}");
            reached = to;
        }
        assert!(end - reached <= HOLE_MS, "{reached} {end}");
    }
}
