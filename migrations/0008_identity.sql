-- 证件比对: a court that accepts a filing has compared the filer's ID document with the number typed. The proof is
-- then `checked_by_document`, by the clerk who accepted; nothing else of the proof may be changed this way.
drop policy proofs_court_review on proofs;
create policy proofs_court_review on proofs for update using (app_scope() = 'court' and app_seat() = 'staff' and has_matter_here(person_id))
  with check (app_scope() = 'court' and app_seat() = 'staff' and has_matter_here(person_id)
    and state in ('checked_by_document', 'checked_by_clerk', 'rejected') and decided_by = app_person());

-- A lawyer named in a case before his or her licence was checked waits for a seat: the house looks where, over all courts.
create policy counsel_waits on representatives for select using (app_scope() = 'worker' and person_id is null and until is null);
create index representatives_waiting on representatives (licence_index) where person_id is null and until is null;
