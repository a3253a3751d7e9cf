//! What several slices show alike: a clock, an act of the timeline, a paper's reference.
//! Owns shapes only.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::words::{ActState, MovedBy, PaperAudience};
use crate::court::clock_view::{ClockState, ClockView};
use crate::kit::answer::{instant, instant_if_any};

/// One sentence of a reckoning.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct ClockStep {
    /// In Chinese.
    pub text: String,
    /// In English.
    pub text_en: String,
}

/// An end that was moved.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct ClockMoved {
    /// Last day before.
    pub from_on: NaiveDate,
    /// Last day since.
    pub to_on: NaiveDate,
    /// By what.
    pub reason: MovedBy,
    /// Why, in Chinese.
    pub text: String,
    /// Why, in English.
    pub text_en: String,
}

/// 期限: a legal clock, with how it was counted.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Clock {
    /// Stable key.
    pub key: String,
    /// 名称.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// First day that counts.
    pub starts_on: NaiveDate,
    /// Last day, Beijing.
    pub due_on: NaiveDate,
    /// 24:00 of the last day, as an instant.
    #[serde(serialize_with = "instant")]
    pub due_at: DateTime<Utc>,
    /// Days in all.
    pub total_days: u32,
    /// Days begun, today included.
    pub used_days: u32,
    /// How it stands.
    pub state: ClockState,
    /// Why it stands still, or that it was done late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// 依据.
    pub article: String,
    /// The rule that set its length.
    pub rule_key: String,
    /// The rest day from which the end was moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolled_from: Option<NaiveDate>,
    /// The reckoning; empty in lists, where nobody reads fifty of them.
    pub steps: Vec<ClockStep>,
    /// Of a clock that hangs on an event of its own: its id. None: it hangs on docketing, a bill or a filing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// What the event was: 《应诉通知书》送达.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The event in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause_en: Option<String>,
    /// When the event was.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "instant_if_any")]
    pub from_at: Option<DateTime<Utc>>,
    /// Whose period it is; none: the court's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party_id: Option<Uuid>,
    /// The party's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// Days that stood still.
    #[serde(default)]
    pub days_not_counted: u32,
    /// Days on the way.
    #[serde(default)]
    pub travel_days: u32,
    /// Ends it was moved from, oldest first.
    #[serde(default)]
    pub moved: Vec<ClockMoved>,
}

impl Clock {
    /// As a list shows it: without the reckoning.
    pub fn in_a_list(mut self) -> Self {
        self.steps = Vec::new();
        self
    }
}

impl From<ClockView> for Clock {
    fn from(c: ClockView) -> Self {
        Self {
            key: c.key,
            name: c.name,
            name_en: c.name_en,
            starts_on: c.starts_on,
            due_on: c.due_on,
            due_at: c.due_at,
            total_days: c.total_days,
            used_days: c.used_days,
            state: c.state,
            reason: c.reason,
            article: c.article,
            rule_key: c.rule_key,
            rolled_from: c.rolled_from,
            steps: c.steps.into_iter().map(|s| ClockStep { text: s.zh, text_en: s.en }).collect(),
            id: None,
            cause: None,
            cause_en: None,
            from_at: None,
            party_id: None,
            party: None,
            days_not_counted: c.days_not_counted,
            travel_days: c.travel_days,
            moved: Vec::new(),
        }
    }
}

/// 经过: who did what, when, by which rule, with what effect.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Act {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: String,
    /// What, as a stable word.
    pub act: String,
    /// What, in Chinese.
    pub text: String,
    /// What, in English.
    pub text_en: String,
    /// 依据.
    pub rule: Option<String>,
    /// 法律效果.
    pub effect: Option<String>,
    /// The effect in English.
    pub effect_en: Option<String>,
    /// How far it is.
    pub state: ActState,
}

/// 文书 of a filing or a case.
#[derive(Debug, Clone, Object, sqlx::FromRow)]
pub struct PaperRef {
    /// Paper.
    pub id: Uuid,
    /// Kind, such as `filing_receipt`.
    pub kind: String,
    /// 名称.
    pub title: String,
    /// Issued.
    pub issued_at: DateTime<Utc>,
    /// 核验码.
    pub verify_code: String,
    /// Who may read it besides the court.
    pub audience: PaperAudience,
}
