//! `lianting verify …`: are these papers what a court sealed? Needs no server, no database and no net.
//! Must never exit with success when one file fails, or when there was nothing to check.

use std::io::Read;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::Args;
use lianting_seal::verify::{Question, Report, verify};
use lianting_seal::{Cert, Trust};
use serde_json::json;

use super::package;
use crate::kit::clock::Clock;

/// `lianting verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// Sealed papers: PDF files, folders or ZIP archives of them; or the folder of a hearing's package. A time stamp beside a file (paper.pdf.tsr) is read too.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Root certificates of seals (PEM).
    #[arg(long)]
    trust: Vec<PathBuf>,
    /// Root certificates of time-stamping authorities (PEM).
    #[arg(long)]
    trust_stamps: Vec<PathBuf>,
    /// Directory of seals, whose roots are believed.
    #[arg(long, env = "LIANTING_SEAL_DIR")]
    seals: Option<PathBuf>,
    /// A time stamp kept beside the one file.
    #[arg(long)]
    stamp: Option<PathBuf>,
    /// The court it must come from, by its full name; by default the one the paper names.
    #[arg(long)]
    court: Option<String>,
    /// The moment to judge by, such as 2026-11-22T00:00:00Z; now by default.
    #[arg(long)]
    at: Option<DateTime<Utc>>,
    /// One JSON object a file.
    #[arg(long)]
    json: bool,
}

/// A file to be looked at.
struct Paper {
    name: String,
    bytes: Vec<u8>,
    stamp: Option<Vec<u8>>,
}

/// The largest file of an archive that is looked at.
const PAPER_CAP: u64 = 64 << 20;
/// The most files of an archive.
const FILES_CAP: usize = 10_000;

/// Checks, prints one answer a file.
///
/// # Errors
/// When something fails or cannot be read; the exit code is then 1.
pub fn run(command: &Verify) -> Result<(), String> {
    let trust = trust(command)?;
    let now = command.at.unwrap_or_else(|| Clock::System.now());
    let beside = command.stamp.as_deref().map(read).transpose()?;
    let (mut looked, mut failed) = (0_usize, 0_usize);
    for path in &command.paths {
        if package::is_package(path) {
            looked += 1;
            failed += usize::from(!whole(path, &trust, now, command.json)?);
            continue;
        }
        each(path, &mut |paper| {
            let stamp = beside.as_deref().or(paper.stamp.as_deref());
            let report = verify(&paper.bytes, &Question { trust: &trust, now, court: command.court.as_deref(), beside: stamp });
            looked += 1;
            failed += usize::from(!report.verified);
            show(&paper.name, &report, command.json);
        })?;
    }
    match (looked, failed) {
        (0, _) => Err("there is no PDF to look at".into()),
        (_, 0) => Ok(()),
        _ => Err(format!("{failed} of {looked} failed")),
    }
}

fn trust(command: &Verify) -> Result<Trust, String> {
    let mut trust = match &command.seals {
        Some(dir) => lianting_seal::keep::SealDir::at(dir).trust().map_err(|e| e.to_string())?,
        None => Trust::default(),
    };
    for (files, into) in [(&command.trust, &mut trust.seals), (&command.trust_stamps, &mut trust.stamps)] {
        for file in files {
            let pem = String::from_utf8_lossy(&read(file)?).into_owned();
            into.extend(Cert::from_pem(&pem).map_err(|e| format!("{}: {e}", file.display()))?);
        }
    }
    Ok(trust)
}

/// 庭审档案包: a folder with its list.
fn whole(path: &Path, trust: &Trust, now: DateTime<Utc>, as_json: bool) -> Result<bool, String> {
    let report = package::check(path, trust, now)?;
    if as_json {
        let mut line = report.json;
        line["file"] = path.display().to_string().into();
        println!("{line}");
    } else {
        println!("{} {}", if report.verified { "VERIFIED" } else { "FAILED" }, path.display());
        report.lines.iter().for_each(|l| println!("{l}"));
    }
    Ok(report.verified)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn show(name: &str, report: &Report, as_json: bool) {
    if as_json {
        let mut line = json!(report);
        line["file"] = name.into();
        println!("{line}");
        return;
    }
    let (zh, en) = report.reason.said();
    let word = if report.verified { "VERIFIED" } else { "FAILED" };
    println!("{word} {} {name}", report.reason.code());
    println!("  {zh} ({en})");
    if let Some(detail) = &report.detail {
        println!("  {detail}");
    }
    if let Some(court) = &report.court {
        let issuer = report.issuer.as_deref().unwrap_or_default();
        println!("  {court} {}，{issuer}，{}", report.court_code.as_deref().unwrap_or_default(), report.level.unwrap_or("-"));
    }
    if let Some(at) = report.stamped_at {
        println!("  时间戳 time stamp {} {}", at.to_rfc3339(), report.stamped_by.as_deref().unwrap_or_default());
    }
}

fn each(path: &Path, look: &mut dyn FnMut(Paper)) -> Result<(), String> {
    let named = |kind: &str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(kind));
    if path.is_dir() {
        let failed = |e: std::io::Error| format!("{}: {e}", path.display());
        let mut inside = std::fs::read_dir(path).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        inside.sort_by_key(std::fs::DirEntry::path);
        for entry in inside {
            let inner = entry.path();
            let wanted = |kind: &str| inner.extension().is_some_and(|e| e.eq_ignore_ascii_case(kind));
            if entry.file_type().is_ok_and(|t| t.is_dir()) || wanted("pdf") || wanted("zip") {
                each(&inner, look)?;
            }
        }
        return Ok(());
    }
    if named("zip") {
        return archive(path, look);
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".tsr");
    let stamp = PathBuf::from(beside);
    let stamp = if stamp.exists() { Some(read(&stamp)?) } else { None };
    look(Paper { name: path.display().to_string(), bytes: read(path)?, stamp });
    Ok(())
}

fn archive(path: &Path, look: &mut dyn FnMut(Paper)) -> Result<(), String> {
    let failed = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let file = std::fs::File::open(path).map_err(|e| failed(&e))?;
    let mut zip = zip::ZipArchive::new(file).map_err(|e| failed(&e))?;
    if zip.len() > FILES_CAP {
        return Err(failed(&format!("more than {FILES_CAP} files")));
    }
    let names: Vec<String> = zip.file_names().filter(|n| n.to_lowercase().ends_with(".pdf")).map(str::to_owned).collect();
    for name in names {
        let bytes = entry(&mut zip, &name).map_err(|e| failed(&e))?.ok_or_else(|| failed(&format!("{name} is not there")))?;
        let stamp = entry(&mut zip, &format!("{name}.tsr")).map_err(|e| failed(&e))?;
        look(Paper { name: format!("{}/{name}", path.display()), bytes, stamp });
    }
    Ok(())
}

fn entry(zip: &mut zip::ZipArchive<std::fs::File>, name: &str) -> Result<Option<Vec<u8>>, String> {
    let file = match zip.by_name(name) {
        Ok(file) => file,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(e) => return Err(e.to_string()),
    };
    if file.size() > PAPER_CAP {
        return Err(format!("{name} is larger than any paper"));
    }
    let mut bytes = Vec::new();
    file.take(PAPER_CAP).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    Ok(Some(bytes))
}
