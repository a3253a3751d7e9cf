//! Proves rows G7 and J1–J18.

use crate::filing::checks::testing::{about, facts, hold, loan, with};
use crate::filing::checks::{CheckFacts, SpecialCourts};
use serde_json::{Value, json};

const LIXIA: &str = "济南市历下区解放路2号";
const SHIZHONG: &str = "济南市市中区经四路3号";

/// The loan filing with another ground, place and defendant's home.
fn at(ground: Option<&str>, place: Option<&str>, home: &str) -> Value {
    with(&[("/jurisdiction", json!({"ground": ground, "place_division": place})), ("/parties/1/domicile", json!(home))])
}

fn contract() -> CheckFacts {
    about("买卖合同纠纷", &["合同、准合同纠纷", "合同纠纷"])
}
fn tort() -> CheckFacts {
    about("产品责任纠纷", &["侵权责任纠纷"])
}
fn traffic() -> CheckFacts {
    about("机动车交通事故责任纠纷", &["侵权责任纠纷"])
}
fn insurance() -> CheckFacts {
    about("财产损失保险合同纠纷", &["保险纠纷", "财产保险合同纠纷"])
}
fn lease() -> CheckFacts {
    about("房屋租赁合同纠纷", &["合同、准合同纠纷", "合同纠纷", "租赁合同纠纷"])
}
fn divorce() -> CheckFacts {
    about("离婚纠纷", &["婚姻家庭、继承纠纷", "婚姻家庭纠纷"])
}

#[test]
fn the_defendants_place() {
    let home = Some("defendant_domicile");
    let org = |office: &str| json!({"id": "p2", "side": "defendant", "kind": "legal", "name": "鲁辰公司", "phone": "1", "office": office});
    let both = json!({"id": "p3", "side": "defendant", "kind": "natural", "name": "孙六", "domicile": SHIZHONG});
    let prison = "山东省监狱（济南市历城区）";
    hold(vec![
        ("J1", at(home, None, SHIZHONG), facts(), Some("warn /parties/1/residence")),
        ("J1", with(&[("/parties/1/residence", json!(SHIZHONG))]), facts(), Some("warn /parties/1/residence")),
        ("J1", at(home, None, "某个不知道的地方"), facts(), None),
        ("J1", at(home, None, LIXIA), facts(), None),
        ("J2", with(&[("/parties/1", org(SHIZHONG))]), facts(), Some("warn /parties/1/office")),
        ("J2", with(&[("/parties/1", org(LIXIA))]), facts(), None),
        ("J3", at(home, None, prison), facts(), Some("info /jurisdiction/ground")),
        ("J3", with(&[("/facts", json!("被告下落不明"))]), divorce(), Some("info /jurisdiction/ground")),
        ("J3", with(&[("/facts", json!("被告下落不明"))]), facts(), None),
        ("J14", with(&[("/parties/2", both)]), facts(), Some("info /court_id")),
        ("J14", loan(), facts(), None),
    ]);
}

#[test]
fn contracts_and_torts() {
    let (performance, tort_place) = (Some("performance_place"), Some("tort_place"));
    let (here, there) = (Some("370102"), Some("370103"));
    let finance = || about("融资租赁合同纠纷", &["合同、准合同纠纷", "合同纠纷"]);
    hold(vec![
        ("J4", at(performance, there, SHIZHONG), contract(), Some("warn /jurisdiction/place_division")),
        ("J4", at(performance, None, SHIZHONG), contract(), Some("warn /jurisdiction/place_division")),
        ("J4", at(tort_place, here, SHIZHONG), contract(), Some("warn /jurisdiction/ground")),
        ("J4", at(performance, here, SHIZHONG), contract(), None),
        ("J5", at(performance, here, SHIZHONG), contract(), Some("info /jurisdiction/place_division")),
        ("J5", loan(), contract(), None),
        ("J6", at(performance, here, SHIZHONG), finance(), Some("info /jurisdiction/place_division")),
        (
            "J6",
            at(performance, here, SHIZHONG),
            about("信息网络买卖合同纠纷", &["合同、准合同纠纷", "合同纠纷", "买卖合同纠纷"]),
            Some("info /jurisdiction/place_division"),
        ),
        ("J6", at(performance, here, SHIZHONG), contract(), None),
        ("J7", at(performance, here, SHIZHONG), facts(), Some("info /jurisdiction/place_division")),
        ("J7", loan(), facts(), None),
        ("J8", at(performance, here, SHIZHONG), insurance(), Some("warn /jurisdiction/ground")),
        ("J8", at(Some("other"), here, SHIZHONG), insurance(), None),
        ("J9", at(tort_place, here, SHIZHONG), about("公司解散纠纷", &["与公司有关的纠纷"]), Some("warn /jurisdiction/ground")),
        ("J9", at(Some("other"), here, SHIZHONG), about("公司解散纠纷", &["与公司有关的纠纷"]), None),
        ("J10", at(tort_place, there, SHIZHONG), tort(), Some("warn /jurisdiction/place_division")),
        ("J10", at(tort_place, here, SHIZHONG), tort(), None),
        ("J11", at(tort_place, there, SHIZHONG), traffic(), Some("warn /jurisdiction/place_division")),
        ("J11", at(tort_place, here, SHIZHONG), traffic(), None),
    ]);
}

#[test]
fn exclusive_and_agreed() {
    let immovable = Some("immovable");
    let clause = |ground: &str, words: &str| with(&[("/jurisdiction", json!({"ground": ground, "clause": true, "clause_text": words}))]);
    let heirs = || about("法定继承纠纷", &["婚姻家庭、继承纠纷", "继承纠纷"]);
    hold(vec![
        ("J12", loan(), lease(), Some("warn /jurisdiction/ground")),
        ("J12", at(immovable, Some("370103"), LIXIA), lease(), Some("warn /jurisdiction/place_division")),
        ("J12", clause("agreed", "由济南市历下区人民法院管辖"), lease(), Some("warn /jurisdiction/ground")),
        ("J12", at(immovable, Some("370102"), SHIZHONG), lease(), None),
        ("J12", loan(), heirs(), Some("warn /jurisdiction/ground")),
        ("J12", at(Some("other"), Some("370102"), SHIZHONG), heirs(), None),
        ("J12", loan(), facts(), None),
        ("J13", clause("agreed", ""), facts(), Some("warn /jurisdiction/clause_text")),
        ("J13", clause("agreed", "由青岛市市南区人民法院管辖"), facts(), Some("warn /jurisdiction/clause_text")),
        ("J13", clause("agreed", "由济南市历下区人民法院管辖"), facts(), None),
        ("J13", clause("agreed", "由原告住所地人民法院管辖"), facts(), None),
        ("J13", loan(), facts(), None),
    ]);
}

#[test]
fn special_courts() {
    let with_courts = |mut facts: CheckFacts, id: i64| {
        let courts = vec![id];
        facts.rules.special_courts = SpecialCourts {
            securities: courts.clone(),
            technical_ip: courts.clone(),
            design_ip: courts.clone(),
            maritime: courts.clone(),
            internet: courts,
        };
        facts
    };
    let rows: [(&str, &str, &[&str], &str); 5] = [
        ("J15", "证券虚假陈述责任纠纷", &["证券纠纷", "证券欺诈责任纠纷"], "warn /court_id"),
        ("J16", "侵害发明专利权纠纷", &["知识产权权属、侵权纠纷"], "warn /court_id"),
        ("J16", "侵害外观设计专利权纠纷", &["知识产权权属、侵权纠纷"], "warn /court_id"),
        ("J17", "船舶碰撞损害责任纠纷", &["海事海商纠纷"], "warn /court_id"),
        ("J18", "网络虚拟财产合同纠纷", &["数据、网络虚拟财产纠纷", "网络虚拟财产纠纷"], "info /court_id"),
    ];
    for (id, name, path, want) in rows {
        hold(vec![
            (id, loan(), with_courts(about(name, path), 370100), Some(want)),
            (id, loan(), with_courts(about(name, path), 370102), None),
            (id, loan(), about(name, path), None),
            (id, loan(), with_courts(facts(), 370100), None),
        ]);
    }
}

#[test]
fn no_link_at_all() {
    let away = [("/parties/0/domicile", json!(SHIZHONG)), ("/parties/1/domicile", json!(SHIZHONG)), ("/jurisdiction", json!({}))];
    hold(vec![
        ("G7", with(&away), facts(), Some("warn /court_id")),
        ("G7", with(&away[1..]), facts(), None),
        ("G7", at(None, None, "不知道"), facts(), None),
        ("G7", at(Some("other"), Some("370103"), SHIZHONG), facts(), Some("warn /court_id")),
        ("G7", loan(), facts(), None),
    ]);
}
