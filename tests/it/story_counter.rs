//! 到窗口办 (A10): the note, and what the counter sees of it.

use serde_json::json;

use crate::kit::matter::{known_by_name, loan};
use crate::kit::{LIXIA, SHIZHONG, World};

// proves: A10
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_counter_sees_what_the_person_agreed_to_show() {
    let w = World::new().await;
    let (zhao, wu, clerk) = (w.party("赵文博").await, w.party("吴六").await, w.clerk(LIXIA).await);
    let shown = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let kept = wu.drafts(&loan(LIXIA, &wu, &known_by_name("钱五"), 2_000)).await;
    let yes = zhao.post(format!("/my/drafts/{shown}/offline"), json!({ "reason": "想当面问清楚", "show_content": true })).await.ok();
    let no = wu.post(format!("/my/drafts/{kept}/offline"), json!({ "reason": "手机不好用" })).await.ok();
    assert_eq!((&yes["content_shown"], &no["content_shown"]), (&json!(true), &json!(false)));

    // the note is a paper of the person's own, and it verifies
    let note = format!("/courts/{LIXIA}/papers/{}/content", yes["paper_id"].as_str().unwrap());
    assert!(zhao.get(&note).await.content().starts_with(b"%PDF"));
    wu.get(&note).await.refused(404, "not_found");

    // the list tells who comes and why; not what was typed
    let list = clerk.get(clerk.at("/offline")).await.ok();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{list}");
    assert_eq!((&items[1]["number"], &items[1]["name"], &items[1]["reason"]), (&yes["number"], &json!("赵文博"), &json!("想当面问清楚")));
    assert!(!list.to_string().contains(&zhao.mobile) && !list.to_string().contains("1000"), "{list}");
    // found by the number on the note
    let by_number = clerk.get(clerk.at(&format!("/offline?q={}", no["number"].as_str().unwrap()))).await.ok();
    assert_eq!(by_number["items"].as_array().unwrap().len(), 1);

    // with the person's word the typed content is there, without it there is none
    let one = clerk.get(clerk.at(&format!("/offline/{}", items[1]["id"].as_str().unwrap()))).await.ok();
    assert_eq!(one["content"]["parties"][1]["name"], json!("钱五"));
    let other = clerk.get(clerk.at(&format!("/offline/{}", items[0]["id"].as_str().unwrap()))).await.ok();
    assert_eq!((&other["content_shown"], &other["content"]), (&json!(false), &json!(null)));
    assert_eq!(
        w.count("select count(*) from offline_filings where content::text like '%' || encode('钱五'::bytea, 'hex') || '%'").await,
        0
    );

    // what is typed after it stays the person's own
    zhao.types(&shown, &json!({ "facts": "回家以后又想到的话。" })).await;
    let again = clerk.get(clerk.at(&format!("/offline/{}", items[1]["id"].as_str().unwrap()))).await.ok();
    assert!(!again.to_string().contains("回家以后"));

    // the counter of this court, and nobody else
    w.judge(LIXIA).await.get(format!("/courts/{LIXIA}/offline")).await.refused(403, "role.not_permitted");
    zhao.get(format!("/courts/{LIXIA}/offline")).await.refused(403, "role.not_permitted");
    let there = w.clerk(SHIZHONG).await;
    assert_eq!(there.get(there.at("/offline")).await.ok()["items"], json!([]));
    there.get(there.at(&format!("/offline/{}", items[1]["id"].as_str().unwrap()))).await.refused(404, "not_found");
    w.end().await;
}
