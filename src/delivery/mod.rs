//! 送达: what is served on whom, by which way, when it took effect, and what comes next.
//!
//! The law of service stands as pure rules: consent (`consent_rules`), what may be served electronically (`allowed`),
//! effect (`effect`, `effect_paper`), the next step (`plan`, `plan_paper`), the trail and the certificate that stand in
//! for 送达回证 (`trail`, `certificate`), who takes a step online (`online`), which periods a service starts (`starts`).
//! None of them knows a clock, a row or a court by name: time, facts and settings come in, a finding with its article
//! and the events it rests on goes out.
//!
//! Around them lie the facts (tables `service*`, `feed_tokens`): `address` and `confirm` keep where a party is reached and
//! what it agreed to, `order` and `docketing` begin a service, `settle` brings a recipient in line with what is known,
//! `send` and `record` add what machines and people report, `served` does what an effect sets going. `outside` hands over
//! to `mail` and `platform`; what they report comes back through `receipts`; what is reported of a number is `numbers`, what
//! a stranger says who got somebody else's message is `mistaken`.
//!
//! Must never take a notice for a service (在线诉讼规则 Art 32), a click of ours for an act of the recipient, or decide
//! by itself what only a judge decides: whether a presumption is rebutted.

pub mod address;
pub mod address_api;
pub mod address_views;
pub mod allowed;
pub mod bulk;
pub mod bundle;
pub mod cancel;
pub mod carry;
pub mod certificate;
pub mod confirm;
pub mod consent_rules;
pub mod desk;
pub mod docketing;
pub mod download_api;
pub mod downloads;
pub mod effect;
pub mod effect_paper;
pub mod facts;
pub mod feed;
pub mod inbox;
pub mod inbox_api;
pub mod jobs;
pub mod law;
pub mod link_api;
pub mod mail;
pub mod mistaken;
pub mod numbers;
pub mod online;
pub mod order;
pub mod outside;
pub mod plan;
pub mod plan_paper;
pub mod platform;
pub mod receipts;
pub mod record;
pub mod send;
pub mod served;
pub mod service_api;
pub mod settle;
pub mod starts;
pub mod trail;
pub mod views;
pub mod words;

#[cfg(test)]
mod consent_tests;
#[cfg(test)]
mod effect_tests;
#[cfg(test)]
mod plan_tests;
