//! 回声: the media server gives back what it is sent, so that a page learns before the hearing whether sound and picture get
//! through, by which way, and how well.
//!
//! Owns the socket of such a test, which is the test: when it closes, everything is gone. Bounded: a minute, one at a time for
//! a person, so many at once on a server. Must never record, touch a hearing, or send anybody anything but his or her own.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use lianting_media::{Begin, Kinds, NoTap, ParticipantId, Publish, Right, RoomId, RoomStats, TrackKind};
use poem::web::Data;
use poem::web::websocket::{Message, WebSocket, WebSocketConfig, WebSocketStream};
use poem::{IntoResponse, Request, Response, handler};
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::dispatch;
use super::socket::own_page;
use super::studio::Studio;
use super::wire::{self, Begin as Anew, Said};
use crate::app::App;
use crate::court::caller::Caller;
use crate::error::{Error, Result, said};

/// How long a test lasts at most.
const LONGEST: Duration = Duration::from_secs(60);
/// At once on a server.
const MOST: usize = 20;
/// Messages of one test: a page needs a dozen.
const MOST_MESSAGES: u32 = 200;
/// Figures come so often.
const EVERY: Duration = Duration::from_secs(1);
/// The half that sends and the half that hears: nobody receives oneself.
const SPEAKS: ParticipantId = ParticipantId(1);
const HEARS: ParticipantId = ParticipantId(2);

/// The tests of a server.
pub struct Echoes {
    free: Arc<Semaphore>,
    mine: Arc<Mutex<HashMap<Uuid, (u64, CancellationToken)>>>,
    serial: AtomicU64,
}

impl Default for Echoes {
    fn default() -> Self {
        Self { free: Arc::new(Semaphore::new(MOST)), mine: Arc::default(), serial: AtomicU64::new(0) }
    }
}

/// A place among them, given back when it is dropped.
struct Place {
    _one_of_many: OwnedSemaphorePermit,
    mine: Arc<Mutex<HashMap<Uuid, (u64, CancellationToken)>>>,
    person: Uuid,
    serial: u64,
    cut: CancellationToken,
}

impl Echoes {
    /// A place for somebody; an older test of the same person ends.
    fn take(&self, person: Uuid) -> Result<Place> {
        let permit = self.free.clone().try_acquire_owned().map_err(|_| busy())?;
        let (serial, cut) = (self.serial.fetch_add(1, Ordering::Relaxed), CancellationToken::new());
        let older = self.mine.lock().unwrap_or_else(PoisonError::into_inner).insert(person, (serial, cut.clone()));
        if let Some((_, older)) = older {
            older.cancel();
        }
        Ok(Place { _one_of_many: permit, mine: self.mine.clone(), person, serial, cut })
    }

    /// How many run now.
    pub fn running(&self) -> usize {
        MOST - self.free.available_permits()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut mine = self.mine.lock().unwrap_or_else(PoisonError::into_inner);
        if mine.get(&self.person).is_some_and(|(serial, _)| *serial == self.serial) {
            mine.remove(&self.person);
        }
    }
}

/// Opens a test: our own page, a session.
#[handler]
pub async fn enter(request: &Request, Data(app): Data<&App>, socket: WebSocket) -> poem::Result<Response> {
    own_page(app, request)?;
    let caller = Caller::of(app, request).await?;
    app.rooms.need()?;
    app.limits.check_measure(caller.person())?;
    let place = app.rooms.echoes.take(caller.person())?;
    let app = app.clone();
    let limits = WebSocketConfig::default().max_message_size(Some(64 << 10)).max_frame_size(Some(64 << 10));
    Ok(socket.config(limits).on_upgrade(move |stream| async move { run(&app, &place, stream).await }).into_response())
}

async fn run(app: &App, place: &Place, stream: WebSocketStream) {
    let Some(studio) = app.rooms.studio() else { return };
    let (sink, incoming) = stream.split();
    let room = RoomId(u128::from_be_bytes(app.random.bytes()));
    let mut test = Test { studio, room, sink, since: Instant::now() };
    let why = match test.open(app, place).await {
        Ok(()) => test.talk(place, incoming).await,
        Err(cause) => {
            tracing::warn!(?cause, "a media test was not opened");
            "busy"
        }
    };
    let _ = studio.engine.close_room(room).await;
    test.say(&json!({ "type": "bye", "why": why })).await;
    let _ = tokio::time::timeout(EVERY, test.sink.close()).await;
}

struct Test<'a> {
    studio: &'a Studio,
    room: RoomId,
    sink: SplitSink<WebSocketStream, Message>,
    since: Instant,
}

impl Test<'_> {
    async fn open(&mut self, app: &App, place: &Place) -> std::result::Result<(), lianting_media::MediaError> {
        let (engine, room) = (&self.studio.engine, self.room);
        engine.create_room(room, Box::new(NoTap)).await?;
        let all = Publish { audio: Right::Allowed, video: Right::Allowed, screen: Right::Allowed, private: true };
        engine.admit(room, SPEAKS, 1, all).await?;
        engine.admit(room, HEARS, 2, Publish::default()).await?;
        engine.set_receive(room, vec![(HEARS, SPEAKS, Kinds::ALL)], true).await?;
        let ice = self.studio.ice(app, &place.person.simple().to_string());
        self.say(&json!({ "type": "hello", "ice": ice, "seconds": LONGEST.as_secs(), "figures_ms": EVERY.as_millis() as u64 })).await;
        Ok(())
    }

    /// False: the page does not take it.
    async fn say(&mut self, message: &Value) -> bool {
        let sent = tokio::time::timeout(Duration::from_secs(5), self.sink.send(Message::Text(message.to_string()))).await;
        matches!(sent, Ok(Ok(())))
    }

    /// Goes on until it is over; says why.
    async fn talk(&mut self, place: &Place, mut incoming: SplitStream<WebSocketStream>) -> &'static str {
        let over = tokio::time::sleep(LONGEST);
        tokio::pin!(over);
        let (mut every, mut messages) = (tokio::time::interval(EVERY), 0);
        loop {
            let next = tokio::select! {
                () = &mut over => return "over",
                () = place.cut.cancelled() => return "replaced",
                _ = every.tick() => {
                    let figures = self.figures().await;
                    if !self.say(&figures).await {
                        return "gone";
                    }
                    continue;
                }
                next = incoming.next() => next,
            };
            let text = match next {
                None | Some(Err(_) | Ok(Message::Close(_))) => return "gone",
                Some(Ok(Message::Text(text))) => text,
                Some(Ok(_)) => String::new(),
            };
            messages += 1;
            if messages > MOST_MESSAGES {
                return "too_fast";
            }
            if !self.hear(&text).await {
                return "gone";
            }
        }
    }

    async fn hear(&mut self, text: &str) -> bool {
        let heard = wire::read(text);
        let answer = match heard.said {
            Ok(said) => self.does(heard.n, said).await,
            Err(e) => Err(e),
        };
        let answers = answer.unwrap_or_else(|e| vec![wire::refused(heard.n, &heard.kind, &e)]);
        for answer in answers {
            if !self.say(&answer).await {
                return false;
            }
        }
        true
    }

    async fn does(&self, n: Option<i64>, said: Said) -> Result<Vec<Value>> {
        let (engine, room) = (&self.studio.engine, self.room);
        match said {
            Said::Publish { sdp, tracks, second_voice: false } => {
                let tracks = tracks.into_iter().map(|(mid, track)| (mid, track.kind())).collect();
                let sdp = engine.publish_offer(room, SPEAKS, sdp, tracks).await.map_err(refused)?;
                let mut answers = vec![json!({ "type": "published", "n": n, "sdp": sdp })];
                answers.extend(self.offer(Begin::Continue).await?);
                Ok(answers)
            }
            Said::Receive { begin } => {
                let begin = match begin {
                    Anew::Continue => Begin::Continue,
                    Anew::Restart => Begin::RestartIce,
                    Anew::Anew => Begin::Anew,
                };
                Ok(self.offer(begin).await?.into_iter().collect())
            }
            Said::Answer { version, sdp } => match engine.receive_answer(room, HEARS, version, sdp).await {
                Ok(()) | Err(lianting_media::MediaError::OutOfOrder(_)) => Ok(n.map(wire::done).into_iter().collect()),
                Err(e) => Err(refused(e)),
            },
            _ => Err(wire::unreadable("type")),
        }
    }

    async fn offer(&self, begin: Begin) -> Result<Option<Value>> {
        let offer = self.studio.engine.receive_offer(self.room, HEARS, begin).await.map_err(refused)?;
        Ok(offer.map(|offer| {
            let tracks: Vec<Value> = offer.tracks.iter().map(|(mid, _, kind)| json!([mid, "own", super::wire::Track::of(*kind)])).collect();
            json!({ "type": "offer", "version": offer.version, "fresh": offer.fresh, "sdp": offer.sdp, "tracks": tracks })
        }))
    }

    async fn figures(&self) -> Value {
        let left = LONGEST.saturating_sub(self.since.elapsed()).as_secs();
        let stats = self.studio.engine.stats(self.room).await.ok();
        figures(stats.as_ref(), left)
    }
}

/// What the server measured: what came up (by it), what went down (by what the page reported back). Losses in tenths of a
/// percent, rates in kilobits a second.
fn figures(stats: Option<&RoomStats>, left: u64) -> Value {
    let of = |who: ParticipantId| stats.and_then(|s| s.participants.iter().find(|p| p.participant == who));
    let (speaks, hears) = (of(SPEAKS), of(HEARS));
    let sent = speaks.map(|p| p.sent.as_slice()).unwrap_or_default();
    let received = hears.map(|p| p.received.as_slice()).unwrap_or_default();
    let permille = |loss: f32| (loss * 1000.0).round();
    let worst = |all: &mut dyn Iterator<Item = f32>| permille(all.fold(0.0, f32::max));
    let flows = |kind: TrackKind| sent.iter().any(|s| s.kind == kind && s.packets > 0);
    json!({
        "type": "figures",
        "seconds_left": left,
        "up": {
            "connected": speaks.is_some_and(|p| p.publishing),
            "tcp": speaks.is_some_and(|p| p.tcp),
            "audio": flows(TrackKind::Audio),
            "video": flows(TrackKind::Video),
            "packets": sent.iter().map(|s| s.packets).sum::<u64>(),
            "kbps": sent.iter().map(|s| u64::from(s.bitrate) / 1000).sum::<u64>(),
            "loss": worst(&mut sent.iter().map(|s| s.loss)),
            "jitter_ms": sent.iter().map(|s| s.jitter.as_millis() as u64).max(),
        },
        "down": {
            "connected": hears.is_some_and(|p| p.receiving),
            "tcp": hears.is_some_and(|p| p.tcp),
            "packets": received.iter().map(|r| u64::from(r.packets)).sum::<u64>(),
            "estimate_kbps": hears.map(|p| (p.estimate / 1000.0).round()),
            "loss": worst(&mut received.iter().map(|r| r.loss)),
            "rtt_ms": received.iter().filter_map(|r| r.round_trip).max().map(|d| d.as_millis() as u64),
        },
    })
}

fn refused(cause: lianting_media::MediaError) -> Error {
    tracing::info!(%cause, "a media test was refused a description");
    dispatch::refused(said("音视频连接没有建立。", "The media connection was not made."))
}

fn busy() -> Error {
    Error::unavailable("media.busy", said("现在检测的人很多。", "Many people are testing now."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_and_one_person_has_one() {
        let echoes = Echoes::default();
        let somebody = Uuid::from_u128(1);
        let first = echoes.take(somebody).unwrap();
        let second = echoes.take(somebody).unwrap();
        assert!(first.cut.is_cancelled() && !second.cut.is_cancelled());
        drop(first);
        assert_eq!(echoes.running(), 1);
        let others: Vec<Place> = (2..=MOST as u128).map(|n| echoes.take(Uuid::from_u128(n)).unwrap()).collect();
        assert_eq!(echoes.take(Uuid::from_u128(99)).map(|_| ()).unwrap_err().code, "media.busy");
        drop((others, second));
        assert_eq!(echoes.running(), 0);
        assert!(echoes.mine.lock().unwrap().is_empty());
    }
}
