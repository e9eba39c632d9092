//! Records of a CSV file with their line numbers, in memory that does not grow with the file.
//!
//! Drives the parser of the csv crate (csv-core) itself, for two things the crate does not give: the line a record
//! really begins on when empty lines stand before it, and a bound on a record whose quotation mark is never closed.

use std::io::{self, BufRead, BufReader, Read};

use csv_core::{ReadRecordResult, Reader};

use super::MAX_ROW;

/// The most fields of a record that are told apart.
const MAX_FIELDS: usize = 64;
const BUFFER: usize = 64 * 1024;

pub(super) struct Records<R> {
    input: BufReader<R>,
    parser: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Of the next byte.
    line: u64,
    after_return: bool,
    consumed: u64,
}

/// Where a record begins and what it is; its fields are asked of [`Records::field`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) line: u64,
    pub(super) shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// That many fields.
    Fields(usize),
    /// More text than [`MAX_ROW`], or more fields than anything of ours has.
    TooLong,
}

impl<R: Read> Records<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(BUFFER, input),
            parser: Reader::new(),
            text: vec![0; MAX_ROW],
            ends: vec![0; MAX_FIELDS],
            line: 1,
            after_return: false,
            consumed: 0,
        }
    }

    /// Bytes read so far.
    pub(super) fn consumed(&self) -> u64 {
        self.consumed
    }

    /// The next record that is not an empty line.
    pub(super) fn next(&mut self) -> io::Result<Option<Record>> {
        self.skip_empty_lines()?;
        let line = self.line;
        let (mut text, mut fields, mut is_too_long) = (0, 0, false);
        loop {
            let input = self.input.fill_buf()?;
            let (result, read, written, ended) =
                self.parser.read_record(input, &mut self.text[text..], &mut self.ends[fields..]);
            let passed = &input[..read];
            (self.line, self.after_return) = count_lines(passed, self.line, self.after_return);
            self.input.consume(read);
            self.consumed += read as u64;
            (text, fields) = (text + written, fields + ended);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    // The rest is read over, so that the rows after it are still looked at.
                    (text, fields, is_too_long) = (0, 0, true);
                }
                ReadRecordResult::Record => {
                    let shape = if is_too_long { Shape::TooLong } else { Shape::Fields(fields) };
                    return Ok(Some(Record { line, shape }));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    /// A field of the record that was read last.
    pub(super) fn field(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }

    fn skip_empty_lines(&mut self) -> io::Result<()> {
        loop {
            let input = self.input.fill_buf()?;
            let empty = input.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            if empty == 0 {
                return Ok(());
            }
            (self.line, self.after_return) = count_lines(&input[..empty], self.line, self.after_return);
            self.input.consume(empty);
            self.consumed += empty as u64;
        }
    }
}

/// The line after `bytes`: CR, LF and CR LF each end one.
fn count_lines(bytes: &[u8], mut line: u64, mut after_return: bool) -> (u64, bool) {
    for byte in bytes {
        line += u64::from(*byte == b'\r' || (*byte == b'\n' && !after_return));
        after_return = *byte == b'\r';
    }
    (line, after_return)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives out bytes a few at a time, so that every boundary is met.
    struct Slowly<'a>(&'a [u8], usize);

    impl Read for Slowly<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(buffer.len()).min(self.0.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn records(text: &[u8], step: usize) -> Vec<(u64, Option<Vec<String>>)> {
        let mut records = Records::new(Slowly(text, step));
        let mut all = Vec::new();
        while let Some(record) = records.next().unwrap() {
            let fields = match record.shape {
                Shape::TooLong => None,
                Shape::Fields(count) => {
                    Some((0..count).map(|i| String::from_utf8_lossy(records.field(i)).into_owned()).collect())
                }
            };
            all.push((record.line, fields));
        }
        assert_eq!(records.consumed(), text.len() as u64);
        all
    }

    #[test]
    fn a_record_has_the_line_it_begins_on() {
        let text = b"a,b\r\n\r\n\"one\r\ntwo\",\"x\"\"y\"\r\nlast,\n\n\nend,z";
        for step in [3, 4, 5, 7, 1000] {
            let lines: Vec<_> = records(text, step).into_iter().map(|(line, fields)| (line, fields.unwrap())).collect();
            let expected = [(1, ["a", "b"]), (3, ["one\r\ntwo", "x\"y"]), (5, ["last", ""]), (8, ["end", "z"])];
            assert_eq!(lines, expected.map(|(line, fields)| (line, fields.map(String::from).to_vec())), "{step}");
        }
        let old = records(b"a\rb\r\rc", 3);
        assert_eq!(old.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2, 4]);
    }

    #[test]
    fn a_row_that_is_too_long_is_read_over_and_the_next_is_told() {
        let long = "x".repeat(MAX_ROW + 1);
        let many = ",".repeat(MAX_FIELDS);
        let text = format!("a\n{long}\nb\n{many}\nc\n\"{long}\n{long}");
        for step in [1000, 1 << 20] {
            let lines: Vec<_> =
                records(text.as_bytes(), step).into_iter().map(|(line, f)| (line, f.is_some())).collect();
            assert_eq!(lines, [(1, true), (2, false), (3, true), (4, false), (5, true), (6, false)]);
        }
        let fits = format!("{}\nb\n", "x".repeat(MAX_ROW - 1));
        assert!(records(fits.as_bytes(), 1000).iter().all(|(_, fields)| fields.is_some()));
    }
}
