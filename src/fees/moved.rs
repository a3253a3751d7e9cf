//! The days to pay, when something from outside moves them: an outage, a change of the calendar.
//!
//! Owns how a bill's end is counted (`clock`) and found. Must never touch a bill that was put off by a judge: its day is set,
//! not counted.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::bills::{self, Bill};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::calendar::Step;
use crate::court::clock_view::Life;
use crate::court::holidays::CalendarBook;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::docket::moves::{self, Cause, Disturbance, Floor, Hit, Subject};
use crate::docket::reckon::{self, Asked, Bearing};
use crate::docket::recount::{Preview, Tally};
use crate::docket::views::Clock;
use crate::error::Result;

/// The period of the table that a bill's days are.
pub fn period(purpose: &str) -> &'static str {
    match purpose {
        "application" => "payment_application",
        "counterclaim" => "payment_counterclaim",
        "appeal" => "payment_appeal",
        "top_up" => "fee_top_up",
        _ => "payment",
    }
}

fn asked<'a>(app: &App, court: i32, bill: &Bill) -> Asked<'a> {
    let from = bill.clock_from.unwrap_or(bill.noticed_at);
    let days = CourtRules::on(&app.door.registry, court, beijing_date(from)).payment_days();
    Asked { court, key: period(&bill.purpose), days: Some(days), from }
}

/// The clock of a bill as it stands.
///
/// # Errors
/// 503 when the calendar cannot count it.
pub fn clock(app: &App, court: i32, bill: &Bill, floors: &[Floor]) -> Result<Clock> {
    let bearing = Bearing { floors: reckon::floors_of(floors, bill.bill_id, 0), ..Bearing::default() };
    let clock = reckon::clock(app, &asked(app, court, bill), &Life::Open, &bearing)?;
    let (cause, cause_en) = match bill.clock_from {
        Some(_) if bill.purpose == "counterclaim" => ("提出反诉", "the counterclaim"),
        Some(_) => ("交费通知送达", "service of the payment notice"),
        None => ("发出交费通知", "the payment notice"),
    };
    Ok(Clock { cause: Some(cause.into()), cause_en: Some(cause_en.into()), party_id: Some(bill.party_id), ..clock })
}

fn subject(bill: &Bill, due_at: DateTime<Utc>) -> Subject {
    Subject {
        kind: "fee".into(),
        subject_id: bill.bill_id,
        n: 0,
        case_id: Some(bill.case_id),
        filing_id: None,
        party_id: Some(bill.party_id),
        key: period(&bill.purpose).into(),
        due_at,
    }
}

async fn set(tx: &mut CourtTx, bill: Uuid, due_at: DateTime<Utc>) -> Result<()> {
    bills::set_due(tx, bill, Some(due_at)).await?;
    tx.tell_later("fees.overdue", &json!({ "bill": bill }), due_at)
}

/// The open bills of a court that end where an outage was.
///
/// # Errors
/// What the database says.
pub async fn outage(app: &App, tx: &mut CourtTx, disturbance: &Disturbance) -> Result<Tally> {
    let mut tally = Tally::default();
    let Some((from, to)) = disturbance.span() else { return Ok(tally) };
    for bill in bills::ending(tx, from, Some(to)).await? {
        let Some(due) = bill.due_at else { continue };
        let hit = moves::by_outage(app, tx, &subject(&bill, due), disturbance).await?;
        if let Hit::Moved(to) = hit {
            set(tx, bill.bill_id, to).await?;
        }
        tally.add(hit);
    }
    Ok(tally)
}

/// The open bills of a court counted anew.
///
/// # Errors
/// What the database says.
pub async fn recount(app: &App, tx: &mut CourtTx, cause: &Cause, lead: &Step) -> Result<usize> {
    let (court, now, mut moved) = (tx.court, tx.now(), 0);
    for (bill, floors) in running(tx, now).await? {
        let (Some(due), Ok(shown)) = (bill.due_at, clock(app, court, &bill, &floors)) else { continue };
        if shown.due_at != due {
            let new = moves::recounted(tx, &subject(&bill, due), cause, shown.due_at, lead).await?;
            set(tx, bill.bill_id, shown.due_at).await?;
            moved += usize::from(new);
        }
    }
    Ok(moved)
}

/// What the open bills of a court would do by another calendar; nothing is kept.
///
/// # Errors
/// What the database says.
pub async fn preview(app: &App, tx: &mut CourtTx, book: &CalendarBook) -> Result<Vec<Preview>> {
    let (court, now, mut found) = (tx.court, tx.now(), Vec::new());
    for (bill, floors) in running(tx, now).await? {
        let bearing = Bearing { floors, ..Bearing::default() };
        if let (Some(due), Ok(then)) = (bill.due_at, reckon::end_by(app, book, &asked(app, court, &bill), &bearing))
            && then != due
        {
            found.push((period(&bill.purpose).to_owned(), due, then));
        }
    }
    Ok(found)
}

async fn running(tx: &mut CourtTx, now: DateTime<Utc>) -> Result<Vec<(Bill, Vec<Floor>)>> {
    let mut found = Vec::new();
    let bills = bills::ending(tx, now, None).await?;
    let ids: Vec<Uuid> = bills.iter().map(|b| b.bill_id).collect();
    let floors = moves::floors(tx.conn(), &ids).await?;
    for bill in bills {
        let own = reckon::floors_of(&floors, bill.bill_id, 0);
        found.push((bill, own));
    }
    Ok(found)
}
