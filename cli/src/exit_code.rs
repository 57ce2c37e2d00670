//! The exit codes, one meaning each; scripts and CI rely on them.

/// How the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: everything is in order.
    Fine,
    /// 1: the policies have problems: errors in `check`, a failed test, a file that `fmt --check` would change.
    Policy,
    /// 2: the command line is wrong, a file cannot be read or written, or an event is bad.
    Usage,
    /// 101: a bug of ours. The panic hook prints what to report.
    Bug,
}

impl Exit {
    /// The number the shell sees.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Policy => 1,
            Exit::Usage => 2,
            Exit::Bug => 101,
        }
    }

    /// The worse of two outcomes, for commands that do several packages.
    pub(crate) const fn worse(self, other: Exit) -> Exit {
        if other.number() > self.number() { other } else { self }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
