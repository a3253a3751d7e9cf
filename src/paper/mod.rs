//! 文书: the papers a court issues, rendered once, content-addressed, verifiable by code.
//!
//! Owns the tables papers and paper_codes, the courts' own templates (`styles`), the verification code, and the renderer's processes.
//! Must never change a paper once issued: a new one supersedes it.

pub mod api;
pub mod house;
pub mod issue;
pub mod renderer;
pub mod style_api;
pub mod style_views;
pub mod styles;
