//! The syntax suite: every good file parses, and formatting it in either spelling loses nothing; every bad file
//! gives exactly the codes its first line names.
#![expect(clippy::unwrap_used, clippy::panic, clippy::string_slice, clippy::indexing_slicing, reason = "tests")]

use promo_compiler::ast::File;
use promo_compiler::ast::fmt::format;
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

/// Labels of a small model, as the resolver would give them.
fn labels(target: Spelling) -> impl Fn(&str) -> Option<String> {
    const PAIRS: &[(&str, &str)] = &[
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
    ];
    move |name| {
        let (en, zh) = PAIRS.iter().find(|(en, zh)| *en == name || *zh == name)?;
        Some((if target == Spelling::Zh { *zh } else { *en }).to_owned())
    }
}

fn spell(name: &str, text: &str, target: Spelling) -> String {
    format(&parsed(name, text), text, target, &labels(target))
}

/// The tree without spans, quotes of both kinds of words alike.
fn shape(name: &str, text: &str) -> String {
    let dump = print(&parsed(name, text));
    let tree = dump.split("\n  items").nth(1).unwrap_or("");
    tree.lines()
        .map(|l| l.rsplit_once(" @").filter(|(_, at)| at.chars().all(|c| c.is_ascii_digit() || c == '.')).map_or(l, |(l, _)| l))
        .filter(|l| !l.trim_start().starts_with("spelling"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn comments(name: &str, text: &str) -> Vec<String> {
    parsed(name, text).comments.into_iter().map(|c| c.text).collect()
}

#[test]
fn good_files_survive_formatting_in_both_spellings() {
    for (name, text) in suite("good") {
        let en = spell(&name, &text, Spelling::En);
        let zh = spell(&name, &text, Spelling::Zh);
        assert_eq!(spell(&name, &en, Spelling::En), en, "{name}: English is its own canonical form");
        assert_eq!(spell(&name, &zh, Spelling::Zh), zh, "{name}: Chinese is its own canonical form");
        assert_eq!(spell(&name, &zh, Spelling::En), en, "{name}: Chinese to English");
        assert_eq!(spell(&name, &en, Spelling::Zh), zh, "{name}: English to Chinese");
        assert_eq!(comments(&name, &text), comments(&name, &en), "{name}: comments in English");
        assert_eq!(comments(&name, &text), comments(&name, &zh), "{name}: comments in Chinese");
        // one name is printed for both, so the trees are the same up to the names of the other spelling
        let none = |t: &str, s| format(&parsed(&name, t), t, s, &|_| None);
        let own = parsed(&name, &text).spelling;
        let kept = none(&text, own);
        let bare = |t: &str| {
            let mut t = shape(&name, t);
            for (en, zh) in [("goods", "实物"), ("`region`", "`区域`"), ("`product`", "`产品`"), ("date", "日期"), ("`coupon`", "`券`")] {
                t = t.replace(zh, en);
            }
            for (en, zh) in [("`money`", "`金额`"), ("`regions`", "`区域`"), ("`yuan`", "`元`"), ("`times`", "`次`")] {
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
        let expected: Vec<&str> = line.strip_prefix("// expect: ").unwrap_or_else(|| panic!("{name}")).split(' ').collect();
        assert_eq!(codes(&text), expected, "{name}");
    }
}

#[test]
fn the_sample_of_the_language_is_canonical() {
    let text = std::fs::read_to_string(
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/suite/syntax/good/sample_zh.promo"),
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
    assert_eq!(codes(&long(" + ", 50_000)), ["P0104"]);
    assert_eq!(codes(&long(" and ", 50_000)), ["P0104"]);
    assert_eq!(codes(&long(" of ", 50_000)), ["P0104"]);
    assert_eq!(codes(&format!("policy p {{ let x = {}a }}", "not ".repeat(50_000))), ["P0104"]);
    let rows = |n: usize| format!("policy p {{ let x = {} 1 {} }}", "by a { b: ".repeat(n), "}".repeat(n));
    assert_eq!(codes(&rows(60)), Vec::<String>::new());
    let blocks = |n: usize| format!("policy p {{ {} {} }}", "on e { ".repeat(n), "}".repeat(n));
    assert_eq!(codes(&blocks(127)), Vec::<String>::new());
    assert_eq!(codes(&blocks(128)), ["P0104"]);
}

/// The time to parse must grow with the length, not faster.
fn grows_linearly(make: impl Fn(usize) -> String, n: usize) {
    let time = |n: usize| {
        let text = make(n);
        let start = Instant::now();
        let mut out = Diagnostics::default();
        let file = parse(SourceId(0), &text, &mut out);
        let took = start.elapsed();
        drop(file);
        took
    };
    time(n / 8);
    let (small, large) = (time(n / 8), time(n));
    // eight times the text; other work on the machine may cost three times that
    assert!(large < small * 24 + Duration::from_millis(200), "{small:?} {large:?}: {}", &make(8));
}

#[test]
fn time_is_linear() {
    grows_linearly(|n| format!("policy p {{\n{}}}", "  give store cash net 10 yuan, if unknown: skip\n".repeat(n)), 20_000);
    grows_linearly(|n| format!("policy p {{\n{}}}", "  奖励 门店 红包 税后 箱价的2%，未知：跳过\n".repeat(n)), 20_000);
    grows_linearly(|n| "policy p { nonsense }\n".repeat(n), 10_000);
    grows_linearly(|n| format!("policy p {{ {} }}", "give store ( 1 \n) ".repeat(n)), 10_000);
    grows_linearly(|n| "x ".repeat(n), 100_000);
    grows_linearly(|n| "\"".repeat(n), 100_000);
    grows_linearly(|n| format!("/*{}*/ x", " *".repeat(n)), 100_000);
    grows_linearly(|n| format!("policy p {{ let x = 当天 {} }}", "a，".repeat(n)), 30_000);
    grows_linearly(|n| format!("policy p {{ products {} }}", "a except b and c、d，".repeat(n)), 10_000);
    grows_linearly(|n| format!("policy p {{ let x = a is {} b }}", "a or ".repeat(n)), 20_000);
    grows_linearly(|n| "policy p { on e {".repeat(n), 10_000);
    grows_linearly(|n| "}".repeat(n), 100_000);
    grows_linearly(|n| format!("policy p {{ {} }}", "每".repeat(n)), 50_000);
    grows_linearly(|n| format!("policy p {{ let x = {} }}", "random ".repeat(n)), 50_000);
    grows_linearly(|n| format!("policy p {{ let x = by {} }}", "每 a 按 b ".repeat(n)), 20_000);
    grows_linearly(|n| format!("test \"t\" {{ {} }}", "given a b { c: d; e }\n".repeat(n)), 10_000);
    grows_linearly(|n| format!("policy p {{ {}", "let x = ((((((((((1+ }\n".repeat(n)), 10_000);
    let closed = format!("{}1 junk {}", "(".repeat(120), ")".repeat(120));
    grows_linearly(|n| format!("policy p {{ {} }}", format!("let x = {closed}\n").repeat(n)), 160);
}
