//! Reads a row by the places of its columns, not by their names: in a list, finding each name in each row costs more than
//! reading what stands there. Owns nothing; whoever uses it writes columns and members in one order.

use sqlx::postgres::PgRow;
use sqlx::{Decode, Postgres, Row, Type};

/// The columns of a row, one after the other.
pub struct Columns<'r> {
    row: &'r PgRow,
    at: usize,
}

impl<'r> Columns<'r> {
    /// From the first column on.
    pub fn of(row: &'r PgRow) -> Self {
        Self { row, at: 0 }
    }

    /// The next column.
    ///
    /// # Errors
    /// When there is none, or it is of another type.
    pub fn take<T: Decode<'r, Postgres> + Type<Postgres>>(&mut self) -> sqlx::Result<T> {
        self.at += 1;
        self.row.try_get(self.at - 1)
    }
}
