//! Source excerpts for people. The only file that knows ariadne.
//!
//! What was measured of ariadne 0.6.0, and what is done about it:
//!
//! - With `IndexType::Byte` it slices by our offsets: a misaligned or outlying one panics. Spans are snapped first.
//! - It pads underlines by display width (crate `unicode-width`: Chinese and full-width punctuation count 2, U+3000 is
//!   printed as one space), so underlines sit under wide characters exactly. Characters of ambiguous width (`“”…·`)
//!   count 1; a terminal set to show them wide shifts what is right of them, as in every other program.
//! - An empty span at the start of a line is drawn on the line before as well. Empty spans are widened by one character.
//! - It counts `\r`, VT, FF, NEL, U+2028 and U+2029 as line ends and we do not, and it prints control characters as they
//!   are. Both are replaced by stand-ins of the same length in bytes, so its lines and columns are ours.
//! - It has no line behind a final `\n`, where an error at the end of the file belongs. One space is added there.
//! - A label whose file is missing makes it print to stderr. Such labels are left out.
//! - Its headline order, its English words and `with_code` (gone in the next version) are not used: the headline and the
//!   helps are ours. It leaves trailing spaces; they are trimmed.
//! - Labels out of order split a file into several excerpts. They are sorted.

use super::{colon, headline, printable, snap, title};
use crate::diagnostic::{Diagnostic, Diagnostics, Lang, Severity};
use crate::source::{Location, SourceId, SourceMap, Spelling};
use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// One finding with excerpts of the source. Ends in a newline.
pub fn human(d: &Diagnostic, sources: &SourceMap, lang: Lang, color: bool) -> String {
    Excerpts::new(sources).render(d, lang, color)
}

/// All findings, a blank line between them.
pub fn human_all(found: &Diagnostics, sources: &SourceMap, lang: Lang, color: bool) -> String {
    let mut excerpts = Excerpts::new(sources);
    let each: Vec<String> = found.0.iter().map(|d| excerpts.render(d, lang, color)).collect();
    each.join("\n")
}

/// Files as ariadne wants them, each prepared once.
struct Excerpts<'a> {
    sources: &'a SourceMap,
    prepared: FxHashMap<SourceId, Source<String>>,
}

type Span = (SourceId, Range<usize>);

impl<'a> Excerpts<'a> {
    fn new(sources: &'a SourceMap) -> Excerpts<'a> {
        Excerpts { sources, prepared: FxHashMap::default() }
    }

    fn render(&mut self, d: &Diagnostic, lang: Lang, color: bool) -> String {
        let mut out = match color {
            false => headline(d, lang),
            true => {
                let (name, shade) = (title(d, lang), ansi(d.severity));
                format!("\u{1b}[1;{shade}m{name}\u{1b}[0m{}{}", colon(lang), printable(d.message.get(lang)))
            }
        };
        out.push('\n');
        out.push_str(&self.excerpt(d, lang, color).unwrap_or_default());
        let helps = d.helps.iter().map(|h| ("help", "帮助", h.get(lang)));
        let fixes = d.fixes.iter().filter(|_| d.helps.is_empty()).map(|f| ("help", "帮助", f.title.get(lang)));
        for (en, zh, text) in helps.chain(fixes) {
            let word = match lang {
                Spelling::En => en,
                Spelling::Zh => zh,
            };
            for (i, line) in text.lines().enumerate() {
                let head = if i == 0 { format!("  = {word}{}", colon(lang)) } else { " ".repeat(10) };
                out.push_str(&head);
                out.push_str(printable(line).trim_end());
                out.push('\n');
            }
        }
        out
    }

    /// The framed source lines, or `None` if the finding is in no file.
    fn excerpt(&mut self, d: &Diagnostic, lang: Lang, color: bool) -> Option<String> {
        let primary = self.span(d.primary.at)?;
        let shade = match d.severity {
            Severity::Error => Color::Red,
            Severity::Warning => Color::Yellow,
            Severity::Note => Color::Cyan,
        };
        let mut labels = vec![(primary.clone(), d.primary.text.get(lang), shade, 1)];
        for label in &d.labels {
            labels.extend(self.span(label.at).map(|span| (span, label.text.get(lang), Color::Blue, 0)));
        }
        let home = primary.0;
        labels.sort_by_key(|(span, ..)| (span.0 != home, span.0, span.1.end, span.1.start));
        let config = Config::new().with_index_type(IndexType::Char).with_color(color);
        let kind = ReportKind::Custom("", shade);
        let mut report = Report::build(kind, primary).with_config(config);
        for (span, text, shade, priority) in labels {
            let label = Label::new(span).with_color(shade).with_priority(priority);
            report = report.with_label(match text {
                "" => label,
                text => label.with_message(printable(text)),
            });
        }
        let mut bytes = Vec::new();
        report.finish().write(&mut *self, &mut bytes).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        // ariadne's first line is its own headline.
        let (_, frame) = text.split_once('\n')?;
        Some(frame.lines().map(|line| format!("{}\n", line.trim_end())).collect())
    }

    /// A span ariadne can draw: inside the prepared text, on character boundaries, not empty, without the line end
    /// behind it.
    fn span(&mut self, at: Location) -> Option<Span> {
        let source = self.sources.get(at.source)?;
        let prepared = self.prepared.entry(at.source).or_insert_with(|| Source::from(prepare(&source.text)));
        let text = prepared.text();
        // The end of our text, not of the prepared one, which is a space longer.
        let (start, mut end) = snap(&source.text, at.span.start as usize, at.span.end as usize);
        let covered = source.text.get(start..end).unwrap_or("");
        end = start + covered.trim_end_matches(['\n', '\r']).len();
        if start == end {
            end += text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        }
        // ariadne names the wrong line of a second file when positions are counted in bytes.
        let chars = |bytes: usize| text.get(..bytes).map_or(0, |before| before.chars().count());
        Some((at.source, chars(start)..chars(end)))
    }
}

impl ariadne::Cache<SourceId> for &mut Excerpts<'_> {
    type Storage = String;

    fn fetch(&mut self, id: &SourceId) -> Result<&Source<String>, impl std::fmt::Debug> {
        self.prepared.get(id).ok_or("no such file")
    }

    fn display<'a>(&self, id: &'a SourceId) -> Option<impl std::fmt::Display + 'a> {
        self.sources.get(*id).map(|s| printable(&s.name))
    }
}

/// The text with the same bytes in the same places, but for what would upset lines, columns or the terminal.
fn prepare(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\n' | '\t' => c,
            '\r' if chars.peek() == Some(&'\n') => c,
            // One byte.
            '\0'..='\u{1f}' | '\u{7f}' => ' ',
            // Two bytes: NEL and the other C1 controls; a no-break space is printed as a space.
            '\u{80}'..='\u{9f}' => '\u{a0}',
            // Three bytes: separators, invisible characters, changes of direction, the byte order mark.
            '\u{2028}' | '\u{2029}' => '\u{3000}',
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => '\u{fffd}',
            _ => c,
        });
    }
    out.push(' ');
    out
}

fn ansi(severity: Severity) -> u8 {
    match severity {
        Severity::Error => 31,
        Severity::Warning => 33,
        Severity::Note => 36,
    }
}
