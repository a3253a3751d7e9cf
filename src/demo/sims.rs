//! The outside world of the demo: `lianting-sim` as store, SMS gateway, identity register, payment platform, mail server,
//! e-delivery platform and time-stamping authority. Owns the children; they end with us, even when we are killed.

use std::ffi::OsStr;
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

/// A running simulator.
pub struct Sim {
    what: &'static str,
    child: Child,
    _out: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Of the mail server: where it takes mail.
    pub smtp: Option<SocketAddr>,
}

/// The simulators' program: named, or beside our own.
fn program() -> PathBuf {
    std::env::var_os("LIANTING_SIM").map(PathBuf::from).unwrap_or_else(|| {
        std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("lianting-sim"))).unwrap_or_else(|| "lianting-sim".into())
    })
}

impl Sim {
    /// Starts one and waits for its ready line. Call from the main thread: the child ends with the thread.
    ///
    /// # Errors
    /// Says why it did not start.
    pub async fn start<A: AsRef<OsStr>>(what: &'static str, args: &[A], env: &[(&str, &str)], log: &Path) -> Result<Self, String> {
        let said = |e: std::io::Error| format!("lianting-sim {what}: {e}");
        let mut command = std::process::Command::new(program());
        command.arg(what).args(args).envs(env.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(log).map_err(said)?);
        {
            use std::os::unix::process::CommandExt;
            command.process_group(0);
            // SAFETY: one system call between fork and exec
            unsafe {
                command.pre_exec(|| Ok(nix::sys::prctl::set_pdeathsig(Signal::SIGTERM)?));
            }
        }
        let mut child = Command::from(command)
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| format!("{}: {e}. Build it with `cargo build`, or say where it is with LIANTING_SIM", program().display()))?;
        let mut out = BufReader::new(child.stdout.take().ok_or("no pipe")?);
        let mut line = String::new();
        tokio::time::timeout(Duration::from_secs(10), out.read_line(&mut line))
            .await
            .map_err(|_| format!("lianting-sim {what} was not ready within 10 s"))?
            .map_err(said)?;
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let address = ready["listening"].as_str().and_then(|a| a.parse().ok());
        let address = address.ok_or_else(|| format!("lianting-sim {what} did not start; see {}", log.display()))?;
        let smtp = ready["smtp"].as_str().and_then(|a| a.parse().ok());
        Ok(Self { what, child, _out: out, address, smtp })
    }

    /// Its base address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers when it has ended by itself, with its name.
    pub async fn ended(&mut self) -> &'static str {
        let _ = self.child.wait().await;
        self.what
    }

    /// Asks it to end, waits, and insists.
    pub async fn stop(mut self) {
        if let Some(pid) = self.child.id().and_then(|id| i32::try_from(id).ok()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        }
        if tokio::time::timeout(Duration::from_secs(6), self.child.wait()).await.is_err() {
            let _ = self.child.kill().await;
        }
    }
}
