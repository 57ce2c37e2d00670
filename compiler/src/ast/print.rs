//! The tree as indented text, for `promo dump --stage ast`.

use super::File;
use serde_json::Value;
use std::fmt::Write as _;

/// One line per node or field; spans as `@start..end`; what is absent is left out.
pub fn print(file: &File) -> String {
    let mut out = String::new();
    match serde_json::to_value(file) {
        Ok(value) => node(&mut out, "file", &value, 0),
        // only numbers beyond 64 bits could do this, and the parser does not make them
        Err(e) => {
            let _ = writeln!(out, "file: {e}");
        }
    }
    out
}

fn node(out: &mut String, label: &str, value: &Value, depth: usize) {
    let pad = "  ".repeat(depth);
    match value {
        Value::Null => {}
        Value::Array(list) if list.is_empty() => {}
        Value::Array(list) => {
            let _ = writeln!(out, "{pad}{label}");
            for item in list {
                node(out, "-", item, depth + 1);
            }
        }
        Value::Object(fields) => {
            let at = fields.get("span").and_then(span).unwrap_or_default();
            if let Some((short, at)) = short(value) {
                let _ = writeln!(out, "{pad}{label} {short}{at}");
                return;
            }
            // an enum variant is an object with one field named after it
            if let (1, Some((variant, inner))) = (fields.len(), fields.iter().next())
                && variant.starts_with(|c: char| c.is_ascii_uppercase())
            {
                return node(out, &format!("{label} {variant}"), inner, depth);
            }
            let _ = writeln!(out, "{pad}{label}{at}");
            for (name, inner) in fields.iter().filter(|(name, _)| *name != "span") {
                node(out, name, inner, depth + 1);
            }
        }
        Value::String(text) => {
            let _ = writeln!(out, "{pad}{label} `{text}`");
        }
        scalar => {
            let _ = writeln!(out, "{pad}{label} {scalar}");
        }
    }
}

/// ` @12..20`
fn span(value: &Value) -> Option<String> {
    let fields = value.as_object().filter(|f| f.len() == 2)?;
    Some(format!(" @{}..{}", fields.get("start")?.as_u64()?, fields.get("end")?.as_u64()?))
}

/// Names and bare spans fit on the line of what they belong to.
fn short(value: &Value) -> Option<(String, String)> {
    if let Some(at) = span(value) {
        return Some((String::new(), at.trim_start().to_owned()));
    }
    let fields = value.as_object().filter(|f| f.len() == 2)?;
    let at = span(fields.get("span")?)?;
    Some((format!("`{}`", fields.get("text")?.as_str()?), at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::from_pairs::parse;
    use crate::diagnostic::Diagnostics;
    use crate::source::SourceId;

    #[test]
    fn names_and_numbers_are_readable() {
        let mut out = Diagnostics::default();
        let file = parse(SourceId(0), "policy p { on e { give store cash 8.80 yuan } }", &mut out);
        assert!(out.0.is_empty());
        let dump = print(&file);
        assert!(dump.contains("- Policy @0..47"), "{dump}");
        assert!(dump.contains("kind `cash` @29..33"), "{dump}");
        assert!(dump.contains("mantissa 880"), "{dump}");
    }
}
