//! `promo doc PACKAGE [POLICY…]`: the policies as a contract, or the notice a lottery must publish.

use super::{Example, Page};
use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use crate::files;
use crate::package::Package;
use crate::report;
use promo_compiler::diagnostic::render;
use promo_compiler::doc::{self, Document, Request};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder with promo.toml
    package: PathBuf,
    /// Only these policies
    policies: Vec<String>,
    /// How the document is written
    #[arg(long, value_enum, default_value = "md")]
    format: Format,
    /// File to write; standard output if missing
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The notice a prize draw must publish, instead of the contract
    #[arg(long)]
    disclosure: bool,
}

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Markdown
    Md,
    /// One HTML page with everything in it
    Html,
}

pub(crate) const PAGE: Page = Page {
    name: "doc",
    about_zh: "把政策写成合同条款，或抽奖活动的公示",
    arguments_zh: &[
        ("package", "含 promo.toml 的文件夹"),
        ("policies", "只写这几条政策"),
        ("format", "文档格式"),
        ("output", "写入的文件；默认输出到标准输出"),
        ("disclosure", "写抽奖活动依法须公示的内容，而不是合同条款"),
    ],
    examples: &[
        Example {
            command: "promo doc examples/liquor",
            en: "every policy as numbered clauses, in Markdown; --lang zh|en chooses the language",
            zh: "把全部政策写成编号条款（Markdown）；--lang zh|en 选择语言",
        },
        Example {
            command: "promo doc examples/liquor open_box_spring --format html -o contract.html",
            en: "one policy as an HTML page to send or print",
            zh: "把一条政策写成可发送、可打印的网页",
        },
        Example {
            command: "promo doc examples/liquor --disclosure",
            en: "what a prize draw must publish by law; says what is missing",
            zh: "抽奖活动依法须公示的内容；缺什么会指出",
        },
    ],
};

/// Writes the document; a package that does not compile has none.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let package = Package::compile(&args.package)?;
    let compilation = &package.compilation;
    let (Some(hir), Some(program)) = (&compilation.hir, package.program(console)?) else {
        return Ok(Exit::Policy);
    };
    if let Some(unknown) = args.policies.iter().find(|name| hir.policies.iter().all(|p| p.name != **name)) {
        let known: Vec<&str> = hir.policies.iter().map(|p| p.name.as_str()).collect();
        return Err(Failure::new(
            format!("there is no policy `{unknown}`; the package has: {}", known.join(", ")),
            format!("没有政策 `{unknown}`；包中有：{}", known.join("、")),
        ));
    }
    let request = Request { name: &package.name, policies: &args.policies, lang: console.lang };
    if !args.disclosure {
        return write(&doc::contract(hir, program, request), args, console);
    }
    match doc::disclosure(hir, program, request, &compilation.files) {
        Ok(Some(document)) => write(&document, args, console),
        Ok(None) => Err(Failure::new("none of these policies draws prizes", "这些政策都没有抽奖")),
        Err(missing) => {
            let text =
                render::all(render::Format::Human, &missing, &compilation.sources, console.lang, console.color_err);
            console.note(&format!("{text}\n{}", report::counted(&missing, console.lang)))?;
            Ok(Exit::Policy)
        }
    }
}

fn write(document: &Document, args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let text = match args.format {
        Format::Md => doc::markdown::render(document),
        Format::Html => doc::html::render(document),
    };
    match &args.output {
        Some(path) => files::write(path, &text)?,
        None => console.print(&text)?,
    }
    Ok(Exit::Fine)
}
