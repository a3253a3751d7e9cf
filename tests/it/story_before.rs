//! 庭前: devices are tested, the discipline read, identities checked with the other side's view; people ask, are told of a
//! delay and write to the clerk; afterwards recordings are asked for, kept, and let go by two people.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::kit::matter::{Docketed, known_by_number, loan};
use crate::kit::{LIXIA, Person, World, files};
use crate::story_service::quiet;

/// 赵文博诉钱五, both with accounts, a lawyer for the plaintiff, a witness without an account, one technician.
struct Court {
    w: World,
    case: Docketed,
    zhao: Person,
    qian: Person,
    lawyer: Person,
    clerk: Person,
    judge: Person,
    technician: Person,
    hearing: String,
    starts_at: DateTime<Utc>,
}

fn text(v: &Value) -> String {
    v.as_str().unwrap_or_else(|| panic!("no text: {v}")).to_owned()
}

fn items(v: &Value) -> &Vec<Value> {
    v["items"].as_array().unwrap_or_else(|| panic!("no items: {v}"))
}

impl Court {
    async fn new() -> Self {
        let w = World::new().await;
        let (zhao, qian, clerk, judge) = (w.party("赵文博").await, w.party("钱五").await, w.clerk(LIXIA).await, w.judge(LIXIA).await);
        let technician = w.staff("技术员", LIXIA, "technician").await;
        let case = clerk.accepts(&zhao.files(&loan(LIXIA, &zhao, &known_by_number(&qian), 1_000)).await).await;
        qian.joins(&clerk.reads_join_code(&case).await).await.ok();
        let lawyer = w.lawyer("李律", "鲁信所").await;
        crate::story_filing::engage(&zhao, &case.path(), &lawyer).await;
        let admin = w.staff("院管", LIXIA, "court_admin").await;
        let room = json!({ "name": "第一法庭", "kind": "physical", "place": "二楼", "gallery": 20, "emblem": true, "active": true });
        let room = admin.post(format!("/courts/{LIXIA}/courtrooms"), room).await.ok()["items"][0]["id"].clone();
        let parties = clerk.get(case.path()).await.ok()["parties"].clone();
        let party = |side: &str| parties.as_array().unwrap().iter().find(|p| p["side"] == side).unwrap()["id"].clone();
        for (who, side) in [(&zhao, "plaintiff"), (&qian, "defendant")] {
            let consent = json!({ "party_id": party(side), "step": "hearing", "agrees": true, "told_version": "2026-1" });
            who.post(format!("{}/online-consents", case.path()), consent).await.ok();
        }
        let starts_at = w.now() + TimeDelta::days(7);
        let order = json!({
            "kind": "trial", "starts_at": starts_at, "minutes": 90, "courtroom_id": room, "public": true, "facts": {},
            "participants": [
                { "role": "sole_judge", "person_id": judge.id }, { "role": "clerk", "person_id": clerk.id },
                { "role": "party", "party_id": party("plaintiff") },
                { "role": "agent", "party_id": party("plaintiff"), "person_id": lawyer.id },
                { "role": "party", "party_id": party("defendant") },
                { "role": "witness", "party_id": party("plaintiff"), "name": "孙证", "mobile": "13800138009" },
                { "role": "technician", "person_id": technician.id },
            ],
        });
        let made = clerk.post(format!("{}/hearings", case.path()), order).await.ok();
        let hearing = text(&made["summary"]["id"]);
        Self { w, case, zhao, qian, lawyer, clerk, judge, technician, hearing, starts_at }
    }

    fn at(&self, rest: &str) -> String {
        format!("/courts/{LIXIA}/hearings/{}{rest}", self.hearing)
    }

    /// The seat of a role on a side, by the clerk's view.
    async fn seat(&self, role: &str, side: Option<&str>) -> Value {
        let hearing = self.clerk.get(self.at("")).await.ok();
        let seats = hearing["participants"].as_array().unwrap();
        let found = seats.iter().find(|s| s["role"] == role && side.is_none_or(|x| s["side"] == x));
        found.unwrap_or_else(|| panic!("no {role} in {seats:?}"))["id"].clone()
    }

    async fn desk(&self) -> Value {
        self.clerk.get(self.at("/desk")).await.ok()
    }

    /// Minutes before the hearing; a negative number is after its beginning.
    async fn minutes_before(&self, minutes: i64) {
        self.w.turn_to(self.starts_at - TimeDelta::minutes(minutes)).await;
    }

    /// Whoever is connected, as the room would write it down.
    async fn comes(&self, seat: &Value, place: &str) {
        self.w
            .run(&format!(
                "insert into hearing_presence (court_id, hearing_id, participant_id, case_id, place, connected_at, updated_at)
                 values ({LIXIA}, '{}', '{}', '{}', '{place}', now(), now())",
                self.hearing,
                text(seat),
                self.case.id,
            ))
            .await;
    }
}

fn seat_on<'a>(desk: &'a Value, seat: &Value) -> &'a Value {
    items(desk).iter().find(|s| s["participant_id"] == *seat).unwrap()
}

fn codes(desk: &Value) -> Vec<String> {
    desk["obstacles"].as_array().unwrap().iter().map(|o| text(&o["code"])).collect()
}

fn measured(up_kbps: u32, way: &str) -> Value {
    json!({ "device": "微信 8.0 · 安卓 14", "measured": {
        "camera": { "allowed": true, "works": true, "height": 720, "fps": 25, "brightness": 120, "face": true },
        "microphone": { "allowed": true, "works": true, "peak": -12, "noise": -55 },
        "heard": true, "browser": true, "rehearsed": true,
        "network": { "way": way, "up_kbps": up_kbps, "down_kbps": 8000, "loss": 5, "rtt_ms": 40 } } })
}

// proves: B31
// part of H05, H06, H07, B32
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_are_tested_and_the_court_sees_how_it_went() {
    let c = Court::new().await;
    c.w.turn_to(c.starts_at - TimeDelta::days(1)).await;
    let seat = c.seat("party", Some("plaintiff")).await;
    // half a test has no score; a bad one says what to do, and is the technician's business
    let half = json!({ "device": "手机", "measured": { "heard": true } });
    assert!(c.zhao.post(c.at("/tests"), half).await.ok().get("score").is_none());
    c.w.turn_to(c.w.now() + TimeDelta::seconds(1)).await;
    let poor = c.zhao.post(c.at("/tests"), measured(300, "udp")).await.ok();
    assert_eq!(poor["score"], json!("poor"));
    let network = poor["items"].as_array().unwrap().iter().find(|i| i["item"] == "network").unwrap();
    assert!(text(&network["text"]).contains("到法院参加") && text(&network["text_en"]).contains("come to the court"), "{network}");
    assert_eq!(c.w.count("select count(*) from hearing_alerts where kind = 'test_failed' and closed_at is null").await, 1);
    let board = c.technician.get(format!("/courts/{LIXIA}/hearing-board")).await.ok();
    assert!(board["alerts"].as_array().unwrap().iter().any(|a| a["kind"] == "test_failed"), "{board}");
    let seen = c.clerk.get(c.at("/tests")).await.ok();
    assert_eq!((items(&seen).len(), &items(&seen)[0]["report"]["score"], &items(&seen)[0]["own"]), (1, &json!("poor"), &json!(false)));
    assert_eq!(seat_on(&c.desk().await, &seat)["test"]["report"]["score"], json!("poor"));
    let seats = c.clerk.get(c.at("")).await.ok()["participants"].clone();
    assert_eq!(seats.as_array().unwrap().iter().find(|s| s["id"] == seat).unwrap()["test"], json!("poor"));
    // the other side learns nothing of it, and nobody has a test who has no seat
    assert!(items(&c.qian.get(c.at("/tests")).await.ok()).is_empty());
    c.w.party("吴六").await.post(c.at("/tests"), measured(3000, "udp")).await.refused(404, "not_found");
    // again, better: the alert ends; with 线上举证演练 among the items
    c.w.turn_to(c.w.now() + TimeDelta::seconds(1)).await;
    let key = uuid::Uuid::new_v4();
    // said again under the same key it changes nothing; nor does a test that belongs to no hearing
    c.w.leaves_no_trace(&c.at("/tests"));
    c.w.leaves_no_trace("/my/media-test/");
    for _ in 0..2 {
        let again = c.zhao.ask(poem::http::Method::POST, c.at("/tests")).key(key).json(measured(3000, "udp")).send().await.ok();
        assert_eq!(again["score"], json!("good"));
        assert!(again["items"].as_array().unwrap().iter().any(|i| i["item"] == "rehearsal" && i["score"] == "good"));
    }
    assert_eq!(c.w.count("select count(*) from hearing_tests").await, 3, "the same key is the same test");
    assert_eq!(c.w.count("select count(*) from hearing_alerts where closed_at is null").await, 0);
    // the clerk tests the courtroom's own device on the day (指引 6)
    c.minutes_before(20).await;
    assert_eq!(c.clerk.post(c.at("/tests"), measured(3000, "udp")).await.ok()["score"], json!("good"));
    let own = c.seat("clerk", None).await;
    assert_eq!(seat_on(&c.desk().await, &own)["test"]["report"]["score"], json!("good"));
    // a test without a hearing is scored and forgotten; the line is timed by bytes that mean nothing
    let alone = c.qian.post("/my/media-test/score", json!({ "measured": measured(900, "tcp")["measured"] })).await.ok();
    assert_eq!((&alone["score"], &alone["up_kbps"]), (&json!("fair"), &json!(1200)));
    assert_eq!(c.w.count("select count(*) from hearing_tests").await, 4);
    let audited = "select count(*) from audit_log where act = 'hearing:take_part'";
    assert_eq!(c.w.count(audited).await, 4, "each test that was kept left its audit row");
    let down = c.qian.get("/my/media-test/bytes?size=65536").await;
    assert_eq!((down.status, down.body.len()), (200, 65536));
    c.qian.get("/my/media-test/bytes?size=2097153").await.refused(400, "request.unreadable");
    let up = |n: usize| c.qian.ask(poem::http::Method::POST, "/my/media-test/bytes").bytes(vec![7_u8; n], "application/octet-stream");
    assert_eq!(up(100_000).send().await.ok()["bytes"], json!(100_000));
    assert_eq!(up(2 * 1024 * 1024 + 1).send().await.status, 413);
    c.w.end().await;
}

// proves: H14 H15 H20 B34 B35
// part of H13, L07, B33
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_discipline_is_read_and_identities_are_checked_with_the_other_sides_view() {
    let c = Court::new().await;
    let (plaintiff, agent, defendant, witness) = (
        c.seat("party", Some("plaintiff")).await,
        c.seat("agent", None).await,
        c.seat("party", Some("defendant")).await,
        c.seat("witness", None).await,
    );
    let finds = |who: &Value, how: &str, leaves: Value| json!({ "participant_id": who, "says": "matches", "how": how, "leaf_ids": leaves });
    c.clerk.post(c.at("/identity"), finds(&plaintiff, "id_card", json!([]))).await.refused(409, "identity.early");
    c.minutes_before(20).await;
    quiet(&c.w).await;
    assert_eq!(c.desk().await["state"], json!("waiting"));
    for seat in [&plaintiff, &agent, &defendant] {
        c.comes(seat, "waiting_room").await;
    }
    let before = c.desk().await;
    assert!(["identity", "discipline", "recorder"].iter().all(|x| codes(&before).contains(&(*x).to_owned())), "{:?}", codes(&before));
    assert!(before["obstacles"].to_string().contains("有 3 人还没有核对身份"), "{}", before["obstacles"]);
    // 纪律: each reads the words for the own role, and answers to exactly those
    for who in [&c.zhao, &c.qian, &c.lawyer] {
        let read = who.get(c.at("/discipline")).await.ok();
        assert_eq!((&read["asked"], read.get("answered")), (&json!(true), None));
        for must in ["全程保持在线", "画面中不得有其他人", "手机静音", "着装得体", "全程录音录像"] {
            assert!(read["points"].to_string().contains(must), "{must}");
        }
        let ack = |digest: &Value, agrees| json!({ "what": "discipline", "digest": digest, "agrees": agrees });
        who.post(c.at("/acks"), ack(&json!("other words"), true)).await.refused(409, "discipline.changed");
        who.post(c.at("/acks"), ack(&read["digest"], false)).await.refused(422, "discipline.must_agree");
        let done = who.post(c.at("/acks"), ack(&read["digest"], true)).await.ok();
        assert_eq!((&done["answered"]["agrees"], &done["answered"]["current"]), (&json!(true), &json!(true)));
    }
    // nobody answers for another; the clerk writes down what the witness said before him
    let oath = c.clerk.get(c.at("/discipline?what=oath")).await.ok();
    let party_reads = json!({ "what": "discipline", "digest": oath["digest"], "participant_id": defendant });
    c.zhao.post(c.at("/acks"), party_reads).await.refused(422, "discipline.not_yours");
    let day = c.w.text("select count(distinct digest)::text from hearing_acks").await;
    assert_eq!(day, "1", "both sides and counsel read the same words");
    let witness_reads = lianting::hearing::before::readings::reading(
        lianting::hearing::before::readings::What::Oath,
        &lianting::hearing::discipline::Own::default(),
        lianting::hearing::words::Role::Witness,
        c.w.now().date_naive(),
    )
    .unwrap();
    let sworn = json!({ "what": "oath", "digest": witness_reads.digest, "participant_id": witness });
    assert_eq!(c.clerk.post(c.at("/acks"), sworn).await.ok()["what"], json!("oath"));
    assert_eq!(c.w.count("select count(*) from hearing_acks where person_id is null and recorded_by is not null").await, 1);
    // 身份材料 go into the case file at once; an identity card is for the court's eyes
    let card = c.zhao.uploads_alone("身份证.jpg", &files::jpg(9)).await.ok();
    let shown = c.zhao.post(c.at("/identity-papers"), json!({ "file_id": card["id"], "kind": "id_card" })).await.ok();
    let licence = c.lawyer.uploads_alone("律师证.jpg", &files::jpg(11)).await.ok();
    let licence = c.lawyer.post(c.at("/identity-papers"), json!({ "file_id": licence["id"], "kind": "lawyer_licence" })).await.ok();
    let file = c.clerk.get(format!("{}/file", c.case.path())).await.ok();
    let nine = file["folders"].as_array().unwrap().iter().find(|f| f["n"] == 9).unwrap();
    assert!(nine["leaves"].as_array().unwrap().iter().any(|l| l["id"] == shown["leaf_id"]), "{nine}");
    let theirs = c.qian.get(format!("{}/file", c.case.path())).await.ok().to_string();
    assert!(!theirs.contains(&text(&shown["leaf_id"])) && theirs.contains(&text(&licence["leaf_id"])));
    c.zhao
        .post(c.at("/identity-papers"), json!({ "file_id": card["id"], "kind": "other", "participant_id": defendant }))
        .await
        .refused(404, "not_found");
    // 核对: the court finds, a side only says what it thinks of the other
    c.zhao.post(c.at("/identity"), finds(&plaintiff, "id_card", json!([]))).await.refused(422, "hearing.not_yours");
    c.clerk.post(c.at("/identity"), json!({ "participant_id": plaintiff, "says": "matches" })).await.refused(422, "identity.how");
    c.clerk.post(c.at("/identity"), finds(&plaintiff, "id_card", json!([shown["leaf_id"]]))).await.ok();
    c.clerk
        .post(c.at("/identity"), json!({ "participant_id": agent, "says": "doubt", "how": "licence_and_authority", "note": "短" }))
        .await
        .refused(422, "hearing.reason");
    c.clerk.post(c.at("/identity"), finds(&agent, "licence_and_authority", json!([licence["leaf_id"]]))).await.ok();
    let asked = c.qian.get(c.at("/identity")).await.ok();
    let about = |who: &Value| items(&asked).iter().find(|i| i["participant_id"] == *who).unwrap().clone();
    assert_eq!(
        (&about(&plaintiff)["asked"], &about(&defendant)["asked"], &about(&defendant)["own"]),
        (&json!(true), &json!(false), &json!(true))
    );
    assert!(about(&plaintiff).get("papers").is_none() && about(&plaintiff).get("standing").is_none(), "{}", about(&plaintiff));
    c.qian.post(c.at("/identity"), json!({ "participant_id": plaintiff, "says": "no_objection" })).await.ok();
    c.qian
        .post(c.at("/identity"), json!({ "participant_id": agent, "says": "objection", "note": "委托书上的签名不是原告本人写的。" }))
        .await
        .ok();
    c.qian.post(c.at("/identity"), json!({ "participant_id": defendant, "says": "no_objection" })).await.refused(422, "identity.not_asked");
    let desk = c.desk().await;
    let (first, second) = (seat_on(&desk, &plaintiff), seat_on(&desk, &agent));
    assert_eq!((&first["standing"], &first["checks"][0]["leaf_ids"]), (&json!("matches"), &json!([shown["leaf_id"]])));
    assert_eq!((&first["views"][0]["says"], &first["views_missing"]), (&json!("no_objection"), &json!([])));
    assert_eq!((&second["views"][0]["says"], &second["views"][0]["plate"]), (&json!("objection"), &json!("被告")));
    assert!(text(&second["views"][0]["note"]).contains("委托书") && second["papers"].as_array().unwrap().len() == 1);
    assert_eq!(
        seat_on(&desk, &defendant)["views_missing"].as_array().unwrap().len(),
        2,
        "neither the plaintiff nor counsel was heard on him"
    );
    assert!(desk["obstacles"].to_string().contains("有 1 人还没有核对身份") && !codes(&desk).contains(&"discipline".to_owned()));
    c.clerk.post(c.at("/identity"), finds(&defendant, "face", json!([]))).await.ok();
    assert!(!codes(&c.desk().await).contains(&"identity".to_owned()));
    // the chain of the hearing holds all of it; nobody but the court reads the desk
    assert!(c.w.count("select count(*) from hearing_events where what in ('ack', 'identity')").await >= 8);
    for who in [&c.zhao, &c.lawyer] {
        who.get(c.at("/desk")).await.refused(404, "not_found");
    }
    c.technician.get(c.at("/desk")).await.refused(403, "role.not_permitted");
    c.w.end().await;
}

// part of B33, B50
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_ask_are_told_of_a_delay_and_write_to_the_clerk() {
    let c = Court::new().await;
    let ask = |kind: &str| json!({ "kind": kind, "text": "家里网络不稳定，担心听不清楚对方说话。" });
    // one's own wish to come to court the clerk grants; what binds others the judge alone
    let asked = c.qian.post(c.at("/requests"), ask("come_in_person")).await.ok();
    c.qian.post(c.at("/requests"), ask("come_in_person")).await.refused(409, "hearing.request_open");
    let others = c.qian.post(c.at("/requests"), ask("others_in_person")).await.ok();
    c.zhao.post(c.at("/requests"), json!({ "kind": "other_date", "text": "出差" })).await.refused(422, "hearing.reason");
    assert!(items(&c.zhao.get(c.at("/requests")).await.ok()).is_empty(), "one sees one's own");
    let open = c.clerk.get(c.at("/requests")).await.ok();
    let may: Vec<(String, bool)> = items(&open).iter().map(|r| (text(&r["kind"]), r["may_decide"] == true)).collect();
    assert!(may.contains(&("come_in_person".into(), true)) && may.contains(&("others_in_person".into(), false)), "{may:?}");
    let yes = json!({ "grant": true, "reasons": "理由成立，请提前半小时到第一法庭。" });
    let decide = |r: &Value| c.at(&format!("/requests/{}/decide", text(&r["id"])));
    c.zhao.post(decide(&asked), yes.clone()).await.refused(403, "role.not_permitted");
    c.clerk.post(decide(&others), yes.clone()).await.refused(422, "hearing.not_yours");
    assert_eq!(c.clerk.post(decide(&asked), yes.clone()).await.ok()["state"], json!("granted"));
    c.clerk.post(decide(&asked), yes.clone()).await.refused(409, "hearing.request_decided");
    let hearing = c.qian.get(c.at("")).await.ok();
    let own = hearing["participants"].as_array().unwrap().iter().find(|p| p["own"] == true).unwrap();
    assert_eq!((&own["mode"], &hearing["summary"]["held"]), (&json!("in_court"), &json!("hybrid")));
    assert_eq!(c.judge.post(decide(&others), yes.clone()).await.ok()["state"], json!("granted"));
    assert_eq!(c.zhao.get(c.at("")).await.ok()["summary"]["held"], json!("offline"));
    let date = c.zhao.post(c.at("/requests"), ask("other_date")).await.ok();
    let back = c.at(&format!("/requests/{}/withdraw", text(&date["id"])));
    c.qian.post(back.clone(), json!({})).await.refused(404, "not_found");
    assert_eq!(c.zhao.post(back, json!({})).await.ok()["state"], json!("withdrawn"));
    // somebody who is in no case asks to watch, and then finds the hearing among his own
    let wu = c.w.party("吴六").await;
    wu.get(c.at("")).await.refused(404, "not_found");
    let watch = wu.post(c.at("/requests"), ask("watch")).await.ok();
    assert_eq!(c.clerk.post(decide(&watch), yes).await.ok()["state"], json!("granted"));
    assert_eq!(items(&wu.get("/my/hearings").await.ok()).len(), 1);
    assert_eq!(wu.get(c.at("")).await.ok()["participants"].as_array().unwrap().len(), 1, "the gallery sees itself");
    delayed(&c).await;
    written(&c).await;
    c.w.end().await;
}

async fn delayed(c: &Court) {
    c.minutes_before(5).await;
    quiet(&c.w).await;
    let later = |version: &Value, minutes| json!({ "version": version, "until": c.starts_at + TimeDelta::minutes(minutes), "reason": "前一场庭审还没有结束，请稍候。" });
    let version = c.clerk.get(c.at("")).await.ok()["summary"]["version"].clone();
    c.zhao.post(c.at("/delay"), later(&version, 10)).await.refused(403, "role.not_permitted");
    c.clerk.post(c.at("/delay"), later(&version, 60 * 7)).await.refused(422, "hearing.delay");
    let short = c.clerk.post(c.at("/delay"), later(&version, 10)).await.ok();
    assert!(text(&short["delay_reason"]).contains("前一场"));
    quiet(&c.w).await;
    let told = async || c.w.events("sms.send").await.iter().filter(|l| l["template"] == "hearing_delayed").count();
    assert_eq!(told().await, 0, "a short delay is told in the room alone");
    c.clerk.post(c.at("/delay"), later(&version, 30)).await.refused(412, "version.stale");
    let long = c.clerk.post(c.at("/delay"), later(&short["summary"]["version"], 40)).await.ok();
    assert_eq!(text(&long["delayed_until"]).parse::<DateTime<Utc>>().unwrap(), c.starts_at + TimeDelta::minutes(40));
    quiet(&c.w).await;
    assert!(told().await >= 4, "both parties, counsel and the witness");
    assert!(text(&c.qian.get(c.at("")).await.ok()["delay_reason"]).contains("前一场"));
}

async fn written(c: &Court) {
    let tick = async || c.w.turn_to(c.w.now() + TimeDelta::seconds(1)).await;
    let says = |words: &str| json!({ "text": words });
    let first = c.zhao.post(c.at("/messages"), says("请问大概什么时候开始？")).await.ok();
    tick().await;
    let plaintiff = c.seat("party", Some("plaintiff")).await;
    let threads = c.clerk.get(c.at("/messages")).await.ok();
    let thread = threads["threads"].as_array().unwrap().iter().find(|t| t["participant_id"] == plaintiff).unwrap();
    assert_eq!((&thread["unread"], &threads["unread"]), (&json!(1), &json!(1)));
    assert_eq!(seat_on(&c.desk().await, &plaintiff)["unread"], json!(1));
    let read = json!({ "until": first["id"], "with": plaintiff });
    assert_eq!(c.clerk.post(c.at("/messages/read"), read).await.status, 204);
    assert_eq!(c.clerk.get(c.at("/messages")).await.ok()["unread"], json!(0));
    let answer = c.clerk.post(c.at("/messages"), json!({ "text": "大约四十分钟以后。", "to_id": plaintiff })).await.ok();
    tick().await;
    let all = c.clerk.post(c.at("/messages"), says("请大家不要离开。")).await.ok();
    assert_eq!((&answer["to_all"], &all["to_all"]), (&json!(false), &json!(true)));
    let (zhao, qian) = (c.zhao.get(c.at("/messages")).await.ok(), c.qian.get(c.at("/messages")).await.ok());
    assert_eq!((items(&zhao).len(), &zhao["unread"], zhao.get("threads")), (3, &json!(2), None));
    assert_eq!((items(&qian).len(), &qian["unread"]), (1, &json!(1)), "what is between one side and the clerk stays there");
    let newer = c.zhao.get(c.at(&format!("/messages?since={}", text(&answer["id"])))).await.ok();
    assert_eq!(items(&newer)[0]["id"], all["id"]);
    c.zhao.post(c.at("/messages/read"), json!({ "until": all["id"] })).await;
    assert_eq!(c.zhao.get(c.at("/messages")).await.ok()["unread"], json!(0));
    // sides do not write to each other here, and the technician reads neither
    let defendant = c.seat("party", Some("defendant")).await;
    c.zhao.post(c.at("/messages"), json!({ "text": "我们和解吧", "to_id": defendant })).await.refused(422, "hearing.chat_to");
    c.technician.get(c.at("/messages")).await.refused(403, "role.not_permitted");
    assert_eq!(
        c.w.count("select count(*) from hearing_messages where position(convert_to('四十', 'UTF8') in text) > 0").await,
        0,
        "sealed"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_asks_to_watch_what_is_not_public() {
    let c = Court::new().await;
    c.w.run(&format!("update hearings set public = false, closed_reason = 'privacy' where hearing_id = '{}'", c.hearing)).await;
    let wu = c.w.party("吴六").await;
    let watch = json!({ "kind": "watch", "text": "想学习法院怎样审理这类案件。" });
    wu.post(c.at("/requests"), watch.clone()).await.refused(404, "not_found");
    let nowhere = format!("/courts/{LIXIA}/hearings/{}/requests", uuid::Uuid::new_v4());
    wu.post(nowhere, watch).await.refused(404, "not_found");
    c.w.end().await;
}

// part of B51, H37
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_is_seen_by_leave_kept_by_class_and_let_go_by_two() {
    let c = Court::new().await;
    let view = json!({ "kind": "view", "purpose": "核对笔录里关于还款日期的一段。", "from_ms": 60_000, "until_ms": 120_000 });
    c.zhao.post(c.at("/recording-requests"), view.clone()).await.refused(409, "recording.not_yet");
    let (person, manifest) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
    let key = format!("court/{LIXIA}/{}/mosaic.mkv", c.hearing);
    c.w.app.blob.put(&key, b"picture".to_vec(), "video/x-matroska").await.unwrap();
    c.w.run(&format!(
        "update hearings set state = 'ended', ended_at = starts_at where hearing_id = '{h}';
         insert into recordings (court_id, recording_id, hearing_id, case_id, kind, object_key, size, sha256, sm3, made_at)
           values ({LIXIA}, '{person}', '{h}', '{case}', 'mosaic', '{key}', 7, '', '', now()), ({LIXIA}, '{manifest}', '{h}', '{case}', 'manifest', '{key}.json', 1, '', '', now())",
        h = c.hearing,
        case = c.case.id
    ))
    .await;
    // 申请查阅: granted by a judge for a time, seen by nobody else, taken back
    c.zhao
        .post(c.at("/recording-requests"), json!({ "kind": "copy_video", "purpose": "留作纪念，以后慢慢看。" }))
        .await
        .refused(422, "recording.no_copy");
    c.zhao.post(c.at("/recording-requests"), json!({ "kind": "view", "purpose": "看看" })).await.refused(422, "hearing.reason");
    let asked = c.zhao.post(c.at("/recording-requests"), view.clone()).await.ok();
    assert_eq!((&asked["state"], &asked["may_decide"], &asked["in_force"]), (&json!("open"), &json!(false), &json!(false)));
    c.zhao.post(c.at("/recording-requests"), view).await.refused(409, "recording.request_open");
    assert!(items(&c.qian.get(c.at("/recording-requests")).await.ok()).is_empty());
    c.qian.get(format!("/courts/{LIXIA}/recording-requests")).await.ok();
    let list = c.judge.get(c.at("/recording-requests")).await.ok();
    assert_eq!((items(&list).len(), &items(&list)[0]["may_decide"]), (1, &json!(true)));
    let decide = c.at(&format!("/recording-requests/{}/decide", text(&asked["id"])));
    let yes = json!({ "grant": true, "reasons": "与核对笔录有关，准许在线查阅该段。", "days": 3 });
    c.zhao.post(decide.clone(), yes.clone()).await.refused(403, "role.not_permitted");
    c.clerk.post(decide.clone(), yes.clone()).await.refused(403, "role.not_permitted");
    c.w.judge(LIXIA).await.post(decide.clone(), yes.clone()).await.refused(422, "recording.not_the_bench");
    let granted = c.judge.post(decide.clone(), yes.clone()).await.ok();
    assert_eq!((&granted["state"], &granted["in_force"]), (&json!("granted"), &json!(true)));
    c.judge.post(decide, yes).await.refused(409, "recording.request_decided");
    assert_eq!(items(&c.zhao.get(c.at("/recording-requests")).await.ok())[0]["in_force"], json!(true));
    let end = c.at(&format!("/recording-requests/{}/end", text(&asked["id"])));
    c.qian.post(end.clone(), json!({})).await.refused(404, "not_found");
    assert_eq!(c.judge.post(end, json!({})).await.ok()["state"], json!("ended"));
    // 保管期限: for good until a class is set; from the year after the case was closed
    let (president, admin) = (c.w.staff("院长", LIXIA, "presiding_judge").await, c.w.staff("院管二", LIXIA, "court_admin").await);
    let away = |r: uuid::Uuid| c.at(&format!("/recordings/{r}/away"));
    let why = json!({ "reason": "保管期限已经届满，按规定删除。" });
    c.judge.post(away(person), why.clone()).await.refused(403, "role.not_permitted");
    president.post(away(person), why.clone()).await.refused(422, "recording.retained");
    let retention = format!("{}/recording-retention", c.case.path());
    let class = json!({ "class": "thirty_years", "reason": "按诉讼档案保管期限的规定确定。" });
    assert!(c.judge.put(retention.clone(), class.clone()).await.ok().get("until").is_none(), "the case is not closed");
    c.w.run(&format!("update cases set closed_at = '2026-11-30T02:00:00Z', closed_how = 'judgment' where case_id = '{}'", c.case.id)).await;
    assert_eq!(c.judge.put(retention, class).await.ok()["until"], json!("2057-01-01"));
    president.post(away(person), why.clone()).await.refused(422, "recording.retained");
    // 两人: one asks, another agrees; the proof of what there was stays
    c.w.run(&format!("update cases set closed_at = '1990-11-30T02:00:00Z' where case_id = '{}'", c.case.id)).await;
    president.post(away(manifest), why.clone()).await.refused(422, "recording.proof_kept");
    let asked = president.post(away(person), why.clone()).await.ok();
    assert_eq!((&asked["asked"], &asked["gone"]), (&json!(true), &json!(false)));
    president.post(away(person), why.clone()).await.refused(422, "recording.two_people");
    assert_eq!(admin.post(c.at(&format!("/recordings/{person}/keep")), json!({})).await.ok()["asked"], json!(false));
    president.post(away(person), why.clone()).await.ok();
    assert!(c.w.app.blob.size(&key).await.unwrap().is_some());
    assert_eq!(admin.post(away(person), why.clone()).await.ok()["gone"], json!(true));
    quiet(&c.w).await;
    assert!(c.w.app.blob.size(&key).await.unwrap().is_none(), "the bytes are gone");
    president.post(away(person), why).await.refused(409, "recording.gone");
    c.w.end().await;
}
