//! Doors of the deadline calculator: open to everybody, no sign-in, counted by address like every door.
//!
//! Owns the shapes on the wire and the reading of a court's choices. Must never count (`court/deadline.rs`).

use chrono::{DateTime, NaiveDate, Utc};
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::beijing::beijing_date;
use super::calendar::{Period, Step, Unit};
use super::clock_view::{self, Life};
use super::deadline::{Choices, Deadline, Link, reckon, weekday};
use super::deadline_ask::{Asked, modes_of};
use super::period_names::{ALSO, CHAINS, Chain};
use super::period_starts::english;
use super::periods::{Kind, RULES, Rule, Who, rule};
use super::public::named_court;
use super::rules::CourtRules;
use crate::app::App;
use crate::docket::views::{Clock, ClockStep};
use crate::error::Result;

/// The doors.
pub struct DeadlineApi;

/// One period of a chain, counted.
#[derive(Object)]
pub struct DeadlineLink {
    /// Key of the period.
    pub rule: String,
    /// 名称.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// The last day.
    pub due: NaiveDate,
    /// 依据.
    pub article: String,
}

/// A deadline, counted step by step.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DeadlineAnswer {
    /// The last day (2024-02-18), or the moment for hours (2024-04-05T17:00, Beijing time).
    pub due: String,
    /// date or moment.
    pub due_is: String,
    /// The last day before any roll, in the same form.
    pub raw: String,
    /// The rest day from which the end was moved.
    pub rolled_from: Option<NaiveDate>,
    /// 一 to 日.
    pub weekday: String,
    /// Mon to Sun.
    pub weekday_en: String,
    /// The instant it ends.
    pub due_at: DateTime<Utc>,
    /// For hours: the literal end, at which the court is alarmed.
    pub alarm_at: Option<DateTime<Utc>>,
    /// For what is counted backwards: the working day by which to act.
    pub act_by: Option<NaiveDate>,
    /// What the date is: last_day, earliest_day, latest_day or same_day.
    pub meaning: String,
    /// Key of the period.
    pub rule: String,
    /// 名称.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// The length that was counted, in Chinese.
    pub period: String,
    /// The length that was counted, in English.
    pub period_en: String,
    /// The article of the period.
    pub article: String,
    /// All articles, those of the way of counting included.
    pub basis: String,
    /// The reckoning.
    pub steps: Vec<ClockStep>,
    /// Each period of a chain.
    pub links: Vec<DeadlineLink>,
    /// The last day to ask for a missed period back.
    pub excuse_by: Option<NaiveDate>,
    /// The day scale, as it stands today; none for hours, leads and what is counted backwards.
    pub clock: Option<Clock>,
    /// The court whose choices were used.
    pub court: Option<i32>,
    /// Its name.
    pub court_name: Option<String>,
}

/// A period of the table.
#[derive(Object)]
pub struct DeadlineRule {
    /// Stable key.
    pub key: String,
    /// 名称.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// How many units; 0 for an event that is its own day.
    pub n: u32,
    /// hours, days, working_days, months or years.
    pub unit: String,
    /// The length in Chinese.
    pub period: String,
    /// The length in English.
    pub period_en: String,
    /// The event whose day is not counted; for what is counted backwards, the day it is counted from.
    pub starts: String,
    /// The event in English.
    pub starts_en: String,
    /// court, party, applicant, respondent or mediator.
    pub who: String,
    /// legal, fixed, internal, measure, notice, mediation, plain, back, lead, chain or same_day.
    pub kind: String,
    /// Whether a last day that is a rest day moves: always, never or setting.
    pub rolls: String,
    /// 依据.
    pub article: String,
    /// Modes it understands.
    pub modes: Vec<String>,
    /// Other names.
    pub also_called: Vec<String>,
    /// Keys of its periods, for a chain.
    pub links: Vec<String>,
}

/// Every period.
#[derive(Object)]
pub struct DeadlineRuleList {
    /// In the order of a case's life; chains last.
    pub items: Vec<DeadlineRule>,
    /// The last day whose holidays are announced.
    pub known_until: NaiveDate,
}

#[OpenApi]
impl DeadlineApi {
    /// 期限计算: the last day of a legal period, with how it was counted.
    #[oai(path = "/calculators/deadline", method = "get", operation_id = "calculate_deadline")]
    #[allow(clippy::too_many_arguments, reason = "one argument a parameter of the door")]
    async fn deadline(
        &self,
        Data(app): Data<&App>,
        /// A key or name from /calculators/deadline/rules; two joined by `>` follow each other.
        #[oai(validator(max_length = 120))]
        rule: Query<Option<String>>,
        /// The event: 2024-03-04, or 2024-04-03T16:30 (Beijing time without an offset).
        #[oai(validator(max_length = 60))]
        trigger: Query<Option<String>>,
        /// A or B for the lead of a hearing; roll or no_roll where the law leaves it open; abroad.
        #[oai(validator(max_length = 60))]
        mode: Query<Option<String>>,
        /// The id of a court whose choices apply, such as 370102.
        #[oai(validator(max_length = 20))]
        court: Query<Option<String>>,
        /// Days on the way, which are no part of the period.
        travel_days: Query<Option<u32>>,
        /// Days that stood still: 2024-05-01..2024-05-10, several parted by commas.
        #[oai(validator(max_length = 400))]
        pauses: Query<Option<String>>,
        /// The day an obstacle ended, to ask for a missed period back.
        #[oai(validator(max_length = 20))]
        obstacle_ended: Query<Option<String>>,
    ) -> Result<Json<DeadlineAnswer>> {
        let asked = Asked {
            rule: rule.0.as_deref().unwrap_or_default(),
            trigger: trigger.0.as_deref().unwrap_or_default(),
            mode: mode.0.as_deref().unwrap_or_default(),
            travel_days: travel_days.0.unwrap_or_default(),
            pauses: pauses.0.as_deref().unwrap_or_default(),
            obstacle_ended: obstacle_ended.0.as_deref().unwrap_or_default(),
        };
        answered(app, &asked, court.0.as_deref()).map(Json)
    }

    /// The periods, who they bind, from what they run, and under which names they are asked for.
    #[oai(path = "/calculators/deadline/rules", method = "get", operation_id = "list_deadline_rules")]
    async fn rules(&self, Data(app): Data<&App>) -> Result<Json<DeadlineRuleList>> {
        let items = RULES.iter().map(row_view).chain(CHAINS.iter().map(chain_view)).collect();
        Ok(Json(DeadlineRuleList { items, known_until: app.door.registry.calendar(true).known_until() }))
    }
}

/// Reckons with the choices of a court, when one is named.
///
/// # Errors
/// What cannot be read, what the law does not allow, and what is not yet announced.
pub fn answered(app: &App, asked: &Asked<'_>, court: Option<&str>) -> Result<DeadlineAnswer> {
    answered_with(app, asked, court, None)
}

/// The same, where a court set a length of its own for this one period, as for the evidence of a case.
///
/// # Errors
/// What the question lacks, and what the calendar says.
pub fn answered_with(app: &App, asked: &Asked<'_>, court: Option<&str>, own: Option<(&str, u32)>) -> Result<DeadlineAnswer> {
    let today = beijing_date(app.now());
    let Some(known) = named_court(app, court)? else {
        let found = reckon(asked, &app.door.registry.calendar(true), &Choices { modes: None, length: &|_| None })?;
        return Ok(shown(found, app.now(), None));
    };
    let rules = CourtRules::on(&app.door.registry, known.court_id, today);
    let calendar = app.door.registry.calendar(rules.makeup_day_is_working());
    let length = |key: &str| own.filter(|(k, _)| *k == key).map(|(_, days)| Period::days(days)).or_else(|| length_at(&rules, key));
    let found = reckon(asked, &calendar, &Choices { modes: Some(rules.counting_modes()), length: &length })?;
    Ok(shown(found, app.now(), Some((known.court_id, known.name.clone()))))
}

/// The lengths a court may choose.
fn length_at(rules: &CourtRules<'_>, key: &str) -> Option<Period> {
    Some(match key {
        "filing_decision" | "admin_filing_decision" | "enforcement_filing_decision" => Period::days(rules.review_days()),
        "correction" => Period::days(rules.correction_days()),
        "payment" | "payment_application" | "payment_counterclaim" | "payment_appeal" => Period::days(rules.payment_days()),
        "fee_refund" => Period::days(rules.refund_days()),
        "hearing_notice" => rules.notice_lead()?,
        _ => return None,
    })
}

fn shown(found: Deadline, now: DateTime<Utc>, court: Option<(i32, String)>) -> DeadlineAnswer {
    let rolled_from = found.rolled_from();
    let (day, day_en) = weekday(found.end_day());
    let last = found.links.last();
    let length = |say: fn(&Period) -> String, by: &str| found.links.iter().map(|l| say(&l.period)).collect::<Vec<_>>().join(by);
    let (court, court_name) = court.unzip();
    DeadlineAnswer {
        due_is: if last.is_some_and(|l| l.alarm_at.is_some()) { "moment" } else { "date" }.into(),
        meaning: meaning(last).into(),
        rolled_from,
        weekday: day.into(),
        weekday_en: day_en.into(),
        due_at: found.due_at,
        alarm_at: last.and_then(|l| l.alarm_at),
        act_by: last.and_then(|l| l.act_by),
        period: length(Period::zh, " + "),
        period_en: length(Period::en, " + "),
        clock: last.and_then(|l| clock(l, now)),
        excuse_by: found.excuse.as_ref().map(|e| e.apply_by),
        links: found.links.iter().map(link).collect(),
        steps: found.steps.iter().map(step).collect(),
        rule: found.found.key,
        name: found.found.zh,
        name_en: found.found.en,
        article: found.found.article,
        basis: found.basis,
        due: found.due,
        raw: found.raw,
        court,
        court_name,
    }
}

fn meaning(last: Option<&Link>) -> &'static str {
    match last.map(|l| l.rule.kind) {
        None => "same_day",
        Some(Kind::Lead) => "earliest_day",
        Some(Kind::Back) => "latest_day",
        Some(_) => "last_day",
    }
}

fn clock(link: &Link, now: DateTime<Utc>) -> Option<Clock> {
    let counted = link.counted.as_ref().filter(|c| c.alarm_at.is_none())?;
    Some(clock_view::clock(link.rule, link.rule.key, counted, now, &Life::Open).into())
}

fn link(link: &Link) -> DeadlineLink {
    DeadlineLink {
        rule: link.rule.key.into(),
        name: link.rule.zh.into(),
        name_en: link.rule.en.into(),
        due: link.due,
        article: link.rule.article.into(),
    }
}

fn step(step: &Step) -> ClockStep {
    ClockStep { text: step.zh.clone(), text_en: step.en.clone() }
}

fn row_view(r: &Rule) -> DeadlineRule {
    let also = ALSO.iter().find(|(key, _)| *key == r.key).map_or(&[][..], |(_, names)| *names);
    DeadlineRule {
        key: r.key.into(),
        name: r.zh.into(),
        name_en: r.en.into(),
        n: r.period.n,
        unit: unit(r.period.unit).into(),
        period: r.period.zh(),
        period_en: r.period.en(),
        starts: r.starts.into(),
        starts_en: english(r.starts).into(),
        who: who(r.who).into(),
        kind: kind(r.kind).into(),
        rolls: rolls(r.kind).into(),
        article: r.article.into(),
        modes: modes_of(r).into_iter().map(Into::into).collect(),
        also_called: also.iter().map(|a| (*a).to_owned()).collect(),
        links: Vec::new(),
    }
}

fn chain_view(c: &Chain) -> DeadlineRule {
    let rows: Vec<&Rule> = c.links.iter().filter_map(|key| rule(key)).collect();
    let say = |say: fn(&Period) -> String| rows.iter().map(|r| say(&r.period)).collect::<Vec<_>>().join(" + ");
    let mut modes: Vec<String> = rows.iter().flat_map(|r| modes_of(r)).map(Into::into).collect();
    modes.dedup();
    DeadlineRule {
        key: c.key.into(),
        name: c.zh.into(),
        name_en: c.en.into(),
        n: rows.iter().map(|r| r.period.n).sum(),
        unit: "days".into(),
        period: say(Period::zh),
        period_en: say(Period::en),
        starts: c.starts.into(),
        starts_en: english(c.starts).into(),
        who: rows.last().map_or("party", |r| who(r.who)).into(),
        kind: if rows.is_empty() { "same_day" } else { "chain" }.into(),
        rolls: rows.last().map_or("never", |r| rolls(r.kind)).into(),
        article: c.article.into(),
        modes,
        also_called: c.also.iter().map(|a| (*a).to_owned()).collect(),
        links: c.links.iter().map(|key| (*key).to_owned()).collect(),
    }
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Hours => "hours",
        Unit::Days => "days",
        Unit::WorkingDays => "working_days",
        Unit::Months => "months",
        Unit::Years => "years",
    }
}

fn who(who: Who) -> &'static str {
    match who {
        Who::Court => "court",
        Who::Party => "party",
        Who::Applicant => "applicant",
        Who::Respondent => "respondent",
        Who::Mediator => "mediator",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Legal => "legal",
        Kind::Fixed => "fixed",
        Kind::Internal => "internal",
        Kind::Measure => "measure",
        Kind::Notice => "notice",
        Kind::Mediation => "mediation",
        Kind::Plain => "plain",
        Kind::Back => "back",
        Kind::Lead => "lead",
    }
}

fn rolls(kind: Kind) -> &'static str {
    match kind {
        Kind::Legal | Kind::Fixed => "always",
        Kind::Internal | Kind::Measure | Kind::Notice | Kind::Mediation => "setting",
        Kind::Plain | Kind::Back | Kind::Lead => "never",
    }
}
