//! 在线诉讼的同意: who takes a step online, who comes to court, and whether anybody may still change his or her mind.
//!
//! Owns the reading of the ledger for the steps other than service (在线诉讼规则 Art 4, 5): per party, per step, per stage,
//! by one of two ways. Must never carry consent from one step or stage to another, or send anybody online who did not
//! agree after having been told.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::law::{self, Article};
use super::words::{Stage, Step};

/// 同意的两种途径.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// 当事人主动选择: nobody asks again.
    OwnChoice,
    /// 法院邀请，当事人同意.
    Invited,
}

/// One answer of one party about one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Entry.
    pub id: Uuid,
    /// Party.
    pub party: Uuid,
    /// The step.
    pub step: Step,
    /// The stage.
    pub stage: Stage,
    /// Agrees.
    pub agrees: bool,
    /// How it came about.
    pub path: Path,
    /// When form, rights, consequences and operation were explained; consent without it is none.
    pub told_at: Option<DateTime<Utc>>,
    /// When it was given.
    pub at: DateTime<Utc>,
}

/// How a step is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// All online.
    Online,
    /// 部分线上、部分线下.
    Hybrid,
    /// All in court.
    Offline,
}

/// How a step is held, and by whom online.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seating {
    /// How.
    pub held: Held,
    /// Who sits online.
    pub online: Vec<Uuid>,
    /// Who comes to court.
    pub in_court: Vec<Uuid>,
    /// 依据.
    pub article: Article,
}

/// Does this party agree to this step at this moment? The latest answer counts, and only about this step and stage.
pub fn agrees(answers: &[Answer], party: Uuid, step: Step, stage: Stage, at: DateTime<Utc>) -> bool {
    let latest = answers.iter().filter(|a| a.party == party && a.step == step && a.stage == stage && a.at <= at).max_by_key(|a| a.at);
    latest.is_some_and(|a| a.agrees && a.told_at.is_some_and(|told| told <= a.at))
}

/// Who sits where. The court permits it or not (A06: all apply and the court permits, or the court asks and each agrees).
pub fn seating(answers: &[Answer], parties: &[Uuid], step: Step, stage: Stage, permitted: bool, at: DateTime<Utc>) -> Seating {
    let (online, in_court): (Vec<Uuid>, Vec<Uuid>) = parties.iter().partition(|p| permitted && agrees(answers, **p, step, stage, at));
    let held = match (online.is_empty(), in_court.is_empty()) {
        (true, _) => Held::Offline,
        (false, true) => Held::Online,
        (false, false) => Held::Hybrid,
    };
    Seating { held, online, in_court, article: if permitted { law::OL4 } else { law::OL5 } }
}

/// May consent be taken back? In reasonable time before the act (Art 5); what that is, a court sets.
pub fn may_take_back(now: DateTime<Utc>, act_at: DateTime<Utc>, reasonable: TimeDelta) -> bool {
    now + reasonable <= act_at
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Uuid = Uuid::from_u128(1);
    const B: Uuid = Uuid::from_u128(2);

    fn answer(party: Uuid, step: Step, stage: Stage, agrees: bool, hour: u32) -> Answer {
        let at: DateTime<Utc> = format!("2026-03-01T{hour:02}:00:00Z").parse().unwrap();
        Answer { id: Uuid::from_u128(9), party, step, stage, agrees, path: Path::Invited, told_at: Some(at), at }
    }

    // part of A06, L04
    #[test]
    fn each_party_sits_where_it_agreed_to() {
        let now: DateTime<Utc> = "2026-03-02T00:00:00Z".parse().unwrap();
        let seat = |answers: &[Answer], permitted| seating(answers, &[A, B], Step::Hearing, Stage::FirstInstance, permitted, now);
        let yes = |party, hour| answer(party, Step::Hearing, Stage::FirstInstance, true, hour);
        assert_eq!(seat(&[], true).held, Held::Offline);
        let one = seat(&[yes(A, 1)], true);
        assert_eq!((one.held, one.online, one.in_court), (Held::Hybrid, vec![A], vec![B]));
        assert_eq!(seat(&[yes(A, 1), yes(B, 2)], true).held, Held::Online);
        assert_eq!(seat(&[yes(A, 1), yes(B, 2)], false).held, Held::Offline, "all apply, the court does not permit");
        let back = answer(B, Step::Hearing, Stage::FirstInstance, false, 3);
        assert_eq!(seat(&[yes(A, 1), yes(B, 2), back], true).held, Held::Hybrid);
        let mut untold = yes(A, 1);
        untold.told_at = None;
        assert_eq!(seat(&[untold], true).held, Held::Offline, "nobody explained it");
        for (step, stage) in
            [(Step::Filing, Stage::FirstInstance), (Step::Service, Stage::FirstInstance), (Step::Hearing, Stage::SecondInstance)]
        {
            assert_eq!(seat(&[answer(A, step, stage, true, 1)], true).held, Held::Offline, "{step:?} {stage:?}");
        }
    }

    #[test]
    fn consent_is_taken_back_in_reasonable_time() {
        let act: DateTime<Utc> = "2026-03-05T01:00:00Z".parse().unwrap();
        let day = TimeDelta::days(1);
        assert!(may_take_back(act - day, act, day));
        assert!(!may_take_back(act - TimeDelta::hours(23), act, day));
    }
}
