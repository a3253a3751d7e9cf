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
