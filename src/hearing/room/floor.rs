//! The floor: a hearing with everybody in it, as the committed rows say, and what follows for the engine.
//!
//! Owns reading the room and turning the matrix of `sight` into rights. Must never add to what `sight` says.

use chrono::{DateTime, Utc};
use lianting_media::{Kinds, ParticipantId, Publish, Right, RoomId, TrackKind};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::hearing::seats::{self, Plate, Seat};
use crate::hearing::sight::{Channel, Media, Present, Room, Screen, channel, may_publish, may_receive};
use crate::hearing::states::Course;
use crate::hearing::words::{Place, Role, Side, State};

/// Somebody with a seat.
#[derive(Debug, Clone)]
pub struct Seated {
    /// What `sight` asks of him or her.
    pub present: Present,
    /// Name.
    pub name: String,
    /// Side.
    pub side: Option<Side>,
    /// Party.
    pub party: Option<Uuid>,
    /// Account.
    pub person: Option<Uuid>,
    /// A minor.
    pub minor: bool,
    /// A socket is open, on whatever server.
    pub connected: bool,
    /// Called as a witness.
    pub called: bool,
    /// Hand up since.
    pub hand_at: Option<DateTime<Utc>>,
    /// Last seen leaving.
    pub disconnected_at: Option<DateTime<Utc>>,
}

impl Seated {
    /// 席位.
    pub fn plate(&self) -> Plate {
        seats::plate(&Seat {
            id: self.present.id,
            role: self.present.role,
            side: self.side,
            party: self.party,
            person: self.person,
            minor: self.minor,
        })
    }

    /// In the room: over the line, or in the flesh where the court put him or her.
    pub fn is_there(&self) -> bool {
        self.connected || (self.present.in_court && self.present.place != Place::Outside)
    }
}

/// A hearing and everybody in it.
#[derive(Debug, Clone)]
pub struct Floor {
    /// Court.
    pub court: i32,
    /// Hearing.
    pub hearing: Uuid,
    /// Case.
    pub case: Uuid,
    /// Version of the row.
    pub version: i32,
    /// The room.
    pub room: Room,
    /// The course, as the row keeps it.
    pub course: Course,
    /// Who sits in it.
    pub people: Vec<Seated>,
}

#[derive(FromRow)]
struct HearingRow {
    case_id: Uuid,
    state: String,
    public: bool,
    screens: Json<Vec<Screen>>,
    version: i32,
}

#[derive(FromRow)]
struct SeatRow {
    participant_id: Uuid,
    role: String,
    side: Option<String>,
    party_id: Option<Uuid>,
    person_id: Option<Uuid>,
    name: String,
    mode: String,
    minor: bool,
    hears: Option<String>,
    interprets: Option<String>,
    place: Option<String>,
    room_id: Option<Uuid>,
    connected_at: Option<DateTime<Utc>>,
    disconnected_at: Option<DateTime<Utc>>,
    locked: Option<bool>,
    sharing: Option<bool>,
    called: Option<bool>,
    excluded: Option<bool>,
    hand_at: Option<DateTime<Utc>>,
}

/// Reads a room. `roll_call` is the clerk's switch, which lives with the room and not in a row.
///
/// # Errors
/// 404, a word nobody knows.
pub async fn load(tx: &mut CourtTx, hearing: Uuid, roll_call: bool) -> Result<Floor> {
    let court = tx.court;
    let row: HearingRow =
        sqlx::query_as("select case_id, state, public, screens, version from hearings where court_id = $1 and hearing_id = $2")
            .bind(court)
            .bind(hearing)
            .fetch_optional(tx.conn())
            .await?
            .ok_or_else(Error::not_found)?;
    let state = State::parse(&row.state).ok_or_else(|| Error::internal("a state nobody knows"))?;
    let room = Room { state, public: row.public, roll_call, screens: row.screens.0 };
    let course = crate::hearing::log::course(tx, hearing).await?;
    let rows: Vec<SeatRow> = sqlx::query_as(
        "select p.participant_id, p.role, p.side, p.party_id, p.person_id, p.name, p.mode, p.minor, p.hears, p.interprets,
                s.place, s.room_id, s.connected_at, s.disconnected_at, s.locked, s.sharing, s.called, s.excluded, s.hand_at
           from hearing_participants p
           left join hearing_presence s on s.court_id = p.court_id and s.hearing_id = p.hearing_id and s.participant_id = p.participant_id
          where p.court_id = $1 and p.hearing_id = $2 and p.removed_at is null order by p.seated_at, p.participant_id",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?;
    let people = rows.into_iter().map(seated).collect::<Result<Vec<_>>>()?;
    Ok(Floor { court, hearing, case: row.case_id, version: row.version, room, course, people })
}

fn seated(r: SeatRow) -> Result<Seated> {
    let unknown = || Error::internal("a role or a place nobody knows");
    let role = Role::parse(&r.role).ok_or_else(unknown)?;
    let place = r.place.as_deref().map_or(Some(Place::Outside), Place::parse).ok_or_else(unknown)?;
    let present = Present {
        id: r.participant_id,
        role,
        place,
        room: r.room_id,
        locked: r.locked.unwrap_or_default(),
        may_share: r.sharing.unwrap_or_default(),
        hears: r.hears,
        interprets: r.interprets,
        excluded: r.excluded.unwrap_or_default(),
        in_court: r.mode == "in_court",
    };
    Ok(Seated {
        present,
        name: r.name,
        side: r.side.as_deref().and_then(Side::parse),
        party: r.party_id,
        person: r.person_id,
        minor: r.minor,
        connected: r.connected_at.is_some() && r.disconnected_at.is_none(),
        called: r.called.unwrap_or_default(),
        hand_at: r.hand_at,
        disconnected_at: r.disconnected_at,
    })
}

/// The engine's name of a room.
pub fn room_id(hearing: Uuid) -> RoomId {
    RoomId(hearing.as_u128())
}

/// The engine's name of a participant.
pub fn participant_id(participant: Uuid) -> ParticipantId {
    ParticipantId(participant.as_u128())
}

/// 译音: the second voice of an interpreter.
pub fn second_voice(participant: Uuid) -> ParticipantId {
    ParticipantId(participant.as_u128() ^ 1)
}

/// A participant by the engine's name; the second voice is its interpreter.
pub fn of_engine(floor: &Floor, id: ParticipantId) -> Option<Uuid> {
    floor.people.iter().map(|p| p.present.id).find(|p| p.as_u128() == id.0 || p.as_u128() ^ 1 == id.0)
}

impl Floor {
    /// Somebody by participant.
    pub fn seat(&self, participant: Uuid) -> Option<&Seated> {
        self.people.iter().find(|p| p.present.id == participant)
    }

    /// What a participant may send, as the engine wants it. What may come back in a moment stays negotiated and muted.
    pub fn publish(&self, who: &Seated) -> Publish {
        let p = &who.present;
        let media = may_publish(&self.room, p);
        let gone = p.role.only_watches() || matches!(p.place, Place::Outside | Place::Gallery) || self.room.state.is_final();
        let right = |may: bool, may_come_back: bool| match (may, may_come_back && !gone) {
            (true, _) => Right::Allowed,
            (false, true) => Right::Muted,
            (false, false) => Right::Denied,
        };
        Publish {
            audio: right(media.audio, true),
            video: right(media.video, true),
            screen: right(media.screen, p.may_share || p.role.is_court()),
            private: p.place != Place::Courtroom,
        }
    }

    /// The whole matrix: who receives what of whom, of those who are connected.
    pub fn grants(&self) -> Vec<(ParticipantId, ParticipantId, Kinds)> {
        let here: Vec<&Present> = self.people.iter().filter(|p| p.connected).map(|p| &p.present).collect();
        let mut grants = Vec::new();
        for viewer in &here {
            for subject in &here {
                let media = may_receive(&self.room, viewer, subject);
                if media.is_none() || viewer.id == subject.id {
                    continue;
                }
                let (to, from) = (participant_id(viewer.id), participant_id(subject.id));
                match channel(viewer, subject) {
                    Channel::Floor => grants.push((to, from, kinds(media))),
                    Channel::Interpreted => {
                        grants.push((to, from, kinds(Media { audio: false, ..media })));
                        if media.audio {
                            grants.push((to, second_voice(subject.id), Kinds::AUDIO));
                        }
                    }
                }
            }
        }
        grants
    }

    /// Does a viewer know that somebody is there, and where?
    pub fn knows(&self, viewer: &Seated, subject: &Seated) -> bool {
        let (v, s) = (&viewer.present, &subject.present);
        if v.id == s.id {
            return true;
        }
        // who talks in private is seen by who talks with him or her, and by nobody else
        if matches!(s.place, Place::PrivateRoom) {
            return v.place == Place::PrivateRoom && v.room == s.room;
        }
        if s.place == Place::PanelRoom {
            return v.role.is_court();
        }
        let screened = self.room.screens.iter().any(|x| x.viewer == v.id && x.subject == s.id);
        let insider =
            v.role.is_court() || v.role.is_party_side() || matches!(v.role, Role::Interpreter | Role::Mediator | Role::Technician);
        if insider && !screened {
            return s.place != Place::WitnessRoom || v.role.is_court() || v.role == Role::Technician;
        }
        !may_receive(&self.room, v, s).is_none()
    }
}

fn kinds(media: Media) -> Kinds {
    let each = [(media.audio, TrackKind::Audio), (media.video, TrackKind::Video), (media.screen, TrackKind::Screen)];
    each.into_iter().filter(|(may, _)| *may).fold(Kinds::NONE, |all, (_, kind)| all.with(kind))
}
