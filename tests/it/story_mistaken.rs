//! 我不是收件人: whoever has a number or mailbox now says so by the message's own link, without an account. What rests on
//! that sending is suspended, the next way is taken, and a clerk looks into it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::kit::cluster::cluster;
use crate::kit::matter::Docketed;
use crate::kit::{LIXIA, Person, SHIZHONG, Wish, World};
use crate::story_channels::{agreed, confirms, is, recipient, sendings, until, world};
use crate::story_numbers::{comes_to, joined, number, serves};
use crate::story_service::{desk, of, quiet, text};

/// The token of the link in a message.
fn token(message: &str) -> String {
    message.split_once("/s/").unwrap_or_else(|| panic!("no link in {message}")).1.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// What a phone got, the last message first.
async fn got(gateway: std::net::SocketAddr, mobile: &str) -> Vec<String> {
    let shown: Value = reqwest::get(format!("http://{gateway}/phone/messages?mobile={mobile}")).await.unwrap().json().await.unwrap();
    shown["items"].as_array().unwrap().iter().map(|m| text(&m["text"])).collect()
}

async fn says_not_me(w: &World, token: &str) -> Value {
    w.nobody(Method::POST, "/service-link/not-me").json(json!({ "token": token })).send().await.ok()
}

async fn to_check(clerk: &Person, court: i32) -> Vec<Value> {
    let tasks = clerk.get(format!("/courts/{court}/service-tasks?kind=check_number")).await.ok();
    tasks["items"].as_array().unwrap().clone()
}

async fn looked(clerk: &Person, court: i32, task: &Value, outcome: &str) {
    let path = format!("/courts/{court}/service-tasks/{}/done", text(&task["id"]));
    assert_eq!(clerk.put(&path, json!({ "outcome": outcome, "note": "已电话核实" })).await.status, 204);
}

/// Served by text message at a number; answers the message and the defendant's row.
async fn served_by_text(w: &World, clerk: &Person, case: &Docketed, gateway: std::net::SocketAddr, mobile: &str) -> (String, Value) {
    let row = until(w, clerk, case, |r| is(r, "yes", "1")).await;
    quiet(w).await;
    (got(gateway, mobile).await[0].clone(), row)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_says_the_message_is_not_for_him_and_the_next_way_is_taken_until_a_clerk_has_looked() {
    let gateway = cluster().own_sms();
    let w = World::with(Wish { machine_clock: true, outside: true, sms: Some(gateway), ..Wish::default() }).await;
    let (zhao, qian) = (w.party("赵文博").await, w.party("钱五").await);
    let (there, other) = joined(&w, SHIZHONG, &zhao, &qian).await;
    let (case, clerk) = joined(&w, LIXIA, &zhao, &qian).await;
    let sms = json!({ "sms": qian.mobile });
    confirms(&w, &there, &qian, sms.clone()).await;
    until(&w, &other, &there, |r| is(r, "yes", "1")).await;
    confirms(&w, &case, &qian, sms.clone()).await;
    let (message, row) = served_by_text(&w, &clerk, &case, gateway, &qian.mobile).await;
    let link = token(&message);
    assert!(message.contains(&case.number) && link.len() == 17, "{message}");
    // the link tells whoever holds it less than the message did
    let opened = w.nobody(Method::POST, "/service-link").json(json!({ "token": link })).send().await;
    assert_eq!(opened.ok()["disclaimed"], json!(false));
    let words = opened.text();
    assert!(words.contains("历下区") && !words.contains(&case.number) && !words.contains("钱五"), "{words}");
    // a token nobody has is no token, at both doors and word for word
    let none = json!({ "token": "aaaaaaaaaaaaaaaa" });
    let refused = [
        w.nobody(Method::POST, "/service-link").json(none.clone()).send().await.refused(404, "not_found"),
        w.nobody(Method::POST, "/service-link/not-me").json(none).send().await.refused(404, "not_found"),
    ];
    assert_eq!(refused[0]["detail"], refused[1]["detail"]);
    // opening it moved nothing
    quiet(&w).await;
    assert!(is(of(&desk(&clerk, &case).await, "被告"), "yes", "1"));
    let told = qian.get(case.path()).await.ok();
    assert!(told["clocks"].to_string().contains("\"defence\""));
    // said, and said again: once
    for _ in 0..3 {
        assert_eq!(says_not_me(&w, &link).await["disclaimed"], json!(true));
    }
    let row_now = until(&w, &clerk, &case, |r| is(r, "no", "3") && r["next"]["step"] == "post").await;
    quiet(&w).await;
    assert_eq!(w.count("select count(*) from service_events where what = 'disclaimed'").await, 1);
    let shown = recipient(&clerk, &row_now).await;
    let sent = sendings(&shown, "sms")[0];
    assert!(text(&sent["finding"]["text"]).contains("不是受送达人"), "{sent}");
    assert!(!qian.get(case.path()).await.ok()["clocks"].to_string().contains("\"defence\""), "its periods stand still");
    assert_eq!(number(&clerk, &case, "钱五").await["doubtful_why"], json!("disclaimed"));
    assert!(number(&qian, &case, "钱五").await["doubtful_since"].is_string(), "the party sees that it has to confirm a number");
    assert!(clerk.get(case.path()).await.text().contains("不是受送达人"));
    let tasks = to_check(&clerk, LIXIA).await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    // anybody's word holds for the case it was said in, not elsewhere
    assert_eq!(number(&other, &there, "钱五").await["doubtful_why"], Value::Null);
    assert!(is(of(&desk(&other, &there).await, "被告"), "yes", "1"));
    // the clerk calls: it is his number after all. Served from when it was served, and used again
    looked(&clerk, LIXIA, &tasks[0], "own").await;
    let again = until(&w, &clerk, &case, |r| is(r, "yes", "1")).await;
    assert_eq!(again["served_at"], row["served_at"]);
    quiet(&w).await;
    assert!(qian.get(case.path()).await.ok()["clocks"].to_string().contains("\"defence\""));
    assert_eq!(number(&clerk, &case, "钱五").await["doubtful_why"], Value::Null);
    let left = clerk.get(format!("/courts/{LIXIA}/service-tasks?kind=post")).await.ok();
    assert_eq!(left["items"], json!([]), "nothing is posted any more");
    // another message, the same word; this time it is so: the number is somebody else's at every court
    let next = serves(&clerk, &case, 7).await;
    comes_to(&w, &clerk, &case, &next, |r| is(r, "yes", "1")).await;
    quiet(&w).await;
    let second = token(&got(gateway, &qian.mobile).await[0]);
    assert_ne!(second, link, "each message has its own");
    says_not_me(&w, &second).await;
    comes_to(&w, &clerk, &case, &next, |r| r["next"]["step"] == "post").await;
    let tasks = to_check(&clerk, LIXIA).await;
    looked(&clerk, LIXIA, &tasks[0], "not_own").await;
    quiet(&w).await;
    assert_eq!(number(&clerk, &case, "钱五").await["doubtful_why"], json!("reassigned"));
    assert_eq!(number(&other, &there, "钱五").await["doubtful_why"], json!("reassigned"));
    assert!(!to_check(&other, SHIZHONG).await.is_empty(), "what was served there is for that clerk to look at");
    w.leaves_no_trace("POST /service-link"); // opening it changes nothing, nor does saying it again
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_of_somebody_else_is_said_to_be_so_by_the_letter() {
    let mail = cluster().own_mail();
    let w = world(Some(mail), None).await;
    let (case, clerk, _) = agreed(&w, json!({ "email": "qian@b.example" })).await;
    until(&w, &clerk, &case, |r| is(r, "yes", "2")).await;
    let letter = text(&mail.received("qian@b.example").await[0]["text"]);
    assert!(letter.contains("告诉法院发错了"), "{letter}");
    assert_eq!(says_not_me(&w, &token(&letter)).await["disclaimed"], json!(true));
    let row = until(&w, &clerk, &case, |r| is(r, "no", "3")).await;
    assert_eq!(row["next"]["step"], json!("post"), "a mailbox in doubt is not written to again: {row}");
    assert_eq!(to_check(&clerk, LIXIA).await.len(), 1);
    w.end().await;
}
