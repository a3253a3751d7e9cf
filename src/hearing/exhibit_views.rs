//! What goes over the wire of exhibits. Owns the shapes. Must never show an opinion as given that was not.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use uuid::Uuid;

use super::examination::{self, Aspect, Opinion, Original, View};
use super::exhibits::{self, Shown};
use super::record::Record;
use super::words::Side;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};

/// What a party said of one aspect.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ExhibitOpinion {
    /// authenticity, legality or relevance.
    pub aspect: Aspect,
    /// 名称.
    pub aspect_name: String,
    /// Its view; none: not spoken yet.
    pub view: Option<View>,
    /// 名称.
    pub view_name: Option<String>,
    /// Why.
    pub reason: String,
}

/// A party's row of the grid.
#[derive(Debug, Clone, Object)]
pub struct ExhibitRow {
    /// Party.
    pub party_id: Uuid,
    /// Side.
    pub side: Side,
    /// 名称.
    pub side_name: String,
    /// By aspect.
    pub views: Vec<ExhibitOpinion>,
}

/// 出示的证据.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingExhibit {
    /// Exhibit.
    pub id: Uuid,
    /// Its number among those of its side.
    pub number: u32,
    /// 原告证据 1.
    pub label: String,
    /// Whose; none: collected by the court.
    pub party_id: Option<Uuid>,
    /// Side.
    pub side: Option<Side>,
    /// 名称.
    pub side_name: String,
    /// Case in whose file it lies: of a joint hearing one of several.
    pub case_id: Uuid,
    /// Leaf of that file.
    pub leaf_id: Uuid,
    /// Its media type.
    pub media_type: String,
    /// Its pages.
    pub pages: Option<i32>,
    /// Its digest.
    pub sha256: Option<String>,
    /// 名称.
    pub name: String,
    /// 来源.
    pub source: String,
    /// 证明目的.
    pub purpose: String,
    /// not_asked, wanted, matches, differs or no_original.
    pub original: Original,
    /// 名称.
    pub original_name: String,
    /// After the period for evidence.
    pub late: bool,
    /// Version.
    pub version: i32,
    /// When.
    pub added_at: DateTime<Utc>,
    /// The caller presents it.
    pub own: bool,
    /// What the others say of it.
    pub rows: Vec<ExhibitRow>,
    /// Everybody has spoken on everything.
    pub complete: bool,
    /// Somebody doubts it is genuine and nobody has compared the original.
    pub compare_original: bool,
    /// As it stands in the record.
    pub lines: Vec<String>,
}

/// A party that examines.
#[derive(Debug, Clone, Object)]
pub struct ExhibitParty {
    /// Party.
    pub party_id: Uuid,
    /// Side.
    pub side: Side,
    /// 名称.
    pub side_name: String,
    /// Name.
    pub name: String,
    /// The caller speaks for it.
    pub own: bool,
}

/// 证据出示清单.
#[derive(Debug, Clone, Object)]
pub struct HearingExhibitList {
    /// By side and number.
    pub items: Vec<HearingExhibit>,
    /// The parties, in order.
    pub parties: Vec<ExhibitParty>,
    /// The caller may put something on it now.
    pub may_add: bool,
    /// The caller may write anybody's opinion, as the clerk does.
    pub may_write: bool,
}

/// The list, for this caller.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut CourtTx, record: &Record) -> Result<HearingExhibitList> {
    let said = exhibits::opinions(tx, record.row.hearing_id).await?;
    let all = exhibits::all(tx, record.row.hearing_id).await?;
    let own = record.mine().find(|s| s.seat.role.is_party_side()).and_then(|s| s.seat.party);
    Ok(HearingExhibitList {
        items: all.iter().map(|x| shown(record, x, &said)).collect(),
        parties: exhibits::parties(record).into_iter().map(|(id, side)| party(record, id, side)).collect(),
        may_add: exhibits::presenter(record, own).is_ok(),
        may_write: record.is_court(),
    })
}

/// One, for this caller.
///
/// # Errors
/// 404.
pub async fn one(tx: &mut CourtTx, record: &Record, exhibit: Uuid) -> Result<HearingExhibit> {
    list(tx, record).await?.items.into_iter().find(|x| x.id == exhibit).ok_or_else(Error::not_found)
}

fn party(record: &Record, id: Uuid, side: Side) -> ExhibitParty {
    let of = |s: &&super::record::Seated| s.seat.party == Some(id);
    ExhibitParty {
        party_id: id,
        side,
        side_name: side.zh().into(),
        name: record.seated.iter().find(of).map(|s| s.name.clone()).unwrap_or_default(),
        own: record.mine().any(|s| s.seat.party == Some(id)),
    }
}

fn shown(record: &Record, x: &Shown, said: &[Opinion]) -> HearingExhibit {
    let e = &x.exhibit;
    let grid = exhibits::grid(record, x, said);
    let side_name = e.side.map_or("法院调取", Side::zh);
    HearingExhibit {
        id: e.id,
        number: e.number,
        label: format!("{side_name}证据 {}", e.number),
        party_id: e.side.map(|_| e.party),
        side: e.side,
        side_name: side_name.into(),
        case_id: x.case,
        leaf_id: x.leaf,
        media_type: x.media_type.clone(),
        pages: x.pages,
        sha256: x.sha256.clone(),
        name: e.name.clone(),
        source: e.source.clone(),
        purpose: e.purpose.clone(),
        original: e.original,
        original_name: e.original.zh().into(),
        late: x.late,
        version: x.version,
        added_at: x.added_at,
        own: record.mine().any(|s| e.side.is_some() && s.seat.party == Some(e.party)),
        lines: examination::lines(e, &grid),
        complete: grid.complete,
        compare_original: grid.compare_original,
        rows: grid.rows.iter().map(row).collect(),
    }
}

fn row(r: &examination::Row) -> ExhibitRow {
    let views = r.views.iter().map(|(aspect, view, reason)| ExhibitOpinion {
        aspect: *aspect,
        aspect_name: aspect.zh().into(),
        view: *view,
        view_name: view.map(|v| v.zh().to_owned()),
        reason: reason.clone(),
    });
    ExhibitRow { party_id: r.party, side: r.side, side_name: r.side.zh().into(), views: views.collect() }
}
