//! The test kit: `World` is one province on a database of its own, with a clock turned by hand; people are verbs.

pub mod cluster;
pub mod files;
pub mod http;
pub mod line;
pub mod matter;
pub mod numbers;
pub mod seeded;
pub mod sums;
pub mod voice;

use std::str::FromStr;
use std::sync::{Arc, Mutex, Once};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser;
use lianting::app::App;
use lianting::config::Config;
use lianting::kit::clock::Clock;
use lianting::kit::random::Random;
use lianting::kit::seal::{Owner, Place, Seal};
use lianting::person::identity::{Kind, ProofKind};
use lianting::person::session::{self, Origin};
use lianting::person::store;
use poem::listener::{Acceptor, Listener, TcpListener};
use reqwest::Method;
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Row};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use self::cluster::{STORE_KEY, cluster, connect_admin};
pub use self::http::{Answer, Ask, Person, Wire};
use self::sums::SUMS;

/// 济南市历下区人民法院.
pub const LIXIA: i32 = 370102;
/// 济南市市中区人民法院.
pub const SHIZHONG: i32 = 370103;
/// 济南市槐荫区人民法院.
pub const HUAIYIN: i32 = 370104;
/// 山东省高级人民法院.
pub const HIGH: i32 = 370000;

/// A province.
pub struct World {
    pub app: App,
    pub wire: Arc<Wire>,
    /// Past row security, for looking and for seeding.
    pub admin: PgPool,
    pub database: String,
    arguments: Vec<String>,
    stop: CancellationToken,
    served: Option<tokio::task::JoinHandle<Result<(), String>>>,
    exempt: Mutex<Vec<String>>,
}

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

/// How a world differs from the usual one.
#[derive(Default)]
pub struct Wish {
    /// The machine's clock instead of one that stands: outside services sign with the time.
    pub machine_clock: bool,
    /// With SMS gateway and identity register.
    pub outside: bool,
    /// A copy of this database instead of the template.
    pub copy_of: Option<String>,
    /// Serve this database as it is; nothing is copied.
    pub database: Option<String>,
    /// A gateway of its own, to make it fail.
    pub sms: Option<std::net::SocketAddr>,
    /// A payment platform of its own.
    pub pay: Option<cluster::Pay>,
    /// A mail server of its own.
    pub mail: Option<cluster::MailServer>,
    /// An e-delivery platform of its own, also for chat accounts.
    pub platform: Option<cluster::Platform>,
    /// Other policies.
    pub policies: Option<std::path::PathBuf>,
    /// Another program that examines uploads.
    pub examiner: Option<std::path::PathBuf>,
    /// No background work.
    pub idle: bool,
    /// So many steps of the background work at once; one, that a story tells the same each time.
    pub at_once: Option<u8>,
    /// Electronic seals.
    pub seals: Option<std::path::PathBuf>,
    /// Who stamps them.
    pub tsa: Option<std::net::SocketAddr>,
    /// Speech recognition.
    pub speech: Option<std::net::SocketAddr>,
    /// Media of hearings, with recordings in this folder.
    pub spool: Option<std::path::PathBuf>,
    /// A relay for them: its address and secret.
    pub relay: Option<(String, String)>,
}

/// Monday 23 November 2026, 10:00 in Beijing.
pub fn monday() -> DateTime<Utc> {
    beijing("2026-11-23T10:00:00")
}

/// A time of day in Beijing.
pub fn beijing(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}+08:00")).unwrap().to_utc()
}

fn once() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let subscriber = tracing_subscriber::fmt().json().with_env_filter("info,lianting=debug").with_writer(|| Logs).finish();
        let _ = tracing::subscriber::set_global_default(subscriber);
    });
}

static LOGS: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Logs;

impl std::io::Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if std::env::var_os("IT_LOG").is_some() {
            std::io::stderr().write_all(bytes)?;
        }
        let mut logs = LOGS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if logs.len() < 64 << 20 {
            logs.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything logged by this run so far.
pub fn logs() -> String {
    String::from_utf8_lossy(&LOGS.lock().unwrap_or_else(std::sync::PoisonError::into_inner)).into_owned()
}

/// The keys of this run.
pub fn key_file() -> std::path::PathBuf {
    static KEYS: Once = Once::new();
    let path = cluster().dir.join("keys");
    KEYS.call_once(|| std::fs::write(&path, Seal::new_key_file(&Random::from_os())).unwrap());
    path
}

/// The renderer built beside the tests.
pub fn paper_program() -> String {
    cluster::program("lianting-paper").unwrap_or_else(|e| panic!("{e}")).display().to_string()
}

/// The settings of a world, as a command line without its program.
fn arguments(database: &str, url: &str, wish: &Wish) -> Vec<String> {
    let c = cluster();
    let mut args: Vec<String> = vec!["--key-file".into(), key_file().display().to_string()];
    let mut set = |name: &str, value: String| args.extend([format!("--{name}"), value]);
    set("public-url", url.into());
    set("database-url", c.app_url(database));
    set("db-connections", "6".into());
    set("s3-endpoint", format!("http://{}", c.store));
    set("s3-access-key", cluster::STORE_KEY.0.into());
    set("s3-secret-key", cluster::STORE_KEY.1.into());
    set("paper-program", paper_program());
    let own = || env!("CARGO_BIN_EXE_lianting").to_owned();
    set("self-program", wish.examiner.as_ref().map_or_else(own, |p| p.display().to_string()));
    set("webhooks-inside", "true".into());
    set("work", (!wish.idle).to_string());
    // one step after the other: a story tells the same each time
    set("work-at-once", wish.at_once.unwrap_or(1).to_string());
    // nobody watches but a story that means to
    set("probe-every", "0".into());
    for limit in ["rate-per-address", "rate-per-person", "sign-in-per-minute"] {
        set(limit, "0".into());
    }
    if wish.outside {
        set("sms-url", format!("http://{}", wish.sms.unwrap_or(c.sms)));
        set("sms-secret", cluster::SECRET.into());
        set("identity-url", format!("http://{}", c.identity));
        set("identity-secret", cluster::SECRET.into());
    }
    if let Some(pay) = &wish.pay {
        for (option, value) in lianting::demo::data_dir::merchant(&pay.data).unwrap() {
            set(&option[2..], value);
        }
    }
    if let Some(dir) = &wish.seals {
        set("seal-dir", dir.display().to_string());
    }
    if let Some(dir) = &wish.spool {
        set("media-address", "127.0.0.1:0".into());
        set("spool", dir.display().to_string());
        // several may stand beside one another on one database
        set("node", url.into());
        set("node-url", url.into());
    }
    if let Some((url, secret)) = &wish.relay {
        set("turn-url", url.clone());
        set("turn-secret", secret.clone());
    }
    if let Some(at) = &wish.speech {
        set("speech-url", format!("http://{at}"));
        set("speech-secret", cluster::SECRET.into());
    }
    if let Some(at) = &wish.tsa {
        set("tsa-url", format!("http://{at}"));
    }
    if let Some(mail) = &wish.mail {
        set("mail-host", mail.smtp.ip().to_string());
        set("mail-port", mail.smtp.port().to_string());
        set("mail-tls", "none".into());
        set("mail-from", "songda@court.example".into());
        set("mail-bounces", "bounce@court.example".into());
        set("mail-bounce-listen", mail.bounces.to_string());
    }
    if let Some(platform) = &wish.platform {
        for name in ["edelivery", "chat"] {
            set(&format!("{name}-url"), format!("http://{}", platform.at));
            set(&format!("{name}-secret"), cluster::SECRET.into());
        }
    }
    if let Some(dir) = &wish.policies {
        set("policies", dir.display().to_string());
    }
    args
}

impl World {
    /// Shandong on a Monday morning, nobody there yet.
    pub async fn new() -> Self {
        Self::with(Wish::default()).await
    }

    pub async fn with(wish: Wish) -> Self {
        once();
        let database = match &wish.database {
            Some(database) => database.clone(),
            None => {
                let database = format!("t{}_{}", std::process::id(), numbers::next());
                cluster().copy(&database, wish.copy_of.as_deref()).await;
                database
            }
        };
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
        let address = acceptor.local_addr()[0].as_socket_addr().copied().unwrap();
        let base = format!("http://{address}");
        let arguments = arguments(&database, &base, &wish);
        let line = std::iter::once("it".to_owned()).chain(arguments.clone());
        let config = Settings::try_parse_from(line).unwrap_or_else(|e| panic!("{e}")).config;
        let clock = if wish.machine_clock { Clock::System } else { Clock::standing_at(monday()) };
        let app = App::start(config, clock, Random::from_os()).await.unwrap_or_else(|e| panic!("{e}"));
        let stop = CancellationToken::new();
        let served = tokio::spawn(lianting::serve::run_on(app.clone(), acceptor, stop.clone()));
        let admin = PgConnectOptions::from_str(&cluster().admin_url(&database)).unwrap();
        let admin = PgPoolOptions::new().max_connections(2).connect_with(admin).await.unwrap();
        let wire = Arc::new(Wire { base, client: reqwest::Client::new(), seen: Mutex::default() });
        Self { app, wire, admin, database, arguments, stop, served: Some(served), exempt: Mutex::default() }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.app.now()
    }

    /// Turns the clock; sessions stay open.
    pub async fn turn_to(&self, at: DateTime<Utc>) {
        assert!(self.app.clock.set(at), "this world has the machine's clock");
        sqlx::query("update sessions set last_seen_at = $1, expires_at = $2 where client_id is null")
            .bind(at)
            .bind(at + TimeDelta::hours(12))
            .execute(&self.admin)
            .await
            .unwrap();
        self.app.sessions.forget_all();
    }

    /// A worker of this world as a process of its own, to be killed. Bounces are taken by the server alone.
    pub fn worker(&self) -> std::process::Command {
        self.program("work", &["--mail-bounce-listen", "--work-at-once"])
    }

    /// The program with the settings of this world but for some.
    pub fn program(&self, what: &str, but: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lianting"));
        command.arg(what);
        command.args(self.arguments.chunks(2).filter(|pair| !but.contains(&pair[0].as_str())).flatten());
        command
    }

    /// Somebody without an account.
    pub fn nobody(&self, method: Method, path: impl Into<String>) -> Ask {
        Ask::new(self.wire.clone(), None, method, path.into())
    }

    async fn person(&self, name: &str, standing: &'static str, roles: &[&'static str], firm: Option<&str>, court: i32) -> Person {
        let n = numbers::next();
        let (mobile, id_number, licence) = (numbers::mobile(n), numbers::resident_id(n), numbers::licence(n));
        let mut gate = self.app.door.gate("it:person", "it".into()).await.unwrap();
        let id = gate.id();
        let new = store::NewPerson { id, name, standing, state: "active", mobile: &mobile, email: None };
        store::add_person(&mut gate, &new).await.unwrap();
        gate.becomes(id).await.unwrap();
        store::add_identifier(&mut gate, id, Kind::Mobile, &mobile).await.unwrap();
        store::add_identifier(&mut gate, id, Kind::IdNumber, &id_number).await.unwrap();
        let mut proofs = vec![(ProofKind::ResidentId, id_number.as_str(), None)];
        if firm.is_some() {
            let kind = if standing == "lawyer" { ProofKind::LawyerLicence } else { ProofKind::LegalWorkerLicence };
            store::add_identifier(&mut gate, id, Kind::Licence, &licence).await.unwrap();
            proofs.push((kind, licence.as_str(), firm));
        }
        for (kind, number, firm) in proofs {
            let proof = store::NewProof {
                kind,
                number,
                holder: name,
                firm,
                firm_uscc: None,
                representative: None,
                state: "checked_by_registry",
                decided_by: None,
            };
            store::add_proof(&mut gate, id, &proof).await.unwrap();
        }
        gate.commit("person", Value::Null).await.unwrap();
        for role in roles {
            let everywhere = matches!(*role, "party" | "lawyer" | "legal_worker" | "provincial_admin");
            self.grant(id, if everywhere { 0 } else { court }, role).await;
        }
        let token = self.session(id, standing == "staff").await;
        Person {
            id,
            name: name.into(),
            mobile,
            id_number,
            licence,
            firm: firm.unwrap_or_default().into(),
            court,
            token,
            wire: self.wire.clone(),
        }
    }

    /// Grants a role, past the doors.
    pub async fn grant(&self, person: Uuid, court: i32, role: &str) {
        sqlx::query("insert into role_grants (court_id, person_id, role, granted_at) values ($1, $2, $3, $4)")
            .bind(court)
            .bind(person)
            .bind(role)
            .bind(self.now())
            .execute(&self.admin)
            .await
            .unwrap();
        self.app.sessions.forget_all();
    }

    /// A live session's token.
    pub async fn session(&self, person: Uuid, second_factor: bool) -> String {
        let mut gate = self.app.door.gate("it:session", "it".into()).await.unwrap();
        gate.becomes(person).await.unwrap();
        let origin = Origin { user_agent: "it".into(), ip_masked: "".into(), ip: "".into(), request: "it".into() };
        let opened = session::open(&mut gate, person, second_factor, &origin).await.unwrap();
        gate.commit("session", Value::Null).await.unwrap();
        let cookie = opened.cookie(&self.app);
        cookie.split_once('=').and_then(|(_, rest)| rest.split_once(';')).unwrap().0.to_owned()
    }

    /// 当事人.
    pub async fn party(&self, name: &str) -> Person {
        self.person(name, "natural", &["party"], None, 0).await
    }

    /// 律师.
    pub async fn lawyer(&self, name: &str, firm: &str) -> Person {
        self.person(name, "lawyer", &["party", "lawyer"], Some(firm), 0).await
    }

    /// 基层法律服务工作者.
    pub async fn legal_worker(&self, name: &str, firm: &str) -> Person {
        self.person(name, "legal_worker", &["party", "legal_worker"], Some(firm), 0).await
    }

    /// 书记员.
    pub async fn clerk(&self, court: i32) -> Person {
        self.staff("孙书", court, "clerk").await
    }

    /// 法官.
    pub async fn judge(&self, court: i32) -> Person {
        self.staff("周审", court, "judge").await
    }

    /// Court people of any role, signed in with two factors.
    pub async fn staff(&self, name: &str, court: i32, role: &'static str) -> Person {
        self.person(name, "staff", &[role], None, court).await
    }

    /// One number out of the database, past row security.
    pub async fn count(&self, sql: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&self.admin).await.unwrap_or_else(|e| panic!("{sql}: {e}"))
    }

    /// One text out of the database, past row security.
    pub async fn text(&self, sql: &str) -> String {
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&self.admin).await.unwrap_or_else(|e| panic!("{sql}: {e}"))
    }

    /// Runs SQL past row security.
    pub async fn run(&self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&self.admin).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    }

    /// Handles everything in the outbox that is due; answers when nothing is.
    pub async fn work(&self) {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(10);
        loop {
            while lianting::work::drain(&self.app).await.unwrap() > 0 {}
            // the server's own worker may have something in hand still; what a killed one held is nobody's
            let held = format!(
                "select count(*) from outbox where done_at is null and dead_at is null and lease_until > '{}'",
                self.now().to_rfc3339()
            );
            if self.count(&held).await == 0 || std::time::Instant::now() > end {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// The payloads of events of a topic, opened, oldest first.
    pub async fn events(&self, topic: &str) -> Vec<Value> {
        let rows = sqlx::query("select event_id, payload from outbox where topic = $1 order by event_id")
            .bind(topic)
            .fetch_all(&self.admin)
            .await
            .unwrap();
        let open = |r: &sqlx::postgres::PgRow| {
            let id: Uuid = r.get("event_id");
            self.app.seal.open_json(Owner::House, Place("outbox", "payload", &id), r.get("payload")).unwrap()
        };
        rows.iter().map(open).collect()
    }

    /// Requests of this shape leave no audit row, for a reason given where it is called.
    pub fn leaves_no_trace(&self, method_and_path_part: &str) {
        self.exempt.lock().unwrap().push(method_and_path_part.to_owned());
    }

    /// What must hold at the end of every story: every change left its audit row, nothing lies dead in the outbox, and
    /// the sums of the database are right. Then the world ends.
    pub async fn end(mut self) {
        self.check().await;
        self.close().await;
        cluster().drop_database(&self.database).await;
    }

    /// What `end` looks at, then stops serving; the database stays.
    pub async fn check_and_close(&mut self) {
        self.check().await;
        self.close().await;
    }

    /// Stops serving; the database stays.
    pub async fn close(&mut self) {
        self.stop.cancel();
        if let Some(served) = self.served.take() {
            served.await.unwrap().unwrap();
        }
        self.admin.close().await;
    }

    async fn check(&self) {
        let audited: Vec<String> = sqlx::query_scalar("select distinct request_id from audit_log").fetch_all(&self.admin).await.unwrap();
        let exempt = self.exempt.lock().unwrap().clone();
        for seen in self.wire.seen.lock().unwrap().iter() {
            // the question of what a change would do changes nothing
            let exempt_always = name_ends(&seen.path, &["/preview", "/hearings/check", "/time/check", "/account/codes"]);
            let changed = !exempt_always && seen.method != Method::GET && (200..300).contains(&seen.status);
            let name = format!("{} {}", seen.method, seen.path);
            if changed && !exempt.iter().any(|e| name.contains(e)) {
                assert!(audited.contains(&seen.request_id), "{name} by {} changed something and left no audit row", seen.who);
            }
        }
        let dead: Vec<(String, Option<String>)> =
            sqlx::query_as("select topic, last_error from outbox where dead_at is not null").fetch_all(&self.admin).await.unwrap();
        assert!(dead.is_empty(), "dead letters: {dead:?}");
        for (what, sql) in SUMS {
            assert_eq!(self.count(sql).await, 0, "{what}");
        }
    }
}

fn name_ends(path: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| path.ends_with(end))
}
