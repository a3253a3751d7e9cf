//! The closed words of a hearing: kinds of session, roles, seats, places, states; each with its stable key and two names.
//!
//! Owns the spelling used in tables, in the API and in transcripts. A word, once used, keeps its key and meaning.
//! Must never decide anything.

use crate::kit::words::words;

words! {
    /// 庭审类型: what may be held (互联网法庭使用指引 1, 网上开庭工作指南 1).
    SessionKind:
    PretrialMeeting = "pretrial_meeting", "庭前会议", "pre-trial meeting";
    EvidenceExchange = "evidence_exchange", "证据交换", "exchange of evidence";
    Inquiry = "inquiry", "听证调查", "inquiry";
    Trial = "trial", "开庭审理", "trial";
    Mediation = "mediation", "调解", "mediation";
    Pronouncement = "pronouncement", "宣判", "pronouncement of judgment";
    Questioning = "questioning", "询问", "questioning";
    Arraignment = "arraignment", "提审", "examination of a person in custody";
    Service = "service", "送达", "service";
}

words! {
    /// 庭审参与人的身份.
    Role as "HearingRole":
    PresidingJudge = "presiding_judge", "审判长", "presiding judge";
    SoleJudge = "sole_judge", "审判员", "sole judge";
    PanelJudge = "panel_judge", "审判员", "judge";
    LayJudge = "lay_judge", "人民陪审员", "lay judge";
    JudgeAssistant = "judge_assistant", "法官助理", "judge's assistant";
    Clerk = "clerk", "书记员", "clerk";
    Party = "party", "当事人", "party";
    LegalRepresentative = "legal_representative", "法定代表人", "legal representative";
    Guardian = "guardian", "法定代理人", "guardian";
    Agent = "agent", "委托诉讼代理人", "agent";
    Defender = "defender", "辩护人", "defence counsel";
    Prosecutor = "prosecutor", "检察员", "prosecutor";
    Witness = "witness", "证人", "witness";
    Appraiser = "appraiser", "鉴定人", "appraiser";
    Inspector = "inspector", "勘验人", "inspector";
    ExpertAssistant = "expert_assistant", "有专门知识的人", "expert assistant";
    Interpreter = "interpreter", "翻译人员", "interpreter";
    Mediator = "mediator", "调解员", "mediator";
    Observer = "observer", "旁听人员", "observer";
    Press = "press", "媒体记者", "press";
    Technician = "technician", "技术人员", "technician";
}

impl Role {
    /// 审判组织.
    pub const fn is_bench(self) -> bool {
        matches!(self, Self::PresidingJudge | Self::SoleJudge | Self::PanelJudge | Self::LayJudge)
    }

    /// Directs the hearing.
    pub const fn presides(self) -> bool {
        matches!(self, Self::PresidingJudge | Self::SoleJudge)
    }

    /// 书记员、法官助理.
    pub const fn is_clerk(self) -> bool {
        matches!(self, Self::Clerk | Self::JudgeAssistant)
    }

    /// Works for the court in the room.
    pub const fn is_court(self) -> bool {
        self.is_bench() || self.is_clerk()
    }

    /// 当事人一方: the party and who acts for it.
    pub const fn is_party_side(self) -> bool {
        matches!(self, Self::Party | Self::LegalRepresentative | Self::Guardian | Self::Agent | Self::Defender)
    }

    /// Appears only for its own part (在线诉讼规则 Art 26): waits alone, hears nothing before being called.
    pub const fn waits_apart(self) -> bool {
        matches!(self, Self::Witness | Self::Appraiser | Self::Inspector | Self::ExpertAssistant)
    }

    /// Sees and hears only.
    pub const fn only_watches(self) -> bool {
        matches!(self, Self::Observer | Self::Press)
    }
}

words! {
    /// 诉讼地位: the side a party, and whoever acts for it, stands on.
    Side as "HearingSide":
    Plaintiff = "plaintiff", "原告", "plaintiff";
    Defendant = "defendant", "被告", "defendant";
    ThirdPartyIndependent = "third_party_independent", "有独立请求权第三人", "third party with an independent claim";
    ThirdParty = "third_party", "第三人", "third party";
    Appellant = "appellant", "上诉人", "appellant";
    Appellee = "appellee", "被上诉人", "appellee";
    Applicant = "applicant", "申请人", "applicant";
    Respondent = "respondent", "被申请人", "respondent";
    PublicInterest = "public_interest", "公益诉讼起诉人", "public-interest plaintiff";
    Prosecution = "prosecution", "公诉机关", "prosecution";
    Accused = "accused", "被告人", "accused";
}

impl Side {
    /// Sits on the left, seen from the gallery: who asks.
    pub const fn asks(self) -> bool {
        matches!(
            self,
            Self::Plaintiff | Self::ThirdPartyIndependent | Self::Appellant | Self::Applicant | Self::PublicInterest | Self::Prosecution
        )
    }

    /// Must appear, so that staying away has consequences (民事诉讼法 Art 146, 147).
    pub const fn is_third_without_claim(self) -> bool {
        matches!(self, Self::ThirdParty)
    }
}

words! {
    /// 参加方式.
    Mode as "HearingMode":
    Online = "online", "线上", "online";
    InCourt = "in_court", "线下到庭", "in court";
}

words! {
    /// 庭审状态.
    State as "HearingState":
    Scheduled = "scheduled", "已排期", "scheduled";
    Waiting = "waiting", "候庭", "waiting";
    Open = "open", "开庭中", "in session";
    Adjourned = "adjourned", "休庭", "adjourned";
    Suspended = "suspended", "因故障中止", "suspended for a fault";
    ClosedPart = "closed_part", "不公开部分", "closed part";
    Mediation = "mediation", "庭上调解", "mediation";
    Ended = "ended", "庭审结束，核对笔录", "ended, transcript under review";
    Signing = "signing", "笔录签名", "signing";
    Locked = "locked", "笔录已锁定", "locked";
    Closed = "closed", "已关闭", "closed";
    Cancelled = "cancelled", "已取消", "cancelled";
    Postponed = "postponed", "已改期", "postponed";
    MovedOffline = "moved_offline", "已转线下", "moved offline";
}

impl State {
    /// Between opening and end.
    pub const fn is_sitting(self) -> bool {
        matches!(self, Self::Open | Self::Adjourned | Self::Suspended | Self::ClosedPart | Self::Mediation)
    }

    /// Nothing can happen any more.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled | Self::Postponed | Self::MovedOffline)
    }

    /// Before opening.
    pub const fn is_before(self) -> bool {
        matches!(self, Self::Scheduled | Self::Waiting)
    }

    /// The transcript is read and signed.
    pub const fn is_after(self) -> bool {
        matches!(self, Self::Ended | Self::Signing | Self::Locked)
    }
}

words! {
    /// 录音录像可以间断的三种情形 (庭审录音录像若干规定 Art 3).
    BreakKind as "HearingBreakKind":
    Adjournment = "adjournment", "休庭", "adjournment";
    ClosedEvidence = "closed_evidence", "不公开质证", "evidence examined in closed session";
    Mediation = "mediation", "不宜录制的调解", "mediation unfit to be recorded";
}

words! {
    /// 庭审结束的情形.
    Outcome as "HearingOutcome":
    Completed = "completed", "审理完毕", "completed";
    Continued = "continued", "择日继续开庭", "to be continued on another day";
    Postponed = "postponed", "故障无法恢复，另行排期", "a fault could not be mended, to be scheduled anew";
    MovedOffline = "moved_offline", "转为线下审理", "moved offline";
    Settled = "settled", "达成调解协议", "settled";
    Withdrawn = "withdrawn", "撤诉或者按撤诉处理", "withdrawn";
}

words! {
    /// 庭审环节 (民事诉讼法 Art 140–145).
    Stage as "HearingStage":
    Opening = "opening", "身份与权利", "identity and rights";
    Statements = "statements", "诉辩", "claims and defence";
    Evidence = "evidence", "举证质证", "evidence";
    Element = "element", "要素审理", "element by element";
    Issues = "issues", "归纳争议焦点", "issues";
    Debate = "debate", "辩论", "debate";
    Final = "final", "最后意见", "final views";
    Settlement = "settlement", "调解", "mediation";
    Judgment = "judgment", "宣判", "judgment";
}

words! {
    /// Where a participant is: what decides who sees and hears whom.
    Place as "HearingPlace":
    Outside = "outside", "未进入", "outside";
    TestRoom = "test_room", "设备检测", "device test";
    WaitingRoom = "waiting_room", "候庭室", "waiting room";
    WitnessRoom = "witness_room", "候证室", "witness room";
    Courtroom = "courtroom", "法庭", "courtroom";
    Gallery = "gallery", "旁听席", "public gallery";
    PrivateRoom = "private_room", "私密会谈室", "private room";
    PanelRoom = "panel_room", "合议室", "panel room";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_stable_and_distinct() {
        macro_rules! check {
            ($($name:ident),+) => {$(
                let mut keys: Vec<&str> = $name::ALL.iter().map(|w| w.key()).collect();
                for word in $name::ALL {
                    assert_eq!($name::parse(word.key()), Some(*word));
                    assert_eq!(serde_json::to_value(word).unwrap(), word.key());
                    assert!(!word.zh().is_empty() && !word.en().is_empty());
                    assert!(word.key().chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", word.key());
                }
                keys.sort_unstable();
                keys.dedup();
                assert_eq!(keys.len(), $name::ALL.len());
                assert_eq!($name::parse(""), None);
            )+};
        }
        check!(SessionKind, Role, Side, Mode, State, BreakKind, Outcome, Stage, Place);
    }

    #[test]
    fn everybody_is_one_thing() {
        for role in Role::ALL {
            let what = [role.is_bench(), role.is_clerk(), role.is_party_side(), role.waits_apart(), role.only_watches()];
            assert!(what.iter().filter(|w| **w).count() <= 1, "{role:?}");
        }
        for state in State::ALL {
            let when = [state.is_before(), state.is_sitting(), state.is_after(), state.is_final()];
            assert_eq!(when.iter().filter(|w| **w).count(), 1, "{state:?}");
        }
    }
}
