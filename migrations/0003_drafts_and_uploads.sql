-- 草稿: what a person is writing. No court has it until it is sent.
create table drafts (
  person_id  uuid not null references people,
  draft_id   uuid not null,
  version    int not null,
  court_id   int references courts,
  kind       text not null check (kind in ('civil', 'administrative', 'enforcement')),
  title      text not null,
  cause_name text,
  content    bytea not null,                   -- sealed JSON
  step       text not null default 'court',
  corrects_court  int,
  corrects_filing uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  sent_at    timestamptz,
  primary key (person_id, draft_id)
);
call wall_person('drafts');
grant delete on drafts to lianting_app;

-- 续传: a running upload. Parts arrive in order; the digests' mid-states are kept with each part,
-- so a reload, another phone or a restart of the server goes on where it stopped.
create table uploads (
  person_id    uuid not null references people,
  upload_id    uuid not null,
  draft_id     uuid,
  name         text not null,
  size         bigint not null check (size >= 0),
  last_modified bigint,
  part_bytes   int not null,
  object_key   text not null,
  store_upload text not null,                  -- the store's multipart id
  parts_done   int not null default 0,
  bytes_done   bigint not null default 0,
  etags        text[] not null default '{}',
  sha256_state bytea,
  sm3_state    bytea,
  head         bytea,                          -- first bytes, for sniffing
  lease_token  uuid,                           -- one part, or the completion, at a time: the digests run in order
  lease_until  timestamptz,                    -- a server that died lets go by itself
  state        text not null check (state in ('open', 'completed', 'aborted')),
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  primary key (person_id, upload_id)
);
call wall_person('uploads');
-- The same file begun twice (a double click, a reload, the other phone) is one upload.
create unique index uploads_resume on uploads (person_id, coalesce(draft_id, '00000000-0000-0000-0000-000000000000'::uuid), name, size, coalesce(last_modified, 0)) where state = 'open';

-- 材料 in a person's own area, checked or in quarantine.
create table draft_files (
  person_id  uuid not null references people,
  file_id    uuid not null,
  draft_id   uuid,
  name       text not null,
  size       bigint not null,
  media_type text not null,
  sha256     text not null,
  sm3        text not null,
  pages      int,
  state      text not null check (state in ('accepted', 'quarantined', 'rejected')),
  problem    jsonb,
  warnings   jsonb,                            -- accepted, but worth a word: scripts, macros, repaired
  object_key text not null,
  created_at timestamptz not null,
  removed_at timestamptz,
  primary key (person_id, file_id)
);
call wall_person('draft_files');
create index draft_files_draft on draft_files (person_id, draft_id);
