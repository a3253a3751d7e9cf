//! 送达开始的期限: which periods begin for a recipient when a paper was served on him or her.
//!
//! Owns the table from a paper to the keys of `court/periods.rs`. Each party's period runs from that party's own service
//! (民诉法解释 Art 244), from the day after it. Must never hold a length, or start an appeal where there is none.

use super::words::{CaseKind, Procedure, Stage};

/// A paper served, as far as periods depend on it.
#[derive(Debug, Clone, Copy)]
pub struct ServedPaper<'a> {
    /// Its kind, as it was issued.
    pub kind: &'a str,
    /// Kind of case.
    pub case: CaseKind,
    /// Procedure.
    pub procedure: Procedure,
    /// Stage.
    pub stage: Stage,
    /// Of a ruling: one of those that may be appealed (不予受理、管辖异议、驳回起诉).
    pub appealable: bool,
    /// The recipient answers the suit.
    pub answering: bool,
    /// The recipient has no domicile in China.
    pub abroad: bool,
}

/// Keys of the periods that begin.
pub fn started(p: ServedPaper<'_>) -> &'static [&'static str] {
    let administrative = p.case == CaseKind::Administrative;
    match p.kind {
        "payment_notice" | "fee_notice" if p.stage == Stage::SecondInstance => &["payment_appeal"],
        "payment_notice" | "fee_notice" => &["payment"],
        "top_up_notice" => &["fee_top_up"],
        "correction_notice" => &["correction"],
        "online_invitation" => &["online_reply"],
        "notice_to_respond" if !p.answering || p.case == CaseKind::Enforcement => &[],
        // the reply to an appeal runs from its copy, which the first court served
        "notice_to_respond" if p.stage == Stage::SecondInstance => &[],
        "notice_to_respond" if administrative => &["admin_defence"],
        "notice_to_respond" if p.abroad => &["defence_abroad", "jurisdiction_objection_abroad"],
        "notice_to_respond" => &["defence", "jurisdiction_objection"],
        "evidence_notice" => evidence(p),
        "judgment" | "ruling" => appeal(p),
        "preservation_ruling" => &["preservation_review"],
        "payment_order" => &["payment_order_object"],
        "payment_order_end" => &["payment_order_suit"],
        "appeal" if p.stage == Stage::FirstInstance => &["appeal_reply"],
        "retrial_application" if p.answering => &["retrial_reply"],
        _ => &[],
    }
}

/// The court sets the length; these name the row it is held against (民诉法解释 Art 99, 266, 275).
fn evidence(p: ServedPaper<'_>) -> &'static [&'static str] {
    match (p.stage, p.procedure) {
        (Stage::SecondInstance, _) => &["evidence_second"],
        (_, Procedure::SmallClaims) => &["evidence_small"],
        (_, Procedure::Summary) => &["evidence_summary"],
        _ => &["evidence"],
    }
}

/// Of first instance only; small claims have one instance, their rulings too (民事诉讼法 Art 165, 民诉法解释 Art 276,
/// 277), and so has special procedure.
fn appeal(p: ServedPaper<'_>) -> &'static [&'static str] {
    let judgment = p.kind == "judgment";
    let open = p.stage == Stage::FirstInstance
        && matches!(p.case, CaseKind::Civil | CaseKind::Administrative)
        && matches!(p.procedure, Procedure::Ordinary | Procedure::Summary)
        && (judgment || p.appealable);
    match (open, p.case, judgment, p.abroad) {
        (false, ..) => &[],
        (_, CaseKind::Administrative, true, _) => &["admin_appeal_judgment"],
        (_, CaseKind::Administrative, false, _) => &["admin_appeal_ruling"],
        (_, _, _, true) => &["appeal_abroad"],
        (_, _, true, _) => &["appeal_judgment"],
        (_, _, false, _) => &["appeal_ruling"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::court::periods;

    const CIVIL: ServedPaper<'_> = ServedPaper {
        kind: "",
        case: CaseKind::Civil,
        procedure: Procedure::Ordinary,
        stage: Stage::FirstInstance,
        appealable: false,
        answering: true,
        abroad: false,
    };

    #[test]
    fn papers_start_the_periods_of_the_table() {
        let of = |kind: &'static str| ServedPaper { kind, ..CIVIL };
        let summary = |kind| ServedPaper { procedure: Procedure::Summary, ..of(kind) };
        let small = |kind| ServedPaper { procedure: Procedure::SmallClaims, ..of(kind) };
        let administrative = |kind| ServedPaper { case: CaseKind::Administrative, ..of(kind) };
        let second = |kind| ServedPaper { stage: Stage::SecondInstance, ..of(kind) };
        let abroad = |kind| ServedPaper { abroad: true, ..of(kind) };
        let rows: &[(ServedPaper<'_>, &[&str])] = &[
            (of("payment_notice"), &["payment"]),
            (second("payment_notice"), &["payment_appeal"]),
            (of("top_up_notice"), &["fee_top_up"]),
            (of("notice_to_respond"), &["defence", "jurisdiction_objection"]),
            (abroad("notice_to_respond"), &["defence_abroad", "jurisdiction_objection_abroad"]),
            (administrative("notice_to_respond"), &["admin_defence"]),
            (ServedPaper { answering: false, ..of("notice_to_respond") }, &[]),
            (of("evidence_notice"), &["evidence"]),
            (summary("evidence_notice"), &["evidence_summary"]),
            (small("evidence_notice"), &["evidence_small"]),
            (second("evidence_notice"), &["evidence_second"]),
            (of("judgment"), &["appeal_judgment"]),
            (summary("judgment"), &["appeal_judgment"]),
            (small("judgment"), &[]),
            (abroad("judgment"), &["appeal_abroad"]),
            (second("judgment"), &[]),
            (administrative("judgment"), &["admin_appeal_judgment"]),
            (of("ruling"), &[]),
            (ServedPaper { appealable: true, ..of("ruling") }, &["appeal_ruling"]),
            (ServedPaper { appealable: true, ..small("ruling") }, &[]),
            (of("preservation_ruling"), &["preservation_review"]),
            (of("payment_order"), &["payment_order_object"]),
            (of("appeal"), &["appeal_reply"]),
            (ServedPaper { answering: false, ..of("appeal") }, &["appeal_reply"]),
            (second("appeal"), &[]),
            (second("notice_to_respond"), &[]),
            (of("acceptance_notice"), &[]),
            (ServedPaper { case: CaseKind::Enforcement, procedure: Procedure::Enforcement, ..of("ruling") }, &[]),
        ];
        for (paper, keys) in rows {
            assert_eq!(started(*paper), *keys, "{paper:?}");
            assert!(started(*paper).iter().all(|key| periods::rule(key).is_some()), "{paper:?}");
        }
    }
}
