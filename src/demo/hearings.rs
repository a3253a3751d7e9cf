//! A hearing one can walk into: each start of the demo has one that begins in a few minutes, made through the API as a
//! clerk makes it; the parties agreed to be heard online.
//!
//! Owns `hearings` of demo.json. One that never opened is taken off when it is long past, so that the list stays short.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde_json::{Value, json};

use super::cast;
use super::visitor::Visitor;
use crate::kit::clock::Clock;
use crate::kit::random::Random;

/// Who sits: mobile number, role, and the side of who is no colleague.
const SEATS: [(u16, &str, Option<&str>); 5] = [
    (10, "sole_judge", None),
    (3, "clerk", None),
    (1, "party", Some("plaintiff")),
    (2, "agent", Some("plaintiff")),
    (52, "party", Some("defendant")),
];
/// Who says for each side that it agrees.
const AGREE: [(u16, &str); 2] = [(1, "plaintiff"), (52, "defendant")];
/// How long it is fixed for.
const MINUTES: i64 = 120;

/// Makes it, or finds the one of an earlier start that is still to come; answers the lines of demo.json.
///
/// # Errors
/// The step that was refused.
pub async fn ready(stranger: &Visitor, people: &Value, cases: &Value) -> Result<Value, String> {
    let case = cases.as_array().into_iter().flatten().find(|c| c["stage"] == "accepted").ok_or("no accepted case")?;
    let stage = Scene { stranger, people, court: case["court_id"].clone(), case: text(&case["case_id"]), random: Random::from_os() };
    let mut clerk = stage.enter(3).await?;
    let now = Clock::System.now();
    let found = match stage.standing(&mut clerk, now).await? {
        Some(found) => found,
        None => stage.fix(&mut clerk, now).await?,
    };
    Ok(json!([stage.line(&found)]))
}

/// The next full five minutes that are five minutes away.
fn soon(now: DateTime<Utc>) -> DateTime<Utc> {
    let step = TimeDelta::minutes(5);
    (now + step * 2).duration_trunc(step).unwrap_or(now + step)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

struct Scene<'a> {
    stranger: &'a Visitor,
    people: &'a Value,
    court: Value,
    case: String,
    random: Random,
}

impl Scene<'_> {
    fn key(&self) -> String {
        self.random.id(Clock::System.now()).to_string()
    }

    fn at(&self, rest: &str) -> String {
        format!("/courts/{}{rest}", self.court)
    }

    fn person(&self, mobile: u16) -> Result<&Value, String> {
        let number = cast::mobile(mobile);
        let found = self.people.as_array().into_iter().flatten().find(|p| p["identifier"] == number.as_str());
        found.ok_or_else(|| format!("nobody has {number}"))
    }

    /// Signs somebody in. A code works once: the one of the step before leaves the present one to its owner.
    async fn enter(&self, mobile: u16) -> Result<Visitor, String> {
        let person = self.person(mobile)?;
        let mut visitor = self.stranger.anew();
        let mut form = json!({ "identifier": person["identifier"], "password": cast::PASSWORD });
        let Some(secret) = person["totp_secret"].as_str() else {
            visitor.call("POST", "/account/sign-in", Some(form)).await?;
            return Ok(visitor);
        };
        form["totp"] = super::totp_before(secret)?.into();
        if visitor.call("POST", "/account/sign-in", Some(form.clone())).await.is_err() {
            form["totp"] = super::totp_now(secret)?.into();
            visitor.call("POST", "/account/sign-in", Some(form)).await?;
        }
        Ok(visitor)
    }

    /// One that can still be walked into; what is past and never opened is taken off.
    async fn standing(&self, clerk: &mut Visitor, now: DateTime<Utc>) -> Result<Option<Value>, String> {
        let list = clerk.call("GET", &self.at(&format!("/hearings?case={}", self.case)), None).await?;
        let mut found = None;
        for hearing in list["items"].as_array().into_iter().flatten() {
            let state = hearing["state"].as_str().unwrap_or_default();
            let ends: Option<DateTime<Utc>> = hearing["ends_at"].as_str().and_then(|t| t.parse().ok());
            match state {
                "scheduled" | "waiting" if ends.is_some_and(|t| t < now + TimeDelta::minutes(30)) => {
                    let step = json!({ "version": hearing["version"], "step": "cancel", "reason": "演示环境重新启动，原定时间已过" });
                    clerk.call("POST", &self.at(&format!("/hearings/{}/steps", text(&hearing["id"]))), Some(step)).await?;
                }
                "scheduled" | "waiting" | "open" | "adjourned" | "suspended" => found = Some(hearing.clone()),
                _ => {}
            }
        }
        Ok(found)
    }

    async fn fix(&self, clerk: &mut Visitor, now: DateTime<Utc>) -> Result<Value, String> {
        let case = self.at(&format!("/cases/{}", self.case));
        let seen = clerk.call("GET", &case, None).await?;
        let party = |side: &str| -> Value {
            let found = seen["parties"].as_array().into_iter().flatten().find(|p| p["side"] == side);
            found.map(|p| p["id"].clone()).unwrap_or_default()
        };
        for (mobile, side) in AGREE {
            let said = json!({ "party_id": party(side), "step": "hearing", "agrees": true, "invited": true, "told_version": told(clerk, &case).await? });
            let headers = [("idempotency-key", self.key())];
            let headers = headers.each_ref().map(|(n, v)| (*n, v.as_str()));
            self.enter(mobile).await?.call_with("POST", &format!("{case}/online-consents"), &headers, Some(said)).await?;
        }
        let mut seats = Vec::with_capacity(SEATS.len());
        for (mobile, role, side) in SEATS {
            let mut seat = json!({ "role": role });
            match side {
                Some(side) => seat["party_id"] = party(side),
                None => seat["person_id"] = self.account(mobile).await?,
            }
            if role == "agent" {
                seat["person_id"] = self.account(mobile).await?;
            }
            seats.push(seat);
        }
        let order = json!({
            "kind": "trial", "starts_at": soon(now), "minutes": MINUTES, "public": true, "participants": seats, "facts": {},
            "soon_reason": "演示：双方当事人都要求今天开庭，放弃提前通知的期间",
            "conflict_reason": "演示：同日另有安排的，以本场为先",
        });
        let key = self.key();
        let made = clerk.call_with("POST", &format!("{case}/hearings"), &[("idempotency-key", &key)], Some(order)).await?;
        Ok(made["summary"].clone())
    }

    async fn account(&self, mobile: u16) -> Result<Value, String> {
        Ok(self.enter(mobile).await?.call("GET", "/account", None).await?["person_id"].clone())
    }

    /// One line of demo.json.
    fn line(&self, hearing: &Value) -> Value {
        let people = SEATS.iter().filter_map(|(mobile, role, side)| {
            let person = self.person(*mobile).ok()?;
            Some(json!({ "role": role, "side": side, "name": person["name"], "identifier": person["identifier"] }))
        });
        json!({
            "court": hearing["court_id"], "court_name": hearing["court_name"], "hearing_id": hearing["id"], "number": hearing["number"],
            "case_id": hearing["case_id"], "case_number": hearing["case_number"], "kind": hearing["kind"], "held": hearing["held"],
            "starts_at": hearing["starts_at"], "people": people.collect::<Vec<_>>(),
        })
    }
}

/// The version of the words a party reads before it agrees.
async fn told(clerk: &mut Visitor, case: &str) -> Result<Value, String> {
    Ok(clerk.call("GET", &format!("{case}/online-consents"), None).await?["told_version"].clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_in_five_to_ten_minutes_at_any_hour() {
        for minute in 0..1500 {
            let now = "2026-11-22T23:58:13Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(minute * 37);
            let at = soon(now);
            assert!(at - now > TimeDelta::minutes(5) && at - now <= TimeDelta::minutes(10), "{now} {at}");
            assert_eq!(at.timestamp() % 300, 0);
        }
    }
}
