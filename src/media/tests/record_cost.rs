//! What recording costs: processor time per packet and how long the disk takes. A figure, not a pass; run it with
//! optimisation: `cargo test -p lianting-media --release --test record_cost -- --ignored --nocapture`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod record_kit;

use std::sync::{Arc, Mutex};
use std::time::Instant;

use lianting_media::ParticipantId;
use lianting_media::record::{Disk, LocalDisk, RecordError, Space};
use record_kit::*;

fn processor_us() -> i64 {
    use nix::time::{ClockId, clock_gettime};
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).map(|t| t.tv_sec() * 1_000_000 + t.tv_nsec() / 1_000).unwrap()
}

/// Times every call.
#[derive(Default)]
struct Watched(Mutex<Vec<u128>>);

impl Watched {
    fn time<T>(&self, call: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let out = call();
        self.0.lock().unwrap().push(began.elapsed().as_micros());
        out
    }
}

impl Disk for Watched {
    fn write_new(&self, path: &std::path::Path, bytes: &[u8]) -> Result<(), RecordError> {
        self.time(|| LocalDisk.write_new(path, bytes))
    }
    fn append(&self, path: &std::path::Path, bytes: &[u8]) -> Result<(), RecordError> {
        self.time(|| LocalDisk.append(path, bytes))
    }
    fn folder(&self, path: &std::path::Path) -> Result<(), RecordError> {
        LocalDisk.folder(path)
    }
    fn remove(&self, path: &std::path::Path) -> Result<(), RecordError> {
        LocalDisk.remove(path)
    }
    fn space(&self, path: &std::path::Path) -> Result<Space, RecordError> {
        LocalDisk.space(path)
    }
}

#[test]
#[ignore = "a figure"]
fn processor_time_of_twelve_people() {
    let disk = Arc::new(Watched::default());
    let mut court = Court::open_on(disk.clone());
    let (people, secs) = (12u128, 60);
    let mut all: Flight = (0..people).flat_map(|n| flight(&Line::of(ParticipantId(0x100 + n)), n as i64 * 1_700, secs)).collect();
    all.sort_by_key(|(at, _)| *at);
    let packets = all.iter().filter(|(_, i)| matches!(i, Item::Packet(_))).count() as i64;
    let bytes: usize = all.iter().map(|(_, i)| if let Item::Packet(p) = i { p.payload.len() } else { 0 }).sum();
    let (cpu, wall) = (processor_us(), Instant::now());
    court.play(&all, secs * 1_000_000 + 500_000);
    assert!(court.room.close().unwrap().is_empty());
    let (cpu, wall) = (processor_us() - cpu, wall.elapsed());
    let mut calls = disk.0.lock().unwrap().clone();
    calls.sort_unstable();
    let part = |p: usize| calls[(calls.len() - 1) * p / 100];
    eprintln!(
        "{people} people, {secs} s, {packets} packets, {:.1} Mbit/s: {:.1} ms processor time a second of hearing, {:.2} us a packet, {} packets a CPU-second; {} disk calls, p50 {} us, p99 {} us, max {} us; wall {:.1} s",
        bytes as f64 * 8e-6 / secs as f64,
        cpu as f64 / 1_000.0 / secs as f64,
        cpu as f64 / packets as f64,
        packets * 1_000_000 / cpu,
        calls.len(),
        part(50),
        part(99),
        calls[calls.len() - 1],
        wall.as_secs_f64()
    );
}
