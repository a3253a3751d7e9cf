//! Runs the examiner: our own program as a child with no environment, no files, ten seconds of processor
//! time and 2 GiB of addresses, fed through a pipe. Owns the child; a child that fails harms nobody.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::resource::{Resource, setrlimit};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::Semaphore;

use super::inspect::Report;
use crate::app::App;
use crate::error::{Error, Result};

/// Examiners at one time: each may take a core and 2 GiB.
static SEATS: Semaphore = Semaphore::const_new(2);
/// The longest an examiner may take, its food from the store included.
const PATIENCE: Duration = Duration::from_secs(90);
/// The most an examiner may answer (a page of a photograph).
const MOST_ANSWER: u64 = 16 << 20;

/// The program that examines: ours, or the one a test names. Linux keeps the running program at hand even when an
/// upgrade has replaced its file.
fn program(app: &App) -> PathBuf {
    app.config.self_program.clone().unwrap_or_else(|| "/proc/self/exe".into())
}

/// Asks the examiner about an object; nothing when it crashed, was stopped, or made no sense.
///
/// # Errors
/// 503 when the store does not answer.
pub async fn examine(app: &App, key: &str, media_type: &str) -> Result<Option<Report>> {
    let answer = ask(app, key, media_type).await?;
    Ok(answer.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Asks for a small JPEG of an object; nothing when the examiner did not come through.
///
/// # Errors
/// 503 when the store does not answer.
pub async fn shrink(app: &App, key: &str, edge: u32) -> Result<Option<Vec<u8>>> {
    ask(app, key, &format!("{}{edge}", super::inspect::SHRINK)).await
}

async fn ask(app: &App, key: &str, what: &str) -> Result<Option<Vec<u8>>> {
    let _seat = SEATS.acquire().await.map_err(Error::internal)?;
    let reading = app.blob.read(key, None).await?;
    match tokio::time::timeout(PATIENCE, run(program(app), what, reading.body)).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(cause)) => {
            tracing::warn!(%cause, "an examiner did not come through");
            Ok(None)
        }
        Err(_) => {
            tracing::warn!("an examiner took too long");
            Ok(None)
        }
    }
}

async fn run(program: PathBuf, what: &str, mut food: impl AsyncRead + Unpin) -> std::io::Result<Option<Vec<u8>>> {
    let mut command = std::process::Command::new(program);
    command.args(["inspect-file", what]).env_clear().current_dir("/");
    // SAFETY: only async-signal-safe calls between fork and exec
    unsafe {
        command.pre_exec(|| {
            setrlimit(Resource::RLIMIT_CPU, 10, 10)?;
            setrlimit(Resource::RLIMIT_AS, 2 << 30, 2 << 30)?;
            setrlimit(Resource::RLIMIT_NOFILE, 16, 16)?;
            setrlimit(Resource::RLIMIT_FSIZE, 0, 0)?;
            setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
            nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL)?;
            Ok(())
        });
    }
    let mut child = Command::from(command).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn()?;
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else { return Ok(None) };
    let feed = async move {
        // a child that has seen enough closes its end: no fault of ours
        let _ = tokio::io::copy(&mut food, &mut to).await;
        let _ = to.shutdown().await;
    };
    let mut answer = Vec::new();
    let mut from = from.take(MOST_ANSWER);
    let (heard, ()) = tokio::join!(from.read_to_end(&mut answer), feed);
    heard?;
    let ended = child.wait().await?;
    Ok(ended.success().then_some(answer))
}
