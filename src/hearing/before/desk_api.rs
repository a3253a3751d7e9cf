//! Doors of identity: papers brought, what the court finds, what the other side says, and the clerk's desk over all of it.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::super::words::Side;
use super::desk::{self, HearingDesk};
use super::identity::{self, How, Saying, Says};
use super::papers::{self, PaperKind, Shown};
use super::sitting::{self, Sitting};
use super::tidings::{self, Whom};
use super::views::{self, HearingPaper};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::{Error, Result};
use crate::kit::answer::{Created, created};

/// The doors.
pub struct HearingDeskApi;

/// 上传身份材料.
#[derive(Debug, Object, Serialize)]
struct NewIdentityPaper {
    /// A finished upload of one's own.
    file_id: Uuid,
    /// What it is.
    kind: PaperKind,
    /// Whom it identifies: oneself, or somebody of one's own side.
    participant_id: Option<Uuid>,
}

/// 核对身份、对身份表示意见.
#[derive(Debug, Object, Serialize)]
struct IdentitySaying {
    /// Of whom.
    participant_id: Uuid,
    /// What.
    says: Says,
    /// Of the court: how it checked.
    how: Option<How>,
    /// Of the court: the papers it looked at.
    #[oai(default, validator(max_items = 20))]
    leaf_ids: Vec<Uuid>,
    /// In words: of a doubt, of an objection.
    #[oai(default, validator(max_length = 500))]
    note: String,
}

/// What the caller said of somebody.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct OwnIdentityView {
    /// no_objection or objection.
    says: Says,
    /// In words.
    note: Option<String>,
    /// When.
    at: DateTime<Utc>,
}

/// Somebody's identity, as far as the caller is concerned.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct HearingIdentity {
    /// Whose.
    participant_id: Uuid,
    /// 席位.
    plate: String,
    /// The plate in English.
    plate_en: String,
    /// Name.
    name: String,
    /// Side.
    side: Option<Side>,
    /// The caller.
    own: bool,
    /// The caller is asked for a view.
    asked: bool,
    /// none, matches, doubt or no_match: one's own, and for the court.
    standing: Option<String>,
    /// One's own, and for the court.
    papers: Option<Vec<HearingPaper>>,
    /// What the caller said.
    view: Option<OwnIdentityView>,
}

/// Identities of a hearing.
#[derive(Debug, Object)]
struct HearingIdentities {
    /// Bench first, then the sides.
    items: Vec<HearingIdentity>,
}

#[OpenApi]
impl HearingDeskApi {
    /// 上传身份、委托材料: into the case file, for this hearing.
    #[oai(path = "/courts/:court/hearings/:hearing/identity-papers", method = "post", operation_id = "add_identity_paper")]
    async fn add_paper(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<NewIdentityPaper>,
    ) -> Result<Created<HearingPaper>> {
        let mut tx = sitting::enter(app, &caller, court.0, hearing.0, Act::HearingTake).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        let seat = whose(&all, &caller, body.0.participant_id)?;
        drop(tx); // who may not is told so before a byte is copied
        let file = papers::carry(app, &caller, court.0, body.0.file_id).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::HearingTake).await?;
        sitting::hold(&mut tx, hearing.0).await?;
        let leaf = match tx.once::<Uuid>(key.0, &serde_json::to_vec(&(hearing.0, &body.0))?).await? {
            Some(leaf) => leaf,
            None => {
                let leaf = papers::add(&mut tx, hearing.0, seat, body.0.kind, &file).await?;
                tx.answered(key.0, &leaf).await?;
                tx.commit(hearing.0, json!({ "participant": seat.id(), "leaf": leaf })).await?;
                tidings::tell(app, court.0, hearing.0, Whom::Court, json!({ "type": "identity", "participant_id": seat.id() })).await;
                leaf
            }
        };
        let mut tx = app.door.enter(&caller, court.0, Act::HearingTake).await?;
        let made = papers::all(&mut tx, hearing.0).await?.into_iter().find(|p| p.leaf_id == leaf);
        Ok(created(views::paper(&made.ok_or_else(Error::not_found)?)))
    }

    /// Identities: one's own as the court found it, and those one is asked about.
    #[oai(path = "/courts/:court/hearings/:hearing/identity", method = "get", operation_id = "get_hearing_identity")]
    async fn identities(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
    ) -> Result<Json<HearingIdentities>> {
        Ok(Json(identities(app, &caller, court.0, hearing.0).await?))
    }

    /// 核对身份 (the court), 对另一方身份的意见 (a side).
    #[oai(path = "/courts/:court/hearings/:hearing/identity", method = "post", operation_id = "say_hearing_identity")]
    async fn say(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<IdentitySaying>,
    ) -> Result<Created<HearingIdentities>> {
        let mut tx = sitting::enter(app, &caller, court.0, hearing.0, Act::HearingTake).await?;
        let head = sitting::hold(&mut tx, hearing.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        let b = &body.0;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(hearing.0, b))?).await?.is_none() {
            let hand = sitting::hand(&all, &caller, court.0, head.state);
            let (says, how) = (b.says, b.how);
            let saying = Saying { participant: b.participant_id, says, how, leaves: &b.leaf_ids, note: &b.note };
            identity::say(&mut tx, hearing.0, &head, &all, hand, &saying).await?;
            tx.answered(key.0, &b.participant_id).await?;
            tx.commit(hearing.0, json!({ "participant": b.participant_id, "says": says.key() })).await?;
            let message = json!({ "type": "identity", "participant_id": b.participant_id });
            tidings::tell(app, court.0, hearing.0, Whom::One(b.participant_id), message).await;
        } else {
            drop(tx);
        }
        Ok(created(identities(app, &caller, court.0, hearing.0).await?))
    }

    /// 候庭台: everybody with test, acknowledgement, identity and the other side's views; and what stands in the way of opening.
    #[oai(path = "/courts/:court/hearings/:hearing/desk", method = "get", operation_id = "get_hearing_desk")]
    async fn desk(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, hearing: Path<Uuid>) -> Result<Json<HearingDesk>> {
        let recorder = app.rooms.recorder_ready().await;
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        if !sitting::works_on(&tx, &caller) {
            return Err(Error::not_found());
        }
        Ok(Json(desk::of(app, &mut tx, hearing.0, caller.person(), recorder).await?))
    }
}

/// Oneself, or somebody of one's own party.
fn whose<'a>(all: &'a [Sitting], caller: &Caller, participant: Option<Uuid>) -> Result<&'a Sitting> {
    let mine = sitting::must_sit(all, caller.person())?;
    let Some(participant) = participant else { return Ok(mine) };
    let seat = sitting::find(all, participant)?;
    let side =
        seat.role().is_party_side() && mine.role().is_party_side() && seat.seat.party.is_some() && seat.seat.party == mine.seat.party;
    if seat.id() == mine.id() || side || mine.role().is_clerk() { Ok(seat) } else { Err(Error::not_found()) }
}

async fn identities(app: &App, caller: &Caller, court: i32, hearing: Uuid) -> Result<HearingIdentities> {
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    let head = sitting::head(&mut tx, hearing).await?;
    let all = sitting::all(&mut tx, hearing).await?;
    let checks = identity::all(&mut tx, hearing).await?;
    let shown = papers::all(&mut tx, hearing).await?;
    let (me, staff) = (caller.person(), sitting::works_on(&tx, caller));
    let mine: Vec<&Sitting> = all.iter().filter(|s| s.seat.person == Some(me)).collect();
    let of = |s: &Sitting, shown: &[Shown]| shown.iter().filter(|p| p.participant_id == s.id()).map(views::paper).collect::<Vec<_>>();
    let item = |s: &Sitting| {
        let (plate, own) = (s.plate(), s.seat.person == Some(me));
        let said = checks.iter().find(|c| c.participant == s.id() && !c.says.is_the_courts() && c.by == me);
        let standing = identity::standing(&checks, s.id(), &head).map_or("none", |c| c.says.key());
        HearingIdentity {
            participant_id: s.id(),
            plate: plate.zh,
            plate_en: plate.en,
            name: s.name.clone(),
            side: s.seat.side,
            own,
            asked: mine.iter().any(|m| m.opposes(s)),
            standing: (own || staff).then(|| standing.to_owned()),
            papers: (own || staff).then(|| of(s, &shown)),
            view: said.map(|c| OwnIdentityView { says: c.says, note: c.note.clone(), at: c.at }),
        }
    };
    Ok(HearingIdentities { items: all.iter().filter(|s| identity::must_identify(s.role())).map(item).collect() })
}
