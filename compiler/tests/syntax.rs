//! The syntax suite: every file of `parse` parses (their names mean nothing, so they compile no further), and
//! formatting it in either spelling loses nothing; every bad file gives exactly the codes its first line names.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods, reason = "tests")]

use promo_compiler::ast::File;
use promo_compiler::ast::fmt::{SecondNames, format};
use promo_compiler::ast::from_pairs::parse;
use promo_compiler::ast::print::print;
use promo_compiler::diagnostic::Diagnostics;
use promo_compiler::source::{SourceId, Spelling};
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn suite(kind: &str) -> Vec<(String, String)> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/suite/syntax").join(kind);
    let mut files: Vec<(String, String)> = std::fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "promo"))
        .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&p).unwrap()))
        .collect();
    // Other files of a case are not for the parser.
    files.iter_mut().for_each(|(_, text)| text.truncate(text.find("\n===").map_or(text.len(), |at| at + 1)));
    files.sort();
    assert!(files.len() >= 5, "{kind} has too few files");
    files
}

fn parsed(name: &str, text: &str) -> File {
    let mut out = Diagnostics::default();
    let file = parse(SourceId(0), text, &mut out);
    assert!(out.0.is_empty(), "{name}:\n{text}\n{:#?}", out.0);
    file
}

fn codes(text: &str) -> Vec<String> {
    let mut out = Diagnostics::default();
    parse(SourceId(0), text, &mut out);
    for d in &out.0 {
        for at in std::iter::once(d.primary.at).chain(d.labels.iter().map(|l| l.at)) {
            assert!(text.get(at.span.start as usize..at.span.end as usize).is_some(), "{d:?} in {text:?}");
        }
        assert!(!d.message.en.ends_with('.') && !d.message.zh.ends_with('。'));
    }
    out.0.iter().map(|d| d.code.to_string()).collect()
}

/// Names of a small model.
fn labels() -> SecondNames {
    SecondNames::from_pairs(&[
        ("store", "门店"),
        ("rep", "业务员"),
        ("consumer", "消费者"),
        ("distributor", "经销商"),
        ("host", "主家"),
        ("guide", "导购员"),
        ("grade", "等级"),
        ("open_box", "开箱"),
        ("open_bottle", "开瓶"),
        ("guide_scan", "导购扫码"),
        ("cash", "红包"),
        ("credit", "货款"),
        ("points", "积分"),
        ("case", "箱"),
        ("bottle", "瓶"),
        ("member", "会员"),
    ])
}

fn spell(name: &str, text: &str, target: Spelling) -> String {
    format(&parsed(name, text), text, target, &labels())
}

/// The tree without spans, quotes of both kinds of words alike.
fn shape(name: &str, text: &str) -> String {
    let dump = print(&parsed(name, text));
    let tree = dump.split("\n  items").nth(1).unwrap_or("");
    tree.lines()
        .map(|l| {
            l.rsplit_once(" @")
                .filter(|(_, at)| at.chars().all(|c| c.is_ascii_digit() || c == '.'))
                .map_or(l, |(l, _)| l)
        })
        .filter(|l| !l.trim_start().starts_with("spelling"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn comments(name: &str, text: &str) -> Vec<String> {
    parsed(name, text).comments.into_iter().map(|c| c.text).collect()
}

#[test]
fn good_files_survive_formatting_in_both_spellings() {
    for (name, text) in suite("parse") {
        let en = spell(&name, &text, Spelling::En);
        let zh = spell(&name, &text, Spelling::Zh);
        assert_eq!(spell(&name, &en, Spelling::En), en, "{name}: English is its own canonical form");
        assert_eq!(spell(&name, &zh, Spelling::Zh), zh, "{name}: Chinese is its own canonical form");
        assert_eq!(spell(&name, &zh, Spelling::En), en, "{name}: Chinese to English");
        assert_eq!(spell(&name, &en, Spelling::Zh), zh, "{name}: English to Chinese");
        assert_eq!(comments(&name, &text), comments(&name, &en), "{name}: comments in English");
        assert_eq!(comments(&name, &text), comments(&name, &zh), "{name}: comments in Chinese");
        // one name is printed for both, so the trees are the same up to the names of the other spelling
        let none = |t: &str, s| format(&parsed(&name, t), t, s, &SecondNames::default());
        let own = parsed(&name, &text).spelling;
        let kept = none(&text, own);
        let bare = |t: &str| {
            let mut t = shape(&name, t);
            for (en, zh) in [
                ("goods", "实物"),
                ("`region`", "`区域`"),
                ("`product`", "`产品`"),
                ("date", "日期"),
                ("`coupon`", "`券`"),
            ] {
                t = t.replace(zh, en);
            }
            for (en, zh) in promo_compiler::testing::REASONS {
                t = t.replace(&format!("`{zh}`"), &format!("`{en}`"));
            }
            for (en, zh) in [("`money`", "`金额`"), ("`regions`", "`区域`"), ("`yuan`", "`元`"), ("`times`", "`次`")]
            {
                t = t.replace(zh, en);
            }
            t
        };
        assert_eq!(bare(&text), bare(&kept), "{name}: the tree");
    }
}

#[test]
fn bad_files_give_exactly_their_codes() {
    let files = suite("bad");
    assert!(files.len() >= 12);
    for (name, text) in files {
        let line = text.lines().next().unwrap();
        let mut expected: Vec<&str> =
            line.strip_prefix("// expect: ").unwrap_or_else(|| panic!("{name}")).split(' ').collect();
        expected.sort_unstable();
        let mut found = codes(&text);
        found.sort_unstable();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn the_sample_of_the_language_is_canonical() {
    let text = std::fs::read_to_string(
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/suite/syntax/parse/sample_zh.promo"),
    )
    .unwrap();
    let zh = spell("sample_zh", &text, Spelling::Zh);
    assert_eq!(
        zh,
        "政策 open_box_spring \"春节开箱有礼\" {\n  费用   渠道促销\n  期间   2026-01-15 至 2026-02-28\n  产品   国窖1573，分类 青花 不含 SKU-889\n  区域   四川 不含 四川/攀枝花，重庆\n  预算   500_000元，用完：停止\n\n  当 开箱 且 门店.等级 为 A 或 B {\n    每 箱 一次\n    奖励 门店 红包 税后 按 区域 {\n      四川/成都：10元\n      四川：8元\n      其他：5元\n    }\n    奖励 业务员 货款 箱价 的 2%，未知：跳过\n    每 店 每天 最多 20 次，超出：跳过\n    退货：追回\n  }\n}\n"
    );
    let en = spell("sample_zh", &text, Spelling::En);
    assert!(en.contains("    give store cash net by region {\n      四川/成都: 10 yuan\n"), "{en}");
    assert!(en.contains("    give rep credit 2% of case price, if unknown: skip\n"), "{en}");
}

#[test]
fn deep_nesting_is_refused_before_the_grammar() {
    let nested = |n: usize| format!("policy p {{ let x = {}1{} }}", "(".repeat(n), ")".repeat(n));
    assert_eq!(codes(&nested(1_000)), ["P0104"]);
    assert_eq!(codes(&nested(100)), Vec::<String>::new());
    assert_eq!(codes(&nested(127)), Vec::<String>::new());
    // operators nest the tree as well
    let long = |op: &str, n: usize| format!("policy p {{ let x = {} }}", vec!["a"; n].join(op));
    assert_eq!(codes(&long(" + ", 50)), Vec::<String>::new());
    assert_eq!(codes(&long(" + ", 10_000)), ["P0104"]);
    assert_eq!(codes(&long(" and ", 10_000)), ["P0104"]);
    assert_eq!(codes(&long(" of ", 10_000)), ["P0104"]);
    assert_eq!(codes(&format!("policy p {{ let x = {}a }}", "not ".repeat(10_000))), ["P0104"]);
    let rows = |n: usize| format!("policy p {{ let x = {} 1 {} }}", "by a { b: ".repeat(n), "}".repeat(n));
    assert_eq!(codes(&rows(60)), Vec::<String>::new());
    let blocks = |n: usize| format!("policy p {{ {} {} }}", "on e { ".repeat(n), "}".repeat(n));
    assert_eq!(codes(&blocks(127)), Vec::<String>::new());
    assert_eq!(codes(&blocks(128)), ["P0104"]);
}

fn time(text: &str) -> Duration {
    let start = Instant::now();
    let mut out = Diagnostics::default();
    let file = parse(SourceId(0), text, &mut out);
    let took = start.elapsed();
    drop(file);
    took
}

/// The time to parse must grow with the length, not faster: hostile and honest texts of growing size.
#[test]
fn time_is_linear() {
    let closed = format!("{}1 junk {}", "(".repeat(120), ")".repeat(120));
    let shapes: &[(&str, &str, &str)] = &[
        ("policy p {\n", "  give store cash net 10 yuan, if unknown: skip\n", "}"),
        ("政策 p {\n", "  奖励 门店 红包 税后 箱价的2%，未知：跳过\n", "}"),
        ("", "policy p { nonsense }\n", ""),
        ("policy p {", "give store ( 1 \n) ", "}"),
        ("", "x ", ""),
        ("", "x\n", ""),
        ("", "\"", ""),
        ("", "“", ""),
        ("/*", " *", "*/ x"),
        ("policy p {", "/* */", "}"),
        ("policy p { let x = 当天 ", "a，", "}"),
        ("policy p { let x = ", "本月 a，", "}"),
        ("policy p { products ", "a except b and c、d，", "}"),
        ("policy p { let x = a is ", "a or ", "b }"),
        ("", "policy p { on e {", ""),
        ("", "}", ""),
        ("policy p { ", "每", "}"),
        ("policy p { ", "每箱", "一次 }"),
        ("policy p { let x = ", "random ", "}"),
        ("policy p { let x = ", "by ", "}"),
        ("policy p { let x = by ", "每 a 按 b ", "}"),
        ("test \"t\" {", "given a b { c: d; e }\n", "}"),
        ("policy p {", "let x = ((((((((((1+ }\n", ""),
        ("policy p {", &format!("let x = {closed}\n"), "}"),
        ("policy p { let x = ", "a.", "}"),
        ("policy p { let x = ", "a-", "}"),
        ("policy p { let x = ", "价", "}"),
        ("policy p { let x = ", "1_", "}"),
        ("channel c {", "role r { a: one of A, B; ! }\n", "}"),
        ("policy p from t {", "a: b c\n", "}"),
        ("group g best of { a } ", "at most 1 ", ""),
    ];
    for (before, middle, after) in shapes {
        let make = |len: usize| format!("{before}{}{after}", middle.repeat(len / middle.len()));
        let (small, large) = (make(3_000), make(24_000));
        time(&small);
        // eight times the text; quadratic would be 64 times. The best of some runs leaves out other work of the machine
        let (mut a, mut b) = (Duration::MAX, Duration::MAX);
        let linear = (0..8).any(|_| {
            a = a.min(time(&small));
            b = b.min(time(&large));
            b < a * 20 + Duration::from_millis(50)
        });
        assert!(linear, "{before}{middle}: {a:?} {b:?}");
    }
}

#[test]
fn long_files_parse() {
    let clauses = "  give store cash net 10 yuan, if unknown: skip\n".repeat(100_000);
    let file = parsed("long", &format!("policy p {{\n{clauses}}}"));
    assert!(matches!(&file.items[..], [promo_compiler::ast::Item::Policy(p)] if p.clauses.len() == 100_000));
    // a megabyte of what nobody should write
    let hostile = "policy ( x } \" 每每 /* } */ if by draw {{{ 以上 \n".repeat(1 << 15);
    assert!(!codes(&hostile).is_empty());
}

/// Pieces of the language in random order: nothing panics, and every span lies on characters.
#[test]
fn random_texts_do_not_panic() {
    let pieces: Vec<String> = suite("parse")
        .iter()
        .flat_map(|(_, t)| t.split_inclusive(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap()
    };
    for _ in 0..300 {
        let mut text =
            String::from(["", "policy p {\n", "test \"t\" { ", "政策 p { 当 e {", "channel c {"][next() % 5]);
        let start = next() % pieces.len();
        for i in 0..next() % 80 {
            // mostly real text with pieces lost and foreign ones put in
            let at = if next() % 8 == 0 { next() } else { start + i } % pieces.len();
            if next() % 10 > 0 {
                text.push_str(&pieces[at]);
            }
        }
        text.push_str(["", "}", "} }", "\n"][next() % 4]);
        codes(&text);
        let mut out = Diagnostics::default();
        let file = parse(SourceId(0), &text, &mut out);
        assert!(!out.0.iter().any(|d| d.message.en == "this could not be read"), "{text}");
        if out.0.is_empty() {
            for target in [Spelling::En, Spelling::Zh] {
                let once = format(&file, &text, target, &SecondNames::default());
                assert_eq!(spell_as_is("random", &once, target), once, "{text}");
            }
        }
    }
}

fn spell_as_is(name: &str, text: &str, target: Spelling) -> String {
    format(&parsed(name, text), text, target, &SecondNames::default())
}
