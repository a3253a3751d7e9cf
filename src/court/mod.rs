//! THE WALL: who, where, may they — and nothing else.
//!
//! Owns the pool (door.rs, the only file that holds it), the callers, the acts and roles, the compiled
//! policies, the registry of courts and their rules, and the calendar. Tables: courts, court_rules, calendar_changes (read),
//! policy_overrides, role_grants (read), audit_log, outbox, idempotency, counters.
//! Must never hold a rule of a procedure: those live in the slices.

pub mod act;
pub mod admin;
pub mod beijing;
pub mod calendar;
pub mod caller;
pub mod catalogue;
pub mod clock_view;
pub mod count;
pub mod deadline;
pub mod deadline_api;
pub mod deadline_ask;
pub mod door;
pub mod holidays;
pub(crate) mod nesting;
pub mod outage_rules;
pub mod period_names;
pub mod period_starts;
pub mod period_table;
pub mod periods;
pub mod policy;
pub mod province;
pub mod public;
pub mod registry;
pub mod role;
pub mod rules;
pub mod scope;
pub mod tenants;
pub mod tx;
