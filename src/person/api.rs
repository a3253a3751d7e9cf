//! (being built)
use poem_openapi::OpenApi;
/// The doors.
pub struct AccountApi;
#[OpenApi]
impl AccountApi {}
