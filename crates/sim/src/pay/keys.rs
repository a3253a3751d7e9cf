//! Keys of both sides. Owns making them at the first start, keeping them in the data folder and changing the
//! platform's; must never be pointed at a folder with keys that matter.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use chrono::{DateTime, TimeDelta, Utc};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::primes::new_key;

/// Where the merchant's side finds its keys, below the data folder.
pub const MERCHANT: &str = "merchant";
/// What the platform's public key is called.
pub const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000001092026112200000001";

/// One of the platform's keys, as it is kept.
#[derive(Clone, Deserialize, Serialize)]
pub struct Platform {
    /// Capital hex.
    pub serial: String,
    /// When the certificate begins.
    pub effective: DateTime<Utc>,
    /// When it ends.
    pub expires: DateTime<Utc>,
    /// Is it in the answer of `/v3/certificates`?
    pub listed: bool,
    certificate: String,
    key: String,
}

/// What the platform has, oldest first, and which of them signs.
#[derive(Deserialize)]
pub struct Keys {
    /// Serial number of the merchant's certificate.
    pub merchant_serial: String,
    merchant_key: String,
    apiv3: String,
    platform: Vec<Platform>,
    signing: usize,
    #[serde(skip)]
    ready: Option<Ready>,
}

/// The parsed form of what is used on every request.
struct Ready {
    merchant: Vec<u8>,
    /// The oldest of the platform's keys is also the one that has no certificate.
    first: RsaKeyPair,
    signing: RsaKeyPair,
    stranger: Option<RsaKeyPair>,
}

/// How a signature may be wrong on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hand {
    /// It is the platform's.
    #[default]
    Genuine,
    /// Somebody else's key under the platform's serial.
    Stranger,
    /// A serial nobody knows.
    UnknownSerial,
    /// The platform's public key, for merchants that have it instead of certificates.
    PublicKey,
}

/// The steps of changing the platform's certificate.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Rotate {
    /// A new certificate is listed; the old one still signs.
    Announce,
    /// The newest one signs; both are listed.
    Switch,
    /// Only the one that signs is listed.
    Retire,
    /// All three at once, as it must never happen and does.
    Surprise,
}

impl Keys {
    /// Those in the folder, or new ones written there.
    pub fn open(folder: &Path, now: DateTime<Utc>) -> io::Result<Self> {
        let file = folder.join("keys.json");
        let mut keys: Self = match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => Self::make(now)?,
            Err(wrong) => return Err(wrong),
        };
        keys.get_ready()?;
        keys.write(&file)?;
        Ok(keys)
    }

    fn make(now: DateTime<Utc>) -> io::Result<Self> {
        let (merchant_key, serial) = (new_key()?, random_bytes::<20>()?);
        let apiv3 = hex::encode(random_bytes::<16>()?);
        let merchant_serial = hex::encode_upper(positive(serial));
        Ok(Self {
            merchant_serial,
            merchant_key: BASE64.encode(merchant_key),
            apiv3,
            platform: vec![Platform::make(now)?],
            signing: 0,
            ready: None,
        })
    }

    fn get_ready(&mut self) -> io::Result<()> {
        let merchant = pair(&self.merchant_key)?.public().as_ref().to_vec();
        let current = self.platform.get(self.signing).ok_or_else(|| io::Error::other("no platform key"))?;
        let stranger = self.ready.take().and_then(|ready| ready.stranger);
        let first = pair(&self.platform[0].key)?;
        self.ready = Some(Ready { merchant, first, signing: pair(&current.key)?, stranger });
        Ok(())
    }

    fn write(&self, file: &Path) -> io::Result<()> {
        let whole = serde_json::to_vec_pretty(&json!({
            "merchant_serial": self.merchant_serial, "merchant_key": self.merchant_key, "apiv3": self.apiv3,
            "platform": self.platform, "signing": self.signing,
        }))?;
        super::keep::write_whole(file, &whole)
    }

    /// Writes what the merchant is handed: private key, APIv3 key, and the settings as a file to be sourced.
    pub fn hand_out(&self, folder: &Path, base: &str, mchid: &str, appid: &str) -> io::Result<PathBuf> {
        let place = folder.join(MERCHANT);
        fs::create_dir_all(&place)?;
        let place = place.canonicalize()?;
        let (key_file, apiv3_file) = (place.join("apiclient_key.pem"), place.join("apiv3_key.txt"));
        super::keep::write_whole(&key_file, pem("PRIVATE KEY", &self.merchant_key).as_bytes())?;
        super::keep::write_whole(&apiv3_file, self.apiv3.as_bytes())?;
        let settings = [
            ("BASE", base.to_owned()),
            ("MCHID", mchid.to_owned()),
            ("APPID", appid.to_owned()),
            ("SERIAL", self.merchant_serial.clone()),
            ("KEY_FILE", key_file.display().to_string()),
            ("APIV3_KEY_FILE", apiv3_file.display().to_string()),
        ];
        let lines: String = settings.iter().map(|(name, value)| format!("LIANTING_WECHATPAY_{name}={value}\n")).collect();
        super::keep::write_whole(&place.join("env"), lines.as_bytes())?;
        let public = place.join("pub_key.pem");
        super::keep::write_whole(&public, self.public_key()?.as_bytes())?;
        let with =
            format!("{lines}LIANTING_WECHATPAY_PUBLIC_KEY_ID={PUBLIC_KEY_ID}\nLIANTING_WECHATPAY_PUBLIC_KEY_FILE={}\n", public.display());
        super::keep::write_whole(&place.join("env.public_key"), with.as_bytes())?;
        Ok(place)
    }

    fn public_key(&self) -> io::Result<String> {
        let key = BASE64.decode(&self.platform[0].key).map_err(io::Error::other)?;
        let der = rustls::pki_types::PrivatePkcs8KeyDer::from(key.as_slice());
        let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&der, &rcgen::PKCS_RSA_SHA256).map_err(io::Error::other)?;
        Ok(pair.public_key_pem())
    }

    /// Takes a step of changing the certificate.
    pub fn rotate(&mut self, step: Rotate, folder: &Path, now: DateTime<Utc>) -> io::Result<()> {
        if matches!(step, Rotate::Announce | Rotate::Surprise) {
            self.platform.push(Platform::make(now)?);
        }
        if matches!(step, Rotate::Switch | Rotate::Surprise) {
            self.signing = self.platform.len() - 1;
        }
        if matches!(step, Rotate::Retire | Rotate::Surprise) {
            let signing = self.signing;
            self.platform.iter_mut().enumerate().for_each(|(n, platform)| platform.listed = n == signing);
        }
        self.get_ready()?;
        self.write(&folder.join("keys.json"))
    }

    /// Serials and whether they are listed, for a person who looks.
    pub fn serials(&self) -> Value {
        let each = self.platform.iter().enumerate();
        each.map(|(n, it)| json!({"serial": it.serial, "listed": it.listed, "signs": n == self.signing})).collect()
    }

    /// Did the merchant sign this text?
    pub fn merchant_signed(&self, text: &[u8], signature: &str) -> bool {
        let (Some(ready), Ok(signature)) = (&self.ready, BASE64.decode(signature)) else { return false };
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &ready.merchant).verify(text, &signature).is_ok()
    }

    /// The platform's signature headers over a body.
    pub fn sign(&mut self, body: &[u8], at: DateTime<Utc>, hand: Hand) -> io::Result<[(&'static str, String); 5]> {
        let timestamp = at.timestamp().to_string();
        let nonce = hex::encode(random_bytes::<16>()?);
        let mut text = format!("{timestamp}\n{nonce}\n").into_bytes();
        text.extend_from_slice(body);
        text.push(b'\n');
        let current = self.platform.get(self.signing).map(|it| it.serial.clone()).unwrap_or_default();
        let ready = self.ready.as_mut().ok_or_else(|| io::Error::other("keys are not ready"))?;
        let pair = match hand {
            Hand::Stranger => stranger(&mut ready.stranger)?,
            Hand::PublicKey => &ready.first,
            _ => &ready.signing,
        };
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &text, &mut signature).map_err(|_| io::Error::other("cannot sign"))?;
        let serial = match hand {
            Hand::UnknownSerial => hex::encode_upper(positive(random_bytes::<20>()?)),
            Hand::PublicKey => PUBLIC_KEY_ID.to_owned(),
            _ => current,
        };
        Ok([
            ("wechatpay-timestamp", timestamp),
            ("wechatpay-nonce", nonce),
            ("wechatpay-serial", serial),
            ("wechatpay-signature", BASE64.encode(signature)),
            ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048".to_owned()),
        ])
    }

    /// Seals something for the merchant; under a key of nobody's when `foreign`.
    pub fn seal(&self, plain: &str, associated: &str, foreign: bool) -> io::Result<Value> {
        let key = if foreign { "f".repeat(32) } else { self.apiv3.clone() };
        let key = UnboundKey::new(&AES_256_GCM, key.as_bytes()).map_err(|_| io::Error::other("no APIv3 key"))?;
        let nonce = hex::encode(random_bytes::<6>()?);
        let once = Nonce::try_assume_unique_for_key(nonce.as_bytes()).map_err(|_| io::Error::other("nonce"))?;
        let mut bytes = plain.as_bytes().to_vec();
        let sealed = LessSafeKey::new(key).seal_in_place_append_tag(once, Aad::from(associated), &mut bytes);
        sealed.map_err(|_| io::Error::other("cannot seal"))?;
        Ok(json!({"algorithm": "AEAD_AES_256_GCM", "ciphertext": BASE64.encode(bytes), "nonce": nonce, "associated_data": associated}))
    }

    /// What `GET /v3/certificates` says.
    pub fn certificates(&self) -> io::Result<Value> {
        let mut data = Vec::new();
        for it in self.platform.iter().filter(|it| it.listed) {
            data.push(json!({
                "serial_no": it.serial, "effective_time": it.effective.to_rfc3339(), "expire_time": it.expires.to_rfc3339(),
                "encrypt_certificate": self.seal(&it.certificate, "certificate", false)?,
            }));
        }
        Ok(json!({"data": data}))
    }
}

impl Platform {
    fn make(now: DateTime<Utc>) -> io::Result<Self> {
        use chrono::Datelike;
        let (effective, expires) = (now - TimeDelta::days(1), now + TimeDelta::days(5 * 365));
        let key = new_key()?;
        let serial = positive(random_bytes::<20>()?);
        let der = rustls::pki_types::PrivatePkcs8KeyDer::from(key.as_slice());
        let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&der, &rcgen::PKCS_RSA_SHA256).map_err(io::Error::other)?;
        let mut wanted = rcgen::CertificateParams::default();
        let day = |at: DateTime<Utc>| rcgen::date_time_ymd(at.year(), at.month() as u8, at.day() as u8);
        (wanted.not_before, wanted.not_after) = (day(effective), day(expires));
        wanted.serial_number = Some(rcgen::SerialNumber::from_slice(&serial));
        wanted.distinguished_name.push(rcgen::DnType::OrganizationName, "Lianting simulator");
        wanted.distinguished_name.push(rcgen::DnType::CommonName, "Simulated payment platform");
        let certificate = wanted.self_signed(&pair).map_err(io::Error::other)?.pem();
        Ok(Self { serial: hex::encode_upper(serial), effective, expires, listed: true, certificate, key: BASE64.encode(key) })
    }
}

fn stranger(kept: &mut Option<RsaKeyPair>) -> io::Result<&RsaKeyPair> {
    if kept.is_none() {
        *kept = Some(RsaKeyPair::from_pkcs8(&new_key()?).map_err(rejected)?);
    }
    kept.as_ref().ok_or_else(|| io::Error::other("no stranger"))
}

fn pair(base64: &str) -> io::Result<RsaKeyPair> {
    let der = BASE64.decode(base64).map_err(io::Error::other)?;
    RsaKeyPair::from_pkcs8(&der).map_err(rejected)
}

fn rejected(why: ring::error::KeyRejected) -> io::Error {
    io::Error::other(why.to_string())
}

fn random_bytes<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("no randomness"))?;
    Ok(bytes)
}

/// A serial number without a sign bit and without a zero in front.
fn positive(mut serial: [u8; 20]) -> [u8; 20] {
    serial[0] = serial[0] & 0x7F | 0x40;
    serial
}

fn pem(label: &str, base64: &str) -> String {
    let lines: Vec<&str> = base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap_or_default()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
