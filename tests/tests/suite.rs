//! The suite: every bad program gives exactly its codes and a snapshot in both languages; every good one compiles.
#![expect(clippy::unwrap_used, reason = "tests")]

use promo_compiler::ast::fmt::{self, SecondNames};
use promo_compiler::diagnostic::{Code, Diagnostic};
use promo_compiler::pipeline::Compilation;
use promo_compiler::source::{Location, Spelling};
use promo_tests::suite::{self, Case};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// Every bad case, compiled once for all tests.
static BAD: LazyLock<Vec<(Case, Compilation)>> = LazyLock::new(|| compiled("bad"));

/// Every good case.
static GOOD: LazyLock<Vec<(Case, Compilation)>> = LazyLock::new(|| compiled("good"));

fn compiled(sort: &str) -> Vec<(Case, Compilation)> {
    let cases = suite::cases(sort).unwrap();
    cases.into_iter().map(|case| (case.compile(), case)).map(|(found, case)| (case, found)).collect()
}

/// `P0306 P0328`
fn listed(codes: &[Code]) -> String {
    codes.iter().map(|c| c.as_str()).collect::<Vec<_>>().join(" ")
}

fn all_wrong(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn bad_programs_give_exactly_their_codes() {
    let mut wrong = Vec::new();
    for (case, found) in BAD.iter() {
        let codes = suite::codes(found);
        if codes != case.expected || codes.is_empty() {
            wrong.push(format!("{}: expected {}, found {}", case.name, listed(&case.expected), listed(&codes)));
        }
        if found.program.is_some() && found.diagnostics.has_errors() {
            wrong.push(format!("{}: an error and a program", case.name));
        }
    }
    all_wrong(&wrong);
}

#[test]
fn bad_programs_read_as_in_their_snapshots() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!("../suite", "*/bad/*.promo", |file| {
            let case = suite::read(file).unwrap();
            insta::assert_snapshot!("message", suite::page(&case, &case.compile()));
        });
    });
}

#[test]
fn every_code_has_a_bad_program() {
    let has = |code: Code| BAD.iter().any(|(case, _)| case.expected.contains(&code));
    // P05xx are found when events are read: `runtime/src/event/tests.rs`.
    let at_run_time = |code: Code| code.as_str().starts_with("P05");
    let without: Vec<Code> = Code::ALL.iter().copied().filter(|c| !at_run_time(*c) && !has(*c)).collect();
    assert_eq!(listed(&without), "");
}

#[test]
fn every_code_has_a_page() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/codes");
    let without: Vec<Code> =
        Code::ALL.iter().copied().filter(|code| !pages.join(format!("{code}.md")).is_file()).collect();
    assert_eq!(listed(&without), "");
    for code in Code::ALL {
        let page = fs::read_to_string(pages.join(format!("{code}.md"))).unwrap();
        let titles = [format!("# {code} {}", code.title_zh()), format!("# {code} {}", code.title_en())];
        let missing: Vec<&String> = titles.iter().filter(|title| !page.lines().any(|l| l == *title)).collect();
        assert!(missing.is_empty(), "{code}.md lacks {missing:?}");
    }
}

#[test]
fn the_suite_is_large_and_in_both_spellings() {
    assert!(BAD.len() >= 60, "{} bad programs", BAD.len());
    let of = |spelling| BAD.iter().filter(|(case, found)| case.spelling(found) == Some(spelling)).count();
    let (zh, en) = (of(Spelling::Zh), of(Spelling::En));
    assert!(zh * 5 >= BAD.len() * 2 && en * 5 >= BAD.len() * 2, "{zh} Chinese, {en} English of {}", BAD.len());
}

/// Every place a finding points at.
fn places(d: &Diagnostic) -> impl Iterator<Item = Location> + '_ {
    std::iter::once(d.primary.at).chain(d.labels.iter().map(|l| l.at)).chain(d.fixes.iter().map(|f| f.at))
}

#[test]
fn underlined_spans_lie_on_character_boundaries() {
    let mut seen = 0;
    for (case, found) in BAD.iter() {
        for d in &found.diagnostics.0 {
            for at in places(d) {
                // A finding about the package as a whole is in no file.
                let Some(source) = found.sources.get(at.source) else {
                    assert!(case.pass == "package", "{} {}: in no file", case.name, d.code);
                    continue;
                };
                let (start, end) = (at.span.start as usize, at.span.end as usize);
                assert!(source.text.get(start..end).is_some(), "{} {}: {start}..{end}", case.name, d.code);
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen} places");
}

#[test]
fn messages_keep_the_style_of_the_house() {
    let mut wrong = Vec::new();
    for (case, found) in BAD.iter() {
        for d in &found.diagnostics.0 {
            let texts = [&d.message, &d.primary.text].into_iter().chain(d.labels.iter().map(|l| &l.text));
            for text in texts.chain(&d.helps).chain(d.fixes.iter().map(|f| &f.title)) {
                // A finding about a file as a whole points at no word of it.
                if text.en.is_empty() && text.zh.is_empty() && std::ptr::eq(text, &d.primary.text) {
                    continue;
                }
                let fault = fault(&text.en, &text.zh);
                wrong.extend(fault.map(|f| format!("{} {}: {f}: {} | {}", case.name, d.code, text.en, text.zh)));
            }
        }
    }
    all_wrong(&wrong);
}

/// What the style forbids in a message.
fn fault(en: &str, zh: &str) -> Option<&'static str> {
    let bare = |text: &str| text.split('`').step_by(2).collect::<String>();
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    if en.is_empty() || zh.is_empty() {
        return Some("nothing is said");
    }
    if en.ends_with('.') || zh.ends_with('。') {
        return Some("a period at the end");
    }
    if en.chars().next().is_some_and(char::is_uppercase) {
        return Some("a capital at the start");
    }
    if en.matches('`').count() % 2 == 1 || zh.matches('`').count() % 2 == 1 {
        return Some("a backtick without its other");
    }
    if bare(en).chars().any(han) {
        return Some("Chinese in the English text");
    }
    if !bare(zh).chars().any(han) && !zh.contains('`') {
        return Some("no Chinese in the Chinese text");
    }
    None
}

#[test]
fn fixes_remove_their_finding() {
    let mut tried = 0;
    for (case, found) in BAD.iter() {
        for d in &found.diagnostics.0 {
            for fix in &d.fixes {
                let source = found.sources.get(fix.at.source).unwrap();
                let mut text = source.text.clone();
                text.replace_range(fix.at.span.start as usize..fix.at.span.end as usize, &fix.replacement);
                let mut fixed = case.clone();
                let file = fixed.input.files.iter_mut().find(|f| f.name == source.name).unwrap();
                file.text = text;
                let again = fixed.compile().diagnostics;
                let left = again.0.iter().filter(|a| a.code == d.code && a.message == d.message).count();
                let before = found.diagnostics.0.iter().filter(|a| a.code == d.code && a.message == d.message).count();
                assert!(left < before, "{} {}: the fix does not mend it", case.name, d.code);
                tried += 1;
            }
        }
    }
    assert!(tried > 0, "no case has a fix");
}

#[test]
fn good_programs_compile_without_a_finding_but_those_they_expect() {
    let mut wrong = Vec::new();
    for (case, found) in GOOD.iter() {
        // A case of the syntax alone may name what nobody declared.
        let ok = match case.pass.as_str() {
            "syntax" => !suite::codes(found).iter().any(|c| c.as_str() < "P02"),
            _ => suite::codes(found) == case.expected && !found.diagnostics.has_errors(),
        };
        if !ok {
            wrong.push(suite::page(case, found));
        }
    }
    all_wrong(&wrong);
    assert!(GOOD.len() >= 6, "{} good programs", GOOD.len());
}

/// Good programs in both spellings: `spring_en` beside `spring_zh`.
fn twins() -> impl Iterator<Item = (&'static (Case, Compilation), &'static (Case, Compilation))> {
    let of = |name: String| GOOD.iter().find(|(case, _)| case.name == name);
    GOOD.iter().filter(|(case, _)| case.pass == "check").filter_map(move |en| {
        let zh = of(format!("{}_zh", en.0.name.strip_suffix("_en")?))?;
        Some((en, zh))
    })
}

#[test]
fn both_spellings_mean_the_same() {
    let mut seen = 0;
    for ((en, en_found), (zh, zh_found)) in twins() {
        assert_eq!(en.spelling(en_found), Some(Spelling::En), "{}", en.name);
        assert_eq!(zh.spelling(zh_found), Some(Spelling::Zh), "{}", zh.name);
        let (a, b) = (en_found.program.as_ref().unwrap(), zh_found.program.as_ref().unwrap());
        for (a, b) in a.policies.iter().zip(&b.policies) {
            assert_eq!((&a.name, &a.hash), (&b.name, &b.hash), "{}", en.name);
        }
        assert!(!a.semantic_hash.is_empty());
        assert_eq!(a.semantic_hash, b.semantic_hash, "{}", en.name);
        assert_eq!(en_found.tests.len(), zh_found.tests.len());
        seen += 1;
    }
    assert!(seen >= 3, "{seen} pairs");
}

#[test]
fn formatting_in_either_spelling_leaves_the_meaning() {
    let mut seen = 0;
    for (case, found) in GOOD.iter() {
        let names = SecondNames::of(&found.files);
        let hash = &found.program.as_ref().unwrap().semantic_hash;
        for target in [Spelling::En, Spelling::Zh] {
            let mut formatted = case.clone();
            for file in &found.files {
                let source = found.sources.get(file.source).unwrap();
                let text = fmt::format(file, &source.text, target, &names);
                formatted.input.files.iter_mut().find(|f| f.name == source.name).unwrap().text = text;
            }
            let again = formatted.compile();
            assert_eq!(suite::codes(&again), case.expected, "{}", suite::page(&formatted, &again));
            assert_eq!(&again.program.unwrap().semantic_hash, hash, "{} in {target:?}", case.name);
            seen += 1;
        }
    }
    assert!(seen >= 12, "{seen} times");
}

#[test]
fn lowered_programs_read_as_in_their_snapshots() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for ((en, found), _) in twins() {
            let name = format!("ir@{}", en.name.replace('/', "__"));
            insta::assert_snapshot!(name, promo_compiler::ir::print::print(found.program.as_ref().unwrap()));
        }
    });
}
