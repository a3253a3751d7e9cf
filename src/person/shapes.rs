//! The shapes of an account on the wire. Owns no rule; carries no whole number of a document.

use chrono::{DateTime, Utc};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::identity::{ProofKind, ProofState};
use crate::court::role::Role;
use crate::kit::words::choices;

/// 发验证码的用途.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Purpose {
    /// 注册.
    SignUp,
    /// 登录.
    SignIn,
    /// 确认是本人 (changing the password).
    Bind,
}

impl Purpose {
    /// The name in `one_time_codes.purpose`.
    pub fn key(self) -> &'static str {
        match self {
            Purpose::SignUp => "sign_up",
            Purpose::SignIn => "sign_in",
            Purpose::Bind => "bind",
        }
    }
}

/// 要验证码.
#[derive(Object)]
pub struct CodeWanted {
    /// Mobile number.
    #[oai(validator(max_length = 40))]
    pub mobile: String,
    /// What for.
    pub purpose: Purpose,
}

/// 验证码已发.
#[derive(Object)]
pub struct CodeSent {
    /// Seconds the code is good for.
    pub expires_in_s: u32,
    /// Seconds until another may be asked for.
    pub resend_after_s: u32,
}

/// 身份.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Standing {
    /// 自然人.
    Natural,
    /// 法人或非法人组织, through one who acts for it.
    Organisation,
    /// 律师.
    Lawyer,
    /// 基层法律服务工作者.
    LegalWorker,
}

impl Standing {
    /// The name in `people.standing`.
    pub fn key(self) -> &'static str {
        match self {
            Standing::Natural => "natural",
            Standing::Organisation => "organisation",
            Standing::Lawyer => "lawyer",
            Standing::LegalWorker => "legal_worker",
        }
    }
}

/// 个人证件种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum IdType {
    /// 居民身份证.
    ResidentId,
    /// 护照.
    Passport,
    /// 港澳居民来往内地通行证.
    HkMacauPermit,
    /// 台湾居民来往大陆通行证.
    TaiwanPermit,
    /// 外国人永久居留身份证.
    ForeignPermanent,
}

impl From<IdType> for ProofKind {
    fn from(id: IdType) -> Self {
        match id {
            IdType::ResidentId => ProofKind::ResidentId,
            IdType::Passport => ProofKind::Passport,
            IdType::HkMacauPermit => ProofKind::HkMacauPermit,
            IdType::TaiwanPermit => ProofKind::TaiwanPermit,
            IdType::ForeignPermanent => ProofKind::ForeignPermanent,
        }
    }
}

/// 单位.
#[derive(Object)]
pub struct OrganisationClaim {
    /// 名称.
    #[oai(validator(max_length = 2000))]
    pub name: String,
    /// 统一社会信用代码.
    #[oai(validator(max_length = 100))]
    pub uscc: String,
    /// 法定代表人或负责人.
    #[oai(validator(max_length = 2000))]
    pub representative: String,
}

/// 执业证.
#[derive(Object)]
pub struct LicenceClaim {
    /// Licence number.
    #[oai(validator(max_length = 100))]
    pub number: String,
    /// 律师事务所或法律服务所.
    #[oai(validator(max_length = 2000))]
    pub firm: String,
    /// Its credit code.
    #[oai(validator(max_length = 100))]
    pub firm_uscc: Option<String>,
}

/// 注册.
#[derive(Object)]
pub struct SignUp {
    /// Mobile number.
    #[oai(validator(max_length = 40))]
    pub mobile: String,
    /// The code sent to it.
    #[oai(validator(max_length = 20))]
    pub code: String,
    /// Password.
    #[oai(validator(max_length = 1000))]
    pub password: String,
    /// Standing.
    pub standing: Standing,
    /// 姓名 (of the natural person who uses the account).
    #[oai(validator(max_length = 20000))]
    pub name: String,
    /// Kind of document.
    pub id_type: IdType,
    /// Its number.
    #[oai(validator(max_length = 100))]
    pub id_number: String,
    /// E-mail address.
    #[oai(validator(max_length = 400))]
    pub email: Option<String>,
    /// The organisation, for standing `organisation`.
    pub organisation: Option<OrganisationClaim>,
    /// The licence, for standing `lawyer` and `legal_worker`.
    pub licence: Option<LicenceClaim>,
}

/// 登录.
#[derive(Object)]
pub struct SignIn {
    /// Mobile number, ID number, licence number or credit code.
    #[oai(validator(max_length = 100))]
    pub identifier: String,
    /// Password; this or `code`.
    #[oai(validator(max_length = 1000))]
    pub password: Option<String>,
    /// One-time code sent to the account's mobile number.
    #[oai(validator(max_length = 20))]
    pub code: Option<String>,
    /// Code of the authenticator, where it is turned on.
    #[oai(validator(max_length = 20))]
    pub totp: Option<String>,
}

/// 身份凭证.
#[derive(Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Proof {
    /// Id.
    pub id: Uuid,
    /// Kind.
    pub kind: ProofKind,
    /// As people call it.
    pub label: String,
    /// Number, masked.
    pub number_masked: String,
    /// Whose it is.
    pub holder: String,
    /// 执业机构.
    pub firm: Option<String>,
    /// How far it was checked.
    pub state: ProofState,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Open this to show one's face; then ask for the check again.
    pub check_url: Option<String>,
    /// For the court that checks it: the person's latest filing here, where copies of the documents lie.
    pub filing_id: Option<Uuid>,
}

/// A role held somewhere.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct RoleHeld {
    /// The role.
    pub role: Role,
    /// Court; everywhere when absent.
    pub court_id: Option<i32>,
    /// Its name.
    pub court_name: Option<String>,
}

/// 界面疏密.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Density {
    /// 大字.
    Large,
    /// 宽松.
    Easy,
    /// 办公.
    Office,
    /// 紧凑.
    Dense,
}

impl Density {
    /// The name in `people.density`.
    pub fn key(self) -> &'static str {
        match self {
            Density::Large => "large",
            Density::Easy => "easy",
            Density::Office => "office",
            Density::Dense => "dense",
        }
    }

    /// The density of that name.
    pub fn parse(key: &str) -> Option<Self> {
        [Density::Large, Density::Easy, Density::Office, Density::Dense].into_iter().find(|d| d.key() == key)
    }
}

/// 界面语言.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Language {
    /// 中文.
    Zh,
    /// English.
    En,
}

impl Language {
    /// The name in `people.language`.
    pub fn key(self) -> &'static str {
        match self {
            Language::Zh => "zh",
            Language::En => "en",
        }
    }
}

choices! {
    /// As what an account was made: by its owner, or by a court for its people.
    AccountStanding {
        /// 自然人.
        Natural = "natural",
        /// 法人或非法人组织.
        Organisation = "organisation",
        /// 律师.
        Lawyer = "lawyer",
        /// 基层法律服务工作者.
        LegalWorker = "legal_worker",
        /// 法院工作人员.
        Staff = "staff",
    }
}

/// 我.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Me {
    /// Id.
    pub person_id: Uuid,
    /// 姓名.
    pub name: String,
    /// Mobile number, masked.
    pub mobile_masked: String,
    /// Number of the personal document, masked.
    pub id_masked: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// As what the account was made.
    pub standing: AccountStanding,
    /// Language of the pages.
    pub language: Language,
    /// Density of the pages.
    pub density: Option<Density>,
    /// 大字版.
    pub large_type: bool,
    /// The authenticator is turned on.
    pub totp_enabled: bool,
    /// The authenticator must be turned on before anything can be done as staff.
    pub totp_needed: bool,
    /// A second factor was shown in this session.
    pub second_factor: bool,
    /// Proofs of identity.
    pub proofs: Vec<Proof>,
    /// Roles.
    pub roles: Vec<RoleHeld>,
    /// When this session ends at the latest.
    pub session_expires_at: DateTime<Utc>,
}

/// What the person may change.
#[derive(Object)]
pub struct AccountChange {
    /// E-mail address; empty takes it away.
    #[oai(validator(max_length = 400))]
    pub email: Option<String>,
    /// Language of the pages.
    pub language: Option<Language>,
    /// Density of the pages.
    pub density: Option<Density>,
    /// 大字版.
    pub large_type: Option<bool>,
}

/// 添加凭证.
#[derive(Object)]
pub struct NewProof {
    /// Kind.
    pub kind: ProofKind,
    /// Number.
    #[oai(validator(max_length = 100))]
    pub number: String,
    /// Whose it is, for an organisation: its name.
    #[oai(validator(max_length = 2000))]
    pub holder: Option<String>,
    /// 执业机构, for a licence.
    #[oai(validator(max_length = 2000))]
    pub firm: Option<String>,
    /// Its credit code.
    #[oai(validator(max_length = 100))]
    pub firm_uscc: Option<String>,
    /// 法定代表人, for an organisation.
    #[oai(validator(max_length = 2000))]
    pub representative: Option<String>,
}

/// 核验方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CheckMethod {
    /// 与登记信息比对.
    Registry,
    /// 人脸.
    Face,
}

/// 核验.
#[derive(Object)]
pub struct CheckWanted {
    /// How.
    pub method: CheckMethod,
}

/// 改密码.
#[derive(Object)]
pub struct PasswordChange {
    /// The present password; this or `code`.
    #[oai(validator(max_length = 1000))]
    pub current: Option<String>,
    /// A one-time code sent to the account's mobile number (purpose `bind`).
    #[oai(validator(max_length = 20))]
    pub code: Option<String>,
    /// The new password.
    #[oai(validator(max_length = 1000))]
    pub password: String,
}

/// 换手机号.
#[derive(Object)]
pub struct MobileChange {
    /// The new number.
    #[oai(validator(max_length = 40))]
    pub mobile: String,
    /// The one-time code sent to it (purpose `bind`).
    #[oai(validator(max_length = 20))]
    pub code: String,
    /// The present password.
    #[oai(validator(max_length = 1000))]
    pub password: String,
}

/// 找回.
#[derive(Object)]
pub struct RecoveryWanted {
    /// Mobile number, ID number, licence number or credit code.
    #[oai(validator(max_length = 100))]
    pub identifier: String,
}

/// 已受理.
#[derive(Object)]
pub struct RecoverySent {
    /// Minutes the link is good for, if there is such an account.
    pub expires_in_minutes: u32,
}

/// 设密码.
#[derive(Object)]
pub struct NewPassword {
    /// The new password.
    #[oai(validator(max_length = 1000))]
    pub password: String,
}

/// 动态口令的密钥.
#[derive(Object)]
pub struct TotpSecret {
    /// To type into an app.
    pub secret: String,
    /// To show as a QR code.
    pub otpauth_url: String,
}

/// 动态口令.
#[derive(Object)]
pub struct TotpCode {
    /// Six digits.
    #[oai(validator(max_length = 20))]
    pub code: String,
}

/// 会话.
#[derive(Object)]
pub struct SessionView {
    /// Id.
    pub id: Uuid,
    /// The one asking.
    pub current: bool,
    /// Start.
    pub created_at: DateTime<Utc>,
    /// Last use, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// End at the latest.
    pub expires_at: DateTime<Utc>,
    /// Browser.
    pub user_agent: String,
    /// Address, its last part hidden.
    pub ip_masked: String,
}

/// One's sessions.
#[derive(Object)]
pub struct SessionList {
    /// Newest first.
    pub items: Vec<SessionView>,
}
