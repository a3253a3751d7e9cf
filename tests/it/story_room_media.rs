//! 法庭的线路: pictures come again after a pause, who comes back at once is not shown out, and four hours with two hundred
//! reconnections leave nothing behind and disturb nobody.

use std::time::Duration;

use chrono::TimeDelta;
use lianting::hearing::room::floor::{participant_id, room_id};
use lianting::hearing::room::live::Live;
use lianting_media::{RoomStats, TrackKind};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::kit::line::{Page, enter};
use crate::kit::voice::{Marked, Voice};
use crate::kit::{LIXIA, Person, World};
use crate::story_room::{Sitting, waiting, with_media};

pub const OPENS: &str = "当事人身份已经当庭口头核对，纪律已当庭宣布";

/// The room as this server holds it.
pub fn live(w: &World, s: &Sitting) -> Arc<Live> {
    w.app.rooms.find(LIXIA, s.id.parse().unwrap()).expect("the room is open here")
}

/// What the media server counted.
pub async fn stats(w: &World, s: &Sitting) -> RoomStats {
    let studio = w.app.rooms.studio().unwrap();
    studio.engine.stats(room_id(s.id.parse().unwrap())).await.unwrap()
}

/// Opened by the judge.
pub async fn opened(judge: &mut Page) {
    judge.does(json!({ "type": "step", "step": "open", "set_aside": OPENS })).await;
    judge.until("recording", |m| m["on"] == true).await;
}

async fn key_requests(w: &World, s: &Sitting, of: &str) -> u32 {
    let id = participant_id(of.parse().unwrap());
    let stats = stats(w, s).await;
    let found = stats.participants.iter().find(|p| p.participant == id).unwrap();
    found.sent.iter().filter(|t| t.kind == TrackKind::Video).map(|t| t.key_requests).sum()
}

// part of H23, 36
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_pause_every_picture_comes_again() {
    let w = World::with(with_media()).await;
    let s = waiting(&w).await;
    let (mut judge, mut clerk, mut plaintiff) =
        (enter(&s.judge, &s.path).await, enter(&s.clerk, &s.path).await, enter(&s.plaintiff, &s.path).await);
    let kinds = ["audio", "video"];
    let _voices =
        (judge.sends(&kinds, 1, json!({})).await, clerk.sends(&kinds, 2, json!({})).await, plaintiff.sends(&kinds, 3, json!({})).await);
    opened(&mut judge).await;
    let mut party = plaintiff.listen().await;
    let mut bench = judge.listen().await;
    let seats = [s.seat(&w, &s.judge).await, s.seat(&w, &s.clerk).await, s.seat(&w, &s.plaintiff).await];
    for pause in 0..3 {
        let full = |m: &Value| m["tracks"].as_array().is_some_and(|t| t.len() == 4);
        plaintiff.follows_until(&mut party, full).await;
        judge.follows_until(&mut bench, full).await;
        let mut asked = Vec::new();
        for seat in &seats {
            asked.push(key_requests(&w, &s, seat).await);
        }
        for mark in [1, 2] {
            plaintiff.gets(&mut party, "a picture for the plaintiff", 20, |v| v.seen_of(mark)).await;
            plaintiff.gets(&mut party, "a voice for the plaintiff", 20, |v| v.heard_of(mark)).await;
        }
        for mark in [2, 3] {
            judge.gets(&mut bench, "a picture for the judge", 20, |v| v.seen_of(mark)).await;
        }
        for (seat, before) in seats.iter().zip(asked) {
            let more = key_requests(&w, &s, seat).await - before;
            assert!(more <= 12, "{more} key frames were asked for");
        }
        if pause == 2 {
            break;
        }
        judge.does(json!({ "type": "step", "step": "adjourn", "reason": "当事人身体不适，休庭十五分钟" })).await;
        let none = |m: &Value| m["tracks"].as_array().is_some_and(Vec::is_empty);
        plaintiff.follows_until(&mut party, none).await;
        // the judge's page is slow: it answers what was offered before the pause only after it
        let (heard, seen) = (party.heard(), party.seen());
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert_eq!((party.heard(), party.seen()), (heard, seen), "in a pause nothing flows");
        judge.does(json!({ "type": "step", "step": "resume" })).await;
    }
    drop((judge, clerk, plaintiff));
    w.end().await;
}

// part of H21, 47
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_at_once_is_not_shown_out_by_the_end_of_the_old_line() {
    let w = World::with(with_media()).await;
    let s = waiting(&w).await;
    let (mut judge, clerk, mut plaintiff) =
        (enter(&s.judge, &s.path).await, enter(&s.clerk, &s.path).await, enter(&s.plaintiff, &s.path).await);
    let _voice = judge.sends(&["audio"], 1, json!({})).await;
    opened(&mut judge).await;
    for _ in 0..8 {
        // as a page does it: the old line is dropped and the new one made in the same moment
        let (_, again) = tokio::join!(plaintiff.close(), enter(&s.plaintiff, &s.path));
        plaintiff = again;
        plaintiff.does(json!({ "type": "hand", "up": true })).await;
        let _sent = plaintiff.sends(&["audio"], 3, json!({})).await;
        let mut heard = plaintiff.listen().await;
        plaintiff.gets(&mut heard, "the judge", 5, Voice::heard).await;
    }
    let own = s.seat(&w, &s.plaintiff).await;
    let there = format!("select count(*) from hearing_presence where participant_id = '{own}' and disconnected_at is null");
    assert_eq!(w.count(&there).await, 1, "and the rows say so");
    // an answer that comes late is nobody's fault; an overtaken one is not refused
    let offer = plaintiff.offer().await;
    let (_, late) = Marked::receiving(offer["sdp"].as_str().unwrap());
    plaintiff.does(json!({ "type": "answer", "version": offer["version"].as_u64().unwrap() - 1, "sdp": late })).await;
    // with no seat in the media server a page is told to come anew, and has one again
    let engine = &w.app.rooms.studio().unwrap().engine;
    engine.remove(room_id(s.id.parse().unwrap()), participant_id(own.parse().unwrap())).await.unwrap();
    plaintiff.send(&json!({ "type": "publish", "n": 77, "sdp": "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", "tracks": [] })).await;
    assert_eq!(plaintiff.end().await["why"], "moved");
    let mut plaintiff = enter(&s.plaintiff, &s.path).await;
    let _sent = plaintiff.sends(&["audio"], 3, json!({})).await;
    let mut heard = plaintiff.listen().await;
    plaintiff.gets(&mut heard, "the judge", 5, Voice::heard).await;
    drop((judge, clerk, plaintiff));
    w.end().await;
}

/// Comes back so often, and is refused nothing.
async fn again_and_again(w: &World, s: &Sitting, who: &Person, times: usize) {
    for n in 0..times {
        let page = enter(who, &s.path).await;
        assert!(page.heard.iter().all(|m| m["type"] != "refused" && m["type"] != "bye"), "{:?}", page.heard);
        // every other time the line just breaks
        if n % 2 == 0 {
            page.close().await
        } else {
            drop(page)
        }
        // four hours in two hundred steps
        w.turn_to(w.now() + TimeDelta::seconds(72)).await;
    }
}

// part of H21, 47
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_hours_and_two_hundred_reconnections_leave_nothing_behind() {
    let w = World::with(with_media()).await;
    let s = waiting(&w).await;
    let (mut judge, mut clerk) = (enter(&s.judge, &s.path).await, enter(&s.clerk, &s.path).await);
    let _voice = clerk.sends(&["audio"], 2, json!({})).await;
    opened(&mut judge).await;
    let mut ear = judge.listen().await;
    judge.gets(&mut ear, "the clerk", 10, Voice::heard).await;
    let from = w.now();
    again_and_again(&w, &s, &s.plaintiff, 100).await;
    judge.gets(&mut ear, "the clerk", 10, Voice::heard).await;
    again_and_again(&w, &s, &s.witness, 100).await;
    assert!(w.now() - from >= TimeDelta::hours(4));
    let (plaintiff, witness) = (enter(&s.plaintiff, &s.path).await, enter(&s.witness, &s.path).await);
    // nobody else noticed: the same line, the same connection
    judge.gets(&mut ear, "the clerk", 10, Voice::heard).await;
    judge.does(json!({ "type": "layout", "layout": "equal" })).await;
    assert!(judge.heard.iter().all(|m| m["type"] != "bye" && m["type"] != "refused"));
    let offers = judge.heard.iter().filter(|m| m["type"] == "offer").count();
    assert!(offers < 10, "{offers} offers for who came and went and sent nothing");
    // nothing grew
    // the end of the last broken line may still be on its way
    for _ in 0..200 {
        if live(&w, &s).sizes().0 == 4 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    // four lines, and a pulse of each of the four who ever had one: the defendant, whose seat everybody sees on the plan, never
    // came, and looking at a seat keeps nothing of it
    assert_eq!(live(&w, &s).sizes(), (4, 4));
    assert_eq!(stats(&w, &s).await.participants.len(), 4);
    let figures = w.app.rooms.studio().unwrap().engine.figures().pop().unwrap().await.unwrap();
    assert!(figures.known.0 + figures.known.1 <= 24, "{figures:?}");
    let rows = |table: &str| format!("select count(*) from {table} where hearing_id = '{}'", s.id);
    assert_eq!(w.count(&rows("hearing_presence")).await, 4);
    assert!(w.count(&rows("hearing_tokens")).await <= 40, "passes: {}", w.count(&rows("hearing_tokens")).await);
    drop((judge, clerk, plaintiff, witness));
    w.end().await;
}
