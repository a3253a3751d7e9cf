//! 批量下载: many services of one's inbox as one ZIP with names that mean something. Owns nothing.
//! Must never hand out a paper without writing down, once, that the recipient's side fetched it.

use serde_json::json;
use uuid::Uuid;

use super::{inbox, served};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::docket::bundle::{Entry, Source};
use crate::error::Result;

#[derive(sqlx::FromRow)]
struct Listed {
    court_id: i32,
    case_id: Uuid,
    number: String,
    service_id: Uuid,
    recipient_id: Uuid,
    day: chrono::NaiveDate,
}

/// The entries of these services, as far as they are the caller's own.
///
/// # Errors
/// What the store or the renderer says.
pub async fn entries(app: &App, caller: &Caller, recipients: &[Uuid]) -> Result<Vec<Entry>> {
    let mut mine = app.door.mine(caller, "service:read").await?;
    let rows: Vec<Listed> = sqlx::query_as(
        "select r.court_id, r.case_id, c.number, r.service_id, r.recipient_id, coalesce(r.served_day, (r.announced_at at time zone 'Asia/Shanghai')::date) as day
         from service_recipients r join cases c on c.court_id = r.court_id and c.case_id = r.case_id
         where r.recipient_id = any($1) and r.announced_at is not null and r.state <> 'cancelled'
           and exists (select 1 from case_people m where m.court_id = r.court_id and m.case_id = r.case_id and m.party_id = r.party_id and m.person_id = app_person() and m.until is null and m.capacity <> 'colleague')
         order by r.announced_at",
    )
    .bind(recipients)
    .fetch_all(mine.conn())
    .await?;
    drop(mine);
    let mut out = Vec::new();
    for row in rows {
        let mut tx = app.door.enter(caller, row.court_id, Act::ServiceAnswer).await?;
        let papers = served::papers(&mut tx, row.service_id).await?;
        let Some(first) = papers.first() else { continue };
        let (_, fresh) = inbox::opened(app, &mut tx, row.service_id, row.recipient_id, first.n, true).await?;
        if fresh {
            tx.commit(row.service_id, json!({ "recipient": row.recipient_id, "downloaded": true })).await?;
        } else {
            drop(tx);
        }
        for paper in papers {
            let (key, _, media_type) = inbox::bytes(app, row.court_id, row.case_id, &paper).await?;
            let name = inbox::file_name(&paper, &media_type);
            let path = [app.door.registry.name(row.court_id), row.number.clone(), format!("{} {:02} {name}", row.day, paper.n)];
            out.push(Entry { path: path.map(|part| clean(&part)).join("/"), bytes: Source::Object(key) });
        }
    }
    Ok(out)
}

fn clean(name: &str) -> String {
    name.chars().map(|c| if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c }).take(120).collect()
}
