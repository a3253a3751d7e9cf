//! Checks territorial jurisdiction: whether the chosen court is one of the right ones.
//!
//! Owns: rows G7 and J1–J14 (民事诉讼法 Art 22–36); J15–J18 stand in `jurisdiction_special.rs`. Must
//! never block (the court transfers, Art 37) or warn on a place it could not locate.
//! Imports `filing/content.rs`.

use crate::filing::checks::places::{Family, any_covered, courts_of, covered, family, is_foreign, named_place, seats};
use crate::filing::checks::{CheckFacts, CheckItem, Step, gate_matter, info, mention, warn};
use crate::filing::content::{Content, Ground, Jurisdiction, text};

#[path = "jurisdiction_special.rs"]
mod special;

const GROUND: &str = "/jurisdiction/ground";
const PLACE: &str = "/jurisdiction/place_division";

/// Runs the rows of territorial jurisdiction.
pub fn check(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    if facts.court.is_none() {
        return;
    }
    let before = items.len();
    if special::check(facts, items) {
        return;
    }
    let family = family(facts);
    if matches!(family, Some(Family::Immovable | Family::Inheritance)) {
        exclusive(content, facts, items);
        return;
    }
    let ground = content.jurisdiction.as_ref().and_then(|j| j.ground);
    items.extend(agreement(content, facts));
    items.extend(match ground {
        Some(Ground::DefendantDomicile) => domicile(content, facts),
        Some(Ground::PerformancePlace | Ground::TortPlace | Ground::Immovable) => place(content, facts, family),
        Some(Ground::Agreed | Ground::Other) | None => None,
    });
    advice(content, facts, family, items);
    items.extend(choice(content, facts));
    let warned = items[before..].iter().any(|item| item.id.starts_with('J') && item.level != super::Level::Info);
    if !warned {
        items.extend(no_link(content, facts));
    }
}

/// G7: no known place links the case with the chosen court.
fn no_link(content: &Content, facts: &CheckFacts) -> Option<CheckItem> {
    let court = facts.court.as_ref()?;
    let ground = content.jurisdiction.as_ref().and_then(|j| j.ground);
    if matches!(ground, Some(Ground::Agreed | Ground::DefendantDomicile)) {
        return None;
    }
    let mut places = seats(&content.defendants(), facts);
    let right = courts_of(&places, facts);
    places.push(named_place(content));
    if ground.is_none() {
        places.extend(seats(&content.plaintiffs(), facts));
    }
    places.retain(Option::is_some);
    if any_covered(&places, facts) != Some(false) {
        return None;
    }
    let right = right.unwrap_or_else(|| "被告住所地的人民法院".to_owned());
    let words = [
        &format!("从写的地址看，这个案子和{}没有联系。", court.name),
        "By the addresses given, the case has no link with the chosen court.",
        &format!("可以选{right}；认为选得对的，请说明理由。"),
        &format!("You may choose {right}; if the choice is right, say why."),
    ];
    let article = "民事诉讼法第一百二十二条第四项、第一百二十七条第四项";
    Some(warn("G7", Step::Court, "/court_id", article, words))
}

/// J1, J2: the defendant's residence or main office; of several defendants any will do.
/// J3: the plaintiff's place when the defendant is abroad, missing or in prison (Art 23).
fn domicile(content: &Content, facts: &CheckFacts) -> Option<CheckItem> {
    let defendants = content.defendants();
    let (i, first) = defendants.first()?;
    if plaintiffs_place(content, facts) {
        let words = [
            "被告在国外、下落不明或者被监禁的，身份关系的案件由原告住所地法院管辖。",
            "Where the defendant is abroad, missing or in prison, a suit on status lies at the plaintiff's place.",
            "请把原告的住址写清楚。",
            "Write the plaintiff's address in full.",
        ];
        return Some(info("J3", Step::Court, GROUND, "民事诉讼法第二十三条", words));
    }
    let places = seats(&defendants, facts);
    if any_covered(&places, facts) != Some(false) {
        return None;
    }
    let right = courts_of(&places, facts)?;
    let (id, article, member, what) = if first.is_organisation() {
        ("J2", "民事诉讼法第二十二条；民诉法解释第三条", "office", "主要办事机构所在地")
    } else {
        ("J1", "民事诉讼法第二十二条；民诉法解释第三条、第四条", "residence", "住所地或者经常居住地")
    };
    let words = [
        &format!("被告的{what}不在这家法院的辖区。"),
        "The defendant's place does not lie in the district of the chosen court.",
        &format!("请改选{right}，或者改选管辖依据。"),
        &format!("Choose {right}, or another ground of jurisdiction."),
    ];
    Some(warn(id, Step::Court, &format!("/parties/{i}/{member}"), article, words))
}

fn plaintiffs_place(content: &Content, facts: &CheckFacts) -> bool {
    let confined = ["监狱", "服刑", "强制戒毒", "强制性教育"];
    let away = content
        .defendants()
        .iter()
        .any(|(_, p)| is_foreign(p, facts) || mention(p.seat(), &confined).is_some() || mention(p.seat(), &["国外", "境外"]).is_some());
    let status = matches!(family(facts), Some(Family::Status));
    let jailed = content.defendants().iter().any(|(_, p)| mention(p.seat(), &confined).is_some());
    jailed || (status && (away || gate_matter::is_missing(content)))
}

/// J4, J8–J11: a ground of place must fit the family, and the place must lie in the district.
fn place(content: &Content, facts: &CheckFacts, family: Option<Family>) -> Option<CheckItem> {
    let ground = content.jurisdiction.as_ref().and_then(|j| j.ground);
    let family = family?;
    let (id, article, fits, where_zh, where_en) = rule_of(family, ground);
    let answer = covered(named_place(content), facts);
    if fits && answer == Some(true) {
        return None;
    }
    let court = &facts.court.as_ref()?.name;
    let (field, zh, en) = if !fits {
        (GROUND, "选的管辖依据和案由对不上。".to_owned(), "The ground of jurisdiction does not fit the cause.")
    } else if named_place(content).is_none() {
        (PLACE, "还没有写这个地点在哪个区县。".to_owned(), "The place is not yet named.")
    } else if answer == Some(false) {
        (PLACE, format!("写的地点不在{court}的辖区。"), "The place lies outside the district of the chosen court.")
    } else {
        return None;
    };
    let right = courts_of(&[named_place(content)], facts).filter(|_| fits);
    let cure = right.map_or_else(String::new, |right| format!("或者改选{right}。"));
    let words = [
        zh.as_str(),
        en,
        &format!("这类案件由{where_zh}的法院管辖，请核对。{cure}"),
        &format!("Such cases lie at {where_en}; please check."),
    ];
    Some(warn(id, Step::Court, field, article, words))
}

type PlaceRule = (&'static str, &'static str, bool, &'static str, &'static str);

fn rule_of(family: Family, ground: Option<Ground>) -> PlaceRule {
    let performance = ground == Some(Ground::PerformancePlace);
    let tort = ground == Some(Ground::TortPlace);
    match family {
        Family::Traffic => (
            "J11",
            "民事诉讼法第三十条",
            tort,
            "事故发生地、车辆最先到达地或者被告住所地",
            "the place of the accident, of first arrival, or of the defendant",
        ),
        Family::Tort => (
            "J10",
            "民事诉讼法第二十九条；民诉法解释第二十四条、第二十五条",
            tort,
            "侵权行为地或者被告住所地",
            "the place of the tort or of the defendant",
        ),
        Family::Insurance => (
            "J8",
            "民事诉讼法第二十五条；民诉法解释第二十一条",
            false,
            "被告住所地或者保险标的物所在地",
            "the place of the defendant or of the insured thing",
        ),
        Family::Special => (
            "J9",
            "民事诉讼法第二十六条至第二十八条",
            false,
            "票据支付地、公司住所地，或者运输的始发地、目的地以及被告住所地",
            "the place of payment, of the company, of start, end or of the defendant",
        ),
        Family::Contract => (
            "J4",
            "民事诉讼法第二十四条；民诉法解释第十八条",
            performance,
            "被告住所地或者合同履行地",
            "the place of the defendant or of performance",
        ),
        _ => ("J1", "民事诉讼法第二十二条", false, "被告住所地", "the place of the defendant"),
    }
}

/// J5–J7: where a contract is performed when nothing was agreed.
fn advice(content: &Content, facts: &CheckFacts, family: Option<Family>, items: &mut Vec<CheckItem>) {
    let ground = content.jurisdiction.as_ref().and_then(|j| j.ground);
    if family != Some(Family::Contract) || !matches!(ground, None | Some(Ground::PerformancePlace)) {
        return;
    }
    let Some(cause) = &facts.cause else { return };
    let (id, article, words) = if cause.has("民间借贷") {
        J7
    } else if cause.any(&["信息网络买卖", "网络购物"]) {
        J6_ONLINE
    } else if cause.any(&["融资租赁", "租赁合同"]) {
        J6_LEASE
    } else {
        J5
    };
    items.push(info(id, Step::Court, PLACE, article, words));
}

type Advice = (&'static str, &'static str, [&'static str; 4]);

const J5: Advice = (
    "J5",
    "民诉法解释第十八条",
    [
        "没有约定履行地的：给付货币，看接收货币一方所在地；交付不动产，看不动产所在地；其他，看履行义务一方所在地。",
        "Without agreement: money is paid at the receiver's place, immovables are handed over where they lie, all else at the performer's place.",
        "请按这个规则核对所选区县。",
        "Check the district chosen by this rule.",
    ],
);
const J6_LEASE: Advice = (
    "J6",
    "民诉法解释第十九条",
    [
        "财产租赁和融资租赁，以租赁物使用地为履行地。",
        "A lease of goods is performed where they are used.",
        "合同另有约定的，按约定；请核对所选区县。",
        "An agreed place goes first; check the district chosen.",
    ],
);
const J6_ONLINE: Advice = (
    "J6",
    "民诉法解释第二十条",
    [
        "网上买卖，寄货的以收货地为履行地，在线交付的以买受人住所地为履行地。",
        "An online sale is performed where the goods arrive, or at the buyer's home if delivered online.",
        "合同另有约定的，按约定；请核对所选区县。",
        "An agreed place goes first; check the district chosen.",
    ],
);
const J7: Advice = (
    "J7",
    "民间借贷解释第三条",
    [
        "没有约定还款地点的，接收货币一方所在地为合同履行地，一般就是出借人所在地。",
        "If no place was agreed, a loan is performed where the money is to be received, as a rule at the lender's.",
        "请把出借人的所在区县选为履行地，或者选被告住所地。",
        "Name the lender's district as the place of performance, or choose the defendant's place.",
    ],
);

/// J12: immovables and inheritance lie where the thing or the estate is, and nowhere else.
fn exclusive(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let article = "民事诉讼法第三十四条；民诉法解释第二十八条";
    let jurisdiction = content.jurisdiction.clone().unwrap_or_default();
    let inheritance = family(facts) == Some(Family::Inheritance);
    let what = if inheritance { "被继承人死亡时住所地或者主要遗产所在地" } else { "不动产所在地" };
    let grounds: &[Ground] = if inheritance { &[Ground::Other, Ground::Immovable] } else { &[Ground::Immovable] };
    let fits = jurisdiction.ground.is_some_and(|g| grounds.contains(&g));
    let answer = covered(named_place(content), facts);
    if fits && answer != Some(false) && named_place(content).is_some() {
        return;
    }
    let field = if fits { PLACE } else { GROUND };
    let right = courts_of(&[named_place(content)], facts).map_or_else(String::new, |r| format!("，即{r}"));
    let agreed = if jurisdiction.ground == Some(Ground::Agreed) { "合同里约定别的法院也没有用。" } else { "" };
    let words = [
        &format!("这类案件只能由{what}的法院管辖。{agreed}"),
        "Such a case lies only where the immovable (or the estate) is; an agreed clause does not change this.",
        &format!("请写清{what}在哪个区县，改选那里的法院{right}。"),
        "Name the district of the thing and choose the court there.",
    ];
    items.push(warn("J12", Step::Court, field, article, words));
}

/// J13: an agreed court must be the chosen one, in writing.
fn agreement(content: &Content, facts: &CheckFacts) -> Option<CheckItem> {
    let jurisdiction: &Jurisdiction = content.jurisdiction.as_ref()?;
    let court = facts.court.as_ref()?;
    let article = "民事诉讼法第三十五条；民诉法解释第二十九条至第三十四条";
    let clause = text(&jurisdiction.clause_text);
    let agreed = jurisdiction.ground == Some(Ground::Agreed);
    if agreed && clause.is_empty() {
        let words = [
            "选了协议管辖，还没有写约定的原文。",
            "Agreed jurisdiction was chosen, but the words of the clause are missing.",
            "请照合同抄写约定的原文。",
            "Copy the clause from the contract.",
        ];
        return Some(warn("J13", Step::Court, "/jurisdiction/clause_text", article, words));
    }
    let names_court = clause.contains("人民法院") || clause.contains("法院管辖");
    let general = mention(clause, &["所在地", "住所地", "签订地", "履行地", "标的物"]).is_some();
    let short = court.name.trim_end_matches("人民法院");
    let same = clause.contains(&court.name) || (!short.is_empty() && clause.contains(short));
    let applies = jurisdiction.clause == Some(true) && jurisdiction.arbitration != Some(true);
    (applies && names_court && !general && !same).then(|| {
        let words = [
            &format!("合同约定的法院和您选的{}不一样。", court.name),
            "The court named in the contract is not the one you chose.",
            "约定有效的，请改选约定的法院；消费者格式条款没有提示过的，可以主张无效，请写明。",
            "If the clause is valid, choose that court; a standard clause not pointed out to a consumer may be void: say so.",
        ];
        warn("J13", Step::Court, "/jurisdiction/clause_text", article, words)
    })
}

/// J14: several courts are competent; the plaintiff chooses.
fn choice(content: &Content, facts: &CheckFacts) -> Option<CheckItem> {
    let mut places: Vec<u32> = seats(&content.defendants(), facts).into_iter().flatten().collect();
    places.extend(named_place(content));
    places.sort_unstable();
    places.dedup();
    let here = places.iter().any(|place| covered(Some(*place), facts) == Some(true));
    let elsewhere = places.iter().any(|place| covered(Some(*place), facts) == Some(false));
    (here && elsewhere).then(|| {
        let words = [
            "有两家以上的法院可以管，您已选定一家。先立案的法院管，不能再移送给另一家。",
            "More than one court is competent and you have chosen one; the court that dockets first keeps the case.",
            "不用改；不要在两家法院同时起诉。",
            "Nothing to change; do not sue in two courts at once.",
        ];
        info("J14", Step::Court, "/court_id", "民事诉讼法第三十六条；民诉法解释第三十六条", words)
    })
}

#[cfg(test)]
#[path = "jurisdiction_tests.rs"]
mod tests;
