//! Drafts as shown: with their files and the correction they answer.

use poem_openapi::types::Any;

use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::Result;
use crate::evidence;
use crate::filing::views::{Corrects, Draft, DraftSummary};
use crate::filing::{drafts, read};
use crate::kit::words::of_text;

/// A draft in a list.
pub fn summary(app: &App, draft: drafts::Draft) -> Result<DraftSummary> {
    Ok(DraftSummary {
        id: draft.id,
        title: draft.title,
        court_id: draft.court,
        court_name: draft.court.map(|c| app.door.registry.name(c)),
        kind: draft.kind,
        cause_name: draft.cause_name,
        updated_at: draft.updated_at,
        step: of_text(&draft.step)?,
        corrects: draft.corrects.map(|(_, filing)| filing),
    })
}

/// A draft, whole.
pub async fn show(app: &App, caller: &Caller, draft: drafts::Draft) -> Result<Draft> {
    let mut mine = app.door.mine(caller, "draft:files").await?;
    let files = evidence::store::files_of_draft(&mut mine, draft.id).await?;
    drop(mine);
    let corrects = match draft.corrects {
        Some((court, filing)) => {
            let mut tx = app.door.enter(caller, court, Act::FilingRead).await?;
            let row = read::row(&mut tx, filing).await?;
            let list = read::corrections(app, &mut tx, filing).await?.pop();
            list.map(|c| Corrects {
                court_id: court,
                filing_id: filing,
                filing_number: row.listed.number,
                deadline: c.deadline,
                items: c.items,
            })
        }
        None => None,
    };
    Ok(Draft {
        id: draft.id,
        version: draft.version,
        court_id: draft.court,
        kind: draft.kind,
        content: Any(draft.content),
        files: files.into_iter().map(Into::into).collect(),
        corrects,
        created_at: draft.created_at,
        updated_at: draft.updated_at,
    })
}
