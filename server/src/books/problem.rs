//! What is wrong with the books, for the officer who corrects them: in Indonesian, with the place and the value.

use std::borrow::Cow;

use serde::Serialize;

/// The most problems that are told one by one.
pub const MAX_PROBLEMS: usize = 1_000;
/// The most characters of a value that are shown.
const MAX_VALUE: usize = 200;

/// One thing that is wrong in a folder of books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file's name.
    pub file: &'static str,
    /// The line its row begins on, the file's first being 1; 0 for what has no row: a missing file or row.
    pub line: u64,
    /// The column; empty when it is about the row or the file.
    pub column: String,
    /// The value as it stands there, cut after 200 characters.
    pub value: String,
    /// What is wrong.
    pub problem: Cow<'static, str>,
}

/// Collects problems: the first [`MAX_PROBLEMS`], and how many more.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    more: u64,
}

impl Problems {
    pub(crate) fn add(
        &mut self,
        file: &'static str,
        line: u64,
        column: &str,
        value: &str,
        problem: impl Into<Cow<'static, str>>,
    ) {
        if self.list.len() == MAX_PROBLEMS {
            self.more += 1;
            return;
        }
        let mut shown: String = value.chars().take(MAX_VALUE).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        self.list.push(Problem { file, line, column: column.into(), value: shown, problem: problem.into() });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// In the order of the files' reading, and how many more there are.
    pub(crate) fn into_parts(self) -> (Vec<Problem>, u64) {
        (self.list, self.more)
    }
}
