//! What a story wishes of its world, and the settings that follow from it.

use std::sync::Once;

use lianting::kit::random::Random;
use lianting::kit::seal::Seal;

use super::cluster::{self, cluster};

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

impl Wish {
    /// The settings of such a world, as a command line without its program.
    pub fn arguments(&self, database: &str, url: &str) -> Vec<String> {
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
        set("self-program", self.examiner.as_ref().map_or_else(own, |p| p.display().to_string()));
        set("webhooks-inside", "true".into());
        set("work", (!self.idle).to_string());
        // one step after the other: a story tells the same each time
        set("work-at-once", self.at_once.unwrap_or(1).to_string());
        // nobody watches but a story that means to
        set("probe-every", "0".into());
        for limit in ["rate-per-address", "rate-per-person", "sign-in-per-minute"] {
            set(limit, "0".into());
        }
        if self.outside {
            set("sms-url", format!("http://{}", self.sms.unwrap_or(c.sms)));
            set("sms-secret", cluster::SECRET.into());
            set("identity-url", format!("http://{}", c.identity));
            set("identity-secret", cluster::SECRET.into());
        }
        if let Some(pay) = &self.pay {
            for (option, value) in lianting::demo::data_dir::merchant(&pay.data).unwrap() {
                set(&option[2..], value);
            }
        }
        if let Some(dir) = &self.seals {
            set("seal-dir", dir.display().to_string());
        }
        if let Some(dir) = &self.spool {
            set("media-address", "127.0.0.1:0".into());
            set("spool", dir.display().to_string());
            // several may stand beside one another on one database
            set("node", url.into());
            set("node-url", url.into());
        }
        if let Some((url, secret)) = &self.relay {
            set("turn-url", url.clone());
            set("turn-secret", secret.clone());
        }
        if let Some(at) = &self.speech {
            set("speech-url", format!("http://{at}"));
            set("speech-secret", cluster::SECRET.into());
        }
        if let Some(at) = &self.tsa {
            set("tsa-url", format!("http://{at}"));
        }
        if let Some(mail) = &self.mail {
            set("mail-host", mail.smtp.ip().to_string());
            set("mail-port", mail.smtp.port().to_string());
            set("mail-tls", "none".into());
            set("mail-from", "songda@court.example".into());
            set("mail-bounces", "bounce@court.example".into());
            set("mail-bounce-listen", mail.bounces.to_string());
        }
        if let Some(platform) = &self.platform {
            for name in ["edelivery", "chat"] {
                set(&format!("{name}-url"), format!("http://{}", platform.at));
                set(&format!("{name}-secret"), cluster::SECRET.into());
            }
        }
        if let Some(dir) = &self.policies {
            set("policies", dir.display().to_string());
        }
        args
    }
}
