//! The watch: a round of probes a minute, its beat written, outages found among the beats.
//!
//! Owns `outage_beats`. When the database is away the rounds are kept here and written when it is back, so the outage has its
//! true times; when the whole product was away, the silence between the last beat and the first is the outage. One node at a
//! time looks for outages. Must never stop for a fault: what cannot be written is tried again in the next round.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Row;
use tokio_util::sync::CancellationToken;

use super::agree::{self, Beat, Run};
use super::probe::{self, Probed};
use super::{outages, report};
use crate::app::App;
use crate::court::outage_rules::Part;
use crate::error::Result;

/// A round that is not written yet.
#[derive(Debug, Clone)]
struct Round {
    at: DateTime<Utc>,
    probes: Vec<Probed>,
    down: Vec<Part>,
}

/// What a watch remembers between rounds.
pub struct Watch {
    app: App,
    http: reqwest::Client,
    node: String,
    every: TimeDelta,
    unwritten: Vec<Round>,
}

/// Rounds kept while the database is away: a day of minutes.
const MOST_UNWRITTEN: usize = 1440;
/// Beats are kept so long.
const KEPT: TimeDelta = TimeDelta::days(60);
/// How far back outages are looked for: over any run that may still be open and not yet found.
const LOOK_BACK: TimeDelta = TimeDelta::minutes(30);

impl Watch {
    /// A watch under a name of its own.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(app: App) -> std::result::Result<Self, String> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(8))
            .connect_timeout(Duration::from_secs(3))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|e| e.to_string())?;
        let node = format!("{}-{}", app.config.listen.port(), app.random.plain_code(4));
        let every = TimeDelta::seconds(i64::from(app.config.probe_every));
        Ok(Self { app, http, node, every, unwritten: Vec::new() })
    }

    /// One round: probes, the beat, and what follows from it.
    ///
    /// # Errors
    /// When the database cannot be written; the round is kept for the next time.
    pub async fn round(&mut self) -> Result<()> {
        let probes = probe::round(&self.app, &self.http, &self.node).await;
        let down = probe::parts_down(&probes);
        if self.unwritten.len() < MOST_UNWRITTEN {
            self.unwritten.push(Round { at: self.app.now(), probes, down });
        }
        self.write().await
    }

    async fn write(&mut self) -> Result<()> {
        let Some(first) = self.unwritten.first().map(|r| r.at) else { return Ok(()) };
        let high = self.app.door.registry.province_court();
        // read before the round's own transaction: one at a time
        let since = outages::oldest_open(&self.app, high).await?.map_or(first - LOOK_BACK, |open| open.min(first - LOOK_BACK));
        let mut work = self.app.door.work().await?;
        let now = work.now();
        // one watch at a time: the gap before a first beat is found once, and so is every run
        sqlx::query("select pg_advisory_xact_lock(hashtextextended('outage_watch', 0))").execute(work.conn()).await?;
        let last: Option<DateTime<Utc>> = sqlx::query_scalar("select max(at) from outage_beats where court_id = $1 and at < $2")
            .bind(high)
            .bind(first)
            .fetch_one(work.conn())
            .await?;
        for round in &self.unwritten {
            let down: Vec<&str> = round.down.iter().map(|p| p.key()).collect();
            sqlx::query("insert into outage_beats (court_id, at, node, down, probes) values ($1,$2,$3,$4,$5) on conflict do nothing")
                .bind(high)
                .bind(round.at)
                .bind(&self.node)
                .bind(down)
                .bind(sqlx::types::Json(&round.probes))
                .execute(work.conn())
                .await?;
        }
        sqlx::query("delete from outage_beats where court_id = $1 and at < $2").bind(high).bind(now - KEPT).execute(work.conn()).await?;
        let beats = beats(work.conn(), high, since).await?;
        work.close().await?;
        self.unwritten.clear();
        let silent = last.filter(|last| agree::gap(*last, first, self.every));
        self.found(silent.map(|last| (last, first)), agree::runs(&beats, self.every)).await
    }

    /// Writes what was found; each row by its own key, so that two watches write it once.
    async fn found(&self, silent: Option<(DateTime<Utc>, DateTime<Utc>)>, runs: Vec<Run>) -> Result<()> {
        if let Some((from, to)) = silent {
            outages::found_gap(&self.app, from, to).await?;
        }
        for run in &runs {
            outages::found_run(&self.app, run).await?;
        }
        report::month_end(&self.app).await
    }
}

async fn beats(conn: &mut sqlx::PgConnection, high: i32, since: DateTime<Utc>) -> Result<Vec<Beat>> {
    let rows = sqlx::query("select at, node, down from outage_beats where court_id = $1 and at >= $2 and node <> 'probe' order by at")
        .bind(high)
        .bind(since)
        .fetch_all(conn)
        .await?;
    let beat = |r: &sqlx::postgres::PgRow| Beat {
        at: r.get("at"),
        node: r.get("node"),
        down: r.get::<Vec<String>, _>("down").iter().filter_map(|p| Part::parse(p)).collect(),
    };
    Ok(rows.iter().map(beat).collect())
}

/// Watches until told to stop.
pub async fn run(app: App, stop: CancellationToken) {
    if app.config.probe_every == 0 {
        return;
    }
    let every = Duration::from_secs(u64::from(app.config.probe_every));
    let mut watch = match Watch::new(app) {
        Ok(watch) => watch,
        Err(cause) => return tracing::error!(cause, "nobody watches the platform"),
    };
    loop {
        if let Err(cause) = watch.round().await {
            tracing::warn!(?cause, "a beat cannot be written yet");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}
