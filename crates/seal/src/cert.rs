//! A certificate as it came: its bytes, and what is asked of it. Must never be written anew from its parts.

use chrono::{DateTime, Utc};
use der::asn1::{ObjectIdentifier, OctetString};
use der::pem::LineEnding;
use der::{Decode, Encode};
use x509_cert::Certificate;
use x509_cert::ext::pkix::{KeyUsage, SubjectKeyIdentifier};
use x509_cert::name::Name;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::asn1::{IssuerAndSerial, oid};
use crate::fault::{Fault, Result};

/// A certificate.
#[derive(Clone)]
pub struct Cert {
    der: Vec<u8>,
    parsed: Certificate,
}

impl std::fmt::Debug for Cert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cert({}, {})", self.common_name(), self.serial())
    }
}

impl PartialEq for Cert {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Cert {
    /// From DER.
    ///
    /// # Errors
    /// When it is no certificate.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        let parsed = Certificate::from_der(der).map_err(|e| Fault::Certificate(e.to_string()))?;
        Ok(Self { der: der.to_vec(), parsed })
    }

    /// All certificates of a PEM file, in its order; what is between them is skipped.
    ///
    /// # Errors
    /// When one cannot be read, or there is none.
    pub fn from_pem(pem: &str) -> Result<Vec<Self>> {
        const END: &str = "-----END CERTIFICATE-----";
        let mut found = Vec::new();
        let mut rest = pem;
        while let Some(start) = rest.find("-----BEGIN CERTIFICATE-----") {
            let end = rest[start..].find(END).ok_or_else(|| Fault::Certificate("PEM without its end".into()))? + start + END.len();
            let (_, der) = der::pem::decode_vec(&rest.as_bytes()[start..end]).map_err(|e| Fault::Certificate(format!("PEM: {e}")))?;
            found.push(Self::from_der(&der)?);
            rest = &rest[end..];
        }
        if found.is_empty() { Err(Fault::Certificate("no certificate in this PEM file".into())) } else { Ok(found) }
    }

    /// As PEM.
    ///
    /// # Errors
    /// Never in practice.
    pub fn to_pem(&self) -> Result<String> {
        der::pem::encode_string("CERTIFICATE", LineEnding::LF, &self.der).map_err(|e| Fault::Certificate(e.to_string()))
    }

    /// Its bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The public key's bits.
    pub fn public_key(&self) -> &[u8] {
        self.parsed.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes()
    }

    /// The public key's algorithm.
    pub fn key_identifier(&self) -> &AlgorithmIdentifierOwned {
        &self.parsed.tbs_certificate().subject_public_key_info().algorithm
    }

    pub(crate) fn subject(&self) -> &Name {
        self.parsed.tbs_certificate().subject()
    }

    /// CN of its owner: for a seal, the court's name.
    pub fn common_name(&self) -> String {
        text(self.subject(), oid::COMMON_NAME).unwrap_or_default()
    }

    /// serialNumber in its owner's name: for a seal, the court's code.
    pub fn court_code(&self) -> Option<String> {
        text(self.subject(), oid::SERIAL_NUMBER)
    }

    /// CN of its issuer.
    pub fn issuer_name(&self) -> String {
        text(self.parsed.tbs_certificate().issuer(), oid::COMMON_NAME).unwrap_or_default()
    }

    /// Its number, in hexadecimal.
    pub fn serial(&self) -> String {
        hex::encode(self.parsed.tbs_certificate().serial_number().as_bytes())
    }

    /// From when it counts.
    pub fn not_before(&self) -> DateTime<Utc> {
        self.parsed.tbs_certificate().validity().not_before.to_system_time().into()
    }

    /// Until when it counts.
    pub fn not_after(&self) -> DateTime<Utc> {
        self.parsed.tbs_certificate().validity().not_after.to_system_time().into()
    }

    /// Whether its key may make signatures that bind (digitalSignature or nonRepudiation; no key usage allows all).
    pub fn may_sign(&self) -> bool {
        match self.parsed.tbs_certificate().get_extension::<KeyUsage>() {
            Ok(None) => true,
            Ok(Some((_, usage))) => usage.digital_signature() || usage.non_repudiation(),
            Err(_) => false,
        }
    }

    pub(crate) fn key_id(&self) -> Option<OctetString> {
        self.parsed.tbs_certificate().get_extension::<SubjectKeyIdentifier>().ok().flatten().map(|(_, id)| id.0)
    }

    pub(crate) fn issuer_and_serial(&self) -> IssuerAndSerial {
        let tbs = self.parsed.tbs_certificate();
        IssuerAndSerial { issuer: tbs.issuer().clone(), serial: tbs.serial_number().clone() }
    }

    /// Whether a signer is named by this issuer and number, or by this key identifier.
    pub(crate) fn is_named_by(&self, signer: &der::Any) -> bool {
        let Ok(bytes) = signer.to_der() else { return false };
        if self.issuer_and_serial().to_der().is_ok_and(|own| own == bytes) {
            return true;
        }
        bytes.first() == Some(&0x80) && self.key_id().is_some_and(|id| id.as_bytes() == signer.value())
    }
}

fn text(name: &Name, kind: ObjectIdentifier) -> Option<String> {
    name.iter().find(|part| part.oid == kind).map(|part| String::from_utf8_lossy(part.value.value()).into_owned())
}
