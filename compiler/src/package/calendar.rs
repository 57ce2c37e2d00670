//! The calendar file: which days are worked, as an official notice says it for a year.
//!
//! `date,kind,name` (`日期,类型,名称`). A row of kind `year` says that the file lists every day of that year that is not
//! as usual; the others are days of such a year that are free (`holiday`) or worked (`workday`). Every other day is worked
//! from Monday to Friday. The name is for people.

use super::error::{DataError, DataErrorKind};
use super::table::{self, Column, Row};
use crate::calendar;
use crate::ir::WorkCalendar;
use crate::ir::work::is_weekday;
use rustc_hash::FxHashMap;

const COLUMNS: &[Column] = &[
    Column { en: "date", zh: "日期", required: true },
    Column { en: "kind", zh: "类型", required: true },
    Column { en: "name", zh: "名称", required: false },
];
const DATE: usize = 0;
const KIND: usize = 1;

/// What a row says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Year,
    Workday,
    Holiday,
}

impl Kind {
    fn named(text: &str) -> Option<Kind> {
        Some(match text {
            "year" | "整年" => Kind::Year,
            "workday" | "工作日" => Kind::Workday,
            "holiday" | "假日" => Kind::Holiday,
            _ => return None,
        })
    }
}

/// Reads the file.
///
/// # Errors
///
/// Every bad row; none is half loaded.
pub fn read(text: &str) -> Result<WorkCalendar, Vec<DataError>> {
    let table = table::read(text, COLUMNS);
    let mut errors = table.errors;
    let rows: Vec<(&Row, Kind)> = table.rows.iter().filter_map(|row| Some((row, kind(row, &mut errors)?))).collect();
    let mut seen: FxHashMap<i64, u32> = FxHashMap::default();
    let mut years: Vec<i32> = Vec::new();
    for (row, _) in rows.iter().filter(|(_, kind)| *kind == Kind::Year) {
        let cell = row.cell(DATE);
        match cell.text.parse::<i32>().ok().filter(|year| cell.text.len() == 4 && *year >= 1) {
            Some(year) => match seen.insert(i64::from(year), row.line) {
                Some(first) => errors.push(fault(row, DATE, DataErrorKind::Repeated { first })),
                None => years.push(year),
            },
            None => errors.push(fault(row, DATE, DataErrorKind::NotAYear)),
        }
    }
    if years.is_empty() && errors.is_empty() {
        let kind = DataErrorKind::NoYears;
        errors.push(DataError { line: 1, column: Some("kind"), span: crate::source::Span::new(0, 0), kind });
    }
    years.sort_unstable();
    let mut moved = Vec::new();
    seen.clear();
    for (row, kind) in rows.iter().filter(|(_, kind)| *kind != Kind::Year) {
        let Some((year, day)) = date(&row.cell(DATE).text) else {
            errors.push(fault(row, DATE, DataErrorKind::NotADate));
            continue;
        };
        if let Some(first) = seen.insert(day, row.line) {
            errors.push(fault(row, DATE, DataErrorKind::Repeated { first }));
        }
        if !years.is_empty() && !years.contains(&year) {
            errors.push(fault(row, DATE, DataErrorKind::YearNotListed { year }));
        }
        // A free Sunday is no news.
        if is_weekday(day) != (*kind == Kind::Workday) {
            moved.push(day);
        }
    }
    if !errors.is_empty() {
        errors.sort_by_key(|e| (e.span.start, e.line));
        return Err(errors);
    }
    moved.sort_unstable();
    let first = |year: i32| calendar::day(year, 1, 1);
    let covered = years.iter().filter_map(|year| {
        let last = calendar::day(*year, 12, 31).ok()?;
        Some((first(*year).ok()?, last + 1))
    });
    Ok(WorkCalendar { covered: covered.collect(), moved })
}

fn kind(row: &Row, errors: &mut Vec<DataError>) -> Option<Kind> {
    let kind = Kind::named(row.cell(KIND).text.to_lowercase().as_str());
    if kind.is_none() {
        errors.push(fault(row, KIND, DataErrorKind::NotADayKind));
    }
    kind
}

/// Year and day of `2026-01-31`; spreadsheets also write `2026/1/31`.
fn date(text: &str) -> Option<(i32, i64)> {
    let mut parts = text.split(['-', '/']);
    let mut number = |most: usize| {
        let part = parts.next().filter(|p| (1..=most).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))?;
        part.parse::<u32>().ok()
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let year = i32::try_from(year).ok()?;
    parts.next().is_none().then_some(())?;
    Some((year, calendar::day(year, month, day).ok()?))
}

fn fault(row: &Row, column: usize, kind: DataErrorKind) -> DataError {
    let name = COLUMNS.get(column).map(|c| c.en);
    DataError { line: row.line, column: name, span: row.cell(column).span, kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_move_days_of_listed_years() {
        let text = "日期,类型,名称\n2026,整年,通知\n2026-02-14,工作日,春节\n2026/2/16,假日,春节\n2026-02-22,holiday,\n";
        let work = read(text).unwrap_or_default();
        let day = |month, day| calendar::day(2026, month, day).unwrap_or_default();
        assert_eq!(work.moved, [day(2, 14), day(2, 16)]);
        assert_eq!(work.covered, [(day(1, 1), day(12, 31) + 1)]);
    }

    #[test]
    fn every_bad_row_is_reported_with_its_place() {
        let text = "date,kind\n2026,year\n26,year\n2026,year\n2026-02-30,holiday\n2027-01-01,holiday\n2026-02-14,off\n\
                    2026-03-02,holiday\n2026-3-2,workday\n";
        let errors = read(text).err().unwrap_or_default();
        let found: Vec<_> = errors.iter().map(|e| (e.line, e.column, e.kind.clone())).collect();
        use DataErrorKind::*;
        assert_eq!(
            found,
            [
                (3, Some("date"), NotAYear),
                (4, Some("date"), Repeated { first: 2 }),
                (5, Some("date"), NotADate),
                (6, Some("date"), YearNotListed { year: 2027 }),
                (7, Some("kind"), NotADayKind),
                (9, Some("date"), Repeated { first: 8 }),
            ]
        );
        let none = read("date,kind\n").err().unwrap_or_default();
        assert_eq!(none.iter().map(|e| e.kind.clone()).collect::<Vec<_>>(), [NoYears]);
    }
}
