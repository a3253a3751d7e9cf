//! Doors of the confirmation of addresses: see it, give it, change it, take consent back.

use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::address::Postal;
use super::address_views::ServiceAddresses;
use super::confirm::{self, Confirmation, TOLD};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::docket::read;
use crate::error::{Error, Result, said};
use crate::kit::answer::{Created, created};
use crate::kit::text::{Bounds, clean};

/// The doors.
pub struct ServiceAddressApi;

/// 邮寄地址.
#[derive(Debug, Object, Serialize)]
struct PostalOrder {
    /// 收件人.
    #[oai(validator(min_length = 1, max_length = 60))]
    receiver: String,
    /// 电话.
    #[oai(validator(max_length = 30))]
    phone: String,
    /// 地址.
    #[oai(validator(min_length = 4, max_length = 200))]
    address: String,
}

/// How a clerk knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum ConsentProof {
    /// 电话录音.
    PhoneRecord,
    /// 书面确认书.
    SignedForm,
    /// 当庭.
    InCourt,
}

/// 送达地址确认.
#[derive(Debug, Object, Serialize)]
struct AddressOrder {
    /// Party.
    party_id: Uuid,
    /// Agrees to electronic service.
    agrees: bool,
    /// 平台收件箱 of this account.
    #[oai(default)]
    inbox: bool,
    /// Mobile number for service by text message.
    #[oai(default, validator(max_length = 20))]
    sms: String,
    /// E-mail for service.
    #[oai(default, validator(max_length = 200))]
    email: String,
    /// Account with the national e-delivery platform (usually the mobile number).
    #[oai(default, validator(max_length = 100))]
    national_platform: String,
    /// Chat account for service.
    #[oai(default, validator(max_length = 100))]
    chat: String,
    /// 邮寄地址.
    postal: PostalOrder,
    /// For appeal, retrial and enforcement too.
    #[oai(default)]
    all_stages: bool,
    /// Version of the words that were shown.
    #[oai(validator(max_length = 20))]
    told_version: String,
    /// They were understood.
    understood: bool,
    /// Of a clerk's entry: how it is known.
    proof: Option<ConsentProof>,
}

/// 撤回同意.
#[derive(Debug, Object, Serialize)]
struct WithdrawalOrder {
    /// Party.
    party_id: Uuid,
}

/// 查明账号属于受送达人本人.
#[derive(Debug, Object)]
struct IdentifiedOrder {
    /// Party.
    party_id: Uuid,
    /// How it was found.
    #[oai(validator(min_length = 5, max_length = 500))]
    basis: String,
}

/// 停用地址.
#[derive(Debug, Object)]
struct StruckOrder {
    /// Address.
    address_id: Uuid,
    /// Why: the number changed hands, the mailbox is another's, …
    #[oai(validator(min_length = 5, max_length = 500))]
    reason: String,
}

fn line(value: &str, field: &'static str, max: usize) -> Result<String> {
    clean(value, Bounds::line(0, max)).map_err(|e| Error::invalid(e.code, said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at(field))
}

fn not_told() -> Error {
    Error::invalid(
        "address.not_told",
        said("请先阅读最新的送达告知事项并确认理解。", "Read the present explanation of service first, and confirm it."),
        said("刷新页面，阅读后勾选确认。", "Reload the page, read it and tick."),
    )
    .at("/understood")
}

async fn shown(app: &App, caller: &Caller, court: i32, case: Uuid) -> Result<ServiceAddresses> {
    let mut tx = app.door.enter(caller, court, Act::ServiceRead).await?;
    read::row(&mut tx, case).await?;
    let parties = confirm::of_case(&mut tx, case).await?;
    Ok(ServiceAddresses { parties, told: TOLD.0.into(), told_en: TOLD.1.into(), told_version: TOLD.2.into() })
}

/// A clerk writes down what somebody else said; at a court the caller's own case is the caller's.
fn by_clerk(app: &App, caller: &Caller, court: i32) -> bool {
    app.door.may(caller, court, Act::ServiceRecord)
}

#[OpenApi]
impl ServiceAddressApi {
    /// 送达地址和同意 of the parties one may see, with every version.
    #[oai(path = "/courts/:court/cases/:case/service-address", method = "get", operation_id = "get_service_address")]
    async fn get(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, case: Path<Uuid>) -> Result<Json<ServiceAddresses>> {
        Ok(Json(shown(app, &caller, court.0, case.0).await?))
    }

    /// 确认、变更送达地址, with consent to electronic service or its refusal.
    #[oai(path = "/courts/:court/cases/:case/service-address", method = "post", operation_id = "confirm_service_address")]
    async fn confirm(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<AddressOrder>,
    ) -> Result<Created<ServiceAddresses>> {
        let clerk = by_clerk(app, &caller, court.0);
        if clerk {
            visible(app, &caller, court.0, case.0).await?; // in a transaction of its own, before the other begins
        }
        let mut tx = app.door.enter(&caller, court.0, Act::AddressConfirm).await?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(case.0, &body.0))?).await?.is_none() {
            let b = &body.0;
            if !b.understood || b.told_version != TOLD.2 {
                return Err(not_told());
            }
            let (sms, email) = (line(&b.sms, "/sms", 20)?, line(&b.email, "/email", 200)?);
            let (platform, chat) = (line(&b.national_platform, "/national_platform", 100)?, line(&b.chat, "/chat", 100)?);
            let confirmation = Confirmation {
                party: b.party_id,
                agrees: b.agrees,
                inbox: b.inbox,
                sms: &sms,
                email: &email,
                platform: &platform,
                chat: &chat,
                postal: Postal {
                    receiver: line(&b.postal.receiver, "/postal/receiver", 60)?,
                    phone: line(&b.postal.phone, "/postal/phone", 30)?,
                    address: line(&b.postal.address, "/postal/address", 200)?,
                },
                all_stages: b.all_stages,
                proof: match (clerk, b.proof) {
                    (true, Some(ConsentProof::PhoneRecord)) => "phone_record",
                    (true, Some(ConsentProof::InCourt)) => "in_court",
                    (true, _) => "signed_form",
                    (false, _) => "platform_tick",
                },
                by_clerk: clerk,
            };
            let id = confirm::confirm(app, &mut tx, case.0, &confirmation).await?;
            tx.answered(key.0, &id).await?;
            tx.commit(case.0, json!({ "party": b.party_id, "agrees": b.agrees })).await?;
        } else {
            drop(tx); // answered before: nothing of it stays open while the page is read
        }
        Ok(created(shown(app, &caller, court.0, case.0).await?))
    }

    /// 查明: the account with which a party joined is its own (在线诉讼规则 Art 31).
    #[oai(path = "/courts/:court/cases/:case/service-address/identified", method = "put", operation_id = "identify_service_address")]
    async fn identify(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        body: Json<IdentifiedOrder>,
    ) -> Result<Json<ServiceAddresses>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceRecord).await?;
        read::row(&mut tx, case.0).await?;
        confirm::identify(app, &mut tx, case.0, body.0.party_id, &line(&body.0.basis, "/basis", 500)?).await?;
        tx.commit(case.0, json!({ "party": body.0.party_id, "identified": true })).await?;
        Ok(Json(shown(app, &caller, court.0, case.0).await?))
    }

    /// 停用地址: it is not the recipient's, or no longer. Nothing more is sent there; whether what was sent there has served is for a judge to say.
    #[oai(path = "/courts/:court/cases/:case/service-address/struck", method = "put", operation_id = "strike_service_address")]
    async fn strike(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        body: Json<StruckOrder>,
    ) -> Result<Json<ServiceAddresses>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceRecord).await?;
        read::row(&mut tx, case.0).await?;
        confirm::strike(app, &mut tx, case.0, body.0.address_id, &line(&body.0.reason, "/reason", 500)?).await?;
        tx.commit(case.0, json!({ "address": body.0.address_id, "struck": true })).await?;
        Ok(Json(shown(app, &caller, court.0, case.0).await?))
    }

    /// 撤回电子送达的同意.
    #[oai(path = "/courts/:court/cases/:case/service-address/withdrawal", method = "post", operation_id = "withdraw_service_consent")]
    async fn withdraw(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        body: Json<WithdrawalOrder>,
    ) -> Result<Created<ServiceAddresses>> {
        let clerk = by_clerk(app, &caller, court.0);
        if clerk {
            visible(app, &caller, court.0, case.0).await?;
        }
        let mut tx = app.door.enter(&caller, court.0, Act::AddressConfirm).await?;
        confirm::withdraw(app, &mut tx, case.0, body.0.party_id, clerk).await?;
        tx.commit(case.0, json!({ "party": body.0.party_id, "withdrawn": true })).await?;
        Ok(created(shown(app, &caller, court.0, case.0).await?))
    }
}

/// A clerk writes down only in a case he or she sees: a sealed one stays closed.
async fn visible(app: &App, caller: &Caller, court: i32, case: Uuid) -> Result<()> {
    let mut tx = app.door.enter(caller, court, Act::ServiceRead).await?;
    read::row(&mut tx, case).await.map(drop)
}
