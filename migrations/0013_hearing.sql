-- 庭审: courtrooms, hearings and who takes part, what happened in the room, the record and its signatures. The rules are
-- in src/hearing; here lie the facts they read. What happened only grows: steps and events are a chain, opinions, checks,
-- acknowledgements, revisions and signatures are inserted and never changed. What is derived (state, course, place) is
-- kept beside them as a copy and can be replayed.

-- 法庭: rooms one can come to, and rooms that are only online.
create table courtrooms (
  court_id     int not null references courts,
  courtroom_id uuid not null,
  name         text not null,                    -- 第一法庭
  kind         text not null check (kind in ('physical', 'virtual')),
  place        text not null,                    -- floor and door, or the platform
  gallery      int not null check (gallery between 0 and 500),
  emblem       boolean not null,                 -- 国徽 hangs in the picture, as its administrator declared (在线诉讼规则 Art 24)
  active       boolean not null,
  version      int not null,
  primary key (court_id, courtroom_id),
  unique (court_id, name)
);
call wall_court('courtrooms');
-- its calendar behind a secret address, for the screen at its door
create table courtroom_feeds (
  court_id     int not null,
  courtroom_id uuid not null,
  token_hash   bytea not null,
  made_by      uuid not null,
  made_at      timestamptz not null,
  revoked_at   timestamptz,
  primary key (court_id, token_hash),
  foreign key (court_id, courtroom_id) references courtrooms
);
call wall_court('courtroom_feeds');
create policy feed_gate on courtroom_feeds for select using (app_scope() = 'gate');
create index courtroom_feeds_hash on courtroom_feeds (token_hash) where revoked_at is null;

-- 一场庭审: one sitting of one day. Several days, and hearings heard together, share a group.
create table hearings (
  court_id      int not null references courts,
  hearing_id    uuid not null,
  case_id       uuid not null,
  number        text not null,                   -- 会议号: nine digits, to be told on the telephone; it opens nothing
  case_number   text not null,                   -- copies, for those who are in the hearing and not in the case
  cause_name    text not null,
  kind          text not null check (kind in ('pretrial_meeting', 'evidence_exchange', 'inquiry', 'trial', 'mediation', 'pronouncement', 'questioning', 'arraignment', 'service')),
  template      text not null,
  procedure     text not null,
  stage         text not null check (stage in ('first_instance', 'second_instance', 'retrial', 'enforcement')),
  public        boolean not null,
  closed_reason text,
  starts_at     timestamptz not null,
  ends_at       timestamptz not null,
  courtroom_id  uuid,
  held          text not null check (held in ('online', 'hybrid', 'offline')),
  group_id      uuid,
  day_no        int not null default 1,
  follows       uuid,                            -- the hearing it goes on from, or replaces
  bench         jsonb not null,                  -- [{role, name}], to be read by everybody in the hearing
  screens       jsonb not null default '[]',     -- who must not see or hear whom
  suitability   jsonb not null,                  -- the verdict with its facts and the rule it used (beyond.md 1)
  lead          jsonb not null,                  -- as computed that day
  rules         jsonb not null,                  -- HearingRules in force when it was fixed; a later change moves nothing
  delayed_until timestamptz,                     -- 延迟: told in the waiting room
  -- derived, by replaying hearing_events:
  state         text not null check (state in ('scheduled', 'waiting', 'open', 'adjourned', 'suspended', 'closed_part', 'mediation', 'ended', 'signing', 'locked', 'closed', 'cancelled', 'postponed', 'moved_offline')),
  course        jsonb not null,
  events_n      bigint not null,                 -- head of the chain
  events_hash   text not null,
  opened_at     timestamptz,
  ended_at      timestamptz,
  set_by        uuid not null,
  set_at        timestamptz not null,
  version       int not null,
  primary key (court_id, hearing_id),
  unique (court_id, number),
  foreign key (court_id, case_id) references cases,
  foreign key (court_id, courtroom_id) references courtrooms,
  foreign key (court_id, follows) references hearings,
  constraint has_length check (starts_at < ends_at),
  constraint closed_has_reason check (public or closed_reason is not null)
);
call wall_court('hearings');
create index hearings_day on hearings (court_id, starts_at, hearing_id);
create index hearings_case on hearings (court_id, case_id, starts_at);
create index hearings_room on hearings (court_id, courtroom_id, starts_at) where courtroom_id is not null and state not in ('cancelled', 'postponed', 'moved_offline');

create table hearing_participants (
  court_id       int not null,
  hearing_id     uuid not null,
  participant_id uuid not null,
  case_id        uuid not null,
  role           text not null,                  -- hearing/words.rs Role
  side           text,
  party_id       uuid,
  representative_id uuid,
  person_id      uuid,                           -- none: has no account (yet)
  name           text not null,
  mode           text not null check (mode in ('online', 'in_court')),
  mode_because   jsonb not null,                 -- consent, article, why: hearing/modes.rs Seated
  must_appear    boolean not null default false,
  minor          boolean not null default false,
  mobile         bytea,                          -- sealed: 常用手机号, confirmed by the clerk (H01)
  mobile_masked  text,
  mobile_by      uuid,
  hears          text,
  interprets     text,
  slot_id        uuid not null,                  -- of person_busy
  seated_by      uuid,                           -- null: sat down by a one-time link or by the rule
  seated_at      timestamptz not null,
  removed_at     timestamptz,
  removed_why    text,
  version        int not null,
  primary key (court_id, hearing_id, participant_id),
  unique (court_id, slot_id),
  foreign key (court_id, hearing_id) references hearings,
  foreign key (court_id, case_id, party_id) references case_parties
);
call wall_court('hearing_participants');
create unique index hearing_participants_once on hearing_participants (court_id, hearing_id, person_id, role) where person_id is not null and removed_at is null;
create index hearing_participants_person on hearing_participants (person_id, court_id, hearing_id) where removed_at is null;

-- Whose account is in which hearing: what the walls below ask.
create table hearing_people (
  court_id       int not null,
  hearing_id     uuid not null,
  participant_id uuid not null,
  case_id        uuid not null,
  person_id      uuid not null,
  until          timestamptz,
  primary key (court_id, hearing_id, participant_id, person_id),
  foreign key (court_id, hearing_id, participant_id) references hearing_participants
);
call wall_court('hearing_people');
create index hearing_people_person on hearing_people (person_id) where until is null;

-- 没空: when somebody is taken, over all courts. A court reads that and nothing more: no court, no case, no hearing is
-- in it, and it may write only the slots its own participants hold. One's own unavailability one writes oneself.
create table person_busy (
  slot_id   uuid not null primary key,
  person_id uuid not null references people,
  kind      text not null check (kind in ('hearing', 'unavailable')),
  from_at   timestamptz not null,
  until_at  timestamptz not null,
  ended     boolean not null default false,
  constraint has_length check (from_at < until_at)
);
alter table person_busy enable row level security;
alter table person_busy force row level security;
create index person_busy_when on person_busy (person_id, from_at) where not ended;
create function holds_slot(s uuid, p uuid) returns boolean language sql stable
  as $$ select exists (select 1 from hearing_participants x where x.court_id = app_court() and x.slot_id = s and x.person_id = p) $$;
create policy busy_own on person_busy for select using (app_scope() = 'person' and person_id = app_person());
create policy busy_own_insert on person_busy for insert with check (app_scope() = 'person' and person_id = app_person() and kind = 'unavailable');
create policy busy_own_update on person_busy for update using (app_scope() = 'person' and person_id = app_person() and kind = 'unavailable')
  with check (app_scope() = 'person' and person_id = app_person() and kind = 'unavailable');
create policy busy_house on person_busy for select using (app_scope() = 'court' and app_seat() = 'system' and (not ended or holds_slot(slot_id, person_id)));
create policy busy_house_insert on person_busy for insert with check (app_scope() = 'court' and app_seat() = 'system' and kind = 'hearing' and holds_slot(slot_id, person_id));
create policy busy_house_update on person_busy for update using (app_scope() = 'court' and app_seat() = 'system' and kind = 'hearing' and holds_slot(slot_id, person_id))
  with check (app_scope() = 'court' and app_seat() = 'system' and kind = 'hearing' and holds_slot(slot_id, person_id));
grant select, insert, update on person_busy to lianting_app;

-- 通知: what was sent to whom, what became of it, and the link that was in it. A link works once and tells that the
-- message reached; it signs nobody in.
create table hearing_notices (
  court_id       int not null,
  notice_id      uuid not null,
  hearing_id     uuid not null,
  participant_id uuid not null,
  case_id        uuid not null,
  kind           text not null check (kind in ('scheduled', 'changed', 'cancelled', 'reminder', 'delayed', 'signing', 'test')),
  channel        text not null check (channel in ('sms', 'email', 'inbox')),
  link_hash      bytea,
  sent_at        timestamptz not null,
  state          text not null check (state in ('sending', 'accepted', 'delivered', 'failed', 'seen')),
  reported_at    timestamptz,
  seen_at        timestamptz,
  reason         text,
  service_id     uuid,                           -- of the summons served beside it, whose effect counts (delivery/)
  primary key (court_id, notice_id),
  unique (court_id, link_hash),
  foreign key (court_id, hearing_id, participant_id) references hearing_participants
);
call wall_court('hearing_notices');
create index hearing_notices_of on hearing_notices (court_id, hearing_id, participant_id);
create index hearing_notices_link on hearing_notices (link_hash) where link_hash is not null;
create policy link_gate on hearing_notices for select using (app_scope() = 'gate' and link_hash is not null);

-- 电话名单: who was called, before and during a hearing. Insert only.
create table hearing_calls (
  court_id       int not null,
  call_id        uuid not null,
  hearing_id     uuid not null,
  participant_id uuid not null,
  case_id        uuid not null,
  at             timestamptz not null,
  by_person      uuid not null,
  purpose        text not null check (purpose in ('notice', 'rehearsal', 'dropout', 'other')),
  outcome        text not null check (outcome in ('reached', 'no_answer', 'engaged', 'wrong_number', 'refused')),
  note           bytea,                          -- sealed: what was said
  primary key (court_id, call_id),
  foreign key (court_id, hearing_id, participant_id) references hearing_participants
);
call wall_court('hearing_calls');
revoke update on hearing_calls from lianting_app;

-- 申请: to come in person, that others do, another date, to watch, to leave for a moment.
create table hearing_requests (
  court_id       int not null,
  request_id     uuid not null,
  hearing_id     uuid not null,
  participant_id uuid,                           -- none: asks to watch
  case_id        uuid not null,
  person_id      uuid not null,
  name           text not null,
  kind           text not null check (kind in ('come_in_person', 'others_in_person', 'other_date', 'watch', 'leave', 'special_measures')),
  text           bytea not null,                 -- sealed
  asked_at       timestamptz not null,
  state          text not null check (state in ('open', 'granted', 'refused', 'withdrawn')),
  decided_by     uuid,
  decided_at     timestamptz,
  reasons        text,
  primary key (court_id, request_id),
  foreign key (court_id, hearing_id) references hearings,
  constraint decided_whole check ((state in ('granted', 'refused')) = (decided_at is not null) and (decided_at is null) = (decided_by is null))
);
call wall_court('hearing_requests');
create index hearing_requests_of on hearing_requests (court_id, hearing_id);

-- 庭前检测: figures alone, no picture and no sound. Insert only.
create table hearing_tests (
  court_id       int not null,
  test_id        uuid not null,
  hearing_id     uuid not null,
  participant_id uuid not null,
  case_id        uuid not null,
  at             timestamptz not null,
  measured       jsonb not null,
  score          text check (score in ('good', 'fair', 'poor')),  -- none: not finished
  device         text not null,
  primary key (court_id, test_id),
  foreign key (court_id, hearing_id, participant_id) references hearing_participants
);
call wall_court('hearing_tests');
revoke update on hearing_tests from lianting_app;
create index hearing_tests_of on hearing_tests (court_id, hearing_id, participant_id, at desc);

-- 身份核对: by the court, on the day (在线诉讼规则 Art 7), and what the other side says to it (H14). Insert only.
create table hearing_identity (
  court_id       int not null,
  check_id       uuid not null,
  hearing_id     uuid not null,
  participant_id uuid not null,
  case_id        uuid not null,
  at             timestamptz not null,
  by_person      uuid not null,                  -- the clerk, or the other side's participant's account
  says           text not null check (says in ('matches', 'doubt', 'no_match', 'no_objection', 'objection')),
  how            text check (how in ('id_card', 'licence_and_authority', 'business_licence', 'registry', 'face', 'in_person')),
  leaves         uuid[] not null,                -- the papers shown, in the case file
  note           bytea,                          -- sealed
  primary key (court_id, check_id),
  foreign key (court_id, hearing_id, participant_id) references hearing_participants,
  constraint court_or_side check ((says in ('matches', 'doubt', 'no_match')) = (how is not null))
);
call wall_court('hearing_identity');
revoke update on hearing_identity from lianting_app;
create index hearing_identity_of on hearing_identity (court_id, hearing_id, participant_id);

-- 法庭纪律、保证书: who acknowledged which words. Insert only.
create table hearing_acks (
  court_id       int not null,
  hearing_id     uuid not null,
  participant_id uuid not null,
  what           text not null check (what in ('discipline', 'oath', 'mediation', 'recording_replaces_transcript')),
  version        text not null,
  digest         text not null,                  -- of the words, as they were shown
  case_id        uuid not null,
  person_id      uuid,                           -- none: said before the clerk
  recorded_by    uuid,
  agrees         boolean not null,
  at             timestamptz not null,
  primary key (court_id, hearing_id, participant_id, what, digest, at),
  foreign key (court_id, hearing_id, participant_id) references hearing_participants,
  constraint by_somebody check (person_id is not null or recorded_by is not null)
);
call wall_court('hearing_acks');
revoke update on hearing_acks from lianting_app;

-- 入庭凭证: one use, sixty seconds (hearing/join_token.rs). The house alone reads it.
create table hearing_tokens (
  court_id       int not null,
  token_hash     bytea not null,
  hearing_id     uuid not null,
  participant_id uuid not null,
  person_id      uuid not null,
  session_id     uuid not null,
  role           text not null,
  given_at       timestamptz not null,
  used_at        timestamptz,
  ended_at       timestamptz,
  primary key (court_id, token_hash),
  foreign key (court_id, hearing_id, participant_id) references hearing_participants
);
call wall_court('hearing_tokens');
create policy house_only on hearing_tokens as restrictive using (app_seat() = 'system');
create index hearing_tokens_of on hearing_tokens (court_id, hearing_id, participant_id, given_at desc);

-- Which server holds the room. A server that slept past its lease cannot write as the holder: the epoch is its fence.
create table hearing_nodes (
  court_id    int not null,
  hearing_id  uuid not null,
  node        text not null,
  address     text not null,
  epoch       int not null,
  lease_until timestamptz not null,
  draining    boolean not null default false,
  primary key (court_id, hearing_id),
  foreign key (court_id, hearing_id) references hearings
);
call wall_court('hearing_nodes');
create policy house_only on hearing_nodes as restrictive using (app_seat() = 'system');

-- 在庭情况: where everybody is now; a copy of the events, kept so that a new server goes on where the old one stopped.
create table hearing_presence (
  court_id        int not null,
  hearing_id      uuid not null,
  participant_id  uuid not null,
  case_id         uuid not null,
  place           text not null check (place in ('outside', 'test_room', 'waiting_room', 'witness_room', 'courtroom', 'gallery', 'private_room', 'panel_room')),
  room_id         uuid,
  connected_at    timestamptz,
  disconnected_at timestamptz,                   -- the seat is kept ten minutes from here
  locked          boolean not null default false,
  sharing         boolean not null default false,
  called          boolean not null default false,
  excluded        boolean not null default false,
  hand_at         timestamptz,
  health          jsonb,                         -- the last figures
  updated_at      timestamptz not null,
  primary key (court_id, hearing_id, participant_id),
  foreign key (court_id, hearing_id, participant_id) references hearing_participants
);
call wall_court('hearing_presence');

-- 庭审事件: steps and everything else that happened, one chain a hearing (the form of delivery/trail.rs). Insert only.
create table hearing_events (
  court_id       int not null,
  hearing_id     uuid not null,
  n              bigint not null,
  case_id        uuid not null,
  at             timestamptz not null,
  epoch          int,                            -- media time: of which recording
  media_ms       bigint,
  what           text not null,                  -- step, join, leave, mute, unmute, share, hand, show, page, mark, place, warn, told …
  person_id      uuid,                           -- whose account
  participant_id uuid,                           -- about whom
  audience       text not null check (audience in ('all', 'own', 'staff')),
  line           text not null,                  -- canonical JSON: ids, no names
  hash           text not null,
  primary key (court_id, hearing_id, n),
  foreign key (court_id, hearing_id) references hearings
);
call wall_court('hearing_events');
revoke update on hearing_events from lianting_app;

-- 私密会谈室: their members alone know them; nothing said there is kept anywhere.
create table hearing_rooms (
  court_id   int not null,
  hearing_id uuid not null,
  room_id    uuid not null,
  case_id    uuid not null,
  made_by    uuid not null,                      -- participant
  by_court   boolean not null,                   -- 背对背调解
  locked     boolean not null,
  members    uuid[] not null,                    -- participants
  invited    uuid[] not null,
  made_at    timestamptz not null,
  closed_at  timestamptz,
  primary key (court_id, hearing_id, room_id),
  foreign key (court_id, hearing_id) references hearings
);
call wall_court('hearing_rooms');

-- 与书记员的消息. Insert only.
create table hearing_messages (
  court_id    int not null,
  message_id  uuid not null,
  hearing_id  uuid not null,
  case_id     uuid not null,
  from_id     uuid not null,                     -- participant
  to_id       uuid,                              -- participant; none: from a participant to the clerks, from a clerk to all
  text        bytea not null,                    -- sealed
  at          timestamptz not null,
  primary key (court_id, message_id),
  foreign key (court_id, hearing_id, from_id) references hearing_participants
);
call wall_court('hearing_messages');
revoke update on hearing_messages from lianting_app;
create index hearing_messages_of on hearing_messages (court_id, hearing_id, message_id);

-- 掉线: the traces around it, the proposal, what a judge found (beyond.md 5).
create table hearing_dropouts (
  court_id       int not null,
  dropout_id     uuid not null,
  hearing_id     uuid not null,
  participant_id uuid not null,
  case_id        uuid not null,
  gone_at        timestamptz not null,
  back_at        timestamptz,
  traces         jsonb not null,                 -- beats, signals, how many at once
  proposed       jsonb not null,
  told           jsonb not null default '[]',    -- [{rung, sent_at, delivered_at, seen_at}]
  found_cause    text,
  found_by       uuid,
  found_at       timestamptz,
  reasons        text,
  primary key (court_id, dropout_id),
  foreign key (court_id, hearing_id, participant_id) references hearing_participants,
  constraint found_whole check ((found_cause is null) = (found_at is null) and (found_at is null) = (found_by is null))
);
call wall_court('hearing_dropouts');
revoke update on hearing_dropouts from lianting_app;
grant update (back_at, told, found_cause, found_by, found_at, reasons) on hearing_dropouts to lianting_app;
create index hearing_dropouts_of on hearing_dropouts (court_id, hearing_id);

-- 缺席、退庭的认定: the judge's act, beside what was suggested. Insert only.
create table hearing_findings (
  court_id       int not null,
  finding_id     uuid not null,
  hearing_id     uuid not null,
  participant_id uuid not null,
  case_id        uuid not null,
  suggested      jsonb not null,
  consequence    text not null,
  reasons        text not null,
  by_person      uuid not null,
  at             timestamptz not null,
  primary key (court_id, finding_id),
  foreign key (court_id, hearing_id, participant_id) references hearing_participants
);
call wall_court('hearing_findings');
revoke update on hearing_findings from lianting_app;

-- 告警: what the technician on duty takes by name (H36). No names in it.
create table hearing_alerts (
  court_id       int not null,
  alert_id       uuid not null,
  hearing_id     uuid not null,
  case_id        uuid not null,
  participant_id uuid,
  kind           text not null check (kind in ('test_failed', 'disconnected', 'suspended', 'media_blocked', 'recording_lost', 'storage_low', 'poor_line', 'room_left_open')),
  figures        jsonb not null,
  since          timestamptz not null,
  taken_by       uuid,
  taken_at       timestamptz,
  closed_at      timestamptz,
  closed_how     text,
  primary key (court_id, alert_id),
  foreign key (court_id, hearing_id) references hearings,
  constraint taken_whole check ((taken_by is null) = (taken_at is null))
);
call wall_court('hearing_alerts');
create unique index hearing_alerts_once on hearing_alerts (court_id, hearing_id, kind, coalesce(participant_id, hearing_id)) where closed_at is null;

-- 出示的证据.
create table hearing_exhibits (
  court_id   int not null,
  hearing_id uuid not null,
  exhibit_id uuid not null,
  case_id    uuid not null,
  number     int not null,
  party_id   uuid,                               -- none: collected by the court
  side       text,
  leaf_id    uuid not null,                      -- in the case file, also what is uploaded on the spot
  name       text not null,
  source     text not null,
  purpose    text not null,
  original   text not null check (original in ('not_asked', 'wanted', 'matches', 'differs', 'no_original')),
  late       boolean not null,                   -- after the period for evidence
  added_by   uuid not null,
  added_at   timestamptz not null,
  version    int not null,
  primary key (court_id, hearing_id, exhibit_id),
  unique (court_id, hearing_id, party_id, number),
  foreign key (court_id, hearing_id) references hearings,
  foreign key (court_id, case_id, leaf_id) references leaves,
  foreign key (court_id, case_id, party_id) references case_parties
);
call wall_court('hearing_exhibits');
-- 质证意见. Insert only: a later one of the same party on the same aspect goes before it.
create table hearing_opinions (
  court_id    int not null,
  opinion_id  uuid not null,
  hearing_id  uuid not null,
  exhibit_id  uuid not null,
  case_id     uuid not null,
  party_id    uuid not null,
  side        text not null,
  aspect      text not null check (aspect in ('authenticity', 'legality', 'relevance')),
  view        text not null check (view in ('no_objection', 'objection', 'partly', 'not_stated')),
  reason      bytea not null,                    -- sealed
  said_by     uuid not null,                     -- participant
  written_by  uuid not null,                     -- account: one's own, or the clerk's
  at          timestamptz not null,
  primary key (court_id, opinion_id),
  foreign key (court_id, hearing_id, exhibit_id) references hearing_exhibits,
  foreign key (court_id, case_id, party_id) references case_parties
);
call wall_court('hearing_opinions');
revoke update on hearing_opinions from lianting_app;
create index hearing_opinions_of on hearing_opinions (court_id, hearing_id, exhibit_id);

-- 笔录.
create table transcripts (
  court_id     int not null,
  hearing_id   uuid not null,
  case_id      uuid not null,
  template     text not null,
  header       bytea not null,                   -- sealed JSON: hearing/transcript.rs Header
  rev          bigint not null,                  -- counts every change of any entry: what a reader has seen
  fixed_n      int,                              -- the version being read or signed
  fixed_digest text,
  locked_at    timestamptz,
  version      int not null,
  primary key (court_id, hearing_id),
  foreign key (court_id, hearing_id) references hearings
);
call wall_court('transcripts');
create table transcript_entries (
  court_id     int not null,
  hearing_id   uuid not null,
  entry_id     uuid not null,
  case_id      uuid not null,
  position     bigint not null,
  section      text not null,
  speaker      uuid,                             -- participant
  speaker_name text not null,
  text         bytea not null,                   -- sealed
  media        jsonb,
  unchecked    boolean not null,
  version      int not null,
  struck       boolean not null,
  rev          bigint not null,                  -- of the transcript, when it last changed
  changed_by   uuid not null,
  changed_at   timestamptz not null,
  primary key (court_id, hearing_id, entry_id),
  foreign key (court_id, hearing_id) references transcripts
);
call wall_court('transcript_entries');
create index transcript_entries_rev on transcript_entries (court_id, hearing_id, rev);
-- every version of every entry, with whose change it was. Insert only.
create table transcript_revisions (
  court_id     int not null,
  hearing_id   uuid not null,
  entry_id     uuid not null,
  version      int not null,
  case_id      uuid not null,
  speaker      uuid,
  text         bytea not null,                   -- sealed
  struck       boolean not null,
  phase        text not null check (phase in ('live', 'review')),
  objection_id uuid,
  by_person    uuid not null,
  at           timestamptz not null,
  primary key (court_id, hearing_id, entry_id, version),
  foreign key (court_id, hearing_id, entry_id) references transcript_entries
);
call wall_court('transcript_revisions');
revoke update on transcript_revisions from lianting_app;
-- 申请补正: anchored to the words.
create table transcript_objections (
  court_id       int not null,
  hearing_id     uuid not null,
  objection_id   uuid not null,
  entry_id       uuid not null,
  case_id        uuid not null,
  entry_version  int not null,
  from_sign      int not null,
  quote          bytea not null,                 -- sealed
  text           bytea not null,                 -- sealed: what should stand there
  participant_id uuid not null,
  at             timestamptz not null,
  state          text not null check (state in ('open', 'corrected', 'refused', 'withdrawn')),
  answered_by    uuid,
  answered_at    timestamptz,
  reason         bytea,                          -- sealed: of a refusal
  primary key (court_id, hearing_id, objection_id),
  foreign key (court_id, hearing_id, entry_id) references transcript_entries,
  foreign key (court_id, hearing_id, participant_id) references hearing_participants,
  constraint answered_whole check ((state = 'open') = (answered_at is null) and (state <> 'refused' or reason is not null))
);
call wall_court('transcript_objections');
-- 定稿: a version as it is read and signed. Insert only.
create table transcript_versions (
  court_id   int not null,
  hearing_id uuid not null,
  n          int not null,
  case_id    uuid not null,
  digest     text not null,
  parts      jsonb not null,                     -- digest of the own part, by participant
  document   bytea not null,                     -- sealed: exactly what was hashed
  fixed_by   uuid not null,
  fixed_at   timestamptz not null,
  paper_id   uuid,
  primary key (court_id, hearing_id, n),
  foreign key (court_id, hearing_id) references transcripts,
  foreign key (court_id, paper_id) references papers
);
call wall_court('transcript_versions');
revoke update on transcript_versions from lianting_app;
grant update (paper_id) on transcript_versions to lianting_app;
-- 签名、拒签. Insert only.
create table hearing_signatures (
  court_id       int not null,
  signature_id   uuid not null,
  hearing_id     uuid not null,
  participant_id uuid not null,
  case_id        uuid not null,
  what           text not null check (what in ('transcript', 'agreement', 'checksum')),
  digest         text not null,
  at             timestamptz not null,
  way            text check (way in ('handwritten', 'typed', 'on_paper')),
  strokes        bytea,                          -- sealed: the drawing, as vectors
  check_id       uuid,                           -- the check of identity it rests on
  refused        bytea,                          -- sealed: why, as the clerk notes it
  by_person      uuid not null,                  -- the signer, or the clerk who notes a refusal or a paper
  leaf_id        uuid,                           -- of a paper
  primary key (court_id, signature_id),
  foreign key (court_id, hearing_id, participant_id) references hearing_participants,
  foreign key (court_id, check_id) references hearing_identity,
  foreign key (court_id, case_id, leaf_id) references leaves,
  constraint signed_or_refused check ((way is null) = (refused is not null)),
  constraint drawn check ((way = 'handwritten') = (strokes is not null))
);
call wall_court('hearing_signatures');
revoke update on hearing_signatures from lianting_app;
create index hearing_signatures_of on hearing_signatures (court_id, hearing_id, what);
-- 签名的一次性链接 (二维码).
create table signing_links (
  court_id       int not null,
  token_hash     bytea not null,
  hearing_id     uuid not null,
  participant_id uuid not null,
  what           text not null,
  digest         text not null,
  made_at        timestamptz not null,
  opened_at      timestamptz,
  primary key (court_id, token_hash),
  foreign key (court_id, hearing_id, participant_id) references hearing_participants
);
call wall_court('signing_links');
create policy house_only on signing_links as restrictive using (app_seat() = 'system' or app_scope() = 'gate');
create policy link_gate on signing_links for select using (app_scope() = 'gate');
create index signing_links_hash on signing_links (token_hash);

-- 录音录像: what lies in the store. The manifests, the ledger of gaps and the root are the recorder's own files.
create table recordings (
  court_id       int not null,
  recording_id   uuid not null,
  hearing_id     uuid not null,
  case_id        uuid not null,
  kind           text not null check (kind in ('person', 'screen', 'mosaic', 'manifest', 'events', 'gaps', 'package')),
  participant_id uuid,
  epoch          int,
  object_key     text not null,
  size           bigint not null,
  sha256         text not null,
  sm3            text not null,
  millis         bigint,
  root           text,                           -- of the package
  made_at        timestamptz not null,
  checked_at     timestamptz,                    -- the joined file was read back and matched; raw parts may go
  retain_until   date,                           -- by the archive class of the case; none: for good
  asked_away_by  uuid,                           -- 两人删除
  asked_away_at  timestamptz,
  asked_why      text,
  gone_by        uuid,
  gone_at        timestamptz,
  primary key (court_id, recording_id),
  unique (court_id, object_key),
  foreign key (court_id, hearing_id) references hearings,
  constraint two_people check (gone_by is null or (asked_away_by is not null and asked_away_by <> gone_by))
);
call wall_court('recordings');
create index recordings_of on recordings (court_id, hearing_id);
-- 查阅、复制录音录像的申请 (庭审录音录像规定 Art 10, 11).
create table recording_requests (
  court_id    int not null,
  request_id  uuid not null,
  hearing_id  uuid not null,
  case_id     uuid not null,
  person_id   uuid not null,
  name        text not null,
  party_id    uuid,
  kind        text not null check (kind in ('view', 'copy_audio', 'copy_video')),
  from_ms     bigint,
  until_ms    bigint,
  purpose     bytea not null,                    -- sealed
  asked_at    timestamptz not null,
  state       text not null check (state in ('open', 'granted', 'refused', 'ended')),
  decided_by  uuid,
  decided_at  timestamptz,
  reasons     text,
  until       timestamptz,                       -- of a grant
  primary key (court_id, request_id),
  foreign key (court_id, hearing_id) references hearings,
  constraint decided_whole check ((state = 'open') = (decided_at is null))
);
call wall_court('recording_requests');
-- who saw what of it, and when. Insert only.
create table recording_views (
  court_id     int not null,
  view_id      uuid not null,
  recording_id uuid not null,
  request_id   uuid,
  person_id    uuid not null,
  from_ms      bigint not null,
  until_ms     bigint not null,
  at           timestamptz not null,
  primary key (court_id, view_id),
  foreign key (court_id, recording_id) references recordings,
  foreign key (court_id, request_id) references recording_requests
);
call wall_court('recording_views');
revoke update on recording_views from lianting_app;

-- Seats. In the case: sees its hearings. In a hearing without being in the case (a witness, an interpreter, the gallery, the
-- technician of a sealed case): sees that hearing, its bench, and oneself. The functions answer by the row security of
-- whoever asks.
create function in_hearing(c int, h uuid) returns boolean language sql stable
  as $$ select exists (select 1 from hearing_people p where p.court_id = c and p.hearing_id = h and p.person_id = app_person() and p.until is null) $$;
create function is_participant(c int, h uuid, who uuid) returns boolean language sql stable
  as $$ select exists (select 1 from hearing_people p where p.court_id = c and p.hearing_id = h and p.participant_id = who and p.person_id = app_person() and p.until is null) $$;
create policy party_seat on hearing_people as restrictive using (case app_seat()
  when 'party' then person_id = app_person()
  when 'staff' then person_id = app_person() or open_case(court_id, case_id) else true end);
create policy own_rows on hearing_people for select using (app_scope() = 'person' and person_id = app_person());

create policy party_seat on hearings as restrictive using (case app_seat()
  when 'party' then takes_part_in_case(court_id, case_id) or in_hearing(court_id, hearing_id)
  when 'staff' then open_case(court_id, case_id) or in_hearing(court_id, hearing_id) else true end);
create policy own_rows on hearings for select using (app_scope() = 'person' and (takes_part_in_case(court_id, case_id) or in_hearing(court_id, hearing_id)));
create policy province_reads on hearings for select using (app_scope() = 'province');

create policy party_seat on hearing_participants as restrictive using (case app_seat()
  when 'party' then takes_part_in_case(court_id, case_id) or person_id = app_person()
  when 'staff' then open_case(court_id, case_id) or in_hearing(court_id, hearing_id) else true end);
create policy own_rows on hearing_participants for select using (app_scope() = 'person' and person_id = app_person());

-- what everybody of the case reads, and nobody else but the court
do $$ declare t text; begin
  foreach t in array array['hearing_exhibits', 'hearing_opinions', 'transcripts', 'transcript_versions'] loop
    execute format('create policy party_seat on %I as restrictive using (case app_seat() when ''party'' then takes_part_in_case(court_id, case_id) when ''staff'' then open_case(court_id, case_id) else true end)', t);
  end loop;
  -- the same, and who signed or objected without being in the case
  foreach t in array array['transcript_objections', 'hearing_signatures'] loop
    execute format('create policy party_seat on %I as restrictive using (case app_seat() when ''party'' then takes_part_in_case(court_id, case_id) or is_participant(court_id, hearing_id, participant_id) when ''staff'' then open_case(court_id, case_id) else true end)', t);
  end loop;
  -- what is one's own
  foreach t in array array['hearing_tests', 'hearing_acks', 'hearing_notices', 'hearing_dropouts', 'hearing_findings'] loop
    execute format('create policy party_seat on %I as restrictive using (case app_seat() when ''party'' then is_participant(court_id, hearing_id, participant_id) when ''staff'' then open_case(court_id, case_id) or in_hearing(court_id, hearing_id) else true end)', t);
  end loop;
  -- the court's own
  foreach t in array array['hearing_calls', 'hearing_alerts'] loop
    execute format('create policy party_seat on %I as restrictive using (case app_seat() when ''party'' then false when ''staff'' then open_case(court_id, case_id) or in_hearing(court_id, hearing_id) else true end)', t);
  end loop;
end $$;
create policy province_reads on hearing_alerts for select using (app_scope() = 'province');
create policy party_seat on hearing_presence as restrictive using (case app_seat()
  when 'party' then (takes_part_in_case(court_id, case_id) and place not in ('private_room', 'panel_room', 'witness_room'))
                    or is_participant(court_id, hearing_id, participant_id)
  when 'staff' then open_case(court_id, case_id) or in_hearing(court_id, hearing_id) else true end);
create policy party_seat on hearing_events as restrictive using (case app_seat()
  when 'party' then (audience = 'all' and takes_part_in_case(court_id, case_id)) or (audience = 'own' and is_participant(court_id, hearing_id, participant_id))
  when 'staff' then open_case(court_id, case_id) or in_hearing(court_id, hearing_id) else true end);
create policy party_seat on hearing_identity as restrictive using (case app_seat()
  when 'party' then is_participant(court_id, hearing_id, participant_id) or by_person = app_person()
  when 'staff' then open_case(court_id, case_id) else true end);
create policy party_seat on hearing_requests as restrictive using (case app_seat()
  when 'party' then person_id = app_person() when 'staff' then open_case(court_id, case_id) or in_hearing(court_id, hearing_id) else true end);
create policy party_seat on hearing_messages as restrictive using (case app_seat()
  when 'party' then is_participant(court_id, hearing_id, from_id) or (to_id is not null and is_participant(court_id, hearing_id, to_id))
                    or (to_id is null and in_hearing(court_id, hearing_id) and exists (select 1 from hearing_participants p
                        where p.court_id = hearing_messages.court_id and p.hearing_id = hearing_messages.hearing_id and p.participant_id = hearing_messages.from_id and p.role in ('clerk', 'judge_assistant')))
  when 'staff' then open_case(court_id, case_id) or in_hearing(court_id, hearing_id) else true end);
-- who is not in a private room does not know of it: not the other side, not the court
create policy party_seat on hearing_rooms as restrictive using (app_seat() is null or app_seat() = 'system'
  or exists (select 1 from hearing_people p where p.court_id = hearing_rooms.court_id and p.hearing_id = hearing_rooms.hearing_id and p.person_id = app_person()
             and p.until is null and (p.participant_id = any (hearing_rooms.members) or p.participant_id = any (hearing_rooms.invited))));
-- a witness reads the words he or she spoke, once the hearing has ended; who is in the case reads all
do $$ declare t text; begin
  foreach t in array array['transcript_entries', 'transcript_revisions'] loop
    execute format('create policy party_seat on %I as restrictive using (case app_seat()
      when ''party'' then takes_part_in_case(court_id, case_id) or (speaker is not null and is_participant(court_id, hearing_id, speaker)
        and exists (select 1 from hearings h where h.court_id = %1$I.court_id and h.hearing_id = %1$I.hearing_id and h.ended_at is not null))
      when ''staff'' then open_case(court_id, case_id) else true end)', t);
  end loop;
end $$;
create policy party_seat on recordings as restrictive using (case app_seat()
  when 'party' then kind = 'package' and takes_part_in_case(court_id, case_id)
  when 'staff' then open_case(court_id, case_id) else true end);
create policy party_seat on recording_views as restrictive for select using (case app_seat()
  when 'party' then false
  when 'staff' then exists (select 1 from recordings r where r.court_id = recording_views.court_id and r.recording_id = recording_views.recording_id) else true end);
create policy party_seat on recording_requests as restrictive using (case app_seat()
  when 'party' then person_id = app_person() when 'staff' then open_case(court_id, case_id) else true end);
-- one reads the rooms of one's own hearings
create policy party_seat on courtrooms as restrictive using (app_seat() is distinct from 'party'
  or exists (select 1 from hearings h where h.court_id = courtrooms.court_id and h.courtroom_id = courtrooms.courtroom_id));
create policy own_rows on courtrooms for select using (app_scope() = 'person'
  and exists (select 1 from hearings h where h.court_id = courtrooms.court_id and h.courtroom_id = courtrooms.courtroom_id));
create policy party_seat on courtroom_feeds as restrictive using (app_seat() is distinct from 'party');
