//! 网上立案: drafts, checks, submission, the clerk's review.
//!
//! Owns drafts, filings, filing_people, filing_files, corrections, offline_filings. Must never force
//! filing online (A10), nor ask twice for what could be asked once (L09).

pub mod api;
pub mod draft_api;
pub mod jobs;
