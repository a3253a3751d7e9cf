use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::consent_rules::{Address, Asked, Entry, Says, Scope, confirmed_addresses, in_force, standing};
use super::words::{Channel, ConsentKind, PaperKind, Stage, Standing, Step, Strength};

const PARTY: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);
const SERVICE: Uuid = Uuid::from_u128(3);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn mail(value: &str) -> Address {
    Address { channel: Channel::Email, value: value.into() }
}

fn entry(says: Says, when: &str) -> Entry {
    let at = at(when);
    Entry {
        id: Uuid::from_u128(u128::from(at.timestamp().unsigned_abs())),
        party: PARTY,
        step: Step::Service,
        says,
        stage: Stage::FirstInstance,
        scope: Scope::ThisStage,
        channels: vec![],
        addresses: vec![],
        papers: None,
        confirmation: false,
        service: None,
        at,
        valid_from: crate::court::beijing::beijing_date(at),
        proof: "test".into(),
    }
}

fn given(kind: ConsentKind, when: &str) -> Entry {
    entry(Says::Given(kind), when)
}

struct Ask {
    stage: Stage,
    address: Address,
    when: &'static str,
    paper: PaperKind,
    service: Option<Uuid>,
}

impl Default for Ask {
    fn default() -> Self {
        Self { stage: Stage::FirstInstance, address: mail("a"), when: "2026-03-10T02:00:00Z", paper: PaperKind::Notice, service: None }
    }
}

fn ask(ledger: &[Entry], a: &Ask) -> (Strength, Option<ConsentKind>, bool) {
    let asked = Asked { party: PARTY, stage: a.stage, address: &a.address, paper: a.paper, service: a.service, at: at(a.when) };
    let found = in_force(ledger, asked);
    assert!(!found.zh.is_empty() && !found.en.is_empty() && !found.article.zh.is_empty());
    assert_eq!(found.kind.is_some(), found.strength > Strength::None);
    assert!(found.strength == Strength::None || found.entry.is_some());
    (found.strength, found.kind, found.refused)
}

// proves: L29 D02
#[test]
fn each_kind_of_consent_has_its_strength() {
    use ConsentKind::{ByConduct, Express, GaveAddress, Prior};
    assert_eq!(ask(&[], &Ask::default()), (Strength::None, None, false), "silence is no consent");
    for kind in [Express, Prior] {
        let ledger = [given(kind, "2026-03-01T00:00:00Z")];
        assert_eq!(ask(&ledger, &Ask::default()), (Strength::Full, Some(kind), false));
        assert_eq!(ask(&ledger, &Ask { address: mail("b"), ..Ask::default() }).0, Strength::Full);
    }
    let mut gave = given(GaveAddress, "2026-03-01T00:00:00Z");
    gave.addresses = vec![mail("a")];
    assert_eq!(ask(&[gave.clone()], &Ask::default()), (Strength::Full, Some(GaveAddress), false));
    assert_eq!(ask(&[gave], &Ask { address: mail("b"), ..Ask::default() }).0, Strength::None, "for that address only");
    let mut conduct = given(ByConduct, "2026-03-01T00:00:00Z");
    conduct.service = Some(SERVICE);
    let asked = Ask { service: Some(SERVICE), ..Ask::default() };
    assert_eq!(ask(&[conduct.clone()], &asked), (Strength::ByConduct, Some(ByConduct), false));
    assert_eq!(ask(&[conduct], &Ask { service: Some(OTHER), ..Ask::default() }).0, Strength::None, "only for services so accepted");
}

#[test]
fn a_clear_no_ends_consent_until_it_is_given_anew() {
    for no in [Says::Refused, Says::Withdrawn] {
        let mut ledger = vec![given(ConsentKind::Express, "2026-03-01T00:00:00Z"), entry(no, "2026-03-05T00:00:00Z")];
        assert_eq!(ask(&ledger, &Ask { when: "2026-03-04T02:00:00Z", ..Ask::default() }).0, Strength::Full, "before");
        assert_eq!(ask(&ledger, &Ask::default()), (Strength::None, None, true));
        let mut conduct = given(ConsentKind::ByConduct, "2026-03-06T00:00:00Z");
        conduct.service = Some(SERVICE);
        ledger.push(conduct);
        assert_eq!(ask(&ledger, &Ask { service: Some(SERVICE), ..Ask::default() }), (Strength::None, None, true), "conduct after a no");
        ledger.push(given(ConsentKind::Express, "2026-03-07T00:00:00Z"));
        assert_eq!(ask(&ledger, &Ask::default()).0, Strength::Full);
    }
    // a no on appeal ends what was to carry on to enforcement, and nothing that came before the appeal
    let mut no = entry(Says::Refused, "2026-03-05T00:00:00Z");
    no.stage = Stage::SecondInstance;
    let ledger = [Entry { scope: Scope::AllStages, ..given(ConsentKind::Express, "2026-03-01T00:00:00Z") }, no];
    for (stage, strength) in [
        (Stage::FirstInstance, Strength::Full),
        (Stage::SecondInstance, Strength::None),
        (Stage::Retrial, Strength::None),
        (Stage::Enforcement, Strength::None),
    ] {
        assert_eq!(ask(&ledger, &Ask { stage, ..Ask::default() }).0, strength, "{stage:?}");
    }
    // a no to one channel leaves the others
    let mut no = entry(Says::Withdrawn, "2026-03-05T00:00:00Z");
    no.channels = vec![Channel::Sms];
    let ledger = [given(ConsentKind::Express, "2026-03-01T00:00:00Z"), no];
    assert_eq!(ask(&ledger, &Ask::default()).0, Strength::Full);
    let sms = Address { channel: Channel::Sms, value: "1".into() };
    assert_eq!(ask(&ledger, &Ask { address: sms, ..Ask::default() }), (Strength::None, None, true));
}

// part of L04
#[test]
fn consent_to_a_step_or_a_stage_is_not_consent_to_another() {
    for step in [Step::Filing, Step::Mediation, Step::Hearing, Step::EvidenceExchange, Step::Inquiry] {
        let mut online = given(ConsentKind::Express, "2026-03-01T00:00:00Z");
        online.step = step;
        online.scope = Scope::AllStages;
        assert_eq!(ask(&[online], &Ask::default()).0, Strength::None, "{step:?}");
    }
    let first = given(ConsentKind::Express, "2026-03-01T00:00:00Z");
    for stage in [Stage::SecondInstance, Stage::Retrial, Stage::Enforcement] {
        assert_eq!(ask(std::slice::from_ref(&first), &Ask { stage, ..Ask::default() }).0, Strength::None, "{stage:?}");
        let all = Entry { scope: Scope::AllStages, ..first.clone() };
        assert_eq!(ask(&[all], &Ask { stage, ..Ask::default() }).0, Strength::Full, "its scope says so");
    }
}

fn confirmed(addresses: &[&str], when: &str) -> Entry {
    let addresses = addresses.iter().map(|a| mail(a)).collect();
    Entry { confirmation: true, addresses, ..given(ConsentKind::Express, when) }
}

// proves: L48
#[test]
fn a_confirmed_address_carries_on_until_it_is_changed() {
    let mut ledger = vec![confirmed(&["a"], "2026-03-01T00:00:00Z")];
    for stage in [Stage::SecondInstance, Stage::Retrial, Stage::Enforcement] {
        assert_eq!(ask(&ledger, &Ask { stage, ..Ask::default() }).0, Strength::Full, "{stage:?}");
        assert_eq!(ask(&ledger, &Ask { stage, address: mail("b"), ..Ask::default() }).0, Strength::None, "carries for that address only");
        assert_eq!(standing(&ledger, PARTY, stage, &mail("a"), at("2026-03-10T02:00:00Z"), false), Standing::Confirmed);
    }
    // changed in writing on appeal, from a day on: the old one stands until then and no longer
    let mut changed = confirmed(&["b"], "2026-03-05T00:00:00Z");
    changed.stage = Stage::SecondInstance;
    changed.valid_from = "2026-03-08".parse().unwrap();
    ledger.push(changed);
    let appeal = |address: &str, when: &'static str| {
        let asked = Ask { stage: Stage::SecondInstance, address: mail(address), when, ..Ask::default() };
        (ask(&ledger, &asked).0, standing(&ledger, PARTY, Stage::SecondInstance, &mail(address), at(when), false))
    };
    assert_eq!(appeal("a", "2026-03-07T15:59:59Z"), (Strength::Full, Standing::Confirmed), "the last second before, in Beijing");
    assert_eq!(appeal("b", "2026-03-07T15:59:59Z"), (Strength::None, Standing::Unknown));
    // the new consent is full, the old address is nobody's confirmed one any more: reading there proves nothing
    assert_eq!(appeal("a", "2026-03-07T16:00:00Z"), (Strength::Full, Standing::Unknown));
    assert_eq!(appeal("b", "2026-03-07T16:00:00Z"), (Strength::Full, Standing::Confirmed));
    let (_, addresses) = confirmed_addresses(&ledger, PARTY, Stage::SecondInstance, at("2026-03-10T00:00:00Z")).unwrap();
    assert_eq!(addresses, [mail("b")]);
    // what is confirmed on appeal does not carry by itself
    assert_eq!(ask(&ledger, &Ask { stage: Stage::Retrial, address: mail("b"), ..Ask::default() }).0, Strength::None);
}

// part of L30
#[test]
fn consent_reaches_the_channels_and_papers_it_names() {
    let mut limited = given(ConsentKind::Express, "2026-03-01T00:00:00Z");
    limited.channels = vec![Channel::Email];
    limited.papers = Some(vec![PaperKind::Notice, PaperKind::Evidence]);
    let ledger = [limited];
    assert_eq!(ask(&ledger, &Ask::default()).0, Strength::Full);
    assert_eq!(ask(&ledger, &Ask { paper: PaperKind::Judgment, ..Ask::default() }).0, Strength::None);
    let sms = Address { channel: Channel::Sms, value: "1".into() };
    assert_eq!(ask(&ledger, &Ask { address: sms, ..Ask::default() }).0, Strength::None);
}

#[test]
fn an_address_stands_as_it_came() {
    let mut gave = given(ConsentKind::GaveAddress, "2026-03-02T00:00:00Z");
    gave.addresses = vec![mail("p")];
    let now = at("2026-03-10T00:00:00Z");
    let of = |ledger: &[Entry], a: &str, own: bool| standing(ledger, PARTY, Stage::FirstInstance, &mail(a), now, own);
    assert_eq!(of(&[gave.clone()], "p", false), Standing::Provided);
    assert_eq!(of(&[gave.clone()], "x", true), Standing::IdentifiedAsOwn);
    assert_eq!(of(&[gave.clone()], "x", false), Standing::Unknown);
    let later = confirmed(&["c"], "2026-03-03T00:00:00Z");
    assert_eq!(of(&[gave.clone(), later], "p", true), Standing::IdentifiedAsOwn, "a later confirmation replaces it");
    let earlier = confirmed(&["c"], "2026-03-01T00:00:00Z");
    assert_eq!(of(&[gave, earlier], "p", false), Standing::Provided, "given after the confirmation");
}

/// Nothing recorded later changes what was in force before, and other people's entries change nothing.
#[test]
fn the_past_does_not_move() {
    let mut seed = 7u64;
    let mut next = |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % n
    };
    for _ in 0..2_000 {
        let mut ledger: Vec<Entry> = Vec::new();
        for i in 0..6 {
            let says = match next(5) {
                0 => Says::Refused,
                1 => Says::Withdrawn,
                n => Says::Given(ConsentKind::ALL[n as usize % 4]),
            };
            let mut e = entry(says, "2026-03-01T00:00:00Z");
            e.at += TimeDelta::hours(i * 20 + i64::try_from(next(20)).unwrap());
            e.valid_from = crate::court::beijing::beijing_date(e.at);
            e.id = Uuid::from_u128(u128::from(next(1 << 30)));
            e.confirmation = next(3) == 0;
            e.addresses = if next(2) == 0 { vec![mail("a")] } else { vec![] };
            e.stage = Stage::ALL[next(4) as usize];
            e.scope = if next(4) == 0 { Scope::AllStages } else { Scope::ThisStage };
            e.service = (next(2) == 0).then_some(SERVICE);
            ledger.push(e);
        }
        let cut = ledger[3].at;
        for stage in Stage::ALL {
            let address = mail("a");
            let asked = Asked { party: PARTY, stage: *stage, address: &address, paper: PaperKind::Notice, service: Some(SERVICE), at: cut };
            let whole = in_force(&ledger, asked);
            assert_eq!(whole, in_force(&ledger[..4], asked));
            let stranger = Asked { party: OTHER, ..asked };
            assert_eq!(in_force(&ledger, stranger).strength, Strength::None);
            if whole.refused {
                assert_eq!(whole.strength, Strength::None);
            }
        }
    }
}
