//! Rows: a test that proves a row of docs/requirements.csv names its id; naming an unknown id fails.
//! `make rows` prints what is proved, by which test, and what is not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn known_rows() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/requirements.csv");
    csv::Reader::from_path(path).unwrap().records().map(|r| r.unwrap()[0].to_owned()).collect()
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
    let known = known_rows();
    let proofs = proofs();
    let unknown: Vec<_> = proofs.iter().filter(|(id, _)| !known.contains(*id)).collect();
    assert!(unknown.is_empty(), "not in docs/requirements.csv: {unknown:?}");
    assert!(proofs.len() > 20, "rows proved: {}", proofs.len());
}
