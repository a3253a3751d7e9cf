//! Masks personal data for the eyes of a viewer.
//!
//! Owns: what of a name, number or address each viewer may see (product rule; 个人信息保护法,
//! 法院专递规定 Art 4). Masks at render only. Must never be applied to stored legal text, and must
//! never be asked whether the viewer may see the record at all. Imports nothing of ours.

use serde::{Deserialize, Serialize};

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Viewer {
    /// 本人.
    Owner,
    /// 承办法官, the judge on duty.
    JudgeOnDuty,
    /// 对方当事人 and counsel.
    OtherParty,
    /// 书记员 looking at a list.
    ClerkList,
    /// 公众.
    Public,
}

use Viewer::{ClerkList, JudgeOnDuty, OtherParty, Owner, Public};

/// Whose name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameOf {
    /// 自然人.
    Person,
    /// 未成年人: the first sign only, even for the judge's list.
    Minor,
    /// 法人 or 非法人组织: never masked.
    Organisation,
}

/// Two-sign surnames (复姓) that stay whole.
const LONG_SURNAMES: [&str; 24] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "南宫", "长孙", "宇文", "端木", "百里",
    "呼延", "轩辕", "独孤", "闻人", "澹台", "申屠", "万俟",
];

fn surname(name: &str) -> String {
    let long = LONG_SURNAMES.iter().find(|s| name.starts_with(**s) && name.chars().count() > 2);
    long.map_or_else(|| name.chars().take(1).collect(), |s| (*s).to_owned())
}

/// Hides a natural person's name as judgments do: 张某; a Latin name keeps its first letter.
fn hidden(name: &str) -> String {
    match name.chars().next() {
        Some(c) if c.is_ascii() => format!("{c}***"),
        Some(_) => format!("{}某", surname(name)),
        None => String::new(),
    }
}

/// Shows a name to a viewer.
pub fn name(name: &str, of: NameOf, viewer: Viewer) -> Option<String> {
    let name = name.trim();
    match (of, viewer) {
        (NameOf::Minor, Public) => None,
        (NameOf::Minor, _) | (NameOf::Person, Public) => Some(hidden(name)),
        (NameOf::Person | NameOf::Organisation, _) => Some(name.to_owned()),
    }
}

/// Shows several natural persons to the public so that they stay apart: 张某甲, 张某乙.
pub fn public_names(names: &[&str]) -> Vec<String> {
    const STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
    let short: Vec<String> = names.iter().map(|n| hidden(n.trim())).collect();
    let twins = |s: &String| short.iter().filter(|other| *other == s).count() > 1;
    let number = |i: usize| short[..i].iter().filter(|other| **other == short[i]).count();
    let one = |(i, s): (usize, &String)| match (twins(s), STEMS.get(number(i))) {
        (false, _) => s.clone(),
        (true, Some(stem)) => format!("{s}{stem}"),
        (true, None) => format!("{s}{}", number(i) + 1),
    };
    short.iter().enumerate().map(one).collect()
}

/// Keeps the first and last signs and stars out the rest with a number of stars.
fn between(text: &str, head: usize, tail: usize, stars: Option<usize>) -> String {
    let signs: Vec<char> = text.chars().collect();
    if signs.len() <= head + tail {
        return "*".repeat(signs.len());
    }
    let stars = "*".repeat(stars.unwrap_or(signs.len() - head - tail));
    let first: String = signs[..head].iter().collect();
    let last: String = signs[signs.len() - tail..].iter().collect();
    format!("{first}{stars}{last}")
}

/// Shows a resident ID or another document number. The judge sees it whole only by a logged click.
pub fn id_number(number: &str, viewer: Viewer) -> Option<String> {
    match viewer {
        Owner | JudgeOnDuty | ClerkList => Some(between(number, 6.min(number.len() / 3), 4, None)),
        OtherParty => Some(between(number, 3, 2, None)),
        Public => None,
    }
}

/// Shows a mobile number: 138****8000. The whole number is given only by release of the court.
pub fn mobile(number: &str, viewer: Viewer) -> Option<String> {
    match viewer {
        Public => None,
        Owner | JudgeOnDuty | OtherParty | ClerkList => Some(between(number, 3, 4, None)),
    }
}

/// Shows an address. A protected address (保护令, secrecy request) is hidden from the other side.
pub fn address(text: &str, protected: bool, viewer: Viewer) -> Option<String> {
    match viewer {
        Owner | JudgeOnDuty | ClerkList => Some(text.trim().to_owned()),
        OtherParty => (!protected).then(|| text.trim().to_owned()),
        Public if protected => None,
        Public => district(text),
    }
}

/// Cuts an address after its district or county, else after its city.
fn district(text: &str) -> Option<String> {
    let text = text.trim();
    let from = text.find('市').map_or(0, |i| i + '市'.len_utf8());
    let county = text[from..].char_indices().take(8).find(|(_, c)| matches!(c, '区' | '县' | '旗' | '市'));
    let end = match county {
        Some((i, c)) => from + i + c.len_utf8(),
        None => from,
    };
    (end > 0).then(|| text[..end].to_owned())
}

/// Shows an e-mail address: a***@x.cn.
pub fn email(text: &str, viewer: Viewer) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    match viewer {
        Public => None,
        _ => Some(format!("{}***@{domain}", local.chars().take(1).collect::<String>())),
    }
}

/// Shows a lawyer's licence number; it is public information of the profession.
pub fn licence(number: &str, _viewer: Viewer) -> Option<String> {
    Some(number.to_owned())
}

/// Shows a unified social credit code; it is public information of the register.
pub fn credit_code(code: &str, _viewer: Viewer) -> Option<String> {
    Some(code.to_owned())
}

/// Shows a bank account: its last four digits to its owner and the court.
pub fn bank_account(number: &str, viewer: Viewer) -> Option<String> {
    match viewer {
        Owner | JudgeOnDuty | ClerkList => Some(between(number, 0, 4, Some(4))),
        OtherParty | Public => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vector_holds() {
        let mut reader = csv::Reader::from_reader(include_str!("../../tests/vectors/masking.csv").as_bytes());
        let mut rows = 0;
        for row in reader.records() {
            let row = row.unwrap();
            let viewer: Viewer = serde_json::from_value(row[2].into()).unwrap();
            let shown = match &row[0] {
                "name" => name(&row[1], NameOf::Person, viewer),
                "minor" => name(&row[1], NameOf::Minor, viewer),
                "organisation" => name(&row[1], NameOf::Organisation, viewer),
                "id" => id_number(&row[1], viewer),
                "mobile" => mobile(&row[1], viewer),
                "address" => address(&row[1], false, viewer),
                "protected_address" => address(&row[1], true, viewer),
                "email" => email(&row[1], viewer),
                "licence" => licence(&row[1], viewer),
                "credit_code" => credit_code(&row[1], viewer),
                "bank_account" => bank_account(&row[1], viewer),
                field => panic!("unknown field {field}"),
            };
            assert_eq!(shown.as_deref().unwrap_or("none"), &row[3], "{row:?}");
            rows += 1;
        }
        assert!(rows > 40);
    }

    #[test]
    fn people_of_one_surname_stay_apart() {
        assert_eq!(public_names(&["张三丰", "李四", "张翠山"]), ["张某甲", "李某", "张某乙"]);
        assert_eq!(public_names(&["张三丰"]), ["张某"]);
    }

    #[test]
    fn a_short_number_is_hidden_whole() {
        assert_eq!(id_number("A1234", OtherParty).as_deref(), Some("*****"));
        assert_eq!(mobile("12345", Owner).as_deref(), Some("*****"));
    }
}
