//! Proves the deadline calculator by its vectors, as they are typed.

use super::*;

fn table() -> Calendar {
    Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap()
}

fn none(_: &str) -> Option<Period> {
    None
}

fn ask(asked: &Asked<'_>) -> Result<Deadline> {
    reckon(asked, &table(), &Choices { modes: None, length: &none })
}

fn due(rule: &str, trigger: &str, mode: &str) -> String {
    ask(&Asked { rule, trigger, mode, ..Asked::default() }).unwrap_or_else(|e| panic!("{rule} {trigger}: {:?}", e.problem())).due
}

fn refusal(asked: Asked<'_>) -> String {
    ask(&asked).unwrap_err().code.to_owned()
}

// proves: L42
#[test]
fn every_deadline_vector_holds_as_it_is_typed() {
    let mut reader = csv::Reader::from_reader(include_str!("../../tests/vectors/deadlines.csv").as_bytes());
    let mut seen = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let answer = ask(&Asked { rule: &row[1], trigger: &row[2], ..Asked::default() })
            .unwrap_or_else(|e| panic!("{}: {:?}", &row[0], e.problem()));
        assert_eq!(answer.due, &row[4], "{} {} {}", &row[0], &row[1], &row[2]);
        if !row[5].is_empty() {
            assert_eq!(weekday(answer.due_on).0, &row[5], "{}", &row[0]);
        }
        assert!(!answer.steps.is_empty() && answer.basis.contains('第'), "{}", &row[0]);
        seen += 1;
    }
    assert_eq!(seen, 35);
}

// proves: L42
#[test]
fn every_deadline_derived_from_the_law_holds() {
    let rows = [
        ("payment 7d", "2024-02-05", "", "2024-02-18"),
        ("defence", "2024-03-01", "abroad", "2024-04-01"),
        ("appeal_ruling", "2024-06-01", "abroad", "2024-07-01"),
        ("public_notice", "2021-12-31", "", "2022-03-01"),
        ("public_notice", "2024-01-10", "", "2024-02-09"),
        ("public_notice", "2024-01-10", "abroad", "2024-03-10"),
        ("public_notice", "2024-01-11", "roll", "2024-02-18"),
        ("public_notice_appeal", "2024-01-10", "", "2024-02-26"),
        ("measure_immovable", "2024-02-29", "", "2027-02-28"),
        ("trial_summary", "2024-07-04", "no_roll", "2024-10-04"),
        ("trial_ordinary", "2024-08-31", "", "2025-02-28"),
        ("mediation_ordinary", "2024-04-20", "", "2024-05-06"),
        ("mediation_ordinary", "2024-04-20", "no_roll", "2024-05-05"),
        ("hearing_notice_working", "2024-09-30", "A", "2024-10-10"),
        ("preservation_renewal", "2025-02-28", "", "2025-02-21"),
        ("extension_decision", "2024-07-15", "", "2024-07-10"),
        ("mediator_choice", "2024-04-30", "", "2024-05-07"),
        ("retrial_application", "2024-03-31", "", "2024-09-30"),
        ("preservation_pre_suit", "2024-04-03T16:00", "", "2024-04-05T17:00"),
        ("tell_judges", "2026-09-28", "", "2026-10-08"),
        ("send_defence", "2026-04-30", "", "2026-05-06"),
        ("payment_application", "2026-02-10", "", "2026-02-24"),
        ("fee_top_up", "2026-09-24", "", "2026-10-08"),
        ("evidence_small", "2026-06-12", "", "2026-06-22"),
        ("evidence_second", "2026-09-21", "", "2026-10-08"),
        ("recusal_decision", "2025-12-31", "", "2026-01-04"),
        ("online_reply", "2026-04-03", "", "2026-04-07"),
        ("record_reading", "2026-02-12", "", "2026-02-24"),
        ("deliver_judgment", "2026-09-25", "", "2026-10-08"),
        ("appeal_reply", "2026-01-31", "", "2026-02-24"),
        ("appeal_transfer", "2026-09-28", "", "2026-10-08"),
        ("preservation_carry_out", "2026-04-01", "", "2026-04-07"),
        ("preservation_review", "2026-06-16", "", "2026-06-22"),
        ("post_judgment_enforcement", "2026-10-01", "", "2026-10-08"),
        ("measure_movable", "2024-02-29", "", "2026-02-28"),
        ("mediation_pre_filing", "2026-01-18", "", "2026-02-24"),
        ("mediator_contact", "2026-02-13", "", "2026-02-25"),
        ("payment_order_object", "2026-09-20", "", "2026-10-08"),
        ("payment_order_suit", "2026-02-14", "", "2026-02-24"),
        ("public_summons", "2026-08-03", "", "2026-10-08"),
        // 28 February 2026 is a make-up Saturday: no roll
        ("enforcement_application", "2024-02-29", "", "2026-02-28"),
        ("retrial_application", "2025-08-31", "", "2026-02-28"),
        ("enforcement_reconsideration", "2026-09-21", "", "2026-10-08"),
        ("third_party_suit", "2026-04-20", "", "2026-05-06"),
        ("distribution_objection", "2026-02-04", "", "2026-02-24"),
        ("revocation_suit", "2026-03-31", "", "2026-09-30"),
        ("admin_suit", "2026-04-01", "", "2026-10-08"),
        ("admin_appeal_ruling", "2026-09-25", "", "2026-10-08"),
        ("labour_suit", "2026-06-05", "", "2026-06-22"),
    ];
    for (rule, trigger, mode, wanted) in rows {
        assert_eq!(due(rule, trigger, mode), wanted, "{rule} {trigger} {mode}");
    }
}

#[test]
fn the_answer_tells_all_that_hangs_on_it() {
    let rolled = ask(&Asked { rule: "appeal_judgment", trigger: "2024-09-19", ..Asked::default() }).unwrap();
    assert_eq!((rolled.raw.as_str(), rolled.rolled_from()), ("2024-10-04", "2024-10-04".parse().ok()));
    assert_eq!(rolled.due_at, end_of_day(rolled.due_on));
    assert_eq!(rolled.basis, "民事诉讼法第一百七十一条；民事诉讼法第八十五条");
    let urgent = ask(&Asked { rule: "preservation_urgent", trigger: "2024-04-03T16:30", ..Asked::default() }).unwrap();
    assert_eq!(urgent.links[0].alarm_at, "2024-04-05T08:30:00Z".parse().ok());
    let back = ask(&Asked { rule: "extension_request", trigger: "2024-07-15", ..Asked::default() }).unwrap();
    assert_eq!(back.links[0].act_by, "2024-06-28".parse().ok());
    // both days are told where the law leaves the roll open
    let open = ask(&Asked { rule: "trial_summary", trigger: "2024-07-04", ..Asked::default() }).unwrap();
    assert!(open.steps.iter().any(|s| s.zh.contains("10 月 4 日") && s.zh.contains("由法院设定")), "{:?}", open.steps);
    let chain = ask(&Asked { rule: "public_notice_defence", trigger: "2024-01-10", ..Asked::default() }).unwrap();
    assert_eq!(chain.links.iter().map(|l| l.due.to_string()).collect::<Vec<_>>(), ["2024-02-09", "2024-02-26"]);
}

#[test]
fn a_court_may_choose_where_the_law_lets_it() {
    let shorter = |key: &str| (key == "filing_decision").then(|| Period::days(3));
    let asked = Asked { rule: "filing_decision", trigger: "2024-03-04", ..Asked::default() };
    let modes = CountingModes { hearing_notice_mode: LeadMode::A, ..CountingModes::default() };
    let choices = Choices { modes: Some(modes), length: &shorter };
    assert_eq!(reckon(&asked, &table(), &choices).unwrap().due, "2024-03-07");
    let asked = Asked { rule: "hearing_notice", trigger: "2024-03-04", ..Asked::default() };
    assert_eq!(reckon(&asked, &table(), &choices).unwrap().due, "2024-03-07");
    let asked = Asked { rule: "trial_summary", trigger: "2024-07-04", ..Asked::default() };
    assert_eq!(reckon(&asked, &table(), &choices).unwrap().due, "2024-10-04");
}

// proves: L42 B61
#[test]
fn travel_pauses_and_excuses_are_counted() {
    let base = Asked { rule: "appeal_judgment", trigger: "2024-05-20", ..Asked::default() };
    assert_eq!(ask(&Asked { travel_days: 4, ..base }).unwrap().due, "2024-06-11");
    assert_eq!(ask(&Asked { pauses: "2024-05-25..2024-05-30", ..base }).unwrap().due, "2024-06-11");
    let excused = ask(&Asked { obstacle_ended: "2024-06-20", ..base }).unwrap();
    assert_eq!(excused.excuse.unwrap().apply_by.to_string(), "2024-07-01");
    assert!(excused.basis.contains("第八十六条"));
    let lead = Asked { rule: "hearing_notice", trigger: "2024-03-04", travel_days: 2, ..Asked::default() };
    assert_eq!(ask(&lead).unwrap().due, "2024-03-10");
    let fixed = Asked { rule: "retrial_application", trigger: "2024-03-04", ..Asked::default() };
    assert_eq!(refusal(Asked { pauses: "2024-04-01..2024-04-02", ..fixed }), "deadline.never_extended");
    assert_eq!(refusal(Asked { travel_days: 1, ..fixed }), "deadline.never_extended");
    assert_eq!(refusal(Asked { obstacle_ended: "2024-10-01", ..fixed }), "deadline.never_extended");
    let court = Asked { rule: "trial_summary", trigger: "2024-03-04", obstacle_ended: "2024-10-01", ..Asked::default() };
    assert_eq!(refusal(court), "deadline.not_excusable");
    assert_eq!(refusal(Asked { pauses: "2024-05-25..", ..base }), "deadline.stands_still");
}

#[test]
fn what_is_not_announced_is_not_guessed() {
    let asked = Asked { rule: "appeal_judgment", trigger: "2026-12-25", ..Asked::default() };
    let problem = ask(&asked).unwrap_err().problem();
    assert_eq!((problem.code.as_str(), problem.field.as_deref()), ("deadline.calendar_unknown", Some("/trigger")));
    assert!(problem.detail.contains("2027 年 1 月 9 日") && problem.detail_en.contains("2027-01-09"), "{}", problem.detail);
    let old = Asked { rule: "appeal_judgment", trigger: "2019-03-04", ..Asked::default() };
    assert_eq!(refusal(old), "deadline.calendar_too_old");
    // what does not roll needs no holidays
    assert_eq!(due("measure_deposit", "2026-12-25", ""), "2027-12-25");
    assert_eq!(refusal(Asked { rule: "preservation_urgent", trigger: "2024-04-03", ..Asked::default() }), "deadline.moment_needed");
    assert_eq!(
        refusal(Asked { rule: "appeal_judgment", trigger: "2024-04-03", travel_days: 20_000, ..Asked::default() }),
        "deadline.too_far"
    );
}

// proves: L42
#[test]
fn what_rolls_never_ends_on_a_rest_day_and_later_events_end_no_earlier() {
    let table = table();
    let choices = Choices { modes: None, length: &none };
    for row in crate::court::periods::RULES {
        let mut last: Option<NaiveDate> = None;
        let mut day: NaiveDate = "2021-01-01".parse().unwrap();
        while day < "2022-09-01".parse().unwrap() {
            let trigger = if row.period.unit == Unit::Hours { format!("{day}T09:10") } else { day.to_string() };
            let asked = Asked { rule: row.key, trigger: &trigger, ..Asked::default() };
            let answer = reckon(&asked, &table, &choices).unwrap_or_else(|e| panic!("{} {day}: {:?}", row.key, e.problem()));
            let link = &answer.links[0];
            if row.roll(&modes(&choices, Modes::default())) == Roll::Yes {
                assert_eq!(table.is_rest_day(answer.due_on), Ok(false), "{} {day}", row.key);
            }
            if let Some(act_by) = link.act_by {
                assert!(act_by <= answer.due_on && table.is_rest_day(act_by) == Ok(false), "{} {day}", row.key);
            }
            // the length of a public notice itself became shorter in 2022
            let changed = row.kind == Kind::Notice && day == "2022-01-01".parse().unwrap();
            assert!(changed || last.is_none_or(|last| answer.end_day() >= last), "{} {day}", row.key);
            last = Some(answer.end_day());
            day = day.checked_add_days(chrono::Days::new(1)).unwrap();
        }
    }
}

/// D33 and what a court makes of it: the words of 民事诉讼法 Art 85 make no difference between a party's period and the
/// court's own, so the public calculator, without a court, rolls both and names the other day. A court that has set nothing
/// keeps the earlier day for itself: a limit on the court is never longer than the strictest reading.
#[test]
fn an_internal_limit_rolls_for_the_public_and_by_setting_for_a_court() {
    let asked = Asked { rule: "trial_summary", trigger: "2024-07-04", ..Asked::default() };
    assert_eq!(ask(&asked).unwrap().due, "2024-10-08");
    let at_court = |roll_internal| {
        let modes = CountingModes { roll_internal, ..CountingModes::default() };
        reckon(&asked, &table(), &Choices { modes: Some(modes), length: &none }).unwrap()
    };
    assert_eq!((at_court(false).due.as_str(), at_court(true).due.as_str()), ("2024-10-04", "2024-10-08"));
    assert!(!CountingModes::default().roll_internal);
    // whichever day is shown, the other is told beside it
    for (answer, other) in [(ask(&asked).unwrap(), "10 月 4 日"), (at_court(false), "10 月 8 日"), (at_court(true), "10 月 4 日")] {
        assert!(answer.steps.iter().any(|s| s.zh.contains(other) && s.zh.contains("由法院设定")), "{:?}", answer.steps);
    }
}

// proves: L42
#[test]
fn days_that_do_not_count_add_up_in_whatever_order() {
    let travel = |days, pauses: &str| {
        let asked = Asked { rule: "appeal_judgment", trigger: "2024-03-04", travel_days: days, pauses, ..Asked::default() };
        ask(&asked).unwrap().raw.parse::<NaiveDate>().unwrap()
    };
    let bare = travel(0, "");
    let day = |n: u64| bare.checked_add_days(chrono::Days::new(n)).unwrap();
    for n in 0..20u32 {
        assert_eq!(travel(n, ""), day(n.into()));
        // a pause inside the period delays it by its days, and days on the way come on top
        assert_eq!(travel(n, "2024-03-06..2024-03-09"), day(u64::from(n) + 4));
        // told in two halves or overlapping, it is the same pause
        assert_eq!(travel(n, "2024-03-06..2024-03-07,2024-03-08..2024-03-09"), day(u64::from(n) + 4));
        assert_eq!(travel(n, "2024-03-06..2024-03-09,2024-03-07..2024-03-08"), day(u64::from(n) + 4));
    }
    // before the event it does not count
    assert_eq!(travel(0, "2024-02-01..2024-03-04"), bare);
}

// proves: L42
#[test]
fn a_rest_day_more_never_ends_anything_earlier() {
    use crate::court::calendar::DayKind;
    let base = table();
    let mut extra: NaiveDate = "2024-03-01".parse().unwrap();
    while extra < "2024-03-29".parse().unwrap() {
        let more = base.clone().with_day(extra, DayKind::Holiday, "地方节日").unwrap();
        for row in crate::court::periods::RULES.iter().filter(|r| matches!(r.period.unit, Unit::Days | Unit::WorkingDays)) {
            let trigger = "2024-03-01".parse::<NaiveDate>().unwrap();
            let modes = CountingModes::default();
            let due = |calendar: &Calendar| row.count(calendar, trigger, &modes, &[]).unwrap().due_on;
            assert!(due(&more) >= due(&base), "{} {extra}", row.key);
        }
        extra = extra.checked_add_days(chrono::Days::new(1)).unwrap();
    }
}
