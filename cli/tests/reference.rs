//! The examples of `docs/reference`: both spellings of a right one have one hash, a wrong one gives exactly its code.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod book;

use promo_compiler::diagnostic::Severity;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A fenced example: ` ```promo good zh `, ` ```promo bad en P0306 `.
struct Example<'a> {
    /// The code a wrong one gives.
    bad: Option<&'a str>,
    /// `zh` or `en`.
    spelling: &'a str,
    text: &'a str,
}

fn examples(section: &str) -> Vec<Example<'_>> {
    let blocks = section.split("\n```promo ").skip(1);
    let read = blocks.map(|block| {
        let (info, rest) = block.split_once('\n').unwrap();
        let text = rest.split_once("\n```").unwrap().0;
        let words: Vec<&str> = info.split_whitespace().collect();
        match words[..] {
            ["good", spelling] => Example { bad: None, spelling, text },
            ["bad", spelling, code] => Example { bad: Some(code), spelling, text },
            _ => panic!("```promo {info}: neither `good zh|en` nor `bad zh|en CODE`"),
        }
    });
    read.collect()
}

/// An example that begins with a rule stands for a policy that has only this rule.
fn whole(example: &Example<'_>) -> String {
    let first = example.text.lines().map(str::trim).find(|l| !l.is_empty() && !l.starts_with("//")).unwrap_or("");
    let word = first.split_whitespace().next().unwrap_or("");
    let text = example.text;
    if ["on", "every", "let", "redeem"].contains(&word) {
        return format!(
            "policy example {{\n  kind TP\n  during 2026-01-01 .. 2026-12-31\n  budget 1_000_000 yuan, when used up: stop\n{text}\n}}\n"
        );
    }
    if ["当", "每", "设", "兑付"].contains(&word) {
        return format!(
            "政策 example {{\n  费用 渠道促销\n  期间 2026-01-01 至 2026-12-31\n  预算 1_000_000元，用完：停止\n{text}\n}}\n"
        );
    }
    format!("{text}\n")
}

/// The codes of its errors, and the package's hash if there are none.
fn compiled(example: &Example<'_>) -> Result<String, Vec<String>> {
    let text = whole(example);
    let channel = text.starts_with("channel") || text.starts_with("渠道");
    let done = book::compile(&[(if channel { "channel.promo" } else { "example.promo" }, &text)]);
    let errors = done.diagnostics.0.iter().filter(|d| d.severity == Severity::Error);
    let mut codes: Vec<String> = errors.map(|d| d.code.to_string()).collect();
    codes.dedup();
    if codes.is_empty() { Ok(done.program.unwrap().semantic_hash) } else { Err(codes) }
}

#[test]
fn every_construct_has_both_spellings_of_one_meaning_and_a_wrong_example_with_its_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference");
    let (mut wrong, mut sections) = (Vec::new(), 0);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| !file.ends_with("README.md")) {
        let page = fs::read_to_string(file).unwrap();
        for section in page.split("\n## ").skip(1) {
            let title = section.lines().next().unwrap();
            let place = format!("{}: {title}", file.file_name().unwrap().to_string_lossy());
            let examples = examples(section);
            sections += 1;
            let good = |spelling: &str| -> Vec<_> {
                let of = examples.iter().filter(|e| e.bad.is_none() && e.spelling == spelling);
                of.map(compiled).collect()
            };
            let (zh, en) = (good("zh"), good("en"));
            if zh.is_empty() || zh != en || zh.iter().any(Result::is_err) {
                wrong.push(format!("{place}: right examples in Chinese {zh:?}, in English {en:?}"));
            }
            if !examples.iter().any(|e| e.bad.is_some()) {
                wrong.push(format!("{place}: no wrong example"));
            }
            for example in examples.iter().filter(|e| e.bad.is_some()) {
                let found = compiled(example);
                if found.as_ref().err() != Some(&vec![example.bad.unwrap().to_owned()]) {
                    wrong.push(format!("{place}: {} gives {found:?}", example.bad.unwrap()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(sections > 0, "no section found");
}

/// Runs the test blocks of an example in a package of its own; what was printed if one fails.
fn tested(example: &Example<'_>, place: &str) -> Option<String> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/codes/package");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reference");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for file in fs::read_dir(package).unwrap().map(Result::unwrap) {
        fs::copy(file.path(), folder.join(file.file_name())).unwrap();
    }
    fs::write(folder.join("example.promo"), whole(example)).unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_promo")).arg("test").arg(&folder).output().unwrap();
    let said = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (!done.status.success()).then(|| format!("{place}: {said}"))
}

#[test]
fn the_test_blocks_of_right_examples_pass() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference");
    let (mut wrong, mut ran) = (Vec::new(), 0);
    for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let page = fs::read_to_string(&file).unwrap();
        let tests = |e: &Example<'_>| e.text.lines().any(|l| l.starts_with("test ") || l.starts_with("测试 "));
        for example in examples(&page).iter().filter(|e| e.bad.is_none() && tests(e)) {
            ran += 1;
            wrong.extend(tested(example, &file.file_name().unwrap().to_string_lossy()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ran >= 10, "{ran} examples with a test");
}

/// `grammar.md` is written for people; a keyword that the language gained since must not be missing from it.
#[test]
fn the_grammar_page_has_every_keyword_in_both_spellings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(root.join("docs/reference/grammar.md")).unwrap();
    let table = fs::read_to_string(root.join("grammar/src/keywords.rs")).unwrap();
    let (table, _) = table.split_once("\npub const RESERVED").unwrap();
    let rows = table.lines().map(str::trim).filter(|l| l.starts_with("k(\"") || l.starts_with("g(\""));
    let spellings: Vec<&str> =
        rows.flat_map(|row| row.split('"').skip(3).step_by(2)).filter(|s| !s.is_empty()).collect();
    let missing: Vec<_> = spellings.iter().filter(|s| !page.contains(&format!("\"{s}\""))).collect();
    assert!(spellings.len() > 200, "{} spellings", spellings.len());
    assert!(missing.is_empty(), "{missing:?}");
}
