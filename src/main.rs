//! The program `lianting`: one binary, its roles are subcommands.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use lianting::config::Config;

/// 联庭 Lianting: one deployment, run by a provincial high court, serves all its courts online.
#[derive(Parser)]
#[command(version, about, long_about = None, propagate_version = true)]
struct Cli {
    /// Log lines as JSON.
    #[arg(long, env = "LIANTING_LOG_JSON", global = true)]
    log_json: bool,
    #[command(subcommand)]
    role: Role,
}

#[derive(Subcommand)]
enum Role {
    /// Serve pages and API (and do background work, unless LIANTING_WORK=false).
    Serve(Box<Config>),
    /// Do background work only.
    Work(Box<Config>),
    /// Bring the database's schema up to date and make the application's role.
    Migrate(lianting::migrate::Migrate),
    /// Courts: apply or check the files under tenants/.
    #[command(subcommand)]
    Court(CourtCommand),
    /// Invite the first administrator, security administrator or auditor of the province; prints a link that sets the password once.
    FirstAdmin(lianting::person::first_admin::FirstAdmin),
    /// Everything on embedded defaults: own PostgreSQL, own object store, a sample province.
    Demo(lianting::demo::Demo),
    /// Electronic seals of the courts: issue, renew, list, try.
    Seal(lianting::paper::seal_cli::SealCommand),
    /// Check sealed papers (files, folders, ZIP archives) without a server.
    Verify(lianting::paper::check_cli::Verify),
    /// Print the API document (OpenAPI 3).
    Openapi,
    /// Print a new master key file.
    NewKey,
    /// Check one file given on standard input (used by the server on itself, with tight limits).
    #[command(hide = true)]
    InspectFile {
        /// Media type found by sniffing.
        media_type: String,
    },
}

#[derive(Subcommand)]
enum CourtCommand {
    /// Show the difference, then apply it. Idempotent; never deletes.
    Apply {
        /// Directory of a province, such as tenants/shandong.
        dir: PathBuf,
        /// Administrator's connection to PostgreSQL.
        #[arg(long, env = "DATABASE_ADMIN_URL", hide_env_values = true)]
        database_admin_url: String,
        /// Only show the difference.
        #[arg(long)]
        dry_run: bool,
        /// Do not ask at a terminal.
        #[arg(long)]
        yes: bool,
    },
    /// Check the files without a database.
    Check {
        /// Directory of a province.
        dir: PathBuf,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        eprintln!("TLS provider was already set");
    }
    let otlp = match &cli.role {
        Role::Serve(config) | Role::Work(config) => config.otlp_endpoint.clone(),
        _ => None,
    };
    let run = async {
        // the demo prints addresses and sign-ins: request lines would bury them
        let quiet = matches!(cli.role, Role::Demo(_));
        lianting::telemetry::start(cli.log_json, otlp.as_deref(), if quiet { "warn" } else { "info,aws_smithy_runtime=warn" });
        match cli.role {
            Role::Serve(config) => lianting::serve::serve(*config).await,
            Role::Work(config) => lianting::serve::work(*config).await,
            Role::Migrate(migrate) => lianting::migrate::run(&migrate).await,
            Role::Court(command) => court(command).await,
            Role::FirstAdmin(args) => lianting::person::first_admin::run(&args).await.map(|link| println!("{link}")),
            Role::Demo(demo) => lianting::demo::run(demo).await,
            Role::Seal(command) => lianting::paper::seal_cli::run(command).await,
            Role::Verify(command) => lianting::paper::check_cli::run(&command),
            Role::Openapi => {
                println!("{}", lianting::openapi::document(&lianting::http::api()));
                Ok(())
            }
            Role::NewKey => {
                print!("{}", lianting::kit::seal::Seal::new_key_file(&lianting::kit::random::Random::from_os()));
                Ok(())
            }
            Role::InspectFile { media_type } => lianting::evidence::inspect::run(&media_type),
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return fail(&e.to_string()),
    };
    let ended = runtime.block_on(run);
    lianting::telemetry::stop();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => fail(&fault),
    }
}

fn fail(fault: &str) -> ExitCode {
    eprintln!("lianting: {fault}");
    ExitCode::FAILURE
}

/// A person at a terminal is asked; a script that runs this means it.
fn agreed() -> bool {
    use std::io::IsTerminal;
    if !std::io::stdin().is_terminal() {
        return true;
    }
    print!("apply this? [y/N] ");
    let mut answer = String::new();
    let read = std::io::Write::flush(&mut std::io::stdout()).and_then(|()| std::io::stdin().read_line(&mut answer));
    read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}

async fn court(command: CourtCommand) -> Result<(), String> {
    use lianting::court::tenants::Tenants;
    match command {
        CourtCommand::Check { dir } => {
            Tenants::read(&dir).map(|t| println!("{}: all files are good", t.province.name)).map_err(|e| e.to_string())
        }
        CourtCommand::Apply { dir, database_admin_url, dry_run, yes } => {
            let diff = lianting::migrate::apply_tenants(&database_admin_url, &dir, true).await?;
            print!("{}", if diff.is_empty() { "nothing to change\n".to_owned() } else { diff.clone() });
            if dry_run || diff.is_empty() || !(yes || agreed()) {
                return Ok(());
            }
            lianting::migrate::apply_tenants(&database_admin_url, &dir, false).await.map(|_| println!("applied"))
        }
    }
}
