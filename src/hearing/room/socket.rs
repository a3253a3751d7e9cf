//! The socket of a page in a hearing.
//!
//! Owns the upgrade (origin, session, pass), the pace (64 KiB a message, 40 a second), the pings, and the end of a line. Must
//! never let one page hold up another: what is not taken in time ends the line, and the page comes back by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use poem::web::websocket::{CloseCode, Message, WebSocket, WebSocketConfig, WebSocketStream};
use poem::web::{Data, Path, Query};
use poem::{IntoResponse, Request, Response, handler};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::command::Doing;
use super::dispatch::{Reply, Talk};
use super::floor::Seated;
use super::live::{Live, Out, WAITING};
use super::seat::Own;
use super::{admission, admit, floor, gone, spread, told, wire};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::{Error, Result, said};
use crate::hearing::before::ready;
use crate::hearing::guards::Hand;
use crate::kit::seal::sha256;

/// The longest message.
const LONGEST: usize = 64 << 10;
/// Messages in a second.
const MOST_A_SECOND: u32 = 40;
/// A ping goes out so often.
const PING: Duration = Duration::from_secs(10);
/// Nothing at all for so long, not even an answer to a ping: the line is dead.
const SILENCE: Duration = Duration::from_secs(25);

/// The pass, as the page shows it.
#[derive(Deserialize)]
struct Shown {
    token: String,
}

/// Opens the socket: our own page, a session, a pass that was not used.
#[handler]
pub async fn enter(
    request: &Request,
    Data(app): Data<&App>,
    Path((court, hearing)): Path<(i32, Uuid)>,
    Query(shown): Query<Shown>,
    socket: WebSocket,
) -> poem::Result<Response> {
    own_page(app, request)?;
    let caller = Caller::of(app, request).await?;
    let (live, own) = let_in(app, &caller, court, hearing, &shown.token).await?;
    let app = app.clone();
    let limits = WebSocketConfig::default().max_message_size(Some(LONGEST)).max_frame_size(Some(LONGEST));
    let upgraded = socket.config(limits).on_upgrade(move |stream| async move {
        talk(app, caller, live, own, shown.token, stream).await;
    });
    Ok(upgraded.into_response())
}

/// A browser says where the page came from; software, which brings its token in a header, may leave it out.
///
/// # Errors
/// A foreign page.
pub fn own_page(app: &App, request: &Request) -> Result<()> {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    let same = match header("origin") {
        None => header("authorization").is_some(),
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            origin == app.config.public_url.trim_end_matches('/') || (host.is_some() && host == header("host"))
        }
    };
    let foreign = header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none"));
    if same && !foreign { Ok(()) } else { Err(admission::refused()) }
}

async fn let_in(app: &App, caller: &Caller, court: i32, hearing: Uuid, token: &str) -> Result<(Arc<Live>, Own)> {
    app.rooms.need()?;
    let mut tx = app.door.enter(caller, court, Act::HearingTake).await.map_err(|_| admission::refused())?;
    let own = admission::take(&mut tx, caller, hearing, token).await?;
    tx.commit(hearing, json!({ "pass": "used", "participant": own.participant })).await?;
    // whoever holds a good pass is told where the room is
    let live = admit::hold(app, court, hearing).await?;
    Ok((live, own))
}

struct Ends {
    sink: SplitSink<WebSocketStream, Message>,
    out: mpsc::Receiver<Out>,
    cut: CancellationToken,
}

async fn talk(app: App, caller: Caller, live: Arc<Live>, own: Own, token: String, stream: WebSocketStream) {
    let (sink, incoming) = stream.split();
    let (to_page, out) = mpsc::channel(WAITING);
    let (cut, ticket) = (CancellationToken::new(), ticket(&token));
    let pump = tokio::spawn(pump(Ends { sink, out, cut: cut.clone() }));
    match arrive(&app, &live, &own, ticket, (&to_page, cut)).await {
        Ok(serial) => {
            let doing = Doing { app: &app, caller: &caller, live: &live };
            let why = listen(Talk { doing, own: &own, serial }, &to_page, incoming).await;
            tracing::debug!(why, "a line of a hearing closed");
            part(&app, &live, &own, serial, ticket).await;
        }
        Err(cause) => {
            tracing::warn!(?cause, "nobody was let into the room");
            let _ = to_page.try_send(Out::Say(wire::refused(None, "join", &cause).to_string().into()));
            // what may pass brings the page back, what will not ends it
            say_bye(&to_page, if cause.status.is_server_error() { "moved" } else { "closed" });
        }
    }
    drop(to_page);
    let _ = tokio::time::timeout(Duration::from_secs(5), pump).await;
}

/// A line ended, unless a newer one of the same seat took its place.
async fn part(app: &App, live: &Arc<Live>, own: &Own, serial: u64, ticket: u128) {
    let _one = live.doorway.lock().await;
    let gone_at = app.now();
    if live.close(own.participant, serial, gone_at) {
        gone::watch(app, live, own.participant, gone_at);
        if let Err(cause) = admit::part(app, live, own.participant, ticket, gone_at).await {
            tracing::warn!(?cause, "a closed line was not noted");
        }
    }
}

/// Comes in: the row, the line, the seat in the engine, with nobody else in the doorway. Answers the line's serial.
async fn arrive(
    app: &App,
    live: &Arc<Live>,
    own: &Own,
    ticket: u128,
    (to_page, cut): (&mpsc::Sender<Out>, CancellationToken),
) -> Result<u64> {
    let _one = live.doorway.lock().await;
    // it was closed, or taken by another server, while we stood outside
    if !app.rooms.find(live.court, live.hearing).is_some_and(|held| Arc::ptr_eq(&held, live)) {
        return Err(Error::unavailable("hearing.held_elsewhere", said("这个法庭换了服务器。", "The room changed its server.")));
    }
    let serial = welcome(app, live, own, (to_page, cut)).await?;
    if let Err(cause) = admit::seat(app, live, own, ticket).await {
        tracing::warn!(?cause, "a seat in the engine was not given");
        let _ = to_page.try_send(Out::Say(wire::refused(None, "join", &cause).to_string().into()));
    }
    Ok(serial)
}

/// The arrival as a row, the first words, then the line: nothing comes before "hello". Answers the line's serial.
async fn welcome(app: &App, live: &Arc<Live>, own: &Own, (to_page, cut): (&mpsc::Sender<Out>, CancellationToken)) -> Result<u64> {
    let mut tx = app.door.enter_as_house(live.court, "hearing:join").await?;
    let lines = admit::note_arrival(&mut tx, own, live).await?;
    tx.commit(live.hearing, json!({ "joined": own.participant })).await?;
    let studio = app.rooms.need()?;
    let recorder = studio.ready().await;
    let mut tx = app.door.enter_as_house(live.court, "hearing:floor").await?;
    let floor = floor::load(&mut tx, live.hearing, live.roll_call()).await?;
    let ready = ready::of(app, &mut tx, live.hearing, recorder).await?;
    drop(tx);
    let seat = floor.seat(own.participant).ok_or_else(Error::not_found)?;
    let first = std::iter::once(hello(app, live, own, seat).await?).chain(spread::first_words(live, &floor, seat, &ready));
    for word in first {
        to_page.send(Out::Say(word.to_string().into())).await.map_err(Error::internal)?;
    }
    let (serial, older) = live.open(own.participant, to_page.clone(), cut);
    if let Some(older) = older {
        let _ = older.out.try_send(Out::Bye(json!({ "type": "bye", "why": "replaced" }).to_string().into()));
    }
    told::noted(app, live.court, live.hearing, lines).await?;
    Ok(serial)
}

async fn hello(app: &App, live: &Live, own: &Own, seat: &Seated) -> Result<Value> {
    let (plate, studio) = (own.plate(), app.rooms.need()?);
    let hand = match own.hand() {
        Hand::Judge => "judge",
        Hand::Clerk => "clerk",
        _ => "other",
    };
    Ok(json!({
        "type": "hello",
        "participant": own.participant,
        "role": own.role,
        "place": seat.present.place,
        "room": seat.present.room,
        "plate": plate.zh,
        "plate_en": plate.en,
        "court": own.role.is_court(),
        // the language one chose to hear stays chosen when one comes anew
        "hears": seat.present.hears,
        "hand": hand,
        "epoch": live.epoch,
        "at_ms": live.tape.lock().await.media().map(|(_, ms)| ms),
        "now": app.now(),
        "ice": studio.ice(app, &own.participant.simple().to_string()),
        "beat_ms": 2000,
    }))
}

/// The number the engine knows a pass by.
fn ticket(token: &str) -> u128 {
    let hash = sha256(token.as_bytes());
    hash.iter().take(16).fold(0, |n, byte| n << 8 | u128::from(*byte)) & !1
}

/// Sends what is to be sent, and pings.
async fn pump(mut ends: Ends) {
    let mut ping = tokio::time::interval(PING);
    loop {
        let message = tokio::select! {
            out = ends.out.recv() => match out {
                Some(Out::Say(text)) => Message::Text(text.to_string()),
                Some(Out::Bye(text)) => {
                    let code = if text.contains("too_fast") { CloseCode::Policy } else { CloseCode::Normal };
                    let _ = ends.sink.send(Message::Text(text.to_string())).await;
                    let _ = ends.sink.send(Message::close_with(code, "")).await;
                    break;
                }
                None => break,
            },
            _ = ping.tick() => Message::Ping(Vec::new()),
            () = ends.cut.cancelled() => break,
        };
        let sent = tokio::time::timeout(Duration::from_secs(10), ends.sink.send(message)).await;
        if !matches!(sent, Ok(Ok(()))) {
            break;
        }
    }
    let _ = ends.sink.close().await;
}

/// Counts messages within a second.
struct Pace {
    since: Instant,
    n: u32,
}

impl Pace {
    fn may(&mut self) -> bool {
        if self.since.elapsed() >= Duration::from_secs(1) {
            (self.since, self.n) = (Instant::now(), 0);
        }
        self.n += 1;
        self.n <= MOST_A_SECOND
    }
}

/// Messages of a page that were read and not yet done.
const READ_AHEAD: usize = 2 * MOST_A_SECOND as usize;

/// Hears a page until its line ends; says why it did. Reading goes on while a message is being done, so that the pace is
/// counted as messages come, and what was begun is brought to its end.
async fn listen(talk: Talk<'_>, to_page: &mpsc::Sender<Out>, mut incoming: SplitStream<WebSocketStream>) -> &'static str {
    let (to_do, mut read) = mpsc::channel::<String>(READ_AHEAD);
    let (over, talk) = (&AtomicBool::new(false), &talk);
    let reading = async {
        let why = read_all(talk.doing.app, talk.doing.caller, to_page, &mut incoming, to_do).await;
        over.store(true, Ordering::SeqCst);
        why
    };
    // the queue's end goes with it
    let doing = async move {
        while let Some(text) = read.recv().await {
            // a line that has ended does no more
            if over.load(Ordering::SeqCst) || !talk.is_newest() || !answer(talk, to_page, &text).await {
                break;
            }
        }
    };
    let (why, ()) = tokio::join!(reading, doing);
    why
}

/// Reads until the line ends. The queue goes with it.
async fn read_all(
    app: &App,
    caller: &Caller,
    to_page: &mpsc::Sender<Out>,
    incoming: &mut SplitStream<WebSocketStream>,
    to_do: mpsc::Sender<String>,
) -> &'static str {
    let mut pace = Pace { since: Instant::now(), n: 0 };
    let mut looked = Instant::now();
    loop {
        let next = tokio::select! {
            next = tokio::time::timeout(SILENCE, incoming.next()) => next,
            () = to_page.closed() => return "said good-bye",
        };
        let text = match next {
            Err(_) => return "silent",
            Ok(None | Some(Err(_)) | Some(Ok(Message::Close(_)))) => return "closed by the page",
            Ok(Some(Ok(Message::Text(text)))) => text,
            Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => continue,
            Ok(Some(Ok(Message::Binary(_)))) => String::new(),
        };
        if !pace.may() {
            say_bye(to_page, "too_fast");
            return "too fast";
        }
        if looked.elapsed() >= PING {
            looked = Instant::now();
            let Ok(session) = app.sessions.find(app, &caller.session.token_hash).await else {
                say_bye(to_page, "signed_out");
                return "signed out";
            };
            // nobody is signed out of a hearing by its length
            if let Err(fault) = app.sessions.carry(app, &session).await {
                tracing::warn!(?fault, "a session in a hearing cannot be carried on");
            }
        }
        match to_do.try_send(text) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                say_bye(to_page, "too_fast");
                return "too fast";
            }
            Err(TrySendError::Closed(_)) => return "did not keep up",
        }
    }
}

/// Does what a message says and answers it. False when the page does not take the answer.
async fn answer(talk: &Talk<'_>, to_page: &mpsc::Sender<Out>, text: &str) -> bool {
    let heard = wire::read(text);
    let done = match heard.said {
        Ok(said) => talk.hear(heard.n, said, talk.doing.app.now()).await,
        Err(e) => Err(e),
    };
    let answer = match (done, heard.n) {
        (Ok(Reply::Say(value)), _) => Some(value),
        (Ok(Reply::Done), Some(n)) => Some(wire::done(n)),
        (Ok(Reply::Done), None) => None,
        (Err(e), n) => Some(wire::refused(n, &heard.kind, &e)),
    };
    answer.is_none_or(|a| to_page.try_send(Out::Say(a.to_string().into())).is_ok())
}

fn say_bye(to_page: &mpsc::Sender<Out>, why: &str) {
    let _ = to_page.try_send(Out::Bye(json!({ "type": "bye", "why": why }).to_string().into()));
}
