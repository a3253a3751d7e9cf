//! Reference data built into the program: causes of action, everyday words, forms, folders. Holidays, which a province
//! adds to, are the registry's.
//! Owns the files under reference/ and forms/. Holds no court's and no person's data.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_embed::RustEmbed;
use serde_json::Value;

use super::case_types::CaseTypes;

/// forms/<edition>/<form>.json
#[derive(RustEmbed)]
#[folder = "forms"]
#[include = "*.json"]
struct FormFiles;

/// 案由.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Cause {
    /// `108.3`.
    pub code: String,
    /// civil or administrative.
    pub domain: String,
    /// 2026, 2021, 2020.
    pub edition: String,
    /// 1 to 4.
    pub level: u8,
    /// 民间借贷纠纷.
    pub name: String,
    /// Code of the cause above.
    pub parent: Option<String>,
    /// First day of this edition.
    pub valid_from: NaiveDate,
}

#[derive(serde::Deserialize)]
struct Word {
    word: String,
    code: String,
    domain: String,
}

/// 卷宗目录.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Folder {
    /// main or secret.
    pub volume: String,
    /// Number in the standard order.
    pub n: i32,
    /// Title.
    pub title: String,
    /// civil, enforcement or mediation.
    pub kind: String,
}

/// All reference data.
pub struct Reference {
    /// Every edition's causes.
    pub causes: Vec<Cause>,
    words: Vec<Word>,
    /// The standard folders.
    pub folders: Vec<Folder>,
    /// 案件类型代字.
    pub case_types: CaseTypes,
    forms: BTreeMap<(String, String), Value>,
}

fn read<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<Vec<T>, String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|e| format!("reference/{name}: {e}"))
}

impl Reference {
    /// Reads what is built in.
    ///
    /// # Errors
    /// Names the file and the row that cannot be read.
    pub fn built_in() -> Result<Self, String> {
        let mut forms = BTreeMap::new();
        for path in FormFiles::iter() {
            let Some((edition, form)) = path.trim_end_matches(".json").split_once('/') else { continue };
            let file = FormFiles::get(&path).ok_or("form vanished")?;
            let schema = serde_json::from_slice(&file.data).map_err(|e| format!("forms/{path}: {e}"))?;
            forms.insert((form.to_owned(), edition.to_owned()), schema);
        }
        Ok(Self {
            causes: read("causes.csv", include_str!("../../reference/causes.csv"))?,
            words: read("cause_words.csv", include_str!("../../reference/cause_words.csv"))?,
            folders: read("folders.csv", include_str!("../../reference/folders.csv"))?,
            case_types: CaseTypes::from_csv(include_str!("../../reference/case_types.csv")).map_err(|e| e.to_string())?,
            forms,
        })
    }

    /// A form of an edition.
    pub fn form(&self, form: &str, edition: &str) -> Option<&Value> {
        self.forms.get(&(form.to_owned(), edition.to_owned()))
    }

    /// Every form in its newest edition.
    pub fn newest_forms(&self) -> impl Iterator<Item = (&str, &str)> {
        let newest: BTreeMap<&str, &str> = self.forms.keys().map(|(form, edition)| (form.as_str(), edition.as_str())).collect();
        newest.into_iter()
    }

    /// The form that covers a cause, in the newest edition.
    pub fn form_of(&self, cause: &str) -> Option<String> {
        let covers = |schema: &Value| schema["x-causes"].as_array().into_iter().flatten().any(|c| c == cause);
        self.forms.iter().rev().find(|(_, schema)| covers(schema)).map(|((form, _), _)| form.clone())
    }

    /// The edition of a domain in force on a day.
    pub fn edition(&self, domain: &str, day: NaiveDate) -> Option<String> {
        self.causes.iter().filter(|c| c.domain == domain && c.valid_from <= day).max_by_key(|c| c.valid_from).map(|c| c.edition.clone())
    }

    /// A cause by code in the edition in force on a day.
    pub fn cause(&self, domain: &str, code: &str, day: NaiveDate) -> Option<&Cause> {
        let edition = self.edition(domain, day)?;
        self.causes.iter().find(|c| c.domain == domain && c.edition == edition && c.code == code)
    }

    /// Names of the causes above, from the top.
    pub fn path(&self, cause: &Cause) -> Vec<String> {
        let mut names = Vec::new();
        let mut above = cause.parent.clone();
        while let Some(code) = above.take() {
            let Some(parent) = self.causes.iter().find(|c| c.domain == cause.domain && c.edition == cause.edition && c.code == code) else {
                break;
            };
            names.push(parent.name.clone());
            above = parent.parent.clone().filter(|_| names.len() < 4);
        }
        names.reverse();
        names
    }

    /// Codes of the causes above and the cause itself.
    pub fn code_path(&self, cause: &Cause) -> Vec<String> {
        let mut codes = vec![cause.code.clone()];
        let mut above = cause.parent.clone();
        while let Some(code) = above.take().filter(|_| codes.len() < 5) {
            above = self
                .causes
                .iter()
                .find(|c| c.domain == cause.domain && c.edition == cause.edition && c.code == code)
                .and_then(|c| c.parent.clone());
            codes.push(code);
        }
        codes
    }

    /// Searches by name and by the words people use; the best first.
    pub fn search(&self, domain: &str, query: &str, day: NaiveDate, limit: usize) -> Vec<(&Cause, Option<&str>)> {
        let Some(edition) = self.edition(domain, day) else { return Vec::new() };
        let query = query.trim();
        let mut found: Vec<(u32, &Cause, Option<&str>)> = Vec::new();
        for cause in self.causes.iter().filter(|c| c.domain == domain && c.edition == edition) {
            let word = self.words.iter().find(|w| {
                w.domain == domain && w.code == cause.code && !query.is_empty() && (w.word.contains(query) || query.contains(&w.word))
            });
            let rank = match () {
                () if query.is_empty() => u32::from(cause.level),
                () if cause.code == query || cause.name == query => 0,
                () if word.is_some_and(|w| w.word == query) => 1,
                () if cause.name.starts_with(query) => 10 + u32::from(4 - cause.level.min(4)),
                () if word.is_some() => 20,
                () if cause.name.contains(query) => 30 + u32::from(4 - cause.level.min(4)),
                () => continue,
            };
            found.push((rank, cause, word.map(|w| w.word.as_str())));
        }
        found.sort_by_key(|(rank, ..)| *rank);
        found.into_iter().take(limit).map(|(_, cause, word)| (cause, word)).collect()
    }

    /// The folder of that number.
    pub fn folder(&self, kind: &str, volume: &str, n: i32) -> Option<&Folder> {
        self.folders.iter().find(|f| f.kind == kind && f.volume == volume && f.n == n)
    }
}
