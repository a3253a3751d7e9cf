//! 送达 on the other routes and what the recipient does of itself: left after refusal, public notice, an answer, a rebuttal
//! with its proof; the service desk that is taken back, held to its version, and asked for what is due; ZIP and feed.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::kit::matter::{Docketed, known_by_name, known_by_number, loan};
use crate::kit::{LIXIA, Person, SHIZHONG, World};
use crate::story_service::{desk, docketed, of, quiet, text};

struct At {
    service: String,
    recipient: String,
}

impl At {
    fn of(row: &Value) -> Self {
        Self { service: text(&row["service_id"]), recipient: text(&row["recipient_id"]) }
    }

    fn path(&self) -> String {
        format!("/courts/{LIXIA}/services/{}/recipients/{}", self.service, self.recipient)
    }

    fn inbox(&self) -> String {
        format!("/courts/{LIXIA}/inbox/{}/{}", self.service, self.recipient)
    }
}

async fn defendant(clerk: &Person, case: &Docketed) -> Value {
    of(&desk(clerk, case).await, "被告").clone()
}

fn attempt(service: &Value, channel: &str) -> Value {
    let all = service["recipients"][0]["attempts"].as_array().unwrap();
    all.iter().find(|a| a["channel"] == channel).unwrap_or_else(|| panic!("no {channel}: {service}"))["id"].clone()
}

/// 发送起诉状副本: joining is no service; being served is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_complaint_is_sent_when_it_is_served_and_not_when_somebody_joins() {
    let w = World::new().await;
    let (zhao, qian) = (w.party("赵文博").await, w.party("钱五").await);
    let (case, clerk) = docketed(&w, LIXIA, &zhao, &known_by_number(&qian)).await;
    let clock = async || {
        let shown = clerk.get(case.path()).await.ok();
        shown["clocks"].as_array().unwrap().iter().find(|c| c["key"] == "send_complaint").unwrap()["state"].clone()
    };
    qian.joins(&clerk.reads_join_code(&case).await).await.ok();
    quiet(&w).await;
    assert_ne!(clock().await, json!("done"));
    // for information until he answers: then it is service by conduct (在线诉讼规则 Art 29)
    let at = At::of(&defendant(&clerk, &case).await);
    zhao.put(format!("{}/received", at.inbox()), json!({})).await.refused(404, "not_found");
    let answered = qian.put(format!("{}/received", at.inbox()), json!({})).await.ok();
    let r = &answered["recipients"][0];
    assert_eq!((&r["effect"], &r["row_code"]), (&json!("yes"), &json!("5")), "{r}");
    qian.put(format!("{}/received", at.inbox()), json!({})).await.ok();
    assert_eq!(w.count("select count(*) from service_events where what = 'answered_received'").await, 1, "pressed twice, answered once");
    assert_eq!(clock().await, json!("done"));
    let consent = qian.get(format!("{}/service-address", case.path())).await.ok();
    assert_eq!(consent["parties"][0]["versions"][0]["kind"], "by_conduct");
    w.end().await;
}

/// 直接送达被拒, 留置: without witnesses or pictures it is nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_at_the_door_it_is_left_with_witnesses() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let (case, clerk) = docketed(&w, LIXIA, &zhao, &known_by_name("钱五")).await;
    let row = defendant(&clerk, &case).await;
    let at = At::of(&row);
    // two clerks at once: who looked at what is no more is told so
    let seen = row["version"].clone();
    let order = json!({ "channel": "post", "tracking": "EMS1" });
    let set_out = |version: Value| clerk.ask(Method::POST, format!("{}/attempts", at.path())).version(&version).json(order.clone()).send();
    let now = set_out(seen.clone()).await.ok();
    set_out(seen).await.refused(412, "version.stale");
    let back = json!({ "attempt_id": attempt(&now, "post"), "what": "returned", "at": w.now().to_rfc3339(), "reason": "other" });
    let now = clerk.post(format!("{}/events", at.path()), back).await.ok();
    assert_eq!(now["recipients"][0]["next"]["step"], "by_hand", "{now}");
    let now = clerk.post(format!("{}/attempts", at.path()), json!({ "channel": "direct" })).await.ok();
    let tried = attempt(&now, "direct");
    let refused = json!({ "attempt_id": tried, "what": "refused", "at": w.now().to_rfc3339(), "by": "recipient" });
    let now = clerk.post(format!("{}/events", at.path()), refused).await.ok();
    assert_eq!(now["recipients"][0]["next"]["ways"], json!(["leave_service"]));
    let left = clerk.post(format!("{}/attempts", at.path()), json!({ "channel": "leave_service" })).await.ok();
    let left = attempt(&left, "leave_service");
    let report = |witnessed| json!({ "attempt_id": left, "what": "left", "at": w.now().to_rfc3339(), "witnessed": witnessed });
    let now = clerk.post(format!("{}/events", at.path()), report(false)).await.ok();
    assert_eq!((&now["recipients"][0]["effect"], &now["recipients"][0]["row_code"]), (&json!("no"), &json!("left_no_proof")));
    // refused again at the leaving itself, and filmed
    let refused = json!({ "attempt_id": left, "what": "refused", "at": w.now().to_rfc3339(), "by": "recipient" });
    clerk.post(format!("{}/events", at.path()), refused).await.ok();
    let now = clerk.post(format!("{}/events", at.path()), report(true)).await.ok();
    let r = &now["recipients"][0];
    assert_eq!((&r["effect"], &r["row_code"], &r["state"]), (&json!("yes"), &json!("left"), &json!("done")), "{r}");
    w.end().await;
}

/// 公告: only in ordinary procedure, with what must be in the file; served when the thirty days are over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn public_notice_serves_after_thirty_days() {
    let w = World::new().await;
    let (zhao, clerk) = (w.party("赵文博").await, w.clerk(LIXIA).await);
    let filed = zhao.files(&loan(LIXIA, &zhao, &known_by_name("钱五"), 100_000)).await;
    let made = clerk.does("accept", &filed, json!({ "procedure": "ordinary" })).await.ok();
    let case = Docketed { court: LIXIA, id: text(&made["case_id"]), number: text(&made["case_number"]) };
    quiet(&w).await;
    let at = At::of(&defendant(&clerk, &case).await);
    let basis = json!({ "basis": "公安机关证明：查无下落，邻居及村委会均不知去向。" });
    let now = clerk.put(format!("{}/whereabouts", at.path()), basis).await.ok();
    assert_eq!(now["recipients"][0]["next"]["step"], "public_notice", "{now}");
    let tasks = clerk.get(format!("/courts/{LIXIA}/service-tasks?kind=public_notice")).await.ok();
    assert_eq!(tasks["items"].as_array().unwrap().len(), 1);
    let notice = json!({ "channel": "public_notice", "notice_medium": "人民法院公告网" });
    let now = clerk.post(format!("{}/attempts", at.path()), notice).await.ok();
    let published = json!({ "attempt_id": attempt(&now, "public_notice"), "what": "published", "at": w.now().to_rfc3339() });
    let now = clerk.post(format!("{}/events", at.path()), published).await.ok();
    assert_eq!((&now["recipients"][0]["row_code"], &now["recipients"][0]["effect"]), (&json!("notice_running"), &json!("no")));
    let begun = w.now();
    for (day, code) in [(29, "notice_running"), (31, "notice_served")] {
        w.turn_to(begun + TimeDelta::days(day)).await;
        quiet(&w).await;
        let row = defendant(&clerk, &case).await;
        assert_eq!(row["row_code"], code, "day {day}: {row}");
    }
    let row = defendant(&clerk, &case).await;
    // published on 23 November: the thirtieth day is 23 December
    assert_eq!((&row["effect"], &row["served_day"], &row["state"]), (&json!("yes"), &json!("2026-12-23"), &json!("done")));
    assert!(clerk.get(case.path()).await.ok()["clocks"].to_string().contains("\"defence\""));
    w.end().await;
}

/// An order given by mistake ends; what was served does not; the desk is asked for what is somebody's turn.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_taken_back_while_nobody_is_served() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let (case, clerk) = docketed(&w, LIXIA, &zhao, &known_by_name("钱五")).await;
    let rows = desk(&clerk, &case).await;
    let (own, other) = (At::of(of(&rows, "原告")), At::of(of(&rows, "被告")));
    let due = clerk.get(format!("/courts/{LIXIA}/services?due=true")).await.ok();
    let due: Vec<String> = due["items"].as_array().unwrap().iter().map(|r| text(&r["recipient_id"])).collect();
    assert_eq!(due, std::slice::from_ref(&other.recipient));
    let why = json!({ "reason": "受送达人列错，另行送达" });
    let cancel = |at: &At| clerk.put(format!("/courts/{LIXIA}/services/{}/cancellation", at.service), why.clone());
    cancel(&own).await.refused(409, "service.has_effect");
    zhao.put(format!("/courts/{LIXIA}/services/{}/cancellation", other.service), why.clone()).await.refused(403, "role.not_permitted");
    cancel(&other).await.ok();
    cancel(&other).await.ok();
    assert_eq!(of(&desk(&clerk, &case).await, "被告")["state"], "cancelled");
    assert_eq!(clerk.get(format!("/courts/{LIXIA}/service-tasks")).await.ok()["items"], json!([]));
    clerk.post(format!("{}/attempts", other.path()), json!({ "channel": "direct" })).await.refused(409, "service.cancelled");
    // and the same papers may be served again
    let shown = clerk.get(format!("/courts/{LIXIA}/services/{}", other.service)).await.ok();
    let papers: Vec<Value> = shown["papers"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| !p["paper_id"].is_null())
        .map(|p| json!({ "paper_id": p["paper_id"] }))
        .collect();
    assert!(!papers.is_empty() && shown["papers"].as_array().unwrap().iter().all(|p| !p["media_type"].is_null()));
    let order = json!({ "papers": papers, "recipients": [{ "party_id": shown["recipients"][0]["party_id"] }] });
    clerk.post(format!("{}/services", case.path()), order).await.ok();
    w.end().await;
}

/// One inbox over two courts: what is due, whose it is; as a ZIP with names that mean something, and as a calendar.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_inbox_as_zip_and_as_calendar() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let (here, _) = docketed(&w, LIXIA, &zhao, &known_by_name("钱五")).await;
    docketed(&w, SHIZHONG, &zhao, &known_by_name("孙七")).await;
    let inbox = zhao.get("/my/inbox?due=true").await.ok();
    let items = inbox["items"].as_array().unwrap();
    assert_eq!((items.len(), &inbox["due"]), (2, &json!(2)));
    assert!(items.iter().all(|i| i["capacity"] == "plaintiff"));
    let ids: Vec<String> = items.iter().map(|i| text(&i["recipient_id"])).collect();
    let zip = zhao.get(format!("/my/inbox.zip?ids={}", ids.join(","))).await;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip.content().to_vec())).unwrap();
    let names: Vec<String> = (0..archive.len()).map(|i| archive.by_index(i).unwrap().name().to_owned()).collect();
    assert!(
        names.iter().any(|n| n.starts_with(&format!("济南市历下区人民法院/{}/2026-11-23 01 ", here.number)) && n.ends_with(".pdf")),
        "{names:?}"
    );
    assert!(names.iter().any(|n| n.starts_with("济南市市中区人民法院/")));
    assert_eq!(zhao.get("/my/inbox").await.ok()["unread"], json!(0), "fetched is read");
    let other = w.party("吴六").await.get(format!("/my/inbox.zip?ids={}", ids.join(","))).await;
    assert_eq!(zip::ZipArchive::new(std::io::Cursor::new(other.content().to_vec())).unwrap().len(), 0);
    // the calendar
    let url = text(&zhao.put("/my/inbox/feed", json!({})).await.ok()["url"]);
    let path = url.split("/api").nth(1).unwrap().to_owned();
    let calendar = w.nobody(Method::GET, path.clone()).send().await;
    let calendar = String::from_utf8(calendar.content().to_vec()).unwrap().replace("\r\n ", "");
    assert!(calendar.starts_with("BEGIN:VCALENDAR") && calendar.contains(&here.number), "{calendar}");
    assert!(!calendar.contains(&zhao.id_number) && !calendar.contains(&zhao.mobile));
    let fresh = text(&zhao.put("/my/inbox/feed", json!({})).await.ok()["url"]);
    w.nobody(Method::GET, path).send().await.refused(404, "not_found");
    zhao.delete("/my/inbox/feed").await.content();
    w.nobody(Method::GET, fresh.split("/api").nth(1).unwrap()).send().await.refused(404, "not_found");
    w.end().await;
}
