//! Sums over the whole database that are nought in every world.

/// What no story may leave behind.
pub const SUMS: &[(&str, &str)] = &[
    (
        "every entry of the ledger balances",
        "select count(*) from (select 1 from ledger_entries e left join ledger_postings p using (court_id, entry_id) group by e.court_id, e.entry_id having coalesce(sum(p.fen), 1) <> 0) g",
    ),
    (
        "a bill owes nothing below zero, and is paid exactly when nothing of it is owed",
        "select count(*) from (select b.state, coalesce(sum(p.fen) filter (where p.account = 'receivable'), 0) as owed, -coalesce(sum(p.fen) filter (where p.account = 'owed_back'), 0) as back
           from fee_bills b left join ledger_entries e on e.court_id = b.court_id and e.bill_id = b.bill_id left join ledger_postings p on p.court_id = e.court_id and p.entry_id = e.entry_id
          group by b.court_id, b.bill_id, b.state) g where owed < 0 or back < 0 or (state = 'paid' and owed <> 0) or (state in ('unpaid', 'cancelled', 'waived') and owed <> 0)",
    ),
    (
        "case numbers are gapless per court, year and type",
        "select count(*) from (select court_id, year, type_code from cases group by 1, 2, 3 having max(serial) <> count(*) or min(serial) <> 1) g",
    ),
    (
        "an accepted filing has its case, and no other has one",
        "select count(*) from filings f where (state = 'accepted') <> exists (select from cases c where c.court_id = f.court_id and c.filing_id = f.filing_id)",
    ),
    (
        "a file has leaves numbered from 1 without a gap",
        "select count(*) from (select court_id, case_id from leaves group by 1, 2 having max(n) <> count(*)) g",
    ),
    ("a clock is set for every filing", "select count(*) from filings where due_at < clock_from"),
    ("personal data is sealed", "select count(*) from filings where content::text like '%' || encode('身份证'::bytea, 'hex') || '%'"),
];
