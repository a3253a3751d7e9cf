//! What can go wrong while recording, each with a stable code.
//!
//! Owns: the error type. Must never carry a name or a word that was spoken: ids and paths only.

use std::path::{Path, PathBuf};

/// Why a step of the recorder did not happen.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// What lies on the disk is not what was written.
    #[error("{path}: {what}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// In what way.
        what: String,
    },
    /// A step was asked for out of turn, or with a name that cannot be a folder.
    #[error("refused: {0}")]
    Refused(&'static str),
    /// Another process records into this spool.
    #[error("{path}: process {process} records into it already")]
    Taken {
        /// The spool.
        path: PathBuf,
        /// The process that has it.
        process: String,
    },
    /// A child process failed, took too long, or said something on its error line.
    #[error("{program}: {what}")]
    Child {
        /// Which program.
        program: String,
        /// The end of what it said.
        what: String,
    },
    /// The store refused or did not answer.
    #[error("store: {0}")]
    Store(String),
}

impl RecordError {
    /// A stable code for the product's own words.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "record.io",
            Self::Damaged { .. } => "record.damaged",
            Self::Refused(code) => code,
            Self::Taken { .. } => "record.spool_taken",
            Self::Child { .. } => "record.child",
            Self::Store(_) => "record.store",
        }
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    pub(crate) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), what: what.into() }
    }

    /// Is the disk full (or the quota used up)?
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Io { source, .. } if matches!(source.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded))
    }
}

/// The recorder's result.
pub type Result<T, E = RecordError> = std::result::Result<T, E>;
