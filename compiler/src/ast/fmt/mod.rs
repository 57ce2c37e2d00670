//! The canonical layout, in either spelling. Nothing is lost: every comment is printed again.
//!
//! One clause, row or declaration per line, two spaces of indentation. A block of rows or facts stays on one line
//! if its author wrote it so and no comment is inside; blank lines stay, at most one at a time. Because this
//! depends on the source and not on widths, a change of spelling and back gives the same text.

mod amount;
mod channel;
mod clause;
mod condition;
mod chain;
mod drawn;
mod experiment;
mod history;
mod invariant;
mod item;
mod lines;
mod name;
mod second_name;
mod table;
mod test_block;

pub use second_name::SecondNames;

use super::{ClauseKind, File, Item};
use crate::source::{Span, Spelling};
use promo_grammar::keywords::keyword;

/// Prints a file in a spelling. `text` is what the file was parsed from, without errors: what could not be read is
/// not in the tree and would be missing. `names` are those of the channel model, from this file or another. The result parses to the same tree and is its own canonical form.
pub fn format(file: &File, text: &str, target: Spelling, names: &SecondNames) -> String {
    let mut fmt = Fmt {
        file,
        text,
        target,
        names,
        declared: declared(file),
        out: String::new(),
        depth: 0,
        next_comment: 0,
        after_line_comment: false,
        fresh: true,
        force_blank: false,
    };
    fmt.items();
    fmt.finish()
}

/// What is being printed.
struct Fmt<'a> {
    file: &'a File,
    text: &'a str,
    target: Spelling,
    names: &'a SecondNames,
    /// Names of `let`s and parameters, which no model name replaces.
    declared: Vec<&'a str>,
    out: String,
    depth: usize,
    /// The first comment not printed yet.
    next_comment: usize,
    /// The line being written ends in a `//` comment.
    after_line_comment: bool,
    /// Nothing was written yet in this block, so no blank line comes next.
    fresh: bool,
    /// A blank line comes next, whatever the source has.
    force_blank: bool,
}

impl<'a> Fmt<'a> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A keyword by its id, in the target spelling.
    fn kw(&mut self, id: &str) {
        let Some(k) = keyword(id) else { return };
        let word = match self.target {
            Spelling::Zh if !k.zh.is_empty() => k.zh,
            Spelling::En if k.en.is_empty() => k.zh,
            _ => k.en,
        };
        self.out.push_str(word);
    }

    /// A keyword with a space before and after.
    fn kw_between(&mut self, id: &str) {
        self.put(" ");
        self.kw(id);
        self.put(" ");
    }

    fn zh(&self) -> bool {
        self.target == Spelling::Zh
    }

    /// `, ` · `，`
    fn comma(&mut self) {
        self.put(if self.zh() { "，" } else { ", " });
    }

    /// `: ` · `：`
    fn colon(&mut self) {
        self.put(if self.zh() { "：" } else { ": " });
    }

    /// A comma list.
    fn list<T>(&mut self, items: &[T], mut one: impl FnMut(&mut Self, &T)) {
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.comma();
            }
            one(self, item);
        }
    }

    /// ` { … }` with one member per line, or on one line if it was written so.
    fn block<T>(&mut self, members: &[T], span: impl Fn(&T) -> Span, end: u32, mut one: impl FnMut(&mut Self, &T)) {
        let Some(first) = members.first() else {
            if self.has_comment_before(end) {
                self.put(" {");
                self.open();
                return self.close(end);
            }
            return self.put(" {}");
        };
        if self.begins_line(span(first).start) || self.has_comment_before(end) {
            self.put(" {");
            self.open();
            for member in members {
                self.line(span(member).start);
                one(self, member);
            }
            return self.close(end);
        }
        self.put(" { ");
        for (i, member) in members.iter().enumerate() {
            if i > 0 {
                self.put(if self.zh() { "；" } else { "; " });
            }
            one(self, member);
        }
        self.put(" }");
    }
}

/// The names a file declares for itself.
fn declared(file: &File) -> Vec<&str> {
    fn lets<'a>(clauses: &'a [super::Clause], out: &mut Vec<&'a str>) {
        for clause in clauses {
            match &clause.kind {
                ClauseKind::Let(name, _) => out.push(&name.text),
                ClauseKind::On { clauses, .. } | ClauseKind::Every { clauses, .. } => lets(clauses, out),
                _ => {}
            }
        }
    }
    let mut out = Vec::new();
    for item in &file.items {
        match item {
            Item::Policy(p) => lets(&p.clauses, &mut out),
            Item::Instance(i) => lets(&i.clauses, &mut out),
            Item::Template(t) => {
                out.extend(t.params.iter().map(|p| p.name.text.as_str()));
                lets(&t.clauses, &mut out);
            }
            _ => {}
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}
