//! 开庭前的准备情况: what `guards` asks before a hearing may open, read from who is here and what they proved.
//!
//! Owns nothing of its own: it counts. Must never call somebody ready because nothing is known of him or her.

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::guards::{Ready, Storage};
use super::super::steps::NO_ROOM;
use super::super::words::{Mode, Place};
use super::identity::{self, Check, Says};
use super::readings::{self, Answer, What};
use super::sitting::{self, Head, Sitting};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::tx::CourtTx;
use crate::error::Result;

/// What is known of the people of a hearing.
pub struct Known<'a> {
    /// Head.
    pub head: &'a Head,
    /// Everybody.
    pub all: &'a [Sitting],
    /// What was said of identities.
    pub checks: &'a [Check],
    /// What was acknowledged.
    pub answers: &'a [Answer],
}

/// Acknowledged the words of today.
pub fn acknowledged(app: &App, court: i32, day: NaiveDate, answers: &[Answer], s: &Sitting) -> bool {
    let Some(given) = readings::answer_of(answers, s.id(), What::Discipline) else { return false };
    let read = readings::reading(What::Discipline, &readings::own_points(app, court, day), s.role(), day);
    read.is_ok_and(|r| r.digest == given.digest && given.agrees)
}

/// Counts who is here and ready. What the recorder says comes from outside.
pub fn people(app: &App, court: i32, day: NaiveDate, k: &Known<'_>, (recorder, storage): (bool, Storage)) -> Ready {
    let in_room = |s: &&Sitting| s.since.is_some() && s.place == Place::Courtroom;
    let here = |s: &&Sitting| identity::is_here(s, k.checks, k.head);
    let unidentified = k.all.iter().filter(here).filter(|s| identity::must_identify(s.role()));
    let unidentified =
        unidentified.filter(|s| identity::standing(k.checks, s.id(), k.head).is_none_or(|c| c.says != Says::Matches)).count();
    let unacknowledged = k.all.iter().filter(here).filter(|s| What::Discipline.asks(s.role()));
    let unacknowledged = unacknowledged.filter(|s| !acknowledged(app, court, day, k.answers, s)).count();
    let bench: Vec<&Sitting> = k.all.iter().filter(|s| s.role().is_bench()).collect();
    Ready {
        recorder,
        storage,
        bench_complete: !bench.is_empty() && bench.iter().all(|s| in_room(s) || (s.seat.person.is_none() && s.mode == Mode::InCourt)),
        clerk_present: k.all.iter().filter(|s| s.role().is_clerk()).any(|s| in_room(&s)),
        judge_connected: k.all.iter().filter(|s| s.role().presides()).any(|s| s.since.is_some()),
        any_party_present: k.all.iter().filter(here).any(|s| s.role().is_party_side()),
        unidentified,
        unacknowledged,
        ..NO_ROOM
    }
}

/// The same of a hearing, read in this transaction: for whoever opens the room.
///
/// # Errors
/// 404, what the database says.
pub async fn of(app: &App, tx: &mut CourtTx, hearing: Uuid, recorder: (bool, Storage)) -> Result<Ready> {
    let (court, day) = (tx.court, beijing_date(tx.now()));
    let head = sitting::head(tx, hearing).await?;
    let all = sitting::all(tx, hearing).await?;
    let checks = identity::all(tx, hearing).await?;
    let answers = readings::answers(tx, hearing).await?;
    Ok(people(app, court, day, &Known { head: &head, all: &all, checks: &checks, answers: &answers }, recorder))
}
