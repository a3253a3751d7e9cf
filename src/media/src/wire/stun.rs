//! Connectivity checks (STUN, RFC 8489) as an ICE-lite side needs them: read a binding request, prove it, answer it.
//!
//! Must never: do the keyed hash before the name in the request is known to be one of ours.

use std::net::{IpAddr, SocketAddr};

use ring::hmac;

use super::{u16_at, u32_at};

const COOKIE: u32 = 0x2112_a442;
const USERNAME: u16 = 0x0006;
const INTEGRITY: u16 = 0x0008;
const PRIORITY: u16 = 0x0024;
const CONTROLLING: u16 = 0x802a;
const USE_CANDIDATE: u16 = 0x0025;
const FINGERPRINT: u16 = 0x8028;
const MAPPED: u16 = 0x0020;

/// A binding request that looks well-formed; nothing in it is proven yet.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    raw: &'a [u8],
    /// Our half of the user name: whom it is for.
    pub local: &'a str,
    /// Their half.
    pub remote: &'a str,
    /// The other side wants media on this path.
    pub nominates: bool,
    integrity_at: usize,
}

impl<'a> Request<'a> {
    /// Reads a datagram.
    pub fn parse(raw: &'a [u8]) -> Option<Self> {
        let length = usize::from(u16_at(raw, 2)?);
        if u16_at(raw, 0)? != 0x0001 || u32_at(raw, 4)? != COOKIE || length + 20 != raw.len() || length % 4 != 0 {
            return None;
        }
        let (mut at, mut name, mut nominates) = (20, None, false);
        while at < raw.len() {
            let (kind, size) = (u16_at(raw, at)?, usize::from(u16_at(raw, at + 2)?));
            let value = raw.get(at + 4..at + 4 + size)?;
            match kind {
                USERNAME => name = std::str::from_utf8(value).ok().filter(|n| n.len() <= 128),
                USE_CANDIDATE => nominates = true,
                // what follows the proof is not covered by it
                INTEGRITY if size == 20 => {
                    let (local, remote) = name?.split_once(':')?;
                    return Some(Self { raw, local, remote, nominates, integrity_at: at });
                }
                _ => {}
            }
            at += 4 + size.next_multiple_of(4);
        }
        None
    }

    /// Is it from somebody who knows our password?
    pub fn proven(&self, password: &str) -> bool {
        let Some(tag) = self.raw.get(self.integrity_at + 4..self.integrity_at + 24) else { return false };
        let mut signed = self.raw[..self.integrity_at].to_vec();
        signed[2..4].copy_from_slice(&((self.integrity_at - 20 + 24) as u16).to_be_bytes());
        hmac::verify(&key(password), &signed, tag).is_ok()
    }

    /// The answer: you came from there.
    pub fn answer(&self, from: SocketAddr, password: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(96);
        out.extend_from_slice(&0x0101u16.to_be_bytes());
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&self.raw[4..20]);
        mapped(&mut out, from);
        sign(&mut out, password);
        out
    }
}

fn key(password: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes())
}

fn attribute(out: &mut Vec<u8>, kind: u16, value: &[u8]) {
    out.extend_from_slice(&kind.to_be_bytes());
    out.extend_from_slice(&(value.len() as u16).to_be_bytes());
    out.extend_from_slice(value);
    out.resize(out.len().next_multiple_of(4), 0);
}

fn mapped(out: &mut Vec<u8>, from: SocketAddr) {
    let port = from.port() ^ (COOKIE >> 16) as u16;
    let mut value = vec![0, 1];
    value.extend_from_slice(&port.to_be_bytes());
    match from.ip().to_canonical() {
        IpAddr::V4(ip) => value.extend_from_slice(&(u32::from(ip) ^ COOKIE).to_be_bytes()),
        IpAddr::V6(ip) => {
            value[1] = 2;
            let mask: Vec<u8> = out[4..20].to_vec();
            value.extend(ip.octets().iter().zip(mask).map(|(a, b)| a ^ b));
        }
    }
    attribute(out, MAPPED, &value);
}

fn set_length(out: &mut [u8], length: usize) {
    out[2..4].copy_from_slice(&(length as u16).to_be_bytes());
}

fn sign(out: &mut Vec<u8>, password: &str) {
    let end = out.len();
    set_length(out, end - 20 + 24);
    let tag = hmac::sign(&key(password), out);
    attribute(out, INTEGRITY, tag.as_ref());
    let end = out.len();
    set_length(out, end - 20 + 8);
    let sum = crc32(out) ^ 0x5354_554e;
    attribute(out, FINGERPRINT, &sum.to_be_bytes());
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
        }
    }
    !crc
}

/// A request of our own: tests and flood tests speak the other side.
pub fn request(transaction: [u8; 12], username: &str, password: &str, nominates: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    out.extend_from_slice(&0x0001u16.to_be_bytes());
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(&COOKIE.to_be_bytes());
    out.extend_from_slice(&transaction);
    attribute(&mut out, USERNAME, username.as_bytes());
    // both are asked of a controlling agent by RFC 8445, 7.1; stacks that keep to it drop checks without them
    attribute(&mut out, PRIORITY, &0x6e00_01ff_u32.to_be_bytes());
    attribute(&mut out, CONTROLLING, &transaction[..8]);
    if nominates {
        attribute(&mut out, USE_CANDIDATE, &[]);
    }
    sign(&mut out, password);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 5769 2.1: a sample request, with its user name, password and proof.
    const SAMPLE: &[u8] = b"\x00\x01\x00\x58\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae\
\x80\x22\x00\x10STUN test client\x00\x24\x00\x04\x6e\x00\x01\xff\x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36\
\x00\x06\x00\x09\x65\x76\x74\x6a\x3a\x68\x36\x76\x59\x20\x20\x20\x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\
\x78\x1e\xf2\xb5\xb2\xd3\xf2\x49\xc1\xb5\x71\xa2\x80\x28\x00\x04\xe5\x7a\x3b\xcf";

    #[test]
    fn the_sample_of_the_standard() {
        let request = Request::parse(SAMPLE).unwrap();
        assert_eq!((request.local, request.remote, request.nominates), ("evtj", "h6vY", false));
        assert!(request.proven("VOkJxbRl1RmTxUk/WvJxBt"));
        assert!(!request.proven("VOkJxbRl1RmTxUk/WvJxBu"));
        assert_eq!(crc32(&SAMPLE[..SAMPLE.len() - 8]) ^ 0x5354_554e, 0xe57a_3bcf);
    }

    #[test]
    fn ours_is_understood_and_answered() {
        let raw = request([7; 12], "here:there", "secret", true);
        let read = Request::parse(&raw).unwrap();
        assert!(read.nominates && read.proven("secret"));
        let answer = read.answer("192.0.2.9:4000".parse().unwrap(), "secret");
        assert_eq!(answer[8..20], [7; 12]);
        assert_eq!(usize::from(u16_at(&answer, 2).unwrap()) + 20, answer.len());
    }

    #[test]
    fn a_flipped_bit_is_refused_and_nothing_falls() {
        let raw = request([7; 12], "here:there", "secret", true);
        for at in 0..raw.len() {
            let mut bad = raw.clone();
            bad[at] ^= 0x41;
            let covered = at < raw.len() - 8;
            assert!(!covered || Request::parse(&bad).is_none_or(|r| !r.proven("secret")), "byte {at}");
            Request::parse(&raw[..at]);
        }
    }
}
