//! What is filed in the demo: claims, facts, parties and their papers, told as people tell them.
//! Pure: builds the content of drafts. Every name, number and picture is made up.

use serde_json::{Value, json};

use super::cast::{self, Stage};
use super::seed::{CourtOfPlay, PersonOfPlay, World};

/// A file to upload.
pub struct Sample {
    /// Name.
    pub name: &'static str,
    /// Picture.
    pub bytes: &'static [u8],
}

const ID_COPY: Sample = Sample { name: "身份证复印件.png", bytes: include_bytes!("samples/id_copy.png") };
const NOTE: Sample = Sample { name: "借条.png", bytes: include_bytes!("samples/loan_note.png") };
const SLIP: Sample = Sample { name: "银行转账回单.png", bytes: include_bytes!("samples/bank_slip.png") };
const DELIVERY: Sample = Sample { name: "送货单.png", bytes: include_bytes!("samples/delivery_list.png") };
/// A power of attorney.
pub const POWER: Sample = Sample { name: "授权委托书.png", bytes: include_bytes!("samples/id_copy.png") };

/// One filing.
pub struct Story {
    /// Whose account.
    pub filer: u16,
    /// Whom the filer acts for, when not for himself or herself: name and the order of an ID number.
    pub client: Option<(&'static str, u16)>,
    /// Court.
    pub at: Stage,
    /// 案由.
    pub cause: &'static str,
    /// The defendant: a person's name, or nothing for the company.
    pub defendant: Option<&'static str>,
    /// 诉讼请求 with its amount in fen.
    pub claims: &'static [(&'static str, i64)],
    /// 事实与理由.
    pub facts: &'static str,
    /// Evidence.
    pub evidence: &'static [Sample],
    /// What it proves.
    pub proves: &'static str,
    /// Papers: the ID copy, the power of attorney.
    pub papers: &'static [Sample],
    /// The form of 民间借贷.
    pub loan: bool,
}

const OWN: &[Sample] = &[ID_COPY];
const BY_LAWYER: &[Sample] = &[ID_COPY, POWER];

/// 赵文博 lent a company 80,000 yuan.
pub const LOAN: Story = Story {
    filer: 1,
    client: None,
    at: Stage::First,
    cause: "民间借贷纠纷",
    defendant: None,
    claims: &[
        ("请求判令被告偿还借款本金 80000 元", 8_000_000),
        ("请求判令被告支付自 2025 年 9 月 1 日起至实际清偿之日止的利息（按年利率 6% 计算，暂计至起诉之日）", 564_000),
    ],
    facts: "2024 年 8 月 30 日，被告因公司周转向原告借款 80000 元，出具借条一张，约定年利率 6%，2025 年 8 月 31 日前还清。原告当日通过银行转账交付。借款到期后，原告多次催要，被告至今未还。",
    evidence: &[NOTE, SLIP],
    proves: "证明双方存在借贷关系，原告已交付借款 80000 元",
    papers: OWN,
    loan: true,
};

/// A lawyer's case at another court.
pub const LEASE: Story = Story {
    filer: 2,
    client: Some(("周桂英", 802)),
    at: Stage::Second,
    cause: "房屋租赁合同纠纷",
    defendant: Some("郭强"),
    claims: &[("请求判令被告支付拖欠的租金 36000 元", 3_600_000)],
    facts: "原、被告于 2025 年 1 月 5 日签订房屋租赁合同，月租金 4500 元，按季支付。被告自 2026 年 3 月起未付租金，经多次催告仍未支付。",
    evidence: &[SLIP],
    proves: "证明此前租金的支付方式和被告停止付款的时间",
    papers: BY_LAWYER,
    loan: false,
};

/// And at a third one.
pub const WORK: Story = Story {
    filer: 2,
    client: Some(("李宝田", 801)),
    at: Stage::Away,
    cause: "加工合同纠纷",
    defendant: Some("刘成"),
    claims: &[("请求判令被告支付加工款 110000 元", 11_000_000)],
    facts: "2025 年 3 月，被告委托原告加工钢构件，双方约定按送货单结算。原告 2025 年 4 月 12 日完成交付，被告签收后至今未付款。",
    evidence: &[DELIVERY],
    proves: "证明原告已完成加工并交付，价款为 110000 元",
    papers: BY_LAWYER,
    loan: false,
};

/// In the queue.
pub const SERVICE: Story = Story {
    filer: 50,
    client: None,
    at: Stage::First,
    cause: "教育培训合同纠纷",
    defendant: Some("何军"),
    claims: &[("请求判令被告退还未上课程的培训费 4800 元", 480_000)],
    facts: "2026 年 2 月，原告向被告开办的书法培训班预付 6000 元，约定上课 50 次。2026 年 6 月，培训班停课，尚有 40 次未上，被告未退还剩余费用。",
    evidence: &[SLIP],
    proves: "证明原告已预付款项",
    papers: OWN,
    loan: false,
};

/// In the queue, sent by a lawyer.
pub const RENOVATION: Story = Story {
    filer: 53,
    client: Some(("吕长河", 803)),
    at: Stage::First,
    cause: "装饰装修合同纠纷",
    defendant: Some("邢海"),
    claims: &[("请求判令被告支付装修款 65000 元", 6_500_000)],
    facts: "2025 年 10 月，原告承揽被告住房装修，2026 年 1 月完工并交付使用。被告尚欠装修款 65000 元，承诺 2026 年 6 月底前付清，至今未付。",
    evidence: &[DELIVERY],
    proves: "证明工程已完工交付",
    papers: BY_LAWYER,
    loan: false,
};

/// Sent back for correction.
pub const DEPOSIT: Story = Story {
    filer: 51,
    client: None,
    at: Stage::First,
    cause: "房屋租赁合同纠纷",
    defendant: Some("尹娜"),
    claims: &[("请求判令被告退还租房押金 6000 元", 600_000)],
    facts: "2025 年 5 月，原告租住被告房屋并交押金 6000 元。2026 年 5 月租期届满，原告搬离并交还钥匙，被告拒不退还押金。",
    evidence: &[SLIP],
    proves: "押金",
    papers: OWN,
    loan: false,
};

/// Refused.
pub const PERSONNEL: Story = Story {
    filer: 51,
    client: None,
    at: Stage::First,
    cause: "服务合同纠纷",
    defendant: None,
    claims: &[("请求判令被告撤销 2025 年度对原告的内部考核等次", 0)],
    facts: "被告 2026 年 1 月将原告 2025 年度考核评为基本称职，原告认为评定不公，向被告申诉未果。",
    evidence: &[SLIP],
    proves: "证明原告在被告处工作",
    papers: OWN,
    loan: false,
};

/// A cause as a draft keeps it.
pub fn cause_of(cause: &Value) -> Value {
    json!({ "code": cause["code"], "domain": cause["domain"], "edition": cause["edition"], "name": cause["name"] })
}

/// 济南市历下区, from 济南市历下区人民法院.
fn place(court: &CourtOfPlay) -> &str {
    court.name.trim_end_matches("人民法院")
}

fn natural(id: &str, side: &str, name: &str, id_number: &str, phone: &str, address: &str) -> Value {
    let birth = format!("{}-{}-{}", &id_number[6..10], &id_number[10..12], &id_number[12..14]);
    let woman = id_number.as_bytes().get(16).is_some_and(|b| b.is_multiple_of(2));
    json!({
        "id": id, "side": side, "kind": "natural", "name": name, "gender": if woman { "female" } else { "male" }, "birth": birth, "ethnic": "汉族",
        "phone": phone, "domicile": address, "id_type": "resident_id", "id_number": id_number,
    })
}

fn defendant(world: &World, story: &Story, court: &CourtOfPlay) -> Value {
    let address = format!("{}文化路 88 号", place(court));
    match story.defendant {
        Some(name) => {
            json!({ "id": "p2", "side": "defendant", "kind": "natural", "name": name, "gender": "male", "phone": "13800000199", "domicile": address })
        }
        None => {
            let company = world.people.iter().find_map(|p| p.organisation.clone()).unwrap_or_default();
            json!({
                "id": "p2", "side": "defendant", "kind": "legal", "name": company["name"], "uscc": company["uscc"], "rep_name": company["representative"],
                "rep_post": "执行董事", "domicile": address, "office": address, "phone": cast::mobile(52),
            })
        }
    }
}

fn filer<'a>(world: &'a World, story: &Story) -> Result<&'a PersonOfPlay, String> {
    let mobile = cast::mobile(story.filer);
    world.people.iter().find(|p| p.identifier == mobile).ok_or_else(|| format!("nobody has {mobile}"))
}

/// The content of a draft.
///
/// # Errors
/// When the filer does not exist.
pub fn content(
    world: &World,
    story: &Story,
    court: &CourtOfPlay,
    cause: &Value,
    evidence: &[String],
    papers: &[String],
) -> Result<Value, String> {
    let by = filer(world, story)?;
    let address = format!("{}泉水街 16 号 2 号楼 301 室", place(court));
    let (name, id_number, phone) = match story.client {
        Some((name, order)) => (name.to_owned(), cast::id_number((1966, 6, 16, order)), "13800000198".to_owned()),
        None => (by.name.clone(), by.id_number.clone(), by.identifier.clone()),
    };
    let total: i64 = story.claims.iter().map(|c| c.1).sum();
    let claims: Vec<Value> = story
        .claims
        .iter()
        .enumerate()
        .map(|(i, (text, fen))| {
            if *fen > 0 {
                json!({ "id": format!("c{i}"), "text": text, "amount_fen": fen })
            } else {
                json!({ "id": format!("c{i}"), "text": text })
            }
        })
        .collect();
    let rows: Vec<Value> = story
        .evidence
        .iter()
        .zip(evidence)
        .enumerate()
        .map(|(i, (sample, file))| {
            let name = sample.name.trim_end_matches(".png");
            json!({ "id": format!("e{i}"), "name": name, "source": "原告持有", "purpose": story.proves, "kind": "documentary", "original": true, "file_ids": [file] })
        })
        .collect();
    let mut content = json!({
        "court_id": court.id, "kind": "civil", "cause": cause_of(cause),
        "parties": [natural("p1", "plaintiff", &name, &id_number, &phone, &address), defendant(world, story, court)],
        "claims": claims, "amount_fen": total, "facts": story.facts,
        "jurisdiction": { "ground": if matches!(story.cause, "房屋租赁合同纠纷" | "装饰装修合同纠纷") { "immovable" } else { "defendant_domicile" }, "place_division": court.id.to_string(), "clause": false, "arbitration": false },
        "preservation": { "pre_suit": false }, "mediation": { "know": true, "want": "unsure" },
        "evidence": rows,
        "papers": paper_rows(story, papers),
        "service": { "address": address, "receiver": name, "phone": by.identifier, "email": format!("{}@example.cn", by.identifier), "e_service": true, "channels": ["platform", "sms"], "understood": true },
        "statement": { "accepted": true, "version": "2025" },
    });
    if story.client.is_some() {
        content["representatives"] = json!([{
            "id": "r1", "party_ids": ["p1"], "kind": "lawyer", "name": by.name, "unit": cast::FIRM, "licence": by.licence, "phone": by.identifier,
            "power": "special", "power_matters": ["代为承认、放弃、变更诉讼请求", "进行和解", "代为签收法律文书"],
        }]);
    }
    if story.loan {
        content["elements"] = json!({ "form": "F02", "edition": "2025", "values": loan_form(&name, story.facts) });
    }
    Ok(content)
}

fn paper_rows(story: &Story, papers: &[String]) -> Vec<Value> {
    let kinds: &[&str] =
        if story.client.is_some() { &["id_copy", "power_of_attorney", "lawyer_licence", "firm_letter"] } else { &["id_copy"] };
    let file = |i: usize| papers.get(i).or(papers.last());
    kinds
        .iter()
        .enumerate()
        .map(
            |(i, kind)| json!({ "id": format!("d{i}"), "kind": kind, "party_id": if i == 0 { "p1" } else { "r1" }, "file_ids": [file(i)] }),
        )
        .collect()
}

/// 民间借贷要素式起诉状.
fn loan_form(lender: &str, facts: &str) -> Value {
    json!({
        "claims": {
            "C1": { "as_of": "2026-11-01", "amount": 8_000_000 },
            "C2": { "as_of": "2026-11-01", "interest": 564_000, "how": "以 80000 元为基数，按年利率 6%，自 2025 年 9 月 1 日起计算", "until_paid": true },
            "C3": { "yes": false }, "C4": { "yes": false }, "C5": { "yes": false }, "C6": true, "C8": 8_564_000,
        },
        "facts": {
            "F0": facts,
            "F1": { "name": "借条", "date": "2024-08-30", "place": "济南市历下区" },
            "F2": { "lender": lender, "borrower": cast::COMPANY },
            "F3": { "agreed": 8_000_000, "paid": 8_000_000, "means": ["transfer"] },
            "F4": { "due": true, "term": { "from": "2024-08-30", "to": "2025-08-31" } },
            "F5": { "rate": 6, "per": "year", "clause": "借条" },
            "F8": { "principal": 0, "interest": 0 },
            "F9": { "yes": true, "since": "2025-09-01" },
        },
    })
}
