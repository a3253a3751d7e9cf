//! One request to one PDF. Owns the order of the steps and the wording of faults; must never let one escape as a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use serde_json::{Value, json};
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Label, Selector, Smart};
use typst::introspection::Introspector;
use typst::utils::PicoStr;
use typst::{World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::answer::{Code, Paper, Problem, SealPlace};
use crate::fonts::Fonts;
use crate::images::Images;
use crate::request::Request;
use crate::world::PaperWorld;
use crate::{glyphs, qr, templates};

/// The most pages of one paper.
pub const PAGE_CAP: usize = 500;
/// How many requests a memoised layout may go unused before it is dropped.
const MEMORY: usize = 2;

/// Turns requests into papers; lives as long as the process.
pub struct Renderer {
    fonts: Fonts,
}

impl Renderer {
    /// A renderer with these fonts.
    pub fn new(fonts: Fonts) -> Self {
        Self { fonts }
    }

    /// Makes the paper a request asks for.
    pub fn render(&self, request: Request) -> Result<Paper, Problem> {
        let template = templates::find(&request.template)
            .ok_or_else(|| Problem::new(Code::Template, format!("no template {:?}", request.template)))?;
        let source = request.source.clone();
        self.render_source((template.name, source.as_deref().unwrap_or(template.source)), request)
    }

    /// Makes a paper from the given template source.
    fn render_source(&self, template: (&str, &str), request: Request) -> Result<Paper, Problem> {
        let made = catch_unwind(AssertUnwindSafe(|| self.typeset(template, request)));
        typst::comemo::evict(MEMORY);
        made.unwrap_or_else(|_| Err(Problem::new(Code::Crash, "the typesetter failed; its message is on stderr")))
    }

    fn typeset(&self, template: (&str, &str), request: Request) -> Result<Paper, Problem> {
        let date = request.created_at()?;
        let archival = request.archival()?;
        let images = Images::take(&request.images)?;
        let mut data = request.data;
        let missing = glyphs::clean(&mut data, &|c| self.fonts.draws(c));
        let codes = codes(&data);
        let drawn: Vec<_> = codes.iter().map(|(path, _)| *path).collect();
        let given = json!({
            "data": data, "fonts": self.fonts.families(), "images": images.paths(), "codes": drawn,
        });
        let ident = format!("{}\n{}\n{given}", template.0, request.created_at);
        let world = PaperWorld::new(&self.fonts, template, given.to_string(), images, codes, date);
        let document = typst::compile::<PagedDocument>(&world).output.map_err(|wrong| describe(&world, template.0, &wrong))?;
        let pages = document.pages().len();
        if pages > PAGE_CAP {
            return Err(Problem::new(Code::Pages, format!("{pages} pages, at most {PAGE_CAP} are made")));
        }
        let seal = seal_place(&document);
        let options = options(ident, date, archival)?;
        let pdf =
            typst_pdf::pdf(&document, &options).map_err(|wrong| Problem { code: Code::Export, ..describe(&world, template.0, &wrong) })?;
        Ok(Paper { pages, pdf, missing: missing.into_iter().collect(), seal })
    }
}

/// Where a template left the mark `<seal-place>`; the last one counts.
fn seal_place(document: &PagedDocument) -> Option<SealPlace> {
    let marks = document.introspector().query(&Selector::Label(Label::new(PicoStr::intern("seal-place"))?));
    let position = document.introspector().as_ref().position(marks.last()?.location()?)?;
    let page = position.page.get();
    let height = document.pages().get(page - 1)?.frame.height();
    Some(SealPlace { page, x: position.point.x.to_pt(), y: (height - position.point.y).to_pt() })
}

/// The QR codes the data asks for, by virtual path.
fn codes(data: &Value) -> Vec<(&'static str, String)> {
    let places = [
        ("/codes/verify.svg", "/verify/url"),
        ("/codes/join.svg", "/join/url"),
        ("/codes/pay.svg", "/pay/url"),
        ("/codes/room.svg", "/room/url"),
    ];
    places.into_iter().filter_map(|(path, pointer)| Some((path, qr::svg(data.pointer(pointer)?.as_str()?)?))).collect()
}

fn options(ident: String, date: DateTime<FixedOffset>, archival: bool) -> Result<PdfOptions, Problem> {
    let standards: &[PdfStandard] = if archival { &[PdfStandard::A_2b] } else { &[] };
    let standards = PdfStandards::new(standards).map_err(|wrong| Problem::new(Code::Export, wrong.message().to_string()))?;
    Ok(PdfOptions {
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some("联庭 Lianting".to_owned())),
        timestamp: timestamp(date),
        standards,
        ..PdfOptions::default()
    })
}

fn timestamp(at: DateTime<FixedOffset>) -> Option<Timestamp> {
    let moment =
        Datetime::from_ymd_hms(at.year(), at.month() as u8, at.day() as u8, at.hour() as u8, at.minute() as u8, at.second() as u8)?;
    Timestamp::new_local(moment, at.offset().local_minus_utc() / 60)
}

/// The first fault with its place; a fault inside the shared sources is told by the template line that led there.
fn describe(world: &PaperWorld<'_>, template: &str, faults: &[SourceDiagnostic]) -> Problem {
    let Some(fault) = faults.first() else {
        return Problem::new(Code::Data, "the typesetter gave no reason");
    };
    let mut places = fault.trace.iter().rev().map(|step| step.span.into()).chain([fault.span]);
    let main = world.main();
    let place = places.find(|place| place.id() == Some(main)).unwrap_or(fault.span);
    let mut message = fault.message.to_string();
    for hint in &fault.hints {
        message.push_str("; ");
        message.push_str(&hint.v);
    }
    let code = if message.starts_with("image ") { Code::Image } else { Code::Data };
    Problem { code, template: Some(template.to_owned()), line: line(world, place), message }
}

fn line(world: &PaperWorld<'_>, place: typst::syntax::DiagSpan) -> Option<usize> {
    let source = world.source(place.id()?).ok()?;
    let start = world.range(place)?.start;
    Some(source.lines().byte_to_line(start)? + 1)
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
