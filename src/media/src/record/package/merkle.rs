//! The tree of RFC 6962 (§2.1) over SHA-256: a root for many leaves, and short proofs that one of them is under it.
//!
//! Owns: the hashing. Must never mix up leaves and nodes: they begin with different bytes.

use super::super::digest::Digest;

/// The hash of a leaf.
pub fn leaf_hash(leaf: &[u8]) -> Digest {
    Digest::of_all([&[0u8][..], leaf])
}

fn node(left: Digest, right: Digest) -> Digest {
    Digest::of_all([&[1u8][..], &left.0, &right.0])
}

/// The largest power of two smaller than a number above one.
fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// The root over leaf hashes.
pub fn root_of(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(&[]),
        [one] => *one,
        many => {
            let (left, right) = many.split_at(split(many.len()));
            node(root_of(left), root_of(right))
        }
    }
}

/// The hashes that lead from a leaf to the root.
pub fn proof(leaves: &[Digest], at: usize) -> Option<Vec<Digest>> {
    match leaves.len() {
        n if at >= n => None,
        1 => Some(Vec::new()),
        n => {
            let (left, right) = leaves.split_at(split(n));
            let (inside, at, other) = if at < left.len() { (left, at, right) } else { (right, at - left.len(), left) };
            let mut path = proof(inside, at)?;
            path.push(root_of(other));
            Some(path)
        }
    }
}

/// Does a proof lead from a leaf, the `at`-th of `count`, to a root?
pub fn verify_proof(leaf: Digest, at: usize, count: usize, path: &[Digest], root: Digest) -> bool {
    fn climb(leaf: Digest, at: usize, count: usize, path: &[Digest]) -> Option<Digest> {
        match (count, path.split_last()) {
            (1, None) => Some(leaf),
            (0 | 1, _) | (_, None) => None,
            (_, Some((last, rest))) => {
                let left = split(count);
                if at < left {
                    Some(node(climb(leaf, at, left, rest)?, *last))
                } else {
                    Some(node(*last, climb(leaf, at - left, count - left, rest)?))
                }
            }
        }
    }
    at < count && climb(leaf, at, count, path) == Some(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The leaves and roots that Certificate Transparency implementations test with.
    #[test]
    fn known_roots() {
        let leaves: Vec<Digest> = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
            .iter()
            .map(|hex| leaf_hash(&hex::decode(hex).unwrap()))
            .collect();
        let root = |n: usize| root_of(&leaves[..n]).to_string();
        assert_eq!(root(0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(root(1), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assert_eq!(root(2), "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        assert_eq!(root(8), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    #[test]
    fn proofs_hold_for_their_leaf_only() {
        for count in 1..40usize {
            let leaves: Vec<Digest> = (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect();
            let root = root_of(&leaves);
            for at in 0..count {
                let path = proof(&leaves, at).unwrap();
                assert!(verify_proof(leaves[at], at, count, &path, root));
                assert!(!verify_proof(leaf_hash(b"x"), at, count, &path, root));
                assert!(count == 1 || !verify_proof(leaves[at], (at + 1) % count, count, &path, root));
            }
        }
    }
}
