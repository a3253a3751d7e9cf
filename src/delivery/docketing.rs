//! 立案后的首次送达: the notices of docketing go out by themselves: what the filer's side gets, and what the other side
//! is called on with (民事诉讼法 Art 128, 在线诉讼规则 Art 10). Owns the 举证通知书 issued then.
//!
//! Without consent nothing goes electronically: the service desk shows it for paper. Done once a case. Must never hold
//! up the docketing itself: it runs after, as a step of the house.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::address::{self, FromFiling, Postal, Said};
use super::carry::FirstInstance;
use super::order::{self, On, Order, What};
use super::words::{PaperKind, Purpose};
use super::{carry, send, settle};
use crate::app::App;
use crate::court::periods;
use crate::court::tx::CourtTx;
use crate::docket::file::{self, NewLeaf};
use crate::docket::hooks;
use crate::docket::read::{self, Row};
use crate::error::Result;
use crate::kit::seal::Place;
use crate::paper::issue::{self, Audience, NewPaper};
use crate::person::masking::public_names;
use crate::work::Outcome;

/// The event.
pub const DOCKETED: &str = "delivery.docketed";

/// A case was docketed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Docketed {
    /// Case.
    pub case: Uuid,
    /// Who docketed it.
    pub by: Uuid,
    /// The name.
    pub by_name: String,
    /// The notice made for each party of the other side.
    pub responds: Vec<(Uuid, Uuid)>,
    /// What the filing says of service.
    pub said: Vec<FromFiling>,
    /// 原审案号: the earlier case, as the filer names it.
    #[serde(default)]
    pub earlier: Option<String>,
    /// 原审案件, of an appeal that was sent up.
    #[serde(default)]
    pub origin: Option<FirstInstance>,
}

struct Party {
    id: Uuid,
    name: String,
    side: String,
    details: Value,
}

impl Party {
    fn answers(&self) -> bool {
        !matches!(self.side.as_str(), "plaintiff" | "applicant")
    }
}

/// Handles the event.
///
/// # Errors
/// What the database says; tried again later.
pub async fn run(app: &App, court: i32, event: &Docketed) -> Result<Outcome> {
    let carried = match (&event.origin, &event.earlier) {
        (Some(first), _) => carry::look_below(app, court, event.case, first).await?,
        (None, Some(number)) => carry::look(app, court, event.case, number).await?,
        (None, None) => Vec::new(),
    };
    let mut tx = app.door.enter_as_house(court, "delivery:docketed").await?;
    let row = read::row(&mut tx, event.case).await?;
    let begun: bool = sqlx::query_scalar("select exists (select 1 from services where court_id = $1 and case_id = $2)")
        .bind(court)
        .bind(event.case)
        .fetch_one(tx.conn())
        .await?;
    if begun {
        return Ok(Outcome::Done);
    }
    for said in &event.said {
        address::from_filing(&mut tx, event.case, said).await?;
    }
    for carried in &carried {
        carry::enter(&mut tx, event.case, carried).await?;
    }
    let parties = parties(&mut tx, event.case).await?;
    for party in parties.iter().filter(|p| p.answers()) {
        keep_postal(&mut tx, event.case, party).await?;
    }
    let copies = copies(&mut tx, &row).await?;
    let own = own_papers(&mut tx, event.case).await?;
    for party in &parties {
        let evidence = evidence_notice(app, &mut tx, &row, party, &parties).await?;
        let mut papers: Vec<What> = Vec::new();
        if party.answers() {
            let Some((_, respond)) = event.responds.iter().find(|(p, _)| *p == party.id) else { continue };
            papers.push(What::Paper(*respond));
            papers.extend(evidence.map(What::Paper));
            papers.extend(&copies);
        } else {
            let mine = own.iter().filter(|(_, only)| only.as_ref().is_none_or(|o| o.contains(&party.id)));
            papers.extend(mine.map(|(paper, _)| What::Paper(*paper)));
            papers.extend(evidence.map(What::Paper));
        }
        let recipients = [On { party: party.id, abroad: false }];
        let order = Order {
            papers: &papers,
            recipients: &recipients,
            purpose: Purpose::Service,
            corrects: None,
            by: event.by,
            by_name: &event.by_name,
            only_new: true,
        };
        order::order(app, &mut tx, event.case, &order).await?;
    }
    tx.commit(event.case, json!({ "first_service": true })).await?;
    Ok(Outcome::Done)
}

async fn parties(tx: &mut CourtTx, case: Uuid) -> Result<Vec<Party>> {
    let court = tx.court;
    let rows: Vec<(Uuid, String, String, Vec<u8>)> =
        sqlx::query_as("select party_id, name, side, details from case_parties where court_id = $1 and case_id = $2 order by ordinal")
            .bind(court)
            .bind(case)
            .fetch_all(tx.conn())
            .await?;
    let open = |(id, name, side, sealed): (Uuid, String, String, Vec<u8>)| {
        let details = tx.seal().open_json(tx.owner(), Place("case_parties", "details", &id), &sealed)?;
        Ok(Party { id, name, side, details })
    };
    rows.into_iter().map(open).collect()
}

/// Where the other side can be reached by post, as the filing names it, until it confirms an address of its own.
async fn keep_postal(tx: &mut CourtTx, case: Uuid, party: &Party) -> Result<()> {
    let text = |key: &str| party.details[key].as_str().unwrap_or_default().trim().to_owned();
    for place in ["residence", "domicile", "office", "reg_place"] {
        let address = text(place);
        if !address.is_empty() {
            let postal = Postal { receiver: party.name.clone(), phone: text("phone"), address };
            address::keep(tx, case, party.id, &Said::Post(postal), "party").await?;
        }
    }
    Ok(())
}

/// The copies for the other side: the newest pleading, and the evidence filed with it.
async fn copies(tx: &mut CourtTx, row: &Row) -> Result<Vec<What>> {
    let court = tx.court;
    let pleading: Option<Uuid> = sqlx::query_scalar(
        "select paper_id from papers where court_id = $1 and filing_id = $2 and kind = 'pleading' order by paper_id desc limit 1",
    )
    .bind(court)
    .bind(row.filing_id)
    .fetch_optional(tx.conn())
    .await?;
    let evidence: Vec<Uuid> = sqlx::query_scalar(
        "select leaf_id from leaves where court_id = $1 and case_id = $2 and doc_class = '证据材料' and volume = 'main' and not staff_only order by n",
    )
    .bind(court)
    .bind(row.case_id)
    .fetch_all(tx.conn())
    .await?;
    let leaves = evidence.into_iter().map(|leaf| What::Leaf(leaf, PaperKind::Evidence, None));
    Ok(pleading.map(What::Paper).into_iter().chain(leaves).collect())
}

/// Notices of docketing for the filer's side, and for whom each is.
async fn own_papers(tx: &mut CourtTx, case: Uuid) -> Result<Vec<(Uuid, Option<Vec<Uuid>>)>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select paper_id, only_for from papers where court_id = $1 and case_id = $2 and kind in ('acceptance_notice', 'payment_notice') order by paper_id",
    )
    .bind(court)
    .bind(case)
    .fetch_all(tx.conn())
    .await?)
}

/// 举证通知书 (民诉法解释 Art 99, 266, 275): in civil cases; elsewhere the court sets evidence otherwise.
async fn evidence_notice(app: &App, tx: &mut CourtTx, row: &Row, party: &Party, all: &[Party]) -> Result<Option<Uuid>> {
    if row.kind != "civil" {
        return Ok(None);
    }
    let key = match row.procedure.as_str() {
        "second_instance" => "evidence_second",
        "small_claims" => "evidence_small",
        "summary" => "evidence_summary",
        _ => "evidence",
    };
    let days = periods::rule(key).map_or(15, |r| r.period.n);
    let title = format!("举证通知书（{}）", party.name);
    let data = json!({
        "kind": row.kind, "case_number": row.number, "addressee": party.name, "capacity": order::role(&row.kind, &row.procedure, &party.side),
        "title": row.title, "cause": row.cause_name, "period": { "days": days }, "copies": 1, "upload": app.config.public_url,
    });
    let names: Vec<&str> = all.iter().map(|p| p.name.as_str()).collect();
    let new = NewPaper {
        kind: "evidence_notice",
        title: "举证通知书".into(),
        template: "evidence_notice",
        data,
        filing: None,
        case: Some(row.case_id),
        audience: Audience::Parties(vec![party.id]),
        parties: public_names(&names),
        number: Some(row.number.clone()),
    };
    let paper = issue::issue(tx, new).await?;
    let folder = if party.answers() { 7 } else { 5 };
    file::add(tx, row.case_id, &NewLeaf::paper(folder, &title, "通知书", "本院", paper)).await?;
    Ok(Some(paper))
}

/// The event: a party appealed.
pub const APPEALED: &str = "delivery.appealed";

/// Its payload; the others get the copy.
#[derive(Debug, Serialize, Deserialize)]
pub struct Appealed {
    /// Case.
    pub case: Uuid,
    /// 上诉人.
    pub party: Uuid,
    /// 上诉状.
    pub paper: Uuid,
    /// Who filed it.
    pub by: Uuid,
    /// The name.
    pub by_name: String,
}

/// 上诉状副本 for each of the others (民事诉讼法 Art 174).
///
/// # Errors
/// What the database says; tried again later.
pub async fn appealed(app: &App, court: i32, event: &Appealed) -> Result<Outcome> {
    let mut tx = app.door.enter_as_house(court, "delivery:appealed").await?;
    let others: Vec<On> = parties(&mut tx, event.case)
        .await?
        .into_iter()
        .filter(|p| p.id != event.party)
        .map(|p| On { party: p.id, abroad: false })
        .collect();
    let order = Order {
        papers: &[What::Paper(event.paper)],
        recipients: &others,
        purpose: Purpose::Service,
        corrects: None,
        by: event.by,
        by_name: &event.by_name,
        only_new: true,
    };
    order::order(app, &mut tx, event.case, &order).await?;
    tx.commit(event.case, json!({ "appeal_copies": others.len() })).await?;
    Ok(Outcome::Done)
}

/// The event: a party of the other side has joined with an account.
#[derive(Debug, Serialize, Deserialize)]
pub struct Joined {
    /// Case.
    pub case: Uuid,
    /// Party.
    pub party: Uuid,
}

/// Whoever joined finds the papers in the inbox at once, for information until he or she agrees to electronic service.
///
/// # Errors
/// What the database or the renderer says; tried again later.
pub async fn joined(app: &App, court: i32, event: &Joined) -> Result<Outcome> {
    let mut tx = app.door.enter_as_house(court, "delivery:joined").await?;
    let open: Vec<Uuid> = sqlx::query_scalar(
        "select service_id from service_recipients where court_id = $1 and case_id = $2 and party_id = $3 and state <> 'cancelled' order by service_id",
    )
    .bind(court)
    .bind(event.case)
    .bind(event.party)
    .fetch_all(tx.conn())
    .await?;
    drop(tx);
    for service in &open {
        send::pin(app, court, *service).await?;
    }
    let mut tx = app.door.enter_as_house(court, "delivery:joined").await?;
    let now = tx.now();
    let announced: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "update service_recipients set announced_at = $5, version = version + 1 where court_id = $1 and case_id = $2 and party_id = $3 and service_id = any($4) and announced_at is null
         returning service_id, recipient_id",
    )
    .bind(court)
    .bind(event.case)
    .bind(event.party)
    .bind(&open)
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    for (service, recipient) in announced {
        let data = json!({ "service_id": service, "recipient_id": recipient, "announced_at": now });
        hooks::tell_party(&mut tx, "service.announced", event.case, event.party, &data)?;
    }
    settle::settle_party(app, &mut tx, event.case, event.party).await?;
    tx.commit(event.case, json!({ "party": event.party, "announced": open.len() })).await?;
    Ok(Outcome::Done)
}
