//! What goes on beside the sockets: the engine's events, hints from other servers, the recorder's word, leases.
//!
//! Owns the start and the end of all rooms of a server. Must never let one room's trouble stop the others.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use lianting_media::{Begin, Event, ParticipantId, RoomId};
use serde_json::json;
use sqlx::postgres::PgListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::live::Live;
use super::studio::Studio;
use super::told::{self, To};
use super::{admit, alerts, floor, recording, spread};
use crate::app::App;
use crate::error::Result;
use crate::hearing::dropout::Signal;
use crate::hearing::guards::Storage;

/// How often pages learn who speaks and what flows.
const FLOW_EVERY: Duration = Duration::from_millis(250);
/// So many rounds of it between two words of the recorder.
const RECORDING_ROUNDS: u64 = 8;
/// How long a server that stops waits for the store before it gives its rooms away.
const HANDING_OVER: Duration = Duration::from_secs(3);
/// Between two renewals of the leases: five before one is over.
const LEASE_EVERY: Duration = Duration::from_secs(3);
/// A renewal that takes longer waits for its next turn, and keeps no other room waiting.
const RENEWAL: Duration = Duration::from_secs(2);
/// So many renewals between two looks whether a room stands empty.
const EMPTY_ROUNDS: u64 = 5;

/// Starts the rooms of this server, where it holds any.
///
/// # Errors
/// Says what failed and what to do.
pub async fn open(app: &App, stop: &CancellationToken) -> std::result::Result<Vec<tokio::task::JoinHandle<()>>, String> {
    let Some((studio, events)) = Studio::start(app).await? else { return Ok(Vec::new()) };
    app.rooms.equip(studio)?;
    Ok(vec![
        tokio::spawn(hear_engine(app.clone(), events)),
        tokio::spawn(hear_servers(app.clone(), stop.clone())),
        tokio::spawn(look(app.clone(), stop.clone())),
        tokio::spawn(keep_leases(app.clone(), stop.clone())),
        tokio::spawn(crate::hearing::speech::run(app.clone(), stop.clone())),
    ])
}

/// Ends them: pages are told to come back, leases are given back, the engine and the uploader stop.
pub async fn close(app: &App, tasks: Vec<tokio::task::JoinHandle<()>>) {
    let Some(studio) = app.rooms.studio() else { return };
    hand_over(app, studio).await;
    for live in app.rooms.all() {
        let now = app.now();
        for participant in live.here() {
            live.pulse(participant, |p| p.signal(now, Signal::ServerMoved));
        }
        if let Err(cause) = admit::give_back(app, &live).await {
            tracing::warn!(?cause, "a room was not given back");
        }
        told::close(app, &live, "moved").await;
    }
    studio.stop().await;
    for task in tasks {
        let _ = tokio::time::timeout(Duration::from_secs(5), task).await;
    }
}

/// The recordings leave first, while people still see and hear each other: every frame to the disk, every segment to the
/// store. Then the lease is given back, and only then are pages told to go to the next server.
async fn hand_over(app: &App, studio: &Studio) {
    for live in app.rooms.all() {
        live.switch.take_off();
        live.tape.lock().await.let_go().await;
    }
    let end = tokio::time::Instant::now() + HANDING_OVER;
    for live in app.rooms.all() {
        while studio.waits(live.court, live.hearing) && tokio::time::Instant::now() < end {
            studio.hurry();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn hear_engine(app: App, mut events: mpsc::Receiver<Event>) {
    while let Some(event) = events.recv().await {
        heard(&app, event).await;
    }
}

fn find(app: &App, room: RoomId, who: ParticipantId) -> Option<(Arc<Live>, Uuid)> {
    let live = app.rooms.of_engine(room.0)?;
    let participant = floor::of_engine(live.floor()?.as_ref(), who)?;
    Some((live, participant))
}

async fn heard(app: &App, event: Event) {
    match event {
        Event::OfferNeeded { room, participant } => {
            if let Some((live, who)) = find(app, room, participant) {
                spread::offer(app, &live, who, Begin::Continue).await;
            }
        }
        Event::Flow { room, participant, track, flowing, .. } => {
            if let Some((live, who)) = find(app, room, participant) {
                live.flow(who, track, flowing);
                live.dirty.store(true, Ordering::Relaxed);
            }
        }
        Event::Speaking { room, participant, speaking, .. } => {
            if let Some((live, who)) = find(app, room, participant) {
                live.pulse(who, |p| p.speaking = speaking);
                live.dirty.store(true, Ordering::Relaxed);
            }
        }
        Event::Disconnected { room, participant, cause, .. } if cause != "replaced" => {
            if let Some((live, who)) = find(app, room, participant) {
                let now = app.now();
                live.pulse(who, |p| p.signal(now, Signal::MediaLost));
            }
        }
        Event::RoomFailed { room } => {
            if let Some(live) = app.rooms.of_engine(room.0) {
                tracing::error!(hearing = %live.hearing, "the media of a room failed; everybody comes in anew");
                told::close(app, &live, "moved").await;
            }
        }
        Event::TapOverflow { room, packets } => tracing::error!(?room, packets, "the recorder did not take everything"),
        Event::Load { thread, load } => tracing::warn!(thread, ?load, "the media thread's load changed"),
        Event::Missed { events } => tracing::warn!(events, "events of the media engine were missed"),
        Event::Connected { .. } | Event::Disconnected { .. } | Event::Layer { .. } => {}
    }
}

async fn hear_servers(app: App, stop: CancellationToken) {
    let mut listener: Option<PgListener> = None;
    loop {
        if listener.is_none() {
            listener = app.door.listen(&[told::CHANNEL]).await.ok();
        }
        let next = async {
            match &mut listener {
                Some(l) => l.recv().await.ok(),
                None => {
                    tokio::time::sleep(Duration::from_secs(2)).await;
                    None
                }
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            heard = next => match heard {
                Some(hint) => told::heard(&app, hint.payload()).await,
                None => {
                    // what was missed while the line was down is read again
                    listener = None;
                    for live in app.rooms.all() {
                        let _ = spread::spread(&app, &live).await;
                    }
                }
            },
        }
    }
}

/// Looks at every room in turn, a few times a second.
async fn look(app: App, stop: CancellationToken) {
    let mut every = tokio::time::interval(FLOW_EVERY);
    let mut round: u64 = 0;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => {}
        }
        round += 1;
        for live in app.rooms.all() {
            spread::presence_to_all(&live);
            if round.is_multiple_of(RECORDING_ROUNDS)
                && let Err(cause) = recorder(&app, &live).await
            {
                tracing::warn!(?cause, "the recorder's word was not passed on");
            }
        }
    }
}

/// Renews the leases, apart from everything that may have to wait for a recorder or a page.
async fn keep_leases(app: App, stop: CancellationToken) {
    let mut every = tokio::time::interval(LEASE_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut round: u64 = 0;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => {}
        }
        round += 1;
        for live in app.rooms.all() {
            lease(&app, &live, round.is_multiple_of(EMPTY_ROUNDS)).await;
        }
    }
}

/// 红点: by what lies on the disk. A recording that should run and does not is an alert.
async fn recorder(app: &App, live: &Arc<Live>) -> Result<()> {
    let Some(studio) = app.rooms.studio() else { return Ok(()) };
    let Some(floor) = live.floor() else { return Ok(()) };
    let (ready, storage) = studio.ready().await;
    let running = matches!(recording::wanted(&floor.course), recording::Wanted::Open(_));
    if (storage != Storage::Ready && running) != live.storage_told.load(Ordering::Relaxed) {
        storage_alert(app, live, floor.case, storage != Storage::Ready && running).await?;
    }
    let told = live.tape.lock().await.told(ready);
    if live.recording_changed(&told) {
        live.say_to(&told, |_| true);
    } else {
        told::tell(app, live.court, live.hearing, To::Court, told.clone()).await?;
    }
    if running && told["error"].is_string() {
        let mut tx = app.door.enter_as_house(live.court, "hearing:alert").await?;
        let alert = alerts::raise(&mut tx, (live.hearing, floor.case), "recording_lost", None, &json!({})).await?;
        tx.commit(live.hearing, json!({ "alert": "recording_lost" })).await?;
        alerts::tell(app, live.court, live.hearing, alert, "recording_lost", None).await?;
        recording::align(studio, live, &floor.course).await;
    }
    Ok(())
}

/// The spool fills up, or the store takes nothing: the running hearing goes on, and somebody has to look.
async fn storage_alert(app: &App, live: &Live, case: Uuid, on: bool) -> Result<()> {
    let mut tx = app.door.enter_as_house(live.court, "hearing:alert").await?;
    let alert = match on {
        true => alerts::raise(&mut tx, (live.hearing, case), "storage_low", None, &json!({})).await?,
        false => {
            alerts::end(&mut tx, live.hearing, "storage_low", None, "自行恢复").await?;
            None
        }
    };
    tx.commit(live.hearing, json!({ "alert": "storage_low", "on": on })).await?;
    live.storage_told.store(on, Ordering::Relaxed);
    alerts::tell(app, live.court, live.hearing, alert, "storage_low", None).await
}

/// Keeps the lease; a room that another server took, or that stands empty when it is over, is closed here.
async fn lease(app: &App, live: &Arc<Live>, look: bool) {
    match tokio::time::timeout(RENEWAL, admit::renew(app, live)).await {
        Ok(Ok(true)) if look => close_empty(app, live).await,
        Ok(Ok(true)) => {}
        Ok(Ok(false)) => let_go(app, live).await,
        Ok(Err(cause)) => tracing::warn!(?cause, "a lease was not renewed"),
        Err(_) => tracing::warn!(hearing = %live.hearing, "a lease was not renewed in time"),
    }
}

/// Another server holds the room now.
async fn let_go(app: &App, live: &Arc<Live>) {
    // nobody stands in the doorway of a room that closes
    let _one = live.doorway.lock().await;
    tracing::warn!(hearing = %live.hearing, "another server holds this room now");
    told::close(app, live, "moved").await;
    if let Some(studio) = app.rooms.studio() {
        studio.set_aside(live.court, live.hearing);
    }
}

async fn close_empty(app: &App, live: &Arc<Live>) {
    // somebody in the doorway is somebody: the room is not empty, and nobody waits here until he or she is in
    let Ok(_one) = live.doorway.try_lock() else { return };
    if live.here().is_empty() && live.floor().is_none_or(|f| !f.room.state.is_sitting()) {
        let _ = admit::give_back(app, live).await;
        told::close(app, live, "closed").await;
    }
}
