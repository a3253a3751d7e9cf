//! 合并审理: one hearing of two cases. Whoever is in one of them is in the hearing, each is called in the own case, what happens
//! is written into both files; whoever is in neither, or has no business with a sealed one, sees nothing.

use chrono::TimeDelta;
use lianting::hearing::states::Step;
use lianting::hearing::words::Outcome;
use serde_json::{Value, json};

use crate::kit::line::enter;
use crate::kit::{LIXIA, Person, SHIZHONG, Wish, World, beijing};
use crate::story_hearings::{Case, courtroom, docketed, text};
use crate::story_record::{drawing, identified, taken};
use crate::story_room::{Sitting, doors_open, package, verified, with_media};
use crate::story_room_media::opened;
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

// part of 25, 29, H30
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_heard_together_lies_in_the_file_of_each_case() {
    let w = World::with(Wish { idle: true, ..Wish::default() }).await;
    let (zhao, sun) = (w.party("赵文博").await, w.party("孙晓梅").await);
    let (c, other) = (docketed(&w, LIXIA, &zhao, "ordinary").await, docketed(&w, LIXIA, &sun, "ordinary").await);
    w.run(&format!("update cases set cause_name = '租赁合同纠纷' where case_id = '{}'", other.case.id)).await;
    let starts_at = w.now() + TimeDelta::days(3);
    let mut order = c.order("trial", starts_at, Some(&courtroom(&w, LIXIA).await));
    order["joined_case_ids"] = json!([other.case.id]);
    order["participants"].as_array_mut().unwrap().push(json!({ "role": "party", "party_id": other.party("plaintiff") }));
    let made = c.clerk.post(c.path("/hearings"), order).await.ok();
    let id = text(&made["summary"]["id"]);
    let path = |rest: &str| format!("/courts/{LIXIA}/hearings/{id}{rest}");
    w.turn_to(starts_at).await;
    taken(&w, &id, Step::OpenWaiting).await;
    c.clerk.post(path("/transcript"), json!({})).await.ok();
    taken(&w, &id, Step::Open).await;
    taken(&w, &id, Step::End { outcome: Outcome::Completed }).await;
    // one transcript under both numbers and both causes
    let read = c.clerk.get(path("/transcript")).await.ok();
    let (head, numbers) = (&read["header"], format!("{}、{}", c.case.number, other.case.number));
    assert_eq!((&head["case_number"], text(&head["cause"]).contains("、租赁合同纠纷")), (&json!(numbers), true), "{head}");
    c.clerk.post(path("/transcript/fix"), json!({ "rev": read["rev"] })).await.ok();
    let mine = async |p: &Person| p.get(path("/signing")).await.ok()["mine"]["digest"].clone();
    let sign =
        |digest: Value| json!({ "what": "transcript", "digest": digest, "way": "handwritten", "strokes": drawing(), "read_to_end": true });
    let seats = made["participants"].as_array().unwrap().clone();
    for seat in seats.iter().filter(|s| s["role"] == "party") {
        identified(&w, &id, &seat["id"], &c.clerk.id.to_string()).await;
        match text(&seat["name"]).as_str() {
            "赵文博" => drop(zhao.post(path("/signatures"), sign(mine(&zhao).await)).await.ok()),
            "孙晓梅" => drop(sun.post(path("/signatures"), sign(mine(&sun).await)).await.ok()),
            _ => {
                let refusal = json!({ "participant_id": seat["id"], "what": "transcript", "reason": "被告看完笔录后拒绝签名" });
                c.clerk.post(path("/signatures/refusal"), refusal).await.ok();
            }
        }
    }
    for who in [&c.clerk, &c.judge] {
        who.post(path("/signatures"), sign(mine(who).await)).await.ok();
    }
    quiet(&w).await;
    // each file has its own copy, under its own number, and each side reads the one of its own case only
    for (who, case, foreign) in [(&zhao, &c.case, &other.case), (&sun, &other.case, &c.case)] {
        let leaf = |what: &str| format!("select count(*) from leaves where case_id = '{}' and doc_class = '{what}'", case.id);
        assert_eq!(w.count(&leaf("庭审笔录")).await, 1);
        let paper = w.text(&format!("select paper_id::text from leaves where case_id = '{}' and doc_class = '庭审笔录'", case.id)).await;
        assert_eq!(who.get(format!("/courts/{LIXIA}/papers/{paper}/content")).await.status, 200);
        assert!(who.get(case.path()).await.ok()["timeline"].to_string().contains("hearing_locked"));
        who.get(foreign.path()).await.refused(404, "not_found");
    }
    // kept as long as either case asks for
    let key = format!("hearing/{LIXIA}/{id}/joint.webm");
    let recording = uuid::Uuid::now_v7();
    w.app.blob.put(&key, b"picture".to_vec(), "video/webm").await.unwrap();
    w.run(&format!(
        "insert into recordings (court_id, recording_id, hearing_id, case_id, kind, object_key, size, sha256, sm3, made_at)
           values ({LIXIA}, '{recording}', '{id}', '{}', 'mosaic', '{key}', 7, '', '', now());
         update cases set closed_at = '1990-11-30T02:00:00Z', closed_how = 'judgment' where case_id = '{}';
         update cases set closed_at = '2020-11-30T02:00:00Z', closed_how = 'judgment' where case_id = '{}'",
        c.case.id, c.case.id, other.case.id
    ))
    .await;
    let class = json!({ "class": "thirty_years", "reason": "按诉讼档案保管期限的规定确定。" });
    let president = w.staff("院长", LIXIA, "presiding_judge").await;
    let away = || president.post(path(&format!("/recordings/{recording}/away")), json!({ "reason": "保管期限已经届满，按规定删除。" }));
    for case in [&c.case, &other.case] {
        away().await.refused(422, "recording.retained");
        c.judge.put(format!("{}/recording-retention", case.path()), class.clone()).await.ok();
    }
    let kept = w.text(&format!("select retain_until::text from recordings where recording_id = '{recording}'")).await;
    assert_eq!(kept, "2051-01-01");
    away().await.refused(422, "recording.retained");
    w.end().await;
}

/// Both plaintiffs agree to come online.
async fn agree(who: &Person, c: &Case) {
    let agrees = json!({ "party_id": c.party("plaintiff"), "step": "hearing", "agrees": true, "told_version": "2026-1" });
    who.post(c.path("/online-consents"), agrees).await.ok();
}

// part of 25, 36, 43, H23, H33
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_live_is_packed_once_and_filed_in_each_case() {
    let w = World::with(with_media()).await;
    let (zhao, sun, stranger) = (w.party("赵文博").await, w.party("孙晓梅").await, w.party("周路过").await);
    let (c, other) = (docketed(&w, LIXIA, &zhao, "ordinary").await, docketed(&w, LIXIA, &sun, "ordinary").await);
    agree(&zhao, &c).await;
    agree(&sun, &other).await;
    let starts_at = beijing("2026-11-26T10:00:00");
    let mut order = c.order("trial", starts_at, Some(&courtroom(&w, LIXIA).await));
    order["joined_case_ids"] = json!([other.case.id]);
    order["participants"].as_array_mut().unwrap().push(json!({ "role": "party", "party_id": other.party("plaintiff") }));
    let made = c.clerk.post(c.path("/hearings"), order).await.ok();
    let id = text(&made["summary"]["id"]);
    let s = Sitting {
        path: format!("/courts/{LIXIA}/hearings/{id}"),
        id,
        case: c.case.path(),
        clerk: c.clerk.clone(),
        judge: c.judge.clone(),
        plaintiff: zhao.clone(),
        witness: sun.clone(),
        starts_at,
    };
    doors_open(&w, &s).await;
    // both sides sit in one room, and each hears the other
    let (mut judge, clerk, mut one, mut two) =
        (enter(&s.judge, &s.path).await, enter(&s.clerk, &s.path).await, enter(&zhao, &s.path).await, enter(&sun, &s.path).await);
    stranger.post(format!("{}/pass", s.path), Value::Null).await.refused(404, "not_found");
    let _voices =
        (judge.sends(&["audio"], 1, json!({})).await, one.sends(&["audio"], 3, json!({})).await, two.sends(&["audio"], 4, json!({})).await);
    opened(&mut judge).await;
    let (mut first, mut second) = (one.listen().await, two.listen().await);
    one.gets(&mut first, "the plaintiff of the other case", 60, |v| v.heard_of(4)).await;
    two.gets(&mut second, "the plaintiff of the leading case", 60, |v| v.heard_of(3)).await;
    judge.does(json!({ "type": "step", "step": "adjourn", "reason": "当事人身体不适，休庭十五分钟" })).await;
    judge.does(json!({ "type": "step", "step": "resume" })).await;
    let version = s.version().await;
    s.judge.post(format!("{}/steps", s.path), json!({ "version": version, "step": "end", "outcome": "completed" })).await.ok();
    two.until("state", |m| m["state"] == "ended").await;
    drop((clerk, judge, one, two));
    // one package, that holds; both voices in it
    let package = package(&w, &s).await;
    let files = s.judge.get(format!("{}/recordings", s.path)).await.ok()["items"].as_array().unwrap().clone();
    let spoke: Vec<&Value> = files.iter().filter(|f| f["kind"] == "person").map(|f| &f["participant_id"]).collect();
    for who in [&zhao, &sun] {
        assert!(spoke.contains(&&json!(s.seat(&w, who).await)), "{} is not recorded: {files:#?}", who.name);
    }
    // each side reads the course and the list of the package, and finds it in the own file alone
    for (who, case, foreign) in [(&zhao, &c.case, &other.case), (&sun, &other.case, &c.case)] {
        let lines = who.get(format!("{}/events", s.path)).await.ok()["items"].as_array().unwrap().clone();
        let steps: Vec<&str> = lines.iter().filter(|l| l["what"] == "step").filter_map(|l| l["data"]["step"]["step"].as_str()).collect();
        assert_eq!(steps, ["open_waiting", "open", "adjourn", "resume", "end"], "{}", who.name);
        assert_eq!(who.get(format!("{}/package", s.path)).await.ok()["root"], package["root"]);
        let leaf = format!("select leaf_id::text from leaves where case_id = '{}' and doc_class = '庭审档案'", case.id);
        let leaf = w.text(&leaf).await;
        let content = |case: &str| format!("/courts/{LIXIA}/cases/{case}/leaves/{leaf}/content");
        assert!(who.get(content(&case.id)).await.text().contains("course.ndjson"));
        let elsewhere = if who.id == zhao.id { &sun } else { &zhao };
        elsewhere.get(content(&case.id)).await.refused(404, "not_found");
        who.get(foreign.path()).await.refused(404, "not_found");
        let timeline = who.get(case.path()).await.ok()["timeline"].to_string();
        assert!(timeline.contains("hearing_opened") && timeline.contains("hearing_ended"), "{timeline}");
    }
    stranger.get(format!("{}/package", s.path)).await.refused(404, "not_found");
    verified(&w, &s, &package).await;
    w.end().await;
}
