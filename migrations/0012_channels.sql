-- Channels that lead outside: mail, the national e-delivery platform, chat accounts.

-- On the wire: what left for which outside service, and what came back, before a court has looked at it. Like
-- sms_messages: the worker writes, the court's people read; nothing here says to whom or what.
create table service_wire (
  court_id     int not null,
  attempt_id   uuid not null,                    -- the outside's idempotency key
  service_id   uuid not null,
  recipient_id uuid not null,
  adapter      text not null check (adapter in ('mail', 'national_platform', 'chat')),
  state        text not null check (state in ('sending', 'accepted', 'refused')),
  outside_id   text,                             -- what the outside calls it
  sent_at      timestamptz not null,
  answered_at  timestamptz,
  primary key (court_id, attempt_id)
);
-- 回执: in the outside's own words. A word nobody here knows is kept and shown to the clerk, never guessed. The same
-- report twice is one row.
create table service_receipts (
  court_id    int not null,
  receipt_id  uuid not null,
  attempt_id  uuid not null,
  adapter     text not null,
  outside_key text not null,                     -- the outside's name of the report, or a digest of it
  word        text not null,
  understood  boolean not null,
  at          timestamptz not null,              -- as it says
  received_at timestamptz not null,
  reason      text,
  primary key (court_id, receipt_id),
  unique (court_id, attempt_id, adapter, outside_key),
  foreign key (court_id, attempt_id) references service_wire
);
do $$ declare t text; begin
  foreach t in array array['service_wire', 'service_receipts'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy wire_court on %I for select using (court_id = app_court() and app_seat() in (''staff'', ''system''))', t);
    execute format('create policy wire_worker on %I for all using (app_scope() = ''worker'') with check (app_scope() = ''worker'')', t);
    execute format('grant select, insert on %I to lianting_app', t);
  end loop;
end $$;
grant update on service_wire to lianting_app;
-- a report names the attempt alone
create index service_wire_attempt on service_wire (attempt_id);

-- 起诉状副本送达: when the last of those who answer was served with the complaint; the clock of sending it ends there.
alter table cases add column complaint_served_at timestamptz;

-- what kind of file a served paper is; none before this: a PDF
alter table service_papers add column media_type text;

-- 撤回送达: by whom.
alter table services add column cancelled_by uuid;

-- what was ordered first for an address leaves first
create index service_attempts_address on service_attempts (court_id, case_id, address_id, attempt_id);
