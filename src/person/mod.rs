//! 人: one account across all courts.
//!
//! Owns people, identifiers, proofs, credentials, one-time codes and links, sessions, role grants, saved views.
//! Must never let an identifier serve as a credential, nor tell a stranger whether an account exists.

pub mod api;
pub mod documents;
pub mod masking;
pub mod messages;
pub mod other_documents;
pub mod profile;
pub mod session;
pub mod staff;
