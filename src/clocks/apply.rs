//! What an outage does to ends: court by court, by each court's rule, in one transaction a court. Owns `outage_effects`.
//!
//! Safe to run twice: a move is written once under its outage. Of an outage that goes on, it is looked at again while it does,
//! so that nobody sees a clock run out that the rule will move.

use serde_json::json;
use uuid::Uuid;

use super::outages::{self, Row};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::outage_rules::OutageRule;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::docket::initial;
use crate::docket::moves::Disturbance;
use crate::docket::recount::{self, Tally};
use crate::error::Result;

/// What is around an outage: it, and every other of the same days, for minutes of one day add up.
async fn around(app: &App, row: &Row) -> Result<Vec<Row>> {
    let mut gate = app.door.gate("outage:read", "job".into()).await?;
    let spell = row.spell(app.now());
    let day = chrono::TimeDelta::days(1);
    let all = outages::between(&mut gate, spell.from - day, spell.to + day, None).await?;
    Ok(all.into_iter().filter(|o| o.withdrawn_at.is_none() && (o.outage_id == row.outage_id || o.from_at <= app.now())).collect())
}

/// Moves every end the outage touches.
///
/// # Errors
/// What the database says; courts done stay done.
pub async fn everywhere(app: &App, row: &Row) -> Result<usize> {
    let near = around(app, row).await?;
    let courts: Vec<i32> = match row.scope.as_str() {
        "court" => vec![row.court_id],
        _ => app.door.registry.courts().iter().filter(|c| c.enabled && c.status == "current").map(|c| c.court_id).collect(),
    };
    let mut moved = 0;
    for court in courts {
        let of_court = near.iter().filter(|o| o.scope == "province" || o.court_id == court);
        let spells = of_court.map(|o| (o.parts(), o.spell(app.now()))).collect();
        moved += at(app, court, row, &Disturbance { id: row.outage_id, spells }).await?.moved;
    }
    Ok(moved)
}

async fn at(app: &App, court: i32, row: &Row, disturbance: &Disturbance) -> Result<Tally> {
    let mut tx = app.door.enter_as_house(court, "outage:apply").await?;
    let mut all = Tally::default();
    for tally in [
        recount::outage(app, &mut tx, disturbance).await?,
        crate::fees::moved::outage(app, &mut tx, disturbance).await?,
        crate::filing::moved::outage(app, &mut tx, disturbance).await?,
        initial::outage(app, &mut tx, disturbance).await?,
        crate::filing::moved::review_outage(&mut tx, disturbance).await?,
    ] {
        all.moved += tally.moved;
        all.unset += tally.unset;
        all.own += tally.own;
    }
    if all.is_nothing() {
        return Ok(all); // nothing ends here on those days: nothing to tell
    }
    remember(app, &mut tx, row, &all).await?;
    tx.commit(row.outage_id, json!({ "moved": all.moved, "without_rule": all.unset, "own_periods": all.own })).await?;
    Ok(all)
}

async fn remember(app: &App, tx: &mut CourtTx, row: &Row, tally: &Tally) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    let rules = CourtRules::on(&app.door.registry, court, beijing_date(row.from_at));
    let set = rules.get("outage_rule");
    let rule = set.as_ref().and_then(|r| OutageRule::read(&r.value));
    sqlx::query(
        "insert into outage_effects (court_id, outage_id, action, rule_version, moved, done_at) values ($1,$2,$3,$4,$5,$6)
         on conflict (court_id, outage_id) do update set action = $3, rule_version = $4, moved = outage_effects.moved + $5, done_at = $6",
    )
    .bind(court)
    .bind(row.outage_id)
    .bind(rule.map_or("unset", |r| r.action.key()))
    .bind(rule.and(set.map(|r| r.version)))
    .bind(i32::try_from(tally.moved).unwrap_or(i32::MAX))
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The outage, looked for by its id.
///
/// # Errors
/// What the database says.
pub async fn find(app: &App, outage: Uuid) -> Result<Option<Row>> {
    let mut gate = app.door.gate("outage:read", "job".into()).await?;
    outages::one(&mut gate, outage).await
}
