//! The seam between a room of the engine and the recorder: a room stands before its recording begins.
//!
//! Owns a tap that hands on to a recorder's once there is one, and tells it then what it missed: who is connected and what
//! they may not send. Must never make the media thread wait: packets go past without a lock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use lianting_media::record::RoomTap;
use lianting_media::{Gate, ParticipantId, Tap, TapPacket, TrackKind};

#[derive(Default)]
struct Known {
    here: BTreeSet<ParticipantId>,
    gates: BTreeMap<(ParticipantId, TrackKind), Gate>,
}

#[derive(Default)]
struct Inner {
    recorder: ArcSwapOption<RoomTap>,
    known: Mutex<Known>,
}

/// The tap of a room, whose end can be hung on later.
#[derive(Clone, Default)]
pub struct Switch(Arc<Inner>);

impl Switch {
    /// Hangs the recorder on, and tells it who is there.
    pub fn hang_on(&self, tap: RoomTap, at: Duration) {
        let known = self.known();
        for who in &known.here {
            tap.joined(*who, at);
        }
        for ((who, track), gate) in &known.gates {
            tap.gate(*who, *track, *gate, at);
        }
        self.0.recorder.store(Some(Arc::new(tap)));
    }

    /// Takes it off: the recording is closed.
    pub fn take_off(&self) {
        self.0.recorder.store(None);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tap for Switch {
    fn packet(&self, packet: TapPacket) {
        if let Some(tap) = self.0.recorder.load().as_ref() {
            tap.packet(packet);
        }
    }

    fn sender_report(&self, who: ParticipantId, track: TrackKind, ssrc: u32, ntp: u64, rtp: u32) {
        if let Some(tap) = self.0.recorder.load().as_ref() {
            tap.sender_report(who, track, ssrc, ntp, rtp);
        }
    }

    fn joined(&self, who: ParticipantId, at: Duration) {
        let mut known = self.known();
        known.here.insert(who);
        if let Some(tap) = self.0.recorder.load().as_ref() {
            tap.joined(who, at);
        }
    }

    fn left(&self, who: ParticipantId, at: Duration) {
        let mut known = self.known();
        known.here.remove(&who);
        if let Some(tap) = self.0.recorder.load().as_ref() {
            tap.left(who, at);
        }
    }

    fn gate(&self, who: ParticipantId, track: TrackKind, gate: Gate, at: Duration) {
        let mut known = self.known();
        match gate {
            Gate::Allowed => drop(known.gates.remove(&(who, track))),
            _ => drop(known.gates.insert((who, track), gate)),
        }
        if let Some(tap) = self.0.recorder.load().as_ref() {
            tap.gate(who, track, gate, at);
        }
    }

    fn overflowed(&self) -> u64 {
        self.0.recorder.load().as_ref().map_or(0, |tap| tap.overflowed())
    }

    fn wants_key_frame(&self, who: ParticipantId, track: TrackKind) -> bool {
        self.0.recorder.load().as_ref().is_some_and(|tap| tap.wants_key_frame(who, track))
    }
}
