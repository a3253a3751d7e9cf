//! Checking a hearing's package without a server: every file, every chain, the ledger, the court's seal over the root.
//!
//! Owns the words of the answer. Must never pass a package whose seal it did not look at without saying so.

use std::path::Path;

use chrono::{DateTime, Utc};
use lianting_media::record::package::{PACKAGE, Problem, SEAL, Seal, Verified, verify};
use lianting_media::record::{RecordError, Result};
use lianting_seal::chain::{self, Use};
use lianting_seal::cms::Message;
use lianting_seal::{Cert, Trust};
use serde_json::{Value, json};

/// Is this folder a package?
pub fn is_package(folder: &Path) -> bool {
    folder.join(PACKAGE).is_file()
}

/// Checks seals by the roots one believes.
struct Believed<'a> {
    roots: &'a [Cert],
    now: DateTime<Utc>,
}

impl Seal for Believed<'_> {
    fn sign(&self, _: &[u8; 32]) -> Result<Vec<u8>> {
        Err(RecordError::Refused("package.no_key"))
    }

    fn check(&self, root: &[u8; 32], seal: &[u8]) -> bool {
        let Ok(message) = Message::read(seal) else { return false };
        let Ok(signer) = message.signer() else { return false };
        message.check(root).is_ok() && chain::check(signer, &message.certs, self.roots, self.now, Use::Seal).is_ok()
    }
}

/// What was found.
pub struct Report {
    /// Every bit is as it was sealed.
    pub verified: bool,
    /// Lines to be read.
    pub lines: Vec<String>,
    /// The same for programs.
    pub json: Value,
}

/// Checks a package in a folder.
///
/// # Errors
/// When the folder cannot be read.
pub fn check(folder: &Path, trust: &Trust, now: DateTime<Utc>) -> std::result::Result<Report, String> {
    let believed = Believed { roots: &trust.seals, now };
    let found = verify(folder, Some(&believed)).map_err(|e| format!("{}: {e}", folder.display()))?;
    let court = std::fs::read(folder.join(SEAL)).ok().and_then(|bytes| Some(Message::read(&bytes).ok()?.signer().ok()?.common_name()));
    Ok(Report { verified: found.holds(), lines: lines(&found, court.as_deref()), json: as_json(&found, court.as_deref()) })
}

fn lines(found: &Verified, court: Option<&str>) -> Vec<String> {
    let root = found.root.map(hex::encode).unwrap_or_default();
    let mut lines = vec![format!("  庭审档案包 package of a hearing, {} files, root {root}", found.files)];
    lines.extend(court.map(|c| format!("  {c}")));
    for f in &found.findings {
        let (zh, en) = words(f.problem);
        lines.push(format!("  {} {}：{zh} ({en})", f.path, f.place.as_deref().unwrap_or_default()));
    }
    lines
}

fn as_json(found: &Verified, court: Option<&str>) -> Value {
    let one = |f: &lianting_media::record::package::Finding| json!({ "path": f.path, "place": f.place, "problem": words(f.problem).1 });
    json!({ "verified": found.holds(), "files": found.files, "root": found.root.map(hex::encode), "court": court, "findings": found.findings.iter().map(one).collect::<Vec<_>>() })
}

const fn words(problem: Problem) -> (&'static str, &'static str) {
    match problem {
        Problem::List => ("清单看不懂", "the list cannot be read"),
        Problem::Seal => ("电子印章与清单不符，或者不可信", "the seal is not over this list, or is not believed"),
        Problem::Unsigned => ("没有电子印章", "there is no seal"),
        Problem::Missing => ("缺少", "missing"),
        Problem::Unknown => ("清单里没有", "not on the list"),
        Problem::Changed => ("内容被改动", "changed"),
        Problem::Chain => ("前后记录接不上", "a chain does not hold"),
        Problem::Ledger => ("间断台账与记录不符", "the ledger of gaps is not what the records come to"),
    }
}
