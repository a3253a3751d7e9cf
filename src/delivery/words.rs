//! The closed words of service: channels, papers, consent, events, effects; each with its stable key and two names.
//!
//! Owns the spelling used in tables, in the API and on certificates. A word, once used, keeps its key and meaning.
//! Must never decide anything.

use crate::kit::words::words;

words! {
    /// 送达方式 (民事诉讼法 Art 88–95).
    Channel:
    Inbox = "inbox", "平台收件箱", "platform inbox";
    NationalPlatform = "national_platform", "全国法院统一电子送达平台", "national e-delivery platform";
    Email = "email", "电子邮件", "e-mail";
    Chat = "chat", "即时通讯账号", "chat account";
    Sms = "sms", "手机短信", "text message";
    Post = "post", "邮寄", "post";
    Direct = "direct", "直接送达", "in person";
    AppointedReceiver = "appointed_receiver", "指定的代收人签收", "appointed receiver";
    HouseholdAdult = "household_adult", "同住成年家属签收", "adult of the household";
    Entrusted = "entrusted", "委托送达", "another court, entrusted";
    LeaveService = "leave_service", "留置送达", "left after refusal";
    PublicNotice = "public_notice", "公告送达", "public notice";
}

impl Channel {
    /// 电子方式 (民事诉讼法 Art 90).
    pub const fn is_electronic(self) -> bool {
        matches!(self, Self::Inbox | Self::NationalPlatform | Self::Email | Self::Chat | Self::Sms)
    }

    /// 简便方式 of summary procedure: text message, e-mail, chat (民诉法解释 Art 261).
    pub const fn is_simple_means(self) -> bool {
        matches!(self, Self::Email | Self::Chat | Self::Sms)
    }

    /// Handed over by a person of the court, or left.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Direct | Self::AppointedReceiver | Self::HouseholdAdult | Self::Entrusted | Self::LeaveService)
    }
}

words! {
    /// 对外通道: an outside service that carries a sending and reports of it. Text messages go through `person::messages`.
    Adapter:
    Mail = "mail", "电子邮件", "e-mail";
    NationalPlatform = "national_platform", "全国法院统一电子送达平台", "national e-delivery platform";
    Chat = "chat", "即时通讯账号", "chat account";
}

impl Adapter {
    /// Who carries a channel; none for what is ours or a person's.
    pub const fn of(channel: Channel) -> Option<Self> {
        match channel {
            Channel::Email => Some(Self::Mail),
            Channel::NationalPlatform => Some(Self::NationalPlatform),
            Channel::Chat => Some(Self::Chat),
            _ => None,
        }
    }
}

words! {
    /// 电子邮件中的文书.
    MailPapers:
    Attached = "attached", "作为附件", "attached";
    Linked = "linked", "登录查收", "behind the sign-in";
}

words! {
    /// What a sending is meant to be.
    Purpose as "SendingPurpose":
    Service = "service", "送达", "service";
    SimpleNotice = "simple_notice", "简便方式通知", "notice by simple means";
    Companion = "companion", "附随提示", "companion notice";
}

words! {
    /// 文书、材料的类别, as the rules of service tell them apart.
    PaperKind as "ServedPaperKind":
    Judgment = "judgment", "判决书", "judgment";
    Ruling = "ruling", "裁定书", "ruling";
    MediationStatement = "mediation_statement", "调解书", "mediation statement";
    Decision = "decision", "决定书", "decision";
    Notice = "notice", "通知书", "notice";
    FeeNotice = "fee_notice", "交费通知书", "fee notice";
    HearingNotice = "hearing_notice", "开庭通知", "hearing notice";
    Summons = "summons", "传票", "summons";
    Evidence = "evidence", "证据材料", "evidence";
    ComplaintCopy = "complaint_copy", "起诉状副本", "copy of the complaint";
    PleadingCopy = "pleading_copy", "答辩状、上诉状等副本", "copy of a pleading";
    PaymentOrder = "payment_order", "支付令", "payment order";
    CriminalJudgment = "criminal_judgment", "刑事裁判文书", "criminal judgment";
    EnforcementDecision = "enforcement_decision", "执行决定书", "enforcement decision";
    EnforcementNotice = "enforcement_notice", "执行通知书", "enforcement notice";
}

impl PaperKind {
    /// The class of a paper by the kind it is issued under; none for kinds nobody has put into a class yet.
    pub fn of_paper(kind: &str) -> Option<Self> {
        Some(match kind {
            "acceptance_notice" | "notice_to_respond" | "evidence_notice" | "panel_notice" | "transfer_notice" | "correction_notice"
            | "refusal_notice" | "refund_notice" => Self::Notice,
            // to agents, witnesses and others who are no party
            "appear_notice" => Self::HearingNotice,
            "relief_decision" => Self::Decision,
            "payment_notice" | "top_up_notice" => Self::FeeNotice,
            "pleading" => Self::ComplaintCopy,
            "defence" | "appeal" | "counterclaim" => Self::PleadingCopy,
            "preservation_ruling" | "withdrawal_ruling" => Self::Ruling,
            other => return Self::parse(other),
        })
    }

    /// 判决书、裁定书、调解书: what the Law excluded from electronic service until 2021.
    pub const fn is_judgment_like(self) -> bool {
        matches!(self, Self::Judgment | Self::Ruling | Self::MediationStatement)
    }

    /// Summons to a hearing: what absence may be held against.
    pub const fn calls_to_hearing(self) -> bool {
        matches!(self, Self::HearingNotice | Self::Summons)
    }

    /// 应当送达本人: nobody signs for the recipient but whom the recipient named (民诉法解释 Art 133, 429).
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::MediationStatement | Self::PaymentOrder)
    }
}

words! {
    /// 可以上诉的裁定 (民事诉讼法 Art 157).
    RulingKind:
    NotAccepted = "not_accepted", "不予受理裁定", "ruling not to accept the suit";
    Jurisdiction = "jurisdiction", "管辖权异议裁定", "ruling on an objection to jurisdiction";
    Dismissed = "dismissed", "驳回起诉裁定", "ruling dismissing the suit";
}

words! {
    /// 案件类别.
    CaseKind as "ServiceCaseKind":
    Civil = "civil", "民事", "civil";
    Administrative = "administrative", "行政", "administrative";
    Enforcement = "enforcement", "执行", "enforcement";
    Criminal = "criminal", "刑事", "criminal";
}

words! {
    /// 审理程序.
    Procedure as "ServiceProcedure":
    Ordinary = "ordinary", "普通程序", "ordinary procedure";
    Summary = "summary", "简易程序", "summary procedure";
    SmallClaims = "small_claims", "小额诉讼程序", "small claims procedure";
    SecondInstance = "second_instance", "第二审程序", "second instance";
    Enforcement = "enforcement", "执行程序", "enforcement";
    Special = "special", "特别程序、督促程序等", "special procedures";
}

impl Procedure {
    /// 简易程序, small claims being part of it.
    pub const fn is_summary(self) -> bool {
        matches!(self, Self::Summary | Self::SmallClaims)
    }
}

words! {
    /// 审级、阶段: consent at one is not consent at all.
    Stage as "ConsentStage":
    FirstInstance = "first_instance", "一审", "first instance";
    SecondInstance = "second_instance", "二审", "second instance";
    Retrial = "retrial", "再审", "retrial";
    Enforcement = "enforcement", "执行", "enforcement";
}

words! {
    /// 诉讼环节 (在线诉讼规则 Art 1, 4).
    Step as "OnlineStep":
    Filing = "filing", "立案", "filing";
    Mediation = "mediation", "调解", "mediation";
    EvidenceExchange = "evidence_exchange", "证据交换", "exchange of evidence";
    Inquiry = "inquiry", "询问", "inquiry";
    Hearing = "hearing", "庭审", "hearing";
    Service = "service", "送达", "service";
}

words! {
    /// 同意电子送达的情形 (在线诉讼规则 Art 29).
    ConsentKind:
    Express = "express", "明确表示同意", "says yes";
    Prior = "prior", "诉前约定或者承诺", "agreed before the suit";
    GaveAddress = "gave_address", "在诉状等材料中主动提供电子地址", "gave an electronic address";
    ByConduct = "by_conduct", "以行为接受", "accepted by conduct";
}

words! {
    /// How far a consent carries a service.
    Strength as "ConsentStrength":
    None = "none", "未同意", "none";
    ByConduct = "by_conduct", "以行为接受", "by conduct";
    Full = "full", "同意", "full";
}

words! {
    /// 电子地址的来历 (在线诉讼规则 Art 31).
    Standing as "AddressStanding":
    Confirmed = "confirmed", "受送达人确认的地址", "confirmed by the recipient";
    Provided = "provided", "受送达人主动提供的地址", "given by the recipient";
    IdentifiedAsOwn = "identified_as_own", "查明属于受送达人本人的地址", "identified as the recipient's own";
    Unknown = "unknown", "来历不明的地址", "of unknown origin";
}

impl Standing {
    /// 受送达人主动提供或者确认.
    pub const fn is_given(self) -> bool {
        matches!(self, Self::Confirmed | Self::Provided)
    }
}

words! {
    /// What a system, a courier or a person reports of a sending.
    SystemEvent:
    HandedOver = "handed_over", "已交付发送", "handed over for sending";
    SentOk = "sent_ok", "显示发送成功", "shown as sent";
    Arrived = "arrived", "到达对方系统", "arrived in the recipient's system";
    ArrivalProved = "arrival_proved", "受送达人证明的到达日期", "another arrival, proved by the recipient";
    Bounced = "bounced", "被退回", "bounced";
    MailboxFull = "mailbox_full", "对方邮箱已满", "mailbox full";
    NumberOff = "number_off", "号码停机或者空号", "number out of service";
    Read = "read", "系统反馈已阅", "reported as read";
    Downloaded = "downloaded", "已下载", "downloaded";
    ReceiptProved = "receipt_proved", "有其他证据证明已收悉", "receipt proved otherwise";
    AnsweredReceived = "answered_received", "回复已收到", "answered: received";
    ActedOnContent = "acted_on_content", "按送达内容作出诉讼行为", "acted on the content";
    Refused = "refused", "明确拒绝", "refused";
    Posted = "posted", "已交邮", "posted";
    CourierTried = "courier_tried", "已投递未妥投", "courier tried";
    Signed = "signed", "已签收", "signed for";
    Returned = "returned", "邮件退回", "returned by post";
    NoFaultProved = "no_fault_proved", "受送达人证明没有过错", "absence of fault proved";
    Left = "left", "已留置", "left at the place";
    Published = "published", "公告发布", "published";
    Disclaimed = "disclaimed", "收到的人称不是受送达人", "whoever got it says it is for somebody else";
    FoundOwn = "found_own", "经核实属于受送达人本人", "found to be the recipient's own";
}

impl SystemEvent {
    /// A fault that says nothing reached the recipient.
    pub const fn is_fault(self) -> bool {
        matches!(self, Self::Bounced | Self::MailboxFull | Self::NumberOff | Self::Disclaimed)
    }

    /// The recipient accepts: answers, or acts on what was served.
    pub const fn is_acceptance(self) -> bool {
        matches!(self, Self::AnsweredReceived | Self::ActedOnContent)
    }

    /// Something shows that the recipient had it in hand, without an answer.
    pub const fn is_receipt(self) -> bool {
        matches!(self, Self::Read | Self::Downloaded | Self::ReceiptProved)
    }
}

words! {
    /// 签收人.
    Signer as "ReceiptSigner":
    Recipient = "recipient", "受送达人本人", "the recipient";
    Agent = "agent", "诉讼代理人", "the recipient's agent";
    AppointedReceiver = "appointed_receiver", "指定的代收人", "the appointed receiver";
    OrganisationReceiver = "organisation_receiver", "法定代表人、负责人或者收发人员", "head or mail desk of the organisation";
    HouseholdAdult = "household_adult", "同住成年家属", "an adult of the household";
    OpposingParty = "opposing_party", "对方当事人", "the opposing party";
    Other = "other", "其他人", "somebody else";
}

words! {
    /// 退回的理由 (法院专递规定 Art 6, 11).
    ReturnReason:
    WrongAddress = "wrong_address", "提供或者确认的地址不准确", "the address given is wrong";
    ChangeNotTold = "change_not_told", "地址变更未及时告知", "a change of address was not told";
    AddressRefused = "address_refused", "拒不提供送达地址", "refused to give an address";
    SignRefused = "sign_refused", "本人或者指定的代收人拒绝签收", "refused to sign";
    NobodyMet = "nobody_met", "三次投递均无人", "nobody met";
    NotKnown = "not_known", "查无此人", "not known there";
    Other = "other", "其他", "other";
}

words! {
    /// 送达的结果.
    Effect as "ServiceEffect":
    Yes = "yes", "已送达", "served";
    Presumed = "presumed", "推定送达", "presumed served";
    No = "no", "未送达", "not served";
    NoticeUnusable = "notice_unusable", "不得作为缺席审理、按撤诉处理的依据", "not usable against absence";
}

impl Effect {
    /// Clocks start from it.
    pub const fn holds(self) -> bool {
        matches!(self, Self::Yes | Self::Presumed)
    }
}

words! {
    /// 结果代码: the row of the decision table, or of the paper routes. Printed on the certificate.
    Row as "EffectRow":
    R1 = "1", "到达受送达人系统", "arrived";
    R2 = "2", "显示发送成功", "shown as sent";
    R3 = "3", "未到达", "bounced";
    R4 = "4", "该文书不得电子送达", "not to be served electronically";
    R5 = "5", "回复收悉或者据以诉讼", "answered or acted on";
    R6 = "6", "系统反馈已阅或者有其他证据", "reported as read";
    R7 = "7", "到达未阅、未回复", "not read, not answered";
    R8 = "8", "未同意电子送达", "no consent";
    R9 = "9", "多种方式，以最先的为准", "several ways, the earliest";
    R10 = "10", "简便方式通知未经确认", "simple notice, not confirmed";
    Waiting = "waiting", "等待反馈", "no report yet";
    Companion = "companion", "附随提示", "companion notice";
    SimpleNotice = "simple_notice", "简便方式通知已确认", "simple notice, confirmed";
    Signed = "signed", "签收", "signed for";
    WrongSigner = "wrong_signer", "签收人不合要求", "signed by the wrong person";
    PostReturned = "post_returned", "退回之日视为送达", "return counts as service";
    PostNoEffect = "post_no_effect", "退回不发生送达效力", "return without effect";
    Left = "left", "留置", "left after refusal";
    LeftNoProof = "left_no_proof", "留置要件不全", "left without what the law asks";
    NoticeRunning = "notice_running", "公告期内", "public notice running";
    NoticeServed = "notice_served", "公告期满", "public notice complete";
    NotThisRoute = "not_this_route", "不得以此方式送达", "this route is barred";
}

words! {
    /// 推翻推定的理由 (在线诉讼规则 Art 31).
    Ground as "RebuttalGround":
    SystemError = "system_error", "系统错误", "system error";
    NotOwnAddress = "not_own_address", "送达地址非本人所有或者使用", "not the recipient's address";
    ReadByAnother = "read_by_another", "非本人阅知", "read by another";
}

words! {
    /// 异议的状态.
    RebuttalState:
    Open = "open", "待审查", "open";
    Upheld = "upheld", "异议成立", "upheld";
    Rejected = "rejected", "异议不成立", "rejected";
}

words! {
    /// What an allowed electronic service is bound to.
    Condition as "ConsentCondition":
    PaperOnRequest = "paper_on_request", "受送达人要纸质文书的应当提供", "a paper copy on request is a duty";
    ESignature = "e_signature", "须电子签收", "to be signed for electronically";
    KeepPaper = "keep_paper", "保留直接送达、留置送达", "keep the paper and leave-service route";
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
                    assert!(word.key().chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit()), "{}", word.key());
                }
                keys.sort_unstable();
                keys.dedup();
                assert_eq!(keys.len(), $name::ALL.len());
                assert_eq!($name::parse(""), None);
            )+};
        }
        check!(Channel, Purpose, PaperKind, CaseKind, Procedure, Stage, Step, ConsentKind, Strength, Standing, SystemEvent, Signer);
        check!(Adapter, RulingKind, MailPapers, ReturnReason, Effect, Row, Ground, RebuttalState, Condition);
    }

    #[test]
    fn issued_papers_find_their_class() {
        for (kind, class) in [
            ("acceptance_notice", Some(PaperKind::Notice)),
            ("notice_to_respond", Some(PaperKind::Notice)),
            ("enforcement_notice", Some(PaperKind::EnforcementNotice)),
            ("payment_notice", Some(PaperKind::FeeNotice)),
            ("pleading", Some(PaperKind::ComplaintCopy)),
            ("judgment", Some(PaperKind::Judgment)),
            ("summons", Some(PaperKind::Summons)),
            ("appear_notice", Some(PaperKind::HearingNotice)),
            ("withdrawal_ruling", Some(PaperKind::Ruling)),
            ("relief_decision", Some(PaperKind::Decision)),
            ("case_cover", None),
        ] {
            assert_eq!(PaperKind::of_paper(kind), class, "{kind}");
        }
    }
}
