//! (being built)
use poem_openapi::OpenApi;
/// The doors.
pub struct ProvinceApi;
#[OpenApi]
impl ProvinceApi {}
