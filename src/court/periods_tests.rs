//! Proves the table of legal periods by its vectors.

use super::*;
use crate::court::calendar::{beijing_offset, end_of_day};
use std::collections::BTreeSet;

fn table() -> Calendar {
    Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap()
}

/// Which row of the table a vector speaks of.
const VECTORS: &[(&str, &str)] = &[
    ("D01", "filing_decision"),
    ("D03", "filing_decision"),
    ("D04", "payment"),
    ("D06", "payment"),
    ("D07", "send_complaint"),
    ("D09", "defence"),
    ("D10", "defence_abroad"),
    ("D12", "appeal_judgment"),
    ("D13", "appeal_judgment"),
    ("D15", "appeal_ruling"),
    ("D16", "appeal_abroad"),
    ("D18", "public_notice>defence"),
    ("D19", "public_notice>evidence"),
    ("D21", "sue_after_preservation"),
    ("D22", "preservation_review"),
    ("D24", "measure_deposit"),
    ("D25", "measure_movable"),
    ("D27", "preservation_urgent"),
    ("D28", "confirmation"),
    ("D30", "mediation_ordinary"),
    ("D31", "mediation_summary"),
    ("D33", "trial_summary"),
    ("D34", "trial_small"),
    ("D36", "extension_request"),
    ("D37", "enforcement_application"),
    ("D39", "enforcement_application"),
    ("D40", "retrial_reply"),
    ("D42", "hearing_notice:A"),
    ("D43", "hearing_notice:B"),
    ("D45", "hearing_notice_working:B"),
    ("D46", "hearing_notice_working:A"),
    ("D48", "mediator_accept"),
    ("D49", "mediator_appoint"),
    ("D51", "petition"),
];

fn answer(key: &str, trigger: &str) -> String {
    let table = table();
    // D33 holds in a court that lets internal limits roll.
    let modes = CountingModes { roll_internal: true, ..CountingModes::default() };
    if let Some((key, mode)) = key.split_once(':') {
        let mode = if mode == "A" { LeadMode::A } else { LeadMode::B };
        let day = trigger.parse().unwrap();
        return table.earliest_after(day, rule(key).unwrap().period, mode).unwrap().to_string();
    }
    if let Some((first, then)) = key.split_once('>') {
        let day: NaiveDate = trigger.parse().unwrap();
        let served = rule(first).unwrap().count(&table, day, &modes, &[]).unwrap().due_on;
        return rule(then).unwrap().count(&table, served, &modes, &[]).unwrap().due_on.to_string();
    }
    let rule = rule(key).unwrap();
    if rule.kind == Kind::Back {
        return table.count_back(rule.period, trigger.parse().unwrap()).unwrap().latest.to_string();
    }
    if let Ok(at) = chrono::NaiveDateTime::parse_from_str(trigger, "%Y-%m-%dT%H:%M") {
        let at = at.and_local_timezone(beijing_offset()).unwrap().to_utc();
        let due = rule.count(&table, at, &modes, &[]).unwrap().due_at;
        return due.with_timezone(&beijing_offset()).format("%Y-%m-%dT%H:%M").to_string();
    }
    let day: NaiveDate = trigger.parse().unwrap();
    rule.count(&table, day, &modes, &[]).unwrap().due_on.to_string()
}

// proves: L41
// proves: L42
#[test]
fn every_vector_holds() {
    let mut reader = csv::Reader::from_reader(include_str!("../../tests/vectors/deadlines.csv").as_bytes());
    let mut seen = BTreeSet::new();
    for row in reader.records() {
        let row = row.unwrap();
        if &row[0] == "D52" {
            continue; // its own test below
        }
        let (id, key) = VECTORS.iter().find(|(id, _)| *id == &row[0]).unwrap();
        let trigger = row[2].trim_start_matches("notified ").trim_start_matches("limit ");
        assert_eq!(answer(key, trigger), &row[4], "{id} {key} from {trigger}");
        seen.insert(*id);
    }
    assert_eq!(seen.len(), VECTORS.len());
}

#[test]
fn the_vectors_of_the_prose_hold() {
    let rows = [
        ("payment", "2024-02-05", "2024-02-18"),
        ("appeal_judgment", "2024-05-20", "2024-06-04"),
        ("sue_after_preservation", "2024-03-29", "2024-04-28"),
        ("hearing_notice_working:A", "2024-09-30", "2024-10-10"),
    ];
    for (key, trigger, due) in rows {
        assert_eq!(answer(key, trigger), due, "{key}");
    }
}

// proves: L31
#[test]
fn service_on_a_rest_day_is_service_on_that_day() {
    // D52: arrives Saturday 2024-05-04 at 23:10; the appeal ends on 2024-05-20.
    let arrives: chrono::DateTime<chrono::Utc> = "2024-05-04T15:10:00Z".parse().unwrap();
    let rule = rule("appeal_judgment").unwrap();
    let counted = rule.count(&table(), arrives, &CountingModes::default(), &[]).unwrap();
    assert_eq!(counted.due_on.to_string(), "2024-05-20");
    assert_eq!(counted.raw_due.to_string(), "2024-05-19");
    assert_eq!(counted.due_at, end_of_day(counted.due_on));
}

// proves: H01
// proves: H02
#[test]
fn the_unit_of_the_hearing_notice_is_a_rule_of_the_court() {
    assert_eq!(answer("hearing_notice:A", "2024-03-04"), "2024-03-07");
    assert_eq!(answer("hearing_notice_working:B", "2024-09-30"), "2024-10-11");
}

#[test]
fn keys_are_unique_and_rows_complete() {
    let keys: BTreeSet<_> = RULES.iter().map(|r| r.key).collect();
    assert_eq!(keys.len(), RULES.len());
    for r in RULES {
        assert!(r.period.n > 0 && !r.zh.is_empty() && !r.en.is_empty() && !r.starts.is_empty(), "{}", r.key);
        assert!(r.article.contains('第') || ["hearing_notice_working", "device_test"].contains(&r.key), "{}", r.key);
    }
}

#[test]
fn a_public_notice_was_longer_before_2022() {
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(public_notice(day("2021-12-31"), false), Period::days(60));
    assert_eq!(public_notice(day("2022-01-01"), false), Period::days(30));
    assert_eq!(public_notice(day("2024-01-10"), true), Period::days(60));
}

// proves: L40
#[test]
fn preservation_periods_stand_in_the_table() {
    assert_eq!(rule("preservation_urgent").map(|r| r.period), Some(Period::hours(48)));
    assert_eq!(rule("preservation_decision").map(|r| r.period), Some(Period::days(5)));
}
