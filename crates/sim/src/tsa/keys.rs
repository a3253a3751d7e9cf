//! The authority's key and certificates, made at the first start and kept in the data folder.
//! Must never be pointed at a folder with keys that matter.

use std::fs;
use std::io;
use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
    SigningKey,
};

use super::der;

/// Whoever stamps.
pub struct Keys {
    key: KeyPair,
    /// Its certificate.
    pub certificate: Vec<u8>,
    /// The root above it, PEM.
    pub root: String,
}

fn failed(wrong: impl std::fmt::Display) -> io::Error {
    io::Error::other(wrong.to_string())
}

impl Keys {
    /// Those in the folder, or new ones written there: `root.pem` is what the other side is handed.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let (key, certificate, root) = (folder.join("tsa.key.pem"), folder.join("tsa.der"), folder.join("root.pem"));
        if !root.exists() {
            let made = Self::make("模拟授时中心")?;
            fs::write(&key, made.key.serialize_pem())?;
            fs::write(&certificate, &made.certificate)?;
            fs::write(&root, &made.root)?;
            return Ok(made);
        }
        let key = KeyPair::from_pem(&fs::read_to_string(key)?).map_err(failed)?;
        Ok(Self { key, certificate: fs::read(certificate)?, root: fs::read_to_string(root)? })
    }

    /// New ones under a root of their own.
    pub fn make(name: &str) -> io::Result<Self> {
        let new_key = || KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(failed);
        let mut root = CertificateParams::default();
        root.distinguished_name.push(DnType::CommonName, format!("{name}根"));
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let root_key = new_key()?;
        let root_certificate = root.self_signed(&root_key).map_err(failed)?.pem();
        let mut own = CertificateParams::default();
        own.distinguished_name.push(DnType::CommonName, name);
        own.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        // RFC 3161, 2.3: time-stamping alone, and critical
        let mut only = CustomExtension::from_oid_content(&[2, 5, 29, 37], der::seq(&[&der::oid(&[0x2b, 6, 1, 5, 5, 7, 3, 8])]));
        only.set_criticality(true);
        own.custom_extensions = vec![only];
        let key = new_key()?;
        let certificate = own.signed_by(&key, &Issuer::new(root, root_key)).map_err(failed)?;
        Ok(Self { key, certificate: certificate.der().to_vec(), root: root_certificate })
    }

    /// ECDSA with SHA-256.
    pub fn sign(&self, message: &[u8]) -> io::Result<Vec<u8>> {
        self.key.sign(message).map_err(failed)
    }

    /// Issuer and serial number of the certificate, as CMS names a signer.
    pub fn issuer_and_serial(&self) -> Option<Vec<u8>> {
        let outer = der::read(&self.certificate)?;
        let tbs = der::read(outer.content)?;
        let parts = der::members(tbs.content)?;
        // [0] version, serial, algorithm, issuer
        Some(der::seq(&[parts.get(3)?.whole, parts.get(1)?.whole]))
    }
}
