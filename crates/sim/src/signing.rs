//! Signed requests. Owns the canonical text, its HMAC and the memory of nonces; must never log a secret.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// How far a timestamp may be off, in seconds.
pub const SKEW_S: i64 = 300;
/// How many nonces are remembered.
const NONCES: usize = 100_000;

/// Who may call, and the key both sides know.
#[derive(Clone)]
pub struct Key {
    /// The caller's name, header `X-App-Id`.
    pub app_id: String,
    secret: String,
}

/// The four headers of a signed request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    /// `X-App-Id`
    pub app_id: String,
    /// `X-Timestamp`, Unix seconds
    pub timestamp: String,
    /// `X-Nonce`, 1 to 64 signs, never used twice
    pub nonce: String,
    /// `X-Signature`, lower-case hex
    pub signature: String,
}

/// Why a request is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Unknown caller, time off, or wrong signature: 401.
    Signature(&'static str),
    /// The nonce was seen before: 409.
    Replay,
}

impl Key {
    /// A key from its two halves.
    pub fn new(app_id: &str, secret: &str) -> Self {
        Self { app_id: app_id.to_owned(), secret: secret.to_owned() }
    }

    /// Signs a request: `method\npath\ntimestamp\nnonce\nsha256hex(body)`.
    pub fn sign(&self, method: &str, path: &str, body: &[u8], now: i64, nonce: &str) -> Headers {
        let timestamp = now.to_string();
        let mac = self.mac(&canonical(method, path, &timestamp, nonce, body));
        Headers { app_id: self.app_id.clone(), signature: hex::encode(mac.finalize().into_bytes()), nonce: nonce.to_owned(), timestamp }
    }

    fn mac(&self, text: &str) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        mac.update(text.as_bytes());
        mac
    }
}

fn canonical(method: &str, path: &str, timestamp: &str, nonce: &str, body: &[u8]) -> String {
    format!("{method}\n{path}\n{timestamp}\n{nonce}\n{}", hex::encode(Sha256::digest(body)))
}

/// Believes or refuses requests; remembers what it has seen.
pub struct Verifier {
    key: Key,
    any_time: bool,
    seen: Mutex<Nonces>,
}

#[derive(Default)]
struct Nonces {
    until: HashMap<String, i64>,
    order: VecDeque<String>,
}

impl Verifier {
    /// A verifier for one caller.
    pub fn new(key: Key) -> Self {
        Self { key, any_time: false, seen: Mutex::default() }
    }

    /// The same, but for a caller whose clock is set by hand: its time is believed, and no nonce of it is ever good again.
    pub fn at_any_time(self, any_time: bool) -> Self {
        Self { any_time, ..self }
    }

    /// Checks caller, time, signature and nonce, in this order.
    pub fn check(&self, headers: &Headers, method: &str, path: &str, body: &[u8], now: i64) -> Result<(), Refusal> {
        if headers.app_id != self.key.app_id {
            return Err(Refusal::Signature("unknown app"));
        }
        let at: i64 = headers.timestamp.parse().map_err(|_| Refusal::Signature("no timestamp"))?;
        if !self.any_time && at.abs_diff(now) > SKEW_S as u64 {
            return Err(Refusal::Signature("timestamp off by more than 300 s"));
        }
        if headers.nonce.is_empty() || headers.nonce.len() > 64 {
            return Err(Refusal::Signature("no nonce"));
        }
        let signature = hex::decode(&headers.signature).map_err(|_| Refusal::Signature("not hex"))?;
        let text = canonical(method, path, &headers.timestamp, &headers.nonce, body);
        self.key.mac(&text).verify_slice(&signature).map_err(|_| Refusal::Signature("wrong signature"))?;
        self.remember(&headers.nonce, if self.any_time { 0 } else { now })
    }

    fn remember(&self, nonce: &str, now: i64) -> Result<(), Refusal> {
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if seen.until.get(nonce).is_some_and(|until| *until >= now) {
            return Err(Refusal::Replay);
        }
        seen.until.insert(nonce.to_owned(), now + 2 * SKEW_S);
        seen.order.push_back(nonce.to_owned());
        if seen.order.len() > NONCES
            && let Some(oldest) = seen.order.pop_front()
        {
            seen.until.remove(&oldest);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_000_000;

    fn verifier() -> Verifier {
        Verifier::new(Key::new("lianting", "s3cret"))
    }

    #[test]
    fn a_good_signature_is_believed_once() {
        let v = verifier();
        let headers = v.key.sign("POST", "/v1/messages", b"{}", NOW, "n1");
        assert_eq!(v.check(&headers, "POST", "/v1/messages", b"{}", NOW), Ok(()));
        assert_eq!(v.check(&headers, "POST", "/v1/messages", b"{}", NOW), Err(Refusal::Replay));
    }

    #[test]
    fn the_wire_form_is_fixed() {
        let headers = Key::new("lianting", "s3cret").sign("POST", "/v1/messages", b"{}", NOW, "n1");
        let text = "POST\n/v1/messages\n1795000000\nn1\n44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(canonical("POST", "/v1/messages", "1795000000", "n1", b"{}"), text);
        assert_eq!(headers.signature.len(), 64);
    }

    #[test]
    fn anything_changed_is_refused() {
        let v = verifier();
        let good = v.key.sign("POST", "/v1/messages", b"{}", NOW, "n1");
        let refused = |headers: &Headers, method, path, body: &[u8], now| {
            matches!(v.check(headers, method, path, body, now), Err(Refusal::Signature(_)))
        };
        assert!(refused(&good, "PUT", "/v1/messages", b"{}", NOW));
        assert!(refused(&good, "POST", "/v1/messages?x=1", b"{}", NOW));
        assert!(refused(&good, "POST", "/v1/messages", b"{ }", NOW));
        assert!(refused(&good, "POST", "/v1/messages", b"{}", NOW + 301));
        assert!(refused(&Headers { nonce: "n2".into(), ..good.clone() }, "POST", "/v1/messages", b"{}", NOW));
        assert!(refused(&Headers { app_id: "other".into(), ..good.clone() }, "POST", "/v1/messages", b"{}", NOW));
        assert_eq!(v.check(&good, "POST", "/v1/messages", b"{}", NOW + 300), Ok(()), "a refusal burns no nonce");
    }
}
