//! What all tests of a run share: one PostgreSQL cluster with a migrated template database, one object store, one
//! SMS gateway, one identity register. Owns the processes; they end with the run, even when it is killed.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::sync::{OnceLock, mpsc};

use lianting::court::tenants::Tenants;
use lianting::demo::postgres::Postgres;
use lianting::migrate;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};

/// The password of both roles: the cluster listens on loopback and lives as long as the run.
const PASSWORD: &str = "it-only";
/// The migrated database every test copies.
const TEMPLATE: &str = "lianting_template";
/// Keys and secrets of the simulators.
pub const STORE_KEY: (&str, &str) = ("it-access", "it-secret");
/// Shared secret of the SMS gateway and the identity register.
pub const SECRET: &str = "it-shared-secret";

/// The running cluster.
pub struct Cluster {
    postgres: Postgres,
    /// Object store.
    pub store: SocketAddr,
    /// SMS gateway.
    pub sms: SocketAddr,
    /// Identity register.
    pub identity: SocketAddr,
    /// Where tests may write.
    pub dir: PathBuf,
}

static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();

/// The cluster of this run, started when first asked for.
pub fn cluster() -> &'static Cluster {
    let made = CLUSTER.get_or_init(|| {
        // the children are told to end when the thread that started them ends: this one never does
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let made = start();
            let stay = made.is_ok();
            let _ = tell.send(made);
            if stay {
                loop {
                    std::thread::park();
                }
            }
        });
        told.recv().unwrap_or_else(|_| Err("the cluster's thread ended".into()))
    });
    match made {
        Ok(cluster) => cluster,
        Err(cause) => panic!("{cause}"),
    }
}

impl Cluster {
    /// An administrator's address of one database.
    pub fn admin_url(&self, database: &str) -> String {
        self.postgres.admin_url(database)
    }

    /// The application's address of one database.
    pub fn app_url(&self, database: &str) -> String {
        self.postgres.url("lianting_app", PASSWORD, database)
    }

    /// A copy of the template, or of another database nobody is connected to.
    pub async fn copy(&self, name: &str, of: Option<&str>) {
        let mut admin = connect(&self.admin_url("postgres")).await.expect("administrator");
        let sql = format!("create database {name} template {}", of.unwrap_or(TEMPLATE));
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut admin).await.expect("copy of the database");
        let _ = admin.close().await;
    }

    /// A gateway for one test that makes it fail.
    pub fn own_sms(&self) -> SocketAddr {
        sim(&["sms", "--secret", SECRET, "--report-after-ms", "10"], &self.dir).expect("a gateway")
    }

    /// A payment platform for one test: its books are its own.
    pub fn own_pay(&self, name: &str) -> Pay {
        let data = self.dir.join(format!("pay-{name}"));
        let at =
            sim(&["pay", "--haste", "150", "--refund-after-ms", "50", "--data", &data.to_string_lossy()], &self.dir).expect("a platform");
        Pay { at, data }
    }

    /// A time-stamping authority for one test that makes it fail.
    pub fn own_tsa(&self, name: &str) -> Tsa {
        let data = self.dir.join(format!("tsa-{name}"));
        let at = sim(&["tsa", "--data", &data.to_string_lossy()], &self.dir).expect("an authority");
        Tsa { at, data }
    }

    /// A mail server for one test: its mailboxes are its own.
    pub fn own_mail(&self) -> MailServer {
        let bounces = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let ready = ready(&["smtp", "--bounce-to", &bounces.to_string(), "--bounce-after-ms", "50"], &self.dir).expect("a mail server");
        let address = |name: &str| ready[name].as_str().unwrap().parse().unwrap();
        MailServer { at: address("listening"), smtp: address("smtp"), bounces }
    }

    /// An e-delivery platform for one test, also a gateway to chat accounts.
    pub fn own_platform(&self) -> Platform {
        Platform { at: sim(&["edelivery", "--secret", SECRET, "--step-after-ms", "20"], &self.dir).expect("a platform") }
    }

    /// Speech recognition of its own. Rooms stand in worlds whose clock is set by hand: it believes any time it is told.
    pub fn own_speech(&self) -> Platform {
        Platform { at: sim(&["speech", "--secret", SECRET, "--any-time"], &self.dir).expect("an ear") }
    }

    /// Throws a database away.
    pub async fn drop_database(&self, name: &str) {
        let Ok(mut admin) = connect(&self.admin_url("postgres")).await else { return };
        let sql = format!("drop database if exists {name} with (force)");
        let _ = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut admin).await;
        let _ = admin.close().await;
    }
}

/// A plain connection.
pub async fn connect(url: &str) -> Result<PgConnection, String> {
    PgConnectOptions::from_str(url).map_err(|e| e.to_string())?.connect().await.map_err(|e| format!("{url}: {e}"))
}

/// An administrator's connection to a database of this run.
pub async fn connect_admin(database: &str) -> PgConnection {
    connect(&cluster().admin_url(database)).await.expect("administrator")
}

/// A mail server.
#[derive(Debug, Clone, Copy)]
pub struct MailServer {
    /// Its page and control door.
    pub at: SocketAddr,
    /// Where it takes mail.
    pub smtp: SocketAddr,
    /// Where it hands bounces to.
    pub bounces: SocketAddr,
}

impl MailServer {
    /// Orders it to go wrong.
    pub async fn told(&self, order: serde_json::Value) {
        told(self.at, "/control", order).await;
    }

    /// What arrived in a mailbox, newest first.
    pub async fn received(&self, to: &str) -> Vec<serde_json::Value> {
        items(format!("http://{}/mail?to={to}&limit=20000", self.at)).await
    }
}

/// An e-delivery platform.
#[derive(Debug, Clone, Copy)]
pub struct Platform {
    /// Where it listens.
    pub at: SocketAddr,
}

impl Platform {
    /// An order to its control door.
    pub async fn told(&self, order: serde_json::Value) {
        told(self.at, "/control", order).await;
    }

    /// Sends the last receipt of a delivery again, as it was or spoiled.
    pub async fn again(&self, order: serde_json::Value) -> serde_json::Value {
        told(self.at, "/control/receipts", order).await
    }

    /// A step at the recipient's hand.
    pub async fn steps(&self, delivery: &str, state: &str) {
        told(self.at, &format!("/inbox/{delivery}"), serde_json::json!({ "state": state })).await;
    }

    /// What was handed over for an account, newest first.
    pub async fn deliveries(&self, account: &str) -> Vec<serde_json::Value> {
        items(format!("http://{}/deliveries?account={account}&limit=50000", self.at)).await
    }
}

async fn told(at: SocketAddr, path: &str, order: serde_json::Value) -> serde_json::Value {
    let answer = reqwest::Client::new().post(format!("http://{at}{path}")).json(&order).send().await.unwrap();
    assert!(answer.status().is_success(), "{order}: {}", answer.text().await.unwrap());
    answer.json().await.unwrap_or_default()
}

async fn items(url: String) -> Vec<serde_json::Value> {
    let answer: serde_json::Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    answer["items"].as_array().unwrap().clone()
}

/// A payment platform.
#[derive(Debug, Clone)]
pub struct Pay {
    /// Where it listens.
    pub at: SocketAddr,
    /// Its folder, with what it hands the merchant.
    pub data: PathBuf,
}

impl Pay {
    /// An order to its control door.
    pub async fn told(&self, order: serde_json::Value) {
        let answer = reqwest::Client::new().post(format!("http://{}/control", self.at)).json(&order).send().await.unwrap();
        assert!(answer.status().is_success(), "{order}: {}", answer.text().await.unwrap());
    }

    /// Presses a button on the payer's page of a code.
    pub async fn pressed(&self, code_url: &str, button: &str) {
        let token = code_url.rsplit(['/', '=']).next().unwrap();
        let answer = reqwest::Client::new()
            .post(format!("http://{}/pr/{token}", self.at))
            .json(&serde_json::json!({ "button": button }))
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{button}: {}", answer.text().await.unwrap());
    }
}

/// A time-stamping authority.
#[derive(Debug, Clone)]
pub struct Tsa {
    /// Where it listens.
    pub at: SocketAddr,
    /// Its folder, with its root.
    pub data: PathBuf,
}

impl Tsa {
    /// An order to its control door.
    pub async fn told(&self, order: serde_json::Value) {
        let answer = reqwest::Client::new().post(format!("http://{}/control", self.at)).json(&order).send().await.unwrap();
        assert!(answer.status().is_success(), "{order}: {}", answer.text().await.unwrap());
    }
}

fn start() -> Result<Cluster, String> {
    let dir = fresh_dir()?;
    // throw-away data: a crash of the machine may cost it
    let settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300", "shared_buffers=64MB"];
    let postgres = Postgres::start(&dir.join("pg"), PASSWORD, &settings)?;
    let store_dir = dir.join("store");
    std::fs::create_dir_all(&store_dir).map_err(|e| e.to_string())?;
    let store_dir = store_dir.to_string_lossy().into_owned();
    let cluster = Cluster {
        postgres,
        store: sim(
            &["store", "--data", &store_dir, "--access-key", STORE_KEY.0, "--secret-key", STORE_KEY.1, "--bucket", "lianting"],
            &dir,
        )?,
        sms: sim(&["sms", "--secret", SECRET, "--report-after-ms", "10"], &dir)?,
        identity: sim(&["identity", "--secret", SECRET], &dir)?,
        dir,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(template(&cluster))?;
    Ok(cluster)
}

/// A directory of this run; those of runs that are over are swept away.
fn fresh_dir() -> Result<PathBuf, String> {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(tmp).map_err(|e| format!("{}: {e}", tmp.display()))?;
    for entry in std::fs::read_dir(tmp).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let over = name.strip_prefix("it-").is_some_and(|pid| !Path::new("/proc").join(pid).exists());
        if over {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    let dir = tmp.join(format!("it-{}", std::process::id()));
    std::fs::create_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    Ok(dir)
}

/// A program built beside the tests.
pub fn program(name: &str) -> Result<PathBuf, String> {
    let path = Path::new(env!("CARGO_BIN_EXE_lianting")).with_file_name(name);
    if path.exists() { Ok(path) } else { Err(format!("{} is missing. Build it first: cargo build -p {name}", path.display())) }
}

fn sim(args: &[&str], dir: &Path) -> Result<SocketAddr, String> {
    let ready = ready(args, dir)?;
    ready["listening"].as_str().and_then(|a| a.parse().ok()).ok_or_else(|| format!("lianting-sim {} did not start", args[0]))
}

/// Starts a simulator and reads its ready line.
fn ready(args: &[&str], dir: &Path) -> Result<serde_json::Value, String> {
    let what = args[0];
    let said = |e: std::io::Error| format!("lianting-sim {what}: {e}");
    let log = std::fs::File::create(dir.join(format!("{what}.log"))).map_err(said)?;
    let mut child = Command::new(program("lianting-sim")?)
        .args(args)
        .arg("--die-with-parent")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .map_err(said)?;
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().ok_or("no pipe")?);
    out.read_line(&mut line).map_err(said)?;
    std::mem::forget(out); // the pipe stays open as long as the run
    serde_json::from_str(&line).map_err(|_| format!("lianting-sim {what} did not start: {line}"))
}

async fn template(cluster: &Cluster) -> Result<(), String> {
    let mut admin = connect(&cluster.admin_url("postgres")).await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("create database {TEMPLATE}"))).execute(&mut admin).await.map_err(|e| e.to_string())?;
    let _ = admin.close().await;
    let mut conn = connect(&cluster.admin_url(TEMPLATE)).await?;
    migrate::apply(&mut conn, Some(PASSWORD)).await?;
    let tenants = Tenants::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tenants/shandong")).map_err(|e| e.to_string())?;
    migrate::apply_read_tenants(&mut conn, &tenants, false).await?;
    conn.close().await.map_err(|e| e.to_string())
}
