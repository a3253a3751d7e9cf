//! 申请顺延期限: a party who missed a period through no fault asks for it back; the judge decides (民事诉讼法 Art 86).
//!
//! Owns `clock_excuses`. To be asked within ten days after the obstacle ended; later it is still taken, marked late, for
//! the decision is the judge's. Must never extend 不变期间, or decide by itself.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::clocks::{self, Kept};
use super::facts::refuse_what_never_stops;
use super::moves::{self, Cause};
use super::people;
use super::timeline::{self, Note};
use crate::app::App;
use crate::court::beijing::{beijing_date, day_en, day_zh, end_of_day};
use crate::court::calendar::Step;
use crate::court::outage_rules::last_day;
use crate::court::periods::{CountingModes, Who, rule};
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;

/// An application as it is kept, its grounds sealed.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of clock_excuses, documented in the migration")]
pub struct Row {
    pub excuse_id: Uuid,
    pub clock_id: Uuid,
    pub key: String,
    pub party_id: Uuid,
    pub asked_name: String,
    pub grounds: Vec<u8>,
    pub obstacle_from: Option<NaiveDate>,
    pub obstacle_ended: NaiveDate,
    pub apply_by: NaiveDate,
    pub late: bool,
    pub state: String,
    pub until_on: Option<NaiveDate>,
    pub decision: Option<String>,
    pub decided_name: Option<String>,
    pub asked_at: DateTime<Utc>,
    pub decided_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "excuse_id, clock_id, (select k.key from case_clocks k where k.court_id = clock_excuses.court_id and k.case_id = clock_excuses.case_id and k.clock_id = clock_excuses.clock_id) as key, party_id, asked_name, grounds, obstacle_from, obstacle_ended, apply_by, late, state, until_on, decision, decided_name, asked_at, decided_at";

/// The applications of a case that the viewer may see, newest first.
///
/// # Errors
/// What the database says.
pub async fn of_case(tx: &mut CourtTx, case: Uuid) -> Result<Vec<Row>> {
    let court = tx.court;
    let sql = format!("select {COLUMNS} from clock_excuses where court_id = $1 and case_id = $2 order by excuse_id desc");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(case).fetch_all(tx.conn()).await?)
}

/// The grounds, opened.
///
/// # Errors
/// What cannot be opened.
pub fn grounds(tx: &CourtTx, row: &Row) -> Result<String> {
    tx.seal().open_text(tx.owner(), Place("clock_excuses", "grounds", &row.excuse_id), &row.grounds)
}

/// What is asked.
pub struct Application<'a> {
    /// Why the period could not be kept.
    pub grounds: &'a str,
    /// Since when something stood in the way.
    pub obstacle_from: Option<NaiveDate>,
    /// The day it ended.
    pub obstacle_ended: NaiveDate,
}

/// Asks for a period back, by the party whose period it is or whoever acts for the party.
///
/// # Errors
/// 404 for another's clock; 422 for a period that is never extended; 409 while one is undecided.
pub async fn ask(app: &App, tx: &mut CourtTx, clock: &Kept, a: &Application<'_>) -> Result<Uuid> {
    let (court, id, now, me, who) = (tx.court, tx.id(), tx.now(), tx.person()?, tx.who.to_string());
    let party = own_party(tx, clock, me).await?;
    refuse_what_never_stops(&clock.key)?;
    if rule(&clock.key).is_none_or(|r| matches!(r.who, Who::Court | Who::Mediator)) {
        return Err(not_excusable());
    }
    let today = beijing_date(now);
    if a.obstacle_ended > today || a.obstacle_from.is_some_and(|from| from > a.obstacle_ended) {
        return Err(Error::invalid(
            "excuse.obstacle",
            said("障碍的起止日期不对。", "The days of the obstacle do not fit."),
            said("消除之日不晚于今天，开始之日不晚于消除之日。", "It ended by today, and began no later than it ended."),
        )
        .at("/obstacle_ended"));
    }
    let apply_by = apply_by(app, court, a.obstacle_ended);
    let sealed = tx.seal().seal(tx.owner(), Place("clock_excuses", "grounds", &id), a.grounds.as_bytes())?;
    let done = sqlx::query(
        "insert into clock_excuses (court_id, case_id, excuse_id, clock_id, party_id, person_id, asked_name, grounds, obstacle_from, obstacle_ended, apply_by, late, state, asked_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,'asked',$13) on conflict do nothing",
    )
    .bind(court)
    .bind(clock.case_id)
    .bind(id)
    .bind(clock.clock_id)
    .bind(party)
    .bind(me)
    .bind(who)
    .bind(sealed)
    .bind(a.obstacle_from)
    .bind(a.obstacle_ended)
    .bind(apply_by)
    .bind(today > apply_by)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::conflict(
            "excuse.twice",
            said("这个期限已经有一份待决定的申请。", "An application for this period is waiting for its decision."),
            said("请等法官决定；要补充理由的，请联系承办人。", "Wait for the judge; to add grounds, turn to the court."),
        ));
    }
    let (zh, en) = moves::name(&clock.key);
    let text = said(format!("申请顺延「{zh}」期限"), format!("Asked for more time: {en}"));
    let effect = said("是否准许，由人民法院决定；决定前期限照常计算。", "The court decides; until then the period runs on.");
    timeline::write(tx, clock.case_id, Note::new("excuse_asked", text).by("民事诉讼法 第八十六条").with_effect(effect)).await?;
    Ok(id)
}

async fn own_party(tx: &mut CourtTx, clock: &Kept, person: Uuid) -> Result<Uuid> {
    let mine = people::parties_of(tx, clock.case_id, person).await?;
    let party = clock.party_id.ok_or_else(not_excusable)?;
    let own = mine.iter().any(|(capacity, of)| *of == Some(party) && capacity != "colleague");
    if own { Ok(party) } else { Err(Error::not_found()) }
}

fn not_excusable() -> Error {
    Error::invalid(
        "excuse.not_excusable",
        said("只有当事人耽误的期限可以申请顺延。", "Only a period that a party missed can be asked back."),
        said("请选择自己的期限。", "Choose a period of your own."),
    )
    .at("/clock_id")
}

/// Ten days from the day after the obstacle ended; without a roll where its year is not announced.
fn apply_by(app: &App, court: i32, ended: NaiveDate) -> NaiveDate {
    let rules = CourtRules::on(&app.door.registry, court, ended);
    let calendar = app.door.registry.calendar(rules.makeup_day_is_working());
    let counted = rule("excuse").and_then(|r| r.count(&calendar, ended, &CountingModes::default(), &[]).ok());
    counted.map_or_else(|| ended.checked_add_days(chrono::Days::new(10)).unwrap_or(ended), |c| c.due_on)
}

/// A decision.
pub struct Decision<'a> {
    /// Granted or refused.
    pub grant: bool,
    /// The new last day, when granted.
    pub until: Option<NaiveDate>,
    /// Reasons.
    pub reason: &'a str,
}

/// Decides on an application; a granted one moves the clock's end.
///
/// # Errors
/// 404; 409 when decided; 422 for a day that is not after the end, or has passed.
pub async fn decide(app: &App, tx: &mut CourtTx, case: Uuid, excuse: Uuid, d: &Decision<'_>) -> Result<()> {
    let (court, now, me, who) = (tx.court, tx.now(), tx.person()?, tx.who.to_string());
    let sql = format!("select {COLUMNS} from clock_excuses where court_id = $1 and case_id = $2 and excuse_id = $3 for update");
    let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(court)
        .bind(case)
        .bind(excuse)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)?;
    if row.state != "asked" {
        return Err(Error::conflict(
            "excuse.decided",
            said("这份申请已经决定。", "This application is decided."),
            said("请刷新页面。", "Reload the page."),
        ));
    }
    let clock = clocks::of_case(tx, case).await?.into_iter().find(|c| c.goes_by(row.clock_id)).ok_or_else(Error::not_found)?;
    let (zh, en) = moves::name(&clock.key);
    let (word, word_en) = if d.grant { ("准许", "granted") } else { ("不准许", "refused") };
    if d.grant {
        grant(app, tx, &clock, excuse, d).await?;
    }
    sqlx::query("update clock_excuses set state = $4, until_on = $5, decision = $6, decided_by = $7, decided_name = $8, decided_at = $9 where court_id = $1 and case_id = $2 and excuse_id = $3")
        .bind(court)
        .bind(case)
        .bind(excuse)
        .bind(if d.grant { "granted" } else { "refused" })
        .bind(d.until.filter(|_| d.grant))
        .bind(d.reason)
        .bind(me)
        .bind(who)
        .bind(now)
        .execute(tx.conn())
        .await?;
    let text = said(format!("{word}顺延「{zh}」期限：{}", d.reason), format!("More time {word_en}: {en}. {}", d.reason));
    timeline::write(tx, case, Note::new("excuse_decided", text).by("民事诉讼法 第八十六条")).await
}

async fn grant(app: &App, tx: &mut CourtTx, clock: &Kept, excuse: Uuid, d: &Decision<'_>) -> Result<()> {
    let shown = clock.shown(app, None).ok_or_else(Error::not_found)?;
    let today = beijing_date(tx.now());
    let fits = d.until.filter(|day| *day > last_day(shown.due_at) && *day >= today);
    let until = fits.ok_or_else(|| {
        Error::invalid(
            "excuse.until",
            said(
                format!("准许顺延要写明新的最后一天，应晚于原来的 {}，也不早于今天。", day_zh(shown.due_on)),
                format!("A granted one names its new last day, after {} and not before today.", day_en(shown.due_on)),
            ),
            said("请选择日期。", "Choose a day."),
        )
        .at("/until")
    })?;
    let why = Step::new(
        format!("因不可抗拒的事由或其他正当理由耽误，法院准许顺延到 {}。", day_zh(until)),
        format!("Missed for a proper reason; the court extended it to {}.", day_en(until)),
    );
    let cause = Cause { reason: "excuse", id: excuse, rule_version: None };
    moves::recounted(tx, &clock.subject(shown.due_at), &cause, end_of_day(until), &why).await?;
    clocks::set_due(tx, clock, end_of_day(until)).await
}
