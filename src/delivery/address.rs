//! 送达地址与同意: how electronic and postal addresses and the ledger of consent are kept. Owns the tables
//! `service_addresses` and `service_consents`.
//!
//! An address lies here once a party and case, sealed, with a keyed digest to compare it by; what is said of it only
//! grows. What the entries mean is `consent_rules.rs`. Must never take an address from anywhere but its owner's own
//! words or what the court found and wrote down.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::consent_rules::{Address, Entry, Says, Scope};
use super::numbers::NumberDoubt;
use super::words::{Channel, ConsentKind, PaperKind, Stage, Step};
use crate::court::beijing::beijing_date;
use crate::court::tx::CourtTx;
use crate::error::Result;
use crate::kit::seal::Place;
use crate::person::masking::{self, Viewer};

/// 邮寄地址.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postal {
    /// 收件人.
    pub receiver: String,
    /// 电话.
    pub phone: String,
    /// 地址.
    pub address: String,
}

/// What an address says.
#[derive(Debug, Clone)]
pub enum Said {
    /// 平台收件箱 of an account.
    Inbox {
        /// Whose.
        person: Uuid,
        /// How the page names it.
        masked: String,
    },
    /// Mailbox, number or account.
    Electronic {
        /// The channel.
        channel: Channel,
        /// As it was typed.
        value: String,
    },
    /// 邮寄.
    Post(Postal),
}

impl Said {
    /// Its channel.
    pub fn channel(&self) -> Channel {
        match self {
            Self::Inbox { .. } => Channel::Inbox,
            Self::Electronic { channel, .. } => *channel,
            Self::Post(_) => Channel::Post,
        }
    }

    fn plain(&self) -> Result<String> {
        Ok(match self {
            Self::Inbox { person, .. } => person.to_string(),
            Self::Electronic { value, .. } => value.trim().to_lowercase(),
            Self::Post(postal) => serde_json::to_string(postal)?,
        })
    }

    fn masked(&self) -> String {
        match self {
            Self::Inbox { masked, .. } => format!("平台账号 {masked}").trim().to_owned(),
            Self::Electronic { channel: Channel::Email, value } => masking::email(value, Viewer::OtherParty).unwrap_or_default(),
            Self::Electronic { value, .. } => masking::mobile(value, Viewer::OtherParty).unwrap_or_default(),
            Self::Post(postal) => postal.address.clone(),
        }
    }
}

/// An address as it is kept, opened.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Address.
    pub id: Uuid,
    /// Channel.
    pub channel: Channel,
    /// What pages show.
    pub masked: String,
    /// To compare.
    pub index: Address,
    /// Whose inbox.
    pub person: Option<Uuid>,
    /// Found to be the recipient's own.
    pub identified: bool,
    /// Out of service or not the recipient's.
    pub struck: bool,
    /// In doubt since, and why: what the gateway reports of the number.
    pub doubt: Option<(DateTime<Utc>, NumberDoubt)>,
    /// The party confirmed it anew.
    pub vouched_at: Option<DateTime<Utc>>,
}

impl Kept {
    /// May it be used?
    pub fn is_doubtful(&self) -> bool {
        self.doubt.is_some_and(|(at, _)| self.vouched_at.is_none_or(|vouched| vouched <= at))
    }

    /// Was it in doubt at a moment?
    pub fn was_doubtful(&self, when: DateTime<Utc>) -> bool {
        self.doubt.is_some_and(|(at, _)| at <= when && self.vouched_at.is_none_or(|vouched| vouched <= at || when < vouched))
    }
}

/// Keeps an address of a party; the same one twice is one.
///
/// # Errors
/// What the database says.
pub async fn keep(tx: &mut CourtTx, case: Uuid, party: Uuid, said: &Said, holder: &str) -> Result<Uuid> {
    let (court, id, now, channel, plain) = (tx.court, tx.id(), tx.now(), said.channel().key(), said.plain()?);
    let index = tx.seal().blind(&format!("service:{channel}"), &plain)?;
    let sealed = tx.seal().seal(tx.owner(), Place("service_addresses", "value", &id), plain.as_bytes())?;
    let person = if let Said::Inbox { person, .. } = said { Some(*person) } else { None };
    sqlx::query(
        "insert into service_addresses (court_id, case_id, address_id, party_id, channel, value, value_index, masked, holder, person_id, created_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11) on conflict (court_id, case_id, party_id, channel, value_index) do nothing",
    )
    .bind(court)
    .bind(case)
    .bind(id)
    .bind(party)
    .bind(channel)
    .bind(sealed)
    .bind(&index)
    .bind(said.masked())
    .bind(holder)
    .bind(person)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(sqlx::query_scalar(
        "select address_id from service_addresses where court_id = $1 and case_id = $2 and party_id = $3 and channel = $4 and value_index = $5",
    )
    .bind(court)
    .bind(case)
    .bind(party)
    .bind(channel)
    .bind(index)
    .fetch_one(tx.conn())
    .await?)
}

/// 查明属于受送达人本人: by whom and how, once.
///
/// # Errors
/// What the database says.
pub async fn identify(tx: &mut CourtTx, case: Uuid, address: Uuid, basis: &str) -> Result<()> {
    let (court, now, person) = (tx.court, tx.now(), tx.person()?);
    sqlx::query(
        "update service_addresses set identified_at = $4, identified_by = $5, identified_basis = $6 where court_id = $1 and case_id = $2 and address_id = $3 and identified_at is null",
    )
    .bind(court)
    .bind(case)
    .bind(address)
    .bind(now)
    .bind(person)
    .bind(basis)
    .execute(tx.conn())
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    address_id: Uuid,
    channel: String,
    value_index: Vec<u8>,
    masked: String,
    person_id: Option<Uuid>,
    identified_at: Option<DateTime<Utc>>,
    struck_at: Option<DateTime<Utc>>,
    doubtful_at: Option<DateTime<Utc>>,
    doubtful_why: Option<NumberDoubt>,
    vouched_at: Option<DateTime<Utc>>,
}

/// The addresses of a party, oldest first.
///
/// # Errors
/// What the database says.
pub async fn of_party(tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<Vec<Kept>> {
    let court = tx.court;
    let rows: Vec<Row> = sqlx::query_as(
        "select address_id, channel, value_index, masked, person_id, identified_at, struck_at, doubtful_at, doubtful_why, vouched_at from service_addresses
         where court_id = $1 and case_id = $2 and party_id = $3 order by address_id",
    )
    .bind(court)
    .bind(case)
    .bind(party)
    .fetch_all(tx.conn())
    .await?;
    let kept = rows.into_iter().filter_map(|r| {
        let channel = Channel::parse(&r.channel)?;
        Some(Kept {
            id: r.address_id,
            channel,
            masked: r.masked,
            index: Address { channel, value: hex::encode(r.value_index) },
            person: r.person_id,
            identified: r.identified_at.is_some(),
            struck: r.struck_at.is_some(),
            doubt: r.doubtful_at.zip(r.doubtful_why),
            vouched_at: r.vouched_at,
        })
    });
    Ok(kept.collect())
}

/// What an address says, opened for whoever sends or prints to it.
///
/// # Errors
/// What the database says.
pub async fn value(tx: &mut CourtTx, case: Uuid, address: Uuid) -> Result<String> {
    let court = tx.court;
    let sealed: Vec<u8> =
        sqlx::query_scalar("select value from service_addresses where court_id = $1 and case_id = $2 and address_id = $3")
            .bind(court)
            .bind(case)
            .bind(address)
            .fetch_one(tx.conn())
            .await?;
    tx.seal().open_text(tx.owner(), Place("service_addresses", "value", &address), &sealed)
}

/// An entry to be added to the ledger.
pub struct NewEntry<'a> {
    /// Whose.
    pub party: Uuid,
    /// What it says.
    pub says: Says,
    /// The stage it is made in.
    pub stage: Stage,
    /// For all stages, because it says so.
    pub all_stages: bool,
    /// Channels it names; none is every electronic one.
    pub channels: &'a [Channel],
    /// Addresses it names.
    pub addresses: &'a [Uuid],
    /// A version of the 送达地址确认书.
    pub confirmation: bool,
    /// Of conduct: the service.
    pub service: Option<Uuid>,
    /// What was explained, in which words.
    pub told: Value,
    /// platform_tick, pleading, conduct …
    pub proof: &'a str,
    /// The confirmation as a paper.
    pub paper: Option<Uuid>,
    /// Who said it, where an account did.
    pub person: Option<Uuid>,
    /// The court's person who wrote it down.
    pub recorded_by: Option<Uuid>,
    /// The first day it holds; today when none.
    pub valid_from: Option<NaiveDate>,
}

/// Adds an entry; the ledger only grows.
///
/// # Errors
/// What the database says.
pub async fn enter(tx: &mut CourtTx, case: Uuid, e: &NewEntry<'_>) -> Result<Uuid> {
    let (court, id, now) = (tx.court, tx.id(), tx.now());
    let (says, kind) = match e.says {
        Says::Given(kind) => ("given", Some(kind.key())),
        Says::Refused => ("refused", None),
        Says::Withdrawn => ("withdrawn", None),
    };
    sqlx::query(
        "insert into service_consents (court_id, case_id, consent_id, party_id, step, says, kind, stage, all_stages, channels, address_ids, papers, confirmation,
           service_id, path, told, proof, paper_id, said_at, valid_from, person_id, recorded_by)
         values ($1,$2,$3,$4,'service',$5,$6,$7,$8,$9,$10,null,$11,$12,'own_choice',$13,$14,$15,$16,$17,$18,$19)",
    )
    .bind(court)
    .bind(case)
    .bind(id)
    .bind(e.party)
    .bind(says)
    .bind(kind)
    .bind(e.stage.key())
    .bind(e.all_stages)
    .bind(e.channels.iter().map(|c| c.key()).collect::<Vec<_>>())
    .bind(e.addresses)
    .bind(e.confirmation)
    .bind(e.service)
    .bind(&e.told)
    .bind(e.proof)
    .bind(e.paper)
    .bind(now)
    .bind(e.valid_from.unwrap_or_else(|| beijing_date(now)))
    .bind(e.person)
    .bind(e.recorded_by)
    .execute(tx.conn())
    .await?;
    if e.confirmation && matches!(e.says, Says::Given(_)) {
        vouch(tx, case, e.addresses).await?;
    }
    Ok(id)
}

/// The party says anew that a number in doubt is its own, or the court found it so.
///
/// # Errors
/// What the database says.
pub async fn vouch(tx: &mut CourtTx, case: Uuid, addresses: &[Uuid]) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "update service_addresses set vouched_at = $4 where court_id = $1 and case_id = $2 and address_id = any($3) and doubtful_at is not null",
    )
    .bind(court)
    .bind(case)
    .bind(addresses)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// An entry with the columns the rules do not read.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs, reason = "the columns of service_consents, documented in the migration")]
pub struct EntryRow {
    pub consent_id: Uuid,
    pub step: String,
    pub says: String,
    pub kind: Option<String>,
    pub stage: String,
    pub all_stages: bool,
    pub channels: Vec<String>,
    pub address_ids: Vec<Uuid>,
    pub papers: Option<Vec<String>>,
    pub confirmation: bool,
    pub service_id: Option<Uuid>,
    pub proof: String,
    pub paper_id: Option<Uuid>,
    pub said_at: DateTime<Utc>,
    pub valid_from: NaiveDate,
    pub carried_court: Option<i32>,
    pub carried_number: Option<String>,
}

impl EntryRow {
    /// As the rules read it; none for a word nobody knows any more.
    pub fn entry(&self, party: Uuid, addresses: &[Kept]) -> Option<Entry> {
        let says = match self.says.as_str() {
            "given" => Says::Given(ConsentKind::parse(self.kind.as_deref()?)?),
            "refused" => Says::Refused,
            _ => Says::Withdrawn,
        };
        let named = addresses.iter().filter(|a| self.address_ids.contains(&a.id)).map(|a| a.index.clone());
        Some(Entry {
            id: self.consent_id,
            party,
            step: Step::parse(&self.step)?,
            says,
            stage: Stage::parse(&self.stage)?,
            scope: if self.all_stages { Scope::AllStages } else { Scope::ThisStage },
            channels: self.channels.iter().filter_map(|c| Channel::parse(c)).collect(),
            addresses: named.collect(),
            papers: self.papers.as_ref().map(|p| p.iter().filter_map(|k| PaperKind::parse(k)).collect()),
            confirmation: self.confirmation,
            service: self.service_id,
            at: self.said_at,
            valid_from: self.valid_from,
            proof: self.proof.clone(),
        })
    }

    /// 证明材料, as the certificate names it.
    pub fn proof_zh(&self) -> &'static str {
        match self.proof.as_str() {
            "platform_tick" => "送达地址确认书（在线确认）",
            "phone_record" => "电话录音",
            "signed_form" => "书面送达地址确认书",
            "clause" => "诉前约定条款",
            "conduct" => "平台上的回复、操作记录",
            "in_court" => "庭审笔录",
            _ => "立案申请中的送达地址确认",
        }
    }
}

/// The ledger of a party, oldest first.
///
/// # Errors
/// What the database says.
pub async fn ledger(tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<Vec<EntryRow>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select consent_id, step, says, kind, stage, all_stages, channels, address_ids, papers, confirmation, service_id, proof, paper_id, said_at, valid_from, carried_court, carried_number
         from service_consents where court_id = $1 and case_id = $2 and party_id = $3 order by said_at, consent_id",
    )
    .bind(court)
    .bind(case)
    .bind(party)
    .fetch_all(tx.conn())
    .await?)
}

/// What a filer said of service in the filing.
#[derive(Debug, Serialize, Deserialize)]
pub struct FromFiling {
    /// Party.
    pub party: Uuid,
    /// Who filed: whose inbox it is.
    pub person: Uuid,
    /// The filer is the party, or acts for it.
    pub is_party: bool,
    /// 邮寄地址.
    pub postal: Postal,
    /// E-mail.
    pub email: String,
    /// Agrees to electronic service; none was not asked or not answered.
    pub agrees: Option<bool>,
    /// Channels ticked: platform, sms, email, wechat.
    pub channels: Vec<String>,
    /// Version of the words above the tick.
    pub words: String,
    /// Stage.
    pub stage: Stage,
}

/// Enters what the filing says: addresses, and the consent or its refusal (在线诉讼规则 Art 29, 30).
///
/// # Errors
/// What the database says.
pub async fn from_filing(tx: &mut CourtTx, case: Uuid, f: &FromFiling) -> Result<()> {
    let holder = if f.is_party { "party" } else { "representative" };
    let ticked = |word: &str| f.channels.iter().any(|c| c == word);
    let mut named = Vec::new();
    if !f.postal.address.is_empty() {
        named.push(keep(tx, case, f.party, &Said::Post(f.postal.clone()), "receiver").await?);
    }
    let mut channels = Vec::new();
    let masked = masking::mobile(&f.postal.phone, Viewer::OtherParty).unwrap_or_default();
    if f.agrees == Some(true) && (ticked("platform") || f.channels.is_empty()) {
        named.push(keep(tx, case, f.party, &Said::Inbox { person: f.person, masked }, holder).await?);
        channels.push(Channel::Inbox);
    }
    if f.agrees == Some(true) && ticked("sms") && !f.postal.phone.is_empty() {
        named.push(keep(tx, case, f.party, &Said::Electronic { channel: Channel::Sms, value: f.postal.phone.clone() }, holder).await?);
        channels.push(Channel::Sms);
    }
    if f.agrees == Some(true) && ticked("wechat") && !f.postal.phone.is_empty() {
        named.push(keep(tx, case, f.party, &Said::Electronic { channel: Channel::Chat, value: f.postal.phone.clone() }, holder).await?);
        channels.push(Channel::Chat);
    }
    if !f.email.is_empty() {
        let email = keep(tx, case, f.party, &Said::Electronic { channel: Channel::Email, value: f.email.clone() }, holder).await?;
        if ticked("email") || f.agrees.is_none() {
            named.push(email);
            channels.push(Channel::Email);
        }
    }
    let says = match f.agrees {
        Some(true) => Says::Given(ConsentKind::Express),
        Some(false) => Says::Refused,
        None if f.email.is_empty() => return Ok(()),
        None => Says::Given(ConsentKind::GaveAddress),
    };
    let entry = NewEntry {
        party: f.party,
        says,
        stage: f.stage,
        all_stages: false,
        channels: if f.agrees == Some(false) { &[] } else { &channels },
        addresses: if f.agrees == Some(false) { &[] } else { &named },
        confirmation: f.agrees.is_some(),
        service: None,
        told: json!({ "words": f.words }),
        proof: "pleading",
        paper: None,
        person: Some(f.person),
        recorded_by: None,
        valid_from: None,
    };
    enter(tx, case, &entry).await?;
    Ok(())
}
