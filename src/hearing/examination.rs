//! 质证: what each side says of each exhibit, aspect by aspect, and how it stands in the transcript.
//!
//! Owns the grid of 真实性、合法性、关联性 per exhibit and party (在线诉讼规则 Art 12, 13, 15), who still has to speak, when
//! the original is to be compared, and the lines of the record. Must never take silence for agreement, or forget an
//! opinion that was changed later.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::law;
use super::refusal::Refusal;
use super::words::Side;
use crate::kit::words::words;

words! {
    /// 三性.
    Aspect as "ExhibitAspect":
    Authenticity = "authenticity", "真实性", "authenticity";
    Legality = "legality", "合法性", "legality";
    Relevance = "relevance", "关联性", "relevance";
}

words! {
    /// 意见.
    View as "ExhibitView":
    NoObjection = "no_objection", "无异议", "no objection";
    Objection = "objection", "有异议", "objection";
    Partly = "partly", "部分有异议", "objection in part";
    NotStated = "not_stated", "不发表意见", "states no opinion";
}

words! {
    /// 原件核对.
    Original as "ExhibitOriginal":
    NotAsked = "not_asked", "未要求核对原件", "not asked for";
    Wanted = "wanted", "待核对原件", "to be compared";
    Matches = "matches", "与原件核对无误", "matches the original";
    Differs = "differs", "与原件不一致", "differs from the original";
    NoOriginal = "no_original", "没有原件", "there is no original";
}

/// An exhibit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exhibit {
    /// Exhibit.
    pub id: Uuid,
    /// Its number among those of its side.
    pub number: u32,
    /// Whose.
    pub party: Uuid,
    /// Its side; none: collected by the court.
    pub side: Option<Side>,
    /// 名称.
    pub name: String,
    /// 来源.
    pub source: String,
    /// 证明目的.
    pub purpose: String,
    /// 原件.
    pub original: Original,
}

/// One opinion; a later one of the same party on the same aspect goes before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// Exhibit.
    pub exhibit: Uuid,
    /// Party.
    pub party: Uuid,
    /// Side.
    pub side: Side,
    /// Aspect.
    pub aspect: Aspect,
    /// View.
    pub view: View,
    /// Why; must be there where something is objected to.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// One party's row of the grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Party.
    pub party: Uuid,
    /// Side.
    pub side: Side,
    /// By aspect; none: not spoken yet.
    pub views: Vec<(Aspect, Option<View>, String)>,
}

/// How an exhibit stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Grid {
    /// Exhibit.
    pub exhibit: Uuid,
    /// The other parties, in order.
    pub rows: Vec<Row>,
    /// Everybody has spoken on everything.
    pub complete: bool,
    /// Somebody doubts it is genuine and nobody has compared the original.
    pub compare_original: bool,
}

/// Who examines: every party but the one who shows it; of what the court collected, all.
pub fn grid(exhibit: &Exhibit, parties: &[(Uuid, Side)], opinions: &[Opinion]) -> Grid {
    let rows: Vec<Row> = parties
        .iter()
        .filter(|(party, _)| exhibit.side.is_none() || *party != exhibit.party)
        .map(|(party, side)| Row { party: *party, side: *side, views: views(exhibit.id, *party, opinions) })
        .collect();
    let complete = rows.iter().all(|r| r.views.iter().all(|(_, v, _)| v.is_some()));
    let doubted =
        rows.iter().flat_map(|r| &r.views).any(|(a, v, _)| *a == Aspect::Authenticity && matches!(v, Some(View::Objection | View::Partly)));
    let compared = matches!(exhibit.original, Original::Matches | Original::Differs | Original::NoOriginal);
    Grid { exhibit: exhibit.id, rows, complete, compare_original: doubted && !compared }
}

fn views(exhibit: Uuid, party: Uuid, opinions: &[Opinion]) -> Vec<(Aspect, Option<View>, String)> {
    let latest = |aspect| opinions.iter().filter(|o| o.exhibit == exhibit && o.party == party && o.aspect == aspect).max_by_key(|o| o.at);
    Aspect::ALL.iter().map(|a| (*a, latest(*a).map(|o| o.view), latest(*a).map(|o| o.reason.clone()).unwrap_or_default())).collect()
}

/// Refuses an opinion that says nothing, or that is on one's own exhibit.
///
/// # Errors
/// What is wrong with it.
pub fn check(exhibit: &Exhibit, opinion: &Opinion) -> Result<(), Refusal> {
    if exhibit.side.is_some() && opinion.party == exhibit.party {
        return Err(Refusal::new(
            "exhibit.own",
            ("这是您自己出示的证据。", "You showed this exhibit yourself."),
            ("需要补充说明的，请写在证明目的里。", "Say more under its purpose."),
        ));
    }
    let objects = matches!(opinion.view, View::Objection | View::Partly);
    if objects && opinion.reason.trim().is_empty() {
        let cause = (
            format!("对{}有异议，没有写理由。", opinion.aspect.zh()),
            format!("An objection to the {} without a reason.", opinion.aspect.en()),
        );
        return Err(Refusal::new("exhibit.reason", cause, ("请写明理由。", "Say why.")).by(law::OL15).at("/reason"));
    }
    Ok(())
}

/// The lines of the record: what was shown, and each party's opinion in one sentence.
pub fn lines(exhibit: &Exhibit, grid: &Grid) -> Vec<String> {
    let whose = exhibit.side.map_or("法院调取", |s| s.zh());
    let mut out = vec![format!(
        "{whose}证据 {}：{}。来源：{}。证明目的：{}。{}。",
        exhibit.number,
        exhibit.name,
        or_none(&exhibit.source),
        or_none(&exhibit.purpose),
        exhibit.original.zh(),
    )];
    out.extend(grid.rows.iter().map(opinion_line));
    out
}

fn opinion_line(row: &Row) -> String {
    let spoken: Vec<String> = row
        .views
        .iter()
        .filter_map(|(aspect, view, reason)| {
            let view = (*view)?;
            let why = if reason.trim().is_empty() { String::new() } else { format!("（{}）", reason.trim().trim_end_matches('。')) };
            Some(format!("{}{}{why}", aspect.zh(), view.zh()))
        })
        .collect();
    if spoken.is_empty() {
        return format!("{}：未发表质证意见。", row.side.zh());
    }
    format!("{}质证：{}。", row.side.zh(), spoken.join("，"))
}

fn or_none(text: &str) -> &str {
    if text.trim().is_empty() { "未说明" } else { text.trim() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn parties() -> Vec<(Uuid, Side)> {
        vec![(id(1), Side::Plaintiff), (id(2), Side::Defendant), (id(3), Side::ThirdParty)]
    }

    fn exhibit() -> Exhibit {
        Exhibit {
            id: id(10),
            number: 1,
            party: id(1),
            side: Some(Side::Plaintiff),
            name: "装饰装修施工合同".into(),
            source: "双方签订".into(),
            purpose: "证明合同总价 128,000 元".into(),
            original: Original::NotAsked,
        }
    }

    fn says(party: u128, aspect: Aspect, view: View, reason: &str, minute: u32) -> Opinion {
        let side = if party == 2 { Side::Defendant } else { Side::ThirdParty };
        Opinion {
            exhibit: id(10),
            party: id(party),
            side,
            aspect,
            view,
            reason: reason.into(),
            at: format!("2026-11-26T07:{minute:02}:00Z").parse().unwrap(),
        }
    }

    // part of L15, H25
    #[test]
    fn every_other_party_speaks_on_every_aspect() {
        let empty = grid(&exhibit(), &parties(), &[]);
        assert_eq!(empty.rows.iter().map(|r| r.party).collect::<Vec<_>>(), [id(2), id(3)], "not who shows it");
        assert!(!empty.complete && !empty.compare_original);
        let mut all = Vec::new();
        for party in [2, 3] {
            for aspect in Aspect::ALL {
                all.push(says(party, *aspect, View::NoObjection, "", 1));
            }
        }
        assert!(grid(&exhibit(), &parties(), &all).complete);
        all.push(says(2, Aspect::Authenticity, View::Objection, "签名不是本人所签", 2));
        let doubted = grid(&exhibit(), &parties(), &all);
        assert!(doubted.compare_original, "the later opinion counts");
        let compared = Exhibit { original: Original::Matches, ..exhibit() };
        assert!(!grid(&compared, &parties(), &all).compare_original);
        assert_eq!(grid(&Exhibit { side: None, ..exhibit() }, &parties(), &[]).rows.len(), 3, "what the court collected, all examine");
    }

    #[test]
    fn the_record_says_it_in_sentences() {
        let opinions = [
            says(2, Aspect::Authenticity, View::NoObjection, "", 1),
            says(2, Aspect::Legality, View::NoObjection, "", 1),
            says(2, Aspect::Relevance, View::Objection, "5 月 8 日双方另有增项，工期应当顺延。", 1),
        ];
        let found = lines(&exhibit(), &grid(&exhibit(), &parties(), &opinions));
        assert_eq!(
            found,
            [
                "原告证据 1：装饰装修施工合同。来源：双方签订。证明目的：证明合同总价 128,000 元。未要求核对原件。",
                "被告质证：真实性无异议，合法性无异议，关联性有异议（5 月 8 日双方另有增项，工期应当顺延）。",
                "第三人：未发表质证意见。",
            ]
        );
    }

    #[test]
    fn objections_have_reasons_and_nobody_examines_himself() {
        assert!(check(&exhibit(), &says(2, Aspect::Relevance, View::NoObjection, "", 1)).is_ok());
        assert_eq!(check(&exhibit(), &says(2, Aspect::Relevance, View::Partly, " ", 1)).unwrap_err().code, "exhibit.reason");
        assert_eq!(check(&exhibit(), &says(1, Aspect::Relevance, View::NoObjection, "", 1)).unwrap_err().code, "exhibit.own");
        assert!(check(&Exhibit { side: None, ..exhibit() }, &says(1, Aspect::Relevance, View::NoObjection, "", 1)).is_ok());
    }
}
