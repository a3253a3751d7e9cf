//! 重复起诉: the clerk who checks a filing sees that the same matter lies elsewhere, and learns no more than the clerk's
//! court may know; counsel is warned like the party would be.

use serde_json::{Value, json};

use crate::kit::matter::{Filed, known_by_name, loan};
use crate::kit::{HUAIYIN, LIXIA, Person, SHIZHONG, World};

async fn earlier(clerk: &Person, filing: &Filed) -> Vec<Value> {
    clerk.reads(filing).await["earlier"].as_array().cloned().unwrap_or_else(|| panic!("the checking clerk is told nothing"))
}

/// A loan of a client, filed by counsel.
fn by_counsel(court: i32, client: &Person, counsel: &Person, yuan: i64) -> Value {
    let mut content = loan(court, client, &known_by_name("钱五"), yuan);
    content["representatives"] = json!([{ "id": "r1", "party_ids": ["p1"], "kind": "lawyer", "name": counsel.name, "unit": counsel.firm, "licence": counsel.licence, "power": "general" }]);
    content
}

async fn findings(who: &Person, content: &Value) -> Vec<Value> {
    let draft = who.drafts(content).await;
    let found = who.get(format!("/my/drafts/{draft}/check")).await.ok();
    found["items"].as_array().unwrap().iter().filter(|i| i["id"] == "G11").cloned().collect()
}

// proves: F08
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clerk_sees_earlier_filings_and_names_only_those_of_the_own_court() {
    let w = World::new().await;
    let (zhao, clerk, there) = (w.party("赵文博").await, w.clerk(LIXIA).await, w.clerk(SHIZHONG).await);
    let here = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let elsewhere = zhao.files(&loan(SHIZHONG, &zhao, &known_by_name("钱五"), 1_000)).await;
    // typed without the number this time: found by name
    let mut nameless = loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000);
    nameless["parties"][0].as_object_mut().unwrap().remove("id_number");
    let again = zhao.files(&nameless).await;

    let seen = earlier(&clerk, &again).await;
    assert_eq!(seen.len(), 2, "{seen:?}");
    let own = seen.iter().find(|e| !e["court_name"].is_null()).unwrap();
    assert_eq!((&own["number"], &own["filing_id"], &own["standing"]), (&json!(here.number), &json!(here.id), &json!("open")));
    let other = seen.iter().find(|e| e["court_name"].is_null()).unwrap();
    assert_eq!(other, &json!({ "standing": "open" }), "another court's matter has no name, no number, no id");
    // nor does the filer's own report, which goes along, say where
    let checks = there.reads(&elsewhere).await["checks"]["items"].clone();
    let report = checks.as_array().unwrap().iter().find(|i| i["id"] == "G11").expect("the finding goes along").to_string();
    assert!(report.contains("另一家法院") && !report.contains("历下") && !report.contains(&here.number), "{report}");
    // the filer is no clerk
    assert!(zhao.reads(&again).await["earlier"].is_null());
    // a judge looks on and decides nothing about it
    assert!(w.judge(LIXIA).await.reads(&again).await["earlier"].is_null());

    // namesakes against the same defendant: nothing is found for another person's number but the name
    let namesake = w.party("赵文博").await;
    assert!(findings(&namesake, &loan(LIXIA, &namesake, &known_by_name("钱五"), 1_000)).await.is_empty(), "of another's suits");
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn withdrawn_refused_and_transferred_filings_stand_in_nobodys_way() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let content = loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000);
    let level = |found: &[Value]| found.iter().map(|i| i["level"].as_str().unwrap().to_owned()).collect::<Vec<_>>();

    let withdrawn = zhao.files(&content).await;
    assert_eq!(level(&findings(&zhao, &content).await), ["warn"]);
    zhao.does("withdraw", &withdrawn, json!({ "reason": "再补充证据。" })).await.ok();
    let found = findings(&zhao, &content).await;
    assert_eq!(level(&found), ["info"]);
    assert!(found[0]["text"].as_str().unwrap().contains(&withdrawn.number), "one's own is named: {}", found[0]);

    let refused = zhao.files(&content).await;
    let reason = "本案属于仲裁协议约定的事项，依照民事诉讼法第一百二十七条第二项，请向仲裁机构申请仲裁。";
    clerk.does("refuse", &refused, json!({ "reason": reason })).await.ok();
    assert_eq!(level(&findings(&zhao, &content).await), ["info", "info"]);
    let sent = zhao.files(&content).await;
    let standings: Vec<Value> = earlier(&clerk, &sent).await.into_iter().map(|e| e["standing"].clone()).collect();
    assert!(standings.contains(&json!("withdrawn")) && standings.contains(&json!("refused")), "{standings:?}");

    // a transferred filing is one matter, not two: it is found where it went, and does not find itself
    let reason = "被告住所地在市中区，本院没有管辖权，依照民事诉讼法第三十七条移送。";
    clerk.does("transfer", &sent, json!({ "to_court": SHIZHONG, "reason": reason })).await.ok();
    w.work().await;
    let there = w.clerk(SHIZHONG).await;
    let queue = there.get(there.at("/filings")).await.ok();
    eprintln!("DEBUG {queue} {}", w.text("select coalesce(string_agg(topic || ' ' || coalesce(last_error,'') || ' ' || attempts || ' ' || coalesce(done_at::text,'-') || ' ' || not_before::text, ' ; '), '') from outbox where topic like 'filing%'").await);
    let arrived =
        Filed { court: SHIZHONG, id: queue["items"][0]["id"].as_str().unwrap().into(), number: String::new(), receipt: Value::Null };
    let seen = earlier(&there, &arrived).await;
    assert!(seen.iter().all(|e| e["standing"] != "open"), "{seen:?}");
    assert_eq!(level(&findings(&zhao, &content).await).iter().filter(|l| *l == "warn").count(), 1);
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counsel_is_warned_and_learns_of_no_court() {
    let w = World::new().await;
    let (zhao, lawyer) = (w.party("赵文博").await, w.lawyer("李律", "山东鲁信律师事务所").await);
    let own = zhao.files(&loan(SHIZHONG, &zhao, &known_by_name("钱五"), 1_000)).await;
    let found = findings(&lawyer, &by_counsel(LIXIA, &zhao, &lawyer, 1_000)).await;
    assert_eq!((found.len(), &found[0]["level"]), (1, &json!("warn")), "{found:?}");
    let words = found[0].to_string();
    assert!(!words.contains("市中") && !words.contains(&own.number), "{words}");
    // what counsel filed itself, counsel may name
    let filed = lawyer.files(&by_counsel(HUAIYIN, &zhao, &lawyer, 1_000)).await;
    let words = json!(findings(&lawyer, &by_counsel(LIXIA, &zhao, &lawyer, 1_000)).await).to_string();
    assert!(words.contains("槐荫") && words.contains(&filed.number) && !words.contains("市中"), "{words}");
    // a lawyer who represents nobody in it hears nothing
    let other = w.lawyer("沈律", "齐正所").await;
    assert!(findings(&other, &loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await.is_empty());
    w.end().await;
}
