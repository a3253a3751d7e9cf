//! 本院网上收什么: one public document a court for software that files: what it takes, in which forms and sizes, by which
//! ways papers come back, what it costs, and through which doors. The rules behind it stand under `/courts/{court}/policy`.
//!
//! Owns the shape. Everything in it is read where the checks themselves read it; must never promise what a check refuses.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::rules::CourtRules;
use crate::court::scope::ApiScope;
use crate::delivery::facts::wired;
use crate::delivery::plan::ServiceRules;
use crate::error::{Error, Result};
use crate::evidence::store::PART_BYTES;

/// The door.
pub struct PolicyApi;

/// 案由 in force for a kind of case.
#[derive(Debug, Object)]
struct CausesInForce {
    /// civil or administrative.
    domain: String,
    /// Edition.
    edition: String,
    /// Where they are searched.
    search: String,
}

/// An element-style form.
#[derive(Debug, Object)]
struct FormOffered {
    /// Form.
    id: String,
    /// Edition.
    edition: String,
    /// Its JSON Schema.
    schema: String,
}

/// 材料的格式.
#[derive(Debug, Object)]
struct UploadsTaken {
    /// Media types.
    types: Vec<String>,
    /// Largest file, bytes.
    max_bytes: i64,
    /// A file is sent in parts of this many bytes, each once, in any order of days: an upload goes on where it stopped.
    part_bytes: i64,
}

/// 受理与答复.
#[derive(Debug, Object)]
struct ReviewTimes {
    /// Days to review a filing.
    days: u32,
    /// Review on the same day is the target.
    same_day: bool,
    /// Days to correct.
    correction_days: u32,
}

/// 诉讼费用.
#[derive(Debug, Object)]
struct FeesTaken {
    /// The public calculator, with this court's figures.
    calculator: String,
    /// Its kinds.
    kinds: String,
    /// Days to pay after the notice.
    payment_days: u32,
    /// 网上支付 is configured here.
    online: bool,
}

/// Doors for software, relative to `/api`.
#[derive(Debug, Object)]
struct SoftwareDoors {
    /// A token of one hour (OAuth 2.0 client credentials).
    token: String,
    /// What a program may be allowed.
    scopes: Vec<ApiScope>,
    /// Filing: a draft is made, filled, checked and sent.
    file: String,
    /// What is served, over all courts; the address of a paper does not run out.
    inbox: String,
    /// Services and periods as a calendar (RFC 5545), behind a secret address its owner makes.
    calendar: String,
    /// Signed messages to an address of one's own.
    webhooks: String,
    /// The whole document (OpenAPI).
    document: String,
}

/// What a court takes online.
#[derive(Debug, Object)]
struct FilingPolicy {
    /// Court.
    court_id: i32,
    /// 法院代字.
    court_code: String,
    /// Name.
    court_name: String,
    /// Changes when any rule of the court does.
    version: i32,
    /// The day it holds for.
    day: NaiveDate,
    /// Takes filings online at all.
    open: bool,
    /// Kinds of case.
    kinds: Vec<String>,
    /// 案由.
    causes: Vec<CausesInForce>,
    /// 要素式诉状.
    forms: Vec<FormOffered>,
    /// Files.
    uploads: UploadsTaken,
    /// Review.
    review: ReviewTimes,
    /// Fees.
    fees: FeesTaken,
    /// Electronic ways papers are served by here, in the order they are used, where the recipient agreed.
    service_channels: Vec<String>,
    /// Doors.
    doors: SoftwareDoors,
}

fn doors() -> SoftwareDoors {
    SoftwareDoors {
        token: "/oauth/token".into(),
        scopes: ApiScope::ALL.to_vec(),
        file: "/my/drafts".into(),
        inbox: "/my/inbox".into(),
        calendar: "/my/inbox/feed".into(),
        webhooks: "/my/webhooks".into(),
        document: "/openapi.json".into(),
    }
}

fn policy(app: &App, court: i32) -> Result<FilingPolicy> {
    let (registry, day) = (&app.door.registry, beijing_date(app.now()));
    let c = registry.court(court).ok_or_else(Error::not_found)?;
    let rules = CourtRules::on(registry, court, day);
    let kinds = rules.list("filing_kinds");
    let causes = ["civil", "administrative"].into_iter().filter(|d| kinds.iter().any(|k| k == d)).filter_map(|domain| {
        let edition = app.reference.edition(domain, day)?;
        Some(CausesInForce { domain: domain.into(), edition, search: format!("/causes?domain={domain}") })
    });
    let forms = app.reference.newest_forms().map(|(id, edition)| FormOffered {
        id: id.to_owned(),
        edition: edition.to_owned(),
        schema: format!("/forms/{id}?edition={edition}"),
    });
    let service: ServiceRules = rules.get("service_rules").and_then(|r| serde_json::from_value(r.value).ok()).unwrap_or_default();
    Ok(FilingPolicy {
        court_id: court,
        court_code: c.code.clone(),
        court_name: c.name.clone(),
        version: i32::try_from(registry.rules_version(court)).unwrap_or(i32::MAX),
        day,
        open: c.enabled,
        causes: causes.collect(),
        forms: forms.collect(),
        uploads: UploadsTaken { types: rules.list("upload_allowed_types"), max_bytes: rules.upload_max_bytes(), part_bytes: PART_BYTES },
        review: ReviewTimes { days: rules.review_days(), same_day: rules.same_day_target(), correction_days: rules.correction_days() },
        fees: FeesTaken {
            calculator: format!("/calculators/fee?court={court}"),
            kinds: "/calculators/fee/kinds".into(),
            payment_days: rules.payment_days(),
            online: app.wechat.is_some(),
        },
        service_channels: service.order.iter().filter(|c| wired(app, **c)).map(|c| c.key().to_owned()).collect(),
        kinds,
        doors: doors(),
    })
}

#[OpenApi]
impl PolicyApi {
    /// 本院网上收什么, for software: kinds, causes, forms, files, fees, ways of service and doors, as they stand today.
    #[oai(path = "/courts/:court/filing-policy", method = "get", operation_id = "get_filing_policy")]
    async fn policy(&self, Data(app): Data<&App>, court: Path<i32>) -> Result<Json<FilingPolicy>> {
        Ok(Json(policy(app, court.0)?))
    }
}
