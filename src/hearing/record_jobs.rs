//! Background steps of a record: the paper of a locked transcript, the paper of an agreement. Each is safe to run twice.

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::notices::{self, Kind};
use super::record::Record;
use super::record_paper::{self, TEMPLATE};
use super::room::told::{self, To};
use super::signing::What;
use super::words::State;
use super::{agreements, joint, kinds, signatures, transcript_versions, transcripts};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::file::{self, NewLeaf};
use crate::docket::read;
use crate::error::{Error, Result};
use crate::paper::issue::{self, Audience, NewPaper};
use crate::person::masking::public_names;
use crate::work::{Due, Outcome};

/// Folder of 调解材料.
const AGREEMENTS: i32 = 14;
/// Folder of 执行笔录, in a file of enforcement.
const ENFORCEMENT: i32 = 14;

#[derive(Deserialize)]
struct About {
    hearing: Uuid,
}

/// Handles one of the topics of the record; none of another.
///
/// # Errors
/// What the step says; tried again later.
pub async fn handle(app: &App, due: &Due) -> Result<Option<Outcome>> {
    let ours = matches!(due.topic.as_str(), "hearing.record" | "hearing.fixed" | "hearing.locked" | "hearing.agreed");
    if !ours {
        return Ok(None);
    }
    let Ok(about) = serde_json::from_value::<About>(due.payload.clone()) else {
        return Ok(Some(Outcome::Dead("the event cannot be read".into())));
    };
    match due.topic.as_str() {
        "hearing.fixed" => fixed(app, due, about.hearing).await?,
        "hearing.locked" => locked(app, due.court, about.hearing).await?,
        "hearing.agreed" => agreed(app, due.court, about.hearing).await?,
        _ => {
            if let Some(message) = hint(&due.payload["told"]) {
                told::tell(app, due.court, about.hearing, To::Parties, message).await?;
            }
        }
    }
    Ok(Some(Outcome::Done))
}

/// What the room is told of a change, as its socket says it: a hint to fetch, never the words themselves.
///
/// `hearing.record` carries what changed; this is the message for whoever of the case and the court is in the room.
pub fn hint(told: &Value) -> Option<Value> {
    let kinds = ["signing", "exhibit", "agreement", "transcript"];
    let kind = kinds.into_iter().find(|k| told.get(*k).is_some_and(|v| !v.is_null()))?;
    let mut message = told.clone();
    if kind == "transcript" {
        message["rev"] = told["transcript"].clone();
    }
    message["type"] = kind.into();
    Some(message)
}

/// The house's view of a hearing.
async fn record(tx: &mut CourtTx, hearing: Uuid) -> Result<Record> {
    Record::of(tx, hearing, Uuid::nil()).await
}

/// Whoever is to sign is told, with a link (H32). The version is set when somebody asks for it: before the signatures it
/// is a copy, and no paper of the court.
async fn fixed(app: &App, due: &Due, hearing: Uuid) -> Result<()> {
    let mut tx = app.door.enter_as_house(due.court, "hearing:fixed").await?;
    let record = record(&mut tx, hearing).await?;
    let n = transcripts::find(&mut tx, hearing).await?.and_then(|t| t.fixed).map(|(n, _)| n);
    let (Some(n), State::Signing) = (n, record.state()) else { return Ok(()) };
    let parts = transcript_versions::version(&mut tx, hearing, n).await?.parts;
    let mut sent = 0;
    for participant in parts.into_keys() {
        sent += notices::send(app, &mut tx, hearing, Kind::Signing, due.id, Some(participant)).await?;
    }
    tx.commit(hearing, json!({ "sent": sent, "version": n })).await
}

/// The paper of a locked transcript: its words, the signatures where they belong, a code, the seal, a place in the file.
async fn locked(app: &App, court: i32, hearing: Uuid) -> Result<()> {
    let mut tx = app.door.enter_as_house(court, "hearing:locked").await?;
    let record = record(&mut tx, hearing).await?;
    let t = transcripts::hold(&mut tx, hearing).await?;
    let (n, digest) = t.fixed.clone().ok_or_else(|| Error::internal("a locked transcript that was never fixed"))?;
    let version = transcript_versions::version(&mut tx, hearing, n).await?;
    if version.paper.is_some() {
        return Ok(());
    }
    let asked = signatures::asked(&mut tx, &record, What::Transcript).await?.ok_or_else(Error::not_found)?;
    let marks = signatures::marks(&mut tx, &record, What::Transcript, &asked).await?;
    let data = record_paper::data(&version.document, Some(&digest), &marks);
    let folder = kinds::of(record.row.kind).folder;
    let title = version.document.header.title.clone();
    let paper = paper(&mut tx, &record, &title, TEMPLATE, data, folder).await?;
    transcript_versions::name_paper(&mut tx, hearing, n, paper).await?;
    // what was signed belongs into the package: it is made anew, with this paper in it
    tx.tell("hearing.finish", &json!({ "hearing": hearing }))?;
    tx.commit(hearing, json!({ "paper": paper, "version": n })).await
}

/// The paper of an agreement that took effect.
async fn agreed(app: &App, court: i32, hearing: Uuid) -> Result<()> {
    let mut tx = app.door.enter_as_house(court, "hearing:agreed").await?;
    let record = record(&mut tx, hearing).await?;
    let agreement = agreements::current(&mut tx, hearing).await?.ok_or_else(Error::not_found)?;
    let (Some(effective_at), None) = (agreement.effective_at, agreement.paper) else { return Ok(()) };
    let asked = signatures::asked(&mut tx, &record, What::Agreement).await?.ok_or_else(Error::not_found)?;
    let marks = signatures::marks(&mut tx, &record, What::Agreement, &asked).await?;
    let data = record_paper::agreement_data(&record, &agreement.terms, effective_at, &agreement.digest, &marks);
    let paper = paper(&mut tx, &record, "调解协议", TEMPLATE, data, AGREEMENTS).await?;
    agreements::name_paper(&mut tx, hearing, agreement.n, paper).await?;
    tx.commit(hearing, json!({ "paper": paper, "agreement": agreement.n })).await
}

/// A paper for the file of each case that was heard; answers the leading case's.
async fn paper(tx: &mut CourtTx, record: &Record, title: &str, kind: &'static str, data: Value, folder: i32) -> Result<Uuid> {
    let cases = joint::cases(tx, record.row.hearing_id, record.row.case_id).await?;
    let mut made = Vec::with_capacity(cases.len());
    for case in cases {
        made.push(paper_of(tx, case, title, kind, data.clone(), folder).await?);
    }
    made.first().copied().ok_or_else(|| Error::internal("a hearing without a case"))
}

async fn paper_of(tx: &mut CourtTx, case: Uuid, title: &str, kind: &'static str, data: Value, folder: i32) -> Result<Uuid> {
    let court = tx.court;
    // a file of enforcement has folders of its own: 执行笔录
    let row = read::row(tx, case).await?;
    let folder = if row.kind == "enforcement" { ENFORCEMENT } else { folder };
    let names: Vec<String> = sqlx::query_scalar("select name from case_parties where court_id = $1 and case_id = $2 order by ordinal")
        .bind(court)
        .bind(case)
        .fetch_all(tx.conn())
        .await?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let new = NewPaper {
        kind,
        title: title.to_owned(),
        template: kind,
        data,
        filing: None,
        case: Some(case),
        audience: Audience::All,
        parties: public_names(&names),
        number: Some(row.number.clone()),
    };
    let id = issue::issue(tx, new).await?;
    file::add(tx, case, &NewLeaf::paper(folder, title, "庭审笔录", "本院", id)).await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_says_what_to_fetch_and_nothing_of_it() {
        assert_eq!(
            hint(&json!({ "transcript": 7, "locked": true })),
            Some(json!({ "transcript": 7, "locked": true, "rev": 7, "type": "transcript" }))
        );
        assert_eq!(hint(&json!({ "exhibit": "x" })).unwrap()["type"], "exhibit");
        assert_eq!(hint(&json!({ "signing": "transcript", "complete": true })).unwrap()["type"], "signing");
        assert_eq!(hint(&json!({ "agreement": 2 })).unwrap()["type"], "agreement");
        assert_eq!(hint(&json!({})), None);
    }
}
