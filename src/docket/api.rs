//! (being built)
use poem_openapi::OpenApi;
/// The doors.
pub struct CaseApi;
#[OpenApi]
impl CaseApi {}
