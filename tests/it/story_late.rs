//! 到期未补正 and 撤回: what becomes of a filing nobody goes on with.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{Filed, known_by_name, loan};
use crate::kit::{LIXIA, Person, World, beijing};

async fn returned(clerk: &Person, filing: &Filed) {
    let list = json!([{ "step": "claims", "field": "/facts", "what": "事实不清", "where": "事实与理由", "cure": "写清时间" }]);
    clerk.returns(filing, list).await.ok();
}

async fn uncorrected(clerk: &Person) -> (Value, Vec<Value>) {
    let stats = clerk.get(clerk.at("/filings/stats")).await.ok()["uncorrected"].clone();
    let list = clerk.get(clerk.at("/filings?state=uncorrected")).await.ok();
    (stats, list["items"].as_array().unwrap().iter().map(|i| i["id"].clone()).collect())
}

fn reminders(letters: &[Value]) -> Vec<&Value> {
    letters.iter().filter(|l| l["template"] == "filing_correction_soon").collect()
}

fn acts(filing: &Value) -> Vec<&str> {
    filing["history"].as_array().unwrap().iter().map(|a| a["act"].as_str().unwrap()).collect()
}

// proves: L09 F08
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filing_sent_back_is_reminded_of_and_then_stands_on_its_own_list() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let late = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let answered = zhao.files(&loan(LIXIA, &zhao, &known_by_name("孙七"), 2_000)).await;
    for filing in [&late, &answered] {
        returned(&clerk, filing).await; // Monday the 23rd, seven days: to the end of Monday the 30th
    }
    let draft = zhao.post(format!("{}/correct", answered.path()), Value::Null).await.ok()["id"].as_str().unwrap().to_owned();
    zhao.sends(&draft, Uuid::new_v4()).await.ok();
    w.work().await;
    assert!(reminders(&w.events("sms.send").await).is_empty(), "not before its time");

    // the morning before the last day, once, and only to whoever has not answered
    w.turn_to(beijing("2026-11-29T09:00:00")).await;
    w.work().await;
    w.work().await;
    let letters = w.events("sms.send").await;
    let reminder = reminders(&letters);
    assert_eq!(reminder.len(), 1, "{letters:?}");
    let params = &reminder[0]["params"];
    assert_eq!((&params["number"], &params["items"]), (&json!(late.number), &json!("1")));
    assert!(params["due"].as_str().unwrap().contains("11 月 30 日"), "{params}");
    assert_eq!(uncorrected(&clerk).await, (json!(0), vec![]));

    // the last second is in time; then it is written down, once, with what follows from it
    w.turn_to(beijing("2026-11-30T23:59:59")).await;
    w.work().await;
    assert_eq!(uncorrected(&clerk).await, (json!(0), vec![]));
    w.turn_to(beijing("2026-12-01T00:00:00")).await;
    w.work().await;
    w.work().await;
    assert_eq!(uncorrected(&clerk).await, (json!(1), vec![json!(late.id)]));
    let seen = zhao.reads(&late).await;
    assert_eq!(acts(&seen).iter().filter(|a| **a == "correction_overdue").count(), 1, "{}", seen["history"]);
    let act = &seen["history"][0];
    assert!(act["rule"].as_str().unwrap().contains("第七条") && act["effect"].as_str().unwrap().contains("仍可补正"), "{act}");
    assert!(!acts(&zhao.reads(&answered).await).contains(&"correction_overdue"));

    // late is not never: the correction is taken, and the list is empty again
    assert!(seen["may"].as_array().unwrap().contains(&json!("correct")), "{}", seen["may"]);
    let draft = zhao.post(format!("{}/correct", late.path()), Value::Null).await.ok()["id"].as_str().unwrap().to_owned();
    zhao.sends(&draft, Uuid::new_v4()).await.ok();
    assert_eq!(uncorrected(&clerk).await, (json!(0), vec![]));
    w.end().await;
}

/// A list of one day is reminded of on its day; one that was refused or withdrawn meanwhile, never.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_gone_another_way_is_left_alone() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let short = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let item = json!([{ "step": "claims", "field": "/facts", "what": "事实不清", "where": "事实与理由", "cure": "写清时间" }]);
    clerk.does("return", &short, json!({ "items": item, "days": 1 })).await.ok();
    let gone = zhao.files(&loan(LIXIA, &zhao, &known_by_name("孙七"), 2_000)).await;
    returned(&clerk, &gone).await;
    zhao.does("withdraw", &gone, json!({ "reason": "" })).await.ok();
    w.turn_to(beijing("2026-11-24T09:00:00")).await;
    w.work().await;
    let letters = w.events("sms.send").await;
    assert_eq!(reminders(&letters).iter().map(|l| l["params"]["number"].clone()).collect::<Vec<_>>(), [json!(short.number)]);
    w.turn_to(beijing("2026-12-02T09:00:00")).await;
    w.work().await;
    assert_eq!(reminders(&w.events("sms.send").await).len(), 1);
    assert!(!acts(&zhao.reads(&gone).await).contains(&"correction_overdue"));
    assert_eq!(uncorrected(&clerk).await, (json!(1), vec![json!(short.id)]));
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawal_keeps_its_reason() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let filing = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let reason = "双方已经和解，不再起诉。";
    zhao.does("withdraw", &filing, json!({ "reason": "长".repeat(501) })).await.refused(422, "text.too_long");
    zhao.does("withdraw", &filing, json!({ "reason": reason })).await.ok();
    for reader in [&zhao, &clerk] {
        let seen = reader.reads(&filing).await;
        assert_eq!((&seen["state"], &seen["withdrawal"]["reason"]), (&json!("withdrawn"), &json!(reason)));
        assert!(seen["history"][0]["text"].as_str().unwrap().contains(reason), "{}", seen["history"][0]);
    }
    // the audit row tells that it happened, not why
    assert_eq!(w.count("select count(*) from audit_log where details::text like '%和解%'").await, 0);
    w.end().await;
}
