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
