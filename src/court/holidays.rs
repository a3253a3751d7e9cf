//! 节假日的版本: the built-in table and what the province set over it, each change from its own instant on.
//!
//! Owns which calendar a clock is counted by: the newest that was set before the clock ran out. A clock whose last day has
//! passed is never counted anew, so nothing rewrites the past. Must never guess a day.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::calendar::{Calendar, CalendarError, Counted, DayKind};
use crate::error::{Error, Result};

/// A day as a change sets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySet {
    /// Day.
    pub day: NaiveDate,
    /// What it is.
    pub kind: DayKind,
    /// 国庆节; empty for what is no rest day.
    pub name: String,
}

/// One change of the calendar, as it is kept.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs, reason = "the columns of calendar_changes, documented in the migration")]
pub struct Change {
    pub change_id: Uuid,
    pub version: i32,
    pub days: sqlx::types::Json<Vec<DaySet>>,
    pub basis: String,
    pub note: Option<String>,
    pub set_by: String,
    pub set_at: DateTime<Utc>,
}

/// A calendar and the instant from which it binds.
#[derive(Debug, Clone)]
struct Version {
    from: DateTime<Utc>,
    /// Make-up days as rest days, and as working days.
    calendars: [Arc<Calendar>; 2],
}

/// Every version, oldest first. Empty, it knows no day.
#[derive(Debug)]
pub struct CalendarBook {
    first: Version,
    later: Vec<Version>,
    changes: Vec<Change>,
}

impl Default for CalendarBook {
    fn default() -> Self {
        Self::on(Calendar::default())
    }
}

impl CalendarBook {
    /// The built-in table alone.
    ///
    /// # Errors
    /// A row of it that cannot be read.
    pub fn built_in() -> std::result::Result<Self, CalendarError> {
        Ok(Self::on(Calendar::from_csv(include_str!("../../reference/holidays.csv"))?))
    }

    fn on(base: Calendar) -> Self {
        Self { first: Version::new(DateTime::<Utc>::MIN_UTC, base), later: Vec::new(), changes: Vec::new() }
    }

    /// With what the province set, in the order it was set.
    ///
    /// # Errors
    /// A change after which no year is known.
    pub fn with(changes: Vec<Change>) -> std::result::Result<Self, CalendarError> {
        let mut book = Self::built_in()?;
        for change in changes {
            let next = changed((*book.newest(true)).clone(), &change.days)?;
            book.later.push(Version::new(change.set_at, next));
            book.changes.push(change);
        }
        Ok(book)
    }

    /// The calendar as it is known now, reading make-up days as a court does.
    pub fn newest(&self, makeup_is_working: bool) -> Arc<Calendar> {
        self.later.last().unwrap_or(&self.first).calendars[usize::from(makeup_is_working)].clone()
    }

    /// Every change, oldest first.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The book as it was just before a change, and with it; none for a change that is not in it.
    pub fn around(&self, change: Uuid) -> Option<(Self, Self)> {
        let n = self.changes.iter().position(|c| c.change_id == change)?;
        let first = |n: usize| Self { first: self.first.clone(), later: self.later[..n].to_vec(), changes: self.changes[..n].to_vec() };
        Some((first(n), first(n + 1)))
    }

    /// Counts by the calendar that binds: each newer one, unless the clock had run out before it was set.
    ///
    /// # Errors
    /// What the last calendar that binds says.
    pub fn bound(
        &self,
        makeup_is_working: bool,
        count: impl Fn(&Calendar) -> std::result::Result<Counted, CalendarError>,
    ) -> std::result::Result<(Counted, Arc<Calendar>), CalendarError> {
        let at = usize::from(makeup_is_working);
        let (mut counted, mut by) = (count(&self.first.calendars[at]), &self.first.calendars[at]);
        for version in &self.later {
            if matches!(&counted, Ok(counted) if counted.due_at <= version.from) {
                break;
            }
            (counted, by) = (count(&version.calendars[at]), &version.calendars[at]);
        }
        counted.map(|counted| (counted, by.clone()))
    }

    /// The book as it would be with one change more, set now: to show what it would move.
    ///
    /// # Errors
    /// A change after which no year is known.
    pub fn previewed(&self, days: &[DaySet], now: DateTime<Utc>) -> std::result::Result<Self, CalendarError> {
        let change = Change {
            change_id: Uuid::nil(),
            version: i32::MAX,
            days: sqlx::types::Json(days.to_vec()),
            basis: String::new(),
            note: None,
            set_by: String::new(),
            set_at: now,
        };
        Self::with(self.changes.iter().cloned().chain([change]).collect())
    }
}

impl Version {
    fn new(from: DateTime<Utc>, calendar: Calendar) -> Self {
        let calendars = [Arc::new(calendar.clone().with_makeup_working(false)), Arc::new(calendar.with_makeup_working(true))];
        Self { from, calendars }
    }
}

fn changed(mut calendar: Calendar, days: &[DaySet]) -> std::result::Result<Calendar, CalendarError> {
    for set in days {
        calendar = calendar.with_day(set.day, set.kind, &set.name)?;
    }
    Ok(calendar)
}

/// Reads what the province set.
///
/// # Errors
/// What the database says; a change that leaves no calendar.
pub async fn read(conn: &mut PgConnection) -> Result<CalendarBook> {
    let changes =
        sqlx::query_as("select change_id, version, days, basis, note, set_by, set_at from calendar_changes order by court_id, version")
            .fetch_all(conn)
            .await?;
    CalendarBook::with(changes).map_err(|e| Error::internal(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::court::calendar::{Period, Roll};

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn change(version: i32, at: &str, days: &[(&str, DayKind)]) -> Change {
        let days = days.iter().map(|(day, kind)| DaySet { day: d(day), kind: *kind, name: "放假".into() }).collect();
        Change {
            change_id: Uuid::nil(),
            version,
            days: sqlx::types::Json(days),
            basis: "国办发明电".into(),
            note: None,
            set_by: "省".into(),
            set_at: at.parse().unwrap(),
        }
    }

    fn due(book: &CalendarBook, from: &str, days: u32) -> std::result::Result<NaiveDate, CalendarError> {
        book.bound(true, |calendar| calendar.count(Period::days(days), d(from), Roll::Yes)).map(|(c, _)| c.due_on)
    }

    #[test]
    fn a_change_moves_what_runs_and_nothing_that_ran_out() {
        // an extra rest day on Tuesday 24 November 2026, set on the Monday before
        let book = CalendarBook::with(vec![change(1, "2026-11-23T02:00:00Z", &[("2026-11-24", DayKind::Holiday)])]).unwrap();
        assert_eq!(due(&book, "2026-11-17", 7), Ok(d("2026-11-25")));
        // the same day set when it had passed: what ended on it stays
        let late = CalendarBook::with(vec![change(1, "2026-11-25T02:00:00Z", &[("2026-11-24", DayKind::Holiday)])]).unwrap();
        assert_eq!(due(&late, "2026-11-17", 7), Ok(d("2026-11-24")));
        // and counted in working days it is left out only where the period still ran
        let working = |book: &CalendarBook, n| {
            book.bound(true, |c| c.count(Period::working_days(n), d("2026-11-20"), Roll::No)).map(|(c, _)| c.due_on).unwrap()
        };
        assert_eq!((working(&late, 2), working(&late, 5)), (d("2026-11-24"), d("2026-11-30")));
    }

    #[test]
    fn a_later_change_takes_an_earlier_one_back() {
        let book = CalendarBook::with(vec![
            change(1, "2026-11-20T02:00:00Z", &[("2026-11-24", DayKind::Holiday)]),
            change(2, "2026-11-21T02:00:00Z", &[("2026-11-24", DayKind::Plain)]),
        ])
        .unwrap();
        assert_eq!(due(&book, "2026-11-17", 7), Ok(d("2026-11-24")));
        assert_eq!(book.newest(true).said_of(d("2026-11-24")).0, DayKind::Plain);
    }

    #[test]
    fn a_year_is_known_once_it_is_announced() {
        let base = CalendarBook::built_in().unwrap();
        assert!(matches!(due(&base, "2026-12-28", 7), Err(CalendarError::BeyondKnown { .. })));
        let announced = [("2027-01-01", DayKind::Holiday), ("2027-10-01", DayKind::Holiday), ("2027-01-04", DayKind::Holiday)];
        let book = base
            .previewed(
                &announced.map(|(day, kind)| DaySet { day: d(day), kind, name: "元旦".into() }),
                "2026-11-23T02:00:00Z".parse().unwrap(),
            )
            .unwrap();
        assert_eq!(due(&book, "2026-12-28", 7), Ok(d("2027-01-05")));
        assert_eq!(book.newest(true).days_of(2027).len(), 3);
        // what had an answer before has the same one now
        assert_eq!(due(&book, "2026-11-02", 15), due(&base, "2026-11-02", 15));
    }
}
