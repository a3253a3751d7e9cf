//! What a participant does in the room, beside media and steps: hands, places, locks, calls, private talk.
//!
//! Owns each as one transaction under the caller's own seat, with its line in the log. Must never act on the word of a page:
//! who may do what is asked of `places` and of the seat, each time.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::admission;
use super::floor::{self, Floor, Seated};
use super::live::Live;
use super::presence::{self, Noted, Switch, lock, note};
use super::seat::{self, Own};
use super::told;
use super::wire::unreadable;
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::hearing::guards::Hand;
use crate::hearing::log::Audience;
use crate::hearing::places::{self, Mover};
use crate::hearing::words::{Place, Role};

/// Somebody's doing in a room that is open here.
pub struct Doing<'a> {
    /// Everything shared.
    pub app: &'a App,
    /// Who.
    pub caller: &'a Caller,
    /// Where.
    pub live: &'a Arc<Live>,
}

/// An open change: the row is locked, the seat was read anew.
struct Change {
    tx: CourtTx,
    own: Own,
    floor: Floor,
    media: Option<(i32, i64)>,
    lines: Vec<Noted>,
}

impl Change {
    fn seat(&self, participant: Uuid) -> Result<&Seated> {
        self.floor.seat(participant).ok_or_else(Error::not_found)
    }

    async fn note(&mut self, what: &str, about: Uuid, audience: Audience, data: Value) -> Result<()> {
        let at = (self.own.hearing, self.own.case);
        self.lines.push(note(&mut self.tx, at, what, Some(about), audience, data, self.media).await?);
        Ok(())
    }
}

impl Doing<'_> {
    async fn begin(&self) -> Result<Change> {
        let media = self.live.tape.lock().await.media();
        let mut tx = self.app.door.enter(self.caller, self.live.court, Act::HearingTake).await?;
        lock(&mut tx, self.live.hearing).await?;
        let own = seat::mine(&mut tx, self.live.hearing).await?;
        let floor = floor::load(&mut tx, self.live.hearing, self.live.roll_call()).await?;
        Ok(Change { tx, own, floor, media, lines: Vec::new() })
    }

    /// Only judge and clerk go on.
    async fn begin_as_court(&self) -> Result<Change> {
        let change = self.begin().await?;
        if change.own.hand() == Hand::Other { Err(not_yours()) } else { Ok(change) }
    }

    async fn end(&self, change: Change, what: &str) -> Result<()> {
        change.tx.commit(self.live.hearing, json!({ "did": what })).await?;
        told::noted(self.app, self.live.court, self.live.hearing, change.lines).await?;
        told::moved(self.app, self.live.court, self.live.hearing).await
    }

    /// 举手.
    pub async fn hand(&self, up: bool) -> Result<()> {
        let mut c = self.begin().await?;
        presence::turn(&mut c.tx, self.live.hearing, c.own.participant, Switch::Hand(up)).await?;
        let own = c.own.participant;
        c.note("hand", own, Audience::All, json!({ "up": up })).await?;
        self.end(c, "hand").await
    }

    /// One's own microphone, camera or screen, off or on: a line of the log, and the recorder's ledger knows why it is silent.
    pub async fn muted(&self, what: &str, on: bool) -> Result<()> {
        let mut c = self.begin().await?;
        let own = c.own.participant;
        c.note(if on { "mute" } else { "unmute" }, own, Audience::All, json!({ "what": what, "by": "own" })).await?;
        self.live.dirty.store(true, std::sync::atomic::Ordering::Relaxed);
        change_only(self, c, "mute").await
    }

    /// A page of evidence was turned: a line of the log.
    pub async fn shown(&self, what: &Value) -> Result<()> {
        let mut c = self.begin().await?;
        let own = c.own.participant;
        c.note("show", own, Audience::All, json!({ "exhibit": what["exhibit"], "page": what["page"] })).await?;
        change_only(self, c, "show").await
    }

    /// Somebody's microphone off and locked, or free again; or everybody's but the court's.
    pub async fn lock(&self, whom: Option<Uuid>, on: bool) -> Result<()> {
        let mut c = self.begin_as_court().await?;
        let chosen: Vec<Uuid> = match whom {
            Some(one) => {
                let seat = c.seat(one)?;
                if seat.present.role.is_court() {
                    return Err(not_yours());
                }
                vec![one]
            }
            None => c.floor.people.iter().filter(|p| !p.present.role.is_court() && p.is_there()).map(|p| p.present.id).collect(),
        };
        for one in chosen {
            presence::turn(&mut c.tx, self.live.hearing, one, Switch::Locked(on)).await?;
            c.note("lock", one, Audience::All, json!({ "on": on })).await?;
        }
        self.end(c, "lock").await
    }

    /// Somebody may share a screen, or no longer.
    pub async fn share(&self, whom: Uuid, on: bool) -> Result<()> {
        let mut c = self.begin_as_court().await?;
        c.seat(whom)?;
        presence::turn(&mut c.tx, self.live.hearing, whom, Switch::Sharing(on)).await?;
        c.note("share", whom, Audience::All, json!({ "on": on })).await?;
        self.end(c, "share").await
    }

    /// 责令退出 for this part, or back.
    pub async fn exclude(&self, whom: Uuid, on: bool) -> Result<()> {
        let mut c = self.begin().await?;
        if c.own.hand() != Hand::Judge || c.seat(whom)?.present.role.is_court() {
            return Err(not_yours());
        }
        presence::turn(&mut c.tx, self.live.hearing, whom, Switch::Excluded(on)).await?;
        c.note("exclude", whom, Audience::All, json!({ "on": on })).await?;
        self.end(c, "exclude").await
    }

    /// Somebody to another place, by the court.
    pub async fn place(&self, whom: Uuid, to: &str) -> Result<()> {
        let to = Place::parse(to).ok_or_else(|| unreadable("to"))?;
        let mut c = self.begin_as_court().await?;
        let hand = c.own.hand();
        self.send(&mut c, Mover::Court(hand), whom, to, false).await?;
        self.end(c, "place").await
    }

    /// 传唤: a witness into the courtroom.
    pub async fn call(&self, whom: Uuid) -> Result<()> {
        let mut c = self.begin_as_court().await?;
        let hand = c.own.hand();
        self.send(&mut c, Mover::Court(hand), whom, Place::Courtroom, true).await?;
        self.end(c, "call").await
    }

    /// Oneself to another place.
    pub async fn go(&self, to: &str) -> Result<()> {
        let to = Place::parse(to).ok_or_else(|| unreadable("to"))?;
        let mut c = self.begin().await?;
        let own = c.own.participant;
        self.send(&mut c, Mover::Own, own, to, false).await?;
        self.end(c, "move").await
    }

    async fn send(&self, c: &mut Change, mover: Mover, whom: Uuid, to: Place, called: bool) -> Result<()> {
        let seat = c.seat(whom)?.clone();
        let mut to = to;
        // 作证完毕: who has spoken does not go back to those who have not
        if to == Place::WitnessRoom && seat.called && seat.present.place == Place::Courtroom {
            to = places::AFTER_TESTIMONY;
        }
        places::check(c.floor.room.state, mover, &seat.present, to)?;
        presence::put(&mut c.tx, (self.live.hearing, c.own.case), whom, to, None, called).await?;
        if let Some(out) = places::kept_out(mover, &seat.present, to) {
            presence::turn(&mut c.tx, self.live.hearing, whom, Switch::Excluded(out)).await?;
            // nor by a pass that was given before
            admission::end_unused(&mut c.tx, self.live.hearing, whom).await?;
        }
        // who has testified comes back to wait, apart, and into the room by another call alone
        if to == Place::Outside && seat.called && mover != Mover::Own {
            presence::turn(&mut c.tx, self.live.hearing, whom, Switch::Called(false)).await?;
        }
        if seat.present.place == Place::PrivateRoom {
            leave_rooms(&mut c.tx, self.live.hearing, whom).await?;
        }
        let hidden = matches!(to, Place::PrivateRoom | Place::PanelRoom | Place::WitnessRoom);
        let audience = if hidden { Audience::Own } else { Audience::All };
        c.note(if called { "call" } else { "place" }, whom, audience, json!({ "from": seat.present.place, "to": to })).await
    }

    /// 私密会谈: opens a room and invites; nobody else learns of it.
    pub async fn open_room(&self, invite: &[Uuid]) -> Result<()> {
        if invite.is_empty() || invite.len() > 10 {
            return Err(unreadable("invite"));
        }
        let mut c = self.begin().await?;
        let me = c.seat(c.own.participant)?.clone();
        let (state, by_court) = (c.floor.room.state, me.present.role.is_court());
        let mut inside = vec![(me.present.id, me.present.role, me.party)];
        places::check_private(&[], inside[0], state, by_court)?;
        for guest in invite {
            let seat = c.seat(*guest)?;
            let one = (seat.present.id, seat.present.role, seat.party);
            places::check_private(&inside, one, state, by_court)?;
            inside.push(one);
        }
        // whoever talked in another room has left it
        leave_rooms(&mut c.tx, self.live.hearing, me.present.id).await?;
        let (court, now, room) = (self.live.court, c.tx.now(), c.tx.id());
        sqlx::query(
            "insert into hearing_rooms (court_id, hearing_id, room_id, case_id, made_by, by_court, locked, members, invited, made_at) values ($1,$2,$3,$4,$5,$6,false,$7,$8,$9)",
        )
        .bind(court)
        .bind(self.live.hearing)
        .bind(room)
        .bind(c.own.case)
        .bind(me.present.id)
        .bind(by_court)
        .bind(vec![me.present.id])
        .bind(invite)
        .bind(now)
        .execute(c.tx.conn())
        .await?;
        presence::put(&mut c.tx, (self.live.hearing, c.own.case), me.present.id, Place::PrivateRoom, Some(room), false).await?;
        let name = c.own.name.clone();
        self.end(c, "room").await?;
        let message = json!({ "type": "invited", "room": room, "by": me.present.id, "name": name });
        told::tell(self.app, court, self.live.hearing, told::To::Only(invite.to_vec()), message).await
    }

    /// Enters a room one was invited to.
    pub async fn enter_room(&self, room: Uuid) -> Result<()> {
        let mut c = self.begin().await?;
        let (court, me) = (self.live.court, c.own.participant);
        let row: Option<(bool, Vec<Uuid>)> = sqlx::query_as(
            "select by_court, members from hearing_rooms where court_id = $1 and hearing_id = $2 and room_id = $3 and closed_at is null and not locked and $4 = any (invited) for update",
        )
        .bind(court)
        .bind(self.live.hearing)
        .bind(room)
        .bind(me)
        .fetch_optional(c.tx.conn())
        .await?;
        let (by_court, members) = row.ok_or_else(Error::not_found)?;
        let inside: Vec<(Uuid, Role, Option<Uuid>)> =
            members.iter().filter_map(|m| c.floor.seat(*m)).map(|s| (s.present.id, s.present.role, s.party)).collect();
        places::check_private(&inside, (me, c.own.role, c.own.party), c.floor.room.state, by_court)?;
        if members.contains(&me) {
            return Ok(());
        }
        leave_rooms(&mut c.tx, self.live.hearing, me).await?;
        sqlx::query(
            "update hearing_rooms set members = array_append(members, $4) where court_id = $1 and hearing_id = $2 and room_id = $3",
        )
        .bind(court)
        .bind(self.live.hearing)
        .bind(room)
        .bind(me)
        .execute(c.tx.conn())
        .await?;
        presence::put(&mut c.tx, (self.live.hearing, c.own.case), me, Place::PrivateRoom, Some(room), false).await?;
        self.end(c, "room").await
    }

    /// Locks the room one is in: who was invited and did not come stays outside.
    pub async fn lock_room(&self, on: bool) -> Result<()> {
        let mut c = self.begin().await?;
        let (court, me) = (self.live.court, c.own.participant);
        let done = sqlx::query(
            "update hearing_rooms set locked = $4 where court_id = $1 and hearing_id = $2 and closed_at is null and $3 = any (members)",
        )
        .bind(court)
        .bind(self.live.hearing)
        .bind(me)
        .bind(on)
        .execute(c.tx.conn())
        .await?;
        if done.rows_affected() == 0 {
            return Err(Error::not_found());
        }
        change_only(self, c, "room").await
    }

    /// Leaves it, back to where people of this role are now.
    pub async fn leave_room(&self) -> Result<()> {
        let mut c = self.begin().await?;
        let me = c.seat(c.own.participant)?.clone();
        if me.present.place != Place::PrivateRoom {
            return Ok(());
        }
        let back = places::entry(me.present.role, c.floor.room.state, me.called).unwrap_or(Place::Outside);
        leave_rooms(&mut c.tx, self.live.hearing, me.present.id).await?;
        presence::put(&mut c.tx, (self.live.hearing, c.own.case), me.present.id, back, None, false).await?;
        self.end(c, "room").await
    }

    /// 译音: which language one hears.
    pub async fn channel(&self, language: Option<&str>) -> Result<()> {
        let fits = |l: &str| (1..=20).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if language.is_some_and(|l| !fits(l)) {
            return Err(unreadable("language"));
        }
        let mut c = self.begin().await?;
        let (court, me) = (self.live.court, c.own.participant);
        sqlx::query("update hearing_participants set hears = $4 where court_id = $1 and hearing_id = $2 and participant_id = $3")
            .bind(court)
            .bind(self.live.hearing)
            .bind(me)
            .bind(language)
            .execute(c.tx.conn())
            .await?;
        self.end(c, "channel").await
    }
}

/// Ends a change that moves nobody: its lines are told, the engine has nothing to learn.
async fn change_only(doing: &Doing<'_>, change: Change, what: &str) -> Result<()> {
    change.tx.commit(doing.live.hearing, json!({ "did": what })).await?;
    told::noted(doing.app, doing.live.court, doing.live.hearing, change.lines).await
}

async fn leave_rooms(tx: &mut CourtTx, hearing: Uuid, participant: Uuid) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "update hearing_rooms set members = array_remove(members, $3), closed_at = case when array_length(array_remove(members, $3), 1) is null then $4 end
          where court_id = $1 and hearing_id = $2 and closed_at is null and $3 = any (members)",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What a party reads who tries a judge's command.
pub fn not_yours() -> Error {
    Error::invalid(
        "hearing.not_yours",
        said("这一步由法庭决定。", "This is the court's to do."),
        said("需要时请举手，或者联系书记员。", "Raise your hand, or speak to the clerk."),
    )
}
