//! Proves the tariff by its tables: the vectors, rows derived from the decree, and what must always hold.

use super::money::yuan;
use super::rates::{Rate, Rates};
use super::reckon::reckon_typed;

fn fee(kind: &str, amount: &str, params: &str) -> String {
    let answer = reckon_typed(kind, amount, params, &Rates::default());
    yuan(answer.unwrap_or_else(|e| panic!("{kind} {amount} {params}: {:?}", e.problem())).fee)
}

fn refusal(kind: &str, amount: &str, params: &str, rates: &Rates) -> &'static str {
    reckon_typed(kind, amount, params, rates).unwrap_err().code
}

#[test]
fn every_fee_vector_holds() {
    let mut reader = csv::Reader::from_reader(include_str!("../../tests/vectors/fees.csv").as_bytes());
    let mut seen = 0;
    for row in reader.records() {
        let row = row.unwrap();
        assert_eq!(fee(&row[1], &row[2], &row[3]), &row[4], "{} {} {} {}", &row[0], &row[1], &row[2], &row[3]);
        seen += 1;
    }
    assert_eq!(seen, 73);
}

#[test]
fn every_fee_derived_from_the_decree_holds() {
    let rows = [
        ("property_acceptance", "5000", "", "50.00"),
        ("property_acceptance", "10000.01", "", "50.00"),
        ("property_acceptance", "50000", "", "1050.00"),
        ("property_acceptance", "100001", "", "2300.02"),
        ("property_acceptance", "200001", "", "4300.02"),
        ("property_acceptance", "500000", "", "8800.00"),
        ("property_acceptance", "1000000", "", "13800.00"),
        ("property_acceptance", "2000000", "", "22800.00"),
        ("property_acceptance", "2000001", "", "22800.01"),
        ("property_acceptance", "5000001", "", "46800.01"),
        ("property_acceptance", "15000000", "", "111800.00"),
        ("property_acceptance", "50000000", "", "291800.00"),
        ("property_acceptance", "500000", "summary;mediated", "4400.00"),
        ("property_acceptance", "500000", "third_party", "4400.00"),
        ("divorce", "0", "base=300", "300.00"),
        ("divorce", "", "base=300", "300.00"),
        ("divorce", "300000", "base=300;mediated", "400.00"),
        ("personality", "0", "base=100", "100.00"),
        ("personality", "", "base=100", "100.00"),
        ("personality", "75000", "base=500", "750.00"),
        ("personality", "100001", "base=500", "1000.01"),
        ("other_nonproperty", "", "base=50", "50.00"),
        ("other_nonproperty", "", "base=100;summary", "50.00"),
        ("labour", "", "", "10.00"),
        ("admin_trademark_patent_maritime", "", "", "100.00"),
        ("admin_other", "", "withdrawn", "25.00"),
        ("jurisdiction_objection_upheld", "", "", "0.00"),
        ("special_procedure", "", "", "0.00"),
        ("ruling_nonacceptance_or_dismissal", "", "", "0.00"),
        ("enforcement", "10000", "", "50.00"),
        ("enforcement", "500000", "", "7400.00"),
        ("enforcement", "5000000", "", "52400.00"),
        ("enforcement", "10000001", "", "77400.00"),
        ("enforcement", "", "base=500", "500.00"),
        ("enforcement_no_amount", "", "base=500", "500.00"),
        ("recognition_foreign_judgment", "100000", "", "1400.00"),
        ("preservation", "", "", "30.00"),
        ("preservation", "1000", "", "30.00"),
        ("preservation", "100000", "", "1020.00"),
        ("preservation", "895999", "", "5000.00"),
        ("preservation", "10000000", "", "5000.00"),
        ("payment_order", "500000", "", "2933.33"),
        ("set_aside_award", "", "", "400.00"),
        ("arbitration_agreement_validity", "", "", "400.00"),
        ("bankruptcy", "111640000", "", "300000.00"),
        ("maritime_limitation_fund", "", "base=1000", "1000.00"),
        ("maritime_limitation_fund", "", "base=10000", "10000.00"),
        ("maritime_injunction", "", "base=5000", "5000.00"),
        ("maritime_lien_notice", "", "base=1000", "1000.00"),
        ("maritime_general_average", "", "", "1000.00"),
        ("multi_nonproperty_claims", "", "base=100", "100.00"),
        ("claim_decrease_refund", "300000->100000", "after end of court investigation", "0.00"),
        ("claim_increase_topup", "100000->300000", "", "3500.00"),
        ("claim_increase_topup", "100000->300000", "summary", "1750.00"),
        ("summary_to_ordinary_topup", "500000", "", "4400.00"),
        ("summary_to_ordinary_unpaid_refund", "500000", "already paid 4400", "2200.00"),
        ("payment_order_to_suit_topup", "100000", "already paid 766.67", "1533.33"),
        ("appeal_property", "300000", "", "5800.00"),
        ("appeal_property", "300000", "appealed part 120000;withdrawn", "1350.00"),
        ("retrial", "300000", "", "0.00"),
        ("retrial", "300000", "new evidence", "5800.00"),
        ("retrial", "300000", "skipped appeal;contested 120000", "2700.00"),
        ("counterclaim", "300000", "", "2900.00"),
        ("third_party_independent_claim", "200000", "", "2150.00"),
        ("counterclaim", "300000", "summary", "2900.00"),
        ("refund", "8800", "outcome=remanded", "8800.00"),
        ("refund", "8800", "outcome=withdrawn", "4400.00"),
        ("refund", "8800", "outcome=suspended", "0.00"),
        ("property_acceptance", "100000", "exchange_rate=7.1;currency=USD", "10900.00"),
    ];
    for (kind, amount, params, wanted) in rows {
        assert_eq!(fee(kind, amount, params), wanted, "{kind} {amount} {params}");
    }
}

#[test]
fn what_a_court_sets_is_asked_for_and_never_guessed() {
    let none = Rates::default();
    let kinds = [
        "divorce",
        "personality",
        "other_nonproperty",
        "ip_no_amount",
        "jurisdiction_objection_rejected",
        "enforcement",
        "maritime_injunction",
        "security_interest",
    ];
    for kind in kinds {
        assert_eq!(refusal(kind, "", "", &none), "fee.rate_unset", "{kind}");
    }
    assert_eq!(refusal("divorce", "", "base=301", &none), "fee.base_out_of_range");
    let guangdong = none.with(Rate::Divorce, 30_000);
    assert_eq!(reckon_typed("divorce", "500000", "", &guangdong).unwrap().fee, 180_000);
    assert_eq!(reckon_typed("divorce", "500000", "base=50", &guangdong).unwrap().fee, 155_000);
}

#[test]
fn what_is_missing_or_does_not_fit_is_said() {
    let none = Rates::default();
    let rows = [
        ("claim_decrease_refund", "300000->100000", "", "fee.param_missing"),
        ("claim_decrease_refund", "100000->300000", "before", "fee.change_direction"),
        ("claim_increase_topup", "300000->100000", "", "fee.change_direction"),
        ("appeal_property", "100000", "contested 100001", "fee.contested_above_amount"),
        ("retrial", "", "new_evidence", "fee.amount_missing"),
        ("refund", "100", "", "fee.param_missing"),
        ("property_acceptance", "1", "rounding=sideways", "fee.param_value"),
        ("property_acceptance", "1000000000000000", "exchange_rate=999999999", "fee.amount_too_large"),
    ];
    for (kind, amount, params, code) in rows {
        assert_eq!(refusal(kind, amount, params, &none), code, "{kind} {amount} {params}");
    }
}

/// Several grounds halve once (I Art 206), and every answer explains itself.
#[test]
fn halving_happens_once_and_steps_end_in_the_fee() {
    let all = "summary;mediated;withdrawn;counterclaim;third_party";
    let mut amount = 1_i64;
    while amount < 200_000_000 {
        let text = amount.to_string();
        let (one, many) = (fee("property_acceptance", &text, "summary"), fee("property_acceptance", &text, all));
        assert_eq!(one, many);
        let answer = reckon_typed("property_acceptance", &text, all, &Rates::default()).unwrap();
        let last = answer.steps.iter().rev().find_map(|l| l.comes_to).unwrap();
        assert_eq!(last, super::money::Exact::fen(answer.fee), "{text}");
        assert!(answer.basis.contains("第二百零六条"));
        amount = amount * 3 + 7;
    }
}

/// A claim that grows never costs less, whatever the way of rounding.
#[test]
fn monotone_under_every_rounding() {
    for (word, _) in super::money::Rounding::ALL {
        for kind in ["property_acceptance", "enforcement", "preservation", "payment_order", "bankruptcy"] {
            let mut last = 0;
            let mut amount = 1_i64;
            while amount < 400_000_000 {
                let answer = reckon_typed(kind, &amount.to_string(), &format!("rounding={word}"), &Rates::default()).unwrap();
                assert!(answer.fee >= last, "{kind} {amount} {word}");
                last = answer.fee;
                amount += amount / 5 + 1;
            }
        }
    }
}
