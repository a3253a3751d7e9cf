//! Joining and being joined: a party by code and matching identity, a lawyer by power of attorney, a
//! colleague of the same firm; leaving and being replaced.
//!
//! Every failure to join looks the same: nobody learns which cases exist.

use serde_json::json;
use sqlx::Row;
use uuid::Uuid;

use super::attach::{self, Brought, Lies};
use super::file;
use super::people::{self, NewRepresentative};
use super::timeline::{self, Note};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::sha256;
use crate::person::actor;
use crate::person::documents::tidy;
use crate::person::identity::Kind;
use crate::person::store::{Counsel, counsel_by_licence};

/// A case joined.
#[derive(Debug, poem_openapi::Object)]
pub struct Joined {
    /// Court.
    pub court_id: i32,
    /// Case.
    pub case_id: Uuid,
    /// 案号.
    pub number: String,
}

fn no_match() -> Error {
    Error::new(
        poem::http::StatusCode::NOT_FOUND,
        "join.not_found",
        said("没有找到能用这个关联码关联的案件。", "No case can be joined with this code."),
        said(
            "请核对通知书上的关联码，并用通知书上的当事人本人（或单位）的实名账号登录；仍不行请拨 12368。",
            "Check the code on the notice, and sign in with the real-name account of the party it names; otherwise call 12368.",
        ),
    )
}

/// A name or number that was only typed proves nothing: whoever found the letter could type it (L07, L10).
fn not_verified() -> Error {
    Error::new(
        poem::http::StatusCode::UNPROCESSABLE_ENTITY,
        "join.not_verified",
        said("您的身份还没有核验，不能关联案件。", "Your identity is not verified yet, so the case cannot be joined."),
        said(
            "请先在「我的账号」核验身份证件（联网或人脸），再回来输入关联码；也可带证件到法院窗口办理。",
            "Verify your document under My account (register or face), then enter the code again; or bring it to the court's counter.",
        ),
    )
}

/// The code as it was printed: spaces, dashes and small letters do not matter to whoever copies it from paper.
fn spelled(code: &str) -> String {
    let plain: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect();
    match plain.split_at_checked(6) {
        Some((court, rest)) => format!("{court}-{rest}"),
        None => plain,
    }
}

/// Joins by code (L10: within three days of notice).
pub async fn by_code(app: &App, caller: &Caller, code: &str) -> Result<Joined> {
    app.limits.check_join(caller.person())?;
    let code = spelled(code);
    let court = code
        .split_once('-')
        .and_then(|(court, _)| court.parse().ok())
        .filter(|c| app.door.registry.court(*c).is_some_and(|c| c.enabled))
        .ok_or_else(no_match)?;
    let mut mine = app.door.mine(caller, "case:join").await?;
    let profile = actor::read(&mut mine).await?;
    drop(mine);
    let mut tx = app.door.enter(caller, court, Act::CaseJoin).await?;
    let row = sqlx::query(
        "select j.case_id, j.party_id, j.used_at, j.expires_at, p.side, p.name, p.kind, p.id_index, c.number from join_codes j
         join case_parties p on p.court_id = j.court_id and p.case_id = j.case_id and p.party_id = j.party_id
         join cases c on c.court_id = j.court_id and c.case_id = j.case_id where j.court_id = $1 and j.code_hash = $2 for update of j",
    )
    .bind(court)
    .bind(sha256(code.as_bytes()))
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(no_match)?;
    let (case, party, number): (Uuid, Uuid, String) = (row.get("case_id"), row.get("party_id"), row.get("number"));
    let used: Option<chrono::DateTime<chrono::Utc>> = row.get("used_at");
    let name: String = row.get("name");
    // a defendant is seldom known by number when sued: then the real name must match, else the number
    let (matches, proved) = match row.get::<Option<Vec<u8>>, _>("id_index") {
        Some(index) => (profile.has(&index), profile.has_checked(&index)),
        None => profile.is_called(&name, row.get::<String, _>("kind") != "natural"),
    };
    if used.is_some() || tx.now() > row.get::<chrono::DateTime<chrono::Utc>, _>("expires_at") || !matches {
        if used.is_some() && people::is_in(&mut tx, case, caller.person()).await? {
            return Ok(Joined { court_id: court, case_id: case, number }); // joined before: a second click
        }
        return Err(no_match());
    }
    if !proved {
        return Err(not_verified());
    }
    people::seat_party(&mut tx, case, party, caller.person(), row.get("side"), &name).await?;
    let note = Note::new("joined", said(format!("{name}核验身份并关联案件"), format!("{name} proved identity and joined the case")))
        .by("人民法院在线诉讼规则 第十条");
    timeline::write(&mut tx, case, note).await?;
    tx.tell("delivery.joined", &json!({ "case": case, "party": party }))?;
    tx.tell("hearing.account", &json!({ "case": case }))?;
    tx.commit(case, json!({ "party": party })).await?;
    Ok(Joined { court_id: court, case_id: case, number })
}

/// What a party says of the lawyer it engages.
#[derive(serde::Serialize)]
pub struct Engagement<'a> {
    /// Party.
    pub party: Uuid,
    /// Licence number.
    pub licence: &'a str,
    /// Name.
    pub name: &'a str,
    /// Firm.
    pub unit: &'a str,
    /// general or special.
    pub power: &'a str,
    /// The power names second instance too.
    pub on_appeal: bool,
    /// 授权委托书, uploaded before.
    pub files: &'a [Uuid],
}

/// The signed power of attorney, copied to the court's part of the store before the transaction that names it.
async fn power_of_attorney(app: &App, caller: &Caller, court: i32, files: &[Uuid]) -> Result<Vec<Brought>> {
    if files.is_empty() {
        return Err(Error::invalid(
            "representative.no_power",
            said("还没有授权委托书。", "There is no power of attorney."),
            said("请上传您签了名的授权委托书（照片或 PDF）。", "Upload the power of attorney you signed, as a picture or PDF."),
        )
        .at("/file_ids"));
    }
    attach::bring(app, caller, court, files).await
}

/// A party engages a lawyer (委托, 民事诉讼法 Art 62: by a signed power of attorney, which joins the file).
pub async fn engage(app: &App, caller: &Caller, court: i32, case: Uuid, key: Option<Uuid>, e: &Engagement<'_>) -> Result<()> {
    let mut tx = app.door.enter(caller, court, Act::RepresentativeChange).await?;
    refuse_strangers(&mut tx, case, caller.person(), e.party).await?;
    if tx.once_if::<Uuid>(key, &(case, e)).await?.is_some() {
        return Ok(());
    }
    drop(tx); // who may not change anything here is told so before a file is copied
    let power = power_of_attorney(app, caller, court, e.files).await?;
    let mut tx = app.door.enter(caller, court, Act::RepresentativeChange).await?;
    refuse_strangers(&mut tx, case, caller.person(), e.party).await?;
    if tx.once_if::<Uuid>(key, &(case, e)).await?.is_some() {
        return Ok(()); // a double click that came second
    }
    let acting: i64 =
        sqlx::query_scalar("select count(*) from representatives where court_id = $1 and case_id = $2 and party_id = $3 and until is null")
            .bind(court)
            .bind(case)
            .bind(e.party)
            .fetch_one(tx.conn())
            .await?;
    if acting >= 2 {
        return Err(Error::conflict(
            "representative.too_many",
            said(
                "一方当事人最多委托两名诉讼代理人（民事诉讼法第六十一条）。",
                "A party may have two representatives at most (Civil Procedure Law art. 61).",
            ),
            said("请先解除一名代理人的委托。", "End one engagement first."),
        ));
    }
    let account = seat_of(&mut tx, e.licence, e.name).await?;
    let index = licence_index(&tx, e.licence)?;
    let new = NewRepresentative {
        id: tx.id(),
        party: e.party,
        person: account,
        kind: "lawyer",
        name: e.name,
        unit: e.unit,
        licence_index: Some(index),
        power: if e.power == "special" { "special" } else { "general" },
        on_appeal: e.on_appeal,
    };
    people::insert_representative(&mut tx, case, &new).await?;
    if let Some(person) = account {
        people::put_person(&mut tx, case, person, "representative", Some(e.party), e.name).await?;
    }
    let note = Note::new(
        "engaged",
        said(format!("委托{}（{}）为诉讼代理人", e.name, e.unit), format!("{} ({}) engaged as counsel", e.name, e.unit)),
    )
    .by("民事诉讼法 第六十一条、第六十二条");
    timeline::write(&mut tx, case, note).await?;
    let kind: String = sqlx::query_scalar("select kind from cases where court_id = $1 and case_id = $2")
        .bind(court)
        .bind(case)
        .fetch_one(tx.conn())
        .await?;
    let maker: String = sqlx::query_scalar("select name from case_parties where court_id = $1 and party_id = $2")
        .bind(court)
        .bind(e.party)
        .fetch_one(tx.conn())
        .await?;
    let title = format!("授权委托书（委托{}）", e.name);
    let lies = Lies { folder: file::identity_folder(&kind), title: &title, class: "身份材料", maker: &maker, staff_only: false };
    attach::put(&mut tx, case, &power, &lies).await?;
    tx.answered_if(key, &new.id).await?;
    tx.commit(new.id, json!({ "case": case, "power": e.files })).await?;
    Ok(())
}

/// Only the party itself engages counsel; for everybody else the case does not exist.
async fn refuse_strangers(tx: &mut CourtTx, case: Uuid, person: Uuid, party: Uuid) -> Result<()> {
    let own = people::parties_of(tx, case, person).await?;
    let itself = own.iter().any(|(capacity, p)| *p == Some(party) && !matches!(capacity.as_str(), "representative" | "colleague"));
    if itself { Ok(()) } else { Err(Error::not_found()) }
}

/// The index under which a representative's licence is kept; the same as a proof's.
pub fn licence_index(tx: &CourtTx, licence: &str) -> Result<Vec<u8>> {
    Kind::Licence.index(tx.seal(), &tidy(licence))
}

/// The account that takes the seat: its licence was checked and stands in that name. A claimed licence takes no
/// seat, or whoever types a known lawyer's number would be handed the file.
async fn seat_of(tx: &mut CourtTx, licence: &str, name: &str) -> Result<Option<Uuid>> {
    let Some(counsel) = counsel_by_licence(tx, licence).await?.filter(|c| c.state != "claimed") else { return Ok(None) };
    if crate::kit::text::same_name(&counsel.name, name) {
        return Ok(Some(counsel.person_id));
    }
    Err(Error::invalid(
        "representative.name",
        said("这个执业证号登记的姓名和您写的不一样。", "This licence is registered under another name."),
        said("请对照律师的执业证，把姓名和证号都核对一遍。", "Compare both with the lawyer's licence."),
    )
    .at("/name"))
}

/// A party ends an engagement, or the lawyer leaves.
pub async fn end(app: &App, caller: &Caller, court: i32, case: Uuid, representative: Uuid) -> Result<()> {
    let mut tx = app.door.enter(caller, court, Act::RepresentativeChange).await?;
    let me = caller.person();
    let own = people::parties_of(&mut tx, case, me).await?;
    let row = sqlx::query("select party_id, person_id, name from representatives where court_id = $1 and case_id = $2 and representative_id = $3 and until is null for update")
        .bind(court)
        .bind(case)
        .bind(representative)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)?;
    let (party, person, name): (Uuid, Option<Uuid>, String) = (row.get("party_id"), row.get("person_id"), row.get("name"));
    let leaving = person == Some(me);
    if !leaving && !own.iter().any(|(capacity, p)| *p == Some(party) && capacity != "representative" && capacity != "colleague") {
        return Err(Error::not_found());
    }
    let now = tx.now();
    sqlx::query("update representatives set until = $4, ended_by = $5 where court_id = $1 and case_id = $2 and representative_id = $3")
        .bind(court)
        .bind(case)
        .bind(representative)
        .bind(now)
        .bind(if leaving { "lawyer" } else { "party" })
        .execute(tx.conn())
        .await?;
    if let Some(person) = person {
        people::end_person(&mut tx, case, person, "representative").await?;
        people::end_shares(&mut tx, case, person).await?;
    }
    let text = if leaving {
        said(format!("{name}辞去代理"), format!("{name} left the case"))
    } else {
        said(format!("解除对{name}的委托"), format!("The engagement of {name} ended"))
    };
    timeline::write(&mut tx, case, Note::new("disengaged", text).by("民事诉讼法 第六十三条")).await?;
    tx.commit(representative, json!({ "case": case })).await?;
    Ok(())
}

/// A lawyer shares the case with a colleague of the same firm.
pub async fn share(app: &App, caller: &Caller, court: i32, case: Uuid, key: Option<Uuid>, licence: &str) -> Result<()> {
    let mut mine = app.door.mine(caller, "case:colleagues").await?;
    let firm = actor::read(&mut mine).await?.firm;
    drop(mine);
    let mut tx = app.door.enter(caller, court, Act::ColleagueChange).await?;
    let own = people::parties_of(&mut tx, case, caller.person()).await?;
    let Some((_, party)) = own.iter().find(|(capacity, _)| capacity == "representative") else { return Err(Error::not_found()) };
    if tx.once_if::<bool>(key, &(case, tidy(licence))).await?.is_some() {
        return Ok(());
    }
    let same_firm = |c: &Counsel| c.firm.as_deref().zip(firm.as_deref()).is_some_and(|(a, b)| crate::kit::text::same_name(a, b));
    let Some(colleague) = counsel_by_licence(&mut tx, licence).await?.filter(same_firm) else {
        return Err(Error::invalid(
            "colleague.other_firm",
            said("只能与同一家律师事务所、已注册的律师共享。", "A case is shared only with a registered lawyer of the same firm."),
            said(
                "请核对执业证号；外所律师请由当事人另行委托。",
                "Check the licence number; a lawyer of another firm is engaged by the party.",
            ),
        )
        .at("/licence"));
    };
    let party = *party;
    people::put_person(&mut tx, case, colleague.person_id, "colleague", party, &colleague.name).await?;
    people::put_sharer(&mut tx, case, colleague.person_id, caller.person()).await?;
    timeline::write(&mut tx, case, Note::new("shared", said("与同所律师共享案件", "Shared with a colleague of the firm"))).await?;
    tx.answered_if(key, &true).await?;
    tx.commit(case, json!({ "colleague": colleague.person_id })).await?;
    Ok(())
}

/// Ends a colleague's share.
pub async fn unshare(app: &App, caller: &Caller, court: i32, case: Uuid, person: Uuid) -> Result<()> {
    let mut tx = app.door.enter(caller, court, Act::ColleagueChange).await?;
    let own = people::parties_of(&mut tx, case, caller.person()).await?;
    let counsel = own.iter().any(|(capacity, _)| capacity == "representative") || person == caller.person();
    if !counsel || people::end_person(&mut tx, case, person, "colleague").await? == 0 {
        return Err(Error::not_found());
    }
    tx.commit(case, json!({ "colleague": person })).await?;
    Ok(())
}
