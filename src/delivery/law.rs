//! The articles service rests on, as they are quoted to people.
//!
//! Owns the wording of each citation in both languages. Must never paraphrase an article into something it does not say.

use serde::Serialize;

/// An article as it is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Article {
    /// 依据.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
}

const fn article(zh: &'static str, en: &'static str) -> Article {
    Article { zh, en }
}

/// 直接送达.
pub const L88: Article = article("民事诉讼法 第八十八条", "Civil Procedure Law Art 88");
/// 留置送达.
pub const L89: Article = article("民事诉讼法 第八十九条", "Civil Procedure Law Art 89");
/// 电子送达.
pub const L90: Article = article("民事诉讼法 第九十条", "Civil Procedure Law Art 90");
/// 委托送达、邮寄送达.
pub const L91: Article = article("民事诉讼法 第九十一条", "Civil Procedure Law Art 91");
/// 公告送达.
pub const L95: Article = article("民事诉讼法 第九十五条", "Civil Procedure Law Art 95");
/// 境外公告送达.
pub const L283: Article = article("民事诉讼法 第二百八十三条", "Civil Procedure Law Art 283");
/// 调解书应当直接送达本人，不适用留置送达.
pub const I133: Article = article("民诉法解释 第一百三十三条", "Civil Procedure Interpretation Art 133");
/// 到达的日期.
pub const I135: Article = article("民诉法解释 第一百三十五条", "Civil Procedure Interpretation Art 135");
/// 送达地址确认书.
pub const I136: Article = article("民诉法解释 第一百三十六条", "Civil Procedure Interpretation Art 136");
/// 送达地址的沿用.
pub const I137: Article = article("民诉法解释 第一百三十七条", "Civil Procedure Interpretation Art 137");
/// 简易程序不适用公告送达.
pub const I140: Article = article("民诉法解释 第一百四十条", "Civil Procedure Interpretation Art 140");
/// 简便方式送达的开庭通知.
pub const I261: Article = article(
    "民诉法解释 第二百六十一条，简易程序规定 第十八条",
    "Civil Procedure Interpretation Art 261, Summary Procedure Provisions Art 18",
);
/// 支付令向债务人本人送达.
pub const I429: Article = article("民诉法解释 第四百二十九条", "Civil Procedure Interpretation Art 429");
/// 转为普通程序.
pub const S8: Article = article("简易程序规定 第八条", "Summary Procedure Provisions Art 8");
/// 在线诉讼的同意.
pub const OL4: Article = article("在线诉讼规则 第四条", "Online Litigation Rules Art 4");
/// 转为线下.
pub const OL5: Article = article("在线诉讼规则 第五条", "Online Litigation Rules Art 5");
/// 电子送达的同意.
pub const OL29: Article = article("在线诉讼规则 第二十九条", "Online Litigation Rules Art 29");
/// 电子送达的确认.
pub const OL30: Article = article("在线诉讼规则 第三十条", "Online Litigation Rules Art 30");
/// 电子送达的生效.
pub const OL31: Article = article("在线诉讼规则 第三十一条", "Online Litigation Rules Art 31");
/// 到达受送达人特定系统.
pub const OL31_1: Article = article("在线诉讼规则 第三十一条第一款", "Online Litigation Rules Art 31(1)");
/// 回复收悉、作出相应诉讼行为.
pub const OL31_2_1: Article = article("在线诉讼规则 第三十一条第二款第一项", "Online Litigation Rules Art 31(2) item 1");
/// 系统反馈已阅知.
pub const OL31_2_2: Article = article("在线诉讼规则 第三十一条第二款第二项", "Online Litigation Rules Art 31(2) item 2");
/// 多种方式，以最先完成的为准.
pub const OL31_LAST: Article = article("在线诉讼规则 第三十一条（多种方式送达）", "Online Litigation Rules Art 31 (several ways)");
/// 附随提示.
pub const OL32: Article = article("在线诉讼规则 第三十二条", "Online Litigation Rules Art 32");
/// 邮政投递与退回.
pub const POST6: Article = article("法院专递规定 第六条", "Court Mail Provisions Art 6");
/// 退回之日视为送达之日.
pub const POST11: Article = article("法院专递规定 第十一条", "Court Mail Provisions Art 11");
