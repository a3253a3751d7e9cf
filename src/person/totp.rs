//! 动态口令 (RFC 6238): six digits every 30 seconds, each taken once.
//!
//! Owns the secret's form and the check. Must never take a code twice, nor one of an older step.

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Totp};

use crate::error::{Error, Result};
use crate::kit::random::Random;

/// Who issues it, as authenticator apps show it.
const ISSUER: &str = "联庭 Lianting";
/// Seconds of a step.
const STEP_S: u64 = 30;

/// A new secret, 160 bits.
pub fn new_secret(random: &Random) -> Vec<u8> {
    random.bytes::<20>().to_vec()
}

fn totp(secret: &[u8], account: &str) -> Result<Totp> {
    Builder::new()
        .with_secret(secret.to_vec())
        .with_step_duration(STEP_S)
        .with_issuer(Some(ISSUER))
        .with_account_name(account)
        .build()
        .map_err(|e| Error::internal(e.to_string()))
}

/// The secret as people type it into an app.
pub fn spelled(secret: &[u8]) -> String {
    data_encoding::BASE32_NOPAD.encode(secret)
}

/// The address an app reads from a QR code.
///
/// # Errors
/// When the secret is unusable.
pub fn url(secret: &[u8], account: &str) -> Result<String> {
    totp(secret, account)?.to_url().map_err(|e| Error::internal(e.to_string()))
}

/// The step a code belongs to, when it is right now (one step of drift either way) and newer than the last
/// step taken.
///
/// # Errors
/// When the secret is unusable.
pub fn step_of(secret: &[u8], code: &str, now: DateTime<Utc>, last_step: i64) -> Result<Option<i64>> {
    let totp = totp(secret, "")?;
    let now = u64::try_from(now.timestamp()).unwrap_or_default();
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let fits = totp.check(&code, now).and_then(|step| i64::try_from(step).ok());
    Ok(fits.filter(|step| *step > last_step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_taken_once_and_not_when_old() {
        let secret = new_secret(&Random::seeded(3));
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let code = totp(&secret, "").unwrap().generate(1_800_000_000).to_string();
        let step = step_of(&secret, &code, at, 0).unwrap().unwrap();
        assert_eq!(step, 1_800_000_000 / 30);
        assert_eq!(step_of(&secret, &code, at, step).unwrap(), None, "single use");
        assert_eq!(step_of(&secret, &code, at + chrono::TimeDelta::seconds(90), 0).unwrap(), None, "old");
        assert_eq!(step_of(&secret, &format!("{} {}", &code[..3], &code[3..]), at, 0).unwrap(), Some(step), "as apps show it");
        for bad in ["", "12345", "１２３４５６", "abcdef"] {
            assert_eq!(step_of(&secret, bad, at, 0).unwrap(), None);
        }
    }

    #[test]
    fn apps_read_the_address() {
        let secret = new_secret(&Random::seeded(3));
        let url = url(&secret, "138****8000").unwrap();
        assert!(url.starts_with("otpauth://totp/") && url.contains(&spelled(&secret)), "{url}");
    }
}
