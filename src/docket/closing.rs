//! 结案: the manner in which a case ends, and when. Owns `closed_at`, `closed_how` of cases.
//!
//! A case is 未结 until its judgment, ruling or settlement ends it (审限规定; 人民法院案件结案方式). Which manners there
//! are depends on the kind of case. A case closed by mistake is opened again, with the reason; both acts stay.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Enum;
use uuid::Uuid;

use super::read;
use super::timeline::{self, Note};
use crate::court::beijing::{beijing_date, day_en, day_zh, start_of_day};
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::words::column;

/// 结案方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Manner {
    /// 判决.
    Judgment,
    /// 调解.
    Mediation,
    /// 裁定准许撤诉.
    Withdrawal,
    /// 按撤诉处理.
    DeemedWithdrawal,
    /// 裁定驳回起诉.
    Dismissal,
    /// 移送管辖.
    Transfer,
    /// 终结诉讼.
    Termination,
    /// 执行完毕.
    Enforced,
    /// 终结本次执行程序.
    RoundEnded,
    /// 终结执行.
    EnforcementEnded,
    /// 销案.
    Cancelled,
    /// 不予执行.
    NotEnforced,
    /// 驳回申请.
    ApplicationRejected,
}

column!(Manner);

impl Manner {
    /// Every manner, in the order a page offers them.
    pub const ALL: [Self; 13] = [
        Self::Judgment,
        Self::Mediation,
        Self::Withdrawal,
        Self::DeemedWithdrawal,
        Self::Dismissal,
        Self::Transfer,
        Self::Termination,
        Self::Enforced,
        Self::RoundEnded,
        Self::EnforcementEnded,
        Self::Cancelled,
        Self::NotEnforced,
        Self::ApplicationRejected,
    ];

    /// The stable word.
    pub fn key(self) -> &'static str {
        match self {
            Self::Judgment => "judgment",
            Self::Mediation => "mediation",
            Self::Withdrawal => "withdrawal",
            Self::DeemedWithdrawal => "deemed_withdrawal",
            Self::Dismissal => "dismissal",
            Self::Transfer => "transfer",
            Self::Termination => "termination",
            Self::Enforced => "enforced",
            Self::RoundEnded => "round_ended",
            Self::EnforcementEnded => "enforcement_ended",
            Self::Cancelled => "cancelled",
            Self::NotEnforced => "not_enforced",
            Self::ApplicationRejected => "application_rejected",
        }
    }

    /// Its name, and the article the parties are told.
    pub fn said(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Judgment => ("判决", "judgment", "民事诉讼法 第一百五十五条"),
            Self::Mediation => ("调解", "settlement by mediation", "民事诉讼法 第一百条"),
            Self::Withdrawal => ("准许撤诉", "withdrawal granted", "民事诉讼法 第一百四十八条"),
            Self::DeemedWithdrawal => ("按撤诉处理", "treated as withdrawn", "民事诉讼法 第一百四十六条"),
            Self::Dismissal => ("驳回起诉", "suit dismissed", "民诉法解释 第二百零八条"),
            Self::Transfer => ("移送管辖", "transferred to another court", "民事诉讼法 第三十七条"),
            Self::Termination => ("终结诉讼", "proceedings terminated", "民事诉讼法 第一百五十四条"),
            Self::Enforced => ("执行完毕", "fully enforced", "执行案件立案结案意见 第十五条"),
            Self::RoundEnded => ("终结本次执行程序", "this round of enforcement ended", "民诉法解释 第五百一十七条"),
            Self::EnforcementEnded => ("终结执行", "enforcement ended", "民事诉讼法 第二百六十八条"),
            Self::Cancelled => ("销案", "case cancelled", "执行案件立案结案意见 第十八条"),
            Self::NotEnforced => ("不予执行", "enforcement refused", "民事诉讼法 第二百四十八条"),
            Self::ApplicationRejected => ("驳回申请", "application rejected", "执行案件立案结案意见 第二十条"),
        }
    }

    /// Does a case of this kind end so?
    pub fn fits(self, kind: &str) -> bool {
        use Manner as M;
        let of_enforcement =
            matches!(self, M::Enforced | M::RoundEnded | M::EnforcementEnded | M::Cancelled | M::NotEnforced | M::ApplicationRejected);
        of_enforcement == (kind == "enforcement")
    }
}

/// Refuses a manner of another kind of case, and a day before docketing or after today.
fn check(kind: &str, filed: NaiveDate, today: NaiveDate, manner: Manner, on: NaiveDate) -> Result<()> {
    if !manner.fits(kind) {
        let fitting: Vec<&str> = Manner::ALL.iter().filter(|m| m.fits(kind)).map(|m| m.said().0).collect();
        return Err(Error::invalid(
            "closing.manner",
            said(
                format!("这类案件没有「{}」这种结案方式。", manner.said().0),
                format!("This kind of case does not end by {}.", manner.said().1),
            ),
            said(format!("请从这些方式中选择：{}。", fitting.join("、")), "Choose a manner of this kind of case.".to_owned()),
        )
        .at("/manner"));
    }
    if on < filed || on > today {
        return Err(Error::invalid(
            "closing.day",
            said("结案日期应在立案之后、今天之前（含今天）。", "The day of closing lies after docketing and not after today."),
            said(format!("请填 {filed} 至 {today} 之间的日期。"), format!("Give a day from {filed} to {today}.")),
        )
        .at("/closed_on"));
    }
    Ok(())
}

fn state(closed: bool) -> Error {
    let (zh, en) = if closed {
        ("案件已经结案。", "The case is closed already.")
    } else {
        ("案件还没有结案。", "The case is not closed.")
    };
    Error::conflict("closing.state", said(zh, en), said("请刷新页面，看最新的进展。", "Reload the page to see how it stands."))
}

/// Closes a case.
///
/// # Errors
/// A manner of another kind of case; a day out of range; closed already.
pub async fn close(tx: &mut CourtTx, case: Uuid, manner: Manner, on: NaiveDate, note: &str) -> Result<()> {
    let row = read::row(tx, case).await?;
    if row.closed_at.is_some() {
        return Err(state(true));
    }
    let today = beijing_date(tx.now());
    check(&row.kind, beijing_date(row.filed_at), today, manner, on)?;
    // closed today is closed now; closed earlier, at the start of that day, never before docketing
    let at = if on == today { tx.now() } else { start_of_day(on).max(row.filed_at) };
    set(tx, case, Some((at, manner.key()))).await?;
    let (zh, en, article) = manner.said();
    let (tail_zh, tail_en) = if note.is_empty() { (String::new(), String::new()) } else { (format!("。{note}"), format!(". {note}")) };
    let text = said(format!("{}结案：{zh}{tail_zh}", day_zh(on)), format!("Closed on {}: {en}{tail_en}", day_en(on)));
    timeline::write(tx, case, Note::new("closed", text).by(article)).await
}

/// 恢复: a case closed by mistake, or whose enforcement goes on, is open again.
///
/// # Errors
/// Not closed.
pub async fn reopen(tx: &mut CourtTx, case: Uuid, reason: &str) -> Result<()> {
    if read::row(tx, case).await?.closed_at.is_none() {
        return Err(state(false));
    }
    set(tx, case, None).await?;
    timeline::write(tx, case, Note::new("reopened", said(format!("撤销结案，继续办理：{reason}"), format!("Opened again: {reason}")))).await
}

async fn set(tx: &mut CourtTx, case: Uuid, closed: Option<(DateTime<Utc>, &str)>) -> Result<()> {
    let court = tx.court;
    let (at, how) = closed.unzip();
    sqlx::query(
        "update cases set closed_at = $3, closed_how = $4, version = version + 1,
           stage = case when $3 is not null then 'closed' when panel = '[]' then 'docketed' else 'assigned' end
         where court_id = $1 and case_id = $2",
    )
    .bind(court)
    .bind(case)
    .bind(at)
    .bind(how)
    .execute(tx.conn())
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_case_ends_in_a_manner_of_its_kind_on_a_day_of_its_life() {
        let (filed, today) = (d("2026-03-02"), d("2026-06-01"));
        let rows = [
            ("civil", Manner::Judgment, "2026-06-01", None),
            ("civil", Manner::Judgment, "2026-03-02", None),
            ("civil", Manner::Judgment, "2026-03-01", Some("closing.day")),
            ("civil", Manner::Judgment, "2026-06-02", Some("closing.day")),
            ("civil", Manner::Enforced, "2026-06-01", Some("closing.manner")),
            ("administrative", Manner::Dismissal, "2026-06-01", None),
            ("enforcement", Manner::RoundEnded, "2026-06-01", None),
            ("enforcement", Manner::Judgment, "2026-06-01", Some("closing.manner")),
        ];
        for (kind, manner, on, code) in rows {
            let found = check(kind, filed, today, manner, d(on)).err().map(|e| e.code);
            assert_eq!(found, code, "{kind} {manner:?} {on}");
        }
        assert!(Manner::ALL.iter().all(|m| m.fits("civil") != m.fits("enforcement")));
    }
}
