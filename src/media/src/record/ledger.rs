//! 断录登记: the gap ledger. Every interval without media, per person and track, with its cause.
//!
//! Owns: the rules, as a pure function of two durable lists: what happened, and which stretches are recorded. So it is the
//! same before and after a crash, and whoever holds the lists can work it out again. Must never decide for the judge: a
//! cause is what the lists say, and the lists stand beside it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ids::ParticipantId;

use super::events::{Break, By, Event, Medium, Stamped, Trouble, Who};
use super::manifest::{HOLE_MS, Span};

/// Where a gap comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The person was not there, left, or switched the track off.
    Person,
    /// The line.
    Network,
    /// Our own side.
    Server,
    /// The judge: a permitted break, or a track switched off by the court.
    Judge,
}

/// The same more exactly. The order is that of precedence: later ones win over earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Connected, yet nothing came.
    NoPackets,
    /// The connection was down.
    Disconnected,
    /// Switched off by the person.
    Muted,
    /// Switched off by the court.
    MutedByCourt,
    /// The recorder could not keep up.
    Overflow,
    /// The spool was full.
    DiskFull,
    /// The server had died, or was not yet back in touch.
    Crash,
    /// Not yet in the room.
    NotJoined,
    /// Left on purpose.
    Left,
    /// 休庭.
    Adjourned,
    /// 不公开举证、质证.
    ClosedEvidence,
    /// 不宜录制的调解.
    Mediation,
}

impl Why {
    /// Whose side it is.
    pub fn cause(self) -> Cause {
        match self {
            Self::NoPackets | Self::Disconnected => Cause::Network,
            Self::Muted | Self::NotJoined | Self::Left => Cause::Person,
            Self::Overflow | Self::DiskFull | Self::Crash => Cause::Server,
            Self::MutedByCourt | Self::Adjourned | Self::ClosedEvidence | Self::Mediation => Cause::Judge,
        }
    }
}

/// One line of the ledger. Times are milliseconds of media time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Whose.
    pub who: Who,
    /// Of which track.
    pub medium: Medium,
    /// From.
    pub from: i64,
    /// To.
    pub to: i64,
    /// Whose side.
    pub cause: Cause,
    /// More exactly.
    pub why: Why,
}

/// What is recorded of each person's tracks.
pub type Spans = BTreeMap<(ParticipantId, Medium), Vec<Span>>;

/// After a restart people are given so long to come back before their own line is the cause.
const GRACE_MS: i64 = 30_000;
/// And their media so long to flow again once they are back.
const SETTLE_MS: i64 = 5_000;

/// The ledger of a hearing up to `end`. Holes up to [`HOLE_MS`] are lost packets, counted in the manifests, and no gaps;
/// unless the recorder died or a break began in them: then however short.
pub fn ledger(events: &[Stamped], spans: &Spans, end: i64) -> Vec<Gap> {
    let mut people: BTreeSet<ParticipantId> = spans.keys().map(|(who, _)| *who).collect();
    people.extend(events.iter().filter_map(|e| match &e.event {
        Event::Joined { who } | Event::Left { who } | Event::Disconnected { who } => Some(who.0),
        _ => None,
    }));
    let strict: Vec<i64> =
        events.iter().filter(|e| matches!(e.event, Event::Crash { .. } | Event::BreakStart { .. })).map(|e| e.at).collect();
    let mut found = Vec::new();
    for who in people {
        for medium in [Medium::Audio, Medium::Video] {
            let none = Vec::new();
            let recorded = spans.get(&(who, medium)).unwrap_or(&none);
            let holes = holes(recorded, end, &strict);
            if !holes.is_empty() {
                let why = timeline(events, who, medium);
                found.extend(holes.into_iter().flat_map(|hole| split(hole, &why)).map(|((from, to), why)| Gap {
                    who: Who(who),
                    medium,
                    from,
                    to,
                    cause: why.cause(),
                    why,
                }));
            }
        }
    }
    found
}

/// What is not recorded between nought and the end; holes up to [`HOLE_MS`] only if one of the `strict` times lies in them.
pub fn holes(recorded: &[Span], end: i64, strict: &[i64]) -> Vec<Span> {
    let mut sorted = recorded.to_vec();
    sorted.sort_unstable();
    let mut at = 0;
    let mut found = Vec::new();
    for (from, to) in sorted.into_iter().chain([(end, end)]) {
        let from = from.min(end);
        if from - at > HOLE_MS || (from > at && strict.iter().any(|t| (at..=from).contains(t))) {
            found.push((at, from));
        }
        at = at.max(to);
    }
    found
}

/// Adds a stretch to a list of stretches, joining what is no more than a hole apart.
pub(crate) fn cover(list: &mut Vec<Span>, span: Span) {
    match list.last_mut() {
        Some(last) if span.0 <= last.1 + HOLE_MS && span.0 >= last.0 => last.1 = last.1.max(span.1),
        _ => list.push(span),
    }
}

/// What holds for one track at a time.
#[derive(Default)]
struct State {
    seen: bool,
    up: bool,
    left: bool,
    own: bool,
    court: bool,
    crashed: bool,
    crashes: u32,
    troubles: Vec<Trouble>,
    pause: Option<Break>,
}

impl State {
    fn why(&self) -> Why {
        let trouble = self.troubles.last().map(|t| match t {
            Trouble::Overflow => Why::Overflow,
            Trouble::DiskFull => Why::DiskFull,
        });
        let pause = self.pause.map(|p| match p {
            Break::Adjourned => Why::Adjourned,
            Break::ClosedEvidence => Why::ClosedEvidence,
            Break::Mediation => Why::Mediation,
        });
        [
            (!self.up).then_some(Why::Disconnected),
            self.own.then_some(Why::Muted),
            self.court.then_some(Why::MutedByCourt),
            trouble,
            (self.crashed && self.seen).then_some(Why::Crash),
            (!self.seen).then_some(Why::NotJoined),
            self.left.then_some(Why::Left),
            pause,
        ]
        .into_iter()
        .flatten()
        .max()
        .unwrap_or(Why::NoPackets)
    }

    fn event(&mut self, event: &Event, me: ParticipantId, my: Medium) {
        match event {
            Event::Joined { who } if who.0 == me => (self.seen, self.up, self.left) = (true, true, false),
            Event::Left { who } if who.0 == me => (self.up, self.left) = (false, true),
            Event::Disconnected { who } if who.0 == me => self.up = false,
            Event::Muted { who, medium, by } if who.0 == me && *medium == my => *self.switch(*by) = true,
            Event::Unmuted { who, medium, by } if who.0 == me && *medium == my => *self.switch(*by) = false,
            Event::BreakStart { reason } => self.pause = Some(*reason),
            Event::BreakEnd => self.pause = None,
            Event::Crash { .. } => (self.crashed, self.up, self.crashes) = (true, false, self.crashes + 1),
            _ => {}
        }
    }

    fn switch(&mut self, by: By) -> &mut bool {
        match by {
            By::Person => &mut self.own,
            By::Court => &mut self.court,
        }
    }
}

enum Change<'a> {
    Event(&'a Event),
    TroubleFrom(Trouble),
    TroubleTo(Trouble),
    /// After so many crashes this one is over.
    Recovered(u32),
}

/// From when on which cause holds for a track that is silent.
fn timeline(events: &[Stamped], me: ParticipantId, my: Medium) -> Vec<(i64, Why)> {
    let mut changes = Vec::new();
    let mut crashes = 0;
    for e in events {
        match &e.event {
            Event::Trouble { what, from } => {
                changes.push((*from, Change::TroubleFrom(*what)));
                changes.push((e.at, Change::TroubleTo(*what)));
            }
            Event::Epoch { .. } => changes.push((e.at + GRACE_MS, Change::Recovered(crashes))),
            event => {
                crashes += u32::from(matches!(event, Event::Crash { .. }));
                if matches!(event, Event::Joined { who } if who.0 == me) {
                    changes.push((e.at + SETTLE_MS, Change::Recovered(crashes)));
                }
                changes.push((e.at, Change::Event(event)));
            }
        }
    }
    changes.sort_by_key(|(at, _)| *at);
    let mut state = State::default();
    let mut found = vec![(i64::MIN, state.why())];
    for (at, change) in changes {
        match change {
            Change::Event(event) => state.event(event, me, my),
            Change::TroubleFrom(what) => state.troubles.push(what),
            Change::TroubleTo(what) => {
                if let Some(at) = state.troubles.iter().position(|t| *t == what) {
                    state.troubles.remove(at);
                }
            }
            Change::Recovered(after) => state.crashed &= after != state.crashes,
        }
        let why = state.why();
        if found.last().is_none_or(|(_, before)| *before != why) {
            found.push((at, why));
        }
    }
    found
}

/// Divides a hole where its cause changes. A piece shorter than a hole's own measure goes to the weightier neighbour:
/// what lies between "the judge broke off" and the last frame before it is the judge's.
fn split(hole: Span, timeline: &[(i64, Why)]) -> Vec<(Span, Why)> {
    let mut pieces: Vec<(Span, Why)> = Vec::new();
    for (n, (from, why)) in timeline.iter().enumerate() {
        let to = timeline.get(n + 1).map_or(i64::MAX, |next| next.0);
        let piece = (hole.0.max(*from), hole.1.min(to));
        if piece.0 < piece.1 {
            pieces.push((piece, *why));
        }
    }
    while pieces.len() > 1 {
        let Some(short) = pieces.iter().position(|((from, to), _)| to - from <= HOLE_MS) else { break };
        let before = short.checked_sub(1).map(|at| (pieces[at].1, at));
        let after = (short + 1 < pieces.len()).then(|| (pieces[short + 1].1, short + 1));
        let Some((_, taker)) = before.into_iter().chain(after).max_by_key(|(why, _)| *why) else { break };
        let ((from, to), _) = pieces[short];
        pieces[taker].0 = (pieces[taker].0.0.min(from), pieces[taker].0.1.max(to));
        pieces.remove(short);
    }
    pieces.dedup_by(|next, before| {
        let same = next.1 == before.1;
        if same {
            before.0.1 = next.0.1;
        }
        same
    });
    pieces
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
