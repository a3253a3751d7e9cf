//! A question to the calculator, as it was typed: kind, amount, words.
//!
//! Owns the reading of all three, for the page, the API and the tables of the tests alike. Must never
//! reckon (`reckon.rs`).

use super::kinds::{AmountUse, FeeKind, KINDS, find};
use super::money::{MOST_FEN, narrow, read_yuan, shown, too_large};
use super::words::Params;
use crate::error::{Error, Result, said};

/// The amount of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    /// None was given.
    None,
    /// The parts of a sum, in fen; one when it is no sum.
    Sum(Vec<i64>),
    /// Before and after a change, in fen.
    Change(i64, i64),
}

impl Amount {
    /// The whole of it in fen; none without one.
    pub fn whole(&self) -> Option<i64> {
        match self {
            Self::None => None,
            Self::Sum(parts) => Some(parts.iter().fold(0_i64, |sum, part| sum.saturating_add(*part))),
            Self::Change(_, after) => Some(*after),
        }
    }
}

/// A question that can be reckoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What kind of fee.
    pub kind: &'static FeeKind,
    /// The amount.
    pub amount: Amount,
    /// The words beside it.
    pub params: Params,
}

impl Question {
    /// Reads a question as it was typed.
    ///
    /// # Errors
    /// `fee.kind_unknown`, `fee.amount_*`, `fee.param_*`: each with the field and what there is.
    pub fn read(kind: &str, amount: &str, params: &str) -> Result<Self> {
        let kind = find(kind).ok_or_else(|| kind_unknown(kind))?;
        let amount = read_amount(amount).map_err(|e| if e.problem().field.is_some() { e } else { e.at("/amount") })?;
        let params = Params::read(params)?;
        params.fit(kind)?;
        match (kind.amount, &amount) {
            (AmountUse::Required | AmountUse::Change, Amount::None) => return Err(amount_missing(kind)),
            (AmountUse::Change, Amount::Sum(_)) => return Err(change_missing(kind)),
            (AmountUse::Required | AmountUse::Optional | AmountUse::None, Amount::Change(..)) => return Err(no_change(kind)),
            _ => {}
        }
        Ok(Self { kind, amount, params })
    }
}

/// Reads an amount: `300000`, `60000+40000`, `300000->100000`, or nothing. A `+` an address turned into a blank parts
/// two amounts as well.
fn read_amount(text: &str) -> Result<Amount> {
    let text: String = text.chars().map(narrow).collect();
    let text = text.trim();
    if text.is_empty() {
        return Ok(Amount::None);
    }
    for arrow in ["->", "→", "=>", ">", "至"] {
        if let Some((before, after)) = text.split_once(arrow) {
            return Ok(Amount::Change(read_sum(before)?.0, read_sum(after)?.0));
        }
    }
    Ok(Amount::Sum(read_sum(text)?.1))
}

fn read_sum(text: &str) -> Result<(i64, Vec<i64>)> {
    let text = text.trim();
    let typed: Vec<&str> = if text.contains('+') { text.split('+').collect() } else { blank_parted(text) };
    if typed.len() > 50 {
        return Err(Error::invalid(
            "fee.amount_many",
            said("最多相加 50 项。", "At most 50 amounts are added."),
            said("请先把几项加起来再填。", "Add some of them first."),
        ));
    }
    let parts = typed.into_iter().map(read_yuan).collect::<Result<Vec<i64>>>()?;
    let whole = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(*part)).filter(|sum| *sum <= MOST_FEN);
    Ok((whole.ok_or_else(too_large)?, parts))
}

/// Blanks part amounts only where each side is one by itself: `60000 40000`, but `1 234 567` stays one.
fn blank_parted(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let grouped =
        words.iter().skip(1).all(|w| w.split('.').next().is_some_and(|w| w.len() == 3)) && words.first().is_some_and(|w| w.len() <= 3);
    let plain = words.iter().all(|w| w.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ','));
    if words.len() > 1 && plain && !grouped { words } else { vec![text] }
}

fn kind_unknown(typed: &str) -> Error {
    let all: Vec<&str> = KINDS.iter().map(|k| k.key).collect();
    let missing = typed.trim().is_empty();
    let detail = if missing {
        said("还没有说哪一种费用。", "It does not say which fee.")
    } else {
        said(format!("没有这一种收费：{}。", shown(typed)), format!("There is no such kind of fee: {}.", shown(typed)))
    };
    Error::invalid(
        if missing { "fee.kind_missing" } else { "fee.kind_unknown" },
        detail,
        said(format!("请从这些里选：{}。", all.join("、")), format!("Choose one of: {}.", all.join(", "))),
    )
    .at("/kind")
}

fn amount_missing(kind: &FeeKind) -> Error {
    Error::invalid(
        "fee.amount_missing",
        said(format!("「{}」要按金额算，还没有填金额。", kind.zh), format!("{} goes by an amount, and none is given.", kind.en)),
        said(format!("请填{}，单位是元。", kind.amount_is.0), format!("Give {} in yuan.", kind.amount_is.1)),
    )
    .at("/amount")
}

fn change_missing(kind: &FeeKind) -> Error {
    Error::invalid(
        "fee.amount_change_missing",
        said(format!("「{}」要有变更前后的两个金额。", kind.zh), format!("{} needs the amount before and after.", kind.en)),
        said("请写成 300000->100000。", "Write it as 300000->100000."),
    )
    .at("/amount")
}

fn no_change(kind: &FeeKind) -> Error {
    Error::invalid(
        "fee.amount_one",
        said(format!("「{}」只用一个金额。", kind.zh), format!("{} takes one amount.", kind.en)),
        said(
            "请只填一个金额；请求有增减的，选「增加诉讼请求」或「减少诉讼请求」。",
            "Give one amount; for a changed claim choose `claim_increase_topup` or `claim_decrease_refund`.",
        ),
    )
    .at("/amount")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        let sum = |parts: &[i64]| Amount::Sum(parts.to_vec());
        let rows = [
            ("", Amount::None),
            ("60000+40000", sum(&[6_000_000, 4_000_000])),
            // what a browser makes of an unescaped plus
            ("60000 40000", sum(&[6_000_000, 4_000_000])),
            ("60,000 + 40,000", sum(&[6_000_000, 4_000_000])),
            ("1 234 567", sum(&[123_456_700])),
            ("300000->100000", Amount::Change(30_000_000, 10_000_000)),
            ("300000 → 60000+40000", Amount::Change(30_000_000, 10_000_000)),
        ];
        for (text, amount) in rows {
            assert_eq!(read_amount(text).unwrap(), amount, "{text}");
        }
    }

    #[test]
    fn every_wrong_field_is_named() {
        let rows = [
            ("parking", "", "", "fee.kind_unknown", "/kind"),
            ("", "", "", "fee.kind_missing", "/kind"),
            ("property_acceptance", "", "", "fee.amount_missing", "/amount"),
            ("property_acceptance", "-5", "", "fee.amount_negative", "/amount"),
            ("property_acceptance", "many", "", "fee.amount_unreadable", "/amount"),
            ("property_acceptance", "1->2", "", "fee.amount_one", "/amount"),
            ("claim_decrease_refund", "5", "", "fee.amount_change_missing", "/amount"),
            ("property_acceptance", "5", "discount", "fee.param_unknown", "/params"),
            ("labour", "", "base=5", "fee.param_not_for_kind", "/params/base"),
            ("property_acceptance", "900000000000000+900000000000000", "", "fee.amount_too_large", "/amount"),
            ("property_acceptance", &"1+".repeat(60), "", "fee.amount_many", "/amount"),
        ];
        for (kind, amount, params, code, field) in rows {
            let problem = Question::read(kind, amount, params).unwrap_err().problem();
            assert_eq!((problem.code.as_str(), problem.field.as_deref()), (code, Some(field)), "{kind} {amount} {params}");
        }
    }
}
