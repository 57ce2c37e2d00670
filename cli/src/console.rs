//! Everything that is printed goes through here: language, colour, and a pipe that may close at any time.

use crate::exit_code::Exit;
use crate::lang::Lang;
use promo_compiler::diagnostic::Text;
use std::io::{self, BufWriter, IsTerminal, Write};

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The reader of our output went away: end quietly, as `promo run … | head` wants it.
    BrokenPipe,
    /// Bad arguments, unreadable files, bad events: exit 2 with this text.
    Usage(Text),
}

impl Failure {
    /// A failure told in both languages.
    pub(crate) fn new(en: impl Into<String>, zh: impl Into<String>) -> Failure {
        Failure::Usage(Text::new(en, zh))
    }

    /// A file that could not be read or written.
    pub(crate) fn file(path: &std::path::Path, error: &io::Error) -> Failure {
        let (path, why) = (path.display(), io_reason(error));
        Failure::new(format!("cannot use `{path}`: {}", why.en), format!("无法使用 `{path}`：{}", why.zh))
    }
}

/// What an IO error means, in words; the system's own words where we have none.
fn io_reason(error: &io::Error) -> Text {
    match error.kind() {
        io::ErrorKind::NotFound => Text::new("it does not exist", "文件不存在"),
        io::ErrorKind::PermissionDenied => Text::new("permission denied", "没有权限"),
        io::ErrorKind::AlreadyExists => Text::new("it exists already", "已经存在"),
        io::ErrorKind::IsADirectory => Text::new("it is a folder", "这是一个文件夹"),
        io::ErrorKind::NotADirectory => Text::new("it is not a folder", "这不是文件夹"),
        io::ErrorKind::InvalidData => Text::new("it is not UTF-8 text", "不是 UTF-8 文本"),
        io::ErrorKind::StorageFull => Text::new("the disk is full", "磁盘已满"),
        _ => Text::new(error.to_string(), error.to_string()),
    }
}

/// Standard output and standard error with the choices made once.
pub(crate) struct Console {
    /// Language of messages.
    pub(crate) lang: Lang,
    /// True when standard output takes colour.
    pub(crate) color: bool,
    /// True when standard error takes colour.
    pub(crate) color_err: bool,
    out: BufWriter<io::Stdout>,
}

impl Console {
    /// Colour only on a terminal, and not where `NO_COLOR` (not empty) or `TERM=dumb` forbids it.
    pub(crate) fn new(lang: Lang) -> Console {
        let forbidden = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
            || std::env::var_os("TERM").is_some_and(|v| v == "dumb");
        Console {
            lang,
            color: !forbidden && io::stdout().is_terminal(),
            color_err: !forbidden && io::stderr().is_terminal(),
            out: BufWriter::with_capacity(1 << 16, io::stdout()),
        }
    }

    /// The wording in the chosen language.
    pub(crate) fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    /// Writes to standard output.
    pub(crate) fn print(&mut self, text: &str) -> Result<(), Failure> {
        self.out.write_all(text.as_bytes()).map_err(output_failure)
    }

    /// Writes a line to standard output.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.print(text)?;
        self.print("\n")
    }

    /// Writes a message to standard error, behind everything standard output was given so far.
    pub(crate) fn note(&mut self, text: &str) -> Result<(), Failure> {
        self.finish()?;
        match io::stderr().lock().write_all(text.as_bytes()) {
            Ok(()) => Ok(()),
            // Nobody reads our messages; the work itself still counts.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(output_failure(error)),
        }
    }

    /// Hands everything to the system.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        self.out.flush().map_err(output_failure)
    }

    /// What clap had to say: help goes to standard output and is fine, an error is ours to colour and exit 2.
    pub(crate) fn usage(&mut self, message: &crate::help::Stop) -> Result<Exit, Failure> {
        match message {
            crate::help::Stop::Help(text) => self.print(text).map(|()| Exit::Fine),
            crate::help::Stop::Wrong(text) => self.note(text).map(|()| Exit::Usage),
        }
    }

    /// Says why the command failed and which exit code that is.
    pub(crate) fn fail(&mut self, failure: &Failure) -> Exit {
        match failure {
            Failure::BrokenPipe => Exit::Fine,
            Failure::Usage(text) => {
                let error = self.error_word();
                let line = format!("{error}{}\n", text.get(self.lang));
                // If standard error is closed there is nobody to tell; the exit code still says it.
                let _ = self.note(&line);
                Exit::Usage
            }
        }
    }

    fn error_word(&self) -> String {
        let word = self.say("error: ", "错误：");
        if self.color_err { format!("\u{1b}[1;31m{word}\u{1b}[0m") } else { word.to_owned() }
    }
}

fn output_failure(error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Failure::BrokenPipe;
    }
    let why = io_reason(&error);
    Failure::new(format!("cannot write the output: {}", why.en), format!("无法写出结果：{}", why.zh))
}
