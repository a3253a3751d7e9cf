//! (stub until the evidence branch lands)
use crate::app::App;
use crate::court::tx::PersonTx;
use crate::error::Result;
use uuid::Uuid;
#[derive(Debug, Clone, Default, sqlx::FromRow)]
pub struct FileRow { pub file_id: Uuid, pub name: String, pub size: i64, pub media_type: String, pub sha256: String, pub sm3: String, pub pages: Option<i32>, pub state: String, pub object_key: String }
pub async fn files_of_draft(_: &mut PersonTx, _: Uuid) -> Result<Vec<FileRow>> { Ok(vec![]) }
pub async fn move_to_court(_: &App, _: i32, _: &[FileRow]) -> Result<Vec<String>> { Ok(vec![]) }
/// stub
pub async fn lend_to_draft(_: &mut PersonTx, _: Uuid, _: &serde_json::Value) -> Result<()> { Ok(()) }
/// stub
pub async fn own_file(_: &mut PersonTx, _: Uuid) -> Result<FileRow> { Err(crate::error::Error::not_found()) }
