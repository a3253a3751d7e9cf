//! 文书: the papers a court issues, rendered once, content-addressed, verifiable by code.
//!
//! Owns the tables papers and paper_codes, the verification code, and the renderer's processes.
//! Must never change a paper once issued: a new one supersedes it.

pub mod api;
pub mod issue;
pub mod renderer;
