//! 邮寄材料: the papers of a service in their order behind a cover with labels, to be printed and posted.
//!
//! Owns the paper `postal_cover`. Printing is not posting: the letter counts from the clerk's word that it was handed to
//! the post. Must never print for anybody but the court's own desk: it carries a whole address.

use serde_json::json;
use uuid::Uuid;

use super::address::{self, Postal};
use super::facts::Held;
use super::{inbox, served};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::bundle::{Entry, Source};
use crate::error::{Error, Result};
use crate::paper::issue::{self, Audience, NewPaper};
use crate::person::masking::public_names;

/// The cover of a letter to an address.
///
/// # Errors
/// What the database says.
pub async fn cover(tx: &mut CourtTx, held: &Held, to: Uuid) -> Result<Uuid> {
    let postal: Postal = serde_json::from_str(&address::value(tx, held.row.case_id, to).await?)?;
    let papers = served::papers(tx, held.row.service_id).await?;
    let receipt = json!({ "title": "送达回证", "copies": 1, "note": "签名后寄回" });
    let listed = papers.iter().map(|p| json!({ "title": p.title, "copies": 1, "pages": p.pages })).chain([receipt]);
    let data = json!({
        "case_number": held.row.number,
        "from": { "clerk": held.row.ordered_name },
        "to": { "name": held.row.name, "receiver": postal.receiver, "role": held.row.role, "address": postal.address, "phone": postal.phone },
        "labels": 1,
        "papers": listed.collect::<Vec<_>>(),
    });
    let new = NewPaper {
        kind: "postal_cover",
        title: "邮寄封面".into(),
        template: "postal_cover",
        data,
        filing: None,
        case: Some(held.row.case_id),
        audience: Audience::Court,
        parties: public_names(&[&held.row.name]),
        number: Some(held.row.number.clone()),
    };
    issue::issue(tx, new).await
}

/// What is printed for a task, in order.
///
/// # Errors
/// 404 for a task that posts nothing; what the store or the renderer says.
pub async fn entries(app: &App, mut tx: CourtTx, task: Uuid) -> Result<Vec<Entry>> {
    let court = tx.court;
    let (service, case, cover): (Uuid, Uuid, Option<Uuid>) = sqlx::query_as(
        "select service_id, case_id, bundle from service_tasks where court_id = $1 and task_id = $2 and kind in ('post', 'by_hand', 'paper_copy')",
    )
    .bind(court)
    .bind(task)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)?;
    let papers = served::papers(&mut tx, service).await?;
    drop(tx);
    let mut out = Vec::new();
    if let Some(cover) = cover {
        out.push(Entry { path: "00 邮寄封面.pdf".into(), bytes: Source::Object(issue::ready(app, court, cover).await?.object_key) });
    }
    for paper in papers {
        let (key, _, media_type) = inbox::bytes(app, court, case, &paper).await?;
        let name: String = inbox::file_name(&paper, &media_type).replace(['/', '\\', ':', '*', '?', '"', '<', '>', '|'], "_");
        out.push(Entry { path: format!("{:02} {name}", paper.n), bytes: Source::Object(key) });
    }
    Ok(out)
}
