//! What the doors of 到窗口办 show. Owns shapes only.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use poem_openapi::types::Any;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// 线下办理登记.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct OfflineNote {
    /// Court.
    pub court_id: i32,
    /// Court's name.
    pub court_name: String,
    /// Number of the note.
    pub number: String,
    /// Address of the counter.
    pub address: Option<String>,
    /// Telephone.
    pub phone: String,
    /// Hours.
    pub hours: Option<String>,
    /// 线下办理登记单, to show or print.
    pub paper_id: Uuid,
    /// The counter can read what was typed: the person agreed.
    pub content_shown: bool,
}

/// A wish for the counter, as the court's clerks see it.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct OfflineFiling {
    /// Note.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Who comes.
    pub name: String,
    /// Mobile number, masked.
    pub mobile_masked: Option<String>,
    /// Kind.
    pub kind: String,
    /// 案由, as far as chosen.
    pub cause_name: Option<String>,
    /// Why.
    pub reason: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// The person agreed that the counter reads what was typed.
    pub content_shown: bool,
    /// What was typed, when the person agreed; in the single view only.
    pub content: Option<Any<Value>>,
    /// 线下办理登记单.
    pub paper_id: Option<Uuid>,
}

/// Wishes for the counter, newest first.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct OfflineList {
    /// The wishes.
    pub items: Vec<OfflineFiling>,
    /// Ask with it for the next page.
    pub next_cursor: Option<String>,
}
