//! 笔录签名: who signs what, in which order, bound to which version; when it locks.
//!
//! Owns the order (当事人、代理人 → 书记员 → 审判人员), the binding of a signature to the digest of exactly one version and
//! to a check of identity, refusals (民事诉讼法 Art 150; 在线诉讼规则 Art 34), and the moment of the last signature, by which
//! the transcript locks and an agreement reached in the room takes effect (指引 8). Must never count a signature for a
//! version its signer did not read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::law;
use super::refusal::{Refusal, reasoned};
use super::words::Role;
use crate::kit::words::words;

words! {
    /// 签署方式.
    Way as "SignedWay":
    Handwritten = "handwritten", "手写", "by hand";
    Typed = "typed", "确认并输入姓名", "typed, for those who cannot draw";
    OnPaper = "on_paper", "纸质签名后扫描", "on paper, scanned";
}

words! {
    /// What is signed.
    What as "SigningWhat":
    Transcript = "transcript", "庭审笔录", "transcript";
    Agreement = "agreement", "调解协议", "mediation agreement";
    Checksum = "checksum", "录音录像完整性校验码", "checksum of the recording";
}

/// A signature, or its refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Participant.
    pub signer: Uuid,
    /// The digest it is bound to: of the whole, or of one's own part.
    pub digest: String,
    /// When.
    pub at: DateTime<Utc>,
    /// How; none of a refusal.
    pub way: Option<Way>,
    /// The check of identity it rests on.
    pub identity: Option<Uuid>,
    /// 拒绝签名, and why, as the clerk notes it.
    pub refused: Option<String>,
}

/// Who has to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signer {
    /// Participant.
    pub id: Uuid,
    /// Role.
    pub role: Role,
    /// The digest he or she signs: the whole version's, or the own part's.
    pub digest: String,
    /// Was in the room; who never came does not sign.
    pub attended: bool,
}

/// The wave a role signs in.
pub const fn wave(role: Role) -> Option<u8> {
    match role {
        r if r.is_party_side() || r.waits_apart() => Some(1),
        Role::Interpreter | Role::Mediator | Role::Prosecutor => Some(1),
        r if r.is_clerk() => Some(2),
        r if r.is_bench() => Some(3),
        _ => None,
    }
}

/// How one signer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Signed this version.
    Signed,
    /// 拒绝签名, noted.
    Refused,
    /// Signed an earlier version: to be signed anew.
    Stale,
    /// May sign now.
    Due,
    /// Waits for others.
    Waits,
}

/// How signing stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Signer by signer, in order.
    pub signers: Vec<(Uuid, Standing)>,
    /// Everybody signed, or refused and it is noted.
    pub complete: bool,
    /// When the last did.
    pub complete_at: Option<DateTime<Utc>>,
}

/// How signing stands now. Of several signatures of one person the latest counts.
pub fn progress(signers: &[Signer], signatures: &[Signature]) -> Progress {
    let mut due: Vec<&Signer> = signers.iter().filter(|s| s.attended && wave(s.role).is_some()).collect();
    due.sort_by_key(|s| (wave(s.role), !s.role.is_party_side(), s.role, s.id));
    let settled = |s: &Signer| latest(s, signatures).filter(|g| g.digest == s.digest);
    let first_open = due.iter().filter(|s| settled(s).is_none()).filter_map(|s| wave(s.role)).min();
    let standing = |s: &&Signer| match (settled(s), latest(s, signatures)) {
        (Some(g), _) if g.refused.is_some() => Standing::Refused,
        (Some(_), _) => Standing::Signed,
        (None, Some(_)) => Standing::Stale,
        _ if wave(s.role) == first_open => Standing::Due,
        _ => Standing::Waits,
    };
    let complete = !due.is_empty() && due.iter().all(|s| settled(s).is_some());
    let complete_at = if complete { due.iter().filter_map(|s| settled(s)).map(|g| g.at).max() } else { None };
    Progress { signers: due.iter().map(|s| (s.id, standing(s))).collect(), complete, complete_at }
}

fn latest<'a>(signer: &Signer, signatures: &'a [Signature]) -> Option<&'a Signature> {
    signatures.iter().filter(|g| g.signer == signer.id).max_by_key(|g| g.at)
}

/// Refuses a signature that would not count.
///
/// # Errors
/// What does not hold.
pub fn check(signers: &[Signer], signatures: &[Signature], new: &Signature, read_to_end: bool) -> Result<(), Refusal> {
    let Some(signer) = signers.iter().find(|s| s.id == new.signer && s.attended && wave(s.role).is_some()) else {
        return Err(Refusal::new(
            "signing.not_asked",
            ("这份笔录不需要您签名。", "This transcript does not ask for your signature."),
            ("有疑问请联系书记员。", "Ask the clerk."),
        ));
    };
    if new.digest != signer.digest {
        return Err(Refusal::new(
            "signing.other_version",
            ("笔录刚刚有改动，您看到的不是最新的一稿。", "The transcript was changed a moment ago; you are reading an earlier version."),
            ("请重新看一遍再签。", "Read the new version, then sign."),
        )
        .by(law::L150)
        .at("/digest"));
    }
    if latest(signer, signatures).is_some_and(|g| g.digest == signer.digest && g.refused.is_none()) {
        return Err(Refusal::new(
            "signing.done",
            ("您已经签过这一稿。", "You have signed this version."),
            ("不用再签。", "Nothing more to do."),
        ));
    }
    let now_due = progress(signers, signatures)
        .signers
        .iter()
        .filter(|(_, s)| matches!(s, Standing::Due | Standing::Stale))
        .any(|(id, _)| *id == new.signer);
    if !now_due && latest(signer, signatures).is_none() {
        return Err(Refusal::new(
            "signing.wait",
            (
                "还没有轮到您：当事人、代理人先签，再由书记员、审判人员签。",
                "Not yet: the parties and their agents sign first, then the clerk, then the bench.",
            ),
            ("轮到时会提醒您。", "You will be told."),
        ));
    }
    match (&new.refused, new.way) {
        (Some(reason), _) => reasoned(reason, "/reason"),
        (None, None) => Err(Refusal::new(
            "signing.no_way",
            ("没有签名。", "There is no signature."),
            ("请手写签名，或者选择输入姓名。", "Sign by hand, or choose to type your name."),
        )
        .at("/way")),
        (None, Some(_)) if !read_to_end => Err(Refusal::new(
            "signing.unread",
            ("您还没有看到笔录的最后。", "You have not read to the end."),
            ("请看完再签。", "Read it to the end, then sign."),
        )
        .at("/read_to")),
        (None, Some(Way::OnPaper)) => Ok(()),
        (None, Some(_)) if new.identity.is_none() => Err(Refusal::new(
            "signing.identity",
            ("签名前要核验身份。", "Your identity is checked before signing."),
            ("请先核验身份，再签名。", "Check your identity first."),
        )
        .by(law::OL7)
        .at("/identity")),
        (None, Some(_)) => Ok(()),
    }
}

/// 最后一人签名时生效 (指引 8): a refusal is no signature, and an agreement one side refuses does not take effect.
pub fn agreement_effective_at(signers: &[Signer], signatures: &[Signature]) -> Option<DateTime<Utc>> {
    let progress = progress(signers, signatures);
    let all_signed = progress.signers.iter().all(|(_, s)| *s == Standing::Signed);
    progress.complete_at.filter(|_| all_signed)
}

/// 签名的一次性链接: a QR code the clerk's or one's own screen shows, opened on a phone.
pub mod link {
    use chrono::{DateTime, TimeDelta, Utc};
    use uuid::Uuid;

    /// How long it is good.
    pub const GOOD_FOR: TimeDelta = TimeDelta::minutes(10);

    /// What was written down when it was made.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Link {
        /// Participant.
        pub signer: Uuid,
        /// The digest it leads to: a changed transcript ends it.
        pub digest: String,
        /// When.
        pub made_at: DateTime<Utc>,
        /// When it was opened.
        pub opened_at: Option<DateTime<Utc>>,
    }

    /// May it be opened now, for this version? The page it opens still checks who holds the phone.
    pub fn is_good(link: &Link, digest: &str, now: DateTime<Utc>) -> bool {
        link.opened_at.is_none() && link.digest == digest && now < link.made_at + GOOD_FOR && now >= link.made_at - TimeDelta::seconds(5)
    }
}
