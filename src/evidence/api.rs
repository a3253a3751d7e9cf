//! (being built)
use poem_openapi::OpenApi;
/// The doors.
pub struct EvidenceApi;
#[OpenApi]
impl EvidenceApi {}
/// stub
#[derive(Debug, poem_openapi::Object)]
pub struct DraftFile { id: uuid::Uuid }
impl From<super::store::FileRow> for DraftFile { fn from(f: super::store::FileRow) -> Self { Self { id: f.file_id } } }
