//! Sound and picture of one source woven into clusters of about a second.
//!
//! Owns: the interleave heap and when a cluster is cut. Must never hold a frame longer than heap and cluster together:
//! that sum bounds what a crash costs.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::manifest::Held;
use super::webm::{AUDIO, Block, VIDEO};

/// Frames wait so long for their neighbours of the other track.
pub(crate) const HEAP_MS: i64 = 300;
/// A cluster is cut at this age.
pub(crate) const CLUSTER_MS: i64 = 1_000;
/// Or at this size.
const CLUSTER_BYTES: usize = 4 << 20;
/// A frame that is later than this is placed here: block times are 16 bits wide.
const LATEST_MS: i64 = 5_000;

#[derive(Debug)]
struct Waiting {
    order: u64,
    block: Block,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Waiting {}
impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.block.at, self.order).cmp(&(other.block.at, other.order))
    }
}

/// A cluster ready to be written.
#[derive(Debug)]
pub(crate) struct Cluster {
    pub from: i64,
    pub to: i64,
    pub audio: Held,
    pub video: Held,
    pub blocks: Vec<Block>,
}

/// The weaver of one source.
#[derive(Debug, Default)]
pub(crate) struct Weave {
    heap: BinaryHeap<Reverse<Waiting>>,
    order: u64,
    blocks: Vec<Block>,
    bytes: usize,
    /// Media time at which the oldest frame of the open cluster was due.
    since: Option<i64>,
}

impl Weave {
    /// Takes a frame.
    pub fn push(&mut self, mut block: Block, now: i64) {
        block.at = block.at.max(now - LATEST_MS).max(0);
        self.order += 1;
        self.heap.push(Reverse(Waiting { order: self.order, block }));
    }

    /// Moves what waited long enough; a cluster comes out when it is time.
    pub fn advance(&mut self, now: i64) -> Option<Cluster> {
        self.take_until(now - HEAP_MS);
        let old = self.since.is_some_and(|since| now - HEAP_MS - since >= CLUSTER_MS);
        if old || self.bytes >= CLUSTER_BYTES { self.cut() } else { None }
    }

    /// Everything, at once.
    pub fn flush(&mut self) -> Option<Cluster> {
        self.take_until(i64::MAX);
        self.cut()
    }

    /// Forgets frames that begin at or after a time: what a break must not keep.
    pub fn keep_before(&mut self, until: i64) {
        self.heap.retain(|Reverse(w)| w.block.at < until);
        self.blocks.retain(|b| b.at < until);
    }

    fn take_until(&mut self, horizon: i64) {
        while self.heap.peek().is_some_and(|Reverse(w)| w.block.at <= horizon) {
            let Some(Reverse(waiting)) = self.heap.pop() else { return };
            self.since.get_or_insert(waiting.block.at);
            self.bytes += waiting.block.data.len();
            self.blocks.push(waiting.block);
        }
    }

    fn cut(&mut self) -> Option<Cluster> {
        let mut blocks = std::mem::take(&mut self.blocks);
        (self.bytes, self.since) = (0, None);
        blocks.sort_by_key(|b| b.at);
        let from = blocks.first()?.at;
        let (mut audio, mut video, mut to) = (Held::default(), Held::default(), from);
        for block in &blocks {
            let held = if block.track == AUDIO { &mut audio } else { &mut video };
            held.add(block.at, block.lasts, block.track == VIDEO && block.key);
            to = to.max(block.at + block.lasts.max(1));
        }
        Some(Cluster { from, to, audio, video, blocks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn block(track: u64, at: i64) -> Block {
        Block { track, at, lasts: 20, key: true, data: Bytes::from_static(b"x") }
    }

    #[test]
    fn frames_come_in_order_and_clusters_once_a_second() {
        let mut weave = Weave::default();
        let mut cut = Vec::new();
        for now in (0..5_000).step_by(20) {
            weave.push(block(AUDIO, now), now);
            if now >= 200 {
                weave.push(block(VIDEO, now - 200), now);
            }
            cut.extend(weave.advance(now));
        }
        assert_eq!(cut.len(), 4);
        for cluster in &cut {
            assert!(cluster.to - cluster.from <= 1_060, "{}", cluster.to - cluster.from);
            assert!(cluster.blocks.is_sorted_by_key(|b| b.at));
        }
        let all: usize = cut.iter().map(|c| c.blocks.len()).sum::<usize>() + weave.flush().map_or(0, |c| c.blocks.len());
        assert_eq!(all, 250 + 240);
    }

    #[test]
    fn a_hole_splits_the_span() {
        let mut weave = Weave::default();
        for at in [0, 20, 40, 1_500, 1_520] {
            weave.push(block(AUDIO, at), at);
        }
        assert_eq!(weave.flush().map(|c| c.audio.spans), Some(vec![(0, 60), (1_500, 1_540)]));
    }
}
