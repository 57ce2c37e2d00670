//! The program as a user meets it: languages, exit codes, pipes. Needs no package.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::Read;
use std::process::{Command, Output, Stdio};

fn promo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promo"));
    command.args(arguments).env_clear().env("LC_ALL", "C");
    command
}

fn run(arguments: &[&str]) -> Output {
    promo(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn help_is_fine_and_lists_every_command() {
    let output = run(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    for command in ["new", "check", "run", "test", "fmt", "explain", "doc", "schema", "table", "dump", "completions"] {
        assert!(stdout(&output).contains(&format!("\n  {command} ")), "{command}");
    }
    assert_eq!(stderr(&output), "");
}

#[test]
fn the_environment_chooses_the_language_and_the_flag_overrides_it() {
    let chinese = promo(&["--help"]).env("LC_ALL", "zh_CN.UTF-8").output().unwrap();
    assert!(stdout(&chinese).contains("用法："));
    let english = promo(&["--lang", "en", "--help"]).env("LC_ALL", "zh_CN.UTF-8").output().unwrap();
    assert!(stdout(&english).contains("Usage:"));
}

#[test]
fn a_wrong_command_line_exits_with_2_and_says_so_on_standard_error() {
    for arguments in [&["chekc"][..], &["check", "--colour"], &["run", "x"], &[]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert!(!stderr(&output).is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_page_is_explained_in_the_language_of_messages() {
    let english = run(&["explain", "p0107"]);
    assert_eq!(english.status.code(), Some(0));
    assert!(stdout(&english).starts_with("# P0107 "));
    assert!(stdout(&english).contains("## Wrong") && !stdout(&english).contains("## 错误"));
    let chinese = run(&["explain", "P0107", "--lang", "zh"]);
    assert!(stdout(&chinese).contains("## 错误") && !stdout(&chinese).contains("## Wrong"));
}

#[test]
fn an_unknown_code_exits_with_2() {
    let output = run(&["explain", "P9999"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("`P9999`"));
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let output = run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        assert!(stdout(&output).contains("explain"), "{shell}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_command_quietly() {
    let mut child = promo(&["completions", "zsh"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(said, "");
}

#[test]
fn no_colour_reaches_a_pipe() {
    let output = run(&["explain", "nothing"]);
    assert!(!stderr(&output).contains('\u{1b}'));
}
