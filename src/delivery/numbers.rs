//! 号码换了主人: what the gateway reports of a number holds for the person, not for one message. The number is in doubt at
//! every court where the same person gave it; nothing is sent there, no effect is found from it after that moment, the
//! next way is taken, and what a clerk has to look at is left as a task. What a stranger says by a message's link
//! (`mistaken`) holds for that case alone until a person of the court has looked.
//!
//! Owns `doubtful_*` of `service_addresses`. The party vouches for a number by confirming it anew. Must never undo what was
//! served before, for that a presumption has its own rebuttal; nor doubt the number of whoever has it now.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::facts;
use super::law;
use super::settle;
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::timeline::{self, Note};
use crate::error::{Result, Said, said};
use crate::kit::words::choices;
use crate::work::Outcome;

choices! {
    /// Why a number is in doubt.
    NumberDoubt {
        /// 停机.
        Off = "off",
        /// 空号.
        Absent = "absent",
        /// 已换主人 (二次放号).
        Reassigned = "reassigned",
        /// 收到的人称不是受送达人: anybody's word, nobody has looked into it.
        Disclaimed = "disclaimed",
    }
}

/// The event: a number is in doubt for whoever gave it in this case.
pub const DOUBT: &str = "delivery.number";
/// The event: the same number of the same person, in another case.
pub const DOUBT_HERE: &str = "delivery.number_here";
/// So many places of one number at a time.
const MOST: i64 = 1000;

impl NumberDoubt {
    /// What a report says of the number: by the gateway's code, else by the words of its reason.
    pub fn of(code: Option<&str>, failed: bool, reason: &str) -> Option<Self> {
        match code {
            Some("number_off") => return Some(Self::Off),
            Some("number_absent") => return Some(Self::Absent),
            Some("number_reassigned") => return Some(Self::Reassigned),
            _ => {}
        }
        let reason = reason.to_lowercase();
        let has = |words: &[&str]| failed && words.iter().any(|w| reason.contains(w));
        match () {
            () if has(&["reassigned", "二次放号"]) => Some(Self::Reassigned),
            () if has(&["空号", "absent", "unknown"]) => Some(Self::Absent),
            () if has(&["停机", "off"]) => Some(Self::Off),
            () => None,
        }
    }

    fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Off => ("停机", "out of service"),
            Self::Absent => ("空号", "not in use"),
            Self::Reassigned => ("已换主人", "now somebody else's"),
            Self::Disclaimed => ("不是受送达人的", "not the recipient's"),
        }
    }

    /// Who says so, and what, of whose address.
    fn told(self, name: &str, masked: &str) -> Said {
        let (zh, en) = self.said();
        if self == Self::Disclaimed {
            return said(
                format!("收到消息的人称{masked}{zh}（{name}），核实以前不再用于送达"),
                format!("Whoever gets messages at {masked} says it is {en} ({name}): it is not used for service until somebody has looked"),
            );
        }
        said(
            format!("短信网关反馈：{name}的手机号 {masked} {zh}，不再用于送达"),
            format!("The gateway reports the number {masked} of {name} as {en}: it is used for service no longer"),
        )
    }
}

/// Where a number was found to be in doubt, when, and why.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Doubt {
    /// Case.
    pub case: Uuid,
    /// Address.
    pub address: Uuid,
    /// Since.
    pub at: DateTime<Utc>,
    /// Why.
    pub why: NumberDoubt,
}

/// Looks for the same number of the same person at every court, and leaves each to its court.
///
/// # Errors
/// What the database says; tried again later.
pub async fn spread(app: &App, court: i32, doubt: &Doubt) -> Result<Outcome> {
    let mut work = app.door.work().await?;
    let found: Vec<(i32, Uuid, Uuid)> = sqlx::query_as(
        "select a.court_id, a.case_id, a.address_id from service_addresses own
           join case_parties me on me.court_id = own.court_id and me.case_id = own.case_id and me.party_id = own.party_id
           join service_addresses a on a.channel = 'sms' and a.value_index = own.value_index
           join case_parties p on p.court_id = a.court_id and p.case_id = a.case_id and p.party_id = a.party_id
          where own.court_id = $1 and own.case_id = $2 and own.address_id = $3 and a.struck_at is null and coalesce(a.vouched_at, a.created_at) <= $4
            and (a.address_id = own.address_id or p.id_index = me.id_index or p.person_id = me.person_id)
          order by a.court_id, a.case_id limit $5",
    )
    .bind(court)
    .bind(doubt.case)
    .bind(doubt.address)
    .bind(doubt.at)
    .bind(MOST)
    .fetch_all(work.conn())
    .await?;
    for (court, case, address) in found {
        work.tell(court, DOUBT_HERE, &serde_json::to_value(Doubt { case, address, ..*doubt })?).await?;
    }
    work.close().await?;
    Ok(Outcome::Done)
}

/// Puts a number in doubt in one case: once, however often it is reported.
///
/// # Errors
/// What the database says; tried again later.
pub async fn here(app: &App, court: i32, doubt: &Doubt) -> Result<Outcome> {
    let mut tx = app.door.enter_as_house(court, "delivery:number").await?;
    let Some(looked_at) = put(app, &mut tx, doubt).await? else { return Ok(Outcome::Done) };
    tx.commit(doubt.case, json!({ "address": doubt.address, "why": doubt.why, "to_check": looked_at })).await?;
    Ok(Outcome::Done)
}

/// Puts an address in doubt within a transaction; none when it is in doubt already, else how much a clerk has to look at.
///
/// # Errors
/// What the database says.
pub async fn put(app: &App, tx: &mut CourtTx, doubt: &Doubt) -> Result<Option<usize>> {
    let court = tx.court;
    let put: Option<(Uuid, String, String)> = sqlx::query_as(
        "update service_addresses a set doubtful_at = $4, doubtful_why = $5 from case_parties p
          where a.court_id = $1 and a.case_id = $2 and a.address_id = $3 and (a.doubtful_at is null or a.vouched_at > a.doubtful_at or (a.doubtful_why = 'disclaimed' and $5 <> 'disclaimed'))
            and p.court_id = a.court_id and p.case_id = a.case_id and p.party_id = a.party_id returning a.party_id, a.masked, p.name",
    )
    .bind(court)
    .bind(doubt.case)
    .bind(doubt.address)
    .bind(doubt.at)
    .bind(doubt.why.key())
    .fetch_optional(tx.conn())
    .await?;
    let Some((party, masked, name)) = put else { return Ok(None) };
    let text = doubt.why.told(&name, &masked);
    let effect = said("本人重新确认后可以恢复使用。", "It is used again once the party confirms it anew.");
    timeline::write(tx, doubt.case, Note::new("number_doubtful", text).by(law::OL31.zh).with_effect(effect).for_staff()).await?;
    let looked_at = ask_clerk(app, tx, doubt).await?;
    settle::settle_party(app, tx, doubt.case, party).await?;
    Ok(Some(looked_at))
}

/// What rests on that number by presumption, or at all where somebody else has it now, is for the clerk to look at.
async fn ask_clerk(app: &App, tx: &mut CourtTx, doubt: &Doubt) -> Result<usize> {
    let court = tx.court;
    let resting: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "select r.service_id, r.recipient_id from service_recipients r
           join service_attempts a on a.court_id = r.court_id and a.service_id = r.service_id and a.recipient_id = r.recipient_id and a.attempt_id = r.attempt_id
          where r.court_id = $1 and r.case_id = $2 and a.address_id = $3 and r.state <> 'cancelled' and r.effect in ('yes', 'presumed')
            and ($4 or r.effect = 'presumed' or r.row_code = '2')
            and not exists (select 1 from service_tasks t where t.court_id = r.court_id and t.service_id = r.service_id
              and t.recipient_id = r.recipient_id and t.kind = 'check_number' and t.done_at is null) order by r.service_id",
    )
    .bind(court)
    .bind(doubt.case)
    .bind(doubt.address)
    .bind(doubt.why == NumberDoubt::Reassigned)
    .fetch_all(tx.conn())
    .await?;
    for (service, recipient) in &resting {
        let mut held = facts::hold(app, tx, *service, *recipient).await?;
        let detail = json!({ "address": doubt.address, "why": doubt.why });
        if settle::open_task(tx, &held, "check_number", &detail).await? {
            held.note(tx, "number_doubtful", json!({ "why": doubt.why, "at": doubt.at.to_rfc3339() })).await?;
        }
    }
    Ok(resting.len())
}

#[cfg(test)]
mod tests {
    use super::NumberDoubt as D;

    #[test]
    fn a_code_goes_before_words_and_words_count_only_of_a_failure() {
        assert_eq!(D::of(Some("number_reassigned"), false, ""), Some(D::Reassigned), "it arrived, at somebody else's");
        assert_eq!(D::of(Some("number_absent"), true, "停机"), Some(D::Absent));
        assert_eq!(D::of(Some("other"), true, "空号或停机"), Some(D::Absent));
        assert_eq!(D::of(None, true, "用户停机"), Some(D::Off));
        assert_eq!(D::of(None, true, "blocked"), None);
        assert_eq!(D::of(None, false, "空号"), None);
    }
}
