-- 查阅、复制的副本: what a grant gives is a part of the watching file with the reader's name in the picture, made once and kept
-- as long as the grant.
alter table recording_requests add column copy_key text;
alter table recording_requests add column copy_size bigint;
alter table recording_requests add column copy_sha256 text;
alter table recording_requests add column copy_made_at timestamptz;
