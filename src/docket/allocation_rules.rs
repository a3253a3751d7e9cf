//! 分案: which judges a case may fall to, and how the lot falls. Pure: no row, no clock, no dice of its own; what was
//! drawn from and what was thrown are parameters, so that anybody can draw again and see the same judge.
//!
//! 最高人民法院关于落实司法责任制完善审判监督管理机制的意见（试行）（法发〔2017〕11号）三: by lot as the rule, by hand as
//! the exception; once there is a judge, not changed without a reason, which the parties see.

use chrono::NaiveDate;
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Result, said};

/// 依据 of every allocation.
pub const BASIS: &str = "法发〔2017〕11号 三";
/// The least a reason says.
const LEAST: usize = 5;

/// How a judge is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum AllocationWay {
    /// 随机分案.
    Random,
    /// 指定分案.
    ByHand,
}

impl AllocationWay {
    /// The word kept in the database.
    pub fn key(self) -> &'static str {
        match self {
            AllocationWay::Random => "random",
            AllocationWay::ByHand => "by_hand",
        }
    }
}

/// A judge of the court as allocation sees one.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// The person.
    pub person: Uuid,
    /// 姓名.
    pub name: String,
    /// Share in new cases, percent; 100 where nothing is set.
    pub weight: u32,
    /// Kinds of case taken; every kind when empty.
    pub kinds: Vec<String>,
    /// Away from this day to that (both included).
    pub away: Option<(NaiveDate, NaiveDate)>,
    /// Open cases.
    pub open: u32,
}

/// One who was in the lot.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct InTheLot {
    /// The judge.
    pub person_id: Uuid,
    /// 姓名.
    pub name: String,
    /// Share, percent.
    pub weight: u32,
    /// Open cases at that moment.
    pub open: u32,
}

/// Why a judge was not in the lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum LeftOutWhy {
    /// 暂停分案: a share of nought.
    NoShare,
    /// 不在岗.
    Away,
    /// 不办此类案件.
    OtherKinds,
    /// 在办案件已明显多于同事.
    Loaded,
    /// 原承办人.
    SitsNow,
}

/// One who was not in the lot.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct LeftOut {
    /// The judge.
    pub person_id: Uuid,
    /// 姓名.
    pub name: String,
    /// Why.
    pub why: LeftOutWhy,
}

/// Among whom the lot is drawn for a case of this kind on this day; `now` sits already, `balance` is the court's rule:
/// whoever has so many open cases more than the one with the fewest sits out.
pub fn lot(all: Vec<Colleague>, kind: &str, today: NaiveDate, now: Option<Uuid>, balance: Option<u32>) -> (Vec<InTheLot>, Vec<LeftOut>) {
    let why = |c: &Colleague| {
        if now == Some(c.person) {
            Some(LeftOutWhy::SitsNow)
        } else if c.weight == 0 {
            Some(LeftOutWhy::NoShare)
        } else if c.away.is_some_and(|(from, until)| from <= today && today <= until) {
            Some(LeftOutWhy::Away)
        } else if !c.kinds.is_empty() && !c.kinds.iter().any(|k| k == kind) {
            Some(LeftOutWhy::OtherKinds)
        } else {
            None
        }
    };
    let (mut fit, mut out) = (Vec::new(), Vec::new());
    for c in all {
        match why(&c) {
            Some(why) => out.push(LeftOut { person_id: c.person, name: c.name, why }),
            None => fit.push(InTheLot { person_id: c.person, name: c.name, weight: c.weight, open: c.open }),
        }
    }
    if let (Some(most), Some(fewest)) = (balance, fit.iter().map(|c| c.open).min()) {
        let (kept, loaded): (Vec<_>, Vec<_>) = fit.into_iter().partition(|c| c.open < fewest.saturating_add(most));
        out.extend(loaded.into_iter().map(|c| LeftOut { person_id: c.person_id, name: c.name, why: LeftOutWhy::Loaded }));
        fit = kept;
    }
    fit.sort_by_key(|c| c.person_id);
    (fit, out)
}

/// On whom the lot falls: each judge's share of what was thrown is that judge's weight.
pub fn draw(lot: &[InTheLot], thrown: u64) -> Option<&InTheLot> {
    let whole: u64 = lot.iter().map(|c| u64::from(c.weight)).sum();
    let mut rest = thrown.checked_rem(whole)?;
    lot.iter().find(|c| {
        let weight = u64::from(c.weight);
        let here = rest < weight;
        rest = rest.saturating_sub(weight);
        here
    })
}

/// What is to be done, and by whom.
pub struct Wish<'a> {
    /// How.
    pub way: AllocationWay,
    /// A judge sits already.
    pub taken: bool,
    /// The case is closed.
    pub closed: bool,
    /// The caller may name judges and change them (审判长、庭长).
    pub may_assign: bool,
    /// Why.
    pub reason: &'a str,
}

/// May it be done? Drawing the first judge is anybody's who may allocate; the rest is the presiding judge's, with a reason.
///
/// # Errors
/// 403; 409 for a closed case; 422 without a reason.
pub fn check(wish: &Wish<'_>) -> Result<()> {
    if wish.closed {
        return Err(Error::conflict(
            "allocation.closed",
            said("案件已经结案，不再分案。", "The case is closed; no judge is allocated."),
            said("需要继续办理的，请先撤销结案。", "Reopen the case first."),
        ));
    }
    if !wish.taken && wish.way == AllocationWay::Random {
        return Ok(());
    }
    if !wish.may_assign {
        return Err(Error::forbidden());
    }
    if wish.reason.trim().chars().count() < LEAST {
        return Err(Error::invalid(
            "allocation.reason",
            said(
                "指定承办法官或者更换承办法官，应当写明理由（法发〔2017〕11号第三条）。",
                "Naming a judge by hand, or changing one, needs a reason (Fa Fa 2017 No. 11, s. 3).",
            ),
            said(
                "请写清理由，至少 5 个字；更换的理由当事人看得到。",
                "Give the reason in at least five signs; the parties see why a judge changed.",
            ),
        )
        .at("/reason"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn colleague(n: u128, weight: u32, open: u32) -> Colleague {
        Colleague { person: Uuid::from_u128(n), name: format!("{n}"), weight, kinds: vec![], away: None, open }
    }

    #[test]
    fn who_is_away_or_takes_no_such_case_or_has_too_many_is_not_in_the_lot() {
        let today = d("2026-11-23");
        let away = Colleague { away: Some((d("2026-11-20"), today)), ..colleague(2, 100, 0) };
        let back = Colleague { away: Some((d("2026-11-20"), d("2026-11-22"))), ..colleague(3, 100, 0) };
        let other = Colleague { kinds: vec!["enforcement".into()], ..colleague(4, 100, 0) };
        let all = vec![colleague(1, 0, 0), away, back, other, colleague(5, 50, 9), colleague(6, 100, 10), colleague(7, 100, 0)];
        let (fit, out) = lot(all, "civil", today, Some(Uuid::from_u128(7)), Some(10));
        assert_eq!(fit.iter().map(|c| c.person_id.as_u128()).collect::<Vec<_>>(), [3, 5]);
        let why: Vec<_> = out.iter().map(|c| (c.person_id.as_u128(), c.why)).collect();
        let expected = [
            (1, LeftOutWhy::NoShare),
            (2, LeftOutWhy::Away),
            (4, LeftOutWhy::OtherKinds),
            (7, LeftOutWhy::SitsNow),
            (6, LeftOutWhy::Loaded),
        ];
        assert_eq!(why, expected);
    }

    #[test]
    fn the_lot_falls_by_weight_and_always_on_somebody() {
        let today = d("2026-11-23");
        let (fit, _) = lot(vec![colleague(1, 100, 0), colleague(2, 50, 0), colleague(3, 1, 0)], "civil", today, None, None);
        let mut counts = [0_u32; 3];
        for thrown in 0..151 {
            let n = draw(&fit, thrown).unwrap().person_id.as_u128();
            counts[usize::try_from(n).unwrap() - 1] += 1;
        }
        assert_eq!(counts, [100, 50, 1]);
        assert_eq!(draw(&fit, u64::MAX), draw(&fit, u64::MAX % 151));
        assert_eq!(draw(&[], 7), None);
    }

    #[test]
    fn a_hand_needs_a_right_and_a_reason_and_the_first_lot_needs_neither() {
        let wish = |way, taken, may_assign, reason| Wish { way, taken, closed: false, may_assign, reason };
        let code = |w: Wish<'_>| check(&w).err().map(|e| e.code);
        assert_eq!(code(wish(AllocationWay::Random, false, false, "")), None);
        assert_eq!(code(wish(AllocationWay::Random, true, false, "原承办法官回避")), Some("role.not_permitted"));
        assert_eq!(code(wish(AllocationWay::Random, true, true, "回避")), Some("allocation.reason"));
        assert_eq!(code(wish(AllocationWay::ByHand, false, true, " ")), Some("allocation.reason"));
        assert_eq!(code(wish(AllocationWay::ByHand, true, true, "原承办法官回避")), None);
        let closed = Wish { closed: true, ..wish(AllocationWay::Random, false, true, "") };
        assert_eq!(code(closed), Some("allocation.closed"));
    }
}
