//! 文书样式: a court's administrator dresses a paper anew: draft, faults with their lines, preview, publication; papers
//! issued before keep their looks, other courts theirs; a template that fails on a real paper costs it nothing but its looks.

use serde_json::{Value, json};

use crate::kit::matter::{known_by_name, loan};
use crate::kit::{Answer, LIXIA, Person, SHIZHONG, World};
use crate::story_service::quiet;

const PLACE: &str = "/templates/filing_receipt";

async fn detail(admin: &Person) -> Value {
    admin.get(admin.at(PLACE)).await.ok()
}

async fn saves(admin: &Person, seen: i64, source: &str) -> Answer {
    let path = admin.at(&format!("{PLACE}/draft"));
    admin.ask(reqwest::Method::PUT, path).version(&json!(seen)).json(json!({ "source": source })).send().await
}

async fn receipt(who: &Person, receipt: &Value, court: i32) -> Vec<u8> {
    let paper = receipt["paper_id"].as_str().unwrap();
    who.get(format!("/courts/{court}/papers/{paper}/content")).await.content().to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_court_dresses_its_own_papers() {
    let w = World::new().await;
    let (admin, clerk) = (w.staff("孔管理", LIXIA, "court_admin").await, w.clerk(LIXIA).await);
    clerk.get(clerk.at("/templates")).await.refused(403, "role.not_permitted");
    let zhao = w.party("赵文博").await;
    let before = zhao.files(&loan(LIXIA, &zhao, &known_by_name("李明"), 100_000)).await;
    quiet(&w).await;
    let bytes_before = receipt(&zhao, &before.receipt, LIXIA).await;

    let house = detail(&admin).await["house_source"].as_str().unwrap().to_owned();
    // a fault is told with its line, and what was typed is kept
    let broken = format!("{house}\n#let 坏 = \n");
    let answer = saves(&admin, 0, &broken).await.ok();
    assert_eq!((&answer["ok"], &answer["version"]), (&json!(false), &json!(1)));
    assert!(answer["faults"][0]["line"].as_u64().unwrap() as usize > house.lines().count() - 2, "{answer}");
    assert_eq!(detail(&admin).await["draft_source"], json!(broken));
    admin.get(admin.at(&format!("{PLACE}/preview.pdf?of=draft"))).await.refused(422, "template.faulty");
    admin.post(admin.at(&format!("{PLACE}/publish")), json!({ "reason": "先发布看看" })).await.refused(422, "template.faulty");
    // a page without the shared frame has no verification code, and is no paper of a court
    let bare = saves(&admin, 1, "= 收据\n").await.ok();
    assert_eq!(bare["ok"], false);
    // somebody else saved in between
    saves(&admin, 1, &house).await.refused(412, "version.stale");

    let dressed = format!("{house}\n历下区人民法院诉讼服务中心提示：材料请一次备齐。\n");
    assert_eq!(saves(&admin, 2, &dressed).await.ok()["ok"], true);
    let preview = admin.get(admin.at(&format!("{PLACE}/preview.pdf?of=draft"))).await;
    assert!(preview.content().starts_with(b"%PDF"));
    let published = admin.post(admin.at(&format!("{PLACE}/publish")), json!({ "reason": "加一句提示" })).await.ok();
    assert_eq!((&published["template"]["own"], &published["template"]["version"]), (&json!(true), &json!(1)));

    // papers from now on are set by it; what was issued before, and other courts, are not
    let after = zhao.files(&loan(LIXIA, &zhao, &known_by_name("王强"), 50_000)).await;
    let elsewhere = zhao.files(&loan(SHIZHONG, &zhao, &known_by_name("王强"), 50_000)).await;
    quiet(&w).await;
    let text = |pdf: &[u8]| crate::kit::files::text_of(pdf);
    assert!(text(&receipt(&zhao, &after.receipt, LIXIA).await).contains("一次备齐"));
    assert!(!text(&receipt(&zhao, &elsewhere.receipt, SHIZHONG).await).contains("一次备齐"));
    assert_eq!(receipt(&zhao, &before.receipt, LIXIA).await, bytes_before);

    // sound on the sample, faulty on a real paper: the paper is set by the house's own, and the administrator sees why
    let trap = format!("{house}\n#if data.verify.code != \"ABCD-EFGH-JKLM\" [#panic(\"真的文书\")]\n");
    assert_eq!(saves(&admin, 0, &trap).await.ok()["ok"], true);
    admin.post(admin.at(&format!("{PLACE}/publish")), json!({ "reason": "试一试" })).await.ok();
    let third = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱七"), 60_000)).await;
    quiet(&w).await;
    assert!(receipt(&zhao, &third.receipt, LIXIA).await.starts_with(b"%PDF"));
    assert!(detail(&admin).await["template"]["fault"].as_str().unwrap().contains("真的文书"));
    let back = admin.put(admin.at(&format!("{PLACE}/withdrawal")), json!({ "reason": "样式有错" })).await.ok();
    assert_eq!((&back["template"]["own"], back["past"].as_array().unwrap().len()), (&json!(false), 2));
    w.end().await;
}
