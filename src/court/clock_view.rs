//! Draws a legal clock: what is left of a period at an instant, in the shape the pages show.
//!
//! Owns: the states of 刻度 (running, soon, last day, breached, paused, done). Must never decide what
//! a breach means in law. Imports `court/beijing.rs`,
//! `court/calendar.rs` and `court/periods.rs`.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::court::beijing::{beijing_date, beijing_offset, day_en, day_zh, end_of_day, start_of_day};
use crate::court::calendar::{Counted, Step};
use crate::court::periods::Rule;

/// The state of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, poem_openapi::Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum ClockState {
    /// 进行中.
    Running,
    /// 快到期: the last third, or three days or fewer.
    Soon,
    /// 最后一天.
    LastDay,
    /// 已超期.
    Breached,
    /// 停表.
    Paused,
    /// 已办.
    Done,
}

/// What has happened to the matter the clock measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Life {
    /// The matter is open.
    Open,
    /// The clock stands still since a day, for a reason in Chinese.
    Paused {
        /// The first day not counted.
        since: NaiveDate,
        /// Why, such as 「等待鉴定」.
        reason: String,
    },
    /// The matter was done at an instant.
    Done {
        /// When it was done.
        at: DateTime<Utc>,
    },
}

/// A clock as the API shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockView {
    /// Stable key of the clock.
    pub key: String,
    /// Name in Chinese.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// The first day that counts.
    pub starts_on: NaiveDate,
    /// The last day.
    pub due_on: NaiveDate,
    /// The instant it ends.
    pub due_at: DateTime<Utc>,
    /// Days of the period, the roll included, days that stood still left out.
    pub total_days: u32,
    /// Days of the period that have begun, today included.
    pub used_days: u32,
    /// The state.
    pub state: ClockState,
    /// Why it stands still, or that it was done late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The article.
    pub article: String,
    /// The rule (of the court or of the table) that set the length.
    pub rule_key: String,
    /// The rest day from which the end was rolled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolled_from: Option<NaiveDate>,
    /// Days that stood still.
    pub days_not_counted: u32,
    /// Days on the way.
    pub travel_days: u32,
    /// The reckoning in sentences.
    pub steps: Vec<Step>,
}

/// Draws the clock of a rule at an instant.
pub fn clock(rule: &Rule, rule_key: &str, counted: &Counted, now: DateTime<Utc>, life: &Life) -> ClockView {
    let total_days = span(counted.starts_on, counted.due_on).saturating_sub(counted.days_not_counted).max(1);
    let seen = match life {
        Life::Open => now,
        Life::Paused { since, .. } => now.min(start_of_day(*since)),
        Life::Done { at } => *at,
    };
    // The day before a pause begins is the last that was used.
    let mut today = beijing_date(seen);
    if matches!(life, Life::Paused { since, .. } if today == *since) {
        today = today.pred_opt().unwrap_or(today);
    }
    let mut steps = counted.steps.clone();
    steps.push(sentence(counted));
    ClockView {
        key: rule.key.to_owned(),
        name: rule.zh.to_owned(),
        name_en: rule.en.to_owned(),
        starts_on: counted.starts_on,
        due_on: counted.due_on,
        due_at: counted.due_at,
        total_days,
        used_days: span(counted.starts_on, today).saturating_sub(counted.days_not_counted).min(total_days),
        state: state(counted, now, life, total_days),
        reason: reason(counted, life),
        article: rule.article.to_owned(),
        rule_key: rule_key.to_owned(),
        rolled_from: counted.rolled_from,
        days_not_counted: counted.days_not_counted,
        travel_days: counted.travel_days,
        steps,
    }
}

/// Tells the state of a period at an instant.
pub fn state(counted: &Counted, now: DateTime<Utc>, life: &Life, total_days: u32) -> ClockState {
    match life {
        Life::Done { .. } => return ClockState::Done,
        Life::Paused { .. } => return ClockState::Paused,
        Life::Open => {}
    }
    if now >= counted.due_at {
        return ClockState::Breached;
    }
    let left = (counted.due_on - beijing_date(now)).num_days();
    if left <= 0 {
        ClockState::LastDay
    } else if left <= 3 || left * 3 <= i64::from(total_days) {
        ClockState::Soon
    } else {
        ClockState::Running
    }
}

/// Tells whether a matter was done after its end; the end itself is 24:00, so that instant is late.
pub fn was_late(counted: &Counted, done_at: DateTime<Utc>) -> bool {
    done_at >= counted.due_at
}

fn reason(counted: &Counted, life: &Life) -> Option<String> {
    match life {
        Life::Paused { reason, .. } => Some(reason.clone()),
        Life::Done { at } if was_late(counted, *at) => Some("办完时已超过期限。".to_owned()),
        _ => None,
    }
}

fn sentence(counted: &Counted) -> Step {
    if counted.alarm_at.is_some() || counted.due_at != end_of_day(counted.due_on) {
        let end = counted.due_at.with_timezone(&beijing_offset()).format("%H:%M");
        return Step::new(
            format!("到 {} {end} 为止。", day_zh(counted.due_on)),
            format!("It ends on {} at {end} Beijing time.", day_en(counted.due_on)),
        );
    }
    Step::new(
        format!("最后一天是 {}，到 24:00 为止。", day_zh(counted.due_on)),
        format!("The last day is {}, until 24:00 Beijing time.", day_en(counted.due_on)),
    )
}

/// Counts days from one day to another, both included; none when the second is earlier.
fn span(from: NaiveDate, to: NaiveDate) -> u32 {
    u32::try_from((to - from).num_days() + 1).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::court::calendar::Calendar;
    use crate::court::periods::{CountingModes, rule};

    fn counted(key: &str, day: &str) -> Counted {
        let table = Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap();
        let day: NaiveDate = day.parse().unwrap();
        rule(key).unwrap().count(&table, day, &CountingModes::default(), &[]).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    // proves: F08
    #[test]
    fn a_review_clock_walks_through_its_states() {
        let counted = counted("filing_decision", "2024-03-04");
        let rule = rule("filing_decision").unwrap();
        let rows = [
            ("2024-03-04T10:00:00+08:00", ClockState::Running, 0),
            ("2024-03-05T10:00:00+08:00", ClockState::Running, 1),
            ("2024-03-07T23:59:59+08:00", ClockState::Running, 3),
            ("2024-03-08T00:00:00+08:00", ClockState::Soon, 4),
            ("2024-03-11T23:59:59+08:00", ClockState::LastDay, 7),
            ("2024-03-12T00:00:00+08:00", ClockState::Breached, 7),
        ];
        for (now, state, used) in rows {
            let view = clock(rule, "filing.review_days", &counted, at(now), &Life::Open);
            assert_eq!((view.state, view.used_days, view.total_days), (state, used, 7), "{now}");
        }
    }

    #[test]
    fn the_last_third_is_soon() {
        let counted = counted("defence", "2024-03-04");
        let state_at = |now: &str| state(&counted, at(now), &Life::Open, 15);
        assert_eq!(state_at("2024-03-13T12:00:00+08:00"), ClockState::Running);
        assert_eq!(state_at("2024-03-14T12:00:00+08:00"), ClockState::Soon);
    }

    #[test]
    fn paused_and_done_win_over_breach() {
        let counted = counted("defence", "2024-03-04");
        let rule = rule("defence").unwrap();
        let since = "2024-03-08".parse().unwrap();
        let paused = Life::Paused { since, reason: "管辖权异议".to_owned() };
        let view = clock(rule, "defence", &counted, at("2024-05-01T12:00:00+08:00"), &paused);
        assert_eq!((view.state, view.used_days), (ClockState::Paused, 3));
        assert_eq!(view.reason.as_deref(), Some("管辖权异议"));
        let late = Life::Done { at: at("2024-03-20T00:00:00+08:00") };
        let view = clock(rule, "defence", &counted, at("2024-05-01T12:00:00+08:00"), &late);
        assert_eq!(view.state, ClockState::Done);
        assert!(view.reason.is_some());
        let in_time = Life::Done { at: at("2024-03-19T23:59:59+08:00") };
        assert_eq!(clock(rule, "defence", &counted, at("2024-05-01T12:00:00+08:00"), &in_time).reason, None);
    }

    #[test]
    fn the_wire_form_is_the_contract() {
        let counted = counted("filing_decision", "2024-04-28");
        let rule = rule("filing_decision").unwrap();
        let view = clock(rule, "filing.review_days", &counted, at("2024-04-29T09:00:00+08:00"), &Life::Open);
        let json = serde_json::to_value(&view).unwrap();
        assert_eq!(json["due_on"], "2024-05-06");
        assert_eq!(json["rolled_from"], "2024-05-05");
        assert_eq!(json["due_at"], "2024-05-06T16:00:00Z");
        assert_eq!(json["state"], "running");
        assert!(json["steps"][0]["text"].is_string() && json["steps"][0]["text_en"].is_string());
        assert!(json.get("reason").is_none());
        assert_eq!(view.state, ClockState::Running);
    }
}
