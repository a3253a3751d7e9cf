//! What other software may hear of a matter, and who is in it. Owns no table: it leaves events in the outbox, thin on
//! purpose (which act, when, by which rule), and reads who is in the matter when they are handled.
//! Must never put a name, a number of a person or the text of an act into an event.

use serde_json::{Value, json};
use uuid::Uuid;

use super::timeline::Note;
use crate::court::tx::CourtTx;
use crate::error::Result;

/// Who is in a matter at this moment.
pub struct Matter {
    /// A case; else a filing.
    pub case: bool,
    /// 案号 or 网立 number.
    pub number: String,
    /// The people on the side of the parties.
    pub people: Vec<Uuid>,
}

/// Leaves word of an act that everybody in the matter sees.
///
/// # Errors
/// When the event cannot be written down.
pub fn acted(tx: &mut CourtTx, subject: Uuid, note: &Note) -> Result<()> {
    if note.staff_only {
        return Ok(());
    }
    let data = json!({ "act": note.act, "at": tx.now(), "rule": note.rule });
    tx.tell("software.fan", &json!({ "subject": subject, "data": data }))
}

/// Leaves word for one party's people.
///
/// # Errors
/// When the event cannot be written down.
pub fn tell_party(tx: &mut CourtTx, topic: &str, case: Uuid, party: Uuid, data: &Value) -> Result<()> {
    tx.tell("software.fan", &json!({ "subject": case, "party": party, "topic": topic, "data": data }))
}

/// The matter of an event, with its people (of one party, when it is named); none when it is neither case nor filing here.
///
/// # Errors
/// What the database says.
pub async fn matter(tx: &mut CourtTx, subject: Uuid, party: Option<Uuid>) -> Result<Option<Matter>> {
    let court = tx.court;
    let case: Option<String> = sqlx::query_scalar("select number from cases where court_id = $1 and case_id = $2")
        .bind(court)
        .bind(subject)
        .fetch_optional(tx.conn())
        .await?;
    if let Some(number) = case {
        let people = sqlx::query_scalar(
            "select distinct person_id from case_people where court_id = $1 and case_id = $2 and until is null
               and capacity not in ('judge', 'clerk', 'presiding_judge') and ($3::uuid is null or party_id = $3)",
        )
        .bind(court)
        .bind(subject)
        .bind(party)
        .fetch_all(tx.conn())
        .await?;
        return Ok(Some(Matter { case: true, number, people }));
    }
    let filing: Option<String> = sqlx::query_scalar("select number from filings where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(subject)
        .fetch_optional(tx.conn())
        .await?;
    let Some(number) = filing else { return Ok(None) };
    let people = sqlx::query_scalar("select distinct person_id from filing_people where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(subject)
        .fetch_all(tx.conn())
        .await?;
    Ok(Some(Matter { case: false, number, people }))
}
