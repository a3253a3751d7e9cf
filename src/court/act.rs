//! The closed list of permissions. One line each, named as in policies/roles.csv.
//!
//! Owns what may be asked of the wall. An act that is not here cannot be asked; an act that is here
//! but in no policy line is refused to everybody.

/// How an act enters a court.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Reads only: the transaction is READ ONLY.
    Read,
    /// Changes rows, seen from the caller's own seat.
    Write,
    /// Changes rows that the caller's seat does not show, such as looking for duplicates while filing
    /// or a join code before one is in the case. The act itself must check who may.
    System,
}

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $way:ident;)*) => {
        /// One permission.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum Act { $($(#[$doc])* $name),* }

        impl Act {
            /// Every act, in order.
            pub const ALL: &'static [Act] = &[$(Act::$name),*];

            /// The name used in policies and audit rows.
            pub fn key(self) -> &'static str {
                match self { $(Act::$name => $key),* }
            }

            /// Changes who may do what, or hides a case: wants a step-up of the last minutes.
            pub fn is_grave(self) -> bool {
                matches!(
                    self,
                    Act::PeopleManage
                        | Act::RulesSet
                        | Act::PoliciesSet
                        | Act::CaseSeal
                        | Act::CourtConfirm
                        | Act::StylePublish
                        | Act::CalendarSet
                )
            }

            /// How it enters a court.
            pub fn way(self) -> Way {
                match self { $(Act::$name => Way::$way),* }
            }
        }
    };
}

acts! {
    /// 提交立案申请.
    FilingSubmit = "filing:submit", System;
    /// 转线下办理.
    FilingOffline = "filing:offline", System;
    /// 看立案申请 (own, or all as staff).
    FilingRead = "filing:read", Read;
    /// 看立案队列.
    FilingQueue = "filing:queue", Read;
    /// 看到窗口办的登记.
    FilingCounter = "filing:counter", Read;
    /// 领取一件审查.
    FilingClaim = "filing:claim", Write;
    /// 立案、退回补正、不予受理.
    FilingReview = "filing:review", Write;
    /// 移送他院.
    FilingTransfer = "filing:transfer", Write;
    /// 补正或撤回自己的申请.
    FilingAnswer = "filing:answer", Write;
    /// 核验身份凭证.
    ProofReview = "proof:review", Write;
    /// 看身份凭证.
    ProofRead = "proof:read", Read;
    /// 提起上诉.
    AppealFile = "appeal:file", System;
    /// 移送上诉案件.
    AppealSend = "appeal:send", Write;
    /// 看案件 (own, or as staff).
    CaseRead = "case:read", Read;
    /// 看本院案件列表.
    CaseList = "case:list", Read;
    /// 下载卷宗.
    CaseFileRead = "case_file:read", Read;
    /// 看副卷.
    SecretFileRead = "case_file:read_secret", Read;
    /// 材料入卷.
    CaseFileAdd = "case_file:add", Write;
    /// 封存案件.
    CaseSeal = "case:seal", Write;
    /// 结案, 撤销结案.
    CaseClose = "case:close", Write;
    /// 分案、定承办人.
    CaseAssign = "case:assign", Write;
    /// 随机分案.
    CaseAllocate = "case:allocate", Write;
    /// 看关联码.
    JoinCodeRead = "case:join_codes", Read;
    /// 凭码关联案件.
    CaseJoin = "case:join", System;
    /// 委托、解除代理.
    RepresentativeChange = "case:representatives", System;
    /// 与同所律师共享案件.
    ColleagueChange = "case:colleagues", System;
    /// 看本案诉讼费 (own, or as staff).
    FeeRead = "fee:read", Read;
    /// 交费.
    FeePay = "fee:pay", System;
    /// 申请缓交、减交、免交.
    FeeReliefAsk = "fee:relief_ask", System;
    /// 核定、撤销费用单.
    FeeAssess = "fee:assess", Write;
    /// 申请退费.
    FeeRefundAsk = "fee:refund_ask", Write;
    /// 审批退费.
    FeeRefundApprove = "fee:refund_approve", Write;
    /// 决定缓交、减交、免交.
    FeeReliefDecide = "fee:relief_decide", Write;
    /// 按撤诉处理.
    FeeWithdraw = "fee:withdraw", Write;
    /// 看本院诉讼费账.
    FeeBooks = "fee:books", Read;
    /// 看转账和对账差异.
    FeeReconcile = "fee:reconcile", Read;
    /// 登记转账、退款凭证、对账结果.
    FeeCashier = "fee:cashier", Write;
    /// 看送达 (own, or as staff).
    ServiceRead = "service:read", Read;
    /// 发起送达.
    ServiceOrder = "service:order", Write;
    /// 登记送达的经过、结果.
    ServiceRecord = "service:record", Write;
    /// 审查对推定送达的异议.
    ServiceDecide = "service:decide", Write;
    /// 阅知、回复收悉、拒绝、提出异议.
    ServiceAnswer = "service:answer", System;
    /// 确认、变更送达地址, 同意或者撤回电子送达.
    AddressConfirm = "address:confirm", System;
    /// 试算期限.
    ClockWhatIf = "clock:what_if", Read;
    /// 看期限变动清单.
    ClockMoves = "clock:moves", Read;
    /// 停表: 诉讼中止, 不计入审限的日子.
    ClockSuspend = "clock:suspend", Write;
    /// 扣除在途时间.
    ClockTravel = "clock:travel", Write;
    /// 申请顺延期限.
    ClockExcuseAsk = "clock:excuse_ask", System;
    /// 决定是否准许顺延.
    ClockExcuseDecide = "clock:excuse_decide", Write;
    /// 登记平台故障.
    OutageEnter = "outage:enter", Write;
    /// 改节假日.
    CalendarSet = "calendar:set", Write;
    /// 看庭审 (own, or as staff).
    HearingRead = "hearing:read", Read;
    /// 排期、改期.
    HearingSchedule = "hearing:schedule", System;
    /// 推进庭审; the role in the hearing decides.
    HearingDrive = "hearing:drive", System;
    /// 庭前准备: 电话、名单.
    HearingPrepare = "hearing:prepare", Write;
    /// 参加庭审: what one does in one's own seat.
    HearingTake = "hearing:take_part", System;
    /// 申请查阅、复制庭审录音录像.
    RecordingAsk = "recording:ask", System;
    /// 决定查阅、复制的申请, 定保管期限.
    RecordingDecide = "recording:decide", Write;
    /// 删除到期的录音录像 (two people).
    RecordingDelete = "recording:delete", Write;
    /// 看录音录像.
    RecordingRead = "recording:read", Read;
    /// 技术看板: alerts.
    HearingBoard = "hearing:board", Write;
    /// 同意、撤回在线进行.
    HearingConsent = "hearing:consent", System;
    /// 写笔录、定稿; the role in the hearing decides.
    TranscriptWrite = "transcript:write", Write;
    /// 看法庭.
    CourtroomRead = "courtroom:read", Read;
    /// 管法庭.
    CourtroomManage = "courtroom:manage", Write;
    /// 看文书.
    PaperRead = "paper:read", Read;
    /// 看文书样式.
    StyleRead = "style:read", Read;
    /// 改文书样式的草稿.
    StyleDraft = "style:draft", Write;
    /// 发布、停用文书样式.
    StylePublish = "style:publish", Write;
    /// 看本院人员.
    PeopleRead = "people:read", Read;
    /// 管本院人员.
    PeopleManage = "people:manage", System;
    /// 看规则 (the page of the administrator; the public form needs no act).
    RulesRead = "rules:read", Read;
    /// 改规则.
    RulesSet = "rules:set", Write;
    /// 看权限.
    PoliciesRead = "policies:read", Read;
    /// 改权限.
    PoliciesSet = "policies:set", Write;
    /// 看审计.
    AuditRead = "audit:read", Read;
    /// 看全省情况.
    ProvinceRead = "province:read", Read;
    /// 启用待确认的法院.
    CourtConfirm = "court:confirm", Write;
}
