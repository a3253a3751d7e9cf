//! What a plan looks like over the wire: shapes of the check before a hearing is fixed or moved.
//!
//! Owns the shapes. Must never carry a number, a sealed word, or another court's matter.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use uuid::Uuid;

use super::conflicts::{Conflict, Reason, Severity, Span, Subject};
use super::plan::{Plan, Wish};
use super::refusal::Refusal;
use super::views::{HearingFinding, HearingSeat, shown, stored_finding};
use super::words::Mode;

/// A time.
#[derive(Debug, Clone, Object)]
pub struct HearingSlot {
    /// From.
    pub from: DateTime<Utc>,
    /// Until.
    pub until: DateTime<Utc>,
}

/// Something in the way.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingConflict {
    /// courtroom, court or person.
    pub what: String,
    /// Who: a participant of this plan, by place in the list; none for the courtroom.
    pub participant: Option<i32>,
    /// From.
    pub from: DateTime<Utc>,
    /// Until.
    pub until: DateTime<Utc>,
    /// here, elsewhere or unavailable: of another court no more is known.
    pub reason: String,
    /// A hearing of this court the caller may see.
    pub hearing_id: Option<Uuid>,
    /// It cannot be saved; else a reason is asked.
    pub blocks: bool,
    /// Only the time to come and go is missing.
    pub only_gap: bool,
}

/// What must be mended.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingFault {
    /// Stable code.
    pub code: String,
    /// 原因.
    pub text: String,
    /// The cause, in English.
    pub text_en: String,
    /// 怎么办.
    pub cure: String,
    /// The cure, in English.
    pub cure_en: String,
    /// Field.
    pub field: Option<String>,
}

/// A hearing thought through; nothing is saved.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingCheck {
    /// What must be mended before it can be saved; a reason may be the cure.
    pub fault: Option<HearingFault>,
    /// Template.
    pub template: String,
    /// online, hybrid or offline.
    pub held: String,
    /// Who how.
    pub seats: Vec<HearingSeat>,
    /// Suitability.
    pub findings: Vec<HearingFinding>,
    /// The first day it may be held.
    pub earliest_on: NaiveDate,
    /// The last day to tell people, for the day wanted.
    pub tell_by: Option<NaiveDate>,
    /// No reason sets the lead aside.
    pub lead_binds: bool,
    /// How early.
    pub lead_text: String,
    /// How early, in English.
    pub lead_text_en: String,
    /// 依据.
    pub lead_article: String,
    /// The days.
    pub days: Vec<HearingSlot>,
    /// What is in the way.
    pub conflicts: Vec<HearingConflict>,
    /// Free times for the same people and room.
    pub free: Vec<HearingSlot>,
}

/// What must be mended.
pub fn fault(r: &Refusal) -> HearingFault {
    HearingFault {
        code: r.code.into(),
        text: r.zh.to_string(),
        text_en: r.en.to_string(),
        cure: r.cure_zh.to_string(),
        cure_en: r.cure_en.to_string(),
        field: r.field.map(str::to_owned),
    }
}

/// A plan as its page shows it.
pub fn check(wish: &Wish, plan: &Plan, found: Option<Refusal>, free: &[Span]) -> HearingCheck {
    let seats = wish.guests.iter().map(|g| {
        let seated = plan.seated.iter().find(|s| s.seat == g.seat.id);
        let mode = seated.map_or(Mode::InCourt, |s| s.mode);
        let why = seated.map_or_else(|| (String::new(), String::new(), None), |s| (s.zh.into(), s.en.into(), Some(s.article.zh.into())));
        shown(&g.seat, g.name.clone(), mode, why)
    });
    let findings = plan.verdict.findings.iter().filter_map(|f| serde_json::to_value(f).ok()).map(|f| stored_finding(&f)).collect();
    HearingCheck {
        fault: found.as_ref().map(fault),
        template: plan.template.key().into(),
        held: super::schedule::held(plan.held).into(),
        seats: seats.collect(),
        findings,
        earliest_on: plan.lead.earliest_on,
        tell_by: plan.lead.tell_by,
        lead_binds: plan.lead.binding,
        lead_text: plan.lead.zh.clone(),
        lead_text_en: plan.lead.en.clone(),
        lead_article: plan.lead.article.zh.into(),
        days: plan.spans.iter().map(slot).collect(),
        conflicts: plan.conflicts.iter().map(|c| conflict(wish, c)).collect(),
        free: free.iter().map(slot).collect(),
    }
}

fn slot(s: &Span) -> HearingSlot {
    HearingSlot { from: s.from, until: s.until }
}

fn conflict(wish: &Wish, c: &Conflict) -> HearingConflict {
    let (what, person) = match c.busy.subject {
        Subject::Courtroom(_) => ("courtroom", None),
        Subject::Court(id) => ("court", Some(id)),
        Subject::Person(id) => ("person", Some(id)),
    };
    let place = person.and_then(|p| wish.guests.iter().position(|g| g.seat.person == Some(p)));
    let reason = match c.busy.reason {
        Reason::Here => "here",
        Reason::Elsewhere => "elsewhere",
        Reason::Unavailable => "unavailable",
    };
    HearingConflict {
        what: what.into(),
        participant: place.and_then(|n| i32::try_from(n).ok()),
        from: c.busy.span.from,
        until: c.busy.span.until,
        reason: reason.into(),
        hearing_id: c.busy.hearing,
        blocks: c.severity == Severity::Blocks,
        only_gap: c.only_gap,
    }
}
