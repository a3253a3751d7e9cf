//! 庭审: scheduling, the room, the record, the signature.
//!
//! The law and the order of a hearing stand as pure rules: kinds of session (`kinds`), may it be online (`suitability`), how
//! early (`lead`), who online and who in court (`modes`), who sits where (`seats`), whose time is taken (`conflicts`); the
//! course of a hearing as one state machine (`states`, `guards`, `breaks`), who sees and hears whom (`sight`, `places`), the
//! pass into the room (`join_token`), the test before it (`selftest`) and the discipline read out (`discipline`); drop-outs
//! and absence (`dropout`, `absence`); evidence (`examination`); the transcript, written by several and signed by all
//! (`transcript`, `editing`, `signing`); the package that remains (`package`). None of them knows a clock, a row or a court
//! by name: time, facts and settings come in, a finding with its article goes out.
//!
//! Around them lie the facts (tables of 0013): `settings` reads what a court has set, `consents` the ledger, `busy` whose
//! time is taken over all courts, `guests` who may sit, `plan` thinks a hearing through and `schedule` writes it down,
//! `restore` brings it in line when consent changes, `seating` adds and takes off people, `log` is the chain of what happened and `steps` the only way a
//! hearing moves on; `notices` tells people, `summons` calls them by paper and `jobs` does what is due; `courtrooms`, `listing`, `feed` are read.
//! `before` is everything between notice and opening, `archive` who may see a recording afterwards and when it goes.
//! The record is written down by `exhibits`, `transcripts` with `transcript_changes`, `objections`, `fixing`, `signatures`
//! with `signing_links`, and `agreements`; `record_jobs` makes its papers.
//!
//! Must never decide what only a judge decides, open a hearing that could not be recorded, or show anybody what the
//! matrix of `sight` does not list.

pub mod absence;
pub mod agreements;
pub mod api;
pub mod archive;
pub mod before;
pub mod breaks;
pub mod busy;
pub mod check_views;
pub mod colleagues;
pub mod conflicts;
pub mod consents;
pub mod courtrooms;
pub mod discipline;
pub mod dropout;
pub mod editing;
pub mod examination;
pub mod exhibit_api;
pub mod exhibit_views;
pub mod exhibits;
pub mod feed;
pub mod fixing;
pub mod guards;
pub mod guests;
pub mod jobs;
pub mod join_token;
pub mod joint;
pub mod kinds;
pub mod law;
pub mod lead;
pub mod link_api;
pub mod link_seat;
pub mod listing;
pub mod log;
pub mod measures;
pub mod modes;
pub mod my_api;
pub mod my_notices;
pub mod notices;
pub mod objections;
pub mod orders;
pub mod package;
pub mod places;
pub mod plan;
pub mod record;
pub mod record_jobs;
pub mod record_paper;
pub mod refusal;
pub mod restore;
pub mod room;
pub mod room_api;
pub mod schedule;
pub mod seating;
pub mod seats;
pub mod seats_api;
pub mod selftest;
pub mod series;
pub mod settings;
pub mod sight;
pub mod signatures;
pub mod signing;
pub mod signing_api;
pub mod signing_links;
pub mod signing_views;
pub mod speech;
pub mod states;
pub mod steps;
pub mod suitability;
pub mod summons;
pub mod transcript;
pub mod transcript_api;
pub mod transcript_changes;
pub mod transcript_docx;
pub mod transcript_head;
pub mod transcript_import;
pub mod transcript_orders;
pub mod transcript_read;
pub mod transcript_versions;
pub mod transcript_views;
pub mod transcripts;
pub mod views;
pub mod words;

#[cfg(test)]
mod sight_tests;
#[cfg(test)]
mod states_tests;
#[cfg(test)]
mod transcript_tests;
