//! Electronic seals on papers: keys, certificates, PAdES signatures (B-B, B-T), RFC 3161 time stamps and the
//! check of all of it without a server.
//!
//! Owns the formats (PDF update, CMS, X.509, time-stamp messages) and the directory of seals. Knows no court's
//! database, opens no socket and reads no clock: time, nonces and the answer of a time-stamping authority are
//! handed in. Must never answer "verified" when any part of the check was left out.

mod asn1;
pub mod cert;
pub mod chain;
pub mod cms;
pub mod fault;
pub mod keep;
pub mod key;
pub mod pdf;
mod pdf_read;
pub mod picture;
pub mod pki;
pub mod stamp;
pub mod token;
pub mod verify;

pub use cert::Cert;
pub use fault::Fault;
pub use key::{Algorithm, FileSigner, Signer};
pub use verify::{Reason, Report, Trust};

/// SHA-256, the digest of everything here.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}
