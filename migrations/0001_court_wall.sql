-- The wall. A court is a tenant; a person is one person across all courts.
--
-- Every transaction of the application begins with SET LOCAL of the values read below, and no
-- table answers without them. `app.scope` names the kind of transaction:
--   court     one court's rows                      (CourtTx)
--   person    one person's own rows in all courts   (PersonTx)
--   province  read-only figures over all courts     (ProvinceTx)
--   gate      sign-in, sign-up, code look-ups       (GateTx: never a tenant row)
--   worker    claims due jobs, then enters one court(WorkTx)
-- A setting that was SET LOCAL once in a pooled session reads '' afterwards, not null: hence nullif.
create function app_scope() returns text language sql stable parallel safe
  as $$ select nullif(current_setting('app.scope', true), '') $$;
create function app_court() returns int language sql stable parallel safe
  as $$ select nullif(current_setting('app.court_id', true), '')::int $$;
create function app_person() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.person_id', true), '')::uuid $$;
-- 'staff' works for the court; 'party' sees only the matters he or she takes part in; 'system' is a job.
create function app_seat() returns text language sql stable parallel safe
  as $$ select nullif(current_setting('app.seat', true), '') $$;

-- The recipe for a tenant table: court_id int not null leads every key; row security is forced
-- on the owner too; one wall policy with USING and WITH CHECK; no DELETE, TRUNCATE, REFERENCES
-- or TRIGGER for the application unless a table says why.
create procedure wall_court(t regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy court_wall on %s using (court_id = app_court()) with check (court_id = app_court())', t);
  execute format('grant select, insert, update on %s to lianting_app', t);
end $$;

-- The recipe for a person's own table.
create procedure wall_person(t regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy person_wall on %s using (person_id = app_person() and app_scope() in (''person'', ''gate'')) with check (person_id = app_person() and app_scope() in (''person'', ''gate''))', t);
  execute format('grant select, insert, update on %s to lianting_app', t);
end $$;

-- Reference data every court reads: loaded from tenants/, switched on by an administrator.
create table courts (
  court_id     int  not null primary key,
  code         text not null unique,           -- 法院代字, 鲁0102
  name         text not null,
  level        text not null check (level in ('high', 'intermediate', 'special', 'basic')),
  rank         text not null,
  parent_id    int  references courts,
  division     text,
  confidence   text not null,
  source       text not null,
  status       text not null check (status in ('current', 'historic')),
  enabled      boolean not null,
  note         text,
  phone        text,
  address      text,
  hours        text,
  confirmed_by uuid,
  confirmed_on timestamptz,
  confirmed_basis text,
  digest       text not null                   -- of the tenant file last applied
);
alter table courts enable row level security;
alter table courts force row level security;
create policy courts_public on courts for select using (true);
create policy courts_confirm on courts for update using (court_id = app_court()) with check (court_id = app_court());
create policy courts_apply on courts for all to lianting_owner using (true) with check (true);
grant select, update (enabled, confirmed_by, confirmed_on, confirmed_basis) on courts to lianting_app;

-- 院级规则: on everything circulars, provinces or courts differ. A new version never overwrites an old one.
create table court_rules (
  court_id   int not null references courts,
  key        text not null,
  version    int not null,
  value      jsonb not null,
  basis      text not null,
  valid_from date not null,
  valid_to   date,
  note       text,
  unsure     boolean not null default false,
  set_by     text not null,
  set_at     timestamptz not null,
  primary key (court_id, key, version)
);
alter table court_rules enable row level security;
alter table court_rules force row level security;
create policy rules_public on court_rules for select using (true);
create policy rules_set on court_rules for insert with check (court_id = app_court());
create policy rules_apply on court_rules for all to lianting_owner using (true) with check (true);
grant select, insert on court_rules to lianting_app;

-- A court's own departures from policies/roles.csv.
create table policy_overrides (
  court_id int not null references courts,
  role     text not null,
  act      text not null,
  effect   text not null check (effect in ('allow', 'deny')),
  set_by   uuid not null,
  set_at   timestamptz not null,
  primary key (court_id, role, act)
);
alter table policy_overrides enable row level security;
alter table policy_overrides force row level security;
create policy overrides_public on policy_overrides for select using (true);
create policy overrides_insert on policy_overrides for insert with check (court_id = app_court());
create policy overrides_update on policy_overrides for update using (court_id = app_court()) with check (court_id = app_court());
create policy overrides_delete on policy_overrides for delete using (court_id = app_court());
grant select, insert, update, delete on policy_overrides to lianting_app;

-- 审计: one row for every change, in the transaction of the change. court_id 0 holds what people do
-- with their own accounts and drafts. Insert only; nobody updates or deletes.
create table audit_log (
  court_id   int not null,
  audit_id   uuid not null,
  at         timestamptz not null,
  person_id  uuid,
  seat       text not null,
  act        text not null,
  subject    text not null,
  request_id text not null,
  details    jsonb not null,
  primary key (court_id, audit_id)
);
alter table audit_log enable row level security;
alter table audit_log force row level security;
create policy audit_court on audit_log using (court_id = app_court()) with check (court_id = app_court());
create policy audit_person_write on audit_log for insert with check (court_id = 0 and app_court() is null and app_scope() is not null);
create policy audit_person_read on audit_log for select using (court_id = 0 and app_scope() = 'person' and person_id = app_person());
grant select, insert on audit_log to lianting_app;

-- 发件箱: what must happen outside, committed with its cause. court_id 0 belongs to persons.
create table outbox (
  court_id    int not null,
  event_id    uuid not null,
  topic       text not null,
  payload     bytea not null,                  -- sealed: it holds numbers and names
  created_at  timestamptz not null,
  not_before  timestamptz not null,
  attempts    int not null default 0,
  lease_until timestamptz,
  fence       int not null default 0,
  done_at     timestamptz,
  dead_at     timestamptz,
  last_error  text,
  primary key (court_id, event_id)
);
alter table outbox enable row level security;
alter table outbox force row level security;
create policy outbox_court on outbox using (court_id = app_court()) with check (court_id = app_court());
create policy outbox_person_write on outbox for insert with check (court_id = 0 and app_court() is null and app_scope() is not null);
create policy outbox_worker on outbox for all using (app_scope() = 'worker') with check (app_scope() = 'worker');
grant select, insert, update on outbox to lianting_app;
create index outbox_due on outbox (not_before) where done_at is null and dead_at is null;

-- 幂等: a repeated creating call gets the first answer. court_id 0 for calls on one's own things.
create table idempotency (
  court_id       int not null,
  person_id      uuid not null,
  key            text not null,
  request_sha256 bytea not null,
  response       bytea,                        -- sealed
  created_at     timestamptz not null,
  primary key (court_id, person_id, key)
);
alter table idempotency enable row level security;
alter table idempotency force row level security;
create policy idempotency_court on idempotency using (court_id = app_court() and person_id = app_person()) with check (court_id = app_court() and person_id = app_person());
create policy idempotency_person on idempotency using (court_id = 0 and app_scope() = 'person' and person_id = app_person()) with check (court_id = 0 and app_scope() = 'person' and person_id = app_person());
grant select, insert, update on idempotency to lianting_app;

-- Yearly counters of a court: 网立 numbers, case serials (案号: gapless, issued inside the transaction).
create table counters (
  court_id int not null references courts,
  name     text not null,
  year     int not null,
  value    int not null,
  primary key (court_id, name, year)
);
call wall_court('counters');
