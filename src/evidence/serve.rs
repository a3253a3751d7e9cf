//! (stub until the evidence branch lands)
use crate::app::App; use crate::error::Result;
#[derive(poem_openapi::ApiResponse)]
pub enum FileAnswer { #[oai(status=204)] None }
pub async fn object(_: &App, _: &str, _: &str, _: &str, _: i64, _: Option<&str>) -> Result<FileAnswer> { Ok(FileAnswer::None) }
