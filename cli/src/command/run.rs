//! `promo run PACKAGE --events FILE`: one event per line in, one decision per line out.
//!
//! A bad line stops the run before it changes anything; why is in `docs/decisions/0001`.

use super::{Example, Page};
use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use crate::lang::Lang;
use crate::package::Package;
use crate::progress;
use crate::scanner::{BadEvent, EngineName, Scanner};
use crate::totals::Totals;
use promo_compiler::ir::{Input, Program};
use promo_runtime::Scanned;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder with promo.toml
    package: PathBuf,
    /// File with one JSON event per line; - reads standard input
    #[arg(long, value_name = "FILE")]
    events: PathBuf,
    /// Machine code or the reference evaluator; both give the same output
    #[arg(long, value_enum, default_value = "jit")]
    engine: EngineName,
    /// For every policy in scope that did not pay, say why
    #[arg(long)]
    explain: bool,
    /// File with the campaign secret that draws are keyed by; without it a public one, for trials
    #[arg(long, value_name = "FILE")]
    secret: Option<PathBuf>,
    /// Report a bad line in the output and go on; the exit code is 2 all the same
    #[arg(long)]
    keep_going: bool,
}

pub(crate) const PAGE: Page = Page {
    name: "run",
    about_zh: "逐行处理事件，输出每个事件的奖励决定",
    arguments_zh: &[
        ("package", "含 promo.toml 的文件夹"),
        ("events", "事件文件，每行一个 JSON；- 表示标准输入"),
        ("engine", "机器码或解释执行，两者输出相同"),
        ("explain", "说明范围内每条未奖励政策的原因"),
        ("secret", "活动密钥文件，抽奖由它决定；不写则用公开密钥，只宜试算"),
        ("keep_going", "遇到坏行时在输出中报告并继续；退出码仍为 2"),
    ],
    examples: &[
        Example {
            command: "promo run examples/liquor --events examples/liquor/events.ndjson > decisions.ndjson",
            en: "decide a day of scans; totals appear on the terminal",
            zh: "处理一批扫码，终端显示合计",
        },
        Example {
            command: "promo run examples/liquor --events - --explain",
            en: "events from standard input, with the reasons of policies that did not pay",
            zh: "从标准输入读取事件，并说明未奖励的原因",
        },
    ],
};

/// Longest line taken as an event: a line without end must not fill the memory.
const LONGEST_LINE: u64 = 1 << 20;

/// The secret without `--secret`: public, so that trials can be repeated.
const PUBLIC_SECRET: [u8; 32] = [0; 32];

/// Decides every line; see the module for what a bad one does.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let package = Package::compile(&args.package)?;
    let Some(program) = package.program(console)? else {
        return Ok(Exit::Policy);
    };
    let secret = args.secret.as_deref().map(read_secret).transpose()?.unwrap_or(PUBLIC_SECRET);
    let sources = args.explain.then_some(&package.compilation.sources);
    let mut scanner = Scanner::new(program, args.engine, secret, sources)?;
    warn(&scanner, program, args, console)?;
    let (input, bytes) = open(&args.events)?;
    let mut lines = Lines::new(input);
    let bar = progress::bar(console, bytes);
    let mut totals = Totals::default();
    let mut bad = 0_u64;
    while let Some(line) = lines.next(&args.events)? {
        match line.and_then(|line| scanner.scan(line)) {
            Ok(Scanned::Decided { .. }) => {
                totals.add(scanner.decision());
                console.line(&scanner.answer())?;
            }
            Ok(Scanned::Repeated) => {
                totals.repeat();
                console.line(&scanner.answer())?;
            }
            Err(error) if args.keep_going => {
                bad += 1;
                console.line(&error_line(lines.number, &error))?;
            }
            Err(error) => {
                bar.finish_and_clear();
                totals.report(program, console)?;
                return Err(stopped(&args.events, lines.number, &error, totals.events));
            }
        }
        if lines.number.is_multiple_of(1024) {
            bar.set_position(lines.read);
            bar.set_message(totals.events.to_string());
        }
    }
    bar.finish_and_clear();
    totals.report(program, console)?;
    if bad == 0 {
        return Ok(Exit::Fine);
    }
    let name = args.events.display();
    Err(Failure::new(format!("{bad} bad lines in `{name}` were left out"), format!("`{name}` 中有 {bad} 个坏行未处理")))
}

/// What the totals do not show: a public secret where something is drawn, and no machine code where it was wanted.
fn warn(scanner: &Scanner<'_>, program: &Program, args: &Args, console: &mut Console) -> Result<(), Failure> {
    let draws = program
        .rules
        .iter()
        .any(|rule| rule.inputs.iter().any(|input| matches!(input, Input::Draw(_) | Input::Ticket(_))))
        || program.draws_entries();
    if draws && args.secret.is_none() {
        console.note(console.say(
            "draws use a public secret, for trials only; see `promo run --help` for --secret\n",
            "抽奖使用公开密钥，只宜试算；正式密钥见 `promo run --help` 中的 --secret\n",
        ))?;
    }
    if let Some(error) = scanner.no_machine_code() {
        let text = match console.lang {
            Lang::En => format!("no machine code here ({error}); the evaluator runs instead, with the same results\n"),
            Lang::Zh => format!("此处不能使用机器码（{error}），改为解释执行，结果相同\n"),
        };
        console.note(&text)?;
    }
    Ok(())
}

/// What `--keep-going` writes in the place of a decision.
#[derive(serde::Serialize)]
struct ErrorLine<'a> {
    line: u64,
    error: &'a BadEvent,
}

fn error_line(line: u64, error: &BadEvent) -> String {
    // Texts and numbers always have a JSON form.
    serde_json::to_string(&ErrorLine { line, error }).unwrap_or_default()
}

fn stopped(file: &Path, line: u64, error: &BadEvent, decided: u64) -> Failure {
    let BadEvent { code, text, .. } = error;
    let file = file.display();
    Failure::new(
        format!(
            "{file}:{line}: {} [{code}]\n{decided} events were decided before it; this one changed nothing",
            text.en
        ),
        format!("{file}:{line}：{} [{code}]\n此前已处理 {decided} 个事件，这一个未产生任何改动", text.zh),
    )
}

/// 64 hexadecimal digits, such as `openssl rand -hex 32` makes.
fn read_secret(path: &Path) -> Result<[u8; 32], Failure> {
    let text = crate::files::read(path)?;
    parse_secret(text.trim()).ok_or_else(|| {
        let path = path.display();
        Failure::new(
            format!("`{path}` is not a secret: 64 hexadecimal digits, as `openssl rand -hex 32` prints them"),
            format!("`{path}` 不是密钥：须为 64 位十六进制数字，可用 `openssl rand -hex 32` 生成"),
        )
    })
}

fn parse_secret(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
    let bytes: Vec<u8> =
        digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    if digits.len() == 64 { bytes.try_into().ok() } else { None }
}

fn open(path: &Path) -> Result<(Box<dyn Read>, Option<u64>), Failure> {
    if path.as_os_str() == "-" {
        return Ok((Box::new(io::stdin()), None));
    }
    let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
    let bytes = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|data| data.len());
    Ok((Box::new(file), bytes))
}

/// Lines of a file, one buffer for all; blank ones are passed over but counted.
struct Lines {
    input: BufReader<Box<dyn Read>>,
    buffer: Vec<u8>,
    /// Number of the current line, from 1.
    number: u64,
    /// Bytes read so far.
    read: u64,
}

impl Lines {
    fn new(input: Box<dyn Read>) -> Lines {
        Lines { input: BufReader::with_capacity(1 << 16, input), buffer: Vec::new(), number: 0, read: 0 }
    }

    /// The next line that is not blank: its text, or why it cannot be an event. `None` at the end.
    fn next(&mut self, path: &Path) -> Result<Option<Result<&[u8], BadEvent>>, Failure> {
        loop {
            self.buffer.clear();
            let mut limited = (&mut self.input).take(LONGEST_LINE);
            let got = limited.read_until(b'\n', &mut self.buffer).map_err(|error| Failure::file(path, &error))?;
            if got == 0 {
                return Ok(None);
            }
            self.number += 1;
            self.read += got as u64;
            if got as u64 == LONGEST_LINE && self.buffer.last() != Some(&b'\n') {
                self.skip_line().map_err(|error| Failure::file(path, &error))?;
                return Ok(Some(Err(BadEvent::not_json("the line is longer than 1 MiB", "这一行超过 1 MiB"))));
            }
            if !self.buffer.iter().all(u8::is_ascii_whitespace) {
                break;
            }
        }
        Ok(Some(Ok(self.buffer.trim_ascii())))
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let some = self.input.fill_buf()?;
            if some.is_empty() {
                return Ok(());
            }
            let end = some.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(some.len(), |at| at + 1);
            self.input.consume(used);
            self.read += used as u64;
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn lines(text: Vec<u8>) -> Vec<(u64, Option<Vec<u8>>)> {
        let mut lines = Lines::new(Box::new(io::Cursor::new(text)));
        let mut found = Vec::new();
        while let Some(line) = lines.next(Path::new("x")).unwrap() {
            let line = line.ok().map(<[u8]>::to_vec);
            found.push((lines.number, line));
        }
        found
    }

    #[test]
    fn blank_lines_count_and_the_last_line_needs_no_end() {
        let found = lines(b"a\r\n\n  \nb".to_vec());
        assert_eq!(found, [(1, Some(b"a".to_vec())), (4, Some(b"b".to_vec()))]);
    }

    #[test]
    fn a_line_that_is_too_long_is_bad_and_the_next_one_is_read() {
        let mut text = vec![b'x'; 3 << 20];
        text.extend(b"\nb\n");
        assert_eq!(lines(text), [(1, None), (2, Some(b"b".to_vec()))]);
    }

    #[test]
    fn a_secret_is_exactly_64_digits() {
        assert_eq!(parse_secret(&"0".repeat(64)), Some([0; 32]));
        assert_eq!(parse_secret(&"fF".repeat(32)), Some([0xff; 32]));
        for wrong in ["", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64)] {
            assert_eq!(parse_secret(wrong), None, "{wrong}");
        }
    }
}
