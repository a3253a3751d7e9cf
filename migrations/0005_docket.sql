-- 案件: the shared noun. Case, party, representative, number, stage, electronic file.
create table cases (
  court_id   int not null references courts,
  case_id    uuid not null,
  number     text not null,                    -- （2026）鲁0102民初1号
  year       int not null,
  type_code  text not null,
  serial     int not null,
  filing_id  uuid not null,
  kind       text not null,
  cause_code text,
  cause_name text not null,
  title      text not null,
  stage      text not null,
  procedure  text not null check (procedure in ('summary', 'ordinary', 'small_claims', 'enforcement')),
  filed_at   timestamptz not null,
  amount_fen bigint,
  sealed     boolean not null default false,
  sealed_reason text,
  panel      jsonb not null default '[]',      -- 审判组织: [{role, name, person_id}], shown to the parties
  version    int not null,
  primary key (court_id, case_id),
  unique (court_id, number),
  unique (court_id, year, type_code, serial),
  foreign key (court_id, filing_id) references filings
);
call wall_court('cases');

create table case_parties (
  court_id  int not null,
  case_id   uuid not null,
  party_id  uuid not null,
  side      text not null check (side in ('plaintiff', 'defendant', 'third_party', 'applicant', 'respondent')),
  kind      text not null,
  name      text not null,
  details   bytea not null,                    -- sealed JSON: numbers, phones, addresses
  id_index  bytea,
  person_id uuid,                              -- the account, once joined
  joined_at timestamptz,
  ordinal   int not null,
  primary key (court_id, case_id, party_id),
  foreign key (court_id, case_id) references cases
);
call wall_court('case_parties');

-- Who may be in the case: parties with accounts, counsel, colleagues, and the court's own people.
create table case_people (
  court_id  int not null,
  case_id   uuid not null,
  person_id uuid not null,
  capacity  text not null check (capacity in ('plaintiff', 'defendant', 'third_party', 'applicant', 'respondent', 'representative', 'colleague', 'judge', 'clerk', 'presiding_judge')),
  party_id  uuid,
  name      text not null,
  shared_by uuid,                              -- of a colleague: the counsel who shares, and with whom the share ends
  since     timestamptz not null,
  until     timestamptz,
  primary key (court_id, case_id, person_id, capacity),
  foreign key (court_id, case_id) references cases
);
call wall_court('case_people');
create policy own_rows on case_people for select using (app_scope() = 'person' and person_id = app_person());
create index case_people_person on case_people (person_id) where until is null;

create table representatives (
  court_id          int not null,
  case_id           uuid not null,
  representative_id uuid not null,
  party_id          uuid not null,
  person_id         uuid,
  kind              text not null,
  name              text not null,
  unit              text,
  licence_index     bytea,
  power             text not null check (power in ('general', 'special')),
  since             timestamptz not null,
  until             timestamptz,
  ended_by          text,
  primary key (court_id, case_id, representative_id),
  foreign key (court_id, case_id) references cases,
  foreign key (court_id, case_id, party_id) references case_parties
);
call wall_court('representatives');

-- 关联码: a defendant joins with the code from the notice and a matching identity (L10).
create table join_codes (
  court_id   int not null,
  code_hash  bytea not null,
  case_id    uuid not null,
  party_id   uuid not null,
  code       bytea not null,                   -- sealed, for the clerk's reprint
  created_at timestamptz not null,
  expires_at timestamptz not null,
  attempts   int not null default 0,
  used_at    timestamptz,
  used_by    uuid,
  primary key (court_id, code_hash),
  foreign key (court_id, case_id, party_id) references case_parties
);
call wall_court('join_codes');

-- 文书: papers the court issues; rendered once, content-addressed, verifiable by code.
create table papers (
  court_id    int not null references courts,
  paper_id    uuid not null,
  kind        text not null,
  title       text not null,
  filing_id   uuid,
  case_id     uuid,
  template    text not null,
  data        bytea not null,                  -- sealed JSON handed to the renderer
  verify_code text not null,
  issued_at   timestamptz not null,
  state       text not null check (state in ('pending', 'ready')),
  audience    text not null check (audience in ('all', 'staff', 'addressee')),
  addressee   uuid,
  pages       int,
  size        bigint,
  sha256      text,
  sm3         text,
  object_key  text,
  parties     text[] not null,                 -- masked, for the public page
  number      text,
  superseded  boolean not null default false,
  primary key (court_id, paper_id)
);
call wall_court('papers');
create index papers_filing on papers (court_id, filing_id);
create index papers_case on papers (court_id, case_id);

-- The public page knows a paper's court by its code and nothing else.
create table paper_codes (
  code_hash bytea not null primary key,
  court_id  int not null references courts,
  paper_id  uuid not null
);
alter table paper_codes enable row level security;
alter table paper_codes force row level security;
create policy codes_gate on paper_codes for select using (app_scope() = 'gate');
create policy codes_issue on paper_codes for insert with check (court_id = app_court());
grant select, insert on paper_codes to lianting_app;

-- 电子卷宗: leaves in the standard folders; 正卷 main, 副卷 secret.
create table leaves (
  court_id   int not null,
  case_id    uuid not null,
  leaf_id    uuid not null,
  n          int not null,
  folder     int not null,
  volume     text not null check (volume in ('main', 'secret')),
  title      text not null,
  doc_class  text not null,
  maker      text not null,
  made_at    timestamptz not null,
  media_type text not null,
  size       bigint,
  pages      int,
  sha256     text,
  sm3        text,
  object_key text,
  paper_id   uuid,
  primary key (court_id, case_id, leaf_id),
  unique (court_id, case_id, n),
  foreign key (court_id, case_id) references cases,
  foreign key (court_id, paper_id) references papers
);
call wall_court('leaves');

create function takes_part_in_case(c int, k uuid) returns boolean language sql stable
  as $$ select exists (select 1 from case_people p where p.court_id = c and p.case_id = k and p.person_id = app_person() and p.until is null) $$;
-- A party's seat sees its own cases; a sealed case is seen only by those in it.
create policy party_seat on cases as restrictive using (
  case when app_seat() = 'party' or (sealed and app_seat() = 'staff') then takes_part_in_case(court_id, case_id) else true end);
create policy party_seat on case_parties as restrictive for select using (app_seat() is null or app_seat() = 'system' or exists (select 1 from cases c where c.court_id = case_parties.court_id and c.case_id = case_parties.case_id));
create policy party_seat on case_people as restrictive for select using (app_seat() is distinct from 'party' or person_id = app_person());
create policy party_seat on representatives as restrictive for select using (app_seat() is distinct from 'party' or takes_part_in_case(court_id, case_id));
-- 副卷 never shows itself to a party (V03, electronic file rules).
create policy party_seat on leaves as restrictive for select using (
  case app_seat() when 'party' then volume = 'main' and takes_part_in_case(court_id, case_id)
                  when 'staff' then exists (select 1 from cases c where c.court_id = leaves.court_id and c.case_id = leaves.case_id)
                  else true end);
create policy party_seat on papers as restrictive for select using (
  app_seat() is distinct from 'party'
  or (audience = 'addressee' and addressee = app_person())
  or (audience = 'all' and ((case_id is not null and takes_part_in_case(court_id, case_id)) or (filing_id is not null and takes_part_in_filing(court_id, filing_id)))));
create policy party_seat on acts as restrictive for select using (
  app_seat() is distinct from 'party' or (audience = 'all' and (takes_part_in_case(court_id, subject_id) or takes_part_in_filing(court_id, subject_id))));

create policy own_rows on cases for select using (app_scope() = 'person' and takes_part_in_case(court_id, case_id));
create policy own_case_acts on acts for select using (app_scope() = 'person' and audience = 'all' and takes_part_in_case(court_id, subject_id));
create policy province_reads on cases for select using (app_scope() = 'province');

-- 封存: whatever belongs to a sealed case is hidden from the court's people who are not in it, wherever it lies:
-- the filing it came from, its papers, its acts, its codes. Both functions answer by the row security of whoever asks.
create function open_case(c int, k uuid) returns boolean language sql stable
  as $$ select exists (select 1 from cases x where x.court_id = c and x.case_id = k) $$;
create function open_filing(c int, f uuid) returns boolean language sql stable
  as $$ select exists (select 1 from filings x where x.court_id = c and x.filing_id = f) $$;
create policy sealed_seat on filings as restrictive for select using (app_seat() is distinct from 'staff' or case_id is null or open_case(court_id, case_id));
create policy sealed_seat on filing_files as restrictive for select using (app_seat() is distinct from 'staff' or open_filing(court_id, filing_id));
create policy sealed_seat on corrections as restrictive for select using (app_seat() is distinct from 'staff' or open_filing(court_id, filing_id));
create policy sealed_seat on papers as restrictive for select using (app_seat() is distinct from 'staff'
  or ((case_id is null or open_case(court_id, case_id)) and (filing_id is null or open_filing(court_id, filing_id))));
create policy sealed_seat on acts as restrictive for select using (app_seat() is distinct from 'staff' or open_case(court_id, subject_id) or open_filing(court_id, subject_id));
create policy sealed_seat on representatives as restrictive for select using (app_seat() is distinct from 'staff' or open_case(court_id, case_id));
create policy sealed_seat on join_codes as restrictive for select using (app_seat() is distinct from 'staff' or open_case(court_id, case_id));

-- A party's seat has no business with the court's own books: it leaves its audit row and its messages, and reads neither.
create policy party_seat on join_codes as restrictive using (app_seat() is distinct from 'party');
create policy party_seat on filing_marks as restrictive using (app_seat() is distinct from 'party');
create policy party_seat on counters as restrictive using (app_seat() is distinct from 'party');
create policy party_seat on audit_log as restrictive for select using (app_seat() is distinct from 'party');
create policy party_seat on outbox as restrictive using (app_seat() is distinct from 'party') with check (true);
