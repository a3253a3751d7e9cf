//! RFC 3161 time stamps: the request, the answer, the token. No socket and no clock: the bytes go out and come in
//! by the caller's hand, who also says which roots may stamp.

use chrono::{DateTime, NaiveDateTime, Utc};
use der::asn1::{Any, Int, OctetString};
use der::{Decode, Encode};

use crate::asn1::{self, Imprint, StampInfo, StampRequest, StampResponse, oid};
use crate::cert::Cert;
use crate::chain::{self, Broken, Use};
use crate::cms::{Bad, Message};
use crate::fault::Result;

/// What a request is sent as.
pub const REQUEST_TYPE: &str = "application/timestamp-query";
/// What an answer comes as.
pub const ANSWER_TYPE: &str = "application/timestamp-reply";

/// A token that holds.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// Its bytes.
    pub token: Vec<u8>,
    /// The moment it proves.
    pub time: DateTime<Utc>,
    /// Who says so.
    pub authority: String,
}

/// Why an answer or a token does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoStamp {
    /// The authority refused, in its words.
    Refused(String),
    /// It cannot be read.
    Malformed(String),
    /// It speaks of something else.
    WrongDigest,
    /// It answers another question.
    WrongNonce,
    /// Its signature does not hold.
    BadSignature,
    /// It was not made by an authority that is trusted, or outside its term.
    Untrusted(Broken),
}

impl std::fmt::Display for NoStamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(words) => write!(f, "refused: {words}"),
            Self::Malformed(words) => write!(f, "unreadable: {words}"),
            Self::WrongDigest => f.write_str("stamps another digest"),
            Self::WrongNonce => f.write_str("answers another request"),
            Self::BadSignature => f.write_str("its signature does not hold"),
            Self::Untrusted(why) => write!(f, "its certificate does not count: {why:?}"),
        }
    }
}

/// The request for a stamp on a SHA-256 digest.
///
/// # Errors
/// When it cannot be encoded.
pub fn request(imprint: &[u8; 32], nonce: u64) -> Result<Vec<u8>> {
    let request = StampRequest {
        version: 1,
        imprint: Imprint { algorithm: asn1::plain(oid::SHA256), hash: OctetString::new(imprint.as_slice())? },
        policy: None,
        nonce: Some(integer(nonce)?),
        certificates: true,
    };
    Ok(request.to_der()?)
}

fn integer(n: u64) -> Result<Int> {
    let mut bytes = vec![0];
    bytes.extend(n.to_be_bytes());
    let lead = bytes.windows(2).take_while(|w| w[0] == 0 && w[1] < 0x80).count().min(8);
    Ok(Int::new(&bytes[lead..])?)
}

/// Takes the answer to a request.
///
/// # Errors
/// Why it does not count.
pub fn accept(answer: &[u8], imprint: &[u8; 32], nonce: u64, roots: &[Cert]) -> Result<Stamp, NoStamp> {
    let answer = StampResponse::from_der(answer).map_err(|e| NoStamp::Malformed(e.to_string()))?;
    let token = match (answer.status.status, answer.token) {
        (0 | 1, Some(token)) => token,
        (status, _) => return Err(NoStamp::Refused(format!("status {status}{}", words(answer.status.words.as_deref())))),
    };
    let token = token.to_der().map_err(|e| NoStamp::Malformed(e.to_string()))?;
    let (stamp, info) = opened(&token, imprint, roots)?;
    let asked = integer(nonce).map_err(|e| NoStamp::Malformed(e.to_string()))?;
    if info.nonce.as_ref() != Some(&asked) {
        return Err(NoStamp::WrongNonce);
    }
    Ok(stamp)
}

fn words(given: Option<&[Any]>) -> String {
    given.unwrap_or_default().iter().map(|w| format!(", {}", String::from_utf8_lossy(w.value()))).collect()
}

/// Checks a token by itself, years later.
///
/// # Errors
/// Why it does not count.
pub fn check(token: &[u8], imprint: &[u8; 32], roots: &[Cert]) -> Result<Stamp, NoStamp> {
    opened(token, imprint, roots).map(|(stamp, _)| stamp)
}

fn opened(token: &[u8], imprint: &[u8; 32], roots: &[Cert]) -> Result<(Stamp, StampInfo), NoStamp> {
    let bad = |why: Bad| match why {
        Bad::Malformed(words) => NoStamp::Malformed(words),
        Bad::Algorithm(name) => NoStamp::Malformed(format!("algorithm {name} is not checked here")),
        Bad::Digest | Bad::Signature | Bad::Certificate => NoStamp::BadSignature,
    };
    let message = Message::read(token).map_err(bad)?;
    let content = message.content(oid::TST_INFO).map_err(bad)?;
    let info = StampInfo::from_der(&content).map_err(|e| NoStamp::Malformed(e.to_string()))?;
    message.check(&content).map_err(bad)?;
    if info.imprint.algorithm.oid != oid::SHA256 || info.imprint.hash.as_bytes() != imprint {
        return Err(NoStamp::WrongDigest);
    }
    let time = moment(info.time.value()).ok_or_else(|| NoStamp::Malformed("its time".into()))?;
    let own = message.signer().map_err(bad)?;
    chain::check(own, &message.certs, roots, time, Use::Stamp).map_err(NoStamp::Untrusted)?;
    Ok((Stamp { token: token.to_vec(), time, authority: own.common_name() }, info))
}

/// `20261122023105Z`, also with a fraction of a second.
fn moment(text: &[u8]) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let format = if text.contains('.') { "%Y%m%d%H%M%S%.f" } else { "%Y%m%d%H%M%S" };
    NaiveDateTime::parse_from_str(text, format).ok().map(|t| t.and_utc())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::asn1::{EncapsulatedContent, SignedData, SignerInfo};
    use crate::cms;
    use crate::key::{FileSigner, Signer};
    use der::asn1::{ObjectIdentifier, SetOfVec};

    /// A token as an authority makes it.
    pub fn stamped(authority: &FileSigner, imprint: &[u8; 32], at: DateTime<Utc>) -> Vec<u8> {
        let time = at.format("%Y%m%d%H%M%SZ").to_string();
        let info = StampInfo {
            version: 1,
            policy: Any::from(ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1")),
            imprint: Imprint { algorithm: asn1::plain(oid::SHA256), hash: OctetString::new(imprint.as_slice()).unwrap() },
            serial: integer(1).unwrap(),
            time: Any::new(der::Tag::GeneralizedTime, time.as_bytes()).unwrap(),
            accuracy: None,
            ordering: false,
            nonce: Some(integer(9).unwrap()),
            authority: None,
            extensions: None,
        };
        let info = info.to_der().unwrap();
        let own = &authority.certificate_chain()[0];
        let attributes = cms::signed_attributes(oid::TST_INFO, &crate::sha256(&info), own).unwrap();
        let signer = SignerInfo {
            version: 1,
            signer: Any::from_der(&own.issuer_and_serial().to_der().unwrap()).unwrap(),
            digest_algorithm: asn1::plain(oid::SHA256),
            signature: OctetString::new(authority.sign(&asn1::as_set(&attributes).unwrap()).unwrap()).unwrap(),
            signed_attributes: Some(attributes),
            signature_algorithm: authority.algorithm().identifier(),
            unsigned_attributes: None,
        };
        let content = Any::encode_from(&OctetString::new(info).unwrap()).unwrap();
        let signed = SignedData {
            version: 3,
            digest_algorithms: SetOfVec::from_iter([asn1::plain(oid::SHA256)]).unwrap(),
            content: EncapsulatedContent { content_type: oid::TST_INFO, content: Some(content) },
            certificates: Some(vec![Any::from_der(own.der()).unwrap()]),
            crls: None,
            signer_infos: SetOfVec::from_iter([Any::from_der(&signer.to_der().unwrap()).unwrap()]).unwrap(),
        };
        cms::wrapped(&signed).unwrap()
    }

    #[test]
    fn a_number_is_encoded_in_its_shortest_form() {
        for (n, bytes) in [(0, vec![0]), (127, vec![127]), (128, vec![0, 128]), (u64::MAX, [vec![0], vec![255; 8]].concat())] {
            assert_eq!(integer(n).unwrap().as_bytes(), bytes, "{n}");
        }
    }

    #[test]
    fn a_time_may_have_a_fraction() {
        assert_eq!(moment(b"20261122023105Z").unwrap().to_rfc3339(), "2026-11-22T02:31:05+00:00");
        assert_eq!(moment(b"20261122023105.25Z").unwrap().timestamp_subsec_millis(), 250);
        assert!(moment(b"20261122023105").is_none());
    }

    #[test]
    fn a_request_is_what_openssl_reads() {
        let der = request(&[7; 32], 0x0102_0304_0506_0708).unwrap();
        let back = StampRequest::from_der(&der).unwrap();
        assert!(back.certificates);
        assert_eq!(back.imprint.hash.as_bytes(), [7; 32]);
    }

    #[test]
    fn rubbish_is_refused() {
        assert!(matches!(accept(b"<html>", &[0; 32], 1, &[]), Err(NoStamp::Malformed(_))));
        let refusal = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02];
        assert!(matches!(accept(&refusal, &[0; 32], 1, &[]), Err(NoStamp::Refused(_))));
    }
}
