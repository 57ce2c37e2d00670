//! The examples of `docs/codes` run: each wrong one gives its code and no other error, each right one gives none.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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

/// Codes of the errors `promo` finds when the example is put into the package of the pages.
fn codes(example: &Example, name: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages").join(name);
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/codes/package");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(package).unwrap() {
        let from = entry.unwrap().path();
        fs::copy(&from, folder.join(from.file_name().unwrap())).unwrap();
    }
    fs::write(folder.join(&example.file), &example.text).unwrap();
    if example.file == "regions.csv" {
        let manifest = fs::read_to_string(folder.join("promo.toml")).unwrap();
        fs::write(folder.join("promo.toml"), manifest + "regions = \"regions.csv\"\n").unwrap();
    }
    let mut promo = Command::new(env!("CARGO_BIN_EXE_promo"));
    promo.env_clear();
    if example.file == "events.ndjson" {
        promo.arg("run").arg(&folder).arg("--events").arg(folder.join("events.ndjson"));
        let output = promo.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        return said.split(['[', ']']).filter(|word| is_code(word)).map(str::to_owned).collect();
    }
    let output = promo.args(["check", "--format", "json"]).arg(&folder).output().unwrap();
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let errors = found["diagnostics"].as_array().unwrap().iter().filter(|d| d["severity"] == "error");
    let mut codes: Vec<String> = errors.map(|d| d["code"].as_str().unwrap().to_owned()).collect();
    codes.dedup();
    codes
}

fn is_code(word: &str) -> bool {
    word.len() == 5 && word.starts_with('P') && word.bytes().skip(1).all(|byte| byte.is_ascii_digit())
}

/// Every page, `P0101` with its text.
fn pages() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/codes");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |file: &PathBuf| file.file_stem().unwrap().to_str().unwrap().to_owned();
    let pages = files.iter().filter(|file| is_code(&name(file)));
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
                let found = codes(&example, &format!("{code}-{checked}"));
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
