//! The examples of `docs/codes` run: each wrong one gives its code and no other error, each right one gives none.
#![expect(clippy::unwrap_used, reason = "tests")]

mod book;

use promo_compiler::diagnostic::{Code, Diagnostic, Severity};
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

/// The first fenced block under a heading.
fn example(half: &str, heading: &str) -> Option<Example> {
    let (_, after) = half.split_once(heading)?;
    let (_, block) = after.split_once("```")?;
    let (tag, rest) = block.split_once('\n')?;
    let (text, _) = rest.split_once("\n```")?;
    let file = match tag.split_once(' ') {
        Some((_, file)) => file.to_owned(),
        None if tag == "promo" => "example.promo".to_owned(),
        None => return None,
    };
    Some(Example { file, text: format!("{text}\n") })
}

/// Codes of the errors found when the example is put into the package of the pages.
fn codes(code: &str, example: &Example) -> Vec<String> {
    let compilation = book::compile(&example.file, &example.text);
    if example.file != "events.ndjson" {
        // P038x are found when the notice of a draw is asked for.
        let request = Request { name: "codes", policies: &[], lang: Spelling::En };
        let mut compilation = compilation;
        if let (Some(hir), Some(program)) = (&compilation.hir, &compilation.program)
            && code.starts_with("P038")
            && let Err(missing) = doc::disclosure(hir, program, request, &compilation.files)
        {
            compilation.diagnostics.0.extend(missing.0);
        }
        let lint = |d: &Diagnostic| d.code.as_str().starts_with("P04");
        let found = compilation.diagnostics.0.iter().filter(|d| d.severity == Severity::Error || lint(d));
        let mut codes: Vec<String> = found.map(|d| d.code.to_string()).collect();
        codes.dedup();
        return codes;
    }
    let decoder = EventDecoder::new(&compilation.program.unwrap());
    let errors = example.text.lines().filter_map(|line| decoder.decode(line).err());
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
                let Some(example) = example(half, heading) else { continue };
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
