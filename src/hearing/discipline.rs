//! 法庭纪律、特别提示: what each participant reads and acknowledges, in which words.
//!
//! Owns the reading of the texts (`reference/hearing_discipline.toml`, and a court's own points) and the digest an
//! acknowledgement is bound to (互联网法庭使用指引 7, 网上开庭工作指南 6). Must never change a published text, or take an
//! acknowledgement of one text for another.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::words::Role;

/// Whom a point is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody.
    Everybody,
    /// A party and who acts for it.
    Party,
    /// Witnesses and appraisers.
    Witness,
    /// The gallery.
    Observer,
}

impl Audience {
    fn holds(self, role: Role) -> bool {
        match self {
            Self::Everybody => true,
            Self::Party => role.is_party_side(),
            Self::Witness => role.waits_apart(),
            Self::Observer => role.only_watches(),
        }
    }
}

/// One point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// For whom.
    pub r#for: Audience,
    /// 内容.
    pub zh: String,
    /// The content in English.
    pub en: String,
    /// 依据.
    pub basis: String,
}

/// A published text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Version.
    pub version: String,
    /// The first day it is read.
    pub valid_from: NaiveDate,
    /// 标题.
    pub title: String,
    /// Title in English.
    pub title_en: String,
    /// Points.
    pub points: Vec<Point>,
}

/// A court's own points: the rule `hearing_discipline`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Own {
    /// The version of the rule.
    pub version: i32,
    /// Points.
    pub points: Vec<Point>,
}

/// What one participant reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Of the text, and of the court's own points.
    pub version: String,
    /// 标题.
    pub title: String,
    /// Title in English.
    pub title_en: String,
    /// The points for this role.
    pub points: Vec<Point>,
    /// SHA-256 over what is read, in both languages.
    pub digest: String,
}

#[derive(Deserialize)]
struct File {
    texts: Vec<Text>,
}

/// Reads the published texts, oldest first.
///
/// # Errors
/// When the file is not what it should be.
pub fn texts(file: &str) -> Result<Vec<Text>, String> {
    let mut texts = toml::from_str::<File>(file).map_err(|e| format!("hearing_discipline: {e}"))?.texts;
    texts.sort_by_key(|t| t.valid_from);
    if texts.is_empty() || texts.iter().any(|t| t.points.is_empty()) {
        return Err("hearing_discipline: no text, or a text without points".into());
    }
    Ok(texts)
}

/// What this role reads on this day.
pub fn reading(texts: &[Text], own: &Own, role: Role, day: NaiveDate) -> Option<Reading> {
    let text = texts.iter().rev().find(|t| t.valid_from <= day)?;
    let points: Vec<Point> = text.points.iter().chain(&own.points).filter(|p| p.r#for.holds(role)).cloned().collect();
    let version = if own.points.is_empty() { text.version.clone() } else { format!("{}+{}", text.version, own.version) };
    let mut digest = Sha256::new();
    for part in [&version, &text.title].into_iter().chain(points.iter().flat_map(|p| [&p.zh, &p.en])) {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    Some(Reading { version, title: text.title.clone(), title_en: text.title_en.clone(), points, digest: hex::encode(digest.finalize()) })
}

/// Who has to acknowledge: everybody who is not of the court itself.
pub const fn must_acknowledge(role: Role) -> bool {
    !role.is_court() && !matches!(role, Role::Technician)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built_in() -> Vec<Text> {
        texts(include_str!("../../reference/hearing_discipline.toml")).unwrap()
    }

    fn day() -> NaiveDate {
        "2026-11-26".parse().unwrap()
    }

    // part of H20
    #[test]
    fn each_role_reads_what_concerns_it() {
        let read = |role| reading(&built_in(), &Own::default(), role, day()).unwrap();
        let (party, witness, observer) = (read(Role::Party), read(Role::Witness), read(Role::Observer));
        for must in ["全程保持在线", "画面中不得有其他人", "手机静音", "着装得体", "全程录音录像", "缺席审理"]
        {
            assert!(party.points.iter().any(|p| p.zh.contains(must)), "{must}");
        }
        assert!(witness.points.iter().any(|p| p.zh.contains("如实作证")) && !party.points.iter().any(|p| p.zh.contains("如实作证")));
        assert!(observer.points.iter().any(|p| p.zh.contains("只能观看")));
        assert!(party.digest != witness.digest && party.digest == read(Role::Agent).digest);
        assert!(built_in().iter().flat_map(|t| &t.points).all(|p| !p.en.is_empty() && !p.basis.is_empty()));
        assert!(must_acknowledge(Role::Party) && must_acknowledge(Role::Observer) && !must_acknowledge(Role::Clerk));
    }

    #[test]
    fn a_changed_word_is_another_digest() {
        let own = |zh: &str| Own {
            version: 2,
            points: vec![Point { r#for: Audience::Everybody, zh: zh.into(), en: "x".into(), basis: "本院规定".into() }],
        };
        let read = |own: &Own| reading(&built_in(), own, Role::Party, day()).unwrap();
        let (plain, one, two) = (read(&Own::default()), read(&own("请提前十分钟进入。")), read(&own("请提前二十分钟进入。")));
        assert!(plain.digest != one.digest && one.digest != two.digest);
        assert_eq!((plain.version.as_str(), one.version.as_str()), ("2021-08", "2021-08+2"));
        assert!(reading(&built_in(), &Own::default(), Role::Party, "2020-01-01".parse().unwrap()).is_none());
        assert!(texts("texts = []").is_err());
    }
}
