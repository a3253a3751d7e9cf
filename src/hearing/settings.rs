//! 本院的庭审规则: the rules `hearing_*` as the pure rules take them.
//!
//! Owns the reading of those values with their defaults. Must never hold a figure of one court.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::conflicts::Hours;
use super::discipline::Own;
use super::lead::Asked;
use super::suitability::Scope;
use super::words::SessionKind;
use crate::court::calendar::Period;
use crate::court::count::LeadMode;
use crate::court::rules::CourtRules;
use crate::delivery::words::{CaseKind, Procedure};

/// What is frozen with a hearing when it is fixed: a later change moves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HearingRules {
    /// 提前多少分钟开放候庭.
    pub waiting_minutes: i64,
    /// Reminders, hours before.
    pub reminder_hours: Vec<i64>,
    /// 撤回同意的合理期间, hours.
    pub withdrawal_hours: i64,
    /// 旁听席位上限.
    pub gallery_most: u32,
    /// How long a seat is kept for who was cut off, minutes.
    pub seat_kept_minutes: i64,
    /// How long one waits after a warning, minutes.
    pub warning_minutes: i64,
    /// 庭审平台: ours, or the name of another.
    pub provider: String,
    /// Parties may be given copies of pictures, not of sound alone.
    pub copy_video: bool,
    /// 语音识别: the words a machine heard come into the transcript as drafts nobody has checked.
    pub speech_drafts: bool,
}

impl Default for HearingRules {
    fn default() -> Self {
        Self {
            waiting_minutes: 20,
            reminder_hours: vec![24, 2],
            withdrawal_hours: 24,
            gallery_most: 50,
            seat_kept_minutes: 10,
            warning_minutes: 10,
            provider: "lianting".into(),
            copy_video: false,
            speech_drafts: false,
        }
    }
}

impl HearingRules {
    /// 撤回同意的合理期间.
    pub fn withdrawal(&self) -> TimeDelta {
        TimeDelta::hours(self.withdrawal_hours)
    }
}

/// Everything a court has set for hearings, on one day.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What is heard online.
    pub scope: Scope,
    /// Sittings.
    pub hours: Hours,
    /// The rest.
    pub rules: HearingRules,
    /// Own points of discipline.
    pub own: Own,
    /// Kinds of session held here.
    pub kinds: Vec<String>,
    lead: Option<Period>,
    mode: LeadMode,
}

impl Settings {
    /// Reads them.
    pub fn of(rules: &CourtRules<'_>) -> Self {
        let points = rules.get("hearing_discipline").map(|r| Own {
            version: r.version,
            points: serde_json::from_value(r.value.get("points").cloned().unwrap_or_default()).unwrap_or_default(),
        });
        Self {
            scope: scope(rules),
            hours: read(rules, "hearing_hours"),
            rules: read(rules, "hearing_rules"),
            own: points.unwrap_or_default(),
            kinds: kinds(rules),
            lead: rules.notice_lead(),
            mode: rules.counting_modes().hearing_notice_mode,
        }
    }

    /// What the lead of a session is asked with.
    pub fn lead(&self, kind: SessionKind, procedure: Procedure, online: bool) -> Asked {
        Asked { kind, procedure, online, rule: self.lead, mode: self.mode }
    }
}

fn read<T: Default + serde::de::DeserializeOwned>(rules: &CourtRules<'_>, key: &str) -> T {
    rules.get(key).and_then(|r| serde_json::from_value(r.value).ok()).unwrap_or_default()
}

/// 民事、行政, where a court sets nothing; criminal cases only where the court opened them.
fn scope(rules: &CourtRules<'_>) -> Scope {
    let set = rules.get("hearing_online");
    let kinds = set.as_ref().and_then(|r| serde_json::from_value::<Vec<CaseKind>>(r.value.get("case_kinds")?.clone()).ok());
    let mut case_kinds = kinds.unwrap_or_else(|| vec![CaseKind::Civil, CaseKind::Administrative]);
    if rules.is_on("criminal_online") && !case_kinds.contains(&CaseKind::Criminal) {
        case_kinds.push(CaseKind::Criminal);
    }
    let public_only = set.as_ref().and_then(|r| r.value.get("public_only")?.as_bool()).unwrap_or(true);
    let (version, basis) = set.map_or((0, "在线诉讼规则 第三条".to_owned()), |r| (r.version, r.basis));
    Scope { case_kinds, public_only, version, basis }
}

fn kinds(rules: &CourtRules<'_>) -> Vec<String> {
    let Some(set) = rules.get("hearing_types") else { return SessionKind::ALL.iter().map(|k| k.key().to_owned()).collect() };
    set.value.as_array().into_iter().flatten().filter_map(|k| k.get("code")?.as_str().map(str::to_owned)).collect()
}
