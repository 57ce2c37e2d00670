//! Which bracket was meant to be closed: lines are indented by people, so indentation knows better than counting.

use std::ops::Range;

/// Of the brackets opened from `from` on, the one whose closing is missing by the indentation: the next bracket to
/// stand first on its line stands further left than the line that opened it.
pub(super) fn left_open(text: &str, from: usize) -> Option<Range<usize>> {
    let line_start = text.get(..from)?.rfind('\n').map_or(0, |n| n + 1);
    let mut open: Vec<(usize, Range<usize>)> = Vec::new();
    let mut at = line_start;
    for line in text.get(line_start..)?.split_inclusive('\n') {
        let indent = line.chars().take_while(|c| matches!(c, ' ' | '\t' | '\u{3000}')).count();
        let mut first = true;
        let mut quoted = false;
        let mut before = ' ';
        for (i, c) in line.char_indices() {
            let here = at + i..at + i + c.len_utf8();
            match c {
                '"' | '“' | '”' => quoted = !quoted,
                _ if quoted || here.start < from => {}
                '/' if before == '/' => break,
                '{' | '｛' | '(' | '（' => open.push((indent, here)),
                '}' | '｝' | ')' | '）' => {
                    let (opened, bracket) = open.pop()?;
                    if first && indent < opened {
                        return Some(bracket);
                    }
                }
                _ => {}
            }
            first &= c.is_whitespace();
            before = c;
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::left_open;

    #[test]
    fn the_block_that_is_not_closed_where_its_line_begins() {
        let text = "政策 a {\n  当 开箱 {\n    奖励 门店 按 x 取高 {\n      达到 1：2元\n  }\n}\n";
        let found = left_open(text, text.find('{').unwrap()).unwrap();
        assert_eq!(found.start, text.rfind('{').unwrap());
    }

    #[test]
    fn the_outermost_stays_where_all_others_are_in_line() {
        let text = "policy a {\n  on e { // }\n    once per case\n  }\n";
        assert_eq!(left_open(text, text.find('{').unwrap()), None);
        assert_eq!(left_open("policy a { } }", 9), None);
    }
}
