//! What the public page says of a paper's seal. The stored file itself is checked, not what a row remembers of it.
//! Must never say `valid` of a file that was not checked.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, Utc};
use lianting_seal::verify::{Question, Report, verify};
use poem_openapi::{Enum, Object};

use crate::app::App;
use crate::error::{Error, Result};
use crate::paper::sealing;

/// 电子印章的状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SealState {
    /// 没有电子印章: this paper carries none; the code alone speaks for it.
    Unsealed,
    /// 有效: checked just now.
    Valid,
    /// 无效: the stored file was checked and does not hold.
    Invalid,
    /// 未核验: this server was not told whom to believe.
    Unchecked,
}

/// 电子印章.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PaperSeal {
    /// State.
    pub state: SealState,
    /// Why, as `lianting verify` says it: `verified`, `content_changed`, `issuer_untrusted` …
    pub reason: Option<String>,
    /// In Chinese.
    pub explained: Option<String>,
    /// The same in English.
    pub explained_en: Option<String>,
    /// The court whose seal it is.
    pub court: Option<String>,
    /// Number of the certificate.
    pub certificate: Option<String>,
    /// Who issued the certificate.
    pub issuer: Option<String>,
    /// Sealed, by the court's clock.
    pub sealed_at: Option<DateTime<Utc>>,
    /// The moment a time stamp proves.
    pub stamped_at: Option<DateTime<Utc>>,
    /// The time-stamping authority.
    pub stamped_by: Option<String>,
    /// A time stamp that was given after the file was handed out (RFC 3161 token, Base64): `lianting verify --stamp`.
    pub stamp: Option<String>,
}

/// What is known of a paper's seal without looking at its file.
#[derive(sqlx::FromRow)]
pub struct Kept {
    object_key: Option<String>,
    sealed_at: Option<DateTime<Utc>>,
    stamp: Option<Vec<u8>>,
}

/// Checks a paper's file, at most once in a while.
///
/// # Errors
/// When the store fails.
pub async fn of(app: &App, kept: Kept) -> Result<PaperSeal> {
    let (Some(key), Some(sealed_at)) = (kept.object_key, kept.sealed_at) else { return Ok(PaperSeal::none()) };
    let trust = app.seals.trust()?;
    if trust.seals.is_empty() {
        return Ok(PaperSeal { state: SealState::Unchecked, sealed_at: Some(sealed_at), ..PaperSeal::none() });
    }
    let stamp = kept.stamp.clone();
    let seen = (key.clone(), stamp.is_some());
    let report = match app.seals.seen(&seen).await {
        Some(report) => report,
        None => {
            let file = sealing::read_whole(app, &key).await?;
            let now = app.now();
            let checked = move || verify(&file, &Question { trust: &trust, now, court: None, beside: stamp.as_deref() });
            let report = tokio::task::spawn_blocking(checked).await.map_err(|e| Error::internal(e.to_string()))?;
            app.seals.saw(seen, report.clone()).await;
            report
        }
    };
    Ok(PaperSeal::told(report, sealed_at, kept.stamp))
}

impl PaperSeal {
    fn none() -> Self {
        Self {
            state: SealState::Unsealed,
            reason: None,
            explained: None,
            explained_en: None,
            court: None,
            certificate: None,
            issuer: None,
            sealed_at: None,
            stamped_at: None,
            stamped_by: None,
            stamp: None,
        }
    }

    fn told(report: Report, sealed_at: DateTime<Utc>, stamp: Option<Vec<u8>>) -> Self {
        let (zh, en) = report.reason.said();
        Self {
            state: if report.verified { SealState::Valid } else { SealState::Invalid },
            reason: Some(report.reason.code().to_owned()),
            explained: Some(zh.to_owned()),
            explained_en: Some(en.to_owned()),
            court: report.court,
            certificate: report.certificate,
            issuer: report.issuer,
            sealed_at: Some(sealed_at),
            stamped_at: report.stamped_at,
            stamped_by: report.stamped_by,
            stamp: stamp.map(|token| BASE64.encode(token)),
        }
    }
}
