//! 我不是收件人: numbers and mailboxes change owner. Every message of service carries a link by which whoever got it by
//! mistake says so; the sending is marked, the address is in doubt, the next way is taken, and a clerk looks into it.
//!
//! Owns `service_links` and what follows from that word. It is anybody's word: it suspends what rests on that sending and
//! ends nothing, and a person of the court who finds the address to be the recipient's own takes it away again. Must never
//! tell whoever holds a link more than court and day, know who that is, or believe it at another court.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::facts::{self, Held};
use super::numbers::{self, DOUBT, Doubt, NumberDoubt};
use super::settle::{self, NewEvent};
use super::words::{Channel, SystemEvent};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::kit::seal::{Seal, sha256};
use crate::work::Outcome;

/// The event: somebody says a message is not for him or her.
pub const DISCLAIMED: &str = "delivery.disclaimed";
/// So long a link is good; who has a message of last year has had it long enough.
const GOOD_FOR: TimeDelta = TimeDelta::days(90);
/// Signs of a link in bytes: 80 bits, nobody guesses it, and it fits into a text message.
const BYTES: usize = 10;

/// The token of a message: the same message has the same link however often it is made.
///
/// # Errors
/// When the keys do not do.
pub fn token(seal: &Seal, attempt: Uuid, to: Uuid) -> Result<String> {
    let mark = seal.blind("service:link", &format!("{attempt}|{to}"))?;
    // a digit in front, so that logs take it for a secret whatever its letters are
    Ok(format!("1{}", data_encoding::BASE32_NOPAD.encode(mark.get(..BYTES).unwrap_or(&mark)).to_lowercase()))
}

/// The link of a message, as it is printed.
pub fn url(public_url: &str, token: &str) -> String {
    format!("{}/s/{token}", public_url.trim_end_matches('/'))
}

/// Writes the link of a message down; answers it. `to` tells two messages of one sending apart: a number, or an account.
///
/// # Errors
/// What the database says.
pub async fn link(app: &App, tx: &mut CourtTx, held: &Held, attempt: Uuid, to: Uuid, address: Option<Uuid>) -> Result<String> {
    let (court, now, token) = (tx.court, tx.now(), token(&app.seal, attempt, to)?);
    sqlx::query(
        "insert into service_links (court_id, link_hash, service_id, recipient_id, attempt_id, case_id, address_id, made_at) values ($1,$2,$3,$4,$5,$6,$7,$8)
         on conflict do nothing",
    )
    .bind(court)
    .bind(sha256(token.as_bytes()))
    .bind(held.row.service_id)
    .bind(held.row.recipient_id)
    .bind(attempt)
    .bind(held.row.case_id)
    .bind(address)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(url(&app.config.public_url, &token))
}

/// A link that was opened.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Link {
    /// Court.
    pub court_id: i32,
    link_hash: Vec<u8>,
    service_id: Uuid,
    recipient_id: Uuid,
    attempt_id: Uuid,
    address_id: Option<Uuid>,
    /// When the message was made.
    pub made_at: DateTime<Utc>,
    /// When it was said not to be for whoever got it.
    pub disclaimed_at: Option<DateTime<Utc>>,
}

/// What a token leads to.
///
/// # Errors
/// 404 for every fault, word for word: never made, too old.
pub async fn find(app: &App, token: &str) -> Result<Link> {
    let mut gate = app.door.gate("service:link", "".into()).await?;
    let row: Option<Link> = sqlx::query_as(
        "select court_id, link_hash, service_id, recipient_id, attempt_id, address_id, made_at, disclaimed_at from service_links where link_hash = $1 and made_at > $2",
    )
    .bind(sha256(token.trim().to_lowercase().as_bytes()))
    .bind(app.now() - GOOD_FOR)
    .fetch_optional(gate.conn())
    .await?;
    row.ok_or_else(Error::not_found)
}

/// 我不是收件人: said once; saying it again says nothing new.
///
/// # Errors
/// 404 for every fault, word for word.
pub async fn disclaim(app: &App, request: &Arc<str>, token: &str) -> Result<Link> {
    let link = find(app, token).await?;
    if link.disclaimed_at.is_some() {
        return Ok(link);
    }
    let mut tx = app.door.enter_by_link(link.court_id, "service:disclaim", request.clone()).await?;
    let now = tx.now();
    let first = sqlx::query("update service_links set disclaimed_at = $3 where court_id = $1 and link_hash = $2 and disclaimed_at is null")
        .bind(link.court_id)
        .bind(&link.link_hash)
        .bind(now)
        .execute(tx.conn())
        .await?;
    if first.rows_affected() == 0 {
        drop(tx);
        return find(app, token).await;
    }
    let word = Word {
        service: link.service_id,
        recipient: link.recipient_id,
        attempt: link.attempt_id,
        address: link.address_id,
        sent_at: link.made_at,
        at: now,
    };
    tx.tell(DISCLAIMED, &word)?;
    tx.commit(link.service_id, json!({ "recipient": link.recipient_id, "attempt": link.attempt_id })).await?;
    Ok(Link { disclaimed_at: Some(now), ..link })
}

/// What was said, on its way to the service.
#[derive(Debug, Serialize, Deserialize)]
pub struct Word {
    service: Uuid,
    recipient: Uuid,
    attempt: Uuid,
    address: Option<Uuid>,
    sent_at: DateTime<Utc>,
    at: DateTime<Utc>,
}

/// The topic [`DISCLAIMED`]: the sending is marked, the address is in doubt, the next way is taken. Twice is once.
///
/// # Errors
/// What the database says; tried again later.
pub async fn apply(app: &App, court: i32, word: &Word) -> Result<Outcome> {
    let mut tx = app.door.enter_as_house(court, "delivery:disclaimed").await?;
    let mut held = facts::hold(app, &mut tx, word.service, word.recipient).await?;
    let event = NewEvent { key: Some("not_me"), ..NewEvent::new(word.attempt, SystemEvent::Disclaimed, word.at, "link") };
    if !settle::event(&mut tx, &mut held, &event).await? {
        return Ok(Outcome::Done);
    }
    let case = held.row.case_id;
    let detail = json!({ "address": word.address, "why": NumberDoubt::Disclaimed, "attempt": word.attempt });
    if settle::open_task(&mut tx, &held, "check_number", &detail).await? {
        held.note(&mut tx, "number_doubtful", json!({ "why": NumberDoubt::Disclaimed, "at": word.at.to_rfc3339() })).await?;
    }
    let doubt = match word.address {
        Some(address) if !vouched_since(&held, address, word.sent_at) => {
            numbers::put(app, &mut tx, &Doubt { case, address, at: word.at, why: NumberDoubt::Disclaimed }).await?
        }
        _ => None,
    };
    if doubt.is_none() {
        untold(&mut tx, &held).await?;
    }
    settle::settle(app, &mut tx, word.service, word.recipient).await?;
    tx.commit(word.service, json!({ "recipient": word.recipient, "attempt": word.attempt, "what": SystemEvent::Disclaimed.key() })).await?;
    Ok(Outcome::Done)
}

/// The party said anew that it is its own after the message left: the message may be older than that word.
fn vouched_since(held: &Held, address: Uuid, sent_at: DateTime<Utc>) -> bool {
    held.address(address).and_then(|a| a.vouched_at).is_some_and(|at| at > sent_at)
}

/// No address goes with it, or it is in doubt already: the court's people read it all the same.
async fn untold(tx: &mut CourtTx, held: &Held) -> Result<()> {
    let text = said(
        format!("收到发给{}的消息的人称自己不是收件人，请核实号码", held.row.name),
        format!("Whoever got a message for {} says it is for somebody else: please check the number", held.row.name),
    );
    timeline::write(tx, held.row.case_id, Note::new("number_doubtful", text).by(super::law::OL31.zh).for_staff()).await
}

/// A clerk has looked into it: it is the recipient's own after all, and what was served is served from when it was; or it
/// is somebody else's, and then it is so at every court.
///
/// # Errors
/// What the database says.
pub async fn looked(app: &App, tx: &mut CourtTx, held: &mut Held, detail: &serde_json::Value, outcome: &str) -> Result<()> {
    let id = |key: &str| detail[key].as_str().and_then(|id| id.parse::<Uuid>().ok());
    let (now, case, address) = (tx.now(), held.row.case_id, id("address"));
    match outcome {
        "own" => {
            if let Some(attempt) = id("attempt") {
                let event = NewEvent { person: tx.person().ok(), ..NewEvent::new(attempt, SystemEvent::FoundOwn, now, "clerk") };
                settle::event(tx, held, &event).await?;
            }
            if let Some(address) = address {
                super::address::vouch(tx, case, &[address]).await?;
            }
            settle::settle_party(app, tx, case, held.row.party_id).await?;
            // also what had come to an end meanwhile
            settle::settle(app, tx, held.row.service_id, held.row.recipient_id).await
        }
        "not_own" => {
            let number = address.filter(|a| held.address(*a).is_some_and(|a| a.channel == Channel::Sms));
            match number {
                Some(address) => tx.tell(DOUBT, &Doubt { case, address, at: now, why: NumberDoubt::Reassigned }),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::random::Random;

    #[test]
    fn a_link_is_short_and_each_message_has_its_own() {
        let random = Random::seeded(9);
        let seal = Seal::from_key_file(&Seal::new_key_file(&random), random.clone()).unwrap();
        let now = "2026-11-23T02:00:00Z".parse().unwrap();
        let (one, two, to) = (random.id(now), random.id(now), random.id(now));
        let first = token(&seal, one, to).unwrap();
        assert_eq!(first.len(), 17);
        assert_eq!(crate::telemetry::shape(&format!("/s/{first}")), "/s/:id");
        assert_eq!(first, token(&seal, one, to).unwrap(), "made again, the same");
        assert_ne!(first, token(&seal, two, to).unwrap());
        assert_ne!(first, token(&seal, one, two).unwrap());
        assert_eq!(url("https://court.example/", "ab"), "https://court.example/s/ab");
    }
}
