//! 诉讼费计算 and 期限计算: open to everybody, step by step, by the rules of the court that is named.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde_json::{Value, json};

use crate::kit::{Answer, LIXIA, World};

fn query(pairs: &[(&str, &str)]) -> String {
    let said = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={}", said(v))).collect::<Vec<_>>().join("&")
}

async fn fee(w: &World, pairs: &[(&str, &str)]) -> Answer {
    w.nobody(Method::GET, format!("/calculators/fee?{}", query(pairs))).send().await
}

async fn deadline(w: &World, pairs: &[(&str, &str)]) -> Answer {
    w.nobody(Method::GET, format!("/calculators/deadline?{}", query(pairs))).send().await
}

fn keys(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|i| i["key"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anybody_reckons_a_fee_and_sees_every_tier() {
    let w = World::new().await;
    let mut reader = csv::Reader::from_reader(include_str!("../vectors/fees.csv").as_bytes());
    for row in reader.records().map(Result::unwrap) {
        let answer = fee(&w, &[("kind", &row[1]), ("amount", &row[2]), ("params", &row[3])]).await.ok();
        assert_eq!(answer["fee"], json!(&row[4]), "{} {answer}", &row[0]);
        assert!(!answer["steps"].as_array().unwrap().is_empty() && !answer["basis"].as_str().unwrap().is_empty(), "{answer}");
    }
    let tiers = fee(&w, &[("kind", "property_acceptance"), ("amount", "300000")]).await.ok();
    let amounts: Vec<&str> = tiers["steps"].as_array().unwrap().iter().filter_map(|s| s["amount"].as_str()).collect();
    assert_eq!((amounts, &tiers["meaning"]), (vec!["50.00", "2250.00", "2000.00", "1500.00", "5800.00"], &json!("pay")));
    assert!(tiers["steps"][1]["text"].as_str().unwrap().contains("2.5%") && tiers["steps"][1]["text_en"].is_string(), "{tiers}");
    // a plus that nobody escaped arrives as a blank
    let sum = w.nobody(Method::GET, "/calculators/fee?kind=multi_property_claims_sum&amount=60000+40000").send().await.ok();
    assert_eq!(sum["fee"], json!("2300.00"));
    let lowered = [("kind", "claim_decrease_refund"), ("amount", "300000->100000"), ("params", "before end of court investigation")];
    assert_eq!(fee(&w, &lowered).await.ok()["meaning"], json!("refund"));
    // every kind that is listed can be asked for by its key
    let kinds = w.nobody(Method::GET, "/calculators/fee/kinds").send().await.ok();
    assert!(keys(&kinds).len() >= 45, "{}", keys(&kinds).len());
    for key in keys(&kinds) {
        let params = "base=100";
        let answer = fee(&w, &[("kind", &key), ("amount", "1"), ("params", params)]).await;
        assert!(answer.status == 200 || answer.value()["code"] != json!("fee.kind_unknown"), "{key}: {}", answer.text());
    }
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_figure_the_court_has_not_set_is_asked_for() {
    let w = World::new().await;
    let admin = w.staff("王管", LIXIA, "court_admin").await;
    let court = LIXIA.to_string();
    let asked = [("kind", "divorce"), ("amount", "500000"), ("court", court.as_str())];
    let problem = fee(&w, &asked).await.refused(422, "fee.rate_unset");
    assert!(problem["detail"].as_str().unwrap().contains("50 元至 300 元") && problem["field"] == json!("/params/base"), "{problem}");
    let order = json!({
        "value": { "divorce_base_fen": 20_000, "rounding_mode": "half_up", "payment_days": 7, "refund_days": 15 },
        "basis": "本省诉讼费用交纳标准", "valid_from": "2026-11-23"
    });
    admin.put(admin.at("/rules/fees"), order.clone()).await.ok();
    let answer = fee(&w, &asked).await.ok();
    assert_eq!((&answer["fee"], answer["basis"].as_str().unwrap().contains("本省诉讼费用交纳标准")), (&json!("1700.00"), true), "{answer}");
    assert_eq!(answer["court_name"], json!("济南市历下区人民法院"));
    // no court sets a figure outside the decree
    let mut outside = order;
    outside["value"]["divorce_base_fen"] = json!(30_001);
    admin.put(admin.at("/rules/fees"), outside).await.refused(422, "rule.value_invalid");
    fee(&w, &[("kind", "divorce"), ("params", "base=301")]).await.refused(422, "fee.base_out_of_range");
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_reckoned_is_said_by_field() {
    let w = World::new().await;
    let rows = [
        ("parking", "1", "", "fee.kind_unknown", "/kind"),
        ("property_acceptance", "", "", "fee.amount_missing", "/amount"),
        ("property_acceptance", "-1", "", "fee.amount_negative", "/amount"),
        ("property_acceptance", "drop table", "", "fee.amount_unreadable", "/amount"),
        ("property_acceptance", "1.234", "", "fee.amount_decimals", "/amount"),
        ("property_acceptance", "99999999999999999999999", "", "fee.amount_too_large", "/amount"),
        ("property_acceptance", "1", "discount", "fee.param_unknown", "/params"),
        ("labour", "", "base=5", "fee.param_not_for_kind", "/params/base"),
    ];
    for (kind, amount, params, code, field) in rows {
        let problem = fee(&w, &[("kind", kind), ("amount", amount), ("params", params)]).await.refused(422, code);
        assert_eq!(problem["field"], json!(field), "{problem}");
    }
    fee(&w, &[("kind", "labour"), ("court", "1")]).await.refused(422, "calculator.court_unknown");
    deadline(&w, &[("rule", "payment"), ("trigger", "2024-03-04"), ("court", "历下")]).await.refused(422, "calculator.court_unknown");
    fee(&w, &[]).await.refused(422, "fee.kind_missing");
    deadline(&w, &[]).await.refused(422, "deadline.rule_missing");
    // empty is the same as absent
    w.nobody(Method::GET, "/calculators/fee?kind=labour&amount=&params=&court=").send().await.ok();
    w.nobody(Method::GET, "/calculators/deadline?rule=payment&trigger=2024-03-04&mode=&court=&pauses=").send().await.ok();
    let rows = [
        ("lunch", "2024-03-04", "", "deadline.rule_unknown", "/rule"),
        ("payment 8d", "2024-03-04", "", "deadline.rule_length", "/rule"),
        ("payment", "someday", "", "deadline.trigger_unreadable", "/trigger"),
        ("payment", "2026-12-28", "", "deadline.calendar_unknown", "/trigger"),
        ("payment", "2024-03-04", "A", "deadline.mode_not_for_rule", "/mode"),
        ("payment", "2024-03-04", "quickly", "deadline.mode_unknown", "/mode"),
        ("preservation_urgent", "2024-03-04", "", "deadline.moment_needed", "/trigger"),
    ];
    for (rule, trigger, mode, code, field) in rows {
        let problem = deadline(&w, &[("rule", rule), ("trigger", trigger), ("mode", mode)]).await.refused(422, code);
        assert_eq!(problem["field"], json!(field), "{problem}");
    }
    w.end().await;
}

// proves: L42 B61
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anybody_counts_a_deadline_and_sees_how() {
    let w = World::new().await;
    let mut reader = csv::Reader::from_reader(include_str!("../vectors/deadlines.csv").as_bytes());
    for row in reader.records().map(Result::unwrap) {
        let answer = deadline(&w, &[("rule", &row[1]), ("trigger", &row[2])]).await.ok();
        assert_eq!(answer["due"], json!(&row[4]), "{} {answer}", &row[0]);
        if !row[5].is_empty() {
            assert_eq!(answer["weekday"], json!(&row[5]), "{} {answer}", &row[0]);
        }
    }
    let rolled = deadline(&w, &[("rule", "appeal_judgment"), ("trigger", "2024-09-19")]).await.ok();
    assert_eq!(
        (&rolled["raw"], &rolled["rolled_from"], &rolled["due_at"], &rolled["clock"]["total_days"]),
        (&json!("2024-10-04"), &json!("2024-10-04"), &json!("2024-10-08T16:00:00+00:00"), &json!(19)),
        "{rolled}"
    );
    let urgent = deadline(&w, &[("rule", "preservation_urgent"), ("trigger", "2024-04-03T16:30")]).await.ok();
    assert_eq!((&urgent["due_is"], &urgent["alarm_at"]), (&json!("moment"), &json!("2024-04-05T08:30:00+00:00")), "{urgent}");
    let asked = [("rule", "appeal_judgment"), ("trigger", "2024-05-20"), ("travel_days", "4"), ("obstacle_ended", "2024-06-20")];
    let longer = deadline(&w, &asked).await.ok();
    assert_eq!((&longer["due"], &longer["excuse_by"]), (&json!("2024-06-11"), &json!("2024-07-01")), "{longer}");
    // the court's own rule: 历下 reads the lead of a hearing in mode A and does not roll internal limits
    let court = LIXIA.to_string();
    let here = deadline(&w, &[("rule", "hearing_notice"), ("trigger", "2024-03-04"), ("court", &court)]).await.ok();
    assert_eq!((&here["due"], &here["court_name"]), (&json!("2024-03-07"), &json!("济南市历下区人民法院")), "{here}");
    let limit = deadline(&w, &[("rule", "trial_summary"), ("trigger", "2024-07-04"), ("court", &court)]).await.ok();
    assert_eq!(limit["due"], json!("2024-10-04"), "{limit}");
    // every period that is listed is counted by its key
    let rules = w.nobody(Method::GET, "/calculators/deadline/rules").send().await.ok();
    assert!(keys(&rules).len() > 120 && rules["known_until"] == json!("2026-12-31"), "{}", keys(&rules).len());
    for key in keys(&rules) {
        deadline(&w, &[("rule", &key), ("trigger", "2021-04-03T16:30")]).await.ok();
    }
    w.end().await;
}
