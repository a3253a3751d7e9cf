//! The clocks of a case with all that bears on them, as its doors show them, and the steps court people take on them.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use uuid::Uuid;

use super::clocks::{self, Kept};
use super::excuses;
use super::facts::{self, Fact, Ground, NewPause};
use super::initial;
use super::moves::{self, Cause, Line};
use super::read;
use super::recount;
use super::timeline::{self, Note};
use super::views::Clock;
use crate::app::App;
use crate::court::act::Act;
use crate::court::beijing::{day_en, day_zh};
use crate::court::calendar::Step;
use crate::court::caller::Caller;
use crate::court::outage_rules::last_day;
use crate::court::periods;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};

/// What bears on the clocks of a case.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ClockFact {
    /// Fact.
    pub id: Uuid,
    /// stay, not_counted, travel.
    pub kind: String,
    /// stay, appraisal, audit, notice, jurisdiction, settlement, mediation, travel.
    pub ground: String,
    /// 名称.
    pub ground_name: String,
    /// Name in English.
    pub ground_name_en: String,
    /// First day not counted.
    pub from: Option<NaiveDate>,
    /// Last day not counted; none while it goes on.
    pub until: Option<NaiveDate>,
    /// Days on the way.
    pub days: Option<i32>,
    /// Of days on the way: which clock.
    pub clock_id: Option<Uuid>,
    /// 依据.
    pub basis: String,
    /// In words.
    pub reason: String,
    /// Who set it.
    pub set_by: String,
    /// When.
    pub set_at: DateTime<Utc>,
    /// When its end was written down.
    pub ended_at: Option<DateTime<Utc>>,
}

/// 申请顺延期限.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Excuse {
    /// Application.
    pub id: Uuid,
    /// Which clock.
    pub clock_id: Uuid,
    /// Its name.
    pub clock_name: String,
    /// Its name in English.
    pub clock_name_en: String,
    /// Whose.
    pub party_id: Uuid,
    /// Why the period could not be kept.
    pub grounds: String,
    /// Since when something stood in the way.
    pub obstacle_from: Option<NaiveDate>,
    /// The day it ended.
    pub obstacle_ended: NaiveDate,
    /// Asked.
    pub asked_at: DateTime<Utc>,
    /// By whom.
    pub asked_by: String,
    /// The tenth day after the obstacle ended.
    pub apply_by: NaiveDate,
    /// Asked after that day.
    pub late: bool,
    /// asked, granted, refused.
    pub state: String,
    /// The new last day.
    pub until: Option<NaiveDate>,
    /// Reasons of the decision.
    pub decision: Option<String>,
    /// Decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// By whom.
    pub decided_by: Option<String>,
}

/// An end that was moved, and why.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ClockMove {
    /// Line.
    pub id: Uuid,
    /// When it was moved.
    pub at: DateTime<Utc>,
    /// clock, fee, correction.
    pub kind: String,
    /// Clock, bill or filing.
    pub subject_id: Uuid,
    /// Case.
    pub case_id: Option<Uuid>,
    /// Filing.
    pub filing_id: Option<Uuid>,
    /// 案号 or 网立号.
    pub number: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// 名称 of the period.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Last day before.
    pub from_on: NaiveDate,
    /// The end before.
    pub from_at: DateTime<Utc>,
    /// Last day since; none: the court has no rule, nothing moved.
    pub to_on: Option<NaiveDate>,
    /// The end since.
    pub to_at: Option<DateTime<Utc>>,
    /// outage, calendar, excuse, travel, stay, not_counted.
    pub reason: String,
    /// The outage.
    pub outage_id: Option<Uuid>,
    /// The change of the calendar.
    pub change_id: Option<Uuid>,
    /// Version of the court's rule.
    pub rule_version: Option<i32>,
    /// Why, in Chinese.
    pub text: String,
    /// Why, in English.
    pub text_en: String,
}

impl From<Line> for ClockMove {
    fn from(l: Line) -> Self {
        let (name, name_en) = moves::name(&l.key);
        let of = |reason: &str| (l.reason == reason).then_some(l.cause_id);
        Self {
            id: l.move_id,
            at: l.at,
            outage_id: of("outage"),
            change_id: of("calendar"),
            kind: l.kind,
            subject_id: l.subject_id,
            case_id: l.case_id,
            filing_id: l.filing_id,
            number: l.number,
            title: l.title,
            name: name.into(),
            name_en: name_en.into(),
            from_on: last_day(l.from_at),
            from_at: l.from_at,
            to_on: l.to_at.map(last_day),
            to_at: l.to_at,
            reason: l.reason,
            rule_version: l.rule_version,
            text: l.text,
            text_en: l.text_en,
        }
    }
}

/// The clocks of a case.
#[derive(Debug, Clone, Object)]
pub struct CaseClocks {
    /// The clocks.
    pub items: Vec<Clock>,
    /// What bears on them.
    pub facts: Vec<ClockFact>,
    /// Applications for more time that the viewer may see.
    pub excuses: Vec<Excuse>,
    /// Ends that were moved, newest first.
    pub moves: Vec<ClockMove>,
    /// What the viewer may do: suspend, travel, excuse_decide, excuse_ask, what_if.
    pub may: Vec<String>,
}

fn fact(f: Fact) -> ClockFact {
    let said = Ground::parse(&f.ground).map(Ground::said);
    let (_, zh, en, basis) = said.unwrap_or(("travel", "在途时间", "days on the way", "民事诉讼法第八十五条"));
    ClockFact {
        id: f.fact_id,
        kind: f.kind,
        ground: f.ground,
        ground_name: zh.into(),
        ground_name_en: en.into(),
        from: f.from_on,
        until: f.until_on,
        days: f.days,
        clock_id: f.clock_id,
        basis: basis.into(),
        reason: f.reason,
        set_by: f.set_name,
        set_at: f.set_at,
        ended_at: f.ended_at,
    }
}

fn excuse(tx: &CourtTx, r: excuses::Row) -> Result<Excuse> {
    let (name, name_en) = moves::name(&r.key);
    Ok(Excuse {
        grounds: excuses::grounds(tx, &r)?,
        id: r.excuse_id,
        clock_id: r.clock_id,
        clock_name: name.into(),
        clock_name_en: name_en.into(),
        party_id: r.party_id,
        obstacle_from: r.obstacle_from,
        obstacle_ended: r.obstacle_ended,
        asked_at: r.asked_at,
        asked_by: r.asked_name,
        apply_by: r.apply_by,
        late: r.late,
        state: r.state,
        until: r.until_on,
        decision: r.decision,
        decided_at: r.decided_at,
        decided_by: r.decided_name,
    })
}

/// The clocks of a case, whole, for whoever looks.
///
/// # Errors
/// 404 for a case the viewer may not see.
pub async fn shown(app: &App, caller: &Caller, court: i32, case: Uuid) -> Result<CaseClocks> {
    let mut tx = app.door.enter(caller, court, Act::CaseRead).await?;
    let row = read::row(&mut tx, case).await?;
    let items = initial::and_events(app, &mut tx, &row).await?;
    let facts = facts::of_cases(tx.conn(), &[case]).await?.into_iter().map(fact).collect();
    let rows = excuses::of_case(&mut tx, case).await?;
    let excuses = rows.into_iter().map(|r| excuse(&tx, r)).collect::<Result<_>>()?;
    let moves = moves::lines(&mut tx, Some(case), None, None, 200).await?.into_iter().map(ClockMove::from).collect();
    let acts = [
        (Act::ClockSuspend, "suspend"),
        (Act::ClockTravel, "travel"),
        (Act::ClockExcuseDecide, "excuse_decide"),
        (Act::ClockWhatIf, "what_if"),
    ];
    let staff = tx.is_staff();
    let mut may: Vec<String> =
        acts.into_iter().filter(|(act, _)| staff && app.door.may(caller, court, *act)).map(|(_, word)| word.to_owned()).collect();
    if !staff && items.iter().any(|c| c.party_id.is_some()) {
        may.push("excuse_ask".into());
    }
    Ok(CaseClocks { items, facts, excuses, moves, may })
}

/// A live clock of an open case.
///
/// # Errors
/// 404.
pub async fn held(tx: &mut CourtTx, case: Uuid, clock: Uuid) -> Result<Kept> {
    let row = read::row(tx, case).await?;
    if row.closed_at.is_some() {
        return Err(Error::conflict(
            "clock.case_closed",
            said("案件已经结案，期限不再变动。", "The case is closed; its clocks do not move any more."),
            said("确有需要的，请先撤销结案。", "If it must be, open the case again first."),
        ));
    }
    clocks::of_case(tx, case).await?.into_iter().find(|c| c.clock_id == clock).ok_or_else(Error::not_found)
}

/// 停表: writes the days, the act, and counts the clocks of the case anew.
///
/// # Errors
/// What does not fit.
pub async fn suspend(app: &App, tx: &mut CourtTx, case: Uuid, pause: &NewPause<'_>) -> Result<Uuid> {
    let row = read::row(tx, case).await?;
    let before = initial::ends(app, tx, case, None).await?;
    let (fact, kind) = facts::suspend(tx, case, row.filed_at, pause).await?;
    let (_, zh, en, article) = pause.ground.said();
    let (span, span_en) = match pause.until {
        Some(until) => (format!("至 {}", day_zh(until)), format!(" to {}", day_en(until))),
        None => ("起".to_owned(), String::new()),
    };
    let text = said(
        format!("{zh}：{}{span}的日子不计入期限。{}", day_zh(pause.from), pause.reason),
        format!("{en}: days from {}{span_en} do not count. {}", day_en(pause.from), pause.reason),
    );
    let effect = match kind {
        "stay" => said("本案能停的期限都停。", "Every period of the case that can stand still does."),
        _ => said("不计入审限；当事人的期限照常。", "The trial limit stands still; the parties' periods run on."),
    };
    timeline::write(tx, case, Note::new("clock_suspended", text).by(article).with_effect(effect)).await?;
    let lead = Step::new(format!("{zh}，重新计算。"), format!("Counted anew for {en}."));
    let cause = Cause { reason: kind, id: fact, rule_version: None };
    recount::case(app, tx, case, &cause, &lead).await?;
    initial::after(app, tx, case, &before, &cause, &lead).await?;
    Ok(fact)
}

/// A pause ends, and the clocks are counted anew.
///
/// # Errors
/// What does not fit.
pub async fn resume(app: &App, tx: &mut CourtTx, case: Uuid, fact: Uuid, until: NaiveDate, reason: &str) -> Result<()> {
    let before = initial::ends(app, tx, case, Some(fact)).await?;
    let ended = facts::end(tx, case, fact, until, reason).await?;
    let (_, zh, en, article) = Ground::parse(&ended.ground).unwrap_or(Ground::Stay).said();
    let text = said(
        format!("{zh}到 {} 为止，次日起期限继续计算。{reason}", day_zh(until)),
        format!("{en} ended on {}; periods run on from the next day. {reason}", day_en(until)),
    );
    timeline::write(tx, case, Note::new("clock_resumed", text).by(article)).await?;
    let reason = if ended.kind == "stay" { "stay" } else { "not_counted" };
    let lead = Step::new(format!("{zh}结束，重新计算。"), format!("Counted anew after {en}."));
    let cause = Cause { reason, id: fact, rule_version: None };
    recount::case(app, tx, case, &cause, &lead).await?;
    initial::after(app, tx, case, &before, &cause, &lead).await.map(drop)
}

/// 在途时间 of one clock.
///
/// # Errors
/// What does not fit.
pub async fn travel(app: &App, tx: &mut CourtTx, case: Uuid, clock: Uuid, days: i32, reason: &str) -> Result<Uuid> {
    let clock = held(tx, case, clock).await?;
    let fact = facts::travel(tx, &clock, days, reason).await?;
    let name = periods::rule(&clock.key).map_or(("期限", "Period"), |r| (r.zh, r.en));
    let text = said(
        format!("「{}」扣除在途时间 {days} 日。{reason}", name.0),
        format!("{}: {days} days on the way are no part of it. {reason}", name.1),
    );
    timeline::write(tx, case, Note::new("clock_travel", text).by("民事诉讼法 第八十五条")).await?;
    let lead = Step::new(format!("在途 {days} 日不计。"), format!("{days} days on the way."));
    recount::case(app, tx, case, &Cause { reason: "travel", id: fact, rule_version: None }, &lead).await?;
    Ok(fact)
}
