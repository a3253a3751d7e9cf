//! Who may call a simulator, and how it is told to fail: the part that all with signed doors have alike.
//! Owns the shared options, the signature at the door and the standing fault; must never know a message or a person.

use clap::Args;
use poem::http::StatusCode;
use poem::{Body, Request, Response};

use crate::doors::error;
use crate::faults::Faults;
use crate::life::LifeOptions;
use crate::signing::{Headers, Key, Refusal, Verifier};

/// The largest body taken.
const BODY_CAP: usize = 256 << 10;

/// What every simulator with signed doors is told.
#[derive(Args, Debug)]
pub struct SignedOptions {
    #[command(flatten)]
    pub life: LifeOptions,
    /// The one caller's name.
    #[arg(long, default_value = "lianting")]
    pub app_id: String,
    /// The key shared with it.
    #[arg(long, env = "LIANTING_SIM_SECRET", hide_env_values = true)]
    pub secret: String,
    /// Believes a caller whatever time it signs with: for tests whose clock is set by hand. Nonces are still good once.
    #[arg(long)]
    pub any_time: bool,
}

impl SignedOptions {
    /// The key both sides know.
    pub fn key(&self) -> Key {
        Key::new(&self.app_id, &self.secret)
    }
}

/// The signature and the faults of one simulator.
pub struct Guard {
    /// What is to go wrong next.
    pub faults: Faults,
    verifier: Verifier,
}

impl Guard {
    /// A guard for the one caller.
    pub fn new(options: &SignedOptions) -> Self {
        Self { faults: Faults::default(), verifier: Verifier::new(options.key()).at_any_time(options.any_time) }
    }

    /// Reads the body and checks the signature; the refusal is ready to be sent.
    pub async fn signed(&self, request: &Request, body: Body) -> Result<Vec<u8>, Response> {
        let too_large = |_| error(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "at most 256 KiB");
        let bytes = body.into_bytes_limit(BODY_CAP).await.map_err(too_large)?;
        let header = |name: &str| request.header(name).unwrap_or_default().to_owned();
        let headers = Headers {
            app_id: header("x-app-id"),
            timestamp: header("x-timestamp"),
            nonce: header("x-nonce"),
            signature: header("x-signature"),
        };
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let now = chrono::Utc::now().timestamp();
        match self.verifier.check(&headers, request.method().as_str(), path, &bytes, now) {
            Ok(()) => Ok(bytes.into()),
            Err(Refusal::Signature(reason)) => Err(error(StatusCode::UNAUTHORIZED, "signature", reason)),
            Err(Refusal::Replay) => Err(error(StatusCode::CONFLICT, "replay", "this nonce was used before")),
        }
    }
}
