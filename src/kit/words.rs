//! Closed lists of words: an enum whose every value has a stable key and two names.
//!
//! Owns the macro. Must never know a slice's words.

/// Makes an enum of words: the key stands in tables and in the API and never changes its meaning, the names are shown.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $($variant:ident = $key:literal, $zh:literal, $en:literal;)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $(#[doc = $zh] #[serde(rename = $key)] $variant),+
        }

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

pub(crate) use words;
