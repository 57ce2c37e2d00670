//! What the compiler tells a person: plain data in both languages; [`render`] alone decides how it looks.

pub mod codes;
pub mod render;

pub use codes::Code;

use crate::source::{Location, Spelling};
use serde::{Deserialize, Serialize};

/// The language of messages (not of a file's spelling).
pub type Lang = Spelling;

/// One sentence in both languages. Lower case, no final period, user text in backticks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Text {
    /// Both wordings side by side, so neither can be forgotten.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Text {
        Text { en: en.into(), zh: zh.into() }
    }

    /// The wording in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Spelling::En => &self.en,
            Spelling::Zh => &self.zh,
        }
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The package does not compile.
    Error,
    /// It compiles; somebody should look.
    Warning,
    /// Worth knowing.
    Note,
}

/// A place in a file with what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Where.
    pub at: Location,
    /// What is wrong here, or why we expected otherwise.
    pub text: Text,
}

/// An edit that mends the finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What the edit does.
    pub title: Text,
    /// Replaced range; empty to insert.
    pub at: Location,
    /// The new text, in the spelling the file uses.
    pub replacement: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable number, see `promo explain`.
    pub code: Code,
    /// Error, warning or note.
    pub severity: Severity,
    /// The headline.
    pub message: Text,
    /// Where, and what is wrong there.
    pub primary: Label,
    /// Second places that explain the first.
    pub labels: Vec<Label>,
    /// How to mend it; a correct line in the file's own spelling where one can be shown.
    pub helps: Vec<Text>,
    /// Edits a tool can apply.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// An error with a headline and a primary label.
    pub fn error(code: Code, at: Location, message: Text, label: Text) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message,
            primary: Label { at, text: label },
            labels: Vec::new(),
            helps: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Diagnostic {
        self.severity = Severity::Warning;
        self
    }

    /// With a further label.
    #[must_use]
    pub fn label(mut self, at: Location, text: Text) -> Diagnostic {
        self.labels.push(Label { at, text });
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, text: Text) -> Diagnostic {
        self.helps.push(text);
        self
    }

    /// With an edit.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Diagnostic {
        self.fixes.push(fix);
        self
    }
}

/// The findings of a run, in the order they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one finding.
    pub fn push(&mut self, d: impl Into<Diagnostic>) {
        self.0.push(d.into());
    }

    /// True when at least one finding is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    /// By file, then position, then code: the order they are shown in. Exact repeats are dropped.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| (a.primary.at, a.code, &a.message.en).cmp(&(b.primary.at, b.code, &b.message.en)));
        self.0.dedup();
    }
}
