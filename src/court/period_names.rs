//! Other names of legal periods, chains of two, and the way from what people type to a row of the table.
//!
//! Owns the names. Lenient in spelling, strict in meaning: a name that fits two rows, or says another
//! length than its row has, is refused with what there is. Must never count.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::court::calendar::Unit;
use crate::court::count::LeadMode;
use crate::court::periods::{RULES, Rule, rule};
use crate::error::{Error, Result, said};

/// Several periods, each counted from the end of the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    /// Stable key.
    pub key: &'static str,
    /// 名称.
    pub zh: &'static str,
    /// Name in English.
    pub en: &'static str,
    /// Keys of its rows in order; none for an event that is its own day.
    pub links: &'static [&'static str],
    /// What starts it, in Chinese.
    pub starts: &'static str,
    /// The article.
    pub article: &'static str,
    /// Other names.
    pub also: &'static [&'static str],
}

/// The chains people ask for by one name.
#[rustfmt::skip]
pub const CHAINS: &[Chain] = &[
    Chain { key: "public_notice_defence", zh: "公告送达后答辩", en: "Public notice, then defence", links: &["public_notice", "defence"], starts: "发出公告", article: "民事诉讼法第九十五条、第一百二十八条", also: &["public-notice + defence 15d", "public notice defence"] },
    Chain { key: "public_notice_evidence", zh: "公告送达后举证", en: "Public notice, then evidence", links: &["public_notice", "evidence"], starts: "发出公告", article: "民事诉讼法第九十五条；证据规定第五十五条", also: &["public-notice + evidence 15d", "public notice evidence"] },
    Chain { key: "public_notice_appeal", zh: "公告送达判决后上诉", en: "Public notice of a judgment, then appeal", links: &["public_notice", "appeal_judgment"], starts: "发出公告", article: "民事诉讼法第九十五条、第一百七十一条", also: &["public-notice + appeal 15d", "public-notice + appeal judgment 15d", "public notice appeal"] },
    Chain { key: "public_notice_appeal_ruling", zh: "公告送达裁定后上诉", en: "Public notice of a ruling, then appeal", links: &["public_notice", "appeal_ruling"], starts: "发出公告", article: "民事诉讼法第九十五条、第一百七十一条", also: &["public-notice + appeal ruling 10d"] },
    Chain { key: "e_service_arrival", zh: "电子送达到达", en: "Arrival of an e-service", links: &[], starts: "到达受送达人确认的地址", article: "在线诉讼规则第三十一条；民诉法解释第一百三十五条", also: &["e-service to confirmed address arrives on rest day", "e-service to confirmed address arrives", "e-service to confirmed address", "e-service arrives", "e-service", "eservice arrival"] },
];

/// Other names of rows.
#[rustfmt::skip]
pub const ALSO: &[(&str, &[&str])] = &[
    ("filing_decision", &["filing: correction received, restart", "filing correction received", "filing restart", "docketing decision"]),
    ("correction", &["correction of filing", "filing correction"]),
    ("payment", &["fee payment", "pay fee", "payment of fee", "payment of acceptance fee"]),
    ("payment_counterclaim", &["payment of counterclaim fee", "counterclaim payment"]),
    ("payment_appeal", &["payment of appeal fee", "appeal fee payment"]),
    ("fee_top_up", &["summary to ordinary top-up", "top-up", "fee topup"]),
    ("tell_judges", &["tell parties the judges", "tell judges", "notice of judges"]),
    ("send_complaint", &["serve complaint 5d from docketing", "serve complaint", "send complaint copy", "send complaint", "serve complaint from docketing"]),
    ("defence", &["defense", "answer"]),
    ("defence_abroad", &["defence 30d (no domicile in PRC)", "defence 30d", "defense 30d", "defence no domicile in prc", "defence foreign-domiciled", "defence abroad"]),
    ("send_defence", &["send defence copy", "serve defence copy"]),
    ("jurisdiction_objection", &["objection to jurisdiction", "jurisdiction"]),
    ("jurisdiction_objection_abroad", &["jurisdiction objection 30d", "objection to jurisdiction 30d"]),
    ("evidence", &["evidence period", "evidence ordinary"]),
    ("evidence_second", &["evidence second instance", "second instance evidence"]),
    ("evidence_summary", &["summary evidence"]),
    ("evidence_small", &["evidence small claims", "small claims evidence"]),
    ("recusal_decision", &["recusal: decision", "recusal"]),
    ("recusal_review", &["recusal: review", "recusal reconsideration"]),
    ("hearing_notice", &["hearing: earliest day", "hearing notice ordinary", "hearing: 3 days", "hearing"]),
    ("hearing_notice_working", &["hearing: Hebi 3 working days", "hearing: Hebi", "hearing hebi working days", "hearing working days"]),
    ("device_test", &["test of devices", "device test"]),
    ("online_reply", &["reply to online invitation", "online invitation"]),
    ("record_reading", &["record reading", "reading of the record"]),
    ("deliver_judgment", &["deliver judgment", "delivery of judgment pronounced in court"]),
    ("appeal_judgment", &["appeal judgment", "appeal of judgment", "appeal against judgment", "appeal"]),
    ("appeal_ruling", &["appeal ruling", "appeal of ruling", "appeal against ruling"]),
    ("appeal_abroad", &["appeal 30d (foreign-domiciled)", "appeal foreign-domiciled", "appeal 30d", "appeal judgment 30d", "appeal (no domicile in PRC)", "appeal abroad"]),
    ("appeal_copy", &["appeal papers: copy", "send appeal copy", "appeal copy to other side"]),
    ("appeal_reply", &["appeal papers: reply", "reply to appeal"]),
    ("appeal_reply_copy", &["copy of reply to appeal", "appeal papers: copy of reply"]),
    ("appeal_transfer", &["file to upper court", "appeal papers: file to upper court"]),
    ("public_notice", &["public-notice 60d (before 2022)", "public-notice 60d (old law)", "public-notice deemed service", "public-notice period", "public-notice", "public-notice service", "public notice deemed served", "service by public notice"]),
    ("public_notice_abroad", &["public-notice 60d", "public-notice service abroad", "public-notice 60d (abroad)", "public notice service 60d"]),
    ("trial_ordinary", &["trial limit ordinary", "trial limit first instance", "ordinary procedure"]),
    ("trial_ordinary_more", &["trial limit ordinary extension"]),
    ("trial_summary", &["trial limit summary", "summary procedure"]),
    ("trial_summary_more", &["trial limit summary extension", "trial limit summary 1m"]),
    ("trial_small", &["trial limit small claims", "small claims"]),
    ("trial_small_more", &["trial limit small claims extension", "trial limit small claims 1m"]),
    ("trial_special", &["trial limit special", "trial limit special procedure", "special procedure"]),
    ("trial_second_judgment", &["second instance judgment", "trial limit second instance", "trial limit second instance judgment", "second instance"]),
    ("trial_second_ruling", &["second instance ruling", "trial limit second instance ruling"]),
    ("retrial_review", &["retrial review", "review of retrial application"]),
    ("extension_request", &["ask president to extend: 15d before limit", "ask president to extend", "extension request", "ask to extend"]),
    ("extension_request_2000", &["ask president to extend: 10d before limit"]),
    ("extension_decision", &["president decides extension: 5d before limit", "president decides: 5d before limit", "president decides extension", "president decides: 5d before the end", "president decides"]),
    ("hearing_gap", &["postponed hearing gap", "gap between hearings"]),
    ("preservation_decision", &["preservation decision", "preservation ruling", "preservation in suit"]),
    ("preservation_carry_out", &["carry out preservation", "preservation carried out"]),
    ("preservation_urgent", &["urgent preservation"]),
    ("preservation_pre_suit", &["pre-suit preservation", "pre-litigation preservation", "preservation pre-suit"]),
    ("sue_after_preservation", &["sue after pre-litigation preservation", "sue after pre-suit preservation", "sue after preservation", "arbitrate after pre-litigation preservation"]),
    ("preservation_review", &["reconsideration of preservation ruling", "review of preservation ruling", "preservation reconsideration"]),
    ("preservation_review_decision", &["answer to reconsideration of preservation ruling", "court answers reconsideration of preservation"]),
    ("preservation_lift", &["lift preservation", "lift on request"]),
    ("preservation_lift_urgent", &["urgent lift of preservation", "lift on request urgent"]),
    ("preservation_renewal", &["renewal of preservation: 7d before expiry", "preservation renewal: 7d before expiry", "renew preservation", "renewal: 7d before expiry", "renewal"]),
    ("measure_deposit", &["freeze bank deposit", "freeze deposit"]),
    ("measure_movable", &["seizure of movable", "seize movable property", "seize movable", "seize movables"]),
    ("measure_immovable", &["seize real estate", "seize immovable", "seize immovables", "real estate seizure", "freeze other property rights", "seize real estate and other rights", "freeze other rights", "freeze equity"]),
    ("post_judgment_enforcement", &["post-judgment preservation", "enforcement after post-judgment preservation"]),
    ("mediation_pre_filing", &["mediation pre-filing", "pre-filing mediation", "mediation before filing"]),
    ("mediation_ordinary", &["mediation ordinary"]),
    ("mediation_summary", &["mediation summary"]),
    ("mediator_choice", &["mediator joint choice", "joint choice of mediator", "parties choose mediator", "parties choose mediator in 2 working days"]),
    ("mediator_appoint", &["court appoints mediator in 3 working days", "court appoints mediator"]),
    ("mediator_accept", &["mediator must accept in 3 working days", "mediator must accept", "mediator confirms"]),
    ("mediator_contact", &["mediator must contact the parties in 3 working days", "mediator contacts parties", "mediator contacts other side", "mediator must contact other side in 3 working days", "contact other side"]),
    ("confirmation", &["judicial confirmation", "confirmation of mediation agreement"]),
    ("confirmation_accept", &["judicial confirmation accept", "accept judicial confirmation"]),
    ("confirmation_decide", &["judicial confirmation decide", "decide judicial confirmation"]),
    ("payment_order_accept", &["payment order notice"]),
    ("payment_order_issue", &["payment order issue", "issue payment order"]),
    ("payment_order_object", &["payment order objection", "object to payment order", "payment order"]),
    ("payment_order_service", &["payment order void if not served"]),
    ("payment_order_suit", &["refuse suit after payment order"]),
    ("public_summons", &["public summons period"]),
    ("public_summons_notice", &["public summons notice"]),
    ("enforcement_application", &["apply for enforcement", "enforcement"]),
    ("enforcement_notice", &["enforcement notice"]),
    ("property_changes", &["property report changes", "report property changes"]),
    ("clue_check", &["property clue check"]),
    ("clue_check_urgent", &["property clue check urgent", "urgent property clue check"]),
    ("enforcement_limit", &["enforcement limit"]),
    ("enforcement_limit_non_suit", &["enforcement limit non-suit"]),
    ("enforcement_objection_docket", &["enforcement objection docket"]),
    ("enforcement_objection_decide", &["enforcement objection"]),
    ("enforcement_reconsideration", &["reconsideration of enforcement ruling", "enforcement objection reconsideration"]),
    ("third_party_objection", &["third-party objection"]),
    ("third_party_suit", &["suit after third-party objection"]),
    ("distribution_objection", &["distribution plan objection", "distribution plan"]),
    ("retrial_application", &["apply for retrial", "retrial"]),
    ("retrial_copy", &["send retrial copy"]),
    ("retrial_reply", &["retrial reply"]),
    ("excuse", &["late with good reason", "restore period", "force majeure", "excused delay"]),
    ("fee_refund", &["refund of fee", "refund"]),
    ("admin_suit", &["sue administrative act", "administrative suit"]),
    ("admin_trial", &["administrative trial limit"]),
    ("admin_summary", &["administrative summary"]),
    ("petition", &["petition: finish"]),
    ("petition_accept", &["petition: inform", "petition: inform acceptance", "petition: notify acceptance", "petition: acceptance notice", "petition: acceptance decision", "petition: reply", "petition: accept", "petition: tell acceptance", "petition: written answer on acceptance"]),
    ("petition_more", &["petition: extend", "petition: extension"]),
    ("petition_review_request", &["petition: ask review"]),
    ("petition_review", &["petition: review"]),
    ("petition_recheck_request", &["petition: ask recheck"]),
    ("petition_recheck", &["petition: recheck"]),
];

/// Names that say the counting mode in other words.
const MODED: &[(&str, &str, LeadMode)] = &[
    ("hearing: earliest day, mode A (D+3 calendar)", "hearing_notice", LeadMode::A),
    ("hearing: earliest day, mode B (3 clear days)", "hearing_notice", LeadMode::B),
    ("hearing: Hebi 3 working days, make-up Sunday counts", "hearing_notice_working", LeadMode::A),
];

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Stable key: of the row, or of the chain.
    pub key: String,
    /// 名称.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// The rows in order.
    pub links: Vec<&'static Rule>,
    /// The mode the name said.
    pub lead: Option<LeadMode>,
    /// The article.
    pub article: String,
}

/// Finds what a typed name stands for.
///
/// # Errors
/// `deadline.rule_unknown`, `deadline.rule_ambiguous`, `deadline.rule_length`.
pub fn find(typed: &str) -> Result<Found> {
    let name = normal(typed);
    if let Some((_, key, mode)) = MODED.iter().find(|(said, ..)| normal(said) == name) {
        return one(key).map(|found| Found { lead: Some(*mode), ..found }).ok_or_else(|| unknown(typed));
    }
    if let Some(found) = exact(&name) {
        return Ok(found);
    }
    if let Some(found) = linked(typed)? {
        return Ok(found);
    }
    let (name, lead) = without_mode(&name);
    if let Some(found) = exact(&name) {
        return Ok(Found { lead, ..found });
    }
    let (bare, length) = without_length(&name);
    let found = match exact(&bare) {
        Some(found) => found,
        None => nearest(typed, &bare, length)?,
    };
    let fits = |rule: &Rule| length.is_none_or(|(n, unit)| rule.period.n == n && unit.is_none_or(|u| u == rule.period.unit));
    match found.links.as_slice() {
        [only] if !fits(only) => Err(wrong_length(typed, only)),
        _ => Ok(Found { lead, ..found }),
    }
}

fn one(key: &str) -> Option<Found> {
    let rule = rule(key)?;
    Some(Found { key: key.into(), zh: rule.zh.into(), en: rule.en.into(), links: vec![rule], lead: None, article: rule.article.into() })
}

/// What a name in its normal form stands for, by the place in the tables.
#[derive(Clone, Copy)]
enum Place {
    Row(&'static str),
    Chain(&'static Chain),
}

/// Every name there is, in its normal form.
static NAMES: LazyLock<HashMap<String, Place>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for (key, also) in ALSO {
        names.extend(also.iter().map(|said| (normal(said), Place::Row(key))));
    }
    for r in RULES {
        names.extend([r.key, r.zh, r.en].map(|said| (normal(said), Place::Row(r.key))));
    }
    for chain in CHAINS {
        names.extend([chain.key, chain.zh, chain.en].iter().chain(chain.also).map(|said| (normal(said), Place::Chain(chain))));
    }
    names
});

fn exact(name: &str) -> Option<Found> {
    let chain = match NAMES.get(name)? {
        Place::Row(key) => return one(key),
        Place::Chain(chain) => chain,
    };
    Some(Found {
        key: chain.key.into(),
        zh: chain.zh.into(),
        en: chain.en.into(),
        links: chain.links.iter().filter_map(|key| rule(key)).collect(),
        lead: None,
        article: chain.article.into(),
    })
}

/// Two names joined by `>` or `+`, each a row: counted one after the other.
fn linked(typed: &str) -> Result<Option<Found>> {
    let parts: Vec<&str> = typed.split(['>', '+']).map(str::trim).collect();
    if !(2..=3).contains(&parts.len()) || parts.iter().any(|p| p.is_empty() || !p.contains(char::is_alphabetic)) {
        return Ok(None);
    }
    let found = parts.iter().map(|part| find(part)).collect::<Result<Vec<Found>>>()?;
    let join = |get: fn(&Found) -> &str, by: &str| found.iter().map(get).collect::<Vec<_>>().join(by);
    Ok(Some(Found {
        key: join(|f| f.key.as_str(), ">"),
        zh: join(|f| f.zh.as_str(), "，再"),
        en: join(|f| f.en.as_str(), ", then "),
        article: join(|f| f.article.as_str(), "；"),
        lead: None,
        links: found.into_iter().flat_map(|f| f.links).collect(),
    }))
}

/// The one form names are compared in: small letters, single blanks, no punctuation.
pub fn normal(text: &str) -> String {
    let mut out = String::new();
    for c in text.trim().chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.trim_end().to_owned()
}

/// Takes `mode a` or `mode b` out of a name.
fn without_mode(name: &str) -> (String, Option<LeadMode>) {
    for (said, mode) in [("mode a", LeadMode::A), ("mode b", LeadMode::B)] {
        if let Some((head, tail)) = name.split_once(said)
            && (tail.is_empty() || tail.starts_with(' '))
        {
            return (normal(&format!("{head} {tail}")), Some(mode));
        }
    }
    (name.to_owned(), None)
}

/// A length a name says, with its unit where that is clear.
type Length = Option<(u32, Option<Unit>)>;

/// Takes `15d`, `3 working days`, `2y` out of a name.
fn without_length(name: &str) -> (String, Length) {
    let words: Vec<&str> = name.split(' ').collect();
    let mut kept = Vec::new();
    let mut length = None;
    let mut i = 0;
    while i < words.len() {
        let digits = words[i].trim_end_matches(char::is_alphabetic);
        let unit = &words[i][digits.len()..];
        let after: Vec<&str> = words[i + 1..].iter().take(2).copied().collect();
        let (unit, taken) = match (unit, after.as_slice()) {
            ("", ["clear" | "working", "days" | "day", ..]) => (if after[0] == "working" { "wd" } else { "d" }, 3),
            ("", [unit, ..]) if unit_of(unit).is_some() => (*unit, 2),
            (unit, _) => (unit, 1),
        };
        match (digits.parse::<u32>().ok(), unit_of(unit)) {
            (Some(n), Some(unit)) => {
                length.get_or_insert((n, Some(unit)));
                i += taken;
            }
            _ => {
                kept.push(words[i]);
                i += 1;
            }
        }
    }
    (kept.join(" "), length)
}

fn unit_of(word: &str) -> Option<Unit> {
    Some(match word {
        "d" | "day" | "days" | "日" | "天" => Unit::Days,
        "wd" => Unit::WorkingDays,
        "m" | "month" | "months" | "个月" | "月" => Unit::Months,
        "y" | "year" | "years" | "年" => Unit::Years,
        "h" | "hour" | "hours" | "小时" => Unit::Hours,
        _ => return None,
    })
}

/// The only row whose names hold every word that was typed, and that has the length that was said.
fn nearest(typed: &str, bare: &str, length: Length) -> Result<Found> {
    let words: Vec<&str> =
        bare.split(' ').filter(|w| !["the", "of", "a", "an", "in", "to", "must", "within", "period"].contains(w)).collect();
    if words.is_empty() || words.iter().all(|w| w.chars().count() < 2) {
        return Err(unknown(typed));
    }
    let holds = |said: &str| {
        let said = normal(said);
        let said: Vec<&str> = said.split(' ').collect();
        words.iter().all(|w| said.contains(w))
    };
    let also = |key: &str| ALSO.iter().find(|(k, _)| *k == key).map_or(&[][..], |(_, names)| *names);
    let fits = |r: &&Rule| {
        let named = holds(r.key) || holds(r.en) || also(r.key).iter().any(|said| holds(said)) || r.zh.contains(bare);
        named && length.is_none_or(|(n, unit)| r.period.n == n && unit.is_none_or(|u| u == r.period.unit))
    };
    let found: Vec<&str> = RULES.iter().filter(fits).map(|r| r.key).collect();
    match found.as_slice() {
        [] => Err(unknown(typed)),
        [only] => one(only).ok_or_else(|| unknown(typed)),
        several => Err(ambiguous(typed, several)),
    }
}

fn shown(typed: &str) -> String {
    typed.trim().chars().take(60).collect()
}

fn unknown(typed: &str) -> Error {
    let near = near(typed);
    let (zh, en) = if near.is_empty() {
        (String::new(), String::new())
    } else {
        (format!("相近的有：{}。", near.join("、")), format!("Near it: {}. ", near.join(", ")))
    };
    let missing = typed.trim().is_empty();
    let detail = if missing {
        said("还没有说哪一种期限。", "It does not say which period.")
    } else {
        said(format!("没有这一种期限：{}。", shown(typed)), format!("There is no such period: {}.", shown(typed)))
    };
    Error::invalid(
        if missing { "deadline.rule_missing" } else { "deadline.rule_unknown" },
        detail,
        said(
            format!("{zh}请从期限列表（/api/calculators/deadline/rules）里选，写它的 key 或名称。"),
            format!("{en}Choose one from /api/calculators/deadline/rules, by its key or name."),
        ),
    )
    .at("/rule")
}

/// The rows that share most words with what was typed.
fn near(typed: &str) -> Vec<&'static str> {
    let name = normal(&shown(typed));
    let words: Vec<&str> = name.split(' ').filter(|w| w.chars().count() > 2).collect();
    let score = |r: &Rule| {
        let said = format!("{} {}", normal(r.key), normal(r.en));
        words.iter().filter(|w| said.split(' ').any(|s| s == **w)).count()
    };
    let mut rows: Vec<(usize, &str)> = RULES.iter().map(|r| (score(r), r.key)).filter(|(n, _)| *n > 0).collect();
    rows.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    rows.into_iter().take(5).map(|(_, key)| key).collect()
}

fn ambiguous(typed: &str, keys: &[&str]) -> Error {
    let some: Vec<&str> = keys.iter().take(8).copied().collect();
    Error::invalid(
        "deadline.rule_ambiguous",
        said(format!("「{}」可以是好几种期限。", shown(typed)), format!("`{}` fits several periods.", shown(typed))),
        said(format!("请写明是哪一种：{}。", some.join("、")), format!("Say which: {}.", some.join(", "))),
    )
    .at("/rule")
}

fn wrong_length(typed: &str, rule: &Rule) -> Error {
    Error::invalid(
        "deadline.rule_length",
        said(
            format!("「{}」与法律规定的长度不符：{}是 {}。", shown(typed), rule.zh, rule.period.zh()),
            format!("`{}` says another length than the law: {} is {}.", shown(typed), rule.en, rule.period.en()),
        ),
        said(format!("请写 {}，依据{}。", rule.key, rule.article), format!("Write {}.", rule.key)),
    )
    .at("/rule")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_name_leads_to_its_row() {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for r in RULES {
            for said in [r.key, r.zh, r.en] {
                if let Some(other) = seen.insert(normal(said), r.key) {
                    assert_eq!(other, r.key, "{said}");
                }
            }
        }
        for (key, names) in ALSO {
            assert!(rule(key).is_some(), "{key}");
            for said in *names {
                let other = seen.insert(normal(said), key).unwrap_or(key);
                assert_eq!(other, *key, "{said}");
                assert_eq!(find(said).unwrap().key, *key, "{said}");
            }
        }
        for chain in CHAINS {
            assert!(chain.links.iter().all(|key| rule(key).is_some()), "{}", chain.key);
            for said in chain.also.iter().chain([&chain.key, &chain.zh, &chain.en]) {
                assert_eq!(find(said).unwrap().key, chain.key, "{said}");
            }
        }
    }

    #[test]
    fn names_are_understood_in_many_spellings() {
        let rows = [
            ("Payment 7d", "payment"),
            ("答辩", "defence"),
            ("trial limit ordinary 6m", "trial_ordinary"),
            ("seize real estate 3y", "measure_immovable"),
            ("retrial application 6 months", "retrial_application"),
            ("public notice 30 days", "public_notice"),
            ("urgent preservation 48 hours", "preservation_urgent"),
            ("joint choice of mediator 2 working days", "mediator_choice"),
            ("public_notice > appeal_ruling", "public_notice_appeal_ruling"),
            ("public notice > appeal reply", "public_notice>appeal_reply"),
            // a plus that an address turned into a blank
            ("public-notice   defence 15d", "public_notice_defence"),
        ];
        for (typed, key) in rows {
            assert_eq!(find(typed).unwrap_or_else(|e| panic!("{typed}: {:?}", e.problem())).key, key, "{typed}");
        }
        let hebi = find("hearing: Hebi 3 working days, mode A").unwrap();
        assert_eq!((hebi.key.as_str(), hebi.lead), ("hearing_notice_working", Some(LeadMode::A)));
    }

    #[test]
    fn what_is_no_period_is_refused() {
        let rows = [
            ("lunch", "deadline.rule_unknown"),
            ("", "deadline.rule_missing"),
            ("payment 8d", "deadline.rule_length"),
            ("appeal judgment 15m", "deadline.rule_length"),
            ("trial limit", "deadline.rule_ambiguous"),
        ];
        for (typed, code) in rows {
            assert_eq!(find(typed).unwrap_err().code, code, "{typed}");
        }
    }
}
