//! Sample people of every role in several courts, made through the API as people make them: the province's
//! first administrators from the command line, the courts' by the province, the rest by the courts, everybody
//! outside by signing up with a code from the phone.
//!
//! Owns who is who in demo.json. Cases come after, in cases.rs, with the sessions opened here.

use std::collections::BTreeMap;
use std::path::Path;

use futures_util::future::try_join_all;
use serde::Serialize;
use serde_json::{Value, json};

use super::cast::{self, Guest, Outside, Stage, Worker};
use super::visitor::Visitor;
use crate::person::first_admin::{self, Duty, FirstAdmin};

/// One of the courts in the play.
#[derive(Debug, Clone, Serialize)]
pub struct CourtOfPlay {
    /// 370102.
    pub id: i32,
    /// 鲁0102.
    pub code: String,
    /// Name.
    pub name: String,
}

/// One line of demo.json.
#[derive(Debug, Clone, Serialize)]
pub struct PersonOfPlay {
    /// 姓名.
    pub name: String,
    /// The role people are looked up by.
    pub role: String,
    /// Every role.
    pub roles: Vec<String>,
    /// Court, for those who work at one.
    pub court_id: Option<i32>,
    /// Its name.
    pub court_name: Option<String>,
    /// Mobile number.
    pub identifier: String,
    /// Password.
    pub password: String,
    /// Secret of the authenticator, Base32.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totp_secret: Option<String>,
    /// 证件号码.
    pub id_number: String,
    /// 执业证号.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// The company acted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Value>,
}

/// What the command line needs to make the first administrators.
pub struct Desk<'a> {
    /// Administrator's connection.
    pub database_admin_url: &'a str,
    /// Keys.
    pub key_file: &'a Path,
    /// Our address.
    pub base_url: &'a str,
}

/// The people with their open sessions, by mobile number.
pub struct World {
    /// The courts by stage.
    pub courts: BTreeMap<Stage, CourtOfPlay>,
    /// Everybody.
    pub people: Vec<PersonOfPlay>,
    /// Their open sessions.
    pub sessions: BTreeMap<u16, Visitor>,
}

impl World {
    /// The court of a stage.
    ///
    /// # Errors
    /// When the province has none.
    pub fn court(&self, stage: Stage) -> Result<&CourtOfPlay, String> {
        self.courts.get(&stage).ok_or_else(|| format!("the province has no court for {stage:?}"))
    }

    /// Somebody's open session.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn as_person(&self, mobile: u16) -> Result<Visitor, String> {
        self.sessions.get(&mobile).cloned().ok_or_else(|| format!("nobody has {mobile}"))
    }
}

type Made = (u16, PersonOfPlay, Visitor);

/// Makes everybody.
///
/// # Errors
/// The step that was refused.
pub async fn people(stranger: &Visitor, desk: &Desk<'_>) -> Result<World, String> {
    let courts = stages(stranger).await?;
    let guests = try_join_all(cast::GUESTS.iter().map(|guest| sign_up(stranger, guest)));
    let staff = staff(stranger, desk, &courts);
    let (staff, guests) = tokio::try_join!(staff, guests)?;
    let mut world = World { courts, people: Vec::new(), sessions: BTreeMap::new() };
    for (mobile, person, session) in guests.into_iter().chain(staff) {
        world.people.push(person);
        world.sessions.insert(mobile, session);
    }
    Ok(world)
}

/// The courts of the play: the high court, the capital's, two under it, one of another city.
async fn stages(stranger: &Visitor) -> Result<BTreeMap<Stage, CourtOfPlay>, String> {
    let list = stranger.anew().call("GET", "/courts", None).await?;
    let all: Vec<&Value> = list["items"].as_array().into_iter().flatten().filter(|c| c["enabled"] == true).collect();
    let of = |level: &str, parent: Option<i64>| -> Vec<&Value> {
        all.iter().copied().filter(|c| c["level"] == level && parent.is_none_or(|p| c["parent_id"] == p)).collect()
    };
    let high = of("high", None);
    let middle = of("intermediate", None);
    let id = |c: Option<&&Value>| c.and_then(|c| c["id"].as_i64());
    let near = of("basic", id(middle.first()));
    let far = middle.iter().skip(1).find_map(|m| of("basic", m["id"].as_i64()).first().copied());
    let chosen = [
        (Stage::High, high.first().copied()),
        (Stage::Intermediate, middle.first().copied()),
        (Stage::First, near.first().copied()),
        (Stage::Second, near.get(1).copied()),
        (Stage::Away, far),
    ];
    chosen
        .into_iter()
        .map(|(stage, court)| {
            let court = court.ok_or_else(|| format!("the province has no open court for {stage:?}"))?;
            let text = |key: &str| court[key].as_str().unwrap_or_default().to_owned();
            let id = i32::try_from(court["id"].as_i64().unwrap_or_default()).unwrap_or_default();
            Ok((stage, CourtOfPlay { id, code: text("code"), name: text("name") }))
        })
        .collect()
}

async fn staff(stranger: &Visitor, desk: &Desk<'_>, courts: &BTreeMap<Stage, CourtOfPlay>) -> Result<Vec<Made>, String> {
    let mut made = try_join_all(cast::FIRST_ADMINS.iter().map(|worker| first_admin(stranger, desk, worker))).await?;
    let province = made.first().map(|m| m.2.clone()).ok_or("nobody runs the province")?;
    let courts_people = try_join_all(cast::COURT_ADMINS.iter().map(|admin| {
        let (court, province) = (&courts[&admin.at], province.clone());
        async move {
            let admin = hire(stranger, province, admin, court).await?;
            let own = cast::WORKERS.iter().filter(|w| courts[&w.at].id == court.id);
            let mut all = try_join_all(own.map(|w| hire(stranger, admin.2.clone(), w, court))).await?;
            all.push(admin);
            Ok::<_, String>(all)
        }
    }))
    .await?;
    made.extend(courts_people.into_iter().flatten());
    Ok(made)
}

async fn first_admin(stranger: &Visitor, desk: &Desk<'_>, worker: &Worker) -> Result<Made, String> {
    let role = match worker.roles[0] {
        "auditor" => Duty::Auditor,
        "security_admin" => Duty::SecurityAdmin,
        _ => Duty::ProvincialAdmin,
    };
    let link = first_admin::run(&FirstAdmin {
        role,
        name: worker.name.to_owned(),
        mobile: cast::mobile(worker.mobile),
        id_number: cast::id_number(worker.birth),
        database_admin_url: desk.database_admin_url.to_owned(),
        key_file: desk.key_file.to_owned(),
        public_url: desk.base_url.to_owned(),
    })
    .await?;
    activate(stranger, worker, &link, None).await
}

/// A colleague makes the account; its owner takes the link from the phone.
async fn hire(stranger: &Visitor, mut by: Visitor, worker: &Worker, court: &CourtOfPlay) -> Result<Made, String> {
    let body = json!({ "name": worker.name, "mobile": cast::mobile(worker.mobile), "id_number": cast::id_number(worker.birth), "roles": worker.roles, "mediator_class": worker.roles.contains(&"mediator").then_some("people") });
    by.call("POST", &format!("/courts/{}/people", court.id), Some(body)).await?;
    let link = stranger.read_phone(&cast::mobile(worker.mobile), "link").await?;
    activate(stranger, worker, &link, Some(court)).await
}

/// Sets the password through the link, signs in, and turns the authenticator on.
async fn activate(stranger: &Visitor, worker: &Worker, link: &str, court: Option<&CourtOfPlay>) -> Result<Made, String> {
    let mut own = stranger.anew();
    let token = link.rsplit('/').next().unwrap_or_default();
    own.call("POST", &format!("/account/recovery/{token}"), Some(json!({ "password": cast::PASSWORD }))).await?;
    let mobile = cast::mobile(worker.mobile);
    own.call("POST", "/account/sign-in", Some(json!({ "identifier": mobile, "password": cast::PASSWORD }))).await?;
    let secret = own.call("POST", "/account/totp", None).await?["secret"].as_str().unwrap_or_default().to_owned();
    own.call("POST", "/account/totp/confirm", Some(json!({ "code": super::totp_before(&secret)? }))).await?;
    let person = PersonOfPlay {
        name: worker.name.into(),
        role: worker.roles[0].into(),
        roles: worker.roles.iter().map(|r| (*r).to_owned()).collect(),
        court_id: court.map(|c| c.id),
        court_name: court.map(|c| c.name.clone()),
        identifier: mobile,
        password: cast::PASSWORD.into(),
        totp_secret: Some(secret),
        id_number: cast::id_number(worker.birth),
        licence: None,
        organisation: None,
    };
    Ok((worker.mobile, person, own))
}

async fn sign_up(stranger: &Visitor, guest: &Guest) -> Result<Made, String> {
    let mut own = stranger.anew();
    let mobile = cast::mobile(guest.mobile);
    own.call("POST", "/account/codes", Some(json!({ "mobile": mobile, "purpose": "sign_up" }))).await?;
    let code = own.read_phone(&mobile, "code").await?;
    let (standing, role, organisation, licence) = match guest.kind {
        Outside::Natural => ("natural", "party", None, None),
        Outside::Organisation(name, body) => {
            let claim = json!({ "name": name, "uscc": cast::credit_code(body), "representative": guest.name });
            ("organisation", "party", Some(claim), None)
        }
        Outside::Lawyer(firm) => ("lawyer", "lawyer", None, Some(json!({ "number": cast::licence(guest), "firm": firm }))),
        Outside::LegalWorker(firm) => ("legal_worker", "legal_worker", None, Some(json!({ "number": cast::licence(guest), "firm": firm }))),
    };
    let form = json!({
        "mobile": mobile, "code": code, "password": cast::PASSWORD, "standing": standing, "name": guest.name,
        "id_type": "resident_id", "id_number": cast::id_number(guest.birth), "organisation": organisation, "licence": licence,
    });
    let me = own.call("POST", "/account/sign-up", Some(form)).await?;
    for proof in me["proofs"].as_array().into_iter().flatten() {
        let path = format!("/account/proofs/{}/check", proof["id"].as_str().unwrap_or_default());
        own.call("POST", &path, Some(json!({ "method": "registry" }))).await?;
    }
    let person = PersonOfPlay {
        name: guest.name.into(),
        role: role.into(),
        roles: vec![role.into()],
        court_id: None,
        court_name: None,
        identifier: mobile,
        password: cast::PASSWORD.into(),
        totp_secret: None,
        id_number: cast::id_number(guest.birth),
        licence: licence.as_ref().and_then(|l| l["number"].as_str().map(str::to_owned)),
        organisation,
    };
    Ok((guest.mobile, person, own))
}
