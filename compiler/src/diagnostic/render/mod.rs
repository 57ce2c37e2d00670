//! How findings look: for people, for scripts, and for the services that show them beside a change.
//!
//! Every renderer is a function from plain [`Diagnostic`] data to text; none prints.

mod ci;
mod human;
mod json;
mod sarif;

pub use ci::{github, gitlab, junit};
pub use human::{human, human_all};
pub use json::{json, json_lines};
pub use sarif::sarif;

use super::{Diagnostic, Diagnostics, Lang, Severity, Text};
use crate::source::{Location, SourceMap, Spelling};

/// An output format of `promo check`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Source excerpts for people.
    #[default]
    Human,
    /// One line per finding: `file:line:column: error[P0301]: …`.
    Short,
    /// One JSON array.
    Json,
    /// One JSON object per line.
    Ndjson,
    /// SARIF 2.1.0.
    Sarif,
    /// GitHub workflow commands.
    Github,
    /// GitLab code quality report.
    Gitlab,
    /// JUnit XML, one test case per file.
    Junit,
}

impl Format {
    /// Every format with the name the command line knows it by.
    pub const ALL: &'static [(&'static str, Format)] = &[
        ("human", Format::Human),
        ("short", Format::Short),
        ("json", Format::Json),
        ("ndjson", Format::Ndjson),
        ("sarif", Format::Sarif),
        ("github", Format::Github),
        ("gitlab", Format::Gitlab),
        ("junit", Format::Junit),
    ];

    /// The format called `name`.
    pub fn parse(name: &str) -> Option<Format> {
        Format::ALL.iter().find(|(n, _)| *n == name).map(|(_, f)| *f)
    }
}

/// All findings in one format. `color` matters to [`Format::Human`] only. The text ends in a newline unless it is empty.
pub fn all(format: Format, found: &Diagnostics, sources: &SourceMap, lang: Lang, color: bool) -> String {
    match format {
        Format::Human => human_all(found, sources, lang, color),
        Format::Short => found.0.iter().map(|d| one_line(d, sources, lang) + "\n").collect(),
        Format::Json => json(found, sources),
        Format::Ndjson => json_lines(found, sources),
        Format::Sarif => sarif(found, sources, lang),
        Format::Github => github(found, sources, lang),
        Format::Gitlab => gitlab(found, sources, lang),
        Format::Junit => junit(found, sources, lang),
    }
}

/// `rules.promo:3:5: error[P0301]: …` without a line end.
pub fn one_line(d: &Diagnostic, sources: &SourceMap, lang: Lang) -> String {
    let place = Place::of(d.primary.at, sources);
    let head = headline(d, lang);
    match place.file {
        "" => head,
        file => printable(&format!("{file}:{}:{}: {head}", place.line, place.column)),
    }
}

/// `error[P0301]: …`, `错误[P0301]：…`
fn headline(d: &Diagnostic, lang: Lang) -> String {
    printable(&format!("{}{}{}", title(d, lang), colon(lang), d.message.get(lang)))
}

/// `error[P0301]`
fn title(d: &Diagnostic, lang: Lang) -> String {
    format!("{}[{}]", severity(d.severity).get(lang), d.code)
}

fn colon(lang: Lang) -> &'static str {
    match lang {
        Spelling::En => ": ",
        Spelling::Zh => "：",
    }
}

fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Error => Text::new("error", "错误"),
        Severity::Warning => Text::new("warning", "警告"),
        Severity::Note => Text::new("note", "提示"),
    }
}

/// User text may hold anything; what would move a cursor or break a line becomes a space.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

/// A location in the terms of people and services: 1-based lines and columns in characters; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place<'a> {
    /// Name of the file, empty if the location is in none.
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    /// Byte offsets, on character boundaries and inside the file.
    start: u32,
    end: u32,
}

impl<'a> Place<'a> {
    fn of(at: Location, sources: &'a SourceMap) -> Place<'a> {
        let Some(source) = sources.get(at.source) else {
            return Place { file: "", line: 1, column: 1, end_line: 1, end_column: 1, start: 0, end: 0 };
        };
        let (start, end) = snap(&source.text, at.span.start as usize, at.span.end as usize);
        let (start, end) = (start as u32, end as u32);
        let first = sources.line_column(at.source, start);
        let last = sources.line_column(at.source, end);
        Place {
            file: &source.name,
            line: first.line,
            column: first.column,
            end_line: last.line,
            end_column: last.column,
            start,
            end,
        }
    }
}

/// Puts a byte range inside the text and on character boundaries, outwards; a reversed one becomes empty.
fn snap(text: &str, start: usize, end: usize) -> (usize, usize) {
    let mut start = start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    (start, end)
}

#[cfg(test)]
mod tests;
