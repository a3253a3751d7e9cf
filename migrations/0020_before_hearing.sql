-- 庭前: papers of identity shown for a hearing, what was read of the chat, why a hearing is late, and how long recordings
-- are kept.

-- why it begins late, for the banner of the waiting room
alter table hearings add column delayed_reason text;
alter table hearings add constraint delayed_whole check ((delayed_until is null) = (delayed_reason is null)) not valid;

-- 身份材料: which leaf of the file whom it identifies, for which hearing (互联网法庭使用指引 6). Insert only.
create table hearing_papers (
  court_id       int not null,
  hearing_id     uuid not null,
  participant_id uuid not null,
  leaf_id        uuid not null,
  case_id        uuid not null,
  kind           text not null check (kind in ('id_card', 'lawyer_licence', 'business_licence', 'authority', 'employment', 'other')),
  by_person      uuid not null,
  at             timestamptz not null,
  primary key (court_id, hearing_id, participant_id, leaf_id),
  foreign key (court_id, hearing_id, participant_id) references hearing_participants,
  foreign key (court_id, case_id, leaf_id) references leaves
);
call wall_court('hearing_papers');
revoke update on hearing_papers from lianting_app;
create policy party_seat on hearing_papers as restrictive using (case app_seat()
  when 'party' then is_participant(court_id, hearing_id, participant_id)
  when 'staff' then open_case(court_id, case_id) else true end);

-- 消息已读到哪里: of each reader, in each conversation. `with_id` is a participant; the nil id is one's own with the clerks.
create table hearing_reads (
  court_id   int not null,
  hearing_id uuid not null,
  person_id  uuid not null,
  with_id    uuid not null,
  read_to    uuid not null,                      -- the last message read
  at         timestamptz not null,
  primary key (court_id, hearing_id, person_id, with_id),
  foreign key (court_id, hearing_id) references hearings
);
call wall_court('hearing_reads');
create policy party_seat on hearing_reads as restrictive using (case app_seat() when 'party' then person_id = app_person() when 'staff' then person_id = app_person() else true end);

-- 录音录像的保管期限, of a case: by its archive class. None: for good.
create table recording_retention (
  court_id int not null,
  case_id  uuid not null,
  class    text not null check (class in ('permanent', 'sixty_years', 'thirty_years')),
  reason   text not null,
  set_by   uuid not null,
  set_at   timestamptz not null,
  primary key (court_id, case_id),
  foreign key (court_id, case_id) references cases
);
call wall_court('recording_retention');
create policy party_seat on recording_retention as restrictive using (case app_seat() when 'party' then false when 'staff' then open_case(court_id, case_id) else true end);
