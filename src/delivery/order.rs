//! 发起送达: one or many papers on one or many recipients in one act. Owns making `services`, `service_papers` and
//! `service_recipients`.
//!
//! Papers of one act are sorted into services by what the law lets go together (`allowed`); each is frozen as it was
//! decided that day. Must never guess the class of a paper, nor serve the same paper on the same party twice.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::allowed::{CourtSays, Together};
use super::plan::ServiceRules;
use super::trail::Head;
use super::words::{CaseKind, PaperKind, Purpose, RulingKind, Stage};
use super::{facts, settle};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};

/// What is served.
#[derive(Debug, Clone, Copy)]
pub enum What {
    /// A paper.
    Paper(Uuid),
    /// A leaf of the file, its class, and of a ruling that may be appealed which of the three it is.
    Leaf(Uuid, PaperKind, Option<RulingKind>),
}

/// On whom.
#[derive(Debug, Clone, Copy)]
pub struct On {
    /// Party.
    pub party: Uuid,
    /// Without domicile in China.
    pub abroad: bool,
}

/// An order of service.
pub struct Order<'a> {
    /// The papers, in the order they are to be read.
    pub papers: &'a [What],
    /// The recipients.
    pub recipients: &'a [On],
    /// Service, or a notice by simple means.
    pub purpose: Purpose,
    /// Served anew because a paper was corrected.
    pub corrects: Option<Uuid>,
    /// Whose order it is.
    pub by: Uuid,
    /// Their name, as the certificate shows it.
    pub by_name: &'a str,
    /// Leaves out what was served already instead of refusing.
    pub only_new: bool,
}

#[derive(FromRow)]
struct CaseRow {
    kind: String,
    procedure: String,
    type_code: String,
    closed_at: Option<DateTime<Utc>>,
}

/// A paper with what the law asks of it.
struct Classed {
    what: What,
    title: String,
    issued_kind: String,
    class: PaperKind,
    media_type: String,
}

#[derive(FromRow)]
struct PartyRow {
    party_id: Uuid,
    name: String,
    side: String,
}

/// 审级 by the type code of the number.
pub fn stage_of(type_code: &str) -> Stage {
    match type_code {
        t if t.contains('执') => Stage::Enforcement,
        t if t.ends_with('终') => Stage::SecondInstance,
        t if t.ends_with('申') || t.ends_with('再') => Stage::Retrial,
        _ => Stage::FirstInstance,
    }
}

/// 诉讼地位 in the words of the kind.
pub fn role(kind: &str, procedure: &str, side: &str) -> &'static str {
    match (kind, side) {
        (_, "third_party") if procedure == "second_instance" => "原审第三人",
        (_, "plaintiff") if procedure == "second_instance" => "上诉人",
        _ if procedure == "second_instance" => "被上诉人",
        (_, "third_party") => "第三人",
        ("enforcement", "applicant") => "申请执行人",
        ("enforcement", _) => "被执行人",
        (_, "plaintiff") => "原告",
        (_, "applicant") => "申请人",
        (_, "respondent") => "被申请人",
        _ => "被告",
    }
}

/// Orders a service; answers the act's id and its services.
///
/// # Errors
/// 404 for what is not of this case; 422 for a paper without a class; 409 for what is served already.
pub async fn order(app: &App, tx: &mut CourtTx, case: Uuid, order: &Order<'_>) -> Result<(Uuid, Vec<Uuid>)> {
    let row = case_row(tx, case).await?;
    let parties = parties(tx, case, order.recipients).await?;
    let mut papers = Vec::with_capacity(order.papers.len());
    for what in order.papers {
        let paper = classed(tx, case, *what).await?;
        if served_already(tx, case, *what, order.recipients).await? && order.corrects.is_none() {
            if order.only_new {
                continue;
            }
            return Err(already(&paper.title));
        }
        papers.push(paper);
    }
    let act = tx.id();
    let mut made = Vec::new();
    for together in sorted(app, tx, &row, &papers)? {
        let service = tx.id();
        insert_service(app, tx, case, service, act, &row, &together, order).await?;
        for (n, i) in together.papers.iter().enumerate() {
            insert_paper(tx, case, service, n, &papers[*i]).await?;
        }
        for on in order.recipients {
            let Some(party) = parties.iter().find(|p| p.party_id == on.party) else { continue };
            let recipient = insert_recipient(tx, case, service, &row, party, on.abroad).await?;
            let mut held = facts::hold(app, tx, service, recipient).await?;
            let titles: Vec<&str> = together.papers.iter().map(|i| papers[*i].issued_kind.as_str()).collect();
            let data = json!({ "act": act, "papers": titles, "allowed": together.decision.allowed, "basis": together.decision.basis });
            held.note(tx, "ordered", data).await?;
            settle::settle(app, tx, service, recipient).await?;
        }
        made.push(service);
    }
    Ok((act, made))
}

async fn case_row(tx: &mut CourtTx, case: Uuid) -> Result<CaseRow> {
    let court = tx.court;
    sqlx::query_as("select kind, procedure, type_code, closed_at from cases where court_id = $1 and case_id = $2")
        .bind(court)
        .bind(case)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)
}

async fn parties(tx: &mut CourtTx, case: Uuid, recipients: &[On]) -> Result<Vec<PartyRow>> {
    let court = tx.court;
    let wanted: Vec<Uuid> = recipients.iter().map(|r| r.party).collect();
    let found: Vec<PartyRow> =
        sqlx::query_as("select party_id, name, side from case_parties where court_id = $1 and case_id = $2 and party_id = any($3)")
            .bind(court)
            .bind(case)
            .bind(&wanted)
            .fetch_all(tx.conn())
            .await?;
    if wanted.iter().all(|w| found.iter().any(|p| p.party_id == *w)) {
        return Ok(found);
    }
    Err(Error::invalid(
        "party.not_of_case",
        said("本案没有这位当事人。", "There is no such party in this case."),
        said("请从本案当事人中选择。", "Choose a party of the case."),
    )
    .at("/recipients"))
}

/// A paper of this case, or of the filing it came from.
async fn classed(tx: &mut CourtTx, case: Uuid, what: What) -> Result<Classed> {
    let court = tx.court;
    match what {
        What::Paper(paper) => {
            let (title, kind): (String, String) = sqlx::query_as(
                "select title, kind from papers p where p.court_id = $1 and p.paper_id = $3 and (p.case_id = $2
                   or exists (select 1 from leaves l where l.court_id = $1 and l.case_id = $2 and l.paper_id = p.paper_id))",
            )
            .bind(court)
            .bind(case)
            .bind(paper)
            .fetch_optional(tx.conn())
            .await?
            .ok_or_else(Error::not_found)?;
            let class = PaperKind::of_paper(&kind).ok_or_else(|| no_class(&title))?;
            Ok(Classed { what, title, issued_kind: kind, class, media_type: "application/pdf".into() })
        }
        What::Leaf(leaf, class, _) => {
            let (title, media_type): (String, String) = sqlx::query_as(
                "select title, media_type from leaves where court_id = $1 and case_id = $2 and leaf_id = $3 and volume = 'main'",
            )
            .bind(court)
            .bind(case)
            .bind(leaf)
            .fetch_optional(tx.conn())
            .await?
            .ok_or_else(Error::not_found)?;
            Ok(Classed { what, title, issued_kind: class.key().to_owned(), class, media_type })
        }
    }
}

fn no_class(title: &str) -> Error {
    Error::invalid(
        "service.paper_kind",
        said(format!("《{title}》还没有归入送达的文书类别。"), format!("{title} has no class of service yet.")),
        said("请选择其他文书，或者联系管理员补充类别。", "Choose another paper, or ask the administrator to give it a class."),
    )
    .at("/papers")
}

fn already(title: &str) -> Error {
    Error::conflict(
        "service.already",
        said(
            format!("《{title}》已经向这位受送达人送达或者正在送达。"),
            format!("{title} was served on this recipient, or is being served."),
        ),
        said(
            "请在送达台查看进展；文书有更正的，注明更正后再送。",
            "See how it stands on the service desk; a corrected paper is served as a correction.",
        ),
    )
}

async fn served_already(tx: &mut CourtTx, case: Uuid, what: What, recipients: &[On]) -> Result<bool> {
    let court = tx.court;
    let (paper, leaf) = match what {
        What::Paper(id) => (Some(id), None),
        What::Leaf(id, ..) => (None, Some(id)),
    };
    let parties: Vec<Uuid> = recipients.iter().map(|r| r.party).collect();
    Ok(sqlx::query_scalar(
        "select exists (select 1 from service_papers p join services s on s.court_id = p.court_id and s.service_id = p.service_id
           join service_recipients r on r.court_id = p.court_id and r.service_id = p.service_id
         where p.court_id = $1 and p.case_id = $2 and s.cancelled_at is null and (p.paper_id = $3 or p.leaf_id = $4) and r.party_id = any($5))",
    )
    .bind(court)
    .bind(case)
    .bind(paper)
    .bind(leaf)
    .bind(parties)
    .fetch_one(tx.conn())
    .await?)
}

fn sorted(app: &App, tx: &CourtTx, row: &CaseRow, papers: &[Classed]) -> Result<Vec<Together>> {
    if row.closed_at.is_some() && papers.is_empty() {
        return Ok(Vec::new());
    }
    let day = beijing_date(tx.now());
    let court = app.door.registry.court(tx.court).ok_or_else(Error::not_found)?;
    let case = CaseKind::parse(&row.kind).ok_or_else(|| Error::internal(format!("no kind {}", row.kind)))?;
    let own = CourtRules::on(&app.door.registry, tx.court, day).get("judgment_e_delivery");
    let says = own.as_ref().and_then(|r| Some(CourtSays { judgments: r.value.as_bool()?, basis: &r.basis }));
    let classes: Vec<PaperKind> = papers.iter().map(|p| p.class).collect();
    Ok(app.service_table.services(&classes, |table, paper| table.decide(&court.code, paper, case, day, says)))
}

#[allow(clippy::too_many_arguments, reason = "the columns of services")]
async fn insert_service(
    app: &App,
    tx: &mut CourtTx,
    case: Uuid,
    service: Uuid,
    act: Uuid,
    row: &CaseRow,
    together: &Together,
    order: &Order<'_>,
) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    let rules: ServiceRules = CourtRules::on(&app.door.registry, court, beijing_date(now))
        .get("service_rules")
        .and_then(|r| serde_json::from_value(r.value).ok())
        .unwrap_or_default();
    sqlx::query(
        "insert into services (court_id, service_id, case_id, act_id, lead, case_kind, procedure, stage, purpose, decision, rules, corrects, ordered_by, ordered_name, ordered_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)",
    )
    .bind(court)
    .bind(service)
    .bind(case)
    .bind(act)
    .bind(together.lead.key())
    .bind(&row.kind)
    .bind(&row.procedure)
    .bind(stage_of(&row.type_code).key())
    .bind(order.purpose.key())
    .bind(sqlx::types::Json(&together.decision))
    .bind(sqlx::types::Json(rules))
    .bind(order.corrects)
    .bind(order.by)
    .bind(order.by_name)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn insert_paper(tx: &mut CourtTx, case: Uuid, service: Uuid, n: usize, paper: &Classed) -> Result<()> {
    let court = tx.court;
    let (paper_id, leaf_id, ruling) = match paper.what {
        What::Paper(id) => (Some(id), None, None),
        What::Leaf(id, _, ruling) => (None, Some(id), ruling),
    };
    sqlx::query(
        "insert into service_papers (court_id, service_id, n, case_id, title, paper_kind, issued_kind, paper_id, leaf_id, media_type, ruling)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
    )
    .bind(court)
    .bind(service)
    .bind(i32::try_from(n + 1).unwrap_or(i32::MAX))
    .bind(case)
    .bind(&paper.title)
    .bind(paper.class.key())
    .bind(&paper.issued_kind)
    .bind(paper_id)
    .bind(leaf_id)
    .bind(&paper.media_type)
    .bind(ruling.map(RulingKind::key))
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn insert_recipient(tx: &mut CourtTx, case: Uuid, service: Uuid, row: &CaseRow, party: &PartyRow, abroad: bool) -> Result<Uuid> {
    let (court, id) = (tx.court, tx.id());
    let head = Head::begin(court, &facts::chain(service, id));
    let answering = matches!(party.side.as_str(), "defendant" | "respondent" | "third_party");
    sqlx::query(
        "insert into service_recipients (court_id, service_id, recipient_id, case_id, party_id, name, role, abroad, answering, state, next_step, effect, contested, trail_n, trail_hash, version)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,'electronic','{}','no',false,0,$10,1)",
    )
    .bind(court)
    .bind(service)
    .bind(id)
    .bind(case)
    .bind(party.party_id)
    .bind(&party.name)
    .bind(role(&row.kind, &row.procedure, &party.side))
    .bind(abroad)
    .bind(answering)
    .bind(&head.hash)
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// The services of one act.
///
/// # Errors
/// What the database says.
pub async fn of_act(tx: &mut CourtTx, act: Uuid) -> Result<Vec<Uuid>> {
    let court = tx.court;
    Ok(sqlx::query_scalar("select service_id from services where court_id = $1 and act_id = $2 order by service_id")
        .bind(court)
        .bind(act)
        .fetch_all(tx.conn())
        .await?)
}
