-- 期限的变动: what moves a clock from outside its own count. Holidays a province adds, outages of the platform, travel,
-- 中止, excused delay; and the list of everything that moved, with its cause.

-- 节假日: what a province sets over the built-in table. Public reference data like the rules; a later row of the same
-- day wins, nothing is overwritten.
create table calendar_changes (
  court_id   int not null references courts,     -- the high court
  change_id  uuid not null,
  version    int not null,
  days       jsonb not null,                     -- [{day, kind: holiday | workday | plain, name}]
  basis      text not null,                      -- the notice of the State Council
  note       text,
  set_by     text not null,
  set_at     timestamptz not null,
  primary key (court_id, change_id),
  unique (court_id, version)
);
alter table calendar_changes enable row level security;
alter table calendar_changes force row level security;
create policy calendar_public on calendar_changes for select using (true);
create policy calendar_set on calendar_changes for insert with check (court_id = app_court());
grant select, insert on calendar_changes to lianting_app;

-- Which courts have counted their clocks anew after a change.
create table calendar_recounts (
  court_id  int not null references courts,
  change_id uuid not null,
  moved     int not null,
  done_at   timestamptz not null,
  primary key (court_id, change_id)
);
call wall_court('calendar_recounts');

-- 系统可用性. A beat is one round of probes of one node; it is no act of anybody and leaves no audit row. Old beats are
-- deleted by the worker, which alone may.
create table outage_beats (
  court_id int not null references courts,       -- the high court: the platform is one
  at       timestamptz not null,
  node     text not null,
  down     text[] not null,                      -- parts that could not be used, as this node saw it
  probes   jsonb not null,                       -- [{what, ok, millis, fault}]
  primary key (court_id, at, node)
);
alter table outage_beats enable row level security;
alter table outage_beats force row level security;
create policy court_wall on outage_beats for select using (court_id = app_court());
create policy beats_worker on outage_beats for all using (app_scope() = 'worker') with check (app_scope() = 'worker');
grant select, insert, delete on outage_beats to lianting_app;

-- 故障: from when to when which parts could not be used, found by probes, by the gap between two beats, or entered.
create table outages (
  court_id     int not null references courts,   -- the high court; of an outage of one court, that court
  outage_id    uuid not null,
  scope        text not null check (scope in ('province', 'court')),
  parts        text[] not null check (cardinality(parts) > 0 and parts <@ array['filing', 'payment', 'service_inbox', 'all']),
  from_at      timestamptz not null,
  to_at        timestamptz check (to_at > from_at),
  found_by     text not null check (found_by in ('probe', 'restart', 'person')),
  planned      boolean not null default false,
  reason       text not null,
  reason_en    text not null,
  entered_by   uuid,
  entered_name text,
  entered_at   timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_why text,
  primary key (court_id, outage_id)
);
call wall_court('outages');
create unique index outages_found_once on outages (court_id, from_at, parts) where found_by <> 'person';
create index outages_open on outages (court_id) where to_at is null and withdrawn_at is null;
create policy outages_gate on outages for select using (app_scope() = 'gate');

-- What an outage did at a court: how many clocks moved, by which version of the court's rule.
create table outage_effects (
  court_id     int not null references courts,
  outage_id    uuid not null,
  action       text not null check (action in ('next_working_day', 'hours', 'unset')),
  rule_version int,
  moved        int not null,
  done_at      timestamptz not null,
  primary key (court_id, outage_id)
);
call wall_court('outage_effects');
create policy effects_gate on outage_effects for select using (app_scope() = 'gate');

-- 月报: signed, each naming the digest of the one before. The bytes are kept: they are what was signed.
create table outage_reports (
  court_id        int not null references courts,
  month           text not null check (month ~ '^\d{4}-\d{2}$'),
  n               int not null,
  body            bytea not null,
  sha256          text not null,
  previous_sha256 text,
  key_id          text not null,
  public_key      bytea not null,
  signature       bytea not null,
  made_at         timestamptz not null,
  primary key (court_id, month),
  unique (court_id, n)
);
alter table outage_reports enable row level security;
alter table outage_reports force row level security;
create policy court_wall on outage_reports using (court_id = app_court()) with check (court_id = app_court());
grant select, insert on outage_reports to lianting_app;

-- A party reads of outages on the public page, and of what moved on its own clocks; not in the court's books.
do $$ declare t text; begin
  foreach t in array array['calendar_recounts', 'outage_beats', 'outages', 'outage_effects', 'outage_reports'] loop
    execute format('create policy party_seat on %I as restrictive using (app_seat() is distinct from ''party'')', t);
  end loop;
end $$;

-- Clocks keep the end they were last told with: a change of the calendar or an outage finds by it what it touches.
alter table case_clocks add column due_at timestamptz;
create index case_clocks_due on case_clocks (court_id, due_at) where void_at is null and done_at is null;

-- What bears on the clocks of a case: 中止, days that are not counted, days on the way. Never rewritten; a fact ends.
create table clock_facts (
  court_id   int not null,
  case_id    uuid not null,
  fact_id    uuid not null,
  kind       text not null check (kind in ('stay', 'not_counted', 'travel')),
  ground     text not null,
  from_on    date,
  until_on   date check (until_on >= from_on),
  days       int check (days between 1 and 60),
  clock_id   uuid,                               -- of travel: whose clock
  reason     text not null,
  set_by     uuid not null,
  set_name   text not null,
  set_at     timestamptz not null,
  ended_at   timestamptz,
  end_reason text,
  primary key (court_id, case_id, fact_id),
  foreign key (court_id, case_id) references cases,
  check ((kind = 'travel') = (days is not null and clock_id is not null and from_on is null))
);
call wall_court('clock_facts');
create policy party_seat on clock_facts as restrictive using (case app_seat()
  when 'party' then takes_part_in_case(court_id, case_id) when 'staff' then open_case(court_id, case_id) else true end);
create policy own_rows on clock_facts for select using (app_scope() = 'person' and takes_part_in_case(court_id, case_id));

-- 申请顺延期限 (民事诉讼法 Art 86): asked within ten days after the obstacle ended, decided by the judge.
create table clock_excuses (
  court_id       int not null,
  case_id        uuid not null,
  excuse_id      uuid not null,
  clock_id       uuid not null,
  party_id       uuid not null,
  person_id      uuid not null,
  asked_name     text not null,
  grounds        bytea not null,                 -- sealed
  obstacle_from  date,
  obstacle_ended date not null,
  apply_by       date not null,
  late           boolean not null,
  state          text not null check (state in ('asked', 'granted', 'refused')),
  until_on       date,
  decision       text,
  decided_by     uuid,
  decided_name   text,
  asked_at       timestamptz not null,
  decided_at     timestamptz,
  primary key (court_id, case_id, excuse_id),
  foreign key (court_id, case_id, clock_id) references case_clocks
);
call wall_court('clock_excuses');
create unique index clock_excuses_open on clock_excuses (court_id, case_id, clock_id) where state = 'asked';
create policy party_seat on clock_excuses as restrictive using (case app_seat()
  when 'party' then is_of_party(court_id, case_id, array[party_id]) when 'staff' then open_case(court_id, case_id) else true end);

-- 变动清单: which clock moved from when to when, and why. Insert only; unique by its cause, so that a job may run twice.
-- No new end: the court has set no rule, nothing moved, and its people see it.
create table clock_moves (
  court_id     int not null references courts,
  move_id      uuid not null,
  at           timestamptz not null,
  kind         text not null check (kind in ('clock', 'fee', 'correction')),
  subject_id   uuid not null,                    -- clock, bill, filing
  n            int not null default 0,           -- of a correction list
  case_id      uuid,
  filing_id    uuid,
  party_id     uuid,
  key          text not null,                    -- court/period_table.rs
  from_at      timestamptz not null,
  to_at        timestamptz,
  reason       text not null check (reason in ('outage', 'calendar', 'excuse', 'travel', 'stay', 'not_counted')),
  cause_id     uuid not null,                    -- outage, change, excuse or fact
  rule_version int,
  text         text not null,
  text_en      text not null,
  primary key (court_id, move_id),
  unique (court_id, subject_id, n, reason, cause_id, from_at),
  check ((case_id is null) <> (filing_id is null))
);
alter table clock_moves enable row level security;
alter table clock_moves force row level security;
create policy court_wall on clock_moves using (court_id = app_court()) with check (court_id = app_court());
create policy party_seat on clock_moves as restrictive using (case app_seat()
  when 'party' then to_at is not null and case when case_id is null then takes_part_in_filing(court_id, filing_id)
    else takes_part_in_case(court_id, case_id) and (kind = 'fee' or party_id is null or is_of_party(court_id, case_id, array[party_id])) end
  when 'staff' then case when case_id is null then open_filing(court_id, filing_id) else open_case(court_id, case_id) end
  else true end);
create policy own_rows on clock_moves for select using (app_scope() = 'person' and to_at is not null
  and case when case_id is null then takes_part_in_filing(court_id, filing_id)
    else takes_part_in_case(court_id, case_id) and (kind = 'fee' or party_id is null or is_of_party(court_id, case_id, array[party_id])) end);
grant select, insert on clock_moves to lianting_app;
create index clock_moves_of_case on clock_moves (court_id, case_id);
create index clock_moves_by_cause on clock_moves (court_id, cause_id, move_id);

-- The end of the days to pay and to correct is found by its day too.
alter table fee_bills add column clock_from timestamptz;   -- the service of the notice; while nothing is served, the notice
create index corrections_due on corrections (court_id, due_at) where answered_at is null;

-- 变更诉讼请求: what the claim was and became; the fee follows by itself (诉讼费用交纳办法 Art 21).
create table claim_changes (
  court_id    int not null,
  case_id     uuid not null,
  change_id   uuid not null,
  from_fen    bigint not null,
  to_fen      bigint not null check (to_fen >= 0),
  in_time     boolean not null,                  -- before the court investigation ended
  reason      text not null,
  bill_id     uuid,                              -- the top-up
  refund_id   uuid,                              -- what is proposed to go back
  set_by      uuid not null,
  set_at      timestamptz not null,
  primary key (court_id, case_id, change_id),
  foreign key (court_id, case_id) references cases
);
call wall_court('claim_changes');
create policy party_seat on claim_changes as restrictive using (case app_seat()
  when 'party' then takes_part_in_case(court_id, case_id) when 'staff' then open_case(court_id, case_id) else true end);
