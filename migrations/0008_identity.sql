-- 证件比对: a court that accepts a filing has compared the filer's ID document with the number typed. The proof is
-- then `checked_by_document`, by the clerk who accepted; nothing else of the proof may be changed this way.
drop policy proofs_court_review on proofs;
create policy proofs_court_review on proofs for update using (app_scope() = 'court' and app_seat() = 'staff' and has_matter_here(person_id))
  with check (app_scope() = 'court' and app_seat() = 'staff' and has_matter_here(person_id)
    and state in ('checked_by_document', 'checked_by_clerk', 'rejected') and decided_by = app_person());

-- A lawyer named in a case before his or her licence was checked waits for a seat: the house looks where, over all courts.
create policy counsel_waits on representatives for select using (app_scope() = 'worker' and person_id is null and until is null);
create index representatives_waiting on representatives (licence_index) where person_id is null and until is null;

-- A leaf of the 正卷 that only the court reads: a notice to one defendant carries a join code, and belongs to the
-- main volume all the same. The 副卷 is then deliberation alone, and a clerk without that right still serves papers.
alter table leaves add column staff_only boolean not null default false;
drop policy party_seat on leaves;
create policy party_seat on leaves as restrictive for select using (
  case app_seat() when 'party' then volume = 'main' and not staff_only and takes_part_in_case(court_id, case_id)
                  when 'staff' then exists (select 1 from cases c where c.court_id = leaves.court_id and c.case_id = leaves.case_id)
                  else true end);

-- A review runs by the rule in force when it began: its length and the same-day target are kept with the filing, so
-- that a rule changed later moves nothing that already runs (and the clock shown is the clock kept).
alter table filings add column review_days int not null default 7;
alter table filings add column target_at timestamptz;

-- 身份验证器丢失: an administrator of the court sends the colleague a link; whoever opens it on that phone sets a new
-- password, and the lost authenticator counts no more.
alter table one_time_links drop constraint one_time_links_purpose_check;
alter table one_time_links add constraint one_time_links_purpose_check check (purpose in ('recovery', 'activation', 'authenticator'));
create policy links_court_reset on one_time_links for insert with check (app_scope() = 'court' and app_seat() = 'system' and purpose = 'authenticator'
  and exists (select 1 from role_grants g where g.person_id = one_time_links.person_id and g.court_id = app_court()));

-- Counsel sees the colleagues the case is shared with (B12), to end the share.
drop policy party_seat on case_people;
create policy party_seat on case_people as restrictive for select using (app_seat() is distinct from 'party' or person_id = app_person() or shared_by = app_person());

-- 调解员的类别 (A14).
alter table role_grants add column mediator_class text check (mediator_class in ('people', 'invited', 'lawyer'));
