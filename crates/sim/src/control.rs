//! The control door of the HTTP simulators. Owns its wire shape; it is unsigned, so it must never be reachable
//! from another machine: listen on a loopback address.

use poem::Response;
use poem::http::StatusCode;
use serde::Deserialize;

use crate::doors::error;
use crate::faults::{Faults, Mode, Order};

/// What `POST /control` takes; members left out change nothing.
#[derive(Debug, Default, Deserialize)]
pub struct Control {
    /// How many of the next requests fail.
    pub fail_next: Option<u32>,
    /// How they fail.
    pub mode: Option<Mode>,
    /// How long `delay_ms` waits.
    pub delay_ms: Option<u64>,
    /// Forgets all faults, messages, sessions and listed numbers.
    #[serde(default)]
    pub reset: bool,
}

impl Control {
    /// Sets the fault it orders, if it orders one; the refusal is ready to be sent.
    pub fn obey(&self, faults: &Faults) -> Result<(), Response> {
        self.apply(faults).map_err(|reason| error(StatusCode::UNPROCESSABLE_ENTITY, "invalid", reason))
    }

    /// The same, with the reason of the refusal.
    pub fn apply(&self, faults: &Faults) -> Result<(), &'static str> {
        if self.reset {
            faults.set(None);
        }
        match (self.fail_next, self.mode) {
            (Some(0), _) => faults.set(None),
            (Some(fail_next), Some(mode)) => {
                faults.set(Some(Order { fail_next, mode, delay_ms: self.delay_ms.unwrap_or(1000) }));
            }
            (None, None) => {}
            _ => return Err("fail_next and mode go together"),
        }
        Ok(())
    }
}
