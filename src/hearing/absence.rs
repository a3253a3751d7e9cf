//! 缺席、中途退庭: what staying away or leaving may lead to. A suggestion with its article; a judge decides.
//!
//! Owns the table of consequences (民事诉讼法 Art 112, 146, 147; 民诉法解释 Art 174, 236, 240, 261; 在线诉讼规则 Art 25;
//! 指引 7, 8) and the ladder before them: 提示, 警告, 电话, each sent, delivered and seen. Must never decide, and never
//! suggest a consequence while notice, warning or the exclusion of a fault is unproved.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::dropout::Cause;
use super::law::{self, Article};
use super::words::{Role, Side};
use crate::kit::words::words;

words! {
    /// What absence may lead to.
    Consequence as "AbsenceConsequence":
    Withdrawal = "withdrawal", "可以按撤诉处理", "may be treated as withdrawn";
    AppealWithdrawal = "appeal_withdrawal", "可以按撤回上诉处理", "the appeal may be treated as withdrawn";
    Default = "default", "可以缺席判决", "judgment may be given by default";
    GoesOn = "goes_on", "不影响审理", "the hearing goes on";
    MayBeCompelled = "may_be_compelled", "经院长批准可以拘传", "may be compelled with the president's approval";
    NewDate = "new_date", "中止，恢复不了的另行排期", "suspend; set a new date if it cannot be mended";
    None = "none", "不足以认定", "not enough to find absence";
}

words! {
    /// What is missing before a consequence may be considered.
    Missing as "AbsenceMissing":
    Notice = "notice", "没有合法送达开庭通知（传票）的证明", "no proof that the notice was served";
    Confirmation = "confirmation", "以简便方式通知，没有对方收到的确认", "a simple notice that was not confirmed";
    Prompt = "prompt", "没有提示的记录", "no prompt on record";
    Warning = "warning", "没有警告送达的记录", "no warning delivered";
    Time = "time", "警告以后没有留出合理时间", "no reasonable time after the warning";
    Cause = "cause", "没有排除网络、设备、电力故障或者不可抗力", "a fault or force majeure is not excluded";
    Call = "call", "没有电话联系的记录", "no telephone call on record";
}

words! {
    /// A rung of the ladder.
    Rung as "WarningRung":
    Prompt = "prompt", "提示", "prompt";
    Warning = "warning", "警告", "warning";
    Call = "call", "电话", "telephone call";
}

/// Something said to who is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Which.
    pub rung: Rung,
    /// When it was sent, or the number dialled.
    pub sent_at: DateTime<Utc>,
    /// When a device had it, or somebody answered.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it was seen.
    pub seen_at: Option<DateTime<Utc>>,
}

/// How the notice of the hearing reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Served, by the effect delivery computed.
    pub served: bool,
    /// 简便方式 and never confirmed (民诉法解释 Art 261).
    pub simple_unconfirmed: bool,
    /// How many summonses were served.
    pub summonses: u8,
}

/// What is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Role.
    pub role: Role,
    /// Side.
    pub side: Option<Side>,
    /// Came, and left: 中途退庭. Else: 未到庭.
    pub came: bool,
    /// Left with the court's leave.
    pub with_leave: bool,
    /// 必须到庭.
    pub must_appear: bool,
    /// The notice.
    pub notice: Notice,
    /// The cause a judge found, or that is proposed.
    pub cause: Option<Cause>,
    /// 不可抗力 or another good reason, shown.
    pub good_reason: bool,
    /// What was said.
    pub told: Vec<Told>,
    /// Now.
    pub at: DateTime<Utc>,
    /// Back in the room.
    pub back: bool,
}

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// What it may lead to.
    pub consequence: Consequence,
    /// 依据.
    pub articles: Vec<Article>,
    /// What is still missing.
    pub missing: Vec<Missing>,
    /// Why.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// How long after a warning one waits before leaving counts.
pub const AFTER_WARNING: TimeDelta = TimeDelta::minutes(10);

/// Suggests.
pub fn suggest(f: &Facts) -> Suggestion {
    let articles = |a: &[Article]| a.to_vec();
    let say = |consequence, articles, missing: Vec<Missing>, zh: &str, en: &str| Suggestion {
        consequence,
        articles,
        missing,
        zh: zh.into(),
        en: en.into(),
    };
    if f.back || f.with_leave {
        return say(
            Consequence::GoesOn,
            articles(&[law::HB12]),
            vec![],
            "已经回到法庭，或者经许可离开。",
            "Back in the room, or left with leave.",
        );
    }
    if f.good_reason || f.cause.is_some_and(Cause::excuses) {
        let (zh, en) = (
            "属于网络、设备、电力故障或者不可抗力，不视为拒不到庭、中途退庭。",
            "A fault or force majeure: neither refusal to appear nor leaving.",
        );
        return say(Consequence::NewDate, articles(&[law::OL25, law::HB12, law::L149]), vec![], zh, en);
    }
    let missing = missing(f);
    if !missing.is_empty() {
        let (zh, en) = ("依据不足，不能作不利认定。", "Not enough for a finding against anybody.");
        return say(Consequence::None, articles(&[law::OL25, law::I261]), missing, zh, en);
    }
    by_side(f)
}

fn missing(f: &Facts) -> Vec<Missing> {
    let mut out = Vec::new();
    let rung = |r| f.told.iter().filter(move |t| t.rung == r);
    if !f.came {
        if f.notice.simple_unconfirmed && !f.notice.served {
            out.push(Missing::Confirmation);
        } else if !f.notice.served {
            out.push(Missing::Notice);
        }
    }
    if f.came {
        if rung(Rung::Prompt).next().is_none() {
            out.push(Missing::Prompt);
        }
        let warned = rung(Rung::Warning).filter_map(|t| t.delivered_at).min();
        match warned {
            None => out.push(Missing::Warning),
            Some(at) if f.at - at < AFTER_WARNING => out.push(Missing::Time),
            Some(_) => {}
        }
    }
    if rung(Rung::Call).next().is_none() {
        out.push(Missing::Call);
    }
    // gone and nobody knows why is not yet leaving
    if f.came && f.cause.is_none_or(|c| c == Cause::Unknown) {
        out.push(Missing::Cause);
    }
    out
}

fn by_side(f: &Facts) -> Suggestion {
    let online = [law::OL25];
    let say = |consequence, own: &[Article], zh: &str, en: &str| Suggestion {
        consequence,
        articles: own.iter().chain(&online).copied().collect(),
        missing: Vec::new(),
        zh: zh.into(),
        en: en.into(),
    };
    if !f.role.is_party_side() {
        return say(
            Consequence::GoesOn,
            &[law::L149],
            "不是当事人一方，由法庭决定是否继续或者另行通知。",
            "Not a party: the court decides whether to go on.",
        );
    }
    if f.must_appear && f.notice.summonses >= 2 {
        let (zh, en) = ("必须到庭的，经两次传票传唤无正当理由拒不到庭。", "Must appear, and stayed away after two summonses.");
        return say(Consequence::MayBeCompelled, &[law::L112, law::I174], zh, en);
    }
    match f.side {
        Some(Side::Appellant) => say(
            Consequence::AppealWithdrawal,
            &[law::L146],
            "上诉人无正当理由未到庭或者中途退庭。",
            "The appellant stayed away or left without good reason.",
        ),
        Some(Side::ThirdPartyIndependent) => say(
            Consequence::Withdrawal,
            &[law::I236, law::L146],
            "有独立请求权第三人无正当理由未到庭或者中途退庭。",
            "The third party with an independent claim stayed away or left without good reason.",
        ),
        Some(Side::ThirdParty) => say(
            Consequence::GoesOn,
            &[law::I240],
            "无独立请求权第三人缺席，不影响审理。",
            "A third party without a claim of its own: the hearing goes on.",
        ),
        Some(Side::Plaintiff | Side::Applicant | Side::PublicInterest) => say(
            Consequence::Withdrawal,
            &[law::L146],
            "原告无正当理由未到庭或者中途退庭；被告反诉的，可以缺席判决。",
            "The plaintiff stayed away or left without good reason; a counterclaim may be decided by default.",
        ),
        Some(Side::Defendant | Side::Appellee | Side::Respondent) => say(
            Consequence::Default,
            &[law::L147],
            "被告无正当理由未到庭或者中途退庭。",
            "The defendant stayed away or left without good reason.",
        ),
        _ => Suggestion {
            consequence: Consequence::None,
            articles: vec![law::OL37],
            missing: Vec::new(),
            zh: "刑事案件按刑事诉讼法处理。".into(),
            en: "Criminal cases go by their own law.".into(),
        },
    }
}

/// The next rung: what should be said now to who is away, and when.
pub fn next_rung(gone_at: DateTime<Utc>, told: &[Told], now: DateTime<Utc>) -> Option<(Rung, DateTime<Utc>)> {
    let sent = |r| told.iter().any(|t| t.rung == r);
    let due = [(Rung::Prompt, 30), (Rung::Call, 90), (Rung::Warning, 180)];
    let (rung, after) = due.into_iter().find(|(r, _)| !sent(*r))?;
    Some((rung, (gone_at + TimeDelta::seconds(after)).max(now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        "2026-11-26T07:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
    }

    fn told(rung: Rung, minute: i64, delivered: bool) -> Told {
        Told { rung, sent_at: at(minute), delivered_at: delivered.then(|| at(minute)), seen_at: None }
    }

    fn left(side: Side) -> Facts {
        Facts {
            role: Role::Party,
            side: Some(side),
            came: true,
            with_leave: false,
            must_appear: false,
            notice: Notice { served: true, simple_unconfirmed: false, summonses: 1 },
            cause: Some(Cause::LeftByButton),
            good_reason: false,
            told: vec![told(Rung::Prompt, 1, true), told(Rung::Call, 2, false), told(Rung::Warning, 3, true)],
            at: at(20),
            back: false,
        }
    }

    // part of H21, L25, L43
    #[test]
    fn consequences_follow_the_side() {
        use Consequence as C;
        for (side, consequence, article) in [
            (Side::Plaintiff, C::Withdrawal, law::L146),
            (Side::Appellant, C::AppealWithdrawal, law::L146),
            (Side::ThirdPartyIndependent, C::Withdrawal, law::I236),
            (Side::Defendant, C::Default, law::L147),
            (Side::Appellee, C::Default, law::L147),
            (Side::ThirdParty, C::GoesOn, law::I240),
            (Side::Accused, C::None, law::OL37),
        ] {
            for came in [true, false] {
                let found = suggest(&Facts { came, ..left(side) });
                assert_eq!(found.consequence, consequence, "{side:?} {came}");
                assert!(found.articles.contains(&article) && found.missing.is_empty(), "{side:?}");
            }
        }
        let compelled = Facts {
            came: false,
            must_appear: true,
            notice: Notice { served: true, simple_unconfirmed: false, summonses: 2 },
            ..left(Side::Defendant)
        };
        assert_eq!(suggest(&compelled).consequence, C::MayBeCompelled);
        assert_eq!(suggest(&Facts { role: Role::Witness, side: Some(Side::Plaintiff), ..left(Side::Plaintiff) }).consequence, C::GoesOn);
    }

    #[test]
    fn nothing_is_suggested_while_a_rung_is_missing() {
        let without = |f: &dyn Fn(&mut Facts)| {
            let mut facts = left(Side::Defendant);
            f(&mut facts);
            let found = suggest(&facts);
            (found.consequence, found.missing)
        };
        use Consequence::None as Nothing;
        assert_eq!(without(&|f| f.told.retain(|t| t.rung != Rung::Prompt)), (Nothing, vec![Missing::Prompt]));
        assert_eq!(without(&|f| f.told.retain(|t| t.rung != Rung::Call)), (Nothing, vec![Missing::Call]));
        assert_eq!(without(&|f| f.told.retain(|t| t.rung != Rung::Warning)), (Nothing, vec![Missing::Warning]));
        assert_eq!(without(&|f| f.told[2].delivered_at = None), (Nothing, vec![Missing::Warning]), "sent is not delivered");
        assert_eq!(without(&|f| f.at = at(12)), (Nothing, vec![Missing::Time]));
        assert_eq!(without(&|f| f.cause = Some(Cause::Unknown)), (Nothing, vec![Missing::Cause]));
        assert_eq!(without(&|f| f.cause = None), (Nothing, vec![Missing::Cause]));
        let unserved = Notice { served: false, simple_unconfirmed: false, summonses: 0 };
        assert_eq!(without(&|f| (f.came, f.notice) = (false, unserved)), (Nothing, vec![Missing::Notice]));
        let simple = Notice { simple_unconfirmed: true, ..unserved };
        assert_eq!(without(&|f| (f.came, f.notice) = (false, simple)), (Nothing, vec![Missing::Confirmation]));
    }

    #[test]
    fn faults_excuse_and_who_is_back_is_back() {
        for cause in [Cause::Network, Cause::Device, Cause::Power, Cause::Server] {
            assert_eq!(suggest(&Facts { cause: Some(cause), ..left(Side::Plaintiff) }).consequence, Consequence::NewDate);
        }
        assert_eq!(suggest(&Facts { good_reason: true, ..left(Side::Plaintiff) }).consequence, Consequence::NewDate);
        assert_eq!(suggest(&Facts { back: true, ..left(Side::Plaintiff) }).consequence, Consequence::GoesOn);
        assert_eq!(suggest(&Facts { with_leave: true, ..left(Side::Plaintiff) }).consequence, Consequence::GoesOn);
    }

    #[test]
    fn the_ladder_is_climbed_rung_by_rung() {
        let now = at(0);
        assert_eq!(next_rung(at(0), &[], now), Some((Rung::Prompt, at(0) + TimeDelta::seconds(30))));
        let one = [told(Rung::Prompt, 0, true)];
        assert_eq!(next_rung(at(0), &one, at(5)), Some((Rung::Call, at(5))), "at once, when it is late already");
        let two = [one[0].clone(), told(Rung::Call, 1, false)];
        assert_eq!(next_rung(at(0), &two, at(2)), Some((Rung::Warning, at(3))));
        assert_eq!(next_rung(at(0), &left(Side::Plaintiff).told, now), None);
    }
}
