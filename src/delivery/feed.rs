//! 日历订阅: services and the ends of one's periods as a calendar (RFC 5545) behind a secret address. Owns `feed_tokens`.
//!
//! Whoever holds the address reads the calendar, so only its hash is kept and a new address ends the old. Must never
//! carry the content of a paper, or anybody's number or address.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::inbox::{self, Wanted};
use super::views::InboxItem;
use crate::app::App;
use crate::court::tx::PersonTx;
use crate::error::{Error, Result};
use crate::kit::seal::sha256;

/// The most entries of a calendar.
const MOST: i64 = 200;

/// A new secret address; the old one ends. Answers its token, once.
///
/// # Errors
/// What the database says.
pub async fn renew(tx: &mut PersonTx) -> Result<String> {
    revoke(tx).await?;
    let (person, now, token) = (tx.person, tx.now(), tx.random().token());
    sqlx::query("insert into feed_tokens (person_id, token_hash, made_at) values ($1, $2, $3)")
        .bind(person)
        .bind(sha256(token.as_bytes()))
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(token)
}

/// Ends the address.
///
/// # Errors
/// What the database says.
pub async fn revoke(tx: &mut PersonTx) -> Result<()> {
    let (person, now) = (tx.person, tx.now());
    sqlx::query("update feed_tokens set revoked_at = $2 where person_id = $1 and revoked_at is null")
        .bind(person)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The calendar behind a token.
///
/// # Errors
/// 404 for a token nobody has, word for word.
pub async fn calendar(app: &App, token: &str) -> Result<String> {
    let mut gate = app.door.gate("feed:read", "".into()).await?;
    let person: Option<Uuid> = sqlx::query_scalar("select person_id from feed_tokens where token_hash = $1 and revoked_at is null")
        .bind(sha256(token.as_bytes()))
        .fetch_optional(gate.conn())
        .await?;
    drop(gate);
    let mut tx = app.door.as_person(person.ok_or_else(Error::not_found)?, "feed:read", "feed".into()).await?;
    let wanted = Wanted { court: None, case: None, unread: false, due: false, q: "", after: None, limit: MOST };
    let inbox = inbox::list(app, &mut tx, &wanted).await?;
    Ok(ics(&inbox.items, app.now(), &app.config.public_url))
}

struct Entry {
    uid: String,
    day: NaiveDate,
    title: String,
    text: String,
}

fn entries(item: &InboxItem) -> Vec<Entry> {
    let titles = item.papers.iter().map(|p| p.title.as_str()).collect::<Vec<_>>().join("、");
    let served = item.served_day.map(|day| Entry {
        uid: format!("served-{}", item.recipient_id),
        day,
        title: format!("{} 送达：{titles}", item.number),
        text: item.article.clone().unwrap_or_default(),
    });
    let due = item.clocks.iter().map(|clock| Entry {
        uid: format!("{}-{}", clock.key, item.recipient_id),
        day: clock.due_on,
        title: format!("{} {}届满", item.number, clock.name),
        text: clock.article.clone(),
    });
    served.into_iter().chain(due).collect()
}

/// The calendar of these entries.
pub fn ics(items: &[InboxItem], now: DateTime<Utc>, url: &str) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".into(),
        "PRODID:-//Lianting//Service//ZH".into(),
        "X-WR-CALNAME:联庭 送达与期限".into(),
    ];
    let stamp = now.format("%Y%m%dT%H%M%SZ").to_string();
    for item in items {
        for entry in entries(item) {
            lines.extend([
                "BEGIN:VEVENT".to_owned(),
                format!("UID:{}@lianting", entry.uid),
                format!("DTSTAMP:{stamp}"),
                format!("DTSTART;VALUE=DATE:{}", entry.day.format("%Y%m%d")),
                format!("SUMMARY:{}", escaped(&entry.title)),
                format!("DESCRIPTION:{}", escaped(&entry.text)),
                format!("LOCATION:{}", escaped(&item.court_name)),
                format!("URL:{url}/cases/{}/{}", item.court_id, item.case_id),
                "END:VEVENT".to_owned(),
            ]);
        }
    }
    lines.push("END:VCALENDAR".into());
    lines.iter().map(|line| folded(line) + "\r\n").collect()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// No line longer than 75 octets; a sign is never cut in two.
fn folded(line: &str) -> String {
    let (mut out, mut width) = (String::with_capacity(line.len()), 0);
    for sign in line.chars() {
        if width + sign.len_utf8() > 74 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(sign);
        width += sign.len_utf8();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_escaped_and_folded_between_signs() {
        assert_eq!(escaped("a;b,c\\\nd"), "a\\;b\\,c\\\\\\nd");
        let long = format!("SUMMARY:{}", "送达".repeat(60));
        let out = folded(&long);
        assert!(out.split("\r\n").all(|l| l.len() <= 75));
        assert_eq!(out.replace("\r\n ", ""), long);
    }
}
