//! Doors of the end of a record: corrections asked for and answered, fixing a version, signing it, agreements.

use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::objections::{self, Asked, End};
use super::record::{self, Record};
use super::signatures::{self, New, Strokes};
use super::signing::{Way, What};
use super::signing_views::{self as views, HearingAgreement, Signing};
use super::transcript_changes::{self, Op};
use super::transcript_orders::{NewTranscriptObjection, ObjectionAnswer, ObjectionDo, TranscriptFix, TranscriptReopen};
use super::transcript_views::{self, HearingTranscript, TranscriptObjection};
use super::{agreements, fixing, transcript_read, transcripts};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::docket::read;
use crate::error::{Error, Result, said};
use crate::kit::answer::{Created, created};

/// The doors.
pub struct SigningApi;

/// 签署方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum SigningWay {
    /// 手写.
    Handwritten,
    /// 确认并输入姓名.
    Typed,
}

/// 签名.
#[derive(Debug, Object, Serialize)]
struct NewSignature {
    /// What.
    what: What,
    /// The digest of what was read.
    #[oai(validator(max_length = 64))]
    digest: String,
    /// How.
    way: SigningWay,
    /// The drawing: each stroke is x, y, t, x, y, t …; x and y in ten-thousandths of the width of the box.
    #[oai(validator(max_items = 400))]
    strokes: Option<Strokes>,
    /// The name, of who types it.
    #[oai(validator(max_length = 60))]
    typed_name: Option<String>,
    /// Read to the end.
    read_to_end: bool,
    /// The check of identity it rests on.
    check_id: Option<Uuid>,
}

/// 拒绝签名, as the clerk notes it.
#[derive(Debug, Object, Serialize)]
struct SigningRefusal {
    /// Who.
    participant_id: Uuid,
    /// What.
    what: What,
    /// Why.
    #[oai(validator(max_length = 500))]
    reason: String,
}

/// A signature on paper, scanned into the case file.
#[derive(Debug, Object, Serialize)]
struct SigningPaper {
    /// Who.
    participant_id: Uuid,
    /// What.
    what: What,
    /// The paper.
    leaf_id: Uuid,
}

/// The terms of an agreement.
#[derive(Debug, Object, Serialize)]
struct NewAgreement {
    /// In order.
    #[oai(validator(min_items = 1, max_items = 50))]
    terms: Vec<String>,
}

async fn taking(app: &App, caller: &Caller, court: i32, hearing: Uuid) -> Result<(CourtTx, Record)> {
    record::seen(app, caller, court, hearing).await?;
    let mut tx = app.door.enter(caller, court, Act::HearingTake).await?;
    let record = Record::of(&mut tx, hearing, caller.person()).await?;
    Ok((tx, record))
}

/// Who signs without being in the case sees of it what signing needs: by the house, cut by the seat.
async fn shown(app: &App, caller: &Caller, court: i32, hearing: Uuid, what: What) -> Result<Signing> {
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    let record = Record::of(&mut tx, hearing, caller.person()).await?;
    match transcript_read::reads(&record)? {
        super::transcript::Reads::All => views::signing(&mut tx, &record, what).await,
        _ => {
            drop(tx);
            let (mut tx, record) = taking(app, caller, court, hearing).await?;
            let mut signing = views::signing(&mut tx, &record, what).await?;
            signing.signers.retain(|s| s.own);
            Ok(signing)
        }
    }
}

#[OpenApi]
impl SigningApi {
    /// 申请补正, anchored to the words (民事诉讼法 Art 150).
    #[oai(path = "/courts/:court/hearings/:hearing/transcript/objections", method = "post", operation_id = "object_transcript")]
    async fn object(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<NewTranscriptObjection>,
    ) -> Result<Created<TranscriptObjection>> {
        let (mut tx, record) = taking(app, &caller, court.0, hearing.0).await?;
        let id = match tx.once::<Uuid>(key.0, &serde_json::to_vec(&(hearing.0, &body.0))?).await? {
            Some(id) => id,
            None => {
                let id = object(&mut tx, &record, &body.0).await?;
                tx.answered(key.0, &id).await?;
                tx.commit(id, json!({ "hearing": hearing.0, "entry": body.0.entry_id })).await?;
                id
            }
        };
        Ok(created(objection(app, &caller, court.0, hearing.0, id).await?))
    }

    /// 补正、不予补正、撤回.
    #[oai(
        path = "/courts/:court/hearings/:hearing/transcript/objections/:objection/answer",
        method = "post",
        operation_id = "answer_objection"
    )]
    async fn answer(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        objection: Path<Uuid>,
        body: Json<ObjectionAnswer>,
    ) -> Result<Json<TranscriptObjection>> {
        if body.0.what == ObjectionDo::Withdraw {
            let (tx, record) = taking(app, &caller, court.0, hearing.0).await?;
            withdraw(tx, &record, objection.0).await?;
        } else {
            record::seen(app, &caller, court.0, hearing.0).await?;
            let mut tx = app.door.enter(&caller, court.0, Act::TranscriptWrite).await?;
            let record = Record::of(&mut tx, hearing.0, caller.person()).await?;
            answer(tx, &record, objection.0, &body.0).await?;
        }
        Ok(Json(self::objection(app, &caller, court.0, hearing.0, objection.0).await?))
    }

    /// 定稿: a numbered version with its digest; opened for signing at once unless said otherwise.
    #[oai(path = "/courts/:court/hearings/:hearing/transcript/fix", method = "post", operation_id = "fix_transcript")]
    async fn fix(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<TranscriptFix>,
    ) -> Result<Created<Signing>> {
        let mut tx = app.door.enter(&caller, court.0, Act::TranscriptWrite).await?;
        let record = Record::of(&mut tx, hearing.0, caller.person()).await?;
        if tx.once::<i32>(key.0, &serde_json::to_vec(&(hearing.0, &body.0))?).await?.is_none() {
            let n = fixing::fix(app, &mut tx, &record, body.0.rev).await?;
            if body.0.start_signing {
                fixing::start_signing(&mut tx, &record).await?;
            }
            tx.answered(key.0, &n).await?;
            tx.commit(hearing.0, json!({ "version": n, "signing": body.0.start_signing })).await?;
        }
        Ok(created(shown(app, &caller, court.0, hearing.0, What::Transcript).await?))
    }

    /// 收回签名，继续改笔录.
    #[oai(path = "/courts/:court/hearings/:hearing/transcript/reopen", method = "post", operation_id = "reopen_transcript")]
    async fn reopen(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        body: Json<TranscriptReopen>,
    ) -> Result<Json<HearingTranscript>> {
        let mut tx = app.door.enter(&caller, court.0, Act::TranscriptWrite).await?;
        let record = Record::of(&mut tx, hearing.0, caller.person()).await?;
        fixing::reopen(&mut tx, &record, &body.0.reason).await?;
        tx.commit(hearing.0, json!({ "reopened": true })).await?;
        Ok(Json(transcript_read::read(app, &caller, court.0, hearing.0, None).await?))
    }

    /// 签名的进度.
    #[oai(path = "/courts/:court/hearings/:hearing/signing", method = "get", operation_id = "get_signing")]
    async fn signing(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        what: Query<Option<What>>,
    ) -> Result<Json<Signing>> {
        let what = what.0.unwrap_or(What::Transcript);
        Ok(Json(shown(app, &caller, court.0, hearing.0, what).await?))
    }

    /// 签名; with the last one the transcript locks, an agreement takes effect.
    #[oai(path = "/courts/:court/hearings/:hearing/signatures", method = "post", operation_id = "sign_record")]
    async fn sign(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<NewSignature>,
    ) -> Result<Created<Signing>> {
        let (tx, record) = taking(app, &caller, court.0, hearing.0).await?;
        let (what, new) = signature(&caller, &record, &body.0)?;
        give(tx, &record, key.0, &serde_json::to_vec(&(hearing.0, &body.0))?, what, new).await?;
        Ok(created(shown(app, &caller, court.0, hearing.0, what).await?))
    }

    /// 记明拒绝签名, by the clerk.
    #[oai(path = "/courts/:court/hearings/:hearing/signatures/refusal", method = "post", operation_id = "note_refusal")]
    async fn refusal(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<SigningRefusal>,
    ) -> Result<Created<Signing>> {
        let (mut tx, record) = taking(app, &caller, court.0, hearing.0).await?;
        clerk_only(&record)?;
        let (b, what) = (&body.0, body.0.what);
        let new = New { refused: Some(b.reason.trim().to_owned()), ..noted(&mut tx, &record, &caller, b.participant_id, what).await? };
        give(tx, &record, key.0, &serde_json::to_vec(&(hearing.0, b))?, what, new).await?;
        Ok(created(shown(app, &caller, court.0, hearing.0, what).await?))
    }

    /// 登记纸质签名, by the clerk.
    #[oai(path = "/courts/:court/hearings/:hearing/signatures/paper", method = "post", operation_id = "note_paper_signature")]
    async fn paper(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<SigningPaper>,
    ) -> Result<Created<Signing>> {
        let (mut tx, record) = taking(app, &caller, court.0, hearing.0).await?;
        clerk_only(&record)?;
        let (b, what) = (&body.0, body.0.what);
        read::leaf(&mut tx, record.row.case_id, b.leaf_id).await?;
        let new = New { way: Some(Way::OnPaper), leaf: Some(b.leaf_id), ..noted(&mut tx, &record, &caller, b.participant_id, what).await? };
        give(tx, &record, key.0, &serde_json::to_vec(&(hearing.0, b))?, what, new).await?;
        Ok(created(shown(app, &caller, court.0, hearing.0, what).await?))
    }

    /// 庭上达成的调解协议.
    #[oai(path = "/courts/:court/hearings/:hearing/agreement", method = "get", operation_id = "get_agreement")]
    async fn agreement(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
    ) -> Result<Json<HearingAgreement>> {
        Ok(Json(agreement(app, &caller, court.0, hearing.0).await?))
    }

    /// 写入调解协议; a new one takes the place of the old.
    #[oai(path = "/courts/:court/hearings/:hearing/agreement", method = "post", operation_id = "write_agreement")]
    async fn write_agreement(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<NewAgreement>,
    ) -> Result<Created<HearingAgreement>> {
        let mut tx = app.door.enter(&caller, court.0, Act::TranscriptWrite).await?;
        let record = Record::of(&mut tx, hearing.0, caller.person()).await?;
        if tx.once::<i32>(key.0, &serde_json::to_vec(&(hearing.0, &body.0))?).await?.is_none() {
            let n = agreements::write(&mut tx, &record, &body.0.terms).await?;
            tx.answered(key.0, &n).await?;
            tx.commit(hearing.0, json!({ "agreement": n })).await?;
        }
        Ok(created(agreement(app, &caller, court.0, hearing.0).await?))
    }
}

async fn agreement(app: &App, caller: &Caller, court: i32, hearing: Uuid) -> Result<HearingAgreement> {
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    let record = Record::of(&mut tx, hearing, caller.person()).await?;
    let found = agreements::current(&mut tx, hearing).await?.ok_or_else(Error::not_found)?;
    let signing = views::signing(&mut tx, &record, What::Agreement).await?;
    Ok(views::agreement(&found, &signing))
}

async fn object(tx: &mut CourtTx, record: &Record, asked: &NewTranscriptObjection) -> Result<Uuid> {
    let hearing = record.row.hearing_id;
    let reads = transcript_read::reads(record)?;
    let t = transcripts::hold(tx, hearing).await?;
    let all = transcripts::lines(tx, hearing, None).await?;
    let readable = transcript_read::readable(record, reads, &t, &all).unwrap_or_else(|| all.iter().map(|l| l.entry.id).collect());
    let ask = Asked { entry: asked.entry_id, version: asked.version, from: asked.from, quote: &asked.quote, text: &asked.text };
    let id = objections::ask(tx, record, t.case, &readable, &ask).await?;
    count(tx, record, t, json!({ "objection": id })).await?;
    Ok(id)
}

/// What readers see changed: the count goes on, and the room is told. What was fixed stays fixed.
async fn count(tx: &mut CourtTx, record: &Record, mut t: transcripts::Transcript, what: serde_json::Value) -> Result<()> {
    t.rev += 1;
    let hearing = record.row.hearing_id;
    transcripts::save(tx, hearing, &t).await?;
    record::told(tx, hearing, json!({ "transcript": t.rev, "about": what }))
}

async fn withdraw(mut tx: CourtTx, record: &Record, id: Uuid) -> Result<()> {
    let hearing = record.row.hearing_id;
    let o = objections::one(&mut tx, hearing, id).await?;
    if !record.mine().any(|s| s.seat.id == o.participant) {
        return Err(Error::not_found());
    }
    let t = transcripts::hold(&mut tx, hearing).await?;
    objections::answer(&mut tx, hearing, id, End::Withdrawn).await?;
    count(&mut tx, record, t, json!({ "objection": id })).await?;
    tx.commit(id, json!({ "withdrawn": true })).await
}

/// A correction changes the entry and closes its objection at once; a refusal becomes a line of the record.
async fn answer(mut tx: CourtTx, record: &Record, id: Uuid, body: &ObjectionAnswer) -> Result<()> {
    record.writer()?;
    let hearing = record.row.hearing_id;
    let mut t = transcripts::hold(&mut tx, hearing).await?;
    let o = objections::one(&mut tx, hearing, id).await?;
    if body.what == ObjectionDo::Correct {
        let (Some(version), Some(text)) = (body.version, body.text.clone()) else { return Err(no_words()) };
        let op = Op::Edit { id: o.entry, version, text, speaker: None, section: None };
        transcript_changes::apply(&mut tx, record, &mut t, vec![op], Some(id)).await?;
        objections::answer(&mut tx, hearing, id, End::Corrected).await?;
    } else {
        objections::answer(&mut tx, hearing, id, End::Refused(body.reason.as_deref().unwrap_or_default())).await?;
        t.fixed = None;
    }
    count(&mut tx, record, t, json!({ "objection": id })).await?;
    tx.commit(id, json!({ "hearing": hearing, "answer": body.what })).await
}

async fn objection(app: &App, caller: &Caller, court: i32, hearing: Uuid, id: Uuid) -> Result<TranscriptObjection> {
    let (mut tx, record) = taking(app, caller, court, hearing).await?;
    let o = objections::one(&mut tx, hearing, id).await?;
    let lines = transcripts::some(&mut tx, hearing, &[o.entry]).await?;
    Ok(transcript_views::objection(&o, &record, lines.first().map(|l| l.entry.text.as_str())))
}

/// A signature of the caller's own.
fn signature(caller: &Caller, record: &Record, b: &NewSignature) -> Result<(What, New)> {
    let seat = record.mine().find(|s| super::signing::wave(s.seat.role).is_some()).ok_or_else(Error::not_found)?;
    if b.way == SigningWay::Typed {
        check_name(&seat.name, b.typed_name.as_deref())?;
    }
    let new = New {
        participant: seat.seat.id,
        digest: b.digest.clone(),
        way: Some(if b.way == SigningWay::Typed { Way::Typed } else { Way::Handwritten }),
        strokes: b.strokes.clone(),
        read_to_end: b.read_to_end,
        refused: None,
        leaf: None,
        check: b.check_id,
        by: caller.person(),
        two_factors: caller.session.second_factor,
    };
    Ok((b.what, new))
}

/// What a clerk notes of somebody else, for exactly what is signed now.
async fn noted(tx: &mut CourtTx, record: &Record, caller: &Caller, participant: Uuid, what: What) -> Result<New> {
    record.named(participant, "/participant_id")?;
    let asked = signatures::asked(tx, record, what).await?;
    let signer = asked.and_then(|a| a.signers.into_iter().find(|s| s.id == participant));
    Ok(New {
        participant,
        digest: signer.map(|s| s.digest).unwrap_or_default(),
        way: None,
        strokes: None,
        // the clerk was there
        read_to_end: true,
        refused: None,
        leaf: None,
        check: None,
        by: caller.person(),
        two_factors: caller.session.second_factor,
    })
}

async fn give(mut tx: CourtTx, record: &Record, key: Uuid, body: &[u8], what: What, new: New) -> Result<()> {
    if tx.once::<Uuid>(key, body).await?.is_some() {
        return Ok(());
    }
    let participant = new.participant;
    let (way, refused) = (new.way.map(Way::key), new.refused.is_some());
    signatures::give(&mut tx, record, what, new).await?;
    tx.answered(key, &participant).await?;
    tx.commit(record.row.hearing_id, json!({ "what": what.key(), "participant": participant, "way": way, "refused": refused })).await
}

/// Who types the name types his or her own.
///
/// # Errors
/// Another name.
pub fn check_name(name: &str, typed: Option<&str>) -> Result<()> {
    let bare = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    if typed.is_some_and(|t| bare(t) == bare(name)) {
        return Ok(());
    }
    Err(Error::invalid(
        "signing.name",
        said("输入的姓名与签名人不一致。", "The typed name is not the signer's."),
        said("请输入您自己的姓名。", "Type your own name."),
    )
    .at("/typed_name"))
}

fn clerk_only(record: &Record) -> Result<()> {
    if record.mine().any(|s| s.seat.role.is_clerk()) {
        return Ok(());
    }
    Err(Error::invalid(
        "signing.clerk_only",
        said("拒签和纸质签名由本庭书记员记明。", "The clerk of this hearing notes refusals and paper signatures."),
        said("请联系书记员。", "Speak to the clerk."),
    ))
}

fn no_words() -> Error {
    Error::invalid(
        "transcript.missing",
        said("补正要写明补正后的全文。", "A correction gives all words of the entry."),
        said("请填写后再保存。", "Fill it in and save again."),
    )
    .at("/text")
}
