//! 期限的变动: what moves clocks from outside a case: outages of the platform, and the holidays a province sets.
//!
//! Owns the probes (`probe`, `agree`, `watch`), the outages (`outages`, `apply`), the signed monthly report (`report`,
//! `sign`) and the doors of both. Tables: outage_beats, outages, outage_effects, outage_reports, calendar_changes,
//! calendar_recounts. How an end is moved is `court/outage_rules.rs`; whose ends, each slice says itself. Must never move an
//! end but through a slice.

pub mod agree;
pub mod apply;
pub mod calendar;
pub mod calendar_api;
pub mod jobs;
pub mod outage_api;
pub mod outage_views;
pub mod outages;
pub mod probe;
pub mod report;
pub mod sign;
pub mod watch;
