-- 送达: who is served what, by which ways, with what effect. The rules are in src/delivery; here lie the facts they read.
-- Addresses, consents, attempts, events and the trail only grow. What is derived (effect, next step) is kept on the
-- recipient's row as a copy of what the rules said last, and can be computed anew from the facts at any time.

-- 送达地址: electronic and postal, each once a party and case. The value is sealed; the index is what consent is compared by.
create table service_addresses (
  court_id         int not null,
  case_id          uuid not null,
  address_id       uuid not null,
  party_id         uuid not null,
  channel          text not null check (channel in ('inbox', 'national_platform', 'email', 'chat', 'sms', 'post')),
  value            bytea not null,               -- sealed: mailbox, number, account; of post: JSON {receiver, phone, address, postcode}
  value_index      bytea not null,               -- blind('service:<channel>', normalised value)
  masked           text not null,                -- what a page shows
  holder           text not null check (holder in ('party', 'representative', 'receiver')),
  person_id        uuid,                         -- of the inbox: whose
  identified_at    timestamptz,                  -- 查明属于受送达人本人
  identified_by    uuid,
  identified_basis text,
  struck_at        timestamptz,                  -- not the recipient's after all, or out of service for good
  struck_reason    text,
  created_at       timestamptz not null,
  primary key (court_id, case_id, address_id),
  unique (court_id, case_id, party_id, channel, value_index),
  foreign key (court_id, case_id, party_id) references case_parties,
  constraint identified_whole check ((identified_at is null) = (identified_by is null) and (identified_at is null) = (identified_basis is null))
);
call wall_court('service_addresses');

-- 同意台账: per party, step and stage; insert only. A withdrawal is a new entry.
create table service_consents (
  court_id      int not null,
  case_id       uuid not null,
  consent_id    uuid not null,
  party_id      uuid not null,
  step          text not null check (step in ('filing', 'mediation', 'evidence_exchange', 'inquiry', 'hearing', 'service')),
  says          text not null check (says in ('given', 'refused', 'withdrawn')),
  kind          text check (kind in ('express', 'prior', 'gave_address', 'by_conduct')),
  stage         text not null check (stage in ('first_instance', 'second_instance', 'retrial', 'enforcement')),
  all_stages    boolean not null,
  channels      text[] not null,                 -- none: every electronic one
  address_ids   uuid[] not null,
  papers        text[],                          -- null: all
  confirmation  boolean not null,                -- a version of the 送达地址确认书
  service_id    uuid,                            -- of conduct: the service so accepted
  path          text check (path in ('own_choice', 'invited')),
  told          jsonb not null,                  -- what was explained, in which words (version), when
  proof         text not null check (proof in ('platform_tick', 'phone_record', 'signed_form', 'clause', 'pleading', 'conduct', 'in_court')),
  proof_leaf    uuid,
  paper_id      uuid,                            -- the confirmation as a paper
  said_at       timestamptz not null,
  valid_from    date not null,
  person_id     uuid,                            -- who said it, where an account did
  recorded_by   uuid,                            -- the court's person who wrote it down
  carried_court int,                             -- 民诉法解释 Art 137: taken over from the case below
  carried_id    uuid,
  primary key (court_id, case_id, consent_id),
  unique (court_id, case_id, carried_court, carried_id),
  foreign key (court_id, case_id, party_id) references case_parties,
  foreign key (court_id, case_id, proof_leaf) references leaves,
  foreign key (court_id, paper_id) references papers,
  constraint given_has_kind check ((says = 'given') = (kind is not null)),
  constraint conduct_has_service check (kind is distinct from 'by_conduct' or service_id is not null)
);
call wall_court('service_consents');
revoke update on service_consents from lianting_app;
create index service_consents_party on service_consents (court_id, case_id, party_id, said_at);

-- One service: papers that one rule lets go together. What a clerk did in one act shares act_id.
create table services (
  court_id     int not null,
  service_id   uuid not null,
  case_id      uuid not null,
  act_id       uuid not null,
  lead         text not null,                    -- class of paper whose rules hold for all (delivery/allowed.rs Together)
  case_kind    text not null check (case_kind in ('civil', 'administrative', 'enforcement', 'criminal')),
  procedure    text not null,
  stage        text not null check (stage in ('first_instance', 'second_instance', 'retrial', 'enforcement')),
  purpose      text not null check (purpose in ('service', 'simple_notice')),
  decision     jsonb not null,                   -- allowed, conditions, basis: as decided that day
  rules        jsonb not null,                   -- ServiceRules in force when it began; a later change moves nothing that runs
  corrects     uuid,                             -- served anew because a paper was corrected (审判流程信息公开规定 Art 14)
  ordered_by   uuid not null,
  ordered_name text not null,
  ordered_at   timestamptz not null,
  cancelled_at timestamptz,
  cancelled_why text,
  primary key (court_id, service_id),
  foreign key (court_id, case_id) references cases,
  foreign key (court_id, corrects) references services
);
call wall_court('services');
create index services_case on services (court_id, case_id, service_id);

create table service_papers (
  court_id   int not null,
  service_id uuid not null,
  n          int not null,
  case_id    uuid not null,
  title      text not null,
  paper_kind text not null,                      -- class: words.rs PaperKind
  issued_kind text not null,                     -- kind it was issued under: decides which periods start (delivery/starts.rs)
  paper_id   uuid,
  leaf_id    uuid,
  sha256     text,                               -- of the bytes that were sent; written once, with the first attempt
  pages      int,
  primary key (court_id, service_id, n),
  foreign key (court_id, service_id) references services,
  foreign key (court_id, paper_id) references papers,
  foreign key (court_id, case_id, leaf_id) references leaves,
  constraint one_source check ((paper_id is null) <> (leaf_id is null))
);
call wall_court('service_papers');
create index service_papers_paper on service_papers (court_id, paper_id);
create index service_papers_leaf on service_papers (court_id, leaf_id);

-- A recipient of a service, with what the rules said last.
create table service_recipients (
  court_id     int not null,
  service_id   uuid not null,
  recipient_id uuid not null,
  case_id      uuid not null,
  party_id     uuid not null,
  name         text not null,
  role         text not null,                    -- side
  id_masked    text,
  agent        text,                             -- counsel served with, for the certificate
  abroad       boolean not null,
  answering    boolean not null,
  unknown_since timestamptz,                     -- 下落不明, found and in the file
  unknown_basis text,
  paper_wanted_at timestamptz,                   -- 要求纸质文书
  paper_given_at  timestamptz,
  announced_at timestamptz,                      -- from here on the recipient's side sees it
  -- derived:
  state        text not null check (state in ('electronic', 'paper', 'waiting_for_clerk', 'waiting_for_judge', 'done', 'stuck', 'cancelled')),
  next_step    jsonb not null,                   -- Planned, serialised
  next_at      timestamptz,                      -- when it is looked at again by itself
  effect       text not null check (effect in ('yes', 'presumed', 'no', 'notice_unusable')),
  row_code     text,
  served_at    timestamptz,
  served_day   date,
  attempt_id   uuid,                             -- the one that decides
  contested    boolean not null,
  article      text,
  article_en   text,
  trail_n      int not null,
  trail_hash   text not null,
  version      int not null,
  primary key (court_id, service_id, recipient_id),
  unique (court_id, service_id, party_id),
  foreign key (court_id, service_id) references services,
  foreign key (court_id, case_id, party_id) references case_parties,
  constraint served_whole check ((effect in ('yes', 'presumed')) = (served_at is not null) and (served_at is null) = (served_day is null))
);
call wall_court('service_recipients');
create index service_recipients_case on service_recipients (court_id, case_id, service_id);
-- the desk: what waits for somebody, the longest first
create index service_recipients_desk on service_recipients (court_id, state, next_at) where state <> 'done' and state <> 'cancelled';
-- the inbox of one party in one case
create index service_recipients_party on service_recipients (court_id, case_id, party_id, announced_at desc);

-- One sending. Written before it leaves; its id is the outside's idempotency key.
create table service_attempts (
  court_id     int not null,
  service_id   uuid not null,
  recipient_id uuid not null,
  attempt_id   uuid not null,
  channel      text not null,
  purpose      text not null check (purpose in ('service', 'simple_notice', 'companion')),
  case_id      uuid not null,
  address_id   uuid,
  masked       text,
  standing     text not null check (standing in ('confirmed', 'provided', 'identified_as_own', 'unknown')),
  consent      text not null check (consent in ('none', 'by_conduct', 'full')),
  consent_id   uuid,
  consent_kind text,
  refused      boolean not null,
  reminder_day int,
  started_at   timestamptz not null,
  started_by   uuid,                             -- null: the engine
  operator     text not null,
  tracking     text,                             -- 邮件号
  notice_medium text,                            -- 公告媒体
  primary key (court_id, service_id, recipient_id, attempt_id),
  unique (court_id, attempt_id),
  foreign key (court_id, service_id, recipient_id) references service_recipients,
  foreign key (court_id, case_id, address_id) references service_addresses,
  foreign key (court_id, case_id, consent_id) references service_consents
);
call wall_court('service_attempts');
revoke update on service_attempts from lianting_app;
grant update (tracking, notice_medium) on service_attempts to lianting_app;
-- one reminder a day of the service, and one letter to an address, whoever runs twice
create unique index service_attempts_reminder on service_attempts (court_id, service_id, recipient_id, channel, reminder_day) where reminder_day is not null;
create unique index service_attempts_letter on service_attempts (court_id, service_id, recipient_id, address_id) where channel = 'post' and purpose = 'service';

-- What was reported. Insert only; the same report twice is one row.
create table service_events (
  court_id     int not null,
  service_id   uuid not null,
  recipient_id uuid not null,
  event_id     uuid not null,
  attempt_id   uuid not null,
  what         text not null,
  at           timestamptz not null,             -- when it happened, by the system that knows
  received_at  timestamptz not null,             -- when we heard of it
  source       text not null check (source in ('inbox', 'gateway', 'mail', 'national_platform', 'chat', 'post', 'clerk', 'recipient', 'engine')),
  source_key   text not null,                    -- what the source calls it; ours where it has no name
  by_signer    text,
  reason       text,
  witnessed    boolean not null,
  person_id    uuid,                             -- whose account, whose hand
  evidence_leaf uuid,
  case_id      uuid not null,
  primary key (court_id, service_id, recipient_id, event_id),
  unique (court_id, attempt_id, source, source_key),
  foreign key (court_id, service_id, recipient_id, attempt_id) references service_attempts,
  foreign key (court_id, case_id, evidence_leaf) references leaves
);
call wall_court('service_events');
revoke update on service_events from lianting_app;

-- 留痕: the chain of delivery/trail.rs, one line a row, as it is verified: nothing in it needs a key to be read.
create table service_trail (
  court_id     int not null,
  service_id   uuid not null,
  recipient_id uuid not null,
  n            int not null,
  line         text not null,
  hash         text not null,
  primary key (court_id, service_id, recipient_id, n),
  foreign key (court_id, service_id, recipient_id) references service_recipients
);
call wall_court('service_trail');
revoke update on service_trail from lianting_app;

-- 电子送达凭证: has the force of 送达回证. A new finding makes a new one; the old one stays and says so.
create table service_certificates (
  court_id     int not null,
  service_id   uuid not null,
  recipient_id uuid not null,
  n            int not null,
  paper_id     uuid not null,
  effect       text not null,
  row_code     text not null,
  served_at    timestamptz,
  served_day   date,
  trail_n      int not null,
  trail_hash   text not null,
  issued_at    timestamptz not null,
  primary key (court_id, service_id, recipient_id, n),
  foreign key (court_id, service_id, recipient_id) references service_recipients,
  foreign key (court_id, paper_id) references papers
);
call wall_court('service_certificates');
revoke update on service_certificates from lianting_app;

-- 对推定送达的异议.
create table service_rebuttals (
  court_id     int not null,
  service_id   uuid not null,
  recipient_id uuid not null,
  rebuttal_id  uuid not null,
  attempt_id   uuid not null,
  ground       text not null check (ground in ('system_error', 'not_own_address', 'read_by_another')),
  account      bytea not null,                   -- sealed: the recipient's words
  files        uuid[] not null,                  -- leaves
  state        text not null check (state in ('open', 'upheld', 'rejected')),
  filed_by     uuid not null,
  filed_at     timestamptz not null,
  decided_by   uuid,
  decided_at   timestamptz,
  reasons      text,
  primary key (court_id, service_id, recipient_id, rebuttal_id),
  foreign key (court_id, service_id, recipient_id, attempt_id) references service_attempts,
  constraint decided_whole check ((state = 'open') = (decided_at is null) and (decided_at is null) = (decided_by is null) and (decided_at is null) = (reasons is null))
);
call wall_court('service_rebuttals');
-- one open at a time
create unique index service_rebuttals_open on service_rebuttals (court_id, service_id, recipient_id) where state = 'open';

-- What the desk has to do by hand: 电话名单, 邮寄, 直接送达, 公告, 审查异议.
create table service_tasks (
  court_id     int not null,
  task_id      uuid not null,
  service_id   uuid not null,
  recipient_id uuid not null,
  case_id      uuid not null,
  kind         text not null check (kind in ('call', 'post', 'by_hand', 'public_notice', 'to_ordinary', 'decide_rebuttal', 'no_way_left', 'paper_copy')),
  detail       jsonb not null,                   -- of the plan: day, ways, address id, conditions
  bundle       uuid,                             -- the printed bundle, a paper
  since        timestamptz not null,
  done_at      timestamptz,
  done_by      uuid,
  outcome      text,
  note         bytea,                            -- sealed: what was said on the telephone
  primary key (court_id, task_id),
  foreign key (court_id, service_id, recipient_id) references service_recipients,
  foreign key (court_id, bundle) references papers
);
call wall_court('service_tasks');
create unique index service_tasks_once on service_tasks (court_id, service_id, recipient_id, kind, md5(detail::text)) where done_at is null;
create index service_tasks_open on service_tasks (court_id, kind, since) where done_at is null;

-- A text message that serves, or goes along, reports to whoever asked for it: a topic and its payload, ids alone.
alter table sms_messages add column listener text;

-- 期限: clocks that hang on an event other than docketing. Owned by docket/, written by the slice whose act starts them.
create table case_clocks (
  court_id   int not null,
  case_id    uuid not null,
  clock_id   uuid not null,
  key        text not null,                      -- court/periods.rs
  days       int,                                -- the court's own length, where it set one
  party_id   uuid,                               -- whose period; null: the court's own
  from_at    timestamptz not null,               -- the event; its day is not counted
  cause      text not null,                      -- what the event was, in Chinese
  cause_en   text not null,
  source     text not null,                      -- slice and its id: 'delivery:<service>:<recipient>'
  done_at    timestamptz,
  void_at    timestamptz,                        -- the event fell away, or another replaced it
  set_at     timestamptz not null,
  primary key (court_id, case_id, clock_id),
  foreign key (court_id, case_id) references cases
);
call wall_court('case_clocks');
create unique index case_clocks_live on case_clocks (court_id, case_id, key, source) where void_at is null;

-- Seats. A party's side sees what is served on it, from the moment it was sent, and what it said itself; the court's
-- people see what lies in an open case; nobody else anything. The functions answer by the row security of whoever asks.
create policy party_seat on service_recipients as restrictive using (case app_seat()
  when 'party' then announced_at is not null and is_of_party(court_id, case_id, array[party_id])
  when 'staff' then open_case(court_id, case_id) else true end);
create function served_here(c int, s uuid, r uuid) returns boolean language sql stable
  as $$ select exists (select 1 from service_recipients x where x.court_id = c and x.service_id = s and (r is null or x.recipient_id = r)) $$;
create policy party_seat on services as restrictive using (app_seat() is null or app_seat() = 'system'
  or (app_seat() = 'staff' and open_case(court_id, case_id)) or (app_seat() = 'party' and served_here(court_id, service_id, null)));
create policy party_seat on service_papers as restrictive using (app_seat() is null or app_seat() = 'system'
  or (app_seat() = 'staff' and open_case(court_id, case_id)) or (app_seat() = 'party' and served_here(court_id, service_id, null)));
do $$ declare t text; begin
  foreach t in array array['service_attempts', 'service_events', 'service_trail', 'service_certificates', 'service_rebuttals'] loop
    execute format('create policy party_seat on %I as restrictive using (app_seat() is null or app_seat() = ''system'' or served_here(court_id, service_id, recipient_id))', t);
    execute format('create policy own_rows on %I for select using (app_scope() = ''person'' and served_here(court_id, service_id, recipient_id))', t);
  end loop;
  foreach t in array array['service_addresses', 'service_consents'] loop
    execute format('create policy party_seat on %I as restrictive using (case app_seat() when ''party'' then is_of_party(court_id, case_id, array[party_id]) when ''staff'' then open_case(court_id, case_id) else true end)', t);
    execute format('create policy own_rows on %I for select using (app_scope() = ''person'' and is_of_party(court_id, case_id, array[party_id]))', t);
  end loop;
end $$;
create policy party_seat on service_tasks as restrictive using (case app_seat() when 'party' then false when 'staff' then open_case(court_id, case_id) else true end);
create policy party_seat on case_clocks as restrictive using (case app_seat()
  when 'party' then takes_part_in_case(court_id, case_id) and (party_id is null or is_of_party(court_id, case_id, array[party_id]))
  when 'staff' then open_case(court_id, case_id) else true end);

-- 收件箱: one list over all courts.
create policy own_rows on service_recipients for select using (app_scope() = 'person' and announced_at is not null and is_of_party(court_id, case_id, array[party_id]));
create policy own_rows on services for select using (app_scope() = 'person' and served_here(court_id, service_id, null));
create policy own_rows on service_papers for select using (app_scope() = 'person' and served_here(court_id, service_id, null));
create policy own_rows on case_clocks for select using (app_scope() = 'person' and party_id is not null and is_of_party(court_id, case_id, array[party_id]));

-- What is served on somebody is his or hers to read, whoever it was issued for: a notice with a join code, a copy of the other side's paper.
create function served_on_me(c int, p uuid) returns boolean language sql stable
  as $$ select exists (select 1 from service_papers x where x.court_id = c and x.paper_id = p) $$;
drop policy party_seat on papers;
create policy party_seat on papers as restrictive for select using (
  app_seat() is distinct from 'party'
  or (audience = 'addressee' and addressee = app_person())
  or (audience = 'all' and ((case_id is not null and takes_part_in_case(court_id, case_id)) or (filing_id is not null and takes_part_in_filing(court_id, filing_id)))
      and (only_for is null or is_of_party(court_id, case_id, only_for)))
  or served_on_me(court_id, paper_id));
create function leaf_served_on_me(c int, l uuid) returns boolean language sql stable
  as $$ select exists (select 1 from service_papers x where x.court_id = c and x.leaf_id = l) $$;
drop policy party_seat on leaves;
create policy party_seat on leaves as restrictive for select using (
  case app_seat() when 'party' then volume = 'main' and takes_part_in_case(court_id, case_id)
                                    and ((not staff_only and (only_for is null or is_of_party(court_id, case_id, only_for))) or leaf_served_on_me(court_id, leaf_id))
                  when 'staff' then exists (select 1 from cases c where c.court_id = leaves.court_id and c.case_id = leaves.case_id)
                  else true end);

-- 日历订阅: a secret address of one's own calendar; only its hash is kept, and a new one ends the old.
create table feed_tokens (
  person_id  uuid not null references people,
  token_hash bytea not null,
  made_at    timestamptz not null,
  revoked_at timestamptz,
  primary key (person_id, token_hash)
);
call wall_person('feed_tokens');
create policy feed_gate on feed_tokens for select using (app_scope() = 'gate');
create index feed_tokens_hash on feed_tokens (token_hash) where revoked_at is null;
