//! 当场告知: telling those who are connected to a hearing that something is new.
//!
//! Owns the one function by which this room of the house speaks to the socket.
//! What is told is ids and words: whoever reads it fetches by the doors, where the walls stand. Must never carry a name,
//! a text or a note.

use serde_json::Value;
use uuid::Uuid;

use super::super::room::told::{self, To};
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
pub async fn tell(app: &App, court: i32, hearing: Uuid, whom: Whom, message: Value) {
    let told = match whom {
        Whom::All => told::tell(app, court, hearing, To::All, message).await,
        Whom::Court => told::tell(app, court, hearing, To::Court, message).await,
        Whom::One(participant) => match told::tell(app, court, hearing, To::Court, message.clone()).await {
            Ok(()) => told::tell(app, court, hearing, To::Only(vec![participant]), message).await,
            fault => fault,
        },
    };
    if let Err(fault) = told {
        tracing::warn!(court, %hearing, %fault, "those who are connected were not told");
    }
}
