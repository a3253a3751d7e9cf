//! Keys that sign. Owns the trait behind which a key lives and the one kept in a file.
//! Must never print a key, hand one out, or sign by an algorithm its name does not say.
//!
//! New keys are P-256: `ring` makes and uses them in constant time, a signature takes tens of microseconds, every
//! common verifier reads it, and no further library is needed (the `rsa` crate carries RUSTSEC-2023-0071 without
//! a cure). P-384 and RSA keys that a court brings along sign as well. SM2 has a name here and no implementation:
//! rules on commercial cryptography want it inside a certified module, which is a `token::Session`.

use der::asn1::{Any, ObjectIdentifier};
use der::pem::LineEnding;
use der::{Decode, Encode};
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, KeyPair, RsaKeyPair};
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::asn1::{self, oid};
use crate::cert::Cert;
use crate::fault::{Fault, Result};

/// What is said where somebody asks for SM2.
pub const SM2_REFUSED: &str =
    "SM2 with SM3 is signed inside a certified module only (GB/T 35276, GM/T 0028): attach one as a token; a key file cannot be used";

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    EcdsaP256,
    /// ECDSA on P-384 with SHA-384.
    EcdsaP384,
    /// RSA (PKCS#1 v1.5) with SHA-256.
    Rsa,
}

impl Algorithm {
    /// By the name a setting gives it.
    ///
    /// # Errors
    /// SM2 is refused with the reason, anything else as unknown.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "p256" => Ok(Self::EcdsaP256),
            "p384" => Ok(Self::EcdsaP384),
            "rsa" => Ok(Self::Rsa),
            "sm2" => Err(Fault::Profile(SM2_REFUSED)),
            other => Err(Fault::Key(format!("algorithm {other} is not known; there are p256, p384, rsa"))),
        }
    }

    /// The signature's identifier.
    pub fn identifier(self) -> AlgorithmIdentifierOwned {
        match self {
            Self::EcdsaP256 => asn1::plain(oid::ECDSA_SHA256),
            Self::EcdsaP384 => asn1::plain(oid::ECDSA_SHA384),
            Self::Rsa => AlgorithmIdentifierOwned { oid: oid::RSA_SHA256, parameters: Some(Any::null()) },
        }
    }

    /// The digest's identifier, as the signature implies it.
    pub fn digest(self) -> AlgorithmIdentifierOwned {
        asn1::plain(if self == Self::EcdsaP384 { oid::SHA384 } else { oid::SHA256 })
    }

    /// That digest of a message.
    pub fn hash(self, message: &[u8]) -> Vec<u8> {
        let kind = if self == Self::EcdsaP384 { &ring::digest::SHA384 } else { &ring::digest::SHA256 };
        ring::digest::digest(kind, message).as_ref().to_vec()
    }
}

/// A key that seals, wherever it lives. It is never handed out.
pub trait Signer: Send + Sync {
    /// How it signs.
    fn algorithm(&self) -> Algorithm;

    /// The certificate of the key, then those between it and the root; the root is left out.
    fn certificate_chain(&self) -> &[Cert];

    /// Signs a message (DER for ECDSA).
    ///
    /// # Errors
    /// When the key is not to be had.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>>;
}

enum Secret {
    Ec(Box<EcdsaKeyPair>),
    Rsa(Box<RsaKeyPair>),
}

/// A key from a PKCS#8 file.
pub struct FileSigner {
    algorithm: Algorithm,
    secret: Secret,
    chain: Vec<Cert>,
}

impl std::fmt::Debug for FileSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileSigner").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// A new P-256 or P-384 key as PKCS#8 PEM.
///
/// # Errors
/// For RSA: such keys are brought, not made.
pub fn generate(algorithm: Algorithm) -> Result<String> {
    let kind = match algorithm {
        Algorithm::EcdsaP256 => &signature::ECDSA_P256_SHA256_ASN1_SIGNING,
        Algorithm::EcdsaP384 => &signature::ECDSA_P384_SHA384_ASN1_SIGNING,
        Algorithm::Rsa => return Err(Fault::Key("RSA keys are not made here; bring one as PKCS#8".into())),
    };
    let made = EcdsaKeyPair::generate_pkcs8(kind, &SystemRandom::new()).map_err(|_| Fault::Key("no randomness".into()))?;
    der::pem::encode_string("PRIVATE KEY", LineEnding::LF, made.as_ref()).map_err(|e| Fault::Key(e.to_string()))
}

impl FileSigner {
    /// Opens a PKCS#8 key in PEM. The chain may be empty for a key that has no certificate yet; if it is not, its
    /// first certificate must be the key's.
    ///
    /// # Errors
    /// Says what about the key cannot be used.
    pub fn open(pem: &str, chain: Vec<Cert>) -> Result<Self> {
        let (label, pkcs8) = der::pem::decode_vec(pem.as_bytes()).map_err(|e| Fault::Key(format!("not PEM: {e}")))?;
        if label != "PRIVATE KEY" {
            return Err(Fault::Key(format!("a PKCS#8 \"PRIVATE KEY\" is wanted, this is \"{label}\"")));
        }
        let algorithm = kind_of(&pkcs8)?;
        let wrong = |e: ring::error::KeyRejected| Fault::Key(e.to_string());
        let rng = SystemRandom::new();
        let secret = match algorithm {
            Algorithm::EcdsaP256 => {
                Secret::Ec(Box::new(EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_ASN1_SIGNING, &pkcs8, &rng).map_err(wrong)?))
            }
            Algorithm::EcdsaP384 => {
                Secret::Ec(Box::new(EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P384_SHA384_ASN1_SIGNING, &pkcs8, &rng).map_err(wrong)?))
            }
            Algorithm::Rsa => Secret::Rsa(Box::new(RsaKeyPair::from_pkcs8(&pkcs8).map_err(wrong)?)),
        };
        let signer = Self { algorithm, secret, chain };
        match signer.chain.first() {
            Some(own) if own.public_key() != signer.public_key() => Err(Fault::Key("the certificate belongs to another key".into())),
            _ => Ok(signer),
        }
    }

    /// The public key as a certificate carries it.
    pub fn public_key(&self) -> &[u8] {
        match &self.secret {
            Secret::Ec(key) => key.public_key().as_ref(),
            Secret::Rsa(key) => key.public_key().as_ref(),
        }
    }

    /// Its algorithm as a certificate names it.
    pub fn key_identifier(&self) -> AlgorithmIdentifierOwned {
        let on = |curve: ObjectIdentifier| AlgorithmIdentifierOwned { oid: oid::EC_KEY, parameters: Some(Any::from(curve)) };
        match self.algorithm {
            Algorithm::EcdsaP256 => on(oid::P256),
            Algorithm::EcdsaP384 => on(oid::P384),
            Algorithm::Rsa => AlgorithmIdentifierOwned { oid: oid::RSA_KEY, parameters: Some(Any::null()) },
        }
    }
}

impl Signer for FileSigner {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn certificate_chain(&self) -> &[Cert] {
        &self.chain
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let rng = SystemRandom::new();
        let failed = |_| Fault::Key("signing failed".into());
        match &self.secret {
            Secret::Ec(key) => Ok(key.sign(&rng, message).map_err(failed)?.as_ref().to_vec()),
            Secret::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&signature::RSA_PKCS1_SHA256, &rng, message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
        }
    }
}

/// What a PKCS#8 key says of itself.
fn kind_of(pkcs8: &[u8]) -> Result<Algorithm> {
    let parts = Vec::<Any>::from_der(pkcs8).map_err(|e| Fault::Key(format!("not PKCS#8: {e}")))?;
    let named = parts.get(1).ok_or_else(|| Fault::Key("not PKCS#8".into()))?;
    let named = AlgorithmIdentifierOwned::from_der(&named.to_der()?)?;
    let curve = named.parameters.as_ref().and_then(|p| p.decode_as::<ObjectIdentifier>().ok());
    match (named.oid, curve) {
        (oid::RSA_KEY, _) => Ok(Algorithm::Rsa),
        (oid::EC_KEY, Some(oid::P256)) => Ok(Algorithm::EcdsaP256),
        (oid::EC_KEY, Some(oid::P384)) => Ok(Algorithm::EcdsaP384),
        (oid::EC_KEY, Some(oid::SM2_CURVE)) => Err(Fault::Profile(SM2_REFUSED)),
        (other, _) => Err(Fault::Key(format!("keys of kind {other} are not used here"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_opened_and_signs() {
        for algorithm in [Algorithm::EcdsaP256, Algorithm::EcdsaP384] {
            let pem = generate(algorithm).unwrap();
            let signer = FileSigner::open(&pem, Vec::new()).unwrap();
            assert_eq!(signer.algorithm(), algorithm);
            let signature = signer.sign(b"x").unwrap();
            assert!(
                crate::cms::holds(&signer.key_identifier(), signer.public_key(), &algorithm.identifier(), None, b"x", &signature).is_ok()
            );
            assert!(
                crate::cms::holds(&signer.key_identifier(), signer.public_key(), &algorithm.identifier(), None, b"y", &signature).is_err()
            );
        }
    }

    #[test]
    fn sm2_is_refused_by_its_name_and_never_replaced() {
        assert!(matches!(Algorithm::named("sm2"), Err(Fault::Profile(_))));
        let pem = generate(Algorithm::EcdsaP256).unwrap();
        let (_, mut der) = der::pem::decode_vec(pem.as_bytes()).unwrap();
        let p256 = oid::P256.to_der().unwrap();
        let at = der.windows(p256.len()).position(|w| w == p256).unwrap();
        der.splice(at..at + p256.len(), oid::SM2_CURVE.to_der().unwrap());
        let pem = der::pem::encode_string("PRIVATE KEY", LineEnding::LF, &der).unwrap();
        assert!(matches!(FileSigner::open(&pem, Vec::new()), Err(Fault::Profile(SM2_REFUSED))));
    }
}
