//! 下一步: what to do for one recipient of one service, given what was tried and what came of it.
//!
//! Owns the order of channels, the tries, the reminders and the fall from electronic service to post, to service by hand
//! and to public notice (the law sets no count for electronic tries: the figures are rules of the court). It says one
//! step and why; who carries it out writes an attempt down first, so that asking again never sends the same twice. Must
//! never stop before the first lawful effect, go on after it, or send electronically without full consent. The routes
//! on paper are in `plan_paper.rs`.

use std::cmp::Reverse;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::effect::{Attempt, Counting, Finding, Matter, Outcome, Rebuttal, of_service};
use super::law::{self, Article};
use super::plan_paper;
use super::words::{Channel, Condition, Effect, Ground, MailPapers, Purpose, RebuttalState, Row, Standing, Strength, SystemEvent};

/// 送达规则 of a court.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceRules {
    /// Electronic channels in the order they are used; one that is not named is not used.
    pub order: Vec<Channel>,
    /// What goes along to tell the recipient, and is no service.
    pub companions: Vec<Channel>,
    /// How many addresses the first sending goes to.
    pub at_once: u32,
    /// The most electronic sendings.
    pub most_tries: u32,
    /// Within how many days they lie.
    pub within_days: u32,
    /// How long after a failed round the next begins.
    pub retry_after_hours: u32,
    /// How long a report is waited for, and how long a sending may still bounce.
    pub report_hours: u32,
    /// Days of the service on which an unread sending is followed by a message and a call.
    pub reminder_days: Vec<u32>,
    /// Without proof by this day, on paper.
    pub paper_by_day: u32,
    /// How long a letter is waited for: three deliveries in five days, and its way back.
    pub post_days: u32,
    /// How long service by hand, or an order for publication, is waited for.
    pub hand_days: u32,
    /// Papers go along with an e-mail, or wait behind the sign-in of whoever has an account in the case.
    pub mail_papers: MailPapers,
}

impl Default for ServiceRules {
    fn default() -> Self {
        Self {
            order: vec![Channel::Inbox, Channel::NationalPlatform, Channel::Email, Channel::Chat, Channel::Sms],
            companions: vec![Channel::Sms],
            at_once: 1,
            most_tries: 3,
            within_days: 3,
            retry_after_hours: 24,
            report_hours: 24,
            reminder_days: vec![1, 3],
            paper_by_day: 5,
            post_days: 15,
            hand_days: 15,
            mail_papers: MailPapers::Attached,
        }
    }
}

impl ServiceRules {
    /// The most electronic sendings there can be.
    pub fn bound(&self) -> usize {
        usize::try_from(self.most_tries.max(self.at_once).max(1)).unwrap_or(usize::MAX)
    }
}

/// An electronic address of the recipient, as it stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// Address.
    pub address: Uuid,
    /// Its channel.
    pub channel: Channel,
    /// How it stands.
    pub standing: Standing,
    /// The consent in force for it.
    pub consent: Strength,
}

/// All that the next step depends on.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// What is served, in what matter.
    pub matter: Matter<'a>,
    /// How days are counted.
    pub counting: Counting<'a>,
    /// The court's rules.
    pub rules: &'a ServiceRules,
    /// Electronic addresses.
    pub reaches: &'a [Reach],
    /// Postal addresses, the best first.
    pub postal: &'a [Uuid],
    /// What was tried.
    pub attempts: &'a [Attempt],
    /// Rebuttals.
    pub rebuttals: &'a [Rebuttal],
    /// 下落不明, found and written down by the court.
    pub whereabouts_unknown: bool,
    /// The recipient asked for a paper copy.
    pub paper_wanted: bool,
}

/// Where something is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Target {
    /// Address.
    pub address: Uuid,
    /// Channel.
    pub channel: Channel,
}

/// What has to be so before a public notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeCondition {
    /// 下落不明, or no other way served.
    WhereaboutsUnknownOrAllFailed,
    /// 案卷中记明原因和经过.
    ReasonInTheFile,
    /// 审判人员批准.
    Approval,
}

/// The next step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Next {
    /// Send electronically, now.
    Send {
        /// Where.
        to: Vec<Target>,
        /// What goes along.
        companions: Vec<Channel>,
        /// To be signed for electronically.
        sign: bool,
    },
    /// Nothing before this, unless something is reported.
    Wait {
        /// When to look again.
        until: DateTime<Utc>,
    },
    /// Send a message and put the recipient on the call list.
    Remind {
        /// Of which day.
        day: u32,
        /// By what.
        by: Vec<Channel>,
    },
    /// Print the bundle and post it.
    Post {
        /// The postal address.
        address: Uuid,
    },
    /// Serve by hand, by one of these ways.
    ByHand {
        /// The ways open to this paper.
        ways: Vec<Channel>,
    },
    /// Public notice is possible.
    PublicNotice {
        /// What must be so, and in the file.
        conditions: Vec<NoticeCondition>,
    },
    /// 转为普通程序.
    ToOrdinary,
    /// A judge decides on the rebuttal.
    DecideRebuttal {
        /// Of this attempt.
        attempt: Uuid,
    },
    /// No lawful way is left; a judge looks at it.
    NoWayLeft,
    /// Served.
    Done {
        /// How.
        effect: Effect,
        /// When.
        at: DateTime<Utc>,
        /// 送达日.
        day: NaiveDate,
        /// A paper copy is still owed.
        paper_copy_due: bool,
    },
}

/// The next step and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Planned {
    /// What.
    #[serde(flatten)]
    pub next: Next,
    /// 依据.
    pub article: Article,
    /// Why.
    pub zh: &'static str,
    /// Why, in English.
    pub en: &'static str,
}

pub(super) fn planned(next: Next, article: Article, zh: &'static str, en: &'static str) -> Planned {
    Planned { next, article, zh, en }
}

/// Tells the next step at a moment.
pub fn next(s: &Situation<'_>, now: DateTime<Utc>) -> Planned {
    let outcome = of_service(s.matter, s.counting, s.attempts, s.rebuttals, now);
    if let Some(step) = settled(s, &outcome, now) {
        return step;
    }
    let tried = Tried::of(s, &outcome, now);
    electronic(s, &tried, now).unwrap_or_else(|| plan_paper::next(s, &outcome, now))
}

/// Served: done, unless it may still bounce or a judge has to look.
fn settled(s: &Situation<'_>, outcome: &Outcome, now: DateTime<Utc>) -> Option<Planned> {
    let (at, day, deciding) = (outcome.at?, outcome.day?, outcome.deciding?);
    if outcome.contested {
        return Some(planned(
            Next::DecideRebuttal { attempt: deciding },
            law::OL31_2_2,
            "受送达人对推定送达提出异议，先审查异议。",
            "The recipient rebuts the presumption; that is decided first.",
        ));
    }
    let bounces_until = at + hours(s.rules.report_hours);
    let only_sent = outcome.findings.iter().filter(|f| f.effect.holds()).all(|f| f.row == Row::R2);
    if only_sent && now < bounces_until {
        return Some(planned(
            Next::Wait { until: bounces_until },
            law::I135,
            "已显示发送成功，等一段时间确认没有被退回；送达日仍按发送成功之日。",
            "Shown as sent; we wait a while for a bounce. The day of service stays the day it was sent.",
        ));
    }
    let paper_copy_due = s.paper_wanted && s.matter.allowed.needs(Condition::PaperOnRequest);
    Some(planned(
        Next::Done { effect: outcome.effect, at, day, paper_copy_due },
        outcome.article.unwrap_or(law::OL31),
        "已经送达，以最先完成的有效送达为准，不再发送。",
        "Served; the earliest effective service counts, and nothing more is sent.",
    ))
}

/// The electronic sendings so far, oldest first.
struct Tried<'a> {
    all: Vec<&'a Attempt>,
    live: Vec<&'a Attempt>,
    refused: bool,
}

impl<'a> Tried<'a> {
    fn of(s: &Situation<'a>, outcome: &Outcome, now: DateTime<Utc>) -> Self {
        let electronic = |a: &&Attempt| a.purpose == Purpose::Service && a.channel.is_electronic() && a.started_at <= now;
        let mut all: Vec<&Attempt> = s.attempts.iter().filter(electronic).collect();
        all.sort_by_key(|a| (a.started_at, a.id));
        let finding = |a: &Attempt| outcome.findings.iter().find(|f| f.attempt == a.id);
        let live = all.iter().copied().filter(|a| is_live(a, finding(a), s.rules, now)).collect();
        let refused = all.iter().any(|a| a.refused || a.events.iter().any(|e| e.what == SystemEvent::Refused && e.at <= now));
        Self { all, live, refused }
    }
}

/// May still become a service: nothing bounced since it was sent, something was reported in time, no rebuttal felled it.
fn is_live(a: &Attempt, found: Option<&Finding>, rules: &ServiceRules, now: DateTime<Utc>) -> bool {
    let on_its_way = |w: SystemEvent| matches!(w, SystemEvent::SentOk | SystemEvent::Arrived) || w.is_receipt() || w.is_acceptance();
    let seen = || a.known(now);
    let reached = seen().filter(|e| on_its_way(e.what)).map(|e| e.at).max();
    let fault = seen().filter(|e| e.what.is_fault()).map(|e| e.at).max();
    let bounced = fault.is_some_and(|fault| reached.is_none_or(|reached| reached <= fault));
    let silent = reached.is_none() && now >= a.started_at + hours(rules.report_hours);
    let felled = found.is_some_and(|f| f.row == Row::R6 && f.effect == Effect::No);
    !(bounced || silent || felled)
}

/// The next electronic step; none when it is time for paper.
fn electronic(s: &Situation<'_>, tried: &Tried<'_>, now: DateTime<Utc>) -> Option<Planned> {
    if !s.matter.allowed.allowed || tried.refused {
        return None;
    }
    let open = usable(s, now);
    let Some(first) = tried.all.first() else {
        let first = usize::try_from(s.rules.at_once.max(1)).unwrap_or(1);
        return (!open.is_empty()).then(|| send(s, open.into_iter().take(first)));
    };
    let paper_at = first.started_at + days(s.rules.paper_by_day);
    if now >= paper_at {
        return None;
    }
    if tried.live.is_empty() { again(s, tried, &open, now) } else { Some(follow_up(s, tried, paper_at, now)) }
}

/// Addresses the law lets us use, in the court's order. An address that turned out not to be the recipient's is out.
fn usable(s: &Situation<'_>, now: DateTime<Utc>) -> Vec<Reach> {
    let place = |c: Channel| s.rules.order.iter().position(|o| *o == c);
    let not_own = |address: Uuid| {
        let upheld = s.rebuttals.iter().filter(|r| r.ground == Ground::NotOwnAddress && r.state_at(now) == Some(RebuttalState::Upheld));
        upheld.filter_map(|r| s.attempts.iter().find(|a| a.id == r.attempt)).any(|a| a.address == Some(address))
    };
    let may = |r: &Reach| {
        r.channel.is_electronic() && place(r.channel).is_some() && r.consent == Strength::Full && r.standing != Standing::Unknown
    };
    let mut open: Vec<Reach> = s.reaches.iter().copied().filter(|r| may(r) && !not_own(r.address)).collect();
    // a given address serves on arrival, one merely found needs the recipient's help: given ones first
    open.sort_by_key(|r| (Reverse(r.standing.is_given()), place(r.channel), r.standing, r.address));
    open.dedup_by_key(|r| r.address);
    open
}

fn send(s: &Situation<'_>, to: impl Iterator<Item = Reach>) -> Planned {
    let to: Vec<Target> = to.map(|r| Target { address: r.address, channel: r.channel }).collect();
    let companions = s.rules.companions.iter().copied().filter(|c| !to.iter().any(|t| t.channel == *c)).collect();
    planned(
        Next::Send { to, companions, sign: s.matter.allowed.needs(Condition::ESignature) },
        law::L90,
        "受送达人同意电子送达，这类文书可以电子送达，发往排在前面的有效地址；同时发出的提示不是送达。",
        "The recipient agreed and the paper may be served electronically: it goes to the first good address. What goes along is a notice, not service.",
    )
}

/// Nothing is under way any more: the next address at once, then another round after a day, within the court's bound.
fn again(s: &Situation<'_>, tried: &Tried<'_>, open: &[Reach], now: DateTime<Utc>) -> Option<Planned> {
    let ends = tried.all.first()?.started_at + days(s.rules.within_days);
    if tried.all.len() >= s.rules.bound() || now >= ends {
        return None;
    }
    let times = |r: &Reach| tried.all.iter().filter(|a| a.address == Some(r.address)).count();
    if let Some(fresh) = open.iter().find(|r| times(r) == 0) {
        return Some(send(s, std::iter::once(*fresh)));
    }
    let next = open.iter().enumerate().min_by_key(|(i, r)| (times(r), *i)).map(|(_, r)| *r)?;
    let at = tried.all.last()?.started_at + hours(s.rules.retry_after_hours);
    if at >= ends {
        return None;
    }
    if now >= at {
        return Some(send(s, std::iter::once(next)));
    }
    Some(planned(
        Next::Wait { until: at },
        law::OL31,
        "各电子地址都没有送到，过一段时间再试。",
        "No address was reached; another try follows after a while.",
    ))
}

/// Something is under way: reminders on their days, else wait.
fn follow_up(s: &Situation<'_>, tried: &Tried<'_>, paper_at: DateTime<Utc>, now: DateTime<Utc>) -> Planned {
    let start = tried.all.first().map_or(now, |a| a.started_at);
    let reminded = s.attempts.iter().filter(|a| a.started_at <= now).filter_map(|a| a.reminder_day).max();
    let due = s.rules.reminder_days.iter().copied().filter(|d| now >= start + days(*d)).max();
    if let Some(day) = due.filter(|day| reminded.is_none_or(|done| done < *day)) {
        return planned(
            Next::Remind { day, by: s.rules.companions.clone() },
            law::OL32,
            "还没有看到受送达人收悉，发短信提醒并列入电话名单；提醒不是送达。",
            "Nothing shows that the recipient has it: a message and a call follow. They are no service.",
        );
    }
    let reminders = s.rules.reminder_days.iter().map(|d| start + days(*d));
    let reports = tried.live.iter().map(|a| a.started_at + hours(s.rules.report_hours));
    let until = reminders.chain(reports).filter(|t| *t > now).chain([paper_at]).min().unwrap_or(paper_at);
    planned(
        Next::Wait { until },
        law::OL31,
        "已经发出，等待到达、阅知或者回复的反馈。",
        "Sent; we wait for a report of arrival, reading or an answer.",
    )
}

pub(super) fn hours(n: u32) -> TimeDelta {
    TimeDelta::hours(i64::from(n))
}

pub(super) fn days(n: u32) -> TimeDelta {
    TimeDelta::days(i64::from(n))
}
