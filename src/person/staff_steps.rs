//! The steps of 本院人员 and 身份核验.
//!
//! Owns: what an administrator may give (never to oneself, never two separated duties, never what belongs to no
//! court), and that an account that exists is joined, not taken over. Suspension is of the work here: the account
//! stays its owner's. A rejected proof takes what stood on it: the role of a licence, the claim to a number.

use chrono::NaiveDate;
use poem_openapi::types::ToJSON;
use uuid::Uuid;

use super::identity::ProofState;
use super::identity::{Kind, ProofKind};
use super::messages::{Sms, To, tell_sms};
use super::shapes::Proof;
use super::staff::{MediatorClass, NewStaff, ProofDecision, Staff, StaffChange, StaffRole, StaffState};
use super::staff_store::{self, StaffRow};
use super::{masking, proofs, recovery, session, sign_store, store};
use crate::app::App;
use crate::court::act::Act;
use crate::court::beijing::beijing_date;
use crate::court::caller::Caller;
use crate::court::door::check_split;
use crate::court::role::{Role, Roles};
use crate::court::tx::CourtTx;
use crate::docket::jobs::{SEAT_COUNSEL, seat_counsel_event};
use crate::error::{Error, Result, said};
use crate::kit::seal::{Owner, Place, sha256};
use crate::kit::text::{Bounds, clean, same_name};
use crate::kit::words::of_text;
use crate::person::documents::Mobile;
use crate::person::faults::{Fault, Faults};

/// One page of rows asked for with one more than fits, and where the next begins.
pub fn page<T>(mut rows: Vec<T>, limit: i64, id: impl Fn(&T) -> Uuid) -> (Vec<T>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(|row| id(row).to_string()) } else { None };
    (rows, next)
}

/// A row as lists show it.
///
/// # Errors
/// When the number cannot be opened.
pub fn shown(tx: &CourtTx, row: StaffRow) -> Result<Staff> {
    let mobile = tx.seal().open_text(Owner::Person(row.person_id), Place("people", "mobile", &row.person_id), &row.mobile)?;
    let state = match (row.state.as_str(), row.suspended) {
        ("invited", _) => StaffState::Invited,
        (_, true) | ("suspended", _) => StaffState::Suspended,
        _ => StaffState::Active,
    };
    Ok(Staff {
        person_id: row.person_id,
        name: row.name,
        mobile_masked: masking::mobile(&mobile, masking::Viewer::ClerkList).unwrap_or_default(),
        roles: row.roles.iter().map(|role| of_text(role)).collect::<Result<_>>()?,
        mediator_class: row.mediator_class.as_deref().map(of_text).transpose()?,
        state,
        totp_enabled: row.totp_enabled,
    })
}

async fn one(tx: &mut CourtTx, person: Uuid) -> Result<StaffRow> {
    staff_store::people(tx, Some(person), None, 1).await?.into_iter().next().ok_or_else(Error::not_found)
}

fn keys(roles: &[StaffRole]) -> Vec<&'static str> {
    let set: Roles = roles.iter().map(|r| Role::from(*r)).collect();
    set.iter().map(Role::key).collect()
}

/// 三员分立: the roles wanted here and those held everywhere, together.
async fn check_duties(tx: &mut CourtTx, person: Uuid, wanted: &[StaffRole]) -> Result<()> {
    let held = staff_store::roles_held(tx, person).await?;
    let everywhere = held.iter().filter(|(court, _)| *court == 0).filter_map(|(_, role)| Role::parse(role));
    check_split(wanted.iter().map(|r| Role::from(*r)).chain(everywhere).collect())
}

/// A form found good.
struct Good {
    name: String,
    mobile: String,
    id_number: String,
}

fn check(form: &NewStaff, today: NaiveDate) -> Result<Good> {
    let mut faults = Faults::default();
    let name = faults.take("/name", clean(&form.name, Bounds::line(1, 60)));
    let mobile = faults.take("/mobile", Mobile::parse(&form.mobile));
    let id_number = faults.take("/id_number", ProofKind::ResidentId.read(&form.id_number, today));
    faults.refuse()?;
    check_split(form.roles.iter().map(|r| Role::from(*r)).collect())?;
    match (name, mobile, id_number) {
        (Some(name), Some(mobile), Some(id_number)) => Ok(Good { name, mobile: mobile.into_string(), id_number }),
        _ => Err(Error::internal("a fault went unnoticed")),
    }
}

/// One number is known and the other is not, or they are two people's: nobody is joined by half a likeness,
/// or an account made in another's name would receive a court's rights.
fn does_not_fit() -> Error {
    Error::conflict(
        "people.identity_conflict",
        said("姓名、手机号和身份证号与已有账号对不上。", "Name, mobile and ID number do not fit the account that exists."),
        said(
            "请与本人核对这三项；本人换过手机号的，请其先登录改好。",
            "Check the three with the person; a changed number is first changed by the person.",
        ),
    )
}

/// Makes an account, or joins one that exists, and gives it roles here.
///
/// # Errors
/// 422 with every fault; 409 for two separated duties, for oneself, or when the data do not fit the account.
pub async fn add(app: &App, caller: &Caller, court: i32, key: Option<Uuid>, form: &NewStaff) -> Result<Staff> {
    let good = check(form, beijing_date(app.now()))?;
    let class = class_of(&form.roles, form.mediator_class)?;
    let mut tx = app.door.enter(caller, court, Act::PeopleManage).await?;
    if let Some(key) = key
        && let Some(answer) = tx.once(key, form.to_json_string().as_bytes()).await?
    {
        return Ok(answer);
    }
    let by_mobile = store::person_by(&mut tx, Kind::Mobile, &good.mobile).await?;
    let by_id = store::person_by(&mut tx, Kind::IdNumber, &good.id_number).await?;
    let person = match (by_mobile, by_id) {
        (None, None) => make(&mut tx, &good, &keys(&form.roles), class).await?,
        (Some(a), Some(b)) if a == b => a,
        _ => return Err(does_not_fit()),
    };
    refuse_self(caller, person)?;
    check_duties(&mut tx, person, &form.roles).await?;
    // one who works here already keeps what he or she has
    let had: Vec<String> =
        staff_store::roles_held(&mut tx, person).await?.into_iter().filter(|(c, _)| *c == court).map(|(_, r)| r).collect();
    let wanted = keys(&form.roles);
    let all: Vec<&str> = wanted.iter().copied().chain(had.iter().map(String::as_str).filter(|r| !wanted.contains(r))).collect();
    check_split(all.iter().filter_map(|r| Role::parse(r)).collect())?;
    staff_store::set_roles(&mut tx, person, &all, class, false).await?;
    let row = one(&mut tx, person).await?;
    if !same_name(&row.name, &good.name) {
        return Err(does_not_fit());
    }
    invite(app, &mut tx, &row, &good.mobile).await?;
    let staff = shown(&tx, row)?;
    if let Some(key) = key {
        tx.answered(key, &staff).await?;
    }
    finish(app, tx, person, &wanted, false).await?;
    Ok(staff)
}

async fn make(tx: &mut CourtTx, good: &Good, roles: &[&str], class: Option<&str>) -> Result<Uuid> {
    let (person, by) = (tx.id(), tx.person()?);
    let new = store::NewPerson { id: person, name: &good.name, standing: "staff", state: "invited", mobile: &good.mobile, email: None };
    store::add_person(tx, &new).await?;
    // the grant makes the account visible to this court; everything below stands on it
    staff_store::set_roles(tx, person, roles, class, false).await?;
    store::add_identifier(tx, person, Kind::Mobile, &good.mobile).await?;
    store::add_identifier(tx, person, Kind::IdNumber, &good.id_number).await?;
    let proof = store::NewProof {
        kind: ProofKind::ResidentId,
        number: &good.id_number,
        holder: &good.name,
        firm: None,
        firm_uscc: None,
        representative: None,
        state: "checked_by_clerk",
        decided_by: Some(by),
    };
    store::add_proof(tx, person, &proof).await?;
    staff_store::add_credentials(tx, person).await?;
    Ok(person)
}

/// A link to whoever never signed in, a word to whoever has an account.
async fn invite(app: &App, tx: &mut CourtTx, row: &StaffRow, mobile: &str) -> Result<()> {
    let court = Some(tx.court);
    if row.state != "invited" {
        let link = app.config.public_url.clone();
        return tell_sms(
            tx,
            &Sms { to: To::Person(row.person_id), template: "staff_roles", params: &[("link", &link)], court, until: None, listener: None },
        );
    }
    let (token, until) = (tx.random().token(), tx.now() + recovery::ACTIVATION_LIFE);
    sign_store::keep_link(tx, &sha256(token.as_bytes()), row.person_id, "activation", until).await?;
    let link = recovery::link(app, &token);
    let params = [("name", row.name.as_str()), ("link", link.as_str())];
    tell_sms(tx, &Sms { to: To::Mobile(mobile), template: "staff_activation", params: &params, court, until: Some(until), listener: None })
}

/// A mediator is of one of three classes (A14); nobody else has one.
fn class_of(roles: &[StaffRole], class: Option<MediatorClass>) -> Result<Option<&'static str>> {
    match (roles.contains(&StaffRole::Mediator), class) {
        (true, None) => Err(Error::invalid(
            "people.mediator_class",
            said("没有选调解员的类别。", "The class of the mediator is missing."),
            said("请选择人民调解员、特邀调解员或律师调解员。", "Choose people's, invited or lawyer mediator."),
        )
        .at("/mediator_class")),
        (true, Some(class)) => Ok(Some(class.key())),
        (false, _) => Ok(None),
    }
}

fn refuse_self(caller: &Caller, person: Uuid) -> Result<()> {
    if caller.person() != person {
        return Ok(());
    }
    Err(Error::conflict(
        "people.self",
        said("不能变更自己的角色。", "Nobody changes their own roles."),
        said("请另一位管理员办理。", "Ask another administrator."),
    ))
}

/// Makes a person's roles here be exactly these.
///
/// # Errors
/// 404 for somebody who never worked here; 409 for two separated duties or oneself.
pub async fn change(app: &App, caller: &Caller, court: i32, person: Uuid, form: &StaffChange) -> Result<Staff> {
    let mut tx = app.door.enter(caller, court, Act::PeopleManage).await?;
    let class = class_of(&form.roles, form.mediator_class)?;
    one(&mut tx, person).await?;
    refuse_self(caller, person)?;
    check_duties(&mut tx, person, &form.roles).await?;
    let wanted = keys(&form.roles);
    staff_store::set_roles(&mut tx, person, &wanted, class, form.suspended).await?;
    let row = one(&mut tx, person).await?;
    let staff = shown(&tx, row)?;
    finish(app, tx, person, &wanted, form.suspended).await?;
    Ok(staff)
}

/// Commits; the change is in force at once, here and on every node.
async fn finish(app: &App, mut tx: CourtTx, person: Uuid, roles: &[&str], suspended: bool) -> Result<()> {
    session::say_changed(&mut tx).await?;
    tx.commit(format!("person:{person}"), serde_json::json!({"roles": roles, "suspended": suspended})).await?;
    app.sessions.forget_all();
    Ok(())
}

/// Records the court's word on a proof.
///
/// # Errors
/// 404 when its owner has nothing at this court; 409 when it was rejected before; 422 without a reason.
pub async fn decide(app: &App, caller: &Caller, court: i32, id: Uuid, form: &ProofDecision) -> Result<Proof> {
    let stands = match form.state {
        ProofState::CheckedByClerk => true,
        ProofState::Rejected => false,
        _ => return Err(not_a_decision()),
    };
    let reason = form.reason.as_deref().filter(|_| !stands).unwrap_or_default();
    let least = if stands { 0 } else { 4 };
    let reason = clean(reason, Bounds::line(least, 200)).map_err(|e| Fault::from(e).at("/reason"))?;
    let mut tx = app.door.enter(caller, court, Act::ProofReview).await?;
    let row = staff_store::proof(&mut tx, id).await?;
    let kind = ProofKind::parse(&row.kind).ok_or_else(Error::not_found)?;
    if !staff_store::decide(&mut tx, &row, form.state.key(), (!stands).then_some(&reason)).await? {
        return Err(rejected_before());
    }
    if let Some(role) = kind.role() {
        staff_store::set_licence_role(&mut tx, &row, role, stands).await?;
        if stands {
            tx.tell(SEAT_COUNSEL, &seat_counsel_event(&row.number_index))?;
        }
    }
    if !stands {
        staff_store::free_number(&mut tx, &row, kind.identifier().key()).await?;
        let link = format!("{}/account", app.config.public_url.trim_end_matches('/'));
        let params = [("label", kind.label()), ("reason", reason.as_str()), ("link", link.as_str())];
        tell_sms(
            &mut tx,
            &Sms {
                to: To::Person(row.person_id),
                template: "proof_rejected",
                params: &params,
                court: Some(court),
                until: None,
                listener: None,
            },
        )?;
    }
    session::say_changed(&mut tx).await?;
    let row = staff_store::proof(&mut tx, id).await?;
    tx.commit(format!("proof:{id}"), serde_json::json!({"state": form.state.key()})).await?;
    app.sessions.forget_all();
    proofs::shown(row).ok_or_else(Error::not_found)
}

fn not_a_decision() -> Error {
    Error::invalid(
        "proof.state",
        said("核验结论只能是通过或不通过。", "A decision is checked_by_clerk or rejected."),
        said("请选择其中一项。", "Choose one of the two."),
    )
    .at("/state")
}

fn rejected_before() -> Error {
    Error::conflict(
        "proof.rejected",
        said("这项凭证已经退回。", "This proof was rejected before."),
        said("请当事人重新提交后再核验。", "The person claims it again, then it can be checked."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_court_gives_what_belongs_to_no_court() {
        let all = [
            StaffRole::Judge,
            StaffRole::Clerk,
            StaffRole::PresidingJudge,
            StaffRole::CourtAdmin,
            StaffRole::SecurityAdmin,
            StaffRole::Auditor,
            StaffRole::Technician,
            StaffRole::Mediator,
        ];
        for key in keys(&all) {
            assert!(!["party", "lawyer", "legal_worker", "provincial_admin"].contains(&key));
        }
        assert_eq!(keys(&[StaffRole::Clerk, StaffRole::Clerk]), ["clerk"]);
    }

    #[test]
    fn two_separated_duties_are_refused_before_anything_is_written() {
        let form = NewStaff {
            name: "李明".into(),
            mobile: "13800138000".into(),
            id_number: "37010218990101018X".into(),
            roles: vec![StaffRole::CourtAdmin, StaffRole::Auditor],
            mediator_class: None,
        };
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        assert_eq!(check(&form, today).err().map(|e| e.code), Some("admin.split_of_duties"));
    }

    #[test]
    fn a_page_says_whether_there_is_more() {
        let ids: Vec<Uuid> = (0..3).map(Uuid::from_u128).collect();
        assert_eq!(page(ids.clone(), 2, |id| *id), (ids[..2].to_vec(), Some(ids[1].to_string())));
        assert_eq!(page(ids.clone(), 3, |id| *id).1, None);
    }
}
