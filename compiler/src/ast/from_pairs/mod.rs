//! From text to [`File`]: pre-scan, grammar, tree. The only place that knows the grammar's rules.
//!
//! A file with unbalanced brackets is taken apart at its declarations (lines that begin, unindented, with the keyword
//! of one); the balanced parts are parsed, so that one slip does not hide the other errors.

mod amount;
mod brackets;
mod channel;
mod clause;
mod condition;
mod drawn;
mod expected;
mod chain;
mod experiment;
mod history;
mod invariant;
mod item;
mod kids;
mod prize;
mod set;
mod slip;
mod table;
mod test_block;
mod token;

use super::error::{Error, ErrorKind};
use super::{Comment, File, Item};
use crate::diagnostic::Diagnostics;
use crate::source::{SourceId, Span, Spelling};
use kids::Kids;
use promo_grammar::pest::Parser as _;
use promo_grammar::pest::iterators::Pair as PestPair;
use promo_grammar::scan::{Problem, Scan, scan};
use promo_grammar::{PromoParser, Rule};
use std::ops::Range;

type Pair<'i> = PestPair<'i, Rule>;

/// How deep an expression may be, parentheses and chains of operators together: later passes recurse over it.
const MAX_EXPRESSION_DEPTH: usize = 256;

/// Parses one file. Always gives a tree; every syntax error of the file is in `out`, and the tree then lacks what
/// could not be read. Total on any text, in time linear in its length.
pub fn parse(source: SourceId, text: &str, out: &mut Diagnostics) -> File {
    // spans are u32; a longer text is nothing a person wrote
    if u32::try_from(text.len()).is_err() {
        out.push(Error { source, spelling: Spelling::En, kind: ErrorKind::TooLong });
        return File { source, items: Vec::new(), comments: Vec::new(), spelling: Spelling::En };
    }
    let found = scan(text);
    let mut builder = Builder::new(text, &found);
    if found.is_balanced() {
        builder.problems(&found, &(0..text.len()));
        builder.chunk(0..text.len());
    } else {
        for range in chunks(text.len(), &found.declarations) {
            let part = scan(text.get(range.clone()).unwrap_or(""));
            builder.problems(&part, &range);
            if part.is_balanced() {
                builder.chunk(range);
            }
        }
    }
    let spelling = if builder.zh > builder.en { Spelling::Zh } else { Spelling::En };
    for kind in builder.errors {
        out.push(Error { source, spelling, kind });
    }
    File { source, items: builder.items, comments: builder.comments, spelling }
}

/// The parts between declarations, what stands before the first included.
fn chunks(len: usize, declarations: &[usize]) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    starts.extend(declarations.iter().copied().filter(|s| *s > 0));
    let ends = starts.iter().copied().skip(1).chain([len]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// Builds the tree of one file.
struct Builder<'i> {
    text: &'i str,
    /// Where the pairs at hand begin in the file.
    base: usize,
    items: Vec<Item>,
    comments: Vec<Comment>,
    errors: Vec<ErrorKind>,
    /// Lines with a text that is not closed: what follows from that is not reported again.
    broken: Vec<Span>,
    /// Leading keywords in English.
    en: usize,
    /// Leading keywords in Chinese.
    zh: usize,
    /// Depth of the expression being built.
    depth: usize,
    /// Names of `let`s and parameters that read like a price (`特价`).
    price_like: Vec<String>,
}

impl<'i> Builder<'i> {
    fn new(text: &'i str, found: &Scan) -> Builder<'i> {
        let comments = found
            .comments
            .iter()
            .map(|c| Comment {
                text: text.get(c.range.clone()).unwrap_or("").trim_end().to_owned(),
                span: span_of(&c.range, 0),
                own_line: c.own_line,
            })
            .collect();
        Builder {
            text,
            base: 0,
            items: Vec::new(),
            comments,
            errors: Vec::new(),
            broken: Vec::new(),
            en: 0,
            zh: 0,
            depth: 0,
            price_like: Vec::new(),
        }
    }

    /// Reports what the pre-scan of a part found. Brackets are not spoken of where a text is not closed: its missing
    /// end explains them.
    fn problems(&mut self, part: &Scan, range: &Range<usize>) {
        let base = range.start;
        let texts: Vec<Span> = part
            .problems
            .iter()
            .filter_map(|p| if let Problem::UnclosedText(r) = p { Some(span_of(r, base)) } else { None })
            .collect();
        for problem in &part.problems {
            let kind = match problem {
                Problem::UnclosedText(r) => ErrorKind::UnclosedText(span_of(r, base)),
                Problem::UnclosedComment(r) => ErrorKind::UnclosedComment(Span::new(
                    span_of(r, base).start,
                    span_of(r, base).start.saturating_add(2),
                )),
                Problem::TooDeep(r) => ErrorKind::TooDeep(span_of(r, base)),
                _ if !texts.is_empty() => continue,
                Problem::Unclosed(r) => {
                    let text = self.text.get(range.clone()).unwrap_or("");
                    let open = brackets::left_open(text, r.start).unwrap_or_else(|| r.clone());
                    ErrorKind::Unclosed { open: span_of(&open, base), close: None }
                }
                Problem::Stray(r) => ErrorKind::Stray(span_of(r, base)),
                Problem::Mismatch { open, close } => {
                    ErrorKind::Unclosed { open: span_of(open, base), close: Some(span_of(close, base)) }
                }
            };
            // one bracket out of place makes the others look wrong too
            let stop = matches!(kind, ErrorKind::Unclosed { .. } | ErrorKind::Stray(_));
            self.errors.push(kind);
            if stop {
                break;
            }
        }
        self.broken.extend(texts);
    }

    /// Parses one balanced part of the file.
    fn chunk(&mut self, range: Range<usize>) {
        let Some(part) = self.text.get(range.clone()) else {
            return;
        };
        self.base = range.start;
        match PromoParser::parse(Rule::file, part) {
            Ok(pairs) => {
                let mut slips = slip::Slips::items();
                for pair in pairs.flat_map(Pair::into_inner) {
                    self.item(pair, &mut slips);
                }
            }
            // the error rules take whatever is left, so only the stack guard of pest ends up here
            Err(_) => self.errors.push(ErrorKind::TooDeep(Span::new(position(range.start), position(range.start)))),
        }
    }

    /// The bytes of a pair without the space and comments the grammar skipped at its end.
    fn span(&self, pair: &Pair<'_>) -> Span {
        let span = pair.as_span();
        let start = position(self.base + span.start());
        let mut end = self.base + span.end();
        loop {
            let before = self.text.get(start as usize..end).unwrap_or("");
            let trimmed = before.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
            end = start as usize + trimmed.len();
            match self.comment_ending_at(position(end)) {
                Some(comment) if comment > start => end = comment as usize,
                _ => return Span::new(start, position(end)),
            }
        }
    }

    fn comment_ending_at(&self, end: u32) -> Option<u32> {
        let at = self.comments.binary_search_by_key(&end, |c| c.span.end).ok()?;
        self.comments.get(at).map(|c| c.span.start)
    }

    /// Counts the spelling of a leading keyword.
    fn spelled(&mut self, pair: &Pair<'_>) {
        match pair.clone().into_inner().next() {
            Some(first) if first.as_str().is_ascii() => self.en += 1,
            Some(_) => self.zh += 1,
            None => {}
        }
    }

    /// The tree does not have the shape the grammar promises: said aloud, never passed over.
    fn or_unread<T>(&mut self, span: Span, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.errors.push(ErrorKind::Unread(span));
        }
        value
    }

    fn kids(&self, pair: Pair<'i>) -> Kids<'i> {
        Kids::of(pair)
    }
}

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn span_of(range: &Range<usize>, base: usize) -> Span {
    Span::new(position(base + range.start), position(base + range.end))
}
