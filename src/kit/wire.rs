//! The signed wire to outside services (SMS gateway, identity checks): HMAC-SHA256 over method, path,
//! time, nonce and body digest, as documented in crates/sim/README.md.
//!
//! Owns the signature, the timeouts and the one HTTP client. Must never follow a redirect or speak to a
//! host that is not configured.

use std::time::Duration;

use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::kit::random::Random;
use crate::kit::seal::sha256;

/// One outside service.
#[derive(Clone)]
pub struct Wire {
    base: String,
    app_id: String,
    secret: String,
    client: reqwest::Client,
    random: Random,
}

/// What went wrong on the wire.
#[derive(Debug, thiserror::Error)]
pub enum WireFault {
    /// No answer, or one that says "try again".
    #[error("no usable answer: {0}")]
    Again(String),
    /// A refusal that repeating does not mend: the status, and the code the other side gives it.
    #[error("refused with {0} {1}")]
    Refused(u16, String),
}

/// `{"code": …}` of a refusal.
#[derive(serde::Deserialize)]
struct Refusal {
    code: String,
}

/// The text that is signed.
fn message(method: &str, path: &str, timestamp: &str, nonce: &str, body: &[u8]) -> String {
    format!("{method}\n{path}\n{timestamp}\n{nonce}\n{}", hex::encode(sha256(body)))
}

fn signature(secret: &str, message: &str) -> String {
    match <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret.as_bytes()) {
        Ok(mut mac) => {
            mac.update(message.as_bytes());
            hex::encode(mac.finalize().into_bytes())
        }
        Err(_) => String::new(), // HMAC takes a key of any length
    }
}

impl Wire {
    /// A wire to `base`, known there as `app_id`.
    ///
    /// # Errors
    /// When the TLS provider cannot be set up.
    pub fn new(base: &str, app_id: &str, secret: &str, random: Random) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .connect_timeout(Duration::from_secs(2))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { base: base.trim_end_matches('/').to_owned(), app_id: app_id.to_owned(), secret: secret.to_owned(), client, random })
    }

    /// Where it is, to see whether anybody answers there.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Posts a signed body and reads the answer.
    ///
    /// # Errors
    /// `Again` for what may go through later, `Refused` for what will not.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize, now: DateTime<Utc>) -> Result<T, WireFault> {
        let body = serde_json::to_vec(body).map_err(|e| WireFault::Again(e.to_string()))?;
        self.ask(Method::POST, path, body, now).await
    }

    /// Asks a signed question without a body.
    ///
    /// # Errors
    /// As `post`.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, now: DateTime<Utc>) -> Result<T, WireFault> {
        self.ask(Method::GET, path, Vec::new(), now).await
    }

    async fn ask<T: DeserializeOwned>(&self, method: Method, path: &str, body: Vec<u8>, now: DateTime<Utc>) -> Result<T, WireFault> {
        let timestamp = now.timestamp().to_string();
        let nonce = self.random.plain_code(20);
        let sign = signature(&self.secret, &message(method.as_str(), path, &timestamp, &nonce, &body));
        let answer = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .header("x-app-id", &self.app_id)
            .header("x-timestamp", timestamp)
            .header("x-nonce", nonce)
            .header("x-signature", sign)
            .body(body)
            .send()
            .await
            .map_err(|e| WireFault::Again(e.without_url().to_string()))?;
        let status = answer.status().as_u16();
        match status {
            200..=299 => answer.json().await.map_err(|e| WireFault::Again(e.without_url().to_string())),
            408 | 409 | 425 | 429 | 500..=599 => Err(WireFault::Again(format!("status {status}"))),
            _ => {
                let code = answer.json::<Refusal>().await.map(|r| r.code).unwrap_or_default();
                Err(WireFault::Refused(status, code.chars().filter(|c| !c.is_control()).take(60).collect()))
            }
        }
    }

    /// Is this incoming report signed by the other side, fresh, and for this path?
    pub fn is_genuine(&self, path: &str, timestamp: &str, nonce: &str, sign: &str, body: &[u8], now: DateTime<Utc>) -> bool {
        let fresh = timestamp.parse::<i64>().is_ok_and(|t| (now.timestamp() - t).abs() <= 300);
        let expected = signature(&self.secret, &message("POST", path, timestamp, nonce, body));
        fresh && bool::from(expected.as_bytes().ct_eq(sign.as_bytes()))
    }
}
