//! 通知: by message with a report, by a link that opens once, by summons in the inbox; who nothing reached is called; times
//! one has none; the calendar of a courtroom.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use poem::http::Method;
use serde_json::{Value, json};

use crate::kit::cluster::cluster;
use crate::kit::matter::known_by_number;
use crate::kit::{LIXIA, Wish, World, beijing};
use crate::story_channels::confirms;
use crate::story_hearings::{Case, courtroom, docketed, docketed_against, text};
use crate::story_service::quiet;

impl Case {
    pub async fn seats(&self, hearing: &str) -> Vec<Value> {
        let shown = self.clerk.get(format!("/courts/{LIXIA}/hearings/{hearing}")).await.ok();
        shown["participants"].as_array().unwrap().clone()
    }
}

fn of<'a>(seats: &'a [Value], plate: &str) -> &'a Value {
    seats.iter().find(|s| text(&s["plate"]).starts_with(plate)).unwrap_or_else(|| panic!("no {plate} in {seats:?}"))
}

// proves: H03 H04 B30
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_is_reported_and_its_link_opens_once_and_whom_nothing_reached_is_called() {
    let sms = cluster().own_sms();
    let w = World::with(Wish { machine_clock: true, outside: true, sms: Some(sms), ..Wish::default() }).await;
    let zhao = w.party("赵文博").await;
    let c = docketed(&w, LIXIA, &zhao, "summary").await;
    let room = courtroom(&w, LIXIA).await;
    quiet(&w).await;
    let mut order = c.order("trial", w.now() + TimeDelta::days(7), Some(&room));
    // of the other side no number is known
    order["participants"][3]["mobile"] = Value::Null;
    let made = c.clerk.post(c.path("/hearings"), order).await.ok();
    let hearing = text(&made["summary"]["id"]);
    let letter = arrived(&w, &sms.to_string(), &zhao.mobile, &text(&made["summary"]["number"])).await;
    assert!(!letter.contains("密码") && letter.contains(&c.case.number), "{letter}");
    // what was delivered is seen at the desk
    for n in 0.. {
        w.work().await;
        if of(&c.seats(&hearing).await, "原告")["reached"] == true {
            break;
        }
        assert!(n < 200, "no report came");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // the link proves that it reached, says nothing of the case, and opens once
    let token =
        letter.split("/h/").nth(1).unwrap().chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect::<String>();
    let opened = w.nobody(Method::POST, "/hearing-links").json(json!({ "token": token })).send().await.ok();
    assert_eq!((&opened["hearing_id"], &opened["court_id"]), (&json!(hearing), &json!(LIXIA)));
    assert!(!opened.to_string().contains(&c.case.number) && !opened.to_string().contains("赵"), "{opened}");
    w.nobody(Method::POST, "/hearing-links").json(json!({ "token": token })).send().await.refused(409, "hearing.link_used");
    w.nobody(Method::POST, "/hearing-links").json(json!({ "token": "no-such-token" })).send().await.refused(404, "not_found");
    let state = format!("select state from hearing_notices where hearing_id = '{hearing}' and seen_at is not null");
    assert_eq!(w.text(&state).await, "seen");
    // by paper too: the summons lies in the inbox, in the file, and on the service desk
    quiet(&w).await;
    let inbox = zhao.get("/my/inbox").await.ok();
    assert!(inbox.to_string().contains("传票"), "{inbox}");
    let rows = c.clerk.get(format!("/courts/{LIXIA}/services?case={}", c.case.id)).await.ok();
    let summonses = rows["items"].as_array().unwrap().iter().filter(|r| r["papers"].to_string().contains("传票")).count();
    assert_eq!(summonses, 2, "one for each party: {rows}");
    // the defendant is on the list until somebody is spoken to
    let calls = async || {
        let list = c.clerk.get(format!("/courts/{LIXIA}/hearing-calls")).await.ok();
        list["items"].as_array().unwrap().clone()
    };
    let waiting = calls().await;
    assert_eq!((waiting.len(), &waiting[0]["name"], &waiting[0]["tried"]), (1, &json!("钱五"), &json!(0)), "{waiting:?}");
    let call = |outcome: &str| json!({ "participant_id": waiting[0]["participant_id"], "outcome": outcome, "note": "家属接听" });
    c.clerk.post(format!("/courts/{LIXIA}/hearings/{hearing}/calls"), call("no_answer")).await.ok();
    assert_eq!(calls().await[0]["tried"], json!(1));
    zhao.post(format!("/courts/{LIXIA}/hearings/{hearing}/calls"), call("reached")).await.refused(403, "role.not_permitted");
    c.clerk.post(format!("/courts/{LIXIA}/hearings/{hearing}/calls"), call("reached")).await.ok();
    assert!(calls().await.is_empty());
    // moved: nobody is reached about the new time yet; the summonses that served nobody are taken back
    let moved = json!({ "version": c.clerk.get(format!("/courts/{LIXIA}/hearings/{hearing}")).await.ok()["summary"]["version"],
        "starts_at": w.now() + TimeDelta::days(8), "minutes": 60, "courtroom_id": room, "reason": "审判员当日另有安排，改到次日" });
    c.clerk.put(format!("/courts/{LIXIA}/hearings/{hearing}/time"), moved).await.ok();
    assert!(calls().await.iter().any(|u| u["name"] == "钱五"));
    quiet(&w).await;
    let open = format!(
        "select count(*) from services s join service_papers p using (court_id, service_id) where s.case_id = '{}' and p.paper_kind = 'summons' and s.cancelled_at is null",
        c.case.id
    );
    assert_eq!(w.count(&open).await, 3, "the plaintiff's first had served; two are new");
    w.end().await;
}

/// The text that came to a phone and names the meeting.
pub async fn arrived(w: &World, sms: &str, mobile: &str, number: &str) -> String {
    for _ in 0..200 {
        w.work().await;
        let phone: Value = reqwest::get(format!("http://{sms}/phone/messages?mobile={mobile}")).await.unwrap().json().await.unwrap();
        let found = phone["items"].as_array().into_iter().flatten().map(|m| text(&m["text"])).find(|t| t.contains(number));
        if let Some(found) = found {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no message about {number} came to {mobile}");
}

// proves: H01 B28
// part of H05
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_are_confirmed_people_added_and_times_without_time_respected() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let c = docketed(&w, LIXIA, &zhao, "ordinary").await;
    let room = courtroom(&w, LIXIA).await;
    let at = beijing("2026-12-01T09:00:00");
    // I have no time; the court sees that and nothing more
    let none = json!({ "from": at - TimeDelta::hours(1), "until": at + TimeDelta::hours(2) });
    let busy = zhao.post("/my/unavailable", none).await.ok();
    let checked = c.clerk.post(c.path("/hearings/check"), c.order("trial", at, Some(&room))).await.ok();
    assert_eq!((&checked["fault"]["code"], &checked["conflicts"][0]["reason"]), (&json!("hearing.conflict"), &json!("unavailable")));
    let free = checked["free"].as_array().unwrap().iter().map(|s| text(&s["from"]).parse::<DateTime<Utc>>().unwrap());
    let meets = |from: DateTime<Utc>| from < at + TimeDelta::hours(2) && from + TimeDelta::minutes(90) > at - TimeDelta::hours(1);
    assert!(!free.clone().any(meets) && free.count() > 3, "not offered: {checked}");
    zhao.delete(format!("/my/unavailable/{}", text(&busy["id"]))).await.ok();
    let made = c.clerk.post(c.path("/hearings"), c.order("trial", at, Some(&room))).await.ok();
    let (hearing, path) = (text(&made["summary"]["id"]), format!("/courts/{LIXIA}/hearings/{}", text(&made["summary"]["id"])));
    assert_eq!(made["findings"], json!([]));
    // 常用手机号: kept sealed, shown masked, used from then on
    let seat = of(&c.seats(&hearing).await, "原告")["id"].clone();
    c.clerk.put(format!("{path}/seats/{}/mobile", text(&seat)), json!({ "mobile": "1380" })).await.refused(422, "hearing.mobile");
    c.clerk.put(format!("{path}/seats/{}/mobile", text(&seat)), json!({ "mobile": "13700007788" })).await.ok();
    assert_eq!(of(&c.seats(&hearing).await, "原告")["mobile_masked"], json!("137****7788"));
    quiet(&w).await;
    assert!(w.events("sms.send").await.iter().any(|l| l["mobile"] == "13700007788" && l["template"] == "hearing_notice"));
    // a witness comes later, and another does not come
    let version = c.clerk.get(&path).await.ok()["summary"]["version"].clone();
    let witness = json!({ "role": "witness", "name": "周巧云", "mobile": "13700001234", "party_id": c.party("plaintiff") });
    let more = c.clerk.post(format!("{path}/seats"), json!({ "version": version, "seat": witness })).await.ok();
    let seats = more["participants"].as_array().unwrap().clone();
    let seat = of(&seats, "证人");
    assert_eq!((&seat["mode"], &seat["area"]), (&json!("online"), &json!("stand")));
    c.clerk.post(format!("{path}/seats"), json!({ "version": version, "seat": witness })).await.refused(412, "version.stale");
    let version = more["summary"]["version"].clone();
    let judge = of(&seats, "审判员")["id"].clone();
    let off = json!({ "version": version, "reason": "证人来电说明生病住院不能到庭" });
    c.clerk.post(format!("{path}/seats/{}/removal", text(&judge)), off.clone()).await.refused(422, "hearing.no_judge");
    let fewer = c.clerk.post(format!("{path}/seats/{}/removal", text(&seat["id"])), off).await.ok();
    assert_eq!(fewer["participants"].as_array().unwrap().len() + 1, seats.len());
    // moved somewhere else: what the rules say of it is shown first, with free times
    let version = fewer["summary"]["version"].clone();
    let to =
        json!({ "version": version, "starts_at": beijing("2026-11-24T09:00:00"), "minutes": 60, "courtroom_id": room, "reason": "提前" });
    let said = c.clerk.post(format!("{path}/time/check"), to.clone()).await.ok();
    assert_eq!((&said["fault"]["code"], &said["earliest_on"]), (&json!("hearing.too_soon"), &json!("2026-11-26")));
    assert!(said["free"].as_array().unwrap().len() > 3);
    c.clerk.put(format!("{path}/time"), to).await.refused(422, "hearing.reason");
    // the calendar at the door: no name of anybody; and nothing behind a wrong address
    let admin = w.staff("王管", LIXIA, "court_admin").await;
    let feed = admin.put(format!("/courts/{LIXIA}/courtrooms/{}/feed", text(&room)), json!({})).await.ok();
    let token = text(&feed["url"]).split("token=").nth(1).unwrap().to_owned();
    let ics = w.nobody(Method::GET, format!("/courtrooms/feed.ics?token={token}")).send().await.text();
    assert!(ics.contains(&format!("DTSTART:{}", at.format("%Y%m%dT%H%M%SZ"))) && !ics.contains("赵文博"), "{ics}");
    w.nobody(Method::GET, "/courtrooms/feed.ics?token=x").send().await.refused(404, "not_found");
    // reminders at the hours of the court's rule, and the waiting room opens by itself
    w.turn_to(at - TimeDelta::hours(23)).await;
    quiet(&w).await;
    let reminded = w.events("sms.send").await.iter().filter(|l| l["template"] == "hearing_reminder").count();
    assert!(reminded >= 2, "{reminded}");
    w.turn_to(at - TimeDelta::minutes(19)).await;
    quiet(&w).await;
    assert_eq!(c.clerk.get(&path).await.ok()["summary"]["state"], json!("waiting"));
    w.end().await;
}

/// Who chose mail is called by mail: the summons itself, as a sealed paper, with the sending's own proof.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_summons_goes_by_mail_to_whoever_chose_mail() {
    let mail = cluster().own_mail();
    let w = World::with(Wish { machine_clock: true, outside: true, mail: Some(mail), ..Wish::default() }).await;
    let (zhao, qian) = (w.party("赵文博").await, w.party("钱五").await);
    let c = docketed_against(&w, LIXIA, &zhao, &known_by_number(&qian), "summary").await;
    qian.joins(&c.clerk.reads_join_code(&c.case).await).await.ok();
    quiet(&w).await;
    confirms(&w, &c.case, &qian, json!({ "email": "qian@h.example" })).await;
    let room = courtroom(&w, LIXIA).await;
    let made = c.clerk.post(c.path("/hearings"), c.order("trial", w.now() + TimeDelta::days(7), Some(&room))).await.ok();
    let mut letter = Value::Null;
    for n in 0.. {
        quiet(&w).await;
        let got = mail.received("qian@h.example").await;
        if let Some(found) = got.iter().find(|m| m.to_string().contains("传票")) {
            letter = found.clone();
            break;
        }
        assert!(n < 200, "no summons came by mail: {got:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(text(&letter["subject"]).contains(&c.case.number), "{letter}");
    assert!(letter["attachments"].as_array().unwrap().iter().all(|f| f["size"].as_u64().unwrap() > 1000));
    // sent is served, and whom a paper served is reached
    quiet(&w).await;
    let rows = c.clerk.get(format!("/courts/{LIXIA}/services?case={}", c.case.id)).await.ok();
    let called =
        rows["items"].as_array().unwrap().iter().find(|r| r["role"] == "被告" && r["papers"].to_string().contains("传票")).unwrap();
    assert_eq!(called["effect"], json!("yes"), "{called}");
    assert_eq!(of(&c.seats(&text(&made["summary"]["id"])).await, "被告")["reached"], json!(true));
    w.end().await;
}
