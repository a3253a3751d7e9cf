//! Doors of one's own hearings: the list over all courts, the calendar, when one has no time, consent, the link of a message.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Json, PlainText};
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::api::permitted;
use super::conflicts::Span;
use super::consents::{self, Saying, TOLD};
use super::feed::{self, Entry};
use super::room_api::HearingCalendar;
use super::settings::Settings;
use super::views::{self, HearingList};
use super::words::SessionKind;
use super::{busy, link_seat, listing, modes, notices, plan, restore};
use crate::app::App;
use crate::court::act::Act;
use crate::court::beijing::beijing_date;
use crate::court::caller::{Caller, RequestFacts};
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::delivery::online::Path as Way;
use crate::delivery::words::{Stage, Step};
use crate::docket::{people, read};
use crate::error::{Error, Result, said};
use crate::kit::answer::{Created, NoContent, created};
use crate::kit::seal::sha256;

/// The doors.
pub struct MyHearingApi;

/// A time one has none.
#[derive(Debug, Object)]
struct BusyTime {
    /// Entry.
    id: Uuid,
    /// From.
    from: DateTime<Utc>,
    /// Until.
    until: DateTime<Utc>,
}

/// Times one has none.
#[derive(Debug, Object)]
struct BusyTimes {
    /// From now on.
    items: Vec<BusyTime>,
}

/// 登记没空. No reason is asked, and courts see that one is busy and nothing more.
#[derive(Debug, Object, Serialize)]
struct NewBusyTime {
    /// From.
    from: DateTime<Utc>,
    /// Until.
    until: DateTime<Utc>,
}

/// How what a clerk writes down is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum OnlineConsentProof {
    /// 通话录音.
    PhoneRecord,
    /// 书面.
    SignedForm,
    /// 到庭口头.
    InCourt,
}

/// 同意、不同意、撤回在线进行.
#[derive(Debug, Object, Serialize)]
struct OnlineConsentOrder {
    /// For which party.
    party_id: Uuid,
    /// The step; consent to one is not consent to another.
    step: Step,
    /// Agrees.
    agrees: bool,
    /// The court asked; one's own wish when false.
    #[oai(default)]
    invited: bool,
    /// The version of the words that were read.
    #[oai(validator(max_length = 20))]
    told_version: String,
    /// Of a clerk: how it is proved.
    proof: Option<OnlineConsentProof>,
    /// The recording or the form, in the file.
    proof_leaf: Option<Uuid>,
}

/// 邀请在线进行.
#[derive(Debug, Object, Serialize)]
struct OnlineInvitation {
    /// Which step.
    step: Step,
}

/// How many were asked.
#[derive(Debug, Object)]
struct OnlineInvited {
    /// Parties without an answer who have an account here.
    asked: u32,
}

/// What was said.
#[derive(Debug, Object)]
struct OnlineConsent {
    /// Entry.
    id: Uuid,
    /// Party.
    party_id: Uuid,
    /// Step.
    step: Step,
    /// 审级.
    stage: Stage,
    /// Agrees.
    agrees: bool,
    /// The court asked; one's own wish when false (A06).
    invited: bool,
    /// platform_tick, phone_record, signed_form or in_court.
    proof: String,
    /// It was explained, so that it counts.
    told: bool,
    /// When.
    at: DateTime<Utc>,
}

/// What was said of a case, and what one is told before.
#[derive(Debug, Object)]
struct OnlineConsents {
    /// As it was said.
    items: Vec<OnlineConsent>,
    /// To be read before.
    told: String,
    /// To be read before, in English.
    told_en: String,
    /// Its version.
    told_version: String,
}

/// The token of a message's link.
#[derive(Debug, Object)]
struct LinkToken {
    /// Token.
    #[oai(validator(max_length = 100))]
    token: String,
}

/// Where a link leads: nothing of the case.
#[derive(Debug, Object)]
struct LinkedHearing {
    /// Court.
    court_id: i32,
    /// Court's name.
    court_name: String,
    /// Hearing.
    hearing_id: Uuid,
    /// Kind of session.
    kind_name: String,
    /// Begins.
    starts_at: DateTime<Utc>,
}

/// The seat a link names, taken by whoever opened it.
#[derive(Debug, Object)]
struct LinkedSeat {
    /// Court.
    court_id: i32,
    /// Court's name.
    court_name: String,
    /// Hearing, from now on among one's own.
    hearing_id: Uuid,
    /// Participant.
    participant_id: Uuid,
    /// Kind of session.
    kind_name: String,
    /// Kind of session, in English.
    kind_name_en: String,
    /// Begins.
    starts_at: DateTime<Utc>,
    /// 席位.
    plate: String,
    /// The plate in English.
    plate_en: String,
    /// The name the court wrote down.
    name: String,
}

#[OpenApi]
impl MyHearingApi {
    /// My hearings over all courts, by time.
    #[oai(path = "/my/hearings", method = "get", operation_id = "list_my_hearings")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        from: Query<Option<DateTime<Utc>>>,
        until: Query<Option<DateTime<Utc>>>,
        limit: Query<Option<u32>>,
    ) -> Result<Json<HearingList>> {
        let mut tx = app.door.mine(&caller, "hearing:list").await?;
        let limit = i64::from(limit.0.unwrap_or(100).clamp(1, 500));
        let rows = listing::own(&mut tx, from.0, until.0, limit).await?;
        let items = rows.iter().map(|r| views::summary(r, app.door.registry.name(r.court_id))).collect();
        Ok(Json(HearingList { items, next_cursor: None }))
    }

    /// My hearings as a calendar, behind the address of the feed of services.
    #[oai(path = "/my/hearings/feed.ics", method = "get", operation_id = "get_hearing_feed")]
    async fn feed(&self, Data(app): Data<&App>, #[oai(validator(max_length = 100))] token: Query<String>) -> Result<HearingCalendar> {
        let mut gate = app.door.gate("feed:read", "".into()).await?;
        let person: Option<Uuid> = sqlx::query_scalar("select person_id from feed_tokens where token_hash = $1 and revoked_at is null")
            .bind(sha256(token.0.as_bytes()))
            .fetch_optional(gate.conn())
            .await?;
        drop(gate);
        let mut tx = app.door.as_person(person.ok_or_else(Error::not_found)?, "feed:read", "feed".into()).await?;
        let rows = listing::own(&mut tx, Some(app.now() - chrono::TimeDelta::days(30)), None, 500).await?;
        let own = |r: &listing::Listed| Entry::of(r, &app.door.registry.name(r.court_id), true, &app.config.public_url);
        Ok(HearingCalendar::Ics(PlainText(feed::ics("联庭 庭审", &rows.iter().map(own).collect::<Vec<_>>(), app.now()))))
    }

    /// When I have no time.
    #[oai(path = "/my/unavailable", method = "get", operation_id = "list_unavailable")]
    async fn unavailable(&self, Data(app): Data<&App>, caller: Caller) -> Result<Json<BusyTimes>> {
        let mut tx = app.door.mine(&caller, "busy:list").await?;
        let items = busy::own(&mut tx).await?.into_iter().map(|b| BusyTime { id: b.slot_id, from: b.from_at, until: b.until_at });
        Ok(Json(BusyTimes { items: items.collect() }))
    }

    /// 登记没空.
    #[oai(path = "/my/unavailable", method = "post", operation_id = "add_unavailable")]
    async fn add_unavailable(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<NewBusyTime>,
    ) -> Result<Created<BusyTime>> {
        let mut tx = app.door.mine(&caller, "busy:add").await?;
        let id = match tx.once::<Uuid>(key.0, &serde_json::to_vec(&body.0)?).await? {
            Some(id) => id,
            None => {
                let id = busy::add_own(&mut tx, Span { from: body.0.from, until: body.0.until }).await?;
                tx.answered(key.0, &id).await?;
                tx.commit(id, json!({})).await?;
                id
            }
        };
        Ok(created(BusyTime { id, from: body.0.from, until: body.0.until }))
    }

    /// Takes an entry back.
    #[oai(path = "/my/unavailable/:busy", method = "delete", operation_id = "end_unavailable")]
    async fn end_unavailable(&self, Data(app): Data<&App>, caller: Caller, busy: Path<Uuid>) -> Result<NoContent> {
        let mut tx = app.door.mine(&caller, "busy:end").await?;
        busy::end_own(&mut tx, busy.0).await?;
        tx.commit(busy.0, json!({})).await?;
        Ok(NoContent::NoContent)
    }

    /// 同意台账: what was said about taking steps online, and the words to be read before.
    #[oai(path = "/courts/:court/cases/:case/online-consents", method = "get", operation_id = "get_online_consents")]
    async fn consents(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, case: Path<Uuid>) -> Result<Json<OnlineConsents>> {
        Ok(Json(said_so_far(app, &caller, court.0, case.0).await?))
    }

    /// 邀请在线进行 (A06): asks every party that has not answered, by message.
    #[oai(path = "/courts/:court/cases/:case/online-invitations", method = "post", operation_id = "invite_online")]
    async fn invite(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<OnlineInvitation>,
    ) -> Result<Created<OnlineInvited>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingPrepare).await?;
        read::row(&mut tx, case.0).await?;
        let asked = match tx.once::<u32>(key.0, &serde_json::to_vec(&(case.0, &body.0))?).await? {
            Some(asked) => asked,
            None => {
                let asked = consents::invite(app, &mut tx, case.0, body.0.step).await?;
                tx.answered(key.0, &asked).await?;
                tx.commit(case.0, json!({ "invited": body.0.step, "asked": asked })).await?;
                asked
            }
        };
        Ok(created(OnlineInvited { asked }))
    }

    /// 同意、不同意、撤回.
    #[oai(path = "/courts/:court/cases/:case/online-consents", method = "post", operation_id = "say_online_consent")]
    async fn say(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<OnlineConsentOrder>,
    ) -> Result<Created<OnlineConsents>> {
        let staff = may_speak(app, &caller, court.0, case.0, &body.0).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::HearingConsent).await?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(case.0, &body.0))?).await?.is_none() {
            let id = say(app, &mut tx, &caller, case.0, &body.0, staff).await?;
            let changed = restore::reseat(&mut tx, case.0).await?;
            tx.answered(key.0, &id).await?;
            tx.commit(case.0, json!({ "entry": id, "step": body.0.step, "agrees": body.0.agrees, "seats": changed })).await?;
        }
        Ok(created(said_so_far(app, &caller, court.0, case.0).await?))
    }

    /// Opens the link of a message: proves that it reached, and signs nobody in.
    #[oai(path = "/hearing-links", method = "post", operation_id = "open_hearing_link")]
    async fn link(&self, Data(app): Data<&App>, Data(facts): Data<&RequestFacts>, body: Json<LinkToken>) -> Result<Json<LinkedHearing>> {
        let (linked, kind, starts_at) = notices::open_link(app, facts.id.clone(), &body.0.token).await?;
        let kind_name = SessionKind::parse(&kind).map_or("庭审", SessionKind::zh).to_owned();
        Ok(Json(LinkedHearing {
            court_id: linked.court_id,
            court_name: app.door.registry.name(linked.court_id),
            hearing_id: linked.hearing_id,
            kind_name,
            starts_at,
        }))
    }

    /// 凭链接入席: whoever is signed in by the number the court wrote down takes the seat the message was about. As often as
    /// one likes; the link of anybody else is no link.
    #[oai(path = "/hearing-links/take", method = "post", operation_id = "take_hearing_seat")]
    async fn take_seat(&self, Data(app): Data<&App>, caller: Caller, body: Json<LinkToken>) -> Result<Json<LinkedSeat>> {
        let taken = link_seat::take(app, &caller, &body.0.token).await?;
        let kind = taken.kind;
        Ok(Json(LinkedSeat {
            court_id: taken.court,
            court_name: app.door.registry.name(taken.court),
            hearing_id: taken.hearing,
            participant_id: taken.participant,
            kind_name: kind.zh().into(),
            kind_name_en: kind.en().into(),
            starts_at: taken.starts_at,
            plate: taken.plate.zh,
            plate_en: taken.plate.en,
            name: taken.name,
        }))
    }
}

async fn said_so_far(app: &App, caller: &Caller, court: i32, case: Uuid) -> Result<OnlineConsents> {
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    read::row(&mut tx, case).await?;
    let items = consents::entries(&mut tx, case).await?.into_iter().map(|(a, proof)| OnlineConsent {
        id: a.id,
        party_id: a.party,
        step: a.step,
        stage: a.stage,
        agrees: a.agrees,
        invited: a.path == Way::Invited,
        proof,
        told: a.told_at.is_some(),
        at: a.at,
    });
    Ok(OnlineConsents { items: items.collect(), told: TOLD.0.into(), told_en: TOLD.1.into(), told_version: TOLD.2.into() })
}

/// Who speaks for a party: somebody of its side, not a colleague; or a clerk who writes down what was proved.
async fn may_speak(app: &App, caller: &Caller, court: i32, case: Uuid, order: &OnlineConsentOrder) -> Result<bool> {
    permitted(app, caller, court, Act::HearingConsent).await?;
    let mut tx = app.door.enter(caller, court, Act::CaseRead).await?;
    read::row(&mut tx, case).await?;
    people::party_exists(&mut tx, case, order.party_id).await?;
    if order.told_version != TOLD.2 {
        return Err(Error::invalid(
            "consent.not_told",
            said("告知的内容刚刚更新，请重新看一遍。", "What you are told was just renewed; read it again."),
            said("看完后再选择。", "Then choose."),
        )
        .at("/told_version"));
    }
    let staff = tx.is_staff();
    let own = people::parties_of(&mut tx, case, caller.person()).await?;
    if !staff && !own.iter().any(|(capacity, party)| *party == Some(order.party_id) && capacity != "colleague") {
        return Err(Error::not_found());
    }
    if staff && order.proof.is_none() {
        return Err(Error::invalid(
            "consent.proof",
            said("代当事人登记要写明凭什么。", "What is written down for a party needs its proof."),
            said("请选择录音、书面或者到庭。", "Choose recording, form or in court."),
        )
        .at("/proof"));
    }
    Ok(staff)
}

async fn say(app: &App, tx: &mut CourtTx, caller: &Caller, case: Uuid, order: &OnlineConsentOrder, staff: bool) -> Result<Uuid> {
    let row = plan::case_row(tx, case).await?;
    let (step, stage) = (order.step, row.stage());
    let answers = consents::answers(tx, case).await?;
    let agreed = crate::delivery::online::agrees(&answers, order.party_id, step, stage, tx.now());
    if !order.agrees && agreed && !staff {
        in_time(app, tx, case, step).await?;
    }
    let proof = match order.proof.filter(|_| staff) {
        None => "platform_tick",
        Some(OnlineConsentProof::PhoneRecord) => "phone_record",
        Some(OnlineConsentProof::SignedForm) => "signed_form",
        Some(OnlineConsentProof::InCourt) => "in_court",
    };
    let saying = Saying {
        party: order.party_id,
        step,
        stage,
        agrees: order.agrees,
        path: if order.invited { Way::Invited } else { Way::OwnChoice },
        proof,
        proof_leaf: order.proof_leaf.filter(|_| staff),
        person: (!staff).then(|| caller.person()),
    };
    consents::say(tx, case, &saying, agreed).await
}

/// 撤回 comes in reasonable time before the next session of that step.
async fn in_time(app: &App, tx: &mut CourtTx, case: Uuid, step: Step) -> Result<()> {
    let settings = Settings::of(&CourtRules::on(&app.door.registry, tx.court, beijing_date(tx.now())));
    let court = tx.court;
    let next: Vec<(String, DateTime<Utc>)> =
        sqlx::query_as("select h.kind, h.starts_at from hearings h where h.court_id = $1 and h.state in ('scheduled', 'waiting')
            and (h.case_id = $2 or exists (select 1 from hearing_cases x where x.court_id = h.court_id and x.hearing_id = h.hearing_id and x.case_id = $2)) order by h.starts_at")
            .bind(court)
            .bind(case)
            .fetch_all(tx.conn())
            .await?;
    let of_step = |kind: &str| SessionKind::parse(kind).is_some_and(|k| super::kinds::of(k).step == step);
    match next.iter().find(|(kind, _)| of_step(kind)) {
        Some((_, starts_at)) => Ok(modes::check_withdrawal(tx.now(), *starts_at, settings.rules.withdrawal())?),
        None => Ok(()),
    }
}
