//! What the doors of the confirmation of addresses show. Owns the shapes; holds no SQL and decides nothing.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use uuid::Uuid;

use super::numbers::NumberDoubt;

/// An address as it stands.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceAddressView {
    /// Address.
    pub id: Uuid,
    /// Channel.
    pub channel: String,
    /// Its name.
    pub channel_name: String,
    /// Masked.
    pub masked: String,
    /// confirmed, provided, identified_as_own, unknown.
    pub standing: String,
    /// Its name.
    pub standing_name: String,
    /// none, by_conduct, full.
    pub consent: String,
    /// In doubt since: the gateway reports the number as off, absent or somebody else's. Nothing is sent there until it is
    /// confirmed anew.
    pub doubtful_since: Option<DateTime<Utc>>,
    /// Why.
    pub doubtful_why: Option<NumberDoubt>,
}

/// A version of what was said about service.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ConsentVersion {
    /// Entry.
    pub id: Uuid,
    /// given, refused, withdrawn.
    pub says: String,
    /// express, prior, gave_address, by_conduct.
    pub kind: Option<String>,
    /// Stage.
    pub stage: String,
    /// All stages.
    pub all_stages: bool,
    /// Channels.
    pub channels: Vec<String>,
    /// Addresses, masked.
    pub addresses: Vec<String>,
    /// Said.
    pub said_at: DateTime<Utc>,
    /// In force from.
    pub valid_from: NaiveDate,
    /// The confirmation as a paper.
    pub paper_id: Option<Uuid>,
    /// Where it is proved.
    pub proof: String,
    /// 沿用自: the court of the earlier case it was taken over from (民诉法解释 第一百三十七条).
    pub carried_court: Option<i32>,
    /// 案号 of that case.
    pub carried_number: Option<String>,
}

/// 送达地址确认 of one party.
#[derive(Debug, Clone, Object)]
pub struct PartyAddresses {
    /// Party.
    pub party_id: Uuid,
    /// Name.
    pub name: String,
    /// Agrees to electronic service now, for notices.
    pub agrees: bool,
    /// Addresses.
    pub addresses: Vec<ServiceAddressView>,
    /// Versions, newest first.
    pub versions: Vec<ConsentVersion>,
}

/// 送达地址确认.
#[derive(Debug, Object)]
pub struct ServiceAddresses {
    /// Parties the viewer may see.
    pub parties: Vec<PartyAddresses>,
    /// What is explained before anybody ticks, and its version.
    pub told: String,
    /// The same in English.
    pub told_en: String,
    /// Version of these words.
    pub told_version: String,
}
