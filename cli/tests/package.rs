//! From a new package to paid scans, as a user would go: new, check, test, run, schema, dump.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::{promo, stdout, text};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// An empty folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    program::folder("package", name)
}

/// What it said on standard error, after it ended with this code.
fn stderr(folder: &Path, line: &str, code: i32) -> String {
    let output = promo(folder, line);
    assert_eq!(output.status.code(), Some(code), "{line}\n{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stderr)
}

fn edit(file: &Path, from: &str, to: &str) {
    let old = fs::read_to_string(file).unwrap();
    assert!(old.contains(from), "{from} in {old}");
    fs::write(file, old.replacen(from, to, 1)).unwrap();
}

/// The library, the example and the regressions, on both engines, as `promo test` runs them.
#[test]
fn every_test_block_of_the_repository_passes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let said = stdout(root, "test policies examples tests/regressions", 0);
    let last = said.lines().last().unwrap();
    let (passed, failed) = last.split_once(" passed, ").unwrap();
    assert_eq!(failed, "0 failed", "{said}");
    assert!(passed.parse::<u32>().unwrap() >= 52, "{said}");
}

#[test]
fn a_new_package_is_clean_tested_and_pays_in_both_spellings() {
    let at = folder("clean");
    for spelling in ["en", "zh"] {
        stdout(&at, &format!("new {spelling} --spelling {spelling}"), 0);
        let table = stdout(&at, &format!("check {spelling}"), 0);
        assert!(table.contains("open_box_gift") && table.contains("100,000 yuan, stop"), "{table}");
        assert!(table.ends_with("0 errors, 0 warnings\n"), "{table}");
        assert!(stdout(&at, &format!("test {spelling}"), 0).ends_with("1 passed, 0 failed\n"));
        let run = format!("run {spelling} --events {spelling}/events.ndjson");
        let decisions: Vec<Value> =
            stdout(&at, &run, 0).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(decisions.len(), 3);
        assert_eq!(decisions[0]["awards"][0]["amount"], 500);
        assert_eq!(decisions[0]["awards"][1]["amount"], 600);
        assert_eq!(decisions[1]["refusals"][0]["reason"], "already_paid");
        assert_eq!(decisions[2]["refusals"][0]["reason"], "condition");
        assert!(stderr(&at, &run, 0).contains("3 events"));
    }
}

#[test]
fn machine_code_and_evaluator_print_the_same_bytes() {
    let at = folder("engines");
    stdout(&at, "new p", 0);
    let run = |more: &str| stdout(&at, &format!("run p --events p/events.ndjson --explain{more}"), 0);
    assert_eq!(run(" --engine jit"), run(" --engine interp"));
    assert!(run("").contains("once per case"));
}

#[test]
fn an_existing_folder_is_never_touched() {
    let at = folder("exists");
    fs::create_dir(at.join("p")).unwrap();
    fs::write(at.join("p/mine"), "mine").unwrap();
    assert!(stderr(&at, "new p", 2).contains("`p`"));
    assert_eq!(fs::read_to_string(at.join("p/mine")).unwrap(), "mine");
    assert_eq!(fs::read_dir(&at).unwrap().count(), 1);
}

#[test]
fn an_error_exits_with_1_and_is_in_every_format() {
    let at = folder("formats");
    stdout(&at, "new p", 0);
    edit(&at.join("p/open_box.promo"), "products all", "products SKU-01");
    for format in ["human", "line", "json", "sarif", "github", "gitlab", "junit"] {
        let report = stdout(&at, &format!("check p --format {format}"), 1);
        assert!(report.contains("p/open_box.promo"), "{format}: {report}");
        assert!(report.contains("SKU-01"), "{format}: {report}");
        if ["json", "sarif", "gitlab"].contains(&format) {
            serde_json::from_str::<Value>(&report).unwrap();
        }
    }
    let report: Value = serde_json::from_str(&stdout(&at, "check p --format json", 1)).unwrap();
    assert_eq!(report["hash"], Value::Null);
    // What cannot be run is not run, and says why where it is read.
    assert!(stderr(&at, "run p --events p/events.ndjson", 1).contains("SKU-01"));
    assert!(stdout(&at, "test p", 1).ends_with("0 passed, 1 failed\n"));
}

#[test]
fn a_clean_package_has_hashes_that_follow_the_meaning() {
    let at = folder("hashes");
    stdout(&at, "new p", 0);
    let hash = || {
        let report: Value = serde_json::from_str(&stdout(&at, "check p --format json", 0)).unwrap();
        assert_eq!(report["package"], "p");
        assert_eq!(report["policies"][0]["name"], "open_box_gift");
        report["hash"].as_str().unwrap().to_owned()
    };
    let before = hash();
    assert!(before.len() >= 16, "{before}");
    edit(&at.join("p/open_box.promo"), "once per case", "once   per case // a comment");
    assert_eq!(hash(), before);
    edit(&at.join("p/open_box.promo"), "net 5 yuan", "net 5.01 yuan");
    assert_ne!(hash(), before);
}

#[test]
fn a_failed_test_says_what_was_paid_and_exits_with_1() {
    let at = folder("failed");
    stdout(&at, "new p", 0);
    edit(&at.join("p/open_box.promo"), "expect S1: 5 yuan cash", "expect S1: 4 yuan cash");
    let report = stdout(&at, "test p", 1);
    assert!(report.contains("expected") && report.contains("S1: 4 yuan cash") && report.contains("S1: 5 yuan cash"));
    assert!(report.ends_with("0 passed, 1 failed\n"), "{report}");
}

#[test]
fn a_bad_line_stops_the_run_with_line_and_field_and_changes_nothing() {
    let at = folder("bad-line");
    stdout(&at, "new p", 0);
    let events = at.join("p/events.ndjson");
    let good = fs::read_to_string(&events).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    let cases = [
        (lines[0].replace("SKU-001", "SKU-01"), "P0506", "product"),
        (lines[0].replace("成都", "成渝"), "P0507", "store.region"),
        (lines[0].replace("\"case\":\"C1\",", ""), "P0503", "case"),
        (lines[0].chars().take(60).collect(), "P0502", "JSON"),
        (lines[0].replacen('{', "{\"schema\":\"00\",", 1), "P0511", "schema"),
    ];
    for (bad, code, field) in cases {
        // The bad line speaks of the same case as the line behind it, which must still be paid.
        fs::write(&events, format!("{}\n\n{bad}\n{}\n", lines[2], lines[0])).unwrap();
        let output = promo(&at, "run p --events p/events.ndjson");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert_eq!(text(&output.stdout).lines().count(), 1);
        assert!(said.contains("p/events.ndjson:3: "), "{said}");
        assert!(said.contains(code) && said.contains(field), "{said}");

        let kept = stdout(&at, "run p --events p/events.ndjson --keep-going", 2);
        let kept: Vec<Value> = kept.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(kept[1]["line"], 3);
        assert_eq!(kept[1]["error"]["code"], code);
        assert_eq!(kept[2]["awards"][0]["amount"], 500, "{code}");
    }
}

#[test]
fn the_same_event_again_is_answered_as_before_and_pays_once() {
    let at = folder("again");
    stdout(&at, "new p", 0);
    let events = at.join("p/events.ndjson");
    let good = fs::read_to_string(&events).unwrap();
    let first = good.lines().next().unwrap();
    fs::write(&events, format!("{first}\n{first}\n")).unwrap();
    let answers = stdout(&at, "run p --events p/events.ndjson", 0);
    let answers: Vec<&str> = answers.lines().collect();
    assert_eq!(answers[0], answers[1]);
    let totals = stderr(&at, "run p --events p/events.ndjson", 0);
    assert!(totals.contains("1 of them repeated") && totals.contains("cash: 1 awards, 5 yuan"), "{totals}");
    // The same id with other facts is not a retry.
    fs::write(&events, format!("{first}\n{}\n", first.replace("C1", "C9"))).unwrap();
    assert!(stderr(&at, "run p --events p/events.ndjson", 2).contains("P0515"));
}

#[test]
fn files_that_are_not_there_exit_with_2() {
    let at = folder("missing");
    stdout(&at, "new p", 0);
    assert!(stderr(&at, "check q", 2).contains("`q`"));
    assert!(stderr(&at, "test q", 2).contains("`q`"));
    assert!(stderr(&at, "run p --events q", 2).contains("`q`"));
    assert!(stderr(&at, "run p --events p/events.ndjson --secret q", 2).contains("`q`"));
    assert!(stderr(&at, "run p --events p/events.ndjson --secret p/promo.toml", 2).contains("64"));
}

#[test]
fn every_stage_can_be_dumped_and_the_schema_is_json() {
    let at = folder("stages");
    stdout(&at, "new p", 0);
    for stage in ["ast", "hir", "typed", "ir", "clif"] {
        let dump = stdout(&at, &format!("dump p --stage {stage}"), 0);
        assert!(dump.len() > 100 && dump.ends_with('\n'), "{stage}");
    }
    let schema: Value = serde_json::from_str(&stdout(&at, "schema p", 0)).unwrap();
    let store = &schema["oneOf"][0]["properties"]["store"];
    assert_eq!(store["properties"]["grade"]["enum"], serde_json::json!(["A", "B", "C"]));
}

#[test]
fn fmt_converts_both_ways_without_losing_a_comment_or_the_meaning() {
    let at = folder("fmt");
    stdout(&at, "new p", 0);
    let hash = || {
        let report: Value = serde_json::from_str(&stdout(&at, "check p --format json", 0)).unwrap();
        report["hash"].as_str().unwrap().to_owned()
    };
    let read = || fs::read_to_string(at.join("p/open_box.promo")).unwrap();
    let (before, english) = (hash(), read());
    assert_eq!(stdout(&at, "fmt p --check", 0), "", "new packages are laid out");

    let changed = stdout(&at, "fmt p --check --lang zh", 1);
    assert!(changed.contains("p/open_box.promo") && changed.contains("p/channel.promo"), "{changed}");
    assert_eq!(read(), english, "--check changes nothing");

    stdout(&at, "fmt --lang zh p", 0);
    let chinese = read();
    assert!(chinese.contains("政策 open_box_gift") && chinese.contains("奖励 门店 红包 税后"), "{chinese}");
    let comments = |text: &str| text.lines().filter(|line| line.trim_start().starts_with("//")).count();
    assert_eq!(comments(&chinese), comments(&english));
    assert_eq!(hash(), before);
    assert!(stdout(&at, "test p", 0).ends_with("1 passed, 0 failed\n"));

    stdout(&at, "fmt --lang en p", 0);
    assert_eq!(read(), english);
    assert_eq!(hash(), before);
}

#[test]
fn fmt_lays_out_what_is_not_and_leaves_a_broken_file_alone() {
    let at = folder("fmt-layout");
    stdout(&at, "new p --spelling zh", 0);
    let file = at.join("p/open_box.promo");
    let laid_out = fs::read_to_string(&file).unwrap();
    assert_eq!(stdout(&at, "fmt p --check", 0), "", "new packages are laid out");
    edit(&file, "    每 箱 一次", "每箱一次");
    assert_eq!(stdout(&at, "fmt p/open_box.promo --check", 1), "p/open_box.promo\n");
    stdout(&at, "fmt p", 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), laid_out);

    edit(&file, "每 箱 一次", "每 箱 一次 {");
    let broken = fs::read_to_string(&file).unwrap();
    assert!(stderr(&at, "fmt p", 1).contains("P01"));
    assert_eq!(fs::read_to_string(&file).unwrap(), broken);
}

#[test]
fn a_contract_is_written_in_both_languages_and_formats() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let md = stdout(root, "doc examples/liquor cap_draw --lang zh", 0);
    assert!(md.contains("预算：30,000元") && md.contains("| 红包（税后）18元 | 1% |"), "{md}");
    let at = folder("doc");
    let file = at.join("contract.html");
    let line = format!("doc examples/liquor --lang en --format html -o {}", file.display());
    assert_eq!(stdout(root, &line, 0), "");
    let page = fs::read_to_string(&file).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("Budget: 30,000 yuan."), "{page}");
    // Written over in one step, and nothing else is left beside it.
    assert_eq!(stdout(root, &line, 0), "");
    assert_eq!(fs::read_dir(&at).unwrap().count(), 1);
}

#[test]
fn a_notice_says_what_it_lacks_and_only_policies_that_draw_have_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let notice = stdout(root, "doc examples/liquor --disclosure --lang zh", 0);
    assert!(notice.contains("400-800-1952") && notice.contains("单个奖项最高价值888元"), "{notice}");
    let missing = stderr(root, "doc policies/taishan-prizes --disclosure", 1);
    for code in ["P0380", "P0381", "P0383"] {
        assert!(missing.contains(code), "{code} in {missing}");
    }
    stderr(root, "doc examples/liquor member_points --disclosure", 2);
    assert!(stderr(root, "doc examples/liquor no_such", 2).contains("member_points"));
}
