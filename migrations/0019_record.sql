-- 庭审记录: an agreement reached in the room (指引 8), and what a one-time signing link needs to be opened on a phone by
-- somebody who has no account: the ticket it turns into, and the code that proves the number the clerk confirmed.

alter table signing_links
  add column made_by      uuid,                  -- who showed the code
  add column ticket_hash  bytea,                 -- what the link turned into when it was opened
  add column ticket_until timestamptz,
  add column code_hash    bytea,
  add column code_at      timestamptz,
  add column codes_sent   int not null default 0,
  add column code_tries   int not null default 0,
  add column proved_at    timestamptz;           -- the number was in hand
create index signing_links_ticket on signing_links (ticket_hash) where ticket_hash is not null;

-- 调解协议: insert only; a new one takes the place of the old. It takes effect with the last signature.
create table hearing_agreements (
  court_id     int not null,
  hearing_id   uuid not null,
  n            int not null,
  case_id      uuid not null,
  terms        bytea not null,                   -- sealed: the terms, in order
  digest       text not null,
  signers      uuid[] not null,                  -- participants who are to sign: who was in the room
  written_by   uuid not null,
  written_at   timestamptz not null,
  effective_at timestamptz,
  paper_id     uuid,
  primary key (court_id, hearing_id, n),
  foreign key (court_id, hearing_id) references hearings,
  foreign key (court_id, paper_id) references papers
);
call wall_court('hearing_agreements');
revoke update on hearing_agreements from lianting_app;
grant update (effective_at, paper_id) on hearing_agreements to lianting_app;
create policy party_seat on hearing_agreements as restrictive using (case app_seat()
  when 'party' then takes_part_in_case(court_id, case_id)
  when 'staff' then open_case(court_id, case_id) else true end);
