//! `promo.toml`, key by key, so that every unknown key and wrong value is reported with its place.

use super::error::{Error, ErrorKind};
use super::{nowhere, similar};
use crate::diagnostic::{Code, Diagnostics, Lang, Severity};
use crate::source::{Location, SourceId, Span, Spelling};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with the place that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where.
    pub at: Location,
}

impl<T> At<T> {
    pub(super) fn nowhere(value: T) -> At<T> {
        At { value, at: nowhere() }
    }
}

/// What `promo.toml` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Name of the package.
    pub name: String,
    /// File that declares the channel; `None`: any of the policy files.
    pub channel: Option<At<String>>,
    /// Patterns of policy files.
    pub policies: Vec<At<String>>,
    /// Patterns of files that hold policies as they were announced.
    pub announced: Vec<At<String>>,
    /// Language of messages; `None`: the caller's choice.
    pub locale: Option<Lang>,
    /// Product file.
    pub products: Option<At<String>>,
    /// Region file; `None`: the built-in tree.
    pub regions: Option<At<String>>,
    /// Calendar file.
    pub calendar: Option<At<String>>,
    /// Levels of lints.
    pub lints: Lints,
    /// The `[package]` heading.
    pub at: Location,
}

impl Manifest {
    /// What holds without a `promo.toml`.
    pub(super) fn implicit(name: &str) -> Manifest {
        Manifest {
            name: name.to_owned(),
            channel: None,
            policies: vec![At::nowhere("*.promo".to_owned())],
            announced: Vec::new(),
            locale: None,
            products: None,
            regions: None,
            calendar: None,
            lints: Lints::default(),
            at: nowhere(),
        }
    }
}

/// The keys of `[package]`.
const KEYS: &[&str] = &["name", "language", "channel", "policies", "announced", "locale"];

/// A correct line.
const ANNOUNCED: &str = "announced = [\"announced/*.promo\"]";

/// What is done with a lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LintLevel {
    /// Not shown.
    Allow,
    /// Shown as a warning.
    Warn,
    /// An error.
    Deny,
}

/// Levels of lints that differ from their default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lints(pub BTreeMap<Code, LintLevel>);

impl Lints {
    /// Drops, lowers or raises the findings whose level is set.
    pub fn apply(&self, found: &mut Diagnostics) {
        found.0.retain_mut(|d| match self.0.get(&d.code) {
            None => true,
            Some(LintLevel::Allow) => false,
            Some(LintLevel::Warn) => {
                d.severity = Severity::Warning;
                true
            }
            Some(LintLevel::Deny) => {
                d.severity = Severity::Error;
                true
            }
        });
    }
}

/// Reads the text. A manifest with errors is still given where there is something to go on with.
pub(super) fn parse(text: &str, source: SourceId) -> (Option<Manifest>, Vec<Error>) {
    let text = text.strip_prefix('\u{feff}').map_or(text.to_owned(), |rest| format!("   {rest}"));
    let (root, toml_errors) = DeTable::parse_recoverable(&text);
    let mut keys = Keys { source, errors: Vec::new() };
    for error in toml_errors {
        let at = keys.at(error.span().unwrap_or(0..0));
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        keys.errors.push(Error { at, kind: ErrorKind::Toml { message } });
    }
    if !keys.errors.is_empty() {
        return (None, keys.errors);
    }
    let manifest = keys.root(root.get_ref());
    (Some(manifest), keys.errors)
}

struct Keys {
    source: SourceId,
    errors: Vec<Error>,
}

type Key<'k, 'i> = (&'k str, Location, &'k Spanned<DeValue<'i>>);

impl Keys {
    fn at(&self, range: std::ops::Range<usize>) -> Location {
        Span::new(range.start as u32, range.end as u32).at(self.source)
    }

    fn error(&mut self, at: Location, kind: ErrorKind) {
        self.errors.push(Error { at, kind });
    }

    /// The keys of a table in the order they are written.
    fn entries<'k, 'i>(&self, table: &'k DeTable<'i>) -> Vec<Key<'k, 'i>> {
        let entry = |(k, v): (&'k Spanned<_>, &'k Spanned<DeValue<'i>>)| {
            let name: &'k toml::de::DeString<'i> = k.get_ref();
            (&**name, self.at(k.span()), v)
        };
        let mut entries: Vec<Key<'k, 'i>> = table.iter().map(entry).collect();
        entries.sort_by_key(|(_, at, _)| at.span);
        entries
    }

    fn root(&mut self, table: &DeTable<'_>) -> Manifest {
        let mut manifest = Manifest::implicit("");
        manifest.at = Span::default().at(self.source);
        let mut named = false;
        let mut versioned = false;
        for (section, at, value) in self.entries(table) {
            let Some(table) = value.get_ref().as_table() else {
                self.unknown_or_kind(section, at, value, &["package", "catalogue", "lints"], "[package]");
                continue;
            };
            if section == "package" {
                manifest.at = at;
            }
            for (key, at, value) in self.entries(table) {
                match (section, key) {
                    ("package", "name") => {
                        named = true;
                        manifest.name =
                            self.text(key, value, "name = \"白酒春节\"").map(|t| t.value).unwrap_or_default();
                    }
                    ("package", "language") => {
                        versioned = true;
                        if let Some(version) = self.text(key, value, "language = \"1\"").filter(|v| v.value != "1") {
                            self.error(version.at, ErrorKind::UnknownLanguage { version: version.value });
                        }
                    }
                    ("package", "channel") => manifest.channel = self.text(key, value, "channel = \"channel.promo\""),
                    ("package", "policies") => {
                        if let Some(patterns) = self.texts(key, value, "policies = [\"*.promo\"]") {
                            manifest.policies = patterns;
                        }
                    }
                    ("package", "announced") => {
                        manifest.announced = self.texts(key, value, ANNOUNCED).unwrap_or_default();
                    }
                    ("package", "locale") => manifest.locale = self.locale(key, value),
                    ("catalogue", "products") => {
                        manifest.products = self.text(key, value, "products = \"products.csv\"");
                    }
                    ("catalogue", "regions") => manifest.regions = self.text(key, value, "regions = \"regions.csv\""),
                    ("catalogue", "calendar") => {
                        manifest.calendar = self.text(key, value, "calendar = \"calendar.csv\"");
                    }
                    ("lints", code) => self.lint(code, at, value, &mut manifest.lints),
                    ("package", _) => self.unknown(key, at, KEYS),
                    ("catalogue", _) => self.unknown(key, at, &["products", "regions", "calendar"]),
                    _ => {}
                }
            }
            if !matches!(section, "package" | "catalogue" | "lints") {
                self.unknown(section, at, &["package", "catalogue", "lints"]);
            }
        }
        if !named {
            self.error(manifest.at, ErrorKind::MissingKey { key: "name", example: "name = \"白酒春节\"" });
        }
        if !versioned {
            self.error(manifest.at, ErrorKind::MissingKey { key: "language", example: "language = \"1\"" });
        }
        manifest
    }

    fn unknown_or_kind(
        &mut self,
        key: &str,
        at: Location,
        value: &Spanned<DeValue<'_>>,
        known: &[&str],
        example: &'static str,
    ) {
        match known.contains(&key) {
            true => {
                let at = self.at(value.span());
                self.error(at, ErrorKind::WrongKind { key: key.to_owned(), example });
            }
            false => self.unknown(key, at, known),
        }
    }

    fn unknown(&mut self, key: &str, at: Location, known: &[&str]) {
        let mut allowed = similar::nearest(key, known.iter().copied());
        if allowed.is_empty() {
            allowed = known.iter().map(|k| (*k).to_owned()).collect();
        }
        self.error(at, ErrorKind::UnknownKey { key: key.to_owned(), allowed });
    }

    /// A text that is not empty.
    fn text(&mut self, key: &str, value: &Spanned<DeValue<'_>>, example: &'static str) -> Option<At<String>> {
        let at = self.at(value.span());
        match value.get_ref().as_str().filter(|t| !t.trim().is_empty()) {
            Some(text) => Some(At { value: text.to_owned(), at }),
            None => {
                self.error(at, ErrorKind::WrongKind { key: key.to_owned(), example });
                None
            }
        }
    }

    fn texts(&mut self, key: &str, value: &Spanned<DeValue<'_>>, example: &'static str) -> Option<Vec<At<String>>> {
        let Some(list) = value.get_ref().as_array() else {
            let at = self.at(value.span());
            self.error(at, ErrorKind::WrongKind { key: key.to_owned(), example });
            return None;
        };
        Some(list.iter().filter_map(|v| self.text(key, v, example)).collect())
    }

    fn locale(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Lang> {
        match value.get_ref().as_str() {
            Some("zh") => Some(Spelling::Zh),
            Some("en") => Some(Spelling::En),
            _ => {
                let at = self.at(value.span());
                self.error(at, ErrorKind::WrongKind { key: key.to_owned(), example: "locale = \"zh\"" });
                None
            }
        }
    }

    fn lint(&mut self, code: &str, at: Location, value: &Spanned<DeValue<'_>>, lints: &mut Lints) {
        let known = Code::parse(code).filter(|c| c.as_str().starts_with("P04"));
        if known.is_none() {
            self.error(at, ErrorKind::NotALint { code: code.to_owned() });
        }
        let level = match value.get_ref().as_str() {
            Some("allow") => LintLevel::Allow,
            Some("warn") => LintLevel::Warn,
            Some("deny") => LintLevel::Deny,
            _ => {
                let at = self.at(value.span());
                return self.error(at, ErrorKind::WrongKind { key: code.to_owned(), example: "P0401 = \"deny\"" });
            }
        };
        if let Some(code) = known {
            lints.0.insert(code, level);
        }
    }
}
