//! What goes over the wire of signing: shapes, and how they are put together. Must never show anybody but the court why
//! somebody refused, or a drawing to anybody.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use uuid::Uuid;

use super::agreements::{self, Agreement};
use super::record::Record;
use super::signatures::{self, Asked};
use super::signing::{self, Signature, Standing, Way, What};
use super::transcript::{Document, Section, fingerprint};
use super::transcript_versions;
use super::transcript_views::{self, TranscriptHeader};
use super::words::State;
use crate::court::tx::CourtTx;
use crate::error::Result;

/// How one signer stands.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct SigningSeat {
    /// Participant.
    pub participant_id: Uuid,
    /// 席位.
    pub plate: String,
    /// Name.
    pub name: String,
    /// signed, refused, stale, due or waits.
    pub standing: String,
    /// 名称.
    pub standing_name: String,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// handwritten, typed or on_paper.
    pub way: Option<Way>,
    /// Why refused; for the court.
    pub refused: Option<String>,
    /// The caller.
    pub own: bool,
}

/// What the caller signs.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct SigningMine {
    /// Participant.
    pub participant_id: Uuid,
    /// To be sent back with the signature.
    pub digest: String,
    /// whole or own.
    pub part: String,
    /// How he or she stands.
    pub standing: String,
    /// The check of identity it rests on; of the court's own people none is needed.
    pub check_id: Option<Uuid>,
}

/// 签名的进度.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Signing {
    /// transcript or agreement.
    pub what: What,
    /// Version.
    pub n: Option<i32>,
    /// Digest.
    pub digest: Option<String>,
    /// Its first signs, as people compare them.
    pub fingerprint: Option<String>,
    /// open (nothing to sign yet), signing or complete.
    pub state: String,
    /// When the last one did.
    pub complete_at: Option<DateTime<Utc>>,
    /// Of an agreement: when it took effect.
    pub effective_at: Option<DateTime<Utc>>,
    /// Its paper, once it is sealed.
    pub paper_id: Option<Uuid>,
    /// Who signs, in order.
    pub signers: Vec<SigningSeat>,
    /// What the caller signs.
    pub mine: Option<SigningMine>,
    /// The caller may show a code to sign with.
    pub may_link: bool,
    /// The caller may note a refusal or a paper.
    pub may_note: bool,
}

/// The words of a standing.
pub fn standing(s: Standing) -> (&'static str, &'static str) {
    match s {
        Standing::Signed => ("signed", "已签名"),
        Standing::Refused => ("refused", "拒绝签名"),
        Standing::Stale => ("stale", "内容有改动，需要重签"),
        Standing::Due => ("due", "待签名"),
        Standing::Waits => ("waits", "等候前面的人签名"),
    }
}

/// How signing stands, for this caller.
///
/// # Errors
/// What the database says.
pub async fn signing(tx: &mut CourtTx, record: &Record, what: What) -> Result<Signing> {
    let hearing = record.row.hearing_id;
    let asked = signatures::asked(tx, record, what).await?;
    let given: Vec<Signature> = signatures::all(tx, hearing, what).await?.into_iter().map(|k| k.signature).collect();
    let agreement = if what == What::Agreement { agreements::current(tx, hearing).await? } else { None };
    let paper = match (&agreement, &asked) {
        (Some(a), _) => a.paper,
        (None, Some(a)) => transcript_versions::version(tx, hearing, a.n).await?.paper,
        (None, None) => None,
    };
    let mine = mine(tx, record, asked.as_ref(), &given).await?;
    let progress = asked.as_ref().map(|a| signing::progress(&a.signers, &given));
    let complete = progress.as_ref().is_some_and(|p| p.complete);
    let going = what == What::Agreement || matches!(record.state(), State::Signing | State::Locked | State::Closed);
    Ok(Signing {
        what,
        n: asked.as_ref().map(|a| a.n),
        fingerprint: asked.as_ref().map(|a| fingerprint(&a.digest)),
        digest: asked.as_ref().map(|a| a.digest.clone()),
        state: if complete {
            "complete"
        } else if asked.is_some() && going {
            "signing"
        } else {
            "open"
        }
        .into(),
        complete_at: progress.as_ref().and_then(|p| p.complete_at),
        effective_at: agreement.and_then(|a| a.effective_at),
        paper_id: paper,
        signers: progress.iter().flat_map(|p| &p.signers).filter_map(|(id, s)| seat(record, &given, *id, *s)).collect(),
        mine,
        may_link: asked.is_some() && going && !complete && (record.is_court() || record.mine().next().is_some()),
        may_note: asked.is_some() && going && !complete && record.mine().any(|s| s.seat.role.is_clerk()),
    })
}

fn seat(record: &Record, given: &[Signature], id: Uuid, s: Standing) -> Option<SigningSeat> {
    let seated = record.one(id)?;
    let last = given.iter().rfind(|g| g.signer == id).filter(|_| matches!(s, Standing::Signed | Standing::Refused));
    let (word, name) = standing(s);
    Some(SigningSeat {
        participant_id: id,
        plate: seated.plate(),
        name: seated.name.clone(),
        standing: word.into(),
        standing_name: name.into(),
        at: last.map(|g| g.at),
        way: last.and_then(|g| g.way),
        refused: last.and_then(|g| g.refused.clone()).filter(|_| record.is_court()),
        own: seated.seat.person == Some(record.person),
    })
}

async fn mine(tx: &mut CourtTx, record: &Record, asked: Option<&Asked>, given: &[Signature]) -> Result<Option<SigningMine>> {
    let Some(asked) = asked else { return Ok(None) };
    let own = |s: &&signing::Signer| record.mine().any(|m| m.seat.id == s.id);
    let Some(signer) = asked.signers.iter().find(own) else { return Ok(None) };
    let stands = signing::progress(&asked.signers, given).signers.into_iter().find(|(id, _)| *id == signer.id);
    let court = tx.court;
    let check_id = sqlx::query_scalar(
        "select check_id from hearing_identity where court_id = $1 and hearing_id = $2 and participant_id = $3 and says = 'matches' order by at desc limit 1",
    )
    .bind(court)
    .bind(record.row.hearing_id)
    .bind(signer.id)
    .fetch_optional(tx.conn())
    .await?;
    Ok(Some(SigningMine {
        participant_id: signer.id,
        digest: signer.digest.clone(),
        part: if signer.digest == asked.digest { "whole" } else { "own" }.into(),
        standing: stands.map_or("waits", |(_, s)| standing(s).0).into(),
        check_id,
    }))
}

/// A line of what is read before signing.
#[derive(Debug, Clone, Object)]
pub struct SignedLine {
    /// Section.
    pub section: Section,
    /// 名称.
    pub section_name: String,
    /// Who speaks.
    pub speaker_name: String,
    /// Words.
    pub text: String,
}

/// What is read before signing, exactly as it was hashed.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct SignedText {
    /// To be sent back with the signature.
    pub digest: String,
    /// Its first signs, as people compare them.
    pub fingerprint: String,
    /// whole or own.
    pub part: String,
    /// 首部.
    pub header: Option<TranscriptHeader>,
    /// Entries.
    pub entries: Vec<SignedLine>,
    /// Exhibits and what was said of them.
    pub exhibits: Vec<String>,
    /// Refused corrections.
    pub refused_corrections: Vec<String>,
    /// Of an agreement: its terms.
    pub terms: Vec<String>,
}

/// What one signer reads of a version.
pub fn text(document: &Document, whole: bool, signer: Uuid, digest: &str) -> SignedText {
    let entries = if whole { document.entries() } else { document.part_of(signer) };
    let line = |e: &super::transcript::Entry| SignedLine {
        section: e.section,
        section_name: e.section.zh().into(),
        speaker_name: e.speaker_name.clone(),
        text: e.text.clone(),
    };
    SignedText {
        digest: digest.to_owned(),
        fingerprint: fingerprint(digest),
        part: if whole { "whole" } else { "own" }.into(),
        header: whole.then(|| transcript_views::header(&document.header)),
        entries: entries.into_iter().map(line).collect(),
        exhibits: if whole { document.exhibits.clone() } else { Vec::new() },
        refused_corrections: if whole { document.refused_corrections.clone() } else { Vec::new() },
        terms: Vec::new(),
    }
}

/// 调解协议.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingAgreement {
    /// Counted from 1.
    pub n: i32,
    /// Terms, in order.
    pub terms: Vec<String>,
    /// Digest.
    pub digest: String,
    /// Its first signs.
    pub fingerprint: String,
    /// signing, effective or failed.
    pub state: String,
    /// When it took effect.
    pub effective_at: Option<DateTime<Utc>>,
    /// Its paper.
    pub paper_id: Option<Uuid>,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

/// An agreement, with what its signatures made of it.
pub fn agreement(a: &Agreement, s: &Signing) -> HearingAgreement {
    let failed = s.signers.iter().any(|x| x.standing == "refused");
    HearingAgreement {
        n: a.n,
        terms: a.terms.clone(),
        digest: a.digest.clone(),
        fingerprint: fingerprint(&a.digest),
        state: if a.effective_at.is_some() {
            "effective"
        } else if failed {
            "failed"
        } else {
            "signing"
        }
        .into(),
        effective_at: a.effective_at,
        paper_id: a.paper,
        written_at: a.written_at,
    }
}
