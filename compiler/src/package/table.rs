//! Data files: comma-separated text with a header, every cell with its place in the file.
//!
//! RFC 4180 with these liberties: a byte order mark, `\n` or `\r\n`, blank lines, spaces around a cell, header names in
//! any order, in English or Chinese, and extra columns (ignored). A bad row is an error with row and column; the other
//! rows are still read, so that one run reports them all.

use super::error::{DataError, DataErrorKind};
use crate::source::Span;
use unicode_normalization::UnicodeNormalization as _;

/// A named column of a data file: its header in English and in Chinese.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Header in English.
    pub en: &'static str,
    /// Header in Chinese.
    pub zh: &'static str,
    /// False if the file may do without.
    pub required: bool,
}

/// One cell: its text, trimmed, unquoted and NFC-normalised, and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// Where, quotes included.
    pub span: Span,
}

/// One row after the header, with a cell for each wanted column; a column the file lacks gives empty cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line in the file, from 1.
    pub line: u32,
    /// Cells in the order of the wanted columns.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell of a wanted column; an empty one if there is no such column.
    pub fn cell(&self, column: usize) -> &Cell {
        const NONE: &Cell = &Cell { text: String::new(), span: Span::new(0, 0) };
        self.cells.get(column).unwrap_or(NONE)
    }
}

/// What a data file contains and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Well-formed rows.
    pub rows: Vec<Row>,
    /// Everything wrong with the form of the file.
    pub errors: Vec<DataError>,
    /// Header cells nobody asked for.
    pub ignored: Vec<Cell>,
}

/// Reads a data file and picks the wanted columns.
pub fn read(text: &str, columns: &[Column]) -> Table {
    let mut table = Table::default();
    let mut records = Records::new(text);
    let header = records.next().unwrap_or((1, Vec::new()));
    if !records.errors.is_empty() {
        // The header itself is malformed; nothing below it can be named.
        table.errors = records.errors;
        return table;
    }
    let Some(picks) = pick(&header, columns, &mut table) else {
        return table;
    };
    while let Some((line, cells)) = records.next() {
        if cells.is_empty() {
            continue; // already reported
        }
        if cells.len() != header.1.len() {
            let span = cells.iter().fold(cells.first().map_or(Span::default(), |c| c.span), |s, c| s.to(c.span));
            let kind = DataErrorKind::CellCount { found: cells.len(), expected: header.1.len() };
            records.errors.push(DataError { line, column: None, span, kind });
            continue;
        }
        let cells = picks.iter().map(|p| p.and_then(|i| cells.get(i)).cloned().unwrap_or_default()).collect();
        table.rows.push(Row { line, cells });
    }
    table.errors = records.errors;
    table
}

/// Where each wanted column stands in the header; `None` after reporting what is missing.
fn pick(header: &(u32, Vec<Cell>), columns: &[Column], table: &mut Table) -> Option<Vec<Option<usize>>> {
    let (line, cells) = header;
    let whole = cells.iter().fold(cells.first().map_or(Span::default(), |c| c.span), |s, c| s.to(c.span));
    let named = |cell: &Cell, c: &Column| cell.text.eq_ignore_ascii_case(c.en) || cell.text == c.zh;
    let mut picks = Vec::with_capacity(columns.len());
    for column in columns {
        let mut places = cells.iter().enumerate().filter(|(_, cell)| named(cell, column));
        let first = places.next();
        if let Some((_, again)) = places.next() {
            let kind = DataErrorKind::RepeatedColumn;
            table.errors.push(DataError { line: *line, column: Some(column.en), span: again.span, kind });
        }
        if first.is_none() && column.required {
            let kind = DataErrorKind::MissingColumn { zh: column.zh };
            table.errors.push(DataError { line: *line, column: Some(column.en), span: whole, kind });
        }
        picks.push(first.map(|(i, _)| i));
    }
    let extra = |cell: &&Cell| !cell.text.is_empty() && !columns.iter().any(|c| named(cell, c));
    table.ignored = cells.iter().filter(extra).cloned().collect();
    table.errors.is_empty().then_some(picks)
}

/// Splits the text into records; a malformed one is reported and given as a record without cells.
pub(crate) struct Records<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    /// What was reported so far.
    pub(crate) errors: Vec<DataError>,
}

impl<'a> Records<'a> {
    /// At the start of a text.
    pub(crate) fn new(text: &'a str) -> Records<'a> {
        Records { text, at: 0, line: 1, errors: Vec::new() }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..).and_then(|rest| rest.chars().next())
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        if c == '\n' {
            self.line = self.line.saturating_add(1);
        }
        Some(c)
    }

    /// Moves to the next cell or line; true at the end of the line.
    fn end_cell(&mut self) -> bool {
        match self.bump() {
            Some(',') => false,
            Some('\r') => {
                if self.peek() == Some('\n') {
                    self.bump();
                }
                true
            }
            _ => true,
        }
    }

    /// The next record that is not blank.
    pub(crate) fn next(&mut self) -> Option<(u32, Vec<Cell>)> {
        loop {
            if self.at == 0 && self.peek() == Some('\u{feff}') {
                self.bump();
            }
            self.peek()?;
            let line = self.line;
            let before = self.errors.len();
            let mut cells = Vec::new();
            loop {
                match self.cell(line) {
                    Ok(cell) => cells.push(cell),
                    Err(error) => self.errors.push(error),
                }
                if self.end_cell() {
                    break;
                }
            }
            if self.errors.len() > before {
                return Some((line, Vec::new()));
            }
            if cells.iter().any(|c| !c.text.is_empty()) || cells.len() > 1 {
                return Some((line, cells));
            }
        }
    }

    /// A cell without a quote in it, as nearly all are: read as a slice.
    fn plain_cell(&mut self) -> Option<Cell> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let len = rest.iter().position(|b| matches!(b, b',' | b'\n' | b'\r' | b'"')).unwrap_or(rest.len());
        if rest.get(len) == Some(&b'"') {
            return None;
        }
        let written = self.text.get(self.at..self.at + len)?.trim_end_matches([' ', '\t', '\u{3000}']);
        let span = Span::new(self.at as u32, (self.at + written.len()) as u32);
        self.at += len;
        let text = written.trim();
        let text = if text.is_ascii() { text.to_owned() } else { text.nfc().collect() };
        Some(Cell { text, span })
    }

    /// One cell, up to but without the comma or line end behind it.
    fn cell(&mut self, line: u32) -> Result<Cell, DataError> {
        let at_end = |c: Option<char>| matches!(c, None | Some(',' | '\n' | '\r'));
        let blank = |c: Option<char>| matches!(c, Some(' ' | '\t' | '\u{3000}'));
        while blank(self.peek()) {
            self.bump();
        }
        let start = self.at;
        if let Some(cell) = self.plain_cell() {
            return Ok(cell);
        }
        let (mut text, mut kind, mut end) = (String::new(), None, start);
        if self.peek() == Some('"') {
            self.bump();
            loop {
                match self.bump() {
                    Some('"') if self.peek() == Some('"') => {
                        self.bump();
                        text.push('"');
                    }
                    Some('"') => break,
                    Some(c) => text.push(c),
                    None => {
                        kind = Some(DataErrorKind::UnclosedQuote);
                        break;
                    }
                }
            }
            end = self.at;
            while blank(self.peek()) {
                self.bump();
            }
            while !at_end(self.peek()) {
                kind = Some(DataErrorKind::StrayQuote);
                self.bump();
                end = self.at;
            }
        } else {
            while let Some(c) = self.peek().filter(|c| !at_end(Some(*c))) {
                if c == '"' {
                    kind = Some(DataErrorKind::StrayQuote);
                }
                self.bump();
                text.push(c);
                if !blank(Some(c)) {
                    end = self.at;
                }
            }
        }
        let span = Span::new(start as u32, end as u32);
        match kind {
            Some(kind) => Err(DataError { line, column: None, span, kind }),
            None => Ok(Cell { text: text.trim().nfc().collect(), span }),
        }
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    const COLUMNS: &[Column] =
        &[Column { en: "a", zh: "甲", required: true }, Column { en: "b", zh: "乙", required: false }];

    fn texts(table: &Table) -> Vec<Vec<&str>> {
        table.rows.iter().map(|r| r.cells.iter().map(|c| c.text.as_str()).collect()).collect()
    }

    #[test]
    fn columns_are_found_by_name_in_any_order_and_language() {
        let table = read("\u{feff}乙, note ,A\r\n2,x,1\r\n\r\n\" 4 \",\"x,\"\"y\"\"\n\", 3 \r\n", COLUMNS);
        assert_eq!(texts(&table), [["1", "2"], ["3", "4"]]);
        assert_eq!(table.errors, []);
        assert_eq!(table.ignored[0].text, "note");
        assert_eq!(table.rows[1].line, 4);
    }

    #[test]
    fn every_malformed_row_is_reported_and_the_others_are_read() {
        let text = "a,b\n1\n2,\"x\"y\n3,3\n4,a\"b\n5,5,5\n6,\"open";
        let table = read(text, COLUMNS);
        assert_eq!(texts(&table), [["3", "3"]]);
        let found: Vec<_> =
            table.errors.iter().map(|e| (e.line, &text[e.span.start as usize..e.span.end as usize])).collect();
        assert_eq!(found, [(2, "1"), (3, "\"x\"y"), (5, "a\"b"), (6, "5,5,5"), (7, "\"open")]);
    }

    #[test]
    fn a_bad_header_stops_the_file() {
        for (text, kind) in [
            ("", DataErrorKind::MissingColumn { zh: "甲" }),
            ("b\n1\n", DataErrorKind::MissingColumn { zh: "甲" }),
            ("a,甲\n1,1\n", DataErrorKind::RepeatedColumn),
            ("\"a,b\n1", DataErrorKind::UnclosedQuote),
        ] {
            let table = read(text, COLUMNS);
            assert_eq!(table.errors.iter().map(|e| e.kind.clone()).collect::<Vec<_>>(), [kind], "{text:?}");
            assert_eq!(table.rows, []);
        }
    }

    #[test]
    fn no_text_panics() {
        let alphabet = ['a', ',', '"', '\n', '\r', ' ', '，', '\u{feff}'];
        for n in 0..8usize.pow(5) {
            let text: String = (0..5).map(|i| alphabet[n / 8usize.pow(i) % 8]).collect();
            let table = read(&format!("a\n{text}"), COLUMNS);
            assert!(table.rows.len() + table.errors.len() <= 6);
        }
    }
}
