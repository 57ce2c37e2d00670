//! What can be wrong with a package, and its wording.

use crate::diagnostic::{Code, Diagnostic, Text};
use crate::source::{Location, SourceId, Span};

/// Something wrong with the package itself or its `promo.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Where; in no file if there is no `promo.toml`.
    pub at: Location,
    /// What.
    pub kind: ErrorKind,
}

/// What can be wrong with a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// There is no `promo.toml`.
    NoManifest,
    /// `promo.toml` is not TOML.
    Toml {
        /// What the TOML parser says, in English.
        message: String,
    },
    /// A key or section nobody reads.
    UnknownKey {
        /// The key.
        key: String,
        /// Keys that look like it, else all that may stand there.
        allowed: Vec<String>,
    },
    /// A key that must be there is not.
    MissingKey {
        /// The key with its section.
        key: &'static str,
        /// A correct line.
        example: &'static str,
    },
    /// A value of another kind.
    WrongKind {
        /// The key.
        key: String,
        /// A correct line.
        example: &'static str,
    },
    /// The language version is not one we know.
    UnknownLanguage {
        /// As written.
        version: String,
    },
    /// A level or code under `[lints]` that is not one.
    NotALint {
        /// As written.
        code: String,
    },
    /// A named file is not in the package.
    NoSuchFile {
        /// As written.
        name: String,
        /// Files with similar names.
        similar: Vec<String>,
    },
    /// A pattern fits no file.
    NoMatch {
        /// As written.
        pattern: String,
    },
    /// A file is not UTF-8; the location is the first byte that is not.
    NotUtf8 {
        /// Its name.
        name: String,
    },
    /// The package has no `.promo` file.
    NoPolicies,
    /// A file without sheets: of another kind, or one that cannot be read.
    NotAWorkbook {
        /// Its name.
        name: String,
        /// A sheet of it was asked for.
        sheets_wanted: bool,
    },
    /// A workbook has no such sheet, or several and none was named.
    NoSuchSheet {
        /// The workbook.
        file: String,
        /// As written.
        sheet: Option<String>,
        /// Those it has.
        sheets: Vec<String>,
    },
}

fn code_list(names: &[String]) -> (String, String) {
    let quoted: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
    (quoted.join(", "), quoted.join("、"))
}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Diagnostic {
        let both = |en: String, zh: String| Text::new(en, zh);
        let (code, message, label, help) = match &error.kind {
            ErrorKind::NoManifest => (
                Code::P0604,
                Text::new("the package has no `promo.toml`", "包中没有 `promo.toml`"),
                Text::new("", ""),
                Some(Text::new("`promo new` makes a package to start from", "用 `promo new` 新建一个包")),
            ),
            ErrorKind::Toml { message } => (
                Code::P0601,
                both(
                    format!("`promo.toml` is not valid TOML: {message}"),
                    format!("`promo.toml` 不是有效的 TOML：{message}"),
                ),
                Text::new("cannot be read from here", "从这里起无法读取"),
                None,
            ),
            ErrorKind::UnknownKey { key, allowed } => {
                let (en, zh) = code_list(allowed);
                (
                    Code::P0602,
                    both(format!("the key `{key}` is unknown"), format!("未知的键 `{key}`")),
                    Text::new("not a key of this section", "这一节没有这个键"),
                    (!allowed.is_empty()).then(|| both(format!("known here: {en}"), format!("这里可用：{zh}"))),
                )
            }
            ErrorKind::MissingKey { key, example } => (
                Code::P0603,
                both(format!("`{key}` is missing"), format!("缺少 `{key}`")),
                Text::new("has to be said here", "要写在这里"),
                Some(both(format!("for example: `{example}`"), format!("例如：`{example}`"))),
            ),
            ErrorKind::WrongKind { key, example } => (
                Code::P0603,
                both(format!("the value of `{key}` is not of the right kind"), format!("`{key}` 的值不对")),
                Text::new("not a value of this key", "不是这个键的值"),
                Some(both(format!("for example: `{example}`"), format!("例如：`{example}`"))),
            ),
            ErrorKind::UnknownLanguage { version } => (
                Code::P0606,
                both(format!("the language version `{version}` is unknown"), format!("未知的语言版本 `{version}`")),
                Text::new("this compiler knows version 1", "此编译器支持版本 1"),
                Some(Text::new("write `language = \"1\"`", "写 `language = \"1\"`")),
            ),
            ErrorKind::NotALint { code } => (
                Code::P0602,
                both(format!("`{code}` is not the code of a lint"), format!("`{code}` 不是提醒类代码")),
                Text::new("its level cannot be set", "不能设置它的级别"),
                Some(Text::new(
                    "lints have codes that begin with P04; errors cannot be turned off",
                    "提醒类代码以 P04 开头；错误不能关闭",
                )),
            ),
            ErrorKind::NoSuchFile { name, similar } => {
                let (en, zh) = code_list(similar);
                (
                    Code::P0604,
                    both(format!("the package has no file `{name}`"), format!("包中没有文件 `{name}`")),
                    Text::new("named here", "在这里引用"),
                    (!similar.is_empty()).then(|| both(format!("similar: {en}"), format!("相近的有：{zh}"))),
                )
            }
            ErrorKind::NoMatch { pattern } => (
                Code::P0604,
                both(format!("no file of the package fits `{pattern}`"), format!("包中没有文件与 `{pattern}` 相符")),
                Text::new("fits nothing", "没有相符的文件"),
                Some(Text::new(
                    "`*.promo` fits in every folder, `rules/*.promo` in one, `rules/**/*.promo` below one",
                    "`*.promo` 指所有文件夹，`rules/*.promo` 指一个文件夹，`rules/**/*.promo` 指其下各级",
                )),
            ),
            ErrorKind::NotUtf8 { name } => (
                Code::P0605,
                both(format!("`{name}` is not UTF-8 text"), format!("`{name}` 不是 UTF-8 文本")),
                Text::new("the first byte that is not UTF-8", "第一个不属于 UTF-8 的字节"),
                Some(Text::new(
                    "save it as UTF-8 (in Excel: CSV UTF-8); GBK is not read",
                    "另存为 UTF-8（Excel 中选“CSV UTF-8”）；不支持 GBK",
                )),
            ),
            ErrorKind::NotAWorkbook { name, sheets_wanted: true } => (
                Code::P0620,
                both(format!("`{name}` has no sheets"), format!("`{name}` 没有工作表")),
                Text::new("only an Excel workbook has sheets", "只有 Excel 文件才有工作表"),
                Some(Text::new("leave the sheet out, or name the `.xlsx` file", "去掉工作表，或改写为 `.xlsx` 文件")),
            ),
            ErrorKind::NotAWorkbook { name, .. } => (
                Code::P0620,
                both(
                    format!("`{name}` cannot be read as an Excel workbook"),
                    format!("`{name}` 无法作为 Excel 文件读取"),
                ),
                Text::new(
                    "damaged, protected by a password, or of another kind",
                    "已损坏、有密码保护，或不是 Excel 文件",
                ),
                Some(Text::new("open it, save it as `.xlsx` or as CSV UTF-8", "打开后另存为 `.xlsx` 或“CSV UTF-8”")),
            ),
            ErrorKind::NoSuchSheet { file, sheet, sheets } => {
                let (en, zh) = code_list(sheets);
                (
                    Code::P0604,
                    match sheet {
                        Some(sheet) => {
                            both(format!("`{file}` has no sheet `{sheet}`"), format!("`{file}` 中没有工作表 `{sheet}`"))
                        }
                        None => both(format!("`{file}` has several sheets"), format!("`{file}` 有多个工作表")),
                    },
                    Text::new("which sheet?", "取哪个工作表？"),
                    Some(both(format!("it has {en}"), format!("其中有：{zh}"))),
                )
            }
            ErrorKind::NoPolicies => (
                Code::P0613,
                Text::new("the package has no `.promo` file", "包中没有 `.promo` 文件"),
                Text::new("", ""),
                None,
            ),
        };
        let d = Diagnostic::error(code, error.at, message, label);
        match help {
            Some(help) => d.help(help),
            None => d,
        }
    }
}

/// Something wrong in a data file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataError {
    /// Line in the file, from 1.
    pub line: u32,
    /// Column header as the file spells it in English, if one column is meant.
    pub column: Option<&'static str>,
    /// Where in the file.
    pub span: Span,
    /// What.
    pub kind: DataErrorKind,
}

/// What can be wrong in a data file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataErrorKind {
    /// The header has no such column.
    MissingColumn {
        /// The column's header in Chinese.
        zh: &'static str,
    },
    /// Two columns have this header.
    RepeatedColumn,
    /// A row has another number of cells than the header.
    CellCount {
        /// Cells in the row.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// A quoted cell is never closed.
    UnclosedQuote,
    /// Text stands directly behind a closing quote, or a quote inside an unquoted cell.
    StrayQuote,
    /// A cell that must say something is empty.
    Empty,
    /// The price is not a decimal number of yuan.
    NotAPrice,
    /// The price has more than two decimals.
    TooManyDecimals,
    /// The price is below zero.
    Negative,
    /// The number is above what the compiler's range analysis allows.
    TooLarge {
        /// Greatest value allowed, in the column's own unit.
        max: i64,
    },
    /// The pack cell is not a list of whole numbers.
    NotAPack,
    /// The pack cell lists another number of packs than the channel model has.
    PackCount {
        /// Numbers in the cell.
        found: usize,
        /// Numbers the channel model asks for.
        expected: usize,
    },
    /// The key was used before.
    Repeated {
        /// Line of the first use.
        first: u32,
    },
    /// A category path has an empty part.
    EmptyPart,
    /// A category path has more levels than anybody needs.
    TooManyLevels {
        /// The most allowed.
        max: usize,
    },
    /// The parent code is not in the file.
    UnknownParent,
    /// The region is below itself.
    Cycle,
    /// A sibling has the same name.
    SameSibling {
        /// Line of the sibling.
        first: u32,
    },
    /// A region name contains `/`.
    SlashInName,
    /// The file has more rows than ids.
    TooManyRows,
    /// Not a date.
    NotADate,
    /// Not a year of four digits.
    NotAYear,
    /// Neither a year, a workday nor a holiday.
    NotADayKind,
    /// A day of a year that no row of kind `year` lists.
    YearNotListed {
        /// Its year.
        year: i32,
    },
    /// No row says which years the calendar lists.
    NoYears,
}

impl DataError {
    /// As a diagnostic of the data file.
    pub fn diagnostic(&self, source: SourceId) -> Diagnostic {
        let (code, message, help) = self.wording();
        let label = match self.column {
            Some(column) => Text::new(
                format!("row {}, column `{column}`", self.line),
                format!("第 {} 行，`{column}` 列", self.line),
            ),
            None => Text::new(format!("row {}", self.line), format!("第 {} 行", self.line)),
        };
        let d = Diagnostic::error(code, self.span.at(source), message, label);
        match help {
            Some(help) => d.help(help),
            None => d,
        }
    }

    fn wording(&self) -> (Code, Text, Option<Text>) {
        let column = self.column.unwrap_or_default();
        let t = |en: String, zh: String| Text::new(en, zh);
        match &self.kind {
            DataErrorKind::MissingColumn { zh } => (
                Code::P0607,
                t(format!("the header has no column `{column}`"), format!("表头缺少 `{column}` 列")),
                Some(t(
                    format!("the first line names the columns, in any order; this one is called `{column}` or `{zh}`"),
                    format!("第一行是列名，顺序不限；这一列叫 `{zh}` 或 `{column}`"),
                )),
            ),
            DataErrorKind::RepeatedColumn => (
                Code::P0607,
                t(format!("the header names column `{column}` twice"), format!("表头中 `{column}` 列出现了两次")),
                None,
            ),
            DataErrorKind::CellCount { found, expected } => (
                Code::P0608,
                t(
                    format!("the row has {found} cells, the header has {expected}"),
                    format!("这一行有 {found} 列，表头有 {expected} 列"),
                ),
                Some(Text::new(
                    "put a cell that contains a comma in double quotes",
                    "内容含逗号的单元格要用英文双引号括起来",
                )),
            ),
            DataErrorKind::UnclosedQuote => {
                (Code::P0608, Text::new("the quoted cell is never closed", "引号括起的单元格没有闭合"), None)
            }
            DataErrorKind::StrayQuote => (
                Code::P0608,
                Text::new("a quote stands inside the cell", "单元格中间出现引号"),
                Some(Text::new(
                    "quote the whole cell and write each quote in it twice: `\"a \"\"b\"\"\"`",
                    "把整个单元格括起来，其中的引号写两遍：`\"甲 \"\"乙\"\"\"`",
                )),
            ),
            DataErrorKind::Empty => {
                (Code::P0609, t(format!("`{column}` is missing"), format!("缺少 `{column}`")), None)
            }
            DataErrorKind::NotAPrice => (
                Code::P0609,
                Text::new("the price is not a number of yuan", "价格不是以元为单位的数字"),
                Some(Text::new(
                    "write yuan with at most two decimals and nothing else: `1499.00`",
                    "只写以元为单位、最多两位小数的数字：`1499.00`",
                )),
            ),
            DataErrorKind::TooManyDecimals => (
                Code::P0609,
                Text::new("the price has more than two decimals", "价格的小数超过两位"),
                Some(Text::new("the smallest unit is one fen: `0.01`", "最小单位是一分：`0.01`")),
            ),
            DataErrorKind::Negative => (Code::P0610, Text::new("the price is below zero", "价格小于零"), None),
            DataErrorKind::TooLarge { max } => (
                Code::P0610,
                t(format!("the number is above {max}, the greatest allowed"), format!("数字超过允许的最大值 {max}")),
                None,
            ),
            DataErrorKind::NotAPack => (
                Code::P0609,
                Text::new("the pack is not a list of whole numbers from 1", "包装不是由正整数组成的列表"),
                Some(Text::new(
                    "write how many of the pack below each bigger pack holds: `6/40` is 6 bottles a case, 40 cases a pallet",
                    "依次写每级包装含多少个下一级包装：`6/40` 表示每箱 6 瓶、每垛 40 箱",
                )),
            ),
            DataErrorKind::PackCount { found, expected } => (
                Code::P0609,
                t(
                    format!(
                        "the pack lists {found} numbers, the channel model has {expected} packs above the smallest"
                    ),
                    format!("包装列出了 {found} 个数，而渠道模型在最小包装之上有 {expected} 级包装"),
                ),
                Some(match expected {
                    1 => Text::new("one bigger pack: `6`", "上面有一级包装：`6`"),
                    _ => Text::new(
                        format!("from the smallest pack upwards: `{}`", vec!["6"; (*expected).min(8)].join("/")),
                        format!("从最小包装往上写：`{}`", vec!["6"; (*expected).min(8)].join("/")),
                    ),
                }),
            ),
            DataErrorKind::Repeated { first } => (
                Code::P0611,
                t(format!("this `{column}` was used in row {first}"), format!("第 {first} 行已用过这个 `{column}`")),
                None,
            ),
            DataErrorKind::EmptyPart => (
                Code::P0609,
                Text::new("the category path has an empty part", "分类路径中有空的一级"),
                Some(Text::new("separate levels by one slash: `白酒/青花`", "各级之间用一个斜杠：`白酒/青花`")),
            ),
            DataErrorKind::TooManyLevels { max } => (
                Code::P0610,
                t(format!("the category path has more than {max} levels"), format!("分类路径超过 {max} 级")),
                None,
            ),
            DataErrorKind::UnknownParent => (
                Code::P0612,
                Text::new("no row has this parent's code", "没有任何一行的代码是这个上级"),
                Some(Text::new(
                    "leave the parent empty for a region directly below the root",
                    "最高一级区域的上级留空",
                )),
            ),
            DataErrorKind::Cycle => (Code::P0612, Text::new("the region is below itself", "区域成了自己的下级"), None),
            DataErrorKind::SameSibling { first } => (
                Code::P0612,
                t(
                    format!("row {first} has a region of this name below the same parent"),
                    format!("第 {first} 行在同一上级下已有同名区域"),
                ),
                None,
            ),
            DataErrorKind::SlashInName => (
                Code::P0609,
                Text::new("a region name contains a slash", "区域名称中含有斜杠"),
                Some(Text::new("a slash separates the levels of a path", "斜杠用来分隔路径的各级")),
            ),
            DataErrorKind::TooManyRows => {
                (Code::P0610, Text::new("the file has too many rows", "文件的行数过多"), None)
            }
            DataErrorKind::NotADate => (
                Code::P0646,
                Text::new("the date does not exist or is written in another way", "日期不存在或写法不对"),
                Some(Text::new("write `2026-02-14`", "写成 `2026-02-14`")),
            ),
            DataErrorKind::NotAYear => (
                Code::P0646,
                Text::new("the year is not one of four digits", "年份不是四位数字"),
                Some(Text::new("write `2026`", "写成 `2026`")),
            ),
            DataErrorKind::NotADayKind => (
                Code::P0647,
                Text::new("the kind of day is not one of three", "类型不是三者之一"),
                Some(Text::new("write `holiday`, `workday`, or `year`", "写 `假日`、`工作日` 或 `整年`")),
            ),
            DataErrorKind::YearNotListed { year } => (
                Code::P0648,
                t(format!("the file does not say that it lists {year}"), format!("文件没有说列全了 {year} 年")),
                Some(t(
                    format!("if it lists all holidays and moved days of that year, add the row `{year},year`"),
                    format!("若已列全该年的假日和调休，请加一行 `{year},整年`"),
                )),
            ),
            DataErrorKind::NoYears => (
                Code::P0648,
                Text::new("the file does not say which years it lists", "文件没有说列全了哪些年"),
                Some(Text::new("add a row for each year: `2026,year`", "每年加一行：`2026,整年`")),
            ),
        }
    }
}
