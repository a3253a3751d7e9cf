//! The e-service platform's promises.

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::kit::{Sim, client, control, get_signed, json as body_of, one_report, post_signed, signature};

fn delivery(id: &str, account: &str, callback: &str) -> Value {
    json!({"delivery_id": id, "channel": "platform", "account": account, "name": "赵文博", "case_number": "（2026）鲁0102民初1号",
        "court": "济南市历下区人民法院", "documents": [{"title": "传票", "sha256": "0".repeat(64)}], "callback_url": callback})
}

/// Is this report signed with the shared key?
fn genuine(head: &str, body: &str) -> bool {
    let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap_or_default().to_owned();
    header("x-signature") == signature("POST", "/receipts", &header("x-timestamp"), &header("x-nonce"), body)
}

async fn heard(listener: &TcpListener) -> (bool, String) {
    let (head, body) = one_report(listener, "204 No Content").await;
    let state = serde_json::from_str::<Value>(&body).unwrap()["state"].as_str().unwrap().to_owned();
    (genuine(&head, &body), state)
}

async fn callback() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/receipts", listener.local_addr().unwrap());
    (listener, url)
}

#[tokio::test]
async fn a_delivery_is_taken_once_and_tells_how_far_it_came() {
    let sim = Sim::start(&["edelivery", "--step-after-ms", "10"]);
    let (listener, url) = callback().await;
    let first = post_signed(&sim, "/deliveries", &delivery("d1", "zhao", &url), "n1").await;
    assert_eq!(first.status(), 202);
    let again = body_of(post_signed(&sim, "/deliveries", &delivery("d1", "zhao", &url), "n2").await).await;
    assert_eq!(body_of(first).await["platform_id"], again["platform_id"]);
    let other = post_signed(&sim, "/deliveries", &delivery("d1", "qian", &url), "n3").await;
    assert_eq!((other.status().as_u16(), body_of(other).await["code"].as_str()), (422, Some("reused")));
    assert_eq!(heard(&listener).await, (true, "sent".into()));
    assert_eq!(heard(&listener).await, (true, "arrived".into()));
    let opened = client().post(sim.url("/inbox/d1")).body(r#"{"state":"read","at":"2026-11-22T08:00:00Z"}"#).send().await.unwrap();
    assert_eq!(opened.status(), 200);
    assert_eq!(heard(&listener).await, (true, "read".into()));
    let back = client().post(sim.url("/inbox/d1")).body(r#"{"state":"sent"}"#).send().await.unwrap();
    assert_eq!(back.status(), 409, "forward only");
    let found = body_of(get_signed(&sim, "/deliveries/d1", "n4").await).await;
    assert_eq!((found["state"].as_str(), found["receipts"].as_array().unwrap().len()), (Some("read"), 3));
    assert_eq!(found["receipts"][2]["at"], "2026-11-22T08:00:00Z");
    let log = body_of(client().get(sim.url("/deliveries")).send().await.unwrap()).await;
    assert_eq!((log["items"].as_array().unwrap().len(), log["items"][0]["handed_over"].as_u64()), (1, Some(2)));
    assert!(client().get(sim.url("/inbox")).send().await.unwrap().text().await.unwrap().contains("送达收件箱"));
}

#[tokio::test]
async fn accounts_have_their_fates() {
    let sim = Sim::start(&["edelivery", "--step-after-ms", "10"]);
    let (listener, url) = callback().await;
    control(&sim, json!({"accounts": {"gone": "unknown", "unwilling": "no_consent", "full": "bounce", "mute": "silence"}})).await;
    for (n, account, code) in [(1, "gone", "unknown_account"), (2, "unwilling", "no_consent")] {
        let refused = post_signed(&sim, "/deliveries", &delivery(&format!("d{n}"), account, &url), &format!("n{n}")).await;
        assert_eq!((refused.status().as_u16(), body_of(refused).await["code"].as_str()), (422, Some(code)));
    }
    post_signed(&sim, "/deliveries", &delivery("d3", "mute", &url), "n3").await;
    post_signed(&sim, "/deliveries", &delivery("d4", "full", &url), "n4").await;
    assert_eq!(heard(&listener).await, (true, "sent".into()));
    let (_, body) = one_report(&listener, "204 No Content").await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((body["state"].as_str(), body["delivery_id"].as_str()), (Some("bounced"), Some("d4")));
    assert!(body["reason"].is_string());
    assert_eq!(body_of(get_signed(&sim, "/deliveries/d3", "n5").await).await["state"], "accepted");
}

#[tokio::test]
async fn receipts_are_lost_repeated_and_forged() {
    let sim = Sim::start(&["edelivery", "--step-after-ms", "10"]);
    let (listener, url) = callback().await;
    control(&sim, json!({"receipts": {"how": "lose", "next": 2}})).await;
    post_signed(&sim, "/deliveries", &delivery("d1", "zhao", &url), "n1").await;
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(body_of(get_signed(&sim, "/deliveries/d1", "n2").await).await["state"], "arrived", "a query tells what no receipt told");
    control(&sim, json!({"receipts": {"how": "wrong_signature"}})).await;
    client().post(sim.url("/inbox/d1")).body(r#"{"state":"read"}"#).send().await.unwrap();
    assert_eq!(heard(&listener).await, (false, "read".into()), "the forgery comes first");
    assert_eq!(heard(&listener).await, (true, "read".into()));
    let again = client().post(sim.url("/control/receipts")).body(r#"{"delivery_id":"d1","times":3}"#).send();
    let (again, ()) = tokio::join!(again, async {
        for _ in 0..3 {
            assert!(heard(&listener).await.0);
        }
    });
    assert_eq!(body_of(again.unwrap()).await["statuses"], json!([204, 204, 204]));
}
