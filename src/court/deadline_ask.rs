//! A question to the deadline calculator, as it was typed: trigger, modes, pauses, days on the way.
//!
//! Owns the reading. Must never count (`court/deadline.rs`).

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};

use crate::court::beijing::{beijing_offset, day_en, day_zh};
use crate::court::calendar::{CalendarError, Suspension, Trigger};
use crate::court::count::LeadMode;
use crate::court::periods::{Kind, Rule};
use crate::error::{Error, Result, said};

/// Everything typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Key or name of the period.
    pub rule: &'a str,
    /// The event.
    pub trigger: &'a str,
    /// Modes, parted by commas.
    pub mode: &'a str,
    /// Days on the way.
    pub travel_days: u32,
    /// Days that stood still, `2024-05-01..2024-05-10`.
    pub pauses: &'a str,
    /// The day an obstacle ended (民事诉讼法 Art 86).
    pub obstacle_ended: &'a str,
}

/// How the caller wants it counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Modes {
    /// A or B, for the lead of a hearing.
    pub lead: Option<LeadMode>,
    /// Whether the end rolls, where the law leaves it open.
    pub roll: Option<bool>,
    /// The party has no domicile in China.
    pub abroad: bool,
}

/// The row of those who have no domicile in China.
pub fn abroad_of(key: &str) -> Option<&'static str> {
    Some(match key {
        "defence" => "defence_abroad",
        "jurisdiction_objection" => "jurisdiction_objection_abroad",
        "appeal_judgment" | "appeal_ruling" => "appeal_abroad",
        "public_notice" => "public_notice_abroad",
        _ => return None,
    })
}

/// The modes a row understands.
pub fn modes_of(rule: &Rule) -> Vec<&'static str> {
    let mut modes = match rule.kind {
        Kind::Lead => vec!["A", "B"],
        Kind::Internal | Kind::Measure | Kind::Notice | Kind::Mediation => vec!["roll", "no_roll"],
        _ => vec![],
    };
    if abroad_of(rule.key).is_some() {
        modes.push("abroad");
    }
    modes
}

/// Reads the modes; each must mean something for one of the rows.
///
/// # Errors
/// `deadline.mode_unknown`, `deadline.mode_not_for_rule`.
pub fn read_modes(text: &str, links: &[&Rule]) -> Result<Modes> {
    let mut modes = Modes::default();
    let known: Vec<&str> = links.iter().flat_map(|r| modes_of(r)).collect();
    for word in text.split([',', ';', ' ', '，', '；']).map(str::trim).filter(|w| !w.is_empty()) {
        let lower = word.to_ascii_lowercase().replace('-', "_");
        let key = match lower.trim_start_matches("mode_").trim_start_matches("mode=") {
            // said before the letter
            "mode" => continue,
            "a" => "A",
            "b" => "B",
            "roll" | "rolls" => "roll",
            "no_roll" | "noroll" | "not_rolled" => "no_roll",
            "abroad" | "foreign" | "no_domicile" => "abroad",
            _ => return Err(mode_unknown(word)),
        };
        if !known.contains(&key) {
            return Err(mode_not_for_rule(key, &known));
        }
        match key {
            "A" => modes.lead = Some(LeadMode::A),
            "B" => modes.lead = Some(LeadMode::B),
            "roll" => modes.roll = Some(true),
            "no_roll" => modes.roll = Some(false),
            _ => modes.abroad = true,
        }
    }
    Ok(modes)
}

/// Reads an event: a day, or a moment (Beijing time when no offset is said). Words before it are passed over.
///
/// # Errors
/// `deadline.trigger_missing`, `deadline.trigger_unreadable`.
pub fn read_trigger(text: &str) -> Result<Trigger> {
    let text = text.trim();
    let from = text.find(|c: char| c.is_ascii_digit()).ok_or_else(|| trigger_missing(text))?;
    if text[..from].chars().count() > 20 || text[..from].contains('-') {
        return Err(trigger_unreadable(text));
    }
    let typed = &text[from..];
    let trigger = match read_day(typed) {
        Some(day) => Trigger::Day(day),
        None => Trigger::Moment(read_moment(typed).ok_or_else(|| trigger_unreadable(text))?),
    };
    if (1991..=2100).contains(&trigger.day().year()) { Ok(trigger) } else { Err(trigger_unreadable(text)) }
}

/// Reads `2024-03-04`, `2024/3/4`, `2024.3.4`, `2024年3月4日`, `20240304`.
pub fn read_day(text: &str) -> Option<NaiveDate> {
    let text = text.trim().trim_end_matches(['日', '号']);
    if text.len() == 8 && text.chars().all(|c| c.is_ascii_digit()) {
        return NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    }
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let small = |s: &str| if (1..=2).contains(&s.len()) { s.parse().ok() } else { None };
    if year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, small(month)?, small(day)?)
}

fn read_moment(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    // a plus before the offset becomes a blank in an address
    let text = match text.rsplit_once(' ') {
        Some((head, offset)) if offset.len() == 5 && offset.contains(':') && head.contains(':') => format!("{head}+{offset}"),
        _ => text.to_owned(),
    };
    let text = text.replacen(' ', "T", 1);
    if let Ok(at) = DateTime::parse_from_rfc3339(&text) {
        return Some(at.to_utc());
    }
    if let Ok(at) = DateTime::parse_from_str(&text.replace('Z', "+00:00"), "%Y-%m-%dT%H:%M%:z") {
        return Some(at.to_utc());
    }
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%.f"];
    let local = local.iter().find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok())?;
    local.and_local_timezone(beijing_offset()).single().map(|at| at.to_utc())
}

/// Reads `2024-05-01..2024-05-10`, several parted by commas; without an end it still stands still.
///
/// # Errors
/// `deadline.pauses_unreadable`.
pub fn read_pauses(text: &str) -> Result<Vec<Suspension>> {
    let mut pauses = Vec::new();
    for typed in text.split([',', ';', '，', '；']).map(str::trim).filter(|p| !p.is_empty()) {
        let wrong = || pauses_unreadable(typed);
        let (from, until) = ["..", "~", "至", " to "].iter().find_map(|by| typed.split_once(by)).unwrap_or((typed, typed));
        let from = read_day(from).ok_or_else(wrong)?;
        let until = match until.trim() {
            "" => None,
            until => Some(read_day(until).ok_or_else(wrong)?),
        };
        if until.is_some_and(|until| until < from) || pauses.len() >= 50 {
            return Err(wrong());
        }
        pauses.push(Suspension { from, until });
    }
    Ok(pauses)
}

/// Says why the calendar cannot count it, with the provisional day where there is one.
pub fn calendar_refusal(error: &CalendarError, provisional: Option<NaiveDate>) -> Error {
    let cure_wait = said(
        "国务院办公厅公布放假安排后再算；急用请拨 12368。",
        "Count again when the State Council has announced the holidays; if urgent call 12368.",
    );
    let shown = |day: Option<NaiveDate>| match day {
        Some(day) => (
            format!("按不顺延算，最后一天是 {}，遇休息日还会往后延。", day_zh(day)),
            format!(" Without a roll it ends on {}; a rest day would move it later.", day_en(day)),
        ),
        None => (String::new(), String::new()),
    };
    match error {
        CalendarError::BeyondKnown { until, raw_due } => {
            let (zh, en) = shown(provisional.or(*raw_due));
            Error::invalid(
                "deadline.calendar_unknown",
                said(
                    format!("{} 年以后的放假安排还没有公布，不能确定。{zh}", until.year()),
                    format!("The holidays after {} are not announced, so the day is not certain.{en}", until.year()),
                ),
                cure_wait,
            )
            .at("/trigger")
        }
        CalendarError::BeforeKnown { from } => {
            let (zh, en) = shown(provisional);
            Error::invalid(
                "deadline.calendar_too_old",
                said(
                    format!("这里的放假安排从 {} 年起，更早的不能确定。{zh}", from.year()),
                    format!("The holidays before {} are not kept here, so the day is not certain.{en}", from.year()),
                ),
                said("请按当年的放假通知核对。", "Check it against the notice of that year."),
            )
            .at("/trigger")
        }
        CalendarError::HoursNeedMoment => Error::invalid(
            "deadline.moment_needed",
            said("按小时算的期限要写明几点。", "A period of hours needs the time of day."),
            said("请写成 2024-04-03T16:30（北京时间）。", "Write it as 2024-04-03T16:30 (Beijing time)."),
        )
        .at("/trigger"),
        CalendarError::CannotSuspend => Error::invalid(
            "deadline.cannot_stand_still",
            said("这种期限不停，也不扣除在途时间。", "This period does not stand still, and travel is no reason to lengthen it."),
            said("请去掉停表的日子和在途天数。", "Leave out the pauses and the days on the way."),
        )
        .at("/pauses"),
        CalendarError::StandsStill { since } => Error::invalid(
            "deadline.stands_still",
            said(
                format!("从 {} 起还在停表，没有最后一天。", day_zh(*since)),
                format!("It stands still since {}, so it has no last day yet.", day_en(*since)),
            ),
            said("请写明停到哪一天。", "Give the day the pause ends."),
        )
        .at("/pauses"),
        CalendarError::TooLong | CalendarError::Table { .. } => Error::invalid(
            "deadline.too_far",
            said("日子太远，算不出来。", "The day is too far away to count."),
            said("请核对日期和天数。", "Check the date and the number of days."),
        )
        .at("/trigger"),
    }
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

fn trigger_missing(text: &str) -> Error {
    if !text.is_empty() {
        return trigger_unreadable(text);
    }
    Error::invalid(
        "deadline.trigger_missing",
        said("还没有填从哪一天起算。", "It does not say from which day to count."),
        said("请写成 2024-03-04，或 2024-04-03T16:30。", "Write it as 2024-03-04, or 2024-04-03T16:30."),
    )
    .at("/trigger")
}

fn trigger_unreadable(text: &str) -> Error {
    Error::invalid(
        "deadline.trigger_unreadable",
        said(format!("看不懂这个日期：{}。", shown(text)), format!("This date cannot be read: {}.", shown(text))),
        said("请写成 2024-03-04，或 2024-04-03T16:30（北京时间）。", "Write it as 2024-03-04, or 2024-04-03T16:30 (Beijing time)."),
    )
    .at("/trigger")
}

fn pauses_unreadable(text: &str) -> Error {
    Error::invalid(
        "deadline.pauses_unreadable",
        said(format!("看不懂停表的日子：{}。", shown(text)), format!("These days of standing still cannot be read: {}.", shown(text))),
        said("请写成 2024-05-01..2024-05-10，几段用逗号分开。", "Write them as 2024-05-01..2024-05-10, several parted by commas."),
    )
    .at("/pauses")
}

fn mode_unknown(word: &str) -> Error {
    Error::invalid(
        "deadline.mode_unknown",
        said(format!("不认识这种算法：{}。", shown(word)), format!("This mode is not known: {}.", shown(word))),
        said("可以用：A、B、roll、no_roll、abroad。", "What there is: A, B, roll, no_roll, abroad."),
    )
    .at("/mode")
}

fn mode_not_for_rule(key: &str, known: &[&str]) -> Error {
    let (zh, en) = match known {
        [] => ("这种期限的算法法律已经定了，请去掉 mode。".to_owned(), "The law leaves nothing open here; leave mode out.".to_owned()),
        known => (format!("这种期限可以用：{}。", known.join("、")), format!("This period takes: {}.", known.join(", "))),
    };
    Error::invalid(
        "deadline.mode_not_for_rule",
        said(format!("这种期限用不着 {key}。"), format!("This period has no use for {key}.")),
        said(zh, en),
    )
    .at("/mode")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::court::periods::rule;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn events_are_read_as_people_type_them() {
        for text in ["2024-03-04", "2024/3/4", "2024.03.04", "2024年3月4日", "20240304", "notified 2024-03-04", " limit 2024-03-04 "] {
            assert_eq!(read_trigger(text).unwrap(), Trigger::Day(day("2024-03-04")), "{text}");
        }
        let at: DateTime<Utc> = "2024-04-03T08:30:00Z".parse().unwrap();
        let moments = [
            "2024-04-03T16:30",
            "2024-04-03 16:30",
            "2024-04-03T16:30:00",
            "2024-04-03T16:30+08:00",
            "2024-04-03T16:30:00+08:00",
            "2024-04-03T16:30:00 08:00",
            "2024-04-03T08:30Z",
            "2024-04-03T08:30:00Z",
            "arrives 2024-04-03T16:30",
        ];
        for text in moments {
            assert_eq!(read_trigger(text).unwrap_or_else(|e| panic!("{text}: {e}")), Trigger::Moment(at), "{text}");
        }
        assert_eq!(read_trigger("").unwrap_err().code, "deadline.trigger_missing");
        for text in ["soon", "2024-13-01", "2024-02-30", "24-03-04", "1900-01-01", "9999-01-01", "-2024-03-04", "2024-03-04T25:00"] {
            assert_eq!(read_trigger(text).unwrap_err().code, "deadline.trigger_unreadable", "{text}");
        }
    }

    #[test]
    fn pauses_and_modes_are_read_or_refused() {
        let pause = |from: &str, until: &str| Suspension { from: day(from), until: Some(day(until)) };
        assert_eq!(
            read_pauses("2024-05-01..2024-05-10, 2024-06-03").unwrap(),
            [pause("2024-05-01", "2024-05-10"), pause("2024-06-03", "2024-06-03")]
        );
        assert_eq!(read_pauses("2024-05-01..").unwrap()[0].until, None);
        for text in ["2024-05-10..2024-05-01", "May", "2024-05-01..May"] {
            assert_eq!(read_pauses(text).unwrap_err().code, "deadline.pauses_unreadable", "{text}");
        }
        let lead = rule("hearing_notice").unwrap();
        assert_eq!(read_modes("a", &[lead]).unwrap().lead, Some(LeadMode::A));
        assert_eq!(read_modes("mode-B", &[lead]).unwrap().lead, Some(LeadMode::B));
        assert_eq!(read_modes("mode A", &[lead]).unwrap().lead, Some(LeadMode::A));
        assert_eq!(read_modes("roll", &[lead]).unwrap_err().code, "deadline.mode_not_for_rule");
        assert_eq!(read_modes("fast", &[lead]).unwrap_err().code, "deadline.mode_unknown");
        assert!(read_modes("abroad", &[rule("defence").unwrap()]).unwrap().abroad);
    }
}
