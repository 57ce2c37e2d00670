//! From a sheet to a ladder.

use super::cell::{self, Bound, Header, Number};
use crate::ast::TierMode;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Text};
use crate::hir::table::error::letters;
use crate::package::table::{Cell, Records};
use crate::source::{SourceId, Span, Spelling};
use std::fmt::Write as _;

/// Who owns a number at which one row ends and the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The row that begins there.
    Next,
    /// The row that ends there.
    Previous,
}

/// What the sheet does not say.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Header of the lower bounds.
    pub from: Option<String>,
    /// Header of the upper bounds.
    pub to: Option<String>,
    /// Header of the values.
    pub value: Option<String>,
    /// How rows combine.
    pub mode: Option<TierMode>,
    /// Who owns a shared edge.
    pub edge: Option<Edge>,
    /// What is measured, as the policy will say it.
    pub by: Option<String>,
    /// The sheet, if it is one of a workbook: its numbers keep 5% as 0.05.
    pub sheet: Option<String>,
    /// Spelling of the ladder.
    pub spelling: Spelling,
}

const FROM: &[&str] = &["下限", "from", "起", "起点", "最低", "min", "lower", "lower bound"];
const TO: &[&str] = &["上限", "to", "止", "终点", "最高", "max", "upper", "upper bound"];
const VALUE: &[&str] =
    &["奖励", "返点", "返利", "金额", "比例", "标准", "数量", "value", "reward", "rate", "rebate", "amount"];

struct Row {
    line: u32,
    from: Number,
    /// The bound itself does not reach the row.
    over: bool,
    to: Option<(Number, Option<bool>)>,
    value: Number,
    from_span: Span,
    to_span: Span,
}

struct Import<'a> {
    source: SourceId,
    options: &'a Options,
    out: &'a mut Diagnostics,
    columns: [usize; 3],
    headers: [Header; 3],
}

/// The ladder of a sheet as text of the language; `None` if something is open, which is in `out`.
pub fn import(source: SourceId, text: &str, options: &Options, out: &mut Diagnostics) -> Option<String> {
    let mut records = Records::new(text);
    let mut header = records.next();
    while header.as_ref().is_some_and(|(_, cells)| cells.iter().all(|c| c.text.is_empty()) && !cells.is_empty()) {
        header = records.next();
    }
    let (line, header) = header.unwrap_or((1, Vec::new()));
    let mut import = Import {
        source,
        options,
        out,
        columns: [0; 3],
        headers: [Header::default(), Header::default(), Header::default()],
    };
    let found = import.find_columns(line, &header);
    if options.mode.is_none() {
        let at = whole(&header);
        import.report(
            Code::P0306,
            line,
            None,
            at,
            ("tiers without a mode", "阶梯没有说明计算方式"),
            (
                "say it: `--mode whole`, `marginal`, `highest` or `each`",
                "请写明：`--mode whole` 全额、`marginal` 分段、`highest` 取高或 `each` 累加",
            ),
        );
    }
    if !found {
        return None;
    }
    let mut rows = Vec::new();
    while let Some((line, cells)) = records.next() {
        if cells.iter().any(|c| !c.text.is_empty()) {
            rows.extend(import.row(line, &cells));
        }
    }
    for error in records.errors {
        import.out.push(error.diagnostic(source));
    }
    import.between(&mut rows);
    if import.out.has_errors() {
        return None;
    }
    Some(import.print(&rows))
}

fn whole(cells: &[Cell]) -> Span {
    cells.iter().fold(cells.first().map_or(Span::default(), |c| c.span), |s, c| s.to(c.span))
}

impl Import<'_> {
    /// A finding in a row, at one of the three columns if one is meant.
    fn report(
        &mut self,
        code: Code,
        line: u32,
        column: Option<usize>,
        span: Span,
        (en, zh): (&str, &str),
        (help_en, help_zh): (&str, &str),
    ) {
        let place = column.and_then(|c| self.columns.get(c)).map(|c| letters(*c));
        let label = match (&self.options.sheet, place) {
            (Some(sheet), Some(column)) => Text::new(
                format!("sheet `{sheet}`, cell {column}{line}"),
                format!("工作表 `{sheet}`，单元格 {column}{line}"),
            ),
            (None, Some(column)) => {
                Text::new(format!("row {line}, cell {column}{line}"), format!("第 {line} 行，单元格 {column}{line}"))
            }
            _ => Text::new(format!("row {line}"), format!("第 {line} 行")),
        };
        let d = Diagnostic::error(code, span.at(self.source), Text::new(en, zh), label);
        self.out.push(d.help(Text::new(help_en, help_zh)));
    }

    fn find_columns(&mut self, line: u32, header: &[Cell]) -> bool {
        let wanted = [
            (&self.options.from, FROM, "--from", "下限"),
            (&self.options.to, TO, "--to", "上限"),
            (&self.options.value, VALUE, "--value", "奖励"),
        ];
        let mut ok = true;
        let mut missing = Vec::new();
        for (at, (named, usual, option, zh)) in wanted.into_iter().enumerate() {
            let fits = |cell: &Cell| {
                let name = cell::header(&cell.text).name;
                match named {
                    Some(named) => cell.text == *named || name == *named,
                    None => usual.iter().any(|u| name.eq_ignore_ascii_case(u)),
                }
            };
            let found: Vec<usize> = header.iter().enumerate().filter(|(_, c)| fits(c)).map(|(i, _)| i).collect();
            match (found.as_slice(), self.columns.get_mut(at), self.headers.get_mut(at)) {
                ([one], Some(column), Some(to)) => {
                    *column = *one;
                    *to = header.get(*one).map(|c| cell::header(&c.text)).unwrap_or_default();
                }
                (several, ..) => {
                    missing.push((option, zh, several.len()));
                    ok = false;
                }
            }
        }
        let span = whole(header);
        for (option, zh, count) in missing {
            let (en_message, zh_message) = if count == 0 {
                ("a column is missing in the header", "表头中缺少一列")
            } else {
                ("several columns of the header could be meant", "表头中有几列都可能是它")
            };
            let help_en = format!("name it: `{option} COLUMN`; usual headers are `{zh}`");
            let help_zh = format!("请指明：`{option} 列名`；常用的列名是 `{zh}`");
            self.report(Code::P0607, line, None, span, (en_message, zh_message), (&help_en, &help_zh));
        }
        ok
    }

    fn row(&mut self, line: u32, cells: &[Cell]) -> Option<Row> {
        let none = Cell::default();
        let [from_at, to_at, value_at] = self.columns;
        let cell = |at: usize| cells.get(at).unwrap_or(&none);
        let (from, to, value) = (cell(from_at), cell(to_at), cell(value_at));
        let span = |c: &Cell| if c.span == Span::default() { whole(cells) } else { c.span };
        let lower = match cell::bound(&from.text, true) {
            Bound::At(n, said) => Some((n, said)),
            other => {
                self.bad_bound(line, 0, span(from), &from.text, &other);
                None
            }
        };
        let upper = match cell::bound(&to.text, false) {
            Bound::At(n, said) => Some(Some((n, said))),
            Bound::Open => Some(None),
            other => {
                self.bad_bound(line, 1, span(to), &to.text, &other);
                None
            }
        };
        let paid = self.value(line, value, span(value));
        let ((from_number, said), to_number, value) = (lower?, upper?, paid?);
        let [from_header, to_header, _] = &self.headers;
        let over = said.or(from_header.included) == Some(false);
        let to_number = to_number.map(|(n, said)| (n, said.or(to_header.included)));
        Some(Row { line, from: from_number, over, to: to_number, value, from_span: span(from), to_span: span(to) })
    }

    fn bad_bound(&mut self, line: u32, column: usize, span: Span, text: &str, bound: &Bound) {
        match bound {
            Bound::Unclear => self.report(
                Code::P0107,
                line,
                Some(column),
                span,
                (&format!("does `{text}` include the number?"), &format!("`{text}` 含不含这个数？")),
                ("write `≥50`, `>50`, `<50` or `≤50`", "请写 `≥50`、`>50`、`<50` 或 `≤50`"),
            ),
            Bound::Open => self.report(
                Code::P0609,
                line,
                Some(column),
                span,
                ("the lower bound is missing", "缺少下限"),
                ("every row says where it begins; the first may begin at 0", "每一行都要写起点；第一行可以写 0"),
            ),
            _ => self.report(
                Code::P0609,
                line,
                Some(column),
                span,
                (&format!("`{text}` is not a bound"), &format!("`{text}` 不是上下限")),
                ("write a number, with a unit if it has one: `50`, `50 bottles`", "只写数字，可带单位：`50`、`50瓶`"),
            ),
        }
    }

    /// A value with its unit; the header's where the cell has none.
    fn value(&mut self, line: u32, cell: &Cell, span: Span) -> Option<Number> {
        let [_, _, header] = &self.headers;
        let rate = ["返点", "比例", "rate", "rebate"].iter().any(|r| header.name.eq_ignore_ascii_case(r));
        let unit = header.unit.clone();
        if cell.text.is_empty() {
            let message = ("the value is missing", "缺少奖励数额");
            self.report(Code::P0609, line, Some(2), span, message, ("fill the cell", "请填写这一格"));
            return None;
        }
        let Some(mut number) = cell::number(&cell.text) else {
            let (en, zh) = (format!("`{}` is not a number", cell.text), format!("`{}` 不是数字", cell.text));
            let help = ("write a number with its unit: `50 yuan`, `5%`", "请写数字和单位：`50元`、`5%`");
            self.report(Code::P0609, line, Some(2), span, (&en, &zh), help);
            return None;
        };
        if number.unit.is_empty() {
            number.unit = unit;
        }
        if number.unit.is_empty() && rate && self.options.sheet.is_some() {
            // A spreadsheet keeps 5% as the number 0.05.
            return Some(Number { digits: hundredfold(number.value), value: number.value * 100, unit: "%".into() });
        }
        if number.unit.is_empty() {
            let (en, zh) = (format!("`{}` of what?", cell.text), format!("`{}` 是什么单位？", cell.text));
            let help =
                ("write the unit in the cell or the header: `reward (yuan)`", "请在单元格或表头写明单位：`奖励（元）`");
            self.report(Code::P0302, line, Some(2), span, (&en, &zh), help);
            return None;
        }
        Some(number)
    }

    /// What lies between each row and the next.
    fn between(&mut self, rows: &mut [Row]) {
        if rows.is_empty() && !self.out.has_errors() {
            let help = ("a ladder has at least one row below its header", "表头下面至少要有一行");
            self.report(Code::P0310, 1, None, Span::default(), ("the sheet has no rows", "表中没有数据行"), help);
        }
        let whole = |n: &Number| n.value % 1_000_000 == 0;
        let counts = rows.iter().all(|r| whole(&r.from) && r.to.as_ref().is_none_or(|(n, _)| whole(n)));
        let money =
            rows.iter().any(|r| is_money(&r.from.unit)) || self.headers.iter().take(2).any(|h| is_money(&h.unit));
        for i in 0..rows.len() {
            let next = rows.get(i + 1).map(|n| (n.line, n.from.clone(), n.over, n.from_span));
            let Some(row) = rows.get_mut(i) else { continue };
            let (line, span) = (row.line, row.to_span);
            if let Some((to, _)) = &row.to
                && to.value <= row.from.value
            {
                let help = ("the upper bound lies above the lower one", "上限要大于下限");
                self.report(Code::P0307, line, Some(1), span, ("the row is upside down", "上下限颠倒"), help);
                continue;
            }
            let Some((next_line, next_from, next_over, next_span)) = next else {
                if let Some((to, _)) = &row.to {
                    let (en, zh) = (
                        format!("nothing is said above {}", to.digits),
                        format!("超过 {} 怎么办，表中没有写", to.digits),
                    );
                    let help = (
                        "leave the last upper bound empty if the last row goes on, else add a row",
                        "若最后一档不封顶，请把上限留空；否则请加一行",
                    );
                    self.report(Code::P0309, line, Some(1), span, (&en, &zh), help);
                }
                continue;
            };
            if next_from.value <= row.from.value {
                let help = ("begin with the lowest row", "请从最低一档写起");
                self.report(Code::P0307, next_line, Some(0), next_span, ("the rows do not rise", "各档没有递增"), help);
                continue;
            }
            let Some((to, included)) = &mut row.to else {
                let help = ("only the last row may go on for ever", "只有最后一行可以不写上限");
                self.report(Code::P0609, line, Some(1), span, ("the upper bound is missing", "缺少上限"), help);
                continue;
            };
            let step = i128::from(counts && !money) * 1_000_000;
            if to.value > next_from.value {
                let (en, zh) = (
                    format!("from {} to {} two rows hold", next_from.digits, to.digits),
                    format!("{} 至 {} 之间有两档", next_from.digits, to.digits),
                );
                let help = ("end the row where the next begins", "上一档的上限应为下一档的下限");
                self.report(Code::P0308, line, Some(1), span, (&en, &zh), help);
            } else if to.value == next_from.value {
                // Who owns the edge: a cell or header that says it, on either side, else the option.
                let ends = included.or(next_over.then_some(true));
                let edge = match (*included, self.headers.first().and_then(|h| h.included)) {
                    (None, Some(true)) => Some(false),
                    _ => ends,
                };
                let answer = self.options.edge.map(|e| e == Edge::Previous);
                match edge.or(answer) {
                    Some(owns) => {
                        *included = Some(owns);
                        if let Some(next) = rows.get_mut(i + 1) {
                            next.over = owns;
                        }
                    }
                    None => {
                        let (en, zh) =
                            (format!("to which row does {} belong?", to.digits), format!("{} 属于哪一档？", to.digits));
                        let help = (
                            "two rows name it: `--edge next` gives it to the row that begins there, `--edge previous` to the one that ends",
                            "两档都写了它：`--edge next` 归从它开始的一档，`--edge previous` 归到它为止的一档",
                        );
                        self.report(Code::P0107, line, Some(1), span, (&en, &zh), help);
                    }
                }
            } else if step > 0 && to.value + step == next_from.value && *included != Some(false) {
                *included = Some(true); // 50 to 99, then 100: whole things
            } else {
                let (en, zh) = (
                    format!("between {} and {} no row holds", to.digits, next_from.digits),
                    format!("{} 与 {} 之间没有对应的档", to.digits, next_from.digits),
                );
                let help = ("end the row where the next begins", "上一档的上限应为下一档的下限");
                self.report(Code::P0309, line, Some(1), span, (&en, &zh), help);
            }
        }
    }

    fn print(&self, rows: &[Row]) -> String {
        let zh = self.options.spelling == Spelling::Zh;
        let k = |en: &'static str, cn: &'static str| if zh { cn } else { en };
        let mode = match self.options.mode {
            Some(TierMode::Whole) => k("whole", "全额"),
            Some(TierMode::Marginal) => k("marginal", "分段"),
            Some(TierMode::Each) => k("each", "累加"),
            _ => k("highest", "取高"),
        };
        let by = self.options.by.as_deref().unwrap_or(k("measure", "数量"));
        let [from_header, to_header, _] = &self.headers;
        let shown = |n: &Number, header: &Header| {
            let unit = if n.unit.is_empty() { &header.unit } else { &n.unit };
            format!("{}{}", n.digits, spelled(unit, zh))
        };
        let mut text = format!("{} {by} {mode} {{\n", k("by", "按"));
        for row in rows {
            let begin = if row.over { k("over", "超过") } else { k("from", "达到") };
            let _ = write!(text, "  {begin} {}", shown(&row.from, from_header));
            if let Some((to, included)) = &row.to {
                let end = if *included == Some(true) { k("at most", "至多") } else { k("under", "低于") };
                let header = if to_header.unit.is_empty() { from_header } else { to_header };
                let _ = write!(text, " {end} {}", shown(to, header));
            }
            let _ = writeln!(text, "{}{}{}", k(": ", "："), row.value.digits, spelled(&row.value.unit, zh));
        }
        text + "}\n"
    }
}

fn is_money(unit: &str) -> bool {
    matches!(unit, "元" | "yuan" | "分" | "fen")
}

/// The unit behind its number; money is written in the spelling of the ladder.
fn spelled(unit: &str, zh: bool) -> String {
    match (unit, zh) {
        ("", _) => String::new(),
        ("%" | "‰", _) => unit.to_owned(),
        ("元" | "yuan", true) => "元".into(),
        ("元" | "yuan", false) => " yuan".into(),
        ("积分" | "points", true) => " 积分".into(),
        ("积分" | "points", false) => " points".into(),
        (unit, _) => format!(" {unit}"),
    }
}

/// A value in millionths, a hundred times, as digits.
fn hundredfold(value: i128) -> String {
    let (whole, rest) = (value / 10_000, value % 10_000);
    let text = format!("{whole}.{rest:04}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
