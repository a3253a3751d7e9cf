//! 诉讼费用: what a case, an application and a change of claim cost (诉讼费用交纳办法, State Council Decree 481).
//!
//! Owns the tariff as pure rules (scales, bases inside the statutory ranges, halving, changes of claim, refunds and
//! burden) with the public calculator, and what a case then owes: bills, the ledger, orders at the payment channel,
//! refunds, relief, bank transfers, reconciliation. Tables: `fee_*`, `ledger_*`, `claim_changes`.
//! Must never guess a figure a court has not set, decide who is right, keep an account or card number, or move money
//! that the ledger does not show.

pub mod api;
pub mod ask;
pub mod assess;
pub mod bills;
pub mod books;
pub mod books_api;
pub mod burden;
pub mod case_api;
pub mod case_views;
pub mod change;
pub mod claims;
pub mod claims_api;
mod halving;
pub mod jobs;
pub mod kinds;
pub mod ledger;
pub mod money;
pub mod money_rules;
pub mod moved;
pub mod orders;
pub mod overdue;
pub mod papers;
pub mod rates;
pub mod reckon;
pub mod reconcile;
pub mod refunds;
pub mod reliefs;
pub mod settle;
pub mod tariff;
pub mod transfers;
pub mod wechat;
pub mod words;

#[cfg(test)]
mod vectors_tests;
