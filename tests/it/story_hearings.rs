//! 排期: a hearing is thought through, refused for its reasons, fixed, moved and cancelled; consent decides who sits where;
//! a lawyer who is busy at another court is seen to be busy and nothing more.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::kit::matter::{Docketed, known_by_name, loan};
use crate::kit::{LIXIA, Person, SHIZHONG, World};

pub struct Case {
    pub case: Docketed,
    pub clerk: Person,
    pub judge: Person,
    pub plaintiff: Person,
    parties: Vec<Value>,
}

pub async fn docketed(w: &World, court: i32, plaintiff: &Person, procedure: &str) -> Case {
    docketed_against(w, court, plaintiff, &known_by_name("钱五"), procedure).await
}

pub async fn docketed_against(w: &World, court: i32, plaintiff: &Person, defendant: &Value, procedure: &str) -> Case {
    let (clerk, judge) = (w.clerk(court).await, w.judge(court).await);
    let filing = plaintiff.files(&loan(court, plaintiff, defendant, 100_000)).await;
    let case = clerk.accepts(&filing).await;
    w.run(&format!("update cases set procedure = '{procedure}' where case_id = '{}'", case.id)).await;
    let parties = clerk.get(case.path()).await.ok()["parties"].as_array().unwrap().clone();
    Case { case, clerk, judge, plaintiff: plaintiff.clone(), parties }
}

impl Case {
    pub fn party(&self, side: &str) -> Value {
        self.parties.iter().find(|p| p["side"] == side).unwrap()["id"].clone()
    }

    pub fn order(&self, kind: &str, starts_at: DateTime<Utc>, room: Option<&Value>) -> Value {
        json!({
            "kind": kind, "starts_at": starts_at, "minutes": 90, "courtroom_id": room, "public": true, "facts": {},
            "participants": [
                { "role": "sole_judge", "person_id": self.judge.id }, { "role": "clerk", "person_id": self.clerk.id },
                { "role": "party", "party_id": self.party("plaintiff") },
                { "role": "party", "party_id": self.party("defendant"), "name": "钱五", "mobile": "13800138001" },
            ],
        })
    }

    pub fn path(&self, rest: &str) -> String {
        format!("{}{rest}", self.case.path())
    }
}

pub async fn courtroom(w: &World, court: i32) -> Value {
    let admin = w.staff("院管", court, "court_admin").await;
    let order = json!({ "name": "第一法庭", "kind": "physical", "place": "二楼", "gallery": 20, "emblem": true, "active": true });
    let made = admin.post(format!("/courts/{court}/courtrooms"), order.clone()).await.ok();
    admin.post(format!("/courts/{court}/courtrooms"), order).await.refused(409, "courtroom.name");
    made["items"][0]["id"].clone()
}

pub fn text(v: &Value) -> String {
    v.as_str().unwrap_or_default().to_owned()
}

// proves: H01
// part of A06, L04, L05, L21, 27, 28, 29
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hearing_is_refused_for_its_reasons_then_fixed_moved_and_cancelled() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let c = docketed(&w, LIXIA, &zhao, "ordinary").await;
    let room = courtroom(&w, LIXIA).await;
    // Monday 2026-11-23: three days on is Thursday (山东: 提前三天, A)
    let thursday = w.now() + TimeDelta::days(3);
    let too_soon = c.order("trial", thursday - TimeDelta::days(1), Some(&room));
    let checked = c.clerk.post(c.path("/hearings/check"), too_soon.clone()).await.ok();
    assert_eq!(
        (&checked["earliest_on"], &checked["lead_binds"], &checked["held"]),
        (&json!("2026-11-26"), &json!(true), &json!("offline"))
    );
    assert!(checked["free"].as_array().unwrap().len() >= 3);
    c.clerk.post(c.path("/hearings"), too_soon).await.refused(422, "hearing.too_soon");
    c.clerk.post(c.path("/hearings"), c.order("trial", thursday, None)).await.refused(422, "hearing.needs_courtroom");
    c.clerk.post(c.path("/hearings"), c.order("panel_deliberation", thursday, Some(&room))).await.refused(422, "hearing.trial_secret");
    let mut barred = c.order("trial", thursday, Some(&room));
    barred["facts"]["security"] = json!(true);
    c.clerk.post(c.path("/hearings"), barred).await.refused(422, "hearing.unsuitable");
    // fixed; both parties come to court, for nobody agreed to anything
    let made = c.clerk.post(c.path("/hearings"), c.order("trial", thursday, Some(&room))).await.ok();
    let id = text(&made["summary"]["id"]);
    assert_eq!((&made["summary"]["held"], &made["summary"]["state"]), (&json!("offline"), &json!("scheduled")));
    // the same judge and room a second time
    c.clerk.post(c.path("/hearings"), c.order("trial", thursday + TimeDelta::minutes(30), Some(&room))).await.refused(422, "hearing.taken");
    // the plaintiff agrees, having been told: mixed; and takes it back in time
    let consent = |agrees| json!({ "party_id": c.party("plaintiff"), "step": "hearing", "agrees": agrees, "told_version": "2026-1" });
    c.plaintiff.post(c.path("/online-consents"), consent(true)).await.ok();
    let mixed = zhao.get(format!("/courts/{LIXIA}/hearings/{id}")).await.ok();
    assert_eq!(mixed["summary"]["held"], json!("hybrid"));
    let own = mixed["participants"].as_array().unwrap().iter().find(|p| p["own"] == true).unwrap().clone();
    assert_eq!((&own["mode"], &own["plate"]), (&json!("online"), &json!("原告")));
    assert!(own.get("mobile_masked").is_none() && mixed.get("findings").is_none(), "the court's own knowledge");
    c.plaintiff.post(c.path("/online-consents"), consent(false)).await.ok();
    assert_eq!(zhao.get(format!("/courts/{LIXIA}/hearings/{id}")).await.ok()["summary"]["held"], json!("offline"));
    // moved, seen in the calendar, cancelled: the time is free again
    let version = zhao.get(format!("/courts/{LIXIA}/hearings/{id}")).await.ok()["summary"]["version"].clone();
    let friday = thursday + TimeDelta::days(1);
    let moved =
        json!({ "version": version, "starts_at": friday, "minutes": 60, "courtroom_id": room, "reason": "审判员当日另有安排，改到次日" });
    let moved = c.clerk.put(format!("/courts/{LIXIA}/hearings/{id}/time"), moved).await.ok();
    let feed = zhao.put("/my/inbox/feed", json!({})).await.ok();
    let token = text(&feed["url"]).split("token=").nth(1).unwrap().to_owned();
    let ics = w.nobody(poem::http::Method::GET, format!("/my/hearings/feed.ics?token={token}")).send().await.text();
    assert!(ics.contains(&format!("DTSTART:{}", friday.format("%Y%m%dT%H%M%SZ"))) && ics.contains("STATUS:CONFIRMED"), "{ics}");
    let step = json!({ "version": moved["summary"]["version"], "step": "cancel", "reason": "双方已经自行和解，原告申请撤诉" });
    zhao.post(format!("/courts/{LIXIA}/hearings/{id}/steps"), step.clone()).await.refused(403, "role.not_permitted");
    let off = c.clerk.post(format!("/courts/{LIXIA}/hearings/{id}/steps"), step).await.ok();
    assert_eq!(off["summary"]["state"], json!("cancelled"));
    c.clerk.post(c.path("/hearings"), c.order("trial", friday, Some(&room))).await.ok();
    w.end().await;
}

// proves: H04
// part of 13, 14, 30, D05
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lawyer_busy_at_another_court_is_busy_and_nothing_more() {
    let w = World::new().await;
    let (zhao, qian) = (w.party("赵文博").await, w.party("孙晓梅").await);
    let (here, there) = (docketed(&w, LIXIA, &zhao, "summary").await, docketed(&w, SHIZHONG, &qian, "summary").await);
    let lawyer = w.lawyer("李律", "鲁信所").await;
    crate::story_filing::engage(&zhao, &here.case.path(), &lawyer).await;
    crate::story_filing::engage(&qian, &there.case.path(), &lawyer).await;
    let (room, other) = (courtroom(&w, LIXIA).await, courtroom(&w, SHIZHONG).await);
    let at = w.now() + TimeDelta::days(7);
    let with = |c: &Case, room: &Value| {
        let mut order = c.order("trial", at, Some(room));
        let seat = json!({ "role": "agent", "party_id": c.party("plaintiff"), "person_id": lawyer.id });
        order["participants"].as_array_mut().unwrap().push(seat);
        order
    };
    there.clerk.post(there.path("/hearings"), with(&there, &other)).await.ok();
    let checked = here.clerk.post(here.path("/hearings/check"), with(&here, &room)).await.ok();
    assert_eq!(checked["fault"]["code"], json!("hearing.conflict"));
    let conflict = &checked["conflicts"][0];
    assert_eq!((&conflict["reason"], &conflict["blocks"]), (&json!("elsewhere"), &json!(false)));
    let said = checked.to_string();
    assert!(conflict.get("hearing_id").is_none() && !said.contains(&there.case.id) && !said.contains(&SHIZHONG.to_string()), "{said}");
    here.clerk.post(here.path("/hearings"), with(&here, &room)).await.refused(422, "hearing.conflict");
    let mut all_the_same = with(&here, &room);
    all_the_same["conflict_reason"] = json!("代理律师已同意由同所同事出庭");
    let made = here.clerk.post(here.path("/hearings"), all_the_same).await.ok();
    // one list over both courts, and the other party's own
    assert_eq!(lawyer.get("/my/hearings").await.ok()["items"].as_array().unwrap().len(), 2);
    assert_eq!(zhao.get("/my/hearings").await.ok()["items"].as_array().unwrap().len(), 1);
    // told by message; who is not proved to have been reached is called
    crate::story_service::quiet(&w).await;
    let calls = here.clerk.get(format!("/courts/{LIXIA}/hearing-calls")).await.ok();
    let waiting = calls["items"].as_array().unwrap();
    assert!(!waiting.is_empty(), "{calls}");
    let letters = w.events("sms.send").await;
    let letter = letters.iter().find(|l| l["template"] == "hearing_notice").unwrap();
    for place in ["case_number", "time", "type", "meeting", "link"] {
        assert!(!text(&letter["params"][place]).is_empty(), "{place} of {letter}");
    }
    let (hearing, first) = (text(&made["summary"]["id"]), waiting[0]["participant_id"].clone());
    let call = json!({ "participant_id": first, "outcome": "reached", "note": "已告知时间和会议号" });
    here.clerk.post(format!("/courts/{LIXIA}/hearings/{hearing}/calls"), call).await.ok();
    let fewer = here.clerk.get(format!("/courts/{LIXIA}/hearing-calls")).await.ok();
    assert_eq!(fewer["items"].as_array().unwrap().len() + 1, waiting.len());
    w.end().await;
}
