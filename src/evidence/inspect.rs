//! `lianting inspect-file <type>`: looks into one untrusted file given on standard input, in a process of
//! its own with tight limits (set by the parent), and says what it found as one line of JSON.
//!
//! Owns nothing but the answer. Must never open a file, a socket or the database, nor see a setting.

use std::io::{Read, Write};

use serde::{Deserialize, Serialize};

use super::{inspect_office, inspect_pdf, inspect_picture};

/// What a zip container is asked about.
pub const ZIP: &str = "application/zip";
/// What an old Office container is asked about.
pub const COMPOUND: &str = "application/x-cfb";
/// Asks for a smaller JPEG instead of a report: `shrink:<longest edge>`.
pub const SHRINK: &str = "shrink:";

/// The examiner's word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Media type, where only the inside tells.
    pub media_type: Option<String>,
    /// Pages.
    pub pages: Option<i32>,
    /// Codes of warnings.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// Why it cannot be taken.
    pub fault: Option<Fault>,
}

/// Why a file cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Code, as in refusal.rs.
    pub code: String,
    /// A figure for the text.
    pub n: Option<u64>,
}

impl Report {
    /// A refusal.
    pub fn fault(code: &str) -> Self {
        Self { fault: Some(Fault { code: code.to_owned(), n: None }), ..Self::default() }
    }

    /// A refusal with a figure.
    pub fn fault_of(code: &str, n: u64) -> Self {
        Self { fault: Some(Fault { code: code.to_owned(), n: Some(n) }), ..Self::default() }
    }

    /// With a warning added once.
    pub fn warn(&mut self, code: &str) {
        if !self.warnings.iter().any(|w| w == code) {
            self.warnings.push(code.to_owned());
        }
    }
}

/// The most an examiner reads: its memory is limited to 2 GiB and a parser needs a copy.
pub const MOST_BYTES: u64 = 512 << 20;

/// Looks at bytes of a kind.
pub fn look(media_type: &str, bytes: &[u8]) -> Report {
    match media_type {
        "application/pdf" => inspect_pdf::look(bytes),
        ZIP => inspect_office::look_zip(bytes),
        COMPOUND => inspect_office::look_compound(bytes),
        t if t.starts_with("image/") => inspect_picture::look(bytes),
        _ => Report::fault("archive"),
    }
}

/// Reads standard input, answers on standard output.
///
/// # Errors
/// When the pipes break or a picture cannot be made smaller; the parent then holds the file back.
pub fn run(media_type: &str) -> Result<(), String> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    let answer = if let Some(edge) = media_type.strip_prefix(SHRINK) {
        inspect_picture::shrink(&bytes, edge.parse().map_err(|_| "give an edge in pixels")?)?
    } else if bytes.len() as u64 > MOST_BYTES {
        serde_json::to_vec(&Report::fault("too_large_to_read")).map_err(|e| e.to_string())?
    } else {
        serde_json::to_vec(&look(media_type, &bytes)).map_err(|e| e.to_string())?
    };
    let mut out = std::io::stdout().lock();
    out.write_all(&answer).and_then(|()| out.flush()).map_err(|e| e.to_string())
}
