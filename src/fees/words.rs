//! The words beside an amount: `base=300;summary`, `already paid 4400`, `before end of court investigation`.
//!
//! Owns which words there are, how they may be spelt, and which kind understands which. Lenient in
//! spelling, strict in meaning: a word nobody knows is refused with the list. Must never reckon.

use super::kinds::{FeeKind, normal};
use super::money::{narrow, read_yuan, shown};
use crate::error::{Error, Result, said};

/// What follows a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Nothing: the word says it all.
    Nothing,
    /// Yuan.
    Yuan,
    /// One of a few words.
    OneOf(&'static [&'static str]),
    /// A decimal number.
    Number,
    /// Free letters.
    Letters,
}

/// A word a kind may understand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param {
    /// Stable key.
    pub key: &'static str,
    /// Other spellings.
    pub also: &'static [&'static str],
    /// 名称.
    pub zh: &'static str,
    /// Name in English.
    pub en: &'static str,
    /// What follows it.
    pub takes: Takes,
}

const fn param(key: &'static str, also: &'static [&'static str], zh: &'static str, en: &'static str, takes: Takes) -> Param {
    Param { key, also, zh, en, takes }
}

/// The ends of the court investigation.
const INVESTIGATION: &[&str] = &["before", "after"];
/// The ways a case ends that say something about the fee.
pub const OUTCOMES: &[&str] =
    &["remanded", "not_accepted", "dismissed", "criminal", "mediated", "withdrawn", "suspended", "terminated", "judged"];

/// Every word.
#[rustfmt::skip]
pub const PARAMS: &[Param] = &[
    param("base", &["基数", "base_fee", "per_case", "每件基数"], "每件基数（元）", "base of a case (yuan)", Takes::Yuan),
    param("summary", &["summary_procedure", "small_claims", "small_claim", "简易", "简易程序", "小额诉讼"], "简易程序", "summary procedure", Takes::Nothing),
    param("mediated", &["mediation", "mediated_settlement", "settled_by_mediation", "settled", "调解", "调解结案"], "调解结案", "settled by mediation", Takes::Nothing),
    param("withdrawn", &["withdrawal", "withdrawal_granted", "撤诉", "申请撤诉"], "准许撤诉", "withdrawal granted", Takes::Nothing),
    param("counterclaim", &["merged_counterclaim", "joined_counterclaim", "反诉"], "反诉合并审理", "counterclaim, joined", Takes::Nothing),
    param("third_party_independent_claim", &["third_party", "third_party_claim", "independent_claim", "第三人"], "有独立请求权的第三人", "independent claim of a third party", Takes::Nothing),
    param("excluded", &["excluding", "exclude"], "不另收费的非财产请求", "the other claim, which adds nothing", Takes::Letters),
    param("already_paid", &["paid", "prepaid", "already_prepaid", "collected", "已交", "已交纳"], "已经交纳（元）", "already paid (yuan)", Takes::Yuan),
    param("contested", &["appealed_part", "appealed", "contested_part", "contested_amount", "appealed_amount", "part_appealed", "上诉部分"], "仍有争议的部分（元）", "the part still contested (yuan)", Takes::Yuan),
    param("investigation", &["court_investigation"], "法庭调查终结前还是后", "before or after the court investigation ends", Takes::OneOf(INVESTIGATION)),
    param("no_amount", &["without_amount", "no_value", "没有金额"], "没有金额", "no amount", Takes::Nothing),
    param("new_evidence", &["new_evidence_overturns", "新证据"], "有新证据，足以推翻原裁判", "new evidence overturns the judgment", Takes::Nothing),
    param("skipped_appeal", &["no_appeal", "without_appeal", "did_not_appeal", "没有上诉"], "对一审裁判没有上诉", "no appeal was brought", Takes::Nothing),
    param("outcome", &["result", "结果"], "案件怎样了结", "how the case ends", Takes::OneOf(OUTCOMES)),
    param("currency", &["外币"], "外币", "foreign currency", Takes::Letters),
    param("exchange_rate", &["rate", "汇率"], "受理当日的汇率（一单位外币合多少元）", "exchange rate of the day of acceptance (yuan a unit)", Takes::Number),
    param("rounding", &["rounding_mode", "round"], "不足一分的算法", "how parts of a fen are rounded", Takes::Letters),
];

/// A ground on which the fee is halved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halving {
    /// 简易程序 (Art 16).
    Summary,
    /// 调解结案 (Art 15).
    Mediated,
    /// 撤诉 (Art 15).
    Withdrawn,
    /// 反诉合并审理 (Art 18).
    Counterclaim,
    /// 有独立请求权的第三人 (Art 18).
    ThirdParty,
}

/// The words of one question, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params {
    said: Vec<(&'static str, String)>,
}

impl Params {
    /// Reads words parted by `;` or `,`.
    ///
    /// # Errors
    /// `fee.param_unknown` with the words there are; `fee.param_value`; `fee.param_twice`.
    pub fn read(text: &str) -> Result<Self> {
        let mut said_words: Vec<(&'static str, String)> = Vec::new();
        let text: String = without_grouping(&text.chars().map(narrow).collect::<String>());
        for word in text.split([';', ',', '\n', '、', '&']).map(str::trim).filter(|w| !w.is_empty()) {
            let (param, value) = one(word)?;
            match said_words.iter().find(|(key, _)| *key == param.key) {
                Some((_, earlier)) if *earlier != value => return Err(twice(param)),
                Some(_) => {}
                None => said_words.push((param.key, value)),
            }
        }
        Ok(Self { said: said_words })
    }

    /// Refuses a word the kind has no use for.
    ///
    /// # Errors
    /// `fee.param_not_for_kind` with the words it has.
    pub fn fit(&self, kind: &FeeKind) -> Result<()> {
        let strange = self.said.iter().find(|(key, _)| *key != "rounding" && !kind.params.contains(key));
        let Some((key, _)) = strange else { return Ok(()) };
        let named = PARAMS.iter().find(|p| p.key == *key).unwrap_or(&PARAMS[0]);
        Err(Error::invalid(
            "fee.param_not_for_kind",
            said(
                format!("「{}」用不着「{}」（{}）。", kind.zh, named.zh, named.key),
                format!("{} has no use for `{}` ({}).", kind.en, named.key, named.en),
            ),
            said(
                format!("请去掉它。这一种可以用的有：{}。", listed(kind.params)),
                format!("Leave it out. What this kind takes: {}.", listed(kind.params)),
            ),
        )
        .at(format!("/params/{key}")))
    }

    fn value(&self, key: &str) -> Option<&str> {
        self.said.iter().find(|(k, _)| *k == key).map(|(_, v)| v.as_str())
    }

    /// Tells whether a word was said.
    pub fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// The yuan said with a word, in fen.
    pub fn fen(&self, key: &str) -> Option<i64> {
        self.value(key)?.parse().ok()
    }

    /// The word said with a word.
    pub fn word(&self, key: &str) -> Option<&str> {
        self.value(key)
    }

    /// The halving grounds, in the order of the decree.
    pub fn halvings(&self) -> Vec<Halving> {
        let grounds = [
            ("mediated", Halving::Mediated),
            ("withdrawn", Halving::Withdrawn),
            ("summary", Halving::Summary),
            ("counterclaim", Halving::Counterclaim),
            ("third_party_independent_claim", Halving::ThirdParty),
        ];
        grounds.into_iter().filter(|(key, _)| self.has(key)).map(|(_, ground)| ground).collect()
    }

    /// The exchange rate as a whole number of millionths of a yuan.
    pub fn exchange(&self) -> Option<i128> {
        self.value("exchange_rate")?.parse().ok()
    }
}

/// Reads one word with what follows it.
fn one(word: &str) -> Result<(&'static Param, String)> {
    if let Some(found) = phrase(word) {
        return Ok(found);
    }
    let (name, value) = match word.split_once(['=', ':']) {
        Some((name, value)) => (name, value.trim()),
        None => match word.rsplit_once(char::is_whitespace) {
            Some((name, last)) if last.starts_with(|c: char| c.is_ascii_digit() || "¥￥-.".contains(c)) => (name, last),
            _ => (word, ""),
        },
    };
    let key = normal(name);
    let param =
        PARAMS.iter().find(|p| p.key == key || p.also.contains(&key.as_str()) || p.zh == name.trim()).ok_or_else(|| unknown(word))?;
    let at = |e: Error| e.at(format!("/params/{}", param.key));
    Ok((
        param,
        match param.takes {
            Takes::Nothing => flag(param, value)?,
            Takes::Yuan => read_yuan(value).map_err(at)?.to_string(),
            Takes::OneOf(words) => {
                let value = outcome(&normal(value));
                words.iter().find(|w| **w == value).ok_or_else(|| bad_value(param, &words.join("、")))?.to_string()
            }
            Takes::Number => millionths(value).ok_or_else(|| bad_value(param, "7.1234"))?.to_string(),
            Takes::Letters => {
                let value = normal(value);
                if value.is_empty() || value.chars().count() > 60 {
                    return Err(bad_value(param, "divorce"));
                }
                value
            }
        },
    ))
}

/// Whole phrases the decree's tables use.
fn phrase(word: &str) -> Option<(&'static Param, String)> {
    let said = normal(word);
    let said: Vec<&str> = said.split('_').filter(|w| !["the", "of", "a", "is", "was"].contains(w)).collect();
    let of = |key: &str, value: &str| PARAMS.iter().find(|p| p.key == key).map(|p| (p, value.to_owned()));
    match said.as_slice() {
        [when @ ("before" | "after")] => of("investigation", when),
        [when @ ("before" | "after"), rest @ ..] if says_end_of_investigation(rest) => of("investigation", when),
        ["法庭调查终结前" | "法庭调查前"] => of("investigation", "before"),
        ["法庭调查终结后" | "法庭调查后"] => of("investigation", "after"),
        [what @ .., "excluded"] if !what.is_empty() => of("excluded", &what.join("_")),
        ["excluding" | "excluded", what @ ..] if !what.is_empty() && !word.contains(['=', ':']) => of("excluded", &what.join("_")),
        _ => None,
    }
}

fn says_end_of_investigation(words: &[&str]) -> bool {
    words.contains(&"investigation")
        && words.iter().all(|w| ["end", "ends", "ended", "court", "investigation", "closes", "close", "conclusion"].contains(w))
}

/// A word that takes nothing may be answered with yes.
fn flag(param: &'static Param, value: &str) -> Result<String> {
    match normal(value).as_str() {
        "" | "true" | "yes" | "1" | "是" => Ok("yes".into()),
        _ => Err(bad_value(param, "true")),
    }
}

/// Other spellings of the ways a case ends.
fn outcome(word: &str) -> String {
    match word {
        "remand" | "remand_for_retrial" | "remanded_for_retrial" | "发回重审" => "remanded",
        "non_acceptance" | "nonacceptance" | "不予受理" => "not_accepted",
        "dismissal" | "dismissal_of_suit" | "驳回起诉" => "dismissed",
        "criminal_transfer" | "transferred_to_criminal" | "移送公安" => "criminal",
        "mediation" | "调解" => "mediated",
        "withdrawal" | "treated_as_withdrawn" | "撤诉" => "withdrawn",
        "suspension" | "中止" => "suspended",
        "termination" | "终结" => "terminated",
        "judgment" | "判决" => "judged",
        "before_end" => "before",
        "after_end" => "after",
        other => other,
    }
    .to_owned()
}

/// A decimal number above nothing, at most six decimals, as millionths.
fn millionths(text: &str) -> Option<i128> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || decimals.len() > 6 || !digits(whole) || !digits(decimals) {
        return None;
    }
    format!("{whole}{decimals:0<6}").parse().ok().filter(|n| *n > 0)
}

/// Drops the comma of thousands inside a number, so that commas can part words.
fn without_grouping(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let digit = |i: usize| signs.get(i).is_some_and(char::is_ascii_digit);
    let mut out = String::new();
    for (i, c) in signs.iter().enumerate() {
        let groups = *c == ',' && i > 0 && digit(i - 1) && digit(i + 1) && digit(i + 2) && digit(i + 3) && !digit(i + 4);
        if !groups {
            out.push(*c);
        }
    }
    out
}

/// Names words for a refusal: `base（每件基数（元））、summary（简易程序）`.
fn listed(keys: &[&str]) -> String {
    if keys.is_empty() { "—".to_owned() } else { keys.join("、") }
}

fn unknown(word: &str) -> Error {
    let all: Vec<&str> = PARAMS.iter().map(|p| p.key).collect();
    Error::invalid(
        "fee.param_unknown",
        said(format!("不认识这个条件：{}。", shown(word)), format!("This parameter is not known: {}.", shown(word))),
        said(format!("可以用的有：{}。", listed(&all)), format!("What there is: {}.", all.join(", "))),
    )
    .at("/params")
}

fn bad_value(param: &'static Param, example: &str) -> Error {
    Error::invalid(
        "fee.param_value",
        said(format!("「{}」（{}）的值看不懂。", param.zh, param.key), format!("The value of `{}` cannot be read.", param.key)),
        said(format!("例如 {}={example}。", param.key), format!("Such as {}={example}.", param.key)),
    )
    .at(format!("/params/{}", param.key))
}

fn twice(param: &'static Param) -> Error {
    Error::invalid(
        "fee.param_twice",
        said(
            format!("「{}」（{}）写了两次，值不一样。", param.zh, param.key),
            format!("`{}` is given twice with different values.", param.key),
        ),
        said("请只留一个。", "Keep one."),
    )
    .at(format!("/params/{}", param.key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fees::kinds;

    #[test]
    fn words_are_read_in_many_spellings() {
        let rows = [
            ("base=300;summary", "base", Some("30000")),
            ("base 300, summary", "base", Some("30000")),
            ("BASE: 300", "base", Some("30000")),
            ("already paid 4400", "already_paid", Some("440000")),
            ("already_paid=4,400", "already_paid", Some("440000")),
            ("Already-Paid=4400.50；summary", "already_paid", Some("440050")),
            ("appealed part 120000", "contested", Some("12000000")),
            ("divorce excluded", "excluded", Some("divorce")),
            ("excluded=divorce", "excluded", Some("divorce")),
            ("before end of court investigation", "investigation", Some("before")),
            ("after the end of the court investigation", "investigation", Some("after")),
            ("investigation=after", "investigation", Some("after")),
            ("法庭调查终结前", "investigation", Some("before")),
            ("third_party_independent_claim", "third_party_independent_claim", Some("yes")),
            ("third party independent claim", "third_party_independent_claim", Some("yes")),
            ("简易程序", "summary", Some("yes")),
            ("summary,summary", "summary", Some("yes")),
            ("", "summary", None),
            ("exchange_rate=7.1", "exchange_rate", Some("7100000")),
            ("outcome=remand", "outcome", Some("remanded")),
        ];
        for (text, key, value) in rows {
            assert_eq!(Params::read(text).unwrap_or_else(|e| panic!("{text}: {e}")).value(key), value, "{text}");
        }
    }

    #[test]
    fn a_word_nobody_knows_is_refused_with_the_list() {
        let rows = [
            ("discount=50", "fee.param_unknown"),
            ("before lunch", "fee.param_unknown"),
            ("summary=no", "fee.param_value"),
            ("base=1;base=2", "fee.param_twice"),
            ("base=-1", "fee.amount_negative"),
            ("base", "fee.amount_unreadable"),
            ("exchange_rate=0", "fee.param_value"),
            ("outcome=lost", "fee.param_value"),
        ];
        for (text, code) in rows {
            assert_eq!(Params::read(text).unwrap_err().code, code, "{text}");
        }
        let list = Params::read("discount").unwrap_err().problem().cure;
        assert!(PARAMS.iter().all(|p| list.contains(p.key)), "{list}");
        let labour = kinds::find("labour").unwrap();
        assert_eq!(Params::read("base=300").unwrap().fit(labour).unwrap_err().code, "fee.param_not_for_kind");
        assert!(Params::read("summary;rounding=down").unwrap().fit(labour).is_ok());
    }
}
