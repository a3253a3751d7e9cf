-- 网上立案: a filing sent to a court, its review, its corrections.
create table filings (
  court_id      int not null references courts,
  filing_id     uuid not null,
  number        text not null,                 -- 网立00012
  filer_id      uuid not null,
  filer_index   bytea[] not null,              -- blind indexes of the filer's own numbers
  draft_id      uuid,                          -- the draft it came from: sent twice, filed once
  kind          text not null check (kind in ('civil', 'administrative', 'enforcement')),
  cause_code    text,
  cause_name    text not null,
  title         text not null,
  amount_fen    bigint,
  state         text not null check (state in ('submitted', 'returned', 'accepted', 'refused', 'transferred', 'withdrawn')),
  version       int not null,
  content       bytea not null,                -- sealed JSON
  first_content bytea,                         -- sealed: as first reviewed, kept from the first correction on
  digest        text not null,                 -- SHA-256 over the content and every file's digest
  parties_index bytea[] not null,              -- blind indexes, for duplicates
  check_report  jsonb not null,
  received_at   timestamptz not null,          -- the court's server had the first complete submission
  clock_from    timestamptz not null,          -- restarts the day after a corrected filing arrives
  due_on        date not null,
  due_at        timestamptz not null,
  answered_at   timestamptz,                   -- of the last correction
  returns       int not null default 0,
  claimed_by    uuid,
  claimed_name  text,
  claimed_until timestamptz,
  decided_at    timestamptz,
  decided_by    uuid,
  refusal_reason text,
  transfer_to   int,
  transfer_from int,
  transfer_from_filing uuid,
  transfer_reason text,
  case_id       uuid,
  case_number   text,
  created_at    timestamptz not null,
  primary key (court_id, filing_id),
  unique (court_id, number),
  unique (court_id, draft_id),
  unique (court_id, transfer_from_filing)
);
call wall_court('filings');
create index filings_queue on filings (court_id, due_at, filing_id) where state = 'submitted';
create index filings_parties on filings using gin (parties_index);

-- Who takes part in a filing: the filer and those he or she acts for.
create table filing_people (
  court_id  int not null,
  filing_id uuid not null,
  person_id uuid not null,
  capacity  text not null check (capacity in ('filer', 'representative')),
  since     timestamptz not null,
  primary key (court_id, filing_id, person_id),
  foreign key (court_id, filing_id) references filings
);
call wall_court('filing_people');
create policy own_rows on filing_people for select using (app_scope() = 'person' and person_id = app_person());
create index filing_people_person on filing_people (person_id);

create table filing_files (
  court_id   int not null,
  filing_id  uuid not null,
  file_id    uuid not null,
  name       text not null,
  size       bigint not null,
  media_type text not null,
  sha256     text not null,
  sm3        text not null,
  pages      int,
  role       text not null check (role in ('pleading', 'evidence', 'paper')),
  evidence_id text,
  object_key text not null,
  round      int not null,                     -- 0 first submission, n answer to correction n
  created_at timestamptz not null,
  primary key (court_id, filing_id, file_id),
  foreign key (court_id, filing_id) references filings
);
call wall_court('filing_files');

-- 一次性补正告知: one complete list. A later item that was visible the first time is a violation (L09).
create table corrections (
  court_id    int not null,
  filing_id   uuid not null,
  n           int not null,
  items       jsonb not null,
  sent_at     timestamptz not null,
  sent_by     uuid not null,
  days        int not null,                    -- time to correct, counted by the calendar
  due_at      timestamptz not null,
  answered_at timestamptz,
  violation   boolean not null default false,
  primary key (court_id, filing_id, n),
  foreign key (court_id, filing_id) references filings
);
call wall_court('corrections');

-- 到窗口办: filing is never forced online; the wish for the counter is recorded, not blocked (A10).
create table offline_filings (
  court_id   int not null references courts,
  offline_id uuid not null,
  number     text not null,
  person_id  uuid not null,
  reason     text not null,
  created_at timestamptz not null,
  primary key (court_id, offline_id),
  unique (court_id, number)
);
call wall_court('offline_filings');

-- 经过: every act on a filing or a case: who, when, by which rule, with what effect.
create table acts (
  court_id   int not null references courts,
  act_id     uuid not null,
  subject_id uuid not null,                    -- a filing or a case
  at         timestamptz not null,
  person_id  uuid,
  who        text not null,
  act        text not null,
  text       text not null,
  text_en    text not null,
  rule       text,
  effect     text,
  effect_en  text,
  audience   text not null check (audience in ('all', 'staff')),
  primary key (court_id, act_id)
);
call wall_court('acts');
create index acts_subject on acts (court_id, subject_id, act_id);

-- Takes part in the filing? A party's seat sees nothing else.
create function takes_part_in_filing(c int, f uuid) returns boolean language sql stable
  as $$ select exists (select 1 from filing_people p where p.court_id = c and p.filing_id = f and p.person_id = app_person()) $$;
create policy party_seat on filings as restrictive using (app_seat() is distinct from 'party' or filer_id = app_person() or takes_part_in_filing(court_id, filing_id));
create policy party_seat on filing_files as restrictive using (app_seat() is distinct from 'party' or takes_part_in_filing(court_id, filing_id));
create policy party_seat on corrections as restrictive using (app_seat() is distinct from 'party' or takes_part_in_filing(court_id, filing_id));
create policy party_seat on filing_people as restrictive using (app_seat() is distinct from 'party' or person_id = app_person());
create policy party_seat on offline_filings as restrictive using (app_seat() is distinct from 'party' or person_id = app_person());
-- One's own filings in all courts.
create policy own_rows on filings for select using (app_scope() = 'person' and takes_part_in_filing(court_id, filing_id));
create policy own_rows on corrections for select using (app_scope() = 'person' and takes_part_in_filing(court_id, filing_id));
create policy own_rows on acts for select using (app_scope() = 'person' and audience = 'all' and takes_part_in_filing(court_id, subject_id));
-- The same parties about the same cause, at any court (G11): a keyed digest that says nothing by itself.
create table filing_marks (
  court_id  int not null,
  mark      bytea not null,
  filing_id uuid not null,
  primary key (court_id, mark, filing_id),
  foreign key (court_id, filing_id) references filings
);
call wall_court('filing_marks');
create policy marks_gate on filing_marks for select using (app_scope() = 'gate');
create index filing_marks_mark on filing_marks (mark);

-- The province counts; it opens nothing.
create policy province_reads on filings for select using (app_scope() = 'province');
create policy province_reads on corrections for select using (app_scope() = 'province');
