//! `promo`: the command that authors, reviewers and auditors of promotion policies use.
//!
//! Files are read and written here and nowhere else; the compiler and the runtime only see their contents.
//! One file per subcommand under [`command`]; what they share stands beside this file.
#![forbid(unsafe_code)]

mod bug;
mod case;
mod command;
mod console;
mod exit_code;
mod files;
mod help;
mod json_schema;
mod lang;
mod package;
mod pages;
mod progress;
mod report;
mod scanner;
mod summary;
mod table;
mod totals;
mod workbook;

use console::Console;
use exit_code::Exit;

fn main() -> std::process::ExitCode {
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let lang = lang::choose(&arguments, |name| std::env::var(name).ok());
    bug::install(lang);
    let mut console = Console::new(lang);
    let exit = match help::parse(arguments, lang) {
        Ok(command) => command.run(&mut console),
        Err(message) => console.usage(&message),
    };
    let exit = match exit.and_then(|exit| console.finish().map(|()| exit)) {
        Ok(exit) => exit,
        Err(failure) => console.fail(&failure),
    };
    Exit::into(exit)
}
