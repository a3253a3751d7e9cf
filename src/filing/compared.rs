//! 证件比对: what a court's clerk found on the documents sent with a filing (L07, A11).
//!
//! Owns the step from `claimed` to `checked_by_document`. Must never take a number for proved because somebody typed
//! it: a copy lies in the filing, the name fits, and the clerk said that the two were compared.

use serde_json::json;
use sqlx::Row as _;
use uuid::Uuid;

use crate::court::tx::CourtTx;
use crate::docket::jobs::{SEAT_COUNSEL, seat_counsel_event};
use crate::docket::join::licence_index;
use crate::error::Result;
use crate::filing::content::{Content, PaperKind, Party, text};
use crate::filing::read::Row;
use crate::kit::text::same_name;

/// A number that stands on a copy in the filing, with the name beside it.
struct Shown {
    index: Vec<u8>,
    name: String,
    licence: bool,
}

/// Marks the filer's claimed proofs whose documents the clerk compared; answers their ids, for the audit row.
pub async fn documents(tx: &mut CourtTx, row: &Row, content: &Content) -> Result<serde_json::Value> {
    let (now, clerk) = (tx.now(), tx.person()?);
    let shown = shown(tx, content)?;
    let claimed = sqlx::query("select proof_id, holder, number_index from proofs where person_id = $1 and state = 'claimed'")
        .bind(row.filer_id)
        .fetch_all(tx.conn())
        .await?;
    let mut done: Vec<Uuid> = Vec::new();
    for proof in &claimed {
        let (id, holder, index): (Uuid, String, Vec<u8>) = (proof.get("proof_id"), proof.get("holder"), proof.get("number_index"));
        let Some(copy) = shown.iter().find(|s| s.index == index && same_name(&s.name, &holder)) else { continue };
        sqlx::query(
            "update proofs set state = 'checked_by_document', decided_at = $3, decided_by = $4 where person_id = $1 and proof_id = $2",
        )
        .bind(row.filer_id)
        .bind(id)
        .bind(now)
        .bind(clerk)
        .execute(tx.conn())
        .await?;
        if copy.licence {
            tx.tell(SEAT_COUNSEL, &seat_counsel_event(&index))?;
        }
        done.push(id);
    }
    Ok(json!(done))
}

/// Only the filer's own side: what is typed of a defendant is a claim about somebody else.
fn shown(tx: &CourtTx, content: &Content) -> Result<Vec<Shown>> {
    let has = |kind: PaperKind, id: &Option<String>| {
        content.papers.iter().any(|p| p.kind == Some(kind) && p.party_id == *id && !p.file_ids.is_empty())
    };
    let mut out = Vec::new();
    for (_, party) in content.plaintiffs() {
        let copy = if party.is_organisation() { PaperKind::BusinessLicence } else { PaperKind::IdCopy };
        if let Some(index) = identity_index(tx, party)?.filter(|_| has(copy, &party.id)) {
            out.push(Shown { index, name: text(&party.name).to_owned(), licence: false });
        }
    }
    for agent in content.representatives.iter().filter(|a| !text(&a.licence).is_empty() && has(PaperKind::LawyerLicence, &a.id)) {
        out.push(Shown { index: licence_index(tx, text(&agent.licence))?, name: text(&agent.name).to_owned(), licence: true });
    }
    Ok(out)
}

/// The index by which a party's account is recognised.
pub fn identity_index(tx: &CourtTx, party: &Party) -> Result<Option<Vec<u8>>> {
    let (id, uscc) = (text(&party.id_number).to_uppercase(), text(&party.uscc).to_uppercase());
    Ok(match (id.as_str(), uscc.as_str()) {
        ("", "") => None,
        ("", uscc) => Some(tx.seal().blind("uscc", uscc)?),
        (id, _) => Some(tx.seal().blind("id_number", id)?),
    })
}
