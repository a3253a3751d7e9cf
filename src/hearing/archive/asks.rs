//! 查阅、复制录音录像的申请 and its decision (庭审录音录像规定 Art 10, 11).
//!
//! Owns `recording_requests`. A grant is for one person, for a time, and may be taken back. Must never be a grant of what
//! the rules do not give: parties see and hear, and copy sound; pictures stay with the court unless it lets them go.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::super::before::sitting::Head;
use super::super::refusal::reasoned;
use crate::court::tx::CourtTx;
use crate::docket::people;
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;
use crate::kit::words::words;
use crate::person::messages::{self, Sms, To};

words! {
    /// What is asked for.
    Kind as "RecordingRequestKind":
    View = "view", "查阅", "to see";
    CopyAudio = "copy_audio", "复制录音", "a copy of the sound";
    CopyVideo = "copy_video", "复制录像", "a copy of the pictures";
}

/// An application.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Application.
    pub id: Uuid,
    /// Hearing.
    pub hearing: Uuid,
    /// Account.
    pub person: Uuid,
    /// Name.
    pub name: String,
    /// For which party.
    pub party: Option<Uuid>,
    /// What.
    pub kind: Kind,
    /// From, ms of the recording.
    pub from_ms: Option<i64>,
    /// Until, ms of the recording.
    pub until_ms: Option<i64>,
    /// What for.
    pub purpose: String,
    /// When.
    pub at: DateTime<Utc>,
    /// open, granted, refused or ended.
    pub state: String,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// And why.
    pub reasons: Option<String>,
    /// End of the grant.
    pub until: Option<DateTime<Utc>>,
    /// What was granted can be opened.
    pub made: bool,
}

impl Asked {
    /// A grant that holds now.
    pub fn in_force(&self, now: DateTime<Utc>) -> bool {
        self.state == "granted" && self.until.is_some_and(|until| now < until)
    }
}

#[derive(FromRow)]
struct Row {
    request_id: Uuid,
    hearing_id: Uuid,
    person_id: Uuid,
    name: String,
    party_id: Option<Uuid>,
    kind: String,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    purpose: Vec<u8>,
    asked_at: DateTime<Utc>,
    state: String,
    decided_at: Option<DateTime<Utc>>,
    reasons: Option<String>,
    until: Option<DateTime<Utc>>,
    made: bool,
}

fn opened(tx: &CourtTx, r: Row) -> Result<Asked> {
    Ok(Asked {
        purpose: tx.seal().open_text(tx.owner(), Place("recording_requests", "purpose", &r.request_id), &r.purpose)?,
        kind: Kind::parse(&r.kind).ok_or_else(|| Error::internal("an application nobody knows"))?,
        id: r.request_id,
        hearing: r.hearing_id,
        person: r.person_id,
        name: r.name,
        party: r.party_id,
        from_ms: r.from_ms,
        until_ms: r.until_ms,
        at: r.asked_at,
        state: r.state,
        decided_at: r.decided_at,
        reasons: r.reasons,
        until: r.until,
        made: r.made,
    })
}

const COLUMNS: &str = "select request_id, hearing_id, person_id, name, party_id, kind, from_ms, until_ms, purpose, asked_at, state, decided_at, reasons, until, copy_key is not null as made from recording_requests";

/// Applications of a hearing, or of the court; as far as the caller's seat shows.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut CourtTx, hearing: Option<Uuid>, state: Option<&str>) -> Result<Vec<Asked>> {
    let court = tx.court;
    let sql = format!(
        "{COLUMNS} where court_id = $1 and ($2::uuid is null or hearing_id = $2) and ($3::text is null or state = $3) order by state <> 'open', asked_at desc, request_id limit 200"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(hearing).bind(state).fetch_all(tx.conn()).await?;
    rows.into_iter().map(|r| opened(tx, r)).collect()
}

/// One application.
///
/// # Errors
/// 404.
pub async fn one(tx: &mut CourtTx, hearing: Uuid, id: Uuid) -> Result<Asked> {
    let court = tx.court;
    let sql = format!("{COLUMNS} where court_id = $1 and hearing_id = $2 and request_id = $3");
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(hearing).bind(id).fetch_optional(tx.conn()).await?;
    opened(tx, row.ok_or_else(Error::not_found)?)
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// What.
    pub kind: Kind,
    /// From, ms.
    pub from_ms: Option<i64>,
    /// Until, ms.
    pub until_ms: Option<i64>,
    /// What for.
    pub purpose: &'a str,
    /// For which party.
    pub party: Option<Uuid>,
    /// The court lets copies of pictures go.
    pub copies_go: bool,
}

/// Asks.
///
/// # Errors
/// Before the hearing ended, a copy that is not given, whoever is on no side of the case.
pub async fn ask(tx: &mut CourtTx, hearing: Uuid, head: &Head, wish: &Wish<'_>) -> Result<Uuid> {
    let (court, now, id, me, who) = (tx.court, tx.now(), tx.id(), tx.person()?, tx.who.to_string());
    reasoned(wish.purpose, "/purpose")?;
    check(head, wish)?;
    let party = own_party(tx, head.case, me, wish.party).await?;
    let open: bool = sqlx::query_scalar(
        "select exists (select 1 from recording_requests where court_id = $1 and hearing_id = $2 and person_id = $3 and kind = $4 and state = 'open')",
    )
    .bind(court)
    .bind(hearing)
    .bind(me)
    .bind(wish.kind.key())
    .fetch_one(tx.conn())
    .await?;
    if open {
        return Err(Error::conflict(
            "recording.request_open",
            said("同样的申请已经提出，还没有答复。", "The same application is open already."),
            said("请等法庭答复。", "Wait for the answer."),
        ));
    }
    let purpose = tx.seal().seal(tx.owner(), Place("recording_requests", "purpose", &id), wish.purpose.trim().as_bytes())?;
    sqlx::query(
        "insert into recording_requests (court_id, request_id, hearing_id, case_id, person_id, name, party_id, kind, from_ms, until_ms, purpose, asked_at, state)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,'open')",
    )
    .bind(court)
    .bind(id)
    .bind(hearing)
    .bind(head.case)
    .bind(me)
    .bind(who)
    .bind(party)
    .bind(wish.kind.key())
    .bind(wish.from_ms)
    .bind(wish.until_ms)
    .bind(purpose)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(id)
}

fn check(head: &Head, wish: &Wish<'_>) -> Result<()> {
    if !head.ended {
        return Err(Error::conflict(
            "recording.not_yet",
            said("庭审还没有结束。", "The hearing has not ended."),
            said("请在庭审结束后申请。", "Apply after it has ended."),
        ));
    }
    if wish.kind == Kind::CopyVideo && !wish.copies_go {
        return Err(Error::invalid(
            "recording.no_copy",
            said(
                "当事人可以查阅录音录像、复制录音，本院不提供录像的复制（庭审录音录像规定 第十条）。",
                "Parties may see the recording and copy its sound; this court gives no copy of the pictures (Court Recording Provisions Art 10).",
            ),
            said("请改为申请查阅，或者复制录音。", "Apply to see it, or for a copy of the sound."),
        )
        .at("/kind"));
    }
    let span = (wish.from_ms.unwrap_or(0), wish.until_ms.unwrap_or(i64::MAX));
    if span.0 < 0 || span.0 >= span.1 {
        return Err(Error::invalid(
            "recording.span",
            said("结束要晚于开始。", "The end comes after the beginning."),
            said("请改好后再提交。", "Mend it and send again."),
        )
        .at("/until_ms"));
    }
    Ok(())
}

/// The party one is, or acts for.
async fn own_party(tx: &mut CourtTx, case: Uuid, me: Uuid, wanted: Option<Uuid>) -> Result<Option<Uuid>> {
    let own = people::parties_of(tx, case, me).await?;
    let mut parties = own.into_iter().filter(|(capacity, party)| party.is_some() && capacity != "colleague").map(|(_, party)| party);
    let found = parties.find(|p| wanted.is_none() || *p == wanted);
    found.ok_or_else(|| {
        Error::invalid(
            "recording.no_party",
            said("只有当事人和代理人可以申请。", "Parties and their agents may apply."),
            said("其他人请向法院书面申请。", "Others write to the court."),
        )
        .at("/party_id")
    })
}

/// A decision.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    /// Granted.
    pub grant: bool,
    /// Why.
    pub reasons: &'a str,
    /// For so many days.
    pub days: i64,
}

/// Decides.
///
/// # Errors
/// 404, decided before.
pub async fn decide(tx: &mut CourtTx, hearing: Uuid, id: Uuid, d: Decision<'_>) -> Result<()> {
    let (court, now, me) = (tx.court, tx.now(), tx.person()?);
    reasoned(d.reasons, "/reasons")?;
    let asked = one(tx, hearing, id).await?;
    if d.grant {
        tx.tell("hearing.copy", &super::copies::About { hearing, request: id })?;
    }
    let done = sqlx::query(
        "update recording_requests set state = $3, decided_by = $4, decided_at = $5, reasons = $6, until = $7 where court_id = $1 and request_id = $2 and state = 'open'",
    )
    .bind(court)
    .bind(id)
    .bind(if d.grant { "granted" } else { "refused" })
    .bind(me)
    .bind(now)
    .bind(d.reasons.trim())
    .bind(d.grant.then(|| now + TimeDelta::days(d.days)))
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Err(settled());
    }
    tell(tx, hearing, &asked).await
}

fn settled() -> Error {
    Error::conflict(
        "recording.request_decided",
        said("这项申请已经处理。", "This application was settled already."),
        said("请刷新页面看结果。", "Load the page again to see how."),
    )
}

/// The message that an answer is there.
async fn tell(tx: &mut CourtTx, hearing: Uuid, asked: &Asked) -> Result<()> {
    let court = tx.court;
    let number: String = sqlx::query_scalar("select case_number from hearings where court_id = $1 and hearing_id = $2")
        .bind(court)
        .bind(hearing)
        .fetch_one(tx.conn())
        .await?;
    let params = [("case_number", number.as_str())];
    let to = To::Person(asked.person);
    messages::tell_sms(
        tx,
        &Sms { to, template: "recording_request_answered", params: &params, court: Some(court), until: None, listener: None },
    )
}

/// Ends an application or a grant: its maker takes it back, or a judge does.
///
/// # Errors
/// 409 for what is over already.
pub async fn end(tx: &mut CourtTx, id: Uuid) -> Result<()> {
    let (court, now, me) = (tx.court, tx.now(), tx.person()?);
    let done = sqlx::query(
        "update recording_requests set state = 'ended', decided_by = coalesce(decided_by, $3), decided_at = coalesce(decided_at, $4), until = least(until, $4)
         where court_id = $1 and request_id = $2 and state in ('open', 'granted')",
    )
    .bind(court)
    .bind(id)
    .bind(me)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 { Err(settled()) } else { Ok(()) }
}

/// The grant by which somebody may see a recording of a hearing now; what plays or copies asks here and writes its view.
///
/// # Errors
/// What the database says.
pub async fn grant_in_force(tx: &mut CourtTx, hearing: Uuid, person: Uuid, kind: Kind) -> Result<Option<Asked>> {
    let now = tx.now();
    let all = list(tx, Some(hearing), Some("granted")).await?;
    let covers = |a: &Asked| a.kind == kind || (kind == Kind::View && a.kind == Kind::CopyVideo);
    Ok(all.into_iter().find(|a| a.person == person && covers(a) && a.in_force(now)))
}
