//! What a room does by the clock: forty times a second what is urgent, twice a second what is not.

use std::time::Duration;

use super::layers::{Wish, one_more, share};
use super::{Room, Seat};
use crate::event::{Event, Load, Side};
use crate::ids::TrackKind;
use crate::net::Io;
use crate::net::demux::Peer;
use crate::rights::Right;

/// Lost packets are asked for at this pace while media flows.
pub const FAST: Duration = Duration::from_millis(25);
/// A room in which nothing flows needs no more than this.
pub const IDLE: Duration = Duration::from_millis(250);
const SLOW: Duration = Duration::from_millis(500);
const UNANSWERED: Duration = Duration::from_secs(10);
/// Nobody asked for the offer that was said to be needed: the word was lost.
const UNHEARD: Duration = Duration::from_secs(3);
/// What a voice costs, with headers.
const VOICE: f64 = 60_000.0;

impl Room {
    /// A timer of this room went off; answers when to come again. Timers of a room that had this place before are void.
    pub fn due(&mut self, due: Duration, io: &mut Io) -> Option<Duration> {
        if due != self.next {
            return None;
        }
        self.next = self.tick(io);
        Some(self.next)
    }

    fn tick(&mut self, io: &mut Io) -> Duration {
        let slow = io.at >= self.next_slow;
        if slow {
            self.next_slow = io.at + SLOW;
        }
        let mut busy = false;
        for at in 0..self.seats.len() {
            busy |= self.tick_seat(at, slow, io);
        }
        if slow {
            self.grant();
            self.watch_tap(io);
        }
        io.at + if busy { FAST } else { IDLE }
    }

    fn tick_seat(&mut self, at: usize, slow: bool, io: &mut Io) -> bool {
        let mut busy = false;
        for side in [Side::Publish, Side::Receive] {
            let peer = self.peer(at, side);
            let Some(transport) = self.transport(peer) else { continue };
            // a receiving connection that was never answered waits for its client without end
            let unused = side == Side::Receive && transport.peer_ufrag.is_empty();
            busy |= !unused;
            match transport.tick(io.now, io.at).filter(|_| !unused) {
                Some(cause) => self.hang_up(at, side, cause, io),
                None => self.work(peer, slow, io),
            }
        }
        busy
    }

    fn work(&mut self, peer: Peer, slow: bool, io: &mut Io) {
        let Some(seat) = self.seats[peer.seat].as_mut() else { return };
        if let (Side::Publish, Some(publisher)) = (peer.side, seat.publisher.as_mut()) {
            publisher.tick(io.at);
        }
        if slow && peer.side == Side::Publish {
            self.watch_flow(peer.seat, io);
        }
        if slow && peer.side == Side::Receive {
            self.forget_unanswered(peer.seat, io);
            self.share_out(peer.seat, io);
        }
        let waiting = self.transport(peer).is_some_and(|t| !t.out.is_empty());
        if waiting {
            io.touch(peer);
        }
    }

    fn watch_flow(&mut self, at: usize, io: &mut Io) {
        let (room, silence) = (self.id, io.config.track_silence);
        let Some(seat) = self.seats[at].as_mut() else { return };
        let Some(publisher) = seat.publisher.as_mut() else { return };
        for kind in TrackKind::ALL {
            let flows = publisher.last(kind).is_some_and(|last| last > Duration::ZERO && io.at.saturating_sub(last) < silence);
            let Some(track) = publisher.track_mut(kind) else { continue };
            if track.flowing != flows {
                track.flowing = flows;
                io.events.tell(Event::Flow { room, participant: seat.id, track: kind, flowing: flows, at: io.at });
            }
        }
        if let Some(speaking) = publisher.speaks().filter(|_| seat.publish.audio == Right::Allowed) {
            io.events.tell(Event::Speaking { room, participant: seat.id, speaking, at: io.at });
        }
    }

    /// An offer that nobody answered must not keep later ones back.
    fn forget_unanswered(&mut self, at: usize, io: &mut Io) {
        let Some(seat) = self.seats[at].as_mut() else { return };
        let standing = &mut seat.receiver.negotiation;
        let unanswered = standing.pending && standing.stale && io.at.saturating_sub(standing.since) > UNANSWERED;
        let unheard = standing.told.is_some_and(|told| io.at.saturating_sub(told) > UNHEARD);
        if unanswered || unheard {
            (standing.pending, standing.told) = (false, None);
            self.announce(io);
        }
    }

    fn watch_tap(&mut self, io: &mut Io) {
        let overflowed = self.tap.overflowed();
        if overflowed > self.overflowed {
            self.overflowed = overflowed;
            io.events.tell(Event::TapOverflow { room: self.id, packets: overflowed });
        }
        for seat in self.seats.iter_mut().flatten() {
            let Some(publisher) = seat.publisher.as_mut() else { continue };
            for kind in [TrackKind::Video, TrackKind::Screen] {
                if publisher.has(kind) && self.tap.wants_key_frame(seat.id, kind) {
                    publisher.want_tap_key(kind, io.at);
                }
            }
        }
    }

    /// Shares the layers out among the pictures of one receiver.
    fn share_out(&mut self, at: usize, io: &mut Io) {
        let Some(seat) = self.seats[at].as_ref().filter(|s| s.receiver.transport.open()) else { return };
        let (places, mut wishes, voices) = self.wishes_of(seat, io);
        let Some(seat) = self.seats[at].as_mut() else { return };
        share(seat.receiver.estimate() - voices, &mut wishes, io.at);
        let (bits, given, missing) = one_more(&wishes);
        let clean = io.load == Load::Normal && seat.receiver.clean();
        if seat.receiver.hunger.tries(given, missing, clean, io.at) {
            seat.receiver.believe(bits + voices);
            share(seat.receiver.estimate() - voices, &mut wishes, io.at);
        }
        for (place, wish) in places.into_iter().zip(wishes) {
            if wish.bitrates != [0; 3] {
                self.retarget(at, place, wish.chosen, io);
            }
        }
    }

    /// The pictures of a receiver with what their layers cost, by section, and what its voices take.
    fn wishes_of(&self, seat: &Seat, io: &Io) -> (Vec<usize>, Vec<Wish>, f64) {
        let (mut places, mut wishes, mut voices) = (Vec::new(), Vec::new(), 0.0);
        for (place, section) in seat.receiver.sections.iter().enumerate() {
            let Some(leg) = &section.leg else { continue };
            let Some(publisher) = self.seats[leg.publisher].as_ref().and_then(|s| s.publisher.as_ref()) else { continue };
            if leg.kind == TrackKind::Audio {
                voices += VOICE;
                continue;
            }
            let mut bitrates = [0; 3];
            for layer in publisher.flowing_layers(leg.kind, io.at) {
                // what was not measured yet costs something all the same
                bitrates[usize::from(layer)] = publisher.bitrate(leg.kind, layer).max(30_000);
            }
            let cap = if io.load == Load::Normal { leg.cap } else { 0 };
            let screen = leg.kind == TrackKind::Screen;
            wishes.push(Wish { bitrates, cap, current: leg.target, screen, changed: leg.changed, chosen: None });
            places.push(place);
        }
        (places, wishes, voices)
    }

    fn retarget(&mut self, at: usize, place: usize, chosen: Option<u8>, io: &mut Io) {
        let (room, at_time) = (self.id, io.at);
        let Some(seat) = self.seats[at].as_mut() else { return };
        let Some(leg) = seat.receiver.sections[place].leg.as_mut() else { return };
        if leg.target == chosen {
            return;
        }
        (leg.target, leg.changed) = (chosen, at_time);
        if chosen.is_none() {
            leg.cut();
        }
        let (receiver, from, track) = (seat.id, leg.publisher, leg.kind);
        if let Some(layer) = chosen {
            self.wishes.push((from, track, layer));
        }
        if let Some(publisher) = self.seats[from].as_ref().map(|s| s.id) {
            io.events.tell(Event::Layer { room, receiver, publisher, track, layer: chosen });
        }
    }
}
