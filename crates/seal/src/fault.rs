//! What can go wrong while sealing. A failed *check* is no fault: it is a `verify::Reason`.

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A private key cannot be read or used.
    #[error("key: {0}")]
    Key(String),
    /// The algorithm is known by name and not done here.
    #[error("{0}")]
    Profile(&'static str),
    /// A certificate cannot be read or made.
    #[error("certificate: {0}")]
    Certificate(String),
    /// The PDF cannot carry a signature.
    #[error("pdf: {0}")]
    Pdf(String),
    /// A structure cannot be encoded or decoded.
    #[error("encoding: {0}")]
    Encoding(#[from] der::Error),
    /// The picture of a seal cannot be drawn.
    #[error("picture: {0}")]
    Picture(String),
    /// A file of the seal directory.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: String,
        /// What about it, with the cure where there is one.
        cause: String,
    },
}

/// Shorthand.
pub type Result<T, E = Fault> = std::result::Result<T, E>;
