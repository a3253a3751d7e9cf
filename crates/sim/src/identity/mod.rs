//! The identity register and the face check. Owns its doors; must never be asked about a real person.

mod desk;

use std::io;
use std::sync::Arc;

use clap::Args;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Body, EndpointExt, Request, Response, Route, get, handler, post};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::control::Control;
use crate::doors::{answer, error, healthz, now, ordered, page, parse, standing, suffer, suffer_after};
use crate::guard::{Guard, SignedOptions};
use crate::life::Life;
use crate::numbers::Kind;
use desk::{Desk, FaceRequest, FaceRule, Listed};

/// What the register is told.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    pub signed: SignedOptions,
    /// How a browser reaches this process; the listening address when absent.
    #[arg(long)]
    pub public_url: Option<String>,
}

struct Office {
    desk: Desk,
    guard: Guard,
    public_url: String,
}

/// Serves until a signal.
pub async fn serve(life: Life, options: &Options) -> io::Result<()> {
    let here = format!("http://{}", life.address()?);
    let office = Arc::new(Office {
        desk: Desk::default(),
        guard: Guard::new(&options.signed),
        public_url: options.public_url.clone().unwrap_or(here).trim_end_matches('/').to_owned(),
    });
    let doors = Route::new()
        .at("/v1/registry/checks", post(check))
        .at("/v1/face/sessions", post(begin_face))
        .at("/v1/face/sessions/:id", get(face_state))
        .at("/face/:id", get(face_page).post(face_done))
        .at("/control", get(standing_order).post(control))
        .at("/healthz", get(healthz))
        .data(office);
    life.serve(doors).await
}

/// A question to the register.
#[derive(Debug, Deserialize)]
struct Question {
    kind: Kind,
    number: String,
    name: String,
}

#[handler]
async fn check(request: &Request, body: Body, Data(office): Data<&Arc<Office>>) -> Response {
    look_up(office, request, body).await.unwrap_or_else(|refusal| refusal)
}

async fn look_up(office: &Office, request: &Request, body: Body) -> Result<Response, Response> {
    let question: Question = parse(&office.guard.signed(request, body).await?)?;
    let fault = suffer(&office.guard.faults).await?;
    let result = office.desk.look_up(question.kind, &question.number, &question.name);
    suffer_after(fault).await;
    let reference = format!("rc-{}", Uuid::now_v7());
    Ok(answer(StatusCode::OK, json!({"result": result, "reference": reference, "checked_at": now()})))
}

#[handler]
async fn begin_face(request: &Request, body: Body, Data(office): Data<&Arc<Office>>) -> Response {
    open_face(office, request, body).await.unwrap_or_else(|refusal| refusal)
}

async fn open_face(office: &Office, request: &Request, body: Body) -> Result<Response, Response> {
    let asked: FaceRequest = parse(&office.guard.signed(request, body).await?)?;
    let fault = suffer(&office.guard.faults).await?;
    let session = office.desk.open(asked);
    suffer_after(fault).await;
    let url = format!("{}/face/{}", office.public_url, session.session_id);
    let body = json!({"session_id": session.session_id, "url": url, "expires_at": session.expires_at});
    Ok(answer(StatusCode::CREATED, body))
}

#[handler]
async fn face_state(request: &Request, body: Body, Path(id): Path<String>, Data(office): Data<&Arc<Office>>) -> Response {
    if let Err(refusal) = office.guard.signed(request, body).await {
        return refusal;
    }
    match office.desk.session(&id) {
        Some(session) => answer(StatusCode::OK, session),
        None => error(StatusCode::NOT_FOUND, "not_found", "no such session"),
    }
}

#[handler]
async fn face_page() -> Response {
    page(include_str!("face.html"))
}

/// What the page's buttons say.
#[derive(Debug, Deserialize)]
struct Verdict {
    passed: bool,
}

#[handler]
async fn face_done(body: Body, Path(id): Path<String>, Data(office): Data<&Arc<Office>>) -> Response {
    let bytes = body.into_bytes_limit(1024).await.unwrap_or_default();
    match parse::<Verdict>(&bytes) {
        Err(refusal) => refusal,
        Ok(verdict) => match office.desk.decide(&id, verdict.passed) {
            Some(session) => answer(StatusCode::OK, json!({"state": session.state, "return_url": session.return_url})),
            None => error(StatusCode::NOT_FOUND, "not_found", "no such session, or it is over"),
        },
    }
}

/// What `POST /control` takes here, besides the faults.
#[derive(Debug, Default, Deserialize)]
struct Orders {
    #[serde(flatten)]
    faults: Control,
    #[serde(default)]
    numbers: Vec<Listed>,
    face: Option<FaceRule>,
}

#[handler]
async fn control(body: Body, Data(office): Data<&Arc<Office>>) -> Response {
    ordered(body).await.and_then(|told| obey(office, told)).unwrap_or_else(|refusal| refusal)
}

fn obey(office: &Office, orders: Orders) -> Result<Response, Response> {
    orders.faults.obey(&office.guard.faults)?;
    if orders.faults.reset {
        office.desk.clear();
    }
    office.desk.set(orders.numbers, orders.face);
    Ok(answer(StatusCode::OK, standing(&office.guard.faults)))
}

#[handler]
async fn standing_order(Data(office): Data<&Arc<Office>>) -> Response {
    answer(StatusCode::OK, standing(&office.guard.faults))
}
