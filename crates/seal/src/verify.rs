//! Is this paper what a court sealed? One file in, one report out, without a server and without a clock of its own.
//!
//! Owns the order of the checks and the reason codes, which are stable. Must never answer "verified" when a check
//! was left out: without a trusted root the answer is `issuer_untrusted`, whatever else holds.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::cert::Cert;
use crate::chain::{self, Broken, Use};
use crate::cms::{Bad, Message};
use crate::pdf_read::{self, Found};
use crate::stamp::{self, NoStamp, Stamp};

/// Whom to believe.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Roots of seals.
    pub seals: Vec<Cert>,
    /// Roots of time-stamping authorities.
    pub stamps: Vec<Cert>,
}

/// What is asked about a file.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Whom to believe.
    pub trust: &'a Trust,
    /// The moment of asking; certificates count at the time stamp, where there is one.
    pub now: DateTime<Utc>,
    /// The court it must come from; without it, the one the paper names as its author.
    pub court: Option<&'a str>,
    /// A time stamp token kept beside the file.
    pub beside: Option<&'a [u8]>,
}

/// Why the answer is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Everything holds.
    Verified,
    /// No PDF, or too damaged to be read.
    NotPdf,
    /// There is no signature in it.
    NotSigned,
    /// Its end is missing.
    FileCut,
    /// Something was added after it was sealed.
    ChangedAfterSigning,
    /// The signature leaves out more than itself.
    ByteRangeInvalid,
    /// The content was changed.
    ContentChanged,
    /// The signature cannot be read.
    SignatureMalformed,
    /// The signature was not made with the key of its certificate.
    SignatureInvalid,
    /// The certificate was exchanged.
    CertificateMismatch,
    /// Made by an algorithm that is not checked here.
    AlgorithmUnsupported,
    /// No trusted root issued the certificate.
    IssuerUntrusted,
    /// The certificate had ended.
    CertificateExpired,
    /// The certificate had not begun.
    CertificateNotYetValid,
    /// The certificate is for something else.
    CertificateUnfit,
    /// Sealed by another court than the paper names.
    OtherCourt,
    /// The time stamp cannot be read or its signature does not hold.
    StampInvalid,
    /// The time stamp belongs to another signature.
    StampWrongDigest,
    /// The time stamp's authority is not trusted.
    StampUntrusted,
}

impl Reason {
    /// The stable code, as JSON has it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::NotPdf => "not_pdf",
            Self::NotSigned => "not_signed",
            Self::FileCut => "file_cut",
            Self::ChangedAfterSigning => "changed_after_signing",
            Self::ByteRangeInvalid => "byte_range_invalid",
            Self::ContentChanged => "content_changed",
            Self::SignatureMalformed => "signature_malformed",
            Self::SignatureInvalid => "signature_invalid",
            Self::CertificateMismatch => "certificate_mismatch",
            Self::AlgorithmUnsupported => "algorithm_unsupported",
            Self::IssuerUntrusted => "issuer_untrusted",
            Self::CertificateExpired => "certificate_expired",
            Self::CertificateNotYetValid => "certificate_not_yet_valid",
            Self::CertificateUnfit => "certificate_unfit",
            Self::OtherCourt => "other_court",
            Self::StampInvalid => "stamp_invalid",
            Self::StampWrongDigest => "stamp_wrong_digest",
            Self::StampUntrusted => "stamp_untrusted",
        }
    }

    /// In Chinese and English.
    pub fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Verified => ("签章有效，内容未改动", "the seal holds and nothing was changed"),
            Self::NotPdf => ("不是可读取的 PDF 文件", "not a readable PDF"),
            Self::NotSigned => ("文件没有电子签章", "there is no electronic seal in it"),
            Self::FileCut => ("文件不完整", "the end of the file is missing"),
            Self::ChangedAfterSigning => ("签章之后文件又被添加了内容", "something was added after it was sealed"),
            Self::ByteRangeInvalid => ("签章没有覆盖整个文件", "the seal does not cover the whole file"),
            Self::ContentChanged => ("签章之后内容被改动", "the content was changed after it was sealed"),
            Self::SignatureMalformed => ("签章数据无法读取", "the signature cannot be read"),
            Self::SignatureInvalid => ("签名值与证书不符", "the signature was not made with the certificate's key"),
            Self::CertificateMismatch => ("签章证书被替换", "the certificate was exchanged"),
            Self::AlgorithmUnsupported => ("本程序不核验该签名算法", "made by an algorithm that is not checked here"),
            Self::IssuerUntrusted => ("签章证书不是由受信任的机构签发", "no trusted authority issued the certificate"),
            Self::CertificateExpired => ("签章时证书已过期", "the certificate had ended"),
            Self::CertificateNotYetValid => ("签章时证书尚未生效", "the certificate had not begun"),
            Self::CertificateUnfit => ("证书不能用于电子签章", "the certificate is not for seals"),
            Self::OtherCourt => ("签章法院与文书所载法院不一致", "sealed by another court than the paper names"),
            Self::StampInvalid => ("时间戳无效", "the time stamp does not hold"),
            Self::StampWrongDigest => ("时间戳不属于本签章", "the time stamp belongs to another signature"),
            Self::StampUntrusted => ("时间戳不是由受信任的机构签发", "the time stamp's authority is not trusted"),
        }
    }
}

/// The answer. Members are known as far as the check came; only `verified` says that they are true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether everything holds.
    pub verified: bool,
    /// Why.
    pub reason: Reason,
    /// What exactly, for an engineer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Who sealed: the certificate's owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub court: Option<String>,
    /// The court's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub court_code: Option<String>,
    /// The certificate's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// When, by the signer's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<String>,
    /// `B-B` without a time stamp, `B-T` with one in the file, `B-B+stamp` with one beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'static str>,
    /// The moment the time stamp proves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stamped_at: Option<DateTime<Utc>>,
    /// Who stamped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stamped_by: Option<String>,
}

/// What stops a check.
struct Stop(Reason, Option<String>);

impl From<Reason> for Stop {
    fn from(reason: Reason) -> Self {
        Self(reason, None)
    }
}

impl From<Bad> for Stop {
    fn from(bad: Bad) -> Self {
        match bad {
            Bad::Malformed(what) => Self(Reason::SignatureMalformed, Some(what)),
            Bad::Digest => Reason::ContentChanged.into(),
            Bad::Signature => Reason::SignatureInvalid.into(),
            Bad::Certificate => Reason::CertificateMismatch.into(),
            Bad::Algorithm(name) => Self(Reason::AlgorithmUnsupported, Some(name)),
        }
    }
}

impl From<NoStamp> for Stop {
    fn from(why: NoStamp) -> Self {
        let reason = match why {
            NoStamp::WrongDigest => Reason::StampWrongDigest,
            NoStamp::Untrusted(_) => Reason::StampUntrusted,
            _ => Reason::StampInvalid,
        };
        Self(reason, Some(why.to_string()))
    }
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Untrusted => Reason::IssuerUntrusted.into(),
            Broken::Expired => Reason::CertificateExpired.into(),
            Broken::NotYet => Reason::CertificateNotYetValid.into(),
            Broken::Unfit(why) => Self(Reason::CertificateUnfit, Some(why)),
        }
    }
}

/// What a time stamp on a file's last signature has to speak of.
pub fn imprint(pdf: &[u8]) -> Option<[u8; 32]> {
    let found = pdf_read::signatures(pdf).ok()?;
    Message::read(&found.last()?.contents).ok().map(|message| message.imprint())
}

/// Checks a file.
pub fn verify(pdf: &[u8], question: &Question<'_>) -> Report {
    let mut report = Report {
        verified: false,
        reason: Reason::NotPdf,
        detail: None,
        sha256: hex::encode(crate::sha256(pdf)),
        court: None,
        court_code: None,
        certificate: None,
        issuer: None,
        claimed_at: None,
        level: None,
        stamped_at: None,
        stamped_by: None,
    };
    match judge(pdf, question, &mut report) {
        Ok(()) => {
            report.verified = true;
            report.reason = Reason::Verified;
        }
        Err(Stop(reason, detail)) => {
            report.reason = reason;
            report.detail = detail;
        }
    }
    report
}

fn judge(pdf: &[u8], question: &Question<'_>, report: &mut Report) -> Result<(), Stop> {
    if !pdf.starts_with(b"%PDF-") {
        return Err(Reason::NotPdf.into());
    }
    let found = match pdf_read::signatures(pdf) {
        Ok(found) if !found.is_empty() => found,
        unread => return Err(unsigned(pdf, unread.err())),
    };
    // earlier signatures cover an earlier state; the last must cover everything
    let (last, earlier) = found.split_last().ok_or(Reason::NotSigned)?;
    for one in earlier {
        let (message, content) = opened(pdf, one, false)?;
        message.check(&content)?;
    }
    let (message, content) = opened(pdf, last, true)?;
    report.claimed_at = last.claimed.clone();
    if let Ok(cert) = message.signer() {
        tell(report, cert);
    }
    message.check(&content)?;
    let stamp = stamp_of(&message, question)?;
    report.level = Some(match (&stamp, message.stamp()) {
        (Some(_), Some(_)) => "B-T",
        (Some(_), None) => "B-B+stamp",
        _ => "B-B",
    });
    let at = stamp.as_ref().map_or(question.now, |s| s.time);
    report.stamped_at = stamp.as_ref().map(|s| s.time);
    report.stamped_by = stamp.map(|s| s.authority);
    let cert = message.signer()?;
    chain::check(cert, &message.certs, &question.trust.seals, at, Use::Seal)?;
    same_court(pdf, cert, question.court)
}

/// A file whose signature cannot be found tells by what is left of it which of three things happened.
fn unsigned(pdf: &[u8], fault: Option<String>) -> Stop {
    let has = |needle: &[u8]| pdf.windows(needle.len()).any(|w| w == needle);
    let ended = pdf.trim_ascii_end().ends_with(b"%%EOF");
    match (has(b"/ByteRange"), ended) {
        (true, false) => Stop(Reason::FileCut, fault),
        (true, true) => Stop(Reason::SignatureMalformed, fault.or_else(|| Some("the signature is no longer referred to".into()))),
        (false, _) if fault.is_some() => Stop(Reason::NotPdf, fault),
        (false, _) => Reason::NotSigned.into(),
    }
}

/// The message of a signature and what it covers.
fn opened(pdf: &[u8], one: &Found, whole: bool) -> Result<(Message, Vec<u8>), Stop> {
    let end = one.end().ok_or(Reason::ByteRangeInvalid)?;
    if end > pdf.len() {
        return Err(Reason::FileCut.into());
    }
    let hole = one.hole(pdf.len()).ok_or(Reason::ByteRangeInvalid)?;
    let string = &pdf[hole.clone()];
    let inner = string.strip_prefix(b"<").and_then(|s| s.strip_suffix(b">")).ok_or(Reason::ByteRangeInvalid)?;
    let bytes = hex::decode(inner).map_err(|_| Reason::ByteRangeInvalid)?;
    if bytes != one.contents {
        return Err(Reason::ByteRangeInvalid.into());
    }
    if whole && end < pdf.len() {
        return Err(Stop(Reason::ChangedAfterSigning, Some(format!("{} bytes follow", pdf.len() - end))));
    }
    if !matches!(one.format.as_str(), "ETSI.CAdES.detached" | "adbe.pkcs7.detached") {
        return Err(Stop(Reason::AlgorithmUnsupported, Some(one.format.clone())));
    }
    let content = [&pdf[..hole.start], &pdf[hole.end..end]].concat();
    Ok((Message::read(&bytes)?, content))
}

fn tell(report: &mut Report, cert: &Cert) {
    report.court = Some(cert.common_name());
    report.court_code = cert.court_code();
    report.certificate = Some(cert.serial());
    report.issuer = Some(cert.issuer_name());
}

fn stamp_of(message: &Message, question: &Question<'_>) -> Result<Option<Stamp>, Stop> {
    let inside = message.stamp();
    let Some(token) = inside.as_deref().or(question.beside) else { return Ok(None) };
    Ok(Some(stamp::check(token, &message.imprint(), &question.trust.stamps)?))
}

fn same_court(pdf: &[u8], cert: &Cert, asked: Option<&str>) -> Result<(), Stop> {
    let wanted = match asked {
        Some(name) => Some(name.to_owned()),
        None => pdf_read::author(pdf),
    };
    match wanted {
        Some(name) if name != cert.common_name() => {
            Err(Stop(Reason::OtherCourt, Some(format!("the paper names {name}, the seal is of {}", cert.common_name()))))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
