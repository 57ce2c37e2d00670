//! SARIF 2.1.0, as code scanning services read it.

use super::{Place, printable};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Lang, Severity};
use crate::source::{Location, SourceMap};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// All findings as one SARIF log. Rule texts are in both languages; messages in the one asked for.
pub fn sarif(found: &Diagnostics, sources: &SourceMap, lang: Lang) -> String {
    let codes: Vec<Code> = found.0.iter().map(|d| d.code).collect::<BTreeSet<_>>().into_iter().collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code)).collect();
    let results: Vec<Value> = found
        .0
        .iter()
        .map(|d| result(d, codes.iter().position(|c| *c == d.code).unwrap_or(0), sources, lang))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "promo", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": code.title_en() },
        "properties": { "zh": code.title_zh() },
    })
}

fn result(d: &Diagnostic, rule: usize, sources: &SourceMap, lang: Lang) -> Value {
    let mut text = printable(d.message.get(lang));
    for help in &d.helps {
        text.push('\n');
        text.push_str(help.get(lang));
    }
    let mut out = json!({
        "ruleId": d.code.as_str(),
        "ruleIndex": rule,
        "level": match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        "message": { "text": text },
    });
    let mut put = |key: &str, list: Vec<Value>| {
        if let (Some(object), false) = (out.as_object_mut(), list.is_empty()) {
            object.insert(key.to_owned(), Value::Array(list));
        }
    };
    put("locations", location(d.primary.at, sources, None).into_iter().collect());
    let related = |l: &crate::diagnostic::Label| location(l.at, sources, Some(l.text.get(lang)));
    put("relatedLocations", d.labels.iter().filter_map(related).collect());
    let fix = |f: &crate::diagnostic::Fix| {
        let place = Place::of(f.at, sources);
        (!place.file.is_empty()).then(|| {
            json!({
                "description": { "text": f.title.get(lang) },
                "artifactChanges": [{
                    "artifactLocation": { "uri": uri(place.file) },
                    "replacements": [{ "deletedRegion": region(place), "insertedContent": { "text": f.replacement } }],
                }],
            })
        })
    };
    put("fixes", d.fixes.iter().filter_map(fix).collect());
    out
}

fn location(at: Location, sources: &SourceMap, text: Option<&str>) -> Option<Value> {
    let place = Place::of(at, sources);
    if place.file.is_empty() {
        return None;
    }
    let physical = json!({ "artifactLocation": { "uri": uri(place.file) }, "region": region(place) });
    Some(match text {
        Some(text) => json!({ "physicalLocation": physical, "message": { "text": text } }),
        None => json!({ "physicalLocation": physical }),
    })
}

fn region(place: Place<'_>) -> Value {
    json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    })
}

/// A relative path as a URI reference: everything but unreserved characters and `/` is percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for b in path.replace('\\', "/").bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(b)),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}
