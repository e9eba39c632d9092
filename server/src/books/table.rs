//! One file of the books: its header held against its columns, its rows cell by cell.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::str;

use super::problem::Problems;
use super::records::{Records, Shape};
use super::values::Value;
use super::{MAX_FILE, MAX_ROW};

const NOT_UTF8: &str = "bukan teks UTF-8; simpan ulang sebagai CSV UTF-8";

/// A column of a file.
#[derive(Debug)]
pub(crate) struct Column {
    name: &'static str,
    is_required: bool,
}

/// A column that must be there and filled in.
pub(crate) const fn must(name: &'static str) -> Column {
    Column { name, is_required: true }
}

/// A column that may be missing or empty.
pub(crate) const fn may(name: &'static str) -> Column {
    Column { name, is_required: false }
}

/// What a file holds.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) file: &'static str,
    pub(crate) is_required: bool,
    pub(crate) most_rows: u64,
    /// The first is the one that names the row, or what it belongs to.
    pub(crate) columns: &'static [Column],
}

impl Layout {
    /// The name of the first column.
    pub(crate) fn key(&self) -> &'static str {
        self.columns[0].name
    }
}

/// What opening a file of the folder came to.
pub(crate) enum Opened {
    /// Not there, and may be missing: it counts as empty.
    Empty,
    /// Its rows cannot be told apart or found; the problems say why.
    Unusable,
    /// Ready to be read.
    Rows(Box<Table>),
}

/// A file whose header is in order, as far as its rows need it.
pub(crate) struct Table {
    layout: &'static Layout,
    /// For each column of the layout, its place in the file.
    places: Vec<Option<usize>>,
    width: usize,
    records: Records<io::Take<File>>,
    size: u64,
    rows: u64,
    has_lost_rows: bool,
}

impl Table {
    /// Opens a file of `folder` and reads its header. Errors are the file system's.
    pub(crate) fn open(folder: &Path, layout: &'static Layout, problems: &mut Problems) -> io::Result<Opened> {
        let file = match File::open(folder.join(layout.file)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if layout.is_required {
                    problems.add(layout.file, 0, "", "", "berkas wajib ini tidak ada");
                    return Ok(Opened::Unusable);
                }
                return Ok(Opened::Empty);
            }
            file => file?,
        };
        let size = file.metadata()?.len();
        if size > MAX_FILE {
            problems.add(layout.file, 0, "", "", "berkas lebih besar dari 4 GiB");
            return Ok(Opened::Unusable);
        }
        let mut records = Records::new(file.take(MAX_FILE));
        Ok(match read_header(layout, &mut records, problems)? {
            None => Opened::Unusable,
            Some((places, width)) => {
                Opened::Rows(Box::new(Self { layout, places, width, records, size, rows: 0, has_lost_rows: false }))
            }
        })
    }

    /// The next row that can be read. One that cannot is a problem, and told to `broken` with whatever its first column
    /// holds, so that what refers to it is not a problem as well.
    pub(crate) fn next<'a>(
        &'a mut self,
        problems: &'a mut Problems,
        mut broken: impl FnMut(&str),
    ) -> io::Result<Option<Cells<'a>>> {
        let file = self.layout.file;
        loop {
            let Some(record) = self.records.next()? else { return Ok(None) };
            let line = record.line;
            if self.rows == self.layout.most_rows {
                problems.add(file, line, "", "", format!("berkas ini lebih dari {} baris", self.rows));
                self.has_lost_rows = true;
                return Ok(None);
            }
            self.rows += 1;
            match record.shape {
                Shape::Fields(width) if width == self.width => {
                    return Ok(Some(Cells { table: self, line, problems, is_complete: true }));
                }
                Shape::Fields(width) => {
                    let sentence = format!("baris ini berisi {width} kolom, judulnya {}", self.width);
                    problems.add(file, line, "", "", sentence);
                    let first = self.places[0].filter(|place| *place < width).map(|place| self.records.field(place));
                    match first.map(str::from_utf8) {
                        Some(Ok(first)) => broken(first),
                        _ => self.has_lost_rows = true,
                    }
                }
                Shape::TooLong => {
                    let sentence =
                        format!("baris ini lebih dari {} KiB; periksa tanda kutip yang tidak ditutup", MAX_ROW / 1024);
                    problems.add(file, line, "", "", sentence);
                    self.has_lost_rows = true;
                }
            }
        }
    }

    /// Rows read so far, the broken ones too.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether there were rows of which not even the first column is known.
    pub(crate) fn has_lost_rows(&self) -> bool {
        self.has_lost_rows
    }

    /// Bytes read so far, and of the whole file.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.records.consumed(), self.size)
    }
}

type Header = (Vec<Option<usize>>, usize);

fn read_header(
    layout: &Layout,
    records: &mut Records<impl Read>,
    problems: &mut Problems,
) -> io::Result<Option<Header>> {
    let file = layout.file;
    let Some(record) = records.next()? else {
        problems.add(file, 1, "", "", "berkas ini tidak punya baris judul");
        return Ok(None);
    };
    let Shape::Fields(width) = record.shape else {
        problems.add(file, record.line, "", "", "baris judul terlalu panjang");
        return Ok(None);
    };
    let mut places = vec![None; layout.columns.len()];
    for place in 0..width {
        let Ok(name) = str::from_utf8(records.field(place)) else {
            problems.add(file, record.line, "", &String::from_utf8_lossy(records.field(place)), NOT_UTF8);
            return Ok(None);
        };
        if width == 1 && name.contains(';') {
            problems.add(file, record.line, "", name, "kolom dipisahkan dengan koma, bukan titik koma");
            return Ok(None);
        }
        match layout.columns.iter().position(|column| column.name == name) {
            None => problems.add(file, record.line, name, name, "kolom ini tidak dikenal"),
            Some(known) if places[known].is_some() => {
                problems.add(file, record.line, name, name, "kolom ini ada dua kali");
            }
            Some(known) => places[known] = Some(place),
        }
    }
    let mut is_usable = true;
    for (column, place) in layout.columns.iter().zip(&places) {
        if column.is_required && place.is_none() {
            problems.add(file, record.line, column.name, "", "kolom wajib ini tidak ada");
            is_usable = false;
        }
    }
    Ok(is_usable.then_some((places, width)))
}

/// The cells of one row; what is wrong with them goes to the problems as they are read.
pub(crate) struct Cells<'a> {
    table: &'a Table,
    line: u64,
    problems: &'a mut Problems,
    is_complete: bool,
}

impl Cells<'_> {
    /// The line the row begins on.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Whether nothing was wrong so far.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// A column that must hold a value. `None`: it does not.
    pub(crate) fn required<V: Value>(&mut self, column: &'static str) -> Option<V> {
        if self.bytes(column).is_empty() {
            self.refuse(column, "wajib diisi");
            return None;
        }
        self.optional(column)
    }

    /// A column that may be empty. `None`: it is, or what it holds was refused.
    pub(crate) fn optional<V: Value>(&mut self, column: &'static str) -> Option<V> {
        if self.bytes(column).is_empty() { None } else { self.any(column) }
    }

    /// A column whose own rule says whether it may be empty.
    pub(crate) fn any<V: Value>(&mut self, column: &'static str) -> Option<V> {
        let read = str::from_utf8(self.bytes(column)).map_err(|_| NOT_UTF8).and_then(V::read);
        read.map_err(|rule| self.refuse(column, rule)).ok()
    }

    /// The row is wrong because of what stands in `column`.
    pub(crate) fn refuse(&mut self, column: &'static str, problem: impl Into<std::borrow::Cow<'static, str>>) {
        self.is_complete = false;
        let table = self.table;
        let value = self.place(column).map_or(&[][..], |place| table.records.field(place));
        self.problems.add(table.layout.file, self.line, column, &String::from_utf8_lossy(value), problem);
    }

    fn bytes(&self, column: &'static str) -> &[u8] {
        self.place(column).map_or(&[], |place| self.table.records.field(place))
    }

    fn place(&self, column: &'static str) -> Option<usize> {
        let known = self.table.layout.columns.iter().position(|known| known.name == column);
        debug_assert!(known.is_some(), "{column} is not a column of {}", self.table.layout.file);
        known.and_then(|known| self.table.places[known])
    }
}
