//! The few structures of CMS (RFC 5652), ESS (RFC 5035) and time-stamping (RFC 3161) that a seal is made of.
//!
//! Owns their shape only. `cms` 0.3 is a release candidate and `x509-tsp` had one release in 2023; on `der` and
//! `x509-cert`, which are kept, these are a page. Values that are merely carried stay `Any`: what is signed is
//! never written anew in another form.

use der::asn1::{Any, BitString, Int, ObjectIdentifier, OctetString, SetOfVec};
use der::{Encode, Sequence};
use x509_cert::attr::Attribute;
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::Validity;

/// Object identifiers.
pub mod oid {
    use der::asn1::ObjectIdentifier;

    macro_rules! oids {
        ($($(#[$doc:meta])* $name:ident = $value:literal;)*) => {
            $($(#[$doc])* pub const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($value);)*
        };
    }
    oids! {
        DATA = "1.2.840.113549.1.7.1";
        SIGNED_DATA = "1.2.840.113549.1.7.2";
        TST_INFO = "1.2.840.113549.1.9.16.1.4";
        CONTENT_TYPE = "1.2.840.113549.1.9.3";
        MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
        SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
        SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
        STAMP_TOKEN = "1.2.840.113549.1.9.16.2.14";
        SHA1 = "1.3.14.3.2.26";
        SHA256 = "2.16.840.1.101.3.4.2.1";
        SHA384 = "2.16.840.1.101.3.4.2.2";
        SHA512 = "2.16.840.1.101.3.4.2.3";
        SM3 = "1.2.156.10197.1.401";
        EC_KEY = "1.2.840.10045.2.1";
        P256 = "1.2.840.10045.3.1.7";
        P384 = "1.3.132.0.34";
        SM2_CURVE = "1.2.156.10197.1.301";
        ECDSA_SHA256 = "1.2.840.10045.4.3.2";
        ECDSA_SHA384 = "1.2.840.10045.4.3.3";
        RSA_KEY = "1.2.840.113549.1.1.1";
        RSA_SHA256 = "1.2.840.113549.1.1.11";
        RSA_SHA384 = "1.2.840.113549.1.1.12";
        RSA_SHA512 = "1.2.840.113549.1.1.13";
        SM2_SM3 = "1.2.156.10197.1.501";
        COMMON_NAME = "2.5.4.3";
        SERIAL_NUMBER = "2.5.4.5";
        COUNTRY = "2.5.4.6";
        STATE = "2.5.4.8";
        ORGANIZATION = "2.5.4.10";
        STAMPING_USE = "1.3.6.1.5.5.7.3.8";
    }
}

#[derive(Clone, Debug, Sequence)]
pub struct ContentInfo {
    pub content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub content: Any,
}

#[derive(Clone, Debug, Sequence)]
pub struct EncapsulatedContent {
    pub content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub content: Option<Any>,
}

#[derive(Clone, Debug, Sequence)]
pub struct SignedData {
    pub version: u8,
    pub digest_algorithms: SetOfVec<AlgorithmIdentifierOwned>,
    pub content: EncapsulatedContent,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub certificates: Option<Vec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub crls: Option<Vec<Any>>,
    pub signer_infos: SetOfVec<Any>,
}

#[derive(Clone, Debug, Sequence)]
pub struct SignerInfo {
    pub version: u8,
    pub signer: Any,
    pub digest_algorithm: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub signed_attributes: Option<Vec<Attribute>>,
    pub signature_algorithm: AlgorithmIdentifierOwned,
    pub signature: OctetString,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub unsigned_attributes: Option<Vec<Attribute>>,
}

#[derive(Clone, Debug, Sequence)]
pub struct IssuerAndSerial {
    pub issuer: Name,
    pub serial: SerialNumber,
}

/// signing-certificate-v2; with SHA-256 the algorithm is left out, as the default must be.
#[derive(Clone, Debug, Sequence)]
pub struct SigningCertificateV2 {
    pub certs: Vec<EssCertIdV2>,
    #[asn1(optional = "true")]
    pub policies: Option<Vec<Any>>,
}

#[derive(Clone, Debug, Sequence)]
pub struct EssCertIdV2 {
    #[asn1(optional = "true")]
    pub algorithm: Option<AlgorithmIdentifierOwned>,
    pub hash: OctetString,
    #[asn1(optional = "true")]
    pub issuer_serial: Option<Vec<Any>>,
}

/// The first form, with SHA-1, which some authorities still send beside or instead of the second.
#[derive(Clone, Debug, Sequence)]
pub struct SigningCertificate {
    pub certs: Vec<EssCertId>,
    #[asn1(optional = "true")]
    pub policies: Option<Vec<Any>>,
}

#[derive(Clone, Debug, Sequence)]
pub struct EssCertId {
    pub hash: OctetString,
    #[asn1(optional = "true")]
    pub issuer_serial: Option<Vec<Any>>,
}

#[derive(Clone, Debug, Sequence)]
pub struct Imprint {
    pub algorithm: AlgorithmIdentifierOwned,
    pub hash: OctetString,
}

#[derive(Clone, Debug, Sequence)]
pub struct StampRequest {
    pub version: u8,
    pub imprint: Imprint,
    #[asn1(optional = "true")]
    pub policy: Option<ObjectIdentifier>,
    #[asn1(optional = "true")]
    pub nonce: Option<Int>,
    #[asn1(default = "Default::default")]
    pub certificates: bool,
}

#[derive(Clone, Debug, Sequence)]
pub struct StampResponse {
    pub status: StampStatus,
    #[asn1(optional = "true")]
    pub token: Option<Any>,
}

#[derive(Clone, Debug, Sequence)]
pub struct StampStatus {
    pub status: u32,
    #[asn1(optional = "true")]
    pub words: Option<Vec<Any>>,
    #[asn1(optional = "true")]
    pub failure: Option<BitString>,
}

/// The time is kept raw: RFC 3161 allows fractions of a second, which certificates do not.
#[derive(Clone, Debug, Sequence)]
pub struct StampInfo {
    pub version: u8,
    pub policy: Any,
    pub imprint: Imprint,
    pub serial: Int,
    pub time: Any,
    #[asn1(optional = "true")]
    pub accuracy: Option<Vec<Any>>,
    #[asn1(default = "Default::default")]
    pub ordering: bool,
    #[asn1(optional = "true")]
    pub nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub authority: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub extensions: Option<Vec<Any>>,
}

/// What a certificate's issuer signs.
#[derive(Clone, Debug, Sequence)]
pub struct Tbs {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub version: u8,
    pub serial: SerialNumber,
    pub algorithm: AlgorithmIdentifierOwned,
    pub issuer: Name,
    pub validity: Validity,
    pub subject: Name,
    pub key: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    pub extensions: Vec<Extension>,
}

#[derive(Clone, Debug, Sequence)]
pub struct SignedCert {
    pub tbs: Tbs,
    pub algorithm: AlgorithmIdentifierOwned,
    pub signature: BitString,
}

/// An algorithm without parameters.
pub fn plain(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

/// An attribute with one value.
pub fn attribute(oid: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::from_iter([value])? })
}

/// Attributes as they are hashed and signed: a SET, in the order they have.
pub fn as_set(attributes: &Vec<Attribute>) -> der::Result<Vec<u8>> {
    let mut bytes = attributes.to_der()?;
    bytes[0] = 0x31;
    Ok(bytes)
}

/// How many bytes the first value of a buffer takes, for a value that lies in padding.
pub fn length_of(bytes: &[u8]) -> Option<usize> {
    let first = usize::from(*bytes.get(1)?);
    if first < 0x80 {
        return Some(2 + first);
    }
    let n = first & 0x7f;
    if n == 0 || n > 4 {
        return None;
    }
    let length = bytes.get(2..2 + n)?.iter().fold(0_usize, |sum, b| sum << 8 | usize::from(*b));
    length.checked_add(2 + n).filter(|end| *end <= bytes.len())
}
