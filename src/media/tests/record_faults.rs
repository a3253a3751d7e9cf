//! What breaks: disk, store, clocks. The running hearing goes on, and what was lost is told.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod record_kit;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use lianting_media::record::finish::{Limits, finish, join, release};
use lianting_media::record::{
    Alarm, Body, Clock, Digest, Event, FolderStore, Head, LocalDisk, Put, RecordError, Recorder, Source, Store, StoreState, Uploader,
    Watermarks, Why, restore, spool,
};
use record_kit::*;

const YEAR: i64 = 365 * 86_400;

fn judge() -> Source {
    Source { participant: JUDGE, screen: false }
}

/// A store that can be switched off, and counts its requests.
struct Flaky {
    inner: FolderStore,
    down: AtomicBool,
    puts: AtomicU32,
}

impl Flaky {
    fn new(dir: &std::path::Path) -> Arc<Self> {
        Arc::new(Self { inner: FolderStore::new(dir.join("store")).unwrap(), down: AtomicBool::new(false), puts: AtomicU32::new(0) })
    }

    fn up(&self) -> Result<(), RecordError> {
        if self.down.load(Ordering::SeqCst) { Err(RecordError::Store("no answer".into())) } else { Ok(()) }
    }
}

impl Store for Flaky {
    fn put_if_absent(&self, key: &str, body: Body<'_>, sha256: Digest, retain_until: i64) -> Result<Put, RecordError> {
        self.up()?;
        self.puts.fetch_add(1, Ordering::SeqCst);
        self.inner.put_if_absent(key, body, sha256, retain_until)
    }
    fn head(&self, key: &str) -> Result<Option<Head>, RecordError> {
        self.up()?;
        self.inner.head(key)
    }
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, RecordError> {
        self.up()?;
        self.inner.get(key)
    }
}

fn uploader(court: &Court, store: &Arc<Flaky>, state: &Arc<StoreState>) -> Uploader {
    Uploader::new(court.dir.path().to_owned(), Arc::clone(&court.disk), store.clone(), court.clock.clone(), Arc::clone(state), YEAR)
}

#[test]
fn a_store_that_is_down_for_five_minutes_costs_nothing_and_is_caught_up_with() {
    let mut court = Court::open();
    let (elsewhere, state) = (tempfile::tempdir().unwrap(), Arc::new(StoreState::default()));
    let store = Flaky::new(elsewhere.path());
    let mut up = uploader(&court, &store, &state);
    let all = flight(&Line::of(JUDGE), 0, 420);
    let mut failed = 0;
    for second in (2..=420).step_by(2) {
        store.down.store((60..360).contains(&second), Ordering::SeqCst);
        court.play(&all, second * 1_000_000);
        failed += u32::from(up.round().is_err());
        let down = state.alarms().iter().any(|a| matches!(a, Alarm::StoreDown(_)));
        assert_eq!(down, (60..360).contains(&second), "at {second}");
        assert!(court.room.disk_error().is_none());
    }
    assert_eq!(failed, 150, "every round of the five minutes");
    assert!(court.room.close().unwrap().is_empty());
    up.round().unwrap();
    let puts = store.puts.load(Ordering::SeqCst);
    assert!(puts <= 70, "{puts} requests for seven minutes");
    eprintln!("store down 5 of 7 minutes: {failed} rounds failed, {puts} requests in all, no gap");
    // from the bundles alone: the same folder, byte for byte
    let back = elsewhere.path().join("back");
    let bundles = restore(store.as_ref(), &place().key(), &back, &LocalDisk).unwrap();
    assert_eq!(bundles, puts);
    let (epochs, again) = (spool::epochs(&court.folder(), judge()).unwrap(), spool::epochs(&back, judge()).unwrap());
    assert_eq!(epochs[0].segments, again[0].segments);
    assert!(again[0].damaged().is_empty() && again[0].end.is_some());
    assert_eq!(spool::gaps(&back).unwrap(), spool::gaps(&court.folder()).unwrap());
}

#[test]
fn nothing_leaves_the_spool_before_every_proof_holds() {
    let mut court = Court::open();
    let (elsewhere, state) = (tempfile::tempdir().unwrap(), Arc::new(StoreState::default()));
    let store = Flaky::new(elsewhere.path());
    court.play(&flight(&Line::of(JUDGE), 0, 8), 8_200_000);
    let free = |court: &Court| release(court.dir.path(), &place(), court.disk.as_ref(), store.as_ref(), YEAR);
    let segments = |court: &Court| {
        std::fs::read_dir(judge().epoch(&court.folder(), 1))
            .unwrap()
            .filter(|f| f.as_ref().unwrap().path().extension().is_some_and(|e| e == "seg"))
            .count()
    };
    assert_eq!(free(&court).unwrap_err().code(), "record.not_closed");
    court.room.close().unwrap();
    let whole = segments(&court);
    assert!(free(&court).is_err(), "nothing is uploaded");
    uploader(&court, &store, &state).round().unwrap();
    assert!(free(&court).is_err(), "nothing is joined");
    finish(court.dir.path(), &place(), court.disk.as_ref(), &Limits::default()).unwrap();
    store.down.store(true, Ordering::SeqCst);
    assert!(free(&court).is_err(), "the store does not answer");
    store.down.store(false, Ordering::SeqCst);
    // a joined file with one other bit is none
    let file = court.folder().join("joined").join(format!("{}.webm", judge().name()));
    let good = std::fs::read(&file).unwrap();
    let mut bad = good.clone();
    bad[good.len() / 2] ^= 1;
    std::fs::write(&file, &bad).unwrap();
    assert!(free(&court).is_err(), "the joined file is another");
    std::fs::write(&file, &good).unwrap();
    // an object in the store that is another
    let object = elsewhere.path().join("store").join(lianting_media::record::bundle_key(&place().key(), 0));
    let kept = std::fs::read(&object).unwrap();
    let mut mode = std::fs::metadata(&object).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o644);
    std::fs::set_permissions(&object, mode).unwrap();
    std::fs::write(&object, &kept[..kept.len() - 1]).unwrap();
    assert!(free(&court).is_err(), "the stored bundle is another");
    assert_eq!(segments(&court), whole, "not one segment was touched");
    std::fs::write(&object, &kept).unwrap();
    let freed = free(&court).unwrap();
    assert_eq!((freed as usize, segments(&court)), (whole - 1, 1), "all but the head");
    assert!(court.folder().join("gaps.json").exists() && judge().epoch(&court.folder(), 1).join("manifest.jsonl").exists());
}

#[test]
fn an_upload_whose_booking_was_cut_off_is_made_once_more_and_nothing_is_overwritten() {
    let mut court = Court::open();
    let (elsewhere, state) = (tempfile::tempdir().unwrap(), Arc::new(StoreState::default()));
    let store = Flaky::new(elsewhere.path());
    let all = flight(&Line::of(JUDGE), 0, 10);
    court.play(&all, 4_000_000);
    uploader(&court, &store, &state).round().unwrap();
    // the server dies after the put and before the line: the list is shorter than the store
    let list = court.folder().join("uploaded.jsonl");
    let booked = std::fs::read(&list).unwrap();
    std::fs::write(&list, &booked[..booked.len() / 2]).unwrap();
    court.play(&all, 10_200_000);
    court.room.close().unwrap();
    uploader(&court, &store, &state).round().unwrap();
    let back = elsewhere.path().join("back");
    restore(store.as_ref(), &place().key(), &back, &LocalDisk).unwrap();
    let again = spool::epochs(&back, judge()).unwrap();
    assert!(again[0].damaged().is_empty() && again[0].end.is_some());
}

#[test]
fn a_full_disk_is_waited_out_and_what_memory_could_not_hold_is_in_the_ledger() {
    // half a minute fits into memory
    let disk = FaultDisk::new();
    let mut court = Court::open_on(disk.clone());
    let all = flight(&Line::of(JUDGE), 0, 60);
    court.play(&all, 10_000_000);
    disk.full.store(true, Ordering::SeqCst);
    court.play(&all, 40_000_000);
    assert!(court.room.disk_error().is_some());
    disk.full.store(false, Ordering::SeqCst);
    court.play(&all, 60_200_000);
    assert!(court.room.disk_error().is_none());
    assert!(court.room.close().unwrap().is_empty(), "thirty seconds were kept in memory");
    assert_eq!(join(&court.folder(), judge()).unwrap().audio, 3_000);
}

#[test]
fn memory_is_bounded_while_the_disk_is_full() {
    let disk = FaultDisk::new();
    let mut court = Court::open_on(disk.clone());
    // test media is some 40 kB/s: bring it up to 3 MB/s by a shared screen of large frames
    let line = Line { screen: false, ..Line::of(JUDGE) };
    let mut all = flight(&line, 0, 30);
    for (_, item) in &mut all {
        if let Item::Packet(p) = item
            && p.track == lianting_media::TrackKind::Audio
        {
            p.payload = bytes::Bytes::from([&p.payload[..], &vec![0; 60_000][..]].concat());
        }
    }
    court.play(&all, 3_000_000);
    disk.full.store(true, Ordering::SeqCst);
    court.play(&all, 25_000_000);
    disk.full.store(false, Ordering::SeqCst);
    court.play(&all, 30_200_000);
    let gaps = court.room.close().unwrap();
    let full: Vec<_> = gaps.iter().filter(|g| g.why == Why::DiskFull).collect();
    assert!(!full.is_empty() && gaps.len() == full.len(), "{gaps:?}");
    let (from, to) = (full[0].from, full[0].to);
    assert!((1_500..=3_100).contains(&from) && to > 8_000 && to < 20_000, "{gaps:?}");
    eprintln!("disk full for 22 s at 3 MB/s: lost {from}–{to} ms of media, in the ledger as the server's");
}

#[test]
fn a_small_tmpfs_that_fills_up() {
    let mount = tempfile::tempdir().unwrap();
    let at = mount.path().to_str().unwrap().to_owned();
    let mounted = std::process::Command::new("mount").args(["-t", "tmpfs", "-o", "size=600k", "tmpfs", &at]).status();
    if !mounted.is_ok_and(|s| s.success()) {
        eprintln!("no right to mount: the fault-injecting disk stands in for this");
        return;
    }
    let spool = mount.path().join("spool");
    let clock = Hand::new();
    let room = lianting_media::record::Room::open(&spool, &place(), Arc::new(LocalDisk), clock.clone()).unwrap();
    let zero = clock.mono();
    let mut court = Court { clock, dir: tempfile::tempdir().unwrap(), disk: Arc::new(LocalDisk), room, zero };
    std::fs::write(mount.path().join("ballast"), vec![0; 200_000]).unwrap();
    let all = flight(&Line::of(JUDGE), 0, 40);
    court.play(&all, 20_000_000);
    let full = court.room.disk_error().map(str::to_owned);
    std::fs::remove_file(mount.path().join("ballast")).unwrap();
    let made_room = std::process::Command::new("mount").args(["-o", "remount,size=8m", &at]).status().unwrap();
    court.play(&all, 40_200_000);
    let gaps = court.room.close();
    let epochs = spool::epochs(&place().folder(&spool), judge()).unwrap();
    let frames: u32 = epochs[0].segments.iter().map(|s| s.audio.as_ref().map_or(0, |h| h.frames)).sum();
    let damaged = epochs[0].damaged();
    std::process::Command::new("umount").arg(&at).status().unwrap();
    assert!(made_room.success() && full.is_some(), "the small disk did fill up");
    assert_eq!((gaps.unwrap().len(), frames, damaged.len()), (0, 2_000, 0));
}

#[test]
fn a_wall_clock_that_jumps_moves_no_picture() {
    for by in [3_600_000_000, -3_600_000_000, 2_000_000] {
        let mut court = Court::open();
        let all = flight(&Line::of(JUDGE), 0, 20);
        court.play(&all, 10_000_000);
        court.clock.set_wall_by(by);
        court.play(&all, 20_200_000);
        assert!(court.room.close().unwrap().is_empty());
        let jumps: Vec<_> = spool::events(&court.folder())
            .unwrap()
            .into_iter()
            .filter_map(|e| if let Event::ClockJump { by_ms } = e.event { Some((e.at, by_ms)) } else { None })
            .collect();
        assert_eq!(jumps, [(10_050, by / 1_000)]);
        let joined = join(&court.folder(), judge()).unwrap();
        assert_eq!((joined.audio, joined.video), (1_000, 500));
        let (flashes, _) = flashes_and_beeps(&joined.path);
        assert!(flashes.windows(2).all(|w| (960..=1_040).contains(&(w[1] - w[0]))), "{flashes:?}");
        // the UTC track shows the jump
        let utc: Vec<i64> = spool::epochs(&court.folder(), judge()).unwrap()[0].segments.iter().map(|s| s.utc - s.from * 1_000).collect();
        assert_eq!((utc[0] - MORNING, utc.last().unwrap() - MORNING), (0, by));
    }
}

#[test]
fn after_a_reboot_media_time_goes_on_by_the_wall_clock() {
    let mut court = Court::open();
    let all = flight(&Line::of(JUDGE), 0, 30);
    court.play(&all, 10_000_000);
    let swept = court.crash_and_return(5_000_000);
    assert!((8_500..=10_000).contains(&swept.reached), "{swept:?}");
    assert!((14_990..=15_010).contains(&court.room.now_ms()), "{}", court.room.now_ms());
    let later = flight(&Line { timestamp: 77, ..Line::of(JUDGE) }, 15_200_000, 10);
    court.play(&later, 25_500_000);
    let gaps = court.room.close().unwrap();
    assert!(gaps.iter().all(|g| g.why == Why::Crash && g.from >= 8_000 && g.to <= 15_300), "{gaps:?}");
    assert_eq!(gaps.len(), 2, "{gaps:?}");
}

#[test]
fn a_hearing_opens_only_when_everything_is_ready_and_a_running_one_is_never_refused() {
    let (dir, disk, clock) = (tempfile::tempdir().unwrap(), FaultDisk::new(), Hand::new());
    let recorder = Recorder::new(dir.path().to_owned(), disk.clone(), clock.clone(), Watermarks::default()).unwrap();
    assert_eq!(recorder.ready().alarms, [Alarm::NotSwept]);
    assert!(recorder.open(&place(), clock.mono()).is_err());
    recorder.sweep().unwrap();
    for (used, may_open, alarm) in [
        (500, true, None),
        (700, true, Some(Alarm::SpoolFilling(700))),
        (899, true, Some(Alarm::SpoolFilling(899))),
        (900, false, Some(Alarm::SpoolFull(900))),
    ] {
        disk.used_permille.store(used, Ordering::SeqCst);
        let ready = recorder.ready();
        assert_eq!((ready.may_open, ready.alarms.first().cloned()), (may_open, alarm), "{used}");
        assert_eq!(ready.used_permille, used as u32);
    }
    disk.used_permille.store(100, Ordering::SeqCst);
    disk.full.store(true, Ordering::SeqCst);
    assert!(!recorder.ready().may_open, "a spool that cannot be written");
    disk.full.store(false, Ordering::SeqCst);
    let (tap, handle) = recorder.open(&place(), clock.mono()).unwrap();
    // the recorder dies with the hearing open; the disk is nearly full when it comes back
    drop((tap, handle));
    let again = Recorder::new(dir.path().to_owned(), disk.clone(), clock.clone(), Watermarks::default()).unwrap();
    disk.used_permille.store(950, Ordering::SeqCst);
    let (swept, failed) = again.sweep().unwrap();
    assert_eq!((swept.len(), failed.len()), (1, 0));
    let other = lianting_media::record::Place::new("370102", lianting_media::RoomId(9)).unwrap();
    assert_eq!(again.open(&other, clock.mono()).err().unwrap().code(), "record.not_ready");
    let (_tap, mut handle) = again.open(&place(), clock.mono()).expect("an interrupted hearing goes on");
    let _ = clock.moment();
    assert_eq!(handle.close().unwrap().len(), 0);
}
