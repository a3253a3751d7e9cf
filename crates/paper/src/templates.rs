//! The built-in templates. Owns which papers exist; must never be extended at run time.

/// A kind of paper.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// What a request calls it.
    pub name: &'static str,
    /// Its typst source.
    pub source: &'static str,
    /// Believable data for it, invented.
    pub sample: &'static str,
}

/// What every template imports.
pub const BASE: &str = include_str!("../templates/base.typ");
/// The blocks of a pleading, shared by those that list parties or evidence.
pub const BLOCKS: &str = include_str!("../templates/blocks.typ");

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        /// Every kind of paper there is.
        pub const ALL: &[Template] = &[$(Template {
            name: $name,
            source: include_str!(concat!("../templates/", $name, ".typ")),
            sample: include_str!(concat!("../samples/", $name, ".json")),
        }),*];
    };
}

templates![
    "pleading",
    "filing_receipt",
    "correction_notice",
    "refusal_notice",
    "acceptance_notice",
    "notice_to_respond",
    "enforcement_notice",
    "service_address",
    "transfer_notice",
    "photo_pages",
    "evidence_list",
    "offline_note",
    "case_cover",
    "payment_notice",
    "fee_receipt",
    "refund_notice",
    "relief_decision",
    "withdrawal_ruling",
    "service_certificate",
    "evidence_notice",
    "summons",
    "panel_notice",
    "appear_notice",
    "service_return",
    "postal_cover",
    "public_notice",
    "electronic_consent",
    "hearing_transcript",
    "appeal",
];

/// The template of this name.
pub fn find(name: &str) -> Option<&'static Template> {
    ALL.iter().find(|template| template.name == name)
}
