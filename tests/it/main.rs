//! Integration tests: the whole server over HTTP, on a PostgreSQL and a store of their own.
//!
//! `cargo build -p lianting-sim -p lianting-paper` once, then `cargo test --test it`. Every test makes its own
//! database from a migrated template, so all run side by side and each runs alone. A test that proves a row of
//! docs/requirements.csv names it: `// proves: F08 L09`.

mod kit;

mod guardian_catalogue;
mod guardian_rows;
mod guardian_source;
mod guardian_walk;
mod guardian_walls;
mod hostile;
mod story_case;
mod story_filing;
mod story_people;
mod story_queue;
mod story_rules;
