//! A device that signed in before carries a mark, which gives it a soft lock of its own: strangers who guess
//! from elsewhere do not lock the owner out.
//!
//! Owns the mark: a random number and a proof that we made it for this person. It is no credential; it opens nothing.

use poem::web::cookie::{Cookie, CookieJar, SameSite};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;

/// Half a year.
const KEPT: std::time::Duration = std::time::Duration::from_secs(180 * 24 * 3600);

fn name(app: &App) -> &'static str {
    if app.config.secure_cookies() { "__Host-device" } else { "device" }
}

fn proof(app: &App, person: Uuid, nonce: &str) -> Result<String> {
    Ok(hex::encode(app.seal.blind("device", &format!("{person} {nonce}"))?))
}

/// The mark the browser sent, as it came.
pub fn shown(app: &App, jar: &CookieJar) -> Option<String> {
    jar.get(name(app)).map(|c| c.value_str().chars().take(200).collect())
}

/// Is this mark ours, for this person?
///
/// # Errors
/// When the key file is unusable.
pub fn is_known(app: &App, person: Uuid, mark: &str) -> Result<bool> {
    let Some((nonce, shown)) = mark.split_once('.') else { return Ok(false) };
    Ok(bool::from(proof(app, person, nonce)?.as_bytes().ct_eq(shown.as_bytes())))
}

/// Marks the device, unless it is marked already.
///
/// # Errors
/// When the key file is unusable.
pub fn mark(app: &App, jar: &CookieJar, person: Uuid) -> Result<()> {
    if let Some(mark) = shown(app, jar)
        && is_known(app, person, &mark)?
    {
        return Ok(());
    }
    let nonce = app.random.plain_code(16);
    let mut cookie = Cookie::new_with_str(name(app), format!("{nonce}.{}", proof(app, person, &nonce)?));
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_path("/");
    cookie.set_secure(app.config.secure_cookies());
    cookie.set_max_age(KEPT);
    jar.add(cookie);
    Ok(())
}
