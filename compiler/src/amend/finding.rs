//! What is found between an announced text and the present one, and its wording.

use crate::diagnostic::{Code, Diagnostic, Text};
use crate::source::Location;

/// A change that is not allowed.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// The clause in the present text; of what is gone, the nearest that is left.
    pub(super) now: Option<Location>,
    /// The clause as announced.
    pub(super) was: Location,
    /// What changed, and in which direction.
    pub(super) what: Text,
    /// How sure we are of it.
    pub(super) sort: Sort,
}

/// What sort of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Something announced is not there any more.
    Gone,
    /// It is worse for consumers.
    Worse,
    /// It may be better or worse.
    Unproven,
}

impl From<Finding> for Diagnostic {
    fn from(finding: Finding) -> Diagnostic {
        let Finding { now, was, what, sort } = finding;
        let (code, what) = match sort {
            Sort::Gone => (Code::P0630, what),
            Sort::Worse => (Code::P0631, what),
            Sort::Unproven => (
                Code::P0632,
                Text::new(
                    format!("{}: this cannot be shown to be in the consumer's favour", what.en),
                    format!("{}：无法证明对消费者有利", what.zh),
                ),
            ),
        };
        let announced = Text::new("as announced", "已公布的写法");
        let diagnostic = match now {
            Some(now) => {
                Diagnostic::error(code, now, what, Text::new("the present text", "现在的写法")).label(was, announced)
            }
            None => Diagnostic::error(code, was, what, announced),
        };
        diagnostic.help(match sort {
            Sort::Gone => Text::new(
                "keep it until its last prize is redeemed; then take its text out of the announced files",
                "请保留到最后一份奖兑完为止；之后再把它从已公布的文件中去掉",
            ),
            Sort::Worse | Sort::Unproven => Text::new(
                "announced terms may be changed only in the consumer's favour: keep what was announced, and put what is \
                 new in a policy of its own",
                "公布以后的条款只能朝对消费者有利的方向改：请保留原来的写法，新的内容另立一条政策",
            ),
        })
    }
}
