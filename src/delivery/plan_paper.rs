//! 下一步 on paper: post, by hand, left after refusal, public notice, and what to do where a route is barred.
//!
//! Owns the order of these routes (民事诉讼法 Art 88–95, 法院专递规定, 简易程序规定 Art 8). Each is tried once by itself; a
//! clerk may write down more. Must never propose public notice in summary procedure or for a paper it is barred to.

use chrono::{DateTime, TimeDelta, Utc};

use super::effect::{Attempt, Finding, Outcome, last_of};
use super::effect_paper::{barred, notice_ends};
use super::law;
use super::plan::{Next, NoticeCondition, Planned, Situation, days, planned};
use super::words::{Channel, PaperKind, Purpose, Row, SystemEvent};
use crate::court::beijing::beijing_date;

/// The ways by hand, in the order they are tried.
const BY_HAND: [Channel; 4] = [Channel::Direct, Channel::AppointedReceiver, Channel::HouseholdAdult, Channel::Entrusted];

/// Tells the next step on paper.
pub(super) fn next(s: &Situation<'_>, outcome: &Outcome, now: DateTime<Utc>) -> Planned {
    let look = Look { s, outcome, now };
    look.post().or_else(|| look.by_hand()).unwrap_or_else(|| look.notice())
}

struct Look<'a> {
    s: &'a Situation<'a>,
    outcome: &'a Outcome,
    now: DateTime<Utc>,
}

impl Look<'_> {
    fn tried(&self, is: impl Fn(Channel) -> bool) -> Vec<&Attempt> {
        let fits = |a: &&Attempt| a.purpose == Purpose::Service && is(a.channel) && a.started_at <= self.now;
        let mut all: Vec<&Attempt> = self.s.attempts.iter().filter(fits).collect();
        all.sort_by_key(|a| (a.started_at, a.id));
        all
    }

    fn finding(&self, a: &Attempt) -> Option<&Finding> {
        self.outcome.findings.iter().find(|f| f.attempt == a.id)
    }

    /// Still under way: nothing decided it, and it is not longer than usual.
    fn pending(&self, tried: &[&Attempt], most: u32) -> Option<DateTime<Utc>> {
        let open = tried.iter().filter(|a| self.finding(a).is_some_and(|f| f.row == Row::Waiting)).map(|a| a.started_at + days(most));
        open.filter(|until| *until > self.now).min()
    }

    fn post(&self) -> Option<Planned> {
        let posted = self.tried(|c| c == Channel::Post);
        if let Some(until) = self.pending(&posted, self.s.rules.post_days) {
            return Some(planned(
                Next::Wait { until },
                law::POST6,
                "邮件在途，等待签收或者退回；三次投递不成，邮局应说明理由退回。",
                "The letter is on its way; after three failed deliveries the post returns it with the reason.",
            ));
        }
        if self.s.whereabouts_unknown {
            return None;
        }
        let fresh = self.s.postal.iter().find(|p| !posted.iter().any(|a| a.address == Some(**p)))?;
        Some(planned(
            Next::Post { address: *fresh },
            law::L91,
            "电子送达不适用或者没有结果，打印文书、封面和回执，邮寄送达。",
            "Electronic service is not open or came to nothing: print the bundle and post it.",
        ))
    }

    fn by_hand(&self) -> Option<Planned> {
        let tried = self.tried(Channel::is_personal);
        let summary = self.s.matter.procedure.is_summary();
        let open = |c: Channel| barred(self.s.matter.paper, summary, c).is_none() && !tried.iter().any(|a| a.channel == c);
        let refused = tried.iter().any(|a| a.events.iter().any(|e| e.what == SystemEvent::Refused && e.at <= self.now));
        if refused && open(Channel::LeaveService) {
            return Some(planned(
                Next::ByHand { ways: vec![Channel::LeaveService] },
                law::L89,
                "受送达人拒绝签收，可以邀请见证人或者拍照、录像，留置送达。",
                "The recipient refused to sign: it may be left, with witnesses or pictures.",
            ));
        }
        if let Some(until) = self.pending(&tried, self.s.rules.hand_days) {
            return Some(planned(
                Next::Wait { until },
                law::L88,
                "正在直接送达，等待送达人员登记结果。",
                "Service by hand is under way; its result is to be written down.",
            ));
        }
        if !tried.is_empty() || self.s.whereabouts_unknown {
            return None;
        }
        let ways: Vec<Channel> = BY_HAND.into_iter().filter(|c| open(*c)).collect();
        Some(planned(
            Next::ByHand { ways },
            law::L88,
            "邮寄没有送达或者没有邮寄地址，由送达人员直接送达。",
            "Post did not serve, or there is no postal address: an officer serves it by hand.",
        ))
    }

    fn notice(&self) -> Planned {
        let m = self.s.matter;
        if barred(m.paper, false, Channel::PublicNotice).is_some() {
            return match m.paper {
                PaperKind::PaymentOrder => planned(
                    Next::NoWayLeft,
                    law::I429,
                    "支付令应当送达债务人本人，不能公告；无法送达的，由审判人员决定终结督促程序。",
                    "A payment order must reach the debtor and is never published: a judge decides on ending the procedure.",
                ),
                _ => planned(
                    Next::NoWayLeft,
                    law::I133,
                    "调解书应当送达本人，不能留置、公告；无法送达的，由审判人员及时判决。",
                    "A mediation statement must reach the party: where it cannot, a judge gives judgment.",
                ),
            };
        }
        if m.procedure.is_summary() {
            return planned(
                Next::ToOrdinary,
                law::S8,
                "简易程序不适用公告送达；无法送达的，转为普通程序审理。",
                "There is no public notice in summary procedure: the case goes to ordinary procedure.",
            );
        }
        let published = self.tried(|c| c == Channel::PublicNotice);
        let Some(last) = published.last() else {
            return planned(
                Next::PublicNotice {
                    conditions: vec![
                        NoticeCondition::WhereaboutsUnknownOrAllFailed,
                        NoticeCondition::ReasonInTheFile,
                        NoticeCondition::Approval,
                    ],
                },
                law::L95,
                "受送达人下落不明，或者其他方式都无法送达，可以公告送达，案卷中记明原因和经过。",
                "The whereabouts are unknown or no other way served: public notice is possible, with reason and steps in the file.",
            );
        };
        let issued = last.events.iter().filter(|e| e.what == SystemEvent::Published && e.at <= self.now).map(|e| e.at).max();
        let ends = issued.and_then(|at| notice_ends(self.s.counting, beijing_date(at), m.abroad)).map(|(day, _)| last_of(day));
        let until = ends.map(|end| end + TimeDelta::seconds(1)).filter(|end| *end > self.now);
        match (until, issued) {
            (Some(until), _) => planned(
                Next::Wait { until },
                law::L95,
                "公告期内，期满视为送达。",
                "The public notice runs; at its end it counts as service.",
            ),
            (None, None) => planned(
                Next::Wait { until: (last.started_at + days(self.s.rules.hand_days)).max(self.now + days(1)) },
                law::L95,
                "公告已交办，等待刊登或者张贴的日期。",
                "The notice was ordered; its date of publication is awaited.",
            ),
            (None, Some(_)) => planned(
                Next::NoWayLeft,
                law::L95,
                "公告期无法计算，请审判人员查看。",
                "The period of the notice cannot be counted: a judge looks at it.",
            ),
        }
    }
}
