//! 看笔录: what of a transcript one reader is given. Owns the cut: all of it, or a witness's own part once the hearing has
//! ended. Must never show the rest to somebody who waits apart.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::fixing;
use super::kinds;
use super::objections;
use super::record::Record;
use super::transcript::{self, Document, Reads, Template};
use super::transcript_head;
use super::transcript_versions;
use super::transcript_views::{self as views, HearingTranscript, TranscriptFixed};
use super::transcripts::{self, Kept, Line, Transcript};
use super::words::State;
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};

/// How much the acting person reads: by the seats held in the hearing; who is in the case and holds none reads all.
///
/// # Errors
/// 403 for who reads nothing of it.
pub fn reads(record: &Record) -> Result<Reads> {
    let state = record.state();
    let most = record.mine().map(|s| transcript::reads(s.seat.role, state)).min_by_key(|r| match r {
        Reads::All => 0,
        Reads::OwnPart => 1,
        Reads::Nothing => 2,
    });
    match most {
        Some(Reads::Nothing) => Err(nothing()),
        // the wall of the rows decides about the rest
        other => Ok(other.unwrap_or(Reads::All)),
    }
}

/// The transcript for this caller.
///
/// # Errors
/// 404 of the hearing; 403 for who reads nothing of it.
pub async fn read(app: &App, caller: &Caller, court: i32, hearing: Uuid, since: Option<i64>) -> Result<HearingTranscript> {
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    let record = Record::of(&mut tx, hearing, caller.person()).await?;
    if reads(&record)? == Reads::All {
        return shown(app, &mut tx, &record, Reads::All, since).await;
    }
    // a witness is not in the case: the house reads, and gives the own part
    drop(tx);
    let mut tx = app.door.enter(caller, court, Act::HearingTake).await?;
    let record = Record::of(&mut tx, hearing, caller.person()).await?;
    shown(app, &mut tx, &record, Reads::OwnPart, since).await
}

async fn shown(app: &App, tx: &mut CourtTx, record: &Record, reads: Reads, since: Option<i64>) -> Result<HearingTranscript> {
    let hearing = record.row.hearing_id;
    let Some(mut t) = transcripts::find(tx, hearing).await? else { return Ok(not_begun(record)) };
    if t.fixed.is_none() {
        transcript_head::times(&mut t.kept, &record.row);
    }
    let all = transcripts::lines(tx, hearing, None).await?;
    let own = readable(record, reads, &t, &all);
    let lines = match since {
        None => all.clone(),
        Some(since) => transcripts::lines(tx, hearing, Some(since)).await?,
    };
    let texts: BTreeMap<Uuid, &str> = all.iter().map(|l| (l.entry.id, l.entry.text.as_str())).collect();
    let asked = objections::all(tx, hearing).await?;
    let mine = |o: &objections::Objection| record.mine().any(|s| s.seat.id == o.participant);
    let whole = reads == Reads::All;
    let objections = asked.iter().filter(|o| whole || mine(o)).map(|o| views::objection(o, record, texts.get(&o.entry).copied()));
    let objections = objections.collect();
    let open = if record.keeps() { fixing::standing(app, tx, record, &mut t).await?.open } else { Vec::new() };
    let fixed = match &t.fixed {
        Some((n, digest)) => Some(TranscriptFixed::of(*n, digest, transcript_versions::version(tx, hearing, *n).await?.fixed_at)),
        None => None,
    };
    let speakers = views::speakers(record, &t).into_iter().filter(|s| whole || record.mine().any(|m| m.seat.id == s.participant_id));
    Ok(HearingTranscript {
        speakers: speakers.collect(),
        entries: lines
            .iter()
            .filter(|l| own.as_ref().is_none_or(|own| own.contains(&l.entry.id)))
            .map(|l| views::entry(l, record.person))
            .collect(),
        objections,
        open: open.iter().map(views::open).collect(),
        refused_lines: if whole { objections::refused_lines(record, &asked) } else { Vec::new() },
        fixed: fixed.filter(|_| whole),
        reads: if whole { "all" } else { "own_part" }.into(),
        rev: t.rev,
        version: t.version,
        ..frame(record, t.template, &t.kept, true)
    })
}

/// The entries a reader of the own part may have; none: all of them.
pub fn readable(record: &Record, reads: Reads, t: &Transcript, all: &[Line]) -> Option<Vec<Uuid>> {
    if reads == Reads::All {
        return None;
    }
    let document = document(t, all);
    Some(record.mine().flat_map(|s| document.part_of(s.seat.id)).map(|e| e.id).collect())
}

/// The entries as a document, for cutting out a part.
fn document(t: &Transcript, all: &[Line]) -> Document {
    let entries = all.iter().map(|l| l.entry.clone()).collect();
    Document { header: t.kept.header.clone(), entries, exhibits: Vec::new(), refused_corrections: Vec::new() }
}

fn not_begun(record: &Record) -> HearingTranscript {
    let template = template_of(record);
    frame(record, template, &Kept::default(), false)
}

/// The template the hearing was fixed with.
pub fn template_of(record: &Record) -> Template {
    let fit = || kinds::templates(record.row.kind, crate::delivery::words::Procedure::Ordinary, false, false).first().copied();
    Template::parse(&record.row.template).or_else(fit).unwrap_or(Template::Ordinary)
}

fn frame(record: &Record, template: Template, kept: &Kept, begun: bool) -> HearingTranscript {
    let state = record.state();
    HearingTranscript {
        begun,
        rev: 0,
        version: 0,
        template: template.key().into(),
        template_name: template.zh().into(),
        phase: phase(state).into(),
        reads: "all".into(),
        writes: record.mine().any(|s| transcript::may_write(s.seat.role, state)),
        objects: begun && record.mine().any(|s| transcript::may_object(s.seat.role, state)),
        header: views::header(&kept.header),
        sections: views::sections(template),
        speakers: Vec::new(),
        entries: Vec::new(),
        objections: Vec::new(),
        open: Vec::new(),
        fixed: None,
        refused_lines: Vec::new(),
    }
}

fn phase(state: State) -> &'static str {
    match state {
        State::Ended => "review",
        State::Signing => "signing",
        State::Locked | State::Closed => "locked",
        _ => "live",
    }
}

fn nothing() -> Error {
    Error::new(
        poem::http::StatusCode::FORBIDDEN,
        "transcript.not_for_you",
        said(
            "笔录由本案当事人、代理人和法庭查看；证人在庭审结束后查看本人部分。",
            "The parties, their agents and the court read the transcript; a witness the own words, after the end.",
        ),
        said("有疑问请联系书记员。", "Ask the clerk."),
    )
}
