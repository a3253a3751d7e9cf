//! After a commit: the engine, the recorder and every page are told what the rows say now.
//!
//! Owns the order: rights first (whoever must not hear any more hears nothing from here on), then the recorder, then the
//! pages. Must never tell from memory: it reads the rows each time, so that a message that was lost changes nothing.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::{Value, json};
use uuid::Uuid;

use super::floor::{self, Floor, Seated, participant_id, room_id, second_voice};
use super::live::Live;
use super::{recording, told};
use crate::app::App;
use crate::error::Result;
use crate::hearing::before::ready;
use crate::hearing::guards::{self, Obstacle, Ready};
use crate::hearing::words::{Place, Role, State};

/// Reads the room and tells everybody.
///
/// # Errors
/// What the database says.
pub async fn spread(app: &App, live: &Arc<Live>) -> Result<()> {
    let _one = live.telling.lock().await;
    let Some(studio) = app.rooms.studio() else { return Ok(()) };
    let recorder = studio.ready().await;
    let mut tx = app.door.enter_as_house(live.court, "hearing:floor").await?;
    let floor = Arc::new(floor::load(&mut tx, live.hearing, live.roll_call()).await?);
    let ready = ready::of(app, &mut tx, live.hearing, recorder).await?;
    drop(tx);
    rights(app, live, &floor).await;
    let lost = recording::align(studio, live, &floor.course).await;
    if lost {
        told::tell(app, live.court, live.hearing, told::To::Court, json!({ "type": "alert", "kind": "recording_lost" })).await?;
    }
    let before = live.keep_floor(floor.clone());
    for seat in floor.people.iter().filter(|p| p.connected && live.is_here(p.present.id)) {
        tell_one(live, &floor, seat, before.as_deref(), &ready);
    }
    for gone in live.here().into_iter().filter(|p| floor.seat(*p).is_none_or(|s| s.connected && s.present.place == Place::Outside)) {
        live.bye(gone, "removed");
    }
    if floor.room.state.is_final() {
        told::close(app, live, "closed").await;
    }
    Ok(())
}

/// Sets what everybody may send and receive.
async fn rights(app: &App, live: &Live, floor: &Floor) {
    let Some(studio) = app.rooms.studio() else { return };
    let (engine, room) = (&studio.engine, room_id(live.hearing));
    if let Err(e) = engine.set_receive(room, floor.grants(), true).await {
        tracing::warn!(cause = %e, "rights to receive were not set");
    }
    for seat in floor.people.iter().filter(|p| live.is_here(p.present.id)) {
        let publish = floor.publish(seat);
        let _ = engine.set_publish(room, participant_id(seat.present.id), publish).await;
        if seat.present.role == Role::Interpreter {
            let _ = engine.set_publish(room, second_voice(seat.present.id), publish).await;
        }
    }
}

fn tell_one(live: &Live, floor: &Floor, seat: &Seated, before: Option<&Floor>, ready: &Ready) {
    let id = seat.present.id;
    let old = before.and_then(|f| f.seat(id)).map(|s| (s.present.place, s.present.room));
    if old.is_some_and(|old| old != (seat.present.place, seat.present.room)) {
        live.say(id, &json!({ "type": "place", "to": seat.present.place, "room": seat.present.room }));
    }
    live.say(id, &state(floor, seat, ready));
    live.say(id, &presence(live, floor, seat));
}

/// Tells who is there, after something that is no row changed (who speaks, what flows).
pub fn presence_to_all(live: &Live) {
    if !live.dirty.swap(false, Ordering::Relaxed) {
        return;
    }
    let Some(floor) = live.floor() else { return };
    for seat in floor.people.iter().filter(|p| live.is_here(p.present.id)) {
        live.say(seat.present.id, &presence(live, &floor, seat));
    }
}

/// The state of the hearing, as one participant sees it.
pub fn state(floor: &Floor, seat: &Seated, ready: &Ready) -> Value {
    let (course, role) = (&floor.course, seat.present.role);
    let hand = guards::Hand::of(role);
    let (offered, obstacles) =
        if role.is_court() { (guards::offered(course, hand, ready), guards::obstacles(ready)) } else { (Vec::new(), Vec::new()) };
    json!({
        "type": "state",
        "state": course.state,
        "state_name": course.state.zh(),
        "state_name_en": course.state.en(),
        "stage": course.stage,
        "stage_name": course.stage.map(|s| s.zh()),
        "offered": offered,
        "obstacles": obstacles.iter().map(obstacle).collect::<Vec<_>>(),
        "opened_at": course.opened_at,
        "ended_at": course.ended_at,
        "public_now": floor.room.public && course.is_public_now(),
        "breaks": if role.only_watches() || role.waits_apart() { json!([]) } else { json!(course.breaks) },
        "version": floor.version,
    })
}

fn obstacle(o: &Obstacle) -> Value {
    json!({ "code": o.code, "text": o.zh, "text_en": o.en, "article": o.article.zh, "may_be_set_aside": o.may_be_set_aside })
}

/// Everybody a participant may know of.
pub fn presence(live: &Live, floor: &Floor, viewer: &Seated) -> Value {
    let items: Vec<Value> = floor.people.iter().filter(|s| floor.knows(viewer, s)).map(|s| item(live, s, viewer)).collect();
    json!({ "type": "presence", "items": items })
}

fn item(live: &Live, seat: &Seated, viewer: &Seated) -> Value {
    let p = &seat.present;
    let plate = seat.plate();
    let pulse = live.known(p.id, |x| (x.flowing, x.muted, x.speaking, x.beats.back().cloned()));
    let watches = viewer.present.role.is_court() || viewer.present.role == Role::Technician || viewer.present.id == p.id;
    let health = match (watches && seat.connected, &pulse.3) {
        (true, Some(beat)) => json!(crate::hearing::dropout::health(Some(beat), beat.at)),
        _ => Value::Null,
    };
    json!({
        "participant": p.id,
        "name": seat.name,
        "role": p.role,
        "plate": plate.zh,
        "plate_en": plate.en,
        "area": crate::hearing::views::area(plate.area),
        "side": seat.side,
        "party": seat.party,
        "in_court": p.in_court,
        "place": p.place,
        "room": p.room,
        "connected": seat.connected,
        "hand": seat.hand_at.is_some(),
        "hand_at": seat.hand_at,
        "locked": p.locked,
        "sharing": p.may_share,
        "called": seat.called,
        "excluded": p.excluded,
        "interprets": p.interprets.as_ref().filter(|_| p.role == Role::Interpreter),
        "muted": pulse.1,
        "health": health,
        "audio": pulse.0[0] && !pulse.1[0],
        "video": pulse.0[1] && !pulse.1[1],
        "screen": pulse.0[2] && !pulse.1[2],
        "speaking": pulse.2,
    })
}

/// Words to begin with, for a page that just came.
pub fn first_words(live: &Live, floor: &Floor, seat: &Seated, ready: &Ready) -> Vec<Value> {
    let mut words = vec![state(floor, seat, ready), presence(live, floor, seat), view(live)];
    words.extend(live.recording());
    if sees_table(floor, seat) {
        words.extend(live.shown());
    }
    words
}

/// What lies on the table is for the courtroom, and for the gallery while the hearing is public.
pub fn sees_table(floor: &Floor, seat: &Seated) -> bool {
    match seat.present.place {
        Place::Courtroom => !seat.present.excluded || seat.present.role.is_court(),
        Place::Gallery => !seat.present.excluded && floor.room.public && floor.room.state == State::Open,
        _ => false,
    }
}

/// How pages look now.
pub fn view(live: &Live) -> Value {
    let view = live.view();
    json!({ "type": "view", "layout": view.layout, "spotlight": view.spotlight })
}

/// Asks the engine what a participant may receive, and brings it to the page.
pub async fn offer(app: &App, live: &Live, participant: Uuid, begin: lianting_media::Begin) {
    let Some(studio) = app.rooms.studio() else { return };
    match studio.engine.receive_offer(room_id(live.hearing), participant_id(participant), begin).await {
        Ok(Some(offer)) => {
            let Some(floor) = live.floor() else { return };
            let tracks: Vec<Value> = offer
                .tracks
                .iter()
                .filter_map(|(mid, who, kind)| Some(json!([mid, floor::of_engine(&floor, *who)?, super::wire::Track::of(*kind)])))
                .collect();
            live.say(
                participant,
                &json!({ "type": "offer", "version": offer.version, "fresh": offer.fresh, "sdp": offer.sdp, "tracks": tracks }),
            );
        }
        Ok(None) => {}
        Err(e) => tracing::debug!(cause = %e, "no offer could be made"),
    }
}
