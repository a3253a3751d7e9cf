//! Nothing long is lost: an upload and a hearing carry the session past its end, an upload goes on where it stopped, and a
//! filing is in time by the moment its first byte was here, however long the rest of it takes.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

use crate::kit::line::enter;
use crate::kit::matter::{filed, known_by_name, loan};
use crate::kit::{LIXIA, Person, World, beijing, files};
use crate::story_room::{waiting, with_media};

/// A request whose body comes in two halves; something happens in between.
async fn in_two_halves(who: &Person, path: &str, body: &Value, between: impl AsyncFnOnce()) -> Value {
    let at = who.wire.base.strip_prefix("http://").unwrap();
    let mut line = tokio::net::TcpStream::connect(at).await.unwrap();
    let body = body.to_string();
    let (first, rest) = body.split_at(body.len() / 2);
    let head = format!(
        "POST /api{path} HTTP/1.1\r\nhost: {at}\r\nauthorization: Bearer {}\r\nidempotency-key: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{first}",
        who.token,
        Uuid::new_v4(),
        body.len()
    );
    line.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(700)).await; // it lies at the server, which waits for more
    between().await;
    line.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 201"), "{answer}");
    let json = body.find('{').zip(body.rfind('}')).map(|(a, b)| &body[a..=b]).unwrap();
    serde_json::from_str(json).unwrap_or_else(|e| panic!("{e}: {answer}"))
}

// proves: N19
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_time_of_filing_is_when_its_first_byte_was_here() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    w.turn_to(beijing("2026-11-24T23:50:00")).await;
    let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let order = zhao.confirms(&draft).await;
    let arrived = beijing("2026-11-24T23:59:58");
    w.turn_to(arrived).await;
    let path = format!("/my/drafts/{draft}/submit");
    // it begins two seconds before midnight, and is whole four seconds after it
    let receipt = in_two_halves(&zhao, &path, &order, async || w.turn_to(arrived + TimeDelta::seconds(6)).await).await;
    assert_eq!(receipt["received_at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap(), arrived);
    let read = zhao.reads(&filed(&receipt)).await;
    assert!(read.to_string().contains("2026-11-24T15:59:58"), "{read}");
    // a paper says so, that anybody can check
    let paper = zhao.get(format!("/courts/{LIXIA}/papers/{}/content", receipt["paper_id"].as_str().unwrap())).await;
    assert!(paper.content().starts_with(b"%PDF"));
    assert_eq!(w.count("select count(*) from filings where received_at = '2026-11-24 23:59:58+08'").await, 1);
    // sent again after midnight, it is the same filing of the day before
    let again = zhao.submits(&draft, Uuid::new_v4(), &order).await.ok();
    assert_eq!((&again["filing_id"], &again["received_at"]), (&receipt["filing_id"], &receipt["received_at"]));
    w.leaves_no_trace("/submit"); // a repetition changes nothing
    // what was changed after it began to be sent counts from when it was whole
    let content = loan(LIXIA, &zhao, &known_by_name("李明"), 2_000);
    let more = json!({ "facts": format!("{}补充一句：至今没有归还。", content["facts"].as_str().unwrap()) });
    let draft = zhao.drafts(&content).await;
    let order = zhao.confirms(&draft).await;
    let later = w.now() + TimeDelta::seconds(5);
    let receipt = in_two_halves(&zhao, &format!("/my/drafts/{draft}/submit"), &order, async || {
        w.turn_to(later).await;
        zhao.types(&draft, &more).await;
    })
    .await;
    assert_eq!(receipt["received_at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap(), later);
    w.end().await;
}

// proves: N19
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_carries_the_session_past_its_end_and_goes_on_where_it_stopped() {
    let w = World::new().await;
    let (zhao, idle) = (w.party("赵文博").await, w.party("李明").await);
    let began = w.now();
    let at = |minutes: i64| {
        assert!(w.app.clock.set(began + TimeDelta::minutes(minutes)));
        w.app.sessions.forget_all();
    };
    let draft = zhao.drafts(&loan(LIXIA, &zhao, &known_by_name("钱五"), 1_000)).await;
    let bytes = files::pdf_of(1, "IOU", 17 << 20);
    let order = json!({ "name": "大文件.pdf", "size": bytes.len(), "last_modified": 1_700_000_000_000_i64 });
    let upload = zhao.post(format!("/my/drafts/{draft}/files"), order.clone()).await.ok();
    let (id, part) = (upload["id"].as_str().unwrap().to_owned(), usize::try_from(upload["part_bytes"].as_u64().unwrap()).unwrap());
    assert_eq!(upload["parts"], json!(3));
    let sends = async |n: usize| {
        let chunk = bytes.chunks(part).nth(n - 1).unwrap().to_vec();
        zhao.ask(Method::PUT, format!("/my/uploads/{id}/parts/{n}")).bytes(chunk, "application/octet-stream").send().await.status
    };
    at(11 * 60 + 50);
    idle.get("/account").await.ok();
    assert_eq!(sends(1).await, 204);
    // twelve hours are over for who did nothing long, and not for who sends a file
    at(12 * 60 + 10);
    idle.get("/account").await.refused(401, "session.missing");
    assert_eq!(sends(2).await, 204);
    at(12 * 60 + 35);
    // another device: what is there already is not sent again
    let resumed = zhao.post(format!("/my/drafts/{draft}/files"), order).await.ok();
    assert_eq!((&resumed["id"], &resumed["received"]), (&upload["id"], &json!([1, 2])));
    let file = zhao.sends_parts(&resumed, &bytes).await.ok();
    assert_eq!(file["sha256"], json!(hex::encode(lianting::kit::seal::sha256(&bytes))));
    w.end().await;
}

// proves: N19
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_signed_out_in_a_hearing() {
    let w = World::with(with_media()).await;
    let s = waiting(&w).await;
    let mut page = enter(&s.plaintiff, &s.path).await;
    let end = format!("select (extract(epoch from max(expires_at)))::bigint from sessions where person_id = '{}'", s.plaintiff.id);
    let soon = w.now() + TimeDelta::minutes(2);
    w.run(&format!("update sessions set expires_at = '{}' where person_id = '{}'", soon.to_rfc3339(), s.plaintiff.id)).await;
    w.app.sessions.forget_all();
    assert_eq!(w.count(&end).await, soon.timestamp());
    // the page says now and then how its line is; that is enough
    for _ in 0..40 {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert!(page.send(&json!({ "type": "stats" })).await, "signed out");
        if w.count(&end).await > soon.timestamp() {
            break;
        }
    }
    assert!(w.count(&end).await >= (w.now() + TimeDelta::minutes(29)).timestamp(), "carried on");
    page.close().await;
    w.end().await;
}
