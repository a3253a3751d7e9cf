//! What goes over the socket: every message a page may send, and how the house answers.
//!
//! Owns the shapes and their bounds. Must never trust a field: ids are looked up, words are parsed, sizes are held.

use lianting_media::TrackKind;
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::{Error, said};
use crate::hearing::states::Step;
use crate::hearing::words::{Outcome, Stage};

/// The longest text of a reason.
const LONGEST_REASON: usize = 500;
/// Marks on one page of evidence.
const MOST_MARKS: usize = 200;

/// A kind of track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Track {
    /// 麦克风.
    Audio,
    /// 摄像头.
    Video,
    /// 共享屏幕.
    Screen,
}

impl Track {
    /// As the engine says it.
    pub const fn kind(self) -> TrackKind {
        match self {
            Self::Audio => TrackKind::Audio,
            Self::Video => TrackKind::Video,
            Self::Screen => TrackKind::Screen,
        }
    }

    /// From the engine's word.
    pub const fn of(kind: TrackKind) -> Self {
        match kind {
            TrackKind::Audio => Self::Audio,
            TrackKind::Video => Self::Video,
            TrackKind::Screen => Self::Screen,
        }
    }
}

/// How a receiving connection begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Begin {
    /// Goes on.
    Continue,
    /// New paths.
    Restart,
    /// A new connection.
    Anew,
}

/// What one does with a private room.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum RoomWish {
    /// Opens one and invites.
    Open {
        /// Participants.
        invite: Vec<Uuid>,
    },
    /// Enters one.
    Enter {
        /// Which.
        room: Uuid,
    },
    /// Leaves it.
    Leave,
    /// Nobody comes in any more, or again.
    Lock {
        /// Locked.
        on: bool,
    },
}

/// A step, as pages and programs ask for it.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct StepOrder {
    /// The version its page showed; over the socket it may be left out.
    #[serde(default)]
    pub version: Option<i32>,
    /// Step.
    pub step: StepWord,
    /// Why; asked for by adjourn, suspend, begin_closed_part, begin_mediation, cancel, postpone, move_offline.
    #[serde(default)]
    #[oai(default, validator(max_length = 500))]
    pub reason: String,
    /// 环节: of enter.
    #[serde(default)]
    #[oai(validator(max_length = 40))]
    pub stage: Option<String>,
    /// How it ended: of end.
    #[serde(default)]
    #[oai(validator(max_length = 40))]
    pub outcome: Option<String>,
    /// Of begin_closed_part and begin_mediation: the recording goes on.
    #[serde(default)]
    pub recorded: Option<bool>,
    /// Why an obstacle that may be set aside is set aside.
    #[serde(default)]
    #[oai(validator(max_length = 500))]
    pub set_aside: Option<String>,
}

/// Every step a person takes; locking follows from the last signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum StepWord {
    /// 开放候庭.
    OpenWaiting,
    /// 开庭.
    Open,
    /// 进入某一环节.
    Enter,
    /// 休庭.
    Adjourn,
    /// 因故障中止.
    Suspend,
    /// 恢复庭审.
    Resume,
    /// 转入不公开部分.
    BeginClosedPart,
    /// 庭上调解.
    BeginMediation,
    /// 回到公开庭审.
    BackToOpen,
    /// 结束庭审.
    End,
    /// 发起笔录签名.
    StartSigning,
    /// 收回签名.
    ReopenTranscript,
    /// 关闭法庭.
    Close,
    /// 取消.
    Cancel,
    /// 改期.
    Postpone,
    /// 转线下.
    MoveOffline,
}

impl StepOrder {
    /// 取消.
    pub fn cancel(version: i32, reason: &str) -> Self {
        Self {
            version: Some(version),
            step: StepWord::Cancel,
            reason: reason.to_owned(),
            stage: None,
            outcome: None,
            recorded: None,
            set_aside: None,
        }
    }

    /// The step.
    ///
    /// # Errors
    /// A field the step needs and does not have.
    pub fn read(&self) -> Result<Step, Error> {
        if self.reason.len() > LONGEST_REASON * 4 {
            return Err(unreadable("reason"));
        }
        let reason = self.reason.trim().to_owned();
        Ok(match self.step {
            StepWord::OpenWaiting => Step::OpenWaiting,
            StepWord::Open => Step::Open,
            StepWord::Enter => Step::Enter { stage: self.stage.as_deref().and_then(Stage::parse).ok_or_else(|| unreadable("stage"))? },
            StepWord::Adjourn => Step::Adjourn { reason },
            StepWord::Suspend => Step::Suspend { reason },
            StepWord::Resume => Step::Resume,
            StepWord::BeginClosedPart => Step::BeginClosedPart { reason, recorded: self.recorded.unwrap_or(true) },
            StepWord::BeginMediation => Step::BeginMediation { reason, recorded: self.recorded.unwrap_or(false) },
            StepWord::BackToOpen => Step::BackToOpen,
            StepWord::End => Step::End {
                outcome: self.outcome.as_deref().map_or(Some(Outcome::Completed), Outcome::parse).ok_or_else(|| unreadable("outcome"))?,
            },
            StepWord::StartSigning => Step::StartSigning,
            StepWord::ReopenTranscript => Step::ReopenTranscript,
            StepWord::Close => Step::Close,
            StepWord::Cancel => Step::Cancel { reason },
            StepWord::Postpone => Step::Postpone { reason },
            StepWord::MoveOffline => Step::MoveOffline { reason },
        })
    }
}

/// What a page says.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said {
    /// What it sends, as an offer.
    Publish {
        /// Description.
        sdp: String,
        /// Which section is what.
        #[serde(default)]
        tracks: Vec<(String, Track)>,
        /// Of an interpreter: the second voice.
        #[serde(default)]
        second_voice: bool,
    },
    /// Wants an offer of what it receives.
    Receive {
        /// How.
        begin: Begin,
    },
    /// Its answer to our offer.
    Answer {
        /// Which offer.
        version: u64,
        /// Description.
        sdp: String,
    },
    /// 心跳.
    Beat {
        /// Lost upwards, tenths of a percent.
        up_loss: u32,
        /// Lost downwards, tenths of a percent.
        down_loss: u32,
        /// Round trip, milliseconds.
        rtt: u32,
        /// In front.
        visible: bool,
        /// Gives pictures.
        camera: bool,
        /// Gives sound.
        microphone: bool,
        /// Percent.
        #[serde(default)]
        battery: Option<u8>,
    },
    /// 点了「离开」.
    Leave {},
    /// The page is being closed.
    Closing {},
    /// One's own track off or on.
    Mute {
        /// Which.
        what: Track,
        /// Off.
        on: bool,
    },
    /// 举手.
    Hand {
        /// Up.
        up: bool,
    },
    /// A device gave up.
    Device {
        /// Which.
        what: Track,
    },
    /// 译音.
    Channel {
        /// Language; none: the floor.
        #[serde(default)]
        language: Option<String>,
    },
    /// The picture of somebody is small on the page.
    Cap {
        /// Whose.
        publisher: Uuid,
        /// Which.
        what: Track,
        /// 0 to 2.
        layer: u8,
    },
    /// A prompt or a warning arrived, or was seen.
    Told {
        /// Which.
        id: Uuid,
        /// Seen.
        seen: bool,
    },
    /// Oneself to another place.
    Move {
        /// Where.
        to: String,
    },
    /// 私密会谈.
    Room(RoomWish),
    /// 出示.
    Show {
        /// Which; none: nothing any more.
        exhibit: Option<Uuid>,
        /// Page.
        #[serde(default)]
        page: u32,
        /// Percent.
        #[serde(default)]
        zoom: u32,
        /// Of the page's width, in thousandths.
        #[serde(default)]
        x: i32,
        /// Of the page's height, in thousandths.
        #[serde(default)]
        y: i32,
        /// Marks.
        #[serde(default)]
        marks: Vec<Mark>,
    },
    /// 推进.
    Step(StepOrder),
    /// Somebody to another place.
    Place {
        /// Who.
        participant: Uuid,
        /// Where.
        to: String,
    },
    /// 传唤.
    Call {
        /// Who.
        participant: Uuid,
    },
    /// 静音并锁定.
    Lock {
        /// Who.
        #[serde(default)]
        participant: Option<Uuid>,
        /// Everybody but the court.
        #[serde(default)]
        all: bool,
        /// On.
        on: bool,
    },
    /// May share.
    Share {
        /// Who.
        participant: Uuid,
        /// May.
        on: bool,
    },
    /// 责令退出.
    Exclude {
        /// Who.
        participant: Uuid,
        /// Out.
        on: bool,
    },
    /// Who is large.
    Spotlight {
        /// Who; none: nobody.
        participant: Option<Uuid>,
    },
    /// How it looks.
    Layout {
        /// speaker, equal, evidence or bench.
        layout: String,
    },
    /// 提示、警告.
    Warn {
        /// Who.
        participant: Uuid,
        /// prompt or warning.
        rung: String,
    },
    /// 一并核对身份.
    RollCall {
        /// On.
        on: bool,
    },
}

/// A mark on a page of evidence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mark {
    /// Page.
    pub page: u32,
    /// line, box or point.
    pub kind: MarkKind,
    /// Corners, in thousandths of the page.
    pub points: Vec<(i32, i32)>,
}

/// What a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// A stroke.
    Line,
    /// A frame.
    Box,
    /// A pointer.
    Point,
}

/// Are the marks few and inside the page?
pub fn marks_fit(marks: &[Mark]) -> bool {
    marks.len() <= MOST_MARKS
        && marks.iter().all(|m| m.points.len() <= 400 && m.points.iter().all(|(x, y)| (0..=1000).contains(x) && (0..=1000).contains(y)))
}

/// A message with the number its answer shall carry.
#[derive(Debug)]
pub struct Heard {
    /// The number.
    pub n: Option<i64>,
    /// Its type, as it was written.
    pub kind: String,
    /// What.
    pub said: Result<Said, Error>,
}

/// Reads a message.
pub fn read(text: &str) -> Heard {
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return Heard { n: None, kind: String::new(), said: Err(unreadable("")) };
    };
    let n = value["n"].as_i64();
    let kind: String = value["type"].as_str().unwrap_or_default().chars().take(40).collect();
    let said = serde_json::from_value(value).map_err(|_| unreadable("type"));
    Heard { n, kind, said }
}

/// What cannot be read.
pub fn unreadable(field: &'static str) -> Error {
    let error = Error::invalid(
        "hearing.unreadable",
        said("这条消息看不懂。", "The message cannot be read."),
        said("请刷新页面；程序请按接口文档填写。", "Reload the page; software follows the document."),
    );
    if field.is_empty() { error } else { error.at(format!("/{field}")) }
}

/// Done.
pub fn done(n: i64) -> Value {
    json!({ "type": "done", "n": n })
}

/// Refused, in both languages.
pub fn refused(n: Option<i64>, to: &str, error: &Error) -> Value {
    let p = error.problem();
    json!({ "type": "refused", "n": n, "to": to, "code": error.code, "zh": p.detail, "en": p.detail_en, "cure_zh": p.cure, "cure_en": p.cure_en, "field": p.field })
}
