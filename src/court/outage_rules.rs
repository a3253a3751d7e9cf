//! 故障顺延: whether an outage of the platform moves the end of a period, and to when.
//!
//! Owns the decision, by the rule a court has set (`outage_rule`); without a rule nothing moves. Pure: no clock, no row.
//! Must never move an end earlier, or count a minute twice.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::Value;

use super::beijing::{beijing_date, beijing_offset, day_en, day_zh, end_of_day, start_of_day};
use super::calendar::{Calendar, Step};

/// What of the platform could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// 立案、提交材料.
    Filing,
    /// 交费.
    Payment,
    /// 收件箱: reading what was served, and answering it.
    ServiceInbox,
    /// The whole platform.
    All,
}

impl Part {
    /// Every part by itself.
    pub const EACH: [Self; 3] = [Self::Filing, Self::Payment, Self::ServiceInbox];

    /// The word of API and table.
    pub fn key(self) -> &'static str {
        match self {
            Self::Filing => "filing",
            Self::Payment => "payment",
            Self::ServiceInbox => "service_inbox",
            Self::All => "all",
        }
    }

    /// The part of that word.
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Filing, Self::Payment, Self::ServiceInbox, Self::All].into_iter().find(|p| p.key() == key)
    }

    /// Its name in Chinese and English.
    pub fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Filing => ("网上立案和提交材料", "filing"),
            Self::Payment => ("网上交费", "payment"),
            Self::ServiceInbox => ("送达收件箱", "the inbox of served papers"),
            Self::All => ("全部服务", "everything"),
        }
    }

    /// Which part a party needs to keep a period of the table.
    pub fn needed_for(key: &str) -> Self {
        match key {
            "payment" | "payment_application" | "payment_counterclaim" | "payment_appeal" | "fee_top_up" => Self::Payment,
            "online_reply" => Self::ServiceInbox,
            _ => Self::Filing,
        }
    }
}

/// From when to when a part could not be used; of an outage that goes on, until now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// From.
    pub from: DateTime<Utc>,
    /// To.
    pub to: DateTime<Utc>,
}

/// What a court does about a last day that was disturbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// 顺延至下一工作日.
    NextWorkingDay,
    /// 顺延相应小时.
    Hours,
}

impl Action {
    /// The word of rule and API.
    pub fn key(self) -> &'static str {
        match self {
            Self::NextWorkingDay => "next_working_day",
            Self::Hours => "hours",
        }
    }
}

/// The rule of a court.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutageRule {
    /// Minutes inside the window on the last day from which it counts.
    pub minutes: i64,
    /// The hours of the day that count; all of them without a window.
    pub window: Option<(NaiveTime, NaiveTime)>,
    /// Any outage in so many last hours of the period counts, however short; 0: none does.
    pub last_hours: i64,
    /// What follows.
    pub action: Action,
}

impl OutageRule {
    /// Reads the value of the rule; nothing where a court has set nothing.
    pub fn read(value: &Value) -> Option<Self> {
        let time = |name: &str| NaiveTime::parse_from_str(value["window"][name].as_str()?, "%H:%M").ok();
        let action = match value["action"].as_str()? {
            "hours" => Action::Hours,
            _ => Action::NextWorkingDay,
        };
        Some(Self {
            minutes: value["minutes"].as_i64()?,
            window: time("from").zip(time("until")),
            last_hours: value["last_hours"].as_i64().unwrap_or(0),
            action,
        })
    }
}

/// A new end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The instant.
    pub to: DateTime<Utc>,
    /// Whole minutes of the last day that were lost.
    pub minutes: i64,
    /// Why, in a sentence.
    pub why: Step,
}

/// The last day of a period that ends at an instant: the end itself is 24:00 and belongs to the day before.
pub fn last_day(end: DateTime<Utc>) -> NaiveDate {
    beijing_date(end - TimeDelta::microseconds(1))
}

/// Where an end goes by a rule, given when the part its party needs could not be used; nothing where it stays.
///
/// The new last day is looked at as well: an outage of three days moves a period past all three.
pub fn moved(rule: &OutageRule, end: DateTime<Utc>, spells: &[Spell], calendar: &Calendar) -> Option<Moved> {
    let spells = merged(spells);
    let (mut at, mut since, mut minutes) = (end, start_of_day(last_day(end)), 0);
    for _ in 0..MOST_DAYS {
        let lost = lost(&spells, since, at);
        if !disturbed(rule, &spells, since, at) {
            break;
        }
        minutes += lost.num_minutes();
        let next = match rule.action {
            Action::NextWorkingDay => end_of_day(working_day(calendar, next_day(last_day(at)))),
            Action::Hours => by_hours(calendar, at, lost),
        };
        // hours already given back are not lost again; of a new day all of it counts
        since = if rule.action == Action::Hours { at } else { start_of_day(last_day(next)) };
        at = next;
    }
    (at > end).then(|| Moved { to: at, minutes, why: why(rule, end, at, minutes) })
}

/// Longer than any outage; a rule can never turn in a circle, for every step goes forward.
const MOST_DAYS: usize = 60;

fn disturbed(rule: &OutageRule, spells: &[Spell], since: DateTime<Utc>, end: DateTime<Utc>) -> bool {
    let late = (end - TimeDelta::hours(rule.last_hours)).max(since);
    if rule.last_hours > 0 && !lost(spells, late, end).is_zero() {
        return true;
    }
    let (from, until) = match rule.window {
        Some((from, until)) => {
            let midnight = start_of_day(last_day(end));
            let on = |t: NaiveTime| midnight + (t - NaiveTime::MIN);
            (on(from).max(since), on(until).min(end))
        }
        None => (since, end),
    };
    let inside = lost(spells, from, until);
    !inside.is_zero() && inside >= TimeDelta::minutes(rule.minutes)
}

/// Time of the spells inside an interval.
fn lost(spells: &[Spell], from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
    spells.iter().map(|s| (s.to.min(to) - s.from.max(from)).max(TimeDelta::zero())).sum()
}

/// Overlapping spells as one: two outages at once lose a minute once.
fn merged(spells: &[Spell]) -> Vec<Spell> {
    let mut sorted: Vec<Spell> = spells.iter().copied().filter(|s| s.to > s.from).collect();
    sorted.sort_by_key(|s| s.from);
    let mut out: Vec<Spell> = Vec::new();
    for spell in sorted {
        match out.last_mut() {
            Some(last) if spell.from <= last.to => last.to = last.to.max(spell.to),
            _ => out.push(spell),
        }
    }
    out
}

/// The hours lost, begun ones whole; an end that would fall on a rest day is the end of the next working day.
fn by_hours(calendar: &Calendar, end: DateTime<Utc>, lost: TimeDelta) -> DateTime<Utc> {
    let hours = (lost.num_seconds() + 3599).div_euclid(3600).max(1);
    let to = end + TimeDelta::hours(hours);
    let day = last_day(to);
    let work = working_day(calendar, day);
    if work == day { to } else { end_of_day(work) }
}

/// The first working day from a day on; the day itself where its year is not announced.
fn working_day(calendar: &Calendar, day: NaiveDate) -> NaiveDate {
    calendar.working_day_from(day).unwrap_or(day)
}

fn next_day(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

fn why(rule: &OutageRule, end: DateTime<Utc>, to: DateTime<Utc>, minutes: i64) -> Step {
    let (last, new) = (last_day(end), last_day(to));
    let (zh, en) = until(to);
    let (how, how_en) = match rule.action {
        Action::NextWorkingDay => ("顺延到下一个工作日", "it moves to the next working day"),
        Action::Hours => ("按耽误的小时数顺延", "it moves by the hours lost"),
    };
    Step::new(
        format!("{} 平台故障 {minutes} 分钟，按本院规则{how}：{}{zh}。", day_zh(last), day_zh(new)),
        format!("The platform was down for {minutes} minutes on {}; by the court's rule {how_en}: {}{en}.", day_en(last), day_en(new)),
    )
}

fn until(at: DateTime<Utc>) -> (String, String) {
    if at == end_of_day(last_day(at)) {
        return (String::new(), String::new());
    }
    let time = at.with_timezone(&beijing_offset()).format("%H:%M");
    (format!(" {time} 止"), format!(" until {time}"))
}

#[cfg(test)]
#[path = "outage_rules_tests.rs"]
mod tests;
