//! The SMS gateway's promises.

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::kit::{Sim, client, control, json as body_of, one_report, post_signed};

fn message(id: &str) -> Value {
    json!({"message_id": id, "to": "13800000121", "template": "code", "params": {"code": "482913"},
           "text": "【联庭】验证码 482913，5 分钟内有效。"})
}

async fn on_phone(sim: &Sim) -> Vec<Value> {
    let answer = client().get(sim.url("/phone/messages?mobile=13800000121")).send().await.unwrap();
    body_of(answer).await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn one_id_one_message_one_answer() {
    let sim = Sim::start(&["sms"]);
    let first = post_signed(&sim, "/v1/messages", &message("m1"), "n1").await;
    assert_eq!(first.status(), 202);
    let first = body_of(first).await;
    let again = body_of(post_signed(&sim, "/v1/messages", &message("m1"), "n2").await).await;
    assert_eq!(first, again);
    assert_eq!(on_phone(&sim).await.len(), 1);
    assert!(sim.stop());
}

#[tokio::test]
async fn replays_and_forgeries_are_refused() {
    let sim = Sim::start(&["sms"]);
    assert_eq!(post_signed(&sim, "/v1/messages", &message("m1"), "n1").await.status(), 202);
    assert_eq!(post_signed(&sim, "/v1/messages", &message("m2"), "n1").await.status(), 409);
    let unsigned = client().post(sim.url("/v1/messages")).body("{}").send().await.unwrap();
    assert_eq!(unsigned.status(), 401);
    assert_eq!(on_phone(&sim).await.len(), 1);
}

#[tokio::test]
async fn faults_come_when_ordered_and_pass() {
    let sim = Sim::start(&["sms"]);
    control(&sim, json!({"fail_next": 1, "mode": "500"})).await;
    assert_eq!(post_signed(&sim, "/v1/messages", &message("m1"), "n1").await.status(), 500);
    control(&sim, json!({"fail_next": 1, "mode": "refuse"})).await;
    assert_eq!(post_signed(&sim, "/v1/messages", &message("m1"), "n2").await.status(), 403);
    assert!(on_phone(&sim).await.is_empty());
    assert_eq!(post_signed(&sim, "/v1/messages", &message("m1"), "n3").await.status(), 202);
}

#[tokio::test]
async fn a_report_is_signed_and_repeated_until_taken() {
    let sim = Sim::start(&["sms", "--report-after-ms", "10"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut sent = message("m1");
    sent["callback_url"] = json!(format!("http://{}/reports?court=370102", listener.local_addr().unwrap()));
    post_signed(&sim, "/v1/messages", &sent, "n1").await;
    let (_, first) = one_report(&listener, "503 Busy").await;
    let (head, second) = one_report(&listener, "204 No Content").await;
    assert_eq!(first, second);
    let second: Value = serde_json::from_str(&second).unwrap();
    assert_eq!((second["message_id"].as_str(), second["status"].as_str()), (Some("m1"), Some("delivered")));
    let header = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {head}")).to_owned()
    };
    let (timestamp, nonce) = (header("x-timestamp"), header("x-nonce"));
    let expected = crate::kit::signature("POST", "/reports?court=370102", &timestamp, &nonce, &second.to_string());
    assert_eq!(header("x-signature"), expected);
}

#[tokio::test]
async fn the_phone_is_a_page() {
    let sim = Sim::start(&["sms"]);
    let page = client().get(sim.url("/phone")).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("手机"));
}
