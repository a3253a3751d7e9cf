//! 材料: uploads that survive everything, and the files they become.
//!
//! Owns uploads, draft_files and the objects under `person/`. A file goes: begin → parts in order, hashed
//! as they stream → complete (sniffed by content, parsed by a child process with tight limits) → accepted,
//! quarantined or rejected. Must never hold a file in memory, nor serve one before it was checked.

pub mod again;
pub mod api;
mod checker;
pub mod clarity;
pub mod content;
mod digests;
mod finish;
pub mod inspect;
mod inspect_office;
mod inspect_pdf;
mod inspect_picture;
pub mod jobs;
mod kinds;
mod parts;
mod photos;
mod refusal;
mod sniff;
pub mod store;
pub mod types;
