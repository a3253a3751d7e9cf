//! Credentials for a TURN relay (coturn with `use-auth-secret`): a name that says when it ends, and its keyed hash.
//!
//! Must never: hand out the shared secret. A relay proves nothing about a person; it only lets packets through to the
//! addresses its own configuration allows (see `coturn.conf.template`).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

/// What a client needs to use the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayCredentials {
    /// The user name: the second at which it ends, and whom the relay's log may name.
    pub username: String,
    /// The password.
    pub credential: String,
    /// For so long it counts.
    pub valid: Duration,
}

/// Makes credentials that end `valid` after `now` (seconds since 1970, UTC). `label` goes into the relay's log: a
/// pseudonym of the connection, never a person's name.
pub fn relay_credentials(secret: &str, label: &str, now: u64, valid: Duration) -> RelayCredentials {
    let username = format!("{}:{label}", now + valid.as_secs());
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
    let credential = STANDARD.encode(hmac::sign(&key, username.as_bytes()));
    RelayCredentials { username, credential, valid }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_relay_reckons_it() {
        // printf '1700003600:seat' | openssl dgst -sha1 -hmac geheim -binary | base64
        let made = relay_credentials("geheim", "seat", 1_700_000_000, Duration::from_secs(3600));
        assert_eq!(made.username, "1700003600:seat");
        assert_eq!(made.credential, "8rHFi3sVUTrTHw46LiXBfcURsbE=");
    }
}
