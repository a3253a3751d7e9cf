//! 谁能操作庭审、何时能操作: who may take which step, and what must be ready first.
//!
//! Owns the rights of judge and clerk over the course of a hearing (互联网法庭使用指引 4, 5; 在线诉讼规则 Art 21, 27) and the
//! obstacles to opening: those that stand, and those a judge may set aside with a reason. Must never let a party drive
//! the hearing, or let it open while it could not be recorded.

use serde::Serialize;

use super::law::{self, Article};
use super::refusal::{Refusal, reasoned};
use super::states::{Course, Step, next};
use super::words::{Role, State};

/// Who takes a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// 审判长、独任审判员.
    Judge,
    /// 书记员、法官助理.
    Clerk,
    /// The platform: what follows by itself from what people did.
    House,
    /// Anybody else.
    Other,
}

impl Hand {
    /// The hand of a role.
    pub const fn of(role: Role) -> Self {
        if role.presides() {
            Self::Judge
        } else if role.is_clerk() {
            Self::Clerk
        } else {
            Self::Other
        }
    }
}

/// How much room there is for recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// Enough.
    Ready,
    /// Past the first mark: goes on, and warns.
    Low,
    /// Past the second mark, or not reachable: no *new* hearing; one that runs goes on.
    Full,
}

/// What is known when a step is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ready {
    /// The recorder answers and has written its first bytes.
    pub recorder: bool,
    /// Where recordings go.
    pub storage: Storage,
    /// Every member of the bench is in the room.
    pub bench_complete: bool,
    /// A clerk is in the room.
    pub clerk_present: bool,
    /// The presiding judge is connected.
    pub judge_connected: bool,
    /// At least one party's side is in the room.
    pub any_party_present: bool,
    /// Parties whose identity has not been checked today (在线诉讼规则 Art 7).
    pub unidentified: usize,
    /// Participants who have not acknowledged the discipline of the court.
    pub unacknowledged: usize,
    /// Everybody present agreed to mediate.
    pub mediation_agreed: bool,
    /// Everybody present agreed that the mediation is recorded.
    pub recording_agreed: bool,
    /// The transcript stands as a numbered version.
    pub transcript_fixed: bool,
    /// Everybody signed it, or refused and the refusal is noted.
    pub signatures_complete: bool,
}

/// Something in the way of opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Obstacle {
    /// Stable code.
    pub code: &'static str,
    /// What.
    pub zh: String,
    /// What, in English.
    pub en: String,
    /// 依据.
    pub article: Article,
    /// The judge may set it aside with a reason.
    pub may_be_set_aside: bool,
}

/// What stands in the way of opening now, the hard ones first.
pub fn obstacles(ready: &Ready) -> Vec<Obstacle> {
    let one = |code, zh: &str, en: &str, article, soft| Obstacle { code, zh: zh.into(), en: en.into(), article, may_be_set_aside: soft };
    let mut found = Vec::new();
    if !ready.recorder {
        found.push(one("recorder", "录音录像设备没有就绪。", "The recorder is not ready.", law::REC3, false));
    }
    if ready.storage == Storage::Full {
        let (zh, en) = ("录像的存储空间不足或者连接不上，不能开始新的庭审。", "There is no room for recordings, or it cannot be reached.");
        found.push(one("storage", zh, en, law::REC3, false));
    }
    if !ready.bench_complete {
        found.push(one("bench", "审判组织没有到齐。", "The bench is not complete.", law::L40, false));
    }
    if !ready.clerk_present {
        found.push(one("clerk", "书记员不在庭。", "No clerk is in the room.", law::L140, false));
    }
    if !ready.any_party_present {
        found.push(one("parties", "没有一方当事人到庭。", "No party is in the room.", law::L140, true));
    }
    if ready.unidentified > 0 {
        let zh = format!("有 {} 人还没有核对身份。", ready.unidentified);
        found.push(one("identity", &zh, &format!("{} people have not been identified.", ready.unidentified), law::OL7, true));
    }
    if ready.unacknowledged > 0 {
        let zh = format!("有 {} 人还没有确认法庭纪律。", ready.unacknowledged);
        let en = format!("{} people have not acknowledged the discipline of the court.", ready.unacknowledged);
        found.push(one("discipline", &zh, &en, law::OL25, true));
    }
    found
}

/// Refuses a step that this hand may not take, or not yet.
///
/// # Errors
/// The first thing in the way, with its cure.
pub fn check(course: &Course, step: &Step, hand: Hand, ready: &Ready, set_aside: Option<&str>) -> Result<(), Refusal> {
    if !may_drive(course.state, step, hand, ready) {
        return Err(not_yours(step));
    }
    course.event(step.clone(), course.last_at.unwrap_or_default())?;
    if let Some(reason) = step.reason() {
        reasoned(reason, "/reason")?;
    }
    match step {
        Step::Open => opening(ready, set_aside),
        Step::BeginMediation { recorded, .. } => mediation(ready, *recorded),
        Step::StartSigning if !ready.transcript_fixed => Err(Refusal::new(
            "hearing.transcript_open",
            ("笔录还没有定稿。", "The transcript has not been fixed yet."),
            ("请书记员先定稿，再发起签名。", "Let the clerk fix a version first."),
        )
        .by(law::L150)),
        Step::Lock if !ready.signatures_complete => Err(Refusal::new(
            "hearing.signatures_open",
            ("还有人没有签名，也没有记明拒签。", "Somebody has neither signed nor refused."),
            ("请等最后一人签完，或者记明拒绝签名的情况。", "Wait for the last signature, or note the refusal."),
        )
        .by(law::L150)),
        _ => Ok(()),
    }
}

/// Who may take a step. The judge directs; the clerk prepares, cancels, and keeps the room when the judge is cut off.
fn may_drive(state: State, step: &Step, hand: Hand, ready: &Ready) -> bool {
    match step {
        Step::OpenWaiting => hand != Hand::Other,
        Step::StartSigning | Step::ReopenTranscript | Step::Cancel { .. } => matches!(hand, Hand::Judge | Hand::Clerk),
        Step::Close => hand == Hand::Clerk,
        Step::Lock => hand == Hand::House,
        // before opening a new date is the clerk's business; later, whether to go on is the judge's
        Step::Postpone { .. } => hand == Hand::Judge || (hand == Hand::Clerk && state.is_before()),
        // 法庭一方断线: somebody must be able to stop the hearing
        Step::Suspend { .. } => hand == Hand::Judge || (hand == Hand::Clerk && !ready.judge_connected),
        _ => hand == Hand::Judge,
    }
}

fn opening(ready: &Ready, set_aside: Option<&str>) -> Result<(), Refusal> {
    let found = obstacles(ready);
    let Some(first) = found.first() else { return Ok(()) };
    if found.iter().all(|o| o.may_be_set_aside) {
        return match set_aside {
            Some(reason) => reasoned(reason, "/set_aside"),
            None => Err(refused(
                "hearing.open_reason",
                first,
                ("确有必要开庭的，请写明理由。", "If the hearing must open all the same, give a reason."),
            )
            .at("/set_aside")),
        };
    }
    Err(refused(
        "hearing.not_ready",
        first,
        ("请先排除，再开庭。可以先让技术人员查看。", "Mend it first; the technician on duty can help."),
    ))
}

fn refused(code: &'static str, what: &Obstacle, cure: (&'static str, &'static str)) -> Refusal {
    Refusal::new(code, (what.zh.clone(), what.en.clone()), cure).by(what.article)
}

fn mediation(ready: &Ready, recorded: bool) -> Result<(), Refusal> {
    if !ready.mediation_agreed {
        return Err(Refusal::new(
            "hearing.mediation_consent",
            ("在庭各方还没有都同意调解。", "Not everybody present has agreed to mediate."),
            ("请逐方询问，都同意后再转入调解。", "Ask each side; go on when all agree."),
        )
        .by(law::OL4));
    }
    if recorded && !ready.recording_agreed {
        return Err(Refusal::new(
            "hearing.mediation_recording",
            ("调解不公开，在庭各方没有都同意录制。", "Mediation is confidential, and not everybody agreed to be recorded."),
            ("请不录制地调解，或者先征得各方同意。", "Mediate without recording, or ask everybody first."),
        )
        .by(law::OL8)
        .at("/recorded"));
    }
    Ok(())
}

fn not_yours(step: &Step) -> Refusal {
    let (zh, en) = match step {
        Step::Lock => ("笔录在最后一人签名后自动锁定。", "The transcript locks by itself with the last signature."),
        Step::Close => ("由书记员关闭法庭。", "The clerk closes the room."),
        _ => ("这一步由审判长（独任审判员）决定。", "This step is the presiding judge's to take."),
    };
    Refusal::new("hearing.not_yours", (zh, en), ("需要时请举手，或者联系书记员。", "Raise your hand, or speak to the clerk."))
}

/// The steps this hand may take now, for the buttons of its page.
pub fn offered(course: &Course, hand: Hand, ready: &Ready) -> Vec<&'static str> {
    let possible = |s: &&Step| next(course.state, course.part, s).is_some() && may_drive(course.state, s, hand, ready);
    Step::samples().iter().filter(possible).map(Step::key).collect()
}
