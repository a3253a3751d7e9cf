//! How a clock of a matter is counted: the period of the table, the court's choices, the calendar that binds, and what
//! bears on it from outside (中止, days on the way, ends that were moved).
//!
//! Owns the order in which these meet. Must never keep anything, or move an end earlier than it was told.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::moves::Floor;
use super::timeline::beyond_calendar;
use super::views::{Clock, ClockMoved};
use crate::app::App;
use crate::court::beijing::{beijing_date, end_of_day};
use crate::court::calendar::{Calendar, CalendarError, Counted, Period, Roll, Step, Suspension, Unit};
use crate::court::clock_view::{self, Life};
use crate::court::holidays::CalendarBook;
use crate::court::outage_rules::last_day;
use crate::court::periods::{self, Kind, Rule};
use crate::court::rules::CourtRules;
use crate::error::{Error, Result};

/// A period to be counted.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Court.
    pub court: i32,
    /// Of `court/period_table.rs`.
    pub key: &'a str,
    /// The court's own length, where it set one.
    pub days: Option<u32>,
    /// The event; its day is not counted.
    pub from: DateTime<Utc>,
}

/// What bears on a clock from outside.
#[derive(Debug, Clone, Default)]
pub struct Bearing {
    /// Days not counted.
    pub pauses: Vec<Suspension>,
    /// Why it stands still, where a pause goes on.
    pub still: Option<String>,
    /// Days on the way.
    pub travel_days: u32,
    /// Ends it was moved to: by an outage, by a judge.
    pub floors: Vec<Floor>,
}

/// May this period stand still, and do days on the way lengthen it? (不变期间, periods in hours, leads and measures: no.)
pub fn may_stand_still(rule: &Rule) -> bool {
    matches!(rule.kind, Kind::Legal | Kind::Internal | Kind::Mediation) && rule.period.unit != Unit::Hours
}

/// The clock as it stands.
///
/// # Errors
/// 503 when the calendar cannot count it at all.
pub fn clock(app: &App, asked: &Asked<'_>, life: &Life, bearing: &Bearing) -> Result<Clock> {
    let rule = periods::rule(asked.key).ok_or_else(|| Error::internal(format!("no period {}", asked.key)))?;
    let rules = CourtRules::on(&app.door.registry, asked.court, beijing_date(asked.from));
    let (counted, by) = count(&app.door.registry.calendars(), &rules, rule, asked, bearing, app.now()).map_err(beyond_calendar)?;
    let floored = raised(counted, rule.roll(&rules.counting_modes()), &by, &bearing.floors);
    let rule_key = if asked.days.is_some() { key_of_court_rule(asked.key) } else { asked.key };
    let mut shown: Clock = clock_view::clock(rule, rule_key, &floored.counted, app.now(), &stands(rule, life, bearing)).into();
    shown.from_at = Some(asked.from);
    shown.moved = floored.moved;
    Ok(shown)
}

/// The end alone, by a book of calendars that may be another than the one in force: for what a change would move.
///
/// # Errors
/// What the calendar says.
pub fn end_by(app: &App, book: &CalendarBook, asked: &Asked<'_>, bearing: &Bearing) -> std::result::Result<DateTime<Utc>, CalendarError> {
    let rule = periods::rule(asked.key).ok_or(CalendarError::TooLong)?;
    let rules = CourtRules::on(&app.door.registry, asked.court, beijing_date(asked.from));
    let (counted, by) = count(book, &rules, rule, asked, bearing, app.now())?;
    Ok(raised(counted, rule.roll(&rules.counting_modes()), &by, &bearing.floors).counted.due_at)
}

fn count(
    book: &CalendarBook,
    rules: &CourtRules<'_>,
    rule: &Rule,
    asked: &Asked<'_>,
    bearing: &Bearing,
    now: DateTime<Utc>,
) -> std::result::Result<(Counted, std::sync::Arc<Calendar>), CalendarError> {
    let period = asked.days.map_or(rule.period, Period::days);
    let roll = rule.roll(&rules.counting_modes());
    // what goes on is counted as if it ended today
    let today = beijing_date(now);
    let bears = may_stand_still(rule);
    let pauses: Vec<Suspension> = bearing.pauses.iter().filter(|_| bears).map(|p| p.closed_at(today)).collect();
    let travel = if bears { bearing.travel_days } else { 0 };
    book.bound(rules.makeup_day_is_working(), |calendar| match calendar.count_on_the_way(period, asked.from, roll, &pauses, travel) {
        Err(CalendarError::BeyondKnown { .. }) => unrolled(calendar, period, asked.from, &pauses, travel),
        counted => counted,
    })
}

/// The holidays of that time are not announced yet: the end is shown where it falls without a roll, which is
/// never too late, and the reckoning says so.
fn unrolled(
    calendar: &Calendar,
    period: Period,
    from: DateTime<Utc>,
    pauses: &[Suspension],
    travel: u32,
) -> std::result::Result<Counted, CalendarError> {
    let mut counted = calendar.count_on_the_way(period, from, Roll::No, pauses, travel)?;
    counted.steps.push(Step::new(
        "该日的放假安排尚未公布，先按不顺延计算，公布后更新。",
        "The holidays of that time are not announced yet: counted without a roll for now.",
    ));
    Ok(counted)
}

struct Floored {
    counted: Counted,
    moved: Vec<ClockMoved>,
}

/// An end is never before one it was moved to; where a period rolls, not on a rest day announced since either.
fn raised(mut counted: Counted, roll: Roll, calendar: &Calendar, floors: &[Floor]) -> Floored {
    let mut moved = Vec::new();
    for floor in floors {
        let to = if roll == Roll::Yes { off_rest(calendar, floor.to_at) } else { floor.to_at };
        if to <= counted.due_at {
            continue;
        }
        moved.push(ClockMoved {
            from_on: counted.due_on,
            to_on: last_day(to),
            reason: floor.reason,
            text: floor.text.clone(),
            text_en: floor.text_en.clone(),
        });
        (counted.due_at, counted.due_on, counted.rolled_from) = (to, last_day(to), None);
        counted.steps.push(Step::new(floor.text.clone(), floor.text_en.clone()));
    }
    Floored { counted, moved }
}

fn off_rest(calendar: &Calendar, to: DateTime<Utc>) -> DateTime<Utc> {
    let day: NaiveDate = last_day(to);
    match calendar.working_day_from(day) {
        Ok(work) if work != day => end_of_day(work),
        _ => to,
    }
}

fn stands(rule: &Rule, life: &Life, bearing: &Bearing) -> Life {
    let open = bearing.pauses.iter().find(|p| p.until.is_none()).filter(|_| may_stand_still(rule));
    match (life, open) {
        (Life::Open, Some(pause)) => Life::Paused { since: pause.from, reason: bearing.still.clone().unwrap_or_default() },
        _ => life.clone(),
    }
}

fn key_of_court_rule(key: &str) -> &str {
    match key {
        "filing_decision" | "admin_filing_decision" | "enforcement_filing_decision" => "filing_review_days",
        "correction" => "correction_days",
        other => other,
    }
}

/// Only what was moved of one matter.
pub fn floors_of(floors: &[Floor], subject: Uuid, n: i32) -> Vec<Floor> {
    floors.iter().filter(|f| f.subject_id == subject && f.n == n).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::super::words::MovedBy;
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn floor(to: &str) -> Floor {
        Floor {
            subject_id: Uuid::nil(),
            n: 0,
            from_at: at("2026-11-30T16:00:00Z"),
            to_at: at(to),
            reason: MovedBy::Outage,
            text: "顺延".into(),
            text_en: "moved".into(),
        }
    }

    // proves: N04
    #[test]
    fn an_end_is_never_before_one_it_was_moved_to() {
        let table = Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let counted = |from: &str, n| table.count(Period::days(n), day(from), Roll::Yes).unwrap();
        // fifteen days from 2026-11-09 end on the 24th
        let rows: &[(u32, &[&str], &str)] = &[
            (15, &[], "2026-11-24"),
            (15, &["2026-11-25T16:00:00Z"], "2026-11-25"),
            (15, &["2026-11-25T16:00:00Z", "2026-11-26T16:00:00Z"], "2026-11-26"),
            // moved before, then the count itself became longer: the longer one
            (20, &["2026-11-25T16:00:00Z"], "2026-11-30"),
            // a floor that fell on a Saturday
            (15, &["2026-11-28T16:00:00Z"], "2026-11-30"),
            (15, &["2026-11-20T16:00:00Z"], "2026-11-24"),
        ];
        for (n, floors, wanted) in rows {
            let floors: Vec<Floor> = floors.iter().map(|f| floor(f)).collect();
            let found = raised(counted("2026-11-09", *n), Roll::Yes, &table, &floors);
            assert_eq!(found.counted.due_on, day(wanted), "{n} {floors:?}");
            assert_eq!(found.counted.due_at, end_of_day(found.counted.due_on));
        }
    }

    #[test]
    fn what_never_stops_takes_no_pause() {
        let may = |key: &str| may_stand_still(periods::rule(key).unwrap());
        assert!(may("defence") && may("trial_summary") && may("payment") && may("mediation_ordinary"));
        assert!(!may("retrial_application") && !may("preservation_urgent") && !may("hearing_notice") && !may("measure_deposit"));
    }
}
