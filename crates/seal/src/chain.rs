//! Does a certificate lead to a root that is trusted, at a given moment? The path is built and checked by
//! `rustls-webpki`; this file owns what a seal or a time stamp asks of it. Revocation is not asked: a list of
//! revoked certificates is not carried in a B-B or B-T signature.

use chrono::{DateTime, Utc};
use pki_types::{CertificateDer, UnixTime};
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter};

use crate::cert::Cert;

/// What the key is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Sealing papers.
    Seal,
    /// Time-stamping; the certificate must say so.
    Stamp,
}

/// Why a certificate does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// No root that is trusted issued it.
    Untrusted,
    /// The moment lies after its end.
    Expired,
    /// The moment lies before its beginning.
    NotYet,
    /// It is for something else, in words.
    Unfit(String),
}

const STAMPING: &[usize] = &[1, 3, 6, 1, 5, 5, 7, 3, 8];
/// documentSigning (RFC 9336), emailProtection, any: what issuers put on certificates that sign documents.
const SEALING: [&[usize]; 3] = [&[1, 3, 6, 1, 5, 5, 7, 3, 36], &[1, 3, 6, 1, 5, 5, 7, 3, 4], &[2, 5, 29, 37, 0]];

impl ExtendedKeyUsageValidator for Use {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        let mut none = true;
        for purpose in purposes {
            none = false;
            let purpose = purpose?.to_decoded_oid();
            let fits = match self {
                Self::Stamp => purpose == STAMPING,
                Self::Seal => SEALING.iter().any(|s| purpose == *s),
            };
            if fits {
                return Ok(());
            }
        }
        if none && *self == Self::Seal { Ok(()) } else { Err(Error::EndEntityUsedAsCa) }
    }
}

/// Checks a path from a certificate over what came with it to one of the roots.
///
/// # Errors
/// Why it does not count at that moment.
pub fn check(leaf: &Cert, others: &[Cert], roots: &[Cert], at: DateTime<Utc>, for_use: Use) -> Result<(), Broken> {
    if !leaf.may_sign() {
        return Err(Broken::Unfit("its key usage does not allow signatures".into()));
    }
    let roots: Vec<CertificateDer<'_>> = roots.iter().map(|c| CertificateDer::from(c.der())).collect();
    let anchors: Vec<_> = roots.iter().filter_map(|c| webpki::anchor_from_trusted_cert(c).ok()).collect();
    let others: Vec<CertificateDer<'_>> = others.iter().map(|c| CertificateDer::from(c.der())).collect();
    let leaf = CertificateDer::from(leaf.der());
    let leaf = EndEntityCert::try_from(&leaf).map_err(|e| Broken::Unfit(e.to_string()))?;
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    match leaf.verify_for_usage(webpki::ALL_VERIFICATION_ALGS, &anchors, &others, time, for_use, None, None) {
        Ok(_) => Ok(()),
        Err(Error::CertExpired { .. }) => Err(Broken::Expired),
        Err(Error::CertNotValidYet { .. }) => Err(Broken::NotYet),
        // our own validator's word: webpki has no error of its own to lend for a use it does not know
        Err(Error::EndEntityUsedAsCa) => Err(Broken::Unfit("it is issued for another use".into())),
        Err(Error::CaUsedAsEndEntity) => Err(Broken::Unfit("it is an authority's certificate".into())),
        Err(_) => Err(Broken::Untrusted),
    }
}
