//! Doors of a court's administration: rules (system duty), policies (security duty), audit (audit duty).
//!
//! A change takes effect at once, here and on every other node; a rule is never overwritten, a new version is
//! set beside it (O04). Must never let one person hold two of the three duties.

use chrono::{DateTime, NaiveDate, Utc};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::{Value, json};
use sqlx::Row;
use uuid::Uuid;

use super::act::Act;
use super::beijing::{beijing_date, day_en, day_zh, end_of_day, start_of_day};
use super::caller::Caller;
use super::policy::{Override, Table};
use super::public::{CourtPolicy, Rule, policy_of};
use super::registry::overrides_of;
use super::role::{Role, Roles};
use super::rules::{self, CourtRules};
use crate::app::App;
use crate::error::{Error, Result, said};
use crate::kit::text::{Bounds, clean};

/// The doors.
pub struct AdminApi;

/// A new version of a rule.
#[derive(Object)]
struct RuleOrder {
    /// The value, by the rule's schema.
    value: Any<Value>,
    /// 依据: an article or a document. Mandatory.
    #[oai(validator(max_length = 500))]
    basis: String,
    /// First day in force.
    valid_from: NaiveDate,
    /// A word on it.
    #[oai(validator(max_length = 500))]
    note: Option<String>,
}

/// What a new value would change.
#[derive(Object)]
struct RuleEffect {
    /// Filings under review.
    open_filings: i64,
    /// A filing received today, under the rule as it is and under the new value.
    example: Option<RuleExample>,
    /// In Chinese.
    text: String,
    /// In English.
    text_en: String,
}

/// What the new value means for a filing received today.
#[derive(Object)]
struct RuleExample {
    /// Received.
    received_on: NaiveDate,
    /// Last day by the rule as it is.
    before: NaiveDate,
    /// Last day by the new value.
    after: NaiveDate,
}

/// One cell of the role × act table.
#[derive(Object)]
struct PolicyCell {
    /// Role.
    role: String,
    /// Act.
    act: String,
    /// Allowed at this court.
    allowed: bool,
    /// province or court.
    source: String,
}

/// The role × act table of a court.
#[derive(Object)]
pub struct PolicyMatrix {
    /// Number of departures from the province's lines.
    version: i32,
    /// The cells.
    matrix: Vec<PolicyCell>,
}

/// What to do with a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, serde::Serialize)]
#[oai(rename_all = "snake_case")]
enum Effect {
    /// Give it.
    Allow,
    /// Take it away.
    Deny,
    /// As the province has it.
    Inherit,
}

/// One change.
#[derive(Debug, Object)]
struct PolicyChange {
    /// Role.
    #[oai(validator(max_length = 40))]
    role: String,
    /// Act.
    #[oai(validator(max_length = 60))]
    act: String,
    /// Effect.
    effect: Effect,
}

/// Changes.
#[derive(Object)]
struct PolicyOrder {
    /// The changes.
    #[oai(validator(max_items = 500))]
    changes: Vec<PolicyChange>,
}

/// What a change does.
#[derive(Object)]
struct PolicyPreviewRow {
    /// Role.
    role: String,
    /// Act.
    act: String,
    /// Allowed now.
    before: bool,
    /// Allowed then.
    after: bool,
    /// People of the court who hold the role.
    people: i64,
}

/// What changes do.
#[derive(Object)]
struct PolicyPreview {
    /// Cells that would change.
    changes: Vec<PolicyPreviewRow>,
}

/// A row of the audit log.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct AuditRow {
    /// Row.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// Who.
    person_id: Option<Uuid>,
    /// The name, of people who work here or take part in a case here.
    name: Option<String>,
    /// staff, party or system.
    seat: String,
    /// Act.
    act: String,
    /// On what.
    subject: String,
    /// In which request.
    request_id: String,
    /// Details, without personal data.
    details: Any<Value>,
}

/// A page of the audit log.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct AuditPage {
    /// Newest first.
    items: Vec<AuditRow>,
    /// Ask with it for the next page.
    next_cursor: Option<String>,
}

#[OpenApi]
impl AdminApi {
    /// The rules of a court, for its administrators.
    #[oai(path = "/courts/:court/rules", method = "get", operation_id = "list_rules")]
    async fn rules(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>) -> Result<Json<CourtPolicy>> {
        app.door.enter(&caller, court.0, Act::RulesRead).await?;
        Ok(Json(policy_of(app, court.0)))
    }

    /// Sets a new version of a rule at this court.
    #[oai(path = "/courts/:court/rules/:key", method = "put", operation_id = "set_rule")]
    async fn set_rule(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        key: Path<String>,
        body: Json<RuleOrder>,
    ) -> Result<Json<Rule>> {
        let mut tx = app.door.enter(&caller, court.0, Act::RulesSet).await?;
        let kind = rules::check_value(&key.0, &body.0.value.0)?;
        let basis = clean(&body.0.basis, Bounds::line(4, 500)).map_err(|_| {
            Error::invalid(
                "rule.basis_missing",
                said("没有写依据。", "The basis is missing."),
                said("请写明条文或文件，例如「民事诉讼法第一百二十六条」。", "Name the article or the document."),
            )
            .at("/basis")
        })?;
        let (now, who) = (tx.now(), tx.who.to_string());
        // two administrators at once make two versions, one after the other
        sqlx::query("select pg_advisory_xact_lock(hashtextextended('rule' || $1::text || $2, 0))")
            .bind(court.0)
            .bind(kind.key)
            .execute(tx.conn())
            .await?;
        let next: i32 = sqlx::query_scalar("select coalesce(max(version), 0) + 1 from court_rules where court_id = $1 and key = $2")
            .bind(court.0)
            .bind(kind.key)
            .fetch_one(tx.conn())
            .await?;
        sqlx::query("insert into court_rules (court_id, key, version, value, basis, valid_from, note, set_by, set_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9)")
            .bind(court.0)
            .bind(kind.key)
            .bind(next)
            .bind(&body.0.value.0)
            .bind(basis)
            .bind(body.0.valid_from)
            .bind(&body.0.note)
            .bind(who)
            .bind(now)
            .execute(tx.conn())
            .await?;
        sqlx::query("select pg_notify('lianting_registry', $1)").bind(court.0.to_string()).execute(tx.conn()).await?;
        tx.commit(kind.key, json!({ "version": next, "valid_from": body.0.valid_from })).await?;
        app.door.reload_registry().await?;
        policy_of(app, court.0).rules.into_iter().find(|r| r.key == key.0).map(Json).ok_or_else(Error::not_found)
    }

    /// What a value would do to filings under review, before it is set.
    #[oai(path = "/courts/:court/rules/:key/effect", method = "get", operation_id = "preview_rule")]
    async fn effect(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        key: Path<String>,
        #[oai(validator(max_length = 4000))] value: Query<String>,
    ) -> Result<Json<RuleEffect>> {
        let mut tx = app.door.enter(&caller, court.0, Act::RulesRead).await?;
        let value: Value = serde_json::from_str(&value.0).map_err(|_| {
            Error::bad_request(
                "rule.value_unreadable",
                said("值不是合法的 JSON。", "The value is not JSON."),
                said("请按规则的格式填写。", "Follow the rule's schema."),
            )
            .at("/value")
        })?;
        let kind = rules::check_value(&key.0, &value)?;
        let open: i64 = sqlx::query_scalar("select count(*) from filings where court_id = $1 and state = 'submitted'")
            .bind(court.0)
            .fetch_one(tx.conn())
            .await?;
        let now = tx.now();
        let due = |days: u32| {
            Ok::<_, Error>(
                crate::docket::timeline::clock(app, court.0, "filing_decision", Some(days), now, &super::clock_view::Life::Open)?.due_on,
            )
        };
        let example = match (kind.key, value.as_u64().and_then(|d| u32::try_from(d).ok())) {
            ("filing_review_days", Some(days)) => {
                let present = CourtRules::on(&app.door.registry, court.0, beijing_date(now)).review_days();
                Some(RuleExample { received_on: beijing_date(now), before: due(present)?, after: due(days)? })
            }
            _ => None,
        };
        // a clock runs by the rule in force when it began
        let (text, text_en) = match (kind.touches_filings, &example) {
            (false, _) => ("不影响正在审查的材料。".to_owned(), "Filings under review are not touched.".to_owned()),
            (true, None) => (
                format!("正在审查的 {open} 件按收到时的规则办，期限不变；生效后收到的按新规则。"),
                format!("The {open} under review keep their clocks; filings received later go by the new rule."),
            ),
            (true, Some(e)) => (
                format!(
                    "正在审查的 {open} 件按收到时的规则办，期限不变。生效后收到的按新规则：以今天收到为例，最后一天由 {} 变为 {}。",
                    day_zh(e.before),
                    day_zh(e.after)
                ),
                format!(
                    "The {open} under review keep their clocks. Filings received later go by the new rule: one received today would end on {} instead of {}.",
                    day_en(e.after),
                    day_en(e.before)
                ),
            ),
        };
        Ok(Json(RuleEffect { open_filings: open, example, text, text_en }))
    }

    /// The role × act table of a court.
    #[oai(path = "/courts/:court/policies", method = "get", operation_id = "list_policies")]
    async fn policies(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>) -> Result<Json<PolicyMatrix>> {
        let mut tx = app.door.enter(&caller, court.0, Act::PoliciesRead).await?;
        Ok(Json(matrix(app, court.0, overrides_of(tx.conn(), court.0).await?)))
    }

    /// What changes would do, and for how many people.
    #[oai(path = "/courts/:court/policies/preview", method = "post", operation_id = "preview_policies")]
    async fn preview(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        body: Json<PolicyOrder>,
    ) -> Result<Json<PolicyPreview>> {
        let mut tx = app.door.enter(&caller, court.0, Act::PoliciesRead).await?;
        let next = changed(overrides_of(tx.conn(), court.0).await?, &body.0.changes)?;
        let table = app.door.policies.preview(court.0, &next).await.map_err(Error::internal)?;
        let people: Vec<(String, i64)> =
            sqlx::query_as("select role, count(*) from role_grants where court_id = $1 and revoked_at is null group by role")
                .bind(court.0)
                .fetch_all(tx.conn())
                .await?;
        let count = |role: Role| people.iter().find(|(r, _)| r == role.key()).map_or(0, |(_, n)| *n);
        let row = |(role, act): (Role, Act)| {
            let one = Roles::default().with(role);
            let (before, after) = (!app.door.policies.carriers(court.0, one, act).is_empty(), !table.carriers(one, act).is_empty());
            (before != after).then(|| PolicyPreviewRow {
                role: role.key().into(),
                act: act.key().into(),
                before,
                after,
                people: count(role),
            })
        };
        Ok(Json(PolicyPreview { changes: cells().filter_map(row).collect() }))
    }

    /// Changes a court's permissions; in force at once.
    #[oai(path = "/courts/:court/policies", method = "put", operation_id = "set_policies")]
    async fn set_policies(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        body: Json<PolicyOrder>,
    ) -> Result<Json<PolicyMatrix>> {
        let mut tx = app.door.enter(&caller, court.0, Act::PoliciesSet).await?;
        let next = changed(overrides_of(tx.conn(), court.0).await?, &body.0.changes)?;
        let table = app.door.policies.preview(court.0, &next).await.map_err(Error::internal)?;
        refuse_joined_duties(&table)?;
        let (me, now) = (tx.person()?, tx.now());
        for change in &body.0.changes {
            let sql = if change.effect == Effect::Inherit {
                "delete from policy_overrides where court_id = $1 and role = $2 and act = $3 and $4::text is not null and $5::uuid is not null and $6::timestamptz is not null"
            } else {
                "insert into policy_overrides (court_id, role, act, effect, set_by, set_at) values ($1,$2,$3,$4,$5,$6) on conflict (court_id, role, act) do update set effect = $4, set_by = $5, set_at = $6"
            };
            let effect = if change.effect == Effect::Allow { "allow" } else { "deny" };
            sqlx::query(sql).bind(court.0).bind(&change.role).bind(&change.act).bind(effect).bind(me).bind(now).execute(tx.conn()).await?;
        }
        sqlx::query("select pg_notify('lianting_policies', $1)").bind(court.0.to_string()).execute(tx.conn()).await?;
        tx.commit("policies", json!({ "changes": body.0.changes.iter().map(|c| json!([c.role, c.act, c.effect])).collect::<Vec<_>>() }))
            .await?;
        app.door.reload_policies(court.0).await?;
        Ok(Json(matrix(app, court.0, next)))
    }

    /// 审计: every change at this court, newest first.
    #[allow(clippy::too_many_arguments, reason = "the filters of a log, each by its name")]
    #[oai(path = "/courts/:court/audit", method = "get", operation_id = "list_audit")]
    async fn audit(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        /// Begins with this, such as `filing` or `filing:accept`.
        #[oai(validator(max_length = 60))]
        act: Query<Option<String>>,
        /// Who.
        person: Query<Option<Uuid>>,
        /// On what, or the request's number: holds this.
        #[oai(validator(max_length = 80))]
        q: Query<Option<String>>,
        /// First day, Beijing.
        from: Query<Option<NaiveDate>>,
        /// Last day, Beijing.
        to: Query<Option<NaiveDate>>,
        cursor: Query<Option<Uuid>>,
        limit: Query<Option<u32>>,
    ) -> Result<Json<AuditPage>> {
        let mut tx = app.door.enter(&caller, court.0, Act::AuditRead).await?;
        let limit = i64::from(limit.0.unwrap_or(50).clamp(1, 200));
        let rows = sqlx::query(
            "select a.audit_id, a.at, a.person_id, a.seat, a.act, a.subject, a.request_id, a.details,
               coalesce((select p.name from people p where p.person_id = a.person_id), (select c.name from case_people c where c.court_id = $1 and c.person_id = a.person_id limit 1)) as name
             from audit_log a where a.court_id = $1 and ($2::uuid is null or a.audit_id < $2) and ($4::text is null or starts_with(a.act, $4))
               and ($5::uuid is null or a.person_id = $5) and ($6::text is null or strpos(a.subject, $6) > 0 or a.request_id = $6)
               and ($7::timestamptz is null or a.at >= $7) and ($8::timestamptz is null or a.at < $8) order by a.audit_id desc limit $3",
        )
            .bind(court.0)
            .bind(cursor.0)
            .bind(limit)
            .bind(act.0)
            .bind(person.0)
            .bind(q.0)
            .bind(from.0.map(start_of_day))
            .bind(to.0.map(end_of_day))
            .fetch_all(tx.conn())
            .await?;
        let items: Vec<AuditRow> = rows
            .into_iter()
            .map(|r| AuditRow {
                id: r.get("audit_id"),
                at: r.get("at"),
                person_id: r.get("person_id"),
                name: r.get("name"),
                seat: r.get("seat"),
                act: r.get("act"),
                subject: r.get("subject"),
                request_id: r.get("request_id"),
                details: Any(r.get("details")),
            })
            .collect();
        let next_cursor = (items.len() as i64 == limit).then(|| items.last().map(|r| r.id.to_string())).flatten();
        Ok(Json(AuditPage { items, next_cursor }))
    }
}

fn cells() -> impl Iterator<Item = (Role, Act)> {
    Role::ALL.into_iter().flat_map(|role| Act::ALL.iter().map(move |act| (role, *act)))
}

fn matrix(app: &App, court: i32, overrides: Vec<Override>) -> PolicyMatrix {
    let cell = |(role, act): (Role, Act)| {
        let own = overrides.iter().any(|o| o.role == role && o.act == act.key());
        let allowed = !app.door.policies.carriers(court, Roles::default().with(role), act).is_empty();
        PolicyCell { role: role.key().into(), act: act.key().into(), allowed, source: if own { "court" } else { "province" }.into() }
    };
    PolicyMatrix { version: i32::try_from(overrides.len()).unwrap_or(0), matrix: cells().map(cell).collect() }
}

/// The overrides as they would stand after the changes.
fn changed(mut held: Vec<Override>, changes: &[PolicyChange]) -> Result<Vec<Override>> {
    for (i, change) in changes.iter().enumerate() {
        let role = Role::parse(&change.role).filter(|_| Act::ALL.iter().any(|a| a.key() == change.act)).ok_or_else(|| {
            Error::invalid(
                "policy.unknown",
                said("没有这个角色或这项权限。", "There is no such role or act."),
                said("请从权限表中选择。", "Choose from the table."),
            )
            .at(format!("/changes/{i}"))
        })?;
        held.retain(|o| o.role != role || o.act != change.act);
        match change.effect {
            Effect::Inherit => {}
            effect => held.push(Override { role, act: change.act.clone(), allow: effect == Effect::Allow }),
        }
    }
    Ok(held)
}

/// No edit may give one role two of the three separated duties (三员分立).
fn refuse_joined_duties(table: &Table) -> Result<()> {
    for role in Role::ALL {
        let may = |act| !table.carriers(Roles::default().with(role), act).is_empty();
        let duties = [may(Act::PeopleManage) || may(Act::RulesSet), may(Act::PoliciesSet), may(Act::AuditRead)];
        if duties.into_iter().filter(|d| *d).count() > 1 {
            return Err(Error::conflict(
                "policy.split_of_duties",
                said(
                    format!("这样改，「{}」会同时掌管系统、安全、审计中的两项。", role.key()),
                    format!("{} would then hold two of the three separated duties.", role.key()),
                ),
                said("三员分立：请把其中一项留给别的角色。", "Leave one of them to another role."),
            ));
        }
    }
    Ok(())
}
