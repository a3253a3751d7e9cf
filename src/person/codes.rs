//! 验证码: six digits by SMS that prove a number is in hand.
//!
//! Owns how long a code lives, how often one may be asked for and how often it may be mistyped. The answer is the
//! same for every number, known or not. Must never keep or log a code.

use chrono::TimeDelta;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::identity::Kind;
use super::messages::{Sms, To, tell_sms};
use super::shapes::{CodeSent, CodeWanted, Purpose};
use super::sign_store;
use crate::app::App;
use crate::error::{Error, Result, said};
use crate::kit::seal::Seal;
use crate::person::any_tx::AnyTx;
use crate::person::documents::Mobile;
use crate::person::faults::Fault;
use crate::person::session::Origin;

/// How long a code is good.
const LIFE: TimeDelta = TimeDelta::minutes(5);
/// How long until another may be asked for.
const APART: TimeDelta = TimeDelta::seconds(60);
/// Codes a day for one number, for all purposes.
const A_DAY: i64 = 20;
/// Wrong tries at one code.
const MOST_TRIES: i32 = 5;

fn hash(seal: &Seal, id: Uuid, code: &str) -> Result<Vec<u8>> {
    seal.blind("code", &format!("{id} {code}"))
}

/// Sends a code.
///
/// # Errors
/// 422 for a malformed number, 429 when asked too often.
pub async fn request(app: &App, origin: &Origin, wanted: &CodeWanted) -> Result<CodeSent> {
    app.limits.check_sign_in(&origin.ip)?;
    let mobile = Mobile::parse(&wanted.mobile).map_err(|e| Fault::from(e).at("/mobile"))?.into_string();
    let mut gate = app.door.gate("account:code", origin.request.clone()).await?;
    let index = Kind::Mobile.index(gate.seal(), &mobile)?;
    let (now, purpose) = (gate.now(), wanted.purpose);
    let recent = sign_store::recent_codes(&mut gate, &index, purpose.key()).await?;
    if let Some(wait) = recent.last.map(|last| last + APART - now).filter(|wait| *wait > TimeDelta::zero()) {
        return Err(Error::slow_down(u64::try_from(wait.num_seconds()).unwrap_or(0) + 1));
    }
    if recent.today >= A_DAY {
        return Err(Error::slow_down(3600));
    }
    let known = !sign_store::candidates(&mut gate, &[Kind::Mobile.key()], std::slice::from_ref(&index), 1).await?.is_empty();
    let (id, code) = (gate.id(), gate.random().six_digits());
    let kept = hash(gate.seal(), id, &code)?;
    sign_store::keep_code(&mut gate, id, &index, purpose.key(), &kept, now + LIFE).await?;
    let (minutes, link) = (LIFE.num_minutes().to_string(), format!("{}/sign-up", app.config.public_url.trim_end_matches('/')));
    let (template, params) = match purpose {
        Purpose::SignIn if !known => ("no_account", [("link", link.as_str()), ("minutes", minutes.as_str())]),
        _ => ("code", [("code", code.as_str()), ("minutes", minutes.as_str())]),
    };
    tell_sms(&mut gate, &Sms { to: To::Mobile(&mobile), template, params: &params, court: None, until: Some(now + LIFE), listener: None })?;
    gate.commit(format!("code:{id}"), serde_json::json!({"purpose": purpose.key()})).await?;
    let seconds = |d: TimeDelta| u32::try_from(d.num_seconds()).unwrap_or_default();
    Ok(CodeSent { expires_in_s: seconds(LIFE), resend_after_s: seconds(APART) })
}

/// What a typed code turned out to be.
pub enum Typed {
    /// Right; to be used up with the change it allows.
    Right(Uuid),
    /// Wrong, used, too old, or never sent. A wrong try has been counted: commit it.
    Wrong,
}

/// Compares a typed code with the newest one sent to a number.
///
/// # Errors
/// What the database says.
pub async fn compare(tx: &mut impl AnyTx, mobile_index: &[u8], purpose: Purpose, typed: &str) -> Result<Typed> {
    let Some((id, kept)) = sign_store::live_code(tx, mobile_index, purpose.key(), MOST_TRIES).await? else { return Ok(Typed::Wrong) };
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if bool::from(hash(tx.seal(), id, &digits)?.ct_eq(&kept)) {
        return Ok(Typed::Right(id));
    }
    sign_store::count_try(tx, id).await?;
    Ok(Typed::Wrong)
}

/// The refusal of a wrong code.
pub fn wrong() -> Error {
    Error::invalid(
        "account.code_wrong",
        said("验证码不对，或已过期。", "The code is wrong or has expired."),
        said(
            "请核对最近一条短信里的 6 位数字；超过 5 分钟请重新获取。",
            "Check the six digits of the latest SMS; after 5 minutes ask for a new one.",
        ),
    )
    .at("/code")
}
