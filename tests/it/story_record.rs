//! 庭审记录: evidence is shown and spoken of, two write one transcript and clash, a correction is made and one refused, all
//! sign — by hand, by a code on a phone without an account, by refusal — and it locks: sealed, stamped, in the file.

use lianting::hearing::guards::{Hand, Ready, Storage};
use lianting::hearing::states::Step;
use lianting::hearing::steps::{self, Taken};
use lianting::hearing::words::Outcome;
use lianting_seal::keep::SealDir;
use lianting_seal::picture::Font;
use lianting_seal::pki::{Subject, Term};
use lianting_seal::verify::{Question, verify};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::matter::{Docketed, known_by_name, loan};
use crate::kit::{LIXIA, Person, Wish, World, cluster, files, numbers};

struct Hearing {
    id: String,
    case: Docketed,
    clerk: Person,
    judge: Person,
    plaintiff: Person,
    plaintiff_party: Value,
    defendant_party: Value,
    defendant_mobile: String,
    seats: Value,
}

impl Hearing {
    fn path(&self, rest: &str) -> String {
        format!("/courts/{LIXIA}/hearings/{}{rest}", self.id)
    }

    fn seat(&self, plate: &str) -> Value {
        self.seats.as_array().unwrap().iter().find(|s| s["plate"] == plate).unwrap_or_else(|| panic!("{plate} in {}", self.seats))["id"]
            .clone()
    }

    async fn step(&self, w: &World, step: Step) {
        taken(w, &self.id, step).await;
    }

    async fn identified(&self, w: &World, seat: &Value) {
        identified(w, &self.id, seat, &self.clerk.id.to_string()).await;
    }

    async fn insert(&self, section: &str, speaker: Option<Value>, text: &str) -> Value {
        let id = Uuid::new_v4();
        let mut change = json!({ "do": "insert", "id": id, "section": section, "text": text });
        if let Some(speaker) = speaker {
            change["speaker"] = speaker;
        }
        let done = self.clerk.post(self.path("/transcript/changes"), json!({ "changes": [change] })).await.ok();
        done["entries"][0].clone()
    }
}

/// A step of a hearing whose room stands: what people and recorder must have ready is told by other stories.
pub async fn taken(w: &World, hearing: &str, step: Step) {
    let ready = Ready {
        recorder: true,
        storage: Storage::Ready,
        bench_complete: true,
        clerk_present: true,
        judge_connected: true,
        any_party_present: true,
        unidentified: 0,
        unacknowledged: 0,
        mediation_agreed: true,
        recording_agreed: true,
        transcript_fixed: false,
        signatures_complete: false,
    };
    let hearing: Uuid = hearing.parse().unwrap();
    let mut tx = w.app.door.enter_as_house(LIXIA, "it:step").await.unwrap();
    steps::take(&mut tx, Taken { hearing, version: None, step, set_aside: None, hand: Hand::Judge, ready }).await.unwrap();
    tx.commit(hearing, json!({})).await.unwrap();
}

/// The clerk checked who somebody is.
pub async fn identified(w: &World, hearing: &str, seat: &Value, clerk: &str) {
    w.run(&format!(
        "insert into hearing_identity (court_id, check_id, hearing_id, participant_id, case_id, at, by_person, says, how, leaves)
         select court_id, gen_random_uuid(), hearing_id, participant_id, case_id, now(), '{clerk}', 'matches', 'id_card', '{{}}'
         from hearing_participants where court_id = {LIXIA} and hearing_id = '{hearing}' and participant_id = '{}'",
        seat.as_str().unwrap(),
    ))
    .await;
}

/// A trial in court, with a witness, on the day of its opening.
async fn heard(w: &World, witness: bool) -> Hearing {
    let plaintiff = w.party("赵文博").await;
    let (clerk, judge) = (w.clerk(LIXIA).await, w.judge(LIXIA).await);
    let filing = plaintiff.files(&loan(LIXIA, &plaintiff, &known_by_name("钱五"), 100_000)).await;
    let case = clerk.accepts(&filing).await;
    let parties = clerk.get(case.path()).await.ok()["parties"].clone();
    let party = |side: &str| parties.as_array().unwrap().iter().find(|p| p["side"] == side).unwrap()["id"].clone();
    let admin = w.staff("院管", LIXIA, "court_admin").await;
    let order = json!({ "name": "第一法庭", "kind": "physical", "place": "二楼", "gallery": 20, "emblem": true, "active": true });
    let room = admin.post(format!("/courts/{LIXIA}/courtrooms"), order).await.ok()["items"][0]["id"].clone();
    let defendant_mobile = numbers::mobile(numbers::next());
    let mut participants = json!([
        { "role": "sole_judge", "person_id": judge.id }, { "role": "clerk", "person_id": clerk.id },
        { "role": "party", "party_id": party("plaintiff") },
        { "role": "party", "party_id": party("defendant"), "name": "钱五", "mobile": defendant_mobile },
    ]);
    if witness {
        participants.as_array_mut().unwrap().push(json!({ "role": "witness", "name": "孙六" }));
    }
    let starts_at = w.now() + chrono::TimeDelta::days(3);
    let new = json!({ "kind": "trial", "starts_at": starts_at, "minutes": 90, "courtroom_id": room, "public": true, "facts": {}, "participants": participants });
    let made = clerk.post(format!("{}/hearings", case.path()), new).await.ok();
    w.turn_to(starts_at).await;
    Hearing {
        id: made["summary"]["id"].as_str().unwrap().to_owned(),
        seats: made["participants"].clone(),
        plaintiff_party: party("plaintiff"),
        defendant_party: party("defendant"),
        case,
        clerk,
        judge,
        plaintiff,
        defendant_mobile,
    }
}

/// The code of the newest message to a number, as it waits for the gateway.
async fn code(w: &World, mobile: &str) -> String {
    let mut letters = w.events("sms.send").await;
    letters.retain(|l| l["mobile"] == mobile && l["template"] == "code");
    letters.pop().expect("a code on its way")["params"]["code"].as_str().unwrap().to_owned()
}

fn seals(name: &str, tsa: &cluster::Tsa) -> (std::path::PathBuf, SealDir) {
    let path = cluster().dir.join(format!("seals-{name}"));
    let (dir, always) = (SealDir::at(&path), || Term { from: "2020-01-01T00:00:00Z".parse().unwrap(), days: 36_500 });
    dir.init("山东省法院电子印章根", "山东省", always()).unwrap();
    let subject =
        Subject { name: "济南市历下区人民法院".into(), province: Some("山东省".into()), code: Some("370102".into()) };
    dir.issue("370102", &subject, always(), &Font::installed().unwrap(), false).unwrap();
    dir.trust_stamps(&std::fs::read_to_string(tsa.data.join("root.pem")).unwrap()).unwrap();
    (path, dir)
}

pub fn drawing() -> Value {
    json!([[1000, 1200, 0, 3000, 1100, 40, 5200, 1300, 90], [3100, 400, 200, 3000, 2600, 260]])
}

// proves: H25, L15
// part of H24, 41
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_is_shown_on_the_spot_spoken_of_and_written_down() {
    let w = World::new().await;
    let h = heard(&w, false).await;
    let stranger = w.party("路人甲").await;
    stranger.get(h.path("/exhibits")).await.refused(404, "not_found");
    h.step(&w, Step::OpenWaiting).await;
    h.step(&w, Step::Open).await;
    h.clerk.post(h.path("/transcript"), json!({ "opening_lines": false })).await.ok();

    // uploaded in the room: it is a leaf of the case file, and on the list
    let file = h.plaintiff.uploads_alone("转账凭证.jpg", &files::jpg(7)).await.ok();
    let new = json!({ "file_id": file["id"], "name": "转账凭证", "source": "银行", "purpose": "证明出借 100,000 元" });
    w.leaves_no_trace(&format!("POST {}", h.path("/exhibits"))); // a repetition changes nothing
    let key = Uuid::new_v4();
    let once = || h.plaintiff.ask(Method::POST, h.path("/exhibits")).key(key).json(new.clone()).send();
    let made = once().await.ok();
    assert_eq!(once().await.ok()["id"], made["id"], "the same call made again");
    assert_eq!((&made["label"], &made["own"], &made["sha256"]), (&json!("原告证据 1"), &json!(true), &file["sha256"]));
    let leaf = h.clerk.get(format!("{}/leaves/{}/content", h.case.path(), made["leaf_id"].as_str().unwrap())).await;
    assert_eq!(leaf.status, 200, "{}", leaf.text());

    // nobody examines the own evidence or speaks for the other side; an objection has its reason
    let opinions = h.path(&format!("/exhibits/{}/opinions", made["id"].as_str().unwrap()));
    let says = |party: &Value, view: &str, reason: &str| {
        json!({ "party_id": party, "opinions": [{ "aspect": "authenticity", "view": "no_objection" }, { "aspect": "legality", "view": "no_objection" },
            { "aspect": "relevance", "view": view, "reason": reason }] })
    };
    h.plaintiff.post(opinions.clone(), says(&h.plaintiff_party, "no_objection", "")).await.refused(422, "exhibit.own");
    h.plaintiff.post(opinions.clone(), says(&h.defendant_party, "no_objection", "")).await.refused(422, "exhibit.not_yours");
    h.clerk.post(opinions.clone(), says(&h.defendant_party, "objection", " ")).await.refused(422, "exhibit.reason");
    let spoken = h.clerk.post(opinions, says(&h.defendant_party, "objection", "与本案借款无关")).await.ok();
    assert_eq!(spoken["complete"], json!(true), "every aspect, by every other party: {spoken}");
    assert_eq!(spoken["rows"][0]["views"][2]["view"], json!("objection"));

    // the lines go into the record on the judge's word
    let written = h.clerk.post(h.path(&format!("/exhibits/{}/to-transcript", made["id"].as_str().unwrap())), json!({})).await.ok();
    let entries = written["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    assert!(entries[0]["text"].as_str().unwrap().starts_with("原告证据 1：转账凭证。来源：银行。"));
    assert_eq!(entries[1]["text"], json!("被告质证：真实性无异议，合法性无异议，关联性有异议（与本案借款无关）。"));
    assert_eq!((&entries[1]["section"], &entries[1]["speaker"]), (&json!("evidence"), &h.seat("被告")));
    h.plaintiff
        .post(h.path(&format!("/exhibits/{}/to-transcript", made["id"].as_str().unwrap())), json!({}))
        .await
        .refused(403, "role.not_permitted");
    w.end().await;
}

// proves: H27
// part of 44
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_write_one_transcript_and_no_word_is_lost() {
    let w = World::new().await;
    let h = heard(&w, false).await;
    h.clerk
        .post(h.path("/transcript/changes"), json!({ "changes": [{ "do": "check", "id": Uuid::new_v4(), "version": 1 }] }))
        .await
        .refused(409, "transcript.not_now");
    h.step(&w, Step::OpenWaiting).await;
    h.plaintiff.post(h.path("/transcript"), json!({})).await.refused(403, "role.not_permitted");
    let begun = h.clerk.post(h.path("/transcript"), json!({})).await.ok();
    assert!(begun["entries"].as_array().unwrap().len() >= 8, "the standing words");
    assert_eq!((&begun["writes"], &begun["template"]), (&json!(true), &begun["template"]));
    h.step(&w, Step::Open).await;

    let claim = h.insert("claims", Some(h.seat("原告")), "请求判令被告偿还借款本金，并支付逾期利息。").await;
    assert_eq!((&claim["speaker_name"], &claim["version"]), (&json!("原告 赵文博"), &json!(1)));
    let edit = |version: u32, text: &str| json!({ "changes": [{ "do": "edit", "id": claim["id"], "version": version, "text": text }] });
    let path = h.path("/transcript/changes");
    h.judge.post(path.clone(), edit(1, "请求判令被告偿还借款本金十万元，并支付逾期利息。")).await.ok();
    // from the first version, other words: joined
    let joined = h.clerk.post(path.clone(), edit(1, "请求判令被告偿还借款本金，并支付逾期利息和诉讼费。")).await.ok();
    assert_eq!(joined["entries"][0]["text"], json!("请求判令被告偿还借款本金十万元，并支付逾期利息和诉讼费。"));
    // from the first version, the same words: sent back with what stands now
    let key = Uuid::new_v4();
    let clash =
        h.clerk.ask(Method::POST, path.clone()).key(key).json(edit(1, "请求判令被告偿还借款本金八万元，并支付逾期利息。")).send().await;
    let clash = clash.refused(409, "transcript.clash");
    assert_eq!((&clash["current"]["version"], &clash["field"]), (&json!(3), &json!("/changes/0")));
    assert_eq!(clash["current"]["text"], joined["entries"][0]["text"]);
    // all or nothing
    let both = json!({ "changes": [{ "do": "insert", "id": Uuid::new_v4(), "section": "defence", "text": "不应留下" }, edit(1, "改成别的，请求。")["changes"][0]] });
    h.clerk.post(path.clone(), both).await.refused(409, "transcript.clash");

    // a party reads along from where it was
    let seen = h.plaintiff.get(h.path(&format!("/transcript?since={}", begun["rev"]))).await.ok();
    assert_eq!(seen["entries"].as_array().unwrap().len(), 1, "{}", seen["entries"]);
    assert_eq!((&seen["writes"], &seen["objects"], &seen["entries"][0]["changed_by_me"]), (&json!(false), &json!(true), &json!(false)));
    h.plaintiff.post(path.clone(), edit(3, "我来改")).await.refused(403, "role.not_permitted");
    // struck, imported, moved, and every word of before is still there
    let odd = h.insert("other", None, "听错的一句").await;
    h.clerk.post(path.clone(), json!({ "changes": [{ "do": "strike", "id": odd["id"], "version": 1 }] })).await.ok();
    let text = "【答辩意见】\n被告：同意还本金。\n利息过高。\n路人：不认识的人";
    let read = h.clerk.post(h.path("/transcript/import"), json!({ "text": text })).await.ok();
    let read = read["entries"].as_array().unwrap();
    assert_eq!(read.len(), 2, "{read:?}");
    assert_eq!(
        (&read[0]["speaker"], &read[0]["text"], &read[0]["section"]),
        (&h.seat("被告"), &json!("同意还本金。\n利息过高。"), &json!("defence"))
    );
    let history = h.plaintiff.get(h.path(&format!("/transcript/entries/{}/history", claim["id"].as_str().unwrap()))).await.ok();
    let pieces: Vec<&str> = history["revisions"][1]["pieces"].as_array().unwrap().iter().map(|p| p["is"].as_str().unwrap()).collect();
    assert_eq!((history["revisions"].as_array().unwrap().len(), pieces), (3, vec!["kept", "put", "kept"]));
    let docx = h.clerk.get(h.path("/transcript.docx")).await;
    assert!(docx.content().starts_with(b"PK") && docx.header("content-disposition").contains(".docx"));
    let pdf = h.plaintiff.get(h.path("/transcript.pdf")).await;
    assert!(pdf.content().starts_with(b"%PDF"));
    w.run(&format!("update cases set sealed = true, sealed_reason = '涉及隐私' where case_id = '{}'", h.case.id)).await;
    w.clerk(LIXIA).await.get(h.path("/transcript")).await.refused(404, "not_found");
    w.end().await;
}

// proves: H30, H31, H32, L33, L34
// part of H23, 45
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_read_corrected_fixed_signed_and_locked() {
    let tsa = cluster().own_tsa("record");
    let (path, dir) = seals("record", &tsa);
    let w = World::with(Wish { seals: Some(path), tsa: Some(tsa.at), idle: true, ..Wish::default() }).await;
    let h = heard(&w, true).await;
    h.step(&w, Step::OpenWaiting).await;
    h.clerk.post(h.path("/transcript"), json!({})).await.ok();
    h.step(&w, Step::Open).await;
    let claim = h.insert("claims", Some(h.seat("原告")), "请求偿还十万元。").await;
    h.insert("testimony", Some(h.seat("审判员")), "证人看到了什么？").await;
    h.insert("testimony", Some(h.seat("证人")), "我看到他收了钱。").await;
    let machine = json!({ "changes": [{ "do": "insert", "id": Uuid::new_v4(), "section": "debate", "text": "机器听写的一句", "unchecked": true,
        "media": { "epoch": 1, "from_ms": 61_000, "until_ms": 64_500 } }] });
    let machine = h.clerk.post(h.path("/transcript/changes"), machine).await.ok()["entries"][0].clone();
    assert_eq!(machine["media"]["from_ms"], json!(61_000));
    let rev = || async { h.clerk.get(h.path("/transcript")).await.ok()["rev"].clone() };
    h.clerk.post(h.path("/transcript/fix"), json!({ "rev": rev().await })).await.refused(409, "transcript.not_ended");
    h.step(&w, Step::End { outcome: Outcome::Completed }).await;

    // two corrections are asked for; while anything is open nothing is fixed
    let ask = |text: &str| json!({ "entry_id": claim["id"], "version": 1, "from": 2, "quote": "偿还十万元", "text": text });
    let mend = h.plaintiff.post(h.path("/transcript/objections"), ask("偿还本金十万元")).await.ok();
    let vain = h.plaintiff.post(h.path("/transcript/objections"), ask("偿还一百万元")).await.ok();
    assert_eq!((&mend["now_at"], &mend["own"], &mend["state"]), (&json!(2), &json!(true), &json!("open")));
    let open = h.clerk.post(h.path("/transcript/fix"), json!({ "rev": rev().await })).await.refused(422, "transcript.open");
    let codes: Vec<&str> = open["errors"].as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"transcript.open_unchecked") && codes.contains(&"transcript.open_objections"), "{codes:?}");
    h.clerk.post(h.path("/transcript/changes"), json!({ "changes": [{ "do": "check", "id": machine["id"], "version": 1 }] })).await.ok();
    let answer = |o: &Value| h.path(&format!("/transcript/objections/{}/answer", o["id"].as_str().unwrap()));
    h.plaintiff.post(answer(&mend), json!({ "do": "refuse", "reason": "自己不能决定自己的申请" })).await.refused(403, "role.not_permitted");
    let mended = h.clerk.post(answer(&mend), json!({ "do": "correct", "version": 1, "text": "请求偿还本金十万元。" })).await.ok();
    assert_eq!((&mended["state"], mended.get("now_at")), (&json!("corrected"), None));
    h.clerk.post(answer(&vain), json!({ "do": "refuse", "reason": "短" })).await.refused(422, "hearing.reason");
    h.clerk.post(answer(&vain), json!({ "do": "refuse", "reason": "与录音录像和当庭陈述都不一致" })).await.ok();
    let read = h.plaintiff.get(h.path("/transcript")).await.ok();
    assert!(read["refused_lines"][0].as_str().unwrap().contains("偿还一百万元"), "{}", read["refused_lines"]);
    assert_eq!(read["phase"], json!("review"));

    // the room knows nothing of who came without a device: the clerk's word goes before it
    let came = json!([{ "participant_id": h.seat("证人"), "absent": false, "says": "身份证件核对无误，已签保证书" }]);
    h.clerk.put(h.path("/transcript/header"), json!({ "version": 99, "attendance": came })).await.refused(412, "version.stale");
    let head = h.clerk.put(h.path("/transcript/header"), json!({ "version": read["version"], "attendance": came })).await.ok();
    assert!(head["header"]["parties"].to_string().contains("已签保证书"), "{}", head["header"]);
    assert_eq!(head["open"], json!([]));
    // fixed from what was seen, and only from that
    h.clerk.post(h.path("/transcript/fix"), json!({ "rev": 1 })).await.refused(412, "version.stale");
    let signing = h.clerk.post(h.path("/transcript/fix"), json!({ "rev": rev().await })).await.ok();
    assert_eq!((&signing["state"], &signing["n"], signing["signers"].as_array().unwrap().len()), (&json!("signing"), &json!(1), 5));
    w.work().await;
    let told = format!("select count(*) from hearing_notices where hearing_id = '{}' and kind = 'signing'", h.id);
    assert_eq!(w.count(&told).await, 2, "the parties are told on their phones; the witness gave no number");
    let mine = |p: &Person| {
        let (p, path) = (p.clone(), h.path("/signing"));
        async move { p.get(path).await.ok()["mine"].clone() }
    };
    let sign =
        |digest: &Value| json!({ "what": "transcript", "digest": digest, "way": "handwritten", "strokes": drawing(), "read_to_end": true });
    let digest = mine(&h.plaintiff).await["digest"].clone();
    h.plaintiff.post(h.path("/signatures"), sign(&digest)).await.refused(422, "signing.identity");
    h.identified(&w, &h.seat("原告")).await;
    h.plaintiff
        .post(h.path("/signatures"), json!({ "what": "transcript", "digest": digest, "way": "handwritten", "read_to_end": true }))
        .await
        .refused(422, "signing.drawing");
    h.plaintiff
        .post(
            h.path("/signatures"),
            json!({ "what": "transcript", "digest": digest, "way": "typed", "typed_name": "赵文博", "read_to_end": false }),
        )
        .await
        .refused(422, "signing.unread");
    h.judge.post(h.path("/signatures"), sign(&mine(&h.judge).await["digest"])).await.refused(422, "signing.wait");
    h.plaintiff.post(h.path("/signatures"), sign(&digest)).await.ok();
    // taken back, changed, fixed anew: the old signature counts no more, and the old digest is refused
    h.judge.post(h.path("/transcript/reopen"), json!({ "reason": "被告当庭又作了补充陈述，需要记入" })).await.ok();
    h.insert("final_views", Some(h.seat("被告")), "坚持答辩意见。").await;
    h.clerk.post(h.path("/transcript/fix"), json!({ "rev": rev().await })).await.ok();
    let again = mine(&h.plaintiff).await;
    assert_eq!(again["standing"], json!("stale"));
    h.plaintiff.post(h.path("/signatures"), sign(&digest)).await.refused(422, "signing.other_version");
    h.plaintiff.post(h.path("/signatures"), sign(&again["digest"])).await.ok();

    // the defendant has no account: a code on the clerk's screen, opened once on a phone
    h.identified(&w, &h.seat("被告")).await;
    h.plaintiff.post(h.path("/signing/link"), json!({ "participant_id": h.seat("被告") })).await.refused(404, "not_found");
    let link = h.clerk.post(h.path("/signing/link"), json!({ "participant_id": h.seat("被告") })).await.ok();
    assert!(link["qr"].as_str().unwrap().starts_with("<svg"));
    let token = link["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let gate = |path: &'static str, body: Value| w.nobody(Method::POST, path).json(body).send();
    let opened = gate("/sign-link", json!({ "token": token })).await.ok();
    assert_eq!(
        (&opened["name_masked"], &opened["fingerprint"]),
        (&json!("钱某"), &h.clerk.get(h.path("/signing")).await.ok()["fingerprint"])
    );
    gate("/sign-link", json!({ "token": token })).await.refused(404, "not_found");
    gate("/sign-link/read", json!({ "ticket": opened["ticket"], "code": "000000" })).await.refused(422, "account.code_wrong");
    gate("/sign-link/code", json!({ "ticket": opened["ticket"] })).await.ok();
    let digits = code(&w, &h.defendant_mobile).await;
    let read = gate("/sign-link/read", json!({ "ticket": opened["ticket"], "code": digits })).await.ok();
    assert!(read["entries"].as_array().unwrap().iter().any(|e| e["text"] == "请求偿还本金十万元。"), "{read}");
    gate("/sign-link/code", json!({ "ticket": opened["ticket"] })).await.refused(404, "not_found");
    let by_phone =
        json!({ "pass": read["pass"], "digest": read["digest"], "way": "handwritten", "strokes": drawing(), "read_to_end": true });
    gate("/sign-link/sign", by_phone.clone()).await.ok();
    gate("/sign-link/sign", by_phone).await.refused(404, "not_found");

    // the witness refuses: the clerk notes it with its reason; then clerk and judge, and it locks with the last
    let refusal = json!({ "participant_id": h.seat("证人"), "what": "transcript", "reason": "证人认为没有必要，看完后拒绝签名" });
    h.judge.post(h.path("/signatures/refusal"), refusal.clone()).await.refused(422, "signing.clerk_only");
    h.clerk.post(h.path("/signatures/refusal"), refusal).await.ok();
    let typed = json!({ "what": "transcript", "digest": mine(&h.clerk).await["digest"], "way": "typed", "typed_name": "孙书", "read_to_end": true });
    h.clerk.post(h.path("/signatures"), typed).await.ok();
    let last = h.judge.post(h.path("/signatures"), sign(&mine(&h.judge).await["digest"])).await.ok();
    assert_eq!(last["state"], json!("complete"), "{last}");
    let standings: Vec<&str> = last["signers"].as_array().unwrap().iter().map(|s| s["standing"].as_str().unwrap()).collect();
    assert_eq!(standings, ["signed", "signed", "refused", "signed", "signed"]);
    let locked = h.plaintiff.get(h.path("/transcript")).await.ok();
    assert_eq!((&locked["phase"], &locked["writes"], &locked["objects"]), (&json!("locked"), &json!(false), &json!(false)));
    let late = json!({ "changes": [{ "do": "insert", "id": Uuid::new_v4(), "section": "other", "text": "锁定以后" }] });
    h.clerk.post(h.path("/transcript/changes"), late).await.refused(409, "transcript.not_now");

    // a moment later: one paper, sealed and stamped, with its code, in the file of the case
    w.work().await;
    let paper = h.plaintiff.get(h.path("/signing")).await.ok()["paper_id"].clone();
    let paper = paper.as_str().expect("the paper of the locked version").to_owned();
    let pdf = h.plaintiff.get(format!("/courts/{LIXIA}/papers/{paper}/content")).await.content().to_vec();
    let report = verify(&pdf, &Question { trust: &dir.trust().unwrap(), now: w.now(), court: None, beside: None });
    assert!(report.verified, "{report:?}");
    assert_eq!((report.level, report.court.as_deref()), (Some("B-T"), Some("济南市历下区人民法院")));
    assert_eq!(h.clerk.get(h.path("/transcript.pdf")).await.content(), pdf, "the export is the sealed paper");
    let words: String = files::text_of(&pdf).split_whitespace().collect();
    for word in ["请求偿还本金十万元", "拒绝签名", "偿还一百万元"] {
        assert!(words.contains(word), "{word} in {words}");
    }
    let leaf = w.count(&format!("select folder::bigint from leaves where paper_id = '{paper}'")).await;
    assert_eq!(leaf, 17, "开庭审判笔录");
    let acts = h.plaintiff.get(h.case.path()).await.ok()["timeline"].to_string();
    assert!(acts.contains("hearing_locked"), "{acts}");
    let again = w.count("select count(*) from outbox where topic = 'hearing.finish'").await;
    assert!(again >= 1, "the package is made anew with the signed record in it");
    w.work().await;
    assert_eq!(w.count(&format!("select count(*) from leaves where case_id = '{}' and doc_class = '庭审笔录'", h.case.id)).await, 1);
    w.end().await;
}

// proves: M08
// part of 46
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agreement_in_the_room_takes_effect_with_the_last_signature() {
    let w = World::with(Wish { idle: true, ..Wish::default() }).await;
    let h = heard(&w, false).await;
    h.step(&w, Step::OpenWaiting).await;
    h.step(&w, Step::Open).await;
    h.step(&w, Step::BeginMediation { reason: "各方当庭表示同意调解，转入调解".into(), recorded: false }).await;
    h.plaintiff.get(h.path("/agreement")).await.refused(404, "not_found");
    let terms = |fen: &str| json!({ "terms": [format!("被告于 2026 年 12 月 31 日前偿还 {fen} 元"), "案件受理费由被告负担"] });
    h.plaintiff.post(h.path("/agreement"), terms("90,000")).await.refused(403, "role.not_permitted");
    h.judge.post(h.path("/agreement"), terms("80,000")).await.ok();
    for plate in ["原告", "被告"] {
        h.identified(&w, &h.seat(plate)).await;
    }
    let mine = |p: &Person| {
        let (p, path) = (p.clone(), h.path("/signing?what=agreement"));
        async move { p.get(path).await.ok()["mine"]["digest"].clone() }
    };
    let sign =
        |digest: &Value| json!({ "what": "agreement", "digest": digest, "way": "handwritten", "strokes": drawing(), "read_to_end": true });
    h.plaintiff.post(h.path("/signatures"), sign(&mine(&h.plaintiff).await)).await.ok();
    // the sum is changed: what was signed before counts no more
    let second = h.judge.post(h.path("/agreement"), terms("90,000")).await.ok();
    assert_eq!((&second["n"], &second["state"]), (&json!(2), &json!("signing")));
    h.plaintiff.post(h.path("/signatures"), sign(&mine(&h.plaintiff).await)).await.ok();
    // the defendant signs on paper, scanned into the file by the clerk
    let file = h.clerk.uploads_alone("签名页.pdf", &files::pdf(1, "签名")).await.ok();
    let leaf = json!({ "file_id": file["id"], "volume": "main", "folder": 14, "title": "调解协议签名页" });
    let leaf = h.clerk.post(format!("{}/leaves", h.case.path()), leaf).await.ok();
    let on_paper = json!({ "participant_id": h.seat("被告"), "what": "agreement", "leaf_id": leaf["id"] });
    h.clerk.post(h.path("/signatures/paper"), on_paper).await.ok();
    h.clerk.post(h.path("/signatures"), sign(&mine(&h.clerk).await)).await.ok();
    assert_eq!(h.plaintiff.get(h.path("/agreement")).await.ok()["state"], json!("signing"), "not before the last");
    w.turn_to(w.now() + chrono::TimeDelta::minutes(7)).await;
    let last = h.judge.post(h.path("/signatures"), sign(&mine(&h.judge).await)).await.ok();
    assert_eq!((&last["state"], &last["effective_at"]), (&json!("complete"), &last["complete_at"]));
    let now = w.now();
    assert_eq!(last["effective_at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap(), now);
    h.judge.post(h.path("/agreement"), terms("1")).await.refused(409, "agreement.effective");
    w.work().await;
    let done = h.plaintiff.get(h.path("/agreement")).await.ok();
    assert_eq!(done["state"], json!("effective"));
    let paper = done["paper_id"].as_str().expect("its paper").to_owned();
    let pdf = h.plaintiff.get(format!("/courts/{LIXIA}/papers/{paper}/content")).await.content().to_vec();
    assert!(files::text_of(&pdf).split_whitespace().collect::<String>().contains("90,000元"));
    assert!(h.plaintiff.get(h.case.path()).await.ok()["timeline"].to_string().contains("agreement_effective"));
    w.end().await;
}
