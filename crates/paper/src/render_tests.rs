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
