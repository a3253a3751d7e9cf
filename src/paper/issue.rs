//! Issuing a paper: the row and its code in the transaction of its cause, the PDF right after.
//!
//! A paper is named, coded and dated when it is issued; rendering it is repeatable (same data, same bytes),
//! so a renderer that is down delays the PDF and never the act.

use serde_json::{Value, json};
use sqlx::Row;
use uuid::Uuid;

use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::kit::seal::{Place, sha256};
use crate::paper::renderer::Job;
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
        "insert into papers (court_id, paper_id, kind, title, filing_id, case_id, template, data, verify_code, issued_at, state, audience, addressee, parties, number, only_for, style_version)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,'pending',$11,$12,$13,$14,$15,
           (select version from paper_styles where court_id = $1 and template = $7 and ended_at is null))",
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
    .execute(tx.conn())
    .await?;
    sqlx::query("insert into paper_codes (code_hash, court_id, paper_id) values ($1,$2,$3)")
        .bind(sha256(code.replace('-', "").as_bytes()))
        .bind(tx.court)
        .bind(id)
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
        "select paper_id, kind, title, template, data, verify_code, issued_at, audience, addressee, pages, size, sha256, sm3, object_key, parties, number
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

/// Takes a paper of another court into a transferred filing. It stays that court's paper: same bytes, same date, same
/// code, and the code leads to where it was issued. It is never set anew here, under this court's name.
pub async fn adopt(tx: &mut CourtTx, filing: Uuid, paper: &Issued) -> Result<()> {
    let (id, court) = (tx.id(), tx.court);
    let sealed = tx.seal().seal(tx.owner(), Place("papers", "data", &id), &paper.data)?;
    sqlx::query(
        "insert into papers (court_id, paper_id, kind, title, filing_id, template, data, verify_code, issued_at, state, audience, addressee, pages, size, sha256, sm3, object_key, parties, number)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,'ready',$10,$11,$12,$13,$14,$15,$16,$17,$18)",
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

/// The rendered paper, rendering it now when the worker has not yet.
pub async fn ready(app: &App, court: i32, paper: Uuid) -> Result<Ready> {
    let mut tx = app.door.enter_as_house(court, "paper:render").await?;
    let row = sqlx::query(
        "select title, state, object_key, size, template, data, verify_code, issued_at, style_version from papers where court_id = $1 and paper_id = $2",
    )
    .bind(court)
    .bind(paper)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)?;
    let title: String = row.get("title");
    if row.get::<String, _>("state") == "ready" {
        return Ok(Ready {
            title,
            object_key: row.get::<Option<String>, _>("object_key").unwrap_or_default(),
            size: row.get::<Option<i64>, _>("size").unwrap_or_default(),
        });
    }
    let data: Value = tx.seal().open_json(tx.owner(), Place("papers", "data", &paper), row.get("data"))?;
    let (template, code, issued_at): (String, String, chrono::DateTime<chrono::Utc>) =
        (row.get("template"), row.get("verify_code"), row.get("issued_at"));
    let own = match row.get::<Option<i32>, _>("style_version") {
        Some(version) => styles::source(&mut tx, &template, Some(version)).await?,
        None => None,
    };
    drop(tx); // a transaction is not held while the renderer works
    let data = dressed(app, court, data, &code, issued_at);
    let job = Job { template, source: None, data, images: Vec::new(), created_at: issued_at };
    let rendered = styles::render(app, court, job, own).await?;
    let digest = hex::encode(sha256(&rendered.pdf));
    let key = format!("court/{court}/{digest}");
    let (size, sm3) = (i64::try_from(rendered.pdf.len()).unwrap_or(i64::MAX), sm3_of(&rendered.pdf));
    app.blob.put(&key, rendered.pdf, "application/pdf").await?;
    let mut tx = app.door.enter_as_house(court, "paper:render").await?;
    for sql in [
        "update papers set state = 'ready', pages = $3, size = $4, sha256 = $5, sm3 = $6, object_key = $7 where court_id = $1 and paper_id = $2",
        "update leaves set pages = $3, size = $4, sha256 = $5, sm3 = $6, object_key = $7 where court_id = $1 and paper_id = $2",
    ] {
        sqlx::query(sql)
            .bind(court)
            .bind(paper)
            .bind(rendered.pages)
            .bind(size)
            .bind(&digest)
            .bind(&sm3)
            .bind(&key)
            .execute(tx.conn())
            .await?;
    }
    tx.commit(paper, json!({ "sha256": digest })).await?;
    Ok(Ready { title, object_key: key, size })
}

/// Court, code and date are the same on every paper.
pub(super) fn dressed(app: &App, court: i32, mut data: Value, code: &str, issued_at: chrono::DateTime<chrono::Utc>) -> Value {
    let c = app.door.registry.court(court);
    let contact = |f: fn(&crate::court::registry::Court) -> Option<String>| c.as_ref().and_then(|c| f(c));
    data["court"] = json!({
        "name": app.door.registry.name(court), "province": app.province_name(),
        "phone": contact(|c| c.phone.clone()), "address": contact(|c| c.address.clone()), "hours": contact(|c| c.hours.clone()),
    });
    data["verify"] = json!({ "code": code, "url": format!("{}/verify?code={code}", app.config.public_url) });
    if data["date"].is_null() {
        data["date"] = crate::court::beijing::beijing_date(issued_at).to_string().into();
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
