//! A document as one HTML page: no script, no outside asset, readable on a phone, printable on A4.

use super::tree::{Block, Document, Table};
use crate::diagnostic::Lang;

/// Everything about the look. Dark ink on white, so that paper and screen show the same.
const STYLE: &str = "\
@page{size:A4;margin:18mm 16mm}
*{box-sizing:border-box}
body{margin:0 auto;max-width:52rem;padding:1.2rem;color:#1a1a1a;background:#fff;font:1rem/1.7 \"Noto Sans CJK SC\",\"PingFang SC\",\"Microsoft YaHei\",system-ui,sans-serif}
h1{font-size:1.6rem;line-height:1.3;margin:.6rem 0 1.2rem}
h2{font-size:1.25rem;margin:2.2rem 0 .6rem;padding-bottom:.2rem;border-bottom:2px solid #1a1a1a}
h3{font-size:1.05rem;margin:1.4rem 0 .4rem}
p{margin:.45rem 0;overflow-wrap:anywhere}
p.clause{padding-left:4.2em;text-indent:-4.2em}
p.clause b{display:inline-block;min-width:4.2em;text-indent:0;font-weight:600}
.wide{overflow-x:auto;margin:.6rem 0 1.2rem}
table{border-collapse:collapse;width:100%;font-size:.94rem}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{border:1px solid #999;padding:.35rem .55rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#f0f0f0}
@media (max-width:36rem){body{padding:.8rem}p.clause{padding-left:0;text-indent:0}p.clause b{min-width:0;margin-right:.5em}}
@media print{body{max-width:none;padding:0;font-size:10.5pt}h2,h3{break-after:avoid}tr{break-inside:avoid}thead{display:table-header-group}.wide{overflow:visible}}
";

/// The page.
pub fn render(document: &Document) -> String {
    let lang = match document.lang {
        Lang::En => "en",
        Lang::Zh => "zh-CN",
    };
    let title = escape(&document.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    for block in &document.blocks {
        match block {
            Block::Heading { level, anchor, text } => {
                let id = if anchor.is_empty() { String::new() } else { format!(" id=\"{}\"", escape(anchor)) };
                out.push_str(&format!("<h{level}{id}>{}</h{level}>\n", escape(text)));
            }
            Block::Paragraph(text) => out.push_str(&format!("<p>{}</p>\n", escape(text))),
            Block::Clause { number, text } => {
                out.push_str(&format!("<p class=\"clause\"><b>{}</b> {}</p>\n", escape(number), escape(text)));
            }
            Block::Table(table) => push_table(&mut out, table),
        }
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn push_table(out: &mut String, table: &Table) {
    let cells = |tag: &str, cells: &[String]| {
        let cells: String = cells.iter().map(|c| format!("<{tag}>{}</{tag}>", escape(c))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    out.push_str("<div class=\"wide\"><table>\n");
    let heading = table.heading();
    if !heading.is_empty() {
        out.push_str(&format!("<caption>{}</caption>\n", escape(&heading)));
    }
    out.push_str(&format!("<thead>\n{}</thead>\n<tbody>\n", cells("th", &table.header)));
    for row in &table.rows {
        out.push_str(&cells("td", row));
    }
    out.push_str("</tbody>\n</table></div>\n");
}

/// Plain text as HTML text or attribute value.
pub fn escape(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_become_markup() {
        let blocks = vec![
            Block::Heading { level: 2, anchor: "\"><script>".into(), text: "<b>".into() },
            Block::Clause { number: "1".into(), text: "a & 'b'".into() },
        ];
        let page = render(&Document { lang: Lang::Zh, title: "</title><script>".into(), blocks });
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("id=\"&quot;&gt;&lt;script&gt;\""), "{page}");
        assert!(page.contains("a &amp; &#39;b&#39;"), "{page}");
    }
}
