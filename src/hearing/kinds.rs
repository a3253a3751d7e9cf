//! 庭审类型: what each of the nine kinds of session asks for.
//!
//! Owns the table: the step of the proceedings it is (and so whose consent it needs), whether there is a bench, a notice
//! three days before, a public, a recording, a transcript, and its template; and what is no session at all, because it is
//! a secret of the trial (网上开庭工作指南 13). Must never let deliberation be held as a session parties can see.

use serde::Serialize;

use super::law;
use super::refusal::Refusal;
use super::transcript::Template;
use super::words::{SessionKind, Stage};
use crate::delivery::words::{Procedure, Step};

/// What a kind of session asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// 环节, of the consent ledger (在线诉讼规则 Art 1, 4).
    pub step: Step,
    /// 开庭三日前通知 (民事诉讼法 Art 139): of a trial alone.
    pub noticed_before: bool,
    /// There may be a gallery, where the case is public.
    pub may_be_public: bool,
    /// 一律公开 (民事诉讼法 Art 151).
    pub always_public: bool,
    /// 应当录音录像 (庭审录音录像规定 Art 1, 18).
    pub recorded: bool,
    /// 不公开 by nature (在线诉讼规则 Art 8).
    pub confidential: bool,
    /// Its stages, in order.
    pub stages: &'static [Stage],
    /// Folder of the case file its transcript goes into (civil, main volume).
    pub folder: i32,
}

/// The table.
pub const fn of(kind: SessionKind) -> Kind {
    let base = Kind {
        step: Step::Hearing,
        noticed_before: false,
        may_be_public: false,
        always_public: false,
        recorded: true,
        confidential: false,
        stages: &[Stage::Opening],
        folder: 17,
    };
    match kind {
        SessionKind::Trial => Kind { noticed_before: true, may_be_public: true, stages: TRIAL, ..base },
        SessionKind::Pronouncement => {
            Kind { may_be_public: true, always_public: true, stages: &[Stage::Opening, Stage::Judgment], folder: 21, ..base }
        }
        SessionKind::PretrialMeeting => Kind {
            step: Step::EvidenceExchange,
            stages: &[Stage::Opening, Stage::Statements, Stage::Evidence, Stage::Issues, Stage::Settlement],
            folder: 15,
            ..base
        },
        SessionKind::EvidenceExchange => {
            Kind { step: Step::EvidenceExchange, stages: &[Stage::Opening, Stage::Evidence, Stage::Issues], folder: 15, ..base }
        }
        SessionKind::Inquiry => Kind {
            step: Step::Inquiry,
            may_be_public: true,
            stages: &[Stage::Opening, Stage::Statements, Stage::Evidence, Stage::Final],
            folder: 13,
            ..base
        },
        SessionKind::Questioning => Kind { step: Step::Inquiry, stages: &[Stage::Opening, Stage::Statements], folder: 13, ..base },
        SessionKind::Arraignment => Kind { step: Step::Inquiry, stages: &[Stage::Opening, Stage::Statements], folder: 13, ..base },
        SessionKind::Mediation => Kind {
            step: Step::Mediation,
            recorded: false,
            confidential: true,
            stages: &[Stage::Opening, Stage::Settlement],
            folder: 14,
            ..base
        },
        SessionKind::Service => Kind { step: Step::Service, recorded: true, stages: &[Stage::Opening], folder: 22, ..base },
    }
}

const TRIAL: &[Stage] =
    &[Stage::Opening, Stage::Statements, Stage::Evidence, Stage::Issues, Stage::Debate, Stage::Final, Stage::Settlement, Stage::Judgment];

/// How a trial goes through its stages: the order is the law's in ordinary procedure and free in summary procedure (民事诉讼法
/// Art 163); with an earlier conference the parties only add (指引 8); element by element where all agree (指引 8).
pub fn stages(kind: SessionKind, template: Template) -> Vec<Stage> {
    match (kind, template) {
        (SessionKind::Trial, Template::ElementStyle) => {
            vec![Stage::Opening, Stage::Statements, Stage::Element, Stage::Final, Stage::Settlement, Stage::Judgment]
        }
        (SessionKind::Trial, Template::AfterConference) => {
            vec![Stage::Opening, Stage::Evidence, Stage::Debate, Stage::Final, Stage::Settlement, Stage::Judgment]
        }
        _ => of(kind).stages.to_vec(),
    }
}

/// Which templates fit.
pub fn templates(kind: SessionKind, procedure: Procedure, conference_held: bool, all_agree: bool) -> Vec<Template> {
    match kind {
        SessionKind::Trial => {
            let mut fit = vec![if procedure.is_summary() { Template::Summary } else { Template::Ordinary }];
            if conference_held {
                fit.push(Template::AfterConference);
            }
            // 要素式: 简易案件、各方同意
            if procedure.is_summary() && all_agree {
                fit.push(Template::ElementStyle);
            }
            fit
        }
        SessionKind::Mediation => vec![Template::Mediation],
        SessionKind::PretrialMeeting | SessionKind::EvidenceExchange => vec![Template::Conference],
        SessionKind::Pronouncement => vec![Template::Pronouncement],
        _ => vec![Template::Questioning],
    }
}

/// What is deliberated, and so never a session (A07).
const SECRET: &[(&str, &str, &str)] = &[
    ("panel_deliberation", "合议庭评议", "deliberation of the panel"),
    ("judges_meeting", "专业法官会议", "meeting of specialised judges"),
    ("judicial_committee", "审判委员会讨论", "judicial committee"),
];

/// Reads a kind of session.
///
/// # Errors
/// What is secret, what nobody knows, and what this court does not hold online.
pub fn read(word: &str, of_this_court: &[String]) -> Result<SessionKind, Refusal> {
    if let Some((_, zh, en)) = SECRET.iter().find(|(key, _, _)| *key == word) {
        return Err(Refusal::new(
            "hearing.trial_secret",
            (
                format!("{zh}涉及审判秘密，不得在当事人可见的在线庭审中进行。"),
                format!("The {en} is a secret of the trial and is never an online session."),
            ),
            ("请在法院内网按保密规定进行。", "Hold it inside the court, by the rules of secrecy."),
        )
        .by(law::HB13)
        .at("/kind"));
    }
    let unknown = Refusal::new(
        "hearing.kind",
        ("没有这种庭审类型。", "There is no such kind of session."),
        ("请从列表中选择。", "Choose one of the list."),
    )
    .at("/kind");
    let kind = SessionKind::parse(word).ok_or(unknown)?;
    if of_this_court.iter().any(|code| code == word) {
        return Ok(kind);
    }
    Err(Refusal::new(
        "hearing.kind_not_here",
        (format!("本院没有开通在线{}。", kind.zh()), format!("This court does not hold this online: {}.", kind.en())),
        ("请换一种类型，或者安排到庭进行。", "Choose another kind, or hold it in court."),
    )
    .at("/kind"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // part of A02, A03, A07
    #[test]
    fn nine_kinds_and_no_secret_one() {
        assert_eq!(SessionKind::ALL.len(), 9);
        let all: Vec<String> = SessionKind::ALL.iter().map(|k| k.key().to_owned()).collect();
        for kind in SessionKind::ALL {
            assert_eq!(read(kind.key(), &all), Ok(*kind));
            let k = of(*kind);
            assert_eq!(k.stages[0], Stage::Opening);
            assert!(!k.always_public || k.may_be_public);
            assert!(!(k.confidential && k.may_be_public));
            let templates = templates(*kind, Procedure::Ordinary, false, false);
            assert!(templates.iter().all(|t| stages(*kind, *t)[0] == Stage::Opening) && !templates.is_empty());
        }
        for word in ["panel_deliberation", "judges_meeting", "judicial_committee"] {
            assert_eq!(read(word, &all).unwrap_err().code, "hearing.trial_secret");
        }
        assert_eq!(read("party", &all).unwrap_err().code, "hearing.kind");
        let shandong: Vec<String> = all.iter().filter(|c| *c != "arraignment").cloned().collect();
        assert_eq!(read("arraignment", &shandong).unwrap_err().code, "hearing.kind_not_here");
    }

    #[test]
    fn consent_is_asked_for_the_step_it_is() {
        for (kind, step) in [
            (SessionKind::Trial, Step::Hearing),
            (SessionKind::Pronouncement, Step::Hearing),
            (SessionKind::EvidenceExchange, Step::EvidenceExchange),
            (SessionKind::PretrialMeeting, Step::EvidenceExchange),
            (SessionKind::Mediation, Step::Mediation),
            (SessionKind::Questioning, Step::Inquiry),
            (SessionKind::Service, Step::Service),
        ] {
            assert_eq!(of(kind).step, step, "{kind:?}");
        }
        assert_eq!(SessionKind::ALL.iter().filter(|k| of(**k).noticed_before).count(), 1);
    }

    // part of H28, H29
    #[test]
    fn templates_follow_procedure_conference_and_consent() {
        let fit = |procedure, held, agree| templates(SessionKind::Trial, procedure, held, agree);
        assert_eq!(fit(Procedure::Ordinary, false, true), [Template::Ordinary]);
        assert_eq!(fit(Procedure::Ordinary, true, false), [Template::Ordinary, Template::AfterConference]);
        assert_eq!(fit(Procedure::Summary, false, false), [Template::Summary]);
        assert_eq!(fit(Procedure::SmallClaims, false, true), [Template::Summary, Template::ElementStyle]);
        assert!(!stages(SessionKind::Trial, Template::AfterConference).contains(&Stage::Statements));
        assert!(stages(SessionKind::Trial, Template::ElementStyle).contains(&Stage::Element));
        assert_eq!(stages(SessionKind::Trial, Template::Ordinary).len(), 8);
    }
}
