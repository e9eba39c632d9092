//! The one error of the core: a kind that a shell acts on, with what led to it behind it.
//!
//! Its text never contains a name, a number, an amount, a code, a key or a token.

use std::fmt;

use crate::cose::CoseError;
use crate::domain::Invalid;
use crate::protocol::problem::Code;

/// A failure, rich inside, one [`Code`] outside.
#[derive(Debug)]
pub struct Error {
    code: Code,
    detail: Option<&'static str>,
    retry_after: Option<u32>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What the core's functions return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Of that kind.
    pub fn new(code: Code) -> Self {
        Self { code, detail: None, retry_after: None, source: None }
    }

    /// Of that kind, because of `source`.
    pub fn because(code: Code, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { code, detail: None, retry_after: None, source: Some(source.into()) }
    }

    /// With the rule that was broken, a fixed sentence.
    #[must_use]
    pub fn detail(mut self, detail: &'static str) -> Self {
        self.detail = Some(detail);
        self
    }

    /// With the seconds that the server asked to wait for.
    #[must_use]
    pub(crate) fn after(mut self, seconds: Option<u32>) -> Self {
        self.retry_after = seconds;
        self
    }

    /// The seconds that the server asked to wait for before the next try, if it did: at most an hour.
    pub fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }

    /// What a shell acts on.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The fixed sentence of the rule that was broken, if there is one.
    pub fn rule(&self) -> Option<&'static str> {
        self.detail
    }

    /// Whether the same call may succeed later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        self.code.is_transient()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.advice())?;
        match self.detail {
            Some(detail) => write!(f, " ({detail})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self::new(Code::InvalidInput).detail(invalid.0)
    }
}

impl From<CoseError> for Error {
    fn from(fault: CoseError) -> Self {
        Self::because(Code::NotVerified, fault)
    }
}
