//! One round of probes: can a row be written, an object stored and read back, a paper set, the front door opened, and do
//! the gateways answer. Owns nothing it leaves behind. Every probe has its own patience; a probe never fails the round.

use std::future::Future;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::app::App;
use crate::court::outage_rules::Part;
use crate::kit::seal::sha256;

/// What one probe found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probed {
    /// database, store, renderer, filing, sms, payment.
    pub what: String,
    /// It answered as it should.
    pub ok: bool,
    /// How long it took.
    pub millis: i64,
    /// What was wrong, in a word; never an address or a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// The longest one probe is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// All probes at once.
pub async fn round(app: &App, http: &reqwest::Client, node: &str) -> Vec<Probed> {
    let (database, store, renderer, filing, sms, payment) = tokio::join!(
        probed("database", database(app)),
        probed("store", store(app, node)),
        probed("renderer", renderer(app)),
        probed("filing", front_door(app, http)),
        outside("sms", app.sms.as_ref().map(|wire| reachable(http, wire.base()))),
        outside("payment", app.wechat.as_ref().map(|pay| reachable(http, pay.base()))),
    );
    [Some(database), Some(store), Some(renderer), Some(filing), sms, payment].into_iter().flatten().collect()
}

/// Which parts cannot be used when these probes are as they are. A renderer that is down delays papers and stops nobody;
/// so does the gateway of messages, for the inbox is there.
pub fn parts_down(probes: &[Probed]) -> Vec<Part> {
    let bad = |what: &str| probes.iter().any(|p| p.what == what && !p.ok);
    if bad("database") || bad("filing") {
        return Part::EACH.to_vec();
    }
    let mut down = Vec::new();
    if bad("store") {
        down.extend([Part::Filing, Part::ServiceInbox]);
    }
    if bad("payment") {
        down.push(Part::Payment);
    }
    down
}

type Verdict = std::result::Result<(), String>;

async fn probed(what: &str, ask: impl Future<Output = Verdict>) -> Probed {
    let started = Instant::now();
    let verdict = tokio::time::timeout(PATIENCE, ask).await.unwrap_or_else(|_| Err("no answer in 10 s".into()));
    let millis = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
    Probed { what: what.into(), ok: verdict.is_ok(), millis, fault: verdict.err() }
}

async fn outside(what: &str, ask: Option<impl Future<Output = Verdict>>) -> Option<Probed> {
    match ask {
        Some(ask) => Some(probed(what, ask).await),
        None => None, // not part of this deployment
    }
}

/// A row is written and taken back.
async fn database(app: &App) -> Verdict {
    let high = app.door.registry.province_court();
    let mut work = app.door.work().await.map_err(|e| e.code.to_owned())?;
    let now = work.now();
    sqlx::query("insert into outage_beats (court_id, at, node, down, probes) values ($1, $2, 'probe', '{}', '[]') on conflict do nothing")
        .bind(high)
        .bind(now)
        .execute(work.conn())
        .await
        .map(drop)
        .map_err(|e| match e {
            sqlx::Error::Database(e) => e.code().map_or_else(|| "refused".to_owned(), |c| c.into_owned()),
            _ => "no connection".to_owned(),
        })
}

/// An object is stored and reads back the same.
async fn store(app: &App, node: &str) -> Verdict {
    let key = format!("probe/{}", hex::encode(&sha256(node.as_bytes())[..8]));
    let said = app.now().to_rfc3339().into_bytes();
    app.blob.put(&key, said.clone(), "text/plain").await.map_err(|e| e.code.to_owned())?;
    let mut read = app.blob.read(&key, None).await.map_err(|e| e.code.to_owned())?;
    let mut back = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut read.body, &mut back).await.map_err(|e| e.kind().to_string())?;
    if back == said { Ok(()) } else { Err("read back otherwise".into()) }
}

async fn renderer(app: &App) -> Verdict {
    if app.renderer.alive().await { Ok(()) } else { Err("no answer".into()) }
}

/// The front door, by the address people type.
async fn front_door(app: &App, http: &reqwest::Client) -> Verdict {
    let url = format!("{}/api/bootstrap", app.config.public_url);
    let answer = http.get(url).send().await.map_err(|e| fault(&e))?;
    if answer.status().is_success() { Ok(()) } else { Err(format!("status {}", answer.status().as_u16())) }
}

/// Any answer will do: what it refuses without a signature, it refuses alive.
async fn reachable(http: &reqwest::Client, base: &str) -> Verdict {
    http.get(base).send().await.map_err(|e| fault(&e)).and_then(|answer| match answer.status().as_u16() {
        502..=504 => Err(format!("status {}", answer.status().as_u16())),
        _ => Ok(()),
    })
}

fn fault(e: &reqwest::Error) -> String {
    if e.is_connect() {
        "no connection".into()
    } else if e.is_timeout() {
        "no answer in time".into()
    } else {
        "no answer".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_probe_says_of_the_parts() {
        let probes = |bad: &[&str]| -> Vec<Probed> {
            ["database", "store", "renderer", "filing", "sms", "payment"]
                .map(|what| Probed { what: what.into(), ok: !bad.contains(&what), millis: 1, fault: None })
                .to_vec()
        };
        let rows: &[(&[&str], &[Part])] = &[
            (&[], &[]),
            (&["database"], &Part::EACH),
            (&["filing"], &Part::EACH),
            (&["store"], &[Part::Filing, Part::ServiceInbox]),
            (&["payment"], &[Part::Payment]),
            (&["renderer", "sms"], &[]),
        ];
        for (bad, wanted) in rows {
            assert_eq!(&parts_down(&probes(bad)), wanted, "{bad:?}");
        }
    }
}
