//! Names the choices a filing is made of: sides, kinds, grounds, powers.
//!
//! Owns: the closed lists of words in a draft's `content`, spelled as the API spells them. Must never
//! carry a rule. Imports nothing of ours.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),* }
    };
}

words!(
    /// The side of a party.
    Side {
        /// 原告.
        Plaintiff,
        /// 被告.
        Defendant,
        /// 第三人.
        ThirdParty,
        /// 申请执行人.
        Applicant,
        /// 被执行人.
        Respondent,
    }
);
words!(
    /// What a party is (民事诉讼法 Art 51).
    PartyKind {
        /// 自然人.
        Natural,
        /// 法人.
        Legal,
        /// 非法人组织.
        Unincorporated,
    }
);
words!(
    /// 性别.
    Gender {
        /// 男.
        Male,
        /// 女.
        Female,
    }
);
words!(
    /// 证件类型.
    IdType {
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
    }
);
words!(
    /// What a representative is (民事诉讼法 Art 61).
    RepresentativeKind {
        /// 律师.
        Lawyer,
        /// 基层法律服务工作者.
        LegalWorker,
        /// 近亲属.
        Relative,
        /// 工作人员.
        Employee,
        /// 社区、单位或社会团体推荐的公民.
        Recommended,
    }
);
words!(
    /// 代理权限 (民事诉讼法 Art 62).
    Power {
        /// 一般授权.
        General,
        /// 特别授权.
        Special,
    }
);
words!(
    /// On what the filer rests the court's jurisdiction.
    Ground {
        /// 被告住所地 (Art 22).
        DefendantDomicile,
        /// 合同履行地 (Art 24).
        PerformancePlace,
        /// 侵权行为地 (Art 29).
        TortPlace,
        /// 不动产所在地 (Art 34).
        Immovable,
        /// 协议管辖 (Art 35).
        Agreed,
        /// 其他.
        Other,
    }
);
words!(
    /// What an enforcement rests on.
    BasisDocument {
        /// 判决书、裁定书.
        Judgment,
        /// 调解书.
        Mediation,
        /// 仲裁裁决.
        Arbitration,
        /// 公证债权文书.
        Notarised,
    }
);
words!(
    /// 是否考虑先行调解.
    Wish {
        /// 是.
        Yes,
        /// 否.
        No,
        /// 暂不确定.
        Unsure,
    }
);
words!(
    /// 证据种类 (民事诉讼法 Art 66).
    EvidenceKind {
        /// 书证.
        Documentary,
        /// 物证.
        Physical,
        /// 视听资料.
        AudioVisual,
        /// 电子数据.
        Electronic,
        /// 证人证言.
        Testimony,
        /// 鉴定意见.
        Appraisal,
        /// 其他.
        Other,
    }
);
words!(
    /// What a paper is.
    PaperKind {
        /// 身份证件复印件.
        IdCopy,
        /// 营业执照、组织机构代码证.
        BusinessLicence,
        /// 法定代表人身份证明书.
        RepresentativeCertificate,
        /// 授权委托书.
        PowerOfAttorney,
        /// 律师执业证.
        LawyerLicence,
        /// 律师事务所函、介绍信.
        FirmLetter,
        /// 监护关系证明.
        GuardianshipProof,
        /// 亲属关系、劳动关系、推荐等证明.
        KinshipProof,
        /// 仲裁裁决书、不予受理通知书.
        ArbitrationAward,
        /// 执行依据.
        EnforcementBasis,
        /// 行政行为、复议决定.
        AdministrativeDecision,
        /// 其他.
        Other,
    }
);
words!(
    /// What the filer wishes of the procedure.
    ProcedureWish {
        /// 同意适用小额诉讼程序.
        SmallClaimsAgree,
    }
);
