//! What is looked at before the grammar: comments, ends of texts, balance and depth of brackets.
//!
//! One pass, no recursion, no allocation but the lists it returns; total on any text. The grammar relies on what
//! this shows: in a text without [`Problem`]s brackets balance and nest at most [`MAX_DEPTH`] deep.

use std::ops::Range;

/// How deep brackets of any kind may nest.
pub const MAX_DEPTH: usize = 128;

/// A comment's byte range, markers included, the line end excluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Where.
    pub range: Range<usize>,
    /// Nothing but space stands before it on its line.
    pub own_line: bool,
}

/// Why a text cannot be given to the grammar. Offsets are bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A quoted text whose line ends before it does.
    UnclosedText(Range<usize>),
    /// A `/*` without `*/`.
    UnclosedComment(Range<usize>),
    /// An opening bracket nothing closes.
    Unclosed(Range<usize>),
    /// A closing bracket nothing opened.
    Stray(Range<usize>),
    /// A bracket closed by one of the other kind.
    Mismatch {
        /// The opening one.
        open: Range<usize>,
        /// The closing one.
        close: Range<usize>,
    },
    /// The bracket that goes deeper than [`MAX_DEPTH`]; reported once.
    TooDeep(Range<usize>),
}

/// What [`scan`] finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// In order.
    pub comments: Vec<Comment>,
    /// In order of the place they are noticed at.
    pub problems: Vec<Problem>,
    /// Starts of lines that begin, without indentation, with the keyword of a declaration: where a text with
    /// unbalanced brackets can be taken up again.
    pub declarations: Vec<usize>,
}

impl Scan {
    /// True when brackets balance, so that the grammar can be used.
    pub fn is_balanced(&self) -> bool {
        self.problems.iter().all(|p| matches!(p, Problem::UnclosedText(_)))
    }
}

/// The keywords a declaration begins with.
const DECLARATIONS: &[&str] = &[
    "channel",
    "policy",
    "template",
    "group",
    "experiment",
    "coupon",
    "invariant",
    "test",
    "table",
    "渠道",
    "政策",
    "模板",
    "组合",
    "实验",
    "券",
    "约束",
    "测试",
    "数据表",
];

/// Which bracket a character is.
fn bracket(c: char) -> Option<(u8, bool)> {
    match c {
        '(' | '（' => Some((0, true)),
        ')' | '）' => Some((0, false)),
        '{' | '｛' => Some((1, true)),
        '}' | '｝' => Some((1, false)),
        _ => None,
    }
}

/// Looks at a text once.
pub fn scan(text: &str) -> Scan {
    let mut out = Scan::default();
    let mut open: Vec<(u8, Range<usize>)> = Vec::new();
    let mut too_deep = false;
    let mut only_space = true;
    let mut line_start = true;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if line_start && begins_declaration(text.get(at..).unwrap_or("")) {
            out.declarations.push(at);
        }
        line_start = c == '\n';
        let next = chars.peek().map(|(_, c)| *c);
        match c {
            '\n' => only_space = true,
            '/' if next == Some('/') => {
                let end = text.get(at..).and_then(|t| t.find(['\n', '\r'])).map_or(text.len(), |n| at + n);
                out.comments.push(Comment { range: at..end, own_line: only_space });
                while chars.next_if(|(i, _)| *i < end).is_some() {}
                only_space = false;
            }
            '/' if next == Some('*') => {
                let found = text.get(at + 2..).and_then(|t| t.find("*/")).map(|n| at + 2 + n + 2);
                if found.is_none() {
                    out.problems.push(Problem::UnclosedComment(at..text.len()));
                }
                let end = found.unwrap_or(text.len());
                out.comments.push(Comment { range: at..end, own_line: only_space });
                while chars.next_if(|(i, _)| *i < end).is_some() {}
                only_space = false;
            }
            '"' | '“' | '”' => {
                only_space = false;
                let close = if c == '"' { '"' } else { '”' };
                let mut end = at + c.len_utf8();
                let mut closed = false;
                while let Some((i, d)) = chars.next_if(|(_, d)| *d != '\n' && *d != '\r') {
                    end = i + d.len_utf8();
                    if d == close {
                        closed = true;
                        break;
                    }
                }
                if !closed {
                    out.problems.push(Problem::UnclosedText(at..end));
                }
            }
            _ => {
                if !c.is_whitespace() && c != '\u{FEFF}' {
                    only_space = false;
                }
                let Some((kind, opens)) = bracket(c) else {
                    continue;
                };
                let here = at..at + c.len_utf8();
                if opens {
                    if open.len() >= MAX_DEPTH && !too_deep {
                        too_deep = true;
                        out.problems.push(Problem::TooDeep(here.clone()));
                    }
                    open.push((kind, here));
                } else {
                    match open.pop() {
                        Some((k, _)) if k == kind => {}
                        Some((_, o)) => out.problems.push(Problem::Mismatch { open: o, close: here }),
                        None => out.problems.push(Problem::Stray(here)),
                    }
                }
            }
        }
    }
    out.problems.extend(open.into_iter().map(|(_, range)| Problem::Unclosed(range)));
    out
}

fn begins_declaration(line: &str) -> bool {
    DECLARATIONS
        .iter()
        .any(|word| line.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '\t', '\u{3000}', '"', '“'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_know_whether_they_stand_alone() {
        let s = scan("// a\nkind TP // b\n\u{3000}/* c\n d */ x");
        let own: Vec<bool> = s.comments.iter().map(|c| c.own_line).collect();
        assert_eq!(own, [true, false, true]);
        assert!(s.problems.is_empty());
    }

    #[test]
    fn texts_end_with_their_line() {
        let s = scan("a \"bc{\n} \"\" “x\"{” ”y”");
        assert_eq!(s.problems, [Problem::UnclosedText(2..6), Problem::Stray(7..8)]);
    }

    #[test]
    fn brackets_balance_by_kind_and_width() {
        assert!(scan("（a) ｛ }").problems.is_empty());
        assert_eq!(scan("( }").problems, [Problem::Mismatch { open: 0..1, close: 2..3 }]);
        assert_eq!(scan("({").problems.len(), 2);
        assert_eq!(scan("/* {").problems, [Problem::UnclosedComment(0..4)]);
    }

    #[test]
    fn depth_is_capped_once() {
        let deep = |n: usize| format!("{}{}", "(".repeat(n), ")".repeat(n));
        assert!(scan(&deep(MAX_DEPTH)).problems.is_empty());
        assert_eq!(scan(&deep(100_000)).problems, [Problem::TooDeep(MAX_DEPTH..MAX_DEPTH + 1)]);
    }

    #[test]
    fn declarations_are_found_at_line_starts_only() {
        let s = scan("policy a {\n  policy b\n\n政策 c {\n/*\ntest \"x\" */ testing");
        assert_eq!(s.declarations, [0, 23]);
    }
}
