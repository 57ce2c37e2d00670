//! `promo test [PATH…]`: the `test` blocks of every package, in the evaluator and in machine code.

use super::{Example, Page};
use crate::backend::{self, EngineName};
use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use crate::files;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Packages, or folders with packages at any depth
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
}

pub(crate) const PAGE: Page = Page {
    name: "test",
    about_zh: "运行测试：解释执行与机器码各一遍",
    arguments_zh: &[("paths", "政策包，或含政策包的文件夹（不限层数）")],
    examples: &[
        Example { command: "promo test", en: "the tests of the packages below the current folder", zh: "当前文件夹下各政策包的测试" },
        Example { command: "promo test policies examples/liquor", en: "several packages", zh: "多个政策包" },
    ],
};

/// Passed and failed tests.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: usize,
    failed: usize,
}

/// Runs everything before it says how it went; a package that does not compile counts as one failure.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let mut total = Count::default();
    for package in files::packages(&args.paths)? {
        let count = one(&package, console)?;
        total.passed += count.passed;
        total.failed += count.failed;
    }
    console.line(&counted(total, console))?;
    Ok(if total.failed > 0 { Exit::Policy } else { Exit::Fine })
}

fn one(folder: &Path, console: &mut Console) -> Result<Count, Failure> {
    let package = backend::read_package(folder)?;
    let compilation = backend::compile(&package);
    let mut count = Count::default();
    if backend::program(&compilation, console)?.is_none() {
        let name = folder.display();
        console.line(console_text(console, &format!("{name}: does not compile"), &format!("{name}：编译未通过")).as_str())?;
        return Ok(Count { failed: 1, ..count });
    }
    for test in backend::tests(&compilation) {
        // A test passes if it passes both ways; the engines are named where they differ.
        let failures: Vec<(EngineName, Vec<String>)> = [EngineName::Interp, EngineName::Jit]
            .into_iter()
            .map(|engine| backend::run_test(&compilation, test, engine, console.lang).map(|found| (engine, found)))
            .collect::<Result<_, Failure>>()?;
        if failures.iter().all(|(_, found)| found.is_empty()) {
            count.passed += 1;
            continue;
        }
        count.failed += 1;
        let title = backend::test_title(&compilation, test);
        console.line(&console_text(console, &format!("FAILED {title}"), &format!("未通过 {title}")))?;
        report(&failures, console)?;
    }
    let line = format!("{}: {}", folder.display(), counted(count, console));
    console.line(&line)?;
    Ok(count)
}

/// One list if both engines say the same, else one each.
fn report(failures: &[(EngineName, Vec<String>)], console: &mut Console) -> Result<(), Failure> {
    if let [(_, evaluator), (_, machine)] = failures
        && evaluator == machine
    {
        return evaluator.iter().try_for_each(|line| console.print(&indent(line, "  ")));
    }
    for (engine, lines) in failures {
        let engine = match engine {
            EngineName::Interp => console.say("in the evaluator", "解释执行"),
            EngineName::Jit => console.say("in machine code", "机器码"),
        };
        console.line(&format!("  {engine}:"))?;
        if lines.is_empty() {
            console.line(console.say("    passed", "    通过"))?;
        }
        lines.iter().try_for_each(|line| console.print(&indent(line, "    ")))?;
    }
    Ok(())
}

fn indent(text: &str, by: &str) -> String {
    text.lines().map(|line| format!("{by}{line}\n")).collect()
}

fn counted(count: Count, console: &Console) -> String {
    let Count { passed, failed } = count;
    console_text(console, &format!("{passed} passed, {failed} failed"), &format!("{passed} 通过，{failed} 未通过"))
}

fn console_text(console: &Console, en: &str, zh: &str) -> String {
    console.say(en, zh).to_owned()
}
