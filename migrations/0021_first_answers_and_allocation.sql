-- 幂等 at the gate: whoever signs up has no account yet when the call begins. Once the gate acts for the person it made,
-- it keeps and finds that person's first answer, and no other.
create policy idempotency_gate on idempotency using (court_id = 0 and app_scope() = 'gate' and person_id = app_person())
  with check (court_id = 0 and app_scope() = 'gate' and person_id = app_person());

-- 分案: what share of new cases a judge takes, of which kinds, and when not. Nothing set is a whole share of everything.
create table judge_duties (
  court_id   int not null references courts,
  person_id  uuid not null,
  weight     int not null check (weight between 0 and 200),   -- percent
  kinds      text[] not null default '{}',
  away_from  date,
  away_until date,
  note       text,
  set_by     uuid not null,
  set_at     timestamptz not null,
  primary key (court_id, person_id),
  check ((away_from is null) = (away_until is null) and (away_from is null or away_from <= away_until))
);
call wall_court('judge_duties');

-- How each judge came to a case: among whom the lot was drawn and what was thrown, or who named whom and why. Written once.
create table case_allocations (
  court_id      int not null,
  case_id       uuid not null,
  allocation_id uuid not null,
  at            timestamptz not null,
  way           text not null check (way in ('random', 'by_hand')),
  judge         uuid not null,
  judge_name    text not null,
  before        uuid,
  reason        text,
  lot           jsonb not null,
  left_out      jsonb not null,
  thrown        text,
  decided_by    uuid not null,
  decided_name  text not null,
  primary key (court_id, case_id, allocation_id),
  foreign key (court_id, case_id) references cases
);
call wall_court('case_allocations');
revoke update on case_allocations from lianting_app;

-- The court's own books: parties read of it in the timeline; of a sealed case only those in it.
create policy party_seat on judge_duties as restrictive using (app_seat() is distinct from 'party');
create policy party_seat on case_allocations as restrictive using (app_seat() is distinct from 'party');
create policy sealed_seat on case_allocations as restrictive for select using (app_seat() is distinct from 'staff' or open_case(court_id, case_id));

-- A message cut off on its way may have been taken or not: it is neither sent again nor taken for sent, a person looks.
alter table service_wire drop constraint service_wire_state_check;
alter table service_wire add constraint service_wire_state_check check (state in ('sending', 'accepted', 'refused', 'unsure'));

-- 司法救助 is applied for with proof (诉讼费用交纳办法 Art 48): the leaves of the file it lies in.
alter table fee_reliefs add column proofs uuid[] not null default '{}';
