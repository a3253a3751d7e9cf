//! 排期的规则: what may be held at all, kind by kind and bar by bar; how early; by whose consent; over several days.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::kit::{LIXIA, Person, SHIZHONG, World, beijing};
use crate::story_hearings::{Case, courtroom, docketed, text};

const REASON: &str = "双方在庭前会议中已经核对过原件，没有争议";

impl Case {
    /// What the check says of an order; nothing is saved.
    async fn checked(&self, order: &Value) -> Value {
        self.clerk.post(self.path("/hearings/check"), order.clone()).await.ok()
    }

    fn consent(&self, side: &str, step: &str, agrees: bool) -> Value {
        json!({ "party_id": self.party(side), "step": step, "agrees": agrees, "told_version": "2026-1" })
    }
}

async fn rule(admin: &Person, key: &str, value: Value) {
    let order = json!({ "value": value, "basis": "本院审判管理办公室 2026 年第 8 号通知", "valid_from": "2026-11-23", "note": "试行" });
    admin.put(admin.at(&format!("/rules/{key}")), order).await.ok();
}

// proves: A01 A02 A03 A05 A07 L21
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_held_online_is_decided_before_it_is_fixed() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let c = docketed(&w, LIXIA, &zhao, "summary").await;
    let room = courtroom(&w, LIXIA).await;
    let at = w.now() + TimeDelta::days(7);
    // nine kinds, each a session of its own
    let kinds = [
        "pretrial_meeting",
        "evidence_exchange",
        "inquiry",
        "trial",
        "mediation",
        "pronouncement",
        "questioning",
        "arraignment",
        "service",
    ];
    for (n, kind) in kinds.into_iter().enumerate() {
        let day = at + TimeDelta::days(i64::try_from(n).unwrap());
        let made = c.clerk.post(c.path("/hearings"), c.order(kind, day, Some(&room))).await.ok();
        assert_eq!((&made["summary"]["kind"], &made["summary"]["state"]), (&json!(kind), &json!("scheduled")));
    }
    for secret in ["panel_deliberation", "judges_meeting", "judicial_committee"] {
        c.clerk.post(c.path("/hearings/check"), c.order(secret, at, Some(&room))).await.refused(422, "hearing.trial_secret");
    }
    // closed by law: never online here; in court with its reason
    let at = at + TimeDelta::days(20);
    for why in ["state_secret", "privacy", "divorce_on_application", "trade_secret_on_application", "accused_under18", "other_law"] {
        let mut order = c.order("trial", at, Some(&room));
        (order["public"], order["closed_by"], order["closed_reason"]) = (json!(false), json!(why), json!("当事人申请，依法不公开审理"));
        let said = c.checked(&order).await;
        assert_eq!((&said["fault"]["code"], &said["findings"][0]["code"]), (&json!("hearing.unsuitable"), &json!("closed")), "{why}");
        order["online"] = json!(false);
        assert!(c.checked(&order).await.get("fault").is_none(), "{why}: everybody comes to court");
    }
    bars(&c, &room).await;
    // another kind of case than the court hears online
    w.run(&format!("update cases set kind = 'enforcement' where case_id = '{}'", c.case.id)).await;
    let said = c.checked(&c.order("inquiry", at, Some(&room))).await;
    assert_eq!((&said["fault"]["code"], &said["findings"][0]["code"]), (&json!("hearing.unsuitable"), &json!("scope")));
    w.run(&format!("update cases set kind = 'civil' where case_id = '{}'", c.case.id)).await;
    w.end().await;
}

/// The seven bars: some refuse, some ask a judge for reasons, and what was found is kept with the hearing.
async fn bars(c: &Case, room: &Value) {
    let at = beijing("2027-01-18T09:00:00");
    let parties = [c.party("plaintiff"), c.party("defendant")];
    let bar = |is: &str, text: &str| json!({ "is": is, "text": text });
    let raised = bar("raised", "被告要求到庭核对原件");
    let cases = [
        (json!({ "objections": parties.iter().map(|p| json!({ "party_id": p, "bar": raised })).collect::<Vec<_>>() }), 1, "refuse"),
        (json!({ "objections": [{ "party_id": parties[1], "bar": raised }] }), 1, "ask_reason"),
        (json!({ "unable": parties }), 2, "refuse"),
        (json!({ "on_site": raised }), 3, "ask_reason"),
        (json!({ "on_site": bar("found", REASON) }), 3, "refuse"),
        (json!({ "complex": raised }), 4, "ask_reason"),
        (json!({ "security": true }), 5, "refuse"),
        (json!({ "attention": raised }), 6, "ask_reason"),
        (json!({ "other": bar("found", REASON) }), 7, "refuse"),
    ];
    for (facts, n, weight) in cases {
        let mut order = c.order("trial", at, Some(room));
        order["facts"] = facts.clone();
        let said = c.checked(&order).await;
        let found = &said["findings"][0];
        assert_eq!(
            (&found["bar"], &found["weight"], &said["fault"]["code"]),
            (&json!(n), &json!(weight), &json!("hearing.unsuitable")),
            "{facts}"
        );
        assert!(text(&found["article"]).contains("二十一"), "{found}");
        c.clerk.post(c.path("/hearings"), order).await.refused(422, "hearing.unsuitable");
    }
    let mut order = c.order("trial", at, Some(room));
    order["facts"] = json!({ "on_site": bar("dismissed", REASON) });
    let made = c.clerk.post(c.path("/hearings"), order).await.ok();
    assert_eq!(made["findings"], json!([]), "a judge answered it");
}

// proves: A04
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn criminal_cases_need_the_courts_rule_every_consent_and_a_judgement() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let c = docketed(&w, LIXIA, &zhao, "ordinary").await;
    let (room, admin) = (courtroom(&w, LIXIA).await, w.staff("王管", LIXIA, "court_admin").await);
    w.run(&format!("update cases set kind = 'criminal' where case_id = '{}'", c.case.id)).await;
    let order = |criminal: Value| {
        let mut order = c.order("trial", w.now() + TimeDelta::days(7), Some(&room));
        order["facts"] = json!({ "criminal": criminal });
        order
    };
    let full = json!({ "prosecution_agrees": true, "accused_agrees": true, "defender_agrees": true, "effect_judged": "案情简单，各方无争议，不会引发不良社会效果" });
    assert_eq!(c.checked(&order(full.clone())).await["findings"][0]["code"], json!("scope"), "not opened here");
    rule(&admin, "criminal_online", json!(true)).await;
    assert!(c.checked(&order(full.clone())).await.get("fault").is_none());
    let mut without = full.clone();
    without["effect_judged"] = Value::Null;
    let said = c.checked(&order(without)).await;
    assert_eq!((&said["findings"][0]["code"], &said["findings"][0]["weight"]), (&json!("social_effect"), &json!("ask_reason")));
    for who in ["prosecution_agrees", "accused_agrees", "defender_agrees"] {
        let mut one = full.clone();
        one[who] = json!(false);
        assert_eq!(c.checked(&order(one)).await["findings"][0]["weight"], json!("refuse"), "{who}");
    }
    w.run(&format!("update cases set kind = 'civil' where case_id = '{}'", c.case.id)).await;
    w.end().await;
}

// proves: H02 B29
// part of L41
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_days_here_and_three_working_days_there() {
    let w = World::new().await;
    let (zhao, sun) = (w.party("赵文博").await, w.party("孙晓梅").await);
    let (here, there) = (docketed(&w, LIXIA, &zhao, "ordinary").await, docketed(&w, SHIZHONG, &sun, "summary").await);
    let (room, other) = (courtroom(&w, LIXIA).await, courtroom(&w, SHIZHONG).await);
    let admin = w.staff("王管", SHIZHONG, "court_admin").await;
    rule(&admin, "notice_lead", json!({ "unit": "working_days", "n": 3 })).await;
    // Thursday: three days on is Sunday, three working days on is Tuesday
    let thursday = beijing("2026-11-26T10:00:00");
    w.turn_to(thursday).await;
    let sunday = c_days(&here, &room, thursday, 3).await;
    assert_eq!((&sunday["earliest_on"], &sunday["lead_binds"]), (&json!("2026-11-29"), &json!(true)));
    assert!(text(&sunday["lead_article"]).contains("一百三十九"), "{sunday}");
    // online there, for its rule is about online hearings
    there.plaintiff.post(there.path("/online-consents"), there.consent("plaintiff", "hearing", true)).await.ok();
    let monday = c_days(&there, &other, thursday, 4).await;
    assert_eq!(
        (&monday["earliest_on"], &monday["lead_binds"], &monday["fault"]["code"]),
        (&json!("2026-12-01"), &json!(false), &json!("hearing.soon_reason"))
    );
    let mut order = there.order("trial", thursday + TimeDelta::days(4), Some(&other));
    there.clerk.post(there.path("/hearings"), order.clone()).await.refused(422, "hearing.soon_reason");
    order["soon_reason"] = json!("急");
    there.clerk.post(there.path("/hearings"), order.clone()).await.refused(422, "hearing.reason");
    order["soon_reason"] = json!("双方当事人都要求尽快开庭，放弃期间利益");
    there.clerk.post(there.path("/hearings"), order).await.ok();
    // the free ones begin where the lead ends
    let free = monday["free"].as_array().unwrap();
    assert!(free.len() > 5 && free.iter().all(|s| text(&s["from"]).as_str() >= "2026-12-01"), "{free:?}");
    w.end().await;
}

async fn c_days(c: &Case, room: &Value, from: chrono::DateTime<chrono::Utc>, days: i64) -> Value {
    c.checked(&c.order("trial", from + TimeDelta::days(days), Some(room))).await
}

// proves: A06 L04 L05
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sits_online_is_decided_party_by_party_and_step_by_step() {
    let w = World::new().await;
    let (zhao, qian) = (w.party("赵文博").await, w.party("钱五").await);
    let c = crate::story_hearings::docketed_against(&w, LIXIA, &zhao, &crate::kit::matter::known_by_number(&qian), "summary").await;
    qian.joins(&c.clerk.reads_join_code(&c.case).await).await.ok();
    let at = w.now() + TimeDelta::days(7);
    let held = async |order: &Value| text(&c.checked(order).await["held"]);
    let order = c.order("trial", at, None);
    // told before: with a version of the words, or it does not count
    let mut untold = c.consent("plaintiff", "hearing", true);
    untold["told_version"] = json!("2020-1");
    zhao.post(c.path("/online-consents"), untold).await.refused(422, "consent.not_told");
    // for mediation only: nothing follows for the hearing
    zhao.post(c.path("/online-consents"), c.consent("plaintiff", "mediation", true)).await.ok();
    assert_eq!(held(&order).await, "offline");
    zhao.post(c.path("/online-consents"), c.consent("plaintiff", "hearing", true)).await.ok();
    assert_eq!(held(&order).await, "hybrid");
    c.clerk.post(c.path("/hearings"), order.clone()).await.refused(422, "hearing.needs_courtroom");
    // for oneself only; the court asks who has not answered
    zhao.post(c.path("/online-consents"), c.consent("defendant", "hearing", true)).await.refused(404, "not_found");
    let asked = c.clerk.post(c.path("/online-invitations"), json!({ "step": "hearing" })).await.ok();
    assert_eq!(asked["asked"], json!(1));
    let letters = w.events("sms.send").await;
    let letter = letters.iter().find(|l| l["template"] == "online_invitation").unwrap();
    assert_eq!(letter["person"], json!(qian.id));
    let mut yes = c.consent("defendant", "hearing", true);
    yes["invited"] = json!(true);
    let ledger = qian.post(c.path("/online-consents"), yes).await.ok();
    let of = |side: &str| {
        let entry = ledger["items"].as_array().unwrap().iter().find(|e| e["party_id"] == c.party(side) && e["step"] == "hearing").unwrap();
        (entry["invited"].clone(), entry["proof"].clone(), entry["told"].clone(), !text(&entry["at"]).is_empty())
    };
    assert_eq!(of("plaintiff"), (json!(false), json!("platform_tick"), json!(true), true));
    assert_eq!(of("defendant"), (json!(true), json!("platform_tick"), json!(true), true));
    assert_eq!(held(&order).await, "online");
    // one asks that the other comes: a judge decides, with reasons
    let mut comes = order.clone();
    comes["participants"][3]["mode"] = json!("in_court");
    c.clerk.post(c.path("/hearings/check"), comes.clone()).await.refused(422, "hearing.participant");
    comes["participants"][3]["mode_reason"] = json!("原告申请对方到庭核对借条原件，理由成立");
    assert_eq!(held(&comes).await, "hybrid");
    // all online needs no courtroom; taken back in time it needs one
    let made = c.clerk.post(c.path("/hearings"), order).await.ok();
    let path = format!("/courts/{LIXIA}/hearings/{}", text(&made["summary"]["id"]));
    assert_eq!((&made["summary"]["held"], &made["summary"]["needs_courtroom"]), (&json!("online"), &json!(false)));
    qian.post(c.path("/online-consents"), c.consent("defendant", "hearing", false)).await.ok();
    let shown = c.clerk.get(&path).await.ok();
    assert_eq!((&shown["summary"]["held"], &shown["summary"]["needs_courtroom"]), (&json!("hybrid"), &json!(true)));
    // too late to take it back by oneself
    w.turn_to(at - TimeDelta::hours(3)).await;
    zhao.post(c.path("/online-consents"), c.consent("plaintiff", "hearing", false)).await.refused(422, "hearing.withdrawal_late");
    w.end().await;
}

// proves: B27
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hearing_of_several_days_and_the_one_that_follows_it() {
    let w = World::new().await;
    let zhao = w.party("赵文博").await;
    let c = docketed(&w, LIXIA, &zhao, "summary").await;
    let room = courtroom(&w, LIXIA).await;
    // Friday: the second day is Monday
    let friday = beijing("2026-12-04T09:00:00");
    let mut order = c.order("trial", friday, Some(&room));
    order["days"] = json!(3);
    let first = c.clerk.post(c.path("/hearings"), order).await.ok();
    let days: Vec<String> = first["linked"].as_array().unwrap().iter().map(|l| text(&l["starts_at"])).collect();
    assert_eq!((&first["day_no"], days), (&json!(1), vec!["2026-12-07T01:00:00Z".to_owned(), "2026-12-08T01:00:00Z".to_owned()]));
    // the room is taken on each of them
    let taken = c.order("trial", friday + TimeDelta::days(4), Some(&room));
    c.clerk.post(c.path("/hearings"), taken).await.refused(422, "hearing.taken");
    let mut next = c.order("pronouncement", beijing("2026-12-21T09:00:00"), Some(&room));
    next["follows"] = first["summary"]["id"].clone();
    let next = c.clerk.post(c.path("/hearings"), next).await.ok();
    assert_eq!((&next["linked"][0]["id"], &next["linked"][0]["because"]), (&first["summary"]["id"], &json!("before")));
    let path = format!("/courts/{LIXIA}/hearings/{}", text(&first["summary"]["id"]));
    let back = c.clerk.get(&path).await.ok();
    assert!(back["linked"].as_array().unwrap().iter().any(|l| l["id"] == next["summary"]["id"] && l["because"] == "after"));
    w.end().await;
}
