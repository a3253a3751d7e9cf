//! Doors of the transcript: reading it, writing it together, importing, exporting.

use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{ApiResponse, OpenApi};
use serde_json::json;
use uuid::Uuid;

use super::record::{self, Record};
use super::transcript::{self, Reads};
use super::transcript_changes::{self, NewEntry, Op};
use super::transcript_orders::{self as orders, TranscriptBegin, TranscriptChanges, TranscriptHead, TranscriptImport};
use super::transcript_views::{self as views, HearingTranscript, TranscriptChanged, TranscriptHistory};
use super::transcripts::{self, Kept, Mark};
use super::{record_paper, transcript_docx, transcript_head, transcript_import, transcript_read};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::evidence::content::attachment;
use crate::kit::answer::{Created, Pdf, created};

/// The doors.
pub struct TranscriptApi;

/// A DOCX made for this answer.
#[derive(ApiResponse)]
enum Docx {
    /// Word 文件 · A DOCX
    #[oai(status = 200, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    Docx(Binary<Vec<u8>>, #[oai(header = "Content-Disposition")] String),
}

/// A writer's transaction: the transcript held, the writer known.
async fn writing(app: &App, caller: &Caller, court: i32, hearing: Uuid) -> Result<(CourtTx, Record)> {
    let mut tx = app.door.enter(caller, court, Act::TranscriptWrite).await?;
    let record = Record::of(&mut tx, hearing, caller.person()).await?;
    record.writer()?;
    Ok((tx, record))
}

fn changed(caller: &Caller, rev: i64, lines: &[transcripts::Line]) -> TranscriptChanged {
    TranscriptChanged { rev, entries: lines.iter().map(|l| views::entry(l, caller.person())).collect() }
}

#[OpenApi]
impl TranscriptApi {
    /// 庭审笔录; with `since` only what changed after it.
    #[oai(path = "/courts/:court/hearings/:hearing/transcript", method = "get", operation_id = "get_transcript")]
    async fn get(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        since: Query<Option<i64>>,
    ) -> Result<Json<HearingTranscript>> {
        Ok(Json(transcript_read::read(app, &caller, court.0, hearing.0, since.0).await?))
    }

    /// 新建笔录, by the template of the hearing.
    #[oai(path = "/courts/:court/hearings/:hearing/transcript", method = "post", operation_id = "begin_transcript")]
    async fn begin(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        body: Json<TranscriptBegin>,
    ) -> Result<Created<HearingTranscript>> {
        let (mut tx, record) = writing(app, &caller, court.0, hearing.0).await?;
        if begin(app, &mut tx, &record, &body.0).await? {
            tx.commit(hearing.0, json!({ "begun": true })).await?;
        }
        Ok(created(transcript_read::read(app, &caller, court.0, hearing.0, None).await?))
    }

    /// 首部: place, who was there, identity and authority as read out.
    #[oai(path = "/courts/:court/hearings/:hearing/transcript/header", method = "put", operation_id = "set_transcript_header")]
    async fn head(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        body: Json<TranscriptHead>,
    ) -> Result<Json<HearingTranscript>> {
        let (mut tx, record) = writing(app, &caller, court.0, hearing.0).await?;
        let rev = head(app, &mut tx, &record, &body.0).await?;
        tx.commit(hearing.0, json!({ "header": true, "rev": rev })).await?;
        Ok(Json(transcript_read::read(app, &caller, court.0, hearing.0, None).await?))
    }

    /// 写笔录: changes by one of several writers; joined with what others wrote elsewhere in the same words' entry.
    #[oai(path = "/courts/:court/hearings/:hearing/transcript/changes", method = "post", operation_id = "change_transcript")]
    async fn change(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<TranscriptChanges>,
    ) -> Result<Created<TranscriptChanged>> {
        let (tx, record) = writing(app, &caller, court.0, hearing.0).await?;
        let ops = body.0.ops()?;
        Ok(created(take(tx, &caller, &record, key.0, &serde_json::to_vec(&(hearing.0, &body.0))?, ops).await?))
    }

    /// 导入文本: speakers and sections are read from it.
    #[oai(path = "/courts/:court/hearings/:hearing/transcript/import", method = "post", operation_id = "import_transcript")]
    async fn import(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<TranscriptImport>,
    ) -> Result<Created<TranscriptChanged>> {
        let (mut tx, record) = writing(app, &caller, court.0, hearing.0).await?;
        let ops = imported(&mut tx, &record, &body.0).await?;
        Ok(created(take(tx, &caller, &record, key.0, &serde_json::to_vec(&(hearing.0, &body.0))?, ops).await?))
    }

    /// 改动经过 of an entry.
    #[oai(path = "/courts/:court/hearings/:hearing/transcript/entries/:entry/history", method = "get", operation_id = "transcript_history")]
    async fn history(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        entry: Path<Uuid>,
    ) -> Result<Json<TranscriptHistory>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        let record = Record::of(&mut tx, hearing.0, caller.person()).await?;
        if transcript_read::reads(&record)? != Reads::All {
            return Err(Error::not_found());
        }
        let all = transcripts::history(&mut tx, hearing.0, entry.0).await?;
        if all.is_empty() { Err(Error::not_found()) } else { Ok(Json(views::history(&record, &all))) }
    }

    /// 导出 as DOCX.
    #[oai(path = "/courts/:court/hearings/:hearing/transcript.docx", method = "get", operation_id = "transcript_docx")]
    async fn docx(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, hearing: Path<Uuid>) -> Result<Docx> {
        let (document, title) = record_paper::readable(app, &caller, court.0, hearing.0).await?;
        Ok(Docx::Docx(Binary(transcript_docx::docx(&document)?), attachment(&format!("{title}.docx"))))
    }

    /// 导出 as PDF: a copy for checking; once it is locked the sealed paper.
    #[oai(path = "/courts/:court/hearings/:hearing/transcript.pdf", method = "get", operation_id = "transcript_pdf")]
    async fn pdf(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, hearing: Path<Uuid>) -> Result<Pdf> {
        let (bytes, title) = record_paper::pdf(app, &caller, court.0, hearing.0).await?;
        Ok(Pdf::Pdf(Binary(bytes), attachment(&format!("{title}.pdf"))))
    }
}

/// Begins it, with the standing words of its template; nothing where it was begun before.
async fn begin(app: &App, tx: &mut CourtTx, record: &Record, order: &TranscriptBegin) -> Result<bool> {
    let hearing = record.row.hearing_id;
    let template = order.template.as_deref().map(orders::template).transpose()?.unwrap_or_else(|| transcript_read::template_of(record));
    let mut kept = Kept::default();
    transcript_head::refresh(&mut kept, record, &app.door.registry.name(tx.court));
    if !transcripts::begin(tx, hearing, record.row.case_id, template, &kept).await? {
        return Ok(false);
    }
    if order.opening_lines {
        let mut ops = Vec::new();
        for (section, role, text) in transcript::opening_lines(template) {
            let clerk = role.is_clerk();
            let speaker = record.seated.iter().find(|s| if clerk { s.seat.role.is_clerk() } else { s.seat.role.presides() });
            let (id, speaker) = (tx.id(), speaker.map(|s| s.seat.id));
            ops.push(Op::Insert(NewEntry { id, after: None, section, speaker, text: text.into(), media: None, unchecked: false }));
        }
        let mut t = transcripts::hold(tx, hearing).await?;
        transcript_changes::apply(tx, record, &mut t, ops, None).await?;
    }
    record::told(tx, hearing, json!({ "transcript": 1 }))?;
    Ok(true)
}

async fn head(app: &App, tx: &mut CourtTx, record: &Record, order: &TranscriptHead) -> Result<i64> {
    let hearing = record.row.hearing_id;
    let mut t = transcripts::hold(tx, hearing).await?;
    if t.version != order.version {
        return Err(Error::stale());
    }
    if let Some(word) = &order.template {
        t.template = orders::template(word)?;
    }
    if let Some(place) = &order.place {
        t.kept.place = Some(place.trim().to_owned());
    }
    for (n, a) in order.attendance.iter().enumerate() {
        record.named(a.participant_id, &format!("/attendance/{n}/participant_id"))?;
        let mark = Mark { absent: Some(a.absent), reason: a.reason.trim().to_owned(), says: a.says.as_ref().map(|s| s.trim().to_owned()) };
        t.kept.marks.insert(a.participant_id, mark);
    }
    transcript_head::refresh(&mut t.kept, record, &app.door.registry.name(tx.court));
    (t.fixed, t.version, t.rev) = (None, t.version + 1, t.rev + 1);
    transcripts::save(tx, hearing, &t).await?;
    record::told(tx, hearing, json!({ "transcript": t.rev, "header": true }))?;
    Ok(t.rev)
}

/// Takes changes once, whoever repeats the call.
async fn take(mut tx: CourtTx, caller: &Caller, record: &Record, key: Uuid, body: &[u8], ops: Vec<Op>) -> Result<TranscriptChanged> {
    let hearing = record.row.hearing_id;
    let mut t = transcripts::hold(&mut tx, hearing).await?;
    if let Some((rev, ids)) = tx.once::<(i64, Vec<Uuid>)>(key, body).await? {
        return Ok(changed(caller, rev, &transcripts::some(&mut tx, hearing, &ids).await?));
    }
    let lines = transcript_changes::apply(&mut tx, record, &mut t, ops, None).await?;
    let ids: Vec<Uuid> = lines.iter().map(|l| l.entry.id).collect();
    tx.answered(key, &(t.rev, &ids)).await?;
    record::told(&mut tx, hearing, json!({ "transcript": t.rev }))?;
    tx.commit(hearing, json!({ "rev": t.rev, "entries": ids.len() })).await?;
    Ok(changed(caller, t.rev, &lines))
}

/// A text as new entries, one behind the other where it names a place.
async fn imported(tx: &mut CourtTx, record: &Record, order: &TranscriptImport) -> Result<Vec<Op>> {
    let t = transcripts::hold(tx, record.row.hearing_id).await?;
    let first = order.section.as_deref().map(|s| orders::section(s, "/section")).transpose()?;
    let names: Vec<(String, Uuid)> = record
        .seated
        .iter()
        .filter(|s| !s.is_outside())
        .flat_map(|s| [(s.plate(), s.seat.id), (s.name.clone(), s.seat.id), (s.label(), s.seat.id)])
        .collect();
    let found = transcript_import::read(&order.text, first.unwrap_or(transcript::Section::Attendance), t.template, &names);
    if found.len() > transcript_import::MOST {
        return Err(too_much());
    }
    let (mut behind, mut ops) = (order.after, Vec::new());
    for r in found {
        let id = tx.id();
        ops.push(Op::Insert(NewEntry {
            id,
            after: behind,
            section: r.section,
            speaker: r.speaker,
            text: r.text,
            media: None,
            unchecked: false,
        }));
        behind = order.after.is_some().then_some(id);
    }
    Ok(ops)
}

fn too_much() -> Error {
    Error::invalid(
        "transcript.import_long",
        crate::error::said(
            format!("一次最多导入 {} 条。", transcript_import::MOST),
            format!("One import holds at most {} entries.", transcript_import::MOST),
        ),
        crate::error::said("请分几次导入。", "Import it in parts."),
    )
    .at("/text")
}
