//! From a message to what it does. Owns nothing but the way there; each deed looks at rights by itself.

use chrono::{DateTime, Utc};
use lianting_media::record::{Command, Medium};
use lianting_media::{Begin as EngineBegin, MediaError, TrackKind};
use serde_json::{Value, json};
use uuid::Uuid;

use super::command::{Doing, not_yours};
use super::floor::{participant_id, room_id, second_voice};
use super::live::View;
use super::seat::Own;
use super::wire::{Begin, Mark, RoomWish, Said, Track, marks_fit, unreadable};
use super::{beats, drive, spread, warnings};
use crate::error::{Error, Result, Said as Words, said};
use crate::hearing::dropout::{Beat, Signal};
use crate::hearing::guards::Hand;
use crate::hearing::words::{Place, Role};

/// What became of a message.
pub enum Reply {
    /// Nothing to say beyond "done".
    Done,
    /// This.
    Say(Value),
}

/// A page's line, as far as messages go.
pub struct Talk<'a> {
    /// What it can do.
    pub doing: Doing<'a>,
    /// Whose.
    pub own: &'a Own,
    /// Which of this participant's lines.
    pub serial: u64,
}

impl Talk<'_> {
    /// No newer line of this participant took its place.
    pub fn is_newest(&self) -> bool {
        self.doing.live.is_newest(self.own.participant, self.serial)
    }

    /// Does what a message says.
    ///
    /// # Errors
    /// Refusals, to be told to the page.
    pub async fn hear(&self, n: Option<i64>, said: Said, now: DateTime<Utc>) -> Result<Reply> {
        let (d, live) = (&self.doing, self.doing.live);
        match said {
            Said::Publish { sdp, tracks, second_voice } => return self.publish(n, sdp, tracks, second_voice).await,
            Said::Receive { begin } => self.receive(begin).await,
            Said::Answer { version, sdp } => self.answer(version, sdp).await?,
            Said::Beat { up_loss, down_loss, rtt, visible, camera, microphone, battery } => {
                let beat = Beat {
                    at: now,
                    up_loss: up_loss.min(1000),
                    down_loss: down_loss.min(1000),
                    rtt_ms: rtt.min(60_000),
                    visible,
                    camera,
                    microphone,
                    battery: battery.map(|b| b.min(100)),
                };
                if beats::take(live, self.own.participant, beat) {
                    live.dirty.store(true, std::sync::atomic::Ordering::Relaxed);
                }
                beats::write(d.app, live, self.own.participant, now).await?;
            }
            Said::Leave {} => self.signal(now, Signal::LeaveButton).await,
            Said::Closing {} => self.signal(now, Signal::PageClosing).await,
            Said::Device { what: _ } => self.signal(now, Signal::TrackEnded).await,
            Said::Mute { what, on } => self.mute(what, on).await?,
            Said::Hand { up } => d.hand(up).await?,
            Said::Channel { language } => d.channel(language.as_deref()).await?,
            Said::Cap { publisher, what, layer } => self.cap(publisher, what, layer).await,
            Said::Told { id, seen } => warnings::acknowledged(d.app, live.court, live.hearing, self.own, id, seen).await?,
            Said::Move { to } => d.go(&to).await?,
            Said::Room(RoomWish::Open { invite }) => d.open_room(&invite).await?,
            Said::Room(RoomWish::Enter { room }) => d.enter_room(room).await?,
            Said::Room(RoomWish::Leave) => d.leave_room().await?,
            Said::Room(RoomWish::Lock { on }) => d.lock_room(on).await?,
            Said::Show { exhibit, page, zoom, x, y, marks } => {
                let what = exhibit.map(|e| json!({ "exhibit": e, "page": page, "zoom": zoom.clamp(10, 800), "x": x, "y": y }));
                self.show(what, marks).await?;
            }
            Said::Step(order) => drop(drive::step(d.app, d.caller, live.court, live.hearing, &order).await?),
            Said::Place { participant, to } => d.place(participant, &to).await?,
            Said::Call { participant } => d.call(participant).await?,
            Said::Lock { participant, all, on } => match (participant, all) {
                (None, false) => return Err(unreadable("participant")),
                (whom, _) => d.lock(whom, on).await?,
            },
            Said::Share { participant, on } => d.share(participant, on).await?,
            Said::Exclude { participant, on } => d.exclude(participant, on).await?,
            Said::Spotlight { participant } => self.look(|v| v.spotlight = participant)?,
            Said::Layout { layout } if matches!(layout.as_str(), "speaker" | "equal" | "evidence" | "bench") => {
                self.look(|v| v.layout = layout)?;
            }
            Said::Layout { .. } => return Err(unreadable("layout")),
            Said::Warn { participant, rung } => {
                let id = warnings::give(d.app, d.caller, live.court, live.hearing, participant, &rung).await?;
                return Ok(Reply::Say(json!({ "type": "done", "n": n, "id": id })));
            }
            Said::RollCall { on } => {
                self.court()?;
                live.set_roll_call(on);
                spread::spread(d.app, live).await?;
            }
        }
        Ok(Reply::Done)
    }

    fn court(&self) -> Result<()> {
        if self.own.hand() == Hand::Other { Err(not_yours()) } else { Ok(()) }
    }

    async fn publish(&self, n: Option<i64>, sdp: String, tracks: Vec<(String, Track)>, second: bool) -> Result<Reply> {
        if second && self.own.role != Role::Interpreter {
            return Err(not_yours());
        }
        let studio = self.doing.app.rooms.need()?;
        let id = self.own.participant;
        let who = if second { second_voice(id) } else { participant_id(id) };
        let tracks = tracks.into_iter().map(|(mid, track)| (mid, track.kind())).collect();
        let answer = studio.engine.publish_offer(room_id(self.doing.live.hearing), who, sdp, tracks).await.map_err(|e| self.media(e))?;
        Ok(Reply::Say(json!({ "type": "published", "n": n, "sdp": answer })))
    }

    async fn receive(&self, begin: Begin) {
        let begin = match begin {
            Begin::Continue => EngineBegin::Continue,
            Begin::Restart => EngineBegin::RestartIce,
            Begin::Anew => EngineBegin::Anew,
        };
        spread::offer(self.doing.app, self.doing.live, self.own.participant, begin).await;
    }

    async fn answer(&self, version: u64, sdp: String) -> Result<()> {
        let studio = self.doing.app.rooms.need()?;
        let (room, who) = (room_id(self.doing.live.hearing), participant_id(self.own.participant));
        match studio.engine.receive_answer(room, who, version, sdp).await {
            // the next offer overtook this answer and is on its way: nobody's fault. Were it refused, pages would ask for one
            // more each time, and on a slow machine none would ever be answered in time.
            Err(MediaError::OutOfOrder(_)) => Ok(()),
            done => done.map_err(|e| self.media(e)),
        }
    }

    /// What the engine refused, in words. Whoever has no seat in it comes in anew, and has one.
    fn media(&self, e: MediaError) -> Error {
        let live = self.doing.live;
        tracing::info!(cause = %e, code = e.code(), hearing = %live.hearing, "the engine refused a description");
        match e {
            MediaError::NotAdmitted | MediaError::NoRoom | MediaError::RoomFailed => {
                live.bye(self.own.participant, "moved");
                refused(said("您的线路要重新接入。", "Your line has to be made anew."))
            }
            MediaError::Busy | MediaError::Full(_) | MediaError::Stopped => Error::unavailable(
                "media.busy",
                said("音视频服务正忙，连接没有建立。", "The media server is busy; the connection was not made."),
            ),
            _ => refused(said("音视频连接没有建立。", "The media connection was not made.")),
        }
    }

    async fn signal(&self, now: DateTime<Utc>, what: Signal) {
        self.doing.live.pulse(self.own.participant, |p| p.signal(now, what));
        if what != Signal::TrackEnded {
            self.doing.live.tape.lock().await.command(Command::Left(participant_id(self.own.participant)));
        }
    }

    async fn mute(&self, what: Track, on: bool) -> Result<()> {
        let live = self.doing.live;
        let before = live.pulse(self.own.participant, |p| std::mem::replace(&mut p.muted[what.kind().index()], on));
        if before == on {
            return Ok(());
        }
        if let Some(medium) = Medium::of(what.kind()) {
            live.tape.lock().await.command(Command::Muted(participant_id(self.own.participant), medium, on));
        }
        self.doing.muted(word(what.kind()), on).await
    }

    async fn cap(&self, publisher: Uuid, what: Track, layer: u8) {
        let Some(studio) = self.doing.app.rooms.studio() else { return };
        let (room, who) = (room_id(self.doing.live.hearing), participant_id(self.own.participant));
        let _ = studio.engine.set_cap(room, who, participant_id(publisher), what.kind(), layer.min(2)).await;
    }

    fn look(&self, change: impl FnOnce(&mut View)) -> Result<()> {
        self.court()?;
        let live = self.doing.live;
        let mut view = live.view();
        change(&mut view);
        live.set_view(view);
        live.say_to(&spread::view(live), |_| true);
        Ok(())
    }

    /// 出示: what lies on the table, for everybody who sees the table. A turn of the page is a line of the log.
    async fn show(&self, what: Option<Value>, marks: Vec<Mark>) -> Result<()> {
        let live = self.doing.live;
        let floor = live.floor().ok_or_else(Error::not_found)?;
        let seat = floor.seat(self.own.participant).ok_or_else(Error::not_found)?;
        let may = seat.present.role.is_court() || (seat.present.may_share && !seat.present.excluded);
        if !may || seat.present.place != Place::Courtroom || !marks_fit(&marks) {
            return Err(not_yours());
        }
        let message = match &what {
            Some(shown) => {
                let mut m = shown.clone();
                m["type"] = json!("show");
                m["marks"] = json!(marks);
                m["by"] = json!(self.own.participant);
                m
            }
            None => json!({ "type": "show", "exhibit": null }),
        };
        let before = live.show(what.is_some().then(|| message.clone()));
        live.say_to(&message, |p| p != self.own.participant && floor.seat(p).is_some_and(|s| spread::sees_table(&floor, s)));
        let turned = before.is_none_or(|b| b["exhibit"] != message["exhibit"] || b["page"] != message["page"]);
        if turned { self.doing.shown(&message).await } else { Ok(()) }
    }
}

/// The word of a track.
fn word(kind: TrackKind) -> &'static str {
    match kind {
        TrackKind::Audio => "audio",
        TrackKind::Video => "video",
        TrackKind::Screen => "screen",
    }
}

/// A description the engine does not take.
pub fn refused(what: Words) -> Error {
    Error::invalid(
        "media.refused",
        what,
        said(
            "请刷新页面重试；仍然不行的，请换浏览器或者联系技术人员。",
            "Reload the page; if it stays, use another browser or call the technician.",
        ),
    )
}
