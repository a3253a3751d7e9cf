//! 送达: served at docketing where consent carries it, on paper where it does not; effect, certificate and clocks; a
//! presumption made and fallen; the inbox over two courts.

use chrono::TimeDelta;
use lianting::delivery::trail::{self, Head};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{Docketed, known_by_name, known_by_number, loan};
use crate::kit::{LIXIA, Person, SHIZHONG, World};

/// Everything told so far is done, whoever claimed it.
pub async fn quiet(w: &World) {
    for _ in 0..200 {
        w.work().await;
        let now = w.now();
        let open: i64 = sqlx::query_scalar(
            "select count(*) from outbox where done_at is null and dead_at is null and topic not like 'sms.%' and (not_before <= $1 or lease_until is not null or last_error is not null)",
        )
        .bind(now)
        .fetch_one(&w.admin)
        .await
        .unwrap();
        if open == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let left: Vec<(String, Option<String>)> =
        sqlx::query_as("select topic, last_error from outbox where done_at is null and dead_at is null and topic not like 'sms.%'")
            .fetch_all(&w.admin)
            .await
            .unwrap();
    panic!("never quiet: {left:?}");
}

pub async fn docketed(w: &World, court: i32, zhao: &Person, defendant: &Value) -> (Docketed, Person) {
    let clerk = w.clerk(court).await;
    let case = clerk.accepts(&zhao.files(&loan(court, zhao, defendant, 100_000)).await).await;
    quiet(w).await;
    (case, clerk)
}

pub async fn desk(who: &Person, case: &Docketed) -> Vec<Value> {
    who.get(format!("/courts/{}/services?case={}", case.court, case.id)).await.ok()["items"].as_array().unwrap().clone()
}

pub fn of<'a>(rows: &'a [Value], role: &str) -> &'a Value {
    rows.iter().find(|r| r["role"] == role).unwrap_or_else(|| panic!("no {role} in {rows:?}"))
}

pub fn text(v: &Value) -> String {
    v.as_str().unwrap_or_else(|| panic!("no text: {v}")).to_owned()
}

pub fn postal(name: &str) -> Value {
    json!({ "receiver": name, "phone": "13800138001", "address": "山东省济南市历下区解放路2号" })
}

// proves: D03a B15 N03
// part of D01
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn papers_of_docketing_lie_in_the_inbox_with_certificate_and_clocks() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let (case, clerk) = docketed(&w, LIXIA, &zhao, &known_by_name("钱五")).await;
    let (there, _) = docketed(&w, SHIZHONG, &zhao, &known_by_name("孙七")).await;
    let rows = desk(&clerk, &case).await;
    let own = of(&rows, "原告");
    assert_eq!((&own["state"], &own["effect"], &own["row_code"]), (&json!("done"), &json!("yes"), &json!("1")));
    assert_eq!(own["served_day"], json!("2026-11-23"));
    let titles = own["papers"].to_string();
    assert!(["受理案件通知书", "诉讼费用交纳通知书", "举证通知书"].iter().all(|t| titles.contains(t)), "{titles}");
    // one inbox over both courts
    let inbox = zhao.get("/my/inbox").await.ok();
    assert_eq!((inbox["unread"].as_i64(), inbox["items"].as_array().unwrap().len()), (Some(2), 2));
    let courts: Vec<i64> = inbox["items"].as_array().unwrap().iter().map(|i| i["court_id"].as_i64().unwrap()).collect();
    assert!(courts.contains(&i64::from(LIXIA)) && courts.contains(&i64::from(SHIZHONG)));
    let here = zhao.get(format!("/my/inbox?court={LIXIA}")).await.ok()["items"][0].clone();
    assert_eq!((&here["is_service"], &here["counts_from"], &here["read_at"]), (&json!(true), &json!("2026-11-24"), &Value::Null));
    assert_eq!(here["clocks"][0]["key"], json!("evidence_summary"));
    // read, and it is written down; the effect stays where it was
    let (service, recipient) = (text(&here["service_id"]), text(&here["recipient_id"]));
    // as of an act that began a moment before the last and came after it: the trail does not go back in time
    let then = w.now();
    w.turn_to(then - chrono::TimeDelta::seconds(1)).await;
    let content = zhao.get(format!("/courts/{LIXIA}/inbox/{service}/{recipient}/papers/1/content")).await;
    assert!(content.content().starts_with(b"%PDF"));
    w.turn_to(then).await;
    let read = zhao.get("/my/inbox?unread=true").await.ok();
    assert_eq!((read["unread"].as_i64(), &read["items"][0]["case_id"]), (Some(1), &json!(there.id)));
    // the certificate, and the trail it was made from
    let shown = clerk.get(format!("/courts/{LIXIA}/services/{service}")).await.ok();
    let r = &shown["recipients"][0];
    let certificate = &r["certificates"][0];
    assert_eq!((r["certificates"].as_array().unwrap().len(), &certificate["row_code"]), (1, &json!("1")));
    let pdf = zhao.get(format!("/courts/{LIXIA}/papers/{}/content", text(&certificate["paper_id"]))).await;
    assert!(pdf.content().starts_with(b"%PDF"));
    assert!(clerk.get(format!("{}/file", case.path())).await.text().contains("电子送达凭证"));
    let lines = clerk.get(format!("/courts/{LIXIA}/services/{service}/recipients/{recipient}/trail")).await.text();
    let printed = Head { lines: certificate["trail_n"].as_u64().unwrap(), hash: text(&certificate["trail_hash"]) };
    trail::verify_to(LIXIA, &format!("{service}/{recipient}"), &lines, &printed).unwrap();
    for secret in [&zhao.mobile, &zhao.id_number, &zhao.name] {
        assert!(!lines.contains(secret.as_str()), "the trail names {secret}");
    }
    // the case shows what runs; the other side sees nothing of it
    assert!(zhao.get(case.path()).await.ok()["clocks"].to_string().contains("evidence_summary"));
    for outside in [w.party("吴六").await, w.clerk(SHIZHONG).await] {
        outside
            .get(format!("/courts/{LIXIA}/services/{service}"))
            .await
            .refused(if outside.court == 0 { 404 } else { 403 }, if outside.court == 0 { "not_found" } else { "role.not_permitted" });
        assert_ne!(outside.get(format!("/courts/{LIXIA}/inbox/{service}/{recipient}/papers/1/content")).await.status, 200);
    }
    w.end().await;
}

// proves: D02 B14 B16 N02
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_consent_it_goes_on_paper_until_the_party_agrees() {
    let w = World::new().await;
    let (zhao, qian) = (w.party("赵文博").await, w.party("钱五").await);
    let (case, clerk) = docketed(&w, LIXIA, &zhao, &known_by_number(&qian)).await;
    let rows = desk(&clerk, &case).await;
    let row = of(&rows, "被告");
    assert_eq!((&row["state"], &row["next"]["step"], &row["effect"]), (&json!("waiting_for_clerk"), &json!("post"), &json!("no")));
    let tasks = clerk.get(format!("/courts/{LIXIA}/service-tasks?kind=post")).await.ok();
    assert_eq!(tasks["items"][0]["address"]["address"], json!("山东省济南市历下区解放路2号"));
    // cover, address label and papers, ready to print
    let bundle = clerk.get(format!("/courts/{LIXIA}/service-tasks/{}/bundle.zip", text(&tasks["items"][0]["id"]))).await;
    assert!(bundle.content().starts_with(b"PK"));
    assert_eq!(qian.get("/my/inbox").await.ok()["items"], json!([]), "nothing is shown before it is sent");
    // joined: shown for information, which is no service
    let code = clerk.reads_join_code(&case).await;
    qian.joins(&code).await.ok();
    quiet(&w).await;
    let item = qian.get("/my/inbox").await.ok()["items"][0].clone();
    assert_eq!((&item["is_service"], &item["effect"]), (&json!(false), &json!("no")));
    assert_eq!(of(&desk(&clerk, &case).await, "被告")["next"]["step"], json!("post"));
    // the words come first, then the tick
    let shown = qian.get(format!("{}/service-address", case.path())).await.ok();
    assert_eq!(shown["parties"].as_array().unwrap().len(), 1, "one sees one's own addresses");
    let party = shown["parties"][0]["party_id"].clone();
    let order = json!({ "party_id": party, "agrees": true, "inbox": true, "postal": postal("钱五"), "told_version": shown["told_version"], "understood": true });
    let mut blind = order.clone();
    blind["understood"] = json!(false);
    qian.post(format!("{}/service-address", case.path()), blind).await.refused(422, "address.not_told");
    zhao.post(format!("{}/service-address", case.path()), order.clone()).await.refused(404, "not_found");
    let agreed = qian.post(format!("{}/service-address", case.path()), order).await.ok();
    assert_eq!((&agreed["parties"][0]["agrees"], agreed["parties"][0]["versions"].as_array().unwrap().len()), (&json!(true), 1));
    quiet(&w).await;
    let row = of(&desk(&clerk, &case).await, "被告").clone();
    assert_eq!((&row["state"], &row["effect"], &row["row_code"]), (&json!("done"), &json!("yes"), &json!("1")));
    let clocks = qian.get(case.path()).await.ok()["clocks"].to_string();
    assert!(clocks.contains("\"defence\"") && clocks.contains("jurisdiction_objection"), "{clocks}");
    assert!(!zhao.get(case.path()).await.ok()["clocks"].to_string().contains("\"defence\""), "the other side's period is not one's own");
    assert_eq!(clerk.get(format!("/courts/{LIXIA}/service-tasks")).await.ok()["items"], json!([]));
    // withdrawn: what is served stays served, what comes goes on paper
    let gone = qian.post(format!("{}/service-address/withdrawal", case.path()), json!({ "party_id": party })).await.ok();
    assert_eq!(gone["parties"][0]["agrees"], json!(false));
    assert_eq!(of(&desk(&clerk, &case).await, "被告")["effect"], json!("yes"));
    w.end().await;
}

// proves: N03
// part of L31
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_presumption_by_reading_falls_when_the_rebuttal_is_upheld() {
    let w = World::new().await;
    let (zhao, qian, judge) = (w.party("赵文博").await, w.party("钱五").await, w.judge(LIXIA).await);
    let (case, clerk) = docketed(&w, LIXIA, &zhao, &known_by_number(&qian)).await;
    qian.joins(&clerk.reads_join_code(&case).await).await.ok();
    quiet(&w).await;
    let parties = clerk.get(format!("{}/service-address", case.path())).await.ok();
    let party = parties["parties"].as_array().unwrap().iter().find(|p| p["name"] == "钱五").unwrap()["party_id"].clone();
    // agreed on the telephone, without naming an address; the court finds the account to be his own
    let order = json!({ "party_id": party, "agrees": true, "postal": postal("钱五"), "told_version": parties["told_version"], "understood": true, "proof": "phone_record" });
    clerk.post(format!("{}/service-address", case.path()), order).await.ok();
    clerk
        .put(format!("{}/service-address/identified", case.path()), json!({ "party_id": party, "basis": "以关联码实名加入本案的账号" }))
        .await
        .ok();
    quiet(&w).await;
    let row = of(&desk(&clerk, &case).await, "被告").clone();
    assert_eq!(
        (&row["effect"], &row["row_code"], &row["state"]),
        (&json!("no"), &json!("7"), &json!("electronic")),
        "not read, not answered"
    );
    let (service, recipient) = (text(&row["service_id"]), text(&row["recipient_id"]));
    let path = format!("/courts/{LIXIA}/inbox/{service}/{recipient}");
    qian.post(format!("{path}/rebuttals"), json!({ "ground": "system_error", "account": "系统故障，没有看到任何文书。" }))
        .await
        .refused(409, "service.not_presumed");
    // a day without a sign of life: a message and a call
    w.turn_to(w.now() + TimeDelta::hours(25)).await;
    quiet(&w).await;
    assert_eq!(clerk.get(format!("/courts/{LIXIA}/service-tasks?kind=call")).await.ok()["items"].as_array().unwrap().len(), 1);
    // read: presumed, with its clocks and certificate
    qian.get(format!("{path}/papers/1/content")).await.content();
    qian.get(format!("{path}/papers/1/content")).await.content();
    let shown = clerk.get(format!("/courts/{LIXIA}/services/{service}")).await.ok();
    let r = &shown["recipients"][0];
    assert_eq!((&r["effect"], &r["row_code"], &r["served_day"]), (&json!("presumed"), &json!("6"), &json!("2026-11-24")));
    let reads = r["attempts"].to_string().matches("\"read\"").count();
    assert_eq!((r["certificates"].as_array().unwrap().len(), reads), (1, 1));
    assert!(qian.get(case.path()).await.ok()["clocks"].to_string().contains("\"defence\""));
    // rebutted by him, by nobody else; decided by a judge, not by the clerk
    let proof = qian.uploads_alone("报警回执.pdf", &crate::kit::files::pdf(1, "police")).await.ok();
    let rebuttal = json!({ "ground": "read_by_another", "account": "手机当天不在本人手中，系他人点开。", "file_ids": [proof["id"]] });
    zhao.post(format!("{path}/rebuttals"), rebuttal.clone()).await.refused(404, "not_found");
    let now = qian.post(format!("{path}/rebuttals"), rebuttal.clone()).await.ok();
    assert_eq!(now["recipients"][0]["contested"], json!(true));
    let leaf = text(&now["recipients"][0]["rebuttals"][0]["leaves"][0]);
    assert!(
        judge.get(format!("{}/leaves/{leaf}/content", case.path())).await.content().starts_with(b"%PDF"),
        "what proves it is in the file"
    );
    qian.post(format!("{path}/rebuttals"), rebuttal).await.refused(409, "service.not_presumed");
    let id = text(&now["recipients"][0]["rebuttals"][0]["id"]);
    let decision = format!("/courts/{LIXIA}/services/{service}/recipients/{recipient}/rebuttals/{id}/decision");
    let reasons = json!({ "upheld": true, "reasons": "派出所接处警记录证明手机当日失窃，非本人阅知，异议成立。" });
    clerk.put(&decision, reasons.clone()).await.refused(403, "role.not_permitted");
    let fell = judge.put(&decision, reasons.clone()).await.ok();
    let r = &fell["recipients"][0];
    assert_eq!((&r["effect"], &r["certificates"].as_array().unwrap().len()), (&json!("no"), &2));
    assert!(!qian.get(case.path()).await.ok()["clocks"].to_string().contains("\"defence\""), "the period fell with it");
    judge.put(&decision, reasons).await.refused(409, "service.rebuttal_decided");
    assert_eq!(w.count("select count(*) from papers where kind = 'service_certificate' and superseded").await, 1);
    // tried once more within the days, and on paper after all: posted, signed for
    w.turn_to(w.now() + TimeDelta::days(4)).await;
    quiet(&w).await;
    let row = of(&desk(&clerk, &case).await, "被告").clone();
    assert_eq!(row["next"]["step"], json!("post"), "{row}");
    let at = format!("/courts/{LIXIA}/services/{service}/recipients/{recipient}");
    clerk.post(format!("{at}/attempts"), json!({ "channel": "sms" })).await.refused(422, "service.channel");
    let posted = clerk.post(format!("{at}/attempts"), json!({ "channel": "post", "tracking": "EMS1234567890" })).await.ok();
    let letter = posted["recipients"][0]["attempts"].as_array().unwrap().iter().find(|a| a["channel"] == "post").unwrap()["id"].clone();
    clerk.post(format!("{at}/attempts"), json!({ "channel": "post" })).await.refused(409, "service.posted");
    w.turn_to(w.now() + TimeDelta::days(2)).await;
    let signed = json!({ "attempt_id": letter, "what": "signed", "at": w.now().to_rfc3339(), "by": "recipient" });
    let mut tomorrow = signed.clone();
    tomorrow["at"] = json!((w.now() + TimeDelta::days(1)).to_rfc3339());
    clerk.post(format!("{at}/events"), tomorrow).await.refused(422, "service.event_time");
    let mut claimed = signed.clone();
    claimed["what"] = json!("read");
    clerk.post(format!("{at}/events"), claimed).await.refused(422, "service.event");
    let done = clerk.post(format!("{at}/events"), signed).await.ok();
    let r = &done["recipients"][0];
    assert_eq!(
        (&r["effect"], &r["row_code"], &r["state"], &r["served_day"]),
        (&json!("yes"), &json!("signed"), &json!("done"), &json!("2026-11-30"))
    );
    assert!(qian.get(case.path()).await.ok()["clocks"].to_string().contains("\"defence\""));
    w.end().await;
}

// proves: D03
/// Pressed twice it is one service; what was served is not served again by mistake.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_act_serves_many_papers_on_many_once() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let (case, clerk) = docketed(&w, LIXIA, &zhao, &known_by_name("钱五")).await;
    let shown = clerk.get(case.path()).await.ok();
    let parties: Vec<Value> = shown["parties"].as_array().unwrap().iter().map(|p| json!({ "party_id": p["id"] })).collect();
    let paper = shown["papers"].as_array().unwrap().iter().find(|p| p["kind"] == "acceptance_notice").unwrap()["id"].clone();
    let path = format!("{}/services", case.path());
    clerk.post(&path, json!({ "papers": [{ "paper_id": paper }], "recipients": parties })).await.refused(409, "service.already");
    let unclassed = shown["papers"].as_array().unwrap().iter().find(|p| p["kind"] == "filing_receipt").unwrap()["id"].clone();
    clerk.post(&path, json!({ "papers": [{ "paper_id": unclassed }], "recipients": parties })).await.refused(422, "service.paper_kind");
    let file = clerk.uploads_alone("笔录.pdf", &crate::kit::files::pdf(1, "record")).await.ok();
    let leaf = clerk
        .post(format!("{}/leaves", case.path()), json!({ "file_id": file["id"], "folder": 12, "volume": "main", "title": "补充证据" }))
        .await
        .ok();
    let order = json!({ "papers": [{ "leaf_id": leaf["id"], "paper_kind": "evidence" }], "recipients": parties });
    let key = Uuid::new_v4();
    let send = |key| clerk.ask(reqwest::Method::POST, path.clone()).key(key).json(order.clone()).send();
    let first = send(key).await.ok();
    w.leaves_no_trace("/services");
    assert_eq!(send(key).await.ok()["act_id"], first["act_id"], "the lost answer");
    send(Uuid::new_v4()).await.refused(409, "service.already");
    quiet(&w).await;
    let now = clerk.get(format!("/courts/{LIXIA}/services/{}", text(&first["services"][0]["id"]))).await.ok();
    let effects: Vec<&Value> = now["recipients"].as_array().unwrap().iter().map(|r| &r["effect"]).collect();
    assert_eq!(effects, [&json!("yes"), &json!("no")], "agreed, and not agreed");
    assert_eq!(w.count("select count(*) from services where lead = 'evidence'").await, 1);
    w.end().await;
}
