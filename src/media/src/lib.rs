//! 庭审媒体: the selective forwarding unit of a court hearing, inside the server's process.
//!
//! Owns: sockets, peer connections, who may send and who may receive, forwarding, the copy for the recorder.
//! Must never: know a court, a case, a database or an HTTP door; block, lock or wait on the packet path; let one room
//! hurt another; forward a packet to a participant without the right to it.
//!
//! The product speaks to it through [`ids`] and the engine's handle; the recorder hangs on [`tap::Tap`]. It imports
//! nothing of the product, so it can be lifted out and run as a process of its own.

pub mod ids;
pub mod tap;

pub use ids::{ParticipantId, RoomId, TrackKind};
pub use tap::{Gate, NoTap, Tap, TapPacket};
