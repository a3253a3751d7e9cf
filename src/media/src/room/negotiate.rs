//! Offers and answers of the two connections of a participant. The client offers what it sends; we offer what it
//! receives; so the two never offer at once.
//!
//! Must never: negotiate a track whose right is denied, or name anybody to a client who may not receive that person.

use super::Room;
use super::publish::Publisher;
use super::receive::Negotiation;
use crate::error::{MediaError, Result};
use crate::event::Side;
use crate::ids::{ParticipantId, TrackKind};
use crate::net::Io;
use crate::rights::{Publish, Right};
use crate::sdp::{self, Answered, Description, Offered, Ours};
use crate::transport::{Credentials, Transport};

/// More sections than this are not offered to one client.
const MOST_OFFERED: usize = 200;

/// What a client is to receive: bring `sdp` to it and its answer back with the same `version`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiveOffer {
    /// Names this offer.
    pub version: u64,
    /// The client must begin with a new connection: this one has never met it.
    pub fresh: bool,
    /// The description.
    pub sdp: String,
    /// Which section carries whom.
    pub tracks: Vec<(String, ParticipantId, TrackKind)>,
}

/// How a receiving connection begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Begin {
    /// Go on as it is.
    #[default]
    Continue,
    /// The client's network changed: new paths, same keys.
    RestartIce,
    /// The client has a new connection.
    Anew,
}

impl Room {
    /// The client offers what it sends; answers our description. `tracks` says which section is what; without it the
    /// first audio is the microphone, the first video the camera and the second a screen. Rights are looked at anew.
    pub fn publish_offer(
        &mut self,
        participant: ParticipantId,
        offer: &str,
        tracks: &[(String, TrackKind)],
        io: &mut Io,
    ) -> Result<String> {
        let at = self.seat_of(participant)?;
        let offer = sdp::read(offer)?;
        if !matches!(offer.setup.as_str(), "actpass" | "active") {
            return Err(MediaError::Sdp("the client must take the active part of the handshake"));
        }
        let (chosen, decided) = decide(&offer, tracks, &self.seat(at)?.publish)?;
        let client = (offer.session.clone(), offer.fingerprint.clone());
        if self.seat(at)?.publisher.is_some() && self.seat(at)?.client != client {
            self.hang_up(at, Side::Publish, "replaced", io);
        }
        self.seat(at)?.client = client;
        self.connect_publisher(at, &offer, io)?;
        let session = self.version();
        let seat = self.seat(at)?;
        let publisher = seat.publisher.as_mut().ok_or(MediaError::NotAdmitted)?;
        publisher.negotiated(&offer, &chosen);
        let own = publisher.transport.own.clone();
        self.rewire(io);
        Ok(sdp::answer(&ours(&own, (at as u64 + 1, session), io), &offer, &decided))
    }

    fn version(&mut self) -> u64 {
        self.versions += 1;
        self.versions
    }

    fn connect_publisher(&mut self, at: usize, offer: &Description, io: &mut Io) -> Result<()> {
        let (peer, identity) = (self.peer(at, Side::Publish), io.identity.clone());
        let seat = self.seat(at)?;
        let own = Credentials::new(io.config.random.as_ref());
        match seat.publisher.as_mut() {
            None => {
                let mut transport = Transport::new(own, io.at);
                transport.describe(&identity, &offer.ufrag, &offer.fingerprint)?;
                io.demux.name(&transport.own.ufrag, peer);
                seat.publisher = Some(Publisher::new(transport, io.random()));
            }
            Some(publisher) if publisher.transport.peer_ufrag != offer.ufrag => {
                io.demux.name(&own.ufrag, peer);
                if let Some(dropped) = publisher.transport.restart(own, io.at) {
                    io.demux.unname(&dropped);
                }
                publisher.transport.describe(&identity, &offer.ufrag, &offer.fingerprint)?;
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// Our offer of what the client may receive; nothing while there is nothing.
    pub fn receive_offer(&mut self, participant: ParticipantId, begin: Begin, io: &mut Io) -> Result<Option<ReceiveOffer>> {
        let at = self.seat_of(participant)?;
        match begin {
            Begin::Continue => {}
            Begin::RestartIce => self.restart_receiver(at, io)?,
            Begin::Anew => self.hang_up(at, Side::Receive, "replaced", io),
        }
        let version = self.version();
        let receiver = &mut self.seat(at)?.receiver;
        if receiver.sections.is_empty() {
            return Ok(None);
        }
        let standing = &mut receiver.negotiation;
        *standing = Negotiation { version, pending: true, stale: false, told: None, since: io.at };
        let own = receiver.transport.own.clone();
        let shown = self.sections(at);
        let sections: Vec<Offered> = shown.iter().map(|(offered, _)| offered.clone()).collect();
        if sections.len() > MOST_OFFERED {
            return Err(MediaError::Full("sections"));
        }
        let mut tracks = Vec::new();
        for (offered, whose) in shown {
            tracks.extend(whose.map(|(publisher, kind)| (offered.mid, publisher, kind)));
        }
        let receiver = &mut self.seat(at)?.receiver;
        receiver.offered = receiver.sections.iter().map(|s| s.leg.as_ref().map(|l| l.ssrc)).collect();
        let fresh = receiver.transport.peer_ufrag.is_empty();
        Ok(Some(ReceiveOffer { version, fresh, sdp: sdp::offer(&ours(&own, (at as u64 + 1, version), io), &sections), tracks }))
    }

    fn restart_receiver(&mut self, at: usize, io: &mut Io) -> Result<()> {
        let peer = self.peer(at, Side::Receive);
        let own = Credentials::new(io.config.random.as_ref());
        io.demux.name(&own.ufrag, peer);
        if let Some(dropped) = self.seat(at)?.receiver.transport.restart(own, io.at) {
            io.demux.unname(&dropped);
        }
        Ok(())
    }

    #[allow(clippy::type_complexity, reason = "a section and, if it is taken, whose it is")]
    fn sections(&self, at: usize) -> Vec<(Offered, Option<(ParticipantId, TrackKind)>)> {
        let Some(seat) = &self.seats[at] else { return Vec::new() };
        let whose = |publisher: usize| self.seats[publisher].as_ref().map(|s| s.id);
        let sections = seat.receiver.sections.iter().map(|section| {
            let taken = section.leg.as_ref().and_then(|l| Some((whose(l.publisher)?, l.kind, l.ssrc)));
            let kind = if section.audio { TrackKind::Audio } else { TrackKind::Video };
            let track = taken.map(|(id, kind, ssrc)| (format!("{:032x}-{}", id.0, u8::from(kind == TrackKind::Screen)), ssrc));
            (Offered { mid: section.mid.clone(), kind, track }, taken.map(|(id, kind, _)| (id, kind)))
        });
        sections.collect()
    }

    /// The client's answer to our offer.
    pub fn receive_answer(&mut self, participant: ParticipantId, version: u64, answer: &str, io: &mut Io) -> Result<()> {
        let at = self.seat_of(participant)?;
        let answer = sdp::read(answer)?;
        let identity = io.identity.clone();
        let receiver = &mut self.seat(at)?.receiver;
        if !receiver.negotiation.pending || receiver.negotiation.version != version {
            return Err(MediaError::OutOfOrder("this offer was replaced"));
        }
        if answer.setup != "active" {
            return Err(MediaError::Sdp("the client must take the active part of the handshake"));
        }
        let named = receiver.sections.iter().zip(&answer.media).all(|(s, m)| s.mid == m.mid);
        if answer.media.len() != receiver.offered.len() || !named {
            return Err(MediaError::Sdp("the sections are not those of the offer"));
        }
        receiver.transport.describe(&identity, &answer.ufrag, &answer.fingerprint)?;
        receiver.negotiation.pending = false;
        for ((section, media), offered) in receiver.sections.iter_mut().zip(&answer.media).zip(&receiver.offered) {
            let same = section.leg.as_ref().map(|l| l.ssrc) == *offered;
            let taken = !media.refused && media.direction.receives();
            section.active = section.leg.is_some() && same && taken;
        }
        let wants = answer.media.iter().find(|m| !m.refused && m.direction.receives());
        receiver.extension = wants.map_or(receiver.extension, |m| m.extension(sdp::TRANSPORT_CC).min(14));
        self.announce(io);
        Ok(())
    }
}

fn ours<'a>(own: &'a Credentials, session: (u64, u64), io: &'a Io) -> Ours<'a> {
    Ours { session, ufrag: &own.ufrag, password: &own.password, fingerprint: &io.identity.fingerprint, udp: &io.told.0, tcp: &io.told.1 }
}

type Decision = (Vec<(usize, TrackKind)>, Vec<Answered>);

/// What is taken of an offer, section by section.
fn decide(offer: &Description, tracks: &[(String, TrackKind)], rights: &Publish) -> Result<Decision> {
    let (mut chosen, mut decided) = (Vec::new(), Vec::new());
    for (at, media) in offer.media.iter().enumerate() {
        let audio = match media.kind.as_str() {
            "audio" => true,
            "video" => false,
            _ => {
                decided.push(Answered::Refused);
                continue;
            }
        };
        if media.refused {
            decided.push(Answered::Refused);
            continue;
        }
        let kind = tracks.iter().find(|(mid, _)| *mid == media.mid).map(|(_, kind)| *kind).or_else(|| guess(&chosen, audio, tracks));
        let kind = kind.filter(|k| (*k == TrackKind::Audio) == audio && chosen.iter().all(|(_, taken)| taken != k));
        match kind.filter(|k| media.direction.sends() && media.codec.is_some() && rights.right(*k) != Right::Denied) {
            Some(kind) => {
                chosen.push((at, kind));
                decided.push(Answered::Received(media.rids.clone()));
            }
            None => decided.push(Answered::Silent),
        }
    }
    if decided.iter().all(|d| *d == Answered::Refused) {
        return Err(MediaError::Sdp("nothing in it can be received"));
    }
    Ok((chosen, decided))
}

fn guess(chosen: &[(usize, TrackKind)], audio: bool, named: &[(String, TrackKind)]) -> Option<TrackKind> {
    let free = |kind: TrackKind| named.is_empty() && chosen.iter().all(|(_, k)| *k != kind);
    let order: &[TrackKind] = if audio { &[TrackKind::Audio] } else { &[TrackKind::Video, TrackKind::Screen] };
    order.iter().copied().find(|k| free(*k))
}
