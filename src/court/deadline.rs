//! The deadline calculator: from a typed question to the last day, step by step.
//!
//! Owns the order: the row, the court's choices, the caller's modes, the count, what is said beside it.
//! Must never guess a holiday, read a clock, or know a court by name. Counts by `court/count.rs`.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::court::beijing::{beijing_date, beijing_offset, day_en, day_zh, end_of_day};
use crate::court::calendar::{Calendar, CalendarError, Counted, Period, Roll, Step, Suspension, Trigger, Unit, plus};
use crate::court::count::LeadMode;
use crate::court::deadline_ask::{Asked, Modes, abroad_of, calendar_refusal, read_day, read_modes, read_pauses, read_trigger};
use crate::court::period_names::{Found, find};
use crate::court::periods::{CountingModes, Kind, Rule, Who, public_notice, rule};
use crate::error::{Error, Result, said};

/// What a court has chosen, as far as counting asks.
pub struct Choices<'a> {
    /// Its modes; without a court every period rolls that the law's words make roll.
    pub modes: Option<CountingModes>,
    /// Its own length of a row, where the law lets it choose.
    pub length: &'a dyn Fn(&str) -> Option<Period>,
}

/// One row counted.
#[derive(Debug, Clone)]
pub struct Link {
    /// The row.
    pub rule: &'static Rule,
    /// The length that was counted.
    pub period: Period,
    /// Its last day before any roll.
    pub raw: NaiveDate,
    /// Its last day.
    pub due: NaiveDate,
    /// The instant it ends.
    pub due_at: DateTime<Utc>,
    /// For hours: the literal end, at which the court is alarmed.
    pub alarm_at: Option<DateTime<Utc>>,
    /// For what is counted backwards: the working day by which to act.
    pub act_by: Option<NaiveDate>,
    /// The count, for the day scale.
    pub counted: Option<Counted>,
    /// The reckoning.
    pub steps: Vec<Step>,
}

/// The way to restore a missed period (民事诉讼法 Art 86).
#[derive(Debug, Clone)]
pub struct Excuse {
    /// The last day to ask.
    pub apply_by: NaiveDate,
    /// What it means.
    pub step: Step,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Deadline {
    /// What was asked for.
    pub found: Found,
    /// The event's day.
    pub event: NaiveDate,
    /// Each row in order; none for an event that is its own day.
    pub links: Vec<Link>,
    /// The instant it ends.
    pub due_at: DateTime<Utc>,
    /// The last day, or the moment for hours: as the API says it.
    pub due: String,
    /// The last day before any roll, in the same form.
    pub raw: String,
    /// The last day.
    pub due_on: NaiveDate,
    /// The reckoning.
    pub steps: Vec<Step>,
    /// The articles.
    pub basis: String,
    /// The way to restore it, when an obstacle was named.
    pub excuse: Option<Excuse>,
}

/// Reckons a question as it was typed: the one entry of page, API and tables.
///
/// # Errors
/// What cannot be read, what the law does not allow, and what is not yet announced.
pub fn reckon(asked: &Asked<'_>, calendar: &Calendar, choices: &Choices<'_>) -> Result<Deadline> {
    let found = find(asked.rule)?;
    let trigger = read_trigger(asked.trigger)?;
    let wanted = read_modes(asked.mode, &found.links)?;
    let pauses = read_pauses(asked.pauses)?;
    let mut links: Vec<Link> = Vec::new();
    let mut from = trigger;
    for (i, row) in found.links.iter().enumerate() {
        // what stood still and what was on the way lengthens the last of a chain
        let last = i + 1 == found.links.len();
        let extra = Extra { pauses: if last { &pauses } else { &[] }, travel_days: if last { asked.travel_days } else { 0 } };
        let link = count(row, from, &found, wanted, &extra, calendar, choices)?;
        from = Trigger::Day(link.due);
        links.push(link);
    }
    if links.is_empty() {
        return arrival(found, trigger, calendar);
    }
    let excuse = excuse(asked.obstacle_ended, &links, calendar)?;
    Ok(together(found, trigger.day(), links, excuse))
}

struct Extra<'a> {
    pauses: &'a [Suspension],
    travel_days: u32,
}

fn count(
    row: &'static Rule,
    from: Trigger,
    found: &Found,
    wanted: Modes,
    extra: &Extra<'_>,
    calendar: &Calendar,
    choices: &Choices<'_>,
) -> Result<Link> {
    let row = if wanted.abroad { abroad_of(row.key).and_then(rule).unwrap_or(row) } else { row };
    if row.kind == Kind::Fixed && (!extra.pauses.is_empty() || extra.travel_days > 0) {
        return Err(never_stops(row, if extra.pauses.is_empty() { "/travel_days" } else { "/pauses" }));
    }
    let period = length(row, from.day(), choices);
    let modes = modes(choices, wanted);
    match row.kind {
        Kind::Back => back(row, period, from.day(), extra, calendar),
        Kind::Lead => lead(row, period, from.day(), wanted.lead.or(found.lead).unwrap_or(modes.hearing_notice_mode), extra, calendar),
        _ => forward(row, period, from, &modes, extra, calendar, choices.modes.is_none() && wanted.roll.is_none()),
    }
}

/// The length: the law of the day for public notices, the court's where it may choose, else the row's.
fn length(row: &Rule, day: NaiveDate, choices: &Choices<'_>) -> Period {
    match row.key {
        "public_notice" => public_notice(day, false),
        "public_notice_abroad" => public_notice(day, true),
        key => (choices.length)(key).unwrap_or(row.period),
    }
}

/// The court's modes with what the caller wants instead. Without a court the words of Art 85 count for internal limits.
fn modes(choices: &Choices<'_>, wanted: Modes) -> CountingModes {
    let mut modes = choices.modes.unwrap_or(CountingModes { roll_internal: true, ..CountingModes::default() });
    if let Some(roll) = wanted.roll {
        (modes.roll_internal, modes.roll_measures, modes.roll_notice, modes.roll_mediation) = (roll, roll, roll, roll);
    }
    modes
}

fn forward(
    row: &'static Rule,
    period: Period,
    from: Trigger,
    modes: &CountingModes,
    extra: &Extra<'_>,
    calendar: &Calendar,
    nobody_chose: bool,
) -> Result<Link> {
    let roll = row.roll(modes);
    let count = |roll| calendar.count_on_the_way(period, from, roll, extra.pauses, extra.travel_days);
    let counted = count(roll).map_err(|e| calendar_refusal(&e, provisional(&e, count(Roll::No))))?;
    let mut steps = counted.steps.clone();
    if let Some(note) = open_question(row, roll, &counted, calendar, nobody_chose) {
        steps.push(note);
    }
    if row.kind == Kind::Notice {
        steps.push(Step::new(
            format!("公告满 {}，视为送达。", period.zh()),
            format!("When the {} have run, the paper is deemed served.", period.en()),
        ));
    }
    if row.kind == Kind::Fixed {
        steps.push(Step::new("这是不变期间，不停、不扣、不延。", "This period never stops and is never extended."));
    }
    Ok(Link {
        rule: row,
        period,
        raw: counted.raw_due,
        due: counted.due_on,
        due_at: counted.due_at,
        alarm_at: counted.alarm_at,
        act_by: None,
        steps,
        counted: Some(counted),
    })
}

/// The day as it falls without a roll, when only the roll is unknown.
fn provisional(error: &CalendarError, unrolled: std::result::Result<Counted, CalendarError>) -> Option<NaiveDate> {
    let unknown = matches!(error, CalendarError::BeyondKnown { .. } | CalendarError::BeforeKnown { .. });
    if unknown { unrolled.ok().map(|c| c.raw_due) } else { None }
}

/// Where the law leaves the roll open and it matters, both days are told.
fn open_question(row: &Rule, roll: Roll, counted: &Counted, calendar: &Calendar, nobody_chose: bool) -> Option<Step> {
    if !matches!(row.kind, Kind::Internal | Kind::Measure | Kind::Notice | Kind::Mediation) {
        return None;
    }
    let rest = calendar.is_rest_day(counted.raw_due).ok()?;
    if !rest {
        return None;
    }
    let by = if nobody_chose { ("没有指定法院", "No court was named") } else { ("按选定的算法", "As chosen") };
    Some(match roll {
        Roll::Yes => Step::new(
            format!("这类期限遇休息日顺延不顺延，由法院设定。{}，这里按顺延算；不顺延是 {}。", by.0, day_zh(counted.raw_due)),
            format!(
                "Whether such a period rolls is for the court to set. {}, it rolls here; without, it ends on {}.",
                by.1,
                day_en(counted.raw_due)
            ),
        ),
        Roll::No => {
            let later = calendar.working_day_from(counted.raw_due).ok()?;
            Step::new(
                format!("这类期限遇休息日顺延不顺延，由法院设定。{}，这里不顺延；顺延是 {}。", by.0, day_zh(later)),
                format!(
                    "Whether such a period rolls is for the court to set. {}, it does not roll here; with a roll it ends on {}.",
                    by.1,
                    day_en(later)
                ),
            )
        }
    })
}

fn back(row: &'static Rule, period: Period, anchor: NaiveDate, extra: &Extra<'_>, calendar: &Calendar) -> Result<Link> {
    if !extra.pauses.is_empty() || extra.travel_days > 0 {
        return Err(calendar_refusal(&CalendarError::CannotSuspend, None));
    }
    let counted = calendar.count_back(period, anchor).map_err(|e| {
        let plain = anchor.checked_sub_days(chrono::Days::new(u64::from(period.n))).filter(|_| period.unit == Unit::Days);
        calendar_refusal(&e, plain)
    })?;
    Ok(Link {
        rule: row,
        period,
        raw: counted.latest,
        due: counted.latest,
        due_at: counted.latest_at,
        alarm_at: None,
        act_by: Some(counted.act_by),
        counted: None,
        steps: counted.steps,
    })
}

/// The earliest day of a hearing after its notice; days on the way come on top (I Art 227).
fn lead(row: &'static Rule, period: Period, notified: NaiveDate, mode: LeadMode, extra: &Extra<'_>, calendar: &Calendar) -> Result<Link> {
    if !extra.pauses.is_empty() {
        return Err(calendar_refusal(&CalendarError::CannotSuspend, None));
    }
    let refused = |e: CalendarError| calendar_refusal(&e, None);
    let due = calendar.earliest_after(notified, period, mode).map_err(refused)?;
    let due = plus(due, Period::days(extra.travel_days)).map_err(refused)?;
    let (how, how_en) = match mode {
        LeadMode::A => (
            format!("从次日起数 {}，数满的那天就可以开庭（算法 A）。", period.zh()),
            format!("{} from the next day; the last of them may be the day of the hearing (mode A).", period.en()),
        ),
        LeadMode::B => (
            format!("通知与开庭之间要隔满 {}（算法 B）。", period.zh()),
            format!("{} must lie in full between notice and hearing (mode B).", period.en()),
        ),
    };
    let mut steps = vec![Step::new(
        format!("{} 通知，当日不计。", day_zh(notified)),
        format!("Notified on {}; that day does not count.", day_en(notified)),
    )];
    steps.push(Step::new(how, how_en));
    if extra.travel_days > 0 {
        let n = extra.travel_days;
        steps.push(Step::new(format!("另加在途 {n} 日。"), format!("{n} days on the way come on top.")));
    }
    steps.push(Step::new(format!("最早 {} 开庭。", day_zh(due)), format!("The hearing may be held on {} at the earliest.", day_en(due))));
    if calendar.is_rest_day(due) == Ok(true)
        && let Ok(work) = calendar.working_day_from(due)
    {
        steps.push(Step::new(
            format!("这一天休息，其后第一个工作日是 {}。", day_zh(work)),
            format!("That is a rest day; the next working day is {}.", day_en(work)),
        ));
    }
    Ok(Link { rule: row, period, raw: due, due, due_at: end_of_day(due), alarm_at: None, act_by: None, counted: None, steps })
}

/// An e-service is served when it arrives, also on a rest day (L31).
fn arrival(found: Found, trigger: Trigger, calendar: &Calendar) -> Result<Deadline> {
    let day = trigger.day();
    let at = match trigger {
        Trigger::Moment(at) => at,
        Trigger::Day(day) => end_of_day(day),
    };
    let mut steps = vec![Step::new(
        format!("到达受送达人确认的电子地址之日就是送达日期：{}，休息日也一样。", day_zh(day)),
        format!("Served on the day it arrives at the confirmed address: {}, a rest day or not.", day_en(day)),
    )];
    if let Some(appeal) = rule("appeal_judgment")
        && let Ok(counted) = appeal.count(calendar, day, &CountingModes::default(), &[])
    {
        steps.push(Step::new(
            format!("例如是判决书，十五日上诉期到 {} 届满。", day_zh(counted.due_on)),
            format!("Were it a judgment, the fifteen days to appeal would end on {}.", day_en(counted.due_on)),
        ));
    }
    let (due, basis) = (day.to_string(), found.article.clone());
    Ok(Deadline { found, event: day, links: Vec::new(), due_at: at, raw: due.clone(), due, due_on: day, steps, basis, excuse: None })
}

fn together(found: Found, event: NaiveDate, links: Vec<Link>, excuse: Option<Excuse>) -> Deadline {
    let mut steps = Vec::new();
    for (i, link) in links.iter().enumerate() {
        if links.len() > 1 {
            steps.push(Step::new(format!("第 {} 段：{}。", i + 1, link.rule.zh), format!("Part {}: {}.", i + 1, link.rule.en)));
        }
        steps.extend(link.steps.iter().cloned());
    }
    steps.extend(excuse.iter().map(|e| e.step.clone()));
    let basis = basis(&links, excuse.is_some());
    let last = links.last();
    let due_on = last.map_or(event, |l| l.due);
    let due_at = last.map_or_else(|| end_of_day(event), |l| l.due_at);
    let (due, raw) = match last {
        Some(link) if link.alarm_at.is_some() => (moment(link.due_at), moment(link.due_at)),
        Some(link) => (link.due.to_string(), link.raw.to_string()),
        None => (event.to_string(), event.to_string()),
    };
    Deadline { found, event, due_at, due, raw, due_on, steps, basis, excuse, links }
}

fn moment(at: DateTime<Utc>) -> String {
    at.with_timezone(&beijing_offset()).format("%Y-%m-%dT%H:%M").to_string()
}

/// The articles: of the rows, and of the way of counting.
fn basis(links: &[Link], excused: bool) -> String {
    let mut articles: Vec<&str> = Vec::new();
    for link in links {
        articles.push(link.rule.article);
    }
    for link in links {
        match link.rule.kind {
            Kind::Lead => articles.push("民诉法解释第二百二十七条"),
            _ if link.alarm_at.is_some() => articles.push("民诉法解释第一百二十五条"),
            _ => articles.push("民事诉讼法第八十五条"),
        }
        if matches!(link.period.unit, Unit::Months | Unit::Years) {
            articles.push("民法典第二百零二条");
        }
        if link.rule.kind == Kind::Fixed {
            articles.push("民诉法解释第一百二十七条");
        }
        if link.counted.as_ref().is_some_and(|c| c.days_not_counted > 0) {
            articles.push("民诉法解释第二百四十三条");
        }
    }
    if excused {
        articles.push("民事诉讼法第八十六条");
    }
    let mut seen: Vec<&str> = Vec::new();
    for article in articles {
        if !seen.contains(&article) {
            seen.push(article);
        }
    }
    seen.join("；")
}

/// Ten days after the obstacle ended to ask for the period back; never for fixed periods (L86, I127).
fn excuse(obstacle_ended: &str, links: &[Link], calendar: &Calendar) -> Result<Option<Excuse>> {
    if obstacle_ended.trim().is_empty() {
        return Ok(None);
    }
    let ended = read_day(obstacle_ended).ok_or_else(|| {
        Error::invalid(
            "deadline.obstacle_unreadable",
            said("看不懂障碍消除的日期。", "The day the obstacle ended cannot be read."),
            said("请写成 2024-05-20。", "Write it as 2024-05-20."),
        )
        .at("/obstacle_ended")
    })?;
    if let Some(link) = links.iter().find(|l| l.rule.kind == Kind::Fixed) {
        return Err(never_stops(link.rule, "/obstacle_ended"));
    }
    if links.last().is_none_or(|l| l.rule.kind != Kind::Legal || matches!(l.rule.who, Who::Court | Who::Mediator)) {
        return Err(Error::invalid(
            "deadline.not_excusable",
            said("只有当事人耽误的期限可以申请顺延。", "Only a period that a party missed can be restored."),
            said("请去掉障碍消除的日期。", "Leave out the day the obstacle ended."),
        )
        .at("/obstacle_ended"));
    }
    let Some(row) = rule("excuse") else { return Ok(None) };
    let counted =
        row.count(calendar, ended, &CountingModes::default(), &[]).map_err(|e| calendar_refusal(&e, None).at("/obstacle_ended"))?;
    let last = day_zh(counted.due_on);
    Ok(Some(Excuse {
        apply_by: counted.due_on,
        step: Step::new(
            format!("因不可抗拒的事由或其他正当理由耽误的，障碍消除后十日内可以申请顺延，到 {last} 为止；是否准许由法院决定。"),
            format!(
                "If it was missed for a proper reason, ask within ten days after the obstacle ended, by {}; the court decides.",
                day_en(counted.due_on)
            ),
        ),
    }))
}

fn never_stops(row: &Rule, field: &str) -> Error {
    Error::invalid(
        "deadline.never_extended",
        said(
            format!("{}是不变期间，不停、不扣在途时间，也不能顺延补办（民诉法解释第一百二十七条）。", row.zh),
            format!("{} never stops and is never extended or restored (Interpretation Art 127).", row.en),
        ),
        said("请去掉停表、在途或障碍的日子。", "Leave out the pauses, the days on the way and the obstacle."),
    )
    .at(field)
}

/// The weekday as calendars print it: 一 to 日.
pub fn weekday(day: NaiveDate) -> (&'static str, &'static str) {
    const DAYS: [(&str, &str); 7] =
        [("一", "Mon"), ("二", "Tue"), ("三", "Wed"), ("四", "Thu"), ("五", "Fri"), ("六", "Sat"), ("日", "Sun")];
    DAYS[day.weekday().num_days_from_monday() as usize]
}

impl Deadline {
    /// The rest day from which the end was moved.
    pub fn rolled_from(&self) -> Option<NaiveDate> {
        self.links.last().and_then(|l| l.counted.as_ref()).and_then(|c| c.rolled_from)
    }

    /// The Beijing day of the end, for hours too.
    pub fn end_day(&self) -> NaiveDate {
        if self.links.last().is_some_and(|l| l.alarm_at.is_some()) { beijing_date(self.due_at) } else { self.due_on }
    }
}

#[cfg(test)]
#[path = "deadline_tests.rs"]
mod tests;
