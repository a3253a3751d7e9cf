//! A JSON body kept as it came, for the signature over it; documented as the shape it holds.
//! Must never be read before its signature was checked.

use std::marker::PhantomData;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use poem::http::{HeaderMap, StatusCode};
use poem::{Request, RequestBody};
use poem_openapi::payload::{ParsePayload, Payload};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromJSON, Type};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::wire::Wire;
use crate::error::{Error, Result, said};

/// What outside programs report is small.
const LARGEST: usize = 64 * 1024;

/// The body of a hook.
pub struct RawJson<T> {
    /// As it came over the wire.
    pub bytes: Bytes,
    shape: PhantomData<fn() -> T>,
}

impl<T> RawJson<T> {
    /// Holds the body to the signature of the service at the other end, known there as the app id beside it.
    ///
    /// # Errors
    /// 401 `hook.signature`, also where no such service is set up.
    pub fn check(&self, by: Option<(&Wire, &str)>, path: &str, headers: &HeaderMap, now: DateTime<Utc>) -> Result<()> {
        let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let genuine = by.is_some_and(|(wire, app_id)| {
            header("x-app-id") == app_id
                && wire.is_genuine(path, header("x-timestamp"), header("x-nonce"), header("x-signature"), &self.bytes, now)
        });
        if genuine {
            return Ok(());
        }
        Err(Error::new(
            StatusCode::UNAUTHORIZED,
            "hook.signature",
            said("签名不对，或时间相差太远。", "The signature or its time is wrong."),
            said("请核对应用编号、密钥和时钟。", "Check the app id, the secret and the clock."),
        ))
    }
}

impl<T: ParseFromJSON> RawJson<T> {
    /// The shape it holds.
    ///
    /// # Errors
    /// 422 `hook.malformed`.
    pub fn read(&self) -> Result<T> {
        let value = serde_json::from_slice(&self.bytes).ok();
        T::parse_from_json(value).map_err(|_| {
            Error::invalid(
                "hook.malformed",
                said("回执的内容看不懂。", "The report cannot be read."),
                said("请按接口文档填写。", "Follow the API document."),
            )
        })
    }
}

impl<T: Type> Payload for RawJson<T> {
    const CONTENT_TYPE: &'static str = "application/json";
    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }
    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type> ParsePayload for RawJson<T> {
    const IS_REQUIRED: bool = true;
    async fn from_request(_: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let body = body.take()?;
        Ok(Self { bytes: body.into_bytes_limit(LARGEST).await?, shape: PhantomData })
    }
}

impl<'a, T: Type> ApiExtractor<'a> for RawJson<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        <Self as Payload>::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        let content = vec![MetaMediaType { content_type: Self::CONTENT_TYPE, schema: <Self as Payload>::schema_ref() }];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(request: &'a Request, body: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        <Self as ParsePayload>::from_request(request, body).await
    }
}
