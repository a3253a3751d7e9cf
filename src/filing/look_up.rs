//! What the checker must be told: court, rules, cause, files, earlier matters.
//! Owns the looking up; decides nothing.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::rules::CourtRules;
use crate::docket::case_types::Rank;
use crate::error::Result;
use crate::evidence::store::FileRow;
use crate::filing::checks::{CauseFacts, CheckFacts, CheckRules, CourtFacts, EarlierMatter, FileFacts, FilerFacts, SpecialCourts};
use crate::filing::content::{Content, Party, text};
use crate::filing::forms;
use crate::kit::seal::Seal;
use crate::kit::text::name_key;

/// Gathers the facts about one filing.
pub fn facts(app: &App, content: &Content, files: &[FileRow], duplicates: Vec<EarlierMatter>, filer: FilerFacts) -> CheckFacts {
    let today = beijing_date(app.now());
    let court = content.court_id.and_then(|id| i32::try_from(id).ok()).and_then(|id| app.door.registry.court(id));
    let rules = court.as_ref().map(|c| rules_of(app, c.court_id));
    CheckFacts {
        today,
        court: court.map(|c| CourtFacts {
            id: i64::from(c.court_id),
            name: c.name.clone(),
            rank: Rank::parse(if c.level == "special" { "intermediate" } else { &c.level }),
            divisions: c.division.iter().filter_map(|d| d.parse().ok()).collect(),
            special: c.level == "special" || c.division.is_none(),
        }),
        rules: rules.unwrap_or_default(),
        cause: cause_of(app, content),
        files: files.iter().map(file_facts).collect::<BTreeMap<_, _>>(),
        duplicates,
        filer,
        form_problems: form_problems(app, content),
        divisions: app.divisions.clone(),
    }
}

fn file_facts(file: &FileRow) -> (String, FileFacts) {
    let pages = file.pages.and_then(|p| u32::try_from(p).ok());
    let facts = FileFacts {
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        pages,
        size: u64::try_from(file.size).unwrap_or_default(),
        unclear: unclear(file),
    };
    (file.file_id.to_string(), facts)
}

/// What the examiner said of the picture's clarity.
fn unclear(file: &FileRow) -> Option<(String, String)> {
    let warnings = file.warnings.as_ref()?.as_array()?;
    let found = warnings.iter().find(|w| w["code"].as_str().is_some_and(|c| c.starts_with("picture.")))?;
    let word = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    Some((word("text"), word("text_en")))
}

fn rules_of(app: &App, court: i32) -> CheckRules {
    let rules = CourtRules::on(&app.door.registry, court, beijing_date(app.now()));
    let number = |key: &str, member: &str| rules.get(key).and_then(|r| r.value[member].as_i64());
    let special = rules.get("special_courts").map(|r| r.value).unwrap_or_default();
    let courts = |id: &str| -> Vec<i64> {
        let row = special.as_array().into_iter().flatten().find(|row| row["id"] == id);
        row.and_then(|row| row["courts"].as_array()).into_iter().flatten().filter_map(Value::as_i64).collect()
    };
    CheckRules {
        intermediate_same_fen: number("level_jurisdiction", "intermediate_all_one_side_fen"),
        intermediate_cross_fen: number("level_jurisdiction", "intermediate_one_side_outside_fen"),
        high_fen: number("level_jurisdiction", "high_fen"),
        foreign_intermediate_fen: number("foreign_level_threshold", "intermediate_fen"),
        wage_base_fen: number("small_claims_wage_base", "amount_fen"),
        upload_max_bytes: u64::try_from(rules.upload_max_bytes()).ok(),
        ask_defendant_registration: rules.is_on("filing_defendant_registration"),
        email_required: rules.is_on("filing_email_required"),
        papers: rules.get("filing_papers").and_then(|r| serde_json::from_value(r.value).ok()).unwrap_or_default(),
        upload_types: rules.list("upload_allowed_types"),
        special_courts: SpecialCourts {
            securities: courts("J15"),
            technical_ip: courts("J16"),
            design_ip: courts("J16b"),
            maritime: courts("J17"),
            internet: courts("J18"),
        },
        ..CheckRules::default()
    }
}

/// The names of the chosen cause and of those above it, for the tariff.
pub fn cause_names(app: &App, content: &Content) -> Vec<String> {
    let Some(cause) = cause_of(app, content) else { return Vec::new() };
    let mut names = cause.path;
    names.push(cause.name);
    names
}

fn cause_of(app: &App, content: &Content) -> Option<CauseFacts> {
    let chosen = content.cause.as_ref()?;
    let domain = chosen.domain.as_deref().unwrap_or(content.kind.as_deref().unwrap_or("civil"));
    let (reference, today) = (&app.reference, beijing_date(app.now()));
    let cause = reference.cause(domain, chosen.code.as_deref()?, today)?;
    Some(CauseFacts {
        code: cause.code.clone(),
        name: cause.name.clone(),
        path: reference.path(cause),
        path_codes: reference.code_path(cause),
        domain: cause.domain.clone(),
        valid_from: Some(cause.valid_from),
        valid_to: None,
        has_children: reference
            .causes
            .iter()
            .any(|c| c.edition == cause.edition && c.domain == cause.domain && c.parent.as_deref() == Some(&cause.code)),
        form: reference.form_of(&cause.code),
    })
}

fn form_problems(app: &App, content: &Content) -> Vec<String> {
    let Some(elements) = &content.elements else { return Vec::new() };
    let edition = elements.edition.as_deref().unwrap_or("2025");
    match elements.form.as_deref().and_then(|form| app.reference.form(form, edition)) {
        Some(schema) => forms::missing(schema, &elements.values),
        None => Vec::new(),
    }
}

/// The key of a party: the number where there is one, else the name.
fn party_key(seal: &Seal, party: &Party) -> Result<Vec<u8>> {
    let (id, uscc) = (text(&party.id_number), text(&party.uscc));
    match (id, uscc) {
        ("", "") => seal.blind("party_name", &name_key(text(&party.name))),
        ("", uscc) => seal.blind("uscc", &uscc.to_uppercase()),
        (id, _) => seal.blind("id_number", &id.to_uppercase()),
    }
}

/// Blind indexes of every party.
pub fn party_indexes(seal: &Seal, content: &Content) -> Result<Vec<Vec<u8>>> {
    content.parties.iter().map(|p| party_key(seal, p)).collect()
}

/// Marks of "this plaintiff against this defendant about this cause", comparable over courts: by the plaintiff's number
/// where it is known, and by name, so that the same person typed with a number once and without it once is found.
pub fn marks(seal: &Seal, content: &Content) -> Result<Vec<Vec<u8>>> {
    let mut out = number_marks(seal, content)?;
    for (_, plaintiff) in content.plaintiffs().into_iter().take(MOST_SIDE) {
        mark_pairs(seal, content, &name_index(seal, plaintiff)?, &mut out)?;
    }
    out.dedup();
    Ok(out)
}

/// The marks that rest on a plaintiff's number alone: namesakes have others, so a filer learns of nobody else's suit.
pub fn number_marks(seal: &Seal, content: &Content) -> Result<Vec<Vec<u8>>> {
    let mut out = Vec::new();
    for (_, plaintiff) in content.plaintiffs().into_iter().take(MOST_SIDE) {
        let index = party_key(seal, plaintiff)?;
        if index != name_index(seal, plaintiff)? {
            mark_pairs(seal, content, &index, &mut out)?;
        }
    }
    Ok(out)
}

/// Parties of a side that are compared.
const MOST_SIDE: usize = 10;

fn name_index(seal: &Seal, party: &Party) -> Result<Vec<u8>> {
    seal.blind("party_name", &name_key(text(&party.name)))
}

/// One plaintiff against each opponent; opponents are seldom known by number, so their names are compared.
fn mark_pairs(seal: &Seal, content: &Content, plaintiff: &[u8], out: &mut Vec<Vec<u8>>) -> Result<()> {
    let cause = content.cause.as_ref().and_then(|c| c.code.as_deref()).unwrap_or_default();
    let left = hex::encode(plaintiff);
    for opponent in content.opponents().into_iter().take(MOST_SIDE) {
        out.push(seal.blind("mark", &format!("{left}|{}|{cause}", name_key(opponent)))?);
    }
    Ok(())
}
