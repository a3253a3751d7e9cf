//! Two servers, one way to ask them: publish an offer, get a description to receive.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

/// A server under load.
pub trait Door {
    fn room(&mut self, room: u64, people: u64);
    /// The answer to what a participant sends.
    fn publish(&mut self, room: u64, who: u64, offer: &str) -> String;
    /// What it may receive, and a mark for the answer.
    fn subscribe(&mut self, room: u64, who: u64) -> (Value, String);
    fn answer(&mut self, room: u64, who: u64, mark: &Value, sdp: &str);
    /// Keeps the connection alive.
    fn beat(&mut self) {}
    /// Bytes that lie recorded on the disk.
    fn recorded(&mut self) -> u64 {
        0
    }
}

/// Ours, through the rehearsal example.
pub struct Ours {
    pub http: String,
}

impl Ours {
    fn call(&self, body: Value) -> Value {
        let text = body.to_string();
        let mut stream = TcpStream::connect(&self.http).expect("the server");
        write!(stream, "POST / HTTP/1.0\r\ncontent-length: {}\r\n\r\n{text}", text.len()).expect("a request");
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
            line.clear();
        }
        let mut rest = String::new();
        reader.read_to_string(&mut rest).expect("an answer");
        let value: Value = serde_json::from_str(&rest).unwrap_or_else(|_| panic!("not JSON: {rest}"));
        assert!(value.get("error").is_none(), "{body} -> {value}");
        value
    }
}

impl Door for Ours {
    fn room(&mut self, room: u64, people: u64) {
        self.call(json!({ "op": "create", "room": room }));
        for who in 0..people {
            self.call(json!({ "op": "admit", "room": room, "participant": who, "publish": { "audio": "allowed", "video": "allowed" } }));
        }
        let grants: Vec<Value> = (0..people).flat_map(|a| (0..people).filter(move |b| *b != a).map(move |b| json!([a, b]))).collect();
        self.call(json!({ "op": "grant", "room": room, "all": true, "grants": grants }));
    }

    fn publish(&mut self, room: u64, who: u64, offer: &str) -> String {
        let got = self.call(json!({ "op": "publish", "room": room, "participant": who, "sdp": offer }));
        got["sdp"].as_str().expect("a description").to_owned()
    }

    fn subscribe(&mut self, room: u64, who: u64) -> (Value, String) {
        let got = self.call(json!({ "op": "offer", "room": room, "participant": who, "begin": "anew" }));
        (got["version"].clone(), got["sdp"].as_str().expect("a description").to_owned())
    }

    fn answer(&mut self, room: u64, who: u64, mark: &Value, sdp: &str) {
        self.call(json!({ "op": "answer", "room": room, "participant": who, "version": mark, "sdp": sdp }));
    }

    fn recorded(&mut self) -> u64 {
        self.call(json!({ "op": "recorded" }))["bytes"].as_u64().unwrap_or(0)
    }
}

/// Janus, its videoroom over WebSocket.
pub struct Janus {
    socket: tungstenite::WebSocket<TcpStream>,
    session: u64,
    serial: u64,
    /// Of each room: the feeds by participant.
    feeds: HashMap<u64, Vec<u64>>,
}

impl Janus {
    pub fn new(address: &str) -> Self {
        use tungstenite::client::IntoClientRequest;
        let mut request = format!("ws://{address}/").into_client_request().expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", "janus-protocol".parse().expect("a header"));
        let (socket, _) = tungstenite::client(request, TcpStream::connect(address).expect("Janus")).expect("a WebSocket");
        let mut janus = Self { socket, session: 0, serial: 0, feeds: HashMap::new() };
        janus.session = janus.ask(json!({ "janus": "create" }))["data"]["id"].as_u64().expect("a session");
        janus
    }

    /// Asks, and reads until the answer that is not only an acknowledgement.
    fn ask(&mut self, mut body: Value) -> Value {
        self.serial += 1;
        let transaction = self.serial.to_string();
        body["transaction"] = json!(transaction);
        if self.session != 0 {
            body["session_id"] = json!(self.session);
        }
        let awaited = body["janus"] == "message";
        self.socket.send(body.to_string().into()).expect("Janus");
        loop {
            let message = self.socket.read().expect("Janus");
            let Ok(text) = message.into_text() else { continue };
            let Ok(value) = serde_json::from_str::<Value>(text.as_str()) else { continue };
            assert!(value["janus"] != "error", "{body} -> {value}");
            let ours = value["transaction"] == transaction.as_str();
            if ours && (value["janus"] == "success" || value["janus"] == "event" || !awaited && value["janus"] == "ack") {
                assert!(value["plugindata"]["data"].get("error").is_none(), "{body} -> {value}");
                return value;
            }
        }
    }

    fn handle(&mut self) -> u64 {
        self.ask(json!({ "janus": "attach", "plugin": "janus.plugin.videoroom" }))["data"]["id"].as_u64().expect("a handle")
    }
}

impl Door for Janus {
    fn room(&mut self, room: u64, people: u64) {
        let handle = self.handle();
        let body = json!({ "request": "create", "room": room + 5000, "publishers": people + 1, "audiocodec": "opus", "videocodec": "vp8",
                           "transport_wide_cc_ext": true, "notify_joining": false });
        self.ask(json!({ "janus": "message", "handle_id": handle, "body": body }));
        self.feeds.insert(room, Vec::new());
    }

    fn publish(&mut self, room: u64, who: u64, offer: &str) -> String {
        let handle = self.handle();
        let join = json!({ "request": "join", "ptype": "publisher", "room": room + 5000, "id": room * 1000 + who + 1 });
        self.ask(json!({ "janus": "message", "handle_id": handle, "body": join }));
        let configure = json!({ "request": "configure", "audio": true, "video": true });
        let jsep = json!({ "type": "offer", "sdp": offer });
        let got = self.ask(json!({ "janus": "message", "handle_id": handle, "body": configure, "jsep": jsep }));
        self.feeds.entry(room).or_default().push(room * 1000 + who + 1);
        got["jsep"]["sdp"].as_str().unwrap_or_else(|| panic!("no answer: {got}")).to_owned()
    }

    fn subscribe(&mut self, room: u64, who: u64) -> (Value, String) {
        let handle = self.handle();
        let own = room * 1000 + who + 1;
        let streams: Vec<Value> = self.feeds[&room].iter().filter(|f| **f != own).map(|f| json!({ "feed": f })).collect();
        let join = json!({ "request": "join", "ptype": "subscriber", "room": room + 5000, "streams": streams });
        let got = self.ask(json!({ "janus": "message", "handle_id": handle, "body": join }));
        (json!(handle), got["jsep"]["sdp"].as_str().unwrap_or_else(|| panic!("no offer: {got}")).to_owned())
    }

    fn answer(&mut self, _: u64, _: u64, mark: &Value, sdp: &str) {
        let jsep = json!({ "type": "answer", "sdp": sdp });
        self.ask(json!({ "janus": "message", "handle_id": mark, "body": { "request": "start" }, "jsep": jsep }));
    }

    fn beat(&mut self) {
        self.ask(json!({ "janus": "keepalive" }));
    }
}
