//! The round red seal as drawing operations of a PDF: ring, star, the court's name along the arc. Letters are drawn
//! as outlines, so that a signed paper needs no further font and stays PDF/A.
//!
//! The star stands where the emblem of a real seal stands: emblems and seal images need the courts' approval, and
//! a province puts its own drawing into the seal's directory (`picture.ops`).

use std::fmt::Write;
use std::path::{Path, PathBuf};

use ttf_parser::{Face, OutlineBuilder};

use crate::fault::{Fault, Result};

/// Its width and height in points: 42 mm.
pub const SIDE: f32 = 119.06;
const RADIUS: f32 = SIDE / 2.0;
const RING: f32 = 3.0;
/// The red of seal paste.
const RED: &str = "0.85 0.11 0.10";

/// Drawing operations in a square of `SIDE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture(Vec<u8>);

impl Picture {
    /// From a file that was made before.
    pub fn from_ops(ops: Vec<u8>) -> Self {
        Self(ops)
    }

    /// The operations.
    pub fn ops(&self) -> &[u8] {
        &self.0
    }

    /// Draws the seal of a court with the letters of a font.
    ///
    /// # Errors
    /// When the font cannot be read or lacks a letter of the name.
    pub fn draw(name: &str, font: &Font) -> Result<Self> {
        let face = font.face()?;
        let mut ops = format!("q /Ink gs {RED} RG {RED} rg {RING} w\n");
        circle(&mut ops, RADIUS - RING / 2.0 - 0.5);
        ops.push_str("S\n");
        star(&mut ops, RADIUS * 0.31);
        ops.push_str("f\n");
        letters(&mut ops, name, &face)?;
        ops.push_str("f\nQ");
        Ok(Self(ops.into_bytes()))
    }
}

/// A font file and the face to take of it.
pub struct Font {
    bytes: Vec<u8>,
    index: u32,
}

impl Font {
    /// A Chinese face of a file: the one for simplified signs where a collection holds several.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|e| Fault::Picture(format!("{}: {e}", path.display())))?;
        let faces = ttf_parser::fonts_in_collection(&bytes).unwrap_or(1);
        let simplified = |i: &u32| {
            let Ok(face) = Face::parse(&bytes, *i) else { return false };
            face.names().into_iter().filter_map(|n| n.to_string()).any(|n| n.contains(" SC") || n.contains("SC-"))
        };
        let chinese = |i: &u32| Face::parse(&bytes, *i).is_ok_and(|face| face.glyph_index('院').is_some());
        let index = (0..faces).find(simplified).filter(chinese).or_else(|| (0..faces).find(chinese));
        let index = index.ok_or_else(|| Fault::Picture(format!("{} has no Chinese signs", path.display())))?;
        Ok(Self { bytes, index })
    }

    /// The best of what is installed: a bold Song face, else any Chinese one.
    ///
    /// # Errors
    /// Where it looked, and the cure.
    pub fn installed() -> Result<Self> {
        let places: Vec<PathBuf> =
            std::env::var_os("LIANTING_FONTS").map(PathBuf::from).into_iter().chain(["/usr/share/fonts".into()]).collect();
        let mut files = Vec::new();
        for place in &places {
            gather(place, 0, &mut files);
        }
        files.sort_by_key(|path| (rank(path), path.clone()));
        files.iter().filter(|path| rank(path) < 9).find_map(|path| Self::open(path).ok()).ok_or_else(|| {
            Fault::Picture("no Chinese font is installed: apt-get install fonts-noto-cjk, or name a file with --font".into())
        })
    }

    fn face(&self) -> Result<Face<'_>> {
        Face::parse(&self.bytes, self.index).map_err(|e| Fault::Picture(e.to_string()))
    }
}

fn gather(dir: &Path, depth: usize, into: &mut Vec<PathBuf>) {
    if depth > 5 {
        return;
    }
    for entry in std::fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, depth + 1, into);
        } else if path.extension().is_some_and(|e| ["ttf", "ttc", "otf"].iter().any(|k| e.eq_ignore_ascii_case(k))) {
            into.push(path);
        }
    }
}

fn rank(path: &Path) -> u8 {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let chinese = ["cjk", "han", "song", "sc", "hei"].iter().any(|k| name.contains(k));
    match (chinese, name.contains("serif") || name.contains("song"), name.contains("bold")) {
        (false, ..) => 9,
        (_, true, true) => 0,
        (_, true, false) => 1,
        (_, false, true) => 2,
        _ => 3,
    }
}

fn circle(ops: &mut String, r: f32) {
    let (c, k) = (RADIUS, r * 0.552_285);
    let _ = writeln!(ops, "{:.2} {:.2} m", c + r, c);
    for (a, b, d, e, x, y) in [(r, k, k, r, 0.0, r), (-k, r, -r, k, -r, 0.0), (-r, -k, -k, -r, 0.0, -r), (k, -r, r, -k, r, 0.0)] {
        let _ = writeln!(ops, "{:.2} {:.2} {:.2} {:.2} {:.2} {:.2} c", c + a, c + b, c + d, c + e, c + x, c + y);
    }
    ops.push_str("h ");
}

fn star(ops: &mut String, r: f32) {
    // the inner corners of a regular pentagram
    let inner = r * 0.381_966;
    for i in 0..10_u8 {
        let (sin, cos) = (f32::from(i) * std::f32::consts::PI / 5.0).sin_cos();
        let at = if i % 2 == 0 { r } else { inner };
        let _ = writeln!(ops, "{:.2} {:.2} {}", RADIUS + at * sin, RADIUS + at * cos, if i == 0 { 'm' } else { 'l' });
    }
    ops.push_str("h ");
}

/// The name from left to right over the arc; the more signs, the narrower each.
fn letters(ops: &mut String, name: &str, face: &Face<'_>) -> Result<()> {
    let signs: Vec<char> = name.chars().collect();
    let height = RADIUS * 0.27;
    let middle = RADIUS - RING - 3.0 - height / 2.0;
    let gaps = signs.len().saturating_sub(1).max(1) as f32;
    let step = (250.0 / gaps).min(27.0).to_radians();
    let width = (step * middle * 0.9).min(height);
    let em = f32::from(face.units_per_em());
    for (i, sign) in signs.iter().enumerate() {
        let glyph = face.glyph_index(*sign).ok_or_else(|| Fault::Picture(format!("the font has no {sign}")))?;
        let angle = (i as f32 - (signs.len() - 1) as f32 / 2.0) * step;
        let mut pen = Pen { ops, angle, middle, scale: (width / em, height / em), origin: (em * 0.5, em * 0.38), at: (0.0, 0.0) };
        face.outline_glyph(glyph, &mut pen);
    }
    Ok(())
}

/// Puts a letter's outline on its place of the arc.
struct Pen<'a> {
    ops: &'a mut String,
    angle: f32,
    middle: f32,
    scale: (f32, f32),
    origin: (f32, f32),
    at: (f32, f32),
}

impl Pen<'_> {
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = ((x - self.origin.0) * self.scale.0, (y - self.origin.1) * self.scale.1 + self.middle);
        let (sin, cos) = self.angle.sin_cos();
        (RADIUS + x * cos + y * sin, RADIUS - x * sin + y * cos)
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (px, py) = self.place(x, y);
        let _ = writeln!(self.ops, "{px:.2} {py:.2} m");
        self.at = (x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (px, py) = self.place(x, y);
        let _ = writeln!(self.ops, "{px:.2} {py:.2} l");
        self.at = (x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (x0, y0) = self.at;
        let third = |a: f32, b: f32| a + (b - a) * 2.0 / 3.0;
        self.curve_to(third(x0, x1), third(y0, y1), third(x, x1), third(y, y1), x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((ax, ay), (bx, by), (px, py)) = (self.place(x1, y1), self.place(x2, y2), self.place(x, y));
        let _ = writeln!(self.ops, "{ax:.2} {ay:.2} {bx:.2} {by:.2} {px:.2} {py:.2} c");
        self.at = (x, y);
    }

    fn close(&mut self) {
        self.ops.push_str("h\n");
    }
}
