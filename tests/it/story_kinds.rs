//! 行政 and 执行: a case of each kind gets its own papers, in its own words, in its own folders; and the file of every
//! case is whole on the day it is made.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{Docketed, against_agency, enforcement, filed, known_by_name, loan};
use crate::kit::{LIXIA, Person, World, files};

/// The leaves of a case as its clerk sees them: folder and title, in order.
async fn leaves(who: &Person, case: &Docketed) -> Vec<(i64, String)> {
    let file = who.get(format!("{}/file", case.path())).await.ok();
    let folders = file["folders"].as_array().unwrap().iter();
    let mut all: Vec<(i64, i64, String)> = folders
        .flat_map(|f| {
            let n = f["n"].as_i64().unwrap();
            f["leaves"].as_array().unwrap().iter().map(move |l| (l["n"].as_i64().unwrap(), n, l["title"].as_str().unwrap().to_owned()))
        })
        .collect();
    all.sort();
    all.into_iter().map(|(_, folder, title)| (folder, title)).collect()
}

fn has(leaves: &[(i64, String)], folder: i64, title: &str) -> bool {
    leaves.iter().any(|(f, t)| *f == folder && t.starts_with(title))
}

fn text_of(act: &Value) -> String {
    format!("{}{}", act["rule"], act["effect"])
}

// proves: F08 V03
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enforcement_case_has_no_defence_and_no_trial() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let filing = zhao.files(&enforcement(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let clock = clerk.reads(&filing).await["clock"].clone();
    assert_eq!((&clock["total_days"], clock["article"].as_str().unwrap().contains("执行")), (&json!(7), true), "{clock}");
    let case = clerk.accepts(&filing).await;
    assert_eq!(case.number, "（2026）鲁0102执1号");
    let papers = leaves(&clerk, &case).await;
    assert!(
        has(&papers, 4, "强制执行申请书") && has(&papers, 7, "受理执行案件通知书") && has(&papers, 8, "执行通知书（钱五）"),
        "{papers:?}"
    );
    let shown = clerk.get(case.path()).await.ok();
    let kinds: Vec<&str> = shown["papers"].as_array().unwrap().iter().map(|p| p["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"enforcement_notice") && !kinds.contains(&"notice_to_respond"), "{kinds:?}");
    for paper in shown["papers"].as_array().unwrap() {
        let pdf = clerk.get(clerk.at(&format!("/papers/{}/content", paper["id"].as_str().unwrap()))).await;
        assert!(pdf.content().starts_with(b"%PDF"), "{paper}");
    }
    assert!(!shown.to_string().contains("审理期限") && !shown.to_string().contains("开庭"), "{shown}");
    let docketed = shown["timeline"].as_array().unwrap().iter().find(|a| a["act"] == "docketed").unwrap();
    assert!(text_of(docketed).contains("执行工作"), "{docketed}");
    let clocks: Vec<&str> = shown["clocks"].as_array().unwrap().iter().map(|c| c["article"].as_str().unwrap()).collect();
    assert!(clocks.iter().any(|a| a.contains("第四百八十条")), "{clocks:?}");
    // the debtor joins with the code of the notice
    let qian = w.party("钱五").await;
    qian.joins(&clerk.reads_join_code(&case).await).await.ok();
    assert_eq!(qian.get(case.path()).await.ok()["viewer"]["capacity"], json!("respondent"));
    w.end().await;
}

// proves: F08 V03
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_agency_becomes_the_defendant() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let agency = "济南市历下区城市管理局";
    let filing = zhao.files(&against_agency(LIXIA, &zhao, agency)).await;
    let seen = clerk.reads(&filing).await;
    assert_eq!(seen["title"], json!(format!("赵文博诉{agency}")));
    assert!(seen["clock"]["article"].as_str().unwrap().contains("行政诉讼法"), "{}", seen["clock"]);
    clerk.does("accept", &filing, json!({ "procedure": "small_claims" })).await.refused(422, "filing.procedure");
    let made = clerk.does("accept", &filing, json!({ "procedure": "ordinary" })).await.ok();
    let case =
        Docketed { court: LIXIA, id: made["case_id"].as_str().unwrap().into(), number: made["case_number"].as_str().unwrap().into() };
    assert_eq!(case.number, "（2026）鲁0102行初1号");
    let shown = clerk.get(case.path()).await.ok();
    let defendant = shown["parties"].as_array().unwrap().iter().find(|p| p["side"] == "defendant").expect("a defendant").clone();
    assert_eq!((&defendant["name"], &defendant["kind"]), (&json!(agency), &json!("unincorporated")));
    assert!(!clerk.reads_join_code(&case).await.is_empty());
    let papers = leaves(&clerk, &case).await;
    assert!(has(&papers, 4, "行政起诉状") && has(&papers, 7, &format!("应诉通知书（{agency}）")), "{papers:?}");
    let docketed = shown["timeline"].as_array().unwrap().iter().find(|a| a["act"] == "docketed").unwrap();
    assert!(text_of(docketed).contains("行政诉讼法") && !text_of(docketed).contains("民事诉讼法"), "{docketed}");
    let clocks = shown["clocks"].to_string();
    assert!(clocks.contains("行政诉讼法") && !clocks.contains("民事诉讼法"), "{clocks}");
    w.end().await;
}

// proves: V03
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_of_a_case_holds_all_that_led_to_it_in_the_standard_order() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let iou = zhao.uploads(&draft, "照片.jpg", &files::jpg(3)).await.ok();
    let row = |ids: Value| json!({ "evidence": [{ "id": "e1", "name": "借条", "source": "原告", "purpose": "证明借款", "kind": "documentary", "file_ids": ids }] });
    zhao.types(&draft, &row(json!([iou["id"]]))).await;
    let filing = filed(&zhao.sends(&draft, Uuid::new_v4()).await.ok());
    let list = json!([{ "step": "evidence", "file_id": iou["id"], "page": 1, "what": "看不清", "where": "证据 1", "cure": "重新拍" }]);
    clerk.returns(&filing, list).await.ok();
    let draft = zhao.post(format!("{}/correct", filing.path()), Value::Null).await.ok()["id"].as_str().unwrap().to_owned();
    let better = zhao.uploads(&draft, "重拍.jpg", &files::jpg(40)).await.ok();
    zhao.types(&draft, &row(json!([iou["id"], better["id"]]))).await;
    zhao.sends(&draft, Uuid::new_v4()).await.ok();
    let case = clerk.accepts(&filing).await;
    crate::story_service::quiet(&w).await;

    let all = leaves(&clerk, &case).await;
    let titles: Vec<(i64, &str)> = all.iter().map(|(n, t)| (*n, t.as_str())).collect();
    let later = &titles[10..];
    for leaf in [(6, "诉讼费用交纳通知书"), (5, "举证通知书（赵文博）"), (7, "举证通知书（钱五）"), (22, "电子送达凭证（赵文博）")]
    {
        assert!(later.contains(&leaf), "{leaf:?} in {later:?}");
    }
    assert_eq!(
        titles[..10],
        [
            (3, "网上立案材料接收凭证"),
            (3, "一次性补正告知书"),
            (3, "网上立案材料接收凭证"),
            (4, "起诉状"),
            (4, "起诉状（第 1 次提交，其后已补正）"),
            (5, "受理案件通知书"),
            (7, "应诉通知书（钱五）"),
            (10, "送达地址确认书"),
            (12, "借条（照片）"),
            (12, "借条（重拍）（补正）"),
        ]
    );
    // every leaf has its digest and its pages, also of papers set before the case was made
    let file = clerk.get(format!("{}/file", case.path())).await.ok();
    for leaf in file["folders"].as_array().unwrap().iter().flat_map(|f| f["leaves"].as_array().unwrap()) {
        assert!(leaf["sha256"].is_string() && leaf["size"].as_i64().is_some_and(|s| s > 0), "{leaf}");
    }
    // cover and contents, as each reader may see them
    for reader in [&clerk, &zhao] {
        assert!(reader.get(format!("{}/cover.pdf", case.path())).await.content().starts_with(b"%PDF"));
    }
    w.party("吴六").await.get(format!("{}/cover.pdf", case.path())).await.refused(404, "not_found");

    // the party reads the address as confirmed; the other side's notice is not among the party's
    let own = leaves(&zhao, &case).await;
    assert!(has(&own, 10, "送达地址确认书") && !has(&own, 7, "应诉通知书"), "{own:?}");
    w.end().await;
}
