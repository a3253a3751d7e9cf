//! 登录: who one is by any number, that one is it by password or code, and by an authenticator where it is on.
//!
//! Owns the order of the steps. Unknown accounts get the same answer after the same work: a try is counted
//! against what was typed, a password is checked against nobody's hash, and codes are looked up for a number
//! that is not there. Must never say which part was wrong before the first factor is right.

use uuid::Uuid;

use super::codes::{self, Typed};
use super::identity::{self, Kind};
use super::session::{self, Opened, Origin};
use super::shapes::{Purpose, SignIn};
use super::sign_store::{self, Candidate};
use super::{device, password, totp};
use crate::app::App;
use crate::court::tx::GateTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::{Owner, Place};
use crate::person::any_tx::AnyTx;
use crate::person::documents::Uscc;

/// Accounts of one organisation that are tried with a password; the others sign in by mobile.
const OF_ONE_ORGANISATION: usize = 3;

/// What a try is made against.
struct Try {
    /// The soft lock it counts on.
    subject: Vec<u8>,
    candidates: Vec<Candidate>,
    /// How many hashes are checked, found or not.
    width: usize,
    /// The index a code is looked up by when nobody was found.
    nobody: Vec<u8>,
}

/// A first factor found right.
struct Right {
    person: Uuid,
    code: Option<Uuid>,
}

/// Signs in.
///
/// # Errors
/// 401 `account.sign_in_failed`, 401 `account.totp_required`, 429 while locked.
pub async fn sign_in(app: &App, origin: &Origin, mark: Option<&str>, form: &SignIn) -> Result<(Uuid, Opened)> {
    app.limits.check_sign_in(&origin.ip)?;
    if form.password.is_none() && form.code.is_none() {
        return Err(Error::invalid(
            "account.secret_missing",
            said("请填写密码或短信验证码。", "Give a password or a code."),
            said(
                "号码只说明您是谁，还要用密码或验证码证明是您本人。",
                "A number says who you are; a password or a code shows that it is you.",
            ),
        )
        .at("/password"));
    }
    let attempt = begin(app, origin, mark, &form.identifier).await?;
    let right = match (&form.password, &form.code) {
        (Some(password), _) => by_password(&attempt, password).await?,
        (None, Some(code)) => by_code(app, origin, &attempt, code).await?,
        (None, None) => None,
    };
    let right = right.ok_or_else(failed)?;
    finish(app, origin, &attempt, right, form.totp.as_deref()).await
}

fn failed() -> Error {
    Error::new(
        poem::http::StatusCode::UNAUTHORIZED,
        "account.sign_in_failed",
        said("账号、密码或验证码不对。", "The account, the password or the code is wrong."),
        said(
            "请核对后再试；忘了密码可以用手机号找回，还没有账号请先注册。",
            "Check and try again; recover the password by mobile, or sign up.",
        ),
    )
}

fn totp_wanted(wrong: bool) -> Error {
    let (zh, en) = if wrong {
        ("动态口令不对，或已经用过。", "The authenticator's code is wrong or was used.")
    } else {
        ("这个账号启用了动态口令，还要填 6 位口令。", "This account also asks for the authenticator's code.")
    };
    Error::new(
        poem::http::StatusCode::UNAUTHORIZED,
        if wrong { "account.totp_wrong" } else { "account.totp_required" },
        said(zh, en),
        said(
            "请打开身份验证器，填现在显示的 6 位数字；刚用过的要等下一组。",
            "Type the six digits the authenticator shows now; wait for the next ones if those were used.",
        ),
    )
    .at("/totp")
}

/// Counts the try and finds whom it may be for.
async fn begin(app: &App, origin: &Origin, mark: Option<&str>, identifier: &str) -> Result<Try> {
    let (number, kinds) = identity::typed(identifier);
    let width = if Uscc::parse(&number).is_ok() { OF_ONE_ORGANISATION } else { 1 };
    let mut gate = app.door.gate("account:sign_in_try", origin.request.clone()).await?;
    let indexes = kinds.iter().map(|kind| kind.index(gate.seal(), &number)).collect::<Result<Vec<_>>>()?;
    let keys: Vec<&str> = kinds.iter().map(|kind| kind.key()).collect();
    let most = i64::try_from(width).unwrap_or(1);
    let candidates = sign_store::candidates(&mut gate, &keys, &indexes, most).await?;
    let mut known = false;
    for candidate in &candidates {
        known |= mark.map_or(Ok(false), |mark| device::is_known(app, candidate.person_id, mark))?;
    }
    let subject = identity::lock_subject(gate.seal(), &number, mark.filter(|_| known))?;
    if let Some(until) = sign_store::reserve_try(&mut gate, &subject).await? {
        let wait = (until - gate.now()).num_seconds();
        return Err(Error::slow_down(u64::try_from(wait).unwrap_or(0) + 1));
    }
    let nobody = Kind::Mobile.index(gate.seal(), &number)?;
    gate.commit("sign_in", serde_json::json!({})).await?;
    Ok(Try { subject, candidates, width, nobody })
}

async fn by_password(attempt: &Try, typed: &str) -> Result<Option<Right>> {
    let mut right = None;
    for n in 0..attempt.width {
        let candidate = attempt.candidates.get(n);
        let hash = candidate.and_then(|c| c.password_hash.clone());
        let fits = password::is_right(typed, hash).await?;
        right = right.or(candidate.filter(|_| fits).map(|c| Right { person: c.person_id, code: None }));
    }
    Ok(right)
}

async fn by_code(app: &App, origin: &Origin, attempt: &Try, typed: &str) -> Result<Option<Right>> {
    let mut gate = app.door.gate("account:code_try", origin.request.clone()).await?;
    let mut right = None;
    for n in 0..attempt.width {
        let candidate = attempt.candidates.get(n);
        let index = candidate.and_then(|c| c.mobile_index.as_deref()).unwrap_or(&attempt.nobody);
        let typed = codes::compare(&mut gate, index, Purpose::SignIn, typed).await?;
        if let (Typed::Right(code), Some(c), None) = (typed, candidate, &right) {
            right = Some(Right { person: c.person_id, code: Some(code) });
        }
    }
    gate.commit("code", serde_json::json!({"purpose": "sign_in", "right": right.is_some()})).await?;
    Ok(right)
}

/// The second factor, and the session.
async fn finish(app: &App, origin: &Origin, attempt: &Try, right: Right, code: Option<&str>) -> Result<(Uuid, Opened)> {
    let person = right.person;
    let mut gate = app.door.gate("account:sign_in", origin.request.clone()).await?;
    gate.becomes(person).await?;
    let second_factor = match second(&mut gate, person, code).await? {
        Second::NotAsked => false,
        Second::Right => true,
        Second::Missing => {
            sign_store::release_try(&mut gate, &attempt.subject).await?;
            gate.commit(format!("person:{person}"), serde_json::json!({"totp": "asked"})).await?;
            return Err(totp_wanted(false));
        }
        Second::Wrong => return Err(totp_wanted(true)),
    };
    if let Some(code) = right.code
        && !sign_store::use_code(&mut gate, code).await?
    {
        return Err(failed());
    }
    sign_store::clear_lock(&mut gate, &attempt.subject).await?;
    let opened = session::open(&mut gate, person, second_factor, origin).await?;
    gate.commit(format!("person:{person}"), serde_json::json!({"second_factor": second_factor})).await?;
    Ok((person, opened))
}

pub(super) enum Second {
    NotAsked,
    Missing,
    Wrong,
    Right,
}

pub(super) async fn second(gate: &mut GateTx, person: Uuid, code: Option<&str>) -> Result<Second> {
    let kept = sign_store::credentials(gate, person).await?;
    let (Some(sealed), Some(_)) = (kept.totp_secret, kept.totp_confirmed_at) else { return Ok(Second::NotAsked) };
    let Some(code) = code.filter(|c| !c.trim().is_empty()) else { return Ok(Second::Missing) };
    let secret = gate.seal().open(Owner::Person(person), Place("credentials", "totp_secret", &person), &sealed)?;
    let step = totp::step_of(&secret, code, AnyTx::now(gate), kept.totp_last_step)?;
    match step {
        Some(step) if sign_store::use_totp_step(gate, person, step).await? => Ok(Second::Right),
        _ => Ok(Second::Wrong),
    }
}
