-- 上诉: a party's appeal lies at the court of first instance until its clerk sends the file up; the case of second
-- instance names the case it comes from, and so does what was said about service there (民诉法解释 Art 137).
alter table cases drop constraint cases_procedure_check;
alter table cases add constraint cases_procedure_check
  check (procedure in ('summary', 'ordinary', 'small_claims', 'enforcement', 'second_instance'));
alter table cases add column origin_court int;
alter table cases add column origin_case uuid;
alter table cases add column origin_number text;

alter table filings add column origin_court int;
alter table filings add column origin_case uuid;
alter table filings add column origin_number text;
alter table filings add column origin_appeal uuid;
alter table filings add constraint filings_origin unique (court_id, origin_court, origin_appeal);

-- a leaf of the first court's file
alter table filing_files drop constraint filing_files_role_check;
alter table filing_files add constraint filing_files_role_check check (role in ('pleading', 'evidence', 'paper', 'first_file'));
alter table filing_files add column folder int;

alter table service_consents add column carried_number text;

create table appeals (
  court_id   int not null,
  case_id    uuid not null,
  appeal_id  uuid not null,
  party_id   uuid not null,                     -- 上诉人
  person_id  uuid not null,                     -- who filed it
  by_name    text not null,
  content    bytea not null,                    -- sealed JSON: claims, reasons
  amount_fen bigint,                            -- what is still fought about
  due_on     date,                              -- last day of the appeal period, where it ran
  late       boolean not null,
  paper_id   uuid not null,                     -- 上诉状
  state      text not null check (state in ('filed', 'sent_up')),
  to_court   int not null,
  filed_at   timestamptz not null,
  sent_at    timestamptz,
  sent_by    uuid,
  primary key (court_id, case_id, appeal_id),
  unique (court_id, case_id, party_id),
  foreign key (court_id, case_id) references cases,
  foreign key (court_id, case_id, party_id) references case_parties
);
call wall_court('appeals');
create policy party_seat on appeals as restrictive using (case app_seat()
  when 'party' then takes_part_in_case(court_id, case_id) when 'staff' then open_case(court_id, case_id) else true end);

-- 号码换了主人、停机、空号: from when a number is in doubt for this party, and why; until the party confirms it anew. The
-- worker finds it at every court where the same person gave it.
alter table service_addresses add column doubtful_at timestamptz;
alter table service_addresses add column doubtful_why text check (doubtful_why in ('off', 'absent', 'reassigned'));
alter table service_addresses add column vouched_at timestamptz;
create policy numbers_worker on service_addresses for select using (app_scope() = 'worker' and channel = 'sms');
create policy numbers_worker on case_parties for select using (app_scope() = 'worker');
alter table service_tasks drop constraint service_tasks_kind_check;
alter table service_tasks add constraint service_tasks_kind_check
  check (kind in ('call', 'post', 'by_hand', 'public_notice', 'to_ordinary', 'decide_rebuttal', 'no_way_left', 'paper_copy', 'check_number'));
