//! The examples of `docs/codes` run: each wrong one gives its code and no other error, each right one gives none.
#![expect(clippy::unwrap_used, reason = "tests")]

mod book;

use promo_compiler::diagnostic::Code;
use promo_compiler::doc::{self, Request};
use promo_compiler::source::Spelling;
use promo_runtime::event::EventDecoder;
use std::fs;
use std::path::{Path, PathBuf};

/// A fenced example: the file it stands for and its text.
struct Example {
    file: String,
    text: String,
}

/// The fenced blocks under a heading; none if it has none.
fn example(half: &str, heading: &str) -> Vec<Example> {
    let after = half.split_once(heading).map_or("", |(_, after)| after);
    let section = after.split("\n## ").next().unwrap_or(after);
    let mut found = Vec::new();
    for block in section.split("\n```").skip(1).step_by(2) {
        let (tag, text) = block.split_once('\n').unwrap();
        let file = match tag.split_once(' ') {
            Some((_, file)) => file.to_owned(),
            None if tag == "promo" => "example.promo".to_owned(),
            None => continue,
        };
        found.push(Example { file, text: format!("{text}\n") });
    }
    found
}

/// Codes of what is found when the example is put into the package of the pages.
fn codes(page: &str, example: &[Example]) -> Vec<String> {
    let files: Vec<(&str, &str)> = example.iter().map(|e| (e.file.as_str(), e.text.as_str())).collect();
    let mut compilation = book::compile(&files);
    // These are found when the notice of a draw is asked for.
    let request = Request { name: "codes", policies: &[], lang: Spelling::En };
    if let (Some(hir), Some(program)) = (&compilation.hir, &compilation.program)
        && ("P0380"..="P0383").contains(&page)
        && let Err(missing) = doc::disclosure(hir, program, request, &compilation.files)
    {
        compilation.diagnostics.0.extend(missing.0);
    }
    let Some(events) = example.iter().find(|e| e.file == "events.ndjson") else {
        let mut codes: Vec<String> = compilation.diagnostics.0.iter().map(|d| d.code.to_string()).collect();
        codes.dedup();
        return codes;
    };
    let decoder = EventDecoder::new(&compilation.program.unwrap());
    let errors = events.text.lines().filter_map(|line| decoder.decode(line).err());
    errors.map(|error| error.code().to_string()).collect()
}

/// Every page, `P0101` with its text.
fn pages() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/codes");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |file: &PathBuf| file.file_stem().unwrap().to_str().unwrap().to_owned();
    let pages = files.iter().filter(|file| Code::parse(&name(file)).is_some());
    pages.map(|file| (name(file), fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn every_wrong_example_gives_its_code_and_every_right_one_none() {
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for (code, text) in pages() {
        let (zh, en) = text.split_once("\n---\n").unwrap();
        for (half, bad, good) in [(zh, "## 错误", "## 正确"), (en, "## Wrong", "## Right")] {
            for (heading, expected) in [(bad, vec![code.clone()]), (good, vec![])] {
                let example = example(half, heading);
                if example.is_empty() {
                    continue;
                }
                let found = codes(&code, &example);
                checked += 1;
                if found != expected {
                    wrong.push(format!("{code} {heading}: {found:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 100, "{checked} examples");
}
