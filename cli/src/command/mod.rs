//! The subcommands, one file each: arguments, help in both languages, and what is done.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod doc;
pub(crate) mod dump;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod new;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod table;
pub(crate) mod test;

use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use crate::lang::Lang;

/// What to do.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Start a package: channel model, catalogue, one policy with its test
    New(new::Args),
    /// Find everything that is wrong with a package
    Check(check::Args),
    /// Decide a file of events, one JSON object per line
    Run(run::Args),
    /// Run the tests of packages, in the evaluator and in machine code
    Test(test::Args),
    /// Lay files out, and convert between the English and the Chinese spelling
    Fmt(fmt::Args),
    /// Explain a diagnostic code, with a wrong and a right example
    Explain(explain::Args),
    /// Write the policies as a contract, or the notice a prize draw must publish
    Doc(doc::Args),
    /// Print the JSON Schema of the events a package takes
    Schema(schema::Args),
    /// Turn a sheet of tiers into a ladder, and a ladder into a sheet
    Table(table::Args),
    /// Print what the compiler made of a package, for developers of promo
    Dump(dump::Args),
    /// Print the completion script of a shell
    Completions(completions::Args),
}

impl Command {
    /// Does it.
    pub(crate) fn run(&self, console: &mut Console) -> Result<Exit, Failure> {
        match self {
            Command::New(args) => new::run(args, console),
            Command::Check(args) => check::run(args, console),
            Command::Doc(args) => doc::run(args, console),
            Command::Schema(args) => schema::run(args, console),
            Command::Run(args) => run::run(args, console),
            Command::Test(args) => test::run(args, console),
            Command::Dump(args) => dump::run(args, console),
            Command::Fmt(args) => fmt::run(args, console),
            Command::Explain(args) => explain::run(args, console),
            Command::Table(args) => table::run(args, console),
            Command::Completions(args) => completions::run(args, console),
        }
    }
}

/// The help of a subcommand beyond what clap derives: Chinese texts and examples.
pub(crate) struct Page {
    /// Name of the subcommand.
    pub(crate) name: &'static str,
    /// One line.
    pub(crate) about_zh: &'static str,
    /// By clap's argument id.
    pub(crate) arguments_zh: &'static [(&'static str, &'static str)],
    /// Command lines that work as they stand.
    pub(crate) examples: &'static [Example],
}

/// A command line and what it does.
pub(crate) struct Example {
    /// The line.
    pub(crate) command: &'static str,
    /// English.
    pub(crate) en: &'static str,
    /// Chinese.
    pub(crate) zh: &'static str,
}

impl Page {
    /// The examples as they stand under the help.
    pub(crate) fn examples(&self, lang: Lang) -> String {
        let mut text = String::from(match lang {
            Lang::En => "Examples:\n",
            Lang::Zh => "示例：\n",
        });
        for example in self.examples {
            let what = match lang {
                Lang::En => example.en,
                Lang::Zh => example.zh,
            };
            text.push_str(&format!("  {}\n      {what}\n", example.command));
        }
        text
    }
}

/// Every subcommand's page, in the order of the help.
pub(crate) const PAGES: &[&Page] = &[
    &new::PAGE,
    &check::PAGE,
    &run::PAGE,
    &test::PAGE,
    &fmt::PAGE,
    &explain::PAGE,
    &doc::PAGE,
    &schema::PAGE,
    &table::PAGE,
    &table::IMPORT,
    &table::EXPORT,
    &dump::PAGE,
    &completions::PAGE,
];
