//! Doors of exhibits: the list of a hearing, adding to it, also on the spot, what each side says, and the lines of it in
//! the transcript.

use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::examination::{self, Aspect, Original, View};
use super::exhibit_views::{self, HearingExhibit, HearingExhibitList};
use super::exhibits::{self, Change, NewExhibit, Said};
use super::joint;
use super::record::{self, Record};
use super::transcript::Section;
use super::transcript_changes::{self, NewEntry, Op};
use super::transcript_views::{self, TranscriptChanged};
use super::transcripts;
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::docket::file::{self, NewLeaf};
use crate::docket::read;
use crate::error::{Error, Result, said};
use crate::evidence::store;
use crate::kit::answer::{Created, created};

/// The doors.
pub struct ExhibitApi;

/// 出示证据.
#[derive(Debug, Object, Serialize)]
struct NewHearingExhibit {
    /// A leaf of the case file.
    leaf_id: Option<Uuid>,
    /// Or a file uploaded a moment ago: it becomes a leaf.
    file_id: Option<Uuid>,
    /// Whose; one's own when absent; of the court: collected by it.
    party_id: Option<Uuid>,
    /// 名称.
    #[oai(validator(min_length = 1, max_length = 240))]
    name: String,
    /// 来源.
    #[oai(default, validator(max_length = 400))]
    source: String,
    /// 证明目的.
    #[oai(default, validator(max_length = 1000))]
    purpose: String,
    /// After the period for evidence.
    #[oai(default)]
    late: bool,
}

/// 变更证据的记载.
#[derive(Debug, Object)]
struct HearingExhibitChange {
    /// The version its page showed.
    version: i32,
    /// 名称.
    #[oai(validator(max_length = 240))]
    name: Option<String>,
    /// 来源.
    #[oai(validator(max_length = 400))]
    source: Option<String>,
    /// 证明目的.
    #[oai(validator(max_length = 1000))]
    purpose: Option<String>,
    /// 原件.
    original: Option<Original>,
    /// 逾期.
    late: Option<bool>,
}

/// One aspect.
#[derive(Debug, Object, Serialize)]
struct NewOpinion {
    /// Aspect.
    aspect: Aspect,
    /// View.
    view: View,
    /// Why.
    #[oai(default, validator(max_length = 2000))]
    reason: String,
}

/// 质证意见.
#[derive(Debug, Object, Serialize)]
struct NewOpinions {
    /// For which party.
    party_id: Uuid,
    /// Up to three aspects.
    #[oai(validator(min_items = 1, max_items = 3))]
    opinions: Vec<NewOpinion>,
}

impl NewOpinions {
    fn said(&self) -> Vec<Said<'_>> {
        self.opinions.iter().map(NewOpinion::said).collect()
    }
}

impl NewOpinion {
    fn said(&self) -> Said<'_> {
        Said { aspect: self.aspect, view: self.view, reason: &self.reason }
    }
}

/// Where its lines go.
#[derive(Debug, Object, Serialize)]
struct ExhibitLines {
    /// Behind which entry; none: at the end of 举证质证.
    after: Option<Uuid>,
}

#[OpenApi]
impl ExhibitApi {
    /// 证据出示清单 of a hearing.
    #[oai(path = "/courts/:court/hearings/:hearing/exhibits", method = "get", operation_id = "list_exhibits")]
    async fn list(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, hearing: Path<Uuid>) -> Result<Json<HearingExhibitList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        let record = Record::of(&mut tx, hearing.0, caller.person()).await?;
        Ok(Json(exhibit_views::list(&mut tx, &record).await?))
    }

    /// 出示证据: a leaf of the case file, or what was uploaded on the spot (H25).
    #[oai(path = "/courts/:court/hearings/:hearing/exhibits", method = "post", operation_id = "add_exhibit")]
    async fn add(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<NewHearingExhibit>,
    ) -> Result<Created<HearingExhibit>> {
        let made = add(app, &caller, court.0, hearing.0, key.0, &body.0).await?;
        Ok(created(shown(app, &caller, court.0, hearing.0, made).await?))
    }

    /// 变更记载; 核对原件.
    #[oai(path = "/courts/:court/hearings/:hearing/exhibits/:exhibit", method = "put", operation_id = "change_exhibit")]
    async fn change(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        exhibit: Path<Uuid>,
        body: Json<HearingExhibitChange>,
    ) -> Result<Json<HearingExhibit>> {
        record::seen(app, &caller, court.0, hearing.0).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::HearingTake).await?;
        let record = Record::of(&mut tx, hearing.0, caller.person()).await?;
        let b = &body.0;
        let change = Change {
            name: b.name.as_deref(),
            source: b.source.as_deref(),
            purpose: b.purpose.as_deref(),
            original: b.original,
            late: b.late,
        };
        exhibits::change(&mut tx, &record, exhibit.0, b.version, &change).await?;
        record::told(&mut tx, hearing.0, json!({ "exhibit": exhibit.0 }))?;
        tx.commit(exhibit.0, json!({ "hearing": hearing.0 })).await?;
        Ok(Json(shown(app, &caller, court.0, hearing.0, exhibit.0).await?))
    }

    /// 质证: what a party says of its authenticity, legality and relevance.
    #[oai(path = "/courts/:court/hearings/:hearing/exhibits/:exhibit/opinions", method = "post", operation_id = "say_opinion")]
    #[allow(clippy::too_many_arguments, reason = "the parts of a request")]
    async fn say(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        exhibit: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<NewOpinions>,
    ) -> Result<Created<HearingExhibit>> {
        record::seen(app, &caller, court.0, hearing.0).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::HearingTake).await?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(exhibit.0, &body.0))?).await?.is_none() {
            let record = Record::of(&mut tx, hearing.0, caller.person()).await?;
            exhibits::say(&mut tx, &record, exhibit.0, body.0.party_id, &body.0.said()).await?;
            record::told(&mut tx, hearing.0, json!({ "exhibit": exhibit.0 }))?;
            tx.answered(key.0, &exhibit.0).await?;
            tx.commit(exhibit.0, json!({ "hearing": hearing.0, "party": body.0.party_id })).await?;
        }
        Ok(created(shown(app, &caller, court.0, hearing.0, exhibit.0).await?))
    }

    /// 导入笔录: the lines of an exhibit, as entries of 举证质证 (H24).
    #[oai(
        path = "/courts/:court/hearings/:hearing/exhibits/:exhibit/to-transcript",
        method = "post",
        operation_id = "exhibit_to_transcript"
    )]
    #[allow(clippy::too_many_arguments, reason = "the parts of a request")]
    async fn to_transcript(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        exhibit: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<ExhibitLines>,
    ) -> Result<Created<TranscriptChanged>> {
        let mut tx = app.door.enter(&caller, court.0, Act::TranscriptWrite).await?;
        let record = Record::of(&mut tx, hearing.0, caller.person()).await?;
        record.writer()?;
        let mut t = transcripts::hold(&mut tx, hearing.0).await?;
        let before = tx.once::<Vec<Uuid>>(key.0, &serde_json::to_vec(&(exhibit.0, &body.0))?).await?;
        let lines = match before {
            Some(ids) => transcripts::some(&mut tx, hearing.0, &ids).await?,
            None => {
                let ops = ops(&mut tx, &record, exhibit.0, body.0.after).await?;
                let lines = transcript_changes::apply(&mut tx, &record, &mut t, ops, None).await?;
                tx.answered(key.0, &lines.iter().map(|l| l.entry.id).collect::<Vec<_>>()).await?;
                record::told(&mut tx, hearing.0, json!({ "transcript": t.rev }))?;
                tx.commit(hearing.0, json!({ "exhibit": exhibit.0, "rev": t.rev })).await?;
                lines
            }
        };
        Ok(created(TranscriptChanged { rev: t.rev, entries: lines.iter().map(|l| transcript_views::entry(l, caller.person())).collect() }))
    }
}

/// The lines of an exhibit as new entries, one behind the other; a party's opinion is that party's speech.
async fn ops(tx: &mut crate::court::tx::CourtTx, record: &Record, exhibit: Uuid, after: Option<Uuid>) -> Result<Vec<Op>> {
    let shown = exhibits::one(tx, record.row.hearing_id, exhibit).await?;
    let said = exhibits::opinions(tx, record.row.hearing_id).await?;
    let grid = exhibits::grid(record, &shown, &said);
    let lines = examination::lines(&shown.exhibit, &grid);
    let speaks = |party: Uuid| record.seated.iter().find(|s| s.seat.role.is_party_side() && s.seat.party == Some(party)).map(|s| s.seat.id);
    let shows = shown.exhibit.side.and_then(|_| speaks(shown.exhibit.party));
    let speakers = std::iter::once(shows).chain(grid.rows.iter().map(|r| speaks(r.party)));
    let (mut behind, mut ops) = (after, Vec::new());
    for (text, speaker) in lines.into_iter().zip(speakers) {
        let id = tx.id();
        ops.push(Op::Insert(NewEntry { id, after: behind, section: Section::Evidence, speaker, text, media: None, unchecked: false }));
        behind = Some(id);
    }
    Ok(ops)
}

async fn shown(app: &App, caller: &Caller, court: i32, hearing: Uuid, exhibit: Uuid) -> Result<HearingExhibit> {
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    let record = Record::of(&mut tx, hearing, caller.person()).await?;
    exhibit_views::one(&mut tx, &record, exhibit).await
}

async fn add(app: &App, caller: &Caller, court: i32, hearing: Uuid, key: Uuid, body: &NewHearingExhibit) -> Result<Uuid> {
    // who may not present learns nothing of files and leaves
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    let record = Record::of(&mut tx, hearing, caller.person()).await?;
    let own = record.mine().find(|s| s.seat.role.is_party_side()).and_then(|s| s.seat.party);
    let party = body.party_id.or(own);
    exhibits::presenter(&record, party)?;
    // of several cases heard together, evidence lies in the file of whoever shows it
    let of = match party {
        Some(party) => joint::case_of_party(&mut tx, hearing, party).await?.unwrap_or(record.row.case_id),
        None => record.row.case_id,
    };
    let case = read::row(&mut tx, of).await?;
    if let Some(leaf) = body.leaf_id {
        let place = read::leaf(&mut tx, case.case_id, leaf).await?;
        if place.volume != "main" {
            return Err(Error::not_found());
        }
    }
    drop(tx);
    let (stored, party_name) = match (body.leaf_id, body.file_id) {
        (Some(_), None) => (None, String::new()),
        (None, Some(id)) => (Some(take_in(app, caller, court, id).await?), presenter_name(&record, party)),
        _ => return Err(one_of_two()),
    };
    let mut tx = app.door.enter(caller, court, Act::HearingTake).await?;
    if let Some(made) = tx.once::<Uuid>(key, &serde_json::to_vec(&(hearing, body))?).await? {
        return Ok(made);
    }
    let leaf = match (&stored, body.leaf_id) {
        (Some((row, object)), _) => {
            let folder = if case.kind == "enforcement" { 14 } else { 12 };
            let new = NewLeaf::object(
                folder,
                &body.name,
                "证据材料",
                &party_name,
                &row.media_type,
                row.size,
                row.pages,
                &row.sha256,
                &row.sm3,
                object,
            );
            file::add(&mut tx, case.case_id, &new).await?
        }
        (None, leaf) => leaf.ok_or_else(one_of_two)?,
    };
    let new = NewExhibit { leaf, party, name: &body.name, source: &body.source, purpose: &body.purpose, late: body.late };
    let id = exhibits::add(&mut tx, &record, &new).await?;
    tx.answered(key, &id).await?;
    record::told(&mut tx, hearing, json!({ "exhibit": id }))?;
    tx.commit(id, json!({ "hearing": hearing, "leaf": leaf, "uploaded": stored.is_some() })).await?;
    Ok(id)
}

/// A file of one's own, copied to the court before the transaction that names it.
async fn take_in(app: &App, caller: &Caller, court: i32, id: Uuid) -> Result<(store::FileRow, String)> {
    let mut mine = app.door.mine(caller, "exhibit:add").await?;
    let row = store::file(&mut mine, id).await?;
    drop(mine);
    let keys = store::move_to_court(app, court, std::slice::from_ref(&row)).await?;
    let object = keys.into_iter().next().ok_or_else(|| Error::internal("no object"))?;
    Ok((row, object))
}

fn presenter_name(record: &Record, party: Option<Uuid>) -> String {
    let seat = record.seated.iter().find(|s| party.is_some() && s.seat.party == party);
    seat.map_or_else(|| "本院".to_owned(), |s| s.seat.side.map_or_else(|| s.name.clone(), |side| side.zh().to_owned()))
}

fn one_of_two() -> Error {
    Error::invalid(
        "exhibit.what",
        said("请选择卷宗里的一份材料，或者上传一个文件。", "Name a leaf of the case file, or a file that was uploaded."),
        said("两者选一项。", "One of the two."),
    )
    .at("/leaf_id")
}
