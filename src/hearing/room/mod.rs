//! 法庭: the live room of a hearing, while it sits.
//!
//! Owns the way in (`admission`), the socket (`socket`, `wire`), who is where (`presence`, `seat`), what the media engine and
//! the recorder are told (`studio`, `floor`, `recording`), the steps (`drive`), drop-outs (`gone`), the technician's board
//! (`board`) and what remains (`finish`, `packing`). Everything that counts is a row of 0013, written in one transaction;
//! only after the commit are the engine, the recorder and the pages told, from the row, so that a lost message or a server
//! that takes over changes nothing.
//!
//! Must never tell the engine what no committed row says, show anybody what `sight` does not list, or open a hearing that
//! is not recorded.

pub mod absences;
pub mod admission;
pub mod admit;
pub mod alerts;
pub mod api;
pub mod beats;
pub mod beside;
pub mod blob_store;
pub mod board;
pub mod board_api;
pub mod command;
pub mod dispatch;
pub mod drive;
pub mod echo;
pub mod finish;
pub mod floor;
pub mod gone;
pub mod hub;
pub mod live;
pub mod packing;
pub mod presence;
pub mod province;
pub mod record_api;
pub mod recording;
pub mod seat;
pub mod settings;
pub mod socket;
pub mod spread;
pub mod studio;
pub mod tap;
pub mod told;
pub mod warnings;
pub mod watch;
pub mod wire;

pub use told::{To, tell};
