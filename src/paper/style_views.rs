//! What goes over the wire about a court's templates.

use chrono::{DateTime, Utc};
use poem_openapi::{Enum, Object};
use sqlx::FromRow;

/// A paper and who dressed it.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PaperTemplate {
    /// Key.
    pub name: String,
    /// 名称.
    pub title: String,
    /// The same in English.
    pub title_en: String,
    /// The court has its own in force; else the house's holds.
    pub own: bool,
    /// A draft waits.
    pub draft: bool,
    /// The version in force.
    pub version: Option<i32>,
    /// Since when.
    pub published_at: Option<DateTime<Utc>>,
    /// By whom.
    pub by: Option<String>,
    /// What went wrong with a real paper, which was then set by the house's own.
    pub fault: Option<String>,
}

/// The papers of a court.
#[derive(Debug, Object)]
pub struct PaperTemplates {
    /// All of them.
    pub items: Vec<PaperTemplate>,
}

/// A version that is or was in force.
#[derive(Debug, Object, FromRow)]
#[oai(skip_serializing_if_is_none)]
pub struct PastTemplate {
    /// Version.
    pub version: i32,
    /// From.
    pub published_at: DateTime<Utc>,
    /// By whom.
    #[oai(rename = "by")]
    pub by_name: String,
    /// Why.
    pub reason: String,
    /// Until.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it ended.
    pub end_reason: Option<String>,
}

/// One paper's template.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PaperTemplateDetail {
    /// The paper.
    pub template: PaperTemplate,
    /// The house's source (typst).
    pub house_source: String,
    /// The court's own in force.
    pub own_source: Option<String>,
    /// The draft.
    pub draft_source: Option<String>,
    /// Version of the draft, 0 when there is none.
    pub version: i32,
    /// Versions, newest first.
    pub past: Vec<PastTemplate>,
}

/// A new draft.
#[derive(Debug, Object)]
pub struct TemplateDraft {
    /// typst source, at most 64 KiB.
    #[oai(validator(min_length = 1, max_length = 65536))]
    pub source: String,
}

/// Where a source is at fault.
#[derive(Debug, Clone, Object)]
pub struct TemplateFault {
    /// Line, from 1.
    pub line: u32,
    /// In the typesetter's words.
    pub message: String,
}

/// The check of a draft.
#[derive(Debug, Object)]
pub struct TemplateCheck {
    /// It can be set.
    pub ok: bool,
    /// Where not.
    pub faults: Vec<TemplateFault>,
    /// The draft's version now.
    pub version: i32,
}

/// Which source a preview shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum TemplateOf {
    /// The draft.
    Draft,
    /// The court's own in force.
    Own,
    /// The house's.
    House,
}

/// Why a template is published or withdrawn.
#[derive(Debug, Object)]
pub struct TemplateReason {
    /// For the audit.
    #[oai(validator(min_length = 2, max_length = 200))]
    pub reason: String,
}
