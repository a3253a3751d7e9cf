//! What is measured: a PostgreSQL of our own, durable as in production, the demo's object store, and `lianting serve`
//! processes of the release build over them. Owns the processes; they end with us.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::str::FromStr;
use std::time::{Duration, Instant};

use lianting::demo::postgres::Postgres;
use lianting::kit::blob::StoreSettings;
use lianting::kit::random::Random;
use lianting::kit::seal::Seal;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};

/// Of every role here: the cluster listens on loopback and lives as long as the run.
pub const PASSWORD: &str = "bench-only";
const STORE_KEY: &str = "bench-store";
/// fsync and full pages stay on. Checkpoints are kept out of short runs, alike for both sides. Statements of one
/// database are logged when asked for, as JSON, to be replayed by pgbench.
const SETTINGS: &[&str] = &[
    "max_connections=120",
    "shared_buffers=768MB",
    "max_wal_size=8GB",
    "checkpoint_timeout=60min",
    "logging_collector=on",
    "log_destination=jsonlog",
    "log_filename=statements",
    "log_directory=log",
];

/// The database server and the object store.
pub struct Cluster {
    postgres: Postgres,
    store: Child,
    store_at: SocketAddr,
    /// Everything of this run lies here.
    pub dir: PathBuf,
    /// The sealing keys of every server started here.
    pub seal: Seal,
}

/// A running `lianting serve`.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub at: SocketAddr,
    /// From the start of the process until `/readyz` said yes.
    pub ready_after: Duration,
}

/// A program built beside this one.
fn program(name: &str) -> Result<PathBuf, String> {
    let path = std::env::current_exe().map_err(|e| e.to_string())?.with_file_name(name);
    if path.exists() { Ok(path) } else { Err(format!("{} is missing; `make bench` builds it", path.display())) }
}

impl Cluster {
    /// Starts both over a directory. Call from the main thread: the children end with the thread.
    pub fn start(dir: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        let keys = dir.join("keys");
        if !keys.exists() {
            std::fs::write(&keys, Seal::new_key_file(&Random::from_os())).map_err(|e| e.to_string())?;
        }
        let seal = Seal::from_key_file(&std::fs::read_to_string(&keys).map_err(|e| e.to_string())?, Random::from_os())?;
        let postgres = Postgres::start(&dir.join("postgres"), PASSWORD, SETTINGS)?;
        let (store, store_at) = store(&dir.join("store"))?;
        Ok(Self { postgres, store, store_at, dir: dir.to_owned(), seal })
    }

    /// The administrator's connection.
    pub async fn admin(&self, database: &str) -> Result<PgConnection, String> {
        connect(&self.postgres.admin_url(database)).await
    }

    /// The administrator's address.
    pub fn admin_url(&self, database: &str) -> String {
        self.postgres.admin_url(database)
    }

    /// The application's address.
    pub fn app_url(&self, database: &str) -> String {
        self.postgres.url("lianting_app", PASSWORD, database)
    }

    /// The log of statements.
    pub fn statement_log(&self) -> PathBuf {
        self.dir.join("postgres/log/statements.json")
    }

    /// The object store, for whoever goes there directly.
    pub fn store_settings(&self) -> StoreSettings {
        StoreSettings {
            endpoint: format!("http://{}", self.store_at),
            region: "us-east-1".into(),
            bucket: "lianting".into(),
            access_key: STORE_KEY.into(),
            secret_key: STORE_KEY.into(),
            lock: Default::default(),
        }
    }

    /// Starts a server over a database and waits until it is ready. Limits are off: all load comes from one address.
    /// Background work is off: rendering and sending would share the processor with what is measured.
    pub fn serve(&self, database: &str, name: &str) -> Result<Server, String> {
        let at = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).map_err(|e| e.to_string())?;
        let log = std::fs::File::create(self.dir.join(format!("{name}.log"))).map_err(|e| e.to_string())?;
        let store = self.store_settings();
        let since = Instant::now();
        let child = Command::new(program("lianting")?)
            .arg("serve")
            .args(["--listen", &at.to_string(), "--public-url", &format!("http://{at}")])
            .args(["--database-url", &self.app_url(database)])
            .args(["--s3-endpoint", &store.endpoint, "--s3-access-key", STORE_KEY, "--s3-secret-key", STORE_KEY])
            .args(["--key-file", &self.dir.join("keys").display().to_string(), "--work", "false"])
            .args(["--rate-per-address", "0", "--rate-per-person", "0", "--sign-in-per-minute", "0"])
            .stdin(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|e| format!("lianting serve: {e}"))?;
        let mut server = Server { child, at, ready_after: Duration::ZERO };
        while !crate::load::ready(at) {
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(format!("lianting serve ended with {status}; see {name}.log"));
            }
            if since.elapsed() > Duration::from_secs(30) {
                return Err(format!("lianting serve was not ready within 30 s; see {name}.log"));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        server.ready_after = since.elapsed();
        Ok(server)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        end(&mut self.store);
    }
}

impl Server {
    /// Resident memory in MiB: (now, the most since `forget_peak`).
    pub fn memory(&self) -> (f64, f64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let of = |key: &str| {
            let line = status.lines().find_map(|l| l.strip_prefix(key));
            line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok()).map_or(f64::NAN, |kib| kib / 1024.0)
        };
        (of("VmRSS:"), of("VmHWM:"))
    }

    /// Processor time spent so far, in seconds (user and system; the kernel counts in hundredths).
    pub fn processor(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // the name in brackets may hold spaces; after it, the 12th and 13th are utime and stime
        let ticks = stat
            .rsplit_once(')')
            .map_or(0.0, |(_, rest)| rest.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok()).sum());
        ticks / 100.0
    }

    /// Starts the peak anew from what is used now.
    pub fn forget_peak(&self) {
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

fn end(child: &mut Child) {
    if let Ok(pid) = i32::try_from(child.id()) {
        let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
    }
    let since = Instant::now();
    while matches!(child.try_wait(), Ok(None)) {
        if since.elapsed() > Duration::from_secs(5) {
            let _ = child.kill();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn store(data: &Path) -> Result<(Child, SocketAddr), String> {
    let mut child = Command::new(program("lianting-sim")?)
        .args(["store", "--die-with-parent", "--data"])
        .arg(data)
        .args(["--access-key", STORE_KEY, "--secret-key", STORE_KEY])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| format!("lianting-sim store: {e}"))?;
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().ok_or("no pipe")?);
    out.read_line(&mut line).map_err(|e| e.to_string())?;
    std::mem::forget(out); // the pipe stays open as long as the run
    let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
    let at = said["listening"].as_str().and_then(|a| a.parse().ok());
    at.map(|at| (child, at)).ok_or_else(|| format!("lianting-sim store did not start: {line}"))
}

/// A plain connection.
pub async fn connect(url: &str) -> Result<PgConnection, String> {
    PgConnectOptions::from_str(url)
        .map_err(|e| e.to_string())?
        .disable_statement_logging()
        .connect()
        .await
        .map_err(|e| format!("{url}: {e}"))
}

/// Runs SQL with nothing to answer.
pub async fn run_sql(conn: &mut PgConnection, sql: impl Into<String>) -> Result<(), String> {
    let sql = sql.into();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute(conn).await.map_err(|e| format!("{e}\n{sql}"))?;
    Ok(())
}

/// Closes a connection in order.
pub async fn close(conn: PgConnection) {
    let _ = conn.close().await;
}
