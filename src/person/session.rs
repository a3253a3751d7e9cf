//! 会话: opaque tokens, of which only the SHA-256 is kept.
//!
//! Owns the opening, reading, touching and ending of `sessions` and the short cache over it. A revoked session is dropped
//! from every node's cache by notification at once. Must never log a token.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use poem::http::HeaderMap;
use sqlx::Row;
use uuid::Uuid;

use crate::app::App;
use crate::court::caller::{RequestFacts, Session, cookie_name};
use crate::court::role::{Role, Roles};
use crate::court::scope::ApiScope;
use crate::court::tx::{GateTx, PersonTx};
use crate::error::{Error, Result};
use crate::kit::seal::sha256;
use crate::person::any_tx::AnyTx;

/// Idle time after which a session ends.
const IDLE: TimeDelta = TimeDelta::minutes(30);
/// Idle time for people who do not work for a court: filling in a form on a phone takes long.
const IDLE_OUTSIDE: TimeDelta = TimeDelta::hours(12);
/// How often use is written down.
const TOUCH_EVERY: TimeDelta = TimeDelta::seconds(60);
/// The longest a session lives without an upload running.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// So far something long carries a session past its end.
const CARRY: TimeDelta = TimeDelta::minutes(30);
/// Live sessions one person may have; the oldest ends first.
const MOST_SESSIONS: i64 = 20;

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

    /// Nobody is signed out in the middle of something long (a file on its way, a hearing one sits in): a session near its
    /// end, or quiet for a minute, is carried on.
    ///
    /// # Errors
    /// What the database says.
    pub async fn carry(&self, app: &App, session: &Session) -> Result<()> {
        let now = app.now();
        if session.expires_at < now + CARRY || now - session.last_seen_at > TOUCH_EVERY {
            self.touch(app, session, Some(now + CARRY)).await?;
        }
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
        "select s.session_id, s.person_id, s.second_factor, s.stepped_up_at, s.expires_at, s.last_seen_at, s.scopes, p.name from sessions s join people p using (person_id)
         where s.token_hash = $1 and s.revoked_at is null and p.state = 'active'",
    )
    .bind(token_hash)
    .fetch_optional(gate.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let person: Uuid = row.get("person_id");
    gate.becomes(person).await?;
    let grants: Vec<(i32, String)> = sqlx::query_as(
        "select court_id, role from role_grants where person_id = $1 and revoked_at is null and suspended_at is null order by court_id",
    )
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
        stepped_up_at: row.get("stepped_up_at"),
        expires_at: row.get("expires_at"),
        last_seen_at: row.get("last_seen_at"),
        // a scope nobody knows any more allows nothing
        scopes: row.get::<Option<Vec<String>>, _>("scopes").map(|keys| keys.iter().filter_map(|k| ApiScope::parse(k)).collect()),
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

/// Where a session comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The browser's own name, shortened.
    pub user_agent: String,
    /// Address with its last part hidden.
    pub ip_masked: Arc<str>,
    /// Address for limits, never stored.
    pub ip: Arc<str>,
    /// The request's id.
    pub request: Arc<str>,
}

impl Origin {
    /// Reads it off a request.
    pub fn of(facts: &RequestFacts, headers: &HeaderMap) -> Self {
        let agent = headers.get("user-agent").and_then(|v| v.to_str().ok()).unwrap_or_default();
        Self {
            user_agent: agent.chars().take(200).collect(),
            ip_masked: facts.ip_masked.clone(),
            ip: facts.ip.clone(),
            request: facts.id.clone(),
        }
    }
}

/// A session just opened. The token leaves the house once, in the cookie.
pub struct Opened {
    token: String,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// Whether a second factor was shown.
    pub second_factor: bool,
}

impl Opened {
    /// The cookie that carries it.
    pub fn cookie(&self, app: &App) -> String {
        cookie(app, &self.token, LONGEST.num_seconds())
    }
}

/// The cookie that takes the session off the browser.
pub fn no_cookie(app: &App) -> String {
    cookie(app, "", 0)
}

fn cookie(app: &App, token: &str, seconds: i64) -> String {
    let secure = app.config.secure_cookies();
    let name = cookie_name(secure);
    format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{}", if secure { "; Secure" } else { "" })
}

/// Opens a session; the oldest beyond `MOST_SESSIONS` end.
pub async fn open(tx: &mut impl AnyTx, person: Uuid, second_factor: bool, origin: &Origin) -> Result<Opened> {
    let (now, token, id) = (tx.now(), tx.random().token(), tx.id());
    let expires_at = now + LONGEST;
    sqlx::query(
        "insert into sessions (token_hash, session_id, person_id, created_at, last_seen_at, expires_at, second_factor, stepped_up_at, user_agent, ip_masked)
         values ($1, $2, $3, $4, $4, $5, $6, $4, $7, $8)",
    )
    .bind(sha256(token.as_bytes()))
    .bind(id)
    .bind(person)
    .bind(now)
    .bind(expires_at)
    .bind(second_factor)
    .bind(&origin.user_agent)
    .bind(&*origin.ip_masked)
    .execute(tx.conn())
    .await?;
    let ended = sqlx::query(
        "update sessions set revoked_at = $2 where person_id = $1 and revoked_at is null and session_id in
         (select session_id from sessions where person_id = $1 and client_id is null and revoked_at is null order by created_at desc, session_id desc offset $3)",
    )
    .bind(person)
    .bind(now)
    .bind(MOST_SESSIONS)
    .execute(tx.conn())
    .await?;
    if ended.rows_affected() > 0 {
        say_changed(tx).await?;
    }
    Ok(Opened { token, expires_at, second_factor })
}

/// How long a program's token lives.
pub const PROGRAM: TimeDelta = TimeDelta::hours(1);
/// Live tokens one program may have; the oldest ends first.
const MOST_TOKENS: i64 = 20;

/// Opens a program's session in its owner's name; answers its token, once.
pub async fn open_for_program(tx: &mut impl AnyTx, person: Uuid, client: Uuid, scopes: &[ApiScope], origin: &Origin) -> Result<String> {
    let (now, token, id) = (tx.now(), tx.random().token(), tx.id());
    sqlx::query(
        "insert into sessions (token_hash, session_id, person_id, created_at, last_seen_at, expires_at, second_factor, stepped_up_at, user_agent, ip_masked, client_id, scopes)
         values ($1, $2, $3, $4, $4, $5, false, to_timestamp(0), $6, $7, $8, $9)",
    )
    .bind(sha256(token.as_bytes()))
    .bind(id)
    .bind(person)
    .bind(now)
    .bind(now + PROGRAM)
    .bind(&origin.user_agent)
    .bind(&*origin.ip_masked)
    .bind(client)
    .bind(scopes.iter().map(|s| s.key()).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    end_programs(tx, person, client, MOST_TOKENS).await?;
    Ok(token)
}

/// Ends a program's tokens but for the newest `keep`.
pub async fn end_programs(tx: &mut impl AnyTx, person: Uuid, client: Uuid, keep: i64) -> Result<()> {
    let now = tx.now();
    let ended = sqlx::query(
        "update sessions set revoked_at = $3 where person_id = $1 and client_id = $2 and revoked_at is null and session_id in
         (select session_id from sessions where person_id = $1 and client_id = $2 and revoked_at is null order by created_at desc, session_id desc offset $4)",
    )
    .bind(person)
    .bind(client)
    .bind(now)
    .bind(keep)
    .execute(tx.conn())
    .await?;
    if ended.rows_affected() > 0 {
        say_changed(tx).await?;
    }
    Ok(())
}

/// Ends one session of a person; answers whether there was one.
pub async fn revoke(tx: &mut impl AnyTx, person: Uuid, session: Uuid) -> Result<bool> {
    let now = tx.now();
    let ended = sqlx::query("update sessions set revoked_at = $3 where person_id = $1 and session_id = $2 and revoked_at is null")
        .bind(person)
        .bind(session)
        .bind(now)
        .execute(tx.conn())
        .await?;
    say_changed(tx).await?;
    Ok(ended.rows_affected() > 0)
}

/// Ends every session of a person.
pub async fn revoke_all(tx: &mut impl AnyTx, person: Uuid) -> Result<()> {
    let now = tx.now();
    sqlx::query("update sessions set revoked_at = $2 where person_id = $1 and revoked_at is null")
        .bind(person)
        .bind(now)
        .execute(tx.conn())
        .await?;
    say_changed(tx).await
}

/// Tells every node, once this stands, that sessions or roles changed.
pub async fn say_changed(tx: &mut impl AnyTx) -> Result<()> {
    sqlx::query("select pg_notify('lianting_sessions', '')").execute(tx.conn()).await?;
    Ok(())
}

/// A row of the list.
#[derive(sqlx::FromRow)]
pub struct SessionRow {
    /// Id.
    pub session_id: Uuid,
    /// Start.
    pub created_at: DateTime<Utc>,
    /// Last use.
    pub last_seen_at: DateTime<Utc>,
    /// End at the latest.
    pub expires_at: DateTime<Utc>,
    /// Browser.
    pub user_agent: String,
    /// Address, masked.
    pub ip_masked: String,
}

/// A person's live sessions.
pub async fn live(tx: &mut PersonTx) -> Result<Vec<SessionRow>> {
    let (person, now) = (tx.person, tx.now());
    let rows = sqlx::query_as(
        "select session_id, created_at, last_seen_at, expires_at, user_agent, ip_masked from sessions
         where person_id = $1 and client_id is null and revoked_at is null and expires_at > $2 order by created_at desc limit 100",
    )
    .bind(person)
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows)
}
