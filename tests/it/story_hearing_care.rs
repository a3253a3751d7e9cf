//! 庭前与庭上的照应: the desk shows what the opening would say; a judge orders special measures and grants another date; the
//! ladder goes by message to who has no line; findings rest on service; boards show lines and rooms.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::kit::line::{Page, enter};
use crate::kit::{LIXIA, World};
use crate::story_hearings::text;
use crate::story_room::{Sitting, waiting, with_media};
use crate::story_service::quiet;

fn obstacles(shown: &Value) -> Vec<(String, String)> {
    let list = shown["obstacles"].as_array().unwrap_or_else(|| panic!("no obstacles: {shown}"));
    list.iter().map(|o| (text(&o["code"]), text(&o["text"]))).collect()
}

impl Sitting {
    async fn desk(&self) -> Value {
        self.clerk.get(format!("{}/desk", self.path)).await.ok()
    }

    async fn opens(&self) -> crate::kit::http::Answer {
        let order = json!({ "version": self.version().await, "step": "open" });
        self.judge.post(format!("{}/steps", self.path), order).await
    }

    fn at(&self, rest: &str) -> String {
        format!("{}{rest}", self.path)
    }
}

fn roles_known(page: &Page) -> Vec<String> {
    let last = page.heard.iter().rev().find(|m| m["type"] == "presence").unwrap();
    last["items"].as_array().unwrap().iter().map(|p| text(&p["role"])).collect()
}

// part of H13, H20, H23, 36
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_shows_what_the_opening_would_say_and_nothing_else() {
    let w = World::with(with_media()).await;
    let s = waiting(&w).await;
    // nobody is there: the first thing in the way is what the opening answers
    let empty = obstacles(&s.desk().await);
    assert_eq!(empty.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), ["bench", "clerk", "parties"]);
    let said = s.opens().await.refused(422, "hearing.not_ready");
    assert!(said.to_string().contains(&empty[0].1), "{said}");
    assert_eq!(obstacles(&s.judge.get(s.at("/room")).await.ok()), empty, "the room counts the same");
    // court and plaintiff are in; who waits to testify is asked when called
    let (judge, clerk) = (enter(&s.judge, &s.path).await, enter(&s.clerk, &s.path).await);
    let (plaintiff, witness) = (enter(&s.plaintiff, &s.path).await, enter(&s.witness, &s.path).await);
    let near = obstacles(&s.desk().await);
    assert_eq!(near.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), ["identity", "discipline"]);
    assert!(near[0].1.contains("1 人") && near[1].1.contains("1 人"), "{near:?}");
    let said = s.opens().await.refused(422, "hearing.open_reason");
    assert!(said.to_string().contains(&near[0].1), "{said}");
    // read and identified: nothing stands there, and it opens without a reason
    let read = s.plaintiff.get(s.at("/discipline")).await.ok();
    s.plaintiff.post(s.at("/acks"), json!({ "what": "discipline", "digest": read["digest"] })).await.ok();
    let seat = s.seat(&w, &s.plaintiff).await;
    s.clerk.post(s.at("/identity"), json!({ "participant_id": seat, "says": "matches", "how": "id_card" })).await.ok();
    assert!(obstacles(&s.desk().await).is_empty(), "{:?}", obstacles(&s.desk().await));
    assert_eq!(s.opens().await.ok()["summary"]["state"], json!("open"));
    // a recorded mediation asks everybody for two things, and the second had no words before
    let mediate = |recorded: bool| json!({ "step": "begin_mediation", "recorded": recorded, "reason": "双方都表示愿意当庭调解" });
    let step = async |body: Value| {
        let mut body = body;
        body["version"] = s.version().await;
        s.judge.post(s.at("/steps"), body).await
    };
    step(mediate(true)).await.refused(422, "hearing.mediation_consent");
    for (what, then) in [("mediation", Some("hearing.mediation_recording")), ("mediation_recording", None)] {
        let words = s.plaintiff.get(s.at(&format!("/discipline?what={what}"))).await.ok();
        s.plaintiff.post(s.at("/acks"), json!({ "what": what, "digest": words["digest"] })).await.ok();
        match then {
            Some(code) => drop(step(mediate(true)).await.refused(422, code)),
            None => assert_eq!(step(mediate(true)).await.ok()["summary"]["state"], json!("mediation")),
        }
    }
    drop((judge, clerk, plaintiff, witness));
    w.end().await;
}

// part of 39, H34, H35, L25, H36, 48
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn measures_hold_in_the_room_warnings_reach_who_is_away_and_the_boards_show_it() {
    let w = World::with(with_media()).await;
    let s = waiting(&w).await;
    let (party, witness) = (s.seat(&w, &s.plaintiff).await, s.seat(&w, &s.witness).await);
    asks_and_is_screened(&s, &party, &witness).await;
    another_date_is_granted(&w, &s).await;
    // in the room: the plaintiff does not learn that the witness is there
    let (mut judge, clerk) = (enter(&s.judge, &s.path).await, enter(&s.clerk, &s.path).await);
    let (mut plaintiff, mut heard) = (enter(&s.plaintiff, &s.path).await, enter(&s.witness, &s.path).await);
    judge.does(json!({ "type": "step", "step": "open", "set_aside": "当事人身份已经当庭口头核对，纪律已当庭宣布" })).await;
    plaintiff.until("state", |m| m["state"] == "open").await;
    judge.does(json!({ "type": "call", "participant": witness })).await;
    heard.until("place", |m| m["to"] == "courtroom").await;
    let in_the_room = |m: &Value| m["items"].as_array().unwrap().iter().any(|p| p["role"] == "witness" && p["place"] == "courtroom");
    // the court sees it, with the answer or after it
    if !judge.heard.iter().any(|m| m["type"] == "presence" && in_the_room(m)) {
        judge.until("presence", in_the_room).await;
    }
    assert!(!roles_known(&plaintiff).contains(&"witness".to_owned()), "{:?}", roles_known(&plaintiff));
    the_boards(&w, &s, &party).await;
    away_and_found(&w, &s, &mut judge).await;
    drop((judge, clerk, plaintiff, heard));
    w.end().await;
}

/// Asked for by the witness, granted with what is to be done; the judge's alone.
async fn asks_and_is_screened(s: &Sitting, party: &str, witness: &str) {
    let ask = json!({ "kind": "special_measures", "text": "我害怕与原告面对面，希望不让他看到我，并由外婆陪同。" });
    let asked = s.witness.post(s.at("/requests"), ask).await.ok();
    let decide = s.at(&format!("/requests/{}/decide", text(&asked["id"])));
    let reasons = "证人未成年，面对原告有心理压力，予以保护。";
    s.judge.post(&decide, json!({ "grant": true, "reasons": reasons })).await.refused(422, "request.measures");
    let judge_seat =
        s.desk().await["items"].as_array().unwrap().iter().find(|i| i["role"] == "sole_judge").unwrap()["participant_id"].clone();
    let screens = |viewer: &Value| json!({ "screens": [{ "viewer_id": viewer, "also_unheard": true }], "companion": "外婆" });
    let wrong = json!({ "grant": true, "reasons": reasons, "measures": screens(&judge_seat) });
    s.judge.post(&decide, wrong).await.refused(422, "measures.wrong");
    s.judge.post(&decide, json!({ "grant": true, "reasons": reasons, "measures": screens(&json!(party)) })).await.ok();
    // written on the seat: the desk and the witness read it, the plaintiff does not
    let of = |hearing: &Value| {
        let seats = hearing["participants"].as_array().unwrap().clone();
        seats.into_iter().find(|p| p["id"] == json!(witness)).map(|p| p["measures"]["companion"].clone()).unwrap_or_default()
    };
    assert_eq!(of(&s.witness.get(&s.path).await.ok()), json!("外婆"));
    assert!(of(&s.plaintiff.get(&s.path).await.ok()).is_null());
    let desk = s.desk().await;
    let item = desk["items"].as_array().unwrap().iter().find(|i| i["participant_id"] == json!(witness)).unwrap().clone();
    assert_eq!(item["measures"]["screens"][0]["viewer_id"], json!(party));
    // ordered by the judge without being asked too, and by nobody else
    let order = json!({ "measures": screens(&json!(party)), "reasons": reasons });
    s.clerk.put(s.at(&format!("/seats/{witness}/measures")), order.clone()).await.refused(422, "hearing.not_yours");
    s.judge.put(s.at(&format!("/seats/{witness}/measures")), order).await.ok();
}

/// The clerk finds it among those to be moved, and the day is not offered again.
async fn another_date_is_granted(w: &World, s: &Sitting) {
    let ask = json!({ "kind": "other_date", "text": "当天上午要做手术，医院的通知已经上传。" });
    let asked = s.plaintiff.post(s.at("/requests"), ask).await.ok();
    let reasons = "当天手术属实，准许另定时间。";
    s.judge.post(s.at(&format!("/requests/{}/decide", text(&asked["id"]))), json!({ "grant": true, "reasons": reasons })).await.ok();
    let list = s.clerk.get(format!("/courts/{LIXIA}/hearings?rebook=true")).await.ok();
    assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["rebook"]), (1, &json!(true)));
    let shown = s.clerk.get(&s.path).await.ok();
    assert_eq!((&shown["rebook_asked"]["request_id"], &shown["rebook_asked"]["reasons"]), (&asked["id"], &json!(reasons)));
    let to = json!({ "version": shown["summary"]["version"], "starts_at": s.starts_at + TimeDelta::days(5), "minutes": 30,
        "reason": "当事人手术，准许改期", "courtroom_id": w.text("select courtroom_id::text from courtrooms").await });
    let checked = s.clerk.post(s.at("/time/check"), to).await.ok();
    let day = text(&json!(s.starts_at))[..10].to_owned();
    let free = checked["free"].as_array().unwrap();
    assert!(!free.is_empty() && free.iter().all(|f| !text(&f["from"]).starts_with(&day)), "{checked}");
    // it is held all the same: the parties agreed on the spot
    w.run("update hearings set rebook_asked = null").await;
}

/// Loss and round trip by seat, in the bands of the board; the province sees rooms, courts and alerts, and no matter.
async fn the_boards(w: &World, s: &Sitting, party: &str) {
    let figures = json!({ "at": w.now(), "up_loss": 120, "down_loss": 30, "rtt_ms": 84, "battery": 60, "health": "poor" });
    w.run(&format!("update hearing_presence set health = '{figures}' where participant_id = '{party}'")).await;
    let technician = w.staff("技术员", LIXIA, "technician").await;
    let board = technician.get(format!("/courts/{LIXIA}/hearing-board")).await.ok();
    let people = board["hearings"][0]["people"].as_array().unwrap().clone();
    let first = &people[0];
    assert_eq!((&first["participant_id"], &first["plate"], &first["band"]), (&json!(party), &json!("原告"), &json!("poor")), "{people:?}");
    assert_eq!((&first["up_loss"], &first["down_loss"], &first["rtt_ms"]), (&json!(120), &json!(30), &json!(84)));
    assert!(!board.to_string().contains("赵文博"), "a seat, not a name: {board}");
    w.run(&format!(
        "insert into hearing_alerts (court_id, alert_id, hearing_id, case_id, participant_id, kind, figures, since)
         select court_id, gen_random_uuid(), hearing_id, case_id, participant_id, 'poor_line', '{{}}', now() from hearing_participants where participant_id = '{party}'"
    ))
    .await;
    w.run(&format!("update hearing_presence set connected_at = now(), disconnected_at = null where participant_id = '{party}'")).await;
    let province = w.staff("省管", 0, "provincial_admin").await;
    let rooms = province.get("/province/hearings").await.ok();
    let room = rooms["hearings"].as_array().unwrap().iter().find(|h| h["hearing_id"] == json!(s.id)).unwrap().clone();
    assert_eq!((&room["court_id"], &room["state"]), (&json!(LIXIA), &json!("open")), "{room}");
    assert!(room["untaken"].as_i64() >= Some(1) && room["alert_kinds"].to_string().contains("poor_line"), "{room}");
    // 10 to 15 % lost on the worst line of the room; whose it is the province does not learn
    assert_eq!((&room["band"], &room["poor"]), (&json!("poor"), &json!(1)), "{room}");
    assert!(!rooms.to_string().contains(party), "{rooms}");
    assert_eq!((&rooms["courts"][0]["sitting"], &rooms["courts"][0]["alerts"]), (&json!(1), &room["alerts"]));
    assert!(!rooms.to_string().contains("民初") && !rooms.to_string().contains("民间借贷"), "{rooms}");
    s.judge.get("/province/hearings").await.refused(403, "role.not_permitted");
}

/// The defendant has an SMS number and no line.
async fn away_and_found(w: &World, s: &Sitting, judge: &mut Page) {
    let defendant =
        w.text(&format!("select participant_id::text from hearing_participants where hearing_id = '{}' and name = '钱五'", s.id)).await;
    judge.does(json!({ "type": "warn", "participant": defendant, "rung": "warning" })).await;
    quiet(w).await;
    let letters = w.events("sms.send").await;
    let warned: Vec<&Value> = letters.iter().filter(|l| l["template"] == "hearing_warning").collect();
    assert_eq!((warned.len(), &warned[0]["mobile"]), (1, &json!("13800138001")), "{letters:?}");
    // who is connected is told on the page alone
    judge.does(json!({ "type": "warn", "participant": s.seat(w, &s.plaintiff).await, "rung": "prompt" })).await;
    assert!(!w.events("sms.send").await.iter().any(|l| l["template"] == "hearing_prompt"));
    // a message that was delivered serves nobody: what counts is the summons
    let missing = async || {
        let found = s.judge.get(s.at(&format!("/findings?participant={defendant}"))).await.ok()["suggested"].clone();
        let codes: Vec<String> = found["missing"].as_array().unwrap().iter().map(|m| text(&m["code"])).collect();
        (codes, text(&found["consequence"]))
    };
    w.run("update hearing_notices set state = 'delivered' where channel = 'sms'").await;
    assert_eq!(missing().await.0, ["confirmation", "call"]);
    w.run(&format!(
        "update service_recipients set effect = 'yes', state = 'done', served_at = now(), served_day = current_date where service_id in
           (select service_id from hearing_notices where participant_id = '{defendant}' and service_id is not null)"
    ))
    .await;
    assert_eq!(missing().await.0, ["call"]);
    w.turn_to(s.starts_at + TimeDelta::minutes(1)).await;
    let call = json!({ "participant_id": defendant, "outcome": "no_answer", "note": "两次无人接听" });
    s.clerk.post(s.at("/calls"), call).await.ok();
    assert_eq!(w.text("select purpose from hearing_calls").await, "dropout", "the room sits: it is a call to who is away");
    assert_eq!(missing().await, (Vec::new(), "default".to_owned()));
}
