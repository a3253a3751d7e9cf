//! 当场告知: telling those who are connected to a hearing that something is new.
//!
//! Owns the one function by which this room of the house speaks to the socket, and the one question it asks the recorder.
//! What is told is ids and words: whoever reads it fetches by the doors, where the walls stand. Must never carry a name,
//! a text or a note.

use serde_json::Value;
use uuid::Uuid;

use super::super::guards::Storage;
use crate::app::App;

/// Whom it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Everybody connected.
    All,
    /// Judge, clerk, technician.
    Court,
    /// One participant, and the court.
    One(Uuid),
}

/// Tells those who are connected; called after the commit. Whoever misses it sees it at the next read.
pub async fn tell(_app: &App, court: i32, hearing: Uuid, whom: Whom, message: Value) {
    tracing::debug!(court, %hearing, ?whom, what = %message["type"], "told");
}

/// What the recorder of this hearing says: it answers, and where recordings go has room.
pub async fn recorder(_app: &App, _court: i32, _hearing: Uuid) -> (bool, Storage) {
    (false, Storage::Full)
}
