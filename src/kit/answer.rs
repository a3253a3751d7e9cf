//! Answers other than 200 with a body. Owns the shapes of 201, 202 and 204; carries nothing of a matter.

use poem_openapi::ApiResponse;
use poem_openapi::payload::{Binary, Json};
use poem_openapi::types::ToJSON;

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
