//! 电子印章 on papers: which court has a seal, sealing a paper that was just set, and the stamp that comes later.
//!
//! Owns the use of the seal directory and of the time-stamping authority. A court without a seal has unsealed papers
//! that say so; a seal that is there and cannot be used holds its papers back, for a paper that left unsealed can
//! never be sealed again. Must never hold a transaction while a key or the authority is waited for.

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use lianting_seal::keep::{CourtSeal, SealDir};
use lianting_seal::pdf::{self, Place, Words};
use lianting_seal::{Report, Signer, Trust, cms, verify};
use serde_json::json;
use sqlx::Row;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result, said};
use crate::kit::random::Random;
use crate::paper::renderer::Rendered;
use crate::paper::stamper::Stamper;
use crate::work::{Due, Outcome};

/// What the signature gives as its reason.
const REASON: &str = "电子印章";
/// Tries of one event before the next event takes over, so that an authority may be down for days.
const TRIES: i32 = 8;
/// The pause between such events.
const LATER: TimeDelta = TimeDelta::minutes(10);

/// The seals of a deployment.
pub struct Seals {
    dir: Option<SealDir>,
    stamper: Option<Stamper>,
    /// What the public page found out a moment ago, by object and whether a stamp lies beside it.
    seen: moka::future::Cache<(String, bool), Report>,
}

/// What became of a paper that was set.
pub struct Finished {
    /// The file as it is stored.
    pub pdf: Vec<u8>,
    /// Pages.
    pub pages: i32,
    /// Its seal, if it carries one.
    pub seal: Option<Sealed>,
}

/// A seal on a file.
pub struct Sealed {
    /// When, by our clock.
    pub at: DateTime<Utc>,
    /// The court of the certificate.
    pub by: String,
    /// The certificate's number.
    pub serial: String,
    /// The moment a stamp in the file proves.
    pub stamped_at: Option<DateTime<Utc>>,
    /// A stamp is still to be asked for.
    pub awaits_stamp: bool,
}

impl Seals {
    /// Opens every seal once, so that a broken one is named in the log at the start.
    ///
    /// # Errors
    /// When the directory is no directory of seals.
    pub fn open(dir: Option<&Path>, tsa: Option<&str>, random: Random) -> std::result::Result<Self, String> {
        let dir = dir.map(|path| SealDir::at(PathBuf::from(path)));
        if let Some(seals) = &dir {
            let trust = seals.trust().map_err(|e| e.to_string())?;
            if trust.seals.is_empty() {
                return Err("there is no root.pem in the directory of seals. Make one with `lianting seal init`".into());
            }
            if tsa.is_some() && trust.stamps.is_empty() {
                return Err("a time-stamping authority is set and none is believed. Name its root with `lianting seal trust-stamps`".into());
            }
            match seals.check() {
                Ok(n) => tracing::info!(seals = n, "electronic seals"),
                Err(cause) => tracing::error!(%cause, "a seal cannot be used: its court's papers wait until it can"),
            }
        }
        let stamper = tsa.map(|url| Stamper::new(url, random)).transpose().map_err(|e| e.to_string())?;
        let seen = moka::future::Cache::builder().max_capacity(10_000).time_to_live(std::time::Duration::from_secs(600)).build();
        Ok(Self { dir, stamper, seen })
    }

    /// Whom verification believes.
    ///
    /// # Errors
    /// When a root cannot be read.
    pub fn trust(&self) -> Result<Trust> {
        self.dir.as_ref().map_or_else(|| Ok(Trust::default()), |dir| dir.trust().map_err(|e| Error::internal(e.to_string())))
    }

    /// What a check found out within the last minutes.
    pub async fn seen(&self, what: &(String, bool)) -> Option<Report> {
        self.seen.get(what).await
    }

    /// Remembers what a check found out.
    pub async fn saw(&self, what: (String, bool), report: Report) {
        self.seen.insert(what, report).await;
    }

    /// The seal of a court, if it has one that counts now.
    ///
    /// # Errors
    /// 503 when it has one that cannot be used.
    pub fn of(&self, court: i32, now: DateTime<Utc>) -> Result<Option<CourtSeal>> {
        let Some(dir) = &self.dir else { return Ok(None) };
        let seal = dir.court(&court.to_string()).map_err(|cause| {
            tracing::error!(court, %cause, "the court's seal cannot be used");
            Error::unavailable(
                "paper.seal_unavailable",
                said("电子印章暂时用不了，文书稍后生成。", "The electronic seal cannot be used now; the paper follows."),
            )
        })?;
        if let Some(seal) = &seal
            && !seal.counts(now)
        {
            let ended = seal.certificate().map(lianting_seal::Cert::not_after);
            tracing::error!(
                court,
                ?ended,
                "the seal's certificate does not count now: papers stay unsealed. Renew it with `lianting seal issue --renew`"
            );
            return Ok(None);
        }
        Ok(seal)
    }
}

/// Seals a paper that was just set, where its template has a place for a seal.
///
/// # Errors
/// 500 when the file cannot carry it, 503 when the key is not to be had.
pub async fn finish(app: &App, rendered: Rendered, seal: Option<CourtSeal>) -> Result<Finished> {
    let (Some(seal), Some(place)) = (seal, rendered.seal) else {
        return Ok(Finished { pdf: rendered.pdf, pages: rendered.pages, seal: None });
    };
    let now = app.now();
    let certificate = seal.certificate().ok_or_else(|| Error::internal("a seal without a certificate"))?;
    let (by, serial) = (certificate.common_name(), certificate.serial());
    let place = Place { page: place.page, x: place.x, y: place.y };
    let room = if app.seals.stamper.is_some() { pdf::ROOM_STAMPED } else { pdf::ROOM };
    let pages = rendered.pages;
    let (prepared, signature) = off_thread({
        let by = by.clone();
        move || {
            let words = Words { name: &by, reason: REASON, at: now };
            let prepared = pdf::prepare(&rendered.pdf, Some((place, &seal.picture)), &words, room)?;
            let signer: &dyn Signer = &*seal.signer;
            let signature = cms::sign(signer, &prepared.digest(signer.algorithm()))?;
            Ok((prepared, signature))
        }
    })
    .await?;
    let mut stamped = None;
    if let Some(stamper) = &app.seals.stamper {
        stamped = stamper.stamp(&signature.imprint(), &app.seals.trust()?.stamps, now).await.ok();
    }
    let broken = |e: lianting_seal::Fault| Error::internal(format!("sealing: {e}"));
    let mut message = signature.to_der(stamped.as_ref().map(|s| s.token.as_slice())).map_err(broken)?;
    if !prepared.fits(message.len()) {
        tracing::error!(bytes = message.len(), "the authority's token does not fit into the file: it will be kept beside it");
        stamped = None;
        message = signature.to_der(None).map_err(broken)?;
    }
    let pdf = prepared.finish(&message).map_err(broken)?;
    let awaits_stamp = app.seals.stamper.is_some() && stamped.is_none();
    Ok(Finished { pdf, pages, seal: Some(Sealed { at: now, by, serial, stamped_at: stamped.map(|s| s.time), awaits_stamp }) })
}

/// A key may live in a token that takes its time.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> lianting_seal::fault::Result<T> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|e| Error::internal(format!("sealing: {e}")))?;
    done.map_err(|e| Error::internal(format!("sealing: {e}")))
}

/// The worker's step: a stamp for a file that was sealed while the authority was away. It is kept beside the file.
///
/// # Errors
/// When database or store fail.
pub async fn stamp_due(app: &App, due: &Due) -> Result<Outcome> {
    let Some(paper) = due.payload["paper"].as_str().and_then(|p| p.parse::<Uuid>().ok()) else {
        return Ok(Outcome::Dead("no paper named".into()));
    };
    let Some(stamper) = &app.seals.stamper else { return Ok(Outcome::Dead("no time-stamping authority is set".into())) };
    let Some(key) = unstamped(app, due.court, paper).await? else { return Ok(Outcome::Done) };
    let file = read_whole(app, &key).await?;
    let Some(imprint) = verify::imprint(&file) else { return Ok(Outcome::Dead("the stored file carries no signature".into())) };
    match stamper.stamp(&imprint, &app.seals.trust()?.stamps, app.now()).await {
        Ok(stamp) => keep(app, due.court, paper, &stamp.token, stamp.time).await.map(|()| Outcome::Done),
        Err(_) if due.attempts + 1 >= TRIES => hand_on(app, due.court, paper).await.map(|()| Outcome::Done),
        Err(cause) => Ok(Outcome::Again(cause.to_string())),
    }
}

async fn unstamped(app: &App, court: i32, paper: Uuid) -> Result<Option<String>> {
    let mut tx = app.door.enter_as_house(court, "paper:stamp").await?;
    let row =
        sqlx::query("select object_key from papers where court_id = $1 and paper_id = $2 and sealed_at is not null and stamped_at is null");
    Ok(row.bind(court).bind(paper).fetch_optional(tx.conn()).await?.and_then(|row| row.get("object_key")))
}

async fn keep(app: &App, court: i32, paper: Uuid, token: &[u8], at: DateTime<Utc>) -> Result<()> {
    let mut tx = app.door.enter_as_house(court, "paper:stamp").await?;
    sqlx::query("update papers set stamp = $3, stamped_at = $4 where court_id = $1 and paper_id = $2 and stamped_at is null and sealed_at is not null")
        .bind(court)
        .bind(paper)
        .bind(token)
        .bind(at)
        .execute(tx.conn())
        .await?;
    tx.commit(paper, json!({ "stamped_at": at })).await
}

/// An authority that is away for hours makes no dead letter.
async fn hand_on(app: &App, court: i32, paper: Uuid) -> Result<()> {
    let mut tx = app.door.enter_as_house(court, "paper:stamp").await?;
    let later = tx.now() + LATER;
    tx.tell_later("paper.stamp", &json!({ "paper": paper }), later)?;
    tx.commit(paper, json!({ "stamp": "waits" })).await
}

/// The largest paper that is looked into.
const PAPER_CAP: u64 = 64 << 20;

/// A paper's file.
///
/// # Errors
/// When the store fails.
pub async fn read_whole(app: &App, key: &str) -> Result<Vec<u8>> {
    use tokio::io::AsyncReadExt;
    let reading = app.blob.read(key, None).await?;
    if reading.length > PAPER_CAP {
        return Err(Error::internal("a paper larger than any we set"));
    }
    let mut bytes = Vec::new();
    reading.body.take(PAPER_CAP).read_to_end(&mut bytes).await.map_err(|e| Error::internal(e.to_string()))?;
    Ok(bytes)
}
