//! A document as Markdown with pipe tables.

use super::tree::{Block, Document, Table};

/// The document as CommonMark with tables; user text cannot become markup.
pub fn render(document: &Document) -> String {
    let mut out = format!("# {}\n", text(&document.title));
    for block in &document.blocks {
        out.push('\n');
        match block {
            Block::Heading { level, anchor, text: heading } => {
                if !anchor.is_empty() {
                    out.push_str(&format!("<a id=\"{}\"></a>\n\n", super::html::escape(anchor)));
                }
                out.push_str(&format!("{} {}\n", "#".repeat(usize::from(*level)), text(heading)));
            }
            Block::Paragraph(words) => out.push_str(&format!("{}\n", text(words))),
            Block::Clause { number, text: words } => out.push_str(&format!("**{}** {}\n", text(number), text(words))),
            Block::Table(table) => push_table(&mut out, table),
        }
    }
    out
}

fn push_table(out: &mut String, table: &Table) {
    let heading = table.heading();
    if !heading.is_empty() {
        out.push_str(&format!("*{}*\n\n", text(&heading)));
    }
    let row = |cells: &[String]| format!("| {} |\n", cells.iter().map(|c| text(c)).collect::<Vec<_>>().join(" | "));
    out.push_str(&row(&table.header));
    out.push_str(&format!("|{}\n", "---|".repeat(table.header.len())));
    for cells in &table.rows {
        out.push_str(&row(cells));
    }
}

/// Plain text with everything that could be markup escaped. A `_` inside a word is none.
fn text(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len());
    let mut before = ' ';
    let mut rest = plain.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        let special = match c {
            '\\' | '`' | '*' | '<' | '>' | '[' | ']' | '|' | '~' | '&' | '#' => true,
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            _ => false,
        };
        match c {
            '\n' | '\r' => out.push(' '),
            c if special => out.extend(['\\', c]),
            c => out.push(c),
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn user_text_is_never_markup() {
        assert_eq!(text("a|b <i>*x*</i> _y_ open_box"), "a\\|b \\<i\\>\\*x\\*\\</i\\> \\_y\\_ open_box");
        assert_eq!(text("第一行\n# 第二行"), "第一行 \\# 第二行");
    }
}
