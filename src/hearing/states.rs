//! 庭审流程: the one state machine of a hearing, from scheduling to the closed room.
//!
//! Owns which step leads from which state to which, and what a hearing is after a row of steps: its state, its stage, its
//! breaks, its outcome. Every step is an event with its time; replaying the events gives the hearing again, so that what
//! is stored beside them is only a copy. Who may take a step, and what must be ready first, is in `guards.rs`; what is
//! recorded when, in `breaks.rs`. Must never take a step by itself: people drive it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::words::{BreakKind, Outcome, Stage, State};

/// A step of a hearing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// 开放候庭.
    OpenWaiting,
    /// 开庭.
    Open,
    /// 进入某一环节.
    Enter {
        /// Which.
        stage: Stage,
    },
    /// 休庭.
    Adjourn {
        /// Why, written into the file (庭审录音录像规定 Art 3).
        reason: String,
    },
    /// 因故障中止.
    Suspend {
        /// Whose fault, and what.
        reason: String,
    },
    /// 恢复庭审: back into the part that was left.
    Resume,
    /// 转入不公开部分.
    BeginClosedPart {
        /// Why the public leaves.
        reason: String,
        /// The recording goes on.
        recorded: bool,
    },
    /// 庭上调解.
    BeginMediation {
        /// How it came to it.
        reason: String,
        /// Everybody agreed to be recorded.
        recorded: bool,
    },
    /// 结束不公开部分、调解: back to the public hearing.
    BackToOpen,
    /// 结束庭审.
    End {
        /// How it ended.
        outcome: Outcome,
    },
    /// 发起笔录签名.
    StartSigning,
    /// 收回签名，继续改笔录.
    ReopenTranscript,
    /// 最后一人签完，锁定.
    Lock,
    /// 关闭.
    Close,
    /// 取消.
    Cancel {
        /// Why.
        reason: String,
    },
    /// 改期.
    Postpone {
        /// Why.
        reason: String,
    },
    /// 转线下.
    MoveOffline {
        /// Why.
        reason: String,
    },
}

impl Step {
    /// The word of the event log.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::OpenWaiting => "open_waiting",
            Self::Open => "open",
            Self::Enter { .. } => "enter",
            Self::Adjourn { .. } => "adjourn",
            Self::Suspend { .. } => "suspend",
            Self::Resume => "resume",
            Self::BeginClosedPart { .. } => "begin_closed_part",
            Self::BeginMediation { .. } => "begin_mediation",
            Self::BackToOpen => "back_to_open",
            Self::End { .. } => "end",
            Self::StartSigning => "start_signing",
            Self::ReopenTranscript => "reopen_transcript",
            Self::Lock => "lock",
            Self::Close => "close",
            Self::Cancel { .. } => "cancel",
            Self::Postpone { .. } => "postpone",
            Self::MoveOffline { .. } => "move_offline",
        }
    }

    /// One of each, with nothing in it: for lists of what is possible.
    pub fn samples() -> Vec<Step> {
        let reason = String::new;
        vec![
            Self::OpenWaiting,
            Self::Open,
            Self::Enter { stage: Stage::Opening },
            Self::Adjourn { reason: reason() },
            Self::Suspend { reason: reason() },
            Self::Resume,
            Self::BeginClosedPart { reason: reason(), recorded: true },
            Self::BeginMediation { reason: reason(), recorded: false },
            Self::BackToOpen,
            Self::End { outcome: Outcome::Completed },
            Self::StartSigning,
            Self::ReopenTranscript,
            Self::Lock,
            Self::Close,
            Self::Cancel { reason: reason() },
            Self::Postpone { reason: reason() },
            Self::MoveOffline { reason: reason() },
        ]
    }

    /// The reason it carries, where it must carry one.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Adjourn { reason }
            | Self::Suspend { reason }
            | Self::BeginClosedPart { reason, .. }
            | Self::BeginMediation { reason, .. }
            | Self::Cancel { reason }
            | Self::Postpone { reason }
            | Self::MoveOffline { reason } => Some(reason),
            _ => None,
        }
    }
}

/// One step with its time and its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its number, counted from 1.
    pub n: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub step: Step,
}

/// A break in the recording, with its reason (庭审录音录像规定 Art 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Break {
    /// Which of the three.
    pub kind: BreakKind,
    /// Because of a fault: an adjournment that nobody chose.
    pub fault: bool,
    /// Why.
    pub reason: String,
    /// Since when.
    pub from: DateTime<Utc>,
    /// Until when; none while it lasts.
    pub until: Option<DateTime<Utc>>,
}

/// The part of a sitting one is in, or left for a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// 公开.
    Public,
    /// 不公开, recorded or not.
    Closed {
        /// The recording goes on.
        recorded: bool,
    },
    /// 调解, recorded or not.
    Mediation {
        /// The recording goes on.
        recorded: bool,
    },
}

impl Part {
    const fn state(self) -> State {
        match self {
            Self::Public => State::Open,
            Self::Closed { .. } => State::ClosedPart,
            Self::Mediation { .. } => State::Mediation,
        }
    }

    const fn is_recorded(self) -> bool {
        match self {
            Self::Public => true,
            Self::Closed { recorded } | Self::Mediation { recorded } => recorded,
        }
    }
}

/// A hearing after the steps taken so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Course {
    /// Steps so far.
    pub n: u64,
    /// When the last was taken.
    pub last_at: Option<DateTime<Utc>>,
    /// State.
    pub state: State,
    /// The part one is in, or comes back to after a break.
    pub part: Part,
    /// 环节.
    pub stage: Option<Stage>,
    /// 开庭.
    pub opened_at: Option<DateTime<Utc>>,
    /// 结束庭审.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Breaks in the recording.
    pub breaks: Vec<Break>,
    /// Stages as they were entered.
    pub stages: Vec<(Stage, DateTime<Utc>)>,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            n: 0,
            last_at: None,
            state: State::Scheduled,
            part: Part::Public,
            stage: None,
            opened_at: None,
            ended_at: None,
            outcome: None,
            breaks: Vec::new(),
            stages: Vec::new(),
        }
    }
}

/// Why a log of events cannot be replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// The numbers leave one out.
    OutOfOrder(u64),
    /// Time goes backwards.
    Backwards(u64),
    /// No such step from the state it is in.
    NoSuchStep(u64, State),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfOrder(n) => write!(f, "event {n} is not the next"),
            Self::Backwards(n) => write!(f, "event {n} goes back in time"),
            Self::NoSuchStep(n, state) => write!(f, "event {n} does not follow from {}", state.key()),
        }
    }
}

impl std::error::Error for Broken {}

/// Replays events from the beginning.
///
/// # Errors
/// The first that does not hold.
pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Result<Course, Broken> {
    events.into_iter().try_fold(Course::default(), |course, event| course.then(event))
}

/// The state a step leads to; none where it cannot be taken. The whole machine is this table.
pub const fn next(from: State, part: Part, step: &Step) -> Option<State> {
    use State as S;
    Some(match (from, step) {
        (S::Scheduled, Step::OpenWaiting) => S::Waiting,
        (S::Waiting, Step::Open) => S::Open,
        (S::Scheduled | S::Waiting, Step::Cancel { .. }) => S::Cancelled,
        (S::Scheduled | S::Waiting, Step::Postpone { .. }) => S::Postponed,
        (S::Scheduled | S::Waiting, Step::MoveOffline { .. }) => S::MovedOffline,
        (S::Open, Step::Enter { .. }) => S::Open,
        (S::ClosedPart, Step::Enter { .. }) => S::ClosedPart,
        (S::Open | S::ClosedPart | S::Mediation, Step::Adjourn { .. }) => S::Adjourned,
        (S::Open | S::ClosedPart | S::Mediation | S::Adjourned, Step::Suspend { .. }) => S::Suspended,
        // 中止以后也可以改为休庭: the fault is mended, the pause goes on
        (S::Suspended, Step::Adjourn { .. }) => S::Adjourned,
        (S::Adjourned | S::Suspended, Step::Resume) => part.state(),
        (S::Open, Step::BeginClosedPart { .. }) => S::ClosedPart,
        (S::Open, Step::BeginMediation { .. }) => S::Mediation,
        (S::ClosedPart | S::Mediation, Step::BackToOpen) => S::Open,
        (S::Open | S::Mediation | S::Adjourned | S::Suspended, Step::End { .. }) => S::Ended,
        (S::Ended, Step::StartSigning) => S::Signing,
        (S::Signing, Step::ReopenTranscript) => S::Ended,
        (S::Signing, Step::Lock) => S::Locked,
        (S::Locked, Step::Close) => S::Closed,
        _ => return None,
    })
}

/// The steps a state allows, without regard to who takes them.
pub fn possible(course: &Course) -> Vec<&'static str> {
    Step::samples().iter().filter(|s| next(course.state, course.part, s).is_some()).map(Step::key).collect()
}

impl Course {
    /// The hearing after one more event.
    ///
    /// # Errors
    /// When the event does not follow.
    pub fn then(&self, event: &Event) -> Result<Course, Broken> {
        if event.n != self.n + 1 {
            return Err(Broken::OutOfOrder(event.n));
        }
        if self.last_at.is_some_and(|last| event.at < last) {
            return Err(Broken::Backwards(event.n));
        }
        let state = next(self.state, self.part, &event.step).ok_or(Broken::NoSuchStep(event.n, self.state))?;
        let mut course = self.clone();
        (course.n, course.last_at, course.state) = (event.n, Some(event.at), state);
        course.take_in(&event.step, event.at);
        Ok(course)
    }

    /// The event of a step taken now.
    ///
    /// # Errors
    /// When the state does not allow the step.
    pub fn event(&self, step: Step, now: DateTime<Utc>) -> Result<Event, Refusal> {
        if next(self.state, self.part, &step).is_none() {
            return Err(self.not_now());
        }
        // two nodes' clocks may differ by a little; the log never goes back
        Ok(Event { n: self.n + 1, at: self.last_at.map_or(now, |last| last.max(now)), step })
    }

    /// 正在录音录像: what the recorder should be doing.
    pub fn records(&self) -> bool {
        matches!(self.state, State::Open | State::ClosedPart | State::Mediation) && self.part.is_recorded()
    }

    /// The public may watch.
    pub fn is_public_now(&self) -> bool {
        self.state == State::Open
    }

    fn take_in(&mut self, step: &Step, at: DateTime<Utc>) {
        let paused = |kind, fault, reason: &str| Break { kind, fault, reason: reason.to_owned(), from: at, until: None };
        match step {
            Step::Open => {
                self.opened_at = Some(at);
                self.stage = Some(Stage::Opening);
                self.stages.push((Stage::Opening, at));
            }
            Step::Enter { stage } => {
                self.stage = Some(*stage);
                self.stages.push((*stage, at));
            }
            Step::Adjourn { reason } | Step::Suspend { reason } => {
                self.end_break(at);
                self.breaks.push(paused(BreakKind::Adjournment, matches!(step, Step::Suspend { .. }), reason));
            }
            Step::Resume => {
                self.end_break(at);
                self.break_of_part(self.part, at);
            }
            Step::BeginClosedPart { reason, recorded } => {
                self.part = Part::Closed { recorded: *recorded };
                self.break_with(BreakKind::ClosedEvidence, *recorded, reason, at);
            }
            Step::BeginMediation { reason, recorded } => {
                self.part = Part::Mediation { recorded: *recorded };
                self.stage = Some(Stage::Settlement);
                self.stages.push((Stage::Settlement, at));
                self.break_with(BreakKind::Mediation, *recorded, reason, at);
            }
            Step::BackToOpen => {
                self.part = Part::Public;
                self.end_break(at);
            }
            Step::End { outcome } => {
                self.end_break(at);
                self.ended_at = Some(at);
                self.outcome = Some(*outcome);
            }
            Step::MoveOffline { .. } => self.outcome = Some(Outcome::MovedOffline),
            Step::Postpone { .. } => self.outcome = Some(Outcome::Postponed),
            _ => {}
        }
    }

    fn end_break(&mut self, at: DateTime<Utc>) {
        if let Some(last) = self.breaks.last_mut().filter(|b| b.until.is_none()) {
            last.until = Some(at);
        }
    }

    fn break_with(&mut self, kind: BreakKind, recorded: bool, reason: &str, at: DateTime<Utc>) {
        if !recorded {
            self.breaks.push(Break { kind, fault: false, reason: reason.to_owned(), from: at, until: None });
        }
    }

    /// Back from a pause into a part that is not recorded: its own break begins anew, with its own reason.
    fn break_of_part(&mut self, part: Part, at: DateTime<Utc>) {
        let kind = match part {
            Part::Closed { recorded: false } => BreakKind::ClosedEvidence,
            Part::Mediation { recorded: false } => BreakKind::Mediation,
            _ => return,
        };
        let reason = self.breaks.iter().rev().find(|b| b.kind == kind).map(|b| b.reason.clone()).unwrap_or_default();
        self.break_with(kind, false, &reason, at);
    }

    fn not_now(&self) -> Refusal {
        Refusal::new(
            "hearing.not_now",
            (
                format!("庭审现在是「{}」，不能这样做。", self.state.zh()),
                format!("The hearing is {}: this is not possible now.", self.state.en()),
            ),
            ("请刷新后按现在的状态操作。", "Refresh, and act by the state it is in."),
        )
    }
}
