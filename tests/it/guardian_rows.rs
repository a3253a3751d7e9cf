//! Rows: a test that proves a row of docs/requirements.csv names its id; naming an unknown id fails.
//! `cargo test --test it rows -- --ignored --nocapture` prints what is proved, by which test, and what is not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

struct Requirement {
    id: String,
    source: String,
    what: String,
    issue: String,
}

fn requirements() -> Vec<Requirement> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/requirements.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader
        .records()
        .map(Result::unwrap)
        .map(|r| Requirement { id: r[0].into(), source: r[1].into(), what: r[2].into(), issue: r[3].into() })
        .collect()
}

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["node_modules", "dist", "target", "shots"].contains(&name.as_str()) && !name.starts_with('.') {
                files(&path, out);
            }
        } else if ["rs", "ts", "tsx", "mjs", "js", "py"].iter().any(|e| path.extension().is_some_and(|x| x == *e)) {
            out.push(path);
        }
    }
}

/// Which tests prove which row: the mark stands before the test it speaks of.
fn proofs() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for dir in ["src", "tests", "crates", "web"] {
        files(&root.join(dir), &mut all);
    }
    let mut proofs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mark = concat!("proves", ": ");
    for file in all {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        for (i, line) in lines.iter().enumerate() {
            let Some((before, ids)) = line.split_once(mark) else { continue };
            if !["//", "#"].contains(&before.trim()) {
                continue;
            }
            let test = lines[i..].iter().take(6).find_map(|l| {
                l.split_once("fn ")
                    .or_else(|| l.split_once("test("))
                    .map(|(_, t)| t.split(['(', ',']).next().unwrap_or(t).trim().to_owned())
            });
            for id in ids.split([' ', ',']).filter(|id| !id.is_empty()) {
                proofs.entry(id.to_owned()).or_default().insert(format!("{name}: {}", test.clone().unwrap_or_default()));
            }
        }
    }
    proofs
}

#[test]
fn every_row_named_by_a_test_exists() {
    let known: BTreeSet<String> = requirements().into_iter().map(|r| r.id).collect();
    let proofs = proofs();
    let unknown: Vec<_> = proofs.iter().filter(|(id, _)| !known.contains(*id)).collect();
    assert!(unknown.is_empty(), "not in docs/requirements.csv: {unknown:?}");
    assert!(proofs.len() > 20, "rows proved: {}", proofs.len());
}

#[test]
#[ignore = "prints the table; `make rows`"]
fn rows() {
    let proofs = proofs();
    let mut groups: BTreeMap<String, Vec<Requirement>> = BTreeMap::new();
    for r in requirements() {
        groups.entry(if r.issue.is_empty() { "later".into() } else { format!("issue {}", r.issue) }).or_default().push(r);
    }
    println!("{:<12} {:>7} {:>8}", "group", "rows", "proved");
    for (group, rows) in &groups {
        println!("{group:<12} {:>7} {:>8}", rows.len(), rows.iter().filter(|r| proofs.contains_key(&r.id)).count());
    }
    for (group, rows) in groups.iter().filter(|(g, _)| g.starts_with("issue 2")) {
        println!("\n{group}, proved:");
        for r in rows.iter().filter(|r| proofs.contains_key(&r.id)) {
            println!("  {:<5} {}", r.id, proofs[&r.id].iter().cloned().collect::<Vec<_>>().join("; "));
        }
        println!("\n{group}, not proved:");
        for r in rows.iter().filter(|r| !proofs.contains_key(&r.id)) {
            println!("  {:<5} {} — {}", r.id, r.source, r.what.chars().take(90).collect::<String>());
        }
    }
}
