//! Findings for scripts: stable field names, both languages, positions as people and as programs count them.

use super::Place;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity, Text};
use crate::source::{Location, SourceMap};
use serde::Serialize;

#[derive(Serialize)]
struct Finding<'a> {
    code: Code,
    severity: Severity,
    message: &'a Text,
    #[serde(flatten)]
    at: At<'a>,
    label: &'a Text,
    labels: Vec<Labelled<'a>>,
    helps: &'a [Text],
    fixes: Vec<Fixed<'a>>,
}

/// `line` and `column` count from 1 in characters, `start` and `end` from 0 in bytes; ends are exclusive.
#[derive(Serialize)]
struct At<'a> {
    file: Option<&'a str>,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct Labelled<'a> {
    #[serde(flatten)]
    at: At<'a>,
    label: &'a Text,
}

#[derive(Serialize)]
struct Fixed<'a> {
    title: &'a Text,
    #[serde(flatten)]
    at: At<'a>,
    replacement: &'a str,
}

/// All findings as one JSON array, one finding per line.
pub fn json(found: &Diagnostics, sources: &SourceMap) -> String {
    let lines: Vec<String> = found.0.iter().map(|d| line(d, sources)).collect();
    match lines.is_empty() {
        true => "[]\n".to_owned(),
        false => format!("[\n{}\n]\n", lines.join(",\n")),
    }
}

/// One JSON object per line and finding.
pub fn json_lines(found: &Diagnostics, sources: &SourceMap) -> String {
    found.0.iter().map(|d| line(d, sources) + "\n").collect()
}

fn line(d: &Diagnostic, sources: &SourceMap) -> String {
    let finding = Finding {
        code: d.code,
        severity: d.severity,
        message: &d.message,
        at: at(d.primary.at, sources),
        label: &d.primary.text,
        labels: d.labels.iter().map(|l| Labelled { at: at(l.at, sources), label: &l.text }).collect(),
        helps: &d.helps,
        fixes: d
            .fixes
            .iter()
            .map(|f| Fixed { title: &f.title, at: at(f.at, sources), replacement: &f.replacement })
            .collect(),
    };
    // Strings and numbers always serialize.
    serde_json::to_string(&finding).unwrap_or_default()
}

fn at(location: Location, sources: &SourceMap) -> At<'_> {
    let Place { file, line, column, end_line, end_column, start, end } = Place::of(location, sources);
    At { file: (!file.is_empty()).then_some(file), line, column, end_line, end_column, start, end }
}
