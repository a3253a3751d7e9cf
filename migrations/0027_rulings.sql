-- 对裁定的上诉: a ruling that may be appealed says which of the three it is (民事诉讼法 Art 157, 171); an appeal says
-- against what it is, one each; the case above knows it, for its number, its limit and its fee follow it.
alter table service_papers add column ruling text check (ruling in ('not_accepted', 'jurisdiction', 'dismissed'));
alter table appeals add column against text not null default 'judgment'
  check (against in ('judgment', 'not_accepted', 'jurisdiction', 'dismissed'));
alter table appeals drop constraint appeals_court_id_case_id_party_id_key;
alter table appeals add constraint appeals_once unique (court_id, case_id, party_id, against);
alter table filings add column origin_against text;
alter table cases add column origin_against text;

-- 退卷: the court above gives the file back with what it decided.
alter table cases add column file_returned_at timestamptz;
alter table cases add column file_returned_by uuid;
alter table appeals drop constraint appeals_state_check;
alter table appeals add constraint appeals_state_check check (state in ('filed', 'sent_up', 'returned'));
alter table appeals add column returned_at timestamptz;
alter table appeals add column second_number text;
alter table appeals add column second_how text;

-- 授权委托书载明代理至二审: a power is for one instance unless it says more (民事诉讼法 Art 62).
alter table representatives add column on_appeal boolean not null default false;
