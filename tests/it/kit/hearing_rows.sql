-- One hearing of every case, with a row of every table of 0013: for the guardians of the walls. Run as the administrator,
-- over what the seeding made. Every text carries the canary of its court.
do $$
declare c record; h uuid; room uuid; seat uuid; x uuid; e uuid; o uuid; r uuid; q uuid; leaf uuid; slot uuid; says bytea;
begin
  for c in select k.court_id, k.case_id, k.number, k.cause_name, p.party_id, p.side, w.person_id
             from public.cases k join public.case_people w using (court_id, case_id)
             join public.case_parties p on p.court_id = k.court_id and p.case_id = k.case_id and p.party_id = w.party_id
            where w.until is null and w.capacity in ('plaintiff', 'applicant') loop
    h := gen_random_uuid(); room := gen_random_uuid(); seat := gen_random_uuid(); x := gen_random_uuid(); e := gen_random_uuid();
    o := gen_random_uuid(); r := gen_random_uuid(); q := gen_random_uuid(); slot := gen_random_uuid(); says := convert_to('雀' || c.court_id, 'UTF8');
    select leaf_id into leaf from public.leaves l where l.court_id = c.court_id and l.case_id = c.case_id limit 1;
    insert into public.courtrooms values (c.court_id, room, '雀' || c.court_id || room, 'physical', '二楼', 20, true, true, 1);
    insert into public.courtroom_feeds values (c.court_id, room, decode(md5(room::text), 'hex'), c.person_id, now(), null);
    insert into public.hearings (court_id, hearing_id, case_id, number, case_number, cause_name, kind, template, procedure, stage, public, starts_at, ends_at, courtroom_id,
        held, bench, suitability, lead, rules, state, course, events_n, events_hash, ended_at, set_by, set_at, version)
      values (c.court_id, h, c.case_id, left(translate(h::text, '-abcdef', '0123456'), 9), c.number, c.cause_name, 'trial', 'ordinary', 'ordinary', 'first_instance', true,
        now() + interval '9 days', now() + interval '9 days 2 hours', room, 'hybrid', '[]', '{}', '{}', '{}', 'scheduled', '{}', 1, '', null, c.person_id, now(), 1);
    insert into public.hearing_participants (court_id, hearing_id, participant_id, case_id, role, side, party_id, person_id, name, mode, mode_because, slot_id, seated_at, version)
      values (c.court_id, h, seat, c.case_id, 'party', c.side, c.party_id, c.person_id, '雀' || c.court_id, 'online', '{}', slot, now(), 1);
    insert into public.hearing_cases values (c.court_id, h, c.case_id, c.case_id, c.person_id, now());
    insert into public.hearing_people values (c.court_id, h, seat, c.case_id, c.person_id, null);
    insert into public.person_busy values (slot, c.person_id, 'hearing', now() + interval '9 days', now() + interval '9 days 2 hours', false),
      (gen_random_uuid(), c.person_id, 'unavailable', now() + interval '2 days', now() + interval '3 days', false);
    insert into public.hearing_notices values (c.court_id, gen_random_uuid(), h, seat, c.case_id, 'scheduled', 'sms', decode(md5(h::text), 'hex'), now(), 'sending', null, null, null, null,
      jsonb_build_object('case_number', c.number, 'kind', 'trial', 'starts_at', now(), 'number', '123456789'));
    insert into public.hearing_calls values (c.court_id, gen_random_uuid(), h, seat, c.case_id, now(), c.person_id, 'notice', 'no_answer', says);
    insert into public.hearing_requests values (c.court_id, gen_random_uuid(), h, seat, c.case_id, c.person_id, '雀' || c.court_id, 'other_date', says, now(), 'open', null, null, null);
    insert into public.hearing_tests values (c.court_id, gen_random_uuid(), h, seat, c.case_id, now(), '{}', 'fair', 'phone');
    insert into public.hearing_identity values (c.court_id, q, h, seat, c.case_id, now(), c.person_id, 'matches', 'id_card', '{}', says);
    insert into public.hearing_acks values (c.court_id, h, seat, 'discipline', 'v', 'd', c.case_id, c.person_id, null, true, now());
    insert into public.hearing_tokens values (c.court_id, decode(md5(h::text), 'hex'), h, seat, c.person_id, h, 'party', now(), null, null);
    insert into public.hearing_nodes values (c.court_id, h, 'a', 'a', 1, now(), false);
    insert into public.hearing_presence values (c.court_id, h, seat, c.case_id, 'waiting_room', null, now(), null, false, false, false, false, null, null, now());
    insert into public.hearing_events values (c.court_id, h, 1, c.case_id, now(), null, null, 'join', c.person_id, seat, 'all', '{"data":"雀' || c.court_id || '"}', 'x');
    insert into public.hearing_rooms values (c.court_id, h, gen_random_uuid(), c.case_id, seat, false, true, array[seat], '{}', now(), null);
    insert into public.hearing_messages values (c.court_id, gen_random_uuid(), h, c.case_id, seat, null, says, now());
    insert into public.hearing_dropouts (court_id, dropout_id, hearing_id, participant_id, case_id, gone_at, traces, proposed) values (c.court_id, gen_random_uuid(), h, seat, c.case_id, now(), '{}', '{}');
    insert into public.hearing_findings values (c.court_id, gen_random_uuid(), h, seat, c.case_id, '{}', 'none', '雀' || c.court_id, c.person_id, now());
    insert into public.hearing_alerts values (c.court_id, gen_random_uuid(), h, c.case_id, seat, 'disconnected', '{}', now(), null, null, null, null);
    insert into public.hearing_exhibits values (c.court_id, h, x, c.case_id, 1, c.party_id, c.side, leaf, '雀' || c.court_id, '', '', 'not_asked', false, c.person_id, now(), 1);
    insert into public.hearing_opinions values (c.court_id, gen_random_uuid(), h, x, c.case_id, c.party_id, c.side, 'relevance', 'objection', says, seat, c.person_id, now());
    insert into public.transcripts values (c.court_id, h, c.case_id, 'ordinary', says, 1, 1, 'd', null, 1);
    insert into public.transcript_entries values (c.court_id, h, e, c.case_id, 0, 'claims', seat, '雀' || c.court_id, says, null, false, 1, false, 1, c.person_id, now());
    insert into public.transcript_revisions values (c.court_id, h, e, 1, c.case_id, seat, says, false, 'live', null, c.person_id, now());
    insert into public.transcript_objections values (c.court_id, h, o, e, c.case_id, 1, 0, says, says, seat, now(), 'open', null, null, null);
    insert into public.transcript_versions values (c.court_id, h, 1, c.case_id, 'd', '{}', says, c.person_id, now(), null);
    insert into public.hearing_signatures values (c.court_id, gen_random_uuid(), h, seat, c.case_id, 'transcript', 'd', now(), 'handwritten', says, q, null, c.person_id, null);
    insert into public.signing_links values (c.court_id, decode(md5(h::text), 'hex'), h, seat, 'transcript', 'd', now(), null);
    insert into public.hearing_agreements values (c.court_id, h, 1, c.case_id, says, 'd', array[seat], c.person_id, now(), null, null);
    insert into public.recordings (court_id, recording_id, hearing_id, case_id, kind, object_key, size, sha256, sm3, made_at) values (c.court_id, r, h, c.case_id, 'package', h::text, 1, '', '', now());
    insert into public.recording_requests values (c.court_id, q, h, c.case_id, c.person_id, '雀' || c.court_id, c.party_id, 'view', null, null, says, now(), 'open', null, null, null, null);
    insert into public.hearing_papers values (c.court_id, h, seat, leaf, c.case_id, 'id_card', c.person_id, now());
    insert into public.hearing_reads values (c.court_id, h, c.person_id, '00000000-0000-0000-0000-000000000000', h, now());
    insert into public.recording_retention values (c.court_id, c.case_id, 'permanent', '雀' || c.court_id, c.person_id, now());
    insert into public.recording_views values (c.court_id, gen_random_uuid(), r, q, c.person_id, 0, 1, now());
  end loop;
end $$;
