//! What the doors of outages show. Figures and times only: no case, no person but the one who entered an outage for the court.

use chrono::{DateTime, Utc};
use poem_openapi::payload::Binary;
use poem_openapi::{ApiResponse, Object};
use uuid::Uuid;

use super::outages::{Effect, Row};
use super::probe::Probed;
use super::report::{self, Report};
use super::{outages, sign};
use crate::app::App;
use crate::court::outage_rules::Part;
use crate::court::tx::GateTx;
use crate::error::Result;

/// What an outage did at a court.
#[derive(Debug, Clone, Object)]
pub struct OutageEffect {
    /// Court.
    court_id: i32,
    /// Name.
    court_name: String,
    /// next_working_day, hours; unset: the court has no rule, nothing moved.
    action: String,
    /// In Chinese.
    text: String,
    /// In English.
    text_en: String,
    /// Ends moved.
    moved: i32,
    /// When it was last looked at.
    done_at: DateTime<Utc>,
}

/// 故障.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Outage {
    /// Outage.
    pub id: Uuid,
    /// province or court.
    pub scope: String,
    /// Of one court: which.
    pub court_id: Option<i32>,
    /// Its name.
    pub court_name: Option<String>,
    /// filing, payment, service_inbox; or all.
    pub parts: Vec<String>,
    /// From.
    pub from: DateTime<Utc>,
    /// To; none while it goes on.
    pub to: Option<DateTime<Utc>>,
    /// Minutes, until now where it goes on.
    pub minutes: i64,
    /// probe, restart, person.
    pub found_by: String,
    /// Announced beforehand.
    pub planned: bool,
    /// Why, in Chinese.
    pub reason: String,
    /// Why, in English.
    pub reason_en: String,
    /// Written down.
    pub entered_at: DateTime<Utc>,
    /// Found to be wrong.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Why.
    pub withdrawn_why: Option<String>,
    /// What it did to ends, court by court.
    pub effects: Vec<OutageEffect>,
}

/// How a part stands.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PartStanding {
    /// filing, payment, service_inbox.
    part: String,
    /// 名称.
    name: String,
    /// Name in English.
    name_en: String,
    /// It can be used.
    up: bool,
    /// Since when it cannot.
    since: Option<DateTime<Utc>>,
}

/// The public page.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct OutageBoard {
    /// The month shown.
    pub month: String,
    /// The first beat that is kept.
    pub since: Option<DateTime<Utc>>,
    /// The last round of probes.
    pub checked_at: Option<DateTime<Utc>>,
    /// Seconds between two rounds.
    pub every_seconds: u32,
    /// How each part stands.
    pub standing: Vec<PartStanding>,
    /// Minutes of the month in which each part could not be used.
    pub minutes: Vec<PartMinutes>,
    /// The outages of the month, newest first.
    pub items: Vec<Outage>,
    /// Signed reports, newest first.
    pub reports: Vec<OutageReport>,
}

/// Minutes of a part.
#[derive(Debug, Clone, Object)]
pub struct PartMinutes {
    /// Part.
    part: String,
    /// Minutes.
    minutes: i64,
}

/// What one probe found.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ProbeSeen {
    /// When.
    at: DateTime<Utc>,
    /// Which node.
    node: String,
    /// database, store, renderer, filing, sms, payment.
    what: String,
    /// It answered as it should.
    ok: bool,
    /// How long it took.
    millis: i64,
    /// What was wrong.
    fault: Option<String>,
}

/// An outage with what was measured.
#[derive(Debug, Clone, Object)]
pub struct OutageDetail {
    /// The outage.
    pub outage: Outage,
    /// Probes that failed meanwhile, oldest first, at most 200.
    pub probes: Vec<ProbeSeen>,
}

/// A signed report.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct OutageReport {
    /// 2026-11.
    pub month: String,
    /// Its number in the chain.
    pub n: i32,
    /// Made.
    pub made_at: DateTime<Utc>,
    /// SHA-256 of the file.
    pub sha256: String,
    /// SHA-256 of the report before; the file names it too.
    pub previous_sha256: Option<String>,
    /// Which key signed.
    pub key_id: String,
    /// Ed25519.
    pub algorithm: String,
    /// Base64 of the 64 bytes.
    pub signature: String,
    /// Where the file is.
    pub file_path: String,
    /// Where the detached signature is.
    pub signature_path: String,
}

/// Every report.
#[derive(Debug, Clone, Object)]
pub struct OutageReports {
    /// Newest first.
    pub items: Vec<OutageReport>,
}

/// A public key.
#[derive(Debug, Clone, Object, serde::Serialize)]
pub struct OutageKey {
    /// Its id: the first 16 hex digits of the SHA-256 of the key.
    key_id: String,
    /// Ed25519.
    algorithm: String,
    /// Base64 of the 32 bytes.
    public_key: String,
    /// The same as PEM.
    pem: String,
    /// It signs now.
    current: bool,
}

/// The keys that signed reports.
#[derive(Debug, Clone, Object, serde::Serialize)]
pub struct OutageKeys {
    /// The one that signs now first.
    keys: Vec<OutageKey>,
}

/// The bytes that were signed.
#[derive(ApiResponse)]
pub enum ReportFile {
    /// 月报 · The report
    #[oai(status = 200, content_type = "application/json")]
    File(Binary<Vec<u8>>, #[oai(header = "Content-Disposition")] String),
}

/// The detached signature.
#[derive(ApiResponse)]
pub enum ReportSignature {
    /// 签名 · The signature, 64 bytes
    #[oai(status = 200, content_type = "application/octet-stream")]
    File(Binary<Vec<u8>>, #[oai(header = "Content-Disposition")] String),
}

fn base64(bytes: &[u8]) -> String {
    use ::base64::Engine;
    ::base64::engine::general_purpose::STANDARD.encode(bytes)
}

impl From<&Report> for OutageReport {
    fn from(r: &Report) -> Self {
        Self {
            month: r.month.clone(),
            n: r.n,
            made_at: r.made_at,
            sha256: r.sha256.clone(),
            previous_sha256: r.previous_sha256.clone(),
            key_id: r.key_id.clone(),
            algorithm: "Ed25519".into(),
            signature: base64(&r.signature),
            file_path: format!("/api/outages/reports/{}/file", r.month),
            signature_path: format!("/api/outages/reports/{}/signature", r.month),
        }
    }
}

/// The keys of these reports, and the one that signs now.
///
/// # Errors
/// When the key cannot be derived.
pub fn keys(app: &App, reports: &[Report]) -> Result<OutageKeys> {
    let now = sign::public_key(&app.seal)?;
    let mut all = vec![now.clone()];
    for r in reports {
        if !all.contains(&r.public_key) {
            all.push(r.public_key.clone());
        }
    }
    let key = |k: &Vec<u8>| OutageKey {
        key_id: sign::key_id(k),
        algorithm: "Ed25519".into(),
        public_key: base64(k),
        pem: sign::pem(k),
        current: *k == now,
    };
    Ok(OutageKeys { keys: all.iter().map(key).collect() })
}

fn effect(app: &App, (_, court, action, moved, done_at): &Effect) -> OutageEffect {
    let (text, text_en) = match action.as_str() {
        "next_working_day" => ("顺延到下一个工作日".to_owned(), "moved to the next working day".to_owned()),
        "hours" => ("按耽误的小时数顺延".to_owned(), "moved by the hours lost".to_owned()),
        _ => ("本院没有设定顺延规则，期限没有变动".to_owned(), "the court has set no rule; nothing moved".to_owned()),
    };
    OutageEffect {
        court_id: *court,
        court_name: app.door.registry.name(*court),
        action: action.clone(),
        text,
        text_en,
        moved: *moved,
        done_at: *done_at,
    }
}

/// An outage with its effects.
pub fn outage(app: &App, r: &Row, effects: &[Effect]) -> Outage {
    let own = (r.scope == "court").then_some(r.court_id);
    Outage {
        id: r.outage_id,
        scope: r.scope.clone(),
        court_id: own,
        court_name: own.map(|c| app.door.registry.name(c)),
        parts: r.parts.clone(),
        from: r.from_at,
        to: r.to_at,
        minutes: (r.to_at.unwrap_or_else(|| app.now()) - r.from_at).num_minutes().max(0),
        found_by: r.found_by.clone(),
        planned: r.planned,
        reason: r.reason.clone(),
        reason_en: r.reason_en.clone(),
        entered_at: r.entered_at,
        withdrawn_at: r.withdrawn_at,
        withdrawn_why: r.withdrawn_why.clone(),
        effects: effects.iter().filter(|e| e.0 == r.outage_id).map(|e| effect(app, e)).collect(),
    }
}

/// Outages with their effects, as the gate reads them.
///
/// # Errors
/// What the database says.
pub async fn outages_with_effects(app: &App, gate: &mut GateTx, rows: &[Row]) -> Result<Vec<Outage>> {
    let ids: Vec<Uuid> = rows.iter().map(|r| r.outage_id).collect();
    let effects = outages::effects(gate, &ids).await?;
    Ok(rows.iter().map(|r| outage(app, r, &effects)).collect())
}

/// How each part stands, by the outages that go on.
pub fn standing(rows: &[Row], now: DateTime<Utc>) -> Vec<PartStanding> {
    let on = |r: &&Row| r.withdrawn_at.is_none() && r.from_at <= now && r.to_at.is_none_or(|to| to > now) && r.scope == "province";
    let part = |p: Part| {
        let hits = |r: &&Row| r.parts().iter().any(|x| *x == p || *x == Part::All);
        let since = rows.iter().filter(on).filter(hits).map(|r| r.from_at).min();
        let (name, name_en) = p.said();
        PartStanding { part: p.key().into(), name: name.into(), name_en: name_en.into(), up: since.is_none(), since }
    };
    Part::EACH.into_iter().map(part).collect()
}

/// The minutes of a month.
pub fn minutes(rows: &[Row], from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<PartMinutes> {
    report::minutes_by_part(rows, from, to).into_iter().map(|(p, minutes)| PartMinutes { part: p.key().into(), minutes }).collect()
}

/// What failed, in the order it was seen.
pub fn failed(beats: Vec<(DateTime<Utc>, String, Vec<Probed>)>) -> Vec<ProbeSeen> {
    let seen = beats.into_iter().flat_map(|(at, node, probes)| {
        let bad = probes.into_iter().filter(|p| !p.ok);
        bad.map(move |p| ProbeSeen { at, node: node.clone(), what: p.what, ok: p.ok, millis: p.millis, fault: p.fault })
    });
    seen.take(200).collect()
}
