//! 会话: opaque tokens, of which only the SHA-256 is kept.
//!
//! Owns the reading and touching of `sessions` and the short cache over it. A revoked session is dropped
//! from every node's cache by notification at once. Must never log a token.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Row;
use uuid::Uuid;

use crate::app::App;
use crate::court::caller::Session;
use crate::court::role::{Role, Roles};
use crate::court::tx::GateTx;
use crate::error::{Error, Result};

/// Idle time after which a session ends.
const IDLE: TimeDelta = TimeDelta::minutes(30);
/// Idle time for people who do not work for a court: filling in a form on a phone takes long.
const IDLE_OUTSIDE: TimeDelta = TimeDelta::hours(12);
/// How often use is written down.
const TOUCH_EVERY: TimeDelta = TimeDelta::seconds(60);
/// The longest a session lives without an upload running.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);

/// Live sessions of this node.
pub struct Sessions {
    cache: moka::future::Cache<Vec<u8>, Arc<Session>>,
}

impl Default for Sessions {
    fn default() -> Self {
        Self::new()
    }
}

impl Sessions {
    /// An empty cache: 100,000 sessions, 30 s each.
    pub fn new() -> Self {
        Self { cache: moka::future::Cache::builder().max_capacity(100_000).time_to_live(Duration::from_secs(30)).build() }
    }

    /// The live session of this token's digest.
    ///
    /// # Errors
    /// 401 when there is none, or it ended.
    pub async fn find(&self, app: &App, token_hash: &[u8]) -> Result<Arc<Session>> {
        let now = app.now();
        let session = match self.cache.get(token_hash).await {
            Some(session) => session,
            None => {
                let mut gate = app.door.gate("session:find", "".into()).await?;
                let session = Arc::new(load(&mut gate, token_hash).await?.ok_or_else(Error::unauthenticated)?);
                self.cache.insert(token_hash.to_vec(), session.clone()).await;
                session
            }
        };
        let staff = session.grants.iter().any(|(_, roles)| roles.iter().any(Role::is_staff));
        let idle = if staff { IDLE } else { IDLE_OUTSIDE };
        if now >= session.expires_at || now - session.last_seen_at >= idle {
            return Err(Error::unauthenticated());
        }
        if now - session.last_seen_at >= TOUCH_EVERY {
            self.touch(app, &session, None).await?;
        }
        Ok(session)
    }

    /// Writes the session down as used, and further: a running upload carries it past its end.
    pub async fn touch(&self, app: &App, session: &Session, until: Option<DateTime<Utc>>) -> Result<()> {
        let mut mine = app.door.as_person(session.person, "session:touch", "".into()).await?;
        sqlx::query(
            "update sessions set last_seen_at = $2, expires_at = greatest(expires_at, coalesce($3, expires_at)) where token_hash = $1",
        )
        .bind(&session.token_hash)
        .bind(app.now())
        .bind(until)
        .execute(mine.conn())
        .await?;
        mine.close().await?;
        self.cache.invalidate(&session.token_hash).await;
        Ok(())
    }

    /// Forgets one session here (the database row is already changed).
    pub async fn forget(&self, token_hash: &[u8]) {
        self.cache.invalidate(token_hash).await;
    }

    /// Forgets everything: roles or several sessions changed somewhere.
    pub fn forget_all(&self) {
        self.cache.invalidate_all();
    }
}

async fn load(gate: &mut GateTx, token_hash: &[u8]) -> Result<Option<Session>> {
    let row = sqlx::query(
        "select s.session_id, s.person_id, s.second_factor, s.expires_at, s.last_seen_at, p.name from sessions s join people p using (person_id)
         where s.token_hash = $1 and s.revoked_at is null and p.state = 'active'",
    )
    .bind(token_hash)
    .fetch_optional(gate.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let person: Uuid = row.get("person_id");
    gate.becomes(person).await?;
    let grants: Vec<(i32, String)> =
        sqlx::query_as("select court_id, role from role_grants where person_id = $1 and revoked_at is null order by court_id")
            .bind(person)
            .fetch_all(gate.conn())
            .await?;
    Ok(Some(Session {
        token_hash: token_hash.to_vec(),
        session_id: row.get("session_id"),
        person,
        name: row.get::<String, _>("name").into(),
        grants: gather(&grants),
        second_factor: row.get("second_factor"),
        expires_at: row.get("expires_at"),
        last_seen_at: row.get("last_seen_at"),
    }))
}

fn gather(grants: &[(i32, String)]) -> Vec<(i32, Roles)> {
    let mut out: Vec<(i32, Roles)> = Vec::new();
    for (court, role) in grants.iter().filter_map(|(c, r)| Some((*c, Role::parse(r)?))) {
        match out.iter_mut().find(|(c, _)| *c == court) {
            Some((_, roles)) => *roles = roles.with(role),
            None => out.push((court, Roles::default().with(role))),
        }
    }
    out
}
