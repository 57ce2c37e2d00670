//! Every package of the library and of the examples compiles and passes its own tests.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use promo_compiler::diagnostic::{Lang, render};
use promo_compiler::ir::key::StateKey;
use promo_compiler::ir::record::Id;
use promo_compiler::ir::settle::{Decision, KeyedDraws, Refusal, StateView, reference_decide};
use promo_compiler::package::{InputFile, PackageInput};
use promo_compiler::pipeline::{self, Compilation};
use promo_compiler::testing::ExpectedAward;
use promo_runtime::event::{EventDecoder, IdTexts};
use promo_runtime::store::{Commit, CommitOutcome, MemoryStore, StateStore};
use promo_runtime::{Backend, Engine, Scratch};
use std::collections::BTreeMap;
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
    found
}

fn compile(folder: &Path) -> Compilation {
    let files = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let wanted = files.filter(|f| f.extension().is_some_and(|e| e == "promo" || e == "csv" || e == "toml"));
    let files = wanted.map(|f| {
        let name = f.file_name().unwrap().to_string_lossy().into_owned();
        InputFile::from_bytes(name, std::fs::read(&f).unwrap())
    });
    let input = PackageInput { root_name: String::new(), files: files.collect(), manifest_optional: false };
    pipeline::compile(&input)
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

#[derive(Default)]
struct State {
    counters: BTreeMap<StateKey, i64>,
    links: BTreeMap<StateKey, Vec<i64>>,
    answered: BTreeMap<u128, Decision>,
}

impl StateView for State {
    fn counter(&self, key: &StateKey) -> i64 {
        self.counters.get(key).copied().unwrap_or(0)
    }

    fn link(&self, key: &StateKey) -> Option<&[i64]> {
        self.links.get(key).map(Vec::as_slice)
    }
}

fn reason(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::OutOfScope(_) => "out_of_scope",
        Refusal::Condition(_) => "condition",
        Refusal::NothingDue => "nothing_due",
        Refusal::UnknownParty => "unknown_party",
        Refusal::AlreadyPaid => "already_paid",
        Refusal::Limit(_) => "limit",
        Refusal::Budget => "budget",
        Refusal::GroupNotChosen(_) => "group_not_chosen",
    }
}

/// Amounts to one party of one kind and item add up.
fn merged(mut awards: Vec<ExpectedAward>) -> Vec<ExpectedAward> {
    awards.sort();
    let mut all: Vec<ExpectedAward> = Vec::new();
    for award in awards {
        match all.last_mut() {
            Some(last) if last.to == award.to && last.kind == award.kind && last.item == award.item => {
                last.amount += award.amount;
            }
            _ => all.push(award),
        }
    }
    all
}

#[test]
fn every_test_block_passes() {
    let mut wrong = String::new();
    let mut steps = 0;
    for folder in all() {
        let c = compile(&folder);
        let Some(program) = &c.program else { continue };
        let decoder = EventDecoder::new(program);
        let draws = KeyedDraws::new([0; 32]);
        for case in &c.tests {
            let mut state = State::default();
            for step in &case.steps {
                let (mut awards, mut reasons) = (Vec::new(), Vec::new());
                for json in &step.events {
                    let mut texts = IdTexts::default();
                    let mut event = promo_compiler::ir::record::EventRecord {
                        event: promo_compiler::ir::EventId(0),
                        words: Vec::new(),
                    };
                    if let Err(e) = decoder.decode_into(json.as_bytes(), &mut event, &mut texts) {
                        wrong.push_str(&format!("{} / {}: {json}: {e:?}\n", folder.display(), case.title));
                        break;
                    }
                    let id: Id = event.id();
                    let decision = match state.answered.get(&id.0) {
                        Some(decision) => decision.clone(),
                        None => {
                            let decision = reference_decide(program, &event, &state, &draws).unwrap();
                            for change in &decision.changes {
                                *state.counters.entry(change.key).or_default() += change.delta;
                            }
                            for key in &decision.links {
                                state.links.insert(*key, event.words.clone());
                            }
                            state.answered.insert(id.0, decision.clone());
                            decision
                        }
                    };
                    for a in &decision.awards {
                        awards.push(ExpectedAward {
                            to: texts.text(a.payee).unwrap_or_default(),
                            kind: program.kinds[a.kind.index()].name.clone(),
                            item: a.item.map(|i| program.items[i.index()].name.clone()),
                            amount: a.amount,
                        });
                    }
                    reasons.extend(decision.refusals.iter().map(|r| reason(r.refusal)));
                }
                let Some(expect) = &step.expect else { continue };
                steps += 1;
                let (paid, due) = (merged(awards), merged(expect.awards.clone()));
                let because = expect.because.as_ref().is_none_or(|b| reasons.contains(&b.as_str()));
                if paid != due || !because {
                    let line = c.sources.get(expect.at.source).map_or(0, |s| {
                        s.text.bytes().take(expect.at.span.start as usize).filter(|b| *b == b'\n').count() + 1
                    });
                    wrong.push_str(&format!(
                        "{}:{line} / {}\n  paid {paid:?}\n  due  {due:?} {:?}\n  why  {reasons:?}\n",
                        folder.display(),
                        case.title,
                        expect.because
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(steps > 50, "only {steps} expectations");
}

#[test]
fn both_spellings_have_one_semantic_hash() {
    let mut twins = 0;
    for folder in all() {
        let twin = folder.join("en");
        if !twin.join("promo.toml").is_file() {
            continue;
        }
        twins += 1;
        let (zh, en) = (compile(&folder).program.unwrap(), compile(&twin).program.unwrap());
        assert!(!zh.semantic_hash.is_empty());
        assert_eq!(zh.semantic_hash, en.semantic_hash, "{}", folder.display());
    }
    assert!(twins >= 3, "only {twins} twins");
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
