//! 身份凭证: what one claims to be, and how far each claim was checked (L07).
//!
//! Owns the claiming and the checks by register and face, which are outside services and may be away. Must never
//! hold a transaction open while it waits for one, and never put a check below one a court made.

use poem_openapi::types::ToJSON;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::identity::ProofKind;
use super::shapes::{CheckMethod, NewProof, Proof};
use super::store::{self, ProofRow};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::caller::Caller;
use crate::court::tx::PersonTx;
use crate::docket::jobs::{SEAT_COUNSEL, seat_counsel_event};
use crate::error::{Error, Result, said};
use crate::kit::text::{Bounds, clean};
use crate::kit::wire::{Wire, WireFault};
use crate::kit::words::of_text;
use crate::person::documents::Uscc;
use crate::person::faults::{Fault, Faults};

/// Proofs one may hold.
const MOST: usize = 30;

/// A proof as its owner sees it.
pub fn shown(row: ProofRow) -> Option<Proof> {
    let kind = ProofKind::parse(&row.kind)?;
    Some(Proof {
        id: row.proof_id,
        kind,
        label: kind.label().into(),
        number_masked: row.number_masked,
        holder: row.holder,
        firm: row.firm,
        state: of_text(&row.state).ok()?,
        reason: row.reason,
        decided_at: row.decided_at,
        check_url: None,
        filing_id: row.filing_id,
    })
}

fn shown_or_fault(row: ProofRow) -> Result<Proof> {
    shown(row).ok_or_else(|| Error::internal("a proof of unknown kind"))
}

fn too_many() -> Fault {
    Fault::new(
        "proof.too_many",
        format!("一个账号最多登记 {MOST} 项凭证。"),
        format!("One account holds at most {MOST} proofs."),
        "请拨 12368 请工作人员处理。",
        "Call 12368 for help.",
    )
}

/// A claim found good.
struct Claim {
    number: String,
    holder: Option<String>,
    firm: Option<String>,
    firm_uscc: Option<String>,
    representative: Option<String>,
}

fn read(form: &NewProof, today: chrono::NaiveDate) -> Result<Claim> {
    let mut faults = Faults::default();
    let number = faults.take("/number", form.kind.read(&form.number, today));
    let company = form.kind == ProofKind::Organisation;
    let mut line = |field: &str, text: &Option<String>, needed: bool| {
        let text = text.as_deref().map(str::trim).unwrap_or_default();
        if needed || !text.is_empty() { faults.take(field, clean(text, Bounds::line(1, 100))) } else { None }
    };
    let holder = line("/holder", &form.holder, company);
    let firm = line("/firm", &form.firm, form.kind.role().is_some());
    let representative = line("/representative", &form.representative, company);
    let firm_uscc = form.firm_uscc.as_deref().filter(|u| !u.trim().is_empty());
    let firm_uscc = firm_uscc.and_then(|u| faults.take("/firm_uscc", Uscc::parse(u))).map(Uscc::into_string);
    faults.refuse()?;
    let number = number.ok_or_else(|| Error::internal("a fault went unnoticed"))?;
    Ok(Claim { number, holder, firm, firm_uscc, representative })
}

/// Claims one more proof. A licence brings its role; the number becomes an identifier. The same claim made again
/// is the same proof.
///
/// # Errors
/// 422 with every fault; 409 `account.exists` when the number is somebody else's.
pub async fn claim(app: &App, caller: &Caller, key: Option<Uuid>, form: &NewProof) -> Result<Proof> {
    let claim = read(form, beijing_date(app.now()))?;
    let mut mine = app.door.mine(caller, "account:proof_claim").await?;
    if let Some(key) = key
        && let Some(answer) = mine.once(key, form.to_json_string().as_bytes()).await?
    {
        return Ok(answer);
    }
    let held = store::proofs(&mut mine).await?;
    let index = form.kind.identifier().index(mine.seal(), &claim.number)?;
    let same = |p: &ProofRow| p.kind == form.kind.key() && p.number_index == index && p.state != "rejected";
    if let Some(row) = held.iter().find(|p| same(p)) {
        return shown_or_fault(row.clone());
    }
    if held.len() >= MOST {
        return Err(too_many().at("/kind"));
    }
    let id = write(&mut mine, form.kind, &claim).await?;
    let proof = shown_or_fault(store::proof(&mut mine, id).await?)?;
    if let Some(key) = key {
        mine.answered(key, &proof).await?;
    }
    mine.commit(format!("proof:{id}"), serde_json::json!({"kind": form.kind.key()})).await?;
    app.sessions.forget_all();
    Ok(proof)
}

async fn write(mine: &mut PersonTx, kind: ProofKind, claim: &Claim) -> Result<Uuid> {
    let person = mine.person;
    let holder = match &claim.holder {
        Some(holder) if kind == ProofKind::Organisation => holder.clone(),
        _ => store::person(mine).await?.name,
    };
    let new = store::NewProof {
        kind,
        number: &claim.number,
        holder: &holder,
        firm: claim.firm.as_deref(),
        firm_uscc: claim.firm_uscc.as_deref(),
        representative: claim.representative.as_deref(),
        state: "claimed",
        decided_by: None,
    };
    store::add_identifier(mine, person, kind.identifier(), &claim.number).await?;
    let id = store::add_proof(mine, person, &new).await?;
    if let Some(role) = kind.role() {
        store::add_own_grant(mine, person, role).await?;
        super::session::say_changed(mine).await?;
    }
    Ok(id)
}

fn adapter_away() -> Error {
    Error::unavailable("adapter.unavailable", said("身份核验服务暂时连不上。", "The identity service does not answer for now."))
}

fn fault_of(fault: WireFault) -> Error {
    tracing::warn!(cause = %fault, "identity service");
    adapter_away()
}

/// Has a proof checked by the register of identities or by face.
///
/// # Errors
/// 404; 422 for a kind the register does not keep; 503 `adapter.unavailable`.
pub async fn check(app: &App, caller: &Caller, id: Uuid, method: CheckMethod) -> Result<Proof> {
    let mut mine = app.door.mine(caller, "account:read").await?;
    let row = store::proof(&mut mine, id).await?;
    let number = store::number_of(&mine, &row)?;
    drop(mine);
    if !matches!(row.state.as_str(), "claimed" | "checked_by_document") {
        return shown_or_fault(row);
    }
    let wire = app.identity.as_ref().ok_or_else(adapter_away)?;
    let (verdict, url) = match method {
        CheckMethod::Registry => (by_register(app, wire, &row, &number).await?, None),
        CheckMethod::Face => by_face(app, wire, &row, &number).await?,
    };
    let mut mine = app.door.mine(caller, "account:proof_check").await?;
    let reference = verdict.reference.as_deref();
    store::decide_proof(&mut mine, id, verdict.state, verdict.reason, reference).await?;
    let row = store::proof(&mut mine, id).await?;
    if verdict.state.starts_with("checked") && ProofKind::parse(&row.kind).and_then(ProofKind::role).is_some() {
        mine.tell(SEAT_COUNSEL, &seat_counsel_event(&row.number_index))?;
    }
    mine.commit(format!("proof:{id}"), serde_json::json!({"state": verdict.state, "reference": reference})).await?;
    Ok(Proof { check_url: url, ..shown_or_fault(row)? })
}

/// What a check came to.
struct Verdict {
    state: &'static str,
    reason: Option<&'static str>,
    reference: Option<String>,
}

#[derive(Serialize)]
struct RegisterQuestion<'a> {
    kind: &'a str,
    number: &'a str,
    name: &'a str,
}

#[derive(Deserialize)]
struct RegisterAnswer {
    result: String,
    reference: String,
}

async fn by_register(app: &App, wire: &Wire, row: &ProofRow, number: &str) -> Result<Verdict> {
    let kept = ProofKind::parse(&row.kind).and_then(ProofKind::register).ok_or_else(|| {
        Error::invalid(
            "proof.no_register",
            said("这种证件不能联网核验。", "The register does not keep this kind of document."),
            said("请在立案时上传证件照片，由法院工作人员核对。", "Upload a picture of it when you file; the court checks it."),
        )
    })?;
    let question = RegisterQuestion { kind: kept, number, name: &row.holder };
    let answer: RegisterAnswer = wire.post("/v1/registry/checks", &question, app.now()).await.map_err(fault_of)?;
    let reference = Some(answer.reference);
    match answer.result.as_str() {
        "match" => Ok(Verdict { state: "checked_by_registry", reason: None, reference }),
        "mismatch" => Ok(Verdict { state: "rejected", reason: Some("登记的姓名或名称与您填写的不一致。"), reference }),
        _ => Err(Error::invalid(
            "proof.not_registered",
            said("登记信息里没有查到这个号码。", "The register does not know this number."),
            said(
                "请核对号码；新办的证件可以过几天再试，或由法院工作人员核对。",
                "Check the number; a new document may take some days, or the court checks it.",
            ),
        )),
    }
}

#[derive(Serialize)]
struct FaceQuestion<'a> {
    number: &'a str,
    name: &'a str,
    return_url: String,
}

#[derive(Deserialize)]
struct FaceOpened {
    session_id: String,
    url: String,
}

#[derive(Deserialize)]
struct FaceState {
    state: String,
}

/// The first call opens a session and answers where to show one's face; a call after that asks how it went.
async fn by_face(app: &App, wire: &Wire, row: &ProofRow, number: &str) -> Result<(Verdict, Option<String>)> {
    if row.kind != ProofKind::ResidentId.key() {
        return Err(Error::invalid(
            "proof.no_face",
            said("人脸核验只用于居民身份证。", "A face is compared with a resident ID only."),
            said("请改用联网核验，或由法院工作人员核对。", "Have it checked by the register or by the court."),
        )
        .at("/method"));
    }
    if let Some(session) = row.reference.as_deref().and_then(|r| r.strip_prefix("face:")) {
        let now: FaceState = wire.get(&format!("/v1/face/sessions/{session}"), app.now()).await.map_err(fault_of)?;
        let reference = row.reference.clone();
        match now.state.as_str() {
            "passed" => return Ok((Verdict { state: "checked_by_registry", reason: None, reference }, None)),
            "failed" => return Ok((Verdict { state: "rejected", reason: Some("人脸与证件照片不一致。"), reference }, None)),
            _ => {}
        }
    }
    let return_url = format!("{}/account", app.config.public_url.trim_end_matches('/'));
    let opened: FaceOpened =
        wire.post("/v1/face/sessions", &FaceQuestion { number, name: &row.holder, return_url }, app.now()).await.map_err(fault_of)?;
    let plain = opened.session_id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(100);
    let reference = Some(format!("face:{}", plain.collect::<String>()));
    Ok((Verdict { state: "claimed", reason: None, reference }, Some(opened.url)))
}
