//! Doors without a lock: the province's courts, their rules, causes of action, forms.
//! Owns nothing; reads reference data. Must never touch a tenant's or a person's row.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use super::beijing::beijing_date;
use super::registry;
use super::rules::{self, CourtRules};
use crate::app::App;
use crate::error::{Error, Result, said};

/// The doors.
pub struct PublicApi;

/// 平台信息.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Bootstrap {
    /// The high court's id.
    pub province_code: String,
    /// 山东.
    pub province_name: String,
    /// 联庭.
    pub product: String,
    /// Version of the program.
    pub version: String,
    /// True on the demo.
    pub demo: bool,
    /// The demo's phone page.
    pub phone_url: Option<String>,
    /// The server's time.
    pub now: chrono::DateTime<chrono::Utc>,
}

/// 法院.
#[derive(Object, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Court {
    /// 370102.
    pub id: i32,
    /// 鲁0102.
    pub code: String,
    /// 济南市历下区人民法院.
    pub name: String,
    /// high, intermediate, special, basic.
    pub level: String,
    /// The court above.
    pub parent_id: Option<i32>,
    /// Open for filings.
    pub enabled: bool,
    /// How sure the code is: sure, derived, probable, unsure.
    pub confidence: String,
    /// 行政区划代码.
    pub division_code: Option<String>,
}

impl From<&registry::Court> for Court {
    fn from(c: &registry::Court) -> Self {
        Self {
            id: c.court_id,
            code: c.code.clone(),
            name: c.name.clone(),
            level: c.level.clone(),
            parent_id: c.parent_id,
            enabled: c.enabled,
            confidence: c.confidence.clone(),
            division_code: c.division.clone(),
        }
    }
}

/// A list of courts.
#[derive(Object)]
pub struct CourtList {
    /// The courts, high first.
    pub items: Vec<Court>,
}

/// A court's public page.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CourtDetail {
    /// 370102.
    pub id: i32,
    /// 鲁0102.
    pub code: String,
    /// Name.
    pub name: String,
    /// Level.
    pub level: String,
    /// The court above.
    pub parent_id: Option<i32>,
    /// Its name.
    pub parent_name: Option<String>,
    /// Open for filings.
    pub enabled: bool,
    /// How sure the code is.
    pub confidence: String,
    /// 行政区划代码.
    pub division_code: Option<String>,
    /// Telephone.
    pub phone: String,
    /// Address of the counter.
    pub address: Option<String>,
    /// Hours of the counter.
    pub hours: Option<String>,
    /// Kinds of case filed online.
    pub filing_kinds: Vec<String>,
    /// Largest file in bytes.
    pub upload_max_bytes: i64,
    /// Accepted media types.
    pub upload_types: Vec<String>,
    /// Days to review a filing.
    pub review_days: u32,
    /// Review on the same day is the target.
    pub same_day_target: bool,
}

/// A version published for a later day.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct RuleVersion {
    /// Version at that level.
    pub version: i32,
    /// The value.
    pub value: Any<Value>,
    /// 依据.
    pub basis: String,
    /// First day in force.
    pub valid_from: NaiveDate,
    /// Last day in force.
    pub valid_to: Option<NaiveDate>,
    /// A word on it.
    pub note: Option<String>,
    /// Who set it.
    pub set_by: String,
    /// Court that set it.
    pub set_at_court: i32,
}

impl From<registry::SetRule> for RuleVersion {
    fn from(r: registry::SetRule) -> Self {
        Self {
            version: r.version,
            value: Any(r.value),
            basis: r.basis,
            valid_from: r.valid_from,
            valid_to: r.valid_to,
            note: r.note,
            set_by: r.set_by,
            set_at_court: r.court_id,
        }
    }
}

/// 规则 in force.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Rule {
    /// Key.
    pub key: String,
    /// 名称.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// The value; its shape is in `schema`.
    pub value: Any<Value>,
    /// Unit of a bare number.
    pub unit: Option<String>,
    /// 依据.
    pub basis: String,
    /// Level that set it: province, intermediate or court.
    pub set_at: String,
    /// Court that set it.
    pub set_at_court: i32,
    /// Who set it.
    pub set_by: String,
    /// Version at that level.
    pub version: i32,
    /// First day in force.
    pub valid_from: NaiveDate,
    /// Last day in force.
    pub valid_to: Option<NaiveDate>,
    /// A word on it.
    pub note: Option<String>,
    /// Its source is unsure; a court should check it.
    pub unsure: bool,
    /// True when this court has not been told a value.
    pub unset: bool,
    /// Published for a later day, nearest first.
    pub upcoming: Vec<RuleVersion>,
    /// JSON Schema of the value.
    pub schema: Any<Value>,
}

/// The rules of one court, for software and people.
#[derive(Object)]
pub struct CourtPolicy {
    /// Court.
    pub court_id: i32,
    /// Changes when any rule does.
    pub version: i32,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// 案由.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Cause {
    /// 108.3.
    pub code: String,
    /// civil or administrative.
    pub domain: String,
    /// Edition.
    pub edition: String,
    /// Name.
    pub name: String,
    /// 1 to 4.
    pub level: u8,
    /// Names above, from the top.
    pub path: Vec<String>,
    /// Element-style form, when there is one.
    pub form: Option<String>,
    /// The everyday word that matched.
    pub matched: Option<String>,
}

/// Causes found.
#[derive(Object)]
pub struct CauseList {
    /// Best first.
    pub items: Vec<Cause>,
}

/// 要素式诉状.
#[derive(Object)]
pub struct Form {
    /// F02.
    pub id: String,
    /// 2025.
    pub edition: String,
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Causes it covers.
    pub causes: Vec<String>,
    /// JSON Schema 2020-12 with Lianting's annotations.
    pub schema: Any<Value>,
}

/// Every rule as it stands at a court today.
pub fn policy_of(app: &App, court: i32) -> CourtPolicy {
    let day = beijing_date(app.now());
    let registry = &app.door.registry;
    let rules = rules::KINDS
        .iter()
        .map(|kind| {
            let set = registry.rule(court, kind.key, day);
            let at = set.as_ref().map_or(registry.province_court(), |r| r.court_id);
            let level = registry.court(at).map(|c| c.level.clone()).unwrap_or_default();
            let set_at = if at == court {
                "court"
            } else if level == "high" {
                "province"
            } else {
                "intermediate"
            };
            Rule {
                key: kind.key.into(),
                name: kind.name.into(),
                name_en: kind.name_en.into(),
                unit: kind.unit.map(Into::into),
                value: Any(set.as_ref().map(|r| r.value.clone()).unwrap_or_default()),
                basis: set.as_ref().map(|r| r.basis.clone()).unwrap_or_default(),
                set_at: set_at.into(),
                set_at_court: at,
                set_by: set.as_ref().map(|r| r.set_by.clone()).unwrap_or_default(),
                version: set.as_ref().map_or(0, |r| r.version),
                valid_from: set.as_ref().map_or(day, |r| r.valid_from),
                valid_to: set.as_ref().and_then(|r| r.valid_to),
                note: set.as_ref().and_then(|r| r.note.clone()),
                unsure: set.as_ref().is_some_and(|r| r.unsure),
                unset: set.is_none(),
                upcoming: registry.upcoming(court, kind.key, day).into_iter().map(RuleVersion::from).collect(),
                schema: Any((kind.schema)()),
            }
        })
        .collect();
    CourtPolicy { court_id: court, version: i32::try_from(registry.rules_version(court)).unwrap_or(i32::MAX), rules }
}

/// The court a calculator was asked to go by; none when none was named.
///
/// # Errors
/// 422 for a number no court of the province has.
pub fn named_court(app: &App, typed: Option<&str>) -> Result<Option<std::sync::Arc<registry::Court>>> {
    let Some(typed) = typed.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    let known = typed.parse().ok().and_then(|id| app.door.registry.court(id));
    let shown: String = typed.chars().take(20).collect();
    known.map(Some).ok_or_else(|| {
        Error::invalid(
            "calculator.court_unknown",
            said(format!("没有编号为 {shown} 的法院。"), format!("There is no court {shown}.")),
            said("请从法院列表里选，或不选法院。", "Choose a court from the list, or none."),
        )
        .at("/court")
    })
}

#[OpenApi]
impl PublicApi {
    /// What the pages need to know first.
    #[oai(path = "/bootstrap", method = "get", operation_id = "bootstrap")]
    async fn bootstrap(&self, Data(app): Data<&App>) -> Result<Json<Bootstrap>> {
        let province = app.door.registry.province_court();
        let name = app.door.registry.name(province);
        Ok(Json(Bootstrap {
            province_code: province.to_string(),
            province_name: name.split('省').next().unwrap_or(&name).to_owned(),
            product: "联庭".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            demo: app.config.demo_phone_url.is_some(),
            phone_url: app.config.demo_phone_url.clone(),
            now: app.now(),
        }))
    }

    /// The courts of the province, searchable by name or code.
    #[oai(path = "/courts", method = "get", operation_id = "list_courts")]
    async fn courts(&self, Data(app): Data<&App>, q: Query<Option<String>>, level: Query<Option<String>>) -> Result<Json<CourtList>> {
        let q = q.0.unwrap_or_default();
        let q = q.trim();
        let fits = |c: &registry::Court| {
            c.status == "current" && (c.name.contains(q) || c.code.contains(q)) && level.0.as_ref().is_none_or(|l| *l == c.level)
        };
        Ok(Json(CourtList { items: app.door.registry.courts().iter().filter(|c| fits(c)).map(|c| (&**c).into()).collect() }))
    }

    /// One court.
    #[oai(path = "/courts/:court", method = "get", operation_id = "get_court")]
    async fn court(&self, Data(app): Data<&App>, court: Path<i32>) -> Result<Json<CourtDetail>> {
        let c = app.door.registry.court(court.0).ok_or_else(Error::not_found)?;
        let rules = CourtRules::on(&app.door.registry, court.0, beijing_date(app.now()));
        Ok(Json(CourtDetail {
            id: c.court_id,
            code: c.code.clone(),
            name: c.name.clone(),
            level: c.level.clone(),
            parent_id: c.parent_id,
            parent_name: c.parent_id.map(|p| app.door.registry.name(p)).filter(|n| !n.is_empty()),
            enabled: c.enabled,
            confidence: c.confidence.clone(),
            division_code: c.division.clone(),
            phone: c.phone.clone().unwrap_or_else(|| "12368".into()),
            address: c.address.clone(),
            hours: c.hours.clone(),
            filing_kinds: rules.list("filing_kinds"),
            upload_max_bytes: rules.upload_max_bytes(),
            upload_types: rules.list("upload_allowed_types"),
            review_days: rules.review_days(),
            same_day_target: rules.same_day_target(),
        }))
    }

    /// A court's rules, readable by software.
    #[oai(path = "/courts/:court/policy", method = "get", operation_id = "get_court_policy")]
    async fn policy(&self, Data(app): Data<&App>, court: Path<i32>) -> Result<Json<CourtPolicy>> {
        app.door.registry.court(court.0).ok_or_else(Error::not_found)?;
        Ok(Json(policy_of(app, court.0)))
    }

    /// 案由 by name or by the words people use; the edition in force on the day of filing.
    #[oai(path = "/causes", method = "get", operation_id = "search_causes")]
    async fn causes(
        &self,
        Data(app): Data<&App>,
        domain: Query<String>,
        q: Query<Option<String>>,
        date: Query<Option<NaiveDate>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u32>>,
    ) -> Result<Json<CauseList>> {
        let day = date.0.unwrap_or_else(|| beijing_date(app.now()));
        let reference = &app.reference;
        let found = reference.search(&domain.0, &q.0.unwrap_or_default(), day, limit.0.unwrap_or(20) as usize);
        let items = found
            .into_iter()
            .map(|(c, word)| Cause {
                code: c.code.clone(),
                domain: c.domain.clone(),
                edition: c.edition.clone(),
                name: c.name.clone(),
                level: c.level,
                path: reference.path(c),
                form: reference.form_of(&c.code),
                matched: word.map(str::to_owned),
            })
            .collect();
        Ok(Json(CauseList { items }))
    }

    /// 要素式诉状: the form of an edition.
    #[oai(path = "/forms/:form", method = "get", operation_id = "get_form")]
    async fn form(&self, Data(app): Data<&App>, form: Path<String>, edition: Query<Option<String>>) -> Result<Json<Form>> {
        let edition = edition.0.unwrap_or_else(|| "2025".into());
        let schema = app.reference.form(&form.0, &edition).ok_or_else(Error::not_found)?;
        let text = |key: &str| schema[key].as_str().unwrap_or_default().to_owned();
        let causes = schema["x-causes"].as_array().into_iter().flatten().filter_map(|c| c.as_str().map(str::to_owned)).collect();
        Ok(Json(Form { id: form.0, edition, name: text("title"), name_en: text("x-en"), causes, schema: Any(schema.clone()) }))
    }
}
