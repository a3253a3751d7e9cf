//! RSA keys for a simulated platform and its merchant. Owns finding primes and writing PKCS#8; must never make a key for
//! anything but a simulation: nothing here runs in constant time.
//!
//! Made here because ring makes no RSA keys, and the one Rust crate that does carries an advisory without a cure.

use std::io;

use num_bigint::BigUint;
use ring::rand::{SecureRandom, SystemRandom};

const HALF_BITS: usize = 1024;
const EXPONENT: u32 = 65537;
/// Rounds of Miller and Rabin: for random numbers of this size far more than needed.
const ROUNDS: usize = 12;

/// A new RSA key of 2048 bits as PKCS#8 DER.
pub fn new_key() -> io::Result<Vec<u8>> {
    let random = SystemRandom::new();
    let small = small_primes();
    let (one, e) = (BigUint::from(1u8), BigUint::from(EXPONENT));
    let (p, q) = loop {
        let (a, b) = (prime(&random, &small)?, prime(&random, &small)?);
        if a != b && (&a * &b).bits() == 2 * HALF_BITS as u64 {
            break if a > b { (a, b) } else { (b, a) };
        }
    };
    let (p1, q1) = (&p - &one, &q - &one);
    let inverse = |of: &BigUint, modulus: &BigUint| of.modinv(modulus).ok_or_else(|| io::Error::other("no inverse"));
    let d = inverse(&e, &(&p1 * &q1))?;
    let parts = [&p * &q, e, d.clone(), p.clone(), q.clone(), &d % &p1, &d % &q1, inverse(&q, &p)?];
    Ok(pkcs8(&parts))
}

fn prime(random: &SystemRandom, small: &[u32]) -> io::Result<BigUint> {
    loop {
        let mut bytes = [0u8; HALF_BITS / 8];
        random.fill(&mut bytes).map_err(|_| io::Error::other("no randomness"))?;
        bytes[0] |= 0xC0;
        bytes[HALF_BITS / 8 - 1] |= 1;
        let start = BigUint::from_bytes_be(&bytes);
        let rests: Vec<u32> = small.iter().map(|p| rest(&start, *p)).collect();
        for step in (0..8192u32).step_by(2) {
            if small.iter().zip(&rests).any(|(p, rest)| (rest + step) % p == 0) {
                continue;
            }
            let candidate = &start + step;
            if rest(&candidate, EXPONENT) != 1 && is_prime(&candidate, random)? {
                return Ok(candidate);
            }
        }
    }
}

fn rest(of: &BigUint, by: u32) -> u32 {
    (of % by).iter_u32_digits().next().unwrap_or_default()
}

fn small_primes() -> Vec<u32> {
    (3..2000u32).step_by(2).filter(|n| (3..).step_by(2).take_while(|d| d * d <= *n).all(|d| n % d != 0)).collect()
}

fn is_prime(n: &BigUint, random: &SystemRandom) -> io::Result<bool> {
    let one = BigUint::from(1u8);
    let n1 = n - &one;
    let twos = n1.trailing_zeros().unwrap_or_default();
    let odd = &n1 >> twos;
    for _ in 0..ROUNDS {
        let mut bytes = [0u8; HALF_BITS / 8 - 1];
        random.fill(&mut bytes).map_err(|_| io::Error::other("no randomness"))?;
        let mut x = (BigUint::from_bytes_be(&bytes) + 2u8).modpow(&odd, n);
        if x == one || x == n1 {
            continue;
        }
        let mut squares = 1;
        while squares < twos && x != n1 {
            x = &x * &x % n;
            squares += 1;
        }
        if x != n1 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// RFC 8017 A.1.2 inside RFC 5958.
fn pkcs8(parts: &[BigUint; 8]) -> Vec<u8> {
    const RSA_ENCRYPTION: [u8; 15] = [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00];
    let zero = integer(&BigUint::from(0u8));
    let mut key = zero.clone();
    parts.iter().for_each(|part| key.extend(integer(part)));
    let mut whole = zero;
    whole.extend(RSA_ENCRYPTION);
    whole.extend(tlv(0x04, &tlv(0x30, &key)));
    tlv(0x30, &whole)
}

fn integer(value: &BigUint) -> Vec<u8> {
    let mut bytes = value.to_bytes_be();
    if bytes.first().is_some_and(|first| first & 0x80 != 0) {
        bytes.insert(0, 0);
    }
    tlv(0x02, &bytes)
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match length {
        0..=127 => out.push(length as u8),
        128..=255 => out.extend([0x81, length as u8]),
        _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend_from_slice(content);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ring_takes_the_key() {
        let key = ring::rsa::KeyPair::from_pkcs8(&new_key().unwrap()).unwrap();
        assert_eq!(key.public().modulus_len(), 256);
    }
}
