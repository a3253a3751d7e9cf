//! Any flipped bit, in any file of a hearing's package, is found and named.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod record_kit;

use std::path::Path;

use lianting_media::record::finish::{Limits, finish};
use lianting_media::record::package::{Problem, Seal, build, verify};
use lianting_media::record::{Break, Command, RecordError};
use record_kit::*;

/// A stand-in for the signing part: what it signs it knows again.
struct Wax;

impl Seal for Wax {
    fn sign(&self, root: &[u8; 32]) -> Result<Vec<u8>, RecordError> {
        Ok(root.iter().map(|b| b ^ 0x5a).collect())
    }
    fn check(&self, root: &[u8; 32], seal: &[u8]) -> bool {
        seal.len() == 32 && root.iter().zip(seal).all(|(a, b)| a ^ 0x5a == *b)
    }
}

/// A hearing with a crash, a break and two people, closed, joined and packed.
fn packed() -> Court {
    let mut court = Court::open();
    let mut all = flight(&Line::of(JUDGE), 0, 6);
    all.extend(flight(&Line::of(PARTY), 1_000_000, 5));
    all.sort_by_key(|(at, _)| *at);
    court.play(&all, 4_000_000);
    court.crash_and_return(1_000_000);
    let later = flight(&Line { timestamp: 9, ..Line::of(JUDGE) }, 5_200_000, 6);
    court.play(&later, 8_000_000);
    let at = court.clock.mono();
    court.room.command(Command::BreakStart(Break::Adjourned), at);
    court.play(&later, 10_000_000);
    let at = court.clock.mono();
    court.room.command(Command::BreakEnd, at);
    court.play(&later, 11_500_000);
    court.room.close().unwrap();
    finish(court.dir.path(), &place(), court.disk.as_ref(), &Limits::default()).unwrap();
    std::fs::write(court.folder().join("transcript.pdf"), b"%PDF-1.7 what was said").unwrap();
    build(&court.folder(), &place().key(), court.disk.as_ref(), Some(&Wax)).unwrap();
    court
}

fn files(under: &Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(under).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
    out.sort();
}

#[test]
fn any_flipped_bit_is_found_and_named() {
    let court = packed();
    let folder = court.folder();
    let fine = verify(&folder, Some(&Wax)).unwrap();
    assert!(fine.holds(), "{:?}", fine.findings);
    let mut all = Vec::new();
    files(&folder, &mut all);
    assert!(all.len() > 20 && fine.files == all.len() - 2, "{} {}", all.len(), fine.files);
    let (mut dice, mut tried) = (Dice(11), 0);
    for path in &all {
        let good = std::fs::read(path).unwrap();
        let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        let mut spots: Vec<usize> = vec![0, good.len() / 2, good.len() - 1];
        spots.extend((0..6).map(|_| dice.below(good.len() as u64) as usize));
        for spot in spots {
            let mut bad = good.clone();
            bad[spot] ^= 1 << dice.below(8);
            std::fs::write(path, &bad).unwrap();
            let found = verify(&folder, Some(&Wax)).unwrap();
            assert!(!found.holds(), "{name} at {spot}");
            let named = match name.as_str() {
                "package.json" => found.findings.iter().any(|f| matches!(f.problem, Problem::List | Problem::Seal)),
                "package.seal" => found.findings.iter().any(|f| f.problem == Problem::Seal),
                _ => found.findings.iter().any(|f| f.path == name && f.problem == Problem::Changed),
            };
            assert!(named, "{name} at {spot}: {:?}", found.findings);
            if name.ends_with(".seg") && !name.ends_with("init.seg") {
                let finding = found.findings.iter().find(|f| f.problem == Problem::Changed).unwrap();
                assert!(finding.place.as_ref().unwrap().contains("of epoch"), "{finding:?}");
            }
            tried += 1;
        }
        std::fs::write(path, &good[..good.len() - 1]).unwrap();
        assert!(!verify(&folder, Some(&Wax)).unwrap().holds(), "{name} cut by a byte");
        std::fs::remove_file(path).unwrap();
        // without the list there is nothing to compare with; everything else is told as missing
        assert!(!verify(&folder, Some(&Wax)).unwrap().holds(), "{name} taken away");
        std::fs::write(path, &good).unwrap();
    }
    assert!(verify(&folder, Some(&Wax)).unwrap().holds());
    eprintln!("{tried} flipped bits in {} files, {} cut and {} removed: all found", all.len(), all.len(), all.len());
}

#[test]
fn files_added_exchanged_or_signed_by_another_are_found() {
    let court = packed();
    let folder = court.folder();
    let extra = folder.join("extra.txt");
    std::fs::write(&extra, b"hello").unwrap();
    assert!(verify(&folder, Some(&Wax)).unwrap().findings.iter().any(|f| f.problem == Problem::Unknown && f.path == "extra.txt"));
    std::fs::remove_file(&extra).unwrap();
    let mut all = Vec::new();
    files(&folder, &mut all);
    let segments: Vec<_> = all.iter().filter(|p| p.ends_with("000000.seg") || p.ends_with("000001.seg")).take(2).collect();
    let (a, b) = (std::fs::read(segments[0]).unwrap(), std::fs::read(segments[1]).unwrap());
    std::fs::write(segments[0], &b).unwrap();
    std::fs::write(segments[1], &a).unwrap();
    let found = verify(&folder, Some(&Wax)).unwrap();
    assert_eq!(found.findings.iter().filter(|f| f.problem == Problem::Changed).count(), 2, "{:?}", found.findings);
    // whoever changes a file and lists everything anew has no signature over the new root
    build(&folder, &place().key(), court.disk.as_ref(), None).unwrap();
    let found = verify(&folder, Some(&Wax)).unwrap();
    assert!(found.findings.iter().any(|f| f.problem == Problem::Seal), "{:?}", found.findings);
    assert!(found.findings.iter().any(|f| f.problem == Problem::Chain), "and the chain still tells which: {:?}", found.findings);
}

#[test]
fn a_ledger_that_says_something_else_is_found_even_if_everything_was_listed_anew() {
    let court = packed();
    let folder = court.folder();
    let ledger = folder.join("gaps.json");
    let text = std::fs::read_to_string(&ledger).unwrap();
    assert!(text.contains("\"crash\"") && text.contains("\"adjourned\""), "{text}");
    std::fs::write(&ledger, text.replacen("\"crash\"", "\"left\"", 1)).unwrap();
    build(&folder, &place().key(), court.disk.as_ref(), Some(&Wax)).unwrap();
    let found = verify(&folder, Some(&Wax)).unwrap();
    assert_eq!(found.findings.iter().map(|f| f.problem).collect::<Vec<_>>(), [Problem::Ledger]);
}

#[test]
fn the_same_folder_makes_the_same_package() {
    let court = packed();
    let list = std::fs::read(court.folder().join("package.json")).unwrap();
    let again = build(&court.folder(), &place().key(), court.disk.as_ref(), Some(&Wax)).unwrap();
    assert_eq!(std::fs::read(court.folder().join("package.json")).unwrap(), list);
    assert_eq!(again.to_bytes().unwrap(), list);
}
