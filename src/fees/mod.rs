//! 诉讼费用: what a case, an application and a change of claim cost (诉讼费用交纳办法, State Council Decree 481).
//!
//! Owns the tariff as pure rules: scales, bases inside the statutory ranges, halving, changes of claim,
//! refunds and burden, and the public calculator. Reads a court's rule `fees`; holds no row.
//! Must never guess a figure a court has not set, read a clock, or decide who is right.

pub mod api;
pub mod ask;
pub mod burden;
pub mod change;
mod halving;
pub mod kinds;
pub mod money;
pub mod rates;
pub mod reckon;
pub mod tariff;
pub mod words;

#[cfg(test)]
mod vectors_tests;
