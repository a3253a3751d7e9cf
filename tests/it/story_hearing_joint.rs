//! 合并审理: one hearing of two cases. Whoever is in one of them is in the hearing, each is called in the own case, what happens
//! is written into both files; whoever is in neither, or has no business with a sealed one, sees nothing.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::kit::{LIXIA, SHIZHONG, World, beijing};
use crate::story_hearings::{courtroom, docketed, text};
use crate::story_service::quiet;

// part of 25, 29, D05
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_cases_are_heard_in_one_hearing() {
    let w = World::new().await;
    let (zhao, sun, stranger) = (w.party("赵文博").await, w.party("孙晓梅").await, w.party("周路过").await);
    let (c, other) = (docketed(&w, LIXIA, &zhao, "ordinary").await, docketed(&w, LIXIA, &sun, "ordinary").await);
    let foreign = docketed(&w, SHIZHONG, &sun, "ordinary").await;
    let room = courtroom(&w, LIXIA).await;
    let mut order = c.order("trial", beijing("2026-12-01T09:00:00"), Some(&room));
    let more = [
        json!({ "role": "party", "party_id": other.party("plaintiff") }),
        json!({ "role": "party", "party_id": other.party("defendant"), "name": "钱五" }),
    ];
    order["participants"].as_array_mut().unwrap().extend(more);
    // nobody of another case without joining it; no case of another court, none of another procedure
    c.clerk.post(c.path("/hearings"), order.clone()).await.refused(422, "hearing.participant");
    order["joined_case_ids"] = json!([foreign.case.id]);
    c.clerk.post(c.path("/hearings"), order.clone()).await.refused(404, "not_found");
    order["joined_case_ids"] = json!([other.case.id]);
    w.run(&format!("update cases set procedure = 'summary' where case_id = '{}'", other.case.id)).await;
    c.clerk.post(c.path("/hearings"), order.clone()).await.refused(422, "hearing.joined");
    w.run(&format!("update cases set procedure = 'ordinary' where case_id = '{}'", other.case.id)).await;
    let made = c.clerk.post(c.path("/hearings"), order).await.ok();
    let (id, numbers) = (text(&made["summary"]["id"]), text(&made["summary"]["case_number"]));
    let path = format!("/courts/{LIXIA}/hearings/{id}");
    assert!(numbers.contains(&c.case.number) && numbers.contains(&other.case.number), "{numbers}");
    let cases: Vec<&Value> = made["cases"].as_array().unwrap().iter().map(|k| &k["number"]).collect();
    assert_eq!(cases, [&json!(c.case.number), &json!(other.case.number)]);
    // both sides of both cases see the one hearing and everybody in it; nobody else does
    for who in [&zhao, &sun] {
        let seen = who.get(&path).await.ok();
        let seats = seen["participants"].as_array().unwrap();
        assert_eq!((seats.len(), seats.iter().filter(|s| s["own"] == true).count()), (6, 1), "{seats:?}");
        let mine = who.get("/my/hearings").await.ok();
        assert!(mine["items"].as_array().unwrap().iter().any(|h| h["id"] == json!(id)), "{mine}");
    }
    stranger.get(&path).await.refused(404, "not_found");
    for case in [&c.case.id, &other.case.id] {
        let list = c.clerk.get(format!("/courts/{LIXIA}/hearings?case={case}")).await.ok();
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
        // it stands in the timeline of both
        let told = format!("select count(*) from acts where subject_id = '{case}' and act = 'hearing_scheduled'");
        assert_eq!(w.count(&told).await, 1);
    }
    // each party is called in its own case, by its own number
    quiet(&w).await;
    for (case, name) in [(&c.case, "赵文博"), (&other.case, "孙晓梅")] {
        let rows = c.clerk.get(format!("/courts/{LIXIA}/services?case={}", case.id)).await.ok();
        let summonses: Vec<&Value> =
            rows["items"].as_array().unwrap().iter().filter(|r| r["papers"].to_string().contains("传票")).collect();
        assert!(summonses.len() == 2 && rows.to_string().contains(name), "{rows}");
    }
    let inbox = sun.get("/my/inbox").await.ok().to_string();
    assert!(inbox.contains("传票") && inbox.contains(&other.case.number) && !inbox.contains(&c.case.number), "{inbox}");
    // what one side shows is seen by the other case's side too, and its file alone
    let leaves = w
        .text(&format!(
            "select leaf_id::text from leaves where case_id = '{}' and volume = 'main' and not staff_only and only_for is null order by n limit 1",
            other.case.id
        ))
        .await;
    let shows = json!({ "leaf_id": leaves, "name": "借条" });
    let shown = sun.post(format!("{path}/exhibits"), shows).await.ok();
    assert_eq!(shown["case_id"], json!(other.case.id), "{shown}");
    let list = zhao.get(format!("{path}/exhibits")).await.ok();
    assert!(list.to_string().contains(&leaves), "{list}");
    let content = |leaf: &str| format!("/courts/{LIXIA}/cases/{}/leaves/{leaf}/content", other.case.id);
    assert_eq!(zhao.get(content(&leaves)).await.status, 200);
    let second = format!(
        "select leaf_id::text from leaves where case_id = '{}' and volume = 'main' and leaf_id <> '{leaves}' limit 1",
        other.case.id
    );
    zhao.get(content(&w.text(&second).await)).await.refused(404, "not_found");
    stranger.get(content(&leaves)).await.refused(404, "not_found");
    zhao.get(other.case.path()).await.refused(404, "not_found");
    // called off: both are told of it
    let off = json!({ "version": made["summary"]["version"], "step": "postpone", "reason": "审判员当日另有安排，另行排期" });
    c.judge.post(format!("{path}/steps"), off).await.ok();
    assert_eq!(w.count("select count(*) from acts where act = 'hearing_postponed'").await, 2);
    // a case that is sealed later takes the hearing with it, but for those who sit in it
    let colleague = w.judge(LIXIA).await;
    colleague.get(&path).await.ok();
    w.run(&format!("update cases set sealed = true where case_id = '{}'", other.case.id)).await;
    w.turn_to(w.now() + TimeDelta::seconds(1)).await;
    colleague.get(&path).await.refused(404, "not_found");
    c.judge.get(&path).await.ok();
    w.end().await;
}
