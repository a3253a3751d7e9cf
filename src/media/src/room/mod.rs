//! A room: its seats, who hears and sees whom, and what happens to a packet.
//!
//! Owns: everything of one hearing; it lives on one thread. Must never: touch another room, wait, or forward a packet
//! for which the receiver has no right.

pub mod feedback;
pub mod hunger;
pub mod layers;
pub mod leg;
pub mod nack;
mod negotiate;
pub mod publish;
pub mod receive;
pub mod repeats;
mod tick;
mod wiring;

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

use crate::error::{MediaError, Result};
use crate::event::{Event, Load, Side};
use crate::ids::{ParticipantId, RoomId, TrackKind};
use crate::net::Io;
use crate::net::demux::Peer;
use crate::rights::{Kinds, Publish, Right};
use crate::stats::{ParticipantStats, ReceivedStats, RoomStats};
use crate::tap::{Gate, Tap, TapPacket};
use crate::transport::secure::Change;
use crate::transport::{Checked, Credentials, Origin, Route, Transport};
use crate::wire::stun::Request;
use crate::wire::{Protocol, protocol};
pub use negotiate::{Begin, ReceiveOffer};
use publish::{Clocks, Publisher};
use receive::{KeyWish, Outcome, Receiver};
pub use wiring::Grant;

/// Seats at most: rights are bits of a word.
pub const MOST_SEATS: usize = 64;
const MOST_TICKETS: usize = 4096;

/// A participant.
pub struct Seat {
    /// Who sits there.
    pub id: ParticipantId,
    publish: Publish,
    may: [u64; 3],
    publisher: Option<Publisher>,
    receiver: Receiver,
    /// The session number and certificate of the publishing client, to tell a new connection from a new offer.
    client: (String, String),
    /// The ticket that took it last.
    ticket: u128,
}

/// Where a publisher's packets of one kind go: seat and section.
type Ways = [Vec<(usize, usize)>; 3];

/// A room.
pub struct Room {
    /// Its name.
    pub id: RoomId,
    place: usize,
    tap: Box<dyn Tap>,
    seats: Vec<Option<Seat>>,
    ways: Vec<Ways>,
    matrix: HashMap<(ParticipantId, ParticipantId), Kinds>,
    tickets: VecDeque<u128>,
    versions: u64,
    next: Duration,
    next_slow: Duration,
    closing: bool,
    overflowed: u64,
    clocks: Vec<Clocks>,
    wishes: Vec<KeyWish>,
}

impl Room {
    /// An empty room.
    pub fn new(id: RoomId, place: usize, tap: Box<dyn Tap>, now: Duration) -> Self {
        Self {
            id,
            place,
            tap,
            seats: Vec::new(),
            ways: Vec::new(),
            matrix: HashMap::new(),
            tickets: VecDeque::new(),
            versions: 0,
            next: now,
            next_slow: now,
            closing: false,
            overflowed: 0,
            clocks: Vec::new(),
            wishes: Vec::new(),
        }
    }

    fn seat_of(&self, participant: ParticipantId) -> Result<usize> {
        let taken = |s: &Option<Seat>| s.as_ref().is_some_and(|s| s.id == participant);
        self.seats.iter().position(taken).ok_or(MediaError::NotAdmitted)
    }

    fn seat(&mut self, at: usize) -> Result<&mut Seat> {
        self.seats.get_mut(at).and_then(Option::as_mut).ok_or(MediaError::NotAdmitted)
    }

    fn peer(&self, seat: usize, side: Side) -> Peer {
        Peer { room: self.place, seat, side }
    }

    /// Lets somebody in. The caller checked the join token; the engine refuses a ticket it has seen before.
    /// Coming again keeps the seat and its rights to receive, and ends the old connections.
    pub fn admit(&mut self, participant: ParticipantId, ticket: u128, publish: Publish, io: &mut Io) -> Result<()> {
        if self.tickets.contains(&ticket) {
            return Err(MediaError::TicketUsed);
        }
        let at = match self.seat_of(participant) {
            Ok(at) => {
                self.hang_up(at, Side::Publish, "replaced", io);
                self.hang_up(at, Side::Receive, "replaced", io);
                at
            }
            Err(_) => self.take_seat(participant, io)?,
        };
        let seat = self.seat(at)?;
        (seat.publish, seat.client, seat.ticket) = (publish, Default::default(), ticket);
        if self.tickets.len() >= MOST_TICKETS {
            self.tickets.pop_front();
        }
        self.tickets.push_back(ticket);
        self.rewire(io);
        Ok(())
    }

    fn take_seat(&mut self, id: ParticipantId, io: &mut Io) -> Result<usize> {
        let free = self.seats.iter().position(Option::is_none);
        let at = free.unwrap_or(self.seats.len());
        if at >= io.config.most_participants.min(MOST_SEATS) {
            return Err(MediaError::Full("participants"));
        }
        if free.is_none() {
            self.seats.push(None);
            self.ways.push(Ways::default());
        }
        let receiver = self.new_receiver(at, io);
        let (publish, client) = Default::default();
        self.seats[at] = Some(Seat { id, publish, may: [0; 3], publisher: None, receiver, client, ticket: 0 });
        Ok(at)
    }

    fn new_receiver(&self, at: usize, io: &mut Io) -> Receiver {
        let own = Credentials::new(io.config.random.as_ref());
        io.demux.name(&own.ufrag, self.peer(at, Side::Receive));
        Receiver::new(Transport::new(own, io.at), (io.config.first_estimate, io.config.highest_estimate), io.now)
    }

    /// Shows somebody out: connections end, rights are forgotten.
    pub fn remove(&mut self, participant: ParticipantId, io: &mut Io) -> Result<()> {
        let at = self.seat_of(participant)?;
        self.hang_up(at, Side::Publish, "removed", io);
        self.hang_up(at, Side::Receive, "removed", io);
        io.demux.forget_peer(self.peer(at, Side::Receive));
        self.seats[at] = None;
        self.matrix.retain(|(receiver, publisher), _| *receiver != participant && *publisher != participant);
        self.rewire(io);
        Ok(())
    }

    /// Shows out who came with this ticket. A seat that a newer ticket took stays: the word of an old line, come late, must
    /// not end a new one.
    pub fn leave(&mut self, participant: ParticipantId, ticket: u128, io: &mut Io) -> Result<()> {
        let at = self.seat_of(participant)?;
        if self.seat(at)?.ticket == ticket { self.remove(participant, io) } else { Ok(()) }
    }

    /// Gives or takes rights to send; in force with the next packet.
    pub fn set_publish(&mut self, participant: ParticipantId, publish: Publish, io: &mut Io) -> Result<()> {
        let at = self.seat_of(participant)?;
        let seat = self.seat(at)?;
        let before = std::mem::replace(&mut seat.publish, publish);
        for kind in TrackKind::ALL {
            let (was, is) = (gate(&before, kind), gate(&publish, kind));
            if was != is {
                self.tap.gate(participant, kind, is, io.at);
            }
            if publish.right(kind) != Right::Allowed {
                self.cut(at, kind);
            } else if was != is
                && let Some(publisher) = self.seat(at)?.publisher.as_mut()
            {
                publisher.retap(kind, io.at);
            }
        }
        Ok(())
    }

    /// After a silence the legs of a track go on from a key frame only.
    fn cut(&mut self, publisher: usize, kind: TrackKind) {
        let Self { ways, seats, .. } = self;
        for (seat, section) in &ways[publisher][kind.index()] {
            let leg = seats[*seat].as_mut().and_then(|s| s.receiver.sections[*section].leg.as_mut());
            if let Some(leg) = leg {
                leg.cut();
            }
        }
    }

    /// A check for one of our connections. What it proves is learned.
    pub fn check(&mut self, peer: Peer, request: &Request<'_>, from: Route, address: SocketAddr, io: &mut Io) -> Option<Checked> {
        let now = io.at;
        let transport = self.transport(peer)?;
        let checked = transport.check(request, from, address, now)?;
        if !transport.out.is_empty() {
            io.touch(peer);
        }
        Some(checked)
    }

    /// The connection itself.
    pub fn transport(&mut self, peer: Peer) -> Option<&mut Transport> {
        let seat = self.seats.get_mut(peer.seat)?.as_mut()?;
        match peer.side {
            Side::Publish => seat.publisher.as_mut().map(|p| &mut p.transport),
            Side::Receive => Some(&mut seat.receiver.transport),
        }
    }

    /// An address no longer belongs to a connection.
    pub fn forget(&mut self, peer: Peer, origin: Origin) {
        if let Some(transport) = self.transport(peer) {
            transport.forget(origin);
        }
    }

    /// A datagram from a proven address.
    pub fn datagram(&mut self, peer: Peer, datagram: &[u8], io: &mut Io) {
        match (protocol(datagram), peer.side) {
            (Some(Protocol::Rtp), Side::Publish) => self.media(peer.seat, datagram, io),
            (Some(Protocol::Rtcp), Side::Publish) => self.sender_reports(peer.seat, datagram, io),
            (Some(Protocol::Rtcp), Side::Receive) => self.receiver_reports(peer.seat, datagram, io),
            (Some(Protocol::Dtls), _) => self.handshake(peer, datagram, io),
            _ => {}
        }
    }

    fn handshake(&mut self, peer: Peer, datagram: &[u8], io: &mut Io) {
        let (now, at) = (io.now, io.at);
        let Some(transport) = self.transport(peer) else { return };
        let change = transport.record(now, datagram);
        io.touch(peer);
        match change {
            Some(Change::Ready) => self.connected(peer, io),
            Some(Change::Closed) => self.hang_up(peer.seat, peer.side, "closed by the peer", io),
            None => {}
        }
        if let Some(transport) = self.transport(peer) {
            transport.alive(at);
        }
    }

    fn connected(&mut self, peer: Peer, io: &mut Io) {
        let Ok(participant) = self.seat(peer.seat).map(|s| s.id) else { return };
        io.events.tell(Event::Connected { room: self.id, participant, side: peer.side, at: io.at });
        if peer.side == Side::Publish {
            self.tap.joined(participant, io.at);
            let publish = self.seats[peer.seat].as_ref().map(|s| s.publish).unwrap_or_default();
            for kind in TrackKind::ALL {
                self.tap.gate(participant, kind, gate(&publish, kind), io.at);
            }
        }
    }

    /// The way of a packet: decrypt, check the right to send, copy for the recorder, forward along the ways.
    fn media(&mut self, from: usize, datagram: &[u8], io: &mut Io) {
        let Self { seats, ways, tap, wishes, .. } = self;
        let Some(seat) = seats.get_mut(from).and_then(Option::as_mut) else { return };
        let (id, rights) = (seat.id, seat.publish);
        let Some(publisher) = seat.publisher.as_mut() else { return };
        let Some(packet) = publisher.open(datagram, io.at) else { return };
        if rights.right(packet.kind) != Right::Allowed {
            return;
        }
        if !rights.private && publisher.tapped(&packet) {
            tap.packet(tapped(id, &packet));
        }
        let bit = 1u64 << from;
        for (to, section) in &ways[from][packet.kind.index()] {
            let Some(receiver) = seats[*to].as_mut() else { continue };
            // The ways are made from the rights; the right is looked at again all the same.
            if receiver.may[packet.kind.index()] & bit == 0 {
                continue;
            }
            let blocked = io.load == Load::AudioOnly || receiver.receiver.transport.tcp().is_some_and(|t| io.slow.contains(&t));
            match receiver.receiver.forward(*section, &packet, io.now, blocked) {
                // the first packet of the round puts the connection on the list
                Outcome::Sent if receiver.receiver.transport.out.len() == 1 => {
                    io.touch(Peer { room: self.place, seat: *to, side: Side::Receive });
                }
                Outcome::Sent => {}
                Outcome::WaitsForKey => wishes.push((from, packet.kind, packet.layer)),
                Outcome::Skipped => {}
            }
        }
        self.grant();
    }

    /// Brings wishes for key frames to their publishers.
    fn grant(&mut self) {
        let Self { seats, wishes, .. } = self;
        for (publisher, kind, layer) in wishes.drain(..) {
            if let Some(publisher) = seats[publisher].as_mut().and_then(|s| s.publisher.as_mut()) {
                publisher.want_key(kind, layer);
            }
        }
    }

    fn sender_reports(&mut self, from: usize, datagram: &[u8], io: &mut Io) {
        let Self { seats, ways, tap, clocks, .. } = self;
        let Some(seat) = seats[from].as_mut() else { return };
        let (id, rights) = (seat.id, seat.publish);
        let Some(publisher) = seat.publisher.as_mut() else { return };
        publisher.reports(datagram, io.at, clocks);
        for clock in clocks.drain(..) {
            if rights.right(clock.kind) != Right::Allowed {
                continue;
            }
            if !rights.private {
                tap.sender_report(id, clock.kind, clock.ssrc, clock.ntp, clock.rtp);
            }
            for (to, section) in &ways[from][clock.kind.index()] {
                if let Some(seat) = seats[*to].as_mut() {
                    seat.receiver.clocks(*section, clock.ssrc, clock.ntp, clock.rtp, io.at);
                    io.touch(Peer { room: self.place, seat: *to, side: Side::Receive });
                }
            }
        }
    }

    fn receiver_reports(&mut self, from: usize, datagram: &[u8], io: &mut Io) {
        let Self { seats, wishes, .. } = self;
        let Some(seat) = seats[from].as_mut() else { return };
        seat.receiver.reports(datagram, io.now, io.at, wishes);
        if !seat.receiver.transport.out.is_empty() {
            io.touch(Peer { room: self.place, seat: from, side: Side::Receive });
        }
        self.grant();
    }

    /// Figures.
    pub fn stats(&self, io: &Io) -> RoomStats {
        let participants = self.seats.iter().flatten().map(|seat| self.seat_stats(seat)).collect();
        RoomStats { at: io.at, participants }
    }

    fn seat_stats(&self, seat: &Seat) -> ParticipantStats {
        let legs = seat.receiver.sections.iter().filter_map(|s| s.leg.as_ref());
        let received = legs.filter_map(|leg| {
            let publisher = self.seats[leg.publisher].as_ref()?.id;
            let (fraction, jitter, round_trip) = leg.reported;
            Some(ReceivedStats {
                publisher,
                kind: leg.kind,
                layer: leg.layer(),
                loss: f32::from(fraction) / 256.0,
                jitter: Duration::from_secs_f64(f64::from(jitter) / f64::from(leg.kind.clock_rate())),
                round_trip,
                packets: leg.packets,
            })
        });
        ParticipantStats {
            participant: seat.id,
            publishing: seat.publisher.as_ref().is_some_and(|p| p.transport.open()),
            receiving: seat.receiver.transport.open(),
            last_heard: seat.receiver.transport.heard().max(seat.publisher.as_ref().map_or(Duration::ZERO, |p| p.transport.heard())),
            tcp: seat.receiver.transport.tcp().is_some() || seat.publisher.as_ref().is_some_and(|p| p.transport.tcp().is_some()),
            sent: seat.publisher.as_ref().map(Publisher::stats).unwrap_or_default(),
            received: received.collect(),
            estimate: seat.receiver.estimate(),
        }
    }
}

fn gate(publish: &Publish, kind: TrackKind) -> Gate {
    match publish.right(kind) {
        Right::Allowed if publish.private => Gate::Private,
        Right::Allowed => Gate::Allowed,
        Right::Muted | Right::Denied => Gate::Muted,
    }
}

fn tapped(participant: ParticipantId, packet: &leg::Incoming) -> TapPacket {
    TapPacket {
        participant,
        track: packet.kind,
        ssrc: packet.ssrc,
        payload_type: if packet.kind == TrackKind::Audio { 111 } else { 96 },
        marker: packet.marker,
        sequence: packet.sequence,
        timestamp: packet.timestamp,
        payload: packet.payload.clone(),
        arrived: packet.at,
    }
}
