//! Who hears of an event: the people in the matter, at those of their addresses that asked for its topic.
//!
//! Owns the step from one event of a court to one delivery for each address. Must never tell a person of a matter he or
//! she is not in at that moment, nor put a name, a number or a text into what is sent.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::hooks;
use super::views::HookTopic;
use crate::app::App;
use crate::docket::hooks::{self as matters, Matter};
use crate::error::Result;
use crate::work::{Due, Outcome};

/// An event as a court left it (docket/hooks.rs).
#[derive(Deserialize)]
struct Event {
    subject: Uuid,
    party: Option<Uuid>,
    topic: Option<String>,
    data: Value,
}

/// Handles `software.fan`: safe to run twice, because the event's id is the delivery's.
///
/// # Errors
/// What the database says; tried again.
pub async fn fan(app: &App, due: &Due) -> Result<Outcome> {
    let Ok(event) = serde_json::from_value::<Event>(due.payload.clone()) else {
        return Ok(Outcome::Dead("the event cannot be read".into()));
    };
    let mut tx = app.door.enter_as_house(due.court, "software:fan").await?;
    let at = tx.now();
    let Some(matter) = matters::matter(&mut tx, event.subject, event.party).await? else { return Ok(Outcome::Done) };
    drop(tx);
    let topic = match event.topic.as_deref().map(HookTopic::parse) {
        Some(Some(topic)) => topic,
        Some(None) => return Ok(Outcome::Dead("no such topic".into())),
        None if matter.case => HookTopic::CaseAct,
        None => HookTopic::FilingAct,
    };
    for (person, addresses) in listening(app, &matter, topic).await? {
        let body = body(app, due, topic, &matter, event.subject, &event.data, at);
        let mut mine = app.door.as_person(person, "software:fan", "job".into()).await?;
        for hook in addresses {
            hooks::leave(&mut mine, hook, due.id, topic, &body).await?;
        }
        mine.commit(format!("event:{}", due.id), json!({ "topic": topic })).await?;
    }
    Ok(Outcome::Done)
}

/// The addresses of these people that asked for the topic. The worker's scope sees whose they are, never where they lead.
async fn listening(app: &App, matter: &Matter, topic: HookTopic) -> Result<Vec<(Uuid, Vec<Uuid>)>> {
    if matter.people.is_empty() {
        return Ok(vec![]);
    }
    let mut work = app.door.work().await?;
    let found: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "select person_id, hook_id from webhooks where person_id = any($1) and ended_at is null and state = 'active' and $2 = any(topics) order by person_id, hook_id",
    )
    .bind(&matter.people)
    .bind(topic.key())
    .fetch_all(work.conn())
    .await?;
    drop(work);
    let people: BTreeSet<Uuid> = found.iter().map(|(person, _)| *person).collect();
    let of = |person: Uuid| found.iter().filter(|(p, _)| *p == person).map(|(_, hook)| *hook).collect();
    Ok(people.into_iter().map(|person| (person, of(person))).collect())
}

fn body(app: &App, due: &Due, topic: HookTopic, matter: &Matter, subject: Uuid, data: &Value, at: chrono::DateTime<chrono::Utc>) -> Value {
    let registry = &app.door.registry;
    json!({
        "type": topic.key(),
        "id": due.id,
        "timestamp": at,
        "court": { "court_id": due.court, "name": registry.name(due.court) },
        "subject": { "kind": if matter.case { "case" } else { "filing" }, "id": subject, "number": matter.number },
        "data": data,
    })
}
