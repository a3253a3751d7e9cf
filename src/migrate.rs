//! `lianting migrate`: roles, schema, grants. Runs as an administrator, hands everything to the owner role.
//!
//! Owns the two roles: lianting_owner (NOLOGIN, owns every object) and lianting_app (LOGIN, owns nothing,
//! cannot bypass row level security). Must never run while holding the application's connection.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection};

use crate::court::tenants::Tenants;
use crate::kit::clock::Clock;

/// Arguments of `lianting migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// Administrator's connection (may create roles; owner of the database).
    #[arg(long, env = "DATABASE_ADMIN_URL", hide_env_values = true)]
    pub database_admin_url: String,
    /// Password to give the application's role lianting_app; left as it is when absent.
    #[arg(long, env = "LIANTING_APP_PASSWORD", hide_env_values = true)]
    pub app_password: Option<String>,
}

/// SQL files built into the program.
#[derive(rust_embed::RustEmbed)]
#[folder = "migrations"]
#[include = "*.sql"]
struct Files;

/// Brings the schema up to date.
///
/// # Errors
/// Says which step failed and what to do.
pub async fn run(migrate: &Migrate) -> Result<(), String> {
    let mut conn = connect(&migrate.database_admin_url).await?;
    apply(&mut conn, migrate.app_password.as_deref()).await
}

async fn connect(url: &str) -> Result<PgConnection, String> {
    PgConnectOptions::from_str(url)
        .map_err(|e| format!("DATABASE_ADMIN_URL: {e}"))?
        .connect()
        .await
        .map_err(|e| format!("the database does not answer: {e}. Check DATABASE_ADMIN_URL"))
}

/// Makes a database when it is not there; `url` leads to another one of the same server.
///
/// # Errors
/// What the server says.
pub async fn make_database(url: &str, name: &str) -> Result<(), String> {
    let mut conn = connect(url).await?;
    let failed = |e: sqlx::Error| format!("making the database {name}: {e}");
    let there: Option<(i32,)> =
        sqlx::query_as("select 1 from pg_database where datname = $1").bind(name).fetch_optional(&mut conn).await.map_err(failed)?;
    if there.is_none() {
        let sql = format!("create database \"{}\" template template0 encoding 'UTF8'", name.replace('"', ""));
        sqlx::query(AssertSqlSafe(sql)).execute(&mut conn).await.map_err(failed)?;
    }
    Ok(())
}

/// Roles, then migrations as the owner.
///
/// # Errors
/// Says which step failed.
pub async fn apply(conn: &mut PgConnection, app_password: Option<&str>) -> Result<(), String> {
    let failed = |step: &'static str| move |e: sqlx::Error| format!("{step}: {e}");
    for role in ["lianting_owner nologin", "lianting_app login nosuperuser nobypassrls nocreatedb nocreaterole"] {
        let name = role.split(' ').next().unwrap_or(role);
        // roles belong to the cluster: another database, or a test beside us, may have made them a moment ago
        let sql = format!(
            "do $$ begin if not exists (select from pg_roles where rolname = '{name}') then create role {role}; end if; exception when duplicate_object or unique_violation then null; end $$"
        );
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *conn).await.map_err(failed("making the roles"))?;
    }
    if let Some(password) = app_password {
        let sql = format!("alter role lianting_app password '{}'", password.replace('\'', "''"));
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *conn).await.map_err(failed("setting the application's password"))?;
    }
    let setup = "grant lianting_owner to current_user; revoke create on schema public from public; grant create, usage on schema public to lianting_owner; grant usage on schema public to lianting_app; set lock_timeout = '2s'; set role lianting_owner";
    sqlx::raw_sql(setup).execute(&mut *conn).await.map_err(failed("preparing the schema"))?;
    migrations()
        .map_err(|e| format!("migrations: {e}"))?
        .run(&mut *conn)
        .await
        .map_err(|e| format!("migrations: {e}. Nothing of the failed step was kept"))?;
    sqlx::query("reset role").execute(&mut *conn).await.map_err(failed("leaving the owner role"))?;
    Ok(())
}

fn migrations() -> Result<sqlx::migrate::Migrator, String> {
    use sqlx::migrate::{Migration, MigrationType};
    let mut list = Vec::new();
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    for name in names {
        let file = Files::get(&name).ok_or("file vanished")?;
        let sql = String::from_utf8(file.data.into_owned()).map_err(|e| e.to_string())?;
        let (version, description) =
            name.trim_end_matches(".sql").split_once('_').ok_or_else(|| format!("{name}: name it NNNN_what.sql"))?;
        let version = version.parse().map_err(|_| format!("{name}: name it NNNN_what.sql"))?;
        list.push(Migration::new(
            version,
            description.replace('_', " ").into(),
            MigrationType::Simple,
            AssertSqlSafe(sql).into_sql(),
            false,
        ));
    }
    let mut migrator = sqlx::migrate::Migrator { migrations: list.into(), ..sqlx::migrate::Migrator::DEFAULT };
    migrator.set_locking(true);
    Ok(migrator)
}

/// Turns owned SQL into what sqlx keeps.
trait IntoSql {
    fn into_sql(self) -> sqlx::SqlStr;
}

impl IntoSql for AssertSqlSafe<String> {
    fn into_sql(self) -> sqlx::SqlStr {
        sqlx::SqlSafeStr::into_sql_str(self)
    }
}

/// Applies a province's tenant files; answers the difference.
///
/// # Errors
/// A bad file (file, line, cause, cure) or what the database says.
pub async fn apply_tenants(url: &str, dir: &Path, dry: bool) -> Result<String, String> {
    let tenants = Tenants::read(dir).map_err(|e| e.to_string())?;
    let mut conn = connect(url).await?;
    apply_read_tenants(&mut conn, &tenants, dry).await
}

/// As `apply_tenants`, over an open administrator's connection.
///
/// # Errors
/// What the database says.
pub async fn apply_read_tenants(conn: &mut PgConnection, tenants: &Tenants, dry: bool) -> Result<String, String> {
    let failed = |e: sqlx::Error| format!("tenants: {e}");
    sqlx::raw_sql("begin; set local role lianting_owner").execute(&mut *conn).await.map_err(failed)?;
    let diff = tenants.apply(conn, Clock::System.now(), dry).await.map_err(failed)?;
    sqlx::raw_sql("select pg_notify('lianting_registry', ''); commit").execute(&mut *conn).await.map_err(failed)?;
    Ok(diff)
}

/// The tenant files shipped beside the program or in the checkout.
pub fn tenants_dir(province: &str) -> PathBuf {
    Path::new("tenants").join(province)
}
