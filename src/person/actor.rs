//! What other slices may know of a person who acts: name and blind indexes of his or her numbers.
//! Reads only one's own rows.

use sqlx::Row;
use uuid::Uuid;

use super::identity::ProofKind;
use crate::court::tx::PersonTx;
use crate::error::{Error, Result};
use crate::kit::text::same_name;

/// The acting person.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Person.
    pub person: Uuid,
    /// 姓名.
    pub name: String,
    /// Blind indexes by kind: `id_number`, `licence`, `uscc`.
    pub indexes: Vec<(String, Vec<u8>)>,
    /// Law firm, when a lawyer.
    pub firm: Option<String>,
    proofs: Vec<Held>,
}

/// A proof that was not rejected.
#[derive(Debug, Clone)]
struct Held {
    kind: ProofKind,
    index: Vec<u8>,
    holder: String,
    checked: bool,
}

impl Actor {
    /// Holds this index.
    pub fn has(&self, index: &[u8]) -> bool {
        self.indexes.iter().any(|(_, i)| i == index)
    }

    /// Holds this index, and it was checked beyond being claimed: by register, document or clerk.
    pub fn has_checked(&self, index: &[u8]) -> bool {
        self.proofs.iter().any(|p| p.checked && p.index == index)
    }

    /// Calls itself so: a person by an ID document, an organisation by its code; the second half says whether that
    /// was checked. A licence names nobody, and a company's checked code proves no person.
    pub fn is_called(&self, name: &str, organisation: bool) -> (bool, bool) {
        let named = |p: &&Held| {
            let personal = !matches!(p.kind, ProofKind::Organisation | ProofKind::LawyerLicence | ProofKind::LegalWorkerLicence);
            let fits = if organisation { p.kind == ProofKind::Organisation } else { personal };
            fits && same_name(&p.holder, name)
        };
        let mut found = self.proofs.iter().filter(named).peekable();
        (found.peek().is_some(), found.any(|p| p.checked))
    }

    /// All indexes.
    pub fn all(&self) -> Vec<Vec<u8>> {
        self.indexes.iter().map(|(_, i)| i.clone()).collect()
    }
}

/// Reads oneself.
pub async fn read(tx: &mut PersonTx) -> Result<Actor> {
    let person = tx.person;
    let known: Vec<(String, Option<String>, Option<Vec<u8>>)> = sqlx::query_as(
        "select p.name, i.kind, i.blind_index from people p left join identifiers i on i.person_id = p.person_id and i.kind <> 'mobile' where p.person_id = $1",
    )
    .bind(person)
    .fetch_all(tx.conn())
    .await?;
    let name = known.first().map(|row| row.0.clone()).ok_or_else(Error::not_found)?;
    let mut indexes: Vec<(String, Vec<u8>)> = known.into_iter().filter_map(|(_, kind, index)| kind.zip(index)).collect();
    let rows = sqlx::query("select kind, number_index, holder, state, firm from proofs where person_id = $1 and state <> 'rejected'")
        .bind(person)
        .fetch_all(tx.conn())
        .await?;
    let mut proofs = Vec::with_capacity(rows.len());
    let mut firm = None;
    for row in &rows {
        firm = firm.or_else(|| row.get::<Option<String>, _>("firm"));
        let (key, index): (String, Vec<u8>) = (row.get("kind"), row.get("number_index"));
        if !indexes.iter().any(|(_, i)| *i == index) {
            indexes.push((key.clone(), index.clone()));
        }
        if let Some(kind) = ProofKind::parse(&key) {
            proofs.push(Held { kind, index, holder: row.get("holder"), checked: row.get::<String, _>("state") != "claimed" });
        }
    }
    Ok(Actor { person, name, indexes, firm, proofs })
}
