//! 签名的一次性链接: a code the clerk's screen shows, opened on a phone, by somebody with no account or not signed in there.
//!
//! Owns `signing_links`. The link opens once, within ten minutes, for one version; it turns into a ticket for that phone.
//! The ticket reads and signs nothing before a code sent to the number the clerk confirmed was typed. Must never tell who
//! is meant beyond a masked name, or live on when the words change.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::FromRow;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::agreements;
use super::record::{Record, Seated};
use super::signatures::{self, Asked, New};
use super::signing::{What, link};
use super::signing_views::{self as views, SignedText};
use super::transcript_versions;
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::{Place, sha256};
use crate::person::messages::{self, Sms, To};

/// How long an opened link may be read and signed with.
const TICKET: TimeDelta = TimeDelta::minutes(30);
/// How long a code is good.
const CODE: TimeDelta = TimeDelta::minutes(5);
/// How long until another may be asked for.
const APART: TimeDelta = TimeDelta::seconds(60);
/// Codes of one link.
const MOST_CODES: i32 = 5;
/// Wrong tries.
const MOST_TRIES: i32 = 5;

#[derive(Debug, Clone, FromRow)]
struct Row {
    court_id: i32,
    token_hash: Vec<u8>,
    hearing_id: Uuid,
    participant_id: Uuid,
    what: What,
    digest: String,
    made_at: DateTime<Utc>,
    opened_at: Option<DateTime<Utc>>,
    made_by: Option<Uuid>,
    ticket_until: Option<DateTime<Utc>>,
    code_hash: Option<Vec<u8>>,
    code_at: Option<DateTime<Utc>>,
    codes_sent: i32,
    code_tries: i32,
    proved_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "court_id, token_hash, hearing_id, participant_id, what, digest, made_at, opened_at, made_by, ticket_until, code_hash, code_at, codes_sent, code_tries, proved_at";

/// Makes a link for a signer; answers its token, shown once.
///
/// # Errors
/// When that person has nothing to sign.
pub async fn make(tx: &mut CourtTx, record: &Record, what: What, participant: Uuid) -> Result<(String, DateTime<Utc>)> {
    let asked = signatures::asked(tx, record, what).await?.ok_or_else(nothing)?;
    let signer = asked.signers.iter().find(|s| s.id == participant).ok_or_else(nothing)?;
    let (court, now, by, token) = (tx.court, tx.now(), tx.person()?, tx.random().token());
    sqlx::query(
        "insert into signing_links (court_id, token_hash, hearing_id, participant_id, what, digest, made_at, made_by) values ($1,$2,$3,$4,$5,$6,$7,$8)",
    )
    .bind(court)
    .bind(sha256(token.as_bytes()))
    .bind(record.row.hearing_id)
    .bind(participant)
    .bind(what.key())
    .bind(&signer.digest)
    .bind(now)
    .bind(by)
    .execute(tx.conn())
    .await?;
    Ok((token, now + link::GOOD_FOR))
}

/// A link that was opened.
pub struct Opened {
    /// Court.
    pub court: i32,
    /// Hearing.
    pub hearing: Uuid,
    /// 案号.
    pub case_number: String,
    /// What.
    pub what: What,
    /// Who, masked.
    pub name_masked: String,
    /// The confirmed number, masked.
    pub mobile_masked: Option<String>,
    /// Digest.
    pub digest: String,
    /// What the phone goes on with.
    pub ticket: String,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// Everything a ticket leads to.
struct Held {
    tx: CourtTx,
    row: Row,
    record: Record,
    what: What,
    asked: Asked,
}

impl Held {
    fn seat(&self) -> Result<&Seated> {
        self.record.one(self.row.participant_id).ok_or_else(Error::not_found)
    }
}

async fn find(app: &App, column: &'static str, secret: &str) -> Result<Row> {
    let mut gate = app.door.gate("signing:link", "".into()).await?;
    let sql = match column {
        "ticket_hash" => format!("select {COLUMNS} from signing_links where ticket_hash = $1"),
        _ => format!("select {COLUMNS} from signing_links where token_hash = $1"),
    };
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(sha256(secret.as_bytes())).fetch_optional(gate.conn()).await?;
    row.ok_or_else(Error::not_found)
}

/// Enters its court, and looks whether the words are still the same.
async fn enter(app: &App, row: Row, act: &'static str, request: &Arc<str>) -> Result<Held> {
    let mut tx = app.door.enter_by_link(row.court_id, act, request.clone()).await?;
    let court = tx.court;
    // the row as it now stands, held: a second opener waits, and finds it opened
    let sql = format!("select {COLUMNS} from signing_links where court_id = $1 and token_hash = $2 for update");
    let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(&row.token_hash).fetch_one(tx.conn()).await?;
    let person: Option<Uuid> = sqlx::query_scalar(
        "select coalesce(person_id, $4) from hearing_participants where court_id = $1 and hearing_id = $2 and participant_id = $3 and removed_at is null",
    )
    .bind(court)
    .bind(row.hearing_id)
    .bind(row.participant_id)
    .bind(row.made_by)
    .fetch_optional(tx.conn())
    .await?
    .flatten();
    let record = Record::of(&mut tx, row.hearing_id, person.ok_or_else(Error::not_found)?).await?;
    let what = row.what;
    let asked = signatures::asked(&mut tx, &record, what).await?.ok_or_else(Error::not_found)?;
    let same = asked.signers.iter().any(|s| s.id == row.participant_id && s.digest == row.digest);
    if same { Ok(Held { tx, row, record, what, asked }) } else { Err(Error::not_found()) }
}

/// Opens a link, once.
///
/// # Errors
/// 404 for every fault, word for word: never made, opened, too old, of other words.
pub async fn open(app: &App, request: &Arc<str>, token: &str) -> Result<Opened> {
    let held = enter(app, find(app, "token_hash", token).await?, "signing:link_open", request).await?;
    let Held { mut tx, row, record, what, .. } = held;
    let made = link::Link { signer: row.participant_id, digest: row.digest.clone(), made_at: row.made_at, opened_at: row.opened_at };
    let now = tx.now();
    if !link::is_good(&made, &row.digest, now) {
        return Err(Error::not_found());
    }
    let (ticket, until, court) = (tx.random().token(), now + TICKET, tx.court);
    sqlx::query("update signing_links set opened_at = $3, ticket_hash = $4, ticket_until = $5 where court_id = $1 and token_hash = $2")
        .bind(court)
        .bind(&row.token_hash)
        .bind(now)
        .bind(sha256(ticket.as_bytes()))
        .bind(until)
        .execute(tx.conn())
        .await?;
    let seat = record.one(row.participant_id).ok_or_else(Error::not_found)?;
    let opened = Opened {
        court,
        hearing: row.hearing_id,
        case_number: record.row.case_number.clone(),
        what,
        name_masked: crate::person::masking::public_names(&[seat.name.as_str()]).concat(),
        mobile_masked: seat.mobile_masked.clone(),
        digest: row.digest.clone(),
        ticket,
        until,
    };
    tx.commit(row.hearing_id, json!({ "participant": row.participant_id, "opened": true })).await?;
    Ok(opened)
}

async fn by_ticket(app: &App, request: &Arc<str>, ticket: &str, act: &'static str) -> Result<Held> {
    let held = enter(app, find(app, "ticket_hash", ticket).await?, act, request).await?;
    if held.row.ticket_until.is_some_and(|until| held.tx.now() < until) { Ok(held) } else { Err(Error::not_found()) }
}

/// Sends a code to the number the clerk confirmed; answers for how long it is good, and when another may be asked for.
///
/// # Errors
/// 404 of the ticket; no number confirmed; too often.
pub async fn send_code(app: &App, request: &Arc<str>, ticket: &str) -> Result<(TimeDelta, TimeDelta)> {
    let Held { mut tx, row, .. } = by_ticket(app, request, ticket, "signing:code").await?;
    let (court, now) = (tx.court, tx.now());
    let sealed: Option<Vec<u8>> =
        sqlx::query_scalar("select mobile from hearing_participants where court_id = $1 and hearing_id = $2 and participant_id = $3")
            .bind(court)
            .bind(row.hearing_id)
            .bind(row.participant_id)
            .fetch_one(tx.conn())
            .await?;
    let sealed = sealed.ok_or_else(no_mobile)?;
    let mobile = tx.seal().open_text(tx.owner(), Place("hearing_participants", "mobile", &row.participant_id), &sealed)?;
    if let Some(wait) = row.code_at.map(|at| at + APART - now).filter(|w| *w > TimeDelta::zero()) {
        return Err(Error::slow_down(u64::try_from(wait.num_seconds()).unwrap_or_default() + 1));
    }
    if row.codes_sent >= MOST_CODES {
        return Err(Error::slow_down(3600));
    }
    let code = tx.random().six_digits();
    sqlx::query("update signing_links set code_hash = $3, code_at = $4, codes_sent = codes_sent + 1, code_tries = 0 where court_id = $1 and token_hash = $2")
        .bind(court)
        .bind(&row.token_hash)
        .bind(code_hash(&tx, &row, &code)?)
        .bind(now)
        .execute(tx.conn())
        .await?;
    let minutes = CODE.num_minutes().to_string();
    let params = [("code", code.as_str()), ("minutes", minutes.as_str())];
    let sms =
        Sms { to: To::Mobile(&mobile), template: "code", params: &params, court: Some(court), until: Some(now + CODE), listener: None };
    messages::tell_sms(&mut tx, &sms)?;
    tx.commit(row.hearing_id, json!({ "participant": row.participant_id, "code": true })).await?;
    Ok((CODE, APART))
}

fn code_hash(tx: &CourtTx, row: &Row, code: &str) -> Result<Vec<u8>> {
    tx.seal().blind("code", &format!("sign {} {code}", hex::encode(&row.token_hash)))
}

/// What is read with a ticket whose number was proved, and the pass to sign with.
pub struct Read {
    /// The words.
    pub text: SignedText,
    /// What signs.
    pub pass: String,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// Proves the number and gives the words to read. The ticket is used up: the pass takes its place.
///
/// # Errors
/// 404 of the ticket; a wrong code.
pub async fn read(app: &App, request: &Arc<str>, ticket: &str, code: &str) -> Result<Read> {
    let Held { mut tx, row, record, what, asked } = by_ticket(app, request, ticket, "signing:read").await?;
    let (court, now) = (tx.court, tx.now());
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let live = row.code_at.is_some_and(|at| now < at + CODE) && row.code_tries < MOST_TRIES;
    let right = match &row.code_hash {
        Some(kept) if live => bool::from(code_hash(&tx, &row, &digits)?.ct_eq(kept)),
        _ => false,
    };
    if !right {
        sqlx::query("update signing_links set code_tries = code_tries + 1 where court_id = $1 and token_hash = $2")
            .bind(court)
            .bind(&row.token_hash)
            .execute(tx.conn())
            .await?;
        tx.commit(row.hearing_id, json!({ "participant": row.participant_id, "wrong_code": true })).await?;
        return Err(crate::person::codes::wrong());
    }
    let text = words(&mut tx, &record, &row, what, &asked).await?;
    let (pass, until) = (tx.random().token(), now + TICKET);
    sqlx::query("update signing_links set proved_at = $3, ticket_hash = $4, ticket_until = $5, code_hash = null where court_id = $1 and token_hash = $2")
        .bind(court)
        .bind(&row.token_hash)
        .bind(now)
        .bind(sha256(pass.as_bytes()))
        .bind(until)
        .execute(tx.conn())
        .await?;
    tx.commit(row.hearing_id, json!({ "participant": row.participant_id, "read": true })).await?;
    Ok(Read { text, pass, until })
}

async fn words(tx: &mut CourtTx, record: &Record, row: &Row, what: What, asked: &Asked) -> Result<SignedText> {
    if what == What::Agreement {
        let agreement = agreements::current(tx, row.hearing_id).await?.ok_or_else(Error::not_found)?;
        let empty =
            super::transcript::Document { header: Default::default(), entries: vec![], exhibits: vec![], refused_corrections: vec![] };
        let text = views::text(&empty, true, row.participant_id, &row.digest);
        return Ok(SignedText { header: None, terms: agreement.terms, ..text });
    }
    let version = transcript_versions::version(tx, record.row.hearing_id, asked.n).await?;
    Ok(views::text(&version.document, row.digest == asked.digest, row.participant_id, &row.digest))
}

/// Signs with a pass. Who holds the phone was checked by the clerk in the hearing, and by the code just now.
///
/// # Errors
/// 404 of the pass; what does not hold.
pub async fn sign(app: &App, request: &Arc<str>, pass: &str, typed_name: Option<&str>, new: impl FnOnce(Uuid, Uuid) -> New) -> Result<()> {
    let held = by_ticket(app, request, pass, "signing:sign").await?;
    if held.row.proved_at.is_none() {
        return Err(Error::not_found());
    }
    let seat = held.seat()?;
    let new = new(seat.seat.id, held.record.person);
    if new.way == Some(super::signing::Way::Typed) {
        super::signing_api::check_name(&seat.name, typed_name)?;
    }
    let Held { mut tx, row, record, what, .. } = held;
    let (court, way) = (tx.court, new.way.map(super::signing::Way::key));
    signatures::give(&mut tx, &record, what, new).await?;
    sqlx::query("update signing_links set ticket_until = $3 where court_id = $1 and token_hash = $2")
        .bind(court)
        .bind(&row.token_hash)
        .bind(row.made_at)
        .execute(tx.conn())
        .await?;
    tx.commit(row.hearing_id, json!({ "participant": row.participant_id, "what": what.key(), "way": way, "by_link": true })).await
}

fn nothing() -> Error {
    Error::conflict(
        "signing.not_started",
        said("这个人现在没有要签名的内容。", "There is nothing for this person to sign now."),
        said("请先定稿并发起签名。", "Fix the version and open it for signing first."),
    )
}

fn no_mobile() -> Error {
    Error::conflict(
        "signing.no_mobile",
        said("书记员还没有确认签名人的手机号。", "The clerk has not confirmed this person's number."),
        said("请联系书记员，或者登录后签名。", "Ask the clerk, or sign in to sign."),
    )
}
