//! Doors of appeals at the court of first instance: file one, see them, send one up.

use chrono::{DateTime, NaiveDate, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::docket::read;
use crate::error::{Error, Result, said};
use crate::filing::appeal_return;
use crate::filing::appeals::{self, AppealAgainst, AppealState, Content, Filed};
use crate::kit::answer::{Created, NoContent, created};
use crate::kit::text::{Bounds, clean};

/// The doors.
pub struct AppealApi;

/// 上诉.
#[derive(Debug, Object, Serialize)]
struct AppealOrder {
    /// 上诉人: the party one is, or acts for with a special power.
    party_id: Uuid,
    /// 上诉请求.
    #[oai(validator(min_items = 1, max_items = 20))]
    claims: Vec<String>,
    /// 上诉理由.
    #[oai(validator(min_length = 10, max_length = 20000))]
    reasons: String,
    /// What is still fought about, fen; the fee follows it.
    #[oai(validator(minimum(value = "0"), maximum(value = "9007199254740991")))]
    amount_fen: Option<i64>,
    /// The judgment when absent.
    against: Option<AppealTarget>,
}

/// Against what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum AppealTarget {
    /// 判决.
    Judgment,
    /// 裁定: the last one served that may be appealed (民事诉讼法 第一百五十七条).
    Ruling,
}

/// An appeal.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Appeal {
    /// Appeal.
    id: Uuid,
    /// 上诉人.
    party_id: Uuid,
    /// The name.
    party_name: String,
    /// Who filed it.
    filed_by: String,
    /// When.
    filed_at: DateTime<Utc>,
    /// How far it is.
    state: AppealState,
    /// Against what.
    against: AppealAgainst,
    /// 上诉请求.
    claims: Vec<String>,
    /// 上诉理由.
    reasons: String,
    /// What is still fought about, fen.
    amount_fen: Option<i64>,
    /// Last day of the appellant's period, where it ran.
    due_on: Option<NaiveDate>,
    /// It came after that day; whether it stands, the court above decides.
    late: bool,
    /// The court above.
    to_court_id: i32,
    /// Its name.
    to_court_name: String,
    /// 上诉状.
    paper_id: Uuid,
    /// When it was sent up.
    sent_at: Option<DateTime<Utc>>,
    /// When the file came back.
    returned_at: Option<DateTime<Utc>>,
    /// 二审案号, once it came back.
    second_number: Option<String>,
    /// How the case above ended.
    second_how: Option<String>,
}

/// Appeals of a case.
#[derive(Debug, Object)]
pub struct Appeals {
    /// Oldest first.
    items: Vec<Appeal>,
}

fn text(value: &str, field: String, max: usize) -> Result<String> {
    clean(value, Bounds::lines(1, max)).map_err(|e| Error::invalid(e.code, said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at(field))
}

async fn shown(app: &App, caller: &Caller, court: i32, case: Uuid) -> Result<Appeals> {
    let mut tx = app.door.enter(caller, court, Act::CaseRead).await?;
    read::row(&mut tx, case).await?;
    let mut items = Vec::new();
    for row in appeals::of_case(&mut tx, case).await? {
        let content = appeals::content(&tx, &row)?;
        items.push(Appeal {
            id: row.appeal_id,
            party_id: row.party_id,
            party_name: row.name,
            filed_by: row.by_name,
            filed_at: row.filed_at,
            state: row.state,
            claims: content.claims,
            reasons: content.reasons,
            amount_fen: row.amount_fen,
            due_on: row.due_on,
            late: row.late,
            to_court_id: row.to_court,
            to_court_name: app.door.registry.name(row.to_court),
            paper_id: row.paper_id,
            sent_at: row.sent_at,
            against: row.against,
            returned_at: row.returned_at,
            second_number: row.second_number,
            second_how: row.second_how,
        });
    }
    Ok(Appeals { items })
}

#[OpenApi]
impl AppealApi {
    /// 上诉 of a case, with what they ask.
    #[oai(path = "/courts/:court/cases/:case/appeals", method = "get", operation_id = "list_appeals")]
    async fn list(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, case: Path<Uuid>) -> Result<Json<Appeals>> {
        Ok(Json(shown(app, &caller, court.0, case.0).await?))
    }

    /// 提起上诉, through the court that gave the judgment (民事诉讼法 第一百七十三条).
    #[oai(path = "/courts/:court/cases/:case/appeals", method = "post", operation_id = "file_appeal")]
    async fn file(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<AppealOrder>,
    ) -> Result<Created<Appeals>> {
        let mut tx = app.door.enter(&caller, court.0, Act::AppealFile).await?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(case.0, &body.0))?).await?.is_none() {
            let b = &body.0;
            let claims = b.claims.iter().enumerate().map(|(i, c)| text(c, format!("/claims/{i}"), 1000)).collect::<Result<_>>()?;
            let content = Content { claims, reasons: text(&b.reasons, "/reasons".into(), 20_000)? };
            let ruling = b.against == Some(AppealTarget::Ruling);
            let filed = Filed { party: b.party_id, content: &content, amount_fen: b.amount_fen, ruling };
            let id = appeals::file(app, &mut tx, case.0, &filed).await?;
            tx.answered(key.0, &id).await?;
            tx.commit(id, json!({ "case": case.0, "party": b.party_id })).await?;
        } else {
            drop(tx); // answered before: nothing of it stays open while the page is read
        }
        Ok(created(shown(app, &caller, court.0, case.0).await?))
    }

    /// 移送上诉案件 to the court above, with the file (民事诉讼法 第一百七十四条).
    #[oai(path = "/courts/:court/cases/:case/appeals/:appeal/sending", method = "put", operation_id = "send_appeal_up")]
    async fn send_up(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        appeal: Path<Uuid>,
    ) -> Result<Json<Appeals>> {
        let mut tx = app.door.enter(&caller, court.0, Act::AppealSend).await?;
        appeals::send_up(app, &mut tx, case.0, appeal.0).await?;
        tx.commit(appeal.0, json!({ "case": case.0, "sent_up": true })).await?;
        Ok(Json(shown(app, &caller, court.0, case.0).await?))
    }

    /// 退卷: the court of second instance gives the file back to the court below, with what it decided.
    #[oai(path = "/courts/:court/cases/:case/file-return", method = "put", operation_id = "return_file")]
    async fn give_back(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, case: Path<Uuid>) -> Result<NoContent> {
        let mut tx = app.door.enter(&caller, court.0, Act::AppealSend).await?;
        appeal_return::give_back(app, &mut tx, case.0).await?;
        tx.commit(case.0, json!({ "file_returned": true })).await?;
        Ok(NoContent::NoContent)
    }
}
