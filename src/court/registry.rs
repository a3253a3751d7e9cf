//! 法院名册: the courts of the province, their parents, their rules and their calendar, held in memory.
//!
//! Owns the reading of `courts`, `court_rules`, `calendar_changes` and `policy_overrides`; these are public reference data.
//! Must never hold a case or a person.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::NaiveDate;
use serde_json::Value;
use sqlx::PgConnection;

use super::calendar::Calendar;
use super::holidays::{self, CalendarBook};
use super::policy::Override;
use super::role::Role;
use crate::error::Result;

/// A court.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Court {
    /// 370102.
    pub court_id: i32,
    /// 法院代字, 鲁0102.
    pub code: String,
    /// 济南市历下区人民法院.
    pub name: String,
    /// high, intermediate, special or basic.
    pub level: String,
    /// The court above.
    pub parent_id: Option<i32>,
    /// 行政区划代码.
    pub division: Option<String>,
    /// How sure the code is.
    pub confidence: String,
    /// current or historic.
    pub status: String,
    /// Open for filings.
    pub enabled: bool,
    /// What is known about the source.
    pub note: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Address of the service counter.
    pub address: Option<String>,
    /// Hours of the service counter.
    pub hours: Option<String>,
}

/// One version of one rule at one level.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SetRule {
    /// Court that set it.
    pub court_id: i32,
    /// Key.
    pub key: String,
    /// Version within (court, key).
    pub version: i32,
    /// Value.
    pub value: Value,
    /// 依据.
    pub basis: String,
    /// First day in force.
    pub valid_from: NaiveDate,
    /// Last day in force.
    pub valid_to: Option<NaiveDate>,
    /// A word on it.
    pub note: Option<String>,
    /// Marked unsure by its source.
    pub unsure: bool,
    /// Who set it.
    pub set_by: String,
}

#[derive(Default)]
struct Held {
    courts: BTreeMap<i32, Arc<Court>>,
    rules: HashMap<(i32, String), Vec<SetRule>>,
    province: i32,
    calendars: Arc<CalendarBook>,
}

/// The registry. Reads are lock-free.
#[derive(Default)]
pub struct Registry(ArcSwap<Held>);

impl Registry {
    /// Reads everything anew.
    pub async fn reload(&self, conn: &mut PgConnection) -> Result<()> {
        let courts: Vec<Court> = sqlx::query_as(
            "select court_id, code, name, level, parent_id, division, confidence, status, enabled, note, phone, address, hours from courts order by court_id",
        )
        .fetch_all(&mut *conn)
        .await?;
        let rules: Vec<SetRule> = sqlx::query_as(
            "select court_id, key, version, value, basis, valid_from, valid_to, note, unsure, set_by from court_rules order by court_id, key, version",
        )
        .fetch_all(&mut *conn)
        .await?;
        let calendars = Arc::new(holidays::read(conn).await?);
        let province = courts.iter().find(|c| c.level == "high").map_or(0, |c| c.court_id);
        let mut held = Held { province, calendars, ..Held::default() };
        held.courts = courts.into_iter().map(|c| (c.court_id, Arc::new(c))).collect();
        for rule in rules {
            held.rules.entry((rule.court_id, rule.key.clone())).or_default().push(rule);
        }
        self.0.store(Arc::new(held));
        Ok(())
    }

    /// A court by id.
    pub fn court(&self, id: i32) -> Option<Arc<Court>> {
        self.0.load().courts.get(&id).cloned()
    }

    /// Every court, high first.
    pub fn courts(&self) -> Vec<Arc<Court>> {
        self.0.load().courts.values().cloned().collect()
    }

    /// The high court of the province.
    pub fn province_court(&self) -> i32 {
        self.0.load().province
    }

    /// The calendar in all its versions.
    pub fn calendars(&self) -> Arc<CalendarBook> {
        self.0.load().calendars.clone()
    }

    /// The calendar as it is known now, reading make-up days as a court does.
    pub fn calendar(&self, makeup_is_working: bool) -> Arc<Calendar> {
        self.0.load().calendars.newest(makeup_is_working)
    }

    /// The versions of a rule published at a court or above for a day after this one, nearest first.
    pub fn upcoming(&self, court: i32, key: &str, day: NaiveDate) -> Vec<SetRule> {
        let held = self.0.load();
        let mut found: Vec<SetRule> = Vec::new();
        for at in self.chain(court) {
            let versions = held.rules.get(&(at, key.to_owned())).into_iter().flatten();
            found.extend(versions.filter(|r| r.valid_from > day && r.valid_to.is_none_or(|to| r.valid_from <= to)).cloned());
        }
        // of one court and one day, only the newest version will be in force
        found.sort_by_key(|r| (r.valid_from, r.court_id, std::cmp::Reverse(r.version)));
        found.dedup_by_key(|r| (r.court_id, r.valid_from));
        found
    }

    /// The name of a court, or nothing for one unknown.
    pub fn name(&self, id: i32) -> String {
        self.court(id).map(|c| c.name.clone()).unwrap_or_default()
    }

    /// The court, the court above it, and so on to the province.
    pub fn chain(&self, id: i32) -> Vec<i32> {
        let held = self.0.load();
        let mut chain = Vec::new();
        let mut at = Some(id);
        while let Some(court) = at.and_then(|id| held.courts.get(&id)).filter(|c| !chain.contains(&c.court_id)) {
            chain.push(court.court_id);
            at = court.parent_id;
        }
        chain
    }

    /// The version of a rule in force at a court on a day: the court's own, else the court's above.
    pub fn rule(&self, court: i32, key: &str, day: NaiveDate) -> Option<SetRule> {
        let held = self.0.load();
        self.chain(court).into_iter().find_map(|at| {
            let versions = held.rules.get(&(at, key.to_owned()))?;
            versions.iter().rev().find(|r| r.valid_from <= day && r.valid_to.is_none_or(|to| day <= to)).cloned()
        })
    }

    /// Every key set anywhere above or at a court.
    pub fn keys(&self, court: i32) -> Vec<String> {
        let held = self.0.load();
        let chain = self.chain(court);
        let mut keys: Vec<String> = held.rules.keys().filter(|(at, _)| chain.contains(at)).map(|(_, key)| key.clone()).collect();
        keys.sort();
        keys.dedup();
        keys
    }

    /// The number of versions over all rules of a chain: changes when any of them does.
    pub fn rules_version(&self, court: i32) -> usize {
        let held = self.0.load();
        let chain = self.chain(court);
        held.rules.iter().filter(|((at, _), _)| chain.contains(at)).map(|(_, versions)| versions.len()).sum()
    }
}

/// One court's departures from the province's policy lines.
pub async fn overrides_of(conn: &mut PgConnection, court: i32) -> Result<Vec<Override>> {
    Ok(all_overrides(conn).await?.remove(&court).unwrap_or_default())
}

/// Every court's departures.
pub async fn all_overrides(conn: &mut PgConnection) -> Result<BTreeMap<i32, Vec<Override>>> {
    let rows: Vec<(i32, String, String, String)> =
        sqlx::query_as("select court_id, role, act, effect from policy_overrides order by court_id, role, act").fetch_all(conn).await?;
    let mut out: BTreeMap<i32, Vec<Override>> = BTreeMap::new();
    for (court, role, act, effect) in rows {
        if let Some(role) = Role::parse(&role) {
            out.entry(court).or_default().push(Override { role, act, allow: effect == "allow" });
        }
    }
    Ok(out)
}
