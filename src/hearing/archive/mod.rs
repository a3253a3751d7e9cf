//! 庭审录音录像的保管: who may see or copy a recording after the hearing, how long it is kept, and how it goes.
//!
//! `asks` keeps applications and decisions (庭审录音录像规定 Art 10, 11), `retention` reckons how long a case's recordings
//! are kept, `away` takes one away when its time is over and two people agree. `watching` makes the file for watching,
//! `copies` what a grant gives: a part of it with the reader's name; `looks` writes down who looked. Joining and proving recordings is not done here. Must never let a recording go by itself.

pub mod api;
pub mod asks;
pub mod away;
pub mod copies;
pub mod copy_api;
pub mod looks;
pub mod retention;
pub mod watching;
