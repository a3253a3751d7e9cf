//! Doors of courtrooms: the list, adding and changing, the calendar at the door.

use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Json, PlainText};
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::courtrooms::{self, Row, Said};
use super::feed::{self, Entry};
use super::listing::{self, Wanted};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::{Error, Result};
use crate::kit::answer::{Created, created};
use crate::kit::seal::sha256;
use crate::kit::text::{Bounds, clean};

/// The doors.
pub struct CourtroomApi;

/// 法庭的种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum CourtroomKind {
    /// 实体法庭.
    Physical,
    /// 在线法庭.
    Virtual,
}

/// 法庭.
#[derive(Debug, Object)]
struct Courtroom {
    /// Room.
    id: Uuid,
    /// 名称.
    name: String,
    /// physical or virtual.
    kind: String,
    /// Where.
    place: String,
    /// 旁听席.
    gallery: i32,
    /// 国徽 hangs in the picture (在线诉讼规则 Art 24).
    emblem: bool,
    /// Used.
    active: bool,
    /// Version.
    version: i32,
}

impl From<Row> for Courtroom {
    fn from(r: Row) -> Self {
        Self {
            id: r.courtroom_id,
            name: r.name,
            kind: r.kind,
            place: r.place,
            gallery: r.gallery,
            emblem: r.emblem,
            active: r.active,
            version: r.version,
        }
    }
}

/// Courtrooms, those in use first.
#[derive(Debug, Object)]
struct CourtroomList {
    /// Rooms.
    items: Vec<Courtroom>,
}

/// What is said of a room.
#[derive(Debug, Object, Serialize)]
struct CourtroomOrder {
    /// 名称.
    #[oai(validator(min_length = 2, max_length = 40))]
    name: String,
    /// Kind.
    kind: CourtroomKind,
    /// Where: floor and door, or the platform.
    #[oai(validator(min_length = 1, max_length = 100))]
    place: String,
    /// 旁听席.
    #[oai(validator(minimum(value = "0"), maximum(value = "500")))]
    gallery: i32,
    /// 国徽 hangs in the picture.
    emblem: bool,
    /// Used.
    active: bool,
    /// Of a change: the version its page showed.
    version: Option<i32>,
}

impl CourtroomOrder {
    fn texts(&self) -> Result<(String, String)> {
        let text = |t: &str, most| {
            clean(t, Bounds::line(1, most)).map_err(|e| {
                Error::bad_request(
                    "courtroom.text",
                    crate::error::said(e.to_string(), e.to_string()),
                    crate::error::said("请改好后再保存。", "Mend it and save again."),
                )
            })
        };
        Ok((text(&self.name, 40)?, text(&self.place, 100)?))
    }

    fn said<'a>(&self, name: &'a str, place: &'a str) -> Said<'a> {
        let kind = if self.kind == CourtroomKind::Physical { "physical" } else { "virtual" };
        Said { name, kind, place, gallery: self.gallery, emblem: self.emblem, active: self.active }
    }
}

/// A secret address.
#[derive(Debug, Object)]
struct CourtroomFeed {
    /// To be given to the screen at the door; shown once.
    url: String,
}

/// A calendar.
#[derive(ApiResponse)]
pub enum HearingCalendar {
    /// iCalendar
    #[oai(status = 200, content_type = "text/calendar; charset=utf-8")]
    Ics(PlainText<String>),
}

#[OpenApi]
impl CourtroomApi {
    /// 法庭 of a court.
    #[oai(path = "/courts/:court/courtrooms", method = "get", operation_id = "list_courtrooms")]
    async fn list(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>) -> Result<Json<CourtroomList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CourtroomRead).await?;
        Ok(Json(CourtroomList { items: courtrooms::list(&mut tx).await?.into_iter().map(Courtroom::from).collect() }))
    }

    /// 新设法庭.
    #[oai(path = "/courts/:court/courtrooms", method = "post", operation_id = "add_courtroom")]
    async fn add(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<CourtroomOrder>,
    ) -> Result<Created<CourtroomList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CourtroomManage).await?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&body.0)?).await?.is_none() {
            let (name, place) = body.0.texts()?;
            let id = courtrooms::add(&mut tx, &body.0.said(&name, &place)).await?;
            tx.answered(key.0, &id).await?;
            tx.commit(id, json!({ "active": body.0.active })).await?;
        }
        Ok(created(all(app, &caller, court.0).await?))
    }

    /// 变更法庭.
    #[oai(path = "/courts/:court/courtrooms/:courtroom", method = "put", operation_id = "change_courtroom")]
    async fn change(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        courtroom: Path<Uuid>,
        body: Json<CourtroomOrder>,
    ) -> Result<Json<CourtroomList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CourtroomManage).await?;
        let (name, place) = body.0.texts()?;
        courtrooms::change(&mut tx, courtroom.0, body.0.version.ok_or_else(Error::stale)?, &body.0.said(&name, &place)).await?;
        tx.commit(courtroom.0, json!({ "active": body.0.active })).await?;
        Ok(Json(all(app, &caller, court.0).await?))
    }

    /// A new secret address of the calendar at the door.
    #[oai(path = "/courts/:court/courtrooms/:courtroom/feed", method = "put", operation_id = "renew_courtroom_feed")]
    async fn renew(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, courtroom: Path<Uuid>) -> Result<Json<CourtroomFeed>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CourtroomManage).await?;
        let token = courtrooms::renew_feed(&mut tx, courtroom.0).await?;
        tx.commit(courtroom.0, json!({ "feed": true })).await?;
        Ok(Json(CourtroomFeed { url: format!("{}/api/courtrooms/feed.ics?token={token}", app.config.public_url) }))
    }

    /// The calendar behind a secret address.
    #[oai(path = "/courtrooms/feed.ics", method = "get", operation_id = "get_courtroom_feed")]
    async fn feed(&self, Data(app): Data<&App>, #[oai(validator(max_length = 100))] token: Query<String>) -> Result<HearingCalendar> {
        Ok(HearingCalendar::Ics(PlainText(calendar(app, &token.0).await?)))
    }
}

async fn all(app: &App, caller: &Caller, court: i32) -> Result<CourtroomList> {
    let mut tx = app.door.enter(caller, court, Act::CourtroomRead).await?;
    Ok(CourtroomList { items: courtrooms::list(&mut tx).await?.into_iter().map(Courtroom::from).collect() })
}

async fn calendar(app: &App, token: &str) -> Result<String> {
    let mut gate = app.door.gate("courtroom:feed", "".into()).await?;
    let found: Option<(i32, Uuid)> =
        sqlx::query_as("select court_id, courtroom_id from courtroom_feeds where token_hash = $1 and revoked_at is null")
            .bind(sha256(token.as_bytes()))
            .fetch_optional(gate.conn())
            .await?;
    drop(gate);
    let (court, room) = found.ok_or_else(Error::not_found)?;
    let mut tx = app.door.enter_as_house(court, "courtroom:feed").await?;
    let now = app.now();
    let wanted = Wanted {
        from: Some(now - chrono::TimeDelta::days(1)),
        until: Some(now + chrono::TimeDelta::days(60)),
        courtroom: Some(room),
        limit: 500,
        ..Wanted::default()
    };
    let rows = listing::of_court(&mut tx, &wanted).await?;
    let name = app.door.registry.name(court);
    let title = rows.first().and_then(|r| r.courtroom.clone()).unwrap_or_else(|| "法庭".into());
    let entries: Vec<Entry> = rows.iter().map(|r| Entry::of(r, &name, false, &app.config.public_url)).collect();
    Ok(feed::ics(&format!("{name} {title}"), &entries, now))
}
