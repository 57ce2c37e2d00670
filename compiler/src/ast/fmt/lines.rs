//! Lines, indentation, blank lines and comments.

use super::Fmt;

impl Fmt<'_> {
    /// Begins the line of something that stands at `at` in the source; comments before it come first.
    pub(super) fn line(&mut self, at: u32) {
        self.comments_before(at);
        let blank = self.blank_before(at);
        self.new_line(blank);
    }

    /// The same, with a blank line before it in any case.
    pub(super) fn line_apart(&mut self, at: u32) {
        self.force_blank = !self.out.is_empty();
        self.line(at);
    }

    /// Goes into a block.
    pub(super) fn open(&mut self) {
        self.depth += 1;
        self.fresh = true;
    }

    /// Prints the comments left in a block that ends before `end`, and its brace.
    pub(super) fn close(&mut self, end: u32) {
        self.comments_before(end);
        self.depth = self.depth.saturating_sub(1);
        self.new_line(false);
        self.put("}");
        self.fresh = false;
    }

    /// Everything printed: the rest of the comments, and one line end.
    pub(super) fn finish(mut self) -> String {
        self.comments_before(u32::MAX);
        while self.out.ends_with(['\n', ' ']) {
            self.out.pop();
        }
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }

    fn new_line(&mut self, blank: bool) {
        if !self.out.is_empty() {
            self.out.push('\n');
            if (blank || self.force_blank) && !self.fresh {
                self.out.push('\n');
            }
        }
        self.force_blank = false;
        self.fresh = false;
        self.after_line_comment = false;
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
    }

    /// The comments that stand before `at` and are not printed yet: on their own line if they had one, else at
    /// the end of the line just written.
    fn comments_before(&mut self, at: u32) {
        let file = self.file;
        while let Some(comment) = file.comments.get(self.next_comment).filter(|c| c.span.start < at) {
            self.next_comment += 1;
            if comment.own_line || self.after_line_comment || self.out.is_empty() {
                let blank = self.blank_before(comment.span.start);
                self.new_line(blank);
            } else {
                self.out.push_str(if comment.text.starts_with("//") { "  " } else { " " });
            }
            self.out.push_str(&comment.text);
            self.after_line_comment = comment.text.starts_with("//");
        }
    }

    /// A comment not printed yet stands before `end`.
    pub(super) fn has_comment_before(&self, end: u32) -> bool {
        self.file.comments.get(self.next_comment).is_some_and(|c| c.span.start < end)
    }

    /// Nothing but space stands before `at` on its line.
    pub(super) fn begins_line(&self, at: u32) -> bool {
        self.space_before(at).contains('\n')
    }

    fn blank_before(&self, at: u32) -> bool {
        self.space_before(at).bytes().filter(|b| *b == b'\n').count() > 1
    }

    fn space_before(&self, at: u32) -> &str {
        let before = self.text.get(..at as usize).unwrap_or("");
        let kept =
            before.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}' || c == ';' || c == '；').len();
        before.get(kept..).unwrap_or("")
    }

    /// Where the block closes whose last member ends at `at`: the next closing brace outside comments.
    pub(super) fn close_after(&self, at: u32) -> u32 {
        let mut from = at as usize;
        let first = self.file.comments.partition_point(|c| c.span.end <= at);
        let mut comments = self.file.comments.get(first..).unwrap_or(&[]).iter().peekable();
        loop {
            let Some(found) = self.text.get(from..).and_then(|t| t.find(['}', '｝'])).map(|n| from + n) else {
                return u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            };
            while comments.next_if(|c| (c.span.end as usize) <= found).is_some() {}
            match comments.peek() {
                Some(c) if (c.span.start as usize) < found => from = c.span.end as usize,
                _ => return u32::try_from(found).unwrap_or(u32::MAX),
            }
        }
    }
}
