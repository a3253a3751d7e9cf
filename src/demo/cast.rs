//! Who plays in the demo: names, roles and sign-ins, the same in every province. Made up: the ID numbers use
//! an area that no one was ever born in, the licences numbers that no one holds. Pure.

use chrono::NaiveDate;

use crate::person::documents::{ResidentId, Uscc};

/// The password of everybody in the demo.
pub const PASSWORD: &str = "Quancheng-Baotu-2026";

/// The courts of the play, by their place in the province.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// 高级人民法院.
    High,
    /// The capital's intermediate court.
    Intermediate,
    /// The first basic court under it.
    First,
    /// The second.
    Second,
    /// A basic court of another city.
    Away,
}

/// Someone who works for a court.
pub struct Worker {
    /// Where.
    pub at: Stage,
    /// Roles, the first one named in lists.
    pub roles: &'static [&'static str],
    /// 姓名.
    pub name: &'static str,
    /// Mobile number: 1380000 and this.
    pub mobile: u16,
    /// Birth, and odd for a man.
    pub birth: (i32, u32, u32, u16),
}

const fn worker(at: Stage, roles: &'static [&'static str], name: &'static str, mobile: u16, birth: (i32, u32, u32, u16)) -> Worker {
    Worker { at, roles, name, mobile, birth }
}

use Stage::{Away, First, High, Intermediate, Second};

/// The three separated duties of the province, made from the command line.
pub const FIRST_ADMINS: [Worker; 3] = [
    worker(High, &["provincial_admin"], "周致远", 5, (1974, 3, 12, 101)),
    worker(High, &["auditor"], "郑明察", 6, (1979, 9, 2, 103)),
    worker(High, &["security_admin"], "林安", 7, (1981, 5, 20, 104)),
];

/// The courts' administrators, made by the province's.
pub const COURT_ADMINS: [Worker; 5] = [
    worker(First, &["court_admin"], "吴思敏", 4, (1983, 6, 18, 106)),
    worker(High, &["court_admin"], "马立新", 40, (1978, 1, 9, 107)),
    worker(Intermediate, &["court_admin"], "高文静", 41, (1985, 11, 23, 108)),
    worker(Second, &["court_admin"], "冯建业", 42, (1980, 7, 7, 109)),
    worker(Away, &["court_admin"], "宋海波", 43, (1982, 2, 14, 111)),
];

/// The courts' people, made by their administrators.
pub const WORKERS: [Worker; 18] = [
    worker(First, &["clerk"], "陈晓雨", 3, (1994, 4, 3, 112)),
    worker(First, &["clerk"], "韩雪", 30, (1996, 8, 16, 114)),
    worker(First, &["judge"], "李正言", 10, (1976, 10, 30, 113)),
    worker(First, &["judge"], "王明珠", 11, (1984, 12, 1, 116)),
    worker(First, &["presiding_judge"], "张守正", 12, (1971, 5, 4, 115)),
    worker(First, &["technician"], "刘畅", 13, (1992, 3, 27, 117)),
    worker(First, &["mediator"], "于和平", 14, (1962, 1, 15, 119)),
    worker(First, &["security_admin"], "孟可", 15, (1988, 6, 6, 118)),
    worker(First, &["auditor"], "石磊", 16, (1986, 9, 9, 121)),
    worker(Second, &["clerk"], "田甜", 20, (1995, 7, 21, 120)),
    worker(Second, &["judge"], "曹东升", 21, (1979, 2, 2, 123)),
    worker(Away, &["clerk"], "姜海宁", 22, (1993, 10, 10, 122)),
    worker(Away, &["judge"], "逄增志", 23, (1975, 12, 25, 125)),
    worker(Away, &["presiding_judge"], "于清波", 24, (1970, 8, 8, 127)),
    worker(Intermediate, &["clerk"], "邵佳", 25, (1991, 5, 30, 124)),
    worker(Intermediate, &["judge"], "鲁克勤", 26, (1973, 3, 3, 129)),
    worker(High, &["clerk"], "米兰", 27, (1990, 1, 31, 126)),
    worker(High, &["judge"], "潘德厚", 28, (1968, 11, 11, 131)),
];

/// What kind of account somebody outside has.
pub enum Outside {
    /// A natural person.
    Natural,
    /// Acts for a company: its name and the body of its code.
    Organisation(&'static str, &'static str),
    /// A lawyer of a firm.
    Lawyer(&'static str),
    /// 基层法律服务工作者.
    LegalWorker(&'static str),
}

/// Someone who comes to a court.
pub struct Guest {
    /// 姓名.
    pub name: &'static str,
    /// Mobile number: 1380000 and this.
    pub mobile: u16,
    /// Birth, and odd for a man.
    pub birth: (i32, u32, u32, u16),
    /// Account.
    pub kind: Outside,
}

/// The firm of two of the lawyers.
pub const FIRM: &str = "山东泉城律师事务所";
/// The company that is sued.
pub const COMPANY: &str = "山东鲁辰物流有限公司";

/// The people outside.
pub const GUESTS: [Guest; 7] = [
    Guest { name: "赵文博", mobile: 1, birth: (1989, 4, 26, 201), kind: Outside::Natural },
    Guest { name: "王海燕", mobile: 2, birth: (1987, 3, 8, 202), kind: Outside::Lawyer(FIRM) },
    Guest { name: "孙丽", mobile: 50, birth: (1990, 9, 19, 204), kind: Outside::Natural },
    Guest { name: "钱永福", mobile: 51, birth: (1958, 2, 4, 203), kind: Outside::Natural },
    Guest { name: "董志强", mobile: 52, birth: (1980, 6, 1, 205), kind: Outside::Organisation(COMPANY, "91370102MA3K7Q2C4") },
    Guest { name: "李建国", mobile: 53, birth: (1979, 10, 1, 207), kind: Outside::Lawyer(FIRM) },
    Guest {
        name: "徐桂兰", mobile: 54, birth: (1969, 12, 12, 206), kind: Outside::LegalWorker("济南市历下区明湖法律服务所")
    },
];

/// 13800000003.
pub fn mobile(n: u16) -> String {
    format!("1380000{n:04}")
}

/// A resident ID number of an area nobody was born in (37 01 99), with its check sign.
pub fn id_number((year, month, day, order): (i32, u32, u32, u16)) -> String {
    let body = format!("370199{year:04}{month:02}{day:02}{order:03}");
    let today = NaiveDate::from_ymd_opt(2100, 1, 1).unwrap_or_default();
    "0123456789X".chars().map(|c| format!("{body}{c}")).find(|id| ResidentId::parse(id, today).is_ok()).unwrap_or(body)
}

/// A credit code over a body of 17 signs, with its check sign.
pub fn credit_code(body: &str) -> String {
    "0123456789ABCDEFGHJKLMNPQRTUWXY"
        .chars()
        .map(|c| format!("{body}{c}"))
        .find(|code| Uscc::parse(code).is_ok())
        .unwrap_or_else(|| body.to_owned())
}

/// A lawyer's licence number nobody holds: 2013, full-time.
pub fn licence(guest: &Guest) -> String {
    let woman = guest.birth.3.is_multiple_of(2);
    format!("13701201310{}99{:03}", if woman { "1" } else { "0" }, guest.mobile).chars().take(17).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::person::documents::LawyerLicence;

    #[test]
    fn numbers_are_good_and_everybody_has_his_own() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let workers = FIRST_ADMINS.iter().chain(&COURT_ADMINS).chain(&WORKERS);
        let mut ids: Vec<String> = workers.clone().map(|w| id_number(w.birth)).collect();
        ids.extend(GUESTS.iter().map(|g| id_number(g.birth)));
        assert!(ids.iter().all(|id| ResidentId::parse(id, today).is_ok()), "{ids:?}");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        let mobiles: BTreeSet<u16> = workers.map(|w| w.mobile).chain(GUESTS.iter().map(|g| g.mobile)).collect();
        assert_eq!(mobiles.len(), ids.len());
        for guest in &GUESTS {
            match guest.kind {
                Outside::Lawyer(_) => assert!(LawyerLicence::parse(&licence(guest), today).is_ok(), "{}", licence(guest)),
                Outside::Organisation(_, body) => assert!(Uscc::parse(&credit_code(body)).is_ok()),
                _ => {}
            }
        }
    }
}
