//! kill -9 of a recording process, again and again, in real time: how much is lost, and is the ledger exact?
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod record_kit;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use lianting_media::Tap;
use lianting_media::record::finish::{Limits, finish};
use lianting_media::record::{Ending, Event, KernelClock, LocalDisk, Medium, Recorder, Source, Span, Watermarks, Why, spool, steady_us};
use record_kit::*;

const SPOOL: &str = "RECORD_CRASH_SPOOL";

/// The product's wall clock; a test's is the machine's.
fn wall() -> i64 {
    std::time::UNIX_EPOCH.elapsed().unwrap().as_micros() as i64
}

/// Not a test by itself: the process that is killed. It records two people until it dies.
#[test]
#[ignore = "the child of the test below"]
fn recording_child() {
    let Ok(dir) = std::env::var(SPOOL) else { return };
    let clock = Arc::new(KernelClock::new(wall));
    let recorder = Recorder::new(PathBuf::from(dir), Arc::new(LocalDisk), clock, Watermarks { warn: 999, refuse: 1_000 }).unwrap();
    let (swept, failed) = recorder.sweep().unwrap();
    assert!(failed.is_empty() && swept.iter().all(|s| s.damaged.is_empty()), "{failed:?} {swept:?}");
    let lines = [Line::of(JUDGE), Line { delay_us: (10_000, 60_000), ..Line::of(PARTY) }];
    let mut all: Flight = lines.iter().flat_map(|line| flight(line, 0, 30)).collect();
    all.sort_by_key(|(at, _)| *at);
    let (zero, began) = (steady_us(), Instant::now());
    let (tap, handle) = recorder.open(&place(), zero).unwrap();
    [JUDGE, PARTY].into_iter().for_each(|who| tap.joined(who, Duration::ZERO));
    println!("recording");
    for (at, item) in all {
        let due = Duration::from_micros(at as u64);
        std::thread::sleep(due.saturating_sub(began.elapsed()));
        match item {
            Item::Packet(mut p) => {
                p.arrived = due;
                tap.packet(p);
            }
            Item::Report(who, track, ssrc, ntp, rtp) => tap.sender_report(who, track, ssrc, ntp, rtp),
        }
    }
    assert!(handle.alive());
    std::thread::sleep(Duration::from_secs(60));
}

/// Starts the child, waits until it records, and kills it after a while. Tells the steady times of start and death.
fn live_and_die(spool: &Path, media: &Path, lives: Duration) -> (i64, i64) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "recording_child", "--ignored", "--nocapture"])
        .env(SPOOL, spool)
        .env(MADE, media)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let out = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut lines = std::io::BufRead::lines(out);
    assert!(lines.any(|l| l.unwrap().contains("recording")), "the child came up");
    let began = steady_us();
    std::thread::sleep(lives);
    child.kill().unwrap();
    let died = steady_us();
    child.wait().unwrap();
    (began, died)
}

#[test]
fn a_killed_recorder_costs_at_most_two_seconds_and_the_ledger_is_exact() {
    let rounds: u64 = std::env::var("RECORD_CRASHES").ok().and_then(|n| n.parse().ok()).unwrap_or(4);
    let (dir, made) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    encode(&made.path().join("media.webm"), 10, "320x240");
    let mut dice = Dice(u64::from(std::process::id()));
    let mut lives = Vec::new();
    for _ in 0..rounds {
        lives.push(live_and_die(dir.path(), &made.path().join("media.webm"), Duration::from_millis(2_600 + dice.below(2_000))));
    }
    let folder = place().folder(dir.path());
    let clock = KernelClock::new(wall);
    lianting_media::record::sweep(dir.path(), &LocalDisk, &clock).unwrap();
    let events = spool::events(&folder).unwrap();
    let Event::Opened { mono, .. } = events[0].event else { panic!("{:?}", events[0]) };
    let media_ms = |steady: i64| (steady - mono) / 1_000;
    let mut worst = 0;
    for who in [JUDGE, PARTY] {
        let source = Source { participant: who, screen: false };
        let epochs = spool::epochs(&folder, source).unwrap();
        assert_eq!(epochs.len() as u64, rounds);
        for (epoch, (began, died)) in epochs.iter().zip(&lives) {
            assert!(epoch.damaged().is_empty() && epoch.end == Some(Ending::Crash));
            let reached = epoch.segments.iter().map(|s| s.to).max().unwrap();
            let lost = media_ms(*died) - reached;
            assert!(lost <= 2_000, "epoch {} lost {lost} ms (it lived {} ms)", epoch.epoch, (died - began) / 1_000);
            worst = worst.max(lost);
        }
    }
    // the ledger is exact: a gap from the last durable frame of an epoch to the first of the next, for every track
    let gaps = spool::gaps(&folder).unwrap();
    for who in [JUDGE, PARTY] {
        let epochs = spool::epochs(&folder, Source { participant: who, screen: false }).unwrap();
        for medium in [Medium::Audio, Medium::Video] {
            let spans = |epoch: &spool::Epoch| -> Vec<Span> {
                let held = epoch.segments.iter().filter_map(|s| if medium == Medium::Audio { s.audio.as_ref() } else { s.video.as_ref() });
                held.flat_map(|h| h.spans.clone()).collect()
            };
            let expected: Vec<Span> = epochs
                .windows(2)
                .map(|w| (spans(&w[0]).iter().map(|s| s.1).max().unwrap(), spans(&w[1]).iter().map(|s| s.0).min().unwrap()))
                .collect();
            let told = gaps.iter().filter(|g| g.who.0 == who && g.medium == medium && g.why == Why::Crash);
            let told: Vec<Span> = told.map(|g| (g.from, g.to)).filter(|g| g.0 < expected[expected.len() - 1].1).collect();
            assert_eq!(told, expected, "{who:?} {medium:?}");
        }
    }
    assert!(gaps.iter().all(|g| g.why == Why::Crash), "{gaps:?}");
    // one last life that ends well: everything plays
    let recorder = Recorder::new(
        dir.path().to_owned(),
        Arc::new(LocalDisk),
        Arc::new(KernelClock::new(wall)),
        Watermarks { warn: 999, refuse: 1_000 },
    )
    .unwrap();
    recorder.sweep().unwrap();
    let (_tap, mut handle) = recorder.open(&place(), steady_us()).unwrap();
    handle.close().unwrap();
    let done = finish(dir.path(), &place(), &LocalDisk, &Limits::default()).unwrap();
    assert_eq!(done.len(), 2, "both files decode from end to end");
    eprintln!(
        "killed {rounds} times: at most {worst} ms lost, {} gaps in the ledger, both files play ({} and {} sounds)",
        gaps.len(),
        done[0].audio,
        done[1].audio
    );
}
