//! `promo schema [PACKAGE]`: the JSON Schema of the events a scan server must send.

use super::{Example, Page};
use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use crate::json_schema;
use crate::package::Package;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder with promo.toml
    #[arg(default_value = ".")]
    package: PathBuf,
}

pub(crate) const PAGE: Page = Page {
    name: "schema",
    about_zh: "输出事件的 JSON Schema",
    arguments_zh: &[("package", "含 promo.toml 的文件夹")],
    examples: &[Example {
        command: "promo schema examples/liquor > events.schema.json",
        en: "what the scan server must send, to generate and validate its events from",
        zh: "扫码服务器须发送的事件格式，可据此生成代码和校验数据",
    }],
};

/// Prints the schema; a package that does not compile has none.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let package = Package::compile(&args.package)?;
    let Some(program) = package.program(console)? else {
        return Ok(Exit::Policy);
    };
    console.line(&format!("{:#}", json_schema::of(&program.schema)))?;
    Ok(Exit::Fine)
}
