//! The rows of a person: account, identifiers, proofs, grants, saved views. Owns their SQL and the sealing of
//! what they hold; decides nothing. Must never answer a whole number except to its owner's own step.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::identity::{Kind, ProofKind};
use crate::court::tx::{CourtTx, GateTx, PersonTx};
use crate::error::{Error, OnConstraint, Result, said};
use crate::kit::seal::{Owner, Place};
use crate::person::any_tx::AnyTx;
use crate::person::documents::tidy;

/// A new account.
pub struct NewPerson<'a> {
    /// Id.
    pub id: Uuid,
    /// 姓名.
    pub name: &'a str,
    /// natural, organisation, lawyer, legal_worker, staff.
    pub standing: &'a str,
    /// active or invited.
    pub state: &'a str,
    /// Normalised.
    pub mobile: &'a str,
    /// Normalised.
    pub email: Option<&'a str>,
}

/// Writes a new account down.
pub async fn add_person(tx: &mut impl AnyTx, p: &NewPerson<'_>) -> Result<()> {
    let (now, owner) = (tx.now(), Owner::Person(p.id));
    let mobile = tx.seal().seal(owner, Place("people", "mobile", &p.id), p.mobile.as_bytes())?;
    let email = p.email.map(|e| tx.seal().seal(owner, Place("people", "email", &p.id), e.as_bytes())).transpose()?;
    sqlx::query("insert into people (person_id, name, standing, state, mobile, email, created_at) values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(p.id)
        .bind(p.name)
        .bind(p.standing)
        .bind(p.state)
        .bind(mobile)
        .bind(email)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The number belongs to an account already.
pub fn taken() -> Error {
    Error::conflict(
        "account.exists",
        said("这个手机号或证件号码已经有账号了。", "There is an account with this mobile or document number."),
        said(
            "请直接登录；忘记密码可以用手机号找回。号码被他人占用的，请拨 12368 或带证件到窗口。",
            "Sign in, or recover the password by mobile. If somebody else took your number, call 12368 or bring the document to the counter.",
        ),
    )
}

/// Makes a number an identifier of a person.
///
/// # Errors
/// 409 `account.exists` when it is somebody's.
pub async fn add_identifier(tx: &mut impl AnyTx, person: Uuid, kind: Kind, number: &str) -> Result<()> {
    let index = kind.index(tx.seal(), number)?;
    sqlx::query(
        "insert into identifiers (kind, blind_index, person_id) values ($1, $2, $3) on conflict (kind, blind_index, person_id) do nothing",
    )
    .bind(kind.key())
    .bind(index)
    .bind(person)
    .execute(tx.conn())
    .await
    .on_constraint("identifiers_one_owner", taken)?;
    Ok(())
}

/// A new proof.
pub struct NewProof<'a> {
    /// Kind.
    pub kind: ProofKind,
    /// Normalised number.
    pub number: &'a str,
    /// Whose it is.
    pub holder: &'a str,
    /// 执业机构.
    pub firm: Option<&'a str>,
    /// Its credit code.
    pub firm_uscc: Option<&'a str>,
    /// 法定代表人.
    pub representative: Option<&'a str>,
    /// claimed, or what vouches for it.
    pub state: &'a str,
    /// Who vouches.
    pub decided_by: Option<Uuid>,
}

/// Writes a proof down; answers its id.
pub async fn add_proof(tx: &mut impl AnyTx, person: Uuid, p: &NewProof<'_>) -> Result<Uuid> {
    let (now, id) = (tx.now(), tx.id());
    let number = tx.seal().seal(Owner::Person(person), Place("proofs", "number", &id), p.number.as_bytes())?;
    let index = p.kind.identifier().index(tx.seal(), p.number)?;
    sqlx::query(
        "insert into proofs (person_id, proof_id, kind, number, number_index, number_masked, holder, firm, firm_uscc, representative, state, created_at, decided_at, decided_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(person)
    .bind(id)
    .bind(p.kind.key())
    .bind(number)
    .bind(index)
    .bind(p.kind.mask(p.number))
    .bind(p.holder)
    .bind(p.firm)
    .bind(p.firm_uscc)
    .bind(p.representative)
    .bind(p.state)
    .bind(now)
    .bind(p.decided_by.map(|_| now))
    .bind(p.decided_by)
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// Grants a role everywhere to the person of the transaction; one that was taken away stays away.
pub async fn add_own_grant(tx: &mut impl AnyTx, person: Uuid, role: &str) -> Result<()> {
    let now = tx.now();
    sqlx::query("insert into role_grants (court_id, person_id, role, granted_at) values (0, $1, $2, $3) on conflict do nothing")
        .bind(person)
        .bind(role)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A proof as it is kept, its number sealed.
#[derive(sqlx::FromRow, Clone)]
pub struct ProofRow {
    /// Whose.
    pub person_id: Uuid,
    /// Id.
    pub proof_id: Uuid,
    /// Kind.
    pub kind: String,
    /// Sealed.
    pub number: Vec<u8>,
    /// Blind index.
    pub number_index: Vec<u8>,
    /// For lists.
    pub number_masked: String,
    /// Whose it is.
    pub holder: String,
    /// 执业机构.
    pub firm: Option<String>,
    /// Its credit code.
    pub firm_uscc: Option<String>,
    /// 法定代表人.
    pub representative: Option<String>,
    /// State.
    pub state: String,
    /// Why rejected.
    pub reason: Option<String>,
    /// The register's reference, or the face check under way.
    pub reference: Option<String>,
    /// When made.
    pub created_at: DateTime<Utc>,
    /// When decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// The latest filing at the court that asks.
    #[sqlx(default)]
    pub filing_id: Option<Uuid>,
}

/// The columns of a `ProofRow`.
macro_rules! proof_columns {
    () => {
        "p.person_id, p.proof_id, p.kind, p.number, p.number_index, p.number_masked, p.holder, p.firm, p.firm_uscc, p.representative, p.state, p.reason, p.reference, p.created_at, p.decided_at"
    };
}
pub(crate) use proof_columns;

/// One's proofs, newest first.
pub async fn proofs(tx: &mut PersonTx) -> Result<Vec<ProofRow>> {
    let person = tx.person;
    let rows = sqlx::query_as(concat!(
        "select ",
        proof_columns!(),
        " from proofs p where p.person_id = $1 order by p.created_at desc, p.proof_id desc limit 100"
    ))
    .bind(person)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows)
}

/// One of one's proofs.
///
/// # Errors
/// 404.
pub async fn proof(tx: &mut PersonTx, id: Uuid) -> Result<ProofRow> {
    let person = tx.person;
    let row = sqlx::query_as(concat!("select ", proof_columns!(), " from proofs p where p.person_id = $1 and p.proof_id = $2"))
        .bind(person)
        .bind(id)
        .fetch_one(tx.conn())
        .await?;
    Ok(row)
}

/// Records what a check said, unless somebody decided in between.
pub async fn decide_proof(tx: &mut PersonTx, id: Uuid, state: &str, reason: Option<&str>, reference: Option<&str>) -> Result<()> {
    let (person, now) = (tx.person, tx.now());
    sqlx::query(
        "update proofs set state = $3, reason = $4, reference = $5, decided_at = case when $3 = 'claimed' then null else $6 end
         where person_id = $1 and proof_id = $2 and state in ('claimed', 'checked_by_document')",
    )
    .bind(person)
    .bind(id)
    .bind(state)
    .bind(reason)
    .bind(reference)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Opens the number of a proof.
pub fn number_of(tx: &impl AnyTx, row: &ProofRow) -> Result<String> {
    tx.seal().open_text(Owner::Person(row.person_id), Place("proofs", "number", &row.proof_id), &row.number)
}

/// An organisation somebody acts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationProfile {
    /// 名称.
    pub name: String,
    /// 统一社会信用代码.
    pub uscc: String,
    /// 法定代表人或负责人.
    pub representative: String,
}

/// A person's own data, opened. For that person's own forms and messages only.
#[derive(Debug, Clone)]
pub struct Profile {
    /// 姓名.
    pub name: String,
    /// Mobile number.
    pub mobile: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Kind of personal document.
    pub id_type: Option<String>,
    /// Its number.
    pub id_number: Option<String>,
    /// natural, organisation, lawyer, legal_worker, staff.
    pub standing: String,
    /// Licence number of a lawyer or legal-service worker.
    pub licence: Option<String>,
    /// 执业机构.
    pub firm: Option<String>,
    /// Its credit code.
    pub firm_uscc: Option<String>,
    /// The organisation acted for.
    pub organisation: Option<OrganisationProfile>,
}

/// The signed-in person's own data; rejected proofs left out.
pub async fn profile(tx: &mut PersonTx) -> Result<Profile> {
    let (person, owner) = (tx.person, tx.owner());
    let (name, standing, mobile, email): (String, String, Vec<u8>, Option<Vec<u8>>) =
        sqlx::query_as("select name, standing, mobile, email from people where person_id = $1").bind(person).fetch_one(tx.conn()).await?;
    let open = |column, sealed: &[u8]| tx.seal().open_text(owner, Place("people", column, &person), sealed);
    let (mobile, email) = (open("mobile", &mobile)?, email.map(|e| open("email", &e)).transpose()?);
    let proofs = proofs(tx).await?;
    let newest = |fits: fn(ProofKind) -> bool| proofs.iter().find(|p| p.state != "rejected" && ProofKind::parse(&p.kind).is_some_and(fits));
    let (id, licence, company) = (newest(ProofKind::is_personal), newest(|k| k.role().is_some()), newest(|k| k == ProofKind::Organisation));
    let number = |p: &ProofRow| number_of(tx, p);
    let organisation = |p: &ProofRow| {
        Ok::<_, Error>(OrganisationProfile {
            name: p.holder.clone(),
            uscc: number_of(tx, p)?,
            representative: p.representative.clone().unwrap_or_default(),
        })
    };
    Ok(Profile {
        name,
        mobile,
        email,
        standing,
        id_type: id.map(|p| p.kind.clone()),
        id_number: id.map(number).transpose()?,
        licence: licence.map(number).transpose()?,
        firm: licence.and_then(|p| p.firm.clone()),
        firm_uscc: licence.and_then(|p| p.firm_uscc.clone()),
        organisation: company.map(organisation).transpose()?,
    })
}

/// The blind indexes of every document and credit code of the signed-in person that was not rejected: what
/// `case_parties.id_index` is compared with.
pub async fn identity_indexes(tx: &mut PersonTx) -> Result<Vec<Vec<u8>>> {
    let person = tx.person;
    Ok(sqlx::query_scalar("select number_index from proofs where person_id = $1 and state <> 'rejected' and kind not in ('lawyer_licence', 'legal_worker_licence')")
        .bind(person)
        .fetch_all(tx.conn())
        .await?)
}

/// Does this blind index (of an ID number or a credit code) belong to the signed-in person?
pub async fn match_identity(tx: &mut PersonTx, index: &[u8]) -> Result<bool> {
    Ok(identity_indexes(tx).await?.iter().any(|own| own == index))
}

/// Whose number is this? For a step of the house at a court (a seat of the system).
pub async fn person_by(tx: &mut CourtTx, kind: Kind, number: &str) -> Result<Option<Uuid>> {
    let index = kind.index(tx.seal(), number)?;
    Ok(sqlx::query_scalar("select person_id from identifiers where kind = $1 and blind_index = $2 limit 1")
        .bind(kind.key())
        .bind(index)
        .fetch_optional(tx.conn())
        .await?)
}

/// A lawyer or legal-service worker with an account.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Counsel {
    /// The person.
    pub person_id: Uuid,
    /// 姓名.
    pub name: String,
    /// lawyer_licence or legal_worker_licence.
    pub kind: String,
    /// 执业机构.
    pub firm: Option<String>,
    /// Its credit code.
    pub firm_uscc: Option<String>,
    /// How far the licence was checked; never `rejected`.
    pub state: String,
}

/// Counsel by licence number, as typed, from a step of the house at a court.
pub async fn counsel_by_licence(tx: &mut CourtTx, licence: &str) -> Result<Option<Counsel>> {
    let index = Kind::Licence.index(tx.seal(), &tidy(licence))?;
    counsel_by_index(tx, &index).await
}

/// Counsel by the blind index of a licence.
pub async fn counsel_by_index(tx: &mut CourtTx, index: &[u8]) -> Result<Option<Counsel>> {
    let found = sqlx::query_as(
        "select p.person_id, n.name, p.kind, p.firm, p.firm_uscc, p.state from proofs p join people n on n.person_id = p.person_id
         where p.number_index = $1 and p.kind in ('lawyer_licence', 'legal_worker_licence') and p.state <> 'rejected'
           and exists (select 1 from role_grants g where g.person_id = p.person_id and g.court_id = 0 and g.role in ('lawyer', 'legal_worker') and g.revoked_at is null)
         order by p.created_at desc limit 1",
    )
    .bind(index)
    .fetch_optional(tx.conn())
    .await?;
    Ok(found)
}

/// The mobile number as it stands.
pub async fn number_before(tx: &mut impl AnyTx, person: Uuid) -> Result<String> {
    let sealed: Vec<u8> = sqlx::query_scalar("select mobile from people where person_id = $1").bind(person).fetch_one(tx.conn()).await?;
    tx.seal().open_text(Owner::Person(person), Place("people", "mobile", &person), &sealed)
}

/// Replaces the mobile number, where codes go and by which one signs in.
///
/// # Errors
/// 409 `account.exists` when it is somebody else's.
pub async fn set_mobile(tx: &mut impl AnyTx, person: Uuid, mobile: &str) -> Result<()> {
    let sealed = tx.seal().seal(Owner::Person(person), Place("people", "mobile", &person), mobile.as_bytes())?;
    sqlx::query("delete from identifiers where person_id = $1 and kind = 'mobile'").bind(person).execute(tx.conn()).await?;
    add_identifier(tx, person, Kind::Mobile, mobile).await?;
    sqlx::query("update people set mobile = $2 where person_id = $1").bind(person).bind(sealed).execute(tx.conn()).await?;
    Ok(())
}

/// What the account page shows of `people`.
#[derive(sqlx::FromRow)]
pub struct PersonRow {
    /// 姓名.
    pub name: String,
    /// Standing.
    pub standing: String,
    /// Sealed.
    pub mobile: Vec<u8>,
    /// Sealed.
    pub email: Option<Vec<u8>>,
    /// zh or en.
    pub language: String,
    /// Density.
    pub density: Option<String>,
    /// 大字版.
    pub large_type: bool,
}

/// One's own row.
pub async fn person(tx: &mut PersonTx) -> Result<PersonRow> {
    let person = tx.person;
    Ok(sqlx::query_as("select name, standing, mobile, email, language, density, large_type from people where person_id = $1")
        .bind(person)
        .fetch_one(tx.conn())
        .await?)
}

/// One's roles: (court, role).
pub async fn roles(tx: &mut PersonTx) -> Result<Vec<(i32, String)>> {
    let person = tx.person;
    Ok(sqlx::query_as("select court_id, role from role_grants where person_id = $1 and revoked_at is null and suspended_at is null order by court_id, role")
        .bind(person)
        .fetch_all(tx.conn())
        .await?)
}

/// Changes what one may change; what is absent stays. An empty address takes the address away.
pub async fn change_person(
    tx: &mut PersonTx,
    email: Option<&str>,
    language: Option<&str>,
    density: Option<&str>,
    large_type: Option<bool>,
) -> Result<()> {
    let (person, owner) = (tx.person, tx.owner());
    let sealed =
        email.filter(|e| !e.is_empty()).map(|e| tx.seal().seal(owner, Place("people", "email", &person), e.as_bytes())).transpose()?;
    sqlx::query(
        "update people set email = case when $2 then $3 else email end, language = coalesce($4, language), density = coalesce($5, density),
         large_type = coalesce($6, large_type) where person_id = $1",
    )
    .bind(person)
    .bind(email.is_some())
    .bind(sealed)
    .bind(language)
    .bind(density)
    .bind(large_type)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Wakes an invited account.
pub async fn activate(gate: &mut GateTx, person: Uuid) -> Result<()> {
    sqlx::query("update people set state = 'active' where person_id = $1 and state = 'invited'").bind(person).execute(gate.conn()).await?;
    Ok(())
}

/// A saved view.
#[derive(sqlx::FromRow)]
pub struct ViewRow {
    /// Id.
    pub view_id: Uuid,
    /// Name.
    pub name: String,
    /// Query.
    pub query: Value,
}

/// One's saved views.
pub async fn views(tx: &mut PersonTx) -> Result<Vec<ViewRow>> {
    let person = tx.person;
    Ok(sqlx::query_as("select view_id, name, query from saved_views where person_id = $1 order by created_at, view_id limit 100")
        .bind(person)
        .fetch_all(tx.conn())
        .await?)
}

/// Saves a view; answers its id.
pub async fn add_view(tx: &mut PersonTx, name: &str, query: &Value) -> Result<Uuid> {
    let (person, id, now) = (tx.person, tx.id(), tx.now());
    sqlx::query("insert into saved_views (person_id, view_id, name, query, created_at) values ($1, $2, $3, $4, $5)")
        .bind(person)
        .bind(id)
        .bind(name)
        .bind(query)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(id)
}

/// Forgets a view.
///
/// # Errors
/// 404.
pub async fn remove_view(tx: &mut PersonTx, id: Uuid) -> Result<()> {
    let person = tx.person;
    let gone =
        sqlx::query("delete from saved_views where person_id = $1 and view_id = $2").bind(person).bind(id).execute(tx.conn()).await?;
    if gone.rows_affected() == 0 { Err(Error::not_found()) } else { Ok(()) }
}
