//! Counts legal periods: rest days, make-up workdays, the start day, the roll past a rest day.
//!
//! Owns: which days courts work, and how many days lie between an event and a deadline
//! (民事诉讼法 Art 85, 民诉法解释 Art 125, 民法典 Art 202). The rules that name the periods are in
//! `court/periods.rs`, the picture of a running clock in `court/clock_view.rs`.
//! Must never read a clock, guess a holiday that is not yet published, or know a database.
//! Imports `court/beijing.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc, Weekday};
use serde::{Deserialize, Serialize};

pub use crate::court::beijing::{beijing_date, beijing_offset, day_en, day_zh, end_of_day, start_of_day, weekday_zh};

/// The largest number of units a period may have; longer ones are typing mistakes.
pub const LONGEST: u32 = 10_000;

/// The unit of a period (民事诉讼法 Art 85: 时、日、月、年; working days come from circulars).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 小时.
    Hours,
    /// 日.
    Days,
    /// 工作日.
    WorkingDays,
    /// 月.
    Months,
    /// 年.
    Years,
}

/// A length of time in one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// How many units.
    pub n: u32,
    /// Which unit.
    pub unit: Unit,
}

impl Period {
    /// Makes a period of hours.
    pub const fn hours(n: u32) -> Self {
        Self { n, unit: Unit::Hours }
    }
    /// Makes a period of calendar days.
    pub const fn days(n: u32) -> Self {
        Self { n, unit: Unit::Days }
    }
    /// Makes a period of working days.
    pub const fn working_days(n: u32) -> Self {
        Self { n, unit: Unit::WorkingDays }
    }
    /// Makes a period of months.
    pub const fn months(n: u32) -> Self {
        Self { n, unit: Unit::Months }
    }
    /// Makes a period of years.
    pub const fn years(n: u32) -> Self {
        Self { n, unit: Unit::Years }
    }
    /// Says the period in Chinese, such as `15 日`.
    pub fn zh(&self) -> String {
        let unit = match self.unit {
            Unit::Hours => "小时",
            Unit::Days => "日",
            Unit::WorkingDays => "个工作日",
            Unit::Months => "个月",
            Unit::Years => "年",
        };
        format!("{} {unit}", self.n)
    }
    /// Says the period in English, such as `15 days`.
    pub fn en(&self) -> String {
        let unit = match self.unit {
            Unit::Hours => "hour",
            Unit::Days => "day",
            Unit::WorkingDays => "working day",
            Unit::Months => "month",
            Unit::Years => "year",
        };
        format!("{} {unit}{}", self.n, if self.n == 1 { "" } else { "s" })
    }
}

/// Whether a last day that is a rest day moves to the first day after it (民事诉讼法 Art 85).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Roll {
    /// 顺延.
    Yes,
    /// 不顺延 (length of a seizure, periods in hours, internal limits by setting).
    No,
}

/// What a table of holidays says of a day (国务院办公厅节假日安排).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, poem_openapi::Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum DayKind {
    /// 放假.
    Holiday,
    /// 调休上班.
    Workday,
    /// As its weekday is.
    Plain,
}

/// What sets a period going: a day, or an instant. The starting day or hour is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// An event known by its Beijing day.
    Day(NaiveDate),
    /// An event known to the second.
    Moment(DateTime<Utc>),
}

impl Trigger {
    /// Tells the Beijing day of the event.
    pub fn day(&self) -> NaiveDate {
        match self {
            Self::Day(day) => *day,
            Self::Moment(at) => beijing_date(*at),
        }
    }
}

impl From<NaiveDate> for Trigger {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl From<DateTime<Utc>> for Trigger {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Moment(at)
    }
}

/// Days that are not counted (民诉法解释 Art 243, 审限规定 Art 9, 证据规定 Art 55), both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// The first day not counted.
    pub from: NaiveDate,
    /// The last day not counted; none while the period still stands still.
    pub until: Option<NaiveDate>,
}

impl Suspension {
    /// Closes an open suspension at a day, to compute "as if it ended today".
    pub fn closed_at(self, day: NaiveDate) -> Self {
        Self { until: Some(self.until.unwrap_or(day).max(self.from)), ..self }
    }
    /// Tells whether a day is not counted.
    pub fn covers(&self, day: NaiveDate) -> bool {
        day >= self.from && self.until.is_none_or(|until| day <= until)
    }
}

/// One sentence of the reckoning, shown under 「这个日期怎么算的」.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The sentence in Chinese.
    #[serde(rename = "text")]
    pub zh: String,
    /// The sentence in English.
    #[serde(rename = "text_en")]
    pub en: String,
}

impl Step {
    /// Makes a step from its two sentences.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// A period counted out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The period that was counted.
    pub period: Period,
    /// The first day that counts (for hours: the day of the first hour).
    pub starts_on: NaiveDate,
    /// The last day before any roll.
    pub raw_due: NaiveDate,
    /// The last day.
    pub due_on: NaiveDate,
    /// The instant the period ends: 24:00 Beijing time of the last day, or the last full hour.
    pub due_at: DateTime<Utc>,
    /// For hours: the literal hours after the event, at which the court is alarmed.
    pub alarm_at: Option<DateTime<Utc>>,
    /// The rest day from which the end was rolled.
    pub rolled_from: Option<NaiveDate>,
    /// Days inside the period that were not counted.
    pub days_not_counted: u32,
    /// Days a paper or a person was on the way; they are no part of the period (民事诉讼法 Art 85).
    #[serde(default)]
    pub travel_days: u32,
    /// The reckoning in sentences.
    pub steps: Vec<Step>,
}

/// Why a period cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarError {
    /// The answer depends on holidays the State Council has not yet announced.
    BeyondKnown {
        /// The last day whose holidays are known.
        until: NaiveDate,
        /// The last day before any roll, good as a provisional date.
        raw_due: Option<NaiveDate>,
    },
    /// The answer depends on holidays older than the table.
    BeforeKnown {
        /// The first day whose holidays are known.
        from: NaiveDate,
    },
    /// A period of hours needs the instant of the event, not only its day.
    HoursNeedMoment,
    /// A period of hours, or one counted backwards, cannot stand still.
    CannotSuspend,
    /// The period still stands still, so it has no end yet.
    StandsStill {
        /// The first day not counted.
        since: NaiveDate,
    },
    /// The period is longer than [`LONGEST`], or leaves the calendar.
    TooLong,
    /// A row of the holiday table cannot be read.
    Table {
        /// The line, counted from 1.
        line: u64,
        /// What is wrong.
        why: String,
    },
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeyondKnown { until, .. } => write!(f, "holidays are known only until {until}"),
            Self::BeforeKnown { from } => write!(f, "holidays are known only from {from}"),
            Self::HoursNeedMoment => write!(f, "a period of hours needs the instant of the event"),
            Self::CannotSuspend => write!(f, "this period cannot stand still"),
            Self::StandsStill { since } => write!(f, "the period stands still since {since}"),
            Self::TooLong => write!(f, "the period is too long"),
            Self::Table { line, why } => write!(f, "holiday table, line {line}: {why}"),
        }
    }
}

impl std::error::Error for CalendarError {}

/// The days courts rest and work (放假办法, the State Council's yearly notices). Empty, it knows no day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    holidays: BTreeMap<NaiveDate, String>,
    makeup_workdays: BTreeSet<NaiveDate>,
    known_from: NaiveDate,
    known_until: NaiveDate,
    makeup_is_working: bool,
}

impl Calendar {
    /// Reads the table `date,kind,name,…` with kinds `holiday` and `workday`.
    ///
    /// A year is known when its National Day (国庆节) is in the table: single days of the next
    /// year that a notice drags along do not make that year known.
    pub fn from_csv(text: &str) -> Result<Self, CalendarError> {
        let mut holidays = BTreeMap::new();
        let mut makeup_workdays = BTreeSet::new();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        for (i, row) in reader.records().enumerate() {
            let line = i as u64 + 2;
            let row = row.map_err(|e| CalendarError::Table { line, why: e.to_string() })?;
            let cell = |n: usize| row.get(n).unwrap_or_default().trim();
            let date: NaiveDate = cell(0).parse().map_err(|_| CalendarError::Table { line, why: format!("not a date: {}", cell(0)) })?;
            match cell(1) {
                "holiday" => drop(holidays.insert(date, cell(2).to_owned())),
                "workday" => drop(makeup_workdays.insert(date)),
                other => return Err(CalendarError::Table { line, why: format!("not a kind: {other}") }),
            }
        }
        let (known_from, known_until) = known_span(&holidays)?;
        Ok(Self { holidays, makeup_workdays, known_from, known_until, makeup_is_working: true })
    }

    /// Sets whether a make-up weekend day (调休) counts as a working day; a setting of the court.
    pub fn with_makeup_working(mut self, working: bool) -> Self {
        self.makeup_is_working = working;
        self
    }

    /// Adds rest days of one court (放假办法 Art 4, holidays of ethnic minorities).
    pub fn with_extra_rest(mut self, days: impl IntoIterator<Item = (NaiveDate, String)>) -> Self {
        self.holidays.extend(days);
        self
    }

    /// Sets what one day is, over the table: a rest day by name, a make-up workday, or what its weekday makes it.
    ///
    /// # Errors
    /// When no year would be known any more.
    pub fn with_day(mut self, day: NaiveDate, kind: DayKind, name: &str) -> Result<Self, CalendarError> {
        self.holidays.remove(&day);
        self.makeup_workdays.remove(&day);
        match kind {
            DayKind::Holiday => drop(self.holidays.insert(day, name.to_owned())),
            DayKind::Workday => drop(self.makeup_workdays.insert(day)),
            DayKind::Plain => {}
        }
        (self.known_from, self.known_until) = known_span(&self.holidays)?;
        Ok(self)
    }

    /// What the table says of a day beside its weekday, with the name of a rest day.
    pub fn said_of(&self, day: NaiveDate) -> (DayKind, &str) {
        match self.holidays.get(&day) {
            Some(name) => (DayKind::Holiday, name),
            None if self.makeup_workdays.contains(&day) => (DayKind::Workday, ""),
            None => (DayKind::Plain, ""),
        }
    }

    /// The rest days and make-up workdays of a year, in order.
    pub fn days_of(&self, year: i32) -> Vec<(NaiveDate, DayKind, String)> {
        let rest = self.holidays.iter().map(|(day, name)| (*day, DayKind::Holiday, name.clone()));
        let work = self.makeup_workdays.iter().map(|day| (*day, DayKind::Workday, "调休上班".to_owned()));
        let mut days: Vec<_> = rest.chain(work).filter(|(day, ..)| day.year() == year).collect();
        days.sort_by_key(|(day, ..)| *day);
        days
    }

    /// Tells the last day whose holidays are known.
    pub fn known_until(&self) -> NaiveDate {
        self.known_until
    }

    /// Tells whether a day is a statutory rest day (法定休假日 or weekend).
    pub fn is_rest_day(&self, day: NaiveDate) -> Result<bool, CalendarError> {
        if day > self.known_until {
            return Err(CalendarError::BeyondKnown { until: self.known_until, raw_due: None });
        }
        if day < self.known_from {
            return Err(CalendarError::BeforeKnown { from: self.known_from });
        }
        let makeup = self.makeup_is_working && self.makeup_workdays.contains(&day);
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        Ok(self.holidays.contains_key(&day) || (weekend && !makeup))
    }

    /// Names why a day is a rest day, in Chinese and English.
    pub fn rest_name(&self, day: NaiveDate) -> (String, &'static str) {
        match self.holidays.get(&day) {
            Some(name) => (name.clone(), "public holiday"),
            None => ("周末".to_owned(), "weekend"),
        }
    }

    /// Finds the first working day on or after a day.
    pub fn working_day_from(&self, day: NaiveDate) -> Result<NaiveDate, CalendarError> {
        let mut at = day;
        while self.is_rest_day(at)? {
            at = next(at)?;
        }
        Ok(at)
    }

    /// Finds the last working day on or before a day.
    pub fn working_day_until(&self, day: NaiveDate) -> Result<NaiveDate, CalendarError> {
        let mut at = day;
        while self.is_rest_day(at)? {
            at = previous(at)?;
        }
        Ok(at)
    }

    /// Finds the n-th working day after a day; the day itself does not count.
    pub fn add_working_days(&self, day: NaiveDate, n: u32) -> Result<NaiveDate, CalendarError> {
        self.add_working_days_outside(day, n, &[])
    }

    /// Finds the n-th working day after a day that no suspension covers.
    pub(crate) fn add_working_days_outside(&self, day: NaiveDate, n: u32, pauses: &[Suspension]) -> Result<NaiveDate, CalendarError> {
        let mut at = day;
        let mut left = n.min(LONGEST);
        while left > 0 {
            at = next(at)?;
            if !self.is_rest_day(at)? && !pauses.iter().any(|p| p.covers(at)) {
                left -= 1;
            }
        }
        Ok(at)
    }
}

/// Finds the years the table speaks about.
fn known_span(holidays: &BTreeMap<NaiveDate, String>) -> Result<(NaiveDate, NaiveDate), CalendarError> {
    let national = |day: &&NaiveDate| day.month() == 10 && day.day() == 1;
    let first = holidays.keys().find(national).map(Datelike::year);
    let last = holidays.keys().rfind(national).map(Datelike::year);
    let span =
        first.zip(last).and_then(|(first, last)| Some((NaiveDate::from_ymd_opt(first, 1, 1)?, NaiveDate::from_ymd_opt(last, 12, 31)?)));
    span.ok_or_else(|| CalendarError::Table { line: 1, why: "no year with its National Day".to_owned() })
}

/// Finds the next day.
pub(crate) fn next(day: NaiveDate) -> Result<NaiveDate, CalendarError> {
    day.succ_opt().ok_or(CalendarError::TooLong)
}

/// Finds the day before.
pub(crate) fn previous(day: NaiveDate) -> Result<NaiveDate, CalendarError> {
    day.pred_opt().ok_or(CalendarError::TooLong)
}

/// Adds a period of days, months or years to a day, with no rest days in mind.
/// A day number the month does not have becomes its last day (民法典 Art 202).
pub(crate) fn plus(day: NaiveDate, period: Period) -> Result<NaiveDate, CalendarError> {
    if period.n > LONGEST {
        return Err(CalendarError::TooLong);
    }
    let n = period.n;
    let moved = match period.unit {
        Unit::Months => day.checked_add_months(Months::new(n)),
        Unit::Years => day.checked_add_months(Months::new(n.saturating_mul(12))),
        Unit::Days | Unit::WorkingDays | Unit::Hours => day.checked_add_days(Days::new(u64::from(n))),
    };
    moved.ok_or(CalendarError::TooLong)
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
