//! Counts periods forwards and backwards on a [`Calendar`].
//!
//! Owns: the arithmetic of 民事诉讼法 Art 85 and 民诉法解释 Art 125, periods that stand still, and
//! "at least n days before". Must never read a clock or round in a party's disfavour silently:
//! every roll is told in a step. Imports `court/beijing.rs` and
//! `court/calendar.rs`.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::court::beijing::{beijing_date, beijing_offset, day_en, day_zh, end_of_day, next_hour};
use crate::court::calendar::{
    Calendar, CalendarError, Counted, LONGEST, Period, Roll, Step, Suspension, Trigger, Unit, next, plus, previous,
};

/// How "at least n days before" is read; the text does not say whether n full days must lie between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum LeadMode {
    /// The act may follow on day D+n.
    A,
    /// n full days lie between, so the act may follow on day D+n+1 (the cautious default).
    #[default]
    B,
}

/// A limit counted backwards from a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedBack {
    /// The last day by the count; a rest day is not moved later.
    pub latest: NaiveDate,
    /// The last working day on or before it, by which one should act.
    pub act_by: NaiveDate,
    /// 24:00 Beijing time of the last day.
    pub latest_at: DateTime<Utc>,
    /// The reckoning in sentences.
    pub steps: Vec<Step>,
}

impl Calendar {
    /// Counts a period from an event (民事诉讼法 Art 85). Hours never roll.
    pub fn count(&self, period: Period, trigger: impl Into<Trigger>, roll: Roll) -> Result<Counted, CalendarError> {
        self.count_with(period, trigger, roll, &[])
    }

    /// Counts a period that stood still on some days (民诉法解释 Art 243, 审限规定 Art 9).
    pub fn count_with(
        &self,
        period: Period,
        trigger: impl Into<Trigger>,
        roll: Roll,
        pauses: &[Suspension],
    ) -> Result<Counted, CalendarError> {
        self.count_on_the_way(period, trigger, roll, pauses, 0)
    }

    /// Counts a period with days of travel, which are no part of it (民事诉讼法 Art 85(4)).
    pub fn count_on_the_way(
        &self,
        period: Period,
        trigger: impl Into<Trigger>,
        roll: Roll,
        pauses: &[Suspension],
        travel_days: u32,
    ) -> Result<Counted, CalendarError> {
        let trigger = trigger.into();
        if period.n > LONGEST || travel_days > LONGEST {
            return Err(CalendarError::TooLong);
        }
        if period.unit == Unit::Hours {
            let plain = pauses.is_empty() && travel_days == 0;
            return if plain { count_hours(period, trigger) } else { Err(CalendarError::CannotSuspend) };
        }
        let day = trigger.day();
        let starts_on = next(day)?;
        let pauses = &merged(pauses);
        let raw_due = self.raw_due(period, day, pauses, travel_days)?;
        if let Some(open) = pauses.iter().find(|p| p.until.is_none() && p.from <= raw_due) {
            return Err(CalendarError::StandsStill { since: open.from });
        }
        let due_on = self.rolled(raw_due, roll)?;
        let days_not_counted = covered(pauses, starts_on, raw_due);
        let mut counted = Counted {
            period,
            starts_on,
            raw_due,
            due_on,
            due_at: end_of_day(due_on),
            alarm_at: None,
            rolled_from: (due_on != raw_due).then_some(raw_due),
            days_not_counted,
            travel_days,
            steps: Vec::new(),
        };
        counted.steps = self.steps(day, &counted);
        Ok(counted)
    }

    /// Counts a period backwards from a date (审限延长规定 Art 1): a rest day is not moved later.
    pub fn count_back(&self, period: Period, anchor: NaiveDate) -> Result<CountedBack, CalendarError> {
        let latest = match period.unit {
            Unit::Hours => return Err(CalendarError::HoursNeedMoment),
            Unit::WorkingDays => self.subtract_working_days(anchor, period.n)?,
            Unit::Days => anchor.checked_sub_days(chrono::Days::new(u64::from(period.n))).ok_or(CalendarError::TooLong)?,
            Unit::Months | Unit::Years => {
                let months = period.n.saturating_mul(if period.unit == Unit::Years { 12 } else { 1 });
                anchor.checked_sub_months(chrono::Months::new(months)).ok_or(CalendarError::TooLong)?
            }
        };
        let act_by = self.working_day_until(latest)?;
        let mut steps = vec![Step::new(
            format!("{} 往前数 {}，最迟 {}。", day_zh(anchor), period.zh(), day_zh(latest)),
            format!("{} back from {}: {} at the latest.", period.en(), day_en(anchor), day_en(latest)),
        )];
        if act_by != latest {
            steps.push(Step::new(
                format!("这一天休息，往前数的期限不顺延，请在 {} 前办。", day_zh(act_by)),
                format!("That is a rest day and does not move later: act by {}.", day_en(act_by)),
            ));
        }
        Ok(CountedBack { latest, act_by, latest_at: end_of_day(latest), steps })
    }

    /// Finds the first day an act may take place after notice (民诉法解释 Art 227; H01, H02).
    pub fn earliest_after(&self, notified: NaiveDate, lead: Period, mode: LeadMode) -> Result<NaiveDate, CalendarError> {
        let extra = u32::from(mode == LeadMode::B);
        match lead.unit {
            Unit::WorkingDays => self.add_working_days(notified, lead.n.saturating_add(extra)),
            Unit::Hours => Err(CalendarError::HoursNeedMoment),
            _ => plus(plus(notified, lead)?, Period::days(extra)),
        }
    }

    /// Finds the last day on which notice of an act on a day is still in time.
    pub fn latest_notice(&self, act_on: NaiveDate, lead: Period, mode: LeadMode) -> Result<NaiveDate, CalendarError> {
        let mut notified = act_on;
        for _ in 0..LONGEST {
            if self.earliest_after(notified, lead, mode)? <= act_on {
                return Ok(notified);
            }
            notified = previous(notified)?;
        }
        Err(CalendarError::TooLong)
    }

    fn subtract_working_days(&self, day: NaiveDate, n: u32) -> Result<NaiveDate, CalendarError> {
        let mut at = day;
        let mut left = n.min(LONGEST);
        while left > 0 {
            at = previous(at)?;
            if !self.is_rest_day(at)? {
                left -= 1;
            }
        }
        Ok(at)
    }

    /// Finds the last day before any roll, extended by the days not counted.
    fn raw_due(&self, period: Period, day: NaiveDate, pauses: &[Suspension], travel_days: u32) -> Result<NaiveDate, CalendarError> {
        let closed: Vec<Suspension> = pauses.iter().copied().filter(|p| p.until.is_some()).collect();
        if period.unit == Unit::WorkingDays {
            return plus(self.add_working_days_outside(day, period.n, &closed)?, Period::days(travel_days));
        }
        let plain = plus(plus(day, period)?, Period::days(travel_days))?;
        let starts_on = next(day)?;
        let mut due = plain;
        loop {
            let longer = plus(plain, Period::days(covered(&closed, starts_on, due)))?;
            if longer == due {
                return Ok(due);
            }
            due = longer;
        }
    }

    /// Moves a last day past rest days (民事诉讼法 Art 85(3)).
    fn rolled(&self, raw_due: NaiveDate, roll: Roll) -> Result<NaiveDate, CalendarError> {
        if roll == Roll::No {
            return Ok(raw_due);
        }
        self.working_day_from(raw_due).map_err(|error| match error {
            CalendarError::BeyondKnown { until, .. } => CalendarError::BeyondKnown { until, raw_due: Some(raw_due) },
            other => other,
        })
    }

    /// The reckoning in sentences.
    fn steps(&self, day: NaiveDate, counted: &Counted) -> Vec<Step> {
        let (start, raw, period) = (counted.starts_on, counted.raw_due, counted.period);
        let mut steps = vec![
            Step::new(
                format!("{} 当日不计，从 {} 起算。", day_zh(day), day_zh(start)),
                format!("{} itself does not count; the period starts on {}.", day_en(day), day_en(start)),
            ),
            Step::new(format!("{}，到 {} 届满。", period.zh(), day_zh(raw)), format!("{} end on {}.", period.en(), day_en(raw))),
        ];
        if counted.travel_days > 0 {
            let n = counted.travel_days;
            steps.insert(1, Step::new(format!("在途 {n} 日不计入期间。"), format!("{n} days on the way are no part of the period.")));
        }
        if counted.days_not_counted > 0 {
            let n = counted.days_not_counted;
            steps.insert(1, Step::new(format!("其中 {n} 日停表，不计入。"), format!("{n} days stood still and do not count.")));
        }
        if counted.rolled_from.is_some() {
            let (zh, en) = self.rest_name(raw);
            steps.push(Step::new(
                format!("这一天是休息日（{zh}），顺延到 {}。", day_zh(counted.due_on)),
                format!("That is a rest day ({en}), so it moves to {}.", day_en(counted.due_on)),
            ));
        }
        steps
    }
}

/// Counts hours: the starting hour is left out, holidays count (民诉法解释 Art 125).
fn count_hours(period: Period, trigger: Trigger) -> Result<Counted, CalendarError> {
    let Trigger::Moment(at) = trigger else { return Err(CalendarError::HoursNeedMoment) };
    let start = next_hour(at);
    let due_at = start + Duration::hours(i64::from(period.n));
    let local = |t: DateTime<Utc>| t.with_timezone(&beijing_offset()).format("%m-%d %H:%M").to_string();
    let due_on = beijing_date(due_at);
    let steps = vec![
        Step::new(
            format!("{} 所在的小时不计，从 {} 起算。", local(at), local(start)),
            format!("The hour of {} does not count; the period starts at {}.", local(at), local(start)),
        ),
        Step::new(
            format!("{}，到 {} 届满，休息日照算。", period.zh(), local(due_at)),
            format!("{} end at {}; rest days count.", period.en(), local(due_at)),
        ),
    ];
    Ok(Counted {
        period,
        starts_on: beijing_date(start),
        raw_due: due_on,
        due_on,
        due_at,
        alarm_at: Some(at + Duration::hours(i64::from(period.n))),
        rolled_from: None,
        days_not_counted: 0,
        travel_days: 0,
        steps,
    })
}

/// Merges overlapping suspensions so that no day is left out twice.
fn merged(pauses: &[Suspension]) -> Vec<Suspension> {
    let mut sorted = pauses.to_vec();
    sorted.sort_by_key(|p| p.from);
    let mut out: Vec<Suspension> = Vec::new();
    for pause in sorted {
        match out.last_mut() {
            Some(last) if last.covers(pause.from) => {
                last.until = last.until.zip(pause.until).map(|(a, b)| a.max(b));
            }
            _ => out.push(pause),
        }
    }
    out
}

/// Counts the days between two days, both included, that closed suspensions cover.
fn covered(pauses: &[Suspension], from: NaiveDate, to: NaiveDate) -> u32 {
    let days = pauses.iter().filter_map(|p| {
        let until = p.until?.min(to);
        let days = (until - p.from.max(from)).num_days() + 1;
        u32::try_from(days).ok()
    });
    days.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Calendar {
        Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap()
    }

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    // proves: L42
    #[test]
    fn never_due_on_a_rest_day_when_rolling_and_monotone() {
        let table = table();
        let periods = [Period::days(3), Period::days(7), Period::days(15), Period::months(1), Period::working_days(3)];
        for period in periods {
            let mut day = d("2020-01-01");
            let mut last = day;
            while day < d("2026-11-01") {
                let counted = table.count(period, day, Roll::Yes).unwrap();
                assert_eq!(table.is_rest_day(counted.due_on), Ok(false), "{day} {period:?}");
                assert!(counted.due_on >= counted.raw_due && counted.due_on >= last, "{day} {period:?}");
                assert_eq!(counted.rolled_from.is_some(), counted.due_on != counted.raw_due);
                assert_eq!(counted.due_at, end_of_day(counted.due_on));
                last = counted.due_on;
                day = next(day).unwrap();
            }
        }
    }

    #[test]
    fn lead_and_latest_notice_are_inverse() {
        let table = table();
        for lead in [Period::days(3), Period::working_days(3)] {
            for mode in [LeadMode::A, LeadMode::B] {
                let mut day = d("2024-01-01");
                while day < d("2025-01-01") {
                    let act_on = table.earliest_after(day, lead, mode).unwrap();
                    let latest = table.latest_notice(act_on, lead, mode).unwrap();
                    assert!(latest >= day && table.earliest_after(latest, lead, mode).unwrap() <= act_on);
                    day = next(day).unwrap();
                }
            }
        }
    }

    #[test]
    fn hours_start_with_the_next_hour_and_need_an_instant() {
        let table = table();
        let at: DateTime<Utc> = "2024-04-03T08:30:00Z".parse().unwrap();
        let counted = table.count(Period::hours(48), at, Roll::Yes).unwrap();
        assert_eq!(counted.due_at, "2024-04-05T09:00:00Z".parse::<DateTime<Utc>>().unwrap());
        assert_eq!(counted.alarm_at, Some("2024-04-05T08:30:00Z".parse().unwrap()));
        let sharp: DateTime<Utc> = "2024-04-03T08:00:00Z".parse().unwrap();
        let counted = table.count(Period::hours(1), sharp, Roll::No).unwrap();
        assert_eq!(counted.due_at, "2024-04-03T10:00:00Z".parse::<DateTime<Utc>>().unwrap());
        assert_eq!(table.count(Period::hours(48), d("2024-04-03"), Roll::No), Err(CalendarError::HoursNeedMoment));
    }

    #[test]
    fn a_period_that_stood_still_ends_later() {
        let table = table();
        let pause = |from: &str, until: &str| Suspension { from: d(from), until: Some(d(until)) };
        let rows = [
            (vec![], "2024-03-18"),
            (vec![pause("2024-03-05", "2024-03-06")], "2024-03-20"),
            // Overlapping pauses count once; the part before the start does not count.
            (vec![pause("2024-03-01", "2024-03-05"), pause("2024-03-05", "2024-03-06")], "2024-03-21"),
            // A pause that begins only in the extension still counts.
            (vec![pause("2024-03-10", "2024-03-11"), pause("2024-03-19", "2024-03-20")], "2024-03-22"),
            (vec![pause("2024-04-01", "2024-04-02")], "2024-03-18"),
        ];
        for (pauses, due) in rows {
            let counted = table.count_with(Period::days(15), d("2024-03-03"), Roll::No, &pauses).unwrap();
            assert_eq!(counted.due_on, d(due), "{pauses:?}");
        }
        let open = [Suspension { from: d("2024-03-05"), until: None }];
        let still = table.count_with(Period::days(15), d("2024-03-03"), Roll::No, &open);
        assert_eq!(still, Err(CalendarError::StandsStill { since: d("2024-03-05") }));
        let closed = open.map(|p| p.closed_at(d("2024-03-06")));
        let counted = table.count_with(Period::days(15), d("2024-03-03"), Roll::No, &closed).unwrap();
        assert_eq!((counted.due_on, counted.days_not_counted), (d("2024-03-20"), 2));
    }

    // proves: L42
    #[test]
    fn periods_are_monotone_in_their_length_and_add_up_where_nothing_rolls() {
        let table = table();
        let mut day = d("2021-01-01");
        while day < d("2026-06-01") {
            let mut last = day;
            for n in 1..=40 {
                let due = table.count(Period::days(n), day, Roll::Yes).unwrap().due_on;
                assert!(due >= last, "{day} {n}");
                last = due;
                // days without a roll add up: a and then b is a + b
                let first = table.count(Period::days(n), day, Roll::No).unwrap().due_on;
                let second = table.count(Period::days(41 - n), first, Roll::No).unwrap().due_on;
                assert_eq!(second, table.count(Period::days(41), day, Roll::No).unwrap().due_on);
                // and so do working days, and days on the way
                let first = table.add_working_days(day, n % 7).unwrap();
                assert_eq!(table.add_working_days(first, 7 - n % 7), table.add_working_days(day, 7));
                let way = table.count_on_the_way(Period::days(n), day, Roll::No, &[], 3).unwrap();
                assert_eq!(way.due_on, table.count(Period::days(n + 3), day, Roll::No).unwrap().due_on);
            }
            day = plus(day, Period::days(11)).unwrap();
        }
    }

    #[test]
    fn days_on_the_way_are_no_part_of_the_period() {
        let counted = table().count_on_the_way(Period::days(15), d("2024-05-20"), Roll::Yes, &[], 4).unwrap();
        // 2024-06-04 and four days is Saturday 8 June, then the Dragon Boat holiday
        assert_eq!((counted.raw_due, counted.due_on), (d("2024-06-08"), d("2024-06-11")));
        assert_eq!(counted.steps[1].zh, "在途 4 日不计入期间。");
        let at: DateTime<Utc> = "2024-04-03T08:30:00Z".parse().unwrap();
        assert_eq!(table().count_on_the_way(Period::hours(48), at, Roll::No, &[], 1), Err(CalendarError::CannotSuspend));
    }

    #[test]
    fn beyond_the_table_the_raw_date_is_still_told() {
        let table = table();
        let rolling = table.count(Period::years(2), d("2026-03-10"), Roll::Yes);
        let raw_due = Some(d("2028-03-10"));
        assert_eq!(rolling, Err(CalendarError::BeyondKnown { until: d("2026-12-31"), raw_due }));
        assert_eq!(table.count(Period::years(3), d("2026-03-10"), Roll::No).unwrap().due_on, d("2029-03-10"));
        assert_eq!(table.count(Period::days(10_001), d("2024-01-01"), Roll::No), Err(CalendarError::TooLong));
    }

    #[test]
    fn the_steps_tell_the_roll() {
        let counted = table().count(Period::days(7), d("2024-04-28"), Roll::Yes).unwrap();
        assert_eq!(counted.rolled_from, Some(d("2024-05-05")));
        let last = counted.steps.last().unwrap();
        assert_eq!(last.zh, "这一天是休息日（劳动节），顺延到 2024 年 5 月 6 日（周一）。");
        assert!(last.en.contains("Mon 2024-05-06"));
    }
}
