//! Doors of the one-time signing link: making it for a screen, opening it on a phone, reading and signing without signing in.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use qrcodegen::{QrCode, QrCodeEcc};
use serde_json::json;
use uuid::Uuid;

use super::record::{self, Record};
use super::signatures::{New, Strokes};
use super::signing::{Way, What};
use super::signing_api::SigningWay;
use super::signing_links as links;
use super::signing_views::SignedText;
use super::transcript::fingerprint;
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::{Caller, RequestFacts};
use crate::error::{Error, Result};
use crate::kit::answer::{Created, created};
use crate::person::shapes::CodeSent;

/// The doors.
pub struct SigningLinkApi;

/// For whom a link is made.
#[derive(Debug, Object)]
struct SigningLinkWanted {
    /// Participant.
    participant_id: Uuid,
    /// What; the transcript when absent.
    what: Option<What>,
}

/// A link, shown once.
#[derive(Debug, Object)]
struct SigningLink {
    /// Address.
    url: String,
    /// The same as a code to scan, SVG.
    qr: String,
    /// Until when.
    expires_at: DateTime<Utc>,
}

/// A link that was scanned.
#[derive(Debug, Object)]
struct SigningToken {
    /// Token.
    #[oai(validator(max_length = 100))]
    token: String,
}

/// Where a link leads.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct SigningLinkOpened {
    /// What the phone goes on with.
    ticket: String,
    /// Court.
    court_id: i32,
    /// Court's name.
    court_name: String,
    /// Hearing.
    hearing_id: Uuid,
    /// 案号.
    case_number: String,
    /// transcript or agreement.
    what: What,
    /// Who signs, masked.
    name_masked: String,
    /// The number a code is sent to, masked; none: sign in instead.
    mobile_masked: Option<String>,
    /// To be compared with the clerk's screen.
    fingerprint: String,
    /// Until when.
    expires_at: DateTime<Utc>,
}

/// A ticket.
#[derive(Debug, Object)]
struct SigningTicket {
    /// Ticket.
    #[oai(validator(max_length = 100))]
    ticket: String,
}

/// A ticket and the code.
#[derive(Debug, Object)]
struct SigningCode {
    /// Ticket.
    #[oai(validator(max_length = 100))]
    ticket: String,
    /// Six digits.
    #[oai(validator(max_length = 20))]
    code: String,
}

/// What is read before signing.
#[derive(Debug, Object)]
struct SigningRead {
    /// What signs.
    pass: String,
    /// Until when.
    expires_at: DateTime<Utc>,
    /// The words.
    #[oai(flatten)]
    text: SignedText,
}

/// A signature by a link.
#[derive(Debug, Object)]
struct LinkSignature {
    /// Pass.
    #[oai(validator(max_length = 100))]
    pass: String,
    /// The digest of what was read.
    #[oai(validator(max_length = 64))]
    digest: String,
    /// How.
    way: SigningWay,
    /// The drawing.
    #[oai(validator(max_items = 400))]
    strokes: Option<Strokes>,
    /// The name, of who types it.
    #[oai(validator(max_length = 60))]
    typed_name: Option<String>,
    /// Read to the end.
    read_to_end: bool,
}

/// Signed.
#[derive(Debug, Object)]
struct LinkSigned {
    /// signed.
    standing: String,
    /// 名称.
    standing_name: String,
    /// When.
    at: DateTime<Utc>,
}

#[OpenApi]
impl SigningLinkApi {
    /// 展示签名二维码: for a signer of this hearing by the court, or for oneself.
    #[oai(path = "/courts/:court/hearings/:hearing/signing/link", method = "post", operation_id = "make_signing_link")]
    async fn make(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        body: Json<SigningLinkWanted>,
    ) -> Result<Created<SigningLink>> {
        record::seen(app, &caller, court.0, hearing.0).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::HearingTake).await?;
        let record = Record::of(&mut tx, hearing.0, caller.person()).await?;
        let participant = body.0.participant_id;
        if !record.is_court() && !record.mine().any(|s| s.seat.id == participant) {
            return Err(Error::not_found());
        }
        let what = body.0.what.unwrap_or(What::Transcript);
        let (token, expires_at) = links::make(&mut tx, &record, what, participant).await?;
        tx.commit(hearing.0, json!({ "participant": participant, "link": what.key() })).await?;
        let url = format!("{}/sign/{token}", app.config.public_url);
        Ok(created(SigningLink { qr: svg(&url)?, url, expires_at }))
    }

    /// Opens a signing link, once.
    #[oai(path = "/sign-link", method = "post", operation_id = "open_signing_link")]
    async fn open(
        &self,
        Data(app): Data<&App>,
        Data(facts): Data<&RequestFacts>,
        body: Json<SigningToken>,
    ) -> Result<Json<SigningLinkOpened>> {
        let o = links::open(app, &facts.id, &body.0.token).await?;
        Ok(Json(SigningLinkOpened {
            ticket: o.ticket,
            court_id: o.court,
            court_name: app.door.registry.name(o.court),
            hearing_id: o.hearing,
            case_number: o.case_number,
            what: o.what,
            name_masked: o.name_masked,
            mobile_masked: o.mobile_masked,
            fingerprint: fingerprint(&o.digest),
            expires_at: o.until,
        }))
    }

    /// Sends a code to the number the clerk confirmed.
    #[oai(path = "/sign-link/code", method = "post", operation_id = "send_signing_code")]
    async fn code(&self, Data(app): Data<&App>, Data(facts): Data<&RequestFacts>, body: Json<SigningTicket>) -> Result<Json<CodeSent>> {
        app.limits.check_sign_in(&facts.ip)?;
        let (good, apart) = links::send_code(app, &facts.id, &body.0.ticket).await?;
        let seconds = |d: chrono::TimeDelta| u32::try_from(d.num_seconds()).unwrap_or_default();
        Ok(Json(CodeSent { expires_in_s: seconds(good), resend_after_s: seconds(apart) }))
    }

    /// What is signed, for whoever proved the number.
    #[oai(path = "/sign-link/read", method = "post", operation_id = "read_by_signing_link")]
    async fn read(&self, Data(app): Data<&App>, Data(facts): Data<&RequestFacts>, body: Json<SigningCode>) -> Result<Json<SigningRead>> {
        let r = links::read(app, &facts.id, &body.0.ticket, &body.0.code).await?;
        Ok(Json(SigningRead { pass: r.pass, expires_at: r.until, text: r.text }))
    }

    /// 签名 on the phone the link was opened on.
    #[oai(path = "/sign-link/sign", method = "post", operation_id = "sign_by_signing_link")]
    async fn sign(&self, Data(app): Data<&App>, Data(facts): Data<&RequestFacts>, body: Json<LinkSignature>) -> Result<Json<LinkSigned>> {
        let LinkSignature { pass, digest, way, strokes, typed_name, read_to_end } = body.0;
        let way = if way == SigningWay::Typed { Way::Typed } else { Way::Handwritten };
        let new = |participant, by| New {
            participant,
            digest,
            way: Some(way),
            strokes,
            read_to_end,
            refused: None,
            leaf: None,
            check: None,
            by,
            two_factors: false,
        };
        links::sign(app, &facts.id, &pass, typed_name.as_deref(), new).await?;
        Ok(Json(LinkSigned { standing: "signed".into(), standing_name: "已签名".into(), at: app.now() }))
    }
}

/// The code as a picture, with its quiet zone.
fn svg(text: &str) -> Result<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|e| Error::internal(e.to_string()))?;
    let size = code.size();
    let dark = (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y));
    let path: String = dark.map(|(x, y)| format!("M{} {}h1v1h-1z", x + 4, y + 4)).collect();
    let side = size + 8;
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>"##
    ))
}
