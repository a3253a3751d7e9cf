//! The simulators as processes, from outside.

#![allow(clippy::disallowed_methods, reason = "the outside world has its own clock")]

mod edelivery;
mod identity;
mod kit;
mod pay;
mod sms;
mod smtp;
mod store;
