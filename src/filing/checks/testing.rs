//! Fixtures of the checker's tests: one complete loan filing, facts of one court, small changes.

use super::{CauseFacts, CheckFacts, CheckItem, CheckReport, CheckRules, CourtFacts, Divisions, FilerFacts, Lpr, check};
use crate::docket::case_types::Rank;
use crate::filing::content::Content;
use serde_json::{Value, json};

pub(crate) fn divisions() -> Divisions {
    Divisions::from_csv(include_str!("../../../reference/divisions.csv"))
}

pub(crate) fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

/// 民间借贷 in 历下区, complete.
pub(crate) fn loan() -> Value {
    json!({
        "court_id": 370102, "kind": "civil",
        "cause": {"code": "108.3", "domain": "civil", "edition": "2026", "name": "民间借贷纠纷"},
        "parties": [
            {"id": "p1", "side": "plaintiff", "kind": "natural", "name": "赵文博", "gender": "male",
             "phone": "13800138000", "domicile": "山东省济南市历下区泉城路1号",
             "id_type": "resident_id", "id_number": "370102189901010016", "birth": "1899-01-01"},
            {"id": "p2", "side": "defendant", "kind": "natural", "name": "钱五", "gender": "male",
             "phone": "13800138001", "domicile": "山东省济南市历下区解放路2号"}
        ],
        "claims": [{"id": "c1", "text": "偿还借款本金 100000 元", "amount_fen": 10_000_000}],
        "amount_fen": 10_000_000,
        "facts": "2024 年 1 月 1 日，被告向原告借款 100000 元，到期未还。",
        "elements": {"form": "F02", "edition": "2025", "values": {
            "claims": {"C1": {"as_of": "2026-06-30", "amount": 10_000_000}, "C4": {"yes": false}},
            "facts": {"F1": {"date": "2024-01-01"}, "F2": {"lender": "赵文博", "borrower": "钱五"},
                "F3": {"agreed": 10_000_000, "paid": 10_000_000}, "F4": {"due": true, "term": {"from": "2024-01-01", "to": "2025-01-01"}},
                "F5": {"rate": 6, "per": "year"}, "F8": {"principal": 0, "interest": 0}, "F9": {"yes": true, "since": "2025-01-02"}}
        }},
        "jurisdiction": {"ground": "defendant_domicile", "clause": false},
        "mediation": {"know": true, "want": "no"},
        "evidence": [{"id": "e1", "name": "借条", "source": "被告书写", "purpose": "证明借款", "kind": "documentary", "file_ids": ["f1"]}],
        "papers": [{"id": "d1", "kind": "id_copy", "party_id": "p1", "file_ids": ["f2"]}],
        "service": {"address": "济南市历下区泉城路1号", "receiver": "赵文博", "phone": "13800138000", "email": "zhao@example.cn", "e_service": true},
        "statement": {"accepted": true, "version": "2025"}
    })
}

/// Facts of 历下区人民法院 on 2026-11-22.
pub(crate) fn facts() -> CheckFacts {
    CheckFacts {
        today: day("2026-11-22"),
        court: Some(CourtFacts {
            id: 370102,
            name: "济南市历下区人民法院".to_owned(),
            rank: Some(Rank::Basic),
            divisions: vec![370102],
            special: false,
        }),
        rules: CheckRules {
            intermediate_same_fen: Some(50_000_000_000),
            intermediate_cross_fen: Some(10_000_000_000),
            high_fen: Some(500_000_000_000),
            foreign_intermediate_fen: Some(4_000_000_000),
            ip_basic_fen: Some(500_000_000),
            lpr: vec![Lpr { from: day("2023-08-21"), percent: 3.45 }],
            ..CheckRules::default()
        },
        cause: Some(cause("民间借贷纠纷", &["合同、准合同纠纷", "合同纠纷", "借款合同纠纷"])),
        filer: FilerFacts { verified: true, id_number: "370102189901010016".to_owned() },
        divisions: divisions().into(),
        ..CheckFacts::default()
    }
}

pub(crate) fn cause(name: &str, path: &[&str]) -> CauseFacts {
    CauseFacts {
        code: "1".to_owned(),
        name: name.to_owned(),
        path: path.iter().map(|p| (*p).to_owned()).collect(),
        domain: "civil".to_owned(),
        valid_from: Some(day("2026-01-01")),
        ..CauseFacts::default()
    }
}

/// Gives the facts with another cause.
pub(crate) fn about(name: &str, path: &[&str]) -> CheckFacts {
    CheckFacts { cause: Some(cause(name, path)), ..facts() }
}

/// Gives the loan filing with some members changed; a null takes the member away.
pub(crate) fn with(changes: &[(&str, Value)]) -> Value {
    let mut content = loan();
    for (pointer, value) in changes {
        set(&mut content, pointer, value.clone());
    }
    content
}

pub(crate) fn set(content: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    if content.pointer(parent).is_none() {
        set(content, parent, json!({}));
    }
    match content.pointer_mut(parent).unwrap() {
        Value::Array(rows) => match rows.get_mut(key.parse::<usize>().unwrap()) {
            Some(row) => *row = value,
            None => rows.push(value),
        },
        Value::Object(members) => drop(members.insert(key.to_owned(), value)),
        other => panic!("{pointer}: {other}"),
    }
}

pub(crate) fn run(content: &Value, facts: &CheckFacts) -> CheckReport {
    check(&Content::read(content).unwrap(), facts)
}

pub(crate) fn of(report: &CheckReport, id: &str) -> Vec<CheckItem> {
    report.items.iter().filter(|item| item.id == id).cloned().collect()
}

/// Tells the level and field of the first finding of a rule, such as `warn /claims`.
pub(crate) fn found(content: &Value, facts: &CheckFacts, id: &str) -> Option<String> {
    let item = of(&run(content, facts), id).into_iter().next()?;
    let level = serde_json::to_value(item.level).unwrap();
    Some(format!("{} {}", level.as_str().unwrap(), item.field))
}

/// Holds a table of (rule, filing, facts, finding) to be true.
pub(crate) fn hold(rows: Vec<(&str, Value, CheckFacts, Option<&str>)>) {
    for (i, (id, content, facts, want)) in rows.into_iter().enumerate() {
        assert_eq!(found(&content, &facts, id).as_deref(), want, "row {i}: {id}");
    }
}
