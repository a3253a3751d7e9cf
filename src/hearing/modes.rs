//! 线上、线下、混合: who takes part how, computed from the consent ledger person by person.
//!
//! Owns the answer to "who sits where" (在线诉讼规则 Art 4, 5, 24, 26): parties and who acts for them by their own consent
//! to this step and stage, proved to have been told; the court in its courtroom unless its president agreed otherwise;
//! witnesses at the court or in the online witness room. Must never carry a consent over, or send anybody online who was
//! not told.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::law::{self, Article};
use super::refusal::Refusal;
use super::seats::Seat;
use super::words::{Mode, Role};
use crate::delivery::online::{self, Answer};
use crate::delivery::words::{Stage, Step};

/// What a judge decided about one participant, against or beside the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ordered {
    /// Participant.
    pub seat: Uuid,
    /// How he or she takes part.
    pub mode: Mode,
    /// Why (在线诉讼规则 Art 5: the case is complex, a witness appears, something is inspected).
    pub reason: String,
}

/// What is known.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// 环节.
    pub step: Step,
    /// 审级.
    pub stage: Stage,
    /// The consent ledger of the case.
    pub answers: &'a [Answer],
    /// It fits online at all (`suitability.rs`), and the court permits it.
    pub permitted: bool,
    /// 院长批准法庭以外的场所, of judges and clerks who sit elsewhere.
    pub elsewhere: &'a [Uuid],
    /// Decisions about single participants.
    pub ordered: &'a [Ordered],
    /// The moment.
    pub at: DateTime<Utc>,
}

/// How one participant takes part, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seated {
    /// Participant.
    pub seat: Uuid,
    /// How.
    pub mode: Mode,
    /// The entry of the ledger it rests on.
    pub consent: Option<Uuid>,
    /// 依据.
    pub article: Article,
    /// Why.
    pub zh: &'static str,
    /// Why, in English.
    pub en: &'static str,
}

/// How the session as a whole is held.
pub use crate::delivery::online::Held;

/// Who takes part how.
pub fn seat(asked: &Asked<'_>, seats: &[Seat]) -> Vec<Seated> {
    seats.iter().map(|s| one(asked, s)).collect()
}

/// All online, mixed, or all in court: by the parties' side alone, for the court sits in its courtroom.
pub fn held(seats: &[Seat], seated: &[Seated]) -> Held {
    let modes: Vec<Mode> =
        seats.iter().filter(|s| s.role.is_party_side()).filter_map(|s| seated.iter().find(|m| m.seat == s.id)).map(|m| m.mode).collect();
    match (modes.contains(&Mode::Online), modes.contains(&Mode::InCourt)) {
        (true, false) => Held::Online,
        (true, true) => Held::Hybrid,
        _ => Held::Offline,
    }
}

fn one(asked: &Asked<'_>, s: &Seat) -> Seated {
    let at = |mode, consent, article, zh, en| Seated { seat: s.id, mode, consent, article, zh, en };
    if let Some(order) = asked.ordered.iter().find(|o| o.seat == s.id) {
        return at(order.mode, None, law::OL5, "审判人员已经决定。", "A judge decided it.");
    }
    if s.role.is_court() {
        return if asked.elsewhere.contains(&s.id) {
            at(Mode::Online, None, law::OL24, "经院长批准在其他场所。", "At another place, with the president's leave.")
        } else {
            at(Mode::InCourt, None, law::OL24, "审判人员在法庭。", "The court sits in its courtroom.")
        };
    }
    if !asked.permitted {
        return at(Mode::InCourt, None, law::OL21, "本场不适用在线。", "This session is not held online.");
    }
    match s.role {
        Role::Technician => at(Mode::InCourt, None, law::OL24, "技术人员在法院。", "The technician is at the court."),
        // 旁听 and interpretation ask nobody's consent
        Role::Observer | Role::Press | Role::Interpreter => at(Mode::Online, None, law::OL27, "在线参加。", "Online."),
        r if r.waits_apart() => {
            at(Mode::Online, None, law::OL26, "在指定场所或者在线候证室作证。", "From a place the court names, or the online witness room.")
        }
        _ => by_consent(asked, s),
    }
}

fn by_consent(asked: &Asked<'_>, s: &Seat) -> Seated {
    let no = |zh, en| Seated { seat: s.id, mode: Mode::InCourt, consent: None, article: law::OL4, zh, en };
    let Some(party) = s.party else { return no("没有对应的当事人。", "No party.") };
    if online::agrees(asked.answers, party, asked.step, asked.stage, asked.at) {
        let entry = latest(asked, party);
        let (zh, en) = ("本方已同意这一环节在线进行。", "This side agreed to this step online.");
        return Seated { seat: s.id, mode: Mode::Online, consent: entry.map(|a| a.id), article: law::OL4, zh, en };
    }
    match latest(asked, party) {
        Some(a) if a.agrees => {
            no("没有告知权利义务的记录，同意不作数。", "There is no proof that it was explained: the consent does not count.")
        }
        Some(_) => no("本方不同意，或者已经撤回同意。", "This side said no, or took its consent back."),
        None if asked.answers.iter().any(|a| a.party == party && a.agrees) => no(
            "只同意了其他环节；对一个环节的同意不及于其他环节。",
            "It agreed to another step only; consent to one is not consent to another.",
        ),
        None => no("本方还没有答复。", "This side has not answered."),
    }
}

fn latest<'a>(asked: &Asked<'a>, party: Uuid) -> Option<&'a Answer> {
    let own = asked.answers.iter().filter(|a| a.party == party && a.step == asked.step && a.stage == asked.stage && a.at <= asked.at);
    own.max_by_key(|a| a.at)
}

/// 撤回同意 (在线诉讼规则 Art 5): in reasonable time before the session, unless it only delays.
///
/// # Errors
/// When it comes too late; then the judge decides.
pub fn check_withdrawal(now: DateTime<Utc>, starts_at: DateTime<Utc>, reasonable: TimeDelta) -> Result<(), Refusal> {
    if online::may_take_back(now, starts_at, reasonable) {
        return Ok(());
    }
    let hours = reasonable.num_hours();
    Err(Refusal::new(
        "hearing.withdrawal_late",
        (
            format!("距开庭已不足 {hours} 小时，不能自行撤回。"),
            format!("Less than {hours} hours are left: the consent cannot be taken back by yourself."),
        ),
        ("请说明理由，由审判人员决定是否转为线下。", "Give your reason; a judge decides whether to hold it in court."),
    )
    .by(law::OL5))
}

/// Refuses a mixed or in-court session that has no courtroom.
///
/// # Errors
/// When somebody comes to court and there is nowhere to come to.
pub fn check_courtroom(held: Held, courtroom: Option<Uuid>) -> Result<(), Refusal> {
    if held == Held::Online || courtroom.is_some() {
        return Ok(());
    }
    Err(Refusal::new(
        "hearing.needs_courtroom",
        ("有人到庭参加，但没有安排法庭。", "Somebody comes to court, and there is no courtroom."),
        ("请选择一间法庭。", "Choose a courtroom."),
    )
    .by(law::OL4)
    .at("/courtroom_id"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::online::Path;
    use crate::hearing::words::Side;

    const P: Uuid = Uuid::from_u128(100);
    const D: Uuid = Uuid::from_u128(200);

    fn at(hour: u32) -> DateTime<Utc> {
        format!("2026-03-01T{hour:02}:00:00Z").parse().unwrap()
    }

    fn answer(party: Uuid, step: Step, stage: Stage, agrees: bool, hour: u32) -> Answer {
        Answer {
            id: Uuid::from_u128(u128::from(hour)),
            party,
            step,
            stage,
            agrees,
            path: Path::Invited,
            told_at: Some(at(hour)),
            at: at(hour),
        }
    }

    fn seats() -> Vec<Seat> {
        let seat = |n, role, party: Option<Uuid>, side| Seat { id: Uuid::from_u128(n), role, side, party, person: None, minor: false };
        vec![
            seat(1, Role::SoleJudge, None, None),
            seat(2, Role::Clerk, None, None),
            seat(3, Role::Party, Some(P), Some(Side::Plaintiff)),
            seat(4, Role::Agent, Some(P), Some(Side::Plaintiff)),
            seat(5, Role::Agent, Some(D), Some(Side::Defendant)),
            seat(6, Role::Witness, Some(P), Some(Side::Plaintiff)),
        ]
    }

    fn asked<'a>(answers: &'a [Answer], permitted: bool) -> Asked<'a> {
        Asked { step: Step::Hearing, stage: Stage::FirstInstance, answers, permitted, elsewhere: &[], ordered: &[], at: at(20) }
    }

    fn modes(asked: &Asked<'_>) -> (Vec<Mode>, Held) {
        let seated = seat(asked, &seats());
        let held = held(&seats(), &seated);
        (seated.into_iter().map(|s| s.mode).collect(), held)
    }

    // part of A06, L04, L05
    #[test]
    fn each_side_sits_where_it_agreed() {
        use Mode::{InCourt as Court, Online as Net};
        let yes = |party, hour| answer(party, Step::Hearing, Stage::FirstInstance, true, hour);
        let no = |party, hour| answer(party, Step::Hearing, Stage::FirstInstance, false, hour);
        for (answers, permitted, expected, held) in [
            (vec![], true, [Court, Court, Court, Court, Court, Net], Held::Offline),
            (vec![yes(P, 1)], true, [Court, Court, Net, Net, Court, Net], Held::Hybrid),
            (vec![yes(P, 1), yes(D, 2)], true, [Court, Court, Net, Net, Net, Net], Held::Online),
            (vec![yes(P, 1), yes(D, 2)], false, [Court, Court, Court, Court, Court, Court], Held::Offline),
            (vec![yes(P, 1), yes(D, 2), no(D, 3)], true, [Court, Court, Net, Net, Court, Net], Held::Hybrid),
            (vec![no(D, 1), yes(D, 3), yes(P, 2)], true, [Court, Court, Net, Net, Net, Net], Held::Online),
        ] {
            assert_eq!(modes(&asked(&answers, permitted)), (expected.to_vec(), held), "{answers:?}");
        }
        for (step, stage) in
            [(Step::Filing, Stage::FirstInstance), (Step::Mediation, Stage::FirstInstance), (Step::Hearing, Stage::SecondInstance)]
        {
            let other = [answer(P, step, stage, true, 1)];
            assert_eq!(modes(&asked(&other, true)).1, Held::Offline, "{step:?} {stage:?}");
        }
        let mut untold = yes(P, 1);
        untold.told_at = None;
        let answers = [untold];
        let seated = seat(&asked(&answers, true), &seats());
        assert_eq!((seated[2].mode, seated[2].consent), (Mode::InCourt, None));
        let answers = [yes(P, 1)];
        assert_eq!(seat(&asked(&answers, true), &seats())[2].consent, Some(Uuid::from_u128(1)), "the entry it rests on");
    }

    #[test]
    fn a_judge_may_order_somebody_to_court() {
        let answers = [answer(P, Step::Hearing, Stage::FirstInstance, true, 1)];
        let ordered = [Ordered { seat: Uuid::from_u128(6), mode: Mode::InCourt, reason: "对方提出异议，证人到庭".into() }];
        let elsewhere = [Uuid::from_u128(1)];
        let seated = seat(&Asked { ordered: &ordered, elsewhere: &elsewhere, ..asked(&answers, true) }, &seats());
        assert_eq!((seated[5].mode, seated[5].article), (Mode::InCourt, law::OL5));
        assert_eq!((seated[0].mode, seated[0].article), (Mode::Online, law::OL24), "the president agreed");
        assert_eq!(seated[1].mode, Mode::InCourt);
    }

    #[test]
    fn consent_is_taken_back_in_time_and_a_mixed_hearing_has_a_room() {
        let starts = at(20);
        assert!(check_withdrawal(starts - TimeDelta::hours(24), starts, TimeDelta::hours(24)).is_ok());
        assert_eq!(check_withdrawal(at(1), starts, TimeDelta::hours(24)).unwrap_err().code, "hearing.withdrawal_late");
        assert!(check_courtroom(Held::Hybrid, None).is_err() && check_courtroom(Held::Offline, None).is_err());
        assert!(check_courtroom(Held::Online, None).is_ok() && check_courtroom(Held::Hybrid, Some(P)).is_ok());
    }
}
