//! (being built)
use poem_openapi::OpenApi;
/// The doors.
pub struct AdminApi;
#[OpenApi]
impl AdminApi {}
