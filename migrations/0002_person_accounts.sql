-- One account across all courts (一人一号). Rows answer to their owner; sign-in looks them up
-- through the gate; a court sees the grants it made itself.
create table people (
  person_id  uuid not null primary key,
  name       text not null,
  standing   text not null check (standing in ('natural', 'organisation', 'lawyer', 'legal_worker', 'staff')),
  state      text not null check (state in ('active', 'invited', 'suspended')),
  mobile     bytea not null,                   -- sealed
  email      bytea,                            -- sealed
  language   text not null default 'zh',
  density    text,
  large_type boolean not null default false,
  created_at timestamptz not null
);
call wall_person('people');
create policy people_gate on people for select using (app_scope() = 'gate');
create policy people_gate_insert on people for insert with check (app_scope() = 'gate');

-- What one may type to sign in. Blind indexes, so a stolen table names nobody. An identifier is
-- never a credential (A12).
create table identifiers (
  kind        text not null check (kind in ('mobile', 'id_number', 'licence', 'uscc')),
  blind_index bytea not null,
  person_id   uuid not null references people,
  primary key (kind, blind_index, person_id)
);
create unique index identifiers_one_owner on identifiers (kind, blind_index) where kind <> 'uscc';
call wall_person('identifiers');
create policy identifiers_gate on identifiers for select using (app_scope() = 'gate');
create policy identifiers_gate_insert on identifiers for insert with check (app_scope() = 'gate');
grant delete on identifiers to lianting_app;
create index identifiers_person on identifiers (person_id);

-- 身份凭证 and how far each was checked (L07).
create table proofs (
  person_id     uuid not null references people,
  proof_id      uuid not null,
  kind          text not null,
  number        bytea not null,                -- sealed
  number_index  bytea not null,
  number_masked text not null,
  holder        text not null,
  firm          text,
  firm_uscc     text,
  representative text,
  state         text not null check (state in ('claimed', 'checked_by_document', 'checked_by_registry', 'checked_by_clerk', 'rejected')),
  reason        text,
  reference     text,
  created_at    timestamptz not null,
  decided_at    timestamptz,
  decided_by    uuid,
  primary key (person_id, proof_id)
);
call wall_person('proofs');
create policy proofs_gate on proofs for select using (app_scope() = 'gate');
create index proofs_number on proofs (number_index);

create table credentials (
  person_id         uuid not null primary key references people,
  password_hash     text,
  totp_secret       bytea,                     -- sealed
  totp_confirmed_at timestamptz,
  totp_pending      bytea,                     -- sealed; becomes the secret once a code of it was shown
  totp_last_step    bigint not null default 0
);
call wall_person('credentials');
create policy credentials_gate on credentials for select using (app_scope() = 'gate');

create table one_time_codes (
  code_id      uuid not null primary key,
  mobile_index bytea not null,
  purpose      text not null,
  code_hash    bytea not null,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  attempts     int not null default 0,
  used_at      timestamptz
);
alter table one_time_codes enable row level security;
alter table one_time_codes force row level security;
create policy codes_gate on one_time_codes using (app_scope() in ('gate', 'person')) with check (app_scope() in ('gate', 'person'));
grant select, insert, update on one_time_codes to lianting_app;
create index one_time_codes_recent on one_time_codes (mobile_index, created_at desc);

-- A password never travels by SMS; a link that works once does (H03's weakness mended).
create table one_time_links (
  token_hash bytea not null primary key,
  person_id  uuid not null references people,
  purpose    text not null check (purpose in ('recovery', 'activation')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);
alter table one_time_links enable row level security;
alter table one_time_links force row level security;
create policy links_gate on one_time_links using (app_scope() = 'gate') with check (app_scope() = 'gate');
grant select, insert, update on one_time_links to lianting_app;

create table sessions (
  token_hash   bytea not null primary key,     -- SHA-256; the token itself is only in the browser
  session_id   uuid not null unique,
  person_id    uuid not null references people,
  created_at   timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at   timestamptz not null,
  second_factor boolean not null,
  stepped_up_at timestamptz not null,
  user_agent   text not null,
  ip_masked    text not null,
  revoked_at   timestamptz
);
call wall_person('sessions');
create policy sessions_gate on sessions for select using (app_scope() = 'gate');
create index sessions_person on sessions (person_id);

-- 软锁: slows guessing, never tells whether an account exists.
create table soft_locks (
  subject_index bytea not null primary key,
  failures      int not null,
  locked_until  timestamptz not null,
  updated_at    timestamptz not null
);
alter table soft_locks enable row level security;
alter table soft_locks force row level security;
create policy locks_gate on soft_locks using (app_scope() = 'gate') with check (app_scope() = 'gate');
grant select, insert, update, delete on soft_locks to lianting_app;

-- 角色: granted per court; court_id 0 is "at every court" (party, lawyer, provincial administrator).
create table role_grants (
  court_id   int not null,
  person_id  uuid not null references people,
  role       text not null,
  granted_by uuid,
  granted_at timestamptz not null,
  revoked_at timestamptz,
  suspended_at timestamptz,                    -- at this court only: the account itself stays its owner's
  primary key (court_id, person_id, role)
);
alter table role_grants enable row level security;
alter table role_grants force row level security;
-- The staff seat reads its court's grants; only the step that manages people (a system seat) writes them,
-- and it can never make a provincial administrator, a party or a lawyer.
create policy grants_court on role_grants for select using (court_id = app_court() and app_seat() in ('staff', 'system'));
create policy grants_court_insert on role_grants for insert with check (court_id = app_court() and app_scope() = 'court' and app_seat() = 'system'
  and role not in ('party', 'lawyer', 'legal_worker', 'provincial_admin'));
create policy grants_court_update on role_grants for update using (court_id = app_court() and app_scope() = 'court' and app_seat() = 'system')
  with check (court_id = app_court() and app_scope() = 'court' and app_seat() = 'system');
-- 三员分立 looks at what one holds everywhere too; so does a look-up of counsel.
create policy grants_everywhere on role_grants for select using (court_id = 0 and app_scope() = 'court' and app_seat() = 'system');
-- The first administrators of a province are made by who runs the server, as the owner role, never by the application.
create policy grants_first on role_grants for insert to lianting_owner with check (court_id = 0 and app_scope() = 'gate' and role in ('provincial_admin', 'security_admin', 'auditor'));
create policy grants_own on role_grants for select using (person_id = app_person() and app_scope() in ('person', 'gate'));
create policy grants_own_external on role_grants for insert with check (court_id = 0 and role in ('party', 'lawyer', 'legal_worker') and person_id = app_person() and app_scope() in ('person', 'gate'));
grant select, insert, update on role_grants to lianting_app;
create index role_grants_person on role_grants (person_id);

-- A court's administrator makes accounts for the court's own staff, invited and without a password, and reads those.
create policy people_staff_read on people for select using (app_scope() = 'court' and app_seat() in ('staff', 'system')
  and exists (select 1 from role_grants g where g.person_id = people.person_id and g.court_id = app_court()));
create policy people_staff_insert on people for insert with check (app_scope() = 'court' and app_seat() = 'system' and standing = 'staff' and state = 'invited');
create policy identifiers_staff_insert on identifiers for insert with check (app_scope() = 'court' and app_seat() = 'system' and kind in ('mobile', 'id_number'));
create policy proofs_staff_insert on proofs for insert with check (app_scope() = 'court' and app_seat() = 'system' and kind = 'resident_id'
  and exists (select 1 from people p where p.person_id = proofs.person_id and p.state = 'invited'));
create policy credentials_staff on credentials for insert with check (app_scope() = 'court' and app_seat() = 'system' and password_hash is null and totp_secret is null);
create policy credentials_staff_read on credentials for select using (app_scope() = 'court' and app_seat() in ('staff', 'system')
  and exists (select 1 from role_grants g where g.person_id = credentials.person_id and g.court_id = app_court()));
-- A link from a court can wake an account that was never used, and no other.
create policy links_court_insert on one_time_links for insert with check (app_scope() = 'court' and app_seat() = 'system' and purpose = 'activation'
  and exists (select 1 from people p where p.person_id = one_time_links.person_id and p.state = 'invited'));
-- A step of the house finds whom a number belongs to (an index gives nothing back), and counsel by their licence,
-- whose name and firm are public.
create policy identifiers_house on identifiers for select using (app_scope() = 'court' and app_seat() = 'system');
create policy proofs_counsel on proofs for select using (app_scope() = 'court' and app_seat() = 'system' and kind in ('lawyer_licence', 'legal_worker_licence'));
create policy people_counsel on people for select using (app_scope() = 'court' and app_seat() = 'system'
  and exists (select 1 from role_grants g where g.person_id = people.person_id and g.court_id = 0 and g.role in ('lawyer', 'legal_worker')));

create table saved_views (
  person_id  uuid not null references people,
  view_id    uuid not null,
  name       text not null,
  query      jsonb not null,
  created_at timestamptz not null,
  primary key (person_id, view_id)
);
call wall_person('saved_views');
grant delete on saved_views to lianting_app;
