//! 开庭提前量: how early a hearing must be fixed and its people told.
//!
//! Owns the two reasons for it: the law's three days for the trial of an ordinary case (民事诉讼法 Art 139, 162), and the
//! court's own rule for online hearings (三日 or 三个工作日). Must never count by itself: the calendar of the court does.

use chrono::NaiveDate;
use serde::Serialize;

use super::kinds;
use super::law::{self, Article};
use super::refusal::Refusal;
use super::words::SessionKind;
use crate::court::beijing::{day_en, day_zh};
use crate::court::calendar::{Calendar, CalendarError, Period, Unit};
use crate::court::count::LeadMode;
use crate::delivery::words::Procedure;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The kind of session.
    pub kind: SessionKind,
    /// The procedure.
    pub procedure: Procedure,
    /// Somebody takes part online.
    pub online: bool,
    /// The court's rule; none: the law's three days.
    pub rule: Option<Period>,
    /// How "before" is read at this court.
    pub mode: LeadMode,
}

/// The day it may be held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lead {
    /// The first day it may be held on, when its people are told today.
    pub earliest_on: NaiveDate,
    /// The last day on which they may be told, for the day wanted.
    pub tell_by: Option<NaiveDate>,
    /// The lead that was applied.
    pub lead: Option<Period>,
    /// Nothing may set it aside; else a reason may.
    pub binding: bool,
    /// 依据.
    pub article: Article,
    /// Why.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// The lead that holds, and for which day.
///
/// # Errors
/// When the calendar does not reach so far.
pub fn find(asked: &Asked, today: NaiveDate, wanted: Option<NaiveDate>, calendar: &Calendar) -> Result<Lead, CalendarError> {
    let by_law = kinds::of(asked.kind).noticed_before && !asked.procedure.is_summary();
    let (lead, article) = match (by_law, asked.online, asked.rule) {
        (true, true, Some(rule)) => (Some(stricter(rule, today, asked.mode, calendar)?), law::L139),
        (true, _, _) => (Some(Period::days(3)), law::L139),
        (false, true, Some(rule)) => (Some(rule), law::HB12),
        _ => (None, law::L162),
    };
    let Some(lead) = lead else {
        let (zh, en) = ("简易程序、庭前会议等不受三日限制。".to_owned(), "No three days are asked for here.".to_owned());
        return Ok(Lead { earliest_on: today, tell_by: wanted, lead: None, binding: false, article, zh, en });
    };
    let earliest_on = calendar.earliest_after(today, lead, asked.mode)?;
    let tell_by = wanted.map(|day| calendar.latest_notice(day, lead, asked.mode)).transpose()?;
    let zh = format!("应当提前 {} 通知；今天通知的，最早 {} 可以开庭。", lead.zh(), day_zh(earliest_on));
    let en = format!("Notice of {} is due; told today, the first day is {}.", lead.en(), day_en(earliest_on));
    Ok(Lead { earliest_on, tell_by, lead: Some(lead), binding: by_law, article, zh, en })
}

/// The longer of the court's rule and the law's three days: a rule may ask for more, never for less.
fn stricter(rule: Period, today: NaiveDate, mode: LeadMode, calendar: &Calendar) -> Result<Period, CalendarError> {
    if rule.unit == Unit::Hours {
        return Ok(Period::days(3));
    }
    let law = Period::days(3);
    let by_rule = calendar.earliest_after(today, rule, mode)?;
    Ok(if by_rule >= calendar.earliest_after(today, law, mode)? { rule } else { law })
}

/// Refuses a day that comes too soon. Where the lead does not bind, a reason sets it aside.
///
/// # Errors
/// With the first day that would do.
pub fn check(found: &Lead, wanted: NaiveDate, reason: Option<&str>) -> Result<(), Refusal> {
    if wanted >= found.earliest_on {
        return Ok(());
    }
    let cure = (format!("最早可以定在 {}。", day_zh(found.earliest_on)), format!("The first day is {}.", day_en(found.earliest_on)));
    let cause = (found.zh.clone(), found.en.clone());
    if found.binding {
        return Err(Refusal::new("hearing.too_soon", cause, cure).by(found.article).at("/starts_at"));
    }
    match reason {
        Some(reason) => super::refusal::reasoned(reason, "/soon_reason"),
        None => Err(Refusal::new(
            "hearing.soon_reason",
            cause,
            (format!("{}；确需提前的，请写明理由。", cure.0), format!("{} Or give a reason.", cure.1)),
        )
        .by(found.article)
        .at("/soon_reason")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap()
    }

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn asked(procedure: Procedure, online: bool, rule: Option<Period>, mode: LeadMode) -> Asked {
        Asked { kind: SessionKind::Trial, procedure, online, rule, mode }
    }

    // part of H01, H02, L41
    #[test]
    fn three_days_or_three_working_days() {
        let calendar = calendar();
        let (days, working) = (Some(Period::days(3)), Some(Period::working_days(3)));
        use Procedure::{Ordinary, Summary};
        // Thursday 2024-04-25, before the May holiday (1–5 May; 28 April and 11 May are working days)
        for (procedure, online, rule, mode, earliest, binding) in [
            (Ordinary, true, days, LeadMode::A, "2024-04-28", true),
            (Ordinary, true, days, LeadMode::B, "2024-04-29", true),
            (Ordinary, true, working, LeadMode::A, "2024-04-29", true),
            (Ordinary, true, working, LeadMode::B, "2024-04-30", true),
            (Ordinary, true, Some(Period::days(1)), LeadMode::A, "2024-04-28", true), // never less than the law
            (Ordinary, false, working, LeadMode::A, "2024-04-28", true),              // in court: the law's three days
            (Ordinary, true, None, LeadMode::A, "2024-04-28", true),
            (Summary, true, days, LeadMode::A, "2024-04-28", false),
            (Summary, true, working, LeadMode::A, "2024-04-29", false),
            (Summary, false, days, LeadMode::A, "2024-04-25", false),
        ] {
            let lead = find(&asked(procedure, online, rule, mode), d("2024-04-25"), None, &calendar).unwrap();
            assert_eq!((lead.earliest_on, lead.binding), (d(earliest), binding), "{procedure:?} {online} {rule:?} {mode:?}");
        }
        let meeting = Asked { kind: SessionKind::PretrialMeeting, ..asked(Ordinary, true, days, LeadMode::A) };
        assert!(!find(&meeting, d("2024-04-25"), None, &calendar).unwrap().binding);
    }

    #[test]
    fn the_last_day_to_tell_is_the_lead_backwards() {
        let calendar = calendar();
        for (rule, mode) in [(Period::days(3), LeadMode::A), (Period::working_days(3), LeadMode::B)] {
            let ask = asked(Procedure::Ordinary, true, Some(rule), mode);
            let mut today = d("2024-04-01");
            while today < d("2024-06-01") {
                let earliest = find(&ask, today, None, &calendar).unwrap().earliest_on;
                let back = find(&ask, today, Some(earliest), &calendar).unwrap().tell_by.unwrap();
                assert!(back >= today, "{today} {rule:?}");
                today = today.succ_opt().unwrap();
            }
        }
    }

    #[test]
    fn too_soon_is_refused_or_explained() {
        let calendar = calendar();
        let today = d("2024-04-25");
        let ordinary = find(&asked(Procedure::Ordinary, true, Some(Period::days(3)), LeadMode::A), today, None, &calendar).unwrap();
        assert_eq!(check(&ordinary, d("2024-04-27"), Some("双方当事人都要求尽快开庭")).unwrap_err().code, "hearing.too_soon");
        assert_eq!(check(&ordinary, d("2024-04-28"), None), Ok(()));
        let summary = find(&asked(Procedure::Summary, true, Some(Period::days(3)), LeadMode::A), today, None, &calendar).unwrap();
        assert_eq!(check(&summary, d("2024-04-26"), None).unwrap_err().code, "hearing.soon_reason");
        assert_eq!(check(&summary, d("2024-04-26"), Some("双方当事人都要求尽快开庭")), Ok(()));
        assert_eq!(check(&summary, d("2024-04-26"), Some("急")).unwrap_err().code, "hearing.reason");
    }
}
