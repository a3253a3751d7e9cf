//! 庭前: everything between the notice of a hearing and its opening, and what people ask for around it.
//!
//! `sitting` says who the caller is in a hearing; `trials` keeps device tests, `readings` the texts and who acknowledged
//! which words, `papers` and `identity` who proved to be who, `desk` what the clerk sees of all that and `ready` what
//! stands in the way of opening. `requests`, `delay` and `chat` are what is said before a room opens; `measuring` lets a
//! page time its line. `tidings` is the one place that tells connected people at once. Must never decide who sees whom,
//! open a hearing, or keep a picture or a sound.

pub mod chat;
pub mod delay;
pub mod desk;
pub mod desk_api;
pub mod identity;
pub mod measuring;
pub mod papers;
pub mod readings;
pub mod ready;
pub mod request_api;
pub mod requests;
pub mod sitting;
pub mod test_api;
pub mod tidings;
pub mod trials;
pub mod views;
