//! A page in a hearing: its socket. Owns the reading of what comes; every wait has an end.

use std::time::{Duration, Instant};

use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::Person;
use super::voice::{Marked, Voice};

const PATIENCE: Duration = Duration::from_secs(20);

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

/// A page in a hearing. It lives: what comes is read, and pings are answered, while the story looks elsewhere.
pub struct Page {
    sink: SplitSink<Socket, Message>,
    inbox: mpsc::UnboundedReceiver<Value>,
    reader: tokio::task::JoinHandle<()>,
    pub heard: Vec<Value>,
    n: i64,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

/// A pass of somebody.
pub async fn pass(who: &Person, hearing: &str) -> Value {
    who.post(who_at(hearing, "/pass"), json!(null)).await.ok()
}

fn who_at(hearing: &str, rest: &str) -> String {
    format!("{hearing}{rest}")
}

/// Tries to open a socket with a token.
pub async fn open(who: &Person, hearing: &str, token: &str) -> Result<Page, (u16, Value)> {
    open_at(who, &format!("{hearing}/socket?token={token}")).await
}

/// Tries to open a socket.
pub async fn open_at(who: &Person, path: &str) -> Result<Page, (u16, Value)> {
    let url = format!("{}/api{path}", who.wire.base.replace("http://", "ws://"));
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {}", who.token).parse().unwrap());
    match tokio_tungstenite::connect_async(request).await {
        Ok((socket, _)) => {
            let (sink, mut stream) = socket.split();
            let (tell, inbox) = mpsc::unbounded_channel();
            let reader = tokio::spawn(async move {
                while let Some(Ok(message)) = stream.next().await {
                    match message {
                        Message::Text(text) => drop(tell.send(serde_json::from_str(&text).unwrap())),
                        Message::Close(_) => break,
                        _ => {}
                    }
                }
            });
            Ok(Page { sink, inbox, reader, heard: vec![], n: 0 })
        }
        Err(Error::Http(answer)) => {
            let body = answer.body().clone().unwrap_or_default();
            Err((answer.status().as_u16(), serde_json::from_slice(&body).unwrap_or_default()))
        }
        Err(e) => panic!("{e}"),
    }
}

/// Knocks with a token that lets nobody in; what is said.
pub async fn knock(who: &Person, hearing: &str, token: &str) -> (u16, Value) {
    let asked =
        who.ask(Method::GET, format!("{hearing}/socket?token={token}")).header("connection", "Upgrade").header("upgrade", "websocket");
    let said = asked.header("sec-websocket-version", "13").header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==").send().await;
    (said.status, serde_json::from_slice(&said.body).unwrap_or_default())
}

/// Enters, and hears the first words.
pub async fn enter(who: &Person, hearing: &str) -> Page {
    let token = pass(who, hearing).await["token"].as_str().unwrap().to_owned();
    let mut page = open(who, hearing, &token).await.unwrap_or_else(|e| panic!("{}: {e:?}", who.name));
    page.until("hello", |_| true).await;
    page.until("presence", |_| true).await;
    page
}

impl Page {
    /// The next message; none when the line is closed.
    pub async fn next(&mut self) -> Option<Value> {
        let value = tokio::time::timeout(PATIENCE, self.inbox.recv()).await.expect("nothing came")?;
        self.heard.push(value.clone());
        Some(value)
    }

    /// Reads until there is such a message; the newest of its kind may have come already.
    pub async fn until(&mut self, kind: &str, so: impl Fn(&Value) -> bool) -> Value {
        if let Some(m) = self.heard.iter().rev().find(|m| m["type"] == kind).filter(|m| so(m)) {
            return m.clone();
        }
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            match self.next().await {
                Some(m) if m["type"] == kind && so(&m) => return m,
                Some(_) => {}
                None => break,
            }
        }
        let last: Vec<&Value> = self.heard.iter().rev().take(6).collect();
        panic!("no such `{kind}`; last: {last:#?}");
    }

    /// Sends without waiting.
    pub async fn send(&mut self, message: &Value) -> bool {
        self.sink.send(Message::text(message.to_string())).await.is_ok()
    }

    /// Says something and answers what came of it.
    pub async fn ask(&mut self, mut message: Value) -> Value {
        self.n += 1;
        let n = self.n;
        message["n"] = json!(n);
        assert!(self.send(&message).await, "the line is closed");
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            match self.next().await {
                Some(m) if m["n"] == n && m["type"] != "event" => return m,
                Some(_) => {}
                None => break,
            }
        }
        panic!("no answer to {message}");
    }

    /// Says something that must be done.
    pub async fn does(&mut self, message: Value) -> Value {
        let answer = self.ask(message.clone()).await;
        assert_ne!(answer["type"], "refused", "{message}: {answer}");
        answer
    }

    /// Says something that must be refused.
    pub async fn refused(&mut self, message: Value, code: &str) {
        let answer = self.ask(message.clone()).await;
        assert_eq!((&answer["type"], &answer["code"]), (&json!("refused"), &json!(code)), "{message}: {answer}");
        for word in ["zh", "en", "cure_zh", "cure_en"] {
            assert!(answer[word].as_str().is_some_and(|w| !w.is_empty()), "{answer}");
        }
    }

    /// Reads to the end of the line; answers the last word.
    pub async fn end(&mut self) -> Value {
        let mut last = Value::Null;
        while let Some(m) = self.next().await {
            last = m;
        }
        last
    }

    /// What came and was not read yet, for as long as nothing is waited for.
    pub async fn catch_up(&mut self) {
        while let Ok(Some(value)) = tokio::time::timeout(Duration::from_millis(20), self.inbox.recv()).await {
            self.heard.push(value);
        }
    }

    /// Closes it.
    pub async fn close(mut self) {
        let _ = self.sink.close().await;
        while self.inbox.recv().await.is_some() {}
    }

    /// Begins to speak: a connection of its own, which a thread feeds.
    pub async fn speak(&mut self) -> Voice {
        self.sends(&["audio"], 0, json!({})).await
    }

    /// Sends these tracks; `mark` is the last byte of each packet, by which listeners tell voices apart.
    pub async fn sends(&mut self, tracks: &[&str], mark: u8, more: Value) -> Voice {
        let (link, offer, named) = Marked::sending(tracks, mark);
        let mut wish = json!({ "type": "publish", "sdp": offer, "tracks": named });
        wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = self.does(wish).await;
        Voice::of(link.answered(answer["sdp"].as_str().unwrap()))
    }

    /// The newest offer with something in it; waits for one.
    pub async fn offer(&mut self) -> Value {
        let full = |m: &Value| m["type"] == "offer" && m["tracks"].as_array().is_some_and(|t| !t.is_empty());
        match self.heard.iter().rev().find(|m| full(m)) {
            Some(offer) => offer.clone(),
            None => self.until("offer", full).await,
        }
    }

    /// Takes the newest offer there is and listens; an offer that was overtaken meanwhile gives way to the next.
    pub async fn listen(&mut self) -> Voice {
        let offer = self.offer().await;
        let (link, answer) = Marked::receiving(offer["sdp"].as_str().unwrap());
        self.does(json!({ "type": "answer", "version": offer["version"], "sdp": answer })).await;
        let mut voice = Voice::of(link);
        voice.version = offer["version"].as_u64().unwrap();
        self.catch_up().await;
        while self.newest_offer() > voice.version {
            self.follows(&mut voice, |_| true).await;
            self.catch_up().await;
        }
        voice
    }

    fn newest_offer(&self) -> u64 {
        self.heard.iter().rev().find(|m| m["type"] == "offer").and_then(|m| m["version"].as_u64()).unwrap_or_default()
    }

    /// Waits until more of something came, answering what is offered meanwhile.
    pub async fn gets(&mut self, voice: &mut Voice, what: &str, more: u64, of: impl Fn(&Voice) -> u64) {
        let (mut had, end) = (of(voice), Instant::now() + PATIENCE);
        loop {
            self.catch_up().await;
            if self.newest_offer() > voice.version {
                self.follows(voice, |_| true).await;
                // a fresh connection counts from nothing
                had = had.min(of(voice));
            }
            if of(voice) >= had + more {
                return;
            }
            assert!(Instant::now() < end, "{what}: {} packets only; {}", of(voice) - had, voice.counted());
        }
    }

    /// The same, unless the offer that was answered last is as wanted already.
    pub async fn follows_until(&mut self, voice: &mut Voice, so: impl Fn(&Value) -> bool) {
        self.catch_up().await;
        let newest = self.heard.iter().rev().find(|m| m["type"] == "offer").cloned();
        let answered = newest.as_ref().is_some_and(|m| m["version"] == voice.version);
        if !(answered && newest.as_ref().is_some_and(&so)) {
            self.follows(voice, so).await;
        }
    }

    /// Answers what is offered on the connection there is, until an offer is as wanted.
    pub async fn follows(&mut self, voice: &mut Voice, so: impl Fn(&Value) -> bool) -> Value {
        let newer = |m: &Value, than: u64| m["type"] == "offer" && m["version"].as_u64().is_some_and(|v| v > than);
        loop {
            let known = self.heard.iter().rev().find(|m| newer(m, voice.version)).cloned();
            let offer = match known {
                Some(offer) => offer,
                None => self.until("offer", |m| newer(m, voice.version)).await,
            };
            voice.version = offer["version"].as_u64().unwrap();
            let sdp = offer["sdp"].as_str().unwrap().to_owned();
            if offer["fresh"] == true {
                let (link, answer) = Marked::receiving(&sdp);
                let version = voice.version;
                *voice = Voice::of(link);
                voice.version = version;
                self.does(json!({ "type": "answer", "version": version, "sdp": answer })).await;
            } else {
                let answer = voice.within(move |link| link.takes(&sdp)).await;
                self.does(json!({ "type": "answer", "version": voice.version, "sdp": answer })).await;
            }
            if so(&offer) {
                return offer;
            }
        }
    }
}
