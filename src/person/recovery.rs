//! 找回密码 and 启用账号: a link that works once, sent by SMS. No password ever travels (H03).
//!
//! Owns the links and what setting a password through one does. Asking is answered the same for every number:
//! whether there is an account is found out later, by the worker.

use chrono::TimeDelta;
use uuid::Uuid;

use super::identity;
use super::messages::Letter;
use super::{password, session, sign_store, store};
use crate::app::App;
use crate::court::tx::GateTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::sha256;
use crate::person::faults::Fault;
use crate::person::session::Origin;
use crate::work::Due;

/// How long a recovery link is good.
const LIFE: TimeDelta = TimeDelta::minutes(30);
/// How long an activation link is good.
pub const ACTIVATION_LIFE: TimeDelta = TimeDelta::days(7);
/// Links a day for one person.
const A_DAY: i64 = 5;

/// The address of a link.
pub fn link(app: &App, token: &str) -> String {
    format!("{}/recover/{token}", app.config.public_url.trim_end_matches('/'))
}

/// Takes the wish. Answers the minutes a link is good for, if there is such an account.
///
/// # Errors
/// 429 when asked too often from one address.
pub async fn request(app: &App, origin: &Origin, identifier: &str) -> Result<u32> {
    app.limits.check_sign_in(&origin.ip)?;
    let (number, _) = identity::typed(identifier);
    let mut gate = app.door.gate("account:recovery", origin.request.clone()).await?;
    gate.tell("sms.recovery", &serde_json::json!({"identifier": number}))?;
    gate.commit("recovery", serde_json::json!({})).await?;
    Ok(u32::try_from(LIFE.num_minutes()).unwrap_or_default())
}

/// The worker's half: finds the account, keeps the link, and answers the message to send. The token comes from
/// the event, so that a repeated step sends the same link.
///
/// # Errors
/// What the database says.
pub async fn letter(app: &App, due: &Due) -> Result<Option<Letter>> {
    let identifier = due.payload["identifier"].as_str().unwrap_or_default();
    let (number, kinds) = identity::typed(identifier);
    let mut gate = app.door.gate("account:recovery_link", "job".into()).await?;
    let indexes = kinds.iter().map(|kind| kind.index(gate.seal(), &number)).collect::<Result<Vec<_>>>()?;
    let keys: Vec<&str> = kinds.iter().map(|kind| kind.key()).collect();
    let found = sign_store::candidates(&mut gate, &keys, &indexes, 2).await?;
    // an organisation's code with several handlers names nobody: they recover by their own number
    let [only] = &found[..] else { return Ok(None) };
    let person = only.person_id;
    let token = hex::encode(gate.seal().blind("recovery_link", &due.id.to_string())?);
    let hash = sha256(token.as_bytes());
    let until = gate.now() + LIFE;
    gate.becomes(person).await?;
    if !sign_store::has_link(&mut gate, &hash).await? {
        let since = gate.now() - TimeDelta::hours(24);
        if sign_store::links_since(&mut gate, person, since).await? >= A_DAY {
            return Ok(None);
        }
        sign_store::keep_link(&mut gate, &hash, person, "recovery", until).await?;
        gate.commit(format!("person:{person}"), serde_json::json!({})).await?;
    }
    let minutes = LIFE.num_minutes().to_string();
    let params = [("minutes".to_owned(), minutes), ("link".to_owned(), link(app, &token))].into();
    Ok(Some(Letter {
        mobile: None,
        person: Some(person),
        template: "recovery".into(),
        params,
        court: None,
        until: Some(until),
        listener: None,
    }))
}

fn dead_link() -> Error {
    Error::new(
        poem::http::StatusCode::NOT_FOUND,
        "account.link_dead",
        said("这个链接用过了，或已过期。", "This link was used or has expired."),
        said(
            "请重新找回密码；新账号的启用链接请找本院管理员重发。",
            "Ask for a new link; for a new staff account ask your court's administrator.",
        ),
    )
}

/// Sets a password through a link; an invited account becomes active; every session ends.
///
/// # Errors
/// 404 `account.link_dead`; 422 for a weak password.
pub async fn redeem(app: &App, origin: &Origin, token: &str, new: &str) -> Result<()> {
    app.limits.check_sign_in(&origin.ip)?;
    let hash = sha256(token.as_bytes());
    let mut look = app.door.gate("account:link", origin.request.clone()).await?;
    let person = sign_store::link_owner(&mut look, &hash).await?.ok_or_else(dead_link)?;
    drop(look);
    let known = known_numbers(app, person).await?;
    check_new(new, known.clone()).await?;
    let kept = password::hash(&app.random, new).await?;
    let mut gate = app.door.gate("account:redeem_link", origin.request.clone()).await?;
    gate.becomes(person).await?;
    let purpose = sign_store::use_link(&mut gate, &hash, person).await?.ok_or_else(dead_link)?;
    if purpose == "authenticator" {
        sign_store::forget_totp(&mut gate, person).await?;
    }
    sign_store::set_password(&mut gate, person, &kept).await?;
    store::activate(&mut gate, person).await?;
    session::revoke_all(&mut gate, person).await?;
    unlock(&mut gate, &known).await?;
    gate.commit(format!("person:{person}"), serde_json::json!({})).await?;
    app.sessions.forget_all();
    Ok(())
}

/// Whoever came through the link need not wait for the guesses of others.
async fn unlock(gate: &mut GateTx, numbers: &[String]) -> Result<()> {
    for number in numbers {
        let subject = identity::lock_subject(gate.seal(), number, None)?;
        sign_store::clear_lock(gate, &subject).await?;
    }
    Ok(())
}

/// A person's name and numbers: what a password must not be made of, and what locks are counted on.
///
/// # Errors
/// What the database says.
pub async fn known_numbers(app: &App, person: Uuid) -> Result<Vec<String>> {
    let mut mine = app.door.as_person(person, "account:read", "".into()).await?;
    let p = store::profile(&mut mine).await?;
    Ok([Some(p.name), Some(p.mobile), p.id_number, p.licence, p.organisation.map(|o| o.uscc)].into_iter().flatten().collect())
}

/// Refuses a weak new password.
///
/// # Errors
/// 422 with the weakness and its cure.
pub async fn check_new(new: &str, known: Vec<String>) -> Result<()> {
    let new = new.to_owned();
    let checked = tokio::task::spawn_blocking(move || password::check(&new, &known.iter().map(String::as_str).collect::<Vec<_>>()));
    checked.await.map_err(Error::internal)?.map_err(|fault: Fault| fault.at("/password"))
}
