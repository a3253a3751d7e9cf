//! One transaction at a time: whoever holds a connection and waits for another can, with a pool's worth of fellows, wait
//! for ever. Owns the look that debug builds take at it: a second transaction begun by a task that has one open is
//! refused as a fault of the house, so that every story of the tests would show it. Release builds carry nothing of this.

#[cfg(not(debug_assertions))]
use crate::error::Result;

/// Held as long as its transaction is open.
pub(super) struct Held {
    #[cfg(debug_assertions)]
    task: Option<tokio::task::Id>,
}

#[cfg(not(debug_assertions))]
impl Held {
    /// Takes note of a transaction.
    pub(super) fn take(_act: &'static str) -> Result<Self> {
        Ok(Self {})
    }
}

#[cfg(debug_assertions)]
mod debug {
    use std::collections::HashMap;
    use std::sync::{LazyLock, Mutex, PoisonError};

    use tokio::task::Id;

    use super::Held;
    use crate::error::{Error, Result};

    /// What each task has open; a task outside the runtime (a test's own thread) is not looked at.
    static OPEN: LazyLock<Mutex<HashMap<Id, &'static str>>> = LazyLock::new(Mutex::default);

    impl Held {
        /// Takes note of a transaction.
        ///
        /// # Errors
        /// When this task has one open already.
        pub(in crate::court) fn take(act: &'static str) -> Result<Self> {
            let task = tokio::task::try_id();
            let Some(id) = task else { return Ok(Self { task: None }) };
            let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(first) = open.get(&id) {
                return Err(Error::internal(format!("`{act}` begins a transaction while `{first}` has one open: the pool could run dry")));
            }
            open.insert(id, act);
            Ok(Self { task })
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            if let Some(id) = self.task {
                OPEN.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // the one place that shows the look itself; that nobody nests is shown by every story there is
    #[tokio::test]
    async fn a_task_has_one_transaction_open_at_a_time() {
        tokio::spawn(async {
            let first = Held::take("first").unwrap();
            assert!(Held::take("second").is_err());
            let beside = tokio::spawn(async { Held::take("beside").is_ok() }).await.unwrap();
            assert!(beside, "another task has its own");
            drop(first);
            assert!(Held::take("third").is_ok());
        })
        .await
        .unwrap();
    }
}
