//! The catalogue check: reads the database's own description of itself at every start and refuses to
//! serve when a table has fallen out of line with the wall. Owns no table; changes nothing.

use sqlx::{PgConnection, Row};

/// The oldest server with security barriers, `security_invoker` views and fixed RLS defects we rely on.
const OLDEST_SERVER: i32 = 150000;

/// Every rule of the wall, as a query that answers what breaks it.
const RULES: &[(&str, &str)] = &[
    (
        "row level security must be enabled and forced on every table",
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> '_sqlx_migrations'
           and not (c.relrowsecurity and c.relforcerowsecurity)",
    ),
    (
        "a table with court_id must lead every primary, unique and foreign key with it",
        "select (t.relname || '.' || k.conname)::text from pg_constraint k join pg_class t on t.oid = k.conrelid
         join pg_namespace n on n.oid = t.relnamespace
         join pg_attribute a on a.attrelid = t.oid and a.attname = 'court_id'
         where n.nspname = 'public' and k.contype in ('p', 'u', 'f') and k.conkey[1] <> a.attnum
           and t.relname not in ('courts', 'paper_codes', 'drafts')
           and not exists (select 1 from pg_class f where f.oid = k.confrelid and f.relname in ('courts', 'people'))",
    ),
    (
        "a unique index of a table with court_id must lead with it, or it tells that a value exists elsewhere",
        "select (t.relname || '.' || x.relname)::text from pg_index i join pg_class t on t.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
         join pg_namespace n on n.oid = t.relnamespace
         join pg_attribute a on a.attrelid = t.oid and a.attname = 'court_id' and a.attnum > 0
         where n.nspname = 'public' and i.indisunique and i.indkey[0] <> a.attnum and t.relname not in ('courts', 'paper_codes', 'drafts')
           and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)",
    ),
    (
        "a policy must not let everybody read a table",
        "select (tablename || '.' || policyname)::text from pg_policies where schemaname = 'public' and permissive = 'PERMISSIVE' and qual = 'true'
           and roles <> '{lianting_owner}' and tablename not in ('courts', 'court_rules', 'calendar_changes', 'policy_overrides')",
    ),
    (
        "a wall policy needs WITH CHECK",
        "select (tablename || '.' || policyname)::text from pg_policies where schemaname = 'public'
           and cmd in ('ALL', 'INSERT', 'UPDATE') and with_check is null and permissive = 'PERMISSIVE'",
    ),
    (
        "a table with court_id must have a policy that names app_court()",
        "select t.relname::text from pg_class t join pg_namespace n on n.oid = t.relnamespace
         join pg_attribute a on a.attrelid = t.oid and a.attname = 'court_id' and a.attnum > 0
         where n.nspname = 'public' and t.relkind in ('r', 'p') and t.relname <> 'drafts'
           and not exists (select 1 from pg_policies p where p.schemaname = 'public' and p.tablename = t.relname
             and coalesce(p.qual, '') || coalesce(p.with_check, '') like '%app_court()%')",
    ),
    (
        "a view must be security_invoker",
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'public' and c.relkind = 'v' and not coalesce(c.reloptions::text like '%security_invoker=true%', false)",
    ),
    (
        "no materialised views",
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'm'",
    ),
    (
        "no security definer functions",
        "select p.proname::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public' and p.prosecdef",
    ),
    (
        "the application's role must not bypass row level security, be a superuser, or make databases and roles",
        "select rolname::text from pg_roles where rolname = current_user and (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication)",
    ),
    (
        "the application's role must own nothing and not be a member of the owner",
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'public' and pg_has_role(current_user, c.relowner, 'member')",
    ),
    (
        "the application's role must not hold TRUNCATE, REFERENCES or TRIGGER",
        "select (table_name || ' ' || privilege_type)::text from information_schema.role_table_grants
         where table_schema = 'public' and grantee = current_user and privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')",
    ),
    (
        "the application's role must not create in the schema",
        "select 'public'::text where has_schema_privilege(current_user, 'public', 'CREATE')",
    ),
];

/// Why the server may not start on this database.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueFault {
    /// Too old.
    #[error("PostgreSQL {0} is too old: 15 or newer is needed. Upgrade the server, or point DATABASE_URL at a newer one")]
    TooOld(i32),
    /// No schema.
    #[error("the database has no Lianting schema. Run `lianting migrate` with an administrator's connection first")]
    Empty,
    /// The wall is broken.
    #[error("the wall is broken, so nothing is served:\n{0}\nRun `lianting migrate`, and undo what was changed by hand")]
    Broken(String),
    /// The database does not let us in.
    #[error("the database at {place} cannot be used: {cause}. Check DATABASE_URL and that the server runs")]
    NoEntry {
        /// Host, port and database.
        place: String,
        /// What the server said.
        cause: String,
    },
    /// The database does not answer.
    #[error("the database does not answer: {0}. Check DATABASE_URL and that the server runs")]
    Unreachable(#[from] sqlx::Error),
}

/// Checks everything above as the application's own role.
///
/// # Errors
/// The first group of faults found.
pub async fn check(conn: &mut PgConnection) -> Result<(), CatalogueFault> {
    let version: i32 = sqlx::query_scalar("select current_setting('server_version_num')::int").fetch_one(&mut *conn).await?;
    if version < OLDEST_SERVER {
        return Err(CatalogueFault::TooOld(version / 10000));
    }
    let schema: bool = sqlx::query_scalar("select to_regclass('public.audit_log') is not null").fetch_one(&mut *conn).await?;
    if !schema {
        return Err(CatalogueFault::Empty);
    }
    let mut faults = Vec::new();
    for (rule, query) in RULES {
        for row in sqlx::query(*query).fetch_all(&mut *conn).await? {
            faults.push(format!("  {}: {rule}", row.try_get::<String, _>(0)?));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(CatalogueFault::Broken(faults.join("\n"))) }
}
