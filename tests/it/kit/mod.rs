//! The test kit: `World` is one province on a database of its own, with a clock turned by hand; people are verbs.

pub mod cluster;
pub mod files;
pub mod http;
pub mod line;
mod logs;
pub mod matter;
pub mod numbers;
mod people;
pub mod seeded;
pub mod sums;
pub mod voice;
mod wish;

use std::str::FromStr;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser;
use lianting::app::App;
use lianting::config::Config;
use lianting::kit::clock::Clock;
use lianting::kit::random::Random;
use lianting::kit::seal::{Owner, Place};
use poem::listener::{Acceptor, Listener, TcpListener};
use reqwest::Method;
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Row};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use self::cluster::{STORE_KEY, cluster, connect_admin};
pub use self::http::{Answer, Ask, Person, Wire};
pub use self::logs::logs;
use self::sums::SUMS;
pub use self::wish::{Wish, key_file, paper_program};

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

/// Monday 23 November 2026, 10:00 in Beijing.
pub fn monday() -> DateTime<Utc> {
    beijing("2026-11-23T10:00:00")
}

/// A time of day in Beijing.
pub fn beijing(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}+08:00")).unwrap().to_utc()
}

impl World {
    /// Shandong on a Monday morning, nobody there yet.
    pub async fn new() -> Self {
        Self::with(Wish::default()).await
    }

    pub async fn with(wish: Wish) -> Self {
        logs::once();
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
        let arguments = wish.arguments(&database, &base);
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
