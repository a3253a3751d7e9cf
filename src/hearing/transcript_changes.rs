//! 写笔录: how changes of several writers become entries. Owns the order in which they are taken, the places of new entries
//! and the history each leaves. All of a batch stand, or none. Must never overwrite words their writer had not seen.

use uuid::Uuid;

use super::editing::{self, APART, Merged};
use super::record::Record;
use super::transcript::{Entry, MediaTime, Section, Template};
use super::transcript_views;
use super::transcripts::{self, Bone, Line, Phase, Transcript};
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::text::{Bounds, clean};

/// The most entries of one record.
pub const MOST_ENTRIES: usize = 5000;

/// A new entry.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// Its id, made by its writer: a repetition is no second entry.
    pub id: Uuid,
    /// Behind which; none: at the end of its section.
    pub after: Option<Uuid>,
    /// Section.
    pub section: Section,
    /// Who speaks.
    pub speaker: Option<Uuid>,
    /// Words.
    pub text: String,
    /// When in the recording.
    pub media: Option<MediaTime>,
    /// Written by a machine.
    pub unchecked: bool,
}

/// One change.
#[derive(Debug, Clone)]
pub enum Op {
    /// A new entry.
    Insert(NewEntry),
    /// Other words, speaker or section.
    Edit {
        /// Entry.
        id: Uuid,
        /// The version it was made from.
        version: u32,
        /// All its words.
        text: String,
        /// Who speaks, where that changes.
        speaker: Option<Uuid>,
        /// Section, where that changes.
        section: Option<Section>,
    },
    /// Taken out.
    Strike {
        /// Entry.
        id: Uuid,
        /// Version.
        version: u32,
    },
    /// Read over what a machine wrote.
    Check {
        /// Entry.
        id: Uuid,
        /// Version.
        version: u32,
    },
    /// Put behind another; none: first.
    Move {
        /// Entry.
        id: Uuid,
        /// Behind which.
        after: Option<Uuid>,
    },
}

/// A batch on its way.
struct Batch<'a> {
    tx: &'a mut CourtTx,
    record: &'a Record,
    hearing: Uuid,
    case: Uuid,
    template: Template,
    rev: i64,
    phase: Phase,
    spine: Vec<Bone>,
    touched: Vec<Uuid>,
}

/// Takes changes; answers the entries they touched. The transcript is held by this transaction.
///
/// # Errors
/// 409 with the newest entry where two writers touch the same words; what the rules refuse.
pub async fn apply(tx: &mut CourtTx, record: &Record, t: &mut Transcript, ops: Vec<Op>, objection: Option<Uuid>) -> Result<Vec<Line>> {
    let hearing = record.row.hearing_id;
    let spine = transcripts::spine(tx, hearing).await?;
    let phase = Phase { live: !record.state().is_after(), objection };
    let (case, template, rev) = (t.case, t.template, t.rev + 1);
    let mut batch = Batch { tx, record, hearing, case, template, rev, phase, spine, touched: Vec::new() };
    for (n, op) in ops.into_iter().enumerate() {
        batch.take(op, n).await?;
    }
    let touched = std::mem::take(&mut batch.touched);
    if touched.is_empty() {
        return Ok(Vec::new());
    }
    t.rev = rev;
    // what was fixed is no longer what stands
    t.fixed = None;
    transcripts::save(tx, hearing, t).await?;
    transcripts::some(tx, hearing, &touched).await
}

impl Batch<'_> {
    async fn take(&mut self, op: Op, n: usize) -> Result<()> {
        match op {
            Op::Insert(new) => self.insert(new, n).await,
            Op::Edit { id, version, text, speaker, section } => self.edit(id, version, &text, (speaker, section), n).await,
            Op::Strike { id, version } => self.mark(id, version, n, |e| e.struck = true).await,
            Op::Check { id, version } => self.mark(id, version, n, |e| e.unchecked = false).await,
            Op::Move { id, after } => self.put_behind(id, after, n).await,
        }
    }

    async fn insert(&mut self, new: NewEntry, n: usize) -> Result<()> {
        let text = words(&new.text, n)?;
        if let Some(there) = self.find(new.id).await? {
            // the same call made again
            return if there.entry.text == text { Ok(()) } else { Err(clash(&there, self.record.person, n)) };
        }
        if self.spine.len() >= MOST_ENTRIES {
            return Err(too_many());
        }
        let speaker_name = self.speaker(new.speaker, n)?;
        let position = self.place(new.after, new.section, n).await?;
        let entry = Entry {
            id: new.id,
            position,
            section: new.section,
            speaker: new.speaker,
            speaker_name,
            text,
            media: new.media,
            unchecked: new.unchecked,
            version: 1,
            struck: false,
        };
        self.keep(entry, true).await
    }

    async fn edit(&mut self, id: Uuid, version: u32, text: &str, to: (Option<Uuid>, Option<Section>), n: usize) -> Result<()> {
        let text = words(text, n)?;
        let there = self.there(id, n).await?;
        let history = transcripts::history(self.tx, self.hearing, id).await?;
        let base = history.iter().find(|r| u32::try_from(r.version) == Ok(version)).ok_or_else(|| clash(&there, self.record.person, n))?;
        let merged = editing::merge(&base.text, (there.entry.version, &there.entry.text), version, &text);
        let merged = match merged.map_err(|_| clash(&there, self.record.person, n))? {
            Merged::Plain(text) | Merged::Joined(text) => text,
            Merged::Same => there.entry.text.clone(),
        };
        let mut entry = there.entry.clone();
        entry.text = words(&merged, n)?;
        if let Some(speaker) = to.0 {
            (entry.speaker_name, entry.speaker) = (self.speaker(Some(speaker), n)?, Some(speaker));
        }
        entry.section = to.1.unwrap_or(entry.section);
        entry.unchecked = false;
        if entry == there.entry {
            return Ok(());
        }
        entry.version += 1;
        self.keep(entry, true).await
    }

    async fn mark(&mut self, id: Uuid, version: u32, n: usize, change: impl FnOnce(&mut Entry)) -> Result<()> {
        let there = self.there(id, n).await?;
        let mut entry = there.entry.clone();
        change(&mut entry);
        if entry == there.entry {
            return Ok(());
        }
        if there.entry.version != version {
            return Err(clash(&there, self.record.person, n));
        }
        entry.version += 1;
        self.keep(entry, true).await
    }

    async fn put_behind(&mut self, id: Uuid, after: Option<Uuid>, n: usize) -> Result<()> {
        let mut entry = self.there(id, n).await?.entry;
        self.spine.retain(|b| b.entry_id != id);
        entry.position = match after {
            Some(_) => self.place(after, entry.section, n).await?,
            None => editing::between(None, self.spine.first().map(|b| b.position)).unwrap_or(0),
        };
        self.keep(entry, false).await
    }

    async fn keep(&mut self, entry: Entry, versioned: bool) -> Result<()> {
        let line = Line { rev: self.rev, by: self.record.person, at: self.tx.now(), entry };
        transcripts::put(self.tx, self.hearing, self.case, &line).await?;
        if versioned {
            transcripts::keep_revision(self.tx, self.hearing, self.case, &line, self.phase).await?;
        }
        let bone = Bone { entry_id: line.entry.id, position: line.entry.position, section: line.entry.section };
        self.spine.retain(|b| b.entry_id != bone.entry_id);
        let at = self.spine.partition_point(|b| (b.position, b.entry_id) < (bone.position, bone.entry_id));
        self.spine.insert(at, bone);
        self.touched.push(line.entry.id);
        Ok(())
    }

    async fn find(&mut self, id: Uuid) -> Result<Option<Line>> {
        Ok(transcripts::some(self.tx, self.hearing, &[id]).await?.pop())
    }

    async fn there(&mut self, id: Uuid, n: usize) -> Result<Line> {
        self.find(id).await?.ok_or_else(|| no_entry(n))
    }

    fn speaker(&self, speaker: Option<Uuid>, n: usize) -> Result<String> {
        let Some(id) = speaker else { return Ok(String::new()) };
        Ok(self.record.named(id, &format!("/changes/{n}/speaker"))?.label())
    }

    /// The place behind an entry, or at the end of a section; where there is no room left, all are laid out anew.
    async fn place(&mut self, after: Option<Uuid>, section: Section, n: usize) -> Result<i64> {
        let order = |s: Section| self.template.sections().iter().position(|x| *x == s).unwrap_or(usize::MAX);
        let behind = match after {
            Some(id) => Some(self.spine.iter().position(|b| b.entry_id == id).ok_or_else(|| no_entry(n))?),
            None => self.spine.iter().rposition(|b| order(b.section) <= order(section)),
        };
        let (before, next) = (behind, behind.map_or(0, |b| b + 1));
        let at = |i: Option<usize>, s: &[Bone]| i.and_then(|i| s.get(i)).map(|b| b.position);
        if let Some(position) = editing::between(at(before, &self.spine), at(Some(next), &self.spine)) {
            return Ok(position);
        }
        let ids: Vec<Uuid> = self.spine.iter().map(|b| b.entry_id).collect();
        let places = editing::laid_out(&ids);
        transcripts::lay_out(self.tx, self.hearing, &places, self.rev).await?;
        for (bone, (_, position)) in self.spine.iter_mut().zip(places) {
            bone.position = position;
        }
        Ok(editing::between(at(before, &self.spine), at(Some(next), &self.spine)).unwrap_or(APART))
    }
}

/// Words as an entry holds them.
fn words(text: &str, n: usize) -> Result<String> {
    let field = format!("/changes/{n}/text");
    let text = text.replace("\r\n", "\n");
    editing::check_text(&text).map_err(|r| Error::from(r).at(field.clone()))?;
    clean(&text, Bounds::lines(1, editing::LONGEST_ENTRY))
        .map_err(|e| Error::invalid("transcript.text", said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at(field))
}

fn clash(newest: &Line, person: Uuid, n: usize) -> Error {
    let shown = serde_json::to_value(transcript_views::entry(newest, person)).unwrap_or_default();
    Error::conflict(
        "transcript.clash",
        said("这一条刚刚被另一位改过同一处文字。", "Somebody else just changed the same words of this entry."),
        said("请对照最新内容，再改一次。", "Look at the newest words and make your change again."),
    )
    .at(format!("/changes/{n}"))
    .showing(shown)
}

fn no_entry(n: usize) -> Error {
    Error::invalid(
        "transcript.no_entry",
        said("笔录里没有这一条。", "There is no such entry in the transcript."),
        said("请载入最新的笔录，再改。", "Load the newest transcript first."),
    )
    .at(format!("/changes/{n}"))
}

fn too_many() -> Error {
    Error::conflict(
        "transcript.full",
        said(format!("一份笔录最多 {MOST_ENTRIES} 条。"), format!("A transcript holds at most {MOST_ENTRIES} entries.")),
        said("请合并相邻的发言。", "Join speeches that follow each other."),
    )
}
