//! Speech recognition. Owns its doors and what it was told to hear; it decodes nothing, and must never be given a real
//! person's voice.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Body, EndpointExt, Request, Response, Route, get, handler, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::Control;
use crate::doors::{answer, error, healthz, now, ordered, parse, standing, suffer, suffer_after};
use crate::guard::{Guard, SignedOptions};
use crate::life::Life;

/// Segments that are remembered.
const KEPT: usize = 10_000;
/// How a WebM file begins, in base64.
const WEBM: &str = "GkXfo";

/// What the service is told.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    pub signed: SignedOptions,
}

#[derive(Default)]
struct Memory {
    says: VecDeque<String>,
    segments: VecDeque<Value>,
    heard: u64,
}

struct Ear {
    memory: Mutex<Memory>,
    guard: Guard,
}

impl Ear {
    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves until a signal.
pub async fn serve(life: Life, options: &Options) -> io::Result<()> {
    let ear = Arc::new(Ear { memory: Mutex::default(), guard: Guard::new(&options.signed) });
    let doors = Route::new()
        .at("/v1/segments", post(segment))
        .at("/segments", get(segments))
        .at("/control", get(standing_order).post(control))
        .at("/healthz", get(healthz))
        .data(ear);
    life.serve(doors).await
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
    let s: Segment = parse(&ear.guard.signed(request, body).await?)?;
    if s.media_type != "audio/webm; codecs=opus" || !s.audio.starts_with(WEBM) || s.from_ms >= s.until_ms {
        return Err(error(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "audio is WebM with Opus, in base64, from before until"));
    }
    let fault = suffer(&ear.guard.faults).await?;
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
    ordered(body).await.and_then(|told| obey(ear, told)).unwrap_or_else(|refusal| refusal)
}

fn obey(ear: &Ear, order: Order) -> Result<Response, Response> {
    order.control.obey(&ear.guard.faults)?;
    if order.control.reset {
        *ear.memory() = Memory::default();
    }
    ear.memory().says.extend(order.says);
    Ok(answer(StatusCode::OK, standing(&ear.guard.faults)))
}

#[handler]
async fn standing_order(Data(ear): Data<&Arc<Ear>>) -> Response {
    answer(StatusCode::OK, standing(&ear.guard.faults))
}
