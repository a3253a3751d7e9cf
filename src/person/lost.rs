//! 手机换号 and 身份验证器丢失: how a person keeps the account when a number or a device is gone.
//!
//! Must never let one factor replace another: a new number is proved by a code sent to it and by the password; a lost
//! authenticator by the colleague's phone and by an administrator of the court, who both have to act.

use uuid::Uuid;

use super::account::{count_try, step_up_failed};
use super::codes::{self, Typed};
use super::documents::Mobile;
use super::faults::Faults;
use super::identity::Kind;
use super::messages::{Sms, To, tell_sms};
use super::session::{self, Opened, Origin};
use super::shapes::{MobileChange, Purpose};
use super::{password, recovery, sign_store, staff_store, store};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::{Error, Result, said};
use crate::kit::seal::sha256;

/// Changes the mobile number: proved by a code sent to the new one and by the password. The old number is told;
/// every other session ends.
///
/// # Errors
/// 422 for a wrong code, password or number; 409 `account.exists` when the number is somebody's; 429 after too many tries.
pub async fn change_mobile(app: &App, caller: &Caller, origin: &Origin, form: &MobileChange) -> Result<Opened> {
    let mut faults = Faults::default();
    let mobile = faults.take("/mobile", Mobile::parse(&form.mobile)).map(Mobile::into_string);
    faults.refuse()?;
    let mobile = mobile.ok_or_else(|| Error::internal("a fault went unnoticed"))?;
    let person = caller.person();
    let subject = count_try(app, caller).await?;
    let mut mine = app.door.mine(caller, "account:code_try").await?;
    let kept = sign_store::credentials(&mut mine, person).await?;
    let index = Kind::Mobile.index(mine.seal(), &mobile)?;
    let code = match codes::compare(&mut mine, &index, Purpose::Bind, &form.code).await? {
        Typed::Right(id) => id,
        Typed::Wrong => {
            mine.commit("code", serde_json::json!({"purpose": "bind", "right": false})).await?;
            return Err(codes::wrong());
        }
    };
    drop(mine);
    if !password::is_right(&form.password, kept.password_hash).await? {
        return Err(step_up_failed().at("/password"));
    }
    let mut gate = app.door.gate("account:mobile", origin.request.clone()).await?;
    gate.becomes(person).await?;
    if !sign_store::use_code(&mut gate, code).await? {
        return Err(codes::wrong());
    }
    // told at the old number, so that a thief's change is noticed
    let old = store::number_before(&mut gate, person).await?;
    tell_sms(&mut gate, &Sms { to: To::Mobile(&old), template: "mobile_changed", params: &[], court: None, until: None, listener: None })?;
    store::set_mobile(&mut gate, person, &mobile).await?;
    sign_store::clear_lock(&mut gate, &subject).await?;
    session::revoke_all(&mut gate, person).await?;
    let opened = session::open(&mut gate, person, caller.session.second_factor, origin).await?;
    gate.commit(format!("person:{person}"), serde_json::json!({})).await?;
    app.sessions.forget_all();
    Ok(opened)
}

/// Sends a colleague the link that replaces a lost authenticator.
///
/// # Errors
/// 404 for somebody who does not work here; 409 for oneself.
pub async fn reset_authenticator(app: &App, caller: &Caller, court: i32, person: Uuid) -> Result<()> {
    let mut tx = app.door.enter(caller, court, Act::PeopleManage).await?;
    if caller.person() == person {
        return Err(Error::conflict(
            "people.self",
            said("不能重置自己的身份验证器。", "Nobody resets their own authenticator."),
            said("请另一位管理员办理。", "Ask another administrator."),
        ));
    }
    let held = staff_store::roles_held(&mut tx, person).await?;
    if !held.iter().any(|(c, _)| *c == court) {
        return Err(Error::not_found());
    }
    let (token, until) = (tx.random().token(), tx.now() + recovery::ACTIVATION_LIFE);
    sign_store::keep_link(&mut tx, &sha256(token.as_bytes()), person, "authenticator", until).await?;
    let link = recovery::link(app, &token);
    let sms = Sms {
        to: To::Person(person),
        template: "authenticator_reset",
        params: &[("link", &link)],
        court: Some(court),
        until: Some(until),
        listener: None,
    };
    tell_sms(&mut tx, &sms)?;
    tx.commit(format!("person:{person}"), serde_json::json!({ "link_until": until })).await
}
