//! Issuing a paper: the row and its code in the transaction of its cause, the PDF right after.
//!
//! A paper is named, coded and dated when it is issued; rendering it is repeatable, so a renderer that is down delays
//! the PDF and never the act. Without a seal the same data are the same bytes; a seal is laid once, and the first file
//! kept is the paper.

use serde_json::{Value, json};
use sqlx::Row;
use uuid::Uuid;

use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::kit::seal::{Place, sha256};
use crate::paper::renderer::Job;
use crate::paper::sealing::{self, Sealed};
use crate::paper::styles;
use crate::work::{Due, Outcome};

/// Who reads a paper besides the court.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Everybody in the matter.
    All,
    /// Nobody: it is the court's own, or carries a code for one recipient.
    Court,
    /// One person.
    Person(Uuid),
    /// The people of these parties (当事人 and their counsel), by `case_parties`.
    Parties(Vec<Uuid>),
}

impl Audience {
    fn columns(&self) -> (&'static str, Option<Uuid>, Option<&[Uuid]>) {
        match self {
            Self::All => ("all", None, None),
            Self::Court => ("staff", None, None),
            Self::Person(person) => ("addressee", Some(*person), None),
            Self::Parties(parties) => ("all", None, Some(parties)),
        }
    }
}

/// A paper to be issued.
pub struct NewPaper {
    /// Kind, as the API names it.
    pub kind: &'static str,
    /// 名称.
    pub title: String,
    /// Template.
    pub template: &'static str,
    /// Its data, without court and code.
    pub data: Value,
    /// The filing it belongs to.
    pub filing: Option<Uuid>,
    /// The case it belongs to.
    pub case: Option<Uuid>,
    /// Who may read it besides the court.
    pub audience: Audience,
    /// Names for the public page, masked.
    pub parties: Vec<String>,
    /// 案号 or 网立 number.
    pub number: Option<String>,
}

/// Issues a paper; answers its id.
pub async fn issue(tx: &mut CourtTx, paper: NewPaper) -> Result<Uuid> {
    let (id, now) = (tx.id(), tx.now());
    let code = verify_code(tx);
    let sealed = tx.seal().seal_json(tx.owner(), Place("papers", "data", &id), &paper.data)?;
    let (audience, addressee, only_for) = paper.audience.columns();
    sqlx::query(
        "with code as (insert into paper_codes (code_hash, court_id, paper_id) values ($16,$1,$2))
         insert into papers (court_id, paper_id, kind, title, filing_id, case_id, template, data, verify_code, issued_at, state, audience, addressee, parties, number, only_for)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,'pending',$11,$12,$13,$14,$15)",
    )
    .bind(tx.court)
    .bind(id)
    .bind(paper.kind)
    .bind(&paper.title)
    .bind(paper.filing)
    .bind(paper.case)
    .bind(paper.template)
    .bind(sealed)
    .bind(&code)
    .bind(now)
    .bind(audience)
    .bind(addressee)
    .bind(&paper.parties)
    .bind(&paper.number)
    .bind(only_for)
    .bind(sha256(code.replace('-', "").as_bytes()))
    .execute(tx.conn())
    .await?;
    tx.tell("paper.render", &json!({ "paper": id }))?;
    Ok(id)
}

/// A paper as it was issued and set, for the court a filing is transferred to.
#[derive(sqlx::FromRow)]
pub struct Issued {
    paper_id: Uuid,
    kind: String,
    title: String,
    template: String,
    data: Vec<u8>,
    verify_code: String,
    issued_at: chrono::DateTime<chrono::Utc>,
    audience: String,
    addressee: Option<Uuid>,
    pages: Option<i32>,
    size: Option<i64>,
    /// Digest of its bytes.
    pub sha256: String,
    sm3: Option<String>,
    /// Where they lie.
    pub object_key: String,
    parties: Vec<String>,
    number: Option<String>,
    sealed_at: Option<chrono::DateTime<chrono::Utc>>,
    sealed_by: Option<String>,
    seal_serial: Option<String>,
    stamped_at: Option<chrono::DateTime<chrono::Utc>>,
    stamp: Option<Vec<u8>>,
}

/// Papers of a filing that are not set yet.
pub async fn unset(tx: &mut CourtTx, filing: Uuid) -> Result<Vec<Uuid>> {
    let court = tx.court;
    Ok(sqlx::query_scalar("select paper_id from papers where court_id = $1 and filing_id = $2 and state = 'pending'")
        .bind(court)
        .bind(filing)
        .fetch_all(tx.conn())
        .await?)
}

/// The papers of a filing, oldest first, their data opened: it is sealed under this court's key and this row.
pub async fn of_filing(tx: &mut CourtTx, filing: Uuid) -> Result<Vec<Issued>> {
    let court = tx.court;
    let mut papers: Vec<Issued> = sqlx::query_as(
        "select paper_id, kind, title, template, data, verify_code, issued_at, audience, addressee, pages, size, sha256, sm3, object_key, parties, number,
         sealed_at, sealed_by, seal_serial, stamped_at, stamp
         from papers where court_id = $1 and filing_id = $2 and state = 'ready' order by paper_id",
    )
    .bind(court)
    .bind(filing)
    .fetch_all(tx.conn())
    .await?;
    for paper in &mut papers {
        paper.data = tx.seal().open(tx.owner(), Place("papers", "data", &paper.paper_id), &paper.data)?;
    }
    Ok(papers)
}

/// One paper that is set, its data opened.
///
/// # Errors
/// 404 while it is not set; what the database says.
pub async fn one(tx: &mut CourtTx, paper: Uuid) -> Result<Issued> {
    let court = tx.court;
    let mut found: Issued = sqlx::query_as(
        "select paper_id, kind, title, template, data, verify_code, issued_at, audience, addressee, pages, size, sha256, sm3, object_key, parties, number,
         sealed_at, sealed_by, seal_serial, stamped_at, stamp
         from papers where court_id = $1 and paper_id = $2 and state = 'ready'",
    )
    .bind(court)
    .bind(paper)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)?;
    found.data = tx.seal().open(tx.owner(), Place("papers", "data", &found.paper_id), &found.data)?;
    Ok(found)
}

/// Takes a paper of another court into a transferred filing. It stays that court's paper: same bytes, same date, same
/// code, and the code leads to where it was issued. It is never set anew here, under this court's name.
pub async fn adopt(tx: &mut CourtTx, filing: Uuid, paper: &Issued) -> Result<()> {
    let (id, court) = (tx.id(), tx.court);
    let sealed = tx.seal().seal(tx.owner(), Place("papers", "data", &id), &paper.data)?;
    sqlx::query(
        "insert into papers (court_id, paper_id, kind, title, filing_id, template, data, verify_code, issued_at, state, audience, addressee, pages, size, sha256, sm3, object_key, parties, number,
                             sealed_at, sealed_by, seal_serial, stamped_at, stamp)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,'ready',$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23)",
    )
    .bind(court)
    .bind(id)
    .bind(&paper.kind)
    .bind(&paper.title)
    .bind(filing)
    .bind(&paper.template)
    .bind(sealed)
    .bind(&paper.verify_code)
    .bind(paper.issued_at)
    .bind(&paper.audience)
    .bind(paper.addressee)
    .bind(paper.pages)
    .bind(paper.size)
    .bind(&paper.sha256)
    .bind(&paper.sm3)
    .bind(&paper.object_key)
    .bind(&paper.parties)
    .bind(&paper.number)
    .bind(paper.sealed_at)
    .bind(&paper.sealed_by)
    .bind(&paper.seal_serial)
    .bind(paper.stamped_at)
    .bind(&paper.stamp)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Three groups of four signs, without 0, 1, O, I.
fn verify_code(tx: &CourtTx) -> String {
    let signs = tx.random().plain_code(12);
    format!("{}-{}-{}", &signs[..4], &signs[4..8], &signs[8..])
}

/// A paper ready to be read.
pub struct Ready {
    /// 名称.
    pub title: String,
    /// Where it lies.
    pub object_key: String,
    /// Bytes.
    pub size: i64,
}

/// What has to be set.
pub(super) struct Unset {
    /// Template.
    pub template: String,
    /// The court's own version of it that the paper was issued under.
    pub own: Option<(i32, String)>,
    /// Data.
    pub data: Value,
    /// Verification code.
    pub code: String,
    /// When it was issued.
    pub issued_at: chrono::DateTime<chrono::Utc>,
}

/// The rendered paper, rendering it now when the worker has not yet.
pub async fn ready(app: &App, court: i32, paper: Uuid) -> Result<Ready> {
    let unset = match look(app, court, paper).await? {
        Ok(ready) => return Ok(ready),
        Err(unset) => unset,
    };
    let seal = app.seals.of(court, app.now())?;
    let data = dressed(app, court, &unset, seal.is_some());
    let job = Job { template: unset.template, source: None, data, images: Vec::new(), created_at: unset.issued_at };
    let finished = sealing::finish(app, styles::render(app, court, job, unset.own).await?, seal).await?;
    let (digest, sm3) = (hex::encode(sha256(&finished.pdf)), sm3_of(&finished.pdf));
    let key = format!("court/{court}/{digest}");
    let set =
        Set { size: i64::try_from(finished.pdf.len()).unwrap_or(i64::MAX), pages: finished.pages, digest, sm3, key, seal: finished.seal };
    app.blob.put(&set.key, finished.pdf, "application/pdf").await?;
    if !keep(app, court, paper, &set).await? && set.seal.is_some() {
        // two set it at once: a signature is never the same twice, the first one kept is the paper
        app.blob.delete(&set.key).await?;
    }
    look(app, court, paper).await?.map_err(|_| Error::internal("a paper was set and is not ready"))
}

/// The paper if it is ready, else what is needed to set it. No transaction is held while the renderer works.
async fn look(app: &App, court: i32, paper: Uuid) -> Result<std::result::Result<Ready, Unset>> {
    let mut tx = app.door.enter_as_house(court, "paper:render").await?;
    let row = sqlx::query(
        "select title, state, object_key, size, template, data, verify_code, issued_at from papers where court_id = $1 and paper_id = $2",
    )
    .bind(court)
    .bind(paper)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)?;
    if row.get::<String, _>("state") == "ready" {
        return Ok(Ok(Ready {
            title: row.get("title"),
            object_key: row.get::<Option<String>, _>("object_key").unwrap_or_default(),
            size: row.get::<Option<i64>, _>("size").unwrap_or_default(),
        }));
    }
    let data: Value = tx.seal().open_json(tx.owner(), Place("papers", "data", &paper), row.get("data"))?;
    let template: String = row.get("template");
    let own = styles::source(&mut tx, &template, Some(row.get("issued_at"))).await?;
    Ok(Err(Unset { template, own, data, code: row.get("verify_code"), issued_at: row.get("issued_at") }))
}

/// A paper that was set and stored.
struct Set {
    pages: i32,
    size: i64,
    digest: String,
    sm3: String,
    key: String,
    seal: Option<Sealed>,
}

/// Writes down where the file lies, once: answers whether it was this one. Its digest never changes after.
async fn keep(app: &App, court: i32, paper: Uuid, set: &Set) -> Result<bool> {
    let mut tx = app.door.enter_as_house(court, "paper:render").await?;
    let seal = set.seal.as_ref();
    let first = sqlx::query(
        "update papers set state = 'ready', pages = $3, size = $4, sha256 = $5, sm3 = $6, object_key = $7,
                           sealed_at = $8, sealed_by = $9, seal_serial = $10, stamped_at = $11
         where court_id = $1 and paper_id = $2 and state = 'pending'",
    )
    .bind(court)
    .bind(paper)
    .bind(set.pages)
    .bind(set.size)
    .bind(&set.digest)
    .bind(&set.sm3)
    .bind(&set.key)
    .bind(seal.map(|s| s.at))
    .bind(seal.map(|s| &s.by))
    .bind(seal.map(|s| &s.serial))
    .bind(seal.and_then(|s| s.stamped_at))
    .execute(tx.conn())
    .await?;
    if first.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query("update leaves set pages = $3, size = $4, sha256 = $5, sm3 = $6, object_key = $7 where court_id = $1 and paper_id = $2")
        .bind(court)
        .bind(paper)
        .bind(set.pages)
        .bind(set.size)
        .bind(&set.digest)
        .bind(&set.sm3)
        .bind(&set.key)
        .execute(tx.conn())
        .await?;
    if seal.is_some_and(|s| s.awaits_stamp) {
        tx.tell("paper.stamp", &json!({ "paper": paper }))?;
    }
    tx.commit(paper, json!({ "sha256": set.digest, "seal": seal.map(|s| &s.serial) })).await?;
    Ok(true)
}

/// Court, code and date are the same on every paper.
pub(super) fn dressed(app: &App, court: i32, unset: &Unset, sealed: bool) -> Value {
    let (mut data, code) = (unset.data.clone(), &unset.code);
    let c = app.door.registry.court(court);
    let contact = |f: fn(&crate::court::registry::Court) -> Option<String>| c.as_ref().and_then(|c| f(c));
    data["court"] = json!({
        "name": app.door.registry.name(court), "province": app.province_name(),
        "phone": contact(|c| c.phone.clone()), "address": contact(|c| c.address.clone()), "hours": contact(|c| c.hours.clone()),
    });
    data["verify"] = json!({ "code": code, "url": format!("{}/verify?code={code}", app.config.public_url) });
    if data["date"].is_null() {
        data["date"] = crate::court::beijing::beijing_date(unset.issued_at).to_string().into();
    }
    if sealed {
        // leaves room for the seal instead of naming its place
        data["e_seal"] = true.into();
    }
    data
}

fn sm3_of(bytes: &[u8]) -> String {
    use sm3::Digest;
    hex::encode(sm3::Sm3::digest(bytes))
}

/// The worker's step.
pub async fn render_due(app: &App, due: &Due) -> Result<Outcome> {
    let Some(paper) = due.payload["paper"].as_str().and_then(|p| p.parse().ok()) else { return Ok(Outcome::Dead("no paper named".into())) };
    ready(app, due.court, paper).await?;
    Ok(Outcome::Done)
}
