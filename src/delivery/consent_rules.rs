//! 同意电子送达: which consent is in force for a stage, a channel, an address and a moment, and how an address stands.
//!
//! Owns the reading of the consent ledger (在线诉讼规则 Art 4, 29, 30; 民诉法解释 Art 136, 137). The ledger only grows: a
//! change is a new entry. Must never read consent to another online step, to another stage or by silence as consent to
//! electronic service, and never let conduct outweigh a clear no.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::law::{Article, I137, OL4, OL29, OL30};
use super::words::{Channel, ConsentKind, PaperKind, Stage, Standing, Step, Strength};
use crate::court::beijing::beijing_date;

/// What an entry of the ledger says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what", content = "kind")]
pub enum Says {
    /// 同意, and how it was given.
    Given(ConsentKind),
    /// 不同意, said clearly.
    Refused,
    /// 撤回.
    Withdrawn,
}

/// For which stages an entry speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The stage it was made in.
    ThisStage,
    /// 一审、二审、再审、执行: because it says so.
    AllStages,
}

/// An electronic address: the channel and the normalised address or a keyed digest of it, never shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// Its channel.
    pub channel: Channel,
    /// The address; compared, never read.
    pub value: String,
}

/// 送达同意台账: one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Entry.
    pub id: Uuid,
    /// Whose.
    pub party: Uuid,
    /// The step it is about; only [`Step::Service`] is consent to electronic service.
    pub step: Step,
    /// What it says.
    pub says: Says,
    /// The stage it was made in.
    pub stage: Stage,
    /// For which stages it speaks.
    pub scope: Scope,
    /// Channels it names; none named means every electronic one.
    pub channels: Vec<Channel>,
    /// Addresses it names.
    pub addresses: Vec<Address>,
    /// Papers it is limited to; none means all.
    pub papers: Option<Vec<PaperKind>>,
    /// 送达地址确认书: a version of the confirmation of addresses, in writing or confirmed online.
    pub confirmation: bool,
    /// Of conduct: the service so accepted.
    pub service: Option<Uuid>,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// The first day it holds, from the beginning of that day in Beijing.
    pub valid_from: NaiveDate,
    /// Where it is proved: a recording, a tick with its log, a form, a clause, a pleading.
    pub proof: String,
}

/// What is asked of the ledger.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The recipient.
    pub party: Uuid,
    /// The stage served in.
    pub stage: Stage,
    /// The address.
    pub address: &'a Address,
    /// The paper.
    pub paper: PaperKind,
    /// The service, for consent by conduct.
    pub service: Option<Uuid>,
    /// The moment.
    pub at: DateTime<Utc>,
}

/// The consent found, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InForce {
    /// How far it carries.
    pub strength: Strength,
    /// How it was given.
    pub kind: Option<ConsentKind>,
    /// A clear no stands: conduct counts for nothing until it is taken back.
    pub refused: bool,
    /// The entry it rests on.
    pub entry: Option<Uuid>,
    /// 依据.
    pub article: Article,
    /// Why.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// Tells which consent is in force.
pub fn in_force(ledger: &[Entry], asked: Asked<'_>) -> InForce {
    let seen: Vec<&Entry> = in_time(ledger, asked.party, asked.at).filter(|e| e.step == Step::Service).collect();
    let no = seen.iter().filter(|e| is_no(e) && no_covers(e, asked)).max_by_key(|e| e.at).copied();
    let given = seen.iter().filter_map(|e| covers(e, asked, &seen).map(|(strength, kind, carried)| (strength, kind, carried, *e)));
    // what was said after the no counts again; conduct after a clear no does not
    let standing = given.filter(|(strength, _, _, e)| no.is_none_or(|no| e.at > no.at && *strength == Strength::Full));
    match standing.max_by_key(|(strength, kind, _, e)| (*strength, std::cmp::Reverse(*kind), e.at)) {
        Some((strength, kind, carried, entry)) => yes(strength, kind, carried, entry),
        None if no.is_some() => refusal(no),
        None if other_step(ledger, asked) => nothing(
            OL4,
            "受送达人只同意了其他环节在线进行，没有同意电子送达；对一个环节的同意不及于其他环节。",
            "The recipient agreed to other steps online, not to electronic service; consent to one step is not consent to another.",
        ),
        None if seen.iter().any(|e| !is_no(e)) => nothing(
            OL30,
            "已有的同意不及于这一阶段、这种方式、这个地址或者这类文书。",
            "The consent on record does not reach this stage, channel, address or paper.",
        ),
        None => nothing(OL29, "受送达人没有同意电子送达。", "The recipient has not agreed to electronic service."),
    }
}

/// Tells how an electronic address stands. The latest confirmation in force replaces every earlier one (民诉法解释 Art
/// 137: until changed in writing); an address given after it in a pleading stands beside it.
pub fn standing(ledger: &[Entry], party: Uuid, stage: Stage, address: &Address, at: DateTime<Utc>, identified: bool) -> Standing {
    let seen: Vec<&Entry> = in_time(ledger, party, at).filter(|e| e.step == Step::Service).collect();
    let latest = confirmation(&seen, stage);
    if latest.is_some_and(|c| c.addresses.contains(address)) {
        return Standing::Confirmed;
    }
    let given = seen.iter().any(|e| {
        matches!(e.says, Says::Given(ConsentKind::GaveAddress | ConsentKind::Prior | ConsentKind::Express))
            && e.addresses.contains(address)
            && reaches(e, stage).is_some()
            && !e.confirmation
            && latest.is_none_or(|c| version(e) > version(c))
    });
    match (given, identified) {
        (true, _) => Standing::Provided,
        (false, true) => Standing::IdentifiedAsOwn,
        (false, false) => Standing::Unknown,
    }
}

/// The addresses of the confirmation in force at a stage, and the entry that holds them.
pub fn confirmed_addresses(ledger: &[Entry], party: Uuid, stage: Stage, at: DateTime<Utc>) -> Option<(Uuid, Vec<Address>)> {
    let seen: Vec<&Entry> = in_time(ledger, party, at).filter(|e| e.step == Step::Service).collect();
    confirmation(&seen, stage).map(|e| (e.id, e.addresses.clone()))
}

fn in_time(ledger: &[Entry], party: Uuid, at: DateTime<Utc>) -> impl Iterator<Item = &Entry> {
    let day = beijing_date(at);
    ledger.iter().filter(move |e| e.party == party && e.at <= at && e.valid_from <= day)
}

fn version(entry: &Entry) -> (NaiveDate, DateTime<Utc>) {
    (entry.valid_from, entry.at)
}

/// The version of the confirmed addresses in force: the latest that reaches the stage.
fn confirmation<'a>(seen: &[&'a Entry], stage: Stage) -> Option<&'a Entry> {
    seen.iter().copied().filter(|e| e.confirmation && reaches(e, stage).is_some()).max_by_key(|e| version(e))
}

/// How an entry comes to speak for a stage.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Made there.
    Own,
    /// Its scope says so.
    Scope,
    /// 第一审程序中确认的送达地址 carries (民诉法解释 Art 137).
    Carried,
}

fn reaches(entry: &Entry, stage: Stage) -> Option<Reach> {
    match (entry.stage == stage, entry.scope) {
        (true, _) => Some(Reach::Own),
        (false, Scope::AllStages) => Some(Reach::Scope),
        (false, Scope::ThisStage) => (entry.confirmation && entry.stage == Stage::FirstInstance).then_some(Reach::Carried),
    }
}

fn is_no(entry: &Entry) -> bool {
    matches!(entry.says, Says::Refused | Says::Withdrawn)
}

/// A no ends consent at its own stage and at those that follow: nothing is carried past it.
fn no_covers(entry: &Entry, asked: Asked<'_>) -> bool {
    let stage = entry.stage <= asked.stage || entry.scope == Scope::AllStages;
    let channel = entry.channels.is_empty() || entry.channels.contains(&asked.address.channel);
    let address = entry.addresses.is_empty() || entry.addresses.contains(asked.address);
    stage && channel && address && speaks_of(entry, asked.paper)
}

fn speaks_of(entry: &Entry, paper: PaperKind) -> bool {
    entry.papers.as_ref().is_none_or(|papers| papers.contains(&paper))
}

fn covers(entry: &Entry, asked: Asked<'_>, seen: &[&Entry]) -> Option<(Strength, ConsentKind, bool)> {
    let Says::Given(kind) = entry.says else { return None };
    let reach = reaches(entry, asked.stage)?;
    if !speaks_of(entry, asked.paper) || !(entry.channels.is_empty() || entry.channels.contains(&asked.address.channel)) {
        return None;
    }
    let named = entry.addresses.contains(asked.address);
    // a confirmation that a later one replaced speaks of its old addresses no longer
    let replaced = entry.confirmation && confirmation(seen, asked.stage).is_some_and(|c| version(c) > version(entry));
    let holds = match (kind, reach) {
        (ConsentKind::ByConduct, _) => entry.service.is_some() && entry.service == asked.service,
        (ConsentKind::GaveAddress, _) | (_, Reach::Carried) => named && !replaced,
        (ConsentKind::Express | ConsentKind::Prior, _) => !replaced,
    };
    let strength = if kind == ConsentKind::ByConduct { Strength::ByConduct } else { Strength::Full };
    holds.then_some((strength, kind, reach == Reach::Carried))
}

fn other_step(ledger: &[Entry], asked: Asked<'_>) -> bool {
    let mut seen = in_time(ledger, asked.party, asked.at).peekable();
    seen.peek().is_some() && seen.all(|e| e.step != Step::Service)
}

fn yes(strength: Strength, kind: ConsentKind, carried: bool, entry: &Entry) -> InForce {
    let (mut zh, mut en) = match kind {
        ConsentKind::Express => ("受送达人明确同意电子送达".to_owned(), "The recipient expressly agreed to electronic service".to_owned()),
        ConsentKind::Prior => {
            ("受送达人诉前约定或者承诺接受电子送达".to_owned(), "The recipient agreed to electronic service before the suit".to_owned())
        }
        ConsentKind::GaveAddress => {
            ("受送达人主动提供了这个电子地址用于送达".to_owned(), "The recipient gave this electronic address for service".to_owned())
        }
        ConsentKind::ByConduct => {
            ("受送达人以行为接受了这一次电子送达".to_owned(), "The recipient accepted this electronic service by conduct".to_owned())
        }
    };
    if carried {
        zh.push_str("；一审确认的地址没有书面变更，沿用于本程序");
        en.push_str("; the address confirmed at first instance was not changed in writing and carries on");
    }
    zh.push('。');
    en.push('.');
    InForce { strength, kind: Some(kind), refused: false, entry: Some(entry.id), article: if carried { I137 } else { OL29 }, zh, en }
}

fn refusal(no: Option<&Entry>) -> InForce {
    InForce {
        strength: Strength::None,
        kind: None,
        refused: true,
        entry: no.map(|e| e.id),
        article: OL29,
        zh: "受送达人明确不同意电子送达，或者已经撤回同意。".to_owned(),
        en: "The recipient clearly refused electronic service, or withdrew the consent.".to_owned(),
    }
}

fn nothing(article: Article, zh: &str, en: &str) -> InForce {
    InForce { strength: Strength::None, kind: None, refused: false, entry: None, article, zh: zh.to_owned(), en: en.to_owned() }
}
