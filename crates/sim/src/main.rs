//! `lianting-sim`: the outside world of a court on one machine, for demonstrations and tests.
//!
//! Owns: an SMS gateway, an identity register, a payment platform, a mail server, an e-service
//! platform, speech recognition, an S3 store and a time-stamping authority, each a process of its own that fails when told to.
//! Must never: be part of the product, hold a real person's data, or listen anywhere but where it was told.
#![allow(clippy::disallowed_methods, reason = "the outside world has its own clock and its own ids")]
#![allow(clippy::result_large_err, reason = "a refusal is an answer, made once a request")]

mod control;
mod doors;
mod edelivery;
mod faults;
mod guard;
mod identity;
mod life;
mod numbers;
mod pay;
mod signing;
mod sms;
mod smtp;
mod speech;
mod store;
mod tsa;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The outside world of a court on one machine.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    world: World,
}

/// Which part of the outside world to be.
#[derive(Debug, Subcommand)]
enum World {
    /// An SMS gateway with a page that shows the phones.
    Sms(sms::Options),
    /// A register of people and organisations, and a face check.
    Identity(identity::Options),
    /// A payment platform in the shape of WeChat Pay APIv3, with a page to pay on.
    Pay(pay::Options),
    /// A mail server that keeps what it gets, shows it, and bounces on demand.
    Smtp(smtp::Options),
    /// A national e-service platform and chat accounts, with a page that shows what arrived.
    Edelivery(edelivery::Options),
    /// Speech recognition that hears what it is told to hear.
    Speech(speech::Options),
    /// An S3 store on a local directory.
    Store(store::Options),
    /// A time-stamping authority in the manner of RFC 3161.
    Tsa(tsa::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().world {
        World::Sms(options) => life::run(&options.signed.life, |life| sms::serve(life, &options)),
        World::Identity(options) => life::run(&options.signed.life, |life| identity::serve(life, &options)),
        World::Pay(options) => life::run(&options.life, |life| pay::serve(life, &options)),
        World::Smtp(options) => life::run(&options.life, |life| smtp::serve(life, &options)),
        World::Edelivery(options) => life::run(&options.signed.life, |life| edelivery::serve(life, &options)),
        World::Speech(options) => life::run(&options.signed.life, |life| speech::serve(life, &options)),
        World::Store(options) => life::run(&options.life, |life| store::serve(life, &options)),
        World::Tsa(options) => life::run(&options.life, |life| tsa::serve(life, &options)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("lianting-sim: {problem}");
            ExitCode::FAILURE
        }
    }
}
