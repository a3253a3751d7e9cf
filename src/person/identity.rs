//! 身份: which number identifies whom, and how a typed one is read.
//!
//! Owns the kinds of identifiers and of proofs, their normal form and their masks. Must never take an
//! identifier for a credential (A12).

use chrono::NaiveDate;
use poem_openapi::Enum;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::kit::seal::{Seal, sha256};
use crate::kit::text::{Bounds, clean};
use crate::person::documents::{LawyerLicence, Mobile, ResidentId, Uscc, tidy};
use crate::person::faults::Fault;
use crate::person::masking::{self, Viewer};
use crate::person::other_documents::{ForeignPermanent, HkMacauPermit, Passport, TaiwanPermit};

/// What one may type to say who one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 手机号.
    Mobile,
    /// 证件号码.
    IdNumber,
    /// 执业证号.
    Licence,
    /// 统一社会信用代码.
    Uscc,
}

impl Kind {
    /// The name in `identifiers.kind`, which is the blind index's label as well.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Mobile => "mobile",
            Kind::IdNumber => "id_number",
            Kind::Licence => "licence",
            Kind::Uscc => "uscc",
        }
    }

    /// The blind index of a normalised number.
    ///
    /// # Errors
    /// When the key file is unusable.
    pub fn index(self, seal: &Seal, number: &str) -> Result<Vec<u8>> {
        seal.blind(self.key(), number)
    }
}

/// The normal form of whatever was typed at the sign-in desk, and the kinds it may be. Never refuses:
/// a malformed number simply belongs to nobody, and looks the same from outside.
pub fn typed(text: &str) -> (String, &'static [Kind]) {
    match Mobile::parse(text) {
        Ok(mobile) => (mobile.into_string(), &[Kind::Mobile]),
        Err(_) => (tidy(text), &[Kind::IdNumber, Kind::Licence, Kind::Uscc]),
    }
}

/// 证件种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum ProofKind {
    /// 居民身份证.
    ResidentId,
    /// 护照.
    Passport,
    /// 港澳居民来往内地通行证.
    HkMacauPermit,
    /// 台湾居民来往大陆通行证.
    TaiwanPermit,
    /// 外国人永久居留身份证.
    ForeignPermanent,
    /// 营业执照等, by its credit code.
    Organisation,
    /// 律师执业证.
    LawyerLicence,
    /// 法律服务工作者执业证.
    LegalWorkerLicence,
}

use ProofKind::{
    ForeignPermanent as Foreign, HkMacauPermit as HkMacau, LawyerLicence as Lawyer, LegalWorkerLicence as LegalWorker, Organisation,
    Passport as Pass, ResidentId as Resident, TaiwanPermit as Taiwan,
};

impl ProofKind {
    /// Every kind.
    pub const ALL: [ProofKind; 8] = [Resident, Pass, HkMacau, Taiwan, Foreign, Organisation, Lawyer, LegalWorker];

    /// The name in `proofs.kind`.
    pub fn key(self) -> &'static str {
        match self {
            Resident => "resident_id",
            Pass => "passport",
            HkMacau => "hk_macau_permit",
            Taiwan => "taiwan_permit",
            Foreign => "foreign_permanent",
            Organisation => "organisation",
            Lawyer => "lawyer_licence",
            LegalWorker => "legal_worker_licence",
        }
    }

    /// The kind of that name.
    pub fn parse(key: &str) -> Option<ProofKind> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// As people call it.
    pub fn label(self) -> &'static str {
        match self {
            Resident => "居民身份证",
            Pass => "护照",
            HkMacau => "港澳居民来往内地通行证",
            Taiwan => "台湾居民来往大陆通行证",
            Foreign => "外国人永久居留身份证",
            Organisation => "统一社会信用代码证照",
            Lawyer => "律师执业证",
            LegalWorker => "法律服务工作者执业证",
        }
    }

    /// The identifier its number is.
    pub fn identifier(self) -> Kind {
        match self {
            Organisation => Kind::Uscc,
            Lawyer | LegalWorker => Kind::Licence,
            _ => Kind::IdNumber,
        }
    }

    /// A document of the person, not of an organisation or a profession.
    pub fn is_personal(self) -> bool {
        self.identifier() == Kind::IdNumber
    }

    /// The role that comes with the licence.
    pub fn role(self) -> Option<&'static str> {
        match self {
            Lawyer => Some("lawyer"),
            LegalWorker => Some("legal_worker"),
            _ => None,
        }
    }

    /// What the register of identities calls it; the others it does not keep.
    pub fn register(self) -> Option<&'static str> {
        match self {
            Resident => Some("resident"),
            Organisation => Some("organisation"),
            Lawyer => Some("lawyer"),
            LegalWorker => Some("legal_worker"),
            _ => None,
        }
    }

    /// Reads a number of this kind into its normal form.
    ///
    /// # Errors
    /// What is wrong with it, and the cure.
    pub fn read(self, number: &str, today: NaiveDate) -> std::result::Result<String, Fault> {
        Ok(match self {
            Resident => ResidentId::parse(number, today)?.into_string(),
            Pass => Passport::parse(number, None)?.into_string(),
            HkMacau => HkMacauPermit::parse(number)?.into_string(),
            Taiwan => TaiwanPermit::parse(number)?.into_string(),
            Foreign => ForeignPermanent::parse(number, today)?.into_string(),
            Organisation => Uscc::parse(number)?.into_string(),
            Lawyer => LawyerLicence::parse(number, today)?.into_string(),
            LegalWorker => tidy(&clean(number, Bounds::line(4, 40))?),
        })
    }

    /// The number as its owner and a court's list see it.
    pub fn mask(self, number: &str) -> String {
        let shown = match self {
            Organisation => masking::credit_code(number, Viewer::Owner),
            Lawyer | LegalWorker => masking::licence(number, Viewer::Owner),
            _ => masking::id_number(number, Viewer::Owner),
        };
        shown.unwrap_or_default()
    }
}

/// The subject of a soft lock: what was typed, whether or not it belongs to anybody.
///
/// # Errors
/// When the key file is unusable.
pub fn lock_subject(seal: &Seal, typed: &str, device: Option<&str>) -> Result<Vec<u8>> {
    let index = seal.blind("soft_lock", typed)?;
    Ok(match device {
        Some(device) => sha256(&[&index, device.as_bytes()].concat()),
        None => index,
    })
}

/// 凭证状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum ProofState {
    /// 本人填报.
    Claimed,
    /// 已与证件核对.
    CheckedByDocument,
    /// 已与登记信息核对.
    CheckedByRegistry,
    /// 法院已核对.
    CheckedByClerk,
    /// 未通过.
    Rejected,
}

impl ProofState {
    /// The name in `proofs.state`.
    pub fn key(self) -> &'static str {
        match self {
            ProofState::Claimed => "claimed",
            ProofState::CheckedByDocument => "checked_by_document",
            ProofState::CheckedByRegistry => "checked_by_registry",
            ProofState::CheckedByClerk => "checked_by_clerk",
            ProofState::Rejected => "rejected",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_identifier_is_read_however_it_is_written() {
        assert_eq!(typed("+86 138-0013-8000"), ("13800138000".into(), &[Kind::Mobile][..]));
        let (id, kinds) = typed("37010218990101018x");
        assert_eq!((id.as_str(), kinds.contains(&Kind::IdNumber)), ("37010218990101018X", true));
        let (nothing, kinds) = typed("\u{0}' or 1=1 --");
        assert!(!nothing.is_empty() && kinds.len() == 3);
    }

    #[test]
    fn every_kind_is_read_back_by_name() {
        assert!(ProofKind::ALL.into_iter().all(|kind| ProofKind::parse(kind.key()) == Some(kind)));
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        assert!(ProofKind::LegalWorkerLicence.read("abc", today).is_err());
        assert_eq!(ProofKind::LegalWorkerLicence.read("鲁法 3701-22", today).ok().as_deref(), Some("鲁法370122"));
        assert_eq!(ProofKind::ResidentId.mask("11010519491231002X"), "110105********002X");
    }
}
