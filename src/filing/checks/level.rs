//! Checks the level of court by the amount in dispute.
//!
//! Owns: rows V1–V5 (法发〔2021〕27号, 法发〔2019〕14号, 法释〔2022〕18号, 法〔2022〕109号). The figures are
//! rules of the court. Must never block: a wrong level is told, the court transfers (Art 37).
//! Imports `docket/case_types.rs` and `filing/content.rs`.

use crate::docket::case_types::Rank;
use crate::filing::checks::places::is_foreign;
use crate::filing::checks::{CheckFacts, CheckItem, Step, warn};
use crate::filing::content::Content;

/// Runs the rows of level jurisdiction; at most one speaks.
pub fn check(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let Some(rank) = facts.court.as_ref().filter(|c| !c.special).and_then(|c| c.rank) else { return };
    let (id, want, article) = match right_level(content, facts) {
        Some(found) => found,
        None => return,
    };
    if want != rank {
        items.push(mismatch(id, rank, want, article));
    }
}

type Found = (&'static str, Rank, &'static str);

/// Finds the row that applies and the level it asks for; none when a figure is not known.
fn right_level(content: &Content, facts: &CheckFacts) -> Option<Found> {
    let (rules, amount) = (&facts.rules, content.amount());
    let foreign = content.parties.iter().any(|party| is_foreign(party, facts));
    let ip = facts.cause_any(&["知识产权", "不正当竞争"]);
    if facts.cause_any(&["海事海商", "婚姻家庭", "继承纠纷"]) {
        return None;
    }
    if rules.high_fen.is_some_and(|high| amount >= high) && !ip {
        return Some(("V3", Rank::High, "法发〔2019〕14号"));
    }
    if ip {
        let over = amount > rules.ip_basic_fen?;
        let basic = if over { Rank::Intermediate } else { Rank::Basic };
        return Some(("V5", basic, "法发〔2021〕27号第五条；法〔2022〕109号")).filter(|_| over);
    }
    let (id, limit, article) = if foreign {
        ("V4", rules.foreign_intermediate_fen?, "法释〔2022〕18号第二条、第七条")
    } else if one_side_outside(content, facts) {
        ("V2", rules.intermediate_cross_fen?, "法发〔2021〕27号第二条")
    } else {
        ("V1", rules.intermediate_same_fen?, "法发〔2021〕27号第一条")
    };
    Some((id, if amount >= limit { Rank::Intermediate } else { Rank::Basic }, article))
}

/// Tells whether some parties live in the court's province and some do not.
fn one_side_outside(content: &Content, facts: &CheckFacts) -> bool {
    let Some(home) = facts.court.as_ref().and_then(|c| u32::try_from(c.id / 10_000).ok()) else {
        return false;
    };
    let province =
        |address: &str| facts.divisions.locate(address).map(|code| code / 10_000).or_else(|| facts.divisions.province_of(address));
    let provinces: Vec<u32> = content.parties.iter().filter_map(|p| province(p.seat())).collect();
    provinces.contains(&home) && provinces.iter().any(|p| *p != home)
}

fn mismatch(id: &str, rank: Rank, want: Rank, article: &str) -> CheckItem {
    let name = |rank| match rank {
        Rank::Basic => ("基层人民法院", "a basic court"),
        Rank::Intermediate => ("中级人民法院", "an intermediate court"),
        Rank::High => ("高级人民法院", "the high court"),
        Rank::Supreme => ("最高人民法院", "the Supreme People's Court"),
    };
    let ((here, here_en), (there, there_en)) = (name(rank), name(want));
    let words: [&str; 4] = [
        &format!("按标的额，这个案子一般由{there}管辖，您选的是{here}。"),
        &format!("By its amount the case lies with {there_en}; you chose {here_en}."),
        &format!("请核对标的总额，或者改选{there}。"),
        &format!("Check the total amount, or choose {there_en}."),
    ];
    warn(id, Step::Court, "/court_id", article, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filing::checks::testing::{about, facts, hold, with};
    use serde_json::{Value, json};

    fn amount(fen: i64) -> Value {
        with(&[("/amount_fen", json!(fen)), ("/claims/0/amount_fen", json!(fen))])
    }

    fn at(rank: Rank) -> CheckFacts {
        let mut facts = facts();
        facts.court = facts.court.map(|c| crate::filing::checks::CourtFacts { rank: Some(rank), ..c });
        facts
    }

    #[test]
    fn each_row_has_a_case_for_and_a_case_against() {
        let wrong = Some("warn /court_id");
        let outside = |fen| {
            let mut content = amount(fen);
            content["parties"][1]["domicile"] = json!("北京市朝阳区建国路1号");
            content
        };
        let foreign = |fen| {
            let mut content = amount(fen);
            content["parties"][1]["id_type"] = json!("passport");
            content
        };
        let ip = || about("侵害商标权纠纷", &["知识产权与竞争纠纷", "知识产权权属、侵权纠纷"]);
        hold(vec![
            ("V1", amount(50_000_000_000), facts(), wrong),
            ("V1", amount(49_999_999_999), facts(), None),
            ("V1", amount(10_000_000), at(Rank::Intermediate), wrong),
            ("V1", amount(50_000_000_000), at(Rank::Intermediate), None),
            ("V2", outside(10_000_000_000), facts(), wrong),
            ("V2", outside(9_999_999_999), facts(), None),
            ("V2", amount(10_000_000_000), facts(), None),
            ("V3", amount(500_000_000_000), facts(), wrong),
            ("V3", amount(500_000_000_000), at(Rank::High), None),
            ("V3", amount(499_999_999_999), facts(), None),
            ("V4", foreign(4_000_000_000), facts(), wrong),
            ("V4", foreign(3_999_999_999), facts(), None),
            ("V5", amount(500_000_001), ip(), wrong),
            ("V5", amount(500_000_000), ip(), None),
            ("V1", amount(50_000_000_000), ip(), None),
        ]);
    }
}
