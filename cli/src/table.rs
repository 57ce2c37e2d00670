//! A plain table whose columns line up also where cells are Chinese.

/// Lines of cells under a header, two spaces between columns, without trailing spaces.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = header.iter().map(|cell| width(cell)).collect();
    for row in rows {
        for (column, cell) in widths.iter_mut().zip(row) {
            *column = (*column).max(width(cell));
        }
    }
    let mut text = String::new();
    line(&mut text, header.iter().copied(), &widths);
    for row in rows {
        line(&mut text, row.iter().map(String::as_str), &widths);
    }
    text
}

fn line<'c>(text: &mut String, cells: impl Iterator<Item = &'c str>, widths: &[usize]) {
    let mut line = String::new();
    for (cell, column) in cells.zip(widths) {
        line.push_str(cell);
        line.extend(std::iter::repeat_n(' ', column.saturating_sub(width(cell)) + 2));
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

/// Columns a terminal needs: two for East Asian wide and full-width characters, none for combining marks.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| match u32::from(c) {
            0x0300..=0x036F | 0x200B..=0x200F | 0xFE00..=0xFE0F => 0,
            0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF => 2,
            0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD => 2,
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_cells_count_double() {
        let rows = vec![vec!["春节".into(), "x".into()], vec!["a".into(), "yy".into()]];
        assert_eq!(table(&["name", "n"], &rows), "name  n\n春节  x\na     yy\n");
    }
}
