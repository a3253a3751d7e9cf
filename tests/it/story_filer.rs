//! The filer's side of 网上立案: what stands in the way of sending, what one's own list says after every step, and
//! how a number that was typed becomes a number that was proved.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{Filed, filed, known_by_name, loan};
use crate::kit::{LIXIA, Person, SHIZHONG, World, files};

fn ids(found: &Value, level: &str) -> Vec<Value> {
    found["items"].as_array().unwrap().iter().filter(|i| i["level"] == level).map(|i| i["id"].clone()).collect()
}

// proves: B04
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_open_stands_in_the_way_until_it_is_mended_or_owned() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let mut content = loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000);
    content["claims"] = json!([]);
    content["elements"] = Value::Null;
    content["facts"] = json!("");
    content["service"]["email"] = json!("");
    let draft = zhao.drafts(&content).await;
    let found = zhao.get(format!("/my/drafts/{draft}/check")).await.ok();
    let (warn, block) = (ids(&found, "warn"), ids(&found, "block"));
    assert!(!warn.is_empty() && !block.is_empty(), "{found}");
    for item in found["items"].as_array().unwrap() {
        assert!(!item["article"].as_str().unwrap().is_empty() && !item["cure"].as_str().unwrap().is_empty(), "{item}");
    }
    let send = |order: Value| {
        let (zhao, draft) = (zhao.clone(), draft.clone());
        async move { zhao.submits(&draft, Uuid::new_v4(), &order).await }
    };
    send(json!({ "confirmed": [], "send_anyway": [] })).await.refused(422, "filing.open_items");
    send(json!({ "confirmed": warn, "send_anyway": [] })).await.refused(422, "filing.open_items");
    // the way on to the clerk: nobody is stopped by a machine for good (L01, 立案登记制)
    let sent = filed(&send(json!({ "confirmed": warn, "send_anyway": block })).await.ok());
    let seen = clerk.reads(&sent).await["checks"].clone();
    assert_eq!(ids(&seen, "block"), block, "the clerk sees what the filer was told");
    // mended, the same content goes through without a word about the claims
    let again = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("孙七"), 2_000)).await;
    let found = zhao.get(format!("/my/drafts/{again}/check")).await.ok();
    assert!(!found.to_string().contains("\"/claims\""), "{found}");
    w.end().await;
}

// proves: B01
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wrong_court_is_named_with_its_article_before_sending() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let mut content = loan(SHIZHONG, &zhao, &known_by_name("钱五"), 1_000);
    content["amount_fen"] = json!(6_000_000_000_000_i64);
    content["claims"][0]["amount_fen"] = json!(6_000_000_000_000_i64);
    let draft = zhao.drafts(&content).await;
    let found = zhao.get(format!("/my/drafts/{draft}/check")).await.ok();
    // 60 billion yuan is no matter for a basic court
    let level = found["items"].as_array().unwrap().iter().find(|i| i["step"] == "court" && i["level"] != "info");
    let level = level.unwrap_or_else(|| panic!("nothing about the court: {found}"));
    assert!(level["article"].as_str().unwrap().contains('条') || level["article"].as_str().unwrap().contains('号'), "{level}");
    w.end().await;
}

async fn listed(person: &Person, filing: &Filed) -> Value {
    let all = person.get("/my/filings").await.ok();
    all["items"].as_array().unwrap().iter().find(|f| f["id"] == json!(filing.id)).cloned().unwrap_or(Value::Null)
}

// proves: F06 L09
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ones_own_list_tells_the_state_and_the_clock_after_every_step() {
    let w = World::new().await;
    let (zhao, clerk, stranger) = (w.party("赵文博").await, w.clerk(LIXIA).await, w.party("陌生").await);
    let filing = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let seen = listed(&zhao, &filing).await;
    assert_eq!(
        (&seen["state"], &seen["clock"]["key"], &seen["number"]),
        (&json!("submitted"), &json!("filing_decision"), &json!(filing.number))
    );
    assert_eq!(listed(&stranger, &filing).await, Value::Null);
    stranger.get(filing.path()).await.refused(404, "not_found");
    let items = json!([
        { "step": "claims", "field": "/facts", "what": "事实不清", "where": "事实与理由", "cure": "写清时间" },
        { "step": "service", "field": "/service/address", "what": "地址不全", "where": "送达地址", "cure": "写到门牌号" },
    ]);
    clerk.returns(&filing, items).await.ok();
    let seen = listed(&zhao, &filing).await;
    assert_eq!(
        (&seen["state"], &seen["open_items"], &seen["clock"]["key"]),
        (&json!("returned"), &json!(2), &json!("correction")),
        "{seen}"
    );
    let draft = zhao.ask(Method::POST, format!("{}/correct", filing.path())).send().await.ok()["id"].as_str().unwrap().to_owned();
    zhao.types(&draft, &json!({ "facts": "2024 年 1 月 1 日借款，2025 年 1 月 1 日到期未还。" })).await;
    let drafts = zhao.get("/my/drafts").await.ok();
    assert_eq!((&drafts["items"][0]["step"], &drafts["items"][0]["corrects"]), (&json!("claims"), &json!(filing.id)));
    zhao.sends(&draft, Uuid::new_v4()).await.ok();
    let seen = listed(&zhao, &filing).await;
    assert_eq!((&seen["state"], &seen["corrected"], &seen["open_items"]), (&json!("submitted"), &json!(true), &json!(0)));
    let case = clerk.accepts(&filing).await;
    let seen = listed(&zhao, &filing).await;
    assert_eq!((&seen["state"], &seen["case_number"], &seen["clock"]["state"]), (&json!("accepted"), &json!(case.number), &json!("done")));
    w.end().await;
}

// proves: A11 L07
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typed_number_is_proved_by_a_copy_the_clerk_compared_and_by_nothing_else() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    w.run(&format!("update proofs set state = 'claimed' where person_id = '{}'", zhao.id)).await;
    let state = || async { zhao.get("/account").await.ok()["proofs"][0]["state"].as_str().unwrap().to_owned() };
    let accept = |filing: Filed, compared: bool| {
        let clerk = clerk.clone();
        async move { clerk.does("accept", &filing, json!({ "procedure": "summary", "documents_compared": compared })).await.ok() }
    };
    // no copy in the filing: the tick proves nothing
    let bare = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    accept(bare, true).await;
    assert_eq!(state().await, "claimed");
    let with_copy = |yuan: i64, name: &'static str| {
        let zhao = zhao.clone();
        async move {
            let mut content = loan(LIXIA, &zhao, &known_by_name("孙七"), yuan);
            content["parties"][0]["name"] = json!(name);
            let draft = zhao.drafts(&content).await;
            let copy = zhao.uploads(&draft, "身份证.jpg", &files::jpg(40)).await.ok();
            zhao.types(&draft, &json!({ "papers": [{ "id": "k1", "kind": "id_copy", "party_id": "p1", "file_ids": [copy["id"]] }] })).await;
            filed(&zhao.sends(&draft, Uuid::new_v4()).await.ok())
        }
    };
    // another's name on it, and a copy nobody compared
    accept(with_copy(2_000, "赵别人").await, true).await;
    assert_eq!(state().await, "claimed");
    accept(with_copy(3_000, "赵文博").await, false).await;
    assert_eq!(state().await, "claimed");
    accept(with_copy(4_000, "赵文博").await, true).await;
    assert_eq!(state().await, "checked_by_document");
    w.end().await;
}

// proves: L10
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organisation_sued_by_name_joins_by_its_checked_code() {
    let w = World::new().await;
    let (zhao, clerk, boss) = (w.party("赵文博").await, w.clerk(LIXIA).await, w.party("钱五").await);
    let company = json!({ "id": "p2", "side": "defendant", "kind": "legal", "name": "山东鲁辰物流有限公司", "phone": "13800138001", "office": "济南市历下区解放路2号" });
    let case = clerk.accepts(&zhao.files(&loan(LIXIA, &zhao, &company, 1_000)).await).await;
    let code = clerk.reads_join_code(&case).await;
    boss.joins(&code).await.refused(404, "join.not_found");
    let claim =
        json!({ "kind": "organisation", "number": "91370102MA0000007F", "holder": "山东鲁辰物流有限公司", "representative": "钱五" });
    let proof = boss.post("/account/proofs", claim).await.ok()["id"].as_str().unwrap().to_owned();
    boss.joins(&code).await.refused(422, "join.not_verified");
    w.run(&format!("update proofs set state = 'checked_by_registry' where proof_id = '{proof}'")).await;
    boss.joins(&code).await.ok();
    boss.get(case.path()).await.ok();
    w.end().await;
}
