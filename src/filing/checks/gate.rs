//! Checks the gate of every filing: a court, a plaintiff, a defendant, service and the statement.
//!
//! Owns: rows G1 and G3 (民事诉讼法 Art 122–124) and the members the platform itself needs (F12).
//! Must never judge whether a party is right. Imports `filing/content.rs`.

use crate::filing::checks::{CheckFacts, CheckItem, Step, block, dead_end, warn};
use crate::filing::content::{Content, Party, text};

/// Runs the gate.
pub fn check(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    court(content, items);
    plaintiffs(content, items);
    defendants(content, items);
    service(content, facts, items);
    statement(content, items);
}

/// A filing without a court has no clerk who could look at it.
fn court(content: &Content, items: &mut Vec<CheckItem>) {
    if content.court_id.is_none() {
        let words = [
            "还没有选择法院。",
            "No court has been chosen.",
            "请选择要起诉的法院。不知道选哪家的，选被告住的地方。",
            "Choose the court. If unsure, take the place where the defendant lives.",
        ];
        items.push(dead_end("G0", Step::Court, "/court_id", "民事诉讼法第一百二十二条", words));
    }
}

const G1: &str = "民事诉讼法第一百二十二条、第一百二十四条；立案登记规定第四条、第六条";

/// G1: at least one plaintiff with name, ID, phone and address.
fn plaintiffs(content: &Content, items: &mut Vec<CheckItem>) {
    let plaintiffs = content.plaintiffs();
    if plaintiffs.is_empty() {
        let words = [
            "还没有写原告（申请人）。",
            "There is no plaintiff yet.",
            "请在「当事人」里加上原告，写姓名、证件号码、电话和住址。",
            "Add the plaintiff with name, ID number, phone and address.",
        ];
        items.push(block("G1", Step::Parties, "/parties", G1, words));
    }
    for (i, party) in plaintiffs {
        for (member, zh, en) in missing(party) {
            let words: [&str; 4] = [
                &format!("原告{}还没有填{zh}。", text(&party.name)),
                &format!("The plaintiff's {en} is missing."),
                &format!("请填写{zh}。"),
                &format!("Fill in the {en}."),
            ];
            items.push(block("G1", Step::Parties, &format!("/parties/{i}/{member}"), G1, words));
        }
    }
}

type Member = (&'static str, &'static str, &'static str);

fn missing(party: &Party) -> Vec<Member> {
    let organisation = party.is_organisation();
    let (address, id): (Member, Member) = if organisation {
        (("office", "住所地", "address"), ("uscc", "统一社会信用代码", "credit code"))
    } else {
        (("domicile", "住址", "address"), ("id_number", "证件号码", "ID number"))
    };
    let id_given = if organisation { &party.uscc } else { &party.id_number };
    let phone = [&party.phone, &party.rep_phone].into_iter().any(|p| !text(p).is_empty());
    let wants = [
        (text(&party.name).is_empty(), ("name", "姓名或名称", "name")),
        (text(id_given).is_empty(), id),
        (!phone, ("phone", "联系电话", "phone number")),
        (party.seat().is_empty(), address),
        (organisation && text(&party.rep_name).is_empty(), ("rep_name", "法定代表人或负责人", "representative")),
    ];
    wants.into_iter().filter(|(wanting, _)| *wanting).map(|(_, member)| member).collect()
}

const G3: &str = "民事诉讼法第一百二十二条、第一百二十四条；民诉法解释第二百零九条";

/// G3: a defendant with a name, and an address or another mark that tells them apart.
fn defendants(content: &Content, items: &mut Vec<CheckItem>) {
    let agency = content.administrative.as_ref().map(|a| text(&a.agency)).unwrap_or_default();
    let defendants = content.defendants();
    let named = defendants.iter().any(|(_, p)| !text(&p.name).is_empty()) || !agency.is_empty();
    if !named {
        let field = defendants.first().map_or("/parties".to_owned(), |(i, _)| format!("/parties/{i}/name"));
        let words = [
            "还没有写被告（被申请人）的姓名或名称。",
            "The defendant has no name yet.",
            "请写清被告是谁。只知道绰号、微信名的，先写知道的，再写能找到他的线索。",
            "Say who the defendant is. If you know only a nickname, write it and how the person can be found.",
        ];
        items.push(block("G3", Step::Parties, &field, G3, words));
    }
    for (i, party) in defendants.into_iter().filter(|(_, p)| !text(&p.name).is_empty()) {
        items.extend(told_apart(i, party));
    }
}

fn told_apart(i: usize, party: &Party) -> Option<CheckItem> {
    let name = text(&party.name);
    let marks = [&party.id_number, &party.uscc, &party.phone, &party.rep_phone];
    let marked = marks.into_iter().any(|mark| !text(mark).is_empty());
    let pointer = |member: &str| format!("/parties/{i}/{member}");
    let address = if party.is_organisation() { "office" } else { "domicile" };
    if party.seat().is_empty() {
        let words: [&str; 4] = [
            &format!("被告{name}没有写住址，法院可能找不到他。"),
            "The defendant has no address; the court may not find them.",
            "请写住址；不知道的，写工作单位、常去的地方或电话。",
            "Write the address; if unknown, the workplace or a phone number.",
        ];
        return Some(warn("G3", Step::Parties, &pointer(address), G3, words));
    }
    (!marked).then(|| {
        let words: [&str; 4] = [
            &format!("被告{name}没有证件号码，也没有电话，同名的人可能分不清。"),
            "The defendant has neither ID number nor phone; people of one name may be mixed up.",
            "请补一样：身份证号、统一社会信用代码或电话。",
            "Add one of them: ID number, credit code or phone.",
        ];
        warn("G3", Step::Parties, &pointer("phone"), G3, words)
    })
}

/// S1: the address for service, with mobile and e-mail (F12).
fn service(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let service = content.service.clone().unwrap_or_default();
    let wants = [
        ("address", &service.address, "送达地址", "address for service"),
        ("phone", &service.phone, "手机号", "mobile number"),
        ("email", &service.email, "电子邮箱", "e-mail address"),
    ];
    for (member, value, zh, en) in wants {
        if text(value).is_empty() {
            let words: [&str; 4] = [
                &format!("还没有填{zh}，法院的通知可能送不到。"),
                &format!("The {en} is missing; notices may not reach you."),
                &format!("请填写{zh}。"),
                &format!("Fill in the {en}."),
            ];
            let field = format!("/service/{member}");
            // whoever has none sends it all the same, for a clerk to look at: nobody is kept from filing by an address
            let make = if member == "email" && facts.rules.email_required { block } else { warn };
            items.push(make("S1", Step::Service, &field, "民诉法解释第一百三十六条、第一百三十七条", words));
        }
    }
}

/// S2: the statement on honest litigation is accepted.
fn statement(content: &Content, items: &mut Vec<CheckItem>) {
    if content.statement.as_ref().and_then(|s| s.accepted) != Some(true) {
        let words = [
            "还没有确认诚信诉讼的承诺。",
            "The statement on honest litigation is not yet accepted.",
            "请读一遍承诺，确认后打钩。",
            "Read the statement and tick it.",
        ];
        items.push(warn("S2", Step::Statement, "/statement/accepted", "民事诉讼法第十三条", words));
    }
}

#[cfg(test)]
mod tests {
    use crate::filing::checks::testing::{facts, hold, loan, run, with};
    use crate::filing::checks::{CheckFacts, CheckRules};
    use serde_json::{Value, json};

    // proves: F12
    #[test]
    fn each_row_has_a_case_for_and_a_case_against() {
        let p = |changes: &[(&str, Value)]| with(changes);
        let asks_for_email = || {
            let base = facts();
            CheckFacts { rules: CheckRules { email_required: true, ..base.rules.clone() }, ..base }
        };
        let org = json!({"id": "p2", "side": "defendant", "kind": "legal", "name": "鲁辰公司", "office": "济南市历下区"});
        hold(vec![
            ("G0", p(&[("/court_id", Value::Null)]), facts(), Some("block /court_id")),
            ("G0", loan(), facts(), None),
            ("G1", p(&[("/parties/0/name", json!(""))]), facts(), Some("block /parties/0/name")),
            ("G1", p(&[("/parties/0/id_number", json!(""))]), facts(), Some("block /parties/0/id_number")),
            ("G1", p(&[("/parties/0/phone", json!(" "))]), facts(), Some("block /parties/0/phone")),
            ("G1", p(&[("/parties/0/domicile", Value::Null)]), facts(), Some("block /parties/0/domicile")),
            ("G1", p(&[("/parties/0/kind", json!("legal"))]), facts(), Some("block /parties/0/uscc")),
            ("G1", p(&[("/parties", json!([]))]), facts(), Some("block /parties")),
            ("G1", loan(), facts(), None),
            ("G3", p(&[("/parties/1/name", json!(""))]), facts(), Some("block /parties/1/name")),
            ("G3", p(&[("/parties/1/domicile", json!(""))]), facts(), Some("warn /parties/1/domicile")),
            ("G3", p(&[("/parties/1/phone", json!(""))]), facts(), Some("warn /parties/1/phone")),
            ("G3", p(&[("/parties/1", org)]), facts(), Some("warn /parties/1/phone")),
            ("G3", loan(), facts(), None),
            ("S1", p(&[("/service/email", json!(""))]), facts(), Some("warn /service/email")),
            ("S1", p(&[("/service/email", json!(""))]), asks_for_email(), Some("block /service/email")),
            ("S1", loan(), asks_for_email(), None),
            ("S1", loan(), facts(), None),
            ("S2", p(&[("/statement/accepted", json!(false))]), facts(), Some("warn /statement/accepted")),
            ("S2", loan(), facts(), None),
        ]);
    }

    #[test]
    fn only_a_missing_court_has_no_way_on() {
        let report = run(&json!({}), &facts());
        let dead: Vec<_> = report.items.iter().filter(|i| !i.way_on).map(|i| i.id.as_str()).collect();
        assert_eq!(dead, ["G0"]);
    }

    #[test]
    fn an_agency_is_a_defendant() {
        let content =
            with(&[("/kind", json!("administrative")), ("/administrative", json!({"agency": "某区公安分局"})), ("/parties/1", json!({}))]);
        hold(vec![("G3", content, facts(), None)]);
    }
}
