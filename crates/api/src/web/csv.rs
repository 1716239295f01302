//! Lists as CSV (RFC 4180), for people with a spreadsheet.

/// The media type.
pub const TEXT_CSV: &str = "text/csv";
/// The most rows of one answer.
pub const MOST_ROWS: u64 = 10_000;

/// Something that is a row of a table.
pub trait Row {
    /// The names of the columns, as the JSON calls them.
    const HEAD: &'static [&'static str];

    /// The cells, one for each column.
    fn cells(&self) -> Vec<String>;
}

/// A table: its head and its rows.
pub(crate) fn table<'r, R: Row + 'r>(rows: impl Iterator<Item = &'r R>) -> String {
    let head: Vec<String> = R::HEAD.iter().map(|name| (*name).to_owned()).collect();
    let mut text = line(&head);
    for row in rows {
        text.push_str(&line(&row.cells()));
    }
    text
}

/// The same, where the columns aren't known beforehand.
pub(crate) fn table_under(head: &[String], rows: &[Vec<String>]) -> String {
    [head].into_iter().chain(rows.iter().map(Vec::as_slice)).map(line).collect()
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(harmless(cell))).collect();
    format!("{}\r\n", cells.join(","))
}

/// A spreadsheet takes a cell that starts so for a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

fn quoted(cell: String) -> String {
    if cell.contains([',', '"', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pair(&'static str, &'static str);

    impl Row for Pair {
        const HEAD: &'static [&'static str] = &["one", "other"];

        fn cells(&self) -> Vec<String> {
            vec![self.0.to_owned(), self.1.to_owned()]
        }
    }

    #[test]
    fn cells_are_quoted_and_harmless() {
        let rows =
            [Pair("a,b", "say \"a\""), Pair("=1+1", "+31"), Pair("-1", "@x"), Pair("\ta", "\rb\nc"), Pair("", "é")];
        let expected = "one,other\r\n\"a,b\",\"say \"\"a\"\"\"\r\n'=1+1,'+31\r\n'-1,'@x\r\n'\ta,\"'\rb\nc\"\r\n,é\r\n";
        assert_eq!(table(rows.iter()), expected);
    }
}
