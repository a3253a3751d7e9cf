//! 程序接入 (B68): software of law firms and companies that works in one person's name.
//!
//! Owns `api_clients` (who may ask), `webhooks` and `webhook_deliveries` (who is told). A program is held to the scopes of
//! court/scope.rs; what it is told is thin: which matter, which act, when and by which rule, never a name or a text, which
//! it fetches with its token. Must never let a program do what binds its owner, nor post to an address inside the house.

pub mod api;
pub mod clients;
pub mod fan;
pub mod hooks;
pub mod hooks_api;
pub mod post;
pub mod target;
pub mod views;
