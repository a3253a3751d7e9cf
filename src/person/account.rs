//! 我的账号: what one sees and changes of one's own account, and its sessions.
//!
//! Owns the steps behind the doors of api.rs that are not signing in or up. Must never answer a whole number.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::codes::{self, Typed};
use super::identity::{self, Kind, ProofKind};
use super::messages::{Sms, To, tell_sms};
use super::session::{self, Opened, Origin};
use super::shapes::{AccountChange, Density, Language, Me, PasswordChange, Purpose, RoleHeld, SessionList, SessionView, TotpSecret};
use super::{masking, password, proofs, recovery, sign_store, store, totp};
use crate::app::App;
use crate::court::caller::Caller;
use crate::court::role::Role;
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;
use crate::kit::words::of_text;
use crate::person::faults::Fault;
use crate::person::other_documents::Email;

/// The account as its owner sees it.
///
/// # Errors
/// What the database says.
pub async fn me(app: &App, person: Uuid, second_factor: bool, expires_at: DateTime<Utc>) -> Result<Me> {
    let mut mine = app.door.as_person(person, "account:read", "".into()).await?;
    let (row, owner) = (store::person(&mut mine).await?, mine.owner());
    let mobile = mine.seal().open_text(owner, Place("people", "mobile", &person), &row.mobile)?;
    let email = row.email.map(|e| mine.seal().open_text(owner, Place("people", "email", &person), &e)).transpose()?;
    let proofs: Vec<store::ProofRow> = store::proofs(&mut mine).await?;
    let roles = store::roles(&mut mine).await?;
    let totp_enabled = sign_store::credentials(&mut mine, person).await?.totp_confirmed_at.is_some();
    let personal = |p: &&store::ProofRow| p.state != "rejected" && ProofKind::parse(&p.kind).is_some_and(ProofKind::is_personal);
    let staff = roles.iter().any(|(_, role)| Role::parse(role).is_some_and(Role::is_staff));
    let held = |(court, role): (i32, String)| {
        let court_id = (court != 0).then_some(court);
        Ok(RoleHeld { role: of_text(&role)?, court_id, court_name: court_id.map(|c| app.door.registry.name(c)) })
    };
    Ok(Me {
        person_id: person,
        name: row.name,
        mobile_masked: masking::mobile(&mobile, masking::Viewer::Owner).unwrap_or_default(),
        id_masked: proofs.iter().find(personal).map(|p| p.number_masked.clone()),
        email,
        standing: of_text(&row.standing)?,
        language: if row.language == "en" { Language::En } else { Language::Zh },
        density: row.density.as_deref().and_then(Density::parse),
        large_type: row.large_type,
        totp_enabled,
        totp_needed: staff && !totp_enabled,
        second_factor,
        proofs: proofs.into_iter().filter_map(proofs::shown).collect(),
        roles: roles.into_iter().map(held).collect::<Result<_>>()?,
        session_expires_at: expires_at,
    })
}

/// Changes what one may change.
///
/// # Errors
/// 422 for a malformed address.
pub async fn change(app: &App, caller: &Caller, change: &AccountChange) -> Result<()> {
    let email = match change.email.as_deref().map(str::trim) {
        Some(email) if !email.is_empty() => Some(Email::parse(email).map_err(|e| Fault::from(e).at("/email"))?.into_string()),
        other => other.map(str::to_owned),
    };
    let mut mine = app.door.mine(caller, "account:change").await?;
    let (language, density) = (change.language.map(Language::key), change.density.map(Density::key));
    store::change_person(&mut mine, email.as_deref(), language, density, change.large_type).await?;
    let touched =
        serde_json::json!({"email": change.email.is_some(), "language": language, "density": density, "large_type": change.large_type});
    mine.commit(format!("person:{}", caller.person()), touched).await
}

pub(super) fn step_up_failed() -> Error {
    Error::invalid(
        "account.current_wrong",
        said("现在的密码或验证码不对。", "The present password or the code is wrong."),
        said("请核对现在的密码；也可以改用发到本人手机的验证码。", "Check the present password, or use a code sent to your mobile."),
    )
    .at("/current")
}

/// Changes the password: every session ends, this one goes on under a new token.
///
/// # Errors
/// 422 when the present password or the code is wrong, or the new one weak; 429 after too many tries.
pub async fn change_password(app: &App, caller: &Caller, origin: &Origin, form: &PasswordChange) -> Result<Opened> {
    let person = caller.person();
    let known = recovery::known_numbers(app, person).await?;
    recovery::check_new(&form.password, known).await?;
    let subject = count_try(app, caller).await?;
    let code = match (&form.current, &form.code) {
        (Some(current), _) => {
            let kept = sign_store::credentials(&mut app.door.mine(caller, "account:read").await?, person).await?;
            if !password::is_right(current, kept.password_hash).await? {
                return Err(step_up_failed());
            }
            None
        }
        (None, Some(code)) => Some(prove_mobile(app, caller, code).await?),
        (None, None) => return Err(step_up_failed()),
    };
    let hash = password::hash(&app.random, &form.password).await?;
    let mut gate = app.door.gate("account:password", origin.request.clone()).await?;
    gate.becomes(person).await?;
    if let Some(code) = code
        && !sign_store::use_code(&mut gate, code).await?
    {
        return Err(codes::wrong());
    }
    sign_store::set_password(&mut gate, person, &hash).await?;
    sign_store::clear_lock(&mut gate, &subject).await?;
    session::revoke_all(&mut gate, person).await?;
    let opened = session::open(&mut gate, person, caller.session.second_factor, origin).await?;
    tell_sms(
        &mut gate,
        &Sms { to: To::Person(person), template: "password_changed", params: &[], court: None, until: None, listener: None },
    )?;
    gate.commit(format!("person:{person}"), serde_json::json!({})).await?;
    app.sessions.forget_all();
    Ok(opened)
}

/// Counts a try at one's own secrets, for a stolen session guesses as well as a stranger.
pub(super) async fn count_try(app: &App, caller: &Caller) -> Result<Vec<u8>> {
    let mut gate = app.door.gate("account:step_up_try", caller.request.clone()).await?;
    let subject = identity::lock_subject(gate.seal(), &format!("own {}", caller.person()), None)?;
    if let Some(until) = sign_store::reserve_try(&mut gate, &subject).await? {
        let wait = (until - gate.now()).num_seconds();
        return Err(Error::slow_down(u64::try_from(wait).unwrap_or(0) + 1));
    }
    gate.commit(format!("person:{}", caller.person()), serde_json::json!({})).await?;
    Ok(subject)
}

/// Is this the code sent to the account's own number?
async fn prove_mobile(app: &App, caller: &Caller, code: &str) -> Result<Uuid> {
    let mut mine = app.door.mine(caller, "account:code_try").await?;
    let mobile = store::profile(&mut mine).await?.mobile;
    let index = Kind::Mobile.index(mine.seal(), &mobile)?;
    match codes::compare(&mut mine, &index, Purpose::Bind, code).await? {
        Typed::Right(id) => Ok(id),
        Typed::Wrong => {
            mine.commit("code", serde_json::json!({"purpose": "bind", "right": false})).await?;
            Err(codes::wrong())
        }
    }
}

/// Makes an authenticator's secret; it counts once a code of it was shown. One that is in force is replaced only
/// in a session that showed it.
///
/// # Errors
/// 403 when an authenticator is on and was not shown.
pub async fn set_up_totp(app: &App, caller: &Caller) -> Result<TotpSecret> {
    let person = caller.person();
    let mut mine = app.door.mine(caller, "account:totp_set_up").await?;
    let kept = sign_store::credentials(&mut mine, person).await?;
    if kept.totp_confirmed_at.is_some() && !caller.session.second_factor {
        return Err(Error::new(
            poem::http::StatusCode::FORBIDDEN,
            "account.second_factor_needed",
            said("要更换动态口令，请先用现在的口令登录。", "Sign in with the present authenticator before changing it."),
            said("手机丢失的，请找本院管理员或拨 12368。", "If it is lost, ask your court's administrator or call 12368."),
        ));
    }
    let secret = totp::new_secret(mine.random());
    let sealed = mine.seal().seal(mine.owner(), Place("credentials", "totp_secret", &person), &secret)?;
    let mobile = store::profile(&mut mine).await?.mobile;
    let account = masking::mobile(&mobile, masking::Viewer::Owner).unwrap_or_default();
    sign_store::keep_pending_totp(&mut mine, person, &sealed).await?;
    mine.commit(format!("person:{person}"), serde_json::json!({})).await?;
    Ok(TotpSecret { secret: totp::spelled(&secret), otpauth_url: totp::url(&secret, &account)? })
}

/// Puts the authenticator in force; the session goes on under a new token, with its second factor shown.
///
/// # Errors
/// 422 for a wrong code; 429 after too many.
pub async fn confirm_totp(app: &App, caller: &Caller, origin: &Origin, code: &str) -> Result<Opened> {
    let person = caller.person();
    let subject = count_try(app, caller).await?;
    let mut gate = app.door.gate("account:totp_confirm", origin.request.clone()).await?;
    gate.becomes(person).await?;
    let kept = sign_store::credentials(&mut gate, person).await?;
    let wrong = || {
        Error::invalid(
            "account.totp_wrong",
            said("动态口令不对。", "The code is wrong."),
            said(
                "请先扫码，再填身份验证器现在显示的 6 位数字，并核对手机时间。",
                "Scan first, then type the six digits shown now; check the phone's clock.",
            ),
        )
        .at("/code")
    };
    let sealed = kept.totp_pending.ok_or_else(wrong)?;
    let secret = gate.seal().open(crate::kit::seal::Owner::Person(person), Place("credentials", "totp_secret", &person), &sealed)?;
    let step = totp::step_of(&secret, code, gate.now(), 0)?.ok_or_else(wrong)?;
    sign_store::confirm_totp(&mut gate, person, step).await?;
    sign_store::clear_lock(&mut gate, &subject).await?;
    session::revoke(&mut gate, person, caller.session.session_id).await?;
    let opened = session::open(&mut gate, person, true, origin).await?;
    gate.commit(format!("person:{person}"), serde_json::json!({})).await?;
    app.sessions.forget(&caller.session.token_hash).await;
    Ok(opened)
}

/// One's live sessions.
///
/// # Errors
/// What the database says.
pub async fn sessions(app: &App, caller: &Caller) -> Result<SessionList> {
    let mut mine = app.door.mine(caller, "account:sessions").await?;
    let current = caller.session.session_id;
    let view = |s: session::SessionRow| SessionView {
        id: s.session_id,
        current: s.session_id == current,
        created_at: s.created_at,
        last_seen_at: s.last_seen_at,
        expires_at: s.expires_at,
        user_agent: s.user_agent,
        ip_masked: s.ip_masked,
    };
    Ok(SessionList { items: session::live(&mut mine).await?.into_iter().map(view).collect() })
}

/// Ends one of one's sessions, at once on every node.
///
/// # Errors
/// 404 when it is not one's own, or has ended.
pub async fn end_session(app: &App, caller: &Caller, id: Uuid) -> Result<()> {
    let mut mine = app.door.mine(caller, "account:session_end").await?;
    if !session::revoke(&mut mine, caller.person(), id).await? {
        return Err(Error::not_found());
    }
    mine.commit(format!("session:{id}"), serde_json::json!({})).await?;
    app.sessions.forget_all();
    Ok(())
}
