//! Long work beside the outbox: begun by a step, which then asks now and again whether it is done.
//!
//! Owns what runs. Must never run the same work twice at once.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::error::Result;
use crate::work::Outcome;

/// Works that were begun, by what they are about.
#[derive(Default)]
pub struct Works(tokio::sync::Mutex<BTreeMap<Uuid, JoinHandle<Result<()>>>>);

impl Works {
    /// Begins the work, or answers how it stands.
    ///
    /// # Errors
    /// None; what the work said is in the outcome.
    pub async fn turn(&self, about: Uuid, begin: impl FnOnce() -> JoinHandle<Result<()>>) -> Result<Outcome> {
        let mut works = self.0.lock().await;
        match works.remove(&about) {
            Some(work) if work.is_finished() => match work.await {
                Ok(Ok(())) => Ok(Outcome::Done),
                Ok(Err(e)) => {
                    tracing::warn!(%about, cause = ?e, "long work is not done yet");
                    Ok(Outcome::Again(e.code.to_owned()))
                }
                Err(_) => Ok(Outcome::Again("hearing.work_fell".into())),
            },
            Some(work) => {
                works.insert(about, work);
                Ok(Outcome::Wait(TimeDelta::seconds(5)))
            }
            None => {
                works.insert(about, begin());
                Ok(Outcome::Wait(TimeDelta::seconds(1)))
            }
        }
    }
}
