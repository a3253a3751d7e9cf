//! The kinds of fee: names, articles, what the amount means, which words each understands.
//!
//! Owns the list that the calculator offers. Must never reckon: that is `reckon.rs`.

use super::rates::Rate;

/// What the amount of a kind is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountUse {
    /// The kind has no amount; one that is given changes nothing.
    None,
    /// Without an amount the kind costs its base.
    Optional,
    /// There is no fee without an amount; several are added with `+`.
    Required,
    /// The amount before and after: `300000->100000`.
    Change,
}

impl AmountUse {
    /// The word the API uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Optional => "optional",
            Self::Required => "required",
            Self::Change => "change",
        }
    }
}

/// How a kind is reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula {
    /// By the property scale.
    Property,
    /// By the property scale, always halved (Art 18).
    PropertyHalved,
    /// By the property scale, on the part still contested (Art 17, 19).
    Contested,
    /// Retrial: free, unless one of two grounds is given (Art 9).
    Retrial,
    /// A base of the court and what the divided property adds.
    Divorce,
    /// A base of the court and what the damages add.
    Personality,
    /// A base of the court.
    Base(Rate),
    /// A fixed figure of the decree, in fen.
    Fixed(i64),
    /// Nothing is charged.
    Free,
    /// By the enforcement scale, or the base without an amount.
    Enforcement,
    /// By the preservation scale.
    Preservation,
    /// A third of the property scale.
    PaymentOrder,
    /// Half of the property scale, capped.
    Bankruptcy,
    /// By the court's own rule.
    Security,
    /// A claim is lowered.
    Lowered,
    /// A claim is raised.
    Raised,
    /// 简易程序转普通程序.
    ToOrdinary,
    /// 转普通程序后不补交.
    ToOrdinaryUnpaid,
    /// 支付令失效转入诉讼.
    ToSuit,
    /// What is paid back when a case ends some way.
    Refund,
}

/// A kind of fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeKind {
    /// Stable key.
    pub key: &'static str,
    /// Other spellings.
    pub also: &'static [&'static str],
    /// 名称.
    pub zh: &'static str,
    /// Name in English.
    pub en: &'static str,
    /// Group on the page.
    pub group: &'static str,
    /// What the amount is.
    pub amount: AmountUse,
    /// What the amount means, in Chinese and English.
    pub amount_is: (&'static str, &'static str),
    /// The words it understands, by the keys of `words.rs`.
    pub params: &'static [&'static str],
    /// How it is reckoned.
    pub formula: Formula,
    /// The article.
    pub article: (&'static str, &'static str),
}

/// Halving grounds and what an acceptance fee otherwise understands.
const ACCEPTANCE: &[&str] =
    &["summary", "mediated", "withdrawn", "counterclaim", "third_party_independent_claim", "exchange_rate", "currency"];
const BASED: &[&str] = &["base", "summary", "mediated", "withdrawn", "counterclaim", "third_party_independent_claim"];
const PLAIN: &[&str] = &["summary", "mediated", "withdrawn", "counterclaim", "third_party_independent_claim"];
const MIXED: &[&str] = &["excluded", "summary", "mediated", "withdrawn", "counterclaim", "third_party_independent_claim"];
const APPEAL: &[&str] = &["contested", "mediated", "withdrawn", "exchange_rate", "currency"];
const BASE: &[&str] = &["base"];
const NONE: &[&str] = &[];
const CURRENCY: &[&str] = &["exchange_rate", "currency"];
const CHANGED: &[&str] = &["investigation", "already_paid", "summary", "counterclaim", "third_party_independent_claim"];
const RAISED: &[&str] = &["already_paid", "summary", "counterclaim", "third_party_independent_claim"];
const PAID: &[&str] = &["already_paid"];
const OUTCOME: &[&str] = &["outcome"];

const CLAIMED: (&str, &str) = ("诉讼请求的金额", "the amount claimed");
const NO_AMOUNT: (&str, &str) = ("不需要金额", "no amount");

#[allow(clippy::too_many_arguments, reason = "one row of a table, one argument a column")]
const fn kind(
    group: &'static str,
    key: &'static str,
    also: &'static [&'static str],
    zh: &'static str,
    en: &'static str,
    amount: AmountUse,
    amount_is: (&'static str, &'static str),
    params: &'static [&'static str],
    formula: Formula,
    article: (&'static str, &'static str),
) -> FeeKind {
    FeeKind { key, also, zh, en, group, amount, amount_is, params, formula, article }
}

use AmountUse::{Change, None as Nothing, Optional, Required};

/// Writes an article of the decree in both languages.
macro_rules! art {
    ($zh:literal, $en:literal) => {
        (concat!("诉讼费用交纳办法", $zh), concat!("Decree 481, ", $en))
    };
}

/// Every kind, in the order of the decree.
#[rustfmt::skip]
pub const KINDS: &[FeeKind] = &[
    kind("suit", "property_acceptance", &["acceptance_property", "property_acceptance_fee", "property", "property_case", "civil_property", "property_fee"], "财产案件", "Property case", Required, CLAIMED, ACCEPTANCE, Formula::Property, art!("第十三条第一款第一项", "Art 13(1)")),
    kind("suit", "divorce", &["divorce_case", "离婚"], "离婚案件", "Divorce", Optional, ("要分割的财产总额", "the property to be divided"), BASED, Formula::Divorce, art!("第十三条第一款第二项第一目", "Art 13(2)1")),
    kind("suit", "personality", &["personality_rights", "personality_right", "人格权"], "侵害人格权案件", "Personality rights", Optional, ("要求赔偿的金额", "the damages claimed"), BASED, Formula::Personality, art!("第十三条第一款第二项第二目", "Art 13(2)2")),
    kind("suit", "other_nonproperty", &["other_nonproperty_case", "other_non_property", "nonproperty", "non_property", "nonproperty_other", "non_property_other"], "其他非财产案件", "Other case without property", Nothing, NO_AMOUNT, BASED, Formula::Base(Rate::OtherNonproperty), art!("第十三条第一款第二项第三目", "Art 13(2)3")),
    kind("suit", "ip_no_amount", &["ip_without_amount", "intellectual_property_no_amount"], "知识产权案件（没有争议金额）", "Intellectual property, no amount", Nothing, NO_AMOUNT, BASED, Formula::Base(Rate::IpNoAmount), art!("第十三条第一款第三项", "Art 13(3)")),
    kind("suit", "ip_with_amount", &["ip_amount", "intellectual_property_with_amount"], "知识产权案件（有争议金额）", "Intellectual property, with an amount", Required, CLAIMED, ACCEPTANCE, Formula::Property, art!("第十三条第一款第三项", "Art 13(3)")),
    kind("suit", "labour", &["labor", "labour_dispute", "labor_dispute", "劳动争议"], "劳动争议案件", "Labour dispute", Nothing, NO_AMOUNT, PLAIN, Formula::Fixed(1_000), art!("第十三条第一款第四项", "Art 13(4)")),
    kind("suit", "admin_trademark_patent_maritime", &["admin_tm_patent_maritime", "administrative_ip", "admin_ip_or_maritime", "admin_special", "admin_ip", "admin_trademark", "admin_patent", "admin_maritime", "administrative_trademark_patent_maritime", "admin_ip_maritime"], "商标、专利、海事行政案件", "Administrative: trademark, patent, maritime", Nothing, NO_AMOUNT, PLAIN, Formula::Fixed(10_000), art!("第十三条第一款第五项第一目", "Art 13(5)1")),
    kind("suit", "admin_other", &["administrative_other", "administrative", "admin"], "其他行政案件", "Administrative: other", Nothing, NO_AMOUNT, PLAIN, Formula::Fixed(5_000), art!("第十三条第一款第五项第二目", "Art 13(5)2")),
    kind("free", "admin_compensation", &["administrative_compensation"], "行政赔偿案件", "Administrative compensation", Nothing, NO_AMOUNT, NONE, Formula::Free, art!("第八条第四项", "Art 8(4)")),
    kind("suit", "jurisdiction_objection_rejected", &["jurisdiction_objection_denied", "jurisdiction_objection_unfounded", "jurisdiction_objection_not_established", "jurisdiction_objection", "jurisdiction_objection_fails", "jurisdiction_objection_failed", "jurisdiction_objection_dismissed", "jurisdiction_objection_overruled"], "管辖权异议不成立", "Jurisdiction objection that fails", Nothing, NO_AMOUNT, BASE, Formula::Base(Rate::Jurisdiction), art!("第十三条第一款第六项", "Art 13(6)")),
    kind("free", "jurisdiction_objection_upheld", &["jurisdiction_objection_established", "jurisdiction_objection_success", "jurisdiction_objection_granted", "jurisdiction_objection_founded", "jurisdiction_objection_succeeds", "jurisdiction_objection_succeeded", "jurisdiction_objection_sustained", "jurisdiction_objection_accepted", "jurisdiction_objection_allowed"], "管辖权异议成立", "Jurisdiction objection that succeeds", Nothing, NO_AMOUNT, BASE, Formula::Free, art!("第十三条第一款第六项", "Art 13(6)")),
    kind("suit", "multi_property_claims_sum", &["multi_property_claims", "multiple_property_claims", "several_property_claims", "property_claims_sum"], "多项财产请求", "Several property claims", Required, ("各项金额，用加号相连", "each amount, joined by +"), ACCEPTANCE, Formula::Property, ("民诉法解释第二百零一条第二款；诉讼费用交纳办法第十三条第一款第一项", "Interpretation Art 201(2); Decree 481, Art 13(1)")),
    kind("suit", "multi_nonproperty_claims", &["multi_nonproperty_claims_single", "multi_non_property_claims_one_fee", "multiple_non_property_claims", "multi_non_property_claims", "multiple_nonproperty_claims", "multi_nonproperty_claims_one_fee", "multi_nonproperty_one_fee", "several_nonproperty_claims", "multi_nonproperty"], "多项非财产请求", "Several claims without property", Nothing, NO_AMOUNT, BASED, Formula::Base(Rate::OtherNonproperty), ("民诉法解释第二百零一条第三款；诉讼费用交纳办法第十三条第一款第二项第三目", "Interpretation Art 201(3); Decree 481, Art 13(2)3")),
    kind("suit", "mixed_property_and_nonproperty", &["property_and_nonproperty", "mixed", "mixed_claims", "mixed_property_nonproperty"], "既有财产请求又有非财产请求", "Property and other claims together", Required, CLAIMED, MIXED, Formula::Property, ("民诉法解释第二百零一条第一款；诉讼费用交纳办法第十三条第一款第一项", "Interpretation Art 201(1); Decree 481, Art 13(1)")),
    kind("suit", "counterclaim", &["counterclaim_property", "merged_counterclaim"], "反诉（合并审理）", "Counterclaim, joined", Required, ("反诉请求的金额", "the amount of the counterclaim"), ACCEPTANCE, Formula::PropertyHalved, art!("第十八条", "Art 18")),
    kind("suit", "third_party_independent_claim", &["third_party_claim", "third_party"], "有独立请求权的第三人提出请求", "Independent claim of a third party", Required, CLAIMED, ACCEPTANCE, Formula::PropertyHalved, art!("第十八条", "Art 18")),
    kind("appeal", "appeal_property", &["appeal", "property_appeal", "second_instance_property"], "上诉（财产案件）", "Appeal, property case", Required, ("一审的金额；只对一部分上诉的，另填上诉部分", "the amount at first instance; the contested part in the parameters"), APPEAL, Formula::Contested, art!("第十七条", "Art 17")),
    kind("appeal", "appeal_nonproperty", &["appeal_non_property"], "上诉（非财产案件）", "Appeal, case without property", Nothing, NO_AMOUNT, BASED, Formula::Base(Rate::OtherNonproperty), art!("第十三条第一款第二项、第十七条", "Art 13(2), 17")),
    kind("free", "appeal_dismissal_or_jurisdiction_ruling", &["appeal_ruling", "appeal_nonacceptance_dismissal_jurisdiction", "appeal_non_acceptance", "appeal_nonacceptance", "appeal_dismissal", "appeal_jurisdiction_ruling"], "对不予受理、驳回起诉、管辖权异议裁定上诉", "Appeal against a ruling of non-acceptance, dismissal or jurisdiction", Nothing, NO_AMOUNT, NONE, Formula::Free, art!("第八条第三项", "Art 8(3)")),
    kind("free", "ruling_nonacceptance_or_dismissal", &["non_acceptance", "nonacceptance", "dismissal_of_suit", "ruling_dismissal", "ruling_non_acceptance", "nonacceptance_or_dismissal", "no_fee_ruling"], "裁定不予受理、驳回起诉、驳回上诉", "Ruling of non-acceptance or dismissal", Nothing, NO_AMOUNT, NONE, Formula::Free, art!("第八条第二项", "Art 8(2)")),
    kind("appeal", "retrial", &["retrial_no_fee", "retrial_review_no_fee", "retrial_review", "retrial_application", "retrial_property"], "再审", "Retrial", Optional, ("再审请求的金额", "the amount still contested"), &["new_evidence", "skipped_appeal", "contested", "exchange_rate", "currency"], Formula::Retrial, art!("第九条、第十九条", "Art 9, 19")),
    kind("appeal", "retrial_new_evidence", &["retrial_with_new_evidence", "retrial_new_evidence_overturns"], "再审（有新证据，足以推翻原裁判）", "Retrial on new evidence", Required, ("再审请求的金额", "the amount still contested"), APPEAL, Formula::Contested, art!("第九条第一项、第十九条", "Art 9(1), 19")),
    kind("appeal", "retrial_skipped_appeal", &["retrial_without_appeal", "retrial_no_appeal"], "再审（对一审裁判没有上诉）", "Retrial where no appeal was brought", Required, ("再审请求的金额", "the amount still contested"), APPEAL, Formula::Contested, art!("第九条第二项、第十九条", "Art 9(2), 19")),
    kind("free", "special_procedure", &["special_procedure_case", "special_procedure_no_fee", "special"], "特别程序案件", "Special procedure", Nothing, NO_AMOUNT, NONE, Formula::Free, art!("第八条第一项", "Art 8(1)")),
    kind("free", "judicial_confirmation", &["mediation_confirmation", "confirmation"], "司法确认调解协议", "Judicial confirmation of a mediated agreement", Nothing, NO_AMOUNT, NONE, Formula::Free, ("人民调解协议司法确认程序规定第十一条；诉讼费用交纳办法第八条第一项", "Rules on judicial confirmation, Art 11; Decree 481, Art 8(1)")),
    kind("application", "enforcement", &["enforcement_amount", "enforcement_with_amount", "execution"], "申请执行", "Enforcement", Optional, ("要执行的金额", "the amount to be enforced"), &["base", "no_amount"], Formula::Enforcement, art!("第十四条第一项", "Art 14(1)")),
    kind("application", "enforcement_no_amount", &["enforcement_without_amount"], "申请执行（没有金额）", "Enforcement, no amount", Nothing, NO_AMOUNT, &["base", "no_amount"], Formula::Base(Rate::EnforcementNoAmount), art!("第十四条第一项第一目", "Art 14(1)1")),
    kind("application", "recognition_foreign_judgment", &["recognition_enforcement_foreign_judgment", "foreign_judgment_recognition_enforcement", "recognition_foreign_judgment_award", "recognition", "foreign_judgment", "foreign_judgment_recognition", "foreign_award_recognition", "recognition_foreign_award", "recognition_of_foreign_judgment", "recognition_foreign"], "申请承认和执行外国判决、裁定、仲裁裁决", "Recognition of a foreign judgment or award", Optional, ("要执行的金额", "the amount to be enforced"), &["base", "no_amount", "exchange_rate", "currency"], Formula::Enforcement, art!("第十四条第一项", "Art 14(1)")),
    kind("application", "preservation", &["property_preservation", "财产保全"], "申请财产保全", "Preservation", Optional, ("实际保全的财产数额", "the value actually preserved"), &["no_amount", "exchange_rate", "currency"], Formula::Preservation, art!("第十四条第二项", "Art 14(2)")),
    kind("application", "payment_order", &["支付令"], "申请支付令", "Payment order", Required, ("请求支付的金额", "the amount claimed"), CURRENCY, Formula::PaymentOrder, art!("第十四条第三项", "Art 14(3)")),
    kind("application", "public_summons", &["公示催告"], "申请公示催告", "Public summons", Nothing, NO_AMOUNT, NONE, Formula::Fixed(10_000), art!("第十四条第四项", "Art 14(4)")),
    kind("application", "set_aside_award", &["set_aside_arbitration", "arbitration_award_set_aside", "arbitration_set_aside_award", "arbitral_award_set_aside", "set_aside_arbitration_award", "set_aside_arbitral_award", "arbitration_set_aside", "arbitration"], "申请撤销仲裁裁决", "Setting aside an award", Nothing, NO_AMOUNT, NONE, Formula::Fixed(40_000), art!("第十四条第五项", "Art 14(5)")),
    kind("application", "arbitration_agreement_validity", &["arbitration_agreement", "arbitration_agreement_effect", "validity_arbitration_agreement", "validity_of_arbitration_agreement", "arbitration_validity"], "申请认定仲裁协议效力", "Validity of an arbitration agreement", Nothing, NO_AMOUNT, NONE, Formula::Fixed(40_000), art!("第十四条第五项", "Art 14(5)")),
    kind("application", "bankruptcy", &["破产"], "破产案件", "Bankruptcy", Required, ("破产财产总额", "the estate"), CURRENCY, Formula::Bankruptcy, art!("第十四条第六项", "Art 14(6)")),
    kind("application", "maritime_limitation_fund", &["maritime_liability_limitation_fund", "limitation_fund", "maritime_fund"], "申请设立海事赔偿责任限制基金", "Maritime limitation fund", Nothing, NO_AMOUNT, BASE, Formula::Base(Rate::MaritimeLimitationFund), art!("第十四条第七项第一目", "Art 14(7)1")),
    kind("application", "maritime_injunction", &[], "申请海事强制令", "Maritime injunction", Nothing, NO_AMOUNT, BASE, Formula::Base(Rate::MaritimeInjunction), art!("第十四条第七项第二目", "Art 14(7)2")),
    kind("application", "maritime_lien_notice", &["maritime_ship_lien_notice", "maritime_liens", "ship_lien_notice", "maritime_lien", "lien_notice"], "申请船舶优先权催告", "Notice of maritime liens", Nothing, NO_AMOUNT, BASE, Formula::Base(Rate::MaritimeLienNotice), art!("第十四条第七项第三目", "Art 14(7)3")),
    kind("application", "maritime_claim_registration", &["claim_registration"], "申请海事债权登记", "Registration of a maritime claim", Nothing, NO_AMOUNT, NONE, Formula::Fixed(100_000), art!("第十四条第七项第四目", "Art 14(7)4")),
    kind("application", "maritime_general_average", &["general_average"], "申请共同海损理算", "General average", Nothing, NO_AMOUNT, NONE, Formula::Fixed(100_000), art!("第十四条第七项第五目", "Art 14(7)5")),
    kind("application", "security_interest", &["security_interest_realisation", "realise_security_interest"], "申请实现担保物权", "Realising a security interest", Optional, ("担保财产的价值", "the value of the security"), BASE, Formula::Security, ("民诉法解释第二百零四条", "Interpretation Art 204")),
    kind("change", "claim_decrease_refund", &["claim_reduction", "claim_decreased_refund", "claim_decrease", "claim_lowered_refund", "claim_lowered", "claim_reduction_refund", "lowered_claim"], "减少诉讼请求，退费", "Lowered claim, refund", Change, ("原来的金额->减少后的金额", "the amount before->after"), CHANGED, Formula::Lowered, art!("第二十一条第二项、第三十五条", "Art 21(2), 35")),
    kind("change", "claim_increase_topup", &["claim_raise_topup", "claim_raise", "claim_increase", "claim_increase_top_up", "claim_raised_topup", "claim_raised", "raised_claim", "claim_increase_difference"], "增加诉讼请求，补交", "Raised claim, top-up", Change, ("原来的金额->增加后的金额", "the amount before->after"), RAISED, Formula::Raised, art!("第二十一条第一项", "Art 21(1)")),
    kind("change", "summary_to_ordinary_topup", &["summary_to_ordinary", "summary_to_ordinary_top_up"], "简易程序转普通程序，补交", "Summary to ordinary procedure, top-up", Required, CLAIMED, PAID, Formula::ToOrdinary, ("民诉法解释第一百九十九条", "Interpretation Art 199")),
    kind("change", "summary_to_ordinary_unpaid_refund", &["summary_to_ordinary_unpaid", "summary_to_ordinary_withdrawn_refund"], "转普通程序后不补交，按撤诉处理，退费", "Top-up not paid: treated as withdrawn, refund", Required, CLAIMED, PAID, Formula::ToOrdinaryUnpaid, ("民诉法解释第一百九十九条", "Interpretation Art 199")),
    kind("change", "payment_order_to_suit_topup", &["payment_order_lapsed_topup", "payment_order_conversion_topup", "payment_order_lapse_to_suit_topup", "payment_order_lapse_suit", "payment_order_to_suit", "payment_order_lapse_topup", "payment_order_lapses", "payment_order_to_suit_top_up", "payment_order_lapse"], "支付令失效转入诉讼，补交", "Payment order lapses into a suit, top-up", Required, ("请求支付的金额", "the amount claimed"), PAID, Formula::ToSuit, ("民诉法解释第一百九十五条", "Interpretation Art 195")),
    kind("change", "refund", &["refund_on_outcome", "fee_refund"], "案件了结后退费", "Refund when the case ends", Required, ("已经交纳的费用", "the fee that was paid"), OUTCOME, Formula::Refund, art!("第十五条、第二十五条至第二十八条", "Art 15, 25–28")),
];

/// A typed key in the one form that is compared: small letters, underscores.
pub fn normal(text: &str) -> String {
    let mut out = String::new();
    for c in text.trim().chars() {
        match c {
            ' ' | '-' | '_' | '/' | '\u{3000}' => {
                if !out.ends_with('_') {
                    out.push('_');
                }
            }
            c => out.extend(c.to_lowercase()),
        }
    }
    out.trim_matches('_').to_owned()
}

/// Finds a kind by its key, another spelling, its name, or by words that only one kind has.
pub fn find(text: &str) -> Option<&'static FeeKind> {
    let key = normal(text);
    let named = |k: &&FeeKind| k.key == key || k.also.iter().any(|a| *a == key) || k.zh == text.trim() || normal(k.en) == key;
    KINDS.iter().find(named).or_else(|| by_words(&key))
}

/// The only kind one of whose names holds every typed word; one word alone says too little.
fn by_words(key: &str) -> Option<&'static FeeKind> {
    let words: Vec<&str> = key.split('_').collect();
    let holds = |name: &str| words.iter().all(|w| name.split('_').any(|n| n == *w));
    let mut found = KINDS.iter().filter(|k| holds(k.key) || k.also.iter().any(|a| holds(a)));
    let only = found.next().filter(|_| words.len() > 1)?;
    found.next().is_none().then_some(only)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_spelling_names_two_kinds() {
        let mut seen = BTreeSet::new();
        for kind in KINDS {
            for name in kind.also.iter().chain([&kind.key]) {
                assert!(seen.insert(*name), "{name}");
                assert_eq!(find(name).map(|k| k.key), Some(kind.key));
            }
            assert!(!kind.zh.is_empty() && !kind.en.is_empty() && !kind.article.0.is_empty());
            for word in kind.params {
                assert!(crate::fees::words::PARAMS.iter().any(|p| p.key == *word), "{} {word}", kind.key);
            }
        }
        assert_eq!(find(" Property-Acceptance ").map(|k| k.key), Some("property_acceptance"));
        assert_eq!(find("财产案件").map(|k| k.key), Some("property_acceptance"));
        assert_eq!(find("admin_trademark_patent").map(|k| k.key), Some("admin_trademark_patent_maritime"));
        for strange in ["parking", "maritime", "set", "property_refund_preservation", ""] {
            assert!(find(strange).is_none(), "{strange}");
        }
    }
}
