//! Tables as a workbook (Office Open XML, ISO/IEC 29500), for people with a spreadsheet. What people wrote is a
//! string in it, and never a formula.

use chrono::{DateTime, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::Problem;

/// The media type.
pub const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// Words.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Nothing.
    Empty,
}

impl Field {
    const fn number(&self) -> i64 {
        if let Self::Number(number) = self { *number } else { 0 }
    }

    /// The same as text.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Empty => String::new(),
        }
    }
}

/// One sheet of a workbook.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// What it is called; 31 characters at most.
    pub name: &'static str,
    /// The names of its columns.
    pub head: Vec<&'static str>,
    /// Its rows, a cell for each column.
    pub rows: Vec<Vec<Field>>,
}

/// These sheets as a file, made at this instant: the same each time.
///
/// # Errors
/// 500 when they don't fit in one.
pub fn workbook(sheets: &[Sheet], at: DateTime<Utc>) -> Result<Vec<u8>, Problem> {
    written(sheets, at).map_err(Problem::internal)
}

fn written(sheets: &[Sheet], at: DateTime<Utc>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_timestamp(at.timestamp())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let bold = Format::new().set_bold();
    for sheet in sheets {
        let to = book.add_worksheet();
        to.set_name(sheet.name)?;
        for (column, name) in (0..).zip(&sheet.head) {
            to.write_string_with_format(0, column, *name, &bold)?;
        }
        to.set_freeze_panes(1, 0)?;
        for (row, fields) in (1..).zip(&sheet.rows) {
            for (column, field) in (0..).zip(fields) {
                match (field, i32::try_from(field.number())) {
                    (Field::Empty, _) => {}
                    (Field::Number(_), Ok(number)) => {
                        to.write_number(row, column, number)?;
                    }
                    // A number that is larger than any count of people stays whole as text.
                    (Field::Number(_) | Field::Text(_), _) => {
                        to.write_string(row, column, field.text())?;
                    }
                }
            }
        }
    }
    book.save_to_buffer()
}
