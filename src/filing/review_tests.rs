//! Proves the rules of review.

use super::*;
use serde_json::json;

fn table() -> Calendar {
    Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn rule(days: u32) -> ReviewRule {
    ReviewRule { days, same_day_target: true }
}

#[test]
fn what_is_decided_stays_decided() {
    use FilingState::*;
    let rows = [
        (Submitted, vec![Move::Return, Move::Accept, Move::Refuse, Move::Transfer], vec![Move::Withdraw]),
        (Returned, vec![Move::Refuse], vec![Move::Withdraw, Move::Correct]),
        (Accepted, vec![], vec![]),
        (Refused, vec![], vec![]),
        (Transferred, vec![], vec![]),
        (Withdrawn, vec![], vec![]),
    ];
    for (state, court, filer) in rows {
        assert_eq!((state.may(false), state.may(true)), (court, filer), "{state:?}");
        assert_eq!(crate::kit::words::of_text::<FilingState>(state.word()).ok(), Some(state));
    }
    assert_eq!(Returned.after(Move::Correct), Ok(Submitted));
    assert_eq!(Accepted.after(Move::Refuse).unwrap_err().code, "filing.state");
}

// proves: F08
// proves: L41
#[test]
fn a_review_takes_seven_days_and_aims_at_the_same_day() {
    let received = at("2024-03-04T23:30:00+08:00");
    let clock = ReviewClock::start(received, None, rule(7), &table(), &CountingModes::default()).unwrap();
    assert_eq!(clock.counted.due_on.to_string(), "2024-03-11");
    assert_eq!(clock.target_at, Some(at("2024-03-05T00:00:00+08:00")));
    assert_eq!(clock.met_target(at("2024-03-04T23:59:59+08:00")), Some(true));
    assert_eq!(clock.met_target(at("2024-03-05T00:00:00+08:00")), Some(false));
    assert!(!clock.is_breached(at("2024-03-11T23:59:59+08:00")));
    assert!(clock.is_breached(at("2024-03-12T00:00:00+08:00")));
}

#[test]
fn the_same_day_of_a_rest_day_is_the_next_working_day() {
    let received = at("2024-05-02T10:00:00+08:00");
    let clock = ReviewClock::start(received, None, rule(7), &table(), &CountingModes::default()).unwrap();
    assert_eq!(clock.target_at, Some(at("2024-05-07T00:00:00+08:00")));
    let plain = ReviewRule { days: 7, same_day_target: false };
    let clock = ReviewClock::start(received, None, plain, &table(), &CountingModes::default()).unwrap();
    assert_eq!((clock.target_at, clock.met_target(received)), (None, None));
}

// proves: L09
#[test]
fn the_period_restarts_the_day_after_the_corrected_filing_arrives() {
    let (received, corrected) = (at("2024-04-01T10:00:00+08:00"), at("2024-04-28T09:00:00+08:00"));
    let clock = ReviewClock::start(received, Some(corrected), rule(7), &table(), &CountingModes::default()).unwrap();
    assert_eq!(clock.counted.starts_on.to_string(), "2024-04-29");
    assert_eq!(clock.counted.due_on.to_string(), "2024-05-06");
}

// proves: F08
#[test]
fn a_court_cannot_give_itself_more_than_the_law() {
    assert!(ReviewRule::checked(7, true).is_ok() && ReviewRule::checked(1, false).is_ok());
    for days in [0, 8, 10] {
        assert_eq!(ReviewRule::checked(days, true).unwrap_err().code, "filing.review_days");
    }
    let long = ReviewRule { days: 30, same_day_target: false };
    let clock = ReviewClock::start(at("2024-03-04T10:00:00+08:00"), None, long, &table(), &CountingModes::default());
    assert_eq!(clock.unwrap().counted.due_on.to_string(), "2024-03-11");
}

fn item(field: Option<&str>, file: Option<&str>) -> CorrectionItem {
    CorrectionItem {
        step: "parties".to_owned(),
        field: field.map(str::to_owned),
        file_id: file.map(str::to_owned),
        page: None,
        what: "被告电话少一位".to_owned(),
        place: "第 3 步".to_owned(),
        cure: "请核对后重新填写".to_owned(),
        original_ground: false,
    }
}

// proves: F10 L12
#[test]
fn nobody_is_sent_for_paper_without_a_ground_of_the_law() {
    let paper = CorrectionItem { cure: "请提交借条的纸质原件".to_owned(), ..item(None, Some("f1")) };
    assert_eq!(check_list(std::slice::from_ref(&paper), 0).unwrap_err()[0].code, "filing.original_ground");
    assert!(check_list(&[CorrectionItem { original_ground: true, ..paper }], 0).is_ok());
}

// proves: F09
#[test]
fn a_correction_list_is_complete_in_itself() {
    assert_eq!(check_list(&[], 0).unwrap_err()[0].code, "filing.correction_count");
    assert_eq!(check_list(&vec![item(None, None); 101], 0).unwrap_err()[0].code, "filing.correction_count");
    assert!(check_list(&[item(None, None)], 0).is_ok());
    let blank = |change: fn(&mut CorrectionItem)| {
        let mut item = item(Some("/facts"), None);
        change(&mut item);
        let error = check_list(&[item], 0).unwrap_err().remove(0);
        (error.code, error.item)
    };
    assert_eq!(blank(|i| i.what.clear()), ("filing.correction_what", Some(1)));
    assert_eq!(blank(|i| i.place = " ".to_owned()), ("filing.correction_where", Some(1)));
    assert_eq!(blank(|i| i.cure = "\u{200B}\u{200B}补".to_owned()), ("filing.correction_cure", Some(1)));
    let twice = [item(Some("/facts"), None), item(Some("/facts"), None)];
    assert_eq!(check_list(&twice, 0).unwrap_err()[0].item, Some(2));
    assert_eq!(check_list(&[item(None, None)], 1).unwrap_err()[0].code, "filing.correction_place");
}

// proves: L09
#[test]
fn a_second_list_may_not_bring_what_was_there_the_first_time() {
    let first = Reviewed {
        content: json!({"facts": "借款", "parties": [
            {"id": "a", "phone": "1"}, {"id": "b", "phone": "2"}, {"id": "c", "phone": "3"}]}),
        file_ids: vec!["f1".to_owned(), "f2".to_owned()],
    };
    let now = Reviewed {
        content: json!({"facts": "借款", "parties": [
            {"id": "b", "phone": "2"}, {"id": "c", "phone": "4"}, {"id": "d", "phone": "5"}]}),
        file_ids: vec!["f2".to_owned(), "f3".to_owned()],
    };
    let earlier = [item(Some("/parties/0/name"), None), item(None, Some("f1"))];
    let rows = [
        (item(Some("/facts"), None), true),            // there, unchanged, never named
        (item(Some("/parties/0/phone"), None), true),  // the row moved, but is the same
        (item(Some("/parties/1/phone"), None), false), // changed since
        (item(Some("/parties/2/phone"), None), false), // a new row
        (item(Some("/parties/0/name"), None), false),  // named the first time
        (item(Some("/service"), None), true),          // missing then as now
        (item(None, Some("f2")), true),                // a file of the first time
        (item(None, Some("f3")), false),               // a new file
        (item(None, Some("f1")), false),               // named the first time
        (item(None, None), false),
    ];
    for (item, late) in rows {
        let found = violations(&first, &now, &earlier, std::slice::from_ref(&item));
        assert_eq!(!found.is_empty(), late, "{item:?}");
    }
    let whole = [item(Some("/parties"), None)];
    assert!(violations(&first, &now, &whole, &[item(Some("/parties/0/phone"), None)]).is_empty());
}

// proves: F09
#[test]
fn a_refusal_explains_itself() {
    assert_eq!(reason("不符合起诉条件").unwrap_err().code, "filing.reason_short");
    assert_eq!(reason(&format!("不符合{}", " ".repeat(30))).unwrap_err().code, "filing.reason_short");
    let long = "劳动争议应先申请仲裁，您还没有仲裁裁决，请先向劳动仲裁委申请。";
    assert_eq!(reason(long).unwrap(), long);
    assert_eq!(reason(&format!("{long}\u{202E}")).unwrap_err().code, "text.bidi");
}

#[test]
fn the_days_for_correction_follow_the_courts_rule() {
    for (days, most, fits) in [(1, 15, true), (15, 15, true), (16, 15, false), (0, 15, false)] {
        assert_eq!(correction_days(days, most).is_ok(), fits, "{days}");
    }
}
