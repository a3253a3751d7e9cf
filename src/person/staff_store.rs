//! The rows of a court's people and of the proofs it checks. Owns their SQL; decides nothing. Every statement
//! names the court although row security does too.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::store::{ProofRow, proof_columns};
use crate::court::tx::CourtTx;
use crate::error::Result;

/// A person with a role at the court.
#[derive(sqlx::FromRow)]
pub struct StaffRow {
    /// The person.
    pub person_id: Uuid,
    /// 姓名.
    pub name: String,
    /// active, invited or suspended (the account itself).
    pub state: String,
    /// Sealed.
    pub mobile: Vec<u8>,
    /// Roles held here.
    pub roles: Vec<String>,
    /// people, invited or lawyer.
    pub mediator_class: Option<String>,
    /// Every one of them is suspended.
    pub suspended: bool,
    /// The authenticator is on.
    pub totp_enabled: bool,
}

/// The court's people, by id; with `only`, that one, even when no role is left.
pub async fn people(tx: &mut CourtTx, only: Option<Uuid>, after: Option<Uuid>, limit: i64) -> Result<Vec<StaffRow>> {
    let court = tx.court;
    let rows = sqlx::query_as(
        "select p.person_id, p.name, p.state, p.mobile,
           coalesce(array_agg(g.role order by g.role) filter (where g.revoked_at is null), '{}') as roles,
           max(g.mediator_class) filter (where g.revoked_at is null) as mediator_class,
           coalesce(bool_and(g.suspended_at is not null) filter (where g.revoked_at is null), false) as suspended,
           exists (select 1 from credentials c where c.person_id = p.person_id and c.totp_confirmed_at is not null) as totp_enabled
         from role_grants g join people p on p.person_id = g.person_id
         where g.court_id = $1 and ($2::uuid is null or p.person_id = $2) and ($3::uuid is null or p.person_id > $3)
         group by p.person_id, p.name, p.state, p.mobile
         having $2::uuid is not null or count(*) filter (where g.revoked_at is null) > 0
         order by p.person_id limit $4",
    )
    .bind(court)
    .bind(only)
    .bind(after)
    .bind(limit)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows)
}

/// Roles a person holds here and everywhere, suspended ones too.
pub async fn roles_held(tx: &mut CourtTx, person: Uuid) -> Result<Vec<(i32, String)>> {
    let court = tx.court;
    Ok(sqlx::query_as("select court_id, role from role_grants where court_id in ($1, 0) and person_id = $2 and revoked_at is null")
        .bind(court)
        .bind(person)
        .fetch_all(tx.conn())
        .await?)
}

/// Makes the roles of a person here be exactly these, suspended or not.
pub async fn set_roles(tx: &mut CourtTx, person: Uuid, roles: &[&str], class: Option<&str>, suspended: bool) -> Result<()> {
    let (court, now, by) = (tx.court, tx.now(), tx.person()?);
    sqlx::query(
        "update role_grants set revoked_at = $4 where court_id = $1 and person_id = $2 and revoked_at is null and role <> all ($3)",
    )
    .bind(court)
    .bind(person)
    .bind(roles)
    .bind(now)
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "insert into role_grants (court_id, person_id, role, granted_by, granted_at) select $1, $2, role, $4, $5 from unnest($3::text[]) as wanted(role)
         on conflict (court_id, person_id, role) do update set revoked_at = null, granted_by = $4, granted_at = $5 where role_grants.revoked_at is not null",
    )
    .bind(court)
    .bind(person)
    .bind(roles)
    .bind(by)
    .bind(now)
    .execute(tx.conn())
    .await?;
    sqlx::query("update role_grants set mediator_class = $3 where court_id = $1 and person_id = $2 and role = 'mediator'")
        .bind(court)
        .bind(person)
        .bind(class)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "update role_grants set suspended_at = case when $3 then coalesce(suspended_at, $4) end where court_id = $1 and person_id = $2",
    )
    .bind(court)
    .bind(person)
    .bind(suspended)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// An empty set of credentials: the password comes with the link.
pub async fn add_credentials(tx: &mut CourtTx, person: Uuid) -> Result<()> {
    sqlx::query("insert into credentials (person_id) values ($1)").bind(person).execute(tx.conn()).await?;
    Ok(())
}

/// Proofs of people with a filing or a case at the court, oldest first.
pub async fn proofs(tx: &mut CourtTx, state: Option<&str>, after: Option<Uuid>, limit: i64) -> Result<Vec<ProofRow>> {
    let court = tx.court;
    let rows = sqlx::query_as(concat!(
        "select ",
        proof_columns!(),
        ", (select f.filing_id from filing_people f where f.court_id = $1 and f.person_id = p.person_id order by f.filing_id desc limit 1) as filing_id
         from proofs p where ($2::text is null or p.state = $2) and ($3::uuid is null or p.proof_id > $3)
           and (p.person_id in (select f.person_id from filing_people f where f.court_id = $1)
             or p.person_id in (select c.person_id from case_people c where c.court_id = $1)) order by p.proof_id limit $4"
    ))
    .bind(court)
    .bind(state)
    .bind(after)
    .bind(limit)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows)
}

/// One such proof.
///
/// # Errors
/// 404 when its owner has nothing at this court.
pub async fn proof(tx: &mut CourtTx, id: Uuid) -> Result<ProofRow> {
    let court = tx.court;
    let row = sqlx::query_as(concat!(
        "select ",
        proof_columns!(),
        " from proofs p where p.proof_id = $2
           and (exists (select 1 from filing_people f where f.court_id = $1 and f.person_id = p.person_id)
             or exists (select 1 from case_people c where c.court_id = $1 and c.person_id = p.person_id))"
    ))
    .bind(court)
    .bind(id)
    .fetch_one(tx.conn())
    .await?;
    Ok(row)
}

/// Records the court's word on a proof; false when it was rejected in between.
pub async fn decide(tx: &mut CourtTx, proof: &ProofRow, state: &str, reason: Option<&str>) -> Result<bool> {
    let (now, by): (DateTime<Utc>, Uuid) = (tx.now(), tx.person()?);
    let done = sqlx::query(
        "update proofs set state = $3, reason = $4, decided_at = $5, decided_by = $6 where person_id = $1 and proof_id = $2 and state <> 'rejected'",
    )
    .bind(proof.person_id)
    .bind(proof.proof_id)
    .bind(state)
    .bind(reason)
    .bind(now)
    .bind(by)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Frees a rejected number for its true owner, unless another proof of the same person still stands on it.
pub async fn free_number(tx: &mut CourtTx, proof: &ProofRow, kind: &str) -> Result<()> {
    sqlx::query(
        "delete from identifiers i where i.kind = $2 and i.blind_index = $3 and i.person_id = $1 and not exists
         (select 1 from proofs p where p.person_id = $1 and p.number_index = $3 and p.state <> 'rejected')",
    )
    .bind(proof.person_id)
    .bind(kind)
    .bind(&proof.number_index)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes the role that came with a licence away, unless another licence still stands, or gives it back.
pub async fn set_licence_role(tx: &mut CourtTx, proof: &ProofRow, role: &str, stands: bool) -> Result<()> {
    let now = tx.now();
    sqlx::query(
        "update role_grants g set revoked_at = case when $3 then null else $4 end where g.court_id = 0 and g.person_id = $1 and g.role = $2
           and ($3 or not exists (select 1 from proofs p where p.person_id = $1 and p.kind = $5 and p.state <> 'rejected'))",
    )
    .bind(proof.person_id)
    .bind(role)
    .bind(stands)
    .bind(now)
    .bind(&proof.kind)
    .execute(tx.conn())
    .await?;
    Ok(())
}
