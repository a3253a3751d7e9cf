//! Answers other than 200 with a body. Owns the shapes of 201, 202 and 204; carries nothing of a matter.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::{Binary, Json, Payload};
use poem_openapi::registry::{MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};
use serde::{Serialize, Serializer};

use crate::error::{Error, Result, said};

/// 201 with what was made.
#[derive(ApiResponse)]
pub enum Created<T: ToJSON> {
    /// 已建立 · Made
    #[oai(status = 201)]
    Created(Json<T>),
}

/// 202 with what is to be expected.
#[derive(ApiResponse)]
pub enum Accepted<T: ToJSON> {
    /// 已受理 · Taken; the rest follows
    #[oai(status = 202)]
    Accepted(Json<T>),
}

/// 204.
#[derive(ApiResponse)]
pub enum NoContent {
    /// 已办 · Done
    #[oai(status = 204)]
    NoContent,
}

/// Answers 201.
pub fn created<T: ToJSON>(what: T) -> Created<T> {
    Created::Created(Json(what))
}

/// Answers 202.
pub fn accepted<T: ToJSON>(what: T) -> Accepted<T> {
    Accepted::Accepted(Json(what))
}

/// Reads `If-Match: "3"`.
///
/// # Errors
/// 400 when it is missing, 412 when it names no version.
pub fn version_of(if_match: &Option<String>) -> Result<i32> {
    let text = if_match.as_deref().ok_or_else(|| {
        Error::bad_request(
            "version.missing",
            said("缺少版本号。", "The version is missing."),
            said("请带 If-Match 请求头。", "Send If-Match with the version."),
        )
    })?;
    text.trim().trim_start_matches("W/").trim_matches('"').parse().map_err(|_| Error::stale())
}

/// A PDF made for this answer.
#[derive(ApiResponse)]
pub enum Pdf {
    /// PDF 文件 · A PDF
    #[oai(status = 200, content_type = "application/pdf")]
    Pdf(Binary<Vec<u8>>, #[oai(header = "Content-Disposition")] String),
}

/// A ZIP written as it is read.
#[derive(ApiResponse)]
pub enum Zip {
    /// 压缩包 · A ZIP
    #[oai(status = 200, content_type = "application/zip")]
    Zip(Binary<poem::Body>, #[oai(header = "Content-Disposition")] String),
}

/// JSON written straight to the wire, word for word what `Json` says. For long lists: `Json` first makes a tree with every
/// name of every row in it, which costs more than all else the server does for the request.
pub struct Written<T>(pub T);

impl<T: Type> Payload for Written<T> {
    const CONTENT_TYPE: &'static str = <Json<T> as Payload>::CONTENT_TYPE;

    fn check_content_type(content_type: &str) -> bool {
        <Json<T> as Payload>::check_content_type(content_type)
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Serialize + Send> IntoResponse for Written<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => Response::builder().content_type("application/json; charset=utf-8").body(bytes),
            Err(e) => crate::error::Error::internal(e).into_response(),
        }
    }
}

impl<T: ToJSON + Serialize + Send> ApiResponse for Written<T> {
    fn meta() -> MetaResponses {
        Json::<T>::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// An instant as the API writes it, for `Written`.
pub fn instant<S: Serializer>(at: &DateTime<Utc>, to: S) -> std::result::Result<S::Ok, S::Error> {
    to.serialize_str(&at.to_rfc3339())
}

/// As `instant`, of what may be absent.
pub fn instant_if_any<S: serde::Serializer>(at: &Option<DateTime<Utc>>, to: S) -> std::result::Result<S::Ok, S::Error> {
    match at {
        Some(at) => instant(at, to),
        None => to.serialize_none(),
    }
}

/// What several rows of a list share, for `Written`.
pub fn shared_if_any<T: Serialize, S: Serializer>(what: &Option<Arc<T>>, to: S) -> std::result::Result<S::Ok, S::Error> {
    what.as_deref().serialize(to)
}
