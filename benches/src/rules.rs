//! Two decisions of the law as pure rules: whether, when and by what a paper was served, and what a matter costs, each with
//! its steps and articles, as door and worker ask for them. For information: nobody set a goal.

use std::hint::black_box;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use lianting::court::calendar::Calendar;
use lianting::court::periods::CountingModes;
use lianting::delivery::allowed::{Decision, ServiceTable};
use lianting::delivery::effect::{Attempt, Counting, Event, Matter, of_service};
use lianting::delivery::words::{CaseKind, Channel, PaperKind, Procedure, Purpose, Standing, Strength, SystemEvent};
use lianting::fees::rates::Rates;
use lianting::fees::reckon::reckon_typed;
use uuid::Uuid;

use crate::report::{Goal, Report, median};

const ROUNDS: usize = 7;
const PASSES: usize = 400;
const HOLIDAYS: &str = include_str!("../../reference/holidays.csv");
const FEES: &str = include_str!("../../tests/vectors/fees.csv");

/// Services as they come: served at once, by the second way after the first came back, contested by nobody, and in vain.
fn services(at: DateTime<Utc>) -> Vec<Vec<Attempt>> {
    use SystemEvent::{Arrived, Bounced, HandedOver, Read, SentOk};
    let plans: [&[(Channel, &[SystemEvent])]; 5] = [
        &[(Channel::Inbox, &[Arrived])],
        &[(Channel::Inbox, &[Arrived, Read]), (Channel::Sms, &[HandedOver, SentOk, Arrived])],
        &[(Channel::Email, &[HandedOver, SentOk, Bounced]), (Channel::Sms, &[HandedOver, SentOk, Arrived])],
        &[
            (Channel::Email, &[HandedOver, SentOk, Bounced]),
            (Channel::Sms, &[HandedOver, Bounced]),
            (Channel::NationalPlatform, &[HandedOver, Arrived]),
        ],
        &[(Channel::Email, &[HandedOver, Bounced]), (Channel::Sms, &[HandedOver, Bounced])],
    ];
    let mut id = 0_u128;
    let mut next = || {
        id += 1;
        Uuid::from_u128(id)
    };
    let mut made = Vec::new();
    for plan in plans {
        let mut attempts = Vec::new();
        for (n, (channel, events)) in plan.iter().enumerate() {
            let begun = at + TimeDelta::hours(30 * i64::try_from(n).unwrap_or(0));
            attempts.push(Attempt {
                id: next(),
                channel: *channel,
                purpose: Purpose::Service,
                address: None,
                standing: Standing::Confirmed,
                consent: Strength::Full,
                refused: false,
                started_at: begun,
                reminder_day: None,
                events: events.iter().zip(1..).map(|(what, m)| Event::new(next(), *what, begun + TimeDelta::minutes(m))).collect(),
            });
        }
        made.push(attempts);
    }
    made
}

/// How many of a list of questions are decided a second, the middle of some rounds.
fn per_second(questions: usize, mut decide: impl FnMut(usize) -> bool) -> (f64, usize) {
    let yes = (0..questions).filter(|n| decide(*n)).count();
    let round = |_| {
        let since = Instant::now();
        for _ in 0..PASSES {
            for n in 0..questions {
                black_box(decide(black_box(n)));
            }
        }
        (PASSES * questions) as f64 / since.elapsed().as_secs_f64()
    };
    (median((0..ROUNDS).map(round).collect()), yes)
}

fn effects(report: &mut Report) -> Result<(), String> {
    let at: DateTime<Utc> = "2026-03-02T02:00:00Z".parse().map_err(|e| format!("{e}"))?;
    let calendar = Calendar::from_csv(HOLIDAYS).map_err(|e| e.to_string())?;
    let (modes, table) = (CountingModes::default(), ServiceTable::built_in().map_err(|e| e.to_string())?);
    let day = lianting::court::beijing::beijing_date(at);
    let allowed: Decision = table.decide("鲁0102", PaperKind::Notice, CaseKind::Civil, day, None);
    let services = services(at);
    let counting = Counting { calendar: &calendar, modes: &modes };
    let matter = Matter { paper: PaperKind::Notice, procedure: Procedure::Ordinary, abroad: false, allowed: &allowed };
    let as_of = at + TimeDelta::days(9);
    let (rate, yes) = per_second(services.len(), |n| of_service(matter, counting, &services[n], &[], as_of).effect.holds());
    let how = format!("one core; {} services of one to three sendings, {yes} with effect, article and events named", services.len());
    report.add("decisions on the effect of a service", rate, "/s", Goal::None, how);
    Ok(())
}

fn fees(report: &mut Report) -> Result<(), String> {
    // the table has no field with a comma in quotes
    let rows: Vec<Vec<&str>> = FEES.lines().skip(1).map(|line| line.split(',').collect()).filter(|r: &Vec<&str>| r.len() >= 5).collect();
    let rates = Rates::default();
    let (rate, yes) = per_second(rows.len(), |n| reckon_typed(rows[n][1], rows[n][2], rows[n][3], &rates).is_ok());
    report.add("decisions on a fee", rate, "/s", Goal::None, format!("one core; the {yes} rows of fees.csv, each tier a step"));
    Ok(())
}

/// Both.
pub fn run(report: &mut Report) -> Result<(), String> {
    effects(report)?;
    fees(report)
}
