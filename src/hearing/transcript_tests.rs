//! Writing, correcting, fixing and signing a transcript.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::editing::{APART, Anchor, Clash, Merged, Piece, between, check_text, laid_out, merge, pieces, place_now};
use super::signing::{Signature, Signer, Standing, Way, agreement_effective_at, check, link, progress};
use super::transcript::{
    Document, Entry, Header, MediaTime, Open, Reads, Section, Template, fingerprint, may_object, may_write, open, opening_lines, reads,
};
use super::words::{Role, State};

fn at(second: i64) -> DateTime<Utc> {
    "2026-11-26T08:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(second)
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn entry(n: u128, section: Section, speaker: Option<u128>, text: &str) -> Entry {
    let media = Some(MediaTime { epoch: 1, from_ms: 1000 * n as u64, until_ms: 1000 * n as u64 + 900 });
    let name = if speaker.is_some() { "原告 周桂兰" } else { "" };
    Entry {
        id: id(n),
        position: n as i64 * APART,
        section,
        speaker: speaker.map(id),
        speaker_name: name.into(),
        text: text.into(),
        media,
        unchecked: false,
        version: 1,
        struck: false,
    }
}

fn document() -> Document {
    let header = Header {
        court: "济南市历下区人民法院".into(),
        title: "法庭审理笔录".into(),
        case_number: "（2026）鲁0102民初1号".into(),
        cause: "装饰装修合同纠纷".into(),
        opened_at: Some(at(0)),
        ended_at: Some(at(3600)),
        place: "联庭平台 0102-1号庭".into(),
        public: true,
        closed_reason: None,
        bench: vec![("审判员".into(), "林致远".into())],
        parties: vec![("原告".into(), "周桂兰".into(), "身份证已核对".into())],
        absent: vec![],
        interruptions: vec![],
    };
    let entries = vec![
        entry(1, Section::Attendance, None, "各方均已到庭。"),
        entry(2, Section::Identity, None, "身份无异议。"),
        entry(3, Section::Rights, None, "不申请回避。"),
        entry(4, Section::Claims, Some(70), "请求判令支付 128,000 元。"),
        entry(5, Section::Testimony, None, "证人，请如实陈述。"),
        entry(6, Section::Testimony, Some(80), "当天我在场。"),
        entry(7, Section::Testimony, None, "原告还有问题吗？"),
        entry(8, Section::Testimony, Some(80), "是微信转的。"),
    ];
    Document { header, entries, exhibits: vec![], refused_corrections: vec![] }
}

#[test]
fn several_people_write_one_record() {
    let base = "我出示证据1，装饰装修合同，共12页。";
    let yes = |base: &str, newest: &str, mine: &str| merge(base, (2, newest), 1, mine);
    assert_eq!(merge(base, (1, base), 1, "新"), Ok(Merged::Plain("新".into())), "made from the newest");
    assert_eq!(yes(base, base, "新"), Ok(Merged::Plain("新".into())), "nothing came between");
    // the clerk mends the name of the contract while the judge mends the pages
    let theirs = "我出示证据1，装饰装修施工合同，共12页。";
    let mine = "我出示证据1，装饰装修合同，共13页，原件在我手里。";
    assert_eq!(yes(base, theirs, mine), Ok(Merged::Joined("我出示证据1，装饰装修施工合同，共13页，原件在我手里。".into())));
    assert_eq!(
        yes(base, mine, theirs),
        Ok(Merged::Joined("我出示证据1，装饰装修施工合同，共13页，原件在我手里。".into())),
        "either way round"
    );
    assert_eq!(yes(base, theirs, theirs), Ok(Merged::Same));
    assert_eq!(yes(base, theirs, base), Ok(Merged::Same), "no change of one's own");
    let other = "我出示证据2，装饰装修合同，共12页。";
    assert_eq!(
        yes(base, "我出示证据3，装饰装修合同，共12页。", other),
        Err(Clash { version: 2, text: "我出示证据3，装饰装修合同，共12页。".into() })
    );
    assert!(yes("甲乙", "甲一乙", "甲二乙").is_err(), "two insertions at one place");
    assert_eq!(yes("甲乙丙丁", "甲一乙丙丁", "甲乙丙丁戊"), Ok(Merged::Joined("甲一乙丙丁戊".into())));
}

#[test]
fn a_join_loses_nothing_of_either_side() {
    // every pair of single changes of a short text: joined, both are in it; never joined where they overlap
    let base: Vec<char> = "一二三四五六".chars().collect();
    let mut texts = Vec::new();
    for from in 0..=base.len() {
        for until in from..=base.len() {
            for with in ["", "甲", "乙丙"] {
                let text: String = base[..from].iter().copied().chain(with.chars()).chain(base[until..].iter().copied()).collect();
                texts.push((from, until, with, text));
            }
        }
    }
    let base: String = base.into_iter().collect();
    for (af, au, aw, a) in &texts {
        for (bf, bu, bw, b) in &texts {
            match merge(&base, (2, b), 1, a) {
                Ok(Merged::Joined(out)) => {
                    assert!(au <= bf || bu <= af, "{a} {b} -> {out}");
                    let signs: i64 = out.chars().count() as i64;
                    let expected = 6 + (aw.chars().count() + bw.chars().count()) as i64 - (au - af + bu - bf) as i64;
                    assert_eq!(signs, expected, "{base} {a} {b} -> {out}");
                    assert!(out.contains(aw) && out.contains(bw));
                }
                Ok(Merged::Plain(text)) => assert!(text == *a && *b == base),
                Ok(Merged::Same) => assert!(a == b || *a == base),
                Err(clash) => assert_eq!(clash.text, *b),
            }
        }
    }
}

#[test]
fn there_is_room_between_entries_or_all_are_laid_out_anew() {
    assert_eq!((between(None, None), between(Some(0), None), between(None, Some(0))), (Some(0), Some(APART), Some(-APART)));
    let (mut low, mut n) = (0, 0);
    while let Some(middle) = between(Some(low), Some(APART)) {
        assert!(low < middle && middle < APART);
        (low, n) = (middle, n + 1);
    }
    assert!(n >= 19, "{n} insertions at one place before a new layout");
    assert_eq!(laid_out(&[id(3), id(1)]), [(id(3), 0), (id(1), APART)]);
}

// part of H30
#[test]
fn corrections_are_tracked_and_objections_hang_on_words() {
    let found = pieces("真实性无异议，但关联性无异议。", "真实性无异议，但关联性有异议。");
    assert_eq!(
        found,
        [Piece::Kept("真实性无异议，但关联性".into()), Piece::Taken("无".into()), Piece::Put("有".into()), Piece::Kept("异议。".into())]
    );
    assert_eq!(pieces("同", "同"), [Piece::Kept("同".into())]);
    for (old, new) in [("", "新"), ("旧", ""), ("甲乙丙", "丙乙甲"), ("一二三四", "二四六")] {
        let p = pieces(old, new);
        let side = |keep: fn(&Piece) -> Option<&str>| p.iter().filter_map(keep).collect::<String>();
        assert_eq!(side(|p| if let Piece::Kept(t) | Piece::Taken(t) = p { Some(t) } else { None }), old);
        assert_eq!(side(|p| if let Piece::Kept(t) | Piece::Put(t) = p { Some(t) } else { None }), new);
    }
    let long = "长".repeat(2000);
    assert_eq!(pieces(&long, "短").len(), 2, "shown as one");
    let anchor = Anchor { entry: id(1), version: 1, from: 4, quote: "增项".into() };
    assert_eq!(place_now(&anchor, "双方另有增项，增项很多"), Some(4));
    assert_eq!(place_now(&anchor, "但 5 月 8 日双方另有增项"), Some(13));
    assert_eq!(place_now(&anchor, "双方没有约定"), None);
    assert!(check_text(&"字".repeat(4001)).is_err() && check_text("看\u{202e}不见").is_err() && check_text("两行\n可以").is_ok());
}

#[test]
fn every_change_a_signer_could_read_changes_the_digest() {
    let plain = document();
    let digest = plain.digest();
    type Change = fn(&mut Document);
    let changes: [Change; 10] = [
        |d| d.entries[0].text.push('。'),
        |d| d.entries[3].speaker_name = "被告".into(),
        |d| d.entries[3].struck = true,
        |d| d.entries.swap(0, 1),
        |d| d.entries[0].position = 100 * APART,
        |d| d.entries[0].media = None,
        |d| d.header.case_number = "（2026）鲁0102民初2号".into(),
        |d| d.header.ended_at = None,
        |d| d.exhibits.push("证据1".into()),
        |d| d.refused_corrections.push("一".into()),
    ];
    for (n, change) in changes.iter().enumerate() {
        let mut other = document();
        change(&mut other);
        // the order they come in from the table is nothing a reader sees
        assert_eq!(other.digest() == digest, n == 3, "change {n}");
    }
    assert_eq!(fingerprint("7c1e90a4d3b852ff00"), "7C1E 90A4 D3B8 52FF");
    // a witness signs the own part, which other people's changes leave alone
    let part = plain.digest_of_part(id(80));
    let mut elsewhere = document();
    elsewhere.entries[3].text.push('x');
    assert_eq!(elsewhere.digest_of_part(id(80)), part);
    let mut own = document();
    own.entries[7].text.push('x');
    assert_ne!(own.digest_of_part(id(80)), part);
    assert_eq!(plain.part_of(id(80)).len(), 4, "with the questions they answer");
    assert!(plain.part_of(id(99)).is_empty());
}

#[test]
fn a_record_is_fixed_when_nothing_is_open() {
    assert_eq!(open(&document(), Template::Ordinary, 0), []);
    let mut d = document();
    d.header.cause.clear();
    (d.header.public, d.entries[2].struck, d.entries[0].unchecked) = (false, true, true);
    let found = open(&d, Template::Ordinary, 2);
    assert_eq!(
        found,
        [
            Open::Field { name: "cause", zh: "案由" },
            Open::Field { name: "closed_reason", zh: "不公开的理由" },
            Open::Section { section: Section::Rights },
            Open::Unchecked { count: 1 },
            Open::Objections { count: 2 },
        ]
    );
    for template in Template::ALL {
        let sections = template.sections();
        assert!(sections.windows(2).all(|w| w[0] < w[1]), "{template:?} keeps the order of the record");
        assert!(template.required().iter().all(|s| sections.contains(s)), "{template:?}");
        assert!(opening_lines(*template).iter().all(|(s, _, _)| sections.contains(s)));
    }
}

// part of H27
#[test]
fn who_reads_who_writes_who_objects() {
    for (role, state, read, write, object) in [
        (Role::Clerk, State::Open, Reads::All, true, false),
        (Role::SoleJudge, State::Ended, Reads::All, true, false),
        (Role::Party, State::Open, Reads::All, false, true),
        (Role::Agent, State::Ended, Reads::All, false, true),
        (Role::Clerk, State::Signing, Reads::All, false, false),
        (Role::Party, State::Signing, Reads::All, false, true),
        (Role::Party, State::Locked, Reads::All, false, false),
        (Role::Witness, State::Open, Reads::Nothing, false, false),
        (Role::Witness, State::Ended, Reads::OwnPart, false, true),
        (Role::Observer, State::Open, Reads::Nothing, false, false),
        (Role::Technician, State::Open, Reads::Nothing, false, false),
    ] {
        assert_eq!((reads(role, state), may_write(role, state), may_object(role, state)), (read, write, object), "{role:?} {state:?}");
    }
}

fn signers(digest: &str) -> Vec<Signer> {
    [
        (1, Role::Party, true),
        (2, Role::Agent, true),
        (3, Role::Clerk, true),
        (4, Role::SoleJudge, true),
        (5, Role::Agent, false),
        (6, Role::Observer, true),
    ]
    .into_iter()
    .map(|(n, role, attended)| Signer { id: id(n), role, digest: digest.into(), attended })
    .collect()
}

fn sign(n: u128, digest: &str, second: i64) -> Signature {
    Signature { signer: id(n), digest: digest.into(), at: at(second), way: Some(Way::Handwritten), identity: Some(id(900)), refused: None }
}

// part of H30, H31, H32, M08
#[test]
fn signatures_come_in_waves_and_the_last_one_locks() {
    let (signers, mut got) = (signers("a"), Vec::new());
    let states = |got: &[Signature]| progress(&signers, got).signers.into_iter().map(|(_, s)| s).collect::<Vec<_>>();
    use Standing::{Due, Signed, Waits};
    assert_eq!(states(&got), [Due, Due, Waits, Waits], "who never came and who only watched do not sign");
    assert_eq!(check(&signers, &got, &sign(4, "a", 1), true).unwrap_err().code, "signing.wait");
    for (n, after) in [(2, [Due, Signed, Waits, Waits]), (1, [Signed, Signed, Due, Waits]), (3, [Signed, Signed, Signed, Due])] {
        let new = sign(n, "a", got.len() as i64);
        assert_eq!(check(&signers, &got, &new, true), Ok(()), "{n}");
        got.push(new);
        assert_eq!(states(&got), after);
        assert!(!progress(&signers, &got).complete);
    }
    got.push(sign(4, "a", 60));
    let done = progress(&signers, &got);
    assert_eq!((done.complete, done.complete_at), (true, Some(at(60))));
    assert_eq!(agreement_effective_at(&signers, &got), Some(at(60)));
    assert_eq!(check(&signers, &got, &sign(4, "a", 70), true).unwrap_err().code, "signing.done");
    assert_eq!(check(&signers, &got, &sign(5, "a", 70), true).unwrap_err().code, "signing.not_asked");
    assert_eq!(check(&signers, &got, &sign(6, "a", 70), true).unwrap_err().code, "signing.not_asked");
}

#[test]
fn a_signature_holds_for_what_was_read_and_nothing_else() {
    let old = signers("a");
    let got = vec![sign(1, "a", 1), sign(2, "a", 2)];
    let new = signers("b");
    let after = progress(&new, &got);
    assert_eq!(after.signers[..2], [(id(1), Standing::Stale), (id(2), Standing::Stale)], "a changed transcript is signed anew");
    assert_eq!(check(&new, &got, &sign(1, "a", 5), true).unwrap_err().code, "signing.other_version");
    assert_eq!(check(&new, &got, &sign(1, "b", 5), true), Ok(()));
    assert_eq!(check(&old, &[], &sign(1, "a", 1), false).unwrap_err().code, "signing.unread");
    assert_eq!(check(&old, &[], &Signature { identity: None, ..sign(1, "a", 1) }, true).unwrap_err().code, "signing.identity");
    assert_eq!(check(&old, &[], &Signature { way: None, ..sign(1, "a", 1) }, true).unwrap_err().code, "signing.no_way");
    let paper = Signature { way: Some(Way::OnPaper), identity: None, ..sign(1, "a", 1) };
    assert_eq!(check(&old, &[], &paper, true), Ok(()));
}

#[test]
fn a_refusal_is_noted_and_ends_the_wait_but_makes_no_agreement() {
    let signers = signers("a");
    let no = Signature { way: None, refused: Some("认为笔录遗漏了自己的陈述".into()), ..sign(1, "a", 1) };
    assert_eq!(check(&signers, &[], &no, false), Ok(()));
    assert_eq!(check(&signers, &[], &Signature { refused: Some("不".into()), ..no.clone() }, false).unwrap_err().code, "hearing.reason");
    let got = vec![no.clone(), sign(2, "a", 2), sign(3, "a", 3), sign(4, "a", 4)];
    let done = progress(&signers, &got);
    assert!(done.complete && done.signers[0].1 == Standing::Refused);
    assert_eq!(agreement_effective_at(&signers, &got), None);
    // and who refused may still change his or her mind
    assert_eq!(check(&signers, &[no], &sign(1, "a", 9), true), Ok(()));
}

#[test]
fn a_link_to_sign_opens_once_for_one_version() {
    let made = link::Link { signer: id(1), digest: "a".into(), made_at: at(0), opened_at: None };
    assert!(link::is_good(&made, "a", at(1)));
    assert!(!link::is_good(&made, "b", at(1)) && !link::is_good(&made, "a", at(600)) && !link::is_good(&made, "a", at(-9)));
    assert!(!link::is_good(&link::Link { opened_at: Some(at(1)), ..made }, "a", at(2)));
}
