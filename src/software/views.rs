//! What goes over the wire about programs and webhooks. Carries a secret only in the answer that made it.

use chrono::{DateTime, Utc};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::court::scope::ApiScope;

/// 一个接入的程序.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ApiClient {
    /// Its public id, `client_id` of OAuth 2.0.
    pub client_id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// What it may ask.
    pub scopes: Vec<ApiScope>,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it last took a token.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A person's programs.
#[derive(Debug, Object)]
pub struct ApiClients {
    /// Newest first.
    pub items: Vec<ApiClient>,
    /// How many one person may have.
    pub most: u32,
}

/// 新程序.
#[derive(Debug, Object, Serialize)]
pub struct ApiClientOrder {
    /// Name.
    #[oai(validator(min_length = 1, max_length = 60))]
    pub name: String,
    /// Scopes.
    #[oai(validator(min_items = 1, max_items = 4, unique_items))]
    pub scopes: Vec<ApiScope>,
}

/// A program just registered.
#[derive(Debug, Object, Serialize, Deserialize)]
pub struct NewApiClient {
    /// The program.
    pub client: ApiClient,
    /// Its secret: shown this once.
    pub secret: String,
}

/// An access token (RFC 6749 section 5.1).
#[derive(Debug, Object)]
pub struct AccessToken {
    /// To be sent as `Authorization: Bearer …`.
    pub access_token: String,
    /// `Bearer`.
    pub token_type: String,
    /// Seconds.
    pub expires_in: i64,
    /// Scopes, joined by spaces.
    pub scope: String,
}

/// 通知主题: what an address may hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, Serialize, Deserialize)]
pub enum HookTopic {
    /// 案件经过: an act in a case.
    #[oai(rename = "case.act")]
    #[serde(rename = "case.act")]
    CaseAct,
    /// 立案进度: an act on a filing.
    #[oai(rename = "filing.act")]
    #[serde(rename = "filing.act")]
    FilingAct,
    /// 文书到箱: papers lie in the inbox.
    #[oai(rename = "service.announced")]
    #[serde(rename = "service.announced")]
    ServiceAnnounced,
    /// 送达生效: the legal time of a service was found, moved or fell.
    #[oai(rename = "service.effect")]
    #[serde(rename = "service.effect")]
    ServiceEffect,
    /// 试发.
    #[oai(rename = "ping")]
    #[serde(rename = "ping")]
    Ping,
}

impl HookTopic {
    /// Its key.
    pub fn key(self) -> &'static str {
        match self {
            Self::CaseAct => "case.act",
            Self::FilingAct => "filing.act",
            Self::ServiceAnnounced => "service.announced",
            Self::ServiceEffect => "service.effect",
            Self::Ping => "ping",
        }
    }

    /// The topic of a key.
    pub fn parse(key: &str) -> Option<Self> {
        [Self::CaseAct, Self::FilingAct, Self::ServiceAnnounced, Self::ServiceEffect, Self::Ping].into_iter().find(|t| t.key() == key)
    }
}

/// Whether an address is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum HookState {
    /// It is.
    Active,
    /// It is not, until its owner says so.
    Paused,
}

/// 通知地址.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Webhook {
    /// Id.
    pub hook_id: Uuid,
    /// Address.
    pub url: String,
    /// What it hears of.
    pub topics: Vec<HookTopic>,
    /// State.
    pub state: HookState,
    /// Why it is paused: `gone` (it answered 410) or `failing` (for three days).
    pub paused_reason: Option<String>,
    /// Since when nothing got through.
    pub failing_since: Option<DateTime<Utc>>,
    /// Made.
    pub created_at: DateTime<Utc>,
    /// Last success.
    pub last_delivered_at: Option<DateTime<Utc>>,
}

/// A person's addresses.
#[derive(Debug, Object)]
pub struct Webhooks {
    /// Newest first.
    pub items: Vec<Webhook>,
    /// How many one person may have.
    pub most: u32,
}

/// 新地址.
#[derive(Debug, Object, Serialize)]
pub struct WebhookOrder {
    /// https address.
    #[oai(validator(min_length = 1, max_length = 500))]
    pub url: String,
    /// Topics; `ping` needs no asking.
    #[oai(validator(min_items = 1, max_items = 5, unique_items))]
    pub topics: Vec<HookTopic>,
}

/// An address just registered.
#[derive(Debug, Object, Serialize, Deserialize)]
pub struct NewWebhook {
    /// The address.
    pub webhook: Webhook,
    /// The key of its signatures (Standard Webhooks): shown this once.
    pub secret: String,
}

/// What became of one event at one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum HookDeliveryState {
    /// To be sent, or sent again.
    Waiting,
    /// Answered with 2xx.
    Delivered,
    /// Given up.
    Failed,
}

/// One event at one address.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct HookDelivery {
    /// The event: `webhook-id`, the same in every repetition.
    pub event_id: Uuid,
    /// Topic.
    pub topic: HookTopic,
    /// When it came about.
    pub created_at: DateTime<Utc>,
    /// State.
    pub state: HookDeliveryState,
    /// How often it was tried.
    pub tries: i32,
    /// The last HTTP status, if any came.
    pub status: Option<i32>,
    /// Why the last try failed, in a word.
    pub error: Option<String>,
    /// When it got through.
    pub delivered_at: Option<DateTime<Utc>>,
}

/// The last events at an address.
#[derive(Debug, Object)]
pub struct HookDeliveries {
    /// Newest first, at most 100.
    pub items: Vec<HookDelivery>,
}
