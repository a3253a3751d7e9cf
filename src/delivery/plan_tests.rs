use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::allowed::Decision;
use super::effect::{Attempt, Counting, Event, Matter, Rebuttal, of_service};
use super::plan::{Next, Reach, ServiceRules, Situation, Target, next};
use super::words::{Channel, Condition, Effect, Ground, PaperKind, Procedure, Purpose, RebuttalState, ReturnReason, Row, Signer};
use super::words::{Standing, Strength, SystemEvent};
use crate::court::calendar::Calendar;
use crate::court::periods::CountingModes;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("2026-{text}:00+08:00")).unwrap().to_utc()
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

static CALENDAR: std::sync::LazyLock<Calendar> =
    std::sync::LazyLock::new(|| Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap());

/// A recipient and what happens to the papers.
struct World {
    modes: CountingModes,
    rules: ServiceRules,
    allowed: Decision,
    paper: PaperKind,
    procedure: Procedure,
    reaches: Vec<Reach>,
    postal: Vec<Uuid>,
    attempts: Vec<Attempt>,
    rebuttals: Vec<Rebuttal>,
    unknown: bool,
    ids: u128,
}

impl World {
    fn new(reaches: &[(Channel, Standing, Strength)]) -> Self {
        let allowed = Decision { allowed: true, conditions: vec![], basis: "x".into(), basis_en: "x".into(), unsure: false };
        let reaches = reaches.iter().enumerate();
        Self {
            modes: CountingModes::default(),
            rules: ServiceRules::default(),
            allowed,
            paper: PaperKind::Notice,
            procedure: Procedure::Ordinary,
            reaches: reaches.map(|(i, r)| Reach { address: id(1 + i as u128), channel: r.0, standing: r.1, consent: r.2 }).collect(),
            postal: vec![id(50)],
            attempts: vec![],
            rebuttals: vec![],
            unknown: false,
            ids: 1000,
        }
    }

    fn situation(&self) -> Situation<'_> {
        Situation {
            matter: Matter { paper: self.paper, procedure: self.procedure, abroad: false, allowed: &self.allowed },
            counting: Counting { calendar: &CALENDAR, modes: &self.modes },
            rules: &self.rules,
            reaches: &self.reaches,
            postal: &self.postal,
            attempts: &self.attempts,
            rebuttals: &self.rebuttals,
            whereabouts_unknown: self.unknown,
            paper_wanted: true,
        }
    }

    fn next(&self, now: &str) -> Next {
        self.step(at(now))
    }

    fn step(&self, now: DateTime<Utc>) -> Next {
        let planned = next(&self.situation(), now);
        assert!(!planned.zh.is_empty() && !planned.en.is_empty() && !planned.article.zh.is_empty());
        planned.next
    }

    fn holds(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let s = self.situation();
        of_service(s.matter, s.counting, s.attempts, s.rebuttals, now).at
    }

    /// Writes an attempt down, with what is reported of it.
    fn tried(&mut self, channel: Channel, address: u128, start: &str, events: &[(SystemEvent, &str)]) -> &mut Attempt {
        self.begin(channel, Purpose::Service, Some(id(address)), at(start));
        for (what, when) in events {
            self.report(*what, at(when));
        }
        self.attempts.last_mut().unwrap()
    }

    fn begin(&mut self, channel: Channel, purpose: Purpose, address: Option<Uuid>, now: DateTime<Utc>) {
        let reach = self.reaches.iter().find(|r| Some(r.address) == address);
        self.ids += 1;
        self.attempts.push(Attempt {
            id: id(self.ids),
            channel,
            purpose,
            address,
            standing: reach.map_or(Standing::Unknown, |r| r.standing),
            consent: reach.map_or(Strength::None, |r| r.consent),
            refused: false,
            started_at: now,
            reminder_day: None,
            events: vec![],
        });
    }

    fn report(&mut self, what: SystemEvent, when: DateTime<Utc>) -> &mut Event {
        self.ids += 1;
        let event = Event::new(id(self.ids), what, when);
        let events = &mut self.attempts.last_mut().unwrap().events;
        events.push(event);
        events.last_mut().unwrap()
    }
}

use Channel::{Chat, Email, Inbox, NationalPlatform, Sms};
use Standing::{Confirmed, IdentifiedAsOwn, Provided, Unknown};
use Strength::{ByConduct, Full};
use SystemEvent::{Arrived, Bounced, HandedOver, MailboxFull, NumberOff, Read, Refused, Returned, SentOk, Signed};

fn to(n: u128, channel: Channel) -> Vec<Target> {
    vec![Target { address: id(n), channel }]
}

// proves: L32
#[test]
fn a_companion_goes_along_and_never_serves() {
    let mut w = World::new(&[(Email, Confirmed, Full)]);
    let Next::Send { to: sent, companions, sign } = w.next("03-02T10:00") else { panic!() };
    assert_eq!((sent, companions, sign), (to(1, Email), vec![Sms], false));
    w.tried(Email, 1, "03-02T10:00", &[(HandedOver, "03-02T10:00")]);
    w.begin(Sms, Purpose::Companion, None, at("03-02T10:00"));
    for what in [SentOk, Arrived, Read, SystemEvent::AnsweredReceived, SystemEvent::ActedOnContent] {
        w.report(what, at("03-02T10:05"));
    }
    assert_eq!(w.holds(at("03-20T00:00")), None);
    assert_eq!(w.next("03-02T11:00"), Next::Wait { until: at("03-03T10:00") });
}

#[test]
fn the_first_lawful_effect_ends_it() {
    let mut w = World::new(&[(Inbox, Confirmed, Full), (Email, Provided, Full)]);
    w.allowed.conditions = vec![Condition::PaperOnRequest];
    w.tried(Inbox, 1, "03-02T10:00", &[(Arrived, "03-02T10:00")]);
    let done = w.next("03-02T10:00");
    let (at_, day) = (at("03-02T10:00"), "2026-03-02".parse().unwrap());
    assert_eq!(done, Next::Done { effect: Effect::Yes, at: at_, day, paper_copy_due: true });
    assert_eq!(w.next("05-02T10:00"), done);
}

#[test]
fn shown_as_sent_waits_for_a_bounce_and_keeps_its_day() {
    let mut w = World::new(&[(Email, Confirmed, Full), (Chat, Provided, Full)]);
    w.tried(Email, 1, "03-02T10:00", &[(SentOk, "03-02T10:00")]);
    assert_eq!(w.next("03-02T12:00"), Next::Wait { until: at("03-03T10:00") });
    assert!(matches!(w.next("03-03T10:00"), Next::Done { at: t, .. } if t == at("03-02T10:00")));
    w.report(Bounced, at("03-02T12:00"));
    assert!(matches!(w.next("03-02T12:00"), Next::Send { to: t, .. } if t == to(2, Chat)), "the next address at once");
}

#[test]
fn a_bounce_tries_the_next_address_then_a_day_later_then_paper() {
    let mut w = World::new(&[(Email, Confirmed, Full), (Chat, Confirmed, Full)]);
    w.tried(Email, 1, "03-02T10:00", &[(Bounced, "03-02T10:01")]);
    assert!(matches!(w.next("03-02T10:01"), Next::Send { to: t, .. } if t == to(2, Chat)));
    w.tried(Chat, 2, "03-02T10:01", &[(MailboxFull, "03-02T10:02")]);
    assert_eq!(w.next("03-02T10:02"), Next::Wait { until: at("03-03T10:01") });
    assert!(matches!(w.next("03-03T10:01"), Next::Send { to: t, .. } if t == to(1, Email)));
    w.tried(Email, 1, "03-03T10:01", &[(NumberOff, "03-03T10:02")]);
    assert_eq!(w.next("03-03T10:02"), Next::Post { address: id(50) }, "three tries");
    // one address: at most three tries in three days, a day apart
    let mut w = World::new(&[(Email, Confirmed, Full)]);
    w.rules.most_tries = 9;
    let mut now = at("03-02T10:00");
    let mut sends = 0;
    loop {
        match w.step(now) {
            Next::Send { .. } => {
                w.begin(Email, Purpose::Service, Some(id(1)), now);
                w.report(Bounced, now);
                sends += 1;
            }
            Next::Wait { until } => now = until,
            other => break assert_eq!(other, Next::Post { address: id(50) }),
        }
    }
    assert_eq!((sends, now), (3, at("03-04T10:00")));
}

#[test]
fn no_address_is_tried_after_the_days_the_court_gives() {
    let mut w = World::new(&[(Email, Confirmed, Full), (Chat, Confirmed, Full)]);
    w.tried(Email, 1, "03-02T10:00", &[(HandedOver, "03-02T10:00")]);
    assert!(matches!(w.next("03-03T10:00"), Next::Send { to: t, .. } if t == to(2, Chat)), "silent for a day");
    w.rules.within_days = 1;
    assert_eq!(w.next("03-03T10:00"), Next::Post { address: id(50) });
}

#[test]
fn silence_is_reminded_on_days_one_and_three_and_goes_on_paper_on_day_five() {
    let mut w = World::new(&[(Chat, IdentifiedAsOwn, Full)]);
    w.tried(Chat, 1, "03-02T10:00", &[(Arrived, "03-02T10:01")]);
    assert_eq!(w.next("03-02T10:01"), Next::Wait { until: at("03-03T10:00") });
    for (when, day, later, until) in [("03-03T10:00", 1, "03-04T10:00", "03-05T10:00"), ("03-05T10:00", 3, "03-05T10:01", "03-07T10:00")] {
        assert_eq!(w.next(when), Next::Remind { day, by: vec![Sms] });
        w.begin(Sms, Purpose::Companion, None, at(when));
        w.attempts.last_mut().unwrap().reminder_day = Some(day);
        assert_eq!(w.next(when), Next::Wait { until: at(until) }, "reminded once");
        assert_eq!(w.next(later), Next::Wait { until: at(until) });
    }
    assert_eq!(w.next("03-07T09:59"), Next::Wait { until: at("03-07T10:00") });
    assert_eq!(w.next("03-07T10:00"), Next::Post { address: id(50) });
    // a worker that slept over day one reminds once, not twice
    let mut w = World::new(&[(Chat, IdentifiedAsOwn, Full)]);
    w.tried(Chat, 1, "03-02T10:00", &[(Arrived, "03-02T10:01")]);
    assert_eq!(w.next("03-06T10:00"), Next::Remind { day: 3, by: vec![Sms] });
    w.begin(Sms, Purpose::Companion, None, at("03-06T10:00"));
    w.attempts.last_mut().unwrap().reminder_day = Some(3);
    assert_eq!(w.next("03-06T10:00"), Next::Wait { until: at("03-07T10:00") });
}

#[test]
fn without_full_consent_or_where_the_rule_forbids_it_goes_on_paper() {
    for consent in [Strength::None, ByConduct] {
        let w = World::new(&[(Inbox, Confirmed, consent)]);
        assert_eq!(w.next("03-02T10:00"), Next::Post { address: id(50) });
    }
    let w = World::new(&[(Inbox, Unknown, Full)]);
    assert_eq!(w.next("03-02T10:00"), Next::Post { address: id(50) });
    let mut w = World::new(&[(Inbox, Confirmed, Full)]);
    w.allowed.allowed = false;
    assert_eq!(w.next("03-02T10:00"), Next::Post { address: id(50) });
    let mut w = World::new(&[(Chat, IdentifiedAsOwn, Full), (Email, IdentifiedAsOwn, Full)]);
    w.tried(Chat, 1, "03-02T10:00", &[(Arrived, "03-02T10:01"), (Refused, "03-02T11:00")]);
    assert_eq!(w.next("03-02T11:00"), Next::Post { address: id(50) }, "a clear no ends electronic service at once");
}

#[test]
fn the_court_chooses_the_order_and_given_addresses_go_first() {
    let mut w = World::new(&[(Inbox, IdentifiedAsOwn, Full), (Email, Provided, Full), (NationalPlatform, Confirmed, Full)]);
    assert!(matches!(w.next("03-02T10:00"), Next::Send { to: t, .. } if t == to(3, NationalPlatform)));
    w.rules.order = vec![Email, Inbox];
    assert!(matches!(w.next("03-02T10:00"), Next::Send { to: t, .. } if t == to(2, Email)), "a channel not named is not used");
    w.rules.at_once = 3;
    assert!(matches!(w.next("03-02T10:00"), Next::Send { to: t, .. } if t.len() == 2));
}

#[test]
fn a_rebuttal_is_decided_before_anything_else_and_a_felled_presumption_goes_on() {
    let mut w = World::new(&[(Chat, IdentifiedAsOwn, Full), (Email, IdentifiedAsOwn, Full)]);
    let read = w.tried(Chat, 1, "03-02T10:00", &[(Read, "03-02T12:00")]).id;
    assert!(matches!(w.next("03-02T12:00"), Next::Done { effect: Effect::Presumed, .. }));
    let (ground, filed_at) = (Ground::NotOwnAddress, at("03-03T09:00"));
    w.rebuttals.push(Rebuttal { attempt: read, ground, state: RebuttalState::Open, filed_at, decided_at: None });
    assert_eq!(w.next("03-03T10:00"), Next::DecideRebuttal { attempt: read });
    w.rebuttals[0] = Rebuttal { state: RebuttalState::Upheld, decided_at: Some(at("03-04T09:00")), ..w.rebuttals[0].clone() };
    assert!(matches!(w.next("03-04T09:00"), Next::Send { to: t, .. } if t == to(2, Email)), "not to the address that was not his");
    w.reaches.truncate(1);
    assert_eq!(w.next("03-04T09:00"), Next::Post { address: id(50) }, "there is no other");
    w.rebuttals[0].state = RebuttalState::Rejected;
    assert!(matches!(w.next("03-04T09:00"), Next::Done { effect: Effect::Presumed, .. }));
}

#[test]
fn paper_falls_from_post_to_hand_to_public_notice() {
    let mut w = World::new(&[]);
    assert_eq!(w.next("03-02T10:00"), Next::Post { address: id(50) });
    w.tried(Channel::Post, 50, "03-02T10:00", &[(SystemEvent::Posted, "03-02T16:00")]);
    assert_eq!(w.next("03-03T10:00"), Next::Wait { until: at("03-17T10:00") });
    w.report(Returned, at("03-10T09:00")).reason = Some(ReturnReason::NobodyMet);
    let ways = vec![Channel::Direct, Channel::AppointedReceiver, Channel::HouseholdAdult, Channel::Entrusted];
    assert_eq!(w.next("03-10T09:00"), Next::ByHand { ways });
    w.tried(Channel::Direct, 50, "03-11T10:00", &[]);
    assert_eq!(w.next("03-11T10:00"), Next::Wait { until: at("03-26T10:00") });
    let mut refuses = World { attempts: w.attempts.clone(), ..World::new(&[]) };
    refuses.report(Refused, at("03-11T11:00"));
    assert_eq!(refuses.next("03-11T11:00"), Next::ByHand { ways: vec![Channel::LeaveService] });
    assert!(matches!(w.next("03-26T10:00"), Next::PublicNotice { conditions } if conditions.len() == 3));
    for (procedure, step) in [(Procedure::Summary, Next::ToOrdinary), (Procedure::SmallClaims, Next::ToOrdinary)] {
        w.procedure = procedure;
        assert_eq!(w.next("03-26T10:00"), step);
    }
    w.procedure = Procedure::Ordinary;
    for paper in [PaperKind::MediationStatement, PaperKind::PaymentOrder] {
        w.paper = paper;
        assert_eq!(w.next("03-26T10:00"), Next::NoWayLeft);
    }
    w.paper = PaperKind::Judgment;
    w.tried(Channel::PublicNotice, 50, "03-26T11:00", &[]);
    assert_eq!(w.next("03-26T11:00"), Next::Wait { until: at("04-10T11:00") });
    w.report(SystemEvent::Published, at("03-28T09:00"));
    assert_eq!(w.next("03-28T09:00"), Next::Wait { until: at("04-28T00:00") });
    assert!(matches!(w.next("04-28T00:00"), Next::Done { day, .. } if day == "2026-04-27".parse().unwrap()));
}

#[test]
fn a_mediation_statement_is_never_left_and_whoever_cannot_be_found_is_not_written_to() {
    let mut w = World::new(&[]);
    w.paper = PaperKind::MediationStatement;
    w.postal.clear();
    assert_eq!(w.next("03-02T10:00"), Next::ByHand { ways: vec![Channel::Direct, Channel::AppointedReceiver, Channel::Entrusted] });
    w.tried(Channel::Direct, 50, "03-02T10:00", &[(Refused, "03-02T11:00")]);
    assert_eq!(w.next("03-02T11:00"), Next::NoWayLeft, "who refuses a mediation statement has gone back on it");
    let mut w = World::new(&[]);
    w.unknown = true;
    assert!(matches!(w.next("03-02T10:00"), Next::PublicNotice { .. }));
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n).unwrap()
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len() as u64)]
    }

    fn world(&mut self) -> World {
        let channels = [Inbox, NationalPlatform, Email, Chat, Sms];
        let reaches: Vec<_> = (0..self.roll(4))
            .map(|_| (self.pick(&channels), self.pick(Standing::ALL), self.pick(&[Full, Full, Full, Strength::None])))
            .collect();
        let mut w = World::new(&reaches);
        w.paper = self.pick(PaperKind::ALL);
        w.procedure = self.pick(Procedure::ALL);
        w.allowed.allowed = self.roll(8) > 0;
        w.rules.at_once = self.pick(&[1, 1, 2, 5]);
        w.rules.most_tries = self.pick(&[1, 3, 3, 4]);
        w.postal = (0..self.roll(3)).map(|i| id(50 + i as u128)).collect();
        w.unknown = self.roll(10) == 0;
        w
    }

    /// What the world reports of the attempt just made, now or later.
    fn fate(&mut self, w: &mut World, now: DateTime<Utc>) {
        let words: &[SystemEvent] = match w.attempts.last().unwrap().channel {
            Channel::PublicNotice => &[SystemEvent::Published],
            Channel::Post => &[SystemEvent::Posted, SystemEvent::CourierTried, Signed, Returned, SystemEvent::NoFaultProved],
            c if c.is_electronic() => {
                &[HandedOver, SentOk, Arrived, Bounced, MailboxFull, NumberOff, Read, Refused, SystemEvent::AnsweredReceived]
            }
            _ => &[Signed, Refused, SystemEvent::Left],
        };
        for _ in 0..self.roll(3) {
            let (what, after) = (self.pick(words), TimeDelta::minutes(i64::try_from(self.roll(60 * 24 * 8)).unwrap()));
            let (by, reason) = (self.pick(Signer::ALL), self.pick(ReturnReason::ALL));
            let event = w.report(what, now + after);
            (event.by, event.reason, event.witnessed) = (Some(by), Some(reason), true);
        }
    }
}

/// Over random recipients, rules and fates: the same question has one answer, whatever the order of what is known; the
/// step always leads on; at most so many electronic tries; nothing goes twice while it is under way; nothing is sent once
/// it is served; it ends at the first lawful effect.
#[test]
fn the_plan_leads_on_and_ends_at_the_first_lawful_effect() {
    let mut dice = Dice(3);
    let (mut ends, mut rebutted) = (std::collections::BTreeMap::<&str, u32>::new(), 0);
    for round in 0..3_000u32 {
        let mut w = dice.world();
        let mut now = at("03-02T09:00");
        let mut steps = 0;
        let end = loop {
            steps += 1;
            assert!(steps < 80, "round {round} does not end");
            let step = w.step(now);
            w.attempts.reverse();
            assert_eq!(w.step(now), step, "round {round}: the order of what is known");
            w.attempts.reverse();
            if !matches!(step, Next::Done { .. } | Next::Wait { .. } | Next::DecideRebuttal { .. }) {
                assert_eq!(w.holds(now), None, "round {round}: nothing more once it is served");
            }
            if let Some(end) = carry_out(&mut w, &mut dice, &step, &mut now, round) {
                break end;
            }
        };
        *ends.entry(end).or_default() += 1;
        rebutted += w.rebuttals.len();
        let electronic = w.attempts.iter().filter(|a| a.purpose == Purpose::Service && a.channel.is_electronic()).count();
        assert!(electronic <= w.rules.bound(), "round {round}: {electronic} tries");
    }
    assert!(rebutted > 50, "{rebutted}");
    assert!(ends["done"] > 1_000 && ends["no way left"] > 20, "{ends:?}");
}

/// Does what the plan says and lets the world answer; tells the end when it is one.
fn carry_out(w: &mut World, dice: &mut Dice, step: &Next, now: &mut DateTime<Utc>, round: u32) -> Option<&'static str> {
    match step {
        Next::Done { at, effect, .. } => {
            assert_eq!(Some(*at), w.holds(*now), "round {round}");
            assert!(effect.holds() && *at <= *now);
            // served stays served: asked later, with nothing new but what bears no fault, the day does not move
            let quiet = w.attempts.iter().all(|a| a.events.iter().all(|e| e.at <= *now));
            assert!(!quiet || w.step(*now + TimeDelta::days(90)) == *step, "round {round}");
            if *effect != Effect::Presumed || !w.rebuttals.is_empty() || dice.roll(3) == 0 {
                return Some("done");
            }
            let attempt = of_service(w.situation().matter, w.situation().counting, &w.attempts, &[], *now).deciding.unwrap();
            let (ground, state) = (dice.pick(Ground::ALL), dice.pick(&[RebuttalState::Upheld, RebuttalState::Rejected]));
            w.rebuttals.push(Rebuttal { attempt, ground, state, filed_at: *now, decided_at: Some(*now + TimeDelta::hours(30)) });
        }
        Next::NoWayLeft => return Some("no way left"),
        Next::DecideRebuttal { attempt } => {
            assert_eq!(w.rebuttals[0].attempt, *attempt);
            *now = w.rebuttals[0].decided_at.unwrap();
        }
        Next::Wait { until } => {
            assert!(*until > *now, "round {round}: waits for what is past");
            // it looks again at the time, or when something is reported
            let told = w.attempts.iter().flat_map(|a| &a.events).map(|e| e.at).filter(|t| *t > *now).min();
            *now = told.unwrap_or(*until).min(*until);
        }
        Next::ToOrdinary => w.procedure = Procedure::Ordinary,
        Next::Remind { day, by } => {
            let again = w.attempts.iter().any(|a| a.reminder_day.is_some_and(|d| d >= *day));
            assert!(!again, "round {round}: reminded twice");
            w.begin(by[0], Purpose::Companion, None, *now);
            w.attempts.last_mut().unwrap().reminder_day = Some(*day);
            dice.fate(w, *now);
        }
        Next::Send { to, companions, .. } => {
            for target in to {
                let reach = w.reaches.iter().find(|r| r.address == target.address).unwrap();
                assert!(reach.consent == Full && reach.standing != Unknown && w.allowed.allowed, "round {round}: sent without right");
                let since = w.attempts.iter().filter(|a| a.address == Some(target.address)).map(|a| *now - a.started_at).min();
                let not_own = |a: &Attempt| a.address == Some(target.address) && a.id == w.rebuttals[0].attempt;
                let fell = w.rebuttals.iter().any(|r| r.ground == Ground::NotOwnAddress && r.state_at(*now) == Some(RebuttalState::Upheld));
                assert!(!(fell && w.attempts.iter().any(not_own)), "round {round}: to an address that is not his");
                assert!(since.is_none_or(|s| s >= TimeDelta::hours(24)), "round {round}: the same again too soon");
                w.begin(target.channel, Purpose::Service, Some(target.address), *now);
                dice.fate(w, *now);
            }
            for companion in companions {
                w.begin(*companion, Purpose::Companion, None, *now);
                dice.fate(w, *now);
            }
        }
        Next::Post { address } => on_paper(w, dice, Channel::Post, Some(*address), *now, round),
        Next::ByHand { ways } => on_paper(w, dice, ways[0], None, *now, round),
        Next::PublicNotice { .. } => {
            assert!(!w.procedure.is_summary(), "round {round}");
            on_paper(w, dice, Channel::PublicNotice, None, *now, round);
            if w.attempts.last().unwrap().events.is_empty() {
                w.report(SystemEvent::Published, *now + TimeDelta::days(2));
            }
        }
    }
    None
}

fn on_paper(w: &mut World, dice: &mut Dice, channel: Channel, address: Option<Uuid>, now: DateTime<Utc>, round: u32) {
    let twice = w.attempts.iter().any(|a| a.channel == channel && a.address == address);
    assert!(!twice, "round {round}: {} twice", channel.key());
    w.begin(channel, Purpose::Service, address, now);
    dice.fate(w, now);
}

#[test]
fn a_summons_in_summary_procedure_waits_for_its_confirmation_like_any_other() {
    let mut w = World::new(&[(Email, IdentifiedAsOwn, Full)]);
    (w.paper, w.procedure) = (PaperKind::Summons, Procedure::Summary);
    w.tried(Email, 1, "03-02T10:00", &[(SentOk, "03-02T10:00")]);
    let s = w.situation();
    let found = of_service(s.matter, s.counting, s.attempts, s.rebuttals, at("03-02T12:00"));
    assert_eq!((found.effect, found.row), (Effect::NoticeUnusable, Some(Row::R10)));
    assert_eq!(w.next("03-02T12:00"), Next::Wait { until: at("03-03T10:00") });
    assert!(matches!(w.next("03-07T10:00"), Next::Post { .. }));
}

#[test]
fn rules_of_a_court_are_read_with_the_defaults() {
    let rules: ServiceRules = serde_json::from_str(r#"{"most_tries":2,"order":["email"]}"#).unwrap();
    assert_eq!((rules.most_tries, rules.within_days, rules.order), (2, 3, vec![Email]));
    assert!(serde_json::from_str::<ServiceRules>(r#"{"tries":2}"#).is_err());
}
