//! 再次确认身份 (step-up): a grave act wants an authenticator's code of the last five minutes, not only a session that
//! showed one this morning. A colleague's desk left open changes no rule and no role.
//!
//! Owns `sessions.stepped_up_at`. Which acts are grave is said in `court/act.rs`, and asked by the door.

use super::account::count_try;
use super::sign_in::{Second, second};
use super::sign_store;
use crate::app::App;
use crate::court::caller::Caller;
use crate::error::{Error, Result, said};

/// Confirms who sits there, by a code of the authenticator.
///
/// # Errors
/// 422 `account.totp_wrong`; 429 after too many tries.
pub async fn confirm(app: &App, caller: &Caller, code: &str) -> Result<()> {
    let person = caller.person();
    let subject = count_try(app, caller).await?;
    let mut gate = app.door.gate("account:step_up", caller.request.clone()).await?;
    gate.becomes(person).await?;
    if !matches!(second(&mut gate, person, Some(code)).await?, Second::Right) {
        return Err(wrong());
    }
    let now = gate.now();
    sqlx::query("update sessions set stepped_up_at = $3 where person_id = $1 and session_id = $2 and revoked_at is null")
        .bind(person)
        .bind(caller.session.session_id)
        .bind(now)
        .execute(gate.conn())
        .await?;
    sign_store::clear_lock(&mut gate, &subject).await?;
    gate.commit(format!("person:{person}"), serde_json::json!({})).await?;
    app.sessions.forget(&caller.session.token_hash).await;
    Ok(())
}

fn wrong() -> Error {
    Error::invalid(
        "account.totp_wrong",
        said("动态口令不对，或者已经用过。", "The code is wrong, or was used before."),
        said("请等身份验证器换下一个 6 位数字再填，并核对手机时间。", "Wait for the next six digits, and check the phone's clock."),
    )
    .at("/code")
}
