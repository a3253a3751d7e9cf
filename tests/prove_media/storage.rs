//! The object store is down, then the disk of the recordings fills up: alarms, no new hearing, and not a frame of the running
//! one is lost; then the store comes back and gets everything.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use lianting_media::record::{Uploaded, spool};
use serde_json::{Value, json};

use crate::kit::{World, cluster, numbers};
use crate::server::{Door, Plan};
use crate::{figure, stage};

pub async fn run() -> Value {
    let seconds = figure("MEDIA_STORE_SECONDS", 20);
    // the joined files need as much again as the segments, and so does the package for a moment
    let disk = Disk::mount(64 + seconds as u64 / 2);
    let door = Door::before(cluster().store).await;
    let w = stage::world().await;
    let plan = Plan::new(&w, "a", Some(disk.at.join("spool")), Some(door.at));
    let server = plan.start().await;
    let s = stage::hearing(&w, &plan.base).await;
    let guests = stage::guests(&w, &s, std::slice::from_ref(&plan.base)).await;
    let next = stage::hearing(&w, &plan.base).await;
    let waits = stage::guests(&w, &next, std::slice::from_ref(&plan.base)).await;
    let recorded = stage::recorded(&plan, &s);
    stage::open(&s, &guests, &recorded).await;
    stage::until("something is in the store", || booked(&recorded.folder) > 0).await;

    door.shut();
    let (down, before) = (Instant::now(), booked(&recorded.folder));
    tokio::time::sleep(Duration::from_secs(seconds as u64)).await;
    let alarmed = alarm(&w, &s.id, "storage_low").await;
    let while_down = booked(&recorded.folder) - before;
    let age = || guests[0].last("recording").map(|r| (r["on"].clone(), r["error"].clone()));
    let ran_on = age().is_some_and(|(on, error)| on == true && error.is_null());

    // nine tenths full: the running hearing goes on, the next one may not begin
    let (mut refused, mut full) = (Value::Null, json!("no right to mount a small disk here: not taken"));
    let mut disk_holds = true;
    if disk.mounted {
        disk.fill(930);
        tokio::time::sleep(Duration::from_secs(2)).await;
        let order = json!({ "step": "open", "set_aside": "当事人身份已经当庭口头核对，纪律已当庭宣布" });
        refused = stage::try_step(&next.judge, &next, order).await.err().unwrap_or_default()["code"].clone();
        let had = recorded.reached(&guests);
        tokio::time::sleep(Duration::from_secs(3)).await;
        let went_on = recorded.reached(&guests) - had;
        // not a byte left
        disk.fill(1000);
        let since = Instant::now();
        stage::until("the court is told", || guests[0].last("recording").is_some_and(|r| !r["error"].is_null())).await;
        let told_after = since.elapsed();
        tokio::time::sleep(Duration::from_secs(8)).await;
        let lost_alarm = alarm(&w, &s.id, "recording_lost").await;
        disk.fill(0);
        let emptied = Instant::now();
        let until = recorded.reached(&guests) + 9_000;
        stage::until("it is written again", || recorded.reached(&guests) >= until).await;
        let behind = emptied.elapsed();
        disk_holds = refused == "hearing.not_ready" || refused.as_str().is_some_and(|c| c.starts_with("hearing."));
        disk_holds &= went_on > 1_000 && lost_alarm;
        full = json!({
            "ran_on_at_nine_tenths_ms": went_on, "told_after_ms": told_after.as_millis() as i64, "alarm_recording_lost": lost_alarm,
            "full_for_ms": 8_000 + told_after.as_millis() as i64, "caught_up_after_ms": behind.as_millis() as i64,
        });
    }
    let was_down = down.elapsed().as_secs();
    door.open();
    let back = Instant::now();
    let owed = segments(&recorded.folder);
    let mut caught_up = None;
    for _ in 0..1200 {
        if booked(&recorded.folder) >= owed {
            caught_up = Some(back.elapsed().as_millis() as i64);
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let package = stage::end(&s).await;
    let wrong = stage::check(&s, &package).await;
    let gaps = recorded.ledger();
    let gaps: Vec<_> = gaps.iter().filter(|g| !(g.from == 0 && g.to < 5_000)).collect();
    let holds = alarmed && ran_on && while_down == 0 && disk_holds && caught_up.is_some() && wrong.is_empty() && gaps.is_empty();
    let found = json!({
        "store_down_s": was_down, "segments_that_waited": owed - before, "alarm_storage_low": alarmed, "running_hearing_went_on": ran_on,
        "new_hearing_refused_with": refused, "disk_full": full, "store_caught_up_after_ms": caught_up,
        "gaps": gaps, "not_playable_or_changed": wrong, "holds": holds,
    });
    drop((guests, waits, server));
    disk.umount();
    found
}

/// Was the technician's board told?
async fn alarm(w: &World, hearing: &str, kind: &str) -> bool {
    w.count(&format!("select count(*) from hearing_alerts where hearing_id = '{hearing}' and kind = '{kind}'")).await > 0
}

/// Segments that the store has shown to hold.
fn booked(folder: &Path) -> usize {
    let text = std::fs::read_to_string(folder.join("uploaded.jsonl")).unwrap_or_default();
    let lines = text.lines().filter_map(|l| serde_json::from_str::<Uploaded>(l).ok());
    lines.flat_map(|l| l.parts).filter(|p| p.path.ends_with(".seg") && !p.path.ends_with("init.seg")).count()
}

/// Segments on the disk.
fn segments(folder: &Path) -> usize {
    let sources = lianting_media::record::Source::all(folder).unwrap();
    sources.into_iter().flat_map(|s| spool::epochs(folder, s).unwrap()).map(|e| e.segments.len()).sum()
}

/// A small disk of its own.
struct Disk {
    at: PathBuf,
    mounted: bool,
}

impl Disk {
    fn mount(mib: u64) -> Self {
        let at = cluster().dir.join(format!("disk{}", numbers::next()));
        std::fs::create_dir_all(&at).unwrap();
        let run = Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={mib}m"), "tmpfs"]).arg(&at).output();
        Self { mounted: run.is_ok_and(|r| r.status.success()), at }
    }

    /// Fills it to so many thousandths, ballast and recordings together.
    fn fill(&self, permille: u64) {
        let ballast = self.at.join("ballast");
        let _ = std::fs::remove_file(&ballast);
        let (total, used) = self.used();
        let want = (total * permille / 1000).saturating_sub(used);
        if permille > 0 {
            let bytes = vec![0; usize::try_from(want).unwrap()];
            let mut file = std::fs::File::create(&ballast).unwrap();
            let _ = std::io::Write::write_all(&mut file, &bytes);
        }
    }

    fn used(&self) -> (u64, u64) {
        let stat = nix::sys::statvfs::statvfs(&self.at).unwrap();
        (stat.blocks() * stat.fragment_size(), (stat.blocks() - stat.blocks_free()) * stat.fragment_size())
    }

    fn umount(&self) {
        if self.mounted {
            let _ = Command::new("umount").arg("-l").arg(&self.at).status();
        }
    }
}
