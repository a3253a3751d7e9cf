//! The signature itself: a detached CMS SignedData as PAdES wants it (ETSI EN 319 142-1): one signer, the signed
//! attributes content-type, message-digest and signing-certificate-v2, no signing-time; the time stamp is added
//! outside what is signed.

use der::asn1::{Any, OctetString, SetOfVec};
use der::{Decode, Encode};
use ring::signature as ring_sig;
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::asn1::{
    self, ContentInfo, EncapsulatedContent, EssCertIdV2, SignedData, SignerInfo, SigningCertificate, SigningCertificateV2, oid,
};
use crate::cert::Cert;
use crate::fault::{Fault, Result};
use crate::key::Signer;

/// A finished signature over a digest, not yet written anywhere.
pub struct Signature {
    info: SignerInfo,
    chain: Vec<Cert>,
}

/// Signs a message that is given by its digest in the signer's own algorithm.
///
/// # Errors
/// When the key is not to be had.
pub fn sign(signer: &dyn Signer, digest: &[u8]) -> Result<Signature> {
    let own = signer.certificate_chain().first().ok_or_else(|| Fault::Certificate("the key has no certificate".into()))?;
    let algorithm = signer.algorithm();
    let attributes = signed_attributes(oid::DATA, digest, own)?;
    let signature = signer.sign(&asn1::as_set(&attributes)?)?;
    let info = SignerInfo {
        version: 1,
        signer: Any::from_der(&own.issuer_and_serial().to_der()?)?,
        digest_algorithm: algorithm.digest(),
        signed_attributes: Some(attributes),
        signature_algorithm: algorithm.identifier(),
        signature: OctetString::new(signature)?,
        unsigned_attributes: None,
    };
    Ok(Signature { info, chain: signer.certificate_chain().to_vec() })
}

/// The attributes, in the order of their encoding as DER wants a SET.
pub(crate) fn signed_attributes(content: der::asn1::ObjectIdentifier, digest: &[u8], own: &Cert) -> Result<Vec<Attribute>> {
    let certificate = SigningCertificateV2 {
        certs: vec![EssCertIdV2 { algorithm: None, hash: OctetString::new(crate::sha256(own.der()).as_slice())?, issuer_serial: None }],
        policies: None,
    };
    let mut all = vec![
        asn1::attribute(oid::CONTENT_TYPE, Any::from(content))?,
        asn1::attribute(oid::MESSAGE_DIGEST, Any::encode_from(&OctetString::new(digest)?)?)?,
        asn1::attribute(oid::SIGNING_CERTIFICATE_V2, Any::from_der(&certificate.to_der()?)?)?,
    ];
    let mut keyed = all.drain(..).map(|a| Ok((a.to_der()?, a))).collect::<der::Result<Vec<_>>>()?;
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(keyed.into_iter().map(|(_, a)| a).collect())
}

impl Signature {
    /// The value a time stamp speaks of: SHA-256 of the signature.
    pub fn imprint(&self) -> [u8; 32] {
        crate::sha256(self.info.signature.as_bytes())
    }

    /// The CMS message, with the time stamp token when there is one.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn to_der(&self, stamp: Option<&[u8]>) -> Result<Vec<u8>> {
        let mut info = self.info.clone();
        if let Some(token) = stamp {
            info.unsigned_attributes = Some(vec![asn1::attribute(oid::STAMP_TOKEN, Any::from_der(token)?)?]);
        }
        let certificates = self.chain.iter().map(|c| Any::from_der(c.der())).collect::<der::Result<Vec<_>>>()?;
        let signed = SignedData {
            version: 1,
            digest_algorithms: SetOfVec::from_iter([info.digest_algorithm.clone()])?,
            content: EncapsulatedContent { content_type: oid::DATA, content: None },
            certificates: Some(certificates),
            crls: None,
            signer_infos: SetOfVec::from_iter([Any::from_der(&info.to_der()?)?])?,
        };
        wrapped(&signed)
    }
}

pub(crate) fn wrapped(signed: &SignedData) -> Result<Vec<u8>> {
    Ok(ContentInfo { content_type: oid::SIGNED_DATA, content: Any::from_der(&signed.to_der()?)? }.to_der()?)
}

/// A read message with one signer.
pub struct Message {
    signed: SignedData,
    info: SignerInfo,
    /// Certificates that came along.
    pub certs: Vec<Cert>,
}

/// Why a message does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bad {
    /// It cannot be read.
    Malformed(String),
    /// The signed digest is another one: the content was changed.
    Digest,
    /// The signature does not belong to this key and these attributes.
    Signature,
    /// The signed attributes name another certificate, or none.
    Certificate,
    /// Done by an algorithm that is not checked here.
    Algorithm(String),
}

fn malformed(what: impl std::fmt::Display) -> Bad {
    Bad::Malformed(what.to_string())
}

impl Message {
    /// Reads a message; padding of zeros after it is allowed, anything else is not.
    ///
    /// # Errors
    /// `Malformed`.
    pub fn read(bytes: &[u8]) -> Result<Self, Bad> {
        let end = asn1::length_of(bytes).ok_or_else(|| malformed("no complete value"))?;
        let (message, padding) = bytes.split_at(end);
        if padding.iter().any(|b| *b != 0) {
            return Err(malformed("something lies behind the message"));
        }
        let outer = ContentInfo::from_der(message).map_err(malformed)?;
        if outer.content_type != oid::SIGNED_DATA {
            return Err(malformed("not SignedData"));
        }
        let signed: SignedData = outer.content.decode_as().map_err(malformed)?;
        let [info] = signed.signer_infos.as_slice() else { return Err(malformed("not exactly one signer")) };
        let info: SignerInfo = info.decode_as().map_err(malformed)?;
        let mut certs = Vec::new();
        for certificate in signed.certificates.iter().flatten() {
            // other kinds than X.509 may stand there and are no use to anybody
            if let Ok(cert) = certificate.to_der().map_err(Fault::from).and_then(|der| Cert::from_der(&der)) {
                certs.push(cert);
            }
        }
        Ok(Self { signed, info, certs })
    }

    /// The certificate of the signer.
    ///
    /// # Errors
    /// When it did not come along.
    pub fn signer(&self) -> Result<&Cert, Bad> {
        self.certs.iter().find(|c| c.is_named_by(&self.info.signer)).ok_or(Bad::Certificate)
    }

    /// What the message holds itself (a time stamp token holds its info).
    pub fn content(&self, kind: der::asn1::ObjectIdentifier) -> Result<Vec<u8>, Bad> {
        if self.signed.content.content_type != kind {
            return Err(malformed("another kind of content"));
        }
        let content = self.signed.content.content.as_ref().ok_or_else(|| malformed("no content"))?;
        content.decode_as::<OctetString>().map(|o| o.as_bytes().to_vec()).map_err(malformed)
    }

    /// SHA-256 of the signature's value, of which a time stamp speaks.
    pub fn imprint(&self) -> [u8; 32] {
        crate::sha256(self.info.signature.as_bytes())
    }

    /// The time stamp token in the unsigned attributes.
    pub fn stamp(&self) -> Option<Vec<u8>> {
        let all = self.info.unsigned_attributes.as_deref().unwrap_or_default();
        all.iter().find(|a| a.oid == oid::STAMP_TOKEN)?.values.get(0)?.to_der().ok()
    }

    /// The message again, with a token as its only time stamp.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn with_stamp(&self, token: &[u8]) -> Result<Vec<u8>> {
        let mut info = self.info.clone();
        info.unsigned_attributes = Some(vec![asn1::attribute(oid::STAMP_TOKEN, Any::from_der(token)?)?]);
        let mut signed = self.signed.clone();
        signed.signer_infos = SetOfVec::from_iter([Any::from_der(&info.to_der()?)?])?;
        wrapped(&signed)
    }

    /// The message with another certificate named and enclosed: what a forger would do.
    #[cfg(test)]
    pub(crate) fn with_signer(&self, other: &Cert) -> Vec<u8> {
        let mut info = self.info.clone();
        info.signer = Any::from_der(&other.issuer_and_serial().to_der().unwrap()).unwrap();
        let mut signed = self.signed.clone();
        signed.certificates = Some(vec![Any::from_der(other.der()).unwrap()]);
        signed.signer_infos = SetOfVec::from_iter([Any::from_der(&info.to_der().unwrap()).unwrap()]).unwrap();
        wrapped(&signed).unwrap()
    }

    /// Checks digest, signing certificate and signature over `content`.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn check(&self, content: &[u8]) -> Result<(), Bad> {
        let attributes = self.info.signed_attributes.as_ref().ok_or_else(|| malformed("no signed attributes"))?;
        let value = |oid| attributes.iter().find(|a| a.oid == oid).and_then(|a| a.values.get(0));
        let digest = value(oid::MESSAGE_DIGEST).and_then(|v| v.decode_as::<OctetString>().ok()).ok_or_else(|| malformed("no digest"))?;
        let kind = value(oid::CONTENT_TYPE).and_then(|v| v.decode_as::<der::asn1::ObjectIdentifier>().ok());
        if kind != Some(self.signed.content.content_type) {
            return Err(malformed("the signed kind of content is another one"));
        }
        let computed = hash(self.info.digest_algorithm.oid, content)?;
        if digest.as_bytes() != computed.as_ref() {
            return Err(Bad::Digest);
        }
        let own = self.signer()?;
        let v2 = value(oid::SIGNING_CERTIFICATE_V2).map(|v| names_v2(v, own));
        let v1 = value(oid::SIGNING_CERTIFICATE).map(|v| names_v1(v, own));
        if !v2.or(v1).unwrap_or(false) {
            return Err(Bad::Certificate);
        }
        let message = asn1::as_set(attributes).map_err(malformed)?;
        let info = &self.info;
        holds(
            own.key_identifier(),
            own.public_key(),
            &info.signature_algorithm,
            Some(info.digest_algorithm.oid),
            &message,
            info.signature.as_bytes(),
        )
    }
}

fn names_v2(value: &Any, own: &Cert) -> bool {
    let Ok(named) = value.decode_as::<SigningCertificateV2>() else { return false };
    let Some(first) = named.certs.first() else { return false };
    let algorithm = first.algorithm.as_ref().map_or(oid::SHA256, |a| a.oid);
    hash(algorithm, own.der()).is_ok_and(|h| h.as_ref() == first.hash.as_bytes())
}

fn names_v1(value: &Any, own: &Cert) -> bool {
    let Ok(named) = value.decode_as::<SigningCertificate>() else { return false };
    let sha1 = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, own.der());
    named.certs.first().is_some_and(|first| first.hash.as_bytes() == sha1.as_ref())
}

pub(crate) fn hash(algorithm: der::asn1::ObjectIdentifier, content: &[u8]) -> Result<ring::digest::Digest, Bad> {
    let kind = match algorithm {
        oid::SHA256 => &ring::digest::SHA256,
        oid::SHA384 => &ring::digest::SHA384,
        oid::SHA512 => &ring::digest::SHA512,
        oid::SM3 => return Err(Bad::Algorithm("SM3 in signatures".into())),
        oid::SHA1 => return Err(Bad::Algorithm("SHA-1".into())),
        other => return Err(Bad::Algorithm(other.to_string())),
    };
    Ok(ring::digest::digest(kind, content))
}

/// Whether a signature over a message holds under a public key. Some writers name only the key's kind as the
/// signature's algorithm; then the digest algorithm completes it.
///
/// # Errors
/// `Signature` or `Algorithm`.
pub fn holds(
    key_kind: &AlgorithmIdentifierOwned,
    key: &[u8],
    algorithm: &AlgorithmIdentifierOwned,
    digest: Option<der::asn1::ObjectIdentifier>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Bad> {
    let curve = key_kind.parameters.as_ref().and_then(|p| p.decode_as::<der::asn1::ObjectIdentifier>().ok());
    let wanted = match (algorithm.oid, digest) {
        (oid::RSA_KEY, Some(oid::SHA256)) => oid::RSA_SHA256,
        (oid::RSA_KEY, Some(oid::SHA384)) => oid::RSA_SHA384,
        (oid::RSA_KEY, Some(oid::SHA512)) => oid::RSA_SHA512,
        (oid::EC_KEY, Some(oid::SHA256)) => oid::ECDSA_SHA256,
        (oid::EC_KEY, Some(oid::SHA384)) => oid::ECDSA_SHA384,
        (named, _) => named,
    };
    let check: &dyn ring_sig::VerificationAlgorithm = match (key_kind.oid, curve, wanted) {
        (oid::EC_KEY, Some(oid::P256), oid::ECDSA_SHA256) => &ring_sig::ECDSA_P256_SHA256_ASN1,
        (oid::EC_KEY, Some(oid::P256), oid::ECDSA_SHA384) => &ring_sig::ECDSA_P256_SHA384_ASN1,
        (oid::EC_KEY, Some(oid::P384), oid::ECDSA_SHA256) => &ring_sig::ECDSA_P384_SHA256_ASN1,
        (oid::EC_KEY, Some(oid::P384), oid::ECDSA_SHA384) => &ring_sig::ECDSA_P384_SHA384_ASN1,
        (oid::RSA_KEY, _, oid::RSA_SHA256) => &ring_sig::RSA_PKCS1_2048_8192_SHA256,
        (oid::RSA_KEY, _, oid::RSA_SHA384) => &ring_sig::RSA_PKCS1_2048_8192_SHA384,
        (oid::RSA_KEY, _, oid::RSA_SHA512) => &ring_sig::RSA_PKCS1_2048_8192_SHA512,
        (_, _, oid::SM2_SM3) => return Err(Bad::Algorithm("SM2 with SM3".into())),
        (_, _, other) => return Err(Bad::Algorithm(other.to_string())),
    };
    ring_sig::UnparsedPublicKey::new(check, key).verify(message, signature).map_err(|_| Bad::Signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::Profile;
    use crate::pki::tests::{holder, root};

    #[test]
    fn what_is_signed_is_read_back_and_holds_for_nothing_else() {
        let root = root("根");
        let seal = holder("历下", Profile::Seal, 30, &root);
        let signature = sign(&seal, &crate::sha256(b"paper")).unwrap();
        let der = signature.to_der(None).unwrap();
        let mut padded = der.clone();
        padded.extend([0; 100]);
        let message = Message::read(&padded).unwrap();
        assert_eq!(message.check(b"paper"), Ok(()));
        assert_eq!(message.check(b"other"), Err(Bad::Digest));
        assert_eq!(message.imprint(), signature.imprint());
        assert!(message.stamp().is_none());
        padded.push(1);
        assert!(matches!(Message::read(&padded), Err(Bad::Malformed(_))));
    }

    #[test]
    fn another_certificate_of_the_same_key_is_found_out() {
        let root = root("根");
        let seal = holder("历下", Profile::Seal, 30, &root);
        let term = crate::pki::Term { from: crate::pki::tests::start(), days: 900 };
        let subject = crate::pki::Subject { name: "市中".into(), ..Default::default() };
        let twin = crate::pki::issue(&seal, &subject, Profile::Seal, term, Some(&root)).unwrap();
        let mut signature = sign(&seal, &crate::sha256(b"paper")).unwrap();
        signature.info.signer = Any::from_der(&twin.issuer_and_serial().to_der().unwrap()).unwrap();
        signature.chain = vec![twin];
        let message = Message::read(&signature.to_der(None).unwrap()).unwrap();
        assert_eq!(message.check(b"paper"), Err(Bad::Certificate));
    }

    #[test]
    fn no_bit_of_the_message_can_be_turned_unseen() {
        let root = root("根");
        let der = sign(&holder("历下", Profile::Seal, 30, &root), &crate::sha256(b"paper")).unwrap().to_der(None).unwrap();
        let mut passed = Vec::new();
        for at in 0..der.len() {
            let mut bent = der.clone();
            bent[at] ^= 0x10;
            let held = Message::read(&bent).and_then(|m| {
                m.check(b"paper")?;
                let own = m.signer()?;
                let roots = root.certificate_chain();
                crate::chain::check(own, &m.certs, roots, crate::pki::tests::start(), crate::chain::Use::Seal).map_err(|_| Bad::Certificate)
            });
            if held.is_ok() {
                passed.push(at);
            }
        }
        // the outer version and the digest's listing say nothing that is relied on
        assert!(passed.len() <= 24, "{passed:?}");
    }
}
