//! Integration tests: the whole server over HTTP, on a PostgreSQL and a store of their own.
//!
//! `cargo build -p lianting-sim -p lianting-paper` once, then `cargo test --test it`. Every test makes its own
//! database from a migrated template, so all run side by side and each runs alone. A test that proves a row of
//! docs/requirements.csv names it: a comment `proves` and the ids.

#![allow(clippy::disallowed_methods, reason = "a client outside makes its own keys and knows its own time")]
#![allow(dead_code, reason = "the kit is ahead of the stories")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects by failing")]

mod kit;

mod guardian_catalogue;
mod guardian_refusals;
mod guardian_rows;
mod guardian_source;
mod guardian_walk;
mod guardian_walls;
mod hostile;
mod story_allocation;
mod story_appeal;
mod story_archive;
mod story_before;
mod story_calculators;
mod story_carry;
mod story_case;
mod story_channels;
mod story_clocks;
mod story_consent;
mod story_counter;
mod story_duplicates;
mod story_fees;
mod story_filer;
mod story_filing;
mod story_guests;
mod story_hearing_care;
mod story_hearing_choices;
mod story_hearing_joint;
mod story_hearing_notices;
mod story_hearing_rules;
mod story_hearings;
mod story_held_back;
mod story_kinds;
mod story_lasting;
mod story_late;
mod story_mistaken;
mod story_numbers;
mod story_people;
mod story_queue;
mod story_record;
mod story_repeats;
mod story_room;
mod story_room_echo;
mod story_room_media;
mod story_room_nodes;
mod story_room_talk;
mod story_routes;
mod story_rules;
mod story_seal;
mod story_service;
mod story_sign_in;
mod story_software;
mod story_speech;
mod story_stages;
mod story_start;
mod story_styles;
mod story_tenants;
mod story_transfer;
mod walk_acts;
mod walk_bodies;
mod wechat;
