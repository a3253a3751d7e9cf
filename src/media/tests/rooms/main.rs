//! Rooms with real peers of our own stack: the library's whole peer connection on the other side of a socket.
//!
//! Nothing here waits for a fixed time to say yes: a condition is awaited, and only "nothing came" looks at a while in
//! which others did get something.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects by failing")]

mod hostile;
mod orders;
mod pause;
mod peer;
mod rights;
mod streams;
