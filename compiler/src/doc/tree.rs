//! A document without a look: what the wording makes and the renderers read.

use crate::diagnostic::Lang;

/// A whole document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its language.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// What it says, in order.
    pub blocks: Vec<Block>,
}

/// A part of a document. Texts are plain: a renderer escapes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading; chapters have level 2, articles level 3.
    Heading {
        /// 2 or 3.
        level: u8,
        /// What a link to it names; empty: none.
        anchor: String,
        /// Number and title.
        text: String,
    },
    /// A paragraph without a number.
    Paragraph(String),
    /// A numbered clause.
    Clause {
        /// `2.1.3`
        number: String,
        /// Its sentences.
        text: String,
    },
    /// A table.
    Table(Table),
}

/// A table with a number clauses refer to it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// `Table 3`; empty: it needs none.
    pub label: String,
    /// What it shows.
    pub caption: String,
    /// Column heads.
    pub header: Vec<String>,
    /// Rows, each as long as the header.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The line above it.
    pub fn heading(&self) -> String {
        [self.label.as_str(), self.caption.as_str()].join(" ").trim().to_owned()
    }
}
