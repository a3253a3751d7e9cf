//! Reads the numbers of identity documents and says what is wrong with a bad one.
//!
//! Owns: the shapes and check digits of 身份证号 (GB 11643), 统一社会信用代码 (GB 32100),
//! 组织机构代码 (GB 11714), 律师执业证号, mobile and the other documents of 在线诉讼规则 Art 7.
//! Must never reject a number for an area code that was abolished, tell what the right check digit
//! would be, or claim that a well-shaped number belongs to anybody. Imports nothing of ours.

use std::borrow::Cow;
use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Why a document number cannot be taken, with its cure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentError {
    /// Stable code, such as `id.check`.
    pub code: &'static str,
    /// 原因.
    pub zh: Cow<'static, str>,
    /// The cause in English.
    pub en: Cow<'static, str>,
    /// 怎么办.
    pub cure_zh: Cow<'static, str>,
    /// The cure in English.
    pub cure_en: Cow<'static, str>,
}

impl DocumentError {
    pub(crate) fn new(
        code: &'static str,
        zh: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
        cure_zh: impl Into<Cow<'static, str>>,
        cure_en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { code, zh: zh.into(), en: en.into(), cure_zh: cure_zh.into(), cure_en: cure_en.into() }
    }

    pub(crate) fn length(code: &'static str, what: (&'static str, &'static str), want: &str, got: usize) -> Self {
        Self::new(
            code,
            format!("{}应为 {want} 位，您填了 {got} 位。", what.0),
            format!("The {} has {want} signs; you typed {got}.", what.1),
            "请对照证件重新填写，看是否漏了或多了数字。",
            "Compare it with the document: a digit may be missing or doubled.",
        )
    }

    pub(crate) fn sign(code: &'static str, what: (&'static str, &'static str), at: usize, found: char) -> Self {
        Self::new(
            code,
            format!("{}第 {at} 位不能是「{found}」。", what.0),
            format!("Sign {at} of the {} cannot be “{found}”.", what.1),
            "请对照证件重新填写。字母 O 和数字 0、字母 I 和数字 1 容易看错。",
            "Compare it with the document: letter O and digit 0, letter I and digit 1 look alike.",
        )
    }

    fn check(code: &'static str, what: (&'static str, &'static str)) -> Self {
        Self::new(
            code,
            format!("{}最后一位与前面的数字对不上，可能有一位填错了。", what.0),
            format!("The last sign of the {} does not fit the others; one may be mistyped.", what.1),
            "请对照证件逐位核对。",
            "Compare it with the document, sign by sign.",
        )
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.en)
    }
}

impl std::error::Error for DocumentError {}

/// 性别, as a resident ID tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

/// Something odd about a number that is no reason to reject it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// The holder would be older than 130.
    VeryOld,
    /// The first two digits name no province (codes are abolished over time).
    UnknownArea,
    /// The organisation code inside a credit code does not check (GB 11714).
    OrganisationCodeCheck,
}

macro_rules! newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        pub struct $name(String);
        impl $name {
            #[allow(dead_code, reason = "documents without a check digit are wrapped elsewhere")]
            pub(crate) fn wrap(number: String) -> Self {
                Self(number)
            }
            /// The normalised number.
            pub fn as_str(&self) -> &str {
                &self.0
            }
            /// Gives the normalised number away.
            pub fn into_string(self) -> String {
                self.0
            }
        }
    };
}

pub(crate) use newtype;

newtype!(
    /// 居民身份证号 (GB 11643-1999), also residence permits 81/82/83 and the 2023 foreign card.
    ResidentId
);
newtype!(
    /// 统一社会信用代码 (GB 32100-2015).
    Uscc
);
newtype!(
    /// 组织机构代码 (GB 11714), the old key of an organisation.
    OrganisationCode
);
newtype!(
    /// 律师执业证号, 17 digits.
    LawyerLicence
);
newtype!(
    /// 中国大陆手机号.
    Mobile
);
const ID: (&str, &str) = ("身份证号", "resident ID number");
const USCC: (&str, &str) = ("统一社会信用代码", "unified social credit code");
const ORG: (&str, &str) = ("组织机构代码", "organisation code");
const LICENCE: (&str, &str) = ("律师执业证号", "lawyer licence number");
const MOBILE: (&str, &str) = ("手机号", "mobile number");

/// Folds width, drops blanks and hyphens, raises letters.
pub(crate) fn tidy(text: &str) -> String {
    let folded = text.nfkc().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '–' | '—'));
    folded.flat_map(char::to_uppercase).collect()
}

fn digit(c: char) -> u32 {
    c.to_digit(10).unwrap_or(0)
}

impl ResidentId {
    /// Reads a resident ID; today only decides whether the birth date lies in the future.
    pub fn parse(text: &str, today: NaiveDate) -> Result<Self, DocumentError> {
        let id = tidy(text);
        let signs: Vec<char> = id.chars().collect();
        if signs.len() == 15 && signs.iter().all(char::is_ascii_digit) {
            return Err(DocumentError::new(
                "id.old_form",
                "这是 15 位的旧身份证号，已停止使用。",
                "This is an old 15-digit number, no longer in use.",
                "请填现在身份证上的 18 位号码。",
                "Type the 18-sign number of the present card.",
            ));
        }
        if signs.len() != 18 {
            return Err(DocumentError::length("id.length", ID, "18", signs.len()));
        }
        let bad = |(i, c): (usize, &char)| !(c.is_ascii_digit() || (i == 17 && *c == 'X'));
        if let Some((i, c)) = signs.iter().enumerate().find(|(i, c)| bad((*i, c))) {
            return Err(DocumentError::sign("id.sign", ID, i + 1, *c));
        }
        let birth = birth_of(&id).filter(|birth| *birth <= today).ok_or_else(|| {
            DocumentError::new(
                "id.date",
                "身份证号第 7 至 14 位不是真实的出生日期。",
                "Signs 7 to 14 of the ID number are not a real date of birth.",
                "请对照身份证核对出生年月日这几位。",
                "Compare the digits of the birth date with the card.",
            )
        });
        birth?;
        if id_check(&signs) != signs[17] {
            return Err(DocumentError::check("id.check", ID));
        }
        Ok(Self(id))
    }

    /// Tells the date of birth.
    pub fn birth(&self) -> NaiveDate {
        birth_of(&self.0).unwrap_or_default()
    }

    /// Tells the sex.
    pub fn sex(&self) -> Sex {
        let odd = self.0.chars().nth(16).is_some_and(|c| digit(c) % 2 == 1);
        if odd { Sex::Male } else { Sex::Female }
    }

    /// Tells the age in full years on a day.
    pub fn age_on(&self, day: NaiveDate) -> i32 {
        age(self.birth(), day)
    }

    /// Lists what is odd about the number.
    pub fn oddities(&self, today: NaiveDate) -> Vec<Oddity> {
        let mut found = Vec::new();
        if self.age_on(today) > 130 {
            found.push(Oddity::VeryOld);
        }
        if !matches!(self.0.get(..2), Some(p) if PROVINCES.contains(&p)) && !self.0.starts_with('9') {
            found.push(Oddity::UnknownArea);
        }
        found
    }
}

const PROVINCES: [&str; 37] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44", "45", "46", "50",
    "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83", "91", "99",
];

/// Tells the age in full years of somebody born on a day.
pub fn age(birth: NaiveDate, day: NaiveDate) -> i32 {
    let before = (day.month(), day.day()) < (birth.month(), birth.day());
    day.year() - birth.year() - i32::from(before)
}

fn birth_of(id: &str) -> Option<NaiveDate> {
    let number = |a: usize, b: usize| id.get(a..b).and_then(|s| s.parse::<u32>().ok());
    let year = i32::try_from(number(6, 10)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(10, 12)?, number(12, 14)?).filter(|_| year >= 1800)
}

/// Computes the check sign of the first 17 digits (GB 11643).
fn id_check(signs: &[char]) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let sum: u32 = WEIGHTS.iter().zip(signs).map(|(w, c)| w * digit(*c)).sum();
    CHECKS[(sum % 11) as usize]
}

const USCC_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

fn uscc_value(c: char) -> Option<u32> {
    USCC_ALPHABET.find(c).and_then(|i| u32::try_from(i).ok())
}

impl Uscc {
    /// Reads a unified social credit code.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let code = tidy(text);
        let signs: Vec<char> = code.chars().collect();
        if signs.len() != 18 {
            return Err(DocumentError::length("uscc.length", USCC, "18", signs.len()));
        }
        let mut weight = 1;
        let mut sum = 0;
        for (i, c) in signs.iter().enumerate() {
            let value = uscc_value(*c).ok_or_else(|| DocumentError::sign("uscc.sign", USCC, i + 1, *c))?;
            if i < 17 {
                sum += weight * value;
                weight = weight * 3 % 31;
            }
        }
        if uscc_value(signs[17]) != Some((31 - sum % 31) % 31) {
            return Err(DocumentError::check("uscc.check", USCC));
        }
        Ok(Self(code))
    }

    /// Lists what is odd about the code; the inner organisation code is checked only as a warning.
    pub fn oddities(&self) -> Vec<Oddity> {
        let inner: Vec<char> = self.0.chars().skip(8).take(9).collect();
        let fits = org_check(&inner).is_some_and(|c| inner.get(8) == Some(&c));
        if fits { Vec::new() } else { vec![Oddity::OrganisationCodeCheck] }
    }
}

/// Computes the check sign of an organisation code (GB 11714).
fn org_check(signs: &[char]) -> Option<char> {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let mut sum = 0;
    for (w, c) in WEIGHTS.iter().zip(signs) {
        sum += w * c.to_digit(36)?;
    }
    match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        n => char::from_digit(n, 10),
    }
}

impl OrganisationCode {
    /// Reads an organisation code, with or without its hyphen.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let code = tidy(text);
        let signs: Vec<char> = code.chars().collect();
        if signs.len() != 9 {
            return Err(DocumentError::length("organisation_code.length", ORG, "9", signs.len()));
        }
        if let Some((i, c)) = signs.iter().enumerate().find(|(_, c)| !c.is_ascii_alphanumeric()) {
            return Err(DocumentError::sign("organisation_code.sign", ORG, i + 1, *c));
        }
        if org_check(&signs) != Some(signs[8]) {
            return Err(DocumentError::check("organisation_code.check", ORG));
        }
        Ok(Self(code))
    }
}

impl LawyerLicence {
    /// Reads a lawyer licence number; today bounds the year of first licence.
    pub fn parse(text: &str, today: NaiveDate) -> Result<Self, DocumentError> {
        let number = tidy(text);
        let signs: Vec<char> = number.chars().collect();
        if let Some((i, c)) = signs.iter().enumerate().find(|(_, c)| !c.is_ascii_digit()) {
            return Err(DocumentError::sign("licence.sign", LICENCE, i + 1, *c));
        }
        if signs.len() != 17 {
            return Err(DocumentError::length("licence.length", LICENCE, "17", signs.len()));
        }
        if signs[0] != '1' {
            return Err(DocumentError::sign("licence.kind", LICENCE, 1, signs[0]));
        }
        let year: i32 = number.get(5..9).and_then(|y| y.parse().ok()).unwrap_or(0);
        if !(1900..=today.year()).contains(&year) {
            return Err(DocumentError::new(
                "licence.year",
                format!("执业证号第 6 至 9 位是首次执业年份，{year} 年不对。"),
                format!("Digits 6 to 9 are the year of first licence; {year} cannot be right."),
                "请对照执业证核对这几位。",
                "Compare these digits with the licence.",
            ));
        }
        if signs[9] == '0' || !matches!(signs[10], '0' | '1') {
            let at = if signs[9] == '0' { 10 } else { 11 };
            return Err(DocumentError::sign("licence.class", LICENCE, at, signs[at - 1]));
        }
        Ok(Self(number))
    }
}

impl Mobile {
    /// Reads a mainland mobile number; takes blanks, hyphens, +86 and 0086 away.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let tidy = tidy(text);
        let number = tidy.strip_prefix("+86").or_else(|| tidy.strip_prefix("0086")).unwrap_or(&tidy);
        let signs: Vec<char> = number.chars().collect();
        if let Some((i, c)) = signs.iter().enumerate().find(|(_, c)| !c.is_ascii_digit()) {
            return Err(DocumentError::sign("mobile.sign", MOBILE, i + 1, *c));
        }
        if signs.len() != 11 {
            return Err(DocumentError::length("mobile.length", MOBILE, "11", signs.len()));
        }
        if signs[0] != '1' || !('3'..='9').contains(&signs[1]) {
            return Err(DocumentError::new(
                "mobile.prefix",
                "这不是大陆手机号，手机号以 13 至 19 开头。",
                "This is not a mainland mobile number; those begin with 13 to 19.",
                "请核对前两位；座机请填在别的栏里。",
                "Check the first two digits; a landline goes in another field.",
            ));
        }
        Ok(Self(number.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    fn code_of(kind: &str, input: &str) -> Result<String, &'static str> {
        use crate::person::other_documents as other;
        let read = match kind {
            "resident_id" => ResidentId::parse(input, today()).map(ResidentId::into_string),
            "uscc" => Uscc::parse(input).map(Uscc::into_string),
            "organisation_code" => OrganisationCode::parse(input).map(OrganisationCode::into_string),
            "lawyer_licence" => LawyerLicence::parse(input, today()).map(LawyerLicence::into_string),
            "mobile" => Mobile::parse(input).map(Mobile::into_string),
            "passport" => other::Passport::parse(input, None).map(other::Passport::into_string),
            "hk_macau_permit" => other::HkMacauPermit::parse(input).map(other::HkMacauPermit::into_string),
            "taiwan_permit" => other::TaiwanPermit::parse(input).map(other::TaiwanPermit::into_string),
            "foreign_permanent" => other::ForeignPermanent::parse(input, today()).map(other::ForeignPermanent::into_string),
            "bank_account" => other::BankAccount::parse(input).map(other::BankAccount::into_string),
            "email" => other::Email::parse(input).map(other::Email::into_string),
            kind => panic!("unknown kind {kind}"),
        };
        read.map_err(|error| error.code)
    }

    // proves: L07
    #[test]
    fn every_vector_holds() {
        let mut reader = csv::Reader::from_reader(include_str!("../../tests/vectors/documents.csv").as_bytes());
        let mut rows = 0;
        for row in reader.records() {
            let row = row.unwrap();
            let (kind, input, want, code) = (&row[0], &row[1], &row[2], &row[3]);
            match code_of(kind, input) {
                Ok(number) => assert_eq!((number.as_str(), ""), (want, code), "{kind} {input}"),
                Err(found) => assert_eq!(found, code, "{kind} {input}"),
            }
            rows += 1;
        }
        assert!(rows > 50);
    }

    #[test]
    fn an_id_tells_sex_birth_and_age() {
        let id = ResidentId::parse("11010519491231002X", today()).unwrap();
        assert_eq!((id.sex(), id.birth().to_string()), (Sex::Female, "1949-12-31".to_owned()));
        assert_eq!(id.age_on("2024-12-30".parse().unwrap()), 74);
        assert_eq!(id.age_on("2024-12-31".parse().unwrap()), 75);
        assert_eq!(ResidentId::parse("440524188001010014", today()).unwrap().sex(), Sex::Male);
        let young = ResidentId::parse("11010519491231002X", "1949-12-30".parse().unwrap());
        assert_eq!(young.map_err(|e| e.code), Err("id.date"));
    }

    #[test]
    fn oddities_do_not_reject() {
        let old = ResidentId::parse("410602189602290070", today()).unwrap();
        assert_eq!(old.oddities(today()), vec![]);
        assert_eq!(old.oddities("2027-03-01".parse().unwrap()), vec![Oddity::VeryOld]);
        let odd = Uscc::parse("91370102MA0000007F").unwrap().oddities();
        assert!(odd.len() <= 1);
        assert_eq!(Uscc::parse("91350100M000100Y43").unwrap().oddities(), vec![]);
    }

    #[test]
    fn the_right_check_digit_is_never_told() {
        let error = ResidentId::parse("370102189901010017", today()).unwrap_err();
        assert!(!error.zh.contains('6') && !error.en.contains('6'));
    }
}
