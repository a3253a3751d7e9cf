//! `Caller`: a credential becomes a person before the body is read.
//!
//! Owns the session cookie, the bearer form of it, and the CSRF rule. Must never decide what the
//! person may do (door.rs) and never log a token.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use poem::{Request, RequestBody, http::Method, web::RealIp};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use uuid::Uuid;

use super::role::{Role, Roles};
use super::scope::{self, ApiScope};
use crate::app::App;
use crate::error::{Error, Result, said};
use crate::kit::seal::sha256;

/// A signed-in session as the wall knows it.
#[derive(Debug)]
pub struct Session {
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// Public id of the session.
    pub session_id: Uuid,
    /// The person.
    pub person: Uuid,
    /// 姓名, as papers and timelines show it.
    pub name: Arc<str>,
    /// Roles per court; court 0 is everywhere.
    pub grants: Vec<(i32, Roles)>,
    /// A second factor was shown in this session.
    pub second_factor: bool,
    /// When the person last proved to sit there: at sign-in, or by a step-up since.
    pub stepped_up_at: DateTime<Utc>,
    /// When the session ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// When it was last written down as used.
    pub last_seen_at: DateTime<Utc>,
    /// Of a program's token: what it may ask. A person's own session is not held to anything.
    pub scopes: Option<Vec<ApiScope>>,
}

/// Who calls, and under which request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The session.
    pub session: Arc<Session>,
    /// The request's id.
    pub request: Arc<str>,
    /// When the request reached us, before its body was read: what is handed in is in time by it.
    pub arrived: DateTime<Utc>,
}

/// The request's id and origin, put there by the outermost layer.
#[derive(Debug, Clone)]
pub struct RequestFacts {
    /// Shown to people on every error page.
    pub id: Arc<str>,
    /// Address with its last part hidden.
    pub ip_masked: Arc<str>,
    /// Address for limits, never stored.
    pub ip: Arc<str>,
    /// When its head reached us.
    pub arrived: DateTime<Utc>,
}

impl Caller {
    /// The person.
    pub fn person(&self) -> Uuid {
        self.session.person
    }

    /// Whoever sent this request, under every rule of a door; the socket of a hearing is opened by it too.
    ///
    /// # Errors
    /// 401, a foreign page, too many, a program's token that does not reach there.
    pub async fn of(app: &App, request: &Request) -> Result<Self> {
        let (token, from_cookie) = token_of(request, app.config.secure_cookies())?;
        if from_cookie {
            check_same_origin(request)?;
        }
        let session = app.sessions.find(app, &sha256(token.as_bytes())).await?;
        app.limits.check_person(session.person)?;
        if let Some(allowed) = &session.scopes {
            scope::check(allowed, request.method(), request.original_uri().path())?;
        }
        let facts = facts(app, request);
        Ok(Self { session, request: facts.id, arrived: facts.arrived })
    }

    /// Roles held at a court, with those held everywhere.
    pub fn roles_at(&self, court: i32) -> Roles {
        self.session.grants.iter().filter(|(c, _)| *c == court || *c == 0).fold(Roles::default(), |all, (_, r)| Roles(all.0 | r.0))
    }

    /// Holds any staff role anywhere.
    pub fn is_staff_somewhere(&self) -> bool {
        self.session.grants.iter().any(|(_, roles)| roles.iter().any(Role::is_staff))
    }
}

/// The cookie's name: `__Host-` needs Secure, which a plain-HTTP demo on loopback cannot have.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-sid" } else { "sid" }
}

fn token_of(request: &Request, secure: bool) -> Result<(String, bool)> {
    let cookie = request.cookie().get(cookie_name(secure)).map(|c| c.value_str().to_owned());
    let bearer =
        request.headers().get("authorization").and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer ")).map(str::to_owned);
    match (cookie, bearer) {
        (Some(_), Some(_)) => Err(Error::bad_request(
            "session.two_credentials",
            said("同时带了两种登录凭据。", "The request carries both a cookie and a bearer token."),
            said("请只用一种。", "Send only one."),
        )),
        (Some(token), None) => Ok((token, true)),
        (None, Some(token)) => Ok((token, false)),
        (None, None) => Err(Error::unauthenticated()),
    }
}

/// A write from a browser must come from our own page: the header cannot be set across origins, and the
/// browser's own word for the origin must agree where it is given.
fn check_same_origin(request: &Request) -> Result<()> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    let foreign = header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none"));
    if foreign || header("x-lianting").is_none() {
        return Err(Error::new(
            poem::http::StatusCode::FORBIDDEN,
            "session.foreign_origin",
            said("这个请求不是从本平台页面发出的。", "This request did not come from our own page."),
            said("请在本平台页面上操作；程序调用请带 X-Lianting 请求头。", "Use our pages; software sends the X-Lianting header."),
        ));
    }
    Ok(())
}

/// Reads the request's facts (always there: the outer layer puts them in).
pub fn facts(app: &App, request: &Request) -> RequestFacts {
    let none = || RequestFacts { id: "".into(), ip_masked: "".into(), ip: "".into(), arrived: app.now() };
    request.data::<RequestFacts>().cloned().unwrap_or_else(none)
}

/// The caller's address, behind a proxy or not.
pub async fn address(request: &Request) -> String {
    use poem::FromRequest;
    match RealIp::from_request_without_body(request).await {
        Ok(RealIp(Some(ip))) => ip.to_string(),
        _ => String::new(),
    }
}

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        let scheme = |ty, name, key_in, scheme, description| MetaSecurityScheme {
            ty,
            description: Some(description),
            name,
            key_in,
            scheme,
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        };
        registry.create_security_scheme(
            "session",
            scheme("apiKey", Some("sid"), Some("cookie"), None, "登录后的会话 (browser; writes also need the header X-Lianting)"),
        );
        registry.create_security_scheme("bearer", scheme("http", None, None, Some("bearer"), "程序用的会话令牌 (software)"));
    }

    fn security_schemes() -> Vec<&'static str> {
        vec!["session", "bearer"]
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let app = request.data::<App>().ok_or_else(|| Error::internal("no app in request"))?;
        Ok(Self::of(app, request).await?)
    }
}
