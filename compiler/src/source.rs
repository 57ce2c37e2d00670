//! Sources and positions. A [`Span`] is eight bytes and `Copy`; text is looked up through the [`SourceMap`].

use serde::{Deserialize, Serialize};

/// One loaded file. Index into a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceId(pub u32);

/// A half-open range of byte offsets `start..end` in one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// This span in a named file.
    pub const fn at(self, source: SourceId) -> Location {
        Location { source, span: self }
    }
}

/// A span in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The file.
    pub source: SourceId,
    /// Where in the file.
    pub span: Span,
}

/// Which of the two spellings a file is written in: it decides how keywords are printed back to its author.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Spelling {
    /// English keywords.
    #[default]
    En,
    /// Chinese keywords.
    Zh,
}

/// A file's name and text.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path as the user knows it, relative to the package.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// 1-based line and column (in characters) of an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Every text a compilation saw, so that a diagnostic can quote it.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
}

impl SourceMap {
    /// Adds a file and names it.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(Source { name: name.into(), text: text.into() });
        id
    }

    /// The file, or `None` for an id of another map.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(id.0 as usize)
    }

    /// The text of a location, empty if it does not lie in the file on character boundaries.
    pub fn text(&self, at: Location) -> &str {
        self.get(at.source).and_then(|s| s.text.get(at.span.start as usize..at.span.end as usize)).unwrap_or("")
    }

    /// Line and column of a byte offset; clamped to the end of the file.
    pub fn line_column(&self, id: SourceId, offset: u32) -> LineColumn {
        let text = self.get(id).map_or("", |s| s.text.as_str());
        let mut end = (offset as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = text.get(..end).unwrap_or("");
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        LineColumn { line: line as u32, column: column as u32 }
    }

    /// All files with their ids, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.sources.iter().enumerate().map(|(i, s)| (SourceId(i as u32), s))
    }
}
