//! 申请: what people ask of a hearing, and what is decided: to come in person, that others do, another date, to watch, to
//! leave, special measures.
//!
//! Owns `hearing_requests` and what a grant sets going (在线诉讼规则 Art 5, 21; 民事诉讼法 Art 149). Must never decide by
//! itself, or seat anybody in the gallery of a hearing that is not public.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::guards::Hand;
use super::super::joint;
use super::super::law::{self, Article};
use super::super::log::{self, Audience, Line};
use super::super::measures::{self, SeatMeasures};
use super::super::modes::Seated;
use super::super::places::check_gallery;
use super::super::refusal::{Refusal, reasoned};
use super::super::restore;
use super::super::room::presence;
use super::super::settings::HearingRules;
use super::super::words::{Mode, Role};
use super::sitting::{self, Head, Sitting};
use crate::court::tx::CourtTx;
use crate::docket::timeline::Note;
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;
use crate::kit::words::words;
use crate::person::messages::{self, Sms, To};

words! {
    /// What is asked.
    Kind as "HearingRequestKind":
    ComeInPerson = "come_in_person", "申请到庭参加", "to come in person";
    OthersInPerson = "others_in_person", "申请对方到庭参加", "that the others come in person";
    OtherDate = "other_date", "申请改期", "another date";
    Watch = "watch", "申请旁听", "to watch";
    Leave = "leave", "申请暂时离开", "to leave for a moment";
    SpecialMeasures = "special_measures", "申请特别安排", "special measures";
}

impl Kind {
    const fn article(self) -> Article {
        match self {
            Self::ComeInPerson | Self::OthersInPerson => law::OL5,
            Self::OtherDate => law::L149,
            Self::Watch => law::OL27,
            Self::Leave => law::OL25,
            Self::SpecialMeasures => law::OL22,
        }
    }

    /// Whoever drives decides; what is of the court's daily order, the clerk too.
    pub fn may_decide(self, hand: Hand) -> bool {
        match hand {
            Hand::Judge => true,
            Hand::Clerk => matches!(self, Self::ComeInPerson | Self::Watch),
            _ => false,
        }
    }
}

/// A request.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Request.
    pub id: Uuid,
    /// Who asks; none: to watch.
    pub participant: Option<Uuid>,
    /// Account.
    pub person: Uuid,
    /// Name.
    pub name: String,
    /// What.
    pub kind: Kind,
    /// Why.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
    /// open, granted, refused or withdrawn.
    pub state: String,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// And why.
    pub reasons: Option<String>,
}

#[derive(FromRow)]
struct Row {
    request_id: Uuid,
    participant_id: Option<Uuid>,
    person_id: Uuid,
    name: String,
    kind: String,
    text: Vec<u8>,
    asked_at: DateTime<Utc>,
    state: String,
    decided_at: Option<DateTime<Utc>>,
    reasons: Option<String>,
}

const COLUMNS: &str = "request_id, participant_id, person_id, name, kind, text, asked_at, state, decided_at, reasons from hearing_requests";

fn opened(tx: &CourtTx, r: Row) -> Result<Asked> {
    Ok(Asked {
        text: tx.seal().open_text(tx.owner(), Place("hearing_requests", "text", &r.request_id), &r.text)?,
        id: r.request_id,
        participant: r.participant_id,
        person: r.person_id,
        name: r.name,
        kind: Kind::parse(&r.kind).ok_or_else(|| Error::internal("a request nobody knows"))?,
        at: r.asked_at,
        state: r.state,
        decided_at: r.decided_at,
        reasons: r.reasons,
    })
}

/// Requests of a hearing, as far as the caller's seat shows: open ones first.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Asked>> {
    let court = tx.court;
    let sql =
        format!("select {COLUMNS} where court_id = $1 and hearing_id = $2 order by state <> 'open', asked_at desc, request_id limit 500");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(hearing).fetch_all(tx.conn()).await?;
    rows.into_iter().map(|r| opened(tx, r)).collect()
}

/// How many nobody answered yet.
///
/// # Errors
/// What the database says.
pub async fn open_count(tx: &mut CourtTx, hearing: Uuid) -> Result<i64> {
    let court = tx.court;
    Ok(sqlx::query_scalar("select count(*) from hearing_requests where court_id = $1 and hearing_id = $2 and state = 'open'")
        .bind(court)
        .bind(hearing)
        .fetch_one(tx.conn())
        .await?)
}

/// One request; held where it is to be decided.
///
/// # Errors
/// 404.
pub async fn one(tx: &mut CourtTx, hearing: Uuid, request: Uuid) -> Result<Asked> {
    let court = tx.court;
    let sql = format!("select {COLUMNS} where court_id = $1 and hearing_id = $2 and request_id = $3");
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(hearing).bind(request).fetch_optional(tx.conn()).await?;
    opened(tx, row.ok_or_else(Error::not_found)?)
}

/// Asks. The hearing's row is held.
///
/// # Errors
/// One that is open already, a hearing that is over, a reason that says nothing.
pub async fn ask(tx: &mut CourtTx, hearing: Uuid, head: &Head, seat: Option<&Sitting>, kind: Kind, text: &str) -> Result<Uuid> {
    let (court, now, id, me, who) = (tx.court, tx.now(), tx.id(), tx.person()?, tx.who.to_string());
    reasoned(text, "/text")?;
    in_time(head, kind)?;
    let open: bool = sqlx::query_scalar(
        "select exists (select 1 from hearing_requests where court_id = $1 and hearing_id = $2 and person_id = $3 and kind = $4 and state = 'open')",
    )
    .bind(court)
    .bind(hearing)
    .bind(me)
    .bind(kind.key())
    .fetch_one(tx.conn())
    .await?;
    if open {
        return Err(Error::conflict(
            "hearing.request_open",
            said("同样的申请已经提出，还没有答复。", "The same request is open already."),
            said("请等法庭答复；想改内容的，先撤回。", "Wait for the answer; to change it, take it back first."),
        ));
    }
    let sealed = tx.seal().seal(tx.owner(), Place("hearing_requests", "text", &id), text.trim().as_bytes())?;
    sqlx::query("insert into hearing_requests (court_id, request_id, hearing_id, participant_id, case_id, person_id, name, kind, text, asked_at, state) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,'open')")
        .bind(court)
        .bind(id)
        .bind(hearing)
        .bind(seat.map(Sitting::id))
        .bind(head.case)
        .bind(me)
        .bind(seat.map_or(who, |s| s.name.clone()))
        .bind(kind.key())
        .bind(sealed)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(id)
}

fn in_time(head: &Head, kind: Kind) -> Result<()> {
    let fits = match kind {
        Kind::Leave => head.state.is_sitting(),
        Kind::Watch | Kind::SpecialMeasures => head.state.is_before() || head.state.is_sitting(),
        _ => head.state.is_before(),
    };
    if fits {
        return Ok(());
    }
    Err(Error::conflict(
        "hearing.request_late",
        said("庭审现在的阶段不能提这种申请。", "At this point of the hearing this cannot be asked."),
        said("开庭后请举手，当庭向审判人员提出。", "Once it is open, raise your hand and ask the judge."),
    ))
}

/// Takes one's own request back.
///
/// # Errors
/// 404 for what is not one's own, 409 for what was decided.
pub async fn withdraw(tx: &mut CourtTx, hearing: Uuid, request: Uuid) -> Result<()> {
    let (court, me) = (tx.court, tx.person()?);
    let asked = one(tx, hearing, request).await?;
    if asked.person != me {
        return Err(Error::not_found());
    }
    let done = sqlx::query("update hearing_requests set state = 'withdrawn' where court_id = $1 and request_id = $2 and state = 'open'")
        .bind(court)
        .bind(request)
        .execute(tx.conn())
        .await?;
    if done.rows_affected() == 0 { Err(decided_before()) } else { Ok(()) }
}

fn decided_before() -> Error {
    Error::conflict(
        "hearing.request_decided",
        said("这项申请已经处理。", "This request was settled already."),
        said("请刷新页面看结果。", "Load the page again to see how."),
    )
}

/// A decision.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    /// Granted.
    pub grant: bool,
    /// Why.
    pub reasons: &'a str,
    /// Whose.
    pub hand: Hand,
    /// Of a grant of special measures: which.
    pub measures: Option<&'a SeatMeasures>,
}

/// Decides, and sets going what a grant means. The hearing's row is held.
///
/// # Errors
/// Whoever may not, what was decided, a gallery that is full.
pub async fn decide(tx: &mut CourtTx, hearing: Uuid, head: &Head, request: Uuid, d: Decision<'_>) -> Result<()> {
    let (court, now, me) = (tx.court, tx.now(), tx.person()?);
    let asked = one(tx, hearing, request).await?;
    if !asked.kind.may_decide(d.hand) {
        return Err(Refusal::new(
            "hearing.not_yours",
            ("这项申请由审判长（独任审判员）决定。", "The presiding judge decides this."),
            ("请转告审判人员。", "Pass it on to the judge."),
        )
        .by(asked.kind.article())
        .into());
    }
    reasoned(d.reasons, "/reasons")?;
    if d.grant {
        in_time(head, asked.kind)?;
    }
    let state = if d.grant { "granted" } else { "refused" };
    let done = sqlx::query(
        "update hearing_requests set state = $3, decided_by = $4, decided_at = $5, reasons = $6 where court_id = $1 and request_id = $2 and state = 'open'",
    )
    .bind(court)
    .bind(request)
    .bind(state)
    .bind(me)
    .bind(now)
    .bind(d.reasons.trim())
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Err(decided_before());
    }
    let data = json!({ "request": request, "kind": asked.kind.key(), "state": state });
    let line = Line { what: "request", participant: asked.participant, audience: Audience::Own, media: None, data };
    log::append(tx, hearing, head.case, now, &line).await?;
    if d.grant {
        follow(tx, hearing, head, &asked, d).await?;
    }
    tell(tx, hearing, &asked).await
}

/// What a grant means.
async fn follow(tx: &mut CourtTx, hearing: Uuid, head: &Head, asked: &Asked, d: Decision<'_>) -> Result<()> {
    let all = sitting::all(tx, hearing).await?;
    let asks = asked.participant.and_then(|id| all.iter().find(|s| s.id() == id));
    match (asked.kind, asks) {
        (Kind::ComeInPerson, Some(seat)) => {
            let why = ("本人申请到庭，已经准许。", "Asked to come in person, and may.");
            into_court(tx, hearing, head, &[seat], why).await
        }
        (Kind::OthersInPerson, Some(seat)) => {
            let others: Vec<&Sitting> = all.iter().filter(|s| s.opposes(seat)).collect();
            into_court(tx, hearing, head, &others, ("对方申请，审判人员决定到庭参加。", "On the other side's request a judge decided it."))
                .await
        }
        (Kind::Watch, _) => seat_in_gallery(tx, hearing, head, &all, asked).await,
        (Kind::SpecialMeasures, Some(seat)) => {
            let measures = d.measures.ok_or_else(no_measures)?;
            measures::order(tx, hearing, head, &all, (seat.id(), d.hand), (measures, d.reasons)).await
        }
        (Kind::OtherDate, _) => wants_another_time(tx, hearing, head, asked, d.reasons).await,
        _ => Ok(()),
    }
}

fn no_measures() -> Error {
    Error::invalid(
        "request.measures",
        said("准许特别安排的，要写明怎样安排。", "Special measures are granted by saying which."),
        said(
            "请选择屏蔽谁、由谁陪同，或者写明其他安排。",
            "Choose who is screened off, who comes along, or write what else is to be done.",
        ),
    )
    .at("/measures")
}

/// 准许改期: the hearing keeps its time until the clerk sets another, and stands in the clerk's list until then.
async fn wants_another_time(tx: &mut CourtTx, hearing: Uuid, head: &Head, asked: &Asked, reasons: &str) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query("update hearings set rebook_asked = $3, version = version + 1 where court_id = $1 and hearing_id = $2")
        .bind(court)
        .bind(hearing)
        .bind(json!({ "request": asked.id, "reasons": reasons.trim(), "at": now }))
        .execute(tx.conn())
        .await?;
    let text = said("准许改期，新的时间另行通知", "Another time was granted; it will be told");
    joint::note(tx, hearing, head.case, Note::new("hearing_to_be_moved", text).by(law::L149.zh)).await
}

/// From now on they come to court; what the ledger says no longer moves them.
async fn into_court(tx: &mut CourtTx, hearing: Uuid, head: &Head, who: &[&Sitting], (zh, en): (&'static str, &'static str)) -> Result<()> {
    let court = tx.court;
    for s in who {
        let seated = Seated { seat: s.id(), mode: Mode::InCourt, consent: None, article: law::OL5, zh, en };
        sqlx::query("update hearing_participants set mode = 'in_court', mode_because = $4, version = version + 1 where court_id = $1 and hearing_id = $2 and participant_id = $3")
            .bind(court)
            .bind(hearing)
            .bind(s.id())
            .bind(Json(seated))
            .execute(tx.conn())
            .await?;
    }
    restore::reseat(tx, head.case).await?;
    let plates: Vec<String> = who.iter().map(|s| s.plate().zh).collect();
    let text = said(format!("{}改为到庭参加庭审", plates.join("、")), "Comes to court for the hearing");
    joint::note(tx, hearing, head.case, Note::new("hearing_in_person", text).by(law::OL5.zh)).await
}

/// A place in the gallery, while there is one.
async fn seat_in_gallery(tx: &mut CourtTx, hearing: Uuid, head: &Head, all: &[Sitting], asked: &Asked) -> Result<()> {
    let (court, now, by, participant, slot) = (tx.court, tx.now(), tx.person()?, tx.id(), tx.id());
    let rules: Json<HearingRules> = sqlx::query_scalar("select rules from hearings where court_id = $1 and hearing_id = $2")
        .bind(court)
        .bind(hearing)
        .fetch_one(tx.conn())
        .await?;
    let seated = all.iter().filter(|s| s.role().only_watches()).count();
    let most = usize::try_from(rules.0.gallery_most).map_err(Error::internal)?;
    check_gallery(head.public, head.state, seated, most)?;
    if let Some(seated) = all.iter().find(|s| s.seat.person == Some(asked.person)) {
        // who had been sent out is let in again
        return if seated.role().only_watches() { presence::let_back(tx, hearing, seated.id()).await } else { Ok(()) };
    }
    let because =
        Seated { seat: participant, mode: Mode::Online, consent: None, article: law::OL27, zh: "准许旁听。", en: "May watch." };
    sqlx::query(
        "insert into hearing_participants (court_id, hearing_id, participant_id, case_id, role, person_id, name, mode, mode_because, slot_id, seated_by, seated_at, version)
         values ($1,$2,$3,$4,$5,$6,$7,'online',$8,$9,$10,$11,1)",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(head.case)
    .bind(Role::Observer.key())
    .bind(asked.person)
    .bind(&asked.name)
    .bind(Json(because))
    .bind(slot)
    .bind(by)
    .bind(now)
    .execute(tx.conn())
    .await?;
    sqlx::query("insert into hearing_people (court_id, hearing_id, participant_id, case_id, person_id) values ($1,$2,$3,$4,$5)")
        .bind(court)
        .bind(hearing)
        .bind(participant)
        .bind(head.case)
        .bind(asked.person)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The message that an answer is there; what it says is read after signing in.
async fn tell(tx: &mut CourtTx, hearing: Uuid, asked: &Asked) -> Result<()> {
    let court = tx.court;
    let (number, starts_at): (String, DateTime<Utc>) =
        sqlx::query_as("select case_number, starts_at from hearings where court_id = $1 and hearing_id = $2")
            .bind(court)
            .bind(hearing)
            .fetch_one(tx.conn())
            .await?;
    let time = super::super::schedule::moment(starts_at);
    let params = [("case_number", number.as_str()), ("time", time.as_str())];
    let to = To::Person(asked.person);
    messages::tell_sms(
        tx,
        &Sms { to, template: "hearing_request_answered", params: &params, court: Some(court), until: None, listener: None },
    )
}
