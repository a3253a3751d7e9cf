//! 延迟开庭: told in the waiting room, and by message when it is long.
//!
//! Owns `hearings.delayed_until` and `delayed_reason`. The hour of the hearing stays what people were summoned to. Must
//! never delay a hearing that has begun, or by so much that it is another date.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::super::guards::Hand;
use super::super::joint;
use super::super::log::{self, Audience, Line};
use super::super::refusal::{Refusal, reasoned};
use super::super::schedule::moment;
use super::sitting::Head;
use crate::court::tx::CourtTx;
use crate::docket::timeline::Note;
use crate::error::{Error, Result, said};

/// The most it is put off without being another date.
const MOST: TimeDelta = TimeDelta::hours(6);
/// Longer than this a message goes out.
const QUIET: TimeDelta = TimeDelta::minutes(15);

/// Is it so much later than people were told that a message goes out?
pub fn wants_message(starts_at: DateTime<Utc>, told: Option<DateTime<Utc>>, until: DateTime<Utc>) -> bool {
    until - told.unwrap_or(starts_at) > QUIET
}

/// Puts the opening off. The hearing's row is held.
///
/// # Errors
/// Another version, whoever may not, a moment that is none.
pub async fn put_off(tx: &mut CourtTx, hearing: Uuid, head: &Head, hand: Hand, to: &Later<'_>) -> Result<bool> {
    let (court, now) = (tx.court, tx.now());
    check(head, hand, now, to)?;
    sqlx::query(
        "update hearings set delayed_until = $3, delayed_reason = $4, version = version + 1 where court_id = $1 and hearing_id = $2",
    )
    .bind(court)
    .bind(hearing)
    .bind(to.until)
    .bind(to.reason.trim())
    .execute(tx.conn())
    .await?;
    let data = json!({ "until": to.until.to_rfc3339(), "reason": to.reason.trim() });
    let line = Line { what: "delayed", participant: None, audience: Audience::All, media: None, data };
    log::append(tx, hearing, head.case, now, &line).await?;
    let (zh, en) = (moment(to.until), to.until.to_rfc3339());
    let text = said(format!("庭审延迟到 {zh} 开始：{}", to.reason.trim()), format!("The hearing begins later, at {en}"));
    joint::note(tx, hearing, head.case, Note::new("hearing_delayed", text)).await?;
    let told = wants_message(head.starts_at, head.delayed_until, to.until);
    if told {
        tx.tell("hearing.delayed", &json!({ "hearing": hearing }))?;
    }
    Ok(told)
}

/// Until when, and why.
#[derive(Debug, Clone, Copy)]
pub struct Later<'a> {
    /// The version its page showed.
    pub version: i32,
    /// Until.
    pub until: DateTime<Utc>,
    /// Why.
    pub reason: &'a str,
}

fn check(head: &Head, hand: Hand, now: DateTime<Utc>, to: &Later<'_>) -> Result<()> {
    if head.version != to.version {
        return Err(Error::stale());
    }
    if !matches!(hand, Hand::Judge | Hand::Clerk) {
        return Err(Refusal::new(
            "hearing.not_yours",
            ("由审判人员或者书记员宣布延迟。", "Judge or clerk announce a delay."),
            ("请联系书记员。", "Speak to the clerk."),
        )
        .into());
    }
    if !head.state.is_before() {
        return Err(Error::conflict(
            "hearing.begun",
            said("庭审已经开始或者结束，不能延迟。", "The hearing has begun or is over."),
            said("需要停一停的，请由审判人员休庭。", "To stop for a while, let the judge adjourn."),
        ));
    }
    reasoned(to.reason, "/reason")?;
    if to.until <= head.starts_at || to.until <= now || to.until > head.starts_at + MOST {
        return Err(Error::invalid(
            "hearing.delay",
            said(
                "延迟的时间要晚于原定时间和现在，并且不超过 6 小时。",
                "A delay is later than the hour fixed and than now, and at most six hours.",
            ),
            said("超过 6 小时的，请改期。", "For more than six hours, move the hearing."),
        )
        .at("/until"));
    }
    Ok(())
}

/// Why it begins later.
///
/// # Errors
/// What the database says.
pub async fn reason(tx: &mut CourtTx, hearing: Uuid) -> Result<Option<String>> {
    let court = tx.court;
    Ok(sqlx::query_scalar::<_, Option<String>>("select delayed_reason from hearings where court_id = $1 and hearing_id = $2")
        .bind(court)
        .bind(hearing)
        .fetch_optional(tx.conn())
        .await?
        .flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_delay_is_told_in_the_room_alone() {
        let at: DateTime<Utc> = "2026-11-26T01:00:00Z".parse().unwrap();
        let plus = |m| at + TimeDelta::minutes(m);
        assert!(!wants_message(at, None, plus(15)));
        assert!(wants_message(at, None, plus(16)));
        assert!(!wants_message(at, Some(plus(30)), plus(45)), "they were told of the thirty minutes already");
        assert!(wants_message(at, Some(plus(10)), plus(40)));
    }
}
