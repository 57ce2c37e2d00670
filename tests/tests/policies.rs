//! Every package of the library, of the examples and of the regressions compiles. Their test blocks are run by the
//! command, in `cli/tests/package.rs`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use promo_compiler::ast::fmt::{self, SecondNames};
use promo_compiler::ast::from_pairs::parse;
use promo_compiler::diagnostic::{Diagnostics, Lang, render};
use promo_compiler::ir::settle::{Decision, KeyedDraws};
use promo_compiler::package::PackageInput;
use promo_compiler::pipeline::{self, Compilation};
use promo_compiler::source::{SourceId, Spelling};
use promo_runtime::event::EventDecoder;
use promo_runtime::store::{Commit, CommitOutcome, MemoryStore, StateStore};
use promo_runtime::{Backend, Engine, Scratch};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Folders with a `promo.toml` below a folder.
fn packages(folder: &Path, found: &mut Vec<PathBuf>) {
    if folder.join("promo.toml").is_file() {
        found.push(folder.to_path_buf());
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            packages(&path, found);
        }
    }
    found.sort();
}

fn all() -> Vec<PathBuf> {
    let mut found = Vec::new();
    packages(&root().join("policies"), &mut found);
    packages(&root().join("examples"), &mut found);
    packages(&root().join("tests/regressions"), &mut found);
    found
}

fn compile(folder: &Path) -> Compilation {
    pipeline::compile(&input(folder))
}

fn input(folder: &Path) -> PackageInput {
    promo_tests::packages::input(folder).unwrap()
}

/// A `.promo` file in a spelling, and the texts of its comments.
fn spelled(text: &str, target: Spelling, names: &SecondNames) -> (String, Vec<String>) {
    let mut found = Diagnostics::default();
    let file = parse(SourceId(0), text, &mut found);
    assert!(!found.has_errors(), "{:?}", found.0);
    let comments = file.comments.iter().map(|c| c.text.clone()).collect();
    (fmt::format(&file, text, target, names), comments)
}

#[test]
fn every_package_goes_to_the_other_spelling_and_back_without_losing_a_comment_or_its_meaning() {
    let (mut seen, mut templates) = (0, 0);
    for folder in all() {
        let (package, first) = (input(&folder), compile(&folder));
        let names = SecondNames::of(&first.files);
        let mut other = package.clone();
        for file in other.files.iter_mut().filter(|f| f.name.ends_with(".promo")) {
            let place = format!("{}/{}", folder.display(), file.name);
            let written = std::mem::take(&mut file.text);
            let own = parse(SourceId(0), &written, &mut Diagnostics::default()).spelling;
            let away = if own == Spelling::Zh { Spelling::En } else { Spelling::Zh };
            let (same, comments) = spelled(&written, own, &names);
            assert_eq!(same, written, "{place} is laid out");
            let (there, kept) = (spelled(&written, away, &names).0, comments);
            for head in there.lines().filter(|l| l.starts_with("template ")) {
                let types = head.split(": ").skip(1).filter_map(|rest| rest.split([',', ')']).next());
                assert!(types.clone().all(|t| t.is_ascii()), "{place}: {head}");
                templates += types.count().min(1);
            }
            assert_eq!(spelled(&there, away, &names), (there.clone(), kept.clone()), "{place} in {away:?}");
            assert_eq!(spelled(&there, own, &names), (written, kept), "{place} to {away:?} and back");
            file.text = there;
            seen += 1;
        }
        let (first, other) = (first.program.unwrap(), pipeline::compile(&other).program.unwrap());
        assert_eq!(first.semantic_hash, other.semantic_hash, "{}", folder.display());
    }
    assert!(seen >= 30, "{seen} files");
    assert!(templates >= 1, "{templates} templates in English");
}

/// The 34 cases of the project, by number.
const CASES: [u8; 34] = [
    2, 3, 5, 6, 7, 8, 9, 11, 13, 14, 17, 18, 19, 20, 23, 25, 26, 27, 28, 30, 31, 32, 33, 34, 35, 37, 38, 39, 40, 41,
    42, 43, 45, 46,
];

#[test]
fn the_page_of_cases_names_every_case_and_only_what_there_is() {
    let page = std::fs::read_to_string(root().join("docs/cases.md")).unwrap();
    let rows: Vec<(u8, &str)> =
        page.lines().filter_map(|l| Some((l.strip_prefix("| T")?.split_once(' ')?.0.parse().ok()?, l))).collect();
    assert_eq!(rows.iter().map(|r| r.0).collect::<Vec<_>>(), CASES);
    for (case, row) in rows {
        let folders: Vec<&str> = row.split("](../").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
        let bad: Vec<&str> = row.split('`').skip(1).step_by(2).filter(|n| n.starts_with('t')).collect();
        assert!(!folders.is_empty() || !bad.is_empty(), "T{case:02} is shown nowhere");
        for folder in folders {
            assert!(root().join(folder).join("promo.toml").is_file(), "T{case:02}: {folder}");
            let about = std::fs::read_to_string(root().join(folder).join("README.md")).unwrap();
            assert!(about.contains(&format!("T{case:02}")), "{folder}/README.md does not name T{case:02}");
        }
        for name in bad {
            let file = |pass| root().join(format!("tests/suite/{pass}/bad/{name}.promo"));
            let found = ["check", "resolve", "syntax", "package"].map(file).into_iter().find(|f| f.is_file());
            let found =
                std::fs::read_to_string(found.unwrap_or_else(|| panic!("T{case:02}: no {name}.promo"))).unwrap();
            assert!(name.starts_with(&format!("t{case:02}_")), "{name} is of another case");
            let code = found.lines().next().unwrap().trim_start_matches("// expect: ").split(' ').next().unwrap();
            assert!(row.contains(code), "T{case:02}: {name} expects {code}, which the page does not say");
        }
    }
}

#[test]
fn every_package_compiles_without_a_finding() {
    let mut wrong = String::new();
    for folder in all() {
        let c = compile(&folder);
        if c.program.is_none() || !c.diagnostics.0.is_empty() {
            let found = render::all(render::Format::Human, &c.diagnostics, &c.sources, Lang::En, false);
            wrong.push_str(&format!("== {}\n{found}\n", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_package_of_the_library_has_an_english_twin_of_one_semantic_hash() {
    let mut twins = 0;
    for folder in all() {
        let (twin, is_twin) = (folder.join("en"), folder.ends_with("en"));
        let of_library = folder.starts_with(root().join("policies"));
        if !twin.join("promo.toml").is_file() {
            assert!(is_twin || !of_library, "{} has no en/", folder.display());
            continue;
        }
        for (folder, spelling) in [(&folder, Spelling::Zh), (&twin, Spelling::En)] {
            for file in compile(folder).files.iter().filter(|_| of_library) {
                assert_eq!(file.spelling, spelling, "{}", folder.display());
            }
        }
        twins += 1;
        let (zh, en) = (compile(&folder).program.unwrap(), compile(&twin).program.unwrap());
        assert!(!zh.semantic_hash.is_empty());
        assert_eq!(zh.semantic_hash, en.semantic_hash, "{}", folder.display());
    }
    assert!(twins >= 50, "only {twins} twins");
}

#[test]
fn machine_code_and_evaluator_decide_the_example_events_alike() {
    let folder = root().join("examples/liquor");
    let program = compile(&folder).program.unwrap();
    let decoder = EventDecoder::new(&program);
    let engine = Engine::new(KeyedDraws::new([7; 32]));
    let machine = engine.load(program.clone()).unwrap();
    let evaluator = engine.with_backend(Backend::Interpreter).load(program).unwrap();
    let (mut one, mut two) = (MemoryStore::new(), MemoryStore::new());
    let (mut a, mut b, mut scratch) = (Decision::default(), Decision::default(), Scratch::default());
    let (mut lines, mut awards, mut repeated) = (0, 0, 0);
    for line in std::fs::read_to_string(folder.join("events.ndjson")).unwrap().lines() {
        let event = decoder.decode(line).unwrap_or_else(|e| panic!("{line}: {e}"));
        machine.decide(&event, &one, &mut scratch, &mut a, true).unwrap();
        evaluator.decide(&event, &two, &mut scratch, &mut b, true).unwrap();
        let done = one.commit(&Commit::new(&event, &a, b"")).unwrap();
        assert_eq!(done, two.commit(&Commit::new(&event, &b, b"")).unwrap());
        lines += 1;
        if done == CommitOutcome::Committed {
            assert_eq!(a, b, "{line}");
            awards += a.awards.len();
        } else {
            repeated += 1;
        }
    }
    assert!(lines >= 10_000 && awards >= 10_000 && repeated >= 50, "{lines} {awards} {repeated}");
}
