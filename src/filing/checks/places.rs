//! Finds the places that found jurisdiction, and sorts causes into the families the law treats alike.
//!
//! Owns: the reading of addresses into divisions and the families of 民事诉讼法 Art 22–35. Must never
//! say a court lacks jurisdiction when a place is unknown. Imports `filing/content.rs`.

use crate::filing::checks::CheckFacts;
use crate::filing::content::{Content, Party};

/// The families of causes with their own rule of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// 不动产等专属管辖 (Art 34(1), 民诉法解释 Art 28).
    Immovable,
    /// 继承 (Art 34(3)).
    Inheritance,
    /// 机动车交通事故 (Art 30).
    Traffic,
    /// 保险 (Art 25).
    Insurance,
    /// 票据、公司、运输 (Art 26–28).
    Special,
    /// 侵权 (Art 29).
    Tort,
    /// 身份 (Art 22, 23).
    Status,
    /// 合同 (Art 24).
    Contract,
    /// Everything else (Art 22).
    General,
}

const IMMOVABLE: &[&str] = &[
    "相邻关系",
    "不动产登记",
    "用益物权",
    "建筑物区分所有权",
    "土地承包经营权",
    "农村土地承包合同",
    "房屋租赁合同",
    "建设工程施工合同",
    "建设工程价款优先受偿权",
    "建设工程分包合同",
    "装饰装修合同",
    "铁路修建合同",
    "农村建房施工合同",
    "宅基地使用权",
    "建设用地使用权",
    "经济适用",
    "政策性住房",
];
const COMPANY: &[&str] = &[
    "公司设立",
    "股东资格确认",
    "公司盈余分配",
    "公司解散",
    "股东名册",
    "公司变更登记",
    "请求变更公司登记",
    "股东知情权",
    "公司决议",
    "公司合并",
    "公司分立",
    "公司减资",
    "公司增资",
];

/// Sorts the chosen cause into its family.
pub fn family(facts: &CheckFacts) -> Option<Family> {
    let cause = facts.cause.as_ref()?;
    let family = if cause.any(IMMOVABLE) {
        Family::Immovable
    } else if cause.any(&["继承纠纷", "遗产"]) && !cause.has("婚姻家庭纠纷") && !is_status(&cause.name) {
        Family::Inheritance
    } else if cause.has("机动车交通事故责任") {
        Family::Traffic
    } else if cause.any(&["保险纠纷", "保险合同"]) {
        Family::Insurance
    } else if cause.any(COMPANY) || cause.any(&["票据纠纷", "运输合同"]) {
        Family::Special
    } else if cause.any(&["侵权责任纠纷", "人格权纠纷"]) {
        Family::Tort
    } else if cause.has("婚姻家庭纠纷") {
        Family::Status
    } else if cause.any(&["合同纠纷", "合同、准合同"]) && !cause.any(&["不当得利", "无因管理"]) {
        Family::Contract
    } else {
        Family::General
    };
    Some(family)
}

fn is_status(name: &str) -> bool {
    name.contains("离婚") || name.contains("抚养") || name.contains("赡养")
}

/// Tells whether a party comes from abroad, Hong Kong, Macao or Taiwan, by document or address.
pub fn is_foreign(party: &Party, facts: &CheckFacts) -> bool {
    use crate::filing::content::IdType::{ForeignPermanent, HkMacauPermit, Passport, TaiwanPermit};
    let paper = matches!(party.id_type, Some(Passport | HkMacauPermit | TaiwanPermit | ForeignPermanent));
    let abroad = matches!(facts.divisions.province_of(party.seat()), Some(71 | 81 | 82));
    paper || abroad
}

/// Locates the seats of some parties; a seat that cannot be located is none.
pub fn seats(parties: &[(usize, &Party)], facts: &CheckFacts) -> Vec<Option<u32>> {
    parties.iter().map(|(_, p)| facts.divisions.locate(p.seat())).collect()
}

/// Tells whether the chosen court covers a place; none when either is unknown.
pub fn covered(place: Option<u32>, facts: &CheckFacts) -> Option<bool> {
    facts.divisions.covers(facts.court.as_ref()?, place?)
}

/// Tells whether the chosen court covers one of some places; none when that stays open.
pub fn any_covered(places: &[Option<u32>], facts: &CheckFacts) -> Option<bool> {
    let answers: Vec<Option<bool>> = places.iter().map(|place| covered(*place, facts)).collect();
    if answers.contains(&Some(true)) {
        return Some(true);
    }
    if answers.is_empty() || answers.contains(&None) { None } else { Some(false) }
}

/// Gives the place the filer named as the ground, as a division.
pub fn named_place(content: &Content) -> Option<u32> {
    content.jurisdiction.as_ref()?.place_division.as_deref()?.trim().parse().ok()
}

/// Names the courts of some places, for the cure of a warning.
pub fn courts_of(places: &[Option<u32>], facts: &CheckFacts) -> Option<String> {
    let mut names: Vec<String> = places.iter().flatten().filter_map(|p| facts.divisions.court_name(*p)).collect();
    names.dedup();
    names.truncate(4);
    (!names.is_empty()).then(|| names.join("、"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filing::checks::testing::about;

    #[test]
    fn causes_fall_into_their_families() {
        let rows: Vec<(&str, &[&str], Family)> = vec![
            ("民间借贷纠纷", &["合同、准合同纠纷", "合同纠纷", "借款合同纠纷"], Family::Contract),
            ("房屋租赁合同纠纷", &["合同、准合同纠纷", "合同纠纷", "租赁合同纠纷"], Family::Immovable),
            ("建设工程施工合同纠纷", &["合同、准合同纠纷", "合同纠纷", "建设工程合同纠纷"], Family::Immovable),
            ("相邻通行纠纷", &["物权纠纷", "所有权纠纷", "相邻关系纠纷"], Family::Immovable),
            ("法定继承纠纷", &["婚姻家庭、继承纠纷", "继承纠纷"], Family::Inheritance),
            ("离婚纠纷", &["婚姻家庭、继承纠纷", "婚姻家庭纠纷"], Family::Status),
            ("机动车交通事故责任纠纷", &["侵权责任纠纷", "侵权责任纠纷"], Family::Traffic),
            ("产品责任纠纷", &["侵权责任纠纷", "侵权责任纠纷"], Family::Tort),
            ("财产损失保险合同纠纷", &["与公司、证券、保险、票据等有关的民事纠纷", "保险纠纷"], Family::Insurance),
            ("公司解散纠纷", &["与公司、证券、保险、票据等有关的民事纠纷", "与公司有关的纠纷"], Family::Special),
            ("公路货物运输合同纠纷", &["合同、准合同纠纷", "合同纠纷", "运输合同纠纷"], Family::Special),
            ("不当得利纠纷", &["合同、准合同纠纷", "不当得利纠纷"], Family::General),
        ];
        for (name, path, want) in rows {
            assert_eq!(family(&about(name, path)), Some(want), "{name}");
        }
    }
}
