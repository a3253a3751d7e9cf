//! The tool wall: clock, ids, sealing, object store, outside wires. Owns no table and knows no court.
//! Never a place for "utils": each file is one tool with one name.

pub mod answer;
pub mod blob;
pub mod clock;
pub mod columns;
pub mod random;
pub mod raw;
pub mod seal;
pub mod text;
pub mod wire;
pub mod words;
