-- 电子印章: who sealed a paper's file and when, and the time stamp that came after it.
--
-- The file itself never changes once it is set: certificates of service name its digest. So a stamp the authority
-- could not give at once is kept here, beside the file, and `lianting verify --stamp` reads both.

alter table papers
  add column sealed_at   timestamptz,   -- by our clock; empty: the file carries no seal
  add column sealed_by   text,          -- the court of the certificate
  add column seal_serial text,          -- its number
  add column stamped_at  timestamptz,   -- the moment the time stamp proves
  add column stamp       bytea,         -- the token, where it is not in the file
  add constraint papers_stamp_of_a_seal check (sealed_at is not null or (stamped_at is null and stamp is null)),
  add constraint papers_seal_whole check ((sealed_at is null) = (sealed_by is null) and (sealed_at is null) = (seal_serial is null)),
  add constraint papers_sealed_when_set check (state = 'ready' or sealed_at is null);
