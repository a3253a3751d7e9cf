//! 案件: the shared noun of every slice.
//!
//! Owns cases, parties, representatives, case numbers, stages and the electronic file; tables cases,
//! case_parties, case_people, representatives, join_codes, leaves, acts, case_clocks, clock_facts, clock_excuses, clock_moves, judge_duties, case_allocations. Must never import filing, nor any later slice of a
//! procedure: they import it.

pub mod allocation;
pub mod allocation_api;
pub mod allocation_rules;
pub mod api;
pub mod attach;
pub mod bundle;
pub mod case_types;
pub mod case_views;
pub mod clock_api;
pub mod clock_case;
pub mod clocks;
pub mod closing;
pub mod cover;
pub mod excuses;
pub mod facts;
pub mod file;
pub mod hooks;
pub mod initial;
pub mod jobs;
pub mod join;
pub mod mine;
pub mod moves;
pub mod number;
pub mod people;
pub mod read;
pub mod reckon;
pub mod recount;
pub mod reference;
pub mod staff;
pub mod timeline;
pub mod views;
pub mod words;
