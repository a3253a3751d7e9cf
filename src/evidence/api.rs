//! (being built)
use poem_openapi::OpenApi;
/// The doors.
pub struct EvidenceApi;
#[OpenApi]
impl EvidenceApi {}
