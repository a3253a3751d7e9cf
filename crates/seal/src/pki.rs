//! Issuing certificates: a province's root, one seal certificate per court. Owns the profiles.
//! A province that has a licensed authority (电子认证服务机构) takes its certificates instead; this is for those
//! that run their own, for the demo and for tests.

use chrono::{DateTime, TimeDelta, Utc};
use der::asn1::{Any, BitString, GeneralizedTime, OctetString, SetOfVec, UtcTime};
use der::flagset::FlagSet;
use der::oid::AssociatedOid;
use der::{Decode, Encode, Tag};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::{Time, Validity};

use crate::asn1::{SignedCert, Tbs, oid};
use crate::cert::Cert;
use crate::fault::{Fault, Result};
use crate::key::{FileSigner, Signer};

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// A root: signs certificates.
    Root,
    /// A court's seal: signs papers (digitalSignature, nonRepudiation).
    Seal,
    /// A time-stamping authority (RFC 3161).
    Stamper,
}

/// Whom a certificate names.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// CN: the court's name.
    pub name: String,
    /// ST: the province.
    pub province: Option<String>,
    /// serialNumber: the court's code.
    pub code: Option<String>,
}

/// From when to when.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    /// First moment.
    pub from: DateTime<Utc>,
    /// Days it counts.
    pub days: i64,
}

/// Issues a certificate for the key of `holder`; without an issuer it signs itself.
///
/// # Errors
/// When something cannot be encoded, or the issuer's key refuses.
pub fn issue(holder: &FileSigner, subject: &Subject, profile: Profile, term: Term, issuer: Option<&dyn Signer>) -> Result<Cert> {
    let name = name_of(subject)?;
    let signer: &dyn Signer = issuer.unwrap_or(holder);
    let parent = issuer.map(|i| i.certificate_chain().first().ok_or_else(|| Fault::Certificate("the issuer has no certificate".into())));
    let parent = parent.transpose()?;
    let tbs = Tbs {
        version: 2,
        serial: serial()?,
        algorithm: signer.algorithm().identifier(),
        issuer: parent.map_or_else(|| name.clone(), |p| p.subject().clone()),
        validity: Validity::new(time(term.from)?, time(term.from + TimeDelta::days(term.days))?),
        subject: name,
        key: SubjectPublicKeyInfoOwned {
            algorithm: holder.key_identifier(),
            subject_public_key: BitString::from_bytes(holder.public_key())?,
        },
        extensions: extensions(profile, key_id(holder.public_key())?, parent)?,
    };
    let signature = signer.sign(&tbs.to_der()?)?;
    let algorithm = tbs.algorithm.clone();
    Cert::from_der(&SignedCert { tbs, algorithm, signature: BitString::from_bytes(&signature)? }.to_der()?)
}

fn extensions(profile: Profile, own: OctetString, parent: Option<&Cert>) -> Result<Vec<Extension>> {
    let usage: FlagSet<KeyUsages> = match profile {
        Profile::Root => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
        Profile::Seal => KeyUsages::DigitalSignature | KeyUsages::NonRepudiation,
        Profile::Stamper => KeyUsages::DigitalSignature.into(),
    };
    let root = profile == Profile::Root;
    let mut all = vec![
        extension(&BasicConstraints { ca: root, path_len_constraint: None }, true)?,
        extension(&KeyUsage(usage), true)?,
        extension(&SubjectKeyIdentifier(own), false)?,
    ];
    if let Some(id) = parent.and_then(Cert::key_id) {
        all.push(extension(&AuthorityKeyIdentifier { key_identifier: Some(id), ..Default::default() }, false)?);
    }
    if profile == Profile::Stamper {
        // RFC 3161: this use alone, and critical
        all.push(extension(&ExtendedKeyUsage(vec![oid::STAMPING_USE]), true)?);
    }
    Ok(all)
}

fn extension<T: Encode + AssociatedOid>(value: &T, critical: bool) -> Result<Extension> {
    Ok(Extension { extn_id: T::OID, critical, extn_value: OctetString::new(value.to_der()?)? })
}

/// RFC 7093 method 1: the first 160 bits of SHA-256.
fn key_id(key: &[u8]) -> Result<OctetString> {
    Ok(OctetString::new(&crate::sha256(key)[..20])?)
}

fn name_of(subject: &Subject) -> Result<Name> {
    let parts = [
        (oid::COUNTRY, Tag::PrintableString, Some("CN")),
        (oid::STATE, Tag::Utf8String, subject.province.as_deref()),
        (oid::ORGANIZATION, Tag::Utf8String, Some(subject.name.as_str())),
        (oid::SERIAL_NUMBER, Tag::PrintableString, subject.code.as_deref()),
        (oid::COMMON_NAME, Tag::Utf8String, Some(subject.name.as_str())),
    ];
    let mut rows = Vec::new();
    for (oid, tag, value) in parts {
        let Some(value) = value else { continue };
        let part = AttributeTypeAndValue { oid, value: Any::new(tag, value.as_bytes())? };
        rows.push(SetOfVec::from_iter([part])?);
    }
    Ok(Name::from_der(&rows.to_der()?)?)
}

fn serial() -> Result<SerialNumber> {
    let mut bytes = [0_u8; 16];
    ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut bytes).map_err(|_| Fault::Key("no randomness".into()))?;
    bytes[0] = bytes[0] & 0x7f | 0x40; // positive and of full length
    Ok(SerialNumber::new(&bytes)?)
}

/// RFC 5280: the short form until 2049.
fn time(at: DateTime<Utc>) -> Result<Time> {
    let since = std::time::Duration::from_secs(u64::try_from(at.timestamp()).map_err(|_| Fault::Certificate("before 1970".into()))?);
    Ok(match UtcTime::from_unix_duration(since) {
        Ok(short) => Time::UtcTime(short),
        Err(_) => Time::GeneralTime(GeneralizedTime::from_unix_duration(since)?),
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::chain::{self, Broken, Use};
    use crate::key::{Algorithm, generate};

    pub fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    pub fn start() -> DateTime<Utc> {
        moment("2026-11-22T00:00:00Z")
    }

    pub fn root(name: &str) -> FileSigner {
        let pem = generate(Algorithm::EcdsaP384).unwrap();
        let bare = FileSigner::open(&pem, Vec::new()).unwrap();
        let subject = Subject { name: name.into(), ..Subject::default() };
        let cert = issue(&bare, &subject, Profile::Root, Term { from: start(), days: 7300 }, None).unwrap();
        FileSigner::open(&pem, vec![cert]).unwrap()
    }

    pub fn holder(name: &str, profile: Profile, days: i64, root: &FileSigner) -> FileSigner {
        let pem = generate(Algorithm::EcdsaP256).unwrap();
        let bare = FileSigner::open(&pem, Vec::new()).unwrap();
        let subject = Subject { name: name.into(), province: Some("山东省".into()), code: Some("370102".into()) };
        let cert = issue(&bare, &subject, profile, Term { from: start(), days }, Some(root)).unwrap();
        FileSigner::open(&pem, vec![cert]).unwrap()
    }

    #[test]
    fn a_seal_leads_to_its_root_within_its_term_and_use() {
        let (root, other) = (root("山东根"), root("别省根"));
        let seal = holder("济南市历下区人民法院", Profile::Seal, 30, &root);
        let cert = &seal.certificate_chain()[0];
        assert_eq!((cert.common_name().as_str(), cert.court_code().as_deref()), ("济南市历下区人民法院", Some("370102")));
        assert_eq!(cert.issuer_name(), "山东根");
        let roots = root.certificate_chain().to_vec();
        let at = |text: &str| chain::check(cert, &[], &roots, moment(text), Use::Seal);
        assert_eq!(at("2026-12-01T00:00:00Z"), Ok(()));
        assert_eq!(at("2027-12-01T00:00:00Z"), Err(Broken::Expired));
        assert_eq!(at("2026-11-01T00:00:00Z"), Err(Broken::NotYet));
        assert_eq!(chain::check(cert, &[], other.certificate_chain(), start(), Use::Seal), Err(Broken::Untrusted));
        assert!(matches!(chain::check(cert, &[], &roots, start(), Use::Stamp), Err(Broken::Unfit(_))));
        let tsa = holder("授时", Profile::Stamper, 30, &root);
        assert_eq!(chain::check(&tsa.certificate_chain()[0], &[], &roots, start(), Use::Stamp), Ok(()));
        assert!(matches!(chain::check(&tsa.certificate_chain()[0], &[], &roots, start(), Use::Seal), Err(Broken::Unfit(_))));
    }

    #[test]
    fn a_certificate_survives_pem_and_belongs_to_its_key() {
        let root = root("根");
        let (a, b) = (holder("甲", Profile::Seal, 30, &root), holder("乙", Profile::Seal, 30, &root));
        let pem = format!("{}\n{}", a.certificate_chain()[0].to_pem().unwrap(), root.certificate_chain()[0].to_pem().unwrap());
        let back = Cert::from_pem(&pem).unwrap();
        assert_eq!(back.len(), 2);
        assert_eq!(&back[0], &a.certificate_chain()[0]);
        assert_ne!(a.public_key(), b.public_key());
        assert!(FileSigner::open(&generate(Algorithm::EcdsaP256).unwrap(), back).is_err(), "another key");
    }
}
