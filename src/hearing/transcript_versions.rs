//! 定稿的存放: numbered versions of a transcript. Owns the SQL of `transcript_versions`. Must never change a version once
//! written: only its paper is named later.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::transcript::Document;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::kit::seal::Place;

/// A version as it is read and signed.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its number.
    pub n: i32,
    /// Digest of the whole.
    pub digest: String,
    /// What each signer signs: the digest of the whole, or of the own part. Who is not in it does not sign.
    pub parts: BTreeMap<Uuid, String>,
    /// Exactly what was hashed.
    pub document: Document,
    /// When.
    pub fixed_at: DateTime<Utc>,
    /// Its paper, once it is locked.
    pub paper: Option<Uuid>,
}

#[derive(FromRow)]
struct VersionRow {
    n: i32,
    digest: String,
    parts: Json<BTreeMap<Uuid, String>>,
    document: Vec<u8>,
    fixed_at: DateTime<Utc>,
    paper_id: Option<Uuid>,
}

/// A fixed version.
///
/// # Errors
/// 404.
pub async fn version(tx: &mut CourtTx, hearing: Uuid, n: i32) -> Result<Version> {
    let court = tx.court;
    let r: VersionRow = sqlx::query_as(
        "select n, digest, parts, document, fixed_at, paper_id from transcript_versions where court_id = $1 and hearing_id = $2 and n = $3",
    )
    .bind(court)
    .bind(hearing)
    .bind(n)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)?;
    let document = tx.seal().open_json(tx.owner(), Place("transcript_versions", "document", &hearing), &r.document)?;
    Ok(Version { n: r.n, digest: r.digest, parts: r.parts.0, document, fixed_at: r.fixed_at, paper: r.paper_id })
}

/// Keeps a new version; answers its number.
///
/// # Errors
/// What the database says.
pub async fn keep_version(
    tx: &mut CourtTx,
    hearing: Uuid,
    case: Uuid,
    document: &Document,
    digest: &str,
    parts: &BTreeMap<Uuid, String>,
) -> Result<i32> {
    let (court, now, by) = (tx.court, tx.now(), tx.person()?);
    let sealed = tx.seal().seal_json(tx.owner(), Place("transcript_versions", "document", &hearing), document)?;
    Ok(sqlx::query_scalar(
        "insert into transcript_versions (court_id, hearing_id, n, case_id, digest, parts, document, fixed_by, fixed_at)
         select $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5, $6, $7, $8 from transcript_versions where court_id = $1 and hearing_id = $2 returning n",
    )
    .bind(court)
    .bind(hearing)
    .bind(case)
    .bind(digest)
    .bind(Json(parts))
    .bind(sealed)
    .bind(by)
    .bind(now)
    .fetch_one(tx.conn())
    .await?)
}

/// Names the paper of a version.
///
/// # Errors
/// What the database says.
pub async fn name_paper(tx: &mut CourtTx, hearing: Uuid, n: i32, paper: Uuid) -> Result<()> {
    let court = tx.court;
    sqlx::query("update transcript_versions set paper_id = $4 where court_id = $1 and hearing_id = $2 and n = $3")
        .bind(court)
        .bind(hearing)
        .bind(n)
        .bind(paper)
        .execute(tx.conn())
        .await?;
    Ok(())
}
