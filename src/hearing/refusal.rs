//! A refusal of a pure rule: what is wrong, what to do, and the article, in two languages.
//!
//! Owns the shape. Must never know a row, a person or the wire; the doors turn it into the house's one error.

use std::borrow::Cow;
use std::fmt;

use super::law::Article;

/// Text that is mostly written in the source.
type Text = Cow<'static, str>;

/// Why something may not be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code for software.
    pub code: &'static str,
    /// 原因.
    pub zh: Text,
    /// The cause, in English.
    pub en: Text,
    /// 怎么办.
    pub cure_zh: Text,
    /// The cure, in English.
    pub cure_en: Text,
    /// 依据.
    pub article: Option<Article>,
    /// JSON pointer to the field at fault.
    pub field: Option<&'static str>,
}

impl Refusal {
    /// A refusal with its cause and its cure.
    pub fn new(code: &'static str, cause: (impl Into<Text>, impl Into<Text>), cure: (impl Into<Text>, impl Into<Text>)) -> Self {
        Self { code, zh: cause.0.into(), en: cause.1.into(), cure_zh: cure.0.into(), cure_en: cure.1.into(), article: None, field: None }
    }

    /// Names its article.
    pub fn by(mut self, article: Article) -> Self {
        self.article = Some(article);
        self
    }

    /// Names its field.
    pub fn at(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.en)
    }
}

impl std::error::Error for Refusal {}

/// The fewest signs of a reason that people have to read later.
pub const LEAST_REASON: usize = 10;

/// Refuses a reason that says nothing.
///
/// # Errors
/// When it has fewer than [`LEAST_REASON`] signs.
pub fn reasoned(reason: &str, field: &'static str) -> Result<(), Refusal> {
    if crate::kit::text::signs(reason) >= LEAST_REASON {
        return Ok(());
    }
    Err(Refusal::new(
        "hearing.reason",
        ("理由太短，以后看不明白。", "The reason is too short to be understood later."),
        (format!("请写明理由，至少 {LEAST_REASON} 个字。"), format!("Give a reason of at least {LEAST_REASON} characters.")),
    )
    .at(field))
}

impl From<Refusal> for crate::error::Error {
    fn from(r: Refusal) -> Self {
        let (zh, en) = match r.article {
            Some(a) => (format!("{}（{}）", r.zh, a.zh), format!("{} ({})", r.en, a.en)),
            None => (r.zh.into_owned(), r.en.into_owned()),
        };
        let error = Self::invalid(r.code, crate::error::said(zh, en), crate::error::said(r.cure_zh, r.cure_en));
        match r.field {
            Some(field) => error.at(field),
            None => error,
        }
    }
}
