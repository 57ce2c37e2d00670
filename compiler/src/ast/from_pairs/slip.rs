//! What stands where a clause, row or declaration should: read again alone, to say what was expected.
//!
//! The grammar's error rules only say *that* a piece fits nothing. Read alone, the grammar stops at the furthest
//! place it could make sense of, and knows what could have followed there.

use super::expected::{expected, openings};
use super::{Builder, position};
use crate::ast::error::{ErrorKind, Found, Unexpected, leading};
use crate::source::Span;
use promo_grammar::pest::Parser as _;
use promo_grammar::pest::error::{ErrorVariant, InputLocation};
use promo_grammar::{PromoParser, Rule};

/// A neighbour longer than this is not read again with what follows it; keeps the whole linear.
const MAX_NEIGHBOUR: u32 = 4096;

/// Where in a list of clauses, rows or declarations we are.
pub(super) struct Slips {
    /// The rule that reads one of them alone.
    alone: Rule,
    /// The one before.
    previous: Option<Span>,
}

impl Slips {
    pub(super) fn new(alone: Rule) -> Slips {
        Slips { alone, previous: None }
    }

    pub(super) fn items() -> Slips {
        Slips::new(Rule::only_item)
    }

    /// Goes past one member of the list, read or not.
    pub(super) fn passed(&mut self, span: Span) {
        self.previous = Some(span);
    }
}

impl Builder<'_> {
    /// Reports a piece that fits no rule.
    pub(super) fn slip(&mut self, slips: &mut Slips, span: Span) {
        if self.is_known(span) {
            return;
        }
        // junk on the line of a good clause is most likely the rest of that clause
        let start = match slips.previous {
            Some(before)
                if before.end <= span.start
                    && before.end - before.start <= MAX_NEIGHBOUR
                    && !self.slice(Span::new(before.end, span.start)).contains(['\n', '\r', ';', '；', '}', '｝']) =>
            {
                before.start
            }
            _ => span.start,
        };
        self.report(Span::new(start, span.end), span, slips.alone);
    }

    /// Reports a header that fits no rule; `start` is where its declaration begins, a `{` follows it.
    pub(super) fn slip_head(&mut self, start: u32, bad: Span, alone: Rule) {
        if self.is_known(bad) {
            return;
        }
        let rest = self.slice(Span::new(bad.end, position(self.text.len())));
        let open = rest.find(['{', '｛']).map_or(0, |n| n + 3);
        let end = (bad.end as usize + open).min(self.text.len());
        let end = (end..=self.text.len()).find(|e| self.text.is_char_boundary(*e)).unwrap_or(end);
        self.report(Span::new(start, position(end)), bad, alone);
    }

    /// True if something was said of these bytes already.
    fn is_known(&self, span: Span) -> bool {
        let after = self.broken.partition_point(|b| b.end <= span.start);
        self.broken.get(after).is_some_and(|b| b.start < span.end)
    }

    fn report(&mut self, whole: Span, bad: Span, alone: Rule) {
        if let Some(at) = self.unclear_bound(bad) {
            let below = self.slice(at) == "以下";
            let after = self.slice(Span::new(at.end, position(self.text.len()))).trim_start();
            let row = after.starts_with([':', '：']);
            self.errors.push(ErrorKind::UnclearBound { number: self.number_before(at), at, below, row });
            return;
        }
        let text = self.slice(whole);
        let (at, rules) = match PromoParser::parse(alone, text) {
            Err(e) => {
                let at = match e.location {
                    InputLocation::Pos(p) | InputLocation::Span((p, _)) => p,
                };
                let rules = match e.variant {
                    ErrorVariant::ParsingError { positives, .. } => positives,
                    ErrorVariant::CustomError { .. } => Vec::new(),
                };
                (at, rules)
            }
            // it makes sense alone, so it is out of place: the piece itself is what is wrong
            Ok(_) => ((bad.start - whole.start) as usize, Vec::new()),
        };
        let nothing_read = text.get(..at).is_none_or(|t| t.trim().is_empty());
        let (at, found) = self.found(whole.start as usize + at, whole.end as usize);
        let leading = if nothing_read { None } else { leading(text, super::expected::context(alone)) };
        self.errors.push(ErrorKind::Unexpected(Unexpected {
            at,
            found,
            begun: !nothing_read,
            leading,
            expected: if nothing_read { openings(alone) } else { expected(&rules) },

            context: super::expected::context(alone),
        }));
    }

    /// The token at a byte, or the end.
    fn found(&self, at: usize, end: usize) -> (Span, Found) {
        let rest = self.text.get(at..end).unwrap_or("");
        let trimmed = rest.trim_start_matches([' ', '\t', '\u{3000}']);
        let start = at + (rest.len() - trimmed.len());
        let Some(first) = trimmed.chars().next() else {
            return (Span::new(position(start), position(start)), Found::End);
        };
        if first == '\n' || first == '\r' || trimmed.starts_with("//") {
            return (Span::new(position(start), position(start)), Found::End);
        }
        let token = self.word_at(start);
        let len = if !token.is_empty() {
            token.len()
        } else if matches!(first, '"' | '“' | '”') {
            let close = if first == '"' { '"' } else { '”' };
            let width = first.len_utf8();
            let inner = trimmed.get(width..).unwrap_or("");
            inner.find([close, '\n']).map_or(trimmed.len(), |n| width + n + close.len_utf8()).min(trimmed.len())
        } else if matches!(first, '<' | '>' | '=') {
            // a comparison as spreadsheets write it
            1 + usize::from(trimmed.get(1..).is_some_and(|t| t.starts_with(['=', '>'])))
        } else {
            first.len_utf8()
        };
        let text = trimmed.get(..len).unwrap_or(token).to_owned();
        (Span::new(position(start), position(start + len)), Found::Token(text))
    }

    /// The run of letters, digits and inner hyphens at a byte.
    fn word_at(&self, at: usize) -> &str {
        let rest = self.text.get(at..).unwrap_or("");
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let end = rest
            .char_indices()
            .find(|(i, c)| {
                let hyphen = *c == '-' && *i > 0 && rest.get(i + 1..).is_some_and(|r| r.starts_with(is_word));
                !is_word(*c) && !hyphen
            })
            .map_or(rest.len(), |(i, _)| i);
        rest.get(..end).unwrap_or("")
    }

    /// `以上`/`以下` after a number or a comparison, outside texts.
    fn unclear_bound(&self, bad: Span) -> Option<Span> {
        let text = self.slice(bad);
        let mut quoted = false;
        for (i, c) in text.char_indices() {
            match c {
                '"' | '“' | '”' => quoted = !quoted,
                '以' if !quoted => {
                    let rest = text.get(i..).unwrap_or("");
                    if rest.starts_with("以上") || rest.starts_with("以下") {
                        let start = bad.start + position(i);
                        return Some(Span::new(start, start + 6));
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The number and unit before a place on its line, as written.
    fn number_before(&self, at: Span) -> String {
        let before = self.slice(Span::new(0, at.start));
        let line = before.rsplit(['\n', ';', '；', '，', '：', ':', '{', '｛']).next().unwrap_or("").trim();
        let start = line.find(|c: char| c.is_ascii_digit());
        let number = start.and_then(|s| line.get(s..)).unwrap_or("");
        let short = number.chars().count() <= 20 && !number.contains(char::is_control);
        if number.is_empty() || !short { "50".to_owned() } else { number.to_owned() }
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}
