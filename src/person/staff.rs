//! The doors of 本院人员 and 身份核验: a court's administrator makes and keeps the accounts of its people; its clerks
//! check the proofs of those who file here. Owns their addresses and shapes; the steps are in staff_steps.rs.

use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::identity::ProofState;
use super::shapes::Proof;
use super::staff_steps::{add, change, decide, page, shown};
use super::{lost, proofs, staff_store};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::role::Role;
use crate::error::Result;
use crate::kit::answer::{Created, NoContent, created};
use crate::kit::words::choices;

/// 可授予的角色.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum StaffRole {
    /// 法官.
    Judge,
    /// 书记员.
    Clerk,
    /// 庭长.
    PresidingJudge,
    /// 法院管理员.
    CourtAdmin,
    /// 安全管理员.
    SecurityAdmin,
    /// 审计员.
    Auditor,
    /// 技术人员.
    Technician,
    /// 调解员.
    Mediator,
}

impl From<StaffRole> for Role {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Judge => Role::Judge,
            StaffRole::Clerk => Role::Clerk,
            StaffRole::PresidingJudge => Role::PresidingJudge,
            StaffRole::CourtAdmin => Role::CourtAdmin,
            StaffRole::SecurityAdmin => Role::SecurityAdmin,
            StaffRole::Auditor => Role::Auditor,
            StaffRole::Technician => Role::Technician,
            StaffRole::Mediator => Role::Mediator,
        }
    }
}

choices! {
    /// How a colleague stands at a court.
    StaffState {
        /// 已邀请，尚未启用.
        Invited = "invited",
        /// 在岗.
        Active = "active",
        /// 已停用.
        Suspended = "suspended",
    }
}

/// 本院人员.
#[derive(Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Staff {
    /// The person.
    pub person_id: Uuid,
    /// 姓名.
    pub name: String,
    /// Mobile number, masked.
    pub mobile_masked: String,
    /// Roles at this court.
    pub roles: Vec<Role>,
    /// Of a mediator: the class.
    pub mediator_class: Option<MediatorClass>,
    /// How he or she stands here.
    pub state: StaffState,
    /// The authenticator is turned on.
    pub totp_enabled: bool,
}

/// A page of people.
#[derive(Object)]
pub struct StaffList {
    /// The people.
    pub items: Vec<Staff>,
    /// Ask with this for more.
    pub next_cursor: Option<String>,
}

/// 调解员的类别 (山东高院 2020 第 9 号 七).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum MediatorClass {
    /// 人民调解员.
    People,
    /// 特邀调解员.
    Invited,
    /// 律师调解员.
    Lawyer,
}

impl MediatorClass {
    /// The word in `role_grants.mediator_class`.
    pub fn key(self) -> &'static str {
        match self {
            MediatorClass::People => "people",
            MediatorClass::Invited => "invited",
            MediatorClass::Lawyer => "lawyer",
        }
    }
}

/// 新的工作人员.
#[derive(Object)]
pub struct NewStaff {
    /// 姓名.
    #[oai(validator(max_length = 2000))]
    pub name: String,
    /// Mobile number, where the link goes.
    #[oai(validator(max_length = 40))]
    pub mobile: String,
    /// Resident ID number.
    #[oai(validator(max_length = 100))]
    pub id_number: String,
    /// Roles at this court.
    #[oai(validator(min_items = 1, max_items = 8))]
    pub roles: Vec<StaffRole>,
    /// The class of a mediator; mandatory with that role.
    pub mediator_class: Option<MediatorClass>,
}

/// 变更.
#[derive(Object)]
pub struct StaffChange {
    /// The roles that are to be held at this court, all of them.
    #[oai(validator(max_items = 8))]
    pub roles: Vec<StaffRole>,
    /// The class of a mediator; mandatory with that role.
    pub mediator_class: Option<MediatorClass>,
    /// Suspended at this court.
    pub suspended: bool,
}

/// A page of proofs.
#[derive(Object)]
pub struct ProofList {
    /// The proofs, oldest first.
    pub items: Vec<Proof>,
    /// Ask with this for more.
    pub next_cursor: Option<String>,
}

/// 核验结论.
#[derive(Object)]
pub struct ProofDecision {
    /// checked_by_clerk or rejected.
    pub state: ProofState,
    /// Why, when rejected.
    #[oai(validator(max_length = 2000))]
    pub reason: Option<String>,
}

/// The doors.
pub struct StaffApi;

#[OpenApi]
impl StaffApi {
    /// 本院人员.
    #[oai(path = "/courts/:court/people", method = "get", operation_id = "list_people")]
    async fn people(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        cursor: Query<Option<Uuid>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u32>>,
    ) -> Result<Json<StaffList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::PeopleRead).await?;
        let limit = i64::from(limit.0.unwrap_or(200));
        let rows = staff_store::people(&mut tx, None, cursor.0, limit + 1).await?;
        let (rows, next_cursor) = page(rows, limit, |row| row.person_id);
        let items = rows.into_iter().map(|row| shown(&tx, row)).collect::<Result<_>>()?;
        Ok(Json(StaffList { items, next_cursor }))
    }

    /// 新增工作人员: a new account gets a link that works once; an account that exists is joined.
    #[oai(path = "/courts/:court/people", method = "post", operation_id = "add_person")]
    async fn add(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<NewStaff>,
    ) -> Result<Created<Staff>> {
        Ok(created(add(app, &caller, court.0, key.0, &body.0).await?))
    }

    /// 变更工作人员的角色, suspend or bring back; in force at once.
    #[oai(path = "/courts/:court/people/:person", method = "put", operation_id = "change_person")]
    async fn change(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        person: Path<Uuid>,
        body: Json<StaffChange>,
    ) -> Result<Json<Staff>> {
        Ok(Json(change(app, &caller, court.0, person.0, &body.0).await?))
    }

    /// 重置身份验证器: sends the colleague a link that works once, to the mobile number of the account.
    #[oai(path = "/courts/:court/people/:person/authenticator-reset", method = "post", operation_id = "reset_authenticator")]
    async fn reset_authenticator(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, person: Path<Uuid>) -> Result<NoContent> {
        lost::reset_authenticator(app, &caller, court.0, person.0).await?;
        Ok(NoContent::NoContent)
    }

    /// 待核验的身份凭证, of people with a filing or a case here.
    #[oai(path = "/courts/:court/proofs", method = "get", operation_id = "list_proofs")]
    async fn proofs(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        state: Query<Option<ProofState>>,
        cursor: Query<Option<Uuid>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u32>>,
    ) -> Result<Json<ProofList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ProofRead).await?;
        let limit = i64::from(limit.0.unwrap_or(50));
        let rows = staff_store::proofs(&mut tx, state.0.map(ProofState::key), cursor.0, limit + 1).await?;
        let (rows, next_cursor) = page(rows, limit, |row| row.proof_id);
        Ok(Json(ProofList { items: rows.into_iter().filter_map(proofs::shown).collect(), next_cursor }))
    }

    /// 核验结论. A rejected licence takes its role away; a rejected number is free again.
    #[oai(path = "/courts/:court/proofs/:proof", method = "put", operation_id = "decide_proof")]
    async fn decide(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        proof: Path<Uuid>,
        body: Json<ProofDecision>,
    ) -> Result<Json<Proof>> {
        Ok(Json(decide(app, &caller, court.0, proof.0, &body.0).await?))
    }
}
