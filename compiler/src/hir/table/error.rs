//! What can be wrong with a data table, in its declaration and in its rows.

#![expect(missing_docs, reason = "the fields say what their message prints")]

use super::cell::Fault;
use super::load::Headers;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Text};
use crate::hir::from_ast::Context;
use crate::package::error::DataError;
use crate::package::table::Cell;
use crate::source::{Location, SourceId, Span, Spelling};
use std::collections::BTreeMap;

/// What is wrong with a declaration or a use of a table.
#[derive(Clone, Debug)]
pub enum TableError {
    /// Rows cannot be kept by this.
    NotAKey { at: Location, name: String },
    /// The same key twice.
    KeyTwice { at: Location, name: String },
    /// More keys than two, or two regions.
    TooManyKeys { at: Location, keys: usize, regions: usize },
    /// A column cannot be of this type.
    NotAColumn { at: Location, name: String },
    /// A row is picked by something else than its table's keys.
    Picked(Picked),
    /// A row where one of its cells is needed.
    RowAsValue { at: Location },
    /// A text is for people to read.
    TextAsValue { at: Location, name: String },
}

/// A row picked by the wrong things.
#[derive(Clone, Debug)]
pub struct Picked {
    pub at: Location,
    pub table: String,
    pub wanted: Vec<String>,
    pub given: usize,
}

impl TableError {
    /// The finding, with example lines in the file's spelling.
    pub fn into_diagnostic(self, spelling: Spelling) -> Diagnostic {
        let show = |en: &str, zh: &str| match spelling {
            Spelling::En => format!("`{en}`"),
            Spelling::Zh => format!("`{zh}`"),
        };
        let help = |en: &str, zh: &str, line: String| Text::new(format!("{en}: {line}"), format!("{zh}：{line}"));
        match self {
            TableError::NotAKey { at, name } => Diagnostic::error(
                Code::P0246,
                at,
                Text::new(format!("rows cannot be kept by `{name}`"), format!("表的各行不能按 `{name}` 区分")),
                Text::new("not a key", "不能作为键"),
            )
            .help(help(
                "write a role, an entity, a product, a region, or a one-of or text fact of a role",
                "可以写角色、实体、产品、区域，或角色的“之一”“文本”类信息",
                show("by store, product", "按 门店，产品"),
            )),
            TableError::KeyTwice { at, name } => Diagnostic::error(
                Code::P0246,
                at,
                Text::new(format!("the rows are kept by `{name}` twice"), format!("`{name}` 两次作为键")),
                Text::new("said before", "前面已经写过"),
            ),
            TableError::TooManyKeys { at, keys, regions } => Diagnostic::error(
                Code::P0246,
                at,
                if regions > 1 {
                    Text::new("a table is kept by one region at most", "一张表最多按一个区域区分")
                } else {
                    Text::new(format!("the rows are kept by {keys} things"), format!("这张表按 {keys} 样东西区分"))
                },
                Text::new("at most two keys, at most one of them a region", "最多两个键，其中最多一个是区域"),
            )
            .help(help(
                "with two regions it would be open which of two rows is the more specific one",
                "若有两个区域，就说不清哪一行更具体",
                show("by region, product", "按 区域，产品"),
            )),
            TableError::NotAColumn { at, name } => Diagnostic::error(
                Code::P0246,
                at,
                Text::new(format!("column `{name}` cannot be of this type"), format!("`{name}` 列不能是这种类型")),
                Text::new("not a type of a cell", "单元格没有这种类型"),
            )
            .help(help(
                "a cell is a number with bounds, a rate, a date, yes/no, one of, a product, a region or a text",
                "单元格可以是有范围的数、比例、日期、是/否、之一、产品、区域或文本",
                show("quarter: 0..1_000_000 yuan", "季度任务：0..1_000_000元"),
            )),
            TableError::Picked(Picked { at, table, wanted, given }) => {
                let keys = wanted.join(if spelling == Spelling::Zh { "，" } else { ", " });
                let line = format!("`{table}[{keys}]`");
                Diagnostic::error(
                    Code::P0247,
                    at,
                    if given == wanted.len() {
                        Text::new(
                            format!("the rows of `{table}` are not kept by this"),
                            format!("`{table}` 的各行不是按它区分的"),
                        )
                    } else {
                        Text::new(
                            format!("a row of `{table}` is picked by {}, not by {given}", wanted.len()),
                            format!("`{table}` 的一行由 {} 样东西确定，这里写了 {given} 样", wanted.len()),
                        )
                    },
                    Text::new("picks no row", "确定不了是哪一行"),
                )
                .help(help("its rows are kept by", "它的各行这样区分", line))
            }
            TableError::RowAsValue { at } => Diagnostic::error(
                Code::P0248,
                at,
                Text::new("this is a whole row, not a value", "这是一整行，不是一个值"),
                Text::new("which column?", "取哪一列？"),
            )
            .help(help(
                "name a column, or ask whether there is a row",
                "请写明列，或问这一行是否存在",
                show(
                    "targets[distributor].quarter` · `targets[distributor] is known",
                    "任务表[经销商].季度任务` · `任务表[经销商] 已知",
                ),
            )),
            TableError::TextAsValue { at, name } => Diagnostic::error(
                Code::P0248,
                at,
                Text::new(format!("column `{name}` is a text for people"), format!("`{name}` 列是给人看的文本")),
                Text::new("cannot be counted or compared", "不能计算，也不能比较"),
            )
            .help(help(
                "what a policy tests is a one-of",
                "要在政策中判断，请声明为“之一”",
                show("sort: one of A, B", "类别：之一 A，B"),
            )),
        }
    }
}

/// Where in a file or sheet.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Row, from 1, the header included.
    pub(super) line: u32,
    /// Column, from 0.
    pub(super) column: usize,
    /// What the column is called.
    pub(super) name: String,
    /// Where in the text.
    pub(super) span: Span,
}

/// How many findings of one kind in one column are shown.
const SHOWN: usize = 20;

/// The first findings of one kind in one column, and how many there are.
type Counted = (Vec<(Place, String, Fault)>, usize);

/// What is wrong in a table's rows: of each kind and column the first few, and how many there are.
pub(super) struct Findings<'a> {
    source: SourceId,
    sheet: Option<&'a str>,
    found: BTreeMap<(u8, usize), Counted>,
    /// Findings on the form of the file, and how many there are.
    form: (Vec<Diagnostic>, usize),
}

impl<'a> Findings<'a> {
    pub(super) fn new(source: SourceId, sheet: Option<&'a str>) -> Findings<'a> {
        Findings { source, sheet, found: BTreeMap::new(), form: (Vec::new(), 0) }
    }

    pub(super) fn cell(&mut self, place: Place, text: &str, fault: Fault) {
        let (shown, count) = self.found.entry((fault.kind(), place.column)).or_default();
        *count += 1;
        if shown.len() < SHOWN {
            shown.push((place, text.to_owned(), fault));
        }
    }

    /// A malformed row.
    pub(super) fn form(&mut self, error: DataError) {
        let diagnostic = error.diagnostic(self.source);
        self.push_form(diagnostic);
    }

    pub(super) fn cell_count(&mut self, line: u32, cells: &[Cell], expected: usize) {
        let span = whole(cells);
        let kind = crate::package::error::DataErrorKind::CellCount { found: cells.len(), expected };
        self.form(DataError { line, column: None, span, kind });
    }

    pub(super) fn header_missing(&mut self, headers: &[Headers]) {
        for wanted in headers {
            self.no_column(1, &[], wanted);
        }
    }

    pub(super) fn no_column(&mut self, line: u32, header: &[Cell], wanted: &Headers) {
        let (name, shown) = (&wanted.name, wanted.shown());
        let invisible = header.iter().any(|c| c.text.contains(['\u{feff}', '\u{200b}']));
        let help = if invisible {
            Text::new(
                "a cell of the header begins with a character that cannot be seen: save the file again as CSV UTF-8",
                "表头中有看不见的字符：请将文件重新另存为“CSV UTF-8”",
            )
        } else {
            Text::new(
                format!("the first row names the columns, in any order; this one is called {shown}"),
                format!("第一行是列名，顺序不限；这一列叫 {shown}"),
            )
        };
        let d = Diagnostic::error(
            Code::P0607,
            whole(header).at(self.source),
            Text::new(format!("the header has no column `{name}`"), format!("表头缺少 `{name}` 列")),
            self.row(line),
        );
        self.push_form(d.help(help));
    }

    pub(super) fn column_twice(&mut self, line: u32, again: &Cell, wanted: &Headers) {
        let name = &wanted.name;
        self.push_form(Diagnostic::error(
            Code::P0607,
            again.span.at(self.source),
            Text::new(format!("the header names column `{name}` twice"), format!("表头中 `{name}` 列出现了两次")),
            self.row(line),
        ));
    }

    fn push_form(&mut self, diagnostic: Diagnostic) {
        self.form.1 += 1;
        if self.form.0.len() < SHOWN {
            self.form.0.push(diagnostic);
        }
    }

    fn row(&self, line: u32) -> Text {
        match self.sheet {
            Some(sheet) => Text::new(format!("sheet `{sheet}`, row {line}"), format!("工作表 `{sheet}` 第 {line} 行")),
            None => Text::new(format!("row {line}"), format!("第 {line} 行")),
        }
    }

    fn label(&self, place: &Place) -> Text {
        let (line, name) = (place.line, &place.name);
        match self.sheet {
            Some(sheet) => {
                let cell = format!("{}{line}", letters(place.column));
                Text::new(
                    format!("sheet `{sheet}`, cell {cell}, column `{name}`"),
                    format!("工作表 `{sheet}`，单元格 {cell}，`{name}` 列"),
                )
            }
            None => Text::new(format!("row {line}, column `{name}`"), format!("第 {line} 行，`{name}` 列")),
        }
    }

    /// Everything found, the first of each kind in full.
    pub(super) fn report(self, cx: &Context<'_>, out: &mut Diagnostics) {
        for ((_, _), (shown, count)) in &self.found {
            let mut diagnostics: Vec<Diagnostic> = Vec::new();
            for (place, text, fault) in shown {
                let (code, message, help) = wording(cx, &place.name, text, fault);
                let d = Diagnostic::error(code, place.span.at(self.source), message, self.label(place));
                diagnostics.push(match help {
                    Some(help) => d.help(help),
                    None => d,
                });
            }
            push(diagnostics, *count, out);
        }
        push(self.form.0, self.form.1, out);
    }
}

/// The diagnostics of one kind; the last says how many more there are.
fn push(diagnostics: Vec<Diagnostic>, count: usize, out: &mut Diagnostics) {
    let more = count.saturating_sub(diagnostics.len());
    let last = diagnostics.len().saturating_sub(1);
    for (i, d) in diagnostics.into_iter().enumerate() {
        out.push(if i == last && more > 0 {
            d.help(Text::new(
                format!("{more} more of this kind are not shown"),
                format!("同类问题还有 {more} 处，未一一列出"),
            ))
        } else {
            d
        });
    }
}

fn whole(cells: &[Cell]) -> Span {
    cells.iter().fold(cells.first().map_or(Span::default(), |c| c.span), |s, c| s.to(c.span))
}

/// `C` for column 2, `AA` for 26.
pub fn letters(column: usize) -> String {
    let mut text = String::new();
    let mut left = column;
    loop {
        text.insert(0, char::from(b'A' + (left % 26) as u8));
        if left < 26 {
            return text;
        }
        left = left / 26 - 1;
    }
}

fn wording(cx: &Context<'_>, name: &str, text: &str, fault: &Fault) -> (Code, Text, Option<Text>) {
    let list =
        |names: &[String], between: &str| names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(between);
    let close = |names: &[String]| {
        let (en, zh) = (list(names, ", "), list(names, "、"));
        (!names.is_empty()).then(|| Text::new(format!("close to it: {en}"), format!("相近的有：{zh}")))
    };
    match fault {
        Fault::Missing => (
            Code::P0609,
            Text::new(format!("`{name}` is missing"), format!("缺少 `{name}`")),
            Some(Text::new(
                "fill the cell, or declare the column with `?` and say in the policy what holds without it",
                "请填写；若允许空缺，请在声明中加 `?`，并在政策中写明未知时怎么办",
            )),
        ),
        Fault::Invisible(c) => (
            Code::P0609,
            Text::new(
                format!("the cell contains a character that cannot be seen (U+{:04X})", u32::from(*c)),
                format!("单元格中有看不见的字符（U+{:04X}）", u32::from(*c)),
            ),
            Some(Text::new(
                "type the cell anew and save the file as CSV UTF-8; it comes from two files put together or another encoding",
                "请重新输入这一格，并另存为“CSV UTF-8”；这种字符多来自文件拼接或编码转换",
            )),
        ),
        Fault::Shortened => (
            Code::P0609,
            Text::new(
                format!("`{text}` was shortened by a spreadsheet: its digits are lost"),
                format!("`{text}` 被电子表格改写成了科学计数法，数字已丢失"),
            ),
            Some(Text::new(
                "format the column as text, enter the digits anew and save again",
                "请把该列设为文本格式，重新输入后保存",
            )),
        ),
        Fault::NotANumber => (
            Code::P0609,
            Text::new(format!("`{text}` is not a number"), format!("`{text}` 不是数字")),
            Some(Text::new("write digits only, the unit is declared: `1200.50`", "只写数字，单位在声明里：`1200.50`")),
        ),
        Fault::NoPercent => (
            Code::P0609,
            Text::new(format!("is `{text}` {text}%, or the fraction?"), format!("`{text}` 是 {text}%，还是小数？")),
            Some(Text::new("write the sign: `5%`", "请写上百分号：`5%`")),
        ),
        Fault::TooFine { decimals } => (
            Code::P0609,
            match decimals {
                0 => Text::new(format!("`{text}` is not a whole number"), format!("`{text}` 不是整数")),
                n => Text::new(format!("`{text}` has more than {n} decimals"), format!("`{text}` 的小数超过 {n} 位")),
            },
            Some(Text::new(
                "money is counted in fen and rates in millionths; nothing is rounded while reading",
                "金额精确到分，比例精确到百万分之一；读取时不做取整",
            )),
        ),
        Fault::OutOfBounds { lo, hi } => (
            Code::P0610,
            Text::new(
                format!("`{text}` is not in {lo}..{hi}, which column `{name}` declares"),
                format!("`{text}` 不在 `{name}` 列声明的范围 {lo}..{hi} 之内"),
            ),
            Some(Text::new("mend the cell or the declared bounds", "请改正这一格，或修改声明的范围")),
        ),
        Fault::NotADate => (
            Code::P0609,
            Text::new(format!("`{text}` is not a date"), format!("`{text}` 不是日期")),
            Some(Text::new("write the year first: `2026-01-15`", "请先写年份：`2026-01-15`")),
        ),
        Fault::NotYesNo => (
            Code::P0207,
            Text::new(format!("`{text}` is neither yes nor no"), format!("`{text}` 既不是“是”也不是“否”")),
            Some(Text::new("write `yes` or `no`", "请写 `是` 或 `否`")),
        ),
        Fault::NotOneOf { values } => (
            Code::P0207,
            Text::new(format!("there is no value `{text}`"), format!("没有名为 `{text}` 的取值")),
            Some(Text::new(
                format!("declared are {}", list(values, ", ")),
                format!("已声明的有：{}", list(values, "、")),
            )),
        ),
        Fault::NoProduct => (
            Code::P0205,
            Text::new(format!("there is no product `{text}`"), format!("没有名为 `{text}` 的产品")),
            close(&cx.catalogue.similar_skus(text)),
        ),
        Fault::NoRegion => {
            let near = match cx.schema.regions.resolve(text) {
                Err(crate::regions::ResolveError::Unknown { suggestions }) => suggestions,
                _ => Vec::new(),
            };
            (
                Code::P0204,
                Text::new(format!("there is no region `{text}`"), format!("没有名为 `{text}` 的区域")),
                close(&near),
            )
        }
        Fault::WhichRegion { choices } => (
            Code::P0209,
            Text::new(format!("several regions are called `{text}`"), format!("有多个区域名为 `{text}`")),
            Some(Text::new(
                format!("write one of {}", list(choices, ", ")),
                format!("请写明其中之一：{}", list(choices, "、")),
            )),
        ),
        Fault::Repeated { first } => (
            Code::P0611,
            Text::new(
                format!("`{text}` has a row already, row {first}"),
                format!("`{text}` 在第 {first} 行已经有一行"),
            ),
            Some(Text::new("keep one of the two rows", "两行只能留一行")),
        ),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        for (column, text) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(super::letters(column), text);
        }
    }
}
