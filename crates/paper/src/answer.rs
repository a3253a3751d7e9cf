//! What a caller gets back. Owns the answer's shape and the error codes; must never decide what is an error.

use serde::Serialize;
use serde_json::Value;

/// A finished paper.
#[derive(Debug)]
pub struct Paper {
    /// Number of A4 pages.
    pub pages: usize,
    /// The PDF file.
    pub pdf: Vec<u8>,
    /// Characters no installed font can draw, printed as 〓.
    pub missing: Vec<char>,
    /// Where an electronic seal belongs, if the template has a place for one.
    pub seal: Option<SealPlace>,
}

/// The centre of a seal, in points from the lower left corner of a page.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SealPlace {
    /// Page, from 1.
    pub page: usize,
    /// To the right.
    pub x: f64,
    /// Upwards.
    pub y: f64,
}

/// The JSON that precedes the PDF, or stands alone when there is none.
#[derive(Debug, Serialize)]
pub struct Header<'a> {
    /// The request's id.
    pub id: &'a Value,
    /// Whether a PDF follows.
    pub ok: bool,
    /// Number of pages, 0 without a PDF.
    pub pages: usize,
    /// Size of the PDF that follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<usize>,
    /// Characters that could not be drawn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<char>,
    /// Where an electronic seal belongs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<SealPlace>,
    /// Why there is no PDF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'a Problem>,
}

impl<'a> Header<'a> {
    /// The header of a request's outcome.
    pub fn of(id: &'a Value, outcome: &'a Result<Paper, Problem>) -> Self {
        match outcome {
            Ok(paper) => Self {
                id,
                ok: true,
                pages: paper.pages,
                bytes: Some(paper.pdf.len()),
                missing: paper.missing.clone(),
                seal: paper.seal,
                error: None,
            },
            Err(problem) => Self { id, ok: false, pages: 0, bytes: None, missing: Vec::new(), seal: None, error: Some(problem) },
        }
    }
}

/// Where the fault lies; stable words for the caller's own logs and tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The request is not what the protocol says.
    Request,
    /// There is no such template.
    Template,
    /// The template could not be filled with this data.
    Data,
    /// A picture is unusable or missing.
    Image,
    /// More pages than allowed.
    Pages,
    /// The request is too large.
    Input,
    /// The PDF standard could not be met.
    Export,
    /// The typesetter itself failed.
    Crash,
}

/// Why there is no paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What kind of fault.
    pub code: Code,
    /// The template file at fault, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Its line, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// In words, for an engineer.
    pub message: String,
}

impl Problem {
    /// A fault that lies in no template line.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, template: None, line: None, message: message.into() }
    }
}
