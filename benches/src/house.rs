//! What the house costs to keep: start, memory, and, when asked for (COLD=1), building it. For information.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Options;
use crate::cluster::{Cluster, Server, close, run_sql};
use crate::data::{self, Province, court};
use crate::load::{self, Line};
use crate::report::{Goal, Report, median, shown};

const STARTS: usize = 7;
const SESSIONS: usize = 4_000;

/// Start to ready, idle memory, memory of sessions.
pub async fn run(cluster: &Cluster, options: &Options, report: &mut Report) -> Result<(), String> {
    let province = Province::open(cluster, &options.root, 180).await?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(cluster.serve(&province.database, "serve-start")?.ready_after.as_secs_f64() * 1000.0);
    }
    let most = starts.iter().copied().fold(0.0, f64::max);
    report.add(
        "start of lianting serve to ready, 180 courts",
        median(starts),
        "ms",
        Goal::None,
        format!("{STARTS} starts, slowest {} ms", shown(most)),
    );
    let server = cluster.serve(&province.database, "serve-memory")?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    report.add("memory, idle", server.memory().0, "MiB", Goal::None, "resident");
    let grown = sessions(cluster, &province, &server).await?;
    let how = format!("resident; {SESSIONS} sessions in use, above what as many requests of one session take");
    report.add("memory per 1,000 sessions", grown / SESSIONS as f64 * 1000.0, "MiB", Goal::None, how);
    if options.cold {
        build(&options.root, report)?;
    }
    Ok(())
}

async fn sessions(cluster: &Cluster, province: &Province, server: &Server) -> Result<f64, String> {
    let mut conn = cluster.admin(&province.database).await?;
    let sql = format!(
        "insert into sessions (token_hash, session_id, person_id, created_at, last_seen_at, expires_at, second_factor, stepped_up_at, user_agent, ip_masked)
         select sha256(convert_to('bench-many-' || g, 'UTF8')), gen_random_uuid(), person_id, now(), now(), now() + interval '12 hours', true, now(), 'bench', '127.0.0.*'
         from generate_series(0, {SESSIONS}) g, sessions where token_hash = sha256(convert_to('{}', 'UTF8'))",
        data::token("clerk", 0)
    );
    run_sql(&mut conn, sql).await?;
    close(conn).await;
    let mut line = Line::open(server.at).await?;
    let path = format!("/courts/{}/filings?limit=1", court(0));
    for _ in 0..SESSIONS {
        line.ask(&load::request("GET", &path, &data::token("clerk", 0), "", "")).await?.json()?;
    }
    let before = server.memory().0;
    for n in 0..SESSIONS {
        line.ask(&load::request("GET", &path, &data::token("many", n), "", "")).await?.json()?;
    }
    Ok(server.memory().0 - before)
}

/// Cold build of the three programs as `make demo` builds them, then a changed line to checked.
fn build(root: &Path, report: &mut Report) -> Result<(), String> {
    let target = root.join("target/bench/cold");
    let cargo = |words: &[&str]| -> Result<f64, String> {
        let since = Instant::now();
        let done = Command::new("cargo")
            .args(words)
            .current_dir(root)
            .env("CARGO_TARGET_DIR", &target)
            .stderr(Stdio::inherit())
            .status()
            .map_err(|e| format!("cargo: {e}"))?;
        if done.success() { Ok(since.elapsed().as_secs_f64()) } else { Err(format!("cargo {words:?} failed")) }
    };
    let _ = std::fs::remove_dir_all(&target);
    let cold = cargo(&["build", "--workspace"])?;
    cargo(&["check", "-p", "lianting"])?;
    let file = std::fs::File::options().append(true).open(root.join("src/court/tx.rs")).map_err(|e| e.to_string())?;
    file.set_modified(std::time::SystemTime::now()).map_err(|e| e.to_string())?;
    let check = cargo(&["check", "-p", "lianting"])?;
    let _ = std::fs::remove_dir_all(&target);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    report.add("cold build, debug", cold / 60.0, "min", Goal::None, format!("cargo build --workspace, {cores} cores"));
    report.add("edit to check", check, "s", Goal::None, "src/court/tx.rs touched, cargo check");
    Ok(())
}
