//! What may be served electronically: by which court, which paper, in which kind of case, on which day.
//!
//! Owns the reading of `reference/service_rules.csv` and the choice of the row that decides. The pilot rule of 2020 and
//! the law since 2022 are both rows. A court's own rule may narrow what the table allows, never widen it. Must never
//! allow by default: what no row speaks of goes on paper.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::words::{CaseKind, Condition, PaperKind};

const TABLE: &str = include_str!("../../reference/service_rules.csv");

/// What an electronic service of a paper is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// May be served electronically, with consent.
    pub allowed: bool,
    /// What it is bound to.
    pub conditions: Vec<Condition>,
    /// 依据.
    pub basis: String,
    /// The basis in English.
    pub basis_en: String,
    /// True where the row is from memory and waits for an official source.
    pub unsure: bool,
}

impl Decision {
    /// Is it bound to this?
    pub fn needs(&self, condition: Condition) -> bool {
        self.conditions.contains(&condition)
    }
}

/// Papers that are served together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// Places in the list that was given.
    pub papers: Vec<usize>,
    /// The paper whose rules hold for all of them.
    pub lead: PaperKind,
    /// What is allowed.
    pub decision: Decision,
}

/// A court's own rule (`judgment_e_delivery`), where it has one that day.
#[derive(Debug, Clone, Copy)]
pub struct CourtSays<'a> {
    /// Serves judgments, rulings and mediation statements electronically.
    pub judgments: bool,
    /// Its basis.
    pub basis: &'a str,
}

/// Why the table cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFault {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for TableFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "service_rules.csv, line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for TableFault {}

#[derive(Debug, Deserialize)]
struct Line {
    court_code: String,
    doc_kind: String,
    case_kind: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    allowed: String,
    conditions: String,
    basis: String,
    basis_en: String,
    confidence: String,
}

#[derive(Debug)]
struct Rule {
    line: usize,
    court: Option<String>,
    paper: Option<PaperKind>,
    case: Option<CaseKind>,
    from: NaiveDate,
    to: Option<NaiveDate>,
    decision: Decision,
}

/// The rules of electronic service, as data.
#[derive(Debug)]
pub struct ServiceTable {
    rules: Vec<Rule>,
}

impl ServiceTable {
    /// The table built into the program.
    ///
    /// # Errors
    /// Names the line that cannot be read.
    pub fn built_in() -> Result<Self, TableFault> {
        Self::from_csv(TABLE)
    }

    /// Reads a table. A cell of several words joined by `|` stands for as many rows; `*` stands for every one.
    ///
    /// # Errors
    /// A word nobody knows, a day that is none, or two rows of which neither is the more particular.
    pub fn from_csv(text: &str) -> Result<Self, TableFault> {
        let mut rules = Vec::new();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for (i, line) in reader.deserialize::<Line>().enumerate() {
            let at = i + 2;
            let line = line.map_err(|e| TableFault { line: at, why: e.to_string() })?;
            spread(at, &line, &mut rules)?;
        }
        let table = Self { rules };
        table.refuse_ties()?;
        Ok(table)
    }

    /// Decides by the most particular row in force: its court first, then its paper, then its kind of case.
    pub fn decide(&self, court: &str, paper: PaperKind, case: CaseKind, day: NaiveDate, says: Option<CourtSays<'_>>) -> Decision {
        let fits = |r: &&Rule| {
            r.court.as_deref().is_none_or(|c| c == court)
                && r.paper.is_none_or(|p| p == paper)
                && r.case.is_none_or(|c| c == case)
                && r.from <= day
                && r.to.is_none_or(|to| day <= to)
        };
        let Some(rule) = self.rules.iter().filter(fits).max_by_key(|r| r.weight()) else { return unknown() };
        match says {
            Some(own) if rule.decision.allowed && paper.is_judgment_like() && !own.judgments => narrowed(own),
            _ => rule.decision.clone(),
        }
    }

    /// Sorts the papers of one act into services: what the same decision allows goes together, and what must reach the
    /// recipient in person goes by itself, so that no paper is kept from the way another may take.
    pub fn services(&self, papers: &[PaperKind], decide: impl Fn(&Self, PaperKind) -> Decision) -> Vec<Together> {
        let mut out: Vec<Together> = Vec::new();
        for (i, paper) in papers.iter().enumerate() {
            let decision = decide(self, *paper);
            let same = |t: &&mut Together| t.decision.allowed == decision.allowed && !t.lead.is_personal() && !paper.is_personal();
            match out.iter_mut().find(same) {
                Some(together) => {
                    together.papers.push(i);
                    let more: Vec<Condition> = decision.conditions.into_iter().filter(|c| !together.decision.needs(*c)).collect();
                    together.decision.conditions.extend(more);
                    // a summons among them: what protects the summoned holds for the whole
                    if paper.calls_to_hearing() {
                        together.lead = *paper;
                    }
                }
                None => out.push(Together { papers: vec![i], lead: *paper, decision }),
            }
        }
        out
    }

    fn refuse_ties(&self) -> Result<(), TableFault> {
        for (i, a) in self.rules.iter().enumerate() {
            let tie = self.rules[..i].iter().find(|b| a.weight() == b.weight() && a.meets(b));
            if let Some(b) = tie {
                return Err(TableFault { line: a.line, why: format!("speaks of the same papers and days as line {}", b.line) });
            }
        }
        Ok(())
    }
}

impl Rule {
    fn weight(&self) -> (bool, bool, bool) {
        (self.court.is_some(), self.paper.is_some(), self.case.is_some())
    }

    /// Two rules of the same weight may both fit one question.
    fn meets(&self, other: &Self) -> bool {
        self.court == other.court
            && self.paper == other.paper
            && self.case == other.case
            && other.to.is_none_or(|to| self.from <= to)
            && self.to.is_none_or(|to| other.from <= to)
    }
}

fn spread(at: usize, line: &Line, rules: &mut Vec<Rule>) -> Result<(), TableFault> {
    let fault = |why: String| TableFault { line: at, why };
    let allowed = match line.allowed.as_str() {
        "yes" => true,
        "no" => false,
        other => return Err(fault(format!("neither yes nor no: {other}"))),
    };
    if line.basis.is_empty() || line.basis_en.is_empty() {
        return Err(fault("no basis".into()));
    }
    if line.valid_to.is_some_and(|to| to < line.valid_from) {
        return Err(fault("ends before it begins".into()));
    }
    let conditions = line.conditions.split('|').filter(|w| !w.is_empty());
    let conditions: Option<Vec<Condition>> = conditions.map(Condition::parse).collect();
    let decision = Decision {
        allowed,
        conditions: conditions.ok_or_else(|| fault(format!("not a condition: {}", line.conditions)))?,
        basis: line.basis.clone(),
        basis_en: line.basis_en.clone(),
        unsure: line.confidence != "sure",
    };
    for court in line.court_code.split('|') {
        for paper in line.doc_kind.split('|') {
            for case in line.case_kind.split('|') {
                rules.push(Rule {
                    line: at,
                    court: (court != "*").then(|| court.to_owned()),
                    paper: one_of(paper, PaperKind::parse).map_err(&fault)?,
                    case: one_of(case, CaseKind::parse).map_err(&fault)?,
                    from: line.valid_from,
                    to: line.valid_to,
                    decision: decision.clone(),
                });
            }
        }
    }
    Ok(())
}

fn one_of<T>(word: &str, parse: fn(&str) -> Option<T>) -> Result<Option<T>, String> {
    if word == "*" { Ok(None) } else { parse(word).map(Some).ok_or_else(|| format!("unknown word: {word}")) }
}

fn unknown() -> Decision {
    Decision {
        allowed: false,
        conditions: Vec::new(),
        basis: "没有规定允许电子送达这类文书，以纸质方式送达".into(),
        basis_en: "No rule allows electronic service of this paper; it is served on paper".into(),
        unsure: true,
    }
}

fn narrowed(own: CourtSays<'_>) -> Decision {
    Decision {
        allowed: false,
        conditions: Vec::new(),
        basis: own.basis.to_owned(),
        basis_en: "A rule of the court: judgments, rulings and mediation statements go on paper".into(),
        unsure: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(court: &str, paper: PaperKind, case: CaseKind, day: &str) -> Decision {
        ServiceTable::built_in().unwrap().decide(court, paper, case, day.parse().unwrap(), None)
    }

    // proves: D04
    #[test]
    fn judgments_follow_the_pilot_rule_and_then_the_law() {
        use PaperKind::{Judgment, MediationStatement, Ruling};
        let rows = [
            ("粤01", "2020-06-01", true),
            ("粤0106", "2020-06-01", true),
            ("粤0192", "2020-06-01", true),
            ("粤03", "2021-12-31", true),
            ("粤0304", "2021-12-31", true),
            ("粤73", "2020-06-01", true),
            ("粤71", "2020-06-01", true),
            ("粤7101", "2020-06-01", true),
            ("粤0604", "2020-06-01", false), // 佛山 is no pilot
            ("粤", "2020-06-01", false),
            ("鲁0102", "2021-12-31", false),
            ("豫0602", "2020-06-01", false),
            ("鲁0102", "2022-01-01", true),
            ("粤0604", "2022-01-01", true),
            ("粤0106", "2022-01-01", true),
            ("粤0106", "2020-03-08", false), // before the circular
            ("鲁0102", "2026-11-22", true),
        ];
        for (court, day, allowed) in rows {
            for paper in [Judgment, Ruling, MediationStatement] {
                let decision = decide(court, paper, CaseKind::Civil, day);
                assert_eq!(decision.allowed, allowed, "{court} {} {day}", paper.key());
                if allowed && day >= "2022" {
                    assert!(decision.basis.contains("第九十条") && decision.needs(Condition::PaperOnRequest), "{court} {day}");
                }
                assert_eq!(decision.needs(Condition::ESignature), allowed && paper == MediationStatement, "{court} {day}");
            }
        }
    }

    // part of D03
    #[test]
    fn papers_and_evidence_go_with_consent_at_any_court() {
        use PaperKind::{ComplaintCopy, Evidence, FeeNotice, HearingNotice, Notice, PleadingCopy, Summons};
        for paper in [Notice, Summons, HearingNotice, Evidence, ComplaintCopy, FeeNotice, PleadingCopy] {
            for (court, day) in [("鲁0102", "2020-06-01"), ("粤0604", "2020-06-01"), ("粤0106", "2021-08-01"), ("豫0602", "2026-11-22")]
            {
                for case in [CaseKind::Civil, CaseKind::Administrative, CaseKind::Enforcement] {
                    assert!(decide(court, paper, case, day).allowed, "{court} {} {}", paper.key(), case.key());
                }
            }
        }
        assert!(decide("粤0106", Evidence, CaseKind::Civil, "2020-06-01").basis.contains("24"), "the circular is quoted");
    }

    #[test]
    fn enforcement_payment_orders_and_criminal_matters() {
        use PaperKind::{CriminalJudgment, EnforcementDecision, EnforcementNotice, Judgment, Notice, PaymentOrder};
        for day in ["2020-06-01", "2021-08-01", "2026-01-01"] {
            for paper in [EnforcementDecision, EnforcementNotice] {
                assert!(decide("鲁0102", paper, CaseKind::Enforcement, day).allowed, "{day}");
            }
            let order = decide("鲁0102", PaymentOrder, CaseKind::Civil, day);
            assert!(order.allowed && order.needs(Condition::KeepPaper));
            assert!(!decide("粤0192", CriminalJudgment, CaseKind::Criminal, day).allowed);
            assert!(!decide("粤0192", Judgment, CaseKind::Criminal, day).allowed);
            assert!(!decide("粤0192", Notice, CaseKind::Criminal, day).allowed);
        }
        assert!(decide("鲁0102", EnforcementNotice, CaseKind::Enforcement, "2021-08-01").basis.contains("第三十六条"));
        assert!(decide("鲁0102", Judgment, CaseKind::Administrative, "2022-01-01").basis.contains("行政诉讼法"));
        assert!(!decide("鲁0102", Judgment, CaseKind::Administrative, "2021-12-31").allowed);
        // before the Law knew electronic service nothing is allowed
        for paper in PaperKind::ALL {
            assert!(!decide("鲁0102", *paper, CaseKind::Civil, "2012-12-31").allowed);
        }
    }

    #[test]
    fn a_court_may_narrow_and_never_widen() {
        let table = ServiceTable::built_in().unwrap();
        let ask = |paper, day: &str, judgments| {
            let says = CourtSays { judgments, basis: "本院规定" };
            table.decide("鲁0102", paper, CaseKind::Civil, day.parse().unwrap(), Some(says))
        };
        let narrowed = ask(PaperKind::Judgment, "2026-01-01", false);
        assert!(!narrowed.allowed && narrowed.basis == "本院规定");
        assert!(ask(PaperKind::Judgment, "2026-01-01", true).allowed);
        assert!(!ask(PaperKind::Judgment, "2021-06-01", true).allowed, "a rule of the court is no law");
        assert!(ask(PaperKind::Notice, "2026-01-01", false).allowed);
    }

    #[test]
    fn papers_of_one_act_go_together_as_far_as_the_rule_lets_them() {
        use PaperKind::{Evidence, FeeNotice, Judgment, MediationStatement, Notice, Ruling, Summons};
        let table = ServiceTable::built_in().unwrap();
        let sort = |papers: &[PaperKind], day: &str| {
            let day = day.parse().unwrap();
            let together = table.services(papers, |t, p| t.decide("鲁0102", p, CaseKind::Civil, day, None));
            together.into_iter().map(|t| (t.papers, t.lead, t.decision.allowed)).collect::<Vec<_>>()
        };
        let first = [Notice, FeeNotice, Summons, Evidence];
        assert_eq!(sort(&first, "2026-01-01"), [(vec![0, 1, 2, 3], Summons, true)]);
        assert_eq!(sort(&[Judgment, Notice, Ruling], "2021-06-01"), [(vec![0, 2], Judgment, false), (vec![1], Notice, true)]);
        assert_eq!(sort(&[MediationStatement, Judgment, MediationStatement], "2026-01-01").len(), 3, "in person, each by itself");
        assert!(sort(&[], "2026-01-01").is_empty());
        let day = "2026-01-01".parse().unwrap();
        let together = table.services(&[Notice, Judgment, Ruling], |t, p| t.decide("鲁0102", p, CaseKind::Civil, day, None));
        assert_eq!(together.len(), 1);
        assert_eq!(together[0].decision.conditions, [Condition::PaperOnRequest], "a condition of one holds for all");
    }

    #[test]
    fn every_question_has_one_answer_with_a_basis() {
        let table = ServiceTable::built_in().unwrap();
        let mut day: NaiveDate = "2012-06-01".parse().unwrap();
        while day < "2027-01-01".parse().unwrap() {
            for paper in PaperKind::ALL {
                for case in CaseKind::ALL {
                    for court in ["粤01", "粤7101", "鲁0102"] {
                        let decision = table.decide(court, *paper, *case, day, None);
                        assert!(!decision.basis.is_empty() && !decision.basis_en.is_empty());
                    }
                }
            }
            day = day + chrono::Days::new(17);
        }
    }

    #[test]
    fn a_bad_table_is_refused_by_line() {
        let head = "court_code,doc_kind,case_kind,valid_from,valid_to,allowed,conditions,basis,basis_en,confidence\n";
        let table = |rows: &str| ServiceTable::from_csv(&format!("{head}{rows}"));
        assert!(table("*,notice,civil,2022-01-01,,yes,,a,b,sure\n").is_ok());
        for (rows, line) in [
            ("*,letter,civil,2022-01-01,,yes,,a,b,sure\n", 2),
            ("*,notice,civil,2022-01-01,,maybe,,a,b,sure\n", 2),
            ("*,notice,civil,2022-01-01,,yes,wax_seal,a,b,sure\n", 2),
            ("*,notice,civil,2022-01-01,2021-01-01,yes,,a,b,sure\n", 2),
            ("*,notice,civil,2022-01-01,,yes,,,b,sure\n", 2),
            ("*,notice,civil,soon,,yes,,a,b,sure\n", 2),
            ("*,notice|ruling,civil,2022-01-01,,yes,,a,b,sure\n*,ruling,civil,2023-01-01,,no,,a,b,sure\n", 3),
        ] {
            assert_eq!(table(rows).unwrap_err().line, line, "{rows}");
        }
    }
}
