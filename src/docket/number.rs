//! Writes and reads case numbers (案号): （2024）鲁0102民初1234号之一.
//!
//! Owns: the shape of 法〔2015〕137号 and 法〔2018〕335号. Must never issue a number (that needs a
//! counter in a transaction) or reject a court only because it is not in a table.
//! Imports `docket/case_types.rs` and `court/beijing.rs`.

use std::fmt;

use chrono::{DateTime, Datelike, Utc};
use serde::Serialize;

use crate::court::beijing::beijing_date;
use crate::docket::case_types::CaseTypes;

/// The one-character names of the provinces, the Corps (兵) and the army (军).
const PROVINCES: &str = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新兵军";

/// A case number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct CaseNumber {
    /// The Beijing year of intake.
    pub year: u16,
    /// 法院代字, such as 鲁0102, 鲁 or 最高法.
    pub court_code: String,
    /// The special-trial character (知), since 2018.
    pub special: Option<char>,
    /// 类型代字, such as 民初.
    pub type_code: String,
    /// 顺序号, from 1, without leading zeros.
    pub serial: u32,
    /// 之一, 之二 … of later papers of one kind.
    pub suffix: Option<u16>,
}

/// Why a text is no case number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    /// No brackets round the year.
    Brackets,
    /// The year is no year.
    Year,
    /// A case of 2015 or before, with a free form: keep it as text.
    OldForm,
    /// The court's code has a wrong shape.
    Court,
    /// The type is not in the table.
    Type,
    /// The serial has a leading zero, is missing or too long.
    Serial,
    /// The end (号, 之…) is wrong.
    Suffix,
}

impl NumberError {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Brackets => "case_number.brackets",
            Self::Year => "case_number.year",
            Self::OldForm => "case_number.old_form",
            Self::Court => "case_number.court",
            Self::Type => "case_number.type",
            Self::Serial => "case_number.serial",
            Self::Suffix => "case_number.suffix",
        }
    }

    /// Says the cause in Chinese and English.
    pub fn cause(self) -> (&'static str, &'static str) {
        match self {
            Self::Brackets => ("案号里的年份要加括号。", "The year of a case number stands in brackets."),
            Self::Year => ("案号里的年份不对。", "The year of the case number is wrong."),
            Self::OldForm => ("这是 2015 年以前的旧案号。", "This is a case number from before 2016, in a free form."),
            Self::Court => ("案号里的法院代字不对。", "The court code in the case number is wrong."),
            Self::Type => ("案号里的案件类型不对。", "The case type in the case number is unknown."),
            Self::Serial => ("案号里的顺序号不对。", "The serial of the case number is wrong."),
            Self::Suffix => ("案号的结尾不对。", "The end of the case number is wrong."),
        }
    }

    /// Says the cure in Chinese and English.
    pub fn cure(self) -> (&'static str, &'static str) {
        match self {
            Self::OldForm => ("请原样填写，法院会人工核对。", "Type it as it is; the court will check it by hand."),
            _ => ("请按文书上的写法填写，例如（2024）鲁0102民初1234号。", "Copy it from the paper, such as （2024）鲁0102民初1234号."),
        }
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.cause().1)
    }
}

impl std::error::Error for NumberError {}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "（{}）{}", self.year, self.court_code)?;
        if let Some(special) = self.special {
            write!(f, "{special}")?;
        }
        write!(f, "{}{}号", self.type_code, self.serial)?;
        match self.suffix {
            Some(n) => write!(f, "之{}", numeral(n)),
            None => Ok(()),
        }
    }
}

impl CaseNumber {
    /// Makes the number of a case taken in at an instant; its year is the Beijing year.
    pub fn new(taken_in: DateTime<Utc>, court_code: &str, type_code: &str, serial: u32) -> Self {
        Self {
            year: u16::try_from(beijing_date(taken_in).year()).unwrap_or(0),
            court_code: court_code.to_owned(),
            special: None,
            type_code: type_code.to_owned(),
            serial,
            suffix: None,
        }
    }

    /// Gives the number of the n-th later paper of one kind; the first paper has none.
    pub fn with_suffix(mut self, n: u16) -> Self {
        self.suffix = (n > 0).then_some(n);
        self
    }

    /// Reads a case number in full-width or ASCII brackets, blanks aside.
    pub fn parse(text: &str, types: &CaseTypes) -> Result<Self, NumberError> {
        let tidy: String = text.chars().filter(|c| !c.is_whitespace()).map(half).collect();
        let (year, rest) = year_of(&tidy)?;
        let (court_code, rest) = court_of(rest)?;
        let (body, suffix) = suffix_of(rest)?;
        let at = body.find(|c: char| c.is_ascii_digit()).ok_or(NumberError::Serial)?;
        let (middle, digits) = body.split_at(at);
        let (special, type_code) = type_of(middle, types).ok_or(NumberError::Type)?;
        let serial = serial_of(digits).ok_or(NumberError::Serial)?;
        Ok(Self { year, court_code, special, type_code, serial, suffix })
    }
}

fn half(c: char) -> char {
    match c {
        '（' | '〔' | '[' => '(',
        '）' | '〕' | ']' => ')',
        '０'..='９' => char::from_u32(c as u32 - 0xFF10 + 0x30).unwrap_or(c),
        c => c,
    }
}

fn year_of(text: &str) -> Result<(u16, &str), NumberError> {
    let inner = text.strip_prefix('(').ok_or(NumberError::Brackets)?;
    let (year, rest) = inner.split_once(')').ok_or(NumberError::Brackets)?;
    let digits = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    match year.parse().ok().filter(|_| digits) {
        Some(year @ 2016..=2099) => Ok((year, rest)),
        Some(1949..=2015) => Err(NumberError::OldForm),
        _ => Err(NumberError::Year),
    }
}

fn court_of(text: &str) -> Result<(String, &str), NumberError> {
    if let Some(rest) = text.strip_prefix("最高法") {
        return Ok(("最高法".to_owned(), rest));
    }
    let province = text.chars().next().filter(|c| PROVINCES.contains(*c)).ok_or(NumberError::Court)?;
    let after = &text[province.len_utf8()..];
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    if !matches!(digits, 0 | 2 | 4) {
        return Err(NumberError::Court);
    }
    Ok((text[..province.len_utf8() + digits].to_owned(), &after[digits..]))
}

fn suffix_of(text: &str) -> Result<(&str, Option<u16>), NumberError> {
    let (body, end) = text.split_once('号').ok_or(NumberError::Suffix)?;
    if end.is_empty() {
        return Ok((body, None));
    }
    let n = end.strip_prefix('之').and_then(numeral_value).ok_or(NumberError::Suffix)?;
    Ok((body, Some(n)))
}

/// Matches the type against the table; a first character more is the special-trial character.
fn type_of(middle: &str, types: &CaseTypes) -> Option<(Option<char>, String)> {
    if types.get(middle).is_some() {
        return Some((None, middle.to_owned()));
    }
    let rest = middle.strip_prefix('知')?;
    types.get(rest).map(|t| (Some('知'), t.code.clone()))
}

fn serial_of(digits: &str) -> Option<u32> {
    let shape = (1..=8).contains(&digits.len()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| shape && digits.bytes().all(|b| b.is_ascii_digit()))
}

const NUMERALS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// Writes a number from 1 to 999 in Chinese numerals.
fn numeral(n: u16) -> String {
    let one = |n: u16| NUMERALS[usize::from(n % 10)];
    match n {
        0..=9 => one(n).to_string(),
        10 => "十".to_owned(),
        11..=19 => format!("十{}", one(n)),
        20..=99 if n.is_multiple_of(10) => format!("{}十", one(n / 10)),
        20..=99 => format!("{}十{}", one(n / 10), one(n)),
        _ => {
            let rest = n % 100;
            let tail = match rest {
                0 => String::new(),
                1..=9 => format!("零{}", one(rest)),
                10..=19 => format!("一{}", numeral(rest)),
                _ => numeral(rest),
            };
            format!("{}百{tail}", one(n / 100))
        }
    }
}

fn numeral_value(text: &str) -> Option<u16> {
    (1..=999).find(|n| numeral(*n) == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types() -> CaseTypes {
        CaseTypes::from_csv(include_str!("../../reference/case_types.csv")).unwrap()
    }

    #[test]
    fn every_vector_holds() {
        let types = types();
        let rows = [
            ("（2024）鲁0102民初1234号", Ok("（2024）鲁0102民初1234号")),
            ("(2023)豫06民终88号", Ok("（2023）豫06民终88号")),
            ("（2022）粤执复5号", Ok("（2022）粤执复5号")),
            ("（2023）最高法知行终34号", Ok("（2023）最高法知行终34号")),
            ("（2024）鲁0102民初1234号之一", Ok("（2024）鲁0102民初1234号之一")),
            ("（2024）鲁0102民初1234号之二十三", Ok("（2024）鲁0102民初1234号之二十三")),
            (" (２０２４) 鲁 0102 民初 12 号", Ok("（2024）鲁0102民初12号")),
            ("（2024）鲁9902民初1号", Ok("（2024）鲁9902民初1号")),
            ("（2024）鲁01民辖终7号", Ok("（2024）鲁01民辖终7号")),
            ("（2024）鲁0102诉前调7号", Ok("（2024）鲁0102诉前调7号")),
            ("（2024）鲁0102民初0123号", Err(NumberError::Serial)),
            ("（2024）鲁102民初1号", Err(NumberError::Court)),
            ("2024鲁0102民初1号", Err(NumberError::Brackets)),
            ("（2014）历商初字第1号", Err(NumberError::OldForm)),
            ("（20244）鲁0102民初1号", Err(NumberError::Year)),
            ("（2024）美0102民初1号", Err(NumberError::Court)),
            ("（2024）鲁0102民末1号", Err(NumberError::Type)),
            ("（2024）鲁0102民初1", Err(NumberError::Suffix)),
            ("（2024）鲁0102民初1号之甲", Err(NumberError::Suffix)),
            ("（2024）鲁0102民初123456789号", Err(NumberError::Serial)),
            ("（2024）鲁0102民初1a号", Err(NumberError::Serial)),
            ("", Err(NumberError::Brackets)),
        ];
        for (text, want) in rows {
            let found = CaseNumber::parse(text, &types).map(|n| n.to_string());
            assert_eq!(found, want.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn the_parts_are_told_apart() {
        let number = CaseNumber::parse("（2023）最高法知行终34号", &types()).unwrap();
        assert_eq!((number.year, number.court_code.as_str(), number.serial), (2023, "最高法", 34));
        assert_eq!((number.special, number.type_code.as_str()), (Some('知'), "行终"));
    }

    #[test]
    fn the_year_is_beijings() {
        let at = "2025-12-31T16:00:00Z".parse().unwrap();
        assert_eq!(CaseNumber::new(at, "鲁0102", "民初", 1).to_string(), "（2026）鲁0102民初1号");
    }

    #[test]
    fn suffixes_count_in_chinese() {
        let rows = [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (101, "一百零一"), (110, "一百一十"), (999, "九百九十九")];
        for (n, text) in rows {
            assert_eq!((numeral(n).as_str(), numeral_value(text)), (text, Some(n)));
        }
    }

    #[test]
    fn what_is_printed_can_be_read() {
        let types = types();
        for t in types.all() {
            for suffix in [0, 1, 12] {
                let at = "2026-05-06T02:00:00Z".parse().unwrap();
                let number = CaseNumber::new(at, "鲁0102", &t.code, 7).with_suffix(suffix);
                assert_eq!(CaseNumber::parse(&number.to_string(), &types), Ok(number));
            }
        }
    }
}
