//! Lianting (联庭): one deployment, run by a provincial high court, serves all its courts online.
//!
//! The table of contents. Each room's head says what it owns and what it must never do.

pub mod app;
/// 期限的变动: outages of the platform and the holidays a province sets.
pub mod clocks;
pub mod config;
/// The wall: who, where, may they.
pub mod court;
/// 送达: service of papers, its effect and its proof.
pub mod delivery;
/// Everything on embedded defaults, for a first look.
pub mod demo;
/// The shared noun: case, party, representative, number, stage, electronic file.
pub mod docket;
pub mod error;
/// Uploads and the files people send.
pub mod evidence;
/// 诉讼费用: the tariff and its calculator.
pub mod fees;
/// 网上立案: drafts, checks, submission, review.
pub mod filing;
/// 庭审: scheduling, the room, the record, the signature.
pub mod hearing;
pub mod http;
/// The tool wall.
pub mod kit;
pub mod limits;
/// Schema and tenant files into the database.
pub mod migrate;
pub mod openapi;
pub mod pages;
/// Documents: data and template to PDF, verification codes.
pub mod paper;
/// One account across all courts.
pub mod person;
pub mod serve;
/// 程序接入.
pub mod software;
/// Logs, traces, metrics.
pub mod telemetry;
pub mod work;
