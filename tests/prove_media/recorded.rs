//! What lies in the spool: read as anybody could read it, beside the program that writes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lianting_media::ParticipantId;
use lianting_media::record::{Event, Gap, Medium, Place, Source, Span, Why, spool};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::guest::Guest;

const MEDIA: [Medium; 2] = [Medium::Audio, Medium::Video];

/// A hearing's folder.
pub struct Recorded {
    pub folder: PathBuf,
}

impl Recorded {
    /// Of a hearing.
    pub fn new(root: &Path, court: i32, hearing: &str) -> Self {
        let id = Uuid::parse_str(hearing).unwrap().as_u128();
        let place = Place::new(&court.to_string(), lianting_media::RoomId(id)).unwrap();
        Self { folder: place.folder(root) }
    }

    fn source(who: Uuid) -> Source {
        Source { participant: ParticipantId(who.as_u128()), screen: false }
    }

    /// Stretches by epoch.
    fn spans(&self, who: Uuid, medium: Medium) -> BTreeMap<u32, Vec<Span>> {
        let epochs = spool::epochs(&self.folder, Self::source(who)).unwrap_or_default();
        let of = |s: &lianting_media::record::Segment| match medium {
            Medium::Audio => s.audio.as_ref().map(|h| h.spans.clone()),
            Medium::Video => s.video.as_ref().map(|h| h.spans.clone()),
        };
        epochs.iter().map(|e| (e.epoch, e.segments.iter().filter_map(of).flatten().collect())).collect()
    }

    /// Everybody's sound and picture are on the disk in this epoch.
    pub fn flows(&self, guests: &[Guest], epoch: u32) -> bool {
        guests.iter().all(|g| MEDIA.iter().all(|m| self.spans(g.participant, *m).get(&epoch).is_some_and(|s| !s.is_empty())))
    }

    /// Media time up to which everybody's sound is on the disk.
    pub fn reached(&self, guests: &[Guest]) -> i64 {
        let one = |g: &Guest| self.spans(g.participant, Medium::Audio).values().flatten().map(|s| s.1).max().unwrap_or(0);
        guests.iter().map(one).min().unwrap_or(0)
    }

    /// The steady hand at media time nought.
    pub fn zero(&self) -> i64 {
        let events = spool::events(&self.folder).unwrap();
        match events[0].event {
            Event::Opened { mono, .. } => mono,
            _ => panic!("{:?}", events[0]),
        }
    }

    /// The ledger, as it was written at the close.
    pub fn ledger(&self) -> Vec<Gap> {
        serde_json::from_slice(&std::fs::read(self.folder.join(spool::GAPS)).unwrap()).unwrap()
    }

    /// For each epoch that a crash ended, and for everybody and each medium: what is on the disk last before it, and first
    /// after it. Ledger lines must be exactly these.
    pub fn interruptions(&self, guests: &[Guest]) -> Vec<(Uuid, Medium, Vec<Span>)> {
        let mut found = Vec::new();
        for guest in guests {
            for medium in MEDIA {
                let spans: Vec<Vec<Span>> = self.spans(guest.participant, medium).into_values().filter(|s| !s.is_empty()).collect();
                let edge = |w: &[Vec<Span>]| (w[0].iter().map(|s| s.1).max().unwrap(), w[1].iter().map(|s| s.0).min().unwrap());
                found.push((guest.participant, medium, spans.windows(2).map(edge).collect()));
            }
        }
        found
    }

    /// What the ledger says beside what the lists of what is on the disk say.
    pub fn ledger_is_exact(&self, guests: &[Guest]) -> Vec<String> {
        let mut wrong = Vec::new();
        let ledger = self.ledger();
        for (who, medium, expected) in self.interruptions(guests) {
            let told: Vec<Span> = ledger
                .iter()
                .filter(|g| g.who.0.0 == who.as_u128() && g.medium == medium && g.why == Why::Crash)
                .map(|g| (g.from, g.to))
                .collect();
            if told != expected {
                wrong.push(format!("{who} {medium:?}: the ledger says {told:?}, the disk {expected:?}"));
            }
        }
        wrong
    }

    /// Lines of the ledger that are not there because of a crash.
    pub fn other_gaps(&self) -> Vec<Value> {
        // whoever spoke a moment after the opening was not yet heard
        let ledger = self.ledger().into_iter().filter(|g| g.why != Why::Crash && !(g.from == 0 && g.to < 5_000));
        ledger.map(|g| json!(g)).collect()
    }
}
