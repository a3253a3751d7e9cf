//! 录音录像的起止和间断: what every second between opening and end should hold, and the clock of the sitting.
//!
//! Owns the division of a hearing into recorded stretches and permitted breaks (庭审录音录像规定 Art 3), against which the
//! recorder's own ledger of gaps is laid. Must never permit a fourth reason.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::states::Course;
use super::words::BreakKind;

/// A stretch of a hearing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// Since when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Why it need not be recorded; none: it must be.
    pub pause: Option<Pause>,
}

/// A permitted break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pause {
    /// Which of the three.
    pub kind: BreakKind,
    /// Nobody chose it.
    pub fault: bool,
    /// Why.
    pub reason: String,
}

/// Every second from opening to end, or to now, in order, each in one stretch.
pub fn stretches(course: &Course, now: DateTime<Utc>) -> Vec<Stretch> {
    let Some(opened) = course.opened_at else { return Vec::new() };
    let end = course.ended_at.unwrap_or(now).max(opened);
    let mut out = Vec::new();
    let mut at = opened;
    for b in &course.breaks {
        let (from, until) = (b.from.clamp(at, end), b.until.unwrap_or(end).clamp(at, end));
        push(&mut out, at, from, None);
        push(&mut out, from, until, Some(Pause { kind: b.kind, fault: b.fault, reason: b.reason.clone() }));
        at = until;
    }
    push(&mut out, at, end, None);
    out
}

fn push(out: &mut Vec<Stretch>, from: DateTime<Utc>, until: DateTime<Utc>, pause: Option<Pause>) {
    if from < until {
        out.push(Stretch { from, until, pause });
    }
}

/// 已开庭: time since opening without adjournments and faults. Closed parts and mediation are part of the sitting.
pub fn sat(course: &Course, now: DateTime<Utc>) -> TimeDelta {
    let counted = stretches(course, now).into_iter().filter(|s| s.pause.as_ref().is_none_or(|p| p.kind != BreakKind::Adjournment));
    counted.fold(TimeDelta::zero(), |sum, s| sum + (s.until - s.from))
}

/// Of an interval without media: how much of it no permitted break covers. That much must be explained.
pub fn unexplained(course: &Course, from: DateTime<Utc>, until: DateTime<Utc>, now: DateTime<Utc>) -> TimeDelta {
    let recorded = stretches(course, now).into_iter().filter(|s| s.pause.is_none());
    recorded.fold(TimeDelta::zero(), |sum, s| sum + (s.until.min(until) - s.from.max(from)).max(TimeDelta::zero()))
}
