-- 补正期限: reminded once before it ends, written down once when it has passed. The rows keep a step that runs twice
-- from acting twice.
alter table corrections add column reminded_at timestamptz;
alter table corrections add column overdue_at timestamptz;
create index corrections_open on corrections (court_id, due_at) where answered_at is null;

-- 撤回: why, in the filer's words.
alter table filings add column withdrawal_reason text;

-- 重复起诉: how the earlier matter stands. A withdrawn or refused one does not stand in the way of a new one, a
-- transferred one is found at the court it went to.
alter table filing_marks add column standing text not null default 'open' check (standing in ('open', 'withdrawn', 'refused', 'transferred'));
alter table filing_marks no force row level security;
alter table filings no force row level security;
update filing_marks m set standing = f.state from filings f
 where f.court_id = m.court_id and f.filing_id = m.filing_id and f.state in ('withdrawn', 'refused', 'transferred');
alter table filings force row level security;
alter table filing_marks force row level security;
-- whoever withdraws a filing of his or her own moves its marks with it
drop policy party_seat on filing_marks;
create policy party_seat on filing_marks as restrictive using (app_seat() is distinct from 'party' or takes_part_in_filing(court_id, filing_id));

-- 到窗口办: what the counter needs to go on with, and nothing it was not given. The content is there only if the
-- person agreed; a claimed mobile number is masked, the name stands as on every paper.
alter table offline_filings add column draft_id uuid;
alter table offline_filings add column who text not null default '';
alter table offline_filings add column mobile_masked text;
alter table offline_filings add column kind text not null default 'civil';
alter table offline_filings add column cause_name text;
alter table offline_filings add column content bytea;             -- sealed JSON, with the person's consent
alter table offline_filings add column agreed_at timestamptz;
alter table offline_filings add column paper_id uuid;
alter table offline_filings add constraint offline_consent check ((content is null) = (agreed_at is null));
alter table offline_filings add foreign key (court_id, paper_id) references papers;
