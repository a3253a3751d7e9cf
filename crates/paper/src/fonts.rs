//! The Chinese faces of this machine. Owns finding, mapping and ranking fonts; must never read any other file.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use memmap2::Mmap;
use serde::Serialize;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

/// Families for what is read as text, best first. Lower case.
const SERIF: &[&str] = &[
    "noto serif cjk sc",
    "source han serif sc",
    "source han serif cn",
    "noto serif sc",
    "songti sc",
    "stsong",
    "fangsong",
    "stfangsong",
    "simsun",
    "nsimsun",
];
/// Families for table heads and small print, best first. Lower case.
const SANS: &[&str] = &[
    "noto sans cjk sc",
    "source han sans sc",
    "source han sans cn",
    "noto sans sc",
    "pingfang sc",
    "heiti sc",
    "microsoft yahei",
    "simhei",
];
/// Families for digests, best first. Lower case.
const MONO: &[&str] = &["noto sans mono cjk sc", "source han mono sc"];
/// How deep a font directory is searched.
const DEPTH: usize = 4;

/// The families a template may name, best first.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Families {
    /// 宋体 faces.
    pub serif: Vec<String>,
    /// 黑体 faces; the serif ones where there are none.
    pub sans: Vec<String>,
    /// Faces of one width; the serif ones where there are none.
    pub mono: Vec<String>,
}

/// Every Chinese face found, opened when first used.
pub struct Fonts {
    book: LazyHash<FontBook>,
    faces: Vec<Face>,
    families: Families,
}

struct Face {
    data: Bytes,
    index: u32,
    opened: OnceLock<Option<Font>>,
}

impl Fonts {
    /// Takes the first of `$LIANTING_FONTS`, `fonts/` beside the binary and `/usr/share/fonts` that has a Chinese serif.
    pub fn find() -> Result<Self, String> {
        let places = places();
        for place in &places {
            let fonts = Self::in_directory(place);
            if !fonts.families.serif.is_empty() {
                return Ok(fonts);
            }
        }
        let looked: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
        Err(format!("no Chinese serif font in {}; install one (Debian: fonts-noto-cjk) or set LIANTING_FONTS", looked.join(", ")))
    }

    fn in_directory(place: &Path) -> Self {
        let mut files = Vec::new();
        collect(place, DEPTH, &mut files);
        files.sort();
        let mut book = FontBook::new();
        let mut faces = Vec::new();
        for file in files {
            let Some(data) = map(&file) else { continue };
            for index in 0..ttf_parser::fonts_in_collection(&data).unwrap_or(1) {
                if !chinese(&data, index) {
                    continue;
                }
                if let Some(info) = FontInfo::new(&data, index) {
                    book.push(info);
                    faces.push(Face { data: data.clone(), index, opened: OnceLock::new() });
                }
            }
        }
        let families = rank(&book);
        Self { book: LazyHash::new(book), faces, families }
    }

    /// The typesetter's index of the faces.
    pub fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    /// The face with this index in the book.
    pub fn font(&self, index: usize) -> Option<Font> {
        let face = self.faces.get(index)?;
        face.opened.get_or_init(|| Font::new(face.data.clone(), face.index)).clone()
    }

    /// The families a template may name.
    pub fn families(&self) -> &Families {
        &self.families
    }

    /// Whether any face draws this character.
    pub fn draws(&self, character: char) -> bool {
        (0..self.faces.len()).filter_map(|index| self.book.info(index)).any(|info| info.coverage.contains(character.into()))
    }
}

fn places() -> Vec<PathBuf> {
    let mut places = Vec::new();
    if let Some(given) = std::env::var_os("LIANTING_FONTS") {
        places.push(PathBuf::from(given));
    }
    if let Some(beside) = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("fonts"))) {
        places.push(beside);
    }
    places.push(PathBuf::from("/usr/share/fonts"));
    places
}

fn collect(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            if depth > 0 {
                collect(&path, depth - 1, files);
            }
        } else if is_font(&path) {
            files.push(path);
        }
    }
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["ttf", "otf", "ttc", "otc"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Maps a font file, so that only the pages in use are read.
fn map(path: &Path) -> Option<Bytes> {
    let file = File::open(path).ok()?;
    // SAFETY: installed font files are replaced, not rewritten in place; a truncated one would end this process
    // with SIGBUS, which its caller survives, and nothing but a font parser looks at these bytes.
    let map = unsafe { Mmap::map(&file) }.ok()?;
    Some(Bytes::new(map))
}

/// Whether a face belongs to a family we know; reads the name table alone.
fn chinese(data: &[u8], index: u32) -> bool {
    let Ok(face) = ttf_parser::Face::parse(data, index) else { return false };
    face.names()
        .into_iter()
        .filter(|name| matches!(name.name_id, ttf_parser::name_id::FAMILY | ttf_parser::name_id::TYPOGRAPHIC_FAMILY))
        .filter_map(|name| name.to_string())
        .any(|name| known(&name.to_lowercase()))
}

fn known(family: &str) -> bool {
    [SERIF, SANS, MONO].iter().any(|list| list.contains(&family))
}

fn rank(book: &FontBook) -> Families {
    let present = |wanted: &[&str]| -> Vec<String> {
        wanted.iter().filter(|family| book.contains_family(family)).map(|family| (*family).to_owned()).collect()
    };
    let serif = present(SERIF);
    let or_serif = |list: Vec<String>| if list.is_empty() { serif.clone() } else { list };
    Families { sans: or_serif(present(SANS)), mono: or_serif(present(MONO)), serif }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_directory_has_no_face() {
        let fonts = Fonts::in_directory(Path::new("/nonexistent"));
        assert!(fonts.families().serif.is_empty());
        assert!(fonts.font(0).is_none());
    }

    #[test]
    fn this_machine_has_a_serif_that_draws_rare_names() {
        let fonts = Fonts::find().expect("fonts-noto-cjk or LIANTING_FONTS");
        assert!("联庭喆昇〇㈠①□■√〓".chars().all(|c| fonts.draws(c)));
        assert!(fonts.font(0).is_some());
    }
}
