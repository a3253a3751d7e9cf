//! 没有账号的人: whoever the court named by name and number takes the seat by the link of the message and an account of that
//! number; nobody else takes it, or learns that there is a hearing. An interpreter speaks to those who chose the language.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::kit::http::Answer;
use crate::kit::line::{Page, enter};
use crate::kit::{LIXIA, Person, Wish, World, cluster, numbers};
use crate::story_hearing_notices::arrived;
use crate::story_hearings::{Case, courtroom, docketed, text};
use crate::story_people::phone;
use crate::story_room::{Sitting, waiting, with_media};
use crate::story_room_media::opened;
use crate::story_service::quiet;

async fn takes(who: &Person, token: &str) -> Answer {
    who.post("/hearing-links/take", json!({ "token": token })).await
}

fn token_of(letter: &str) -> String {
    letter.split("/h/").nth(1).unwrap().chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}

/// The tokens of the links that went to a number, oldest first.
async fn links(w: &World, mobile: &str) -> Vec<String> {
    let letters = w.events("sms.send").await;
    let to_it = letters.iter().filter(|l| l["mobile"] == mobile).map(|l| text(&l["params"]["link"]));
    to_it.filter(|link| link.contains("/h/")).map(|link| token_of(&link)).collect()
}

async fn newest_link(w: &World, mobile: &str) -> String {
    links(w, mobile).await.pop().unwrap_or_else(|| panic!("no link went to {mobile}"))
}

/// Signs up on the phone of a number, with the code that comes there.
async fn signs_up(w: &World, name: &str, mobile: &str, id_number: &str) -> Person {
    let had = phone(mobile, 0).await.len();
    w.nobody(Method::POST, "/account/codes").json(json!({ "mobile": mobile, "purpose": "sign_up" })).send().await.ok();
    let came = phone(mobile, had).await;
    let code = came.iter().find_map(|m| m["params"]["code"].as_str()).expect("a code");
    let form = json!({ "mobile": mobile, "code": code, "password": "correct-horse-battery-7", "standing": "natural",
        "name": name, "id_type": "resident_id", "id_number": id_number });
    let me = w.nobody(Method::POST, "/account/sign-up").json(form).send().await;
    let id = text(&me.ok()["person_id"]).parse().unwrap();
    let token = me.header("set-cookie").split_once('=').unwrap().1.split(';').next().unwrap().to_owned();
    Person {
        id,
        name: name.into(),
        mobile: mobile.into(),
        id_number: id_number.into(),
        licence: String::new(),
        firm: String::new(),
        court: 0,
        token,
        wire: w.wire.clone(),
    }
}

/// For whom the link is not, there is no link and no hearing, byte for byte.
async fn learns_nothing(stranger: &Person, path: &str, token: &str) {
    let (foreign, nothing) = (takes(stranger, token).await, takes(stranger, "no-such-token").await);
    foreign.refused(404, "not_found");
    assert_eq!(foreign.bare(), nothing.bare());
    stranger.get(path).await.refused(404, "not_found");
    stranger.post(format!("{path}/pass"), Value::Null).await.refused(404, "not_found");
    assert_eq!(stranger.get("/my/hearings").await.ok()["items"], json!([]));
    assert_eq!(stranger.get("/my/hearing-notices").await.ok()["items"], json!([]));
}

fn hearing_path(made: &Value) -> String {
    format!("/courts/{LIXIA}/hearings/{}", text(&made["summary"]["id"]))
}

async fn version(c: &Case, path: &str) -> Value {
    c.clerk.get(path).await.ok()["summary"]["version"].clone()
}

fn said<'a>(page: &'a Page, kind: &str) -> &'a Value {
    page.heard.iter().rev().find(|m| m["type"] == kind).unwrap()
}

// part of H03, H05, H20, L26, B30, B38
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_named_by_number_signs_up_takes_the_seat_and_waits_apart() {
    let spool = cluster().dir.join(format!("spool{}", numbers::next()));
    let w = World::with(Wish { machine_clock: true, outside: true, spool: Some(spool), ..Wish::default() }).await;
    let zhao = w.party("赵文博").await;
    let c = docketed(&w, LIXIA, &zhao, "summary").await;
    let room = courtroom(&w, LIXIA).await;
    let n = numbers::next();
    let (mobile, id_number) = (numbers::mobile(n), numbers::resident_id(n));
    let mut order = c.order("trial", w.now() + TimeDelta::days(7), Some(&room));
    let witness = json!({ "role": "witness", "name": "周巧云", "mobile": mobile, "party_id": c.party("plaintiff") });
    order["participants"].as_array_mut().unwrap().push(witness);
    let made = c.clerk.post(c.path("/hearings"), order).await.ok();
    let path = hearing_path(&made);
    // the message arrives on the phone; opened there, it says when and where, and nothing of the case
    let letter = arrived(&w, &cluster().sms.to_string(), &mobile, &text(&made["summary"]["number"])).await;
    let token = token_of(&letter);
    let opened = w.nobody(Method::POST, "/hearing-links").json(json!({ "token": token })).send().await.ok();
    assert!(!opened.to_string().contains(&c.case.number) && !opened.to_string().contains("周"), "{opened}");
    w.nobody(Method::POST, "/hearing-links/take").json(json!({ "token": token })).send().await.refused(401, "session.missing");
    let stranger = w.party("吴路人").await;
    learns_nothing(&stranger, &path, &token).await;
    // an account of another's number is not enough; one of the number and no link is none either
    let who = signs_up(&w, "周巧云", &mobile, &id_number).await;
    learns_nothing(&who, &path, "another-token").await;
    let taken = takes(&who, &token).await.ok();
    assert_eq!((&taken["hearing_id"], &taken["plate"], &taken["name"]), (&made["summary"]["id"], &json!("证人"), &json!("周巧云")));
    assert_eq!(takes(&who, &token).await.ok(), taken, "as often as one likes");
    written_once(&w, &who).await;
    // among one's own, with oneself in it and nobody else
    assert_eq!(who.get("/my/hearings").await.ok()["items"][0]["id"], made["summary"]["id"]);
    assert_eq!(who.get("/my/hearing-notices").await.ok()["items"].as_array().unwrap().len(), 1);
    let shown = who.get(&path).await.ok();
    let people: Vec<(&Value, &Value)> = shown["participants"].as_array().unwrap().iter().map(|p| (&p["name"], &p["own"])).collect();
    assert_eq!(people, [(&json!("周巧云"), &json!(true))]);
    // the discipline is read, the device tested
    let read = who.get(format!("{path}/discipline?what=discipline")).await.ok();
    let ack = json!({ "what": "discipline", "digest": read["digest"], "agrees": true });
    assert_eq!(who.post(format!("{path}/acks"), ack).await.ok()["answered"]["agrees"], json!(true));
    assert_eq!(who.post(format!("{path}/tests"), measured()).await.ok()["score"], json!("good"));
    // a pass, once the waiting room is open, and a room of one's own to wait in
    who.post(format!("{path}/pass"), Value::Null).await.refused(422, "hearing.room_shut");
    let step = json!({ "version": version(&c, &path).await, "step": "open_waiting" });
    c.clerk.post(format!("{path}/steps"), step).await.ok();
    let page = enter(&who, &path).await;
    assert_eq!(said(&page, "hello")["place"], json!("witness_room"));
    assert!(said(&page, "presence")["items"].as_array().unwrap().iter().all(|p| p["role"] == "witness"), "{:?}", page.heard);
    let desk = c.clerk.get(format!("{path}/desk")).await.ok();
    let seat = desk["items"].as_array().unwrap().iter().find(|s| s["role"] == "witness").unwrap();
    assert_eq!((&seat["place"], &seat["connected"], seat["acknowledged_at"].is_string()), (&json!("witness_room"), &json!(true), true));
    learns_nothing(&stranger, &path, &token).await;
    page.close().await;
    w.end().await;
}

fn measured() -> Value {
    json!({ "device": "微信 8.0 · 安卓 14", "measured": {
        "camera": { "allowed": true, "works": true, "height": 720, "fps": 25, "brightness": 120, "face": true },
        "microphone": { "allowed": true, "works": true, "peak": -12, "noise": -55 },
        "heard": true, "browser": true, "rehearsed": true,
        "network": { "way": "udp", "up_kbps": 8000, "down_kbps": 8000, "loss": 0, "rtt_ms": 40 } } })
}

/// One seat, one slot, one line, one row of the audit: however often the link was opened.
async fn written_once(w: &World, who: &Person) {
    let of = |table: &str| format!("select count(*) from {table} where person_id = '{}'", who.id);
    for table in ["hearing_participants", "hearing_people", "person_busy", "hearing_events"] {
        assert_eq!(w.count(&of(table)).await, 1, "{table}");
    }
    assert_eq!(w.count("select count(*) from hearing_participants where role = 'witness' and seated_by is null").await, 1);
    assert_eq!(w.count("select count(*) from hearing_events where what = 'seated' and audience = 'own'").await, 1);
    assert_eq!(w.count("select count(*) from audit_log where act = 'hearing:take_part' and details ->> 'through' = 'link'").await, 1);
}

// part of H01, H03
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_other_way_to_a_seat_is_refused_with_its_reason() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let (qian, zhou, xu, li) = (w.party("钱五").await, w.party("周巧云").await, w.party("徐鉴定").await, w.party("李新号").await);
    let c: Case = docketed(&w, LIXIA, &zhao, "summary").await;
    let room = courtroom(&w, LIXIA).await;
    let mut order = c.order("trial", w.now() + TimeDelta::days(7), Some(&room));
    order["participants"][3]["mobile"] = json!(qian.mobile);
    for seat in [
        json!({ "role": "witness", "name": "周巧云", "mobile": zhou.mobile, "party_id": c.party("plaintiff") }),
        json!({ "role": "interpreter", "name": "周巧云", "mobile": zhou.mobile, "interprets": "en" }),
        json!({ "role": "appraiser", "name": "徐鉴定", "mobile": xu.mobile }),
    ] {
        order["participants"].as_array_mut().unwrap().push(seat);
    }
    let made = c.clerk.post(c.path("/hearings"), order).await.ok();
    let path = hearing_path(&made);
    let seat = |role: &str| text(&made["participants"].as_array().unwrap().iter().find(|p| p["role"] == role).unwrap()["id"]);
    quiet(&w).await;
    unconfirmed(&w, &links(&w, &zhou.mobile).await[0]).await;
    // a party comes by the case, whatever the number proves
    takes(&qian, &newest_link(&w, &qian.mobile).await).await.refused(409, "hearing.seat_of_case");
    qian.get(&path).await.refused(404, "not_found");
    // the plaintiff has the seat already: the link leads there
    let letters = w.events("sms.send").await;
    let mut of_zhao = letters.iter().filter(|l| l["person"] == json!(zhao.id)).map(|l| text(&l["params"]["link"]));
    let of_zhao = token_of(&of_zhao.rfind(|link| link.contains("/h/")).expect("the plaintiff was told"));
    takes(&zhao, &of_zhao).await.ok();
    learns_nothing(&zhou, &path, &of_zhao).await;
    // one person, one seat
    let both = links(&w, &zhou.mobile).await;
    assert_eq!(both.len(), 2);
    let held = takes(&zhou, &both[0]).await.ok();
    takes(&zhou, &both[1]).await.refused(409, "hearing.seated_already");
    // the number was corrected before anybody came: the old one is a stranger's, the new one takes the seat
    let old = newest_link(&w, &xu.mobile).await;
    renumbered(&w, &c, &format!("{path}/seats/{}/mobile", seat("appraiser")), &li).await;
    learns_nothing(&xu, &path, &old).await;
    let corrected = newest_link(&w, &li.mobile).await;
    let taken = takes(&li, &corrected).await.ok();
    assert_eq!((&taken["plate"], &taken["name"]), (&json!("鉴定人"), &json!("徐鉴定")));
    // corrected once somebody holds it: the seat is not handed over, and who holds it keeps it
    let (first, other) = (text(&held["participant_id"]), w.party("陈后来").await);
    renumbered(&w, &c, &format!("{path}/seats/{first}/mobile"), &other).await;
    takes(&other, &newest_link(&w, &other.mobile).await).await.refused(409, "hearing.seat_held");
    other.get(&path).await.refused(404, "not_found");
    assert_eq!(takes(&zhou, &both[0]).await.ok()["participant_id"], held["participant_id"]);
    // taken off: told so, and no way back by the link
    let off = json!({ "version": version(&c, &path).await, "reason": "双方对鉴定意见已经没有争议" });
    c.clerk.post(format!("{path}/seats/{}/removal", seat("appraiser")), off).await.ok();
    takes(&li, &corrected).await.refused(409, "hearing.seat_gone");
    li.get(&path).await.refused(404, "not_found");
    // not held any more: no seat is taken
    let cancel = json!({ "version": version(&c, &path).await, "step": "cancel", "reason": "双方已经达成和解并申请撤诉" });
    c.clerk.post(format!("{path}/steps"), cancel).await.ok();
    takes(&zhou, &both[1]).await.refused(409, "hearing.link_over");
    takes(&qian, &newest_link(&w, &qian.mobile).await).await.refused(409, "hearing.link_over");
    assert_eq!(w.count("select count(*) from hearing_participants where seated_by is null").await, 2);
    w.end().await;
}

/// Whose account confirmed no number is told so, of a good link and of none alike.
async fn unconfirmed(w: &World, token: &str) {
    let who = w.party("孙无号").await;
    w.run(&format!("delete from identifiers where person_id = '{}' and kind = 'mobile'", who.id)).await;
    let (good, none) = (takes(&who, token).await, takes(&who, "no-such-token").await);
    good.refused(409, "account.mobile_unconfirmed");
    assert_eq!(good.bare(), none.bare());
}

/// 确认常用手机号: the clerk writes another number down, and the notice goes there.
async fn renumbered(w: &World, c: &Case, at: &str, to: &Person) {
    c.clerk.put(at, json!({ "mobile": to.mobile })).await.ok();
    quiet(w).await;
}

fn interprets(items: &Value) -> Value {
    let found = items.as_array().unwrap().iter().find(|p| p["role"] == "interpreter");
    found.map(|p| p["interprets"].clone()).unwrap_or_default()
}

// part of B42
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interpreter_named_by_number_speaks_to_whoever_chose_the_language() {
    let w = World::with(with_media()).await;
    let s: Sitting = waiting(&w).await;
    let translator = w.party("陈翻译").await;
    let seat = json!({ "role": "interpreter", "name": "陈翻译", "mobile": translator.mobile, "interprets": "ug" });
    s.clerk.post(format!("{}/seats", s.path), json!({ "version": s.version().await, "seat": seat })).await.ok();
    quiet(&w).await;
    takes(&translator, &newest_link(&w, &translator.mobile).await).await.ok();
    // every list names the language
    assert_eq!(interprets(&s.clerk.get(&s.path).await.ok()["participants"]), "ug");
    assert_eq!(interprets(&s.clerk.get(format!("{}/desk", s.path)).await.ok()["items"]), "ug");
    let clerk = enter(&s.clerk, &s.path).await;
    let (mut judge, mut listener, mut speaks) =
        (enter(&s.judge, &s.path).await, enter(&s.plaintiff, &s.path).await, enter(&translator, &s.path).await);
    assert_eq!(said(&speaks, "hello")["place"], json!("waiting_room"));
    for page in [&mut judge, &mut listener, &mut speaks] {
        page.until("presence", |m| interprets(&m["items"]) == "ug").await;
    }
    let none = |m: &Value| m["items"].as_array().unwrap().iter().filter(|p| p["role"] != "interpreter").all(|p| p["interprets"].is_null());
    assert!(none(said(&listener, "presence")));
    // two voices; whoever chose the language hears the one, everybody else the other
    let _floor = judge.sends(&["audio"], 1, json!({})).await;
    let _court = speaks.sends(&["audio"], 10, json!({})).await;
    let _second = speaks.sends(&["audio"], 11, json!({ "second_voice": true })).await;
    assert_eq!(said(&listener, "hello")["hears"], Value::Null);
    listener.does(json!({ "type": "channel", "language": "ug" })).await;
    opened(&mut judge).await;
    let (mut ear, mut bench) = (listener.listen().await, judge.listen().await);
    listener.gets(&mut ear, "the second voice", 20, |v| v.heard_of(11)).await;
    listener.gets(&mut ear, "and the floor", 20, |v| v.heard_of(1)).await;
    judge.gets(&mut bench, "the court's voice", 20, |v| v.heard_of(10)).await;
    assert_eq!((ear.heard_of(10), bench.heard_of(11)), (0, 0), "nobody hears both");
    // a language nobody interprets into changes nothing of what is heard
    judge.does(json!({ "type": "channel", "language": "fr" })).await;
    judge.gets(&mut bench, "the court's voice goes on", 20, |v| v.heard_of(10)).await;
    // come anew: the language is still the chosen one, and the page is told which
    listener.close().await;
    let mut listener = enter(&s.plaintiff, &s.path).await;
    assert_eq!(said(&listener, "hello")["hears"], json!("ug"));
    let mut ear = listener.listen().await;
    listener.gets(&mut ear, "the second voice again", 20, |v| v.heard_of(11)).await;
    assert_eq!(ear.heard_of(10), 0);
    listener.does(json!({ "type": "channel" })).await;
    listener.gets(&mut ear, "back to the floor", 20, |v| v.heard_of(10)).await;
    drop((clerk, judge, listener, speaks));
    w.end().await;
}
