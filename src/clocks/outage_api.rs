//! Doors of outages: public for everybody to read and verify, the technicians' for entering what no probe can see.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::outage_views::{
    self as views, Outage, OutageBoard, OutageDetail, OutageKeys, OutageReport, OutageReports, ReportFile, ReportSignature,
};
use super::outages::{self, Entry};
use super::probe::Probed;
use super::report;
use crate::app::App;
use crate::court::act::Act;
use crate::court::beijing::beijing_date;
use crate::court::caller::Caller;
use crate::court::outage_rules::Part;
use crate::error::{Error, Result, said};
use crate::kit::answer::{Created, created};
use crate::kit::text::{Bounds, clean};

/// The doors.
pub struct OutageApi;

/// Whose outage it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum OutageScope {
    /// 全省; entered at the high court.
    Province,
    /// 本院.
    Court,
}

/// What could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum OutagePart {
    /// 立案、提交材料.
    Filing,
    /// 交费.
    Payment,
    /// 收件箱.
    ServiceInbox,
    /// 全部.
    All,
}

impl From<OutagePart> for Part {
    fn from(part: OutagePart) -> Self {
        match part {
            OutagePart::Filing => Self::Filing,
            OutagePart::Payment => Self::Payment,
            OutagePart::ServiceInbox => Self::ServiceInbox,
            OutagePart::All => Self::All,
        }
    }
}

/// 登记故障.
#[derive(Debug, Object, Serialize)]
struct OutageOrder {
    /// Whose.
    scope: OutageScope,
    /// What.
    #[oai(validator(min_items = 1, max_items = 3))]
    parts: Vec<OutagePart>,
    /// From.
    from: DateTime<Utc>,
    /// To; none while it goes on.
    to: Option<DateTime<Utc>>,
    /// Announced beforehand.
    #[oai(default)]
    planned: bool,
    /// Why, for everybody to read.
    #[oai(validator(min_length = 2, max_length = 300))]
    reason: String,
    /// The same in English.
    #[oai(default, validator(max_length = 300))]
    reason_en: String,
}

/// The end of one.
#[derive(Debug, Object)]
struct OutageEnd {
    /// To.
    to: DateTime<Utc>,
}

/// Why it was wrong.
#[derive(Debug, Object)]
struct OutageWithdrawal {
    /// Why.
    #[oai(validator(min_length = 2, max_length = 300))]
    reason: String,
}

fn words(text: &str, field: &str) -> Result<String> {
    clean(text, Bounds::line(0, 300)).map_err(|e| Error::invalid(e.code, said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at(field.to_owned()))
}

impl OutageOrder {
    fn entry(&self) -> Result<Entry> {
        let reason = words(&self.reason, "/reason")?;
        let reason_en = words(&self.reason_en, "/reason_en")?;
        let reason_en = if reason_en.is_empty() { reason.clone() } else { reason_en };
        let mut parts: Vec<Part> = self.parts.iter().map(|p| (*p).into()).collect();
        parts.sort_unstable();
        parts.dedup();
        let province = self.scope == OutageScope::Province;
        Ok(Entry { province, parts, from: self.from, to: self.to, planned: self.planned, reason: (reason, reason_en) })
    }
}

async fn shown(app: &App, id: Uuid) -> Result<Outage> {
    let mut gate = app.door.gate("outage:read", "".into()).await?;
    let row = outages::one(&mut gate, id).await?.ok_or_else(Error::not_found)?;
    views::outages_with_effects(app, &mut gate, &[row]).await?.pop().ok_or_else(Error::not_found)
}

/// First and last beat that are kept.
type Beats = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

async fn board(app: &App, month: &str, court: Option<i32>) -> Result<OutageBoard> {
    let day = report::first_day(month).ok_or_else(|| {
        Error::bad_request(
            "outage.month",
            said("看不懂这个月份。", "This month cannot be read."),
            said("请写成 2026-11。", "Write it as 2026-11."),
        )
        .at("/month")
    })?;
    let (from, to) = report::span(day);
    let now = app.now();
    let high = app.door.registry.province_court();
    let mut tx = app.door.enter_as_house(high, "outage:read").await?;
    let (since, checked_at): Beats = sqlx::query_as("select min(at), max(at) from outage_beats where court_id = $1 and node <> 'probe'")
        .bind(high)
        .fetch_one(tx.conn())
        .await?;
    drop(tx);
    let mut gate = app.door.gate("outage:read", "".into()).await?;
    let rows = outages::between(&mut gate, from, to, court).await?;
    let live = outages::between(&mut gate, now, now + chrono::TimeDelta::seconds(1), court).await?;
    let items = views::outages_with_effects(app, &mut gate, &rows).await?;
    drop(gate);
    Ok(OutageBoard {
        month: month.to_owned(),
        since,
        checked_at,
        every_seconds: app.config.probe_every,
        standing: views::standing(&live, now),
        minutes: views::minutes(&rows, from, to.min(now)),
        items,
        reports: report::all(app).await?.iter().map(OutageReport::from).collect(),
    })
}

#[OpenApi]
impl OutageApi {
    /// 平台可用情况: how each part stands, the outages of a month, the signed reports. Without sign-in.
    #[oai(path = "/outages", method = "get", operation_id = "list_outages")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        /// 2026-11; this month when absent.
        #[oai(validator(max_length = 7))]
        month: Query<Option<String>>,
        /// Outages of the province and of this court.
        court: Query<Option<i32>>,
    ) -> Result<Json<OutageBoard>> {
        let month = month.0.unwrap_or_else(|| report::month_of(beijing_date(app.now())));
        board(app, &month, court.0).await.map(Json)
    }

    /// One outage with the probes that failed meanwhile.
    #[oai(path = "/outages/:outage", method = "get", operation_id = "get_outage")]
    async fn one(&self, Data(app): Data<&App>, outage: Path<Uuid>) -> Result<Json<OutageDetail>> {
        let found = shown(app, outage.0).await?;
        let high = app.door.registry.province_court();
        let mut tx = app.door.enter_as_house(high, "outage:read").await?;
        let beats: Vec<(DateTime<Utc>, String, sqlx::types::Json<Vec<Probed>>)> = sqlx::query_as(
            "select at, node, probes from outage_beats where court_id = $1 and at >= $2 and at <= $3 and node <> 'probe' and cardinality(down) > 0 order by at limit 200",
        )
        .bind(high)
        .bind(found.from)
        .bind(found.to.unwrap_or_else(|| app.now()))
        .fetch_all(tx.conn())
        .await?;
        let probes = views::failed(beats.into_iter().map(|(at, node, probes)| (at, node, probes.0)).collect());
        Ok(Json(OutageDetail { outage: found, probes }))
    }

    /// The signed monthly reports.
    #[oai(path = "/outages/reports", method = "get", operation_id = "list_outage_reports")]
    async fn reports(&self, Data(app): Data<&App>) -> Result<Json<OutageReports>> {
        Ok(Json(OutageReports { items: report::all(app).await?.iter().map(OutageReport::from).collect() }))
    }

    /// One report: its digest, its signature, its place in the chain.
    #[oai(path = "/outages/reports/:month", method = "get", operation_id = "get_outage_report")]
    async fn report(&self, Data(app): Data<&App>, month: Path<String>) -> Result<Json<OutageReport>> {
        Ok(Json((&report::one(app, &month.0).await?).into()))
    }

    /// The bytes that were signed.
    #[oai(path = "/outages/reports/:month/file", method = "get", operation_id = "get_outage_report_file")]
    async fn file(&self, Data(app): Data<&App>, month: Path<String>) -> Result<ReportFile> {
        let report = report::one(app, &month.0).await?;
        Ok(ReportFile::File(Binary(report.body), format!("attachment; filename=\"outages-{}.json\"", report.month)))
    }

    /// The detached signature.
    #[oai(path = "/outages/reports/:month/signature", method = "get", operation_id = "get_outage_report_signature")]
    async fn signature(&self, Data(app): Data<&App>, month: Path<String>) -> Result<ReportSignature> {
        let report = report::one(app, &month.0).await?;
        Ok(ReportSignature::File(Binary(report.signature), format!("attachment; filename=\"outages-{}.json.sig\"", report.month)))
    }

    /// The public keys of the reports; also at /.well-known/lianting-outage-keys.json.
    #[oai(path = "/outages/keys", method = "get", operation_id = "list_outage_keys")]
    async fn keys(&self, Data(app): Data<&App>) -> Result<Json<OutageKeys>> {
        views::keys(app, &report::all(app).await?).map(Json)
    }

    /// 登记故障: what no probe sees, or a planned stop.
    #[oai(path = "/courts/:court/outages", method = "post", operation_id = "enter_outage")]
    async fn enter(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<OutageOrder>,
    ) -> Result<Created<Outage>> {
        let mut tx = app.door.enter(&caller, court.0, Act::OutageEnter).await?;
        let id = match tx.once::<Uuid>(key.0, &serde_json::to_vec(&(court.0, &body.0))?).await? {
            Some(id) => {
                drop(tx);
                id
            }
            None => {
                let id = outages::enter(app, &mut tx, body.0.entry()?).await?;
                tx.answered(key.0, &id).await?;
                tx.commit(id, json!({ "from": body.0.from, "to": body.0.to, "scope": body.0.scope })).await?;
                id
            }
        };
        Ok(created(shown(app, id).await?))
    }

    /// The end of an outage that was entered while it went on.
    #[oai(path = "/courts/:court/outages/:outage/end", method = "put", operation_id = "end_outage")]
    async fn end(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        outage: Path<Uuid>,
        body: Json<OutageEnd>,
    ) -> Result<Json<Outage>> {
        let mut tx = app.door.enter(&caller, court.0, Act::OutageEnter).await?;
        outages::end(&mut tx, outage.0, body.0.to).await?;
        tx.commit(outage.0, json!({ "to": body.0.to })).await?;
        shown(app, outage.0).await.map(Json)
    }

    /// Takes back an outage that was none. What it moved stays moved: the parties were told.
    #[oai(path = "/courts/:court/outages/:outage/withdrawal", method = "put", operation_id = "withdraw_outage")]
    async fn withdraw(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        outage: Path<Uuid>,
        body: Json<OutageWithdrawal>,
    ) -> Result<Json<Outage>> {
        let mut tx = app.door.enter(&caller, court.0, Act::OutageEnter).await?;
        outages::withdraw(&mut tx, outage.0, &words(&body.0.reason, "/reason")?).await?;
        tx.commit(outage.0, json!({ "withdrawn": true })).await?;
        shown(app, outage.0).await.map(Json)
    }
}

/// The public keys at their well-known place, outside the API.
#[poem::handler]
pub async fn well_known_keys(Data(app): Data<&App>) -> poem::Result<poem::web::Json<OutageKeys>> {
    Ok(poem::web::Json(views::keys(app, &report::all(app).await?)?))
}
