//! What build servers read: GitHub workflow commands, GitLab code quality, JUnit XML.

use super::{Place, one_line, printable, title};
use crate::diagnostic::{Diagnostic, Diagnostics, Lang, Severity};
use crate::source::{SourceId, SourceMap};
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One `::error file=…,line=…::message` per finding.
pub fn github(found: &Diagnostics, sources: &SourceMap, lang: Lang) -> String {
    let data = |s: &str| s.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |s: &str| data(s).replace(':', "%3A").replace(',', "%2C");
    let mut out = String::new();
    for d in &found.0 {
        let place = Place::of(d.primary.at, sources);
        let command = match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let _ = write!(out, "::{command} ");
        if !place.file.is_empty() {
            let (file, line, column) = (property(place.file), place.line, place.column);
            let _ = write!(out, "file={file},line={line},endLine={},col={column}", place.end_line);
            // GitHub takes the end column of one-line findings only, and counts it inclusively.
            if place.end_line == line {
                let _ = write!(out, ",endColumn={}", place.end_column.saturating_sub(1).max(column));
            }
            out.push(',');
        }
        let _ = writeln!(out, "title={}::{}", property(d.code.as_str()), data(&body(d, lang)));
    }
    out
}

/// The message, and the helps on lines of their own.
fn body(d: &Diagnostic, lang: Lang) -> String {
    let mut out = printable(d.message.get(lang));
    for help in &d.helps {
        out.push('\n');
        out.push_str(help.get(lang));
    }
    out
}

/// A GitLab code quality report: a JSON array.
pub fn gitlab(found: &Diagnostics, sources: &SourceMap, lang: Lang) -> String {
    // A fingerprint must be unique in the report and stay the same while lines above the finding change.
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let issues: Vec<serde_json::Value> = found
        .0
        .iter()
        .map(|d| {
            let place = Place::of(d.primary.at, sources);
            let identity = format!("{}\0{}\0{}", d.code, place.file, d.message.en);
            let times = seen.entry(identity.clone()).or_default();
            let fingerprint = blake3::hash(format!("{identity}\0{times}").as_bytes()).to_hex();
            *times += 1;
            json!({
                "description": printable(d.message.get(lang)),
                "check_name": d.code.as_str(),
                "fingerprint": fingerprint.as_str(),
                "severity": match d.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Note => "info",
                },
                "location": { "path": place.file, "lines": { "begin": place.line, "end": place.end_line } },
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(issues))
}

/// JUnit XML: one test case per file, failed if it has errors; warnings and notes go to its output.
pub fn junit(found: &Diagnostics, sources: &SourceMap, lang: Lang) -> String {
    let mut cases: BTreeMap<Option<SourceId>, (&str, Vec<&Diagnostic>)> =
        sources.iter().map(|(id, source)| (Some(id), (source.name.as_str(), Vec::new()))).collect();
    for d in &found.0 {
        let id = sources.get(d.primary.at.source).map(|_| d.primary.at.source);
        cases.entry(id).or_insert(("promo", Vec::new())).1.push(d);
    }
    let failed = |list: &[&Diagnostic]| list.iter().filter(|d| d.severity == Severity::Error).count();
    let failures = cases.values().filter(|(_, list)| failed(list) > 0).count();
    let tests = cases.len();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"promo check\" tests=\"{tests}\" failures=\"{failures}\">");
    let _ = writeln!(out, "  <testsuite name=\"promo check\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">");
    for (name, list) in cases.values() {
        let _ = writeln!(out, "    <testcase classname=\"promo.check\" name=\"{}\">", xml(name));
        let lines = |errors: bool| -> Vec<String> {
            let wanted = list.iter().filter(|d| (d.severity == Severity::Error) == errors);
            wanted.map(|d| xml(&one_line(d, sources, lang))).collect()
        };
        if let Some(first) = list.iter().find(|d| d.severity == Severity::Error) {
            let (kind, message) =
                (xml(first.code.as_str()), xml(&format!("{} {}", title(first, lang), first.message.get(lang))));
            let text = lines(true).join("\n");
            let _ = writeln!(out, "      <failure type=\"{kind}\" message=\"{message}\">{text}</failure>");
        }
        let rest = lines(false);
        if !rest.is_empty() {
            let _ = writeln!(out, "      <system-out>{}</system-out>", rest.join("\n"));
        }
        out.push_str("    </testcase>\n");
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

/// Escaped for XML text and attributes; characters XML 1.0 forbids become spaces.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
