//! `lianting court apply tenants/<province>`: brings the database in line with the files.
//!
//! Owns the reading of tenant files and the difference they make. Idempotent; shows the difference
//! first; never deletes: a court that is no longer in the files stays as it is.

use std::fmt::Write;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::Value;
use sqlx::{PgConnection, Row};

use super::rules;
use crate::kit::seal::sha256;

/// What is wrong with a tenant file: file, line, cause, cure.
#[derive(Debug, thiserror::Error)]
#[error("{file}{}: {cause}\n  cure: {cure}", line.map(|l| format!(":{l}")).unwrap_or_default())]
pub struct TenantFault {
    file: String,
    line: Option<usize>,
    cause: String,
    cure: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CourtFile {
    id: i32,
    code: String,
    name: String,
    level: String,
    rank: String,
    parent: Option<i32>,
    division: Option<String>,
    confidence: String,
    source: String,
    status: String,
    enabled: bool,
    note: Option<String>,
    #[serde(default)]
    contact: Contact,
    #[serde(default)]
    rules: Vec<RuleFile>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contact {
    phone: Option<String>,
    address: Option<String>,
    hours: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProvinceFile {
    province: Province,
    #[serde(default)]
    rules: Vec<RuleFile>,
}

/// The province a set of tenant files describes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Province {
    /// The high court's id.
    pub id: i32,
    /// 鲁.
    pub code: String,
    /// 山东省.
    pub name: String,
    /// 山东.
    pub short: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    key: String,
    value: Option<toml::Value>,
    #[serde(default)]
    unset: bool,
    basis: String,
    valid_from: String,
    valid_to: Option<String>,
    note: Option<String>,
    #[serde(default)]
    unsure: bool,
    #[allow(dead_code, reason = "the range a reader of the file sees; the schema in rules.rs holds it")]
    min: Option<i64>,
    #[allow(dead_code, reason = "see min")]
    max: Option<i64>,
}

/// All tenant files of one province, read and checked.
pub struct Tenants {
    /// The province.
    pub province: Province,
    courts: Vec<(CourtFile, String)>,
    rules: Vec<(i32, RuleFile)>,
}

fn read_toml<T: serde::de::DeserializeOwned>(path: &Path) -> Result<(T, String), TenantFault> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| TenantFault {
        file: file.clone(),
        line: None,
        cause: format!("cannot be read: {e}"),
        cure: "check the path and the file's permissions".into(),
    })?;
    let parsed = toml::from_str(&text).map_err(|e| TenantFault {
        line: e.span().map(|span| text[..span.start].lines().count().max(1)),
        file,
        cause: e.message().to_owned(),
        cure: "compare with tenants/README.md".into(),
    })?;
    Ok((parsed, text))
}

impl Tenants {
    /// Codes and names of all courts.
    pub fn names(&self) -> Vec<(i32, String)> {
        self.courts.iter().map(|(court, _)| (court.id, court.name.clone())).collect()
    }

    /// Reads a province's directory.
    ///
    /// # Errors
    /// The first file that cannot be used, with line, cause and cure.
    pub fn read(dir: &Path) -> Result<Self, TenantFault> {
        let (head, _): (ProvinceFile, _) = read_toml(&dir.join("_province.toml"))?;
        let mut files: Vec<_> = std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
        files.sort();
        let mut tenants =
            Self { rules: head.rules.into_iter().map(|r| (head.province.id, r)).collect(), province: head.province, courts: Vec::new() };
        for path in
            files.iter().filter(|p| p.extension().is_some_and(|x| x == "toml") && p.file_name().is_none_or(|n| n != "_province.toml"))
        {
            let (mut court, text): (CourtFile, String) = read_toml(path)?;
            let named = path.file_stem().and_then(|s| s.to_str()) == Some(&court.id.to_string());
            if !named {
                return Err(TenantFault {
                    file: path.display().to_string(),
                    line: None,
                    cause: format!("id = {} does not match the file's name", court.id),
                    cure: format!("rename the file to {}.toml", court.id),
                });
            }
            tenants.rules.extend(std::mem::take(&mut court.rules).into_iter().map(|r| (court.id, r)));
            tenants.courts.push((court, hex::encode(sha256(text.as_bytes()))));
        }
        tenants.check()?;
        // parents first, so that the reference holds while rows go in
        let rank = |level: &str| ["high", "intermediate", "special", "basic"].iter().position(|l| *l == level);
        tenants.courts.sort_by_key(|(c, _)| (rank(&c.level), c.parent.is_some_and(|p| p != 0), c.id));
        Ok(tenants)
    }

    fn check(&self) -> Result<(), TenantFault> {
        let ids: Vec<i32> = self.courts.iter().map(|(c, _)| c.id).collect();
        for (court, _) in &self.courts {
            if let Some(parent) = court.parent.filter(|p| !ids.contains(p)) {
                return Err(TenantFault {
                    file: format!("{}.toml", court.id),
                    line: None,
                    cause: format!("parent {parent} has no file"),
                    cure: format!("add {parent}.toml or correct `parent`"),
                });
            }
        }
        for (court, rule) in &self.rules {
            let fault = |cause: String, cure: &str| TenantFault {
                file: format!("rules of {court}, key {}", rule.key),
                line: None,
                cause,
                cure: cure.into(),
            };
            if rules::kind(&rule.key).is_none() {
                return Err(fault("no such rule".into(), "use a key listed in src/court/rules.rs"));
            }
            rule.dates().map_err(|e| fault(e, "write dates as 2026-01-31"))?;
            if !rule.unset {
                let value = rule.json().ok_or_else(|| fault("neither value nor unset".into(), "give a value, or `unset = true`"))?;
                rules::check_value(&rule.key, &value).map_err(|e| fault(e.problem().detail_en, "keep to the rule's schema"))?;
            }
        }
        Ok(())
    }

    /// Applies the files; answers the difference as text. With `dry`, only says it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn apply(&self, conn: &mut PgConnection, now: DateTime<Utc>, dry: bool) -> Result<String, sqlx::Error> {
        let mut diff = String::new();
        for (court, digest) in &self.courts {
            let held = sqlx::query("select digest, to_jsonb(c) as row from courts c where court_id = $1")
                .bind(court.id)
                .fetch_optional(&mut *conn)
                .await?;
            let off = if court.enabled { "" } else { " (off until confirmed)" };
            match &held {
                None => {
                    let _ = writeln!(diff, "+ {} {} {}{off}", court.id, court.code, court.name);
                }
                Some(row) if row.get::<String, _>("digest") != *digest => {
                    let _ = writeln!(diff, "~ {} {} {}{off}", court.id, court.code, court.name);
                    for line in changes(&row.get::<Value, _>("row"), court) {
                        let _ = writeln!(diff, "    {line}");
                    }
                }
                Some(_) => continue,
            }
            if !dry {
                put_court(conn, court, digest).await?;
            }
        }
        // a key may stand several times in a file: its versions, in order
        let mut keys: Vec<(i32, &str)> = Vec::new();
        for (court, rule) in self.rules.iter().filter(|(_, r)| !r.unset) {
            if !keys.contains(&(*court, &rule.key)) {
                keys.push((*court, &rule.key));
            }
        }
        for (court, key) in keys {
            let versions: Vec<&RuleFile> =
                self.rules.iter().filter(|(c, r)| *c == court && r.key == key && !r.unset).map(|(_, r)| r).collect();
            diff.push_str(&put_rule(conn, court, &versions, now, dry).await?);
        }
        Ok(diff)
    }
}

impl RuleFile {
    fn json(&self) -> Option<Value> {
        serde_json::to_value(self.value.as_ref()?).ok()
    }

    fn dates(&self) -> Result<(NaiveDate, Option<NaiveDate>), String> {
        let parse = |text: &String| text.parse::<NaiveDate>().map_err(|e| format!("date `{text}`: {e}"));
        Ok((parse(&self.valid_from)?, self.valid_to.as_ref().map(parse).transpose()?))
    }
}

/// A court switched on by an administrator stays on, whatever the file says.
async fn put_court(conn: &mut PgConnection, c: &CourtFile, digest: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into courts (court_id, code, name, level, rank, parent_id, division, confidence, source, status, enabled, note, phone, address, hours, digest)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)
         on conflict (court_id) do update set code = $2, name = $3, level = $4, rank = $5, parent_id = $6, division = $7, confidence = $8, source = $9,
           status = $10, enabled = $11 or courts.confirmed_on is not null, note = $12, phone = $13, address = $14, hours = $15, digest = $16",
    )
    .bind(c.id).bind(&c.code).bind(&c.name).bind(&c.level).bind(&c.rank).bind(c.parent).bind(&c.division).bind(&c.confidence).bind(&c.source)
    .bind(&c.status).bind(c.enabled).bind(&c.note).bind(&c.contact.phone).bind(&c.contact.address).bind(&c.contact.hours).bind(digest)
    .execute(conn)
    .await?;
    Ok(())
}

/// What a file changes of a court: `name: 甲 → 乙`.
fn changes(held: &Value, court: &CourtFile) -> Vec<String> {
    let text = |v: &Option<String>| v.clone().map_or(Value::Null, Value::String);
    let wanted = [
        ("code", Value::from(court.code.clone())),
        ("name", court.name.clone().into()),
        ("level", court.level.clone().into()),
        ("rank", court.rank.clone().into()),
        ("parent_id", court.parent.into()),
        ("division", text(&court.division)),
        ("confidence", court.confidence.clone().into()),
        ("source", court.source.clone().into()),
        ("status", court.status.clone().into()),
        ("note", text(&court.note)),
        ("phone", text(&court.contact.phone)),
        ("address", text(&court.contact.address)),
        ("hours", text(&court.contact.hours)),
    ];
    let say = |v: &Value| v.as_str().map_or_else(|| if v.is_null() { "—".to_owned() } else { v.to_string() }, str::to_owned);
    wanted.iter().filter(|(key, new)| held[*key] != *new).map(|(key, new)| format!("{key}: {} → {}", say(&held[*key]), say(new))).collect()
}

/// Adds the versions of a file when they are not what the file said last. A version an administrator set through the
/// pages is newer and stays in force.
async fn put_rule(
    conn: &mut PgConnection,
    court: i32,
    versions: &[&RuleFile],
    now: DateTime<Utc>,
    dry: bool,
) -> Result<String, sqlx::Error> {
    let key = &versions[0].key;
    let rows = sqlx::query(
        "select version, value, basis, valid_from, valid_to, note, unsure, set_by from court_rules where court_id = $1 and key = $2 order by version",
    )
    .bind(court)
    .bind(key)
    .fetch_all(&mut *conn)
    .await?;
    let ours: Vec<_> = rows.iter().filter(|r| r.get::<String, _>("set_by") == "tenants").collect();
    let last = &ours[ours.len().saturating_sub(versions.len())..];
    if last.len() == versions.len() && last.iter().zip(versions).all(|(row, rule)| says(row, rule)) {
        return Ok(String::new());
    }
    let (mut diff, mut next) = (String::new(), rows.last().map_or(1, |r| r.get::<i32, _>("version") + 1));
    for rule in versions {
        let (from, to) = rule.dates().unwrap_or_default();
        let value = rule.json().unwrap_or_default();
        let unsure = if rule.unsure { " (unsure)" } else { "" };
        let _ = match ours.last() {
            None => writeln!(diff, "+ {court} {key} = {value} from {from}{unsure}"),
            Some(r) => writeln!(diff, "~ {court} {key}: {} → {value} from {from}{unsure}", r.get::<Value, _>("value")),
        };
        if dry {
            continue;
        }
        sqlx::query("insert into court_rules (court_id, key, version, value, basis, valid_from, valid_to, note, unsure, set_by, set_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,'tenants',$10)")
            .bind(court).bind(key).bind(next).bind(&value).bind(&rule.basis).bind(from).bind(to).bind(&rule.note).bind(rule.unsure).bind(now)
            .execute(&mut *conn).await?;
        next += 1;
    }
    Ok(diff)
}

/// Does a version in force say what the file says?
fn says(row: &sqlx::postgres::PgRow, rule: &RuleFile) -> bool {
    let (from, to) = rule.dates().unwrap_or_default();
    row.get::<Value, _>("value") == rule.json().unwrap_or_default()
        && row.get::<String, _>("basis") == rule.basis
        && row.get::<NaiveDate, _>("valid_from") == from
        && row.get::<Option<NaiveDate>, _>("valid_to") == to
        && row.get::<Option<String>, _>("note") == rule.note
        && row.get::<bool, _>("unsure") == rule.unsure
}
