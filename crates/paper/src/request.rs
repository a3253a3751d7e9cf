//! What a caller asks for. Owns the request's shape and its limits; must never touch fonts or typst.

use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use serde_json::Value;

use crate::answer::{Code, Problem};
use crate::images::ImageIn;

/// The largest request taken, in bytes.
pub const INPUT_CAP: usize = 32 << 20;

/// One paper to be made.
#[derive(Debug, Deserialize)]
pub struct Request {
    /// Comes back unchanged in the answer.
    #[serde(default)]
    pub id: Value,
    /// The name of a built-in template.
    pub template: String,
    /// A court's own source of that template, in place of the built-in one.
    #[serde(default)]
    pub source: Option<String>,
    /// What the template prints.
    pub data: Value,
    /// Pictures the template may refer to by name.
    #[serde(default)]
    pub images: Vec<ImageIn>,
    /// RFC 3339; becomes the creation date inside the PDF and the template's "today".
    pub created_at: String,
    /// `"pdf-a-2b"` (also when absent) or null for plain PDF.
    #[serde(default = "archival")]
    pub standard: Option<String>,
}

fn archival() -> Option<String> {
    Some("pdf-a-2b".to_owned())
}

impl Request {
    /// Reads a request from JSON; the problem names what is missing or wrong.
    pub fn parse(json: &[u8]) -> Result<Self, Problem> {
        if json.len() > INPUT_CAP {
            return Err(Problem::new(Code::Input, "the request is larger than 32 MiB"));
        }
        serde_json::from_slice(json).map_err(|wrong| Problem::new(Code::Request, wrong.to_string()))
    }

    /// The moment the paper is dated to, in Beijing time.
    pub fn created_at(&self) -> Result<DateTime<FixedOffset>, Problem> {
        let moment =
            DateTime::parse_from_rfc3339(&self.created_at).map_err(|wrong| Problem::new(Code::Request, format!("created_at: {wrong}")))?;
        Ok(moment.with_timezone(&beijing()))
    }

    /// Whether the paper is to be an archival PDF/A-2b.
    pub fn archival(&self) -> Result<bool, Problem> {
        match self.standard.as_deref() {
            None => Ok(false),
            Some("pdf-a-2b") => Ok(true),
            Some(other) => Err(Problem::new(Code::Request, format!("standard: {other:?} is not known"))),
        }
    }
}

/// UTC+8, the one time zone of the courts.
fn beijing() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).unwrap_or_else(|| unreachable!("eight hours is a valid offset"))
}
