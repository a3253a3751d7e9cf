//! Reads the rarer documents: passports, permits, bank accounts, e-mail addresses.
//!
//! Owns: the loose shapes of documents that have no public check digit. Must never be stricter than
//! the source is sure. Imports `person/documents.rs`.

use chrono::NaiveDate;
use serde::Serialize;

use crate::person::documents::{DocumentError, ResidentId, newtype, tidy};

newtype!(
    /// 护照号, Chinese or foreign.
    Passport
);
newtype!(
    /// 港澳居民来往内地通行证号.
    HkMacauPermit
);
newtype!(
    /// 台湾居民来往大陆通行证号.
    TaiwanPermit
);
newtype!(
    /// 外国人永久居留身份证号.
    ForeignPermanent
);
newtype!(
    /// 银行账号 for a refund.
    BankAccount
);
newtype!(
    /// 电子邮箱.
    Email
);

fn shape(code: &'static str, zh: &'static str, en: &'static str, hint: (&str, &str)) -> DocumentError {
    DocumentError::new(
        code,
        format!("{zh}的写法不对，{}。", hint.0),
        format!("This is not how a {en} is written: {}.", hint.1),
        "请对照证件重新填写。",
        "Compare it with the document.",
    )
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

fn letters(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_uppercase())
}

impl Passport {
    /// Reads a passport number; without a country, or with 中国, the Chinese shape is also taken.
    pub fn parse(text: &str, country: Option<&str>) -> Result<Self, DocumentError> {
        let number = tidy(text);
        let foreign = (5..=15).contains(&number.len()) && number.chars().all(|c| c.is_ascii_alphanumeric());
        let chinese = country.is_some_and(|c| matches!(c, "CN" | "CHN" | "中国"));
        let fits = if chinese { chinese_passport(&number) } else { foreign };
        let hint = ("护照号由 5 至 15 位字母和数字组成", "5 to 15 letters and digits");
        if fits { Ok(Self::wrap(number)) } else { Err(shape("passport.shape", "护照号", "passport number", hint)) }
    }
}

/// Tells whether a number has the loose shape of a Chinese passport.
fn chinese_passport(number: &str) -> bool {
    let Some(rest) = number.strip_prefix(['E', 'G', 'D', 'S', 'P', 'K']) else { return false };
    let rest = rest.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(rest);
    matches!(rest.len(), 7 | 8) && digits(rest)
}

impl HkMacauPermit {
    /// Reads a home-return permit: H or M and 8 digits, older ones 10.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let number = tidy(text);
        let fits = number.strip_prefix(['H', 'M']).is_some_and(|rest| matches!(rest.len(), 8 | 10) && digits(rest));
        let hint = ("应为 H 或 M 加 8 位数字", "H or M and 8 digits");
        let error = || shape("hk_macau_permit.shape", "来往内地通行证号", "home-return permit number", hint);
        if fits { Ok(Self::wrap(number)) } else { Err(error()) }
    }
}

impl TaiwanPermit {
    /// Reads a Taiwan permit: 8 digits, or the older 10 digits with a letter.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let number = tidy(text);
        let bare = number.replace(['(', ')'], "");
        let old = (10..=12).contains(&bare.len())
            && bare.chars().all(|c| c.is_ascii_alphanumeric())
            && bare.chars().filter(char::is_ascii_digit).count() >= 10;
        let hint = ("应为 8 位数字", "8 digits");
        let error = || shape("taiwan_permit.shape", "来往大陆通行证号", "Taiwan permit number", hint);
        if (bare.len() == 8 && digits(&bare)) || old { Ok(Self::wrap(bare)) } else { Err(error()) }
    }
}

impl ForeignPermanent {
    /// Reads a foreign permanent card: three letters and 12 digits, or the 18-digit card of 2023.
    pub fn parse(text: &str, today: NaiveDate) -> Result<Self, DocumentError> {
        let number = tidy(text);
        if number.starts_with('9') {
            return ResidentId::parse(&number, today).map(|id| Self::wrap(id.into_string()));
        }
        let fits = number.is_char_boundary(3) && number.len() == 15 && {
            let (country, rest) = number.split_at(3);
            letters(country) && digits(rest)
        };
        let hint = ("应为 3 个字母加 12 位数字，或以 9 开头的 18 位号码", "3 letters and 12 digits, or 18 signs from 9");
        let error = || shape("foreign_permanent.shape", "永久居留身份证号", "permanent resident card number", hint);
        if fits { Ok(Self::wrap(number)) } else { Err(error()) }
    }
}

impl BankAccount {
    /// Reads a bank account of 8 to 30 digits.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let number = tidy(text);
        let hint = ("应为 8 至 30 位数字", "8 to 30 digits");
        let fits = digits(&number) && (8..=30).contains(&number.len());
        let error = || shape("bank_account.shape", "银行账号", "bank account", hint);
        if fits { Ok(Self::wrap(number)) } else { Err(error()) }
    }

    /// Tells whether a card number fails the Luhn check; a reason to ask again, never to reject.
    pub fn looks_mistyped(&self) -> bool {
        if !(16..=19).contains(&self.as_str().len()) {
            return false;
        }
        let sum: u32 = self.as_str().chars().rev().enumerate().fold(0, |sum, (i, c)| {
            let n = c.to_digit(10).unwrap_or(0) * if i % 2 == 1 { 2 } else { 1 };
            sum + n / 10 + n % 10
        });
        !sum.is_multiple_of(10)
    }
}

impl Email {
    /// Reads an e-mail address; keeps the case of the part before the @.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let text = text.trim();
        let hint = ("应像 name@example.cn", "like name@example.cn");
        let fits = text.split_once('@').is_some_and(|(local, domain)| {
            let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '@' | '<' | '>' | '"' | ',' | ';' | '\\');
            let label = |l: &str| {
                !l.is_empty() && !l.starts_with('-') && !l.ends_with('-') && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            };
            (1..=64).contains(&local.len())
                && local.chars().all(plain)
                && domain.len() <= 253
                && domain.contains('.')
                && domain.split('.').all(label)
        });
        if !fits {
            return Err(shape("email.shape", "电子邮箱", "e-mail address", hint));
        }
        let (local, domain) = text.split_once('@').unwrap_or((text, ""));
        Ok(Self::wrap(format!("{local}@{}", domain.to_ascii_lowercase())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_passport_is_held_to_its_own_shape() {
        for (number, fits) in [("E12345678", true), ("EA1234567", true), ("X12345678", false), ("E123", false)] {
            assert_eq!(Passport::parse(number, Some("CN")).is_ok(), fits, "{number}");
        }
    }

    #[test]
    fn luhn_only_warns() {
        let card = |text: &str| BankAccount::parse(text).unwrap().looks_mistyped();
        assert!(!card("4539148803436467"));
        assert!(card("4539148803436468"));
        assert!(!card("12345678"));
    }
}
