//! 庭审数据包: everything of a hearing under one root hash that anybody can check, years later, without us.
//!
//! Owns: the list of files, the tree over it, the check that names what was changed. The signature over the root is made
//! elsewhere and comes through [`Seal`]. Must never list a file it did not read, or pass one it did not compare.

mod build;
mod merkle;
mod verify;

pub use build::{FileEntry, Package, Seal, build};
pub use merkle::{leaf_hash, proof, root_of, verify_proof};
pub use verify::{Finding, Problem, Verified, verify};

/// The list of files.
pub const PACKAGE: &str = "package.json";
/// The signature over its root.
pub const SEAL: &str = "package.seal";
