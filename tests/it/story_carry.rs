//! 送达地址的沿用: confirmed at first instance, it holds in enforcement at another court, until it is changed; and only for
//! who is known in both by the same number.

use serde_json::{Value, json};

use crate::kit::matter::{enforcement, known_by_name, known_by_number};
use crate::kit::{HUAIYIN, LIXIA, Person, SHIZHONG, World};
use crate::story_service::{desk, docketed, of, postal, quiet, text};

async fn confirms(w: &World, path: &str, who: &Person, more: Value) -> Value {
    let shown = who.get(format!("{path}/service-address")).await.ok();
    let party = shown["parties"][0]["party_id"].clone();
    let mut order = json!({ "party_id": party, "postal": postal(&who.name), "told_version": shown["told_version"], "understood": true });
    order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let now = who.post(format!("{path}/service-address"), order).await.ok();
    quiet(w).await;
    now
}

async fn enforced(w: &World, court: i32, applicant: &Person, debtor: &Value, number: &str) -> (crate::kit::matter::Docketed, Person) {
    let clerk = w.clerk(court).await;
    let mut content = enforcement(court, applicant, debtor, 100_000);
    content["enforcement"]["basis_number"] = json!(number);
    let case = clerk.accepts(&applicant.files(&content).await).await;
    quiet(w).await;
    (case, clerk)
}

// proves: L48
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_confirmed_at_first_instance_holds_in_enforcement_until_changed_in_writing() {
    let w = World::new().await;
    let (zhao, qian, sun) = (w.party("赵文博").await, w.party("钱五").await, w.party("孙七").await);
    let (first, clerk) = docketed(&w, LIXIA, &zhao, &known_by_number(&qian)).await;
    qian.joins(&clerk.reads_join_code(&first).await).await.ok();
    quiet(&w).await;
    confirms(&w, &first.path(), &qian, json!({ "agrees": true, "inbox": true })).await;
    // enforced at another court, by the number the applicant gives, with blanks and other brackets
    let spelled = first.number.replace('（', "(").replace('）', ") ");
    let (case, there) = enforced(&w, SHIZHONG, &zhao, &known_by_number(&qian), &spelled).await;
    let row = of(&desk(&there, &case).await, "被执行人").clone();
    assert_eq!((&row["effect"], &row["row_code"]), (&json!("yes"), &json!("1")), "{row}");
    let inbox = qian.get(format!("/my/inbox?court={SHIZHONG}")).await.ok();
    assert_eq!((&inbox["items"][0]["is_service"], &inbox["items"][0]["case_id"]), (&json!(true), &json!(case.id)));
    let kept = there.get(format!("{}/service-address", case.path())).await.ok();
    let party = kept["parties"].as_array().unwrap().iter().find(|p| p["name"] == "钱五").unwrap().clone();
    assert_eq!((&party["agrees"], &party["versions"][0]["stage"]), (&json!(true), &json!("first_instance")));
    assert!(there.get(case.path()).await.text().contains("沿用"));
    assert_eq!(w.count("select count(*) from service_consents where carried_court = 370102").await, 2, "one entry of each side, once");
    // changed in writing: from now on on paper, here; the earlier case keeps what was said there
    confirms(&w, &case.path(), &qian, json!({ "agrees": false })).await;
    let file = there.uploads_alone("通知.jpg", &crate::kit::files::jpg(3)).await.ok();
    let leaf = there
        .post(format!("{}/leaves", case.path()), json!({ "file_id": file["id"], "folder": 12, "volume": "main", "title": "财产申报令" }))
        .await
        .ok();
    let order =
        json!({ "papers": [{ "leaf_id": leaf["id"], "paper_kind": "evidence" }], "recipients": [{ "party_id": party["party_id"] }] });
    let made = there.post(format!("{}/services", case.path()), order).await.ok();
    quiet(&w).await;
    let service = there.get(format!("/courts/{SHIZHONG}/services/{}", text(&made["services"][0]["id"]))).await.ok();
    assert_eq!(service["recipients"][0]["next"]["step"], "post");
    assert_eq!(clerk.get(format!("{}/service-address", first.path())).await.ok()["parties"][1]["agrees"], json!(true));
    // a stranger who names the number takes nothing along; nor does a debtor of whom only the name is known
    let (foreign, clerk) = enforced(&w, HUAIYIN, &sun, &known_by_number(&qian), &first.number).await;
    assert_eq!(of(&desk(&clerk, &foreign).await, "被执行人")["next"]["step"], "post");
    let (unnamed, clerk) = enforced(&w, HUAIYIN, &zhao, &known_by_name("钱五"), &first.number).await;
    assert_eq!(of(&desk(&clerk, &unnamed).await, "被执行人")["next"]["step"], "post");
    let (nowhere, clerk) = enforced(&w, HUAIYIN, &zhao, &known_by_number(&qian), "（2025）鲁0102民初8888号").await;
    assert_eq!(of(&desk(&clerk, &nowhere).await, "被执行人")["next"]["step"], "post");
    w.end().await;
}
