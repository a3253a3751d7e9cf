//! 笔录的存放: the rows of a transcript, its entries and their history. Owns the SQL of `transcripts`, `transcript_entries` and
//! `transcript_revisions`, and the sealing of what they hold. Must never change a revision once written.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::transcript::{Entry, Header, MediaTime, Section, Template};
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;

const HEADER: (&str, &str) = ("transcripts", "header");

/// What the clerk notes of one participant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mark {
    /// Stayed away, or was there; none: as the room knows it.
    pub absent: Option<bool>,
    /// Why, of who stayed away.
    pub reason: String,
    /// Identity and authority as read out.
    pub says: Option<String>,
}

/// The head as it is kept: what people read, and what the clerk noted for it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Kept {
    /// What people read.
    pub header: Header,
    /// The place as the clerk wrote it; none: of the courtroom or the platform.
    pub place: Option<String>,
    /// By participant.
    pub marks: BTreeMap<Uuid, Mark>,
}

/// A transcript.
#[derive(Debug, Clone)]
pub struct Transcript {
    /// Case.
    pub case: Uuid,
    /// Template.
    pub template: Template,
    /// Head.
    pub kept: Kept,
    /// Counts every change.
    pub rev: i64,
    /// The version that is read and signed, and its digest.
    pub fixed: Option<(i32, String)>,
    /// Locked since.
    pub locked_at: Option<DateTime<Utc>>,
    /// Version of its head.
    pub version: i32,
}

#[derive(FromRow)]
struct Row {
    case_id: Uuid,
    template: Template,
    header: Vec<u8>,
    rev: i64,
    fixed_n: Option<i32>,
    fixed_digest: Option<String>,
    locked_at: Option<DateTime<Utc>>,
    version: i32,
}

/// The transcript of a hearing, if it was begun.
///
/// # Errors
/// What the database says.
pub async fn find(tx: &mut CourtTx, hearing: Uuid) -> Result<Option<Transcript>> {
    let court = tx.court;
    let row: Option<Row> = sqlx::query_as(
        "select case_id, template, header, rev, fixed_n, fixed_digest, locked_at, version from transcripts where court_id = $1 and hearing_id = $2",
    )
    .bind(court)
    .bind(hearing)
    .fetch_optional(tx.conn())
    .await?;
    row.map(|r| open(tx, hearing, r)).transpose()
}

/// The same, held until the transaction ends: who writes waits for who wrote before.
///
/// # Errors
/// When nobody began it.
pub async fn hold(tx: &mut CourtTx, hearing: Uuid) -> Result<Transcript> {
    let court = tx.court;
    sqlx::query("select 1 from transcripts where court_id = $1 and hearing_id = $2 for update")
        .bind(court)
        .bind(hearing)
        .fetch_optional(tx.conn())
        .await?;
    find(tx, hearing).await?.ok_or_else(|| {
        Error::conflict(
            "transcript.not_begun",
            said("这场庭审还没有新建笔录。", "Nobody has begun the transcript of this hearing."),
            said("请书记员先选择模板、新建笔录。", "Let the clerk choose a template and begin it."),
        )
    })
}

fn open(tx: &CourtTx, hearing: Uuid, r: Row) -> Result<Transcript> {
    Ok(Transcript {
        case: r.case_id,
        template: r.template,
        kept: tx.seal().open_json(tx.owner(), Place(HEADER.0, HEADER.1, &hearing), &r.header)?,
        rev: r.rev,
        fixed: r.fixed_n.zip(r.fixed_digest),
        locked_at: r.locked_at,
        version: r.version,
    })
}

/// Begins one; answers whether it was not begun before.
///
/// # Errors
/// What the database says.
pub async fn begin(tx: &mut CourtTx, hearing: Uuid, case: Uuid, template: Template, kept: &Kept) -> Result<bool> {
    let court = tx.court;
    let header = tx.seal().seal_json(tx.owner(), Place(HEADER.0, HEADER.1, &hearing), kept)?;
    let made = sqlx::query(
        "insert into transcripts (court_id, hearing_id, case_id, template, header, rev, version) values ($1,$2,$3,$4,$5,0,1) on conflict do nothing",
    )
    .bind(court)
    .bind(hearing)
    .bind(case)
    .bind(template.key())
    .bind(header)
    .execute(tx.conn())
    .await?;
    Ok(made.rows_affected() == 1)
}

/// Writes it back.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut CourtTx, hearing: Uuid, t: &Transcript) -> Result<()> {
    let court = tx.court;
    let header = tx.seal().seal_json(tx.owner(), Place(HEADER.0, HEADER.1, &hearing), &t.kept)?;
    sqlx::query(
        "update transcripts set template = $3, header = $4, rev = $5, fixed_n = $6, fixed_digest = $7, locked_at = $8, version = $9 where court_id = $1 and hearing_id = $2",
    )
    .bind(court)
    .bind(hearing)
    .bind(t.template.key())
    .bind(header)
    .bind(t.rev)
    .bind(t.fixed.as_ref().map(|(n, _)| *n))
    .bind(t.fixed.as_ref().map(|(_, digest)| digest))
    .bind(t.locked_at)
    .bind(t.version)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// An entry with what is known of its last change.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The entry.
    pub entry: Entry,
    /// The transcript's count when it last changed.
    pub rev: i64,
    /// By whom.
    pub by: Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(FromRow)]
struct LineRow {
    entry_id: Uuid,
    position: i64,
    section: Section,
    speaker: Option<Uuid>,
    speaker_name: String,
    text: Vec<u8>,
    media: Option<Json<MediaTime>>,
    unchecked: bool,
    version: i32,
    struck: bool,
    rev: i64,
    changed_by: Uuid,
    changed_at: DateTime<Utc>,
}

fn line(tx: &CourtTx, r: LineRow) -> Result<Line> {
    let text = tx.seal().open_text(tx.owner(), Place("transcript_entries", "text", &r.entry_id), &r.text)?;
    Ok(Line {
        entry: Entry {
            id: r.entry_id,
            position: r.position,
            section: r.section,
            speaker: r.speaker,
            speaker_name: r.speaker_name,
            text,
            media: r.media.map(|m| m.0),
            unchecked: r.unchecked,
            version: u32::try_from(r.version).unwrap_or_default(),
            struck: r.struck,
        },
        rev: r.rev,
        by: r.changed_by,
        at: r.changed_at,
    })
}

const COLUMNS: &str =
    "entry_id, position, section, speaker, speaker_name, text, media, unchecked, version, struck, rev, changed_by, changed_at";

/// Entries in their order: those changed after `since`, struck ones too; or all that stand.
///
/// # Errors
/// What the database says.
pub async fn lines(tx: &mut CourtTx, hearing: Uuid, since: Option<i64>) -> Result<Vec<Line>> {
    let court = tx.court;
    let sql = format!(
        "select {COLUMNS} from transcript_entries where court_id = $1 and hearing_id = $2 and case when $3::bigint is null then not struck else rev > $3 end order by position, entry_id"
    );
    let rows: Vec<LineRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(hearing).bind(since).fetch_all(tx.conn()).await?;
    rows.into_iter().map(|r| line(tx, r)).collect()
}

/// Some entries.
///
/// # Errors
/// What the database says.
pub async fn some(tx: &mut CourtTx, hearing: Uuid, ids: &[Uuid]) -> Result<Vec<Line>> {
    let court = tx.court;
    let sql = format!(
        "select {COLUMNS} from transcript_entries where court_id = $1 and hearing_id = $2 and entry_id = any($3) order by position, entry_id"
    );
    let rows: Vec<LineRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(hearing).bind(ids).fetch_all(tx.conn()).await?;
    rows.into_iter().map(|r| line(tx, r)).collect()
}

/// An entry without its words: where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Bone {
    /// Entry.
    pub entry_id: Uuid,
    /// Its place.
    pub position: i64,
    /// Section.
    pub section: Section,
}

/// All entries in their order, without their words.
///
/// # Errors
/// What the database says.
pub async fn spine(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Bone>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select entry_id, position, section from transcript_entries where court_id = $1 and hearing_id = $2 order by position, entry_id",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?)
}

/// Lays entries out anew.
///
/// # Errors
/// What the database says.
pub async fn lay_out(tx: &mut CourtTx, hearing: Uuid, places: &[(Uuid, i64)], rev: i64) -> Result<()> {
    let court = tx.court;
    let (ids, positions): (Vec<Uuid>, Vec<i64>) = places.iter().copied().unzip();
    sqlx::query(
        "update transcript_entries e set position = p.position, rev = $5 from unnest($3::uuid[], $4::bigint[]) p(id, position)
         where e.court_id = $1 and e.hearing_id = $2 and e.entry_id = p.id",
    )
    .bind(court)
    .bind(hearing)
    .bind(ids)
    .bind(positions)
    .bind(rev)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// In which phase a version was written, and on whose asking.
#[derive(Debug, Clone, Copy)]
pub struct Phase {
    /// While the hearing sits, not in the review after it.
    pub live: bool,
    /// The correction it answers.
    pub objection: Option<Uuid>,
}

/// Writes an entry as it now stands.
///
/// # Errors
/// What the database says.
pub async fn put(tx: &mut CourtTx, hearing: Uuid, case: Uuid, l: &Line) -> Result<()> {
    let (court, e) = (tx.court, &l.entry);
    let text = tx.seal().seal(tx.owner(), Place("transcript_entries", "text", &e.id), e.text.as_bytes())?;
    sqlx::query(
        "insert into transcript_entries (court_id, hearing_id, entry_id, case_id, position, section, speaker, speaker_name, text, media, unchecked, version, struck, rev, changed_by, changed_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)
         on conflict (court_id, hearing_id, entry_id) do update set position = $5, section = $6, speaker = $7, speaker_name = $8, text = $9, media = $10, unchecked = $11, version = $12,
           struck = $13, rev = $14, changed_by = $15, changed_at = $16",
    )
    .bind(court)
    .bind(hearing)
    .bind(e.id)
    .bind(case)
    .bind(e.position)
    .bind(e.section.key())
    .bind(e.speaker)
    .bind(&e.speaker_name)
    .bind(text)
    .bind(e.media.map(Json))
    .bind(e.unchecked)
    .bind(i32::try_from(e.version).map_err(Error::internal)?)
    .bind(e.struck)
    .bind(l.rev)
    .bind(l.by)
    .bind(l.at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes down the version an entry now has, beside the older ones.
///
/// # Errors
/// What the database says.
pub async fn keep_revision(tx: &mut CourtTx, hearing: Uuid, case: Uuid, l: &Line, phase: Phase) -> Result<()> {
    let (court, e) = (tx.court, &l.entry);
    let text = tx.seal().seal(tx.owner(), Place("transcript_revisions", "text", &e.id), e.text.as_bytes())?;
    sqlx::query(
        "insert into transcript_revisions (court_id, hearing_id, entry_id, version, case_id, speaker, text, struck, phase, objection_id, by_person, at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
    )
    .bind(court)
    .bind(hearing)
    .bind(e.id)
    .bind(i32::try_from(e.version).map_err(Error::internal)?)
    .bind(case)
    .bind(e.speaker)
    .bind(text)
    .bind(e.struck)
    .bind(if phase.live { "live" } else { "review" })
    .bind(phase.objection)
    .bind(l.by)
    .bind(l.at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// One version of an entry.
#[derive(Debug, Clone)]
pub struct Revision {
    /// Version.
    pub version: i32,
    /// Words.
    pub text: String,
    /// Taken out by it.
    pub struck: bool,
    /// live or review.
    pub phase: String,
    /// The correction it answers.
    pub objection: Option<Uuid>,
    /// Whose.
    pub by: Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(FromRow)]
struct RevisionRow {
    version: i32,
    text: Vec<u8>,
    struck: bool,
    phase: String,
    objection_id: Option<Uuid>,
    by_person: Uuid,
    at: DateTime<Utc>,
}

/// The history of an entry, oldest first.
///
/// # Errors
/// What the database says.
pub async fn history(tx: &mut CourtTx, hearing: Uuid, entry: Uuid) -> Result<Vec<Revision>> {
    let court = tx.court;
    let rows: Vec<RevisionRow> = sqlx::query_as(
        "select version, text, struck, phase, objection_id, by_person, at from transcript_revisions where court_id = $1 and hearing_id = $2 and entry_id = $3 order by version",
    )
    .bind(court)
    .bind(hearing)
    .bind(entry)
    .fetch_all(tx.conn())
    .await?;
    let text = |sealed: &[u8]| tx.seal().open_text(tx.owner(), Place("transcript_revisions", "text", &entry), sealed);
    rows.into_iter()
        .map(|r| {
            Ok(Revision {
                version: r.version,
                text: text(&r.text)?,
                struck: r.struck,
                phase: r.phase,
                objection: r.objection_id,
                by: r.by_person,
                at: r.at,
            })
        })
        .collect()
}
