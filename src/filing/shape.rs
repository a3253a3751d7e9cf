//! Holds a draft's JSON to its shape: types, words, lengths, numbers of rows.
//!
//! Owns: the bounds of `content`, so that nothing boundless or unreadable is ever stored. Must never
//! ask for a member: every one may be missing. Imports `kit/text.rs`.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::kit::text::refuse_hidden;

/// What is wrong with one member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// JSON pointer.
    pub field: String,
    /// Stable code.
    pub code: &'static str,
    /// 原因.
    pub zh: String,
    /// The cause in English.
    pub en: String,
    /// 怎么办.
    pub cure_zh: String,
    /// The cure in English.
    pub cure_en: String,
}

impl FieldError {
    fn new(field: &str, code: &'static str, cause: (String, String), cure: (&str, &str)) -> Self {
        Self { field: field.to_owned(), code, zh: cause.0, en: cause.1, cure_zh: cure.0.to_owned(), cure_en: cure.1.to_owned() }
    }

    /// Says that a member cannot be read at all.
    pub fn unreadable(field: &str) -> Self {
        let cause = ("这一项的格式读不出来。".to_owned(), "This member cannot be read.".to_owned());
        Self::new(field, "content.type", cause, ("请重新填写这一项。", "Fill this in again."))
    }

    fn many(field: &str, max: usize) -> Self {
        let cause = (format!("这里最多 {max} 项。"), format!("There may be at most {max} rows."));
        Self::new(field, "content.too_many", cause, ("请合并或删去一些。", "Merge or remove some."))
    }
}

/// The most fen an amount may be: ten trillion yuan.
pub const MOST_FEN: i64 = 1_000_000_000_000_000;

enum Kind {
    Text(usize),
    Lines(usize),
    Bool,
    TextOrBool(usize),
    Money,
    Int,
    Date,
    Word(&'static [&'static str]),
    Rows(usize),
    Ids(usize),
    Part,
    Free,
}

use Kind::{Bool, Date, Free, Ids, Int, Lines, Money, Part, Rows, Text, TextOrBool, Word};

const FIELD: usize = 10_000;
const NAME: usize = 200;
const ADDRESS: usize = 500;
const NUMBER: usize = 64;

const SIDES: &[&str] = &["plaintiff", "defendant", "third_party", "applicant", "respondent"];
const REPS: &[&str] = &["lawyer", "legal_worker", "relative", "employee", "recommended"];
const GROUNDS: &[&str] = &["defendant_domicile", "performance_place", "tort_place", "immovable", "agreed", "other"];
const IDS: &[&str] = &["resident_id", "passport", "hk_macau_permit", "taiwan_permit", "foreign_permanent"];
const EVIDENCE: &[&str] = &["documentary", "physical", "audio_visual", "electronic", "testimony", "appraisal", "other"];
const PAPERS: &[&str] = &[
    "id_copy",
    "business_licence",
    "representative_certificate",
    "power_of_attorney",
    "lawyer_licence",
    "firm_letter",
    "guardianship_proof",
    "kinship_proof",
    "arbitration_award",
    "enforcement_basis",
    "administrative_decision",
    "other",
];

/// Every member the house knows; `*` stands for a place in an array.
#[rustfmt::skip]
const SHAPE: &[(&str, Kind)] = &[
    ("/court_id", Int), ("/kind", Word(&["civil", "administrative", "enforcement"])),
    ("/procedure_wish", Word(&["small_claims_agree"])),
    ("/cause", Part), ("/cause/code", Text(32)), ("/cause/domain", Text(32)), ("/cause/edition", Text(16)),
    ("/cause/name", Text(NAME)),
    ("/parties", Rows(100)), ("/parties/*/id", Text(NUMBER)), ("/parties/*/side", Word(SIDES)),
    ("/parties/*/kind", Word(&["natural", "legal", "unincorporated"])), ("/parties/*/name", Text(NAME)),
    ("/parties/*/gender", Word(&["male", "female"])), ("/parties/*/birth", Date),
    ("/parties/*/ethnic", Text(NAME)), ("/parties/*/employer", Text(NAME)), ("/parties/*/post", Text(NAME)),
    ("/parties/*/phone", Text(NUMBER)), ("/parties/*/email", Text(320)),
    ("/parties/*/domicile", Text(ADDRESS)), ("/parties/*/residence", Text(ADDRESS)),
    ("/parties/*/id_type", Word(IDS)), ("/parties/*/id_number", Text(NUMBER)),
    ("/parties/*/uscc", Text(NUMBER)), ("/parties/*/office", Text(ADDRESS)),
    ("/parties/*/reg_place", Text(ADDRESS)), ("/parties/*/rep_name", Text(NAME)),
    ("/parties/*/rep_post", Text(NAME)), ("/parties/*/rep_phone", Text(NUMBER)),
    ("/parties/*/org_type", Text(NAME)), ("/parties/*/ownership", Text(NAME)),
    ("/parties/*/guardian", Part), ("/parties/*/guardian/name", Text(NAME)),
    ("/parties/*/guardian/relation", Text(NAME)), ("/parties/*/guardian/phone", Text(NUMBER)),
    ("/parties/*/guardian/id_number", Text(NUMBER)),
    ("/representatives", Rows(20)), ("/representatives/*/id", Text(NUMBER)),
    ("/representatives/*/party_ids", Ids(100)), ("/representatives/*/kind", Word(REPS)),
    ("/representatives/*/name", Text(NAME)), ("/representatives/*/unit", Text(NAME)),
    ("/representatives/*/licence", Text(NUMBER)), ("/representatives/*/phone", Text(NUMBER)),
    ("/representatives/*/power", Word(&["general", "special"])), ("/representatives/*/power_matters", Ids(20)),
    ("/claims", Rows(100)), ("/claims/*/id", Text(NUMBER)), ("/claims/*/text", Lines(FIELD)),
    ("/claims/*/amount_fen", Money), ("/amount_fen", Money), ("/facts", Lines(100_000)),
    ("/elements", Part), ("/elements/form", Text(16)), ("/elements/edition", Text(16)), ("/elements/values", Free),
    ("/jurisdiction", Part), ("/jurisdiction/ground", Word(GROUNDS)),
    ("/jurisdiction/place_division", Text(12)), ("/jurisdiction/clause", Bool),
    ("/jurisdiction/clause_text", Lines(FIELD)), ("/jurisdiction/arbitration", Bool),
    ("/jurisdiction/arbitration_void", Bool),
    ("/administrative", Part), ("/administrative/agency", Text(NAME)), ("/administrative/act", Lines(FIELD)),
    ("/administrative/act_date", Date), ("/administrative/known_date", Date),
    ("/administrative/reconsidered", Bool),
    ("/enforcement", Part),
    ("/enforcement/basis_document", Word(&["judgment", "mediation", "arbitration", "notarised"])),
    ("/enforcement/basis_number", Text(NAME)), ("/enforcement/effective_date", Date),
    ("/enforcement/performance_due", Date), ("/enforcement/property_clues", Lines(FIELD)),
    ("/preservation", Part), ("/preservation/pre_suit", Bool), ("/preservation/court", Text(NAME)),
    ("/preservation/date", Date), ("/preservation/case_number", Text(NAME)),
    ("/mediation", Part), ("/mediation/know", Bool), ("/mediation/want", Word(&["yes", "no", "unsure"])),
    ("/divorce", Part), ("/divorce/respondent_pregnant", Bool), ("/divorce/refused_before", Bool),
    ("/divorce/refused_date", Date), ("/divorce/new_reason", TextOrBool(FIELD)),
    ("/evidence", Rows(500)), ("/evidence/*/id", Text(NUMBER)), ("/evidence/*/name", Text(500)),
    ("/evidence/*/source", Lines(FIELD)), ("/evidence/*/purpose", Lines(FIELD)),
    ("/evidence/*/kind", Word(EVIDENCE)), ("/evidence/*/original", Bool),
    ("/evidence/*/witness_name", Text(NAME)), ("/evidence/*/witness_address", Text(ADDRESS)),
    ("/evidence/*/file_ids", Ids(100)),
    ("/papers", Rows(300)), ("/papers/*/id", Text(NUMBER)), ("/papers/*/kind", Word(PAPERS)),
    ("/papers/*/party_id", Text(NUMBER)), ("/papers/*/file_ids", Ids(100)),
    ("/service", Part), ("/service/address", Text(ADDRESS)), ("/service/receiver", Text(NAME)),
    ("/service/phone", Text(NUMBER)), ("/service/email", Text(320)), ("/service/e_service", Bool),
    ("/service/channels", Ids(10)), ("/service/understood", Bool),
    ("/statement", Part), ("/statement/accepted", Bool), ("/statement/version", Text(16)),
];

/// The kind of a member by its pattern: looked up for every member of every draft, several times a request.
static KINDS: LazyLock<HashMap<&str, &Kind>> = LazyLock::new(|| SHAPE.iter().map(|(pattern, kind)| (*pattern, kind)).collect());

/// Checks the shape of a draft's content; an empty list means it can be read and stored.
pub fn validate_shape(content: &Value) -> Vec<FieldError> {
    let mut errors = Vec::new();
    match content {
        Value::Object(members) => walk(members, "", "", &mut errors),
        _ => errors.push(FieldError::unreadable("")),
    }
    errors
}

fn walk(members: &Map<String, Value>, pattern: &str, pointer: &str, errors: &mut Vec<FieldError>) {
    for (key, value) in members {
        let pattern = format!("{pattern}/{key}");
        let Some(kind) = KINDS.get(pattern.as_str()) else { continue };
        let pointer = format!("{pointer}/{key}");
        member(value, kind, &pattern, &pointer, errors);
    }
}

fn member(value: &Value, kind: &Kind, pattern: &str, pointer: &str, errors: &mut Vec<FieldError>) {
    match (kind, value) {
        (_, Value::Null) => {}
        (Text(max), Value::String(text)) => errors.extend(text_error(text, *max, false, pointer)),
        (Lines(max) | TextOrBool(max), Value::String(text)) => {
            errors.extend(text_error(text, *max, true, pointer));
        }
        (Bool | TextOrBool(_), Value::Bool(_)) => {}
        (Date | Word(_), Value::String(text)) if text.is_empty() => {}
        (Date, Value::String(text)) => errors.extend(date_error(text, pointer)),
        (Word(words), Value::String(text)) if words.contains(&text.as_str()) => {}
        (Word(_), Value::String(_)) => errors.push(word_error(pointer)),
        (Int, Value::Number(n)) if n.is_i64() => {}
        (Money, Value::Number(n)) => errors.extend(money_error(n.as_i64(), pointer)),
        (Part, Value::Object(members)) => walk(members, pattern, pointer, errors),
        (Rows(max), Value::Array(rows)) => rows_of(rows, *max, pattern, pointer, errors),
        (Ids(max), Value::Array(ids)) => ids_of(ids, *max, pointer, errors),
        (Free, value) => {
            let mut nodes = 0;
            errors.extend(free_error(value, pointer, 0, &mut nodes));
        }
        _ => errors.push(FieldError::unreadable(pointer)),
    }
}

fn rows_of(rows: &[Value], max: usize, pattern: &str, pointer: &str, errors: &mut Vec<FieldError>) {
    if rows.len() > max {
        errors.push(FieldError::many(pointer, max));
        return;
    }
    for (i, row) in rows.iter().enumerate() {
        match row {
            Value::Object(members) => {
                walk(members, &format!("{pattern}/*"), &format!("{pointer}/{i}"), errors);
            }
            _ => errors.push(FieldError::unreadable(&format!("{pointer}/{i}"))),
        }
    }
}

fn ids_of(ids: &[Value], max: usize, pointer: &str, errors: &mut Vec<FieldError>) {
    if ids.len() > max {
        errors.push(FieldError::many(pointer, max));
        return;
    }
    for (i, id) in ids.iter().enumerate() {
        let pointer = format!("{pointer}/{i}");
        match id {
            Value::String(text) => errors.extend(text_error(text, NAME, false, &pointer)),
            _ => errors.push(FieldError::unreadable(&pointer)),
        }
    }
}

fn text_error(text: &str, max: usize, lines: bool, pointer: &str) -> Option<FieldError> {
    let signs = text.chars().count();
    if signs > max {
        let zh = format!("这一栏最多 {max} 字，现在有 {signs} 字。");
        let en = format!("This field takes {max} signs; there are {signs}.");
        let cure = ("请删短，写不下的可以作为材料上传。", "Shorten it, or upload the rest as a file.");
        return Some(FieldError::new(pointer, "text.too_long", (zh, en), cure));
    }
    let error = refuse_hidden(&text.replace("\r\n", "\n"), lines).err()?;
    let cure = (error.cure_zh.as_str(), error.cure_en.as_str());
    Some(FieldError::new(pointer, error.code, (error.zh.clone(), error.en.clone()), cure))
}

fn date_error(text: &str, pointer: &str) -> Option<FieldError> {
    let date: Option<NaiveDate> = (text.len() == 10).then(|| text.parse().ok()).flatten();
    let (first, last) = (NaiveDate::from_ymd_opt(1800, 1, 1), NaiveDate::from_ymd_opt(2200, 1, 1));
    if date.is_some() && date >= first && date < last {
        return None;
    }
    let cause = (format!("「{text}」不是日期。"), format!("“{text}” is not a date."));
    let cure = ("请按年-月-日填写，例如 2024-05-06。", "Write year-month-day, such as 2024-05-06.");
    Some(FieldError::new(pointer, "content.date", cause, cure))
}

fn word_error(pointer: &str) -> FieldError {
    let cause = ("这个选项不在可选范围内。".to_owned(), "This is not one of the choices.".to_owned());
    FieldError::new(pointer, "content.choice", cause, ("请重新选择。", "Choose again."))
}

fn money_error(fen: Option<i64>, pointer: &str) -> Option<FieldError> {
    if fen.is_some_and(|fen| (0..=MOST_FEN).contains(&fen)) {
        return None;
    }
    let cause =
        ("金额应在 0 至 10 万亿元之间，最小到分。".to_owned(), "An amount lies between 0 and 10 trillion yuan, in whole fen.".to_owned());
    Some(FieldError::new(pointer, "content.amount", cause, ("请核对金额。", "Check the amount.")))
}

/// Bounds the free values of a form: depth, number of members, length of texts.
fn free_error(value: &Value, pointer: &str, depth: usize, nodes: &mut usize) -> Option<FieldError> {
    *nodes += 1;
    if depth > 8 || *nodes > 5_000 {
        return Some(FieldError::many(pointer, 5_000));
    }
    match value {
        Value::String(text) => text_error(text, FIELD, true, pointer),
        Value::Array(rows) => rows.iter().enumerate().find_map(|(i, row)| free_error(row, &format!("{pointer}/{i}"), depth + 1, nodes)),
        Value::Object(members) => members.iter().find_map(|(key, member)| {
            let key = key.replace('~', "~0").replace('/', "~1");
            free_error(member, &format!("{pointer}/{key}"), depth + 1, nodes)
        }),
        _ => None,
    }
}

/// Leaves out nulls, empty texts and unknown members; turns a ticked `new_reason` into a word.
/// The values of a form are kept as they are.
pub fn prune(content: &Value) -> Value {
    prune_at(content, "")
}

fn prune_at(value: &Value, pattern: &str) -> Value {
    match value {
        Value::Object(members) => {
            let mut kept = Map::new();
            for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                let pattern = format!("{pattern}/{key}");
                let value = match (KINDS.get(pattern.as_str()), value) {
                    (None, _) => continue,
                    (Some(Free), value) => value.clone(),
                    (Some(TextOrBool(_)), Value::Bool(yes)) if *yes => Value::from("是"),
                    (Some(TextOrBool(_)), Value::Bool(_)) => continue,
                    (Some(_), Value::String(text)) if text.trim().is_empty() => continue,
                    (Some(_), value) => prune_at(value, &pattern),
                };
                kept.insert(key.clone(), value);
            }
            Value::Object(kept)
        }
        Value::Array(rows) => Value::Array(rows.iter().map(|row| prune_at(row, &format!("{pattern}/*"))).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filing::content::Content;
    use serde_json::json;

    fn codes(content: Value) -> Vec<(String, &'static str)> {
        validate_shape(&content).into_iter().map(|e| (e.field, e.code)).collect()
    }

    #[test]
    fn bounds_hold_with_their_pointers() {
        let long = "字".repeat(100_001);
        let rows = [
            (json!([]), "", "content.type"),
            (json!({"facts": long}), "/facts", "text.too_long"),
            (json!({"facts": 3}), "/facts", "content.type"),
            (json!({"parties": vec![json!({}); 101]}), "/parties", "content.too_many"),
            (json!({"representatives": vec![json!({}); 21]}), "/representatives", "content.too_many"),
            (json!({"evidence": vec![json!({}); 501]}), "/evidence", "content.too_many"),
            (json!({"parties": [{"name": "张\u{200B}三"}]}), "/parties/0/name", "text.zero_width"),
            (json!({"parties": [{"side": "judge"}]}), "/parties/0/side", "content.choice"),
            (json!({"parties": [{"birth": "1990-02-30"}]}), "/parties/0/birth", "content.date"),
            (json!({"parties": [1]}), "/parties/0", "content.type"),
            (json!({"claims": [{"amount_fen": -1}]}), "/claims/0/amount_fen", "content.amount"),
            (json!({"amount_fen": MOST_FEN + 1}), "/amount_fen", "content.amount"),
            (json!({"amount_fen": 1.5}), "/amount_fen", "content.amount"),
            (json!({"elements": {"values": {"facts": {"a/b": "\u{0}"}}}}), "/elements/values/facts/a~1b", "text.control"),
            (json!({"evidence": [{"file_ids": [1]}]}), "/evidence/0/file_ids/0", "content.type"),
        ];
        for (content, field, code) in rows {
            assert_eq!(codes(content), vec![(field.to_owned(), code)], "{field}");
        }
    }

    #[test]
    fn everything_may_be_missing_and_the_unknown_is_left_out() {
        assert_eq!(codes(json!({})), vec![]);
        let typed = json!({
            "hacker": {"deep": true}, "facts": " ", "amount_fen": MOST_FEN,
            "parties": [{"side": "", "name": "张三", "admin": true, "birth": null, "guardian": {}}],
            "divorce": {"new_reason": true},
            "elements": {"form": "F02", "values": {"claims": {"C1": {"other": ""}}}},
        });
        let content = Content::read(&typed).unwrap();
        assert_eq!(content.parties[0].name.as_deref(), Some("张三"));
        assert_eq!(content.parties[0].side, None);
        let again = content.to_value();
        assert!(again.get("hacker").is_none() && again["parties"][0].get("admin").is_none());
        assert_eq!(again["divorce"]["new_reason"], "是");
        assert_eq!(again["elements"]["values"]["claims"]["C1"]["other"], "");
        assert_eq!(Content::read(&again).unwrap(), content);
    }

    #[test]
    fn depth_is_bounded() {
        let mut deep = json!("x");
        for _ in 0..20 {
            deep = json!({ "a": deep });
        }
        assert_eq!(validate_shape(&json!({"elements": {"values": deep}})).len(), 1);
    }

    #[test]
    fn every_word_of_the_shape_can_be_read() {
        for (pattern, kind) in SHAPE {
            let Word(words) = kind else { continue };
            for word in *words {
                let mut value = json!(word);
                for key in pattern.rsplit('/').filter(|key| !key.is_empty()) {
                    value = if key == "*" { json!([value]) } else { json!({ key: value }) };
                }
                assert!(Content::read(&value).is_ok(), "{pattern} {word}");
            }
        }
    }

    #[test]
    fn titles_and_totals() {
        let party = |side: &str, name: &str| json!({"side": side, "kind": "natural", "name": name});
        let title = |kind: &str, parties: Vec<Value>| Content::read(&json!({"kind": kind, "parties": parties})).unwrap().title();
        let (zhao, luchen) = (party("plaintiff", "赵文博"), party("defendant", "山东鲁辰物流有限公司"));
        let rows = [
            (title("civil", vec![zhao.clone(), luchen.clone()]), "赵文博诉山东鲁辰物流有限公司"),
            (title("civil", vec![zhao.clone(), zhao.clone(), luchen.clone(), luchen]), "赵文博等诉山东鲁辰物流有限公司等"),
            (title("civil", vec![zhao]), "赵文博的起诉"),
            (title("civil", vec![]), "未写当事人"),
            (title("enforcement", vec![party("applicant", "赵文博"), party("respondent", "钱五")]), "赵文博申请执行钱五"),
        ];
        for (found, want) in rows {
            assert_eq!(found, want);
        }
        let content = Content::read(&json!({"claims": [{"amount_fen": 100}, {}, {"amount_fen": 23}]})).unwrap();
        assert_eq!((content.money_total(), content.amount()), (123, 123));
    }

    #[test]
    fn the_seat_is_residence_before_domicile() {
        let seat = |party: Value| Content::read(&json!({"parties": [party]})).unwrap().parties[0].seat().to_owned();
        assert_eq!(seat(json!({"kind": "natural", "domicile": "甲", "residence": "乙"})), "乙");
        assert_eq!(seat(json!({"kind": "natural", "domicile": "甲"})), "甲");
        assert_eq!(seat(json!({"kind": "legal", "office": "丙", "reg_place": "丁"})), "丙");
        assert_eq!(seat(json!({"kind": "legal", "reg_place": "丁"})), "丁");
    }
}
