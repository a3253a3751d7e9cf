//! What several nodes saw, as one truth: when which part could not be used. Pure: owns no row, asks no clock.
//!
//! A part was down in a minute when more than half of the nodes that looked saw it down; two minutes in a row make an
//! outage, one good minute ends it. A minute nobody reported is no outage here: gaps are found at the next start.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use crate::court::outage_rules::Part;

/// One round of probes of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beat {
    /// When.
    pub at: DateTime<Utc>,
    /// Which node.
    pub node: String,
    /// Parts that could not be used.
    pub down: Vec<Part>,
}

/// A run of bad minutes; of one that goes on, no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// What could not be used.
    pub part: Part,
    /// From.
    pub from: DateTime<Utc>,
    /// To.
    pub to: Option<DateTime<Utc>>,
}

/// A run of so many bad rounds is an outage; a single one may be a stumble of the network.
const BAD_ROUNDS: usize = 2;

/// A round as the nodes agree on it.
struct Slot {
    at: DateTime<Utc>,
    down: Vec<Part>,
}

/// What a node's view of one part is: all parts at once are the whole platform.
fn views(down: &[Part]) -> Vec<Part> {
    let all = down.contains(&Part::All) || Part::EACH.iter().all(|p| down.contains(p));
    if all { vec![Part::All] } else { Part::EACH.into_iter().filter(|p| down.contains(p)).collect() }
}

/// Rounds of one interval belong together, whichever second each node asked in.
fn slots(beats: &[Beat], every: TimeDelta) -> Vec<Slot> {
    let slot = |at: DateTime<Utc>| at.duration_trunc(every).unwrap_or(at);
    let mut sorted: Vec<&Beat> = beats.iter().collect();
    sorted.sort_by_key(|b| b.at);
    let mut out = Vec::new();
    for group in sorted.chunk_by(|a, b| slot(a.at) == slot(b.at)) {
        let seen = |part: Part| group.iter().filter(|b| b.down.contains(&Part::All) || b.down.contains(&part)).count();
        let down: Vec<Part> = Part::EACH.into_iter().filter(|p| seen(*p) * 2 > group.len()).collect();
        if let Some(first) = group.first() {
            out.push(Slot { at: first.at, down: views(&down) });
        }
    }
    out
}

/// The outages among these rounds, in the order in which they began.
pub fn runs(beats: &[Beat], every: TimeDelta) -> Vec<Run> {
    let slots = slots(beats, every);
    let mut found = Vec::new();
    for part in [Part::All, Part::Filing, Part::Payment, Part::ServiceInbox] {
        let mut bad: Vec<DateTime<Utc>> = Vec::new();
        for slot in &slots {
            if slot.down.contains(&part) {
                bad.push(slot.at);
            } else {
                close(&mut found, part, &bad, Some(slot.at));
                bad.clear();
            }
        }
        close(&mut found, part, &bad, None);
    }
    found.sort_by_key(|r| (r.from, r.part));
    found
}

fn close(found: &mut Vec<Run>, part: Part, bad: &[DateTime<Utc>], to: Option<DateTime<Utc>>) {
    if let Some(from) = bad.first().filter(|_| bad.len() >= BAD_ROUNDS) {
        found.push(Run { part, from: *from, to });
    }
}

/// A silence between two beats that is too long to be chance: the whole product was down.
pub fn gap(last: DateTime<Utc>, now: DateTime<Utc>, every: TimeDelta) -> bool {
    now - last > (every * 3).max(TimeDelta::minutes(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        "2026-11-23T02:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
    }

    fn beats(node: &str, rounds: &str) -> Vec<Beat> {
        let down = |sign| match sign {
            'x' => Part::EACH.to_vec(),
            'f' => vec![Part::Filing],
            'p' => vec![Part::Payment],
            _ => vec![],
        };
        let said = rounds.chars().enumerate().filter(|(_, c)| *c != ' ');
        said.map(|(i, c)| Beat { at: at(i64::try_from(i).unwrap()), node: node.into(), down: down(c) }).collect()
    }

    fn found(nodes: &[&str]) -> Vec<(Part, i64, Option<i64>)> {
        let all: Vec<Beat> = nodes.iter().enumerate().flat_map(|(i, rounds)| beats(&format!("n{i}"), rounds)).collect();
        let minutes = |t: DateTime<Utc>| (t - at(0)).num_minutes();
        runs(&all, TimeDelta::minutes(1)).into_iter().map(|r| (r.part, minutes(r.from), r.to.map(minutes))).collect()
    }

    // proves: N04
    #[test]
    fn the_nodes_agree_on_one_row_an_interval() {
        type Runs<'a> = &'a [(Part, i64, Option<i64>)];
        let rows: &[(&[&str], Runs<'_>)] = &[
            (&["......"], &[]),
            (&["..x..."], &[]),
            (&["..xx.."], &[(Part::All, 2, Some(4))]),
            (&["..xxxx"], &[(Part::All, 2, None)]),
            (&[".ff.pp"], &[(Part::Filing, 1, Some(3)), (Part::Payment, 4, None)]),
            // first the filing alone, then everything
            (&[".ffxx."], &[(Part::Filing, 1, Some(3)), (Part::All, 3, Some(5))]),
            // of two nodes one sees it: people are served by the other
            (&["..xx..", "......"], &[]),
            (&["..xx..", "..xx..", "......"], &[(Part::All, 2, Some(4))]),
            // a node that was not there has no voice
            (&["..xx..", "      "], &[(Part::All, 2, Some(4))]),
            (&["..xx..", "....xx"], &[]),
        ];
        for (nodes, wanted) in rows {
            assert_eq!(&found(nodes), wanted, "{nodes:?}");
        }
    }

    #[test]
    fn a_silence_is_a_gap_only_when_it_is_long() {
        let every = TimeDelta::minutes(1);
        assert!(!gap(at(0), at(5), every) && gap(at(0), at(6), every));
        assert!(!gap(at(0), at(15), TimeDelta::minutes(5)) && gap(at(0), at(16), TimeDelta::minutes(5)));
    }
}
