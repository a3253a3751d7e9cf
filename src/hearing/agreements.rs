//! 庭上达成的调解协议: its terms, who signs them, and the moment it takes effect (指引 8: with the last signature). Owns the SQL
//! of `hearing_agreements`. Must never count a refusal as a signature.

use chrono::{DateTime, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

use super::record::{self, Record};
use super::signatures::Asked;
use super::signing::{self, Signature};
use super::words::{Role, State};
use super::{law, transcript_head, transcripts};
use crate::court::tx::CourtTx;
use crate::delivery::trail::canonical;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;
use crate::kit::text::{Bounds, clean};

/// An agreement.
#[derive(Debug, Clone)]
pub struct Agreement {
    /// Counted from 1: a new one takes the place of the old.
    pub n: i32,
    /// Terms, in order.
    pub terms: Vec<String>,
    /// Digest.
    pub digest: String,
    /// Who is to sign.
    pub signers: Vec<Uuid>,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// When it took effect.
    pub effective_at: Option<DateTime<Utc>>,
    /// Its paper.
    pub paper: Option<Uuid>,
}

#[derive(FromRow)]
struct Row {
    n: i32,
    terms: Vec<u8>,
    digest: String,
    signers: Vec<Uuid>,
    written_at: DateTime<Utc>,
    effective_at: Option<DateTime<Utc>>,
    paper_id: Option<Uuid>,
}

/// The agreement of a hearing that counts: the newest.
///
/// # Errors
/// What the database says.
pub async fn current(tx: &mut CourtTx, hearing: Uuid) -> Result<Option<Agreement>> {
    let court = tx.court;
    let row: Option<Row> = sqlx::query_as(
        "select n, terms, digest, signers, written_at, effective_at, paper_id from hearing_agreements where court_id = $1 and hearing_id = $2 order by n desc limit 1",
    )
    .bind(court)
    .bind(hearing)
    .fetch_optional(tx.conn())
    .await?;
    let Some(r) = row else { return Ok(None) };
    let terms = tx.seal().open_json(tx.owner(), Place("hearing_agreements", "terms", &hearing), &r.terms)?;
    Ok(Some(Agreement {
        n: r.n,
        terms,
        digest: r.digest,
        signers: r.signers,
        written_at: r.written_at,
        effective_at: r.effective_at,
        paper: r.paper_id,
    }))
}

/// Writes the terms everybody agreed to. Signatures of an earlier one do not count for it.
///
/// # Errors
/// By who does not keep the record; when it took effect already; out of the hearing.
pub async fn write(tx: &mut CourtTx, record: &Record, terms: &[String]) -> Result<i32> {
    if !record.keeps() {
        return Err(record::not_writer(false));
    }
    let (hearing, state) = (record.row.hearing_id, record.state());
    if !(state.is_sitting() || state == State::Ended) {
        return Err(not_now());
    }
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('signing' || $1::text, 0))").bind(hearing).execute(tx.conn()).await?;
    if current(tx, hearing).await?.is_some_and(|a| a.effective_at.is_some()) {
        return Err(Error::conflict(
            "agreement.effective",
            said("调解协议已经生效，不能再改。", "The agreement has taken effect and cannot be changed."),
            said("需要变更的，请另行处理。", "Changing it is another matter."),
        ));
    }
    let clean = |(n, term): (usize, &String)| {
        clean(term, Bounds::lines(1, 1000))
            .map_err(|e| Error::invalid("agreement.text", said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at(format!("/terms/{n}")))
    };
    let terms = terms.iter().enumerate().map(clean).collect::<Result<Vec<String>>>()?;
    let kept = transcripts::find(tx, hearing).await?.map(|t| t.kept).unwrap_or_default();
    let signs = |s: &&record::Seated| {
        let role = s.seat.role;
        role.is_court()
            || ((role.is_party_side() || matches!(role, Role::Mediator | Role::Interpreter)) && transcript_head::attended(&kept, s))
    };
    let signers: Vec<Uuid> = record.seated.iter().filter(signs).map(|s| s.seat.id).collect();
    keep(tx, record, &terms, &signers).await
}

async fn keep(tx: &mut CourtTx, record: &Record, terms: &[String], signers: &[Uuid]) -> Result<i32> {
    let (court, now, by, hearing) = (tx.court, tx.now(), tx.person()?, record.row.hearing_id);
    let what = json!({ "case_number": record.row.case_number, "hearing": hearing, "terms": terms, "what": "lianting.agreement.v1" });
    let digest = hex::encode(Sha256::digest(canonical(&what).unwrap_or_default().as_bytes()));
    let sealed = tx.seal().seal_json(tx.owner(), Place("hearing_agreements", "terms", &hearing), &terms)?;
    let n = sqlx::query_scalar(
        "insert into hearing_agreements (court_id, hearing_id, n, case_id, terms, digest, signers, written_by, written_at)
         select $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5, $6, $7, $8 from hearing_agreements where court_id = $1 and hearing_id = $2 returning n",
    )
    .bind(court)
    .bind(hearing)
    .bind(record.row.case_id)
    .bind(sealed)
    .bind(digest)
    .bind(signers)
    .bind(by)
    .bind(now)
    .fetch_one(tx.conn())
    .await?;
    record::told(tx, hearing, json!({ "agreement": n }))?;
    Ok(n)
}

/// Everybody has signed or refused: with every signature there it takes effect at the last of them.
///
/// # Errors
/// What the database says.
pub async fn complete(tx: &mut CourtTx, record: &Record, asked: &Asked, given: &[Signature]) -> Result<()> {
    let (court, hearing) = (tx.court, record.row.hearing_id);
    let Some(at) = signing::agreement_effective_at(&asked.signers, given) else {
        let text = said("一方拒绝在调解协议上签名，调解未成立", "A side refused to sign the agreement; there is none");
        return timeline::write(tx, record.row.case_id, Note::new("agreement_failed", text)).await;
    };
    sqlx::query(
        "update hearing_agreements set effective_at = $4 where court_id = $1 and hearing_id = $2 and n = $3 and effective_at is null",
    )
    .bind(court)
    .bind(hearing)
    .bind(asked.n)
    .bind(at)
    .execute(tx.conn())
    .await?;
    let note = Note::new("agreement_effective", said("各方在线签署调解协议", "All signed the mediation agreement online"))
        .by(law::SD8.zh)
        .with_effect(said("调解协议自最后一人签名时生效。", "It takes effect with the last signature."));
    timeline::write(tx, record.row.case_id, note).await?;
    record::told(tx, hearing, json!({ "agreement": asked.n, "effective": true }))?;
    tx.tell("hearing.agreed", &json!({ "hearing": hearing, "n": asked.n }))
}

/// Names its paper.
///
/// # Errors
/// What the database says.
pub async fn name_paper(tx: &mut CourtTx, hearing: Uuid, n: i32, paper: Uuid) -> Result<()> {
    let court = tx.court;
    sqlx::query("update hearing_agreements set paper_id = $4 where court_id = $1 and hearing_id = $2 and n = $3")
        .bind(court)
        .bind(hearing)
        .bind(n)
        .bind(paper)
        .execute(tx.conn())
        .await?;
    Ok(())
}

fn not_now() -> Error {
    Error::conflict(
        "agreement.not_now",
        said("只能在庭审进行中或者核对笔录时写调解协议。", "An agreement is written while the hearing sits or its transcript is reviewed."),
        said("请在庭上调解时办理。", "Write it during the mediation."),
    )
}
