//! From rights to legs: who may receive whom, made into the ways packets take.
//!
//! Must never: leave a way in place whose right is gone; the ways are made anew from the rights at every change.

use super::leg::Leg;
use super::{Room, Ways};
use crate::error::{MediaError, Result};
use crate::event::{Event, Side};
use crate::ids::{ParticipantId, TrackKind};
use crate::net::Io;
use crate::rights::Kinds;
use crate::transport::NEVER;

/// A right to receive: who, from whom, what.
pub type Grant = (ParticipantId, ParticipantId, Kinds);

const MOST_GRANTS: usize = super::MOST_SEATS * super::MOST_SEATS;

impl Room {
    /// Sets rights to receive, all at once. With `all` everything not named is taken. Rights may be set for people who
    /// are not there yet; they are in force when they come.
    pub fn set_receive(&mut self, grants: &[Grant], all: bool, io: &mut Io) -> Result<()> {
        if grants.len() > MOST_GRANTS || !all && self.matrix.len() + grants.len() > 2 * MOST_GRANTS {
            return Err(MediaError::Full("rights"));
        }
        if all {
            self.matrix.clear();
        }
        for (receiver, publisher, kinds) in grants {
            if *kinds == Kinds::NONE {
                self.matrix.remove(&(*receiver, *publisher));
            } else if receiver != publisher {
                self.matrix.insert((*receiver, *publisher), *kinds);
            }
        }
        self.rewire(io);
        Ok(())
    }

    /// The best layer that makes sense for a receiver (the size of the picture on its page).
    pub fn set_cap(&mut self, receiver: ParticipantId, publisher: ParticipantId, kind: TrackKind, cap: u8) -> Result<()> {
        let (to, from) = (self.seat_of(receiver)?, self.seat_of(publisher)?);
        let found = self.seat(to)?.receiver.sections.iter_mut().filter_map(|s| s.leg.as_mut());
        for leg in found.filter(|l| l.publisher == from && l.kind == kind) {
            leg.cap = cap.min(2);
        }
        Ok(())
    }

    /// Brings bits, legs and ways in line with the rights and with what is published.
    pub(super) fn rewire(&mut self, io: &mut Io) {
        let ids: Vec<Option<ParticipantId>> = self.seats.iter().map(|s| s.as_ref().map(|s| s.id)).collect();
        let has: Vec<[bool; 3]> = self
            .seats
            .iter()
            .map(|s| TrackKind::ALL.map(|k| s.as_ref().and_then(|s| s.publisher.as_ref()).is_some_and(|p| p.has(k))))
            .collect();
        let mut ways: Vec<Ways> = self.seats.iter().map(|_| Ways::default()).collect();
        for (to, seat) in self.seats.iter_mut().enumerate() {
            let Some(seat) = seat else { continue };
            seat.may = [0; 3];
            for (from, publisher) in ids.iter().enumerate() {
                let kinds = publisher.and_then(|p| self.matrix.get(&(seat.id, p))).copied().unwrap_or_default();
                for kind in TrackKind::ALL {
                    seat.may[kind.index()] |= u64::from(kinds.has(kind)) << from;
                    let wanted = kinds.has(kind) && has[from][kind.index()];
                    match (seat.receiver.find(from, kind), wanted) {
                        (Some(section), false) => seat.receiver.drop_leg(section),
                        (None, true) => seat.receiver.place(Leg::new(from, kind, io.random())),
                        _ => {}
                    }
                }
            }
            for (at, section) in seat.receiver.sections.iter().enumerate() {
                if let Some(leg) = &section.leg {
                    ways[leg.publisher][leg.kind.index()].push((to, at));
                }
            }
        }
        self.ways = ways;
        self.announce(io);
    }

    /// Tells the caller, once, which clients need a new offer.
    pub(super) fn announce(&mut self, io: &mut Io) {
        for seat in self.seats.iter_mut().flatten().filter(|_| !self.closing) {
            let standing = &mut seat.receiver.negotiation;
            if standing.stale && !standing.pending && standing.told.is_none() {
                standing.told = Some(io.at);
                io.events.tell(Event::OfferNeeded { room: self.id, participant: seat.id });
            }
        }
    }

    /// Ends a connection of a seat.
    pub(super) fn hang_up(&mut self, at: usize, side: Side, cause: &'static str, io: &mut Io) {
        let peer = self.peer(at, side);
        let fresh = (side == Side::Receive).then(|| self.new_receiver(at, io));
        let Some(seat) = self.seats[at].as_mut() else { return };
        let (old, participant) = match side {
            Side::Publish => (seat.publisher.take().map(|p| p.transport), seat.id),
            Side::Receive => (fresh.map(|fresh| std::mem::replace(&mut seat.receiver, fresh).transport), seat.id),
        };
        let Some(mut old) = old else { return };
        old.close(io.now);
        io.farewell(&mut old);
        for origin in old.origins() {
            io.demux.forget(*origin, peer);
        }
        for name in [Some(&old.own), old.before.as_ref()].into_iter().flatten() {
            io.demux.unname(&name.ufrag);
        }
        if old.was_open || cause == NEVER {
            io.events.tell(Event::Disconnected { room: self.id, participant, side, cause, at: io.at });
        }
        if old.was_open && side == Side::Publish {
            self.tap.left(participant, io.at);
        }
        self.rewire(io);
    }

    /// The room closes: everybody is told.
    pub fn farewell(&mut self, io: &mut Io) {
        self.closing = true;
        for at in 0..self.seats.len() {
            self.hang_up(at, Side::Publish, "the room was closed", io);
            self.hang_up(at, Side::Receive, "the room was closed", io);
        }
    }
}
