//! The one error of the house: a status, a stable code, a cause and a cure in two languages.
//!
//! Owns: how a refusal looks on the wire (RFC 9457 problem+json). Must never carry SQL text, a
//! personal datum, or a hint that something the caller may not see exists.

use std::borrow::Cow;

use poem::{IntoResponse, Response, http::StatusCode};
use poem_openapi::{
    ApiResponse, Object,
    payload::Payload,
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::{Any, ToJSON, Type},
};
use serde::{Deserialize, Serialize};

/// The result of everything that may refuse.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A sentence in Chinese and in English.
pub type Said = (Cow<'static, str>, Cow<'static, str>);

/// Builds a sentence pair from literals or owned strings.
pub fn said(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Said {
    (zh.into(), en.into())
}

/// One thing wrong with one field.
#[derive(Debug, Clone, Object, Serialize, Deserialize, PartialEq)]
pub struct FieldProblem {
    /// JSON pointer into the request, such as `/parties/0/id_number`.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// 原因.
    pub detail: String,
    /// The cause, in English.
    pub detail_en: String,
    /// 怎么办.
    pub cure: String,
    /// The cure, in English.
    pub cure_en: String,
}

/// RFC 9457 problem details with Lianting's extensions.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Problem {
    /// A URI that names the kind of problem.
    pub r#type: String,
    /// 标题.
    pub title: String,
    /// The title in English.
    pub title_en: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable code for software, such as `filing.claimed`.
    pub code: String,
    /// 原因.
    pub detail: String,
    /// The cause, in English.
    pub detail_en: String,
    /// 怎么办.
    pub cure: String,
    /// The cure, in English.
    pub cure_en: String,
    /// JSON pointer to the field at fault, when one field is.
    pub field: Option<String>,
    /// Every field at fault, when several are.
    pub errors: Option<Vec<FieldProblem>>,
    /// Quote this number to the help desk.
    pub request_id: Option<String>,
    /// What stands now, where somebody else was first and the two have to be brought together.
    pub current: Option<Any<serde_json::Value>>,
}

/// A refusal on its way out.
#[derive(Debug, thiserror::Error)]
#[error("{code} ({status})")]
pub struct Error {
    /// The HTTP status.
    pub status: StatusCode,
    /// Stable code.
    pub code: &'static str,
    detail: Said,
    cure: Said,
    field: Option<String>,
    errors: Vec<FieldProblem>,
    retry_after_s: Option<u64>,
    current: Option<Box<serde_json::Value>>,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// A refusal with its cause and its cure.
    pub fn new(status: StatusCode, code: &'static str, detail: Said, cure: Said) -> Self {
        Self { status, code, detail, cure, field: None, errors: Vec::new(), retry_after_s: None, current: None, source: None }
    }

    /// 400: the request cannot be read.
    pub fn bad_request(code: &'static str, detail: Said, cure: Said) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail, cure)
    }

    /// Keeps what caused it, for the log.
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let source = source.into();
        tracing::warn!(code = self.code, cause = %source, "a race or a slow step");
        self.source = Some(source);
        self
    }

    /// 422: readable, but not acceptable.
    pub fn invalid(code: &'static str, detail: Said, cure: Said) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail, cure)
    }

    /// 409: somebody or something else was first.
    pub fn conflict(code: &'static str, detail: Said, cure: Said) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail, cure)
    }

    /// 401: nobody is signed in.
    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "session.missing",
            said("您还没有登录，或登录已过期。", "You are not signed in, or the session has ended."),
            said("请登录后再办，填过的内容都还在。", "Sign in and go on; what you typed is kept."),
        )
    }

    /// 403: signed in, but the role does not hold this right at this court.
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "role.not_permitted",
            said("您在这家法院的身份不能办这件事。", "Your role at this court does not allow this."),
            said("请换用有权限的账号，或联系该院管理员。", "Use an account with the right role, or ask that court's administrator."),
        )
    }

    /// 404: not there, or not for this caller to know. The two are the same, byte for byte.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            said("没有找到您要的内容。", "What you asked for was not found."),
            said("请核对网址或案号；需要帮助请拨 12368。", "Check the address or the case number; call 12368 for help."),
        )
    }

    /// 412: the thing was changed in between.
    pub fn stale() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "version.stale",
            said("这份内容刚刚在别处改过。", "This was just changed somewhere else."),
            said("请载入最新内容，再把您的修改补上。", "Load the newest version and add your change to it."),
        )
    }

    /// 429: too many tries.
    pub fn slow_down(retry_after_s: u64) -> Self {
        let mut error = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "rate.limited",
            said(format!("操作太频繁，请等 {retry_after_s} 秒。"), format!("Too many tries; wait {retry_after_s} seconds.")),
            said("稍等再试即可，内容不会丢。", "Wait and try again; nothing is lost."),
        );
        error.retry_after_s = Some(retry_after_s);
        error
    }

    /// 503: an outside service does not answer.
    pub fn unavailable(code: &'static str, detail: Said) -> Self {
        let mut error = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            code,
            detail,
            said("请过一分钟再试；急办请拨 12368 或到窗口。", "Try again in a minute; if urgent call 12368 or come to the counter."),
        );
        error.retry_after_s = Some(60);
        error
    }

    /// 500: our fault. The cause goes to the log under the request id, never to the caller.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let mut error = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "server.fault",
            said("没有办成，您填的都还在。", "It did not go through; everything you typed is kept."),
            said("请一分钟后再试，或拨 12368 报请求编号。", "Try again in a minute, or call 12368 with the request id."),
        );
        error.source = Some(source.into());
        error
    }

    /// Names the field at fault (JSON pointer).
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Lists every field at fault; the first one becomes `field`.
    pub fn listing(mut self, errors: Vec<FieldProblem>) -> Self {
        self.field = errors.first().map(|e| e.field.clone());
        self.errors = errors;
        self
    }

    /// Shows what stands now.
    pub fn showing(mut self, current: serde_json::Value) -> Self {
        self.current = Some(Box::new(current));
        self
    }

    /// Tells when to try again.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// What went wrong underneath, for an operator at the command line; never for a caller.
    pub fn source_text(&self) -> Option<String> {
        self.source.as_ref().map(ToString::to_string)
    }

    /// The Chinese cause, for places that keep it (a rejected file's record).
    pub fn detail_zh(&self) -> &str {
        &self.detail.0
    }

    /// The cause in English.
    pub fn detail_en(&self) -> &str {
        &self.detail.1
    }

    /// The wire form, without the request id (the outer layer adds it).
    pub fn problem(&self) -> Problem {
        let title = title_of(self.status);
        Problem {
            r#type: format!("urn:lianting:problem:{}", self.code),
            title: title.0.into_owned(),
            title_en: title.1.into_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail.0.to_string(),
            detail_en: self.detail.1.to_string(),
            cure: self.cure.0.to_string(),
            cure_en: self.cure.1.to_string(),
            field: self.field.clone(),
            errors: (!self.errors.is_empty()).then(|| self.errors.clone()),
            request_id: None,
            current: self.current.as_deref().cloned().map(Any),
        }
    }
}

fn title_of(status: StatusCode) -> Said {
    match status.as_u16() {
        400 => said("请求看不懂", "The request cannot be read"),
        401 => said("请先登录", "Sign in first"),
        403 => said("没有权限", "Not permitted"),
        404 => said("没有找到", "Not found"),
        405 => said("不支持这种操作", "Method not allowed"),
        409 => said("有冲突", "Conflict"),
        412 => said("内容已变", "Changed meanwhile"),
        413 => said("太大了", "Too large"),
        415 => said("格式不对", "Wrong format"),
        416 => said("范围不对", "Range not satisfiable"),
        422 => said("有内容要改", "Something needs correcting"),
        428 => said("缺少版本号", "Version required"),
        429 => said("太频繁了", "Too many requests"),
        503 => said("暂时不可用", "Unavailable for now"),
        _ => said("没有办成", "It did not go through"),
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::not_found(),
            // U+0000, which PostgreSQL keeps neither in text nor in JSON
            sqlx::Error::Database(e) if matches!(e.code().as_deref(), Some("22021" | "22P05")) => Self::bad_request(
                "text.unreadable",
                said("内容里有不能保存的字符（U+0000）。", "The text holds a character that cannot be kept (U+0000)."),
                said("请重新输入，不要从别处粘贴。", "Type it again instead of pasting."),
            ),
            // somebody else holds the row, or was first with the same number: the same call made again decides
            sqlx::Error::Database(e) if matches!(e.code().as_deref(), Some("55P03" | "40P01" | "40001" | "23505")) => Self::conflict(
                "race.try_again",
                said("同一时刻有别人也在改这项内容。", "Somebody else is changing the same thing at this moment."),
                said("请再试一次，您填写的内容还在。", "Try again; what you typed is still here."),
            )
            .caused_by(e)
            .retry_after(1),
            sqlx::Error::Database(e) if e.code().as_deref() == Some("57014") => {
                Self::unavailable("server.busy", said("这一步用的时间太长，已经停下。", "This step took too long and was stopped."))
                    .caused_by(e)
            }
            sqlx::Error::PoolTimedOut => Self::unavailable("server.busy", said("现在人太多。", "The service is busy.")),
            other => Self::internal(other),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

impl From<Error> for poem::Error {
    fn from(error: Error) -> Self {
        let status = error.status;
        let mut out = poem::Error::from_response(error.into_response());
        out.set_error_message(status.to_string());
        out
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if self.status.is_server_error() {
            tracing::error!(code = self.code, cause = ?self.source, "request failed");
        }
        let mut response =
            Response::builder().status(self.status).content_type("application/problem+json").body(self.problem().to_json_string());
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert("retry-after", seconds.into());
        }
        response
    }
}

/// Names a constraint's meaning where the statement is written: `.on_constraint("identifiers_one_owner", || …)`.
pub trait OnConstraint<T> {
    /// Turns a violation of the named constraint into the given refusal.
    fn on_constraint(self, name: &str, refusal: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> OnConstraint<T> for std::result::Result<T, sqlx::Error> {
    fn on_constraint(self, name: &str, refusal: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|error| match error.as_database_error().and_then(|e| e.constraint()) {
            Some(constraint) if constraint == name => refusal(),
            _ => error.into(),
        })
    }
}

/// Every status a door may refuse with, written into the document.
const REFUSALS: [(u16, &str); 15] = [
    (400, "请求看不懂 · The request cannot be read"),
    (401, "请先登录 · Not signed in"),
    (403, "没有权限 · The role does not permit this"),
    (404, "没有找到 · Not found, or not for you to know"),
    (405, "方法不对 · Method not allowed"),
    (408, "没有传完 · The body did not arrive in time"),
    (409, "有冲突 · Somebody or something was first"),
    (412, "内容已变 · Changed meanwhile"),
    (413, "太大 · Too large"),
    (415, "格式不对 · Wrong media type"),
    (416, "范围不对 · Range not satisfiable"),
    (422, "有内容要改 · Needs correcting"),
    (429, "太频繁 · Too many requests"),
    (500, "没有办成 · Our fault"),
    (503, "暂不可用 · An outside service or the store does not answer"),
];

/// The document's media type for problems.
struct ProblemJson;

impl Payload for ProblemJson {
    const CONTENT_TYPE: &'static str = "application/problem+json";
    fn schema_ref() -> poem_openapi::registry::MetaSchemaRef {
        Problem::schema_ref()
    }
}

impl ApiResponse for Error {
    fn meta() -> MetaResponses {
        let answer = |(status, description): &(u16, &'static str)| MetaResponse {
            description,
            status: Some(*status),
            status_range: None,
            content: vec![MetaMediaType { content_type: ProblemJson::CONTENT_TYPE, schema: ProblemJson::schema_ref() }],
            headers: vec![],
        };
        MetaResponses { responses: REFUSALS.iter().map(answer).collect() }
    }

    fn register(registry: &mut Registry) {
        Problem::register(registry);
    }
}
