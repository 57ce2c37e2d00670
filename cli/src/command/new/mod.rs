//! `promo new NAME`: a package to start from, complete and tested.

use super::{Example, Page};
use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use crate::files;
use crate::lang::{Lang, LangName};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The new folder; its last part names the package
    name: PathBuf,
    /// Spelling of the keywords and comments; by default the language of messages
    #[arg(long, value_enum)]
    spelling: Option<LangName>,
}

pub(crate) const PAGE: Page = Page {
    name: "new",
    about_zh: "新建政策包：渠道模型、产品目录、一条政策及其测试",
    arguments_zh: &[
        ("name", "新文件夹；最后一段就是政策包的名称"),
        ("spelling", "关键字与注释用哪种语言；默认与信息语言相同"),
    ],
    examples: &[
        Example {
            command: "promo new spring-2026",
            en: "a package in the new folder spring-2026",
            zh: "在新文件夹 spring-2026 中建立政策包",
        },
        Example {
            command: "promo new spring-2026 --spelling zh",
            en: "the same with Chinese keywords",
            zh: "关键字用中文",
        },
    ],
};

/// Name in the package, and text with `NAME` and `YEAR` to be filled in.
type Template = (&'static str, &'static str);

macro_rules! templates {
    ($lang:literal) => {
        &[
            ("promo.toml", include_str!(concat!($lang, "/promo.toml"))),
            ("channel.promo", include_str!(concat!($lang, "/channel.promo"))),
            ("open_box.promo", include_str!(concat!($lang, "/open_box.promo"))),
            ("products.csv", include_str!(concat!($lang, "/products.csv"))),
            ("events.ndjson", include_str!("events.ndjson")),
        ]
    };
}

const EN: &[Template] = templates!("en");
const ZH: &[Template] = templates!("zh");

/// Writes the folder, complete or not at all, and says what to do next.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let Some(name) = args.name.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        let path = args.name.display();
        return Err(Failure::new(format!("`{path}` names no new folder"), format!("`{path}` 不是新文件夹的名称")));
    };
    if name.contains(['"', '\\']) || name.chars().any(char::is_control) {
        return Err(Failure::new(
            format!("`{}` cannot be the name of a package", name.escape_debug()),
            format!("`{}` 不能作为政策包的名称", name.escape_debug()),
        ));
    }
    let year = this_year().to_string();
    let templates = match args.spelling.map_or(console.lang, Into::into) {
        Lang::En => EN,
        Lang::Zh => ZH,
    };
    let filled = |text: &str| text.replace("NAME", &name).replace("YEAR", &year);
    let texts: Vec<(&str, String)> = templates.iter().map(|(file, text)| (*file, filled(text))).collect();
    files::create_folder(&args.name, &texts)?;
    let path = args.name.display();
    console.line(&match console.lang {
        Lang::En => format!(
            "created `{path}`; next:\n  promo check {path}\n  promo test {path}\n  promo run {path} --events {path}/events.ndjson --explain"
        ),
        Lang::Zh => format!(
            "已建立 `{path}`，接下来：\n  promo check {path}\n  promo test {path}\n  promo run {path} --events {path}/events.ndjson --explain"
        ),
    })?;
    Ok(Exit::Fine)
}

/// The campaign of a new package is in the present year; a machine without a clock starts in 2026.
fn this_year() -> i32 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|since| i64::try_from(since.as_secs()).ok());
    now.and_then(|now| chrono::DateTime::from_timestamp(now, 0))
        .map_or(2026, |now| chrono::Datelike::year(&now.date_naive()))
}
