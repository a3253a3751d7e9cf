//! 注册: one account across all courts, for whoever proves a mobile number.
//!
//! Owns what a sign-up must bring for each standing and the order of its steps: the form is checked, then the
//! code, then the password is hashed with no transaction open, then everything is written at once. Whether a
//! number is taken is told only to somebody who proved a mobile number, once per code.

use chrono::NaiveDate;
use poem_openapi::types::ToJSON;
use uuid::Uuid;

use super::codes::{self, Typed};
use super::identity::{Kind, ProofKind};
use super::session::{self, Opened, Origin};
use super::shapes::{LicenceClaim, OrganisationClaim, Purpose, SignUp, Standing};
use super::{password, sign_store, store};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::tx::GateTx;
use crate::error::{Error, Result};
use crate::kit::text::{Bounds, clean};
use crate::person::documents::{Mobile, Uscc};
use crate::person::faults::{Fault, Faults};
use crate::person::other_documents::Email;

/// A proof to be claimed.
#[derive(Debug, PartialEq, Eq)]
struct Claim {
    kind: ProofKind,
    number: String,
    holder: String,
    firm: Option<String>,
    firm_uscc: Option<String>,
    representative: Option<String>,
}

/// A form found good.
#[derive(Debug)]
struct Good {
    mobile: String,
    name: String,
    email: Option<String>,
    claims: Vec<Claim>,
}

fn missing(what: (&'static str, &'static str)) -> Fault {
    Fault::new(
        "account.part_missing",
        format!("请填写{}。", what.0),
        format!("Fill in the {}.", what.1),
        "按您选的身份，这一项必须填写。",
        "The standing you chose needs it.",
    )
}

fn claim_of_organisation(faults: &mut Faults, claim: Option<&OrganisationClaim>) -> Option<Claim> {
    let Some(claim) = claim else {
        faults.note("/organisation", missing(("单位信息", "organisation")));
        return None;
    };
    let name = faults.take("/organisation/name", clean(&claim.name, Bounds::line(2, 100)));
    let number = faults.take("/organisation/uscc", Uscc::parse(&claim.uscc));
    let head = faults.take("/organisation/representative", clean(&claim.representative, Bounds::line(1, 60)));
    Some(Claim {
        kind: ProofKind::Organisation,
        number: number?.into_string(),
        holder: name?,
        firm: None,
        firm_uscc: None,
        representative: Some(head?),
    })
}

fn claim_of_licence(faults: &mut Faults, kind: ProofKind, claim: Option<&LicenceClaim>, holder: &str, today: NaiveDate) -> Option<Claim> {
    let Some(claim) = claim else {
        faults.note("/licence", missing(("执业证信息", "licence")));
        return None;
    };
    let number = faults.take("/licence/number", kind.read(&claim.number, today));
    let firm = faults.take("/licence/firm", clean(&claim.firm, Bounds::line(2, 100)));
    let firm_uscc = claim.firm_uscc.as_deref().filter(|u| !u.trim().is_empty());
    let firm_uscc = firm_uscc.and_then(|u| faults.take("/licence/firm_uscc", Uscc::parse(u))).map(Uscc::into_string);
    Some(Claim { kind, number: number?, holder: holder.to_owned(), firm: Some(firm?), firm_uscc, representative: None })
}

/// Checks the whole form and says everything that is wrong with it at once.
fn check(form: &SignUp, today: NaiveDate) -> Result<Good> {
    let mut faults = Faults::default();
    let mobile = faults.take("/mobile", Mobile::parse(&form.mobile)).map(Mobile::into_string);
    let name = faults.take("/name", clean(&form.name, Bounds::line(1, 60)));
    let kind = ProofKind::from(form.id_type);
    let number = faults.take("/id_number", kind.read(&form.id_number, today));
    let email = form.email.as_deref().filter(|e| !e.trim().is_empty());
    let email = email.and_then(|e| faults.take("/email", Email::parse(e))).map(Email::into_string);
    let holder = name.clone().unwrap_or_default();
    let second = match form.standing {
        Standing::Natural => None,
        Standing::Organisation => claim_of_organisation(&mut faults, form.organisation.as_ref()),
        Standing::Lawyer => claim_of_licence(&mut faults, ProofKind::LawyerLicence, form.licence.as_ref(), &holder, today),
        Standing::LegalWorker => claim_of_licence(&mut faults, ProofKind::LegalWorkerLicence, form.licence.as_ref(), &holder, today),
    };
    let own = [name.as_deref(), mobile.as_deref(), number.as_deref()].map(Option::unwrap_or_default);
    faults.take("/password", password::check(&form.password, &own));
    faults.refuse()?;
    let (Some(mobile), Some(name), Some(number)) = (mobile, name, number) else { return Err(Error::internal("a fault went unnoticed")) };
    let first = Claim { kind, number, holder, firm: None, firm_uscc: None, representative: None };
    Ok(Good { mobile, name, email, claims: std::iter::once(first).chain(second).collect() })
}

/// Makes the account and opens its first session. The same call with the same key, when its answer was lost on the
/// way, opens a session of the account it made.
///
/// # Errors
/// 422 with every fault; 422 `account.code_wrong`; 409 `account.exists`.
pub async fn sign_up(app: &App, origin: &Origin, key: Option<Uuid>, form: SignUp) -> Result<(Uuid, Opened)> {
    app.limits.check_sign_in(&origin.ip)?;
    let today = beijing_date(app.now());
    let (form, good) =
        tokio::task::spawn_blocking(move || check(&form, today).map(|good| (form, good))).await.map_err(Error::internal)??;
    let body = app.seal.blind("sign_up", &form.to_json_string())?; // keyed: a password leaves no digest to guess at
    if let Some(key) = key
        && let Some(done) = again(app, origin, key, &body, &good.mobile).await?
    {
        return Ok(done);
    }
    let code = prove(app, origin, &good.mobile, &form.code).await?;
    let hash = password::hash(&app.random, &form.password).await?;
    let mut gate = app.door.gate("account:sign_up", origin.request.clone()).await?;
    if !sign_store::use_code(&mut gate, code).await? {
        return Err(codes::wrong());
    }
    let person = gate.id();
    match write(&mut gate, person, form.standing, &good, &hash).await {
        Ok(()) => {}
        Err(e) if e.code == "account.exists" => {
            drop(gate);
            if let Some(key) = key
                && let Some(done) = again(app, origin, key, &body, &good.mobile).await?
            {
                return Ok(done); // the first of two clicks was faster
            }
            spend(app, origin, code).await?; // one answer about a number per code
            return Err(e);
        }
        Err(e) => return Err(e),
    }
    if let Some(key) = key {
        gate.once::<Uuid>(key, &body).await?;
        gate.answered(key, &person).await?;
    }
    let opened = session::open(&mut gate, person, false, origin).await?;
    gate.commit(format!("person:{person}"), serde_json::json!({"standing": form.standing.key()})).await?;
    Ok((person, opened))
}

/// The account this very call made before, with a new session. Whoever brings the key and every word of the form, the
/// password and the code among them, is who made it; everybody else is told what a stranger is told.
async fn again(app: &App, origin: &Origin, key: Uuid, body: &[u8], mobile: &str) -> Result<Option<(Uuid, Opened)>> {
    let mut gate = app.door.gate("account:sign_up", origin.request.clone()).await?;
    let index = Kind::Mobile.index(gate.seal(), mobile)?;
    let known = sign_store::candidates(&mut gate, &[Kind::Mobile.key()], &[index], 1).await?;
    let first = gate.first_answer::<Uuid>(known.first().map(|c| c.person_id), key, body).await?;
    let Some(person) = first else { return Ok(None) };
    let opened = session::open(&mut gate, person, false, origin).await?;
    gate.commit(format!("person:{person}"), serde_json::json!({"again": true})).await?;
    Ok(Some((person, opened)))
}

/// Is the code right? A wrong try is counted for good.
async fn prove(app: &App, origin: &Origin, mobile: &str, code: &str) -> Result<Uuid> {
    let mut gate = app.door.gate("account:code_try", origin.request.clone()).await?;
    let index = Kind::Mobile.index(gate.seal(), mobile)?;
    match codes::compare(&mut gate, &index, Purpose::SignUp, code).await? {
        Typed::Right(id) => Ok(id),
        Typed::Wrong => {
            gate.commit("code", serde_json::json!({"purpose": "sign_up", "right": false})).await?;
            Err(codes::wrong())
        }
    }
}

async fn spend(app: &App, origin: &Origin, code: Uuid) -> Result<()> {
    let mut gate = app.door.gate("account:code_spent", origin.request.clone()).await?;
    sign_store::use_code(&mut gate, code).await?;
    gate.commit(format!("code:{code}"), serde_json::json!({})).await
}

async fn write(gate: &mut GateTx, person: Uuid, standing: Standing, good: &Good, hash: &str) -> Result<()> {
    let new = store::NewPerson {
        id: person,
        name: &good.name,
        standing: standing.key(),
        state: "active",
        mobile: &good.mobile,
        email: good.email.as_deref(),
    };
    store::add_person(gate, &new).await?;
    gate.becomes(person).await?;
    store::add_identifier(gate, person, Kind::Mobile, &good.mobile).await?;
    store::add_own_grant(gate, person, "party").await?;
    for claim in &good.claims {
        store::add_identifier(gate, person, claim.kind.identifier(), &claim.number).await?;
        let proof = store::NewProof {
            kind: claim.kind,
            number: &claim.number,
            holder: &claim.holder,
            firm: claim.firm.as_deref(),
            firm_uscc: claim.firm_uscc.as_deref(),
            representative: claim.representative.as_deref(),
            state: "claimed",
            decided_by: None,
        };
        store::add_proof(gate, person, &proof).await?;
        if let Some(role) = claim.kind.role() {
            store::add_own_grant(gate, person, role).await?;
        }
    }
    sign_store::set_password(gate, person, hash).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::shapes::IdType;

    fn form() -> SignUp {
        SignUp {
            mobile: "138 0013 8000".into(),
            code: "123456".into(),
            password: "correct-horse-battery".into(),
            standing: Standing::Lawyer,
            name: "赵文博".into(),
            id_type: IdType::ResidentId,
            id_number: "37010218990101018x".into(),
            email: Some(" ".into()),
            organisation: None,
            licence: Some(LicenceClaim {
                number: "13701201310123456".into(),
                firm: "山东鲁信律师事务所".into(),
                firm_uscc: Some("31370000MD0000008W".into()),
            }),
        }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    #[test]
    fn a_lawyer_brings_two_proofs() {
        let good = check(&form(), today()).unwrap();
        assert_eq!((good.mobile.as_str(), good.email, good.claims.len()), ("13800138000", None, 2));
        assert_eq!(good.claims[0].number, "37010218990101018X");
        assert_eq!(good.claims[1].firm_uscc.as_deref(), Some("31370000MD0000008W"));
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let bad = SignUp {
            mobile: "12800138000".into(),
            name: "张".repeat(10_000),
            id_number: "370102189901010017".into(),
            password: "12345678".into(),
            licence: None,
            email: Some("a@b".into()),
            ..form()
        };
        let problem = check(&bad, today()).unwrap_err().problem();
        let fields: Vec<String> = problem.errors.unwrap().into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["/mobile", "/name", "/id_number", "/email", "/licence", "/password"]);
        let bad = SignUp { standing: Standing::Organisation, ..form() };
        assert_eq!(check(&bad, today()).unwrap_err().problem().field.as_deref(), Some("/organisation"));
    }
}
