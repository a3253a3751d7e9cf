//! Checks a filing before it is sent: what is missing, odd, late or in the wrong place.
//!
//! Owns: the rows of the filing checker as pure functions, one room of rules a file. Must never send,
//! refuse or decide: courts take every complaint (立案登记规定 Art 2), so a block always has a way on to
//! a clerk, and every item says what is wrong, what to do, and by which article.
//! Imports `filing/content.rs`; the rules also use `person/documents.rs`, `kit/text.rs` and
//! `court/calendar.rs`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::filing::content::Content;

pub mod cross_field;
pub mod cross_kinds;
pub mod elements;
pub mod facts;
pub mod gate;
pub mod gate_matter;
pub mod jurisdiction;
pub mod level;
pub mod limitation;
pub mod papers;
pub mod places;
pub mod procedure;
#[cfg(test)]
pub(crate) mod testing;

pub use facts::{
    CauseFacts, CheckFacts, CheckRules, CourtFacts, Divisions, EarlierMatter, FileFacts, FilerFacts, Lpr, RequiredPaper, SpecialCourts,
    Standing,
};

/// How heavy an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, poem_openapi::Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename = "CheckLevel", rename_all = "snake_case")]
pub enum Level {
    /// An empty legal minimum: sent only to be looked at by a clerk.
    Block,
    /// Sent after the filer confirms.
    Warn,
    /// Advice.
    Info,
}

/// The step of the form an item belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, poem_openapi::Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename = "FilingStep", rename_all = "snake_case")]
pub enum Step {
    /// 选法院.
    Court,
    /// 案由.
    Cause,
    /// 当事人.
    Parties,
    /// 请求和事实.
    Claims,
    /// 证据和材料.
    Evidence,
    /// 送达.
    Service,
    /// 承诺.
    Statement,
}

/// One finding, exactly as the API gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckItem {
    /// The rule, such as `G3`; several findings of one rule share it.
    pub id: String,
    /// How heavy.
    pub level: Level,
    /// Where in the form.
    pub step: Step,
    /// JSON pointer into the content.
    pub field: String,
    /// 原因.
    pub text: String,
    /// The cause in English.
    pub text_en: String,
    /// 怎么办.
    pub cure: String,
    /// The cure in English.
    pub cure_en: String,
    /// The article.
    pub article: String,
    /// Whether the filing may go on to a clerk in spite of it.
    pub way_on: bool,
}

/// All findings, the heaviest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// Whether nothing blocks.
    pub sendable: bool,
    /// The findings.
    pub items: Vec<CheckItem>,
}

impl CheckReport {
    /// Lists what still stands between the filer and sending: warnings not confirmed, blocks not
    /// sent on, blocks without a way on. Advice never stands in the way.
    pub fn open(&self, confirmed: &[String], send_anyway: &[String]) -> Vec<&CheckItem> {
        let stands = |item: &&CheckItem| match item.level {
            Level::Info => false,
            Level::Warn => !confirmed.contains(&item.id) && !send_anyway.contains(&item.id),
            Level::Block => !(item.way_on && send_anyway.contains(&item.id)),
        };
        self.items.iter().filter(stands).collect()
    }
}

/// Checks a filing.
pub fn check(content: &Content, facts: &CheckFacts) -> CheckReport {
    let mut items = Vec::new();
    gate::check(content, facts, &mut items);
    papers::check(content, facts, &mut items);
    cross_field::check(content, facts, &mut items);
    match content.kind.as_deref() {
        Some("enforcement") => limitation::enforcement(content, facts, &mut items),
        Some("administrative") => {
            gate_matter::common(content, facts, &mut items);
            limitation::administrative(content, facts, &mut items);
        }
        _ => {
            gate_matter::common(content, facts, &mut items);
            gate_matter::civil(content, facts, &mut items);
            jurisdiction::check(content, facts, &mut items);
            level::check(content, facts, &mut items);
            procedure::check(content, facts, &mut items);
            limitation::civil(content, facts, &mut items);
            cross_kinds::check(content, facts, &mut items);
        }
    }
    items.sort_by_key(|item| item.level);
    CheckReport { sendable: items.iter().all(|item| item.level != Level::Block), items }
}

/// Cause and cure of an item: Chinese, English, 怎么办, cure in English.
pub(crate) type Words<'a> = [&'a str; 4];

fn item(id: &str, level: Level, step: Step, field: &str, article: &str, words: Words<'_>) -> CheckItem {
    let [text, text_en, cure, cure_en] = words.map(str::to_owned);
    CheckItem {
        id: id.to_owned(),
        level,
        step,
        field: field.to_owned(),
        text,
        text_en,
        cure,
        cure_en,
        article: article.to_owned(),
        way_on: true,
    }
}

/// Makes an item that blocks but may be sent on for a clerk to look at.
pub(crate) fn block(id: &str, step: Step, field: &str, article: &str, words: Words<'_>) -> CheckItem {
    let mut item = item(id, Level::Block, step, field, article, words);
    item.cure.push_str("补不了的，也可以照现在的样子提交，由立案人员看。");
    item.cure_en.push_str(" If you cannot, send it as it is for a clerk to look at.");
    item
}

/// Makes an item that blocks and cannot be sent on, because there is nobody to send it to.
pub(crate) fn dead_end(id: &str, step: Step, field: &str, article: &str, words: Words<'_>) -> CheckItem {
    CheckItem { way_on: false, ..item(id, Level::Block, step, field, article, words) }
}

/// Makes an item the filer confirms.
pub(crate) fn warn(id: &str, step: Step, field: &str, article: &str, words: Words<'_>) -> CheckItem {
    item(id, Level::Warn, step, field, article, words)
}

/// Makes advice.
pub(crate) fn info(id: &str, step: Step, field: &str, article: &str, words: Words<'_>) -> CheckItem {
    item(id, Level::Info, step, field, article, words)
}

/// Finds the first of some words in a text.
pub(crate) fn mention<'w>(text: &str, words: &[&'w str]) -> Option<&'w str> {
    words.iter().find(|word| text.contains(**word)).copied()
}

/// Joins what the filer wrote: facts, claims and the free texts of the form.
pub(crate) fn written(content: &Content) -> String {
    let claims = content.claims.iter().filter_map(|c| c.text.as_deref());
    let mut all: Vec<Cow<'_, str>> = claims.map(Cow::from).collect();
    all.extend(content.facts.as_deref().map(Cow::from));
    if let Some(elements) = &content.elements {
        elements::texts(&elements.values, &mut all);
    }
    all.join("\n")
}

#[cfg(test)]
mod tests {
    use super::testing::{facts, loan, of, run};
    use super::*;
    use serde_json::json;

    #[test]
    fn a_complete_filing_may_be_sent() {
        let report = run(&loan(), &facts());
        assert!(report.sendable, "{:#?}", report.items);
        assert_eq!(report.open(&[], &[]), Vec::<&CheckItem>::new());
    }

    #[test]
    fn an_empty_filing_never_panics_and_leaves_a_way_on() {
        for kind in ["civil", "administrative", "enforcement"] {
            let report = run(&json!({ "kind": kind, "court_id": 370102 }), &facts());
            assert!(!report.sendable);
            assert!(report.items.iter().all(|item| item.way_on), "{kind}");
            let all: Vec<String> = report.items.iter().map(|item| item.id.clone()).collect();
            assert!(report.open(&all, &all).is_empty());
            assert!(!report.open(&all, &[]).is_empty());
        }
        assert!(!run(&json!({}), &CheckFacts::default()).sendable);
    }

    #[test]
    fn odd_values_in_a_form_never_panic() {
        let odd = [json!(null), json!(-1), json!(1e300), json!("9999-99-99"), json!([[]]), json!({"yes": "x"}), json!({"to": 5})];
        for form in ["F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09", "F10", "F11"] {
            for value in &odd {
                let item: serde_json::Map<_, _> = (0..15).map(|i| (format!("F{i}"), value.clone())).collect();
                let claims: serde_json::Map<_, _> = (0..15).map(|i| (format!("C{i}"), value.clone())).collect();
                let mut content = loan();
                content["elements"] = json!({"form": form, "values": {"claims": claims, "facts": item}});
                run(&content, &facts());
            }
        }
    }

    #[test]
    fn every_item_speaks_both_languages() {
        let mut content = loan();
        content["parties"] = json!([{}]);
        content["jurisdiction"] = json!({"clause": true, "arbitration": true});
        for item in run(&content, &facts()).items {
            for text in [&item.text, &item.text_en, &item.cure, &item.cure_en, &item.article] {
                assert!(!text.is_empty() && !text.contains('！'), "{item:?}");
            }
            assert!(item.text.ends_with('。') && item.cure.ends_with('。'), "{item:?}");
        }
    }

    #[test]
    fn the_wire_form_is_the_contract() {
        let report = run(&json!({"kind": "civil", "court_id": 370102}), &facts());
        let json = serde_json::to_value(of(&report, "G1").remove(0)).unwrap();
        let keys: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        let want = ["id", "level", "step", "field", "text", "text_en", "cure", "cure_en", "article", "way_on"];
        assert_eq!(keys, want);
        assert_eq!((&json["level"], &json["step"]), (&json!("block"), &json!("parties")));
    }
}
