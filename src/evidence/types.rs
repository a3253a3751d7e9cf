//! What the doors of this room say and hear. Owns the wire's shapes; decides nothing.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Problem;
use crate::kit::words::choices;

/// 要上传的文件.
#[derive(Debug, Clone, Object, Serialize)]
pub struct NewUpload {
    /// File name as the person sees it.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub name: String,
    /// Bytes.
    #[oai(validator(minimum(value = "0"), maximum(value = "9007199254740991")))]
    pub size: i64,
    /// The file's own time, milliseconds since 1970: tells two files of one name apart when resuming.
    pub last_modified: Option<i64>,
}

/// 续传中的文件.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Upload {
    /// Id; the finished file has the same.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Bytes of the whole.
    pub size: i64,
    /// Bytes of each part but the last.
    pub part_bytes: i32,
    /// Number of parts.
    pub parts: i32,
    /// Parts that are there: 1, 2, 3 … without a gap. Send the next one.
    pub received: Vec<i32>,
}

/// A word on an accepted file.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct FileWarning {
    /// Stable code, such as `pdf.javascript`.
    pub code: String,
    /// 提醒.
    pub text: String,
    /// In English.
    pub text_en: String,
}

choices! {
    /// What is believed of a file.
    FileState {
        /// 已通过检查.
        Accepted = "accepted",
        /// 待进一步检查.
        Quarantined = "quarantined",
        /// 不能接收.
        Rejected = "rejected",
    }
}

/// 材料: one file of a draft.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct DraftFile {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Media type, by content.
    pub media_type: String,
    /// SHA-256, hex.
    pub sha256: String,
    /// SM3, hex.
    pub sm3: String,
    /// Pages, where a file has pages.
    pub pages: Option<i32>,
    /// What is believed of it.
    pub state: FileState,
    /// What is wrong and how to cure it.
    pub problem: Option<Problem>,
    /// Accepted, but worth a word.
    pub warnings: Option<Vec<FileWarning>>,
    /// When it was complete.
    pub created_at: DateTime<Utc>,
}

/// 照片合成一份 PDF.
#[derive(Debug, Clone, Object, Serialize)]
pub struct PhotoPages {
    /// Pictures of this draft, in the order of the pages.
    #[oai(validator(min_items = 1, max_items = 30))]
    pub file_ids: Vec<Uuid>,
    /// Name of the PDF.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub name: String,
}
