//! 电子送达的确认 (在线诉讼规则 第三十条): by telephone, on the platform, on paper; what is told before; a judgment served by it
//! at the moment it arrives, and its paper copy for who asks.

use poem::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{Docketed, known_by_number};
use crate::kit::{LIXIA, Person, World};
use crate::story_service::{desk, docketed, of, postal, quiet, text};

async fn says(who: &Person, case: &Docketed, more: Value) -> crate::kit::http::Answer {
    let path = format!("{}/service-address", case.path());
    let shown = who.get(&path).await.ok();
    let party = shown["parties"].as_array().unwrap().iter().find(|p| p["name"] == "钱五").unwrap()["party_id"].clone();
    let mut order = json!({ "party_id": party, "agrees": true, "inbox": true, "postal": postal("钱五"), "told_version": shown["told_version"], "understood": true });
    order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.ask(Method::POST, path).key(Uuid::new_v4()).json(order).send().await
}

async fn newest(who: &Person, case: &Docketed) -> Value {
    let kept = who.get(format!("{}/service-address", case.path())).await.ok();
    kept["parties"].as_array().unwrap().iter().find(|p| p["name"] == "钱五").unwrap()["versions"][0].clone()
}

// proves: L30
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consent_is_asked_with_its_meaning_kept_with_its_proof_and_carries_a_judgment() {
    let w = World::new().await;
    let (zhao, qian) = (w.party("赵文博").await, w.party("钱五").await);
    let (case, clerk) = docketed(&w, LIXIA, &zhao, &known_by_number(&qian)).await;
    qian.joins(&clerk.reads_join_code(&case).await).await.ok();
    quiet(&w).await;
    // scope, effect, how to change it: told first, in words whose version is kept; without them nothing is taken
    let shown = qian.get(format!("{}/service-address", case.path())).await.ok();
    for word in ["判决书", "到达您的系统即为送达", "纸质", "变更", "撤回"] {
        assert!(text(&shown["told"]).contains(word), "{word}");
    }
    says(&qian, &case, json!({ "understood": false })).await.refused(422, "address.not_told");
    says(&qian, &case, json!({ "told_version": "2019-1" })).await.refused(422, "address.not_told");
    // by telephone and on paper, written down by the clerk; on the platform, by the party itself
    // an inbox is nobody's but its owner's to agree to: the clerk writes down a number
    for (who, proof, kept, by) in [
        (&clerk, json!({ "proof": "phone_record", "inbox": false, "sms": qian.mobile }), "电话录音", "sms"),
        (&clerk, json!({ "proof": "signed_form", "inbox": false, "sms": qian.mobile }), "书面送达地址确认书", "sms"),
        (&qian, json!({}), "送达地址确认书（在线确认）", "inbox"),
    ] {
        says(who, &case, proof).await.ok();
        quiet(&w).await;
        let version = newest(&clerk, &case).await;
        assert_eq!((&version["proof"], &version["kind"], &version["says"]), (&json!(kept), &json!("express"), &json!("given")));
        assert!(version["paper_id"].is_string() && !version["addresses"].as_array().unwrap().is_empty(), "{version}");
        assert!(version["channels"].as_array().unwrap().contains(&json!(by)), "{version}");
    }
    // the judgment goes electronically, and is served when it arrives
    let file = clerk.uploads_alone("判决书.jpg", &crate::kit::files::jpg(4)).await.ok();
    let leaf = clerk
        .post(format!("{}/leaves", case.path()), json!({ "file_id": file["id"], "folder": 20, "volume": "main", "title": "民事判决书" }))
        .await
        .ok();
    let party = of_name(&clerk.get(case.path()).await.ok(), "钱五");
    let order = json!({ "papers": [{ "leaf_id": leaf["id"], "paper_kind": "judgment" }], "recipients": [{ "party_id": party }] });
    let made = clerk.post(format!("{}/services", case.path()), order).await.ok();
    quiet(&w).await;
    let service = text(&made["services"][0]["id"]);
    let read = || async { clerk.get(format!("/courts/{LIXIA}/services/{service}")).await.ok()["recipients"][0].clone() };
    let served = read().await;
    assert_eq!((&served["effect"], &served["row_code"]), (&json!("yes"), &json!("1")), "{served}");
    let sent = &served["attempts"][0];
    let arrived = sent["events"].as_array().unwrap().iter().find(|e| e["what"] == "arrived").unwrap();
    assert_eq!((&served["served_at"], &served["served_day"]), (&arrived["at"], &json!("2026-11-23")), "{served}");
    // whoever asks for paper gets paper; the service stands
    let path = format!("/courts/{LIXIA}/inbox/{service}/{}/paper", text(&served["id"]));
    qian.put(&path, json!({})).await.ok();
    quiet(&w).await;
    let tasks = clerk.get(format!("/courts/{LIXIA}/service-tasks?kind=paper_copy")).await.ok();
    assert_eq!((tasks["items"].as_array().unwrap().len(), &tasks["items"][0]["service_id"]), (1, &json!(service)));
    let after = read().await;
    assert_eq!((&after["effect"], &after["served_at"]), (&json!("yes"), &served["served_at"]));
    // a no, said later, ends it for what comes after
    says(&qian, &case, json!({ "agrees": false, "inbox": false })).await.ok();
    quiet(&w).await;
    let row = of(&desk(&clerk, &case).await, "被告").clone();
    assert_eq!(newest(&clerk, &case).await["says"], json!("refused"), "{row}");
    w.end().await;
}

fn of_name(shown: &Value, name: &str) -> Value {
    shown["parties"].as_array().unwrap().iter().find(|p| p["name"] == name).unwrap()["id"].clone()
}
