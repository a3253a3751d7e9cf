//! (being built)
use poem_openapi::OpenApi;
/// The doors.
pub struct MineApi;
#[OpenApi]
impl MineApi {}
