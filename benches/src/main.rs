//! `make bench`: the figures Lianting is held to, each taken beside its peer on the same machine in the same minutes.
//!
//! Owns the order of the parts and where results go (`target/bench/*.json` of the checkout). A missed goal is printed as
//! missed and is no failure of the run.

mod cluster;
mod data;
mod decision;
mod edit;
mod filings;
mod house;
mod load;
mod papers;
mod peer;
mod report;
mod rules;
mod upload;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use self::cluster::Cluster;
use self::report::Report;

/// Measures and prints; results also go to target/bench.
#[derive(Parser)]
struct Options {
    /// Parts to run, all when none is named: decision, rules, papers, filings, edit, upload, house.
    parts: Vec<String>,
    /// The checkout.
    #[arg(long, default_value = ".")]
    root: PathBuf,
    /// Numbers of courts; figures are compared with the first. One court, a province, all basic courts of the country.
    #[arg(long, env = "COURTS", value_delimiter = ',', default_values_t = [1, 180, 3_500])]
    courts: Vec<usize>,
    /// Rounds whose median counts.
    #[arg(long, env = "ROUNDS", default_value_t = 5)]
    rounds: usize,
    /// Seconds of each run within a round.
    #[arg(long, env = "SECONDS_PER_RUN", default_value_t = 4)]
    seconds: u64,
    /// Size of the evidence file.
    #[arg(long, env = "UPLOAD_MIB", default_value_t = 2_048)]
    upload_mib: usize,
    /// Also time a cold build; takes many minutes.
    #[arg(long, env = "COLD", value_parser = clap::builder::FalseyValueParser::new())]
    cold: bool,
}

impl Options {
    fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// More drafts than one run can send.
    fn drafts(&self) -> usize {
        usize::try_from(self.seconds + 2).unwrap_or(8) * 1_500
    }

    fn wants(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|p| p == part)
    }
}

async fn measure(options: &Options) -> Result<(), String> {
    let out = options.root.join("target/bench");
    std::fs::create_dir_all(&out).map_err(|e| format!("{}: {e}", out.display()))?;
    let finish = |part: &str, report: Report| report.save(&out, part).map(|()| report.print(part));
    if options.wants("decision") {
        let mut report = Report::default();
        decision::run(&options.courts, &mut report).await?;
        finish("decision", report)?;
    }
    if options.wants("rules") {
        let mut report = Report::default();
        rules::run(&mut report)?;
        finish("rules", report)?;
    }
    if options.wants("papers") {
        let mut report = Report::default();
        papers::run(options, &out, &mut report).await?;
        finish("papers", report)?;
    }
    if !["filings", "edit", "upload", "house"].iter().any(|part| options.wants(part)) {
        return Ok(());
    }
    let cluster = Cluster::start(&out.join("data"))?;
    for part in ["filings", "edit", "upload", "house"].into_iter().filter(|part| options.wants(part)) {
        let mut report = Report::default();
        match part {
            "filings" => filings::run(&cluster, options, &mut report).await?,
            "edit" => edit::run(&cluster, options, &mut report).await?,
            "upload" => upload::run(&cluster, options, &mut report).await?,
            _ => house::run(&cluster, options, &mut report).await?,
        }
        finish(part, report)?;
    }
    Ok(())
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let _ = rustls::crypto::ring::default_provider().install_default();
    match measure(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("bench: {fault}");
            ExitCode::FAILURE
        }
    }
}
