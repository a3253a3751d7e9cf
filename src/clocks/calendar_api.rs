//! Doors of the calendar: public for reading, the provincial administrator's for setting, with what it would move first.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::calendar;
use crate::app::App;
use crate::court::act::Act;
use crate::court::beijing::beijing_date;
use crate::court::calendar::DayKind;
use crate::court::caller::Caller;
use crate::court::holidays::{Change, DaySet};
use crate::docket::moves;
use crate::error::{Error, Result, said};
use crate::kit::answer::{Created, created};
use crate::kit::text::{Bounds, clean};

/// The doors.
pub struct CalendarApi;

/// A day of the calendar.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
struct CalendarDay {
    /// Day.
    day: NaiveDate,
    /// What it is.
    kind: DayKind,
    /// 国庆节.
    name: String,
    /// built_in or province.
    source: String,
    /// The notice, of a day the province set.
    basis: Option<String>,
}

/// A change of the calendar.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
struct CalendarChange {
    /// Change.
    id: Uuid,
    /// Version of the calendar.
    version: i32,
    /// What it set.
    days: Vec<CalendarDay>,
    /// 依据: the notice.
    basis: String,
    /// A word on it.
    note: Option<String>,
    /// Who.
    set_by: String,
    /// When.
    set_at: DateTime<Utc>,
    /// Ends it moved; none on a list.
    moved: Option<i64>,
    /// Courts that have counted their clocks anew; none on a list.
    courts_done: Option<i64>,
    /// Courts in all; none on a list.
    courts: Option<i64>,
}

/// A year.
#[derive(Debug, Object)]
struct CalendarYear {
    /// Year.
    year: i32,
    /// It is announced.
    known: bool,
    /// The last day whose holidays are known.
    known_until: NaiveDate,
    /// Version of the calendar.
    version: i32,
    /// Rest days and make-up workdays.
    days: Vec<CalendarDay>,
    /// Changes that set days of the year, newest first.
    changes: Vec<CalendarChange>,
}

/// Every change.
#[derive(Debug, Object)]
struct CalendarChanges {
    /// The last day whose holidays are known.
    known_until: NaiveDate,
    /// Version of the calendar.
    version: i32,
    /// Newest first.
    items: Vec<CalendarChange>,
}

/// A day to be set.
#[derive(Debug, Object, Serialize)]
struct CalendarDayOrder {
    /// Day.
    day: NaiveDate,
    /// What it is.
    kind: DayKind,
    /// Name of a rest day.
    #[oai(default, validator(max_length = 40))]
    name: String,
}

/// 节假日变动.
#[derive(Debug, Object, Serialize)]
struct CalendarOrder {
    /// The days.
    #[oai(validator(min_items = 1, max_items = 60))]
    days: Vec<CalendarDayOrder>,
    /// 依据: the number of the notice. Mandatory when it is set.
    #[oai(default, validator(max_length = 500))]
    basis: String,
    /// A word on it.
    #[oai(validator(max_length = 500))]
    note: Option<String>,
}

/// How many ends would move at a court.
#[derive(Debug, Object)]
struct CalendarPreviewCourt {
    /// Court.
    court_id: i32,
    /// Name.
    court_name: String,
    /// Ends.
    moved: i64,
}

/// Ends that would move alike.
#[derive(Debug, Object)]
struct CalendarPreviewRow {
    /// 名称 of the period.
    name: String,
    /// Name in English.
    name_en: String,
    /// Last day now.
    from_on: NaiveDate,
    /// Last day then.
    to_on: NaiveDate,
    /// How many.
    n: i64,
}

/// What a change would move.
#[derive(Debug, Object)]
struct CalendarPreview {
    /// The last day whose holidays are known now.
    known_until_before: NaiveDate,
    /// And then.
    known_until_after: NaiveDate,
    /// Ends that would move.
    moved: i64,
    /// By court.
    courts: Vec<CalendarPreviewCourt>,
    /// By period and day, at most fifty.
    examples: Vec<CalendarPreviewRow>,
}

impl CalendarOrder {
    fn days(&self) -> Result<Vec<DaySet>> {
        let day = |(i, d): (usize, &CalendarDayOrder)| {
            let name = clean(&d.name, Bounds::line(0, 40))
                .map_err(|e| Error::invalid(e.code, said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at(format!("/days/{i}/name")))?;
            Ok(DaySet { day: d.day, kind: d.kind, name })
        };
        self.days.iter().enumerate().map(day).collect()
    }

    fn basis(&self) -> Result<String> {
        clean(&self.basis, Bounds::line(4, 500)).map_err(|_| {
            Error::invalid(
                "calendar.basis_missing",
                said("没有写依据。", "The basis is missing."),
                said("请写明通知的文号，例如「国办发明电〔2026〕×号」。", "Give the number of the notice."),
            )
            .at("/basis")
        })
    }
}

fn change(c: &Change) -> CalendarChange {
    let day = |d: &DaySet| CalendarDay {
        day: d.day,
        kind: d.kind,
        name: d.name.clone(),
        source: "province".into(),
        basis: Some(c.basis.clone()),
    };
    CalendarChange {
        id: c.change_id,
        version: c.version,
        days: c.days.iter().map(day).collect(),
        basis: c.basis.clone(),
        note: c.note.clone(),
        set_by: c.set_by.clone(),
        set_at: c.set_at,
        moved: None,
        courts_done: None,
        courts: None,
    }
}

async fn one(app: &App, id: Uuid) -> Result<CalendarChange> {
    let book = app.door.registry.calendars();
    let found = book.changes().iter().find(|c| c.change_id == id).ok_or_else(Error::not_found)?;
    let (done, moved) = calendar::progress(app, id).await?;
    let reach = i64::try_from(calendar::reach(app)).ok();
    Ok(CalendarChange { moved: Some(moved), courts_done: Some(done), courts: reach, ..change(found) })
}

#[OpenApi]
impl CalendarApi {
    /// 节假日 of a year, as clocks are counted by them.
    #[oai(path = "/calendar", method = "get", operation_id = "get_calendar")]
    async fn year(
        &self,
        Data(app): Data<&App>,
        #[oai(validator(minimum(value = "2000"), maximum(value = "2100")))] year: Query<Option<i32>>,
    ) -> Result<Json<CalendarYear>> {
        let year = year.0.unwrap_or_else(|| beijing_date(app.now()).year());
        let book = app.door.registry.calendars();
        let newest = book.newest(true);
        let of_year = |c: &&Change| c.days.iter().any(|d| d.day.year() == year);
        let set_by = |day: NaiveDate| book.changes().iter().rev().find(|c| c.days.iter().any(|d| d.day == day));
        let days = newest.days_of(year).into_iter().map(|(day, kind, name)| {
            let by = set_by(day);
            let source = if by.is_some() { "province" } else { "built_in" };
            CalendarDay { day, kind, name, source: source.into(), basis: by.map(|c| c.basis.clone()) }
        });
        Ok(Json(CalendarYear {
            year,
            known: newest.known_until().year() >= year,
            known_until: newest.known_until(),
            version: book.changes().last().map_or(0, |c| c.version),
            days: days.collect(),
            changes: book.changes().iter().rev().filter(of_year).map(change).collect(),
        }))
    }

    /// Every change of the calendar.
    #[oai(path = "/province/calendar", method = "get", operation_id = "list_calendar_changes")]
    async fn changes(&self, Data(app): Data<&App>, caller: Caller) -> Result<Json<CalendarChanges>> {
        app.door.enter(&caller, app.door.registry.province_court(), Act::ProvinceRead).await?;
        let book = app.door.registry.calendars();
        Ok(Json(CalendarChanges {
            known_until: book.newest(true).known_until(),
            version: book.changes().last().map_or(0, |c| c.version),
            items: book.changes().iter().rev().map(change).collect(),
        }))
    }

    /// What a change would move, before it is set. Figures only.
    #[oai(path = "/province/calendar/preview", method = "post", operation_id = "preview_calendar")]
    async fn preview(&self, Data(app): Data<&App>, caller: Caller, body: Json<CalendarOrder>) -> Result<Json<CalendarPreview>> {
        app.door.enter(&caller, app.door.registry.province_court(), Act::ProvinceRead).await?;
        let before = app.door.registry.calendar(true).known_until();
        let (found, then) = calendar::preview(app, &body.0.days()?).await?;
        let n = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let courts = found.courts.iter().map(|(court, moved)| CalendarPreviewCourt {
            court_id: *court,
            court_name: app.door.registry.name(*court),
            moved: n(*moved),
        });
        let row = |(key, from_on, to_on, count): &(String, NaiveDate, NaiveDate, usize)| {
            let (name, name_en) = moves::name(key);
            CalendarPreviewRow { name: name.into(), name_en: name_en.into(), from_on: *from_on, to_on: *to_on, n: n(*count) }
        };
        Ok(Json(CalendarPreview {
            known_until_before: before,
            known_until_after: then.newest(true).known_until(),
            moved: found.courts.iter().map(|(_, moved)| n(*moved)).sum(),
            courts: courts.collect(),
            examples: found.examples.iter().take(50).map(row).collect(),
        }))
    }

    /// Sets days over the built-in table; in force at once on every node. Running clocks are counted anew, what ran out stays.
    #[oai(path = "/province/calendar", method = "post", operation_id = "set_calendar")]
    async fn set(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<CalendarOrder>,
    ) -> Result<Created<CalendarChange>> {
        let mut tx = app.door.enter(&caller, app.door.registry.province_court(), Act::CalendarSet).await?;
        let id = match tx.once::<Uuid>(key.0, &serde_json::to_vec(&body.0)?).await? {
            Some(id) => {
                drop(tx);
                id
            }
            None => {
                let (days, basis) = (body.0.days()?, body.0.basis()?);
                calendar::check(&days, &app.door.registry.calendars(), beijing_date(tx.now()))?;
                let (id, version) = calendar::set(&mut tx, &days, &basis, body.0.note.as_deref()).await?;
                tx.answered(key.0, &id).await?;
                tx.commit(id, json!({ "version": version, "days": days.len() })).await?;
                app.door.reload_registry().await?;
                id
            }
        };
        Ok(created(one(app, id).await?))
    }

    /// One change, and how far the courts have come with it.
    #[oai(path = "/province/calendar/:change", method = "get", operation_id = "get_calendar_change")]
    async fn change(&self, Data(app): Data<&App>, caller: Caller, change: Path<Uuid>) -> Result<Json<CalendarChange>> {
        app.door.enter(&caller, app.door.registry.province_court(), Act::ProvinceRead).await?;
        one(app, change.0).await.map(Json)
    }
}
