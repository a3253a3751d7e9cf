//! Checks the papers every kind of person must bring, and the files against the court's rules.
//!
//! Owns: rows W1–W15 (民事诉讼法 Art 60–62; 民诉法解释 Art 83–89, 521–524; 立案登记规定 Art 6; 在线诉讼规则
//! Art 11–12). Must never ask for paper originals (F10) or for a second copy of what was checked.
//! Imports `person/documents.rs` and `filing/content.rs`.

use crate::filing::checks::places::is_foreign;
use crate::filing::checks::{CheckFacts, CheckItem, CheckRules, FileFacts, Step, block, elements, mention, warn};
use crate::filing::content::{Content, PaperKind, Party, Power, Representative, RepresentativeKind, text};
use crate::person::documents::{ResidentId, age};

/// Runs the rows.
pub fn check(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    for (i, party) in content.plaintiffs() {
        plaintiff(content, facts, i, party, items);
    }
    heirs(content, facts, items);
    for (i, representative) in content.representatives.iter().enumerate() {
        acting(content, representative, items);
        power(i, representative, items);
    }
    too_many(content, items);
    defendants(content, facts, items);
    court_papers(content, facts, items);
    files(content, facts, items);
}

/// Tells whether a paper of a kind is there for somebody; a paper without an owner counts for all.
fn has(content: &Content, kind: PaperKind, owner: &Option<String>) -> bool {
    content.papers.iter().any(|paper| {
        let theirs = paper.party_id.is_none() || paper.party_id == *owner;
        paper.kind == Some(kind) && theirs && !paper.file_ids.is_empty()
    })
}

/// Tells a person's age: by birth date, else by ID number; none when neither is known.
pub(crate) fn age_of(party: &Party, facts: &CheckFacts) -> Option<i32> {
    let by_id = || ResidentId::parse(text(&party.id_number), facts.today).ok().map(|id| id.birth());
    party.birth.or_else(by_id).map(|birth| age(birth, facts.today))
}

/// Tells whether a party is a natural person under 18.
pub(crate) fn is_minor(party: &Party, facts: &CheckFacts) -> bool {
    !party.is_organisation() && age_of(party, facts).is_some_and(|age| (0..18).contains(&age))
}

fn want(id: &str, heavy: bool, article: &str, who: &str, paper: (&str, &str)) -> CheckItem {
    let words = [
        &format!("{who}还没有上传{}。", paper.0),
        &format!("{} is missing.", paper.1),
        &format!("请上传{}，拍照也可以，四角拍全。", paper.0),
        "Upload it; a photograph with all four corners will do.",
    ];
    let make = if heavy { block } else { warn };
    make(id, Step::Evidence, "/papers", article, words)
}

/// W1–W4, W12: the papers of a plaintiff.
fn plaintiff(content: &Content, facts: &CheckFacts, i: usize, party: &Party, items: &mut Vec<CheckItem>) {
    let name = text(&party.name);
    let art = "立案登记规定第六条第一项";
    if party.is_organisation() {
        if !has(content, PaperKind::BusinessLicence, &party.id) {
            items.push(want("W2", true, art, name, ("营业执照或者代码证", "The business licence")));
        }
        if !has(content, PaperKind::RepresentativeCertificate, &party.id) {
            let paper = ("法定代表人或者负责人身份证明书", "The certificate of the representative");
            items.push(want("W3", false, art, name, paper));
        }
    } else if !has(content, PaperKind::IdCopy, &party.id) {
        let own = facts.filer.verified && !facts.filer.id_number.is_empty();
        if !(own && facts.filer.id_number == text(&party.id_number)) {
            items.push(want("W1", true, art, name, ("身份证件正反面", "A copy of the ID document")));
        }
    }
    if is_minor(party, facts) && !has(content, PaperKind::GuardianshipProof, &party.id) {
        let article = "民事诉讼法第六十条；民诉法解释第八十三条";
        let paper = ("监护关系证明（户口簿、出生证明）", "Proof of guardianship");
        items.push(want("W4", true, article, name, paper));
    }
    if is_foreign(party, facts) {
        let words = [
            &format!("{name}的身份材料和授权委托书，可能要公证认证或者附加证明书。"),
            "Identity papers and powers from abroad may need notarisation and certification or an apostille.",
            "请上传公证认证文件；在法官面前签的、在境内公证的也有效。",
            "Upload them; a power signed before a judge or notarised in China is valid too.",
        ];
        items.push(warn(
            "W12",
            Step::Evidence,
            &format!("/parties/{i}"),
            "民事诉讼法第二百七十五条；民诉法解释第五百二十一条至第五百二十四条",
            words,
        ));
    }
}

/// W5: heirs show death and kinship.
fn heirs(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let death = elements::yes(content, "claims", "HARM.death") || facts.cause_any(&["继承纠纷"]);
    if death && !content.papers.iter().any(|p| p.kind == Some(PaperKind::KinshipProof) && !p.file_ids.is_empty()) {
        let paper = ("死亡证明和亲属关系证明", "Proof of death and kinship");
        items.push(want("W5", false, "民诉法解释第五十五条、第七十条", "继承人", paper));
    }
}

type Wanted = (PaperKind, &'static str, &'static str);
type Asked = (&'static str, bool, &'static str, &'static [Wanted]);

const POWER: Wanted = (PaperKind::PowerOfAttorney, "授权委托书", "The power of attorney");
const ID: Wanted = (PaperKind::IdCopy, "身份证件", "A copy of the ID document");

const LAWYER: Asked = (
    "W6",
    true,
    "民事诉讼法第六十一条、第六十二条；民诉法解释第八十八条第一项",
    &[
        POWER,
        (PaperKind::LawyerLicence, "律师执业证", "The lawyer's licence"),
        (PaperKind::FirmLetter, "律师事务所函", "The letter of the firm"),
    ],
);
const LEGAL_WORKER: Asked = (
    "W7",
    false,
    "民诉法解释第八十八条第二项",
    &[
        POWER,
        (PaperKind::LawyerLicence, "法律服务工作者执业证", "The licence"),
        (PaperKind::FirmLetter, "法律服务所介绍信", "The letter of the office"),
    ],
);
const RELATIVE: Asked =
    ("W8", false, "民诉法解释第八十五条、第八十八条第三项", &[POWER, ID, (PaperKind::KinshipProof, "近亲属关系证明", "Proof of kinship")]);
const EMPLOYEE: Asked = (
    "W9",
    false,
    "民诉法解释第八十六条、第八十八条第四项",
    &[POWER, ID, (PaperKind::KinshipProof, "劳动人事关系证明", "Proof of employment")],
);
const RECOMMENDED: Asked = (
    "W10",
    false,
    "民诉法解释第八十七条、第八十八条第五项、第六项",
    &[
        POWER,
        ID,
        (PaperKind::FirmLetter, "推荐信", "The recommendation"),
        (PaperKind::KinshipProof, "属于该社区、单位的证明", "Proof of membership"),
    ],
);

/// W6–W10: the papers of a representative.
fn acting(content: &Content, who: &Representative, items: &mut Vec<CheckItem>) {
    let (id, heavy, article, wanted) = match who.kind {
        Some(RepresentativeKind::Lawyer) => LAWYER,
        Some(RepresentativeKind::LegalWorker) => LEGAL_WORKER,
        Some(RepresentativeKind::Relative) => RELATIVE,
        Some(RepresentativeKind::Employee) => EMPLOYEE,
        Some(RepresentativeKind::Recommended) => RECOMMENDED,
        None => return,
    };
    for (kind, zh, en) in wanted {
        if !has(content, *kind, &who.id) {
            items.push(want(id, heavy, article, text(&who.name), (zh, en)));
        }
    }
}

const MATTERS: &[&str] = &["承认", "放弃", "变更", "和解", "反诉", "上诉", "调解", "撤诉"];

/// W11: a power states its matters; 全权代理 alone is a general power.
fn power(i: usize, who: &Representative, items: &mut Vec<CheckItem>) {
    let article = "民事诉讼法第六十二条；民诉法解释第八十九条";
    let all = who.power_matters.join("，");
    let field = format!("/representatives/{i}/power_matters");
    let full = mention(&all, &["全权代理", "全权委托", "一切事宜"]).is_some();
    let named = mention(&all, MATTERS).is_some();
    if full && !named {
        let words = [
            "只写「全权代理」的，按一般授权处理，不能代为承认、放弃、变更请求，不能和解、反诉、上诉。",
            "“Full power” alone counts as a general power: no admitting, waiving, changing claims, settling, counterclaiming or appealing.",
            "需要特别授权的，请把事项逐项写明。",
            "For a special power, name each matter.",
        ];
        items.push(warn("W11", Step::Parties, &field, article, words));
    } else if who.power == Some(Power::Special) && !named {
        let words = [
            "选了特别授权，还没有写授权的事项。",
            "A special power was chosen, but its matters are missing.",
            "请逐项写明，例如承认、放弃、变更诉讼请求，进行和解，提起反诉或者上诉。",
            "Name them, such as admitting, waiving or changing claims, settling, counterclaim, appeal.",
        ];
        items.push(warn("W11", Step::Parties, &field, article, words));
    }
}

/// W11: at most two representatives for one party.
fn too_many(content: &Content, items: &mut Vec<CheckItem>) {
    for party in &content.parties {
        let Some(id) = &party.id else { continue };
        let n = content.representatives.iter().filter(|r| r.party_ids.contains(id)).count();
        if n > 2 {
            let words = [
                &format!("{}有 {n} 名代理人，最多可以有两名。", text(&party.name)),
                &format!("The party has {n} representatives; two are allowed."),
                "请留下一至两名。",
                "Keep one or two.",
            ];
            items.push(warn("W11", Step::Parties, "/representatives", "民事诉讼法第六十一条", words));
        }
    }
}

/// W13: a registration print-out of an organisation sued, where the court asks for it.
fn defendants(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    if !facts.rules.ask_defendant_registration {
        return;
    }
    for (_, party) in content.defendants() {
        if party.is_organisation() && !has(content, PaperKind::BusinessLicence, &party.id) {
            let paper = ("工商登记信息打印件（可以在企业信用信息公示系统查）", "The registration print-out");
            items.push(want("W13", false, "审理法院立案指引", text(&party.name), paper));
        }
    }
}

/// W15: what this court asks for besides, by its rule `filing_papers`; known by its words among exhibits and files.
fn court_papers(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let kind = content.kind.as_deref().unwrap_or("civil");
    let names: Vec<&str> = content.evidence.iter().map(|e| text(&e.name)).chain(facts.files.values().map(|f| f.name.as_str())).collect();
    for wanted in &facts.rules.papers {
        let of_kind = wanted.kinds.is_empty() || wanted.kinds.iter().any(|k| k == kind);
        let of_cause = wanted.causes.is_empty() || wanted.causes.iter().any(|c| facts.cause_any(&[c]));
        let words = if wanted.known_by.is_empty() { std::slice::from_ref(&wanted.name) } else { &wanted.known_by };
        let there = names.iter().any(|name| words.iter().any(|word| name.contains(word.as_str())));
        if of_kind && of_cause && !there {
            let words = [
                &format!("本院要求提交「{}」，证据清单里还没有看到。", wanted.name),
                &format!("This court asks for: {}. It is not among the exhibits.", wanted.name_en),
                &format!("请上传，并在证据名称里写明「{}」；暂时没有的，可以照样提交，由法院人员审查。", wanted.name),
                "Upload it and name it so; if you do not have it yet, send the filing for a clerk to look at.",
            ];
            items.push(warn("W15", Step::Evidence, "/evidence", &wanted.basis, words));
        }
    }
}

/// W14: files are there, not too large, of a type the court takes.
fn files(content: &Content, facts: &CheckFacts, items: &mut Vec<CheckItem>) {
    let evidence = content.evidence.iter().map(|row| &row.file_ids).enumerate();
    let papers = content.papers.iter().map(|row| &row.file_ids).enumerate();
    let evidence = evidence.map(|(i, ids)| (format!("/evidence/{i}/file_ids"), ids));
    let papers = papers.map(|(i, ids)| (format!("/papers/{i}/file_ids"), ids));
    for (pointer, ids) in evidence.chain(papers) {
        for (n, file) in ids.iter().enumerate().filter_map(|(n, id)| Some((n, facts.files.get(id)?))) {
            if let Some((zh, en)) = &file.unclear {
                let (zh, en) = (format!("文件「{}」：{zh}", file.name), format!("The file “{}”: {en}", file.name));
                let cure = (
                    "请重拍或上传原图；确实只有这样的，可以照样提交。",
                    "Take it again or upload the original; if there is no better one, send it as it is.",
                );
                items.push(warn("W14", Step::Evidence, &format!("{pointer}/{n}"), "在线诉讼规则第十一条", [&zh, &en, cure.0, cure.1]));
            }
            let Some((zh, en, cure, cure_en)) = fault(file, &facts.rules) else { continue };
            let zh = format!("文件「{}」{zh}。", file.name);
            let en = format!("The file “{}” {en}.", file.name);
            let field = format!("{pointer}/{n}");
            let article = "在线诉讼规则第十一条、第十二条";
            items.push(warn("W14", Step::Evidence, &field, article, [&zh, &en, cure, cure_en]));
        }
    }
}

type Fault = (&'static str, &'static str, &'static str, &'static str);

fn fault(file: &FileFacts, rules: &CheckRules) -> Option<Fault> {
    let large = rules.upload_max_bytes.is_some_and(|most| file.size > most);
    let odd = !rules.upload_types.is_empty() && !rules.upload_types.contains(&file.media_type);
    if file.pages == Some(0) || file.size == 0 {
        Some(("打不开或者是空的", "is empty", "请重新上传，或者拍照上传。", "Upload it again, or photograph it."))
    } else if large {
        let en = "is larger than the court takes";
        Some(("超过了这家法院的大小限制", en, "请拆成几份，或者压缩后再传。", "Split or compress it."))
    } else if odd {
        let en = "is of a type the court does not take";
        Some(("不是这家法院接收的格式", en, "请转成 PDF 或者拍照上传。", "Convert it to PDF, or photograph it."))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::filing::checks::testing::{about, facts, hold, loan, with};
    use crate::filing::checks::{CheckFacts, CheckRules, FileFacts, RequiredPaper};
    use serde_json::{Value, json};

    fn paper(kind: &str, owner: &str) -> Value {
        json!({"kind": kind, "party_id": owner, "file_ids": ["f"]})
    }

    #[test]
    fn papers_of_plaintiffs() {
        let stranger = || CheckFacts { filer: Default::default(), ..facts() };
        let bare = ("/papers", json!([]));
        let org = ("/parties/0/kind", json!("legal"));
        let child = [("/parties/0/birth", json!("2015-01-01"))];
        let death = ("/elements/values/claims/HARM", json!({"death": true}));
        hold(vec![
            ("W1", with(std::slice::from_ref(&bare)), stranger(), Some("block /papers")),
            ("W1", with(std::slice::from_ref(&bare)), facts(), None), // the filer was verified as the plaintiff
            ("W1", loan(), stranger(), None),
            ("W2", with(std::slice::from_ref(&org)), facts(), Some("block /papers")),
            ("W2", with(&[org.clone(), ("/papers/0", paper("business_licence", "p1"))]), facts(), None),
            ("W3", with(std::slice::from_ref(&org)), facts(), Some("warn /papers")),
            ("W3", with(&[org, ("/papers/0", paper("representative_certificate", "p1"))]), facts(), None),
            ("W4", with(&child), facts(), Some("block /papers")),
            ("W4", with(&[child[0].clone(), ("/papers/1", paper("guardianship_proof", "p1"))]), facts(), None),
            ("W4", loan(), facts(), None),
            ("W5", with(std::slice::from_ref(&death)), facts(), Some("warn /papers")),
            ("W5", loan(), about("法定继承纠纷", &["继承纠纷"]), Some("warn /papers")),
            ("W5", with(&[death, ("/papers/1", paper("kinship_proof", "p1"))]), facts(), None),
            ("W5", loan(), facts(), None),
            ("W12", with(&[("/parties/0/id_type", json!("passport"))]), facts(), Some("warn /parties/0")),
            ("W12", loan(), facts(), None),
        ]);
    }

    #[test]
    fn a_court_asks_for_papers_of_its_own() {
        let asks = |kinds: &[&str], causes: &[&str]| {
            let base = facts();
            let own = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
            let paper = RequiredPaper {
                name: "转账流水".into(),
                name_en: "Bank statements".into(),
                kinds: own(kinds),
                causes: own(causes),
                known_by: own(&["流水", "转账记录"]),
                basis: "本院立案指引".into(),
            };
            CheckFacts { rules: CheckRules { papers: vec![paper], ..base.rules.clone() }, ..base }
        };
        let with_it = with(&[("/evidence/0/name", json!("银行转账记录"))]);
        hold(vec![
            ("W15", loan(), asks(&[], &[]), Some("warn /evidence")),
            ("W15", loan(), asks(&["civil"], &["借款合同纠纷"]), Some("warn /evidence")),
            ("W15", loan(), asks(&["enforcement"], &[]), None),
            ("W15", loan(), asks(&[], &["离婚纠纷"]), None),
            ("W15", with_it, asks(&[], &[]), None),
            ("W15", loan(), facts(), None),
        ]);
    }

    #[test]
    fn papers_of_representatives() {
        let acting = |kind: &str, papers: &[&str]| {
            let papers: Vec<Value> = papers.iter().map(|p| paper(p, "r1")).collect();
            with(&[
                ("/representatives", json!([{"id": "r1", "party_ids": ["p1"], "kind": kind, "name": "周律"}])),
                ("/papers", json!(papers)),
            ])
        };
        let rows = [
            ("W6", "lawyer", vec!["power_of_attorney", "lawyer_licence", "firm_letter"], "block /papers"),
            ("W7", "legal_worker", vec!["power_of_attorney", "lawyer_licence", "firm_letter"], "warn /papers"),
            ("W8", "relative", vec!["power_of_attorney", "id_copy", "kinship_proof"], "warn /papers"),
            ("W9", "employee", vec!["power_of_attorney", "id_copy", "kinship_proof"], "warn /papers"),
            ("W10", "recommended", vec!["power_of_attorney", "id_copy", "firm_letter", "kinship_proof"], "warn /papers"),
        ];
        for (id, kind, papers, want) in rows {
            for missing in 0..papers.len() {
                let mut some = papers.clone();
                some.remove(missing);
                hold(vec![(id, acting(kind, &some), facts(), Some(want))]);
            }
            hold(vec![(id, acting(kind, &papers), facts(), None), (id, loan(), facts(), None)]);
        }
    }

    #[test]
    fn powers() {
        let power = |power: &str, matters: &[&str]| {
            with(&[("/representatives", json!([{"id": "r1", "party_ids": ["p1"], "power": power, "power_matters": matters}]))])
        };
        let three = with(&[("/representatives", json!([{"party_ids": ["p1"]}, {"party_ids": ["p1"]}, {"party_ids": ["p1"]}]))]);
        let field = Some("warn /representatives/0/power_matters");
        hold(vec![
            ("W11", power("special", &["全权代理"]), facts(), field),
            ("W11", power("special", &[]), facts(), field),
            ("W11", power("special", &["代为承认、放弃、变更诉讼请求"]), facts(), None),
            ("W11", power("general", &[]), facts(), None),
            ("W11", three, facts(), Some("warn /representatives")),
        ]);
    }

    #[test]
    fn defendants_and_files() {
        let rules = CheckRules {
            ask_defendant_registration: true,
            upload_max_bytes: Some(10),
            upload_types: vec!["application/pdf".to_owned()],
            ..facts().rules
        };
        let file = |media: &str, size: u64, pages: Option<u32>| {
            let file = FileFacts { name: "借条".to_owned(), media_type: media.to_owned(), pages, size, unclear: None };
            CheckFacts { files: [("f1".to_owned(), file)].into(), rules: rules.clone(), ..facts() }
        };
        let org = ("/parties/1/kind", json!("legal"));
        let said = Some("warn /evidence/0/file_ids/0");
        let ask = || CheckFacts { rules: rules.clone(), ..facts() };
        hold(vec![
            ("W13", with(std::slice::from_ref(&org)), ask(), Some("warn /papers")),
            ("W13", with(std::slice::from_ref(&org)), facts(), None),
            ("W13", with(&[org, ("/papers/1", paper("business_licence", "p2"))]), ask(), None),
            ("W14", loan(), file("application/pdf", 11, Some(1)), said),
            ("W14", loan(), file("application/msword", 5, None), said),
            ("W14", loan(), file("application/pdf", 5, Some(0)), said),
            ("W14", loan(), file("application/pdf", 10, Some(1)), None),
        ]);
    }
}
