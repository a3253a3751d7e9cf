//! The demo's electronic seals: a root of its own and a seal for each court, made at the first start.
//! Owns `seals/` in DATA_DIR. Must never be taken for a real court's: nobody outside believes this root.

use std::path::Path;

use lianting_seal::keep::SealDir;
use lianting_seal::picture::Font;
use lianting_seal::pki::Term;

use crate::court::tenants::Tenants;
use crate::kit::clock::Clock;
use crate::paper::seal_cli;

/// How long they count.
const DAYS: i64 = 1095;

/// Makes what is missing, and believes the simulated time-stamping authority.
///
/// # Errors
/// The cause, with its cure.
pub fn make(seals: &Path, authority: &Path, tenants: &Path) -> Result<(), String> {
    let dir = SealDir::at(seals);
    let tenants = Tenants::read(tenants).map_err(|e| e.to_string())?;
    let (now, province) = (Clock::System.now(), &tenants.province.name);
    if !seals.join("root.pem").exists() {
        let name = format!("{province}法院电子印章根（演示）");
        dir.init(&name, province, Term { from: now, days: 20 * 365 }).map_err(|e| e.to_string())?;
    }
    let root = authority.join("root.pem");
    let pem = std::fs::read_to_string(&root).map_err(|e| format!("{}: {e}", root.display()))?;
    dir.trust_stamps(&pem).map_err(|e| e.to_string())?;
    let has: Vec<String> = dir.list().map_err(|e| e.to_string())?.into_iter().map(|seal| seal.code).collect();
    let missing: Vec<(i32, String)> = tenants.names().into_iter().filter(|(id, _)| !has.contains(&id.to_string())).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let font = Font::installed().map_err(|e| e.to_string())?;
    for (id, name) in missing {
        seal_cli::one(&dir, id, &name, province, Term { from: now, days: DAYS }, &font, false)?;
    }
    Ok(())
}
