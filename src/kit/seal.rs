//! 密封: encryption of personal data at rest and the blind indexes that still let it be found.
//!
//! Owns the key file. Ciphertexts are bound to court, table, column and row, so that one cannot be
//! moved to another place; a court's rows and a person's rows use keys of their own.
//! Must never log a plaintext or return a key.

use std::collections::BTreeMap;
use std::sync::Arc;

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::kit::random::Random;

/// Whose key seals a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A court's own data.
    Court(i32),
    /// A person's own data.
    Person(Uuid),
    /// The platform's own data: outbox of persons, idempotent answers.
    House,
}

/// The place of a value: table, column, row. Part of the authenticated data.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a>(pub &'static str, pub &'static str, pub &'a Uuid);

/// Seals and opens; makes blind indexes. Cheap to clone.
#[derive(Clone)]
pub struct Seal {
    keys: Arc<Keys>,
    random: Random,
}

struct Keys {
    active: u8,
    masters: BTreeMap<u8, [u8; 32]>,
}

impl Seal {
    /// Reads the key file: one `<number> <64 hex digits>` per line; the highest number seals, all open
    /// (that is how keys are rotated without stopping).
    ///
    /// # Errors
    /// A line that is not a number and 64 hex digits, or an empty file.
    pub fn from_key_file(text: &str, random: Random) -> std::result::Result<Self, String> {
        let mut masters = BTreeMap::new();
        for (i, line) in text.lines().map(str::trim).enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            let bad = || format!("key file line {}: expected `<number> <64 hex digits>`", i + 1);
            let (number, key) = line.split_once(' ').ok_or_else(bad)?;
            let mut bytes = [0u8; 32];
            hex::decode_to_slice(key.trim(), &mut bytes).map_err(|_| bad())?;
            masters.insert(number.parse::<u8>().map_err(|_| bad())?, bytes);
        }
        let active = *masters.keys().next_back().ok_or("the key file holds no key")?;
        Ok(Self { keys: Arc::new(Keys { active, masters }), random })
    }

    /// The text of a new key file.
    pub fn new_key_file(random: &Random) -> String {
        format!("# Lianting master keys. Losing this file loses the personal data it seals.\n1 {}\n", hex::encode(random.bytes::<32>()))
    }

    fn derived(&self, version: u8, label: &str) -> Result<[u8; 32]> {
        let master = self.keys.masters.get(&version).ok_or_else(|| Error::internal(format!("no master key {version}")))?;
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, master).expand(label.as_bytes(), &mut key).map_err(|e| Error::internal(e.to_string()))?;
        Ok(key)
    }

    /// The seed of a signing key for one purpose, from the master key that seals now.
    pub fn seed(&self, purpose: &str) -> Result<[u8; 32]> {
        self.derived(self.keys.active, purpose)
    }

    fn cipher(&self, version: u8, owner: Owner) -> Result<Aes256GcmSiv> {
        let label = match owner {
            Owner::Court(court) => format!("court:{court}"),
            Owner::Person(person) => format!("person:{person}"),
            Owner::House => "house".to_owned(),
        };
        Ok(Aes256GcmSiv::new(&self.derived(version, &label)?.into()))
    }

    /// Seals bytes: key version, nonce, ciphertext.
    pub fn seal(&self, owner: Owner, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        let version = self.keys.active;
        let nonce = self.random.bytes::<12>();
        let sealed = self
            .cipher(version, owner)?
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: &aad(owner, place) })
            .map_err(|_| Error::internal("sealing failed"))?;
        Ok([&[version][..], &nonce[..], &sealed[..]].concat())
    }

    /// Opens what `seal` made for the same owner and place.
    pub fn open(&self, owner: Owner, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>> {
        let broken = || Error::internal(format!("cannot open sealed {}.{}", place.0, place.1));
        let (version, rest) = sealed.split_first().ok_or_else(broken)?;
        let (nonce, body) = rest.split_at_checked(12).ok_or_else(broken)?;
        let nonce = Nonce::from(<[u8; 12]>::try_from(nonce).map_err(|_| broken())?);
        self.cipher(*version, owner)?.decrypt(&nonce, Payload { msg: body, aad: &aad(owner, place) }).map_err(|_| broken())
    }

    /// Seals a value as JSON.
    pub fn seal_json(&self, owner: Owner, place: Place<'_>, value: &impl Serialize) -> Result<Vec<u8>> {
        self.seal(owner, place, &serde_json::to_vec(value)?)
    }

    /// Opens a value sealed as JSON.
    pub fn open_json<T: DeserializeOwned>(&self, owner: Owner, place: Place<'_>, sealed: &[u8]) -> Result<T> {
        Ok(serde_json::from_slice(&self.open(owner, place, sealed)?)?)
    }

    /// Opens a sealed text.
    pub fn open_text(&self, owner: Owner, place: Place<'_>, sealed: &[u8]) -> Result<String> {
        String::from_utf8(self.open(owner, place, sealed)?).map_err(Error::internal)
    }

    /// A blind index: equal values give equal indexes, and an index gives nothing back. Made with the
    /// first master key, so that rotation does not lose what was indexed before.
    pub fn blind(&self, kind: &str, value: &str) -> Result<Vec<u8>> {
        let first = *self.keys.masters.keys().next().ok_or_else(|| Error::internal("no key"))?;
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.derived(first, "blind")?).map_err(Error::internal)?;
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        Ok(mac.finalize().into_bytes()[..16].to_vec())
    }
}

fn aad(owner: Owner, place: Place<'_>) -> Vec<u8> {
    format!("{owner:?}|{}|{}|{}", place.0, place.1, place.2).into_bytes()
}

/// SHA-256 of bytes, for tokens and request bodies.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ciphertext_opens_only_in_its_own_place() {
        let random = Random::seeded(1);
        let seal = Seal::from_key_file(&Seal::new_key_file(&random), random.clone()).unwrap();
        let (row, other) = (random.id(Default::default()), random.id(Default::default()));
        let sealed = seal.seal(Owner::Court(370102), Place("case_parties", "details", &row), "身份证".as_bytes()).unwrap();
        assert_eq!(seal.open(Owner::Court(370102), Place("case_parties", "details", &row), &sealed).unwrap(), "身份证".as_bytes());
        assert!(seal.open(Owner::Court(370103), Place("case_parties", "details", &row), &sealed).is_err());
        assert!(seal.open(Owner::Court(370102), Place("case_parties", "name", &row), &sealed).is_err());
        assert!(seal.open(Owner::Court(370102), Place("case_parties", "details", &other), &sealed).is_err());
    }

    #[test]
    fn old_keys_still_open_after_rotation() {
        let random = Random::seeded(2);
        let first = Seal::new_key_file(&random);
        let row = random.id(Default::default());
        let sealed = Seal::from_key_file(&first, random.clone()).unwrap().seal(Owner::House, Place("t", "c", &row), b"x").unwrap();
        let rotated = format!("{first}2 {}\n", hex::encode([7; 32]));
        let seal = Seal::from_key_file(&rotated, random).unwrap();
        assert_eq!(seal.open(Owner::House, Place("t", "c", &row), &sealed).unwrap(), b"x");
        assert_eq!(seal.seal(Owner::House, Place("t", "c", &row), b"x").unwrap()[0], 2);
    }
}
