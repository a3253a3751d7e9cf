//! (being built)
use poem_openapi::OpenApi;
/// The doors.
pub struct PaperApi;
#[OpenApi]
impl PaperApi {}
