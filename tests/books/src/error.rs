//! Why books could not be generated, each in one sentence that says what to do.

use std::path::PathBuf;

/// Why [`generate`](crate::generate) stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An option is outside its range.
    #[error("{option} must be {range}")]
    Option {
        /// The option as on the command line.
        option: &'static str,
        /// What it may be.
        range: String,
    },
    /// The folder cannot be made, or a file in it not written or read back.
    #[error("{} cannot be written: check the folder's permissions and the free space", path.display())]
    File {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A row cannot be written.
    #[error("a row cannot be written: check the folder's permissions and the free space")]
    Row(#[from] csv::Error),
}
