//! Files for people: the mosaic, clips, and copies with a mark. Looked at through ffmpeg's eyes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod record_kit;

use std::path::{Path, PathBuf};

use lianting_media::record::finish::{Limits, Mosaic, Tile, check, clip, finish, mosaic, watermark};
use lianting_media::record::{Medium, Source, spool};
use record_kit::*;

/// Any font will do for a test; a court installs one with its own signs.
fn font() -> PathBuf {
    let list = run("fc-list", &["--format", "%{file}\n"]);
    let plain = |f: &&str| f.ends_with(".ttf") && f.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b));
    list.lines().find(plain).map(PathBuf::from).expect("a TrueType font (Debian package fonts-dejavu-core)")
}

/// Mean brightness of a part of the picture at a time.
fn brightness(file: &Path, at: &str, crop: &str) -> f64 {
    let filter = format!("crop={crop},signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-");
    let said =
        run("ffmpeg", &["-v", "error", "-ss", at, "-i", file.to_str().unwrap(), "-frames:v", "1", "-vf", &filter, "-f", "null", "-"]);
    said.split('=').next_back().unwrap().trim().parse().unwrap()
}

/// The seconds at which a part of the picture flashes, at most 150 ms after the full second.
fn flashing_seconds(file: &Path, crop: &str) -> Vec<i64> {
    let filter = format!("crop={crop},signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-");
    let said = run("ffmpeg", &["-v", "error", "-i", file.to_str().unwrap(), "-an", "-vf", &filter, "-f", "null", "-"]);
    let times = rises(&said, 120.0);
    assert!(times.iter().all(|t| t % 1_000 <= 150), "{times:?}");
    times.iter().map(|t| t / 1_000).collect()
}

fn recorded() -> Court {
    let mut court = Court::open();
    let mut all = flight(&Line::of(JUDGE), 0, 16);
    // the party is there from the 4th to the 8th second and from the 12th on
    all.extend(flight(&Line::of(PARTY), 4_000_000, 4));
    all.extend(flight(&Line { ssrc: 77, ..Line::of(PARTY) }, 12_000_000, 4));
    all.sort_by_key(|(at, _)| *at);
    court.play(&all, 16_200_000);
    court.room.close().unwrap();
    finish(court.dir.path(), &place(), court.disk.as_ref(), &Limits::default()).unwrap();
    court
}

fn file(court: &Court, who: lianting_media::ParticipantId) -> PathBuf {
    court.folder().join("joined").join(format!("{}.webm", Source { participant: who, screen: false }.name()))
}

#[test]
fn a_mosaic_shows_everybody_the_time_and_every_gap() {
    let court = recorded();
    let gaps = spool::gaps(&court.folder()).unwrap();
    let tile = |who, label: &str| Tile {
        file: Some(file(&court, who)),
        has: (true, true),
        label: label.into(),
        cards: gaps
            .iter()
            .filter(|g| g.who.0 == who && g.medium == Medium::Video)
            .map(|g| ((g.from, g.to), format!("no picture: {:?}", g.why)))
            .collect(),
    };
    let absent =
        Tile { file: None, has: (false, false), label: "absent".into(), cards: vec![((0, 16_200), "never came: %{pts} 'x'; [v]".into())] };
    let wanted = Mosaic {
        tiles: vec![tile(JUDGE, "judge: 100% %{n} 'quoted' \\ [x];"), tile(PARTY, "party"), absent],
        opened_utc_us: MORNING,
        length_ms: 16_200,
        size: (320, 240),
        rate: 15,
        font: font(),
    };
    assert_eq!(wanted.tiles[1].cards.len(), 2, "{gaps:?}");
    let out = court.dir.path().join("mosaic.webm");
    mosaic(&wanted, &out, &Limits::default()).unwrap();
    if let Some(keep) = std::env::var_os("RECORD_KEEP") {
        std::fs::copy(&out, keep).unwrap();
    }
    let found = check(&out, &Limits::default()).unwrap();
    assert!((found.duration_ms - 16_200).abs() <= 150, "{found:?}");
    // the test picture is black but for a flash at each full second; a tile shows it only where its person is recorded
    let mid = |tile: u32| format!("100:60:{}:{}", 110 + tile % 2 * 320, 20 + tile / 2 * 240);
    let (judge, party, nobody) = (flashing_seconds(&out, &mid(0)), flashing_seconds(&out, &mid(1)), flashing_seconds(&out, &mid(2)));
    assert_eq!(judge, (0..16).collect::<Vec<i64>>());
    assert_eq!(party, [4, 5, 6, 7, 12, 13, 14, 15]);
    assert!(nobody.is_empty(), "{nobody:?}");
    let card = brightness(&out, "10.5", &mid(1));
    assert!(card > 35.0, "a card covers the gap: {card}");
    let clock = brightness(&out, "6.5", "150:16:470:10");
    assert!(clock > 25.0, "the time is written there: {clock}");
    let (_, beeps) = flashes_and_beeps(&out);
    assert!((14..=17).contains(&beeps.len()) && beeps.iter().all(|b| (b % 1_000).min(1_000 - b % 1_000) <= 80), "{beeps:?}");
}

#[test]
fn a_clip_and_a_marked_copy_play() {
    let court = recorded();
    let original = file(&court, JUDGE);
    let before = std::fs::read(&original).unwrap();
    let out = court.dir.path().join("clip.webm");
    clip(&original, &out, (5_000, 9_000), &Limits::default()).unwrap();
    let found = check(&out, &Limits::default()).unwrap();
    // from the key frame at or before the fifth second: they come every two
    assert!((3_900..=6_100).contains(&found.duration_ms) && found.video >= 98, "{found:?}");
    for range in [(-1, 5), (5, 5), (9, 3)] {
        assert!(clip(&original, &out, range, &Limits::default()).is_err());
    }
    let marked = court.dir.path().join("marked.webm");
    watermark(&original, &marked, "copy for: 100% %{pts} ' : \\ \n 2026-11-22", &font(), &Limits::default()).unwrap();
    let found = check(&marked, &Limits::default()).unwrap();
    assert_eq!(found.audio, 800);
    assert!((399..=401).contains(&found.video), "{found:?}");
    let (plain, mark) = (brightness(&original, "4.5", "320:240:0:0"), brightness(&marked, "4.5", "320:240:0:0"));
    assert!(mark > plain + 0.8, "the mark can be seen: {plain} {mark}");
    assert_eq!(std::fs::read(&original).unwrap(), before, "the original is only read");
}
