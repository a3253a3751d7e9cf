//! 庭前检测: what was measured, how good that is, and what to do about it.
//!
//! Owns the thresholds and the advice (互联网法庭使用指引 3, 4; look.md: a score never stands without advice). Must never
//! keep a picture or a sound: it sees figures.

use poem_openapi::Enum;
use serde::{Deserialize, Serialize};

use super::words::Role;
use crate::kit::words::words;

words! {
    /// What is tested.
    Item as "TestedItem":
    Camera = "camera", "摄像头", "camera";
    Microphone = "microphone", "话筒", "microphone";
    Speaker = "speaker", "喇叭", "speaker";
    Network = "network", "网络", "network";
    Browser = "browser", "浏览器", "browser";
    Rehearsal = "rehearsal", "举证演练", "rehearsal of showing evidence";
}

/// How good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename = "TestScore", rename_all = "snake_case")]
pub enum Score {
    /// 正常.
    Good,
    /// 勉强可用.
    Fair,
    /// 不能用.
    Poor,
}

/// 摄像头.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Camera {
    /// The person let the page use it.
    pub allowed: bool,
    /// One was found and gives pictures.
    pub works: bool,
    /// Height of the picture.
    pub height: u32,
    /// Pictures a second.
    pub fps: u32,
    /// Mean brightness, 0 to 255.
    pub brightness: u8,
    /// A face is in the frame; none where the page cannot tell.
    pub face: Option<bool>,
}

/// 话筒.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Microphone {
    /// The person let the page use it.
    pub allowed: bool,
    /// One was found and gives sound.
    pub works: bool,
    /// Loudest, decibels below full scale: 0 is the loudest there is.
    pub peak: i32,
    /// Between words.
    pub noise: i32,
}

/// How media reached the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// UDP.
    Udp,
    /// TCP.
    Tcp,
    /// Through a relay.
    Relay,
    /// Not at all.
    None,
}

/// 网络, measured to the media server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// The best way that worked.
    pub way: Way,
    /// Up, kbit/s.
    pub up_kbps: u32,
    /// Down, kbit/s.
    pub down_kbps: u32,
    /// Loss, tenths of a percent.
    pub loss: u32,
    /// Round trip, ms.
    pub rtt_ms: u32,
}

/// What a page measured.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Measured {
    /// 摄像头.
    pub camera: Option<Camera>,
    /// 话筒.
    pub microphone: Option<Microphone>,
    /// Heard the tone; none: not asked yet.
    pub heard: Option<bool>,
    /// 网络.
    pub network: Option<Network>,
    /// The browser can do what a hearing needs.
    pub browser: Option<bool>,
    /// Showed a page of evidence to itself; none: not tried.
    pub rehearsed: Option<bool>,
}

/// How one item came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Result {
    /// Item.
    pub item: Item,
    /// How good; none: not tested yet.
    pub score: Option<Score>,
    /// What it says.
    pub zh: String,
    /// What it says, in English.
    pub en: String,
}

/// The whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Item by item.
    pub items: Vec<Result>,
    /// The worst of what was tested; none while something is missing.
    pub score: Option<Score>,
}

/// What a participant needs, kbit/s up and down.
pub fn needs(role: Role) -> (u32, u32) {
    if role.only_watches() { (0, 1500) } else { (1200, 1500) }
}

/// Scores what was measured, for this role.
pub fn score(measured: &Measured, role: Role) -> Report {
    let mut items = Vec::new();
    if !role.only_watches() {
        items.push(result(Item::Camera, measured.camera.as_ref().map(camera)));
        items.push(result(Item::Microphone, measured.microphone.as_ref().map(microphone)));
    }
    items.push(result(Item::Speaker, measured.heard.map(speaker)));
    items.push(result(Item::Network, measured.network.as_ref().map(|n| network(n, needs(role)))));
    items.push(result(Item::Browser, measured.browser.map(browser)));
    if role.is_party_side() {
        // 线上举证测试 is offered, and does not hold anybody up
        if let Some(done) = measured.rehearsed {
            items.push(result(Item::Rehearsal, Some(rehearsal(done))));
        }
    }
    let score = items.iter().map(|i| i.score).collect::<Option<Vec<_>>>().and_then(|s| s.into_iter().max());
    Report { items, score }
}

type Found = (Score, String, String);

fn result(item: Item, found: Option<Found>) -> Result {
    match found {
        Some((score, zh, en)) => Result { item, score: Some(score), zh, en },
        None => Result { item, score: None, zh: "还没有测。".into(), en: "Not tested yet.".into() },
    }
}

fn say(score: Score, zh: &str, en: &str) -> Found {
    (score, zh.to_owned(), en.to_owned())
}

fn camera(c: &Camera) -> Found {
    match c {
        c if !c.allowed => say(
            Score::Poor,
            "页面不能用摄像头。请点地址栏左边的图标，允许使用摄像头后再测。",
            "The page may not use the camera. Press the icon left of the address, allow it, and test again.",
        ),
        c if !c.works => say(
            Score::Poor,
            "没有画面。请关掉正在用摄像头的其他软件，或者换一台设备。",
            "There is no picture. Close other programs that use the camera, or change the device.",
        ),
        c if c.brightness < 40 => say(Score::Fair, "画面太暗，看不清脸。请面向光亮处。", "The picture is too dark. Face the light."),
        c if c.face == Some(false) => {
            say(Score::Fair, "脸不在框里。请坐到镜头正前方。", "Your face is not in the frame. Sit before the camera.")
        }
        c if c.height < 360 || c.fps < 10 => say(
            Score::Fair,
            "画面不够清楚。请擦净镜头，关掉其他软件后再测。",
            "The picture is not clear. Clean the lens, close other programs, and test again.",
        ),
        _ => say(Score::Good, "看得清。", "Clear."),
    }
}

fn microphone(m: &Microphone) -> Found {
    match m {
        m if !m.allowed => say(
            Score::Poor,
            "页面不能用话筒。请点地址栏左边的图标，允许使用话筒后再测。",
            "The page may not use the microphone. Press the icon left of the address, allow it, and test again.",
        ),
        m if !m.works || m.peak < -60 => say(
            Score::Poor,
            "没有声音。请检查话筒有没有静音，或者换一副耳机。",
            "There is no sound. Check the mute switch, or try another headset.",
        ),
        m if m.peak < -35 => say(Score::Fair, "声音太小。请靠近话筒再说一句。", "Too quiet. Come closer and speak again."),
        m if m.noise > -30 => say(Score::Fair, "周围太吵。请关上门窗，或者戴上耳机。", "Too noisy. Close the door, or use a headset."),
        m if m.peak > -1 => say(Score::Fair, "声音太大，会失真。请离话筒远一点。", "Too loud. Move away a little."),
        _ => say(Score::Good, "听得清。", "Clear."),
    }
}

fn speaker(heard: bool) -> Found {
    if heard {
        say(Score::Good, "您听到了。", "You heard it.")
    } else {
        say(
            Score::Poor,
            "没有听到。请把音量调大，检查有没有连着别的耳机，再放一次。",
            "Not heard. Turn it up, check whether another headset is connected, and play it again.",
        )
    }
}

fn network(n: &Network, (up, down): (u32, u32)) -> Found {
    let figures = format!("上传 {} 兆/秒（需 {}），丢包 {}", mega(n.up_kbps), mega(up), percent(n.loss));
    let figures_en = format!("Up {} Mbit/s (needed {}), loss {}", mega(n.up_kbps), mega(up), percent(n.loss));
    let with = |score, zh: &str, en: &str| (score, format!("{zh}（{figures}）"), format!("{en} ({figures_en})"));
    if n.way == Way::None {
        return say(
            Score::Poor,
            "连不到法庭的服务器。请换一个网络再测；单位网络可能不许视频通话。",
            "The court's server cannot be reached. Try another network; an office network may forbid video.",
        );
    }
    let (slow, far, lossy) = (n.up_kbps < up || n.down_kbps < down, n.rtt_ms > 800, n.loss >= 100);
    if lossy || far || n.up_kbps * 3 < up || n.down_kbps * 3 < down {
        return with(
            Score::Poor,
            "网络太差，声音也会断。请靠近路由器、改用流量，或者到法院参加。",
            "Too bad even for sound. Move closer to the router, use mobile data, or come to the court.",
        );
    }
    if slow || n.loss >= 30 || n.rtt_ms > 300 {
        return with(
            Score::Fair,
            "有点慢，画面可能卡。请靠近路由器，或改用流量后再测。",
            "A little slow; the picture may freeze. Move closer to the router or use mobile data, then test again.",
        );
    }
    if n.way != Way::Udp {
        return with(
            Score::Fair,
            "能用，但这个网络限制了视频通道，画面可能卡。条件许可请换一个网络。",
            "It works, but this network restricts video. Use another one if you can.",
        );
    }
    with(Score::Good, "网络稳定。", "Steady.")
}

fn browser(fit: bool) -> Found {
    if fit {
        say(Score::Good, "可以参加庭审。", "Good for a hearing.")
    } else {
        say(
            Score::Poor,
            "这个浏览器不能参加庭审。请用手机自带浏览器、微信，或者电脑上较新的浏览器打开。",
            "This browser cannot take part. Use your phone's own browser, WeChat, or a recent browser on a computer.",
        )
    }
}

fn rehearsal(done: bool) -> Found {
    if done {
        say(Score::Good, "您出示的材料自己能看到。", "You could see what you showed.")
    } else {
        say(
            Score::Fair,
            "没有看到出示的材料。请先在「我的证据」里上传，再试一次。",
            "What you showed was not seen. Upload it first, then try again.",
        )
    }
}

fn mega(kbps: u32) -> String {
    format!("{}.{}", kbps / 1000, kbps % 1000 / 100)
}

fn percent(tenths: u32) -> String {
    format!("{}.{}%", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Measured {
        Measured {
            camera: Some(Camera { allowed: true, works: true, height: 720, fps: 30, brightness: 120, face: Some(true) }),
            microphone: Some(Microphone { allowed: true, works: true, peak: -12, noise: -55 }),
            heard: Some(true),
            network: Some(Network { way: Way::Udp, up_kbps: 3000, down_kbps: 8000, loss: 5, rtt_ms: 40 }),
            browser: Some(true),
            rehearsed: None,
        }
    }

    // part of H05, H06
    #[test]
    fn the_worst_item_is_the_score_and_says_what_to_do() {
        assert_eq!(score(&good(), Role::Party).score, Some(Score::Good));
        let with = |f: &dyn Fn(&mut Measured)| {
            let mut m = good();
            f(&mut m);
            let report = score(&m, Role::Party);
            let worst = report.items.iter().max_by_key(|i| i.score).unwrap().clone();
            (report.score, worst.item)
        };
        type Change = Box<dyn Fn(&mut Measured)>;
        let cam = |f: fn(&mut Camera)| -> Change { Box::new(move |m| f(m.camera.as_mut().unwrap())) };
        let mic = |f: fn(&mut Microphone)| -> Change { Box::new(move |m| f(m.microphone.as_mut().unwrap())) };
        let net = |f: fn(&mut Network)| -> Change { Box::new(move |m| f(m.network.as_mut().unwrap())) };
        for (change, expected, item) in [
            (cam(|c| c.allowed = false), Score::Poor, Item::Camera),
            (cam(|c| c.works = false), Score::Poor, Item::Camera),
            (cam(|c| c.brightness = 10), Score::Fair, Item::Camera),
            (cam(|c| c.face = Some(false)), Score::Fair, Item::Camera),
            (cam(|c| c.height = 240), Score::Fair, Item::Camera),
            (mic(|m| m.allowed = false), Score::Poor, Item::Microphone),
            (mic(|m| m.peak = -80), Score::Poor, Item::Microphone),
            (mic(|m| m.peak = -40), Score::Fair, Item::Microphone),
            (mic(|m| m.noise = -20), Score::Fair, Item::Microphone),
            (Box::new(|m: &mut Measured| m.heard = Some(false)), Score::Poor, Item::Speaker),
            (net(|n| n.way = Way::None), Score::Poor, Item::Network),
            (net(|n| n.way = Way::Tcp), Score::Fair, Item::Network),
            (net(|n| n.up_kbps = 900), Score::Fair, Item::Network),
            (net(|n| n.up_kbps = 300), Score::Poor, Item::Network),
            (net(|n| n.loss = 40), Score::Fair, Item::Network),
            (net(|n| n.loss = 100), Score::Poor, Item::Network),
            (net(|n| n.rtt_ms = 900), Score::Poor, Item::Network),
            (Box::new(|m: &mut Measured| m.browser = Some(false)), Score::Poor, Item::Browser),
            (Box::new(|m: &mut Measured| m.rehearsed = Some(false)), Score::Fair, Item::Rehearsal),
        ] {
            assert_eq!(with(&*change), (Some(expected), item));
        }
        // the words of the picture
        let mut slow = good();
        slow.network = Some(Network { way: Way::Udp, up_kbps: 900, down_kbps: 3000, loss: 40, rtt_ms: 60 });
        let report = score(&slow, Role::Party);
        assert!(report.items[3].zh.contains("上传 0.9 兆/秒（需 1.2），丢包 4.0%"), "{}", report.items[3].zh);
    }

    #[test]
    fn what_is_missing_has_no_score_and_observers_show_nothing() {
        let part = Measured { network: None, ..good() };
        let report = score(&part, Role::Party);
        assert_eq!(report.score, None);
        assert_eq!(report.items.iter().filter(|i| i.score.is_none()).count(), 1);
        let watching = Measured { camera: None, microphone: None, ..good() };
        let report = score(&watching, Role::Observer);
        assert_eq!((report.score, report.items.len()), (Some(Score::Good), 3));
        for item in score(&Measured::default(), Role::Party).items {
            assert!(item.score.is_none() && !item.zh.is_empty() && !item.en.is_empty());
        }
    }
}
