//! What the filing doors show. Owns shapes and the small conversions into them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use poem_openapi::types::Any;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::docket::case_views::Origin;
use crate::docket::views::{Act, Clock, PaperRef};
use crate::docket::words::CaseKind;
use crate::evidence::types::DraftFile;
use crate::filing::checks::{self, Level, Standing, Step};
use crate::filing::choices::{FileRole, FilingAct, OriginalGround};
use crate::filing::review_rules::{self, FilingState};
use crate::kit::answer::{instant, instant_if_any, shared_if_any};

/// One finding of the checker.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct CheckItem {
    /// The rule, such as `G3`.
    pub id: String,
    /// How heavy.
    pub level: Level,
    /// Step of the form.
    pub step: Step,
    /// JSON pointer into the content.
    pub field: String,
    /// 原因.
    pub text: String,
    /// The cause in English.
    pub text_en: String,
    /// 怎么办.
    pub cure: String,
    /// The cure in English.
    pub cure_en: String,
    /// 依据.
    pub article: String,
    /// May be sent all the same for a clerk to look at.
    pub way_on: bool,
}

/// All findings.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct CheckReport {
    /// Nothing blocks.
    pub sendable: bool,
    /// The heaviest first.
    pub items: Vec<CheckItem>,
}

impl From<checks::CheckReport> for CheckReport {
    fn from(report: checks::CheckReport) -> Self {
        let items = report.items.into_iter().map(|i| CheckItem {
            level: i.level,
            step: i.step,
            id: i.id,
            field: i.field,
            text: i.text,
            text_en: i.text_en,
            cure: i.cure,
            cure_en: i.cure_en,
            article: i.article,
            way_on: i.way_on,
        });
        Self { sendable: report.sendable, items: items.collect() }
    }
}

/// One thing to correct.
#[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(default)]
pub struct CorrectionItem {
    /// Number in the list, from 1.
    #[oai(default)]
    pub n: i32,
    /// Step of the form.
    #[oai(default, validator(max_length = 40))]
    pub step: String,
    /// JSON pointer into the content.
    #[oai(validator(max_length = 200))]
    pub field: Option<String>,
    /// File.
    pub file_id: Option<Uuid>,
    /// Page of the file.
    pub page: Option<u32>,
    /// 什么问题.
    #[oai(validator(max_length = 500))]
    pub what: String,
    /// 在哪里.
    #[oai(validator(max_length = 200))]
    pub r#where: String,
    /// 怎么补.
    #[oai(validator(max_length = 500))]
    pub cure: String,
    /// Why the paper original is wanted, when it is (在线诉讼规则 Art 12): nobody is sent for paper without one of these.
    #[oai(skip_serializing_if_is_none)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_ground: Option<OriginalGround>,
    /// The filer has answered it.
    #[oai(default)]
    pub done: bool,
}

impl From<&CorrectionItem> for review_rules::CorrectionItem {
    fn from(i: &CorrectionItem) -> Self {
        Self {
            step: i.step.clone(),
            field: i.field.clone(),
            file_id: i.file_id.map(|f| f.to_string()),
            page: i.page,
            what: i.what.clone(),
            place: i.r#where.clone(),
            cure: i.cure.clone(),
            original_ground: i.original_ground.is_some(),
        }
    }
}

/// The correction a draft answers.
#[derive(Debug, Clone, Object)]
pub struct Corrects {
    /// Court.
    pub court_id: i32,
    /// Filing.
    pub filing_id: Uuid,
    /// 网立 number.
    pub filing_number: String,
    /// 补正期限.
    pub deadline: Clock,
    /// The complete list.
    pub items: Vec<CorrectionItem>,
}

/// 草稿.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Draft {
    /// Draft.
    pub id: Uuid,
    /// Version, for If-Match.
    pub version: i32,
    /// Court chosen.
    pub court_id: Option<i32>,
    /// Kind.
    pub kind: CaseKind,
    /// What was typed; see the document's description of content.
    pub content: Any<Value>,
    /// Files.
    pub files: Vec<DraftFile>,
    /// The correction it answers.
    pub corrects: Option<Corrects>,
    /// Begun.
    pub created_at: DateTime<Utc>,
    /// Last saved.
    pub updated_at: DateTime<Utc>,
}

/// A draft in a list.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DraftSummary {
    /// Draft.
    pub id: Uuid,
    /// Title so far.
    pub title: String,
    /// Court chosen.
    pub court_id: Option<i32>,
    /// Its name.
    pub court_name: Option<String>,
    /// Kind.
    pub kind: CaseKind,
    /// Cause so far.
    pub cause_name: Option<String>,
    /// Last saved.
    pub updated_at: DateTime<Utc>,
    /// Step last worked on.
    pub step: Step,
    /// The filing it corrects.
    pub corrects: Option<Uuid>,
}

/// Open drafts.
#[derive(Debug, Object)]
pub struct DraftList {
    /// Newest first.
    pub items: Vec<DraftSummary>,
}

/// A draft was saved.
#[derive(Debug, Object)]
pub struct Saved {
    /// The new version.
    pub version: i32,
    /// When.
    pub saved_at: DateTime<Utc>,
}

/// 收件凭证.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct FilingReceipt {
    /// Court.
    pub court_id: i32,
    /// Filing.
    pub filing_id: Uuid,
    /// 网立 number.
    pub number: String,
    /// The time of filing: when the court's server had the whole.
    pub received_at: DateTime<Utc>,
    /// SHA-256 over content and files.
    pub digest: String,
    /// The receipt as a paper.
    pub paper_id: Uuid,
}

/// Who is reviewing.
#[derive(Debug, Clone, Object, Serialize)]
pub struct Claim {
    /// Clerk.
    pub person_id: Uuid,
    /// Name.
    pub name: String,
    /// Until when.
    #[serde(serialize_with = "instant")]
    pub until: DateTime<Utc>,
}

/// A filing in a list.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct FilingSummary {
    /// Court.
    pub court_id: i32,
    /// Its name.
    pub court_name: String,
    /// Filing.
    pub id: Uuid,
    /// 网立 number.
    pub number: String,
    /// 赵文博诉山东鲁辰物流有限公司.
    pub title: String,
    /// Kind.
    pub kind: CaseKind,
    /// 案由.
    pub cause_name: String,
    /// Where it stands.
    pub state: FilingState,
    /// When the court had it.
    #[serde(serialize_with = "instant")]
    pub received_at: DateTime<Utc>,
    /// End of the day on which the court means to decide it (当日审核), while it is reviewed.
    #[serde(serialize_with = "instant_if_any", skip_serializing_if = "Option::is_none")]
    pub target_at: Option<DateTime<Utc>>,
    /// The clock that runs now.
    #[serde(serialize_with = "shared_if_any", skip_serializing_if = "Option::is_none")]
    pub clock: Option<Arc<Clock>>,
    /// Who is reviewing (court staff only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<Claim>,
    /// It came back corrected.
    pub corrected: bool,
    /// It came from another court.
    pub transferred_in: bool,
    /// The case it became.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<Uuid>,
    /// Its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_number: Option<String>,
    /// 标的额, fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<i64>,
    /// Items the filer has still to correct.
    pub open_items: i32,
}

/// A page of filings.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct FilingList {
    /// The filings.
    pub items: Vec<FilingSummary>,
    /// Ask with it for the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A file of a filing.
#[derive(Debug, Clone, Object, sqlx::FromRow)]
#[oai(skip_serializing_if_is_none)]
pub struct FilingFile {
    /// File.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Media type.
    pub media_type: String,
    /// SHA-256.
    pub sha256: String,
    /// SM3.
    pub sm3: String,
    /// Pages.
    pub pages: Option<i32>,
    /// As what it was filed.
    pub role: FileRole,
    /// Row of the evidence list, or of the papers.
    pub evidence_id: Option<String>,
    /// 0 first submission, n answer to correction n.
    pub round: i32,
}

/// One correction list with its fate.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Correction {
    /// Number, from 1.
    pub n: i32,
    /// Sent.
    pub sent_at: DateTime<Utc>,
    /// 补正期限.
    pub deadline: Clock,
    /// The list.
    pub items: Vec<CorrectionItem>,
    /// Answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// An item could have stood in an earlier list (L09): recorded.
    pub violation: bool,
}

/// 不予受理.
#[derive(Debug, Clone, Object)]
pub struct Refusal {
    /// 释明.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// 移送.
#[derive(Debug, Clone, Object)]
pub struct Transfer {
    /// To which court.
    pub to_court_id: i32,
    /// Its name.
    pub to_court_name: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// 撤回.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Withdrawal {
    /// Why, when the filer said so.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// An earlier filing of the same parties about the same cause (重复起诉), as far as the reader's court may know it.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct EarlierFiling {
    /// Its court; none where it is another court's, or sealed.
    pub court_name: Option<String>,
    /// 案号 or 网立 number, where the reader may open it.
    pub number: Option<String>,
    /// The filing, where the reader may open it.
    pub filing_id: Option<Uuid>,
    /// The case it became, where the reader may open it.
    pub case_id: Option<Uuid>,
    /// How it stands.
    pub standing: Standing,
}

/// 立案申请, whole.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Filing {
    /// Court.
    pub court_id: i32,
    /// Its name.
    pub court_name: String,
    /// Filing.
    pub id: Uuid,
    /// 网立 number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: CaseKind,
    /// 案由.
    pub cause_name: String,
    /// Where it stands.
    pub state: FilingState,
    /// When the court had it.
    pub received_at: DateTime<Utc>,
    /// The clock that runs now.
    pub clock: Option<Arc<Clock>>,
    /// Who is reviewing (court staff only).
    pub claimed_by: Option<Claim>,
    /// It came back corrected.
    pub corrected: bool,
    /// It came from another court.
    pub transferred_in: bool,
    /// The case it became.
    pub case_id: Option<Uuid>,
    /// Its number.
    pub case_number: Option<String>,
    /// 标的额, fen.
    pub amount_fen: Option<i64>,
    /// Items the filer has still to correct.
    pub open_items: i32,
    /// Version, for If-Match.
    pub version: i32,
    /// SHA-256 over content and files.
    pub digest: String,
    /// What was filed, numbers masked for the viewer.
    pub content: Any<Value>,
    /// Files.
    pub files: Vec<FilingFile>,
    /// The checker's findings.
    pub checks: CheckReport,
    /// Correction lists.
    pub corrections: Vec<Correction>,
    /// Refusal.
    pub refusal: Option<Refusal>,
    /// Transfer.
    pub transfer: Option<Transfer>,
    /// Withdrawal.
    pub withdrawal: Option<Withdrawal>,
    /// 原审案件, of an appeal that was sent up.
    pub origin: Option<Origin>,
    /// Earlier filings of the same parties about the same cause, at any court of the province; for those who review.
    pub earlier: Option<Vec<EarlierFiling>>,
    /// Papers.
    pub papers: Vec<PaperRef>,
    /// 经过.
    pub history: Vec<Act>,
    /// What the viewer may do now.
    pub may: Vec<FilingAct>,
}

/// 立案.
#[derive(Debug, Object)]
pub struct Accepted {
    /// The filing.
    pub filing: Filing,
    /// The case.
    pub case_id: Uuid,
    /// 案号.
    pub case_number: String,
}

/// The head of the clerk's queue.
#[derive(Debug, Object)]
pub struct QueueStats {
    /// Reviewed today, Beijing.
    pub reviewed_today: i64,
    /// Waiting.
    pub waiting: i64,
    /// Due today.
    pub due_today: i64,
    /// Past their limit.
    pub overdue: i64,
    /// Sent back, and the time to correct has passed (到期未补正).
    pub uncorrected: i64,
    /// To be decided by the end of today, the court's own target (当日审核).
    pub target_today: i64,
    /// Share of the last 30 days that met the same-day target, percent; absent where the court has none.
    pub same_day_percent: Option<i64>,
}

#[cfg(test)]
#[path = "views_tests.rs"]
mod tests;
