-- 结案: a case is open (未结) until it is closed (已结) in a manner of its kind. A case opened again (恢复) keeps both acts.
alter table cases add column closed_at timestamptz;
alter table cases add column closed_how text;
alter table cases add constraint closed_whole check ((closed_at is null) = (closed_how is null));

-- 送达地址确认书: mobile, e-mail and home of one side lie in the main volume, and the other side does not read them
-- (个人信息保护法 Art 6). A leaf may be for those of its own side alone.
create function is_of_party(c int, k uuid, parties uuid[]) returns boolean language sql stable
  as $$ select exists (select 1 from case_people p where p.court_id = c and p.case_id = k and p.person_id = app_person()
                         and p.until is null and p.party_id = any (parties)) $$;
alter table leaves add column only_for uuid[];
drop policy party_seat on leaves;
create policy party_seat on leaves as restrictive for select using (
  case app_seat() when 'party' then volume = 'main' and not staff_only and takes_part_in_case(court_id, case_id)
                                    and (only_for is null or is_of_party(court_id, case_id, only_for))
                  when 'staff' then exists (select 1 from cases c where c.court_id = leaves.court_id and c.case_id = leaves.case_id)
                  else true end);
alter table papers add column only_for uuid[];
drop policy party_seat on papers;
create policy party_seat on papers as restrictive for select using (
  app_seat() is distinct from 'party'
  or (audience = 'addressee' and addressee = app_person())
  or (audience = 'all' and ((case_id is not null and takes_part_in_case(court_id, case_id)) or (filing_id is not null and takes_part_in_filing(court_id, filing_id)))
      and (only_for is null or is_of_party(court_id, case_id, only_for))));
