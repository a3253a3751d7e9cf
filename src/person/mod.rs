//! 人: one account across all courts.
//!
//! Owns people, identifiers, proofs, credentials, one-time codes and links, sessions, role grants, saved views,
//! sms_messages. Must never let an identifier serve as a credential, nor tell a stranger whether an account exists.
//!
//! Blind indexes (`Seal::blind(kind, value)`) of this slice, for whoever compares numbers:
//!
//! | kind | value |
//! |---|---|
//! | `mobile` | 11 digits, as `documents::Mobile` gives them |
//! | `id_number` | the number of a personal document, as `documents.rs` or `other_documents.rs` gives it, whatever the kind of document |
//! | `licence` | a lawyer's or legal-service worker's licence number, blanks and hyphens taken out, letters raised |
//! | `uscc` | 统一社会信用代码, as `documents::Uscc` gives it |
//!
//! `identity::Kind` names them; `store::identity_indexes` and `store::match_identity` answer for the signed-in
//! person, `store::person_by` and `store::counsel_by_licence` find a person from a court's step.

pub mod account;
pub mod actor;
pub mod any_tx;
pub mod api;
pub mod codes;
pub mod device;
pub mod documents;
pub mod faults;
pub mod first_admin;
pub mod identity;
pub mod lost;
pub mod masking;
pub mod messages;
pub mod other_documents;
pub mod password;
pub mod proofs;
pub mod recovery;
pub mod reports;
pub mod session;
pub mod shapes;
pub mod sign_in;
pub mod sign_store;
pub mod sign_up;
pub mod soft_lock;
pub mod staff;
pub mod staff_steps;
pub mod staff_store;
pub mod step_up;
pub mod store;
pub mod totp;
pub mod views;
