//! 推进庭审 from the room and from the page: one function for both doors.
//!
//! Owns what a step sets going around it: who comes in with the opening, what follows the end. The step itself is `steps`.
//! Must never command the recorder before the commit.

use serde_json::json;
use uuid::Uuid;

use super::wire::StepOrder;
use super::{presence, told};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::role::Role as Office;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::hearing::before::ready;
use crate::hearing::guards::{Hand, Ready, Storage};
use crate::hearing::states::{Course, Step};
use crate::hearing::steps::{self, Taken};
use crate::hearing::words::State;

/// A person takes a step.
///
/// # Errors
/// 404, another version, what the guards refuse.
pub async fn step(app: &App, caller: &Caller, court: i32, hearing: Uuid, order: &StepOrder) -> Result<Course> {
    let step = order.read()?;
    let recorder = app.rooms.recorder_ready().await;
    let mut tx = app.door.enter(caller, court, Act::HearingDrive).await?;
    let hand = hand(&mut tx, caller, hearing).await?;
    let ready = ready_now(app, &mut tx, hearing, recorder).await?;
    let key = step.key();
    let taken = Taken { hearing, version: order.version, step: step.clone(), set_aside: order.set_aside.as_deref(), hand, ready };
    let after = take(&mut tx, taken).await?;
    tx.commit(hearing, json!({ "step": key, "n": after.n, "set_aside": order.set_aside.is_some() })).await?;
    tell(app, court, hearing, &step, &after).await?;
    Ok(after)
}

/// The house takes a step that time brings (the waiting room opens). The one that locks belongs to the last signature's
/// transaction (`fixing::lock`).
///
/// # Errors
/// What the guards refuse.
pub async fn by_house(app: &App, court: i32, hearing: Uuid, step: Step) -> Result<Course> {
    let mut tx = app.door.enter_as_house(court, "hearing:step").await?;
    let ready = ready_now(app, &mut tx, hearing, (false, Storage::Full)).await?;
    let taken = Taken { hearing, version: None, step: step.clone(), set_aside: None, hand: Hand::House, ready };
    let after = take(&mut tx, taken).await?;
    tx.commit(hearing, json!({ "step": step.key(), "n": after.n })).await?;
    tell(app, court, hearing, &step, &after).await?;
    Ok(after)
}

/// The row is locked before it is read who is there: nobody leaves between the look and the step.
async fn ready_now(app: &App, tx: &mut CourtTx, hearing: Uuid, recorder: (bool, Storage)) -> Result<Ready> {
    presence::lock(tx, hearing).await?;
    ready::of(app, tx, hearing, recorder).await
}

/// By the role in the hearing; before it opens any clerk of the court prepares it.
async fn hand(tx: &mut CourtTx, caller: &Caller, hearing: Uuid) -> Result<Hand> {
    let hand = steps::hand(tx, hearing, caller.person()).await?;
    let (court, clerk) = (tx.court, caller.roles_at(tx.court).has(Office::Clerk) && caller.session.second_factor);
    if hand != Hand::Other || !clerk {
        return Ok(hand);
    }
    let state: Option<String> = sqlx::query_scalar("select state from hearings where court_id = $1 and hearing_id = $2")
        .bind(court)
        .bind(hearing)
        .fetch_optional(tx.conn())
        .await?;
    let state = state.as_deref().and_then(State::parse).ok_or_else(Error::not_found)?;
    Ok(if state.is_before() { Hand::Clerk } else { hand })
}

async fn take(tx: &mut CourtTx, taken: Taken<'_>) -> Result<Course> {
    let (hearing, step) = (taken.hearing, taken.step.clone());
    let after = steps::take(tx, taken).await?;
    match step {
        Step::Open => presence::gather(tx, hearing, true).await?,
        Step::Resume | Step::BeginClosedPart { .. } | Step::BackToOpen => presence::gather(tx, hearing, false).await?,
        Step::End { .. } => {
            presence::gather(tx, hearing, false).await?;
            tx.tell("hearing.finish", &json!({ "hearing": hearing }))?;
        }
        _ => {}
    }
    Ok(after)
}

/// After the commit.
async fn tell(app: &App, court: i32, hearing: Uuid, step: &Step, after: &Course) -> Result<()> {
    let line = json!({ "type": "event", "n": after.n, "at": after.last_at, "what": "step", "participant": null, "data": { "step": step } });
    told::moved(app, court, hearing).await?;
    told::tell(app, court, hearing, told::To::Parties, line).await
}
