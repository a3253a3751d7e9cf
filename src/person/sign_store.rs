//! The rows of signing in: codes, links, soft locks, credentials. Owns their SQL; decides nothing.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::court::tx::GateTx;
use crate::error::Result;
use crate::person::any_tx::AnyTx;
use crate::person::soft_lock;

/// When codes were last made for a number, to keep them apart.
pub struct RecentCodes {
    /// In the last 24 hours, for any purpose.
    pub today: i64,
    /// The last one for this purpose.
    pub last: Option<DateTime<Utc>>,
}

/// Counts the codes of a number; one request at a time per number.
pub async fn recent_codes(gate: &mut GateTx, mobile_index: &[u8], purpose: &str) -> Result<RecentCodes> {
    let since = gate.now() - TimeDelta::hours(24);
    sqlx::query("select pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 2))").bind(mobile_index).execute(gate.conn()).await?;
    let (today, last) = sqlx::query_as(
        "select count(*), max(created_at) filter (where purpose = $3) from one_time_codes where mobile_index = $1 and created_at > $2",
    )
    .bind(mobile_index)
    .bind(since)
    .bind(purpose)
    .fetch_one(gate.conn())
    .await?;
    Ok(RecentCodes { today, last })
}

/// Keeps a new code, as a hash.
pub async fn keep_code(
    gate: &mut GateTx,
    id: Uuid,
    mobile_index: &[u8],
    purpose: &str,
    hash: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<()> {
    let now = gate.now();
    sqlx::query(
        "insert into one_time_codes (code_id, mobile_index, purpose, code_hash, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(mobile_index)
    .bind(purpose)
    .bind(hash)
    .bind(now)
    .bind(expires_at)
    .execute(gate.conn())
    .await?;
    Ok(())
}

/// The newest code of a number that can still be used: id and hash.
pub async fn live_code(tx: &mut impl AnyTx, mobile_index: &[u8], purpose: &str, most_tries: i32) -> Result<Option<(Uuid, Vec<u8>)>> {
    let now = tx.now();
    let code = sqlx::query_as(
        "select code_id, code_hash from (select * from one_time_codes where mobile_index = $1 and purpose = $2 order by created_at desc limit 1) newest
         where used_at is null and expires_at > $3 and attempts < $4",
    )
    .bind(mobile_index)
    .bind(purpose)
    .bind(now)
    .bind(most_tries)
    .fetch_optional(tx.conn())
    .await?;
    Ok(code)
}

/// Counts a wrong try at a code.
pub async fn count_try(tx: &mut impl AnyTx, code: Uuid) -> Result<()> {
    sqlx::query("update one_time_codes set attempts = attempts + 1 where code_id = $1").bind(code).execute(tx.conn()).await?;
    Ok(())
}

/// Uses a code up; false when somebody else just did.
pub async fn use_code(tx: &mut impl AnyTx, code: Uuid) -> Result<bool> {
    let now = tx.now();
    let used = sqlx::query("update one_time_codes set used_at = $2 where code_id = $1 and used_at is null")
        .bind(code)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(used.rows_affected() == 1)
}

/// Counts a try before it is made, so that many at once count as many. Answers the end of the lock when
/// it is locked already.
pub async fn reserve_try(gate: &mut GateTx, subject: &[u8]) -> Result<Option<DateTime<Utc>>> {
    let now = gate.now();
    let counted: Option<i32> = sqlx::query_scalar(
        "insert into soft_locks as l (subject_index, failures, locked_until, updated_at) values ($1, 1, $2, $2)
         on conflict (subject_index) do update set updated_at = $2, failures = case when l.updated_at < $3 then 1 else least(l.failures + 1, 1000) end
         where l.locked_until <= $2 returning l.failures",
    )
    .bind(subject)
    .bind(now)
    .bind(now - soft_lock::FORGOTTEN_AFTER)
    .fetch_optional(gate.conn())
    .await?;
    match counted {
        Some(failures) => {
            sqlx::query("update soft_locks set locked_until = $2 where subject_index = $1")
                .bind(subject)
                .bind(now + soft_lock::wait_after(failures))
                .execute(gate.conn())
                .await?;
            Ok(None)
        }
        None => {
            let until = sqlx::query_scalar("select locked_until from soft_locks where subject_index = $1")
                .bind(subject)
                .fetch_optional(gate.conn())
                .await?;
            Ok(until.or(Some(now + TimeDelta::seconds(1))))
        }
    }
}

/// Takes a counted try back: it was no guess.
pub async fn release_try(gate: &mut GateTx, subject: &[u8]) -> Result<()> {
    let now = gate.now();
    sqlx::query("update soft_locks set failures = greatest(failures - 1, 0), locked_until = $2 where subject_index = $1")
        .bind(subject)
        .bind(now)
        .execute(gate.conn())
        .await?;
    Ok(())
}

/// Forgets wrong tries after a right one.
pub async fn clear_lock(gate: &mut GateTx, subject: &[u8]) -> Result<()> {
    sqlx::query("delete from soft_locks where subject_index = $1").bind(subject).execute(gate.conn()).await?;
    Ok(())
}

/// What a person signs in with.
#[derive(sqlx::FromRow, Default)]
pub struct Credentials {
    /// Argon2id.
    pub password_hash: Option<String>,
    /// Sealed.
    pub totp_secret: Option<Vec<u8>>,
    /// Since when the authenticator counts.
    pub totp_confirmed_at: Option<DateTime<Utc>>,
    /// Sealed, not yet confirmed.
    pub totp_pending: Option<Vec<u8>>,
    /// The last step a code was taken of.
    pub totp_last_step: i64,
}

/// A person's credentials.
pub async fn credentials(tx: &mut impl AnyTx, person: Uuid) -> Result<Credentials> {
    let found = sqlx::query_as(
        "select password_hash, totp_secret, totp_confirmed_at, totp_pending, totp_last_step from credentials where person_id = $1",
    )
    .bind(person)
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.unwrap_or_default())
}

/// Sets the password.
pub async fn set_password(tx: &mut impl AnyTx, person: Uuid, hash: &str) -> Result<()> {
    sqlx::query("insert into credentials (person_id, password_hash) values ($1, $2) on conflict (person_id) do update set password_hash = excluded.password_hash")
        .bind(person)
        .bind(hash)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Keeps an authenticator's secret until a code of it is shown.
pub async fn keep_pending_totp(tx: &mut impl AnyTx, person: Uuid, sealed: &[u8]) -> Result<()> {
    sqlx::query("insert into credentials (person_id, totp_pending) values ($1, $2) on conflict (person_id) do update set totp_pending = excluded.totp_pending")
        .bind(person)
        .bind(sealed)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Puts the pending secret in force.
pub async fn confirm_totp(tx: &mut impl AnyTx, person: Uuid, step: i64) -> Result<()> {
    let now = tx.now();
    sqlx::query(
        "update credentials set totp_secret = totp_pending, totp_pending = null, totp_confirmed_at = $2, totp_last_step = $3
         where person_id = $1 and totp_pending is not null",
    )
    .bind(person)
    .bind(now)
    .bind(step)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Uses a step up; false when it was used in between.
pub async fn use_totp_step(tx: &mut impl AnyTx, person: Uuid, step: i64) -> Result<bool> {
    let used = sqlx::query("update credentials set totp_last_step = $2 where person_id = $1 and totp_last_step < $2")
        .bind(person)
        .bind(step)
        .execute(tx.conn())
        .await?;
    Ok(used.rows_affected() == 1)
}

/// Keeps a one-time link; a repeated step keeps it once.
pub async fn keep_link(tx: &mut impl AnyTx, token_hash: &[u8], person: Uuid, purpose: &str, expires_at: DateTime<Utc>) -> Result<()> {
    let now = tx.now();
    sqlx::query("insert into one_time_links (token_hash, person_id, purpose, created_at, expires_at) values ($1, $2, $3, $4, $5)")
        .bind(token_hash)
        .bind(person)
        .bind(purpose)
        .bind(now)
        .bind(expires_at)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Is this link already kept?
pub async fn has_link(gate: &mut GateTx, token_hash: &[u8]) -> Result<bool> {
    Ok(sqlx::query_scalar("select exists (select 1 from one_time_links where token_hash = $1)")
        .bind(token_hash)
        .fetch_one(gate.conn())
        .await?)
}

/// How many links a person was sent since an instant.
pub async fn links_since(gate: &mut GateTx, person: Uuid, since: DateTime<Utc>) -> Result<i64> {
    Ok(sqlx::query_scalar("select count(*) from one_time_links where person_id = $1 and created_at > $2")
        .bind(person)
        .bind(since)
        .fetch_one(gate.conn())
        .await?)
}

/// The person a live link is for.
pub async fn link_owner(gate: &mut GateTx, token_hash: &[u8]) -> Result<Option<Uuid>> {
    let now = gate.now();
    Ok(sqlx::query_scalar("select person_id from one_time_links where token_hash = $1 and used_at is null and expires_at > $2")
        .bind(token_hash)
        .bind(now)
        .fetch_optional(gate.conn())
        .await?)
}

/// Uses a link up, with every other link of the person; answers what it was for, nothing when somebody else just did.
pub async fn use_link(gate: &mut GateTx, token_hash: &[u8], person: Uuid) -> Result<Option<String>> {
    let now = gate.now();
    let purpose = sqlx::query_scalar("update one_time_links set used_at = $2 where token_hash = $1 and used_at is null returning purpose")
        .bind(token_hash)
        .bind(now)
        .fetch_optional(gate.conn())
        .await?;
    sqlx::query("update one_time_links set used_at = $2 where person_id = $1 and used_at is null")
        .bind(person)
        .bind(now)
        .execute(gate.conn())
        .await?;
    Ok(purpose)
}

/// Forgets a lost authenticator.
pub async fn forget_totp(tx: &mut impl AnyTx, person: Uuid) -> Result<()> {
    sqlx::query("update credentials set totp_secret = null, totp_pending = null, totp_confirmed_at = null where person_id = $1")
        .bind(person)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// An account that answers to a typed identifier.
#[derive(sqlx::FromRow)]
pub struct Candidate {
    /// The person.
    pub person_id: Uuid,
    /// Argon2id.
    pub password_hash: Option<String>,
    /// The blind index of the mobile number, where codes go.
    pub mobile_index: Option<Vec<u8>>,
}

/// The active accounts behind a typed identifier, newest first. Several handlers may share an organisation's code.
pub async fn candidates(gate: &mut GateTx, kinds: &[&str], indexes: &[Vec<u8>], most: i64) -> Result<Vec<Candidate>> {
    let found = sqlx::query_as(
        "select p.person_id, c.password_hash, (select m.blind_index from identifiers m where m.person_id = p.person_id and m.kind = 'mobile' limit 1) as mobile_index
         from unnest($1::text[], $2::bytea[]) as typed(kind, blind_index) join identifiers i on i.kind = typed.kind and i.blind_index = typed.blind_index
         join people p on p.person_id = i.person_id left join credentials c on c.person_id = p.person_id
         where p.state = 'active' order by p.created_at desc limit $3",
    )
    .bind(kinds)
    .bind(indexes)
    .bind(most)
    .fetch_all(gate.conn())
    .await?;
    Ok(found)
}
