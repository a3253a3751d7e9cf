//! 纸质送达的效力: post, by hand, left after refusal, public notice.
//!
//! Owns when these routes serve (民事诉讼法 Art 88–91, 95; 法院专递规定 Art 6, 11; 民诉法解释 Art 133, 140, 429) and which
//! papers they are barred to. Must never take a return for service without one of the four reasons, or a public notice
//! in summary procedure.

use chrono::{DateTime, NaiveDate, Utc};

use super::effect::{Case, Counting, Event, Finding, last_of};
use super::law::{self, Article};
use super::words::{Channel, PaperKind, ReturnReason, Row, Signer, SystemEvent};
use crate::court::beijing::{beijing_date, day_en, day_zh};
use crate::court::calendar::{CalendarError, Period, Roll};
use crate::court::periods;

/// Finds what became of an attempt on paper.
pub(super) fn of(case: &Case<'_>, c: Counting<'_>, as_of: DateTime<Utc>) -> Finding {
    if let Some((article, zh, en)) = barred(case.m.paper, case.m.procedure.is_summary(), case.a.channel) {
        return case.no(Row::NotThisRoute, article, zh, en);
    }
    match case.a.channel {
        Channel::Post => post(case),
        Channel::LeaveService => left(case),
        Channel::PublicNotice => public_notice(case, c, as_of),
        _ => signed(case, law::L88).unwrap_or_else(|| not_signed(case)),
    }
}

/// Why a route is barred to a paper, if it is.
pub(super) fn barred(paper: PaperKind, summary: bool, channel: Channel) -> Option<(Article, &'static str, &'static str)> {
    match (paper, channel) {
        (PaperKind::MediationStatement, Channel::LeaveService | Channel::PublicNotice | Channel::HouseholdAdult) => Some((
            law::I133,
            "调解书应当直接送达当事人本人或者其指定的代收人，不适用留置送达、公告送达。",
            "A mediation statement goes to the party or the receiver the party named; it is never left and never served by public notice.",
        )),
        (PaperKind::PaymentOrder, Channel::PublicNotice | Channel::HouseholdAdult | Channel::AppointedReceiver) => Some((
            law::I429,
            "支付令应当送达债务人本人；本人拒绝接收的可以留置，不适用公告送达。",
            "A payment order must reach the debtor in person; it may be left after refusal, never served by public notice.",
        )),
        (_, Channel::PublicNotice) if summary => Some((
            law::I140,
            "简易程序不适用公告送达；需要公告的，应当转为普通程序。",
            "There is no public notice in summary procedure; where it is needed, the case goes to ordinary procedure.",
        )),
        _ => None,
    }
}

/// Who may sign for whom.
fn may_sign(paper: PaperKind, by: Signer) -> bool {
    match paper {
        PaperKind::PaymentOrder => matches!(by, Signer::Recipient | Signer::OrganisationReceiver),
        PaperKind::MediationStatement => matches!(by, Signer::Recipient | Signer::OrganisationReceiver | Signer::AppointedReceiver),
        _ => !matches!(by, Signer::OpposingParty | Signer::Other),
    }
}

fn signed(case: &Case<'_>, article: Article) -> Option<Finding> {
    let is_signed = |e: &Event| e.what == SystemEvent::Signed;
    let good = case.first(|e| is_signed(e) && e.by.is_some_and(|by| may_sign(case.m.paper, by)));
    if let Some(good) = good {
        let by = good.by.unwrap_or(Signer::Recipient);
        let zh = format!("由{}签收。", by.zh());
        let en = format!("signed for by {}.", by.en());
        return Some(case.yes(Row::Signed, good, article, &zh, &en));
    }
    case.first(is_signed).map(|_| {
        case.no(
            Row::WrongSigner,
            if case.m.paper.is_personal() { law::I133 } else { law::L88 },
            "签收人不是受送达人本人，也不是法律允许代收的人，不是送达。",
            "Whoever signed is neither the recipient nor somebody the law lets sign: not served.",
        )
    })
}

fn not_signed(case: &Case<'_>) -> Finding {
    if case.first(|e| e.what == SystemEvent::Refused).is_some() {
        return case.no(
            Row::LeftNoProof,
            law::L89,
            "受送达人拒绝签收，还没有留置，不是送达。",
            "The recipient refused to sign and nothing was left yet: not served.",
        );
    }
    case.waiting()
}

/// 法院专递: the day on the return receipt; or the day it came back, for one of four reasons and unless no fault is proved.
fn post(case: &Case<'_>) -> Finding {
    if let Some(found) = signed(case, law::L91) {
        return found;
    }
    let Some(back) = case.first(|e| e.what == SystemEvent::Returned) else { return case.waiting() };
    let without = |article, zh, en| Finding { rests_on: vec![back.id], ..case.no(Row::PostNoEffect, article, zh, en) };
    let reason = back.reason.unwrap_or(ReturnReason::Other);
    let blamed = match reason {
        ReturnReason::WrongAddress | ReturnReason::ChangeNotTold => case.a.standing.is_given(),
        ReturnReason::AddressRefused | ReturnReason::SignRefused => true,
        _ => false,
    };
    if !blamed {
        return without(
            law::POST6,
            "邮件退回，理由不在退回视为送达之列，不是送达。",
            "It came back for a reason that does not make the return a service: not served.",
        );
    }
    if case.m.paper.is_personal() {
        let article = if case.m.paper == PaperKind::PaymentOrder { law::I429 } else { law::I133 };
        return without(
            article,
            "这类文书应当送达本人，邮件退回不视为送达。",
            "This paper must reach the recipient in person; a return is no service.",
        );
    }
    if case.first(|e| e.what == SystemEvent::NoFaultProved).is_some() {
        return without(
            law::POST11,
            "受送达人证明自己没有过错，退回不视为送达。",
            "The recipient proved to be without fault: the return is no service.",
        );
    }
    let (zh, en) = (
        format!("邮件因「{}」退回，退回之日视为送达之日。", reason.zh()),
        format!("returned ({}); the day of return is the day of service.", reason.en()),
    );
    case.yes(Row::PostReturned, back, law::POST11, &zh, &en)
}

/// 留置送达: refused, then left, with witnesses or pictures in the file.
fn left(case: &Case<'_>) -> Finding {
    if let Some(found) = signed(case, law::L88) {
        return found;
    }
    let refused = case.first(|e| {
        e.what == SystemEvent::Refused
            && e.by.is_none_or(|by| matches!(by, Signer::Recipient | Signer::HouseholdAdult | Signer::OrganisationReceiver))
    });
    let left = case.first(|e| e.what == SystemEvent::Left && e.witnessed && refused.is_some_and(|r| r.at <= e.at));
    match (refused, left) {
        (Some(refused), Some(left)) => {
            let mut found = case.yes(
                Row::Left,
                left,
                law::L89,
                "受送达人拒绝签收，已经留置，有见证人或者拍照、录像记录。",
                "the recipient refused to sign; it was left, with witnesses or pictures in the file.",
            );
            found.rests_on.insert(0, refused.id);
            found
        }
        _ if case.first(|e| matches!(e.what, SystemEvent::Left | SystemEvent::Refused)).is_some() => case.no(
            Row::LeftNoProof,
            law::L89,
            "留置送达需要：受送达人拒绝签收在先，留置时有见证人或者拍照、录像。现在还不齐。",
            "Leaving it takes a refusal first, and witnesses or pictures of the leaving; something is missing.",
        ),
        _ => case.waiting(),
    }
}

/// The day on which a public notice has run out, and its period; none beyond the known calendar.
pub(super) fn notice_ends(c: Counting<'_>, issued: NaiveDate, abroad: bool) -> Option<(NaiveDate, Period)> {
    let period = periods::public_notice(issued, abroad);
    let roll = if c.modes.roll_notice { Roll::Yes } else { Roll::No };
    match c.calendar.count(period, issued, roll) {
        Ok(counted) => Some((counted.due_on, period)),
        // the holidays of that time are not announced: without a roll for now
        Err(CalendarError::BeyondKnown { raw_due: Some(raw), .. }) => Some((raw, period)),
        Err(_) => None,
    }
}

/// 公告送达: counted from the last posting or publication; served when the period has run out.
fn public_notice(case: &Case<'_>, c: Counting<'_>, as_of: DateTime<Utc>) -> Finding {
    let Some(published) = case.seen.iter().rev().find(|e| e.what == SystemEvent::Published) else { return case.waiting() };
    let issued = beijing_date(published.at);
    let article = if case.m.abroad { law::L283 } else { law::L95 };
    let Some((day, period)) = notice_ends(c, issued, case.m.abroad) else {
        return case.no(Row::NoticeRunning, article, "公告期超出已知的历法，暂时算不出。", "The period runs past the known calendar.");
    };
    let end = last_of(day);
    if as_of <= end {
        let zh = format!("公告自 {} 起 {}，到 {} 期满，期满视为送达。", day_zh(issued), period.zh(), day_zh(day));
        let en = format!("Published {}; {} run out on {}, which then counts as service.", day_en(issued), period.en(), day_en(day));
        return Finding { rests_on: vec![published.id], ..case.no(Row::NoticeRunning, article, &zh, &en) };
    }
    let over = Event { at: end, ..(*published).clone() };
    let (zh, en) =
        (format!("公告满 {}，视为送达。", period.zh()), format!("the public notice ran its {}; it counts as service.", period.en()));
    case.yes(Row::NoticeServed, &over, article, &zh, &en)
}
