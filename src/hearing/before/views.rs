//! What goes over the wire before a hearing: shapes, and how figures, findings and rows become them.
//!
//! Owns the shapes. Must never carry a number, another side's papers or what the court keeps to itself.

use chrono::{DateTime, Utc};
use poem_openapi::{Enum, Object};
use serde::Serialize;
use uuid::Uuid;

use super::super::guards::Obstacle;
use super::super::selftest::{self, Camera, Item, Measured, Microphone, Network, Report, Score, Way};
use super::super::words::Role;
use super::identity::{Check, How, Says};
use super::papers::{PaperKind, Shown};
use super::sitting::Sitting;
use super::trials::Tested;

/// 摄像头.
#[derive(Debug, Clone, Object, Serialize)]
pub struct MeasuredCamera {
    /// The person let the page use it.
    allowed: bool,
    /// One was found and gives pictures.
    works: bool,
    /// Height of the picture.
    #[oai(validator(maximum(value = "10000")))]
    height: u32,
    /// Pictures a second.
    #[oai(validator(maximum(value = "1000")))]
    fps: u32,
    /// Mean brightness, 0 to 255.
    brightness: u8,
    /// A face is in the frame; absent where the page cannot tell.
    face: Option<bool>,
}

/// 话筒.
#[derive(Debug, Clone, Object, Serialize)]
pub struct MeasuredMicrophone {
    /// The person let the page use it.
    allowed: bool,
    /// One was found and gives sound.
    works: bool,
    /// Loudest, decibels below full scale.
    #[oai(validator(minimum(value = "-200"), maximum(value = "0")))]
    peak: i32,
    /// Between words.
    #[oai(validator(minimum(value = "-200"), maximum(value = "0")))]
    noise: i32,
}

/// How media reached the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum MeasuredWay {
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
#[derive(Debug, Clone, Object, Serialize)]
pub struct MeasuredNetwork {
    /// The best way that worked.
    way: MeasuredWay,
    /// Up, kbit/s.
    #[oai(validator(maximum(value = "100000000")))]
    up_kbps: u32,
    /// Down, kbit/s.
    #[oai(validator(maximum(value = "100000000")))]
    down_kbps: u32,
    /// Loss, tenths of a percent.
    #[oai(validator(maximum(value = "1000")))]
    loss: u32,
    /// Round trip, ms.
    #[oai(validator(maximum(value = "600000")))]
    rtt_ms: u32,
}

/// What a page measured; what is left out was not tested.
#[derive(Debug, Clone, Object, Serialize)]
pub struct HearingMeasured {
    /// 摄像头.
    camera: Option<MeasuredCamera>,
    /// 话筒.
    microphone: Option<MeasuredMicrophone>,
    /// Heard the tone.
    heard: Option<bool>,
    /// 网络.
    network: Option<MeasuredNetwork>,
    /// The browser can do what a hearing needs.
    browser: Option<bool>,
    /// 线上举证: saw the page of evidence one showed to oneself.
    rehearsed: Option<bool>,
}

impl HearingMeasured {
    /// As the rules take it.
    pub fn measured(&self) -> Measured {
        let camera = |c: &MeasuredCamera| Camera {
            allowed: c.allowed,
            works: c.works,
            height: c.height,
            fps: c.fps,
            brightness: c.brightness,
            face: c.face,
        };
        let microphone = |m: &MeasuredMicrophone| Microphone { allowed: m.allowed, works: m.works, peak: m.peak, noise: m.noise };
        let network = |n: &MeasuredNetwork| Network {
            way: match n.way {
                MeasuredWay::Udp => Way::Udp,
                MeasuredWay::Tcp => Way::Tcp,
                MeasuredWay::Relay => Way::Relay,
                MeasuredWay::None => Way::None,
            },
            up_kbps: n.up_kbps,
            down_kbps: n.down_kbps,
            loss: n.loss,
            rtt_ms: n.rtt_ms,
        };
        Measured {
            camera: self.camera.as_ref().map(camera),
            microphone: self.microphone.as_ref().map(microphone),
            heard: self.heard,
            network: self.network.as_ref().map(network),
            browser: self.browser,
            rehearsed: self.rehearsed,
        }
    }
}

/// How one item came out.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingTestItem {
    /// camera, microphone, speaker, network, browser or rehearsal.
    pub item: Item,
    /// 名称.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// good, fair or poor; absent: not tested yet.
    pub score: Option<Score>,
    /// What it says, and what to do.
    pub text: String,
    /// The same in English.
    pub text_en: String,
}

/// A test, scored.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingTestReport {
    /// The worst of what was tested; absent while something is missing.
    pub score: Option<Score>,
    /// Item by item.
    pub items: Vec<HearingTestItem>,
    /// Needed up, kbit/s.
    pub up_kbps: u32,
    /// Needed down, kbit/s.
    pub down_kbps: u32,
    /// When.
    pub at: DateTime<Utc>,
}

/// A report as it is shown.
pub fn report(r: &Report, role: Role, at: DateTime<Utc>) -> HearingTestReport {
    let items = r.items.iter().map(|i| HearingTestItem {
        item: i.item,
        name: i.item.zh().into(),
        name_en: i.item.en().into(),
        score: i.score,
        text: i.zh.clone(),
        text_en: i.en.clone(),
    });
    let (up_kbps, down_kbps) = selftest::needs(role);
    HearingTestReport { score: r.score, items: items.collect(), up_kbps, down_kbps, at }
}

/// The newest test of somebody.
#[derive(Debug, Clone, Object)]
pub struct HearingTested {
    /// When.
    pub at: DateTime<Utc>,
    /// On what.
    pub device: String,
    /// How it came out.
    pub report: HearingTestReport,
}

/// A test that was kept, scored anew.
pub fn tested(t: &Tested, role: Role) -> HearingTested {
    HearingTested { at: t.at, device: t.device.clone(), report: report(&selftest::score(&t.measured, role), role, t.at) }
}

/// A paper of identity.
#[derive(Debug, Clone, Object)]
pub struct HearingPaper {
    /// Leaf of the case file.
    pub leaf_id: Uuid,
    /// What it is.
    pub kind: PaperKind,
    /// 名称.
    pub kind_name: String,
    /// Name in English.
    pub kind_name_en: String,
    /// Title.
    pub title: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who brought it.
    pub by: String,
}

/// A paper as it is shown.
pub fn paper(p: &Shown) -> HearingPaper {
    HearingPaper {
        leaf_id: p.leaf_id,
        kind: p.kind,
        kind_name: p.kind.zh().into(),
        kind_name_en: p.kind.en().into(),
        title: p.title.clone(),
        at: p.at,
        by: p.by_name.clone(),
    }
}

/// What the court found.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingIdentityCheck {
    /// matches, doubt or no_match.
    pub says: Says,
    /// 名称.
    pub says_name: String,
    /// Name in English.
    pub says_name_en: String,
    /// How it was checked.
    pub how: Option<How>,
    /// 名称.
    pub how_name: Option<String>,
    /// Name in English.
    pub how_name_en: Option<String>,
    /// In words.
    pub note: Option<String>,
    /// Who checked.
    pub by_name: Option<String>,
    /// Papers looked at.
    pub leaf_ids: Vec<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A finding as it is shown to the court.
pub fn check(c: &Check) -> HearingIdentityCheck {
    HearingIdentityCheck {
        says: c.says,
        says_name: c.says.zh().into(),
        says_name_en: c.says.en().into(),
        how: c.how,
        how_name: c.how.map(|h| How::zh(h).to_owned()),
        how_name_en: c.how.map(|h| How::en(h).to_owned()),
        note: c.note.clone(),
        by_name: c.by_name.clone(),
        leaf_ids: c.leaves.clone(),
        at: c.at,
    }
}

/// What a side says to somebody's identity.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingIdentityView {
    /// Who says it.
    pub participant_id: Uuid,
    /// 席位.
    pub plate: String,
    /// The plate in English.
    pub plate_en: String,
    /// Name.
    pub name: String,
    /// no_objection or objection.
    pub says: Says,
    /// In words.
    pub note: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A view as it is shown.
pub fn view(s: &Sitting, c: &Check) -> HearingIdentityView {
    let plate = s.plate();
    HearingIdentityView {
        participant_id: s.id(),
        plate: plate.zh,
        plate_en: plate.en,
        name: s.name.clone(),
        says: c.says,
        note: c.note.clone(),
        at: c.at,
    }
}

/// Something in the way of opening.
#[derive(Debug, Clone, Object)]
pub struct OpeningObstacle {
    /// Stable code.
    pub code: String,
    /// What.
    pub text: String,
    /// What, in English.
    pub text_en: String,
    /// 依据.
    pub article: String,
    /// The article in English.
    pub article_en: String,
    /// The judge may set it aside with a reason.
    pub may_be_set_aside: bool,
}

/// An obstacle as it is shown.
pub fn obstacle(o: &Obstacle) -> OpeningObstacle {
    OpeningObstacle {
        code: o.code.into(),
        text: o.zh.clone(),
        text_en: o.en.clone(),
        article: o.article.zh.into(),
        article_en: o.article.en.into(),
        may_be_set_aside: o.may_be_set_aside,
    }
}
