//! 送达地址确认: a party says where it can be reached and whether it agrees to electronic service, changes it, takes it
//! back (民诉法解释 Art 136, 137; 在线诉讼规则 Art 29, 30). A clerk writes down what was said on paper or by phone.
//!
//! Every confirmation is a new version with its paper in the file; services under way are looked at anew. Must never
//! take a tick without the explanation it belongs to.

use serde_json::json;
use uuid::Uuid;

use super::address::{self, NewEntry, Postal, Said};
use super::address_views::{ConsentVersion, PartyAddresses, ServiceAddressView};
use super::consent_rules::{self, Asked, Entry, Says};
use super::order::{role, stage_of};
use super::settle;
use super::words::{Channel, ConsentKind, PaperKind, Stage, Strength};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::file::{self, NewLeaf};
use crate::docket::people;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::paper::issue::{self, Audience, NewPaper};
use crate::person::masking::{self, Viewer, public_names};

/// What is explained before anybody ticks.
pub const TOLD: (&str, &str, &str) = (
    "同意电子送达的，法院向您确认的电子地址发送文书，到达您的系统即为送达，期限自次日起算；判决书、裁定书、调解书您可以要求纸质文书。送达地址有变更的，请及时告知法院；提供的地址不准确或者不告知变更，文书未能实际收到的，按退回之日视为送达。您可以随时撤回同意。",
    "If you agree, the court sends papers to the electronic address you confirm; arrival in your system is service and periods count from the next day. You may ask for judgments, rulings and mediation statements on paper. Tell the court of changes: where an address is wrong or a change was not told, the day of return counts as service. You may withdraw at any time.",
    "2026-1",
);

/// What a party confirms.
pub struct Confirmation<'a> {
    /// Party.
    pub party: Uuid,
    /// Agrees to electronic service.
    pub agrees: bool,
    /// 平台收件箱 of this account.
    pub inbox: bool,
    /// Number.
    pub sms: &'a str,
    /// E-mail.
    pub email: &'a str,
    /// Account with the national e-delivery platform.
    pub platform: &'a str,
    /// Chat account.
    pub chat: &'a str,
    /// 邮寄.
    pub postal: Postal,
    /// For appeal, retrial and enforcement too.
    pub all_stages: bool,
    /// platform_tick; phone_record, signed_form, in_court where a clerk writes it down.
    pub proof: &'a str,
    /// A clerk writes it down.
    pub by_clerk: bool,
}

/// A case as papers name it.
struct About {
    number: String,
    cause: String,
    kind: String,
    procedure: String,
    stage: Stage,
    name: String,
    side: String,
}

async fn about(tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<About> {
    let court = tx.court;
    let row: Option<(String, String, String, String, String, String, String)> = sqlx::query_as(
        "select c.number, c.cause_name, c.kind, c.procedure, c.type_code, p.name, p.side from cases c join case_parties p on p.court_id = c.court_id and p.case_id = c.case_id
         where c.court_id = $1 and c.case_id = $2 and p.party_id = $3",
    )
    .bind(court)
    .bind(case)
    .bind(party)
    .fetch_optional(tx.conn())
    .await?;
    let (number, cause, kind, procedure, code, name, side) = row.ok_or_else(Error::not_found)?;
    Ok(About { number, cause, kind, procedure, stage: stage_of(&code), name, side })
}

/// Whoever speaks for a party here: the party itself, or counsel with a special power.
async fn speaks_for(tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<()> {
    let person = tx.person()?;
    match people::disposes_for(tx, case, party, person).await? {
        None => Err(Error::not_found()),
        Some(false) => Err(power_needed()),
        Some(true) => Ok(()),
    }
}

fn power_needed() -> Error {
    Error::conflict(
        "address.special_power",
        said(
            "变更送达地址、撤回同意需要当事人本人或者特别授权的代理人办理。",
            "A change of address or a withdrawal takes the party, or counsel with a special power.",
        ),
        said("请当事人本人登录办理，或者提交特别授权的委托书。", "Let the party sign in, or file a special power of attorney."),
    )
}

fn bad_address(field: &'static str) -> Error {
    Error::invalid(
        "address.incomplete",
        said("这里的地址不完整。", "This address is not complete."),
        said(
            "同意电子送达的，至少确认一个电子地址；手机号 11 位，邮箱含 @。",
            "With consent, confirm at least one electronic address; a mobile number has 11 digits, an e-mail an @.",
        ),
    )
    .at(field)
}

fn check(c: &Confirmation<'_>) -> Result<()> {
    let digits = c.sms.chars().filter(char::is_ascii_digit).count();
    if !c.sms.is_empty() && (digits != 11 || c.sms.len() != 11) {
        return Err(bad_address("/sms"));
    }
    if !c.email.is_empty() && c.email.split_once('@').is_none_or(|(local, domain)| local.is_empty() || !domain.contains('.')) {
        return Err(bad_address("/email"));
    }
    if c.platform.chars().count() == 1 || c.platform.contains(char::is_whitespace) {
        return Err(bad_address("/national_platform"));
    }
    if c.chat.chars().count() == 1 || c.chat.contains(char::is_whitespace) {
        return Err(bad_address("/chat"));
    }
    // whoever agreed on the telephone may have named no address: the court finds one
    if c.agrees && !c.by_clerk && !c.inbox && [c.sms, c.email, c.platform, c.chat].iter().all(|a| a.is_empty()) {
        return Err(bad_address("/inbox"));
    }
    if c.postal.address.is_empty() || c.postal.receiver.is_empty() {
        return Err(bad_address("/postal/address"));
    }
    Ok(())
}

/// A new version of a party's confirmation.
///
/// # Errors
/// 404 for strangers; 409 without the power; 422 for an address that is none.
pub async fn confirm(app: &App, tx: &mut CourtTx, case: Uuid, c: &Confirmation<'_>) -> Result<Uuid> {
    let about = about(tx, case, c.party).await?;
    if !c.by_clerk {
        speaks_for(tx, case, c.party).await?;
    }
    check(c)?;
    let person = tx.person()?;
    let mut named = vec![address::keep(tx, case, c.party, &Said::Post(c.postal.clone()), "receiver").await?];
    let mut channels = Vec::new();
    let mut words = Vec::new();
    if c.inbox && !c.by_clerk {
        let masked = masking::mobile(&c.postal.phone, Viewer::OtherParty).unwrap_or_default();
        named.push(address::keep(tx, case, c.party, &Said::Inbox { person, masked }, "party").await?);
        channels.push(Channel::Inbox);
        words.push("platform");
    }
    for (channel, value, word) in [
        (Channel::Sms, c.sms, "sms"),
        (Channel::Email, c.email, "email"),
        (Channel::NationalPlatform, c.platform, "national"),
        (Channel::Chat, c.chat, "wechat"),
    ] {
        if !value.is_empty() {
            named.push(address::keep(tx, case, c.party, &Said::Electronic { channel, value: value.into() }, "party").await?);
            channels.push(channel);
            words.push(word);
        }
    }
    let paper = paper(tx, case, c, &about, &words).await?;
    if c.agrees {
        consent_paper(tx, case, c, &about, &words).await?;
    }
    let entry = NewEntry {
        party: c.party,
        says: if c.agrees { Says::Given(ConsentKind::Express) } else { Says::Refused },
        stage: about.stage,
        all_stages: c.all_stages,
        channels: if c.agrees { &channels } else { &[] },
        addresses: if c.agrees { &named } else { &[] },
        confirmation: true,
        service: None,
        told: json!({ "version": TOLD.2 }),
        proof: c.proof,
        paper: Some(paper),
        person: (!c.by_clerk).then_some(person),
        recorded_by: c.by_clerk.then_some(person),
        valid_from: None,
    };
    let id = address::enter(tx, case, &entry).await?;
    let text = if c.agrees {
        said(
            format!("{}确认送达地址，同意电子送达", about.name),
            format!("{} confirmed the address for service and agreed to electronic service", about.name),
        )
    } else {
        said(
            format!("{}确认送达地址，不同意电子送达", about.name),
            format!("{} confirmed the address for service and refused electronic service", about.name),
        )
    };
    timeline::write(tx, case, Note::new("address_confirmed", text).by(super::law::I136.zh)).await?;
    settle::settle_party(app, tx, case, c.party).await?;
    Ok(id)
}

async fn paper(tx: &mut CourtTx, case: Uuid, c: &Confirmation<'_>, about: &About, channels: &[&str]) -> Result<Uuid> {
    let data = json!({
        "case_number": about.number, "cause": about.cause, "persons": [about.name], "capacity": role(&about.kind, &about.procedure, &about.side), "agents": [],
        "service": {
            "address": c.postal.address, "receiver": c.postal.receiver, "phone": c.postal.phone, "email": c.email,
            "e_service": c.agrees, "channels": channels, "understood": true,
        },
        "confirmed_at": tx.now(),
    });
    let new = NewPaper {
        kind: "service_address",
        title: "送达地址确认书".into(),
        template: "service_address",
        data,
        filing: None,
        case: Some(case),
        audience: Audience::Parties(vec![c.party]),
        parties: public_names(&[&about.name]),
        number: Some(about.number.clone()),
    };
    let paper = issue::issue(tx, new).await?;
    let folder = if about.kind == "enforcement" { 6 } else { 10 };
    file::add(tx, case, &NewLeaf::paper(folder, "送达地址确认书", "送达材料", "当事人", paper)).await?;
    Ok(paper)
}

/// 电子送达确认书, of the consent beside the addresses.
async fn consent_paper(tx: &mut CourtTx, case: Uuid, c: &Confirmation<'_>, about: &About, channels: &[&str]) -> Result<()> {
    let shown = |channel: &&str| match *channel {
        "email" => masking::email(c.email, Viewer::OtherParty),
        "sms" => masking::mobile(c.sms, Viewer::OtherParty),
        "national" => masking::mobile(c.platform, Viewer::OtherParty),
        "wechat" => masking::mobile(c.chat, Viewer::OtherParty),
        _ => masking::mobile(&c.postal.phone, Viewer::OtherParty),
    };
    let ways = channels.iter().map(|channel| json!({ "channel": channel, "address": shown(channel) }));
    let how = match c.proof {
        "platform_tick" => "platform",
        "phone_record" => "phone",
        _ => "form",
    };
    let data = json!({
        "case_number": about.number, "cause": about.cause, "person": { "name": about.name, "role": role(&about.kind, &about.procedure, &about.side) },
        "agreed": true, "kind": "EXPRESS", "channels": ways.collect::<Vec<_>>(), "log": [], "confirmed": { "at": tx.now(), "how": how },
    });
    let new = NewPaper {
        kind: "electronic_consent",
        title: "电子送达确认书".into(),
        template: "electronic_consent",
        data,
        filing: None,
        case: Some(case),
        audience: Audience::Parties(vec![c.party]),
        parties: public_names(&[&about.name]),
        number: Some(about.number.clone()),
    };
    let paper = issue::issue(tx, new).await?;
    let folder = if about.kind == "enforcement" { 6 } else { 10 };
    file::add(tx, case, &NewLeaf::paper(folder, "电子送达确认书", "送达材料", "当事人", paper)).await.map(drop)
}

/// 撤回同意: from now on on paper.
///
/// # Errors
/// 404 for strangers; 409 without the power.
pub async fn withdraw(app: &App, tx: &mut CourtTx, case: Uuid, party: Uuid, by_clerk: bool) -> Result<Uuid> {
    let about = about(tx, case, party).await?;
    if !by_clerk {
        speaks_for(tx, case, party).await?;
    }
    let person = tx.person()?;
    let entry = NewEntry {
        party,
        says: Says::Withdrawn,
        stage: about.stage,
        all_stages: true,
        channels: &[],
        addresses: &[],
        confirmation: false,
        service: None,
        told: json!({ "version": TOLD.2 }),
        proof: if by_clerk { "signed_form" } else { "platform_tick" },
        paper: None,
        person: (!by_clerk).then_some(person),
        recorded_by: by_clerk.then_some(person),
        valid_from: None,
    };
    let id = address::enter(tx, case, &entry).await?;
    let text = said(format!("{}撤回电子送达的同意", about.name), format!("{} withdrew the consent to electronic service", about.name));
    let effect = said("此后的文书纸质送达；已经完成的送达不受影响。", "Papers go on paper from now on; what was served stays served.");
    timeline::write(tx, case, Note::new("consent_withdrawn", text).by(super::law::OL29.zh).with_effect(effect)).await?;
    settle::settle_party(app, tx, case, party).await?;
    Ok(id)
}

/// 查明: the account with which a party joined the case is its own; what was found and how is written down.
///
/// # Errors
/// 404; 409 while nobody has joined for the party.
pub async fn identify(app: &App, tx: &mut CourtTx, case: Uuid, party: Uuid, basis: &str) -> Result<()> {
    let court = tx.court;
    let account: Option<Option<Uuid>> =
        sqlx::query_scalar("select person_id from case_parties where court_id = $1 and case_id = $2 and party_id = $3")
            .bind(court)
            .bind(case)
            .bind(party)
            .fetch_optional(tx.conn())
            .await?;
    let person = account.ok_or_else(Error::not_found)?.ok_or_else(|| {
        Error::conflict(
            "address.not_joined",
            said("这位当事人还没有用账号关联本案。", "This party has not joined the case with an account."),
            said("请先寄送关联码，或者以其他方式送达。", "Send the join code first, or serve otherwise."),
        )
    })?;
    let inbox = address::keep(tx, case, party, &Said::Inbox { person, masked: String::new() }, "party").await?;
    address::identify(tx, case, inbox, basis).await?;
    settle::settle_party(app, tx, case, party).await
}

/// 停用地址: not the recipient's, or no longer; by whom and why stands in the file.
///
/// # Errors
/// 404 for an address of another case; twice is once.
pub async fn strike(app: &App, tx: &mut CourtTx, case: Uuid, address: Uuid, reason: &str) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    let struck: Option<(Uuid, String, String)> = sqlx::query_as(
        "update service_addresses a set struck_at = coalesce(struck_at, $4), struck_reason = coalesce(struck_reason, $5) from case_parties p
         where a.court_id = $1 and a.case_id = $2 and a.address_id = $3 and p.court_id = a.court_id and p.case_id = a.case_id and p.party_id = a.party_id
         returning a.party_id, a.masked, p.name",
    )
    .bind(court)
    .bind(case)
    .bind(address)
    .bind(now)
    .bind(reason)
    .fetch_optional(tx.conn())
    .await?;
    let (party, masked, name) = struck.ok_or_else(Error::not_found)?;
    let text =
        said(format!("停用{name}的送达地址 {masked}：{reason}"), format!("The address {masked} of {name} is no longer used: {reason}"));
    timeline::write(tx, case, Note::new("address_struck", text).by(super::law::OL31.zh).for_staff()).await?;
    settle::settle_party(app, tx, case, party).await
}

/// The parties of a case whose addresses the viewer may see, as they stand.
///
/// # Errors
/// What the database says.
pub async fn of_case(tx: &mut CourtTx, case: Uuid) -> Result<Vec<PartyAddresses>> {
    let (court, staff) = (tx.court, tx.is_staff());
    let mine = if staff { Vec::new() } else { people::parties_of(tx, case, tx.person()?).await? };
    let rows: Vec<(Uuid, String, String)> = sqlx::query_as(
        "select p.party_id, p.name, c.type_code from case_parties p join cases c on c.court_id = p.court_id and c.case_id = p.case_id
         where p.court_id = $1 and p.case_id = $2 order by p.ordinal",
    )
    .bind(court)
    .bind(case)
    .fetch_all(tx.conn())
    .await?;
    let mut out = Vec::new();
    for (party, name, code) in rows {
        if staff || mine.iter().any(|(_, p)| *p == Some(party)) {
            out.push(of_party(tx, case, party, name, stage_of(&code)).await?);
        }
    }
    Ok(out)
}

async fn of_party(tx: &mut CourtTx, case: Uuid, party: Uuid, name: String, stage: Stage) -> Result<PartyAddresses> {
    let now = tx.now();
    let kept = address::of_party(tx, case, party).await?;
    let entries = address::ledger(tx, case, party).await?;
    let ledger: Vec<Entry> = entries.iter().filter_map(|e| e.entry(party, &kept)).collect();
    let view = |a: &address::Kept| {
        let standing = consent_rules::standing(&ledger, party, stage, &a.index, now, a.identified);
        let asked = Asked { party, stage, address: &a.index, paper: PaperKind::Notice, service: None, at: now };
        let consent = if a.channel.is_electronic() { consent_rules::in_force(&ledger, asked).strength } else { Strength::None };
        ServiceAddressView {
            id: a.id,
            channel: a.channel.key().into(),
            channel_name: a.channel.zh().into(),
            masked: a.masked.clone(),
            standing: standing.key().into(),
            standing_name: standing.zh().into(),
            consent: consent.key().into(),
            doubtful_since: a.doubt.filter(|_| a.is_doubtful()).map(|(at, _)| at),
            doubtful_why: a.doubt.filter(|_| a.is_doubtful()).map(|(_, why)| why),
        }
    };
    let addresses: Vec<ServiceAddressView> = kept.iter().filter(|a| !a.struck).map(view).collect();
    let masked = |ids: &[Uuid]| kept.iter().filter(|a| ids.contains(&a.id)).map(|a| a.masked.clone()).collect();
    let versions = entries.iter().rev().map(|e| ConsentVersion {
        id: e.consent_id,
        says: e.says.clone(),
        kind: e.kind.clone(),
        stage: e.stage.clone(),
        all_stages: e.all_stages,
        channels: e.channels.clone(),
        addresses: masked(&e.address_ids),
        said_at: e.said_at,
        valid_from: e.valid_from,
        paper_id: e.paper_id,
        proof: e.proof_zh().into(),
        carried_court: e.carried_court,
        carried_number: e.carried_number.clone(),
    });
    Ok(PartyAddresses {
        party_id: party,
        name,
        agrees: addresses.iter().any(|a| a.consent == Strength::Full.key()),
        versions: versions.collect(),
        addresses,
    })
}
