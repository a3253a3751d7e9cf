//! Checks causes that some courts hear for a whole province.
//!
//! Owns: rows J15–J18 (虚假陈述规定 Art 3, 法释〔2022〕13号, 海事诉讼特别程序法, 法释〔2025〕14号). Must never
//! warn when the list of such courts is not known. Imports `filing/checks`.

use crate::filing::checks::{CauseFacts, CheckFacts, CheckItem, Step, info, warn};

const TECHNICAL: &[&str] =
    &["发明专利", "实用新型", "植物新品种", "集成电路布图设计", "技术秘密", "计算机软件著作权", "计算机软件开发", "垄断"];
const DESIGN: &[&str] = &["外观设计", "驰名商标"];
const NETWORK: &[&str] = &[
    "信息网络买卖",
    "网络服务合同",
    "网络域名",
    "信息网络传播权",
    "网络侵权",
    "数据纠纷",
    "网络虚拟财产",
    "个人信息保护",
    "网络不正当竞争",
];

/// Runs the rows; true when the cause belongs to a special court and the place rules do not apply.
pub fn check(facts: &CheckFacts, items: &mut Vec<CheckItem>) -> bool {
    let (Some(cause), Some(court)) = (&facts.cause, &facts.court) else { return false };
    if let Some((id, article, courts, zh, en)) = rule_of(cause, facts) {
        if !courts.is_empty() && !courts.contains(&court.id) {
            let words = [
                &format!("这类案件由{zh}管辖，{}不受理。", court.name),
                &format!("Such cases are heard by {en}, not by the chosen court."),
                "请改选有管辖权的法院；选错了也可以提交，法院会移送。",
                "Choose a competent court; if sent here, the court will transfer it.",
            ];
            items.push(warn(id, Step::Court, "/court_id", article, words));
        }
        return true;
    }
    let internet = &facts.rules.special_courts.internet;
    if !internet.is_empty() && !internet.contains(&court.id) && cause.any(NETWORK) {
        let words = [
            "这是网络案件，在本省可能由互联网法院集中管辖。",
            "This is a network case; in this province the Internet Court may have it.",
            "请核对是否属于互联网法院的受案范围。",
            "Check whether it falls to the Internet Court.",
        ];
        items.push(info("J18", Step::Court, "/court_id", "法释〔2025〕14号", words));
    }
    false
}

type Rule<'a> = (&'static str, &'static str, &'a [i64], &'static str, &'static str);

fn rule_of<'a>(cause: &CauseFacts, facts: &'a CheckFacts) -> Option<Rule<'a>> {
    let courts = &facts.rules.special_courts;
    let rule: Rule<'a> = if cause.has("虚假陈述") {
        (
            "J15",
            "虚假陈述规定（法释〔2022〕2号）第三条",
            &courts.securities,
            "省会等城市的中级人民法院或者专门法院",
            "the intermediate court of the provincial capital or a special court",
        )
    } else if cause.has("海事海商") {
        ("J17", "海事诉讼特别程序法第四条", &courts.maritime, "海事法院", "the maritime court")
    } else if cause.any(TECHNICAL) {
        (
            "J16",
            "法释〔2022〕13号第一条",
            &courts.technical_ip,
            "知识产权法院或者指定的中级人民法院",
            "the IP court or a named intermediate court",
        )
    } else if cause.any(DESIGN) {
        ("J16", "法释〔2022〕13号第二条", &courts.design_ip, "中级人民法院", "an intermediate court")
    } else {
        return None;
    };
    Some(rule)
}
