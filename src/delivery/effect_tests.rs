use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::allowed::{Decision, ServiceTable};
use super::effect::{Attempt, Counting, Event, Matter, Outcome, Rebuttal, of_service};
use super::words::{CaseKind, Channel, Effect, Ground, PaperKind, Procedure, Purpose, RebuttalState, ReturnReason, Row, Signer};
use super::words::{Standing, Strength, SystemEvent};
use crate::court::beijing::beijing_date;
use crate::court::calendar::{Calendar, Period, Roll};
use crate::court::periods::CountingModes;

fn calendar() -> Calendar {
    Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap()
}

/// A Beijing time; the year of the row where it names none.
fn time(text: &str, year: &str) -> DateTime<Utc> {
    let text = if text.len() < 14 { format!("{year}-{text}") } else { text.to_owned() };
    let text = if text.len() == 16 { format!("{text}:00") } else { text };
    DateTime::parse_from_rfc3339(&format!("{text}+08:00")).unwrap_or_else(|e| panic!("{text}: {e}")).to_utc()
}

fn event(text: &str, year: &str, id: &mut u128) -> Event {
    let (word, at) = text.trim().split_once(' ').unwrap();
    let (what, more) = word.split_once(':').unwrap_or((word, ""));
    *id += 1;
    let mut event = Event::new(Uuid::from_u128(*id), SystemEvent::parse(what).unwrap_or_else(|| panic!("{what}")), time(at, year));
    event.by = Signer::parse(more);
    event.reason = ReturnReason::parse(more);
    event.witnessed = more == "witnessed";
    assert!(more.is_empty() || event.by.is_some() || event.reason.is_some() || event.witnessed, "{text}");
    event
}

fn attempt(text: &str, day: &str, id: &mut u128) -> Attempt {
    let (head, events) = text.trim().trim_end_matches(']').split_once('[').unwrap();
    let words: Vec<&str> = head.split_whitespace().collect();
    let events: Vec<Event> = events.split(';').map(|e| event(e, &day[..4], id)).collect();
    *id += 1;
    Attempt {
        id: Uuid::from_u128(*id),
        channel: Channel::parse(words[0]).unwrap(),
        purpose: Purpose::parse(words[1]).unwrap(),
        address: None,
        standing: Standing::parse(words[2]).unwrap(),
        consent: Strength::parse(words[3]).unwrap(),
        refused: words.get(4) == Some(&"refused"),
        started_at: events.iter().map(|e| e.at).min().unwrap().min(time(&format!("{day}T00:00"), "")),
        reminder_day: None,
        events,
    }
}

fn rebuttal(text: &str, attempts: &[Attempt], year: &str) -> Rebuttal {
    let words: Vec<&str> = text.split_whitespace().collect();
    Rebuttal {
        attempt: attempts[words[0].parse::<usize>().unwrap()].id,
        ground: Ground::parse(words[1]).unwrap(),
        state: RebuttalState::parse(words[2]).unwrap(),
        filed_at: time(words[3], year),
        decided_at: words.get(4).map(|t| time(t, year)),
    }
}

// part of L31
#[test]
fn every_row_of_the_tables_holds() {
    let (calendar, modes, table) = (calendar(), CountingModes::default(), ServiceTable::built_in().unwrap());
    let mut reader = csv::Reader::from_reader(include_str!("../../tests/vectors/eservice.csv").as_bytes());
    let mut rows = std::collections::BTreeSet::new();
    for record in reader.records() {
        let r = record.unwrap();
        let (name, day) = (format!("{} {}", &r[0], &r[1]), &r[7]);
        let kind = (PaperKind::parse(&r[4]).unwrap(), CaseKind::parse(&r[3]).unwrap());
        let allowed = table.decide(&r[2], kind.0, kind.1, day.parse().unwrap(), None);
        let m = Matter { paper: kind.0, procedure: Procedure::parse(&r[5]).unwrap(), abroad: &r[6] == "yes", allowed: &allowed };
        let mut id = 0;
        let attempts: Vec<Attempt> = r[8].split(" + ").map(|a| attempt(a, day, &mut id)).collect();
        let rebuttals: Vec<Rebuttal> = r[9].split(';').filter(|t| !t.is_empty()).map(|t| rebuttal(t, &attempts, &day[..4])).collect();
        let c = Counting { calendar: &calendar, modes: &modes };
        let found = of_service(m, c, &attempts, &rebuttals, time(&r[10], ""));
        assert_eq!(found.effect.key(), &r[11], "{name}");
        assert_eq!(found.row.map(Row::key), Some(&r[12]), "{name}");
        assert_eq!(found.at, Some(&r[13]).filter(|t| !t.is_empty()).map(|t| time(t, "")), "{name}");
        assert_eq!(found.day.map(|d| d.to_string()).unwrap_or_default(), &r[14], "{name}");
        sound(&found, &attempts, &name);
        rows.insert(found.row.unwrap());
    }
    let missing: Vec<&Row> = Row::ALL.iter().filter(|row| !rows.contains(row)).collect();
    assert!(missing.is_empty(), "no vector ends in {missing:?}");
}

/// What holds for every finding, whatever happened.
fn sound(found: &Outcome, attempts: &[Attempt], name: &str) {
    let holds = found.effect.holds();
    assert_eq!((holds, holds, holds), (found.at.is_some(), found.day.is_some(), found.deciding.is_some()), "{name}");
    assert_eq!(found.day, found.at.map(beijing_date), "{name}: the day is the Beijing day of the instant");
    assert_eq!(found.counts_from, found.day.map(|d| d.succ_opt().unwrap()), "{name}: periods count from the next day");
    for f in &found.findings {
        assert!(!f.zh.is_empty() && !f.en.is_empty() && !f.article.zh.is_empty() && !f.article.en.is_empty(), "{name}");
        let of = attempts.iter().find(|a| a.id == f.attempt).unwrap();
        assert!(f.rests_on.iter().all(|id| of.events.iter().any(|e| e.id == *id)), "{name}: rests on its own events");
        assert!(!f.effect.holds() || !f.rests_on.is_empty(), "{name}: nothing is served by nothing");
        assert!(!f.effect.holds() || of.purpose != Purpose::Companion, "{name}: a companion notice never serves");
    }
}

#[test]
fn a_period_starts_the_day_after_service() {
    let calendar = calendar();
    let served: NaiveDate = "2024-05-20".parse().unwrap();
    let counted = calendar.count(Period::days(15), served, Roll::Yes).unwrap();
    assert_eq!((counted.starts_on.to_string(), counted.due_on.to_string()), ("2024-05-21".into(), "2024-06-04".into()));
    // public notice of 2024-01-10: served when 9 February has run out, the defence until the 26th
    let counted = calendar.count(Period::days(15), "2024-02-09".parse::<NaiveDate>().unwrap(), Roll::Yes).unwrap();
    assert_eq!(counted.due_on.to_string(), "2024-02-26");
}

#[test]
fn several_electronic_ways_rest_on_their_paragraph_and_paper_on_its_own() {
    let (calendar, modes, allowed) = (calendar(), CountingModes::default(), decision());
    let m = Matter { paper: PaperKind::Judgment, procedure: Procedure::Ordinary, abroad: false, allowed: &allowed };
    let mut n = 0;
    let mut of = |text: &str| attempt(text, "2026-03-02", &mut n);
    let email = of("email service confirmed full [arrived 03-04T10:00]");
    let chat = of("chat service confirmed full [arrived 03-05T10:00]");
    let post = of("post service confirmed none [signed:recipient 03-03T10:00]");
    let article = |attempts: &[Attempt]| {
        let found = of_service(m, Counting { calendar: &calendar, modes: &modes }, attempts, &[], time("2026-06-01T00:00", ""));
        (found.row.unwrap(), found.article.unwrap())
    };
    assert_eq!(article(&[email.clone(), chat]), (Row::R9, super::law::OL31_LAST));
    assert_eq!(article(&[email, post]), (Row::R9, super::law::L91));
}

#[test]
fn a_court_may_let_the_end_of_a_notice_roll() {
    let (calendar, allowed) = (calendar(), decision());
    let m = Matter { paper: PaperKind::Judgment, procedure: Procedure::Ordinary, abroad: false, allowed: &allowed };
    let notice = [attempt("public_notice service unknown none [published 2024-03-15T09:00]", "2024-03-15", &mut 0)];
    for (rolls, day) in [(false, "2024-04-14"), (true, "2024-04-15")] {
        let modes = CountingModes { roll_notice: rolls, ..CountingModes::default() };
        let found = of_service(m, Counting { calendar: &calendar, modes: &modes }, &notice, &[], time("2024-06-01T00:00", ""));
        assert_eq!(found.day.unwrap().to_string(), day, "14 April 2024 is a Sunday");
    }
}

/// Whoever got it says it is for somebody else: suspended, also a presumption; a court that finds otherwise gives it back as
/// it was; what the recipient does in the case still counts.
#[test]
fn a_strangers_word_suspends_and_a_clerk_decides() {
    let (calendar, modes, allowed) = (calendar(), CountingModes::default(), decision());
    let m = Matter { paper: PaperKind::Notice, procedure: Procedure::Ordinary, abroad: false, allowed: &allowed };
    let c = Counting { calendar: &calendar, modes: &modes };
    let found = |events: &str, when: &str| {
        let (standing, rest) = events.split_once(' ').unwrap();
        let (of, mut id) = (format!("sms service {standing} full {rest}"), 0);
        let found = of_service(m, c, &[attempt(&of, "2026-03-02", &mut id)], &[], time(when, ""));
        (found.effect, found.row.unwrap(), found.at)
    };
    let later = "2026-04-01T00:00";
    let arrived = Some(time("2026-03-02T09:00", ""));
    assert_eq!(found("confirmed [arrived 03-02T09:00; disclaimed 03-03T09:00]", "2026-03-02T12:00"), (Effect::Yes, Row::R1, arrived));
    assert_eq!(found("confirmed [arrived 03-02T09:00; disclaimed 03-03T09:00]", later), (Effect::No, Row::R3, None));
    let own = "confirmed [arrived 03-02T09:00; disclaimed 03-03T09:00; found_own 03-04T09:00]";
    assert_eq!(found(own, later), (Effect::Yes, Row::R1, arrived));
    assert_eq!(found("identified_as_own [arrived 03-02T09:00; read 03-02T10:00]", later).0, Effect::Presumed);
    let read = "identified_as_own [arrived 03-02T09:00; read 03-02T10:00; disclaimed 03-03T09:00]";
    assert_eq!(found(read, later), (Effect::No, Row::R3, None), "it was the stranger who read it");
    let acted = "identified_as_own [read 03-02T10:00; disclaimed 03-03T09:00; acted_on_content 03-05T09:00]";
    assert_eq!(found(acted, later).0, Effect::Yes);
    assert_eq!(found("confirmed [read 03-02T10:00; disclaimed 03-03T09:00]", later).0, Effect::No);
}

fn decision() -> Decision {
    Decision { allowed: true, conditions: vec![], basis: "x".into(), basis_en: "x".into(), unsure: false }
}

/// Deterministic dice.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n).unwrap()
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len() as u64)]
    }

    fn attempt(&mut self, n: u128, start: DateTime<Utc>) -> Attempt {
        let events = (0..self.roll(5)).map(|i| {
            let at = start + TimeDelta::hours(i64::try_from(self.roll(300)).unwrap());
            let mut e = Event::new(Uuid::from_u128(n * 100 + i as u128), self.pick(SystemEvent::ALL), at);
            e.by = Some(self.pick(Signer::ALL));
            e.reason = Some(self.pick(ReturnReason::ALL));
            e.witnessed = self.roll(2) == 0;
            e
        });
        let events = events.collect();
        Attempt {
            id: Uuid::from_u128(n),
            channel: self.pick(Channel::ALL),
            purpose: self.pick(Purpose::ALL),
            address: None,
            standing: self.pick(Standing::ALL),
            consent: self.pick(Strength::ALL),
            refused: self.roll(6) == 0,
            started_at: start,
            reminder_day: None,
            events,
        }
    }
}

/// Over random sendings: sound, the order of events and attempts does not matter, the earliest time is the least over the
/// ways, another sending never makes it later, and looking back from a moment never sees what came after.
#[test]
fn the_calculator_is_sound_over_random_sendings() {
    let (calendar, modes, allowed, mut dice) = (calendar(), CountingModes::default(), decision(), Dice(11));
    let start = time("2026-03-02T09:00", "");
    let c = Counting { calendar: &calendar, modes: &modes };
    for round in 0..20_000u32 {
        let m =
            Matter { paper: dice.pick(PaperKind::ALL), procedure: dice.pick(Procedure::ALL), abroad: dice.roll(5) == 0, allowed: &allowed };
        let mut attempts: Vec<Attempt> = (1..=3).map(|n| dice.attempt(n, start)).collect();
        let as_of = start + TimeDelta::hours(i64::try_from(dice.roll(900)).unwrap());
        let found = of_service(m, c, &attempts, &[], as_of);
        sound(&found, &attempts, &format!("round {round}"));
        assert_eq!(found.at, found.findings.iter().filter(|f| f.effect.holds()).filter_map(|f| f.at).min());
        assert!(found.at.is_none_or(|at| at <= as_of), "nothing is served in the future");
        let fewer = of_service(m, c, &attempts[..2], &[], as_of);
        if let Some(at) = fewer.at {
            assert!(found.at.is_some_and(|more| more <= at), "one more sending never makes it later");
        }
        let mut cut = attempts.clone();
        cut.iter_mut().for_each(|a| a.events.retain(|e| e.at <= as_of));
        assert_eq!(of_service(m, c, &cut, &[], as_of), found);
        attempts.iter_mut().for_each(|a| a.events.reverse());
        attempts.reverse();
        let turned = of_service(m, c, &attempts, &[], as_of);
        assert_eq!((turned.effect.holds(), turned.at, turned.deciding), (found.effect.holds(), found.at, found.deciding));
    }
}

/// Only a presumption can be rebutted; a rebuttal never makes anything served earlier, and an open one moves nothing.
#[test]
fn a_rebuttal_touches_presumptions_only() {
    let (calendar, modes, allowed, mut dice) = (calendar(), CountingModes::default(), decision(), Dice(5));
    let start = time("2026-03-02T09:00", "");
    let c = Counting { calendar: &calendar, modes: &modes };
    let mut fell = 0;
    for _ in 0..20_000 {
        let m = Matter { paper: PaperKind::Notice, procedure: Procedure::Ordinary, abroad: false, allowed: &allowed };
        let a = dice.attempt(1, start);
        let as_of = start + TimeDelta::days(40);
        let before = of_service(m, c, std::slice::from_ref(&a), &[], as_of);
        for state in RebuttalState::ALL {
            let decided_at = (*state != RebuttalState::Open).then_some(as_of - TimeDelta::days(1));
            let r = [Rebuttal { attempt: a.id, ground: Ground::SystemError, state: *state, filed_at: start, decided_at }];
            let after = of_service(m, c, std::slice::from_ref(&a), &r, as_of);
            match (before.effect, state) {
                (Effect::Presumed, RebuttalState::Upheld) => {
                    fell += 1;
                    assert!(after.effect != Effect::Presumed && after.at.is_none_or(|at| Some(at) > before.at));
                }
                (Effect::Presumed, RebuttalState::Open) => assert!(after.contested && after.at == before.at),
                _ => assert_eq!(after.at, before.at),
            }
        }
    }
    assert!(fell > 100, "{fell}");
}
