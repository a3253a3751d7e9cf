//! Doors of what goes wrong in a room: drop-outs and what a judge finds of them, warnings, the technician's board.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::board::{self, Board};
use super::province::{self, ProvinceHearings};
use super::{absences, alerts, warnings};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::Result;
use crate::hearing::listing;
use crate::kit::answer::{Created, NoContent, created};

/// The doors.
pub struct BoardApi;

/// 掉线.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingDropout {
    /// Id.
    pub id: Uuid,
    /// Who.
    pub participant_id: Uuid,
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// Gone.
    pub gone_at: DateTime<Utc>,
    /// Back.
    pub back_at: Option<DateTime<Utc>>,
    /// Cause that is proposed.
    pub proposed: String,
    /// 名称.
    pub proposed_name: String,
    /// Name in English.
    pub proposed_name_en: String,
    /// 0 to 100.
    pub sure: i32,
    /// What it rests on: text in Chinese and in English.
    pub rests_on: Value,
    /// What was said: rung, sent, delivered, seen.
    pub told: Value,
    /// Beats before it.
    pub beats: Value,
    /// Cause a judge found.
    pub found_cause: Option<String>,
    /// Why.
    pub reasons: Option<String>,
    /// When.
    pub found_at: Option<DateTime<Utc>>,
}

/// Drop-outs.
#[derive(Debug, Object)]
struct HearingDropouts {
    /// By time.
    items: Vec<HearingDropout>,
}

/// 认定原因.
#[derive(Debug, Object, Serialize)]
struct DropoutFinding {
    /// Cause.
    #[oai(validator(max_length = 40))]
    cause: String,
    /// Why.
    #[oai(validator(max_length = 1000))]
    reasons: String,
}

/// 提示、警告.
#[derive(Debug, Object, Serialize)]
struct HearingWarning {
    /// Whom.
    participant_id: Uuid,
    /// prompt or warning.
    #[oai(validator(max_length = 20))]
    rung: String,
}

/// Something that was made.
#[derive(Debug, Object)]
struct MadeId {
    /// Id.
    id: Uuid,
}

/// What is missing before a consequence may be considered.
#[derive(Debug, Object)]
pub struct AbsenceGap {
    /// Stable code.
    pub code: String,
    /// What.
    pub text: String,
    /// What, in English.
    pub text_en: String,
}

/// 可能的后果: a suggestion; a judge decides.
#[derive(Debug, Object)]
pub struct AbsenceSuggestion {
    /// What it may lead to.
    pub consequence: String,
    /// 名称.
    pub consequence_name: String,
    /// Name in English.
    pub consequence_name_en: String,
    /// 依据.
    pub articles: Vec<String>,
    /// What is missing.
    pub missing: Vec<AbsenceGap>,
    /// Why.
    pub text: String,
    /// Why, in English.
    pub text_en: String,
}

/// A judge's finding.
#[derive(Debug, Object, sqlx::FromRow)]
pub struct AbsenceFinding {
    /// Id.
    pub id: Uuid,
    /// Of whom.
    pub participant_id: Uuid,
    /// Consequence.
    pub consequence: String,
    /// Why.
    pub reasons: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What may follow, and what was found.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct Absence {
    /// For the participant asked for.
    suggested: Option<AbsenceSuggestion>,
    /// What was found.
    made: Vec<AbsenceFinding>,
}

/// 认定.
#[derive(Debug, Object, Serialize)]
struct NewAbsenceFinding {
    /// Of whom.
    participant_id: Uuid,
    /// Consequence.
    #[oai(validator(max_length = 40))]
    consequence: String,
    /// Why.
    #[oai(validator(max_length = 2000))]
    reasons: String,
}

/// How an alert was dealt with.
#[derive(Debug, Object, Serialize)]
struct AlertEnd {
    /// What was done.
    #[oai(validator(min_length = 1, max_length = 500))]
    how: String,
}

#[OpenApi]
impl BoardApi {
    /// 掉线记录: all for the court, one's own for a party.
    #[oai(path = "/courts/:court/hearings/:hearing/dropouts", method = "get", operation_id = "list_hearing_dropouts")]
    async fn dropouts(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
    ) -> Result<Json<HearingDropouts>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        listing::row(&mut tx, hearing.0).await?;
        Ok(Json(HearingDropouts { items: absences::dropouts(&mut tx, hearing.0).await? }))
    }

    /// 认定掉线原因 (the judge of the hearing).
    #[oai(path = "/courts/:court/hearings/:hearing/dropouts/:dropout/find", method = "post", operation_id = "find_hearing_dropout")]
    async fn find(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        dropout: Path<Uuid>,
        body: Json<DropoutFinding>,
    ) -> Result<NoContent> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingDrive).await?;
        absences::find(&mut tx, hearing.0, dropout.0, &body.0.cause, &body.0.reasons).await?;
        tx.commit(hearing.0, json!({ "dropout": dropout.0, "cause": body.0.cause })).await?;
        Ok(NoContent::NoContent)
    }

    /// 提示、警告 somebody who is away; the same as over the socket.
    #[oai(path = "/courts/:court/hearings/:hearing/warnings", method = "post", operation_id = "warn_hearing_seat")]
    async fn warn(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        body: Json<HearingWarning>,
    ) -> Result<Created<MadeId>> {
        let id = warnings::give(app, &caller, court.0, hearing.0, body.0.participant_id, &body.0.rung).await?;
        Ok(created(MadeId { id }))
    }

    /// What absence of somebody may lead to, as a suggestion, and what was found.
    #[oai(path = "/courts/:court/hearings/:hearing/findings", method = "get", operation_id = "get_absence")]
    async fn absence(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        participant: Query<Option<Uuid>>,
    ) -> Result<Json<Absence>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        listing::row(&mut tx, hearing.0).await?;
        let suggested = match participant.0 {
            Some(who) if tx.is_staff() => Some(absences::suggested(&mut tx, hearing.0, who).await?.0),
            _ => None,
        };
        Ok(Json(Absence { suggested, made: absences::made(&mut tx, hearing.0).await? }))
    }

    /// 认定缺席、退庭 (the judge of the hearing).
    #[oai(path = "/courts/:court/hearings/:hearing/findings", method = "post", operation_id = "find_absence")]
    async fn find_absence(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        body: Json<NewAbsenceFinding>,
    ) -> Result<Created<MadeId>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingDrive).await?;
        let b = &body.0;
        let id = absences::decide(&mut tx, hearing.0, b.participant_id, &b.consequence, &b.reasons).await?;
        tx.commit(hearing.0, json!({ "finding": id, "consequence": b.consequence })).await?;
        Ok(created(MadeId { id }))
    }

    /// 技术看板: hearings of these hours and what needs somebody.
    #[oai(path = "/courts/:court/hearing-board", method = "get", operation_id = "get_hearing_board")]
    async fn board(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>) -> Result<Json<Board>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingBoard).await?;
        Ok(Json(board::read(app, &mut tx).await?))
    }

    /// 全省庭审看板: every room of every court, in states and alerts.
    #[oai(path = "/province/hearings", method = "get", operation_id = "get_province_hearings")]
    async fn province(&self, Data(app): Data<&App>, caller: Caller) -> Result<Json<ProvinceHearings>> {
        let mut tx = app.door.province(&caller).await?;
        Ok(Json(province::read(&app.door.registry, &mut tx).await?))
    }

    /// 接手告警.
    #[oai(path = "/courts/:court/hearing-alerts/:alert/take", method = "post", operation_id = "take_hearing_alert")]
    async fn take(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, alert: Path<Uuid>) -> Result<NoContent> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingBoard).await?;
        alerts::take(&mut tx, alert.0).await?;
        tx.commit(alert.0, json!({})).await?;
        Ok(NoContent::NoContent)
    }

    /// 告警处理完毕.
    #[oai(path = "/courts/:court/hearing-alerts/:alert/close", method = "post", operation_id = "close_hearing_alert")]
    async fn close(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        alert: Path<Uuid>,
        body: Json<AlertEnd>,
    ) -> Result<NoContent> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingBoard).await?;
        alerts::close(&mut tx, alert.0, &body.0.how).await?;
        tx.commit(alert.0, json!({})).await?;
        Ok(NoContent::NoContent)
    }
}
