//! 案件: the shared noun of every slice.
//!
//! Owns cases, parties, representatives, case numbers, stages and the electronic file; tables cases,
//! case_parties, case_people, representatives, join_codes, leaves, acts. Must never import a slice.

pub mod api;
pub mod mine;
pub mod reference;
pub mod timeline;
