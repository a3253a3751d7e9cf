-- 程序接入 (B68): programs that act in one person's name, and addresses that hear of what happens in his or her matters.
-- Both belong to the person; a court neither sees nor grants them.

create table api_clients (
  person_id    uuid not null references people,
  client_id    uuid not null,
  name         text not null,
  secret_hash  bytea not null,                   -- SHA-256 of 256 random bits: nothing to guess, nothing to slow down
  scopes       text[] not null,
  created_at   timestamptz not null,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  primary key (person_id, client_id)
);
call wall_person('api_clients');
create policy api_clients_gate on api_clients for select using (app_scope() = 'gate');
create unique index api_clients_id on api_clients (client_id);

-- A program's token is a session of its owner, held to what the program may ask.
alter table sessions add column client_id uuid;
alter table sessions add column scopes text[];
alter table sessions add constraint sessions_client_whole check ((client_id is null) = (scopes is null));
create index sessions_client on sessions (client_id) where client_id is not null;

create table webhooks (
  person_id         uuid not null references people,
  hook_id           uuid not null,
  url               bytea not null,              -- sealed: an address may carry a secret of its owner
  secret            bytea not null,              -- sealed
  topics            text[] not null,
  state             text not null check (state in ('active', 'paused')),
  paused_reason     text,
  failing_since     timestamptz,
  last_delivered_at timestamptz,
  created_at        timestamptz not null,
  ended_at          timestamptz,
  primary key (person_id, hook_id)
);
call wall_person('webhooks');
-- A worker finds whose addresses ask for a topic; where they lead is sealed to their owner.
create policy webhooks_worker on webhooks for select using (app_scope() = 'worker');
create index webhooks_live on webhooks (person_id) where ended_at is null;

-- One row for each event and address: what was sent, and what became of it. The event's id is the receiver's idempotency key.
create table webhook_deliveries (
  person_id    uuid not null,
  hook_id      uuid not null,
  event_id     uuid not null,
  topic        text not null,
  body         bytea not null,                   -- sealed
  state        text not null check (state in ('waiting', 'delivered', 'failed')),
  tries        int not null default 0,
  status       int,
  error        text,
  created_at   timestamptz not null,
  delivered_at timestamptz,
  primary key (person_id, hook_id, event_id),
  foreign key (person_id, hook_id) references webhooks
);
call wall_person('webhook_deliveries');
create index webhook_deliveries_new on webhook_deliveries (person_id, hook_id, created_at desc);
