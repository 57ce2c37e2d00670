#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

use super::*;
use crate::diagnostic::{Code, Fix};
use crate::source::{SourceId, Span};

const SOURCE: SourceId = SourceId(0);

fn map(text: &str) -> SourceMap {
    let mut sources = SourceMap::default();
    sources.add("政策/a b.promo", text);
    sources
}

fn finding(start: usize, end: usize) -> Diagnostic {
    Diagnostic::error(
        Code::P0101,
        Span::new(start as u32, end as u32).at(SOURCE),
        Text::new("the `x` is wrong", "`x` 有误"),
        Text::new("here", "在这里"),
    )
}

/// Columns on a terminal: one for ASCII and box drawing, two for the Chinese of these tests.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() || ('\u{2500}'..='\u{257f}').contains(&c) { 1 } else { 2 }).sum()
}

/// Terminal columns of the underline below the line numbered `line`, relative to the source text.
fn underlined(out: &str, line: u32) -> Vec<usize> {
    let lines: Vec<&str> = out.lines().collect();
    let number = format!("{line} │ ");
    let at = lines.iter().position(|l| l.trim_start().starts_with(&number)).unwrap();
    let margin = columns(&lines[at][..lines[at].find("│ ").unwrap() + "│ ".len()]);
    let mut column = 0;
    let mut found = Vec::new();
    for c in lines[at + 1].chars() {
        let width = columns(&c.to_string());
        if c == '─' || c == '┬' {
            found.push(column - margin);
        }
        column += width;
    }
    found
}

#[test]
fn underlines_sit_under_the_right_characters_for_every_span_of_a_chinese_line() {
    let line = "  奖励 store 红包，税后 10元 { 四川：8元；x }";
    let text = format!("政策 甲 {{\n{line}\n}}\n");
    let first = text.find(line).unwrap();
    let sources = map(&text);
    let boundary = |i: usize| text.is_char_boundary(i);
    let mut aligned = 0;
    for start in first..first + line.len() {
        for end in start..=first + line.len() {
            let out = human(&finding(start, end), &sources, Spelling::En, false);
            assert!(out.lines().all(|l| l == l.trim_end()), "{out}");
            let (from, to) = snap(&text, start, end);
            if start == end || text[from..to].trim().is_empty() {
                assert!(out.contains('╰'), "{start}..{end}\n{out}");
                continue;
            }
            aligned += usize::from(boundary(start) && boundary(end));
            let expected: Vec<usize> = (columns(&text[first..from])..columns(&text[first..to])).collect();
            assert_eq!(underlined(&out, 2), expected, "{start}..{end}\n{out}");
            let column = text[first..from].chars().count() + 1;
            assert!(out.contains(&format!("[ 政策/a b.promo:2:{column} ]")), "{out}");
        }
    }
    assert!(aligned > 500, "{aligned}");
}

#[test]
fn no_span_of_no_text_panics_and_places_agree() {
    let texts = [
        "",
        "\n",
        "a",
        "甲\n乙",
        "a\r\nb\r\n",
        "a\rb",
        "\u{feff}甲\t乙\u{2028}丙\u{85}丁\u{b}\u{c}\n\n",
        "e\u{301}\u{200d}👨‍👩‍👧x\u{1b}[31m\0\n",
        "一　二“三”…\n  \n四",
    ];
    for text in texts {
        let sources = map(text);
        for start in 0..text.len() + 3 {
            for end in (0..text.len() + 3).chain([usize::MAX >> 33]) {
                let d = finding(start, end);
                let out = human(&d, &sources, Spelling::Zh, false);
                let place = Place::of(d.primary.at, &sources);
                let at = format!("[ 政策/a b.promo:{}:{} ]", place.line, place.column);
                assert!(out.contains(&at), "{text:?} {start}..{end}: expected {at}\n{out}");
                assert_eq!(out.matches("在这里").count(), 1, "{text:?} {start}..{end}\n{out}");
                assert!(!out.contains(['\u{1b}', '\0', '\r']), "{out:?}");
            }
        }
    }
}

#[test]
fn several_labels_in_several_files_keep_one_excerpt_per_file() {
    let mut sources = map("one\ntwo\nthree\n");
    let other = sources.add("b.promo", "别处\n");
    let d = finding(8, 13)
        .label(Span::new(0, 3).at(SOURCE), Text::new("because", "因为"))
        .label(Span::new(0, 6).at(other), Text::new("and there", "还有"))
        .label(Span::new(0, 6).at(SourceId(9)), Text::new("nowhere", "无处"))
        .help(Text::new("write `y`\nor `z`", "写 `y`"));
    insta::assert_snapshot!(human(&d, &sources, Spelling::En, false), @r"
    error[P0101]: the `x` is wrong
       ╭─[ 政策/a b.promo:3:1 ]
       │
     1 │ one
       │ ─┬─
       │  ╰─── because
       │
     3 │ three
       │ ──┬──
       │   ╰──── here
       │
       ├─[ b.promo:1:1 ]
       │
     1 │ 别处
       │ ──┬─
       │   ╰─── and there
    ───╯
      = help: write `y`
              or `z`
    ");
    insta::assert_snapshot!(human(&d.warning(), &sources, Spelling::Zh, false), @r"
    警告[P0101]：`x` 有误
       ╭─[ 政策/a b.promo:3:1 ]
       │
     1 │ one
       │ ─┬─
       │  ╰─── 因为
       │
     3 │ three
       │ ──┬──
       │   ╰──── 在这里
       │
       ├─[ b.promo:1:1 ]
       │
     1 │ 别处
       │ ──┬─
       │   ╰─── 还有
    ───╯
      = 帮助：写 `y`
    ");
}

#[test]
fn a_finding_in_no_file_is_its_headline() {
    let sources = SourceMap::default();
    assert_eq!(human(&finding(0, 3), &sources, Spelling::Zh, false), "错误[P0101]：`x` 有误\n");
    assert_eq!(one_line(&finding(0, 3), &sources, Spelling::En), "error[P0101]: the `x` is wrong");
    for (_, format) in Format::ALL {
        let found = Diagnostics(vec![finding(0, 3)]);
        assert!(!all(*format, &found, &sources, Spelling::En, true).is_empty());
    }
}

#[test]
fn color_changes_nothing_but_escapes() {
    let sources = map("甲 乙\n");
    let d = finding(4, 7).help(Text::new("write `y`", "写 `y`"));
    let mut rest = human(&d, &sources, Spelling::Zh, true);
    assert!(rest.contains("\u{1b}["));
    while let Some(from) = rest.find('\u{1b}') {
        let to = from + rest[from..].find('m').unwrap();
        rest.replace_range(from..=to, "");
    }
    let plain: String = rest.lines().map(|l| format!("{}\n", l.trim_end())).collect();
    assert_eq!(plain, human(&d, &sources, Spelling::Zh, false));
}

fn both() -> (Diagnostics, SourceMap) {
    let sources = map("甲 <乙>\n丙\n");
    let fix =
        Fix {
            title: Text::new("insert `;`", "加上 `；`"), at: Span::new(3, 3).at(SOURCE), replacement: "；".into()
        };
    let error = finding(4, 9).help(Text::new("100% sure", "没错")).fix(fix);
    let warning = finding(10, 13).warning().label(Span::new(0, 3).at(SOURCE), Text::new("first", "先"));
    (Diagnostics(vec![error, warning]), sources)
}

#[test]
fn machine_formats() {
    let (found, sources) = both();
    for (name, format) in Format::ALL {
        let out = all(*format, &found, &sources, Spelling::Zh, false);
        insta::assert_snapshot!(*name, out.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
        assert_eq!(Format::parse(name), Some(*format));
    }
    let array: serde_json::Value = serde_json::from_str(&json(&found, &sources)).unwrap();
    let lines: Vec<serde_json::Value> =
        json_lines(&found, &sources).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(array, serde_json::Value::Array(lines));
    assert_eq!(json(&Diagnostics::default(), &sources), "[]\n");
    assert_eq!(json_lines(&Diagnostics::default(), &sources), "");
}
