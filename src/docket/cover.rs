//! 卷宗封面和卷内目录: the first pages of the electronic file, made of the file as it stands whenever they are asked for.
//! Owns the order and the counting of pages: cover, contents, 备考表 and the back are not counted (诉讼文书立卷归档办法
//! 第十七条). Must never list a leaf its reader may not open: it is given the file the reader sees.

use serde_json::{Value, json};

use super::case_views::{Case, CaseFile, Leaf};
use super::words::Volume;
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::paper::renderer::Job;

/// What has no page numbers: cover, contents and the ending of the volume, by the words their folders begin with.
const UNCOUNTED: [&str; 4] = ["卷宗封面", "卷内目录", "备考表", "证物袋"];

/// The paper, for whoever reads.
pub fn job(app: &App, case: &Case, file: &CaseFile) -> Job {
    let parties = case.parties.iter().map(|p| json!({ "side": p.side, "name": p.name }));
    let data = json!({
        "court": { "name": case.court_name, "province": app.province_name() }, "case_number": case.number, "cause": case.cause_name, "kind": case.kind,
        "procedure": case.procedure, "docketed_on": beijing_date(case.filed_at), "parties": parties.collect::<Vec<_>>(),
        "judges": case.staff.iter().map(|s| json!({ "role": s.role, "name": s.name })).collect::<Vec<_>>(),
        "contents": contents(file), "printed_on": beijing_date(app.now()),
        "uncoded": "按电子卷宗当时的内容生成，供阅卷使用",
    });
    Job { template: "case_cover".into(), data, source: None, images: Vec::new(), created_at: app.now() }
}

/// 卷内目录 of the 正卷: one line a leaf in the standard order, pages counted through. A recording has none.
fn contents(file: &CaseFile) -> Vec<Value> {
    let mut next = 1;
    let mut lines = Vec::new();
    for folder in file.folders.iter().filter(|f| f.volume == Volume::Main) {
        let counted = !UNCOUNTED.iter().any(|word| folder.name.starts_with(word));
        for leaf in &folder.leaves {
            let pages = if counted { pages(leaf) } else { 0 };
            let range = (pages > 0).then_some((next, next + pages - 1));
            next += pages;
            lines.push(json!({
                "folder": folder.n, "folder_name": folder.name, "title": leaf.title, "maker": leaf.maker, "made_on": beijing_date(leaf.made_at),
                "from": range.map(|r| r.0), "to": range.map(|r| r.1),
            }));
        }
    }
    lines
}

fn pages(leaf: &Leaf) -> i32 {
    match (leaf.pages, leaf.media_type.starts_with("image/")) {
        (Some(pages), _) => pages.max(0),
        (None, true) => 1,
        (None, false) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::case_views::CaseFolder;
    use super::*;

    fn leaf(title: &str, media_type: &str, pages: Option<i32>) -> Leaf {
        let at = chrono::DateTime::from_timestamp(1_795_400_000, 0).unwrap();
        Leaf {
            id: uuid::Uuid::nil(),
            n: 1,
            title: title.into(),
            doc_class: "".into(),
            maker: "本院".into(),
            made_at: at,
            media_type: media_type.into(),
            size: None,
            pages,
            sha256: None,
            sm3: None,
            verify_code: None,
            staff_only: false,
        }
    }

    #[test]
    fn pages_run_through_and_the_ends_of_a_volume_are_not_counted() {
        let folder = |n, name: &str, volume, leaves| CaseFolder { n, name: name.into(), volume, leaves };
        let pdf = "application/pdf";
        let file = CaseFile {
            folders: vec![
                folder(4, "起诉状", Volume::Main, vec![leaf("起诉状", pdf, Some(3))]),
                folder(
                    12,
                    "证据",
                    Volume::Main,
                    vec![leaf("照片", "image/jpeg", None), leaf("录音", "audio/mpeg", None), leaf("合同", pdf, Some(2))],
                ),
                folder(27, "备考表", Volume::Main, vec![leaf("备考表", pdf, Some(1))]),
                folder(4, "审理报告", Volume::Secret, vec![leaf("报告", pdf, Some(9))]),
            ],
        };
        let ranges: Vec<(String, Option<i64>, Option<i64>)> =
            contents(&file).iter().map(|l| (l["title"].as_str().unwrap().into(), l["from"].as_i64(), l["to"].as_i64())).collect();
        let wanted = [
            ("起诉状", Some(1), Some(3)),
            ("照片", Some(4), Some(4)),
            ("录音", None, None),
            ("合同", Some(5), Some(6)),
            ("备考表", None, None),
        ];
        assert_eq!(ranges, wanted.map(|(t, from, to)| (t.to_owned(), from, to)));
    }
}
