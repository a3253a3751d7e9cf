//! The cryptography of APIv3, pure: `WECHATPAY2-SHA256-RSA2048` both ways and `AEAD_AES_256_GCM` open.
//!
//! Owns keys in memory and the texts that are signed. Must never print a key, read a clock or touch the network.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use chrono::{DateTime, Utc};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use serde::Deserialize;

/// The scheme in front of a request's signature.
pub const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";
/// The only algorithm resources are sealed with.
pub const SEALED_WITH: &str = "AEAD_AES_256_GCM";
/// How old or early a signature may be, in seconds.
pub const FRESH_S: i64 = 300;

/// What is wrong with a key that was given to us.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyProblem {
    /// Not PEM, or not of the kind expected.
    #[error("not a PEM file of the kind expected: {0}")]
    Pem(&'static str),
    /// The key itself is refused.
    #[error("the key is not an RSA key of 2048 bits or more in PKCS#8")]
    Rsa,
    /// The APIv3 key is 32 bytes.
    #[error("the APIv3 key must be 32 signs long, it has {0}")]
    Length(usize),
    /// A certificate that cannot be read.
    #[error("the certificate cannot be read")]
    Certificate,
}

/// 商户 API 私钥: signs what we ask.
pub struct MerchantKey {
    pair: RsaKeyPair,
    mchid: String,
    serial: String,
    /// Blinds the computation; the signature itself is the same every time.
    blinding: SystemRandom,
}

impl MerchantKey {
    /// Reads `apiclient_key.pem` (PKCS#8).
    ///
    /// # Errors
    /// When it is no such key.
    pub fn from_pem(pem: &[u8], mchid: &str, serial: &str) -> Result<Self, KeyProblem> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem).map_err(|_| KeyProblem::Pem("PRIVATE KEY"))?;
        let pair = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).map_err(|_| KeyProblem::Rsa)?;
        Ok(Self { pair, mchid: mchid.to_owned(), serial: serial.to_owned(), blinding: SystemRandom::new() })
    }

    /// The `Authorization` header of a request; `target` is the path with its query, as sent.
    ///
    /// # Errors
    /// When the key cannot sign.
    pub fn authorization(&self, method: &str, target: &str, at: DateTime<Utc>, nonce: &str, body: &[u8]) -> Result<String, KeyProblem> {
        let timestamp = at.timestamp();
        let signature = BASE64.encode(self.sign(&request_text(method, target, timestamp, nonce, body))?);
        let (mchid, serial) = (&self.mchid, &self.serial);
        Ok(format!(r#"{SCHEME} mchid="{mchid}",nonce_str="{nonce}",signature="{signature}",timestamp="{timestamp}",serial_no="{serial}""#))
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, KeyProblem> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &self.blinding, text, &mut signature).map_err(|_| KeyProblem::Rsa)?;
        Ok(signature)
    }
}

/// What a request's signature covers.
fn request_text(method: &str, target: &str, timestamp: i64, nonce: &str, body: &[u8]) -> Vec<u8> {
    let mut text = format!("{method}\n{target}\n{timestamp}\n{nonce}\n").into_bytes();
    text.extend_from_slice(body);
    text.push(b'\n');
    text
}

/// What the platform's signature covers, in answers and callbacks alike.
fn answer_text(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    let mut text = format!("{timestamp}\n{nonce}\n").into_bytes();
    text.extend_from_slice(body);
    text.push(b'\n');
    text
}

/// The four headers under which the platform speaks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlatformHeaders {
    /// `Wechatpay-Timestamp`, Unix seconds.
    pub timestamp: String,
    /// `Wechatpay-Nonce`.
    pub nonce: String,
    /// `Wechatpay-Serial`: which of the platform's keys signed.
    pub serial: String,
    /// `Wechatpay-Signature`, base64.
    pub signature: String,
}

impl PlatformHeaders {
    /// Picks them out of a header map by asking for each name.
    pub fn read<'a>(header: impl Fn(&'static str) -> Option<&'a str>) -> Option<Self> {
        Some(Self {
            timestamp: header("wechatpay-timestamp")?.to_owned(),
            nonce: header("wechatpay-nonce")?.to_owned(),
            serial: header("wechatpay-serial")?.to_owned(),
            signature: header("wechatpay-signature")?.to_owned(),
        })
    }

    /// Was this signed within five minutes of `now`?
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        self.timestamp.parse::<i64>().is_ok_and(|at| at.abs_diff(now.timestamp()) <= FRESH_S.unsigned_abs())
    }
}

/// A key of the platform: out of a 平台证书, or a 微信支付公钥 of merchants that joined after 2024.
#[derive(Clone)]
pub struct PlatformKey {
    /// Serial number in capital hex, or `PUB_KEY_ID_…`.
    pub serial: String,
    /// Not believed after this.
    pub until: DateTime<Utc>,
    public: Public,
}

#[derive(Clone)]
enum Public {
    Certificate(CertificateDer<'static>),
    Bare(SubjectPublicKeyInfoDer<'static>),
}

impl PlatformKey {
    /// Reads a platform certificate; the serial is the certificate's own, so a mislabelled one is found out.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn from_certificate(pem: &[u8], until: DateTime<Utc>) -> Result<Self, KeyProblem> {
        let der = CertificateDer::from_pem_slice(pem).map_err(|_| KeyProblem::Pem("CERTIFICATE"))?.into_owned();
        let serial = {
            let certificate = webpki::EndEntityCert::try_from(&der).map_err(|_| KeyProblem::Certificate)?;
            hex::encode_upper(certificate.serial())
        };
        Ok(Self { serial, until, public: Public::Certificate(der) })
    }

    /// Reads a platform public key, known by its id; it has no end of its own.
    ///
    /// # Errors
    /// When it is no such key.
    pub fn from_public_key(pem: &[u8], id: &str) -> Result<Self, KeyProblem> {
        let der = SubjectPublicKeyInfoDer::from_pem_slice(pem).map_err(|_| KeyProblem::Pem("PUBLIC KEY"))?.into_owned();
        webpki::RawPublicKeyEntity::try_from(&der).map_err(|_| KeyProblem::Rsa)?;
        Ok(Self { serial: id.to_owned(), until: DateTime::<Utc>::MAX_UTC, public: Public::Bare(der) })
    }

    /// Did this key sign that body under those headers? Says nothing about when.
    pub fn signed(&self, headers: &PlatformHeaders, body: &[u8]) -> bool {
        let Ok(signature) = BASE64.decode(&headers.signature) else { return false };
        let text = answer_text(&headers.timestamp, &headers.nonce, body);
        let algorithm = webpki::ring::RSA_PKCS1_2048_8192_SHA256;
        match &self.public {
            Public::Certificate(der) => webpki::EndEntityCert::try_from(der)
                .is_ok_and(|certificate| certificate.verify_signature(algorithm, &text, &signature).is_ok()),
            Public::Bare(der) => {
                webpki::RawPublicKeyEntity::try_from(der).is_ok_and(|key| key.verify_signature(algorithm, &text, &signature).is_ok())
            }
        }
    }
}

/// Something sealed for us: a certificate, or what a callback is about.
#[derive(Debug, Clone, Deserialize)]
pub struct Sealed {
    /// Always [`SEALED_WITH`].
    pub algorithm: String,
    /// Base64, the tag at its end.
    pub ciphertext: String,
    /// Twelve bytes of text.
    pub nonce: String,
    /// Bound to the content, may be empty or absent.
    #[serde(default)]
    pub associated_data: Option<String>,
}

/// APIv3 密钥: opens what the platform seals for us.
pub struct ApiV3Key(LessSafeKey);

impl ApiV3Key {
    /// A key of 32 signs, as set at the merchant's desk.
    ///
    /// # Errors
    /// When it has another length.
    pub fn new(key: &str) -> Result<Self, KeyProblem> {
        let key = UnboundKey::new(&AES_256_GCM, key.as_bytes()).map_err(|_| KeyProblem::Length(key.len()))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Opens it; nothing when it was not sealed under this key, or was touched since.
    pub fn open(&self, sealed: &Sealed) -> Option<Vec<u8>> {
        if sealed.algorithm != SEALED_WITH {
            return None;
        }
        let mut bytes = BASE64.decode(&sealed.ciphertext).ok()?;
        let nonce = Nonce::try_assume_unique_for_key(sealed.nonce.as_bytes()).ok()?;
        let aad = Aad::from(sealed.associated_data.as_deref().unwrap_or_default());
        let length = self.0.open_in_place(nonce, aad, &mut bytes).ok()?.len();
        bytes.truncate(length);
        Some(bytes)
    }
}

#[cfg(test)]
#[path = "sign_tests.rs"]
mod tests;
