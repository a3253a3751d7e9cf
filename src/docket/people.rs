//! Cases, parties, representatives, join codes and who is in a case. Owns their SQL.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::court::tx::CourtTx;
use crate::docket::number::CaseNumber;
use crate::error::Result;
use crate::kit::seal::{Place, sha256};

/// A new case.
pub struct NewCase<'a> {
    /// Case.
    pub id: Uuid,
    /// 案号.
    pub number: &'a CaseNumber,
    /// The filing it comes from.
    pub filing: Uuid,
    /// Kind.
    pub kind: &'a str,
    /// 案由 code.
    pub cause_code: Option<&'a str>,
    /// 案由.
    pub cause_name: &'a str,
    /// Title.
    pub title: &'a str,
    /// Procedure.
    pub procedure: &'a str,
    /// 标的额, fen.
    pub amount_fen: Option<i64>,
    /// 原审案件: court, case, 案号.
    pub origin: Option<(i32, Uuid, &'a str)>,
}

/// Inserts a case.
pub async fn insert_case(tx: &mut CourtTx, c: &NewCase<'_>) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "insert into cases (court_id, case_id, number, year, type_code, serial, filing_id, kind, cause_code, cause_name, title, stage, procedure, filed_at, amount_fen, version, origin_court, origin_case, origin_number)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,'docketed',$12,$13,$14,1,$15,$16,$17)",
    )
    .bind(court)
    .bind(c.id)
    .bind(c.number.to_string())
    .bind(i32::from(c.number.year))
    .bind(&c.number.type_code)
    .bind(i32::try_from(c.number.serial).unwrap_or(i32::MAX))
    .bind(c.filing)
    .bind(c.kind)
    .bind(c.cause_code)
    .bind(c.cause_name)
    .bind(c.title)
    .bind(c.procedure)
    .bind(now)
    .bind(c.amount_fen)
    .bind(c.origin.map(|o| o.0))
    .bind(c.origin.map(|o| o.1))
    .bind(c.origin.map(|o| o.2))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Of an appeal against a ruling: which (民事诉讼法 Art 157).
///
/// # Errors
/// What the database says.
pub async fn put_against(tx: &mut CourtTx, case: Uuid, against: &str) -> Result<()> {
    let court = tx.court;
    sqlx::query("update cases set origin_against = $3 where court_id = $1 and case_id = $2")
        .bind(court)
        .bind(case)
        .bind(against)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A new party.
pub struct NewParty<'a> {
    /// Party.
    pub id: Uuid,
    /// Place among the parties.
    pub ordinal: i32,
    /// Side.
    pub side: &'a str,
    /// natural, legal or unincorporated.
    pub kind: &'a str,
    /// Name.
    pub name: &'a str,
    /// Everything else, sealed.
    pub details: Value,
    /// Blind index of the number.
    pub id_index: Option<Vec<u8>>,
    /// The account, when known.
    pub person: Option<Uuid>,
}

/// Inserts a party.
pub async fn insert_party(tx: &mut CourtTx, case: Uuid, p: &NewParty<'_>) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    let details = tx.seal().seal_json(tx.owner(), Place("case_parties", "details", &p.id), &p.details)?;
    sqlx::query(
        "insert into case_parties (court_id, case_id, party_id, side, kind, name, details, id_index, person_id, joined_at, ordinal) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
    )
    .bind(court)
    .bind(case)
    .bind(p.id)
    .bind(p.side)
    .bind(p.kind)
    .bind(p.name)
    .bind(details)
    .bind(&p.id_index)
    .bind(p.person)
    .bind(p.person.map(|_| now))
    .bind(p.ordinal)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Puts a person into a case in a capacity; doing it twice changes nothing.
pub async fn put_person(tx: &mut CourtTx, case: Uuid, person: Uuid, capacity: &str, party: Option<Uuid>, name: &str) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "insert into case_people (court_id, case_id, person_id, capacity, party_id, name, since) values ($1,$2,$3,$4,$5,$6,$7)
         on conflict (court_id, case_id, person_id, capacity) do update set until = null, party_id = $5",
    )
    .bind(court)
    .bind(case)
    .bind(person)
    .bind(capacity)
    .bind(party)
    .bind(name)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The party itself sits down in its case, with an account that was proved to be its own.
///
/// # Errors
/// What the database says.
pub async fn seat_party(tx: &mut CourtTx, case: Uuid, party: Uuid, person: Uuid, side: &str, name: &str) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    put_person(tx, case, person, side, Some(party), name).await?;
    sqlx::query("update case_parties set person_id = $4, joined_at = $5 where court_id = $1 and case_id = $2 and party_id = $3")
        .bind(court)
        .bind(case)
        .bind(party)
        .bind(person)
        .bind(now)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "update join_codes set used_at = $4, used_by = $5 where court_id = $1 and case_id = $2 and party_id = $3 and used_at is null",
    )
    .bind(court)
    .bind(case)
    .bind(party)
    .bind(now)
    .bind(person)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes down which counsel shares the case with a colleague.
pub async fn put_sharer(tx: &mut CourtTx, case: Uuid, colleague: Uuid, counsel: Uuid) -> Result<()> {
    let court = tx.court;
    sqlx::query("update case_people set shared_by = $4 where court_id = $1 and case_id = $2 and person_id = $3 and capacity = 'colleague'")
        .bind(court)
        .bind(case)
        .bind(colleague)
        .bind(counsel)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Ends what counsel shared: a colleague's right to the case rests on it.
pub async fn end_shares(tx: &mut CourtTx, case: Uuid, counsel: Uuid) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query("update case_people set until = $4 where court_id = $1 and case_id = $2 and shared_by = $3 and capacity = 'colleague' and until is null").bind(court).bind(case).bind(counsel).bind(now).execute(tx.conn()).await?;
    Ok(())
}

/// Takes a person's capacity in a case away.
pub async fn end_person(tx: &mut CourtTx, case: Uuid, person: Uuid, capacity: &str) -> Result<u64> {
    let (court, now) = (tx.court, tx.now());
    let done = sqlx::query(
        "update case_people set until = $5 where court_id = $1 and case_id = $2 and person_id = $3 and capacity = $4 and until is null",
    )
    .bind(court)
    .bind(case)
    .bind(person)
    .bind(capacity)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Is the person in the case?
pub async fn is_in(tx: &mut CourtTx, case: Uuid, person: Uuid) -> Result<bool> {
    let court = tx.court;
    Ok(sqlx::query_scalar(
        "select exists (select 1 from case_people where court_id = $1 and case_id = $2 and person_id = $3 and until is null)",
    )
    .bind(court)
    .bind(case)
    .bind(person)
    .fetch_one(tx.conn())
    .await?)
}

/// Refuses a party that is not of this case.
pub async fn party_exists(tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<()> {
    let court = tx.court;
    let there: bool =
        sqlx::query_scalar("select exists (select 1 from case_parties where court_id = $1 and case_id = $2 and party_id = $3)")
            .bind(court)
            .bind(case)
            .bind(party)
            .fetch_one(tx.conn())
            .await?;
    if there {
        return Ok(());
    }
    Err(crate::error::Error::invalid(
        "party.not_of_case",
        crate::error::said("本案没有这位当事人。", "There is no such party in this case."),
        crate::error::said("请从本案当事人中选择。", "Choose a party of the case."),
    )
    .at("/party_id"))
}

/// The parties a person is or acts for in a case.
pub async fn parties_of(tx: &mut CourtTx, case: Uuid, person: Uuid) -> Result<Vec<(String, Option<Uuid>)>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select capacity, party_id from case_people where court_id = $1 and case_id = $2 and person_id = $3 and until is null",
    )
    .bind(court)
    .bind(case)
    .bind(person)
    .fetch_all(tx.conn())
    .await?)
}

/// Whether somebody may dispose of a party's rights here: the party itself, or counsel with a special power (民事诉讼法
/// Art 62); none for who does not act for it at all.
pub async fn disposes_for(tx: &mut CourtTx, case: Uuid, party: Uuid, person: Uuid) -> Result<Option<bool>> {
    let court = tx.court;
    let mine = parties_of(tx, case, person).await?;
    let capacity = mine.iter().find(|(capacity, of)| *of == Some(party) && capacity != "colleague").map(|(c, _)| c.as_str());
    if capacity != Some("representative") {
        return Ok(capacity.map(|_| true));
    }
    let special = sqlx::query_scalar(
        "select exists (select 1 from representatives where court_id = $1 and case_id = $2 and party_id = $3 and person_id = $4 and until is null and power = 'special')",
    )
    .bind(court)
    .bind(case)
    .bind(party)
    .bind(person)
    .fetch_one(tx.conn())
    .await?;
    Ok(Some(special))
}

/// A new representative.
pub struct NewRepresentative<'a> {
    /// Representative.
    pub id: Uuid,
    /// Whom they act for.
    pub party: Uuid,
    /// The account, when known.
    pub person: Option<Uuid>,
    /// lawyer, legal_worker, relative, employee, recommended.
    pub kind: &'a str,
    /// Name.
    pub name: &'a str,
    /// Firm.
    pub unit: &'a str,
    /// Blind index of the licence.
    pub licence_index: Option<Vec<u8>>,
    /// general or special.
    pub power: &'a str,
    /// The power names second instance too (民事诉讼法 Art 62).
    pub on_appeal: bool,
}

/// Inserts a representative.
pub async fn insert_representative(tx: &mut CourtTx, case: Uuid, r: &NewRepresentative<'_>) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "insert into representatives (court_id, case_id, representative_id, party_id, person_id, kind, name, unit, licence_index, power, since, on_appeal) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
    )
    .bind(court)
    .bind(case)
    .bind(r.id)
    .bind(r.party)
    .bind(r.person)
    .bind(r.kind)
    .bind(r.name)
    .bind(r.unit)
    .bind(&r.licence_index)
    .bind(r.power)
    .bind(now)
    .bind(r.on_appeal)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Issues a join code for a party.
pub async fn insert_join_code(tx: &mut CourtTx, case: Uuid, party: Uuid, code: &str, expires_at: DateTime<Utc>) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    let sealed = tx.seal().seal(tx.owner(), Place("join_codes", "code", &party), code.as_bytes())?;
    sqlx::query(
        "insert into join_codes (court_id, code_hash, case_id, party_id, code, created_at, expires_at) values ($1,$2,$3,$4,$5,$6,$7)",
    )
    .bind(court)
    .bind(sha256(code.as_bytes()))
    .bind(case)
    .bind(party)
    .bind(sealed)
    .bind(now)
    .bind(expires_at)
    .execute(tx.conn())
    .await?;
    Ok(())
}
