//! 排期的选择: counsel is chosen as the case names them, accounts that come later take their seats, colleagues are chosen by
//! name; a series stands on the days one chose and is changed as a whole; hearings of two cases are linked.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::kit::matter::known_by_number;
use crate::kit::{LIXIA, SHIZHONG, World, beijing};
use crate::story_hearings::{Case, courtroom, docketed, docketed_against, text};
use crate::story_service::quiet;

fn seat<'a>(hearing: &'a Value, role: &str) -> &'a Value {
    let seats = hearing["participants"].as_array().unwrap();
    seats.iter().find(|s| s["role"] == role).unwrap_or_else(|| panic!("no {role} in {seats:?}"))
}

fn hearing_path(hearing: &Value) -> String {
    format!("/courts/{LIXIA}/hearings/{}", text(&hearing["summary"]["id"]))
}

fn linked<'a>(hearing: &'a Value, because: &str) -> Vec<&'a Value> {
    hearing["linked"].as_array().unwrap().iter().filter(|l| l["because"] == because).collect()
}

// part of 25, 27, H04
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counsel_is_chosen_as_the_case_names_them_and_late_accounts_take_their_seats() {
    let w = World::new().await;
    let (zhao, qian, lawyer) = (w.party("赵文博").await, w.party("钱五").await, w.lawyer("李律", "鲁信所").await);
    let c = docketed_against(&w, LIXIA, &zhao, &known_by_number(&qian), "summary").await;
    crate::story_filing::engage(&zhao, &c.case.path(), &lawyer).await;
    let room = courtroom(&w, LIXIA).await;
    let engaged = w.text(&format!("select representative_id::text from representatives where case_id = '{}'", c.case.id)).await;
    let at = beijing("2026-12-01T09:00:00");
    let with = |seat: Value| {
        let mut order = c.order("trial", at, Some(&room));
        order["participants"][3] = json!({ "role": "party", "party_id": c.party("defendant") });
        order["participants"].as_array_mut().unwrap().push(seat);
        order
    };
    let counsel = json!({ "role": "agent", "representative_id": engaged });
    // 他没空: what the account of the engagement says counts, though the page knows no account
    let none = json!({ "from": at - TimeDelta::hours(1), "until": at + TimeDelta::hours(1) });
    let busy = lawyer.post("/my/unavailable", none).await.ok();
    let checked = c.clerk.post(c.path("/hearings/check"), with(counsel.clone())).await.ok();
    assert_eq!((&checked["fault"]["code"], &checked["conflicts"][0]["reason"]), (&json!("hearing.conflict"), &json!("unavailable")));
    lawyer.delete(format!("/my/unavailable/{}", text(&busy["id"]))).await.ok();
    for wrong in [
        json!({ "role": "witness", "name": "孙证", "representative_id": engaged }),
        json!({ "role": "agent", "representative_id": uuid::Uuid::new_v4() }),
        json!({ "role": "agent", "party_id": c.party("defendant"), "representative_id": engaged }),
    ] {
        c.clerk.post(c.path("/hearings"), with(wrong)).await.refused(422, "hearing.participant");
    }
    let made = c.clerk.post(c.path("/hearings"), with(counsel)).await.ok();
    let path = hearing_path(&made);
    let agent = seat(&made, "agent");
    assert_eq!((&agent["name"], &agent["party_id"]), (&json!("李律"), &c.party("plaintiff")));
    assert_eq!(seat(&lawyer.get(&path).await.ok(), "agent")["own"], json!(true));
    // the lists name the bench, and count for the court what the court has to see to
    let summary = &c.clerk.get(format!("/courts/{LIXIA}/hearings")).await.ok()["items"][0];
    let bench: Vec<&Value> = summary["bench"].as_array().unwrap().iter().map(|b| &b["plate"]).collect();
    assert_eq!(bench, [&json!("审判员"), &json!("书记员")], "{summary}");
    assert_eq!((&summary["unreached"], summary["tests"].is_object(), &summary["rebook"]), (&json!(3), true, &json!(false)));
    let theirs = &zhao.get("/my/hearings").await.ok()["items"][0];
    assert!(theirs.get("unreached").is_none() && theirs.get("tests").is_none() && theirs["bench"].as_array().unwrap().len() == 2);
    let opens = text(&made["waiting_from"]).parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert_eq!(opens, at - TimeDelta::minutes(20));
    // whom one can choose for the court's seats, without reading the administration of people
    let colleagues = c.clerk.get(format!("/courts/{LIXIA}/hearing-colleagues")).await.ok();
    let found = colleagues["items"].as_array().unwrap().iter().find(|p| p["person_id"] == json!(c.judge.id)).unwrap();
    assert_eq!((&found["roles"], found.get("identifier")), (&json!(["judge"]), None));
    zhao.get(format!("/courts/{LIXIA}/hearing-colleagues")).await.refused(403, "role.not_permitted");
    // the defendant's account joins the case later: from then on the seat is the account's, and its time is taken
    qian.get(&path).await.refused(404, "not_found");
    qian.joins(&c.clerk.reads_join_code(&c.case).await).await.ok();
    quiet(&w).await;
    let sees = qian.get(&path).await.ok();
    let own: Vec<&Value> = sees["participants"].as_array().unwrap().iter().filter(|s| s["own"] == true).collect();
    assert_eq!((own.len(), &own[0]["party_id"]), (1, &c.party("defendant")));
    assert_eq!(w.count(&format!("select count(*) from person_busy where person_id = '{}' and not ended", qian.id)).await, 1);
    w.end().await;
}

// part of 25, 29
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_series_stands_on_chosen_days_and_hearings_of_two_cases_are_linked() {
    let w = World::new().await;
    let (zhao, sun) = (w.party("赵文博").await, w.party("孙晓梅").await);
    let (c, other) = (docketed(&w, LIXIA, &zhao, "ordinary").await, docketed(&w, LIXIA, &sun, "ordinary").await);
    let room = courtroom(&w, LIXIA).await;
    let first = beijing("2026-12-01T09:00:00");
    let mut order = c.order("trial", first, Some(&room));
    for wrong in [json!([first - TimeDelta::days(1)]), json!([first + TimeDelta::minutes(30)])] {
        order["also_at"] = wrong;
        c.clerk.post(c.path("/hearings"), order.clone()).await.refused(422, "hearing.series");
    }
    order["also_at"] = json!([first + TimeDelta::days(9), first + TimeDelta::days(3)]);
    let made = c.clerk.post(c.path("/hearings"), order).await.ok();
    let path = hearing_path(&made);
    let at = |l: &Value| text(&l["starts_at"]).parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let days: Vec<_> = linked(&made, "day").into_iter().map(at).collect();
    assert_eq!(days, [first + TimeDelta::days(3), first + TimeDelta::days(9)]);
    // one more in every sitting, and off every one of them
    let version = |h: &Value| h["summary"]["version"].clone();
    let witness = json!({ "role": "witness", "name": "周巧云", "mobile": "13700001234", "party_id": c.party("plaintiff") });
    let more = json!({ "version": version(&made), "seat": witness, "whole_series": true });
    let added = c.clerk.post(format!("{path}/seats"), more).await.ok();
    let witnesses = "select count(*) from hearing_participants where role = 'witness' and removed_at is null";
    assert_eq!(w.count(witnesses).await, 3);
    let off = json!({ "version": version(&added), "reason": "双方对该事实已经没有争议", "whole_series": true });
    let fewer = c.clerk.post(format!("{path}/seats/{}/removal", text(&seat(&added, "witness")["id"])), off).await.ok();
    assert_eq!(w.count(witnesses).await, 0);
    // the related case is heard right after: the court sees the link, a party of one case nothing of the other
    let mut related = other.order("trial", first + TimeDelta::hours(3), Some(&room));
    related["linked_to"] = made["summary"]["id"].clone();
    let foreign = docketed(&w, SHIZHONG, &sun, "ordinary").await;
    let mut astray = foreign.order("trial", first, None);
    astray["linked_to"] = made["summary"]["id"].clone();
    foreign.clerk.post(foreign.path("/hearings"), astray).await.refused(404, "not_found");
    let second = other.clerk.post(other.path("/hearings"), related).await.ok();
    assert_eq!(linked(&second, "together").len(), 3, "{}", second["linked"]);
    assert_eq!(linked(&c.clerk.get(&path).await.ok(), "together")[0]["case_number"], json!(other.case.number));
    let hers = sun.get(hearing_path(&second)).await.ok();
    assert!(hers["linked"].as_array().unwrap().is_empty() && !hers.to_string().contains(&c.case.number), "{hers}");
    // the series is called off as a whole; the related case's hearing stands
    sun.post(format!("{path}/series/cancel"), json!({ "reason": "原告申请撤诉，已经裁定准许" })).await.refused(403, "role.not_permitted");
    let ended = c.judge.post(format!("{path}/series/cancel"), json!({ "reason": "原告申请撤诉，已经裁定准许" })).await.ok();
    assert_eq!(ended["hearing_ids"].as_array().unwrap().len(), 3);
    assert_eq!(w.count("select count(*) from hearings where state = 'cancelled'").await, 3);
    assert_eq!(other.clerk.get(hearing_path(&second)).await.ok()["summary"]["state"], json!("scheduled"));
    assert!(fewer["summary"]["version"].is_number());
    w.end().await;
}

// proves nothing of a row alone; part of H03, H04
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_taken_off_is_told_and_a_witness_reads_the_notices_where_one_signs_in() {
    let w = World::new().await;
    let (zhao, zhou) = (w.party("赵文博").await, w.party("周巧云").await);
    let c: Case = docketed(&w, LIXIA, &zhao, "summary").await;
    let room = courtroom(&w, LIXIA).await;
    let mut order = c.order("trial", w.now() + TimeDelta::days(7), Some(&room));
    let witness = json!({ "role": "witness", "name": "周巧云", "mobile": "13700001234", "party_id": c.party("plaintiff") });
    order["participants"].as_array_mut().unwrap().push(witness);
    let made = c.clerk.post(c.path("/hearings"), order).await.ok();
    let path = hearing_path(&made);
    let participant = text(&seat(&made, "witness")["id"]);
    // the witness opened the link, and has an account in this hearing and nowhere else
    w.run(&format!(
        "update hearing_participants set person_id = '{0}' where participant_id = '{participant}';
         insert into hearing_people select court_id, hearing_id, participant_id, case_id, person_id, null from hearing_participants where participant_id = '{participant}'",
        zhou.id
    ))
    .await;
    quiet(&w).await;
    let notices = async || zhou.get("/my/hearing-notices").await.ok();
    let called = notices().await;
    assert_eq!((called["items"].as_array().unwrap().len(), &called["unread"]), (1, &json!(1)), "{called}");
    let first = called["items"][0].clone();
    assert_eq!((&first["kind"], &first["case_number"]), (&json!("scheduled"), &json!(c.case.number)));
    // reading it proves that it reached; nobody reads another's
    zhao.post(format!("/my/hearing-notices/{}/seen", text(&first["id"])), json!({})).await.refused(404, "not_found");
    assert_eq!(seat(&c.clerk.get(&path).await.ok(), "witness")["reached"], json!(false));
    zhou.post(format!("/my/hearing-notices/{}/seen", text(&first["id"])), json!({})).await.ok();
    assert_eq!(seat(&c.clerk.get(&path).await.ok(), "witness")["reached"], json!(true));
    // taken off: told by message, without a link to what is no longer his or hers, and in the same list
    let version = c.clerk.get(&path).await.ok()["summary"]["version"].clone();
    let off = json!({ "version": version, "reason": "双方对该事实已经没有争议" });
    w.turn_to(w.now() + TimeDelta::minutes(1)).await;
    c.clerk.post(format!("{path}/seats/{participant}/removal"), off).await.ok();
    quiet(&w).await;
    let letters = w.events("sms.send").await;
    let letter = letters.iter().find(|l| l["template"] == "hearing_removed").unwrap_or_else(|| panic!("nobody was told: {letters:?}"));
    assert_eq!(letter["mobile"], json!("13700001234"));
    assert_eq!(w.count("select count(*) from hearing_notices where kind = 'removed' and link_hash is not null").await, 0);
    zhou.get(&path).await.refused(404, "not_found");
    let told = notices().await;
    assert_eq!((&told["items"][0]["kind"], &told["unread"]), (&json!("removed"), &json!(1)), "{told}");
    assert!(text(&told["items"][0]["text"]).contains("不再需要参加"));
    // the others were told nothing of it
    let removed = w.events("sms.send").await.iter().filter(|l| l["template"] == "hearing_removed").count();
    assert_eq!(removed, 1);
    w.end().await;
}
