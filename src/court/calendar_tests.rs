//! Proves the calendar by days everybody can look up.

use super::*;

fn table() -> Calendar {
    Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap()
}

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn rest_days_follow_the_table() {
    let table = table();
    let rows = [
        ("2024-04-28", false), // make-up Sunday
        ("2024-05-05", true),
        ("2024-05-06", false),
        ("2024-02-09", false), // an ordinary Friday in 2024
        ("2025-01-28", true),  // New Year's Eve, statutory since 2025
        ("2026-02-14", false),
        ("2026-10-08", false),
    ];
    for (day, rest) in rows {
        assert_eq!(table.is_rest_day(d(day)), Ok(rest), "{day}");
    }
    let strict = table.with_makeup_working(false);
    assert_eq!(strict.is_rest_day(d("2024-04-28")), Ok(true));
}

#[test]
fn days_nobody_announced_are_refused() {
    let table = table();
    assert_eq!(table.known_until(), d("2026-12-31"));
    let beyond = CalendarError::BeyondKnown { until: d("2026-12-31"), raw_due: None };
    assert_eq!(table.is_rest_day(d("2027-01-04")), Err(beyond));
    assert!(matches!(table.is_rest_day(d("2019-12-31")), Err(CalendarError::BeforeKnown { .. })));
    assert!(matches!(table.add_working_days(d("2026-12-30"), 3), Err(CalendarError::BeyondKnown { .. })));
}

#[test]
fn a_broken_table_names_its_line() {
    let broken = "date,kind\n2024-10-01,holiday\n2024-13-01,holiday\n";
    assert!(matches!(Calendar::from_csv(broken), Err(CalendarError::Table { line: 3, .. })));
    assert!(Calendar::from_csv("date,kind\n").is_err());
    assert!(Calendar::from_csv("date,kind\n2024-10-01,feast\n").is_err());
}

#[test]
fn one_court_may_rest_more() {
    let table = table().with_extra_rest([(d("2024-05-07"), "地方节日".to_owned())]);
    assert_eq!(table.is_rest_day(d("2024-05-07")), Ok(true));
    assert_eq!(table.rest_name(d("2024-05-07")).0, "地方节日");
}

#[test]
fn working_days_step_over_rest_days() {
    let table = table();
    // D46, D48, D49: make-up days count.
    assert_eq!(table.add_working_days(d("2024-04-26"), 3), Ok(d("2024-04-30")));
    assert_eq!(table.add_working_days(d("2024-04-30"), 3), Ok(d("2024-05-08")));
    assert_eq!(table.add_working_days(d("2026-02-13"), 3), Ok(d("2026-02-25")));
    assert_eq!(table.working_day_until(d("2024-06-30")), Ok(d("2024-06-28")));
    assert_eq!(table.working_day_from(d("2024-05-01")), Ok(d("2024-05-06")));
}

#[test]
fn periods_are_said_plainly() {
    assert_eq!(Period::working_days(3).zh(), "3 个工作日");
    assert_eq!(Period::months(1).en(), "1 month");
}
