//! 案件: the shared noun of every slice.
//!
//! Owns cases, parties, representatives, case numbers, stages and the electronic file; tables cases,
//! case_parties, case_people, representatives, join_codes, leaves, acts, case_clocks. Must never import filing, nor any later slice of a
//! procedure: they import it.

pub mod api;
pub mod bundle;
pub mod case_types;
pub mod case_views;
pub mod clocks;
pub mod closing;
pub mod cover;
pub mod file;
pub mod hooks;
pub mod jobs;
pub mod join;
pub mod mine;
pub mod number;
pub mod people;
pub mod read;
pub mod reference;
pub mod staff;
pub mod timeline;
pub mod views;
