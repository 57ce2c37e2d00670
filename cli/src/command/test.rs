//! `promo test [PATH…]`: the `test` blocks of every package, in the evaluator and in machine code.

use super::{Example, Page};
use crate::case;
use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use crate::files;
use crate::lang::Lang;
use crate::package::Package;
use crate::scanner::EngineName;
use promo_compiler::pipeline::Compilation;
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
        Example {
            command: "promo test",
            en: "the tests of the packages below the current folder",
            zh: "当前文件夹下各政策包的测试",
        },
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
    let package = Package::compile(folder)?;
    let Compilation { sources, tests, .. } = &package.compilation;
    let (shown, mut count) = (folder.display(), Count::default());
    let Some(program) = package.program(console)? else {
        count.failed = 1;
        let text = match console.lang {
            Lang::En => format!("{shown}: does not compile"),
            Lang::Zh => format!("{shown}：编译未通过"),
        };
        console.line(&text)?;
        return Ok(count);
    };
    for test in tests {
        let ways = [EngineName::Interp, EngineName::Jit];
        let run = |engine| case::failures(test, program, sources, engine, console.lang);
        let [evaluator, machine] = ways.map(run);
        let (evaluator, machine) = (evaluator?, machine?);
        if evaluator.is_empty() && machine.is_empty() {
            count.passed += 1;
            continue;
        }
        count.failed += 1;
        console.line(&format!("{} {}", console.say("FAILED", "未通过"), test.title))?;
        report(&evaluator, &machine, console)?;
    }
    console.line(&format!("{shown}: {}", counted(count, console)))?;
    Ok(count)
}

/// One list if both ways say the same, else one each: then evaluator and machine code disagree, which is our bug.
fn report(evaluator: &[String], machine: &[String], console: &mut Console) -> Result<(), Failure> {
    if evaluator == machine {
        return evaluator.iter().try_for_each(|text| console.print(&indent(text, "  ")));
    }
    console.line(console.say(
        "  the evaluator and machine code disagree: a bug of promo, please report it",
        "  解释执行与机器码结果不一致：这是 promo 的缺陷，请报告",
    ))?;
    for (name, texts) in
        [(console.say("evaluator", "解释执行"), evaluator), (console.say("machine code", "机器码"), machine)]
    {
        console.line(&format!("  {name}:"))?;
        if texts.is_empty() {
            console.line(console.say("    passed", "    通过"))?;
        }
        texts.iter().try_for_each(|text| console.print(&indent(text, "    ")))?;
    }
    Ok(())
}

fn indent(text: &str, by: &str) -> String {
    text.lines().map(|line| format!("{by}{line}\n")).collect()
}

fn counted(count: Count, console: &Console) -> String {
    let Count { passed, failed } = count;
    match console.lang {
        Lang::En => format!("{passed} passed, {failed} failed"),
        Lang::Zh => format!("{passed} 通过，{failed} 未通过"),
    }
}
