//! Keys in a token (USB key, HSM), in the shape of PKCS#11: a session finds a key by its label and signs a digest
//! with it; nothing is exported. A driver implements `Session`; everything else here works with it unchanged.

use der::Encode;
use der::asn1::{Any, OctetString, Uint};

use crate::asn1::{self};
use crate::cert::Cert;
use crate::fault::{Fault, Result};
use crate::key::{Algorithm, Signer};

/// What a token does with a digest (`CKM_*`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// `CKM_ECDSA`: a digest in, r and s of equal length out.
    Ecdsa,
    /// `CKM_RSA_PKCS`: a DigestInfo in, the signature out.
    RsaPkcs,
}

/// An open, signed-in session (`C_OpenSession`, `C_Login`).
pub trait Session: Send + Sync {
    /// What a key is known by while the session lasts.
    type Handle: Send + Sync;

    /// The private key with this label (`C_FindObjects`).
    ///
    /// # Errors
    /// In the driver's words.
    fn find_key(&self, label: &str) -> Result<Self::Handle, String>;

    /// Signs (`C_SignInit`, `C_Sign`).
    ///
    /// # Errors
    /// In the driver's words.
    fn sign(&self, key: &Self::Handle, mechanism: Mechanism, data: &[u8]) -> Result<Vec<u8>, String>;
}

/// A key of a token with its certificates.
pub struct TokenSigner<S: Session> {
    session: S,
    key: S::Handle,
    algorithm: Algorithm,
    chain: Vec<Cert>,
}

impl<S: Session> TokenSigner<S> {
    /// Finds the key. Certificates are public and come from a file or the token.
    ///
    /// # Errors
    /// When there is no such key.
    pub fn open(session: S, label: &str, algorithm: Algorithm, chain: Vec<Cert>) -> Result<Self> {
        let key = session.find_key(label).map_err(|e| Fault::Key(format!("token, key {label}: {e}")))?;
        Ok(Self { session, key, algorithm, chain })
    }
}

impl<S: Session> Signer for TokenSigner<S> {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn certificate_chain(&self) -> &[Cert] {
        &self.chain
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let digest = self.algorithm.hash(message);
        let ask = |mechanism, data: &[u8]| self.session.sign(&self.key, mechanism, data).map_err(|e| Fault::Key(format!("token: {e}")));
        match self.algorithm {
            Algorithm::Rsa => ask(Mechanism::RsaPkcs, &digest_info(self.algorithm, digest)?),
            _ => pair(&ask(Mechanism::Ecdsa, &digest)?),
        }
    }
}

/// r and s side by side, as a token answers, into the form a signature has.
fn pair(halves: &[u8]) -> Result<Vec<u8>> {
    if halves.is_empty() || !halves.len().is_multiple_of(2) {
        return Err(Fault::Key("token: a signature of odd length".into()));
    }
    let (r, s) = halves.split_at(halves.len() / 2);
    Ok(vec![Uint::new(r)?, Uint::new(s)?].to_der()?)
}

fn digest_info(algorithm: Algorithm, digest: Vec<u8>) -> Result<Vec<u8>> {
    let mut named = algorithm.digest();
    named.parameters = Some(Any::null());
    Ok(asn1::Imprint { algorithm: named, hash: OctetString::new(digest)? }.to_der()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{self, FileSigner};
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};

    /// A token that knows which message a digest belongs to, because its library signs messages only.
    struct Soft {
        pair: EcdsaKeyPair,
        message: Vec<u8>,
    }

    impl Session for Soft {
        type Handle = ();
        fn find_key(&self, label: &str) -> Result<(), String> {
            if label == "370102" { Ok(()) } else { Err("CKR_KEY_HANDLE_INVALID".into()) }
        }
        fn sign(&self, (): &(), mechanism: Mechanism, data: &[u8]) -> Result<Vec<u8>, String> {
            assert_eq!(mechanism, Mechanism::Ecdsa);
            assert_eq!(data, Algorithm::EcdsaP256.hash(&self.message), "a token is given a digest");
            Ok(self.pair.sign(&SystemRandom::new(), &self.message).unwrap().as_ref().to_vec())
        }
    }

    fn soft() -> (Soft, FileSigner) {
        let pem = key::generate(Algorithm::EcdsaP256).unwrap();
        let (_, der) = der::pem::decode_vec(pem.as_bytes()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &SystemRandom::new()).unwrap();
        (Soft { pair, message: b"attributes".to_vec() }, FileSigner::open(&pem, Vec::new()).unwrap())
    }

    #[test]
    fn a_token_signs_like_a_file() {
        let (session, file) = soft();
        let token = TokenSigner::open(session, "370102", Algorithm::EcdsaP256, Vec::new()).unwrap();
        for _ in 0..20 {
            let signature = token.sign(b"attributes").unwrap();
            let alg = Algorithm::EcdsaP256.identifier();
            crate::cms::holds(&file.key_identifier(), file.public_key(), &alg, None, b"attributes", &signature).unwrap();
        }
    }

    #[test]
    fn a_missing_key_is_named() {
        let Err(fault) = TokenSigner::open(soft().0, "370103", Algorithm::EcdsaP256, Vec::new()) else { panic!() };
        assert!(fault.to_string().contains("370103"));
    }
}
