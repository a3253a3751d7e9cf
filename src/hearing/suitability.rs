//! 适宜性审查: may this session be held online at all?
//!
//! Owns the scope (互联网法庭使用指引 1, 网上开庭工作指南 1, 在线诉讼规则 Art 3, 37), what is excluded (指南 1), and the
//! seven bars (在线诉讼规则 Art 21). A verdict names the rule it used and the facts it was given, so that "why was I
//! refused" is answered by what is stored. Must never weigh anything by itself: where the law asks for a judgement, a judge
//! writes it down.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::law::{self, Article};
use super::refusal::LEAST_REASON;
use super::words::SessionKind;
use crate::delivery::words::CaseKind;
use crate::kit::text::signs;

/// 本院的范围: the rule `hearing_online`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Kinds of case heard online here.
    pub case_kinds: Vec<CaseKind>,
    /// Only what is heard in public by law (A01, A05).
    pub public_only: bool,
    /// The version of the rule.
    pub version: i32,
    /// Its basis.
    pub basis: String,
}

/// 依法不公开的理由.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    /// 国家秘密.
    StateSecret,
    /// 个人隐私.
    Privacy,
    /// 离婚案件，当事人申请不公开.
    DivorceOnApplication,
    /// 商业秘密案件，当事人申请不公开.
    TradeSecretOnApplication,
    /// 审判时被告人不满十八周岁.
    AccusedUnder18,
    /// 法律另有规定.
    OtherLaw,
}

/// How one of the bars that must be weighed stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Weighed {
    /// Nobody raised it.
    #[default]
    Absent,
    /// Raised, and nobody has judged it.
    Raised {
        /// What was said.
        what: String,
    },
    /// 成立.
    Found {
        /// Why.
        reason: String,
    },
    /// 不成立: online all the same.
    Dismissed {
        /// Why.
        reason: String,
    },
}

/// How one party stands to an online session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// Party.
    pub party: Uuid,
    /// Says clearly no.
    pub objects: bool,
    /// With a reason, and what became of it.
    pub reason: Weighed,
    /// Has device, network and skill, or comes to a place the court offers.
    pub able: bool,
}

/// The facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Kind of session.
    pub kind: SessionKind,
    /// Kind of case.
    pub case_kind: CaseKind,
    /// Somebody takes part online; else nothing here bars anything.
    pub online: bool,
    /// 不公开 by law.
    pub closed_by: Option<ClosedBy>,
    /// The parties.
    pub parties: Vec<Stand>,
    /// ③ 需要现场查明身份、核对原件、查验实物.
    pub on_site: Weighed,
    /// ④ 案件疑难复杂、证据繁多.
    pub complex: Weighed,
    /// ⑤ 国家安全、国家秘密.
    pub security: bool,
    /// ⑥ 重大社会影响.
    pub attention: Weighed,
    /// ⑦ 其他.
    pub other: Weighed,
    /// Of a criminal case.
    pub criminal: Option<Criminal>,
}

/// What a criminal case asks for besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criminal {
    /// 检察院同意.
    pub prosecution_agrees: bool,
    /// 被告人同意.
    pub accused_agrees: bool,
    /// 辩护人同意; true where there is none.
    pub defender_agrees: bool,
    /// 不会引发不良社会效果: the judge's own words (A04).
    pub effect_judged: Option<String>,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// A judge has to write why online all the same, or that it is barred.
    AskReason,
    /// 不得适用.
    Refuse,
}

/// Something found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code.
    pub code: &'static str,
    /// Which of the seven bars.
    pub bar: Option<u8>,
    /// How grave.
    pub weight: Weight,
    /// What.
    pub zh: String,
    /// What, in English.
    pub en: String,
    /// 依据.
    pub article: Article,
}

/// The verdict, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Findings, the gravest first; none: it fits.
    pub findings: Vec<Finding>,
    /// The rule it used: key, version, basis.
    pub rule: (&'static str, i32, String),
    /// The facts as they were given.
    pub facts: Facts,
}

impl Verdict {
    /// The gravest.
    pub fn worst(&self) -> Option<Weight> {
        self.findings.iter().map(|f| f.weight).max()
    }

    /// It may be held online.
    pub fn fits(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Judges the facts by the law and the court's rule.
pub fn judge(facts: &Facts, scope: &Scope) -> Verdict {
    let mut findings = Vec::new();
    if facts.online {
        in_scope(facts, scope, &mut findings);
        seven_bars(facts, &mut findings);
        criminal(facts, &mut findings);
    }
    findings.sort_by_key(|f| std::cmp::Reverse(f.weight));
    Verdict { findings, rule: ("hearing_online", scope.version, scope.basis.clone()), facts: facts.clone() }
}

fn in_scope(facts: &Facts, scope: &Scope, out: &mut Vec<Finding>) {
    if !scope.case_kinds.contains(&facts.case_kind) {
        let zh = format!("本院的在线庭审不包括{}案件。", facts.case_kind.zh());
        let en = format!("This court does not hear {} cases online.", facts.case_kind.en());
        out.push(Finding { code: "scope", bar: None, weight: Weight::Refuse, zh, en, article: law::SD1 });
    }
    let Some(why) = facts.closed_by.filter(|_| scope.public_only) else { return };
    let (zh, en) = match why {
        ClosedBy::StateSecret => ("涉及国家秘密", "a state secret"),
        ClosedBy::Privacy => ("涉及个人隐私", "personal privacy"),
        ClosedBy::DivorceOnApplication => ("离婚案件，当事人申请不公开审理", "a divorce heard in private on application"),
        ClosedBy::TradeSecretOnApplication => ("涉及商业秘密，当事人申请不公开审理", "a trade secret heard in private on application"),
        ClosedBy::AccusedUnder18 => ("审判时被告人不满十八周岁", "an accused under 18 at the trial"),
        ClosedBy::OtherLaw => ("法律规定不公开审理的其他情形", "another case closed by law"),
    };
    let (zh, en) = (format!("不公开审理的案件不适用：{zh}。"), format!("Cases heard in private are excluded: {en}."));
    out.push(Finding { code: "closed", bar: None, weight: Weight::Refuse, zh, en, article: law::HB1 });
}

fn seven_bars(facts: &Facts, out: &mut Vec<Finding>) {
    let mut bar = |n: u8, weight, zh: String, en: String| {
        out.push(Finding { code: BARS[usize::from(n) - 1], bar: Some(n), weight, zh, en, article: law::OL21 });
    };
    let parties = &facts.parties;
    if !parties.is_empty() && parties.iter().all(|p| p.objects) {
        bar(1, Weight::Refuse, "各方当事人均明确表示不同意。".into(), "Every party says no.".into());
    } else {
        for party in parties.iter().filter(|p| p.objects) {
            if let Some((weight, zh, en)) = weighed(&party.reason, "一方不同意并说明了理由", "a party says no and gives a reason")
            {
                bar(1, weight, zh, en);
            }
        }
    }
    if !parties.is_empty() && parties.iter().all(|p| !p.able) {
        bar(2, Weight::Refuse, "各方当事人均不具备参与在线庭审的技术条件和能力。".into(), "No party has the means or the skill.".into());
    }
    let raised: [(u8, &Weighed, &str, &str); 4] = [
        (3, &facts.on_site, "需要现场查明身份、核对原件、查验实物", "identity, originals or objects to be checked on the spot"),
        (4, &facts.complex, "案件疑难复杂、证据繁多", "a difficult case with much evidence"),
        (6, &facts.attention, "案件具有重大社会影响、受到广泛关注", "a case of great public attention"),
        (7, &facts.other, "其他不宜在线庭审的情形", "another reason against an online hearing"),
    ];
    for (n, how, zh, en) in raised {
        if let Some((weight, zh, en)) = weighed(how, zh, en) {
            bar(n, weight, zh, en);
        }
    }
    if facts.security {
        bar(5, Weight::Refuse, "案件涉及国家安全、国家秘密。".into(), "State security or a state secret is involved.".into());
    }
}

const BARS: [&str; 7] = ["objection", "means", "on_site", "complex", "security", "attention", "other"];

/// What a bar that must be weighed comes to.
fn weighed(how: &Weighed, zh: &str, en: &str) -> Option<(Weight, String, String)> {
    match how {
        Weighed::Absent => None,
        Weighed::Dismissed { reason } if signs(reason) >= LEAST_REASON => None,
        Weighed::Dismissed { .. } => {
            Some((Weight::AskReason, format!("{zh}：请写明为什么仍然适宜在线。"), format!("{en}: say why it may be online all the same.")))
        }
        Weighed::Raised { .. } => {
            Some((Weight::AskReason, format!("{zh}：请审判人员判断并写明理由。"), format!("{en}: a judge decides, with reasons.")))
        }
        Weighed::Found { .. } => Some((Weight::Refuse, format!("{zh}。"), format!("{en}."))),
    }
}

fn criminal(facts: &Facts, out: &mut Vec<Finding>) {
    if facts.case_kind != CaseKind::Criminal {
        return;
    }
    let mut add =
        |code, weight, zh: &str, en: &str, article| out.push(Finding { code, bar: None, weight, zh: zh.into(), en: en.into(), article });
    let agreed = facts.criminal.as_ref().is_some_and(|c| c.prosecution_agrees && c.accused_agrees && c.defender_agrees);
    if !agreed {
        add(
            "criminal_consent",
            Weight::Refuse,
            "刑事案件须检察机关、被告人、辩护人同意。",
            "A criminal case needs the consent of prosecution, accused and defence.",
            law::OL37,
        );
    }
    let judged = facts.criminal.as_ref().and_then(|c| c.effect_judged.as_deref());
    if judged.is_none_or(|text| signs(text) < LEAST_REASON) {
        add(
            "social_effect",
            Weight::AskReason,
            "请写明不会引发不良社会效果的判断。",
            "Say why there will be no bad effect on society.",
            law::HB1,
        );
    }
}

/// 庭审中发现不宜在线的: turns offline, and what was done stays valid (在线诉讼规则 Art 21(3)).
pub const FOUND_MIDWAY: (&str, &str) =
    ("发现不宜在线的，转为线下审理；已经完成的在线诉讼活动有效。", "It goes on in court; what was done online stays valid.");

#[cfg(test)]
mod tests {
    use super::*;

    const REASON: &str = "原件已由双方在庭前会议中核对无误";

    fn scope() -> Scope {
        let basis = "互联网法庭使用指引 1".to_owned();
        Scope { case_kinds: vec![CaseKind::Civil, CaseKind::Administrative], public_only: true, version: 3, basis }
    }

    fn stand(n: u128) -> Stand {
        Stand { party: Uuid::from_u128(n), objects: false, reason: Weighed::Absent, able: true }
    }

    fn facts() -> Facts {
        Facts {
            kind: SessionKind::Trial,
            case_kind: CaseKind::Civil,
            online: true,
            closed_by: None,
            parties: vec![stand(1), stand(2)],
            on_site: Weighed::Absent,
            complex: Weighed::Absent,
            security: false,
            attention: Weighed::Absent,
            other: Weighed::Absent,
            criminal: None,
        }
    }

    fn found(facts: &Facts) -> Vec<(&'static str, Weight)> {
        judge(facts, &scope()).findings.iter().map(|f| (f.code, f.weight)).collect()
    }

    // part of A01, A05
    #[test]
    fn scope_and_exclusions_refuse() {
        assert!(judge(&facts(), &scope()).fits());
        assert_eq!(found(&Facts { case_kind: CaseKind::Enforcement, ..facts() }), [("scope", Weight::Refuse)]);
        for why in [
            ClosedBy::StateSecret,
            ClosedBy::Privacy,
            ClosedBy::DivorceOnApplication,
            ClosedBy::TradeSecretOnApplication,
            ClosedBy::AccusedUnder18,
            ClosedBy::OtherLaw,
        ] {
            let closed = Facts { closed_by: Some(why), ..facts() };
            assert_eq!(found(&closed), [("closed", Weight::Refuse)], "{why:?}");
            assert!(judge(&closed, &Scope { public_only: false, ..scope() }).fits(), "a court may choose the national rule");
            assert!(judge(&Facts { online: false, ..closed }, &scope()).fits(), "everybody comes to court");
        }
    }

    // part of L21
    #[test]
    fn seven_bars_each_in_its_forms() {
        let raised = Weighed::Raised { what: "被告要求到庭核对原件".into() };
        let dismissed = Weighed::Dismissed { reason: REASON.into() };
        let short = Weighed::Dismissed { reason: "可以".into() };
        let yes = Weighed::Found { reason: REASON.into() };
        let set = |n: u8, how: &Weighed| {
            let mut f = facts();
            match n {
                1 => (f.parties[0].objects, f.parties[0].reason) = (true, how.clone()),
                3 => f.on_site = how.clone(),
                4 => f.complex = how.clone(),
                6 => f.attention = how.clone(),
                _ => f.other = how.clone(),
            }
            judge(&f, &scope())
        };
        for n in [1, 3, 4, 6, 7] {
            for (how, weight) in
                [(&raised, Some(Weight::AskReason)), (&short, Some(Weight::AskReason)), (&yes, Some(Weight::Refuse)), (&dismissed, None)]
            {
                let verdict = set(n, how);
                assert_eq!(verdict.worst(), weight, "bar {n} {how:?}");
                assert!(verdict.findings.iter().all(|f| f.bar == Some(n) && f.article == law::OL21));
            }
        }
        let mut all = facts();
        for p in &mut all.parties {
            p.objects = true;
        }
        assert_eq!(found(&all), [("objection", Weight::Refuse)], "all refuse");
        let mut one = facts();
        one.parties[0].objects = true;
        assert_eq!(found(&one), [], "one says no and gives no reason: mixed hearing");
        let mut none_able = facts();
        none_able.parties[0].able = false;
        assert_eq!(found(&none_able), [], "the other is able: mixed hearing");
        none_able.parties[1].able = false;
        assert_eq!(found(&none_able), [("means", Weight::Refuse)]);
        assert_eq!(found(&Facts { security: true, ..facts() }), [("security", Weight::Refuse)]);
    }

    // part of A04
    #[test]
    fn criminal_cases_need_the_rule_the_consents_and_a_judgement() {
        let open = Scope { case_kinds: vec![CaseKind::Criminal], ..scope() };
        let criminal = |c: Option<Criminal>| Facts { case_kind: CaseKind::Criminal, criminal: c, ..facts() };
        let all = Criminal {
            prosecution_agrees: true,
            accused_agrees: true,
            defender_agrees: true,
            effect_judged: Some("案情简单，社会关注度低，双方无争议".into()),
        };
        assert!(judge(&criminal(Some(all.clone())), &open).fits());
        assert_eq!(judge(&criminal(Some(all.clone())), &scope()).worst(), Some(Weight::Refuse), "not here");
        for c in [
            Criminal { prosecution_agrees: false, ..all.clone() },
            Criminal { accused_agrees: false, ..all.clone() },
            Criminal { defender_agrees: false, ..all.clone() },
        ] {
            assert_eq!(judge(&criminal(Some(c)), &open).worst(), Some(Weight::Refuse));
        }
        assert_eq!(judge(&criminal(Some(Criminal { effect_judged: None, ..all })), &open).worst(), Some(Weight::AskReason));
        assert_eq!(judge(&criminal(None), &open).findings.len(), 2);
    }

    #[test]
    fn a_verdict_keeps_its_rule_and_its_facts() {
        let verdict = judge(&Facts { security: true, ..facts() }, &scope());
        let json = serde_json::to_value(&verdict).unwrap();
        assert_eq!(json["rule"], serde_json::json!(["hearing_online", 3, "互联网法庭使用指引 1"]));
        let again: Facts = serde_json::from_value(json["facts"].clone()).unwrap();
        assert_eq!(judge(&again, &scope()), verdict, "replayed from what was stored");
    }
}
