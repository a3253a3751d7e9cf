//! Does a file play, from end to end?
//!
//! Owns: the proof: another program than the one that wrote the file counts its frames and decodes every one of them without
//! a word of complaint. Must never call a file good because it opens.

use std::path::Path;

use serde::Deserialize;

use super::super::error::{RecordError, Result};
use super::child::{Limits, file_arg, run};

/// What the decoder found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Frames of sound.
    pub audio: u64,
    /// Frames of picture.
    pub video: u64,
    /// The length the file says it has, in milliseconds.
    pub duration_ms: i64,
}

#[derive(Deserialize)]
struct Probe {
    #[serde(default)]
    streams: Vec<Stream>,
    format: Format,
}

#[derive(Deserialize)]
struct Stream {
    codec_type: String,
    nb_read_packets: Option<String>,
}

#[derive(Deserialize)]
struct Format {
    duration: Option<String>,
}

/// Counts and decodes a whole file.
pub fn check(file: &Path, limits: &Limits) -> Result<Checked> {
    let folder = file.parent().unwrap_or(Path::new("/"));
    let name = file_arg(file)?;
    let args = [
        "-v",
        "error",
        "-protocol_whitelist",
        "file",
        "-count_packets",
        "-show_entries",
        "stream=codec_type,nb_read_packets:format=duration",
        "-of",
        "json",
        &name,
    ];
    let said = run("ffprobe", &args.map(str::to_owned), folder, limits, true)?;
    let probe: Probe = serde_json::from_str(&said).map_err(|e| RecordError::damaged(file, e.to_string()))?;
    let count = |kind: &str| {
        let of_kind = probe.streams.iter().filter(|s| s.codec_type == kind);
        of_kind.filter_map(|s| s.nb_read_packets.as_ref()?.parse::<u64>().ok()).sum()
    };
    let seconds = probe.format.duration.as_ref().and_then(|d| d.parse::<f64>().ok()).unwrap_or(0.0);
    let args = [
        "-v",
        "error",
        "-xerror",
        "-protocol_whitelist",
        "file,pipe",
        "-copyts",
        "-i",
        &name,
        "-map",
        "0",
        "-fps_mode",
        "passthrough",
        "-enc_time_base",
        "-1",
        "-f",
        "null",
        "-",
    ];
    run("ffmpeg", &args.map(str::to_owned), folder, limits, true)?;
    Ok(Checked { audio: count("audio"), video: count("video"), duration_ms: (seconds * 1_000.0).round() as i64 })
}
