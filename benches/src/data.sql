-- 300,000 filings over the courts, made in the database itself. :courts and :filings are put in by data.rs.
-- Six in ten wait for review, so that at 3,500 courts a page of the queue is still a full page of 50.
set synchronous_commit = off;
insert into filings (court_id, filing_id, number, filer_id, filer_index, kind, cause_code, cause_name, title, amount_fen, state, version, content, digest,
    parties_index, check_report, received_at, clock_from, due_on, due_at, decided_at, created_at)
  select 370001 + g % :courts, ('01900000-0000-7000-8000-' || lpad(to_hex(g), 12, '0'))::uuid, '网立2025-' || lpad(g::text, 6, '0'),
    p.id, array[decode(md5('f' || g % 128), 'hex')], 'civil', '108.3', '民间借贷纠纷',
    '赵' || g % 128 || '与钱' || g || '民间借贷纠纷', g * 100, case when g / :courts % 10 < 6 then 'submitted' else 'refused' end, 1,
    decode(repeat(md5(g::text), 38), 'hex'), md5(g::text) || md5('d' || g),
    array[decode(md5('f' || g % 128), 'hex'), decode(md5('p' || g), 'hex')], '{"items": [], "checked": 128}',
    at, at, (at + interval '7 days')::date, at + interval '7 days', case when g / :courts % 10 >= 6 then at + interval '1 day' end, at
  from (select g, now() - (g / :courts % 8000) * interval '1 minute' as at from generate_series(1, :filings) g) rows
  join party p on p.n = g % 128;
insert into filing_people (court_id, filing_id, person_id, capacity, since) select court_id, filing_id, filer_id, 'filer', received_at from filings;
insert into filing_marks (court_id, mark, filing_id) select court_id, parties_index[2], filing_id from filings;
insert into counters (court_id, name, year, value) select court_id, 'filing', extract(year from now() at time zone 'Asia/Shanghai')::int, 1 from courts;
