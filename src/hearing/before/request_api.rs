//! Doors of what is asked and said around a hearing: requests, delay, messages with the clerk.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::super::api;
use super::super::guards::Hand;
use super::super::measures::SeatMeasures;
use super::super::room;
use super::super::views::Hearing;
use super::chat::{self, Message};
use super::delay::{self, Later};
use super::requests::{self, Asked, Decision, Kind};
use super::sitting::{self, Sitting};
use super::tidings::{self, Whom};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::{Error, Result};
use crate::kit::answer::{Created, NoContent, created};

/// The doors.
pub struct HearingRequestApi;

/// 申请.
#[derive(Debug, Object, Serialize)]
struct NewHearingRequest {
    /// What.
    kind: Kind,
    /// Why.
    #[oai(validator(max_length = 1000))]
    text: String,
}

/// A request.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct HearingRequest {
    /// Request.
    id: Uuid,
    /// What.
    kind: Kind,
    /// 名称.
    kind_name: String,
    /// Name in English.
    kind_name_en: String,
    /// Why.
    text: String,
    /// Who asks.
    name: String,
    /// The seat of who asks; absent: asks to watch.
    participant_id: Option<Uuid>,
    /// 席位.
    plate: Option<String>,
    /// The plate in English.
    plate_en: Option<String>,
    /// When.
    asked_at: DateTime<Utc>,
    /// open, granted, refused or withdrawn.
    state: String,
    /// When it was decided.
    decided_at: Option<DateTime<Utc>>,
    /// And why.
    reasons: Option<String>,
    /// The caller's.
    own: bool,
    /// The caller may decide it.
    may_decide: bool,
}

/// Requests of a hearing.
#[derive(Debug, Object)]
struct HearingRequests {
    /// Open ones first.
    items: Vec<HearingRequest>,
}

/// A decision.
#[derive(Debug, Object, Serialize)]
struct HearingRequestDecision {
    /// Granted.
    grant: bool,
    /// Why.
    #[oai(validator(max_length = 500))]
    reasons: String,
    /// Of a grant of special measures: which.
    measures: Option<SeatMeasures>,
}

/// 延迟开庭.
#[derive(Debug, Object, Serialize)]
struct HearingDelay {
    /// The version its page showed.
    version: i32,
    /// Until.
    until: DateTime<Utc>,
    /// Why.
    #[oai(validator(max_length = 200))]
    reason: String,
}

/// A message with the clerk.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct HearingMessage {
    /// Message; a later one has a greater id.
    id: Uuid,
    /// From whom.
    from_id: Uuid,
    /// 席位.
    from_plate: String,
    /// The plate in English.
    from_plate_en: String,
    /// Name.
    from_name: String,
    /// To whom; absent: to the clerks, or from a clerk to all.
    to_id: Option<Uuid>,
    /// From a clerk to all.
    to_all: bool,
    /// The caller's.
    own: bool,
    /// Text.
    text: String,
    /// When.
    at: DateTime<Utc>,
}

/// A conversation of the clerks with somebody.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct HearingThread {
    /// With whom.
    participant_id: Uuid,
    /// 席位.
    plate: String,
    /// The plate in English.
    plate_en: String,
    /// Name.
    name: String,
    /// Messages the caller has not read.
    unread: i64,
    /// The last message.
    last_at: Option<DateTime<Utc>>,
}

/// Messages of a hearing.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct HearingMessages {
    /// Oldest first.
    items: Vec<HearingMessage>,
    /// Messages the caller has not read.
    unread: i64,
    /// Of the court: with whom.
    threads: Option<Vec<HearingThread>>,
}

/// 发消息.
#[derive(Debug, Object, Serialize)]
struct NewHearingMessage {
    /// Text.
    #[oai(validator(min_length = 1, max_length = 1000))]
    text: String,
    /// Of a clerk: to whom; absent: to all.
    to_id: Option<Uuid>,
}

/// 已读到.
#[derive(Debug, Object, Serialize)]
struct HearingMessagesRead {
    /// The last message read.
    until: Uuid,
    /// Of the court: in the conversation with whom.
    with: Option<Uuid>,
}

#[OpenApi]
impl HearingRequestApi {
    /// 申请: to come in person, that others do, another date, to watch, to leave, special measures.
    #[oai(path = "/courts/:court/hearings/:hearing/requests", method = "post", operation_id = "ask_of_hearing")]
    async fn ask(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<NewHearingRequest>,
    ) -> Result<Created<HearingRequest>> {
        let kind = body.0.kind;
        // who asks to watch is in no case: the hearing is looked up as the house, and must be public
        let mut tx = match kind {
            Kind::Watch => app.door.enter(&caller, court.0, Act::HearingTake).await?,
            _ => sitting::enter(app, &caller, court.0, hearing.0, Act::HearingTake).await?,
        };
        let head = sitting::hold(&mut tx, hearing.0).await?;
        if kind == Kind::Watch && !head.public {
            return Err(Error::not_found());
        }
        let all = sitting::all(&mut tx, hearing.0).await?;
        let seat = if kind == Kind::Watch { None } else { Some(sitting::must_sit(&all, caller.person())?) };
        let id = match tx.once::<Uuid>(key.0, &serde_json::to_vec(&(hearing.0, &body.0))?).await? {
            Some(id) => id,
            None => {
                let id = requests::ask(&mut tx, hearing.0, &head, seat, kind, &body.0.text).await?;
                tx.answered(key.0, &id).await?;
                tx.commit(hearing.0, json!({ "request": id, "kind": kind.key() })).await?;
                let message = json!({ "type": "request", "id": id, "kind": kind.key(), "state": "open" });
                tidings::tell(app, court.0, hearing.0, Whom::Court, message).await;
                id
            }
        };
        Ok(created(one(app, &caller, court.0, hearing.0, id).await?))
    }

    /// Requests: one's own; all for the court.
    #[oai(path = "/courts/:court/hearings/:hearing/requests", method = "get", operation_id = "list_hearing_requests")]
    async fn list(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, hearing: Path<Uuid>) -> Result<Json<HearingRequests>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        let head = sitting::head(&mut tx, hearing.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        let hand = sitting::hand(&all, &caller, court.0, head.state);
        let works = !tx.is_staff() || sitting::works_on(&tx, &caller);
        let items = requests::list(&mut tx, hearing.0).await?;
        let items = items.iter().filter(|a| works || a.person == caller.person());
        Ok(Json(HearingRequests { items: items.map(|a| shown(a, &all, &caller, hand)).collect() }))
    }

    /// 准许、不准许.
    #[oai(path = "/courts/:court/hearings/:hearing/requests/:request/decide", method = "post", operation_id = "decide_hearing_request")]
    #[allow(clippy::too_many_arguments, reason = "one argument a part of the address")]
    async fn decide(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        request: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<HearingRequestDecision>,
    ) -> Result<Json<HearingRequest>> {
        let mut tx = sitting::enter(app, &caller, court.0, hearing.0, Act::HearingDrive).await?;
        let head = sitting::hold(&mut tx, hearing.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(request.0, &body.0))?).await?.is_none() {
            let hand = sitting::hand(&all, &caller, court.0, head.state);
            let decision = Decision { grant: body.0.grant, reasons: &body.0.reasons, hand, measures: body.0.measures.as_ref() };
            requests::decide(&mut tx, hearing.0, &head, request.0, decision).await?;
            tx.answered(key.0, &request.0).await?;
            tx.commit(hearing.0, json!({ "request": request.0, "grant": body.0.grant })).await?;
            let state = if body.0.grant { "granted" } else { "refused" };
            // who must not be seen any more is not, before anybody is told
            if body.0.measures.is_some() {
                room::told::moved(app, court.0, hearing.0).await?;
            }
            tidings::tell(app, court.0, hearing.0, Whom::All, json!({ "type": "request", "id": request.0, "state": state })).await;
        } else {
            drop(tx);
        }
        Ok(Json(one(app, &caller, court.0, hearing.0, request.0).await?))
    }

    /// 撤回申请.
    #[oai(path = "/courts/:court/hearings/:hearing/requests/:request/withdraw", method = "post", operation_id = "withdraw_hearing_request")]
    async fn withdraw(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        request: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
    ) -> Result<Json<HearingRequest>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingTake).await?;
        if tx.once::<Uuid>(key.0, request.0.as_bytes()).await?.is_none() {
            requests::withdraw(&mut tx, hearing.0, request.0).await?;
            tx.answered(key.0, &request.0).await?;
            tx.commit(hearing.0, json!({ "request": request.0, "withdrawn": true })).await?;
        } else {
            drop(tx);
        }
        Ok(Json(one(app, &caller, court.0, hearing.0, request.0).await?))
    }

    /// 延迟开庭: told in the waiting room, and by message when it is more than a quarter of an hour.
    #[oai(path = "/courts/:court/hearings/:hearing/delay", method = "post", operation_id = "delay_hearing")]
    async fn delay(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<HearingDelay>,
    ) -> Result<Json<Hearing>> {
        let mut tx = sitting::enter(app, &caller, court.0, hearing.0, Act::HearingDrive).await?;
        let head = sitting::hold(&mut tx, hearing.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        let b = &body.0;
        if tx.once::<bool>(key.0, &serde_json::to_vec(&(hearing.0, b))?).await?.is_none() {
            let hand = sitting::hand(&all, &caller, court.0, head.state);
            let later = Later { version: b.version, until: b.until, reason: &b.reason };
            let told = delay::put_off(&mut tx, hearing.0, &head, hand, &later).await?;
            tx.answered(key.0, &told).await?;
            tx.commit(hearing.0, json!({ "until": b.until, "told": told })).await?;
            tidings::tell(app, court.0, hearing.0, Whom::All, json!({ "type": "delay", "until": b.until })).await;
        } else {
            drop(tx);
        }
        Ok(Json(api::shown(app, &caller, court.0, hearing.0).await?))
    }

    /// Messages with the clerk, oldest first.
    #[oai(path = "/courts/:court/hearings/:hearing/messages", method = "get", operation_id = "list_hearing_messages")]
    async fn messages(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        /// After this message.
        since: Query<Option<Uuid>>,
        /// Of the court: with this participant alone.
        with: Query<Option<Uuid>>,
    ) -> Result<Json<HearingMessages>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        sitting::head(&mut tx, hearing.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        let works = sitting::works_on(&tx, &caller);
        let own = sitting::own(&all, caller.person()).map(Sitting::id);
        // a technician's seat shows every message of an open case: his or her own conversation is meant
        let with = if works { with.0 } else { own.filter(|_| tx.is_staff()).or(tx.is_staff().then_some(chat::OWN)) };
        let found = chat::list(&mut tx, hearing.0, since.0, with).await?;
        let items = found.iter().map(|m| message(m, &all, &caller)).collect();
        if !works {
            let unread = chat::unread_own(&mut tx, hearing.0, caller.person()).await?;
            return Ok(Json(HearingMessages { items, unread, threads: None }));
        }
        let unread = chat::unread_of_threads(&mut tx, hearing.0, caller.person()).await?;
        let last = chat::last_with(&mut tx, hearing.0).await?;
        let count = |id: Uuid| unread.iter().find(|(who, _)| *who == id).map_or(0, |(_, n)| *n);
        let threads = all.iter().filter(|s| !s.role().is_clerk() && !s.role().only_watches()).map(|s| {
            let plate = s.plate();
            let (participant_id, name, last_at) = (s.id(), s.name.clone(), last.get(&s.id()).copied());
            HearingThread { participant_id, plate: plate.zh, plate_en: plate.en, name, unread: count(s.id()), last_at }
        });
        Ok(Json(HearingMessages { items, unread: unread.iter().map(|(_, n)| n).sum(), threads: Some(threads.collect()) }))
    }

    /// 发消息: to the clerks; a clerk to one participant or to all.
    #[oai(path = "/courts/:court/hearings/:hearing/messages", method = "post", operation_id = "send_hearing_message")]
    async fn send(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<NewHearingMessage>,
    ) -> Result<Created<HearingMessage>> {
        let mut tx = sitting::enter(app, &caller, court.0, hearing.0, Act::HearingTake).await?;
        let head = sitting::head(&mut tx, hearing.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        let from = sitting::must_sit(&all, caller.person())?;
        let sent = match tx.once::<Uuid>(key.0, &serde_json::to_vec(&(hearing.0, &body.0))?).await? {
            Some(id) => chat::one(&mut tx, hearing.0, id).await?,
            None => {
                let sent = chat::send(&mut tx, hearing.0, &head, &all, from, body.0.to_id, &body.0.text).await?;
                tx.answered(key.0, &sent.id).await?;
                tx.commit(hearing.0, json!({ "message": sent.id })).await?;
                let whom = match sent.to {
                    Some(to) => Whom::One(to),
                    None if from.role().is_clerk() => Whom::All,
                    None => Whom::Court,
                };
                let hint = json!({ "type": "chat", "id": sent.id, "from_id": sent.from, "to_id": sent.to, "at": sent.at });
                tidings::tell(app, court.0, hearing.0, whom, hint).await;
                sent
            }
        };
        Ok(created(message(&sent, &all, &caller)))
    }

    /// 已读: up to a message; forward only.
    #[oai(path = "/courts/:court/hearings/:hearing/messages/read", method = "post", operation_id = "read_hearing_messages")]
    async fn read(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        body: Json<HearingMessagesRead>,
    ) -> Result<NoContent> {
        let mut tx = sitting::enter(app, &caller, court.0, hearing.0, Act::HearingTake).await?;
        chat::read_to(&mut tx, hearing.0, body.0.with.unwrap_or(chat::OWN), body.0.until).await?;
        tx.commit(hearing.0, json!({ "read_to": body.0.until })).await?;
        Ok(NoContent::NoContent)
    }
}

/// One request after it changed: as the house, for who asked to watch sees nothing else of the hearing. The request must be
/// the caller's, or the caller of the court.
async fn one(app: &App, caller: &Caller, court: i32, hearing: Uuid, request: Uuid) -> Result<HearingRequest> {
    let mut tx = app.door.enter(caller, court, Act::HearingTake).await?;
    let asked = requests::one(&mut tx, hearing, request).await?;
    let head = sitting::head(&mut tx, hearing).await?;
    let all = sitting::all(&mut tx, hearing).await?;
    let hand = sitting::hand(&all, caller, court, head.state);
    if asked.person != caller.person() && hand == Hand::Other {
        return Err(Error::not_found());
    }
    Ok(shown(&asked, &all, caller, hand))
}

fn shown(a: &Asked, all: &[Sitting], caller: &Caller, hand: Hand) -> HearingRequest {
    let plate = a.participant.and_then(|id| all.iter().find(|s| s.id() == id)).map(Sitting::plate);
    HearingRequest {
        id: a.id,
        kind: a.kind,
        kind_name: a.kind.zh().into(),
        kind_name_en: a.kind.en().into(),
        text: a.text.clone(),
        name: a.name.clone(),
        participant_id: a.participant,
        plate: plate.as_ref().map(|p| p.zh.clone()),
        plate_en: plate.map(|p| p.en),
        asked_at: a.at,
        state: a.state.clone(),
        decided_at: a.decided_at,
        reasons: a.reasons.clone(),
        own: a.person == caller.person(),
        may_decide: a.state == "open" && a.kind.may_decide(hand),
    }
}

fn message(m: &Message, all: &[Sitting], caller: &Caller) -> HearingMessage {
    let from = all.iter().find(|s| s.id() == m.from);
    let plate = from.map(Sitting::plate);
    HearingMessage {
        id: m.id,
        from_id: m.from,
        // whoever sees no seat but the own one hears from the court alone
        from_plate: plate.as_ref().map_or_else(|| "书记员".into(), |p| p.zh.clone()),
        from_plate_en: plate.map_or_else(|| "clerk".into(), |p| p.en),
        from_name: from.map(|s| s.name.clone()).unwrap_or_default(),
        to_id: m.to,
        to_all: m.to.is_none() && from.is_some_and(|s| s.role().is_clerk()),
        own: from.is_some_and(|s| s.seat.person == Some(caller.person())),
        text: m.text.clone(),
        at: m.at,
    }
}
