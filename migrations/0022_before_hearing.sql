-- 庭前: what a notice said, for whoever reads it in the inbox; special measures; a hearing that is to be moved on request.

-- 站内通知: a message is also read where one signs in, by whoever has an account, in the case or not. What it said is kept
-- with it, for somebody taken off a hearing sees that hearing no more.
alter table hearing_notices add column about jsonb;
alter table hearing_notices drop constraint hearing_notices_kind_check;
alter table hearing_notices add constraint hearing_notices_kind_check
  check (kind in ('scheduled', 'changed', 'cancelled', 'removed', 'reminder', 'delayed', 'signing', 'test'));
create policy own_rows on hearing_notices for select using (app_scope() = 'person'
  and exists (select 1 from hearing_participants p where p.court_id = hearing_notices.court_id and p.hearing_id = hearing_notices.hearing_id
              and p.participant_id = hearing_notices.participant_id and p.person_id = app_person()));

-- 特别安排: what was ordered for a participant beside the screens, which lie with the hearing (hearing/sight.rs reads them).
alter table hearing_participants add column measures jsonb;

-- 准许改期: the hearing waits for another time. {request, reasons, at}
alter table hearings add column rebook_asked jsonb;
create index hearings_rebook on hearings (court_id, starts_at) where rebook_asked is not null;

-- 合并审理: one hearing of several cases of a court. Its own case leads; all of them lie here, the leading one too. A hearing
-- without rows here is of its own case alone.
create table hearing_cases (
  court_id   int not null,
  hearing_id uuid not null,
  case_id    uuid not null,
  lead_id    uuid not null,                      -- case_id of the hearing
  joined_by  uuid not null,
  joined_at  timestamptz not null,
  primary key (court_id, hearing_id, case_id),
  foreign key (court_id, hearing_id) references hearings,
  foreign key (court_id, case_id) references cases,
  foreign key (court_id, lead_id) references cases
);
call wall_court('hearing_cases');
revoke update on hearing_cases from lianting_app;
create index hearing_cases_case on hearing_cases (court_id, case_id);
create policy party_seat on hearing_cases as restrictive using (app_seat() is distinct from 'party'
  or takes_part_in_case(court_id, case_id) or takes_part_in_case(court_id, lead_id) or in_hearing(court_id, hearing_id));
create policy own_rows on hearing_cases for select using (app_scope() = 'person' and takes_part_in_case(court_id, case_id));
-- who is in one of its cases is in the hearing; of the court's people those to whom none of its cases is sealed
create function takes_part_in_hearing(c int, h uuid, k uuid) returns boolean language sql stable
  as $$ select takes_part_in_case(c, k) or exists (select 1 from hearing_cases x where x.court_id = c and x.hearing_id = h and takes_part_in_case(c, x.case_id)) $$;
create function open_hearing(c int, h uuid, k uuid) returns boolean language sql stable
  as $$ select open_case(c, k) and not exists (select 1 from hearing_cases x where x.court_id = c and x.hearing_id = h and not open_case(c, x.case_id)) $$;
-- every wall of a table of the hearing that asked for its case asks for its cases now, and for nothing else
do $$ declare p record; begin
  for p in select s.tablename, s.policyname, s.qual from pg_policies s
            where s.schemaname = current_schema() and s.tablename <> 'hearing_cases'
              and (s.qual like '%takes_part_in_case(court_id, case_id)%' or s.qual like '%open_case(court_id, case_id)%')
              and exists (select 1 from information_schema.columns c where c.table_schema = s.schemaname and c.table_name = s.tablename and c.column_name = 'hearing_id') loop
    execute format('alter policy %I on %I using (%s)', p.policyname, p.tablename,
      replace(replace(p.qual, 'takes_part_in_case(court_id, case_id)', 'takes_part_in_hearing(court_id, hearing_id, case_id)'),
              'open_case(court_id, case_id)', 'open_hearing(court_id, hearing_id, case_id)'));
  end loop;
end $$;
-- what was put before a joint hearing is seen by everybody in it, though it lies in one of its files
create function shown_jointly(c int, k uuid, l uuid) returns boolean language sql stable
  as $$ select exists (select 1 from hearing_exhibits x join hearing_cases j on j.court_id = x.court_id and j.hearing_id = x.hearing_id and j.case_id = x.case_id
                        where x.court_id = c and x.case_id = k and x.leaf_id = l) $$;
drop policy party_seat on leaves;
create policy party_seat on leaves as restrictive for select using (
  case app_seat() when 'party' then volume = 'main'
                                    and ((takes_part_in_case(court_id, case_id)
                                          and ((not staff_only and (only_for is null or is_of_party(court_id, case_id, only_for))) or leaf_served_on_me(court_id, leaf_id)))
                                         or shown_jointly(court_id, case_id, leaf_id))
                  when 'staff' then exists (select 1 from cases c where c.court_id = leaves.court_id and c.case_id = leaves.case_id)
                  else true end);
