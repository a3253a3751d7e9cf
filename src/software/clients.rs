//! Programs and their tokens: OAuth 2.0 client credentials (RFC 6749 section 4.4). Owns `api_clients`.
//!
//! A secret is 256 random bits, kept as its digest; a token lives an hour and is a session of the owner, held to the
//! program's scopes. Must never tell an unknown program from a wrong secret.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::FromRow;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::views::{AccessToken, ApiClient, ApiClientOrder, NewApiClient};
use crate::app::App;
use crate::court::caller::Caller;
use crate::court::scope::ApiScope;
use crate::court::tx::PersonTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::sha256;
use crate::kit::text::{Bounds, clean};
use crate::person::faults::Fault;
use crate::person::messages::{Sms, To, tell_sms};
use crate::person::session::{self, Origin};

/// Programs one person may have.
pub const MOST: u32 = 10;

#[derive(FromRow)]
struct Row {
    client_id: Uuid,
    name: String,
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
}

impl From<Row> for ApiClient {
    fn from(row: Row) -> Self {
        Self {
            client_id: row.client_id,
            name: row.name,
            scopes: row.scopes.iter().filter_map(|k| ApiScope::parse(k)).collect(),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// A person's programs, newest first.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut PersonTx) -> Result<Vec<ApiClient>> {
    let person = tx.person;
    let rows: Vec<Row> = sqlx::query_as(
        "select client_id, name, scopes, created_at, last_used_at from api_clients where person_id = $1 and revoked_at is null order by created_at desc, client_id",
    )
    .bind(person)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(ApiClient::from).collect())
}

/// Registers a program; its owner is told by SMS.
///
/// # Errors
/// 422 `text.*` at `/name`, 409 `client.too_many`.
pub async fn register(app: &App, caller: &Caller, key: Option<Uuid>, order: ApiClientOrder) -> Result<NewApiClient> {
    let mut tx = app.door.mine(caller, "client:register").await?;
    if let Some(key) = key
        && let Some(first) = tx.once(key, &serde_json::to_vec(&order)?).await?
    {
        return Ok(first);
    }
    let name = clean(&order.name, Bounds::line(1, 60)).map_err(|e| Fault::from(e).at("/name"))?;
    // two at once must not both find room
    sqlx::query("select 1 from people where person_id = $1 for update").bind(tx.person).execute(tx.conn()).await?;
    if list(&mut tx).await?.len() >= MOST as usize {
        return Err(Error::conflict(
            "client.too_many",
            said(format!("一个账号最多接入 {MOST} 个程序。"), format!("One account holds at most {MOST} programs.")),
            said("请先停用不再使用的程序。", "End a program that is no longer used."),
        ));
    }
    let (person, now, id, secret) = (tx.person, tx.now(), tx.id(), tx.random().token());
    sqlx::query("insert into api_clients (person_id, client_id, name, secret_hash, scopes, created_at) values ($1, $2, $3, $4, $5, $6)")
        .bind(person)
        .bind(id)
        .bind(&name)
        .bind(sha256(secret.as_bytes()))
        .bind(order.scopes.iter().map(|s| s.key()).collect::<Vec<_>>())
        .bind(now)
        .execute(tx.conn())
        .await?;
    let link = format!("{}/account/software", app.config.public_url);
    let params = [("name", name.as_str()), ("link", link.as_str())];
    tell_sms(
        &mut tx,
        &Sms { to: To::Person(person), template: "client_registered", params: &params, court: None, until: None, listener: None },
    )?;
    let client = ApiClient { client_id: id, name, scopes: order.scopes, created_at: now, last_used_at: None };
    let answer = NewApiClient { client, secret };
    if let Some(key) = key {
        tx.answered(key, &answer).await?;
    }
    tx.commit(format!("client:{id}"), json!({ "scopes": answer.client.scopes })).await?;
    Ok(answer)
}

/// Ends a program and its tokens.
///
/// # Errors
/// 404 when there is none.
pub async fn end(app: &App, caller: &Caller, client: Uuid) -> Result<()> {
    let mut tx = app.door.mine(caller, "client:end").await?;
    let (person, now) = (tx.person, tx.now());
    let ended = sqlx::query("update api_clients set revoked_at = $3 where person_id = $1 and client_id = $2 and revoked_at is null")
        .bind(person)
        .bind(client)
        .bind(now)
        .execute(tx.conn())
        .await?;
    if ended.rows_affected() == 0 {
        return Err(Error::not_found());
    }
    session::end_programs(&mut tx, person, client, 0).await?;
    tx.commit(format!("client:{client}"), json!({})).await?;
    app.sessions.forget_all();
    Ok(())
}

/// What a program shows for a token.
pub struct Credentials {
    /// Its id.
    pub client: Uuid,
    /// Its secret.
    pub secret: String,
    /// Fewer scopes than it has, if it wants.
    pub wanted: Option<Vec<ApiScope>>,
}

/// Gives a token.
///
/// # Errors
/// 401 `client.refused`; 422 `client.scope_unknown` when it asks for more than it has.
pub async fn token(app: &App, origin: &Origin, shown: Credentials) -> Result<AccessToken> {
    app.limits.check_sign_in(&origin.ip)?;
    let mut gate = app.door.gate("client:token", origin.request.clone()).await?;
    let row: Option<(Uuid, Vec<u8>, Vec<String>)> =
        sqlx::query_as("select person_id, secret_hash, scopes from api_clients where client_id = $1 and revoked_at is null")
            .bind(shown.client)
            .fetch_optional(gate.conn())
            .await?;
    // nobody's secret is compared too: an unknown program answers after the same work
    let (person, hash, scopes) = row.unwrap_or_else(|| (Uuid::nil(), vec![0; 32], vec![]));
    if !bool::from(sha256(shown.secret.as_bytes()).as_slice().ct_eq(&hash)) {
        return Err(refused());
    }
    let held: Vec<ApiScope> = scopes.iter().filter_map(|k| ApiScope::parse(k)).collect();
    let scopes = shown.wanted.unwrap_or_else(|| held.clone());
    if scopes.is_empty() || !scopes.iter().all(|s| held.contains(s)) {
        return Err(Error::invalid(
            "client.scope_unknown",
            said("申请的权限超出了这个程序登记的权限。", "It asks for scopes it was not given."),
            said("请去掉 scope 参数，或只写已登记的权限。", "Leave scope out, or name only scopes it has."),
        )
        .at("/scope"));
    }
    gate.becomes(person).await?;
    let now = gate.now();
    let token = session::open_for_program(&mut gate, person, shown.client, &scopes, origin).await?;
    sqlx::query("update api_clients set last_used_at = $3 where person_id = $1 and client_id = $2")
        .bind(person)
        .bind(shown.client)
        .bind(now)
        .execute(gate.conn())
        .await?;
    gate.commit(format!("client:{}", shown.client), json!({})).await?;
    let scope: Vec<&str> = scopes.iter().map(|s| s.key()).collect();
    Ok(AccessToken { access_token: token, token_type: "Bearer".into(), expires_in: session::PROGRAM.num_seconds(), scope: scope.join(" ") })
}

/// The one refusal of a program: which part was wrong is not said.
pub fn refused() -> Error {
    Error::new(
        poem::http::StatusCode::UNAUTHORIZED,
        "client.refused",
        said("程序编号或密钥不对，或者这个程序已停用。", "The program's id or secret is wrong, or it was ended."),
        said(
            "请核对 client_id 和 client_secret；密钥丢失的，请另建一个程序。",
            "Check client_id and client_secret; if the secret is lost, register a new program.",
        ),
    )
}
