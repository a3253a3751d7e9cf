//! A page's connection to the media server, as tests hold one: another whole stack behind a socket of its own.
//!
//! Owns the peer connection, its socket or relay, and moving what is ready. What is sent when, and what is counted, is the
//! test's. Must never be part of the product.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
#![allow(clippy::disallowed_methods, reason = "the outside world has its own clock")]

mod link;
mod relay;

pub use link::{Link, Packet, Track};
pub use relay::Relay;

/// 20 ms of silence, as Opus says it.
pub const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];
/// The payload type of sound.
pub const SOUND: u8 = 111;
/// The payload type of pictures.
pub const PICTURE: u8 = 96;
