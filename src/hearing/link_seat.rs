//! 凭通知链接入席: whoever was named by name and mobile number takes the seat with an account of that number.
//!
//! Owns the one way from the link of a notice to a seat. The link says which seat, the number the account confirmed by a
//! code says whose it is: neither is enough alone. Parties and counsel of the case come by their case, the court's people by
//! their grants. Must never tell anybody else that there is a hearing, or give a seat that one account holds to another.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::busy;
use super::conflicts::Span;
use super::log::Audience;
use super::notices::{self, Linked};
use super::room::presence::{self, Noted};
use super::room::told;
use super::seats::{Plate, Seat, plate};
use super::words::{Role, SessionKind, Side, State};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::{Place, sha256};
use crate::person::identity::Kind;

/// What is known of a seat and of who opens its link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// State of the hearing.
    pub state: State,
    /// Role of the seat.
    pub role: Role,
    /// The case itself names who sits there: a party, counsel with an engagement.
    pub of_case: bool,
    /// The opener holds the seat.
    pub own: bool,
    /// Some account holds it.
    pub held: bool,
    /// The opener's confirmed number is the seat's.
    pub number_fits: bool,
    /// Taken off the hearing.
    pub removed: bool,
    /// The opener has another seat of this hearing.
    pub elsewhere: bool,
}

/// What a seat is to whoever opens its link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody's business: there is no such link.
    Stranger,
    /// His or hers already.
    Own,
    /// To be taken.
    Free,
    /// Another account holds it.
    Held,
    /// The case says who sits there.
    OfCase,
    /// Taken off.
    Gone,
    /// The hearing is not held any more, or is over for good.
    Over,
    /// One person, one seat.
    Elsewhere,
}

/// What the seat is to the opener. Whose number is not the seat's learns nothing, whatever else is true.
pub const fn standing(f: &Facts) -> Standing {
    if f.own {
        return if f.removed { Standing::Gone } else { Standing::Own };
    }
    if !f.number_fits || f.role.is_court() || matches!(f.role, Role::Technician) {
        return Standing::Stranger;
    }
    if f.removed {
        return Standing::Gone;
    }
    if f.held {
        return Standing::Held;
    }
    if f.state.is_final() {
        return Standing::Over;
    }
    if f.of_case {
        return Standing::OfCase;
    }
    if f.elsewhere { Standing::Elsewhere } else { Standing::Free }
}

/// The seat that was opened.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Court.
    pub court: i32,
    /// Hearing.
    pub hearing: Uuid,
    /// Participant.
    pub participant: Uuid,
    /// Kind of session.
    pub kind: SessionKind,
    /// Begins.
    pub starts_at: DateTime<Utc>,
    /// 席位.
    pub plate: Plate,
    /// The name the clerk wrote down.
    pub name: String,
}

#[derive(FromRow)]
struct Row {
    case_id: Uuid,
    role: Role,
    side: Option<Side>,
    party_id: Option<Uuid>,
    representative_id: Option<Uuid>,
    person_id: Option<Uuid>,
    name: String,
    minor: bool,
    mobile: Option<Vec<u8>>,
    removed: bool,
    slot_id: Uuid,
    kind: SessionKind,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    elsewhere: bool,
}

/// Opens the link of a notice as somebody who is signed in, and takes the seat it names. Safe to do twice.
///
/// # Errors
/// 404 for whoever the link is not for, word for word that of no link; 409 with its reason for whoever it was for.
pub async fn take(app: &App, caller: &Caller, token: &str) -> Result<Taken> {
    // asked before anything is looked for, so that the answer says nothing of the link
    let numbers = confirmed_numbers(app, caller).await?;
    let linked = notices::find_link(app, caller.request.clone(), token).await?;
    let refused = |e: Error| if e.status.is_client_error() { Error::not_found() } else { e };
    let mut tx = app.door.enter(caller, linked.court_id, Act::HearingTake).await.map_err(refused)?;
    let (hearing, participant) = (linked.hearing_id, linked.participant_id);
    let (_, state) = presence::lock(&mut tx, hearing).await?;
    let row = read(&mut tx, hearing, participant, caller.person()).await?;
    let facts = facts(&tx, &row, participant, state, caller.person(), &numbers)?;
    let lines = match standing(&facts) {
        Standing::Own => Vec::new(),
        Standing::Free => vec![sit(&mut tx, hearing, participant, &row, facts, caller.person()).await?],
        other => return Err(refusal(other)),
    };
    let fresh = !lines.is_empty();
    seen(&mut tx, token).await?;
    tx.commit(hearing, if fresh { json!({ "seated": participant, "through": "link" }) } else { json!({ "participant": participant }) })
        .await?;
    if fresh {
        told::noted(app, linked.court_id, hearing, lines).await?;
        told::moved(app, linked.court_id, hearing).await?;
    }
    Ok(taken(&linked, row, facts.role, caller.person()))
}

fn taken(linked: &Linked, row: Row, role: Role, person: Uuid) -> Taken {
    let seat = Seat { id: linked.participant_id, role, side: row.side, party: row.party_id, person: Some(person), minor: row.minor };
    Taken {
        court: linked.court_id,
        hearing: linked.hearing_id,
        participant: linked.participant_id,
        kind: row.kind,
        starts_at: row.starts_at,
        plate: plate(&seat),
        name: row.name,
    }
}

/// The blind indexes of the mobile numbers by which the caller signs in: each was proved by a code.
async fn confirmed_numbers(app: &App, caller: &Caller) -> Result<Vec<Vec<u8>>> {
    let mut tx = app.door.mine(caller, "hearing:link").await?;
    let person = tx.person;
    let numbers: Vec<Vec<u8>> = sqlx::query_scalar("select blind_index from identifiers where person_id = $1 and kind = 'mobile'")
        .bind(person)
        .fetch_all(tx.conn())
        .await?;
    if numbers.is_empty() {
        return Err(Error::conflict(
            "account.mobile_unconfirmed",
            said("您的账号还没有确认过手机号。", "Your account has no confirmed mobile number."),
            said("请先在「我的账号」验证手机号，再打开短信里的链接。", "Confirm your number in your account, then open the link again."),
        ));
    }
    Ok(numbers)
}

async fn read(tx: &mut CourtTx, hearing: Uuid, participant: Uuid, person: Uuid) -> Result<Row> {
    let court = tx.court;
    sqlx::query_as(
        "select p.case_id, p.role, p.side, p.party_id, p.representative_id, p.person_id, p.name, p.minor, p.mobile, p.removed_at is not null as removed, p.slot_id,
                h.kind, h.starts_at, h.ends_at,
                exists (select 1 from hearing_participants o where o.court_id = p.court_id and o.hearing_id = p.hearing_id and o.person_id = $4
                  and o.participant_id <> p.participant_id and o.removed_at is null) as elsewhere
           from hearing_participants p join hearings h on h.court_id = p.court_id and h.hearing_id = p.hearing_id
          where p.court_id = $1 and p.hearing_id = $2 and p.participant_id = $3 for update of p",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(person)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)
}

fn facts(tx: &CourtTx, row: &Row, participant: Uuid, state: State, person: Uuid, numbers: &[Vec<u8>]) -> Result<Facts> {
    let role = row.role;
    let number_fits = match &row.mobile {
        Some(sealed) => {
            let number = tx.seal().open_text(tx.owner(), Place("hearing_participants", "mobile", &participant), sealed)?;
            numbers.contains(&Kind::Mobile.index(tx.seal(), &number)?)
        }
        None => false,
    };
    Ok(Facts {
        state,
        role,
        of_case: role == Role::Party || row.representative_id.is_some(),
        own: row.person_id == Some(person),
        held: row.person_id.is_some(),
        number_fits,
        removed: row.removed,
        elsewhere: row.elsewhere,
    })
}

/// Sits down: from here on the hearing is among his or hers, a pass is given for it, and it is in the way of another.
async fn sit(tx: &mut CourtTx, hearing: Uuid, participant: Uuid, row: &Row, facts: Facts, person: Uuid) -> Result<Noted> {
    let court = tx.court;
    // `seated_by` none: sat down by a one-time link
    sqlx::query(
        "update hearing_participants set person_id = $4, seated_by = null, version = version + 1 where court_id = $1 and hearing_id = $2 and participant_id = $3 and person_id is null",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(person)
    .execute(tx.conn())
    .await?;
    sqlx::query("insert into hearing_people (court_id, hearing_id, participant_id, case_id, person_id) values ($1,$2,$3,$4,$5)")
        .bind(court)
        .bind(hearing)
        .bind(participant)
        .bind(row.case_id)
        .bind(person)
        .execute(tx.conn())
        .await?;
    if !facts.role.only_watches() && !facts.state.is_after() {
        busy::take(tx, row.slot_id, person, Span { from: row.starts_at, until: row.ends_at }).await?;
    }
    let apart = facts.role.waits_apart() || facts.role.only_watches();
    let audience = if apart { Audience::Own } else { Audience::All };
    presence::note(tx, (hearing, row.case_id), "seated", Some(participant), audience, json!({ "through": "link" }), None).await
}

/// That it was opened proves that the message reached (H04).
async fn seen(tx: &mut CourtTx, token: &str) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query("update hearing_notices set state = 'seen', seen_at = $3 where court_id = $1 and link_hash = $2 and seen_at is null")
        .bind(court)
        .bind(sha256(token.as_bytes()))
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Why a seat is not taken, told to whoever's number is the seat's, and to nobody else.
fn refusal(standing: Standing) -> Error {
    match standing {
        Standing::Stranger | Standing::Own | Standing::Free => Error::not_found(),
        Standing::Held => Error::conflict(
            "hearing.seat_held",
            said("这个席位已经由另一个账号使用。", "Another account holds this seat."),
            said(
                "请用那个账号登录；不是您本人的，请联系书记员，或者拨 12368。",
                "Sign in with that account; if it is not yours, tell the clerk or call 12368.",
            ),
        ),
        Standing::OfCase => Error::conflict(
            "hearing.seat_of_case",
            said("您是本案的当事人或者代理人，要先加入案件。", "You are a party of the case, or its counsel: join the case first."),
            said(
                "请用法院发给您的加入码在「我的案件」加入，这场庭审随后会出现在「我的庭审」。",
                "Join with the code the court gave you; the hearing is then among yours.",
            ),
        ),
        Standing::Gone => Error::conflict(
            "hearing.seat_gone",
            said("您不再需要参加这场庭审。", "You do not take part in this hearing any more."),
            said("有疑问请联系书记员，或者拨 12368。", "If in doubt, ask the clerk or call 12368."),
        ),
        Standing::Over => Error::conflict(
            "hearing.link_over",
            said(
                "这场庭审已经结束，或者不再按原来的安排进行，这个链接不能用了。",
                "The hearing is over, or not held as it was told; the link is not good any more.",
            ),
            said("另行安排的，请打开新短信里的链接。", "If another was fixed, open the link of the newer message."),
        ),
        Standing::Elsewhere => Error::conflict(
            "hearing.seated_already",
            said("您在这场庭审里已经有一个席位。", "You have a seat in this hearing already."),
            said("一人一席，请联系书记员核对。", "One person, one seat: ask the clerk."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Facts = Facts {
        state: State::Scheduled,
        role: Role::Witness,
        of_case: false,
        own: false,
        held: false,
        number_fits: true,
        removed: false,
        elsewhere: false,
    };

    #[test]
    fn a_seat_is_taken_by_its_number_alone() {
        for (facts, expected) in [
            (FREE, Standing::Free),
            (Facts { state: State::Open, role: Role::Interpreter, ..FREE }, Standing::Free),
            (Facts { state: State::Signing, ..FREE }, Standing::Free),
            (Facts { own: true, held: true, number_fits: false, ..FREE }, Standing::Own),
            (Facts { own: true, held: true, removed: true, ..FREE }, Standing::Gone),
            (Facts { held: true, ..FREE }, Standing::Held),
            (Facts { removed: true, ..FREE }, Standing::Gone),
            (Facts { state: State::Cancelled, ..FREE }, Standing::Over),
            (Facts { state: State::Closed, ..FREE }, Standing::Over),
            (Facts { role: Role::Party, of_case: true, ..FREE }, Standing::OfCase),
            (Facts { elsewhere: true, ..FREE }, Standing::Elsewhere),
        ] {
            assert_eq!(standing(&facts), expected, "{facts:?}");
        }
    }

    #[test]
    fn a_stranger_learns_nothing_whatever_else_is_true() {
        let many = [false, true];
        for (held, removed) in many.into_iter().flat_map(|a| many.map(|b| (a, b))) {
            for (of_case, elsewhere) in many.into_iter().flat_map(|a| many.map(|b| (a, b))) {
                for state in State::ALL {
                    let facts = Facts { state: *state, of_case, held, removed, elsewhere, number_fits: false, ..FREE };
                    assert_eq!(standing(&facts), Standing::Stranger);
                    let court = Facts { role: Role::LayJudge, number_fits: true, ..facts };
                    assert_eq!(standing(&court), Standing::Stranger, "the court's people do not come by a link");
                }
            }
        }
    }

    #[test]
    fn every_refusal_has_its_reason_and_strangers_get_none() {
        for (standing, code) in [
            (Standing::Stranger, "not_found"),
            (Standing::Held, "hearing.seat_held"),
            (Standing::OfCase, "hearing.seat_of_case"),
            (Standing::Gone, "hearing.seat_gone"),
            (Standing::Over, "hearing.link_over"),
            (Standing::Elsewhere, "hearing.seated_already"),
        ] {
            assert_eq!(refusal(standing).code, code);
        }
    }
}
