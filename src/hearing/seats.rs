//! 席位: who takes part in a hearing, under which seat name, and whether the bench and the sides are lawful.
//!
//! Owns the words of a seat plate (在线诉讼规则 Art 24; 人民法院法庭规则), the order of the court plan, and the limits of
//! numbers (民事诉讼法 Art 40–42, 61; 民诉法解释 Art 122; 人民法院法庭规则 Art 9). Who sees whom is in `sight.rs`. Must never
//! name anybody: it sees ids and roles.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::law;
use super::refusal::Refusal;
use super::words::{Role, SessionKind, Side};
use crate::delivery::words::Procedure;

/// A participant of a hearing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Participant.
    pub id: Uuid,
    /// Role.
    pub role: Role,
    /// The side, of a party and of who acts or testifies for it.
    pub side: Option<Side>,
    /// The party it belongs to.
    pub party: Option<Uuid>,
    /// The account; none for somebody who only comes to court.
    pub person: Option<Uuid>,
    /// A minor.
    pub minor: bool,
}

/// Where the plan puts a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// 审判席, under the emblem.
    Bench,
    /// 书记员席、法官助理席.
    ClerkDesk,
    /// 原告席, on the left.
    Left,
    /// 被告席, on the right.
    Right,
    /// 第三人席.
    Third,
    /// 证人席、鉴定人席.
    Stand,
    /// 翻译席.
    Interpreter,
    /// 旁听席.
    Gallery,
    /// No seat in the picture.
    None,
}

/// The plate before a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plate {
    /// 席位名称.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Where it stands.
    pub area: Area,
}

/// The plate of a seat.
pub fn plate(seat: &Seat) -> Plate {
    let (zh, en) = match (seat.role, seat.side) {
        (Role::Party, Some(side)) => (side.zh().to_owned(), side.en().to_owned()),
        (Role::Agent, Some(side)) => (format!("{}代理人", side.zh()), format!("agent of the {}", side.en())),
        (Role::LegalRepresentative | Role::Guardian, Some(side)) => {
            (format!("{}{}", side.zh(), seat.role.zh()), format!("{} of the {}", seat.role.en(), side.en()))
        }
        (Role::Prosecutor, Some(Side::PublicInterest)) => ("公益诉讼起诉人".to_owned(), "public-interest prosecutor".to_owned()),
        _ => (seat.role.zh().to_owned(), seat.role.en().to_owned()),
    };
    Plate { zh, en, area: area(seat) }
}

/// Where a seat stands on the plan of the court.
pub fn area(seat: &Seat) -> Area {
    match seat.role {
        r if r.is_bench() => Area::Bench,
        r if r.is_clerk() => Area::ClerkDesk,
        r if r.waits_apart() => Area::Stand,
        Role::Interpreter => Area::Interpreter,
        Role::Observer | Role::Press => Area::Gallery,
        Role::Technician => Area::None,
        Role::Mediator => Area::ClerkDesk,
        Role::Prosecutor => Area::Left,
        _ => match seat.side {
            Some(Side::ThirdParty | Side::ThirdPartyIndependent) => Area::Third,
            Some(side) if side.asks() => Area::Left,
            _ => Area::Right,
        },
    }
}

/// The order in which seats are shown and read out: the bench, presiding first, then the sides, the party before who acts for it.
pub fn in_order(seats: &mut [Seat]) {
    seats.sort_by_key(|s| (area(s), !s.role.presides(), s.side, s.party, s.role, s.id));
}

/// The most agents a party may have (民事诉讼法 Art 61).
pub const MOST_AGENTS: usize = 2;
/// The most expert assistants a side may have (民诉法解释 Art 122).
pub const MOST_EXPERTS: usize = 2;
/// The most seats of a room besides the gallery.
pub const MOST_SEATS: usize = 24;

/// Refuses a bench, a side or a gallery that the law does not know.
///
/// # Errors
/// The first fault found.
pub fn check(kind: SessionKind, procedure: Procedure, seats: &[Seat]) -> Result<(), Refusal> {
    bench(kind, procedure, seats)?;
    if !seats.iter().any(|s| s.role.is_clerk()) {
        return Err(fault("hearing.no_clerk", "没有安排书记员。", "There is no clerk.", "请指定书记员。", "Name a clerk.").by(law::L140));
    }
    if seats.iter().filter(|s| !s.role.only_watches()).count() > MOST_SEATS {
        let cause = (format!("一场庭审最多 {MOST_SEATS} 个席位。"), format!("A hearing has at most {MOST_SEATS} seats."));
        return Err(Refusal::new("hearing.too_many_seats", cause, ("请减少席位，其他人可以旁听。", "Take some away; others may watch.")));
    }
    once_each(seats)?;
    sides(seats)?;
    gallery(seats)
}

/// Code, cause and cure of a bench the law does not know.
type Fault = (&'static str, &'static str, &'static str, &'static str, &'static str);

const NO_JUDGE: Fault = ("hearing.no_judge", "没有安排审判人员。", "There is no judge.", "请指定审判员或者审判长。", "Name a judge.");
const SOLE_WITH_PANEL: Fault = (
    "hearing.sole_with_panel",
    "独任审判员不能与合议庭成员同时安排。",
    "A sole judge does not sit with a panel.",
    "请改为审判长，或者去掉其他成员。",
    "Name a presiding judge, or take the others away.",
);
const PANEL_EVEN: Fault = (
    "hearing.panel_even",
    "合议庭的成员人数必须是单数。",
    "A panel has an odd number of members.",
    "请增加或者减少一名成员。",
    "Add or take away one member.",
);
const PANEL_IN_SUMMARY: Fault = (
    "hearing.panel_in_summary",
    "简易程序由审判员一人独任审理。",
    "Summary procedure has a sole judge.",
    "请改为独任，或者先转为普通程序。",
    "Name a sole judge, or convert to ordinary procedure first.",
);
const ONE_PRESIDES: Fault = (
    "hearing.one_presides",
    "必须有一名、也只能有一名审判长或者独任审判员。",
    "Exactly one judge presides.",
    "请指定一名审判长，或者一名独任审判员。",
    "Name one presiding or sole judge.",
);

fn bench(kind: SessionKind, procedure: Procedure, seats: &[Seat]) -> Result<(), Refusal> {
    let judges = seats.iter().filter(|s| s.role.is_bench()).count();
    let presiding = seats.iter().filter(|s| s.role.presides()).count();
    let sole = seats.iter().any(|s| s.role == Role::SoleJudge);
    // 送达、由助理主持的庭前会议 and the like need no bench of their own
    let may_be_without =
        matches!(kind, SessionKind::Service | SessionKind::Mediation | SessionKind::EvidenceExchange | SessionKind::PretrialMeeting);
    let (code, zh, en, cure_zh, cure_en) = match (judges, presiding) {
        (0, _) if may_be_without => return Ok(()),
        (0, _) => NO_JUDGE,
        (n, 1) if sole && n > 1 => SOLE_WITH_PANEL,
        (n, 1) if n % 2 == 0 => PANEL_EVEN,
        (n, 1) if n > 1 && procedure.is_summary() => PANEL_IN_SUMMARY,
        (_, 1) => return Ok(()),
        _ => ONE_PRESIDES,
    };
    Err(fault(code, zh, en, cure_zh, cure_en).by(law::L40))
}

fn once_each(seats: &[Seat]) -> Result<(), Refusal> {
    let mut people: BTreeMap<Uuid, Vec<&Seat>> = BTreeMap::new();
    for seat in seats {
        if let Some(person) = seat.person {
            people.entry(person).or_default().push(seat);
        }
    }
    // counsel may act for several parties of one side; nobody else sits twice
    for sat in people.values().filter(|s| s.len() > 1) {
        let agents = sat.iter().all(|s| s.role == Role::Agent) && sat.iter().all(|s| s.side.map(Side::asks) == sat[0].side.map(Side::asks));
        let own_head = sat.iter().all(|s| matches!(s.role, Role::Party | Role::LegalRepresentative | Role::Guardian));
        if !agents && !own_head {
            return Err(fault(
                "hearing.seated_twice",
                "同一个人安排了两个席位。",
                "One person has two seats.",
                "请核对参与人，一人一席。",
                "One person, one seat.",
            ));
        }
    }
    Ok(())
}

fn sides(seats: &[Seat]) -> Result<(), Refusal> {
    let mut agents: BTreeMap<Uuid, usize> = BTreeMap::new();
    let mut experts: BTreeMap<Uuid, usize> = BTreeMap::new();
    for seat in seats {
        let needs_side = seat.role.is_party_side();
        if needs_side && (seat.side.is_none() || seat.party.is_none()) {
            return Err(fault(
                "hearing.no_side",
                "当事人、代理人必须属于一方。",
                "A party or an agent belongs to a side.",
                "请选择他属于哪一方当事人。",
                "Choose the party.",
            ));
        }
        let Some(party) = seat.party else { continue };
        match seat.role {
            Role::Agent => *agents.entry(party).or_default() += 1,
            Role::ExpertAssistant => *experts.entry(party).or_default() += 1,
            _ => {}
        }
    }
    if agents.values().any(|n| *n > MOST_AGENTS) {
        let cause = (format!("一方当事人最多委托 {MOST_AGENTS} 名代理人出庭。"), format!("A party has at most {MOST_AGENTS} agents."));
        return Err(Refusal::new("hearing.agents", cause, ("请核对委托手续。", "Check the powers of attorney.")).by(law::L61));
    }
    if experts.values().any(|n| *n > MOST_EXPERTS) {
        let cause =
            (format!("一方最多申请 {MOST_EXPERTS} 名有专门知识的人。"), format!("A side has at most {MOST_EXPERTS} expert assistants."));
        return Err(Refusal::new("hearing.experts", cause, ("请减少人数。", "Take some away.")).by(law::I122));
    }
    Ok(())
}

fn gallery(seats: &[Seat]) -> Result<(), Refusal> {
    if seats.iter().any(|s| s.role.only_watches() && s.minor) {
        return Err(fault(
            "hearing.minor_watches",
            "未成年人未经准许不得旁听。",
            "Minors do not watch without leave.",
            "经批准的，请作为陪同人员安排。",
            "With leave, seat him or her as somebody's company.",
        )
        .by(law::CR9));
    }
    let waits = |person| seats.iter().any(|s| s.role.waits_apart() && s.person == person && person.is_some());
    if seats.iter().any(|s| s.role.only_watches() && waits(s.person)) {
        return Err(fault(
            "hearing.witness_watches",
            "等候出庭的证人、鉴定人不得旁听。",
            "Witnesses and appraisers who wait to appear do not watch.",
            "请从旁听人员中去掉。",
            "Take them off the gallery.",
        )
        .by(law::CR9));
    }
    Ok(())
}

fn fault(code: &'static str, zh: &'static str, en: &'static str, cure_zh: &'static str, cure_en: &'static str) -> Refusal {
    Refusal::new(code, (zh, en), (cure_zh, cure_en)).at("/participants")
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: Uuid = Uuid::from_u128(100);
    const D: Uuid = Uuid::from_u128(200);

    fn seat(n: u128, role: Role, side: Option<Side>) -> Seat {
        let party = side.map(|s| if s.asks() { P } else { D });
        Seat { id: Uuid::from_u128(n), role, side, party, person: Some(Uuid::from_u128(1000 + n)), minor: false }
    }

    fn room() -> Vec<Seat> {
        vec![
            seat(1, Role::SoleJudge, None),
            seat(2, Role::Clerk, None),
            seat(3, Role::Party, Some(Side::Plaintiff)),
            seat(4, Role::Agent, Some(Side::Plaintiff)),
            seat(5, Role::Agent, Some(Side::Defendant)),
        ]
    }

    // part of L24
    #[test]
    fn plates_say_what_the_courtroom_says() {
        for (role, side, zh, at) in [
            (Role::PresidingJudge, None, "审判长", Area::Bench),
            (Role::SoleJudge, None, "审判员", Area::Bench),
            (Role::LayJudge, None, "人民陪审员", Area::Bench),
            (Role::Clerk, None, "书记员", Area::ClerkDesk),
            (Role::Party, Some(Side::Plaintiff), "原告", Area::Left),
            (Role::Agent, Some(Side::Defendant), "被告代理人", Area::Right),
            (Role::LegalRepresentative, Some(Side::Defendant), "被告法定代表人", Area::Right),
            (Role::Party, Some(Side::ThirdParty), "第三人", Area::Third),
            (Role::Party, Some(Side::Appellee), "被上诉人", Area::Right),
            (Role::Prosecutor, Some(Side::PublicInterest), "公益诉讼起诉人", Area::Left),
            (Role::Prosecutor, Some(Side::Prosecution), "检察员", Area::Left),
            (Role::Defender, Some(Side::Accused), "辩护人", Area::Right),
            (Role::Witness, Some(Side::Plaintiff), "证人", Area::Stand),
            (Role::Interpreter, None, "翻译人员", Area::Interpreter),
            (Role::Technician, None, "技术人员", Area::None),
        ] {
            let found = plate(&seat(9, role, side));
            assert_eq!((found.zh.as_str(), found.area), (zh, at));
            assert!(!found.en.is_empty());
        }
    }

    #[test]
    fn the_plan_has_an_order() {
        let mut seats = room();
        seats.reverse();
        seats.push(seat(6, Role::Observer, None));
        in_order(&mut seats);
        let roles: Vec<Role> = seats.iter().map(|s| s.role).collect();
        assert_eq!(roles, [Role::SoleJudge, Role::Clerk, Role::Party, Role::Agent, Role::Agent, Role::Observer]);
    }

    #[test]
    fn benches_are_odd_and_presided() {
        let with = |roles: &[Role], procedure| {
            let mut seats: Vec<Seat> = room().into_iter().filter(|s| !s.role.is_bench()).collect();
            seats.extend(roles.iter().zip(50..).map(|(r, n)| seat(n, *r, None)));
            check(SessionKind::Trial, procedure, &seats).map_err(|r| r.code)
        };
        use Role::{LayJudge as Lay, PanelJudge as Judge, PresidingJudge as Presiding, SoleJudge as Sole};
        for (roles, procedure, expected) in [
            (vec![Sole], Procedure::Summary, Ok(())),
            (vec![Sole], Procedure::Ordinary, Ok(())),
            (vec![Presiding, Judge, Lay], Procedure::Ordinary, Ok(())),
            (vec![Presiding, Judge, Judge, Lay, Lay], Procedure::Ordinary, Ok(())),
            (vec![Presiding, Judge], Procedure::Ordinary, Err("hearing.panel_even")),
            (vec![Judge, Judge, Judge], Procedure::Ordinary, Err("hearing.one_presides")),
            (vec![Presiding, Presiding, Judge], Procedure::Ordinary, Err("hearing.one_presides")),
            (vec![Sole, Judge, Lay], Procedure::Ordinary, Err("hearing.sole_with_panel")),
            (vec![Presiding, Judge, Lay], Procedure::Summary, Err("hearing.panel_in_summary")),
            (vec![Presiding, Judge, Lay], Procedure::SmallClaims, Err("hearing.panel_in_summary")),
            (vec![], Procedure::Ordinary, Err("hearing.no_judge")),
        ] {
            assert_eq!(with(&roles, procedure), expected, "{roles:?} {procedure:?}");
        }
        let no_bench: Vec<Seat> = room().into_iter().filter(|s| !s.role.is_bench()).collect();
        assert_eq!(check(SessionKind::EvidenceExchange, Procedure::Ordinary, &no_bench), Ok(()));
    }

    #[test]
    fn sides_and_gallery_keep_their_numbers() {
        let with = |extra: Vec<Seat>| {
            let seats: Vec<Seat> = room().into_iter().chain(extra).collect();
            check(SessionKind::Trial, Procedure::Ordinary, &seats).map_err(|r| r.code)
        };
        assert_eq!(with(vec![]), Ok(()));
        assert_eq!(with(vec![seat(7, Role::Agent, Some(Side::Plaintiff))]), Ok(()));
        let third = vec![seat(7, Role::Agent, Some(Side::Plaintiff)), seat(8, Role::Agent, Some(Side::Plaintiff))];
        assert_eq!(with(third), Err("hearing.agents"));
        let experts: Vec<Seat> = (20..23).map(|n| seat(n, Role::ExpertAssistant, Some(Side::Plaintiff))).collect();
        assert_eq!(with(experts), Err("hearing.experts"));
        let mut nobody = seat(7, Role::Agent, Some(Side::Plaintiff));
        nobody.party = None;
        assert_eq!(with(vec![nobody]), Err("hearing.no_side"));
        let mut twice = seat(7, Role::Agent, Some(Side::Plaintiff));
        twice.person = Some(Uuid::from_u128(1005));
        assert_eq!(with(vec![twice]), Err("hearing.seated_twice"), "counsel of the defendant acts for the plaintiff too");
        let mut child = seat(7, Role::Observer, None);
        child.minor = true;
        assert_eq!(with(vec![child]), Err("hearing.minor_watches"));
        let witness = seat(7, Role::Witness, Some(Side::Plaintiff));
        let mut watches = seat(8, Role::Observer, None);
        watches.person = witness.person;
        assert!(with(vec![witness, watches]).is_err());
        let many = (30..60).map(|n| seat(n, Role::Witness, Some(Side::Plaintiff))).collect();
        assert_eq!(with(many), Err("hearing.too_many_seats"));
        assert_eq!(with((30..60).map(|n| seat(n, Role::Observer, None)).collect()), Ok(()));
        let no_clerk: Vec<Seat> = room().into_iter().filter(|s| !s.role.is_clerk()).collect();
        assert_eq!(check(SessionKind::Trial, Procedure::Ordinary, &no_clerk).unwrap_err().code, "hearing.no_clerk");
    }
}
