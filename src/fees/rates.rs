//! The figures the decree leaves to provinces and courts, and the ranges it keeps them in (Art 13, 14).
//!
//! Owns which figures there are and what range each has. Must never fill in a figure nobody set: the
//! answer is then a refusal that says who must set it, and between which bounds.

use super::money::{Rounding, grouped};
use crate::court::rules::CourtRules;
use crate::error::{Error, Result, said};

/// A figure somebody must set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// 离婚案件.
    Divorce,
    /// 人格权案件.
    Personality,
    /// 其他非财产案件.
    OtherNonproperty,
    /// 知识产权案件，没有争议金额.
    IpNoAmount,
    /// 管辖权异议不成立.
    Jurisdiction,
    /// 执行，没有执行金额.
    EnforcementNoAmount,
    /// 设立海事赔偿责任限制基金.
    MaritimeLimitationFund,
    /// 海事强制令.
    MaritimeInjunction,
    /// 船舶优先权催告.
    MaritimeLienNotice,
    /// 实现担保物权，按件.
    SecurityInterest,
}

impl Rate {
    /// Every figure.
    pub const ALL: [Self; 10] = [
        Self::Divorce,
        Self::Personality,
        Self::OtherNonproperty,
        Self::IpNoAmount,
        Self::Jurisdiction,
        Self::EnforcementNoAmount,
        Self::MaritimeLimitationFund,
        Self::MaritimeInjunction,
        Self::MaritimeLienNotice,
        Self::SecurityInterest,
    ];

    /// Its key in the rule `fees`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Divorce => "divorce_base_fen",
            Self::Personality => "personality_base_fen",
            Self::OtherNonproperty => "other_nonproperty_base_fen",
            Self::IpNoAmount => "ip_no_amount_base_fen",
            Self::Jurisdiction => "jurisdiction_base_fen",
            Self::EnforcementNoAmount => "enforcement_no_amount_base_fen",
            Self::MaritimeLimitationFund => "maritime_limitation_fund_base_fen",
            Self::MaritimeInjunction => "maritime_injunction_base_fen",
            Self::MaritimeLienNotice => "maritime_lien_notice_base_fen",
            Self::SecurityInterest => "security_interest_base_fen",
        }
    }

    /// The statutory range in fen, both ends included. The decree has none for 实现担保物权.
    pub fn range(self) -> (i64, i64) {
        match self {
            Self::Divorce => (5_000, 30_000),
            Self::Personality => (10_000, 50_000),
            Self::OtherNonproperty | Self::Jurisdiction => (5_000, 10_000),
            Self::IpNoAmount => (50_000, 100_000),
            Self::EnforcementNoAmount => (5_000, 50_000),
            Self::MaritimeLimitationFund => (100_000, 1_000_000),
            Self::MaritimeInjunction | Self::MaritimeLienNotice => (100_000, 500_000),
            Self::SecurityInterest => (0, 50_000_000),
        }
    }

    /// The range as people read it: `50 至 300`.
    pub fn range_words(self) -> (String, String) {
        let (low, high) = self.range();
        (format!("{} 元至 {} 元", grouped(low), grouped(high)), format!("{} to {} yuan", grouped(low), grouped(high)))
    }
}

/// How 实现担保物权 is charged; the decree has no tariff for it (I Art 204 only says who bears it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecurityRule {
    /// 不收.
    Free,
    /// 按件.
    Flat,
    /// 财产案件受理费的三分之一.
    PropertyThird,
    /// 财产案件受理费的一半.
    PropertyHalf,
    /// 同财产案件受理费.
    Property,
}

impl SecurityRule {
    /// Reads the word of the rule.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "free" => Self::Free,
            "flat" => Self::Flat,
            "property_third" => Self::PropertyThird,
            "property_half" => Self::PropertyHalf,
            "property" => Self::Property,
            _ => return None,
        })
    }
}

/// A figure and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The figure.
    pub fen: i64,
    /// 依据, when a rule gave it.
    pub basis: Option<String>,
}

/// What a court has set. Without a court nothing is set.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    set: Vec<(Rate, i64)>,
    basis: Option<String>,
    /// How parts of a fen are rounded.
    pub rounding: Rounding,
    /// How 实现担保物权 is charged.
    pub security: Option<SecurityRule>,
    /// The court's name, for the refusal.
    pub court: Option<String>,
}

impl Rates {
    /// Reads the rule `fees` of a court on a day.
    pub fn at(rules: &CourtRules<'_>, court_name: &str) -> Self {
        let Some(rule) = rules.get("fees") else { return Self { court: Some(court_name.to_owned()), ..Self::default() } };
        let number = |key: &str| rule.value.get(key).and_then(serde_json::Value::as_i64);
        let word = |key: &str| rule.value.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
        Self {
            set: Rate::ALL.into_iter().filter_map(|rate| Some((rate, number(rate.key())?))).collect(),
            rounding: Rounding::parse(word("rounding_mode")).unwrap_or_default(),
            security: SecurityRule::parse(word("security_interest_fee_rule")),
            court: Some(court_name.to_owned()),
            basis: Some(rule.basis),
        }
    }

    /// The same, with one more figure; for tests and for a judge's own choice.
    pub fn with(mut self, rate: Rate, fen: i64) -> Self {
        self.set.retain(|(r, _)| *r != rate);
        self.set.push((rate, fen));
        self
    }

    /// The figure: what the caller gave when it lies in the range, else what the court set.
    ///
    /// # Errors
    /// `fee.base_out_of_range`, or `fee.rate_unset` with the range.
    pub fn figure(&self, rate: Rate, given: Option<i64>) -> Result<Figure> {
        let (low, high) = rate.range();
        if let Some(fen) = given {
            return if (low..=high).contains(&fen) { Ok(Figure { fen, basis: None }) } else { Err(out_of_range(rate, fen)) };
        }
        let set = self.set.iter().find(|(r, fen)| *r == rate && (low..=high).contains(fen));
        set.map(|(_, fen)| Figure { fen: *fen, basis: self.basis.clone() }).ok_or_else(|| self.unset(rate))
    }

    fn unset(&self, rate: Rate) -> Error {
        let (zh, en) = rate.range_words();
        let who = self.court.as_deref();
        let detail = match (rate, who) {
            (Rate::SecurityInterest, _) => said(
                "办法没有规定实现担保物权的申请费，要由法院设定。",
                "The decree has no fee for realising a security interest; the court must set it.",
            ),
            (_, Some(court)) => said(
                format!("{court}还没有设定这一项收费。法定幅度是每件 {zh}，不能替法院定。"),
                format!("{court} has not set this figure. The statutory range is {en} a case; nobody may choose it for the court."),
            ),
            (_, None) => said(
                format!("这一项由各省在每件 {zh} 的幅度内规定，要先知道是哪家法院。"),
                format!("Each province sets this figure between {en} a case, so the court must be known."),
            ),
        };
        let cure = match who {
            Some(_) => said(
                "请向法院问清数额，填在「每件基数」（base）里；法院管理员可以在「本院规则」里录入。",
                "Ask the court for the figure and give it as the base (`base=`); the court's administrator sets it among its rules.",
            ),
            None => said(
                "请选择法院，或向法院问清数额，填在「每件基数」（base）里。",
                "Choose the court, or ask it for the figure and give it as the base (`base=`).",
            ),
        };
        Error::invalid("fee.rate_unset", detail, cure).at("/params/base")
    }
}

fn out_of_range(rate: Rate, fen: i64) -> Error {
    let (zh, en) = rate.range_words();
    Error::invalid(
        "fee.base_out_of_range",
        said(
            format!("每件基数不能是 {} 元。法定幅度是 {zh}。", grouped(fen)),
            format!("The base cannot be {} yuan. The statutory range is {en}.", grouped(fen)),
        ),
        said("请填幅度以内的数额。", "Give a figure inside the range."),
    )
    .at("/params/base")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_guesses_a_figure() {
        let none = Rates::default();
        for rate in Rate::ALL {
            assert_eq!(none.figure(rate, None).unwrap_err().code, "fee.rate_unset", "{rate:?}");
            let (low, high) = rate.range();
            assert_eq!(none.figure(rate, Some(low)).unwrap().fen, low);
            assert_eq!(none.figure(rate, Some(high)).unwrap().fen, high);
            assert_eq!(none.figure(rate, Some(high + 1)).unwrap_err().code, "fee.base_out_of_range");
            assert_eq!(none.figure(rate, Some(low - 1)).unwrap_err().code, "fee.base_out_of_range");
        }
        let problem = none.figure(Rate::Divorce, None).unwrap_err().problem();
        assert!(problem.detail.contains("50 元至 300 元") && problem.detail_en.contains("50 to 300 yuan"), "{problem:?}");
        let set = Rates::default().with(Rate::Divorce, 30_000);
        assert_eq!(set.figure(Rate::Divorce, None).unwrap().fen, 30_000);
        // what a rule holds outside the range is no figure
        assert!(Rates::default().with(Rate::Divorce, 1).figure(Rate::Divorce, None).is_err());
    }
}
