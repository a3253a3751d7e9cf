//! What the transactions have in common, for steps of a person's account that run in several of them.
//! Owns nothing. Must never widen what a transaction may see: the scope stays the one it was opened with.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::court::tx::{CourtTx, GateTx, PersonTx};
use crate::error::Result;
use crate::kit::random::Random;
use crate::kit::seal::Seal;

/// A transaction that may change rows.
pub trait AnyTx: Send {
    /// The connection inside the transaction.
    fn conn(&mut self) -> &mut PgConnection;
    /// The instant of the transaction.
    fn now(&self) -> DateTime<Utc>;
    /// A new id.
    fn id(&self) -> Uuid;
    /// Randomness.
    fn random(&self) -> &Random;
    /// Sealing.
    fn seal(&self) -> &Seal;
    /// Leaves an event for the workers.
    fn tell(&mut self, topic: &'static str, payload: &Value) -> Result<()>;
}

macro_rules! any_tx {
    ($($name:ident),*) => {$(
        impl AnyTx for $name {
            fn conn(&mut self) -> &mut PgConnection {
                $name::conn(self)
            }
            fn now(&self) -> DateTime<Utc> {
                $name::now(self)
            }
            fn id(&self) -> Uuid {
                $name::id(self)
            }
            fn random(&self) -> &Random {
                $name::random(self)
            }
            fn seal(&self) -> &Seal {
                $name::seal(self)
            }
            fn tell(&mut self, topic: &'static str, payload: &Value) -> Result<()> {
                $name::tell(self, topic, payload)
            }
        }
    )*};
}

any_tx!(CourtTx, GateTx, PersonTx);
