//! Who hears and sees whom in the room, with real sound and pictures: private talk that nobody records, the court's mute,
//! shares and exclusions, an interpreter's two voices, the gallery and the closed part.

use std::time::Duration;

use lianting::hearing::room::floor::participant_id;
use serde_json::{Value, json};

use crate::kit::line::{self, Page, enter};
use crate::kit::voice::Voice;
use crate::kit::{Person, World};
use crate::story_room::{Sitting, waiting, with_media};
use crate::story_room_media::{live, opened};

/// One more with a seat, beside the plaintiff's: an agent, an interpreter, somebody in the gallery.
async fn seated(w: &World, s: &Sitting, who: &Person, role: &str, more: &str) -> String {
    let (side, party) = if role == "agent" { ("side", "party_id") } else { ("null", "null") };
    w.run(&format!(
        "insert into hearing_participants (court_id, hearing_id, participant_id, case_id, role, side, party_id, person_id, name, mode, mode_because, interprets, slot_id, seated_at, version)
         select court_id, hearing_id, gen_random_uuid(), case_id, '{role}', {side}, {party}, '{id}', '{name}', 'online', mode_because, {more}, gen_random_uuid(), seated_at, 1
           from hearing_participants where hearing_id = '{hearing}' and role = 'party' and side = 'plaintiff';
         {people}",
        id = who.id,
        name = who.name,
        hearing = s.id,
        people = people(&s.id, who),
    ))
    .await;
    s.seat(w, who).await
}

fn people(hearing: &str, who: &Person) -> String {
    format!(
        "insert into hearing_people select court_id, hearing_id, participant_id, case_id, person_id, null from hearing_participants where hearing_id = '{hearing}' and person_id = '{}'",
        who.id
    )
}

/// The defendant has an account too.
async fn defendant(w: &World, s: &Sitting) -> Person {
    let who = w.party("钱五").await;
    w.run(&format!(
        "update hearing_participants set person_id = '{}', mode = 'online' where hearing_id = '{}' and role = 'party' and side = 'defendant'; {}",
        who.id,
        s.id,
        people(&s.id, &who)
    ))
    .await;
    who
}

/// Nothing more of a voice arrives, while another goes on.
async fn silent(ear: &Voice, of: u8, while_hearing: u8) {
    // what was on its way arrives
    ear.gets("the other goes on", 10, |v| v.heard_of(while_hearing)).await;
    let had = ear.heard_of(of) + ear.seen_of(of);
    ear.gets("the other goes on", 40, |v| v.heard_of(while_hearing)).await;
    assert_eq!(ear.heard_of(of) + ear.seen_of(of), had, "not one packet more");
}

fn lists(m: &Value, who: &str) -> bool {
    m["items"].as_array().unwrap().iter().any(|p| p["participant"] == who)
}

fn shows(m: &Value, who: &str, what: &str) -> bool {
    m["items"].as_array().unwrap().iter().any(|p| p["participant"] == who && p[what] == true)
}

/// How long ago the recorder got sound of somebody, in milliseconds.
async fn recorded_before(w: &World, s: &Sitting, who: &str) -> Option<i64> {
    let live = live(w, s);
    let tape = live.tape.lock().await;
    tape.status().unwrap().heard.get(&participant_id(who.parse().unwrap())).and_then(|ages| ages[0])
}

async fn wait_until_recorded(w: &World, s: &Sitting, who: &str) {
    for _ in 0..400 {
        if recorded_before(w, s, who).await.is_some_and(|age| age < 1000) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never recorded");
}

// part of B37
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_party_talks_with_its_lawyer_and_nobody_hears_or_records_it() {
    let w = World::with(with_media()).await;
    let s = waiting(&w).await;
    let (lawyer, second, other) = (w.party("李代理").await, w.party("王代理").await, defendant(&w, &s).await);
    let (lawyer_seat, second_seat) = (seated(&w, &s, &lawyer, "agent", "null").await, seated(&w, &s, &second, "agent", "null").await);
    let (own, other_seat) = (s.seat(&w, &s.plaintiff).await, s.seat(&w, &other).await);
    let (mut judge, clerk) = (enter(&s.judge, &s.path).await, enter(&s.clerk, &s.path).await);
    let (mut plaintiff, mut agent, mut late, mut opponent) =
        (enter(&s.plaintiff, &s.path).await, enter(&lawyer, &s.path).await, enter(&second, &s.path).await, enter(&other, &s.path).await);
    let _voices = (
        judge.sends(&["audio"], 1, json!({})).await,
        plaintiff.sends(&["audio"], 3, json!({})).await,
        agent.sends(&["audio"], 4, json!({})).await,
    );
    // not while the hearing sits, and never with the other side
    opened(&mut judge).await;
    plaintiff.refused(json!({ "type": "room", "do": "open", "invite": [lawyer_seat] }), "hearing.private_room").await;
    let talk = json!({ "type": "step", "step": "begin_mediation", "reason": "双方同意当庭调解，全程录音录像", "recorded": true });
    judge.refused(talk.clone(), "hearing.mediation_consent").await;
    for who in [&s.plaintiff, &other, &lawyer, &second] {
        for what in ["mediation", "mediation_recording"] {
            let told = who.get(format!("{}/discipline?what={what}", s.path)).await.ok();
            who.post(format!("{}/acks", s.path), json!({ "what": what, "digest": told["digest"], "agrees": true })).await.ok();
        }
    }
    judge.does(talk).await;
    wait_until_recorded(&w, &s, &own).await;
    let mut bench = judge.listen().await;
    judge.gets(&mut bench, "the judge hears the plaintiff", 10, |v| v.heard_of(3)).await;
    plaintiff.refused(json!({ "type": "room", "do": "open", "invite": [other_seat] }), "hearing.private_room").await;
    // invited, entered, heard
    plaintiff.does(json!({ "type": "room", "do": "open", "invite": [lawyer_seat, second_seat] })).await;
    let room = agent.until("invited", |_| true).await["room"].clone();
    opponent.refused(json!({ "type": "room", "do": "enter", "room": room }), "not_found").await;
    judge.refused(json!({ "type": "room", "do": "enter", "room": room }), "not_found").await;
    agent.does(json!({ "type": "room", "do": "enter", "room": room })).await;
    agent.until("place", |m| m["to"] == "private_room").await;
    let mut ear = agent.listen().await;
    agent.gets(&mut ear, "the lawyer hears the client", 20, |v| v.heard_of(3)).await;
    // locked: who was invited and did not come stays outside, until it is open again
    plaintiff.does(json!({ "type": "room", "do": "lock", "on": true })).await;
    late.refused(json!({ "type": "room", "do": "enter", "room": room }), "not_found").await;
    opponent.refused(json!({ "type": "room", "do": "lock", "on": false }), "not_found").await;
    plaintiff.does(json!({ "type": "room", "do": "lock", "on": false })).await;
    late.does(json!({ "type": "room", "do": "enter", "room": room })).await;
    // two seconds of it: the judge hears nothing, the recorder gets nothing, of the judge it does
    let (had, before) = (bench.heard_of(3), std::time::Instant::now());
    agent.gets(&mut ear, "it goes on", 100, |v| v.heard_of(3)).await;
    assert_eq!(bench.heard_of(3), had, "not one packet to the judge");
    let silence = recorded_before(&w, &s, &own).await.expect("was recorded before");
    assert!(silence >= before.elapsed().as_millis() as i64, "the recorder heard the private talk {silence} ms ago");
    assert!(recorded_before(&w, &s, &s.seat(&w, &s.judge).await).await.is_some_and(|age| age < 1500), "and goes on with the judge");
    // the court does not see who talks with whom
    judge.catch_up().await;
    let last = judge.heard.iter().rev().find(|m| m["type"] == "presence").unwrap();
    assert!(!lists(last, &own) && !lists(last, &lawyer_seat), "{last}");
    let lines = s.judge.get(format!("{}/events", s.path)).await.ok()["items"].to_string();
    assert!(!lines.contains(room.as_str().unwrap()), "nor does the log tell");
    // back: heard and recorded again
    plaintiff.does(json!({ "type": "room", "do": "leave" })).await;
    judge.until("presence", |m| lists(m, &own)).await;
    wait_until_recorded(&w, &s, &own).await;
    // in a pause the judge opens no room with one side alone
    judge.does(json!({ "type": "step", "step": "adjourn", "reason": "当事人身体不适，休庭十五分钟" })).await;
    judge.refused(json!({ "type": "room", "do": "open", "invite": [own] }), "hearing.private_room").await;
    drop((clerk, judge, plaintiff, agent, late, opponent));
    w.end().await;
}

// part of B40
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_court_mutes_shares_spotlights_and_excludes() {
    let w = World::with(with_media()).await;
    let s = waiting(&w).await;
    let other = defendant(&w, &s).await;
    let clerk = enter(&s.clerk, &s.path).await;
    let (mut judge, mut plaintiff, mut opponent) =
        (enter(&s.judge, &s.path).await, enter(&s.plaintiff, &s.path).await, enter(&other, &s.path).await);
    let own = s.seat(&w, &s.plaintiff).await;
    let _voices = (
        judge.sends(&["audio"], 1, json!({})).await,
        plaintiff.sends(&["audio"], 3, json!({})).await,
        opponent.sends(&["audio"], 4, json!({})).await,
    );
    opened(&mut judge).await;
    let (mut bench, mut party) = (judge.listen().await, opponent.listen().await);
    for (one, two) in [(3, 1), (4, 3)] {
        judge.gets(&mut bench, "everybody is heard", 10, |v| v.heard_of(one)).await;
        opponent.gets(&mut party, "everybody is heard", 10, |v| v.heard_of(two)).await;
    }
    // everybody but the court, at once; nobody opens his own microphone again
    judge.does(json!({ "type": "lock", "all": true, "on": true })).await;
    silent(&party, 3, 1).await;
    let had = bench.heard();
    party.gets("the judge is heard", 30, |v| v.heard_of(1)).await;
    assert_eq!(bench.heard(), had, "nobody of the parties is heard");
    plaintiff.does(json!({ "type": "mute", "what": "audio", "on": false })).await;
    plaintiff.refused(json!({ "type": "lock", "all": true, "on": false }), "hearing.not_yours").await;
    judge.does(json!({ "type": "lock", "participant": own, "on": false })).await;
    judge.gets(&mut bench, "one is heard again", 10, |v| v.heard_of(3)).await;
    judge.does(json!({ "type": "lock", "all": true, "on": false })).await;
    judge.gets(&mut bench, "all are heard again", 10, |v| v.heard_of(4)).await;
    // a hand, a place of honour, a layout: everybody learns it
    plaintiff.does(json!({ "type": "hand", "up": true })).await;
    judge.until("presence", |m| shows(m, &own, "hand")).await;
    judge.does(json!({ "type": "spotlight", "participant": own })).await;
    judge.does(json!({ "type": "layout", "layout": "bench" })).await;
    opponent.until("view", |m| m["layout"] == "bench" && m["spotlight"] == own.as_str()).await;
    plaintiff.refused(json!({ "type": "spotlight", "participant": own }), "hearing.not_yours").await;
    judge.refused(json!({ "type": "layout", "layout": "theatre" }), "hearing.unreadable").await;
    // a screen is shared by whom the court lets
    let _screen = plaintiff.sends(&["audio", "screen"], 3, json!({})).await;
    judge.gets(&mut bench, "the voice goes on", 30, |v| v.heard_of(3)).await;
    assert_eq!(bench.seen(), 0, "nothing of a screen before it is allowed");
    judge.does(json!({ "type": "share", "participant": own, "on": true })).await;
    plaintiff.until("presence", |m| shows(m, &own, "sharing")).await;
    let _screen = plaintiff.sends(&["audio", "screen"], 3, json!({})).await;
    judge.gets(&mut bench, "the screen", 20, |v| v.seen_of(3)).await;
    opponent.gets(&mut party, "the screen", 20, |v| v.seen_of(3)).await;
    judge.until("presence", |m| shows(m, &own, "screen")).await;
    judge.does(json!({ "type": "share", "participant": own, "on": false })).await;
    silent_pictures(&party, 3, 1).await;
    // excluded by the judge: neither heard nor hearing, until called back
    let (mut own_ear, seat) = (plaintiff.listen().await, json!({ "type": "exclude", "participant": own, "on": true }));
    plaintiff.gets(&mut own_ear, "hears the judge", 10, |v| v.heard_of(1)).await;
    judge.does(seat).await;
    silent(&party, 3, 1).await;
    let had = own_ear.heard();
    party.gets("the hearing goes on", 30, |v| v.heard_of(1)).await;
    assert_eq!(own_ear.heard(), had, "who is excluded hears nothing");
    judge.does(json!({ "type": "show", "exhibit": uuid::Uuid::from_u128(7), "page": 1, "zoom": 100 })).await;
    opponent.until("show", |m| m["page"] == 1).await;
    judge.does(json!({ "type": "exclude", "participant": own, "on": false })).await;
    plaintiff.gets(&mut own_ear, "hears again", 10, |v| v.heard_of(1)).await;
    assert!(plaintiff.heard.iter().all(|m| m["type"] != "show"), "nor saw what was shown");
    drop((clerk, judge, plaintiff, opponent));
    w.end().await;
}

async fn silent_pictures(ear: &Voice, of: u8, while_hearing: u8) {
    ear.gets("the other goes on", 10, |v| v.heard_of(while_hearing)).await;
    let had = ear.seen_of(of);
    ear.gets("the other goes on", 40, |v| v.heard_of(while_hearing)).await;
    assert_eq!(ear.seen_of(of), had, "not one picture more");
}

// part of B42
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interpreter_has_two_voices_and_each_hears_the_one_of_his_language() {
    let w = World::with(with_media()).await;
    let s = waiting(&w).await;
    let (translator, other) = (w.party("陈翻译").await, defendant(&w, &s).await);
    seated(&w, &s, &translator, "interpreter", "'en'").await;
    let clerk = enter(&s.clerk, &s.path).await;
    let (mut judge, mut foreign, mut speaks, mut opponent) = (
        enter(&s.judge, &s.path).await,
        enter(&s.plaintiff, &s.path).await,
        enter(&translator, &s.path).await,
        enter(&other, &s.path).await,
    );
    let _floor = judge.sends(&["audio"], 1, json!({})).await;
    let _court = speaks.sends(&["audio"], 10, json!({})).await;
    let _english = speaks.sends(&["audio"], 11, json!({ "second_voice": true })).await;
    let own = speaks.ask(json!({ "type": "publish", "sdp": "v=0", "tracks": [] })).await;
    assert_eq!(own["type"], "refused", "nonsense is refused and costs nobody the line");
    opponent.refused(json!({ "type": "publish", "sdp": "v=0", "tracks": [], "second_voice": true }), "hearing.not_yours").await;
    foreign.refused(json!({ "type": "channel", "language": "en us" }), "hearing.unreadable").await;
    foreign.does(json!({ "type": "channel", "language": "en" })).await;
    opened(&mut judge).await;
    let (mut english, mut chinese) = (foreign.listen().await, opponent.listen().await);
    foreign.gets(&mut english, "the English voice", 20, |v| v.heard_of(11)).await;
    foreign.gets(&mut english, "and the floor", 20, |v| v.heard_of(1)).await;
    opponent.gets(&mut chinese, "the court's voice", 20, |v| v.heard_of(10)).await;
    assert_eq!((english.heard_of(10), chinese.heard_of(11)), (0, 0), "nobody hears both");
    // back to the floor
    foreign.does(json!({ "type": "channel", "language": null })).await;
    foreign.gets(&mut english, "the court's voice", 20, |v| v.heard_of(10)).await;
    silent(&english, 11, 10).await;
    drop((clerk, judge, foreign, speaks, opponent));
    w.end().await;
}

async fn told_nothing(page: &mut Page, kind: &str) {
    page.catch_up().await;
    assert!(page.heard.iter().all(|m| m["type"] != kind), "{kind}");
}

// part of B50, N30
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gallery_watches_the_public_part_and_is_cut_at_once() {
    let w = World::with(with_media()).await;
    let s = waiting(&w).await;
    let watcher = w.party("周旁听").await;
    let seat = seated(&w, &s, &watcher, "observer", "null").await;
    let mut clerk = enter(&s.clerk, &s.path).await;
    let (mut judge, mut plaintiff, mut gallery) =
        (enter(&s.judge, &s.path).await, enter(&s.plaintiff, &s.path).await, enter(&watcher, &s.path).await);
    let _voices = (judge.sends(&["audio", "video"], 1, json!({})).await, plaintiff.sends(&["audio"], 3, json!({})).await);
    // sends nothing, whatever it offers; is no party to anything
    let _noise = gallery.sends(&["audio", "video"], 9, json!({})).await;
    gallery.refused(json!({ "type": "room", "do": "open", "invite": [s.seat(&w, &s.plaintiff).await] }), "hearing.private_room").await;
    told_nothing(&mut gallery, "offer").await;
    opened(&mut judge).await;
    let mut eye = gallery.listen().await;
    gallery.gets(&mut eye, "the bench is seen", 20, |v| v.seen_of(1)).await;
    gallery.gets(&mut eye, "the plaintiff is heard", 10, |v| v.heard_of(3)).await;
    let mut party = plaintiff.listen().await;
    plaintiff.gets(&mut party, "the judge", 20, |v| v.heard_of(1)).await;
    assert_eq!(party.heard_of(9) + party.seen_of(9), 0, "the gallery is not heard");
    // closed: not one packet more, nor what lies on the table
    let reason = "涉及当事人商业秘密，转入不公开审理";
    judge.does(json!({ "type": "step", "step": "begin_closed_part", "reason": reason, "recorded": true })).await;
    party.gets("the parties go on", 10, |v| v.heard_of(1)).await;
    let had = eye.heard() + eye.seen();
    judge.does(json!({ "type": "show", "exhibit": uuid::Uuid::from_u128(7), "page": 3, "zoom": 100 })).await;
    plaintiff.until("show", |m| m["page"] == 3).await;
    party.gets("the parties go on", 50, |v| v.heard_of(1)).await;
    assert_eq!(eye.heard() + eye.seen(), had, "the gallery gets nothing of the closed part");
    told_nothing(&mut gallery, "show").await;
    let back = enter(&watcher, &s.path).await;
    assert!(back.heard.iter().all(|m| m["type"] != "show"), "nor when it comes anew");
    let mut gallery = back;
    // public again; the judge sends one out
    judge.does(json!({ "type": "step", "step": "back_to_open" })).await;
    let mut eye = gallery.listen().await;
    gallery.gets(&mut eye, "the bench is seen again", 20, |v| v.seen_of(1)).await;
    judge.does(json!({ "type": "exclude", "participant": seat, "on": true })).await;
    party.gets("the parties go on", 10, |v| v.heard_of(1)).await;
    let had = eye.heard() + eye.seen();
    party.gets("the parties go on", 40, |v| v.heard_of(1)).await;
    assert_eq!(eye.heard() + eye.seen(), had, "who is sent out sees nothing");
    let early = line::pass(&watcher, &s.path).await["token"].as_str().unwrap().to_owned();
    judge.does(json!({ "type": "place", "participant": seat, "to": "outside" })).await;
    assert_eq!(gallery.end().await["why"], "removed");
    // out is out: neither by opening the page again, nor by a pass that was given before
    watcher.post(format!("{}/pass", s.path), Value::Null).await.refused(422, "hearing.sent_out");
    assert_eq!(line::knock(&watcher, &s.path, &early).await.0, 403);
    judge.until("presence", |m| shows(m, &seat, "excluded")).await;
    // the court lets in again, and what is said and shown is there
    clerk.does(json!({ "type": "place", "participant": seat, "to": "gallery" })).await;
    let mut gallery = enter(&watcher, &s.path).await;
    let mut eye = gallery.listen().await;
    gallery.gets(&mut eye, "the bench is seen once more", 20, |v| v.seen_of(1)).await;
    // the clerk's word counts as the judge's; who only leaves comes back
    clerk.does(json!({ "type": "place", "participant": seat, "to": "outside" })).await;
    assert_eq!(gallery.end().await["why"], "removed");
    watcher.post(format!("{}/pass", s.path), Value::Null).await.refused(422, "hearing.sent_out");
    judge.does(json!({ "type": "exclude", "participant": seat, "on": false })).await;
    let mut gallery = enter(&watcher, &s.path).await;
    gallery.send(&json!({ "type": "move", "to": "outside" })).await;
    gallery.end().await;
    enter(&watcher, &s.path).await.close().await;
    drop((clerk, judge, plaintiff));
    w.end().await;
}
