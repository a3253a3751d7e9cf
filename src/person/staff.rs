//! (being built)
use poem_openapi::OpenApi;
/// The doors.
pub struct StaffApi;
#[OpenApi]
impl StaffApi {}
