use std::sync::LazyLock;

use super::*;
use crate::check::sample_request;
use crate::templates::ALL;

static RENDERER: LazyLock<Renderer> = LazyLock::new(|| Renderer::new(Fonts::find().expect("fonts-noto-cjk or LIANTING_FONTS")));

fn request(template: &str, data: Value) -> Request {
    let json = json!({"id": 1, "template": template, "data": data, "created_at": "2026-11-22T02:31:05Z"});
    Request::parse(json.to_string().as_bytes()).unwrap()
}

fn sample(template: &str) -> Value {
    serde_json::from_str(templates::find(template).unwrap().sample).unwrap()
}

/// The text of a paper without the spaces between signs.
fn text(paper: &Paper) -> String {
    let pdf = lopdf::Document::load_mem(&paper.pdf).unwrap();
    let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
    pdf.extract_text(&pages).unwrap().split_whitespace().collect()
}

#[test]
fn every_sample_is_made_twice_the_same() {
    for template in ALL {
        let make = || RENDERER.render(sample_request(template).unwrap());
        let first = make().unwrap_or_else(|problem| panic!("{}: {problem:?}", template.name));
        let second = make().unwrap();
        assert!(first.pdf == second.pdf, "{} differs", template.name);
        assert!(first.pages > 0 && first.missing.is_empty(), "{}", template.name);
    }
}

#[test]
fn a_paper_is_archival_and_dated_as_asked() {
    let paper = RENDERER.render(request("pleading", sample("pleading"))).unwrap();
    let raw = String::from_utf8_lossy(&paper.pdf);
    assert!(raw.contains("<pdfaid:part>2</pdfaid:part>") && raw.contains("<pdfaid:conformance>B"));
    assert!(raw.contains("D:20261122103105+08'00"), "Beijing time");
}

#[test]
fn the_text_can_be_taken_out_again() {
    let words = [
        ("pleading", "原告：赵文博，男，1986年3月14日出生，汉族"),
        ("pleading", "标的总额：1,245,353.42元"),
        ("pleading", "第1页共3页"),
        ("filing_receipt", "2026年11月22日10时31分05秒"),
        ("correction_notice", "截止2026年12月1日（周二）24:00"),
        ("acceptance_notice", "二〇二六年十一月二十四日"),
        ("notice_to_respond", "G7RM-4KXT"),
        ("payment_notice", "最迟不晚于2026年12月1日（周二）"),
        ("payment_notice", "人民币壹万壹仟贰佰零柒元整"),
        ("fee_receipt", "不是财政票据"),
        ("fee_receipt", "********567890"),
        ("refund_notice", "本院自生效之日起15日内退还，最迟不晚于2027年1月25日"),
        ("relief_decision", "准予申请人周巧云减交案件受理费的60%，即减交4,703.70元"),
        ("withdrawal_ruling", "本案按原告赵文博撤回起诉处理"),
        ("withdrawal_ruling", "退还4,093.50元"),
        ("service_certificate", "送达时间：2026年11月27日09时00分05秒（北京时间）"),
        ("evidence_notice", "至2026年12月14日（周一）届满"),
        ("summons", "2027年1月12日（周二）09:30"),
        ("panel_notice", "欧阳正清"),
        ("appear_notice", "作伪证的法律后果"),
        ("service_return", "■直接送达"),
        ("postal_cover", "内件清单（共7种，7份）"),
        ("public_notice", "自本公告发出之日起三十日，即至2027年1月19日，即视为送达"),
        ("electronic_consent", "■同意"),
        ("hearing_transcript", "原告王芳：请求判令被告返还装修款128,000元。"),
        ("hearing_transcript", "7C1E90A4D3B852FF"),
        ("appeal", "不服济南市历下区人民法院（2026）鲁0102民初8841号判决"),
        ("notice_to_respond", "自收到起诉状副本之日起15日内"),
    ];
    for (template, wanted) in words {
        let text = text(&RENDERER.render(request(template, sample(template))).unwrap());
        assert!(text.contains(wanted), "{template}: no {wanted} in {text}");
    }
}

#[test]
fn the_three_kinds_of_pleading_have_their_own_words() {
    for (kind, side, title, signer) in [
        ("civil", "plaintiff", "民事起诉状", "具状人"),
        ("administrative", "plaintiff", "行政起诉状", "具状人"),
        ("enforcement", "applicant", "强制执行申请书", "申请人"),
    ] {
        let data = json!({
            "kind": kind, "court": {"name": "济南市中级人民法院", "province": "山东省"},
            "parties": [{"side": side, "kind": "natural", "name": "高峻岭"}],
        });
        let text = text(&RENDERER.render(request("pleading", data)).unwrap());
        assert!(text.contains(title) && text.contains(signer), "{kind}: {text}");
        assert!(text.contains("预览稿"), "without a code it is a preview");
    }
}

#[test]
fn a_broken_template_is_told_with_its_line() {
    let broken = "#import \"/base.typ\": *\n\n#let x = 1 + \"一\"\n";
    let problem = RENDERER.render_source(("broken", broken), request("broken", json!({}))).unwrap_err();
    assert_eq!((problem.code, problem.line), (Code::Data, Some(3)));
    assert_eq!(problem.template.as_deref(), Some("broken"));
}

#[test]
fn missing_data_is_told_by_its_name_and_template_line() {
    let problem = RENDERER.render(request("pleading", json!({"kind": "civil"}))).unwrap_err();
    assert_eq!(problem.code, Code::Data);
    assert!(problem.message.contains("data.parties is missing"), "{problem:?}");
    let source = templates::find("pleading").unwrap().source;
    let line = source.lines().nth(problem.line.unwrap() - 1).unwrap();
    assert!(line.contains("must(data, \"parties\")"), "{line}");
}

#[test]
fn a_template_sees_nothing_but_its_request() {
    for reach in [
        "#read(\"/etc/passwd\")",
        "#read(\"../../etc/passwd\")",
        "#image(\"/fonts/x.png\")",
        "#import \"@preview/cetz:0.3.0\": *",
        "#import \"/pleading.typ\": *",
    ] {
        let problem = RENDERER.render_source(("reach", reach), request("reach", json!({}))).unwrap_err();
        assert_eq!(problem.line, Some(1), "{reach}: {problem:?}");
    }
}

#[test]
fn signs_no_font_has_are_marked_not_lost() {
    let mut data = sample("pleading");
    data["facts"] = json!("被告称\u{1f600}不还");
    let paper = RENDERER.render(request("pleading", data)).unwrap();
    assert_eq!(paper.missing, ['\u{1f600}']);
    assert!(text(&paper).contains("被告称〓不还"));
}

#[test]
fn data_is_never_taken_for_markup() {
    let mut data = sample("pleading");
    data["facts"] = json!("#panic() $x$ *粗* _斜_ @引 <标> \\ // 不是注释");
    let text = text(&RENDERER.render(request("pleading", data)).unwrap());
    assert!(text.contains("#panic()$x$*粗*_斜_@引<标>\\//不是注释"), "{text}");
}

#[test]
fn a_seal_must_be_given_to_be_laid() {
    let mut data = sample("acceptance_notice");
    data["seal"] = json!("tall.png");
    let mut request = request("acceptance_notice", data.clone());
    let problem = RENDERER.render(self::request("acceptance_notice", data)).unwrap_err();
    assert!(problem.message.contains("tall.png"), "{problem:?}");
    request.images = sample_request(templates::find("photo_pages").unwrap()).unwrap().images;
    assert!(!text(&RENDERER.render(request).unwrap()).contains("院印）"));
}

/// The sums a bank clerk reads twice: no whole, noughts inside a group, between groups, at their ends.
#[test]
fn money_is_written_in_the_signs_of_a_bank() {
    for (fen, words) in [
        (0_i64, "人民币零元整"),
        (3, "人民币叁分"),
        (30, "人民币叁角整"),
        (105, "人民币壹元零伍分"),
        (1_000, "人民币壹拾元整"),
        (5_000, "人民币伍拾元整"),
        (168_032, "人民币壹仟陆佰捌拾元叁角贰分"),
        (1_000_000, "人民币壹万元整"),
        (10_500_000, "人民币壹拾万伍仟元整"),
        (10_700_953, "人民币壹拾万柒仟零玖元伍角叁分"),
        (10_020_030_005, "人民币壹亿零贰拾万零叁佰元零伍分"),
        (100_000_000_100, "人民币壹拾亿零壹元整"),
        (1_000_000_000_000_001, "人民币壹拾万亿元零壹分"),
    ] {
        let mut data = sample("payment_notice");
        data["amount_fen"] = json!(fen);
        let text = text(&RENDERER.render(request("payment_notice", data)).unwrap());
        assert!(text.contains(&format!("应交合计{words}")), "{fen}: no {words} in {text}");
    }
}

#[test]
fn what_the_law_forbids_is_not_printed() {
    let refused = |template: &str, changes: Value| {
        let mut data = sample(template);
        for (member, value) in changes.as_object().unwrap() {
            data[member] = value.clone();
        }
        let problem = RENDERER.render(request(template, data)).unwrap_err();
        assert_eq!(problem.code, Code::Data);
        problem.message
    };
    assert!(refused("relief_decision", json!({"percent": 29})).contains("data.percent"));
    let firm = json!({"kind": "exempt", "applicant_kind": "legal"});
    assert!(refused("relief_decision", firm).contains("data.applicant_kind"));
    assert!(refused("public_notice", json!({"procedure": "summary"})).contains("data.procedure"));
    assert!(refused("service_certificate", json!({"result": {"row": 11}})).contains("data.result.row"));
}

#[test]
fn only_an_effective_service_has_the_force_of_a_return() {
    for row in 1..=10 {
        let mut data = sample("service_certificate");
        data["result"]["row"] = json!(row);
        let text = text(&RENDERER.render(request("service_certificate", data)).unwrap());
        let served = matches!(row, 1 | 2 | 5 | 6 | 9);
        assert_eq!(text.contains("具有送达回证效力"), served, "row {row}");
        assert_eq!(text.contains("没有完成有效送达"), !served, "row {row}");
        assert_eq!(text.contains("推定送达时间"), row == 6, "row {row}");
    }
}

#[test]
fn a_long_list_has_its_head_on_every_page() {
    let mut data = sample("postal_cover");
    data["papers"] = (1..=70).map(|n| json!(format!("证据{n}：往来款项对账单及银行电子回单"))).collect();
    let paper = RENDERER.render(request("postal_cover", data)).unwrap();
    let text = text(&paper);
    assert!(text.contains("共70种，70份") && text.matches("文书、材料名称").count() >= 3, "{text}");
}

#[test]
fn too_many_pages_are_refused() {
    let mut data = sample("pleading");
    data["facts"] = json!("一\n".repeat(17_500));
    let problem = RENDERER.render(request("pleading", data)).unwrap_err();
    assert_eq!(problem.code, Code::Pages);
}

#[test]
fn an_unknown_template_or_time_is_refused() {
    assert_eq!(RENDERER.render(request("novel", json!({}))).unwrap_err().code, Code::Template);
    let mut late = request("pleading", sample("pleading"));
    late.created_at = "tomorrow".into();
    assert_eq!(RENDERER.render(late).unwrap_err().code, Code::Request);
}

#[test]
fn a_courts_paper_tells_where_its_seal_belongs() {
    for template in ALL {
        let plain = RENDERER.render(sample_request(template).unwrap()).unwrap();
        let mut data = sample(template.name);
        data["e_seal"] = json!(true);
        let mut asked = sample_request(template).unwrap();
        asked.data = data;
        let paper = RENDERER.render(asked).unwrap();
        assert_eq!(plain.seal.is_some(), paper.seal.is_some(), "{}", template.name);
        let Some(place) = paper.seal else {
            assert!(
                ["pleading", "appeal", "photo_pages", "evidence_list", "case_cover", "postal_cover"].contains(&template.name),
                "{}",
                template.name
            );
            continue;
        };
        // a ring of 42 mm stays between header and footer, within the sheet
        assert!(place.page <= paper.pages && (120.0..=520.0).contains(&place.x), "{}: {place:?}", template.name);
        assert!((120.0..=720.0).contains(&place.y), "{}: {place:?}", template.name);
        assert!(!text(&paper).contains("（院印）"), "{}", template.name);
    }
}
