//! 笔录的文书: the transcript and the agreement as papers. Owns what the template is given. A copy for checking has no seal
//! and says so; the paper of a locked version is sealed, time-stamped and carries the drawn signatures. Must never set
//! other words than those that were hashed.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::record::Record;
use super::signatures::Mark;
use super::transcript::{Document, Reads, fingerprint};
use super::{fixing, transcript_read, transcript_versions, transcripts};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::{Error, Result};
use crate::paper::renderer::Job;
use crate::paper::{issue, sealing};

/// The template of both.
pub const TEMPLATE: &str = "hearing_transcript";

/// What of the record its reader may take away: the fixed version, else as it now stands; with its title.
///
/// # Errors
/// 404; 403 for who reads nothing; of who waits apart.
pub async fn readable(app: &App, caller: &Caller, court: i32, hearing: Uuid) -> Result<(Document, String)> {
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    let record = Record::of(&mut tx, hearing, caller.person()).await?;
    if transcript_read::reads(&record)? != Reads::All {
        return Err(Error::not_found());
    }
    let mut t = transcripts::find(&mut tx, hearing).await?.ok_or_else(Error::not_found)?;
    let document = match &t.fixed {
        Some((n, _)) => transcript_versions::version(&mut tx, hearing, *n).await?.document,
        None => fixing::standing(app, &mut tx, &record, &mut t).await?.document,
    };
    let title = format!("{}（{}）", document.header.title, document.header.case_number);
    Ok((document, title))
}

/// The record as PDF for its reader.
///
/// # Errors
/// As `readable`; 503 when papers cannot be made.
pub async fn pdf(app: &App, caller: &Caller, court: i32, hearing: Uuid) -> Result<(Vec<u8>, String)> {
    let (document, title) = readable(app, caller, court, hearing).await?;
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    let paper: Option<Uuid> = sqlx::query_scalar(
        "select v.paper_id from transcripts t join transcript_versions v on v.court_id = t.court_id and v.hearing_id = t.hearing_id and v.n = t.fixed_n
         where t.court_id = $1 and t.hearing_id = $2 and t.locked_at is not null",
    )
    .bind(court)
    .bind(hearing)
    .fetch_optional(tx.conn())
    .await?
    .flatten();
    let now = tx.now();
    drop(tx); // setting a paper takes its time
    if let Some(paper) = paper {
        let ready = issue::ready(app, court, paper).await?;
        return Ok((sealing::read_whole(app, &ready.object_key).await?, title));
    }
    let mut data = data(&document, None, &[]);
    data["court"] = json!({ "name": app.door.registry.name(court), "province": app.province_name() });
    data["uncoded"] = "核对稿：尚未签名，不具证明力".into();
    data["date"] = crate::court::beijing::beijing_date(now).to_string().into();
    let job = Job { template: TEMPLATE.into(), source: None, data, images: Vec::new(), created_at: now };
    Ok((app.renderer.render(&job).await?.pdf, title))
}

/// What the template is given.
pub fn data(document: &Document, digest: Option<&str>, marks: &[Mark]) -> Value {
    let h = &document.header;
    let mut sections: Vec<Value> = Vec::new();
    let mut under = None;
    for e in document.entries() {
        if under != Some(e.section) {
            sections.push(json!({ "name": e.section.zh(), "entries": [] }));
            under = Some(e.section);
        }
        if let Some(list) = sections.last_mut().and_then(|s| s["entries"].as_array_mut()) {
            list.push(json!({ "speaker": e.speaker_name, "text": e.text }));
        }
    }
    json!({
        "title": h.title, "case_number": h.case_number, "cause": h.cause, "opened_at": h.opened_at, "ended_at": h.ended_at, "place": h.place,
        "public": h.public, "closed_reason": h.closed_reason,
        "bench": h.bench.iter().map(|(plate, name)| json!({ "plate": plate, "name": name })).collect::<Vec<_>>(),
        "parties": h.parties.iter().map(|(plate, name, says)| json!({ "plate": plate, "name": name, "says": says })).collect::<Vec<_>>(),
        "absent": h.absent.iter().map(|(who, reason)| json!({ "who": who, "reason": reason })).collect::<Vec<_>>(),
        "interruptions": h.interruptions, "sections": sections, "exhibits": document.exhibits, "refused": document.refused_corrections,
        "digest": digest, "fingerprint": digest.map(fingerprint), "signatures": marks.iter().map(mark).collect::<Vec<_>>(),
    })
}

/// What the template is given for an agreement.
pub fn agreement_data(record: &Record, terms: &[String], effective_at: DateTime<Utc>, digest: &str, marks: &[Mark]) -> Value {
    json!({
        "title": "调解协议", "case_number": record.row.case_number, "cause": record.row.cause_name, "terms": terms, "effective_at": effective_at,
        "digest": digest, "fingerprint": fingerprint(digest), "signatures": marks.iter().map(mark).collect::<Vec<_>>(),
        "parties": record.seated.iter().filter(|s| s.seat.role.is_party_side()).map(|s| json!({ "plate": s.plate(), "name": s.name, "says": "" })).collect::<Vec<_>>(),
    })
}

fn mark(m: &Mark) -> Value {
    json!({ "plate": m.plate, "name": m.name, "at": m.at, "way": m.way, "strokes": m.strokes, "refused": m.refused, "own_part": m.own_part })
}
