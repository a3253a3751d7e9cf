//! Speech recognition. Owns its doors and what it was told to hear; it decodes nothing, and must never be given a real
//! person's voice.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args;
use poem::http::StatusCode;
use poem::listener::TcpAcceptor;
use poem::web::Data;
use poem::{Body, EndpointExt, Request, Response, Route, Server, get, handler, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::Control;
use crate::doors::{answer, error, now, parse, signed, standing, suffer, suffer_after};
use crate::faults::Faults;
use crate::life::{Life, LifeOptions};
use crate::signing::{Key, Verifier};

/// Segments that are remembered.
const KEPT: usize = 10_000;
/// How a WebM file begins, in base64.
const WEBM: &str = "GkXfo";

/// What the service is told.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    pub life: LifeOptions,
    /// The one caller's name.
    #[arg(long, default_value = "lianting")]
    pub app_id: String,
    /// The key shared with it.
    #[arg(long, env = "LIANTING_SIM_SECRET", hide_env_values = true)]
    pub secret: String,
}

#[derive(Default)]
struct Memory {
    says: VecDeque<String>,
    segments: VecDeque<Value>,
    heard: u64,
}

struct Ear {
    memory: Mutex<Memory>,
    faults: Faults,
    verifier: Verifier,
}

impl Ear {
    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves until a signal.
pub async fn serve(life: Life, options: &Options) -> io::Result<()> {
    let ear = Arc::new(Ear {
        memory: Mutex::default(),
        faults: Faults::default(),
        verifier: Verifier::new(Key::new(&options.app_id, &options.secret)),
    });
    let doors = Route::new()
        .at("/v1/segments", post(segment))
        .at("/segments", get(segments))
        .at("/control", get(standing_order).post(control))
        .at("/healthz", get(healthz))
        .data(ear);
    life.announce()?;
    let ended = life.ended();
    let acceptor = TcpAcceptor::from_tokio(life.listener)?;
    Server::new_with_acceptor(acceptor).run_with_graceful_shutdown(doors, ended, Some(Duration::from_secs(1))).await
}

/// A stretch of one person's sound.
#[derive(Debug, Deserialize)]
struct Segment {
    segment_id: String,
    session: String,
    speaker: String,
    epoch: u32,
    from_ms: i64,
    until_ms: i64,
    media_type: String,
    audio: String,
}

#[handler]
async fn segment(request: &Request, body: Body, Data(ear): Data<&Arc<Ear>>) -> Response {
    hear(ear, request, body).await.unwrap_or_else(|refusal| refusal)
}

async fn hear(ear: &Ear, request: &Request, body: Body) -> Result<Response, Response> {
    let s: Segment = parse(&signed(&ear.verifier, request, body).await?)?;
    if s.media_type != "audio/webm; codecs=opus" || !s.audio.starts_with(WEBM) || s.from_ms >= s.until_ms {
        return Err(error(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "audio is WebM with Opus, in base64, from before until"));
    }
    let fault = suffer(&ear.faults).await?;
    let drafts = {
        let mut memory = ear.memory();
        memory.heard += 1;
        let text = memory.says.pop_front().unwrap_or_else(|| format!("（模拟识别第 {} 段）", memory.heard));
        let line = json!({ "segment_id": s.segment_id, "session": s.session, "speaker": s.speaker, "epoch": s.epoch,
            "from_ms": s.from_ms, "until_ms": s.until_ms, "signs": s.audio.len(), "at": now() });
        memory.segments.push_back(line);
        if memory.segments.len() > KEPT {
            memory.segments.pop_front();
        }
        json!([{ "from_ms": s.from_ms, "until_ms": s.until_ms, "text": text, "confidence": 0.87 }])
    };
    suffer_after(fault).await;
    Ok(answer(StatusCode::OK, json!({ "drafts": drafts })))
}

#[handler]
async fn segments(Data(ear): Data<&Arc<Ear>>) -> Response {
    let items: Vec<Value> = ear.memory().segments.iter().rev().cloned().collect();
    answer(StatusCode::OK, json!({ "items": items }))
}

#[derive(Debug, Default, Deserialize)]
struct Order {
    #[serde(flatten)]
    control: Control,
    #[serde(default)]
    says: Vec<String>,
}

#[handler]
async fn control(body: Body, Data(ear): Data<&Arc<Ear>>) -> Response {
    let bytes = body.into_bytes_limit(64 << 10).await.unwrap_or_default();
    let order: Order = match parse(&bytes) {
        Ok(order) => order,
        Err(refusal) => return refusal,
    };
    if let Err(reason) = order.control.apply(&ear.faults) {
        return error(StatusCode::UNPROCESSABLE_ENTITY, "invalid", reason);
    }
    if order.control.reset {
        *ear.memory() = Memory::default();
    }
    ear.memory().says.extend(order.says);
    answer(StatusCode::OK, standing(&ear.faults))
}

#[handler]
async fn standing_order(Data(ear): Data<&Arc<Ear>>) -> Response {
    answer(StatusCode::OK, standing(&ear.faults))
}

#[handler]
async fn healthz() -> &'static str {
    "ok"
}
