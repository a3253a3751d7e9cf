//! Checks what a filing is about: claims, facts, evidence, and whether a court may take it up.
//!
//! Owns: rows G2, G4–G6 and G8–G17 (民事诉讼法 Art 122–127). G7 is in `jurisdiction.rs`. Must never
//! decide a bar: another body first, an earlier case or a waiting time is told, the clerk decides.
//! Imports `filing/content.rs`, `kit/text.rs` and `court/calendar.rs`.

use crate::court::calendar::{Period, plus};
use crate::filing::checks::{CheckFacts, CheckItem, EarlierMatter, Standing, Step, block, elements, info, mention, warn, written};
use crate::filing::content::{Content, EvidenceKind, Gender, PaperKind, Wish, text};
use crate::kit::text::{same_name, signs};

/// Runs the rows that hold for civil and administrative filings.
pub fn common(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    claims(content, items);
    facts_told(content, facts, items);
    evidence(content, items);
}

/// Runs the rows that hold for civil filings only.
pub fn civil(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    items.extend(direct_interest(content));
    items.extend(administrative_act(content));
    items.extend(arbitration(content));
    items.extend(other_body_first(content, facts));
    earlier_matters(facts, items);
    items.extend(barred_divorce(content, facts));
    items.extend(divorce_again(content, facts));
    items.extend(insults(content, facts));
    items.extend(clerk_reads(content));
    items.extend(mediation(content, facts));
    items.extend(missing_spouse(content, facts));
}

/// G2: the plaintiff is named in the elements as lender, buyer, seller, provider or lessor.
fn direct_interest(content: &Content) -> Option<CheckItem> {
    let role = match content.form() {
        "F01" | "F02" => "F2.lender",
        "F06" => "F2.provider",
        "F09" => "F2.lessor",
        "F04" if elements::text(content, "claims", "ROLE") == Some("seller") => "F2.seller",
        "F04" if elements::text(content, "claims", "ROLE") == Some("buyer") => "F2.buyer",
        _ => return None,
    };
    let holder = elements::text(content, "facts", role)?;
    let plaintiffs = content.plaintiffs();
    let known = plaintiffs.is_empty()
        || matches!(holder, "原告" | "本人" | "我")
        || plaintiffs.iter().any(|(_, p)| same_name(text(&p.name), holder) || holder.contains(text(&p.name)));
    if known {
        return None;
    }
    let words: [&str; 4] = [
        &format!("合同上写的是「{holder}」，和原告不是同一个人。"),
        &format!("The contract names “{holder}”, who is not the plaintiff."),
        "请核对原告。债权转让来的，请上传转让协议和通知。",
        "Check the plaintiff. If the claim was assigned, upload the assignment and the notice.",
    ];
    let field = format!("/elements/values/facts/{}", role.replace('.', "/"));
    Some(warn("G2", Step::Parties, &field, "民事诉讼法第一百二十二条第一项", words))
}

const G4: &str = "民事诉讼法第一百二十二条第三项、第一百二十四条第三项";

/// G4: at least one claim, each with an amount or an act.
fn claims(content: &Content, items: &mut Vec<CheckItem>) {
    let given = |c: &&crate::filing::content::Claim| !text(&c.text).is_empty() || c.amount_fen.is_some();
    let ticked = elements::section(content, "claims").is_some_and(elements::says);
    if !content.claims.iter().any(|c| given(&c)) && !ticked {
        let words = [
            "还没有写要求被告做什么。",
            "It does not say what the defendant should do.",
            "请至少写一项请求，例如还多少钱、做什么事。",
            "Write at least one claim, such as how much to pay or what to do.",
        ];
        items.push(block("G4", Step::Claims, "/claims", G4, words));
    }
    for (i, claim) in content.claims.iter().enumerate() {
        let vague = ["其他", "其它", "依法判决", "依法处理", "请求法院裁决", "赔偿损失"];
        let words = text(&claim.text).trim_end_matches(['。', '；', ';', '.']);
        let empty = signs(words) < 4 || vague.contains(&words);
        if claim.amount_fen.is_none() && empty {
            let said = [
                &format!("第 {} 项请求没有金额，也看不出要被告做什么。", i + 1),
                &format!("Claim {} has no amount and no clear act.", i + 1),
                "请写明数额或者具体要做的事；多出来的空行请删掉。",
                "Give an amount or the act; remove an empty row.",
            ];
            items.push(warn("G4", Step::Claims, &format!("/claims/{i}/text"), G4, said));
        }
    }
}

/// G5: facts in full text or in the elements; E1: required elements that are still open.
fn facts_told(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let told = !text(&content.facts).is_empty();
    let elements = elements::section(content, "facts").is_some_and(elements::says);
    let article = "民事诉讼法第一百二十二条第三项";
    if !told && !elements {
        let words = [
            "还没有写事实和理由。",
            "The facts and reasons are missing.",
            "请按时间顺序写发生了什么，或者填写要素表。",
            "Tell what happened in order of time, or fill in the form.",
        ];
        items.push(block("G5", Step::Claims, "/facts", article, words));
        return;
    }
    for pointer in facts.form_problems.iter().take(30) {
        let words = [
            "要素表里这一项还没有填。",
            "This item of the form is still open.",
            "请填写；没有这种情况的，写「无」。",
            "Fill it in; write “none” if it does not apply.",
        ];
        let make = if told { info } else { warn };
        items.push(make("E1", Step::Claims, pointer, "法〔2025〕82号要素式起诉状", words));
    }
}

const G6: &str = "民事诉讼法第一百二十四条第四项；立案登记规定第六条第五项";

/// G6: evidence and its source; a witness with name and address.
fn evidence(content: &Content, items: &mut Vec<CheckItem>) {
    if content.evidence.is_empty() {
        let words = [
            "还没有列证据。",
            "No evidence is listed.",
            "请上传手里的证据，例如合同、借条、转账记录，写上从哪里来。",
            "Upload what you have, such as a contract or payment record, and say where it comes from.",
        ];
        items.push(warn("G6", Step::Evidence, "/evidence", G6, words));
    }
    for (i, row) in content.evidence.iter().enumerate() {
        let witness = row.kind == Some(EvidenceKind::Testimony);
        let missing = if witness && text(&row.witness_name).is_empty() {
            Some(("witness_name", "证人的姓名", "the name of the witness"))
        } else if witness && text(&row.witness_address).is_empty() {
            Some(("witness_address", "证人的住址", "the address of the witness"))
        } else if text(&row.source).is_empty() {
            Some(("source", "证据的来源", "the source"))
        } else {
            None
        };
        if let Some((member, zh, en)) = missing {
            let words: [&str; 4] = [
                &format!("第 {} 件证据没有写{zh}。", i + 1),
                &format!("Evidence {} lacks {en}.", i + 1),
                &format!("请补上{zh}。"),
                &format!("Add {en}."),
            ];
            items.push(warn("G6", Step::Evidence, &format!("/evidence/{i}/{member}"), G6, words));
        }
    }
}

/// G8: an act of an agency belongs into an administrative suit.
fn administrative_act(content: &Content) -> Option<CheckItem> {
    let organs = ["人民政府", "公安局", "公安分局", "管理局", "监督局", "税务局", "保障局", "管理委员会", "街道办事处"];
    let acts = ["行政处罚", "行政许可", "行政行为", "行政强制", "征收决定", "信息公开", "工伤认定", "复议决定", "撤销决定"];
    let (i, party) = content.defendants().into_iter().find(|(_, p)| mention(text(&p.name), &organs).is_some())?;
    let all: Vec<&str> = content.claims.iter().map(|c| text(&c.text)).collect();
    let act = mention(&all.join("\n"), &acts)?;
    let words: [&str; 4] = [
        &format!("您告的是{}的「{act}」，这可能是行政案件。", text(&party.name)),
        "You sue an agency over an official act; this may be an administrative case.",
        "请改用「行政起诉」；确实是民事纠纷的，确认后继续。",
        "Use the administrative form; if it is a civil dispute, confirm and go on.",
    ];
    Some(warn("G8", Step::Cause, &format!("/parties/{i}"), "民事诉讼法第一百二十七条第一项", words))
}

/// G9: an arbitration clause.
fn arbitration(content: &Content) -> Option<CheckItem> {
    let jurisdiction = content.jurisdiction.as_ref()?;
    if jurisdiction.arbitration != Some(true) {
        return None;
    }
    let article = "民事诉讼法第一百二十七条第二项；民诉法解释第二百一十五条、第二百一十六条";
    let field = "/jurisdiction/arbitration";
    if jurisdiction.arbitration_void == Some(true) {
        let words = [
            "您认为仲裁约定无效或不明确。被告可以在首次开庭前提出异议。",
            "You hold the arbitration clause void or unclear. The defendant may object before the first hearing.",
            "请把合同里的仲裁条款原文和理由写清楚。",
            "Quote the clause and give your reasons.",
        ];
        return Some(info("G9", Step::Court, field, article, words));
    }
    let words = [
        "合同约定了仲裁，一般要先去仲裁，法院不受理。",
        "The contract has an arbitration clause; as a rule arbitration comes first and a court does not take the case.",
        "请向约定的仲裁机构申请；认为约定无效的，勾选「无效或不明确」。",
        "Apply to the arbitration body named; if you hold the clause void, tick so.",
    ];
    Some(warn("G9", Step::Court, field, article, words))
}

/// G10: labour arbitration, or a decision on land rights, comes first.
fn other_body_first(content: &Content, facts: &CheckFacts) -> Option<CheckItem> {
    if facts.cause_any(&["劳动争议", "人事争议"]) || content.form() == "F08" {
        let paper = content.papers.iter().any(|p| p.kind == Some(PaperKind::ArbitrationAward) && !p.file_ids.is_empty());
        let stated = ["F5.document", "F5.result"].iter().any(|p| elements::text(content, "facts", p).is_some());
        if paper || stated {
            return None;
        }
        let words = [
            "劳动争议要先申请劳动仲裁，还没有看到仲裁裁决书或者不予受理通知书。",
            "A labour dispute goes to arbitration first; there is no award or notice of refusal yet.",
            "请先向劳动人事争议仲裁委员会申请；已经裁决、不予受理或逾期未裁的，请上传文书。",
            "Apply for labour arbitration first; if there is an award, a refusal or no decision in time, upload the paper.",
        ];
        let field = "/elements/values/facts/F5";
        return Some(block("G10", Step::Claims, field, "民事诉讼法第一百二十七条第三项；劳动争议调解仲裁法第五条", words));
    }
    let land = ["土地权属", "确认土地使用权", "林权归", "宅基地使用权归", "土地所有权归"];
    mention(&written(content), &land).map(|_| {
        let words = [
            "土地归谁的争议，一般先由人民政府处理。",
            "A dispute on whose land it is goes to the people's government first.",
            "已经有处理决定的，请上传；还没有的，请先向当地人民政府申请。",
            "Upload the decision if there is one; otherwise apply to the local government first.",
        ];
        warn("G10", Step::Claims, "/claims", "民事诉讼法第一百二十七条第三项；土地管理法第十四条", words)
    })
}

/// G11: an earlier matter of the same parties and cause.
fn earlier_matters(facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let article = "民事诉讼法第一百二十七条第五项；民诉法解释第二百一十二条、第二百一十四条、第二百四十七条";
    for earlier in facts.duplicates.iter().take(10) {
        let (zh, en) = which(earlier);
        items.push(match earlier.standing {
            Standing::Open => warn(
                "G11",
                Step::Parties,
                "/parties",
                article,
                [
                    &format!("同样的当事人和案由已经有{zh}，可能是重复起诉。"),
                    &format!("There is already {en} between the same parties on the same cause."),
                    "请求或者事实不一样的，请在事实里写明不同在哪里，再确认提交。",
                    "If the claims or facts differ, say in the facts how, then confirm.",
                ],
            ),
            Standing::Withdrawn => info(
                "G11",
                Step::Parties,
                "/parties",
                article,
                [
                    &format!("同样的当事人和案由以前有过{zh}，已经撤回，可以再起诉。"),
                    &format!("There was {en} between the same parties; it was withdrawn, so suing again is allowed."),
                    "请确认这次的请求和事实。",
                    "Check the claims and facts of this filing.",
                ],
            ),
            Standing::Refused => info(
                "G11",
                Step::Parties,
                "/parties",
                article,
                [
                    &format!("同样的当事人和案由以前有过{zh}，没有受理。现在符合起诉条件的，可以再起诉。"),
                    &format!("There was {en} between the same parties; it was refused. If the conditions are met now, you may sue again."),
                    "请对照上次的理由，写明现在有什么不同。",
                    "Look at the reasons of that time and say what is different now.",
                ],
            ),
        });
    }
}

/// The earlier matter in both languages, by court and number where they may be told.
fn which(earlier: &EarlierMatter) -> (String, String) {
    match &earlier.court_name {
        Some(court) => (format!(" {court}{} ", earlier.number), format!("{court}{}", earlier.number)),
        None => ("另一家法院的一件".into(), "a matter at another court".into()),
    }
}

fn is_divorce(content: &Content, facts: &CheckFacts) -> bool {
    content.form() == "F05" || facts.cause.as_ref().is_some_and(|c| c.name == "离婚纠纷")
}

/// G12: a husband may not sue for divorce at some times (民法典 Art 1082).
fn barred_divorce(content: &Content, facts: &CheckFacts) -> Option<CheckItem> {
    let husband = content.plaintiffs().iter().any(|(_, p)| p.gender == Some(Gender::Male));
    let pregnant = content.divorce.as_ref().and_then(|d| d.respondent_pregnant) == Some(true);
    (is_divorce(content, facts) && husband && pregnant).then(|| {
        let words = [
            "女方怀孕期间、分娩后一年内或者终止妊娠后六个月内，男方不得提出离婚。",
            "A husband may not sue for divorce during pregnancy, within one year after birth or six months after its termination.",
            "有确有必要的情况的，请在事实里写明，由法院决定是否受理。",
            "If there is a compelling reason, state it in the facts; the court decides.",
        ];
        warn("G12", Step::Claims, "/divorce/respondent_pregnant", "民事诉讼法第一百二十七条第六项；民法典第一千零八十二条", words)
    })
}

/// G13: divorce or adoption again within six months without new facts.
fn divorce_again(content: &Content, facts: &CheckFacts) -> Option<CheckItem> {
    let adoption = facts.cause_any(&["收养关系"]);
    let before = content.divorce.as_ref().filter(|d| d.refused_before == Some(true))?;
    let date = before.refused_date?;
    let free = plus(date, Period::months(6)).ok()?;
    let fresh = text(&before.new_reason).is_empty();
    ((is_divorce(content, facts) || adoption) && facts.today <= free && fresh).then(|| {
        let words: [&str; 4] = [
            &format!("上次判决不准、调解和好或撤诉是 {date}，六个月内没有新情况、新理由的，法院不受理。"),
            &format!("The earlier case ended on {date}; within six months a court takes it again only for new reasons."),
            &format!("请写新情况、新理由，或者在 {free} 之后再起诉。"),
            &format!("State what is new, or sue after {free}."),
        ];
        warn("G13", Step::Claims, "/divorce/new_reason", "民事诉讼法第一百二十七条第七项；民诉法解释第二百一十四条", words)
    })
}

/// G14: insults. In suits on reputation they are quoted as facts.
fn insults(content: &Content, facts: &CheckFacts) -> Option<CheckItem> {
    let insults = ["混蛋", "王八蛋", "畜生", "狗东西", "不要脸", "人渣", "败类", "贱人", "傻逼", "滚蛋"];
    if facts.cause_any(&["人格权", "名誉权"]) {
        return None;
    }
    let word = mention(&written(content), &insults)?;
    let words: [&str; 4] = [
        &format!("内容里有「{word}」，诉状里不能有谩骂和人身攻击。"),
        &format!("The text contains “{word}”; a complaint may not insult."),
        "请改成平实的说法；引用对方原话的，请加引号并说明。",
        "Say it plainly; if you quote, use quotation marks and say so.",
    ];
    Some(warn("G14", Step::Claims, "/facts", "民诉法解释第二百一十条", words))
}

/// G15: matters no machine judges; a clerk reads them.
fn clerk_reads(content: &Content) -> Option<CheckItem> {
    let matters = ["国家安全", "国家主权", "领土完整", "国家统一", "分裂国家", "破坏民族团结", "国家宗教政策", "颠覆国家"];
    mention(&written(content), &matters).map(|_| {
        let words = [
            "这份材料会由工作人员逐字审查，系统不作判断。",
            "A member of staff will read this filing; the system does not judge it.",
            "不用做什么，提交后等法院通知。",
            "Nothing to do; wait for the court after sending.",
        ];
        info("G15", Step::Claims, "/facts", "立案登记规定第十条", words)
    })
}

/// G16: 先行调解 is offered and the answer kept.
fn mediation(content: &Content, facts: &CheckFacts) -> Option<CheckItem> {
    let unfit = facts.cause_any(&["非讼程序", "特殊诉讼程序", "婚姻无效", "公益诉讼", "确认婚姻"]);
    let answered = matches!(content.mediation.as_ref().and_then(|m| m.want), Some(Wish::Yes | Wish::No));
    (facts.cause.is_some() && !unfit && !answered).then(|| {
        let words = [
            "这类纠纷可以先调解，一般更快，调解成功的减半收费。",
            "This dispute can be mediated first; it is quicker, and a settlement halves the fee.",
            "请选择愿意或不愿意先调解，不影响立案。",
            "Say whether you wish to mediate first; it does not affect docketing.",
        ];
        info("G16", Step::Statement, "/mediation/want", "民事诉讼法第一百二十五条", words)
    })
}

/// G17: a missing spouse may be sued for divorce; service is by public notice.
fn missing_spouse(content: &Content, facts: &CheckFacts) -> Option<CheckItem> {
    (is_divorce(content, facts) && is_missing(content)).then(|| {
        let words = [
            "对方下落不明，也可以起诉离婚，法院用公告送达。",
            "You may sue for divorce though the other side is missing; service is by public notice.",
            "请上传能证明下落不明的材料，例如派出所、村居委会的证明。",
            "Upload proof, such as a statement of the police or the residents' committee.",
        ];
        info("G17", Step::Parties, "/parties", "民诉法解释第二百一十七条", words)
    })
}

/// Tells whether the filing says that the defendant cannot be found.
pub(crate) fn is_missing(content: &Content) -> bool {
    let seats = content.defendants().iter().any(|(_, p)| p.seat().contains("下落不明"));
    seats || content.facts.as_deref().is_some_and(|f| f.contains("下落不明"))
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
