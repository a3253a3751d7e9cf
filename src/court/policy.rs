//! Casbin is the language, the store's form and the judge; a table is the runtime.
//!
//! Owns the model, the province's policy lines, each court's overrides and the compiled tables.
//! At start and on an edit Casbin is asked for every (role, act) of a court; the answers become one
//! word per act, and a decision is a mask test. Courts with the same overrides share a table.
//! Must never decide about rows: "party of this case" is the database's to say.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arc_swap::ArcSwap;
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};

use super::act::Act;
use super::role::{Role, Roles};

/// One departure of a court from the province's lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Override {
    /// The role it is about.
    pub role: Role,
    /// The act, by name.
    pub act: String,
    /// Whether the court allows it or takes it away.
    pub allow: bool,
}

/// The answers of Casbin for one set of lines: for each act, the roles that may.
#[derive(Debug, PartialEq, Eq)]
pub struct Table(Vec<Roles>);

impl Table {
    /// The roles among `held` that carry the right to `act`.
    pub fn carriers(&self, held: Roles, act: Act) -> Roles {
        self.0[act as usize].both(held)
    }
}

/// What is wrong with a policy file, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {cause}. {cure}")]
pub struct PolicyFault {
    file: String,
    line: usize,
    cause: String,
    cure: String,
}

/// The compiled policies of every court. Reads are lock-free; an edit swaps one court's table.
pub struct PolicyBook {
    source: PolicySource,
    shared: Arc<Table>,
    courts: ArcSwap<HashMap<i32, Own>>,
}

/// A court that departs from the province's lines.
#[derive(Debug, Clone)]
struct Own {
    lines: Vec<Override>,
    table: Arc<Table>,
}

/// The texts of policies/, checked line by line.
#[derive(Debug, Clone)]
pub struct PolicySource {
    model: String,
    lines: Vec<Vec<String>>,
}

impl PolicySource {
    /// Reads model.conf and roles.csv.
    ///
    /// # Errors
    /// Names the file and the line of anything that is not a right of a known role.
    pub fn parse(model: &str, roles: &str) -> Result<Self, PolicyFault> {
        let mut lines = Vec::new();
        for (i, text) in roles.lines().enumerate() {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let fields: Vec<String> = text.split(',').map(|f| f.trim().to_owned()).collect();
            check_line(&fields).map_err(|(cause, cure)| PolicyFault { file: "policies/roles.csv".into(), line: i + 1, cause, cure })?;
            lines.push(fields);
        }
        Ok(Self { model: model.to_owned(), lines })
    }

    /// Courts that a line of the file names.
    fn named_courts(&self) -> impl Iterator<Item = i32> {
        self.lines.iter().filter(|l| l[0] == "p").filter_map(|l| l[2].parse().ok())
    }

    fn names(&self, court: i32) -> bool {
        self.named_courts().any(|named| named == court)
    }

    /// The same lines without the n-th right; for the test that every line matters.
    pub fn without_right(&self, n: usize) -> Option<(Self, String)> {
        let mut copy = self.clone();
        let at = copy.lines.iter().enumerate().filter(|(_, l)| l[0] == "p").map(|(i, _)| i).nth(n)?;
        let gone = copy.lines.remove(at);
        Some((copy, gone.join(", ")))
    }

    /// Asks Casbin every question once.
    ///
    /// # Errors
    /// What Casbin says about the model.
    pub async fn compile(&self, court: i32, overrides: &[Override]) -> Result<Table, casbin::Error> {
        let model = DefaultModel::from_str(&self.model).await?;
        let mut enforcer = Enforcer::new(model, MemoryAdapter::default()).await?;
        for line in &self.lines {
            let fields = line[1..].to_vec();
            if line[0] == "g" {
                enforcer.add_grouping_policy(fields).await?;
            } else {
                enforcer.add_policy(fields).await?;
            }
        }
        for o in overrides {
            let (object, act) = o.act.split_once(':').unwrap_or((&o.act, ""));
            let effect = if o.allow { "allow" } else { "deny" };
            let line = [o.role.key(), &court.to_string(), object, act, effect].map(str::to_owned).to_vec();
            enforcer.add_policy(line).await?;
        }
        let mut table = Vec::with_capacity(Act::ALL.len());
        for act in Act::ALL {
            let (object, verb) = act.key().split_once(':').unwrap_or((act.key(), ""));
            let mut may = Roles::default();
            for role in Role::ALL {
                if enforcer.enforce((role.key(), court.to_string(), object, verb))? {
                    may = may.with(role);
                }
            }
            table.push(may);
        }
        Ok(Table(table))
    }
}

fn check_line(fields: &[String]) -> Result<(), (String, String)> {
    let known_act = |o: &str, a: &str| Act::ALL.iter().any(|act| act.key() == format!("{o}:{a}"));
    match fields.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["g", a, b] if Role::parse(a).is_some() && Role::parse(b).is_some() => Ok(()),
        ["p", role, court, object, act, effect] => {
            if court != "*" && court.parse::<u32>().is_err() {
                Err((format!("court `{court}`"), "Write * for every court, or a court's number such as 370102".into()))
            } else if Role::parse(role).is_none() {
                Err((format!("no role `{role}`"), "Use one of the roles in src/court/role.rs".into()))
            } else if !known_act(object, act) {
                Err((format!("no act `{object}:{act}`"), "Use one of the acts in src/court/act.rs".into()))
            } else if !["allow", "deny"].contains(&effect) {
                Err((format!("effect `{effect}`"), "Write allow or deny".into()))
            } else {
                Ok(())
            }
        }
        _ => Err(("not a policy line".into(), "Write `p, role, court, object, act, effect` or `g, role, included role`".into())),
    }
}

impl PolicyBook {
    /// Compiles the province's lines and every court's overrides.
    ///
    /// # Errors
    /// What Casbin says.
    pub async fn open(source: PolicySource, overrides: &BTreeMap<i32, Vec<Override>>) -> Result<Self, casbin::Error> {
        let shared = Arc::new(source.compile(0, &[]).await?);
        let book = Self { source, shared, courts: ArcSwap::default() };
        book.set_all(overrides).await?;
        Ok(book)
    }

    /// May somebody with these roles do this at this court? Answers the roles that carry the right.
    pub fn carriers(&self, court: i32, held: Roles, act: Act) -> Roles {
        match self.courts.load().get(&court) {
            Some(own) => own.table.carriers(held, act),
            None => self.shared.carriers(held, act),
        }
    }

    /// Puts a court's overrides in force at once.
    ///
    /// # Errors
    /// What Casbin says.
    pub async fn set_court(&self, court: i32, overrides: &[Override]) -> Result<(), casbin::Error> {
        let plain = overrides.is_empty() && !self.source.names(court);
        let own = if plain { None } else { Some(Own { lines: overrides.to_vec(), table: self.table(court, overrides).await? }) };
        self.courts.rcu(|courts| {
            let mut next = HashMap::clone(courts);
            match &own {
                Some(own) => next.insert(court, own.clone()),
                None => next.remove(&court),
            };
            next
        });
        Ok(())
    }

    /// The table in force, that of another court with the same overrides, or a new one.
    async fn table(&self, court: i32, overrides: &[Override]) -> Result<Arc<Table>, casbin::Error> {
        let courts = self.courts.load();
        let same = |(other, own): &(&i32, &Own)| {
            own.lines == overrides && (**other == court || !(self.source.names(court) || self.source.names(**other)))
        };
        match courts.iter().find(same) {
            Some((_, own)) => Ok(own.table.clone()),
            None => Ok(Arc::new(self.source.compile(court, overrides).await?)),
        }
    }

    /// Puts every court's overrides in force; a court without any goes back to the province's lines.
    ///
    /// # Errors
    /// What Casbin says.
    pub async fn set_all(&self, all: &BTreeMap<i32, Vec<Override>>) -> Result<(), casbin::Error> {
        let mut without: Vec<i32> = self.courts.load().keys().copied().collect();
        without.extend(self.source.named_courts());
        for court in without.into_iter().filter(|court| !all.contains_key(court)) {
            self.set_court(court, &[]).await?;
        }
        for (court, lines) in all {
            self.set_court(*court, lines).await?;
        }
        Ok(())
    }

    /// The table that these overrides would make, without putting it in force.
    ///
    /// # Errors
    /// What Casbin says.
    pub async fn preview(&self, court: i32, overrides: &[Override]) -> Result<Table, casbin::Error> {
        self.source.compile(court, overrides).await
    }

    /// What the province's lines alone say.
    pub fn province_allows(&self, role: Role, act: Act) -> bool {
        !self.shared.carriers(Roles::default().with(role), act).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> PolicySource {
        PolicySource::parse(include_str!("../../policies/model.conf"), include_str!("../../policies/roles.csv")).unwrap()
    }

    #[tokio::test]
    async fn a_clerk_reviews_and_a_party_files() {
        let table = source().compile(370102, &[]).await.unwrap();
        let clerk = Roles::default().with(Role::Clerk);
        let lawyer = Roles::default().with(Role::Lawyer);
        assert!(!table.carriers(clerk, Act::FilingReview).is_empty());
        assert!(table.carriers(clerk, Act::FilingSubmit).is_empty());
        assert!(!table.carriers(lawyer, Act::FilingSubmit).is_empty(), "a lawyer includes a party");
        assert!(table.carriers(lawyer, Act::SecretFileRead).is_empty());
    }

    #[tokio::test]
    async fn a_line_of_the_file_for_one_court_holds_there_alone() {
        let model = include_str!("../../policies/model.conf");
        let roles = concat!(include_str!("../../policies/roles.csv"), "\np, clerk, 370102, filing, transfer, deny\n");
        let book = PolicyBook::open(PolicySource::parse(model, roles).unwrap(), &BTreeMap::new()).await.unwrap();
        let may = |court| !book.carriers(court, Roles::default().with(Role::Clerk), Act::FilingTransfer).is_empty();
        assert!(!may(370102) && may(370103));
        // an override of the court is put on top, and taken away again
        let queue = Override { role: Role::Technician, act: "filing:queue".into(), allow: true };
        book.set_all(&BTreeMap::from([(370102, vec![queue])])).await.unwrap();
        assert!(!may(370102) && may(370103));
        book.set_all(&BTreeMap::new()).await.unwrap();
        assert!(!may(370102) && may(370103));
        let odd = PolicySource::parse(model, "p, clerk, 济南, filing, transfer, deny").unwrap_err();
        assert_eq!(odd.line, 1);
    }

    #[tokio::test]
    async fn a_court_may_take_a_right_away_and_give_one() {
        let overrides = [
            Override { role: Role::Clerk, act: "filing:transfer".into(), allow: false },
            Override { role: Role::Technician, act: "filing:queue".into(), allow: true },
        ];
        let table = source().compile(370102, &overrides).await.unwrap();
        assert!(table.carriers(Roles::default().with(Role::Clerk), Act::FilingTransfer).is_empty());
        assert!(!table.carriers(Roles::default().with(Role::Technician), Act::FilingQueue).is_empty());
    }

    /// No role may hold rights of two of the three separated duties (三员分立).
    #[tokio::test]
    async fn the_three_way_split_of_administration_holds() {
        let table = source().compile(0, &[]).await.unwrap();
        let duties = |role: Role| {
            let may = |act| !table.carriers(Roles::default().with(role), act).is_empty();
            [may(Act::PeopleManage) || may(Act::RulesSet), may(Act::PoliciesSet), may(Act::AuditRead)].into_iter().filter(|b| *b).count()
        };
        for role in Role::ALL {
            assert!(duties(role) <= 1, "{} joins duties", role.key());
        }
    }

    #[test]
    fn a_bad_line_is_named() {
        let fault = PolicySource::parse("", "p, clerk, *, filing, reviw, allow").unwrap_err().to_string();
        assert!(fault.starts_with("policies/roles.csv:1: no act `filing:reviw`"), "{fault}");
    }
}
