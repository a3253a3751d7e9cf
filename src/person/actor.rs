//! What other slices may know of a person who acts: name and blind indexes of his or her numbers.
//! Reads only one's own rows.

use sqlx::Row;
use uuid::Uuid;

use crate::court::tx::PersonTx;
use crate::error::Result;

/// The acting person.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Person.
    pub person: Uuid,
    /// 姓名.
    pub name: String,
    /// Blind indexes by kind: `id_number`, `licence`, `uscc`.
    pub indexes: Vec<(String, Vec<u8>)>,
    /// The indexes that were checked beyond being claimed: by register, document or clerk.
    checked: Vec<Vec<u8>>,
    /// Law firm, when a lawyer.
    pub firm: Option<String>,
}

impl Actor {
    /// Holds this index.
    pub fn has(&self, index: &[u8]) -> bool {
        self.indexes.iter().any(|(_, i)| i == index)
    }

    /// Holds this index, and it was checked.
    pub fn has_checked(&self, index: &[u8]) -> bool {
        self.checked.iter().any(|i| i == index)
    }

    /// Is known to be who the account says.
    pub fn is_verified(&self) -> bool {
        !self.checked.is_empty()
    }

    /// All indexes.
    pub fn all(&self) -> Vec<Vec<u8>> {
        self.indexes.iter().map(|(_, i)| i.clone()).collect()
    }
}

/// Reads oneself.
pub async fn read(tx: &mut PersonTx) -> Result<Actor> {
    let person = tx.person;
    let row = sqlx::query("select name from people where person_id = $1").bind(person).fetch_one(tx.conn()).await?;
    let mut indexes: Vec<(String, Vec<u8>)> =
        sqlx::query_as("select kind, blind_index from identifiers where person_id = $1 and kind <> 'mobile'")
            .bind(person)
            .fetch_all(tx.conn())
            .await?;
    let proofs = sqlx::query("select kind, number_index, state, firm from proofs where person_id = $1 and state <> 'rejected'")
        .bind(person)
        .fetch_all(tx.conn())
        .await?;
    let mut checked = Vec::new();
    let mut firm = None;
    for proof in &proofs {
        firm = firm.or_else(|| proof.get::<Option<String>, _>("firm"));
        let index: Vec<u8> = proof.get("number_index");
        if proof.get::<String, _>("state") != "claimed" {
            checked.push(index.clone());
        }
        if !indexes.iter().any(|(_, i)| *i == index) {
            indexes.push((proof.get("kind"), index));
        }
    }
    Ok(Actor { person, name: row.get("name"), indexes, checked, firm })
}
