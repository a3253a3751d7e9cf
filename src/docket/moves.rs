//! 变动清单: every end that was moved, from when to when, by what. Owns `clock_moves`.
//!
//! A move is written once under its cause; a job that runs again writes nothing. Must never change a move once written.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::initial;
use super::timeline::{self, Note};
use super::words::MovedBy;
use crate::app::App;
use crate::court::beijing::{beijing_date, day_en, day_zh};
use crate::court::calendar::Step;
use crate::court::outage_rules::{self, OutageRule, Part, Spell, last_day};
use crate::court::periods;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::error::{Result, said};

/// An end that may move: of a clock, a bill, a correction list.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of clock_moves, documented in the migration")]
pub struct Subject {
    pub kind: String,
    pub subject_id: Uuid,
    pub n: i32,
    pub case_id: Option<Uuid>,
    pub filing_id: Option<Uuid>,
    pub party_id: Option<Uuid>,
    pub key: String,
    pub due_at: DateTime<Utc>,
}

/// Why an end moved.
#[derive(Debug, Clone, Copy)]
pub struct Cause {
    /// outage, calendar, excuse, travel, stay, not_counted.
    pub reason: &'static str,
    /// The outage, change, excuse or fact.
    pub id: Uuid,
    /// Version of the court's rule, where it was one.
    pub rule_version: Option<i32>,
}

/// An end a subject was moved to, as its clock needs it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
#[allow(missing_docs, reason = "the columns of clock_moves, documented in the migration")]
pub struct Floor {
    pub subject_id: Uuid,
    pub n: i32,
    pub from_at: DateTime<Utc>,
    pub to_at: DateTime<Utc>,
    pub reason: MovedBy,
    pub text: String,
    pub text_en: String,
}

/// The ends that subjects were moved to by an outage or a judge, oldest first. What a fact or the calendar moved is
/// counted anew each time and stands here only as a line of the list.
///
/// # Errors
/// What the database says.
pub async fn floors(conn: &mut PgConnection, subjects: &[Uuid]) -> Result<Vec<Floor>> {
    Ok(sqlx::query_as(
        "select subject_id, n, from_at, to_at, reason, text, text_en from clock_moves
          where subject_id = any($1) and reason in ('outage', 'excuse') and to_at is not null order by at, to_at",
    )
    .bind(subjects)
    .fetch_all(conn)
    .await?)
}

/// Writes a move down; answers whether it is new.
///
/// # Errors
/// What the database says.
pub async fn write(tx: &mut CourtTx, subject: &Subject, cause: &Cause, to: Option<DateTime<Utc>>, why: &Step) -> Result<bool> {
    let (court, id, now) = (tx.court, tx.id(), tx.now());
    let done = sqlx::query(
        "insert into clock_moves (court_id, move_id, at, kind, subject_id, n, case_id, filing_id, party_id, key, from_at, to_at, reason, cause_id, rule_version, text, text_en)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17) on conflict (court_id, subject_id, n, reason, cause_id, from_at) do nothing",
    )
    .bind(court)
    .bind(id)
    .bind(now)
    .bind(&subject.kind)
    .bind(subject.subject_id)
    .bind(subject.n)
    .bind(subject.case_id)
    .bind(subject.filing_id)
    .bind(subject.party_id)
    .bind(&subject.key)
    .bind(subject.due_at)
    .bind(to)
    .bind(cause.reason)
    .bind(cause.id)
    .bind(cause.rule_version)
    .bind(&why.zh)
    .bind(&why.en)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The act in the timeline of the matter: who may see it sees from when to when, and why.
async fn note(tx: &mut CourtTx, subject: &Subject, act: &'static str, to: Option<DateTime<Utc>>, why: &Step) -> Result<()> {
    let Some(matter) = subject.case_id.or(subject.filing_id) else { return Ok(()) };
    let (zh, en) = name(&subject.key);
    let from = last_day(subject.due_at);
    let note = match to.map(last_day) {
        Some(to) => {
            let text = said(
                format!("「{zh}」期限由 {} 变为 {}", day_zh(from), day_zh(to)),
                format!("{en}: the end moved from {} to {}", day_en(from), day_en(to)),
            );
            Note::new(act, text).with_effect(said(why.zh.clone(), why.en.clone()))
        }
        None => Note::new(act, said(why.zh.clone(), why.en.clone())).for_staff(),
    };
    // what a court owes before anybody can answer is shown to its people alone
    let own = subject.case_id == Some(subject.subject_id) && subject.n == initial::FIRST;
    let note = if own { note.for_staff() } else { note };
    timeline::write(tx, matter, note.by("民事诉讼法 第八十五条、第八十六条")).await
}

/// The names of a period.
pub fn name(key: &str) -> (&'static str, &'static str) {
    periods::rule(key).map_or(("期限", "Period"), |r| (r.zh, r.en))
}

/// A subject was counted anew and ends otherwise: one line in the list, one act in the timeline.
///
/// # Errors
/// What the database says.
pub async fn recounted(tx: &mut CourtTx, subject: &Subject, cause: &Cause, to: DateTime<Utc>, why: &Step) -> Result<bool> {
    if to == subject.due_at {
        return Ok(false);
    }
    let new = write(tx, subject, cause, Some(to), why).await?;
    if new {
        note(tx, subject, "clock_moved", Some(to), why).await?;
    }
    Ok(new)
}

/// An outage as far as ends depend on it.
#[derive(Debug, Clone)]
pub struct Disturbance {
    /// The outage whose turn it is: what moves is listed under it.
    pub id: Uuid,
    /// It, and every other outage near it: minutes of one day add up.
    pub spells: Vec<(Vec<Part>, Spell)>,
}

impl Disturbance {
    /// When the part a period needs could not be used.
    fn of(&self, key: &str) -> Vec<Spell> {
        let needed = Part::needed_for(key);
        self.spells.iter().filter(|(parts, _)| parts.contains(&needed) || parts.contains(&Part::All)).map(|(_, s)| *s).collect()
    }

    /// The days whose ends may be hit: from the first minute to the day after the last.
    pub fn span(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let from = self.spells.iter().map(|(_, s)| s.from).min()?;
        let to = self.spells.iter().map(|(_, s)| s.to).max()?;
        Some((from, to + chrono::TimeDelta::days(1)))
    }
}

/// What an outage did to one subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// Nothing, or nothing new.
    None,
    /// The end is another one now.
    Moved(DateTime<Utc>),
    /// The court has no rule; its people were told.
    Unset,
    /// A period of the court's own, listed where it ended on a disturbed day.
    Own,
}

/// Moves a subject by an outage, by the rule of the court on the last day. Without a rule nothing moves, and that is
/// written down for the court.
///
/// # Errors
/// What the database says.
pub async fn by_outage(app: &App, tx: &mut CourtTx, subject: &Subject, disturbance: &Disturbance) -> Result<Hit> {
    let spells = disturbance.of(&subject.key);
    let last = last_day(subject.due_at);
    let rules = CourtRules::on(&app.door.registry, tx.court, last);
    let set = rules.get("outage_rule");
    let Some(rule) = set.as_ref().and_then(|r| OutageRule::read(&r.value)) else {
        return unset(tx, subject, disturbance.id, &spells).await;
    };
    let calendar = app.door.registry.calendar(rules.makeup_day_is_working());
    let Some(moved) = outage_rules::moved(&rule, subject.due_at, &spells, &calendar) else { return Ok(Hit::None) };
    let cause = Cause { reason: "outage", id: disturbance.id, rule_version: set.map(|r| r.version) };
    if !write(tx, subject, &cause, Some(moved.to), &moved.why).await? {
        return Ok(Hit::None);
    }
    note(tx, subject, "clock_moved", Some(moved.to), &moved.why).await?;
    Ok(Hit::Moved(moved.to))
}

async fn unset(tx: &mut CourtTx, subject: &Subject, outage: Uuid, spells: &[Spell]) -> Result<Hit> {
    let last = last_day(subject.due_at);
    if !disturbed(subject.due_at, spells) {
        return Ok(Hit::None);
    }
    let (zh, en) = name(&subject.key);
    let why = Step::new(
        format!(
            "「{zh}」最后一天（{}）平台有故障。本院没有设定故障顺延规则，期限没有变动，请审判人员看是否依当事人申请顺延。",
            day_zh(last)
        ),
        format!(
            "{en}: the platform was disturbed on its last day ({}). The court has set no rule, so nothing moved; see whether an application to extend is to be granted.",
            day_en(last)
        ),
    );
    let new = write(tx, subject, &Cause { reason: "outage", id: outage, rule_version: None }, None, &why).await?;
    if new {
        note(tx, subject, "outage_no_rule", None, &why).await?;
    }
    Ok(if new { Hit::Unset } else { Hit::None })
}

/// A period of the court's own that ended on a disturbed day: the list says so, the end stays (民事诉讼法 Art 86 is for
/// parties, and no rule of a court lengthens what binds the court).
///
/// # Errors
/// What the database says.
pub async fn stays(tx: &mut CourtTx, subject: &Subject, disturbance: &Disturbance) -> Result<Hit> {
    let spells = disturbance.of(&subject.key);
    if !disturbed(subject.due_at, &spells) {
        return Ok(Hit::None);
    }
    let (zh, en) = name(&subject.key);
    let last = last_day(subject.due_at);
    let why = Step::new(
        format!("「{zh}」最后一天（{}）平台有故障。这是法院自己的期限，不因故障变动，请在线下办理。", day_zh(last)),
        format!(
            "{en}: the platform was disturbed on its last day ({}). It is the court's own period and does not move; do it off line.",
            day_en(last)
        ),
    );
    let new = write(tx, subject, &Cause { reason: "outage", id: disturbance.id, rule_version: None }, None, &why).await?;
    Ok(if new { Hit::Own } else { Hit::None })
}

/// Was the platform disturbed on the last day, before its end?
fn disturbed(due_at: DateTime<Utc>, spells: &[Spell]) -> bool {
    let last = last_day(due_at);
    spells.iter().any(|s| s.from < due_at && beijing_date(s.to) >= last && beijing_date(s.from) <= last)
}

/// A line of the list as it is kept.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of clock_moves, documented in the migration")]
pub struct Line {
    pub move_id: Uuid,
    pub at: DateTime<Utc>,
    pub kind: String,
    pub subject_id: Uuid,
    pub case_id: Option<Uuid>,
    pub filing_id: Option<Uuid>,
    pub key: String,
    pub from_at: DateTime<Utc>,
    pub to_at: Option<DateTime<Utc>>,
    pub reason: String,
    pub cause_id: Uuid,
    pub rule_version: Option<i32>,
    pub text: String,
    pub text_en: String,
    pub number: Option<String>,
    pub title: Option<String>,
}

/// Lines of a case, or of a cause, newest first.
///
/// # Errors
/// What the database says.
pub async fn lines(
    tx: &mut CourtTx,
    case: Option<Uuid>,
    cause: Option<(&str, Uuid)>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Line>> {
    let (court, staff) = (tx.court, tx.is_staff());
    let (reason, id) = cause.unzip();
    Ok(sqlx::query_as(
        "select m.move_id, m.at, m.kind, m.subject_id, m.case_id, m.filing_id, m.key, m.from_at, m.to_at, m.reason, m.cause_id, m.rule_version, m.text, m.text_en,
                coalesce(c.number, f.number) as number, coalesce(c.title, f.title) as title
           from clock_moves m left join cases c on c.court_id = m.court_id and c.case_id = m.case_id
           left join filings f on f.court_id = m.court_id and f.filing_id = m.filing_id
          where m.court_id = $1 and ($2::uuid is null or m.case_id = $2) and ($3::text is null or (m.reason = $3 and m.cause_id = $4))
            and ($5::uuid is null or m.move_id < $5) and ($7 or m.subject_id is distinct from m.case_id or m.n <> $8) order by m.move_id desc limit $6",
    )
    .bind(court)
    .bind(case)
    .bind(reason)
    .bind(id)
    .bind(after)
    .bind(limit)
    .bind(staff)
    .bind(initial::FIRST)
    .fetch_all(tx.conn())
    .await?)
}
