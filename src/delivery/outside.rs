//! What leaves by mail, platform or chat: made, handed over, and followed until nothing more is to be told.
//!
//! Owns the step from an attempt to its adapter. Nothing is held while the other side is waited for: the wire's row is
//! written before, the answer after, and between them a repetition goes under the same number. What was ordered first
//! for a recipient of a case leaves first. Must never leave an attempt without an answer: who gives up says so.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::facts::Held;
use super::mail::letter::{self, Enclosed, Letter, Unfit};
use super::mail::{self, Mail};
use super::platform::{self, Document, Handed, Taken};
use super::receipts::{self, Heard, Ids, REFUSED, TAKEN, Turn, UNSURE};
use super::served::{self, PaperRow};
use super::settle::{self, NewEvent};
use super::words::{Adapter, Channel, MailPapers, SystemEvent};
use super::{address, inbox, mistaken};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::work::{Due, Outcome};

/// How long a sending waits for an earlier one that has not left: longer than a worker that died is missed, and than a
/// relay says "not now" for a good reason.
const PATIENCE: TimeDelta = TimeDelta::minutes(30);
/// After this it is asked again whether it is a sending's turn.
pub const ITS_TURN: TimeDelta = TimeDelta::seconds(1);
/// After these a delivery nobody speaks of is asked after.
const ASK_AFTER: [TimeDelta; 4] = [TimeDelta::minutes(30), TimeDelta::hours(2), TimeDelta::hours(8), TimeDelta::hours(24)];

/// Is an earlier sending of this case to the same address still on its way out?
///
/// # Errors
/// What the database says.
pub async fn is_behind(tx: &mut CourtTx, held: &Held, attempt: Uuid, channel: Channel, address: Option<Uuid>) -> Result<bool> {
    let (court, since) = (tx.court, tx.now() - PATIENCE);
    Ok(sqlx::query_scalar(
        "select exists (select 1 from service_attempts a join services s on s.court_id = a.court_id and s.service_id = a.service_id
         where a.court_id = $1 and a.case_id = $2 and a.channel = $3 and a.address_id = $4 and a.purpose <> 'companion' and a.attempt_id < $5 and a.started_at > $6 and s.cancelled_at is null
           and not exists (select 1 from service_wire w where w.court_id = a.court_id and w.attempt_id = a.attempt_id and w.state <> 'sending')
           and not exists (select 1 from sms_messages m where m.court_id = a.court_id and m.message_id = a.attempt_id and m.state <> 'sending'))",
    )
    .bind(court)
    .bind(held.row.case_id)
    .bind(channel.key())
    .bind(address)
    .bind(attempt)
    .bind(since)
    .fetch_one(tx.conn())
    .await?)
}

/// What is to be sent, gathered before the transaction ends.
struct Sending {
    ids: Ids,
    adapter: Adapter,
    to: String,
    case: Uuid,
    number: String,
    name: String,
    papers: Vec<PaperRow>,
    linked: bool,
    /// By which whoever got it by mistake says so.
    not_me: String,
}

/// Carries out an attempt by mail, platform or chat.
///
/// # Errors
/// What the database, the store or the renderer says; tried again later.
pub async fn attempt(app: &App, due: &Due, mut tx: CourtTx, mut held: Held, ids: Ids, adapter: Adapter) -> Result<Outcome> {
    let row = held.rows.iter().find(|r| r.attempt_id == ids.attempt).cloned().ok_or_else(Error::not_found)?;
    let Some(address) = row.address_id else { return Ok(Outcome::Dead("no address".into())) };
    let sending = Sending {
        ids,
        adapter,
        to: address::value(&mut tx, held.row.case_id, address).await?,
        case: held.row.case_id,
        number: held.row.number.clone(),
        name: held.row.name.clone(),
        papers: served::papers(&mut tx, ids.service).await?,
        linked: held.row.rules.mail_papers == MailPapers::Linked && held.is_seated,
        not_me: mistaken::url(&app.config.public_url, &mistaken::token(&app.seal, ids.attempt, address)?),
    };
    let (now, key) = (tx.now(), ids.attempt.to_string());
    let handed = NewEvent { key: Some(&key), ..NewEvent::new(ids.attempt, SystemEvent::HandedOver, now, "engine") };
    if settle::event(&mut tx, &mut held, &handed).await? {
        settle::announce(&mut tx, &held).await?;
        mistaken::link(app, &mut tx, &held, ids.attempt, address, Some(address)).await?;
        if adapter != Adapter::Mail {
            tx.tell_later("delivery.ask", &Asked { ids, adapter, n: 0 }, now + ASK_AFTER[0])?;
        }
        tx.commit(ids.service, json!({ "recipient": ids.recipient, "attempt": ids.attempt, "through": adapter.key() })).await?;
    } else {
        drop(tx);
    }
    match receipts::sending(app, due.court, ids, adapter).await? {
        Turn::Ours => {}
        Turn::Taken => return Ok(Outcome::Again("somebody else is handing it over".into())),
        Turn::Over => return Ok(Outcome::Done),
    }
    let answer = match adapter {
        Adapter::Mail => by_mail(app, due.court, &sending).await?,
        _ => by_platform(app, due.court, &sending).await,
    };
    close(app, due, &sending, answer).await
}

/// Writes down what the other side said; who gives up says so, and the plan goes on.
async fn close(app: &App, due: &Due, sending: &Sending, answer: Taken) -> Result<Outcome> {
    let heard = |word: &str, reason: Option<String>| Heard {
        attempt: sending.ids.attempt,
        adapter: sending.adapter,
        key: word.to_owned(),
        word: word.to_owned(),
        reason,
        at: app.now(),
    };
    match answer {
        Taken::Over(id) => receipts::answered(app, due.court, Some(&id), &heard(TAKEN, None)).await?,
        Taken::Refused(why) => receipts::answered(app, due.court, None, &heard(REFUSED, Some(why))).await?,
        Taken::Fault(why) => {
            tracing::error!(why, adapter = sending.adapter.key(), "an adapter does not understand what it is handed");
            receipts::answered(app, due.court, None, &heard(REFUSED, Some(why))).await?;
        }
        Taken::Unsure(why) => {
            // the relay may have it: a second one would be served twice, so a person looks
            tracing::warn!(why, adapter = sending.adapter.key(), "cut off while a message was on its way");
            let why = format!("信件发出时连接中断，对方是否收下不明（{why}）；请向邮件管理员或者受送达人核实，系统不自动重发");
            receipts::answered(app, due.court, None, &heard(UNSURE, Some(why))).await?;
        }
        Taken::Later(why) if due.is_last() => {
            receipts::answered(app, due.court, None, &heard(REFUSED, Some(format!("多次尝试后放弃：{why}")))).await?;
        }
        Taken::Later(why) => {
            receipts::let_go(app, due.court, sending.ids.attempt).await?;
            return Ok(Outcome::Again(why));
        }
    }
    Ok(Outcome::Done)
}

async fn by_mail(app: &App, court: i32, s: &Sending) -> Result<Taken> {
    let Some(relay) = &app.mail else { return Ok(Taken::Later("no mail relay is configured".into())) };
    let papers = enclosed(app, court, s, relay).await?;
    let Some(papers) = papers else { return Ok(Taken::Refused("文书超过邮件大小上限".into())) };
    let name = app.door.registry.name(court);
    let letter = Letter {
        court: &name,
        number: &s.number,
        recipient: &s.name,
        papers: &papers,
        public_url: app.config.public_url.trim_end_matches('/'),
        not_me: &s.not_me,
    };
    Ok(match letter::compose(relay, &app.seal, s.ids.attempt, &s.to, &letter, app.now())? {
        Err(Unfit::TooLarge(size)) => Taken::Refused(format!("文书超过邮件大小上限（{size} 字节）")),
        Err(Unfit::Address(why)) => Taken::Refused(why),
        Ok((envelope, raw)) => match relay.send(&envelope, &raw).await {
            mail::Answer::Taken => Taken::Over(s.ids.attempt.to_string()),
            mail::Answer::Refused(why) => Taken::Refused(why),
            mail::Answer::Later(why) => Taken::Later(why),
            mail::Answer::Unsure(why) => Taken::Unsure(why),
        },
    })
}

/// The papers with their bytes; nothing when they do not fit, read no further than that.
async fn enclosed(app: &App, court: i32, s: &Sending, relay: &Mail) -> Result<Option<Vec<Enclosed>>> {
    let (mut out, mut left) = (Vec::with_capacity(s.papers.len()), relay.most);
    for paper in &s.papers {
        let (mut media_type, mut bytes) = ("application/pdf".to_owned(), None);
        if !s.linked {
            let (key, size, kind) = inbox::bytes(app, court, s.case, paper).await?;
            let Some(rest) = usize::try_from(size).ok().and_then(|size| left.checked_sub(size)) else { return Ok(None) };
            left = rest;
            bytes = Some(read(app, &key, size).await?);
            media_type = kind;
        }
        let file_name = format!("{:02} {}", paper.n, inbox::file_name(paper, &media_type));
        let sha256 = paper.sha256.clone().unwrap_or_default();
        out.push(Enclosed { title: paper.title.clone(), file_name, media_type, sha256, bytes });
    }
    Ok(Some(out))
}

async fn read(app: &App, key: &str, size: i64) -> Result<Vec<u8>> {
    use tokio::io::AsyncReadExt;
    let stored = app.blob.read(key, None).await?;
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    stored.body.take(u64::try_from(size).unwrap_or_default()).read_to_end(&mut bytes).await.map_err(Error::internal)?;
    Ok(bytes)
}

async fn by_platform(app: &App, court: i32, s: &Sending) -> Taken {
    let Some((wire, _)) = platform::wire(app, s.adapter) else { return Taken::Later("this channel is not configured".into()) };
    let url = format!("{}/inbox", app.config.public_url.trim_end_matches('/'));
    let documents =
        s.papers.iter().map(|p| Document { title: p.title.clone(), sha256: p.sha256.clone().unwrap_or_default(), url: url.clone() });
    let name = app.door.registry.name(court);
    let handed = Handed {
        delivery_id: s.ids.attempt,
        channel: "",
        account: s.to.clone(),
        name: s.name.clone(),
        case_number: s.number.clone(),
        text: format!("{name}现就{}案向您电子送达文书，到达您的账号即为送达。请及时查阅。", s.number),
        court: name,
        documents: documents.collect(),
        callback_url: String::new(),
    };
    platform::hand_over(wire, &handed.through(app, s.adapter), app.now()).await
}

/// A question after a delivery.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Asked {
    ids: Ids,
    adapter: Adapter,
    n: usize,
}

/// The topic `delivery.ask`: a receipt may be lost, so we ask.
///
/// # Errors
/// What the database says.
pub async fn ask(app: &App, court: i32, asked: &Asked) -> Result<Outcome> {
    let ended = platform::ask(app, asked.adapter, asked.ids.attempt).await?;
    let next: Option<DateTime<Utc>> = ASK_AFTER.get(asked.n + 1).map(|after| app.now() + *after);
    if let (false, Some(at)) = (ended == Some(true), next) {
        let mut tx = app.door.enter_as_house(court, "delivery:ask").await?;
        tx.tell_later("delivery.ask", &Asked { n: asked.n + 1, ..*asked }, at)?;
        tx.commit(asked.ids.service, json!({ "attempt": asked.ids.attempt, "asked": asked.n + 1 })).await?;
    }
    Ok(Outcome::Done)
}
