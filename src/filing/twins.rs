//! 重复起诉: the same parties about the same cause, at any court of the province. Owns who may learn what of it.
//!
//! Marks are compared at the gate, which reads digests and no filing. What is told beyond "there is one" is read from
//! the asker's own seat: a clerk names what lies open at his or her own court, a filer his or her own matters. Must never
//! tell anybody of other people's suits: a filer asks only for a party's number that is proved to be the filer's own, or as counsel by a checked licence.

use std::collections::HashMap;

use uuid::Uuid;

use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::error::Result;
use crate::filing::checks::{EarlierMatter, Standing};
use crate::filing::content::{Content, text};
use crate::filing::look_up;
use crate::filing::submit::Read;
use crate::filing::views::EarlierFiling;
use crate::person::actor::Actor;
use crate::person::documents::tidy;
use crate::person::identity::Kind;

/// A filing with a mark in common.
#[derive(sqlx::FromRow)]
struct Twin {
    court_id: i32,
    filing_id: Uuid,
    standing: String,
}

/// Filings with one of these marks; those sent elsewhere are found where they went.
async fn of_marks(app: &App, request: &std::sync::Arc<str>, marks: &[Vec<u8>], except: Option<Uuid>) -> Result<Vec<Twin>> {
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    let mut gate = app.door.gate("filing:earlier", request.clone()).await?;
    let found = sqlx::query_as(
        "select distinct court_id, filing_id, standing from filing_marks
          where mark = any($1) and standing <> 'transferred' and filing_id is distinct from $2 order by filing_id desc limit 20",
    )
    .bind(marks)
    .bind(except)
    .fetch_all(gate.conn())
    .await?;
    Ok(found)
}

/// How a filer stands to the suit.
enum Filer {
    /// A plaintiff, by number.
    Party,
    /// Counsel of one, by licence.
    Counsel,
}

/// Neither party nor counsel, or not proved to be: learns nothing.
fn stands(app: &App, who: &Actor, content: &Content) -> Result<Option<Filer>> {
    if look_up::party_indexes(&app.seal, content)?.iter().any(|i| who.has_checked(i)) {
        return Ok(Some(Filer::Party));
    }
    let represents = content.plaintiffs().iter().filter_map(|(_, p)| p.id.clone()).collect::<Vec<_>>();
    for agent in content.representatives.iter().filter(|a| a.party_ids.iter().any(|id| represents.contains(id))) {
        let licence = text(&agent.licence);
        if !licence.is_empty() && who.has_checked(&Kind::Licence.index(&app.seal, &tidy(licence))?) {
            return Ok(Some(Filer::Counsel));
        }
    }
    Ok(None)
}

/// Earlier matters of a draft for its filer. Counsel hears that there is one; where it lies, only of what counsel is in.
pub async fn for_filer(app: &App, caller: &Caller, read: &Read) -> Result<Vec<EarlierMatter>> {
    let Some(filer) = stands(app, &read.profile, &read.content)? else { return Ok(Vec::new()) };
    let marks = look_up::number_marks(&app.seal, &read.content)?;
    let found = of_marks(app, &read.request, &marks, read.draft.corrects.map(|(_, filing)| filing)).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let mut mine = app.door.mine(caller, "filing:earlier").await?;
    let ids: Vec<Uuid> = found.iter().map(|t| t.filing_id).collect();
    let own: HashMap<Uuid, String> = sqlx::query_as::<_, (Uuid, String)>(
        "select filing_id, coalesce(case_number, number) from filings
          where filing_id = any($1) and filing_id in (select filing_id from filing_people where person_id = $2)",
    )
    .bind(&ids)
    .bind(mine.person)
    .fetch_all(mine.conn())
    .await?
    .into_iter()
    .collect();
    let matter = |t: Twin| {
        let number = own.get(&t.filing_id).cloned();
        let named = number.is_some() || matches!(filer, Filer::Party);
        EarlierMatter {
            number: number.unwrap_or_default(),
            court_name: named.then(|| app.door.registry.name(t.court_id)),
            standing: Standing::parse(&t.standing),
        }
    };
    Ok(found.into_iter().map(matter).collect())
}

/// The marks of a filing, read where it lies, for `for_court`.
pub async fn marks(tx: &mut CourtTx, filing: Uuid) -> Result<Vec<Vec<u8>>> {
    let court = tx.court;
    Ok(sqlx::query_scalar("select mark from filing_marks where court_id = $1 and filing_id = $2")
        .bind(court)
        .bind(filing)
        .fetch_all(tx.conn())
        .await?)
}

/// Earlier matters of a filing for the clerk who checks it: named where they lie open at the clerk's own court. Asked
/// with no transaction held: whoever holds one connection and waits for another can wait for ever.
pub async fn for_court(app: &App, caller: &Caller, court: i32, filing: Uuid, marks: &[Vec<u8>]) -> Result<Vec<EarlierFiling>> {
    let found = of_marks(app, &caller.request, marks, Some(filing)).await?;
    let ids: Vec<Uuid> = found.iter().filter(|t| t.court_id == court).map(|t| t.filing_id).collect();
    let here = if ids.is_empty() { HashMap::new() } else { open_here(app, caller, court, &ids).await? };
    let shown = |t: Twin| {
        let known = here.get(&t.filing_id);
        EarlierFiling {
            court_name: known.map(|_| app.door.registry.name(court)),
            number: known.map(|(number, _)| number.clone()),
            filing_id: known.map(|_| t.filing_id),
            case_id: known.and_then(|(_, case)| *case),
            standing: Standing::parse(&t.standing),
        }
    };
    Ok(found.into_iter().map(shown).collect())
}

/// Number and case of filings, from the clerk's seat: a sealed case stays unnamed at its own court too.
async fn open_here(app: &App, caller: &Caller, court: i32, ids: &[Uuid]) -> Result<HashMap<Uuid, (String, Option<Uuid>)>> {
    let mut tx = app.door.enter(caller, court, Act::FilingRead).await?;
    let rows: Vec<(Uuid, String, Option<Uuid>)> =
        sqlx::query_as("select filing_id, coalesce(case_number, number), case_id from filings where court_id = $1 and filing_id = any($2)")
            .bind(court)
            .bind(ids)
            .fetch_all(tx.conn())
            .await?;
    Ok(rows.into_iter().map(|(id, number, case)| (id, (number, case))).collect())
}
