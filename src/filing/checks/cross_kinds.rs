//! Checks the elements of one kind of case against each other: loans, sales, divorce, labour and more.
//!
//! Owns: rows X2–X11. Must never treat an open item as wrong: a rule speaks only when the values it
//! compares are there. Imports `filing/content.rs` and `kit/text.rs`; paths are those of `forms/`.

use chrono::{Datelike, Days, NaiveDate};
use serde_json::Value;

use crate::filing::checks::cross_field::yuan;
use crate::filing::checks::elements::{date, money, named, number, rows, says, section, text as el, value, yes};
use crate::filing::checks::{CheckFacts, CheckItem, Step, info, mention, warn};
use crate::filing::content::{Content, text};
use crate::kit::text::same_name;
use crate::person::documents::age;

/// Runs the rows of the form the filing uses.
pub fn check(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    dates(content, facts, items);
    match content.form() {
        "F01" | "F02" => {
            loan(content, facts, items);
            security(content, items);
        }
        "F03" => security(content, items),
        "F04" => {
            deposit(content, items);
            security(content, items);
        }
        "F05" => divorce(content, facts, items),
        "F06" => property_fee(content, items),
        "F07" => traffic(content, items),
        "F08" => labour(content, facts, items),
        "F09" => {
            lease_route(content, items);
            security(content, items);
        }
        "F11" => misstatement(content, items),
        _ => {}
    }
}

fn say(id: &str, section: &str, path: &str, article: &str, words: [&str; 4]) -> CheckItem {
    let field = format!("/elements/values/{section}/{}", path.replace('.', "/"));
    warn(id, Step::Claims, &field, article, words)
}

/// X2: dates stand in order; figures of several items are counted to one day.
fn dates(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let article = "民事诉讼法第一百二十四条";
    let c = |path: &str| date(content, "claims", path);
    for path in ["C1.as_of", "C2.as_of", "C5.as_of"] {
        if c(path).is_some_and(|day| day > facts.today) {
            let words = [
                "截至日期在今天以后。",
                "The figures are counted to a day that has not come.",
                "请改成今天或以前的日期。",
                "Take today or an earlier day.",
            ];
            items.push(say("X2", "claims", path, article, words));
        }
    }
    if c("C1.as_of").zip(c("C2.as_of")).is_some_and(|(a, b)| a != b) {
        let words = [
            "两项请求的截至日期不一样。",
            "Two items are counted to different days.",
            "请统一到同一天，或者说明为什么不同。",
            "Take one day for both, or say why they differ.",
        ];
        items.push(say("X2", "claims", "C2.as_of", article, words));
    }
    if matches!(content.form(), "F01" | "F02") {
        items.extend(loan_term(content, facts));
    }
}

fn loan_term(content: &Content, facts: &CheckFacts) -> Option<CheckItem> {
    let (from, to) = (date(content, "facts", "F4.term.from"), date(content, "facts", "F4.term.to"));
    let article = "民事诉讼法第一百二十四条";
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        let words = ["借款期限的结束日早于开始日。", "The loan ends before it begins.", "请核对起止日期。", "Check both days."];
        return Some(say("X2", "facts", "F4.term.to", article, words));
    }
    (yes(content, "facts", "F4.due") && to.is_some_and(|to| to > facts.today)).then(|| {
        let words = [
            "选了「已到期」，但约定的还款日还没到。",
            "You ticked “due”, but the day agreed has not come.",
            "请核对；要求提前还款的，在请求里写明。",
            "Check it; if you ask for early repayment, say so in the claims.",
        ];
        say("X2", "facts", "F4.due", article, words)
    })
}

/// X3: principal, rate and proof of a loan.
fn loan(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let owed = money(content, "claims", "C1.amount");
    let paid = money(content, "facts", "F3.paid");
    let back = money(content, "facts", "F8.principal").unwrap_or(0);
    if let (Some(owed), Some(paid)) = (owed, paid)
        && owed > paid.saturating_sub(back)
    {
        let words = [
            &format!("尚欠本金 {} 多于实际借出减去已还本金的 {}。", yuan(owed), yuan(paid.saturating_sub(back))),
            "The principal claimed is more than what was lent less what was repaid.",
            "请核对三个数；预先扣除利息的，按实际借出的数算。",
            "Check the three figures; interest deducted in advance does not count as lent.",
        ];
        items.push(say("X3", "claims", "C1.amount", "民法典第六百七十条；民间借贷解释第二十六条", words));
    }
    if content.form() != "F02" {
        return;
    }
    items.extend(rate(content, facts));
    let proofs = ["借条", "借据", "欠条", "收据", "收条", "合同", "协议", "转账", "流水", "汇款", "聊天", "录音", "凭证"];
    let shown = content.evidence.iter().any(|e| mention(text(&e.name), &proofs).is_some());
    if !content.evidence.is_empty() && !shown {
        let words = [
            "证据里没有看到借条、收据、转账记录这类能证明借款的材料。",
            "The evidence shows no note, receipt or payment record.",
            "请补充；名称不清楚的，请改成「借条」「转账记录」这样的名称。",
            "Add one, or name the files more clearly.",
        ];
        items.push(warn("X3", Step::Evidence, "/evidence", "民间借贷解释第二条", words));
    }
}

/// X3: the rate of a private loan is at most four times the one-year LPR of the time of the contract.
fn rate(content: &Content, facts: &CheckFacts) -> Option<CheckItem> {
    let per = match el(content, "facts", "F5.per") {
        Some("month") => 12.0,
        Some("quarter") => 4.0,
        _ => 1.0,
    };
    let yearly = number(content, "facts", "F5.rate")? * per;
    let signed = date(content, "facts", "F1.date")?;
    let lpr = facts.rules.lpr.iter().rfind(|lpr| lpr.from <= signed)?.percent;
    (yearly > lpr * 4.0 + 1e-9).then(|| {
        let words = [
            &format!("约定的年利率 {yearly:.2}% 超过当时一年期贷款市场报价利率的四倍（{:.2}%），超过的部分法院不支持。", lpr * 4.0),
            &format!(
                "The agreed rate of {yearly:.2} % is above four times the LPR of the time ({:.2} %); the excess is not granted.",
                lpr * 4.0
            ),
            "请把利息请求改到四倍以内，或者确认后继续。",
            "Lower the interest claimed, or confirm and go on.",
        ];
        say("X3", "facts", "F5.rate", "民间借贷解释第二十五条", words)
    })
}

const GUARANTEE: &str = "担保制度解释第二十六条";

/// Tells whether somebody of a name stands on another side than the plaintiff's.
fn is_sued(content: &Content, name: &str) -> bool {
    let others = content.parties.iter().filter(|p| p.side != Some(crate::filing::content::Side::Plaintiff));
    others.map(|p| text(&p.name)).any(|n| !n.is_empty() && (same_name(n, name) || name.contains(n)))
}

/// X4: security claimed is described, and the guarantor is sued; a general guarantor not alone.
fn security(content: &Content, items: &mut Vec<CheckItem>) {
    items.extend(general_guarantee(content));
    let claimed = match content.form() {
        "F03" => "C3.yes",
        "F04" | "F09" => "C6.yes",
        _ => "C4.yes",
    };
    if !yes(content, "claims", claimed) {
        return;
    }
    let mut guarantors = Vec::new();
    if let Some(facts) = section(content, "facts") {
        named(facts, "guarantor", &mut guarantors);
    }
    if guarantors.is_empty() {
        let words = [
            "主张了担保权利，还没有写担保合同和担保人。",
            "Security is claimed, but the contract and the guarantor are missing.",
            "请在事实里填写担保的几项。",
            "Fill in the items on security.",
        ];
        items.push(say("X4", "claims", claimed, GUARANTEE, words));
    } else if let Some(name) = guarantors.into_iter().find(|name| !is_sued(content, name)) {
        let words = [
            &format!("要求担保人{name}承担责任，但没有把他列为被告。"),
            &format!("The guarantor {name} is to be held liable but is not a defendant."),
            "请在当事人里加上担保人。",
            "Add the guarantor as a defendant.",
        ];
        items.push(warn("X4", Step::Parties, "/parties", GUARANTEE, words));
    }
}

fn general_guarantee(content: &Content) -> Option<CheckItem> {
    let first = |paths: &[&str]| paths.iter().find_map(|path| el(content, "facts", path));
    let method = first(&["F14.method", "F12", "F15", "F20"]);
    let debtor = first(&["F2.borrower", "F2.lessee", "F2.buyer", "F1.holder"])?;
    let alone = method == Some("general") && !is_sued(content, debtor) && !content.defendants().is_empty();
    alone.then(|| {
        let words = [
            "一般保证不能只告保证人，要把债务人一起列为被告，否则会被驳回。",
            "A general guarantor is not sued alone; join the debtor, or the suit is dismissed.",
            "请在当事人里加上债务人。",
            "Add the debtor as a defendant.",
        ];
        warn("X4", Step::Parties, "/parties", GUARANTEE, words)
    })
}

/// X5: all rent, or termination, not both (民法典 Art 752).
fn lease_route(content: &Content, items: &mut Vec<CheckItem>) {
    let part = |item: &str| value(content, "claims", item).is_some_and(says);
    if part("C1") && (part("C4") || part("C5")) {
        let words = [
            "支付全部租金和解除合同只能选一个。",
            "All rent and termination cannot be claimed together.",
            "请选一条路，把另一条的内容删掉。",
            "Choose one and remove the other.",
        ];
        items.push(say("X5", "claims", "ROUTE", "民法典第七百五十二条；融资租赁解释第十条", words));
    }
}

/// X6: deposit (定金) or penalty, not both (民法典 Art 588).
fn deposit(content: &Content, items: &mut Vec<CheckItem>) {
    let all: Vec<&str> = content.claims.iter().map(|c| text(&c.text)).collect();
    let all = all.join("\n");
    let penalty = all.contains("违约金") || money(content, "claims", "C2.penalty").unwrap_or(0) > 0;
    if penalty && all.contains("定金") {
        let words = [
            "定金和违约金只能选一个主张。",
            "Deposit and penalty cannot both be claimed.",
            "请选对您有利的一个。",
            "Choose the one that serves you better.",
        ];
        items.push(warn("X6", Step::Claims, "/claims", "民法典第五百八十八条", words));
    }
}

/// X7: divorce: personal attendance, and the wish of a child of eight.
fn divorce(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let words = [
        "离婚案件本人要到庭；确实不能到的，要交书面意见。",
        "In divorce the parties appear in person; who cannot must hand in a written opinion.",
        "请留出时间；不能到的，提前准备书面意见。",
        "Keep the time free, or prepare the opinion.",
    ];
    items.push(info("X7", Step::Claims, "/cause", "民事诉讼法第六十五条；民诉法解释第一百四十七条", words));
    for (i, child) in rows(content, "claims", "C4.children").iter().enumerate() {
        let born: Option<NaiveDate> = child.get("birth").and_then(Value::as_str).and_then(|b| b.parse().ok());
        if born.is_some_and(|born| (8..18).contains(&age(born, facts.today))) {
            let words = [
                "孩子已满八周岁，由谁抚养要尊重他的真实意愿。",
                "The child is eight or older; its own wish on who raises it is respected.",
                "请写明孩子的意愿，也可以由孩子写一份意见。",
                "State the child's wish, or add its own statement.",
            ];
            items.push(say("X7", "claims", &format!("C4.children.{i}"), "民法典第一千零八十四条", words));
        }
    }
}

/// X8: traffic: the compulsory insurer is sued, all heirs sue, the finding is there.
fn traffic(content: &Content, items: &mut Vec<CheckItem>) {
    let article = "交通事故解释第二十二条";
    let defendants = content.defendants();
    for policy in rows(content, "facts", "F3.policies") {
        let insurer = policy.get("insurer").and_then(Value::as_str).unwrap_or_default();
        let compulsory = policy.get("kind").and_then(Value::as_str) == Some("compulsory");
        let sued = defendants.iter().any(|(_, p)| same_name(text(&p.name), insurer));
        if compulsory && !insurer.is_empty() && !sued {
            let words = [
                &format!("交强险的保险公司{insurer}没有列为被告。"),
                &format!("The compulsory insurer {insurer} is not a defendant."),
                "请把它加为被告，可以一次解决赔偿。",
                "Add it, so that all is settled at once.",
            ];
            items.push(warn("X8", Step::Parties, "/parties", article, words));
        }
    }
    if yes(content, "claims", "HARM.death") && content.plaintiffs().len() < 2 {
        let words = [
            "有人去世的，配偶、父母、子女一般都是原告，现在只有一名。",
            "After a death the spouse, parents and children sue together; there is only one plaintiff.",
            "请加上其他近亲属；放弃的，请上传放弃声明。",
            "Add the others, or upload their waiver.",
        ];
        items.push(warn("X8", Step::Parties, "/parties", "民法典第一千一百八十一条", words));
    }
    if yes(content, "facts", "F2.none") || el(content, "facts", "F2.no").is_none() {
        let words = [
            "没有写交通事故认定书。",
            "The finding on the accident is missing.",
            "有的请写编号并上传；没有的，请写明谁有什么过错，上传现场照片等。",
            "Give its number and upload it; if there is none, say who was at fault and upload pictures.",
        ];
        items.push(say("X8", "facts", "F2.no", "道路交通安全法第七十三条", words));
    }
}

/// X9: labour: claims went through arbitration, and the suit is in time.
fn labour(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let kinds: [(&str, &str, &[&str]); 7] = [
        ("C1.yes", "工资", &["工资", "劳动报酬"]),
        ("C2.yes", "双倍工资", &["双倍", "二倍"]),
        ("C3.yes", "加班费", &["加班"]),
        ("C4.yes", "未休年休假工资", &["年休假", "年假"]),
        ("C5.yes", "社会保险损失", &["社会保险", "社保", "保险"]),
        ("C6.yes", "经济补偿", &["经济补偿"]),
        ("C7.yes", "违法解除赔偿金", &["赔偿金", "违法解除"]),
    ];
    let Some(asked) = el(content, "facts", "F5.claims") else { return late_suit(content, facts, items) };
    for (path, name, words) in kinds {
        if yes(content, "claims", path) && mention(asked, words).is_none() {
            let said = [
                &format!("仲裁请求里没有看到「{name}」，没有经过仲裁的请求，法院一般不直接审理。"),
                "This claim was not part of the arbitration; a court as a rule does not hear it directly.",
                "请核对仲裁请求；和仲裁请求分不开的，请写明理由。",
                "Check the arbitration claims; if it cannot be separated from them, say why.",
            ];
            items.push(say("X9", "claims", path, "劳动争议解释（一）第十四条", said));
        }
    }
    late_suit(content, facts, items);
}

fn late_suit(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let received = date(content, "facts", "F5.received");
    if received.and_then(|day| day.checked_add_days(Days::new(15))).is_some_and(|end| facts.today > end) {
        let words = [
            "离收到仲裁裁决书已超过 15 日，可能过了起诉期限。",
            "More than 15 days have passed since the award; the time to sue may be over.",
            "请核对收到日期；最后一天是休息日的顺延，有正当理由的请写明。",
            "Check the date; a last day that is a rest day moves on. Give your reason if you have one.",
        ];
        items.push(say("X9", "facts", "F5.received", "劳动争议调解仲裁法第五十条", words));
    }
}

/// X10: property fee: months × area × rate, within the contract, after a demand.
fn property_fee(content: &Content, items: &mut Vec<CheckItem>) {
    let article = "民法典第九百四十四条";
    let (from, to) = (date(content, "facts", "F5.from"), date(content, "facts", "F5.to"));
    let until = date(content, "claims", "C1.as_of");
    let area = number(content, "facts", "F3.area");
    let rate = number(content, "facts", "F4");
    let owed = money(content, "claims", "C1.amount");
    if let (Some(from), Some(until), Some(area), Some(rate), Some(owed)) = (from, until, area, rate, owed) {
        let end = to.map_or(until, |to| to.min(until));
        let months = f64::from((end.year() - from.year()) * 12 + end.month() as i32 - from.month() as i32 + 1);
        let most = months.max(0.0) * area * rate;
        if owed as f64 > most + 0.5 {
            let words = [
                &format!("物业费 {} 多于服务期内「月数×面积×单价」的 {}。", yuan(owed), yuan(most as i64)),
                "The fee is more than months × area × rate of the term.",
                "请核对面积、单价和起止日期。",
                "Check area, rate and dates.",
            ];
            items.push(say("X10", "claims", "C1.amount", article, words));
        }
    }
    if until.zip(to).is_some_and(|(until, to)| until > to) {
        let words = [
            "物业费算到的日期超过了约定的服务期限。",
            "The fee is counted beyond the term of service.",
            "合同到期后继续服务的，请写明并上传证据。",
            "If service went on after the term, say so and upload proof.",
        ];
        items.push(say("X10", "claims", "C1.as_of", article, words));
    }
    if section(content, "facts").is_some_and(says) && el(content, "facts", "F10").is_none() {
        let words = [
            "还没有写催缴情况，起诉前应当先催缴。",
            "The demand is missing; a demand comes before the suit.",
            "请写哪天、用什么方式催缴过，并上传催缴通知。",
            "Say when and how you demanded payment and upload the notice.",
        ];
        items.push(say("X10", "facts", "F10", article, words));
    }
}

/// X11: misstatement: act ≤ purchase ≤ revelation ≤ base day.
fn misstatement(content: &Content, items: &mut Vec<CheckItem>) {
    let article = "虚假陈述规定第七条至第十一条、第二十六条";
    let day = |path: &str| date(content, "facts", path);
    let (acted, base) = (day("F1.acted"), day("F1.base"));
    let Some(known) = day("F1.revealed").into_iter().chain(day("F1.corrected")).min() else { return };
    let ordered = acted.is_none_or(|acted| acted <= known) && base.is_none_or(|base| known <= base);
    if !ordered {
        let words = [
            "实施日、揭露日（更正日）、基准日的先后不对。",
            "The days of the act, its revelation and the base day are out of order.",
            "请核对：实施日在前，揭露日或更正日在中，基准日在后。",
            "The act comes first, then the revelation or correction, then the base day.",
        ];
        items.push(say("X11", "facts", "F1", article, words));
    }
    let bought = rows(content, "facts", "F3.bought");
    let inside = |row: &Value| {
        let on: Option<NaiveDate> = row.get("date").and_then(Value::as_str).and_then(|d| d.parse().ok());
        on.is_some_and(|on| acted.is_none_or(|acted| acted <= on) && on <= known)
    };
    if !bought.iter().any(inside) {
        let words = [
            "没有一笔买入在实施日到揭露日（更正日）之间。",
            "No purchase lies between the act and its revelation.",
            "请核对买入日期；只有这段时间买入的才能索赔。",
            "Check the dates; only purchases in that span count.",
        ];
        items.push(say("X11", "facts", "F3.bought", article, words));
    }
}

#[cfg(test)]
#[path = "cross_kinds_tests.rs"]
mod tests;
