//! Settings. The doc comments are the manual: `lianting serve --help` prints them.
//!
//! Owns every knob, each an environment variable or a flag; secrets may come from files. Must never
//! print a secret.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use crate::kit::blob::StoreSettings;

/// What `serve` and `work` need to know.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Address to serve pages and API on.
    #[arg(long, env = "LIANTING_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The address people type; https here makes cookies Secure and turns HSTS on.
    #[arg(long, env = "LIANTING_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
    pub public_url: String,
    /// PostgreSQL as the role lianting_app: postgres://lianting_app:…@host/db
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: String,
    /// Connections of this process to PostgreSQL.
    #[arg(long, env = "LIANTING_DB_CONNECTIONS", default_value_t = 16)]
    pub db_connections: u32,
    /// S3 endpoint.
    #[arg(long, env = "S3_ENDPOINT")]
    pub s3_endpoint: String,
    /// S3 region.
    #[arg(long, env = "S3_REGION", default_value = "us-east-1")]
    pub s3_region: String,
    /// S3 bucket that holds everything of this deployment.
    #[arg(long, env = "S3_BUCKET", default_value = "lianting")]
    pub s3_bucket: String,
    /// S3 access key.
    #[arg(long, env = "S3_ACCESS_KEY", hide_env_values = true)]
    pub s3_access_key: String,
    /// S3 secret key.
    #[arg(long, env = "S3_SECRET_KEY", hide_env_values = true)]
    pub s3_secret_key: String,
    /// Whether recordings are locked in the bucket until their time: none, governance or compliance. The bucket must have been
    /// made with object lock.
    #[arg(long, env = "S3_OBJECT_LOCK", value_enum, default_value = "none")]
    pub s3_object_lock: crate::kit::blob::Lock,
    /// File of master keys that seal personal data (`lianting new-key > keys`). Losing it loses that data.
    #[arg(long, env = "LIANTING_KEY_FILE")]
    pub key_file: PathBuf,
    /// Directory with model.conf and roles.csv; the built-in copies when absent.
    #[arg(long, env = "LIANTING_POLICIES")]
    pub policies: Option<PathBuf>,
    /// 微信支付.
    #[command(flatten)]
    pub wechat: crate::fees::wechat::settings::WechatPaySettings,
    /// SMS gateway (12368 adapter), such as https://sms.example; without it messages wait in the outbox.
    #[arg(long, env = "SMS_URL")]
    pub sms_url: Option<String>,
    /// Our id at the SMS gateway.
    #[arg(long, env = "SMS_APP_ID", default_value = "lianting")]
    pub sms_app_id: String,
    /// Shared secret of the SMS gateway.
    #[arg(long, env = "SMS_SECRET", default_value = "", hide_env_values = true)]
    pub sms_secret: String,
    /// 语音识别.
    #[command(flatten)]
    pub speech: crate::hearing::speech::SpeechSettings,
    /// 电子邮件送达.
    #[command(flatten)]
    pub mail: crate::delivery::mail::settings::MailSettings,
    /// National e-delivery platform, such as https://songda.example; without it nothing is served through it.
    #[arg(long, env = "EDELIVERY_URL")]
    pub edelivery_url: Option<String>,
    /// Our id at the platform.
    #[arg(long, env = "EDELIVERY_APP_ID", default_value = "lianting")]
    pub edelivery_app_id: String,
    /// Shared secret of the platform.
    #[arg(long, env = "EDELIVERY_SECRET", default_value = "", hide_env_values = true)]
    pub edelivery_secret: String,
    /// Gateway to chat accounts, of the same protocol; without it nothing is served through it.
    #[arg(long, env = "CHAT_URL")]
    pub chat_url: Option<String>,
    /// Our id at the gateway.
    #[arg(long, env = "CHAT_APP_ID", default_value = "lianting")]
    pub chat_app_id: String,
    /// Shared secret of the gateway.
    #[arg(long, env = "CHAT_SECRET", default_value = "", hide_env_values = true)]
    pub chat_secret: String,
    /// Identity service: registry and face checks.
    #[arg(long, env = "IDENTITY_URL")]
    pub identity_url: Option<String>,
    /// Our id at the identity service.
    #[arg(long, env = "IDENTITY_APP_ID", default_value = "lianting")]
    pub identity_app_id: String,
    /// Shared secret of the identity service.
    #[arg(long, env = "IDENTITY_SECRET", default_value = "", hide_env_values = true)]
    pub identity_secret: String,
    /// The paper renderer's program; beside this one when absent.
    #[arg(long, env = "LIANTING_PAPER")]
    pub paper_program: Option<PathBuf>,
    /// Directory of the courts' electronic seals (`lianting seal init`, `lianting seal issue`). Papers of a court that
    /// has none there, and all papers without this, carry no seal, and the verification page says so.
    #[arg(long, env = "LIANTING_SEAL_DIR")]
    pub seal_dir: Option<PathBuf>,
    /// Time-stamping authority (RFC 3161) for sealed papers; `lianting seal trust-stamps` names its root. Without it
    /// seals carry no time stamp and count as long as their certificate.
    #[arg(long, env = "LIANTING_TSA_URL")]
    pub tsa_url: Option<String>,
    /// Renderer processes kept ready.
    #[arg(long, env = "LIANTING_PAPER_PROCESSES", default_value_t = 1)]
    pub paper_processes: usize,
    /// The program that examines uploads (`lianting inspect-file`); this one when absent.
    #[arg(long, env = "LIANTING_SELF")]
    pub self_program: Option<PathBuf>,
    /// 庭审: media and recordings.
    #[command(flatten)]
    pub media: crate::hearing::room::settings::MediaSettings,
    /// Also do background work in this process.
    #[arg(long, env = "LIANTING_WORK", default_value_t = true, action = clap::ArgAction::Set)]
    pub work: bool,
    /// Steps of the background work that go on at once in this process; each takes one of its database connections.
    #[arg(long, env = "LIANTING_WORK_AT_ONCE", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub work_at_once: u8,
    /// Lets webhooks of people's software point at plain http and private addresses (a closed network, the demo).
    #[arg(long, env = "LIANTING_WEBHOOKS_INSIDE", default_value_t = false, action = clap::ArgAction::Set)]
    pub webhooks_inside: bool,
    /// Requests a second one address may make (0: no limit).
    #[arg(long, env = "LIANTING_RATE_PER_ADDRESS", default_value_t = 50)]
    pub rate_per_address: u32,
    /// Requests a second one person may make (0: no limit).
    #[arg(long, env = "LIANTING_RATE_PER_PERSON", default_value_t = 50)]
    pub rate_per_person: u32,
    /// Sign-in tries a minute one address may make (0: no limit).
    #[arg(long, env = "LIANTING_SIGN_IN_PER_MINUTE", default_value_t = 30)]
    pub sign_in_per_minute: u32,
    /// Seconds between two rounds of probes of the platform, at most 300 (0: this process does not probe).
    #[arg(long, env = "LIANTING_PROBE_EVERY", default_value_t = 60, value_parser = clap::value_parser!(u32).range(0..=300))]
    pub probe_every: u32,
    /// The demo: shows the address of the phone page.
    #[arg(long, env = "LIANTING_DEMO_PHONE_URL")]
    pub demo_phone_url: Option<String>,
    /// OpenTelemetry collector (OTLP over HTTP), such as http://127.0.0.1:4318; off when absent.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<String>,
}

impl Config {
    /// Cookies can be Secure only where people come over HTTPS.
    pub fn secure_cookies(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The object store's settings.
    pub fn store(&self) -> StoreSettings {
        StoreSettings {
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            bucket: self.s3_bucket.clone(),
            access_key: self.s3_access_key.clone(),
            secret_key: self.s3_secret_key.clone(),
            lock: self.s3_object_lock,
        }
    }
}
