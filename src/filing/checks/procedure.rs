//! Tells which procedure a case will probably take, and what that means for the filer.
//!
//! Owns: rows P1–P7 (民事诉讼法 Art 152, 160–168; 民诉法解释 Art 257, 272–275). Must never choose the
//! procedure: the court does. The wage base is a rule of the court. Imports `filing/content.rs`.

use crate::docket::case_types::Rank;
use crate::filing::checks::places::is_foreign;
use crate::filing::checks::{CheckFacts, CheckItem, Step, elements, gate_matter, info};
use crate::filing::content::{Content, ProcedureWish};

/// The procedure a case will probably take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// P1: 小额诉讼.
    SmallClaims,
    /// P2: 小额诉讼 by agreement.
    SmallClaimsByAgreement,
    /// P4: 简易程序.
    Summary,
    /// P6: 普通程序.
    Ordinary,
}

const FIELD: &str = "/procedure_wish";

/// Finds the procedure a case will probably take; none outside ordinary civil suits.
pub fn hint(content: &Content, facts: &CheckFacts) -> Option<Hint> {
    let cause = facts.cause.as_ref()?;
    if cause.any(&["非讼程序", "特殊诉讼程序"]) {
        return None;
    }
    let basic = facts.court.as_ref()?.rank == Some(Rank::Basic);
    if !basic || no_summary(content, facts) {
        return Some(Hint::Ordinary);
    }
    let Some(wage) = facts.rules.wage_base_fen.filter(|_| !excluded(content, facts) && is_money(content)) else {
        return Some(Hint::Summary);
    };
    let amount = content.amount();
    Some(match amount {
        _ if amount.saturating_mul(2) <= wage => Hint::SmallClaims,
        _ if amount <= wage.saturating_mul(2) => Hint::SmallClaimsByAgreement,
        _ => Hint::Summary,
    })
}

/// Runs the rows.
pub fn check(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let Some(hint) = hint(content, facts) else { return };
    let agreed = content.procedure_wish == Some(ProcedureWish::SmallClaimsAgree);
    match hint {
        Hint::SmallClaims => items.push(p1()),
        Hint::SmallClaimsByAgreement if !agreed => items.push(p2()),
        Hint::SmallClaimsByAgreement => {}
        Hint::Summary => {
            if excluded(content, facts) && facts.rules.wage_base_fen.is_some() {
                items.push(p3());
            }
            items.push(p4());
        }
        Hint::Ordinary => {
            if no_summary(content, facts) {
                items.push(p5());
            }
            items.push(p6());
        }
    }
    if hint == Hint::SmallClaims || (hint == Hint::SmallClaimsByAgreement && agreed) {
        items.push(p7());
    }
}

fn is_money(content: &Content) -> bool {
    content.amount() > 0 && content.claims.iter().all(|c| c.amount_fen.is_some())
}

/// P3: no small claims for status, title, foreign parties, appraisal (Art 166).
fn excluded(content: &Content, facts: &CheckFacts) -> bool {
    facts.cause_any(&["人格权", "婚姻家庭", "继承", "物权", "所有权确认"])
        || content.parties.iter().any(|p| is_foreign(p, facts))
        || elements::yes(content, "claims", "APP.yes")
}

/// P5: no summary procedure for a missing defendant, many parties, public interest, revocation.
fn no_summary(content: &Content, facts: &CheckFacts) -> bool {
    gate_matter::is_missing(content)
        || content.plaintiffs().len() >= 10
        || content.defendants().len() >= 10
        || facts.cause_any(&["公益诉讼", "第三人撤销之诉"])
}

fn say(id: &str, article: &str, words: [&str; 4]) -> CheckItem {
    info(id, Step::Claims, FIELD, article, words)
}

fn p1() -> CheckItem {
    say(
        "P1",
        "民事诉讼法第一百六十五条、第一百六十八条；民诉法解释第二百七十二条",
        [
            "金额不大，一般适用小额诉讼：一审终审，两个月内审结。",
            "The amount is small: as a rule one instance only, decided in two months.",
            "不用做什么，由法院决定。",
            "Nothing to do; the court decides.",
        ],
    )
}

fn p2() -> CheckItem {
    say(
        "P2",
        "民事诉讼法第一百六十五条第二款",
        [
            "双方都同意的，可以适用小额诉讼：一审终审，两个月内审结，收费较低。",
            "If both sides agree, small claims may apply: one instance, two months, a lower fee.",
            "愿意的请勾选同意，法院会再问被告。",
            "Tick to agree; the court will ask the defendant.",
        ],
    )
}

fn p3() -> CheckItem {
    say(
        "P3",
        "民事诉讼法第一百六十六条",
        [
            "人身关系、确认权属、涉外或者需要鉴定的案件，不适用小额诉讼。",
            "Small claims do not apply to status, title, foreign parties or appraisal.",
            "不用做什么。",
            "Nothing to do.",
        ],
    )
}

fn p4() -> CheckItem {
    say(
        "P4",
        "民事诉讼法第一百六十条、第一百六十四条",
        [
            "事实清楚、争议不大的，适用简易程序，三个月内审结。",
            "A clear case with little in dispute takes the summary procedure: three months.",
            "不用做什么，由法院决定。",
            "Nothing to do; the court decides.",
        ],
    )
}

fn p5() -> CheckItem {
    say(
        "P5",
        "民诉法解释第二百五十七条",
        [
            "被告下落不明、一方人数众多、公益诉讼等案件，不适用简易程序。",
            "The summary procedure is not for a missing defendant, many parties or public-interest suits.",
            "不用做什么。",
            "Nothing to do.",
        ],
    )
}

fn p6() -> CheckItem {
    say(
        "P6",
        "民事诉讼法第一百五十二条",
        [
            "这个案子一般适用普通程序，六个月内审结。",
            "This case takes the ordinary procedure: six months.",
            "不用做什么，由法院决定。",
            "Nothing to do; the court decides.",
        ],
    )
}

fn p7() -> CheckItem {
    say(
        "P7",
        "民诉法解释第二百七十四条",
        [
            "小额诉讼由一名法官审理，一审终审，不能上诉，案件受理费减半。",
            "Small claims: one judge, one instance, no appeal, half the fee.",
            "认为不该适用的，可以在开庭前提出异议。",
            "If you think it should not apply, object before the hearing.",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filing::checks::testing::{about, facts, hold, with};
    use crate::filing::checks::{CheckRules, CourtFacts};
    use serde_json::{Value, json};

    fn wage() -> CheckFacts {
        let base = facts();
        CheckFacts { rules: CheckRules { wage_base_fen: Some(10_000_000), ..base.rules.clone() }, ..base }
    }

    fn amount(fen: i64) -> Value {
        with(&[("/amount_fen", json!(fen)), ("/claims/0/amount_fen", json!(fen))])
    }

    #[test]
    fn each_row_has_a_case_for_and_a_case_against() {
        let said = Some("info /procedure_wish");
        let missing = with(&[("/facts", json!("被告下落不明"))]);
        let divorce = CheckFacts { cause: about("离婚纠纷", &["婚姻家庭纠纷"]).cause, ..wage() };
        let above = CheckFacts { court: Some(CourtFacts { rank: Some(Rank::Intermediate), ..CourtFacts::default() }), ..wage() };
        let mut agrees = amount(5_000_001);
        agrees["procedure_wish"] = json!("small_claims_agree");
        hold(vec![
            ("P1", amount(5_000_000), wage(), said),
            ("P1", amount(5_000_001), wage(), None),
            ("P1", amount(5_000_000), facts(), None), // the wage base was not entered
            ("P2", amount(20_000_000), wage(), said),
            ("P2", amount(20_000_001), wage(), None),
            ("P2", agrees.clone(), wage(), None),
            ("P3", amount(5_000_000), divorce.clone(), said),
            ("P3", amount(20_000_001), wage(), None),
            ("P4", amount(20_000_001), wage(), said),
            ("P4", amount(5_000_000), wage(), None),
            ("P5", missing.clone(), wage(), said),
            ("P5", amount(5_000_000), wage(), None),
            ("P6", missing, wage(), said),
            ("P6", amount(5_000_000), above, said),
            ("P6", amount(5_000_000), wage(), None),
            ("P7", amount(5_000_000), wage(), said),
            ("P7", agrees, wage(), said),
            ("P7", amount(20_000_000), wage(), None),
        ]);
    }
}
