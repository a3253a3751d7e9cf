//! Settings of e-mail service. The doc comments are the manual, as in `config.rs`.
//!
//! Owns the knobs and opening the way to the relay. Must never print a password; it comes from a file only.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, Tokio1Executor};

use super::Mail;

/// How the way to the relay is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MailTls {
    /// STARTTLS, refused without it (usually port 587).
    Starttls,
    /// TLS from the first byte (usually port 465).
    Implicit,
    /// None: only for a relay on the same machine.
    None,
}

/// What e-mail service needs to know; nothing of it is needed where a court sends no mail.
#[derive(Debug, Clone, Args)]
pub struct MailSettings {
    /// The court's mail relay; without it nothing is served by e-mail.
    #[arg(long, env = "LIANTING_MAIL_HOST")]
    pub mail_host: Option<String>,
    /// Its port.
    #[arg(long, env = "LIANTING_MAIL_PORT", default_value_t = 587)]
    pub mail_port: u16,
    /// How the way to it is kept private: starttls, implicit or none.
    #[arg(long, env = "LIANTING_MAIL_TLS", value_enum, default_value_t = MailTls::Starttls)]
    pub mail_tls: MailTls,
    /// File of a certificate (PEM) to trust beside the public ones, for a relay with a certificate of the house.
    #[arg(long, env = "LIANTING_MAIL_CA_FILE")]
    pub mail_ca_file: Option<PathBuf>,
    /// Our user at the relay; none where it takes our address for proof.
    #[arg(long, env = "LIANTING_MAIL_USER", requires = "mail_password_file")]
    pub mail_user: Option<String>,
    /// File with that user's password.
    #[arg(long, env = "LIANTING_MAIL_PASSWORD_FILE")]
    pub mail_password_file: Option<PathBuf>,
    /// The address recipients see, such as service@court.example.
    #[arg(long, env = "LIANTING_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Where bounces go back to, such as bounce@service.court.example; `+…` is put behind the name of each sending. The
    /// relay routes this address to LIANTING_MAIL_BOUNCE_LISTEN.
    #[arg(long, env = "LIANTING_MAIL_BOUNCES")]
    pub mail_bounces: Option<String>,
    /// Where bounces are taken by SMTP, such as 10.0.0.5:2525. Open it to the court's own relay only.
    #[arg(long, env = "LIANTING_MAIL_BOUNCE_LISTEN")]
    pub mail_bounce_listen: Option<SocketAddr>,
    /// The largest message in bytes; papers that do not fit are served otherwise.
    #[arg(long, env = "LIANTING_MAIL_MAX_BYTES", default_value_t = 15 * 1024 * 1024)]
    pub mail_max_bytes: usize,
    /// How long one message may take, in seconds; shorter than a worker's lease.
    #[arg(long, env = "LIANTING_MAIL_TIMEOUT", default_value_t = 45, value_parser = clap::value_parser!(u64).range(1..=55))]
    pub mail_timeout: u64,
}

impl MailSettings {
    /// The way to the relay, or nothing where no relay is named.
    ///
    /// # Errors
    /// When a setting is missing or is not what it should be: better at start than at the first paper.
    pub fn open(&self) -> Result<Option<Mail>, String> {
        let Some(host) = &self.mail_host else { return Ok(None) };
        let from = self.mail_from.as_deref().ok_or("LIANTING_MAIL_HOST is set, so LIANTING_MAIL_FROM must be set as well")?;
        let from: Address = from.parse().map_err(|e| format!("LIANTING_MAIL_FROM `{from}`: {e}"))?;
        let bounces = match &self.mail_bounces {
            Some(address) => address.parse::<Address>().map_err(|e| format!("LIANTING_MAIL_BOUNCES `{address}`: {e}"))?,
            None => Address::new("bounce", from.domain()).map_err(|e| e.to_string())?,
        };
        if bounces.user().len() > 12 {
            return Err("LIANTING_MAIL_BOUNCES: at most 12 signs before the @, the number of a sending comes behind them".into());
        }
        let patience = Duration::from_secs(self.mail_timeout);
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(self.mail_port)
            .tls(self.tls(host)?)
            .hello_name(ClientId::Domain(from.domain().to_owned()))
            .timeout(Some(patience));
        if let (Some(user), Some(file)) = (&self.mail_user, &self.mail_password_file) {
            let password = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
            builder = builder.credentials(Credentials::new(user.clone(), password.trim_end().to_owned()));
        }
        Ok(Some(Mail { transport: builder.build(), from, bounces, most: self.mail_max_bytes, patience }))
    }

    fn tls(&self, host: &str) -> Result<Tls, String> {
        if self.mail_tls == MailTls::None {
            return Ok(Tls::None);
        }
        let mut parameters = TlsParameters::builder(host.to_owned());
        if let Some(file) = &self.mail_ca_file {
            let wrong = |e: &dyn std::fmt::Display| format!("{}: {e}", file.display());
            let pem = std::fs::read(file).map_err(|e| wrong(&e))?;
            parameters = parameters.add_root_certificate(Certificate::from_pem(&pem).map_err(|e| wrong(&e))?);
        }
        let parameters = parameters.build_rustls().map_err(|e| format!("LIANTING_MAIL_TLS: {e}"))?;
        Ok(if self.mail_tls == MailTls::Implicit { Tls::Wrapper(parameters) } else { Tls::Required(parameters) })
    }
}
