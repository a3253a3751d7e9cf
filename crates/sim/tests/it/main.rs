//! The simulators as processes, from outside.

mod identity;
mod kit;
mod sms;
mod store;
