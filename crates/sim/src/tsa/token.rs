//! A request in, a token out (RFC 3161, RFC 5652, RFC 5816). Owns how it may be wrong on purpose.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::der::{self, integer, oid, seq, set, tlv};
use super::keys::Keys;

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 4];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 3];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4];
const SIGNING_CERTIFICATE_V2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 47];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
/// 1.3.6.1.4.1.32473.1: a number for examples (RFC 5612).
const POLICY: &[u8] = &[0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 1];

/// How a token is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wrong {
    /// It answers another request.
    pub nonce: bool,
    /// It stamps another digest.
    pub digest: bool,
    /// Its signature is of something else.
    pub signature: bool,
}

/// What a request asks.
pub struct Request<'a> {
    imprint: &'a [u8],
    hash: &'a [u8],
    nonce: Option<&'a [u8]>,
    certificates: bool,
}

impl<'a> Request<'a> {
    /// Reads a request; `None` is not one.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let outer = der::read(bytes)?;
        let parts = der::members(outer.content)?;
        let imprint = parts.get(1).filter(|p| p.tag == 0x30)?;
        let hash = der::members(imprint.content)?.into_iter().nth(1).filter(|h| h.tag == 0x04)?.content;
        let later = |tag| parts.iter().skip(2).find(|p| p.tag == tag);
        let nonce = later(0x02).map(|n| n.content);
        let certificates = later(0x01).is_some_and(|b| b.content == [0xff]);
        (outer.tag == 0x30 && outer.rest.is_empty()).then_some(Self { imprint: imprint.whole, hash, nonce, certificates })
    }
}

/// A refusal: status 2, with words and the bit `badDataFormat`.
pub fn refusal(words: &str) -> Vec<u8> {
    let text = seq(&[&tlv(0x0c, words.as_bytes())]);
    seq(&[&seq(&[&integer(&[2]), &text, &tlv(0x03, &[2, 0x04])])])
}

/// The answer to a request.
pub fn answer(request: &Request<'_>, keys: &Keys, serial: u64, at: DateTime<Utc>, wrong: Wrong) -> std::io::Result<Vec<u8>> {
    let info = info(request, serial, at, wrong);
    let attributes = attributes(&info, keys);
    let signed = tlv(0x31, &attributes);
    let signature = if wrong.signature { keys.sign(b"something else")? } else { keys.sign(&signed)? };
    let signer = keys.issuer_and_serial().ok_or_else(|| std::io::Error::other("certificate"))?;
    let sha256 = seq(&[&oid(SHA256)]);
    let signer_info =
        seq(&[&integer(&[1]), &signer, &sha256, &tlv(0xa0, &attributes), &seq(&[&oid(ECDSA_SHA256)]), &tlv(0x04, &signature)]);
    let content = seq(&[&oid(TST_INFO), &tlv(0xa0, &tlv(0x04, &info))]);
    let certificates = if request.certificates { tlv(0xa0, &keys.certificate) } else { Vec::new() };
    let data = seq(&[&integer(&[3]), &set(vec![sha256.clone()]), &content, &certificates, &set(vec![signer_info])]);
    let token = seq(&[&oid(SIGNED_DATA), &tlv(0xa0, &data)]);
    Ok(seq(&[&seq(&[&integer(&[0])]), &token]))
}

fn info(request: &Request<'_>, serial: u64, at: DateTime<Utc>, wrong: Wrong) -> Vec<u8> {
    let mut imprint = request.imprint.to_vec();
    if wrong.digest
        && let Some(last) = imprint.last_mut()
    {
        *last ^= 1;
    }
    debug_assert!(request.hash.len() < imprint.len());
    let nonce = request.nonce.map(|nonce| {
        let mut nonce = nonce.to_vec();
        if wrong.nonce
            && let Some(last) = nonce.last_mut()
        {
            *last ^= 1;
        }
        tlv(0x02, &nonce)
    });
    let time = tlv(0x18, at.format("%Y%m%d%H%M%SZ").to_string().as_bytes());
    let accuracy = seq(&[&integer(&[1])]);
    seq(&[&integer(&[1]), &oid(POLICY), &imprint, &integer(&serial.to_be_bytes()), &time, &accuracy, &nonce.unwrap_or_default()])
}

/// The members of the SET that is signed, in its order.
fn attributes(info: &[u8], keys: &Keys) -> Vec<u8> {
    let one = |kind: &[u8], value: Vec<u8>| seq(&[&oid(kind), &set(vec![value])]);
    let named = seq(&[&seq(&[&seq(&[&tlv(0x04, &Sha256::digest(&keys.certificate))])])]);
    let mut all =
        [one(CONTENT_TYPE, oid(TST_INFO)), one(MESSAGE_DIGEST, tlv(0x04, &Sha256::digest(info))), one(SIGNING_CERTIFICATE_V2, named)];
    all.sort();
    all.concat()
}
