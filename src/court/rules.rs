//! 院级规则: the closed list of what a court may set, with names, units and the schema of each value.
//!
//! Owns the typed reading of a rule at a court on a day. A rule that is not here cannot be set; a value
//! that does not fit its schema is refused with the reason. Each value carries its legal basis (O04).

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::calendar::Period;
use super::count::LeadMode;
use super::periods::CountingModes;
use super::registry::{Registry, SetRule};
use crate::error::{Error, Result, said};

/// One kind of rule.
pub struct RuleKind {
    /// Key in tenants/ and in the API.
    pub key: &'static str,
    /// 名称.
    pub name: &'static str,
    /// Name in English.
    pub name_en: &'static str,
    /// Unit, where the value is a bare number.
    pub unit: Option<&'static str>,
    /// JSON Schema of the value.
    pub schema: fn() -> Value,
    /// True when it bears on filings under review, so that a change shows its effect on them.
    pub touches_filings: bool,
}

macro_rules! kinds {
    ($($key:literal, $name:literal, $en:literal, $unit:expr, $touches:literal, $schema:tt;)*) => {
        /// Every rule there is.
        pub const KINDS: &[RuleKind] = &[$(RuleKind {
            key: $key, name: $name, name_en: $en, unit: $unit, touches_filings: $touches, schema: || json!($schema),
        }),*];
    };
}

kinds! {
    "filing_review_days", "立案审查期限", "Review of a filing", Some("days"), true, {"type": "integer", "minimum": 1, "maximum": 7};
    "filing_same_day_target", "当日审核", "Same-day target", None, true, {"type": "boolean"};
    "correction_days", "补正期限", "Time to correct", Some("days"), false, {"type": "integer", "minimum": 1, "maximum": 30};
    "filing_email_required", "立案须填电子邮箱", "E-mail is asked of every filer", None, false, {"type": "boolean"};
    "filing_defendant_registration", "须交被告工商登记信息", "Registration of an organisation sued is asked for", None, false, {"type": "boolean"};
    "filing_papers", "本院要求提交的材料", "Papers this court asks for", None, false, {"type": "array", "maxItems": 30, "items": {"type": "object", "additionalProperties": false, "required": ["name", "name_en", "basis"], "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 60}, "name_en": {"type": "string", "minLength": 2, "maxLength": 100}, "basis": {"type": "string", "minLength": 2, "maxLength": 200},
        "kinds": {"type": "array", "uniqueItems": true, "items": {"enum": ["civil", "administrative", "enforcement"]}},
        "causes": {"type": "array", "maxItems": 50, "items": {"type": "string", "minLength": 2, "maxLength": 60}},
        "known_by": {"type": "array", "maxItems": 20, "items": {"type": "string", "minLength": 2, "maxLength": 40}}}}};
    "upload_max_bytes", "单个文件上限", "Largest file", Some("bytes"), false, {"type": "integer", "minimum": 1048576, "maximum": 2147483648u64};
    "upload_allowed_types", "可上传的文件类型", "Accepted file types", None, false, {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "^[a-z]+/[a-z0-9.+-]+$"}};
    "filing_kinds", "可网上立案的案件", "Kinds of case filed online", None, false, {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"enum": ["civil", "administrative", "enforcement"]}};
    "notice_lead", "开庭通知提前量", "Notice before a hearing", None, false, {"type": "object", "required": ["unit", "n"], "properties": {"unit": {"enum": ["days", "working_days"]}, "n": {"type": "integer", "minimum": 1, "maximum": 30}}};
    "hearing_notice_mode", "提前量的算法", "How the lead is counted", None, false, {"enum": ["A", "B"]};
    "hearing_types", "庭审类型", "Kinds of session", None, false, {"type": "array", "items": {"type": "object", "required": ["code", "name"]}};
    "criminal_online", "刑事案件网上开庭", "Criminal hearings online", None, false, {"type": "boolean"};
    "judgment_e_delivery", "裁判文书电子送达", "Judgments served electronically", None, false, {"type": "boolean"};
    "consent_path", "同意网上办理的方式", "Ways to consent", None, false, {"type": "array", "items": {"type": "string"}};
    "accepted_identity_proofs", "认可的身份核验", "Accepted identity proofs", None, false, {"type": "object"};
    "small_claims_wage_base", "小额诉讼工资基数", "Wage base of small claims", None, false, {"type": ["object", "null"]};
    "level_jurisdiction", "级别管辖标准", "Level jurisdiction", None, false, {"type": "object"};
    "foreign_level_threshold", "涉外级别管辖标准", "Level jurisdiction, foreign matters", None, false, {"type": "object"};
    "special_courts", "专门管辖", "Special jurisdiction", None, false, {"type": "array"};
    "makeup_day_is_working", "调休日算工作日", "Make-up days are working days", None, true, {"type": "boolean"};
    "roll_internal", "内部期限顺延", "Internal periods roll", None, false, {"type": "boolean"};
    "roll_measures", "保全期限顺延", "Preservation periods roll", None, false, {"type": "boolean"};
    "service_counter_hours", "窗口时间", "Counter hours", None, false, {"type": ["object", "null"]};
    "fees", "诉讼费用", "Litigation fees", None, false, {
        "type": "object",
        "additionalProperties": false,
        "required": ["rounding_mode", "payment_days", "refund_days"],
        "properties": {
            "divorce_base_fen": {"type": "integer", "minimum": 5000, "maximum": 30000},
            "personality_base_fen": {"type": "integer", "minimum": 10000, "maximum": 50000},
            "other_nonproperty_base_fen": {"type": "integer", "minimum": 5000, "maximum": 10000},
            "ip_no_amount_base_fen": {"type": "integer", "minimum": 50000, "maximum": 100000},
            "jurisdiction_base_fen": {"type": "integer", "minimum": 5000, "maximum": 10000},
            "enforcement_no_amount_base_fen": {"type": "integer", "minimum": 5000, "maximum": 50000},
            "maritime_limitation_fund_base_fen": {"type": "integer", "minimum": 100000, "maximum": 1000000},
            "maritime_injunction_base_fen": {"type": "integer", "minimum": 100000, "maximum": 500000},
            "maritime_lien_notice_base_fen": {"type": "integer", "minimum": 100000, "maximum": 500000},
            "security_interest_fee_rule": {"enum": ["free", "flat", "property_third", "property_half", "property"]},
            "security_interest_base_fen": {"type": "integer", "minimum": 0, "maximum": 50000000},
            "rounding_mode": {"enum": ["half_up", "half_even", "down", "up", "half_up_yuan", "down_yuan"]},
            "payment_days": {"type": "integer", "minimum": 7, "maximum": 7},
            "refund_days": {"type": "integer", "minimum": 1, "maximum": 15}
        }
    };
    "allocation", "随机分案", "Allocation by lot", None, false, {"type": "object", "additionalProperties": false, "properties": {
        "at_docketing": {"type": "boolean"}, "balance": {"type": "integer", "minimum": 1, "maximum": 200}}};
    "roll_notice", "公告期满日顺延", "Last day of a public notice rolls", None, false, {"type": "boolean"};
    "roll_mediation", "调解期限顺延", "Mediation periods roll", None, false, {"type": "boolean"};
    "outage_rule", "故障顺延", "Outages and deadlines", None, false, {"type": ["object", "null"], "additionalProperties": false, "required": ["minutes", "action"], "properties": {
        "minutes": {"type": "integer", "minimum": 1, "maximum": 1440},
        "window": {"type": "object", "additionalProperties": false, "required": ["from", "until"], "properties": {
            "from": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}, "until": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}}},
        "last_hours": {"type": "integer", "minimum": 0, "maximum": 24},
        "action": {"enum": ["next_working_day", "hours"]}}};
    "service_rules", "送达规则", "Service", None, false, {"type": "object", "additionalProperties": false, "properties": {
        "order": {"type": "array", "uniqueItems": true, "items": {"enum": ["inbox", "national_platform", "email", "chat", "sms"]}},
        "companions": {"type": "array", "uniqueItems": true, "items": {"enum": ["sms"]}},
        "at_once": {"type": "integer", "minimum": 1, "maximum": 5}, "most_tries": {"type": "integer", "minimum": 1, "maximum": 10},
        "within_days": {"type": "integer", "minimum": 1, "maximum": 10}, "retry_after_hours": {"type": "integer", "minimum": 1, "maximum": 72},
        "report_hours": {"type": "integer", "minimum": 1, "maximum": 72},
        "reminder_days": {"type": "array", "maxItems": 5, "items": {"type": "integer", "minimum": 1, "maximum": 15}},
        "paper_by_day": {"type": "integer", "minimum": 1, "maximum": 30}, "post_days": {"type": "integer", "minimum": 5, "maximum": 60},
        "hand_days": {"type": "integer", "minimum": 5, "maximum": 60}, "mail_papers": {"enum": ["attached", "linked"]}}};
    "hearing_online", "在线庭审的范围", "What is heard online", None, false, {"type": "object", "additionalProperties": false, "required": ["case_kinds", "public_only"], "properties": {
        "case_kinds": {"type": "array", "uniqueItems": true, "items": {"enum": ["civil", "administrative", "enforcement", "criminal"]}},
        "public_only": {"type": "boolean"}}};
    "hearing_hours", "开庭时段", "Sittings", None, false, {"type": "object", "additionalProperties": false, "required": ["sittings", "step_minutes", "gap_minutes"], "properties": {
        "sittings": {"type": "array", "minItems": 1, "maxItems": 6, "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]:00$"}}},
        "step_minutes": {"type": "integer", "minimum": 5, "maximum": 120}, "gap_minutes": {"type": "integer", "minimum": 0, "maximum": 240}}};
    "hearing_rules", "庭审规则", "Hearings", None, false, {"type": "object", "additionalProperties": false, "properties": {
        "waiting_minutes": {"type": "integer", "minimum": 5, "maximum": 120},
        "reminder_hours": {"type": "array", "maxItems": 5, "uniqueItems": true, "items": {"type": "integer", "minimum": 1, "maximum": 168}},
        "withdrawal_hours": {"type": "integer", "minimum": 0, "maximum": 168}, "gallery_most": {"type": "integer", "minimum": 0, "maximum": 500},
        "seat_kept_minutes": {"type": "integer", "minimum": 1, "maximum": 60}, "warning_minutes": {"type": "integer", "minimum": 1, "maximum": 60},
        "provider": {"type": "string", "minLength": 2, "maxLength": 60}, "copy_video": {"type": "boolean"}, "speech_drafts": {"type": "boolean"}}};
    "hearing_discipline", "本院的庭审纪律", "Own points of discipline", None, false, {"type": "object", "additionalProperties": false, "required": ["points"], "properties": {
        "points": {"type": "array", "maxItems": 20, "items": {"type": "object", "additionalProperties": false, "required": ["for", "zh", "en", "basis"], "properties": {
            "for": {"enum": ["everybody", "party", "witness", "observer"]}, "zh": {"type": "string", "minLength": 2, "maxLength": 300},
            "en": {"type": "string", "minLength": 2, "maxLength": 500}, "basis": {"type": "string", "minLength": 2, "maxLength": 200}}}}}};
    "sms_texts", "短信文字", "Texts of messages", None, false, {"type": "object", "additionalProperties": {"type": "string", "maxLength": 300}};
    "sign_in_factors", "登录方式", "Factors of sign-in", None, false, {"type": "object"};
    "modules", "启用的功能", "Modules", None, false, {"type": "object", "additionalProperties": {"type": "boolean"}};
}

/// The kind with that key.
pub fn kind(key: &str) -> Option<&'static RuleKind> {
    KINDS.iter().find(|kind| kind.key == key)
}

/// Refuses a value that does not fit its rule.
///
/// # Errors
/// 404 for an unknown rule; 422 with the place and the reason.
pub fn check_value(key: &str, value: &Value) -> Result<&'static RuleKind> {
    let kind = kind(key).ok_or_else(Error::not_found)?;
    let schema = jsonschema::validator_for(&(kind.schema)()).map_err(|e| Error::internal(e.to_string()))?;
    if let Some(fault) = schema.iter_errors(value).next() {
        return Err(Error::invalid(
            "rule.value_invalid",
            said(format!("「{}」不能设成这个值：{fault}。", kind.name), format!("{} cannot have this value: {fault}.", kind.name_en)),
            said("请按规则说明的范围填写。", "Keep to the range the rule gives."),
        )
        .at(format!("/value{}", fault.instance_path())));
    }
    Ok(kind)
}

/// The rules of one court on one day.
pub struct CourtRules<'a> {
    registry: &'a Registry,
    court: i32,
    day: NaiveDate,
}

impl<'a> CourtRules<'a> {
    /// The rules of this court on this day (Beijing).
    pub fn on(registry: &'a Registry, court: i32, day: NaiveDate) -> Self {
        Self { registry, court, day }
    }

    /// The version in force.
    pub fn get(&self, key: &str) -> Option<SetRule> {
        self.registry.rule(self.court, key, self.day)
    }

    fn number(&self, key: &str, default: i64) -> i64 {
        self.get(key).and_then(|r| r.value.as_i64()).unwrap_or(default)
    }

    /// A rule that is yes or no; no where nothing is set.
    pub fn is_on(&self, key: &str) -> bool {
        self.get(key).and_then(|r| r.value.as_bool()).unwrap_or(false)
    }

    /// What the court has chosen where the law leaves the counting open.
    pub fn counting_modes(&self) -> CountingModes {
        let mode = self.get("hearing_notice_mode").and_then(|r| r.value.as_str().map(str::to_owned));
        CountingModes {
            roll_internal: self.is_on("roll_internal"),
            roll_measures: self.is_on("roll_measures"),
            roll_notice: self.is_on("roll_notice"),
            roll_mediation: self.get("roll_mediation").and_then(|r| r.value.as_bool()).unwrap_or(true),
            hearing_notice_mode: if mode.as_deref() == Some("A") { LeadMode::A } else { LeadMode::B },
        }
    }

    /// 立案审查期限, days. The law's seven where a court sets nothing.
    pub fn review_days(&self) -> u32 {
        u32::try_from(self.number("filing_review_days", 7)).unwrap_or(7)
    }

    /// 当日审核.
    pub fn same_day_target(&self) -> bool {
        self.is_on("filing_same_day_target")
    }

    /// 补正期限, days.
    pub fn correction_days(&self) -> u32 {
        u32::try_from(self.number("correction_days", 7)).unwrap_or(7)
    }

    /// 开庭通知提前量, where a court set it.
    pub fn notice_lead(&self) -> Option<Period> {
        let value = self.get("notice_lead")?.value;
        let n = u32::try_from(value.get("n")?.as_u64()?).ok()?;
        Some(if value.get("unit")?.as_str()? == "working_days" { Period::working_days(n) } else { Period::days(n) })
    }

    /// Days to pay a fee (诉讼费用交纳办法 Art 22). The decree's seven where a court sets nothing.
    pub fn payment_days(&self) -> u32 {
        self.fees_days("payment_days", 7)
    }

    /// Days to refund a fee (诉讼费用交纳办法 Art 53). The decree's fifteen where a court sets nothing.
    pub fn refund_days(&self) -> u32 {
        self.fees_days("refund_days", 15)
    }

    fn fees_days(&self, key: &str, law: u32) -> u32 {
        let set = self.get("fees").and_then(|r| r.value.get(key).and_then(Value::as_u64));
        set.and_then(|days| u32::try_from(days).ok()).filter(|days| (1..=law).contains(days)).unwrap_or(law)
    }

    /// 立案即随机分案: the judge is drawn when a case is docketed. Not where a court sets nothing.
    pub fn allocation_at_docketing(&self) -> bool {
        self.get("allocation").and_then(|r| r.value.get("at_docketing")?.as_bool()).unwrap_or(false)
    }

    /// 均衡: with so many open cases more than the colleague with the fewest, a judge sits out of the lot.
    pub fn allocation_balance(&self) -> Option<u32> {
        self.get("allocation").and_then(|r| r.value.get("balance")?.as_u64()).and_then(|n| u32::try_from(n).ok())
    }

    /// The largest file, bytes.
    pub fn upload_max_bytes(&self) -> i64 {
        self.number("upload_max_bytes", 2 << 30)
    }

    /// Strings of a list rule.
    pub fn list(&self, key: &str) -> Vec<String> {
        let value = self.get(key).map(|r| r.value).unwrap_or_default();
        value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
    }

    /// The text of a message, with its places filled.
    pub fn sms_text(&self, name: &str, fill: &[(&str, &str)]) -> Option<String> {
        let texts = self.get("sms_texts")?.value;
        let text = texts.get(name)?.as_str()?;
        Some(fill.iter().fold(text.to_owned(), |text, (place, value)| text.replace(&format!("{{{place}}}"), value)))
    }

    /// Make-up working days count as working days.
    pub fn makeup_day_is_working(&self) -> bool {
        self.get("makeup_day_is_working").and_then(|r| r.value.as_bool()).unwrap_or(true)
    }
}
