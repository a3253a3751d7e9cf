//! The two answers that are not a plain 200: 201 with a body, 204 without one. Owns nothing.

use poem_openapi::ApiResponse;
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON;

/// 201 with what was made.
#[derive(ApiResponse)]
pub enum Created<T: ToJSON> {
    /// 已建立 · Made
    #[oai(status = 201)]
    Made(Json<T>),
}

/// 204.
#[derive(ApiResponse)]
pub enum NoContent {
    /// 已办 · Done, nothing to say
    #[oai(status = 204)]
    Done,
}

/// Answers 201.
pub fn created<T: ToJSON>(value: T) -> Created<T> {
    Created::Made(Json(value))
}
