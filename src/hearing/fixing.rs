//! 定稿: making a numbered version of a transcript, and taking it back. Owns putting together what a signer reads: head,
//! entries, exhibits, refused corrections. Must never fix what is still open, or let a signature go on with words that
//! changed after it.

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;

use super::guards::{Hand, Ready};
use super::record::{self, Record};
use super::refusal::reasoned;
use super::states::Step;
use super::steps::{self, NO_ROOM, Taken};
use super::transcript::{self, Document, Open};
use super::transcripts::{self, Transcript};
use super::words::State;
use super::{exhibits, objections, signing, transcript_head, transcript_versions};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::{Error, FieldProblem, Result, said};

/// A transcript as it stands now, whole.
pub struct Standing {
    /// What would be fixed.
    pub document: Document,
    /// What keeps it from being fixed.
    pub open: Vec<Open>,
}

/// Puts it together. The head is brought in line with the hearing first.
///
/// # Errors
/// What the database says.
pub async fn standing(app: &App, tx: &mut CourtTx, record: &Record, t: &mut Transcript) -> Result<Standing> {
    let hearing = record.row.hearing_id;
    transcript_head::refresh(&mut t.kept, record, &app.door.registry.name(tx.court));
    let entries = transcripts::lines(tx, hearing, None).await?.into_iter().map(|l| l.entry).collect();
    let asked = objections::all(tx, hearing).await?;
    let unanswered = asked.iter().filter(|o| o.state == "open").count();
    let document = Document {
        header: t.kept.header.clone(),
        entries,
        exhibits: exhibits::lines(tx, record).await?,
        refused_corrections: objections::refused_lines(record, &asked),
    };
    let open = transcript::open(&document, t.template, unanswered);
    Ok(Standing { document, open })
}

/// Fixes it as the next version; answers its number.
///
/// # Errors
/// While anything is open; when it changed since its writer looked; when the hearing has not ended.
pub async fn fix(app: &App, tx: &mut CourtTx, record: &Record, rev: i64) -> Result<i32> {
    record.writer()?;
    if record.state() != State::Ended {
        return Err(Error::conflict(
            "transcript.not_ended",
            said("庭审还没有结束，不能定稿。", "The hearing has not ended; the transcript cannot be fixed."),
            said("请在结束庭审后核对、定稿。", "Fix it after the end."),
        ));
    }
    let hearing = record.row.hearing_id;
    let mut t = transcripts::hold(tx, hearing).await?;
    if t.rev != rev {
        return Err(Error::stale());
    }
    let standing = standing(app, tx, record, &mut t).await?;
    if !standing.open.is_empty() {
        return Err(still_open(&standing.open));
    }
    let (digest, parts) = (standing.document.digest(), parts(record, &t, &standing.document));
    let n = transcript_versions::keep_version(tx, hearing, t.case, &standing.document, &digest, &parts).await?;
    t.fixed = Some((n, digest.clone()));
    t.version += 1;
    t.rev += 1;
    transcripts::save(tx, hearing, &t).await?;
    record::told(tx, hearing, json!({ "transcript": t.rev, "fixed": n }))?;
    tx.tell("hearing.fixed", &json!({ "hearing": hearing, "n": n }))?;
    Ok(n)
}

/// Who signs what: who was there and has a wave; a witness the own part, if there is one.
fn parts(record: &Record, t: &Transcript, document: &Document) -> BTreeMap<Uuid, String> {
    let whole = document.digest();
    let signs =
        |s: &&record::Seated| signing::wave(s.seat.role).is_some() && (s.seat.role.is_court() || transcript_head::attended(&t.kept, s));
    let part = |s: &record::Seated| {
        if !s.seat.role.waits_apart() {
            return Some((s.seat.id, whole.clone()));
        }
        (!document.part_of(s.seat.id).is_empty()).then(|| (s.seat.id, document.digest_of_part(s.seat.id)))
    };
    record.seated.iter().filter(signs).filter_map(part).collect()
}

/// What a step of the course has to know of the record: is it fixed, has everybody signed.
///
/// # Errors
/// What the database says.
pub async fn ready(tx: &mut CourtTx, hearing: Uuid) -> Result<Ready> {
    let fixed = transcripts::find(tx, hearing).await?.is_some_and(|t| t.fixed.is_some());
    Ok(Ready { transcript_fixed: fixed, ..NO_ROOM })
}

/// 发起签名.
///
/// # Errors
/// What the guards refuse.
pub async fn start_signing(tx: &mut CourtTx, record: &Record) -> Result<()> {
    let hearing = record.row.hearing_id;
    let ready = ready(tx, hearing).await?;
    step(tx, record, Step::StartSigning, ready).await
}

/// 收回签名，继续改笔录: signatures given become stale by the next version.
///
/// # Errors
/// Without a reason; what the guards refuse.
pub async fn reopen(tx: &mut CourtTx, record: &Record, reason: &str) -> Result<()> {
    reasoned(reason, "/reason")?;
    let hearing = record.row.hearing_id;
    let mut t = transcripts::hold(tx, hearing).await?;
    step(tx, record, Step::ReopenTranscript, NO_ROOM).await?;
    t.fixed = None;
    t.version += 1;
    t.rev += 1;
    transcripts::save(tx, hearing, &t).await?;
    record::told(tx, hearing, json!({ "transcript": t.rev, "reopened": true }))
}

async fn step(tx: &mut CourtTx, record: &Record, step: Step, ready: Ready) -> Result<()> {
    let hearing = record.row.hearing_id;
    let hand = record.mine().map(|s| Hand::of(s.seat.role)).find(|h| *h != Hand::Other).unwrap_or(Hand::Other);
    steps::take(tx, Taken { hearing, version: None, step, set_aside: None, hand, ready }).await.map(drop)
}

/// 笔录锁定: by the house, with the last signature.
///
/// # Errors
/// What the guards refuse.
pub async fn lock(tx: &mut CourtTx, hearing: Uuid) -> Result<()> {
    let mut t = transcripts::hold(tx, hearing).await?;
    let ready = Ready { transcript_fixed: true, signatures_complete: true, ..NO_ROOM };
    steps::take(tx, Taken { hearing, version: None, step: Step::Lock, set_aside: None, hand: Hand::House, ready }).await?;
    t.locked_at = Some(tx.now());
    t.rev += 1;
    transcripts::save(tx, hearing, &t).await?;
    record::told(tx, hearing, json!({ "transcript": t.rev, "locked": true }))?;
    tx.tell("hearing.locked", &json!({ "hearing": hearing }))
}

/// The words of what is open.
pub fn words(open: &Open) -> (String, String) {
    match open {
        Open::Field { name, zh } => (format!("首部缺少：{zh}"), format!("The head lacks: {name}")),
        Open::Section { section } => (format!("「{}」还没有内容", section.zh()), format!("Nothing stands under: {}", section.en())),
        Open::Unchecked { count } => {
            (format!("有 {count} 条机器记录没有核对"), format!("{count} entries written by a machine are not checked"))
        }
        Open::Objections { count } => (format!("有 {count} 条补正申请没有答复"), format!("{count} corrections are not answered")),
    }
}

fn still_open(open: &[Open]) -> Error {
    let problem = |o: &Open| {
        let (detail, detail_en) = words(o);
        let (code, field) = match o {
            Open::Field { name, .. } => ("transcript.open_field", format!("/header/{name}")),
            Open::Section { section } => ("transcript.open_section", format!("/sections/{}", section.key())),
            Open::Unchecked { .. } => ("transcript.open_unchecked", "/entries".to_owned()),
            Open::Objections { .. } => ("transcript.open_objections", "/objections".to_owned()),
        };
        FieldProblem {
            field,
            code: code.into(),
            detail,
            detail_en,
            cure: "请补上后再定稿。".into(),
            cure_en: "Complete it, then fix the version.".into(),
        }
    };
    let first = open.first().map(words).unwrap_or_default();
    Error::invalid(
        "transcript.open",
        said(format!("笔录还不能定稿：{}。", first.0), format!("The transcript cannot be fixed yet: {}.", first.1)),
        said("请逐项补齐后再定稿。", "Complete each of them first."),
    )
    .listing(open.iter().map(problem).collect())
}
