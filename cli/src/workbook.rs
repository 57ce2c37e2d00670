//! Sheets of Excel workbooks as comma-separated text, which is what the compiler reads: row and column stay where they
//! are, so that a finding names the cell.

use calamine::{Data, Reader as _, open_workbook_auto_from_rs};
use promo_compiler::package::{InputFile, table_name};
use std::fmt::Write as _;
use std::io::Cursor;

/// A workbook as files of a package: one of its own name, and one for each sheet. A workbook that cannot be read has no
/// sheets, which the compiler reports if a table asks for it.
pub(crate) fn files(name: &str, bytes: Vec<u8>) -> Vec<InputFile> {
    let mut files = vec![InputFile::new(name, "")];
    files.extend(sheets(bytes).into_iter().map(|(sheet, text)| InputFile::new(table_name(name, Some(&sheet)), text)));
    files
}

/// Every sheet with its text, in order; none if the bytes are no workbook.
pub(crate) fn sheets(bytes: Vec<u8>) -> Vec<(String, String)> {
    let Ok(mut book) = open_workbook_auto_from_rs(Cursor::new(bytes)) else { return Vec::new() };
    let names = book.sheet_names();
    let text = |name: String| {
        let range = book.worksheet_range(&name).ok()?;
        let (above, left) = range.start().unwrap_or_default();
        let mut text = "\n".repeat(above as usize);
        for row in range.rows() {
            text.push_str(&",".repeat(left as usize));
            for (at, cell) in row.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                push(&mut text, &shown(cell));
            }
            text.push('\n');
        }
        Some((name, text))
    };
    names.into_iter().filter_map(text).collect()
}

/// Adds a cell. Line breaks in it become spaces, so that rows keep their numbers.
fn push(text: &mut String, cell: &str) {
    let cell = cell.replace(['\n', '\r'], " ");
    if cell.contains([',', '"']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(&cell);
    }
}

fn shown(cell: &Data) -> String {
    match cell {
        Data::Int(n) => n.to_string(),
        Data::Float(n) => decimal(*n),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(true) => "yes".into(),
        Data::Bool(false) => "no".into(),
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let mut text = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) != (0, 0, 0) {
                let _ = write!(text, " {hour:02}:{minute:02}:{second:02}");
            }
            text
        }
        Data::DateTime(at) => decimal(at.as_f64()),
        // Shown as the sheet shows it; no column takes it for a value.
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// A number of a sheet as the sheet's author wrote it: the file holds it in binary, of which 15 digits are exact. A longer
/// whole number has lost digits in the sheet already and is shown so (`6.90123456789012E+15`).
fn decimal(n: f64) -> String {
    let digits = format!("{n:.14e}");
    let Some((mantissa, exponent)) = digits.split_once('e') else { return digits };
    let Ok(exponent) = exponent.parse::<i32>() else { return digits };
    if exponent >= 15 {
        let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
        return format!("{mantissa}E+{exponent}");
    }
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let figures: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let point = usize::try_from(exponent + 1).unwrap_or(0);
    let zeros = if exponent < 0 { usize::try_from(-exponent - 1).unwrap_or(0) } else { 0 };
    let all = "0".repeat(zeros) + &figures;
    let (whole, fraction) = all.split_at_checked(point).unwrap_or((&all, ""));
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if figures.bytes().all(|b| b == b'0') { "" } else { sign };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_their_author_wrote_them() {
        for (n, text) in [
            (0.1 + 0.2, "0.3"),
            (8.8, "8.8"),
            (0.05, "0.05"),
            (100_000_000.0, "100000000"),
            (-1200.5, "-1200.5"),
            (0.0, "0"),
            (-0.0, "0"),
            (0.001, "0.001"),
            (123_456_789_012_345.0, "123456789012345"),
            (6_901_234_567_890_123.0, "6.90123456789012E+15"),
        ] {
            assert_eq!(decimal(n), text);
        }
    }

    #[test]
    fn what_is_no_workbook_has_no_sheets() {
        assert!(sheets(b"PK\x03\x04 damaged".to_vec()).is_empty());
        assert!(sheets(Vec::new()).is_empty());
    }
}
