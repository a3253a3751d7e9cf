//! Checks members of a filing against each other, whatever its kind.
//!
//! Owns: rows X1, X12 and X13 (民诉法解释 Art 198, 201; GB 11643; GB 32100; the lists of causes). Must
//! never correct a figure: the filer does. Imports `person/documents.rs`, `person/other_documents.rs`
//! and `filing/content.rs`.

use crate::filing::checks::papers::is_minor;
use crate::filing::checks::{CheckFacts, CheckItem, Step, warn};
use crate::filing::content::{Content, Gender, IdType, Party, RepresentativeKind, text};
use crate::person::documents::{DocumentError, LawyerLicence, Mobile, ResidentId, Sex, Uscc};
use crate::person::other_documents::{Email, ForeignPermanent, HkMacauPermit, Passport, TaiwanPermit};

/// Runs the rows.
pub fn check(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    items.extend(total(content));
    for (i, party) in content.parties.iter().enumerate() {
        numbers(i, party, facts, items);
        items.extend(told_twice(i, party, facts));
        items.extend(guardian(i, party, facts));
    }
    for (i, who) in content.representatives.iter().enumerate() {
        let licence = text(&who.licence);
        if who.kind == Some(RepresentativeKind::Lawyer) && !licence.is_empty() {
            let read = LawyerLicence::parse(licence, facts.today).map(drop);
            items.extend(wrong(read, &format!("/representatives/{i}/licence")));
        }
    }
    if let Some(email) = content.service.as_ref().map(|s| text(&s.email)).filter(|e| !e.is_empty()) {
        items.extend(wrong(Email::parse(email).map(drop), "/service/email"));
    }
    cause(facts, items);
}

/// Writes fen as yuan.
pub(crate) fn yuan(fen: i64) -> String {
    format!("{}.{:02} 元", fen / 100, (fen % 100).abs())
}

/// X1: the total is the sum of the money claims.
fn total(content: &Content) -> Option<CheckItem> {
    let (stated, sum) = (content.amount_fen?, content.money_total());
    let money = content.claims.iter().any(|c| c.amount_fen.is_some());
    (money && stated != sum).then(|| {
        let words = [
            &format!("标的总额写的是 {}，各项请求加起来是 {}。", yuan(stated), yuan(sum)),
            &format!("The total is {} fen, the claims add up to {} fen.", stated, sum),
            "请核对；利息算到哪天，就按那天的数写。",
            "Check them; interest is counted to the day you name.",
        ];
        warn("X1", Step::Claims, "/amount_fen", "民诉法解释第一百九十八条、第二百零一条", words)
    })
}

fn wrong(read: Result<(), DocumentError>, pointer: &str) -> Option<CheckItem> {
    let error = read.err()?;
    let words: [&str; 4] = [&error.zh, &error.en, &error.cure_zh, &error.cure_en];
    Some(warn("X12", Step::Parties, pointer, "在线诉讼规则第七条", words))
}

/// X12: the numbers of documents check.
fn numbers(i: usize, party: &Party, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let id = text(&party.id_number);
    let uscc = text(&party.uscc);
    if !id.is_empty() && !party.is_organisation() {
        let read = match party.id_type {
            None | Some(IdType::ResidentId) => ResidentId::parse(id, facts.today).map(drop),
            Some(IdType::Passport) => Passport::parse(id, None).map(drop),
            Some(IdType::HkMacauPermit) => HkMacauPermit::parse(id).map(drop),
            Some(IdType::TaiwanPermit) => TaiwanPermit::parse(id).map(drop),
            Some(IdType::ForeignPermanent) => ForeignPermanent::parse(id, facts.today).map(drop),
        };
        items.extend(wrong(read, &format!("/parties/{i}/id_number")));
    }
    if !uscc.is_empty() {
        items.extend(wrong(Uscc::parse(uscc).map(drop), &format!("/parties/{i}/uscc")));
    }
    for (member, number) in [("phone", &party.phone), ("rep_phone", &party.rep_phone)] {
        let number = text(number);
        // Only what looks like a mobile number is held to its shape; landlines are free.
        let mobile = number.starts_with('1') || number.starts_with("+86");
        if mobile {
            items.extend(wrong(Mobile::parse(number).map(drop), &format!("/parties/{i}/{member}")));
        }
    }
}

/// X12: sex and birth date are those of the ID number.
fn told_twice(i: usize, party: &Party, facts: &CheckFacts) -> Option<CheckItem> {
    if party.is_organisation() || !matches!(party.id_type, None | Some(IdType::ResidentId)) {
        return None;
    }
    let id = ResidentId::parse(text(&party.id_number), facts.today).ok()?;
    let sex = match id.sex() {
        Sex::Male => Gender::Male,
        Sex::Female => Gender::Female,
    };
    let (member, zh, en) = if party.birth.is_some_and(|birth| birth != id.birth()) {
        ("birth", "出生日期", "date of birth")
    } else if party.gender.is_some_and(|gender| gender != sex) {
        ("gender", "性别", "sex")
    } else {
        return None;
    };
    let words = [
        &format!("{}的{zh}和身份证号对不上。", text(&party.name)),
        &format!("The {en} does not fit the ID number."),
        "请对照身份证核对这两栏。",
        "Compare both with the card.",
    ];
    Some(warn("X12", Step::Parties, &format!("/parties/{i}/{member}"), "在线诉讼规则第七条", words))
}

/// X12: a party under 18 has a guardian.
fn guardian(i: usize, party: &Party, facts: &CheckFacts) -> Option<CheckItem> {
    let named = party.guardian.as_ref().is_some_and(|g| !text(&g.name).is_empty());
    (is_minor(party, facts) && !named).then(|| {
        let words = [
            &format!("{}未满十八周岁，由监护人作为法定代理人参加诉讼。", text(&party.name)),
            "The party is under 18 and acts through a guardian.",
            "请填写监护人的姓名、关系和电话。",
            "Fill in the guardian's name, relation and phone.",
        ];
        warn("X12", Step::Parties, &format!("/parties/{i}/guardian"), "民事诉讼法第六十条", words)
    })
}

/// X13: the cause is of the edition in force and the lowest that fits.
fn cause(facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let Some(cause) = &facts.cause else { return };
    let early = cause.valid_from.is_some_and(|from| facts.today < from);
    let over = cause.valid_to.is_some_and(|to| facts.today > to);
    if early || over {
        let words = [
            &format!("案由「{}」在今天不适用，可能是旧版或者还没施行。", cause.name),
            "This cause of action is not in force today.",
            "请在现行案由里重新选择。",
            "Choose again from the list in force.",
        ];
        items.push(warn("X13", Step::Cause, "/cause/code", "民事案件案由规定", words));
    } else if cause.has_children {
        let words = [
            &format!("「{}」下面还有更具体的案由。", cause.name),
            "There are more specific causes below this one.",
            "请选最贴近的一个；都不合适的，确认后继续。",
            "Choose the one that fits best; if none does, confirm and go on.",
        ];
        items.push(warn("X13", Step::Cause, "/cause/code", "民事案件案由规定", words));
    }
}

#[cfg(test)]
mod tests {
    use crate::filing::checks::testing::{cause, day, facts, hold, loan, with};
    use crate::filing::checks::{CauseFacts, CheckFacts};
    use serde_json::json;

    #[test]
    fn each_row_has_a_case_for_and_a_case_against() {
        let about = |cause: CauseFacts| CheckFacts { cause: Some(cause), ..facts() };
        let base = cause("民间借贷纠纷", &["合同纠纷"]);
        let lawyer = |licence: &str| with(&[("/representatives", json!([{"kind": "lawyer", "licence": licence}]))]);
        hold(vec![
            ("X1", with(&[("/amount_fen", json!(9_999_999))]), facts(), Some("warn /amount_fen")),
            ("X1", with(&[("/claims/0/amount_fen", json!(null))]), facts(), None),
            ("X1", loan(), facts(), None),
            ("X12", with(&[("/parties/0/id_number", json!("370102189901010017"))]), facts(), Some("warn /parties/0/id_number")),
            ("X12", with(&[("/parties/1/uscc", json!("91370102MA0000007G"))]), facts(), Some("warn /parties/1/uscc")),
            ("X12", with(&[("/parties/0/phone", json!("1380013800"))]), facts(), Some("warn /parties/0/phone")),
            ("X12", with(&[("/parties/0/phone", json!("0531-88888888"))]), facts(), None),
            ("X12", with(&[("/parties/0/birth", json!("1899-01-02"))]), facts(), Some("warn /parties/0/birth")),
            ("X12", with(&[("/parties/0/gender", json!("female"))]), facts(), Some("warn /parties/0/gender")),
            ("X12", with(&[("/parties/1/birth", json!("2010-01-01"))]), facts(), Some("warn /parties/1/guardian")),
            ("X12", with(&[("/parties/1/birth", json!("2010-01-01")), ("/parties/1/guardian", json!({"name": "钱四"}))]), facts(), None),
            ("X12", with(&[("/parties/1/birth", json!("2008-11-22"))]), facts(), None), // 18 today
            ("X12", with(&[("/service/email", json!("zhao"))]), facts(), Some("warn /service/email")),
            ("X12", lawyer("23701201310123456"), facts(), Some("warn /representatives/0/licence")),
            ("X12", lawyer("13701201310123456"), facts(), None),
            ("X12", loan(), facts(), None),
            ("X13", loan(), about(CauseFacts { valid_from: Some(day("2027-01-01")), ..base.clone() }), Some("warn /cause/code")),
            ("X13", loan(), about(CauseFacts { valid_to: Some(day("2025-12-31")), ..base.clone() }), Some("warn /cause/code")),
            ("X13", loan(), about(CauseFacts { has_children: true, ..base }), Some("warn /cause/code")),
            ("X13", loan(), facts(), None),
        ]);
    }
}
