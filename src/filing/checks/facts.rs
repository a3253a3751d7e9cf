//! Holds what the checker must be told besides the filing: court, rules, cause, files, places.
//!
//! Owns: the facts a caller looks up beforehand. Must never look anything up itself.
//! Imports `docket/case_types.rs` for the level of a court.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::docket::case_types::Rank;

/// The chosen court.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CourtFacts {
    /// Id, such as 370102.
    pub id: i64,
    /// Name.
    pub name: String,
    /// The level it sits at.
    pub rank: Option<Rank>,
    /// Divisions it covers; empty when unknown (zone and special courts).
    pub divisions: Vec<u32>,
    /// Whether it is a railway, maritime, IP, financial or internet court.
    pub special: bool,
}

/// Loan prime rate of one year (一年期贷款市场报价利率), from a day on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lpr {
    /// First day.
    pub from: NaiveDate,
    /// Percent a year.
    pub percent: f64,
}

/// Courts that take some causes for a whole province, as court ids; empty when not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpecialCourts {
    /// 证券虚假陈述 (法释〔2022〕2号 Art 3).
    pub securities: Vec<i64>,
    /// Technical IP (法释〔2022〕13号 Art 1).
    pub technical_ip: Vec<i64>,
    /// 外观设计、驰名商标 (法释〔2022〕13号 Art 2).
    pub design_ip: Vec<i64>,
    /// 海事法院.
    pub maritime: Vec<i64>,
    /// 互联网法院 (法释〔2025〕14号).
    pub internet: Vec<i64>,
}

/// The court's rules the checker needs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CheckRules {
    /// 中院标准, all parties on one side of the province border, in fen (法发〔2021〕27号).
    pub intermediate_same_fen: Option<i64>,
    /// 中院标准, one side outside the province, in fen.
    pub intermediate_cross_fen: Option<i64>,
    /// 高院标准, in fen (法发〔2019〕14号).
    pub high_fen: Option<i64>,
    /// 涉外中院标准, in fen (法释〔2022〕18号 Art 2).
    pub foreign_intermediate_fen: Option<i64>,
    /// The most a basic court hears in ordinary IP matters, in fen (法〔2022〕109号).
    pub ip_basic_fen: Option<i64>,
    /// 就业人员年平均工资 last published, in fen (民诉法解释 Art 272).
    pub wage_base_fen: Option<i64>,
    /// LPR by date, oldest first.
    pub lpr: Vec<Lpr>,
    /// The largest file, in bytes.
    pub upload_max_bytes: Option<u64>,
    /// Media types taken; empty when all are.
    pub upload_types: Vec<String>,
    /// Whether a registration print-out of an organisation sued is asked for.
    pub ask_defendant_registration: bool,
    /// An e-mail address is asked of every filer (F12, 鲁高法〔2020〕9号 三).
    pub email_required: bool,
    /// Papers the court asks for besides those of the law.
    pub papers: Vec<RequiredPaper>,
    /// Courts for special causes.
    pub special_courts: SpecialCourts,
}

/// 本院要求提交的材料: one line of the rule `filing_papers`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
pub struct RequiredPaper {
    /// 名称.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Kinds of case; all when empty.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// 案由 or groups of them; all when empty.
    #[serde(default)]
    pub causes: Vec<String>,
    /// Words by which it is known among the exhibits and files; its name when empty.
    #[serde(default)]
    pub known_by: Vec<String>,
    /// 依据.
    pub basis: String,
}

/// The chosen cause, looked up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CauseFacts {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Names of the causes above, from the top.
    pub path: Vec<String>,
    /// Codes of the causes above.
    pub path_codes: Vec<String>,
    /// Domain.
    pub domain: String,
    /// First day of the edition.
    pub valid_from: Option<NaiveDate>,
    /// Last day of the edition.
    pub valid_to: Option<NaiveDate>,
    /// Whether there are causes below it.
    pub has_children: bool,
    /// Form, such as F02.
    pub form: Option<String>,
}

impl CauseFacts {
    /// Tells whether the cause or one above it has a word in its name.
    pub fn has(&self, word: &str) -> bool {
        self.name.contains(word) || self.path.iter().any(|name| name.contains(word))
    }
    /// Tells whether the cause or one above it has one of some words in its name.
    pub fn any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.has(word))
    }
}

/// An uploaded file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// Name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Pages, when it has pages.
    pub pages: Option<u32>,
    /// Bytes.
    pub size: u64,
    /// What was found hard to read, in Chinese and English.
    pub unclear: Option<(String, String)>,
}

/// An earlier case or filing of the same parties and cause.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EarlierMatter {
    /// Its number.
    pub number: String,
    /// Its court; none when the filer has no right to know it.
    pub court_name: Option<String>,
    /// How it stands.
    pub standing: Standing,
}

impl EarlierMatter {
    /// The same for a reader who may know that there is one and not which (the court a filing is sent to).
    pub fn unnamed(self) -> Self {
        Self { standing: self.standing, ..Self::default() }
    }
}

/// How an earlier matter stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename = "EarlierStanding", rename_all = "snake_case")]
pub enum Standing {
    /// Under review, or docketed.
    #[default]
    Open,
    /// 已撤回: suing again is allowed (民诉法解释 Art 214).
    Withdrawn,
    /// 不予受理: suing again is allowed once the conditions are met (民诉法解释 Art 212).
    Refused,
}

impl Standing {
    /// Reads the word kept in the database.
    pub fn parse(word: &str) -> Self {
        match word {
            "withdrawn" => Self::Withdrawn,
            "refused" => Self::Refused,
            _ => Self::Open,
        }
    }
}

/// The person who files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilerFacts {
    /// Whether the real name was checked.
    pub verified: bool,
    /// The checked ID number or credit code.
    pub id_number: String,
}

/// Everything the checker is told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CheckFacts {
    /// Today in Beijing.
    pub today: NaiveDate,
    /// The chosen court.
    pub court: Option<CourtFacts>,
    /// Its rules.
    pub rules: CheckRules,
    /// The chosen cause.
    pub cause: Option<CauseFacts>,
    /// Files by id.
    pub files: BTreeMap<String, FileFacts>,
    /// Earlier matters found.
    pub duplicates: Vec<EarlierMatter>,
    /// The filer.
    pub filer: FilerFacts,
    /// JSON pointers of required elements that are missing, from the form's schema.
    pub form_problems: Vec<String>,
    /// Divisions.
    pub divisions: Arc<Divisions>,
}

impl CheckFacts {
    /// Tells whether the cause has one of some words in its name or path.
    pub fn cause_any(&self, words: &[&str]) -> bool {
        self.cause.as_ref().is_some_and(|cause| cause.any(words))
    }
}

/// One division.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Division {
    name: String,
    parent: u32,
}

/// 行政区划 of the provinces the house serves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Divisions {
    rows: BTreeMap<u32, Division>,
    /// Cities and counties by the first sign of their names: an address is read once, not once for each name.
    by_sign: BTreeMap<char, Vec<u32>>,
}

/// The provinces by the first two digits of their division code.
const PROVINCES: [(u32, &str); 34] = [
    (11, "北京"),
    (12, "天津"),
    (13, "河北"),
    (14, "山西"),
    (15, "内蒙古"),
    (21, "辽宁"),
    (22, "吉林"),
    (23, "黑龙江"),
    (31, "上海"),
    (32, "江苏"),
    (33, "浙江"),
    (34, "安徽"),
    (35, "福建"),
    (36, "江西"),
    (37, "山东"),
    (41, "河南"),
    (42, "湖北"),
    (43, "湖南"),
    (44, "广东"),
    (45, "广西"),
    (46, "海南"),
    (50, "重庆"),
    (51, "四川"),
    (52, "贵州"),
    (53, "云南"),
    (54, "西藏"),
    (61, "陕西"),
    (62, "甘肃"),
    (63, "青海"),
    (64, "宁夏"),
    (65, "新疆"),
    (71, "台湾"),
    (81, "香港"),
    (82, "澳门"),
];

impl Divisions {
    /// Reads the table `code,name,level,parent,…`; a row that cannot be read is left out.
    pub fn from_csv(text: &str) -> Self {
        let mut rows = BTreeMap::new();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        for row in reader.records().flatten() {
            let code: Option<u32> = row.get(0).and_then(|c| c.trim().parse().ok());
            let parent = row.get(3).and_then(|c| c.trim().parse().ok()).unwrap_or(0);
            if let (Some(code), Some(name)) = (code, row.get(1)) {
                rows.insert(code, Division { name: name.trim().to_owned(), parent });
            }
        }
        let mut by_sign: BTreeMap<char, Vec<u32>> = BTreeMap::new();
        for (code, row) in rows.iter().filter(|(code, row)| !code.is_multiple_of(10_000) && row.name.chars().count() >= 2) {
            by_sign.entry(row.name.chars().next().unwrap_or_default()).or_default().push(*code);
        }
        Self { rows, by_sign }
    }

    /// Cities and counties whose name stands in an address.
    fn named(&self, address: &str) -> BTreeSet<u32> {
        let begins = |(i, sign)| {
            let here = &address[i..];
            self.by_sign
                .get(&sign)
                .into_iter()
                .flatten()
                .filter(move |code| self.rows.get(code).is_some_and(|row| here.starts_with(&row.name)))
        };
        address.char_indices().flat_map(begins).copied().collect()
    }

    /// Tells whether a division is known.
    pub fn knows(&self, code: u32) -> bool {
        self.rows.contains_key(&code)
    }

    /// Finds the county, else the city, an address lies in; none when it is unclear.
    pub fn locate(&self, address: &str) -> Option<u32> {
        let score = |code: u32| {
            let county = !code.is_multiple_of(100);
            let city = self.rows.get(&code).and_then(|row| self.rows.get(&row.parent));
            let above = city.is_some_and(|city| address.contains(&city.name));
            2 * u32::from(county && above) + 2 * u32::from(county) + u32::from(!county)
        };
        let best: Vec<(u32, u32)> = self.named(address).into_iter().map(|code| (score(code), code)).collect();
        let top = best.iter().map(|(score, _)| *score).max()?;
        let mut firsts = best.iter().filter(|(score, _)| *score == top);
        let found = firsts.next().map(|(_, code)| *code);
        // Two counties of one name and no city to tell them apart: unclear. Another province: not ours.
        let clear = firsts.next().is_none();
        found.filter(|code| clear && self.province_of(address).is_none_or(|p| p == code / 10_000))
    }

    /// Finds the province of an address by its name, as the first two digits of its code.
    pub fn province_of(&self, address: &str) -> Option<u32> {
        let at = |name: &str| address.find(name).filter(|i| *i <= 9);
        let named = PROVINCES.iter().filter_map(|(code, name)| at(name).map(|i| (i, *code))).min();
        named.map(|(_, code)| code)
    }

    /// Names the basic court of a county-level division, or the intermediate court of a city.
    pub fn court_name(&self, code: u32) -> Option<String> {
        let row = self.rows.get(&code)?;
        if code.is_multiple_of(100) {
            return Some(format!("{}中级人民法院", row.name));
        }
        let city = self.rows.get(&row.parent).filter(|_| row.name.ends_with('区'));
        Some(format!("{}{}人民法院", city.map_or("", |city| &city.name), row.name))
    }

    /// Tells whether a court covers a place; none when it cannot be known.
    pub fn covers(&self, court: &CourtFacts, place: u32) -> Option<bool> {
        let known: Vec<u32> = court.divisions.iter().copied().filter(|code| self.knows(*code)).collect();
        if known.is_empty() || court.special {
            return None;
        }
        let answers: Vec<Option<bool>> = known.into_iter().map(|division| lies_in(place, division)).collect();
        if answers.contains(&Some(true)) {
            return Some(true);
        }
        if answers.contains(&None) { None } else { Some(false) }
    }
}

/// Tells whether a place lies in a division; none when the place is coarser than the division.
fn lies_in(place: u32, division: u32) -> Option<bool> {
    if division.is_multiple_of(10_000) {
        return Some(place / 10_000 == division / 10_000);
    }
    if division.is_multiple_of(100) {
        let same_province = place.is_multiple_of(10_000) && place / 10_000 == division / 10_000;
        return if same_province { None } else { Some(place / 100 == division / 100) };
    }
    let coarse = place.is_multiple_of(100) && place / 100 == division / 100;
    if coarse { None } else { Some(place == division) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::divisions;
    use super::*;

    #[test]
    fn addresses_are_found() {
        let table = divisions();
        let rows = [
            ("山东省济南市历下区泉城路1号", Some(370102)),
            ("济南市市中区经四路", Some(370103)),
            ("市中区经四路", None),
            ("山东省济南市", Some(370100)),
            ("北京市朝阳区建国路", None),
            ("某地", None),
        ];
        for (address, code) in rows {
            assert_eq!(table.locate(address), code, "{address}");
        }
        assert_eq!(table.province_of("北京市朝阳区山东路"), Some(11));
        assert_eq!(table.court_name(370102).as_deref(), Some("济南市历下区人民法院"));
        assert_eq!(table.court_name(370100).as_deref(), Some("济南市中级人民法院"));
    }

    #[test]
    fn coverage_is_told_only_when_known() {
        let table = divisions();
        let court = |divisions: Vec<u32>| CourtFacts { divisions, ..CourtFacts::default() };
        let rows = [
            (vec![370102], 370102, Some(true)),
            (vec![370102], 370103, Some(false)),
            (vec![370102], 370100, None),
            (vec![370100], 370103, Some(true)),
            (vec![370100], 370202, Some(false)),
            (vec![370000], 370202, Some(true)),
            (vec![370191], 370102, None),
            (vec![], 370102, None),
        ];
        for (divisions, place, want) in rows {
            assert_eq!(table.covers(&court(divisions.clone()), place), want, "{divisions:?} {place}");
        }
    }
}
