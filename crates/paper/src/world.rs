//! The closed world a template runs in. Owns what a template can see, which is its own source, the two shared
//! ones, the request's data, pictures and QR codes; must never reach a file system, a network or a package.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::fonts::Fonts;
use crate::images::Images;
use crate::templates;

/// Where a template finds the request's data.
const DATA: &str = "/paper.json";

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(<Library as LibraryExt>::default()));
static BASE: LazyLock<Source> = LazyLock::new(|| source("/base.typ", templates::BASE));
static BLOCKS: LazyLock<Source> = LazyLock::new(|| source("/blocks.typ", templates::BLOCKS));

/// The world of one request.
pub struct PaperWorld<'a> {
    fonts: &'a Fonts,
    main: Source,
    data: Bytes,
    images: Images,
    codes: Vec<(&'static str, Bytes)>,
    date: DateTime<FixedOffset>,
}

impl<'a> PaperWorld<'a> {
    /// Closes a world around one request.
    pub fn new(
        fonts: &'a Fonts,
        template: (&str, &str),
        data: String,
        images: Images,
        codes: Vec<(&'static str, String)>,
        date: DateTime<FixedOffset>,
    ) -> Self {
        let (name, text) = template;
        let codes = codes.into_iter().map(|(path, svg)| (path, Bytes::from_string(svg))).collect();
        let main = source(&format!("/{name}.typ"), text);
        Self { fonts, main, data: Bytes::from_string(data), images, codes, date }
    }
}

impl World for PaperWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.main, &*BASE, &*BLOCKS].into_iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if !matches!(id.get().root(), VirtualRoot::Project) {
            return Err(FileError::AccessDenied);
        }
        let path = id.get().vpath().get_with_slash();
        if path == DATA {
            return Ok(self.data.clone());
        }
        let code = self.codes.iter().find(|(name, _)| *name == path).map(|(_, svg)| svg.clone());
        code.or_else(|| self.images.file(path)).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        let date = self.date.date_naive();
        Datetime::from_ymd(date.year(), date.month() as u8, date.day() as u8)
    }
}

fn source(path: &str, text: &str) -> Source {
    let path = VirtualPath::new(path).unwrap_or_else(|wrong| unreachable!("a path of ours is well formed: {wrong:?}"));
    Source::new(FileId::new(RootedPath::new(VirtualRoot::Project, path)), text.to_owned())
}
