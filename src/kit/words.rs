//! Closed lists of words: enums whose every value has a stable key, in tables and in the API alike.
//!
//! Owns the macros: `words!` where each value has two names as well (`as "Name"` where the API calls the list otherwise),
//! `choices!` where the pages name it, `column!` for an enum of the API that stands in a text column. Must never know a slice's words.

use poem_openapi::types::ParseFromParameter;

use crate::error::{Error, Result};

/// The value of a word that a table holds.
///
/// # Errors
/// When the list has no such word: the table's constraint and the list disagree.
pub fn of_text<T: ParseFromParameter>(word: &str) -> Result<T> {
    T::parse_from_parameter(word).map_err(|_| Error::internal(format!("no such word: {word}")))
}

/// Makes an enum of words: the key stands in tables and in the API and never changes its meaning, the names are shown.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident $(as $schema:literal)?: $($variant:ident = $key:literal, $zh:literal, $en:literal;)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(::serde::Serialize, ::serde::Deserialize, ::poem_openapi::Enum)]
        $(#[oai(rename = $schema)])?
        pub enum $name {
            $(#[doc = $zh] #[serde(rename = $key)] #[oai(rename = $key)] $variant),+
        }

        $crate::kit::words::column!($name);

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable word of tables and API.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// 名称.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// The name in English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en),+ }
            }

            /// Reads the stable word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|w| w.key() == word)
            }
        }
    };
}

/// Makes an enum of the API whose values stand in tables under the same words.
macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize, ::poem_openapi::Enum)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $key)] #[oai(rename = $key)] $variant),+
        }

        impl $name {
            /// The stable word of tables and API.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }
        }

        $crate::kit::words::column!($name);
    )+};
}

/// Reads an enum of the API from a text column.
macro_rules! column {
    ($($name:ty),+) => {$(
        impl ::sqlx::Type<::sqlx::Postgres> for $name {
            fn type_info() -> ::sqlx::postgres::PgTypeInfo {
                <str as ::sqlx::Type<::sqlx::Postgres>>::type_info()
            }

            fn compatible(of: &::sqlx::postgres::PgTypeInfo) -> bool {
                <str as ::sqlx::Type<::sqlx::Postgres>>::compatible(of)
            }
        }

        impl<'r> ::sqlx::Decode<'r, ::sqlx::Postgres> for $name {
            fn decode(value: ::sqlx::postgres::PgValueRef<'r>) -> ::std::result::Result<Self, ::sqlx::error::BoxDynError> {
                let word = <&str as ::sqlx::Decode<'r, ::sqlx::Postgres>>::decode(value)?;
                $crate::kit::words::of_text(word).map_err(|e| e.to_string().into())
            }
        }
    )+};
}

pub(crate) use {choices, column, words};
