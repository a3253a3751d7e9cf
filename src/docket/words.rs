//! What cases are made of, in words: kinds, stages, procedures, sides, capacities, volumes. Owns the closed lists that tables
//! and API share. Must never carry a rule.

use crate::kit::words::choices;

choices! {
    /// 案件种类.
    CaseKind {
        /// 民事.
        Civil = "civil",
        /// 行政.
        Administrative = "administrative",
        /// 执行.
        Enforcement = "enforcement",
    }

    /// 案件所处阶段.
    CaseStage {
        /// 已立案，待分案.
        Docketed = "docketed",
        /// 已确定承办人.
        Assigned = "assigned",
        /// 已结案.
        Closed = "closed",
    }

    /// 审理程序.
    Procedure {
        /// 简易程序.
        Summary = "summary",
        /// 普通程序.
        Ordinary = "ordinary",
        /// 小额诉讼.
        SmallClaims = "small_claims",
        /// 执行.
        Enforcement = "enforcement",
        /// 第二审程序.
        SecondInstance = "second_instance",
    }

    /// 诉讼地位; of second instance, who appeals is the plaintiff (上诉人) and the others are defendants (被上诉人).
    PartySide {
        /// 原告.
        Plaintiff = "plaintiff",
        /// 被告.
        Defendant = "defendant",
        /// 第三人.
        ThirdParty = "third_party",
        /// 申请执行人.
        Applicant = "applicant",
        /// 被执行人.
        Respondent = "respondent",
    }

    /// 当事人是什么 (民事诉讼法 第五十一条).
    PartyKind {
        /// 自然人.
        Natural = "natural",
        /// 法人.
        Legal = "legal",
        /// 非法人组织.
        Unincorporated = "unincorporated",
    }

    /// 诉讼代理人是什么 (民事诉讼法 第六十一条).
    RepresentativeKind {
        /// 律师.
        Lawyer = "lawyer",
        /// 基层法律服务工作者.
        LegalWorker = "legal_worker",
        /// 近亲属.
        Relative = "relative",
        /// 工作人员.
        Employee = "employee",
        /// 社区、单位或社会团体推荐的公民.
        Recommended = "recommended",
    }

    /// 代理权限 (民事诉讼法 第六十二条).
    Power {
        /// 一般授权.
        General = "general",
        /// 特别授权.
        Special = "special",
    }

    /// In what capacity somebody is in a case, or looks at it.
    Capacity {
        /// 本院人员, who may look without being in the case.
        Staff = "staff",
        /// 原告.
        Plaintiff = "plaintiff",
        /// 被告.
        Defendant = "defendant",
        /// 第三人.
        ThirdParty = "third_party",
        /// 申请执行人.
        Applicant = "applicant",
        /// 被执行人.
        Respondent = "respondent",
        /// 诉讼代理人.
        Representative = "representative",
        /// 共享案件的同所律师.
        Colleague = "colleague",
        /// 承办法官.
        Judge = "judge",
        /// 书记员.
        Clerk = "clerk",
        /// 审判长.
        PresidingJudge = "presiding_judge",
    }

    /// 审判组织里的身份.
    PanelRole {
        /// 审判长.
        PresidingJudge = "presiding_judge",
        /// 承办法官.
        Judge = "judge",
        /// 书记员.
        Clerk = "clerk",
    }

    /// What somebody may do with a case.
    CaseAct {
        /// 封存.
        Seal = "seal",
        /// 分案.
        Assign = "assign",
        /// 入卷.
        AddLeaf = "add_leaf",
        /// 结案.
        Close = "close",
        /// 查看加入码.
        JoinCodes = "join_codes",
        /// 阅副卷.
        ReadSecret = "read_secret",
        /// 中止期限.
        Suspend = "suspend",
        /// 记在途时间.
        Travel = "travel",
        /// 决定顺延申请.
        ExcuseDecide = "excuse_decide",
        /// 试算期限.
        WhatIf = "what_if",
        /// 委托代理人.
        Representatives = "representatives",
        /// 退出代理.
        Leave = "leave",
        /// 与同所律师共享.
        Colleagues = "colleagues",
    }

    /// 卷别.
    Volume {
        /// 正卷.
        Main = "main",
        /// 副卷.
        Secret = "secret",
    }

    /// Who may read a paper besides the court.
    PaperAudience {
        /// Everybody in the matter.
        All = "all",
        /// One person.
        Addressee = "addressee",
        /// Nobody.
        Staff = "staff",
    }

    /// How far an act is.
    ActState {
        /// 已办.
        Done = "done",
        /// 等待中.
        Waiting = "waiting",
        /// 待办.
        Planned = "planned",
    }

    /// Why an end was moved.
    MovedBy {
        /// 平台故障.
        Outage = "outage",
        /// 当事人申请顺延.
        Excuse = "excuse",
    }
}
