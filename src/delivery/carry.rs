//! 送达地址的沿用: what a party confirmed at first instance holds at appeal, retrial and enforcement too, until it says
//! otherwise in writing (民诉法解释 Art 137). Owns carrying it from the earlier case to the new one.
//!
//! The filer names the earlier case by its number, and that proves nothing: it is looked for at its own court, and only
//! a party known in both by the same number of a document, beside one of the filer's own side known in both, takes its
//! confirmation along. No transaction sees two courts: what is read at one is written at the other, each entry once.
//! What it means at the new stage is `consent_rules`. Must never carry anything from one person to another.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use super::address::{self, Postal, Said};
use super::law;
use super::words::Channel;
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::number::CaseNumber;
use crate::docket::people;
use crate::docket::timeline::{self, Note};
use crate::error::{Result, said};
use crate::kit::seal::Place;

/// 原审案件 of an appeal: the court sent it up itself, so nothing is to be guessed about who is who.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FirstInstance {
    /// Its court.
    pub court: i32,
    /// Case there.
    pub case: Uuid,
    /// 案号.
    pub number: String,
    /// The parties, here and there.
    pub parties: Vec<(Uuid, Uuid)>,
}

/// A party of the new case, as it was in the earlier one.
pub struct Carried {
    party: Uuid,
    name: String,
    side: String,
    court: i32,
    /// 案号 of the earlier case.
    number: String,
    /// Whoever sat there for the party by proof of identity.
    person: Option<Uuid>,
    /// The same suit goes on: whoever sat there sits here, whether anything was confirmed or not.
    goes_on: bool,
    /// Counsel whose power names this instance.
    counsel: Vec<Counsel>,
    addresses: Vec<Address>,
    entries: Vec<Entry>,
}

#[derive(FromRow)]
struct Counsel {
    person_id: Option<Uuid>,
    kind: String,
    name: String,
    unit: Option<String>,
    licence_index: Option<Vec<u8>>,
    power: String,
}

struct Address {
    old: Uuid,
    said: Said,
    holder: String,
    found: Option<(DateTime<Utc>, Uuid, String)>,
}

#[derive(FromRow)]
struct AddressRow {
    address_id: Uuid,
    channel: String,
    value: Vec<u8>,
    masked: String,
    holder: String,
    person_id: Option<Uuid>,
    identified_at: Option<DateTime<Utc>>,
    identified_by: Option<Uuid>,
    identified_basis: Option<String>,
}

#[derive(FromRow)]
struct Entry {
    consent_id: Uuid,
    step: String,
    says: String,
    kind: Option<String>,
    stage: String,
    all_stages: bool,
    channels: Vec<String>,
    address_ids: Vec<Uuid>,
    papers: Option<Vec<String>>,
    confirmation: bool,
    path: Option<String>,
    told: Value,
    proof: String,
    said_at: DateTime<Utc>,
    valid_from: NaiveDate,
    person_id: Option<Uuid>,
}

#[derive(FromRow)]
struct PartyRow {
    party_id: Uuid,
    name: String,
    side: String,
    kind: String,
    id_index: Option<Vec<u8>>,
    person_id: Option<Uuid>,
}

fn is_own(side: &str) -> bool {
    matches!(side, "plaintiff" | "applicant")
}

/// What the parties of a case confirmed in the earlier one of that number; nothing when there is no such case, or when
/// it is not theirs.
///
/// # Errors
/// What the database says.
pub async fn look(app: &App, court: i32, case: Uuid, number: &str) -> Result<Vec<Carried>> {
    let Ok(number) = CaseNumber::parse(number, &app.reference.case_types) else { return Ok(Vec::new()) };
    let Some(from) = app.door.registry.courts().into_iter().find(|c| c.code == number.court_code).map(|c| c.court_id) else {
        return Ok(Vec::new());
    };
    let mut here = app.door.enter_as_house(court, "delivery:carry").await?;
    let parties = parties(&mut here, case).await?;
    drop(here);
    let mut there = app.door.enter_as_house(from, "delivery:carry").await?;
    let number = number.to_string();
    let earlier: Option<Uuid> = sqlx::query_scalar("select case_id from cases where court_id = $1 and number = $2 and case_id <> $3")
        .bind(from)
        .bind(&number)
        .bind(case)
        .fetch_optional(there.conn())
        .await?;
    let Some(earlier) = earlier else { return Ok(Vec::new()) };
    let before = self::parties(&mut there, earlier).await?;
    let same = |p: &PartyRow| before.iter().find(|b| b.id_index.is_some() && b.id_index == p.id_index);
    if !parties.iter().any(|p| is_own(&p.side) && same(p).is_some()) {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for party in &parties {
        let Some(was) = same(party) else { continue };
        out.push(Carried {
            party: party.party_id,
            name: party.name.clone(),
            side: party.side.clone(),
            court: from,
            number: number.clone(),
            // a company's account is whoever it sends this time
            person: was.person_id.filter(|_| party.kind == "natural" && party.person_id.is_none()),
            addresses: addresses(&mut there, earlier, was.party_id).await?,
            entries: entries(&mut there, earlier, was.party_id).await?,
            goes_on: false,
            counsel: Vec::new(),
        });
    }
    Ok(out)
}

/// What the parties of an appeal confirmed at first instance, and who sat there for them. Of counsel those alone whose
/// power names second instance: else a power is for one (民事诉讼法 Art 62).
///
/// # Errors
/// What the database says.
pub async fn look_below(app: &App, court: i32, case: Uuid, first: &FirstInstance) -> Result<Vec<Carried>> {
    let mut here = app.door.enter_as_house(court, "delivery:carry").await?;
    let parties = parties(&mut here, case).await?;
    drop(here);
    let mut there = app.door.enter_as_house(first.court, "delivery:carry").await?;
    let before = self::parties(&mut there, first.case).await?;
    let mut out = Vec::new();
    for (party, old) in &first.parties {
        let (Some(party), Some(was)) = (parties.iter().find(|p| p.party_id == *party), before.iter().find(|b| b.party_id == *old)) else {
            continue;
        };
        out.push(Carried {
            party: party.party_id,
            name: party.name.clone(),
            side: party.side.clone(),
            court: first.court,
            number: first.number.clone(),
            person: was.person_id.filter(|_| party.person_id.is_none()),
            addresses: addresses(&mut there, first.case, was.party_id).await?,
            entries: entries(&mut there, first.case, was.party_id).await?,
            goes_on: true,
            counsel: counsel(&mut there, first.case, was.party_id).await?,
        });
    }
    Ok(out)
}

/// Counsel of a party whose power goes on to second instance.
async fn counsel(tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<Vec<Counsel>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select person_id, kind, name, unit, licence_index, power from representatives
          where court_id = $1 and case_id = $2 and party_id = $3 and until is null and on_appeal order by representative_id",
    )
    .bind(court)
    .bind(case)
    .bind(party)
    .fetch_all(tx.conn())
    .await?)
}

async fn parties(tx: &mut CourtTx, case: Uuid) -> Result<Vec<PartyRow>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select party_id, name, side, kind, id_index, person_id from case_parties where court_id = $1 and case_id = $2 order by ordinal",
    )
    .bind(court)
    .bind(case)
    .fetch_all(tx.conn())
    .await?)
}

async fn addresses(tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<Vec<Address>> {
    let court = tx.court;
    let rows: Vec<AddressRow> = sqlx::query_as(
        "select address_id, channel, value, masked, holder, person_id, identified_at, identified_by, identified_basis from service_addresses
         where court_id = $1 and case_id = $2 and party_id = $3 and struck_at is null and (doubtful_at is null or vouched_at > doubtful_at) order by address_id",
    )
    .bind(court)
    .bind(case)
    .bind(party)
    .fetch_all(tx.conn())
    .await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let value = tx.seal().open_text(tx.owner(), Place("service_addresses", "value", &row.address_id), &row.value)?;
        let said = match (Channel::parse(&row.channel), row.person_id) {
            (Some(Channel::Inbox), Some(person)) => {
                Said::Inbox { person, masked: row.masked.trim_start_matches("平台账号 ").to_owned() }
            }
            (Some(Channel::Post), _) => Said::Post(serde_json::from_str::<Postal>(&value)?),
            (Some(channel), _) if channel.is_electronic() && channel != Channel::Inbox => Said::Electronic { channel, value },
            _ => continue,
        };
        let found = row.identified_at.zip(row.identified_by).zip(row.identified_basis).map(|((at, by), basis)| (at, by, basis));
        out.push(Address { old: row.address_id, said, holder: row.holder, found });
    }
    Ok(out)
}

/// The confirmations, and what was said about all stages or against electronic service: conduct and addresses given in
/// one case's pleadings stay with that case.
async fn entries(tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<Vec<Entry>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select consent_id, step, says, kind, stage, all_stages, channels, address_ids, papers, confirmation, path, told, proof, said_at, valid_from, person_id
         from service_consents where court_id = $1 and case_id = $2 and party_id = $3 and step = 'service' and (confirmation or all_stages or says <> 'given') and kind is distinct from 'by_conduct'
         order by said_at, consent_id",
    )
    .bind(court)
    .bind(case)
    .bind(party)
    .fetch_all(tx.conn())
    .await?)
}

/// Writes it down at the new case: addresses, entries, and the seat of whoever proved to be the party before.
///
/// # Errors
/// What the database says.
pub async fn enter(tx: &mut CourtTx, case: Uuid, carried: &Carried) -> Result<()> {
    if carried.goes_on {
        seat(tx, case, carried).await?;
        for counsel in &carried.counsel {
            seat_counsel(tx, case, carried, counsel).await?;
        }
    }
    if carried.entries.is_empty() {
        return Ok(());
    }
    let mut places = Vec::with_capacity(carried.addresses.len());
    for address in &carried.addresses {
        let new = address::keep(tx, case, carried.party, &address.said, &address.holder).await?;
        if let Some((at, by, basis)) = &address.found {
            identified(tx, case, new, *at, *by, basis).await?;
        }
        places.push((address.old, new));
    }
    let mut fresh = 0;
    for entry in &carried.entries {
        fresh += insert(tx, case, carried, entry, &places).await?;
    }
    if fresh == 0 {
        return Ok(());
    }
    if !carried.goes_on {
        seat(tx, case, carried).await?;
    }
    let text = said(
        format!("沿用{}案中{}确认的送达地址", carried.number, carried.name),
        format!("The address for service {} confirmed in {} holds here too", carried.name, carried.number),
    );
    let effect = said("以书面变更的，按变更后的地址送达。", "Until it is changed in writing.");
    timeline::write(tx, case, Note::new("address_carried", text).by(law::I137.zh).with_effect(effect).for_staff()).await
}

async fn seat(tx: &mut CourtTx, case: Uuid, carried: &Carried) -> Result<()> {
    let Some(person) = carried.person else { return Ok(()) };
    people::seat_party(tx, case, carried.party, person, &carried.side, &carried.name).await
}

/// Counsel sits above as below, by the power in the file; the power itself went up with it.
async fn seat_counsel(tx: &mut CourtTx, case: Uuid, carried: &Carried, c: &Counsel) -> Result<()> {
    let new = people::NewRepresentative {
        id: tx.id(),
        party: carried.party,
        person: c.person_id,
        kind: &c.kind,
        name: &c.name,
        unit: c.unit.as_deref().unwrap_or_default(),
        licence_index: c.licence_index.clone(),
        power: &c.power,
        on_appeal: true,
    };
    people::insert_representative(tx, case, &new).await?;
    if let Some(person) = c.person_id {
        people::put_person(tx, case, person, "representative", Some(carried.party), &c.name).await?;
    }
    let text = said(
        format!("{}的授权委托书载明代理至二审，{}继续担任诉讼代理人", carried.name, c.name),
        format!("{} goes on as counsel of {}: the power of attorney names second instance", c.name, carried.name),
    );
    timeline::write(tx, case, Note::new("counsel_carried", text).by("民事诉讼法 第六十二条")).await
}

async fn identified(tx: &mut CourtTx, case: Uuid, address: Uuid, at: DateTime<Utc>, by: Uuid, basis: &str) -> Result<()> {
    let court = tx.court;
    sqlx::query(
        "update service_addresses set identified_at = $4, identified_by = $5, identified_basis = $6 where court_id = $1 and case_id = $2 and address_id = $3 and identified_at is null",
    )
    .bind(court)
    .bind(case)
    .bind(address)
    .bind(at)
    .bind(by)
    .bind(basis)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn insert(tx: &mut CourtTx, case: Uuid, carried: &Carried, e: &Entry, places: &[(Uuid, Uuid)]) -> Result<u64> {
    let (court, id) = (tx.court, tx.id());
    let here: Vec<Uuid> = e.address_ids.iter().filter_map(|old| places.iter().find(|(o, _)| o == old)).map(|(_, new)| *new).collect();
    let made = sqlx::query(
        "insert into service_consents (court_id, case_id, consent_id, party_id, step, says, kind, stage, all_stages, channels, address_ids, papers, confirmation,
           path, told, proof, said_at, valid_from, person_id, carried_court, carried_id, carried_number)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22) on conflict (court_id, case_id, carried_court, carried_id) do nothing",
    )
    .bind(court)
    .bind(case)
    .bind(id)
    .bind(carried.party)
    .bind(&e.step)
    .bind(&e.says)
    .bind(&e.kind)
    .bind(&e.stage)
    .bind(e.all_stages)
    .bind(&e.channels)
    .bind(here)
    .bind(&e.papers)
    .bind(e.confirmation)
    .bind(&e.path)
    .bind(&e.told)
    .bind(&e.proof)
    .bind(e.said_at)
    .bind(e.valid_from)
    .bind(e.person_id)
    .bind(carried.court)
    .bind(e.consent_id)
    .bind(&carried.number)
    .execute(tx.conn())
    .await?;
    Ok(made.rows_affected())
}
