//! 重算: the clocks of cases counted anew when something that bears on them changed, and moved by outages.
//!
//! Owns the order: count, compare with the end that was told, list, tell. Safe to run twice: what is told already is not
//! told again. A clock that has run out is moved by a fact or an outage, never by a calendar.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::clocks::{self, Kept};
use super::moves::{self, Cause, Disturbance, Hit};
use super::reckon;
use super::views::Clock;
use crate::app::App;
use crate::court::calendar::Step;
use crate::court::clock_view::ClockState;
use crate::court::holidays::CalendarBook;
use crate::court::tx::CourtTx;
use crate::error::Result;

/// What a step of this kind did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Ends that moved.
    pub moved: usize,
    /// Ends that would have been looked at, had the court a rule.
    pub unset: usize,
    /// Ends of the court's own periods, which no outage moves: listed.
    pub own: usize,
}

impl Tally {
    /// Counts one.
    pub fn add(&mut self, hit: Hit) {
        match hit {
            Hit::Moved(_) => self.moved += 1,
            Hit::Unset => self.unset += 1,
            Hit::Own => self.own += 1,
            Hit::None => {}
        }
    }

    /// Nothing was done.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// So many at a time.
const BATCH: i64 = 500;

/// Why an end moved, from what its clock says of itself.
pub fn why(clock: &Clock, lead: &Step) -> Step {
    let tail = clock.steps.last().map_or(("", ""), |s| (s.text.as_str(), s.text_en.as_str()));
    Step::new(format!("{}{}", lead.zh, tail.0), format!("{} {}", lead.en, tail.1))
}

async fn settle(tx: &mut CourtTx, clock: &Kept, shown: &Clock, cause: &Cause, lead: &Step) -> Result<bool> {
    let Some(told) = clock.due_at else {
        clocks::set_due(tx, clock, shown.due_at).await?;
        return Ok(false);
    };
    // what stands still has no end to tell yet; what ran out is moved by a fact, never by a calendar
    if shown.state == ClockState::Paused || told == shown.due_at || (cause.reason == "calendar" && told <= tx.now()) {
        return Ok(false);
    }
    let new = moves::recounted(tx, &clock.subject(told), cause, shown.due_at, &why(shown, lead)).await?;
    clocks::set_due(tx, clock, shown.due_at).await?;
    Ok(new)
}

/// Every running clock of a court counted anew, for a change of the calendar.
///
/// # Errors
/// What the database says.
pub async fn court(app: &App, tx: &mut CourtTx, cause: &Cause, lead: &Step) -> Result<usize> {
    let (mut after, mut moved) = (None, 0);
    loop {
        let batch = clocks::running(tx, after, BATCH).await?;
        for clock in &batch {
            if let Some(shown) = clock.shown(app, None) {
                moved += usize::from(settle(tx, clock, &shown, cause, lead).await?);
            }
        }
        after = batch.last().map(|c| c.clock_id);
        if batch.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(moved);
        }
    }
}

/// The clocks of one case counted anew, for a fact. A clock told for the first time is only remembered.
///
/// # Errors
/// What the database says.
pub async fn case(app: &App, tx: &mut CourtTx, case: Uuid, cause: &Cause, lead: &Step) -> Result<usize> {
    let mut moved = 0;
    for clock in clocks::of_case(tx, case).await?.iter().filter(|c| c.done_at.is_none()) {
        if let Some(shown) = clock.shown(app, None) {
            moved += usize::from(settle(tx, clock, &shown, cause, lead).await?);
        }
    }
    Ok(moved)
}

/// Remembers the ends of clocks that were started and not yet told.
///
/// # Errors
/// What the database says.
pub async fn remember(app: &App, tx: &mut CourtTx, case: Uuid) -> Result<usize> {
    let mut fresh = 0;
    for clock in clocks::of_case(tx, case).await?.iter().filter(|c| c.due_at.is_none()) {
        if let Some(shown) = clock.shown(app, None) {
            clocks::set_due(tx, clock, shown.due_at).await?;
            fresh += 1;
        }
    }
    Ok(fresh)
}

/// The parties' clocks of a court that end where an outage was.
///
/// # Errors
/// What the database says.
pub async fn outage(app: &App, tx: &mut CourtTx, disturbance: &Disturbance) -> Result<Tally> {
    let mut tally = Tally::default();
    let Some((from, to)) = disturbance.span() else { return Ok(tally) };
    for clock in clocks::ending(tx, from, to).await? {
        let Some(due) = clock.due_at.filter(|_| clock.bearing.still.is_none()) else { continue };
        let hit = moves::by_outage(app, tx, &clock.subject(due), disturbance).await?;
        if let Hit::Moved(to) = hit {
            clocks::set_due(tx, &clock, to).await?;
        }
        tally.add(hit);
    }
    Ok(tally)
}

/// An end that a calendar would move: the period, the last day before and after.
pub type Preview = (String, DateTime<Utc>, DateTime<Utc>);

/// What a court's running clocks would do by another calendar; nothing is kept.
///
/// # Errors
/// What the database says.
pub async fn preview(app: &App, tx: &mut CourtTx, book: &CalendarBook) -> Result<Vec<Preview>> {
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let batch = clocks::running(tx, after, BATCH).await?;
        for clock in &batch {
            let Some(now) = clock.shown(app, None) else { continue };
            if let Ok(then) = reckon::end_by(app, book, &clock.asked(), &clock.bearing)
                && then != now.due_at
            {
                found.push((clock.key.clone(), now.due_at, then));
            }
        }
        after = batch.last().map(|c| c.clock_id);
        if batch.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(found);
        }
    }
}
