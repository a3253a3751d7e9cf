//! 材料: uploads that survive everything, and the files they become.
//!
//! Owns uploads and draft_files. Must never hold a file in memory, nor serve one before it was checked.

pub mod api;
pub mod inspect;
pub mod jobs;
pub mod serve;
pub mod store;
