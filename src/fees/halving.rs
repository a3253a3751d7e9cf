//! 减半交纳: on which grounds, by which articles, and that several grounds still give one half.
//!
//! Owns Art 15, 16, 18 and I Art 206. Must never halve twice, or round.

use super::ask::Question;
use super::kinds::Formula;
use super::money::Exact;
use super::reckon::Draft;
use super::tariff::Line;
use super::words::Halving;

/// Halves once, however many grounds there are (Art 15, 16, 18; I Art 206).
pub(super) fn halve(draft: &mut Draft, q: &Question) {
    let mut grounds = q.params.halvings();
    if q.kind.formula == Formula::PropertyHalved && grounds.is_empty() {
        grounds.push(if q.kind.key == "counterclaim" { Halving::Counterclaim } else { Halving::ThirdParty });
    }
    if grounds.is_empty() || draft.fee == Exact::ZERO {
        return;
    }
    draft.fee = draft.fee.half();
    let (zh, en): (Vec<&str>, Vec<&str>) = grounds.iter().map(|g| halving_words(*g)).unzip();
    let (once, once_en) = if grounds.len() > 1 { ("，只减半一次", "; halved once only") } else { ("", "") };
    draft.lines.push(Line::makes(format!("{}，减半{once}。", zh.join("、")), format!("Halved: {}{once_en}.", en.join(", ")), draft.fee));
    for ground in &grounds {
        let (zh, en) = halving_article(*ground);
        draft.art(zh, en);
    }
    if grounds.len() > 1 {
        draft.art("民诉法解释第二百零六条", "Interpretation Art 206");
    }
}

fn halving_words(ground: Halving) -> (&'static str, &'static str) {
    match ground {
        Halving::Summary => ("适用简易程序", "summary procedure"),
        Halving::Mediated => ("调解结案", "settled by mediation"),
        Halving::Withdrawn => ("准许撤诉", "withdrawal granted"),
        Halving::Counterclaim => ("反诉合并审理", "counterclaim joined"),
        Halving::ThirdParty => ("有独立请求权的第三人的请求合并审理", "independent claim of a third party joined"),
    }
}

fn halving_article(ground: Halving) -> (&'static str, &'static str) {
    match ground {
        Halving::Summary => ("诉讼费用交纳办法第十六条", "Decree 481, Art 16"),
        Halving::Mediated | Halving::Withdrawn => ("诉讼费用交纳办法第十五条", "Decree 481, Art 15"),
        Halving::Counterclaim | Halving::ThirdParty => ("诉讼费用交纳办法第十八条", "Decree 481, Art 18"),
    }
}
