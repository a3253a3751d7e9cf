//! The articles a hearing rests on, as they are quoted to people.
//!
//! Owns the wording of each citation in both languages. Must never paraphrase an article into something it does not say.

pub use crate::delivery::law::{Article, OL4, OL5};

const fn article(zh: &'static str, en: &'static str) -> Article {
    Article { zh, en }
}

/// 合议庭、独任.
pub const L40: Article = article("民事诉讼法 第四十条至第四十二条", "Civil Procedure Law Arts 40-42");
/// 诉讼代理人的人数.
pub const L61: Article = article("民事诉讼法 第六十一条", "Civil Procedure Law Art 61");
/// 对妨害诉讼的强制措施.
pub const L113: Article = article("民事诉讼法 第一百一十三条", "Civil Procedure Law Art 113");
/// 拘传.
pub const L112: Article = article("民事诉讼法 第一百一十二条", "Civil Procedure Law Art 112");
/// 公开审理.
pub const L137: Article = article("民事诉讼法 第一百三十七条", "Civil Procedure Law Art 137");
/// 开庭三日前通知.
pub const L139: Article = article("民事诉讼法 第一百三十九条", "Civil Procedure Law Art 139");
/// 庭前准备、宣布.
pub const L140: Article = article("民事诉讼法 第一百四十条", "Civil Procedure Law Art 140");
/// 法庭调查.
pub const L141: Article = article("民事诉讼法 第一百四十一条", "Civil Procedure Law Art 141");
/// 原告缺席、中途退庭.
pub const L146: Article = article("民事诉讼法 第一百四十六条", "Civil Procedure Law Art 146");
/// 被告缺席、中途退庭.
pub const L147: Article = article("民事诉讼法 第一百四十七条", "Civil Procedure Law Art 147");
/// 延期开庭.
pub const L149: Article = article("民事诉讼法 第一百四十九条", "Civil Procedure Law Art 149");
/// 笔录的签名、补正.
pub const L150: Article = article("民事诉讼法 第一百五十条", "Civil Procedure Law Art 150");
/// 公开宣判.
pub const L151: Article = article("民事诉讼法 第一百五十一条", "Civil Procedure Law Art 151");
/// 简便方式传唤.
pub const L162: Article = article("民事诉讼法 第一百六十二条、第一百六十三条", "Civil Procedure Law Arts 162, 163");
/// 有专门知识的人.
pub const I122: Article = article("民诉法解释 第一百二十二条", "Civil Procedure Interpretation Art 122");
/// 拘传的对象.
pub const I174: Article = article("民诉法解释 第一百七十四条", "Civil Procedure Interpretation Art 174");
/// 有独立请求权第三人缺席.
pub const I236: Article = article("民诉法解释 第二百三十六条", "Civil Procedure Interpretation Art 236");
/// 无独立请求权第三人缺席.
pub const I240: Article = article("民诉法解释 第二百四十条", "Civil Procedure Interpretation Art 240");
/// 简便方式通知未经确认.
pub const I261: Article = article("民诉法解释 第二百六十一条", "Civil Procedure Interpretation Art 261");
/// 同意在线的范围.
pub const OL3: Article = article("在线诉讼规则 第三条", "Online Litigation Rules Art 3");
/// 再次验证身份.
pub const OL7: Article = article("在线诉讼规则 第七条", "Online Litigation Rules Art 7");
/// 原件、原物的核对.
pub const OL12: Article = article("在线诉讼规则 第十二条、第十三条", "Online Litigation Rules Arts 12, 13");
/// 电子数据的举证质证.
pub const OL15: Article = article("在线诉讼规则 第十五条", "Online Litigation Rules Art 15");
/// 不得适用在线庭审的情形.
pub const OL21: Article = article("在线诉讼规则 第二十一条", "Online Litigation Rules Art 21");
/// 在线庭审的权利保障.
pub const OL22: Article = article("在线诉讼规则 第二十二条", "Online Litigation Rules Art 22");
/// 庭审环境.
pub const OL24: Article = article("在线诉讼规则 第二十四条", "Online Litigation Rules Art 24");
/// 庭审纪律、拒不到庭、中途退庭.
pub const OL25: Article = article("在线诉讼规则 第二十五条", "Online Litigation Rules Art 25");
/// 证人出庭.
pub const OL26: Article = article("在线诉讼规则 第二十六条", "Online Litigation Rules Art 26");
/// 公开与不公开.
pub const OL27: Article = article("在线诉讼规则 第二十七条", "Online Litigation Rules Art 27");
/// 笔录的在线确认.
pub const OL34: Article = article("在线诉讼规则 第三十四条", "Online Litigation Rules Art 34");
/// 刑事案件.
pub const OL37: Article = article("在线诉讼规则 第三条、第三十七条", "Online Litigation Rules Arts 3, 37");
/// 录音录像的起止和间断.
pub const REC3: Article = article("庭审录音录像规定 第三条", "Court Recording Provisions Art 3");
/// 录音录像代替笔录.
pub const REC8: Article = article("庭审录音录像规定 第八条、第九条", "Court Recording Provisions Arts 8, 9");
/// 在线调解的保密.
pub const OL8: Article = article("在线诉讼规则 第八条", "Online Litigation Rules Art 8");
/// 调解协议签名生效.
pub const SD8: Article = article("互联网法庭使用指引 第八条", "Internet Courtroom Guidelines Art 8");
/// 掉线、故障的处理.
pub const HB12: Article =
    article("互联网法庭使用指引 第八条、网上开庭工作指南 第十二条", "Internet Courtroom Guidelines Art 8, Online Hearing Guide Art 12");
/// 范围.
pub const SD1: Article = article("互联网法庭使用指引 第一条", "Internet Courtroom Guidelines Art 1");
/// 排除的案件.
pub const HB1: Article = article("网上开庭工作指南 第一条", "Online Hearing Guide Art 1");
/// 审判秘密.
pub const HB13: Article = article("网上开庭工作指南 第十三条", "Online Hearing Guide Art 13");
/// 旁听人员.
pub const CR9: Article = article("人民法院法庭规则 第九条", "Courtroom Rules Art 9");
