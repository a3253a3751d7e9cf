//! 录音录像: the recorder of a room, brought in line with the course of the hearing.
//!
//! Owns the handle. What the recorder should do is read from the committed course alone, so that telling it twice, or after
//! another server held the room, is the same. Must never let a page say that it records: that is the recorder's to say.

use lianting_media::record::{Break, Command, Place, RecordError, RoomHandle, Status};
use serde_json::{Value, json};
use uuid::Uuid;

use super::floor::room_id;
use super::live::Live;
use super::studio::Studio;
use crate::hearing::states::Course;
use crate::hearing::words::BreakKind;

/// How long the last second of a recording may take to reach the disk.
const LEAVING: std::time::Duration = std::time::Duration::from_secs(5);

/// What the recorder should be doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing yet.
    Nothing,
    /// Recording, or pausing for a reason.
    Open(Option<Break>),
    /// Closed.
    Closed,
}

/// Reads it from the course.
pub fn wanted(course: &Course) -> Wanted {
    if course.opened_at.is_none() {
        return Wanted::Nothing;
    }
    if course.ended_at.is_some() {
        return Wanted::Closed;
    }
    let pause = (!course.records()).then(|| course.breaks.last().map_or(BreakKind::Adjournment, |b| b.kind));
    Wanted::Open(pause.map(|kind| match kind {
        BreakKind::Adjournment => Break::Adjourned,
        BreakKind::ClosedEvidence => Break::ClosedEvidence,
        BreakKind::Mediation => Break::Mediation,
    }))
}

/// The recording of a room on this server.
#[derive(Default)]
pub struct Tape {
    handle: Option<RoomHandle>,
    pause: Option<Break>,
    closed: bool,
    /// Given away: it is not opened here again.
    left: bool,
    /// Why it does not record, as the recorder said it.
    pub error: Option<String>,
}

/// Where a hearing's recording lies.
///
/// # Errors
/// A court's code the recorder does not take.
pub fn place(court: i32, hearing: Uuid) -> Result<Place, RecordError> {
    Place::new(&court.to_string(), room_id(hearing))
}

impl Tape {
    /// Lets the recorder go without closing the hearing: another server goes on in the next epoch. What was captured is on the
    /// disk when this returns. The tap has to be off.
    pub async fn let_go(&mut self) {
        self.left = true;
        let Some(handle) = self.handle.take() else { return };
        let written = tokio::task::spawn_blocking(move || handle.leave());
        if tokio::time::timeout(LEAVING, written).await.is_err() {
            tracing::error!("the recorder of a room did not end in time");
        }
    }

    /// How it goes.
    pub fn status(&self) -> Option<Status> {
        self.handle.as_ref().map(RoomHandle::status)
    }

    /// Epoch and milliseconds of the recording now.
    pub fn media(&self) -> Option<(i32, i64)> {
        let status = self.status()?;
        Some((i32::try_from(status.epoch).ok()?, status.at))
    }

    /// What pages are told.
    pub fn told(&self, ready: bool) -> Value {
        let status = self.status();
        let error = self.error.clone().or_else(|| status.as_ref().and_then(|s| s.disk_error.clone()));
        json!({
            "type": "recording",
            "on": status.as_ref().is_some_and(|s| s.recording),
            "ready": ready,
            "age_ms": status.as_ref().and_then(|s| s.durable_age),
            "at_ms": status.as_ref().map(|s| s.at),
            "epoch": status.as_ref().map(|s| s.epoch),
            "pause": self.pause,
            "error": error.map(|_| "recorder"),
        })
    }

    /// Tells the recorder something about a participant.
    pub fn command(&self, command: Command) {
        if let Some(handle) = &self.handle
            && let Err(e) = handle.command(command)
        {
            tracing::warn!(cause = %e, "the recorder was not told");
        }
    }
}

/// Brings the recorder in line. True when it should record and does not: the court must know.
pub async fn align(studio: &Studio, live: &Live, course: &Course) -> bool {
    let mut tape = live.tape.lock().await;
    let done = match wanted(course) {
        Wanted::Nothing => Ok(()),
        Wanted::Open(pause) => keep_open(studio, live, &mut tape, pause).await,
        Wanted::Closed => close(live, &mut tape).await,
    };
    match done {
        Ok(()) => {
            tape.error = None;
            false
        }
        Err(e) => {
            tracing::error!(hearing = %live.hearing, cause = %e, "the recorder does not do what the hearing needs");
            tape.error = Some(e.to_string());
            true
        }
    }
}

async fn keep_open(studio: &Studio, live: &Live, tape: &mut Tape, pause: Option<Break>) -> Result<(), RecordError> {
    if tape.left {
        return Ok(());
    }
    let dead = tape.handle.as_ref().is_some_and(|h| !h.alive());
    if tape.handle.is_none() || dead {
        let place = place(live.court, live.hearing)?;
        if live.from_elsewhere || (live.epoch > 1 && !place.folder(&studio.spool).exists()) {
            studio.fetch(&place).await?;
        }
        let (tap, handle) = studio.open(place).await?;
        live.switch.hang_on(tap, studio.engine.at());
        // it reads its own list first: a break that a crash interrupted goes on
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        tape.pause = handle.status().pause;
        tape.handle = Some(handle);
    }
    let Some(handle) = &tape.handle else { return Ok(()) };
    if tape.pause != pause {
        if tape.pause.is_some() {
            handle.command(Command::BreakEnd)?;
        }
        if let Some(reason) = pause {
            handle.command(Command::BreakStart(reason))?;
        }
        tape.pause = pause;
    }
    Ok(())
}

async fn close(live: &Live, tape: &mut Tape) -> Result<(), RecordError> {
    if tape.closed {
        return Ok(());
    }
    let Some(mut handle) = tape.handle.take() else { return Ok(()) };
    let ended = tokio::task::spawn_blocking(move || {
        let closed = handle.close();
        (handle, closed)
    });
    let (handle, closed) = ended.await.map_err(|_| RecordError::Refused("record.stopped"))?;
    if let Err(e) = closed {
        // the disk refuses: what is kept in memory is tried again
        tape.handle = Some(handle);
        return Err(e);
    }
    live.switch.take_off();
    (tape.closed, tape.pause) = (true, None);
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use crate::hearing::states::{Event, Step};

    fn after(steps: &[Step]) -> Course {
        let start: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().unwrap();
        steps.iter().cloned().zip(1..).fold(Course::default(), |course, (step, n)| {
            let at = start + TimeDelta::minutes(i64::try_from(n).unwrap());
            course.then(&Event { n, at, step }).unwrap()
        })
    }

    #[test]
    fn the_recorder_follows_the_course() {
        use Step::{BackToOpen, Open, OpenWaiting, Resume};
        let reason = || "十个字以上的理由说明".to_owned();
        let closed = |recorded| Step::BeginClosedPart { reason: reason(), recorded };
        let talk = Step::BeginMediation { reason: reason(), recorded: false };
        let pause = Step::Adjourn { reason: reason() };
        let end = Step::End { outcome: crate::hearing::words::Outcome::Completed };
        for (steps, expected) in [
            (vec![OpenWaiting], Wanted::Nothing),
            (vec![OpenWaiting, Open], Wanted::Open(None)),
            (vec![OpenWaiting, Open, pause.clone()], Wanted::Open(Some(Break::Adjourned))),
            (vec![OpenWaiting, Open, pause.clone(), Resume], Wanted::Open(None)),
            (vec![OpenWaiting, Open, closed(true)], Wanted::Open(None)),
            (vec![OpenWaiting, Open, closed(false)], Wanted::Open(Some(Break::ClosedEvidence))),
            (vec![OpenWaiting, Open, closed(false), pause.clone(), Resume], Wanted::Open(Some(Break::ClosedEvidence))),
            (vec![OpenWaiting, Open, closed(false), BackToOpen], Wanted::Open(None)),
            (vec![OpenWaiting, Open, talk], Wanted::Open(Some(Break::Mediation))),
            (vec![OpenWaiting, Open, pause, end], Wanted::Closed),
        ] {
            assert_eq!(wanted(&after(&steps)), expected, "{steps:?}");
        }
    }
}
