//! The transactions: the only things SQL runs in. No tx, no SQL.
//!
//! `CourtTx` sees one court. `PersonTx` sees one person's own rows in all courts. `ProvinceTx` reads
//! figures. `GateTx` serves sign-in and code look-ups. `WorkTx` claims due jobs. Which one is used is
//! visible in every signature. A change is committed together with its audit row and its events, or
//! not at all; a transaction dropped without `commit` leaves nothing behind.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::{PgConnection, Postgres, Transaction};
use tokio::sync::Notify;
use uuid::Uuid;

use super::act::Act;
use super::nesting::Held;
use crate::error::{Error, Result, said};
use crate::kit::random::Random;
use crate::kit::seal::{Owner, Place, Seal, sha256};

/// From which side of the counter a transaction looks at rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// Works for the court.
    Staff,
    /// Sees only the matters he or she takes part in.
    Party,
    /// A step that must see the court's rows for its own decision.
    System,
}

impl Seat {
    /// The value of `app.seat`.
    pub fn key(self) -> &'static str {
        match self {
            Seat::Staff => "staff",
            Seat::Party => "party",
            Seat::System => "system",
        }
    }
}

/// What every transaction carries: the instant, the actor, the request, and events to come.
pub(super) struct Core {
    pub(super) tx: Transaction<'static, Postgres>,
    pub(super) now: DateTime<Utc>,
    pub(super) person: Option<Uuid>,
    pub(super) seat: &'static str,
    pub(super) act: &'static str,
    pub(super) request: Arc<str>,
    pub(super) random: Random,
    pub(super) seal: Seal,
    events: Vec<Event>,
    /// An event was left for the workers.
    told: bool,
    /// Rung once what was told stands.
    bell: Arc<Notify>,
    /// Let go after the connection.
    _held: Held,
}

/// Something that must happen outside, told to the outbox with the change that caused it.
struct Event {
    /// Its id, where somebody outside knows it by a name that was given before.
    id: Option<Uuid>,
    topic: &'static str,
    payload: Vec<u8>,
    not_before: DateTime<Utc>,
}

impl Core {
    #[allow(clippy::too_many_arguments, reason = "made in one place, the door")]
    pub(super) fn new(
        tx: Transaction<'static, Postgres>,
        held: Held,
        now: DateTime<Utc>,
        person: Option<Uuid>,
        seat: &'static str,
        act: &'static str,
        request: Arc<str>,
        random: Random,
        seal: Seal,
        bell: Arc<Notify>,
    ) -> Self {
        Self { tx, now, person, seat, act, request, random, seal, events: Vec::new(), told: false, bell, _held: held }
    }

    fn tell(&mut self, topic: &'static str, payload: &impl Serialize, not_before: DateTime<Utc>) -> Result<()> {
        self.events.push(Event { id: None, topic, payload: serde_json::to_vec(payload)?, not_before });
        Ok(())
    }

    fn tell_as(&mut self, id: Uuid, topic: &'static str, payload: &impl Serialize) -> Result<()> {
        self.events.push(Event { id: Some(id), topic, payload: serde_json::to_vec(payload)?, not_before: self.now });
        Ok(())
    }

    async fn commit(mut self, court: i32, subject: &str, details: Value) -> Result<()> {
        let (mut ids, mut topics, mut payloads, mut not_before) = (vec![], vec![], vec![], vec![]);
        for event in std::mem::take(&mut self.events) {
            let id = event.id.unwrap_or_else(|| self.random.id(self.now));
            payloads.push(self.seal.seal(Owner::House, Place("outbox", "payload", &id), &event.payload)?);
            ids.push(id);
            topics.push(event.topic);
            not_before.push(event.not_before);
        }
        self.told = !ids.is_empty();
        // who did what, and what follows from it, in one round trip
        sqlx::query(
            "with noted as (insert into audit_log (court_id, audit_id, at, person_id, seat, act, subject, request_id, details) values ($1,$2,$3,$4,$5,$6,$7,$8,$9))
             insert into outbox (court_id, event_id, topic, payload, created_at, not_before)
             select $1, e.id, e.topic, e.payload, $3, e.not_before from unnest($10::uuid[], $11::text[], $12::bytea[], $13::timestamptz[]) as e(id, topic, payload, not_before)",
        )
        .bind(court)
        .bind(self.random.id(self.now))
        .bind(self.now)
        .bind(self.person)
        .bind(self.seat)
        .bind(self.act)
        .bind(subject)
        .bind(&*self.request)
        .bind(details)
        .bind(ids)
        .bind(topics)
        .bind(payloads)
        .bind(not_before)
        .execute(&mut *self.tx)
        .await?;
        self.end().await
    }

    async fn end(self) -> Result<()> {
        self.tx.commit().await?;
        if self.told {
            self.bell.notify_one();
        }
        Ok(())
    }

    /// First answer of a repeated call, if there was one.
    async fn once(&mut self, court: i32, key: Uuid, body: &[u8]) -> Result<Option<Vec<u8>>> {
        let person = self.person.ok_or_else(Error::unauthenticated)?;
        let digest = sha256(&[self.act.as_bytes(), b"\0", body].concat());
        let fresh = sqlx::query(
            "insert into idempotency (court_id, person_id, key, request_sha256, created_at) values ($1,$2,$3,$4,$5) on conflict do nothing",
        )
        .bind(court)
        .bind(person)
        .bind(key.to_string())
        .bind(&digest)
        .bind(self.now)
        .execute(&mut *self.tx)
        .await?;
        if fresh.rows_affected() == 1 {
            return Ok(None);
        }
        self.first_answer(court, person, key, &digest).await
    }

    /// What a call with this key was answered, if there was one.
    async fn first_answer(&mut self, court: i32, person: Uuid, key: Uuid, digest: &[u8]) -> Result<Option<Vec<u8>>> {
        let found: Option<(Vec<u8>, Option<Vec<u8>>)> =
            sqlx::query_as("select request_sha256, response from idempotency where court_id = $1 and person_id = $2 and key = $3")
                .bind(court)
                .bind(person)
                .bind(key.to_string())
                .fetch_optional(&mut *self.tx)
                .await?;
        let Some((seen, answer)) = found else { return Ok(None) };
        if seen != digest {
            return Err(Error::invalid(
                "idempotency.reused",
                said("同一个幂等编号用在了不同的内容上。", "The same Idempotency-Key was used for other content."),
                said("请为新的请求换一个 Idempotency-Key。", "Use a new Idempotency-Key for a new request."),
            ));
        }
        let sealed = answer.ok_or_else(|| {
            Error::conflict(
                "idempotency.running",
                said("上一次提交还在处理。", "The first call is still being handled."),
                said("请稍等几秒。", "Wait a few seconds."),
            )
            .retry_after(2)
        })?;
        Ok(Some(self.seal.open(Owner::House, Place("idempotency", "response", &key), &sealed)?))
    }

    async fn answered(&mut self, court: i32, key: Uuid, answer: &[u8]) -> Result<()> {
        let sealed = self.seal.seal(Owner::House, Place("idempotency", "response", &key), answer)?;
        sqlx::query("update idempotency set response = $4 where court_id = $1 and person_id = $2 and key = $3")
            .bind(court)
            .bind(self.person)
            .bind(key.to_string())
            .bind(sealed)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}

macro_rules! common {
    ($name:ident, $court:expr) => {
        impl $name {
            /// The connection inside the transaction.
            pub fn conn(&mut self) -> &mut PgConnection {
                &mut self.core.tx
            }

            /// The instant of this transaction: the same for every row it writes.
            pub fn now(&self) -> DateTime<Utc> {
                self.core.now
            }

            /// A new time-ordered id.
            pub fn id(&self) -> Uuid {
                self.core.random.id(self.core.now)
            }

            /// Randomness.
            pub fn random(&self) -> &Random {
                &self.core.random
            }

            /// Sealing.
            pub fn seal(&self) -> &Seal {
                &self.core.seal
            }

            /// Leaves an event for the workers, delivered once the change stands.
            pub fn tell(&mut self, topic: &'static str, payload: &impl Serialize) -> Result<()> {
                let now = self.core.now;
                self.core.tell(topic, payload, now)
            }

            /// Leaves an event that is not to be handled before an instant.
            pub fn tell_later(&mut self, topic: &'static str, payload: &impl Serialize, not_before: DateTime<Utc>) -> Result<()> {
                self.core.tell(topic, payload, not_before)
            }

            /// Ends the change: audit row, events, commit.
            pub async fn commit(self, subject: impl std::fmt::Display, details: Value) -> Result<()> {
                let court: fn(&$name) -> i32 = $court;
                let court = court(&self);
                self.core.commit(court, &subject.to_string(), details).await
            }

            /// The first answer of a call repeated with the same key, if there was one.
            pub async fn once<T: serde::de::DeserializeOwned>(&mut self, key: Uuid, body: &[u8]) -> Result<Option<T>> {
                let court: fn(&$name) -> i32 = $court;
                let court = court(self);
                let found = self.core.once(court, key, body).await?;
                Ok(found.map(|bytes| serde_json::from_slice(&bytes)).transpose()?)
            }

            /// The same for a door whose callers need not bring a key; without one every call is a new one.
            pub async fn once_if<T: serde::de::DeserializeOwned>(&mut self, key: Option<Uuid>, body: &impl Serialize) -> Result<Option<T>> {
                let Some(key) = key else { return Ok(None) };
                self.once(key, &serde_json::to_vec(body)?).await
            }

            /// Keeps the answer, where the caller brought a key.
            pub async fn answered_if(&mut self, key: Option<Uuid>, answer: &impl Serialize) -> Result<()> {
                let Some(key) = key else { return Ok(()) };
                self.answered(key, answer).await
            }

            /// Keeps the answer of this call for its repetitions.
            pub async fn answered(&mut self, key: Uuid, answer: &impl Serialize) -> Result<()> {
                let court: fn(&$name) -> i32 = $court;
                let court = court(self);
                let bytes = serde_json::to_vec(answer)?;
                self.core.answered(court, key, &bytes).await
            }
        }
    };
}

/// One court's rows, seen from one seat.
pub struct CourtTx {
    pub(super) core: Core,
    /// The court.
    pub court: i32,
    /// The side of the counter.
    pub seat: Seat,
    /// The actor's name, as the file shows it.
    pub who: Arc<str>,
    /// The permission this transaction was opened under.
    pub act: Act,
}

common!(CourtTx, |tx| tx.court);

impl CourtTx {
    /// The acting person; a job of the house has none.
    pub fn person(&self) -> Result<Uuid> {
        self.core.person.ok_or_else(Error::unauthenticated)
    }

    /// Leaves an event under an id of its own: what it sends outside is known there by that id. Once only.
    pub fn tell_as(&mut self, id: Uuid, topic: &'static str, payload: &impl Serialize) -> Result<()> {
        self.core.tell_as(id, topic, payload)
    }

    /// Commits what is nobody's act and no change of a matter (the lease of a room, its figures): no audit row. The house's
    /// own transactions only.
    pub async fn close(self) -> Result<()> {
        if self.core.person.is_some() {
            return Err(Error::internal("a person's change is committed with its audit row"));
        }
        self.core.tx.commit().await?;
        Ok(())
    }

    /// True when a court person acts.
    pub fn is_staff(&self) -> bool {
        self.seat == Seat::Staff
    }

    /// Whose key seals this court's data.
    pub fn owner(&self) -> Owner {
        Owner::Court(self.court)
    }
}

/// One person's own rows in all courts.
pub struct PersonTx {
    pub(super) core: Core,
    /// The person.
    pub person: Uuid,
}

common!(PersonTx, |_| 0);

impl PersonTx {
    /// Commits what is no act of the person (a session's last use): no audit row.
    pub async fn close(self) -> Result<()> {
        self.core.tx.commit().await?;
        Ok(())
    }

    /// Whose key seals this person's data.
    pub fn owner(&self) -> Owner {
        Owner::Person(self.person)
    }
}

/// Figures over all courts, read only.
pub struct ProvinceTx {
    pub(super) core: Core,
}

impl ProvinceTx {
    /// The connection inside the transaction.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.core.tx
    }

    /// The instant of this transaction.
    pub fn now(&self) -> DateTime<Utc> {
        self.core.now
    }
}

/// Sign-in, sign-up and look-ups by code. Never a tenant row.
pub struct GateTx {
    pub(super) core: Core,
}

common!(GateTx, |_| 0);

impl GateTx {
    /// From here on the gate acts for this person (who has just proved who they are).
    pub async fn becomes(&mut self, person: Uuid) -> Result<()> {
        self.core.person = Some(person);
        sqlx::query(sqlx::AssertSqlSafe(format!("set local app.person_id = '{person}'"))).execute(&mut *self.core.tx).await?;
        Ok(())
    }

    /// What a call with this key was answered when it made the account of this person. Looked for also where there is
    /// nobody, so that the question itself says nothing.
    pub async fn first_answer<T: serde::de::DeserializeOwned>(
        &mut self,
        person: Option<Uuid>,
        key: Uuid,
        body: &[u8],
    ) -> Result<Option<T>> {
        let person = person.unwrap_or_default();
        self.becomes(person).await?;
        let digest = sha256(&[self.core.act.as_bytes(), b"\0", body].concat());
        let found = self.core.first_answer(0, person, key, &digest).await?;
        Ok(found.map(|bytes| serde_json::from_slice(&bytes)).transpose()?)
    }

    /// Names what the gate is doing, for the audit row.
    pub fn doing(&mut self, act: &'static str) {
        self.core.act = act;
    }
}

/// Claims due jobs over all courts; touches nothing but the outbox.
pub struct WorkTx {
    pub(super) core: Core,
}

impl WorkTx {
    /// The connection inside the transaction.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.core.tx
    }

    /// The instant of this transaction.
    pub fn now(&self) -> DateTime<Utc> {
        self.core.now
    }

    /// Sealing.
    pub fn seal(&self) -> &Seal {
        &self.core.seal
    }

    /// Leaves an event at a court for the workers: what the outside reported is for its slice to read.
    pub async fn tell(&mut self, court: i32, topic: &str, payload: &impl Serialize) -> Result<()> {
        let (now, id) = (self.core.now, self.core.random.id(self.core.now));
        let payload = self.core.seal.seal_json(Owner::House, Place("outbox", "payload", &id), payload)?;
        sqlx::query("insert into outbox (court_id, event_id, topic, payload, created_at, not_before) values ($1, $2, $3, $4, $5, $5)")
            .bind(court)
            .bind(id)
            .bind(topic)
            .bind(payload)
            .bind(now)
            .execute(&mut *self.core.tx)
            .await?;
        self.core.told = true;
        Ok(())
    }

    /// Commits the state of jobs (itself no change of a court's matter: no audit row).
    pub async fn close(self) -> Result<()> {
        self.core.end().await
    }
}
