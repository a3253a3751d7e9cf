//! Listing and creating filings over HTTP, everything on, as a share of pgbench on the same statements, and how the
//! slowest answers grow with the number of courts.
//!
//! Both sides run in turns within each round, and so do the numbers of courts: what the machine does meanwhile hits all
//! alike, and ratios are taken within a round.

use std::sync::Mutex;
use std::time::Duration;

use rand::Rng;
use serde_json::json;
use uuid::Uuid;

use crate::cluster::{Cluster, Server};
use crate::data::{self, Draft, PEOPLE, Province};
use crate::load::{self, Line, percentile};
use crate::peer::{self, Ear, Script};
use crate::report::{Goal, Report, median, shown};
use crate::{Options, data::court};

/// Connections of each side.
const CLIENTS: usize = 8;
const WARM: Duration = Duration::from_secs(1);

/// One number of courts, ready to be measured.
struct Stand {
    province: Province,
    server: Server,
    list: Script,
    create: Script,
    /// What the checker says of a draft, confirmed.
    order: String,
    listed: Side,
    created: Side,
}

/// The figures of one kind of request.
#[derive(Default)]
struct Side {
    rates: Vec<f64>,
    peers: Vec<f64>,
    p99: Vec<f64>,
    /// The server's own processor time for each request, in µs.
    spent: Vec<f64>,
    all: Vec<f64>,
}

fn list_request(courts: usize) -> Vec<u8> {
    let mut dice = rand::rng();
    let clerk = dice.random_range(0..PEOPLE);
    let own = data::courts_of(clerk, courts);
    list_of(clerk, court(own[dice.random_range(0..own.len())]))
}

fn list_of(clerk: usize, court: i32) -> Vec<u8> {
    load::request("GET", &format!("/courts/{court}/filings"), &data::token("clerk", clerk), "", "")
}

fn create_request(draft: &Draft, order: &str) -> Vec<u8> {
    let key = format!("idempotency-key: {}\r\n", Uuid::new_v4());
    load::request("POST", &format!("/my/drafts/{}/submit", draft.id), &data::token("party", draft.party), &key, order)
}

impl Stand {
    async fn new(cluster: &Cluster, options: &Options, courts: usize) -> Result<Self, String> {
        let province = Province::open(cluster, &options.root, courts).await?;
        let (list, create, order) = learn(cluster, &province).await?;
        let server = cluster.serve(&province.database, &format!("serve-{courts}"))?;
        Ok(Self { province, server, list, create, order, listed: Side::default(), created: Side::default() })
    }

    async fn round(&mut self, cluster: &Cluster, options: &Options, round: usize) -> Result<(), String> {
        let (url, time, courts) = (cluster.app_url(&self.province.database), options.time(), self.province.courts);
        let peer = self.list.run(&url, CLIENTS, time, round).await?;
        let before = self.server.processor();
        let ours = load::run(self.server.at, CLIENTS, WARM, time, |_| Some(list_request(courts))).await?;
        self.listed.note(peer, ours, self.server.processor() - before);
        let anybody = (0..options.drafts()).map(|n| (n % courts, n % PEOPLE));
        let drafts = Mutex::new(self.province.supply(cluster, anybody).await?);
        let peer = self.create.run(&url, CLIENTS, time, round).await?;
        let next = |_| drafts.lock().ok()?.pop().map(|draft| create_request(&draft, &self.order));
        let before = self.server.processor();
        let ours = load::run(self.server.at, CLIENTS, WARM, time, next).await?;
        self.created.note(peer, ours, self.server.processor() - before);
        Ok(())
    }
}

impl Side {
    fn note(&mut self, peer: f64, ours: load::Run, processor: f64) {
        let spent = processor / ours.asked as f64 * 1_000_000.0;
        eprintln!(
            "   {} a second; pgbench {}; p99 {} ms; {} µs",
            shown(ours.rate),
            shown(peer),
            shown(percentile(&ours.latencies, 0.99)),
            shown(spent)
        );
        self.spent.push(spent);
        self.rates.push(ours.rate);
        self.peers.push(peer);
        self.p99.push(percentile(&ours.latencies, 0.99));
        self.all.extend(ours.latencies);
    }

    fn share(&self) -> f64 {
        median(self.rates.iter().zip(&self.peers).map(|(ours, peer)| ours / peer).collect())
    }

    /// How much the 99th percentile lies above another's, round by round.
    fn growth(&self, other: &Side) -> f64 {
        median(self.p99.iter().zip(&other.p99).map(|(here, there)| (here / there - 1.0) * 100.0).collect())
    }

    fn how(&self, statements: usize) -> String {
        format!(
            "{} a second, p50 {} ms, p99 {} ms, {} µs of the server's processor time; pgbench {} ({statements} statements)",
            shown(median(self.rates.clone())),
            shown(percentile(&self.all, 0.5)),
            shown(percentile(&self.all, 0.99)),
            shown(median(self.spent.clone())),
            shown(median(self.peers.clone()))
        )
    }
}

/// Takes the statements of one list and one creation from a server that does nothing else.
async fn learn(cluster: &Cluster, province: &Province) -> Result<(Script, Script, String), String> {
    let mut ear = Ear::open(cluster, &province.database).await?;
    let server = cluster.serve(&province.database, "serve-heard")?;
    let mut line = Line::open(server.at).await?;
    let mut heard = Vec::new();
    for n in 0..4 {
        ear.forget().await;
        line.ask(&list_of(0, court(0))).await?.json()?;
        if n >= 2 {
            heard.push(ear.heard().await?);
        }
    }
    let mut conn = cluster.admin(&province.database).await?;
    let file = |name: &str| cluster.dir.join(format!("{name}-{}.sql", province.courts));
    let list = peer::script(&mut conn, &file("list"), &heard[0], &heard[1], court(0), province.courts).await?;
    let mut heard = Vec::new();
    let mut order = String::new();
    let mut last = Uuid::nil();
    for (n, draft) in province.supply(cluster, [(0, 0); 4].into_iter()).await?.into_iter().enumerate() {
        let token = data::token("party", draft.party);
        let found = line.ask(&load::request("GET", &format!("/my/drafts/{}/check", draft.id), &token, "", "")).await?.json()?;
        let ids: Vec<_> = found["items"].as_array().into_iter().flatten().map(|i| i["id"].clone()).collect();
        order = json!({ "confirmed": ids, "send_anyway": ids }).to_string();
        ear.forget().await;
        line.ask(&create_request(&draft, &order)).await?.json()?;
        if n >= 2 {
            heard.push(ear.heard().await?);
        }
        last = draft.id;
    }
    let create = peer::script(&mut conn, &file("create"), &heard[0], &heard[1], court(0), province.courts).await?;
    province.pool(cluster, last, CLIENTS).await?;
    ear.close(cluster).await?;
    Ok((list, create, order))
}

/// Measures at each number of courts.
pub async fn run(cluster: &Cluster, options: &Options, report: &mut Report) -> Result<(), String> {
    peer::pgbench()?;
    let mut stands = Vec::new();
    for courts in &options.courts {
        stands.push(Stand::new(cluster, options, *courts).await?);
    }
    for round in 0..=options.rounds {
        eprintln!("== round {round} of {}{}", options.rounds, if round == 0 { " (warms up; not counted)" } else { "" });
        for stand in &mut stands {
            stand.round(cluster, options, round).await?;
            if round == 0 {
                (stand.listed, stand.created) = Default::default();
            }
        }
    }
    for stand in &stands {
        let (courts, list, create) = (stand.province.courts, &stand.listed, &stand.created);
        report.add(
            format!("list filings, {courts} courts"),
            list.share(),
            "of pgbench",
            Goal::AtLeast(0.6),
            list.how(stand.list.statements),
        );
        report.add(
            format!("create a filing, {courts} courts"),
            create.share(),
            "of pgbench",
            Goal::AtLeast(0.8),
            create.how(stand.create.statements),
        );
    }
    for stand in &stands[1..] {
        let (courts, first) = (stand.province.courts, &stands[0]);
        for (what, here, there) in [("list", &stand.listed, &first.listed), ("create", &stand.created, &first.created)] {
            let note =
                format!("{} ms against {} ms, {} clients", shown(median(here.p99.clone())), shown(median(there.p99.clone())), CLIENTS);
            report.add(format!("p99 of {what}, {courts} courts against 1"), here.growth(there), "% more", Goal::AtMost(10.0), note);
        }
    }
    Ok(())
}
