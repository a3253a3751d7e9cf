//! 微信支付 (WeChat Pay APIv3): the wire, and nothing but the wire.
//!
//! Owns signing, verifying, sealing and the shapes that go over the wire. Must never decide what a payment means for
//! a case, write a row, or keep an account number or a payer's openid: its types have no place for them.
//!
//! Three rules its callers rely on:
//! - An answer or a callback is believed only when the platform signed it within the last five minutes.
//! - `Fault::Unclear` says that something may have happened: query before repeating.
//! - A callback may come twice, late, out of order or not at all. The caller keeps the ids of notifications it has
//!   taken and queries what it has not heard of.

pub mod bill;
pub mod callback;
pub mod client;
pub mod platform;
pub mod settings;
pub mod shapes;
pub mod sign;
