//! The two ways in which a list goes over the wire say the same.

use chrono::DateTime;
use poem_openapi::types::ToJSON;
use uuid::Uuid;

use crate::court::clock_view::ClockState;
use crate::docket::views::{Clock, ClockMoved, ClockStep};
use crate::docket::words::{CaseKind, MovedBy};
use crate::filing::review_rules::FilingState;
use crate::filing::views::{Claim, FilingList, FilingSummary};

/// `Written` and `Json` must not tell two stories.
#[test]
fn a_list_written_straight_says_what_the_document_says() {
    let at = DateTime::UNIX_EPOCH + chrono::TimeDelta::milliseconds(1_764_000_000_123);
    let day = at.date_naive();
    let clock = Clock {
        key: "filing_decision".into(),
        name: "立案审查".into(),
        name_en: "Review".into(),
        starts_on: day,
        due_on: day,
        due_at: at,
        total_days: 7,
        used_days: 1,
        state: ClockState::Running,
        reason: None,
        article: "第一百二十六条".into(),
        rule_key: "filing_review_days".into(),
        rolled_from: Some(day),
        steps: vec![ClockStep { text: "一".into(), text_en: "one".into() }],
        id: Some(Uuid::nil()),
        cause: Some("收到材料".into()),
        cause_en: Some("received".into()),
        from_at: Some(at),
        party_id: Some(Uuid::nil()),
        party: Some("甲".into()),
        days_not_counted: 1,
        travel_days: 2,
        moved: vec![ClockMoved { from_on: day, to_on: day, reason: MovedBy::Outage, text: "二".into(), text_en: "two".into() }],
    };
    let bare = FilingSummary {
        court_id: 370102,
        court_name: "历下".into(),
        id: Uuid::nil(),
        number: "网立2026-00001".into(),
        title: "甲诉乙".into(),
        kind: CaseKind::Civil,
        cause_name: "民间借贷纠纷".into(),
        state: FilingState::Refused,
        received_at: at,
        target_at: None,
        clock: None,
        claimed_by: None,
        corrected: false,
        transferred_in: false,
        case_id: None,
        case_number: None,
        amount_fen: None,
        open_items: 0,
    };
    let full = FilingSummary {
        target_at: Some(at),
        clock: Some(clock.into()),
        claimed_by: Some(Claim { person_id: Uuid::nil(), name: "陈晓雨".into(), until: at }),
        case_id: Some(Uuid::nil()),
        case_number: Some("(2026)鲁0102民初1号".into()),
        amount_fen: Some(1),
        ..bare.clone()
    };
    for next_cursor in [None, Some("x".to_owned())] {
        let list = FilingList { items: vec![bare.clone(), full.clone()], next_cursor };
        assert_eq!(serde_json::to_value(&list).ok(), list.to_json());
    }
}
