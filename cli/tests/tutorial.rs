//! The tutorials run: every file they show is written, every command they show is executed, and what they say it
//! prints is what it prints. `PROMO_BLESS=1` writes the real output into the pages.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A line of a page, as it is read from top to bottom.
enum Line<'a> {
    /// Prose, and the fences themselves.
    Prose(&'a str),
    /// A line of a file the reader writes.
    File(&'a str),
    /// `$ promo …`
    Command(&'a str),
    /// What a command prints.
    Output,
}

/// What fence the reader is in.
#[derive(Clone, PartialEq)]
enum Fence {
    None,
    File(PathBuf),
    Console,
    Other,
}

fn fence(info: &str) -> Fence {
    match info.split_once(' ') {
        Some(("promo" | "toml" | "csv" | "json", file)) => Fence::File(file.into()),
        _ if info == "console" => Fence::Console,
        _ => Fence::Other,
    }
}

/// Runs a page in an empty folder; the page with real output, and how many files and commands it had.
fn played(page: &str, locale: &str, folder: &Path) -> (String, usize, usize) {
    let (mut now, mut file, mut output) = (Fence::None, String::new(), String::new());
    let (mut text, mut files, mut commands) = (String::new(), 0, 0);
    for line in page.lines() {
        let read = match (&now, line.strip_prefix("```")) {
            (Fence::None, Some(info)) => {
                now = fence(info.trim());
                file.clear();
                Line::Prose(line)
            }
            (Fence::File(name), Some(_)) => {
                let path = folder.join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, &file).unwrap();
                files += 1;
                now = Fence::None;
                Line::Prose(line)
            }
            (_, Some(_)) => {
                text.push_str(&std::mem::take(&mut output));
                now = Fence::None;
                Line::Prose(line)
            }
            (Fence::File(_), None) => Line::File(line),
            (Fence::Console, None) => line.strip_prefix("$ ").map_or(Line::Output, Line::Command),
            (_, None) => Line::Prose(line),
        };
        match read {
            Line::Output => {}
            Line::Prose(line) => text.push_str(&format!("{line}\n")),
            Line::File(line) => {
                file.push_str(&format!("{line}\n"));
                text.push_str(&format!("{line}\n"));
            }
            Line::Command(command) => {
                text.push_str(&format!("{}$ {command}\n", std::mem::take(&mut output)));
                output = run(command, locale, folder);
                commands += 1;
            }
        }
    }
    (text, files, commands)
}

/// What a command prints: standard output, then standard error.
fn run(command: &str, locale: &str, folder: &Path) -> String {
    let arguments: Vec<&str> = command.strip_prefix("promo ").unwrap().split_whitespace().collect();
    let mut promo = Command::new(env!("CARGO_BIN_EXE_promo"));
    let done = promo.args(arguments).current_dir(folder).env_clear().env("LC_ALL", locale).output().unwrap();
    let said = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    let lines = said.lines().map(|line| format!("{}\n", line.trim_end()));
    lines.collect::<String>().trim_end().lines().map(|line| format!("{line}\n")).collect()
}

fn follows(name: &str, locale: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let written = fs::read_to_string(&page).unwrap();
    let (real, files, commands) = played(&written, locale, &folder);
    if std::env::var_os("PROMO_BLESS").is_some() {
        fs::write(&page, &real).unwrap();
    } else {
        let differs = written.lines().zip(real.lines()).enumerate().find(|(_, (a, b))| a != b);
        assert!(written == real, "docs/{name} says something else first at {differs:?}; PROMO_BLESS=1 writes it anew");
    }
    assert!(files >= 4 && commands >= 6, "{files} files, {commands} commands");
}

#[test]
fn the_english_tutorial_can_be_followed_word_for_word() {
    follows("tutorial.md", "C");
}

#[test]
fn the_chinese_tutorial_can_be_followed_word_for_word() {
    follows("tutorial.zh.md", "zh_CN.UTF-8");
}
