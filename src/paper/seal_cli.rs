//! `lianting seal …`: the directory of electronic seals, kept by whoever runs the server.
//! Must never print a key, nor replace one unasked.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use lianting_seal::keep::{CourtSeal, SealDir};
use lianting_seal::pdf::{self, Place, Words};
use lianting_seal::picture::Font;
use lianting_seal::pki::{Subject, Term};
use lianting_seal::{Fault, Signer, cms};

use crate::court::tenants::Tenants;
use crate::kit::clock::Clock;
use crate::kit::random::Random;
use crate::paper::stamper::Stamper;

/// `lianting seal`.
#[derive(Debug, Args)]
pub struct SealCommand {
    /// Directory of seals.
    #[arg(long, env = "LIANTING_SEAL_DIR", global = true, default_value = "seals")]
    seals: PathBuf,
    #[command(subcommand)]
    step: Step,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Make the directory and a province's root. Keep root.key.pem elsewhere once seals are issued.
    Init {
        /// Province, such as 山东省.
        #[arg(long)]
        province: String,
        /// The root's name; the province's by default.
        #[arg(long)]
        name: Option<String>,
        /// Years it counts.
        #[arg(long, default_value_t = 20)]
        years: i64,
    },
    /// Issue courts' seals: key, certificate and picture each.
    Issue(Issue),
    /// Show the seals and until when they count; exit code 1 when one is broken or ends within 30 days.
    List,
    /// Believe a time-stamping authority: adds its root certificates (PEM).
    TrustStamps {
        /// PEM file.
        file: PathBuf,
    },
    /// Seal one PDF by hand, to try a seal or an authority.
    Sign(Sign),
    /// Put a time stamp kept beside a file into a copy of it, for readers that look for it there.
    Embed {
        /// The sealed PDF.
        file: PathBuf,
        /// The token (DER).
        stamp: PathBuf,
        /// Where the copy goes.
        out: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Issue {
    /// Court codes, such as 370102.
    #[arg(required_unless_present = "all")]
    courts: Vec<i32>,
    /// Every court of the tenant files that has none.
    #[arg(long)]
    all: bool,
    /// Directory of the province's tenant files, which name the courts.
    #[arg(long, default_value = "tenants/shandong")]
    tenants: PathBuf,
    /// Days a seal counts.
    #[arg(long, default_value_t = 1095)]
    days: i64,
    /// Font file for the letters of the picture; the best installed one by default.
    #[arg(long)]
    font: Option<PathBuf>,
    /// Put an older seal aside and issue anew, with a new key.
    #[arg(long)]
    renew: bool,
}

#[derive(Debug, Args)]
struct Sign {
    /// The PDF, made by lianting-paper.
    file: PathBuf,
    /// Where the sealed file goes.
    out: PathBuf,
    /// Court code.
    #[arg(long)]
    court: i32,
    /// Where the centre of the seal lies: page,x,y in points from the lower left corner. Without it none is shown.
    #[arg(long, value_parser = place)]
    at: Option<Place>,
    /// Time-stamping authority.
    #[arg(long, env = "LIANTING_TSA_URL")]
    tsa: Option<String>,
}

/// Does what the command says.
///
/// # Errors
/// The cause, with its cure.
pub async fn run(command: SealCommand) -> Result<(), String> {
    let dir = SealDir::at(&command.seals);
    let now = Clock::System.now();
    let said = |fault: Fault| fault.to_string();
    match command.step {
        Step::Init { province, name, years } => {
            let name = name.unwrap_or_else(|| format!("{province}法院电子印章根"));
            let cert = dir.init(&name, &province, Term { from: now, days: years * 365 }).map_err(said)?;
            println!("{}: {name}, until {}", command.seals.display(), day(cert.not_after()));
            println!("root.key.pem is needed for issuing only: keep it where the server cannot read it.");
            Ok(())
        }
        Step::Issue(issue) => issued(&dir, &issue, now),
        Step::List => listed(&dir, now),
        Step::TrustStamps { file } => {
            let pem = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            let n = dir.trust_stamps(&pem).map_err(said)?;
            println!("{n} added");
            Ok(())
        }
        Step::Sign(sign) => signed(&dir, &sign, now).await,
        Step::Embed { file, stamp, out } => {
            let copy = pdf::embed_stamp(&read(&file)?, &read(&stamp)?).map_err(said)?;
            write(&out, &copy)
        }
    }
}

/// `1,411.6,216.8`
fn place(text: &str) -> Result<Place, String> {
    let wrong = || "page,x,y is wanted, such as 1,411.6,216.8".to_owned();
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let [page, x, y] = parts.as_slice() else { return Err(wrong()) };
    Ok(Place { page: page.parse().map_err(|_| wrong())?, x: x.parse().map_err(|_| wrong())?, y: y.parse().map_err(|_| wrong())? })
}

fn day(at: DateTime<Utc>) -> String {
    crate::court::beijing::beijing_date(at).to_string()
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(path, bytes).map_err(|e| format!("{}: {e}", path.display()))
}

fn issued(dir: &SealDir, issue: &Issue, now: DateTime<Utc>) -> Result<(), String> {
    let tenants = Tenants::read(&issue.tenants).map_err(|e| e.to_string())?;
    let named: Vec<(i32, String)> = tenants.names();
    let font = match &issue.font {
        Some(path) => Font::open(path),
        None => Font::installed(),
    };
    let font = font.map_err(|e| e.to_string())?;
    let has = |id: i32| dir.court(&id.to_string()).is_ok_and(|seal| seal.is_some());
    let wanted: Vec<i32> = match issue.all {
        true => named.iter().map(|(id, _)| *id).filter(|id| issue.renew || !has(*id)).collect(),
        false => issue.courts.clone(),
    };
    for id in wanted {
        let name = named.iter().find(|(court, _)| *court == id).map(|(_, name)| name.clone());
        let name = name.ok_or_else(|| format!("{id} is no court of {}", issue.tenants.display()))?;
        let cert = one(dir, id, &name, &tenants.province.name, Term { from: now, days: issue.days }, &font, issue.renew)?;
        println!("{id} {name}: until {}", day(cert));
    }
    Ok(())
}

/// Issues one court's seal; answers until when it counts.
///
/// # Errors
/// The cause, with its cure.
pub fn one(dir: &SealDir, court: i32, name: &str, province: &str, term: Term, font: &Font, renew: bool) -> Result<DateTime<Utc>, String> {
    let code = court.to_string();
    let subject = Subject { name: name.to_owned(), province: Some(province.to_owned()), code: Some(code.clone()) };
    dir.issue(&code, &subject, term, font, renew).map(|cert| cert.not_after()).map_err(|e| e.to_string())
}

fn listed(dir: &SealDir, now: DateTime<Utc>) -> Result<(), String> {
    let mut bad = 0;
    for seal in dir.list().map_err(|e| e.to_string())? {
        let usable = dir.court(&seal.code);
        let state = match &usable {
            Err(fault) => fault.to_string(),
            Ok(_) if seal.certificate.not_after() < now => "ended".to_owned(),
            Ok(_) if seal.certificate.not_after() < now + chrono::TimeDelta::days(30) => "ends soon".to_owned(),
            Ok(_) => "good".to_owned(),
        };
        bad += usize::from(state != "good");
        println!("{} {} until {}: {state}", seal.code, seal.certificate.common_name(), day(seal.certificate.not_after()));
    }
    if bad == 0 { Ok(()) } else { Err(format!("{bad} seals want looking after")) }
}

async fn signed(dir: &SealDir, sign: &Sign, now: DateTime<Utc>) -> Result<(), String> {
    let said = |fault: Fault| fault.to_string();
    let seal: CourtSeal = dir.court(&sign.court.to_string()).map_err(said)?.ok_or_else(|| format!("{} has no seal", sign.court))?;
    let name = seal.certificate().map(lianting_seal::Cert::common_name).unwrap_or_default();
    let room = if sign.tsa.is_some() { pdf::ROOM_STAMPED } else { pdf::ROOM };
    let words = Words { name: &name, reason: "电子印章", at: now };
    let prepared = pdf::prepare(&read(&sign.file)?, sign.at.map(|p| (p, &seal.picture)), &words, room).map_err(said)?;
    let signer: &dyn Signer = &*seal.signer;
    let signature = cms::sign(signer, &prepared.digest(signer.algorithm())).map_err(said)?;
    let token = match &sign.tsa {
        Some(url) => {
            let stamper = Stamper::new(url, Random::from_os()).map_err(|e| e.to_string())?;
            let roots = dir.trust().map_err(said)?.stamps;
            Some(stamper.stamp(&signature.imprint(), &roots, now).await.map_err(|e| e.to_string())?.token)
        }
        None => None,
    };
    let message = signature.to_der(token.as_deref()).map_err(said)?;
    write(&sign.out, &prepared.finish(&message).map_err(said)?)
}
