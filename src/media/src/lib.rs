//! 庭审媒体: the selective forwarding unit of a court hearing, inside the server's process.
//!
//! Owns: sockets, peer connections, who may send and who may receive, forwarding, the copy for the recorder.
//! Must never: know a court, a case, a database or an HTTP door; block, lock or wait on the packet path; let one room
//! hurt another; forward a packet to a participant without the right to it.
//!
//! The product speaks to [`Engine`]; the recorder hangs on [`Tap`]. The crate imports nothing of the product, so it
//! can be lifted out and run as a process of its own. README.md shows the way of a packet.

pub mod config;
pub mod engine;
pub mod error;
pub mod event;
pub mod ids;
pub mod net;
pub mod record;
pub mod rights;
pub mod room;
pub mod sdp;
pub mod stats;
pub mod tap;
mod thread;
pub mod transport;
pub mod turn;
pub mod wire;

pub use config::{Config, Random};
pub use engine::{Engine, Reply};
pub use error::{MediaError, Result};
pub use event::{Event, Load, Side};
pub use ids::{ParticipantId, RoomId, TrackKind};
pub use rights::{Kinds, Publish, Right};
pub use room::{Begin, Grant, ReceiveOffer};
pub use stats::{ParticipantStats, ReceivedStats, RoomStats, SentStats};
pub use tap::{Gate, NoTap, Tap, TapPacket};
pub use thread::Figures;
pub use turn::{RelayCredentials, relay_credentials};
