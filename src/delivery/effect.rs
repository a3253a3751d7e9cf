//! 送达的效力: which sending served, when, and by what.
//!
//! Owns the ten rows of the decision table (在线诉讼规则 Art 31, 民诉法解释 Art 135, 261) as pure functions over what the
//! systems reported until a moment, the rebuttal of a presumption, and the earliest lawful time over all channels. The
//! routes on paper are in `effect_paper.rs`. A finding names the events it rests on. Must never read a clock, count a
//! companion notice as service (Art 32), or look at what came after the moment it is asked about.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::allowed::Decision;
use super::effect_paper;
use super::law::{self, Article};
use super::words::{Channel, Effect, Ground, PaperKind, Procedure, Purpose, RebuttalState, ReturnReason, Row, Signer};
use super::words::{Standing, Strength, SystemEvent};
use crate::court::beijing::{beijing_date, beijing_offset};
use crate::court::calendar::Calendar;
use crate::court::periods::CountingModes;

/// Something that was reported of a sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Event.
    pub id: Uuid,
    /// What.
    pub what: SystemEvent,
    /// When it happened, by the system that knows.
    pub at: DateTime<Utc>,
    /// Who signed, of [`SystemEvent::Signed`]; who refused, of [`SystemEvent::Refused`].
    pub by: Option<Signer>,
    /// Why it came back, of [`SystemEvent::Returned`].
    pub reason: Option<ReturnReason>,
    /// Witnesses, photo or video are in the file, of [`SystemEvent::Left`].
    pub witnessed: bool,
}

impl Event {
    /// An event with no more to say.
    pub fn new(id: Uuid, what: SystemEvent, at: DateTime<Utc>) -> Self {
        Self { id, what, at, by: None, reason: None, witnessed: false }
    }
}

/// One sending of the papers by one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Attempt.
    pub id: Uuid,
    /// The way.
    pub channel: Channel,
    /// Service, simple notice, or companion.
    pub purpose: Purpose,
    /// The address used.
    pub address: Option<Uuid>,
    /// How that address stood when it was sent.
    pub standing: Standing,
    /// The consent in force when it was sent.
    pub consent: Strength,
    /// A clear no was in force when it was sent.
    pub refused: bool,
    /// When it was handed over or set out.
    pub started_at: DateTime<Utc>,
    /// Of a reminder: the day of the service it was due on.
    pub reminder_day: Option<u32>,
    /// What was reported of it.
    pub events: Vec<Event>,
}

impl Attempt {
    /// What counts of it by a moment. Where whoever got it says it is for somebody else, what a machine reports as read was
    /// read by that person; a court that finds the address to be the recipient's own takes the word away again.
    pub fn known(&self, as_of: DateTime<Utc>) -> impl Iterator<Item = &Event> {
        let last = |what| self.events.iter().filter(|e| e.what == what && e.at <= as_of).map(|e| e.at).max();
        let (said, found) = (last(SystemEvent::Disclaimed), last(SystemEvent::FoundOwn));
        let by_another = said.is_some_and(|said| found.is_none_or(|found| found < said));
        self.events.iter().filter(move |e| {
            e.at <= as_of
                && match e.what {
                    SystemEvent::Disclaimed => by_another,
                    SystemEvent::Read => !by_another,
                    _ => true,
                }
        })
    }
}

/// What is served, and in what matter.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    /// The paper.
    pub paper: PaperKind,
    /// The procedure.
    pub procedure: Procedure,
    /// The recipient has no domicile in China.
    pub abroad: bool,
    /// May it be served electronically?
    pub allowed: &'a Decision,
}

/// How days are counted at this court.
#[derive(Debug, Clone, Copy)]
pub struct Counting<'a> {
    /// The days off.
    pub calendar: &'a Calendar,
    /// What the court has chosen.
    pub modes: &'a CountingModes,
}

/// 对推定送达的异议.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebuttal {
    /// The attempt whose presumption it is against.
    pub attempt: Uuid,
    /// The ground.
    pub ground: Ground,
    /// How it stands.
    pub state: RebuttalState,
    /// When it was made.
    pub filed_at: DateTime<Utc>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
}

impl Rebuttal {
    /// How it stood at a moment.
    pub fn state_at(&self, as_of: DateTime<Utc>) -> Option<RebuttalState> {
        match self.decided_at {
            _ if self.filed_at > as_of => None,
            Some(at) if at <= as_of => Some(self.state),
            _ => Some(RebuttalState::Open),
        }
    }
}

/// What became of one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The attempt.
    pub attempt: Uuid,
    /// Its way.
    pub channel: Channel,
    /// 结果代码.
    pub row: Row,
    /// Served?
    pub effect: Effect,
    /// The instant of service.
    pub at: Option<DateTime<Utc>>,
    /// 送达日: the Beijing date of that instant, also on a rest day.
    pub day: Option<NaiveDate>,
    /// The events it rests on.
    pub rests_on: Vec<Uuid>,
    /// A rebuttal is open.
    pub contested: bool,
    /// 依据.
    pub article: Article,
    /// Why.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// What became of a service over all its attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Served?
    pub effect: Effect,
    /// 结果代码; 9 where several ways served.
    pub row: Option<Row>,
    /// The earliest lawful instant.
    pub at: Option<DateTime<Utc>>,
    /// 送达日.
    pub day: Option<NaiveDate>,
    /// The first day a period counts (民事诉讼法 Art 85).
    pub counts_from: Option<NaiveDate>,
    /// The attempt that decides.
    pub deciding: Option<Uuid>,
    /// The events it rests on.
    pub rests_on: Vec<Uuid>,
    /// It is a presumption and a rebuttal is open.
    pub contested: bool,
    /// 依据.
    pub article: Option<Article>,
    /// Each attempt.
    pub findings: Vec<Finding>,
}

/// Finds what became of one attempt, by what was known at a moment.
pub fn of_attempt(m: Matter<'_>, c: Counting<'_>, a: &Attempt, rebuttals: &[Rebuttal], as_of: DateTime<Utc>) -> Finding {
    let mut seen: Vec<&Event> = a.known(as_of).collect();
    seen.sort_by_key(|e| (e.at, e.id));
    let case = Case { m, a, seen: &seen };
    let finding = match a.purpose {
        Purpose::Companion => case.no(
            Row::Companion,
            law::OL32,
            "这是随送达发出的提示，本身不是送达。",
            "This notice went along with the service; it is not service itself.",
        ),
        Purpose::SimpleNotice => case.simple_notice(),
        Purpose::Service if a.channel.is_electronic() => case.electronic(rebuttals, as_of),
        Purpose::Service => effect_paper::of(&case, c, as_of),
    };
    case.or_unusable(finding)
}

/// Finds what became of a service: the earliest lawful time over all ways (在线诉讼规则 Art 31, last paragraph).
pub fn of_service(m: Matter<'_>, c: Counting<'_>, attempts: &[Attempt], rebuttals: &[Rebuttal], as_of: DateTime<Utc>) -> Outcome {
    let findings: Vec<Finding> = attempts.iter().filter(|a| a.started_at <= as_of).map(|a| of_attempt(m, c, a, rebuttals, as_of)).collect();
    let holding = || findings.iter().filter(|f| f.effect.holds());
    let first = holding().min_by_key(|f| (f.at, f.channel, f.attempt)).cloned();
    let several = first.as_ref().is_some_and(|f| holding().any(|g| g.channel != f.channel));
    // the paragraph speaks of several electronic ways; with paper among them each serves by its own article
    let electronic = holding().all(|f| f.channel.is_electronic());
    let unusable = findings.iter().find(|f| f.effect == Effect::NoticeUnusable);
    let told = first.as_ref().or(unusable);
    // what went along says nothing of the service while something else was sent
    let last = findings.iter().rev().find(|f| f.row != Row::Companion).or(findings.last());
    Outcome {
        effect: told.map_or(Effect::No, |f| f.effect),
        row: if several { Some(Row::R9) } else { told.or(last).map(|f| f.row) },
        at: first.as_ref().and_then(|f| f.at),
        day: first.as_ref().and_then(|f| f.day),
        counts_from: first.as_ref().and_then(|f| f.day).and_then(|d| d.succ_opt()),
        deciding: first.as_ref().map(|f| f.attempt),
        rests_on: first.as_ref().map(|f| f.rests_on.clone()).unwrap_or_default(),
        contested: first.as_ref().is_some_and(|f| f.contested),
        article: if several && electronic { Some(law::OL31_LAST) } else { told.or(last).map(|f| f.article) },
        findings,
    }
}

/// One attempt with what is known of it, oldest first.
pub(super) struct Case<'a> {
    pub(super) m: Matter<'a>,
    pub(super) a: &'a Attempt,
    pub(super) seen: &'a [&'a Event],
}

impl Case<'_> {
    pub(super) fn first(&self, is: impl Fn(&Event) -> bool) -> Option<&Event> {
        self.seen.iter().copied().find(|e| is(e))
    }

    pub(super) fn no(&self, row: Row, article: Article, zh: &str, en: &str) -> Finding {
        Finding {
            attempt: self.a.id,
            channel: self.a.channel,
            row,
            effect: Effect::No,
            at: None,
            day: None,
            rests_on: Vec::new(),
            contested: false,
            article,
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }

    /// Served by an event, at its time.
    pub(super) fn yes(&self, row: Row, by: &Event, article: Article, zh: &str, en: &str) -> Finding {
        let (when, day) = (by.at.with_timezone(&beijing_offset()).format("%Y-%m-%d %H:%M"), beijing_date(by.at));
        Finding {
            effect: Effect::Yes,
            at: Some(by.at),
            day: Some(day),
            rests_on: vec![by.id],
            zh: format!("{when} {zh}送达日是 {day}。"),
            en: format!("{when} (Beijing): {en} The day of service is {day}."),
            ..self.no(row, article, "", "")
        }
    }

    /// Rows 1 to 8.
    fn electronic(&self, rebuttals: &[Rebuttal], as_of: DateTime<Utc>) -> Finding {
        // a clear no ends what consent there was: only what came before it counts
        let cut = self.first(|e| e.what == SystemEvent::Refused).map(|e| e.at);
        let before: Vec<&Event> = self.seen.iter().copied().filter(|e| cut.is_none_or(|cut| e.at < cut)).collect();
        let case = Case { m: self.m, a: self.a, seen: &before };
        let accepted = case.acceptance().is_some();
        let strength = match self.a.consent {
            _ if self.a.refused => Strength::None,
            Strength::None if accepted => Strength::ByConduct,
            given => given,
        };
        if strength == Strength::None {
            return self.no(
                Row::R8,
                law::OL29,
                "受送达人没有同意电子送达；平台上的展示只供知悉，应当纸质送达。",
                "The recipient has not agreed to electronic service; what the platform shows is for information, and the paper must be served.",
            );
        }
        if !self.m.allowed.allowed {
            return self.no(
                Row::R4,
                law::L90,
                "这类文书在本院、在当日不得电子送达，应当纸质送达。",
                "This paper may not be served electronically by this court on that day; it goes on paper.",
            );
        }
        let found =
            if strength == Strength::Full && self.a.standing.is_given() { case.by_arrival() } else { case.by_receipt(rebuttals, as_of) };
        match cut {
            Some(_) if !found.effect.holds() => self.no(
                Row::R8,
                law::OL29,
                "受送达人明确表示不同意电子送达，应当纸质送达。",
                "The recipient clearly refused electronic service; the paper must be served.",
            ),
            _ => found,
        }
    }

    /// Rows 1 to 3: given or confirmed by the recipient, with full consent.
    fn by_arrival(&self) -> Finding {
        let is = |what: SystemEvent| self.first(|e| e.what == what);
        let trace = self.first(|e| e.what.is_receipt() || e.what.is_acceptance());
        let fault_since = |at: DateTime<Utc>| self.seen.iter().any(|e| e.what.is_fault() && e.at >= at);
        let held = |e: &&Event| !fault_since(e.at);
        if let Some(proved) = is(SystemEvent::ArrivalProved) {
            return self.yes(
                Row::R2,
                proved,
                law::I135,
                "到达受送达人的系统，日期由受送达人证明，与本院系统显示的发送日期不一致的，以此为准。",
                "it arrived in the recipient's system, as the recipient proved; that date goes before the one our system shows.",
            );
        }
        if let Some(arrived) = is(SystemEvent::Arrived).filter(held) {
            return self.yes(
                Row::R1,
                arrived,
                law::OL31_1,
                "到达受送达人提供或者确认的电子地址所在系统，到达时即为送达。",
                "it arrived in the system of the address the recipient gave or confirmed; arrival is service.",
            );
        }
        if let Some(sent) = is(SystemEvent::SentOk).filter(held) {
            return self.yes(
                Row::R2,
                sent,
                law::I135,
                "本院系统显示发送成功，未被退回，当日视为到达受送达人的系统。",
                "our system shows it as sent and nothing came back; it counts as arrived that day.",
            );
        }
        match trace {
            Some(trace) => self.yes(
                Row::R1,
                trace,
                law::OL31_1,
                "受送达人在其提供或者确认的电子地址已经看到，最迟此时到达。",
                "the recipient had it at the address given or confirmed; it had arrived by then.",
            ),
            None => self.fault().unwrap_or_else(|| self.waiting()),
        }
    }

    /// Rows 5 to 7: not given by the recipient, or accepted only by conduct.
    fn by_receipt(&self, rebuttals: &[Rebuttal], as_of: DateTime<Utc>) -> Finding {
        let accepted = self.acceptance();
        let receipt = self.first(|e| e.what.is_receipt()).filter(|_| self.is_own() && self.a.consent != Strength::None);
        let against = |state| rebuttals.iter().any(|r| r.attempt == self.a.id && r.state_at(as_of) == Some(state));
        let upheld = against(RebuttalState::Upheld);
        // the presumption stands from the reading until it falls; an answer before it needs no presumption
        if let Some(read) = receipt.filter(|r| !upheld && accepted.is_none_or(|a| r.at < a.at)) {
            return Finding {
                effect: Effect::Presumed,
                contested: against(RebuttalState::Open),
                ..self.yes(
                    Row::R6,
                    read,
                    law::OL31_2_2,
                    "系统反馈已阅，或者有其他证据证明已经收悉，推定送达；受送达人证明系统错误、非本人地址或者非本人阅知的除外。",
                    "the system reports it as read, or receipt is proved otherwise: presumed served, unless the recipient proves a system error, an address not his or her own, or that another read it.",
                )
            };
        }
        let fault = if receipt.is_none() { self.fault() } else { None };
        match (accepted, receipt) {
            (Some(accepted), _) => self.yes(
                Row::R5,
                accepted,
                law::OL31_2_1,
                "受送达人回复已收到，或者按送达内容作出诉讼行为，此时完成送达。",
                "the recipient answered that it was received, or acted on it in the case; service is complete then.",
            ),
            (None, Some(_)) => self.no(
                Row::R6,
                law::OL31_2_2,
                "推定送达的异议成立，这一次不是送达。",
                "The rebuttal was upheld: the presumption falls and this is no service.",
            ),
            (None, None) if fault.is_some() => fault.unwrap_or_else(|| self.waiting()),
            (None, None)
                if self.first(|e| matches!(e.what, SystemEvent::Arrived | SystemEvent::SentOk) || e.what.is_receipt()).is_some() =>
            {
                self.no(
                    Row::R7,
                    law::OL31_2_2,
                    "地址不是受送达人提供或者确认的，未阅、未回复，还不是送达。",
                    "The address was not given or confirmed by the recipient, and nothing was read or answered: not served yet.",
                )
            }
            (None, None) => self.waiting(),
        }
    }

    /// Row 3: it came back, or whoever got it says it is for somebody else.
    fn fault(&self) -> Option<Finding> {
        self.first(|e| e.what.is_fault())?;
        let by_another = self.first(|e| e.what == SystemEvent::Disclaimed).is_some();
        Some(if by_another {
            self.no(
                Row::R3,
                law::OL31,
                "收到的人称自己不是受送达人；在法院核实以前，这一次不作为送达。",
                "Whoever got it says it is for somebody else; until the court has looked into it, this is no service.",
            )
        } else {
            self.no(
                Row::R3,
                law::OL31_1,
                "被退回、邮箱已满或者号码停用，没有到达，不是送达。",
                "It bounced, the mailbox was full or the number out of service: it did not arrive and is no service.",
            )
        })
    }

    fn is_own(&self) -> bool {
        self.a.standing != Standing::Unknown
    }

    /// The recipient accepts. An answer from an address nobody knows could be anybody's; what is done in the case is the
    /// party's own.
    fn acceptance(&self) -> Option<&Event> {
        self.first(|e| e.what == SystemEvent::ActedOnContent || (self.is_own() && e.what.is_acceptance()))
    }

    pub(super) fn waiting(&self) -> Finding {
        self.no(Row::Waiting, law::OL31, "还没有收到反馈。", "Nothing has been reported yet.")
    }

    /// 简便方式的开庭通知 (简易程序): needs no consent, and no consequence without a confirmation.
    fn simple_notice(&self) -> Finding {
        if !(self.m.procedure.is_summary() && self.m.paper.calls_to_hearing() && self.a.channel.is_simple_means()) {
            return self.no(
                Row::NotThisRoute,
                law::I261,
                "简便方式只用于简易程序的开庭通知、传唤，不能代替送达。",
                "Simple means serve for summonses in summary procedure only; they do not replace service.",
            );
        }
        match self.first(|e| e.what.is_acceptance() || e.what.is_receipt()) {
            Some(by) => self.yes(
                Row::SimpleNotice,
                by,
                law::I261,
                "当事人确认收到，或者有其他证据证明收到，可以作为开庭通知的依据。",
                "the party confirmed it, or receipt is proved: the notice may be relied on.",
            ),
            None => self.waiting(),
        }
    }

    /// Row 10: a summons sent by simple means in summary procedure that nothing confirms may not be held against absence.
    fn or_unusable(&self, found: Finding) -> Finding {
        let open = matches!(found.row, Row::Waiting | Row::R7) || (found.row == Row::R3 && self.a.purpose == Purpose::SimpleNotice);
        let summons = self.m.procedure.is_summary() && self.m.paper.calls_to_hearing() && self.a.channel.is_simple_means();
        if !(open && summons) || self.a.purpose == Purpose::Companion {
            return found;
        }
        Finding {
            effect: Effect::NoticeUnusable,
            ..self.no(
                Row::R10,
                law::I261,
                "以简便方式发出的开庭通知，当事人没有确认，也没有其他证据证明收到，不得缺席判决，不得按撤诉处理。",
                "A summons sent by simple means that is neither confirmed nor proved received: no default judgment, and no treating as withdrawn.",
            )
        }
    }
}

/// 24:00 of a day, told as its last second, so that the instant lies on the day of service.
pub(super) fn last_of(day: NaiveDate) -> DateTime<Utc> {
    crate::court::beijing::end_of_day(day) - TimeDelta::seconds(1)
}
