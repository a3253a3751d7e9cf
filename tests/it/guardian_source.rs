//! The source keeps to the house rules: where SQL, the store and the clock may be touched, who may import whom, how
//! long a file may be. Exceptions are listed with their reason.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn sources() -> BTreeMap<String, String> {
    fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
            // the media crate keeps its tests beside its source
            let tries = ["tests", "examples"].contains(&entry.file_name().to_string_lossy().as_ref());
            if entry.path().is_dir() && !tries {
                walk(&entry.path(), out);
            } else if entry.path().extension().is_some_and(|e| e == "rs") {
                out.push(entry.path());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    walk(&root.join("src"), &mut files);
    files
        .into_iter()
        .map(|f| (f.strip_prefix(root.join("src")).unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(f).unwrap()))
        .collect()
}

/// A file's code: comments and the tests at its end left out.
fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\n").next().unwrap_or_default();
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn offenders(allowed: &[&str], bad: impl Fn(&str) -> bool) -> Vec<String> {
    let inside = |file: &str| allowed.iter().any(|a| file == *a || (a.ends_with('/') && file.starts_with(a)));
    sources().into_iter().filter(|(file, text)| !inside(file) && bad(&code(text))).map(|(file, _)| file).collect()
}

#[test]
fn only_the_clock_reads_the_machines_time() {
    let found = offenders(&["kit/clock.rs", "demo/"], |code| {
        code.contains("Utc::now(") || code.contains("SystemTime::now(") || code.contains("Local::now(")
    });
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn only_the_blob_knows_the_store() {
    let found = offenders(&["kit/blob.rs"], |code| code.contains("aws_sdk_s3"));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn only_the_door_holds_the_pool() {
    // administrators' tools connect as the administrator; the demo and the first administrator are such tools
    let tools = ["court/door.rs", "migrate.rs", "person/first_admin.rs", "demo/"];
    let found = offenders(&tools, |code| code.contains("PgPool") || code.contains("pool.acquire()"));
    // the server's start reads the registry once, before there is a door
    assert_eq!(found, ["app.rs"]);
}

/// SQL stands in rooms that own rows; views, rules, checkers and shapes hold none.
#[test]
fn pure_files_hold_no_sql() {
    let pure = [
        "review_rules.rs",
        "filing/checks/",
        "filing/content.rs",
        "filing/shape.rs",
        "filing/words.rs",
        "court/calendar.rs",
        "court/periods.rs",
        "court/count.rs",
        "court/beijing.rs",
        "court/deadline",
        "court/outage_rules",
        "clocks/agree.rs",
        "clocks/sign.rs",
        "docket/reckon.rs",
        "court/period_",
        "court/policy.rs",
        "court/role.rs",
        "court/act.rs",
        "docket/number.rs",
        "docket/allocation_rules.rs",
        "fees/tariff.rs",
        "fees/reckon.rs",
        "fees/change.rs",
        "fees/burden.rs",
        "fees/words.rs",
        "fees/money.rs",
        "docket/case_types.rs",
        "delivery/address_views.rs",
        "delivery/allowed.rs",
        "delivery/certificate.rs",
        "delivery/consent_rules.rs",
        "delivery/effect",
        "delivery/law.rs",
        "delivery/mail/",
        "delivery/online.rs",
        "delivery/plan",
        "delivery/starts.rs",
        "delivery/trail.rs",
        "delivery/views.rs",
        "delivery/words.rs",
        "hearing/absence.rs",
        "hearing/breaks.rs",
        "hearing/conflicts.rs",
        "hearing/discipline.rs",
        "hearing/dropout.rs",
        "hearing/editing.rs",
        "hearing/examination.rs",
        "hearing/guards.rs",
        "hearing/join_token.rs",
        "hearing/kinds.rs",
        "hearing/law.rs",
        "hearing/lead.rs",
        "hearing/modes.rs",
        "hearing/package.rs",
        "hearing/places.rs",
        "hearing/refusal.rs",
        "hearing/seats.rs",
        "hearing/selftest.rs",
        "hearing/sight.rs",
        "hearing/signing.rs",
        "hearing/states.rs",
        "hearing/suitability.rs",
        "hearing/transcript.rs",
        "hearing/transcript_docx.rs",
        "hearing/transcript_head.rs",
        "hearing/transcript_import.rs",
        "hearing/words.rs",
        "person/documents.rs",
        "person/other_documents.rs",
        "person/masking.rs",
        "evidence/sniff.rs",
        "kit/clock.rs",
        "kit/random.rs",
        "kit/seal.rs",
        "kit/text.rs",
        "kit/wire.rs",
        "http.rs",
        "limits.rs",
        "telemetry.rs",
    ];
    let found: Vec<String> = sources()
        .into_iter()
        .filter(|(f, t)| pure.iter().any(|p| f.contains(p)) && code(t).contains("sqlx::query"))
        .map(|(f, _)| f)
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

/// A slice may lean on the wall, the tools and the shared nouns; the slices that do the work know no other.
#[test]
fn slices_know_their_neighbours_only() {
    let rooms =
        ["clocks", "court", "delivery", "docket", "evidence", "fees", "filing", "hearing", "kit", "paper", "person", "software", "demo"];
    let may: &[(&str, &[&str])] = &[
        ("kit", &[]),
        // the wall shows clocks and names people, and holds nobody's rows
        ("court", &["kit", "docket", "person"]),
        ("person", &["kit", "court", "docket"]),
        ("paper", &["kit", "court", "evidence"]),
        ("fees", &["kit", "court", "docket", "paper", "person"]),
        // pictures become pages by the paper room's renderer
        ("evidence", &["kit", "court", "person", "filing", "paper"]),
        ("docket", &["kit", "court", "person", "paper", "evidence"]),
        // docketing assesses the fee
        ("delivery", &["kit", "court", "person", "paper", "evidence", "docket"]),
        ("software", &["kit", "court", "person", "docket"]),
        // a hearing asks the ledger of consent, and delivers its notices
        ("hearing", &["kit", "court", "person", "paper", "evidence", "docket", "delivery"]),
        ("filing", &["kit", "court", "person", "paper", "evidence", "docket", "delivery", "fees"]),
        // what moves clocks asks each slice for its own
        ("clocks", &["kit", "court", "docket", "fees", "filing"]),
    ];
    let mut found = Vec::new();
    for (file, text) in sources() {
        let Some(room) = file.split('/').next().filter(|r| file.contains('/') && rooms.contains(r)) else { continue };
        let Some((_, allowed)) = may.iter().find(|(r, _)| *r == room) else { continue };
        let code = code(&text);
        for other in rooms.iter().filter(|o| **o != room && !allowed.contains(o)) {
            if code.contains(&format!("crate::{other}::")) {
                found.push(format!("{file} imports {other}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn files_are_short_and_say_what_they_own() {
    let sources = sources();
    let long: Vec<String> =
        sources.iter().filter(|(_, t)| t.lines().count() > 500).map(|(f, t)| format!("{f}: {} lines", t.lines().count())).collect();
    assert!(long.is_empty(), "{long:?}");
    let silent: Vec<&String> = sources.iter().filter(|(f, t)| !f.ends_with("_tests.rs") && !t.starts_with("//!")).map(|(f, _)| f).collect();
    assert!(silent.is_empty(), "these files do not say at their head what they own: {silent:?}");
}

#[test]
fn nothing_panics_on_purpose() {
    let found = offenders(&["filing/checks/testing.rs"], |code| {
        let code = code.replace("unwrap_or", "").replace("expect_", "");
        [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!("].iter().any(|w| code.contains(w))
    });
    let found: Vec<String> = found.into_iter().filter(|f| !f.ends_with("_tests.rs")).collect();
    assert!(found.is_empty(), "{found:?}");
}
