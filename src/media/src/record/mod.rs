//! 庭审录音录像: the recorder. What a room's people send is on the disk within two seconds, in files that play, in a chain that
//! shows what is missing; every gap has a cause; nothing is removed before its copy is proved.
//!
//! Owns: the spool and everything in it, the gap ledger, what goes to the store, the finished files and the package's root.
//! Must never: wait on the packet path; know a court's rules, a database or a person's name; read the wall clock by itself;
//! decide what a gap means. README.md beside this file says what is promised and what is not.

mod bundle;
mod chain;
mod digest;
mod disk;
mod error;
mod events;
pub mod finish;
mod handover;
mod ledger;
mod lock;
mod manifest;
mod opus;
pub mod package;
mod place;
mod recorder;
mod room;
mod rtp;
mod sound;
pub mod spool;
mod store;
mod sweep;
mod sync;
mod time;
mod track;
mod upload;
mod vp8;
mod weave;
mod webm;
mod writer;

pub use bundle::{Part, bundle_key, restore, unpack};
pub use digest::Digest;
pub use disk::{Disk, LocalDisk, Space};
pub use error::{RecordError, Result};
pub use events::{Break, By, Event, Medium, Stamped, Trouble, Who};
pub use handover::{set_aside, take_over};
pub use ledger::{Cause, Gap, Spans, Why, holes, ledger};
pub use lock::SpoolLock;
pub use manifest::{Ending, Entry, HOLE_MS, Held, Segment, Span};
pub use place::{Place, Source};
pub use recorder::{Alarm, Ready, Recorder, RoomHandle, RoomTap, Status, Watermarks, unfinished};
pub use room::{Command, Msg, Room};
pub use sound::{Sound, sound, sound_end};
pub use store::{Body, FolderStore, Head, Put, Store};
pub use sweep::{Swept, SweptAll, sweep, sweep_one};
pub use time::{Clock, KernelClock, Moment, steady_us};
pub use upload::{EVERY, StoreState, Uploaded, Uploader, waits};
