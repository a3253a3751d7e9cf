//! Knows the type codes of case numbers (案件类型代字) and which level of court may number them.
//!
//! Owns: the table of types, as data from `reference/case_types.csv`, and the type a new matter
//! gets. Must never issue a number. Imports nothing of ours.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The level at which a court sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// 基层人民法院.
    Basic,
    /// 中级人民法院 and special courts of that level.
    Intermediate,
    /// 高级人民法院.
    High,
    /// 最高人民法院.
    Supreme,
}

impl Rank {
    /// Reads a level as the tables spell it.
    pub fn parse(word: &str) -> Option<Self> {
        match word.trim() {
            "basic" => Some(Self::Basic),
            "intermediate" => Some(Self::Intermediate),
            "high" => Some(Self::High),
            "supreme" => Some(Self::Supreme),
            _ => None,
        }
    }
}

/// One type of case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseType {
    /// 代字, such as 民初.
    pub code: String,
    /// Name.
    pub name: String,
    /// Domain: civil, criminal, administrative, enforcement …
    pub domain: String,
    /// The levels that may number it.
    pub ranks: Vec<Rank>,
    /// How sure the row is.
    pub confidence: String,
}

/// Why the table cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "case types, line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for TableError {}

/// The table of types (法〔2015〕137号, 法〔2018〕335号), longest code first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseTypes {
    types: Vec<CaseType>,
}

impl CaseTypes {
    /// Reads the table `code,name,domain,levels,confidence,…` with levels joined by `|`.
    pub fn from_csv(text: &str) -> Result<Self, TableError> {
        let mut types = Vec::new();
        for (i, row) in csv::Reader::from_reader(text.as_bytes()).records().enumerate() {
            let bad = |why: String| TableError { line: i + 2, why };
            let row = row.map_err(|e| bad(e.to_string()))?;
            let cell = |n: usize| row.get(n).unwrap_or_default().trim().to_owned();
            let ranks: Option<Vec<Rank>> = cell(3).split('|').map(Rank::parse).collect();
            let ranks = ranks.ok_or_else(|| bad(format!("unknown level in {}", cell(3))))?;
            if cell(0).is_empty() {
                return Err(bad("no code".to_owned()));
            }
            let (code, name, domain, confidence) = (cell(0), cell(1), cell(2), cell(4));
            types.push(CaseType { code, name, domain, ranks, confidence });
        }
        types.sort_by_key(|t| std::cmp::Reverse(t.code.chars().count()));
        Ok(Self { types })
    }

    /// Finds a type by its code.
    pub fn get(&self, code: &str) -> Option<&CaseType> {
        self.types.iter().find(|t| t.code == code)
    }

    /// Lists the types, longest code first.
    pub fn all(&self) -> &[CaseType] {
        &self.types
    }

    /// Tells whether a court of a level may number a type: no 民终 in a basic court.
    pub fn may_number(&self, rank: Rank, code: &str) -> bool {
        self.get(code).is_some_and(|t| t.ranks.contains(&rank))
    }
}

/// What kind of matter comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// 民事.
    Civil,
    /// 行政.
    Administrative,
    /// 刑事.
    Criminal,
    /// 执行.
    Enforcement,
    /// 诉前调解.
    Mediation,
}

impl CaseKind {
    /// Reads a kind as the API spells it.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "civil" => Some(Self::Civil),
            "administrative" => Some(Self::Administrative),
            "criminal" => Some(Self::Criminal),
            "enforcement" => Some(Self::Enforcement),
            "mediation" => Some(Self::Mediation),
            _ => None,
        }
    }
}

/// At what stage a matter comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instance {
    /// 一审; for enforcement 首次执行.
    First,
    /// 二审.
    Second,
    /// 申请再审审查.
    RetrialReview,
    /// 再审.
    Retrial,
    /// 特别程序 (judicial confirmation, capacity, security interest).
    Special,
    /// 督促程序.
    PaymentOrder,
    /// 公示催告.
    PublicSummons,
    /// 诉前、仲裁中保全审查.
    Preservation,
    /// 保全裁定的执行.
    PreservationCarriedOut,
    /// 执行异议.
    Objection,
    /// 执行复议.
    Reconsideration,
    /// 恢复执行.
    Resumed,
}

/// Names the type a new matter of a kind gets at a stage; none when there is no such thing.
pub fn type_for(kind: CaseKind, instance: Instance) -> Option<&'static str> {
    use CaseKind::{Administrative, Civil, Criminal, Enforcement, Mediation};
    use Instance as I;
    let code = match (kind, instance) {
        (Civil, I::First) => "民初",
        (Civil, I::Second) => "民终",
        (Civil, I::RetrialReview) => "民申",
        (Civil, I::Retrial) => "民再",
        (Civil, I::Special) => "民特",
        (Civil, I::PaymentOrder) => "民督",
        (Civil, I::PublicSummons) => "民催",
        (Civil | Enforcement, I::Preservation) => "财保",
        (Administrative, I::First) => "行初",
        (Administrative, I::Second) => "行终",
        (Administrative, I::RetrialReview) => "行申",
        (Administrative, I::Retrial) => "行再",
        (Administrative, I::Special) => "行审",
        (Criminal, I::First) => "刑初",
        (Criminal, I::Second) => "刑终",
        (Criminal, I::RetrialReview) => "刑申",
        (Criminal, I::Retrial) => "刑再",
        (Enforcement, I::First) => "执",
        (Enforcement, I::Resumed) => "执恢",
        (Enforcement | Civil, I::PreservationCarriedOut) => "执保",
        (Enforcement, I::Objection) => "执异",
        (Enforcement, I::Reconsideration) => "执复",
        (Mediation, I::First) => "诉前调",
        _ => return None,
    };
    Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> CaseTypes {
        CaseTypes::from_csv(include_str!("../../reference/case_types.csv")).unwrap()
    }

    #[test]
    fn a_new_matter_gets_its_type() {
        let rows = [
            (CaseKind::Civil, Instance::First, Some("民初")),
            (CaseKind::Administrative, Instance::First, Some("行初")),
            (CaseKind::Enforcement, Instance::First, Some("执")),
            (CaseKind::Civil, Instance::Preservation, Some("财保")),
            (CaseKind::Mediation, Instance::First, Some("诉前调")),
            (CaseKind::Mediation, Instance::Second, None),
            (CaseKind::Enforcement, Instance::Second, None),
        ];
        for (kind, instance, code) in rows {
            assert_eq!(type_for(kind, instance), code, "{kind:?} {instance:?}");
            assert!(code.is_none_or(|code| table().get(code).is_some()));
        }
    }

    #[test]
    fn a_court_numbers_only_what_its_level_can_hear() {
        let table = table();
        let rows = [
            (Rank::Basic, "民初", true),
            (Rank::Basic, "民终", false),
            (Rank::Basic, "执复", false),
            (Rank::Intermediate, "民终", true),
            (Rank::Intermediate, "民督", false),
            (Rank::High, "民申", true),
            (Rank::Basic, "无此", false),
        ];
        for (rank, code, may) in rows {
            assert_eq!(table.may_number(rank, code), may, "{rank:?} {code}");
        }
    }

    #[test]
    fn a_broken_table_names_its_line() {
        let broken = "code,name,domain,levels,confidence\n民初,民事一审,civil,moon,sure\n";
        assert_eq!(CaseTypes::from_csv(broken).unwrap_err().line, 2);
        assert!(table().all().windows(2).all(|w| w[0].code.chars().count() >= w[1].code.chars().count()));
    }
}
