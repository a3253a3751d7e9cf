//! What goes in comes out: every frame, in order, at its time, whatever the line does to the packets.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod record_kit;

use lianting_media::TrackKind;
use lianting_media::record::finish::{Limits, check, finish, join};
use lianting_media::record::{Break, Command, Medium, Msg, Source, Why, spool};
use record_kit::*;

fn person(who: lianting_media::ParticipantId) -> Source {
    Source { participant: who, screen: false }
}

/// What the sender sent.
fn sent(secs: i64) -> (usize, usize) {
    ((secs * 50) as usize, (secs * 25) as usize)
}

#[test]
fn a_hearing_of_two_is_recorded_to_the_last_frame_and_plays() {
    let mut court = Court::open();
    let mut flight = flight(&Line::of(JUDGE), 0, 20);
    flight.extend(record_kit::flight(&Line { timestamp: u32::MAX - 90_000, sequence: 65_500, ..Line::of(PARTY) }, 0, 20));
    flight.sort_by_key(|(at, _)| *at);
    court.play(&flight, 20_200_000);
    let gaps = court.room.close().unwrap();
    assert!(gaps.is_empty(), "{gaps:?}");
    let done = finish(court.dir.path(), &place(), court.disk.as_ref(), &Limits::default()).unwrap();
    assert_eq!(done.len(), 2);
    let original = frame_pattern(20);
    for finished in &done {
        assert_eq!((finished.audio as usize, finished.video as usize), sent(20), "{}", finished.source);
        let file = court.folder().join("joined").join(format!("{}.webm", finished.source));
        assert_eq!(frame_digests(&file), original, "bit for bit");
        let found = check(&file, &Limits::default()).unwrap();
        assert!((found.duration_ms - 20_000).abs() < 60, "{found:?}");
    }
    // one segment a second, none longer than the promise
    for epoch in spool::epochs(&court.folder(), person(JUDGE)).unwrap() {
        assert!((18..=21).contains(&epoch.segments.len()), "{}", epoch.segments.len());
        assert!(epoch.segments.iter().all(|s| s.to - s.from <= 1_200), "{:?}", epoch.segments);
        assert!(epoch.damaged().is_empty());
    }
}

fn frame_pattern(secs: i64) -> (Vec<lianting_media::record::Digest>, Vec<lianting_media::record::Digest>) {
    let of = |video: bool| {
        let one: Vec<_> = media().frames.iter().filter(|f| f.video == video).map(|f| lianting_media::record::Digest::of(&f.data)).collect();
        one.iter().cycle().take(if video { secs * 25 } else { secs * 50 } as usize).copied().collect()
    };
    (of(false), of(true))
}

#[test]
fn reordered_doubled_and_jittered_packets_change_nothing() {
    let mut court = Court::open();
    let mut dice = Dice(7);
    let mut flight = flight(&Line { sequence: 65_000, ..Line::of(JUDGE) }, 0, 20);
    let mut twins = Flight::new();
    for (n, (at, item)) in flight.iter_mut().enumerate() {
        if let (Item::Packet(_), true) = (&item, n > 20) {
            *at += dice.below(90_000) as i64;
            if dice.below(10) == 0 {
                twins.push((*at + dice.below(150_000) as i64, item.clone()));
            }
        }
    }
    flight.extend(twins);
    flight.sort_by_key(|(at, _)| *at);
    court.play(&flight, 20_500_000);
    assert!(court.room.close().unwrap().is_empty());
    let joined = join(&court.folder(), person(JUDGE)).unwrap();
    assert_eq!((joined.audio as usize, joined.video as usize), sent(20));
    assert_eq!(frame_digests(&joined.path), frame_pattern(20));
    check(&joined.path, &Limits::default()).unwrap();
}

#[test]
fn after_a_loss_the_picture_goes_on_with_a_key_frame_and_one_is_asked_for() {
    let mut court = Court::open();
    let mut dice = Dice(3);
    let mut lost = 0;
    let flight: Flight = flight(&Line::of(JUDGE), 0, 20)
        .into_iter()
        .filter(|(at, item)| {
            let drop = matches!(item, Item::Packet(_)) && *at > 300_000 && dice.below(100) < 2;
            lost += u32::from(drop);
            !drop
        })
        .collect();
    court.play(&flight, 5_000_000);
    let mut asked = false;
    for n in 1..=60 {
        court.play(&flight, 5_000_000 + n * 250_000);
        asked |= court.room.wishes().contains(&(JUDGE, TrackKind::Video));
    }
    court.play(&flight, 20_600_000);
    let gaps = court.room.close().unwrap();
    assert!(asked, "a key frame was wanted");
    let joined = join(&court.folder(), person(JUDGE)).unwrap();
    let counted: u32 = spool::epochs(&court.folder(), person(JUDGE)).unwrap()[0]
        .segments
        .iter()
        .map(|s| s.audio.as_ref().map_or(0, |h| h.lost) + s.video.as_ref().map_or(0, |h| h.lost))
        .sum();
    assert!(counted <= lost && counted + 3 >= lost, "{counted} of {lost} losses are in the manifests");
    let found = check(&joined.path, &Limits::default()).expect("decodes without a complaint");
    assert_eq!((found.audio, found.video), (joined.audio, joined.video));
    assert!(joined.audio > 950, "{}", joined.audio);
    // the test media has a key frame every two seconds and nobody answers the wish: gaps of the picture are the line's
    assert!(gaps.iter().all(|g| g.medium == Medium::Video && g.why == Why::NoPackets), "{gaps:?}");
    eprintln!("2 % loss: {lost} packets lost, {} of 1000 sounds and {} of 500 pictures kept", joined.audio, joined.video);
}

#[test]
fn padding_that_is_left_out_is_no_loss() {
    let mut court = Court::open();
    let mut shift = 0u16;
    let mut flight = flight(&Line::of(JUDGE), 0, 10);
    for (_, item) in &mut flight {
        if let Item::Packet(p) = item
            && p.track == TrackKind::Video
        {
            p.sequence = p.sequence.wrapping_add(shift);
            shift += u16::from(p.marker) * 2;
        }
    }
    court.play(&flight, 10_200_000);
    assert!(court.room.close().unwrap().is_empty());
    let joined = join(&court.folder(), person(JUDGE)).unwrap();
    assert_eq!((joined.audio as usize, joined.video as usize), sent(10));
}

#[test]
fn who_comes_late_leaves_or_changes_layers_stays_on_the_common_time() {
    let mut court = Court::open();
    let mut all = flight(&Line::of(JUDGE), 0, 30);
    all.extend(flight(&Line::of(PARTY), 8_000_000, 7));
    // another layer: a new source with other numbers and times, from a key frame on
    all.extend(flight(&Line { ssrc: 99, sequence: 40_000, timestamp: 3_000_000_000, ..Line::of(PARTY) }, 15_000_000, 7));
    all.sort_by_key(|(at, _)| *at);
    court.room.handle(Msg::Joined(JUDGE, court.zero));
    court.play(&all, 7_900_000);
    let at = court.clock.mono();
    court.room.handle(Msg::Joined(PARTY, at));
    court.play(&all, 22_200_000);
    let at = court.clock.mono();
    court.room.command(Command::Left(PARTY), at);
    court.play(&all, 30_200_000);
    let gaps = court.room.close().unwrap();
    let lines: Vec<_> = gaps.iter().map(|g| (g.who.0, g.from, g.to, g.why)).collect();
    assert_eq!(gaps.len(), 4, "{lines:?}");
    for gap in &gaps {
        assert_eq!(gap.who.0, PARTY);
        match gap.why {
            Why::NotJoined => assert!(gap.from == 0 && (gap.to - 8_030).abs() <= 40, "{gap:?}"),
            Why::Left => assert!((gap.from - 22_030).abs() <= 40 && gap.to == 30_200, "{gap:?}"),
            _ => panic!("{gap:?}"),
        }
    }
    let joined = join(&court.folder(), person(PARTY)).unwrap();
    assert_eq!((joined.audio as usize, joined.video as usize), sent(14));
    assert!((joined.span.0 - 8_030).abs() <= 40, "{:?}", joined.span);
    check(&joined.path, &Limits::default()).unwrap();
}

#[test]
fn a_shared_screen_is_a_file_of_its_own() {
    let mut court = Court::open();
    let mut all = flight(&Line::of(JUDGE), 0, 10);
    all.extend(flight(&Line { screen: true, ssrc: 500, ..Line::of(JUDGE) }, 3_000_000, 4));
    all.sort_by_key(|(at, _)| *at);
    court.play(&all, 10_200_000);
    assert!(court.room.close().unwrap().is_empty(), "showing nothing is no gap");
    let done = finish(court.dir.path(), &place(), court.disk.as_ref(), &Limits::default()).unwrap();
    let counts: Vec<_> = done.iter().map(|f| (f.source.ends_with("-screen"), f.audio, f.video)).collect();
    assert_eq!(counts, [(false, 500, 250), (true, 0, 100)]);
}

#[test]
fn who_has_no_camera_has_a_file_of_sound() {
    let mut court = Court::open();
    let sound = flight(&Line::of(JUDGE), 0, 10).into_iter().filter(|(_, item)| match item {
        Item::Packet(p) => p.track == TrackKind::Audio,
        Item::Report(_, track, ..) => *track == TrackKind::Audio,
    });
    court.play(&sound.collect(), 10_200_000);
    let gaps = court.room.close().unwrap();
    assert!(gaps.len() == 1 && gaps[0].medium == Medium::Video && (gaps[0].from, gaps[0].to) == (0, 10_200), "{gaps:?}");
    let done = finish(court.dir.path(), &place(), court.disk.as_ref(), &Limits::default()).unwrap();
    assert_eq!(done.iter().map(|f| (f.audio, f.video)).collect::<Vec<_>>(), [(500, 0)]);
}

#[test]
fn in_a_break_nothing_is_kept_and_the_reason_stands_in_the_ledger() {
    let mut court = Court::open();
    let all = flight(&Line::of(JUDGE), 0, 30);
    court.play(&all, 10_000_000);
    let at = court.clock.mono();
    court.room.command(Command::BreakStart(Break::Mediation), at);
    court.play(&all, 20_000_000);
    let at = court.clock.mono();
    court.room.command(Command::BreakEnd, at);
    court.play(&all, 30_200_000);
    let gaps = court.room.close().unwrap();
    assert_eq!(gaps.len(), 2, "{gaps:?}");
    for gap in &gaps {
        assert_eq!(gap.why, Why::Mediation);
        assert!((9_900..=10_050).contains(&gap.from) && (19_950..=22_100).contains(&gap.to), "{gap:?}");
    }
    let frames = read_frames(&join(&court.folder(), person(JUDGE)).unwrap().path);
    assert!(frames.iter().all(|f| !(10_001_000..19_999_000).contains(&f.at_us)), "not a frame of the break");
    let before = frames.iter().filter(|f| !f.video && f.at_us < 10_000_000).count();
    assert!(before >= 495, "{before} sounds up to the break");
}

#[test]
fn lips_and_voice_stay_together_over_uneven_lines() {
    // the picture takes 150 ms longer on its way than the sound, the sender's clock is an hour off
    for (reports, name) in [(true, "with"), (false, "without")] {
        let mut court = Court::open();
        let line = Line { delay_us: (30_000, 180_000), clock_off_us: 3_600_000_000, reports, ..Line::of(JUDGE) };
        court.play(&flight(&line, 0, 30), 30_500_000);
        court.room.close().unwrap();
        let joined = join(&court.folder(), person(JUDGE)).unwrap();
        let (flashes, beeps) = flashes_and_beeps(&joined.path);
        assert!(flashes.len() >= 28 && beeps.len() >= 28, "{} {}", flashes.len(), beeps.len());
        let apart: Vec<i64> = flashes
            .iter()
            .filter(|f| **f > 12_000)
            .map(|flash| flash - beeps.iter().min_by_key(|b| (**b - flash).abs()).unwrap())
            .collect();
        let worst = apart.iter().copied().max_by_key(|a| a.abs()).unwrap();
        eprintln!("flash against beep {name} sender reports: worst {worst} ms, all {apart:?}");
        if reports {
            assert!(worst.abs() <= 10, "{apart:?}");
        } else {
            assert!((100..=200).contains(&worst), "without reports only arrival is known: {apart:?}");
        }
    }
}

#[test]
fn a_senders_crystal_that_runs_fast_does_not_carry_the_recording_away() {
    // 100 ppm over ten minutes are 60 ms
    let mut court = Court::open();
    let secs = 600;
    let mut all = flight(&Line::of(JUDGE), 0, secs);
    for (at, _) in &mut all {
        *at -= *at / 10_000;
    }
    court.play(&all, secs * 1_000_000);
    court.room.close().unwrap();
    let joined = join(&court.folder(), person(JUDGE)).unwrap();
    let last = read_frames(&joined.path).iter().filter(|f| !f.video).map(|f| f.at_us).max().unwrap() / 1_000;
    let sent_last = secs * 1_000 - 20;
    let arrived = sent_last - sent_last / 10_000 + 30;
    assert!((last - arrived).abs() <= 30, "last sound at {last}, arrived at {arrived}, the sender says {sent_last}");
}
