//! What the register answers. Owns the listed numbers and the face sessions; must never grow without end.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::numbers::{Kind, well_formed};

/// How many face sessions are kept.
const KEPT: usize = 10_000;
/// How long a person has to show their face.
const OPEN_FOR: Duration = Duration::minutes(10);

/// The register's word on a number and a name.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The register knows this number under this name.
    Match,
    /// It knows the number under another name.
    Mismatch,
    /// It does not know the number.
    Unknown,
}

/// A number with a prescribed answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Listed {
    /// The number, as asked.
    pub number: String,
    /// The prescribed answer.
    pub result: Verdict,
}

/// What happens to a new face session.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum FaceRule {
    /// Waits for a button on its page.
    #[default]
    Wait,
    /// Passes at once.
    Pass,
    /// Fails at once.
    Fail,
}

/// A wish to have a face compared.
#[derive(Clone, Debug, Deserialize)]
pub struct FaceRequest {
    /// The resident number.
    pub number: String,
    /// The name.
    pub name: String,
    /// Where the page sends the person afterwards.
    #[serde(default)]
    pub return_url: Option<String>,
}

/// How a face session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaceState {
    /// The person has not been seen yet.
    Pending,
    /// It is the person.
    Passed,
    /// It is not.
    Failed,
    /// Nobody came.
    Expired,
}

/// One face session.
#[derive(Clone, Debug, Serialize)]
pub struct FaceSession {
    /// Its name.
    pub session_id: String,
    /// How it stands.
    pub state: FaceState,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Where the page sends the person afterwards.
    #[serde(skip)]
    pub return_url: Option<String>,
}

/// The register's memory.
#[derive(Default)]
pub struct Desk(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    listed: HashMap<String, Verdict>,
    face: FaceRule,
    sessions: VecDeque<FaceSession>,
}

impl Desk {
    /// Every well-formed number matches any name, unless it is listed.
    pub fn look_up(&self, kind: Kind, number: &str, name: &str) -> Verdict {
        let number = number.trim().to_uppercase();
        if let Some(verdict) = self.lock().listed.get(&number) {
            return *verdict;
        }
        match well_formed(kind, &number) {
            false => Verdict::Unknown,
            true if name.trim().is_empty() => Verdict::Mismatch,
            true => Verdict::Match,
        }
    }

    /// Prescribes answers.
    pub fn set(&self, listed: Vec<Listed>, face: Option<FaceRule>) {
        let mut memory = self.lock();
        memory.listed.extend(listed.into_iter().map(|one| (one.number.trim().to_uppercase(), one.result)));
        if let Some(face) = face {
            memory.face = face;
        }
    }

    /// Opens a face session; a number that is no resident's, or is listed, fails when its person comes.
    pub fn open(&self, asked: FaceRequest) -> FaceSession {
        let known = self.look_up(Kind::Resident, &asked.number, &asked.name) == Verdict::Match;
        let mut memory = self.lock();
        let now = Utc::now();
        let state = match (memory.face, known) {
            (FaceRule::Wait, true) => FaceState::Pending,
            (FaceRule::Pass, true) => FaceState::Passed,
            _ => FaceState::Failed,
        };
        let session = FaceSession {
            session_id: Uuid::new_v4().to_string(),
            state,
            expires_at: now + OPEN_FOR,
            decided_at: (state != FaceState::Pending).then_some(now),
            return_url: asked.return_url,
        };
        memory.sessions.push_back(session.clone());
        if memory.sessions.len() > KEPT {
            memory.sessions.pop_front();
        }
        session
    }

    /// A session as it stands now.
    pub fn session(&self, id: &str) -> Option<FaceSession> {
        let memory = self.lock();
        let mut session = memory.sessions.iter().rev().find(|session| session.session_id == id)?.clone();
        if session.state == FaceState::Pending && session.expires_at < Utc::now() {
            session.state = FaceState::Expired;
        }
        Some(session)
    }

    /// Decides a pending session.
    pub fn decide(&self, id: &str, passed: bool) -> Option<FaceSession> {
        let mut memory = self.lock();
        let session = memory.sessions.iter_mut().rev().find(|session| session.session_id == id)?;
        if session.state != FaceState::Pending || session.expires_at < Utc::now() {
            return None;
        }
        session.state = if passed { FaceState::Passed } else { FaceState::Failed };
        session.decided_at = Some(Utc::now());
        Some(session.clone())
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.lock() = Memory::default();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "370102189901010016";

    fn asked() -> FaceRequest {
        FaceRequest { number: NUMBER.into(), name: "赵文博".into(), return_url: None }
    }

    #[test]
    fn a_listed_number_answers_as_told() {
        let desk = Desk::default();
        assert_eq!(desk.look_up(Kind::Resident, NUMBER, "赵文博"), Verdict::Match);
        desk.set(vec![Listed { number: NUMBER.into(), result: Verdict::Mismatch }], None);
        assert_eq!(desk.look_up(Kind::Resident, NUMBER, "赵文博"), Verdict::Mismatch);
        assert_eq!(desk.look_up(Kind::Resident, "123", "赵文博"), Verdict::Unknown);
    }

    #[test]
    fn a_face_is_decided_once() {
        let desk = Desk::default();
        let session = desk.open(asked());
        assert_eq!(session.state, FaceState::Pending);
        assert!(desk.decide(&session.session_id, true).is_some());
        assert!(desk.decide(&session.session_id, false).is_none());
        assert_eq!(desk.session(&session.session_id).unwrap().state, FaceState::Passed);
    }

    #[test]
    fn a_rule_decides_at_once() {
        let desk = Desk::default();
        desk.set(Vec::new(), Some(FaceRule::Pass));
        assert_eq!(desk.open(asked()).state, FaceState::Passed);
    }
}
