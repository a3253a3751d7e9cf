//! The first administrators of a province, made by who runs the server, with an administrator's connection: nobody
//! is there yet to invite them. Everybody after them is made by a door.
//!
//! Owns the three separated duties of the province, one person each. The password comes with a link that works once.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use super::identity::{Kind, ProofKind};
use super::{sign_store, store};
use crate::app::{MODEL, ROLES};
use crate::court::beijing::beijing_date;
use crate::court::door::Door;
use crate::court::policy::{PolicyBook, PolicySource};
use crate::court::registry::Registry;
use crate::court::tx::GateTx;
use crate::error::Error;
use crate::kit::clock::Clock;
use crate::kit::random::Random;
use crate::kit::seal::{Seal, sha256};
use crate::kit::text::{Bounds, clean};
use crate::person::any_tx::AnyTx;
use crate::person::documents::Mobile;
use crate::person::recovery::ACTIVATION_LIFE;

/// A duty over the province.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Duty {
    /// 省级管理员 (system duty: courts and people)
    ProvincialAdmin,
    /// 安全管理员 (security duty: permissions)
    SecurityAdmin,
    /// 审计员 (audit duty)
    Auditor,
}

impl Duty {
    fn key(self) -> &'static str {
        match self {
            Duty::ProvincialAdmin => "provincial_admin",
            Duty::SecurityAdmin => "security_admin",
            Duty::Auditor => "auditor",
        }
    }
}

/// Arguments of `lianting first-admin`.
#[derive(Debug, Args)]
pub struct FirstAdmin {
    /// Duty. One person holds one of the three.
    #[arg(long, value_enum, default_value = "provincial_admin")]
    pub role: Duty,
    /// 姓名
    #[arg(long)]
    pub name: String,
    /// Mobile number
    #[arg(long)]
    pub mobile: String,
    /// Resident ID number
    #[arg(long)]
    pub id_number: String,
    /// Administrator's connection to PostgreSQL.
    #[arg(long, env = "DATABASE_ADMIN_URL", hide_env_values = true)]
    pub database_admin_url: String,
    /// File of master keys.
    #[arg(long, env = "LIANTING_KEY_FILE")]
    pub key_file: PathBuf,
    /// The address people type.
    #[arg(long, env = "LIANTING_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
    pub public_url: String,
}

/// Makes the invited account; answers the link that sets its password.
///
/// # Errors
/// Says what is wrong and what to do.
pub async fn run(args: &FirstAdmin) -> Result<String, String> {
    let keys = std::fs::read_to_string(&args.key_file).map_err(|e| format!("key file {}: {e}", args.key_file.display()))?;
    let random = Random::from_os();
    let seal = Seal::from_key_file(&keys, random.clone())?;
    let token = random.token();
    let door = owners_door(&args.database_admin_url, random, seal).await?;
    invite(&door, args, &token).await?;
    door.close().await;
    Ok(format!("{}/recover/{token}", args.public_url.trim_end_matches('/')))
}

/// A door that opens as the owner role: row security holds for it as well, and one policy more.
async fn owners_door(url: &str, random: Random, seal: Seal) -> Result<Door, String> {
    let options = PgConnectOptions::from_str(url).map_err(|e| format!("DATABASE_ADMIN_URL: {e}"))?;
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .after_connect(|conn, _| {
            Box::pin(async move {
                sqlx::query("set role lianting_owner").execute(conn).await?;
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .map_err(|e| format!("the database does not answer: {e}. Check DATABASE_ADMIN_URL, and run `lianting migrate` first"))?;
    let source = PolicySource::parse(MODEL, ROLES).map_err(|e| e.to_string())?;
    let policies = PolicyBook::open(source, &BTreeMap::new()).await.map_err(|e| e.to_string())?;
    Ok(Door::new(pool, Clock::System, random, seal, policies, Registry::default()))
}

async fn invite(door: &Door, args: &FirstAdmin, token: &str) -> Result<(), String> {
    let said = |e: Error| e.source_text().unwrap_or_else(|| e.problem().detail_en);
    let name = clean(&args.name, Bounds::line(1, 60)).map_err(|e| format!("--name: {e}"))?;
    let mobile = Mobile::parse(&args.mobile).map_err(|e| format!("--mobile: {e}"))?.into_string();
    let today = beijing_date(Clock::System.now());
    let id_number =
        ProofKind::ResidentId.read(&args.id_number, today).map_err(|f| format!("--id-number: {}", f.at("").problem().detail_en))?;
    let mut gate = door.gate("admin:first", "command line".into()).await.map_err(said)?;
    let person = gate.id();
    write(&mut gate, person, args.role, &name, &mobile, &id_number, token).await.map_err(said)?;
    gate.commit(format!("person:{person}"), serde_json::json!({"role": args.role.key()})).await.map_err(said)
}

async fn write(
    gate: &mut GateTx,
    person: Uuid,
    duty: Duty,
    name: &str,
    mobile: &str,
    id_number: &str,
    token: &str,
) -> crate::error::Result<()> {
    let new = store::NewPerson { id: person, name, standing: "staff", state: "invited", mobile, email: None };
    store::add_person(gate, &new).await?;
    gate.becomes(person).await?;
    store::add_identifier(gate, person, Kind::Mobile, mobile).await?;
    store::add_identifier(gate, person, Kind::IdNumber, id_number).await?;
    let proof = store::NewProof {
        kind: ProofKind::ResidentId,
        number: id_number,
        holder: name,
        firm: None,
        firm_uscc: None,
        representative: None,
        state: "checked_by_document",
        decided_by: None,
    };
    store::add_proof(gate, person, &proof).await?;
    store::add_own_grant(gate, person, duty.key()).await?;
    let until = AnyTx::now(gate) + ACTIVATION_LIFE;
    sign_store::keep_link(gate, &sha256(token.as_bytes()), person, "activation", until).await
}
