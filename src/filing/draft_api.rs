//! (being built)
use poem_openapi::OpenApi;
/// The doors.
pub struct DraftApi;
#[OpenApi]
impl DraftApi {}
