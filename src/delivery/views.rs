//! What the doors of service show. Owns the shapes; holds no SQL and decides nothing.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use serde_json::Value;
use uuid::Uuid;

use crate::docket::views::Clock;

/// A paper of a service.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServedPaper {
    /// Place in the bundle.
    pub n: i32,
    /// 名称.
    pub title: String,
    /// Its class.
    pub kind: String,
    /// Its media type.
    pub media_type: String,
    /// The paper, where it is one we issued.
    pub paper_id: Option<Uuid>,
    /// Pages, once set.
    pub pages: Option<i32>,
    /// SHA-256 of what is served, once fixed.
    pub sha256: Option<String>,
}

/// The next step of a recipient.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceNext {
    /// send, wait, remind, post, by_hand, public_notice, to_ordinary, decide_rebuttal, no_way_left, done.
    pub step: String,
    /// Nothing before this.
    pub until: Option<String>,
    /// The ways open by hand.
    pub ways: Vec<String>,
    /// Why.
    pub why: String,
    /// Why, in English.
    pub why_en: String,
    /// 依据.
    pub article: String,
}

impl ServiceNext {
    /// As the row keeps it.
    pub fn of(kept: &Value) -> Self {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        Self {
            step: text(&kept["step"]),
            until: kept["until"].as_str().map(str::to_owned),
            ways: kept["ways"].as_array().into_iter().flatten().map(text).collect(),
            why: text(&kept["zh"]),
            why_en: text(&kept["en"]),
            article: text(&kept["article"]["zh"]),
        }
    }
}

/// A row of the service desk.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DeskRow {
    /// Service.
    pub service_id: Uuid,
    /// Recipient.
    pub recipient_id: Uuid,
    /// Case.
    pub case_id: Uuid,
    /// 案号.
    pub number: String,
    /// 受送达人.
    pub party: String,
    /// 诉讼地位.
    pub role: String,
    /// Titles of the papers.
    pub papers: Vec<String>,
    /// Ordered.
    pub since: DateTime<Utc>,
    /// electronic, paper, waiting_for_clerk, waiting_for_judge, done, stuck, cancelled.
    pub state: String,
    /// yes, presumed, no, notice_unusable.
    pub effect: String,
    /// 结果代码.
    pub row_code: Option<String>,
    /// Served.
    pub served_at: Option<DateTime<Utc>>,
    /// 送达日.
    pub served_day: Option<NaiveDate>,
    /// What comes next.
    pub next: ServiceNext,
    /// Version, for If-Match.
    pub version: i32,
}

/// How many are in a state.
#[derive(Debug, Clone, Object, sqlx::FromRow)]
pub struct StateCount {
    /// State.
    pub state: String,
    /// How many.
    pub n: i64,
}

/// A page of the service desk.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Desk {
    /// Rows, the longest waiting first.
    pub items: Vec<DeskRow>,
    /// By state.
    pub counts: Vec<StateCount>,
    /// Ask with it for the next page.
    pub next_cursor: Option<Uuid>,
}

/// A report of a sending.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceEvent {
    /// What, as a stable word.
    pub what: String,
    /// What.
    pub name: String,
    /// What, in English.
    pub name_en: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why it came back.
    pub reason: Option<String>,
}

/// What became of a sending.
#[derive(Debug, Clone, Object)]
pub struct ServiceFinding {
    /// 结果代码.
    pub row: String,
    /// Served?
    pub effect: String,
    /// 依据.
    pub article: String,
    /// Why.
    pub text: String,
    /// Why, in English.
    pub text_en: String,
}

/// A sending.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceAttempt {
    /// Attempt.
    pub id: Uuid,
    /// The way.
    pub channel: String,
    /// Its name.
    pub channel_name: String,
    /// The address, masked.
    pub masked: Option<String>,
    /// service, simple_notice, companion.
    pub purpose: String,
    /// How the address stood.
    pub standing: String,
    /// The consent then.
    pub consent: String,
    /// Sent.
    pub started_at: DateTime<Utc>,
    /// 邮件号.
    pub tracking: Option<String>,
    /// Reports.
    pub events: Vec<ServiceEvent>,
    /// What became of it.
    pub finding: Option<ServiceFinding>,
    /// Reports in words nobody here knows; for the court's people.
    pub unread: Vec<UnreadReport>,
}

/// A report of an outside service whose word is not understood: kept as it came, and no part of any finding.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct UnreadReport {
    /// mail, national_platform, chat.
    pub adapter: String,
    /// Its word.
    pub word: String,
    /// What it says beside it.
    pub reason: Option<String>,
    /// When it came.
    pub received_at: DateTime<Utc>,
}

/// 异议.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceRebuttal {
    /// Rebuttal.
    pub id: Uuid,
    /// Against which sending.
    pub attempt_id: Uuid,
    /// Ground.
    pub ground: String,
    /// The recipient's words.
    pub account: String,
    /// What goes with them, as leaves of the file.
    pub leaves: Vec<Uuid>,
    /// open, upheld, rejected.
    pub state: String,
    /// Made.
    pub filed_at: DateTime<Utc>,
    /// Decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Reasons.
    pub reasons: Option<String>,
}

/// 送达凭证.
#[derive(Debug, Clone, Object, sqlx::FromRow)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceCertificate {
    /// Which one; the last holds.
    pub n: i32,
    /// The paper.
    pub paper_id: Uuid,
    /// What it says.
    pub effect: String,
    /// 结果代码.
    pub row_code: String,
    /// 送达日.
    pub served_day: Option<NaiveDate>,
    /// Lines of the trail it is made from.
    pub trail_n: i32,
    /// The hash of the last of them.
    pub trail_hash: String,
    /// Made.
    pub issued_at: DateTime<Utc>,
}

/// 受送达人.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceRecipient {
    /// Recipient.
    pub id: Uuid,
    /// Party.
    pub party_id: Uuid,
    /// Name.
    pub name: String,
    /// 诉讼地位.
    pub role: String,
    /// State.
    pub state: String,
    /// Served?
    pub effect: String,
    /// Its name.
    pub effect_name: String,
    /// Its name in English.
    pub effect_name_en: String,
    /// 结果代码.
    pub row_code: Option<String>,
    /// Served.
    pub served_at: Option<DateTime<Utc>>,
    /// 送达日.
    pub served_day: Option<NaiveDate>,
    /// The first day a period counts.
    pub counts_from: Option<NaiveDate>,
    /// 依据.
    pub article: Option<String>,
    /// A rebuttal is open.
    pub contested: bool,
    /// The side sees it since.
    pub announced_at: Option<DateTime<Utc>>,
    /// What was tried.
    pub attempts: Vec<ServiceAttempt>,
    /// Rebuttals.
    pub rebuttals: Vec<ServiceRebuttal>,
    /// Certificates, oldest first.
    pub certificates: Vec<ServiceCertificate>,
    /// What comes next.
    pub next: ServiceNext,
    /// Version.
    pub version: i32,
}

/// 一次送达.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Service {
    /// Service.
    pub id: Uuid,
    /// The act it belongs to.
    pub act_id: Uuid,
    /// Case.
    pub case_id: Uuid,
    /// 案号.
    pub number: String,
    /// Ordered.
    pub ordered_at: DateTime<Utc>,
    /// By whom.
    pub ordered_by: String,
    /// May be served electronically, with consent.
    pub electronic: bool,
    /// What it is bound to.
    pub conditions: Vec<String>,
    /// By which rule.
    pub basis: String,
    /// The papers.
    pub papers: Vec<ServedPaper>,
    /// The recipients.
    pub recipients: Vec<ServiceRecipient>,
}

/// What one act made.
#[derive(Debug, Object)]
pub struct ServiceAct {
    /// The act.
    pub act_id: Uuid,
    /// Its services: papers that one rule lets go together.
    pub services: Vec<Service>,
}

/// A task of the desk.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceTask {
    /// Task.
    pub id: Uuid,
    /// call, post, by_hand, public_notice, to_ordinary, decide_rebuttal, no_way_left, paper_copy, check_number.
    pub kind: String,
    /// Service.
    pub service_id: Uuid,
    /// Recipient.
    pub recipient_id: Uuid,
    /// Case.
    pub case_id: Uuid,
    /// 案号.
    pub number: String,
    /// 受送达人.
    pub party: String,
    /// The plan's own words of it: day, ways, address, conditions.
    pub detail: Value,
    /// Postal address, for the label.
    pub address: Option<PostalLabel>,
    /// Since.
    pub since: DateTime<Utc>,
}

/// 邮寄标签.
#[derive(Debug, Clone, Object)]
pub struct PostalLabel {
    /// 收件人.
    pub receiver: String,
    /// 电话.
    pub phone: String,
    /// 地址.
    pub address: String,
}

/// Tasks.
#[derive(Debug, Object)]
pub struct TaskList {
    /// The longest waiting first.
    pub items: Vec<ServiceTask>,
}

/// An entry of one's inbox.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct InboxItem {
    /// Court.
    pub court_id: i32,
    /// Its name.
    pub court_name: String,
    /// Case.
    pub case_id: Uuid,
    /// 案号.
    pub number: String,
    /// Title of the case.
    pub title: String,
    /// Service.
    pub service_id: Uuid,
    /// Recipient.
    pub recipient_id: Uuid,
    /// For whom: the party.
    pub party: String,
    /// As what one sees it: plaintiff, defendant …, representative, or colleague, who reads and does not answer.
    pub capacity: String,
    /// The papers.
    pub papers: Vec<ServedPaper>,
    /// In the inbox since.
    pub announced_at: DateTime<Utc>,
    /// False where it is shown for information only, without consent to electronic service.
    pub is_service: bool,
    /// Served?
    pub effect: String,
    /// Served.
    pub served_at: Option<DateTime<Utc>>,
    /// 送达日.
    pub served_day: Option<NaiveDate>,
    /// The first day a period counts.
    pub counts_from: Option<NaiveDate>,
    /// 结果代码.
    pub row_code: Option<String>,
    /// 依据.
    pub article: Option<String>,
    /// The same in English.
    pub article_en: Option<String>,
    /// A presumption that may be rebutted.
    pub rebuttable: bool,
    /// A rebuttal is open.
    pub contested: bool,
    /// First read.
    pub read_at: Option<DateTime<Utc>>,
    /// Periods it started.
    pub clocks: Vec<Clock>,
}

/// 收件箱.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Inbox {
    /// Newest first.
    pub items: Vec<InboxItem>,
    /// Nobody of the side has read them.
    pub unread: i64,
    /// A period of one's own runs.
    pub due: i64,
    /// Ask with it for the next page.
    pub next_cursor: Option<Uuid>,
}
