//! Settings of the courtroom's media: where packets come in, where recordings lie first, which relay helps.
//! Owns the knobs; must never print the relay's secret.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::Args;

/// Media of hearings. Without an address no room opens here; everything else works.
#[derive(Debug, Clone, Args)]
pub struct MediaSettings {
    /// Address of the hearings' media, UDP and TCP on one port (port 0: any free one), such as 0.0.0.0:3478. Without it
    /// this server holds no hearings.
    #[arg(long, env = "LIANTING_MEDIA_ADDRESS")]
    pub media_address: Option<SocketAddr>,
    /// The addresses people's browsers reach it at, with commas, when they differ (behind NAT, or bound to all).
    #[arg(long, env = "LIANTING_MEDIA_PUBLIC", value_delimiter = ',')]
    pub media_public: Vec<IpAddr>,
    /// Media threads; each takes one port more, from the address on.
    #[arg(long, env = "LIANTING_MEDIA_THREADS", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub media_threads: u16,
    /// Folder in which recordings lie until they are proved to be in the object store. A disk of its own is best.
    #[arg(long, env = "LIANTING_SPOOL", default_value = "spool")]
    pub spool: PathBuf,
    /// How long the object store is asked to keep a recording from being removed, in days.
    #[arg(long, env = "LIANTING_RECORDING_LOCK_DAYS", default_value_t = 3650)]
    pub recording_lock_days: u32,
    /// TURN relays for lines that let no packets through, with commas, such as turn:relay.example:3478?transport=tcp
    #[arg(long, env = "LIANTING_TURN_URL", value_delimiter = ',')]
    pub turn_url: Vec<String>,
    /// Shared secret of the relay (coturn's static-auth-secret).
    #[arg(long, env = "LIANTING_TURN_SECRET", default_value = "", hide_env_values = true)]
    pub turn_secret: String,
    /// Name of this server among those that hold hearings; the machine and port it listens on when absent.
    #[arg(long, env = "LIANTING_NODE")]
    pub node: Option<String>,
    /// The address browsers reach just this server at, where several stand behind one public address.
    #[arg(long, env = "LIANTING_NODE_URL")]
    pub node_url: Option<String>,
}
