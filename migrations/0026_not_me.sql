-- 我不是收件人: the link each message of service carries. Whoever got the message by mistake says so by it, without an
-- account; one row a message and a number, found by the hash of its token alone.
create table service_links (
  court_id     int not null,
  link_hash    bytea not null,
  service_id   uuid not null,
  recipient_id uuid not null,
  attempt_id   uuid not null,
  case_id      uuid not null,
  address_id   uuid,                             -- the number or mailbox; none: the number of somebody's account
  made_at      timestamptz not null,
  disclaimed_at timestamptz,
  primary key (court_id, link_hash),
  foreign key (court_id, service_id, recipient_id, attempt_id) references service_attempts
);
call wall_court('service_links');
-- whoever's act sends a message leaves its link; none of them reads one
create policy house_reads on service_links as restrictive for select using (app_seat() = 'system' or app_scope() = 'gate');
create policy link_gate on service_links for select using (app_scope() = 'gate');
create index service_links_hash on service_links (link_hash);

alter table service_events drop constraint service_events_source_check;
alter table service_events add constraint service_events_source_check
  check (source in ('inbox', 'gateway', 'mail', 'national_platform', 'chat', 'post', 'clerk', 'recipient', 'engine', 'link'));
-- said by whoever has the number or mailbox now; a person of the court finds out whether it is so
alter table service_addresses drop constraint service_addresses_doubtful_why_check;
alter table service_addresses add constraint service_addresses_doubtful_why_check
  check (doubtful_why in ('off', 'absent', 'reassigned', 'disclaimed'));
