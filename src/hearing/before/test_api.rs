//! Doors of what each participant does alone before a hearing: the test of the device, the texts that are read and answered.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::super::guards::Hand;
use super::super::words::Role;
use super::readings::{self, Given, What};
use super::sitting::{self, Sitting};
use super::tidings::{self, Whom};
use super::trials;
use super::views::{self, HearingMeasured, HearingTestReport};
use crate::app::App;
use crate::court::act::Act;
use crate::court::beijing::beijing_date;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::answer::{Created, created};

/// The doors.
pub struct HearingTestApi;

/// 庭前检测.
#[derive(Debug, Object, Serialize)]
struct HearingTest {
    /// Browser and device, as the page knows them.
    #[oai(validator(max_length = 200))]
    device: String,
    /// What was measured.
    measured: HearingMeasured,
}

/// The newest test of a participant.
#[derive(Debug, Object)]
struct HearingTestRow {
    /// Who.
    participant_id: Uuid,
    /// 席位.
    plate: String,
    /// The plate in English.
    plate_en: String,
    /// Name.
    name: String,
    /// The caller.
    own: bool,
    /// When.
    at: DateTime<Utc>,
    /// On what.
    device: String,
    /// How it came out.
    report: HearingTestReport,
}

/// Tests of a hearing.
#[derive(Debug, Object)]
struct HearingTests {
    /// One a participant.
    items: Vec<HearingTestRow>,
}

/// A point of a text.
#[derive(Debug, Object)]
struct ReadingPoint {
    /// 内容.
    text: String,
    /// The content in English.
    text_en: String,
    /// 依据.
    basis: String,
}

/// What was answered.
#[derive(Debug, Object)]
struct ReadingAnswer {
    /// Agrees.
    agrees: bool,
    /// When.
    at: DateTime<Utc>,
    /// To the words as they are today.
    current: bool,
}

/// What one participant reads.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct HearingReading {
    /// Which text.
    what: What,
    /// Version.
    version: String,
    /// 标题.
    title: String,
    /// Title in English.
    title_en: String,
    /// The points for this seat.
    points: Vec<ReadingPoint>,
    /// Of exactly these words: goes back with the answer.
    digest: String,
    /// This seat has to answer.
    asked: bool,
    /// What it answered.
    answered: Option<ReadingAnswer>,
}

/// 确认、同意.
#[derive(Debug, Object, Serialize)]
struct HearingAck {
    /// Which text.
    what: What,
    /// Of the words that were read.
    #[oai(validator(max_length = 64))]
    digest: String,
    /// Agrees.
    #[oai(default = "yes")]
    agrees: bool,
    /// Of the clerk: who said it before him or her.
    participant_id: Option<Uuid>,
}

fn yes() -> bool {
    true
}

#[OpenApi]
impl HearingTestApi {
    /// 庭前检测: scores a test of one's own seat and keeps it; clerk and technician see it.
    #[oai(path = "/courts/:court/hearings/:hearing/tests", method = "post", operation_id = "submit_hearing_test")]
    async fn submit(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<HearingTest>,
    ) -> Result<Created<HearingTestReport>> {
        let mut tx = sitting::enter(app, &caller, court.0, hearing.0, Act::HearingTake).await?;
        let head = sitting::head(&mut tx, hearing.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        let seat = sitting::must_sit(&all, caller.person())?;
        let (now, measured) = (tx.now(), body.0.measured.measured());
        let report = views::report(&super::super::selftest::score(&measured, seat.role()), seat.role(), now);
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(hearing.0, &body.0))?).await?.is_none() {
            refuse_late(&head)?;
            trials::keep(&mut tx, hearing.0, &head, seat, &measured, body.0.device.trim()).await?;
            tx.answered(key.0, &seat.id()).await?;
            tx.commit(hearing.0, json!({ "participant": seat.id(), "score": report.score })).await?;
            let message = json!({ "type": "test", "participant_id": seat.id(), "score": report.score });
            tidings::tell(app, court.0, hearing.0, Whom::Court, message).await;
        }
        Ok(created(report))
    }

    /// Tests of a hearing: one's own; of everybody for the court.
    #[oai(path = "/courts/:court/hearings/:hearing/tests", method = "get", operation_id = "list_hearing_tests")]
    async fn list(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, hearing: Path<Uuid>) -> Result<Json<HearingTests>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        sitting::head(&mut tx, hearing.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        let tests = trials::newest(&mut tx, hearing.0).await?;
        let items = all.iter().filter_map(|s| {
            let found = tests.iter().find(|t| t.participant == s.id())?;
            let (plate, shown) = (s.plate(), views::tested(found, s.role()));
            let own = s.seat.person == Some(caller.person());
            let (participant_id, name, at) = (s.id(), s.name.clone(), found.at);
            Some(HearingTestRow {
                participant_id,
                plate: plate.zh,
                plate_en: plate.en,
                name,
                own,
                at,
                device: shown.device,
                report: shown.report,
            })
        });
        Ok(Json(HearingTests { items: items.collect() }))
    }

    /// 法庭纪律 and the other texts that are answered, as this seat reads them today.
    #[oai(path = "/courts/:court/hearings/:hearing/discipline", method = "get", operation_id = "get_hearing_discipline")]
    async fn read(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        what: Query<Option<What>>,
    ) -> Result<Json<HearingReading>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        sitting::head(&mut tx, hearing.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        let what = what.0.unwrap_or(What::Discipline);
        Ok(Json(shown(app, &mut tx, hearing.0, what, sitting::own(&all, caller.person())).await?))
    }

    /// 确认法庭纪律, and answers to the other texts.
    #[oai(path = "/courts/:court/hearings/:hearing/acks", method = "post", operation_id = "acknowledge_hearing_text")]
    async fn acknowledge(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<HearingAck>,
    ) -> Result<Created<HearingReading>> {
        let mut tx = sitting::enter(app, &caller, court.0, hearing.0, Act::HearingTake).await?;
        let head = sitting::hold(&mut tx, hearing.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        let (b, what) = (&body.0, body.0.what);
        let seat = answers_for(&all, &caller, court.0, &head, b.participant_id)?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(hearing.0, b))?).await?.is_none() {
            let for_other = seat.seat.person != Some(caller.person());
            let given = Given { what, digest: &b.digest, agrees: b.agrees, for_other };
            readings::keep(app, &mut tx, hearing.0, &head, seat, given).await?;
            tx.answered(key.0, &seat.id()).await?;
            tx.commit(hearing.0, json!({ "participant": seat.id(), "what": what.key(), "agrees": b.agrees })).await?;
            let message = json!({ "type": "ack", "participant_id": seat.id(), "what": what.key() });
            tidings::tell(app, court.0, hearing.0, Whom::Court, message).await;
        } else {
            drop(tx);
        }
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        Ok(created(shown(app, &mut tx, hearing.0, what, Some(seat)).await?))
    }
}

/// Whose answer it is: one's own, or that of somebody who said it before the clerk.
fn answers_for<'a>(
    all: &'a [Sitting],
    caller: &Caller,
    court: i32,
    head: &sitting::Head,
    participant: Option<Uuid>,
) -> Result<&'a Sitting> {
    let Some(participant) = participant else { return sitting::must_sit(all, caller.person()) };
    let seat = sitting::find(all, participant)?;
    if seat.seat.person == Some(caller.person()) || sitting::hand(all, caller, court, head.state) == Hand::Clerk {
        return Ok(seat);
    }
    Err(Error::invalid(
        "discipline.not_yours",
        said("只能由本人确认，或者由书记员记明。", "One answers for oneself; the clerk may write down what somebody said."),
        said("请让本人登录后确认。", "Let the person sign in and answer."),
    )
    .at("/participant_id"))
}

async fn shown(app: &App, tx: &mut CourtTx, hearing: Uuid, what: What, seat: Option<&Sitting>) -> Result<HearingReading> {
    let (court, day) = (tx.court, beijing_date(tx.now()));
    let role = seat.map_or(Role::Party, Sitting::role);
    let read = readings::reading(what, &readings::own_points(app, court, day), role, day)?;
    let answers = readings::answers(tx, hearing).await?;
    let given = seat.and_then(|s| readings::answer_of(&answers, s.id(), what));
    let point = |p: &super::super::discipline::Point| ReadingPoint { text: p.zh.clone(), text_en: p.en.clone(), basis: p.basis.clone() };
    Ok(HearingReading {
        what,
        version: read.version.clone(),
        title: read.title.clone(),
        title_en: read.title_en.clone(),
        points: read.points.iter().map(point).collect(),
        digest: read.digest.clone(),
        asked: seat.is_some_and(|s| what.asks(s.role())),
        answered: given.map(|a| ReadingAnswer { agrees: a.agrees, at: a.at, current: a.digest == read.digest }),
    })
}

/// A test of a hearing that is over helps nobody.
fn refuse_late(head: &sitting::Head) -> Result<()> {
    if !head.state.is_final() && !head.state.is_after() {
        return Ok(());
    }
    Err(Error::conflict(
        "hearing.over",
        said("本场庭审已经结束或者取消。", "This hearing is over, or was called off."),
        said("想检查设备，请用「设备检测」。", "To test your device, use the test page."),
    ))
}
