//! `lianting demo`: everything on embedded defaults. Its own PostgreSQL, its own object store, simulators of
//! the outside world, one province with sample people and cases; kept between runs, gone without a trace of a
//! process when it ends.
//!
//! Owns DATA_DIR. Must never be used for a real court: the store does not sync, and passwords are printed.

mod cases;
mod cast;
pub mod data_dir;
mod hearings;
pub mod postgres;
mod seals;
mod seed;
mod sims;
mod stories;
mod visitor;

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use self::data_dir::DataDir;
use self::postgres::Postgres;
use self::sims::Sim;
use self::visitor::Visitor;
use crate::app::App;
use crate::config::Config;
use crate::kit::clock::Clock;
use crate::kit::random::Random;
use crate::{migrate, serve};

/// Arguments of `lianting demo`.
#[derive(Debug, Clone, clap::Args)]
pub struct Demo {
    /// Where everything is kept between runs.
    #[arg(long, env = "DATA_DIR", default_value = "var")]
    pub data_dir: PathBuf,
    /// Port of pages and API, on 127.0.0.1.
    #[arg(long, env = "PORT", default_value_t = 8080)]
    pub port: u16,
    /// Province: a directory under tenants/.
    #[arg(long, env = "PROVINCE", default_value = "shandong")]
    pub province: String,
    /// Start over: forget what DATA_DIR holds.
    #[arg(long, env = "FRESH", value_parser = clap::builder::FalseyValueParser::new())]
    pub fresh: bool,
    /// Only print the present authenticator code of a sample person, by mobile number.
    #[arg(long, value_name = "MOBILE")]
    pub code: Option<String>,
}

/// Runs until Ctrl-C or SIGTERM.
///
/// # Errors
/// Says which step failed and what to do.
pub async fn run(demo: Demo) -> Result<(), String> {
    if let Some(mobile) = &demo.code {
        return print_code(&demo.data_dir, mobile);
    }
    let stop = CancellationToken::new();
    serve::stop_on_signal(stop.clone());
    tokio::select! {
        done = play(&demo, stop.clone()) => done,
        () = give_up(stop) => Err("it did not end in time".to_owned()),
    }
}

/// After the wish to stop there are 40 s to end in order; what is left is ended by the kernel with us.
async fn give_up(stop: CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(Duration::from_secs(40)).await;
}

/// What runs beside the server.
struct Around {
    postgres: Postgres,
    store: Sim,
    sms: Sim,
    identity: Sim,
    pay: Sim,
    tsa: Sim,
    mail: Sim,
    edelivery: Sim,
    /// Where the server takes bounces.
    bounces: SocketAddr,
}

impl Around {
    /// Starts everything around the server. Stays on the calling (main) thread: children end with it.
    async fn start(dir: &DataDir, port: u16) -> Result<Self, String> {
        let postgres = Postgres::start(&dir.path("postgres"), &dir.secrets.postgres, &["max_connections=60", "shared_buffers=128MB"])?;
        let s = &dir.secrets;
        let data = dir.path("store");
        let store_env = [("LIANTING_SIM_ACCESS_KEY", s.access_key.as_str()), ("LIANTING_SIM_SECRET_KEY", s.secret_key.as_str())];
        let store_args = ["--data".as_ref(), data.as_os_str()];
        let secret = [("LIANTING_SIM_SECRET", s.wire.as_str())];
        // beside our own port, so that the phone's address can be remembered
        let near = |n: u16| free(port.wrapping_add(n)).to_string();
        let stamps = dir.path("tsa");
        let tsa_args = ["--data".as_ref(), stamps.as_os_str()];
        let (sms_at, identity_at, pay_at, mail_at, edelivery_at) = (near(1), near(2), near(3), near(4), near(5));
        let bounces = unused()?;
        let bounces_at = bounces.to_string();
        let [store_log, sms_log, identity_log, pay_log, mail_log, edelivery_log, tsa_log] =
            ["store", "sms", "identity", "pay", "mail", "edelivery", "tsa"].map(|name| dir.path(&format!("{name}.log")));
        let merchant = dir.path("pay");
        // a code of the demo is one an ordinary camera can read
        let pay_args = ["--listen".as_ref(), pay_at.as_ref(), "--scannable".as_ref(), "--data".as_ref(), merchant.as_os_str()];
        let mail_args = ["--listen", mail_at.as_str(), "--bounce-to", bounces_at.as_str()];
        let edelivery_args = ["--listen", edelivery_at.as_str()];
        let (sms_args, identity_args) = (["--listen", sms_at.as_str()], ["--listen", identity_at.as_str()]);
        let (store, sms, identity, pay, tsa, mail, edelivery) = tokio::try_join!(
            Sim::start("store", &store_args, &store_env, &store_log),
            Sim::start("sms", &sms_args, &secret, &sms_log),
            Sim::start("identity", &identity_args, &secret, &identity_log),
            Sim::start("pay", &pay_args, &[], &pay_log),
            Sim::start("tsa", &tsa_args, &[], &tsa_log),
            Sim::start("smtp", &mail_args, &[], &mail_log),
            Sim::start("edelivery", &edelivery_args, &secret, &edelivery_log),
        )?;
        Ok(Self { postgres, store, sms, identity, pay, tsa, mail, edelivery, bounces })
    }

    /// Answers when one of them has ended by itself.
    async fn broken(&mut self) -> &'static str {
        let watch = async {
            loop {
                tokio::time::sleep(Duration::from_secs(1)).await;
                if !self.postgres.is_running() {
                    return "postgres";
                }
            }
        };
        tokio::select! {
            name = watch => name,
            name = self.store.ended() => name,
            name = self.sms.ended() => name,
            name = self.identity.ended() => name,
            name = self.pay.ended() => name,
            name = self.tsa.ended() => name,
            name = self.mail.ended() => name,
            name = self.edelivery.ended() => name,
        }
    }

    async fn stop(mut self) {
        tokio::join!(
            self.store.stop(),
            self.sms.stop(),
            self.identity.stop(),
            self.pay.stop(),
            self.tsa.stop(),
            self.mail.stop(),
            self.edelivery.stop()
        );
        self.postgres.stop();
    }
}

/// The address on this port if it is free, on any other if not.
fn free(port: u16) -> SocketAddr {
    let wanted = SocketAddr::from(([127, 0, 0, 1], port));
    match TcpListener::bind(wanted) {
        Ok(_) => wanted,
        Err(_) => SocketAddr::from(([127, 0, 0, 1], 0)),
    }
}

/// A port for the hearings' media, UDP and TCP: beside our own if it is free, any if not.
fn media_port(port: u16) -> u16 {
    let near = port.wrapping_add(6);
    let both = TcpListener::bind(("0.0.0.0", near)).is_ok() && UdpSocket::bind(("0.0.0.0", near)).is_ok();
    if both { near } else { 0 }
}

/// Loopback, and the address other machines see: some browsers send no media over loopback. Nothing is sent to find it.
fn own_addresses() -> String {
    let seen = UdpSocket::bind("0.0.0.0:0").and_then(|s| s.connect("192.0.2.1:9").and_then(|()| s.local_addr()));
    match seen {
        Ok(at) if !at.ip().is_loopback() && !at.ip().is_unspecified() => format!("127.0.0.1,{}", at.ip()),
        _ => "127.0.0.1".to_owned(),
    }
}

/// An address nobody listens on.
fn unused() -> Result<SocketAddr, String> {
    TcpListener::bind(("127.0.0.1", 0)).and_then(|l| l.local_addr()).map_err(|e| e.to_string())
}

async fn play(demo: &Demo, stop: CancellationToken) -> Result<(), String> {
    let since = Instant::now();
    let mut dir = DataDir::open(&demo.data_dir, &demo.province, demo.fresh)?;
    TcpListener::bind(("127.0.0.1", demo.port)).map_err(|e| format!("port {}: {e}. Choose another with PORT=…", demo.port))?;
    let mut around = Around::start(&dir, demo.port).await?;
    let serving = stop.child_token();
    let opened = tokio::select! {
        opened = open(demo, &mut dir, &around, serving.clone(), since) => opened.map(Some),
        () = stop.cancelled() => Ok(None),
    };
    let done = match opened {
        Ok(Some(mut server)) => tokio::select! {
            () = stop.cancelled() => {
                println!("\n正在停止… stopping");
                joined((&mut server).await)
            }
            ended = &mut server => joined(ended),
            name = around.broken() => Err(format!("{name} has ended by itself; see {}", dir.root().display())),
        },
        Ok(None) => Ok(()),
        Err(fault) => Err(fault),
    };
    serving.cancel();
    around.stop().await;
    done
}

fn joined(ended: Result<Result<(), String>, tokio::task::JoinError>) -> Result<(), String> {
    ended.map_err(|e| e.to_string())?
}

type Server = tokio::task::JoinHandle<Result<(), String>>;

/// Prepares the database, serves, and on the first run fills the stage.
async fn open(demo: &Demo, dir: &mut DataDir, around: &Around, serving: CancellationToken, since: Instant) -> Result<Server, String> {
    prepare(dir, &around.postgres, &demo.province).await?;
    let base_url = format!("http://127.0.0.1:{}", demo.port);
    let phone_url = format!("{}/phone", around.sms.url());
    let config = config(demo, dir, around, &base_url, &phone_url)?;
    seals::make(&dir.path("seals"), &dir.path("tsa"), &migrate::tenants_dir(&demo.province))?;
    let app = App::start(config, Clock::System, Random::from_os()).await.map_err(|e| e.to_string())?;
    let server = tokio::spawn(serve::run(app, serving.clone()));
    let filled = async {
        let stranger = Visitor::stranger(&base_url, &around.sms.url())?;
        wait_serving(&base_url).await?;
        let world = fill(dir, around, &stranger, &base_url).await?;
        // on every start: yesterday's hearing is nobody's to walk into
        match hearings::ready(&stranger, world.as_ref(), &dir.state).await {
            Ok(lines) => dir.state.hearings = lines,
            // what was filled before stays usable as it is
            Err(fault) if world.is_none() => println!("no new hearing this time: {fault}"),
            Err(fault) => return Err(fault),
        }
        dir.save()
    };
    if let Err(fault) = filled.await {
        serving.cancel();
        let ended = server.await;
        return Err(joined(ended).err().unwrap_or(fault));
    }
    let play = dir.write_play(&base_url, &phone_url, &around.mail.url(), &format!("{}/inbox", around.edelivery.url()))?;
    print_play(&play, dir.root(), since.elapsed());
    Ok(server)
}

/// Schema and courts. Courts are applied only when their files changed.
async fn prepare(dir: &mut DataDir, postgres: &Postgres, province: &str) -> Result<(), String> {
    migrate::make_database(&postgres.admin_url("postgres"), "lianting").await?;
    let admin = postgres.admin_url("lianting");
    migrate::run(&migrate::Migrate { database_admin_url: admin.clone(), app_password: Some(dir.secrets.app.clone()) }).await?;
    let tenants = migrate::tenants_dir(province);
    let digest = data_dir::digest_of(&tenants)?;
    if dir.state.tenants_digest != digest {
        migrate::apply_tenants(&admin, &tenants, false).await?;
        dir.state.tenants_digest = digest;
        dir.save()?;
    }
    Ok(())
}

/// The settings of a demo, read the way `serve` reads them.
fn config(demo: &Demo, dir: &DataDir, around: &Around, base_url: &str, phone_url: &str) -> Result<Config, String> {
    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        config: Config,
    }
    let s = &dir.secrets;
    let smtp = around.mail.smtp.ok_or("the mail server names no address for mail")?;
    let line = [
        ("--listen", format!("127.0.0.1:{}", demo.port)),
        ("--public-url", base_url.to_owned()),
        ("--database-url", around.postgres.url("lianting_app", &s.app, "lianting")),
        ("--s3-endpoint", around.store.url()),
        ("--s3-bucket", "lianting".to_owned()),
        ("--s3-access-key", s.access_key.clone()),
        ("--s3-secret-key", s.secret_key.clone()),
        ("--key-file", dir.path("keys").display().to_string()),
        ("--sms-url", around.sms.url()),
        ("--sms-secret", s.wire.clone()),
        ("--identity-url", around.identity.url()),
        ("--identity-secret", s.wire.clone()),
        ("--seal-dir", dir.path("seals").display().to_string()),
        ("--tsa-url", around.tsa.url()),
        ("--mail-host", smtp.ip().to_string()),
        ("--mail-port", smtp.port().to_string()),
        ("--mail-tls", "none".to_owned()),
        ("--mail-from", "songda@court.example".to_owned()),
        ("--mail-bounces", "bounce@court.example".to_owned()),
        ("--mail-bounce-listen", around.bounces.to_string()),
        ("--edelivery-url", around.edelivery.url()),
        ("--edelivery-secret", s.wire.clone()),
        ("--chat-url", around.edelivery.url()),
        ("--chat-secret", s.wire.clone()),
        ("--media-address", format!("0.0.0.0:{}", media_port(demo.port))),
        ("--media-public", own_addresses()),
        ("--spool", dir.path("spool").display().to_string()),
        ("--demo-phone-url", phone_url.to_owned()),
        // a program on this machine may listen
        ("--webhooks-inside", "true".to_owned()),
        // everybody comes from one address here
        ("--rate-per-address", "0".to_owned()),
        ("--sign-in-per-minute", "0".to_owned()),
    ];
    let merchant = data_dir::merchant(&dir.path("pay"))?;
    let words = line.into_iter().chain(merchant).flat_map(|(name, value)| [name.to_owned(), value]);
    Line::try_parse_from(std::iter::once("demo".to_owned()).chain(words)).map(|l| l.config).map_err(|e| e.to_string())
}

async fn wait_serving(base_url: &str) -> Result<(), String> {
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(10) {
        if reqwest::get(format!("{base_url}/healthz")).await.is_ok_and(|a| a.status().is_success()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Err("the server did not answer within 10 s".into())
}

/// The first run makes the people and their cases, and answers them with their open sessions.
async fn fill(dir: &mut DataDir, around: &Around, stranger: &Visitor, base_url: &str) -> Result<Option<seed::World>, String> {
    if dir.state.filled {
        return Ok(None);
    }
    dir.state.filling = true;
    dir.save()?;
    let keys = dir.path("keys");
    let desk = seed::Desk { database_admin_url: &around.postgres.admin_url("lianting"), key_file: &keys, base_url };
    let world = seed::people(stranger, &desk).await?;
    let cases = cases::cases(&world).await?;
    dir.state.courts = serde_json::to_value(world.courts.values().collect::<Vec<_>>()).map_err(|e| e.to_string())?;
    dir.state.people = serde_json::to_value(&world.people).map_err(|e| e.to_string())?;
    dir.state.cases = Value::Array(cases);
    dir.state.ids = hearings::ids(&world).await?;
    dir.state.filled = true;
    dir.save()?;
    Ok(Some(world))
}

/// The code an authenticator shows now for a Base32 secret.
fn totp_now(secret: &str) -> Result<String, String> {
    totp_at(secret, Clock::System.now())
}

/// The code of the step before: a code works once, and the sample people may want to sign in right after they are made.
fn totp_before(secret: &str) -> Result<String, String> {
    totp_at(secret, Clock::System.now() - chrono::TimeDelta::seconds(30))
}

fn totp_at(secret: &str, at: chrono::DateTime<chrono::Utc>) -> Result<String, String> {
    let bytes = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).map_err(|e| format!("totp secret: {e}"))?;
    let totp = totp_rs::Builder::new().with_secret(bytes).build().map_err(|e| format!("totp: {e}"))?;
    Ok(totp.generate(u64::try_from(at.timestamp()).unwrap_or_default()).to_string())
}

fn print_code(dir: &Path, mobile: &str) -> Result<(), String> {
    let file = dir.join("demo.json");
    let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}. Run the demo first", file.display()))?;
    let play: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    let person = play["people"].as_array().into_iter().flatten().find(|p| p["identifier"] == mobile);
    let secret = person.and_then(|p| p["totp_secret"].as_str()).ok_or_else(|| format!("{mobile} has no authenticator"))?;
    println!("{}", totp_now(secret)?);
    Ok(())
}

fn print_play(play: &Value, dir: &Path, took: Duration) {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    println!("\n联庭 Lianting · 演示环境  (ready in {:.1} s; data in {})", took.as_secs_f64(), dir.display());
    println!("  页面 pages   {}", text(&play["base_url"]));
    println!("  手机短信 SMS {}", text(&play["phone_url"]));
    println!("  电子邮箱 mail {}", text(&play["mail_url"]));
    println!("  送达平台 national platform, chat {}", text(&play["edelivery_url"]));
    println!("  接口 API     {}/docs", text(&play["base_url"]));
    println!("\n  密码 password (everyone): {}", cast::PASSWORD);
    for person in play["people"].as_array().into_iter().flatten() {
        let place = person["court_name"].as_str().unwrap_or("");
        let roles: Vec<&str> = person["roles"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let lock = if person["totp_secret"].is_null() { " " } else { "*" };
        println!("  {}{lock} {}  {} {place}", text(&person["identifier"]), text(&person["name"]), roles.join(","));
    }
    println!("  * 另需动态口令 also needs an authenticator code: make code MOBILE=13800000003");
    for hearing in play["hearings"].as_array().into_iter().flatten() {
        let at = hearing["starts_at"].as_str().and_then(|t| t.parse().ok()).map(crate::hearing::schedule::moment).unwrap_or_default();
        let names: Vec<&str> = hearing["people"].as_array().into_iter().flatten().filter_map(|p| p["name"].as_str()).collect();
        println!("\n  庭审 hearing {} {at}: {}", text(&hearing["case_number"]), names.join("、"));
    }
    println!("\n  Ctrl-C 停止 stops it; FRESH=1 从头开始 starts over.");
}
