//! Closed lists that filings show and take: what a file was filed as, what may be done next, why an original is wanted.
//! Must never decide; moves are `review_rules.rs`.

use crate::filing::review_rules::Move;
use crate::kit::words::choices;

choices! {
    /// 要求提供原件的理由.
    OriginalGround {
        /// 对方认为与原件不一致，并说明了理由.
        Objection = "objection",
        /// 电子材料不完整、不清晰或格式不规范.
        Unclear = "unclear",
        /// 卷宗档案管理规定要求.
        Archive = "archive",
        /// 法院认为有必要.
        CourtNeed = "court_need",
    }

    /// As what a file was filed.
    FileRole {
        /// 诉状.
        Pleading = "pleading",
        /// 证据.
        Evidence = "evidence",
        /// 材料.
        Paper = "paper",
        /// 一审卷.
        FirstFile = "first_file",
    }

    /// What somebody may do with a filing now.
    FilingAct {
        /// 退回补正.
        Return = "return",
        /// 立案.
        Accept = "accept",
        /// 不予受理.
        Refuse = "refuse",
        /// 移送.
        Transfer = "transfer",
        /// 撤回.
        Withdraw = "withdraw",
        /// 提交补正.
        Correct = "correct",
        /// 领取审查.
        Claim = "claim",
    }
}

impl From<Move> for FilingAct {
    fn from(by: Move) -> Self {
        match by {
            Move::Return => Self::Return,
            Move::Accept => Self::Accept,
            Move::Refuse => Self::Refuse,
            Move::Transfer => Self::Transfer,
            Move::Withdraw => Self::Withdraw,
            Move::Correct => Self::Correct,
        }
    }
}
