//! 冲突与空档: who or what is already taken at a time, and when everybody is free.
//!
//! Owns the arithmetic over intervals: judges, courtrooms, parties and counsel, over all courts, and the free slots that
//! are offered. Of another court's matter it knows that somebody is busy and nothing more. Must never know a case, or give
//! a courtroom or a judge twice.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::refusal::Refusal;
use crate::court::beijing::{beijing_date, start_of_day};
use crate::court::calendar::{Calendar, CalendarError};

/// A stretch of time; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// From.
    pub from: DateTime<Utc>,
    /// Until.
    pub until: DateTime<Utc>,
}

impl Span {
    /// A stretch of so many minutes.
    pub fn of(from: DateTime<Utc>, minutes: i64) -> Self {
        Self { from, until: from + TimeDelta::minutes(minutes) }
    }

    /// Shares a moment with the other.
    pub fn meets(&self, other: &Span) -> bool {
        self.from < other.until && other.from < self.until
    }

    fn widened(&self, by: TimeDelta) -> Self {
        Self { from: self.from - by, until: self.until + by }
    }
}

/// What may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "what", content = "id", rename_all = "snake_case")]
pub enum Subject {
    /// 法庭.
    Courtroom(Uuid),
    /// Somebody of the bench or the clerk.
    Court(Uuid),
    /// A party, counsel, an interpreter, a witness.
    Person(Uuid),
}

/// Why it is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A hearing of this court.
    Here,
    /// Another court's business; no more is known.
    Elsewhere,
    /// 自己登记的没空.
    Unavailable,
}

/// A time that is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Busy {
    /// Of what.
    pub subject: Subject,
    /// When.
    pub span: Span,
    /// Why.
    pub reason: Reason,
    /// The hearing, of this court alone.
    pub hearing: Option<Uuid>,
}

/// How grave a conflict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Shown; the clerk may go on with a reason.
    Warns,
    /// A courtroom or a judge cannot be in two places.
    Blocks,
}

/// A conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// What is taken, when and why.
    #[serde(flatten)]
    pub busy: Busy,
    /// How grave.
    pub severity: Severity,
    /// Only the time to come and go is missing.
    pub only_gap: bool,
}

/// How sittings are laid: the court's rule `hearing_hours`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Morning and afternoon, Beijing time.
    pub sittings: Vec<(NaiveTime, NaiveTime)>,
    /// Slots begin every so many minutes.
    pub step_minutes: i64,
    /// Minutes between two hearings of one person or room.
    pub gap_minutes: i64,
}

impl Default for Hours {
    fn default() -> Self {
        let t = |h, m| NaiveTime::from_hms_opt(h, m, 0).unwrap_or_default();
        Self { sittings: vec![(t(9, 0), t(12, 0)), (t(14, 0), t(17, 30))], step_minutes: 30, gap_minutes: 15 }
    }
}

/// Every conflict of these times, the gravest first, without those of the hearing itself.
pub fn find(spans: &[Span], needed: &[Subject], busy: &[Busy], own: Option<Uuid>, gap: TimeDelta) -> Vec<Conflict> {
    let mut found: Vec<Conflict> = Vec::new();
    for b in busy.iter().filter(|b| needed.contains(&b.subject) && (own.is_none() || b.hearing != own)) {
        let meets = spans.iter().any(|s| s.meets(&b.span));
        let near = spans.iter().any(|s| s.widened(gap).meets(&b.span));
        if meets || near {
            let hard = meets && !matches!(b.subject, Subject::Person(_));
            let severity = if hard { Severity::Blocks } else { Severity::Warns };
            found.push(Conflict { busy: b.clone(), severity, only_gap: !meets });
        }
    }
    found.sort_by(|a, b| (b.severity, a.only_gap, a.busy.span, a.busy.subject).cmp(&(a.severity, b.only_gap, b.busy.span, b.busy.subject)));
    found
}

/// What is wanted of a slot.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Everything and everybody needed.
    pub needed: &'a [Subject],
    /// What is taken.
    pub busy: &'a [Busy],
    /// How long, minutes.
    pub minutes: i64,
    /// The first day (the lead).
    pub from: NaiveDate,
    /// How many days to look through.
    pub days: u32,
    /// The most slots.
    pub most: usize,
    /// Not before this moment.
    pub not_before: DateTime<Utc>,
}

/// 空档: the first times at which everybody and everything is free, on working days, inside the court's sittings.
///
/// # Errors
/// When the calendar does not reach the first day.
pub fn free(wanted: &Wanted<'_>, hours: &Hours, calendar: &Calendar) -> Result<Vec<Span>, CalendarError> {
    let gap = TimeDelta::minutes(hours.gap_minutes);
    let taken: Vec<Span> = wanted.busy.iter().filter(|b| wanted.needed.contains(&b.subject)).map(|b| b.span.widened(gap)).collect();
    let mut out = Vec::new();
    let mut day = wanted.from;
    for n in 0..wanted.days {
        match calendar.is_rest_day(day) {
            Ok(true) => {}
            Ok(false) => of_day(wanted, hours, day, &taken, &mut out),
            // past the published holidays there is nothing to offer; at the very first day that is an error
            Err(error) if n == 0 => return Err(error),
            Err(_) => break,
        }
        let Some(next) = day.succ_opt().filter(|_| out.len() < wanted.most) else { break };
        day = next;
    }
    Ok(out)
}

fn of_day(wanted: &Wanted<'_>, hours: &Hours, day: NaiveDate, taken: &[Span], out: &mut Vec<Span>) {
    for (opens, closes) in &hours.sittings {
        let at = |t: NaiveTime| start_of_day(day) + t.signed_duration_since(NaiveTime::MIN);
        let (mut from, closes) = (at(*opens), at(*closes));
        while from + TimeDelta::minutes(wanted.minutes) <= closes && out.len() < wanted.most {
            let slot = Span::of(from, wanted.minutes);
            match taken.iter().filter(|t| t.meets(&slot)).map(|t| t.until).max() {
                None if from >= wanted.not_before => {
                    out.push(slot);
                    from = slot.until.max(from + TimeDelta::minutes(hours.step_minutes.max(5)));
                }
                None => from += TimeDelta::minutes(hours.step_minutes.max(5)),
                // over what is in the way, then on to the next beginning of a slot
                Some(until) => from = next_start(at(*opens), until, hours.step_minutes.max(5)),
            }
        }
    }
}

fn next_start(opens: DateTime<Utc>, after: DateTime<Utc>, step: i64) -> DateTime<Utc> {
    let minutes = (after - opens).num_minutes().max(0);
    let mut start = opens + TimeDelta::minutes(minutes.div_euclid(step) * step);
    while start < after {
        start += TimeDelta::minutes(step);
    }
    start
}

/// 连续多日: the same hours on so many working days from the first.
///
/// # Errors
/// When the calendar does not reach so far.
pub fn several_days(first: Span, days: u32, calendar: &Calendar) -> Result<Vec<Span>, CalendarError> {
    let length = first.until - first.from;
    let offset = first.from - start_of_day(beijing_date(first.from));
    let mut out = vec![first];
    let mut day = beijing_date(first.from);
    for _ in 1..days.clamp(1, MOST_DAYS) {
        day = calendar.add_working_days(day, 1)?;
        let from = start_of_day(day) + offset;
        out.push(Span { from, until: from + length });
    }
    Ok(out)
}

/// The first and the further times that were chosen, by time; each as long as the first.
pub fn series(first: Span, also: &[DateTime<Utc>]) -> Vec<Span> {
    let length = first.until - first.from;
    let mut out = vec![first];
    out.extend(also.iter().map(|from| Span { from: *from, until: *from + length }));
    out.sort_by_key(|s| s.from);
    out
}

/// Refuses a series that comes before its first time, falls on itself, or is asked for in two ways.
///
/// # Errors
/// Which of these.
pub fn check_series(days: u32, first: Span, also: &[DateTime<Utc>]) -> Result<(), Refusal> {
    if also.is_empty() {
        return Ok(());
    }
    let spans = series(first, also);
    let earlier = spans.first().is_some_and(|s| s.from < first.from);
    let overlap = spans.windows(2).any(|w| w[0].until > w[1].from);
    if days <= 1 && !earlier && !overlap {
        return Ok(());
    }
    Err(Refusal::new(
        "hearing.series",
        (
            "后续各次要晚于第一次，互不重叠，也不能同时选择连续多日。",
            "Further times come after the first, do not overlap, and are not asked for beside consecutive days.",
        ),
        ("请改好各次时间。", "Mend the times."),
    )
    .at("/also_at"))
}

/// The most days of one hearing.
pub const MOST_DAYS: u32 = 20;

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Subject = Subject::Courtroom(Uuid::from_u128(1));
    const JUDGE: Subject = Subject::Court(Uuid::from_u128(2));
    const LAWYER: Subject = Subject::Person(Uuid::from_u128(3));

    fn calendar() -> Calendar {
        Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap()
    }

    /// Beijing time of 2026-11-DD.
    fn t(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        format!("2026-11-{day:02}T{hour:02}:{minute:02}:00+08:00").parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc()
    }

    fn busy(subject: Subject, from: DateTime<Utc>, minutes: i64, reason: Reason) -> Busy {
        Busy { subject, span: Span::of(from, minutes), reason, hearing: (reason == Reason::Here).then(|| Uuid::from_u128(9)) }
    }

    #[test]
    fn rooms_and_judges_block_people_warn() {
        let spans = [Span::of(t(26, 14, 30), 90)];
        let gap = TimeDelta::minutes(15);
        let taken = [
            busy(LAWYER, t(26, 15, 0), 60, Reason::Elsewhere),
            busy(JUDGE, t(26, 15, 30), 60, Reason::Here),
            busy(ROOM, t(26, 16, 5), 60, Reason::Here),
            busy(ROOM, t(26, 12, 0), 60, Reason::Here),
            busy(Subject::Person(Uuid::from_u128(77)), t(26, 14, 30), 60, Reason::Elsewhere),
        ];
        let found = find(&spans, &[ROOM, JUDGE, LAWYER], &taken, None, gap);
        let what: Vec<_> = found.iter().map(|c| (c.busy.subject, c.severity, c.only_gap)).collect();
        assert_eq!(
            what,
            [(JUDGE, Severity::Blocks, false), (LAWYER, Severity::Warns, false), (ROOM, Severity::Warns, true)],
            "16:05 is free but for the gap"
        );
        assert!(
            found.iter().all(|c| (c.busy.reason == Reason::Here) == c.busy.hearing.is_some()),
            "nothing is known of other courts' cases"
        );
        assert!(find(&spans, &[JUDGE], &taken, Some(Uuid::from_u128(9)), gap).is_empty(), "a hearing is not in its own way");
        let touching = [Span::of(t(26, 16, 30), 30)];
        assert!(find(&touching, &[JUDGE], &taken, None, TimeDelta::zero()).is_empty(), "ends when the other begins");
    }

    #[test]
    fn slots_are_free_for_everybody() {
        let taken = [
            busy(JUDGE, t(26, 9, 0), 60, Reason::Here),
            busy(LAWYER, t(26, 14, 0), 240, Reason::Elsewhere),
            busy(ROOM, t(27, 8, 0), 600, Reason::Unavailable),
        ];
        let needed = [ROOM, JUDGE, LAWYER];
        let from = "2026-11-26".parse().unwrap();
        let wanted = Wanted { needed: &needed, busy: &taken, minutes: 60, from, days: 10, most: 3, not_before: t(1, 0, 0) };
        let slots = free(&wanted, &Hours::default(), &calendar()).unwrap();
        let starts: Vec<DateTime<Utc>> = slots.iter().map(|s| s.from).collect();
        assert_eq!(starts, [t(26, 10, 30), t(30, 9, 0), t(30, 10, 0)], "Friday is taken, the weekend is no working day");
        let later = free(&Wanted { not_before: t(26, 10, 40), ..wanted }, &Hours::default(), &calendar()).unwrap();
        assert_eq!(later[0].from, t(26, 11, 0));
        for slot in &slots {
            assert!(find(&[*slot], &needed, &taken, None, TimeDelta::minutes(15)).is_empty());
        }
        let too_long = Wanted { minutes: 300, ..wanted };
        assert!(free(&too_long, &Hours::default(), &calendar()).unwrap().is_empty());
        let unknown = Wanted { from: "2031-01-01".parse().unwrap(), ..wanted };
        assert!(free(&unknown, &Hours::default(), &calendar()).is_err());
    }

    #[test]
    fn every_free_slot_is_free_and_every_other_start_is_not() {
        // against a plain search: each possible start is offered or in conflict, when slots may overlap
        let taken: Vec<Busy> = (0..12)
            .map(|n| busy([ROOM, JUDGE, LAWYER][n as usize % 3], t(23 + n % 5, 9 + (n * 7) % 8, (n * 13) % 60), 45, Reason::Here))
            .collect();
        let needed = [ROOM, JUDGE, LAWYER];
        let hours = Hours { gap_minutes: 0, ..Hours::default() };
        let from = "2026-11-23".parse().unwrap();
        let wanted = Wanted { needed: &needed, busy: &taken, minutes: 30, from, days: 5, most: 1000, not_before: t(1, 0, 0) };
        let slots = free(&wanted, &hours, &calendar()).unwrap();
        for day in 23..28 {
            for (h, m) in (9..18).flat_map(|h| [(h, 0), (h, 30)]) {
                let slot = Span::of(t(day, h, m), 30);
                let inside = (9..12).contains(&h) || (h >= 14 && slot.until <= t(day, 17, 30));
                let free = inside && find(&[slot], &needed, &taken, None, TimeDelta::zero()).is_empty();
                assert_eq!(slots.contains(&slot), free, "{day} {h}:{m}");
            }
        }
    }

    #[test]
    fn a_series_stands_on_the_days_one_chose() {
        let first = Span::of(t(26, 9, 0), 120);
        let also = [t(30, 14, 0), t(27, 9, 0)];
        assert_eq!(series(first, &also).iter().map(|s| s.from).collect::<Vec<_>>(), [t(26, 9, 0), t(27, 9, 0), t(30, 14, 0)]);
        assert!(check_series(1, first, &also).is_ok() && check_series(3, first, &[]).is_ok());
        for wrong in [vec![t(26, 10, 0)], vec![t(25, 9, 0)], vec![t(27, 9, 0), t(27, 9, 30)]] {
            assert_eq!(check_series(1, first, &wrong).unwrap_err().code, "hearing.series", "{wrong:?}");
        }
        assert!(check_series(2, first, &also).is_err());
    }

    #[test]
    fn several_days_are_working_days() {
        let days = several_days(Span::of(t(26, 9, 0), 180), 3, &calendar()).unwrap();
        assert_eq!(days.iter().map(|s| s.from).collect::<Vec<_>>(), [t(26, 9, 0), t(27, 9, 0), t(30, 9, 0)]);
        assert_eq!(several_days(days[0], 0, &calendar()).unwrap().len(), 1);
    }
}
