//! The WeChat Pay adapter against the payment simulator, a process of its own: every fault that `lianting-sim pay`
//! knows. No database and no server of ours; what a payment means for a case is told by the stories.

mod callbacks;
mod kit;
mod orders;
