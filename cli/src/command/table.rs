//! `promo table import|export`: a sheet with two bounds per row becomes a tier ladder, and a ladder the same sheet.

use super::{Example, Page};
use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use crate::package::Package;
use crate::report;
use crate::workbook;
use promo_compiler::ast::{Clause, Item, TierMode};
use promo_compiler::diagnostic::{Diagnostics, render};
use promo_compiler::ladder::{self, Edge, Exported, Options};
use promo_compiler::package::is_workbook;
use promo_compiler::source::SourceMap;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Turn a sheet with two bounds per row into a tier ladder
    Import(ImportArgs),
    /// Write the ladder of a policy as a sheet
    Export(ExportArgs),
}

#[derive(clap::Args)]
struct ImportArgs {
    /// CSV file or Excel workbook
    file: PathBuf,
    /// Sheet of the workbook; may be left out where there is one
    #[arg(long)]
    sheet: Option<String>,
    /// How rows combine
    #[arg(long, value_enum)]
    mode: Option<Mode>,
    /// Header of the lower bounds
    #[arg(long, value_name = "COLUMN")]
    from: Option<String>,
    /// Header of the upper bounds
    #[arg(long, value_name = "COLUMN")]
    to: Option<String>,
    /// Header of the values
    #[arg(long, value_name = "COLUMN")]
    value: Option<String>,
    /// Which of two rows owns a number both name
    #[arg(long, value_enum)]
    edge: Option<Owner>,
    /// What is measured, as the policy will say it
    #[arg(long, value_name = "MEASURE")]
    by: Option<String>,
}

#[derive(clap::Args)]
struct ExportArgs {
    /// Folder with promo.toml
    package: PathBuf,
    /// The policy; `policy/2` is its second rule, `policy/2/1` the first ladder there
    policy: String,
    /// Write to this file, CSV or .xlsx, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Mode {
    Whole,
    Marginal,
    Highest,
    Each,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Owner {
    Next,
    Previous,
}

pub(crate) const PAGE: Page = Page {
    name: "table",
    about_zh: "阶梯表与政策互转：导入 import，导出 export",
    arguments_zh: &[],
    examples: &[Example {
        command: "promo table import tiers.csv --mode highest",
        en: "the ladder of a sheet, or what it leaves open",
        zh: "把表转成阶梯，或指出表中没有说清的地方",
    }],
};

pub(crate) const IMPORT: Page = Page {
    name: "table import",
    about_zh: "把每行有上下限的表转成阶梯",
    arguments_zh: &[
        ("file", "CSV 文件或 Excel 文件"),
        ("sheet", "工作表；只有一个时可不写"),
        ("mode", "计算方式：whole 全额、marginal 分段、highest 取高、each 累加"),
        ("from", "下限所在列的列名"),
        ("to", "上限所在列的列名"),
        ("value", "奖励所在列的列名"),
        ("edge", "两档都写了同一个数时归哪一档：next 归后一档，previous 归前一档"),
        ("by", "按什么计算，照政策里的写法"),
    ],
    examples: &[
        Example {
            command: "promo table import tiers.xlsx --sheet 2026 --mode marginal",
            en: "a ladder in the spelling of `--lang`, for the clipboard",
            zh: "按 `--lang` 的写法输出阶梯，可直接粘贴",
        },
        Example {
            command: "promo table import tiers.csv --mode highest --edge next --from 起 --to 止 --value 返点",
            en: "headers of its own, and 100 belongs to the row that begins there",
            zh: "指明列名，两档共有的数归从它开始的一档",
        },
    ],
};

pub(crate) const EXPORT: Page = Page {
    name: "table export",
    about_zh: "把政策中的阶梯写成表",
    arguments_zh: &[
        ("package", "含 promo.toml 的文件夹"),
        ("policy", "政策；`政策/2` 是它的第二条规则，`政策/2/1` 是其中第一个阶梯"),
        ("output", "写入此文件（CSV 或 .xlsx），不写则输出到屏幕"),
    ],
    examples: &[Example {
        command: "promo table export policies/waiter-monthly waiter_monthly -o tiers.xlsx",
        en: "the sheet that `promo table import` reads back",
        zh: "导出的表可以再用 `promo table import` 读回",
    }],
};

/// Does either.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    match &args.action {
        Action::Import(args) => import(args, console),
        Action::Export(args) => export(args, console),
    }
}

fn import(args: &ImportArgs, console: &mut Console) -> Result<Exit, Failure> {
    let (sheet, text) = sheet(args)?;
    let options = Options {
        from: args.from.clone(),
        to: args.to.clone(),
        value: args.value.clone(),
        mode: args.mode.map(|mode| match mode {
            Mode::Whole => TierMode::Whole,
            Mode::Marginal => TierMode::Marginal,
            Mode::Highest => TierMode::Highest,
            Mode::Each => TierMode::Each,
        }),
        edge: args.edge.map(|edge| match edge {
            Owner::Next => Edge::Next,
            Owner::Previous => Edge::Previous,
        }),
        by: args.by.clone(),
        sheet,
        spelling: console.lang,
    };
    let mut sources = SourceMap::default();
    let source = sources.add(args.file.display().to_string(), text.as_str());
    let mut found = Diagnostics::default();
    let ladder = ladder::import(source, &text, &options, &mut found);
    match ladder {
        Some(ladder) => {
            console.print(&ladder)?;
            Ok(Exit::Fine)
        }
        None => {
            found.sort();
            let shown = render::all(render::Format::Human, &found, &sources, console.lang, console.color_err);
            console.note(&format!("{shown}\n{}", report::counted(&found, console.lang)))?;
            Ok(Exit::Policy)
        }
    }
}

/// The sheet's name, if it is one of a workbook, and its text.
fn sheet(args: &ImportArgs) -> Result<(Option<String>, String), Failure> {
    let shown = args.file.display();
    if !is_workbook(&args.file.to_string_lossy()) {
        if args.sheet.is_some() {
            return Err(Failure::new(format!("`{shown}` has no sheets"), format!("`{shown}` 没有工作表")));
        }
        return crate::files::read(&args.file).map(|text| (None, text));
    }
    let bytes = std::fs::read(&args.file).map_err(|error| Failure::file(&args.file, &error))?;
    let sheets = workbook::sheets(bytes);
    let names: Vec<String> = sheets.iter().map(|(name, _)| format!("`{name}`")).collect();
    let wanted = |name: &String| args.sheet.as_ref().map_or(sheets.len() == 1, |sheet| sheet == name);
    match sheets.iter().find(|(name, _)| wanted(name)) {
        Some((name, text)) => Ok((Some(name.clone()), text.clone())),
        None if sheets.is_empty() => Err(Failure::new(
            format!("`{shown}` cannot be read as an Excel workbook"),
            format!("`{shown}` 无法作为 Excel 文件读取"),
        )),
        None => Err(Failure::new(
            format!("say which sheet with `--sheet`: {}", names.join(", ")),
            format!("请用 `--sheet` 指明工作表：{}", names.join("、")),
        )),
    }
}

fn export(args: &ExportArgs, console: &mut Console) -> Result<Exit, Failure> {
    let package = Package::compile(&args.package)?;
    if package.program(console)?.is_none() {
        return Ok(Exit::Policy);
    }
    let mut parts = args.policy.split('/');
    let name = parts.next().unwrap_or_default();
    let number = |text: Option<&str>| match text.map(str::parse::<usize>) {
        None => Ok(None),
        Some(Ok(n)) if n > 0 => Ok(Some(n)),
        _ => Err(Failure::new(
            "a rule or ladder is named by its number from 1: `policy/2/1`",
            "规则与阶梯按从 1 起的序号指明：`政策/2/1`",
        )),
    };
    let (rule, ladder) = (number(parts.next())?, number(parts.next())?);
    let Some((clauses, text)) = clauses(&package, name) else {
        return Err(Failure::new(format!("there is no policy `{name}`"), format!("没有政策 `{name}`")));
    };
    let found = ladder::export(clauses, rule, text, console.lang);
    let count = found.len();
    let chosen = match ladder {
        Some(n) => found.get(n - 1),
        None => found.first().filter(|_| count == 1),
    };
    let Some(sheet) = chosen else {
        return Err(match count {
            0 => Failure::new(format!("`{}` has no tier ladder", args.policy), format!("`{}` 中没有阶梯", args.policy)),
            _ => Failure::new(
                format!("`{}` has {count} ladders: name one as `{name}/RULE/LADDER`", args.policy),
                format!("`{}` 中有 {count} 个阶梯：请写成 `{name}/规则/阶梯`", args.policy),
            ),
        });
    };
    match &args.output {
        None => console.print(&csv(sheet))?,
        Some(path) if is_workbook(&path.to_string_lossy()) => write_workbook(path, sheet)?,
        // The mark tells spreadsheet programs that the text is UTF-8.
        Some(path) => std::fs::write(path, format!("\u{feff}{}", csv(sheet))).map_err(|e| Failure::file(path, &e))?,
    }
    Ok(Exit::Fine)
}

/// The clauses of a policy or template, with the text of its file.
fn clauses<'p>(package: &'p Package, name: &str) -> Option<(&'p [Clause], &'p str)> {
    let c = &package.compilation;
    c.files.iter().find_map(|file| {
        let found = file.items.iter().find_map(|item| match item {
            Item::Policy(p) if p.name.text == name => Some(p.clauses.as_slice()),
            Item::Template(t) if t.name.text == name => Some(t.clauses.as_slice()),
            _ => None,
        })?;
        Some((found, c.sources.get(file.source)?.text.as_str()))
    })
}

fn csv(sheet: &Exported) -> String {
    let cell = |text: &String| {
        if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.clone() }
    };
    let row = |row: &[String; 3]| row.iter().map(cell).collect::<Vec<_>>().join(",") + "\n";
    sheet.rows.iter().map(row).collect()
}

fn write_workbook(path: &Path, sheet: &Exported) -> Result<(), Failure> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let mut write = || -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
        let page = book.add_worksheet();
        for (r, row) in (0u32..).zip(&sheet.rows) {
            for (c, text) in (0u16..).zip(row) {
                // A number of a cell is binary in the file's own format.
                match text.parse::<f64>() {
                    Ok(number) if r > 0 => page.write_number(r, c, number)?,
                    _ => page.write_string(r, c, text)?,
                };
            }
        }
        book.save_to_buffer()
    };
    let why =
        |e: &dyn std::fmt::Display| Failure::new(format!("cannot write the sheet: {e}"), format!("无法写出表格：{e}"));
    let bytes = write().map_err(|e| why(&e))?;
    std::fs::write(path, bytes).map_err(|error| Failure::file(path, &error))
}
