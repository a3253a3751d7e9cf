//! The table of legal periods: which rule gives whom how long, from what event, by which article.
//!
//! Owns: what a row of the table is, and the counting settings a court may choose. The rows are in
//! `court/period_table.rs`. Must never hold a per-court figure (those are rules of the court) or count
//! anything itself. Imports `court/calendar.rs` and `court/count.rs`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::court::calendar::{Calendar, CalendarError, Counted, Period, Roll, Suspension, Trigger};
use crate::court::count::LeadMode;
pub use crate::court::period_table::RULES;

/// Who must act within a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// 人民法院.
    Court,
    /// 当事人 (either party).
    Party,
    /// 原告, 申请人.
    Applicant,
    /// 被告, 被申请人, 被执行人.
    Respondent,
    /// 调解员.
    Mediator,
}

/// What kind of period a row is; the kind decides whether its end rolls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A period of a party or of the court toward a party: rolls by law (L85).
    Legal,
    /// A period that never stops, extends or is restored, but rolls (I127).
    Fixed,
    /// 审限 and other limits inside the court: rolls only by setting.
    Internal,
    /// The length of a seizure or freeze: rolls only by setting (I485).
    Measure,
    /// 公告送达: whether its last day rolls is unsettled, a setting.
    Notice,
    /// 调解期限: a setting.
    Mediation,
    /// Hours and counts of working days: never rolls.
    Plain,
    /// Counted backwards from a date: never moved later.
    Back,
    /// Counted forwards from notice to the earliest day of the act.
    Lead,
}

/// What a court has chosen where the law leaves the counting open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CountingModes {
    /// Whether 审限 and other internal limits roll.
    pub roll_internal: bool,
    /// Whether the length of a measure rolls.
    pub roll_measures: bool,
    /// Whether the last day of a public notice rolls.
    pub roll_notice: bool,
    /// Whether 调解期限 rolls.
    pub roll_mediation: bool,
    /// How "at least n days before a hearing" is read.
    pub hearing_notice_mode: LeadMode,
}

impl Default for CountingModes {
    fn default() -> Self {
        Self { roll_internal: false, roll_measures: false, roll_notice: false, roll_mediation: true, hearing_notice_mode: LeadMode::B }
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Stable key.
    pub key: &'static str,
    /// The name of the period in Chinese.
    pub zh: &'static str,
    /// The name of the period in English.
    pub en: &'static str,
    /// How long; a court's rule may shorten it where the law allows.
    pub period: Period,
    /// The event whose day is not counted, in Chinese.
    pub starts: &'static str,
    /// The kind, which decides the roll.
    pub kind: Kind,
    /// Who must act.
    pub who: Who,
    /// The article.
    pub article: &'static str,
}

impl Rule {
    /// Tells whether the end of this period rolls in a court with these modes.
    pub fn roll(&self, modes: &CountingModes) -> Roll {
        let rolls = match self.kind {
            Kind::Legal | Kind::Fixed => true,
            Kind::Internal => modes.roll_internal,
            Kind::Measure => modes.roll_measures,
            Kind::Notice => modes.roll_notice,
            Kind::Mediation => modes.roll_mediation,
            Kind::Plain | Kind::Back | Kind::Lead => false,
        };
        if rolls { Roll::Yes } else { Roll::No }
    }

    /// Counts this rule from an event with the period of the law.
    pub fn count(
        &self,
        calendar: &Calendar,
        trigger: impl Into<Trigger>,
        modes: &CountingModes,
        pauses: &[Suspension],
    ) -> Result<Counted, CalendarError> {
        self.count_for(self.period, calendar, trigger, modes, pauses)
    }

    /// Counts this rule with the period a court or judge has set instead (OL9, I99).
    pub fn count_for(
        &self,
        period: Period,
        calendar: &Calendar,
        trigger: impl Into<Trigger>,
        modes: &CountingModes,
        pauses: &[Suspension],
    ) -> Result<Counted, CalendarError> {
        calendar.count_with(period, trigger, self.roll(modes), pauses)
    }
}

/// Finds a rule by its key.
pub fn rule(key: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.key == key)
}

/// Tells how long a public notice runs: 60 days before 2022, 30 since (L95; 2021 amendment).
pub fn public_notice(issued: NaiveDate, abroad: bool) -> Period {
    let old = NaiveDate::from_ymd_opt(2022, 1, 1).is_some_and(|change| issued < change);
    match (abroad, old) {
        (true, true) => Period::days(90),
        (true, false) | (false, true) => Period::days(60),
        (false, false) => Period::days(30),
    }
}

#[cfg(test)]
#[path = "periods_tests.rs"]
mod tests;
