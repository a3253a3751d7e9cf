//! What a clerk sends to fix a hearing: shapes, and how they become a wish of the rules.
//!
//! Owns the shapes of requests. Must never let a word through that the rules do not know.

use chrono::{DateTime, Utc};
use poem_openapi::{Enum, Object};
use serde::Serialize;
use uuid::Uuid;

use super::guests::Chosen;
use super::kinds;
use super::plan::{Guest, Judged, Wish};
use super::settings::Settings;
use super::suitability::{ClosedBy, Criminal, Weighed};
use super::transcript::Template;
use super::words::Mode;
use crate::error::{Error, Result, said};

/// 不公开的法定情形.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum HearingClosedBy {
    /// 国家秘密.
    StateSecret,
    /// 个人隐私.
    Privacy,
    /// 离婚案件，当事人申请.
    DivorceOnApplication,
    /// 商业秘密，当事人申请.
    TradeSecretOnApplication,
    /// 被告人不满十八周岁.
    AccusedUnder18,
    /// 法律另有规定.
    OtherLaw,
}

impl HearingClosedBy {
    fn rule(self) -> ClosedBy {
        match self {
            Self::StateSecret => ClosedBy::StateSecret,
            Self::Privacy => ClosedBy::Privacy,
            Self::DivorceOnApplication => ClosedBy::DivorceOnApplication,
            Self::TradeSecretOnApplication => ClosedBy::TradeSecretOnApplication,
            Self::AccusedUnder18 => ClosedBy::AccusedUnder18,
            Self::OtherLaw => ClosedBy::OtherLaw,
        }
    }
}

/// How a bar that must be weighed stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum WeighedIs {
    /// 提出了，还没有判断.
    Raised,
    /// 成立.
    Found,
    /// 不成立.
    Dismissed,
}

/// A bar, and what the judge made of it.
#[derive(Debug, Clone, Object, Serialize)]
pub struct HearingBar {
    /// How it stands.
    is: WeighedIs,
    /// What was raised, or the judge's reason.
    #[oai(validator(max_length = 500))]
    text: String,
}

fn weighed(bar: &Option<HearingBar>) -> Weighed {
    match bar {
        None => Weighed::Absent,
        Some(HearingBar { is: WeighedIs::Raised, text }) => Weighed::Raised { what: text.clone() },
        Some(HearingBar { is: WeighedIs::Found, text }) => Weighed::Found { reason: text.clone() },
        Some(HearingBar { is: WeighedIs::Dismissed, text }) => Weighed::Dismissed { reason: text.clone() },
    }
}

/// A party that objects with a reason.
#[derive(Debug, Clone, Object, Serialize)]
pub struct HearingObjection {
    /// Party.
    party_id: Uuid,
    /// Its reason, and what the judge made of it.
    bar: HearingBar,
}

/// What a criminal case asks for besides.
#[derive(Debug, Clone, Object, Serialize)]
pub struct HearingCriminal {
    /// 检察机关同意.
    prosecution_agrees: bool,
    /// 被告人同意.
    accused_agrees: bool,
    /// 辩护人同意; true where there is none.
    defender_agrees: bool,
    /// 不会引发不良社会效果的判断.
    #[oai(validator(max_length = 500))]
    effect_judged: Option<String>,
}

/// What was judged of the seven bars (在线诉讼规则 Art 21).
#[derive(Debug, Clone, Object, Serialize)]
pub struct HearingFacts {
    /// ① Parties who object with a reason.
    #[oai(default, validator(max_items = 50))]
    objections: Vec<HearingObjection>,
    /// ② Parties without means or skill.
    #[oai(default, validator(max_items = 50))]
    unable: Vec<Uuid>,
    /// ③ 现场查明身份、核对原件、查验实物.
    on_site: Option<HearingBar>,
    /// ④ 疑难复杂、证据繁多.
    complex: Option<HearingBar>,
    /// ⑤ 国家安全、国家秘密.
    #[oai(default)]
    security: bool,
    /// ⑥ 重大社会影响.
    attention: Option<HearingBar>,
    /// ⑦ 其他.
    other: Option<HearingBar>,
    /// Of a criminal case.
    criminal: Option<HearingCriminal>,
}

impl HearingFacts {
    fn judged(&self) -> Judged {
        Judged {
            objections: self.objections.iter().map(|o| (o.party_id, weighed(&Some(o.bar.clone())))).collect(),
            unable: self.unable.clone(),
            on_site: weighed(&self.on_site),
            complex: weighed(&self.complex),
            security: self.security,
            attention: weighed(&self.attention),
            other: weighed(&self.other),
            criminal: self.criminal.as_ref().map(|c| Criminal {
                prosecution_agrees: c.prosecution_agrees,
                accused_agrees: c.accused_agrees,
                defender_agrees: c.defender_agrees,
                effect_judged: c.effect_judged.clone(),
            }),
        }
    }
}

/// A seat to be filled.
#[derive(Debug, Clone, Object, Serialize)]
pub struct NewSeat {
    /// Role.
    #[oai(validator(max_length = 40))]
    role: String,
    /// The party it belongs to.
    party_id: Option<Uuid>,
    /// Account: of the court's people and of counsel.
    person_id: Option<Uuid>,
    /// Counsel of the case, as the case names it: the account, the name and the party follow from it.
    representative_id: Option<Uuid>,
    /// Name, of everybody else.
    #[oai(validator(max_length = 60))]
    name: Option<String>,
    /// 常用手机号.
    #[oai(validator(max_length = 30))]
    mobile: Option<String>,
    /// A judge's decision how he or she takes part.
    mode: Option<Mode>,
    /// And why.
    #[oai(validator(max_length = 500))]
    mode_reason: Option<String>,
    /// With the president's leave at another place.
    #[oai(default)]
    elsewhere: bool,
    /// 必须到庭.
    #[oai(default)]
    must_appear: bool,
    /// A minor.
    #[oai(default)]
    minor: bool,
    /// Interprets into this language.
    #[oai(validator(max_length = 20))]
    interprets: Option<String>,
}

impl NewSeat {
    /// As `guests` takes it.
    pub fn chosen(&self) -> Chosen {
        Chosen {
            role: self.role.clone(),
            party: self.party_id,
            person: self.person_id,
            representative: self.representative_id,
            name: self.name.clone(),
            mobile: self.mobile.clone(),
            mode: self.mode,
            mode_reason: self.mode_reason.clone(),
            elsewhere: self.elsewhere,
            must_appear: self.must_appear,
            minor: self.minor,
            interprets: self.interprets.clone(),
        }
    }
}

/// 排期.
#[derive(Debug, Clone, Object, Serialize)]
pub struct NewHearing {
    /// Kind of session.
    #[oai(validator(max_length = 40))]
    kind: String,
    /// Template of the transcript; the first that fits when absent.
    #[oai(validator(max_length = 40))]
    template: Option<String>,
    /// Begins.
    starts_at: DateTime<Utc>,
    /// Minutes a day.
    #[oai(validator(minimum(value = "10"), maximum(value = "600")))]
    minutes: i64,
    /// Working days one after the other; one when absent.
    #[oai(validator(minimum(value = "1"), maximum(value = "20")))]
    days: Option<u32>,
    /// Further times of the same hearing, each as long as the first: a series on days one chooses.
    #[oai(default, validator(max_items = 19))]
    also_at: Vec<DateTime<Utc>>,
    /// 合并审理: further cases of this court heard in this one hearing.
    #[oai(default, validator(max_items = 20))]
    pub joined_case_ids: Vec<Uuid>,
    /// Courtroom.
    courtroom_id: Option<Uuid>,
    /// Somebody may take part online.
    #[oai(default = "yes")]
    online: bool,
    /// Public.
    public: bool,
    /// By which law not.
    closed_by: Option<HearingClosedBy>,
    /// And why.
    #[oai(validator(max_length = 500))]
    closed_reason: Option<String>,
    /// Who takes part.
    #[oai(validator(min_items = 1, max_items = 100))]
    participants: Vec<NewSeat>,
    /// What was judged.
    facts: HearingFacts,
    /// Why sooner than the lead.
    #[oai(validator(max_length = 500))]
    pub soon_reason: Option<String>,
    /// Why at a time at which somebody is busy.
    #[oai(validator(max_length = 500))]
    pub conflict_reason: Option<String>,
    /// It goes on from, or replaces, this hearing.
    pub follows: Option<Uuid>,
    /// 关联庭审: a hearing of this court, of whatever case, it is heard together with or right after.
    pub linked_to: Option<Uuid>,
}

fn yes() -> bool {
    true
}

impl NewHearing {
    /// The seats, as they were chosen.
    pub fn chosen(&self) -> Vec<Chosen> {
        self.participants.iter().map(NewSeat::chosen).collect()
    }

    /// Why it is not public.
    pub fn closed_reason(&self) -> Option<&str> {
        self.closed_reason.as_deref()
    }

    /// The wish, once its people are known.
    ///
    /// # Errors
    /// A kind that is secret, unknown, or not held here; a template nobody knows.
    pub fn wish(&self, guests: Vec<Guest>, settings: &Settings) -> Result<Wish> {
        let template = match self.template.as_deref() {
            Some(word) => Some(Template::parse(word).ok_or_else(no_template)?),
            None => None,
        };
        Ok(Wish {
            kind: kinds::read(&self.kind, &settings.kinds)?,
            template,
            starts_at: self.starts_at,
            minutes: self.minutes,
            days: self.days.unwrap_or(1),
            also: self.also_at.clone(),
            joined: self.joined_case_ids.clone(),
            courtroom: self.courtroom_id,
            online: self.online,
            public: self.public,
            closed_by: self.closed_by.map(HearingClosedBy::rule),
            guests,
            judged: self.facts.judged(),
        })
    }
}

fn no_template() -> Error {
    Error::invalid(
        "hearing.template",
        said("没有这个笔录模板。", "There is no such template."),
        said("请从列表中选择。", "Choose one of the list."),
    )
    .at("/template")
}
