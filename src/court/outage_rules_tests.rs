//! Proves 故障顺延 by a table, and what must hold for every outage.

use serde_json::json;

use super::*;

fn table() -> Calendar {
    Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap().to_utc()
}

fn spell(text: &str) -> Spell {
    let (from, to) = text.split_once("..").unwrap();
    Spell { from: at(from), to: at(to) }
}

fn rule(action: Action) -> OutageRule {
    let time = |h| NaiveTime::from_hms_opt(h, 0, 0);
    OutageRule { minutes: 60, window: time(6).zip(time(23)), last_hours: 1, action }
}

// proves: N04
#[test]
fn an_end_moves_as_the_table_says() {
    let (day, hours) = (Action::NextWorkingDay, Action::Hours);
    // the last day, what was down, where the end goes (24:00 is 00:00 of the day after)
    let rows: &[(&str, &[&str], Action, Option<&str>)] = &[
        // 59 minutes inside the window are not enough, 60 are
        ("2026-11-25", &["2026-11-24T10:00..2026-11-24T10:59"], day, None),
        ("2026-11-25", &["2026-11-24T10:00..2026-11-24T11:00"], day, Some("2026-11-26")),
        // two outages of half an hour add up, and overlapping ones count once
        ("2026-11-25", &["2026-11-24T10:00..2026-11-24T10:30", "2026-11-24T15:00..2026-11-24T15:30"], day, Some("2026-11-26")),
        ("2026-11-25", &["2026-11-24T10:00..2026-11-24T10:40", "2026-11-24T10:00..2026-11-24T10:40"], day, None),
        // the night does not count, the last hour counts by any minute
        ("2026-11-25", &["2026-11-24T00:00..2026-11-24T05:59"], day, None),
        ("2026-11-25", &["2026-11-24T23:58..2026-11-24T23:59"], day, Some("2026-11-26")),
        ("2026-11-25", &["2026-11-24T22:30..2026-11-24T23:01"], day, Some("2026-11-26")),
        // the day before the last one is no matter
        ("2026-11-25", &["2026-11-23T06:00..2026-11-23T23:59"], day, None),
        ("2026-11-25", &["2026-11-25T08:00..2026-11-25T12:00"], day, None),
        // a Friday moves to Monday, the eve of National Day past the holiday
        ("2026-11-28", &["2026-11-27T10:00..2026-11-27T12:00"], day, Some("2026-12-01")),
        ("2026-10-01", &["2026-09-30T10:00..2026-09-30T12:00"], day, Some("2026-10-09")),
        // a make-up Sunday is a working day
        ("2026-09-20", &["2026-09-19T10:00..2026-09-19T12:00"], day, Some("2026-09-21")),
        // an outage of three days moves past all of them
        ("2026-11-25", &["2026-11-24T10:00..2026-11-26T12:00"], day, Some("2026-11-28")),
        // by hours: begun ones whole, and past a rest day
        ("2026-11-25", &["2026-11-24T10:00..2026-11-24T12:10"], hours, Some("2026-11-25T03:00")),
        ("2026-11-25", &["2026-11-24T23:50..2026-11-24T23:55"], hours, Some("2026-11-25T01:00")),
        ("2026-11-28", &["2026-11-27T10:00..2026-11-27T12:00"], hours, Some("2026-12-01")),
        // lost again after midnight: only what was not given back yet
        ("2026-11-25", &["2026-11-24T23:00..2026-11-25T00:30"], hours, Some("2026-11-25T02:00")),
    ];
    for (end, spells, action, wanted) in rows {
        let spells: Vec<Spell> = spells.iter().map(|s| spell(s)).collect();
        let found = moved(&rule(*action), at(&format!("{end}T00:00")), &spells, &table()).map(|m| m.to);
        let wanted = wanted.map(|w| at(&if w.contains('T') { w.to_owned() } else { format!("{w}T00:00") }));
        assert_eq!(found, wanted, "{end} {spells:?} {action:?}");
    }
}

#[test]
fn the_rule_is_read_as_it_is_set() {
    let value = json!({ "minutes": 60, "window": { "from": "06:00", "until": "23:00" }, "last_hours": 1, "action": "next_working_day" });
    assert_eq!(OutageRule::read(&value), Some(rule(Action::NextWorkingDay)));
    let bare = OutageRule::read(&json!({ "minutes": 1, "action": "hours" })).unwrap();
    assert_eq!((bare.window, bare.last_hours, bare.action), (None, 0, Action::Hours));
    assert_eq!(OutageRule::read(&Value::Null), None);
    assert!(Part::EACH.iter().all(|p| Part::parse(p.key()) == Some(*p)) && Part::parse("all") == Some(Part::All));
}

// proves: N04
#[test]
fn whatever_the_outage_an_end_never_moves_back_and_never_onto_a_rest_day() {
    let table = table();
    for action in [Action::NextWorkingDay, Action::Hours] {
        let rule = rule(action);
        let mut day: NaiveDate = "2025-12-20".parse().unwrap();
        while day < "2026-11-10".parse().unwrap() {
            let (mut last, mut longest) = (end_of_day(day), None);
            for minutes in [0, 1, 30, 59, 60, 61, 180, 600, 1439, 2880, 5000] {
                let from = start_of_day(day) + TimeDelta::hours(9);
                let spells = [Spell { from, to: from + TimeDelta::minutes(minutes) }];
                let to = moved(&rule, end_of_day(day), &spells, &table).map_or(end_of_day(day), |m| m.to);
                assert!(to >= last, "{day} {minutes}: a longer outage ends earlier");
                if to != end_of_day(day) {
                    assert_eq!(table.is_rest_day(last_day(to)), Ok(false), "{day} {minutes} {action:?}");
                }
                // told twice, or in two halves, it is the same outage
                let half = from + TimeDelta::minutes(minutes / 2);
                let halves = [Spell { from, to: half }, Spell { from: half, to: spells[0].to }, spells[0]];
                assert_eq!(moved(&rule, end_of_day(day), &halves, &table).map_or(end_of_day(day), |m| m.to), to);
                (last, longest) = (to, Some(minutes));
            }
            assert_eq!(longest, Some(5000));
            // a later end stays the later one
            let spells = [Spell { from: start_of_day(day), to: end_of_day(day) }];
            let to = |d: NaiveDate| moved(&rule, end_of_day(d), &spells, &table).map_or(end_of_day(d), |m| m.to);
            assert!(to(day) <= to(working_day(&table, next_day(day))), "{day} {action:?}");
            day = next_day(day);
        }
    }
}
