//! (being built)
use poem_openapi::OpenApi;
/// The doors.
pub struct FilingApi;
#[OpenApi]
impl FilingApi {}
