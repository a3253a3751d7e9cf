//! Hints at limitation (诉讼时效) and at the time for administrative suits and enforcement.
//!
//! Owns: rows T1–T11 (民法典 Art 188–196, 152; 保险法 Art 26; 行政诉讼法 Art 46; 民事诉讼法 Art 250). Must
//! never block or warn: limitation is a defence of the other side, and a judge does not raise it
//! (民法典 Art 193, 民诉法解释 Art 219). Imports `court/calendar.rs` and `filing/content.rs`.

use chrono::{Days, NaiveDate};

use crate::court::calendar::{Period, plus};
use crate::filing::checks::{CheckFacts, CheckItem, Step, elements, info};
use crate::filing::content::{Content, text};

/// Runs the rows for civil filings.
pub fn civil(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    items.extend(labour(content, facts));
    items.extend(set_aside(facts));
    let Some((id, period, article)) = rule_of(facts) else { return };
    let Some((start, pointer)) = start(content) else { return };
    let Ok(end) = plus(start, period) else { return };
    if facts.today <= end {
        return;
    }
    let Some(last) = interruption(content).filter(|last| *last > start) else {
        items.push(late(id, start, period, &pointer, article));
        return;
    };
    // A demand, an acknowledgement or a suit starts the period anew (民法典 Art 195).
    if plus(last, period).is_ok_and(|end| facts.today > end) {
        items.push(late("T8", last, period, &pointer, "民法典第一百九十五条"));
    }
}

/// T1–T3, T6, T7: the period of a claim; none for claims that never lapse.
fn rule_of(facts: &CheckFacts) -> Option<(&'static str, Period, &'static str)> {
    let cause = facts.cause.as_ref()?;
    let never = ["停止侵害", "排除妨害", "消除危险", "返还原物", "抚养", "赡养", "扶养", "婚姻家庭", "继承", "物权纠纷", "劳动争议"];
    if cause.any(&never) {
        return None; // T7: 民法典 Art 196
    }
    Some(if cause.any(&["国际货物买卖", "技术进出口", "国际技术"]) {
        ("T3", Period::years(4), "民法典第五百九十四条")
    } else if cause.has("人寿保险") {
        ("T6", Period::years(5), "保险法第二十六条")
    } else if cause.has("保险合同") && !cause.any(&["保证保险", "保险代位"]) {
        ("T6", Period::years(2), "保险法第二十六条")
    } else if cause.any(&["金融借款", "信用卡", "融资租赁", "分期付款"]) {
        ("T2", Period::years(3), "民法典第一百八十九条")
    } else {
        ("T1", Period::years(3), "民法典第一百八十八条")
    })
}

/// Finds when the filer knew, by the form: the last instalment, the day of default, the accident.
fn start(content: &Content) -> Option<(NaiveDate, String)> {
    let paths: &[(&str, &str)] = match content.form() {
        "F01" | "F02" => &[("facts", "F4.term.to"), ("facts", "F9.since")],
        "F03" => &[("facts", "F5.since"), ("facts", "F5.date")],
        "F04" => &[("facts", "F9.since")],
        "F06" => &[("claims", "C1.as_of")],
        "F07" => &[("facts", "F1.date")],
        "F09" => &[("facts", "F5.term.to"), ("facts", "F14.since")],
        "F11" => &[("facts", "F1.revealed"), ("facts", "F1.corrected")],
        _ => &[],
    };
    paths.iter().find_map(|(section, path)| {
        let date = elements::date(content, section, path)?;
        Some((date, format!("/elements/values/{section}/{}", path.replace('.', "/"))))
    })
}

/// Finds the last demand, payment or other interruption the form tells.
fn interruption(content: &Content) -> Option<NaiveDate> {
    let paths = ["F8.until", "F10.date"];
    paths.iter().filter_map(|path| elements::date(content, "facts", path)).max()
}

fn late(id: &str, from: NaiveDate, period: Period, field: &str, article: &str) -> CheckItem {
    let words = [
        &format!("从 {from} 算起已超过 {}，对方可能提出时效抗辩。法院照样受理。", period.zh()),
        &format!(
            "More than {} have passed since {from}; the other side may plead limitation. The court still takes the case.",
            period.en()
        ),
        "请写最后一次催收或还款的日期，并上传催收记录、还款凭证、对账单。",
        "Write the date of the last demand or payment and upload proof of it.",
    ];
    info(id, Step::Claims, field, article, words)
}

/// T4: labour arbitration within one year; T5: suit within 15 days of the award.
fn labour(content: &Content, facts: &CheckFacts) -> Vec<CheckItem> {
    let mut found = Vec::new();
    if !facts.cause_any(&["劳动争议"]) && content.form() != "F08" {
        return found;
    }
    let ended = elements::date(content, "facts", "F3.date");
    let applied = elements::date(content, "facts", "F5.applied").unwrap_or(facts.today);
    if ended.and_then(|ended| plus(ended, Period::years(1)).ok()).is_some_and(|end| applied > end) {
        let words = [
            "申请劳动仲裁时，离劳动关系结束已超过一年，对方可能提出时效抗辩。",
            "Arbitration was sought more than a year after the employment ended; the other side may plead limitation.",
            "请写明期间主张过权利的日期，并上传证据。",
            "Say when you made your claim in between, and upload proof.",
        ];
        found.push(info("T4", Step::Claims, "/elements/values/facts/F5/applied", "劳动争议调解仲裁法第二十七条", words));
    }
    let received = elements::date(content, "facts", "F5.received");
    if received.and_then(|day| day.checked_add_days(Days::new(15))).is_some_and(|end| facts.today > end) {
        let words = [
            "离收到仲裁裁决书已超过 15 日，裁决可能已经生效。",
            "More than 15 days have passed since the award; it may already be effective.",
            "请核对收到日期；最后一天是休息日的顺延。有正当理由的，写明理由。",
            "Check the date; a last day that is a rest day moves on. Give your reason if you have one.",
        ];
        found.push(info("T5", Step::Claims, "/elements/values/facts/F5/received", "劳动争议调解仲裁法第四十八条、第五十条", words));
    }
    found
}

/// T9: setting aside a marriage or contract.
fn set_aside(facts: &CheckFacts) -> Option<CheckItem> {
    facts.cause_any(&["撤销婚姻", "合同撤销", "撤销合同"]).then(|| {
        let words = [
            "撤销权一般要在知道之日起一年内行使，重大误解的是九十日，过期消灭。",
            "The right to set aside ends one year after you knew, 90 days for major mistake.",
            "请写明知道撤销事由的日期；受胁迫的，从胁迫停止之日算。",
            "Say when you learned of the ground; under duress it runs from its end.",
        ];
        info("T9", Step::Claims, "/facts", "民法典第一百五十二条、第一千零五十二条、第一千零五十三条", words)
    })
}

/// T10: enforcement is sought within two years of the end of the time for performance.
pub fn enforcement(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let basis = content.enforcement.clone().unwrap_or_default();
    let article = "民事诉讼法第二百五十条";
    if basis.basis_document.is_none() || text(&basis.basis_number).is_empty() {
        let words = [
            "还没有写执行依据。",
            "The document to be enforced is missing.",
            "请选择判决书、调解书等，写上文号并上传。",
            "Choose the judgment or other document, write its number and upload it.",
        ];
        items.push(super::block("N1", Step::Claims, "/enforcement/basis_number", "民事诉讼法第二百三十五条；执行规定第十八条", words));
    }
    let from = basis.performance_due.or(basis.effective_date);
    let late = from.and_then(|day| plus(day, Period::years(2)).ok()).is_some_and(|end| facts.today > end);
    if late {
        let words = [
            "申请执行的时间是二年，可能已经超过。法院照样受理，对方可能提出异议。",
            "Enforcement is to be sought within two years, which may have passed. The court still takes it; the other side may object.",
            "请写期间催要过或对方履行过的日期，并上传证据。",
            "Say when you demanded or received part of it, and upload proof.",
        ];
        items.push(info("T10", Step::Claims, "/enforcement/performance_due", article, words));
    }
}

/// T11: an administrative suit within six months of knowing of the act.
pub fn administrative(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let Some(matter) = &content.administrative else { return };
    let from = matter.known_date.or(matter.act_date);
    // After reconsideration the time is 15 days from the decision, which the clerk reads.
    let late = from.and_then(|day| plus(day, Period::months(6)).ok()).is_some_and(|end| facts.today > end);
    if late && matter.reconsidered != Some(true) {
        let words = [
            "行政诉讼一般要在知道行政行为之日起六个月内提起，可能已经超过。",
            "An administrative suit is brought within six months of knowing of the act; that may have passed.",
            "请写明没有按时起诉的理由；被限制人身自由、不可抗力的时间不计算。",
            "Give the reason for the delay; time of detention or force majeure is not counted.",
        ];
        items.push(info("T11", Step::Claims, "/administrative/known_date", "行政诉讼法第四十六条、第四十八条", words));
    }
}

#[cfg(test)]
mod tests {
    use crate::filing::checks::testing::{about, facts, hold, loan, with};
    use serde_json::{Value, json};

    fn form(form: &str, section: &str, item: &str, value: Value) -> Value {
        with(&[("/elements", json!({"form": form, "values": {section: {item: value}}}))])
    }

    #[test]
    fn each_row_has_a_case_for_and_a_case_against() {
        let ended = |day: &str| with(&[("/elements/values/facts/F4/term/to", json!(day))]);
        let bank = || about("金融借款合同纠纷", &["合同纠纷", "借款合同纠纷"]);
        let trade = || about("国际货物买卖合同纠纷", &["合同纠纷"]);
        let life = || about("人寿保险合同纠纷", &["保险纠纷"]);
        let insurance = || about("财产损失保险合同纠纷", &["保险纠纷", "财产保险合同纠纷"]);
        let labour = || about("劳动合同纠纷", &["劳动争议"]);
        let field = Some("info /elements/values/facts/F4/term/to");
        let paid = |day: &str| {
            with(&[("/elements/values/facts/F4/term/to", json!("2020-01-01")), ("/elements/values/facts/F8/until", json!(day))])
        };
        hold(vec![
            ("T1", ended("2023-11-21"), facts(), field),
            ("T1", ended("2023-11-22"), facts(), None),
            ("T2", ended("2023-11-21"), bank(), field),
            ("T2", ended("2023-11-22"), bank(), None),
            ("T3", ended("2022-11-21"), trade(), field),
            ("T3", ended("2023-11-21"), trade(), None),
            ("T6", ended("2021-11-21"), life(), field),
            ("T6", ended("2023-11-21"), life(), None),
            ("T6", ended("2024-11-21"), insurance(), field),
            ("T1", ended("2000-01-01"), about("排除妨害纠纷", &["物权纠纷", "物权保护纠纷"]), None), // T7
            ("T1", ended("2000-01-01"), about("抚养纠纷", &["婚姻家庭纠纷"]), None),                 // T7
            ("T8", paid("2022-01-01"), facts(), field),
            ("T8", paid("2025-01-01"), facts(), None),
            ("T1", paid("2025-01-01"), facts(), None),
            ("T4", form("F08", "facts", "F3", json!({"date": "2025-11-21"})), labour(), Some("info /elements/values/facts/F5/applied")),
            ("T4", form("F08", "facts", "F3", json!({"date": "2025-11-22"})), labour(), None),
            (
                "T5",
                form("F08", "facts", "F5", json!({"received": "2026-11-06"})),
                labour(),
                Some("info /elements/values/facts/F5/received"),
            ),
            ("T5", form("F08", "facts", "F5", json!({"received": "2026-11-07"})), labour(), None),
            ("T9", loan(), about("撤销婚姻纠纷", &["婚姻家庭纠纷"]), Some("info /facts")),
            ("T9", loan(), facts(), None),
        ]);
    }

    #[test]
    fn enforcement_and_administrative_times() {
        let enforce = |due: &str, number: &str| {
            json!({"kind": "enforcement", "court_id": 370102,
                   "enforcement": {"basis_document": "judgment", "basis_number": number, "performance_due": due}})
        };
        let suit = |known: &str, reconsidered: bool| {
            json!({"kind": "administrative", "court_id": 370102,
                   "administrative": {"agency": "某局", "known_date": known, "reconsidered": reconsidered}})
        };
        let number = "（2024）鲁0102民初1号";
        hold(vec![
            ("T10", enforce("2024-11-21", number), facts(), Some("info /enforcement/performance_due")),
            ("T10", enforce("2024-11-22", number), facts(), None),
            ("N1", enforce("2024-11-22", ""), facts(), Some("block /enforcement/basis_number")),
            ("N1", enforce("2024-11-22", number), facts(), None),
            ("T11", suit("2026-05-21", false), facts(), Some("info /administrative/known_date")),
            ("T11", suit("2026-05-22", false), facts(), None),
            ("T11", suit("2026-05-21", true), facts(), None),
        ]);
    }
}
