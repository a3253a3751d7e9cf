//! Doors of the province: figures over all courts, and switching an unsure court on.
//! Figures only: no filing, case or person is opened here; each use is audited at the high court.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::json;
use sqlx::Row;

use super::act::Act;
use super::beijing::{beijing_date, end_of_day, start_of_day};
use super::caller::Caller;
use super::public::Court;
use crate::app::App;
use crate::error::{Error, Result, said};
use crate::kit::text::{Bounds, clean};

/// The doors.
pub struct ProvinceApi;

/// The province in a line.
#[derive(Object, Default)]
#[oai(skip_serializing_if_is_none)]
struct ProvinceTotals {
    /// Courts.
    courts: i64,
    /// Open for filings.
    enabled: i64,
    /// Filings waiting.
    waiting: i64,
    /// Past their limit.
    overdue: i64,
    /// Decided on the day of receipt over 30 days, percent.
    same_day_percent: Option<i64>,
    /// Cases docketed this year.
    cases_this_year: i64,
}

/// One court's figures.
#[derive(Object, Clone)]
#[oai(skip_serializing_if_is_none)]
struct CourtFigures {
    /// Court.
    court_id: i32,
    /// Name.
    name: String,
    /// Court above.
    parent_name: Option<String>,
    /// Open for filings.
    enabled: bool,
    /// How sure the code is.
    confidence: String,
    /// Waiting.
    waiting: i64,
    /// Due today.
    due_today: i64,
    /// Past their limit.
    overdue: i64,
    /// Decided on the day of receipt over 30 days, percent.
    same_day_percent: Option<i64>,
    /// Median hours from receipt to decision over 30 days.
    median_hours: Option<f64>,
    /// Items asked for later that were visible the first time (L09), over 30 days.
    violations: i64,
    /// Cases docketed this year.
    cases_this_year: i64,
}

/// 全省情况.
#[derive(Object)]
pub struct ProvinceOverview {
    /// When counted.
    as_of: DateTime<Utc>,
    /// In all.
    totals: ProvinceTotals,
    /// Each court.
    courts: Vec<CourtFigures>,
}

/// Confirming a court.
#[derive(Object)]
struct ConfirmOrder {
    /// 依据: where its code and name were checked.
    #[oai(validator(max_length = 500))]
    basis: String,
}

#[OpenApi]
impl ProvinceApi {
    /// Courts with counts and clocks.
    #[oai(path = "/province/overview", method = "get", operation_id = "province_overview")]
    async fn overview(&self, Data(app): Data<&App>, caller: Caller) -> Result<Json<ProvinceOverview>> {
        let mut tx = app.door.province(&caller).await?;
        let now = tx.now();
        let today = beijing_date(now);
        let filings = sqlx::query(
            "select court_id, count(*) filter (where state = 'submitted') as waiting, count(*) filter (where state = 'submitted' and due_on = $2 and due_at > $1) as due_today,
               count(*) filter (where state = 'submitted' and due_at <= $1) as overdue, count(*) filter (where decided_at >= $3) as decided,
               count(*) filter (where decided_at >= $3 and decided_at < target_at) as same_day,
               (percentile_cont(0.5) within group (order by extract(epoch from decided_at - clock_from) / 3600) filter (where decided_at >= $3))::float8 as median
             from filings group by court_id",
        )
        .bind(now)
        .bind(today)
        .bind(start_of_day(today) - TimeDelta::days(30))
        .fetch_all(tx.conn())
        .await?;
        let cases: Vec<(i32, i64)> = sqlx::query_as("select court_id, count(*) from cases where year = $1 group by court_id")
            .bind(today.year())
            .fetch_all(tx.conn())
            .await?;
        let violations: Vec<(i32, i64)> =
            sqlx::query_as("select court_id, count(*) from corrections where violation and sent_at >= $1 group by court_id")
                .bind(end_of_day(today) - TimeDelta::days(30))
                .fetch_all(tx.conn())
                .await?;
        let registry = &app.door.registry;
        let (mut totals, mut decided_all, mut same_all) = (ProvinceTotals::default(), 0, 0);
        let mut courts = Vec::new();
        for c in registry.courts().iter().filter(|c| c.status == "current") {
            let row = filings.iter().find(|r| r.get::<i32, _>("court_id") == c.court_id);
            let n = |key: &str| row.map_or(0, |r| r.get::<i64, _>(key));
            let (decided, same) = (n("decided"), n("same_day"));
            let of = |list: &[(i32, i64)]| list.iter().find(|(id, _)| *id == c.court_id).map_or(0, |(_, n)| *n);
            let figures = CourtFigures {
                court_id: c.court_id,
                name: c.name.clone(),
                parent_name: c.parent_id.map(|p| registry.name(p)).filter(|p| !p.is_empty()),
                enabled: c.enabled,
                confidence: c.confidence.clone(),
                waiting: n("waiting"),
                due_today: n("due_today"),
                overdue: n("overdue"),
                same_day_percent: (decided > 0).then(|| same * 100 / decided),
                median_hours: row.and_then(|r| r.get::<Option<f64>, _>("median")).map(|h| (h * 10.0).round() / 10.0),
                violations: of(&violations),
                cases_this_year: of(&cases),
            };
            totals.courts += 1;
            totals.enabled += i64::from(c.enabled);
            totals.waiting += figures.waiting;
            totals.overdue += figures.overdue;
            totals.cases_this_year += figures.cases_this_year;
            decided_all += decided;
            same_all += same;
            courts.push(figures);
        }
        totals.same_day_percent = (decided_all > 0).then(|| same_all * 100 / decided_all);
        Ok(Json(ProvinceOverview { as_of: now, totals, courts }))
    }

    /// Switches on a court whose code was unsure, once somebody has checked it.
    #[oai(path = "/province/courts/:court/confirm", method = "post", operation_id = "confirm_court")]
    async fn confirm(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, body: Json<ConfirmOrder>) -> Result<Json<Court>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CourtConfirm).await?;
        let basis = clean(&body.0.basis, Bounds::line(4, 500)).map_err(|_| {
            Error::invalid(
                "court.basis_missing",
                said("没有写依据。", "The basis is missing."),
                said("请写明在哪里核对过代字和名称。", "Say where code and name were checked."),
            )
            .at("/basis")
        })?;
        let (me, now) = (tx.person()?, tx.now());
        let done = sqlx::query("update courts set enabled = true, confirmed_by = $2, confirmed_on = $3, confirmed_basis = $4 where court_id = $1 and status = 'current'")
            .bind(court.0)
            .bind(me)
            .bind(now)
            .bind(basis)
            .execute(tx.conn())
            .await?;
        if done.rows_affected() == 0 {
            return Err(Error::not_found());
        }
        sqlx::query("select pg_notify('lianting_registry', '')").execute(tx.conn()).await?;
        tx.commit(court.0, json!({})).await?;
        app.door.reload_registry().await?;
        app.door.registry.court(court.0).map(|c| Json((&*c).into())).ok_or_else(Error::not_found)
    }
}
