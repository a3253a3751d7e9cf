//! Proves rows G2, G4–G6 and G8–G17.

use crate::filing::checks::testing::{about, facts, hold, loan, with};
use crate::filing::checks::{CheckFacts, EarlierMatter, Standing};
use serde_json::{Value, json};

fn divorce(changes: &[(&str, Value)]) -> Value {
    let base = [("/elements", json!({"form": "F05", "values": {"claims": {"C1": "离婚"}}}))];
    with(&[&base[..], changes].concat())
}

fn family() -> CheckFacts {
    about("离婚纠纷", &["婚姻家庭、继承纠纷", "婚姻家庭纠纷"])
}

#[test]
fn claims_facts_and_evidence() {
    let open = || CheckFacts { form_problems: vec!["/elements/values/facts/F1/date".to_owned()], ..facts() };
    let none = &[("/claims", json!([])), ("/elements", Value::Null)];
    let mute = &[("/facts", json!("")), ("/elements", Value::Null)];
    hold(vec![
        ("G2", with(&[("/elements/values/facts/F2/lender", json!("孙六"))]), facts(), Some("warn /elements/values/facts/F2/lender")),
        ("G2", with(&[("/elements/values/facts/F2/lender", json!("原告"))]), facts(), None),
        ("G2", loan(), facts(), None),
        ("G4", with(none), facts(), Some("block /claims")),
        ("G4", with(&[("/claims/1", json!({"text": "其他。"}))]), facts(), Some("warn /claims/1/text")),
        ("G4", with(&[("/claims", json!([]))]), facts(), None),
        ("G4", loan(), facts(), None),
        ("G5", with(mute), facts(), Some("block /facts")),
        ("G5", with(&[("/facts", json!(""))]), facts(), None),
        ("E1", with(&[("/facts", json!(""))]), open(), Some("warn /elements/values/facts/F1/date")),
        ("E1", loan(), open(), Some("info /elements/values/facts/F1/date")),
        ("E1", loan(), facts(), None),
        ("G6", with(&[("/evidence", json!([]))]), facts(), Some("warn /evidence")),
        ("G6", with(&[("/evidence/0/source", json!(""))]), facts(), Some("warn /evidence/0/source")),
        ("G6", with(&[("/evidence/0/kind", json!("testimony"))]), facts(), Some("warn /evidence/0/witness_name")),
        ("G6", loan(), facts(), None),
    ]);
}

#[test]
fn another_door_first() {
    let agency = [("/parties/1/name", json!("某市公安局")), ("/claims/0/text", json!("撤销行政处罚决定"))];
    let labour = || about("追索劳动报酬纠纷", &["劳动争议、人事争议、新就业形态用工纠纷", "劳动争议"]);
    let award = json!([{"kind": "arbitration_award", "file_ids": ["f9"]}]);
    hold(vec![
        ("G8", with(&agency), facts(), Some("warn /parties/1")),
        ("G8", with(&agency[..1]), facts(), None),
        ("G8", loan(), facts(), None),
        ("G9", with(&[("/jurisdiction/arbitration", json!(true))]), facts(), Some("warn /jurisdiction/arbitration")),
        (
            "G9",
            with(&[("/jurisdiction/arbitration", json!(true)), ("/jurisdiction/arbitration_void", json!(true))]),
            facts(),
            Some("info /jurisdiction/arbitration"),
        ),
        ("G9", loan(), facts(), None),
        ("G10", loan(), labour(), Some("block /elements/values/facts/F5")),
        ("G10", with(&[("/papers", award)]), labour(), None),
        ("G10", with(&[("/elements/values/facts/F5", json!({"document": "济劳人仲案〔2026〕1号"}))]), labour(), None),
        ("G10", with(&[("/claims/0/text", json!("确认土地使用权归原告"))]), facts(), Some("warn /claims")),
        ("G10", loan(), facts(), None),
    ]);
}

#[test]
fn earlier_matters_and_waiting_times() {
    let earlier = |standing| CheckFacts {
        duplicates: vec![EarlierMatter { number: "（2025）鲁0102民初9号".to_owned(), standing, ..EarlierMatter::default() }],
        ..facts()
    };
    let before = |date: &str, new: &str| json!({"refused_before": true, "refused_date": date, "new_reason": new});
    let wife = ("/parties/0/gender", json!("female"));
    let pregnant = ("/divorce", json!({"respondent_pregnant": true}));
    hold(vec![
        ("G11", loan(), earlier(Standing::Open), Some("warn /parties")),
        ("G11", loan(), earlier(Standing::Withdrawn), Some("info /parties")),
        ("G11", loan(), earlier(Standing::Refused), Some("info /parties")),
        ("G11", loan(), facts(), None),
        ("G12", divorce(std::slice::from_ref(&pregnant)), family(), Some("warn /divorce/respondent_pregnant")),
        ("G12", divorce(&[pregnant, wife]), family(), None),
        ("G13", divorce(&[("/divorce", before("2026-08-01", ""))]), family(), Some("warn /divorce/new_reason")),
        ("G13", divorce(&[("/divorce", before("2026-08-01", "又发生家暴"))]), family(), None),
        ("G13", divorce(&[("/divorce", before("2026-05-21", ""))]), family(), None),
        ("G13", divorce(&[("/divorce", before("2026-05-22", ""))]), family(), Some("warn /divorce/new_reason")),
    ]);
}

#[test]
fn words_mediation_and_missing_spouses() {
    let reputation = || about("名誉权纠纷", &["人格权纠纷"]);
    let summons = || about("申请支付令", &["非讼程序案件案由", "督促程序案件"]);
    hold(vec![
        ("G14", with(&[("/facts", json!("被告是个混蛋"))]), facts(), Some("warn /facts")),
        ("G14", with(&[("/facts", json!("被告在群里骂原告「混蛋」"))]), reputation(), None),
        ("G14", loan(), facts(), None),
        ("G15", with(&[("/facts", json!("涉及国家安全的争议"))]), facts(), Some("info /facts")),
        ("G15", loan(), facts(), None),
        ("G16", with(&[("/mediation/want", Value::Null)]), facts(), Some("info /mediation/want")),
        ("G16", with(&[("/mediation/want", json!("unsure"))]), facts(), Some("info /mediation/want")),
        ("G16", with(&[("/mediation/want", Value::Null)]), summons(), None),
        ("G16", loan(), facts(), None),
        ("G17", divorce(&[("/facts", json!("被告下落不明多年"))]), family(), Some("info /parties")),
        ("G17", divorce(&[]), family(), None),
        ("G17", with(&[("/facts", json!("被告下落不明"))]), facts(), None),
    ]);
}
