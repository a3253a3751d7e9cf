//! What a service sets going once it has effect, and takes back when it falls: the timeline, the certificate in the
//! file, the clocks of the recipient, the word to other slices. Owns `service_certificates`.
//! Must never start a period from anything but the day the rules found.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use super::certificate::{Agent, Certificate, Consent, Document, Sending};
use super::effect::Outcome;
use super::facts::{self, Held};
use super::starts::{self, ServedPaper};
use super::words::{CaseKind, Channel, ConsentKind, Row, RulingKind};
use crate::court::beijing::{day_en, day_zh};
use crate::court::tx::CourtTx;
use crate::docket::clocks::{self, NewClock};
use crate::docket::file::{self, NewLeaf};
use crate::docket::hooks;
use crate::docket::timeline::{self, Note};
use crate::error::{Result, said};
use crate::paper::issue::{self, Audience, NewPaper};
use crate::person::masking::public_names;

/// A paper of a service.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of service_papers, documented in the migration")]
pub struct PaperRow {
    pub n: i32,
    pub title: String,
    pub paper_kind: String,
    pub issued_kind: String,
    pub paper_id: Option<Uuid>,
    pub leaf_id: Option<Uuid>,
    pub sha256: Option<String>,
    pub pages: Option<i32>,
    pub media_type: String,
    pub ruling: Option<String>,
}

/// The papers of a service, in order.
///
/// # Errors
/// What the database says.
pub async fn papers(tx: &mut CourtTx, service: Uuid) -> Result<Vec<PaperRow>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select n, title, paper_kind, issued_kind, paper_id, leaf_id, sha256, pages, coalesce(media_type, 'application/pdf') as media_type, ruling
         from service_papers where court_id = $1 and service_id = $2 order by n",
    )
    .bind(court)
    .bind(service)
    .fetch_all(tx.conn())
    .await?)
}

/// Which ruling that may be appealed was served on a party with effect, the last one first, and the source of its clocks.
///
/// # Errors
/// What the database says.
pub async fn rulings(tx: &mut CourtTx, case: Uuid, party: Uuid) -> Result<Vec<(RulingKind, String)>> {
    let court = tx.court;
    let rows: Vec<(String, Uuid, Uuid)> = sqlx::query_as(
        "select p.ruling, r.service_id, r.recipient_id from service_papers p join service_recipients r on r.court_id = p.court_id and r.service_id = p.service_id
          where p.court_id = $1 and p.case_id = $2 and r.party_id = $3 and p.ruling is not null and r.effect in ('yes', 'presumed') order by r.served_at desc",
    )
    .bind(court)
    .bind(case)
    .bind(party)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().filter_map(|(word, s, r)| Some((RulingKind::parse(&word)?, source(s, r)))).collect())
}

/// What the clocks of a recipient name as their source.
fn source(service: Uuid, recipient: Uuid) -> String {
    format!("delivery:{service}:{recipient}")
}

/// The effect came, moved or fell.
///
/// # Errors
/// What the database says.
pub async fn changed(tx: &mut CourtTx, held: &mut Held, outcome: &Outcome) -> Result<()> {
    let papers = papers(tx, held.row.service_id).await?;
    note(tx, held, outcome, &papers).await?;
    tell(tx, held, outcome)?;
    start_clocks(tx, held, outcome, &papers).await?;
    if papers.iter().any(|p| COMPLAINT.contains(&p.issued_kind.as_str())) {
        complaint(tx, held.row.case_id).await?;
    }
    certify(tx, held, outcome, &papers).await
}

/// With which the other side has what it answers to.
const COMPLAINT: [&str; 3] = ["pleading", "notice_to_respond", "enforcement_notice"];

/// 发送起诉状副本: done when everybody who answers was served.
async fn complaint(tx: &mut CourtTx, case: Uuid) -> Result<()> {
    let court = tx.court;
    let at: Option<DateTime<Utc>> = sqlx::query_scalar(
        "select case when bool_and(s.at is not null) then max(s.at) end from case_parties p
           left join lateral (select min(r.served_at) as at from service_recipients r join service_papers x on x.court_id = r.court_id and x.service_id = r.service_id
             where r.court_id = p.court_id and r.case_id = p.case_id and r.party_id = p.party_id and r.effect in ('yes', 'presumed') and x.issued_kind = any($3)) s on true
         where p.court_id = $1 and p.case_id = $2 and p.side not in ('plaintiff', 'applicant')",
    )
    .bind(court)
    .bind(case)
    .bind(COMPLAINT.as_slice())
    .fetch_one(tx.conn())
    .await?;
    clocks::complaint_served(tx, case, at).await
}

async fn note(tx: &mut CourtTx, held: &Held, outcome: &Outcome, papers: &[PaperRow]) -> Result<()> {
    let titles = papers.iter().map(|p| p.title.as_str()).collect::<Vec<_>>().join("、");
    let name = &held.row.name;
    let note = match (outcome.day, outcome.counts_from) {
        (Some(day), Some(from)) => {
            let (zh, en) = (outcome.effect.zh(), outcome.effect.en());
            let text = said(
                format!("{zh}：{titles}（{name}，送达日 {}）", day_zh(day)),
                format!("{en}: {titles} ({name}, day of service {})", day_en(day)),
            );
            let effect = said(format!("有期限的，自 {} 起算。", day_zh(from)), format!("Periods count from {}.", day_en(from)));
            Note::new("served", text).with_effect(effect)
        }
        _ if facts::effect(&held.row.effect).holds() => {
            let text = said(
                format!("原认定的送达不再成立：{titles}（{name}）"),
                format!("The service found before no longer holds: {titles} ({name})"),
            );
            Note::new("service_fell", text).with_effect(said("据此起算的期限停止。", "The periods that began with it end."))
        }
        _ => return Ok(()),
    };
    let note = match outcome.article {
        Some(article) => note.by(article.zh),
        None => note,
    };
    timeline::write(tx, held.row.case_id, note).await
}

/// The legal time of service and its basis, for the recipient's software.
fn tell(tx: &mut CourtTx, held: &Held, outcome: &Outcome) -> Result<()> {
    let data = json!({
        "service_id": held.row.service_id, "recipient_id": held.row.recipient_id, "effect": outcome.effect.key(),
        "served_at": outcome.at, "served_day": outcome.day, "counts_from": outcome.counts_from,
        "row": outcome.row.map(Row::key), "article": outcome.article.map(|a| a.zh),
    });
    hooks::tell_party(tx, "service.effect", held.row.case_id, held.row.party_id, &data)
}

async fn start_clocks(tx: &mut CourtTx, held: &Held, outcome: &Outcome, papers: &[PaperRow]) -> Result<()> {
    let source = source(held.row.service_id, held.row.recipient_id);
    clocks::void(tx, held.row.case_id, &source).await?;
    for paper in papers {
        if let (Some(id), "payment_notice" | "top_up_notice") = (paper.paper_id, paper.issued_kind.as_str()) {
            tx.tell("fees.notice_served", &json!({ "paper": id, "served_at": outcome.at }))?;
        }
        let Some(at) = outcome.at else { continue };
        let served = ServedPaper {
            kind: &paper.issued_kind,
            case: held.case_kind,
            procedure: held.procedure,
            stage: held.stage,
            appealable: paper.ruling.is_some(),
            answering: held.row.answering,
            abroad: held.row.abroad,
        };
        for key in starts::started(served) {
            let cause = said(format!("《{}》送达", paper.title), format!("service of {}", paper.title));
            // the fee's own clock stands on its bill
            if *key != "payment" && *key != "fee_top_up" {
                let new = NewClock { key, days: None, party: Some(held.row.party_id), from: at, cause, source: &source };
                clocks::start(tx, held.row.case_id, &new).await?;
            }
        }
    }
    Ok(())
}

/// 电子送达凭证: made anew when the finding changes; the one before says that it was replaced.
async fn certify(tx: &mut CourtTx, held: &mut Held, outcome: &Outcome, papers: &[PaperRow]) -> Result<()> {
    supersede(tx, held).await?;
    let told = fell(outcome);
    let outcome = told.as_ref().unwrap_or(outcome);
    let Some(data) = data(tx, held, outcome, papers) else { return Ok(()) };
    let title = format!("电子送达凭证（{}）", held.row.name);
    let new = NewPaper {
        kind: "service_certificate",
        title: "电子送达凭证".into(),
        template: "service_certificate",
        data,
        filing: None,
        case: Some(held.row.case_id),
        audience: Audience::Parties(vec![held.row.party_id]),
        parties: public_names(&[&held.row.name]),
        number: Some(held.row.number.clone()),
    };
    let paper = issue::issue(tx, new).await?;
    let folder = if held.case_kind == CaseKind::Enforcement { ENFORCEMENT_FOLDER } else { CIVIL_FOLDER };
    file::add(tx, held.row.case_id, &NewLeaf::paper(folder, &title, "送达回证", "本院", paper)).await?;
    keep(tx, held, outcome, paper).await?;
    held.note(tx, "certificate", json!({ "paper": paper })).await
}

/// Folders of 送达回证 (reference/folders.csv).
pub const CIVIL_FOLDER: i32 = 22;
/// The same of enforcement.
pub const ENFORCEMENT_FOLDER: i32 = 20;

/// Of a service that fell, the certificate speaks of the sending that fell, also where another is under way by now.
fn fell(outcome: &Outcome) -> Option<Outcome> {
    let of_none = outcome.findings.iter().filter(|f| !f.effect.holds());
    let fallen = of_none.filter(|f| matches!(f.row, Row::R6 | Row::R3)).min_by_key(|f| f.row != Row::R6)?;
    (!outcome.effect.holds()).then(|| Outcome { row: Some(fallen.row), article: Some(fallen.article), ..outcome.clone() })
}

async fn supersede(tx: &mut CourtTx, held: &Held) -> Result<()> {
    let court = tx.court;
    sqlx::query(
        "update papers set superseded = true where court_id = $1 and paper_id in (select paper_id from service_certificates where court_id = $1 and service_id = $2 and recipient_id = $3)",
    )
    .bind(court)
    .bind(held.row.service_id)
    .bind(held.row.recipient_id)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn keep(tx: &mut CourtTx, held: &Held, outcome: &Outcome, paper: Uuid) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "insert into service_certificates (court_id, service_id, recipient_id, n, paper_id, effect, row_code, served_at, served_day, trail_n, trail_hash, issued_at)
         select $1, $2, $3, 1 + coalesce((select max(n) from service_certificates where court_id = $1 and service_id = $2 and recipient_id = $3), 0), $4, $5, $6, $7, $8, $9, $10, $11",
    )
    .bind(court)
    .bind(held.row.service_id)
    .bind(held.row.recipient_id)
    .bind(paper)
    .bind(outcome.effect.key())
    .bind(outcome.row.map_or("", |r| r.key()))
    .bind(outcome.at)
    .bind(outcome.day)
    .bind(i32::try_from(held.head.lines).unwrap_or(i32::MAX))
    .bind(&held.head.hash)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

fn data(tx: &CourtTx, held: &Held, outcome: &Outcome, papers: &[PaperRow]) -> Option<Value> {
    let documents: Vec<Document<'_>> = papers
        .iter()
        .map(|p| Document { title: &p.title, sha256: p.sha256.as_deref().unwrap_or_default(), pages: p.pages.unwrap_or_default() })
        .collect();
    let masked = |id: Uuid| held.rows.iter().find(|r| r.attempt_id == id).and_then(|r| r.masked.as_deref()).unwrap_or_default();
    let electronic = held.attempts.iter().filter(|a| a.channel.is_electronic());
    let sendings: Vec<Sending<'_>> = electronic.map(|a| Sending { attempt: a, masked: masked(a.id) }).collect();
    let deciding = outcome.deciding.and_then(|id| held.rows.iter().find(|r| r.attempt_id == id)).or(held.rows.last());
    let entry = deciding.and_then(|r| r.consent_id).and_then(|id| held.entries.iter().find(|e| e.consent_id == id));
    let scope = entry.map(|e| scope(&e.channels, e.all_stages, held)).unwrap_or_default();
    let consent = entry.and_then(|e| {
        let kind = ConsentKind::parse(e.kind.as_deref()?)?;
        Some(Consent { id: e.consent_id, kind, at: e.said_at, scope: &scope, proof: e.proof_zh() })
    });
    let certificate = Certificate {
        case_number: &held.row.number,
        cause: &held.row.cause_name,
        recipient: &held.row.name,
        role: &held.row.role,
        id_masked: held.row.id_masked.as_deref(),
        agent: held.row.agent.as_deref().map(|name| Agent { name, role: "委托诉讼代理人", unit: None }),
        documents: &documents,
        sendings: &sendings,
        consent,
        outcome,
        operator: &held.row.ordered_name,
        trail: (&held.head, tx.now()),
        generated_at: tx.now(),
    };
    certificate.data()
}

fn scope(channels: &[String], all_stages: bool, held: &Held) -> String {
    let names: Vec<&str> = channels.iter().filter_map(|c| Channel::parse(c)).map(Channel::zh).collect();
    let ways = if names.is_empty() { "各种电子方式".to_owned() } else { names.join("、") };
    if all_stages { format!("{ways}；一审、二审、再审和执行") } else { format!("{ways}；{}", held.stage.zh()) }
}
