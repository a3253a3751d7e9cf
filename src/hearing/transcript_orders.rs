//! What writers of a transcript send: shapes, and how they become changes. Owns the shapes of requests. Must never let a
//! section through that the record does not know.

use poem_openapi::{Enum, Object};
use serde::Serialize;
use uuid::Uuid;

use super::transcript::{Section, Template};
use super::transcript_changes::{NewEntry, Op};
use super::transcript_views::TranscriptMedia;
use crate::error::{Error, Result, said};

/// A new transcript.
#[derive(Debug, Object, Serialize)]
pub struct TranscriptBegin {
    /// Template; the hearing's own when absent.
    #[oai(validator(max_length = 40))]
    pub template: Option<String>,
    /// The standing words of the order of a hearing are in it from the start.
    #[oai(default = "yes")]
    pub opening_lines: bool,
}

fn yes() -> bool {
    true
}

/// Who was there, as the clerk notes it.
#[derive(Debug, Clone, Object)]
pub struct TranscriptAttendance {
    /// Participant.
    pub participant_id: Uuid,
    /// Stayed away.
    pub absent: bool,
    /// Why.
    #[oai(default, validator(max_length = 400))]
    pub reason: String,
    /// Identity and authority as read out.
    #[oai(validator(max_length = 400))]
    pub says: Option<String>,
}

/// What the clerk notes for the head.
#[derive(Debug, Object)]
pub struct TranscriptHead {
    /// The version its page showed.
    pub version: i32,
    /// Another template.
    #[oai(validator(max_length = 40))]
    pub template: Option<String>,
    /// 地点.
    #[oai(validator(max_length = 400))]
    pub place: Option<String>,
    /// Who was there.
    #[oai(default, validator(max_items = 100))]
    pub attendance: Vec<TranscriptAttendance>,
}

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum TranscriptDo {
    /// A new entry.
    Insert,
    /// Other words.
    Edit,
    /// Taken out.
    Strike,
    /// Read over what a machine wrote.
    Check,
    /// Put behind another.
    Move,
}

/// One change.
#[derive(Debug, Clone, Object, Serialize)]
pub struct TranscriptChange {
    /// What it does.
    #[oai(rename = "do")]
    pub what: TranscriptDo,
    /// Entry; of a new one made by its writer.
    pub id: Uuid,
    /// The version it was made from.
    pub version: Option<u32>,
    /// Behind which entry.
    pub after: Option<Uuid>,
    /// Section.
    #[oai(validator(max_length = 40))]
    pub section: Option<String>,
    /// Who speaks: a participant.
    pub speaker: Option<Uuid>,
    /// Words.
    #[oai(validator(max_length = 16000))]
    pub text: Option<String>,
    /// When in the recording.
    pub media: Option<TranscriptMedia>,
    /// Written by a machine.
    #[oai(default)]
    pub unchecked: bool,
}

/// Changes, taken together or not at all.
#[derive(Debug, Object, Serialize)]
pub struct TranscriptChanges {
    /// In order.
    #[oai(validator(min_items = 1, max_items = 50))]
    pub changes: Vec<TranscriptChange>,
}

impl TranscriptChanges {
    /// As the rules take them.
    ///
    /// # Errors
    /// A field that is missing, or a section nobody knows.
    pub fn ops(&self) -> Result<Vec<Op>> {
        self.changes.iter().enumerate().map(|(n, c)| op(c, n)).collect()
    }
}

fn op(c: &TranscriptChange, n: usize) -> Result<Op> {
    let version = || c.version.ok_or_else(|| missing(n, "version"));
    let text = || c.text.clone().ok_or_else(|| missing(n, "text"));
    let section = c.section.as_deref().map(|s| section(s, &format!("/changes/{n}/section"))).transpose()?;
    Ok(match c.what {
        TranscriptDo::Insert => Op::Insert(NewEntry {
            id: c.id,
            after: c.after,
            section: section.ok_or_else(|| missing(n, "section"))?,
            speaker: c.speaker,
            text: text()?,
            media: c.media.map(Into::into),
            unchecked: c.unchecked,
        }),
        TranscriptDo::Edit => Op::Edit { id: c.id, version: version()?, text: text()?, speaker: c.speaker, section },
        TranscriptDo::Strike => Op::Strike { id: c.id, version: version()? },
        TranscriptDo::Check => Op::Check { id: c.id, version: version()? },
        TranscriptDo::Move => Op::Move { id: c.id, after: c.after },
    })
}

fn missing(n: usize, field: &str) -> Error {
    Error::invalid(
        "transcript.missing",
        said(format!("缺少「{field}」。"), format!("`{field}` is missing.")),
        said("请按接口文档填写。", "Follow the API document."),
    )
    .at(format!("/changes/{n}/{field}"))
}

/// A section by its word.
///
/// # Errors
/// 422.
pub fn section(word: &str, field: &str) -> Result<Section> {
    Section::parse(word).ok_or_else(|| unknown("transcript.section", "没有这个部分。", "There is no such section.", field))
}

/// A template by its word.
///
/// # Errors
/// 422.
pub fn template(word: &str) -> Result<Template> {
    Template::parse(word).ok_or_else(|| unknown("hearing.template", "没有这个笔录模板。", "There is no such template.", "/template"))
}

fn unknown(code: &'static str, zh: &'static str, en: &'static str, field: &str) -> Error {
    Error::invalid(code, said(zh, en), said("请从列表中选择。", "Choose one of the list.")).at(field)
}

/// Plain text to be read into entries.
#[derive(Debug, Object, Serialize)]
pub struct TranscriptImport {
    /// Text.
    #[oai(validator(min_length = 1, max_length = 200000))]
    pub text: String,
    /// Section of its first lines.
    #[oai(validator(max_length = 40))]
    pub section: Option<String>,
    /// Behind which entry.
    pub after: Option<Uuid>,
}

/// 申请补正.
#[derive(Debug, Object, Serialize)]
pub struct NewTranscriptObjection {
    /// Entry.
    pub entry_id: Uuid,
    /// The version it is about.
    pub version: u32,
    /// First sign.
    pub from: u32,
    /// The words it is about.
    #[oai(validator(max_length = 1000))]
    pub quote: String,
    /// What should stand there.
    #[oai(validator(min_length = 1, max_length = 2000))]
    pub text: String,
}

/// What is done with an objection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ObjectionDo {
    /// 补正.
    Correct,
    /// 不予补正.
    Refuse,
    /// 撤回.
    Withdraw,
}

/// The answer to an objection.
#[derive(Debug, Object, Serialize)]
pub struct ObjectionAnswer {
    /// What is done.
    #[oai(rename = "do")]
    pub what: ObjectionDo,
    /// Of a correction: the version it was made from.
    pub version: Option<u32>,
    /// Of a correction: all words of the entry.
    #[oai(validator(max_length = 16000))]
    pub text: Option<String>,
    /// Of a refusal: why.
    #[oai(validator(max_length = 1000))]
    pub reason: Option<String>,
}

/// 定稿.
#[derive(Debug, Object, Serialize)]
pub struct TranscriptFix {
    /// The transcript's count its page showed.
    pub rev: i64,
    /// 同时发起签名.
    #[oai(default = "yes")]
    pub start_signing: bool,
}

/// 收回签名.
#[derive(Debug, Object, Serialize)]
pub struct TranscriptReopen {
    /// Why.
    #[oai(validator(max_length = 500))]
    pub reason: String,
}
