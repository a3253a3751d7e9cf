-- 短信: what became of each message. The number and the text are not kept here (the outbox row is sealed);
-- court_id 0 is a message about a person's own account.
create table sms_messages (
  court_id    int not null,
  message_id  uuid not null,                   -- the outbox event: the gateway's idempotency key
  template    text not null,
  state       text not null check (state in ('sending', 'accepted', 'delivered', 'failed')),
  gateway_id  text,
  reason      text,
  sent_at     timestamptz not null,
  reported_at timestamptz,
  primary key (court_id, message_id)
);
alter table sms_messages enable row level security;
alter table sms_messages force row level security;
create policy sms_court on sms_messages for select using (court_id = app_court() and app_seat() in ('staff', 'system'));
create policy sms_worker on sms_messages for all using (app_scope() = 'worker') with check (app_scope() = 'worker');
grant select, insert, update on sms_messages to lianting_app;
create index sms_messages_id on sms_messages (message_id);

-- 身份核验 by a court (L07): its staff read and decide the proofs of people who have a filing or a case here,
-- and of nobody else. A rejected licence takes the role with it; a rejected number is free for its true owner.
create function has_matter_here(p uuid) returns boolean language sql stable
  as $$ select exists (select 1 from filing_people f where f.court_id = app_court() and f.person_id = p)
            or exists (select 1 from case_people c where c.court_id = app_court() and c.person_id = p) $$;
create policy proofs_court_read on proofs for select using (app_scope() = 'court' and app_seat() = 'staff' and has_matter_here(person_id));
create policy proofs_court_review on proofs for update using (app_scope() = 'court' and app_seat() = 'staff' and has_matter_here(person_id))
  with check (app_scope() = 'court' and app_seat() = 'staff' and has_matter_here(person_id) and state in ('checked_by_clerk', 'rejected') and decided_by = app_person());
create policy grants_licence_read on role_grants for select using (court_id = 0 and role in ('lawyer', 'legal_worker')
  and app_scope() = 'court' and app_seat() = 'staff' and has_matter_here(person_id));
create policy grants_licence_review on role_grants for update using (court_id = 0 and role in ('lawyer', 'legal_worker')
  and app_scope() = 'court' and app_seat() = 'staff' and has_matter_here(person_id))
  with check (court_id = 0 and role in ('lawyer', 'legal_worker') and app_scope() = 'court' and app_seat() = 'staff' and has_matter_here(person_id));
create policy identifiers_court_read on identifiers for select using (app_scope() = 'court' and app_seat() = 'staff' and has_matter_here(person_id));
create policy identifiers_court_delete on identifiers for delete using (app_scope() = 'court' and app_seat() = 'staff' and kind <> 'mobile' and has_matter_here(person_id));
