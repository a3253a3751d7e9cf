//! 期限 that hang on the docketing itself: the first step a court owes the other side, and the trial limit.
//!
//! They are counted when they are shown and kept nowhere, so what moves them is found by counting twice: as it was, and as
//! it is. Owns which case has which, and their lines in the list of moves. An outage never moves a court's own period; that
//! one ended on a disturbed day is listed, so that somebody does by hand what the platform did not let do.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::clocks;
use super::facts::{self, Fact};
use super::moves::{self, Cause, Disturbance, Subject};
use super::read::Row;
use super::reckon::{self, Asked, Bearing};
use super::recount::{Preview, Tally, why};
use super::views::Clock;
use crate::app::App;
use crate::court::calendar::Step;
use crate::court::clock_view::ClockState;
use crate::court::clock_view::Life;
use crate::court::holidays::CalendarBook;
use crate::court::tx::CourtTx;
use crate::error::Result;

/// The trial limit in the list of moves: everybody in the case sees it.
const TRIAL: i32 = 0;
/// The court's first step there: its people see it.
pub const FIRST: i32 = 1;
/// So many cases at a time.
const BATCH: i64 = 500;

/// The court's first step after docketing, and the limit of the whole.
fn keys(kind: &str, procedure: &str, on_ruling: bool) -> [(i32, &'static str); 2] {
    let (first, trial) = match (kind, procedure) {
        ("enforcement", _) => ("enforcement_notice", "enforcement_limit"),
        ("administrative", "second_instance") => ("send_complaint", "admin_second"),
        (_, "second_instance") if on_ruling => ("send_complaint", "trial_second_ruling"),
        (_, "second_instance") => ("send_complaint", "trial_second_judgment"),
        ("administrative", "summary") => ("admin_send_complaint", "admin_summary"),
        ("administrative", _) => ("admin_send_complaint", "admin_trial"),
        (_, "small_claims") => ("send_complaint", "trial_small"),
        (_, "summary") => ("send_complaint", "trial_summary"),
        _ => ("send_complaint", "trial_ordinary"),
    };
    [(FIRST, first), (TRIAL, trial)]
}

/// As they are shown: the trial limit to everybody, the first step to the court.
pub fn shown(app: &App, row: &Row, staff: bool, facts: &[Fact]) -> Vec<Clock> {
    // a closed case has nothing to do any more but to show when it ended
    let own = staff && row.closed_at.is_none();
    // joining by code is no service: the copy has to reach whoever answers, with effect
    let life = |n: i32| match (row.complaint_served_at, row.closed_at) {
        (_, Some(at)) => Life::Done { at },
        (Some(at), _) if n == FIRST => Life::Done { at },
        _ => Life::Open,
    };
    let clock = |(n, key): (i32, &'static str)| {
        let asked = Asked { court: row.court_id, key, days: None, from: row.filed_at };
        let clock = reckon::clock(app, &asked, &life(n), &facts::bearing(facts, row.case_id, key, |_| false)).ok()?;
        Some(Clock { cause: Some("立案".into()), cause_en: Some("docketing".into()), ..clock })
    };
    keys(&row.kind, &row.procedure, row.origin_against.is_some())
        .into_iter()
        .filter(|(n, _)| own || *n == TRIAL)
        .filter_map(clock)
        .collect()
}

/// An open case as far as its docketing's clocks need it.
#[derive(Debug, FromRow)]
struct Open {
    court_id: i32,
    case_id: Uuid,
    kind: String,
    procedure: String,
    filed_at: DateTime<Utc>,
    complaint_served_at: Option<DateTime<Utc>>,
    origin_against: Option<String>,
}

const COLUMNS: &str = "court_id, case_id, kind, procedure, filed_at, complaint_served_at, origin_against";

impl Open {
    /// What is not done yet.
    fn keys(&self) -> impl Iterator<Item = (i32, &'static str)> {
        let served = self.complaint_served_at.is_some();
        keys(&self.kind, &self.procedure, self.origin_against.is_some()).into_iter().filter(move |(n, _)| *n == TRIAL || !served)
    }

    fn asked(&self, key: &'static str) -> Asked<'static> {
        Asked { court: self.court_id, key, days: None, from: self.filed_at }
    }

    fn subject(&self, n: i32, key: &str, due_at: DateTime<Utc>) -> Subject {
        Subject {
            kind: "clock".into(),
            subject_id: self.case_id,
            n,
            case_id: Some(self.case_id),
            filing_id: None,
            party_id: None,
            key: key.into(),
            due_at,
        }
    }
}

/// Open cases of a court in the order of their ids, with what bears on each; all, or those whose first step is not done.
async fn open(tx: &mut CourtTx, after: Option<Uuid>, unserved: bool) -> Result<(Vec<Open>, Vec<Fact>)> {
    let court = tx.court;
    let sql = format!(
        "select {COLUMNS} from cases where court_id = $1 and closed_at is null and ($2::uuid is null or case_id > $2) and (not $3 or complaint_served_at is null) order by case_id limit {BATCH}"
    );
    let cases: Vec<Open> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(after).bind(unserved).fetch_all(tx.conn()).await?;
    let ids: Vec<Uuid> = cases.iter().map(|c| c.case_id).collect();
    let facts = if ids.is_empty() { Vec::new() } else { facts::of_cases(tx.conn(), &ids).await? };
    Ok((cases, facts))
}

/// An end that two calendars tell apart.
struct Moved {
    subject: Subject,
    bearing: Bearing,
    to: DateTime<Utc>,
}

fn apart(app: &App, (before, after): (&CalendarBook, &CalendarBook), case: &Open, facts: &[Fact]) -> Vec<Moved> {
    let one = |(n, key): (i32, &'static str)| {
        let bearing = facts::bearing(facts, case.case_id, key, |_| false);
        let end = |book| reckon::end_by(app, book, &case.asked(key), &bearing).ok();
        let (from, to) = (end(before)?, end(after)?);
        // what stands still has no end to tell yet
        (from != to && bearing.still.is_none()).then(|| Moved { subject: case.subject(n, key, from), bearing, to })
    };
    case.keys().filter_map(one).collect()
}

/// What a change of the calendar does to them: listed, and told in each case.
///
/// # Errors
/// What the database says.
pub async fn recount(app: &App, tx: &mut CourtTx, cause: &Cause, lead: &Step) -> Result<usize> {
    let book = app.door.registry.calendars();
    let Some((before, after)) = book.around(cause.id) else { return Ok(0) };
    let (mut last, mut moved) = (None, 0);
    loop {
        let (cases, facts) = open(tx, last, false).await?;
        for case in &cases {
            for found in apart(app, (&before, &after), case, &facts) {
                let asked = Asked { key: &found.subject.key, ..case.asked("") };
                let Ok(shown) = reckon::clock(app, &asked, &Life::Open, &found.bearing) else { continue };
                moved += usize::from(moves::recounted(tx, &found.subject, cause, found.to, &why(&shown, lead)).await?);
            }
        }
        last = cases.last().map(|c| c.case_id);
        if cases.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(moved);
        }
    }
}

/// What another calendar would do to them; nothing is kept.
///
/// # Errors
/// What the database says.
pub async fn preview(app: &App, tx: &mut CourtTx, then: &CalendarBook) -> Result<Vec<Preview>> {
    let (now, mut last, mut found) = (app.door.registry.calendars(), None, Vec::new());
    loop {
        let (cases, facts) = open(tx, last, false).await?;
        for case in &cases {
            found.extend(apart(app, (&now, then), case, &facts).into_iter().map(|m| (m.subject.key, m.subject.due_at, m.to)));
        }
        last = cases.last().map(|c| c.case_id);
        if cases.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(found);
        }
    }
}

/// The ends of a case's clocks of docketing.
pub type Ends = Vec<Subject>;

async fn of_case(tx: &mut CourtTx, case: Uuid) -> Result<Option<(Open, Vec<Fact>)>> {
    let court = tx.court;
    let sql = format!("select {COLUMNS} from cases where court_id = $1 and case_id = $2 and closed_at is null");
    let row: Option<Open> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(case).fetch_optional(tx.conn()).await?;
    let Some(row) = row else { return Ok(None) };
    let facts = facts::of_cases(tx.conn(), &[case]).await?;
    Ok(Some((row, facts)))
}

/// How they end now; a pause that goes on and is about to end is left out of it, for nobody was told an end while it
/// went on.
///
/// # Errors
/// What the database says.
pub async fn ends(app: &App, tx: &mut CourtTx, case: Uuid, without: Option<Uuid>) -> Result<Ends> {
    let Some((row, mut facts)) = of_case(tx, case).await? else { return Ok(Vec::new()) };
    facts.retain(|f| Some(f.fact_id) != without || f.until_on.is_some());
    let book = app.door.registry.calendars();
    let end = |(n, key): (i32, &'static str)| {
        let bearing = facts::bearing(&facts, case, key, |_| false);
        let due = reckon::end_by(app, &book, &row.asked(key), &bearing).ok()?;
        Some(row.subject(n, key, due))
    };
    Ok(row.keys().filter_map(end).collect())
}

/// A fact was written: what it did to them is listed and told.
///
/// # Errors
/// What the database says.
pub async fn after(app: &App, tx: &mut CourtTx, case: Uuid, before: &Ends, cause: &Cause, lead: &Step) -> Result<usize> {
    let mut moved = 0;
    let Some((row, facts)) = of_case(tx, case).await? else { return Ok(0) };
    for subject in before {
        let bearing = facts::bearing(&facts, case, &subject.key, |_| false);
        let asked = Asked { court: row.court_id, key: &subject.key, days: None, from: row.filed_at };
        let Ok(shown) = reckon::clock(app, &asked, &Life::Open, &bearing) else { continue };
        if shown.state != ClockState::Paused {
            moved += usize::from(moves::recounted(tx, subject, cause, shown.due_at, &why(&shown, lead)).await?);
        }
    }
    Ok(moved)
}

/// The first steps that ended where an outage was: listed, never moved. (The trial limit is the court's own to manage and
/// has its own law of extension.)
///
/// # Errors
/// What the database says.
pub async fn outage(app: &App, tx: &mut CourtTx, disturbance: &Disturbance) -> Result<Tally> {
    let mut tally = Tally::default();
    let Some(span) = disturbance.span() else { return Ok(tally) };
    let (book, mut last) = (app.door.registry.calendars(), None);
    loop {
        let (cases, facts) = open(tx, last, true).await?;
        for case in &cases {
            let [(n, key), _] = keys(&case.kind, &case.procedure, case.origin_against.is_some());
            let bearing = facts::bearing(&facts, case.case_id, key, |_| false);
            let Ok(due) = reckon::end_by(app, &book, &case.asked(key), &bearing) else { continue };
            if due > span.0 && due <= span.1 && bearing.still.is_none() {
                tally.add(moves::stays(tx, &case.subject(n, key, due), disturbance).await?);
            }
        }
        last = cases.last().map(|c| c.case_id);
        if cases.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(tally);
        }
    }
}

/// Every clock of a case that the viewer may see: those of its docketing, then those of its events.
///
/// # Errors
/// What the database says.
pub async fn and_events(app: &App, tx: &mut CourtTx, row: &Row) -> Result<Vec<Clock>> {
    let staff = tx.is_staff();
    let facts = facts::of_cases(tx.conn(), &[row.case_id]).await?;
    let mut all = shown(app, row, staff, &facts);
    let kept = clocks::of_case(tx, row.case_id).await?;
    all.extend(kept.iter().filter_map(|clock| clock.shown(app, row.closed_at)));
    Ok(all)
}
