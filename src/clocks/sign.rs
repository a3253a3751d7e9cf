//! The signature of the public reports: Ed25519 under a key derived from the house's master key.
//!
//! Owns the key's derivation and its id. The public key is published and kept with each report, so that reports of an older
//! master key verify for ever. Must never show the secret half.

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::error::{Error, Result};
use crate::kit::seal::{Seal, sha256};

/// What the key is for; another purpose gets another key.
const PURPOSE: &str = "sign:outage-report";

/// A signature and who made it.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The id of the key.
    pub key_id: String,
    /// The public half, 32 bytes.
    pub public_key: Vec<u8>,
    /// 64 bytes.
    pub signature: Vec<u8>,
}

fn pair(seal: &Seal) -> Result<Ed25519KeyPair> {
    Ed25519KeyPair::from_seed_unchecked(&seal.seed(PURPOSE)?).map_err(|e| Error::internal(e.to_string()))
}

/// The id of a public key: the first 16 hex digits of its SHA-256.
pub fn key_id(public_key: &[u8]) -> String {
    hex::encode(&sha256(public_key)[..8])
}

/// The public half of the key that signs now.
///
/// # Errors
/// When the key cannot be derived.
pub fn public_key(seal: &Seal) -> Result<Vec<u8>> {
    Ok(pair(seal)?.public_key().as_ref().to_vec())
}

/// Signs bytes.
///
/// # Errors
/// When the key cannot be derived.
pub fn sign(seal: &Seal, bytes: &[u8]) -> Result<Signed> {
    let pair = pair(seal)?;
    let public_key = pair.public_key().as_ref().to_vec();
    Ok(Signed { key_id: key_id(&public_key), signature: pair.sign(bytes).as_ref().to_vec(), public_key })
}

/// Does the signature fit?
pub fn verifies(public_key: &[u8], bytes: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key).verify(bytes, signature).is_ok()
}

/// The public key as PEM (RFC 8410), for openssl.
pub fn pem(public_key: &[u8]) -> String {
    use base64::Engine;
    // SubjectPublicKeyInfo of Ed25519: a fixed head, then the 32 bytes
    let head = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let body = base64::engine::general_purpose::STANDARD.encode([&head[..], public_key].concat());
    format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::random::Random;

    #[test]
    fn a_report_verifies_and_a_changed_one_does_not() {
        let random = Random::seeded(7);
        let first = Seal::new_key_file(&random);
        let seal = Seal::from_key_file(&first, random.clone()).unwrap();
        let signed = sign(&seal, b"report").unwrap();
        assert!(verifies(&signed.public_key, b"report", &signed.signature));
        assert!(!verifies(&signed.public_key, b"report.", &signed.signature));
        assert_eq!((signed.public_key.len(), signed.signature.len(), signed.key_id.len()), (32, 64, 16));
        assert_eq!(signed.key_id, key_id(&public_key(&seal).unwrap()));
        // another master key is another signer; what the old one signed still verifies by its own public key
        let rotated = Seal::from_key_file(&format!("{first}2 {}\n", hex::encode([9; 32])), random).unwrap();
        assert_ne!(public_key(&rotated).unwrap(), signed.public_key);
        assert!(pem(&signed.public_key).starts_with("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2Vw"));
    }
}
