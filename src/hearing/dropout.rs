//! 掉线: what the traces say about why somebody was gone.
//!
//! Owns the reading of heartbeats and signals around a disconnection: a cause is *proposed*, with how sure it is and what
//! it rests on (在线诉讼规则 Art 25; 互联网法庭使用指引 8). The judge decides; the pack of evidence is kept either way.
//! Must never say of anybody that he or she left on purpose: it says what was pressed and what was measured.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::kit::words::words;

words! {
    /// Why somebody was gone.
    Cause as "DropoutCause":
    LeftByButton = "left_by_button", "本人点了离开", "pressed leave";
    PageClosed = "page_closed", "页面被关闭", "the page was closed";
    Network = "network", "本人网络中断或者变差", "the participant's network";
    Device = "device", "摄像头、话筒或者设备故障", "camera, microphone or device";
    Power = "power", "设备断电或者突然关机", "the device lost power";
    Server = "server", "法院一方的网络或者服务器", "the court's network or server";
    Unknown = "unknown", "不能判断", "cannot be told";
}

impl Cause {
    /// 网络故障、设备损坏、电力中断: no leaving without leave, once proved (在线诉讼规则 Art 25).
    pub const fn excuses(self) -> bool {
        matches!(self, Self::Network | Self::Device | Self::Power | Self::Server)
    }
}

/// One beat: what the page and the server measured, every two seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beat {
    /// When the server had it.
    pub at: DateTime<Utc>,
    /// Packets lost on the way up, in tenths of a percent.
    pub up_loss: u32,
    /// Packets lost on the way down, in tenths of a percent.
    pub down_loss: u32,
    /// Round trip, milliseconds.
    pub rtt_ms: u32,
    /// The page is in front.
    pub visible: bool,
    /// The camera gives pictures.
    pub camera: bool,
    /// The microphone gives sound.
    pub microphone: bool,
    /// Battery left, percent; none where the page cannot know.
    pub battery: Option<u8>,
}

/// Something that was signalled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// 点了「离开」.
    LeaveButton,
    /// The page said good-bye as it was closed.
    PageClosing,
    /// Media stopped while the page went on talking to us.
    MediaLost,
    /// The page stopped talking to us.
    LinkLost,
    /// The device took the camera or the microphone away.
    TrackEnded,
    /// The node that served the room ended or moved.
    ServerMoved,
}

/// What is known around a disconnection.
#[derive(Debug, Clone, Copy)]
pub struct Traces<'a> {
    /// When media stopped.
    pub gone_at: DateTime<Utc>,
    /// Beats before it, oldest first.
    pub beats: &'a [Beat],
    /// Signals around it.
    pub signals: &'a [(DateTime<Utc>, Signal)],
    /// How many of the room were gone within three seconds of it, himself or herself among them.
    pub gone_together: usize,
    /// How many were in the room.
    pub in_room: usize,
}

/// The proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// Cause.
    pub cause: Cause,
    /// 0 to 100.
    pub sure: u8,
    /// What it rests on.
    pub rests_on: Vec<(String, String)>,
}

/// Beats count that are no older than this.
const WINDOW: TimeDelta = TimeDelta::seconds(60);

/// Proposes a cause.
pub fn propose(t: &Traces<'_>) -> Proposal {
    let near = |s: Signal| t.signals.iter().find(|(at, what)| *what == s && (*at - t.gone_at).abs() <= TimeDelta::seconds(10));
    let beats: Vec<&Beat> = t.beats.iter().filter(|b| b.at <= t.gone_at && t.gone_at - b.at <= WINDOW).collect();
    let say = |cause, sure, zh: String, en: String| Proposal { cause, sure, rests_on: vec![(zh, en)] };
    let gone = clock(t.gone_at);
    if near(Signal::ServerMoved).is_some() {
        return say(
            Cause::Server,
            95,
            format!("{gone} 法院一方的服务器切换或者重启。"),
            format!("At {gone} the court's server moved or restarted."),
        );
    }
    if t.in_room > 2 && t.gone_together * 2 > t.in_room {
        let (n, all) = (t.gone_together, t.in_room);
        return say(
            Cause::Server,
            80,
            format!("{gone} 前后 3 秒内，{all} 人中有 {n} 人同时掉线。"),
            format!("Around {gone}, {n} of {all} people were gone at once."),
        );
    }
    if let Some((at, _)) = near(Signal::LeaveButton) {
        return say(Cause::LeftByButton, 95, format!("{} 点了「离开」。", clock(*at)), format!("Pressed leave at {}.", clock(*at)));
    }
    if near(Signal::TrackEnded).is_some() && near(Signal::LinkLost).is_none() {
        return say(
            Cause::Device,
            80,
            format!("{gone} 设备停止提供画面或者声音，网络仍然连着。"),
            format!("At {gone} the device gave no more picture or sound, while the link held."),
        );
    }
    let closing = near(Signal::PageClosing);
    by_beats(t, &beats, closing.map(|(at, _)| *at), &gone)
}

fn by_beats(t: &Traces<'_>, beats: &[&Beat], closing: Option<DateTime<Utc>>, gone: &str) -> Proposal {
    let say = |cause, sure, zh: String, en: String| Proposal { cause, sure, rests_on: vec![(zh, en)] };
    let recent: Vec<&&Beat> = beats.iter().filter(|b| t.gone_at - b.at <= TimeDelta::seconds(20)).collect();
    let worst = recent.iter().map(|b| b.up_loss.max(b.down_loss)).max().unwrap_or_default();
    let slowest = recent.iter().map(|b| b.rtt_ms).max().unwrap_or_default();
    let failing = worst >= 150 || slowest >= 1500;
    if let Some(at) = closing {
        let at = clock(at);
        // phones close pages by themselves when a call comes in or memory runs out: not very sure
        let sure = if failing { 40 } else { 70 };
        return say(
            Cause::PageClosed,
            sure,
            format!("{at} 页面被关闭（可能是本人，也可能是手机自动关闭）。"),
            format!("The page was closed at {at}, by its user or by the phone."),
        );
    }
    if failing {
        let (zh, en) = (
            format!("掉线前 20 秒丢包最高 {}.{}%，往返最长 {slowest} 毫秒。", worst / 10, worst % 10),
            format!("In the 20 s before, loss was up to {}.{} %, the round trip up to {slowest} ms.", worst / 10, worst % 10),
        );
        return say(Cause::Network, 85, zh, en);
    }
    if recent.iter().rev().find_map(|b| b.battery).is_some_and(|b| b <= 5) {
        return say(
            Cause::Power,
            65,
            "掉线前电量不足 5%，突然没有任何信号。".into(),
            "The battery was at 5 % or less, then nothing came.".into(),
        );
    }
    if recent.is_empty() {
        return say(Cause::Unknown, 0, format!("{gone} 前没有足够的心跳记录。"), format!("There are too few beats before {gone}."));
    }
    say(
        Cause::Network,
        55,
        format!("{gone} 起没有任何信号，此前网络正常，页面没有被关闭。"),
        format!("Nothing came from {gone} on; the network had been good and the page was not closed."),
    )
}

fn clock(at: DateTime<Utc>) -> String {
    at.with_timezone(&crate::court::beijing::beijing_offset()).format("%H:%M:%S").to_string()
}

/// How well somebody is connected now (features.md: good < 10 %, poor 10–15 %, bad ≥ 15 %), in tenths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// 良好.
    Good,
    /// 较差.
    Poor,
    /// 很差.
    Bad,
    /// 已掉线.
    Gone,
}

/// Reads the last beat.
pub fn health(last: Option<&Beat>, now: DateTime<Utc>) -> Health {
    match last {
        None => Health::Gone,
        Some(b) if now - b.at > TimeDelta::seconds(6) => Health::Gone,
        Some(b) => match b.up_loss.max(b.down_loss) {
            0..100 => Health::Good,
            100..150 => Health::Poor,
            _ => Health::Bad,
        },
    }
}

/// How long a seat is kept for who was cut off.
pub const SEAT_KEPT: TimeDelta = TimeDelta::minutes(10);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        "2026-11-26T07:12:18Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(second)
    }

    fn beat(second: i64, loss: u32, rtt: u32) -> Beat {
        Beat { at: at(second), up_loss: loss, down_loss: 0, rtt_ms: rtt, visible: true, camera: true, microphone: true, battery: Some(60) }
    }

    // part of H21, H34, H35
    #[test]
    fn causes_are_proposed_from_traces() {
        let good: Vec<Beat> = (-30..0).step_by(2).map(|s| beat(s, 5, 60)).collect();
        let bad: Vec<Beat> = (-30..0).step_by(2).map(|s| beat(s, if s > -10 { 320 } else { 20 }, 200)).collect();
        let slow: Vec<Beat> = (-30..0).step_by(2).map(|s| beat(s, 5, 1800)).collect();
        let mut low = good.clone();
        low.iter_mut().for_each(|b| b.battery = Some(3));
        type Told<'a> = (&'a [Beat], &'a [(i64, Signal)], usize, Cause, u8);
        let rows: Vec<Told<'_>> = vec![
            (&good, &[(0, Signal::LeaveButton)], 1, Cause::LeftByButton, 95),
            (&bad, &[(1, Signal::LeaveButton)], 1, Cause::LeftByButton, 95),
            (&good, &[(0, Signal::PageClosing)], 1, Cause::PageClosed, 70),
            (&bad, &[(0, Signal::PageClosing)], 1, Cause::PageClosed, 40),
            (&bad, &[(2, Signal::LinkLost)], 1, Cause::Network, 85),
            (&slow, &[(2, Signal::LinkLost)], 1, Cause::Network, 85),
            (&good, &[(2, Signal::LinkLost)], 1, Cause::Network, 55),
            (&low, &[(2, Signal::LinkLost)], 1, Cause::Power, 65),
            (&good, &[(0, Signal::TrackEnded)], 1, Cause::Device, 80),
            (&good, &[(0, Signal::ServerMoved), (1, Signal::LinkLost)], 1, Cause::Server, 95),
            (&good, &[(1, Signal::LinkLost)], 4, Cause::Server, 80),
            (&[], &[], 1, Cause::Unknown, 0),
            (&good, &[(60, Signal::LeaveButton)], 1, Cause::Network, 55), // a minute later is another thing
        ];
        for (beats, signals, gone_together, cause, sure) in rows {
            let signals: Vec<_> = signals.iter().map(|(s, what)| (at(*s), *what)).collect();
            let found = propose(&Traces { gone_at: at(0), beats, signals: &signals, gone_together, in_room: 5 });
            assert_eq!((found.cause, found.sure), (cause, sure), "{signals:?}");
            assert!(!found.rests_on.is_empty());
        }
        assert!([Cause::Network, Cause::Device, Cause::Power, Cause::Server].iter().all(|c| c.excuses()));
        assert!([Cause::LeftByButton, Cause::PageClosed, Cause::Unknown].iter().all(|c| !c.excuses()));
    }

    #[test]
    fn two_in_a_room_are_not_everybody() {
        let gone = propose(&Traces { gone_at: at(0), beats: &[beat(-2, 0, 30)], signals: &[], gone_together: 2, in_room: 2 });
        assert_eq!(gone.cause, Cause::Network);
    }

    #[test]
    fn health_by_the_figures_of_the_board() {
        for (loss, health_is) in
            [(0, Health::Good), (99, Health::Good), (100, Health::Poor), (149, Health::Poor), (150, Health::Bad), (1000, Health::Bad)]
        {
            assert_eq!(health(Some(&beat(0, loss, 50)), at(2)), health_is, "{loss}");
        }
        assert_eq!(health(Some(&beat(0, 0, 50)), at(7)), Health::Gone);
        assert_eq!(health(None, at(0)), Health::Gone);
    }
}
