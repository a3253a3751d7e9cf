//! 参与人: from what a clerk chose to people the court knows. Owns the checks of who may sit in which seat.
//!
//! Parties and their agents come from the case, the court's people from its grants; everybody else is a name and a
//! number until he or she opens the link. Must never seat an account in a case it is not in, or name a judge who is none.

use sqlx::FromRow;
use uuid::Uuid;

use super::plan::{Guest, fits_court_role};
use super::seats::Seat;
use super::words::{Mode, Role, Side};
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::text::{Bounds, clean};
use crate::person::documents::Mobile;

/// What the clerk chose for one seat.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// Role.
    pub role: String,
    /// Of a witness, an interpreter: for which party.
    pub party: Option<Uuid>,
    /// Of the court's people and of counsel: which.
    pub person: Option<Uuid>,
    /// Of counsel: as the case names it.
    pub representative: Option<Uuid>,
    /// Of everybody else: the name.
    pub name: Option<String>,
    /// 常用手机号.
    pub mobile: Option<String>,
    /// A judge's decision how he or she takes part.
    pub mode: Option<Mode>,
    /// And why.
    pub mode_reason: Option<String>,
    /// With the president's leave at another place.
    pub elsewhere: bool,
    /// 必须到庭.
    pub must_appear: bool,
    /// A minor.
    pub minor: bool,
    /// Interprets into.
    pub interprets: Option<String>,
}

#[derive(FromRow)]
struct PartyRow {
    case_id: Uuid,
    party_id: Uuid,
    name: String,
    side: String,
    person_id: Option<Uuid>,
}

/// Who they are.
///
/// # Errors
/// A seat that names nobody, or somebody who may not sit there.
pub async fn resolve(tx: &mut CourtTx, cases: &[Uuid], chosen: &[Chosen]) -> Result<Vec<Guest>> {
    let lead = *cases.first().ok_or_else(Error::not_found)?;
    let parties = parties(tx, cases).await?;
    let mut guests = Vec::with_capacity(chosen.len());
    for (n, c) in chosen.iter().enumerate() {
        let role = Role::parse(&c.role).ok_or_else(|| wrong(n, "没有这种身份。", "There is no such role."))?;
        let counsel = match c.representative {
            Some(id) => Some(counsel(tx, cases, n, role, c, id).await?),
            None => None,
        };
        let party = match c.party.or(counsel.as_ref().map(|r| r.party_id)) {
            Some(id) => {
                Some(parties.iter().find(|p| p.party_id == id).ok_or_else(|| wrong(n, "本案没有这位当事人。", "There is no such party."))?)
            }
            None => None,
        };
        let (person, name) = match (role, &counsel) {
            (_, Some(counsel)) => (counsel.person_id, counsel.name.clone()),
            (r, _) => someone(tx, n, r, c, party).await?,
        };
        let seat = Seat {
            id: tx.id(),
            role,
            side: party.and_then(|p| Side::parse(&p.side)),
            party: party.map(|p| p.party_id),
            person,
            minor: c.minor,
        };
        guests.push(Guest {
            seat,
            case: party.map_or(lead, |p| p.case_id),
            representative: c.representative,
            name,
            mobile: mobile(n, c)?,
            ordered: ordered(n, c)?,
            elsewhere: c.elsewhere,
            must_appear: c.must_appear,
            interprets: c.interprets.clone(),
        });
    }
    Ok(guests)
}

/// Whoever is chosen by account or by name.
async fn someone(tx: &mut CourtTx, n: usize, role: Role, c: &Chosen, party: Option<&PartyRow>) -> Result<(Option<Uuid>, String)> {
    match role {
        r if r.is_court() || r == Role::Technician => colleague(tx, n, r, c).await,
        r if r.is_party_side() => of_party(tx, n, r, c, party).await,
        _ => Ok((None, named(n, c)?)),
    }
}

#[derive(FromRow)]
struct Counsel {
    party_id: Uuid,
    person_id: Option<Uuid>,
    name: String,
}

/// 诉讼代理人 of the case, with the account he or she acts by: what a page knows is the engagement, and not the person.
async fn counsel(tx: &mut CourtTx, cases: &[Uuid], n: usize, role: Role, c: &Chosen, id: Uuid) -> Result<Counsel> {
    if !matches!(role, Role::Agent | Role::Defender) {
        return Err(wrong(n, "代理人只能坐代理人、辩护人的席位。", "Counsel sits in counsel's seat."));
    }
    let court = tx.court;
    let found: Option<Counsel> = sqlx::query_as(
        "select party_id, person_id, name from representatives where court_id = $1 and case_id = any($2) and representative_id = $3 and until is null",
    )
    .bind(court)
    .bind(cases)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    let fits = found.filter(|r| c.party.is_none_or(|p| p == r.party_id) && c.person.is_none_or(|p| r.person_id == Some(p)));
    fits.ok_or_else(|| wrong(n, "本案没有这位代理人，或者委托已经结束。", "The case has no such counsel, or the engagement has ended."))
}

async fn parties(tx: &mut CourtTx, cases: &[Uuid]) -> Result<Vec<PartyRow>> {
    let court = tx.court;
    Ok(sqlx::query_as("select case_id, party_id, name, side, person_id from case_parties where court_id = $1 and case_id = any($2) order by case_id, ordinal")
        .bind(court)
        .bind(cases)
        .fetch_all(tx.conn())
        .await?)
}

/// A person of the court who holds the office; a lay judge is named for the case.
async fn colleague(tx: &mut CourtTx, n: usize, role: Role, c: &Chosen) -> Result<(Option<Uuid>, String)> {
    let Some(person) = c.person else {
        return if role == Role::LayJudge {
            Ok((None, named(n, c)?))
        } else {
            Err(wrong(n, "请从本院人员中选择。", "Choose from the court's people."))
        };
    };
    let court = tx.court;
    let row: Option<(String, Vec<String>)> = sqlx::query_as(
        "select p.name, array_agg(g.role) from people p join role_grants g on g.person_id = p.person_id and g.court_id = $1 and g.revoked_at is null and g.suspended_at is null
         where p.person_id = $2 group by p.name",
    )
    .bind(court)
    .bind(person)
    .fetch_optional(tx.conn())
    .await?;
    match row {
        Some((name, held)) if fits_court_role(role, &held) => Ok((Some(person), name)),
        _ => Err(wrong(n, "本院没有这个身份的这位同事。", "No colleague of this court holds that role.")),
    }
}

/// A party, or somebody who is in the case for it.
async fn of_party(tx: &mut CourtTx, n: usize, role: Role, c: &Chosen, party: Option<&PartyRow>) -> Result<(Option<Uuid>, String)> {
    let party = party.ok_or_else(|| wrong(n, "请选择属于哪一方当事人。", "Choose the party."))?;
    if role == Role::Party && c.person.is_none() {
        return Ok((party.person_id, party.name.clone()));
    }
    let Some(person) = c.person else { return Ok((None, named(n, c)?)) };
    let court = tx.court;
    let name: Option<String> = sqlx::query_scalar(
        "select name from case_people where court_id = $1 and case_id = $2 and person_id = $3 and party_id = $4 and until is null and capacity <> 'colleague' limit 1",
    )
    .bind(court)
    .bind(party.case_id)
    .bind(person)
    .bind(party.party_id)
    .fetch_optional(tx.conn())
    .await?;
    let name = name.ok_or_else(|| wrong(n, "这个人不在本案的这一方。", "That person is not on this side of the case."))?;
    Ok((Some(person), name))
}

fn named(n: usize, c: &Chosen) -> Result<String> {
    let name = clean(c.name.as_deref().unwrap_or_default(), Bounds::line(1, 60));
    name.map_err(|_| wrong(n, "请填写姓名。", "A name is needed."))
}

fn mobile(n: usize, c: &Chosen) -> Result<Option<String>> {
    let Some(text) = c.mobile.as_deref().filter(|m| !m.trim().is_empty()) else { return Ok(None) };
    let mobile = Mobile::parse(text).map_err(|_| wrong(n, "手机号码不对。", "The mobile number is not one."))?;
    Ok(Some(mobile.into_string()))
}

fn ordered(n: usize, c: &Chosen) -> Result<Option<(Mode, String)>> {
    let Some(mode) = c.mode else { return Ok(None) };
    let reason = c.mode_reason.clone().unwrap_or_default();
    super::refusal::reasoned(&reason, "/participants")
        .map_err(|_| wrong(n, "改变参加方式要写明理由。", "A decision how somebody takes part needs its reason."))?;
    Ok(Some((mode, reason)))
}

fn wrong(n: usize, zh: &'static str, en: &'static str) -> Error {
    Error::invalid(
        "hearing.participant",
        said(format!("第 {} 位参与人：{zh}", n + 1), format!("Participant {}: {en}", n + 1)),
        said("请改好后再保存。", "Mend it and save again."),
    )
    .at(format!("/participants/{n}"))
}
