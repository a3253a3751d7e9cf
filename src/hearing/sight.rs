//! 谁能看见、听见谁: the matrix of who may send and who may receive in each place and state.
//!
//! Owns the answer the media engine asks for on every negotiation and every change: what a participant may publish, and
//! what of one another may receive (在线诉讼规则 Art 24–27; 法庭规则 Art 9, 17). Witnesses wait alone and hear nothing; the
//! gallery watches the public part and nothing else; private rooms are their members' alone and are never recorded; the
//! panel deliberates among itself. Must never answer yes because nobody said no: what is not listed does not flow.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::words::{Place, Role, State};

/// Which media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Media {
    /// 声音.
    pub audio: bool,
    /// 画面.
    pub video: bool,
    /// 共享屏幕.
    pub screen: bool,
}

impl Media {
    /// Nothing.
    pub const NONE: Self = Self { audio: false, video: false, screen: false };
    /// Sound and picture.
    pub const CALL: Self = Self { audio: true, video: true, screen: false };
    /// Everything.
    pub const ALL: Self = Self { audio: true, video: true, screen: true };

    /// What both allow.
    pub const fn both(self, other: Self) -> Self {
        Self { audio: self.audio && other.audio, video: self.video && other.video, screen: self.screen && other.screen }
    }

    /// Nothing at all.
    pub const fn is_none(self) -> bool {
        !self.audio && !self.video && !self.screen
    }
}

/// What the engine has to know of one participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// Participant.
    pub id: Uuid,
    /// Role.
    pub role: Role,
    /// Where.
    pub place: Place,
    /// Which private room.
    pub room: Option<Uuid>,
    /// 被静音并锁定: only the court opens the microphone again.
    pub locked: bool,
    /// May share a screen now.
    pub may_share: bool,
    /// 听哪种语言: the channel of an interpreter, instead of the floor.
    pub hears: Option<String>,
    /// Of an interpreter: the language beside that of the court.
    pub interprets: Option<String>,
    /// Removed by the judge for this part.
    pub excluded: bool,
    /// Works from the courtroom itself, over its own equipment.
    pub in_court: bool,
}

/// Two people who must not see, or not hear, one another (special measures).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// Who must not perceive.
    pub viewer: Uuid,
    /// Whom.
    pub subject: Uuid,
    /// Not heard either.
    pub also_unheard: bool,
}

/// The room as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// State.
    pub state: State,
    /// 公开 hearing: there may be a gallery.
    pub public: bool,
    /// 一并核对身份: those who wait see one another (H13).
    pub roll_call: bool,
    /// Screens.
    pub screens: Vec<Screen>,
}

/// What a participant may send.
pub fn may_publish(room: &Room, who: &Present) -> Media {
    if room.state == State::Closed || who.role.only_watches() {
        return Media::NONE;
    }
    let call = Media { audio: !who.locked || who.role.is_court(), video: true, screen: false };
    match who.place {
        Place::Outside | Place::Gallery => Media::NONE,
        Place::TestRoom => Media::CALL,
        Place::PrivateRoom | Place::PanelRoom => Media::CALL,
        Place::WaitingRoom | Place::WitnessRoom => call,
        Place::Courtroom => in_the_room(room, who, call),
    }
}

fn in_the_room(room: &Room, who: &Present, call: Media) -> Media {
    if who.excluded && !who.role.is_court() {
        return Media::NONE;
    }
    match room.state {
        State::Adjourned => Media::NONE,
        State::Open | State::ClosedPart | State::Mediation if who.role == Role::Technician => Media::NONE,
        State::Open | State::ClosedPart | State::Mediation => Media { screen: who.may_share || who.role.is_court(), ..call },
        // before opening, during a fault, while the transcript is read: talk, no sharing
        State::Waiting | State::Suspended | State::Ended | State::Signing | State::Locked => call,
        _ => Media::NONE,
    }
}

/// What one may receive of another.
pub fn may_receive(room: &Room, viewer: &Present, subject: &Present) -> Media {
    if viewer.id == subject.id {
        return if viewer.place == Place::TestRoom { Media::CALL } else { Media::NONE };
    }
    let sent = may_publish(room, subject);
    if sent.is_none() {
        return Media::NONE;
    }
    let flow = match (viewer.place, subject.place) {
        (Place::Courtroom, Place::Courtroom) => courtroom(room, viewer, subject),
        (Place::Gallery, Place::Courtroom)
            if room.public && room.state == State::Open && viewer.role.only_watches() && !viewer.excluded =>
        {
            Media::ALL
        }
        (Place::WaitingRoom | Place::Courtroom, Place::WaitingRoom | Place::Courtroom) => waiting(room, viewer, subject),
        // the court looks after whoever waits to testify: only the court, and only one at a time hears it
        (Place::Courtroom | Place::WaitingRoom, Place::WitnessRoom) if viewer.role.is_clerk() => Media::CALL,
        (Place::WitnessRoom, Place::WaitingRoom) if viewer.role.waits_apart() && subject.role.is_clerk() && room.state.is_before() => {
            Media::CALL
        }
        (Place::PrivateRoom, Place::PrivateRoom) if viewer.room.is_some() && viewer.room == subject.room && !viewer.role.only_watches() => {
            Media::CALL
        }
        (Place::PanelRoom, Place::PanelRoom) if viewer.role.is_court() && subject.role.is_court() => Media::CALL,
        _ => Media::NONE,
    };
    screened(room, viewer, subject, flow.both(sent))
}

fn courtroom(room: &Room, viewer: &Present, subject: &Present) -> Media {
    if (viewer.excluded && !viewer.role.is_court()) || viewer.role.only_watches() {
        return Media::NONE;
    }
    match room.state {
        State::Open | State::ClosedPart | State::Mediation => {
            // 技术人员不接触不公开的内容
            let outsider = viewer.role == Role::Technician && room.state != State::Open;
            if outsider { Media::NONE } else { Media::ALL }
        }
        State::Waiting => waiting(room, viewer, subject),
        // the bench tells the others what is going on; they may ask
        State::Suspended if viewer.role.is_court() || subject.role.is_court() => Media::CALL,
        State::Ended | State::Signing | State::Locked => Media::CALL,
        _ => Media::NONE,
    }
}

/// 候庭: the court sees everybody, everybody sees the clerk; the sides see one another while identities are checked.
fn waiting(room: &Room, viewer: &Present, subject: &Present) -> Media {
    let watched = viewer.role.is_court() || viewer.role == Role::Technician;
    let clerk = subject.role.is_clerk();
    let together = room.roll_call && !viewer.role.waits_apart() && !viewer.role.only_watches() && !subject.role.waits_apart();
    if viewer.role.only_watches() || subject.role.only_watches() {
        return Media::NONE;
    }
    // once the hearing is open, those who still wait hear nothing of it
    if room.state.is_sitting() && (viewer.place == Place::WaitingRoom) != (subject.place == Place::WaitingRoom) {
        return if viewer.place == Place::Courtroom && viewer.role.is_clerk() { Media::CALL } else { Media::NONE };
    }
    if watched || clerk || together { Media::CALL } else { Media::NONE }
}

fn screened(room: &Room, viewer: &Present, subject: &Present, flow: Media) -> Media {
    match room.screens.iter().find(|s| s.viewer == viewer.id && s.subject == subject.id) {
        Some(screen) => Media { audio: flow.audio && !screen.also_unheard, video: false, screen: false },
        None => flow,
    }
}

/// What of a participant goes into the recording of the hearing; private rooms and the panel have no way into it.
pub fn is_recorded(room: &Room, records: bool, subject: &Present) -> Media {
    if records && subject.place == Place::Courtroom { may_publish(room, subject) } else { Media::NONE }
}

/// Which sound of an interpreter a listener gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// What is said to the court.
    Floor,
    /// What is said in the listener's language.
    Interpreted,
}

/// 翻译: an interpreter has two voices. Who listens in that language hears the one, everybody else the other.
pub fn channel(viewer: &Present, interpreter: &Present) -> Channel {
    match (&viewer.hears, &interpreter.interprets) {
        (Some(hears), Some(to)) if hears == to => Channel::Interpreted,
        _ => Channel::Floor,
    }
}
