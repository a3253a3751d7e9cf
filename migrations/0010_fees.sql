-- 诉讼费用 (诉讼费用交纳办法). Money is fen. What is owed, paid, given back is read from the ledger; the rows beside it
-- say why. Nothing here has a place for a card, an account or a payer's name at the payment channel.

-- A bill: one fee of one case, assessed by the tariff with its steps, to be paid by a day.
create table fee_bills (
  court_id     int not null references courts,
  bill_id      uuid not null,
  case_id      uuid not null,
  party_id     uuid not null,                  -- who prepays it (Art 20)
  purpose      text not null check (purpose in ('acceptance', 'application', 'counterclaim', 'appeal', 'top_up', 'other')),
  fee_kind     text not null,                  -- of the tariff
  amount       text not null,                  -- as asked of the tariff: 50000.00, 300000->100000
  params       text not null,
  full_fen     bigint not null check (full_fen >= 0),
  steps        jsonb not null,                 -- [{zh, en, comes_to}]
  basis        text not null,
  state        text not null check (state in ('open', 'paid', 'waived', 'deferred', 'unpaid', 'cancelled')),
  noticed_at   timestamptz not null,           -- the notice; the clock starts the day after it arrives (Art 22)
  due_at       timestamptz,                    -- none while the calendar or service does not say
  assessed_by  uuid,
  paper_id     uuid,
  receipt_id   uuid,
  version      int not null,
  primary key (court_id, bill_id),
  foreign key (court_id, case_id) references cases,
  foreign key (court_id, case_id, party_id) references case_parties
);
call wall_court('fee_bills');
create index fee_bills_case on fee_bills (court_id, case_id);
create index fee_bills_open on fee_bills (court_id, due_at) where state = 'open';
create policy party_seat on fee_bills as restrictive for select using (
  case when app_seat() = 'party' then takes_part_in_case(court_id, case_id)
       when app_seat() = 'staff' then open_case(court_id, case_id) else true end);
create policy own_rows on fee_bills for select using (app_scope() = 'person' and takes_part_in_case(court_id, case_id));

-- An order at a payment channel. Its id, with the court in front, is the order number there.
create table fee_orders (
  court_id       int not null references courts,
  order_id       uuid not null,
  bill_id        uuid not null,
  person_id      uuid not null,                -- who pressed 交费
  channel        text not null check (channel in ('wechat')),
  form           text not null check (form in ('native', 'h5')),
  order_no       text not null,
  total_fen      bigint not null check (total_fen > 0),
  state          text not null check (state in ('placing', 'open', 'paid', 'closed')),
  code_url       text,
  made_at        timestamptz not null,
  expires_at     timestamptz not null,
  transaction_id text,
  paid_at        timestamptz,
  primary key (court_id, order_id),
  unique (court_id, order_no),
  unique (court_id, transaction_id),
  foreign key (court_id, bill_id) references fee_bills
);
call wall_court('fee_orders');
create index fee_orders_bill on fee_orders (court_id, bill_id);
create policy party_seat on fee_orders as restrictive for select using (
  app_seat() is null or app_seat() = 'system'
  or exists (select 1 from fee_bills b where b.court_id = fee_orders.court_id and b.bill_id = fee_orders.bill_id));

-- Notifications taken: one taken twice changes nothing.
create table fee_notifications (
  court_id        int not null,
  notification_id text not null,
  taken_at        timestamptz not null,
  primary key (court_id, notification_id)
);
call wall_court('fee_notifications');
create policy house_only on fee_notifications as restrictive using (app_seat() = 'system');

-- 银行转账: what arrived at the court's account, as its cashier reads it off the statement; matched by hand.
create table fee_transfers (
  court_id    int not null references courts,
  transfer_id uuid not null,
  received_on date not null,
  fen         bigint not null check (fen > 0),
  reference   text not null,                   -- the statement's own number of the entry, not an account
  remark      text not null,                   -- 附言, where payers write the case number
  entered_by  uuid not null,
  entered_at  timestamptz not null,
  bill_id     uuid,
  matched_by  uuid,
  matched_at  timestamptz,
  primary key (court_id, transfer_id),
  unique (court_id, reference),
  foreign key (court_id, bill_id) references fee_bills
);
call wall_court('fee_transfers');
create policy court_people on fee_transfers as restrictive using (app_seat() in ('staff', 'system'));

-- 退费 (F05; Art 53): asked, approved by a second person, sent, done with its proof.
create table fee_refunds (
  court_id      int not null references courts,
  refund_id     uuid not null,
  bill_id       uuid not null,
  order_id      uuid,                          -- the payment it goes back along; none for a bank transfer
  refund_no     text not null,
  fen           bigint not null check (fen > 0),
  ground        text not null check (ground in ('overpaid', 'paid_twice', 'paid_late', 'halved', 'lowered', 'remanded', 'dismissed', 'transferred', 'relief', 'winner', 'other')),
  reason        text not null,
  state         text not null check (state in ('asked', 'approved', 'refused', 'sent', 'done', 'failed')),
  asked_by      uuid,                          -- none when the house saw a surplus
  asked_at      timestamptz not null,
  decided_by    uuid,
  decided_at    timestamptz,
  decision      text,
  due_at        timestamptz,                   -- 15 days (Art 53)
  channel_no    text,
  done_at       timestamptz,
  paper_id      uuid,
  primary key (court_id, refund_id),
  unique (court_id, refund_no),
  foreign key (court_id, bill_id) references fee_bills,
  foreign key (court_id, order_id) references fee_orders,
  constraint two_people check (decided_by is null or asked_by is null or decided_by <> asked_by)
);
call wall_court('fee_refunds');
create index fee_refunds_bill on fee_refunds (court_id, bill_id);
create policy party_seat on fee_refunds as restrictive for select using (
  app_seat() is null or app_seat() = 'system'
  or exists (select 1 from fee_bills b where b.court_id = fee_refunds.court_id and b.bill_id = fee_refunds.bill_id));

-- 司法救助 (Art 44-51): deferral, reduction (30 % at least), exemption (natural persons).
create table fee_reliefs (
  court_id   int not null references courts,
  relief_id  uuid not null,
  bill_id    uuid not null,
  person_id  uuid not null,
  kind       text not null check (kind in ('defer', 'reduce', 'exempt')),
  grounds    bytea not null,                   -- sealed: why a person cannot pay
  state      text not null check (state in ('asked', 'granted', 'refused')),
  asked_at   timestamptz not null,
  percent    int check (percent between 30 and 100),
  until      date,
  decision   text,
  decided_by uuid,
  decided_at timestamptz,
  paper_id   uuid,
  primary key (court_id, relief_id),
  foreign key (court_id, bill_id) references fee_bills
);
call wall_court('fee_reliefs');
create policy party_seat on fee_reliefs as restrictive for select using (
  case when app_seat() = 'party' then person_id = app_person()
       when app_seat() = 'staff' then exists (select 1 from fee_bills b where b.court_id = fee_reliefs.court_id and b.bill_id = fee_reliefs.bill_id)
       else true end);

-- 对账: where our books and the channel's bill of a day differ.
create table fee_differences (
  court_id   int not null references courts,
  day        date not null,
  order_no   text not null,
  what       text not null check (what in ('missing_here', 'missing_there', 'amount', 'refund_missing_here', 'refund_missing_there', 'refund_amount')),
  ours_fen   bigint,
  theirs_fen bigint,
  found_at   timestamptz not null,
  settled_at timestamptz,
  settled_by uuid,
  note       text,
  primary key (court_id, day, order_no, what)
);
call wall_court('fee_differences');
create policy court_people on fee_differences as restrictive using (app_seat() in ('staff', 'system'));

-- The ledger: entries of two or more postings whose sum is nothing. Written once, never changed.
create table ledger_entries (
  court_id int not null references courts,
  entry_id uuid not null,
  at       timestamptz not null,
  what     text not null,
  bill_id  uuid,
  ref      text not null,                      -- payment, refund, bill: what it was booked for
  primary key (court_id, entry_id),
  unique (court_id, what, ref),                -- the same cause is booked once
  foreign key (court_id, bill_id) references fee_bills
);
create table ledger_postings (
  court_id int not null,
  entry_id uuid not null,
  n        int not null,
  account  text not null check (account in ('receivable', 'fees', 'wechat', 'bank', 'owed_back', 'unmatched')),
  fen      bigint not null check (fen <> 0),
  primary key (court_id, entry_id, n),
  foreign key (court_id, entry_id) references ledger_entries
);
call wall_court('ledger_entries');
call wall_court('ledger_postings');
revoke update on ledger_entries, ledger_postings from lianting_app;
create index ledger_entries_bill on ledger_entries (court_id, bill_id);
create policy party_seat on ledger_entries as restrictive for select using (
  app_seat() is null or app_seat() = 'system' or bill_id is null and app_seat() = 'staff'
  or exists (select 1 from fee_bills b where b.court_id = ledger_entries.court_id and b.bill_id = ledger_entries.bill_id));
create policy party_seat on ledger_postings as restrictive for select using (
  app_seat() is null or app_seat() = 'system'
  or exists (select 1 from ledger_entries e where e.court_id = ledger_postings.court_id and e.entry_id = ledger_postings.entry_id));
create function ledger_balances() returns trigger language plpgsql as $$
begin
  -- a sum nobody may see is no balance
  if coalesce((select sum(fen) from ledger_postings where court_id = new.court_id and entry_id = new.entry_id), 1) <> 0 then
    raise exception 'ledger entry % does not balance', new.entry_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger ledger_sum_zero after insert on ledger_postings
  deferrable initially deferred for each row execute function ledger_balances();
create constraint trigger ledger_has_postings after insert on ledger_entries
  deferrable initially deferred for each row execute function ledger_balances();
