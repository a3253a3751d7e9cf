//! A case as shown: parties masked for the viewer, clocks, timeline, electronic file.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use sqlx::FromRow;
use uuid::Uuid;

use super::closing::Manner;
use super::views::{Act, Clock, PaperRef};
use super::words::{Capacity, CaseAct, CaseKind, CaseStage, PanelRole, PartyKind, PartySide, Power, Procedure, RepresentativeKind, Volume};

/// 最近一步.
#[derive(Debug, Clone, Object)]
pub struct LastAct {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub text: String,
    /// What, in English.
    pub text_en: String,
}

/// A case in a list.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CaseSummary {
    /// Court.
    pub court_id: i32,
    /// Its name.
    pub court_name: String,
    /// Case.
    pub id: Uuid,
    /// 案号.
    pub number: String,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: CaseKind,
    /// 案由.
    pub cause_name: String,
    /// Stage.
    pub stage: CaseStage,
    /// Procedure.
    pub procedure: Procedure,
    /// Docketed.
    pub filed_at: DateTime<Utc>,
    /// My capacity, for parties and counsel.
    pub my_capacity: Option<Capacity>,
    /// 结案 time; none while the case is open.
    pub closed_at: Option<DateTime<Utc>>,
    /// 结案方式.
    pub closed_how: Option<Manner>,
    /// The clock that ends next.
    pub next_clock: Option<Clock>,
    /// The last act.
    pub last_act: Option<LastAct>,
    /// 封存.
    pub sealed: bool,
}

/// A page of cases.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CaseList {
    /// The cases.
    pub items: Vec<CaseSummary>,
    /// Ask with it for the next page.
    pub next_cursor: Option<String>,
}

/// 诉讼代理人.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CaseRepresentative {
    /// Representative.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Firm.
    pub unit: Option<String>,
    /// Kind.
    pub kind: RepresentativeKind,
    /// 代理权限.
    pub power: Power,
    /// Acts still.
    pub active: bool,
    /// Has joined with an account.
    pub joined: bool,
}

/// 当事人.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CaseParty {
    /// Party.
    pub id: Uuid,
    /// Side.
    pub side: PartySide,
    /// Kind.
    pub kind: PartyKind,
    /// Name.
    pub name: String,
    /// Number, masked for the viewer.
    pub id_masked: Option<String>,
    /// Phone, masked for the viewer.
    pub phone_masked: Option<String>,
    /// Address, as the viewer may see it.
    pub address: Option<String>,
    /// Has joined with an account.
    pub joined: bool,
    /// The viewer is this party.
    pub own: bool,
    /// Counsel.
    pub representatives: Vec<CaseRepresentative>,
}

/// 审判组织成员.
#[derive(Debug, Clone, Object, serde::Serialize, serde::Deserialize)]
pub struct CaseStaff {
    /// As what.
    pub role: PanelRole,
    /// Name.
    pub name: String,
    /// Account.
    pub person_id: Option<Uuid>,
}

/// 共享案件的同所律师.
#[derive(Debug, Clone, Object, FromRow)]
pub struct Colleague {
    /// Person.
    pub person_id: Uuid,
    /// Name.
    pub name: String,
    /// Since.
    pub since: DateTime<Utc>,
}

/// 下一步.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct NextStep {
    /// What comes next.
    pub title: String,
    /// In English.
    pub title_en: String,
    /// What it means for the viewer.
    pub text: String,
    /// In English.
    pub text_en: String,
    /// By when.
    pub by: Option<Clock>,
    /// What the viewer can press.
    pub action: Option<String>,
}

/// The viewer.
#[derive(Debug, Clone, Object)]
pub struct CaseViewer {
    /// As whom.
    pub capacity: Capacity,
    /// What the viewer may do.
    pub may: Vec<CaseAct>,
}

/// 原审案件: the case of first instance an appeal comes from.
#[derive(Debug, Clone, Object)]
pub struct Origin {
    /// Its court.
    pub court_id: i32,
    /// The court's name.
    pub court_name: String,
    /// Case there.
    pub case_id: Uuid,
    /// 案号.
    pub number: String,
}

/// 案件.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Case {
    /// Court.
    pub court_id: i32,
    /// Its name.
    pub court_name: String,
    /// Case.
    pub id: Uuid,
    /// 案号.
    pub number: String,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: CaseKind,
    /// 案由.
    pub cause_name: String,
    /// Stage.
    pub stage: CaseStage,
    /// Procedure.
    pub procedure: Procedure,
    /// Docketed.
    pub filed_at: DateTime<Utc>,
    /// My capacity.
    pub my_capacity: Option<Capacity>,
    /// 结案 time; none while the case is open.
    pub closed_at: Option<DateTime<Utc>>,
    /// 结案方式.
    pub closed_how: Option<Manner>,
    /// 封存.
    pub sealed: bool,
    /// Version.
    pub version: i32,
    /// The filing it comes from.
    pub filing_id: Uuid,
    /// 原审案件, of second instance.
    pub origin: Option<Origin>,
    /// 退卷: when the file went back to the court below, of second instance.
    pub file_returned_at: Option<DateTime<Utc>>,
    /// 标的额, fen.
    pub amount_fen: Option<i64>,
    /// Parties.
    pub parties: Vec<CaseParty>,
    /// 审判组织.
    pub staff: Vec<CaseStaff>,
    /// Clocks.
    pub clocks: Vec<Clock>,
    /// 经过, newest first.
    pub timeline: Vec<Act>,
    /// Papers of the court the viewer may read.
    pub papers: Vec<PaperRef>,
    /// 下一步.
    pub next_step: Option<NextStep>,
    /// Colleagues counsel shares the case with; for that counsel alone.
    pub colleagues: Vec<Colleague>,
    /// The viewer.
    pub viewer: CaseViewer,
}

/// A leaf of the file.
#[derive(Debug, Clone, Object, sqlx::FromRow)]
#[oai(skip_serializing_if_is_none)]
pub struct Leaf {
    /// Leaf.
    pub id: Uuid,
    /// Number in the file.
    pub n: i32,
    /// Title.
    pub title: String,
    /// Class.
    pub doc_class: String,
    /// Who made it.
    pub maker: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Media type.
    pub media_type: String,
    /// Bytes.
    pub size: Option<i64>,
    /// Pages.
    pub pages: Option<i32>,
    /// SHA-256.
    pub sha256: Option<String>,
    /// SM3.
    pub sm3: Option<String>,
    /// 核验码.
    pub verify_code: Option<String>,
    /// In the 正卷, but for the court alone: it carries a code, say.
    pub staff_only: bool,
}

/// A folder of the file.
#[derive(Debug, Object)]
pub struct CaseFolder {
    /// Number in the standard order.
    pub n: i32,
    /// Name.
    pub name: String,
    /// 正卷 or 副卷.
    pub volume: Volume,
    /// Leaves.
    pub leaves: Vec<Leaf>,
}

/// 电子卷宗.
#[derive(Debug, Object)]
pub struct CaseFile {
    /// Folders in the standard order; empty ones are left out.
    pub folders: Vec<CaseFolder>,
}

/// A code with which a party joins.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct JoinCode {
    /// Party.
    pub party_id: Uuid,
    /// Name.
    pub party_name: String,
    /// The code.
    pub code: String,
    /// Used.
    pub used_at: Option<DateTime<Utc>>,
    /// Ends.
    pub expires_at: DateTime<Utc>,
}

/// Codes of a case.
#[derive(Debug, Object)]
pub struct JoinCodes {
    /// One for each party that has not joined.
    pub items: Vec<JoinCode>,
}
