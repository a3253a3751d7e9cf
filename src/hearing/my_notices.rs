//! 我的庭审通知: what was sent to oneself about hearings, over all courts, read where one signs in – a witness has no case and
//! no other inbox.
//!
//! Reads `hearing_notices` as the person; that one was read proves that it reached (H04), and is written by the house. Must
//! never show another's notice, or more of a hearing than the message said.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use super::schedule::moment;
use super::words::SessionKind;
use crate::app::App;
use crate::court::caller::Caller;
use crate::error::{Error, Result};
use crate::kit::answer::NoContent;

/// The doors.
pub struct MyHearingNoticeApi;

/// A notice to oneself.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct MyHearingNotice {
    /// Notice.
    id: Uuid,
    /// Court.
    court_id: i32,
    /// Court's name.
    court_name: String,
    /// Hearing; its page opens as long as one takes part.
    hearing_id: Uuid,
    /// scheduled, changed, cancelled, removed, reminder, delayed or signing.
    kind: String,
    /// 案号.
    case_number: String,
    /// 会议号.
    number: String,
    /// Kind of session.
    session_name: String,
    /// Kind of session, in English.
    session_name_en: String,
    /// The time it told of.
    starts_at: DateTime<Utc>,
    /// What it says.
    text: String,
    /// The same in English.
    text_en: String,
    /// Sent.
    at: DateTime<Utc>,
    /// Read here, or opened by its link.
    seen_at: Option<DateTime<Utc>>,
}

/// Notices to oneself.
#[derive(Debug, Object)]
struct MyHearingNotices {
    /// The newest first.
    items: Vec<MyHearingNotice>,
    /// Not read yet.
    unread: i64,
}

#[derive(FromRow)]
struct Row {
    court_id: i32,
    notice_id: Uuid,
    hearing_id: Uuid,
    kind: String,
    about: sqlx::types::Json<Value>,
    sent_at: DateTime<Utc>,
    seen_at: Option<DateTime<Utc>>,
}

#[OpenApi]
impl MyHearingNoticeApi {
    /// 我的庭审通知, over all courts.
    #[oai(path = "/my/hearing-notices", method = "get", operation_id = "list_my_hearing_notices")]
    async fn list(&self, Data(app): Data<&App>, caller: Caller) -> Result<Json<MyHearingNotices>> {
        let mut tx = app.door.mine(&caller, "hearing:notices").await?;
        let person = tx.person;
        let rows: Vec<Row> = sqlx::query_as(
            "select n.court_id, n.notice_id, n.hearing_id, n.kind, n.about, n.sent_at, n.seen_at from hearing_notices n
               join hearing_participants p on p.court_id = n.court_id and p.hearing_id = n.hearing_id and p.participant_id = n.participant_id
              where p.person_id = $1 and n.about is not null order by n.sent_at desc, n.notice_id limit 200",
        )
        .bind(person)
        .fetch_all(tx.conn())
        .await?;
        let unread = rows.iter().filter(|r| r.seen_at.is_none()).count();
        let items = rows.into_iter().filter_map(|r| shown(r, |court| app.door.registry.name(court))).collect();
        Ok(Json(MyHearingNotices { items, unread: i64::try_from(unread).unwrap_or_default() }))
    }

    /// 已读: proves that the notice reached.
    #[oai(path = "/my/hearing-notices/:notice/seen", method = "post", operation_id = "see_my_hearing_notice")]
    async fn seen(&self, Data(app): Data<&App>, caller: Caller, notice: Path<Uuid>) -> Result<NoContent> {
        let mut tx = app.door.mine(&caller, "hearing:notices").await?;
        let person = tx.person;
        let found: Option<(i32, Uuid)> = sqlx::query_as(
            "select n.court_id, n.hearing_id from hearing_notices n
               join hearing_participants p on p.court_id = n.court_id and p.hearing_id = n.hearing_id and p.participant_id = n.participant_id
              where p.person_id = $1 and n.notice_id = $2",
        )
        .bind(person)
        .bind(notice.0)
        .fetch_optional(tx.conn())
        .await?;
        let (court, hearing) = found.ok_or_else(Error::not_found)?;
        tx.commit(notice.0, json!({ "notice": "seen" })).await?;
        let mut tx = app.door.enter_as_house(court, "hearing:notice_seen").await?;
        let now = tx.now();
        let first = sqlx::query(
            "update hearing_notices set state = 'seen', seen_at = $3 where court_id = $1 and notice_id = $2 and seen_at is null",
        )
        .bind(court)
        .bind(notice.0)
        .bind(now)
        .execute(tx.conn())
        .await?;
        if first.rows_affected() > 0 {
            tx.commit(hearing, json!({ "notice": notice.0 })).await?;
        }
        Ok(NoContent::NoContent)
    }
}

/// The words of a kind.
fn words(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "changed" => ("庭审改期了，请按新的时间参加。", "The hearing was moved; come at the new time."),
        "cancelled" => ("庭审不再按时进行，法院会另行通知。", "The hearing is not held at that time; the court will tell you more."),
        "removed" => ("您不再需要参加这场庭审，时间可以另作安排。", "You do not take part in this hearing any more; the time is yours."),
        "reminder" => ("快开庭了，请提前进入并检测设备。", "The hearing is near: come in early and test your device."),
        "delayed" => ("庭审推迟到这个时间开始，请保持电话畅通。", "The hearing begins later, at this time; keep your telephone at hand."),
        "signing" => {
            ("庭审笔录已经定稿，请看完并签名；有误的可以申请补正。", "The transcript is fixed: read it and sign, or ask for corrections.")
        }
        _ => ("通知您参加庭审，请提前进入并检测设备。", "You are called to a hearing; come in early and test your device."),
    }
}

fn shown(r: Row, court_name: impl Fn(i32) -> String) -> Option<MyHearingNotice> {
    let about = &r.about.0;
    let text = |key: &str| about[key].as_str().map(str::to_owned);
    let session = SessionKind::parse(about["kind"].as_str()?).unwrap_or(SessionKind::Trial);
    let starts_at: DateTime<Utc> = about["starts_at"].as_str()?.parse().ok()?;
    let (zh, en) = words(&r.kind);
    Some(MyHearingNotice {
        id: r.notice_id,
        court_id: r.court_id,
        court_name: court_name(r.court_id),
        hearing_id: r.hearing_id,
        case_number: text("case_number")?,
        number: text("number")?,
        session_name: session.zh().into(),
        session_name_en: session.en().into(),
        starts_at,
        text: format!("{} {}：{zh}", moment(starts_at), session.zh()),
        text_en: format!("{}: {en}", session.en()),
        kind: r.kind,
        at: r.sent_at,
        seen_at: r.seen_at,
    })
}
