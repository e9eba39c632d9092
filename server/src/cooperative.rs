//! Which cooperative a command or a request is about. Never changes anything.

use anggota::domain::{CooperativeId, Name, TimeZone};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::database::DatabaseError;

/// A cooperative as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cooperative {
    /// Its number in this database: the first column of every key.
    pub number: i64,
    /// Its id in the federation.
    pub id: CooperativeId,
    /// What people call it.
    pub name: Name,
    /// Where its days begin.
    pub zone: TimeZone,
    /// Grows when the database is restored.
    pub epoch: u64,
}

const COLUMNS: &str = "SELECT cooperative, id, name, time_zone, epoch FROM cooperative";

impl Cooperative {
    /// The cooperative of that id; without an id the only one there is.
    pub fn find(connection: &Connection, id: Option<&CooperativeId>) -> Result<Self, DatabaseError> {
        match id {
            Some(id) => Self::with_id(connection, id)?.ok_or(DatabaseError::UnknownCooperative),
            None => {
                let mut all = Self::all(connection)?;
                match (all.pop(), all.is_empty()) {
                    (None, _) => Err(DatabaseError::NoCooperative),
                    (Some(only), true) => Ok(only),
                    (Some(_), false) => Err(DatabaseError::SeveralCooperatives),
                }
            }
        }
    }

    /// The cooperative of that id, if the database holds it.
    pub fn with_id(connection: &Connection, id: &CooperativeId) -> Result<Option<Self>, DatabaseError> {
        let sql = format!("{COLUMNS} WHERE id = ?1");
        connection.prepare_cached(&sql)?.query_row([id.as_str()], Fields::of).optional()?.map(Self::of).transpose()
    }

    /// All of them, by id.
    pub fn all(connection: &Connection) -> Result<Vec<Self>, DatabaseError> {
        let mut statement = connection.prepare_cached(&format!("{COLUMNS} ORDER BY id"))?;
        let rows = statement.query_map([], Fields::of)?;
        rows.map(|fields| Self::of(fields?)).collect()
    }

    fn of(fields: Fields) -> Result<Self, DatabaseError> {
        Ok(Self {
            number: fields.number,
            id: CooperativeId::new(&fields.id)?,
            name: Name::new(&fields.name)?,
            zone: fields.zone.parse()?,
            epoch: fields.epoch,
        })
    }
}

struct Fields {
    number: i64,
    id: String,
    name: String,
    zone: String,
    epoch: u64,
}

impl Fields {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let (number, id, name) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Self { number, id, name, zone: row.get(3)?, epoch: row.get(4)? })
    }
}
